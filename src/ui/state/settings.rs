//! Holds the host's settings, and the configuration that the form derives from them.

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
        terms::{OfferedMethods, Terms},
    },
    statement_feed::Sources,
    submission::{self, Keys},
};
use leptos::prelude::{document, window};
use rust_decimal::Decimal;
use std::time::Duration;

/// The settings of a form. Each has the default of the attribute of the same name; `docs/attributes.md` lists them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The API that the form speaks, which also decides its fields.
    pub api: Api,
    /// The address that the payment is POSTed to; the API's own path where none is given.
    pub endpoint: Option<String>,
    /// The media type of the body (MaiaScore only).
    pub encoding: Encoding,
    /// The starter of the payment (Fusebill only).
    pub source: Source,
    /// The offered methods of payment; the default depends on the source.
    pub methods: Option<OfferedMethods>,
    /// The currency, needed where no invoice tells it.
    pub currency: Option<Currency>,
    /// The locale of separators, formats and direction; the browser's where none is given.
    pub locale: Option<String>,
    /// The initial amount (MaiaScore: amountPaid).
    pub amount: Option<Decimal>,
    /// The smallest allowed amount.
    pub min: Option<Decimal>,
    /// The largest allowed amount.
    pub max: Option<Decimal>,
    /// The plan that is chosen at first.
    pub allocation: Order,
    /// The form in which the allocation is sent.
    pub allocation_wire: AllocationWire,
    /// The date that makes an invoice old.
    pub order_date: DateField,
    /// True when a review comes before sending.
    pub confirm: bool,
    /// The host's statement about the server's support for idempotency keys.
    pub idempotency: Keys,
    /// The address that settles an unknown outcome.
    pub resolve_endpoint: Option<String>,
    /// True when the attempt's marker is appended to the reference.
    pub reference_marker: bool,
    /// The time until an outcome counts as unknown.
    pub timeout: Duration,
    /// The time until "I have checked" is offered, where keys are not honoured.
    pub quiet_time: Duration,
    /// True when draft and attempt are kept in `sessionStorage`.
    pub persist: bool,
    /// The name of the company that is paid: it stands in the header, in the review and on the receipt.
    pub payee: Option<String>,
    /// The name of the customer who pays: it stands in the header, in the review and on the receipt.
    pub payer: Option<String>,
    /// True when a payment is offered without open invoices.
    pub prepayment: bool,
    /// True when staff use the form (MaiaScore only). For Fusebill every source but the portal means staff.
    pub staff: bool,
    /// Other origins that the form may speak to. Only the page's script decides this, never an attribute.
    pub allowed_origins: Vec<String>,
    /// True when `Basic` credentials may leave the browser, for development. Only the page's script decides this, never an attribute.
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
            payee: None,
            payer: None,
            prepayment: false,
            staff: false,
            allowed_origins: Vec::new(),
            allow_basic: false,
        }
    }
}

/// The settings together with the props that the host names apart from them.
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
    /// True when the form takes no input.
    pub is_disabled: bool,
    /// True when the host gave a look-up function.
    pub looks_up: bool,
}

impl Config {
    /// The address that the payment is POSTed to.
    pub fn endpoint(&self) -> &str {
        self.settings.endpoint.as_deref().unwrap_or_else(|| self.settings.api.endpoint())
    }

    /// The methods of payment that are offered.
    pub fn offered(&self) -> OfferedMethods {
        self.settings.methods.unwrap_or_else(|| OfferedMethods::for_source(self.settings.source))
    }

    /// The locale of the form.
    pub fn locale(&self) -> String {
        let browsers = || window().navigator().language().unwrap_or_else(|| "en".to_owned());
        self.settings.locale.clone().unwrap_or_else(browsers)
    }

    /// The addresses and credentials that the form may use on this page.
    pub fn access(&self) -> Access {
        Access {
            // The origin is not derived from the address, because a sandboxed frame has the origin `null`.
            origin: window().origin(),
            base: document().base_uri().ok().flatten().unwrap_or_default(),
            allowed_origins: self.settings.allowed_origins.clone(),
            allow_basic: self.settings.allow_basic,
        }
    }

    /// The sources of the lists, and their customer.
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

    /// Tells whether staff use the form: staff read all messages of a server.
    pub fn is_for_staff(&self) -> bool {
        match self.settings.api {
            Api::Fusebill => self.settings.source != Source::SelfServicePortal,
            Api::MaiaScore => self.settings.staff,
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
        // A limit with more decimals than the currency is rounded to the next allowed amount.
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

    /// Tells whether only settings of waiting and storing differ from `before`, so that the form need not be rendered anew.
    pub fn differs_only_in_submission(&self, before: &Self) -> bool {
        let Settings { confirm, idempotency, timeout, quiet_time, persist, .. } = before.settings;
        let settings = Settings { confirm, idempotency, timeout, quiet_time, persist, ..self.settings.clone() };
        let alike = Self { settings, is_disabled: before.is_disabled, looks_up: before.looks_up, ..self.clone() };
        alike == *before
    }

    /// The words of this locale before a currency is known.
    pub fn plain_words(&self, language: &Language) -> crate::words::Words {
        language.plain_words(&self.locale()).for_staff(self.is_for_staff())
    }
}
