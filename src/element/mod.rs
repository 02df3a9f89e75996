//! The border to JavaScript: attributes and properties in, events out, mount and unmount.
//!
//! Values cross it as plain objects, through small mirror structs of their own: amounts and ids are strings (numbers are accepted coming
//! in), so that no amount is ever a float. The class around it is `element.js`.

mod events;
mod properties;
mod rules;

use crate::{
    domain::payment::Kind,
    ui::{
        platform::intl::Language,
        state::config::Config,
        state::form_state::Form,
        state::host::{Access, Announcement, Asked, Host, LookUp},
        state::supply::Given,
    },
};
use any_spawner::Executor;
use leptos::prelude::Owner;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// What `element.js` hands over: its own `#host()`.
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
    #[wasm_bindgen(method)]
    fn origin(this: &Element) -> String;
    #[wasm_bindgen(method)]
    fn base(this: &Element) -> String;
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

/// The element as the page around the form.
struct ElementHost(Element);

impl Host for ElementHost {
    fn announce(&self, event: Announcement<'_>) -> bool {
        if let Announcement::State { state, last_words } = event {
            self.0.enter(state.name(), last_words);
            return true;
        }
        let (name, detail) = events::of(event);
        self.0.emit(name, detail, name == "payment-submit")
    }

    fn access(&self) -> Access {
        let Self(element) = self;
        Access {
            origin: element.origin(),
            base: element.base(),
            allowed_origins: properties::list_of_texts(&element.allowed_origins()),
            allow_basic: element.allows_basic(),
        }
    }

    fn authorization(&self) -> Asked<Result<Option<String>, String>> {
        let answer = self.0.authorization();
        Box::pin(async move {
            // The page's own error may quote the token, so it is not repeated.
            let answer = JsFuture::from(answer).await.map_err(|_| "the authorization callback failed.".to_owned())?;
            Ok(answer.as_string())
        })
    }

    fn look_up(&self, wanted: LookUp) -> Asked<Result<Option<String>, String>> {
        let answer = self.0.look_up(events::wanted(&wanted));
        Box::pin(async move {
            let answer = JsFuture::from(answer).await.map_err(|_| "the lookup callback failed.".to_owned())?;
            Ok(answer.as_string())
        })
    }

    fn name(&self) -> String {
        self.0.name()
    }
}

/// A form that is drawn in an element's shadow root. Freeing it unmounts the form: the element keeps it.
#[wasm_bindgen]
pub struct Mounted {
    element: Element,
    form: Form,
    owner: Owner,
    drawn: web_sys::Element,
}

/// Draws the form into an element's shadow root.
#[wasm_bindgen]
pub fn mount(root: &web_sys::ShadowRoot, element: Element) -> Mounted {
    // The error only says that another form of the page has done so already.
    _ = Executor::init_wasm_bindgen();
    let config = config(&element);
    let invoices = properties::invoices(element.listed("invoices"), config.currency);
    let methods = properties::methods(element.listed("paymentMethods"));
    let lists = Given {
        is_refused: invoices.is_err(),
        are_methods_refused: methods.is_err(),
        invoices: invoices.ok().flatten(),
        methods: methods.ok().flatten(),
    };
    let (language, host) = (language(&element), Rc::new(ElementHost(element.clone())));
    let owner = Owner::new();
    let (form, drawn) = owner.with(|| Form::open(config, host, language, lists));
    let drawn = drawn.element().clone();
    // A new element fits into any root.
    _ = root.append_child(&drawn);
    Mounted { element, form, owner, drawn }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.owner.cleanup();
        self.drawn.remove();
    }
}

fn config(element: &Element) -> Config {
    let looks_up = element.looks_up();
    Config::read(|name| element.attribute(name), looks_up)
}

fn language(element: &Element) -> Language {
    Language { sentences: properties::texts(element.words()), messages: properties::texts(element.messages()) }
}

#[wasm_bindgen]
impl Mounted {
    /// Tells the page that the form is usable.
    #[wasm_bindgen(js_name = announceReady)]
    pub fn announce_ready(&self) {
        self.form.announce_ready();
    }

    /// Whether nothing is lost when the form goes now: another one would find an open attempt in the store.
    #[wasm_bindgen(js_name = mayGo)]
    pub fn may_go(&self) -> bool {
        self.form.may_go()
    }

    /// Reads the attributes again.
    pub fn configure(&self) {
        self.form.configure(config(&self.element));
    }

    /// Takes the `invoices` property again.
    #[wasm_bindgen(js_name = takeInvoices)]
    pub fn take_invoices(&self) {
        match properties::invoices(self.element.listed("invoices"), config(&self.element).currency) {
            Ok(invoices) => self.form.set_invoices(invoices),
            Err(properties::Unreadable) => self.form.refuse_invoices(),
        }
    }

    /// Takes the `paymentMethods` property again.
    #[wasm_bindgen(js_name = takeMethods)]
    pub fn take_methods(&self) {
        match properties::methods(self.element.listed("paymentMethods")) {
            Ok(methods) => self.form.set_methods(methods),
            Err(properties::Unreadable) => self.form.refuse_methods(),
        }
    }

    /// Takes the sentences again.
    pub fn speak(&self) {
        self.form.speak(language(&self.element));
    }

    /// The `value` property.
    pub fn value(&self) -> JsValue {
        events::value(&self.form.fields(), config(&self.element).kind() == Kind::DueItem)
    }

    /// Sets the `value` property.
    #[wasm_bindgen(js_name = setValue)]
    pub fn set_value(&self, value: JsValue) {
        self.form.set_fields(properties::fields(value));
    }

    /// The `preview` property.
    pub fn preview(&self) -> JsValue {
        self.form.with_allocation(|allocation| allocation.map_or(JsValue::NULL, events::preview))
    }

    /// The `problems` property.
    pub fn problems(&self) -> JsValue {
        events::problems(&self.form.problems())
    }

    /// As the button that pays.
    pub fn submit(&self) {
        self.form.pay();
    }

    /// Begins anew, unless a payment is unsettled.
    pub fn reset(&self) {
        self.form.reset();
    }

    /// Reads the lists again; resolves when they are there, or are known not to come.
    pub fn refresh(&self) -> js_sys::Promise {
        self.form.refreshed()
    }

    /// Whether what was typed can be sent; `shows` puts the problems on the screen.
    #[wasm_bindgen(js_name = checkValidity)]
    pub fn check_validity(&self, shows: bool) -> bool {
        self.form.check_validity(shows)
    }
}
