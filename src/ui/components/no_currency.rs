//! What is drawn as long as no currency is known: no amount can be written or read then, but the lists may be on their way, and a payment
//! from before a reload may be unsettled.

use crate::ui::{
    components::status_notice::notice,
    components::text_field::plain_button,
    dom::{Node, el},
    state::form_state::Form,
    state::view_model::{Act, Load},
};
use crate::words::{Words, en};
use std::rc::Rc;

/// Draws what can be said without a currency.
pub(in crate::ui) fn bare(form: Form) -> Node {
    let words = form.words();
    let frame = el("div.frame").set("dir", words.direction());
    let drawn = move || {
        let mut drawn = lists(form, &words);
        if let Some(standing) = form.standing(&words) {
            drawn.insert(0, notice(&standing, Rc::new(move |act| form.act(act))).set("role", "status"));
        }
        drawn
    };
    frame.child(el("div.base.bare part=base").draws(drawn))
}

fn lists(form: Form, words: &Words) -> Vec<Node> {
    let says = |written, phrase| el(written).text(words.text(phrase));
    match form.load.get() {
        Load::Loading => vec![says("p.empty.skeleton role=status", en::LOADING)],
        // The lists are there, and none of them says in which currency: the console has the sentence for the developer.
        Load::Ready => vec![says("p.notice.bad role=alert", en::NO_CURRENCY)],
        load => {
            let mut buttons = el("div.buttons");
            if load == Load::Failed {
                let again = plain_button("button.button.first", words.text(en::RELOAD));
                buttons = buttons.child(again.on("click", move |_| form.act(Act::Reload)));
            }
            let title = says("p.notice-title", en::LOAD_FAILED);
            vec![el("div.notice.bad role=alert").child(title).child(buttons)]
        }
    }
}
