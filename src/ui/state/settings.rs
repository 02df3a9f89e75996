//! Holds what the host configures: the typed settings of a form, and the configuration that the form derives from them.

use crate::ui::platform::{intl::Language, transport::Access};
use crate::{
    api::{Api, message::Encoding},
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
    statement_feed::Sources,
    submission::{self, Keys},
};
use leptos::prelude::{document, window};
use rust_decimal::Decimal;
use std::time::Duration;

/// The settings of a form. Each has the default of the attribute of the same name; README lists them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The API that the form speaks, and so the fields that it shows.
    pub api: Api,
    /// The address that the payment is POSTed to; the API's own path where none is given.
    pub endpoint: Option<String>,
    /// The media type of the body (MaiaScore only).
    pub encoding: Encoding,
    /// Who starts the payment (Fusebill only).
    pub source: Source,
    /// The offered ways of paying; where none are given, those that suit the source.
    pub methods: Option<Offered>,
    /// The currency, needed where no invoice tells it.
    pub currency: Option<Currency>,
    /// The locale of separators, formats and direction; the browser's where none is given.
    pub locale: Option<String>,
    /// The initial amount (MaiaScore: amountPaid).
    pub amount: Option<Decimal>,
    /// The least that may be paid.
    pub min: Option<Decimal>,
    /// The most that may be paid.
    pub max: Option<Decimal>,
    /// The plan that is chosen at first.
    pub allocation: Order,
    /// How the allocation is sent.
    pub allocation_wire: AllocationWire,
    /// The date that makes an invoice old.
    pub order_date: DateField,
    /// Whether a review comes before sending.
    pub confirm: bool,
    /// Whether the server honours idempotency keys.
    pub idempotency: Keys,
    /// The address that settles an unknown outcome.
    pub resolve_endpoint: Option<String>,
    /// Whether the attempt's mark is appended to the reference.
    pub reference_marker: bool,
    /// The time until an outcome counts as unknown.
    pub timeout: Duration,
    /// The time until "I have checked" is offered, where keys are not honoured.
    pub quiet_time: Duration,
    /// Whether draft and attempt are kept in the session's store.
    pub persist: bool,
    /// Other origins that the form may speak to. Only the page's script decides this, never an attribute.
    pub allowed_origins: Vec<String>,
    /// Whether `Basic` credentials may leave the browser, for development. Only the page's script decides this, never an attribute.
    pub allow_basic: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            api: Api::Fusebill,
            endpoint: None,
            encoding: Encoding::Json,
            source: Source::SelfServicePortal,
            methods: None,
            currency: None,
            locale: None,
            amount: None,
            min: None,
            max: None,
            allocation: Order::default(),
            allocation_wire: AllocationWire::Explicit,
            order_date: DateField::Due,
            confirm: false,
            idempotency: Keys::Auto,
            resolve_endpoint: None,
            reference_marker: false,
            timeout: Duration::from_secs(60),
            quiet_time: Duration::from_secs(600),
            persist: true,
            allowed_origins: Vec::new(),
            allow_basic: false,
        }
    }
}

/// The settings together with what the host names apart from them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// The settings.
    pub settings: Settings,
    /// The customer who owes.
    pub customer: Option<CustomerId>,
    /// The address of the invoices.
    pub invoices_src: Option<String>,
    /// The address of the stored methods.
    pub payment_methods_src: Option<String>,
    /// Whether the form takes no input.
    pub is_disabled: bool,
    /// Whether the host gave a look-up function.
    pub looks_up: bool,
}

impl Config {
    /// The address that the payment is POSTed to.
    pub fn endpoint(&self) -> &str {
        self.settings.endpoint.as_deref().unwrap_or_else(|| self.settings.api.endpoint())
    }

    /// The ways of paying that are offered.
    pub fn offered(&self) -> Offered {
        self.settings.methods.unwrap_or_else(|| Offered::for_source(self.settings.source))
    }

    /// The locale of the form.
    pub fn locale(&self) -> String {
        let browsers = || window().navigator().language().unwrap_or_else(|| "en".to_owned());
        self.settings.locale.clone().unwrap_or_else(browsers)
    }

    /// The addresses and credentials that the form may use on this page.
    pub fn access(&self) -> Access {
        Access {
            // A sandboxed frame has the origin `null`, whatever its address is.
            origin: window().origin(),
            base: document().base_uri().ok().flatten().unwrap_or_default(),
            allowed_origins: self.settings.allowed_origins.clone(),
            allow_basic: self.settings.allow_basic,
        }
    }

    /// The sources of the lists, and the customer whose they are.
    pub fn sources(&self) -> Sources {
        Sources {
            api: self.settings.api,
            customer: self.customer,
            currency: self.settings.currency,
            invoices_src: self.invoices_src.clone(),
            methods_src: self.payment_methods_src.clone(),
            timeout: self.submission().timeout,
        }
    }

    /// The settings of the submission machine.
    pub fn submission(&self) -> submission::Settings {
        let Settings { idempotency, resolve_endpoint, persist, confirm, timeout, quiet_time, .. } = &self.settings;
        let milliseconds = |time: &Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        submission::Settings {
            keys: *idempotency,
            resolves: resolve_endpoint.is_some(),
            looks_up: self.looks_up,
            persists: *persist,
            confirms: *confirm,
            timeout: milliseconds(timeout),
            quiet: milliseconds(quiet_time),
        }
    }

    /// The kind of payment that the API takes.
    pub fn kind(&self) -> Kind {
        match self.settings.api {
            Api::Fusebill => Kind::OnAccount,
            Api::MaiaScore => Kind::DueItem,
        }
    }

    /// The rules of a check, once the currency is known.
    pub fn terms(&self, currency: Currency, sign: &str, separators: Separators, today: Date) -> Terms {
        // A limit finer than the currency becomes the next amount inside of it.
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
            decimals_max: self.settings.api.decimals_max(),
            min: limit(self.settings.min, 1),
            max: limit(self.settings.max, 0),
            today,
            customer: self.customer,
            source: self.settings.source,
            offered: self.offered(),
            order_by: self.settings.order_date,
            wire: self.settings.allocation_wire,
        }
    }

    /// Whether a change from `before` concerns only how long the form waits and what it stores, so that the form need not be rendered anew.
    pub fn differs_only_in_submission(&self, before: &Self) -> bool {
        let Settings { confirm, idempotency, timeout, quiet_time, persist, .. } = before.settings;
        let settings = Settings { confirm, idempotency, timeout, quiet_time, persist, ..self.settings.clone() };
        let alike = Self { settings, is_disabled: before.is_disabled, looks_up: before.looks_up, ..self.clone() };
        alike == *before
    }

    /// The words of this locale before a currency is known.
    pub fn plain_words(&self, language: &Language) -> crate::words::Words {
        language.plain_words(&self.locale())
    }
}
