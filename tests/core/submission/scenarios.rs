//! Brings a form to every state in every mode: a scenario is a mode and a path of events.

use crate::submission::form::*;
use payment_form::{
    api::message::Outcome,
    submission::{Duplicate, Event, Keys, Protection, ReferenceMatch, RestoredAttempt, Settings},
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
    let begin = |form: &mut Form| {
        form.press();
        if settings.confirms {
            form.apply(Event::Confirm { online: true });
        }
    };
    let pay = |form: &mut Form| {
        begin(form);
        form.granted().apply(Event::Stored { is_stored: true });
    };
    let look_up = |form: &mut Form| {
        form.apply(Event::Check);
        let number = form.last_request();
        form.apply(Event::NotFound { number });
    };
    let is_keyed = settings.keys != Keys::None;
    match path {
        "ready" => {}
        "ready, offline" => {
            form.apply(Event::Submit { intent: Box::new(intent(KEY)), online: false });
        }
        "ready, paid elsewhere" => {
            begin(&mut form);
            form.apply(Event::Locked { granted: false, duplicate: None });
        }
        "ready, paid lately" => {
            begin(&mut form);
            form.apply(Event::Locked { granted: true, duplicate: Some(duplicate(40_000)) });
        }
        "ready, paid lately with another reference" => {
            begin(&mut form);
            let duplicate = Duplicate { ago: 40_000, reference: ReferenceMatch::Other };
            form.apply(Event::Locked { granted: true, duplicate: Some(duplicate) });
        }
        "submitting, asking for the lock" => begin(&mut form),
        "ready, not sent" => {
            pay(&mut form);
            let number = form.last_request();
            form.apply(Event::NotSent { number });
        }
        "reviewing" if settings.confirms => {
            form.press();
        }
        "submitting" => pay(&mut form),
        "submitting for long" => {
            pay(&mut form);
            form.wait(9_000);
        }
        "submitting, not stored" => {
            pay(&mut form);
            form.apply(Event::Stored { is_stored: false });
        }
        "submitting again" => {
            pay(&mut form);
            form.says(held(401)).retry();
        }
        "recorded" => {
            pay(&mut form);
            form.says(recorded());
        }
        "recorded with differences" if is_keyed => {
            pay(&mut form);
            form.echoes(recorded_differently());
        }
        "rejected" => {
            pay(&mut form);
            form.answered(form.last_request(), is_keyed, rejected(400));
        }
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
        "cancelled" if is_keyed && settings.resolves => {
            pay(&mut form);
            form.fails().apply(Event::Cancel).echoes(rejected(410));
        }
        "held, sign in" => {
            pay(&mut form);
            form.says(held(401));
        }
        "held, forbidden" => {
            pay(&mut form);
            form.says(held(403));
        }
        "held, wait" => {
            pay(&mut form);
            form.says(Outcome::Held { status: 429, retry_after: Some(12), words: server_words("Slow down.") });
        }
        "held, wait for long" => {
            pay(&mut form);
            form.says(Outcome::Held { status: 429, retry_after: Some(9_000), words: Vec::new() });
        }
        "held, too large" => {
            pay(&mut form);
            form.says(held(413));
        }
        "held, not found" => {
            pay(&mut form);
            form.says(held(404));
        }
        "unknown, redirected" => {
            pay(&mut form);
            form.says(unknown(0));
        }
        "unknown, the server in progress" => {
            pay(&mut form);
            form.says(Outcome::InProgress { retry_after: Some(60), words: Vec::new() });
        }
        "unknown, connection failed" => {
            pay(&mut form);
            form.fails();
        }
        "unknown, timed out" => {
            pay(&mut form);
            let timer = form.timer();
            form.wait(60_000).apply(Event::Elapsed { number: timer });
        }
        "unknown, server error" => {
            pay(&mut form);
            form.says(unknown(500));
        }
        "unknown, other payload" if is_keyed => {
            pay(&mut form);
            form.echoes(other_payload());
        }
        "unknown, foreign record" => {
            pay(&mut form);
            form.says(recorded_differently());
        }
        "unknown after a reload" | "unknown after a reload, elsewhere" if settings.persists => {
            let protection = if is_keyed { Protection::Unproven } else { Protection::None };
            let stored = RestoredAttempt::Whole(pending(protection));
            form.apply(Event::Restored { stored, sent: Some(Box::new(sent())) });
            form.apply(Event::Locked { granted: !path.ends_with("elsewhere"), duplicate: None });
        }
        "unknown, nothing found" if settings.looks_up => {
            pay(&mut form);
            look_up(form.fails());
        }
        "unknown, nothing found after the quiet time" if settings.looks_up => {
            pay(&mut form);
            look_up(form.fails().wait(600_000));
        }
        "unknown, key too old" => {
            pay(&mut form);
            form.fails().wait(30 * 24 * 60 * 60 * 1000);
        }
        _ => return None,
    }
    let name = format!("{path}; {settings:?}");
    Some(Scenario { name, settings, form })
}
