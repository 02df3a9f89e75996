//! What one customer owes, and the stored methods that can pay it.

use super::{
    date::Date,
    invoice::{Invoice, InvoiceId, MethodId},
    money::{Currency, Money},
    queue::{DateField, Direction, Queue},
};
use rust_decimal::Decimal;
use std::{ops::Range, sync::OnceLock};

/// What a stored method is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StoredKind {
    /// A credit card.
    CreditCard,
    /// A bank account, debited through ACH.
    Ach,
}

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

/// The open invoices of one customer, all in one currency, and the stored methods.
///
/// Closed invoices (balance zero) are remembered by id only, so that paying one can be refused in words.
#[derive(Debug, Default)]
pub struct Statement {
    currency: Option<Currency>,
    invoices: Vec<Invoice>,
    rows_by_id: Vec<(InvoiceId, u32)>,
    closed: Vec<InvoiceId>,
    methods: Option<Vec<StoredMethod>>,
    queues: [OnceLock<Queue>; 4],
    matches: OnceLock<Matches>,
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
        let mut ids: Vec<InvoiceId> = invoices.iter().map(|invoice| invoice.id).collect();
        ids.sort_unstable();
        let twice = ids.iter().zip(ids.iter().skip(1)).find(|(a, b)| a == b);
        if let Some((id, _)) = twice {
            return Err(StatementError::Duplicate(*id));
        }
        let (open, closed): (Vec<_>, Vec<_>) = invoices.into_iter().partition(Invoice::is_open);
        let mut rows_by_id: Vec<(InvoiceId, u32)> = open.iter().map(|invoice| invoice.id).zip(0_u32..).collect();
        rows_by_id.sort_unstable();
        let mut closed: Vec<InvoiceId> = closed.iter().map(|invoice| invoice.id).collect();
        closed.sort_unstable();
        Ok(Self { currency, invoices: open, rows_by_id, closed, methods, ..Self::default() })
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
        let place = self.rows_by_id.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        self.rows_by_id.get(place).map(|(_, row)| *row as usize)
    }

    /// Whether the invoice is listed with nothing owed.
    pub fn is_closed(&self, id: InvoiceId) -> bool {
        self.closed.binary_search(&id).is_ok()
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

    /// What finds an exact match for an amount, built when first asked for.
    pub(in crate::domain) fn matches(&self) -> &Matches {
        self.matches.get_or_init(|| Matches::new(&self.invoices, self.queue(DateField::Due, Direction::Oldest)))
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

/// Balances, and the sums of all invoices due on one day, sorted so that an amount is found by binary search.
#[derive(Debug)]
pub(in crate::domain) struct Matches {
    /// Balance and rank in the queue by due date, oldest first.
    pub(in crate::domain) singles: Vec<(Decimal, u32)>,
    /// The sum of one due date, and the ranks of its first invoice and behind its last.
    pub(in crate::domain) days: Vec<(Decimal, u32, u32)>,
    /// The same ranks in the order of the queue.
    day_ranks: Vec<(u32, u32)>,
}

impl Matches {
    fn new(invoices: &[Invoice], queue: &Queue) -> Self {
        let mut singles = Vec::with_capacity(queue.len());
        let mut days: Vec<(Decimal, u32, u32)> = Vec::new();
        let mut day: Option<(Date, u32)> = None;
        for rank in 0_u32.. {
            let invoice = queue.row(rank as usize).and_then(|row| invoices.get(row));
            if let Some(invoice) = invoice {
                singles.push((invoice.balance.value(), rank));
            }
            let due = invoice.and_then(|invoice| invoice.due);
            if day.map(|(date, _)| date) != due {
                if let Some((_, first)) = day {
                    let sum = queue.before(rank as usize).checked_sub(queue.before(first as usize));
                    days.push((sum.unwrap_or_default(), first, rank));
                }
                day = due.map(|date| (date, rank));
            }
            if invoice.is_none() {
                break;
            }
        }
        let day_ranks = days.iter().map(|(_, first, end)| (*first, *end)).collect();
        singles.sort_unstable();
        days.sort_unstable();
        Self { singles, days, day_ranks }
    }

    /// The ranks of all invoices that are due on the same day as the one at this rank.
    pub(in crate::domain) fn day_of(&self, rank: usize) -> Option<Range<usize>> {
        let place = self.day_ranks.partition_point(|(first, _)| *first as usize <= rank);
        let (first, end) = self.day_ranks.get(place.checked_sub(1)?)?;
        Some(*first as usize..*end as usize).filter(|day| day.contains(&rank))
    }
}
