//! Reads source files as tokens for the rules: without comments, and with strings apart from the code.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    sync::{LazyLock, Mutex},
};

/// One file of the source tree.
#[derive(Debug, Default)]
pub struct Source {
    /// The path from the repository's root, with `/`.
    pub path: String,
    /// The code without comments, doc comments, the contents of strings and white space; a space stands between two words.
    pub code: String,
    /// The same code with the strings as they are written.
    pub text: String,
    /// The contents of all strings, as written between the quotes.
    pub strings: Vec<String>,
}

impl Source {
    /// Reads a file. JavaScript loses only its comment lines, because rules look at its strings as code.
    pub fn new(path: &str, content: &str) -> Self {
        let mut source = Self { path: path.to_owned(), ..Self::default() };
        if path.ends_with(".js") {
            let is_comment = |line: &&str| ["//", "/*", "*"].iter().any(|comment| line.trim_start().starts_with(comment));
            source.code = content.lines().filter(|line| !is_comment(line)).collect::<Vec<_>>().join("\n");
            source.text.clone_from(&source.code);
            return source;
        }
        source.take(content.parse().unwrap_or_else(|error| panic!("{path}: {error}")));
        source
    }

    fn take(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                // A doc comment is the attribute `#[doc = "…"]` or `#![doc = "…"]`.
                TokenTree::Punct(hash) if hash.as_char() == '#' => {
                    let bang = tokens.next_if(|next| matches!(next, TokenTree::Punct(bang) if bang.as_char() == '!'));
                    if tokens.next_if(is_doc).is_none() {
                        self.push(if bang.is_some() { "#!" } else { "#" });
                    }
                }
                TokenTree::Punct(sign) => self.push(&sign.to_string()),
                TokenTree::Ident(word) => self.push_word(&word.to_string()),
                TokenTree::Literal(literal) => self.push_literal(&literal.to_string()),
                TokenTree::Group(group) => {
                    let (open, close) = match group.delimiter() {
                        Delimiter::Parenthesis => ("(", ")"),
                        Delimiter::Brace => ("{", "}"),
                        Delimiter::Bracket => ("[", "]"),
                        Delimiter::None => ("", ""),
                    };
                    self.push(open);
                    self.take(group.stream());
                    self.push(close);
                }
            }
        }
    }

    fn push(&mut self, sign: &str) {
        self.code += sign;
        self.text += sign;
    }

    fn push_word(&mut self, word: &str) {
        if self.text.ends_with(|c| is_word(c) || c == '"') {
            self.push(" ");
        }
        self.push(word);
    }

    fn push_literal(&mut self, literal: &str) {
        match literal.split_once('"').zip(literal.rsplit_once('"')) {
            Some(((prefix, _), (before, _))) if prefix.chars().all(|c| "rbc#".contains(c)) => {
                self.strings.push(before[prefix.len() + 1..].to_owned());
                self.code += "\"\"";
                self.text += literal;
            }
            _ => self.push_word(literal),
        }
    }

    /// The code before the module of tests, which stands at the end of a file.
    pub fn without_tests(&self) -> Self {
        let end = self.code.find("#[cfg(test)]mod ").unwrap_or(self.code.len());
        Self { path: self.path.clone(), code: self.code[..end].to_owned(), ..Self::default() }
    }

    /// The identifiers and numbers of the code, in order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.code.split(|c| !is_word(c)).filter(|word| !word.is_empty())
    }

    /// Tells whether the code names this identifier.
    pub fn names(&self, word: &str) -> bool {
        self.words().any(|other| other == word)
    }

    /// Every path of the code, with lists in braces expanded: `crate::a::x` and `crate::b` for `use crate::{a::x, b}`.
    pub fn paths(&self) -> Vec<String> {
        let mut paths = Vec::new();
        let mut index = 0;
        while let Some(start) = self.code[index..].find(is_word) {
            let (before, here) = self.code.split_at(index + start);
            let mut found = Vec::new();
            index += start + take_path(here, "", &mut found);
            // `pub(super)` and `pub(in crate::ui)` are visibilities, not uses of a path.
            if !["::", ".", "pub(", "pub(in "].iter().any(|part| before.ends_with(part)) {
                paths.extend(found);
            }
        }
        paths
    }

    /// The names that the code uses directly below this path: `a` and `b` in `crate::a::x` and `use crate::{b, ...}`.
    pub fn below(&self, path: &str) -> Vec<String> {
        let inner = |found: String| Some(found.strip_prefix(path)?.strip_prefix("::")?.split("::").next()?.to_owned());
        self.paths().into_iter().filter_map(inner).collect()
    }
}

fn is_doc(token: &TokenTree) -> bool {
    let TokenTree::Group(group) = token else { return false };
    matches!(group.stream().into_iter().next(), Some(TokenTree::Ident(word)) if word == "doc")
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Reads one path, or one tree of paths, at the front of a text that begins with a word; returns its length.
fn take_path(text: &str, prefix: &str, found: &mut Vec<String>) -> usize {
    let word = text.find(|c| !is_word(c)).unwrap_or(text.len());
    let path = format!("{prefix}{}", &text[..word]);
    let Some(rest) = text[word..].strip_prefix("::") else {
        found.push(path);
        return word;
    };
    let prefix = format!("{path}::");
    let taken = match rest.chars().next() {
        Some('{') => take_list(rest, &prefix, found),
        Some(c) if is_word(c) => take_path(rest, &prefix, found),
        // `a::*` and `a::<T>`.
        _ => {
            found.push(path);
            0
        }
    };
    word + 2 + taken
}

/// Reads a list of paths in braces; returns its length.
fn take_list(text: &str, prefix: &str, found: &mut Vec<String>) -> usize {
    let mut index = 1;
    while let Some(c) = text[index..].chars().next() {
        match c {
            '}' => return index + 1,
            '*' => found.push(prefix.trim_end_matches(':').to_owned()),
            c if is_word(c) => {
                index += take_path(&text[index..], prefix, found);
                // ` as name` gives the path another name here.
                if let Some(name) = text[index..].strip_prefix(" as ") {
                    index += " as ".len() + name.find(|c| !is_word(c)).unwrap_or(name.len());
                }
                continue;
            }
            _ => {}
        }
        index += c.len_utf8();
    }
    index
}

/// The Rust and JavaScript files below a folder, read once.
pub fn tree(folder: &str) -> &'static [Source] {
    static TREES: LazyLock<Mutex<BTreeMap<String, &'static [Source]>>> = LazyLock::new(Mutex::default);
    let mut trees = TREES.lock().expect("no test fails here");
    trees.entry(folder.to_owned()).or_insert_with(|| Vec::leak(read(Path::new(folder))))
}

fn read(folder: &Path) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<_> =
        fs::read_dir(root.join(folder)).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        let name = path.strip_prefix(root).expect("below the root");
        if path.is_dir() {
            found.extend(read(name));
        } else if path.extension().is_some_and(|end| end == "rs" || end == "js") {
            let name = name.to_string_lossy().replace('\\', "/");
            found.push(Source::new(&name, &fs::read_to_string(&path).expect("a readable file")));
        }
    }
    found
}

/// Asserts that no place in the tree breaks a rule, and that each snippet (its path, its text) breaks it.
#[track_caller]
pub fn holds(rule: impl Fn(&[Source]) -> Vec<String>, snippets: &[(&str, &str)]) {
    for (path, text) in snippets {
        assert!(!rule(&[Source::new(path, text)]).is_empty(), "the rule does not see: {text}");
    }
    let broken = rule(tree("src"));
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

pub fn rust(sources: &[Source]) -> impl Iterator<Item = &Source> {
    sources.iter().filter(|source| source.path.ends_with(".rs"))
}

#[test]
fn source_loses_comments_and_keeps_strings_apart() {
    let source = Source::new(
        "a.rs",
        r##"//! f64 in a comment
/* f64 /* nested */ f64 */ let a = "f64 \" // not a comment"; /// f64
let b = r#"raw "f64" "#; let c = '"'; let d = '\''; let e = b"bytes"; fn f<'a>(x: &'a str) {} let g = '\u{66B}'; bar("x")"##,
    );
    assert_eq!(source.strings, [r#"f64 \" // not a comment"#, r#"raw "f64" "#, "bytes", "x"]);
    assert!(!source.names("f64") && !source.names("comment") && source.names("str") && source.names("bar"));
    assert!(source.code.contains(r#"let c='"';let d='\'';"#) && source.text.contains(r#"bar("x")"#), "{}", source.code);
}

#[test]
fn paths_of_lists_in_braces_are_found() {
    let source = Source::new(
        "a.rs",
        "use crate::{domain::{domain::money::Money, date}, api, words::Words as W};\nfn a() { crate::ui::b(); supercrate::no::x() }",
    );
    assert_eq!(source.below("crate"), ["domain", "domain", "api", "words", "ui"]);
    assert_eq!(source.below("crate::domain"), ["domain", "date"]);
}
