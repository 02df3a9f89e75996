//! Defines a payment that was checked and can be sent.

use super::{
    allocation::{Allocation, Order},
    date::Date,
    invoice::{CustomerId, MethodId},
    money::Money,
    number_format::digit,
    payment_order::{DateField, Direction},
    statement::StoredKind,
};

/// The method of payment. Card and bank account carry the id that the server needs; the offline methods only record a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// One stored method.
    Stored {
        /// The method's id.
        id: MethodId,
        /// Card or bank account.
        kind: StoredKind,
    },
    /// The stored method that is the customer's default when the server pays.
    Default {
        /// Card or bank account, as far as the form knows.
        kind: StoredKind,
    },
    /// Cash was handed over.
    Cash,
    /// A check was handed over.
    Check,
    /// The customer paid into the bank account.
    DirectDeposit,
}

impl Method {
    /// The value of the method's radio: `stored-<id>`, `default`, `Cash`, `Check` or `DirectDeposit`.
    pub fn name(self) -> String {
        match self {
            Self::Stored { id, .. } => format!("stored-{id}"),
            Self::Default { .. } => "default".into(),
            Self::Cash => "Cash".into(),
            Self::Check => "Check".into(),
            Self::DirectDeposit => "DirectDeposit".into(),
        }
    }
}

/// The starter of the payment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// The customer, in a portal.
    #[default]
    SelfServicePortal,
    /// Staff, by hand.
    Manual,
    /// A program.
    Automatic,
    /// An import from another system.
    Import,
}

names!(Source: SelfServicePortal = "SelfServicePortal", Manual = "Manual", Automatic = "Automatic", Import = "Import");

/// The most UTF-16 units that a reference may have, counted as .NET counts.
pub const REFERENCE_MAX: usize = 500;

/// The reason why a text is no reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferenceError {
    /// More than [`REFERENCE_MAX`] UTF-16 units; this many.
    TooLong(usize),
    /// A control or invisible direction character.
    Control(char),
    /// The reference seems to contain a card number, which must never be stored here.
    CardNumber,
}

/// The payer's own note on a payment: 1 to 500 UTF-16 units, no control characters, no card number. Stored and sent exactly as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference(String);

impl Reference {
    /// Makes a reference of a text; an empty text is no reference.
    ///
    /// # Errors
    /// [`ReferenceError`] names the problem.
    ///
    /// ```
    /// use payment_form::domain::payment::{Reference, ReferenceError};
    /// let kept = Reference::new("Rent, November").expect("a reference");
    /// assert_eq!(kept.as_ref().map(Reference::text), Some("Rent, November"));
    /// assert_eq!(Reference::new("4242 4242 4242 4242"), Err(ReferenceError::CardNumber));
    /// ```
    pub fn new(text: &str) -> Result<Option<Self>, ReferenceError> {
        let units = text.encode_utf16().count();
        if units > REFERENCE_MAX {
            return Err(ReferenceError::TooLong(units));
        }
        if let Some(control) = text.chars().find(|c| is_forbidden(*c)) {
            return Err(ReferenceError::Control(control));
        }
        if contains_card_number(text) {
            return Err(ReferenceError::CardNumber);
        }
        Ok((!text.is_empty()).then(|| Self(text.to_owned())))
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// Tells whether a character is a control, or an invisible one that can make a text look different from the stored one. The two joiners
/// (U+200C and U+200D) are allowed, because Persian words and many emoji need them.
fn is_forbidden(c: char) -> bool {
    let is_invisible = matches!(
        c,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}'
    );
    // A lone surrogate of the browser arrives as the replacement character, so the typed text is lost and cannot be stored.
    c.is_control() || is_invisible || c == '\u{FFFD}'
}

/// Tells whether the text contains a card number: 13 to 19 digits with a card prefix that pass the Luhn check. Spaces and hyphens may stand
/// between the digits, and other digits behind a number in a card's own layout.
fn contains_card_number(text: &str) -> bool {
    let mut group: Vec<u32> = Vec::new();
    let mut groups: Vec<Vec<u32>> = Vec::new();
    let text = without_identifiers(text);
    // The appended full stop ends the last run of groups.
    for c in text.chars().chain(['.']) {
        if let Some(digit) = digit(c) {
            group.push(digit);
            continue;
        }
        // A joiner is invisible, so it does not separate digits.
        if matches!(c, '\u{200C}' | '\u{200D}') {
            continue;
        }
        if !group.is_empty() {
            groups.push(std::mem::take(&mut group));
        }
        let separates = c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
        if !separates && contains_card(&std::mem::take(&mut groups)) {
            return true;
        }
    }
    false
}

/// The text with a full stop in place of each UUID and hexadecimal hash. One in a few thousand of them holds the digits of a card number by
/// chance.
fn without_identifiers(text: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let mut rest = text;
    let mut cleaned = String::new();
    while let Some(start) = rest.find(is_part) {
        let (before, from) = rest.split_at_checked(start).unwrap_or((rest, ""));
        let end = from.find(|c| !is_part(c)).unwrap_or(from.len());
        let (word, behind) = from.split_at_checked(end).unwrap_or((from, ""));
        cleaned.push_str(before);
        let parts: Vec<&str> = word.split('-').collect();
        let mut next = parts.as_slice();
        while let [part, others @ ..] = next {
            let uuid = next.split_at_checked(UUID.len()).filter(|(uuid, _)| is_uuid(uuid));
            cleaned.push_str(if uuid.is_some() || is_hash(part) { "." } else { part });
            next = uuid.map_or(others, |(_, behind)| behind);
            if !next.is_empty() {
                cleaned.push('-');
            }
        }
        rest = behind;
    }
    cleaned.push_str(rest);
    cleaned
}

/// The lengths of the parts of a UUID.
const UUID: [usize; 5] = [8, 4, 4, 4, 12];

fn is_uuid(parts: &[&str]) -> bool {
    let is_hex = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    parts.iter().map(|part| part.len()).eq(UUID) && parts.iter().all(|part| is_hex(part))
}

/// Tells whether letters stand among the hexadecimal digits, as in no written card number. A hash of 32 digits or more is far longer than a
/// card number, and one in a thousand holds three letters only.
fn is_hash(part: &str) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic();
    let letters = part.bytes().filter(is_letter).count();
    let letters_min = if part.len() < 32 { 4 } else { 2 };
    let changes = part.bytes().zip(part.bytes().skip(1)).filter(|(a, b)| is_letter(a) != is_letter(b)).count();
    part.bytes().all(|byte| byte.is_ascii_hexdigit()) && part.len() > 16 && letters >= letters_min && changes >= 2
}

/// Tells whether these groups of digits form a card number together, or contain one in the layout of a card.
fn contains_card(groups: &[Vec<u32>]) -> bool {
    let starts = (0..groups.len()).map(|start| groups.get(start..).unwrap_or_default());
    let mut windows = starts.flat_map(|tail| (1..=tail.len().min(5)).filter_map(|end| tail.get(..end)));
    is_card(groups) || windows.any(|window| is_card_layout(window) && is_card(window))
}

/// Tells whether the groups have a card's layout: one block, fours with a shorter last group, 4-6-5 or 4-6-4.
fn is_card_layout(groups: &[Vec<u32>]) -> bool {
    let mut lengths = groups.iter().map(Vec::len);
    match (lengths.next(), lengths.next(), groups.len()) {
        (_, None, _) | (Some(4), Some(6), 3) => true,
        (Some(4), Some(4), count) => lengths.take(count.saturating_sub(3)).all(|length| length == 4),
        _ => false,
    }
}

fn is_card(groups: &[Vec<u32>]) -> bool {
    let digits = groups.concat();
    (13..=19).contains(&digits.len()) && has_card_prefix(&digits) && passes_luhn(&digits)
}

/// Tells whether the digits begin like a number of a large card network.
fn has_card_prefix(digits: &[u32]) -> bool {
    let number = |count| digits.iter().take(count).fold(0_u32, |sum, digit| sum.saturating_mul(10).saturating_add(*digit));
    number(1) == 4
        || matches!(number(2), 34..=39 | 50..=58 | 60 | 62..=65 | 67)
        || matches!(number(3), 300..=305)
        || matches!(number(4), 2200..=2204 | 2221..=2720)
}

fn passes_luhn(digits: &[u32]) -> bool {
    let sum = digits.iter().rev().zip([false, true].into_iter().cycle()).fold(0_u32, |sum, (digit, double)| {
        let value = if double { digit.saturating_mul(2) } else { *digit };
        sum.saturating_add(if value > 9 { value.saturating_sub(9) } else { value })
    });
    sum.is_multiple_of(10)
}

/// The choice between sending the computed shares and asking the server to divide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AllocationWire {
    /// Send the shares of the preview.
    #[default]
    Explicit,
    /// Let the server divide, where its documented order is the same: oldest or newest by due date, without pins.
    Auto,
}

names!(AllocationWire: Explicit = "explicit", Auto = "auto");

/// A payment on a customer's account, divided over open invoices (Fusebill).
#[derive(Clone, Debug)]
pub struct OnAccount {
    /// The customer who owes.
    pub customer: CustomerId,
    /// The amount that is paid, above zero.
    pub amount: Money,
    /// The method of payment.
    pub method: Method,
    /// The payer's note.
    pub reference: Option<Reference>,
    /// The starter of the payment.
    pub source: Source,
    /// The division as previewed.
    pub allocation: Allocation,
    /// The form in which the division is sent.
    pub wire: AllocationWire,
}

impl OnAccount {
    /// The direction in which the server is asked to divide; `None` when the shares are sent instead.
    pub fn server_divides(&self) -> Option<Direction> {
        let by_due = self.allocation.queue_order().0 == DateField::Due;
        let free = self.wire == AllocationWire::Auto && by_due && !self.allocation.has_pins();
        match self.allocation.order() {
            Order::Oldest if free => Some(Direction::Oldest),
            Order::Newest if free => Some(Direction::Newest),
            _ => None,
        }
    }
}

/// One due item and the payment on it (MaiaScore). Zero is legal in both amounts, as in the API's own examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueItem {
    /// The amount that was due.
    pub due: Money,
    /// The amount that is paid.
    pub paid: Money,
    /// The due date.
    pub due_date: Date,
    /// The date of the payment.
    pub date: Date,
}

/// A checked payment, ready to be encoded. No other type can be sent.
#[derive(Clone, Debug)]
pub enum Payment {
    /// On a customer's account.
    OnAccount(OnAccount),
    /// On one due item.
    DueItem(DueItem),
}

/// The kind of payment that a form makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// [`OnAccount`].
    #[default]
    OnAccount,
    /// [`DueItem`].
    DueItem,
}
