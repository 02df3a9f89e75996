//! What follows the first half.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::result;

use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType, Function, FunctionSection, ImportSection, Module,
    StartSection, TypeSection,
};

use super::{Cut, FIRST, IS_WHOLE, MEMORY, constants, global_name, table_name};

impl Cut<'_> {
    /// A module over the first half's memory, tables and globals, that fills the first half's places for it.
    pub(super) fn rest(&self) -> result::Result<Vec<u8>, Error> {
        let whole = self.whole;
        let mut used: BTreeSet<u32> = self.lent.keys().copied().collect();
        for &function in &self.in_rest {
            used.insert(function);
            used.extend(whole.calls_of(function).iter().filter(|callee| **callee < whole.imported()));
        }
        // Imported functions have the lowest numbers: first what the page gives, then what the first half does.
        let outside = |function: &u32| !self.in_rest.contains(function);
        let numbers: BTreeMap<u32, u32> =
            used.iter().filter(|it| outside(it)).chain(used.iter().filter(|it| !outside(it))).copied().zip(0..).collect();
        let mut inner = Rest { numbers: &numbers };

        let mut types = TypeSection::new();
        for kind in &whole.types {
            types.ty().func_type(&inner.func_type(kind.clone())?);
        }
        let nullary = u32::try_from(whole.types.len()).unwrap_or(u32::MAX);
        types.ty().function([], []);

        let mut imports = ImportSection::new();
        for function in used.iter().filter(|it| outside(it)) {
            let kind = EntityType::Function(whole.functions[*function as usize]);
            match self.lent.get(function) {
                Some(name) => imports.import(FIRST, name, kind),
                None => {
                    let (module, name, _) = whole.imports[*function as usize];
                    imports.import(module, name, kind)
                }
            };
        }
        if let Some(memory) = whole.memory {
            imports.import(FIRST, MEMORY, inner.memory_type(memory)?);
        }
        for (number, table) in whole.tables.iter().enumerate() {
            let mut kind = inner.table_type(*table)?;
            self.widen(&mut kind);
            imports.import(FIRST, &table_name(number), kind);
        }
        for (number, global) in whole.globals.iter().enumerate() {
            imports.import(FIRST, &global_name(number), inner.global_type(*global)?);
        }
        imports.import(FIRST, &self.build, EntityType::Global(IS_WHOLE));

        let mut functions = FunctionSection::new();
        let mut code = CodeSection::new();
        for function in &self.in_rest {
            functions.function(whole.functions[*function as usize]);
            let body = &whole.bodies[(*function - whole.imported()) as usize];
            inner.parse_function_body(&mut code, body.clone())?;
        }
        // That the rest is there is said when all its places in the table are filled.
        functions.function(nullary);
        let mut arrive = Function::new([]);
        arrive.instructions().i32_const(1).global_set(u32::try_from(whole.globals.len()).unwrap_or(u32::MAX)).end();
        code.function(&arrive);
        let start = StartSection { function_index: u32::try_from(numbers.len()).unwrap_or(u32::MAX) };

        let mut elements = ElementSection::new();
        let by_place: BTreeMap<u32, u32> = self.stand_ins.iter().map(|(function, place)| (*place, numbers[function])).collect();
        let mut run: Vec<u32> = Vec::new();
        let mut end = 0;
        for (place, function) in by_place {
            if place != end && !run.is_empty() {
                fill(&mut elements, whole.table_index, end, &mut run);
            }
            run.push(function);
            end = place + 1;
        }
        fill(&mut elements, whole.table_index, end, &mut run);

        let mut data = DataSection::new();
        for run in constants::joined(&self.late_data) {
            for (start, bytes) in overlaps(&whole.data, &run) {
                data.active(0, &ConstExpr::i32_const(start.cast_signed()), bytes.iter().copied());
            }
        }

        let mut module = Module::new();
        module
            .section(&types)
            .section(&imports)
            .section(&functions)
            .section(&start)
            .section(&elements)
            .section(&code)
            .section(&data);
        Ok(module.finish())
    }
}

/// Fills the places of the table that end here.
fn fill(elements: &mut ElementSection, table: u32, end: u32, run: &mut Vec<u32>) {
    if !run.is_empty() {
        let start = i64::from(end) - i64::try_from(run.len()).unwrap_or(0);
        let start = ConstExpr::i32_const(i32::try_from(start).unwrap_or(0));
        elements.active(Some(table), &start, Elements::Functions(std::mem::take(run).into()));
    }
}

/// What of the data goes into a run of memory.
fn overlaps<'a>(data: &'a [(u32, &'a [u8])], run: &'a Range<u32>) -> impl Iterator<Item = (u32, &'a [u8])> {
    data.iter().filter_map(|(start, bytes)| {
        let end = start.saturating_add(u32::try_from(bytes.len()).ok()?);
        let (from, to) = (run.start.max(*start), run.end.min(end));
        let bytes = bytes.get(from.checked_sub(*start)? as usize..to.checked_sub(*start)? as usize)?;
        (!bytes.is_empty()).then_some((from, bytes))
    })
}

/// The bodies of the rest.
struct Rest<'a> {
    numbers: &'a BTreeMap<u32, u32>,
}

impl Reencode for Rest<'_> {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, index: u32) -> result::Result<u32, Error> {
        Ok(self.numbers[&index])
    }
}
