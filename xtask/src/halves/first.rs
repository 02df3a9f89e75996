//! What is loaded first.

use std::collections::BTreeMap;
use std::result;

use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, EntityType, ExportKind, ExportSection, Function, FunctionSection,
    GlobalSection, ImportSection, Module, TableSection, TypeSection,
};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, DataSectionReader, ExportSectionReader, FunctionSectionReader, GlobalSectionReader,
    ImportSectionReader, Parser, TableSectionReader, TypeSectionReader,
};

use super::{ABSENT, Cut, IS_WHOLE, WHETHER_WHOLE, global_name, table_name};
use crate::glue::BOUND_TO;

impl Cut<'_> {
    /// The module without what comes later.
    pub(super) fn first(&self, wasm: &[u8]) -> result::Result<Vec<u8>, Error> {
        let mut module = Module::new();
        First::new(self).parse_core_module(&mut module, Parser::new(0), wasm)?;
        Ok(module.finish())
    }
}

/// The first half: the module without its late functions. What stays is numbered anew, and stand-ins come last.
struct First<'a> {
    cut: &'a Cut<'a>,
    numbers: BTreeMap<u32, u32>,
    /// The number of the function that every stand-in begins with.
    ensure: u32,
}

impl<'a> First<'a> {
    fn new(cut: &'a Cut<'a>) -> Self {
        let imported = cut.whole.imported();
        let mut numbers: BTreeMap<u32, u32> = (0..imported).map(|function| (function, function)).collect();
        // The number between is that of the import which gets the rest.
        let early = cut.whole.defined().map(|(function, _)| function).filter(|function| !cut.late.contains(function));
        numbers.extend(early.zip(imported + 1..));
        let ensure = u32::try_from(numbers.len()).unwrap_or(u32::MAX) + 1;
        numbers.extend(cut.stand_ins.keys().copied().zip(ensure + 1..));
        Self { cut, numbers, ensure }
    }

    fn absent(&self) -> u32 {
        self.cut.whole.imported()
    }

    fn nullary(&self) -> u32 {
        u32::try_from(self.cut.whole.types.len()).unwrap_or(u32::MAX)
    }
}

impl Reencode for First<'_> {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, index: u32) -> result::Result<u32, Error> {
        Ok(self.numbers[&index])
    }

    fn parse_custom_section(&mut self, _: &mut Module, _: CustomSectionReader<'_>) -> result::Result<(), Error> {
        Ok(())
    }

    fn parse_type_section(&mut self, new: &mut TypeSection, old: TypeSectionReader<'_>) -> result::Result<(), Error> {
        utils::parse_type_section(self, new, old)?;
        new.ty().function([], []);
        Ok(())
    }

    fn parse_import_section(&mut self, new: &mut ImportSection, old: ImportSectionReader<'_>) -> result::Result<(), Error> {
        utils::parse_import_section(self, new, old)?;
        new.import(BOUND_TO, ABSENT, EntityType::Function(self.nullary()));
        Ok(())
    }

    fn parse_function_section(&mut self, new: &mut FunctionSection, _: FunctionSectionReader<'_>) -> result::Result<(), Error> {
        let kinds = &self.cut.whole.functions;
        for (function, _) in self.cut.whole.defined().filter(|(function, _)| !self.cut.late.contains(function)) {
            new.function(kinds[function as usize]);
        }
        new.function(self.nullary());
        for function in self.cut.stand_ins.keys() {
            new.function(kinds[*function as usize]);
        }
        Ok(())
    }

    fn parse_table_section(&mut self, new: &mut TableSection, old: TableSectionReader<'_>) -> result::Result<(), Error> {
        for table in old {
            let mut kind = self.table_type(table?.ty)?;
            self.cut.widen(&mut kind);
            new.table(kind);
        }
        Ok(())
    }

    fn parse_global_section(&mut self, new: &mut GlobalSection, old: GlobalSectionReader<'_>) -> result::Result<(), Error> {
        utils::parse_global_section(self, new, old)?;
        new.global(IS_WHOLE, &ConstExpr::i32_const(0));
        Ok(())
    }

    fn parse_export_section(&mut self, new: &mut ExportSection, old: ExportSectionReader<'_>) -> result::Result<(), Error> {
        utils::parse_export_section(self, new, old)?;
        for number in 0..self.cut.whole.tables.len() {
            new.export(&table_name(number), ExportKind::Table, u32::try_from(number).unwrap_or(u32::MAX));
        }
        for number in 0..self.cut.whole.globals.len() {
            new.export(&global_name(number), ExportKind::Global, u32::try_from(number).unwrap_or(u32::MAX));
        }
        for name in [WHETHER_WHOLE, &self.cut.build] {
            new.export(name, ExportKind::Global, u32::try_from(self.cut.whole.globals.len()).unwrap_or(u32::MAX));
        }
        for (function, name) in &self.cut.lent {
            new.export(name, ExportKind::Func, self.numbers[function]);
        }
        Ok(())
    }

    /// Nothing is as short to compress as zeros are.
    fn parse_data_section(&mut self, new: &mut DataSection, _: DataSectionReader<'_>) -> result::Result<(), Error> {
        for (start, bytes) in &self.cut.whole.data {
            let mut bytes = bytes.to_vec();
            for (byte, address) in bytes.iter_mut().zip(*start..) {
                let run = self.cut.late_data.partition_point(|run| run.end <= address);
                if self.cut.late_data.get(run).is_some_and(|run| run.contains(&address)) {
                    *byte = 0;
                }
            }
            new.active(0, &ConstExpr::i32_const(start.cast_signed()), bytes);
        }
        Ok(())
    }

    fn parse_code_section(&mut self, new: &mut CodeSection, _: CodeSectionReader<'_>) -> result::Result<(), Error> {
        let whole = self.cut.whole;
        for ((function, _), body) in whole.defined().zip(&whole.bodies) {
            if !self.cut.late.contains(&function) {
                self.parse_function_body(new, body.clone())?;
            }
        }
        let is_whole = u32::try_from(whole.globals.len()).unwrap_or(u32::MAX);
        let mut ensure = Function::new([]);
        ensure.instructions().global_get(is_whole).i32_eqz().if_(BlockType::Empty).call(self.absent()).end().end();
        new.function(&ensure);
        for (function, place) in &self.cut.stand_ins {
            let kind = whole.functions[*function as usize];
            let mut body = Function::new([]);
            body.instructions().call(self.ensure);
            for number in 0..whole.types[kind as usize].params().len() {
                body.instructions().local_get(u32::try_from(number).unwrap_or(u32::MAX));
            }
            body.instructions().i32_const(place.cast_signed()).call_indirect(whole.table_index, kind).end();
            new.function(&body);
        }
        Ok(())
    }
}
