//! Tests `POST` and `GET /payments`: three encodings, the envelope, the filters.

use super::bench::{Ask, Bench};
use serde_json::{Value, json};

const JSON: &str = "application/json";
const XML: &str = "application/xml";
const FORM: &str = "application/x-www-form-urlencoded";

fn send(bench: &Bench, content_type: &str, body: &str) -> super::bench::Reply {
    Ask::new("POST", "/payments").body(content_type, body).send(bench)
}

fn item(due: &str, paid: &str, due_date: &str, date: &str) -> String {
    format!(r#"{{"amountDue":{due},"amountPaid":{paid},"dueDate":{due_date},"date":{date}}}"#)
}

#[test]
fn the_record_comes_back_in_its_envelope_whatever_the_encoding() {
    let bench = Bench::start();
    for (count, (content_type, body)) in [
        (JSON, item("120.50", "2.0", "\"2019-08-24\"", "\"2024-02-29\"")),
        (FORM, item("120.50", "2.0", "\"2019-08-24\"", "\"2024-02-29\"")),
        (FORM, "amountDue=120.50&amountPaid=2.0&dueDate=2019-08-24&date=2024-02-29".into()),
        (FORM, "date=2024%2D02-29&amountPaid=%32.0&dueDate=2019-08-24&amountDue=120.50&unknown=1".into()),
        (XML, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<item>\n  <amountDue>120.50</amountDue>\n  <amountPaid>2.0</amountPaid>\n  <dueDate>2019-08-24</dueDate>\n  <date>2024-02-29</date>\n</item>".into()),
        ("text/xml; charset=utf-8", "<?xml version='1.0' encoding='UTF-8'?><item><amountDue>120.50</amountDue><amountPaid>2.0</amountPaid><dueDate>2019-08-24</dueDate><date>2024-02-29</date></item>".into()),
        (XML, "\u{FEFF}<item a='1'><!-- x --><amountDue><![CDATA[120.50]]></amountDue><amountPaid>2&#46;0</amountPaid><dueDate>2019-08-24</dueDate><date>2024-02-29</date><note/></item>".into()),
    ]
    .into_iter()
    .enumerate()
    {
        let reply = send(&bench, content_type, &body);
        assert_eq!(reply.status, 200, "{content_type}: {body}: {}", reply.text());
        let record = reply.json();
        let (published, author) = (&record["data"]["published_at"], &record["data"]["created_by"]);
        let id = (7 + count).to_string();
        let data = json!({"id": id, "amountDue": 120.5, "amountPaid": 2.0, "dueDate": "2019-08-24", "date": "2024-02-29",
                          "published_at": published, "created_by": author, "updated_by": author});
        assert_eq!(record, json!({"code": 200, "message": "OK", "data": data}));
        assert!(reply.text().contains("\"amountDue\":120.50,\"amountPaid\":2.0,"), "digits are kept: {}", reply.text());
        assert!(published.as_str().unwrap().starts_with("2026-11-20T"));
        assert_eq!(bench.get(&format!("/payments/{id}")).body, reply.body);
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once_in_the_envelope() {
    let bench = Bench::start();
    let amount = "This must be a number, 0 or more, with at most 4 decimals and 18 digits.";
    let day = "This must be a day between 1900 and 2200, written YYYY-MM-DD.";
    let all = format!("amountDue: {amount} amountPaid: {amount} dueDate: {day} date: {day}");
    for body in ["{}", "{\"amountDue\":\"1\",\"amountPaid\":null,\"dueDate\":5,\"date\":\"\"}"] {
        let reply = send(&bench, JSON, body);
        assert_eq!((reply.status, reply.json()), (400, json!({"code": 400, "message": all})));
    }
    let right = ["1", "1", "\"2026-11-20\"", "\"2026-11-20\""];
    for (index, name, words, wrong) in [
        (0, "amountDue", amount, vec!["-1", "-0.01", "1e400", "0.00001", "1234567890123456789", "\"1\"", "true", "null", "[]"]),
        (1, "amountPaid", amount, vec!["-1", "12345678901234567.8901"]),
        (
            2,
            "dueDate",
            day,
            vec!["\"2023-02-29\"", "\"2100-02-29\"", "\"2024-13-01\"", "\"1899-12-31\"", "\"2201-01-01\"", "\"2024-2-9\""],
        ),
        (
            3,
            "date",
            day,
            vec![
                "\"0000-01-01\"",
                "\"-0001-01-01\"",
                "\"10000-01-01\"",
                "\"2024-02-09T00:00:00Z\"",
                "\" 2024-02-09\"",
                "20240209",
            ],
        ),
    ] {
        for value in wrong {
            let mut parts = right;
            parts[index] = value;
            let reply = send(&bench, JSON, &item(parts[0], parts[1], parts[2], parts[3]));
            assert_eq!(
                (reply.status, reply.json()["message"].as_str()),
                (400, Some(format!("{name}: {words}").as_str())),
                "{value}"
            );
        }
    }
    assert_eq!(bench.made(), 0);
    for (due, paid) in
        [("0", "0"), ("-0", "0.00"), ("123456789012345678", "12345678901234.5678"), ("1.000000", "1e2"), ("10", "99")]
    {
        let reply = send(&bench, JSON, &item(due, paid, "\"1900-01-01\"", "\"2200-12-31\""));
        assert_eq!(reply.status, 200, "{due} {paid}: {}", reply.text());
    }
}

#[test]
fn bodies_that_cannot_be_read_are_refused() {
    let bench = Bench::start();
    let fields = "<amountDue>1</amountDue><amountPaid>1</amountPaid><dueDate>2026-11-20</dueDate><date>2026-11-20</date>";
    for (content_type, body, reason) in [
        (JSON, "".to_owned(), "the body ends where a value should stand"),
        (JSON, "[]".to_owned(), "must be one object"),
        (JSON, "amountDue=1".to_owned(), "no value begins like this"),
        (FORM, "{\"amountDue\":1,\"amountDue\":2}".to_owned(), "the same key stands here twice"),
        (FORM, "amountDue=1&amountDue=2".to_owned(), "the same field stands here twice"),
        (
            FORM,
            "amountDue=%EF%BB%BF1&amountPaid=1&dueDate=2026-11-20&date=2026-11-20".to_owned(),
            "amountDue: This must be a number",
        ),
        (XML, "".to_owned(), "ends too early"),
        (XML, fields.to_owned(), "must be <item>"),
        (XML, format!("<items>{fields}</items>"), "must be <item>"),
        (XML, format!("<item>{fields}</item><item/>"), "must be <item>"),
        (XML, format!("<item>{fields}"), "ends too early"),
        (XML, format!("<item>{fields}</itm>"), "not well-formed"),
        (XML, format!("<item>x{fields}</item>"), "text stands where a field should"),
        (XML, format!("<item>{fields}<date>2026-11-20</date></item>"), "stands here twice"),
        (XML, format!("<item>{fields}<a><b/></a></item>"), "holds no elements"),
        (
            XML,
            format!("<!DOCTYPE item [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><item>{fields}<a>&x;</a></item>"),
            "document type",
        ),
        (XML, format!("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><item>{fields}</item>"), "other than UTF-8"),
        (XML, format!("<?xml version=\"1.0\" encoding='utf-16'?><item>{fields}</item>"), "other than UTF-8"),
        (XML, "<item><amountDue>&x;</amountDue></item>".to_owned(), "no such entity"),
    ] {
        let reply = send(&bench, content_type, &body);
        let message = reply.json()["message"].as_str().unwrap().to_owned();
        assert_eq!(reply.status, 400, "{body}");
        assert!(message.contains(reason), "{body}: {message}");
    }
    let latin =
        Ask::new("POST", "/payments").body(XML, [&b"<item><a>\xE9</a>"[..], fields.as_bytes(), b"</item>"].concat()).send(&bench);
    assert!(latin.json()["message"].as_str().unwrap().contains("not UTF-8"));
    assert_eq!(bench.made(), 0);
}

#[test]
fn the_list_is_filtered_sorted_and_cut() {
    let bench = Bench::start();
    let ids = |query: &str| {
        let reply = bench.get(&format!("/payments?{query}"));
        assert_eq!((reply.status, reply.json()["code"].as_u64()), (200, Some(200)), "{query}: {}", reply.text());
        let records = reply.json()["data"].as_array().unwrap().clone();
        records.iter().map(|record| record["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
    };
    // The seed's records, on this day: 1200/1200, 349.90/349.90, 75.00/50.00, 980.40/1000.00, 0/0, 215.00/215.00.
    for (query, found) in [
        ("", "1 2 3 4 5 6"),
        ("_limit=2", "1 2"),
        ("_start=4", "5 6"),
        ("_start=1&_limit=2", "2 3"),
        ("_limit=-1", "1 2 3 4 5 6"),
        ("_limit=0", ""),
        ("_start=99", ""),
        ("_sort=amountPaid:DESC", "1 4 2 6 3 5"),
        ("_sort=amountPaid", "5 3 6 2 4 1"),
        ("_sort=created_by:ASC,id:DESC", "6 5 4 3 2 1"),
        ("id=4", "4"),
        ("id_in=1&id_in=3,5", "1 3 5"),
        ("id_nin=1&id_nin=3,5", "2 4 6"),
        ("amountDue=75", "3"),
        ("amountDue=75.000", "3"),
        ("amountDue_ne=0", "1 2 3 4 6"),
        ("amountPaid_lt=215", "3 5"),
        ("amountPaid_lte=215", "3 5 6"),
        ("amountPaid_gt=349.90", "1 4"),
        ("amountPaid_gte=349.90", "1 2 4"),
        ("amountDue_gte=100&amountDue_lt=1000", "2 4 6"),
        ("dueDate_lt=2026-10-01", "1 2 3"),
        ("date_gte=2026-11-06&date_lte=2026-11-06", "5"),
        ("published_at_gte=2026-11-19", "6"),
        ("created_by_contains=EE", "1 2 3 4 5 6"),
        ("created_by_containss=EE", ""),
        ("created_by_containss=ee", "1 2 3 4 5 6"),
        ("dueDate_contains=2026-07", "1"),
    ] {
        assert_eq!(ids(query), found, "{query}");
    }
    for query in [
        "_limit=x",
        "_start=-1",
        "_start=%2B1",
        "_sort=nothing",
        "_sort=id:UP",
        "nothing=1",
        "amountDue=nothing",
        "amountDue=",
        "id_in=1,x",
        "dueDate=x",
        "date_lt=yesterday",
        "dueDate_in=2019-08-24&dueDate_in=x",
        "dueDate_nin=2019-08-24,2026-02-30",
        "amountDue_like=1",
        "_where=1",
    ] {
        let reply = bench.get(&format!("/payments?{query}"));
        assert_eq!((reply.status, reply.json()["code"].as_u64()), (400, Some(400)), "{query}");
    }
    for id in ["99", "0", "-1", "x", "1.0", "9223372036854775808"] {
        let reply = bench.get(&format!("/payments/{id}"));
        assert_eq!((reply.status, reply.json()), (404, json!({"code": 500, "message": "Error - Server Error"})), "{id}");
    }
    let one: Value = bench.get("/payments/3").json();
    assert_eq!(one["data"]["amountPaid"], 50.0);
}
