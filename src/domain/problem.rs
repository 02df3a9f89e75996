//! What is wrong, and where.

use super::{
    invoice::InvoiceId,
    money::{Currency, Money},
};

/// A place in the form that a problem can belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// How much is paid.
    Amount,
    /// MaiaScore: how much is due.
    AmountDue,
    /// MaiaScore: when it is due.
    DueDate,
    /// MaiaScore: how much is paid.
    AmountPaid,
    /// MaiaScore: when it is paid.
    Date,
    /// How the money comes.
    Method,
    /// The payer's note.
    Reference,
    /// The division as a whole.
    Allocation,
    /// The share of one invoice.
    Share(InvoiceId),
    /// Nothing that the person typed: the host's configuration, or the server.
    Form,
}

impl Field {
    /// The stable name, as in the `name` of the input.
    pub fn name(self) -> &'static str {
        match self {
            Self::Amount => "amount",
            Self::AmountDue => "amountDue",
            Self::DueDate => "dueDate",
            Self::AmountPaid => "amountPaid",
            Self::Date => "date",
            Self::Method => "paymentMethod",
            Self::Reference => "reference",
            Self::Allocation => "allocation",
            Self::Share(_) => "share",
            Self::Form => "form",
        }
    }
}

/// Why a field cannot stay as it is. Amounts and numbers that a sentence needs travel with it; the sentence itself is in `words`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Nothing was typed or chosen. Of the allocation: the invoices could not be had, so there is nothing to divide over.
    Missing,
    /// No amount, or no day of the calendar.
    Unreadable,
    /// Reads differently in the two notations: the person has to choose.
    Ambiguous,
    /// An amount with the sign or code of another currency than the form's, which is this one.
    NotInCurrency(Currency),
    /// Below zero.
    Negative,
    /// Zero, where something must be paid.
    Zero,
    /// More decimals than the currency has: this many are allowed.
    TooFine(u32),
    /// More decimals than the API can carry, although the currency has them: this many are allowed.
    TooFineForApi(u32),
    /// More than this many digits.
    TooLong(usize),
    /// Less than the host takes.
    BelowMin(Money),
    /// More than the host takes.
    AboveMax(Money),
    /// More than the invoice owes.
    AboveBalance(Money),
    /// One typed share, or all of them together, are more than the payment, by this much.
    AboveAmount(Money),
    /// More invoices than one payment can carry.
    TooManyShares {
        /// How many got a share.
        count: usize,
        /// How many may.
        max: usize,
    },
    /// Not an invoice of this customer.
    UnknownInvoice,
    /// Nothing is owed on it any more.
    ClosedInvoice,
    /// Not one of the methods that are offered.
    NotOffered,
    /// The card's last month is over.
    Expired,
    /// This many UTF-16 units; [`REFERENCE_MAX`](super::payment::REFERENCE_MAX) are allowed.
    ReferenceTooLong(usize),
    /// A character that cannot be seen.
    ReferenceControl(char),
    /// What looks like a card number.
    ReferenceCardNumber,
    /// The host named no customer.
    CustomerMissing,
    /// The invoices, or the host's limits, are in this currency, which is not the form's.
    OtherCurrency(Currency),
    /// The server's own words, with its key where it gave one.
    Server {
        /// The key, as sent.
        key: Option<String>,
        /// The words, as sent.
        message: String,
    },
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub field: Field,
    /// Why.
    pub cause: Cause,
}

impl Problem {
    /// A problem of this field.
    pub fn new(field: Field, cause: Cause) -> Self {
        Self { field, cause }
    }

    /// Every code that [`check`](super::check::check) can give. A server's own words come as its field and `server`: `amount-server`.
    pub const CODES: &'static [&'static str] = &[
        "amount-missing",
        "amount-unreadable",
        "amount-ambiguous",
        "amount-not-in-currency",
        "amount-negative",
        "amount-zero",
        "amount-too-fine",
        "amount-too-fine-for-api",
        "amount-too-long",
        "amount-below-min",
        "amount-above-max",
        "method-missing",
        "method-not-offered",
        "method-expired",
        "reference-too-long",
        "reference-control-character",
        "reference-card-number",
        "allocation-missing",
        "allocation-above-amount",
        "allocation-too-many-shares",
        "share-unreadable",
        "share-ambiguous",
        "share-not-in-currency",
        "share-negative",
        "share-too-fine",
        "share-too-fine-for-api",
        "share-too-long",
        "share-above-balance",
        "share-above-amount",
        "share-unknown-invoice",
        "share-closed-invoice",
        "form-customer-missing",
        "form-other-currency",
        "amountDue-missing",
        "amountDue-unreadable",
        "amountDue-ambiguous",
        "amountDue-not-in-currency",
        "amountDue-negative",
        "amountDue-too-fine",
        "amountDue-too-fine-for-api",
        "amountDue-too-long",
        "dueDate-missing",
        "dueDate-unreadable",
        "amountPaid-missing",
        "amountPaid-unreadable",
        "amountPaid-ambiguous",
        "amountPaid-not-in-currency",
        "amountPaid-negative",
        "amountPaid-too-fine",
        "amountPaid-too-fine-for-api",
        "amountPaid-too-long",
        "amountPaid-below-min",
        "amountPaid-above-max",
        "date-missing",
        "date-unreadable",
    ];

    /// The stable code that hosts and tests rely on, such as `amount-missing` or `share-above-balance`.
    pub fn code(&self) -> String {
        let cause = match self.cause {
            Cause::Missing => "missing",
            Cause::Unreadable => "unreadable",
            Cause::Ambiguous => "ambiguous",
            Cause::NotInCurrency(_) => "not-in-currency",
            Cause::Negative => "negative",
            Cause::Zero => "zero",
            Cause::TooFine(_) => "too-fine",
            Cause::TooFineForApi(_) => "too-fine-for-api",
            Cause::TooLong(_) | Cause::ReferenceTooLong(_) => "too-long",
            Cause::BelowMin(_) => "below-min",
            Cause::AboveMax(_) => "above-max",
            Cause::AboveBalance(_) => "above-balance",
            Cause::AboveAmount(_) => "above-amount",
            Cause::TooManyShares { .. } => "too-many-shares",
            Cause::UnknownInvoice => "unknown-invoice",
            Cause::ClosedInvoice => "closed-invoice",
            Cause::NotOffered => "not-offered",
            Cause::Expired => "expired",
            Cause::ReferenceControl(_) => "control-character",
            Cause::ReferenceCardNumber => "card-number",
            Cause::CustomerMissing => "customer-missing",
            Cause::OtherCurrency(_) => "other-currency",
            Cause::Server { .. } => "server",
        };
        let field = match self.field {
            Field::Method => "method",
            field => field.name(),
        };
        format!("{field}-{cause}")
    }
}
