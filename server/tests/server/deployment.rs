//! Tests the examples of `docs/operations.md` with the programs that they are for, where this machine has them.

use super::{
    bench::Folder,
    process::{PROGRAM, ServerProcess, greeted},
};
use payment_form_server::vendor::EXCHANGE_MAX;
use serde_json::Value;
use std::{
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Output},
    time::{Duration, Instant},
};

const OPERATIONS: &str = include_str!("../../../docs/operations.md");
const DOCKERFILE: &str = include_str!("../../../Dockerfile");
const TOKEN: &str = "a-token-of-a-program";
const KEY: &str = "through-a-proxy-01";
const ELEMENT: &str = "export const form = 1;\n";

/// The block after this heading.
fn block(heading: &str) -> String {
    let section = OPERATIONS.split(&format!("\n## {heading}\n")).nth(1).expect(heading);
    let block = section.split("```").nth(1).unwrap();
    block.split_once('\n').unwrap().1.to_owned()
}

/// Runs a program; `None` where this machine lacks it.
fn run(program: &str, arguments: &[&str], folder: &Path) -> Option<Output> {
    let ended = Command::new(program).args(arguments).current_dir(folder).env("HOME", folder).output();
    ended.map_err(|_| println!("skipped: {program} is not installed")).ok()
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A server with a file of the package.
fn server(folder: &Folder) -> ServerProcess {
    std::fs::create_dir_all(folder.path().join("dist/pkg")).unwrap();
    std::fs::write(folder.path().join("dist/pkg/element.js"), ELEMENT).unwrap();
    let mut command = Command::new(PROGRAM);
    command.args(["--port", "0", "--quiet", "--trusted-proxy", "127.0.0.1", "--db"]).arg(folder.path().join("ledger.sqlite"));
    command.arg("--dist").arg(folder.path().join("dist"));
    greeted(command.env("PAYMENT_FORM_TOKEN", TOKEN).env_remove("DATABASE_URL"))
}

/// A proxy that ends with the test.
struct Proxy(Child);

impl Proxy {
    fn start(command: &mut Command, port: u16) -> Self {
        let mut proxy = Self(command.spawn().unwrap());
        let deadline = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert_eq!(proxy.0.try_wait().unwrap(), None, "the proxy ended");
            assert!(Instant::now() < deadline, "the proxy does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        proxy
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let id = self.0.id().to_string();
        // A signal lets nginx end its own processes.
        let _ = Command::new("kill").args(["-TERM", &id]).status();
        let _ = self.0.wait();
    }
}

/// Writes a payment of nearly 2 MiB, and names it as curl does.
fn path_of_a_large_body(folder: &Path) -> String {
    let reference = "x".repeat(2 * 1024 * 1024 - 200);
    let body =
        format!(r#"{{"customerId":655080,"amount":5,"paymentMethod":"Cash","source":"Manual","reference":"{reference}"}}"#);
    std::fs::write(folder.join("large.json"), body).unwrap();
    format!("@{}", folder.join("large.json").display())
}

/// Loads a file of the form over TLS, and pays twice with one key: the second answer is the first one.
#[track_caller]
fn load_and_pay_twice(port: u16, arguments: &[&str], folder: &Path) {
    let element = format!("https://localhost:{port}/pkg/element.js");
    // Caddy listens before its certificate is made.
    let mut load =
        vec!["--silent", "--fail", "--max-time", "20", "--retry", "20", "--retry-delay", "1", "--retry-all-errors", &element];
    load.extend(arguments);
    let loaded = run("curl", &load, folder).expect("curl");
    assert_eq!(String::from_utf8_lossy(&loaded.stdout), ELEMENT, "the proxy passes the form's files on");
    let address = format!("https://localhost:{port}/v1/payments/");
    let body = r#"{"customerId":655080,"amount":5,"paymentMethod":"Cash","source":"Manual"}"#;
    let (authorization, key) = (format!("Authorization: Bearer {TOKEN}"), format!("Idempotency-Key: {KEY}"));
    let [first, second] = [(); 2].map(|()| {
        let mut all = vec!["--silent", "--include", "--http1.1", "--max-time", "20", &address];
        all.extend(["--header", &authorization, "--header", &key, "--header", "Content-Type: application/json", "--data", body]);
        all.extend(arguments);
        let answer = String::from_utf8(run("curl", &all, folder).expect("curl").stdout).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {answer}"));
        (head.to_ascii_lowercase(), serde_json::from_str::<Value>(body).unwrap())
    });
    assert!(first.0.starts_with("http/1.1 200") && !first.0.contains("idempotent-replayed"), "{}", first.0);
    assert!(first.0.contains("strict-transport-security: max-age="), "the server knows of TLS: {}", first.0);
    assert!(second.0.contains("idempotent-replayed: true"), "{}", second.0);
    assert_eq!(first.1, second.1);
    let large = path_of_a_large_body(folder);
    let mut all = vec!["--silent", "--write-out", "\n%{http_code}", "--http1.1", "--max-time", "20", &address];
    all.extend(["--header", &authorization, "--header", "Content-Type: application/json", "--data-binary", &large]);
    all.extend(arguments);
    let answer = String::from_utf8(run("curl", &all, folder).expect("curl").stdout).unwrap();
    assert!(
        answer.ends_with("\n400") && answer.contains("payment.Reference"),
        "the server itself refuses the long reference: {answer}"
    );
    assert!(first.1["uri"].as_str().is_none_or(|uri| uri.starts_with(&format!("https://localhost:{port}/"))), "{}", first.1);
}

#[test]
fn form_and_payment_go_through_the_nginx_example() {
    let folder = Folder::new();
    let path = folder.path();
    let program = if Path::new("/usr/sbin/nginx").exists() { "/usr/sbin/nginx" } else { "nginx" };
    let subject = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"];
    let files = ["-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "cert.pem"];
    let tools = [(program, &["-v"][..]), ("curl", &["--version"]), ("openssl", &[&subject[..], &files].concat())];
    if tools.iter().any(|(tool, arguments)| run(tool, arguments, path).is_none()) {
        return;
    }
    let (server, port) = (server(&folder), free_port());
    let location = block("nginx").replace("127.0.0.1:8080", &server.address.to_string());
    let directory = path.display();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|name| format!("{name}_temp_path {directory}/{name};\n"))
        .collect();
    let configuration = format!(
        "daemon off;\npid {directory}/pid;\nerror_log {directory}/error.log;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}server {{\n\
         listen 127.0.0.1:{port} ssl;\nssl_certificate {directory}/cert.pem;\nssl_certificate_key {directory}/key.pem;\n{location}}}\n}}\n"
    );
    std::fs::write(path.join("nginx.conf"), configuration).unwrap();
    let log = path.join("error.log");
    let _nginx = Proxy::start(Command::new(program).arg("-e").arg(&log).arg("-c").arg(path.join("nginx.conf")), port);
    load_and_pay_twice(port, &["--cacert", "cert.pem"], path);
}

#[test]
fn form_and_payment_go_through_the_caddy_example() {
    let folder = Folder::new();
    let path = folder.path();
    if [("caddy", "version"), ("curl", "--version")].iter().any(|(tool, argument)| run(tool, &[argument], path).is_none()) {
        return;
    }
    let (server, port) = (server(&folder), free_port());
    let example = block("Caddy").replace("127.0.0.1:8080", &server.address.to_string());
    // A certificate of Caddy's own, which nobody has to answer for.
    let example = example.replace("pay.example.com {", &format!("https://localhost:{port} {{\n    tls internal"));
    let settings = format!(
        "{{\n admin off\n skip_install_trust\n auto_https disable_redirects\n storage file_system {}\n}}\n",
        path.join("caddy").display()
    );
    std::fs::write(path.join("Caddyfile"), settings + &example).unwrap();
    let mut caddy = Command::new("caddy");
    caddy.args(["run", "--adapter", "caddyfile", "--config", "Caddyfile"]).current_dir(path).env("HOME", path);
    let quiet = caddy.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
    let _caddy = Proxy::start(quiet, port);
    load_and_pay_twice(port, &["--insecure"], path);
}

#[test]
fn unit_of_systemd_is_accepted() {
    let folder = Folder::new();
    let unit = block("systemd").replace("/usr/local/bin/payment-form-server", PROGRAM);
    std::fs::write(folder.path().join("payment-form.service"), unit).unwrap();
    let arguments = ["verify", "--man=no", "./payment-form.service"];
    let Some(checked) = run("systemd-analyze", &arguments, folder.path()) else { return };
    let words = String::from_utf8_lossy(&checked.stderr);
    let ours: Vec<&str> = words.lines().filter(|line| line.contains("payment-form")).collect();
    assert!(checked.status.success() && ours.is_empty(), "{words}");
}

/// A payment before MaiaScore asks the vendor twice.
#[test]
fn proxies_of_the_examples_wait_for_the_longest_answer() {
    for (heading, option) in [("nginx", "proxy_read_timeout "), ("Caddy", "response_header_timeout ")] {
        let example = block(heading);
        let seconds = example.split(option).nth(1).and_then(|rest| rest.split('s').next()).expect(option);
        assert!(seconds.parse::<u64>().unwrap() > 2 * EXCHANGE_MAX.as_secs(), "{heading}");
    }
}

#[test]
fn container_is_healthy_while_its_server_answers() {
    let line = DOCKERFILE.lines().find_map(|line| line.strip_prefix("HEALTHCHECK CMD ")).expect("a health check");
    let command: Vec<String> = serde_json::from_str(line).unwrap();
    let folder = Folder::new();
    let server = server(&folder);
    let is_healthy = |port: u16| {
        let mut check = Command::new(&command[0]);
        check.args(&command[1..]).env("PAYMENT_FORM_PORT", port.to_string()).output().unwrap().status.success()
    };
    assert!(is_healthy(server.address.port()));
    let port = server.address.port();
    drop(server);
    assert!(!is_healthy(port));
}

#[test]
fn container_reads_its_keys_and_believes_its_own_gateway() {
    let example = block("Docker");
    let word_after = |text: &str, option: &str| -> String {
        let rest = text.split(option).nth(1).expect(option);
        rest.split_whitespace().next().unwrap().to_owned()
    };
    let user = word_after(DOCKERFILE, "useradd --system --uid ");
    assert_eq!(example.matches(&format!("--owner {user} ")).count(), 2, "the folder and the keys are the user's");
    assert_eq!(word_after(&example, "--env PAYMENT_FORM_TRUSTED_PROXY="), word_after(&example, "--gateway "));
    assert_eq!(word_after(&example, "--network "), "payment-form");
}
