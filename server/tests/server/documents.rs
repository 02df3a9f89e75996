//! Tests that the documents' commands run as written, against a second server in the vendor's place.

use super::{
    bench::{Bench, Folder},
    process::{PROGRAM, greeted},
};
use std::{path::Path, process::Command};

/// The shell commands of a document, block by block.
fn blocks(document: &str) -> Vec<String> {
    let parts = document.split("```sh\n").skip(1);
    parts.map(|part| part.split("```").next().unwrap().to_owned()).collect()
}

/// A shell in a folder of its own, in which the documents' names mean what they say.
fn shell(script: &str, folder: &Path, vendor_key: &str) -> Command {
    let programs = Path::new(PROGRAM).parent().unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap_or_default());
    let mut shell = Command::new("sh");
    shell.args(["-e", "-c", script]).current_dir(folder).env("PATH", path).env("PORTAL_TOKEN", "a-portal-token");
    shell.env("FUSEBILL_KEY", vendor_key).env("MAIASCORE_TOKEN", vendor_key).env_remove("DATABASE_URL");
    shell
}

/// Starts the server as the first block says, and asks it as the second says.
#[track_caller]
fn check(document: &str, vendor_url: &str, vendor_key: &str, made: &str) {
    let (vendor, folder) = (Bench::start(), Folder::new());
    let [start, ask] = blocks(document).try_into().expect("two blocks: one starts the server, one asks it");
    assert!(start.contains(vendor_url), "{start}");
    let start = start.replace(vendor_url, &format!("http://{}", vendor.address));
    let start = start.replace("payment-form-server ", "exec payment-form-server --port 0 ");
    let running = greeted(&mut shell(&start, folder.path(), vendor_key));
    let ask = ask.replace("127.0.0.1:8080", &running.address.to_string());
    let output = shell(&ask, folder.path(), vendor_key).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let answers = String::from_utf8(output.stdout).unwrap();
    assert!(answers.trim_end().ends_with("[]"), "no attempt is unknown: {answers}");
    assert_eq!(vendor.value::<i64>(made), 1, "{answers}");
}

#[test]
fn commands_of_the_page_about_fusebill_run() {
    let made = "SELECT count(*) FROM payments WHERE id > 7613585 AND amount = '50.78'";
    check(include_str!("../../../docs/fusebill.md"), "https://secure.fusebill.com", "demo-key", made);
}

#[test]
fn commands_of_the_page_about_maiascore_run() {
    let made = "SELECT count(*) FROM due_items WHERE created_by <> 'seed' AND amount_paid = '50.25'";
    check(include_str!("../../../docs/maiascore.md"), "https://maiascore.com", "demo-token", made);
}
