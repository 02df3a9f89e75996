//! The field in which an amount is typed.

use super::{
    field::{ProblemLine, is_wrong, shown_problem},
    screen::{Act, Screen},
};
use crate::{
    domain::{amount::Reading, money::Money, problem::Field},
    words::{Phrase, en},
};
use leptos::prelude::*;

/// A shortcut that fills the amount in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuickAmount {
    /// What stands on the button; `{amount}` is filled in.
    pub label: Phrase,
    /// What it fills in.
    pub amount: Money,
}

/// An amount as text, with what it is read as beneath it at once. What was typed is never rewritten; a text that can be read in two ways is
/// asked about with a button for each.
///
/// Accessibility: the reading and the problem describe the input. The reading is no live region, because speaking at every key is noise; the
/// form's own status says the result when typing pauses.
#[component]
pub fn AmountField(
    /// Live: the problems.
    screen: Screen,
    /// The input's name.
    name: &'static str,
    /// Its label.
    label: Phrase,
    /// Which field's problems it shows.
    field: Field,
    /// Whether it is the main field of the form.
    is_large: bool,
    /// The text as typed; live.
    text: Signal<String>,
    /// What it is read as; live.
    reading: Signal<Reading>,
    /// Shortcuts; live.
    quick: Signal<Vec<QuickAmount>>,
    /// A standing hint, such as the limits; may be empty.
    hint: String,
    /// What typing is reported as.
    report: fn(String) -> Act,
) -> AnyView {
    let speech = screen.speech;
    let problem = shown_problem(screen, field);
    let (id, error, reads) = (speech.id(name), speech.id(&[name, "-error"].concat()), speech.id(&[name, "-reads"].concat()));
    let described = [error.as_str(), " ", &reads].concat();
    let (sign, code) = screen.terms.with_value(|terms| (speech.sign(), terms.currency.code()));
    let chips = move || {
        let chip = |quick: QuickAmount| {
            let text = speech.say(quick.label, &[("amount", &speech.money(quick.amount))]);
            let act = report(speech.typed(quick.amount));
            view! { class="pf", <button type="button" class="chip" on:click=move |_| screen.act.run(act.clone())>{text}</button> }
        };
        quick.get().into_iter().map(chip).collect_view()
    };
    let reading = Memo::new(move |_| reading.get());
    view! { class="pf",
        <div part="amount" class="field" class:large=is_large>
            <label for=id.clone()>{speech.text(label)}</label>
            <div class="money">
                <span class="sign" aria-hidden="true">{sign.clone()}</span>
                <input id=id type="text" name=name inputmode="decimal" autocomplete="transaction-amount" spellcheck="false"
                    aria-describedby=described aria-invalid=move || is_wrong(problem)
                    prop:value=move || text.get()
                    on:input=move |event| screen.act.run(report(event_target_value(&event))) />
                <span class="code">{(code != sign).then_some(code)}</span>
            </div>
            <div id=reads class="hint reads">{move || read_as(screen, reading, field, &hint, report)}</div>
            <ProblemLine id=error problem />
            <div class="chips">{chips}</div>
        </div>
    }
    .into_any()
}

/// The line beneath the field: what the text is read as, or the question, or at once why it is no amount.
fn read_as(screen: Screen, reading: Memo<Reading>, field: Field, hint: &str, report: fn(String) -> Act) -> AnyView {
    let speech = screen.speech;
    match reading.get() {
        Reading::Empty => hint.to_owned().into_any(),
        Reading::Number(value) => {
            view! { class="pf", {speech.text(en::READS_AS)} " " <strong>{speech.amount(value)}</strong> }.into_any()
        }
        Reading::Choice(values) => {
            let choices = values.into_iter().map(|value| {
                let act = report(speech.typed_amount(value));
                view! { class="pf",
                    <button type="button" class="chip choice" on:click=move |_| screen.act.run(act.clone())>{speech.amount(value)}</button>
                }
            });
            view! { class="pf", <span class="question">{speech.text(en::WHICH_AMOUNT)}</span> {choices.collect_view()} }
                .into_any()
        }
        Reading::Unreadable(_) => {
            // Said here at once; from the first press on Pay it stands in the field's problem line instead.
            let is_shown = screen.problems.with(|problems| problems.iter().any(|problem| problem.field == field));
            let said = screen.checked.with(|checked| {
                let problem = checked.problems().iter().find(|problem| problem.field == field).filter(|_| !is_shown);
                problem.map(|problem| speech.problem(problem))
            });
            view! { class="pf", <span class="refused">{said}</span> }.into_any()
        }
    }
}
