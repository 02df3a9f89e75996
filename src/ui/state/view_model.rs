//! What the form is drawn from, and what a person can do on it.

use crate::ui::{
    dom::Node,
    live::{Held, Live},
};
use crate::{
    domain::{
        allocation::Order,
        check::Checked,
        date::Date,
        draft::Draft,
        invoice::InvoiceId,
        money::{Currency, Money},
        problem::{Field, Problem},
        receipt::{Difference, Receipt},
        statement::{Statement, StoredMethod},
        terms::Terms,
    },
    words::{
        Phrase, Words, en,
        format::MoneyFormat,
        status::{Press, Status},
    },
};
use rust_decimal::Decimal;
use std::{rc::Rc, sync::Arc};

/// Whether what is owed is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Load {
    /// Being asked for.
    Loading,
    /// Known.
    Ready,
    /// Could not all be had; the person can try again. The reason is for the page's developer, whose console has it.
    Failed,
    /// The page gave invoices or methods that cannot be read: asking again would not help.
    Refused,
}

/// One thing that a person did. The form's only input; `form.rs` decides what follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Typed or chose an amount (MaiaScore: amountPaid).
    Amount(String),
    /// MaiaScore: typed or chose what is due.
    AmountDue(String),
    /// MaiaScore: chose when it is due.
    DueDate(String),
    /// MaiaScore: chose when it is paid.
    Date(String),
    /// Chose how to pay: the radio's value.
    Method(String),
    /// Typed a reference.
    Reference(String),
    /// Chose an order.
    Order(Order),
    /// Typed or chose one invoice's share. An empty text stays while the person is still in the input.
    Share(InvoiceId, String),
    /// Let one invoice follow the order again.
    Release(InvoiceId),
    /// Let all invoices follow the order again.
    ReleaseAll,
    /// MaiaScore: picked the invoice that is paid; its balance and due date become amountDue and dueDate.
    PickInvoice(InvoiceId),
    /// Asked to be taken to a field.
    Reach(Field),
    /// Asked for the lists again after they could not be loaded.
    Reload,
    /// Pressed the button that pays, or Enter.
    Pay,
    /// Pressed a button of the notice that says where the payment stands.
    Press(Press),
    /// Wants another payment after the receipt.
    Again,
}

/// A payment that is recorded.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The record.
    pub receipt: Receipt,
    /// Every way in which it is not what was previewed.
    pub differences: Vec<Difference>,
    /// The currency that was paid in.
    pub currency: Currency,
    /// How amounts of it are written.
    pub money: MoneyFormat,
}

/// Within one drawing the record says how its amounts are written.
impl PartialEq for Recorded {
    fn eq(&self, other: &Self) -> bool {
        self.receipt == other.receipt && self.differences == other.differences
    }
}

/// Where what a person did is reported.
pub type Report = Rc<dyn Fn(Act)>;

/// What the form is drawn from: handles, and behind each what is large lies in an `Arc`, so that looking costs a count and not a
/// copy.
pub struct Parts {
    /// The person's language and notation. Fixed for one drawing: another language draws the form anew.
    pub words: Words,
    /// The host's rules. Fixed for one drawing.
    pub terms: Arc<Terms>,
    /// Whether the attempt's mark is sent behind the reference. Fixed for one drawing.
    pub marks_reference: bool,
    /// Whether what is owed is known.
    pub load: Live<Load>,
    /// What is owed.
    pub statement: Live<Arc<Statement>>,
    /// What was typed.
    pub draft: Live<Arc<Draft>>,
    /// The answer to it.
    pub checked: Live<Arc<Checked>>,
    /// The problems that are shown now: none before the first submit, then the check's own or the server's.
    pub problems: Live<Arc<[Problem]>>,
    /// Whether nothing can be changed now, because something was sent.
    pub locked: Live<bool>,
    /// Whether a press on Pay is ignored for now: `aria-disabled`, never `disabled`, so that the focus stays.
    pub busy: Live<bool>,
    /// Where the payment stands, from [`Words::standing`].
    pub standing: Live<Option<Status>>,
    /// The record, once there is one: the receipt is drawn in place of the form.
    pub recorded: Live<Option<Arc<Recorded>>>,
    /// Whether a payment is unresolved that a page before this one sent: how it was divided is the standing's to say.
    pub restored: Live<bool>,
    /// Where the person asked to be taken. Setting the same field again goes there again.
    pub reach: Live<Option<Field>>,
    /// Reports what the person did.
    pub act: Report,
}

/// One drawing of the form. Every closure of the drawing has a copy, so it is as small as can be.
#[derive(Clone, Copy)]
pub struct Screen {
    /// The person's language and notation; they are among the parts.
    pub speech: Speech,
}

/// A look at one part, which whatever is being drawn then follows.
macro_rules! look {
    ($($(#[$doc:meta])* $part:ident: $type:ty;)*) => {
        $(
            $(#[$doc])*
            pub fn $part(self) -> $type {
                self.parts().$part.get()
            }
        )*
    };
}

impl Screen {
    /// A drawing of these parts, for as long as the present owner lives.
    pub fn new(parts: Parts) -> Self {
        Self { speech: Speech { parts: Held::new(parts) } }
    }

    fn parts(self) -> Rc<Parts> {
        self.speech.parts.get()
    }

    look! {
        /// Whether what is owed is known.
        load: Load;
        /// What is owed.
        statement: Arc<Statement>;
        /// What was typed.
        draft: Arc<Draft>;
        /// The answer to it.
        checked: Arc<Checked>;
        /// The problems that are shown now.
        problems: Arc<[Problem]>;
        /// Whether nothing can be changed now.
        locked: bool;
        /// Whether a press on Pay is ignored for now.
        busy: bool;
        /// Where the payment stands.
        standing: Option<Status>;
        /// The record, once there is one.
        recorded: Option<Arc<Recorded>>;
        /// Whether a payment is unresolved that a page before this one sent.
        restored: bool;
        /// Where the person asked to be taken.
        reach: Option<Field>;
    }

    /// What is owed, without following it.
    pub fn statement_untracked(self) -> Arc<Statement> {
        self.parts().statement.get_untracked()
    }

    /// What was typed, without following it.
    pub fn draft_untracked(self) -> Arc<Draft> {
        self.parts().draft.get_untracked()
    }

    /// The host's rules.
    pub fn terms(self) -> Arc<Terms> {
        Arc::clone(&self.parts().terms)
    }

    /// Whether the attempt's mark is sent behind the reference.
    pub fn marks_reference(self) -> bool {
        self.parts().marks_reference
    }

    /// Reports what the person did.
    pub fn act(self, act: Act) {
        self.reporter()(act);
    }

    /// Where to report what the person did.
    pub fn reporter(self) -> Report {
        Rc::clone(&self.parts().act)
    }

    /// What is shown to be wrong with a field, as text; empty while nothing is.
    pub fn problem_of(self, field: Field) -> String {
        let mut text = String::new();
        for problem in self.problems().iter().filter(|problem| problem.field == field) {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&self.speech.problem(problem));
        }
        text
    }

    /// Whether something is shown to be wrong with a field.
    pub fn is_wrong(self, field: Field) -> bool {
        wrong_with(&self.problems(), field).is_some()
    }

    /// The number printed on an invoice, or the invoice by its id where that is not known.
    pub fn number_of(self, id: InvoiceId) -> String {
        let statement = self.statement();
        let invoice = statement.row_of(id).and_then(|row| statement.invoice(row));
        invoice.map_or_else(|| self.speech.say(en::RECORD_INVOICE, &[("id", &id.to_string())]), |invoice| invoice.number.clone())
    }
}

/// The first of these problems that is about a field.
pub fn wrong_with(problems: &[Problem], field: Field) -> Option<&Problem> {
    problems.iter().find(|problem| problem.field == field)
}

/// The words of one drawing, as a handle that every closure can copy, and the ids of its elements.
#[derive(Clone, Copy)]
pub struct Speech {
    parts: Held<Parts>,
}

impl Speech {
    /// The id of an element of this drawing.
    pub fn id(self, name: &str) -> String {
        // Two forms in one document share no id.
        ["pf", &self.parts.number().to_string(), "-", name].concat()
    }

    /// `ltr` or `rtl`.
    pub fn direction(self) -> &'static str {
        self.parts.get().words.direction()
    }

    /// A sentence without placeholders.
    pub fn text(self, phrase: Phrase) -> String {
        self.parts.get().words.text(phrase).to_owned()
    }

    /// A sentence with its placeholders filled.
    pub fn say(self, phrase: Phrase, values: &[(&str, &str)]) -> String {
        self.parts.get().words.say(phrase, values)
    }

    /// A sentence about one amount.
    pub fn say_amount(self, phrase: Phrase, amount: Money) -> String {
        self.say(phrase, &[("amount", &self.money(amount))])
    }

    /// A sentence about `count` things.
    pub fn count(self, phrase: Phrase, count: usize, values: &[(&str, &str)]) -> String {
        self.parts.get().words.count(phrase, count, values)
    }

    /// What a stored method is called.
    pub fn method(self, method: &StoredMethod) -> String {
        self.parts.get().words.method(method)
    }

    /// An amount with its currency sign.
    pub fn money(self, money: Money) -> String {
        self.amount(money.value())
    }

    /// A number as money.
    pub fn amount(self, value: Decimal) -> String {
        self.parts.get().words.amount(value)
    }

    /// An amount as it is typed.
    pub fn typed(self, money: Money) -> String {
        self.typed_amount(money.value())
    }

    /// A number as it is typed.
    pub fn typed_amount(self, value: Decimal) -> String {
        self.parts.get().words.money_format().write_typed(value)
    }

    /// A whole number.
    pub fn number(self, number: usize) -> String {
        self.parts.get().words.number(number)
    }

    /// The currency sign.
    pub fn sign(self) -> String {
        self.parts.get().words.money_format().sign.clone()
    }

    /// A day.
    pub fn date(self, date: Date) -> String {
        self.parts.get().words.date(date)
    }

    /// What is wrong, in words.
    pub fn problem(self, problem: &Problem) -> String {
        self.parts.get().words.shown_problem(problem).unwrap_or_default()
    }
}

impl Node {
    /// Gives an attribute a sentence for good.
    pub fn set_phrase(self, name: &str, speech: Speech, phrase: Phrase) -> Self {
        self.set(name, speech.parts.get().words.text(phrase))
    }

    /// Appends a sentence.
    pub fn phrase(self, speech: Speech, phrase: Phrase) -> Self {
        self.text(speech.parts.get().words.text(phrase))
    }
}
