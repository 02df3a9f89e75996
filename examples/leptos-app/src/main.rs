//! Takes payments with `PaymentForm` in a small Leptos page.
//!
//! `cargo xtask serve` builds the page and serves it at `/leptos`. Every view carries a class of its own (`app`), because a view without one is
//! built through `innerHTML`, which the page's policy forbids.

use leptos::{
    html::Iframe,
    mount::{mount_to, mount_to_body},
    prelude::*,
};
use payment_form::{
    domain::receipt::Receipt,
    ui::{Change, FormRef, PaymentForm, Rejected, Settings, Submit, Unknown},
};

fn main() {
    mount_to_body(App);
}

/// The page: a button that opens and closes the form, and a log of the form's events.
#[component]
fn App() -> impl IntoView {
    let is_open = RwSignal::new(true);
    let is_framed = RwSignal::new(false);
    let is_busy = RwSignal::new(false);
    let paid = RwSignal::new(None::<String>);
    let last = RwSignal::new(String::new());
    let form = FormRef::new();
    let settings = RwSignal::new(Settings { resolve_endpoint: Some("/v1/payments/resolve".to_owned()), ..Settings::default() });
    let confirm = move |confirm: bool| settings.update(|settings| settings.confirm = confirm);
    view! { class="app",
        <header class="bar">
            <h1>"A Leptos page"</h1>
        </header>
        <main class="page">
            <p>
                <button type="button" id="toggle" on:click=move |_| is_open.update(|is_open| *is_open = !*is_open)>
                    {move || if is_open.get() { "Close the form" } else { "Open the form" }}
                </button>
                " "
                <button type="button" id="framed" on:click=move |_| is_framed.update(|is_framed| *is_framed = !*is_framed)>
                    {move || if is_framed.get() { "Close the frame" } else { "Open the form in a frame" }}
                </button>
                " "
                <button type="button" id="reset" on:click=move |_| if let Some(form) = form.get() { form.reset() }>
                    "Reset"
                </button>
                " "
                <label for="confirm">
                    <input
                        type="checkbox"
                        id="confirm"
                        on:change:target=move |event| confirm(event.target().checked())
                    />
                    " Review before paying"
                </label>
                " "
                <label for="busy">
                    <input
                        type="checkbox"
                        id="busy"
                        on:change:target=move |event| is_busy.set(event.target().checked())
                    />
                    " Disabled"
                </label>
            </p>
            <p id="paid" role="status">
                {move || paid.get().map(|id| format!("Recorded as {id}."))}
            </p>
            <p id="last">{last}</p>
            <Show when=move || is_open.get()>
                <PaymentForm
                    customer=655080
                    invoices_src="/v1/customers/655080/invoiceSummaries"
                    payment_methods_src="/v1/customers/655080/paymentMethods/all"
                    settings=settings
                    disabled=is_busy
                    before_submit=move |submit: Submit| {
                        last.set(format!("Sending to {}", submit.url));
                        true
                    }
                    on_change=move |change: Change| last.set(format!("Changed {}", change.field.name()))
                    on_recorded=move |receipt: Receipt| paid.set(Some(receipt.id))
                    on_rejected=move |rejected: Rejected| last.set(format!("Rejected with {}", rejected.status))
                    on_unknown=move |unknown: Unknown| last.set(format!("Unknown: {}", unknown.attempt))
                    form_ref=form
                />
            </Show>
            <Show when=move || is_framed.get()>
                <Framed />
            </Show>
        </main>
    }
}

/// The form in the document of a frame. It brings its stylesheet along there, too, and sends the page's token in place of the cookie.
#[component]
fn Framed() -> impl IntoView {
    let frame = NodeRef::<Iframe>::new();
    let mounted = StoredValue::new_local(None);
    let mount = move |_| {
        let document = frame.get_untracked().and_then(|frame| frame.content_document());
        if let Some(body) = document.and_then(|document| document.body()) {
            mounted.set_value(Some(mount_to(body, || {
                view! { class="app",
                    <PaymentForm
                        customer=655080
                        invoices_src="/v1/customers/655080/invoiceSummaries"
                        payment_methods_src="/v1/customers/655080/paymentMethods/all"
                        authorization=|| async { Ok(Some(token().await)) }
                    />
                }
            })));
        }
    };
    view! { class="app", <iframe id="frame" title="The form in a frame" width="100%" height="900" node_ref=frame on:load=mount></iframe> }
}

/// The demo server's development token. A real page asks its own server for a token of the person.
async fn token() -> String {
    "Bearer demo-token".to_owned()
}
