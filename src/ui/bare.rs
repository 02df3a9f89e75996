//! What is drawn as long as no currency is known: no amount can be written or read then, but the lists may be on their way, and a payment
//! from before a reload may be unsettled.

use super::{
    form::Form,
    screen::{Act, Load},
};
use crate::words::{Phrase, Words, en};
use leptos::prelude::*;

/// Draws what can be said without a currency.
pub(super) fn bare(form: Form, words: Words) -> AnyView {
    let direction = words.direction();
    let drawn = move || {
        let text = |phrase: Phrase| words.text(phrase).to_owned();
        let standing = form.machine.with(|machine| words.standing(&machine.view(form.now.get()), None));
        let unsettled = standing.map(|standing| {
            let lines = standing.lines.into_iter().map(|line| view! { class="pf", <p>{line}</p> }).collect_view();
            let button = |(press, label)| view! { class="pf", <button type="button" class="button" on:click=move |_| form.act(Act::Press(press))>{label}</button> };
            let buttons = standing.presses.into_iter().map(button).collect_view();
            view! { class="pf",
                <div class="notice warning" role="status">
                    <p class="notice-title">{standing.title}</p>
                    {lines}
                    <div class="buttons">{buttons}</div>
                </div>
            }
            .into_any()
        });
        let lists = match form.load.get() {
            Load::Loading => view! { class="pf", <p role="status">{text(en::LOADING)}</p> }.into_any(),
            // The lists are there, and none of them says in which currency: the console has the sentence for the developer.
            Load::Ready => view! { class="pf", <p role="alert">{text(en::NO_CURRENCY)}</p> }.into_any(),
            Load::Failed(_) => view! { class="pf",
                <div role="alert">
                    <p>{text(en::LOAD_FAILED)}</p>
                    <button type="button" class="button" on:click=move |_| form.act(Act::Reload)>{text(en::RELOAD)}</button>
                </div>
            }
            .into_any(),
        };
        view! { class="pf", <div class="bare">{unsettled} {lists}</div> }.into_any()
    };
    view! { class="pf", <div class="frame" dir=direction><div part="base" class="base">{drawn}</div></div> }.into_any()
}
