//! Holds the open invoices of one customer, and the stored methods that can pay them.

use super::{
    date::Date,
    exact_match::{BalanceIndex, DueDateIndex},
    invoice::{Invoice, InvoiceId, MethodId},
    money::{Currency, Money, total},
    payment_order::{DateField, Direction, Queue},
};
use std::sync::OnceLock;

/// The kind of a stored method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StoredKind {
    /// A credit card.
    CreditCard,
    /// A bank account, debited through ACH.
    Ach,
}

names!(StoredKind: CreditCard = "CreditCard", Ach = "ACH");

/// A method of payment that the server keeps for the customer. Its label is masked, so no card number ever enters the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredMethod {
    /// The server's number.
    pub id: MethodId,
    /// Card or bank account.
    pub kind: StoredKind,
    /// The label that people know: `Visa`, or the host's own name for it, such as `Company card`.
    pub label: String,
    /// The last digits, where the label does not contain them: `4242`. The locale joins the two: `Visa ending 4242`.
    pub ending: Option<String>,
    /// True when it is the customer's default method.
    pub is_default: bool,
    /// The last month in which a card can be used: year and month.
    pub expires: Option<(i32, u8)>,
}

impl StoredMethod {
    /// Tells whether the card's last month is over.
    pub fn is_expired(&self, today: Date) -> bool {
        self.expires.is_some_and(|last| last < (today.year(), today.month()))
    }
}

/// The reason why a list of invoices is no statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatementError {
    /// Open invoices in several currencies, in the order of the list: one payment cannot pay them all.
    MixedCurrencies(Vec<Currency>),
    /// The same invoice twice.
    Duplicate(InvoiceId),
}

/// The state of the list of invoices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListState {
    /// The list is here: an invoice that is not on it is not owed.
    Listed,
    /// The host gives no list: a payment stays on account.
    #[default]
    NotGiven,
    /// The host has a list, but it could not be loaded: no division is possible.
    Missing,
}

/// The open invoices of one customer, all in one currency, and the stored methods. It also counts credit notes, and invoices in other
/// currencies.
///
/// Closed invoices (balance zero) are kept by id only, so that a share for one is refused with its own sentence.
#[derive(Debug, Default)]
pub struct Statement {
    list_state: ListState,
    currency: Option<Currency>,
    invoices: Vec<Invoice>,
    /// The rows of all listed invoices, sorted by id; a closed one has no row.
    rows_by_id: Vec<(InvoiceId, Option<u32>)>,
    methods: Option<Vec<StoredMethod>>,
    credits: Option<Money>,
    not_shown: Vec<(Currency, usize)>,
    /// The most decimals of any balance.
    finest: u32,
    /// The orders of the exact balances, and of the balances cut to no, one, two or three decimals.
    exact: Orders,
    coarse: [Orders; 4],
}

/// The invoices in every order that a division needs, each built on first use.
#[derive(Debug, Default)]
struct Orders {
    queues: [OnceLock<Queue>; 4],
    by_balance: [OnceLock<BalanceIndex>; 2],
    days: OnceLock<DueDateIndex>,
}

impl Statement {
    /// Makes a statement of invoices in any order, and of the stored methods if their list is known.
    ///
    /// # Errors
    /// [`StatementError`] for open invoices in several currencies, or one invoice listed twice.
    pub fn new(invoices: Vec<Invoice>, methods: Option<Vec<StoredMethod>>) -> Result<Self, StatementError> {
        Self::in_currency(None, invoices, methods)
    }

    /// Makes a statement as [`new`](Self::new) does, but of the invoices in the `wanted` currency only; the others are counted in
    /// [`not_shown`](Self::not_shown). Where no open invoice is in the wanted currency, the statement is in the currency of the invoices.
    ///
    /// # Errors
    /// [`StatementError`] for open invoices in several currencies without the wanted one, or for one invoice listed twice.
    pub fn in_currency(
        wanted: Option<Currency>,
        invoices: Vec<Invoice>,
        methods: Option<Vec<StoredMethod>>,
    ) -> Result<Self, StatementError> {
        let currencies = count_currencies(&invoices);
        let chosen = currencies.iter().map(|(currency, _)| *currency).find(|currency| Some(*currency) == wanted);
        if chosen.is_none() && currencies.len() > 1 {
            return Err(StatementError::MixedCurrencies(currencies.into_iter().map(|(currency, _)| currency).collect()));
        }
        // Without open invoices, closed invoices and credit notes still tell the currency.
        let listed = |wanted: Option<Currency>| {
            let mut all = invoices.iter().map(|invoice| invoice.balance.currency());
            all.clone().find(|currency| Some(*currency) == wanted).or_else(|| all.next())
        };
        let currency = chosen.or(currencies.first().map(|(currency, _)| *currency)).or_else(|| listed(wanted));
        let not_shown = currencies.into_iter().filter(|(other, _)| Some(*other) != currency).collect();
        let credit = |invoice: &Invoice| invoice.credit.filter(|credit| Some(credit.currency()) == currency && !credit.is_zero());
        let credits = total(invoices.iter().filter_map(credit).map(Money::value));
        let credits = currency.map(|currency| Money::computed(credits, currency)).filter(|credits| !credits.is_zero());
        let mut open = Vec::with_capacity(invoices.len());
        let mut rows_by_id = Vec::with_capacity(invoices.len());
        let mut finest = 0;
        for invoice in invoices {
            let is_payable = invoice.is_open() && Some(invoice.balance.currency()) == currency;
            let row = u32::try_from(open.len()).ok().filter(|_| is_payable);
            finest = finest.max(invoice.balance.value().normalize().scale());
            // An open invoice in another currency has no row and is not closed: it is unknown here.
            if is_payable || !invoice.is_open() {
                rows_by_id.push((invoice.id, row));
            }
            if row.is_some() {
                open.push(invoice);
            }
        }
        rows_by_id.sort_unstable();
        let twice = rows_by_id.windows(2).find_map(|pair| match pair {
            [(id, _), (next, _)] if id == next => Some(*id),
            _ => None,
        });
        match twice {
            Some(id) => Err(StatementError::Duplicate(id)),
            None => {
                let list_state = ListState::Listed;
                Ok(Self {
                    list_state,
                    currency,
                    invoices: open,
                    rows_by_id,
                    methods,
                    credits,
                    not_shown,
                    finest,
                    ..Self::default()
                })
            }
        }
    }

    /// Makes a statement of stored methods only; `list_state` tells why there are no invoices.
    pub fn without_list(list_state: ListState, methods: Option<Vec<StoredMethod>>) -> Self {
        Self { list_state, methods, ..Self::default() }
    }

    /// The state of the list of invoices.
    pub fn list_state(&self) -> ListState {
        self.list_state
    }

    /// The currency of the invoices; `None` when there are none.
    pub fn currency(&self) -> Option<Currency> {
        self.currency
    }

    /// The open invoices in their listed order. A *row* is an index into this list.
    pub fn invoices(&self) -> &[Invoice] {
        &self.invoices
    }

    /// The open invoice at a row.
    pub fn invoice(&self, row: usize) -> Option<&Invoice> {
        self.invoices.get(row)
    }

    /// The row of an open invoice.
    pub fn row_of(&self, id: InvoiceId) -> Option<usize> {
        self.find_row(id)?.map(|row| row as usize)
    }

    /// The entry of a listed invoice: `None` when it is unknown, `Some(None)` when it is closed.
    fn find_row(&self, id: InvoiceId) -> Option<Option<u32>> {
        let index = self.rows_by_id.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        self.rows_by_id.get(index).map(|(_, row)| *row)
    }

    /// Tells whether the invoice is listed without an open balance.
    pub fn is_closed(&self, id: InvoiceId) -> bool {
        self.find_row(id) == Some(None)
    }

    /// The stored methods; `None` when the host gave no list, which differs from an empty one.
    pub fn methods(&self) -> Option<&[StoredMethod]> {
        self.methods.as_deref()
    }

    /// The sum of the credit notes on the list, if there are any. No payment of this form uses them.
    pub fn credits(&self) -> Option<Money> {
        self.credits
    }

    /// The other currencies with the number of open invoices in each; [`in_currency`](Self::in_currency) leaves them out.
    pub fn not_shown(&self) -> &[(Currency, usize)] {
        &self.not_shown
    }

    /// The orders for payments whose amounts have at most these decimals.
    fn orders(&self, decimals: u32) -> (&Orders, u32) {
        let coarse = self.coarse.get(decimals as usize).filter(|_| decimals < self.finest);
        coarse.map_or((&self.exact, u32::MAX), |orders| (orders, decimals))
    }

    /// The invoices in one of the four orders, built on first use.
    pub fn queue(&self, field: DateField, direction: Direction) -> &Queue {
        self.queue_to(u32::MAX, field, direction)
    }

    /// The queue of [`queue`](Self::queue), with balances cut to these decimals.
    pub(in crate::domain) fn queue_to(&self, decimals: u32, field: DateField, direction: Direction) -> &Queue {
        let (orders, decimals) = self.orders(decimals);
        let [due_oldest, due_newest, issued_oldest, issued_newest] = &orders.queues;
        let cell = match (field, direction) {
            (DateField::Due, Direction::Oldest) => due_oldest,
            (DateField::Due, Direction::Newest) => due_newest,
            (DateField::Issued, Direction::Oldest) => issued_oldest,
            (DateField::Issued, Direction::Newest) => issued_newest,
        };
        cell.get_or_init(|| Queue::new(&self.invoices, field, direction, decimals))
    }

    /// The index of invoices by payable balance, the oldest by this date first. It is built on first use.
    pub(in crate::domain) fn by_balance(&self, decimals: u32, field: DateField) -> &BalanceIndex {
        let queue = self.queue_to(decimals, field, Direction::Oldest);
        let (orders, decimals) = self.orders(decimals);
        let [by_due, by_issued] = &orders.by_balance;
        let cell = if field == DateField::Due { by_due } else { by_issued };
        cell.get_or_init(|| BalanceIndex::new(&self.invoices, queue, decimals))
    }

    /// The index of due dates by the payable sum of their invoices. It is built on first use.
    pub(in crate::domain) fn by_due_date(&self, decimals: u32) -> &DueDateIndex {
        let queue = self.queue_to(decimals, DateField::Due, Direction::Oldest);
        self.orders(decimals).0.days.get_or_init(|| DueDateIndex::new(&self.invoices, queue))
    }

    /// The sum of all balances.
    pub fn total(&self) -> Option<Money> {
        self.payable(u32::MAX)
    }

    /// The sum of all balances, each cut to these decimals.
    pub fn payable(&self, decimals: u32) -> Option<Money> {
        let queue = self.queue_to(decimals, DateField::Due, Direction::Oldest);
        self.currency.map(|currency| Money::computed(queue.before(queue.len()), currency))
    }

    /// The sum of the balances that are past their due date.
    pub fn overdue(&self, today: Date) -> Option<Money> {
        self.overdue_payable(today, u32::MAX)
    }

    /// The sum of the balances past their due date, each cut to these decimals.
    pub fn overdue_payable(&self, today: Date, decimals: u32) -> Option<Money> {
        let queue = self.queue_to(decimals, DateField::Due, Direction::Oldest);
        // Invoices past due are a prefix of the queue by due date, so binary search finds its end.
        let (mut low, mut high) = (0, queue.len());
        while low < high {
            let middle = low.midpoint(high);
            let late = queue.row(middle).and_then(|row| self.invoice(row)).is_some_and(|i| i.days_late(today).is_some());
            if late { low = middle.saturating_add(1) } else { high = middle }
        }
        self.currency.map(|currency| Money::computed(queue.before(low), currency))
    }
}

/// The currencies of the open invoices in the order of the list, each with its number of invoices.
fn count_currencies(invoices: &[Invoice]) -> Vec<(Currency, usize)> {
    let mut currencies: Vec<(Currency, usize)> = Vec::new();
    for invoice in invoices.iter().filter(|invoice| invoice.is_open()) {
        let currency = invoice.balance.currency();
        match currencies.iter_mut().find(|(other, _)| *other == currency) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => currencies.push((currency, 1)),
        }
    }
    currencies
}
