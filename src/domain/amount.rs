//! Amounts as people type them, in the notation of their locale.
//!
//! In scope: which number a text is, when that is beyond doubt, and which numbers it could be when it is not. The grammar is our own and
//! strict, because a payment that is a hundred times too large is the worst thing a form can do: `1,50` typed in dollars is asked about,
//! not read as 150. Out of scope, on purpose: rounding, exponents, signs and anything else that a person paying an invoice does not type.

use super::{
    money::{Currency, DIGITS_MAX},
    number_format::{ZEROS, digit_from, sizes},
};
use rust_decimal::Decimal;

pub use super::number_format::Separators;

/// What a typed amount was read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Nothing was typed.
    Empty,
    /// One number, beyond doubt. It may still be too small or too large for a payment.
    Number(Decimal),
    /// Not well-formed in the locale's own notation, but in another one: the person chooses, we never guess. One or two numbers,
    /// the locale's own reading first.
    Choice(Vec<Decimal>),
    /// No amount.
    Unreadable(Unreadable),
}

/// Why a text is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// Something other than digits and separators, or separators where no notation has them.
    NotANumber,
    /// A minus sign before a number.
    Negative,
    /// More decimals than the currency has.
    TooFine,
    /// More digits than any amount has.
    TooLong,
}

/// The most bytes that are looked at: eighteen full-width digits with their separators, a currency and spaces around fit well.
/// A longer text is refused unread, so that a megabyte of paste costs nothing.
const TEXT_MAX: usize = 160;

/// Reads an amount typed in the notation of `separators`, for a currency with `decimals` decimals.
///
/// Accepted: plain digits, digits in well-formed groups, decimals behind at least one digit; Latin, Arabic-Indic, Persian, full-width and
/// the locale's own digits, all of one kind; any of the usual spaces and apostrophes where the locale groups with one of them.
/// Spaces and direction marks around are ignored. Refused: everything else, among it `5.`, `.5`, `+5`, `1e3`, `1_000`, `½`.
///
/// What is ill-formed here but well-formed in another notation is a [`Reading::Choice`]:
///
/// ```
/// use payment_form::domain::amount::{Reading, Separators, Unreadable, read};
/// use rust_decimal::Decimal;
/// let read = |text| read(text, &Separators::ENGLISH, 2);
/// assert_eq!(read("1,234.5"), Reading::Number(Decimal::new(12345, 1)));
/// assert_eq!(read("1,5"), Reading::Choice(vec![Decimal::new(15, 0), Decimal::new(15, 1)]));
/// assert_eq!(read("1e3"), Reading::Unreadable(Unreadable::NotANumber));
/// ```
pub fn read(text: &str, separators: &Separators, decimals: u32) -> Reading {
    read_between(text, separators, decimals, |text| text)
}

/// As [`read`], and one sign or code of `currency` may stand before or behind the number, as it does in what people paste: `$1,234.50`,
/// `1.234,50 EUR`. Another currency's sign is refused.
pub fn read_in(currency: Currency, text: &str, separators: &Separators, decimals: u32) -> Reading {
    read_between(text, separators, decimals, |text| {
        let bare = currency.signs().find_map(|sign| text.strip_prefix(sign).or_else(|| text.strip_suffix(sign)));
        bare.or_else(|| without_code(text, currency.code())).map_or(text, trim)
    })
}

/// The text without the currency's code at its beginning or end, in capitals or not.
fn without_code<'a>(text: &'a str, code: &str) -> Option<&'a str> {
    if let Some((head, tail)) = text.split_at_checked(code.len())
        && head.eq_ignore_ascii_case(code)
    {
        return Some(tail);
    }
    let (head, tail) = text.split_at_checked(text.len().checked_sub(code.len())?)?;
    tail.eq_ignore_ascii_case(code).then_some(head)
}

/// Without spaces and direction marks around: Hebrew and Arabic amounts are pasted with them.
fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}'))
}

fn read_between(text: &str, separators: &Separators, decimals: u32, bare: impl Fn(&str) -> &str) -> Reading {
    if text.len() > TEXT_MAX {
        return Reading::Unreadable(Unreadable::TooLong);
    }
    let text = trim(text);
    if text.is_empty() {
        return Reading::Empty;
    }
    let text = bare(text);
    // The hyphen, the true minus sign and the dash that some keyboards make of a hyphen.
    match text.strip_prefix(['-', '\u{2212}', '\u{2013}', '\u{FF0D}']) {
        None => read_unsigned(text, separators, decimals),
        Some(rest) => match read_unsigned(bare(trim(rest)), separators, decimals) {
            Reading::Unreadable(Unreadable::NotANumber) => Reading::Unreadable(Unreadable::NotANumber),
            _ => Reading::Unreadable(Unreadable::Negative),
        },
    }
}

fn read_unsigned(text: &str, separators: &Separators, decimals: u32) -> Reading {
    let Some(written) = Written::new(text, separators) else { return Reading::Unreadable(Unreadable::NotANumber) };
    if written.digits() > DIGITS_MAX {
        return Reading::Unreadable(Unreadable::TooLong);
    }
    let own = Notation::own(separators);
    let strict = own.iter().flatten().find_map(|notation| written.strict(notation));
    if let Some(value) = strict.as_ref().and_then(|number| number.exact(decimals)) {
        return Reading::Number(value);
    }
    let mut is_a_number = strict.is_some();
    let mut choice: Vec<Decimal> = Vec::new();
    for number in Notation::OTHERS.iter().filter_map(|notation| written.strict(notation)) {
        is_a_number = true;
        if let Some(value) = number.exact(decimals).filter(|value| !choice.contains(value)) {
            choice.push(value);
        }
    }
    if choice.is_empty() {
        return Reading::Unreadable(if is_a_number { Unreadable::TooFine } else { Unreadable::NotANumber });
    }
    let lenient = own.iter().flatten().find_map(|notation| written.lenient(notation));
    let lenient = lenient.and_then(|number| number.cut(decimals)).filter(|value| !value.is_zero() && !choice.contains(value));
    if let Some(value) = lenient {
        choice.insert(0, value);
    }
    Reading::Choice(choice)
}

/// The marks of one way to write numbers. Spaces, apostrophes and full-width marks stand for all of their kind.
struct Notation {
    decimals: [char; 2],
    groups: [char; 3],
    sizes: [&'static [u8]; 2],
}

impl Notation {
    /// The two great conventions. What the locale does not write itself is read by these, and then asked about.
    const OTHERS: [Self; 2] = [
        Self { decimals: ['.'; 2], groups: [',', ' ', '\''], sizes: [&[3], &[3, 2]] },
        Self { decimals: [','; 2], groups: ['.', ' ', '\''], sizes: [&[3]; 2] },
    ];

    /// The locale's own. The Arabic marks are beyond doubt everywhere; where they are the locale's own, numbers in Latin digits are
    /// written with a point and commas beside them, and such a keyboard may be the only one at hand.
    fn own(separators: &Separators) -> [Option<Self>; 2] {
        let (decimal, group) = (one_of_its_kind(separators.decimal), one_of_its_kind(separators.group));
        // India groups by two, but groups of three are common there too, and with the locale's own marks they cannot be misread.
        let sizes = [separators.groups, if separators.groups == [3, 2] { &[3] } else { separators.groups }];
        let own = Self { decimals: [decimal, '\u{66B}'], groups: [group, '\u{66C}', '\u{66C}'], sizes };
        let latin = Self { decimals: ['.'; 2], groups: [','; 3], sizes };
        [Some(own), (decimal == '\u{66B}').then_some(latin)]
    }

    /// Whether groups of these lengths are well-formed: all full but the first, which is not empty and not longer than a full one.
    fn has_sizes(&self, runs: &[String]) -> bool {
        let fits = |groups: &&[u8]| {
            let mut whole = runs.iter().rev().zip(sizes(groups)).enumerate();
            whole.all(|(place, (run, size))| {
                let is_first = place.saturating_add(1) == runs.len();
                run.len() == size || (is_first && run.len() < size)
            })
        };
        self.sizes.iter().any(fits)
    }
}

/// A text as runs of digits (by now ASCII) with one mark between each two.
struct Written {
    runs: Vec<String>,
    marks: Vec<char>,
}

impl Written {
    /// `None` when the text holds anything else, digits of two kinds, or a mark that does not stand between digits.
    fn new(text: &str, separators: &Separators) -> Option<Self> {
        let [latin, arabic, persian, wide] = ZEROS;
        let zeros = [latin, arabic, persian, wide, separators.zero];
        let known =
            ['.', ',', ' ', '\'', '\u{66B}', '\u{66C}', one_of_its_kind(separators.decimal), one_of_its_kind(separators.group)];
        let mut kind = None;
        let mut run = String::new();
        let mut written = Self { runs: Vec::new(), marks: Vec::new() };
        for c in text.chars() {
            let digit = zeros.iter().find_map(|zero| Some((*zero, char::from_digit(digit_from(*zero, c)?, 10)?)));
            match digit {
                Some((zero, digit)) if *kind.get_or_insert(zero) == zero => run.push(digit),
                None if known.contains(&one_of_its_kind(c)) && !run.is_empty() => {
                    written.runs.push(std::mem::take(&mut run));
                    written.marks.push(one_of_its_kind(c));
                }
                _ => return None,
            }
        }
        (!run.is_empty()).then(|| written.runs.push(run))?;
        Some(written)
    }

    /// How many digits there are, leading zeros left out.
    fn digits(&self) -> usize {
        let zeros = self.runs.iter().flat_map(|run| run.bytes()).take_while(|digit| *digit == b'0').count();
        self.runs.iter().map(String::len).sum::<usize>().saturating_sub(zeros)
    }

    /// The number in this notation, if it is well-formed in it.
    fn strict(&self, notation: &Notation) -> Option<Number> {
        let (whole, fraction) = self.split(notation)?;
        let grouped = whole.len() > 1;
        let leads_with_zero = whole.first().is_some_and(|run| run.starts_with('0'));
        (!grouped || (!leads_with_zero && notation.has_sizes(whole))).then(|| Number::new(whole, fraction))
    }

    /// The number in this notation, wherever its group separators stand.
    fn lenient(&self, notation: &Notation) -> Option<Number> {
        self.split(notation).map(|(whole, fraction)| Number::new(whole, fraction))
    }

    /// The groups of the whole part and the decimals, if each mark can be what its place makes it: only the last can be the decimal
    /// separator, and all others must be the same group separator.
    fn split(&self, notation: &Notation) -> Option<(&[String], &str)> {
        let (last, before) = match self.marks.split_last() {
            Some((last, before)) if notation.decimals.contains(last) => (Some(last), before),
            _ => (None, self.marks.as_slice()),
        };
        let is_group = |mark: &char| notation.groups.contains(mark) && Some(mark) == before.first() && Some(mark) != last;
        if !before.iter().all(is_group) {
            return None;
        }
        match (last, self.runs.split_last()) {
            (Some(_), Some((fraction, whole))) => Some((whole, fraction)),
            _ => Some((&self.runs, "")),
        }
    }
}

/// The digits of a number before and behind the decimal separator.
struct Number {
    whole: String,
    fraction: String,
}

impl Number {
    fn new(whole: &[String], fraction: &str) -> Self {
        Self { whole: whole.concat(), fraction: fraction.to_owned() }
    }

    /// Its value, if it has no more decimals than these.
    fn exact(&self, decimals: u32) -> Option<Decimal> {
        (self.fraction.len() <= decimals as usize).then(|| self.cut(decimals)).flatten()
    }

    /// Its value without the decimals that are too many.
    fn cut(&self, decimals: u32) -> Option<Decimal> {
        let fraction = self.fraction.get(..decimals as usize).unwrap_or(&self.fraction);
        let number: u64 = format!("{}{fraction}", self.whole).parse().ok()?;
        Decimal::try_new(i64::try_from(number).ok()?, u32::try_from(fraction.len()).ok()?).ok()
    }
}

/// The one character that stands for all of its kind: keyboards and formatters disagree about which space and which apostrophe.
fn one_of_its_kind(c: char) -> char {
    match c {
        '\u{A0}' | '\u{2009}' | '\u{202F}' => ' ',
        '\u{2019}' => '\'',
        '\u{FF0C}' => ',',
        '\u{FF0E}' => '.',
        c => c,
    }
}
