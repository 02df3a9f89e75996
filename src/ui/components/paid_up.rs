//! Draws the form of a customer who owes nothing.

use crate::ui::components::icon::{self, Icon};
use leptos::prelude::*;

/// The sentence that nothing is owed, in place of a form that would ask for a payment.
///
/// Accessibility: a status, because a list that is read again may bring it.
#[component]
pub fn PaidUp(
    /// The main sentence.
    title: String,
    /// The sentences below it, such as the one about credits.
    #[prop(into)]
    lines: Signal<Vec<String>>,
    /// The notice about a list that is not up to date.
    children: Children,
) -> impl IntoView {
    let lines = move || lines.get().into_iter().map(|line| view! { class="pf", <p class="muted">{line}</p> }).collect_view();
    view! { class="pf",
        <section class="card paid-up" data-testid="paid-up">
            {children()}
            <div role="status">
                <Icon path=icon::DONE />
                <p class="notice-title">{title}</p>
                {lines}
            </div>
        </section>
    }
}
