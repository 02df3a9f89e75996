//! Tests that options come from the command line, the environment and a file, in this order.

use super::bench::Folder;
use payment_form_server::{
    config::{Action, Config},
    ledger::Location,
};
use std::path::PathBuf;

/// Reads a configuration from arguments, variables and the text of a file.
fn read(arguments: &[&str], variables: &[(&str, &str)], file: Option<&str>) -> Result<Config, String> {
    let folder = Folder::new();
    let path = folder.path().join("payment-form.toml");
    let mut arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
    if let Some(text) = file {
        std::fs::write(&path, text).unwrap();
        arguments.extend(["--config".to_owned(), path.to_str().unwrap().to_owned()]);
    }
    let variable = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    match Config::read(arguments, variable)? {
        Action::Serve(config) => Ok(*config),
        asked => panic!("{asked:?}"),
    }
}

const FILE: &str = r#"
port = 8001
host = "127.0.0.2"
demo = true
today = 2026-11-20
allow-origin = ["https://a.example", "https://b.example"]
rate-limit = 7
"#;

#[test]
fn option_of_an_earlier_source_takes_the_place_of_a_later_one() {
    let from_file = read(&[], &[], Some(FILE)).unwrap();
    assert_eq!((from_file.port, from_file.rate_limit, from_file.demo), (8001, 7, true));
    assert_eq!((from_file.host.to_string(), from_file.today.unwrap().to_string()), ("127.0.0.2".into(), "2026-11-20".into()));
    assert_eq!(from_file.allowed_origins, ["https://a.example", "https://b.example"]);
    let variables =
        [("PAYMENT_FORM_PORT", "8002"), ("PAYMENT_FORM_RATE_LIMIT", "8"), ("PAYMENT_FORM_ALLOW_ORIGIN", "https://c.example")];
    let mixed = read(&["--rate-limit=9"], &variables, Some(FILE)).unwrap();
    assert_eq!((mixed.port, mixed.rate_limit, mixed.allowed_origins), (8002, 9, vec!["https://c.example".to_owned()]));
    let demo = |variables| read(&["--port", "1"], variables, None).map(|config| config.demo);
    assert_eq!(demo(&[("PAYMENT_FORM_DEMO", "true")]), Ok(true));
    assert!(demo(&[("PAYMENT_FORM_DEMO", "false")]).is_err(), "no credentials, and no demo");
}

#[test]
fn demo_listens_on_loopback_in_every_spelling_and_on_nothing_else() {
    let demo = |host: &str| read(&["--demo", "--host", host], &[], None).map(drop).err();
    assert_eq!(["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"].map(demo), [const { None }; 4]);
    for host in ["0.0.0.0", "::", "::ffff:192.0.2.1", "192.0.2.1"] {
        assert!(demo(host).is_some_and(|words| words.contains("opens the demo to other machines")), "{host}");
    }
}

#[test]
fn place_of_the_ledger_comes_from_one_source() {
    let url = ("DATABASE_URL", "postgres://localhost/one");
    let ledger_path = |arguments: &[&str], variables: &[(&str, &str)], file: Option<&str>| match read(
        &[arguments, &["--demo"]].concat(),
        variables,
        file,
    )
    .unwrap()
    .location()
    {
        Location::File(path) => path,
        Location::Database(_) => PathBuf::from("a database"),
    };
    let file = Some("db = \"from-file.sqlite\"");
    assert_eq!(ledger_path(&[], &[], None), PathBuf::from("payment-form.sqlite"));
    assert_eq!(ledger_path(&[], &[], file), PathBuf::from("from-file.sqlite"));
    assert_eq!(ledger_path(&[], &[url], file), PathBuf::from("a database"));
    assert_eq!(ledger_path(&["--db", "named.sqlite"], &[url], file), PathBuf::from("named.sqlite"));
    assert_eq!(ledger_path(&["--db", "named.sqlite"], &[], Some("database-url-file = \"x\"")), PathBuf::from("named.sqlite"));
}

#[test]
fn mistake_in_a_file_or_a_variable_is_told_in_one_sentence() {
    for (file, words) in [
        ("prot = 1", "there is no option `prot`"),
        ("port = [1]", "port must be a text, a number, true or false"),
        ("port = \"x\"", "--port"),
        ("demo = \"perhaps\"", "demo must be true or false"),
        ("port", "is no TOML"),
        ("help = true", "there is no option `help`"),
    ] {
        let message = read(&[], &[], Some(file)).map(drop).unwrap_err();
        assert!(message.contains(words) && message.lines().count() == 1, "{file}: {message}");
    }
    assert!(read(&[], &[("PAYMENT_FORM_DEMO", "perhaps")], None).unwrap_err().starts_with("PAYMENT_FORM_DEMO must be"));
    assert!(read(&[], &[("PAYMENT_FORM_CONFIG", "missing.toml")], None).unwrap_err().contains("missing.toml cannot be read"));
}

#[test]
fn option_that_would_be_dropped_is_refused() {
    let folder = Folder::new();
    let key = folder.path().join("key");
    std::fs::write(&key, "a-key-of-the-vendor").unwrap();
    let key = key.to_str().unwrap();
    let refusal = |more: &[&str]| read(&[&["--token-file", key], more].concat(), &[], None).map(drop).err().unwrap_or_default();
    assert!(refusal(&["--revoked-file", key]).starts_with("--revoked-file names signed tokens"));
    assert_eq!(refusal(&["--revoked-file", key, "--jwt-secret-file", key]), "");
    let upstream = |url: &str| refusal(&["--upstream", url, "--upstream-key-file", key]);
    for url in ["fusebill=https://vendor.test?x=1", "maiascore=https://vendor.test/api?x", "fusebill=https://vendor.test/#x"] {
        assert!(upstream(url).starts_with("--upstream ends with the path"), "{url}");
    }
    assert_eq!(upstream("fusebill=https://vendor.test/api"), "");
    std::fs::write(key, "a-key-of-the-vendor\nan-older-key-of-the-vendor").unwrap();
    assert!(upstream("fusebill=https://vendor.test/api").starts_with("--upstream-key-file holds one key"));
}
