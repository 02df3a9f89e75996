//! Reads the cookies of a request.

use axum::http::{HeaderMap, header};

/// The values of the cookies of this name. Cookies of a page's other programs come along with every request, and may hold any bytes.
pub(super) fn named<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = &'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    let texts = cookies.filter_map(|cookie| std::str::from_utf8(cookie).ok());
    texts.filter_map(move |cookie| cookie.trim().strip_prefix(name)?.strip_prefix('='))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn cookie_is_read_beside_cookies_of_any_bytes() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_bytes("name=Müller; session=one; sessions=no".as_bytes()).unwrap());
        headers.append(header::COOKIE, HeaderValue::from_bytes(b"raw=\xff; session=two").unwrap());
        assert_eq!(named(&headers, "session").collect::<Vec<_>>(), ["one", "two"]);
    }
}
