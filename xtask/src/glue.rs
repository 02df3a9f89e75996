//! The seam between the wasm and its JavaScript, made light: what nobody calls is dropped, and names are short.
//!
//! The names in the seam stand in both files, carry hashes that no compressor can shrink, and are read by nobody.

use std::collections::{BTreeSet, HashMap};

use walrus::Module;

use crate::failure::{Failure, Result};
use crate::linker::UNUSED_CLASSES;

const PROGRAMS: &str = "__wasm_bindgen_unstable";
/// The module that the wasm imports its JavaScript functions from, by wasm-bindgen's name for it.
const IMPORTED_FROM: &str = "./payment_form_bg.js";
/// The same by our name.
pub const BOUND_TO: &str = "$";

/// Where wasm-bindgen's own loader begins, which is the last of its script.
const LOADER: &str = "async function __wbg_load(";
/// What stands in its place: `load.js` loads the form, because it comes in two halves.
const STARTER: &str = "
export const imports = __wbg_get_imports();
/** Starts the form over its instance. */
export function begin(instance) {
  __wbg_finalize_init(instance);
}
let starting;
/** Lets one load and begin the form, whoever asks first; a failure is no start. */
export function start(load) {
  starting ??= load();
  starting.catch(() => (starting = undefined));
  return starting;
}
/** What the running form exports. */
export default () => wasm;
";

/// Reads what the compiler made.
pub fn read(wasm: &[u8]) -> Result<Module> {
    // LLVM's output is well-formed; the browser is the one that validates.
    let mut config = walrus::ModuleConfig::new();
    config.strict_validate(false).generate_producers_section(false);
    config.parse(wasm).map_err(|reason| Failure::new(format!("The compiler's wasm cannot be read: {reason:#}")))
}

/// Takes out the classes that nobody uses, before wasm-bindgen writes JavaScript for them: what is said of them, and their exports where
/// the linker was not ours.
pub fn drop_unused_classes(module: &mut Module) -> Result<()> {
    for relocations in ["linking", "reloc.CODE", "reloc.DATA"] {
        // They speak of the module that the linker made.
        module.customs.remove_raw(relocations);
    }
    let unused: Vec<_> =
        module.exports.iter().filter(|export| export.name.contains(UNUSED_CLASSES)).map(|export| export.id()).collect();
    for export in unused {
        module.exports.delete(export);
    }
    if let Some(mut section) = module.customs.remove_raw(PROGRAMS) {
        section.data = without_unused_programs(&section.data)
            .ok_or_else(|| Failure::new("wasm-bindgen's section has a form that xtask/src/glue.rs does not know."))?;
        module.customs.add(section);
    }
    Ok(())
}

/// The section is a row of pairs: the version that wrote it and a program, each behind its length in four bytes. The program
/// of an unused class is known by its name, in the spelling of its exports.
fn without_unused_programs(mut data: &[u8]) -> Option<Vec<u8>> {
    let mut kept = Vec::new();
    while !data.is_empty() {
        let (version, rest) = split_block(data)?;
        let (program, rest) = split_block(rest)?;
        let lower = program.to_ascii_lowercase();
        if !lower.windows(UNUSED_CLASSES.len()).any(|window| window == UNUSED_CLASSES.as_bytes()) {
            kept.extend_from_slice(version);
            kept.extend_from_slice(program);
        }
        data = rest;
    }
    Some(kept)
}

/// The first block with its length, and what follows it.
fn split_block(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, _) = data.split_first_chunk::<4>()?;
    data.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?.checked_add(4)?)
}

/// Drops the exports that the JavaScript does not name, gives the others and the imports short names, and returns the
/// JavaScript with the same names in it.
pub fn shorten(module: &mut Module, script: &str) -> String {
    let named: BTreeSet<&str> = identifiers(script).filter_map(|part| part.ok()).collect();
    let uncalled: Vec<_> =
        module.exports.iter().filter(|export| !named.contains(export.name.as_str())).map(|export| export.id()).collect();
    for export in uncalled {
        module.exports.delete(export);
    }
    let mut names = HashMap::new();
    for import in module.imports.iter_mut().filter(|import| import.module == IMPORTED_FROM) {
        import.module = BOUND_TO.into();
        import.name = shortened(&mut names, &import.name);
    }
    for export in module.exports.iter_mut().filter(|export| is_internal(&export.name)) {
        export.name = shortened(&mut names, &export.name);
    }
    let renamed: String = identifiers(script)
        .map(|part| match part {
            Ok(identifier) => names.get(identifier).map_or(identifier, String::as_str),
            Err(between) => between,
        })
        .collect();
    renamed.replace(IMPORTED_FROM, BOUND_TO)
}

/// Puts [`STARTER`] in the place of wasm-bindgen's loader.
pub fn without_loader(script: &str) -> Result<String> {
    let (kept, _) = script
        .split_once(LOADER)
        .ok_or_else(|| Failure::new("wasm-bindgen's loader begins in a way that xtask/src/glue.rs does not know."))?;
    Ok([kept.trim_end(), STARTER].concat())
}

/// Names that only the two halves of the seam know; all others are for the element.
fn is_internal(name: &str) -> bool {
    ["__wbg_", "__wbindgen_", "__externref_", "wasm_bindgen"].iter().any(|prefix| name.starts_with(prefix))
}

/// `$0`, `$1`, …: nothing else in the script begins with that sign.
fn shortened(names: &mut HashMap<String, String>, name: &str) -> String {
    let next = format!("${}", names.len());
    names.entry(name.to_string()).or_insert(next).clone()
}

/// Cuts a script into identifiers (`Ok`) and what stands between them (`Err`), leaving nothing out.
fn identifiers(script: &str) -> impl Iterator<Item = std::result::Result<&str, &str>> {
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_' || character == '$';
    let mut rest = script;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let inside = is_part(first);
        let end = rest.find(|character| is_part(character) != inside).unwrap_or(rest.len());
        let (part, behind) = rest.split_at(end);
        rest = behind;
        Some(if inside { Ok(part) } else { Err(part) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(bytes: &[u8]) -> Vec<u8> {
        [&u32::try_from(bytes.len()).unwrap_or(0).to_le_bytes(), bytes].concat()
    }

    #[test]
    fn only_the_programs_of_unused_classes_go() {
        let used = [block(b"{version}"), block(b"mount")].concat();
        let unused = [block(b"{version}"), block(b"a IntoUnderlyingSink b")].concat();
        let both = [unused, used.clone()].concat();
        assert_eq!(without_unused_programs(&both), Some(used));
        assert_eq!(without_unused_programs(&[9, 0, 0, 0, 1]), None);
    }

    #[test]
    fn a_script_is_cut_without_loss() {
        let script = "wasm.__wbg_a(arg0, \"é\"); // end";
        let joined: String = identifiers(script).map(|part| part.unwrap_or_else(|between| between)).collect();
        assert_eq!(joined, script);
        assert!(identifiers(script).any(|part| part == Ok("__wbg_a")));
    }
}
