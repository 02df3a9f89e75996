//! Tests that forbidden code stands nowhere in the source: inner HTML (S4), inline styles, floats. Each rule is also shown a snippet that
//! breaks it.

use crate::source_text::{Source, holds, rust};

#[test]
fn source_has_no_float() {
    holds(
        |sources| {
            let is_float = |word: &str| word.contains("f32") || word.contains("f64");
            let mut broken = Vec::new();
            for source in rust(sources) {
                broken.extend(source.words().filter(|word| is_float(word)).map(|word| format!("{} names {word}", source.path)));
                let bytes = source.code.as_bytes();
                let digits = |three: &[u8]| three[0].is_ascii_digit() && three[1] == b'.' && three[2].is_ascii_digit();
                broken.extend(bytes.windows(3).find(|three| digits(three)).map(|_| format!("{} writes a float", source.path)));
            }
            broken
        },
        &[("src/ui/a.rs", "let a: f64 = x;"), ("src/ui/a.rs", "let a = value.as_f64();"), ("src/domain/a.rs", "let half = 0.5;")],
    );
}

/// S4: text is never parsed as markup.
#[test]
fn text_is_never_parsed_as_markup() {
    const WORDS: &[&str] = &[
        "inner_html",
        "set_inner_html",
        "outer_html",
        "set_outer_html",
        "insert_adjacent_html",
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "eval",
        "new_no_args",
        "new_with_args",
        "createContextualFragment",
        "create_contextual_fragment",
        "setHTMLUnsafe",
    ];
    let rule = |sources: &[Source]| {
        let mut broken = Vec::new();
        for source in sources {
            let says = |word: &&&str| source.names(word) || source.strings.iter().any(|text| text == **word);
            broken.extend(WORDS.iter().filter(says).map(|word| format!("{} names {word}", source.path)));
            let plain: String = source.code.split_whitespace().collect();
            for way in ["template!", "document.write(", "newFunction(", "Function::new("] {
                broken.extend(plain.contains(way).then(|| format!("{} calls {way}", source.path)));
            }
            let links = source.strings.iter().any(|text| text.trim_start().to_lowercase().starts_with("javascript:"));
            broken.extend(links.then(|| format!("{} has a link that is a script", source.path)));
        }
        broken
    };
    holds(
        rule,
        &[
            ("src/ui/a.rs", "view! { class=\"pf\", <p inner_html=text></p> }"),
            ("src/ui/a.rs", r#"Reflect::set(&element, &"innerHTML".into(), &text)"#),
            ("src/element/js/element.js", "this.#root.innerHTML = '<p></p>';"),
            ("src/element/js/element.js", "new Function('return 1')"),
            ("src/ui/a.rs", r#"<a href="javascript:pay()">"#),
            ("src/ui/a.rs", "template! { <p/> }"),
        ],
    );
}

#[test]
fn no_style_is_written_in_line() {
    let rule = |sources: &[Source]| {
        let mut broken = Vec::new();
        for source in sources {
            let is_styled = |(index, _): (usize, &str)| {
                let before = source.code[..index].chars().next_back();
                let after = source.code[index + "style".len()..].trim_start();
                !before.is_some_and(|c| c.is_alphanumeric() || "_.-".contains(c))
                    && after.starts_with('=')
                    && !after.starts_with("==")
            };
            let is_rust = source.path.ends_with(".rs");
            let attribute = is_rust
                && source
                    .code
                    .match_indices("style")
                    .filter(|(index, _)| !source.code[..*index].ends_with("let "))
                    .any(is_styled);
            let by_name = ["attribute(\"style\"", "attr(\"style\"", "\"<style"].iter().any(|way| source.text.contains(way));
            let tag = is_rust && source.code.contains("<style");
            broken.extend((attribute || by_name || tag).then(|| format!("{} writes a style in line", source.path)));
        }
        broken
    };
    holds(
        rule,
        &[
            ("src/ui/a.rs", r#"<div style="width: 5%"></div>"#),
            ("src/ui/a.rs", "<div style=width></div>"),
            ("src/ui/a.rs", "<style>p { color: red }</style>"),
            ("src/ui/a.rs", r#"element.set_attribute("style", "color: red")"#),
        ],
    );
}

#[test]
fn every_view_carries_the_global_class() {
    let rule = |sources: &[Source]| {
        let mut broken = Vec::new();
        for source in rust(sources) {
            for (index, _) in source.text.match_indices("view!") {
                let body = source.text[index + "view!".len()..].trim_start().trim_start_matches(['{', '(', '[']).trim_start();
                let class = body.split(',').next().unwrap_or_default().split_whitespace().collect::<String>();
                broken.extend((class != r#"class="pf""#).then(|| format!("{} draws {:.40?} without it", source.path, body)));
            }
        }
        broken
    };
    holds(
        rule,
        &[
            ("src/ui/a.rs", "view! { <p>\"text\"</p> }"),
            ("src/ui/a.rs", "view! { class=\"other\", <p/> }"),
            ("src/ui/a.rs", "view! {\n    // A comment.\n    <p class=\"pf\"/> }"),
        ],
    );
}

/// Two forms of one document must not share an element's id, so each id holds the number of its rendering.
#[test]
fn every_id_holds_the_number_of_its_rendering() {
    let rule = |sources: &[Source]| {
        let mut broken = Vec::new();
        for source in rust(sources).filter(|source| source.path.starts_with("src/ui/")) {
            let is_fixed = source.strings.iter().any(|text| text.starts_with("pf-"));
            let is_literal = [" id=\"", " for=\"", " aria-controls=\"", "set_id(\""].iter().any(|way| source.text.contains(way));
            broken.extend((is_fixed || is_literal).then(|| format!("{} writes an id that another form may have", source.path)));
        }
        broken
    };
    holds(
        rule,
        &[
            ("src/ui/components/a.rs", r#"let id = format!("pf-{name}");"#),
            ("src/ui/components/a.rs", r#"<input id="amount" />"#),
            ("src/ui/components/a.rs", r#"<label for="amount">"#),
        ],
    );
}

/// S9: the form listens to no messages, so a message to the window has no effect on it.
#[test]
fn form_listens_to_no_messages() {
    let rule = |sources: &[Source]| {
        let says = |source: &Source, word: &str| source.names(word) || source.strings.iter().any(|text| text == word);
        let words =
            ["message", "onmessage", "postMessage", "post_message", "set_onmessage", "MessageChannel", "BroadcastChannel"];
        let listens = |source: &Source, word: &str| match word {
            // `message` is an ordinary word, so only its use as the name of an event is forbidden.
            "message" => ["addEventListener('message'", "addEventListener(\"message\"", "on(\"message\""]
                .iter()
                .any(|way| source.text.replace(' ', "").contains(way)),
            word => says(source, word),
        };
        let mut broken = Vec::new();
        for source in sources {
            broken.extend(words.iter().filter(|word| listens(source, word)).map(|word| format!("{} names {word}", source.path)));
        }
        broken
    };
    holds(
        rule,
        &[
            ("src/element/js/element.js", "addEventListener('message', (event) => this.take(event.data));"),
            ("src/ui/a.rs", "window.set_onmessage(Some(&take));"),
            ("src/element/js/element.js", "new BroadcastChannel('payments')"),
        ],
    );
}
