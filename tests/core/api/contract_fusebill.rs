//! Lists the rows of the contract table for Fusebill's *Create Payment*. `api/contract_fusebill_more.rs` has the rows of the vendor's other
//! pages.

use crate::api::contracts::{Section, row};

const METHODS: &str = "core api::requests::a_method_id_goes_with_stored_cards_and_accounts_only";
const SOURCES: &str = "core api::requests::every_source_has_its_documented_name";
pub const DIVIDES: &str = "core api::requests::the_server_divides_only_where_it_documents_the_same_order";
const RECORD: &str = "core api::fusebill::record_of_the_document_is_read";
const REFUSAL: &str = "core api::fusebill::error_of_the_document_is_read";
pub const KEYS: &str = "core api::fusebill::every_key_of_the_map_finds_its_field_or_row";
pub const STATUSES: &str = "core api::outcome::status_decides_with_record_error_or_empty_body";

/// The rows of Fusebill's document.
pub const FUSEBILL: &[Section] = &[
    Section {
        title: "Fusebill, the request (fusebill-create-payment.txt)",
        rows: &[
            row(
                "25",
                "curl -X POST \"https://secure.fusebill.com/v1/payments/\"",
                "`POST` to `/v1/payments/`, or to the host's own `endpoint`.",
                &[
                    "core api::requests::each_api_has_its_documented_path",
                    "browser pay: 500.00 pays the oldest invoices by the default card",
                ],
            ),
            row(
                "26",
                "Content-Type: application/json",
                "Sent with every payment.",
                &["core api::requests::each_encoding_names_its_media_type"],
            ),
            row(
                "27",
                "Authorization: Basic {APIKey}",
                "The account's key belongs on the host's server. The form refuses it unless the host says `configure({allowBasic: true})`.",
                &[
                    "server credentials::bearer_and_basic_are_accepted_on_both_contracts",
                    "browser security: S14: a credential that is no Bearer token is refused and not sent",
                ],
            ),
            row(
                "8",
                "customerId…Integer…Yes",
                "The host's `customer-id`; without it nothing is sent.",
                &[
                    "core api::requests::fusebill_sample_body_on_account",
                    "core api::requests::a_payment_on_account_needs_a_customer",
                    "server create::customers_and_sources",
                ],
            ),
            row(
                "9",
                "reference…[Max Length: 500 characters]…Optional",
                "Counted in UTF-16 units, as .NET counts; sent to the byte as typed; left out when empty. `DIFFERS`: control characters, characters that cannot be seen (but for the two joiners of Persian words and emoji) and card numbers are refused.",
                &[
                    "core domain::reference::invisible_character_is_refused",
                    "core api::requests::a_reference_has_500_utf16_units_at_most",
                    "core api::requests::an_empty_reference_is_left_out_and_any_other_is_kept_to_the_byte",
                    "server create::references",
                ],
            ),
            row(
                "10",
                "amount…Decimal…Yes",
                "A bare JSON number with the digits that were typed, never through a float. `DIFFERS`: 18 significant digits at most.",
                &[
                    "core api::requests::amounts_are_bare_numbers_with_the_digits_that_were_typed",
                    "core api::decimal::written_number_is_read_back",
                    "server create::amounts",
                ],
            ),
            row(
                "11",
                "paymentMethod…Enum:{ CreditCard…",
                "A stored card, or the default one.",
                &[METHODS, "core api::requests::fusebill_curl_example_is_what_a_stored_card_sends"],
            ),
            row("11", "Cash", "Offered to staff.", &[METHODS, "browser pay: staff record cash with a reference"]),
            row("11", "Check", "Offered to staff.", &[METHODS, "server create::methods"]),
            row("11", "DirectDeposit", "Offered to staff.", &[METHODS, "server create::methods"]),
            row(
                "11",
                "ACH}",
                "A stored bank account, or the default one.",
                &[METHODS, "browser pay: a stored bank account can be chosen"],
            ),
            row(
                "12",
                "paymentMethodId…Yes if paymentMethod is \"ACH\" or \"CrediCard\"",
                "Sent exactly with a stored card or account. `CrediCard` is a misprint for `CreditCard`.",
                &[METHODS, "server create::methods"],
            ),
            row(
                "13",
                "useDefaultPaymentMethod…Boolean…Optional",
                "`true` for the default method, then without an id.",
                &[METHODS, "server create::methods"],
            ),
            row(
                "14",
                "paymentAllocations…optional list…split the value of this payment over many invoices",
                "The division as previewed, in its order; no zero shares, no empty list.",
                &[
                    "core api::requests::shares_are_sent_in_the_order_of_the_preview_and_never_as_zero",
                    "server create::listed_allocations",
                ],
            ),
            row("15", "source…Enum: {Manual", "For staff screens.", &[SOURCES, "server create::customers_and_sources"]),
            row("15", "Automatic", "As the host configures.", &[SOURCES]),
            row(
                "15",
                "SelfServicePortal",
                "The form sends it where the host names no source.",
                &[SOURCES, "server create::customers_and_sources"],
            ),
            row("15", "Import}", "As the host configures.", &[SOURCES]),
            row(
                "16",
                "autoAllocate…Boolean…Optional",
                "`true` with `allocation-wire=\"auto\"`, where nothing is pinned; never beside a list, because what both together mean is not documented.",
                &[
                    DIVIDES,
                    "server create::the_server_divides_oldest_and_newest_first",
                    "browser allocate: sends the order and no list",
                ],
            ),
            row(
                "17",
                "autoAllocateOrder…Enum: {OldestToNewest",
                "Oldest due date first.",
                &[DIVIDES, "server create::the_server_divides_oldest_and_newest_first"],
            ),
            row(
                "17",
                "NewestToOldest}",
                "Newest due date first.",
                &[DIVIDES, "server create::the_server_divides_oldest_and_newest_first"],
            ),
            row(
                "22",
                "invoiceID…Integer",
                "Written as here; read in any case, because every answer says `invoiceId`.",
                &[
                    "core api::requests::fusebill_sample_body_with_an_allocation",
                    "core api::fusebill::a_record_with_everything_that_other_pages_document",
                ],
            ),
            row(
                "23",
                "amount…Decimal",
                "A bare number, `2.0` as typed.",
                &["core api::requests::fusebill_sample_body_with_an_allocation"],
            ),
            row(
                "28",
                "{customerId:{customerId},source:'Manual',paymentMethod:'CreditCard'",
                "Equal in content to what the form sends for a stored card. The server reads these unquoted keys and single quotes.",
                &[
                    "server examples::the_curl_examples_really_run",
                    "core api::requests::fusebill_curl_example_is_what_a_stored_card_sends",
                    "core api::contracts::the_documents_examples_are_whole",
                ],
            ),
            row(
                "31",
                "{customerId:{customerId},source:'Manual',paymentMethod:'CreditCard'",
                "The same body from C#.",
                &["server examples::every_example_request_is_recorded", "core api::contracts::the_documents_examples_are_whole"],
            ),
            row(
                "66",
                "requests.post('https://secure.fusebill.com/v1/payments', data=json.dumps(payload), headers=headers)",
                "Without the slash at the end it is the same route.",
                &[
                    "server examples::the_python_examples_really_run",
                    "server middleware::slash_at_the_end_changes_nothing",
                    "core api::contracts::the_documents_examples_are_whole",
                ],
            ),
            row(
                "68-74",
                "\"paymentMethod\": \"Cash\"",
                "Made from a draft, byte for byte but for the spaces.",
                &["server examples::every_example_request_is_recorded", "core api::requests::fusebill_sample_body_on_account"],
            ),
            row(
                "75-87",
                "\"invoiceID\": 566934,…\"amount\": 2.0",
                "Made from a draft, byte for byte but for the spaces.",
                &["core api::requests::fusebill_sample_body_with_an_allocation"],
            ),
        ],
    },
    Section {
        title: "Fusebill, the answers (fusebill-create-payment.txt)",
        rows: &[
            row(
                "89-108",
                "\"id\":7613586",
                "A 200 or 201 whose body has an id and an amount is the record. Customer, amount and reference are compared with the request, as far as the record has them. Without a customer it counts only under our key.",
                &[
                    RECORD,
                    "core api::fusebill::only_the_id_and_the_amount_are_needed",
                    "core api::fusebill::a_record_of_another_payment_is_not_ours_unless_the_key_comes_back",
                ],
            ),
            row(
                "90",
                "\"paymentActivityId\":118419",
                "Shown.",
                &[RECORD, "server create::the_record_is_whole_and_the_balances_are_lowered"],
            ),
            row("91", "\"reference\":\"this is a test payment\"", "Shown and compared.", &[RECORD]),
            row(
                "92",
                "\"effectiveTimestamp\":\"2017-01-25T19:11:00.0009221Z\"",
                "Shown as sent, and as the day in the payer's own calendar: seven-digit fractions, missing zones and leap seconds cannot break it.",
                &[
                    RECORD,
                    "browser pay: 500.00 pays the oldest invoices by the default card",
                    "core api::fusebill::a_record_with_everything_that_other_pages_document",
                    "faults replies: C11: nulls, missing fields and unknown words",
                ],
            ),
            row("93", "\"description\":null", "`null` is nothing.", &[RECORD]),
            row("94", "\"customerId\":172677", "Shown and compared.", &[RECORD]),
            row("95", "\"originalPaymentActivityId\":null", "Shown.", &[RECORD]),
            row(
                "96",
                "\"amount\":10.0",
                "Read exactly, whatever its notation: `10.0`, `1e1`, `\"10.00\"`.",
                &[RECORD, "core api::decimal::number_is_read_with_its_scale", "core api::hostile::malformed_number_is_not_read"],
            ),
            row("97", "\"currency\":\"USD\"", "Shown.", &[RECORD]),
            row(
                "98",
                "\"invoiceAllocations\":[",
                "Compared with the preview, invoice by invoice; every difference is named.",
                &[
                    "core api::fusebill::a_record_with_everything_that_other_pages_document",
                    "core api::fusebill::allocations_that_cannot_be_read_are_not_guessed",
                    "browser allocate: the receipt names every share and rest that is not as previewed",
                ],
            ),
            row(
                "101",
                "\"refunds\":[",
                "Shown.",
                &[RECORD, "core api::fusebill::a_record_with_everything_that_other_pages_document"],
            ),
            row("104", "\"unallocatedAmount\":10.0", "Shown and compared with the preview.", &[RECORD]),
            row("105", "\"refundableAmount\":10.0", "Shown.", &[RECORD]),
            row(
                "106",
                "\"id\":7613586",
                "A number or a text; without it there is no record.",
                &[RECORD, "core api::fusebill::a_bare_record_is_read_for_look_ups"],
            ),
            row(
                "107",
                "\"uri\":\"https://secure.fusebill.com/v1/payments/7613586\"",
                "Shown as text, never followed.",
                &[RECORD, "browser security: hostile text in every field of a record stays text"],
            ),
            row("110", "\"ErrorId\": 0", "Ignored.", &[REFUSAL]),
            row(
                "111",
                "\"HttpStatusCode\": 400",
                "The HTTP status decides; a body that contradicts it leaves the outcome unknown.",
                &[REFUSAL, "core api::outcome::a_success_whose_body_says_error_is_unknown_with_the_servers_words"],
            ),
            row(
                "112",
                "\"Errors\": [",
                "All are kept, in their order.",
                &[
                    "core api::fusebill::all_errors_are_kept_in_their_order",
                    "core api::fusebill::a_key_without_words_is_not_dropped",
                ],
            ),
            row(
                "114",
                "\"Key\": \"payment.PaymentMethodType\"",
                "A path of the server's own names: mapped to the field or the row as it was sent.",
                &[REFUSAL, KEYS],
            ),
            row(
                "115",
                "Allowable values are: Check, DirectDeposit, CreditCard, Cash, ACH, Paypal",
                "Shown in these words at the payment method. `Paypal` is tolerated in answers and never sent: our server says in words of its own that it cannot be.",
                &["server create::methods", REFUSAL, "core api::fusebill::a_record_with_everything_that_other_pages_document"],
            ),
        ],
    },
];
