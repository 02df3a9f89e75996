//! The reference backend of `payment-form`.
fn main() {}
