//! The ways of paying.

use crate::ui::{
    components::icon,
    components::text_field::problem_line,
    dom::{Node, el, picture},
    state::view_model::{Act, Load, Screen},
};
use crate::{
    domain::{
        problem::Field,
        statement::{StoredKind, StoredMethod},
    },
    words::en,
};

/// One way of paying, as it is offered.
struct Way {
    value: String,
    icon: &'static str,
    label: String,
    note: String,
    is_default: bool,
    is_expired: bool,
}

/// Radios: one for each stored method, the default whatever it is, then the ways that only record money received elsewhere.
///
/// An expired card stays in sight, disabled, with the reason. Labels are masked by the server; no card number is ever asked for.
pub fn method_picker(screen: Screen) -> [Node; 2] {
    let error = screen.speech.id("method-error");
    let list = move || {
        let mut radios = Vec::new();
        for way in offered(screen) {
            radios.push(radio(screen, &way));
        }
        if radios.is_empty() {
            let is_loading = screen.load() == Load::Loading;
            let (written, phrase) =
                if is_loading { ("p.empty.skeleton", en::METHOD_LOADING) } else { ("p.empty", en::METHOD_NONE) };
            radios.push(el(written).phrase(screen.speech, phrase));
        }
        radios
    };
    let group = el("div.methods part=methods role=radiogroup")
        .set_phrase("aria-label", screen.speech, en::METHOD_GROUP)
        .set("aria-describedby", &error)
        .when("aria-invalid", move || screen.is_wrong(Field::Method))
        .draws(list);
    [group, problem_line(screen, &error, Field::Method)]
}

fn radio(screen: Screen, way: &Way) -> Node {
    let (chosen, report) = (way.value.clone(), way.value.clone());
    let input = el("input type=radio name=paymentMethod")
        .set("value", &way.value)
        .ticked(move || screen.draft().method == chosen)
        .on("change", move |_| screen.act(Act::Method(report.clone())));
    input.put_flag("disabled", way.is_expired);
    let what = el("span.what").child(el("b").text(&way.label)).text(" ").child(el("small").text(&way.note));
    let label = el("label.method").child(input).child(picture(way.icon)).child(what);
    if way.is_default { label.child(el("span.badge").phrase(screen.speech, en::METHOD_IS_DEFAULT)) } else { label }
}

/// The ways that the host offers and the statement knows, those that cannot be chosen last.
fn offered(screen: Screen) -> Vec<Way> {
    let speech = screen.speech;
    let (terms, statement) = (screen.terms(), screen.statement());
    let plain =
        |value: &str, icon, label, note| Way { value: value.into(), icon, label, note, is_default: false, is_expired: false };
    let mut ways = Vec::new();
    let mut expired = Vec::new();
    if terms.offered.stored {
        let mut default = None;
        for method in statement.methods().unwrap_or_default() {
            let mut way = stored(screen, method, method.is_expired(terms.today));
            // Of two that look the same, one could not be told from the other.
            let before = if way.is_expired { &expired } else { &ways };
            if before.iter().any(|other: &Way| other.label == way.label && other.note == way.note) {
                way.label = [&way.label, " (", &method.id.to_string(), ")"].concat();
            }
            if way.is_expired {
                expired.push(way);
            } else {
                if way.is_default {
                    default = Some(speech.say(en::METHOD_DEFAULT_NOW, &[("label", &way.label)]));
                }
                ways.push(way);
            }
        }
        if statement.methods().is_none() && screen.load() != Load::Loading {
            default = Some(speech.text(en::METHOD_DEFAULT_UNSEEN));
        }
        if let Some(note) = default {
            ways.push(plain("default", icon::CARD, speech.text(en::METHOD_DEFAULT), note));
        }
    }
    let offline = [
        (terms.offered.cash, "Cash", icon::CASH, en::METHOD_CASH),
        (terms.offered.check, "Check", icon::SLIP, en::METHOD_CHECK),
        (terms.offered.direct_deposit, "DirectDeposit", icon::DEPOSIT, en::METHOD_DEPOSIT),
    ];
    for (is_offered, value, icon, label) in offline {
        if is_offered {
            ways.push(plain(value, icon, speech.text(label), speech.text(en::METHOD_OFFLINE)));
        }
    }
    ways.append(&mut expired);
    ways
}

fn stored(screen: Screen, method: &StoredMethod, is_expired: bool) -> Way {
    let speech = screen.speech;
    let (icon, kind) = match method.kind {
        StoredKind::CreditCard => (icon::CARD, en::METHOD_CARD),
        StoredKind::Ach => (icon::BANK, en::METHOD_BANK),
    };
    let note = match method.expires {
        Some((year, month)) => {
            let phrase = if is_expired { en::METHOD_EXPIRED_ON } else { en::METHOD_EXPIRES };
            // As it is printed on the card, whatever the language.
            speech.say(phrase, &[("month", &[&two_digits(i32::from(month)), "/", &two_digits(year)].concat())])
        }
        None => speech.text(kind),
    };
    Way {
        value: ["stored-", &method.id.to_string()].concat(),
        icon,
        label: speech.method(method),
        note,
        is_default: method.is_default,
        is_expired,
    }
}

fn two_digits(number: i32) -> String {
    let digit = |digit: i32| char::from_digit((digit % 10).unsigned_abs(), 10).unwrap_or('0');
    String::from_iter([digit(number / 10), digit(number)])
}

/// What the chosen way is called, at the picker and wherever else it is spoken of; empty when none is chosen.
pub fn chosen_label(screen: Screen) -> String {
    let draft = screen.draft();
    for way in offered(screen) {
        if way.value == draft.method {
            return way.label;
        }
    }
    String::new()
}
