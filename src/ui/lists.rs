//! What is owed and with what it can be paid, from the host's lists or its addresses.

use super::{
    host::Host,
    transport::{self, Call, NoAnswer},
};
use crate::{
    api::lists::{self, ListError},
    domain::{invoice::Invoice, money::Currency, statement::StoredMethod},
};
use web_sys::UrlSearchParams;

/// More pages than this are not read: a list that long is a mistake of the address.
const PAGES_MAX: u32 = 1000;

/// Why a list could not be had, and a sentence for the page's developer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoList {
    /// Whether asking again may help: it was not the address or the answer that was wrong.
    pub may_pass: bool,
    /// The sentence.
    pub reason: String,
}

/// Reads all pages of the invoices. `currency` is that of invoices which name none.
pub async fn invoices(url: &str, currency: Option<Currency>, host: &dyn Host) -> Result<Vec<Invoice>, NoList> {
    pages(url, host, |body| lists::invoices(body, currency)).await
}

/// Reads all pages of the stored methods.
pub async fn methods(url: &str, host: &dyn Host) -> Result<Vec<StoredMethod>, NoList> {
    pages(url, host, lists::methods).await
}

async fn pages<T>(url: &str, host: &dyn Host, read: impl Fn(&[u8]) -> Result<Vec<T>, ListError>) -> Result<Vec<T>, NoList> {
    let (mut all, page_max) = page(url, host, &read).await?;
    for number in 1..=page_max.unwrap_or_default().min(PAGES_MAX) {
        let (mut more, _) = page(&numbered(url, number), host, &read).await?;
        all.append(&mut more);
    }
    Ok(all)
}

type Page<T> = (Vec<T>, Option<u32>);

async fn page<T>(url: &str, host: &dyn Host, read: &impl Fn(&[u8]) -> Result<Vec<T>, ListError>) -> Result<Page<T>, NoList> {
    let no_list = |may_pass, reason: &str| NoList { may_pass, reason: [url, ": ", reason].concat() };
    let answer = transport::exchange(&Call::get(url), host).await.map_err(|none| match none {
        NoAnswer::NotSent(why) => no_list(false, &why),
        NoAnswer::Lost => no_list(true, "no answer"),
    })?;
    match answer.response.status {
        200 => {}
        status => return Err(no_list(status >= 500 || status == 429, &["HTTP status ", &status.to_string()].concat())),
    }
    let list = read(&answer.response.body).map_err(|error| no_list(false, &error.to_string()))?;
    Ok((list, answer.page_max))
}

/// The address of a later page; pages are counted from zero.
fn numbered(url: &str, number: u32) -> String {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    match UrlSearchParams::new_with_str(query) {
        Ok(params) => {
            params.set("pageNumber", &number.to_string());
            [path, "?", &String::from(params.to_string())].concat()
        }
        Err(_) => url.to_owned(),
    }
}
