//! Draws the form while no currency is known: the amount can be typed, but neither read nor written with a sign.

use crate::ui::{
    components::{
        paid_up::PaidUp,
        skeleton::{FieldSkeleton, Skeleton},
        status_notice::Notice,
    },
    platform::{composition::Composition, input::sync_value},
    state::{
        form_state::FormState,
        submission_view::status,
        view_model::{Action, next_rendering},
    },
};
use crate::{
    domain::payment::Kind,
    statement_feed::{List, Load},
    words::{Phrase, Words, en},
};
use leptos::prelude::*;

/// The heading, the amount, the state of the lists, and the status of a payment that a page before this one left unresolved. While the lists are
/// on their way, everything else of the form stands there as placeholders.
///
/// The amount input stays until the form has one of its own, so that a person who types loses nothing when the lists arrive. An unresolved
/// attempt locks the amount, so there is no input then.
#[component]
pub fn NoCurrency(
    /// The form.
    form: FormState,
) -> impl IntoView {
    let words = StoredValue::new(form.words());
    let text = move |phrase: Phrase| words.with_value(|words| words.text(phrase).to_owned());
    let title = words.with_value(|words| words.title(form.payee().as_deref()));
    // A narrow form says the payer and the day of the balances on a line each.
    let lines = 1 + usize::from(form.payer().is_some());
    let status = Memo::new(move |_| words.with_value(|words| status(form, words)));
    let press = Callback::new(move |press| form.act(Action::Press(press)));
    let load = Composition::of_form().defer(move || form.load());
    let is_loading = move || load.get() == Load::Loading;
    let takes_amount = move || !form.is_restored() && matches!(load.get(), Load::Loading | Load::Failed);
    let is_due_item = form.kind() == Kind::DueItem;
    let failed = move |list| form.failures().of(list).then(|| words.with_value(|words| form.load_failure(list, words)));
    let unreadable = move || words.with_value(|words| form.unreadable_invoice(words));
    let (invoices_section, invoices_part) =
        if is_due_item { (en::DUE_SECTION, "due-card") } else { (en::ALLOCATION_SECTION, "allocation") };
    let (section, label) = if is_due_item { (en::PAID_SECTION, en::AMOUNT_PAID) } else { (en::AMOUNT_SECTION, en::AMOUNT) };
    view! { class="pf",
        <div class="frame" dir=words.with_value(|words| words.direction()) lang=words.with_value(|words| words.language().to_owned())>
            <div class="base" part="base">
                <slot name="header">
                    <header class="header" part="header">
                        <div>
                            <h2 class="title">{title}</h2>
                            {move || is_loading().then(|| view! { class="pf", <Skeleton shape="skeleton skeleton-line" count=lines /> })}
                        </div>
                        <div class="owed">{move || is_loading().then(|| view! { class="pf", <Skeleton shape="skeleton skeleton-owed" count=2 /> })}</div>
                    </header>
                </slot>
                <div class="status-slot" aria-live="polite">
                    {move || status.get().map(|status| view! { class="pf", <Notice status=status press=press /> })}
                </div>
                {move || view! { class="pf", <LoadStatus form=form load=load.get() words=words /> }}
                <div class="columns">
                    <div class="main">
                        {move || (is_loading() && is_due_item)
                            .then(|| view! { class="pf",
                                <PlainCard title=text(en::DUE_SECTION) part="due-card">
                                    <FieldSkeleton />
                                    <FieldSkeleton shape="skeleton skeleton-money" />
                                    <FieldSkeleton />
                                </PlainCard>
                            })}
                        <Show when=takes_amount>
                            <PlainCard title=text(section) part=if is_due_item { "paid-card" } else { "amount-card" }>
                                <AmountInput form=form label=text(label) />
                                {is_due_item.then(|| view! { class="pf", <FieldSkeleton /> })}
                            </PlainCard>
                        </Show>
                        {move || failed(List::Methods)
                            .map(|sentence| view! { class="pf",
                                <PlainCard title=text(en::METHOD_SECTION) part="methods-card">
                                    <Failure form=form sentence=sentence retry_label=text(en::RELOAD) />
                                </PlainCard>
                            })}
                        {move || failed(List::Invoices)
                            .map(|sentence| view! { class="pf",
                                <PlainCard title=text(invoices_section) part=invoices_part>
                                    <Failure form=form sentence=sentence detail=unreadable() retry_label=text(en::RELOAD) />
                                </PlainCard>
                            })}
                        {move || (is_loading() && !is_due_item).then(|| view! { class="pf", <MethodAndDivisionSkeleton words=words /> })}
                    </div>
                    {move || is_loading().then(|| view! { class="pf", <SummarySkeleton words=words /> })}
                </div>
                <slot name="footer"></slot>
            </div>
        </div>
    }
}

/// The state of the lists: loading, nothing owed, or no currency.
#[component]
fn LoadStatus(form: FormState, load: Load, words: StoredValue<Words>) -> impl IntoView {
    let text = |phrase: Phrase| words.with_value(|words| words.text(phrase).to_owned());
    match load {
        Load::Loading => view! { class="pf",
            <p class="visually-hidden" role="status">
                {text(en::LOADING)}
            </p>
        }
        .into_any(),
        Load::Ready if form.is_paid_up() => view! { class="pf",
            <PaidUp title=text(en::PAID_UP) lines=vec![text(en::PAID_UP_NO_INVOICES)]>
                ""
            </PaidUp>
        }
        .into_any(),
        // The lists are there, and none of them tells the currency: the console has the sentence for the developer.
        Load::Ready => view! { class="pf",
            <p class="notice danger" role="alert">
                {text(en::NO_CURRENCY)}
            </p>
        }
        .into_any(),
        Load::Failed | Load::Refused => ().into_any(),
    }
}

/// The cards of the method and the division, as placeholders.
#[component]
fn MethodAndDivisionSkeleton(words: StoredValue<Words>) -> impl IntoView {
    let text = |phrase: Phrase| words.with_value(|words| words.text(phrase).to_owned());
    view! { class="pf",
        <PlainCard title=text(en::METHOD_SECTION) part="methods-card">
            <div class="methods" part="methods">
                <Skeleton shape="skeleton skeleton-method" count=3 />
            </div>
            <FieldSkeleton />
        </PlainCard>
        <PlainCard title=text(en::ALLOCATION_SECTION) part="allocation">
            <div class="division">
                <Skeleton shape="skeleton skeleton-row" count=6 />
            </div>
        </PlainCard>
    }
}

/// The summary as placeholders, above the disabled button that pays.
#[component]
fn SummarySkeleton(words: StoredValue<Words>) -> impl IntoView {
    let text = |phrase: Phrase| words.with_value(|words| words.text(phrase).to_owned());
    let pay = if words.with_value(Words::is_for_staff) { en::PAY_STAFF_NOTHING } else { en::PAY_NOTHING };
    view! { class="pf",
        <div class="side">
            <section class="totals" part="summary">
                <h3 class="heading">{text(en::SUMMARY)}</h3>
                <Skeleton shape="skeleton skeleton-total" count=3 />
            </section>
            <div class="pay-bar">
                <button type="button" class="pay" part="submit" disabled>
                    {text(pay)}
                </button>
            </div>
            <slot name="legal"></slot>
        </div>
    }
}

/// A card under its heading, for as long as there is no [`ViewModel`](crate::ui::state::view_model::ViewModel).
#[component]
fn PlainCard(title: String, part: &'static str, children: Children) -> impl IntoView {
    view! { class="pf",
        <section class="card" part=part>
            <h3 class="heading">{title}</h3>
            {children()}
        </section>
    }
}

/// The notice about a list that could not be loaded, in the card of that list.
#[component]
fn Failure(
    form: FormState,
    sentence: String,
    #[prop(optional_no_strip)] detail: Option<String>,
    retry_label: String,
) -> impl IntoView {
    let may_reload = form.load() == Load::Failed;
    view! { class="pf",
        <div class="notice danger" role="alert">
            <p class="notice-title">{sentence}</p>
            {detail.map(|detail| view! { class="pf", <p>{detail}</p> })}
            <div class="buttons">
                {may_reload
                    .then(|| view! { class="pf",
                        <button type="button" class="button primary" on:click=move |_| form.act(Action::Reload)>
                            {retry_label}
                        </button>
                    })}
            </div>
        </div>
    }
}

/// The amount without sign and reading.
#[component]
fn AmountInput(form: FormState, label: String) -> impl IntoView {
    let name = form.amount_field().name();
    let id = format!("pf{}-{name}", next_rendering());
    view! { class="pf",
        <div class="field large" part="amount">
            <label for=id.clone()>{label}</label>
            <div class="money">
                <input
                    type="text"
                    inputmode="decimal"
                    autocomplete="transaction-amount"
                    spellcheck="false"
                    name=name
                    id=id
                    disabled=move || form.is_disabled()
                    use:sync_value=Signal::derive(move || form.amount())
                    on:input:target=move |event| form.act(Action::Amount(event.target().value()))
                    on:change:target=move |event| form.act(Action::Amount(event.target().value()))
                />
            </div>
            <div class="hint reading"></div>
            <div class="chips">
                {(form.kind() == Kind::OnAccount).then(|| view! { class="pf", <Skeleton shape="skeleton skeleton-chip" count=2 /> })}
            </div>
        </div>
    }
}
