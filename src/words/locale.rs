//! Reads the name of a locale.

/// The language tag as BCP 47 writes it, from a tag or from the name that other systems write: `de_DE`, `pt_BR.UTF-8`.
///
/// The underscore is read as a hyphen, and the encoding and the variant of a POSIX name are left out. `None` for a text that no such tag can be:
/// the browser would refuse it, and the form would silently be English.
///
/// ```
/// use payment_form::words::language_tag;
/// assert_eq!(language_tag("pt_BR.UTF-8").as_deref(), Some("pt-BR"));
/// assert_eq!(language_tag("German (Germany)"), None);
/// ```
pub fn language_tag(name: &str) -> Option<String> {
    let name = name.trim().split(['.', '@']).next()?;
    let tag = name.replace('_', "-");
    let mut parts = tag.split('-');
    let is_language = |part: &str| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (parts.next().is_some_and(is_language) && parts.all(is_part)).then_some(tag)
}

/// The language in which the sentences for this locale are written. `pt.json` is Brazilian and `zh.json` is simplified, whatever the region: a
/// reader of another Portuguese or of traditional characters reads them more easily than English.
pub fn written_in(locale: &str) -> &str {
    match locale.split(['-', '_']).next() {
        Some("pt") => "pt-BR",
        Some("zh") => "zh-Hans",
        _ => locale,
    }
}
