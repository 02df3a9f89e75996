//! Draws the notice about a submission that needs the person: held, unknown, sent before.

use crate::ui::state::view_model::{Action, ViewModel, use_form};
use crate::words::status::{NoticeButton, Status, Tone};
use leptos::{html::Div, prelude::*};

/// Says where the payment stands, with the buttons that lead on. Takes the focus when it comes up, because the next step is here.
///
/// A send under way is told at the button that pays, and a refusal in the error summary. Accessibility: a live region that is there from the
/// first rendering.
#[component]
pub fn StatusNotice() -> impl IntoView {
    let form = use_form();
    let notice = NodeRef::<Div>::new();
    let status = Memo::new(move |_| {
        let is_elsewhere = |status: &Status| status.tone == Tone::Busy || form.is_reviewed() || is_in_summary(form, status);
        form.status().filter(|status| !is_elsewhere(status))
    });
    Effect::new(move |last: Option<Option<String>>| {
        let title = form.status().map(|status| status.title);
        // A status that only moves here, from the summary that an edit has emptied, must not take the focus away from the typing.
        if last.flatten() != title && status.get().is_some() {
            // The text is drawn first, so that it is what the focus reads out.
            request_animation_frame(move || {
                if let Some(notice) = notice.try_get_untracked().flatten() {
                    _ = notice.focus();
                }
            });
        }
        title
    });
    let press = Callback::new(move |press| form.act(Action::Press(press)));
    view! { class="pf",
        <div class="status-slot" tabindex="-1" aria-live="polite" node_ref=notice>
            {move || status.get().map(|status| view! { class="pf", <Notice status=status press=press /> })}
        </div>
    }
}

/// Tells whether the error summary shows the status, above its list.
pub fn is_in_summary(form: ViewModel, status: &Status) -> bool {
    status.tone == Tone::Danger && !form.problems().is_empty()
}

/// A notice with its buttons, the safest first.
#[component]
pub fn Notice(
    /// The status that it tells.
    status: Status,
    /// Takes a press on one of the buttons.
    press: Callback<NoticeButton>,
) -> impl IntoView {
    let Status { tone, title, lines, buttons } = status;
    let lines = lines.into_iter().filter(|line| !line.is_empty()).map(|line| view! { class="pf", <p>{line}</p> });
    let buttons = buttons.into_iter().enumerate().map(move |(index, (kind, label))| {
        let pays = matches!(kind, NoticeButton::Confirm | NoticeButton::Insist);
        view! { class="pf",
            <button
                type="button"
                class="button"
                class:primary=index == 0 || pays
                part=pays.then_some("submit")
                on:click=move |_| press.run(kind)
            >
                {label}
            </button>
        }
    });
    view! { class="pf",
        <div
            class="notice"
            class:info=matches!(tone, Tone::Busy | Tone::Info)
            class:warning=tone == Tone::Warning
            class:danger=tone == Tone::Danger
        >
            <p class="notice-title">{title}</p>
            {lines.collect_view()}
            <div class="buttons">{buttons.collect_view()}</div>
        </div>
    }
}
