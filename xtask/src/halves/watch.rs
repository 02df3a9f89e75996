//! `cargo xtask late`: sees which functions of the form a page runs until it is drawn and typed in, and writes down the others.
//!
//! A copy of the form notes of each of its functions that it ran, in memory that nothing else uses; `watch.mjs` is the person in front of it.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::path::Path;
use std::process::Command;
use std::result;

use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, Instruction, MemArg, Module};
use wasmparser::{FunctionBody, Parser, Payload};

use super::Whole;
use super::names::paths;
use crate::arguments::Arguments;
use crate::failure::{Failure, Result};
use crate::places::{self, root};
use crate::serve::{self, Running};
use crate::steps::step;
use crate::{browser, dist, files, npm, program, wasm};

/// A path of which fewer bytes are late is not worth a line: one of the form's own, and one of a library, whose parts have many users.
const WORTH: usize = 60;
const WORTH_OF_LIBRARIES: usize = 150;

/// Where the form's own paths begin.
const ROOMS: [&str; 6] = ["domain::", "api::", "submission::", "words::", "ui::", "element::"];

/// How many functions the pages of added memory have room for: one byte each.
const PAGE: usize = 65_536;

/// Builds, watches and writes.
pub fn command(arguments: &mut Arguments) -> Result<()> {
    arguments.finish()?;
    dist::build(false)?;
    step("compile the server", |status| Ok(((), serve::compile(status)?)))?;
    let chromium = step("chromium", |status| Ok((browser::find_chromium(status)?, "there".into())))?;
    let named = files::read(&wasm::named())?;
    let whole = Whole::read(&named)?;
    let watched = places::kept().join("watched");
    let (memory, noting) = noting(&named)?;
    lay(&watched, &noting)?;

    let (mut running, port) = Running::over("late", &watched)?;
    let ran = step("what a page runs", |_| {
        let mut command = Command::new("node");
        command
            .arg("xtask/src/halves/watch.mjs")
            .arg(format!("http://127.0.0.1:{port}"))
            .arg(memory.to_string())
            .env("CHROMIUM", chromium);
        let ended = program::run(command.current_dir(root()), npm::NO_NODE, |_| ())?;
        let last = ended.transcript.lines().last().unwrap_or_default();
        let ran: BTreeSet<u32> = serde_json::from_str(last).map_err(|_| {
            Failure::with_details(
                "xtask/src/halves/watch.mjs did not come to its end; its words stand above.",
                &*ended.transcript,
            )
        })?;
        let note = format!("{} of {} functions", ran.len(), whole.functions().count());
        Ok((ran, note))
    })?;
    running.stop()?;

    let lines = worth_a_line(&whole, &ran);
    let head = "# What the form does not run until it is drawn and typed in: the paths in the names of such functions. Written by `cargo xtask late`.\n";
    let to = root().join("xtask/src/halves/late.txt");
    files::write(&to, lines.iter().fold(head.to_string(), |text, line| text + line + "\n"))?;
    println!("\n  {} lines in {}; build again, to cut the form by them\n", lines.len(), places::shown(&to));
    Ok(())
}

/// The distributable files with another form in them.
fn lay(watched: &Path, form: &[u8]) -> Result<()> {
    files::empty_directory(watched)?;
    for file in files::below(&places::dist())? {
        let name = file.strip_prefix(places::dist()).map_err(Failure::because("a file of dist has no name"))?;
        // A server would give the compressed ones instead.
        let is_form = name.to_string_lossy().contains(".wasm");
        if !is_form {
            files::copy(&file, &watched.join(name))?;
        }
    }
    for name in wasm::FILES {
        files::write(&watched.join("pkg").join(name), form)?;
    }
    Ok(())
}

/// The paths that hold nothing but late functions, shortest first and each worth its line.
fn worth_a_line(whole: &Whole<'_>, ran: &BTreeSet<u32>) -> BTreeSet<String> {
    let functions = || whole.functions().map(|(number, name, length)| (paths(name), length, ran.contains(&number)));
    let early: BTreeSet<String> = functions().filter(|(.., has_run)| *has_run).flat_map(|(paths, ..)| paths).collect();
    let mut left: Vec<(BTreeSet<String>, usize)> =
        functions().filter(|(.., has_run)| !has_run).map(|(paths, length, _)| (&paths - &early, length)).collect();
    let mut lines = BTreeSet::new();
    loop {
        let mut gains: BTreeMap<&str, usize> = BTreeMap::new();
        for (paths, length) in &left {
            for path in paths {
                *gains.entry(path).or_default() += length;
            }
        }
        let is_worth = |path: &str, gain: usize| {
            gain >= if ROOMS.iter().any(|room| path.starts_with(room)) { WORTH } else { WORTH_OF_LIBRARIES }
        };
        // Of paths that hold the same, the shortest says it best.
        let best = gains.into_iter().filter(|(path, gain)| is_worth(path, *gain));
        let best = best.max_by_key(|(path, gain)| (*gain, std::cmp::Reverse(path.len())));
        let Some((path, _)) = best else { return lines };
        let path = path.to_string();
        left.retain(|(paths, _)| !paths.contains(&path));
        lines.insert(path);
    }
}

/// The form that notes what it runs, and where in its memory it does.
fn noting(wasm: &[u8]) -> Result<(u64, Vec<u8>)> {
    let failed = |reason: String| Failure::new(format!("The form cannot be made to note what it runs: {reason}"));
    let mut pages = 0;
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::MemorySection(section) = payload.map_err(|reason| failed(reason.to_string()))? {
            for memory in section {
                pages = memory.map_err(|reason| failed(reason.to_string()))?.initial;
            }
        }
    }
    let start = pages * PAGE as u64;
    let mut module = Module::new();
    let mut noting = Noting { next: start };
    noting.parse_core_module(&mut module, Parser::new(0), wasm).map_err(|reason| failed(reason.to_string()))?;
    Ok((start, module.finish()))
}

/// Lets each function begin with a note.
struct Noting {
    next: u64,
}

impl Reencode for Noting {
    type Error = Infallible;

    fn memory_type(&mut self, kind: wasmparser::MemoryType) -> result::Result<wasm_encoder::MemoryType, Error> {
        let mut kind = wasm_encoder::reencode::utils::memory_type(self, kind);
        kind.minimum += 1;
        Ok(kind)
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> result::Result<(), Error> {
        let mut new = self.new_function_with_parsed_locals(&body)?;
        let place = MemArg { offset: self.next, align: 0, memory_index: 0 };
        new.instruction(&Instruction::I32Const(0))
            .instruction(&Instruction::I32Const(1))
            .instruction(&Instruction::I32Store8(place));
        self.next += 1;
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let instruction = self.parse_instruction(&mut operators)?;
            new.instruction(&instruction);
        }
        code.function(&new);
        Ok(())
    }
}
