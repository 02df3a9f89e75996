//! Tests the rules of the feed about presses (F7 to F10), as a table of scripts.

use super::rules::{LISTS, check_all};
use crate::statement_feed::{page::sources, script::run};
use payment_form::statement_feed::{BalanceNotice, StatementFeed};

#[test]
fn f7_a_payment_rests_on_lists_of_the_last_minute() {
    let reread = "reread, loading, wait 60000, read /invoices in round 2, read /methods in round 2";
    check_all(&[
        ("LISTS pay", "grant pay"),
        ("LISTS insist", "grant insist"),
        ("LISTS +60s pay", "grant pay"),
        ("LISTS +61s pay", reread),
        ("LISTS +61s insist", reread),
        ("LISTS reviewing +61s confirm", reread),
        // The methods are as old as their own list.
        ("start i=same +40s m=7 +30s pay", "reread, loading, wait 60000, read /invoices in round 2, read /methods in round 2"),
        // A newer list counts as read when it is shown, together with the other list of its round.
        ("LISTS +61s refresh i=paid pay", "reread, wait 60000, read /invoices in round 3, read /methods in round 3"),
        ("LISTS +61s give-i=same pay", "reread, loading, wait 60000, read /methods in round 2"),
        ("LISTS +61s give-i=same give-m=7 pay", "grant pay"),
        // A recorded payment changed the balances.
        ("LISTS submitting recorded ready pay", reread),
        (
            "LISTS submitting recorded refresh ready pay",
            "reread, wait 60000, read /invoices in round 3, read /methods in round 3",
        ),
        ("LISTS submitting recorded refresh i=paid m=7 ready pay", "grant pay"),
        ("LISTS submitting rejected pay", "grant pay"),
        // A clock that was set back tells no age.
        ("LISTS -61s pay", reread),
        ("LISTS +61s pay i=same", ""),
        ("LISTS +61s pay i=same m=7", "ready, show listed 1=60.00 2=40.50 by [7], done, grant pay"),
        ("LISTS reviewing +61s confirm i=same m=7", "ready, show listed 1=60.00 2=40.50 by [7], done, grant confirm"),
        // A press that waits is the only one.
        ("LISTS +61s pay pay", ""),
        ("LISTS +61s pay +61s insist", ""),
        // Offline nothing can be read, and the submission machine says so.
        ("LISTS +61s pay-offline", "grant pay"),
        // A list of the page sends nothing before those of the addresses are there.
        ("LISTS +61s pay give-m=7", "await the task's end, show listed 1=60.00 2=40.50 by [7]"),
        ("LISTS +61s pay give-m=7 i=same", "ready, show listed 1=60.00 2=40.50 by [7], done, grant pay"),
        // So does a refresh: the press waits for its round.
        ("LISTS +61s pay refresh i2=same", ""),
        ("LISTS +61s pay refresh i=same m=7", "ready, show listed 1=60.00 2=40.50 by [7], resolve, done, grant pay"),
    ]);
}

#[test]
fn f7_press_before_the_first_invoices_is_ignored() {
    check_all(&[
        ("start pay", ""),
        ("start give-i=same pay", "grant pay"),
        ("maiascore start pay", "grant pay"),
        ("start i=fails m=7 pay", "problems"),
        ("start i=fails m=7 on-account pay", "grant pay"),
    ]);
    let early = run("start");
    assert!(early.feed.is_busy() && StatementFeed::awaits_invoices(sources().api, early.load, &early.statement));
    assert!(!run(LISTS).feed.is_busy());
}

#[test]
fn a_press_that_does_not_fit_is_ignored() {
    check_all(&[
        ("LISTS confirm", ""),
        ("LISTS reviewing pay", ""),
        ("LISTS submitting pay", ""),
        ("LISTS recorded pay", ""),
        ("LISTS rejected pay", "grant pay"),
        ("LISTS amount=x pay", "problems"),
        ("LISTS +61s amount=x pay", "problems"),
    ]);
}

#[test]
fn f8_a_changed_balance_or_share_is_told_and_nothing_is_sent() {
    let changed = "tell balances 1; shares 1 2";
    check_all(&[
        ("LISTS +61s pay i=paid m=7", &format!("ready, show listed 1=50.00 2=40.50 by [7], done, {changed}")),
        ("LISTS +61s pay i=more m=7", "ready, show listed 1=60.00 2=40.50 3=5.00 by [7], done, tell balances 3; shares "),
        ("LISTS on-account +61s pay i=paid m=7", "ready, show listed 1=50.00 2=40.50 by [7], done, tell balances 1; shares "),
        ("LISTS +61s pay give-i=paid", &format!("await the task's end, show listed 1=50.00 2=40.50 by [7], done, {changed}")),
        // The next press pays by what is shown.
        ("LISTS +61s pay i=paid m=7 pay", "tell nothing, grant pay"),
        // Without a press there is no notice.
        ("LISTS refresh i=paid m=7", "ready, show listed 1=50.00 2=40.50 by [7], resolve"),
        ("LISTS give-i=paid", "await the task's end, show listed 1=50.00 2=40.50 by [7]"),
        // A change is told even where the other list does not come.
        ("LISTS +61s pay m=fails i=paid", &format!("failed, show listed 1=50.00 2=40.50 by [7], done, {changed}")),
        // A draft that is no payment any more is not sent.
        ("LISTS by-card +61s pay i=same m=9", "ready, show listed 1=60.00 2=40.50 by [9], done, problems"),
    ]);
}

#[test]
fn f8_a_review_of_changed_balances_ends() {
    let changed = "tell balances 1; shares 1 2";
    check_all(&[
        (
            "LISTS reviewing give-i=paid",
            &format!("await the task's end, show listed 1=50.00 2=40.50 by [7], end review, {changed}"),
        ),
        ("LISTS reviewing give-i=same", "await the task's end, show listed 1=60.00 2=40.50 by [7]"),
        (
            "LISTS reviewing +61s confirm i=paid m=7",
            &format!("ready, show listed 1=50.00 2=40.50 by [7], done, end review, {changed}"),
        ),
        (
            "LISTS reviewing +61s confirm m=fails i=paid",
            &format!("failed, show listed 1=50.00 2=40.50 by [7], done, end review, {changed}"),
        ),
        ("LISTS by-card reviewing give-m=9", "await the task's end, show listed 1=60.00 2=40.50 by [9], end review, problems"),
        ("LISTS reviewing give-i=unreadable", "await the task's end, failed, show missing by [7], end review"),
    ]);
}

#[test]
fn f9_failed_list_is_told_and_the_next_press_pays() {
    let expected = "done, tell unchecked";
    check_all(&[
        ("LISTS +61s pay timed-out", &format!("failed, show listed 1=60.00 2=40.50 by [7], {expected}")),
        (
            "LISTS +61s pay m=7 i=fails",
            &format!("warn: the address fails, failed, show listed 1=60.00 2=40.50 by [7], {expected}"),
        ),
        ("LISTS reviewing +61s confirm timed-out", &format!("failed, show listed 1=60.00 2=40.50 by [7], {expected}")),
        ("LISTS +61s pay timed-out pay", "tell nothing, grant pay"),
        ("LISTS reviewing +61s confirm timed-out confirm", "tell nothing, grant confirm"),
        ("LISTS +61s pay timed-out +60s pay", "tell nothing, grant pay"),
        (
            "LISTS +61s pay timed-out +61s pay",
            "tell nothing, reread, loading, wait 60000, read /invoices in round 3, read /methods in round 3",
        ),
        // A refresh removes the notice, and its failure is a different notice.
        (
            "LISTS +61s pay timed-out refresh",
            "loading, tell nothing, wait 60000, read /invoices in round 3, read /methods in round 3",
        ),
        (
            "LISTS +61s pay timed-out refresh timed-out pay",
            "reread, loading, wait 60000, read /invoices in round 4, read /methods in round 4",
        ),
        // A list that is not known any more is no change of a balance.
        (
            "LISTS on-account +61s pay m=7 i=twice",
            &format!("warn: Invoice 1 is listed twice., failed, show missing by [7], {expected}"),
        ),
        // A list that was missing before the press takes nothing away.
        (
            "start i=fails m=7 on-account +61s pay m=7 i=fails",
            &format!("warn: the address fails, failed, show missing by [7], {expected}"),
        ),
        ("start i=fails m=7 on-account +61s pay m=7 i=fails pay", "tell nothing, grant pay"),
    ]);
}

#[test]
fn f10_a_press_ends_with_its_state_and_its_configuration() {
    check_all(&[
        ("LISTS +61s pay withdrawn", "done"),
        ("LISTS +61s pay withdrawn i=same m=7", "ready, show listed 1=60.00 2=40.50 by [7]"),
        ("LISTS +61s pay reset", "done"),
        ("LISTS reviewing +61s confirm ready", "done"),
        ("LISTS +61s pay restored", "done"),
        ("LISTS +61s pay customer=2", "done, wait 60000, read /invoices in round 4, read /methods in round 4, show missing"),
        ("LISTS withdrawn", ""),
        ("LISTS +61s pay i=paid m=7 withdrawn", ""),
        ("LISTS +61s pay i=paid m=7 reset", "tell nothing"),
        ("LISTS +61s pay timed-out reset", "tell nothing"),
    ]);
}

#[test]
fn a_notice_stands_until_the_next_press() {
    let page = run("start i=same m=7 +61s pay i=paid m=7");
    assert!(matches!(&page.notice, BalanceNotice::Changed { balances, shares } if balances.len() == 1 && shares.len() == 2));
    assert_eq!(
        run("start i=same m=7 +61s pay i=paid m=7 refresh i=paid m=7").notice,
        page.notice,
        "a refresh takes nothing back"
    );
    assert_eq!(run("start i=same m=7 +61s pay i=paid m=7 amount=x pay").notice, BalanceNotice::None);
    assert_eq!(run("start i=same m=7 +61s pay timed-out i=paid m=7").notice, BalanceNotice::Unchecked);
}
