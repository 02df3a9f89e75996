//! Tests that the documents' example requests work as written, except for scheme, host, port, credentials and placeholders.

use super::bench::{Ask, Bench, Folder};
use serde_json::Value;
use std::process::Command;

const FUSEBILL: &str = include_str!("../../../tests/fixtures/contracts/fusebill-examples.json");
const MAIASCORE: &str = include_str!("../../../tests/fixtures/contracts/maiascore-examples.json");

/// A text of an example with its placeholders filled in.
fn filled(example: &Value, text: &str) -> String {
    let placeholders = example["placeholders"].as_object().unwrap();
    placeholders.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value.as_str().unwrap()))
}

#[test]
fn every_example_request_is_recorded() {
    let bench = Bench::start();
    let examples = [FUSEBILL, MAIASCORE].map(|text| serde_json::from_str::<Vec<Value>>(text).unwrap()).concat();
    assert_eq!(examples.len(), 12);
    for example in &examples {
        let name = example["name"].as_str().unwrap();
        let mut ask = Ask::new(example["method"].as_str().unwrap(), example["path"].as_str().unwrap());
        let mut content_type = String::new();
        for (header, value) in example["headers"].as_object().unwrap() {
            let value = filled(example, value.as_str().unwrap());
            if header.eq_ignore_ascii_case("content-type") { content_type = value } else { ask = ask.with(header, &value) }
        }
        // As the document prints it, and as its program really sends it.
        for body in [filled(example, example["document_body"].as_str().unwrap()), example["body"].as_str().unwrap().to_owned()] {
            ask = ask.body(&content_type, &body);
            let before = bench.made();
            let reply = ask.send(&bench);
            assert_eq!(reply.status, 200, "{name}: {}", reply.text());
            assert_eq!(bench.made(), before + 1, "{name}");
        }
    }
}

/// Tells whether a program can be run here.
fn runs(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

#[test]
fn the_curl_examples_really_run() {
    if !runs("curl") {
        return;
    }
    let bench = Bench::start();
    let base = format!("http://{}", bench.address);
    for script in [
        r#"curl -s -X POST "BASE/v1/payments/" \
	-H "Content-Type: application/json" \
	-H "Authorization: Basic demo-key" \
	-d "{customerId:655080,source:'Manual',paymentMethod:'CreditCard',reference:'this is a test payment',amount:10,paymentMethodId:41877}""#,
        r#"curl -s --request POST \
  --url BASE/payments \
  --header 'Authorization: Bearer demo-token' \
  --header 'content-type: application/x-www-form-urlencoded' \
  --data '{"amountDue":0,"amountPaid":0,"dueDate":"2019-08-24","date":"2019-08-24"}'"#,
    ] {
        let output = Command::new("sh").arg("-c").arg(script.replace("BASE", &base)).output().unwrap();
        let record: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(record["id"].is_i64() || record["data"]["id"].is_string(), "{record}");
    }
    assert_eq!(bench.made(), 2);
}

/// Stands in for the library of this name where it is not installed; the example uses only `post`.
const REQUESTS: &str = "
import urllib.request
class Response:
    def __init__(self, content):
        self.content = content
def post(url, data, headers):
    request = urllib.request.Request(url, data=data.encode(), headers=headers, method='POST')
    return Response(urllib.request.urlopen(request).read())
";

#[test]
fn the_python_examples_really_run() {
    if !runs("python3") {
        return;
    }
    let bench = Bench::start();
    let folder = Folder::new();
    if !Command::new("python3").args(["-c", "import requests"]).output().unwrap().status.success() {
        std::fs::write(folder.path().join("requests.py"), REQUESTS).unwrap();
    }
    let fusebill = r#"
#Import library JSON
import json
#Import library Requests
import requests
#Pass in a dictionary to the Headers parameter
headers = {'Authorization' : 'Basic demo-key', 'Content-Type' : 'application/json'}
#Pass in a dictionary to the Payload parameter
payload = {"customerId":655080,"source":'Manual',"paymentMethod":'CreditCard',"reference":'this is a test payment',"amount":10,"paymentMethodId":41877}
#Pass in your URI, Payload and Headers
r = requests.post('BASE/v1/payments', data=json.dumps(payload), headers=headers)
print(r.content)
"#;
    let maiascore = r#"
import http.client

conn = http.client.HTTPConnection("ADDRESS")

payload = "{\"amountDue\":0,\"amountPaid\":0,\"dueDate\":\"2019-08-24\",\"date\":\"2019-08-24\"}"

headers = {
    'content-type': "application/x-www-form-urlencoded",
    'Authorization': "Bearer demo-token"
    }

conn.request("POST", "/payments", payload, headers)

res = conn.getresponse()
data = res.read()

print(data.decode("utf-8"))
"#;
    for (script, sign) in [(fusebill, "\"paymentActivityId\":"), (maiascore, "\"message\":\"OK\"")] {
        let script = script.replace("BASE", &format!("http://{}", bench.address)).replace("ADDRESS", &bench.address.to_string());
        let output = Command::new("python3").env("PYTHONPATH", folder.path()).args(["-c", &script]).output().unwrap();
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(printed.contains(sign), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(bench.made(), 2);
}
