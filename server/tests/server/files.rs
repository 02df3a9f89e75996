//! Tests the demo's files: types, compression, caching, and unreachable paths.

use super::bench::{Ask, Bench, Reply};

const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self'; \
                      font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types 'none'";

fn bench() -> Bench {
    Bench::with(|config, folder| {
        std::fs::write(folder.join("secret.txt"), "not yours").unwrap();
        let dist = folder.join("dist");
        for (name, content) in [
            ("index.html", "<!doctype html>"),
            ("demo/bench.html", "<!doctype html>"),
            ("demo/gallery.html", "<!doctype html>"),
            ("demo/demo.js", "export {}"),
            ("demo/demo.js.br", "brotli"),
            ("demo/demo.js.gz", "gzip"),
            ("pkg/form.wasm", "wasm"),
            ("pkg/form.wasm.gz", "gzip"),
            ("pkg/form.3f9ac01b.js", "export {}"),
            ("style/form.css", "a{}"),
            ("pkg/types.d.ts", "export {}"),
            (".hidden", "not yours"),
        ] {
            let path = dist.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        config.dist = Some(dist);
    })
}

pub fn get(bench: &Bench, path: &str, headers: &[(&str, &str)]) -> Reply {
    let ask = Ask::new("GET", path).without("Authorization");
    headers.iter().fold(ask, |ask, (name, value)| ask.with(name, value)).send(bench)
}

#[test]
fn documents_carry_the_policy() {
    let bench = bench();
    for path in ["/", "/index.html", "/demo/gallery.html", "/bench.html?n=1000"] {
        let reply = get(&bench, path, &[]);
        assert_eq!(reply.status, 200, "{path}");
        assert_eq!(reply.header("content-security-policy"), Some(POLICY), "{path}");
        assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"));
        // The page sets the session cookie, so that a page from the browser's cache would come without a session.
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert!(reply.header("set-cookie").is_some(), "{path}");
    }
    let session = get(&bench, "/", &[]).header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let page = get(&bench, "/demo/gallery.html", &[("Cookie", &session)]);
    assert_eq!((page.header("set-cookie"), page.header("cache-control")), (None, Some("no-cache")));
    assert_eq!(get(&bench, "/demo/demo.js", &[]).header("set-cookie"), None);
}

#[test]
fn files_have_their_types() {
    let bench = bench();
    for (path, content_type) in [
        ("/demo/demo.js", "text/javascript; charset=utf-8"),
        ("/pkg/form.wasm", "application/wasm"),
        ("/style/form.css", "text/css; charset=utf-8"),
        ("/pkg/types.d.ts", "text/plain; charset=utf-8"),
    ] {
        assert_eq!(get(&bench, path, &[]).header("content-type"), Some(content_type), "{path}");
        assert_eq!(get(&bench, path, &[]).header("x-content-type-options"), Some("nosniff"));
    }
}

#[test]
fn the_smallest_sibling_that_the_browser_takes_is_sent() {
    let bench = bench();
    for (path, accepted, encoding, body) in [
        ("/demo/demo.js", "gzip, deflate, br, zstd", Some("br"), "brotli"),
        ("/demo/demo.js", "gzip, deflate", Some("gzip"), "gzip"),
        ("/demo/demo.js", "br;q=0, gzip;q=0.5", Some("gzip"), "gzip"),
        ("/demo/demo.js", "BR", Some("br"), "brotli"),
        ("/demo/demo.js", "identity", None, "export {}"),
        ("/demo/demo.js", "brotli", None, "export {}"),
        ("/demo/demo.js", "", None, "export {}"),
        ("/pkg/form.wasm", "br, gzip", Some("gzip"), "gzip"),
        ("/style/form.css", "br, gzip", None, "a{}"),
    ] {
        let reply = get(&bench, path, &[("Accept-Encoding", accepted)]);
        assert_eq!((reply.header("content-encoding"), reply.text()), (encoding, body), "{path} for {accepted}");
        assert_eq!(reply.header("vary"), Some("Accept-Encoding"));
        assert!(reply.header("content-type").unwrap() != "application/octet-stream", "the type is that of the plain file");
    }
}

#[test]
fn cached_file_is_answered_304() {
    let bench = bench();
    let plain = get(&bench, "/demo/demo.js", &[]);
    let tag = plain.header("etag").unwrap();
    assert_eq!(plain.header("cache-control"), Some("no-cache"));
    let packed = get(&bench, "/demo/demo.js", &[("Accept-Encoding", "br")]);
    assert_ne!(packed.header("etag").unwrap(), tag, "other bytes, another tag");
    for known in [tag.to_owned(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
        let reply = get(&bench, "/demo/demo.js", &[("If-None-Match", &known)]);
        assert_eq!((reply.status, reply.body.len(), reply.header("etag")), (304, 0, Some(tag)), "{known}");
    }
    assert_eq!(get(&bench, "/demo/demo.js", &[("If-None-Match", "\"x\"")]).status, 200);
    std::fs::write(bench.folder.path().join("dist/demo/demo.js"), "export let changed").unwrap();
    assert_eq!(get(&bench, "/demo/demo.js", &[("If-None-Match", tag)]).text(), "export let changed");
    let hashed = get(&bench, "/pkg/form.3f9ac01b.js", &[]);
    assert_eq!(hashed.header("cache-control"), Some("public, max-age=31536000, immutable"));
}

#[test]
fn file_outside_of_the_directory_is_never_served() {
    let bench = bench();
    #[cfg(unix)]
    std::os::unix::fs::symlink(bench.folder.path().join("secret.txt"), bench.folder.path().join("dist/link.txt")).unwrap();
    for path in [
        "/../secret.txt",
        "/demo/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/demo/..%5c..%5csecret.txt",
        "//secret.txt",
        "/.hidden",
        "/link.txt",
        "/demo",
        "/pkg/",
        "/index.html/",
        "/index.html%00",
        "/gallery.html/x",
    ] {
        let reply = get(&bench, path, &[]);
        assert_eq!(reply.status, 404, "{path}: {}", reply.text());
        assert!(!reply.text().contains("not yours"), "{path}");
    }
    let posted = Ask::new("POST", "/index.html").send(&bench);
    assert_eq!((posted.status, posted.header("allow")), (405, Some("GET,HEAD")));
    assert_eq!(Ask::new("POST", "/nowhere.html").send(&bench).status, 404);
    assert_eq!(Ask::new("HEAD", "/index.html").send(&bench).body.len(), 0);
}
