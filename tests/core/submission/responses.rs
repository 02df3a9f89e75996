//! Tests the rules about answers (R5, R6 and R8 of `src/submission/mod.rs`): which answers resolve a key, and which do not.

use crate::submission::form::*;
use payment_form::{
    api::message::Outcome,
    submission::{Command, Event, KEY_AGE_MAX, Keys, Notice, Protection, RestoredAttempt, Settings, State},
    words::Words,
};

/// Asserts the state after an answer to the first send.
#[track_caller]
fn check(settings: Settings, echoed: bool, outcome: Outcome, state: State) {
    let mut form = Form::new(settings);
    form.pay();
    let number = form.last_request();
    form.answered(number, echoed, outcome.clone());
    assert_eq!(form.state(), state, "{settings:?} {echoed} {outcome:?}");
    let is_resolved = form.has_command(|command| matches!(command, Command::Forget));
    assert_eq!(is_resolved, matches!(state, State::Recorded | State::Rejected));
}

#[test]
fn r5_a_record_and_the_servers_own_refusal_resolve() {
    for settings in [vouched(), resolving(), key_less()] {
        check(settings, true, recorded(), State::Recorded);
        check(settings, false, recorded(), State::Recorded);
        for status in [400, 402, 409, 410, 422] {
            check(settings, true, rejected(status), State::Rejected);
        }
    }
    // A server without keys decides by its answer alone, except that it cannot know of a cancelled key.
    check(key_less(), false, rejected(400), State::Rejected);
    check(key_less(), false, rejected(410), State::Unknown);
}

#[test]
fn r5_where_keys_are_honoured_a_refusal_must_echo_the_key() {
    check(vouched(), false, rejected(400), State::Unknown);
    check(resolving(), false, rejected(400), State::Unknown);
}

#[test]
fn r5_without_keys_a_refusal_counts_only_while_no_other_send_can_have_paid() {
    let mut form = Form::new(key_less());
    form.restore(pending(Protection::Unproven)).apply(Event::Check);
    form.says(rejected(400));
    assert_eq!(form.state(), State::Unknown);
}

#[test]
fn r5_the_resolve_call_settles() {
    for (outcome, state, is_cancelled) in
        [(recorded(), State::Recorded, false), (rejected(400), State::Rejected, false), (rejected(410), State::Rejected, true)]
    {
        let mut form = Form::new(resolving());
        form.pay().fails().apply(Event::Cancel);
        assert_eq!(form.state(), State::Resolving);
        form.echoes(outcome);
        assert_eq!((form.state(), form.view().is_cancelled), (state, is_cancelled));
        assert!(form.has_command(|command| matches!(command, Command::Forget)));
    }
}

#[test]
fn r5_the_resolve_call_is_believed_about_this_key_only() {
    for outcome in
        [rejected(400), rejected(410), held(404), unknown(500), Outcome::InProgress { retry_after: None, words: Vec::new() }]
    {
        let mut form = Form::new(resolving());
        form.pay().fails().apply(Event::Cancel).says(outcome);
        assert_eq!((form.state(), form.view().notice), (State::Unknown, Some(Notice::CheckFailed)));
    }
}

#[test]
fn r5_a_record_that_the_look_up_finds_settles() {
    let mut form = Form::new(key_less());
    form.pay().fails().apply(Event::Check).says(recorded());
    assert_eq!(form.state(), State::Recorded);
}

/// D9 D10: a 405, 413 or 415 holds the payment, and no other status settles it
#[test]
fn r6_other_answers_leave_the_outcome_open() {
    for settings in [vouched(), resolving(), key_less()] {
        for echoed in [false, true] {
            for status in [401, 403, 404, 405, 413, 415, 429] {
                check(settings, echoed, held(status), State::Held);
            }
            for status in [0, 202, 204, 206, 299, 301, 408, 500, 502, 503, 504, 999] {
                check(settings, echoed, unknown(status), State::Unknown);
            }
        }
    }
    let mut form = Form::new(vouched());
    form.pay().fails();
    assert_eq!(form.state(), State::Unknown);
    assert!(!form.has_command(|command| matches!(command, Command::Forget)));
}

#[test]
fn r6_held_is_said_only_when_no_send_can_have_paid() {
    let mut form = Form::new(vouched());
    form.pay().fails().retry().says(held(429));
    assert_eq!(form.state(), State::Unknown, "the first send may still arrive");
    let mut form = Form::new(vouched());
    form.pay().says(held(401)).retry().says(held(429));
    assert_eq!(form.state(), State::Held);
    // After a reload the outcome of earlier sends is unknown.
    let mut form = Form::new(vouched());
    form.restore(pending(Protection::Honoured)).retry().echoes(held(401));
    assert_eq!((form.state(), form.view().status), (State::Unknown, Some(401)));
}

#[test]
fn r6_empty_look_up_is_no_proof() {
    let mut form = Form::new(key_less());
    form.pay().fails().apply(Event::Check);
    let number = form.last_request();
    form.apply(Event::NotFound { number });
    assert_eq!((form.state(), form.view().notice), (State::Unknown, Some(Notice::NotFound)));
    assert!(!form.view().may_abandon && !form.view().may_retry);
    assert_eq!(form.view().quiet_seconds, 600);
}

#[test]
fn r6_only_a_look_up_after_the_quiet_time_allows_a_new_payment() {
    let mut form = Form::new(key_less());
    form.pay().fails().wait(599_999).apply(Event::Check);
    let number = form.last_request();
    form.wait(5_000).apply(Event::NotFound { number });
    assert!(!form.view().may_abandon, "it was asked too early");
    form.apply(Event::Check);
    let number = form.last_request();
    form.apply(Event::NotFound { number });
    assert!(form.view().may_abandon);
    form.apply(Event::Abandon);
    assert_eq!((form.state(), form.view().is_locked), (State::Ready, false));
    assert!(form.has_command(|command| matches!(command, Command::Forget)));
}

#[test]
fn r6_server_with_keys_offers_no_new_payment() {
    let mut form = Form::new(Settings { looks_up: true, ..vouched() });
    form.pay().fails().wait(700_000).apply(Event::Check);
    let number = form.last_request();
    form.apply(Event::NotFound { number });
    assert!(!form.view().may_abandon && form.view().may_retry);
    form.apply(Event::Abandon);
    assert_eq!(form.state(), State::Unknown);
}

#[test]
fn r6_attempt_in_progress_is_repeated_three_times_then_unknown() {
    let mut form = Form::new(vouched());
    form.pay();
    for (retry_after, ms) in [(None, 500), (Some(1), 2_000), (Some(5), 5_000)] {
        form.echoes(Outcome::InProgress { retry_after, words: Vec::new() });
        assert_eq!(form.state(), State::Submitting);
        let timer = form.timer();
        assert_eq!(form.commands.last(), Some(&Command::Timer { number: timer, ms }));
        form.wait(ms).apply(Event::Elapsed { number: timer });
    }
    assert_eq!(form.sends().len(), 4);
    form.echoes(Outcome::InProgress { retry_after: None, words: Vec::new() });
    assert_eq!((form.state(), form.view().status), (State::Unknown, Some(409)));
    assert!(form.view().may_retry);
}

#[test]
fn r6_attempt_without_an_honoured_key_is_not_repeated() {
    for outcome in [Outcome::InProgress { retry_after: None, words: Vec::new() }, unknown(500), held(429)] {
        let mut form = Form::new(key_less());
        form.pay().says(outcome).wait(3_600_000);
        for number in 0..10 {
            form.apply(Event::Elapsed { number });
        }
        assert_eq!(form.sends().len(), 1);
    }
    let mut form = Form::new(vouched());
    form.pay().echoes(Outcome::InProgress { retry_after: Some(30), words: Vec::new() });
    assert_eq!(form.state(), State::Unknown, "the server asks for more patience than a person has without being asked");
}

#[test]
fn r6_a_key_that_was_used_with_another_payload_is_not_sent_again() {
    let mut form = Form::new(vouched());
    form.pay().echoes(other_payload());
    assert_eq!(form.state(), State::Unknown);
    assert!(form.view().is_other_payload && !form.view().may_retry);
    // A 422 without our key is no proof.
    let mut form = Form::new(vouched());
    form.pay().says(other_payload());
    assert!(form.view().may_retry);
}

/// Once the server knows the key from another payload, a second answer of the same send must not open the retry again.
#[test]
fn r6_second_answer_of_a_send_is_ignored() {
    for second in [held(429), rejected(400), recorded()] {
        let mut form = Form::new(vouched());
        form.pay().echoes(held(429)).retry().echoes(other_payload());
        let number = form.last_request();
        form.answered(number, true, second.clone()).apply(Event::NotSent { number }).apply(Event::Failed { number });
        assert_eq!(form.state(), State::Unknown, "{second:?}");
        assert!(form.view().is_other_payload && !form.view().may_retry, "{second:?}");
    }
}

#[test]
fn r6_without_honoured_keys_unknown_offers_no_retry() {
    let mut form = Form::new(key_less());
    form.pay().fails().retry();
    assert!(!form.view().may_retry && form.view().may_check);
    assert_eq!(form.sends().len(), 1);
    // An echo shows that the server honours keys after all.
    let mut form = Form::new(key_less());
    form.pay().echoes(unknown(500));
    assert!(form.view().honours_keys && form.view().may_retry);
}

#[test]
fn r6_the_wait_that_the_server_asks_for_is_kept() {
    let mut form = Form::new(vouched());
    form.pay().says(Outcome::Held { status: 429, retry_after: Some(12), words: Vec::new() });
    assert_eq!((form.view().wait_seconds, form.view().may_retry), (12, false));
    form.wait(11_999).retry();
    assert_eq!((form.sends().len(), form.view().wait_seconds), (1, 1));
    form.wait(1).retry();
    assert_eq!(form.sends().len(), 2);
}

/// H5: a day before the server forgets its keys the form stops sending one.
#[test]
fn r6_old_key_or_doubtful_clock_is_no_proof() {
    let all = Settings { looks_up: true, ..resolving() };
    assert_eq!(KEY_AGE_MAX, 2_505_600_000, "29 days");
    for (ms, may_retry, may_cancel) in [(0, true, true), (KEY_AGE_MAX, true, true), (KEY_AGE_MAX + 1, false, false)] {
        let mut form = Form::new(all);
        form.pay().fails().wait(ms);
        assert_eq!((form.view().may_retry, form.view().may_cancel), (may_retry, may_cancel), "after {ms} ms");
        form.retry().apply(Event::Cancel);
        assert_eq!(form.state() == State::Unknown, !may_retry);
    }
    // A clock may go back by an hour.
    for (ms, is_key_stale) in [(60 * 60 * 1000, false), (60 * 60 * 1000 + 1, true)] {
        let mut form = Form::new(all);
        form.pay().fails();
        form.now -= ms;
        assert_eq!((form.view().is_key_stale, form.view().may_retry), (is_key_stale, !is_key_stale), "{ms} ms back");
    }
    let mut form = Form::new(all);
    form.pay().fails();
    form.now -= 25 * 60 * 60 * 1000;
    assert!(form.view().is_key_stale && !form.view().may_retry && form.view().may_cancel && form.view().may_check);
    let mut form = Form::new(all);
    form.pay().says(held(401)).wait(KEY_AGE_MAX + 1).retry();
    assert_eq!(form.sends().len(), 1, "the browser may have sent a copy that paid");
}

#[test]
fn r8_a_record_that_differs_is_ours_only_with_our_key() {
    check(vouched(), true, recorded_differently(), State::Recorded);
    check(vouched(), false, recorded_differently(), State::Unknown);
    check(key_less(), false, recorded_differently(), State::Unknown);
    let mut form = Form::new(vouched());
    form.pay().echoes(recorded_differently());
    assert_eq!(form.view().differences.len(), 1);
    let mut form = Form::new(key_less());
    form.pay().says(recorded_differently());
    assert_eq!(form.view().receipt, Some(&receipt()), "it is shown all the same");
}

#[test]
fn r6_a_press_is_forgotten_when_the_computer_slept_until_the_key_was_old() {
    let is_call = |command: &Command| matches!(command, Command::Send(_) | Command::Resolve(_));
    let mut form = Form::new(vouched());
    form.pay().echoes(held(401)).retry().echoes(Outcome::InProgress { retry_after: None, words: Vec::new() });
    let pause = form.timer();
    form.take();
    form.wait(KEY_AGE_MAX + 1).apply(Event::Elapsed { number: pause });
    assert_eq!((form.state(), form.has_command(is_call)), (State::Unknown, false), "the second send may have paid");

    for event in [Event::Retry { online: true }, Event::Cancel] {
        let mut form = Form::new(resolving());
        form.apply(Event::Restored {
            stored: RestoredAttempt::Whole(pending(Protection::Honoured)),
            sent: Some(Box::new(sent())),
        });
        form.apply(Event::Locked { granted: false, duplicate: None }).apply(event);
        form.wait(KEY_AGE_MAX + 1).granted();
        assert_eq!((form.state(), form.has_command(is_call)), (State::Unknown, false));
    }
}

#[test]
fn r5_refusal_without_a_key_stays_when_the_host_vouches_for_keys_later() {
    for (keys, echoed, is_final) in [(Keys::None, false, false), (Keys::Auto, false, false), (Keys::Auto, true, true)] {
        let mut form = Form::new(Settings { keys, ..Settings::default() });
        form.pay();
        form.answered(form.last_request(), echoed, rejected(400));
        form.machine.configure(Settings { keys: Keys::Required, ..Settings::default() });
        assert_eq!((form.state(), form.view().honours_keys), (State::Rejected, is_final), "{keys:?}");
    }
}

#[test]
fn r6_a_settling_that_is_refused_says_why() {
    let mut form = Form::new(Settings { resolves: true, ..Settings::default() });
    form.pay().fails().apply(Event::Cancel).says(held(401));
    let view = form.view();
    assert_eq!((view.state, view.status, view.notice), (State::Unknown, Some(401), Some(Notice::CheckFailed)));
    assert!(view.may_cancel && view.may_retry, "both can be tried again");
}

#[test]
fn browser_without_random_source_begins_no_attempt() {
    let mut form = Form::new(Settings::default());
    form.apply(Event::NoRandomSource);
    assert_eq!((form.state(), form.view().notice, form.take().len()), (State::Ready, Some(Notice::NotSent), 0));
    form.pay().apply(Event::NoRandomSource);
    assert_eq!((form.state(), form.view().notice), (State::Submitting, None), "only a press on Pay can want for one");
}

#[test]
fn r5_a_declined_card_opens_the_fields_and_advises_another_method() {
    for (by_card, title) in [(true, "The card was declined."), (false, "This payment was declined.")] {
        let mut declined = intent(KEY);
        declined.sent.pays_by_card = by_card;
        let mut form = Form::new(vouched());
        form.apply(Event::Submit { intent: Box::new(declined), online: true }).granted().echoes(rejected(402));
        let view = form.view();
        assert_eq!((view.state, view.is_locked, view.may_submit, view.is_declined), (State::Rejected, false, true, true));
        let status = Words::default().status(&view, None).expect("it is said");
        assert_eq!(status.title, title);
        assert!(status.lines.iter().any(|line| line.contains("choose another payment method")), "{:?}", status.lines);
        assert!(status.lines.iter().any(|line| line.contains("Nothing was charged")), "{:?}", status.lines);
    }
    let mut form = Form::new(vouched());
    form.pay().echoes(rejected(400));
    assert!(!form.view().is_declined);
}

#[test]
fn r7_words_of_an_open_outcome_are_kept() {
    let words = |form: &Form| form.view().words.to_vec();
    let words_said = server_words("Invoice INV-1 is closed.");
    let in_progress = Outcome::InProgress { retry_after: Some(60), words: words_said.clone() };
    let forbidden = Outcome::Held { status: 403, retry_after: None, words: words_said.clone() };
    let closed = Outcome::Unknown { status: Some(422), receipt: None, words: words_said.clone(), is_other_payload: false };
    let refused = Outcome::Rejected { status: 400, problems: words_said.clone() };
    for outcome in [in_progress, forbidden, closed, refused] {
        // The key does not come back, so not even the refusal is believed.
        let mut form = Form::new(vouched());
        form.pay().says(outcome.clone());
        assert_eq!(words(&form), words_said, "{outcome:?}");
    }
    // The resolve call's words replace the earlier ones; without words the earlier ones stay.
    let mut form = Form::new(resolving());
    form.pay().says(Outcome::Unknown { status: Some(500), receipt: None, words: words_said.clone(), is_other_payload: false });
    form.apply(Event::Cancel).says(held(403));
    assert_eq!(words(&form), words_said);
    let other = server_words("Please sign in.");
    form.apply(Event::Cancel).says(Outcome::Held { status: 401, retry_after: None, words: other.clone() });
    assert_eq!(words(&form), other);
}

#[test]
fn r7_a_422_that_does_not_name_the_key_leaves_the_retry() {
    let mut form = Form::new(vouched());
    form.pay().says(unknown(422));
    assert_eq!(form.view().status, Some(422));
    assert!(!form.view().is_other_payload && form.view().may_retry);
}

#[test]
fn r8_record_that_may_be_anothers_is_shown_while_the_outcome_stays_open() {
    let mut form = Form::new(vouched());
    let record = Some(Box::new(receipt()));
    form.pay().says(Outcome::Unknown { status: Some(200), receipt: record, words: Vec::new(), is_other_payload: false });
    assert_eq!((form.state(), form.view().receipt), (State::Unknown, Some(&receipt())));
}
