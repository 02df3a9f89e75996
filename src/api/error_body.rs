//! Reads the messages of an error body in the shapes of the common web frameworks.
//!
//! | dialect | shape |
//! | --- | --- |
//! | Fusebill | `{Errors: [{Key, Value}]}` |
//! | ASP.NET | `{Message, ModelState: {field: [text]}}` |
//! | ASP.NET Core, RFC 9457 | `{title, detail, errors: {field: [text]}}` or `errors: [{detail, pointer}]` |
//! | Laravel, Rails | `{message, errors: {field: [text]}}`, `{errors: [text]}` |
//! | FastAPI | `{detail: [{loc: [step], msg}]}`, `{detail: text}` |
//! | Strapi 3 | `{error, message, data: {errors: {field: [text]}}}`, `{message: [{messages: [{message}]}]}` |
//! | Strapi 4, 5 | `{error: {name, message, details: {errors: [{path: [step], message}]}}}` |
//! | JSON:API, Django, Spring, NestJS | `{errors: [{title, detail, source: {pointer}}]}`, `{field: [text]}`, `{errors: [{field, defaultMessage}]}`, `{message: [text]}` |
//! | any | `{error: text}`, a JSON string, a plain text |
//!
//! Each message becomes one problem, at the field that its key names. Names are compared without regard to case, `_` and `-`.

use super::json::{Json, Object};
use crate::domain::problem::{Cause, Field, Problem};
use std::borrow::Cow;

/// The most problems that one body can hold; a person reads no more.
const PROBLEMS_MAX: usize = 100;

/// The most characters of one message. Longer texts are stack traces, not sentences.
const MESSAGE_MAX: usize = 1_000;

/// The most characters of a plain text.
const PLAIN_MAX: usize = 200;

/// The deepest nesting of errors that is read.
const DEPTH_MAX: usize = 8;

/// The members whose text is a sentence for a person.
const WORDS: [&str; 16] = [
    "title",
    "detail",
    "message",
    "msg",
    "error",
    "errormessage",
    "errordescription",
    "defaultmessage",
    "usermessage",
    "reason",
    "fault",
    "faultstring",
    "exceptionmessage",
    "stacktrace",
    "stack",
    "trace",
];

/// The member whose text is a sentence inside of an error, and may be anything else outside.
const WORDS_INSIDE: [&str; 1] = ["description"];

/// The members that hold more errors.
const CONTAINERS: [&str; 18] = [
    "errors",
    "error",
    "errormessages",
    "validationerrors",
    "fielderrors",
    "nonfielderrors",
    "formerrors",
    "modelstate",
    "invalidparams",
    "violations",
    "fieldviolations",
    "children",
    "issues",
    "message",
    "messages",
    "detail",
    "details",
    "fault",
];

/// The members that name the place of an error, the surest first.
const KEYS: [&str; 14] = [
    "key",
    "field",
    "loc",
    "path",
    "pointer",
    "property",
    "propertyname",
    "propertypath",
    "param",
    "parameter",
    "attribute",
    "target",
    "member",
    "name",
];

/// The path steps before a field's own name that carry no meaning.
const WRAPPERS: [&str; 12] =
    ["$", "payment", "body", "request", "data", "attributes", "input", "model", "dto", "command", "payload", "json"];

/// The place that an error key names: `payment.PaymentAllocations[1].Amount`, `paymentAllocations.0.amount`, `#/amount`, `$.amount`.
pub(super) struct Path(Vec<String>);

impl Path {
    fn new(key: &str) -> Self {
        let steps = key.split(['.', '/', '[', ']', '#', '\'', '"']).map(plain_name).filter(|step| !step.is_empty());
        let own: Vec<String> = steps.collect();
        let wrappers = own.iter().take_while(|step| WRAPPERS.contains(&step.as_str())).count();
        // A key that consists of wrappers only is kept, because it may be a field's name.
        Self(if wrappers < own.len() { own.into_iter().skip(wrappers).collect() } else { own })
    }

    /// The name of the field, in small letters without `_` and `-`.
    pub(super) fn name(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }

    /// The place in a list behind the name.
    pub(super) fn index(&self) -> Option<usize> {
        self.0.get(1)?.parse().ok()
    }
}

/// The form of a name in which names are compared.
fn plain_name(name: &str) -> String {
    let name = name.trim();
    let is_joint = |c: &char| matches!(c, '_' | '-') && name.starts_with(char::is_alphabetic);
    name.chars().filter(|c| !is_joint(c)).flat_map(char::to_lowercase).collect()
}

/// Reads every message of a JSON body as a problem. `field` tells the field that a path names.
pub(super) fn problems(body: Json, field: &dyn Fn(&Path) -> Field) -> Vec<Problem> {
    let mut reader = Reader { field, problems: Vec::new() };
    // Some frameworks encode twice: the body is a JSON string that contains the error as JSON.
    let text = body.text();
    let inner = text.as_deref().filter(|text| text.starts_with(['{', '['])).and_then(|text| Json::parse(text.as_bytes()));
    let body = inner.unwrap_or(body);
    match body.list() {
        Some(items) => items.for_each(|item| reader.read_whole(item)),
        None => reader.read_whole(body),
    }
    reader.problems
}

/// Tells whether a body contains a success code, and so contradicts the HTTP status of a refusal. `own` is the API's name of the code.
pub(super) fn claims_success(body: &Object, own: &str) -> bool {
    let mut codes = [own, "statusCode", "status", "code"].into_iter().filter_map(|name| body.text(name)?.parse().ok());
    let is_true = |name: &str| body.get(name).and_then(Json::boolean) == Some(true);
    codes.any(|code: u16| (200..300).contains(&code)) || is_true("success") || is_true("ok")
}

/// The problems of a list of errors alone.
pub(super) fn problems_of_list(list: Json, field: &dyn Fn(&Path) -> Field) -> Vec<Problem> {
    let mut reader = Reader { field, problems: Vec::new() };
    reader.read(list, None, 0);
    reader.problems
}

/// The beginning of a plain text as a problem. HTML is ignored, because a proxy's page tells nothing about the payment.
pub(super) fn problem_of_text(body: &[u8]) -> Option<Problem> {
    let text = std::str::from_utf8(body).ok()?.trim();
    let is_value = Json::parse(body).is_some();
    if is_value || text.is_empty() || text.contains('\0') || text.starts_with(['<', '{', '[', '"', '\u{FEFF}']) {
        return None;
    }
    Some(problem(Field::Form, None, text.chars().take(PLAIN_MAX).collect()))
}

/// A problem in the server's own words.
pub(super) fn problem(field: Field, key: Option<String>, message: String) -> Problem {
    Problem::new(field, Cause::Server { key, message })
}

struct Reader<'a> {
    field: &'a dyn Fn(&Path) -> Field,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn field_of(&self, key: Option<&str>) -> Field {
        key.map_or(Field::Form, |key| (self.field)(&Path::new(key)))
    }

    fn note(&mut self, key: Option<&str>, message: &str) {
        let message = message.trim();
        // An HTML page is no message, wherever it stands.
        if message.is_empty() || message.starts_with('<') || self.problems.len() >= PROBLEMS_MAX {
            return;
        }
        let message: String = message.chars().take(MESSAGE_MAX).collect();
        let is_known = |other: &Problem| {
            matches!(&other.cause, Cause::Server { key: other_key, message: other }
                if *other == message && (key.is_none() || other_key.as_deref() == key))
        };
        if !self.problems.iter().any(is_known) {
            self.problems.push(problem(self.field_of(key), key.map(str::to_owned), message));
        }
    }

    /// The body, or one item of it.
    fn read_whole(&mut self, value: Json) {
        match value.object() {
            Some(object) => self.read_body(&object),
            None => value.text().iter().for_each(|text| self.note(None, text)),
        }
    }

    /// The members of the body: the errors at their fields come before the sentences about all of it.
    fn read_body(&mut self, body: &Object) {
        for (name, value) in body.members() {
            let plain = plain_name(name);
            let is_nested = value.text().is_none();
            if is_nested && plain == "data" {
                // Strapi 3 wraps the errors of the fields in it; anything else in it is no error.
                if let Some(errors) = value.object().and_then(|data| data.get("errors")) {
                    self.read(errors, None, 1);
                }
            } else if is_nested && CONTAINERS.contains(&plain.as_str()) {
                self.read(value, None, 1);
            } else if self.field_of(Some(name)) != Field::Form {
                self.read_texts(value, name);
            }
        }
        self.read_words(body, None, &[]);
        if self.problems.is_empty() {
            self.read_code(body, None);
        }
    }

    /// Reads the texts of a list under a field's own name, as Django writes them. Any other value is an echo of the request.
    fn read_texts(&mut self, list: Json, key: &str) {
        for text in list.list().into_iter().flatten().filter_map(Json::text) {
            self.note(Some(key), &text);
        }
    }

    /// Reads the sentences among the members of an object; `more` names further members to read.
    fn read_words(&mut self, object: &Object, key: Option<&str>, more: &[&str]) {
        for (_, text) in words(object, more) {
            self.note(key, &text);
        }
    }

    /// Reads an error code where there is no sentence.
    fn read_code(&mut self, object: &Object, key: Option<&str>) {
        let code = ["code", "errorCode", "error_code", "type", "name"].into_iter().find_map(|name| object.get(name)?.text());
        if let Some(code) = code.filter(|code| code.chars().any(char::is_alphabetic)) {
            self.note(key, &code);
        }
    }

    /// A value inside of an error container, under this key.
    fn read(&mut self, value: Json, key: Option<&str>, depth: usize) {
        if depth > DEPTH_MAX || self.problems.len() >= PROBLEMS_MAX {
            return;
        }
        let deeper = depth.saturating_add(1);
        if let Some(text) = value.text() {
            self.note(key, &text);
        } else if let Some(object) = value.object() {
            self.read_error(&object, key, deeper);
        } else {
            for item in value.list().into_iter().flatten() {
                match item.object() {
                    Some(error) if self.read_value(&error, key) => {}
                    _ => self.read(item, key, deeper),
                }
            }
        }
    }

    /// Reads Fusebill's error, whose message is its value. Beside another message, the value is an echo of the field.
    fn read_value(&mut self, error: &Object, outer: Option<&str>) -> bool {
        let Some(value) = error.get("value").filter(|_| words(error, &WORDS_INSIDE).next().is_none()) else { return false };
        let before = self.problems.len();
        let key = self.key(error);
        let key = key.as_deref().or(outer);
        self.note(key, &value.text().unwrap_or(Cow::Borrowed(value.raw())));
        if self.problems.len() == before {
            self.note(key, key.unwrap_or_default());
        }
        true
    }

    /// One error with its words and its own key, or errors by their keys.
    fn read_error(&mut self, object: &Object, outer: Option<&str>, depth: usize) {
        let before = self.problems.len();
        let own = self.key(object);
        let join = |name: &str| outer.map_or_else(|| name.to_owned(), |outer| format!("{outer}.{name}"));
        let key = own.as_deref().map(join);
        let key = key.as_deref().or(outer);
        let is_one = own.is_some() || words(object, &WORDS_INSIDE).next().is_some();
        self.read_words(object, key, &WORDS_INSIDE);
        for (name, value) in object.members() {
            let plain = plain_name(name);
            let is_text = value.text().is_some();
            if !is_text && CONTAINERS.contains(&plain.as_str()) {
                self.read(value, key, depth);
            } else if plain == "constraints" {
                // The member names are the names of validation rules.
                let texts = value.object();
                texts.iter().flat_map(Object::members).filter_map(|(_, text)| text.text()).for_each(|text| self.note(key, &text));
            } else if !is_one {
                self.read(value, Some(&join(name)), depth);
            } else if self.field_of(Some(name)) != Field::Form {
                self.read_texts(value, name);
            }
        }
        if self.problems.len() == before
            && let Some(own) = own
        {
            // A key without a message is still shown.
            self.note(key, &own);
        }
    }

    /// The key that an error names itself: a text, a number, or beside its words a list of steps.
    fn key(&self, object: &Object) -> Option<String> {
        let source = object.get("source").and_then(Json::object);
        let has_words = words(object, &WORDS_INSIDE).next().is_some();
        let key_of = |wanted: &str| {
            let is_wanted = |(name, value): &(&str, Json)| plain_name(name) == wanted && !value.is_null();
            let (_, value) = [Some(object), source.as_ref()].into_iter().flatten().find_map(|o| o.members().find(is_wanted))?;
            let steps = || value.list().filter(|_| has_words).into_iter().flatten().filter_map(Json::plain);
            let key = value.plain().map_or_else(|| steps().collect::<Vec<_>>().join("."), Into::into);
            // `name` often holds the class of the error.
            let is_sure = wanted != "name" || self.field_of(Some(&key)) != Field::Form;
            (!key.is_empty() && is_sure).then_some(key)
        };
        KEYS.into_iter().find_map(key_of)
    }
}

/// The members of an object that hold a sentence, with their texts; `more` names more of them.
fn words<'a>(object: &'a Object<'a>, more: &'a [&str]) -> impl Iterator<Item = (&'a str, Cow<'a, str>)> {
    let is_word = |name: &str| WORDS.contains(&name) || more.contains(&name);
    let members = object.members().filter(move |(name, _)| is_word(&plain_name(name)));
    members.filter_map(|(name, value)| Some((name, value.text()?))).filter(|(_, text)| !text.trim().is_empty())
}
