//! Reads the attributes of `<payment-form>` into the configuration of the form.
//!
//! An unknown value counts as the attribute's default, as in HTML. Each is listed in [`Attributes::mistakes`], which the element writes to
//! the console for the page's developer.

use crate::{
    api::{Api, decimal, message::Encoding},
    domain::{
        allocation::Order,
        invoice::CustomerId,
        money::Currency,
        payment::{AllocationWire, Source},
        payment_order::DateField,
        terms::OfferedMethods,
    },
    submission::Keys,
    ui::{Settings, state::settings::Config},
    words::language_tag,
};
use rust_decimal::Decimal;
use std::{fmt, time::Duration};

/// The configuration in the attributes, and the values that cannot be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    /// The configuration.
    pub config: Config,
    /// The developer's mistakes.
    pub mistakes: Vec<Mistake>,
}

/// A value that cannot be read or makes no sense. Its text is an English sentence for the console of a page with the element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The mistake alone, without a full stop.
    pub fact: String,
    /// The rest of the sentence: the consequence of the mistake.
    pub consequence: &'static str,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}.", self.fact, self.consequence)
    }
}

impl Attributes {
    /// Reads the attributes, each by its name.
    pub fn read(attribute: impl Fn(&str) -> Option<String>) -> Self {
        Reader { attribute: &attribute, mistakes: Vec::new() }.read()
    }
}

/// The attributes while they are read.
struct Reader<'a> {
    attribute: &'a dyn Fn(&str) -> Option<String>,
    mistakes: Vec<Mistake>,
}

impl Reader<'_> {
    fn read(mut self) -> Attributes {
        let source = self.word("source", Source::NAMES);
        let (min, max) = (self.parse_text("min", plain_decimal), self.parse_text("max", plain_decimal));
        if min.zip(max).is_some_and(|(min, max)| min > max) {
            self.report("min is above max".to_owned(), ": nothing can be paid");
        }
        let settings = Settings {
            api: self.word("api", &[("fusebill", Api::Fusebill), ("maiascore", Api::MaiaScore)]),
            endpoint: self.text("endpoint"),
            encoding: self.word("encoding", &[("json", Encoding::Json), ("xml", Encoding::Xml), ("form", Encoding::Form)]),
            source,
            methods: self.methods(),
            currency: self.parse_text("currency", Currency::from_code),
            locale: self.parse_text("locale", language_tag),
            amount: self.parse_text("amount", plain_decimal),
            min,
            max,
            allocation: self.word("allocation", Order::NAMES),
            allocation_wire: self.word("allocation-wire", AllocationWire::NAMES),
            order_date: self.word("order-date", DateField::NAMES),
            confirm: self.flag("confirm"),
            idempotency: self.word("idempotency", &[("auto", Keys::Auto), ("required", Keys::Required), ("none", Keys::None)]),
            resolve_endpoint: self.text("resolve-endpoint"),
            reference_marker: self.flag("reference-marker"),
            timeout: self.seconds("timeout", Settings::default().timeout),
            quiet_time: self.seconds("quiet-time", Settings::default().quiet_time),
            persist: self.word("persist", &[("session", true), ("none", false)]),
            payee: self.name("payee"),
            payer: self.name("payer"),
            prepayment: self.flag("prepayment"),
            staff: self.flag("staff"),
            ..Settings::default()
        };
        let config = Config {
            settings,
            customer: self.parse_text("customer-id", CustomerId::parse),
            invoices_src: self.text("invoices-src"),
            payment_methods_src: self.text("payment-methods-src"),
            is_disabled: self.flag("disabled"),
            looks_up: false,
        };
        Attributes { config, mistakes: self.mistakes }
    }

    /// A text that is not empty.
    fn text(&self, name: &str) -> Option<String> {
        (self.attribute)(name).filter(|text| !text.trim().is_empty())
    }

    /// The name of a company or person, in one line.
    fn name(&self, name: &str) -> Option<String> {
        self.text(name).map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    fn flag(&self, name: &str) -> bool {
        (self.attribute)(name).is_some()
    }

    /// Reads one of a few words; the first is the default.
    fn word<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> T {
        let text = self.text(name);
        let known = text.as_deref().and_then(|text| words.iter().find(|(word, _)| *word == text));
        if known.is_none() && text.is_some() {
            self.report_unknown(name);
        }
        known.or(words.first()).map(|(_, value)| *value).expect("an attribute has at least one word")
    }

    fn parse_text<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let text = self.text(name)?;
        let parsed = parse(text.trim());
        if parsed.is_none() {
            self.report_unknown(name);
        }
        parsed
    }

    /// Whole seconds, up to a day.
    fn seconds(&mut self, name: &str, default: Duration) -> Duration {
        let read = |text: &str| text.parse().ok().filter(|seconds| (1..=86_400).contains(seconds));
        self.parse_text(name, read).map_or(default, Duration::from_secs)
    }

    fn methods(&mut self) -> Option<OfferedMethods> {
        let list = self.text("methods")?;
        let mut offered = OfferedMethods { stored: false, cash: false, check: false, direct_deposit: false };
        for word in list.split_whitespace() {
            match word {
                "stored" => offered.stored = true,
                "Cash" => offered.cash = true,
                "Check" => offered.check = true,
                "DirectDeposit" => offered.direct_deposit = true,
                _ => self.report(format!("methods: \"{word}\" is not known"), ", and left out"),
            }
        }
        let is_any = offered.stored || offered.cash || offered.check || offered.direct_deposit;
        if !is_any {
            self.report_unknown("methods");
        }
        is_any.then_some(offered)
    }

    fn report_unknown(&mut self, name: &str) {
        let value = (self.attribute)(name).unwrap_or_default();
        self.report(format!("{name}=\"{value}\" is not known"), "; its default is used");
    }

    fn report(&mut self, fact: String, consequence: &'static str) {
        self.mistakes.push(Mistake { fact, consequence });
    }
}

/// A plain decimal as attributes write it: digits, and a point before the decimals.
fn plain_decimal(text: &str) -> Option<Decimal> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_plain.then(|| decimal::read(text)).flatten()
}
