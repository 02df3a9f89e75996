//! Tests each rule of submission (`src/submission/mod.rs`) by its number. `submission/responses.rs` tests the rules about answers,
//! `api/outcome.rs` the class of every status (R7), and `submission/attempts.rs` the life of an attempt.

use crate::submission::form::*;
use payment_form::{
    api::message::Outcome,
    submission::{Command, Event, Keys, Notice, Protection, RestoredAttempt, Settings, State},
};

#[test]
fn r1_the_key_of_an_intent_is_used_for_all_its_sends_and_for_no_other() {
    let mut form = Form::new(vouched());
    form.pay().fails().retry().fails().retry();
    assert!(form.sends().iter().all(|send| send.key.as_deref() == Some(KEY) && send.sent.key == send.key));
    assert_eq!(form.sends().len(), 3);
    form.echoes(rejected(400));
    form.take();
    form.apply(Event::Submit { intent: Box::new(intent(OTHER_KEY)), online: true }).granted();
    assert_eq!(form.sends()[0].key.as_deref(), Some(OTHER_KEY));
}

#[test]
fn r1_a_host_that_wants_no_key_gets_none_on_the_wire() {
    let mut form = Form::new(Settings { keys: Keys::None, ..Settings::default() });
    form.pay();
    assert_eq!((form.sends()[0].key.as_deref(), form.sends()[0].sent.key.as_deref()), (None, None));
    // An echo of a key that was not sent is a coincidence at best.
    form.echoes(unknown(500));
    assert!(!form.view().honours_keys && !form.view().may_retry);
}

#[test]
fn r2_the_same_bytes_go_to_the_same_place_for_ever() {
    let mut form = Form::new(vouched());
    form.pay().fails();
    // Changed settings count for the next attempt, not for the open one.
    form.machine.configure(Settings { keys: Keys::None, ..vouched() });
    form.retry();
    let sends = form.sends();
    assert_eq!(sends.len(), 2);
    assert_eq!((&sends[0].request, &sends[0].endpoint, &sends[0].key), (&sends[1].request, &sends[1].endpoint, &sends[1].key));
    form.echoes(rejected(400)).take();
    form.apply(Event::Submit { intent: Box::new(intent(OTHER_KEY)), online: true }).granted();
    assert_eq!(form.sends()[0].key, None);
}

#[test]
fn r2_a_stored_attempt_is_sent_as_it_was_stored() {
    let stored = pending(Protection::Honoured);
    let mut form = Form::new(Settings::default());
    form.restore(stored.clone()).retry();
    let send = form.sends()[0];
    assert_eq!((&send.request, &send.endpoint, send.key.as_deref()), (&stored.request, &stored.endpoint, Some(KEY)));
}

#[test]
fn r3_the_attempt_is_stored_before_every_send() {
    let mut form = Form::new(vouched());
    form.pay();
    for sends in 1..=3 {
        let stored = form.position_of(|command| matches!(command, Command::Store(_))).unwrap();
        let sent = form.position_of(|command| matches!(command, Command::Send(_))).unwrap();
        assert!(stored < sent);
        let Command::Store(pending) = &form.commands[stored] else { unreachable!() };
        assert_eq!((pending.key.as_str(), pending.sends, pending.started), (KEY, sends, START));
        form.fails().take();
        form.wait(1_000).retry();
    }
}

#[test]
fn r3_form_without_a_store_sends_and_calls_no_reload_safe() {
    let mut form = Form::new(vouched());
    form.pay();
    assert!(form.apply(Event::Stored { is_stored: true }).view().is_reload_safe);
    assert!(!form.apply(Event::Stored { is_stored: false }).view().is_reload_safe);
    assert_eq!(form.sends().len(), 1);

    let mut form = Form::new(Settings { persists: false, ..vouched() });
    form.pay();
    assert!(!form.view().is_reload_safe);
    assert!(!form.has_command(|command| matches!(command, Command::Store(_))));
    assert_eq!(form.sends().len(), 1);
}

#[test]
fn r3_a_reload_is_called_unsafe_only_once_storing_has_failed() {
    let safety = |form: &Form| (form.view().is_reload_safe, form.view().is_reload_unsafe);
    let is_said = |form: &Form| {
        let status = payment_form::words::Words::default().status(&form.view(), None).expect("it is said");
        status.lines.iter().any(|line| line.starts_with("Do not reload"))
    };
    let mut form = Form::new(vouched());
    // Between the press and the answer of the store it is not known.
    form.press();
    assert_eq!((safety(&form), is_said(&form)), ((false, false), false));
    form.granted();
    assert_eq!((safety(&form), is_said(&form)), ((false, false), false));
    form.apply(Event::Stored { is_stored: true });
    assert_eq!((safety(&form), is_said(&form)), ((true, false), false));
    let mut form = Form::new(vouched());
    form.pay().apply(Event::Stored { is_stored: false });
    assert_eq!((safety(&form), is_said(&form)), ((false, true), true));
    // With the store switched off, the view says so from the start.
    let mut form = Form::new(Settings { persists: false, ..vouched() });
    form.pay();
    assert_eq!((safety(&form), is_said(&form)), ((false, true), true));
}

#[test]
fn r3_proof_by_an_echo_is_stored() {
    let mut form = Form::new(Settings::default());
    form.pay().take();
    form.answered(2, true, held(401));
    assert!(form.has_command(|command| matches!(command, Command::Store(pending) if pending.protection == Protection::Honoured)));
}

#[test]
fn r4_press_without_the_lock_sends_no_request() {
    let mut form = Form::new(vouched());
    form.press();
    assert!(form.has_command(|command| matches!(command, Command::Lock { .. })));
    assert!(form.sends().is_empty());
    form.apply(Event::Locked { granted: false, duplicate: None });
    assert_eq!((form.state(), form.view().notice), (State::Ready, Some(Notice::Elsewhere)));
    assert!(
        form.sends().is_empty()
            && !form.has_command(|command| matches!(command, Command::Store(_) | Command::RememberPayment(_)))
    );
}

#[test]
fn r4_the_lock_is_held_until_the_key_is_resolved() {
    let is_unlock = |command: &Command| matches!(command, Command::Unlock);
    let mut form = Form::new(resolving());
    form.pay().says(held(429)).retry().fails().retry().apply(Event::Cancel);
    assert!(!form.has_command(is_unlock));
    form.echoes(recorded());
    assert!(form.has_command(is_unlock));
}

#[test]
fn r4_an_attempt_that_another_tab_holds_is_not_touched() {
    let mut form = Form::new(resolving());
    form.apply(Event::Restored { stored: RestoredAttempt::Whole(pending(Protection::Honoured)), sent: Some(Box::new(sent())) });
    form.apply(Event::Locked { granted: false, duplicate: None });
    assert_eq!((form.state(), form.view().is_elsewhere), (State::Unknown, true));
    for event in [Event::Retry { online: true }, Event::Cancel] {
        form.apply(event).apply(Event::Locked { granted: false, duplicate: None });
        assert_eq!((form.state(), form.view().notice), (State::Unknown, Some(Notice::Elsewhere)));
    }
    assert!(!form.has_command(|command| matches!(command, Command::Send(_) | Command::Resolve(_))));
    // The other tab is closed.
    form.retry().granted();
    assert_eq!(form.sends().len(), 1);
}

#[test]
fn r4_a_lock_that_comes_too_late_is_given_back() {
    let mut form = Form::new(vouched());
    form.press().wait(60_000);
    let timer = form.timer();
    form.apply(Event::Elapsed { number: timer });
    assert_eq!((form.state(), form.view().notice), (State::Ready, Some(Notice::NotSent)));
    form.granted();
    assert!(form.has_command(|command| matches!(command, Command::Unlock)) && form.sends().is_empty());
}

#[test]
fn r4_restored_attempt_stays_open_when_the_lock_does_not_answer() {
    let whole = RestoredAttempt::Whole(pending(Protection::Honoured));
    let key = RestoredAttempt::Key { key: KEY.into(), started: None };
    for stored in [whole, key] {
        let mut form = Form::new(resolving());
        let timer = form.apply(Event::Restored { stored, sent: Some(Box::new(sent())) }).timer();
        form.wait(60_000).apply(Event::Elapsed { number: timer });
        assert_eq!(form.state(), State::Unknown);
        let timer = form.retry().timer();
        form.wait(60_000).apply(Event::Elapsed { number: timer });
        assert_eq!(form.state(), State::Unknown);
    }
}

#[test]
fn r4_the_same_payment_a_moment_later_needs_a_deliberate_press() {
    let mut form = Form::new(vouched());
    form.press().apply(Event::Locked { granted: true, duplicate: Some(duplicate(40_000)) });
    assert_eq!((form.state(), form.view().notice), (State::Ready, Some(Notice::Duplicate(duplicate(40_000)))));
    assert!(form.sends().is_empty() && form.has_command(|command| matches!(command, Command::Unlock)));
    // A second press on Pay does not insist.
    form.press().apply(Event::Locked { granted: true, duplicate: Some(duplicate(41_000)) });
    assert!(form.sends().is_empty());
    let insisting = payment_form::submission::Intent { insists: true, ..intent(OTHER_KEY) };
    form.apply(Event::Submit { intent: Box::new(insisting), online: true })
        .apply(Event::Locked { granted: true, duplicate: Some(duplicate(42_000)) });
    assert_eq!(form.sends().len(), 1);
    // The answer to an insisting press is not asked for.
    let asks = |command: &Command| if let Command::Lock { fingerprint } = command { Some(fingerprint.is_some()) } else { None };
    assert_eq!(form.commands.iter().filter_map(asks).collect::<Vec<_>>(), [true, true, false]);
}

#[test]
fn r4_restored_key_of_unknown_age_stays_open_while_another_tab_holds_the_lock() {
    let mut form = Form::new(vouched());
    let stored = RestoredAttempt::Key { key: KEY.into(), started: None };
    form.apply(Event::Restored { stored, sent: None }).apply(Event::Locked { granted: false, duplicate: None });
    assert_eq!((form.state(), form.view().notice), (State::Unknown, Some(Notice::Elsewhere)));
}

#[test]
fn insisting_works_only_for_the_payment_of_the_notice() {
    let reviewed = || {
        let mut form = Form::new(payment_form::submission::Settings { confirms: true, ..vouched() });
        form.press()
            .apply(Event::Confirm { online: true })
            .apply(Event::Locked { granted: true, duplicate: Some(duplicate(40_000)) });
        assert_eq!(form.view().notice, Some(Notice::Duplicate(duplicate(40_000))));
        form
    };
    let insist = |form: &mut Form, fingerprint| {
        let intent = payment_form::submission::Intent { insists: true, fingerprint, ..intent(OTHER_KEY) };
        form.apply(Event::Submit { intent: Box::new(intent), online: true });
        form.state()
    };
    // The payment that was asked about needs no second review.
    assert_eq!(insist(&mut reviewed(), fingerprint()), State::Submitting);
    // Another one is paid as any other: reviewed, and asked about when it was sent lately.
    assert_eq!(insist(&mut reviewed(), other_fingerprint()), State::Reviewing);
    // An edit takes the question, and with it the button, away; what is pressed all the same is a plain press.
    let mut form = reviewed();
    form.apply(Event::Edited);
    assert_eq!(form.view().notice, None);
    assert_eq!(insist(&mut form, fingerprint()), State::Reviewing);
}

#[test]
fn r9_a_late_answer_counts_wherever_the_attempt_stands() {
    let late = |form: &mut Form, number| {
        form.answered(number, true, recorded());
        assert_eq!(form.state(), State::Recorded);
    };
    let mut form = Form::new(resolving());
    form.pay().wait(60_000).apply(Event::Elapsed { number: 1 });
    assert_eq!(form.state(), State::Unknown);
    late(&mut form, 2);

    let mut form = Form::new(resolving());
    form.pay().wait(60_000).apply(Event::Elapsed { number: 1 }).retry();
    late(&mut form, 2);

    let mut form = Form::new(resolving());
    form.pay().wait(60_000).apply(Event::Elapsed { number: 1 }).apply(Event::Cancel);
    late(&mut form, 2);
}

#[test]
fn r9_late_word_that_the_only_send_did_not_leave_opens_the_fields() {
    let mut form = Form::new(vouched());
    let number = form.pay().last_request();
    form.wait(60_000).apply(Event::Elapsed { number: 1 });
    assert_eq!(form.state(), State::Unknown);
    form.apply(Event::NotSent { number });
    assert_eq!((form.state(), form.view().notice), (State::Ready, Some(Notice::NotSent)));
}

#[test]
fn r9_only_a_new_send_cancels_the_one_before() {
    let is_abort = |command: &Command| matches!(command, Command::Abort { .. });
    let mut form = Form::new(resolving());
    form.pay().wait(60_000).apply(Event::Elapsed { number: 1 }).apply(Event::Cancel).fails();
    assert!(!form.has_command(is_abort));
    form.retry();
    let abort = form.position_of(is_abort).unwrap();
    assert_eq!(form.commands[abort], Command::Abort { number: 2 });
    assert!(abort < form.position_of(|command| matches!(command, Command::Send(send) if send.number > 2)).unwrap());
    // A send that has its answer is not cancelled.
    let mut form = Form::new(resolving());
    form.pay().fails().retry();
    assert!(!form.has_command(is_abort));
}

#[test]
fn r9_answer_to_a_settled_attempt_is_ignored() {
    let mut form = Form::new(vouched());
    form.pay().echoes(rejected(400)).take();
    form.apply(Event::Submit { intent: Box::new(intent(OTHER_KEY)), online: true }).granted();
    form.answered(2, true, recorded()).apply(Event::Failed { number: 2 }).apply(Event::Elapsed { number: 1 });
    assert_eq!(form.state(), State::Submitting);
}

#[test]
fn r9_a_late_refusal_of_an_earlier_send_does_not_speak_for_the_one_under_way() {
    let mut form = Form::new(vouched());
    form.pay().wait(60_000).apply(Event::Elapsed { number: 1 }).retry();
    form.answered(2, false, held(429));
    assert_eq!(form.state(), State::Submitting);
    form.says(unknown(502));
    assert_eq!(form.state(), State::Unknown);
}

#[test]
fn r10_the_deadline_needs_no_answer() {
    let mut form = Form::new(Settings { timeout: 5_000, ..vouched() });
    form.pay();
    assert!(form.has_command(|command| *command == Command::Timer { number: 1, ms: 5_000 }));
    form.wait(5_000).apply(Event::Elapsed { number: 1 });
    assert_eq!(form.state(), State::Unknown);

    let mut form = Form::new(resolving());
    form.pay().fails().apply(Event::Cancel);
    let timer = form.timer();
    form.wait(60_000).apply(Event::Elapsed { number: timer });
    assert_eq!((form.state(), form.view().notice), (State::Unknown, Some(Notice::CheckFailed)));
}

#[test]
fn r10_deadline_of_a_send_takes_back_that_the_payment_is_held() {
    let mut form = Form::new(vouched());
    form.pay().says(held(429)).retry();
    let timer = form.timer();
    form.wait(6_500);
    assert_eq!(form.view().busy_seconds, 6);
    form.wait(60_000).apply(Event::Elapsed { number: timer });
    assert_eq!(form.state(), State::Unknown, "the second send may still pay");
}

#[test]
fn r10_resolve_call_that_does_not_leave_ends_the_wait() {
    let mut form = Form::new(resolving());
    form.pay().fails().apply(Event::Cancel);
    let number = form.last_request();
    form.apply(Event::NotSent { number });
    assert_eq!((form.state(), form.view().notice), (State::Unknown, Some(Notice::NotSent)));
}

#[test]
fn r10_pauses_do_not_move_the_deadline() {
    let mut form = Form::new(vouched());
    form.pay()
        .echoes(Outcome::InProgress { retry_after: None, words: Vec::new() })
        .wait(60_000)
        .apply(Event::Elapsed { number: 1 });
    assert_eq!(form.state(), State::Unknown);
    let pause = form.timer();
    form.apply(Event::Elapsed { number: pause });
    assert_eq!((form.state(), form.sends().len()), (State::Unknown, 1));
}

#[test]
fn r11_leaving_asks_exactly_while_a_key_is_unresolved() {
    let mut form = Form::new(resolving());
    form.press();
    assert_eq!(form.take().iter().filter(|command| **command == Command::WarnBeforeUnload(true)).count(), 1);
    form.granted().fails().retry().fails().apply(Event::Cancel);
    assert!(!form.has_command(|command| matches!(command, Command::WarnBeforeUnload(_))));
    form.echoes(rejected(410));
    assert!(form.has_command(|command| *command == Command::WarnBeforeUnload(false)));
    let mut form = Form::new(vouched());
    form.restore(pending(Protection::Honoured));
    assert!(form.has_command(|command| *command == Command::WarnBeforeUnload(true)));
}

#[test]
fn r12_a_second_press_finds_the_guard_set() {
    let mut form = Form::new(vouched());
    form.press().press();
    form.apply(Event::Submit { intent: Box::new(intent(OTHER_KEY)), online: true });
    assert_eq!(form.commands.iter().filter(|command| matches!(command, Command::Lock { .. })).count(), 1);
    form.granted().press().granted();
    assert_eq!((form.sends().len(), form.sends()[0].key.as_deref()), (1, Some(KEY)));

    let mut form = Form::new(resolving());
    form.pay().fails().retry().retry().apply(Event::Cancel).apply(Event::Cancel);
    assert_eq!(form.sends().len(), 2);
    assert!(!form.has_command(|command| matches!(command, Command::Resolve(_))));
}

#[test]
fn r12_a_reset_is_refused_while_a_key_is_unresolved() {
    let mut form = Form::new(resolving());
    form.press();
    for (step, state) in
        [("submitting", State::Submitting), ("held", State::Held), ("unknown", State::Unknown), ("resolving", State::Resolving)]
    {
        match step {
            "held" => form.granted().says(held(401)),
            "unknown" => form.retry().fails(),
            "resolving" => form.apply(Event::Cancel),
            _ => &mut form,
        };
        assert!(!form.view().may_reset);
        form.apply(Event::Reset);
        assert_eq!(form.state(), state);
    }
    form.echoes(recorded());
    assert!(form.view().may_reset);
    form.apply(Event::Reset);
    assert_eq!((form.state(), form.view().attempt), (State::Ready, None));
}
