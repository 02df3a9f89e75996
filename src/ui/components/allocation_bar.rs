//! Draws the allocation as a picture.

use crate::ui::{
    platform::focus::{focus, target},
    state::{
        totals::{PARTS_MAX, Totals},
        view_model::{Action, ViewModel, use_form},
    },
};
use crate::{domain::problem::Field, words::en};
use leptos::{ev::KeyboardEvent, prelude::*};

/// The classes of the parts' colours. The dot in an invoice's row has the same class.
pub const TONES: [&str; PARTS_MAX] = ["t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9", "t10", "t11"];

/// One part of the bar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Part {
    tone: &'static str,
    name: String,
    /// The share as a plain decimal: the part's length.
    length: String,
}

/// A bar whose parts are as long as the shares: at most twelve, then "others", then the unallocated rest; and a line beneath it.
///
/// Accessibility: the bar as a whole has a text alternative. Each part is a button, named by its invoice and share, that leads to its row. The
/// bar is one stop of the Tab key, and arrow keys move inside. The name of the part under the pointer or in focus stands beneath, so that colour
/// alone tells nothing.
#[component]
pub fn AllocationBar(
    /// The problem that begins the line.
    #[prop(into)]
    problem: ViewFn,
    /// The tools that stand beside the line.
    children: Children,
) -> impl IntoView {
    let form = use_form();
    let parts = Memo::new(move |_| parts(form, &form.totals()));
    let part = move |index: usize| parts.with(|parts| parts.get(index).cloned().unwrap_or_default());
    // The part that the pointer or the focus is on.
    let active_part = RwSignal::new(None::<usize>);
    let lead = move |index: usize| {
        if let Some((id, ..)) = form.totals().parts.get(index) {
            form.act(Action::Focus(Field::Share(*id)));
        }
    };
    let caption = move || match active_part.get() {
        Some(index) => part(index).name,
        // The sentence about an excess stands at its row, before this one, or beside the buttons that mend it.
        None if form.totals().has_excess => String::new(),
        None => allocation_text(form, &form.totals()),
    };
    view! { class="pf",
        <div class="bar" part="bar" role="group" aria-label=move || allocation_text(form, &form.totals()) on:keydown=move_inside>
            <For each=move || 0..parts.with(Vec::len) key=|index| *index let(index)>
                <button
                    type="button"
                    class=move || format!("pf {}", part(index).tone)
                    style:flex-grow=move || part(index).length
                    aria-label=move || part(index).name
                    tabindex=if index == 0 { "0" } else { "-1" }
                    on:click=move |_| untrack(|| lead(index))
                    on:pointerover=move |_| active_part.set(Some(index))
                    on:pointerout=move |_| active_part.set(None)
                    on:focus=move |_| active_part.set(Some(index))
                    on:blur=move |_| active_part.set(None)
                ></button>
            </For>
        </div>
        <div class="below-bar">
            <p class="caption" aria-hidden="true">
                {problem.run()}
                {caption}
            </p>
            {children()}
        </div>
    }
}

/// The text alternative of the whole bar.
pub fn allocation_text(form: ViewModel, totals: &Totals) -> String {
    if totals.amount.is_zero() {
        return form.text(en::BAR_EMPTY);
    }
    if totals.allocated.is_zero() {
        return form.say_amount(en::BAR_REST, totals.unallocated);
    }
    let invoices = form.count(en::INVOICES, totals.count, &[]);
    if totals.unallocated.is_zero() {
        return form.say(en::BAR_ALL, &[("allocated", &form.money(totals.allocated)), ("invoices", &invoices)]);
    }
    let (allocated, unallocated) = (form.money(totals.allocated), form.money(totals.unallocated));
    form.say(en::BAR, &[("allocated", &allocated), ("invoices", &invoices), ("unallocated", &unallocated)])
}

fn parts(form: ViewModel, totals: &Totals) -> Vec<Part> {
    let invoices = totals.parts.iter().zip(TONES).map(|((_, number, share), tone)| Part {
        tone,
        name: form.say(en::BAR_PART, &[("number", number), ("amount", &form.money(*share))]),
        length: share.plain(),
    });
    let others = totals.others().map(|(count, share)| Part {
        tone: "others",
        name: form.count(en::BAR_OTHERS, count, &[("amount", &form.money(share))]),
        length: share.plain(),
    });
    let rest = (!totals.unallocated.is_zero()).then(|| Part {
        tone: "rest",
        name: form.say_amount(en::BAR_REST, totals.unallocated),
        length: totals.unallocated.plain(),
    });
    invoices.chain(others).chain(rest).collect()
}

/// Moves the focus along the bar: towards the end in reading direction, whichever it is.
fn move_inside(event: KeyboardEvent) {
    let Some(part) = target(&event) else { return };
    let is_rtl = part.closest("[dir=rtl]").ok().flatten().is_some();
    let next = match (event.key().as_str(), is_rtl) {
        ("ArrowRight", false) | ("ArrowLeft", true) => part.next_element_sibling(),
        ("ArrowLeft", false) | ("ArrowRight", true) => part.previous_element_sibling(),
        _ => return,
    };
    event.prevent_default();
    if let Some(next) = next {
        focus(&next);
    }
}
