//! Draws the field in which an amount is typed.

use crate::ui::{
    components::text_field::ProblemLine,
    platform::input::sync_value,
    state::view_model::{Action, ViewModel, first_problem, use_form},
};
use crate::{
    domain::{
        amount::Reading,
        check::Checked,
        draft::Draft,
        money::Money,
        problem::{Cause, Field, Problem},
    },
    words::{Phrase, en},
};
use leptos::prelude::*;
use rust_decimal::Decimal;

/// Computes the shortcuts of an amount: a label, in which `{amount}` is filled in, and the amount.
pub type Shortcuts = fn(ViewModel) -> Vec<(Phrase, Money)>;

/// An amount as text, with its reading beneath it at once. The text is never rewritten; a text with more than one reading is asked about, with a
/// button for each amount that it can be.
///
/// Accessibility: reading and problem describe the input. The reading is no live region, because speech at every key is noise; the form's own
/// status line says the result when typing pauses.
#[component]
pub fn AmountField(
    /// The field. Its name is the name of the input.
    field: Field,
    /// The label.
    title: Phrase,
    /// True for the main field of the form.
    #[prop(optional)]
    is_large: bool,
    /// The text in the draft.
    text: fn(&Draft) -> String,
    /// The reading of the text.
    reading: fn(&Checked) -> Reading,
    /// The shortcuts.
    #[prop(optional)]
    shortcuts: Option<Shortcuts>,
    /// The hint below the field, such as the limits.
    #[prop(optional)]
    hint: Option<fn(ViewModel) -> String>,
    /// The action of typing.
    action: fn(String) -> Action,
) -> impl IntoView {
    let form = use_form();
    let name = field.name();
    let (id, error, reads) = (form.id(name), form.id(&format!("{name}-error")), form.id(&format!("{name}-reads")));
    let described_by = format!("{error} {reads}");
    let (sign, code) = (form.sign(), form.terms().currency.code());
    let code = if code == sign || !form.is_sign_shared() { "" } else { code };
    // The sign stands where the locale writes it, so that the amount reads as it does everywhere else.
    let sign = |is_behind: bool| {
        (form.is_sign_behind() == is_behind).then(|| {
            view! { class="pf",
                <span class="sign" aria-hidden="true">
                    {sign.clone()}
                </span>
            }
        })
    };
    let hint = move || hint.map(|hint| hint(form)).unwrap_or_default();
    // Most keys leave the line as it is, so that it is not drawn anew.
    let line = Memo::new(move |_| Line::new(form, field, &text(&form.draft()), reading(&form.checked())));
    // The chips are drawn anew only when another shortcut is offered, and not with every key.
    let chips = Memo::new(move |_| shortcuts.map(|shortcuts| shortcuts(form)).unwrap_or_default());
    view! { class="pf",
        <div class="field" class:large=is_large part=is_large.then_some("amount")>
            <label for=id.clone()>{form.text(title)}</label>
            <div class="money">
                {sign(false)}
                <input
                    type="text"
                    inputmode="decimal"
                    autocomplete="transaction-amount"
                    spellcheck="false"
                    name=name
                    id=id
                    aria-describedby=described_by
                    aria-invalid=move || form.has_problem(field).then_some("true")
                    use:sync_value=Signal::derive(move || text(&form.draft()))
                    on:input:target=move |event| form.act(action(event.target().value()))
                    // Password managers and scripts may tell of a text by this event alone.
                    on:change:target=move |event| form.act(action(event.target().value()))
                />
                {sign(true)}
                <span class="code">{code}</span>
            </div>
            <div class="hint reading" id=reads>
                {move || view! { class="pf", <ReadingLine line=line.get() field=field hint=hint() action=action /> }}
            </div>
            <ProblemLine id=error field=field />
            <div class="chips">
                <For each=move || chips.get() key=|(label, amount)| (label.code(), amount.plain()) let((label, amount))>
                    <button type="button" class="chip" on:click=move |_| form.act(action(form.typed(amount)))>
                        {form.say_amount(label, amount)}
                    </button>
                </For>
            </div>
        </div>
    }
}

/// The line beneath the field.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Line {
    /// Asks which of these amounts the text is.
    Question(Vec<Decimal>),
    /// The hint, behind the amount where the text is read as something else than it seems; `true` where the amount is outside the limits.
    Reading(Option<Decimal>, bool),
    /// The hint alone, beneath an empty field.
    Empty,
    /// The reason why the text is no amount, told at once.
    Refusal(String),
    /// The hint alone.
    Hint,
    /// Empty.
    Nothing,
}

impl Line {
    fn new(form: ViewModel, field: Field, text: &str, reading: Reading) -> Self {
        let checked = form.checked();
        match reading {
            Reading::Choice(values) => Self::Question(values),
            Reading::Number(value) => {
                let is_outside = |problem: &Problem| matches!(problem.cause, Cause::BelowMin(_) | Cause::AboveMax(_));
                let otherwise = Some(value).filter(|value| reads_otherwise(form, text, *value));
                Self::Reading(otherwise, checked.problems().iter().any(is_outside))
            }
            Reading::Empty => Self::Empty,
            // From the first press on Pay the problem stands in the field's problem line instead.
            Reading::Unreadable(_) if form.has_problem(field) => Self::Nothing,
            // The person is typing decimals: the next digit makes the text an amount.
            Reading::Unreadable(_) if awaits_decimals(text) => Self::Hint,
            Reading::Unreadable(_) => {
                Self::Refusal(first_problem(checked.problems(), field).map(|problem| form.problem(problem)).unwrap_or_default())
            }
        }
    }
}

/// The content of the line beneath the field.
#[component]
fn ReadingLine(line: Line, field: Field, hint: String, action: fn(String) -> Action) -> impl IntoView {
    let form = use_form();
    match line {
        Line::Question(values) => view! { class="pf", <Question field=field values=values action=action /> }.into_any(),
        Line::Reading(value, is_outside) => {
            view! { class="pf", <ReadAs value=value is_outside=is_outside hint=hint /> }.into_any()
        }
        // The sign beside the input is only seen, so the currency of an empty amount is also said.
        Line::Empty => view! { class="pf",
            <span class="visually-hidden">{form.say(en::AMOUNT_CURRENCY, &[("currency", form.terms().currency.code())])}</span>
            <span>{hint}</span>
        }
        .into_any(),
        Line::Refusal(problem) => view! { class="pf", <span class="refused">{problem}</span> }.into_any(),
        Line::Hint => view! { class="pf", <span>{hint}</span> }.into_any(),
        Line::Nothing => view! { class="pf", <span></span> }.into_any(),
    }
}

/// The reading where it differs from the text, and the hint. The limits of the host stay in sight.
#[component]
fn ReadAs(value: Option<Decimal>, is_outside: bool, hint: String) -> impl IntoView {
    let form = use_form();
    view! { class="pf",
        {value.map(|value| view! { class="pf", <span>{form.text(en::READS_AS)} " " <strong>{form.amount(value)}</strong></span> })}
        " "
        <span class:refused=is_outside>{hint}</span>
    }
}

/// The question about a text with more than one reading. The focus goes to the field when an answer is chosen.
#[component]
fn Question(field: Field, values: Vec<Decimal>, action: fn(String) -> Action) -> impl IntoView {
    let form = use_form();
    let question = if values.len() == 1 { en::THIS_AMOUNT } else { en::WHICH_AMOUNT };
    let answers = values.into_iter().map(move |value| {
        let choose = move |_| {
            form.act(action(form.typed_amount(value)));
            form.act(Action::Focus(field));
        };
        view! { class="pf",
            <button type="button" class="chip choice" on:click=choose>
                {form.amount(value)}
            </button>
        }
    });
    view! { class="pf",
        <span class="question">{form.text(question)}</span>
        {answers.collect_view()}
    }
}

/// Tells whether the reading differs from the text in more than zeros behind it: separators of thousands, signs, other digits.
fn reads_otherwise(form: ViewModel, text: &str, value: Decimal) -> bool {
    !form.typed_amount(value).starts_with(text.trim())
}

/// Tells whether a decimal separator was typed last, behind a digit.
pub fn awaits_decimals(text: &str) -> bool {
    text.strip_suffix(['.', ',', '\u{66B}']).is_some_and(|number| number.ends_with(|last: char| last.is_ascii_digit()))
}

/// The limits of the host in words; empty without limits.
pub fn limits(form: ViewModel) -> String {
    let terms = form.terms();
    let phrase = match (terms.min, terms.max) {
        (Some(_), Some(_)) => en::LIMITS_BOTH,
        (Some(_), None) => en::LIMITS_MIN,
        (None, Some(_)) => en::LIMITS_MAX,
        (None, None) => return String::new(),
    };
    let written = |limit: Option<Money>| limit.map(|limit| form.money(limit)).unwrap_or_default();
    form.say(phrase, &[("min", &written(terms.min)), ("max", &written(terms.max))])
}
