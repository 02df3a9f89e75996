//! Draws the whole form, or the receipt once a payment is recorded.

use crate::ui::{
    components::{
        amount_field::{AmountField, limits},
        announcer::Announcer,
        division::Division,
        due_item::DueItemFields,
        error_summary::ErrorSummary,
        header::Header,
        list_failure::ListFailure,
        method_picker::MethodPicker,
        no_currency::NoCurrency,
        paid_up::PaidUp,
        receipt::Receipt,
        review::Review,
        status_notice::StatusNotice,
        summary::{PayBar, Summary},
        text_field::{Card, ReferenceField},
    },
    platform::{
        composition::Composition,
        focus::{self, FocusKeeper},
    },
    state::{
        basis::Basis,
        form_state::FormState,
        view_model::{Action, ViewModel, use_form},
    },
};
use crate::{
    domain::{
        money::Money,
        payment::Kind,
        problem::Field,
        shortcuts::{all_due, all_overdue, selected},
    },
    statement_feed::List,
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
    let languages = composition.defer(move || form.languages());
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
    let is_paid_up = Composition::of_form().defer(move || form.is_paid_up());
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
                        <fieldset class="main" role="none" disabled=move || form.is_locked()>
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
        if form.is_locked()
            && let Some(element) = element.get_untracked()
        {
            focus::leave_fields(&element);
        }
    });
    on_cleanup(move || drop(leave));
}

/// The fields of a payment on a customer's account.
///
/// Accessibility: the fieldset only disables what it holds; its role is none, because an unnamed group would be announced at every visit.
#[component]
fn OnAccountFields() -> impl IntoView {
    let form = use_form();
    view! { class="pf",
        <div class="main">
            <fieldset class="entries" role="none" disabled=move || form.is_locked()>
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
                hidden=Signal::derive(move || form.is_restored())
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
