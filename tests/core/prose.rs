//! Counts sentences of comments and pages that open without their subject, and holds them below one in a hundred.

use std::{collections::BTreeMap, fs, path::Path};

/// The words that delay the subject of a sentence.
const LATE_SUBJECTS: [&str; 8] = ["What", "That", "Whether", "Who", "Whose", "Of", "Nothing", "Nobody"];

/// The folders and pages that contain prose or comments.
const ROOTS: [&str; 12] = [
    "src",
    "server",
    "xtask",
    "tests",
    "benches",
    "style",
    "demo",
    "examples",
    "docs",
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
];

/// The comment text of one line: `None` where the line is code, a table, a heading or empty.
fn comment<'t>(line: &'t str, ending: &str) -> Option<&'t str> {
    let line = line.trim();
    let signs: &[&str] = match ending {
        "md" => return Some(line).filter(|line| !line.is_empty() && !line.starts_with(['|', '#', '<'])),
        "toml" => &["#"],
        "css" => &["/*", "*"],
        _ => &["///", "//!", "//", "/**", "/*", "*"],
    };
    let trailing = || line.split_once(" // ").map(|(_, text)| text);
    let text = signs.iter().find_map(|sign| line.strip_prefix(sign)).or_else(trailing)?;
    Some(text.trim_end_matches("*/").trim()).filter(|text| !text.is_empty())
}

/// The blocks of connected comment lines. Examples between code fences are left out, and each point of a list is a block of its own.
fn blocks(content: &str, ending: &str) -> Vec<String> {
    let mut blocks = vec![String::new()];
    let mut is_example = false;
    for line in content.lines() {
        let text = comment(line, ending);
        is_example ^= text.is_some_and(|text| text.starts_with("```"));
        let Some(text) = text.filter(|text| !is_example && !text.starts_with("```")) else {
            blocks.push(String::new());
            continue;
        };
        // The heading of a docstring's section, such as `# Errors`, is no part of the sentence below it.
        if text.starts_with("# ") {
            blocks.push(String::new());
            continue;
        }
        let numbered = text.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix(". ");
        let point = ["- ", "* ", "> "].iter().find_map(|sign| text.strip_prefix(sign)).or(numbered);
        if point.is_some() {
            blocks.push(String::new());
        }
        if let Some(block) = blocks.last_mut() {
            *block += " ";
            *block += point.unwrap_or(text);
        }
    }
    blocks.retain(|block| !block.is_empty());
    blocks
}

/// The sentences of a block: each ends with a mark, white space and a capital letter, a quotation or code behind.
fn sentences(block: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (place, _) in block.match_indices([' ', '\u{A0}']) {
        let ends = block[..place].ends_with(['.', '!', '?', ':', ';']);
        let opens = block[place + 1..].starts_with(|c: char| c.is_ascii_uppercase() || "`\"[".contains(c));
        if ends && opens {
            sentences.push(block[start..place].trim());
            start = place + 1;
        }
    }
    sentences.push(block[start..].trim());
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

fn opens_late(sentence: &str) -> bool {
    let word = sentence.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    LATE_SUBJECTS.contains(&word)
}

/// The sentences of some text, and those of them whose subject comes late.
#[derive(Default)]
struct Count {
    sentences: usize,
    late: Vec<String>,
}

impl Count {
    fn add(&mut self, content: &str, ending: &str) {
        for block in blocks(content, ending) {
            let sentences = sentences(&block);
            self.sentences += sentences.len();
            self.late
                .extend(sentences.iter().filter(|sentence| opens_late(sentence)).map(|text| text.chars().take(90).collect()));
        }
    }

    fn of(content: &str, ending: &str) -> Self {
        let mut count = Self::default();
        count.add(content, ending);
        count
    }
}

fn read(path: &Path, counts: &mut BTreeMap<String, Count>) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if path.is_dir() {
        if ["node_modules", "target", "dist"].contains(&&*name) {
            return;
        }
        for entry in fs::read_dir(path).expect("a folder") {
            read(&entry.expect("an entry").path(), counts);
        }
        return;
    }
    let Some(ending) = ["rs", "js", "mjs", "ts", "css", "md", "toml"].into_iter().find(|end| name.ends_with(&format!(".{end}")))
    else {
        return;
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let place = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
    counts.insert(place, Count::of(&fs::read_to_string(path).expect("a readable file"), ending));
}

#[test]
fn sentence_opens_with_its_subject() {
    let mut counts = BTreeMap::new();
    for root in ROOTS {
        read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(root), &mut counts);
    }
    let sentences: usize = counts.values().map(|count| count.sentences).sum();
    let late: usize = counts.values().map(|count| count.late.len()).sum();
    let mut worst: Vec<_> = counts.iter().filter(|(_, count)| !count.late.is_empty()).collect();
    worst.sort_by_key(|(_, count)| std::cmp::Reverse(count.late.len()));
    let lines =
        worst.iter().take(20).map(|(path, count)| format!("{path}: {}\n    {}", count.late.len(), count.late.join("\n    ")));
    assert!(
        late * 100 <= sentences,
        "{late} of {sentences} sentences open with one of {LATE_SUBJECTS:?}; at most one in a hundred may:\n{}",
        lines.collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn late_subject_is_counted_in_every_kind_of_file() {
    for (ending, content, late, sentences) in [
        ("rs", "/// What a typed amount was read as.\npub enum Reading {", 1, 1),
        (
            "rs",
            "//! What a payment is, and when it is right:\n//! pure rules. Of a moment, by the only form that HTTP has.",
            2,
            2,
        ),
        ("rs", "let a = 1; // Whether it leads.\n    // Nobody waits for it.\n", 2, 2),
        ("rs", "/// The amount.\n///\n/// ```\n/// // What is this?\n/// ```\n#[test]\nfn a() { \"What is it?\" }", 0, 1),
        ("rs", "// The list: That is all. `Whether` is a word. Whatever comes, Nobodyx comes.", 1, 4),
        ("js", "/**\n * Who can send a message tells nothing.\n */\nconst a = 'https://a.test/What';", 1, 1),
        ("css", "/* Of a narrow form. */\n.pf { color: red }\n", 1, 1),
        ("md", "# What it is\n\n| What | Who |\n\nThe form. Nothing leaves\nit.\n\n```sh\nWhat\n```\n- Whose key it is\n", 2, 3),
        ("toml", "# What is tested.\nname = \"What\"\n", 1, 1),
    ] {
        let count = Count::of(content, ending);
        assert_eq!((count.late.len(), count.sentences), (late, sentences), "{content}: {:?}", count.late);
    }
}
