//! Mounts [`PaymentForm`] in a custom element: reads attributes and properties, and writes events.
//!
//! Values are exchanged with JavaScript as plain objects, through mirror structs. Amounts and ids are strings (numbers are accepted as
//! input), so that no amount is ever a float. The element's class is in `js/element.js`.

mod attributes;
mod events;
mod properties;
mod rules;

use crate::ui::{
    FormEvent, FormRef, FormState, LookUp, PaymentForm,
    platform::{browser, intl::Language},
    state::settings::Config,
};
use attributes::Attributes;
use leptos::{mount::mount_to, prelude::*};
use send_wrapper::SendWrapper;
use std::any::Any;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlElement, ShadowRoot};

#[wasm_bindgen]
extern "C" {
    /// The object that `element.js` hands over: its own `#host()`.
    #[derive(Clone)]
    pub type Element;

    #[wasm_bindgen(method)]
    fn attribute(this: &Element, name: &str) -> Option<String>;
    #[wasm_bindgen(method)]
    fn messages(this: &Element) -> JsValue;
    #[wasm_bindgen(method, js_name = looksUp)]
    fn looks_up(this: &Element) -> bool;
    #[wasm_bindgen(method)]
    fn listed(this: &Element, name: &str) -> Option<String>;
    #[wasm_bindgen(method, js_name = allowedOrigins)]
    fn allowed_origins(this: &Element) -> JsValue;
    #[wasm_bindgen(method, js_name = allowsBasic)]
    fn allows_basic(this: &Element) -> bool;
    #[wasm_bindgen(method)]
    fn words(this: &Element) -> JsValue;
    #[wasm_bindgen(method)]
    fn name(this: &Element) -> String;
    #[wasm_bindgen(method)]
    fn emit(this: &Element, name: &str, detail: JsValue, cancelable: bool) -> bool;
    #[wasm_bindgen(method)]
    fn enter(this: &Element, state: &str, last_words: &str);
    #[wasm_bindgen(method)]
    fn authorization(this: &Element) -> js_sys::Promise;
    #[wasm_bindgen(method, js_name = lookUp)]
    fn look_up(this: &Element, wanted: JsValue) -> js_sys::Promise;
}

/// A form that is mounted in an element's shadow root. The element keeps this value, because freeing it unmounts the form.
#[wasm_bindgen]
pub struct MountedForm {
    element: Element,
    form: FormState,
    /// Unmounts the form when it is dropped.
    _handle: Box<dyn Any>,
}

/// Mounts the form into an element's shadow root.
#[wasm_bindgen]
pub fn mount(root: &ShadowRoot, element: Element) -> MountedForm {
    let (config, language) = (read_attributes(&element), read_language(&element));
    let invoices = properties::invoices(element.listed("invoices"), &config.settings);
    let methods = properties::methods(element.listed("paymentMethods"));
    let form_ref = FormRef::new();
    let shared = SendWrapper::new(element.clone());
    let (submitted, credentials, looked_up) = (shared.clone(), element.clone(), element.clone());
    // The cast is sound, because Leptos only appends children, and a shadow root takes children as an element does.
    let parent = root.clone().unchecked_into::<HtmlElement>();
    let name = element.name();
    let handle = mount_to(parent, move || {
        let Config { settings, customer, invoices_src, payment_methods_src, is_disabled, .. } = config;
        view! { class="pf",
            <PaymentForm
                customer=customer
                settings=settings
                invoices=invoices
                payment_methods=methods
                invoices_src=invoices_src
                payment_methods_src=payment_methods_src
                disabled=is_disabled
                messages=language.messages
                sentences=language.sentences
                authorization=move || {
                    let answer = credentials.authorization();
                    async move {
                        // The page's own error is not repeated, because it may quote the token.
                        let failed = |_| "the authorization callback failed.".to_owned();
                        Ok(JsFuture::from(answer).await.map_err(failed)?.as_string())
                    }
                }
                lookup=move |wanted: LookUp| {
                    let answer = looked_up.look_up(events::look_up(&wanted));
                    async move {
                        let failed = |_| "the lookup callback failed.".to_owned();
                        Ok(JsFuture::from(answer).await.map_err(failed)?.as_string())
                    }
                }
                name=name
                before_submit=move |submit| emit(&submitted, &FormEvent::Submit(submit))
                on_event=move |event| {
                    if !matches!(event, FormEvent::Submit(_)) {
                        emit(&shared, &event);
                    }
                }
                form_ref=form_ref
            />
        }
    });
    let form = form_ref.get().expect("the component sets its reference when it is mounted");
    form.set_looks_up(element.looks_up());
    MountedForm { element, form, _handle: Box::new(handle) }
}

/// Tells the element of an event; `false` where the page cancels it.
fn emit(element: &Element, event: &FormEvent) -> bool {
    match (event, events::of(event)) {
        (FormEvent::State(change), _) => {
            element.enter(change.state.name(), &change.last_words);
            true
        }
        (_, Some((name, detail))) => element.emit(name, detail, matches!(event, FormEvent::Submit(_))),
        (_, None) => true,
    }
}

/// Reads the attributes, and reports unreadable ones to the developer.
fn read_attributes(element: &Element) -> Config {
    let Attributes { mut config, mistakes } = Attributes::read(|name| element.attribute(name));
    for mistake in &mistakes {
        browser::log_error(&mistake.to_string());
    }
    config.settings.allowed_origins = properties::list_of_texts(&element.allowed_origins());
    config.settings.allow_basic = element.allows_basic();
    config.looks_up = element.looks_up();
    config
}

fn read_language(element: &Element) -> Language {
    Language { sentences: properties::texts(element.words()), messages: properties::texts(element.messages()) }
}

#[wasm_bindgen]
impl MountedForm {
    /// Tells whether the form may be unmounted without loss: the store has any open attempt, so another form finds it.
    #[wasm_bindgen(js_name = mayUnmount)]
    pub fn may_unmount(&self) -> bool {
        self.form.may_unmount()
    }

    /// Tells the page once that the form is usable.
    #[wasm_bindgen(js_name = announceReady)]
    pub fn announce_ready(&self) {
        self.form.announce_ready();
    }

    /// Reads the attributes again.
    pub fn configure(&self) {
        self.form.configure(read_attributes(&self.element));
    }

    /// Reads the `invoices` property again.
    #[wasm_bindgen(js_name = updateInvoices)]
    pub fn update_invoices(&self) {
        let settings = Attributes::read(|name| self.element.attribute(name)).config.settings;
        self.form.set_invoices(properties::invoices(self.element.listed("invoices"), &settings));
    }

    /// Reads the `paymentMethods` property again.
    #[wasm_bindgen(js_name = updateMethods)]
    pub fn update_methods(&self) {
        self.form.set_methods(properties::methods(self.element.listed("paymentMethods")));
    }

    /// Reads the sentences again.
    #[wasm_bindgen(js_name = updateLanguage)]
    pub fn update_language(&self) {
        self.form.set_language(read_language(&self.element));
    }

    /// The `value` property.
    pub fn value(&self) -> JsValue {
        browser::today().map_or(JsValue::NULL, |today| events::value(&self.form.draft(), self.form.kind(), today))
    }

    /// Sets the `value` property.
    #[wasm_bindgen(js_name = setValue)]
    pub fn set_value(&self, value: JsValue) {
        self.form.set_fields(properties::fields(value));
    }

    /// Takes the text that the person typed into the amount before the form was mounted, as an edit of that one field.
    #[wasm_bindgen(js_name = typeAmount)]
    pub fn type_amount(&self, text: String) {
        self.form.type_amount(text);
    }

    /// The `preview` property.
    pub fn preview(&self) -> JsValue {
        self.form.with_allocation(events::preview)
    }

    /// The `problems` property.
    pub fn problems(&self) -> JsValue {
        events::problems(&self.form.problems())
    }

    /// Acts as the button that pays.
    pub fn submit(&self) {
        self.form.pay();
    }

    /// Begins anew, unless a payment is unsettled.
    pub fn reset(&self) {
        self.form.reset();
    }

    /// Reads the lists again; resolves when they are there, or are known not to come.
    pub fn refresh(&self) -> js_sys::Promise {
        self.form.refresh_promise()
    }

    /// Tells whether the draft could be sent; `shows` puts the problems on the screen.
    #[wasm_bindgen(js_name = checkValidity)]
    pub fn check_validity(&self, shows: bool) -> bool {
        self.form.check_validity(shows)
    }

    /// Adopts the stored draft and attempt of a form that left the page, by its name. Returns `false` where it cannot.
    #[wasm_bindgen(js_name = adoptEntries)]
    pub fn adopt_entries(&self, name: &str) -> bool {
        self.form.adopt_entries(name)
    }

    /// Keeps the draft in the store now.
    #[wasm_bindgen(js_name = storeDraft)]
    pub fn store_draft(&self) {
        self.form.store_draft();
    }
}
