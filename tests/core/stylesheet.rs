//! Tests that every written class is styled and every styled class is written, and that every selector begins with the global class `pf`.

use crate::source_text::{Source, holds, tree};
use std::{collections::BTreeSet, fs, path::Path};

/// A sheet without comments and without the contents of strings.
fn sheet(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let end = match c {
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '"' | '\'' => rest[1..].find(c).map_or(rest.len(), |end| end + 2),
            _ => {
                plain.push(c);
                c.len_utf8()
            }
        };
        rest = &rest[end..];
    }
    plain
}

/// The contents of all sheets, joined.
fn sheets() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("style");
    let files = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    files
        .filter(|path| path.extension().is_some_and(|end| end == "css"))
        .map(|path| sheet(&fs::read_to_string(path).expect("a sheet")))
        .collect()
}

/// The classes in a sheet.
fn styled(sheet: &str) -> BTreeSet<String> {
    let name = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || "_-".contains(*c)).collect::<String>();
    sheet.split('.').skip(1).map(name).filter(|name| name.starts_with(|c: char| c.is_alphabetic())).collect()
}

/// The selectors of a sheet's rules, those within `@media` and its like included, each without the blocks that are nested in it.
fn selectors(sheet: &str) -> Vec<String> {
    let mut found = Vec::new();
    // For each open block: true when it contains rules (as in `@media`), false when it contains declarations or keyframes.
    let mut holds_rules = vec![true];
    let mut prelude = String::new();
    for c in sheet.chars() {
        match c {
            '{' => {
                let head = prelude.trim();
                let is_group = ["@media", "@container", "@supports", "@layer"].iter().any(|name| head.starts_with(name));
                let has_rules = holds_rules.last() == Some(&true);
                if has_rules && !head.starts_with('@') {
                    found.extend(split_list(head));
                }
                holds_rules.push(has_rules && is_group);
                prelude.clear();
            }
            '}' => {
                holds_rules.pop();
                prelude.clear();
            }
            ';' => prelude.clear(),
            c => prelude.push(c),
        }
    }
    found
}

/// The parts of a list between commas that stand in no parentheses.
fn split_list(list: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0;
    for c in list.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        parts.last_mut().expect("a part").push(c);
    }
    parts.into_iter().map(|part| part.trim().to_owned()).collect()
}

/// The classes that a file writes: attributes `class="…"` and `class:name`, `className`, `classList` and `el()` of JavaScript, and the strings of a
/// `class={…}` that is computed.
fn written(source: &Source) -> BTreeSet<String> {
    let mut classes = BTreeSet::new();
    let text = &source.text;
    let mut take = |list: &str| {
        let words = list.split_whitespace().filter(|word| !word.contains(['{', '}', '$', '`']));
        classes.extend(words.map(str::to_owned));
    };
    for (index, _) in text.match_indices("class") {
        let rest = &text[index + "class".len()..];
        let is_attribute = !text[..index].ends_with(|c: char| c.is_alphanumeric() || "_-.:\"'".contains(c));
        if !is_attribute {
            continue;
        }
        if let Some(name) = rest.strip_prefix(':') {
            take(&name.chars().take_while(|c| c.is_alphanumeric() || *c == '_' || *c == '-').collect::<String>());
        } else if let Some(value) = rest.strip_prefix('=') {
            let computed = value.starts_with("move||") || value.starts_with('{') || value.starts_with("format!");
            let literal = value.strip_prefix('"').and_then(|literal| literal.split('"').next());
            literal.into_iter().for_each(&mut take);
            if computed {
                strings_of(value).into_iter().for_each(&mut take);
            }
        }
    }
    if source.path.ends_with(".js") {
        let plain = text.replace(" = ", "=");
        let assigned = ["className=", "classList.add("].iter().flat_map(|way| plain.split(way).skip(1));
        // `el('tag', 'classes', …)` makes elements in skeleton.js.
        let made = plain.split("el('").skip(1).filter_map(|call| call.split_once("', ")).map(|(_, classes)| classes);
        for value in assigned.chain(made) {
            let Some(quote) = value.chars().next().filter(|c| "'`\"".contains(*c)) else { continue };
            value[1..].split(quote).next().into_iter().for_each(&mut take);
        }
    }
    classes.remove("pf");
    classes
}

/// The strings of an attribute's value, as far as the end of the tag or the next attribute.
fn strings_of(value: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    let end = value.char_indices().find(|(index, c)| {
        depth += i32::from("({[".contains(*c)) - i32::from(")}]".contains(*c));
        let before = &value[..*index];
        let ends_tag = *c == '>' && !before.ends_with(['-', '=']);
        let begins_attribute = c.is_alphabetic() && before.ends_with([')', '}', '"']) && !value[*index..].starts_with("else");
        depth < 0 || depth == 0 && (ends_tag || begins_attribute)
    });
    value[..end.map_or(value.len(), |(end, _)| end)].split('"').skip(1).step_by(2).collect()
}

#[test]
fn written_classes_stand_in_the_stylesheet() {
    let styled = styled(&sheets());
    holds(
        |sources| {
            let mut broken = Vec::new();
            for source in sources {
                let bare = written(source).into_iter().filter(|class| !styled.contains(class));
                broken.extend(bare.map(|class| format!("{} writes the class {class}, which no sheet names", source.path)));
            }
            broken
        },
        &[
            ("src/ui/components/a.rs", r#"view! { class="pf", <p class="note bare-box"></p> }"#),
            ("src/ui/components/a.rs", r#"view! { class="pf", <p class:bare-box=is_bare></p> }"#),
            (
                "src/ui/components/a.rs",
                r#"view! { class="pf", <p class=move || if is_bare() { "pf bare-box" } else { "pf" }></p> }"#,
            ),
            ("src/element/js/element.js", "box.className = `bare-box ${code}`;"),
            ("src/element/js/skeleton.js", "box.classList.add('bare-box');"),
            ("src/element/js/skeleton.js", "const box = el('div', 'early bare-box', { part: 'base' });"),
        ],
    );
}

#[test]
fn styled_classes_are_written() {
    let unwritten = |sheet: &str| -> Vec<String> {
        let mut words = BTreeSet::new();
        for source in tree("src") {
            words.extend(written(source));
            let strings: Vec<&str> = match source.path.ends_with(".js") {
                true => vec![&source.text],
                false => source.strings.iter().map(String::as_str).collect(),
            };
            for string in strings {
                words.extend(string.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_').map(str::to_owned));
            }
        }
        styled(sheet).into_iter().filter(|class| class != "pf" && !words.contains(class)).collect()
    };
    assert_eq!(unwritten(".pf .no-such-box { color: red }"), ["no-such-box"]);
    assert_eq!(unwritten(&sheets()), [""; 0]);
}

#[test]
fn selectors_begin_with_the_global_class() {
    let outside = |sheet: &str| -> Vec<String> {
        // `:host` names the custom element, and matches no element of a document.
        let is_scoped = |selector: &String| {
            let rest = selector.strip_prefix(".pf").or(selector.strip_prefix(":host"));
            rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-'))
        };
        let animations = sheet.split("@keyframes ").skip(1).filter(|rest| !rest.starts_with("pf-"));
        let animations = animations.map(|rest| format!("@keyframes {}", rest.split_whitespace().next().unwrap_or_default()));
        selectors(sheet).into_iter().filter(|selector| !is_scoped(selector)).chain(animations).collect()
    };
    assert_eq!(outside(".pf a:is(b, c), .pf.d { & > e { } } :host([hidden]) { } @keyframes pf-f { from { } }"), [""; 0]);
    assert_eq!(outside("a { } @media print { .pf b, .pfc { } } @keyframes f { from { } }"), ["a", ".pfc", "@keyframes f"]);
    assert_eq!(outside(&sheets()), [""; 0]);
}

#[test]
fn sheets_are_parts_of_the_stylesheet() {
    let style = Path::new(env!("CARGO_MANIFEST_DIR")).join("style");
    let names = fs::read_dir(&style).expect("a folder").flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    // The folder of themes is for the pages of hosts.
    let mut files: Vec<_> = names.filter(|name| name.ends_with(".css") && name != "payment-form.css").collect();
    let entry = fs::read_to_string(style.join("payment-form.css")).expect("a file");
    let imported = entry.lines().filter_map(|line| line.strip_prefix("@import \"./")?.strip_suffix("\";"));
    let mut imported: Vec<_> = imported.map(str::to_owned).collect();
    files.sort();
    imported.sort();
    assert_eq!(files, imported);
}

#[test]
fn classes_of_a_view_are_found() {
    let view = r#"view! { class="pf", <p class="a b" class:c=is_c class=move || format!("pf {}", if x > 1 { "d" } else { "e-f" }) title="g"></p> }"#;
    assert_eq!(Vec::from_iter(written(&Source::new("src/ui/components/a.rs", view))), ["a", "b", "c", "d", "e-f"]);
}

#[test]
fn sheets_of_the_component_are_those_of_the_stylesheet_in_its_order() {
    let read = |path: &str| std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a file");
    let names = |text: &str, before: &str| -> Vec<String> {
        text.split(before).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
    };
    let component = names(&read("src/ui/platform/stylesheet.rs"), "../../../style/");
    assert_eq!(component, names(&read("style/payment-form.css"), "@import \"./"));
    assert!(component.len() > 10, "the sheets are read");
}
