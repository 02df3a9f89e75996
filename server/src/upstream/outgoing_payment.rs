//! Defines a payment that was checked and may be handed on to the vendor.

/// A payment that may be handed on.
pub(super) struct OutgoingPayment {
    /// The customer, where the contract names one.
    pub customer: Option<i64>,
    /// The amount of the payment, without idle zeros.
    pub amount: String,
    /// The mark by which the vendor's readers find it.
    pub mark: String,
    /// The body that the vendor gets.
    pub request: String,
}
