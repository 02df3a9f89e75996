//! Says the result to those who do not see it, when typing pauses.

use super::{browser, screen::Screen, sums::Sums};
use crate::words::en;
use leptos::{html::P, prelude::*};

/// How long typing must pause, in milliseconds, before the result is said.
const PAUSE: u64 = 900;

/// A status line out of sight: the amount, how much goes to how many invoices, what stays on account, what is still owed.
#[component]
pub fn Announcer(
    /// The words.
    screen: Screen,
    /// The totals; live.
    sums: Memo<Sums>,
) -> AnyView {
    let node: NodeRef<P> = NodeRef::new();
    let changes = StoredValue::new(0_u32);
    Effect::new(move |before: Option<()>| {
        let now = sums.get();
        if before.is_none() {
            return;
        }
        changes.update_value(|changes| *changes = changes.wrapping_add(1));
        let change = changes.get_value();
        browser::after(PAUSE, move || {
            // The form may be gone by now, and a later change speaks for itself.
            if changes.try_get_value() == Some(change)
                && let Some(Some(node)) = node.try_get_untracked()
            {
                node.set_text_content(Some(&said(screen, &now)));
            }
        });
    });
    view! { class="pf", <p node_ref=node class="unseen" role="status"></p> }.into_any()
}

fn said(screen: Screen, sums: &Sums) -> String {
    let speech = screen.speech;
    let values = [
        ("amount", speech.money(sums.amount)),
        ("allocated", speech.money(sums.allocated)),
        ("invoices", speech.count(en::INVOICES, sums.count, &[])),
        ("unallocated", speech.money(sums.unallocated)),
        ("owed", speech.money(sums.owed)),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    speech.say(en::NOW_READS, &values)
}
