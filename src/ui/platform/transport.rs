//! The only file that opens a connection.
//!
//! gloo-net builds each request; the browser's `fetch` is called and awaited here, because gloo-net's own future never settles when a
//! page that wraps `fetch` rejects with something that is not an `Error`. Redirects are never followed (the body and its key would be
//! handed to another address), nothing is cached, no referrer is sent, and a reply is read up to a limit only.

use crate::api::message::Response;
use gloo_net::http::{Method, RequestBuilder, Response as Reply};
use js_sys::{Function, Promise, Reflect, Uint8Array};
use leptos::prelude::window;
use std::{future::Future, pin::Pin, rc::Rc};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, ReadableStreamDefaultReader, ReferrerPolicy, Request, RequestCache, RequestCredentials, RequestMode,
    RequestRedirect, ResponseType,
};

/// The most bytes of a reply that are read; a longer one is no answer of a payment API.
const REPLY_MAX: usize = 16 << 20;

/// The same for what is only read: a hundred thousand invoices on one page weigh 23 MB in Fusebill's shape.
const LIST_MAX: usize = 64 << 20;

/// Where the form may send, as the page's own script allows it. No attribute decides it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// The page's origin.
    pub origin: String,
    /// The base of relative addresses.
    pub base: String,
    /// Other origins that the form may speak to.
    pub allowed_origins: Vec<String>,
    /// Whether `Basic` credentials may leave the browser.
    pub allow_basic: bool,
}

/// An answer of the page that may take time.
pub type Later<T> = Pin<Box<dyn Future<Output = T>>>;

/// Gives the value of the `Authorization` header for one request. The form asks for every request, and keeps no value.
///
/// The error is a sentence for the page's developer.
pub type Authorization = Rc<dyn Fn() -> Later<Result<Option<String>, String>>>;

/// What is asked of a server.
pub struct Call<'a> {
    /// Where, as the host wrote it.
    pub url: &'a str,
    /// POST with this body and media type, or GET.
    pub body: Option<(&'a str, &'a str)>,
    /// The attempt's key, where it is sent.
    pub key: Option<&'a str>,
    /// What ends the wait for it.
    pub signal: Option<&'a AbortSignal>,
}

impl<'a> Call<'a> {
    /// A GET.
    pub fn get(url: &'a str) -> Self {
        Self { url, body: None, key: None, signal: None }
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// It was not sent: the address or the credentials are not allowed. The sentence is for the host's developer.
    NotSent(String),
    /// Sent or not, nobody can tell.
    Lost,
}

/// An answer, and the pages that its header counts.
pub struct Answer {
    /// What every API reads.
    pub response: Response,
    /// The number of the last page, where the server numbers them.
    pub page_max: Option<u32>,
}

/// Sends a request and reads the whole answer.
///
/// # Errors
/// [`NoAnswer`]; any status is an answer.
pub async fn exchange(call: &Call<'_>, access: &Access, authorization: &Authorization) -> Result<Answer, NoAnswer> {
    let place = place(call.url, access).map_err(NoAnswer::NotSent)?;
    let credentials = authorization().await.map_err(NoAnswer::NotSent)?;
    // Asking for them may have taken a person minutes. The browser looks at the signal itself; a page that wraps `fetch` need not.
    if call.signal.is_some_and(AbortSignal::aborted) {
        return Err(NoAnswer::Lost);
    }
    let request = request(call, access, credentials.as_deref(), &place).map_err(NoAnswer::NotSent)?;
    let reply = JsFuture::from(fetch(&request)).await.map_err(|_| NoAnswer::Lost)?;
    // A page that wraps `fetch` may settle it with anything.
    let reply: web_sys::Response = reply.dyn_into().map_err(|_| NoAnswer::Lost)?;
    let status = if reply.type_() == ResponseType::Opaqueredirect { 0 } else { reply.status() };
    let reply = Reply::from(reply);
    let header = |name| reply.headers().get(name);
    let (key, retry_after, date) = (header("idempotency-key"), header("retry-after"), header("date"));
    let pages = header("x-maxpageindex");
    let most = if call.body.is_some() { REPLY_MAX } else { LIST_MAX };
    let body = body(&reply, most).await.ok_or(NoAnswer::Lost)?;
    Ok(Answer {
        response: Response { status, key, retry_after, date, body },
        page_max: pages.and_then(|page| last_page(page.trim())),
    })
}

/// The number of the last page. One that is too large to count is the largest, because an ignored one would cut the list silently.
fn last_page(text: &str) -> Option<u32> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u32::MAX))
}

/// Calls the page's `fetch`. One that throws is taken as one that rejects: who knows what it did before.
fn fetch(request: &Request) -> Promise {
    let window = window();
    let called = Reflect::get(&window, &JsValue::from_str("fetch"))
        .and_then(|fetch| fetch.dyn_into::<Function>())
        .and_then(|fetch| fetch.call1(&window, request));
    called.map_or_else(|thrown| Promise::reject(&thrown), |promised| Promise::resolve(&promised))
}

fn request(call: &Call<'_>, access: &Access, credentials: Option<&str>, place: &Place) -> Result<Request, String> {
    let mut builder = RequestBuilder::new(call.url)
        .method(if call.body.is_some() { Method::POST } else { Method::GET })
        .mode(if place.is_foreign { RequestMode::Cors } else { RequestMode::SameOrigin })
        .credentials(if credentials.is_some() { RequestCredentials::Omit } else { RequestCredentials::SameOrigin })
        .redirect(RequestRedirect::Manual)
        .referrer_policy(ReferrerPolicy::NoReferrer)
        .cache(RequestCache::NoStore)
        .abort_signal(call.signal)
        .header("accept", "application/json");
    if let Some(credentials) = credentials {
        check_credentials(credentials, access, place)?;
        builder = builder.header("authorization", credentials);
    }
    if let Some(key) = call.key {
        builder = builder.header("idempotency-key", key);
    }
    let unsendable = |_| "The request could not be built: look at endpoint and authorization.".to_owned();
    let request = match call.body {
        Some((media_type, body)) => builder.header("content-type", media_type).body(body),
        None => builder.build(),
    };
    request.map(Into::into).map_err(unsendable)
}

/// Refuses what must not leave a browser. The sentence never holds the credentials.
fn check_credentials(credentials: &str, access: &Access, place: &Place) -> Result<(), String> {
    if place.is_open {
        return Err("authorization is not sent over http: serve the page over https.".to_owned());
    }
    let (scheme, token) = credentials.split_once(' ').unwrap_or((credentials, ""));
    let is_allowed = scheme.eq_ignore_ascii_case("bearer") || (access.allow_basic && scheme.eq_ignore_ascii_case("basic"));
    if !is_allowed {
        return Err("authorization must be `Bearer <token>`: an account-wide key belongs on a server. \
                    `configure({allowBasic: true})` allows `Basic <key>` for development."
            .to_owned());
    }
    // What is not visible ASCII cannot stand in a header, and the browser's own error would quote it.
    if token.is_empty() || !token.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Err("authorization holds no token that a header can carry.".to_owned());
    }
    Ok(())
}

/// What there is to know of an address before anything is sent there.
struct Place {
    /// Of another origin, which the host allows.
    is_foreign: bool,
    /// Neither encrypted nor on this machine: no credentials go there.
    is_open: bool,
}

/// The whole address, where it is one.
pub fn absolute(address: &str, access: &Access) -> String {
    web_sys::Url::new_with_base(address, &access.base).map_or_else(|_| address.to_owned(), |url| url.href())
}

/// Whether the form may send there.
pub fn is_allowed(address: &str, access: &Access) -> bool {
    place(address, access).is_ok()
}

/// Refuses an address that the form must not speak to, whatever attribute or stored record names it: one that is neither encrypted nor on
/// this machine's loopback, that holds a user name, or that is of an origin which neither is the page's own nor was allowed by its script.
fn place(address: &str, access: &Access) -> Result<Place, String> {
    let refused = |why: &str| Err(format!("{address}{why}"));
    let Ok(url) = web_sys::Url::new_with_base(address, &access.base) else {
        return refused(" is no address.");
    };
    if !url.username().is_empty() || !url.password().is_empty() {
        return refused(" holds a user name: use the authorization property.");
    }
    let is_loopback = matches!(url.hostname().as_str(), "localhost" | "127.0.0.1" | "[::1]");
    let is_foreign = url.origin() != access.origin;
    let is_open = match url.protocol().as_str() {
        "https:" => false,
        "http:" => !is_loopback,
        _ => return refused(" is not https."),
    };
    if is_foreign && is_open {
        return refused(" is not https.");
    }
    if is_foreign && !access.allowed_origins.contains(&url.origin()) {
        return refused(" is of another origin: allow it with configure({allowedOrigins}).");
    }
    Ok(Place { is_foreign, is_open })
}

/// The whole body, or `None` when it broke off or is too long.
async fn body(reply: &Reply, most: usize) -> Option<Vec<u8>> {
    let Some(stream) = reply.body() else { return Some(Vec::new()) };
    // A page that wraps `fetch` may have begun to read.
    let reader = ReadableStreamDefaultReader::new(&stream).ok()?;
    let mut bytes = Vec::new();
    loop {
        let part = JsFuture::from(reader.read()).await.ok()?;
        if Reflect::get(&part, &JsValue::from_str("done")).ok()?.is_truthy() {
            return Some(bytes);
        }
        let part: Uint8Array = Reflect::get(&part, &JsValue::from_str("value")).ok()?.dyn_into().ok()?;
        let filled = bytes.len();
        let length = filled + part.length() as usize;
        if length > most {
            // Nothing waits for the cancelling: the rest of the reply is of no interest, whatever becomes of it.
            drop::<Promise>(reader.cancel());
            return None;
        }
        bytes.resize(length, 0);
        part.copy_to(&mut bytes[filled..]);
    }
}
