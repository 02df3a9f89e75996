//! Says the result to those who do not see it, when typing pauses.

use crate::ui::{
    components::amount_field::awaits_decimals,
    dom::{Node, effect, el},
    live::Live,
    platform::browser,
    state::totals::{Goes, Sums},
    state::view_model::Screen,
};
use crate::{
    domain::problem::{Cause, Field, Problem},
    words::en,
};
use std::{cell::Cell, rc::Rc, sync::Arc};

/// How long typing must pause, in milliseconds, before the result is said.
const PAUSE: u64 = 900;

/// A status line out of sight: the amount, how much goes to how many invoices, what stays on account, what is still owed.
pub fn announcer(screen: Screen, sums: Live<Arc<Sums>>) -> Node {
    let line = el("p.unseen role=status");
    let (node, changes) = (line.clone(), Rc::new(Cell::new(0_u32)));
    effect(move || {
        let text = said(screen, &sums.get());
        let change = changes.get().wrapping_add(1);
        changes.set(change);
        // What stands there from the start needs no saying.
        if change > 1 {
            let (node, changes) = (node.clone(), Rc::clone(&changes));
            browser::after(PAUSE, move || {
                // A later change speaks for itself.
                if changes.get() == change {
                    node.say(&text);
                }
            });
        }
    });
    line
}

fn said(screen: Screen, sums: &Sums) -> String {
    let speech = screen.speech;
    if screen.restored() {
        return String::new();
    }
    let amount = speech.money(sums.amount);
    if let Some(too_much) = sums.too_much(speech) {
        return [&amount, ". ", &too_much].concat();
    }
    // What cannot be read is divided over nothing, and a share that is wrong over nothing that stays: no result to be said.
    let checked = screen.checked();
    let is_said = |problem: &&Problem| {
        let is_amount = matches!(problem.field, Field::Amount | Field::AmountDue | Field::AmountPaid);
        matches!(problem.field, Field::Share(_)) || (is_amount && problem.cause != Cause::Missing)
    };
    if let Some(problem) = checked.problems().iter().find(is_said) {
        if problem.field == Field::Amount && awaits_decimals(&screen.draft().amount) {
            return String::new();
        }
        let message = speech.problem(problem);
        return match problem.field {
            Field::Share(id) => speech.say(en::ERROR_AT, &[("number", &screen.number_of(id)), ("message", &message)]),
            _ => message,
        };
    }
    match sums.goes {
        Goes::Listed => {}
        Goes::OnAccount => return [&amount, ". ", &speech.text(en::ALL_ON_ACCOUNT)].concat(),
        Goes::Loading | Goes::Nowhere | Goes::Elsewhere => return amount,
    }
    let values = [
        ("amount", amount),
        ("allocated", speech.money(sums.allocated)),
        ("invoices", speech.count(en::INVOICES, sums.count, &[])),
        ("unallocated", speech.money(sums.unallocated)),
        ("owed", speech.money(sums.owed)),
    ];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    speech.say(en::NOW_READS, &values)
}
