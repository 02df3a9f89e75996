//! The ways of paying.

use super::{
    field::{ProblemLine, is_wrong, shown_problem},
    icon::{self, icon},
    screen::{Act, Load, Screen},
};
use crate::{
    domain::{
        problem::Field,
        statement::{Statement, StoredKind, StoredMethod},
        terms::Terms,
    },
    words::en,
};
use leptos::prelude::*;

/// One way of paying, as it is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
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
#[component]
pub fn MethodPicker(
    /// Live: the statement's methods, the draft's choice, the problems.
    screen: Screen,
    /// The id of the heading above.
    labelled_by: String,
) -> AnyView {
    let problem = shown_problem(screen, Field::Method);
    let error = screen.speech.id("method-error");
    let ways =
        Memo::new(move |_| screen.terms.with_value(|terms| screen.statement.with(|statement| offered(screen, statement, terms))));
    let list = move || {
        let ways = ways.get();
        if ways.is_empty() {
            let is_loading = screen.load.with(|load| *load == Load::Loading);
            let phrase = if is_loading { en::METHOD_LOADING } else { en::METHOD_NONE };
            return view! { class="pf", <p class="empty" class:skeleton=is_loading>{screen.speech.text(phrase)}</p> }.into_any();
        }
        ways.into_iter().map(|way| radio(screen, way)).collect_view().into_any()
    };
    view! { class="pf",
        <div part="methods" class="methods" role="radiogroup" aria-labelledby=labelled_by aria-describedby=error.clone()
            aria-invalid=move || is_wrong(problem)>
            {list}
        </div>
        <ProblemLine id=error problem />
    }
    .into_any()
}

fn radio(screen: Screen, way: Way) -> AnyView {
    let Way { value, icon: path, label, note, is_default, is_expired } = way;
    let chosen = value.clone();
    let is_chosen = Memo::new(move |_| screen.draft.with(|draft| draft.method == chosen));
    let report = value.clone();
    let badge = is_default.then(|| view! { class="pf", <span class="badge">{screen.speech.text(en::METHOD_IS_DEFAULT)}</span> });
    view! { class="pf",
        <label class="method">
            <input type="radio" name="paymentMethod" value=value disabled=is_expired prop:checked=move || is_chosen.get()
                on:change=move |_| screen.act.run(Act::Method(report.clone())) />
            {icon(path)}
            <span class="what"><b>{label}</b> <small>{note}</small></span>
            {badge}
        </label>
    }
    .into_any()
}

/// The ways that the host offers and the statement knows, those that cannot be chosen last.
fn offered(screen: Screen, statement: &Statement, terms: &Terms) -> Vec<Way> {
    let speech = screen.speech;
    let mut ways = Vec::new();
    if terms.offered.stored {
        let methods = statement.methods().unwrap_or_default();
        let way = |method: &StoredMethod| stored(screen, method, terms);
        ways.extend(methods.iter().filter(|method| !method.is_expired(terms.today)).map(way));
        let default = methods.iter().find(|method| method.is_default && !method.is_expired(terms.today));
        let is_unseen = statement.methods().is_none() && screen.load.with(|load| *load == Load::Ready);
        if default.is_some() || is_unseen {
            ways.push(Way {
                value: "default".into(),
                icon: icon::CARD,
                label: speech.text(en::METHOD_DEFAULT),
                note: match default {
                    Some(default) => speech.say(en::METHOD_DEFAULT_NOW, &[("label", &default.label)]),
                    None => speech.text(en::METHOD_DEFAULT_UNSEEN),
                },
                is_default: false,
                is_expired: false,
            });
        }
        ways.extend(methods.iter().filter(|method| method.is_expired(terms.today)).map(way));
    }
    let offline = [
        (terms.offered.cash, "Cash", icon::CASH, en::METHOD_CASH),
        (terms.offered.check, "Check", icon::SLIP, en::METHOD_CHECK),
        (terms.offered.direct_deposit, "DirectDeposit", icon::DEPOSIT, en::METHOD_DEPOSIT),
    ];
    let expired = ways.iter().position(|way| way.is_expired).unwrap_or(ways.len());
    let ways_offline = offline.into_iter().filter(|(is_offered, ..)| *is_offered).map(|(_, value, icon, label)| Way {
        value: value.into(),
        icon,
        label: speech.text(label),
        note: speech.text(en::METHOD_OFFLINE),
        is_default: false,
        is_expired: false,
    });
    ways.splice(expired..expired, ways_offline);
    ways
}

fn stored(screen: Screen, method: &StoredMethod, terms: &Terms) -> Way {
    let speech = screen.speech;
    let is_expired = method.is_expired(terms.today);
    let (icon, kind) = match method.kind {
        StoredKind::CreditCard => (icon::CARD, en::METHOD_CARD),
        StoredKind::Ach => (icon::BANK, en::METHOD_BANK),
    };
    // As it is printed on the card, whatever the language.
    let month = method.expires.map(|(year, month)| {
        let digits =
            |number: i32| [number / 10 % 10, number % 10].map(|digit| char::from_digit(digit.unsigned_abs(), 10).unwrap_or('0'));
        [digits(i32::from(month)).as_slice(), &['/'], &digits(year)].concat().into_iter().collect::<String>()
    });
    let note = match month {
        Some(month) => speech.say(if is_expired { en::METHOD_EXPIRED_ON } else { en::METHOD_EXPIRES }, &[("month", &month)]),
        None => speech.text(kind),
    };
    Way {
        value: ["stored-", &method.id.to_string()].concat(),
        icon,
        label: method.label.clone(),
        note,
        is_default: method.is_default,
        is_expired,
    }
}

/// What the chosen way is called; empty when none is chosen.
pub fn chosen_label(screen: Screen) -> String {
    let chosen = screen.draft.with(|draft| draft.method.clone());
    screen.terms.with_value(|terms| {
        let ways = screen.statement.with(|statement| offered(screen, statement, terms));
        ways.into_iter().find(|way| way.value == chosen).map(|way| way.label).unwrap_or_default()
    })
}
