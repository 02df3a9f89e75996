//! Serves the demo and the package: files of one directory or of the program itself, with their compressed siblings.
//!
//! A file `x.js` may have siblings `x.js.br` and `x.js.gz`, made by the build; the smallest that the browser takes is sent. Names with a
//! hash in them are cached for ever, all others are revalidated by ETag.

mod embedded;
mod folder;
mod names;

pub use embedded::Embedded;
pub use folder::Folder;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use names::Encoding;
use std::{io::ErrorKind, path::PathBuf};

/// The files that are served.
#[derive(Clone, Debug)]
pub enum StaticFiles {
    /// The files of a directory.
    Folder(Folder),
    /// The files of the program itself.
    Embedded(Embedded),
}

/// A file that was found.
#[derive(Clone, Debug)]
pub enum File {
    /// In a directory.
    InFolder(PathBuf),
    /// In the program itself, under this name.
    Embedded(Embedded, String),
}

impl StaticFiles {
    /// The file of a request path. Only plain names can be asked for: nothing hidden, nothing above the directory.
    pub fn find(&self, path: &str) -> Option<File> {
        match self {
            Self::Folder(folder) => folder.find(path).map(File::InFolder),
            Self::Embedded(embedded) => embedded.find(path).map(|name| File::Embedded(embedded.clone(), name)),
        }
    }
}

impl File {
    /// The name without its folders.
    pub fn name(&self) -> &str {
        match self {
            Self::InFolder(path) => path.file_name().and_then(|name| name.to_str()).unwrap_or_default(),
            Self::Embedded(_, name) => name.rsplit_once('/').map_or(name, |(_, name)| name),
        }
    }

    /// The bytes in an encoding and their entity tag; `None` where the build made no such sibling.
    fn content(&self, encoding: Option<Encoding>) -> Option<(Content, String)> {
        match self {
            Self::InFolder(path) => folder::sibling(path, encoding).map(|(path, tag)| (Content::File(path), tag)),
            Self::Embedded(embedded, name) => embedded.sibling(name, encoding).map(|(bytes, tag)| (Content::Bytes(bytes), tag)),
        }
    }
}

enum Content {
    File(PathBuf),
    Bytes(&'static [u8]),
}

/// Sends a file of [`StaticFiles::find`].
///
/// # Errors
/// Where the file is gone or cannot be read.
pub async fn send(file: &File, headers: &HeaderMap) -> std::io::Result<Response> {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let encodings =
        [Encoding::Brotli, Encoding::Gzip].into_iter().filter(|encoding| accepts(accepted, encoding.name())).map(Some);
    // Brotli goes first, and the file itself stands for encodings that the build did not make.
    let mut found = encodings.chain([None]).filter_map(|encoding| file.content(encoding).map(|content| (content, encoding)));
    let ((content, tag), encoding) = found.next().ok_or(ErrorKind::NotFound)?;
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut response = if known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag || known.trim() == "*") {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        match content {
            Content::File(path) => {
                let read = tokio::task::spawn_blocking(move || std::fs::read(path)).await;
                Response::new(Body::from(read.map_err(std::io::Error::other)??))
            }
            Content::Bytes(bytes) => Response::new(Body::from(bytes)),
        }
    };
    let name = file.name();
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

/// Tells whether `Accept-Encoding` names the encoding with a weight above zero.
fn accepts(header: &str, name: &str) -> bool {
    header.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let weight = parts.clone().skip(1).find_map(|part| part.strip_prefix("q="));
        parts.next().is_some_and(|found| found.eq_ignore_ascii_case(name))
            && weight.is_none_or(|weight| weight.contains(|digit| matches!(digit, '1'..='9')))
    })
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

/// Tells whether a part of the name is a hash of the content, as bundlers write it: `form.3f9ac01b.js`, `form-3f9ac01b.js`.
fn has_hash(name: &str) -> bool {
    let is_hash = |part: &str| {
        part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit()) && part.bytes().any(|byte| byte.is_ascii_digit())
    };
    name.split(['.', '-']).skip(1).any(is_hash)
}
