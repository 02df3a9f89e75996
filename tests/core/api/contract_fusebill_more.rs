//! Lists the rows of the contract table for Fusebill's other pages.

use crate::{
    api::contract_fusebill::{DIVIDES, KEYS, STATUSES},
    api::contracts::{Section, row},
};

/// The rows of Fusebill's other pages.
pub const FUSEBILL_MORE: &[Section] = &[Section {
    title: "Fusebill, from other pages of the vendor (beyond-the-documents.md)",
    rows: &[
        row(
            "§1",
            "invoiceSummaries",
            "Read for the open invoices, in this shape or in ours.",
            &[
                "server read::an_invoice_summary_has_all_its_fields",
                "core api::lists::list_in_fusebills_shape_is_read",
                "core api::lists::list_in_our_shape_is_read",
            ],
        ),
        row(
            "§1",
            "No plain dueDate field",
            "`DIFFERS`: our server adds one. Without it the due date follows from the instalments, else from the terms.",
            &["core api::lists::missing_due_date_follows_from_instalments_or_terms"],
        ),
        row(
            "§1",
            "maskedAccountNumber",
            "Stored methods, masked; no more than four digits are kept.",
            &[
                "server read::stored_methods_show_only_their_last_digits",
                "core api::lists::methods_in_both_shapes_are_read",
                "core api::lists::no_more_than_four_digits_of_a_masked_number_are_kept",
            ],
        ),
        row(
            "§1",
            "HTTP 429",
            "Held, with the wait that `Retry-After` names.",
            &["server middleware::too_many_requests_wait", "core api::outcome::retry_after_is_believed_within_reason", STATUSES],
        ),
        row(
            "§1",
            "Query grammar",
            "`query=name:value;name:low|high` in our server's lists.",
            &["server read::invoices_are_filtered_sorted_and_paged"],
        ),
        row(
            "§1",
            "filter `invoiceStatus`",
            "All of these filters. Our server's ledger knows no unsettled, credited or written-off amounts, so these three are zero.",
            &["server read::invoices_are_filtered_sorted_and_paged"],
        ),
        row(
            "§1",
            "filters amount, createdTimestamp, effectiveTimestamp, PaymentActivityStatus, PaymentMethodType, PaymentSource, PaymentType",
            "All but `PaymentType`, whose values no page documents.",
            &["server read::activities_settle_an_unknown_outcome"],
        ),
        row(
            "§1",
            "bankAccountType CHQ",
            "Said in words, with the last digits: `Checking ending in 6789`, `Savings …`; cards by their brand: `Visa ending in 4242`.",
            &[
                "core words::sentences::stored_method_has_the_name_that_people_know",
                "browser pay: a stored method has one name in the picker, beside Pay and on the receipt",
            ],
        ),
        row(
            "§1",
            "Paging is zero-based",
            "`X-MaxPageIndex` names the last page.",
            &["server read::invoices_are_filtered_sorted_and_paged"],
        ),
        row(
            "§1",
            "same shape as the POST response",
            "`GET /v1/payments/{id}` gives the record again.",
            &["server create::the_record_is_whole_and_the_balances_are_lowered"],
        ),
        row(
            "§1",
            "the reconciliation source for an unknown outcome",
            "`GET /v1/customers/{id}/paymentactivities`.",
            &["server read::activities_settle_an_unknown_outcome"],
        ),
        row(
            "§2",
            "cannot exceed two decimal places",
            "Two decimals whatever the currency: a third is refused before sending.",
            &["server create::amounts_are_no_finer_than_the_currency", "server create::amounts"],
        ),
        row("§2", "Reference must not exceed 500 characters", "In these words from our server.", &["server create::references"]),
        row("§2", "payment.Amount", "At the amount.", &[KEYS]),
        row("§2", "payment.Reference", "At the reference.", &[KEYS]),
        row("§2", "payment.CustomerId", "In the summary: the host's configuration.", &[KEYS]),
        row("§2", "payment.Source", "In the summary: the host's configuration.", &[KEYS]),
        row("§2", "payment.PaymentMethodType…payment.PaymentMethod", "At the payment method.", &[KEYS]),
        row("§2", "payment.PaymentMethodTypeId…payment.PaymentMethodId", "At the payment method.", &[KEYS]),
        row("§2", "payment.PaymentAllocations", "At the allocation.", &[KEYS]),
        row(
            "§2",
            "payment.PaymentAllocations[i].Amount",
            "At the share of that row, as it was sent.",
            &[KEYS, "browser refuse: a refusal of the server stands at its field and its row"],
        ),
        row("§2", "payment.AutoAllocate", "At the allocation.", &[KEYS]),
        row("§2", "payment.EffectiveTimestamp", "In the summary: this form has no date of its own.", &[KEYS]),
        row("§2", "Api Error", "In the summary, in its own words, with every other key that nobody knows.", &[KEYS]),
        row("§2", "carry only", "`{Message}` alone is an error, too.", &["core api::fusebill::a_message_alone_is_a_refusal_too"]),
        row(
            "§2",
            "literal",
            "Empty, `null` and HTML bodies say nothing: unknown, or held by their status.",
            &[STATUSES, "core api::outcome::words_are_plain_and_short"],
        ),
        row(
            "§2",
            "409 = valid but refused by a business rule",
            "Rejected, unless the answer speaks of the idempotency key.",
            &[STATUSES, "core api::outcome::answers_about_the_key_are_no_answers_about_the_payment"],
        ),
        row("§2", "gatewayFee", "Shown.", &["core api::fusebill::a_record_with_everything_that_other_pages_document"]),
        row(
            "§2",
            "settlement",
            "Shown; `Pending` and `Failed` also in plain words.",
            &[
                "core api::fusebill::unsettled_money_is_noticed",
                "browser pay: a payment that is not settled says so on the receipt, and to those who hear it; one that failed says what to do",
            ],
        ),
        row(
            "§2",
            "Numbers appear as 10.0, 40.0000, 10.000000",
            "Read exactly.",
            &["core api::decimal::number_is_read_with_its_scale"],
        ),
        row("§2", "make them mutually exclusive in the client", "A list or the server's division, never both.", &[DIVIDES]),
    ],
}];
