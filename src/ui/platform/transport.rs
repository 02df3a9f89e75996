//! Sends requests and reads replies. No other Rust file opens a connection.
//!
//! gloo-net builds each request, but the browser's `fetch` is called and awaited here. Otherwise gloo-net's future never settles when a
//! page wraps `fetch` and rejects with a value that is not an `Error`. Redirects are never followed, because the body and its key would go
//! to another address. Replies are not cached, no referrer is sent, and a reply is read up to a limit only.

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

/// Stands for the status of a redirect, which a browser hides from a script that follows none.
pub const REDIRECTED: u16 = 0;

/// The most bytes of a reply that are read; a longer one is no answer of a payment API.
const REPLY_MAX: usize = 16 << 20;

/// The most bytes of a list: a hundred thousand invoices on one page have 23 MB in Fusebill's shape.
const LIST_MAX: usize = 64 << 20;

/// The addresses and credentials that the page's own script allows. No attribute decides this.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// The page's origin.
    pub origin: String,
    /// The base of relative addresses.
    pub base: String,
    /// Other origins that the form may speak to.
    pub allowed_origins: Vec<String>,
    /// True when `Basic` credentials may leave the browser.
    pub allow_basic: bool,
}

/// A boxed future of the page.
pub type LocalBoxFuture<T> = Pin<Box<dyn Future<Output = T>>>;

/// Gives the value of the `Authorization` header. The form calls it for every request, and keeps no value.
///
/// The error is a sentence for the page's developer.
pub type Authorization = Rc<dyn Fn() -> LocalBoxFuture<Result<Option<String>, String>>>;

/// One request to a server.
pub struct Call<'a> {
    /// The address, as the host wrote it.
    pub url: &'a str,
    /// The body and its media type of a POST; `None` for a GET.
    pub body: Option<(&'a str, &'a str)>,
    /// The attempt's key, where it is sent.
    pub key: Option<&'a str>,
    /// The signal that aborts the request.
    pub signal: Option<&'a AbortSignal>,
}

impl<'a> Call<'a> {
    /// Makes a GET request.
    pub fn get(url: &'a str) -> Self {
        Self { url, body: None, key: None, signal: None }
    }
}

/// The reason why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// The request was not sent, because the address or the credentials are not allowed. The sentence is for the host's developer.
    NotSent(String),
    /// The request may or may not have been sent.
    Lost,
}

/// An answer, with the number of pages in its header.
pub struct Answer {
    /// The status, headers and body that the APIs read.
    pub response: Response,
    /// The number of the last page, where the server numbers them.
    pub page_max: Option<u32>,
}

/// Sends a request and reads the whole answer.
///
/// # Errors
/// [`NoAnswer`]; any status is an answer.
pub async fn exchange(call: &Call<'_>, access: &Access, authorization: &Authorization) -> Result<Answer, NoAnswer> {
    let url = check_url(call.url, access).map_err(NoAnswer::NotSent)?;
    let credentials = authorization().await.map_err(NoAnswer::NotSent)?;
    // The signal is checked here, because credentials may take a person minutes, and a page that wraps `fetch` may ignore the signal.
    if call.signal.is_some_and(AbortSignal::aborted) {
        return Err(NoAnswer::Lost);
    }
    let request = build_request(call, access, credentials.as_deref(), &url).map_err(NoAnswer::NotSent)?;
    let reply = JsFuture::from(fetch(&request)).await.map_err(|_| NoAnswer::Lost)?;
    // A page that wraps `fetch` may resolve it with any value.
    let reply: web_sys::Response = reply.dyn_into().map_err(|_| NoAnswer::Lost)?;
    let status = if reply.type_() == ResponseType::Opaqueredirect { REDIRECTED } else { reply.status() };
    let reply = Reply::from(reply);
    let header = |name| reply.headers().get(name);
    let (key, retry_after, date) = (header("idempotency-key"), header("retry-after"), header("date"));
    let pages = header("x-maxpageindex");
    let bytes_max = if call.body.is_some() { REPLY_MAX } else { LIST_MAX };
    let body = read_body(&reply, bytes_max).await.ok_or(NoAnswer::Lost)?;
    Ok(Answer {
        response: Response { status, key, retry_after, date, body },
        page_max: pages.and_then(|page| last_page(page.trim())),
    })
}

/// Tells whether the server redirects requests to this address. No answer counts as no redirect.
///
/// OPTIONS carries no body and changes nothing. The request has no `Authorization`, and only the page's own origin and this machine are asked.
pub async fn is_redirected(address: &str, access: &Access) -> bool {
    if !check_url(address, access).is_ok_and(|url| url.is_loopback && !url.is_foreign) {
        return false;
    }
    let builder = builder(address, Method::OPTIONS, RequestMode::SameOrigin, RequestCredentials::SameOrigin);
    let Ok(request) = builder.build() else { return false };
    let reply = JsFuture::from(fetch(&request.into())).await.ok();
    let reply = reply.and_then(|reply| reply.dyn_into::<web_sys::Response>().ok());
    reply.is_some_and(|reply| reply.type_() == ResponseType::Opaqueredirect)
}

/// The number of the last page. A number that is too large counts as the largest; if it were ignored, the list would be cut silently.
fn last_page(text: &str) -> Option<u32> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u32::MAX))
}

/// Calls the page's `fetch`. A throw counts as a rejection, because the request may have left before.
fn fetch(request: &Request) -> Promise {
    let window = window();
    let called = Reflect::get(&window, &JsValue::from_str("fetch"))
        .and_then(|fetch| fetch.dyn_into::<Function>())
        .and_then(|fetch| fetch.call1(&window, request));
    called.map_or_else(|thrown| Promise::reject(&thrown), |promised| Promise::resolve(&promised))
}

fn build_request(call: &Call<'_>, access: &Access, credentials: Option<&str>, url: &CheckedUrl) -> Result<Request, String> {
    let method = if call.body.is_some() { Method::POST } else { Method::GET };
    let mode = if url.is_foreign { RequestMode::Cors } else { RequestMode::SameOrigin };
    let cookies = if credentials.is_some() { RequestCredentials::Omit } else { RequestCredentials::SameOrigin };
    let mut builder = builder(call.url, method, mode, cookies).abort_signal(call.signal).header("accept", "application/json");
    if let Some(credentials) = credentials {
        check_credentials(credentials, access, url)?;
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

/// The part that all requests share: no redirect is followed, no reply is cached, and no referrer is sent.
fn builder(address: &str, method: Method, mode: RequestMode, cookies: RequestCredentials) -> RequestBuilder {
    RequestBuilder::new(address)
        .method(method)
        .mode(mode)
        .credentials(cookies)
        .redirect(RequestRedirect::Manual)
        .referrer_policy(ReferrerPolicy::NoReferrer)
        .cache(RequestCache::NoStore)
}

/// Refuses credentials that must not leave a browser. The sentence never contains the credentials.
fn check_credentials(credentials: &str, access: &Access, url: &CheckedUrl) -> Result<(), String> {
    if url.is_unencrypted {
        return Err("authorization is not sent over http: serve the page over https.".to_owned());
    }
    let (scheme, token) = credentials.split_once(' ').unwrap_or((credentials, ""));
    let is_allowed = scheme.eq_ignore_ascii_case("bearer") || (access.allow_basic && scheme.eq_ignore_ascii_case("basic"));
    if !is_allowed {
        return Err("authorization must be `Bearer <token>`: an account-wide key belongs on a server. \
                    `configure({allowBasic: true})` allows `Basic <key>` for development."
            .to_owned());
    }
    // A token with other characters than visible ASCII is refused here, because the browser's own error would quote it.
    if token.is_empty() || !token.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Err("authorization holds no token that a header can carry.".to_owned());
    }
    Ok(())
}

/// The checked properties of an address.
struct CheckedUrl {
    /// True for another origin, which the host allows.
    is_foreign: bool,
    /// True when the address is neither encrypted nor on this machine: no credentials are sent there.
    is_unencrypted: bool,
    /// True for an address of this machine.
    is_loopback: bool,
}

/// The absolute form of an address; unchanged where it cannot be resolved.
pub fn absolute(address: &str, access: &Access) -> String {
    web_sys::Url::new_with_base(address, &access.base).map_or_else(|_| address.to_owned(), |url| url.href())
}

/// Tells whether the form may send requests to this address.
pub fn is_allowed(address: &str, access: &Access) -> bool {
    check_url(address, access).is_ok()
}

/// Checks an address of an attribute or a stored attempt. Refused are addresses that are neither encrypted nor on loopback, and addresses
/// with a user name. Refused are also origins other than the page's own that its script did not allow.
fn check_url(address: &str, access: &Access) -> Result<CheckedUrl, String> {
    let refused = |why: &str| Err(format!("{address}{why}"));
    let Ok(url) = web_sys::Url::new_with_base(address, &access.base) else {
        return refused(" is no address.");
    };
    if !url.username().is_empty() || !url.password().is_empty() {
        return refused(" holds a user name: use the authorization property.");
    }
    let is_loopback = matches!(url.hostname().as_str(), "localhost" | "127.0.0.1" | "[::1]");
    let is_foreign = url.origin() != access.origin;
    let is_unencrypted = match url.protocol().as_str() {
        "https:" => false,
        "http:" => !is_loopback,
        _ => return refused(" is not https."),
    };
    if is_foreign && is_unencrypted {
        return refused(" is not https.");
    }
    if is_foreign && !access.allowed_origins.contains(&url.origin()) {
        return refused(" is of another origin: allow it with configure({allowedOrigins}).");
    }
    Ok(CheckedUrl { is_foreign, is_unencrypted, is_loopback })
}

/// Reads the whole body; `None` when it broke off or is too long.
async fn read_body(reply: &Reply, bytes_max: usize) -> Option<Vec<u8>> {
    let Some(stream) = reply.body() else { return Some(Vec::new()) };
    // `None` when a page that wraps `fetch` has begun to read the stream.
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
        if length > bytes_max {
            // The promise is dropped, because the rest of the reply does not matter.
            drop::<Promise>(reader.cancel());
            return None;
        }
        bytes.resize(length, 0);
        part.copy_to(&mut bytes[filled..]);
    }
}
