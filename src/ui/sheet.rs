//! The whole form as one sees it.

use super::{
    allocation_bar::AllocationBar,
    allocation_table::{AllocationTable, PinTools},
    amount_field::{AmountField, QuickAmount},
    announcer::Announcer,
    division::division,
    due_item::DueItemFields,
    error_summary::ErrorSummary,
    field::{Card, ProblemLine, ReferenceField, shown_problem},
    method_picker::MethodPicker,
    plan_choice::PlanChoice,
    reach,
    receipt_view::ReceiptView,
    screen::{Act, Load, Screen},
    standing_notice::StandingNotice,
    summary::{PayBar, Summary},
    sums::{Sums, sums},
};
use crate::{
    domain::{
        allocation::{Order, Reason},
        money::Money,
        payment::Kind,
        problem::Field,
    },
    words::en,
};
use leptos::{html::Form, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::Element;

/// Draws the form: header, amount, method, division, summary and the button that pays; or the receipt once a payment is recorded.
///
/// All values in [`Screen`] are live. Everything that the person does goes to `screen.act`. While something is sent the fields stay in sight, disabled by
/// one `fieldset`.
#[component]
pub fn PaymentSheet(
    /// What is drawn, and where acts go.
    screen: Screen,
) -> AnyView {
    let direction = screen.speech.direction();
    let drawn = move || match screen.recorded.get() {
        Some(recorded) => view! { class="pf", <ReceiptView screen recorded /> }.into_any(),
        None => form(screen),
    };
    view! { class="pf", <div class="frame" dir=direction>{drawn}</div> }.into_any()
}

fn form(screen: Screen) -> AnyView {
    let node: NodeRef<Form> = NodeRef::new();
    reach::follow(screen, node);
    keep_focus(screen, node);
    let sums = sums(screen);
    let fields = match screen.terms.with_value(|terms| terms.kind) {
        Kind::OnAccount => on_account(screen, sums),
        Kind::DueItem => view! { class="pf", <DueItemFields screen /> }.into_any(),
    };
    view! { class="pf",
        <form part="base" class="base" method="dialog" novalidate node_ref=node on:submit=move |event| {
            event.prevent_default();
            screen.act.run(Act::Pay);
        }>
            <slot name="header">{header(screen)}</slot>
            <StandingNotice screen />
            <ErrorSummary screen />
            <div class="columns">
                <fieldset class="main" disabled=move || screen.locked.get()>{fields}</fieldset>
                <div class="side">
                    <Summary screen sums />
                    <PayBar screen sums />
                    <slot name="legal"></slot>
                </div>
            </div>
            <slot name="footer"></slot>
            <Announcer screen sums />
        </form>
    }
    .into_any()
}

/// When the fields are locked, a focus inside them would be lost: it goes to the button that pays.
fn keep_focus(screen: Screen, form: NodeRef<Form>) {
    Effect::new(move |_| {
        if !screen.locked.get() {
            return;
        }
        let Some(form) = form.get_untracked() else { return };
        let is_inside = form.query_selector("fieldset :focus").ok().flatten().is_some();
        if let Some(pay) = form.query_selector(".pay").ok().flatten().filter(|_| is_inside) {
            reach::focus(&pay);
        }
    });
}

fn header(screen: Screen) -> AnyView {
    let speech = screen.speech;
    let today = screen.terms.with_value(|terms| terms.today);
    let sum = move |label, class: &'static str, amount: Memo<Option<Money>>| {
        move || {
            let amount = amount.get().filter(|amount| class != "late" || !amount.is_zero())?;
            Some(view! { class="pf", <div class=class><dt>{speech.text(label)}</dt><dd>{speech.money(amount)}</dd></div> })
        }
    };
    let total = Memo::new(move |_| screen.statement.with(|statement| statement.total()));
    let overdue = Memo::new(move |_| screen.statement.with(|statement| statement.overdue(today)));
    view! { class="pf",
        <header part="header" class="header">
            <div>
                <h2 class="title">{speech.text(en::TITLE)}</h2>
                <p class="muted">{speech.say(en::AS_OF, &[("date", &speech.date(today))])}</p>
            </div>
            <dl class="owed">{sum(en::TOTAL_DUE, "sum-due", total)} {sum(en::OVERDUE, "late", overdue)}</dl>
        </header>
    }
    .into_any()
}

/// The fields of a payment on a customer's account.
fn on_account(screen: Screen, sums: Memo<Sums>) -> AnyView {
    let speech = screen.speech;
    let text = Signal::derive(move || screen.draft.with(|draft| draft.amount.clone()));
    let reading = Signal::derive(move || screen.checked.with(|checked| checked.amount.clone()));
    let quick = Memo::new(move |_| quick_amounts(screen));
    let amount = view! { class="pf",
        <AmountField screen name="amount" label=en::AMOUNT field=Field::Amount is_large=true text reading quick=quick.into() hint=limits(screen) report=Act::Amount />
    };
    let methods_id = speech.id("method-section");
    let methods = view! { class="pf",
        <MethodPicker screen labelled_by=methods_id.clone() />
        <ReferenceField screen />
    };
    let division = view! { class="pf", {move || division_card(screen, sums)} };
    view! { class="pf",
        <Card title=speech.text(en::AMOUNT_SECTION) id=speech.id("amount-section") part="amount-card" children=amount.into_any() />
        <Card title=speech.text(en::METHOD_SECTION) id=methods_id part="methods-card" children=methods.into_any() />
        <Card title=speech.text(en::ALLOCATION_SECTION) id=speech.id("allocation-section") part="allocation" children=division.into_any() />
    }
    .into_any()
}

/// Shortcuts for the amount: what is overdue, all that is open, and what the person selected in the table.
fn quick_amounts(screen: Screen) -> Vec<QuickAmount> {
    let today = screen.terms.with_value(|terms| terms.today);
    screen.statement.with(|statement| {
        let selected = screen
            .draft
            .with(|draft| (!draft.shares.is_empty()).then(|| statement.sum_of(draft.shares.keys().copied())))
            .flatten();
        let amounts =
            [(en::QUICK_OVERDUE, statement.overdue(today)), (en::QUICK_ALL, statement.total()), (en::QUICK_SELECTED, selected)];
        let quick = amounts.into_iter().filter_map(|(label, amount)| Some(QuickAmount { label, amount: amount? }));
        quick.filter(|quick| !quick.amount.is_zero()).collect()
    })
}

/// What the host takes at least and at most, in words; empty without limits.
fn limits(screen: Screen) -> String {
    let speech = screen.speech;
    let (min, max) = screen.terms.with_value(|terms| (terms.min, terms.max));
    match (min.map(|min| speech.money(min)), max.map(|max| speech.money(max))) {
        (Some(min), Some(max)) => speech.say(en::LIMITS_BOTH, &[("min", &min), ("max", &max)]),
        (Some(min), None) => speech.say(en::LIMITS_MIN, &[("min", &min)]),
        (None, Some(max)) => speech.say(en::LIMITS_MAX, &[("max", &max)]),
        (None, None) => String::new(),
    }
}

/// The division: loading, failed, nothing open, or the plan with its picture and table.
fn division_card(screen: Screen, sums: Memo<Sums>) -> AnyView {
    let speech = screen.speech;
    match screen.load.get() {
        Load::Loading => view! { class="pf", <p class="empty skeleton" role="status">{speech.text(en::LOADING)}</p> }.into_any(),
        Load::Failed(why) => view! { class="pf",
            <div class="notice bad" role="alert">
                <p class="notice-title">{speech.text(en::LOAD_FAILED)}</p>
                <p>{why}</p>
                <div class="buttons">
                    <button type="button" class="button first" on:click=move |_| screen.act.run(Act::Reload)>{speech.text(en::RELOAD)}</button>
                </div>
            </div>
        }
        .into_any(),
        Load::Ready => {
            let has_invoices = Memo::new(move |_| screen.statement.with(|statement| !statement.invoices().is_empty()));
            let drawn = move || if has_invoices.get() { plan_and_table(screen, sums) } else { nothing_owed(screen) };
            view! { class="pf", {drawn} }.into_any()
        }
    }
}

fn nothing_owed(screen: Screen) -> AnyView {
    view! { class="pf", <p class="empty">{screen.speech.text(en::NO_INVOICES)}</p> }.into_any()
}

fn plan_and_table(screen: Screen, sums: Memo<Sums>) -> AnyView {
    let speech = screen.speech;
    let division = division(screen);
    let problem = shown_problem(screen, Field::Allocation);
    let missed = Memo::new(move |_| is_exact_missed(screen));
    let hint = move || missed.get().then(|| view! { class="pf", <p class="hint">{speech.text(en::EXACT_NOT_FOUND)}</p> });
    view! { class="pf",
        <PlanChoice screen />
        {hint}
        <ProblemLine id=speech.id("allocation-error") problem />
        <AllocationBar screen division sums />
        <PinTools screen />
        <button type="button" class="skip" on:click=skip>{speech.text(en::SKIP_TABLE)}</button>
        <AllocationTable screen division />
    }
    .into_any()
}

/// Leads from before the table to the button that pays.
fn skip(event: leptos::ev::MouseEvent) {
    let here = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let form = here.and_then(|here| here.closest("form").ok().flatten());
    if let Some(pay) = form.and_then(|form| form.query_selector(".pay").ok().flatten()) {
        reach::focus(&pay);
    }
}

/// Whether an exact match was asked for and there is none.
fn is_exact_missed(screen: Screen) -> bool {
    screen.checked.with(|checked| match &checked.allocation {
        Some(allocation) if allocation.order() == Order::Exact && !allocation.allocated().is_zero() => {
            let mut reasons = allocation.shares().filter_map(|(invoice, _)| {
                let row = allocation.statement().row_of(invoice.id)?;
                Some(allocation.reason(row)).filter(|reason| *reason != Reason::Pinned)
            });
            reasons.next().is_some_and(|reason| reason != Reason::Exact)
        }
        _ => false,
    })
}
