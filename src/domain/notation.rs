//! Splits a typed number into runs of digits, and reads them in one notation.

use super::number_format::{Separators, ZEROS, digit_from, sizes};
use rust_decimal::Decimal;

/// The separators of one way to write numbers. One space, apostrophe or mark stands for all characters of its kind.
pub(in crate::domain) struct Notation {
    decimals: [char; 2],
    groups: [char; 3],
    sizes: [&'static [u8]; 2],
}

impl Notation {
    /// The two common conventions. A text outside the locale's own notation is read by them, and the person confirms the reading.
    pub(in crate::domain) const OTHERS: [Self; 2] = [
        Self { decimals: ['.'; 2], groups: [',', ' ', '\''], sizes: [&[3], &[3, 2]] },
        Self { decimals: [','; 2], groups: ['.', ' ', '\''], sizes: [&[3]; 2] },
    ];

    /// The locale's own notations. A locale with Arabic marks also accepts a point and commas, because people there write Latin digits so,
    /// and some keyboards have no Arabic marks.
    pub(in crate::domain) fn of_locale(separators: &Separators) -> [Option<Self>; 2] {
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
            whole.all(|(index, (run, size))| {
                let is_first = index.saturating_add(1) == runs.len();
                run.len() == size || (is_first && run.len() < size)
            })
        };
        self.sizes.iter().any(fits)
    }
}

/// A text as runs of digits (by now ASCII) with one mark between each two.
pub(in crate::domain) struct DigitRuns {
    runs: Vec<String>,
    pub marks: Vec<char>,
}

impl DigitRuns {
    /// Splits a text. `None` when it holds other characters, digits of two kinds, or a mark that does not stand between digits. Only the
    /// first mark may stand before all digits, as in `.50`, with an empty run before it.
    pub(in crate::domain) fn new(text: &str, separators: &Separators) -> Option<Self> {
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
    pub(in crate::domain) fn digits(&self) -> usize {
        let zeros = self.runs.iter().flat_map(|run| run.bytes()).take_while(|digit| *digit == b'0').count();
        self.runs.iter().map(String::len).sum::<usize>().saturating_sub(zeros)
    }

    /// The number in this notation, if it is well-formed in it.
    pub(in crate::domain) fn well_formed(&self, notation: &Notation) -> Option<Number> {
        let (whole, fraction) = self.split(notation)?;
        let grouped = whole.len() > 1;
        let leads_with_zero = whole.first().is_some_and(|run| run.starts_with('0'));
        (!grouped || (!leads_with_zero && notation.has_sizes(whole))).then(|| Number::new(whole, fraction))
    }

    /// The number in this notation, wherever its group separators stand.
    pub(in crate::domain) fn with_any_groups(&self, notation: &Notation) -> Option<Number> {
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
pub(in crate::domain) struct Number {
    whole: String,
    pub fraction: String,
}

impl Number {
    pub(in crate::domain) fn new(whole: &[String], fraction: &str) -> Self {
        Self { whole: whole.concat(), fraction: fraction.to_owned() }
    }

    /// The value, if it has at most these decimals. Zeros at the end do not count.
    pub(in crate::domain) fn exact(&self, decimals: u32) -> Option<Decimal> {
        (self.fraction.trim_end_matches('0').len() <= decimals as usize).then(|| self.cut(decimals)).flatten()
    }

    /// The value, cut to these decimals.
    pub(in crate::domain) fn cut(&self, decimals: u32) -> Option<Decimal> {
        let fraction = self.fraction.get(..decimals as usize).unwrap_or(&self.fraction);
        let number: u64 = format!("{}{fraction}", self.whole).parse().ok()?;
        Decimal::try_new(i64::try_from(number).ok()?, u32::try_from(fraction.len()).ok()?).ok()
    }
}

/// The one character that stands for all of its kind, because keyboards and formatters write different spaces, apostrophes, dashes and
/// widths.
pub(in crate::domain) fn canonical(c: char) -> char {
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
