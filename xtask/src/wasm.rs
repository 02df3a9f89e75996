//! From Rust to the wasm that browsers download: compile, bind to JavaScript, shrink.

use std::path::{Path, PathBuf};
use std::process::Command;

use wasm_bindgen_cli_support::Bindgen;

use crate::failure::{Failure, Result};
use crate::halves::{self, Constants, Halves};
use crate::places::{self, root};
use crate::program;
use crate::stamp::Stamp;
use crate::steps::{Status, step};
use crate::{cargo, files, glue, linker, order};

/// What the form is compiled to.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// The form in one file, for pages that name it themselves.
const WHOLE: &str = "payment_form_bg.wasm";
/// What a page loads first, and what follows it.
const FIRST: &str = "payment_form_first.wasm";
const REST: &str = "payment_form_rest.wasm";
/// All files of the form.
pub const FILES: [&str; 3] = [WHOLE, FIRST, REST];

/// Flags of a compiler that builds its own standard library: a panic traps at once, without words and without a
/// place, because the element's crash state says all that a person can use. Measured: a fifth of the weight.
const SMALL_FLAGS: [&str; 4] = ["-Cpanic=immediate-abort", "-Zunstable-options", "-Zlocation-detail=none", "-Zfmt-debug=none"];

/// The linker says of every address whose it is, for whoever cuts the form in two.
const RELOCATED: &str = "-Clink-arg=--emit-relocs";

/// Small first, and with the features that rustc switches on for this target; the section that names them goes. What is downloaded is
/// compressed, so what makes code alike counts for more than what makes it short:
/// a function with one caller stays a function unless it is tiny (measured: a sixteenth of the download), the control flow is built
/// anew, twice over, and what is computed twice may stay so (together a seventieth). The first kilobyte holds nothing but the far end of
/// the stack, so no address is reckoned from there.
const OPTIMISE: [&str; 14] = [
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--skip-pass=local-cse",
    "--low-memory-unused",
    "--one-caller-inline-max-function-size=15",
    "--strip-target-features",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-multivalue",
    "--enable-reference-types",
];

/// Which standard library goes into the wasm.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Road {
    /// Compiled here from its sources, for size.
    Small,
    /// The one that came with the compiler.
    Plain,
}

/// Builds the wasm and its JavaScript glue; returns the directory that holds both. `plain` forbids the small road.
pub fn build(plain: bool) -> Result<PathBuf> {
    let road = step("wasm target", |status| {
        ensure_target(status)?;
        let (road, note) = if plain { (Road::Plain, "the compiler's standard library, as asked") } else { choose_road(status) };
        Ok((road, note.to_string()))
    })?;
    let compiled = step("compile the form", |status| compile(road, status))?;
    let bound = places::kept().join("bound");
    step("wasm-bindgen", |_| bind(&compiled, &bound))?;
    let shrunk = places::kept().join("shrunk");
    step("wasm-opt", |_| shrink(&compiled, &bound, &shrunk))?;
    Ok(shrunk)
}

/// Adds the compile target unless the compiler has it.
pub fn ensure_target(status: &Status) -> Result<()> {
    let library = rustc(&["--print", "target-libdir", "--target", TARGET]).ok_or_else(|| {
        Failure::new(
            "rustc does not answer: install the stable toolchain with `rustup toolchain install stable`, then run this again.",
        )
    })?;
    if Path::new(&library).is_dir() {
        return Ok(());
    }
    status.say(format!("rustup target add {TARGET}"));
    let added = program::run(Command::new("rustup").args(["target", "add", TARGET]), "", |line| status.say(line));
    if added.is_ok_and(|ended| ended.succeeded) {
        return Ok(());
    }
    Err(Failure::new(format!(
        "The compile target {TARGET} is missing and rustup could not add it: connect to the network and run \
         `rustup target add {TARGET}`, or set RUSTUP_TOOLCHAIN to any toolchain that already has this target."
    )))
}

/// The small road needs the standard library's sources and flags that a stable compiler knows but does not promise.
fn choose_road(status: &Status) -> (Road, &'static str) {
    let accepts_flags = || {
        let mut command = Command::new("rustc");
        command.env("RUSTC_BOOTSTRAP", "1").args(SMALL_FLAGS).args(["--print", "cfg", "--target", TARGET]);
        program::answer(&mut command).is_some()
    };
    if !accepts_flags() {
        (Road::Plain, "plain: this rustc cannot build its own library")
    } else if sources_are_there() || add_sources(status) {
        (Road::Small, "small: its standard library is built here")
    } else {
        (Road::Plain, "plain, a fifth larger: no rust-src from rustup")
    }
}

fn sources_are_there() -> bool {
    rustc(&["--print", "sysroot"])
        .is_some_and(|sysroot| Path::new(&sysroot).join("lib/rustlib/src/rust/library/Cargo.lock").exists())
}

fn add_sources(status: &Status) -> bool {
    status.say("rustup component add rust-src");
    program::run(Command::new("rustup").args(["component", "add", "rust-src"]), "", |line| status.say(line))
        .is_ok_and(|ended| ended.succeeded)
        && sources_are_there()
}

fn rustc(arguments: &[&str]) -> Option<String> {
    program::answer(Command::new("rustc").args(arguments))
}

fn compile(road: Road, status: &Status) -> Result<(PathBuf, String)> {
    // The two roads differ in variables that build scripts watch: in one directory each would undo the other's work.
    let target = match road {
        Road::Small => places::target().join("wasm-small"),
        Road::Plain => places::target().join("wasm-plain"),
    };
    let mut command = cargo::cargo(&["build", "--package", "payment-form", "--lib", "--profile", "wasm", "--target", TARGET]);
    command.arg("--target-dir").arg(&target);
    let mut flags = cargo::path_flags();
    flags.push(RELOCATED.into());
    if road == Road::Small {
        flags.extend(SMALL_FLAGS.map(String::from));
        command.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]).env("RUSTC_BOOTSTRAP", "1");
    }
    command.envs(linker::variable());
    cargo::with_flags(&mut command, &flags);
    let note = cargo::build(&mut command, "The form", status)?;
    Ok((target.join(TARGET).join("wasm/payment_form.wasm"), note))
}

fn bind(compiled: &Path, bound: &Path) -> Result<((), String)> {
    // Cargo.lock names the version of wasm-bindgen that is compiled into this program.
    let inputs = [compiled.to_path_buf(), root().join("Cargo.lock"), root().join("xtask/src")];
    let stamp = Stamp::read("wasm-bindgen", &inputs, "", &[bound.to_path_buf()])?;
    if stamp.holds()? {
        return Ok(((), "unchanged".into()));
    }
    let mut module = glue::read(&files::read(compiled)?)?;
    glue::drop_unused_classes(&mut module)?;
    // Function names stay, for whoever looks at what weighs; wasm-opt leaves them out. The element says where the wasm lies.
    let mut bindgen = Bindgen::new();
    bindgen.input_module("payment_form", module).typescript(false).omit_default_module_path(true);
    let mut output = bindgen
        .web(true)
        .and_then(Bindgen::generate_output)
        .map_err(|reason| Failure::new(format!("wasm-bindgen could not bind the form to JavaScript: {reason:#}")))?;
    if output.snippets().values().any(|scripts| !scripts.is_empty()) || !output.local_modules().is_empty() {
        return Err(Failure::new(
            "A crate brings JavaScript of its own into the form, which xtask/src/wasm.rs does not ship; do without it.",
        ));
    }
    let script = glue::without_loader(output.js())?;
    let script = glue::shorten(output.wasm_mut(), &script);
    files::empty_directory(bound)?;
    files::write(&bound.join("payment_form.js"), script)?;
    files::write(&bound.join(WHOLE), output.wasm_mut().emit_wasm())?;
    stamp.keep()?;
    Ok(((), size_note(&bound.join(WHOLE))?))
}

fn shrink(compiled: &Path, bound: &Path, shrunk: &Path) -> Result<((), String)> {
    let (flags, named) = (OPTIMISE.join(" "), named());
    let tool = root().join("node_modules/binaryen/package.json");
    let stamp = Stamp::read(
        "wasm-opt",
        &[bound.to_path_buf(), tool, root().join("xtask/src")],
        &flags,
        &[shrunk.to_path_buf(), named.clone()],
    )?;
    if stamp.holds()? {
        return Ok(((), "unchanged".into()));
    }
    files::empty_directory(shrunk)?;
    let from = bound.join(WHOLE);
    let mut command = Command::new(places::node_program("wasm-opt"));
    // The names say where the module is cut, and go with the cut.
    command.args(OPTIMISE).arg("-g").arg(&from).arg("-o").arg(&named);
    let ended = program::run(&mut command, "wasm-opt is missing: remove node_modules, then run this again.", |_| ())?;
    if !ended.succeeded {
        return Err(Failure::with_details("wasm-opt refused the form's wasm; its words stand above.", ended.transcript));
    }
    let whole = files::read(&named)?;
    let Halves { first, rest } = halves::cut(&whole, &Constants::read(&files::read(compiled)?)?)?;
    for (name, wasm) in [(WHOLE, &whole), (FIRST, &first), (REST, &rest)] {
        files::write(&shrunk.join(name), order::for_compression(wasm)?)?;
    }
    for file in files::below(bound)?.into_iter().filter(|file| *file != from) {
        let name = file.strip_prefix(bound).map_err(Failure::because("the glue has no name"))?;
        files::copy(&file, &shrunk.join(name))?;
    }
    stamp.keep()?;
    Ok(((), size_note(&shrunk.join(WHOLE))?))
}

/// The whole form with the names of its functions.
pub fn named() -> PathBuf {
    places::kept().join("named.wasm")
}

fn size_note(wasm: &Path) -> Result<String> {
    Ok(format!("{} kB", files::read(wasm)?.len() / 1000))
}
