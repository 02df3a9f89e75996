//! Counts sentences that open without their subject or are too long, in comments, pages, test titles and messages of assertions. At most one in
//! five hundred may be so.

mod text;

use std::{collections::BTreeMap, fs, path::Path};
use text::{Blocks, Syntax};

/// The words that delay the subject of a sentence.
const LATE_SUBJECTS: [&str; 15] = [
    "what",
    "which",
    "whatever",
    "that",
    "whether",
    "who",
    "whoever",
    "whom",
    "whose",
    "whichever",
    "of",
    "nothing",
    "nobody",
    "how",
    "why",
];

/// The largest number of words in a sentence. Code between backticks counts as one word.
const WORDS_MAX: usize = 25;

/// Folders and files without prose of this repository: outputs, copies of foreign documents, and the list of sentences on the screen.
const LEFT_OUT: [&str; 12] = [
    "node_modules",
    "target",
    "dist",
    "dist.next",
    ".git",
    ".cache",
    "test-results",
    "fixtures",
    "snapshots",
    "sentences.md",
    "Cargo.lock",
    "package-lock.json",
];

/// The block without the signs of emphasis, and with `code` in place of each span of code.
fn plain(block: &str) -> String {
    let parts = block.split('`').enumerate();
    let text: String =
        parts.map(|(index, part)| if index % 2 == 0 { part.replace('*', "") } else { "`code`".to_owned() }).collect();
    text
}

/// The sentences of a block: each ends with a mark, white space and a capital letter, a quotation or code behind.
fn sentences(block: &str) -> Vec<String> {
    let block = plain(block);
    let mut sentences = Vec::new();
    let mut start = 0;
    for (index, _) in block.match_indices([' ', '\u{A0}']) {
        let ends = block[..index].trim_end_matches(['"', '\'', ')', ']']).ends_with(['.', '!', '?', ':', ';']);
        let opens = block[index + 1..].starts_with(|c: char| c.is_uppercase() || "`\"[(".contains(c));
        if ends && opens {
            sentences.push(block[start..index].trim().to_owned());
            start = index + 1;
        }
    }
    sentences.push(block[start..].trim().to_owned());
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

fn opens_late(sentence: &str) -> bool {
    let sentence = sentence.trim_start_matches(['[', '(', '_', '~', '…', '-', '·', ' ']);
    let word = sentence.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    LATE_SUBJECTS.contains(&word.to_lowercase().as_str())
}

fn is_long(sentence: &str) -> bool {
    sentence.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count() > WORDS_MAX
}

/// The number of sentences of some text, those whose subject comes late, and those that are too long.
#[derive(Default)]
struct Count {
    sentences: usize,
    late: Vec<String>,
    long: Vec<String>,
}

impl Count {
    fn of(content: &str, syntax: Syntax) -> Self {
        let mut count = Self::default();
        for sentence in Blocks::of(content, syntax).iter().flat_map(|block| sentences(block)) {
            count.sentences += 1;
            if opens_late(&sentence) {
                count.late.push(sentence.clone());
            }
            if is_long(&sentence) {
                count.long.push(sentence);
            }
        }
        count
    }
}

/// The counts of each file below a folder.
fn count_files(folder: &Path, counts: &mut BTreeMap<String, Count>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if LEFT_OUT.contains(&&*name) {
            continue;
        }
        if path.is_dir() {
            count_files(&path, counts);
        } else if let Some(syntax) = Syntax::of(&name) {
            let root = Path::new(env!("CARGO_MANIFEST_DIR"));
            let path_text = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
            counts.insert(path_text, Count::of(&fs::read_to_string(&path).expect("a readable file"), syntax));
        }
    }
}

/// Fails where more than one sentence in five hundred has the fault, and lists those sentences.
fn hold(rule: &str, fault: impl Fn(&Count) -> &[String]) {
    let mut counts = BTreeMap::new();
    count_files(Path::new(env!("CARGO_MANIFEST_DIR")), &mut counts);
    let sentences: usize = counts.values().map(|count| count.sentences).sum();
    let faulty: usize = counts.values().map(|count| fault(count).len()).sum();
    let lines = counts.iter().filter(|(_, count)| !fault(count).is_empty());
    let lines = lines.map(|(path, count)| format!("{path}:\n    {}", fault(count).join("\n    ")));
    assert!(
        sentences > 8000 && faulty * 500 <= sentences,
        "{faulty} of {sentences} sentences {rule}; at most one in five hundred may:\n{}",
        lines.collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn sentence_opens_with_its_subject() {
    hold(&format!("open with one of {LATE_SUBJECTS:?}"), |count| &count.late);
}

#[test]
fn sentence_has_at_most_25_words() {
    hold(&format!("have more than {WORDS_MAX} words"), |count| &count.long);
}

/// Tells whether the first line of a module opens with a verb, as in "Reads …"; `use client` stands before it in some scripts.
fn opens_with_verb(content: &str) -> bool {
    let line = content.lines().find(|line| !line.starts_with("'use ") && !line.is_empty()).unwrap_or_default();
    let text = ["//! ", "// ", "/* "].iter().find_map(|sign| line.strip_prefix(sign));
    let word = text.and_then(|text| text.split([' ', ',']).next()).unwrap_or_default();
    word.len() > 3 && word.starts_with(char::is_uppercase) && word.ends_with('s') && word.chars().all(char::is_alphabetic)
}

/// Collects the modules that do not say first what they do. The small apps of `hosts` and `peers` show a host's code as it is.
fn modules_without_verb(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if LEFT_OUT.contains(&&*name) || ["hosts", "peers"].contains(&&*name) {
            continue;
        }
        if path.is_dir() {
            modules_without_verb(&path, found);
        } else if [".rs", ".js", ".mjs", ".css"].iter().any(|ending| name.ends_with(ending)) {
            let content = fs::read_to_string(&path).expect("a readable file");
            if !opens_with_verb(&content) {
                found.push(format!("{}: {}", path.display(), content.lines().next().unwrap_or_default()));
            }
        }
    }
}

#[test]
fn module_says_first_what_it_does() {
    let mut found = Vec::new();
    for folder in ["src", "server", "xtask", "tests", "benches", "style", "demo"] {
        modules_without_verb(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    }
    assert!(found.is_empty(), "the first line of a module says what it does (\"Reads …\"):\n{}", found.join("\n"));
    for (content, opens) in [
        ("//! Reads lists.", true),
        ("'use client';\n// Draws a form.", true),
        ("/* Styles the table. */", true),
        ("//! The lists.", false),
        ("//! A list is read.", false),
        ("use std::fs;", false),
    ] {
        assert_eq!(opens_with_verb(content), opens, "{content}");
    }
}

#[test]
fn late_subject_is_counted_in_every_kind_of_file() {
    for (name, content, late, sentences) in [
        ("a.rs", "/// What a typed amount was read as.\npub enum Reading {", 1, 1),
        (
            "a.rs",
            "//! What a payment is, and when it is right:\n//! pure rules. Of a moment, by the only form that HTTP has.",
            2,
            2,
        ),
        ("a.rs", "let a = 1; // Whether it leads.\n    // nobody waits for it.\n*a = what;", 2, 2),
        ("a.rs", "/// The amount.\n///\n/// ```\n/// // What is this?\n/// ```\n#[test]\nfn a() { \"What is it?\" }", 1, 3),
        ("a.rs", "// The list: That is all. `Whether` is a word. Whatever comes, Nobodyx comes.", 2, 4),
        ("a.rs", "#[test]\n#[ignore]\nfn what_is_typed_stays() {}\n\nfn what_is_no_test() {}", 1, 1),
        ("a.test.mjs", "test('C6 whoever pays is asked', async () => {\n// The page.\ntest('S1: a page', ", 1, 3),
        ("a.js", "/**\n * Who can send a message tells nothing.\n */\nconst a = 'https://a.test/What';", 1, 1),
        ("a.mjs", "/**\n * The page.\n * @param {{what: string}} who Nobody\n * @type {Page} */", 1, 2),
        ("a.css", "/* Of a narrow form. */\n.pf { color: red }\n", 1, 1),
        (
            "a.md",
            "# What it is\n\nThe form. **Nothing leaves**\nit.\n\n```sh\nwhat # Nobody asks.\n```\n- Whose key it is\n",
            4,
            5,
        ),
        ("a.md", "| payment | who |\n| --- | --- |\n| what it costs | `what` and whom |\n", 2, 4),
        ("a.md", "The server.\n\n    serve   # what it serves\n    what\n", 1, 2),
        ("a.toml", "# What is tested.\nname = \"What\"\n", 1, 1),
        ("Dockerfile", "# Nobody ran it.\nRUN what # The build.\n", 1, 2),
        ("run", "#!/bin/sh\n# Whoever runs it.\n", 1, 1),
        ("a.sql", "-- What is paid.\nselect 1; -- Whose it is.", 2, 2),
        ("a.html", "<!-- What is\n     loaded. -->\n<p>The form.</p>", 1, 2),
        (
            "a.html",
            "<p>The form <b>what</b>\nit pays.</p><td>Whether it pays</td>\n<script>\nwhat(); // Nobody.\n</script>",
            2,
            3,
        ),
        ("a.vue", "<!-- What is loaded. -->\n<p>What</p>", 1, 1),
        ("a.rs", "#[doc = \"What it is.\"]\n#![doc = \"The form.\"]", 1, 2),
        (
            "a.rs",
            "assert!(is_paid(a, b), \"nobody pays {a}\");\nassert_eq!(a, \"what\");\nassert_ne!(f(a, \"b, c\"), d, \"what is paid\");",
            2,
            2,
        ),
        (
            "a.mjs",
            "assert.ok(a, `what, ${b} pays`);\nassert.equal(f('a, b'), \"c\", 'nothing is paid');\nassert.match(a, /what/);",
            2,
            2,
        ),
        ("a.mjs", "'nothing is paid': 1,\n['what is paid', 2],\n'what': 3,\nawait eachCase(cases, play);", 2, 2),
        ("a.mjs", "'nothing is paid': 1,\n['what is paid', 2],", 0, 0),
        ("a.json", "{ \"description\": \"What it is.\", \"title\": \"What\" }", 1, 1),
    ] {
        let count = Count::of(content, Syntax::of(name).expect("a kind of file"));
        assert_eq!((count.late.len(), count.sentences), (late, sentences), "{content}: {:?}", count.late);
    }
}

#[test]
fn long_sentence_is_counted() {
    let words = |number: usize| vec!["word"; number].join(" ");
    for (content, long) in [
        (format!("// {}.", words(25)), 0),
        (format!("// {}.", words(26)), 1),
        (format!("// {}\n// {}.", words(13), words(13)), 1),
        (format!("// {}. The {}.", words(13), words(13)), 0),
        (format!("// {} `{}`.", words(24), words(9)), 0),
        (format!("// {} · — = `b`.", words(24)), 0),
    ] {
        assert_eq!(Count::of(&content, Syntax::Code).long.len(), long, "{content}");
    }
}
