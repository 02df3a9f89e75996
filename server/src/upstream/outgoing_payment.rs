//! Defines a payment that was checked and may be handed on to the vendor.

/// A payment that may be handed on.
pub(super) struct OutgoingPayment {
    /// For whom, where the contract names a customer.
    pub customer: Option<i64>,
    /// Its amount, without idle zeros.
    pub amount: String,
    /// The mark by which the vendor's readers find it.
    pub mark: String,
    /// The body that the vendor gets.
    pub request: String,
}
