//! The whole form as one sees it.

use crate::ui::{
    components::allocation_bar::allocation_bar,
    components::amount_field::{Amount, amount_field, limits},
    components::announcer::announcer,
    components::due_item::due_item_fields,
    components::error_summary::error_summary,
    components::invoice_table::allocation_table,
    components::invoice_table::toolbar::pin_tools,
    components::method_picker::method_picker,
    components::plan_choice::plan_choice,
    components::receipt::receipt_view,
    components::status_notice::standing_notice,
    components::summary::{pay_bar, summary},
    components::text_field::{button, card, lockable, plain_button, problem_line, reference_field},
    dom::{Node, el, is_ticked, target},
    live::{Live, computed},
    platform::focus,
    state::totals::{Goes, Sums, sums},
    state::view_model::{Act, Load, Screen},
};
use crate::{
    domain::{
        allocation::{Order, Reason},
        money::Money,
        payment::Kind,
        problem::Field,
        shortcuts::{all_due, all_overdue, selected},
        statement::Known,
    },
    words::{Phrase, en},
};
use std::sync::Arc;
use web_sys::Event;

/// Draws the form: header, amount, method, division, summary and the button that pays; or the receipt once a payment is recorded.
///
/// All values in [`Screen`] are live. Everything that the person does goes to `screen.act`. While something is sent the fields
/// stay in sight, disabled; invoices can still be looked for.
pub fn payment_sheet(screen: Screen) -> Node {
    el("div.frame").set("dir", screen.speech.direction()).draws(move || match screen.recorded() {
        Some(recorded) => vec![receipt_view(screen, recorded)],
        None => vec![form(screen)],
    })
}

fn form(screen: Screen) -> Node {
    let sums = sums(screen);
    let fields = match screen.terms().kind {
        Kind::OnAccount => on_account(screen, sums),
        Kind::DueItem => lockable(screen, "fieldset.main").children(due_item_fields(screen).into()),
    };
    let side = el("div.side").child(summary(screen, sums)).child(pay_bar(screen, sums)).child(el("slot name=legal"));
    let form = el("form.base part=base method=dialog novalidate")
        .on("submit", move |event| {
            event.prevent_default();
            screen.act(Act::Pay);
        })
        .child(el("slot name=header").child(header(screen)))
        .child(standing_notice(screen, sums))
        .child(error_summary(screen))
        .child(el("div.columns").child(fields).child(side))
        .child(el("slot name=footer"))
        .child(announcer(screen, sums));
    focus::follow(screen, form.clone());
    focus::keep_focus(screen, form.clone());
    form
}

fn header(screen: Screen) -> Node {
    let speech = screen.speech;
    let today = screen.terms().today;
    let owed = move || {
        let statement = screen.statement();
        let overdue = statement.overdue(today).filter(|amount| !amount.is_zero());
        let mut sums = Vec::new();
        for (written, label, amount) in [("div", en::TOTAL_DUE, statement.total()), ("div.late", en::OVERDUE, overdue)] {
            if let Some(amount) = amount {
                let label = el("dt").phrase(speech, label);
                sums.push(el(written).child(label).child(el("dd").text(&speech.money(amount))));
            }
        }
        sums
    };
    let names = el("div").child(el("h2.title").phrase(speech, en::TITLE)).child(
        el("p.muted")
            .text(&speech.say(en::AS_OF, &[("date", &speech.date(today))]))
            .when("hidden", move || screen.statement().known() != Known::Listed),
    );
    el("header.header part=header").child(names).child(el("dl.owed").draws(owed))
}

/// The fields of a payment on a customer's account.
fn on_account(screen: Screen, sums: Live<Arc<Sums>>) -> Node {
    let speech = screen.speech;
    let amount = Amount {
        field: Field::Amount,
        name: Field::Amount.name(),
        title: en::AMOUNT,
        is_large: true,
        text: |screen| screen.draft().amount.clone(),
        reading: |screen| screen.checked().amount.clone(),
        quick: quick_amounts,
        hint: limits,
        report: Act::Amount,
    };
    let [methods, problem] = method_picker(screen);
    let [failure, division] = division(screen, sums);
    let fields = lockable(screen, "fieldset.entries")
        .child(card(screen, en::AMOUNT_SECTION, &speech.id("amount-section"), "amount-card").child(amount_field(screen, amount)))
        .child(
            card(screen, en::METHOD_SECTION, &speech.id("method-section"), "methods-card")
                .child(methods)
                .child(problem)
                .child(reference_field(screen)),
        );
    el("div.main").child(fields).child(
        card(screen, en::ALLOCATION_SECTION, &speech.id("allocation-section"), "allocation")
            .when("hidden", move || screen.restored())
            .child(failure)
            .child(division),
    )
}

/// Shortcuts for the amount: what is overdue, all that is open, and what the person typed for the invoices.
fn quick_amounts(screen: Screen) -> Vec<(Phrase, Money)> {
    let terms = screen.terms();
    let (statement, draft) = (screen.statement(), screen.draft());
    let selected = Some(selected(&draft, &statement, &terms));
    let mut quick = Vec::new();
    for (label, amount) in [
        (en::QUICK_OVERDUE, all_overdue(&statement, &terms)),
        (en::QUICK_ALL, all_due(&statement, &terms)),
        (en::QUICK_SELECTED, selected),
    ] {
        // What the host does not take is not offered.
        let is_taken = |amount: &Money| {
            !amount.is_zero() && terms.min.is_none_or(|min| *amount >= min) && terms.max.is_none_or(|max| *amount <= max)
        };
        quick.extend(amount.filter(is_taken).map(|amount| (label, amount)));
    }
    quick
}

/// What can be shown of the division.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Nothing,
    Loading,
    Words(Phrase),
    Table,
}

/// The division: loading, a sentence where there is nothing to divide over, or the plan with its picture and table; above it, that the list
/// could not be had.
///
/// What is known stays in sight while it is asked for anew, with whatever the person searched for and where they are.
fn division(screen: Screen, sums: Live<Arc<Sums>>) -> [Node; 2] {
    let speech = screen.speech;
    let shown = computed(move |_| match (sums.get().goes, screen.statement().invoices().is_empty(), screen.load()) {
        (_, false, _) => Shown::Table,
        (Goes::Nowhere, ..) | (Goes::Listed, _, Load::Failed | Load::Refused) => Shown::Nothing,
        (Goes::Loading, ..) | (_, _, Load::Loading) => Shown::Loading,
        (Goes::Listed, ..) => Shown::Words(en::NO_INVOICES),
        (Goes::OnAccount, ..) => Shown::Words(en::ALL_ON_ACCOUNT),
        (Goes::Elsewhere, ..) => Shown::Words(en::BILLER_DIVIDES),
    });
    let content = move || match shown.get() {
        Shown::Nothing => Vec::new(),
        Shown::Loading => vec![el("p.empty.skeleton role=status").phrase(speech, en::LOADING)],
        Shown::Words(words) => vec![el("p.empty").phrase(speech, words)],
        Shown::Table => plan_and_table(screen, sums),
    };
    // Whether the list could be had is set after what is known of it.
    let failure = move || match screen.load() {
        Load::Loading | Load::Ready => Vec::new(),
        load => vec![load_failure(screen, load)],
    };
    [el("div role=alert").draws(failure), el("div.division").draws(content)]
}

/// That the lists could not be had, and what can be done: to ask again where that may help, and without invoices to keep all on account.
fn load_failure(screen: Screen, load: Load) -> Node {
    let speech = screen.speech;
    let mut notice = lockable(screen, "fieldset.notice.bad").child(el("p.notice-title").phrase(speech, en::LOAD_FAILED));
    if screen.statement_untracked().known() == Known::Missing {
        let id = speech.id("missing");
        let order = screen.draft_untracked().order;
        let order = if order == Order::None { Order::default() } else { order };
        let keep = el("input type=checkbox name=allocation value=none")
            .set("aria-describedby", &id)
            .when("aria-invalid", move || screen.is_wrong(Field::Allocation))
            .ticked(move || screen.draft().order == Order::None)
            .on("change", move |event| screen.act(Act::Order(if is_ticked(&event) { Order::None } else { order })));
        notice = notice
            .child(el("p").set("id", &id).phrase(speech, en::ALLOCATION_MISSING))
            .child(el("label.toggle").child(keep).child(el("span").phrase(speech, en::PLAN_NONE)));
    } else {
        notice = notice.child(el("p").phrase(speech, en::LISTS_OLD));
    }
    let mut buttons = el("div.buttons");
    if load == Load::Failed {
        buttons = buttons.child(button(screen, "button.button.first", &speech.text(en::RELOAD), Act::Reload));
    }
    notice.child(buttons)
}

fn plan_and_table(screen: Screen, sums: Live<Arc<Sums>>) -> Vec<Node> {
    let speech = screen.speech;
    let missed = el("p.hint").phrase(speech, en::EXACT_NOT_FOUND).when("hidden", move || !is_exact_missed(screen));
    let error = speech.id("allocation-error");
    let problem = problem_line(screen, &error, Field::Allocation);
    let [bar, caption] = allocation_bar(screen, sums);
    let beneath = el("div.beneath").child(caption).child(pin_tools(screen, sums));
    let skip = plain_button("button.skip", &speech.text(en::SKIP_TABLE)).on("click", skip);
    let [tools, table] = allocation_table(screen, sums);
    vec![plan_choice(screen, &error), missed, problem, bar, beneath, skip, tools, table]
}

/// Leads from before the table to the button that pays.
fn skip(event: Event) {
    if let Some(form) = target(&event).and_then(|here| here.closest("form").ok().flatten()) {
        focus::focus_pay(&form);
    }
}

/// Whether an exact match was asked for and there is none.
fn is_exact_missed(screen: Screen) -> bool {
    let checked = screen.checked();
    let Some(allocation) = checked.allocation.as_ref().filter(|allocation| allocation.order() == Order::Exact) else {
        return false;
    };
    let reasons = allocation
        .shares()
        .filter_map(|(invoice, _)| allocation.statement().row_of(invoice.id).map(|row| allocation.reason(row)));
    reasons.filter(|reason| *reason != Reason::Pinned).take(1).any(|reason| reason != Reason::Exact)
}
