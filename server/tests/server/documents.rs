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
    shell.args(["-e", "-c", script]).current_dir(folder).env("PATH", path).env("PORTAL_TOKEN", "a-token-of-the-portal");
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

/// The documents that name options, variables and paths of the program.
const DOCUMENTS: [&str; 6] = [
    include_str!("../../../Dockerfile"),
    include_str!("../../../docs/operations.md"),
    include_str!("../../../docs/server.md"),
    include_str!("../../../docs/fusebill.md"),
    include_str!("../../../docs/maiascore.md"),
    include_str!("../../README.md"),
];
/// Options of cargo, curl, docker, install and Debian's programs.
const FOREIGN_OPTIONS: &str = "--create-home --data --decisions --directory --env --fail --features --from --gateway --header \
                               --home-dir --lines --mode --network --no-install-recommends --only --owner --publish --quiet --schedules \
                               --server --silent --subnet --system --tag --uid --volume --yes";
/// Variables that no option has: secrets, and the lengths of campaigns.
const OTHER_VARIABLES: [&str; 5] = ["CONFIG", "KEY", "RESTARTS", "STORMS", "TOKEN"];

/// The words of a text that begin like this, each up to the first character that is not part of a name.
fn names<'a>(text: &'a str, beginning: &'a str) -> impl Iterator<Item = &'a str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let name = move |rest: &'a str| {
        rest.split(|c| !is_name(c)).next().filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
    };
    text.split(beginning).skip(1).filter_map(name)
}

#[test]
fn option_variable_or_key_in_the_documents_is_one_of_the_program() {
    let help = String::from_utf8(Command::new(PROGRAM).arg("--help").output().unwrap().stdout).unwrap();
    let options: Vec<&str> = names(&help, " --").collect();
    assert!(options.contains(&"trusted-proxy"), "{help}");
    let foreign: Vec<&str> = names(FOREIGN_OPTIONS, "--").collect();
    for document in DOCUMENTS {
        for name in [" --", "`--", "(--"].iter().flat_map(|beginning| names(document, beginning)).filter(|name| !name.is_empty())
        {
            assert!(options.contains(&name) || foreign.contains(&name), "--{name} is no option");
        }
        for name in names(document, "PAYMENT_FORM_") {
            let option = name.replace('_', "-").to_ascii_lowercase();
            assert!(options.contains(&option.as_str()) || OTHER_VARIABLES.contains(&name), "PAYMENT_FORM_{name} is no variable");
        }
        for block in document.split("```toml\n").skip(1) {
            let table: toml::Table = block.split("```").next().unwrap().parse().unwrap();
            for name in table.keys() {
                assert!(options.contains(&name.as_str()), "{name} is no option of the configuration file");
            }
        }
    }
}

#[test]
fn proxies_of_the_documents_pass_every_route_on() {
    let operations = include_str!("../../../docs/operations.md");
    let nginx = operations.split("location ~ ^/(").nth(1).and_then(|rest| rest.split(')').next()).unwrap();
    let nginx: Vec<&str> = nginx.split('|').collect();
    let caddy = operations.split("@api path ").nth(1).and_then(|rest| rest.lines().next()).unwrap();
    let caddy: Vec<&str> = caddy.split_whitespace().collect();
    let is_private = |path: &&str| !["/healthz", "/readyz", "/metrics", "/openapi.json", "/bench/invoices"].contains(path);
    let mut count = 0;
    // The form's own files come from the server, too.
    for path in payment_form_server::routes::paths().filter(is_private).chain(["/pkg/element.js"]) {
        let first = path.split('/').nth(1).unwrap();
        assert!(nginx.contains(&first), "nginx passes {path} on");
        let is_passed = |pattern: &&str| match pattern.strip_suffix('*') {
            Some(beginning) => path.starts_with(beginning),
            None => path == *pattern,
        };
        assert!(caddy.iter().any(is_passed), "Caddy passes {path} on");
        count += 1;
    }
    assert!(count > 10, "{count}");
}
