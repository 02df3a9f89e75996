//! Lists the rows of the contract table for MaiaScore.

use crate::api::contracts::{Section, row};

const ITEM: &str = "core api::requests::maiascore_sample_bodies_in_json_and_xml";
const ITEM_RECORD: &str = "core api::maiascore::record_of_the_document_is_read";
const ITEM_COMPARED: &str = "core api::maiascore::record_is_compared_in_all_four_fields";

/// The rows of MaiaScore.
pub const MAIASCORE: &[Section] = &[
    Section {
        title: "MaiaScore, the request (maiascore-create-payment.md)",
        rows: &[
            row(
                "58",
                "POST…/payments",
                "`POST` to `/payments`, or to the host's own `endpoint`.",
                &["core api::requests::each_api_has_its_documented_path"],
            ),
            row(
                "68",
                "application/json",
                "`encoding=\"json\"`, and where the host says nothing.",
                &["core api::requests::each_encoding_names_its_media_type", ITEM],
            ),
            row(
                "69",
                "application/xml",
                "`encoding=\"xml\"`.",
                &["core api::requests::each_encoding_names_its_media_type", ITEM],
            ),
            row(
                "70",
                "application/x-www-form-urlencoded",
                "`encoding=\"form\"`.",
                &[
                    "core api::requests::each_encoding_names_its_media_type",
                    "browser maiascore: each encoding sends exactly its bytes",
                ],
            ),
            row(
                "79",
                "\"amountDue\": 0",
                "A bare number; zero is legal.",
                &[ITEM, "browser maiascore: zero amounts are legal, as in its own examples"],
            ),
            row(
                "80",
                "\"amountPaid\": 0",
                "A bare number; zero is legal.",
                &[ITEM, "core api::requests::amounts_are_bare_numbers_with_the_digits_that_were_typed"],
            ),
            row("81", "\"dueDate\": \"2019-08-24\"", "`YYYY-MM-DD`.", &[ITEM]),
            row("82", "\"date\": \"2019-08-24\"", "`YYYY-MM-DD`; starts as the person's own today.", &[ITEM]),
            row("91-97", "<?xml version=\"1.0\" encoding=\"utf-8\"?>…<item>…</item>", "Byte for byte.", &[ITEM]),
            row(
                "105-110",
                "\"amountDue\": 0",
                "`DIFFERS`: the document shows JSON under the name of the form encoding; the form sends real form fields. The server takes both.",
                &[
                    "server maiascore::the_record_comes_back_in_its_envelope_whatever_the_encoding",
                    "server examples::every_example_request_is_recorded",
                    "core api::requests::maiascore_form_encoding_is_a_real_one",
                ],
            ),
            row(
                "135",
                "Authorization: Bearer REPLACE_BEARER_TOKEN",
                "The host's `authorization`, asked for every request.",
                &["browser security: the token goes into its header and stands nowhere else"],
            ),
            row(
                "136-137",
                "content-type: application/x-www-form-urlencoded…{\"amountDue\":0,\"amountPaid\":0",
                "The curl example, as data for the server's tests.",
                &["server examples::the_curl_examples_really_run", "core api::contracts::the_documents_examples_are_whole"],
            ),
            row(
                "144-180",
                "JSON.stringify({",
                "The Node example.",
                &["server examples::every_example_request_is_recorded", "core api::contracts::the_documents_examples_are_whole"],
            ),
            row(
                "186-204",
                "conn.request(\"POST\", \"/payments\", payload, headers)",
                "The Python example.",
                &["server examples::the_python_examples_really_run", "core api::contracts::the_documents_examples_are_whole"],
            ),
            row(
                "210-240",
                "CURLOPT_POSTFIELDS",
                "The PHP example.",
                &["server examples::every_example_request_is_recorded", "core api::contracts::the_documents_examples_are_whole"],
            ),
        ],
    },
    Section {
        title: "MaiaScore, the answers (maiascore-create-payment.md)",
        rows: &[
            row(
                "348",
                "### 200",
                "The record, in its envelope or bare. All four fields are compared with what was sent.",
                &[
                    "server maiascore::the_record_comes_back_in_its_envelope_whatever_the_encoding",
                    ITEM_RECORD,
                    ITEM_COMPARED,
                    "core api::maiascore::records_as_strapi_may_write_them",
                ],
            ),
            row(
                "364",
                "\"code\": 200",
                "Words only: the HTTP status decides, and a body that contradicts it leaves the outcome unknown.",
                &["core api::maiascore::bodies_that_are_neither_record_nor_error_leave_the_outcome_unknown"],
            ),
            row("365", "\"message\": \"OK\"", "Ignored in a record.", &[ITEM_RECORD]),
            row("366", "\"data\": {", "The record.", &[ITEM_RECORD]),
            row(
                "367",
                "\"id\": \"string\"",
                "A text or a number; without it there is no record.",
                &[ITEM_RECORD, "core api::maiascore::records_as_strapi_may_write_them"],
            ),
            row("368", "\"amountDue\": 0", "Shown and compared.", &[ITEM_RECORD, ITEM_COMPARED]),
            row("369", "\"amountPaid\": 0", "Shown and compared.", &[ITEM_RECORD, ITEM_COMPARED]),
            row("370", "\"dueDate\": \"2019-08-24\"", "Shown and compared.", &[ITEM_RECORD, ITEM_COMPARED]),
            row("371", "\"date\": \"2019-08-24\"", "Shown and compared.", &[ITEM_RECORD, ITEM_COMPARED]),
            row(
                "372",
                "\"published_at\": \"2019-08-24T14:15:22Z\"",
                "Shown; `null` is valid.",
                &[ITEM_RECORD, "core api::maiascore::records_as_strapi_may_write_them"],
            ),
            row(
                "373",
                "\"created_by\": \"string\"",
                "Shown, also as an object.",
                &[ITEM_RECORD, "core api::maiascore::records_as_strapi_may_write_them"],
            ),
            row("374", "\"updated_by\": \"string\"", "Shown.", &[ITEM_RECORD]),
            row(
                "385-403",
                "**Forbidden**: this operation requeris authentication…\"code\": 500",
                "Held: sign in and send the same again. The 500 in the body decides nothing.",
                &[
                    "server credentials::without_known_credentials_each_contract_refuses_in_its_documented_words",
                    "core api::maiascore::the_documents_403_and_404_say_500_and_are_still_held",
                    "faults statuses: a 403, a 401 or a 404 holds the payment",
                ],
            ),
            row(
                "412-430",
                "**Not found**: the resource was not found…\"code\": 500",
                "Held: a matter of configuration.",
                &[
                    "server read::missing_record_is_404",
                    "core api::maiascore::the_documents_403_and_404_say_500_and_are_still_held",
                ],
            ),
            row(
                "439-457",
                "**Unexpected error**…\"message\": \"Error - Server Error\"",
                "Decided by its status: rejected under 400, unknown under 500.",
                &[
                    "server maiascore::everything_that_is_wrong_is_told_at_once_in_the_envelope",
                    "core api::maiascore::the_documents_default_error_is_decided_by_its_status",
                ],
            ),
        ],
    },
    Section {
        title: "MaiaScore, from other pages (beyond-the-documents.md)",
        rows: &[
            row(
                "§4",
                "{statusCode, error, message, data}",
                "Strapi's errors are read as well, at their fields.",
                &[
                    "core api::maiascore::strapi_errors_are_read",
                    "browser maiascore: errors in the shape of Strapi stand at their fields, and everything typed stays",
                ],
            ),
            row(
                "§4",
                "The record has **no customer, currency, method, reference or invoice** field",
                "One record is one due item. The host's open invoices can be picked to fill in amount due and due date. The rest, an overpayment, \
                 and days early or late are shown before paying.",
                &[
                    "browser maiascore: an open invoice can be picked, and tells what is due and when",
                    "browser maiascore: the rest, an overpayment, and days early or late are told before paying",
                ],
            ),
            row(
                "§4",
                "Send JSON with `application/json`",
                "As advised there.",
                &["core api::requests::each_encoding_names_its_media_type"],
            ),
            row(
                "§4",
                "_limit",
                "Our server's list takes them, with `_sort`, `_start` and the field filters.",
                &["server maiascore::the_list_is_filtered_sorted_and_cut"],
            ),
            row(
                "§4",
                "missing auth is 403, not 401",
                "As there.",
                &["server credentials::without_known_credentials_each_contract_refuses_in_its_documented_words"],
            ),
        ],
    },
];
