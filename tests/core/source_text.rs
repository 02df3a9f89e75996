//! Source as text that rules can be read off: comments gone, and the contents of strings apart from the code; and the rules' way
//! over the tree.

use std::{fs, path::Path};

/// One file of the source tree.
#[derive(Debug)]
pub struct Source {
    /// From the repository's root, with `/`.
    pub path: String,
    /// The code: comments and the contents of strings left out, everything else as written.
    pub code: String,
    /// The code with its strings, but without comments.
    pub text: String,
    /// The contents of all strings, as written between the quotes.
    pub strings: Vec<String>,
}

impl Source {
    /// Takes a file apart. JavaScript only loses the lines that are comments: its strings are looked at as code.
    pub fn new(path: &str, content: &str) -> Self {
        let mut source = Self { path: path.to_owned(), code: String::new(), text: String::new(), strings: Vec::new() };
        if path.ends_with(".js") {
            let lines =
                content.lines().filter(|line| !["//", "/*", "*"].iter().any(|comment| line.trim_start().starts_with(comment)));
            source.code = lines.collect::<Vec<_>>().join("\n");
            source.text.clone_from(&source.code);
            return source;
        }
        let mut rest = content;
        while let Some(c) = rest.chars().next() {
            let taken = match c {
                '/' if rest.starts_with("//") => source.skip(line(rest)),
                '/' if rest.starts_with("/*") => source.skip(block(rest)),
                '"' => source.string(rest, 0, 0),
                'r' | 'b' | 'c' if !source.is_in_word() => match raw_prefix(rest) {
                    Some((prefix, hashes)) => source.string(rest, prefix, hashes),
                    None => source.keep(c.len_utf8(), rest),
                },
                '\'' => source.keep(character(rest), rest),
                _ => source.keep(c.len_utf8(), rest),
            };
            rest = &rest[taken..];
        }
        source
    }

    /// The identifiers and numbers of the code, in order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.code.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
    }

    /// Whether the code names this identifier.
    pub fn names(&self, word: &str) -> bool {
        self.words().any(|other| other == word)
    }

    /// What the code names directly below this path: `a` and `b` in `crate::a::x` and `use crate::{b, ...}`.
    pub fn below(&self, path: &str) -> Vec<String> {
        let mut names = Vec::new();
        for (place, _) in self.code.match_indices(path) {
            let is_whole = !self.code[..place].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
            let Some(rest) = self.code[place + path.len()..].strip_prefix("::").filter(|_| is_whole) else { continue };
            match rest.strip_prefix('{') {
                None => names.push(first_word(rest)),
                Some(list) => {
                    let (mut depth, mut starts) = (0, true);
                    for (place, c) in list.char_indices() {
                        match c {
                            '{' => depth += 1,
                            '}' if depth == 0 => break,
                            '}' => depth -= 1,
                            ',' if depth == 0 => starts = true,
                            c if starts && depth == 0 && c.is_alphabetic() => {
                                names.push(first_word(&list[place..]));
                                starts = false;
                            }
                            _ => {}
                        }
                    }
                }
            }
        }
        names
    }

    fn is_in_word(&self) -> bool {
        self.code.ends_with(|c: char| c.is_alphanumeric() || c == '_')
    }

    fn skip(&mut self, length: usize) -> usize {
        self.code.push(' ');
        self.text.push(' ');
        length
    }

    fn keep(&mut self, length: usize, rest: &str) -> usize {
        self.code.push_str(&rest[..length]);
        self.text.push_str(&rest[..length]);
        length
    }

    /// A string behind a prefix of this length; hashes make it a raw one.
    fn string(&mut self, rest: &str, prefix: usize, hashes: usize) -> usize {
        let start = prefix + 1;
        let is_raw = rest[..prefix].contains('r');
        let end = if is_raw {
            let close = format!("\"{}", "#".repeat(hashes));
            rest[start..].find(&close).map_or(rest.len(), |end| start + end)
        } else {
            let mut escaped = false;
            let close = rest[start..].find(|c: char| {
                let closes = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                closes
            });
            close.map_or(rest.len(), |end| start + end)
        };
        self.strings.push(rest[start..end].to_owned());
        self.code.push_str("\"\"");
        let taken = (end + 1 + hashes).min(rest.len());
        self.text.push_str(&rest[..taken]);
        taken
    }
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn line(rest: &str) -> usize {
    rest.find('\n').unwrap_or(rest.len())
}

/// Block comments nest.
fn block(rest: &str) -> usize {
    let (mut depth, mut place) = (0, 0);
    while place < rest.len() {
        let here = &rest[place..];
        if here.starts_with("/*") {
            depth += 1;
            place += 2;
        } else if here.starts_with("*/") {
            depth -= 1;
            place += 2;
            if depth == 0 {
                return place;
            }
        } else {
            place += here.chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// The length of `r#`, `b`, `br#` and their like before a string, and how many hashes are in it.
fn raw_prefix(rest: &str) -> Option<(usize, usize)> {
    let letters = rest.find(|c| !matches!(c, 'r' | 'b' | 'c'))?;
    let hashes = rest[letters..].len() - rest[letters..].trim_start_matches('#').len();
    (letters <= 2 && rest[letters + hashes..].starts_with('"')).then_some((letters + hashes, hashes))
}

/// The length of a character literal, or of the quote of a lifetime.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    let second = chars.next().map(|(_, c)| c);
    if second == Some('\\') {
        // The escaped sign may be a quote itself, so the closing one is looked for behind it.
        return rest.get(3..).and_then(|tail| tail.find('\'')).map_or(1, |end| end + 4);
    }
    match chars.next() {
        Some((end, '\'')) => end + 1,
        _ => 1,
    }
}

/// What breaks a rule, one line for each place.
pub type Rule = fn(&[Source]) -> Vec<String>;

/// All Rust files below these folders.
pub fn sources(folders: &[&str]) -> Vec<Source> {
    fn walk(root: &Path, folder: &Path, found: &mut Vec<Source>) {
        let mut entries: Vec<_> = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                walk(root, &path, found);
            } else if path.extension().is_some_and(|end| end == "rs" || end == "js") {
                let name = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
                found.push(Source::new(&name, &fs::read_to_string(&path).expect("a readable file")));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in folders {
        walk(root, &root.join(folder), &mut found);
    }
    found
}

/// The tree keeps the rule, and each snippet (its path, its text) breaks it.
#[track_caller]
pub fn holds(rule: Rule, snippets: &[(&str, &str)]) {
    for (path, text) in snippets {
        assert!(!rule(&[Source::new(path, text)]).is_empty(), "the rule does not see: {text}");
    }
    let broken = rule(&sources(&["src"]));
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

pub fn rust(sources: &[Source]) -> impl Iterator<Item = &Source> {
    sources.iter().filter(|source| source.path.ends_with(".rs"))
}

#[test]
fn a_file_is_taken_apart() {
    let source = Source::new(
        "a.rs",
        r##"// f64 in a comment
/* f64 /* nested */ f64 */ let a = "f64 \" // not a comment"; /// f64
let b = r#"raw "f64" "#; let c = '"'; let d = '\''; let e = b"bytes"; fn f<'a>(x: &'a str) {} let g = '\u{66B}'; bar("x")"##,
    );
    assert_eq!(source.strings, [r#"f64 \" // not a comment"#, r#"raw "f64" "#, "bytes", "x"]);
    assert!(!source.names("f64") && !source.names("comment") && source.names("str") && source.names("bar"));
    assert!(source.code.contains("let c = '\"'; let d = '\\'';") && source.text.contains(r#"bar("x")"#));
}

#[test]
fn paths_are_found() {
    let source = Source::new(
        "a.rs",
        "use crate::{domain::{domain::money::Money, date}, api, words::Words as W};\nfn a() { crate::ui::b(); supercrate::no::x() }",
    );
    assert_eq!(source.below("crate"), ["domain", "api", "words", "ui"]);
}
