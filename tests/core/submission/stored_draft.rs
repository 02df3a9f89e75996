//! Tests the stored draft and the names of the entries by the fixtures that `stored.js` follows too.

use payment_form::{
    api::Api,
    domain::invoice::CustomerId,
    submission::{EntryNames, draft_text, read_draft},
};
use serde_json::Value;
use std::collections::BTreeMap;

fn fixtures(of: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("../../fixtures/storage/entries.json")).unwrap();
    let list = all[of].as_array().unwrap().clone();
    assert!(!list.is_empty());
    list
}

#[test]
fn entry_names_follow_the_fixtures() {
    for case in fixtures("names") {
        let attribute = |name: &str| case["attributes"][name].as_str();
        let api = if attribute("api") == Some("maiascore") { Api::MaiaScore } else { Api::Fusebill };
        let endpoint = attribute("endpoint").filter(|text| !text.trim().is_empty()).unwrap_or_else(|| api.endpoint());
        let customer = attribute("customer-id").and_then(|text| CustomerId::parse(text.trim()));
        let names = EntryNames::new(api, endpoint, customer, case["element"].as_str().unwrap());
        let text = |name: &str| case[name].as_str().unwrap().to_owned();
        assert_eq!(names, EntryNames { draft: text("draft"), pending: text("pending"), lock: text("lock") });
    }
}

#[test]
fn written_drafts_follow_the_fixtures() {
    for case in fixtures("written") {
        let pairs: Vec<(String, String)> = serde_json::from_value(case["fields"].clone()).unwrap();
        let pairs = pairs.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        assert_eq!(draft_text(pairs, case["time"].as_u64().unwrap()), case["text"].as_str().unwrap());
    }
}

#[test]
fn read_drafts_follow_the_fixtures() {
    for case in fixtures("read") {
        let read = read_draft(case["text"].as_str().unwrap(), case["now"].as_u64().unwrap());
        let wanted: Option<BTreeMap<String, String>> = serde_json::from_value(case["fields"].clone()).unwrap();
        assert_eq!(read.map(BTreeMap::from_iter), wanted, "{case}");
    }
}
