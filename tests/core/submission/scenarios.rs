//! Brings a form to every state in every mode: a scenario is a mode and a path of events.

use crate::submission::form::*;
use payment_form::{
    api::message::Outcome,
    submission::{Duplicate, Event, Keys, Protection, ReferenceMatch, RestoredAttempt, Settings, State},
};

/// A form that a path has brought to a state, in a mode.
pub struct Scenario {
    /// The mode and the path, for messages.
    pub name: String,
    pub settings: Settings,
    pub form: Form,
}

/// All modes that change what is true: how keys are treated, what settles an unknown outcome, whether attempts are stored, whether there is a
/// review.
pub fn modes() -> Vec<Settings> {
    let mut modes = Vec::new();
    for keys in [Keys::Auto, Keys::Required, Keys::None] {
        for bits in 0..16_u8 {
            let is_set = |index: u8| bits & (1 << index) != 0;
            let (resolves, looks_up, persists, confirms) = (is_set(0), is_set(1), is_set(2), is_set(3));
            modes.push(Settings { keys, resolves, looks_up, persists, confirms, ..Settings::default() });
        }
    }
    modes
}

/// The paths through the form, each to one state.
pub const PATHS: [&str; 36] = [
    "ready",
    "ready, offline",
    "ready, paid elsewhere",
    "ready, paid lately",
    "ready, paid lately with another reference",
    "submitting, asking for the lock",
    "ready, not sent",
    "reviewing",
    "submitting",
    "submitting for long",
    "submitting, not stored",
    "submitting again",
    "recorded",
    "recorded with differences",
    "rejected",
    "rejected, declined",
    "rejected, declined by card",
    "cancelled",
    "held, sign in",
    "held, forbidden",
    "held, wait",
    "held, wait for long",
    "held, too large",
    "held, not found",
    "unknown, redirected",
    "unknown, the server in progress",
    "unknown, connection failed",
    "unknown, timed out",
    "unknown, server error",
    "unknown, other payload",
    "unknown, foreign record",
    "unknown after a reload",
    "unknown after a reload, elsewhere",
    "unknown, nothing found",
    "unknown, nothing found after the quiet time",
    "unknown, key too old",
];

/// Every path in every mode; a path that a mode does not have is left out.
pub fn scenarios() -> Vec<Scenario> {
    modes().into_iter().flat_map(|settings| PATHS.iter().filter_map(move |path| scenario(settings, path))).collect()
}

pub fn scenario(settings: Settings, path: &str) -> Option<Scenario> {
    let mut form = Form::new(settings);
    let is_keyed = settings.keys != Keys::None;
    if let Some((echoed, outcome)) = answer(path, is_keyed) {
        pay(&mut form);
        form.answered(form.last_request(), echoed, outcome);
    } else {
        follow(&mut form, settings, path)?;
    }
    let name = format!("{path}; {settings:?}");
    Some(Scenario { name, settings, form })
}

/// The answer to the first send that leads to the state, and whether it echoes the key.
fn answer(path: &str, is_keyed: bool) -> Option<(bool, Outcome)> {
    Some(match path {
        "recorded" => (false, recorded()),
        "recorded with differences" if is_keyed => (true, recorded_differently()),
        "rejected" => (is_keyed, rejected(400)),
        "held, sign in" => (false, held(401)),
        "held, forbidden" => (false, held(403)),
        "held, wait" => (false, Outcome::Held { status: 429, retry_after: Some(12), words: server_words("Slow down.") }),
        "held, wait for long" => (false, Outcome::Held { status: 429, retry_after: Some(9_000), words: Vec::new() }),
        "held, too large" => (false, held(413)),
        "held, not found" => (false, held(404)),
        "unknown, redirected" => (false, unknown(0)),
        "unknown, the server in progress" => (false, Outcome::InProgress { retry_after: Some(60), words: Vec::new() }),
        "unknown, server error" => (false, unknown(500)),
        "unknown, other payload" if is_keyed => (true, other_payload()),
        "unknown, foreign record" => (false, recorded_differently()),
        _ => return None,
    })
}

/// Plays the events of a path that an answer to the first send does not end. `None` where the mode has no such path.
fn follow(form: &mut Form, settings: Settings, path: &str) -> Option<()> {
    let is_keyed = settings.keys != Keys::None;
    match path {
        "ready" => {}
        "ready, offline" => _ = form.apply(Event::Submit { intent: Box::new(intent(KEY)), online: false }),
        "ready, paid elsewhere" => _ = begin(form).apply(Event::Locked { granted: false, duplicate: None }),
        "ready, paid lately" => _ = begin(form).apply(Event::Locked { granted: true, duplicate: Some(duplicate(40_000)) }),
        "ready, paid lately with another reference" => {
            let duplicate = Duplicate { ago: 40_000, reference: ReferenceMatch::Other };
            begin(form).apply(Event::Locked { granted: true, duplicate: Some(duplicate) });
        }
        "ready, not sent" => {
            let number = pay(form).last_request();
            form.apply(Event::NotSent { number });
        }
        "reviewing" if settings.confirms => _ = form.press(),
        "submitting, asking for the lock" => _ = begin(form),
        "submitting" => _ = pay(form),
        "submitting for long" => _ = pay(form).wait(9_000),
        "submitting, not stored" => _ = pay(form).apply(Event::Stored { is_stored: false }),
        "submitting again" => _ = pay(form).says(held(401)).retry(),
        "rejected, declined" | "rejected, declined by card" => {
            let mut intent = intent(KEY);
            intent.sent.pays_by_card = path.ends_with("card");
            form.apply(Event::Submit { intent: Box::new(intent), online: true });
            if settings.confirms {
                form.apply(Event::Confirm { online: true });
            }
            form.granted().apply(Event::Stored { is_stored: true });
            form.answered(form.last_request(), is_keyed, rejected(402));
        }
        "cancelled" if is_keyed && settings.resolves => _ = pay(form).fails().apply(Event::Cancel).echoes(rejected(410)),
        "unknown, connection failed" => _ = pay(form).fails(),
        "unknown, timed out" => {
            let timer = pay(form).timer();
            form.wait(60_000).apply(Event::Elapsed { number: timer });
        }
        "unknown after a reload" | "unknown after a reload, elsewhere" if settings.persists => {
            let protection = if is_keyed { Protection::Unproven } else { Protection::None };
            let stored = RestoredAttempt::Whole(pending(protection));
            form.apply(Event::Restored { stored, sent: Some(Box::new(sent())) });
            form.apply(Event::Locked { granted: !path.ends_with("elsewhere"), duplicate: None });
        }
        "unknown, nothing found" if settings.looks_up => look_up(pay(form).fails()),
        "unknown, nothing found after the quiet time" if settings.looks_up => look_up(pay(form).fails().wait(600_000)),
        "unknown, key too old" => _ = pay(form).fails().wait(30 * 24 * 60 * 60 * 1000),
        _ => return None,
    }
    Some(())
}

/// Presses Pay, and confirms where there is a review.
fn begin(form: &mut Form) -> &mut Form {
    form.press();
    if form.state() == State::Reviewing {
        form.apply(Event::Confirm { online: true });
    }
    form
}

/// Pays up to the first send, with the attempt stored.
fn pay(form: &mut Form) -> &mut Form {
    begin(form).granted().apply(Event::Stored { is_stored: true })
}

/// Looks for the record, which is not found.
fn look_up(form: &mut Form) {
    let number = form.apply(Event::Check).last_request();
    form.apply(Event::NotFound { number });
}
