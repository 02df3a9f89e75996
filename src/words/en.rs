//! English, as a list.
//!
//! The code at the left is what `messages` and the other languages name a sentence by. Buttons say what they do, problems say what to do
//! next, and nothing is promised that is not true.

use super::Phrase;

/// Gives each phrase a name for the code to use, and lists them all.
macro_rules! phrases {
    ($(#[$list_meta:meta])* $list:ident; $($name:ident $code:literal $english:literal)*) => {
        $(#[doc = $english] pub const $name: Phrase = Phrase { code: $code, english: $english };)*
        $(#[$list_meta])*
        pub const $list: &[Phrase] = &[$($name),*];
    };
}

phrases! {
    /// Labels, buttons and notices.
    LABELS;
    TITLE "title" "Make a payment"
    TOTAL_DUE "total-due" "Total due"
    OVERDUE "overdue" "Overdue"
    AMOUNT "amount" "Payment amount"
    AMOUNT_SECTION "amount-section" "Amount"
    METHOD_SECTION "method-section" "Pay with"
    ALLOCATION_SECTION "allocation-section" "What it pays"
    SUMMARY "summary" "Summary"
    REFERENCE "reference" "Reference"
    OPTIONAL "optional" "optional"
    PAY "pay" "Pay {amount}"
    PAY_NOTHING "pay-nothing" "Pay"
    PROBLEM_OTHER "problem-other" "This cannot stay as it is ({code})."
}

phrases! {
    /// What is wrong, by the problem's code.
    PROBLEMS;
    AMOUNT_MISSING "amount-missing" "Type how much you want to pay."
}
