//! What a payment is, and when it is right.
