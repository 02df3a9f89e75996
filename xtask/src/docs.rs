//! Renders `docs/` as the pages under `/docs`: Markdown in, HTML without inline scripts and styles out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use pulldown_cmark::{Alignment, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use serde_json::Value;

use crate::failure::{Failure, Result};
use crate::files;
use crate::paths::{self, root};

/// The pages in the order of the navigation. Pages that no group names come last, under [`REST`].
const GROUPS: [(&str, &[&str]); 3] = [
    ("Use the form", &["start", "attributes", "events", "theming", "testing", "states"]),
    ("Your server", &["server", "operations", "fusebill", "maiascore", "contracts"]),
    ("How it works", &["promise", "sentences", "storage", "architecture"]),
];
const REST: &str = "Frameworks and more";
/// The page at `/docs` itself.
const FIRST: &str = "start";
/// The cases of the gallery, from which the page `states` is written.
const CASES: &str = "demo/gallery/cases.json";
const TEMPLATE: &str = "demo/docs/page.html";

/// The files that decide how the pages look; a change of one is a reason to render them again.
pub fn inputs() -> Vec<PathBuf> {
    vec![root().join("docs")]
}

/// Writes every page, and the pictures beside them.
pub fn render(to: &Path) -> Result<usize> {
    let mut sources = BTreeMap::new();
    for file in files::below(&root().join("docs"))? {
        let name = file.file_stem().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        match file.extension().and_then(|extension| extension.to_str()) {
            Some("md") => drop(sources.insert(name, files::read_text(&file)?)),
            Some("png" | "svg") => files::copy(&file, &to.join(file.file_name().unwrap_or_default()))?,
            _ => {}
        }
    }
    sources.insert("states".to_owned(), states(&files::read_json(&root().join(CASES))?));
    let template = files::read_text(&root().join(TEMPLATE))?;
    let names: BTreeSet<&str> = sources.keys().map(String::as_str).collect();
    for (name, source) in &sources {
        let page = Page::read(source, &names);
        let html = template
            .replace("{title}", &escaped(&page.title))
            .replace("{navigation}", &navigation(name, &sources))
            .replace("{contents}", &page.contents())
            .replace("{body}", &page.html);
        if name == FIRST {
            files::write(&to.join("index.html"), &html)?;
        }
        files::write(&to.join(name).join("index.html"), &html)?;
    }
    Ok(sources.len())
}

/// The page of all states, written from the gallery's cases.
fn states(cases: &Value) -> String {
    let text = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let mut page = "# All states\n\nThe gallery shows the form in each of these states, without a server behind it. The same list feeds the accessibility \
        checks, the snapshots of the accessibility tree, and `cargo xtask screenshots`.\n"
        .to_owned();
    for group in cases["groups"].as_array().into_iter().flatten() {
        page += &format!("\n## {}\n\n| state | |\n| --- | --- |\n", text(group, "title"));
        for case in group["cases"].as_array().into_iter().flatten() {
            page += &format!("| [{}](/gallery?case={}) | {} |\n", text(case, "title"), text(case, "name"), text(case, "about"));
        }
    }
    page
}

/// One rendered page.
struct Page {
    title: String,
    html: String,
    /// The headings of the second level, with their ids.
    sections: Vec<(String, String)>,
}

impl Page {
    /// Renders Markdown. `names` are the pages that a link may lead to.
    fn read(source: &str, names: &BTreeSet<&str>) -> Self {
        let parser = Parser::new_ext(source, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
        let mut page = Self { title: String::new(), html: String::new(), sections: Vec::new() };
        let (mut events, mut open_links, mut ids) = (Vec::new(), Vec::new(), BTreeSet::new());
        let mut heading: Option<(HeadingLevel, usize, String)> = None;
        for event in parser {
            if let (Some((_, _, text)), Event::Text(word) | Event::Code(word)) = (&mut heading, &event) {
                text.push_str(word);
            }
            match event {
                Event::Start(Tag::Heading { level, .. }) => {
                    heading = Some((level, events.len(), String::new()));
                    events.push(Event::InlineHtml(CowStr::Borrowed("")));
                }
                Event::End(TagEnd::Heading(level)) => {
                    let Some((_, start, text)) = heading.take() else { continue };
                    let id = new_id(&text, &mut ids);
                    events[start] = Event::InlineHtml(format!("<{level} id=\"{id}\">").into());
                    events.push(Event::InlineHtml(format!("</{level}>\n").into()));
                    match level {
                        HeadingLevel::H1 => page.title = text,
                        HeadingLevel::H2 => page.sections.push((id, text)),
                        _ => {}
                    }
                }
                Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                    let target = target(&dest_url, names);
                    open_links.push(target.is_some());
                    if let Some(target) = target {
                        events.push(Event::Start(Tag::Link { link_type, dest_url: target.into(), title, id }));
                    }
                }
                Event::End(TagEnd::Link) => {
                    if open_links.pop() == Some(true) {
                        events.push(Event::End(TagEnd::Link));
                    }
                }
                Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
                    let dest_url = format!("/docs/{dest_url}").into();
                    events.push(Event::Start(Tag::Image { link_type, dest_url, title, id }));
                }
                // A wide table scrolls in a box of its own, which a keyboard reaches. Alignments would become inline styles.
                Event::Start(Tag::Table(columns)) => {
                    events.push(Event::Html("<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"Table\">\n".into()));
                    events.push(Event::Start(Tag::Table(vec![Alignment::None; columns.len()])));
                }
                Event::End(TagEnd::Table) => {
                    events.push(Event::End(TagEnd::Table));
                    events.push(Event::Html("</div>\n".into()));
                }
                // Only a line break may come as markup.
                Event::InlineHtml(markup) if &*markup == "<br>" => events.push(Event::HardBreak),
                Event::InlineHtml(markup) | Event::Html(markup) => events.push(Event::Text(markup)),
                other => events.push(other),
            }
        }
        html::push_html(&mut page.html, events.into_iter());
        page.html = page.html.replace("<pre><code", "<pre tabindex=\"0\"><code").replace("<th></th>", "<td></td>");
        page
    }

    /// The list of the page's sections.
    fn contents(&self) -> String {
        self.sections.iter().map(|(id, text)| format!("<li><a href=\"#{id}\">{}</a></li>\n", escaped(text))).collect()
    }
}

/// The address of a link within the pages; nothing where it leads to a file that is no page.
fn target(link: &str, names: &BTreeSet<&str>) -> Option<String> {
    if link.starts_with('#') || link.starts_with('/') || link.contains("://") {
        return Some(link.to_owned());
    }
    let (path, section) = link.split_once('#').map_or((link, String::new()), |(path, section)| (path, format!("#{section}")));
    match path {
        "../README.md" => Some(format!("/docs{section}")),
        "../server/openapi.json" => Some("/openapi.json".to_owned()),
        _ => path.strip_suffix(".md").filter(|name| names.contains(name)).map(|name| format!("/docs/{name}{section}")),
    }
}

/// The id of a heading, as GitHub makes it: small letters, hyphens for spaces, no other marks.
fn new_id(text: &str, taken: &mut BTreeSet<String>) -> String {
    let marks = text.trim().to_lowercase();
    let plain: String = marks.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_')).collect();
    let base = plain.replace(' ', "-");
    let id = (0..).map(|count| if count == 0 { base.clone() } else { format!("{base}-{count}") }).find(|id| !taken.contains(id));
    let id = id.unwrap_or(base);
    taken.insert(id.clone());
    id
}

/// The navigation, with the page that it stands on marked.
fn navigation(current: &str, sources: &BTreeMap<String, String>) -> String {
    let named: BTreeSet<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    let rest: Vec<&str> = sources.keys().map(String::as_str).filter(|name| !named.contains(name)).collect();
    let mut list = String::new();
    for (title, names) in GROUPS.iter().copied().chain([(REST, &*rest)]) {
        let pages: Vec<_> = names.iter().filter_map(|name| sources.get_key_value(*name)).collect();
        if pages.is_empty() {
            continue;
        }
        list += &format!("<h2>{title}</h2>\n<ul>\n");
        for (name, source) in pages {
            let heading = source.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or(name);
            let mark = if name == current { " aria-current=\"page\"" } else { "" };
            list += &format!("<li><a href=\"/docs/{name}\"{mark}>{}</a></li>\n", escaped(&heading.replace('`', "")));
        }
        list += "</ul>\n";
    }
    list
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Checks that every link between the pages leads to a page, and to a heading that is there.
pub fn check_links() -> Result<()> {
    let dist = paths::dist();
    let mut complaints = Vec::new();
    for file in files::below(&dist.join("docs"))?.into_iter().filter(|file| file.extension().is_some_and(|end| end == "html")) {
        let page = files::read_text(&file)?;
        for link in attributes(&page, "href") {
            let (path, section) = link.split_once('#').unwrap_or((link, ""));
            let path = path.split('?').next().unwrap_or_default();
            let target = match path {
                "" => file.clone(),
                "/openapi.json" => continue,
                _ if !path.starts_with('/') => continue,
                _ => dist.join(path.trim_matches('/')),
            };
            let target = if target.is_dir() { target.join("index.html") } else { target };
            let is_there =
                target.is_file() && (section.is_empty() || attributes(&files::read_text(&target)?, "id").contains(&section));
            if !is_there {
                complaints.push(format!("{}: {link}", paths::shown(&file)));
            }
        }
    }
    if complaints.is_empty() {
        Ok(())
    } else {
        Err(Failure::with_details("A link of the docs leads nowhere; mend it in docs/.", complaints.join("\n")))
    }
}

/// The values of an attribute in a page.
fn attributes<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    page.split(&format!(" {name}=\"")).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> BTreeSet<&'static str> {
        BTreeSet::from(["promise", "start"])
    }

    #[test]
    fn link_to_a_page_of_the_docs_becomes_its_address() {
        let target = |link| target(link, &names());
        assert_eq!(target("promise.md#limits").as_deref(), Some("/docs/promise#limits"));
        assert_eq!(target("https://example.org/a.md").as_deref(), Some("https://example.org/a.md"));
        assert_eq!(target("../server/openapi.json").as_deref(), Some("/openapi.json"));
        assert_eq!(target("../src/lib.rs"), None);
        assert_eq!(target("unwritten.md"), None);
    }

    #[test]
    fn link_that_leads_out_of_the_docs_stays_as_text() {
        let page = Page::read("# A\n\n[the source](../src/lib.rs) and [the promise](promise.md)", &names());
        assert!(page.html.contains("<p>the source and <a href=\"/docs/promise\">the promise</a></p>"), "{}", page.html);
    }

    #[test]
    fn markup_and_alignment_leave_no_inline_style() {
        let page = Page::read("# A\n\n<p style=\"a\">x</p>\n\n| a | b |\n| --- | ---: |\n| 1<br>2 | 3 |\n", &names());
        assert!(!page.html.contains("<p style") && !page.html.contains("<td style"), "{}", page.html);
        assert!(page.html.contains("1<br />\n2"), "{}", page.html);
    }

    #[test]
    fn headings_get_ids_that_are_unique() {
        let page = Page::read("# What `a` is\n\n## Limits\n\n## Limits\n", &names());
        assert_eq!(page.title, "What a is");
        assert_eq!(page.sections.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["limits", "limits-1"]);
        assert!(page.html.contains("<h1 id=\"what-a-is\">"), "{}", page.html);
    }
}
