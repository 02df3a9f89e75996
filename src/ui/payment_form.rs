//! Defines the component `PaymentForm`, and the handle of a mounted form.

use crate::domain::{invoice::Invoice, receipt::Receipt, statement::StoredMethod};
use crate::ui::{
    components::layout::Layout,
    platform::intl::{Language, Sentences},
    props::{AuthorizationProp, CustomerProp, ListProp, LookupProp},
    state::{
        events::{Change, FormEvent, Held, Rejected, StateChange, Submit, Unknown},
        form_state::FormState,
        page::Page,
        settings::{Config, Settings},
    },
};
use leptos::prelude::*;
use std::{cell::RefCell, collections::BTreeSet, rc::Rc};

/// A handle of a mounted form, to read its state and to call its methods.
///
/// ```no_run
/// use leptos::prelude::*;
/// use payment_form::ui::{FormRef, PaymentForm};
///
/// #[component]
/// fn Page() -> impl IntoView {
///     let form = FormRef::new();
///     let reset = move |_| {
///         if let Some(form) = form.get() {
///             form.reset();
///         }
///     };
///     view! {
///         <PaymentForm form_ref=form />
///         <button on:click=reset>"Begin again"</button>
///     }
/// }
/// ```
#[derive(Clone, Copy, Default)]
pub struct FormRef(RwSignal<Option<FormState>>);

impl FormRef {
    /// Makes a handle without a form.
    pub fn new() -> Self {
        Self::default()
    }

    /// The form while it is mounted, untracked.
    pub fn get(&self) -> Option<FormState> {
        self.0.try_get_untracked().flatten()
    }
}

thread_local! {
    /// The numbers of the mounted forms without a name.
    static NUMBERS: RefCell<BTreeSet<u32>> = const { RefCell::new(BTreeSet::new()) };
}

/// The smallest number that no mounted form has. It is free again after the current owner's cleanup, so that a remounted form finds its own
/// draft and attempt.
fn free_number() -> String {
    let number = NUMBERS.with_borrow_mut(|numbers| {
        let number = (0..).find(|number| !numbers.contains(number)).unwrap_or_default();
        numbers.insert(number);
        number
    });
    on_cleanup(move || NUMBERS.with_borrow_mut(|numbers| _ = numbers.remove(&number)));
    number.to_string()
}

/// The payment form, for pages that are written in Leptos.
///
/// The form shows the open invoices, and divides the payment over them while the person types. It sends the payment once, and shows the
/// record that came back. Props that take a signal are live; the others count at mounting. Accessibility: one `<form>` with labelled
/// inputs, an error summary that takes the focus, and a status line that is there from the first rendering.
///
/// # Invoices from a signal
/// ```no_run
/// use leptos::prelude::*;
/// use payment_form::{domain::invoice::Invoice, ui::PaymentForm};
///
/// #[component]
/// fn Page(invoices: RwSignal<Vec<Invoice>>) -> impl IntoView {
///     view! { <PaymentForm customer=655080 invoices=invoices /> }
/// }
/// ```
///
/// # A customer from a signal
/// ```no_run
/// use leptos::prelude::*;
/// use payment_form::{
///     domain::invoice::{CustomerId, Invoice},
///     ui::PaymentForm,
/// };
///
/// #[component]
/// fn Page(chosen: ReadSignal<CustomerId>, named: RwSignal<Option<CustomerId>>, invoices: RwSignal<Vec<Invoice>>) -> impl IntoView {
///     let open = Memo::new(move |_| invoices.get());
///     view! {
///         <PaymentForm customer=chosen invoices=open />
///         <PaymentForm customer=named />
///     }
/// }
/// ```
///
/// # Invoices and methods from addresses
/// ```no_run
/// use leptos::prelude::*;
/// use payment_form::ui::PaymentForm;
///
/// #[component]
/// fn Page() -> impl IntoView {
///     view! {
///         <PaymentForm
///             customer=655080
///             invoices_src="/v1/customers/655080/invoiceSummaries"
///             payment_methods_src="/v1/customers/655080/paymentMethods/all"
///         />
///     }
/// }
/// ```
///
/// # Credentials, and the look-up of a record
/// ```no_run
/// use leptos::prelude::*;
/// use payment_form::ui::{LookUp, PaymentForm};
///
/// /// Asks the host's own server for a payment with this marker.
/// async fn find(reference: String) -> Result<Option<String>, String> {
///     Ok(None)
/// }
///
/// #[component]
/// fn Page(token: RwSignal<String>) -> impl IntoView {
///     view! {
///         <PaymentForm
///             customer=655080
///             authorization=move || async move { Ok(Some(format!("Bearer {}", token.get_untracked()))) }
///             lookup=|wanted: LookUp| find(wanted.reference.unwrap_or_default())
///         />
///     }
/// }
/// ```
///
/// # A disabled form, and other sentences
/// ```no_run
/// use leptos::prelude::*;
/// use payment_form::ui::{PaymentForm, Sentences};
///
/// #[component]
/// fn Page(is_busy: RwSignal<bool>) -> impl IntoView {
///     let messages = Sentences::from([("amount".to_owned(), "Amount of your gift".to_owned())]);
///     view! { <PaymentForm customer=655080 disabled=is_busy messages=messages name="gift" /> }
/// }
/// ```
///
/// # Settings
/// ```no_run
/// use leptos::prelude::*;
/// use payment_form::{
///     domain::payment::Source,
///     ui::{PaymentForm, Settings},
/// };
///
/// #[component]
/// fn Page() -> impl IntoView {
///     let settings = Settings { confirm: true, source: Source::Manual, ..Settings::default() };
///     view! { <PaymentForm customer=655080 settings=settings /> }
/// }
/// ```
///
/// # Events
/// ```no_run
/// use leptos::prelude::*;
/// use payment_form::{domain::receipt::Receipt, ui::PaymentForm};
///
/// #[component]
/// fn Page(is_signed_in: RwSignal<bool>, number: RwSignal<String>) -> impl IntoView {
///     view! {
///         <PaymentForm
///             customer=655080
///             before_submit=move |_| is_signed_in.get_untracked()
///             on_recorded=move |receipt: Receipt| number.set(receipt.id)
///         />
///     }
/// }
/// ```
#[component]
pub fn PaymentForm(
    /// The customer who owes. Fusebill needs it; the person never types it.
    #[prop(optional, into)]
    customer: CustomerProp,
    /// The settings.
    #[prop(optional, into)]
    settings: Signal<Settings>,
    /// The invoices, where they do not come from an address.
    #[prop(optional, into)]
    invoices: ListProp<Invoice>,
    /// The stored methods, where they do not come from an address.
    #[prop(optional, into)]
    payment_methods: ListProp<StoredMethod>,
    /// The address of the invoices.
    #[prop(optional, into)]
    invoices_src: Signal<Option<String>>,
    /// The address of the stored methods.
    #[prop(optional, into)]
    payment_methods_src: Signal<Option<String>>,
    /// True when the form takes no input.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Other sentences by their code: those of `words/<language>.json`.
    #[prop(optional, into)]
    messages: Signal<Sentences>,
    /// The sentences of the locale's language by their code; English is compiled in.
    #[prop(optional, into)]
    sentences: Signal<Sentences>,
    /// Gives the `Authorization` header of every request: `Bearer <token>`.
    #[prop(optional, into)]
    authorization: AuthorizationProp,
    /// Looks for the record of an attempt, for servers that honour no keys.
    #[prop(optional, into)]
    lookup: LookupProp,
    /// The name that distinguishes this form from the others of the page, also after a reload. Forms without a name are numbered.
    #[prop(optional, into)]
    name: Option<String>,
    /// Decides whether a payment may be sent; `false` cancels it.
    #[prop(optional, into)]
    before_submit: Option<Callback<Submit, bool>>,
    /// Hears that the form is usable.
    #[prop(optional, into)]
    on_ready: Option<Callback<()>>,
    /// Hears every change by the person.
    #[prop(optional, into)]
    on_change: Option<Callback<Change>>,
    /// Hears every state of the submission.
    #[prop(optional, into)]
    on_state: Option<Callback<StateChange>>,
    /// Hears that the payment exists.
    #[prop(optional, into)]
    on_recorded: Option<Callback<Receipt>>,
    /// Hears that the server refused the payment.
    #[prop(optional, into)]
    on_rejected: Option<Callback<Rejected>>,
    /// Hears that the server refused the request before the payment logic.
    #[prop(optional, into)]
    on_held: Option<Callback<Held>>,
    /// Hears that the payment may or may not exist.
    #[prop(optional, into)]
    on_unknown: Option<Callback<Unknown>>,
    /// Hears every event with all details, before the callback of the single event.
    #[prop(optional, into)]
    on_event: Option<Callback<FormEvent>>,
    /// Receives the mounted form.
    #[prop(optional)]
    form_ref: Option<FormRef>,
) -> impl IntoView {
    let looks_up = lookup.0.is_some();
    let config = move || Config {
        settings: settings.get(),
        customer: customer.0.get(),
        invoices_src: invoices_src.get(),
        payment_methods_src: payment_methods_src.get(),
        is_disabled: disabled.get(),
        looks_up,
    };
    let language = move || Language { sentences: sentences.get(), messages: messages.get() };
    let notify = move |event: FormEvent| {
        let goes_on = match (&event, before_submit) {
            (FormEvent::Submit(submit), Some(decide)) => decide.run(submit.clone()),
            _ => true,
        };
        if let Some(on_event) = on_event {
            on_event.run(event.clone());
        }
        match event {
            FormEvent::Ready => run(on_ready, ()),
            FormEvent::Change(change) => run(on_change, change),
            FormEvent::Submit(_) => {}
            FormEvent::State(change) => run(on_state, change),
            FormEvent::Recorded(recorded) => run(on_recorded, recorded.receipt),
            FormEvent::Rejected(rejected) => run(on_rejected, rejected),
            FormEvent::Held(held) => run(on_held, held),
            FormEvent::Unknown(unknown) => run(on_unknown, unknown),
        }
        goes_on
    };
    let page = Page {
        authorization: authorization.0.unwrap_or_else(|| Rc::new(|| Box::pin(std::future::ready(Ok(None))))),
        look_up: lookup.0.unwrap_or_else(|| Rc::new(|_| Box::pin(std::future::ready(Ok(None))))),
        name: name.unwrap_or_else(free_number),
        notify: Box::new(notify),
    };
    let (host_invoices, methods) = untrack(|| (invoices.0.get(), payment_methods.0.get()));
    let form = FormState::open(untrack(config), page, untrack(language), host_invoices, methods);
    if let Some(FormRef(form_ref)) = form_ref {
        form_ref.set(Some(form));
        on_cleanup(move || form_ref.set(None));
    }
    on_cleanup(move || form.store_draft());
    follow(config, move |config| form.configure(config));
    follow(language, move |language| form.set_language(language));
    follow(move || invoices.0.get(), move |list| form.set_invoices(list));
    follow(move || payment_methods.0.get(), move |list| form.set_methods(list));
    // A microtask announces the form after the page's own mounting has ended.
    queue_microtask(move || form.announce_ready());
    view! { class="pf", <Layout form=form /> }
}

fn run<T: 'static>(callback: Option<Callback<T>>, value: T) {
    if let Some(callback) = callback {
        callback.run(value);
    }
}

/// Calls `take` with every later value of a live prop. Only the host's props arrive by an effect.
fn follow<T: 'static>(value: impl Fn() -> T + 'static, take: impl Fn(T) + 'static) {
    let effect = RenderEffect::new(move |before: Option<()>| {
        let value = value();
        if before.is_some() {
            untrack(|| take(value));
        }
    });
    on_cleanup(move || drop(effect));
}
