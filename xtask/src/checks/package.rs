//! Checks the package as a host meets it: package.json keeps its promises, and no file needs a weaker policy.

use std::path::PathBuf;
use std::process::Command;

use wasmparser::{ElementItems, Operator, Parser, Payload, TypeRef};

use crate::checks::report::Check;
use crate::dist::each_string;
use crate::failure::{Failure, Result};
use crate::paths::{self, root};
use crate::{docs, files, program};

/// The checks, by the names that the test command prints. They look at `dist/` and so come after the build.
pub const CHECKS: [Check; 6] = [
    ("package.json", package),
    ("no inline code or style", nothing_inline),
    ("types", types),
    ("packed entries", packed_entries),
    ("links in the package", links),
    ("links of the docs", docs::check_links),
];

/// Signs in a page that a strict content security policy refuses.
const INLINE_IN_PAGES: [&str; 6] = ["<style", " style=", "javascript:", " onclick=", " onload=", " onerror="];
/// Calls and assignments that Trusted Types refuse in a script, or that would bring inline code or style into a page.
const INLINE_IN_SCRIPTS: [&str; 7] =
    ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "new Function", "eval(", "<script"];

/// The names of the glue that wasm-bindgen writes: for the form, which the CDN folder repeats, and for the example page. A glue holds one
/// function for each import of its wasm, called or not.
const GLUE: [&str; 2] = ["payment_form.js", "leptos_app.js"];

/// The property by whose import Leptos clears an element whose view drops an `inner_html` attribute. The glue names the property in the
/// import's function, so the check of the WebAssembly looks at the calls instead. Each may write only the empty text.
const CLEARED_BY_LEPTOS: &str = "innerHTML";

/// The entries whose types rest on those of a framework.
const TYPES_OF_FRAMEWORKS: [&str; 5] = ["preact", "react", "solid", "svelte", "vue"];

fn package() -> Result<()> {
    let package = files::read_json(&root().join("package.json"))?;
    let mut complaints = Vec::new();
    if package["version"].as_str() != Some(env!("CARGO_PKG_VERSION")) {
        complaints.push(format!("its version is {}, the crate's is {}", package["version"], env!("CARGO_PKG_VERSION")));
    }
    if package.get("dependencies").is_some() {
        complaints.push("it makes hosts install other packages".to_string());
    }
    let mut must_exist = |target: &str| {
        // A pattern stands for its directory.
        if !root().join(target.split('*').next().unwrap_or_default()).exists() {
            complaints.push(format!("it exports {target}, which the build does not make"));
        }
    };
    each_string(&package["exports"], &mut must_exist);
    each_string(&package["customElements"], &mut must_exist);
    if complaints.is_empty() { Ok(()) } else { Err(Failure::new(format!("package.json: {}.", complaints.join("; ")))) }
}

fn nothing_inline() -> Result<()> {
    let mut complaints = Vec::new();
    for file in files::below(&paths::dist())? {
        let text = || files::read_text(&file);
        let found = match file.extension().and_then(|extension| extension.to_str()) {
            Some("html") => inline_in_page(&text()?),
            Some("js") => inline_in_script(&text()?, GLUE.iter().any(|glue| file.ends_with(glue))),
            Some("wasm") => markup_in_wasm(&files::read(&file)?)
                .map_err(|error| Failure::new(format!("{} cannot be read: {error}.", paths::shown(&file))))?,
            _ => continue,
        };
        complaints.extend(found.into_iter().map(|sign| format!("{}: {sign}", paths::shown(&file))));
    }
    if complaints.is_empty() {
        Ok(())
    } else {
        Err(Failure::with_details(
            "The strict content security policy that the form promises to run under refuses what is listed above.",
            complaints.join("\n"),
        ))
    }
}

fn inline_in_page(page: &str) -> Vec<&'static str> {
    let mut found: Vec<_> = INLINE_IN_PAGES.into_iter().filter(|sign| page.contains(sign)).collect();
    let mut scripts = page.split("<script").skip(1).map(|tag| tag.split('>').next().unwrap_or_default());
    if scripts.any(|tag| !tag.contains(" src=")) {
        found.push("a script without src");
    }
    found
}

fn inline_in_script(script: &str, is_glue: bool) -> Vec<&'static str> {
    let is_import = |sign: &str| is_glue && sign == CLEARED_BY_LEPTOS;
    INLINE_IN_SCRIPTS.into_iter().filter(|sign| script.contains(sign) && !is_import(sign)).collect()
}

/// The calls by which a WebAssembly writes markup. The glue of wasm-bindgen passes a text as its address and its length, so a
/// call directly behind the constant zero writes the empty text. An import that a table holds could be called with any text.
fn markup_in_wasm(wasm: &[u8]) -> wasmparser::Result<Vec<&'static str>> {
    let mut imports = Vec::new();
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(section) => {
                let mut functions = Vec::new();
                for import in section.into_imports() {
                    let import = import?;
                    functions.extend(matches!(import.ty, TypeRef::Func(_)).then_some(import.name));
                }
                imports =
                    (0..).zip(functions).filter(|(_, name)| name.contains(CLEARED_BY_LEPTOS)).map(|(index, _)| index).collect();
            }
            Payload::ElementSection(section) => {
                for element in section {
                    if let ElementItems::Functions(functions) = element?.items {
                        let held = functions.into_iter().filter_map(wasmparser::Result::ok).any(|index| imports.contains(&index));
                        found.extend(held.then_some("a table holds the import that writes innerHTML"));
                    }
                }
            }
            Payload::CodeSectionEntry(body) => {
                let mut is_empty_text = false;
                for operator in body.get_operators_reader()? {
                    let operator = operator?;
                    if let Operator::Call { function_index } | Operator::RefFunc { function_index } = operator
                        && imports.contains(&function_index)
                        && !is_empty_text
                    {
                        found.push("a call writes innerHTML");
                    }
                    is_empty_text = matches!(operator, Operator::I32Const { value: 0 });
                }
            }
            _ => {}
        }
    }
    Ok(found)
}

fn types() -> Result<()> {
    // The frameworks' own types are installed by the host apps only (tests/hosts/types), which compile the other files.
    let is_types = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.ends_with(".d.ts") && !TYPES_OF_FRAMEWORKS.iter().any(|framework| name == format!("{framework}.d.ts"))
    };
    let declared: Vec<PathBuf> = files::below(&paths::dist().join("pkg"))?.into_iter().filter(is_types).collect();
    if declared.is_empty() {
        return Err(Failure::new(
            "dist/pkg holds no types: the package's scripts in src/element/js/ each want a .d.ts beside them.",
        ));
    }
    let mut command = Command::new(paths::node_program("tsc"));
    command.current_dir(root()).args([
        "--noEmit",
        "--strict",
        "--exactOptionalPropertyTypes",
        "--target",
        "es2022",
        "--module",
        "nodenext",
        "--lib",
        "es2022,dom,dom.iterable",
    ]);
    let ended = program::run(command.args(declared), "TypeScript is missing: remove node_modules, then run this again.", |_| ())?;
    if ended.succeeded {
        Ok(())
    } else {
        Err(Failure::with_details("The types do not hold; tsc's words stand above.", ended.transcript))
    }
}

/// Packs the package and lets publint and attw look at it as a host's tools would resolve it.
fn packed_entries() -> Result<()> {
    let to = paths::cache().join("packed");
    files::empty_directory(&to)?;
    let mut pack = Command::new("npm");
    pack.args(["pack", "--ignore-scripts", "--pack-destination"]).arg(&to).current_dir(root());
    passes(&mut pack, "npm could not pack the package; its words stand above.")?;
    let packed = files::below(&to)?.pop().ok_or_else(|| Failure::new("npm packed nothing."))?;
    let mut publint = Command::new(paths::node_program("publint"));
    passes(publint.arg("run").arg(&packed).arg("--strict"), "publint objects to the package; its words stand above.")?;
    let mut attw = Command::new(paths::node_program("attw"));
    // The wasm is a file and no module; everything else is a module of the kind that browsers have.
    attw.arg(&packed).args(["--profile", "esm-only", "--exclude-entrypoints", "./payment_form_bg.wasm"]);
    passes(&mut attw, "A compiler cannot resolve an entry of the package; attw's words stand above.")
}

fn passes(command: &mut Command, sentence: &str) -> Result<()> {
    let ended = program::run(command, "A tool of npm is missing: remove node_modules, then run this again.", |_| ())?;
    if ended.succeeded { Ok(()) } else { Err(Failure::with_details(sentence, ended.transcript)) }
}

/// Checks that the links of README and of each packed page lead to files that package.json packs. A reader of the package has neither
/// the repository nor the demo server.
fn links() -> Result<()> {
    let package = files::read_json(&root().join("package.json"))?;
    let packed: Vec<_> = package["files"].as_array().into_iter().flatten().filter_map(|file| file.as_str()).collect();
    let docs = files::below(&root().join("docs"))?;
    let pages = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md"].map(|name| root().join(name)).into_iter().chain(docs);
    let mut broken = Vec::new();
    for page in pages.filter(|page| page.extension().is_some_and(|end| end == "md")) {
        let text = files::read_text(&page)?;
        let name = paths::shown(&page);
        let leads_nowhere = |target: &&str| {
            let file = packed_file(&name, target);
            !file.is_some_and(|file| root().join(&file).exists() && is_packed(&file, &packed))
        };
        broken.extend(targets(&text).filter(leads_nowhere).map(|target| format!("{name}: {target}")));
    }
    if broken.is_empty() {
        Ok(())
    } else {
        Err(Failure::with_details("Pages link to files that the package does not carry; they stand above.", broken.join("\n")))
    }
}

/// The file that a page links to, from the package's root. An address of the demo server, such as `/gallery`, is no file.
fn packed_file(page: &str, target: &str) -> Option<String> {
    if target.starts_with('/') {
        return None;
    }
    let mut folders: Vec<_> = page.split('/').collect();
    folders.pop();
    for part in target.split('/') {
        if part == ".." {
            folders.pop()?;
        } else {
            folders.push(part);
        }
    }
    Some(folders.join("/"))
}

/// The files that a page of Markdown links to, without their sections.
fn targets(page: &str) -> impl Iterator<Item = &str> {
    let links = page.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    links.filter(|link| !link.contains("://")).filter_map(|link| link.split('#').next()).filter(|file| !file.is_empty())
}

fn is_packed(target: &str, packed: &[&str]) -> bool {
    packed.iter().any(|entry| {
        let entry = entry.trim_end_matches('*');
        target == entry || target.strip_prefix(entry).is_some_and(|rest| rest.starts_with('/') || entry.ends_with('-'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn script_or_style_in_a_page_is_found() {
        assert_eq!(inline_in_page("<script type=\"module\" src=\"/a.js\"></script>"), [] as [&str; 0]);
        assert_eq!(inline_in_page("<script>pay()</script><p style=\"a\">"), [" style=", "a script without src"]);
    }

    #[test]
    fn markup_from_text_is_found_in_scripts_and_the_import_of_leptos_is_passed_over_in_the_glue() {
        assert_eq!(inline_in_script("a.innerHTML=b;eval(c)", false), ["innerHTML", "eval("]);
        assert_eq!(inline_in_script("a.innerHTML=b;eval(c)", true), ["eval("]);
    }

    /// A module with the import of `innerHTML` and one function, made of these instructions.
    fn module(instructions: &[u8], extra: &[u8]) -> Vec<u8> {
        let section = |kind: u8, content: &[u8]| [&[kind, content.len() as u8], content].concat();
        let import = [&[1, 1, b'.', 19], b"__wbg_set_innerHTML".as_slice(), &[0, 0]].concat();
        let body = [&[0], instructions, &[0x0b]].concat();
        [
            b"\0asm\x01\0\0\0".to_vec(),
            // Two types: (i32, i32) and ().
            section(1, &[2, 0x60, 2, 0x7f, 0x7f, 0, 0x60, 0, 0]),
            section(2, &import),
            section(3, &[1, 1]),
            extra.to_vec(),
            section(10, &[&[1, body.len() as u8], body.as_slice()].concat()),
        ]
        .concat()
    }

    #[test]
    fn call_that_writes_markup_is_found_in_a_wasm_and_clearing_is_passed_over() {
        let clearing = [0x41, 1, 0x41, 0, 0x10, 0];
        let writing = [0x41, 1, 0x41, 5, 0x10, 0];
        assert_eq!(markup_in_wasm(&module(&clearing, &[])).unwrap(), [] as [&str; 0]);
        assert_eq!(markup_in_wasm(&module(&writing, &[])).unwrap(), ["a call writes innerHTML"]);
        // A table of one function, and an element segment that puts the import into it.
        let table = [4, 4, 1, 0x70, 0, 1, 9, 7, 1, 0, 0x41, 0, 0x0b, 1, 0];
        assert_eq!(markup_in_wasm(&module(&clearing, &table)).unwrap(), ["a table holds the import that writes innerHTML"]);
        assert_eq!(markup_in_wasm(&module(&[], &[])).unwrap(), [] as [&str; 0]);
        assert!(markup_in_wasm(b"<!doctype html>").is_err());
    }

    #[test]
    fn link_beyond_the_packed_files_is_found() {
        let page = "[a](docs/a.md#top) [b](src/lib.rs) [c](https://example.org) [d](#here)";
        let links: Vec<_> = targets(page).filter(|target| !is_packed(target, &["docs", "LICENSE-*"])).collect();
        assert_eq!(links, ["src/lib.rs"]);
    }

    #[test]
    fn link_of_a_page_counts_from_its_folder_and_an_address_of_the_demo_is_no_file() {
        assert_eq!(packed_file("README.md", "docs/a.md").as_deref(), Some("docs/a.md"));
        assert_eq!(packed_file("docs/a.md", "b.md").as_deref(), Some("docs/b.md"));
        assert_eq!(packed_file("docs/a.md", "../server/openapi.json").as_deref(), Some("server/openapi.json"));
        for target in ["/gallery", "/", "../../a.md"] {
            assert_eq!(packed_file("docs/a.md", target), None, "{target}");
        }
    }
}
