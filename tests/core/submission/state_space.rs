//! Visits every state in every mode: tests the possible presses, the known facts by the rule that they follow from, and that no event breaks
//! an invariant.

use super::scenarios::{PATHS, Scenario, modes, scenario, scenarios};
use crate::submission::form::*;
use payment_form::{
    api::message::Outcome,
    submission::{Command, Event, Intent, Keys, RestoredAttempt, Settings, State, View},
};
use proptest::prelude::*;

#[test]
fn path_reaches_the_state_of_its_name() {
    for scenario in scenarios() {
        let state = scenario.form.state();
        let named = scenario.name.split([',', ';', ' ']).next().unwrap();
        let expected = if named == "cancelled" { "rejected" } else { named };
        assert_eq!(state.name(), expected, "{}", scenario.name);
    }
}

/// Asserts facts that sentences and buttons rely on.
#[track_caller]
fn facts_are_true(view: &View<'_>, settings: Settings, name: &str) {
    let is_open = view.state.is_unresolved();
    let is_waiting = matches!(view.state, State::Submitting | State::Resolving);
    let implies = |condition: bool, consequence: bool, law: &str| assert!(!condition || consequence, "{law}: {name}");

    implies(
        is_open,
        view.is_locked && !view.may_submit && !view.may_reset,
        "R12: an unresolved attempt locks the fields and Pay",
    );
    implies(
        is_waiting,
        !view.may_retry && !view.may_cancel && !view.may_check && !view.may_abandon,
        "R12: no button is pressed while waiting",
    );
    implies(view.may_submit, !view.is_locked && !is_open, "Pay is pressed only over open fields");
    implies(
        view.may_retry && view.state == State::Unknown,
        view.honours_keys,
        "R6: \"you will not pay twice\" needs an honoured key",
    );
    implies(view.may_retry, view.wait_seconds == 0 && !view.is_other_payload, "R6: the server's wait is kept");
    implies(view.may_retry, matches!(view.state, State::Held | State::Unknown), "only an attempt at rest is sent again");
    implies(
        view.may_cancel && is_open,
        settings.resolves && settings.keys != Keys::None,
        "R5: cancelling needs a resolve call and a key",
    );
    implies(view.may_check, settings.looks_up && view.state == State::Unknown, "checking needs a look-up");
    implies(
        view.may_abandon,
        view.may_check && view.quiet_seconds == 0,
        "R6: a new payment needs a look-up after the quiet time",
    );
    implies(view.may_abandon, !view.honours_keys || view.is_key_stale, "R6: with an honoured key nobody needs a new payment");
    implies(view.honours_keys, settings.keys != Keys::None, "without keys none is honoured");
    implies(view.is_cancelled, view.state == State::Rejected && settings.keys != Keys::None, "R5: only a key can be cancelled");
    implies(is_open && view.is_reload_safe, settings.persists, "R3: only what is stored survives a reload");
    implies(view.is_elsewhere, is_open && !is_waiting, "R4: another tab matters to an attempt at rest");
    implies(view.state == State::Recorded, view.receipt.is_some() && view.attempt.is_some(), "R5: a record is shown");
    implies(view.state == State::Rejected, !view.problems.is_empty(), "R7: a refusal says why");
    implies(view.state != State::Recorded, view.differences.is_empty(), "R8: differences belong to a record of ours");
    implies(is_open, view.attempt.is_some(), "there is something to quote to support");
    implies(view.state == State::Ready, view.attempt.is_none() && view.request.is_none(), "ready means that nothing is sent");
}

#[test]
fn facts_of_sentences_are_true_in_every_state_and_mode() {
    for Scenario { name, settings, form } in scenarios() {
        facts_are_true(&form.view(), settings, &name);
    }
}

#[test]
fn every_state_can_be_reached_in_every_mode_that_has_it() {
    for settings in modes() {
        let reached = PATHS.iter().filter_map(|path| scenario(settings, path)).map(|scenario| scenario.form.state());
        let states: std::collections::HashSet<State> = reached.collect();
        for state in [State::Ready, State::Submitting, State::Recorded, State::Rejected, State::Held, State::Unknown] {
            assert!(states.contains(&state), "{state:?} in {settings:?}");
        }
        assert_eq!(states.contains(&State::Reviewing), settings.confirms);
    }
}

/// One event of every kind.
fn events(number: u32) -> Vec<Event> {
    let mut events = vec![
        Event::Restored { stored: RestoredAttempt::Key { key: OTHER_KEY.into(), started: Some(START) }, sent: None },
        Event::Submit { intent: Box::new(intent(OTHER_KEY)), online: true },
        Event::Submit { intent: Box::new(Intent { insists: true, ..intent(OTHER_KEY) }), online: true },
        Event::Edited,
        Event::Confirm { online: true },
        Event::Locked { granted: true, duplicate: None },
        Event::Locked { granted: false, duplicate: Some(duplicate(5)) },
        Event::Stored { is_stored: false },
        Event::Failed { number },
        Event::NotSent { number },
        Event::NotFound { number },
        Event::Elapsed { number },
        Event::Retry { online: true },
        Event::Retry { online: false },
        Event::Cancel,
        Event::Check,
        Event::Abandon,
        Event::Reset,
    ];
    let in_progress = Outcome::InProgress { retry_after: Some(u32::MAX), words: Vec::new() };
    let outcomes =
        [recorded(), recorded_differently(), rejected(400), rejected(410), held(429), unknown(422), other_payload(), in_progress];
    for outcome in outcomes {
        events.push(Event::Answered { number, echoed: true, outcome: outcome.clone() });
        events.push(Event::Answered { number, echoed: false, outcome });
    }
    events
}

/// Applies an event, and compares its effects with the allowed ones.
#[track_caller]
fn step(form: &mut Form, settings: Settings, event: &Event, name: &str) {
    let before = form.state();
    let (may_retry, may_cancel, may_check) = {
        let view = form.view();
        (view.may_retry, view.may_cancel, view.may_check)
    };
    let attempt = form.view().attempt.map(str::to_owned);
    form.take();
    form.apply(event.clone());
    let context = format!("{event:?} in {name}");
    let was_busy = matches!(before, State::Submitting | State::Resolving);
    for command in &form.commands {
        match command {
            Command::Send(send) => {
                let is_begun = was_busy || (before == State::Unknown && matches!(event, Event::Locked { .. }));
                assert!(
                    may_retry || is_begun || matches!(before, State::Ready | State::Rejected | State::Reviewing),
                    "{context}"
                );
                assert_eq!(send.key.is_some(), settings.keys != Keys::None, "{context}");
                let is_same = attempt.is_none() || send.key.is_none() || !before.is_unresolved() || send.key == attempt;
                assert!(is_same, "R4: another key in {context}");
            }
            Command::Resolve(_) => assert!(may_cancel || was_busy, "{context}"),
            Command::LookUp(_) => assert!(may_check || was_busy, "{context}"),
            Command::Entered(state) => assert_eq!(*state, form.state(), "{context}"),
            Command::WarnBeforeUnload(asks) => assert_eq!(*asks, form.state().is_unresolved(), "{context}"),
            Command::Forget => assert!(!form.state().is_unresolved(), "R6: an open key is forgotten in {context}"),
            _ => {}
        }
    }
    let is_entered = form.has_command(|command| matches!(command, Command::Entered(_)));
    assert_eq!(is_entered, before != form.state(), "{context}");
    facts_are_true(&form.view(), settings, &context);
}

#[test]
fn every_event_is_answered_in_every_state() {
    for (index, path) in modes().into_iter().flat_map(|settings| PATHS.map(|path| (settings, path))).enumerate() {
        let (settings, path) = path;
        for number in 0..8 {
            // Each mode and path begins at another event, because all events from every form would be slow without finding more.
            let events = events(number);
            let event = &events[index % events.len()];
            if let Some(Scenario { name, mut form, .. }) = scenario(settings, path) {
                step(&mut form, settings, event, &name);
            }
        }
    }
}

proptest! {
    #![proptest_config(crate::domain::campaign::cases())]

    /// Events in any order, with any numbers, at any time, cause no panic, no send that is not allowed, and no false fact.
    #[test]
    fn any_history_keeps_the_rules(
        mode in 0..48_usize,
        history in proptest::collection::vec((0..31_usize, 0..12_u32, prop_oneof![Just(0_u64), 1..100_000_u64, Just(u64::MAX / 2)]), 0..40),
    ) {
        let settings = modes()[mode];
        let mut form = Form::new(settings);
        for (kind, number, pause) in history {
            form.now = form.now.wrapping_add(pause);
            // Most numbers are the awaited one; otherwise few answers would fit.
            let awaited = form.commands.iter().rev().find_map(|command| match command {
                Command::Send(send) => Some(send.number),
                Command::Timer { number, .. } => Some(*number),
                _ => None,
            });
            let number = if number < 8 { awaited.unwrap_or(number) } else { number };
            let events = events(number);
            let event = &events[kind % events.len()];
            // A restored attempt may have a key although the present settings use none, so its facts differ.
            let is_of_another_mode = settings.keys == Keys::None && matches!(event, Event::Restored { .. });
            if !is_of_another_mode {
                step(&mut form, settings, event, "a history");
            }
        }
    }
}
