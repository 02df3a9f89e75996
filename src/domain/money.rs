//! Exact money in one currency.

use rust_decimal::Decimal;
use std::fmt;

/// A currency of ISO 4217 that has a minor unit, such as USD (2 decimals), JPY (0) or KWD (3). Known by its place in the list of codes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(u8);

/// The codes of all currencies that have a minor unit: those without decimals, with three, with four, and with two.
///
/// A list of our own, because the crate that keeps one weighs 1.5 kB more in the browser. A test compares it with the crate's.
const CODES: &str = "\
    BIFCLPDJFGNFISKJPYKMFKRWPYGRWFUGXUYIVNDVUVXAFXOFXPF\
    BHDIQDJODKWDLYDOMRTND\
    CLFUYW\
    AEDAFNALLAMDAOAARSAUDAWGAZNBAMBBDBDTBGNBMDBNDBOBBOVBRLBSDBTNBWPBYNBZDCADCDFCHECHFCHWCNYCOPCOUCRCCUCCUPCVECZK\
    DKKDOPDZDEGPERNETBEURFJDFKPGBPGELGHSGIPGMDGTQGYDHKDHNLHRKHTGHUFIDRILSINRIRRJMDKESKGSKHRKPWKYDKZTLAKLBPLKRLRD\
    LSLMADMDLMGAMKDMMKMNTMOPMRUMURMVRMWKMXNMXVMYRMZNNADNGNNIONOKNPRNZDPABPENPGKPHPPKRPLNQARRONRSDRUBSARSBDSCRSDG\
    SEKSGDSHPSLESLLSOSSRDSSPSTNSVCSYPSZLTHBTJSTMTTOPTRYTTDTWDTZSUAHUSDUSNUYUUZSVEDVESWSTXADXCDXCGYERZARZMWZWGZWL";

/// The signs of the currencies behind their codes, longer ones first.
const SIGNS: &str = "\
AUD AU$ A$ $
BRL R$
CAD CA$ C$ $
CHF Fr.
CNY CN\u{A5} \u{A5} \u{FFE5} 元
CZK Kč
DKK kr. kr
EUR €
GBP £
HKD HK$ $
ILS ₪
INR ₹
JPY JP\u{A5} \u{A5} \u{FFE5} 円
KRW ₩ 원
MXN MX$ $
NOK kr. kr
NZD NZ$ $
PHP ₱
PLN zł
SEK kr. kr
SGD S$ $
TRY ₺
TWD NT$ $
UAH ₴
USD US$ $
VND ₫
ZAR R";

impl Currency {
    /// The currency of a three-letter code, in capitals as ISO writes it.
    ///
    /// Codes without a minor unit (gold, testing codes) are no currency that can be paid in: `None`.
    ///
    /// ```
    /// use payment_form::domain::money::Currency;
    /// assert_eq!(Currency::from_code("KWD").map(|c| c.minor_units()), Some(3));
    /// assert_eq!(Currency::from_code("XAU"), None);
    /// assert_eq!(Currency::from_code("usd"), None);
    /// ```
    pub fn from_code(code: &str) -> Option<Self> {
        let code = code.as_bytes().as_array::<3>()?;
        let place = CODES.as_bytes().as_chunks().0.iter().position(|known| known == code)?;
        u8::try_from(place).ok().map(Self)
    }

    /// The three-letter code.
    pub fn code(self) -> &'static str {
        let start = usize::from(self.0).saturating_mul(3);
        CODES.get(start..start.saturating_add(3)).unwrap_or_default()
    }

    /// How many decimals the smallest amount of this currency has.
    pub fn minor_units(self) -> u32 {
        // As the list is ordered: its first seventeen have none.
        match self.0 {
            0..17 => 0,
            17..24 => 3,
            24..26 => 4,
            _ => 2,
        }
    }

    /// The signs by which people write it beside a number, longer ones first. A short list of common ones: what it lacks is refused when
    /// pasted, never misread. The browser's own list is for writing amounts.
    pub fn signs(self) -> impl Iterator<Item = &'static str> {
        let line = SIGNS.split('\n').find(|line| line.starts_with(self.code()));
        line.unwrap_or_default().split(' ').skip(1)
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

/// Why a number is not an amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoneyError {
    /// Below zero.
    Negative,
    /// Finer than the minor unit; `decimals` are allowed.
    TooFine {
        /// How many decimals the currency has.
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

/// The smallest number of units that needs more digits.
const TOO_LONG: u128 = 10_u128.pow(DIGITS_MAX as u32);

/// An exact amount of money: never negative, never finer than its currency's minor unit.
///
/// The scale with which it was written is kept (`2.0` stays `2.0` on the wire); comparisons look at the value only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// use rust_decimal::Decimal;
    /// let dollars = Currency::from_code("USD").expect("a currency");
    /// assert_eq!(Money::new(Decimal::new(50_780, 3), dollars).map(Money::plain), Ok("50.78".into()));
    /// assert_eq!(Money::new(Decimal::new(50_781, 3), dollars), Err(MoneyError::TooFine { decimals: 2 }));
    /// ```
    pub fn new(value: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        if value.is_sign_negative() && !value.is_zero() {
            return Err(MoneyError::Negative);
        }
        let decimals = currency.minor_units();
        let value = if value.scale() > decimals {
            let shortened = cut(value, decimals);
            if shortened != value {
                return Err(MoneyError::TooFine { decimals });
            }
            shortened
        } else {
            value
        };
        if value.mantissa().unsigned_abs() >= TOO_LONG {
            return Err(MoneyError::TooLong);
        }
        Ok(Self { value: value.abs(), currency })
    }

    /// Nothing, in this currency.
    pub fn zero(currency: Currency) -> Self {
        Self { value: Decimal::ZERO, currency }
    }

    /// A computed amount. Sums of valid amounts are valid but for the digit limit, which holds for what people and servers write.
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

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.value.is_zero()
    }

    /// This much less `other`, but never below zero. Both must be of one currency, as all amounts of one statement are.
    pub fn less(self, other: Self) -> Self {
        Self::computed(difference(self.value, other.value), self.currency)
    }

    /// The plain decimal with all digits of the minor unit and a point, whatever the locale: `1234.50`.
    pub fn plain(self) -> String {
        plain(self.value, self.currency.minor_units())
    }
}

/// The sum of two numbers. Amounts have at most [`DIGITS_MAX`] digits, so theirs is always representable.
///
/// The only place that adds, and in whole numbers of the finer one's unit: the addition that comes with decimals also rounds, which no
/// amount needs and every download would carry.
#[inline(never)]
pub(crate) fn sum(a: Decimal, b: Decimal) -> Decimal {
    let scale = a.scale().max(b.scale());
    let total = units(a, scale).zip(units(b, scale)).and_then(|(a, b)| a.checked_add(b));
    total.and_then(|total| Decimal::try_from_i128_with_scale(total, scale).ok()).unwrap_or(Decimal::MAX)
}

/// The number counted in units of its `scale`-th decimal, which it has or is padded to; `None` beyond 127 bits.
fn units(value: Decimal, scale: u32) -> Option<i128> {
    (value.scale()..scale).try_fold(value.mantissa(), |units, _| units.checked_mul(10))
}

/// The difference of two numbers, never below zero, with the decimals of both.
pub(crate) fn difference(a: Decimal, mut b: Decimal) -> Decimal {
    if a <= b {
        return Decimal::new(0, a.scale().max(b.scale()));
    }
    b.set_sign_negative(b.is_sign_positive());
    sum(a, b)
}

/// The plain decimal with a point and at least so many decimals: `1234.50`. More decimals are written out, never cut off.
///
/// The only place that writes digits, and [`cut`] the only one that leaves some away: what comes with decimals also rounds and pads.
pub(crate) fn plain(value: Decimal, decimals: u32) -> String {
    let mut units = Units::of(value);
    let padding = decimals.saturating_sub(value.scale());
    let decimals = decimals.max(value.scale());
    // From the last digit to the first, of which one stands before the point.
    let mut reversed = String::new();
    let mut place = 0_u32;
    while place <= decimals || !units.is_zero() {
        if place == decimals && place > 0 {
            reversed.push('.');
        }
        let digit = if place < padding { 0 } else { units.take_last_digit() };
        reversed.push(char::from_digit(digit, 10).unwrap_or_default());
        place = place.saturating_add(1);
    }
    if value.is_sign_negative() {
        reversed.push('-');
    }
    reversed.chars().rev().collect()
}

/// The number without the decimals that are more than these.
pub(crate) fn cut(value: Decimal, decimals: u32) -> Decimal {
    let mut units = Units::of(value);
    for _ in decimals..value.scale() {
        units.take_last_digit();
    }
    let Units([high, middle, low]) = units;
    Decimal::from_parts(low, middle, high, value.is_sign_negative(), value.scale().min(decimals))
}

/// A number counted in units of its last decimal, in three parts of 32 bits, the highest first: what divides 128 bits at once is large.
struct Units([u32; 3]);

impl Units {
    fn of(value: Decimal) -> Self {
        let parts = value.unpack();
        Self([parts.hi, parts.mid, parts.lo])
    }

    fn is_zero(&self) -> bool {
        self.0 == [0; 3]
    }

    /// Divides by ten; returns the rest.
    #[inline(never)]
    fn take_last_digit(&mut self) -> u32 {
        let mut rest = 0_u64;
        for part in &mut self.0 {
            let all = (rest << 32) | u64::from(*part);
            *part = u32::try_from(all / 10).unwrap_or_default();
            rest = all % 10;
        }
        u32::try_from(rest).unwrap_or_default()
    }
}

impl PartialOrd for Money {
    /// Amounts of different currencies do not compare.
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        (self.currency == other.currency).then(|| self.value.cmp(&other.value))
    }
}
