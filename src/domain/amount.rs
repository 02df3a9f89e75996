//! Reads amounts as people type them, in the notation of their locale.
//!
//! In scope: the number that a text certainly is, or the numbers that it could be. The grammar is our own and strict, because a wrong
//! reading can pay a hundred times too much: `1,50` typed in dollars becomes a question to the person, never 150. Out of scope, on purpose:
//! rounding, exponents, signs and anything else that a person paying an invoice does not type.

use super::{
    money::{Currency, DIGITS_MAX},
    number_format::{ZEROS, digit_from, sizes},
};
use rust_decimal::Decimal;

pub use super::number_format::Separators;

/// The reading of a typed amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The field is empty.
    Empty,
    /// One certain number. It may still be too small or too large for a payment.
    Number(Decimal),
    /// One or two possible numbers, the locale's own reading first: the person chooses, the form never guesses. The text is well-formed
    /// only in another notation, or it is a different number in each.
    Choice(Vec<Decimal>),
    /// No amount.
    Unreadable(Unreadable),
}

/// The reason why a text is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// Something other than digits and separators, or separators where no notation has them.
    NotANumber,
    /// A number with the sign or the code of another currency.
    OtherCurrency,
    /// A minus sign before a number.
    Negative,
    /// More decimals than the currency has.
    TooFine,
    /// More digits than any amount has.
    TooLong,
}

/// The most bytes of a text that is read: eighteen full-width digits with separators, a currency and spaces fit. A longer text is refused
/// unread, so that a pasted megabyte costs no time.
const TEXT_MAX: usize = 160;

/// Reads an amount typed in the notation of `separators`, for a currency with `decimals` decimals.
///
/// Accepted: plain digits, digits in well-formed groups, and decimals. The digits are Latin, Arabic-Indic, Persian, full-width or the
/// locale's own, all of one kind. Any space or apostrophe counts where the locale groups with one of them. Zeros behind the last decimal
/// and a dash in place of decimals (`50,-`, `500/-`) are accepted. Ignored: spaces around, and invisible characters. Refused: everything
/// else, such as `5.`, `+5`, `5-`, `1e3`, `1_000`, `½`.
///
/// A text that is well-formed only in another notation is a [`Reading::Choice`], as is a text that is a different number in each:
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
    if text.len() > TEXT_MAX {
        return Reading::Unreadable(Unreadable::TooLong);
    }
    read_visible(&visible(text), None, separators, decimals)
}

/// Reads as [`read`], and accepts the currency before or behind the number, as in pasted amounts. The currency is written by its code, by
/// one of its signs, or by both (`$1,234.50`, `1.234,50 EUR`, `$1,234.50 USD`). `sign` is the one that the form prints in the person's
/// locale.
///
/// A number with another currency is [`Unreadable::OtherCurrency`].
///
/// ```
/// use payment_form::domain::{amount::{Reading, Separators, Unreadable, read_in}, money::Currency};
/// use rust_decimal::Decimal;
/// let euro = Currency::from_code("EUR").expect("a currency");
/// let read = |text| read_in(euro, "€", text, &Separators::ENGLISH);
/// assert_eq!(read("€1,234.50 EUR"), Reading::Number(Decimal::new(123450, 2)));
/// assert_eq!(read("$1,234.50"), Reading::Unreadable(Unreadable::OtherCurrency));
/// ```
pub fn read_in(currency: Currency, sign: &str, text: &str, separators: &Separators) -> Reading {
    if text.len() > TEXT_MAX {
        return Reading::Unreadable(Unreadable::TooLong);
    }
    let text = visible(text);
    let decimals = currency.minor_units();
    let own = CurrencyMarks::printed(currency, sign);
    let reading = read_visible(&text, Some(&own), separators, decimals);
    if reading != Reading::Unreadable(Unreadable::NotANumber) {
        return reading;
    }
    let is_number = |other: Currency| {
        // The other currency's code may stand beside a sign that both currencies have: `$5 CAD`.
        let rest = own.foreign(other).strip(without_minus(&text).0);
        rest.is_some_and(|rest| read_visible(rest.text, Some(&own), separators, decimals) != reading && !rest.text.is_empty())
    };
    if Currency::all().filter(|other| *other != currency).any(is_number) {
        Reading::Unreadable(Unreadable::OtherCurrency)
    } else {
        reading
    }
}

/// The text as a person sees it: without invisible characters and outer spaces, and with one form of each dash, space and apostrophe.
fn visible(text: &str) -> String {
    let seen: String = text.chars().filter(|c| !is_invisible(*c)).map(canonical).collect();
    seen.trim().to_owned()
}

/// Tells whether a character is invisible and has no meaning in an amount: direction marks from clipboards, and joiners.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// The text without a leading minus sign, and `true` where it had one.
fn without_minus(text: &str) -> (&str, bool) {
    text.strip_prefix('-').map_or((text, false), |rest| (rest.trim_start(), true))
}

fn read_visible(text: &str, marks: Option<&CurrencyMarks>, separators: &Separators, decimals: u32) -> Reading {
    if text.is_empty() {
        return Reading::Empty;
    }
    let (text, is_negative) = without_minus(text);
    let stripped = marks.and_then(|marks| marks.strip(text)).unwrap_or(Stripped { text, leads: false });
    let (number, is_negative_behind) = without_minus(stripped.text);
    let reading = read_unsigned(number, stripped.leads, separators, decimals);
    match (is_negative, is_negative_behind) {
        (false, false) => reading,
        _ if reading == Reading::Unreadable(Unreadable::NotANumber) => reading,
        (true, true) => Reading::Unreadable(Unreadable::NotANumber),
        _ => Reading::Unreadable(Unreadable::Negative),
    }
}

/// The sign and the code that may stand beside a number.
struct CurrencyMarks {
    code: &'static str,
    signs: Vec<String>,
    /// The sign that the form prints: it is taken on both sides of the number, also where it is a single letter.
    printed: Option<String>,
}

/// A number without its currency; `leads` is true when a sign or code stood before it.
#[derive(Clone, Copy)]
struct Stripped<'t> {
    text: &'t str,
    leads: bool,
}

impl CurrencyMarks {
    /// The marks of the form's own currency.
    fn printed(currency: Currency, sign: &str) -> Self {
        let printed = Some(visible(sign)).filter(|sign| !sign.is_empty());
        Self { code: currency.code(), signs: currency.signs().iter().map(|sign| visible(sign)).collect(), printed }
    }

    /// The marks that only the other currency has. A single letter is left out, because `5K` and `5M` are numbers to many people.
    fn foreign(&self, currency: Currency) -> Self {
        let is_foreign = |sign: &String| !is_letter(sign) && !self.signs.contains(sign);
        let signs = currency.signs().iter().map(|sign| visible(sign)).filter(is_foreign).collect();
        Self { code: currency.code(), signs, printed: None }
    }

    /// Removes one sign and one code from the ends; `None` where there is neither.
    fn strip<'t>(&self, text: &'t str) -> Option<Stripped<'t>> {
        let code = |text| strip_mark(text, self.code, true);
        let sign = |text| {
            let printed = self.printed.iter().find_map(|sign| strip_mark(text, sign, true));
            printed.or_else(|| self.signs.iter().find_map(|sign| strip_mark(text, sign, !is_letter(sign))))
        };
        // Both orders are tried, because the printed sign may contain the code, and the code a sign of one letter.
        match (sign(text), code(text)) {
            (None, None) => None,
            (_, Some(outer)) => {
                Some(sign(outer.text).map_or(outer, |inner| Stripped { leads: outer.leads || inner.leads, ..inner }))
            }
            (Some(outer), None) => {
                Some(code(outer.text).map_or(outer, |inner| Stripped { leads: outer.leads || inner.leads, ..inner }))
            }
        }
    }
}

fn is_letter(sign: &str) -> bool {
    sign.len() == 1 && sign.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Removes this mark from the beginning of the text, or from its end where it may stand `behind`. Spaces and the case of Latin letters are
/// ignored.
fn strip_mark<'t>(text: &'t str, mark: &str, behind: bool) -> Option<Stripped<'t>> {
    let wanted = || mark.chars().filter(|c| *c != ' ');
    let is_next = |found: Option<char>, wanted: char| found.is_some_and(|found| found.eq_ignore_ascii_case(&wanted));
    let mut rest = text.chars();
    if wanted().all(|wanted| is_next(rest.find(|c| *c != ' '), wanted)) {
        return Some(Stripped { text: rest.as_str().trim_start(), leads: true });
    }
    let mut rest = text.chars();
    let ends = behind && wanted().rev().all(|wanted| is_next(rest.rfind(|c| *c != ' '), wanted));
    ends.then(|| Stripped { text: rest.as_str().trim_end(), leads: false })
}

/// The number without a dash in place of its decimals, and the mark before that dash: `50,-`, `50.–`, `500:-`, `500/-`. A bare dash behind
/// a number often means "below zero". So it replaces decimals only behind a leading sign of a currency without decimals: `￥1,234-`.
fn without_tail(text: &str, is_bare_taken: bool) -> (&str, Option<char>) {
    let whole = text.strip_suffix('-').map(|rest| rest.strip_suffix('-').unwrap_or(rest)).or_else(|| {
        // East Africa writes `500/=`.
        text.strip_suffix('=').filter(|rest| rest.ends_with('/'))
    });
    let Some(whole) = whole else { return (text, None) };
    match whole.chars().next_back() {
        Some(mark @ ('.' | ',' | ':' | '/' | '\u{66B}')) => (whole.strip_suffix(mark).unwrap_or(whole).trim_end(), Some(mark)),
        Some(mark) if is_bare_taken && !text.ends_with("--") => (whole.trim_end(), Some(mark)),
        _ => (text, None),
    }
}

fn read_unsigned(text: &str, leads: bool, separators: &Separators, decimals: u32) -> Reading {
    let (text, tail) = without_tail(text, leads && decimals == 0);
    let Some(runs) = DigitRuns::new(text, separators) else { return Reading::Unreadable(Unreadable::NotANumber) };
    if runs.digits() > DIGITS_MAX {
        return Reading::Unreadable(Unreadable::TooLong);
    }
    // A dash in place of decimals rules decimals out, and its mark cannot also be the group separator.
    let fits = |number: &Number| tail.is_none_or(|mark| number.fraction.is_empty() && !runs.marks.contains(&mark));
    let own = Notation::own(separators);
    let strict = own.iter().flatten().find_map(|notation| runs.strict(notation)).filter(fits);
    let others = || Notation::OTHERS.iter().filter_map(|notation| runs.strict(notation)).filter(fits);
    let value = strict.as_ref().and_then(|number| number.exact(decimals));
    if let (Some(number), Some(value)) = (&strict, value) {
        // Surplus zero decimals (`1.000`) are a group of three digits in another notation.
        let is_padded = number.fraction.len() > decimals as usize;
        let mut choice = vec![value];
        choice.extend(others().filter(|_| is_padded).filter_map(|number| number.exact(decimals)).find(|other| *other != value));
        return if choice.len() == 1 { Reading::Number(value) } else { Reading::Choice(choice) };
    }
    let mut choice: Vec<Decimal> = Vec::new();
    for value in others().filter_map(|number| number.exact(decimals)) {
        if !choice.contains(&value) {
            choice.push(value);
        }
    }
    if choice.is_empty() {
        let is_a_number = strict.is_some() || others().next().is_some();
        return Reading::Unreadable(if is_a_number { Unreadable::TooFine } else { Unreadable::NotANumber });
    }
    let lenient = own.iter().flatten().find_map(|notation| runs.lenient(notation)).filter(fits);
    let lenient = lenient.and_then(|number| number.cut(decimals)).filter(|value| !value.is_zero() && !choice.contains(value));
    if let Some(value) = lenient {
        choice.insert(0, value);
    }
    Reading::Choice(choice)
}

/// The separators of one way to write numbers. One space, apostrophe or mark stands for all characters of its kind.
struct Notation {
    decimals: [char; 2],
    groups: [char; 3],
    sizes: [&'static [u8]; 2],
}

impl Notation {
    /// The two common conventions. A text outside the locale's own notation is read by them, and the person confirms the reading.
    const OTHERS: [Self; 2] = [
        Self { decimals: ['.'; 2], groups: [',', ' ', '\''], sizes: [&[3], &[3, 2]] },
        Self { decimals: [','; 2], groups: ['.', ' ', '\''], sizes: [&[3]; 2] },
    ];

    /// The locale's own notations. A locale with Arabic marks also accepts a point and commas, because people there write Latin digits so,
    /// and some keyboards have no Arabic marks.
    fn own(separators: &Separators) -> [Option<Self>; 2] {
        let (decimal, group) = (canonical(separators.decimal), canonical(separators.group));
        // India groups by two. Groups of three are common there too, and the locale's own marks leave only one reading of them.
        let sizes = [separators.groups, if separators.groups == [3, 2] { &[3] } else { separators.groups }];
        let own = Self { decimals: [decimal, '\u{66B}'], groups: [group, '\u{66C}', '\u{66C}'], sizes };
        let latin = Self { decimals: ['.'; 2], groups: [','; 3], sizes };
        [Some(own), (decimal == '\u{66B}').then_some(latin)]
    }

    /// Tells whether groups of these lengths are well-formed: all are full but the first, which has at least one digit.
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
struct DigitRuns {
    runs: Vec<String>,
    marks: Vec<char>,
}

impl DigitRuns {
    /// Splits a text. `None` when it holds other characters, digits of two kinds, or a mark that does not stand between digits. Only the
    /// first mark may stand before all digits, as in `.50`, with an empty run before it.
    fn new(text: &str, separators: &Separators) -> Option<Self> {
        let [latin, arabic, persian, wide] = ZEROS;
        let zeros = [latin, arabic, persian, wide, separators.zero];
        let known = ['.', ',', ' ', '\'', '\u{66B}', '\u{66C}', canonical(separators.decimal), canonical(separators.group)];
        let mut kind = None;
        let mut run = String::new();
        let mut runs = Self { runs: Vec::new(), marks: Vec::new() };
        for c in text.chars() {
            let digit = zeros.iter().find_map(|zero| Some((*zero, char::from_digit(digit_from(*zero, c)?, 10)?)));
            match digit {
                Some((zero, digit)) if *kind.get_or_insert(zero) == zero => run.push(digit),
                None if known.contains(&canonical(c)) && (!run.is_empty() || runs.runs.is_empty()) => {
                    runs.runs.push(std::mem::take(&mut run));
                    runs.marks.push(canonical(c));
                }
                _ => return None,
            }
        }
        (!run.is_empty()).then(|| runs.runs.push(run))?;
        Some(runs)
    }

    /// The number of digits without leading zeros.
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

    /// The groups of the whole part, and the decimals. Only the last mark can be the decimal separator, and all others must be the same
    /// group separator; otherwise `None`.
    fn split(&self, notation: &Notation) -> Option<(&[String], &str)> {
        let (last, before) = match self.marks.split_last() {
            Some((last, before)) if notation.decimals.contains(last) => (Some(last), before),
            _ => (None, self.marks.as_slice()),
        };
        let is_group = |mark: &char| notation.groups.contains(mark) && Some(mark) == before.first() && Some(mark) != last;
        if !before.iter().all(is_group) {
            return None;
        }
        let (whole, fraction) = match (last, self.runs.split_last()) {
            (Some(_), Some((fraction, whole))) => (whole, fraction.as_str()),
            _ => (self.runs.as_slice(), ""),
        };
        // A mark before all digits can only be the decimal separator.
        let is_headless = whole.first().is_some_and(String::is_empty);
        (!is_headless || whole.len() == 1).then_some((whole, fraction))
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

    /// The value, if it has at most these decimals. Zeros at the end do not count.
    fn exact(&self, decimals: u32) -> Option<Decimal> {
        (self.fraction.trim_end_matches('0').len() <= decimals as usize).then(|| self.cut(decimals)).flatten()
    }

    /// The value, cut to these decimals.
    fn cut(&self, decimals: u32) -> Option<Decimal> {
        let fraction = self.fraction.get(..decimals as usize).unwrap_or(&self.fraction);
        let number: u64 = format!("{}{fraction}", self.whole).parse().ok()?;
        Decimal::try_new(i64::try_from(number).ok()?, u32::try_from(fraction.len()).ok()?).ok()
    }
}

/// The one character that stands for all of its kind, because keyboards and formatters write different spaces, apostrophes, dashes and
/// widths.
fn canonical(c: char) -> char {
    match c {
        '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => ' ',
        '\u{2BC}' | '\u{2018}' | '\u{2019}' | '\u{FF07}' => '\'',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE63}' | '\u{FF0D}' => '-',
        '\u{FF0C}' => ',',
        '\u{FF0E}' => '.',
        '\u{FF0F}' => '/',
        '\u{FF1A}' => ':',
        '\u{FF04}' => '$',
        '\u{FFE1}' => '£',
        '\u{FFE5}' => '\u{A5}',
        '\u{FFE6}' => '₩',
        c => c,
    }
}
