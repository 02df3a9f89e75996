//! What of the form's constant data only late functions read: sentences, mostly. It comes with the rest.
//!
//! The form is linked with its relocations, so that the compiler's own module says of every address in code and data whose it is. What came
//! of each function is known by its name; one whose name is gone was taken into those that called it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use wasmparser::{
    BinaryReaderError, DataKind, KnownCustom, Linking, Name, Operator, Parser, Payload, RelocationType, SymbolInfo,
};

use crate::failure::{Failure, Result};

/// The linker's name of constant data.
const CONSTANT: &str = ".rodata";

/// A run of data for the rest is not ended by fewer bytes than these: to say where the next begins takes as many.
const GAP: u32 = 8;

/// The constants of a module, and who refers to them.
#[derive(Default)]
pub struct Constants {
    symbols: Vec<Symbol>,
    functions: BTreeMap<String, Function>,
}

/// One constant, or a part of other data.
struct Symbol {
    place: Range<u32>,
    is_constant: bool,
    /// The symbols whose addresses it holds.
    names: BTreeSet<usize>,
}

#[derive(Default)]
struct Function {
    /// The symbols whose addresses stand in its code.
    reads: BTreeSet<usize>,
    calls: BTreeSet<String>,
    /// Whether it stands in a table, whoever calls it there.
    is_listed: bool,
}

/// What became of a function on its way into the two halves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is in the first half.
    Early,
    /// It is only in the rest.
    Late,
    /// It is a part of others now.
    Gone,
}

impl Constants {
    /// Reads the module that the linker made.
    pub fn read(linked: &[u8]) -> Result<Self> {
        Self::relocated(linked).map_err(Failure::because("The relocations of the form's wasm cannot be read"))
    }

    fn relocated(linked: &[u8]) -> std::result::Result<Self, BinaryReaderError> {
        let mut names: BTreeMap<u32, String> = BTreeMap::new();
        let mut bodies: Vec<Range<usize>> = Vec::new();
        let mut imported = 0;
        let (mut code_start, mut data_start) = (0, 0);
        // Where each segment lies in the file and in memory.
        let mut segments: Vec<(usize, u32)> = Vec::new();
        let mut segment_names: Vec<&str> = Vec::new();
        let mut linked_symbols: Vec<SymbolInfo<'_>> = Vec::new();
        let mut relocations = Vec::new();
        for payload in Parser::new(0).parse_all(linked) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        imported += u32::from(matches!(import?.ty, wasmparser::TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionStart { range, .. } => code_start = range.start,
                Payload::CodeSectionEntry(body) => bodies.push(body.range()),
                Payload::DataSection(section) => {
                    data_start = section.range().start;
                    for data in section {
                        let data = data?;
                        let DataKind::Active { offset_expr, .. } = data.kind else { continue };
                        let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else { continue };
                        segments.push((data.range.end - data.data.len(), value.cast_unsigned()));
                    }
                }
                Payload::CustomSection(section) => match section.as_known() {
                    KnownCustom::Name(subsections) => {
                        for name in subsections {
                            if let Name::Function(functions) = name? {
                                for function in functions {
                                    let function = function?;
                                    names.insert(function.index, rustc_demangle::demangle(function.name).to_string());
                                }
                            }
                        }
                    }
                    KnownCustom::Linking(linking) => {
                        for subsection in linking.subsections() {
                            match subsection? {
                                Linking::SymbolTable(symbols) => {
                                    linked_symbols = symbols.into_iter().collect::<std::result::Result<_, _>>()?;
                                }
                                Linking::SegmentInfo(segments) => {
                                    for segment in segments {
                                        segment_names.push(segment?.name);
                                    }
                                }
                                _ => (),
                            }
                        }
                    }
                    KnownCustom::Reloc(reloc) => {
                        for entry in reloc.entries() {
                            relocations.push((section.name() == "reloc.CODE", entry?));
                        }
                    }
                    _ => (),
                },
                _ => (),
            }
        }

        let mut constants = Self::default();
        // By their number in the linker's table.
        let mut numbers: BTreeMap<u32, usize> = BTreeMap::new();
        for (number, symbol) in (0..).zip(&linked_symbols) {
            let SymbolInfo::Data { symbol: Some(defined), .. } = symbol else { continue };
            let Some((_, address)) = segments.get(defined.index as usize) else { continue };
            let start = address + defined.offset;
            let name = segment_names.get(defined.index as usize).copied().unwrap_or_default();
            numbers.insert(number, constants.symbols.len());
            constants.symbols.push(Symbol {
                place: start..start + defined.size,
                is_constant: name.starts_with(CONSTANT),
                names: BTreeSet::new(),
            });
        }
        let function_name = |number: u32| match linked_symbols.get(number as usize) {
            Some(SymbolInfo::Func { index, .. }) => names.get(index),
            _ => None,
        };
        for (is_code, entry) in relocations {
            use RelocationType::{FunctionIndexI32, FunctionIndexLeb, TableIndexI32, TableIndexSleb};
            let is_function = matches!(entry.ty, FunctionIndexI32 | FunctionIndexLeb | TableIndexI32 | TableIndexSleb);
            let callee = function_name(entry.index).filter(|_| is_function);
            let symbol = numbers.get(&entry.index).copied().filter(|_| !is_function);
            if is_code {
                let at = code_start + entry.offset as usize;
                let body = bodies.partition_point(|body| body.end <= at);
                let Some(name) = u32::try_from(body).ok().and_then(|body| names.get(&(imported + body))) else { continue };
                let function = constants.functions.entry(name.clone()).or_default();
                function.reads.extend(symbol);
                function.calls.extend(callee.cloned());
            } else {
                let at = data_start + entry.offset as usize;
                let segment = segments.partition_point(|(start, _)| *start <= at).saturating_sub(1);
                let Some((start, address)) = segments.get(segment) else { continue };
                let address = address + u32::try_from(at - start).unwrap_or_default();
                for holder in constants.symbols.iter_mut().filter(|holder| holder.place.contains(&address)) {
                    holder.names.extend(symbol);
                }
                if let Some(callee) = callee {
                    constants.functions.entry(callee.clone()).or_default().is_listed = true;
                }
            }
        }
        Ok(constants)
    }

    /// The places of what only the rest reads, in their order and apart. `addresses` are all numbers in the first half's code that could
    /// be addresses: what they point to is early, whoever has put them there.
    pub(super) fn late(&self, fate: impl Fn(&str) -> Fate, addresses: &BTreeSet<u32>) -> Vec<Range<u32>> {
        let called: BTreeSet<&String> = self.functions.values().flat_map(|function| &function.calls).collect();
        let mut early: BTreeSet<&String> = BTreeSet::new();
        let mut ahead: Vec<&String> = Vec::new();
        for (name, function) in &self.functions {
            let is_early = match fate(name) {
                Fate::Early => true,
                Fate::Late => false,
                // Whoever took it in is not to be found by its calls.
                Fate::Gone => function.is_listed || !called.contains(name),
            };
            if is_early {
                early.insert(name);
                ahead.push(name);
            }
        }
        while let Some(name) = ahead.pop() {
            let calls = self.functions.get(name).map(|function| &function.calls);
            for callee in calls.into_iter().flatten().filter(|callee| fate(callee) == Fate::Gone) {
                if early.insert(callee) {
                    ahead.push(callee);
                }
            }
        }

        let read = early.iter().filter_map(|name| self.functions.get(*name)).flat_map(|function| &function.reads).copied();
        let changing = self.symbols.iter().enumerate().filter(|(_, symbol)| !symbol.is_constant).map(|(number, _)| number);
        let kept = self.reached(read.chain(changing).collect());
        // What ends where another begins that is early is not meant by the address of that.
        let begun: BTreeSet<u32> = kept.iter().map(|number| self.symbols[*number].place.start).collect();
        let is_meant = |place: &Range<u32>| {
            let ends = addresses.contains(&place.end) && !begun.contains(&place.end);
            ends || addresses.range(place.clone()).next().is_some()
        };
        let meant = self.symbols.iter().enumerate().filter(|(_, symbol)| is_meant(&symbol.place)).map(|(number, _)| number);
        let kept = self.reached(kept.iter().copied().chain(meant).collect());

        // Symbols may share bytes.
        let (kept, left): (Vec<_>, Vec<_>) = self.symbols.iter().enumerate().partition(|(number, _)| kept.contains(number));
        let bytes = |symbols: Vec<(usize, &Symbol)>| -> BTreeSet<u32> {
            symbols.into_iter().flat_map(|(_, symbol)| symbol.place.clone()).collect()
        };
        runs(&bytes(left) - &bytes(kept), 1)
    }

    /// These symbols and all whose addresses they hold.
    fn reached(&self, mut symbols: BTreeSet<usize>) -> BTreeSet<usize> {
        let mut ahead: Vec<usize> = symbols.iter().copied().collect();
        while let Some(number) = ahead.pop() {
            for &named in &self.symbols[number].names {
                if symbols.insert(named) {
                    ahead.push(named);
                }
            }
        }
        symbols
    }
}

/// Addresses as runs of them. What lies fewer than `gap` bytes behind a run belongs to it.
fn runs(addresses: impl IntoIterator<Item = u32>, gap: u32) -> Vec<Range<u32>> {
    let mut runs: Vec<Range<u32>> = Vec::new();
    for address in addresses {
        match runs.last_mut() {
            Some(run) if address < run.end + gap => run.end = address + 1,
            _ => runs.push(address..address + 1),
        }
    }
    runs
}

/// The same places in fewer runs, with some of what lies between: to name a run takes bytes, too.
pub(super) fn joined(places: &[Range<u32>]) -> Vec<Range<u32>> {
    runs(places.iter().cloned().flatten(), GAP)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Constants of ten bytes each, one behind the other, with the numbers of those whose addresses they hold.
    fn constants(names: &[&[usize]], functions: &[(&str, &[usize], &[&str])]) -> Constants {
        let symbol = |(place, names): (u32, &&[usize])| Symbol {
            place: place * 10..place * 10 + 10,
            is_constant: true,
            names: names.iter().copied().collect(),
        };
        let function = |(name, reads, calls): &(&str, &[usize], &[&str])| {
            let calls = calls.iter().map(ToString::to_string).collect();
            (name.to_string(), Function { reads: reads.iter().copied().collect(), calls, is_listed: false })
        };
        Constants { symbols: (0..).zip(names).map(symbol).collect(), functions: functions.iter().map(function).collect() }
    }

    /// The beginnings and ends of what is late.
    fn late(constants: &Constants, addresses: &[u32]) -> Vec<(u32, u32)> {
        let fate = |name: &str| match name {
            "early" => Fate::Early,
            "late" => Fate::Late,
            _ => Fate::Gone,
        };
        constants.late(fate, &addresses.iter().copied().collect()).into_iter().map(|run| (run.start, run.end)).collect()
    }

    #[test]
    fn only_what_nothing_early_reaches_is_late() {
        // The early function reads the first, which leads to the second; the late one reads both and the third.
        let read = constants(&[&[1], &[], &[], &[]], &[("early", &[0], &[]), ("late", &[0, 1, 2, 3], &[])]);
        assert_eq!(late(&read, &[]), [(20, 40)]);
        // A number in early code that could be an address within the third.
        assert_eq!(late(&read, &[25, 41]), [(30, 40)]);
        // The end of the last, from where some loops run; that of the second is where the third begins.
        assert_eq!(late(&read, &[40]), [(20, 30)]);
        let read = constants(&[&[], &[]], &[("early", &[1], &[]), ("late", &[0], &[])]);
        assert_eq!(late(&read, &[10]), [(0, 10)]);
    }

    #[test]
    fn a_function_that_is_gone_is_a_part_of_its_callers() {
        let taken_in = |caller| constants(&[&[]], &[(caller, &[], &["gone"]), ("gone", &[0], &[])]);
        assert_eq!(late(&taken_in("late"), &[]), [(0, 10)]);
        assert_eq!(late(&taken_in("early"), &[]), []);
        // Nobody calls it, so nobody knows who took it in.
        assert_eq!(late(&constants(&[&[]], &[("gone", &[0], &[])]), &[]), []);
    }

    #[test]
    fn runs_with_little_between_them_are_one() {
        assert_eq!(joined(&[0..3, 9..12, 40..41]), [0..12, 40..41]);
    }
}
