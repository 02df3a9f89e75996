//! Builds the form's WebAssembly and its JavaScript glue: cargo, then wasm-bindgen, then wasm-opt. `dist` compresses the result.
//!
//! The block of constants below holds every departure from a plain build, each with its reason; `opt-level = "z"` and link-time
//! optimisation stand in `[profile.wasm]` of Cargo.toml. A reader who removes one of them gets a larger form that works alike.

use std::path::{Path, PathBuf};
use std::process::Command;

use wasm_bindgen_cli_support::Bindgen;

use crate::failure::{Failure, Result};
use crate::paths::{self, root};
use crate::program;
use crate::stamp::Stamp;
use crate::steps::{Status, step};
use crate::{cargo, files};

/// Leptos boxes the type of every view, because generic code for each of them would outweigh the boxes.
const LEPTOS: [&str; 2] = ["--cfg", "erase_components"];

/// Cargo builds the standard library too, for size, because the shipped one is built for speed.
const BUILD_STD: [&str; 2] = ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"];

/// A panic traps at once, without message or location, because the element's crash notice says all that a person can use. The
/// code that formats messages then leaves the WebAssembly. Only a standard library that is built here can do so.
const IMMEDIATE_ABORT: [&str; 4] =
    ["-Cpanic=immediate-abort", "-Zunstable-options", "-Zlocation-detail=none", "-Zfmt-debug=none"];

/// One pass of wasm-opt for size. A function with one caller stays a function unless it is tiny, because inlining makes code unlike the
/// rest, and brotli shrinks what is alike. The features are those that rustc switches on for this target.
const WASM_OPT: [&str; 8] = [
    "-Oz",
    "--one-caller-inline-max-function-size=15",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-multivalue",
    "--enable-reference-types",
];

/// A custom section with the module's name. Chromium shows this name in the stack of a trap when the wasm came under a wrong media type;
/// `trap.js` looks for it.
const NAME_SECTION: &[u8] = b"\x00\x14\x04name\x00\x0d\x0cpayment_form";

/// The compile target of the form.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// The form's wasm, by wasm-bindgen's name for it. The glue beside it is `payment_form.js`.
pub const WASM: &str = "payment_form_bg.wasm";

/// One of the two WebAssembly modules.
struct Wasm {
    /// The names of its steps.
    steps: [&'static str; 3],
    /// The arguments of `cargo build` that name it.
    cargo: &'static [&'static str],
    /// The file that cargo makes.
    compiled: &'static str,
    /// The name of the glue and the wasm.
    name: &'static str,
    /// The folder for the files between the steps.
    folder: &'static str,
}

/// The form as a custom element.
const FORM: Wasm = Wasm {
    steps: ["compile the form", "wasm-bindgen", "wasm-opt"],
    cargo: &["--package", "payment-form", "--features", "element", "--lib"],
    compiled: "payment_form.wasm",
    name: "payment_form",
    folder: "form",
};

/// The example page, which uses the form as a Leptos component.
const EXAMPLE: Wasm = Wasm {
    steps: ["compile example", "wasm-bindgen, example", "wasm-opt, example"],
    cargo: &["--package", "payment-form-leptos-app", "--bin", "payment-form-leptos-app"],
    compiled: "payment-form-leptos-app.wasm",
    name: "leptos_app",
    folder: "leptos",
};

/// The standard library that goes into the wasm.
#[derive(Clone, Copy, PartialEq, Eq)]
enum StandardLibrary {
    /// Built here from its sources, by [`BUILD_STD`] and [`IMMEDIATE_ABORT`].
    FromSource,
    /// The one that came with the compiler.
    Shipped,
}

/// The directories that hold each wasm with its glue.
pub struct Artifacts {
    /// The form.
    pub form: PathBuf,
    /// The example page.
    pub example: PathBuf,
}

/// Builds the form and the example page. `plain` takes the standard library that came with the compiler.
pub fn build(plain: bool) -> Result<Artifacts> {
    let library = step("wasm target", |status| {
        ensure_target(status)?;
        let (library, note) =
            if plain { (StandardLibrary::Shipped, "the compiler's standard library, as asked") } else { choose_library(status) };
        Ok((library, note.to_string()))
    })?;
    Ok(Artifacts { form: FORM.build(library)?, example: EXAMPLE.build(library)? })
}

impl Wasm {
    fn build(&self, library: StandardLibrary) -> Result<PathBuf> {
        let [compile_step, bind_step, optimise_step] = self.steps;
        let compiled = step(compile_step, |status| self.compile(library, status))?;
        let bound = paths::cache().join("bound").join(self.folder);
        step(bind_step, |_| self.bind(&compiled, &bound))?;
        let optimised = paths::cache().join("optimised").join(self.folder);
        step(optimise_step, |_| self.optimise(&bound, &optimised))?;
        Ok(optimised)
    }

    /// The name of the wasm file, by wasm-bindgen's rule.
    fn file(&self) -> String {
        format!("{}_bg.wasm", self.name)
    }

    fn compile(&self, library: StandardLibrary, status: &Status) -> Result<(PathBuf, String)> {
        // Build scripts watch the variables that differ between the two builds, so each has a directory of its own; otherwise each would rebuild the other.
        let target = paths::target().join(match library {
            StandardLibrary::FromSource => "wasm-small",
            StandardLibrary::Shipped => "wasm-plain",
        });
        let mut command = cargo::cargo(&[&["build", "--profile", "wasm", "--target", TARGET], self.cargo].concat());
        command.arg("--target-dir").arg(&target);
        let mut flags = cargo::path_flags();
        flags.extend(LEPTOS.map(String::from));
        if library == StandardLibrary::FromSource {
            flags.extend(IMMEDIATE_ABORT.map(String::from));
            command.args(BUILD_STD).env("RUSTC_BOOTSTRAP", "1");
        }
        cargo::with_flags(&mut command, &flags);
        let note = cargo::build(&mut command, self.name, status)?;
        Ok((target.join(TARGET).join("wasm").join(self.compiled), note))
    }

    /// Runs wasm-bindgen as a library, so that Cargo.lock keeps it at the version of the crate `wasm-bindgen`.
    fn bind(&self, compiled: &Path, bound: &Path) -> Result<((), String)> {
        let stamp = Stamp::read(self.steps[1], &inputs(compiled), "", &[bound.to_path_buf()])?;
        if stamp.is_current()? {
            return Ok(((), "unchanged".into()));
        }
        let refused = |reason| Failure::new(format!("wasm-bindgen could not bind the form to JavaScript: {reason:#}"));
        let mut bindgen = Bindgen::new();
        // The page says where the wasm lies, so the glue holds no address of it.
        bindgen.input_path(compiled).out_name(self.name).typescript(false).omit_default_module_path(true);
        let mut output = bindgen.web(true).and_then(Bindgen::generate_output).map_err(refused)?;
        if output.snippets().values().any(|scripts| !scripts.is_empty()) || !output.local_modules().is_empty() {
            return Err(Failure::new(
                "A crate brings JavaScript of its own into the form, which xtask/src/build.rs does not ship; do without it.",
            ));
        }
        files::empty_directory(bound)?;
        output.emit(bound).map_err(refused)?;
        stamp.save()?;
        Ok(((), size_note(&bound.join(self.file()))?))
    }

    fn optimise(&self, bound: &Path, optimised: &Path) -> Result<((), String)> {
        let mut inputs = inputs(bound);
        inputs.push(root().join("node_modules/binaryen/package.json"));
        let stamp = Stamp::read(self.steps[2], &inputs, "", &[optimised.to_path_buf()])?;
        if stamp.is_current()? {
            return Ok(((), "unchanged".into()));
        }
        files::empty_directory(optimised)?;
        for file in files::below(bound)? {
            files::copy(&file, &optimised.join(file.file_name().unwrap_or_default()))?;
        }
        let wasm = optimised.join(self.file());
        let mut command = Command::new(paths::node_program("wasm-opt"));
        command.args(WASM_OPT).arg(bound.join(self.file())).arg("-o").arg(&wasm);
        let ended = program::run(&mut command, "wasm-opt is missing: remove node_modules, then run this again.", |_| ())?;
        if !ended.succeeded {
            return Err(Failure::with_details("wasm-opt refused the form's wasm; its words stand above.", ended.transcript));
        }
        files::write(&wasm, [&*files::read(&wasm)?, NAME_SECTION].concat())?;
        stamp.save()?;
        Ok(((), size_note(&wasm)?))
    }
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

/// A built library needs the sources of the standard library, and flags that a stable compiler knows but does not promise.
fn choose_library(status: &Status) -> (StandardLibrary, &'static str) {
    let accepts_flags = || {
        let mut command = Command::new("rustc");
        command.env("RUSTC_BOOTSTRAP", "1").args(IMMEDIATE_ABORT).args(["--print", "cfg", "--target", TARGET]);
        program::answer(&mut command).is_some()
    };
    if !accepts_flags() {
        (StandardLibrary::Shipped, "plain: this rustc cannot build its own library")
    } else if sources_are_there() || add_sources(status) {
        (StandardLibrary::FromSource, "small: its standard library is built here")
    } else {
        (StandardLibrary::Shipped, "plain and larger: no rust-src from rustup")
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

/// A step depends on its input, on the versions of its tools and on this file.
fn inputs(from: &Path) -> Vec<PathBuf> {
    vec![from.to_path_buf(), root().join("Cargo.lock"), root().join("xtask/src/build.rs")]
}

fn size_note(wasm: &Path) -> Result<String> {
    Ok(format!("{} kB", files::read(wasm)?.len() / 1000))
}
