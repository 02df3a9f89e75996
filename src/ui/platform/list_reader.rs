//! What is owed and with what it can be paid, from the host's lists or its addresses.

use crate::ui::platform::transport::{self, Access, Authorization, Call, NoAnswer};
use crate::{
    api::lists,
    domain::{invoice::Invoice, money::Currency, statement::StoredMethod},
};
use web_sys::UrlSearchParams;

/// More pages than this are not read: a list that long is a mistake of the address.
const PAGES_MAX: u32 = 1000;

/// The entries of one list.
#[derive(Debug)]
pub enum Listed {
    /// Invoices.
    Invoices(Vec<Invoice>),
    /// Stored methods.
    Methods(Vec<StoredMethod>),
}

/// Adds to a list what all pages of this address hold. `currency` is that of invoices which name none.
///
/// # Errors
/// A sentence for the page's developer.
pub async fn read(
    url: &str,
    mut list: Listed,
    currency: Option<Currency>,
    access: &Access,
    authorization: &Authorization,
) -> Result<Listed, String> {
    let page_max = page(url, &mut list, currency, access, authorization).await?.unwrap_or_default().min(PAGES_MAX);
    for number in 1..=page_max {
        page(&numbered(url, number), &mut list, currency, access, authorization).await?;
    }
    Ok(list)
}

/// Reads one page; returns the number of the last one, where the server numbers them.
async fn page(
    url: &str,
    list: &mut Listed,
    currency: Option<Currency>,
    access: &Access,
    authorization: &Authorization,
) -> Result<Option<u32>, String> {
    let no_list = |reason: &str| format!("{url}: {reason}");
    let answer = transport::exchange(&Call::get(url), access, authorization).await.map_err(|none| match none {
        NoAnswer::NotSent(why) => no_list(&why),
        NoAnswer::Lost => no_list("no answer"),
    })?;
    let status = answer.response.status;
    if status != 200 {
        return Err(no_list(&format!("HTTP status {status}")));
    }
    let body = &answer.response.body;
    let taken = match list {
        Listed::Invoices(all) => lists::invoices(body, currency).map(|mut more| all.append(&mut more)),
        Listed::Methods(all) => lists::methods(body).map(|mut more| all.append(&mut more)),
    };
    taken.map_err(|error| no_list(&error.to_string()))?;
    Ok(answer.page_max)
}

/// The address of a later page; pages are counted from zero.
fn numbered(url: &str, number: u32) -> String {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    match UrlSearchParams::new_with_str(query) {
        Ok(params) => {
            params.set("pageNumber", &number.to_string());
            format!("{path}?{}", String::from(params.to_string()))
        }
        Err(_) => url.to_owned(),
    }
}
