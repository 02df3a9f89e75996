//! Tests that each sentence is true in every state, in every mode, in every language.
//!
//! Events bring the forms of `scenarios.rs` to their states. The sentences are known by their codes, so that the same laws read every language.
//! A sentence without a law fails.

use crate::{
    submission::form::{Form, server_words},
    submission::scenarios::{Scenario, scenarios},
    words::languages::LANGUAGES,
};
use payment_form::{
    api::message::Outcome,
    submission::{Command, Event, Keys, Notice, ReferenceMatch, Settings, State, View},
    words::{
        Phrase, Words, en,
        format::{DateFormat, MoneyFormat, Plurals},
        status::{NoticeButton, Status},
    },
};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// English, and each other language with its sentences.
fn languages() -> Vec<Reader> {
    let reader = |language, words| Reader { language, words, lines: BTreeMap::new() };
    let mut all = vec![reader("en", Words::default())];
    for (language, _, json) in LANGUAGES {
        let sentences: BTreeMap<String, String> = serde_json::from_str(json).unwrap();
        let words = Words::new(MoneyFormat::default(), DateFormat::default()).in_language(sentences, Plurals::default());
        all.push(reader(language, words));
    }
    all
}

/// Every sentence that a status can hold, but for the labels of its buttons.
fn sentences() -> Vec<Phrase> {
    let labels = [
        en::PAY,
        en::EDIT,
        en::TRY_AGAIN,
        en::CANCEL_AND_EDIT,
        en::FINISH_SAFELY,
        en::LOOK_UP,
        en::ABANDON,
        en::DUPLICATE_INSIST,
        en::SECONDS,
        en::MINUTES,
        en::HOURS,
    ];
    // One of them is said from the start, in case the form stops, and so it is not among those that come later.
    en::STATUSES.iter().copied().chain([en::ENTRIES_KEPT]).filter(|phrase| !labels.contains(phrase)).collect()
}

/// A language, with the phrases found in each line; most forms say the same lines.
struct Reader {
    language: &'static str,
    words: Words,
    lines: BTreeMap<String, Vec<Phrase>>,
}

impl Reader {
    fn phrases_of(&mut self, line: &str) -> Vec<Phrase> {
        if !self.lines.contains_key(line) {
            self.lines.insert(line.to_owned(), phrases_of(&self.words, line));
        }
        self.lines[line].clone()
    }
}

/// The phrases that a text says: those whose fixed parts stand in it, in their order, from its beginning to its end.
fn phrases_of(words: &Words, line: &str) -> Vec<Phrase> {
    let says = |phrase: &Phrase| {
        let parts: Vec<&str> = words.text(*phrase).split(['{', '}']).step_by(2).collect();
        let [first, between @ .., last] = &parts[..] else { return words.text(*phrase) == line };
        let Some(mut rest) = line.strip_prefix(first).and_then(|rest| rest.strip_suffix(last)) else { return false };
        between.iter().all(|part| rest.find(part).map(|start| rest = &rest[start + part.len()..]).is_some())
    };
    sentences().into_iter().filter(says).collect()
}

/// Tells whether this sentence is true of this form. Each sentence has its law.
#[allow(clippy::too_many_lines, reason = "a list of laws, one for each sentence")]
fn is_true(phrase: Phrase, view: &View<'_>, settings: Settings) -> bool {
    let is_open = view.state.is_unresolved();
    let is_at_rest = matches!(view.state, State::Held | State::Unknown);
    let is_editable = matches!(view.state, State::Ready | State::Rejected);
    let has_notice = |notice| view.notice == Some(notice);
    let has_reference = |reference| matches!(view.notice, Some(Notice::Duplicate(duplicate)) if duplicate.reference == reference);
    let is_duplicate = matches!(view.notice, Some(Notice::Duplicate(_)));
    let is_protected = view.honours_keys && settings.keys != Keys::None && !view.is_key_stale && !view.is_other_payload;
    let laws: &[(Phrase, bool)] = &[
        (en::REVIEWING, view.state == State::Reviewing),
        (en::SUBMITTING, view.state == State::Submitting),
        (en::SUBMITTING_SOME, view.state == State::Submitting),
        (en::STILL_WORKING, view.busy_seconds >= 8),
        // Only once storing has failed: until the store has answered nothing is said.
        (en::RELOAD_UNSAFE, is_open && view.is_reload_unsafe && !view.is_reload_safe),
        (en::RESOLVING, view.state == State::Resolving),
        // No copy of the request can pay any more: the server keeps its refusal under the key.
        (en::REJECTED, view.state == State::Rejected && view.honours_keys && settings.keys != Keys::None && !is_open),
        (en::NOTHING_CHARGED, view.state == State::Rejected && view.honours_keys && settings.keys != Keys::None),
        (en::REFUSED, view.state == State::Rejected && !view.problems.is_empty()),
        (en::DECLINED, view.state == State::Rejected && view.status == Some(402)),
        (en::DECLINED_CARD, view.state == State::Rejected && view.status == Some(402) && view.pays_by_card),
        (en::DECLINED_ADVICE, view.state == State::Rejected && view.status == Some(402)),
        (en::CANCELLED, view.is_cancelled && view.status == Some(410) && view.honours_keys),
        (en::HELD, view.state == State::Held && view.status.is_none_or(|status| (400..500).contains(&status))),
        (en::HELD_SIGN_IN, view.status == Some(401)),
        // The sentence names both meanings of this status; see below.
        (en::HELD_FORBIDDEN, view.status == Some(403)),
        (en::HELD_BUSY, view.status == Some(429)),
        (en::HELD_TOO_LARGE, view.status == Some(413)),
        (en::HELD_SETUP, matches!(view.status, Some(0 | 404 | 405 | 406 | 415))),
        (en::HELD_WAIT, is_at_rest && view.wait_seconds > 0 && (view.state == State::Held || is_protected)),
        (en::ENTRIES_KEPT, view.state == State::Held || is_editable),
        // Where it is said, the button is there, and the server honours the key of these very bytes.
        (en::RETRY_SAFE, view.may_retry && is_protected && view.request.is_some()),
        (en::UNKNOWN, view.state == State::Unknown),
        (en::UNKNOWN_MAY_EXIST, is_open),
        (en::UNKNOWN_QUIET, view.may_check && view.quiet_seconds > 0 && (!view.honours_keys || view.is_key_stale)),
        (en::UNKNOWN_SUPPORT, view.state == State::Unknown && !view.may_retry && !view.may_check && !view.may_cancel),
        (en::UNKNOWN_RECORD, view.state == State::Unknown && view.receipt.is_some()),
        (en::ATTEMPT, is_at_rest && view.attempt.is_some()),
        (en::KEY_STALE, view.is_key_stale && !(view.may_retry && view.state == State::Unknown)),
        (en::OTHER_PAYLOAD, view.is_other_payload && !view.may_retry),
        (en::SERVER_SAYS, !view.words.is_empty()),
        (en::SETTLED_ELSEWHERE, is_at_rest && (view.is_elsewhere || has_notice(Notice::Elsewhere))),
        (en::OFFLINE, is_editable && has_notice(Notice::Offline)),
        (en::OFFLINE_STILL, !is_editable && has_notice(Notice::Offline)),
        (en::ELSEWHERE, is_editable && has_notice(Notice::Elsewhere)),
        (en::DUPLICATE, is_editable && is_duplicate),
        (en::DUPLICATE_WHEN, is_editable && is_duplicate),
        (en::DUPLICATE_SAME_REFERENCE, is_editable && has_reference(ReferenceMatch::Same)),
        (en::DUPLICATE_OTHER_REFERENCE, is_editable && has_reference(ReferenceMatch::Other)),
        (en::DUPLICATE_NOT_SENT, is_editable && is_duplicate),
        (en::NOT_SENT, is_editable && has_notice(Notice::NotSent)),
        (en::NOT_SENT_STILL, !is_editable && has_notice(Notice::NotSent)),
        (en::NOT_FOUND, has_notice(Notice::NotFound)),
        (en::WITHDRAWN, is_editable && has_notice(Notice::Withdrawn)),
        (en::CHECK_FAILED, has_notice(Notice::CheckFailed)),
    ];
    laws.iter().find(|(known, _)| *known == phrase).is_some_and(|(_, law)| *law)
}

/// The sentences that must be said wherever they are true.
fn owed(view: &View<'_>) -> Vec<Phrase> {
    let mut owed = Vec::new();
    let mut say = |condition: bool, phrase| owed.extend(condition.then_some(phrase));
    let is_at_rest = matches!(view.state, State::Held | State::Unknown);
    say(view.state == State::Unknown, en::UNKNOWN_MAY_EXIST);
    say(view.state.is_unresolved() && view.is_reload_unsafe, en::RELOAD_UNSAFE);
    say(is_at_rest && !view.words.is_empty(), en::SERVER_SAYS);
    say(is_at_rest, en::ATTEMPT);
    say(is_at_rest && view.is_key_stale, en::KEY_STALE);
    say(is_at_rest && view.is_elsewhere, en::SETTLED_ELSEWHERE);
    say(view.state == State::Unknown && view.is_other_payload, en::OTHER_PAYLOAD);
    say(is_at_rest && view.status == Some(401), en::HELD_SIGN_IN);
    say(is_at_rest && view.status == Some(403), en::HELD_FORBIDDEN);
    say(is_at_rest && view.status == Some(0), en::HELD_SETUP);
    say(view.state == State::Held && view.wait_seconds > 0, en::HELD_WAIT);
    say(is_at_rest && view.notice == Some(Notice::NotFound), en::NOT_FOUND);
    owed
}

/// Reads what is said of one form, and holds each sentence and each button against its law.
fn read(reader: &mut Reader, status: &Status, view: &View<'_>, settings: Settings, name: &str) -> BTreeSet<&'static str> {
    let mut all = BTreeSet::new();
    for line in std::iter::once(&status.title).chain(&status.lines) {
        assert!(!line.contains(['{', '}']), "not filled in: {line:?}; {name}");
        let phrases = reader.phrases_of(line);
        assert!(!phrases.is_empty(), "no phrase is the sentence {line:?}; {name}");
        // Two sentences may be one text; then one of them must be true.
        let is_kept = phrases.iter().any(|phrase| is_true(*phrase, view, settings));
        assert!(is_kept, "{line:?} is not true; {name}\n{view:?}");
        all.extend(phrases.iter().map(|phrase| phrase.code()));
    }
    for phrase in owed(view) {
        assert!(all.contains(phrase.code()), "{} is not said; {name}\n{view:?}", phrase.code());
    }
    for (button, label) in &status.buttons {
        let is_offered = match button {
            NoticeButton::Confirm => view.state == State::Reviewing,
            NoticeButton::Insist => matches!(view.notice, Some(Notice::Duplicate(_))),
            NoticeButton::Retry => view.may_retry && view.wait_seconds == 0,
            NoticeButton::Check => view.may_check,
            NoticeButton::Cancel => view.may_cancel || matches!(view.notice, Some(Notice::Duplicate(_))),
            NoticeButton::Abandon => view.may_abandon,
        };
        assert!(is_offered && !label.contains('{') && !label.is_empty(), "{button:?} is offered; {name}");
    }
    // There is always a way on, or a word about where to ask.
    let is_stuck = status.buttons.is_empty() && view.state == State::Unknown;
    let ways = [en::UNKNOWN_SUPPORT.code(), en::SETTLED_ELSEWHERE.code()];
    assert!(!is_stuck || ways.iter().any(|code| all.contains(code)), "no way on; {name}");
    all
}

/// A person's action with its result on the network.
type PersonAction = fn(&mut Form);

/// Every scenario, and each of them after the next act of a person or a network.
fn with_next_steps() -> Vec<Scenario> {
    let mut all = Vec::new();
    for scenario in scenarios() {
        let next: [(&str, PersonAction); 11] = [
            ("", |_| {}),
            ("then offline, try again", |form| _ = form.apply(Event::Retry { online: false })),
            ("then try again", |form| _ = form.retry()),
            ("then try again, and the session has ended", |form| answer(form.retry(), 401)),
            ("then try again, and too often", |form| answer(form.retry(), 429)),
            ("then try again, and it cannot be sent", |form| {
                let number = form.retry().has_command(|command| matches!(command, Command::Send(_))).then(|| form.last_request());
                form.apply(Event::NotSent { number: number.unwrap_or_default() });
            }),
            ("then cancel", |form| _ = form.apply(Event::Cancel)),
            ("then cancel, and the session has ended", |form| answer(form.apply(Event::Cancel), 401)),
            ("then look for the record", |form| _ = form.apply(Event::Check)),
            ("then the page changes", |form| _ = form.apply(Event::Edited)),
            ("then no key can be made", |form| _ = form.apply(Event::NoRandomSource)),
        ];
        for (act_name, act) in next {
            let (machine, now, commands) = (scenario.form.machine.clone(), scenario.form.now, scenario.form.commands.clone());
            let mut form = Form { machine, now, commands };
            act(&mut form);
            all.push(Scenario { name: format!("{act_name} {}", scenario.name), settings: scenario.settings, form });
        }
    }
    all
}

/// The last request, whatever it was for, is refused with this status.
fn answer(form: &mut Form, status: u16) {
    if form.has_command(|command| matches!(command, Command::Send(_))) {
        form.says(Outcome::Held {
            status,
            retry_after: (status == 429).then_some(30),
            words: server_words("As the service put it"),
        });
    }
}

#[test]
fn every_sentence_in_every_state_mode_and_language_is_true() {
    let amount = Some(Decimal::new(123_400, 2));
    let mut languages = languages();
    let (mut seen, mut count) = (BTreeSet::new(), 0);
    for Scenario { name, settings, form } in with_next_steps() {
        let view = form.view();
        for reader in &mut languages {
            let name = format!("{}: {name}", reader.language);
            if let Some(status) = reader.words.status(&view, amount) {
                seen.extend(read(reader, &status, &view, settings, &name));
                count += 1;
            } else {
                assert!(view.state == State::Recorded || (view.state == State::Ready && view.notice.is_none()), "{name}");
            }
            for keeps_entries in [false, true] {
                last_words_are_true(&reader.words, &view, settings, keeps_entries, &name);
            }
        }
    }
    assert!(count > 10_000, "{count} notices were read");
    // Each of them comes up somewhere, so no law is idle. Those of the page around are said by the form itself.
    let elsewhere = [
        en::REREADING,
        en::BALANCES_UNCHECKED,
        en::BALANCES_CHANGED,
        en::BALANCES_GONE,
        en::BALANCE_CHANGED,
        en::SHARE_CHANGED,
        en::SUBMITTING_SOME,
    ];
    let elsewhere = elsewhere.map(|phrase| phrase.code());
    let unread: Vec<_> =
        sentences().iter().map(|phrase| phrase.code()).filter(|code| !seen.contains(code) && !elsewhere.contains(code)).collect();
    assert!(unread.is_empty(), "never said on the walk: {unread:?}");
}

/// The sentence that the element shows when the wasm has stopped is true.
fn last_words_are_true(words: &Words, view: &View<'_>, settings: Settings, keeps_entries: bool, name: &str) {
    let last = words.last_words(view, keeps_entries);
    let says = |phrase: Phrase| last.contains(words.text(phrase));
    let is_open = view.state.is_unresolved();
    assert_eq!(says(en::UNKNOWN_MAY_EXIST), is_open, "{name}");
    assert!(
        !says(en::RETRY_SAFE) || (is_open && view.is_reload_safe && view.honours_keys && settings.keys != Keys::None),
        "{name}"
    );
    assert_eq!(says(en::ENTRIES_KEPT), keeps_entries && view.state != State::Recorded, "{name}");
    assert!(!says(en::NOTHING_CHARGED), "{name}");
}

/// MaiaScore answers 403 to whoever is not signed in, Fusebill's kind of server to whoever may not: one sentence is true of both.
#[test]
fn the_sentence_under_403_names_signing_in_and_the_accounts_rights() {
    let both = [
        ("en", "not signed in, or", "may not make this payment"),
        ("ar", "لم تسجّل الدخول، أو", "لا يُسمح لهذا الحساب"),
        ("de", "nicht angemeldet, oder", "darf diese Zahlung nicht"),
        ("es", "No ha iniciado sesión, o", "no está autorizada"),
        ("fr", "pas connecté, ou", "n’est pas autorisé"),
        ("it", "Non ha effettuato l’accesso, oppure", "non può effettuare questo pagamento"),
        ("ja", "ログインしていないか", "このお支払いを行えません"),
        ("nl", "niet ingelogd, of", "mag deze betaling niet doen"),
        ("pt", "não entrou na sua conta, ou", "não pode fazer este pagamento"),
        ("zh", "您尚未登录，或", "无权进行此笔付款"),
    ];
    for reader in languages() {
        let sentence = reader.words.text(en::HELD_FORBIDDEN);
        let (_, sign_in, right) = both.iter().find(|(language, ..)| *language == reader.language).expect(reader.language);
        assert!(sentence.contains(sign_in) && sentence.contains(right), "{}: {sentence}", reader.language);
    }
}

#[test]
fn a_sentence_that_is_not_true_is_noticed() {
    let settings = Settings { keys: Keys::None, ..Settings::default() };
    let mut form = Form::new(settings);
    form.pay().fails();
    let view = form.view();
    let status = Words::default().status(&view, None).unwrap();
    for lie in
        ["It is safe to try again: you will not pay twice.", "Nothing was charged. Your entries are kept.", "Everything is fine."]
    {
        let mut status = status.clone();
        status.lines.push(lie.to_owned());
        let caught = std::panic::catch_unwind(|| read(&mut languages().remove(0), &status, &view, settings, "a lie"));
        assert!(caught.is_err(), "{lie}");
    }
    read(&mut languages().remove(0), &status, &view, settings, "the truth");
}
