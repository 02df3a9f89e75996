//! Puts together `dist/`: what a host installs under `pkg/`, and the demo around it.
//!
//! `dist/pkg` is the npm package's content and the server's `/pkg`; `dist/cdn/<version>` holds its files for browsers, for a server of another
//! origin; `dist/index.html` and `dist/demo` are the demo's, `dist/gallery` and `dist/docs` the pages of the same names.
//! Every file has a brotli and a gzip sibling. File names carry no hash: hosts and package.json name them, so they are revalidated by ETag.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::failure::{Failure, Result};
use crate::paths::{self, root};
use crate::program;
use crate::stamp::Stamp;
use crate::steps::{Status, step};
use crate::{build, docs, files, notices, npm};

/// Builds everything that a browser needs into `dist/`. `plain` forbids the small build of [`build::build`].
pub fn build(plain: bool) -> Result<()> {
    let _alone = lock_build()?;
    npm::install()?;
    let bound = build::build(plain)?;
    step("dist", |status| assemble(&bound, status))
}

/// Locks the build: a second one waits until the returned file is closed, because both would write the same files.
fn lock_build() -> Result<File> {
    let path = paths::cache().join("building");
    let refused = "The build cannot be kept to one at a time";
    files::create_directory(&paths::cache())?;
    let file = File::create(&path).map_err(Failure::because(refused))?;
    if file.try_lock().is_err() {
        step("other build", |status| {
            status.say("waiting for it to end");
            file.lock().map_err(Failure::because(refused))?;
            Ok(((), "has ended".into()))
        })?;
    }
    Ok(file)
}

fn assemble(built: &build::Artifacts, status: &Status) -> Result<((), String)> {
    let bound = &built.form;
    let mut inputs: Vec<PathBuf> = [
        "index.html",
        "demo",
        "examples",
        "style",
        "src/words",
        "package.json",
        "package-lock.json",
        "Cargo.lock",
        "xtask/src",
        "xtask/compress.mjs",
    ]
    .map(|name| root().join(name))
    .into();
    inputs.extend(docs::inputs());
    inputs.extend(scripts()?);
    inputs.extend([bound.clone(), built.example.clone()]);
    let stamp = Stamp::read("dist", &inputs, "", &[paths::dist()])?;
    if stamp.is_current()? {
        return Ok(((), "unchanged".into()));
    }
    // The new directory replaces the old one at the end, so that a running server misses files only for the moment of the exchange.
    let next = root().join("dist.next");
    files::empty_directory(&next)?;
    status.say("bundling the package's scripts");
    bundle(bound, &next.join("pkg"))?;
    files::copy(&bound.join(build::WASM), &next.join("pkg").join(build::WASM))?;
    status.say("copying the demo");
    copy_package_texts(&next.join("pkg"))?;
    files::write(&next.join("pkg/THIRD-PARTY-NOTICES.txt"), notices::third_party()?)?;
    copy_demo(&next)?;
    copy_themes(&next.join("pkg/themes"))?;
    docs::render(&next.join("docs"))?;
    copy_example(&built.example, &next.join("leptos"))?;
    status.say("compressing");
    let listed = compress(&next)?;
    copy_for_other_origins(&next, &listed)?;
    let dist = paths::dist();
    files::empty_directory(&dist)?;
    std::fs::rename(&next, &dist).map_err(Failure::because("dist.next cannot take the place of dist"))?;
    stamp.save()?;
    Ok(((), format!("{} files, each also as brotli and gzip", listed.len())))
}

/// Copies the example page: its glue and wasm, and the files beside its source.
fn copy_example(optimised: &Path, to: &Path) -> Result<()> {
    for name in ["leptos_app.js", "leptos_app_bg.wasm"] {
        files::copy(&optimised.join(name), &to.join(name))?;
    }
    for name in ["index.html", "start.js"] {
        files::copy(&root().join("examples/leptos-app").join(name), &to.join(name))?;
    }
    Ok(())
}

/// Compresses every file of the directory and writes its `manifest.json`; returns the files with their sizes and hashes.
fn compress(directory: &Path) -> Result<Vec<Value>> {
    let mut command = Command::new("node");
    command.arg(root().join("xtask/compress.mjs")).arg(directory);
    let ended = program::run(&mut command, npm::NO_NODE, |_| ())?;
    let list: Value = serde_json::from_str(&ended.transcript)
        .map_err(|_| Failure::with_details("xtask/compress.mjs failed; its words stand above.", &*ended.transcript))?;
    let listed = list.as_array().map(Vec::as_slice).unwrap_or_default();
    let manifest = json!({
        "name": "payment-form",
        "version": env!("CARGO_PKG_VERSION"),
        "files": listed.iter().map(with_purpose).collect::<Vec<_>>(),
    });
    files::write(&directory.join("manifest.json"), format!("{manifest:#}\n"))?;
    Ok(listed.to_vec())
}

/// Writes `integrity.json`: the hash of each file of the package that a browser loads. The files are copied into a directory named by the
/// version, because a page that names hashes must never meet newer files.
fn copy_for_other_origins(next: &Path, listed: &[Value]) -> Result<()> {
    let mut hashes = serde_json::Map::new();
    let versioned = next.join("cdn").join(env!("CARGO_PKG_VERSION"));
    for entry in listed {
        let Some(name) = entry["file"].as_str().and_then(|file| file.strip_prefix("pkg/")).filter(|name| is_for_browsers(name))
        else {
            continue;
        };
        hashes.insert(name.to_string(), entry["sha384"].clone());
        for sibling in [name.to_string(), format!("{name}.br"), format!("{name}.gz")] {
            let from = next.join("pkg").join(&sibling);
            if from.exists() {
                files::copy(&from, &versioned.join(&sibling))?;
            }
        }
    }
    let integrity = json!({ "version": env!("CARGO_PKG_VERSION"), "files": hashes });
    // The licences ask that their texts go along with every copy.
    let notices = next.join("pkg");
    for (from, text) in [(&*notices, "THIRD-PARTY-NOTICES.txt"), (root(), "LICENSE-MIT"), (root(), "LICENSE-APACHE")] {
        files::copy(&from.join(text), &versioned.join(text))?;
    }
    for directory in [next.join("pkg"), versioned] {
        files::write(&directory.join("integrity.json"), format!("{integrity:#}\n"))?;
    }
    Ok(())
}

/// `true` for the files that a page loads without a bundler.
fn is_for_browsers(name: &str) -> bool {
    const NAMES: [&str; 5] = ["define.js", "element.js", "rules.js", "payment_form.js", build::WASM];
    NAMES.contains(&name) || name.starts_with("words/") || name.starts_with("themes/")
}

fn with_purpose(entry: &Value) -> Value {
    let mut entry = entry.clone();
    entry["purpose"] = purpose(entry["file"].as_str().unwrap_or_default()).into();
    entry
}

/// The purpose of a file, for the person who is responsible for every script on a page.
fn purpose(file: &str) -> &'static str {
    match file {
        "pkg/define.js" => "registers the element <payment-form>",
        "pkg/element.js" => "the element's class: attributes, properties and events; loads the form",
        "pkg/payment_form.js" => "carries values between JavaScript and the form's WebAssembly",
        "pkg/payment_form_bg.wasm" => "the form",
        "pkg/rules.js" => "check and allocate without a form on the page",
        "pkg/rules.node.js" => "the same for Node; not for pages",
        "pkg/react.js" => "the form as a React component",
        "pkg/stub.js" => "a stand-in for jsdom and happy-dom; not for pages",
        "pkg/types_only.js" => "an empty module behind the entries that hold types",
        "pkg/THIRD-PARTY-NOTICES.txt" => "the licences of the crates in the form",
        "pkg/testing.js" => "the page object for browser tests; not for pages",
        "pkg/custom-elements.json" => "describes the element to editors",
        _ if file.starts_with("pkg/themes/") => "a ready theme: custom properties for the element",
        _ if file.starts_with("pkg/words/") => "the form's sentences in one language",
        _ if file.ends_with(".d.ts") => "types for editors and compilers; not for pages",
        _ => "the demo; not a part of the package",
    }
}

/// The hand-written scripts of the package, their types and descriptions: all that lies in `src/element/js/`.
fn scripts() -> Result<Vec<PathBuf>> {
    files::below(&root().join("src/element/js"))
}

/// The scripts that package.json exports; every other script in `src/element/js/` is a part of these.
fn entry_points() -> Result<Vec<String>> {
    let package = files::read_json(&root().join("package.json"))?;
    let mut entries = Vec::new();
    each_string(package.get("exports").unwrap_or(&Value::Null), &mut |target| {
        if let Some(script) = target.strip_prefix("./dist/pkg/").filter(|name| name.ends_with(".js")) {
            // Several entries share the module without code.
            if !entries.contains(&script.to_string()) {
                entries.push(script.to_string());
            }
        }
    });
    Ok(entries)
}

/// Calls back with every string in a JSON value.
pub fn each_string(value: &Value, found: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => found(text),
        Value::Array(items) => items.iter().for_each(|item| each_string(item, found)),
        Value::Object(members) => members.values().for_each(|member| each_string(member, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Bundles each entry point with the private scripts that it imports, so that a browser makes few requests. Entry points
/// stay files of their own and import one another: the element's class must exist once, whoever asks for it.
fn bundle(bound: &Path, to: &Path) -> Result<()> {
    let stage = paths::cache().join("stage");
    files::empty_directory(&stage)?;
    for script in scripts()? {
        if script.extension().is_some_and(|extension| extension == "js") {
            files::copy(&script, &stage.join(script.file_name().unwrap_or_default()))?;
        }
    }
    for file in files::below(bound)? {
        files::copy(&file, &stage.join(file.strip_prefix(bound).map_err(Failure::because("the glue has no name"))?))?;
    }
    files::write(&stage.join("style.js"), stylesheet_module()?)?;

    let mut entries = entry_points()?;
    entries.push("payment_form.js".into());
    let mut command = esbuild();
    command.args(["--bundle", "--format=esm", "--external:node:*", "--external:react"]).arg(format!("--outdir={}", to.display()));
    for entry in &entries {
        command.arg(stage.join(entry)).arg(format!("--external:./{entry}"));
    }
    finish(command, "esbuild could not bundle the package's scripts; its words stand above.")
}

/// `style.js`, which element.js imports: the sheets that payment-form.css names, joined in that order, as a string. Every content security
/// policy allows a constructable stylesheet, and no other one, in a shadow root.
fn stylesheet_module() -> Result<String> {
    let mut command = esbuild();
    command.arg("--bundle").arg(root().join("style/payment-form.css"));
    let css = program::answer(&mut command).ok_or_else(|| {
        Failure::new(
            "esbuild could not read style/payment-form.css: run `node_modules/.bin/esbuild --bundle style/payment-form.css` to see why.",
        )
    })?;
    Ok(format!("export default {};\n", Value::String(css)))
}

fn copy_package_texts(to: &Path) -> Result<()> {
    let described = scripts()?.into_iter().filter(|path| path.extension().is_some_and(|extension| extension != "js"));
    for text in described {
        files::copy(&text, &to.join(text.file_name().unwrap_or_default()))?;
    }
    for words in files::below(&root().join("src/words"))? {
        if words.extension().is_some_and(|extension| extension == "json") {
            files::copy(&words, &to.join("words").join(words.file_name().unwrap_or_default()))?;
        }
    }
    Ok(())
}

/// Copies the ready themes as they are: a host reads them, and may change its copy.
fn copy_themes(to: &Path) -> Result<()> {
    for theme in files::below(&root().join("style/themes"))? {
        files::copy(&theme, &to.join(theme.file_name().unwrap_or_default()))?;
    }
    Ok(())
}

/// Copies the pages and what they use. Scripts and stylesheets lose their comments on the way, nothing else.
fn copy_demo(to: &Path) -> Result<()> {
    files::copy(&root().join("index.html"), &to.join("index.html"))?;
    files::copy(&root().join("demo/gallery/index.html"), &to.join("gallery/index.html"))?;
    let mut minified = esbuild();
    minified.arg(format!("--outdir={}", to.display())).arg(format!("--outbase={}", root().display()));
    for file in files::below(&root().join("demo"))? {
        match file.extension().and_then(|extension| extension.to_str()) {
            Some("js" | "css") => {
                minified.arg(&file);
            }
            _ => files::copy(&file, &to.join(file.strip_prefix(root()).map_err(Failure::because("a demo file has no name"))?))?,
        }
    }
    finish(minified, "esbuild could not read the demo's scripts and styles; its words stand above.")
}

/// esbuild for this machine; around it npm puts a script that would show a stack trace for every mistake in a stylesheet.
fn esbuild() -> Command {
    let packages = std::fs::read_dir(root().join("node_modules/@esbuild")).into_iter().flatten().flatten();
    let program = packages.map(|package| package.path().join("bin/esbuild")).find(|program| program.exists());
    let mut command = Command::new(program.unwrap_or_else(|| paths::node_program("esbuild")));
    command.current_dir(root()).args([
        "--minify",
        "--charset=utf8",
        "--legal-comments=none",
        "--target=es2022",
        "--log-level=warning",
    ]);
    command
}

fn finish(mut command: Command, sentence: &str) -> Result<()> {
    let ended = program::run(&mut command, "esbuild is missing: remove node_modules, then run this again.", |_| ())?;
    if ended.succeeded { Ok(()) } else { Err(Failure::with_details(sentence, ended.transcript)) }
}
