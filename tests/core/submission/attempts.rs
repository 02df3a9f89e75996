//! Tests when an attempt begins, the steps before it, and the view of an earlier page's attempt.

use crate::submission::form::*;
use payment_form::submission::{Command, Event, Notice, Protection, RestoredAttempt, Settings, State};

#[test]
fn offline_press_begins_no_attempt() {
    let mut form = Form::new(vouched());
    form.apply(Event::Submit { intent: Box::new(intent(KEY)), online: false });
    assert_eq!((form.state(), form.view().notice), (State::Ready, Some(Notice::Offline)));
    assert!(form.commands.is_empty());
    form.pay().fails().take();
    form.apply(Event::Retry { online: false });
    assert_eq!((form.state(), form.view().notice, form.commands.len()), (State::Unknown, Some(Notice::Offline), 0));
}

#[test]
fn request_that_never_left_is_no_attempt() {
    let mut form = Form::new(vouched());
    form.pay();
    let number = form.last_request();
    form.apply(Event::NotSent { number });
    assert_eq!((form.state(), form.view().notice), (State::Ready, Some(Notice::NotSent)));
    assert!(form.has_command(|command| matches!(command, Command::Forget)));
    assert!(form.has_command(|command| matches!(command, Command::ForgetPayment(_))));

    // But the send before it may have paid.
    let mut form = Form::new(vouched());
    form.pay().fails().retry();
    let number = form.last_request();
    form.apply(Event::NotSent { number });
    assert_eq!(form.state(), State::Unknown);

    let mut form = Form::new(vouched());
    form.pay().says(held(401)).retry();
    let number = form.last_request();
    form.apply(Event::NotSent { number });
    assert_eq!((form.state(), form.view().notice), (State::Held, Some(Notice::NotSent)));
}

#[test]
fn a_review_comes_before_anything_else() {
    let mut form = Form::new(Settings { confirms: true, ..vouched() });
    form.press();
    assert_eq!(form.state(), State::Reviewing);
    assert!(form.view().is_locked && form.view().may_cancel && form.view().attempt == Some(KEY));
    form.apply(Event::Cancel);
    assert_eq!(form.state(), State::Ready);
    form.press().apply(Event::Confirm { online: false });
    assert_eq!((form.state(), form.view().notice), (State::Reviewing, Some(Notice::Offline)));
    form.apply(Event::Confirm { online: true }).apply(Event::Confirm { online: true }).granted();
    assert_eq!(form.sends().len(), 1);
}

#[test]
fn a_refused_payment_is_no_recent_one() {
    let mut form = Form::new(vouched());
    form.pay();
    assert!(form.has_command(|command| *command == Command::RememberPayment(fingerprint())));
    form.echoes(rejected(400));
    assert!(form.has_command(|command| *command == Command::ForgetPayment(fingerprint())));
    let mut form = Form::new(vouched());
    form.pay().echoes(recorded());
    assert!(!form.has_command(|command| matches!(command, Command::ForgetPayment(_))));
}

#[test]
fn sent_values_are_shown_only_for_an_earlier_pages_attempt() {
    let mut form = Form::new(resolving());
    form.pay().fails();
    assert_eq!((form.state(), form.view().restored), (State::Unknown, None));

    let mut form = Form::new(resolving());
    form.restore(pending(Protection::Honoured));
    assert_eq!(form.view().restored, Some(&sent().expected));
    form.retry();
    assert_eq!((form.state(), form.view().restored), (State::Submitting, Some(&sent().expected)));
    form.echoes(recorded());
    assert_eq!((form.state(), form.view().restored), (State::Recorded, None));
}

#[test]
fn attempt_without_its_bytes_uses_the_key_only() {
    let stored = RestoredAttempt::Key { key: KEY.into(), started: Some(START) };
    let mut form = Form::new(resolving());
    form.apply(Event::Restored { stored: stored.clone(), sent: None }).granted().retry();
    assert_eq!((form.state(), form.sends().len()), (State::Unknown, 0));
    form.apply(Event::Cancel).echoes(recorded_differently());
    assert_eq!(form.state(), State::Recorded);
    assert!(form.view().differences.is_empty(), "there is nothing to compare with");

    // Without a start its age is in doubt, and the server may have forgotten it.
    let mut form = Form::new(resolving());
    form.apply(Event::Restored { stored: RestoredAttempt::Key { key: KEY.into(), started: None }, sent: None }).granted();
    assert!(!form.view().may_cancel);
}
