//! The whole form as one sees it.

use super::{
    allocation_bar::allocation_bar,
    allocation_table::allocation_table,
    amount_field::{Amount, amount_field, button},
    announcer::announcer,
    dom::{Node, el, target},
    due_item::due_item_fields,
    error_summary::error_summary,
    field::{card, problem_line, reference_field},
    method_picker::method_picker,
    plan_choice::plan_choice,
    reach,
    receipt_view::receipt_view,
    screen::{Act, Load, Screen},
    standing_notice::standing_notice,
    summary::{pay_bar, summary},
    sums::{Sums, sums},
    table_tools::pin_tools,
    live::{Live, computed},
};
use crate::{
    domain::{
        allocation::{Order, Reason},
        money::Money,
        payment::Kind,
        problem::Field,
    },
    words::{Phrase, en},
};
use std::sync::Arc;
use web_sys::Event;

/// Draws the form: header, amount, method, division, summary and the button that pays; or the receipt once a payment is recorded.
///
/// All values in [`Screen`] are live. Everything that the person does goes to `screen.act`. While something is sent the fields stay in sight, disabled by
/// one `fieldset`.
pub fn payment_sheet(screen: Screen) -> Node {
    el("div").class("frame").set("dir", screen.speech.direction()).draws(move || match screen.recorded.get() {
        Some(recorded) => vec![receipt_view(screen, recorded)],
        None => vec![form(screen)],
    })
}

fn form(screen: Screen) -> Node {
    let sums = sums(screen);
    let fields = el("fieldset").class("main").when("disabled", "", move || screen.locked.get());
    let fields = match screen.terms().kind {
        Kind::OnAccount => fields.children(on_account(screen, sums)),
        Kind::DueItem => fields.children(due_item_fields(screen)),
    };
    let side =
        el("div").class("side").child(summary(screen, sums)).child(pay_bar(screen, sums)).child(el("slot").set("name", "legal"));
    let form = el("form")
        .set("part", "base")
        .class("base")
        .set("method", "dialog")
        .set("novalidate", "")
        .on("submit", move |event| {
            event.prevent_default();
            screen.act(Act::Pay);
        })
        .child(el("slot").set("name", "header").child(header(screen)))
        .child(standing_notice(screen))
        .child(error_summary(screen))
        .child(el("div").class("columns").child(fields).child(side))
        .child(el("slot").set("name", "footer"))
        .child(announcer(screen, sums));
    reach::follow(screen, form.clone());
    reach::keep_focus(screen, form.clone());
    form
}

fn header(screen: Screen) -> Node {
    let speech = screen.speech;
    let today = screen.terms().today;
    let owed = move || {
        let statement = screen.statement.get();
        let sum = |class: &str, label: Phrase, amount: Option<Money>| {
            let sum = |amount| el("dd").text(&speech.money(amount));
            amount.map(|amount| el("div").class(class).child(el("dt").text(&speech.text(label))).child(sum(amount)))
        };
        let overdue = statement.overdue(today).filter(|amount| !amount.is_zero());
        [sum("due", en::TOTAL_DUE, statement.total()), sum("late", en::OVERDUE, overdue)].into_iter().flatten().collect()
    };
    let names = el("div")
        .child(el("h2").class("title").text(&speech.text(en::TITLE)))
        .child(el("p").class("muted").text(&speech.say(en::AS_OF, &[("date", &speech.date(today))])));
    el("header").set("part", "header").class("header").child(names).child(el("dl").class("owed").draws(owed))
}

/// The fields of a payment on a customer's account.
fn on_account(screen: Screen, sums: Live<Arc<Sums>>) -> [Node; 3] {
    let speech = screen.speech;
    let amount = Amount {
        field: Field::Amount,
        name: Field::Amount.name(),
        title: en::AMOUNT,
        is_large: true,
        text: |screen| screen.draft.get().amount.clone(),
        reading: |screen| screen.checked.get().amount.clone(),
        quick: quick_amounts,
        hint: limits,
        report: Act::Amount,
    };
    let methods = speech.id("method-section");
    [
        card(&speech.text(en::AMOUNT_SECTION), &speech.id("amount-section"), "amount-card").child(amount_field(screen, amount)),
        card(&speech.text(en::METHOD_SECTION), &methods, "methods-card")
            .children(method_picker(screen, &methods))
            .child(reference_field(screen)),
        card(&speech.text(en::ALLOCATION_SECTION), &speech.id("allocation-section"), "allocation")
            .children(division(screen, sums)),
    ]
}

/// Shortcuts for the amount: what is overdue, all that is open, and what the person selected in the table.
fn quick_amounts(screen: Screen) -> Vec<(Phrase, Money)> {
    let today = screen.terms().today;
    let (statement, draft) = (screen.statement.get(), screen.draft.get());
    let selected = (!draft.shares.is_empty()).then(|| statement.sum_of(draft.shares.keys().copied())).flatten();
    let amounts =
        [(en::QUICK_OVERDUE, statement.overdue(today)), (en::QUICK_ALL, statement.total()), (en::QUICK_SELECTED, selected)];
    amounts.into_iter().filter_map(|(label, amount)| Some((label, amount.filter(|amount| !amount.is_zero())?))).collect()
}

/// What the host takes at least and at most, in words; empty without limits.
fn limits(screen: Screen) -> String {
    let speech = screen.speech;
    let terms = screen.terms();
    match (terms.min.map(|min| speech.money(min)), terms.max.map(|max| speech.money(max))) {
        (Some(min), Some(max)) => speech.say(en::LIMITS_BOTH, &[("min", &min), ("max", &max)]),
        (Some(min), None) => speech.say(en::LIMITS_MIN, &[("min", &min)]),
        (None, Some(max)) => speech.say(en::LIMITS_MAX, &[("max", &max)]),
        (None, None) => String::new(),
    }
}

/// What can be shown of the division.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Loading,
    NothingOpen,
    Table,
}

/// The division: loading, nothing open, or the plan with its picture and table; above it, that the list could not be had.
///
/// What is known stays in sight while it is asked for anew, with whatever the person searched for and where they are.
fn division(screen: Screen, sums: Live<Arc<Sums>>) -> [Node; 2] {
    let speech = screen.speech;
    let shown = computed(move |_| match (screen.statement.get().invoices().is_empty(), screen.load.get()) {
        (false, _) => Shown::Table,
        (true, Load::Ready) => Shown::NothingOpen,
        (true, _) => Shown::Loading,
    });
    let content = move || match shown.get() {
        Shown::Loading => {
            let words = el("p").class("empty skeleton").set("role", "status").text(&speech.text(en::LOADING));
            vec![words.when("hidden", "", move || matches!(screen.load.get(), Load::Failed(_)))]
        }
        Shown::NothingOpen => vec![el("p").class("empty").text(&speech.text(en::NO_INVOICES))],
        Shown::Table => plan_and_table(screen, sums),
    };
    let failure = move || match screen.load.get() {
        Load::Failed(why) => vec![load_failure(screen, &why)],
        _ => Vec::new(),
    };
    [el("div").set("role", "alert").draws(failure), el("div").class("division").draws(content)]
}

fn load_failure(screen: Screen, why: &str) -> Node {
    let speech = screen.speech;
    let again = button("button first", &speech.text(en::RELOAD)).on_press(move || screen.act(Act::Reload));
    el("div")
        .class("notice bad")
        .child(el("p").class("notice-title").text(&speech.text(en::LOAD_FAILED)))
        .child(el("p").text(why))
        .child(el("div").class("buttons").child(again))
}

fn plan_and_table(screen: Screen, sums: Live<Arc<Sums>>) -> Vec<Node> {
    let speech = screen.speech;
    let missed =
        el("p").class("hint").text(&speech.text(en::EXACT_NOT_FOUND)).when("hidden", "", move || !is_exact_missed(screen));
    let problem = problem_line(screen, &speech.id("allocation-error"), Field::Allocation);
    let [bar, caption] = allocation_bar(screen, sums);
    let beneath = el("div").class("beneath").child(caption).child(pin_tools(screen));
    let skip = button("skip", &speech.text(en::SKIP_TABLE)).on("click", skip);
    let [tools, table] = allocation_table(screen, sums);
    vec![plan_choice(screen), missed, problem, bar, beneath, skip, tools, table]
}

/// Leads from before the table to the button that pays.
fn skip(event: Event) {
    if let Some(form) = target(&event).and_then(|here| here.closest("form").ok().flatten()) {
        reach::focus_pay(&form);
    }
}

/// Whether an exact match was asked for and there is none.
fn is_exact_missed(screen: Screen) -> bool {
    let checked = screen.checked.get();
    let Some(allocation) = checked.allocation.as_ref().filter(|allocation| allocation.order() == Order::Exact) else {
        return false;
    };
    let reasons = allocation
        .shares()
        .filter_map(|(invoice, _)| allocation.statement().row_of(invoice.id).map(|row| allocation.reason(row)));
    reasons.filter(|reason| *reason != Reason::Pinned).take(1).any(|reason| reason != Reason::Exact)
}
