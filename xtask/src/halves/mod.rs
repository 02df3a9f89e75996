//! The form's wasm in two halves, so that nobody waits for what nobody needs yet: what a page runs until the form is drawn and typed in, and
//! the rest.
//!
//! A late function is called from the first half through a stand-in, which asks the page for the rest, should it not have come yet, and
//! then calls through a place in the table that only the rest fills. Both halves share one memory, one table and one stack; the rest keeps
//! nothing of its own, and so it does no harm when it is started twice. What it needs of the first half is exported under short names.
//!
//! The two fit each other only: what the rest imports is named by the build that it is of.
//!
//! Which functions are late is said by [`LATE`], by names as they stand in the source, and follows for what only late functions call. A name
//! too few costs bytes; a name too many costs time, because what is late and called early is fetched when it is called, and where it cannot
//! be had then, the form says that it could not be loaded.

mod constants;
mod first;
mod names;
mod rest;
#[cfg(test)]
mod tests;
pub mod watch;
mod whole;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use wasm_encoder::{GlobalType, RefType, ValType};
use wasmparser::{Operator, Validator};

pub use constants::Constants;
use constants::Fate;
use names::unnumbered;
use whole::Read;
pub use whole::Whole;

use crate::failure::{Failure, Result};

/// The names of what is late, as [`watch`] has seen it: a path each. A function is late when its name holds the path.
const LATE: &str = include_str!("late.txt");

/// Up to how many bytes a function is copied into the rest, which is shorter than to lend it.
const COPIED: usize = 40;

/// Under which name the rest imports what is in the first half.
const FIRST: &str = "first";

/// Under which name the first half imports the function that gets the rest.
const ABSENT: &str = "absent";

/// Both halves of the form.
pub struct Halves {
    /// What is loaded first.
    pub first: Vec<u8>,
    /// What follows it.
    pub rest: Vec<u8>,
}

/// Cuts a module that still has the names of its functions. Without the names, everything would be early.
pub fn cut(wasm: &[u8], constants: &Constants) -> Result<Halves> {
    cut_by(LATE, wasm, constants)
}

fn cut_by(late: &str, wasm: &[u8], constants: &Constants) -> Result<Halves> {
    fn failed<T: std::fmt::Display>(reason: T) -> Failure {
        Failure::new(format!("The form's wasm cannot be cut in two: {reason}"))
    }
    let whole = Whole::read(wasm)?;
    let mut cut = Cut::new(&whole, whole.late(late), build_of(wasm));
    cut.late_data = cut.late_data(constants).map_err(failed)?;
    let halves = Halves { first: cut.first(wasm).map_err(failed)?, rest: cut.rest().map_err(failed)? };
    for half in [&halves.first, &halves.rest] {
        Validator::new().validate_all(half).map_err(failed)?;
    }
    Ok(halves)
}

/// How a module is cut.
struct Cut<'a> {
    whole: &'a Whole<'a>,
    late: BTreeSet<u32>,
    /// What the rest has: late functions, and copies of the short ones that these call in the first half.
    in_rest: BTreeSet<u32>,
    /// The late functions that something outside the rest can call, each with its place in the table.
    stand_ins: BTreeMap<u32, u32>,
    /// What the rest calls in the first half, each with the name of its export.
    lent: BTreeMap<u32, String>,
    /// The places of the table, with those that are added.
    places: u64,
    /// Where in memory the data lies that comes with the rest.
    late_data: Vec<Range<u32>>,
    /// The name by which only a rest of the same build finds its first half.
    build: String,
}

impl<'a> Cut<'a> {
    fn new(whole: &'a Whole<'a>, late: BTreeSet<u32>, build: String) -> Self {
        let early = whole.defined().map(|(function, _)| function).filter(|function| !late.contains(function)).collect();
        let mut in_rest = late.clone();
        let mut lent = BTreeSet::new();
        let mut ahead: Vec<u32> = late.iter().copied().collect();
        while let Some(function) = ahead.pop() {
            for &callee in whole.calls_of(function) {
                if callee < whole.imported() || in_rest.contains(&callee) {
                } else if whole.length(callee) <= COPIED {
                    in_rest.insert(callee);
                    ahead.push(callee);
                } else {
                    lent.insert(callee);
                }
            }
        }
        let listed: BTreeMap<u32, u32> = whole.table.iter().map(|(place, function)| (*function, *place)).collect();
        let mut places = whole.places;
        let mut stand_ins = BTreeMap::new();
        for function in whole.asked(&early).into_iter().filter(|function| late.contains(function)) {
            let place = listed.get(&function).copied().unwrap_or_else(|| {
                places += 1;
                u32::try_from(places - 1).unwrap_or(u32::MAX)
            });
            stand_ins.insert(function, place);
        }
        let lent = lent.into_iter().zip(short_names(&whole.exports)).collect();
        Self { whole, late, in_rest, stand_ins, lent, places, late_data: Vec::new(), build }
    }

    /// Which data the first half has no use for.
    fn late_data(&self, constants: &Constants) -> Read<Vec<Range<u32>>> {
        let whole = self.whole;
        let mut fates: BTreeMap<&str, Fate> = BTreeMap::new();
        let mut addresses = BTreeSet::new();
        for ((function, _), body) in whole.defined().zip(&whole.bodies) {
            let is_late = self.late.contains(&function);
            if let Some(name) = whole.names.get(&function) {
                let fate = fates.entry(unnumbered(name)).or_insert(Fate::Late);
                if !is_late {
                    *fate = Fate::Early;
                }
            }
            if !is_late {
                for operator in body.get_operators_reader()? {
                    addresses.extend(address(&operator?));
                }
            }
        }
        Ok(constants.late(|name| fates.get(unnumbered(name)).copied().unwrap_or(Fate::Gone), &addresses))
    }

    /// Gives the table of functions its added places.
    fn widen(&self, table: &mut wasm_encoder::TableType) {
        if table.element_type == RefType::FUNCREF {
            (table.minimum, table.maximum) = (self.places, None);
        }
    }
}

/// A name for one build: another module has another.
fn build_of(wasm: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    wasm.hash(&mut hasher);
    format!("{:x}", hasher.finish())
}

/// The number in an instruction that could be an address.
fn address(operator: &Operator<'_>) -> Option<u32> {
    use Operator::{
        F32Load, F32Store, F64Load, F64Store, I32Const, I32Load, I32Load8S, I32Load8U, I32Load16S, I32Load16U, I32Store,
        I32Store8, I32Store16, I64Load, I64Load8S, I64Load8U, I64Load16S, I64Load16U, I64Load32S, I64Load32U, I64Store,
        I64Store8, I64Store16, I64Store32,
    };
    match operator {
        I32Const { value } => Some(value.cast_unsigned()),
        F32Load { memarg }
        | F32Store { memarg }
        | F64Load { memarg }
        | F64Store { memarg }
        | I32Load { memarg }
        | I32Load8S { memarg }
        | I32Load8U { memarg }
        | I32Load16S { memarg }
        | I32Load16U { memarg }
        | I32Store { memarg }
        | I32Store8 { memarg }
        | I32Store16 { memarg }
        | I64Load { memarg }
        | I64Load8S { memarg }
        | I64Load8U { memarg }
        | I64Load16S { memarg }
        | I64Load16U { memarg }
        | I64Load32S { memarg }
        | I64Load32U { memarg }
        | I64Store { memarg }
        | I64Store8 { memarg }
        | I64Store16 { memarg }
        | I64Store32 { memarg } => u32::try_from(memarg.offset).ok(),
        _ => None,
    }
}

/// Whether the rest is there, as a number that it sets itself.
const IS_WHOLE: GlobalType = GlobalType { val_type: ValType::I32, mutable: true, shared: false };

const MEMORY: &str = "memory";
/// By this name `load.js` asks for [`IS_WHOLE`].
const WHETHER_WHOLE: &str = "isWhole";

// No name of a function begins so.
fn global_name(number: usize) -> String {
    format!("!{number}")
}

fn table_name(number: usize) -> String {
    format!("?{number}")
}

/// Short names that are not taken.
fn short_names(taken: &BTreeSet<&str>) -> impl Iterator<Item = String> {
    const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let letter = |number: usize| char::from(LETTERS[number % LETTERS.len()]);
    let name = move |number: usize| match number / LETTERS.len() {
        0 => letter(number).to_string(),
        more => [letter(more - 1), letter(number)].iter().collect(),
    };
    (0..).map(name).filter(|name| !taken.contains(name.as_str()))
}
