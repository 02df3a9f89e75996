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

/// Reads all pages of the invoices. `currency` is that of invoices which name none.
///
/// # Errors
/// A sentence for the page's developer.
pub async fn invoices(url: &str, currency: Option<Currency>, host: &dyn Host) -> Result<Vec<Invoice>, String> {
    let mut all = Vec::new();
    pages(url, host, &mut |body| Ok(all.append(&mut lists::invoices(body, currency)?))).await?;
    Ok(all)
}

/// Reads all pages of the stored methods.
///
/// # Errors
/// A sentence for the page's developer.
pub async fn methods(url: &str, host: &dyn Host) -> Result<Vec<StoredMethod>, String> {
    let mut all = Vec::new();
    pages(url, host, &mut |body| Ok(all.append(&mut lists::methods(body)?))).await?;
    Ok(all)
}

/// Takes what one page holds. Not a type of its own, so that the reading of pages is written once.
type Take<'a> = &'a mut dyn FnMut(&[u8]) -> Result<(), ListError>;

async fn pages(url: &str, host: &dyn Host, take: Take<'_>) -> Result<(), String> {
    let page_max = page(url, host, take).await?;
    for number in 1..=page_max.unwrap_or_default().min(PAGES_MAX) {
        page(&numbered(url, number), host, take).await?;
    }
    Ok(())
}

/// Reads one page; returns the number of the last one, where the server numbers them.
async fn page(url: &str, host: &dyn Host, take: Take<'_>) -> Result<Option<u32>, String> {
    let no_list = |reason: &str| [url, ": ", reason].concat();
    let answer = transport::exchange(&Call::get(url), host).await.map_err(|none| match none {
        NoAnswer::NotSent(why) => no_list(&why),
        NoAnswer::Lost => no_list("no answer"),
    })?;
    let status = answer.response.status;
    if status != 200 {
        return Err(no_list(&["HTTP status ", &status.to_string()].concat()));
    }
    take(&answer.response.body).map_err(|error| no_list(&error.to_string()))?;
    Ok(answer.page_max)
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
