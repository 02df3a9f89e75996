//! Reads the text of a file as blocks of connected sentences: comments, the paragraphs of pages, the titles of tests and messages of assertions.

/// The syntax that contains the sentences of a file.
#[derive(Clone, Copy, PartialEq)]
pub enum Syntax {
    /// `//` and `/* */`.
    Code,
    /// `/* */` alone.
    Css,
    /// `<!-- -->`, the text between tags, and the comments of `Code` in the scripts of the page.
    Html,
    /// `<!-- -->`, and the comments of `Code` in the scripts of a component.
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
    /// The syntax of a file by its name; `None` for a file without sentences.
    pub fn of(name: &str) -> Option<Self> {
        Some(match name.rsplit('.').next().unwrap_or_default() {
            "rs" | "js" | "mjs" | "ts" | "jsx" | "tsx" => Self::Code,
            "css" => Self::Css,
            "html" => Self::Html,
            "vue" | "svelte" | "svg" => Self::Markup,
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
            Self::Code | Self::Html | Self::Markup => &["///", "//!", "//"],
            Self::Hash => &["#"],
            Self::Sql => &["--"],
            Self::Css | Self::Json | Self::Page => &[],
        }
    }

    /// The signs around a comment that may be longer than a line.
    const fn block_signs(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Code | Self::Css | Self::Sql => &[("/*", "*/")],
            Self::Html | Self::Markup => &[("<!--", "-->"), ("/*", "*/")],
            Self::Hash | Self::Json | Self::Page => &[],
        }
    }
}

/// The text of a file as blocks of connected sentences. A block is a paragraph, a point of a list, a cell of a table, a test's title or the
/// message of an assertion.
#[derive(Default)]
pub struct Blocks {
    done: Vec<String>,
    open: String,
    is_example: bool,
    was_blank: bool,
}

impl Blocks {
    /// The blocks of a file.
    pub fn of(content: &str, syntax: Syntax) -> Vec<String> {
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

    /// The comments, the test titles and the messages of assertions of a source file, and the text of a page in HTML.
    fn comments(&mut self, content: &str, syntax: Syntax) {
        let mut end_sign = None;
        let mut is_test = false;
        let mut is_in_script = false;
        let has_cases = content.contains("eachCase(");
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
            if syntax == Syntax::Html {
                is_in_script |= line.contains("<script") || line.contains("<style");
                if !is_in_script {
                    self.html_line(line);
                    continue;
                }
                is_in_script &= !(line.contains("</script>") || line.contains("</style>"));
            }
            self.close();
            let is_code = |(code, _): &(&str, &str)| code.matches('"').count() % 2 == 0;
            let trailing = syntax.line_signs().iter().find_map(|sign| line.split_once(&format!(" {sign} ")).filter(is_code));
            let trailing = trailing.or_else(|| line.split_once(" /* ").map(|(code, text)| (code, text.trim_end_matches("*/"))));
            if let Some((_, text)) = trailing {
                self.single(text);
            }
            let case = case_name(line).filter(|_| has_cases).map(str::to_owned);
            for text in [title(line, is_test), case, assert_message(line), doc_attribute(line)].into_iter().flatten() {
                self.single(&text);
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

    /// The text of a line between its tags. A tag that is no emphasis ends the block.
    fn html_line(&mut self, line: &str) {
        for (index, part) in line.split('<').enumerate() {
            let (tag, text) = if index == 0 { ("", part) } else { part.split_once('>').unwrap_or((part, "")) };
            let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
            match name {
                "" | "a" | "b" | "em" | "strong" | "span" | "small" | "kbd" => {}
                "code" => self.open.push('`'),
                _ => self.close(),
            }
            self.open += text;
        }
        self.open.push(' ');
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

/// The name of a case that `eachCase` plays: the quoted key of a line, or the first text of a list.
fn case_name(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches('[');
    let quote = rest.chars().next().filter(|c| "'\"`".contains(*c))?;
    let (name, behind) = rest[1..].split_once(quote)?;
    (behind.starts_with(": ") || line.starts_with('[') && behind.starts_with(", "))
        .then_some(name)
        .filter(|name| name.contains(' '))
}

/// The message of an assertion in one line: the last argument where it is a text behind the compared values.
fn assert_message(line: &str) -> Option<String> {
    let (call, rest) = line.strip_prefix("assert")?.split_once('(')?;
    let values = match call {
        "!" | ".ok" => 1,
        "_eq!" | "_ne!" => 2,
        _ if call.starts_with('.') => 2,
        _ => return None,
    };
    let arguments = arguments(rest.strip_suffix(");")?);
    let message = arguments.get(values)?.trim();
    let quote = message.chars().next().filter(|c| "'\"`".contains(*c))?;
    Some(message.trim_matches(quote).to_owned())
}

/// The arguments of a call, divided at the commas outside of brackets and quotes.
fn arguments(list: &str) -> Vec<&str> {
    let (mut depth, mut quote, mut start, mut last) = (0_i32, None, 0, ' ');
    let mut arguments = Vec::new();
    for (index, c) in list.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open && last != '\\' => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            (None, ',') if depth == 0 => {
                arguments.push(&list[start..index]);
                start = index + 1;
            }
            (None, _) => {}
        }
        last = c;
    }
    arguments.push(&list[start..]);
    arguments
}

/// The text of an attribute `#[doc = "…"]`.
fn doc_attribute(line: &str) -> Option<String> {
    let text = line.strip_prefix("#[doc = \"").or_else(|| line.strip_prefix("#![doc = \""))?;
    Some(text.strip_suffix("\"]")?.to_owned())
}
