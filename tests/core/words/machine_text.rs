//! Tests which of a server's messages a payer reads, and which only staff read.

use payment_form::{
    domain::{
        invoice::InvoiceId,
        problem::{Cause, Field, Problem},
    },
    submission::{State, View},
    words::{Words, is_machine_text},
};

const MACHINE: [&str; 38] = [
    "",
    " ",
    "Api Error",
    "API ERROR",
    "Bad Request",
    "bad request.",
    "400 Bad Request",
    "HTTP 400",
    "HTTP/1.1 502 Bad Gateway",
    "Error 500: Internal Server Error",
    "Error - Server Error",
    "Error",
    "Unprocessable Entity",
    "Payment Required",
    "Forbidden",
    "ValidationError",
    "Validation failed",
    "E1234",
    "Error E1234",
    "ERR_CARD_DECLINED",
    "card_declined",
    "invoice.closed",
    "INSUFFICIENT_FUNDS",
    "402",
    "0x80004005",
    "00000000-0000-0000-0000-000000000000",
    "https://api.example.com/v1/payments",
    "/v1/payments/7",
    "10.0.0.5:5432",
    "payment.PaymentMethodType",
    "System.NullReferenceException: Object reference not set to an instance of an object.",
    "TypeError: Cannot read properties of undefined (reading 'id')",
    "java.lang.IllegalStateException",
    "Error: boom\n    at Pay.submit (/srv/app/pay.js:10:5)\n    at next (/srv/app/router.js:3:1)",
    "Traceback (most recent call last):\n  File \"/srv/pay.py\", line 3",
    "SQLSTATE[23000]: Integrity constraint violation",
    "An error has occurred.",
    "Something went wrong",
];

const SENTENCES: [&str; 16] = [
    "Invoice INV-1 is closed.",
    "Your card was declined.",
    "Declined",
    "Abgelehnt.",
    "Insufficient funds",
    "above the limit",
    "Die Karte 4242 ist abgelaufen",
    "残高不足です",
    "مرفوضة",
    "Amount exceeds the outstanding balance of 75.30.",
    "E1234: the invoice is closed",
    "See https://example.com/help for what to do.",
    "One or more validation errors occurred.",
    "Payment not found for this customer",
    "Le montant dépasse le solde",
    "amountPaid must be a `number` type",
];

fn problem(field: Field, message: &str) -> Problem {
    Problem::new(field, Cause::Server { key: Some("k".into()), message: message.into() })
}

#[test]
fn a_machines_text_is_told_from_a_sentence() {
    for text in MACHINE {
        assert!(is_machine_text(text), "{text:?}");
    }
    for text in SENTENCES {
        assert!(!is_machine_text(text), "{text:?}");
    }
}

#[test]
fn payer_at_a_refused_field_reads_plain_words_first_and_no_machine_text() {
    let words = Words::default();
    let share = Field::Share(InvoiceId::new(7).expect("positive"));
    // An Arabic sentence is isolated from the English around it.
    let quoted = |text: &str| match text.chars().any(|c| ('\u{600}'..'\u{700}').contains(&c)) {
        true => format!("The service says: \u{2068}{text}\u{2069}"),
        false => format!("The service says: {text}"),
    };
    let refused = "This was not accepted.";
    let declined = "Please choose another payment method, or ask your bank.";
    for (field, plain) in [(Field::Form, ""), (Field::Amount, refused), (share, refused), (Field::Method, declined)] {
        for text in SENTENCES {
            let expected = format!("{plain} {}", quoted(text)).trim().to_owned();
            assert_eq!(words.shown_problem(&problem(field, text)).join(" "), expected);
        }
        for text in MACHINE {
            let shown = words.shown_problem(&problem(field, text));
            assert_eq!(shown.join(" "), plain, "{field:?} {text:?}");
        }
    }
}

#[test]
fn staff_and_events_have_every_word_as_it_came() {
    let staff = Words::default().for_staff(true);
    for text in SENTENCES.into_iter().chain(MACHINE).filter(|text| !text.trim().is_empty()) {
        let problem = problem(Field::Form, text);
        assert_eq!(staff.shown_problem(&problem), [text]);
        assert_eq!(Words::default().problem(&problem), text);
    }
}

#[test]
fn a_servers_words_are_said_while_the_outcome_is_open() {
    let problems = [problem(Field::Form, "Bad Request"), problem(Field::Amount, "above the limit"), problem(Field::Form, "E7")];
    for state in [State::Held, State::Unknown] {
        let view = View { state, words: &problems, ..View::default() };
        let lines = |words: Words| words.status(&view, None).expect("it is said").lines;
        let to_payer = lines(Words::default());
        assert!(to_payer.contains(&"The service says: above the limit".to_owned()), "{to_payer:?}");
        let to_staff = lines(Words::default().for_staff(true));
        assert!(to_staff.contains(&"The service says: Bad Request; above the limit; E7".to_owned()), "{to_staff:?}");
        let view = View { state, words: &problems[..1], ..View::default() };
        let lines = Words::default().status(&view, None).expect("it is said").lines;
        assert!(lines.iter().all(|line| !line.contains("service says")), "{lines:?}");
    }
}

/// The advice of a declined payment stands once: at the method where the server names it, otherwise in the notice.
#[test]
fn advice_of_a_declined_payment_is_said_once() {
    let named = [problem(Field::Method, "Insufficient funds.")];
    let advice = "Please choose another payment method, or ask your bank.";
    for problems in [&named[..], &[]] {
        let view = View { state: State::Rejected, is_declined: true, problems, ..View::default() };
        let words = Words::default();
        let mut sentences = words.status(&view, None).expect("it is said").lines;
        sentences.extend(problems.iter().flat_map(|problem| words.shown_problem(problem)));
        assert_eq!(sentences.iter().filter(|line| line.contains(advice)).count(), 1, "{sentences:?}");
    }
}
