//! What the host configured: attributes read into types.
//!
//! A value that an attribute does not know counts as its default, as in the rest of the platform, but not in silence: each is one of
//! [`Config::mistakes`], which the element writes to the console for the page's developer.

use crate::{
    api::{Api, decimal, message::Encoding},
    domain::{
        allocation::Order,
        amount::Separators,
        date::Date,
        invoice::CustomerId,
        money::{Currency, Money, cut, sum},
        payment::{AllocationWire, Kind, Source},
        payment_order::DateField,
        terms::{Offered, Terms},
    },
    submission::{Keys, Settings},
    words::language_tag,
};
use rust_decimal::Decimal;

/// What the host configured, but for what is rich or secret: that comes as values of its own, or through [`Host`](crate::ui::state::host::Host).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Which contract is spoken.
    pub api: Api,
    /// Where the payment is POSTed.
    pub endpoint: String,
    /// How the body is written (MaiaScore).
    pub encoding: Encoding,
    /// Who owes.
    pub customer: Option<CustomerId>,
    /// Who starts the payment.
    pub source: Source,
    /// Which ways of paying are offered.
    pub offered: Offered,
    /// The currency, where the host names it.
    pub currency: Option<Currency>,
    /// The language tag of the person's locale.
    pub locale: String,
    /// The initial amount.
    pub amount: Option<Decimal>,
    /// The least that may be paid.
    pub min: Option<Decimal>,
    /// The most that may be paid.
    pub max: Option<Decimal>,
    /// The order chosen at first.
    pub order: Order,
    /// How the division is sent.
    pub wire: AllocationWire,
    /// Which date makes an invoice old.
    pub order_by: DateField,
    /// Where an unknown outcome is settled.
    pub resolve_endpoint: Option<String>,
    /// Whether the attempt's mark is appended to the reference.
    pub marks_reference: bool,
    /// Where the invoices are listed.
    pub invoices_src: Option<String>,
    /// Where the stored methods are listed.
    pub payment_methods_src: Option<String>,
    /// Whether nothing can be typed or sent.
    pub is_disabled: bool,
    /// What the submission machine is told.
    pub settings: Settings,
    /// What the developer got wrong, in English sentences.
    pub mistakes: Vec<String>,
}

impl Config {
    /// Reads the attributes of `<payment-form>`, each by its name. `looks_up` says whether the host gave a look-up function.
    pub fn read(attribute: impl Fn(&str) -> Option<String>, looks_up: bool) -> Self {
        Self::read_all(Attributes { get: &attribute, mistakes: Vec::new() }, looks_up)
    }

    fn read_all(mut attributes: Attributes<'_>, looks_up: bool) -> Self {
        let api = attributes.word("api", &[("fusebill", Api::Fusebill), ("maiascore", Api::MaiaScore)]);
        let source = attributes.word("source", Source::NAMES);
        let resolve_endpoint = attributes.text("resolve-endpoint");
        let (min, max) = (attributes.parsed("min", plain_decimal), attributes.parsed("max", plain_decimal));
        if min.zip(max).is_some_and(|(min, max)| min > max) {
            attributes.mistakes.push("min is above max: nothing can be paid.".to_owned());
        }
        let settings = Settings {
            keys: attributes.word("idempotency", &[("auto", Keys::Auto), ("required", Keys::Required), ("none", Keys::None)]),
            resolves: resolve_endpoint.is_some(),
            looks_up,
            persists: attributes.word("persist", &[("session", true), ("none", false)]),
            confirms: attributes.flag("confirm"),
            timeout: attributes.seconds("timeout", 60),
            quiet: attributes.seconds("quiet-time", 600),
        };
        Self {
            api,
            endpoint: attributes.text("endpoint").unwrap_or_else(|| api.endpoint().to_owned()),
            encoding: attributes.word("encoding", &[("json", Encoding::Json), ("xml", Encoding::Xml), ("form", Encoding::Form)]),
            customer: attributes.parsed("customer-id", CustomerId::parse),
            source,
            offered: attributes.offered(source),
            currency: attributes.parsed("currency", Currency::from_code),
            locale: attributes.parsed("locale", language_tag).unwrap_or_else(|| "en".to_owned()),
            amount: attributes.parsed("amount", plain_decimal),
            min,
            max,
            order: attributes.word("allocation", Order::NAMES),
            wire: attributes.word("allocation-wire", AllocationWire::NAMES),
            order_by: attributes.word("order-date", DateField::NAMES),
            resolve_endpoint,
            marks_reference: attributes.flag("reference-marker"),
            invoices_src: attributes.text("invoices-src"),
            payment_methods_src: attributes.text("payment-methods-src"),
            is_disabled: attributes.flag("disabled"),
            settings,
            mistakes: attributes.mistakes,
        }
    }

    /// The rules that a check follows, once the currency is known.
    pub fn terms(&self, currency: Currency, sign: &str, separators: Separators, today: Date) -> Terms {
        // A limit finer than the currency is the next amount inside of it.
        let limit = |value: Option<Decimal>, step: u32| {
            let value = value?;
            let cut = cut(value, currency.minor_units());
            let inside = if cut == value { cut } else { sum(cut, Decimal::new(step.into(), currency.minor_units())) };
            Money::new(inside, currency).ok()
        };
        Terms {
            kind: self.kind(),
            currency,
            separators,
            sign: sign.to_owned(),
            decimals_max: self.api.decimals_max(),
            min: limit(self.min, 1),
            max: limit(self.max, 0),
            today,
            customer: self.customer,
            source: self.source,
            offered: self.offered,
            order_by: self.order_by,
            wire: self.wire,
        }
    }

    /// What kind of payment the API takes.
    pub fn kind(&self) -> Kind {
        match self.api {
            Api::Fusebill => Kind::OnAccount,
            Api::MaiaScore => Kind::DueItem,
        }
    }
}

/// The attributes while they are read.
struct Attributes<'a> {
    get: &'a dyn Fn(&str) -> Option<String>,
    mistakes: Vec<String>,
}

impl Attributes<'_> {
    /// A text that is not empty.
    fn text(&self, name: &str) -> Option<String> {
        (self.get)(name).filter(|text| !text.trim().is_empty())
    }

    fn flag(&self, name: &str) -> bool {
        (self.get)(name).is_some()
    }

    /// One of a few words; the first is the default. Not written out for every attribute: all of these values look alike to the compiler.
    #[inline(never)]
    fn word<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> T {
        let text = self.text(name);
        let known = text.as_deref().and_then(|text| words.iter().find(|(word, _)| *word == text));
        if known.is_none() && text.is_some() {
            self.mistake(name);
        }
        known.or(words.first()).map(|(_, value)| *value).expect("an attribute has at least one word")
    }

    fn parsed<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let text = self.text(name)?;
        let parsed = parse(text.trim());
        if parsed.is_none() {
            self.mistake(name);
        }
        parsed
    }

    /// Whole seconds, in milliseconds.
    fn seconds(&mut self, name: &str, default: u64) -> u64 {
        let read = |text: &str| text.parse().ok().filter(|seconds| (1..=86_400).contains(seconds));
        self.parsed(name, read).unwrap_or(default) * 1000
    }

    fn offered(&mut self, source: Source) -> Offered {
        let Some(list) = self.text("methods") else { return Offered::for_source(source) };
        let mut offered = Offered { stored: false, cash: false, check: false, direct_deposit: false };
        for word in list.split_whitespace() {
            match word {
                "stored" => offered.stored = true,
                "Cash" => offered.cash = true,
                "Check" => offered.check = true,
                "DirectDeposit" => offered.direct_deposit = true,
                _ => self.mistakes.push(["methods: \"", word, "\" is not known, and left out."].concat()),
            }
        }
        let is_any = offered.stored || offered.cash || offered.check || offered.direct_deposit;
        if !is_any {
            self.mistake("methods");
            return Offered::for_source(source);
        }
        offered
    }

    fn mistake(&mut self, name: &str) {
        let value = (self.get)(name).unwrap_or_default();
        self.mistakes.push([name, "=\"", &value, "\" is not known; its default is used."].concat());
    }
}

/// A plain decimal as attributes write it: digits, and a point before the decimals.
fn plain_decimal(text: &str) -> Option<Decimal> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_plain.then(|| decimal::read(text)).flatten()
}
