//! A module as far as it must be known in order to cut it.

use std::collections::{BTreeMap, BTreeSet};
use std::result;

use wasmparser::{
    BinaryReaderError, DataKind, ElementItems, ElementKind, ExternalKind, FuncType, FunctionBody, KnownCustom, Name, Operator,
    Parser, Payload, TypeRef,
};

use super::names::paths;
use crate::failure::{Failure, Result};

/// Up to how many bytes a function stays in the first half, where something calls it.
const SHORT: usize = 20;

/// What must be known of a module in order to cut it. Functions are numbered as in the module: the imported ones come first.
#[derive(Default)]
pub struct Whole<'a> {
    pub(super) types: Vec<FuncType>,
    pub(super) imports: Vec<(&'a str, &'a str, u32)>,
    /// The type of each function, imported or not.
    pub(super) functions: Vec<u32>,
    pub(super) bodies: Vec<FunctionBody<'a>>,
    /// The functions that each body calls.
    pub(super) calls: Vec<Vec<u32>>,
    pub(super) names: BTreeMap<u32, &'a str>,
    pub(super) exports: BTreeSet<&'a str>,
    pub(super) exported: BTreeSet<u32>,
    /// Which function stands at a place of the table.
    pub(super) table: BTreeMap<u32, u32>,
    pub(super) tables: Vec<wasmparser::TableType>,
    /// Which of the tables holds functions, and how many places it has.
    pub(super) table_index: u32,
    pub(super) places: u64,
    pub(super) memory: Option<wasmparser::MemoryType>,
    /// Where data goes, and the data.
    pub(super) data: Vec<(u32, &'a [u8])>,
    pub(super) globals: Vec<wasmparser::GlobalType>,
}

pub(super) type Read<T> = result::Result<T, BinaryReaderError>;

impl<'a> Whole<'a> {
    /// Reads a module that wasm-opt made.
    pub fn read(wasm: &'a [u8]) -> Result<Self> {
        Self::parse(wasm).map_err(Failure::because("The form's wasm cannot be read"))
    }

    fn parse(wasm: &'a [u8]) -> Read<Self> {
        let mut whole = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::TypeSection(section) => {
                    whole.types = section.into_iter_err_on_gc_types().collect::<Read<_>>()?;
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let import = import?;
                        // wasm-bindgen imports nothing but functions.
                        if let TypeRef::Func(kind) = import.ty {
                            whole.imports.push((import.module, import.name, kind));
                            whole.functions.push(kind);
                        }
                    }
                }
                Payload::FunctionSection(section) => {
                    for kind in section {
                        whole.functions.push(kind?);
                    }
                }
                Payload::TableSection(section) => {
                    for (index, table) in (0..).zip(section) {
                        let table = table?.ty;
                        if table.element_type == wasmparser::RefType::FUNCREF {
                            (whole.table_index, whole.places) = (index, table.initial);
                        }
                        whole.tables.push(table);
                    }
                }
                Payload::MemorySection(section) => whole.memory = section.into_iter().next().transpose()?,
                Payload::GlobalSection(section) => {
                    for global in section {
                        whole.globals.push(global?.ty);
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        whole.exports.insert(export.name);
                        if export.kind == ExternalKind::Func {
                            whole.exported.insert(export.index);
                        }
                    }
                }
                Payload::ElementSection(section) => {
                    for element in section {
                        let element = element?;
                        if let (ElementKind::Active { offset_expr, .. }, ElementItems::Functions(functions)) =
                            (element.kind, element.items)
                        {
                            let mut offset = offset_expr.get_operators_reader();
                            let Operator::I32Const { value } = offset.read()? else { continue };
                            for (place, function) in (value.unsigned_abs()..).zip(functions) {
                                whole.table.insert(place, function?);
                            }
                        }
                    }
                }
                Payload::DataSection(section) => {
                    for data in section {
                        let data = data?;
                        let DataKind::Active { offset_expr, .. } = data.kind else { continue };
                        let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else { continue };
                        whole.data.push((value.cast_unsigned(), data.data));
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    let mut calls = Vec::new();
                    for operator in body.get_operators_reader()? {
                        if let Operator::Call { function_index } | Operator::RefFunc { function_index } = operator? {
                            calls.push(function_index);
                        }
                    }
                    whole.calls.push(calls);
                    whole.bodies.push(body);
                }
                Payload::CustomSection(section) => {
                    let KnownCustom::Name(names) = section.as_known() else { continue };
                    for name in names {
                        if let Name::Function(functions) = name? {
                            for function in functions {
                                let function = function?;
                                whole.names.insert(function.index, function.name);
                            }
                        }
                    }
                }
                _ => (),
            }
        }
        Ok(whole)
    }

    pub(super) fn imported(&self) -> u32 {
        u32::try_from(self.imports.len()).unwrap_or(u32::MAX)
    }

    /// Nothing is known of imported functions.
    pub(super) fn calls_of(&self, function: u32) -> &[u32] {
        let body = function.checked_sub(self.imported());
        body.and_then(|body| self.calls.get(body as usize)).map_or(&[], Vec::as_slice)
    }

    pub(super) fn length(&self, function: u32) -> usize {
        self.bodies[(function - self.imported()) as usize].as_bytes().len()
    }

    /// The functions with a body, counted from 0: number, name and length.
    pub fn functions(&self) -> impl Iterator<Item = (u32, &'a str, usize)> {
        self.bodies.iter().zip(0..).map(|(body, number)| {
            let name = self.names.get(&(number + self.imported())).copied().unwrap_or_default();
            (number, name, body.as_bytes().len())
        })
    }

    /// The functions with a body.
    pub(super) fn defined(&self) -> impl Iterator<Item = (u32, &[u32])> {
        (self.imported()..).zip(self.calls.iter().map(Vec::as_slice))
    }

    /// Every late function: those that are named so, and those that nothing but late functions can reach.
    pub(super) fn late(&self, lines: &str) -> BTreeSet<u32> {
        let lines: BTreeSet<&str> = lines.lines().filter(|line| !line.starts_with('#')).collect();
        let is_named = |name: &str| paths(name).iter().any(|path| lines.contains(path.as_str()));
        let named: BTreeSet<u32> =
            self.names.range(self.imported()..).filter(|(_, name)| is_named(name)).map(|(function, _)| *function).collect();
        let mut early: BTreeSet<u32> =
            self.exported.iter().chain(self.table.values()).copied().filter(|function| !named.contains(function)).collect();
        let mut ahead: Vec<u32> = early.iter().copied().collect();
        loop {
            while let Some(function) = ahead.pop() {
                for &callee in self.calls_of(function) {
                    if callee >= self.imported() && !named.contains(&callee) && early.insert(callee) {
                        ahead.push(callee);
                    }
                }
            }
            // A stand-in would be longer than these.
            let short = self.asked(&early).into_iter().filter(|it| !early.contains(it) && self.length(*it) < SHORT);
            ahead.extend(short);
            if ahead.is_empty() {
                break;
            }
            early.extend(&ahead);
        }
        self.defined().map(|(function, _)| function).filter(|function| !early.contains(function)).collect()
    }

    /// What is called by these functions, or from outside, or through the table.
    pub(super) fn asked(&self, early: &BTreeSet<u32>) -> BTreeSet<u32> {
        let listed = self.exported.iter().chain(self.table.values()).copied();
        let called = early.iter().flat_map(|function| self.calls_of(*function)).copied();
        listed.chain(called).filter(|function| *function >= self.imported()).collect()
    }
}
