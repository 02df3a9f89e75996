//! Tests that files within the program are served like those of a directory.

use super::{bench::Bench, files::get};
use include_dir::{Dir, include_dir};
use payment_form_server::static_files::Embedded;

static SITE: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/tests/fixtures/site");

fn bench(beginning: &str) -> Bench {
    Bench::over(None, |config, _| config.embedded = Some(Embedded::new(&SITE, beginning)))
}

#[test]
fn embedded_file_is_sent_with_its_type_tag_and_sibling() {
    let bench = bench("");
    for path in ["/", "/index.html", "/bench.html?n=10"] {
        let page = get(&bench, path, &[]);
        assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")), "{path}");
        assert!(page.header("content-security-policy").is_some() && page.header("set-cookie").is_some(), "{path}");
    }
    let plain = get(&bench, "/pkg/form.js", &[]);
    assert_eq!((plain.text(), plain.header("content-type")), ("export {}", Some("text/javascript; charset=utf-8")));
    let packed = get(&bench, "/pkg/form.js", &[("Accept-Encoding", "gzip, br")]);
    assert_eq!((packed.text(), packed.header("content-encoding")), ("brotli", Some("br")));
    let tag = plain.header("etag").unwrap();
    assert_ne!(packed.header("etag"), Some(tag), "other bytes, another tag");
    assert_eq!(get(&bench, "/pkg/form.js", &[("If-None-Match", tag)]).status, 304);
    for path in ["/pkg", "/pkg/", "/index.html/", "/../Cargo.toml", "/pkg/%2e%2e/index.html"] {
        assert_eq!(get(&bench, path, &[]).status, 404, "{path}");
    }
}

#[test]
fn embedded_package_is_served_without_the_demo() {
    let bench = bench("pkg/");
    assert_eq!(get(&bench, "/pkg/form.js", &[]).status, 200);
    for path in ["/", "/index.html", "/bench.html", "/demo/bench.html"] {
        assert_eq!(get(&bench, path, &[]).status, 404, "{path}");
    }
}
