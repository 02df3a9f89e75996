//! Reads a script of one line with a word for each event, and compares the commands of the last word with the expected ones.

use crate::statement_feed::page::{ON_ACCOUNT, Page, brief, card, invoice, sources};
use payment_form::{
    api::Api,
    domain::{
        invoice::{CustomerId, Invoice},
        money::Currency,
        statement::StoredMethod,
    },
    statement_feed::{Event, HostList, PayButton, Sources},
    submission::State,
};

/// The lists of the scripts, by their names.
fn invoices(name: &str) -> Vec<Invoice> {
    match name {
        "none" => Vec::new(),
        // As it was, with 10.00 paid on the first.
        "paid" => vec![invoice(1, 50_00, "USD"), invoice(2, 40_50, "USD")],
        // As it was, with one more.
        "more" => vec![invoice(1, 60_00, "USD"), invoice(2, 40_50, "USD"), invoice(3, 5_00, "USD")],
        "same" => vec![invoice(1, 60_00, "USD"), invoice(2, 40_50, "USD")],
        "euros" => vec![invoice(1, 60_00, "EUR")],
        "mixed" => vec![invoice(1, 60_00, "USD"), invoice(2, 40_50, "EUR")],
        "twice" => vec![invoice(1, 60_00, "USD"), invoice(1, 60_00, "USD")],
        name => panic!("no list {name}"),
    }
}

fn methods(name: &str) -> Vec<StoredMethod> {
    match name {
        "none" => Vec::new(),
        "7" => vec![card(7, "Visa")],
        "9" => vec![card(9, "Visa")],
        name => panic!("no list {name}"),
    }
}

fn host_list<T>(name: &str, list: fn(&str) -> Vec<T>) -> HostList<T> {
    match name {
        "nothing" => HostList::Absent,
        "unreadable" => HostList::Unreadable,
        name => HostList::List(list(name)),
    }
}

/// Runs a script and returns the page, with the commands of the last word.
///
/// Before `start`: `no-invoices-src`, `no-methods-src`, `no-currency`, `timeout=…`. Then events: `i=same` answers for the
/// invoices of the present round and `i1=same` for those of the first. `i=fails` is an address that fails, and `m=…` means the
/// same of methods; `timed-out` ends the round by its timeout; `+61s` lets time pass.
pub fn run(script: &str) -> Page {
    let (setup, events) = script.split_once("start").expect("a script has a start");
    let mut page = Page::new(setup.split_whitespace().fold(sources(), configured));
    page.has_currency = page.sources.currency.is_some();
    let mut round = 0;
    for word in std::iter::once("start").chain(events.split_whitespace()) {
        step(&mut page, word, round);
        round = Page::round_of(&page.commands).unwrap_or(round);
    }
    page
}

fn configured(sources: Sources, word: &str) -> Sources {
    match word.split_once('=').unwrap_or((word, "")) {
        ("no-invoices-src", _) => Sources { invoices_src: None, ..sources },
        ("no-methods-src", _) => Sources { methods_src: None, ..sources },
        ("no-currency", _) => Sources { currency: None, ..sources },
        ("nobody", _) => Sources { customer: None, ..sources },
        ("maiascore", _) => Sources { api: Api::MaiaScore, ..sources },
        ("timeout", ms) => Sources { timeout: ms.parse().unwrap(), ..sources },
        _ => panic!("no setup {word}"),
    }
}

fn step(page: &mut Page, word: &str, round: u32) {
    let (name, value) = word.split_once('=').unwrap_or((word, ""));
    let failure = || Err("the address fails".into());
    match name {
        "start" => page.apply(Event::Started { invoices: HostList::Absent, methods: HostList::Absent }),
        "mounted" => page.apply(Event::Mounted { has_currency: page.has_currency }),
        "give-i" => page.apply(Event::HostInvoices(host_list(value, invoices))),
        "give-m" => page.apply(Event::HostMethods(host_list(value, methods))),
        "task-end" => page.apply(Event::TaskEnded),
        "refresh" => page.apply(Event::Refresh),
        "refused" => page.apply(Event::Refused),
        "withdrawn" => page.apply(Event::Withdrawn),
        "reset" => page.apply(Event::Reset),
        "timed-out" => page.apply(Event::RoundTimedOut { round: value.parse().unwrap_or(round) }),
        "pay" => page.press(PayButton::Pay, true),
        "pay-offline" => page.press(PayButton::Pay, false),
        "insist" => page.press(PayButton::Insist, true),
        "confirm" => page.press(PayButton::Confirm, true),
        "by-card" => page.edit(|draft| draft.method = "stored-7".into()),
        "on-account" => page.edit(|draft| draft.order = ON_ACCOUNT),
        "amount" => page.edit(|draft| draft.amount = value.into()),
        "customer" => page.configure(|sources| sources.customer = value.parse().ok().and_then(CustomerId::new)),
        "api" => page.configure(|sources| sources.api = Api::parse(value).unwrap()),
        "src-i" => page.configure(|sources| sources.invoices_src = Some(value.into()).filter(|_| value != "nowhere")),
        "src-m" => page.configure(|sources| sources.methods_src = Some(value.into()).filter(|_| value != "nowhere")),
        "currency" => page.configure(|sources| sources.currency = Currency::from_code(value)),
        "has-currency" => page.has_currency = true,
        "restored" => page.enter(State::Unknown, true),
        name if name.starts_with('+') => page.now += name[1..].trim_end_matches('s').parse::<u64>().unwrap() * 1000,
        name if name.starts_with('-') => page.now -= name[1..].trim_end_matches('s').parse::<u64>().unwrap() * 1000,
        name if name.starts_with('i') => {
            let result = if value == "fails" { failure() } else { Ok(invoices(value)) };
            page.apply(Event::InvoicesAnswered { round: name[1..].parse().unwrap_or(round), result });
        }
        name if name.starts_with('m') => {
            let result = if value == "fails" { Err("the address fails".into()) } else { Ok(methods(value)) };
            page.apply(Event::MethodsAnswered { round: name[1..].parse().unwrap_or(round), result });
        }
        name => {
            let state = State::ALL.into_iter().find(|state| state.name() == name).unwrap_or_else(|| panic!("no step {name}"));
            page.enter(state, false);
        }
    }
}

/// Compares the commands of a script's last word with the expected ones, each in a few words.
#[track_caller]
pub fn check(script: &str, expected: &str) {
    let page = run(script);
    let commands: Vec<_> = page.commands.iter().map(brief).collect();
    assert_eq!(commands.join(", "), expected, "{script}");
}
