//! Counts sentences that open without their subject or are too long, in comments, pages and test titles. At most one in five hundred may be so.

use std::{collections::BTreeMap, fs, path::Path};

/// The words that delay the subject of a sentence.
const LATE_SUBJECTS: [&str; 14] = [
    "what",
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

/// The syntax that contains the sentences of a file.
#[derive(Clone, Copy, PartialEq)]
enum Syntax {
    /// `//` and `/* */`.
    Code,
    /// `/* */` alone.
    Css,
    /// `<!-- -->`, and the comments of `Code` in the scripts of the page.
    Markup,
    /// `#`.
    Hash,
    /// `--`.
    Sql,
    /// The values of `"description"`, `"summary"`, `"about"` and `"why"`.
    Json,
    /// Text, lists, tables, and the comments in examples.
    Page,
}

impl Syntax {
    fn of(name: &str) -> Option<Self> {
        Some(match name.rsplit('.').next().unwrap_or_default() {
            "rs" | "js" | "mjs" | "ts" | "jsx" | "tsx" => Self::Code,
            "css" => Self::Css,
            "html" | "vue" | "svelte" | "svg" => Self::Markup,
            "toml" | "yml" | "sh" | "run" | "Dockerfile" | "npmrc" | "gitignore" | "dockerignore" => Self::Hash,
            "sql" => Self::Sql,
            "json" => Self::Json,
            "md" => Self::Page,
            _ => return None,
        })
    }

    /// The signs that open a comment up to the end of its line, longest first.
    const fn line_signs(self) -> &'static [&'static str] {
        match self {
            Self::Code | Self::Markup => &["///", "//!", "//"],
            Self::Hash => &["#"],
            Self::Sql => &["--"],
            Self::Css | Self::Json | Self::Page => &[],
        }
    }

    /// The signs around a comment that may be longer than a line.
    const fn block_signs(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Code | Self::Css | Self::Sql => &[("/*", "*/")],
            Self::Markup => &[("<!--", "-->"), ("/*", "*/")],
            Self::Hash | Self::Json | Self::Page => &[],
        }
    }
}

/// The text of a file as blocks of connected sentences. A block is a paragraph, a point of a list, a cell of a table or a test's
/// title.
#[derive(Default)]
struct Blocks {
    done: Vec<String>,
    open: String,
    is_example: bool,
    was_blank: bool,
}

impl Blocks {
    fn of(content: &str, syntax: Syntax) -> Vec<String> {
        let mut blocks = Self { was_blank: true, ..Self::default() };
        match syntax {
            Syntax::Page => content.lines().for_each(|line| blocks.page_line(line)),
            Syntax::Json => content.lines().for_each(|line| blocks.json_line(line)),
            _ => blocks.comments(content, syntax),
        }
        blocks.close();
        blocks.done
    }

    fn close(&mut self) {
        let block = std::mem::take(&mut self.open);
        let block = block.trim();
        if block.contains(char::is_alphabetic) {
            self.done.push(block.to_owned());
        }
    }

    fn single(&mut self, text: &str) {
        self.close();
        self.open += text;
        self.close();
    }

    /// The comments and the test titles of a source file.
    fn comments(&mut self, content: &str, syntax: Syntax) {
        let mut end_sign = None;
        let mut is_test = false;
        for line in content.lines().map(str::trim) {
            if let Some(end) = end_sign {
                let (text, is_last) = line.split_once(end).map_or((line, false), |(text, _)| (text, true));
                self.text_line(text.trim_start_matches('*'));
                if is_last {
                    end_sign = None;
                }
                continue;
            }
            if let Some((text, end)) = syntax.block_signs().iter().find_map(|(start, end)| Some((line.strip_prefix(start)?, end)))
            {
                self.close();
                let (text, is_last) = text.split_once(end).map_or((text, false), |(text, _)| (text, true));
                self.text_line(text.trim_start_matches('*'));
                end_sign = (!is_last).then_some(*end);
                continue;
            }
            if let Some(text) = syntax.line_signs().iter().find_map(|sign| line.strip_prefix(sign)) {
                if !text.starts_with('!') {
                    self.text_line(text);
                }
                continue;
            }
            self.close();
            let is_code = |(code, _): &(&str, &str)| code.matches('"').count() % 2 == 0;
            let trailing = syntax.line_signs().iter().find_map(|sign| line.split_once(&format!(" {sign} ")).filter(is_code));
            let trailing = trailing.or_else(|| line.split_once(" /* ").map(|(code, text)| (code, text.trim_end_matches("*/"))));
            if let Some((_, text)) = trailing {
                self.single(text);
            }
            if let Some(title) = title(line, is_test) {
                self.single(&title);
            }
            is_test = line.starts_with("#[test]") || line.starts_with("#[tokio::test") || is_test && line.starts_with("#[");
        }
    }

    /// A line of a comment or of a page outside tables.
    fn text_line(&mut self, line: &str) {
        let text = line.trim();
        if text.starts_with("```") {
            self.is_example = !self.is_example;
            self.close();
            return;
        }
        if self.is_example {
            self.example_line(text);
            return;
        }
        // The heading of a docstring's section, such as `# Errors`, is no part of the sentence below it.
        if text.starts_with('#') {
            self.single(text.trim_start_matches('#'));
            return;
        }
        if text.starts_with('|') {
            self.table_line(text);
            return;
        }
        let numbered =
            text.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix(". ").filter(|_| !text.starts_with('.'));
        let point = ["- ", "* ", "> ", "· "].iter().find_map(|sign| text.strip_prefix(sign)).or(numbered);
        if text.is_empty() || point.is_some() || text.starts_with('@') {
            self.close();
        }
        self.open += " ";
        self.open += point.unwrap_or_else(|| description(text));
    }

    fn table_line(&mut self, text: &str) {
        for cell in text.replace("\\|", "/").split('|') {
            self.single(cell);
        }
    }

    /// The comment of a line in an example of any language.
    fn example_line(&mut self, text: &str) {
        self.close();
        let text = text.trim_end_matches("-->").trim_end_matches("*/");
        let comment = ["# ", "// ", "<!-- ", "/* "].iter().find_map(|sign| match text.strip_prefix(sign) {
            Some(comment) => Some(comment),
            None => text.split_once(&format!(" {sign}")).map(|(_, comment)| comment),
        });
        if let Some(comment) = comment {
            self.single(comment);
        }
    }

    fn page_line(&mut self, line: &str) {
        // Four spaces after an empty line open an example.
        let is_indented = line.starts_with("    ") && !line.trim_start().starts_with("- ");
        if is_indented && self.was_blank && !self.is_example {
            self.example_line(line.trim());
            return;
        }
        self.was_blank = line.trim().is_empty();
        if !line.starts_with('<') {
            self.text_line(line);
        }
    }

    fn json_line(&mut self, line: &str) {
        for key in ["description", "summary", "about", "why"] {
            for part in line.split(&format!("\"{key}\": \"")).skip(1) {
                self.single(&part.replace("\\\"", "'").split('"').next().unwrap_or_default().replace("\\n", " "));
            }
        }
    }
}

/// The description behind a tag of JSDoc, its type and its name; other text stays.
fn description(text: &str) -> &str {
    let Some((_, rest)) = text.strip_prefix('@').and_then(|tag| tag.split_once(' ')) else { return text };
    let end = rest.char_indices().scan(0, |depth, (index, c)| {
        *depth += i32::from(c == '{') - i32::from(c == '}');
        Some((index, *depth))
    });
    let end = end.skip(1).find(|(_, depth)| *depth == 0).filter(|_| rest.starts_with('{'));
    let Some((end, _)) = end else { return "" };
    rest[end + 1..].trim().split_once(' ').map_or("", |(_, description)| description)
}

/// The title of a test: the name of a Rust function with spaces, or the first argument of `test(`.
fn title(line: &str, is_test: bool) -> Option<String> {
    let function = line.trim_start_matches("async ").strip_prefix("fn ").filter(|_| is_test);
    if let Some(name) = function.and_then(|rest| rest.split('(').next()) {
        return Some(name.replace('_', " "));
    }
    let rest = ["test(", "eachCase("].iter().find_map(|call| line.strip_prefix(call))?;
    let quote = rest.chars().next().filter(|c| "'\"`".contains(*c))?;
    let title: String = rest[1..].split(quote).next()?.to_owned();
    // The ids of the fault matrix stand before the sentence: `C6 the reply …`.
    let is_id =
        |word: &&str| word.len() > 1 && word.chars().any(|c| c.is_ascii_digit()) && word.chars().all(|c| !c.is_ascii_lowercase());
    Some(title.split(' ').skip_while(is_id).collect::<Vec<_>>().join(" "))
}

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
        ("a.html", "<!-- What is\n     loaded. -->\n<p>What</p>", 1, 1),
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
