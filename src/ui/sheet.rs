//! The whole form as one sees it.

use super::screen::{Act, Screen};
use crate::words::en;
use leptos::prelude::*;

/// Draws the form: header, amount, method, division, summary and the button that pays; or the receipt once a payment is recorded.
///
/// All values in [`Screen`] are live. Everything that the person does goes to `screen.act`.
#[component]
pub fn PaymentSheet(
    /// What is drawn, and where acts go.
    screen: Screen,
) -> AnyView {
    let Screen { speech, act, draft, .. } = screen;
    view! { class="pf",
        <form part="base" method="dialog" novalidate on:submit=move |event| {
            event.prevent_default();
            act.run(Act::Pay);
        }>
            <label for="pf-amount">{speech.text(en::AMOUNT)}</label>
            <input id="pf-amount" name="amount" inputmode="decimal" prop:value=move || draft.with(|draft| draft.amount.clone())
                on:input=move |event| act.run(Act::Amount(event_target_value(&event))) />
            <button part="submit" type="submit">{speech.text(en::PAY_NOTHING)}</button>
        </form>
    }
    .into_any()
}
