//! The demo and the package: files of one directory, with their compressed siblings.
//!
//! A file `x.js` may have siblings `x.js.br` and `x.js.gz`, made by the build; the smallest that the browser takes is sent. Names with a
//! hash in them are cached for ever, all others are revalidated by ETag.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::{
    fs::Metadata,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

/// Its address is short; its place is among the demo's pages.
const BENCH_PAGE: &str = "bench.html";

/// The directory that is served.
#[derive(Clone, Debug)]
pub struct StaticFiles {
    root: PathBuf,
}

impl StaticFiles {
    /// Serves this directory.
    ///
    /// # Errors
    /// One sentence when there is no such directory.
    pub fn new(root: &Path) -> Result<Self, String> {
        let found = root.canonicalize().ok().filter(|root| root.is_dir());
        let root = found.ok_or_else(|| format!("--dist {} is not a directory; `cargo xtask build` makes it.", root.display()))?;
        Ok(Self { root })
    }

    /// The file of a request path. Only plain names can be asked for: nothing hidden, nothing above the directory.
    pub fn find(&self, path: &str) -> Option<PathBuf> {
        let mut file = self.root.clone();
        let names = path.trim_matches('/');
        for name in names.split('/').filter(|_| !names.is_empty()) {
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '@' | '+');
            if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
                return None;
            }
            file.push(name);
        }
        if file.is_dir() {
            file.push("index.html");
        } else if path.ends_with('/') {
            return None;
        }
        if names == BENCH_PAGE && !file.is_file() {
            file = self.root.join("demo").join(BENCH_PAGE);
        }
        let real = file.canonicalize().ok()?;
        (real.is_file() && real.starts_with(&self.root)).then_some(real)
    }
}

/// Sends a file of [`StaticFiles::find`].
///
/// # Errors
/// Where the file is gone or cannot be read.
pub async fn send(file: &Path, headers: &HeaderMap) -> std::io::Result<Response> {
    let (file, encoding, metadata) = choose(file, headers)?;
    let tag = entity_tag(&metadata, encoding);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut response = if known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag || known.trim() == "*") {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let source = file.clone();
        let content = tokio::task::spawn_blocking(move || std::fs::read(source)).await.map_err(std::io::Error::other)??;
        Response::new(Body::from(content))
    };
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let name = encoding.map_or(name, |encoding| name.trim_end_matches(encoding.suffix()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    headers.insert(header::ETAG, HeaderValue::try_from(tag).map_err(std::io::Error::other)?);
    let caching = if has_hash(name) { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding.name()));
    }
    Ok(response)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Brotli,
    Gzip,
}

impl Encoding {
    fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }
}

/// The compressed sibling that the browser takes, brotli first, or the file itself.
fn choose(file: &Path, headers: &HeaderMap) -> std::io::Result<(PathBuf, Option<Encoding>, Metadata)> {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    for encoding in [Encoding::Brotli, Encoding::Gzip] {
        if !accepts(accepted, encoding.name()) {
            continue;
        }
        let mut name = file.as_os_str().to_owned();
        name.push(encoding.suffix());
        let sibling = PathBuf::from(name);
        if let Ok(metadata) = sibling.metadata() {
            return Ok((sibling, Some(encoding), metadata));
        }
    }
    let metadata = file.metadata()?;
    Ok((file.to_owned(), None, metadata))
}

/// Whether `Accept-Encoding` names the encoding with a weight above zero.
fn accepts(header: &str, name: &str) -> bool {
    header.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let weight = parts.clone().skip(1).find_map(|part| part.strip_prefix("q="));
        parts.next().is_some_and(|found| found.eq_ignore_ascii_case(name))
            && weight.is_none_or(|weight| weight.contains(|digit| matches!(digit, '1'..='9')))
    })
}

/// Changes whenever the build writes the file again. Encodings are different bytes, so they have different tags.
fn entity_tag(metadata: &Metadata, encoding: Option<Encoding>) -> String {
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    format!("\"{:x}-{:x}{}\"", modified.as_nanos(), metadata.len(), encoding.map_or("", Encoding::suffix))
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "md" | "ts" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Whether a part of the name is a hash of the content, as bundlers write it: `form.3f9ac01b.js`, `form-3f9ac01b.js`.
fn has_hash(name: &str) -> bool {
    let is_hash = |part: &str| {
        part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit()) && part.bytes().any(|byte| byte.is_ascii_digit())
    };
    name.split(['.', '-']).skip(1).any(is_hash)
}
