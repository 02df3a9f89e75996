//! Draws the form while no currency is known: the amount can be typed, but neither read nor written with a sign.

use crate::ui::{
    components::status_notice::Notice,
    platform::input::holds,
    state::{
        form_state::FormState,
        lists::Load,
        view_model::{Action, status},
    },
};
use crate::words::{Phrase, en};
use leptos::prelude::*;

/// The heading, the amount, the state of the lists, and the status of a payment that a page before this one left unresolved.
///
/// The amount input stays until the form has one of its own, so that a person who types loses nothing when the lists arrive. An unresolved
/// attempt locks the amount, so there is no input then.
#[component]
pub fn NoCurrency(
    /// The form.
    form: FormState,
) -> impl IntoView {
    let words = StoredValue::new(form.words());
    let text = move |phrase: Phrase| words.with_value(|words| words.text(phrase).to_owned());
    let status = Memo::new(move |_| words.with_value(|words| status(form, words)));
    let press = Callback::new(move |press| form.act(Action::Press(press)));
    view! { class="pf",
        <div class="frame" dir=words.with_value(|words| words.direction())>
            <div class="base bare" part="base">
                <h2 class="title">{text(en::TITLE)}</h2>
                <div aria-live="polite">
                    {move || status.get().map(|status| view! { class="pf", <Notice status=status press=press /> })}
                </div>
                <Show when=move || !form.restored.get() && matches!(form.load.get(), Load::Loading | Load::Failed)>
                    <AmountInput form=form label=text(en::AMOUNT) />
                </Show>
                {move || match form.load.get() {
                    Load::Loading => view! { class="pf",
                        <p class="empty skeleton" role="status">
                            {text(en::LOADING)}
                        </p>
                    }
                    .into_any(),
                    // The lists are there, and none of them tells the currency: the console has the sentence for the developer.
                    Load::Ready => view! { class="pf",
                        <p class="notice bad" role="alert">
                            {text(en::NO_CURRENCY)}
                        </p>
                    }
                    .into_any(),
                    load => view! { class="pf",
                        <div class="notice bad" role="alert">
                            <p class="notice-title">{text(en::LOAD_FAILED)}</p>
                            <div class="buttons">
                                {(load == Load::Failed)
                                    .then(|| view! { class="pf",
                                        <button type="button" class="button first" on:click=move |_| form.act(Action::Reload)>
                                            {text(en::RELOAD)}
                                        </button>
                                    })}
                            </div>
                        </div>
                    }
                    .into_any(),
                }}
            </div>
        </div>
    }
}

/// The amount without sign and reading.
#[component]
fn AmountInput(form: FormState, label: String) -> impl IntoView {
    let name = form.amount_field().name();
    let id = format!("pf-{name}");
    view! { class="pf",
        <div class="card">
            <div class="field large">
                <label for=id.clone()>{label}</label>
                <div class="money">
                    <input
                        type="text"
                        inputmode="decimal"
                        autocomplete="transaction-amount"
                        spellcheck="false"
                        name=name
                        id=id
                        disabled=move || form.disabled.get()
                        use:holds=Signal::derive(move || form.draft.get().amount.clone())
                        on:input:target=move |event| form.act(Action::Amount(event.target().value()))
                    />
                </div>
            </div>
        </div>
    }
}
