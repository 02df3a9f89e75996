//! Draws the button that opens a group of radios. A narrow form shows only the chosen one of a long group, so that the page stays short.
//!
//! The stylesheet decides by the width of the form, not by that of the window: a wide form shows every radio and not this button.

use crate::ui::state::view_model::{Action, use_form};
use crate::{
    domain::problem::Field,
    words::{Phrase, en},
};
use leptos::{ev::MouseEvent, prelude::*};

/// Opens the group and leads the focus to the chosen radio; closes it at the next press.
#[component]
pub fn ChangeButton(
    /// True while the group is open at the person's wish.
    is_open: RwSignal<bool>,
    /// The field that the group fills.
    field: Field,
    /// The name of the group.
    group: Phrase,
    /// The id of the group.
    controls: String,
    /// The test id of the button.
    test_id: &'static str,
    /// True where the group is open in any case.
    #[prop(into)]
    hidden: Signal<bool>,
) -> impl IntoView {
    let form = use_form();
    let label = move || form.text(if is_open.get() { en::CHANGE_DONE } else { en::CHANGE });
    let name = move || form.say(en::NAMED, &[("number", &form.text(group)), ("what", &label())]);
    let press = move |_| {
        is_open.update(|is_open| *is_open = !*is_open);
        if is_open.get_untracked() {
            form.act(Action::Focus(field));
        }
    };
    view! { class="pf",
        <button
            type="button"
            class="link change"
            data-testid=test_id
            aria-label=name
            aria-expanded=move || is_open.get().to_string()
            aria-controls=controls
            hidden=move || hidden.get()
            disabled=move || form.is_locked()
            on:click=press
        >
            {label}
        </button>
    }
}

/// Closes the group after a tap on a radio or its label. Arrow keys walk through the radios and leave the group open: their clicks have no detail.
pub fn close_after_tap(is_open: RwSignal<bool>, event: &MouseEvent) {
    if event.detail() > 0 {
        // The label's click comes before the radio is checked.
        request_animation_frame(move || _ = is_open.try_set(false));
    }
}
