//! English, as a list.
//!
//! The code at the left is what `messages` and the other languages name a sentence by. Buttons say what they do, problems say what to do
//! next, and nothing is promised that is not true.

use super::Phrase;

/// Gives each phrase a name for the code to use, and lists them all: once as one text, a line for each, because a reference to every
/// sentence and to its code would weigh as much as half of the sentences. `$base` is added to the places of a text.
macro_rules! phrases {
    ($text:ident $place:ident from $base:literal; $($(#[doc = $about:literal])+ $list:ident; $($name:ident $code:literal $english:literal)*)*) => {
        /// Phrases, each in a line of its own: its code, a space, and its English text.
        pub(super) const $text: &str = concat!($($($code, " ", $english, "\n",)*)*);

        /// The places of the lines, so that the beginning of each is known when this is compiled.
        #[allow(clippy::upper_case_acronyms, non_camel_case_types)]
        enum $place {
            $($($name,)*)*
        }

        impl $place {
            const LENGTHS: &[usize] = &[$($(concat!($code, " ", $english, "\n").len(),)*)*];
        }

        $(
            $(#[doc = $english] pub const $name: Phrase = Phrase($base + start($place::LENGTHS, $place::$name as usize));)*
            $(#[doc = $about])+ pub const $list: &[Phrase] = &[$($name),*];
        )*
    };
}

/// The places of [`LATER`] begin here.
pub(super) const LATER_FROM: u16 = 0x8000;

/// Where a line of a text begins.
const fn start(lengths: &[usize], line: usize) -> u16 {
    let (mut start, mut before) = (0, 0);
    while before < line {
        start += lengths[before];
        before += 1;
    }
    assert!(start < LATER_FROM as usize, "a text is as long as a place can tell");
    start as u16
}

phrases! {
    TEXT Place from 0x0000;

    /// Labels, hints and buttons of the form.
    LABELS;
    TITLE "title" "Make a payment"
    AS_OF "as-of" "Balances as of {date}"
    TOTAL_DUE "total-due" "Total due"
    OVERDUE "overdue" "Overdue"

    AMOUNT_SECTION "amount-section" "Amount"
    AMOUNT "amount" "Payment amount"
    READS_AS "reads-as" "Reads as"
    WHICH_AMOUNT "which-amount" "Which amount do you mean?"
    THIS_AMOUNT "this-amount" "Do you mean this amount?"
    QUICK_OVERDUE "quick-overdue" "Overdue {amount}"
    QUICK_ALL "quick-all" "All due {amount}"
    QUICK_SELECTED "quick-selected" "Selected {amount}"
    LIMITS_BOTH "limits-both" "From {min} to {max}"
    LIMITS_MIN "limits-min" "At least {min}"
    LIMITS_MAX "limits-max" "At most {max}"

    METHOD_SECTION "method-section" "Pay with"
    METHOD_GROUP "method-group" "Payment method"
    METHOD_IS_DEFAULT "method-is-default" "Default"
    METHOD_EXPIRES "method-expires" "Expires {month}"
    METHOD_EXPIRED_ON "method-expired-on" "Expired {month}"
    METHOD_CARD "method-card" "Card"
    METHOD_BANK "method-bank" "Bank account (ACH)"
    METHOD_CHECKING "method-checking" "Checking"
    METHOD_SAVINGS "method-savings" "Savings"
    METHOD_ENDING "method-ending" "{label} ending in {digits}"
    METHOD_DEFAULT "method-default" "Your default method"
    METHOD_DEFAULT_NOW "method-default-now" "At present {label}"
    METHOD_DEFAULT_UNSEEN "method-default-unseen" "The card or bank account that is kept for you"
    METHOD_CASH "method-cash" "Cash"
    METHOD_CHECK "method-check" "Check"
    METHOD_DEPOSIT "method-deposit" "Direct deposit"
    METHOD_OFFLINE "method-offline" "Records money that was received elsewhere"
    METHOD_NONE "method-none" "No way to pay is stored for this account. Ask the company you owe to add a card or a bank account."
    METHOD_LOADING "method-loading" "Getting your payment methods…"

    REFERENCE "reference" "Reference"
    OPTIONAL "optional" "optional"
    REFERENCE_COUNT "reference-count" "{count} of {max} characters|{count} of {max} characters"

    ALLOCATION_SECTION "allocation-section" "What it pays"
    ALLOCATION_GROUP "allocation-group" "How the payment is divided"
    PLAN_OLDEST "plan-oldest" "Oldest first"
    PLAN_NEWEST "plan-newest" "Newest first"
    PLAN_EXACT "plan-exact" "Exact match"
    PLAN_MANUAL "plan-manual" "I choose"
    PLAN_NONE "plan-none" "Keep on account"
    EXACT_NOT_FOUND "exact-not-found" "No invoice and no due date matches this amount exactly, so the oldest are paid first."
    BAR "bar" "{allocated} to {invoices}, {unallocated} stays on account"
    BAR_EMPTY "bar-empty" "Nothing is divided yet"
    BAR_PART "bar-part" "{number}: {amount}"
    BAR_OTHERS "bar-others" "{count} other: {amount}|{count} others: {amount}"
    BAR_REST "bar-rest" "Stays on account: {amount}"
    INVOICES "invoices" "{count} invoice|{count} invoices"
    SKIP_TABLE "skip-table" "Skip the invoices"
    SEARCH "search" "Find an invoice number"
    ONLY_OVERDUE "only-overdue" "Overdue only"
    RELEASE_ALL "release-all" "Let all follow the order"
    CLEAR_ALL "clear-all" "Clear all amounts"
    FOUND "found" "{count} invoice found|{count} invoices found"
    FOUND_NONE "found-none" "No invoice fits. Clear the search to see all of them."
    ALL_ON_ACCOUNT "all-on-account" "The whole payment stays on your account. The biller may later apply it to an invoice."
    BILLER_DIVIDES "biller-divides" "The biller divides this payment over your open invoices."
    NO_INVOICES "no-invoices" "You have no open invoices. A payment would stay on your account."

    TABLE "table" "Open invoices"
    COLUMN_INVOICE "column-invoice" "Invoice"
    COLUMN_DUE "column-due" "Due"
    COLUMN_BALANCE "column-balance" "Balance"
    COLUMN_SHARE "column-share" "This payment"
    COLUMN_AFTER "column-after" "After"
    COLUMN_WHY "column-why" "Why"
    DUE_NEVER "due-never" "No due date"
    DAYS_LATE "days-late" "{count} day late|{count} days late"
    DUE_TODAY "due-today" "today"
    PAID_OFF "paid-off" "Paid"
    SHARE "share" "Amount for {number}"
    NAMED "named" "{number}: {what}"

    REASON_OLDEST_DUE "reason-oldest-due" "Oldest due"
    REASON_NEXT_OLDEST_DUE "reason-next-oldest-due" "Next oldest"
    REASON_NEWEST_DUE "reason-newest-due" "Newest due"
    REASON_NEXT_NEWEST_DUE "reason-next-newest-due" "Next newest"
    REASON_OLDEST_ISSUED "reason-oldest-issued" "Oldest issued"
    REASON_NEXT_OLDEST_ISSUED "reason-next-oldest-issued" "Next oldest issued"
    REASON_NEWEST_ISSUED "reason-newest-issued" "Newest issued"
    REASON_NEXT_NEWEST_ISSUED "reason-next-newest-issued" "Next newest issued"
    REASON_EXACT "reason-exact" "Exact match"
    REASON_PINNED "reason-pinned" "Your amount"
    REASON_PART "reason-part" "Part payment: nothing left after this"
    REASON_NOTHING_LEFT "reason-nothing-left" "Nothing left"
    REASON_NOT_CHOSEN "reason-not-chosen" "Not chosen"
    RELEASE "release" "let it follow the order"
    CLEAR "clear" "clear"
    PAY_THIS "pay-this" "pay this one"
    REPAIR_SHARE "repair-share" "make it {amount}"
    REPAIR_AMOUNT "repair-amount" "Change the payment to {amount}"

    SUMMARY "summary" "Summary"
    PAYMENT "payment" "Payment"
    TO_INVOICES "to-invoices" "To {count} invoice|To {count} invoices"
    ON_ACCOUNT "on-account" "Stays on account"
    TOO_MUCH "too-much" "More than the payment"
    ON_ACCOUNT_WARNING "on-account-warning" "This part pays no invoice. It stays on the account, and the biller may later apply it to an invoice that falls overdue."
    STILL_OWED "still-owed" "Still owed after"
    PAY "pay" "Pay {amount}"
    PAY_NOTHING "pay-nothing" "Pay"
    PAY_BUSY "pay-busy" "Paying {amount}…"
    PAY_PROMISE "pay-promise" "Once it is recorded, you will see a receipt. Pressing twice cannot pay twice."
    PAY_PROMISE_METHOD "pay-promise-method" "{label}. Once it is recorded, you will see a receipt. Pressing twice cannot pay twice."
    NOW_READS "now-reads" "{amount}. {allocated} to {invoices}, {unallocated} stays on account, {owed} still owed."

    AMOUNT_DUE "amount-due" "Amount due"
    AMOUNT_PAID "amount-paid" "Amount paid"
    DUE_DATE "due-date" "Due date"
    DATE "date" "Payment date"
    DUE_SECTION "due-section" "What is due"
    PAID_SECTION "paid-section" "What is paid"
    PICK "pick" "Take an open invoice"
    PICK_NONE "pick-none" "None: I type it myself"
    PICK_ONE "pick-one" "{number} · {amount}"
    QUICK_DUE "quick-due" "In full {amount}"
    TO_DUE "to-due" "To what is due"
    OVERPAID "overpaid" "Overpayment"
    OVERPAID_WARNING "overpaid-warning" "This payment is more than what is due."
    REMAINS "remains" "Remains due"
    DAYS_EARLY "days-early" "{count} day early|{count} days early"
    ON_THE_DAY "on-the-day" "On the due date"

    LOADING "loading" "Getting your invoices…"
    LOAD_FAILED "load-failed" "Your invoices or your payment methods could not be loaded."
    LISTS_OLD "lists-old" "What you see may be out of date; you can still pay by it."
    RELOAD "reload" "Try again"
    NO_CURRENCY "no-currency" "This page does not say in which currency to pay. Please tell its owner."
    ERRORS_LABEL "errors-label" "What needs correcting"
    ERRORS "errors" "Please correct {count} thing|Please correct {count} things"
    ENTRIES_KEPT "entries-kept" "Your entries are kept."
    ERROR_AT "error-at" "{number}: {message}"
}

// What is said only when somebody has done something: in a browser it comes with what follows.
phrases! {
    LATER LaterPlace from 0x8000;

    /// Where a payment stands.
    STATUSES;
    REVIEWING "reviewing" "Please check this payment. Nothing has been sent yet."
    EDIT "edit" "Back to editing"
    SUBMITTING "submitting" "Sending your payment of {amount}…"
    SUBMITTING_SOME "submitting-some" "Sending your payment…"
    STILL_WORKING "still-working" "Still working. Please keep this page open."
    RELOAD_UNSAFE "reload-unsafe" "Do not reload or leave this page now: this payment could not be kept in this browser's store."
    REREADING "rereading" "Making sure that the balances are still right…"
    WITHDRAWN "withdrawn" "This page has changed, and nothing was sent. Please look at the payment again, then press Pay."
    BALANCES_CHANGED "balances-changed" "Balances have changed since they were shown, and nothing was sent. Please look at the division again, then press Pay."
    BALANCES_UNCHECKED "balances-unchecked" "The balances could not be checked again, and nothing was sent. Press Pay once more to pay by what you see."
    BALANCE_CHANGED "balance-changed" "{number}: {before} was owed, now {after}."
    SHARE_CHANGED "share-changed" "{number}: this payment gives it {after}, no longer {before}."
    RESOLVING "resolving" "Finding out what became of your payment…"
    REJECTED "rejected" "This payment was not recorded."
    REFUSED "refused" "The service refused this payment."
    NOTHING_CHARGED "nothing-charged" "Nothing was charged. Your entries are kept."
    CANCELLED "cancelled" "Cancelled. This payment was not recorded and will not be. Your entries are kept."
    HELD "held" "Not accepted yet."
    HELD_SIGN_IN "held-sign-in" "Please sign in again, in another tab if need be."
    HELD_FORBIDDEN "held-forbidden" "You are not signed in, or this account may not make this payment."
    HELD_BUSY "held-busy" "The service takes no more requests at the moment."
    HELD_TOO_LARGE "held-too-large" "The request is too large for the service: shorten the reference, or pay fewer invoices at once."
    HELD_SETUP "held-setup" "The service seems to be set up wrongly. Please tell the company you owe."
    HELD_WAIT "held-wait" "You can try again in {time}."
    RETRY_SAFE "retry-safe" "Trying again cannot pay twice."
    TRY_AGAIN "try-again" "Try again"
    CANCEL_AND_EDIT "cancel-and-edit" "Cancel and edit"
    UNKNOWN "unknown" "We could not confirm this payment."
    UNKNOWN_MAY_EXIST "unknown-may-exist" "It may already be recorded. Do not pay again elsewhere."
    UNKNOWN_QUIET "unknown-quiet" "If no record can be found in {time}, you will be able to send a new payment."
    UNKNOWN_SUPPORT "unknown-support" "Please ask the company you owe whether it arrived, before you pay again."
    UNKNOWN_RECORD "unknown-record" "A record came back, but it may not be yours: number {id}, {amount}."
    FINISH_SAFELY "finish-safely" "Check and finish safely"
    LOOK_UP "look-up" "Look for the record"
    ABANDON "abandon" "I have checked: send a new payment"
    ATTEMPT "attempt" "Quote this number if you ask: {attempt}"
    KEY_STALE "key-stale" "This attempt is too old to be sent again safely. Please ask whether it arrived."
    OTHER_PAYLOAD "other-payload" "The service knows this payment with other contents, so it cannot be sent again. Only the company you owe can say what was recorded."
    SERVER_SAYS "server-says" "The service says: {words}"
    SETTLED_ELSEWHERE "settled-elsewhere" "This payment is open in another tab or form. Finish it there, or close that one."
    OFFLINE "offline" "You are offline. Nothing was sent. Connect, then press Pay again."
    OFFLINE_STILL "offline-still" "You are offline. Connect, then try again."
    ELSEWHERE "elsewhere" "A payment is being made in another tab or form. Finish it there first. Nothing was sent from here."
    DUPLICATE "duplicate" "You sent the same payment a short while ago. Do you want to pay again?"
    DUPLICATE_WHEN "duplicate-when" "It was sent {time} ago: the same amount for the same invoices. Nothing more has been sent."
    DUPLICATE_INSIST "duplicate-insist" "Yes, pay {amount} again"
    NOT_SENT "not-sent" "Nothing was sent: the request could not be made. Your entries are kept."
    NOT_SENT_STILL "not-sent-still" "The request could not be made this time."
    NOT_FOUND "not-found" "No record was found. That does not prove that there is none."
    CHECK_FAILED "check-failed" "There was no clear answer. You can try again."
    SECONDS "seconds" "{count} second|{count} seconds"
    MINUTES "minutes" "{count} minute|{count} minutes"
    HOURS "hours" "{count} hour|{count} hours"

    /// The receipt.
    RECEIPT;
    RECORDED "recorded" "Payment recorded"
    RECORD_PENDING "record-pending" "It is not settled yet: until it is, the money has not arrived."
    RECORD_UNSETTLED "record-unsettled" "Its settlement failed, and the money has not arrived. Please ask the company you owe."
    RECORD_NUMBER "record-number" "Number {id}"
    RECORD_AMOUNT "record-amount" "Amount"
    RECORD_CURRENCY "record-currency" "Currency"
    RECORD_CUSTOMER "record-customer" "Customer"
    RECORD_METHOD "record-method" "Paid with"
    RECORD_INVOICE "record-invoice" "Invoice {id}"
    RECORD_ALL_FIELDS "record-all-fields" "The whole record"
    DIFFERENCES "differences" "The record differs from what was shown before"
    DIFFERENCE "difference" "{what}: {sent} was shown, {recorded} is recorded."
    EMPTY_VALUE "empty-value" "nothing"
    AGAIN "again" "Make another payment"
    PRINT "print" "Print"
    COPY "copy" "Copy"
    COPIED "copied" "Copied"
    COPY_FAILED "copy-failed" "Could not be copied"

    /// What is wrong, by the problem's code.
    PROBLEMS;
    AMOUNT_MISSING "amount-missing" "Type how much you want to pay."
    AMOUNT_UNREADABLE "amount-unreadable" "This is not an amount. Type it like {example}."
    AMOUNT_AMBIGUOUS "amount-ambiguous" "It is not certain which amount this is. Choose the one that you mean."
    AMOUNT_NEGATIVE "amount-negative" "A payment cannot be below zero."
    AMOUNT_ZERO "amount-zero" "Type more than zero."
    AMOUNT_TOO_FINE "amount-too-fine" "This amount has too many decimals: {count} is possible here.|This amount has too many decimals: {count} are possible here."
    AMOUNT_TOO_FINE_FOR_API "amount-too-fine-for-api" "This amount has too many decimals: the payment service takes {count}, although the currency has more."
    AMOUNT_TOO_LONG "amount-too-long" "This amount is too long: {count} digit is possible.|This amount is too long: {count} digits are possible."
    AMOUNT_BELOW_MIN "amount-below-min" "Pay at least {amount}."
    AMOUNT_ABOVE_MAX "amount-above-max" "Pay at most {amount}."
    AMOUNT_DUE_MISSING "amountDue-missing" "Type how much is due."
    AMOUNT_DUE_UNREADABLE "amountDue-unreadable" "The amount due is not an amount. Type it like {example}."
    AMOUNT_DUE_AMBIGUOUS "amountDue-ambiguous" "It is not certain what the amount due is. Choose the one that you mean."
    AMOUNT_DUE_NEGATIVE "amountDue-negative" "The amount due cannot be below zero."
    AMOUNT_DUE_TOO_FINE "amountDue-too-fine" "The amount due has too many decimals: {count} is possible here.|The amount due has too many decimals: {count} are possible here."
    AMOUNT_DUE_TOO_FINE_FOR_API "amountDue-too-fine-for-api" "The amount due has too many decimals: the payment service takes {count}, although the currency has more."
    AMOUNT_DUE_TOO_LONG "amountDue-too-long" "The amount due is too long: {count} digit is possible.|The amount due is too long: {count} digits are possible."
    DUE_DATE_MISSING "dueDate-missing" "Choose the day on which it is due."
    DUE_DATE_UNREADABLE "dueDate-unreadable" "The due date is not a day between 1900 and 2200."
    DATE_MISSING "date-missing" "Choose the day of the payment."
    DATE_UNREADABLE "date-unreadable" "The payment date is not a day between 1900 and 2200."
    METHOD_MISSING "method-missing" "Choose how you want to pay."
    METHOD_NOT_OFFERED "method-not-offered" "This payment method is not available. Choose another one."
    METHOD_EXPIRED "method-expired" "This card has expired. Choose another method."
    REFERENCE_TOO_LONG "reference-too-long" "The reference has {count} character, and {max} are possible.|The reference has {count} characters, and {max} are possible."
    REFERENCE_CONTROL "reference-control-character" "The reference holds a character that is invisible or broken, and cannot be stored as it is. Type it again without pasting."
    REFERENCE_CARD_NUMBER "reference-card-number" "The reference holds what looks like a card number. Please take it out: it must not be stored here."
    ALLOCATION_MISSING "allocation-missing" "Without your invoices this payment cannot be divided. You can keep all of it on your account instead."
    ALLOCATION_ABOVE_AMOUNT "allocation-above-amount" "The amounts that you typed for the invoices are {amount} more than the payment."
    ALLOCATION_TOO_MANY "allocation-too-many-shares" "This would pay {count} invoice at once, and {max} are possible.|This would pay {count} invoices at once, and {max} are possible."
    SHARE_UNREADABLE "share-unreadable" "This is not an amount."
    SHARE_AMBIGUOUS "share-ambiguous" "It is not certain which amount this is. Write it without separators of thousands."
    SHARE_NEGATIVE "share-negative" "It cannot be below zero."
    SHARE_TOO_FINE "share-too-fine" "Too many decimals: {count} is possible.|Too many decimals: {count} are possible."
    SHARE_TOO_FINE_FOR_API "share-too-fine-for-api" "Too many decimals: the payment service takes {count}."
    SHARE_TOO_LONG "share-too-long" "Too long: {count} digit is possible.|Too long: {count} digits are possible."
    SHARE_ABOVE_BALANCE "share-above-balance" "More than the balance of {amount}."
    SHARE_ABOVE_AMOUNT "share-above-amount" "{amount} more than the payment."
    SHARE_UNKNOWN "share-unknown-invoice" "This is not an open invoice of this account any more."
    SHARE_CLOSED "share-closed-invoice" "Nothing is owed on this invoice any more."
    CUSTOMER_MISSING "form-customer-missing" "This page does not say for which customer the payment is. Please tell its owner."
    OTHER_CURRENCY "form-other-currency" "The invoices are in {currency}, which is not the currency of this form. Please tell the owner of this page."
    PROBLEM_OTHER "problem-other" "This cannot stay as it is ({code})."
}
