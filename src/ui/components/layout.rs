//! Draws the whole form, or the receipt once a payment is recorded.

use crate::ui::{
    components::{
        allocation_bar::AllocationBar,
        amount_field::{AmountField, limits},
        announcer::Announcer,
        due_item::DueItemFields,
        error_summary::ErrorSummary,
        invoice_table::{InvoiceTable, toolbar::PinTools},
        list_failure::ListFailure,
        method_picker::MethodPicker,
        no_currency::NoCurrency,
        paid_up::PaidUp,
        placeholder::Bones,
        plan_choice::PlanChoice,
        receipt::Receipt,
        review::Review,
        status_notice::StatusNotice,
        summary::{PayBar, Summary},
        text_field::{Card, ProblemLine, ReferenceField},
    },
    platform::{
        composition::Composition,
        focus::{self, FocusKeeper},
    },
    state::{
        basis::Basis,
        form_state::FormState,
        totals::Destination,
        view_model::{Action, ViewModel, use_form},
    },
};
use crate::{
    domain::{
        allocation::{Order, Reason},
        money::Money,
        payment::Kind,
        problem::Field,
        shortcuts::{all_due, all_overdue, selected},
        statement::ListState,
    },
    statement_feed::{List, Load},
    words::{Phrase, en},
};
use leptos::{html, prelude::*};
use std::sync::Arc;

/// The root of the form. Another language, currency or day renders everything below it anew, and the focus moves to the field of the same name.
#[component]
pub fn Layout(
    /// The form.
    form: FormState,
) -> impl IntoView {
    let root = NodeRef::<html::Div>::new();
    let keeper = StoredValue::new_local(None::<FocusKeeper>);
    root.on_load(move |root| {
        #[cfg(not(feature = "element"))]
        crate::ui::platform::stylesheet::adopt(&root);
        keeper.set_value(focus::keep_inside(&root));
    });
    let composition = Composition::provide();
    // Another basis or language replaces the inputs, and so waits for the end of a composition. Another currency cannot wait, because amounts
    // would stand in the wrong one.
    let basis = Memo::new_with_compare(
        move |shown: Option<&Option<Arc<Basis>>>| match (shown, form.basis()) {
            (Some(None), _) if composition.is_open() => None,
            (Some(Some(shown)), Some(next)) if composition.is_open() && shown.terms.currency == next.terms.currency => {
                Some(Arc::clone(shown))
            }
            (_, next) => next,
        },
        |before, after| !matches!((before, after), (Some(None), Some(None))),
    );
    let languages = composition.hold(move || form.languages());
    view! { class="pf",
        <div
            node_ref=root
            on:compositionstart=move |_| composition.begin()
            on:compositionend=move |_| composition.end()
            on:focusout=move |_| composition.end()
            on:input=move |event| composition.end_before(&event)
        >
            // Keyed by the basis, so that another one makes a new frame; a rebuilt one would keep the rows of the old.
            <For each=move || basis.get() key=|basis| Arc::as_ptr(basis) as usize let(basis)>
                <Rendering form=form basis=basis />
            </For>
            <For
                each=move || basis.with(Option::is_none).then(|| languages.get())
                key=|language| *language
                let(_)
            >
                <NoCurrency form=form />
            </For>
        </div>
    }
}

/// One rendering, with its view model in the context.
#[component]
fn Rendering(form: FormState, basis: Arc<Basis>) -> impl IntoView {
    provide_context(ViewModel::new(form, &basis));
    view! { class="pf", <Frame /> }
}

#[component]
fn Frame() -> impl IntoView {
    let form = use_form();
    view! { class="pf",
        <div class="frame" dir=form.direction() lang=form.language()>
            {move || match form.receipt() {
                Some(receipt) => view! { class="pf", <Receipt view=receipt /> }.into_any(),
                None => view! { class="pf", <Form /> }.into_any(),
            }}
        </div>
    }
}

/// Header, amount, method, division, summary and the button that pays.
///
/// While something is sent the fields stay in sight, disabled; invoices can still be searched.
#[component]
fn Form() -> impl IntoView {
    let form = use_form();
    let element = NodeRef::<html::Form>::new();
    move_focus(form, element);
    let is_paid_up = Composition::of_form().hold(move || form.is_paid_up());
    view! { class="pf",
        // `dialog` keeps the fields out of the address, should the browser submit the form by itself.
        <form
            class="base"
            part="base"
            method="dialog"
            novalidate
            node_ref=element
            on:keydown=move |event| enter_in_field(form, &event)
            on:submit=move |event| {
                event.prevent_default();
                form.act(Action::Pay);
            }
        >
            <slot name="header">
                <Header />
            </slot>
            <StatusNotice />
            <ErrorSummary />
            {move || form.is_reviewed().then(|| view! { class="pf", <Review /> })}
            {move || if is_paid_up.get() { view! { class="pf", <NothingOwed /> }.into_any() } else { view! { class="pf", <Columns /> }.into_any() }}
            <slot name="footer"></slot>
            <Announcer />
        </form>
    }
}

/// The fields, the summary and the button that pays. Behind the sheet of a review they stay as they are, so that the person finds them again.
#[component]
fn Columns() -> impl IntoView {
    let form = use_form();
    view! { class="pf",
            <div class="columns" hidden=move || form.is_reviewed()>
                {match form.terms().kind {
                    Kind::OnAccount => view! { class="pf", <OnAccountFields /> }.into_any(),
                    Kind::DueItem => view! { class="pf",
                        <fieldset class="main" role="none" disabled=move || form.locked()>
                            <DueItemFields />
                        </fieldset>
                    }
                    .into_any(),
                }}
                <div class="side">
                    <Summary />
                    <PayBar />
                    <slot name="legal"></slot>
                </div>
            </div>
    }
}

/// The sentence in place of the fields while no invoice is open.
#[component]
fn NothingOwed() -> impl IntoView {
    let form = use_form();
    let title = form.text(en::PAID_UP);
    // The credits may change while no invoice is open.
    let lines = Signal::derive(move || {
        let lines = [Some(form.text(en::PAID_UP_NO_INVOICES)), form.credits_left()];
        lines.into_iter().flatten().collect::<Vec<_>>()
    });
    view! { class="pf",
        <PaidUp title=title lines=lines>
            <ListFailure list=List::Invoices />
        </PaidUp>
    }
}

/// Enter in a field never pays. The table and the search handle theirs before; a key that ends a composition is the input method's.
fn enter_in_field(form: ViewModel, event: &leptos::ev::KeyboardEvent) {
    let Some(field) = focus::target(event).filter(|element| element.matches("input, select").unwrap_or(false)) else { return };
    if event.key() != "Enter" || event.default_prevented() {
        return;
    }
    event.prevent_default();
    let is_pressed = !event.is_composing() && !event.repeat();
    if is_pressed
        && form.enter()
        && let Some(element) = field.closest("form").ok().flatten()
    {
        focus::focus_pay(&element);
    }
}

/// Moves the focus to the requested field, and out of fields that are about to be disabled. The table finds the field of a share, because its
/// row may not be in the document yet.
fn move_focus(form: ViewModel, element: NodeRef<html::Form>) {
    Effect::new(move |_| match form.focus_request() {
        None | Some(Field::Share(_)) => {}
        // Before the next frame a summary that has just appeared can take the focus.
        Some(field) => request_animation_frame(move || {
            if let Some(element) = element.try_get_untracked().flatten() {
                focus::focus_field(&element, field);
            }
        }),
    });
    // A render effect runs before the browser notices that the fields are disabled.
    let leave = RenderEffect::new(move |_| {
        if form.locked()
            && let Some(element) = element.get_untracked()
        {
            focus::leave_fields(&element);
        }
    });
    on_cleanup(move || drop(leave));
}

#[component]
fn Header() -> impl IntoView {
    let form = use_form();
    let today = form.terms().today;
    let amount = move |label: Phrase, amount: Option<Money>, is_late: bool| {
        amount.map(|amount| {
            view! { class="pf",
                <div class:late=is_late>
                    <dt>{form.text(label)}</dt>
                    <dd>{form.money(amount)}</dd>
                </div>
            }
        })
    };
    let overdue = move || form.statement().overdue(today).filter(|amount| !amount.is_zero());
    // The places of what the lists will tell, so that nothing below them moves.
    let is_awaited = move || form.load() == Load::Loading && form.statement().list_state() != ListState::Listed;
    view! { class="pf",
        <header class="header" part="header" hidden=move || form.is_reviewed()>
            <div>
                <h2 class="title">{form.title()}</h2>
                <p class="muted as-of" hidden=move || form.statement().list_state() != ListState::Listed>
                    <span class="parts">{in_parts(&form.as_of())}</span>
                </p>
                {move || is_awaited().then(|| view! { class="pf", <Bones shape="bone bone-line" count=1 + usize::from(form.payer().is_some()) /> })}
            </div>
            <div class="owed" hidden=move || !is_awaited()>
                <Bones shape="bone bone-owed" count=2 />
            </div>
            <dl class="owed" hidden=is_awaited>
                {move || amount(en::TOTAL_DUE, form.statement().total().filter(|amount| !amount.is_zero()), false)}
                {move || amount(en::OVERDUE, overdue(), true)}
            </dl>
        </header>
    }
}

/// The parts between the middle dots of a line. The stylesheet draws the dots, so that none of them begins or ends a line.
fn in_parts(text: &str) -> impl IntoView + use<> {
    let parts = text.split(" · ").enumerate().map(|(place, part)| {
        view! { class="pf", {(place > 0).then_some(" ")} <span>{part.to_owned()}</span> }
    });
    parts.collect_view()
}

/// The fields of a payment on a customer's account.
///
/// Accessibility: the fieldset only disables what it holds; its role is none, because an unnamed group would be announced at every visit.
#[component]
fn OnAccountFields() -> impl IntoView {
    let form = use_form();
    view! { class="pf",
        <div class="main">
            <fieldset class="entries" role="none" disabled=move || form.locked()>
                <Card title=en::AMOUNT_SECTION name="amount-section" part="amount-card">
                    <AmountField
                        field=Field::Amount
                        title=en::AMOUNT
                        is_large=true
                        text=|draft| draft.amount.clone()
                        reading=|checked| checked.amount.clone()
                        shortcuts=amount_shortcuts
                        hint=limits
                        action=Action::Amount
                    />
                </Card>
                <Card title=en::METHOD_SECTION name="method-section" part="methods-card">
                    <MethodPicker />
                    <ReferenceField />
                </Card>
            </fieldset>
            <Card
                title=en::ALLOCATION_SECTION
                name="allocation-section"
                part="allocation"
                hidden=Signal::derive(move || form.restored())
            >
                <Division />
            </Card>
        </div>
    }
}

/// Shortcuts for the amount: the overdue sum, the whole balance, and the sum of the typed shares, once no share is wrong. An amount outside the
/// limits is not offered.
fn amount_shortcuts(form: ViewModel) -> Vec<(Phrase, Money)> {
    let (terms, statement, draft) = (form.terms(), form.statement(), form.draft());
    let is_taken = |amount: &Money| {
        !amount.is_zero() && terms.min.is_none_or(|min| *amount >= min) && terms.max.is_none_or(|max| *amount <= max)
    };
    let shortcuts = [
        (en::QUICK_OVERDUE, all_overdue(&statement, &terms)),
        (en::QUICK_ALL, all_due(&statement, &terms)),
        (en::QUICK_SELECTED, selected(&draft, &statement, &terms)),
    ];
    shortcuts.into_iter().filter_map(|(label, amount)| Some((label, amount.filter(is_taken)?))).collect()
}

/// The content of the division.
#[derive(Clone, Copy, PartialEq, Eq)]
enum DivisionContent {
    Nothing,
    Loading,
    Words(Phrase),
    Table,
}

/// The division: loading, a sentence where there is nothing to divide over, or the plan with its picture and table; above it the notice that the
/// list could not be loaded.
///
/// A known list stays in sight while it is read anew, with the person's search and place.
#[component]
fn Division() -> impl IntoView {
    let form = use_form();
    let shown = Memo::new(move |_| match (form.totals().destination, form.statement().invoices().is_empty(), form.load()) {
        (_, false, _) => DivisionContent::Table,
        (Destination::Unavailable, ..) | (Destination::Listed, _, Load::Failed | Load::Refused) => DivisionContent::Nothing,
        (Destination::Loading, ..) | (_, _, Load::Loading) => DivisionContent::Loading,
        (Destination::Listed, ..) => DivisionContent::Words(en::NO_INVOICES),
        (Destination::OnAccount, ..) => DivisionContent::Words(en::ALL_ON_ACCOUNT),
        (Destination::Unlisted, ..) => DivisionContent::Words(en::BILLER_DIVIDES),
    });
    view! { class="pf",
        <ListFailure list=List::Invoices />
        {move || form.credits().map(|text| view! { class="pf", <p class="hint">{text}</p> })}
        {move || form.not_shown().map(|text| view! { class="pf", <p class="hint">{text}</p> })}
        <div class="division">
            {move || match shown.get() {
                DivisionContent::Nothing => ().into_any(),
                DivisionContent::Loading => view! { class="pf",
                    <p class="unseen" role="status">
                        {form.text(en::LOADING)}
                    </p>
                    <Bones shape="bone bone-row" count=6 />
                }
                .into_any(),
                DivisionContent::Words(words) => view! { class="pf", <p class="empty">{form.text(words)}</p> }.into_any(),
                DivisionContent::Table => view! { class="pf", <PlanAndTable /> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn PlanAndTable() -> impl IntoView {
    let form = use_form();
    let error = form.id("allocation-error");
    let skip = move |event: leptos::ev::MouseEvent| {
        let element = focus::target(&event).and_then(|here| here.closest("form").ok().flatten());
        if let Some(element) = element {
            focus::focus_pay(&element);
        }
    };
    view! { class="pf",
        <PlanChoice error=error.clone() />
        <p class="hint" hidden=move || !is_exact_missed(form)>
            {form.text(en::EXACT_NOT_FOUND)}
        </p>
        <ProblemLine id=error field=Field::Allocation />
        <AllocationBar>
            <PinTools />
        </AllocationBar>
        <button type="button" class="skip" on:click=skip>
            {form.text(en::SKIP_TABLE)}
        </button>
        <InvoiceTable />
    }
}

/// Tells whether the plan asks for an exact match and there is none.
fn is_exact_missed(form: ViewModel) -> bool {
    let checked = form.checked();
    let Some(allocation) = checked.allocation.as_ref().filter(|allocation| allocation.order() == Order::Exact) else {
        return false;
    };
    let rows = allocation.shares().filter_map(|(invoice, _)| allocation.statement().row_of(invoice.id));
    let first = rows.map(|row| allocation.reason(row)).find(|reason| *reason != Reason::Pinned);
    first.is_some_and(|reason| reason != Reason::Exact)
}
