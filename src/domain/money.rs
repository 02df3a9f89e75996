//! Defines exact money in one currency.

use rust_decimal::{Decimal, RoundingStrategy};
use std::fmt;

/// A currency of ISO 4217 that has a minor unit, such as USD (2 decimals), JPY (0) or KWD (3).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency {
    iso: iso_currency::Currency,
    minor_units: u16,
}

/// More signs than the one in `iso_currency`: those of other languages and keyboards. Each line has a currency's code and its signs.
const SIGNS: &str = "\
AUD AU$ A$
BHD BD
CAD CA$ C$ $CA
CHF Fr. Fr SFr.
CLP CLP$ CH$
CNY CN\u{A5} RMB 元
COP COL$
CZK K\u{10D}s
DKK kr.
DZD DA
EGP E\u{A3} LE
GEL ₾
HKD $HK
IDR Rp.
INR Rs. Rs ₨
JPY JP\u{A5} 円
KES Ksh. Sh
KGS ⃀ сом
KRW 원
KWD KD
LBP L\u{A3}
LKR Rs. Rs
MAD DH
MUR Rs
MXN MX$ Mex$
NOK kr.
NPR Rs. Rs
NZD NZ$ $NZ
OMR RO
PEN S/.
PHP P
PKR Rs. Rs
RON lei
RUB руб. р.
SAR SR
SEK kr.
SGD SG$
TND DT
TRY TL
TWD 元
TZS TSh
UAH грн. грн
UGX USh
USD US$ $US U$S
UYU $
XAF FCFA
XOF FCFA
XPF CFPF FCFP";

impl Currency {
    /// The currency of a three-letter code, in capitals as ISO writes it.
    ///
    /// Codes without a minor unit (gold, testing codes) give `None`, because they are no means of payment.
    ///
    /// ```
    /// use payment_form::domain::money::Currency;
    /// assert_eq!(Currency::from_code("KWD").map(|c| c.minor_units()), Some(3));
    /// assert_eq!(Currency::from_code("XAU"), None);
    /// assert_eq!(Currency::from_code("usd"), None);
    /// ```
    pub fn from_code(code: &str) -> Option<Self> {
        let iso = iso_currency::Currency::from_code(code)?;
        Some(Self { iso, minor_units: iso.exponent()? })
    }

    /// The three-letter code.
    pub fn code(self) -> &'static str {
        self.iso.code()
    }

    /// The number of decimals of this currency's smallest amount.
    pub fn minor_units(self) -> u32 {
        self.minor_units.into()
    }

    /// Every currency that has a minor unit.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..1000).filter_map(iso_currency::Currency::from_numeric).filter_map(|iso| Self::from_code(iso.code()))
    }

    /// The signs that people write beside a number, longer ones first. A sign may belong to several currencies.
    ///
    /// ```
    /// use payment_form::domain::money::Currency;
    /// let signs = Currency::from_code("AUD").map(Currency::signs);
    /// assert_eq!(signs, Some(vec!["AU$".into(), "A$".into(), "$".into()]));
    /// ```
    pub fn signs(self) -> Vec<String> {
        let line = SIGNS.lines().find_map(|line| line.strip_prefix(self.code())).unwrap_or_default();
        let mut signs: Vec<String> = line.split(' ').filter(|sign| !sign.is_empty()).map(str::to_owned).collect();
        let symbol = self.iso.symbol().symbol;
        // `¤` stands for any currency, so it is no sign of this one.
        if symbol != "\u{A4}" && !signs.contains(&symbol) {
            signs.push(symbol);
        }
        signs.sort_by_key(|sign| std::cmp::Reverse(sign.chars().count()));
        signs
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The reason why a number is not an amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoneyError {
    /// Below zero.
    Negative,
    /// Finer than the minor unit; `decimals` are allowed.
    TooFine {
        /// The number of decimals that the currency has.
        decimals: u32,
    },
    /// More than [`DIGITS_MAX`] significant digits.
    TooLong,
}

/// The most significant digits that an amount may have.
///
/// `DIFFERS`: Fusebill's own limit is the largest .NET decimal (29 digits). Eighteen digits are exact in every backend and database that
/// this form was built against, and no invoice needs more.
pub const DIGITS_MAX: usize = 18;

/// The smallest mantissa with more digits.
const TOO_LONG: u128 = 10_u128.pow(DIGITS_MAX as u32);

/// An exact amount of money: never negative, never finer than its currency's minor unit.
///
/// The written scale is kept (`2.0` stays `2.0` on the wire); comparisons ignore it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    value: Decimal,
    currency: Currency,
}

impl Money {
    /// Takes a number as money.
    ///
    /// # Errors
    /// [`MoneyError`] when it is negative, finer than the minor unit (zeros beyond it do not count), or has too many digits.
    ///
    /// ```
    /// use payment_form::domain::money::{Currency, Money, MoneyError};
    /// use rust_decimal::{Decimal, RoundingStrategy};
    /// let dollars = Currency::from_code("USD").expect("a currency");
    /// assert_eq!(Money::new(Decimal::new(50_780, 3), dollars).map(Money::plain), Ok("50.78".into()));
    /// assert_eq!(Money::new(Decimal::new(50_781, 3), dollars), Err(MoneyError::TooFine { decimals: 2 }));
    /// ```
    pub fn new(value: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        if value.is_sign_negative() && !value.is_zero() {
            return Err(MoneyError::Negative);
        }
        let decimals = currency.minor_units();
        let shortened = cut(value, decimals);
        if shortened != value {
            return Err(MoneyError::TooFine { decimals });
        }
        if shortened.mantissa().unsigned_abs() >= TOO_LONG {
            return Err(MoneyError::TooLong);
        }
        Ok(Self { value: shortened.abs(), currency })
    }

    /// Zero in this currency.
    pub fn zero(currency: Currency) -> Self {
        Self { value: Decimal::ZERO, currency }
    }

    /// A computed amount. It may have more digits than [`DIGITS_MAX`], which limits amounts of people and servers only.
    pub(in crate::domain) fn computed(value: Decimal, currency: Currency) -> Self {
        Self { value: value.max(Decimal::ZERO), currency }
    }

    /// The number.
    pub fn value(self) -> Decimal {
        self.value
    }

    /// The currency.
    pub fn currency(self) -> Currency {
        self.currency
    }

    /// Tells whether the amount is zero.
    pub fn is_zero(self) -> bool {
        self.value.is_zero()
    }

    /// The difference to `other`, but never below zero. Both must be of one currency, as all amounts of one statement are.
    pub fn saturating_sub(self, other: Self) -> Self {
        Self::computed(difference(self.value, other.value), self.currency)
    }

    /// The plain decimal with all digits of the minor unit and a point, whatever the locale: `1234.50`.
    pub fn plain(self) -> String {
        let decimals = self.currency.minor_units() as usize;
        format!("{:.decimals$}", self.value)
    }
}

/// The sum of two numbers, capped at the largest [`Decimal`]. Amounts have at most [`DIGITS_MAX`] digits, so their sums are exact.
pub(crate) fn sum(a: Decimal, b: Decimal) -> Decimal {
    a.checked_add(b).unwrap_or(Decimal::MAX)
}

/// The sum of several numbers, as [`sum`] of two.
pub(crate) fn total(values: impl IntoIterator<Item = Decimal>) -> Decimal {
    values.into_iter().fold(Decimal::ZERO, sum)
}

/// The difference of two numbers, never below zero.
pub(crate) fn difference(a: Decimal, b: Decimal) -> Decimal {
    a.checked_sub(b).unwrap_or_default().max(Decimal::ZERO)
}

/// The number cut to these decimals; a shorter one is not padded.
pub(crate) fn cut(value: Decimal, decimals: u32) -> Decimal {
    value.round_dp_with_strategy(decimals, RoundingStrategy::ToZero)
}

impl PartialOrd for Money {
    /// Amounts of different currencies do not compare.
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        (self.currency == other.currency).then(|| self.value.cmp(&other.value))
    }
}
