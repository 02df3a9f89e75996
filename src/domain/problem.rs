//! Names each problem that a draft or an answer can have, and its field.

use super::{
    invoice::InvoiceId,
    money::{Currency, Money},
};

/// A place in the form that a problem can belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The amount that is paid.
    Amount,
    /// MaiaScore: the amount that is due.
    AmountDue,
    /// MaiaScore: the due date.
    DueDate,
    /// MaiaScore: the amount that is paid.
    AmountPaid,
    /// MaiaScore: the date of the payment.
    Date,
    /// The method of payment.
    Method,
    /// The payer's note.
    Reference,
    /// The division as a whole.
    Allocation,
    /// The share of one invoice.
    Share(InvoiceId),
    /// No field of the person: the host's configuration, or the server.
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

/// The cause of a problem, with the amounts and numbers that its sentence needs. The sentence itself is in `words`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The field is empty. On the allocation: the invoices could not be loaded, so no division is possible.
    Missing,
    /// No amount, or no day of the calendar.
    Unreadable,
    /// The amount is a different number in each notation: the person has to choose.
    Ambiguous,
    /// The amount has the sign or code of another currency. The form's currency is this one.
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
    /// One typed share, or the sum of them, exceeds the payment by this much.
    AboveAmount(Money),
    /// More invoices than one payment can carry.
    TooManyShares {
        /// The number of invoices with a share.
        count: usize,
        /// The most that one payment can carry.
        max: usize,
    },
    /// Not an invoice of this customer.
    UnknownInvoice,
    /// The invoice is paid.
    ClosedInvoice,
    /// Not one of the methods that are offered.
    NotOffered,
    /// The card's last month is over.
    Expired,
    /// The reference has this many UTF-16 units; [`REFERENCE_MAX`](super::payment::REFERENCE_MAX) are allowed.
    ReferenceTooLong(usize),
    /// An invisible character.
    ReferenceControl(char),
    /// Digits that look like a card number.
    ReferenceCardNumber,
    /// The host named no customer.
    CustomerMissing,
    /// The invoices or the host's limits are in this currency, and the form is in another.
    OtherCurrency(Currency),
    /// The server's own message, with its key where it gave one.
    Server {
        /// The key, as sent.
        key: Option<String>,
        /// The message, as sent.
        message: String,
    },
}

/// One problem of a draft or of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The field.
    pub field: Field,
    /// The cause.
    pub cause: Cause,
}

impl Problem {
    /// Makes a problem of this field.
    pub fn new(field: Field, cause: Cause) -> Self {
        Self { field, cause }
    }

    /// Every code that [`check`](super::check::check) can give. A server's message has the code of its field and `server`: `amount-server`.
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
