//! The pages in `docs/` as a book: `docs/SUMMARY.md` lists each of them, and every link of a page leads somewhere.

use crate::support::{root, same_or_blessed};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// The parts of the book, in the order in which they are read.
const PARTS: [&str; 9] =
    ["Concepts", "Tutorial", "How-to", "Reference", "The model", "Cases", "Validation", "Benchmarks", "Design"];

#[test]
fn the_summary_lists_every_page_once() {
    let summary = Page::read(Path::new("docs/SUMMARY.md"));
    let listed: Vec<PathBuf> = summary.links.iter().map(|link| Path::new("docs").join(link)).collect();
    let once: BTreeSet<&PathBuf> = listed.iter().collect();
    assert_eq!(once.len(), listed.len(), "docs/SUMMARY.md lists a page twice");
    let pages = pages();
    let missing: Vec<&PathBuf> = pages
        .iter()
        .filter(|page| page.starts_with("docs") && !page.ends_with("SUMMARY.md") && !once.contains(page))
        .collect();
    assert!(missing.is_empty(), "docs/SUMMARY.md does not list {missing:?}");
    let gone: Vec<&PathBuf> = listed.iter().filter(|page| !root().join(page).is_file()).collect();
    assert!(gone.is_empty(), "docs/SUMMARY.md lists {gone:?}, which does not exist");
    let parts: Vec<&str> = summary.headings.iter().map(String::as_str).filter(|name| PARTS.contains(name)).collect();
    assert_eq!(parts, PARTS, "the parts of docs/SUMMARY.md");
}

#[test]
fn every_link_of_a_page_leads_somewhere() {
    let read: BTreeMap<PathBuf, Page> = pages().into_iter().map(|path| (path.clone(), Page::read(&path))).collect();
    assert!(read.len() > 30, "hardly any pages found");
    let wrong: Vec<String> = read.iter().flat_map(|(path, page)| dead_links(path, page, &read)).collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn the_citation_has_version_and_address_of_the_package() {
    let read = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    let cargo: toml::Table = toml::from_str(&read("Cargo.toml")).unwrap();
    let package = cargo["package"].as_table().unwrap();
    let citation = read("CITATION.cff");
    let said = |key: &str| {
        let line = citation.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": "));
        line.map(|value| value.trim_matches('"'))
    };
    assert_eq!(said("version"), package["version"].as_str());
    assert_eq!(said("repository-code"), package.get("repository").and_then(toml::Value::as_str));
}

#[test]
fn dead_links_and_anchors_are_found() {
    let here = PathBuf::from("docs/a.md");
    let text = "# Zoë's `x` page\n## Same\n## Same\n[a](#zoës-x-page) [b](#same-1) [c](../README.md)\n\n```\n[no](x.md)\n```\n";
    let found = |more: &str| {
        let page = Page::parse(&format!("{text}{more}"));
        let read = BTreeMap::from([(here.clone(), Page::parse(text))]);
        dead_links(&here, &page, &read).len()
    };
    assert_eq!(found(""), 0);
    assert_eq!(found("[d](a.md#same) [e](https://example.org/x.md) ![f](../docs)"), 0);
    assert_eq!(found("[d](absent.md) [e](a.md#same-2) [f](#none) ![g](absent.png) [h](../../README.md)"), 5);
}

#[test]
fn the_map_of_the_modules_gives_the_first_sentence_of_each_file() {
    let mut files: Vec<String> = Vec::new();
    for folder in
        fs::read_dir(root().join("src")).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir())
    {
        let name = folder.file_name().unwrap().to_str().unwrap().to_string();
        let entries = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let modules = entries.filter_map(|file| Some(file.strip_suffix(".rs")?.to_string()));
        files.extend(modules.filter(|module| module != "tests").map(|module| format!("{name}/{module}")));
    }
    files.sort();
    let line = |file: &String| {
        let text = fs::read_to_string(root().join(format!("src/{file}.rs"))).unwrap();
        format!("- `{file}`: {}\n", first_sentence(&text))
    };
    let map: String = files.iter().map(line).collect();
    same_or_blessed("docs/architecture.md", Some("modules"), &map);
    assert_eq!(
        first_sentence("//! A map: from [`Here`] to\n//! there, and back. Not more.\n//!\n//! Nor this.\n"),
        "A map: from `Here` to there, and back."
    );
}

/// The first sentence of the documentation of a file, without links.
fn first_sentence(text: &str) -> String {
    let lines = text.lines().take_while(|line| line.starts_with("//!") && line.len() > 3);
    let paragraph = lines.map(|line| line[3..].trim()).collect::<Vec<_>>().join(" ");
    let end = paragraph.find(". ").map_or(paragraph.len(), |at| at + 1);
    paragraph[..end].replace("[`", "`").replace("`]", "`")
}

/// A page as far as links go.
struct Page {
    /// The texts of its headings.
    headings: Vec<String>,
    /// The anchors of its headings.
    anchors: BTreeSet<String>,
    /// The targets of its links and pictures.
    links: Vec<String>,
}

impl Page {
    fn read(path: &Path) -> Page {
        let text = fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Page::parse(&text)
    }

    fn parse(text: &str) -> Page {
        let mut page = Page { headings: Vec::new(), anchors: BTreeSet::new(), links: Vec::new() };
        let mut heading: Option<String> = None;
        for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES) {
            match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    page.links.push(dest_url.into_string());
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::Text(text) | Event::Code(text) => heading.iter_mut().for_each(|heading| *heading += &text),
                Event::End(TagEnd::Heading(_)) => {
                    let text = heading.take().expect("a heading ends after it began");
                    let anchor = anchor(&text);
                    // The second heading of one text gets a number, as on forges and in the book.
                    let numbered = (1..).map(|n| format!("{anchor}-{n}"));
                    let free = std::iter::once(anchor.clone()).chain(numbered).find(|id| !page.anchors.contains(id));
                    page.anchors.extend(free);
                    page.headings.push(text);
                }
                _ => {}
            }
        }
        page
    }
}

/// The anchor of a heading: letters and digits in lower case, `_` and `-`, and `-` for each space.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter_map(|c| match c {
        c if c.is_alphanumeric() || matches!(c, '_' | '-') => Some(c),
        c if c.is_whitespace() => Some('-'),
        _ => None,
    });
    kept.flat_map(char::to_lowercase).collect()
}

/// A line for each link of a page that leads nowhere.
fn dead_links(path: &Path, page: &Page, read: &BTreeMap<PathBuf, Page>) -> Vec<String> {
    let mut wrong = Vec::new();
    for link in page.links.iter().filter(|link| !link.contains("://") && !link.starts_with("mailto:")) {
        let (target, fragment) = link.split_once('#').map_or((link.as_str(), None), |(to, id)| (to, Some(id)));
        let target = if target.is_empty() { Some(path.to_path_buf()) } else { resolved(path, target) };
        let there = target.as_ref().is_some_and(|target| root().join(target).exists() || read.contains_key(target));
        let anchored = match (fragment, target.as_ref().and_then(|target| read.get(target))) {
            (Some(id), _) if target.as_deref() == Some(path) => page.anchors.contains(id),
            (Some(id), Some(other)) => other.anchors.contains(id),
            _ => true,
        };
        if !there || !anchored {
            wrong.push(format!("{}: {link} leads nowhere", path.display()));
        }
    }
    wrong
}

/// The target of a relative link, from the root of the package; `None` outside of it.
fn resolved(page: &Path, link: &str) -> Option<PathBuf> {
    let mut place = page.parent()?.to_path_buf();
    for part in Path::new(link).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                if !place.pop() {
                    return None;
                }
            }
            Component::Normal(name) => place.push(name),
            _ => return None,
        }
    }
    Some(place)
}

/// Every Markdown page of the package, from its root.
fn pages() -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        let entries = fs::read_dir(root().join(folder)).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        for entry in entries.map(|entry| entry.unwrap()) {
            let name = entry.file_name().into_string().unwrap();
            let path = folder.join(&name);
            // What is fetched or built is nobody's page; hidden folders hold pages for a forge.
            let skipped = name == "target" || name == "node_modules" || (name.starts_with('.') && name != ".github");
            if skipped {
                continue;
            }
            if entry.path().is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(Path::new(""), &mut found);
    found.sort();
    found
}
