//! The fields of one due item (MaiaScore): what is due and when, what is paid and when.

use crate::ui::{
    components::amount_field::{Amount, amount_field, limits},
    components::text_field::{card, date_field, label},
    dom::{Node, el, text_of},
    state::view_model::{Act, Screen},
};
use crate::{
    domain::{
        amount::Reading,
        date::Date,
        invoice::{Invoice, InvoiceId},
        money::Money,
        payment_order::{DateField, Direction},
        problem::Field,
    },
    words::en,
};
use std::{cell::Cell, rc::Rc};

/// How many invoices the list to pick from holds; the oldest. What is not among them can be typed.
const PICK_MAX: usize = 200;

/// What is due, typed or taken from an open invoice, and what is paid on it.
pub fn due_item_fields(screen: Screen) -> [Node; 2] {
    let speech = screen.speech;
    let due = Amount {
        field: Field::AmountDue,
        name: Field::AmountDue.name(),
        title: en::AMOUNT_DUE,
        is_large: false,
        text: |screen| screen.draft().amount_due.clone(),
        reading: |screen| screen.checked().amount_due.clone(),
        quick: |_| Vec::new(),
        hint: |_| String::new(),
        report: Act::AmountDue,
    };
    let paid = Amount {
        field: Field::AmountPaid,
        name: Field::AmountPaid.name(),
        title: en::AMOUNT_PAID,
        is_large: true,
        text: |screen| screen.draft().amount.clone(),
        reading: |screen| screen.checked().amount.clone(),
        quick: |screen| match screen.checked().amount_due {
            Reading::Number(due) => {
                Money::new(due, screen.terms().currency).map(|due| (en::QUICK_DUE, due)).into_iter().collect()
            }
            _ => Vec::new(),
        },
        hint: limits,
        report: Act::Amount,
    };
    let picked = Rc::new(Cell::new(None));
    let due_date = |screen: Screen| screen.draft().due_date.clone();
    let date = |screen: Screen| screen.draft().date.text(screen.terms().today);
    [
        card(screen, en::DUE_SECTION, &speech.id("due-section"), "due-card")
            .child(el("div.field").draws(move || picker(screen, &picked)))
            .child(amount_field(screen, due))
            .child(date_field(screen, Field::DueDate, en::DUE_DATE, due_date, Act::DueDate)),
        card(screen, en::PAID_SECTION, &speech.id("paid-section"), "paid-card")
            .child(amount_field(screen, paid))
            .child(date_field(screen, Field::Date, en::DATE, date, Act::Date))
            .child(el("p.hint.timing role=status").says(move || timing(screen))),
    ]
}

/// The open invoices to take the amount and the date from; nothing where none is known. `picked` is the last that was taken: it is named only as
/// long as it is what stands in the fields.
fn picker(screen: Screen, picked: &Rc<Cell<Option<InvoiceId>>>) -> Vec<Node> {
    let speech = screen.speech;
    let statement = screen.statement();
    let queue = statement.queue(DateField::Due, Direction::Oldest);
    if queue.is_empty() {
        return Vec::new();
    }
    let id = speech.id("pick");
    let option = |value: &str, text: &str| el("option").set("value", value).text(text);
    let mut select = el("select.input").set("id", &id).child(option("", &speech.text(en::PICK_NONE)));
    for rank in 0..queue.len().min(PICK_MAX) {
        if let Some(invoice) = queue.row(rank).and_then(|row| statement.invoice(row)) {
            let values = [("number", invoice.number.as_str()), ("amount", &speech.money(invoice.balance))];
            select = select.child(option(&invoice.id.to_string(), &speech.say(en::PICK_ONE, &values)));
        }
    }
    let (taken, picked) = (Rc::clone(picked), Rc::clone(picked));
    let shown = move || {
        let (draft, statement) = (screen.draft(), screen.statement());
        let invoice = taken.get().and_then(|id| statement.invoice(statement.row_of(id)?));
        let is_so = |invoice: &&Invoice| {
            draft.amount_due == speech.typed(invoice.balance)
                && draft.due_date == invoice.due.map(|due| due.to_string()).unwrap_or_default()
        };
        invoice.filter(is_so).map(|invoice| invoice.id.to_string()).unwrap_or_default()
    };
    let select = select.holds(shown).on("change", move |event| {
        picked.set(InvoiceId::parse(&text_of(&event)));
        if let Some(id) = picked.get() {
            screen.act(Act::PickInvoice(id));
        }
    });
    vec![label(screen, &id, en::PICK), select]
}

/// How the day of the payment lies to the due date.
fn timing(screen: Screen) -> String {
    let speech = screen.speech;
    let draft = screen.draft();
    let days = Date::parse(&draft.due_date)
        .zip(Date::parse(&draft.date.text(screen.terms().today)))
        .map(|(due, paid)| due.days_since(paid));
    let count = |days: i32| usize::try_from(days.unsigned_abs()).unwrap_or_default();
    match days {
        None => String::new(),
        Some(0) => speech.text(en::ON_THE_DAY),
        Some(early @ 1..) => speech.count(en::DAYS_EARLY, count(early), &[]),
        Some(late) => speech.count(en::DAYS_LATE, count(late), &[]),
    }
}
