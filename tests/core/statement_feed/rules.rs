//! Tests each rule of the feed (`src/statement_feed/mod.rs`) by its number, as a table of scripts.

use crate::statement_feed::{
    page::{Page, sources},
    script::{check, run},
};
use payment_form::{
    domain::statement::ListState,
    statement_feed::{Event, HostList, Load, Sources, StatementFeed},
};

/// Both lists are there.
pub const LISTS: &str = "start i=same m=7";

#[track_caller]
pub fn check_all(table: &[(&str, &str)]) {
    for (script, expected) in table {
        check(&script.replace("LISTS", LISTS), expected);
    }
}

#[test]
fn a_round_asks_each_address_and_shows_both_lists_at_once() {
    check_all(&[
        ("start", "wait 60000, read /invoices in round 1, read /methods in round 1"),
        ("timeout=1000 start", "wait 10000, read /invoices in round 1, read /methods in round 1"),
        ("no-methods-src start", "wait 60000, read /invoices in round 1"),
        ("start i=same", ""),
        ("start m=7", ""),
        ("start i=same m=7", "ready, show listed 1=60.00 2=40.50 by [7]"),
        ("start i=none m=none", "ready, show listed by []"),
        ("start refresh m=7 i=same", "ready, show listed 1=60.00 2=40.50 by [7], resolve"),
        ("no-methods-src start i=same", "ready, show listed 1=60.00 2=40.50"),
    ]);
}

#[test]
fn page_without_lists_and_addresses_has_no_known_balances() {
    check_all(&[
        ("no-invoices-src no-methods-src start", "ready, show notgiven"),
        ("no-invoices-src start m=7", "ready, show notgiven by [7]"),
        ("no-invoices-src no-methods-src start give-i=none", "await the task's end, show listed"),
        ("no-invoices-src no-methods-src start give-i=same give-i=nothing", "show notgiven"),
    ]);
}

#[test]
fn f1_a_given_list_counts_before_its_address() {
    let mut page = Page::new(sources());
    page.apply(Event::Started { invoices: HostList::List(Vec::new()), methods: HostList::Unreadable });
    assert_eq!((page.load, page.feed.is_stale(u64::MAX)), (Load::Refused, false), "no address is asked");

    check_all(&[
        // An answer under way is older than the page's list.
        ("start give-i=same", "await the task's end, show listed 1=60.00 2=40.50"),
        ("start give-i=same i=none", ""),
        ("start give-i=same m=7", "ready, show listed 1=60.00 2=40.50 by [7]"),
        ("start m=7 give-i=same", "await the task's end, ready, show listed 1=60.00 2=40.50 by [7]"),
        // Only lists that the page did not give are read again.
        ("LISTS give-i=same refused", "loading, wait 60000, read /methods in round 2"),
        ("LISTS give-m=9 refused", "loading, wait 60000, read /invoices in round 2"),
        ("LISTS give-i=same give-m=9 refused", "show listed 1=60.00 2=40.50 by [9]"),
        // The page's list counts until the page takes it back, or asks for a refresh.
        (
            "LISTS give-i=paid give-i=nothing",
            "loading, wait 60000, read /invoices in round 2, read /methods in round 2, show missing by [7]",
        ),
        ("start give-i=nothing", "wait 60000, read /invoices in round 2, read /methods in round 2, show missing"),
        // A list that the page did not give is not taken back.
        (
            "LISTS give-i=nothing",
            "loading, wait 60000, read /invoices in round 2, read /methods in round 2, show listed 1=60.00 2=40.50 by [7]",
        ),
        ("LISTS give-i=paid refresh", "loading, wait 60000, read /invoices in round 2, read /methods in round 2"),
        ("LISTS give-i=paid refresh i=same m=7", "ready, show listed 1=60.00 2=40.50 by [7], resolve"),
    ]);
}

#[test]
fn f2_an_answer_of_an_earlier_round_changes_nothing() {
    check_all(&[
        ("start refresh i1=same", ""),
        ("start refresh i1=fails", ""),
        ("start refresh i=same m1=7", ""),
        ("start refresh timed-out=1", ""),
        ("LISTS i=paid", ""),
        ("LISTS m=fails", ""),
        ("LISTS timed-out", ""),
        ("LISTS customer=2 i1=same", ""),
    ]);
}

#[test]
fn f3_each_round_ends() {
    check_all(&[
        ("start i=same m=fails", "warn: the address fails, failed, show listed 1=60.00 2=40.50"),
        ("start m=7 i=fails", "warn: the address fails, failed, show missing by [7]"),
        ("start i=fails m=7", "failed, show missing by [7]"),
        ("start timed-out", "failed, show missing"),
        ("start i=same timed-out", "failed, show listed 1=60.00 2=40.50"),
        // An answer after the timeout still counts, and at once.
        ("start timed-out i=same", "show listed 1=60.00 2=40.50"),
        ("start timed-out i=same m=7", "ready, show listed 1=60.00 2=40.50 by [7]"),
        ("start timed-out timed-out", ""),
        ("start timed-out refresh", "loading, wait 60000, read /invoices in round 2, read /methods in round 2"),
        // Older lists stay where newer ones do not come.
        ("LISTS refresh i=fails m=9", "failed, show listed 1=60.00 2=40.50 by [9], resolve"),
        ("LISTS refresh timed-out", "failed, show listed 1=60.00 2=40.50 by [7], resolve"),
        // A list of the page replaces the list that its address did not give.
        ("no-methods-src start i=fails give-i=same", "await the task's end, ready, show listed 1=60.00 2=40.50"),
        ("start i=fails m=fails give-i=same", "await the task's end, show listed 1=60.00 2=40.50"),
    ]);
}

#[test]
fn f4_the_lists_of_another_customer_api_or_address_go_at_once() {
    let both = "loading, wait 60000, read /invoices in round 3, read /methods in round 3";
    check_all(&[
        ("LISTS customer=2", &format!("{both}, show missing")),
        ("LISTS api=maiascore", &format!("{both}, show missing")),
        ("LISTS src-i=/other", "loading, wait 60000, read /other in round 3, read /methods in round 3, show missing by [7]"),
        (
            "LISTS src-m=/other",
            "loading, wait 60000, read /invoices in round 3, read /other in round 3, show listed 1=60.00 2=40.50",
        ),
        ("LISTS src-i=nowhere", "loading, wait 60000, read /methods in round 3, show notgiven by [7]"),
        ("LISTS currency=USD", ""),
        // A customer who is named for the first time is not another customer.
        ("nobody LISTS customer=2", &format!("{both}, show listed 1=60.00 2=40.50 by [7]")),
        ("LISTS customer=2 i=fails m=fails", "warn: the address fails, failed, show missing"),
        ("LISTS refresh customer=2", "wait 60000, read /invoices in round 4, read /methods in round 4, show missing"),
    ]);
}

#[test]
fn f4_a_given_list_goes_with_its_customer_unless_both_came_in_one_task() {
    let bare = "no-invoices-src no-methods-src start";
    for (script, expected) in [
        ("give-i=same task-end customer=2", "show notgiven"),
        ("give-i=same customer=2", "show listed 1=60.00 2=40.50"),
        ("give-i=same customer=2 task-end customer=3", "show notgiven"),
        ("give-i=unreadable task-end customer=2", "ready, show notgiven"),
        ("give-i=unreadable customer=2", "show missing"),
        ("give-m=7 task-end customer=2", "show notgiven"),
        ("give-m=7 customer=2", "show notgiven by [7]"),
        ("give-i=same task-end api=maiascore", "show listed 1=60.00 2=40.50"),
        ("give-i=same task-end src-m=/methods", "loading, wait 60000, read /methods in round 2, show listed 1=60.00 2=40.50"),
    ] {
        check(&format!("{bare} {script}"), expected);
    }
}

#[test]
fn f5_a_list_that_cannot_be_read_takes_the_older_one_away() {
    let bare = "no-invoices-src no-methods-src start";
    let mixed = "warn: The invoices are in USD and EUR: one payment can pay only one currency.";
    check_all(&[
        (&format!("{bare} give-i=same give-i=unreadable"), "await the task's end, refused, show missing"),
        (&format!("{bare} give-i=unreadable give-i=same"), "await the task's end, ready, show listed 1=60.00 2=40.50"),
        (&format!("{bare} give-i=unreadable give-i=nothing"), "ready, show notgiven"),
        (&format!("{bare} give-m=7 give-m=unreadable"), "await the task's end, refused, show notgiven"),
        (&format!("{bare} give-m=unreadable give-m=9"), "await the task's end, ready, show notgiven by [9]"),
        (&format!("{bare} give-i=mixed"), "await the task's end, show listed 1=60.00"),
        (&format!("no-currency {bare} give-i=mixed"), &format!("await the task's end, {mixed}, refused, show missing")),
        (&format!("{bare} give-i=twice"), "await the task's end, warn: Invoice 1 is listed twice., refused, show missing"),
        ("no-currency LISTS refresh i=mixed m=7", &format!("{mixed}, failed, show missing by [7], resolve")),
        ("LISTS give-m=unreadable", "await the task's end, refused, show listed 1=60.00 2=40.50"),
        // Asking its address again would help.
        ("LISTS give-i=unreadable", "await the task's end, failed, show missing by [7]"),
    ]);
}

#[test]
fn the_developer_is_told_of_a_currency_that_is_missing_or_another() {
    check_all(&[
        ("start m=7 i=euros", "ready, warn: the invoices are in EUR, whatever `currency` says., show listed 1=60.00 by [7]"),
        (
            "no-currency no-invoices-src no-methods-src start",
            "ready, show notgiven, warn: no invoice tells the currency: set the attribute `currency`.",
        ),
        ("no-currency start has-currency m=7 i=same", "ready, show listed 1=60.00 2=40.50 by [7]"),
    ]);
}

#[test]
fn mixed_currencies_without_a_named_one_are_the_reason_until_other_invoices_come() {
    for (script, expected) in [
        ("no-currency no-invoices-src no-methods-src start give-i=mixed", "USD EUR"),
        ("no-currency no-invoices-src no-methods-src start give-i=mixed give-i=same", ""),
        ("no-currency no-invoices-src no-methods-src start give-i=mixed currency=EUR", ""),
        ("no-currency start m=7 i=mixed", "USD EUR"),
        ("no-invoices-src no-methods-src start give-i=twice", ""),
        ("start m=7 i=mixed", ""),
    ] {
        let page = run(script);
        let codes: Vec<_> = page.feed.mixed_currencies().iter().map(|currency| currency.code()).collect();
        assert_eq!(codes.join(" "), expected, "{script}");
    }
}

#[test]
fn failure_names_the_list_that_could_not_be_had() {
    for (script, expected) in [
        ("start", ""),
        ("start i=same m=7", ""),
        ("start i=fails m=7", "invoices"),
        ("start i=same m=fails", "methods"),
        ("start i=fails m=fails", "invoices methods"),
        ("start i=same timed-out", "methods"),
        ("start i=same timed-out m=7", ""),
        ("start i=same m=7 refresh i=fails m=7", "invoices"),
        ("start i=same m=fails refresh", ""),
        ("start give-i=unreadable m=7", "invoices"),
        ("start i=same give-m=unreadable", "methods"),
        ("no-currency no-invoices-src no-methods-src start give-i=mixed", "invoices"),
    ] {
        let failures = run(script).feed.failures();
        let named = [("invoices", failures.invoices), ("methods", failures.methods)];
        let named: Vec<_> = named.iter().filter(|(_, failed)| *failed).map(|(name, _)| *name).collect();
        assert_eq!(named.join(" "), expected, "{script}");
    }
}

#[test]
fn another_currency_shows_the_invoices_in_it_at_once() {
    let bare = "no-invoices-src no-methods-src start give-i=mixed";
    check_all(&[
        (&format!("{bare} currency=EUR"), "show listed 2=40.50"),
        (&format!("{bare} reviewing currency=EUR"), "show listed 2=40.50, end review, tell balances 1 2; shares 1 2"),
        (&format!("{bare} submitting currency=EUR"), ""),
        (&format!("{bare} submitting currency=EUR rejected"), "show listed 2=40.50"),
    ]);
}

#[test]
fn f6_the_statement_that_an_attempt_was_sent_on_stays_until_it_is_settled() {
    check_all(&[
        ("LISTS submitting give-i=paid", "await the task's end"),
        ("LISTS submitting refresh i=paid m=7", "ready, resolve"),
        ("LISTS held give-i=unreadable", "await the task's end, failed"),
        ("LISTS submitting give-i=paid unknown", ""),
        ("LISTS submitting give-i=paid rejected", "show listed 1=50.00 2=40.50 by [7]"),
        ("LISTS submitting give-i=paid recorded", "show listed 1=50.00 2=40.50 by [7]"),
        ("LISTS submitting give-i=paid unknown resolving ready", "show listed 1=50.00 2=40.50 by [7]"),
        ("LISTS submitting rejected", ""),
        // The balances of an earlier page's attempt are unknown.
        ("LISTS restored give-i=paid", "await the task's end, show listed 1=50.00 2=40.50 by [7]"),
        ("LISTS submitting customer=2", "loading, wait 60000, read /invoices in round 3, read /methods in round 3"),
    ]);
}

#[test]
fn f11_whoever_awaits_a_refresh_hears_of_it_once() {
    check_all(&[
        ("LISTS refresh i=same m=7", "ready, show listed 1=60.00 2=40.50 by [7], resolve"),
        ("LISTS refresh timed-out i=same", "show listed 1=60.00 2=40.50 by [7]"),
        ("LISTS refresh refresh i2=same m2=7", ""),
        ("LISTS refresh customer=2", "wait 60000, read /invoices in round 4, read /methods in round 4, show missing"),
        ("LISTS refresh customer=2 i=same m=7", "ready, show listed 1=60.00 2=40.50 by [7], resolve"),
        ("no-invoices-src no-methods-src start refresh", "show notgiven, resolve"),
        ("no-invoices-src no-methods-src start give-i=same refresh", "show listed 1=60.00 2=40.50, resolve"),
    ]);
}

#[test]
fn the_page_hears_once_that_the_form_is_usable() {
    check_all(&[
        ("start mounted", "ready to use"),
        ("no-currency start mounted", ""),
        ("no-currency start mounted has-currency m=7 i=same", "ready, show listed 1=60.00 2=40.50 by [7], ready to use"),
        (
            "no-currency start mounted has-currency m=7 i=same give-i=paid",
            "await the task's end, show listed 1=50.00 2=40.50 by [7]",
        ),
        // Without a currency, once it is known that none will come.
        ("no-currency no-methods-src start mounted i=fails", "warn: the address fails, failed, show missing, ready to use"),
        ("LISTS mounted", "ready to use"),
    ]);
}

#[test]
fn feed_before_start_ignores_presses_and_reads_no_list() {
    let feed = StatementFeed::new(Sources::default());
    assert_eq!(
        (feed.load(), feed.statement().list_state(), feed.is_stale(u64::MAX)),
        (Load::Loading, ListState::NotGiven, false)
    );
}
