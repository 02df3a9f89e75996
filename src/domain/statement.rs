//! What one customer owes, and the stored methods that can pay it.

use super::{
    date::Date,
    exact_match::{Days, Singles},
    invoice::{Invoice, InvoiceId, MethodId},
    money::{Currency, Money},
    payment_order::{DateField, Direction, Queue},
};
use std::sync::OnceLock;

/// What a stored method is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StoredKind {
    /// A credit card.
    CreditCard,
    /// A bank account, debited through ACH.
    Ach,
}

names!(StoredKind: CreditCard = "CreditCard", Ach = "ACH");

/// A method that the server keeps for the customer. Its label is masked; no card number ever enters the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredMethod {
    /// The server's number.
    pub id: MethodId,
    /// Card or bank account.
    pub kind: StoredKind,
    /// What people know it by: `Visa`, or the whole name that the host gave it, such as `Company card`.
    pub label: String,
    /// The last digits, where they are to be said behind the label: `4242`. How, is the locale's: `Visa ending 4242`.
    pub ending: Option<String>,
    /// Whether it pays when nothing else is said.
    pub is_default: bool,
    /// The last month in which a card can be used: year and month.
    pub expires: Option<(i32, u8)>,
}

impl StoredMethod {
    /// Whether its last month is over.
    pub fn is_expired(&self, today: Date) -> bool {
        self.expires.is_some_and(|last| last < (today.year(), today.month()))
    }
}

/// Why a list of invoices is no statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatementError {
    /// Two currencies in one list: one payment cannot pay both.
    MixedCurrencies(Currency, Currency),
    /// The same invoice twice.
    Duplicate(InvoiceId),
}

/// What is known of the invoices that are owed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Known {
    /// All of them: where none is listed, none is owed.
    Listed,
    /// There is no list, and nothing is said of what is owed: a payment stays on account.
    #[default]
    NotGiven,
    /// There is a list, and it could not be had: nothing can be divided.
    Missing,
}

/// The open invoices of one customer, all in one currency, and the stored methods.
///
/// Closed invoices (balance zero) are remembered by id only, so that paying one can be refused in words.
#[derive(Debug, Default)]
pub struct Statement {
    known: Known,
    currency: Option<Currency>,
    invoices: Vec<Invoice>,
    /// All that were listed, by id; a closed one has no row.
    rows_by_id: Vec<(InvoiceId, Option<u32>)>,
    methods: Option<Vec<StoredMethod>>,
    queues: [OnceLock<Queue>; 4],
    singles: [OnceLock<Singles>; 2],
    days: OnceLock<Days>,
}

impl Statement {
    /// Takes invoices in any order, and the stored methods if the list is known.
    ///
    /// # Errors
    /// [`StatementError`] for two currencies in one list, or one invoice listed twice.
    pub fn new(invoices: Vec<Invoice>, methods: Option<Vec<StoredMethod>>) -> Result<Self, StatementError> {
        let currency = invoices.first().map(|invoice| invoice.balance.currency());
        for invoice in &invoices {
            let other = invoice.balance.currency();
            if let Some(first) = currency.filter(|first| *first != other) {
                return Err(StatementError::MixedCurrencies(first, other));
            }
        }
        let mut open = Vec::with_capacity(invoices.len());
        let mut rows_by_id = Vec::with_capacity(invoices.len());
        for invoice in invoices {
            let row = u32::try_from(open.len()).ok().filter(|_| invoice.is_open());
            rows_by_id.push((invoice.id, row));
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
            None => Ok(Self { known: Known::Listed, currency, invoices: open, rows_by_id, methods, ..Self::default() }),
        }
    }

    /// Only the stored methods: why there are no invoices is what is known of them.
    pub fn without_list(known: Known, methods: Option<Vec<StoredMethod>>) -> Self {
        Self { known, methods, ..Self::default() }
    }

    /// What is known of the invoices.
    pub fn known(&self) -> Known {
        self.known
    }

    /// The currency of the invoices; `None` when there are none.
    pub fn currency(&self) -> Option<Currency> {
        self.currency
    }

    /// The open invoices, as they were listed. A *row* is a place in this list.
    pub fn invoices(&self) -> &[Invoice] {
        &self.invoices
    }

    /// The open invoice at a row.
    pub fn invoice(&self, row: usize) -> Option<&Invoice> {
        self.invoices.get(row)
    }

    /// The row of an open invoice.
    pub fn row_of(&self, id: InvoiceId) -> Option<usize> {
        self.listed(id)?.map(|row| row as usize)
    }

    /// The row of a listed invoice, if it has one.
    fn listed(&self, id: InvoiceId) -> Option<Option<u32>> {
        let place = self.rows_by_id.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        self.rows_by_id.get(place).map(|(_, row)| *row)
    }

    /// Whether the invoice is listed with nothing owed.
    pub fn is_closed(&self, id: InvoiceId) -> bool {
        self.listed(id) == Some(None)
    }

    /// The stored methods; `None` when the host gave no list, which is not the same as an empty one.
    pub fn methods(&self) -> Option<&[StoredMethod]> {
        self.methods.as_deref()
    }

    /// The invoices in one of the four orders, built when first asked for.
    pub fn queue(&self, field: DateField, direction: Direction) -> &Queue {
        let [due_oldest, due_newest, issued_oldest, issued_newest] = &self.queues;
        let cell = match (field, direction) {
            (DateField::Due, Direction::Oldest) => due_oldest,
            (DateField::Due, Direction::Newest) => due_newest,
            (DateField::Issued, Direction::Oldest) => issued_oldest,
            (DateField::Issued, Direction::Newest) => issued_newest,
        };
        cell.get_or_init(|| Queue::new(&self.invoices, field, direction))
    }

    /// Finds invoices by their balance, the oldest by this date first. Built when first asked for.
    pub(in crate::domain) fn singles(&self, field: DateField) -> &Singles {
        let [by_due, by_issued] = &self.singles;
        let cell = if field == DateField::Due { by_due } else { by_issued };
        cell.get_or_init(|| Singles::new(&self.invoices, self.queue(field, Direction::Oldest)))
    }

    /// Finds due dates by the sum of their invoices. Built when first asked for.
    pub(in crate::domain) fn days(&self) -> &Days {
        self.days.get_or_init(|| Days::new(&self.invoices, self.queue(DateField::Due, Direction::Oldest)))
    }

    /// The sum of all balances.
    pub fn total(&self) -> Option<Money> {
        let queue = self.queue(DateField::Due, Direction::Oldest);
        self.currency.map(|currency| Money::computed(queue.before(queue.len()), currency))
    }

    /// The sum of the balances that are past their due date.
    pub fn overdue(&self, today: Date) -> Option<Money> {
        let queue = self.queue(DateField::Due, Direction::Oldest);
        // Invoices past due are a prefix of the queue by due date, so the cut can be searched for.
        let (mut low, mut high) = (0, queue.len());
        while low < high {
            let middle = low.midpoint(high);
            let late = queue.row(middle).and_then(|row| self.invoice(row)).is_some_and(|i| i.days_late(today).is_some());
            if late { low = middle.saturating_add(1) } else { high = middle }
        }
        self.currency.map(|currency| Money::computed(queue.before(low), currency))
    }
}
