//! Tests changes of the host's configuration at every moment of a payment. An intent belongs to its configuration, protection and a resolve
//! call to the asked server, and a send to an open attempt.

use crate::submission::form::*;
use payment_form::{
    api::message::Outcome,
    submission::{Command, Event, Intent, Keys, Notice, Protection, RestoredAttempt, Settings, State},
};

fn elsewhere(key: &str) -> Intent {
    Intent { endpoint: "/b".into(), ..intent(key) }
}

fn aborted(form: &Form) -> Vec<u32> {
    form.commands
        .iter()
        .filter_map(|command| if let Command::Abort { number } = command { Some(*number) } else { None })
        .collect()
}

#[test]
fn edited_payment_ends_the_review() {
    let mut form = Form::new(Settings { confirms: true, ..Settings::default() });
    form.press().apply(Event::Edited);
    assert_eq!((form.state(), form.view().notice), (State::Ready, Some(Notice::Withdrawn)));
    form.apply(Event::Edited);
    assert_eq!(form.view().notice, None, "the next edit is the person's own");
    form.apply(Event::Confirm { online: true });
    assert_eq!((form.state(), form.sends().len()), (State::Ready, 0));
    // An open attempt stays as it was sent.
    form.press().apply(Event::Confirm { online: true }).granted().apply(Event::Edited);
    assert_eq!((form.state(), form.sends().len()), (State::Submitting, 1));
}

#[test]
fn echo_does_not_vouch_for_another_endpoint() {
    let mut form = Form::new(Settings::default());
    form.pay().echoes(recorded()).apply(Event::Reset).take();
    form.apply(Event::Submit { intent: Box::new(elsewhere(OTHER_KEY)), online: true }).granted().fails();
    assert_eq!(form.state(), State::Unknown);
    assert!(!form.view().honours_keys && !form.view().may_retry, "the second endpoint has shown nothing yet");

    let mut form = Form::new(Settings::default());
    form.pay().echoes(recorded()).apply(Event::Reset).take();
    form.apply(Event::Submit { intent: Box::new(intent(OTHER_KEY)), online: true }).granted().fails();
    assert!(form.view().honours_keys && form.view().may_retry, "the first one has");
}

#[test]
fn late_echo_of_the_former_endpoint_does_not_vouch_for_the_next() {
    let mut form = Form::new(Settings::default());
    form.pay();
    form.machine.configure(Settings { timeout: 5_000, ..Settings::default() });
    form.echoes(rejected(400)).take();
    form.apply(Event::Submit { intent: Box::new(elsewhere(OTHER_KEY)), online: true }).granted().fails();
    assert!(!form.view().may_retry);
}

#[test]
fn an_attempt_is_cancelled_where_it_was_sent_or_not_at_all() {
    // The host goes on to a server that has a resolve call. It has never seen the key, and would burn it.
    let mut form = Form::new(Settings::default());
    form.pay().fails();
    form.machine.configure(resolving());
    assert!(!form.view().may_cancel);
    form.apply(Event::Cancel);
    assert!(!form.has_command(|command| matches!(command, Command::Resolve(_))));

    // And the other way round: the server that was asked still has its call.
    let mut form = Form::new(resolving());
    form.pay().fails();
    form.machine.configure(Settings::default());
    assert!(form.view().may_cancel && form.view().honours_keys);

    // An earlier page's attempt was made for the server that this page has when it finds the attempt.
    let mut form = Form::new(resolving());
    form.restore(pending(Protection::Unproven));
    form.machine.configure(Settings::default());
    assert!(form.view().may_cancel && form.view().honours_keys);
}

#[test]
fn abandoned_attempt_sends_no_waiting_request() {
    let mut form = Form::new(Settings { quiet: 1_000, ..key_less() });
    form.pay();
    let (send, deadline) = (form.last_request(), form.timer());
    form.wait(60_000).apply(Event::Elapsed { number: deadline });
    assert_eq!((form.state(), aborted(&form)), (State::Unknown, vec![]), "a late answer still counts");
    form.wait(1_000).apply(Event::Check);
    let number = form.last_request();
    form.apply(Event::NotFound { number }).apply(Event::Abandon);
    assert_eq!((form.state(), aborted(&form)), (State::Ready, vec![send]));
    // Its answer, should one come, is of no interest.
    form.answered(send, true, recorded());
    assert_eq!(form.state(), State::Ready);
}

#[test]
fn settled_attempt_sends_no_waiting_request() {
    let mut form = Form::new(key_less());
    form.pay();
    let (send, deadline) = (form.last_request(), form.timer());
    form.wait(60_000).apply(Event::Elapsed { number: deadline }).apply(Event::Check).says(recorded());
    assert_eq!((form.state(), aborted(&form)), (State::Recorded, vec![send]));

    let mut form = Form::new(key_less());
    form.pay().says(recorded());
    assert!(aborted(&form).is_empty(), "an answered send needs no end");
}

#[test]
fn restored_attempt_replaces_a_refusal_but_no_open_attempt() {
    let restored = || Event::Restored { stored: RestoredAttempt::Whole(pending(Protection::Honoured)), sent: None };
    let mut form = Form::new(Settings::default());
    form.pay().says(rejected(400)).apply(restored());
    assert_eq!(form.state(), State::Unknown);
    let mut form = Form::new(Settings { keys: Keys::Required, ..Settings::default() });
    form.pay().apply(restored());
    assert_eq!(form.state(), State::Submitting);
}

#[test]
fn a_clock_that_goes_back_makes_no_wait_longer_than_the_server_asked_for() {
    let mut form = Form::new(Settings { keys: Keys::Required, ..Settings::default() });
    form.pay().says(Outcome::Held { status: 429, retry_after: Some(2), words: Vec::new() });
    let number = form.timer();
    assert!(form.has_command(|command| matches!(command, Command::Timer { ms: 2_000, number: timer } if *timer == number)));
    form.now -= 25 * 60 * 60 * 1000;
    assert_eq!((form.view().wait_seconds, form.view().may_retry), (2, false));
    form.apply(Event::Elapsed { number });
    assert_eq!((form.view().wait_seconds, form.view().may_retry, form.view().notice), (0, true, None::<Notice>));

    // A computer may sleep through its timers.
    let mut form = Form::new(resolving());
    form.pay().fails().apply(Event::Cancel).says(Outcome::Held { status: 429, retry_after: Some(5), words: Vec::new() });
    form.wait(4_000);
    assert_eq!(form.view().wait_seconds, 1);
    assert!(form.wait(1_000).view().may_retry);
}
