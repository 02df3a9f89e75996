//! The order of the functions in the wasm. It means nothing to a browser and much to a compressor, which finds cheapest what it saw last.
//! Functions of one type and nearly one length stand together here, in the order of how they end. Measured: a fortieth of the download.

use std::result;

use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, FunctionSection, Module, NameSection};
use wasmparser::{BinaryReaderError, CodeSectionReader, CustomSectionReader, FunctionSectionReader, Parser, Payload, TypeRef};

use crate::failure::{Failure, Result};

/// The same module, with its functions in the order that compresses best.
pub fn for_compression(wasm: &[u8]) -> Result<Vec<u8>> {
    let failed = |reason| Failure::new(format!("The functions of the form's wasm cannot be put in order: {reason}"));
    let mut module = Module::new();
    let mut order = Order::best(wasm).map_err(|reason| failed(reason.to_string()))?;
    order.parse_core_module(&mut module, Parser::new(0), wasm).map_err(|reason| failed(reason.to_string()))?;
    // By this a browser names a module that it did not read from an address, where something traps in it.
    let mut name = NameSection::new();
    name.module("payment_form");
    module.section(&name);
    Ok(module.finish())
}

/// Functions are counted from 0 here, without the imported ones that stand before them in the wasm's own count.
struct Order {
    imported: u32,
    /// Which function comes first, second and so on.
    functions: Vec<usize>,
    /// The new place of the first function, the second and so on.
    places: Vec<u32>,
}

impl Order {
    fn best(wasm: &[u8]) -> result::Result<Self, BinaryReaderError> {
        let mut imported = 0;
        let mut types = Vec::new();
        let mut bodies = Vec::new();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::FunctionSection(section) => types = section.into_iter().collect::<result::Result<_, _>>()?,
                Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes()),
                _ => (),
            }
        }
        let mut functions: Vec<usize> = (0..bodies.len()).collect();
        functions.sort_by_key(|&it| (types[it], bodies[it].len().ilog2(), bodies[it].iter().rev().collect::<Vec<_>>()));
        let mut places = vec![0; functions.len()];
        for (place, &function) in (imported..).zip(&functions) {
            places[function] = place;
        }
        Ok(Self { imported, functions, places })
    }
}

impl Reencode for Order {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, index: u32) -> result::Result<u32, Error> {
        Ok(index.checked_sub(self.imported).map_or(index, |function| self.places[function as usize]))
    }

    /// The names of functions are for whoever looks at what weighs, not for browsers.
    fn parse_custom_section(&mut self, new: &mut Module, old: CustomSectionReader<'_>) -> result::Result<(), Error> {
        if old.name() == "name" { Ok(()) } else { utils::parse_custom_section(self, new, old) }
    }

    fn parse_function_section(&mut self, new: &mut FunctionSection, old: FunctionSectionReader<'_>) -> result::Result<(), Error> {
        let types = old.into_iter().collect::<result::Result<Vec<_>, _>>()?;
        for &function in &self.functions {
            new.function(types[function]);
        }
        Ok(())
    }

    fn parse_code_section(&mut self, new: &mut CodeSection, old: CodeSectionReader<'_>) -> result::Result<(), Error> {
        let bodies = old.into_iter().collect::<result::Result<Vec<_>, _>>()?;
        for function in self.functions.clone() {
            self.parse_function_body(new, bodies[function].clone())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function, ImportSection, Instruction,
    };
    use wasm_encoder::{RefType, TableSection, TableType, TypeSection, ValType};

    use super::*;

    /// One imported function and three of two types: the longest first, and each named by its export.
    fn module() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], [ValType::I32]);
        types.ty().function([], [ValType::I64]);
        let mut imports = ImportSection::new();
        imports.import("$", "imported", EntityType::Function(0));
        let mut functions = FunctionSection::new();
        let mut exports = ExportSection::new();
        let mut code = CodeSection::new();
        let bodies: [(u32, &str, &[u32]); 3] = [(1, "long", &[0, 1, 2, 3, 2, 3]), (0, "second", &[0, 3]), (0, "first", &[0])];
        for (place, (kind, name, calls)) in (1..).zip(bodies) {
            functions.function(kind);
            exports.export(name, ExportKind::Func, place);
            let mut body = Function::new([]);
            for callee in calls {
                body.instructions().call(*callee).drop();
            }
            let result = [Instruction::I32Const(0), Instruction::I64Const(0)][kind as usize].clone();
            body.instruction(&result).instruction(&Instruction::End);
            code.function(&body);
        }
        let mut tables = TableSection::new();
        tables.table(TableType { element_type: RefType::FUNCREF, table64: false, minimum: 2, maximum: None, shared: false });
        let mut elements = ElementSection::new();
        elements.active(None, &ConstExpr::i32_const(0), Elements::Functions(vec![3, 0].into()));
        let mut module = Module::new();
        module
            .section(&types)
            .section(&imports)
            .section(&functions)
            .section(&tables)
            .section(&exports)
            .section(&elements)
            .section(&code);
        module.finish()
    }

    /// What each export calls, by the names of the exports, and what stands in the table.
    fn meaning(wasm: &[u8]) -> (Vec<(String, Vec<String>)>, Vec<String>) {
        let mut names = vec![(0, "imported".to_string())];
        let (mut calls, mut table) = (Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(wasm) {
            match payload.unwrap() {
                Payload::ExportSection(section) => {
                    names.extend(
                        section.into_iter().map(|export| export.unwrap()).map(|export| (export.index, export.name.into())),
                    );
                }
                Payload::ElementSection(section) => {
                    for element in section {
                        let wasmparser::ElementItems::Functions(functions) = element.unwrap().items else {
                            panic!("no functions")
                        };
                        table.extend(functions.into_iter().map(|function| function.unwrap()));
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    let operators = body.get_operators_reader().unwrap().into_iter();
                    calls.push(operators.filter_map(|operator| match operator.unwrap() {
                        wasmparser::Operator::Call { function_index } => Some(function_index),
                        _ => None,
                    }));
                }
                _ => (),
            }
        }
        names.sort();
        let name = |index: u32| names[index as usize].1.clone();
        let calls = calls.into_iter().zip(1..).map(|(callees, caller)| (name(caller), callees.map(name).collect())).collect();
        (calls, table.into_iter().map(name).collect())
    }

    #[test]
    fn functions_stand_by_type_and_length_and_call_what_they_called() {
        let (mut before, table_before) = meaning(&module());
        let ordered = for_compression(&module()).unwrap_or_else(|failure| panic!("{failure:?}"));
        let (after, table_after) = meaning(&ordered);
        assert_eq!(after.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["first", "second", "long"]);
        before.reverse();
        assert_eq!(after, before);
        assert_eq!(table_after, table_before);
        wasmparser::validate(&ordered).unwrap();
    }
}
