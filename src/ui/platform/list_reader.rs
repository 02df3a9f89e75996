//! Reads all pages of the lists of invoices and stored methods from the host's addresses.

use crate::ui::platform::transport::{self, Access, Authorization, Call, NoAnswer};
use crate::{
    api::lists::{self, ListError},
    domain::{invoice::Invoice, money::Currency, payment_order::DateField, statement::StoredMethod},
};
use web_sys::UrlSearchParams;

/// The most pages of a list; a longer list is refused as a mistake of the address.
const PAGES_MAX: u32 = 1000;

/// The reason why an address gives no list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// A sentence for the page's developer.
    pub sentence: String,
    /// The fault in the list itself, where there was an answer.
    pub list: Option<ListError>,
}

impl From<String> for ReadError {
    fn from(sentence: String) -> Self {
        Self { sentence, list: None }
    }
}

/// Reads the invoices of an address. `currency` is used for invoices that name none, and `order` names the date that must be readable.
///
/// # Errors
/// [`ReadError`], with a sentence for the page's developer.
pub async fn invoices(
    url: &str,
    order: DateField,
    currency: Option<Currency>,
    access: &Access,
    authorization: &Authorization,
) -> Result<Vec<Invoice>, ReadError> {
    all_pages(url, access, authorization, |body| lists::invoices_by(order, body, currency)).await
}

/// Reads the stored methods of an address.
///
/// # Errors
/// [`ReadError`], with a sentence for the page's developer.
pub async fn methods(url: &str, access: &Access, authorization: &Authorization) -> Result<Vec<StoredMethod>, ReadError> {
    all_pages(url, access, authorization, lists::methods).await
}

async fn all_pages<T>(
    url: &str,
    access: &Access,
    authorization: &Authorization,
    read: impl Fn(&[u8]) -> Result<Vec<T>, ListError>,
) -> Result<Vec<T>, ReadError> {
    let (mut list, page_max) = page(url, access, authorization, &read).await?;
    let page_max = page_max.unwrap_or_default();
    // Pages are counted from zero.
    if page_max >= PAGES_MAX {
        return Err(
            format!("{url}: X-MaxPageIndex tells of more than {PAGES_MAX} pages, and a list that long is not read.").into()
        );
    }
    for number in 1..=page_max {
        list.append(&mut page(&page_url(url, number), access, authorization, &read).await?.0);
    }
    Ok(list)
}

/// Reads one page; returns also the number of the last one, where the server numbers them.
async fn page<T>(
    url: &str,
    access: &Access,
    authorization: &Authorization,
    read: &impl Fn(&[u8]) -> Result<Vec<T>, ListError>,
) -> Result<(Vec<T>, Option<u32>), ReadError> {
    let no_list = |reason: &str| format!("{url}: {reason}");
    let answer = transport::exchange(&Call::get(url), access, authorization).await.map_err(|none| match none {
        NoAnswer::NotSent(why) => no_list(&why),
        NoAnswer::Lost => no_list("no answer"),
    })?;
    match answer.response.status {
        200 => {}
        transport::REDIRECTED => {
            return Err(no_list("it is redirected. Set the address that answers, often the other slash at the end").into());
        }
        status => return Err(no_list(&format!("HTTP status {status}")).into()),
    }
    let list =
        read(&answer.response.body).map_err(|error| ReadError { sentence: no_list(&error.to_string()), list: Some(error) })?;
    Ok((list, answer.page_max))
}

/// The address of a later page; pages are counted from zero.
fn page_url(url: &str, number: u32) -> String {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    match UrlSearchParams::new_with_str(query) {
        Ok(params) => {
            params.set("pageNumber", &number.to_string());
            format!("{path}?{}", String::from(params.to_string()))
        }
        Err(_) => url.to_owned(),
    }
}
