use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function,
    FunctionSection, GlobalSection, ImportSection, IndirectNameMap, MemorySection, MemoryType, Module, NameMap, NameSection,
    TableSection, TableType, TypeSection,
};
use wasmparser::{Parser, Payload};

use super::*;

/// Where the module's only data begins.
const DATA: i32 = 0x10_0000;

/// A page's function; one that is drawn and calls the page and, some time, what is late; a helper that is too long to be copied; what is
/// late, calls the helper and the page, and stands in the table, too; and what only that calls.
fn module() -> Vec<u8> {
    module_with(b"early text, late text.")
}

fn module_with(text: &[u8]) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], [ValType::I32]);
    let mut imports = ImportSection::new();
    imports.import("$", "page", EntityType::Function(0));
    let mut functions = FunctionSection::new();
    for _ in 0..4 {
        functions.function(0);
    }
    let mut tables = TableSection::new();
    let funcref = TableType { element_type: RefType::FUNCREF, table64: false, minimum: 3, maximum: Some(3), shared: false };
    tables.table(TableType { element_type: RefType::EXTERNREF, minimum: 1, ..funcref }).table(funcref);
    let mut memories = MemorySection::new();
    memories.memory(MemoryType { minimum: 17, maximum: None, memory64: false, shared: false, page_size_log2: None });
    let mut globals = GlobalSection::new();
    globals.global(IS_WHOLE, &ConstExpr::i32_const(DATA));
    let mut exports = ExportSection::new();
    exports.export("memory", ExportKind::Memory, 0).export("0", ExportKind::Func, 1).export("late", ExportKind::Func, 3);
    let mut elements = ElementSection::new();
    elements.active(Some(1), &ConstExpr::i32_const(1), Elements::Functions(vec![2, 3].into()));
    let mut code = CodeSection::new();
    // Each begins with as many additions as make it long.
    for (length, calls) in [(30, &[0, 3][..]), (60, &[]), (60, &[0, 2, 4]), (60, &[])] {
        let mut body = Function::new([]);
        body.instructions().local_get(0);
        for _ in 0..length {
            body.instructions().i32_const(1).i32_add();
        }
        for callee in calls {
            body.instructions().call(*callee);
        }
        body.instructions().end();
        code.function(&body);
    }
    let mut data = DataSection::new();
    data.active(0, &ConstExpr::i32_const(DATA), text.iter().copied());
    let mut names = NameMap::new();
    for (number, name) in (1..).zip(["ui::draw", "ui::help", "ui::late::act", "core::only"]) {
        names.append(number, &["payment_form[00ff]::", name].concat());
    }
    let mut section = NameSection::new();
    section.functions(&names);
    section.locals(&IndirectNameMap::new());
    let mut module = Module::new();
    module
        .section(&types)
        .section(&imports)
        .section(&functions)
        .section(&tables)
        .section(&memories)
        .section(&globals)
        .section(&exports)
        .section(&elements)
        .section(&code)
        .section(&data)
        .section(&section);
    module.finish()
}

/// Imports, exports, and how many functions and bytes that are not zero a module has.
fn seam(wasm: &[u8]) -> (Vec<String>, Vec<String>, usize, usize) {
    let (mut imports, mut exports, mut functions, mut bytes) = (Vec::new(), Vec::new(), 0, 0);
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.unwrap() {
            Payload::ImportSection(section) => {
                imports
                    .extend(section.into_imports().map(|import| import.unwrap()).map(|it| format!("{}.{}", it.module, it.name)));
            }
            Payload::ExportSection(section) => exports.extend(section.into_iter().map(|export| export.unwrap().name.to_string())),
            Payload::CodeSectionEntry(_) => functions += 1,
            Payload::DataSection(section) => {
                bytes += section.into_iter().flat_map(|data| data.unwrap().data.iter()).filter(|byte| **byte != 0).count();
            }
            _ => (),
        }
    }
    (imports, exports, functions, bytes)
}

#[test]
fn what_is_late_goes_with_what_only_it_calls_and_leaves_a_stand_in() {
    let halves =
        cut_by("# a remark\nui::late\n", &module(), &Constants::default()).unwrap_or_else(|failure| panic!("{failure:?}"));
    let (imports, exports, functions, _) = seam(&halves.first);
    assert_eq!(imports, ["$.page", "$.absent"]);
    // The helper is lent under the first name that is free.
    let build = build_of(&module());
    assert_eq!(exports, ["memory", "0", "late", "?0", "?1", "!0", "isWhole", &build, "1"]);
    // Drawing, the helper, the look whether the rest is there, and the stand-in.
    assert_eq!(functions, 4);
    let (imports, exports, functions, _) = seam(&halves.rest);
    let build = ["first.", &build].concat();
    assert_eq!(imports, ["$.page", "first.1", "first.memory", "first.?0", "first.?1", "first.!0", &build]);
    assert_eq!(exports, [""; 0]);
    // What is late, what only that calls, and the word that all of it is there.
    assert_eq!(functions, 3);
}

#[test]
fn data_goes_once_to_either_half() {
    let whole = module();
    let read = Whole::read(&whole).unwrap_or_else(|failure| panic!("{failure:?}"));
    let mut cut = Cut::new(&read, read.late("ui::late"), String::new());
    let start = DATA.cast_unsigned();
    cut.late_data.push(start + 12..start + 22);
    let (first, rest) = (cut.first(&whole).unwrap(), cut.rest().unwrap());
    assert_eq!((seam(&first).3, seam(&rest).3), (12, 10));
}

#[test]
fn without_a_line_everything_is_early() {
    let halves = cut_by("ui::other", &module(), &Constants::default()).unwrap_or_else(|failure| panic!("{failure:?}"));
    assert_eq!((seam(&halves.first).2, seam(&halves.rest).2), (5, 1));
}

#[test]
fn the_rest_of_another_build_finds_nothing_in_this_one() {
    let cut =
        |text| cut_by("ui::late", &module_with(text), &Constants::default()).unwrap_or_else(|failure| panic!("{failure:?}"));
    // Nothing but a sentence was changed.
    let (one, other) = (cut(b"a text"), cut(b"b text"));
    let exports = seam(&one.first).1;
    let is_found = |import: &String| exports.iter().any(|name| *import == ["first.", name].concat()) || import == "$.page";
    assert!(seam(&one.rest).0.iter().all(is_found));
    assert!(!seam(&other.rest).0.iter().all(is_found));
}
