//! Makes checked payments of drafts for the tests of requests, because only a checked payment can be encoded.

use payment_form::{
    api::{
        Api, lists,
        message::{Encoding, Request, Response, SentPayment},
    },
    domain::{
        amount::Separators,
        check::check,
        date::Date,
        draft::Draft,
        invoice::{CustomerId, InvoiceId},
        money::Currency,
        payment::{AllocationWire, Payment, Source},
        payment_order::DateField,
        statement::Statement,
        terms::{OfferedMethods, Terms},
    },
};
use std::sync::Arc;

/// Three open invoices, the document's 566934 among them, and three stored methods.
pub fn statement() -> Arc<Statement> {
    let invoices = lists::invoices(
        br#"[
            {"id": "566934", "number": "INV-1", "dueDate": "2026-09-01", "balance": "312.75", "currency": "USD"},
            {"id": 566935, "number": "INV-2", "dueDate": "2026-10-01", "balance": 40.0000, "currency": "USD"},
            {"id": 566936, "number": "INV-3", "dueDate": "2026-11-01", "balance": "1234567890123456.78", "currency": "USD"}
        ]"#,
        None,
    );
    let methods = lists::methods(
        br#"[
            {"id": 41877, "paymentMethodType": "CreditCard", "isDefault": true, "cardType": "Visa", "maskedCardNumber": "************4242",
             "expirationMonth": 8, "expirationYear": 2028},
            {"id": 41878, "paymentMethodType": "ACH", "isDefault": false, "maskedAccountNumber": "*****6789", "bankAccountType": "CHQ"}
        ]"#,
    );
    let methods = methods.expect("the methods can be read");
    Arc::new(Statement::new(invoices.expect("the invoices can be read"), Some(methods)).expect("the invoices make a statement"))
}

/// A staff screen in US dollars.
pub fn terms(api: Api) -> Terms {
    let source = Source::Manual;
    Terms {
        kind: api.kind(),
        currency: Currency::from_code("USD").expect("USD is a currency"),
        separators: Separators::ENGLISH,
        sign: String::new(),
        decimals_max: api.decimals_max(),
        min: None,
        max: None,
        today: Date::parse("2026-11-20").expect("it is a day"),
        customer: CustomerId::new(655080),
        source,
        offered: OfferedMethods::for_source(source),
        order_by: DateField::Due,
        wire: AllocationWire::Explicit,
    }
}

/// The payment that a draft is; the test fails where it is none.
pub fn payment(draft: &Draft, terms: &Terms) -> Payment {
    match check(draft, &statement(), terms).payment {
        Ok(payment) => payment,
        Err(problems) => panic!("the draft is no payment: {problems:?}"),
    }
}

/// The request for a draft of a Fusebill payment.
pub fn fusebill(draft: &Draft) -> (Request, SentPayment) {
    Api::encode(&payment(draft, &terms(Api::Fusebill)), Encoding::Json)
}

/// The request for a draft of a MaiaScore record.
pub fn maiascore(draft: &Draft, encoding: Encoding) -> (Request, SentPayment) {
    Api::encode(&payment(draft, &terms(Api::MaiaScore)), encoding)
}

/// The draft of the document's due item, with these amounts.
pub fn due_item(due: &str, paid: &str) -> Draft {
    let day = String::from("2019-08-24");
    Draft { amount: paid.into(), amount_due: due.into(), due_date: day.clone(), date: day.into(), ..Draft::default() }
}

/// An answer without headers.
pub fn answer(status: u16, body: impl AsRef<[u8]>) -> Response {
    Response { status, body: body.as_ref().to_vec(), ..Response::default() }
}

/// An invoice's id.
pub fn invoice(number: i64) -> InvoiceId {
    InvoiceId::new(number).expect("it is an id")
}

/// The sent payment in the tests of answers: 10 for customer 172677, as in the document's record, in an allocation of two rows.
pub fn sent_for_document() -> SentPayment {
    let request = Request {
        encoding: Encoding::Json,
        body: r#"{"customerId":172677,"reference":"this is a test payment","amount":10}"#.into(),
    };
    SentPayment { rows: vec![invoice(566934), invoice(566935)], ..Api::Fusebill.sent(&request).expect("it is a request") }
}
