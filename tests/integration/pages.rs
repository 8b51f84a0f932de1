//! Pages for newcomers: each command is executed, each number stands in what a command printed, sentences are short.
//! `NAMESAKE_BLESS=1 cargo test pages` writes the printed output anew.
//!
//! A block ```` ```console ```` holds commands, each after `$ `, and what they print to stdout. All commands of a page run in one
//! folder. A block after a line `<!-- file: NAME -->` is put into that folder first, and `docs/` is there to be read.

use crate::support::{root, same_or_blessed};
use namesake::scenario::{Scenario, built_in};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::collections::BTreeSet;
use std::fs;
#[cfg(unix)]
use std::path::Path;

/// Folders of pages whose commands are executed.
const EXECUTED: [&str; 2] = ["docs/tutorial", "docs/how-to"];

/// Pages whose sentences are short on average.
const SHORT: [&str; 4] = ["README.md", "docs/concepts.md", "docs/teaching/lesson.md", "docs/tutorial"];

/// The most words that a sentence of these pages has on average.
const WORDS: f64 = 20.0;

/// The pages at a path from the root: one, or all of a folder.
fn pages(path: &str) -> Vec<String> {
    if path.ends_with(".md") {
        return vec![path.to_string()];
    }
    let entries = fs::read_dir(root().join(path)).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> =
        entries.map(|name| name.into_string().unwrap()).filter(|n| n.ends_with(".md")).collect();
    names.sort();
    names.into_iter().map(|name| format!("{path}/{name}")).collect()
}

fn read(page: &str) -> String {
    fs::read_to_string(root().join(page)).unwrap_or_else(|error| panic!("{page}: {error}"))
}

#[cfg(unix)]
#[test]
fn every_command_of_the_tutorial_and_of_the_how_to_pages_prints_what_they_show() {
    for page in EXECUTED.into_iter().flat_map(pages) {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(root().join("docs"), folder.path().join("docs")).unwrap();
        let executed = executed(&read(&page), folder.path()).unwrap_or_else(|error| panic!("{page}: {error}"));
        same_or_blessed(&page, None, &executed);
    }
}

/// A page with the output of its commands as it is now.
#[cfg(unix)]
fn executed(text: &str, folder: &Path) -> Result<String, String> {
    let mut out = String::new();
    let mut lines = text.lines().peekable();
    let mut file = None;
    while let Some(line) = lines.next() {
        out += line;
        out += "\n";
        if let Some(name) = line.strip_prefix("<!-- file: ").and_then(|rest| rest.strip_suffix(" -->")) {
            file = Some(name);
        } else if line.starts_with("```") && line.len() > 3 {
            let mut block = String::new();
            for line in lines.by_ref().take_while(|line| *line != "```") {
                block = block + line + "\n";
            }
            if let Some(name) = file.take() {
                fs::write(folder.join(name), &block).map_err(|error| error.to_string())?;
            }
            out += &if line == "```console" { printed(&block, folder)? } else { block };
            out += "```\n";
        }
    }
    Ok(out)
}

/// The commands of a block, each with what it prints.
#[cfg(unix)]
fn printed(block: &str, folder: &Path) -> Result<String, String> {
    let program = Path::new(env!("CARGO_BIN_EXE_namesake")).parent().expect("the program lies in a folder");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let mut out = String::new();
    for command in block.lines().filter_map(|line| line.strip_prefix("$ ")) {
        let mut shell = std::process::Command::new("sh");
        let run = shell.args(["-c", command]).current_dir(folder).env("PATH", &path).output();
        let run = run.map_err(|error| error.to_string())?;
        if !run.status.success() {
            return Err(format!("{command}: {}\n{}", run.status, String::from_utf8_lossy(&run.stderr)));
        }
        let text = String::from_utf8_lossy(&run.stdout).into_owned();
        let trimmed: Vec<&str> = text.lines().map(str::trim_end).collect();
        out += &format!("$ {command}\n{}", trimmed.iter().map(|line| format!("{line}\n")).collect::<String>());
    }
    Ok(out)
}

#[test]
fn every_number_in_the_text_of_these_pages_stands_in_a_block_of_the_page() {
    for page in EXECUTED.into_iter().flat_map(pages) {
        let loose = loose_numbers(&read(&page));
        assert!(loose.is_empty(), "{page}: no block has {loose:?}");
    }
    let blocks = "```console\n$ x --people 40k\n1,380 of 6.5 %\n```\n";
    assert_eq!(loose_numbers(&format!("Of 1,380 some 6.5 % in 3 steps; 40k.\n\n{blocks}")), [""; 0]);
    assert_eq!(loose_numbers(&format!("Of 1,381 some 7 %, 5 of them `99`.\n\n{blocks}")), ["1,381", "7", "5"]);
}

#[test]
fn every_number_in_readme_and_the_lesson_is_executed_computed_or_documented() {
    let range =
        read("docs/what-to-ask.md").lines().find(|line| line.starts_with("| somebody else, of")).unwrap().to_string();
    let from = [range, rust_version(), facts("tax-address-request")].concat();
    let cases = ["tax-address-request-assumed", "interstate-crosscheck", "watch-list"].map(facts).concat();
    // The pages of a lesson share its commands. The crowd is that of the Lab, which `examples/teaching` reads.
    let crowd: Vec<String> = [10_000, 100_000, 1_000_000, 10_000_000].map(namesake::report::thousands).to_vec();
    // A guess is "of 100".
    let of_the_kit = format!("{cases} 100 {} {}", crowd.join(" "), commands(&read("docs/teaching/lesson.md")));
    let mut pages = vec![("README.md", from)];
    pages.extend(["lesson", "worksheets", "slides"].map(|page| (page, of_the_kit.clone())));
    for (page, known) in pages {
        let path = if page == "README.md" { page.to_string() } else { format!("docs/teaching/{page}.md") };
        let text = unmarked(&read(&path));
        let loose = loose_numbers(&format!("{text}\n\n```\n{known}\n{}\n```\n", commands(&read(&path))));
        assert!(loose.is_empty(), "{path}: nothing computes {loose:?}; put a mark around a figure of a run");
    }
    assert_eq!(unmarked("a <!--x.y-->7<!--/--> b “8 %” \"9 %\" <!-- note --> c"), "a  b   <!-- note --> c");
    assert_eq!(commands("x --people 40k --requests 2M\n"), "40,000 2,000,000");
}

/// The oldest Rust that the package builds with.
fn rust_version() -> String {
    let line = read("Cargo.toml").lines().find(|line| line.starts_with("rust-version")).unwrap().to_string();
    line.replace('"', " ")
}

/// The texts and numbers of the documented facts of a case, with published shares in per cent.
fn facts(name: &str) -> String {
    let case = Scenario::parse(built_in(name).unwrap(), name).unwrap();
    let shares = case.published.iter().map(|row| {
        let percent = 100.0 * row.value;
        format!("{percent:.0} {percent:.1} {percent:.2} {} ", row.derived)
    });
    let texts = case.documented.iter().chain(&case.outcome).map(|fact| format!("{} ", fact.text));
    shares.chain(texts).collect()
}

/// A page without the figures between marks, which its own test computes, and without what somebody is quoted with.
fn unmarked(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(['<', '“', '"']) {
        out += &rest[..start];
        rest = &rest[start..];
        let mark = rest.starts_with("<!--") && !rest.starts_with("<!-- ");
        let end = match rest.chars().next() {
            _ if mark => rest.find("<!--/-->").map(|end| end + "<!--/-->".len()),
            Some('“') => rest.find('”').map(|end| end + '”'.len_utf8()),
            Some('"') => rest[1..].find('"').map(|end| end + 2),
            _ => None,
        };
        let end = end.unwrap_or(1);
        out += if end == 1 { &rest[..1] } else { "" };
        rest = &rest[end..];
    }
    out + rest
}

/// The sizes that commands of a page name, as a text writes them: `40k` is 40,000.
fn commands(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let sizes = words.windows(2).filter(|pair| matches!(pair[0], "--people" | "--requests")).filter_map(|pair| {
        let (number, times) = match pair[1].strip_suffix('k') {
            Some(number) => (number, 1_000),
            None => pair[1].strip_suffix('M').map_or((pair[1], 1), |number| (number, 1_000_000)),
        };
        Some(namesake::report::thousands(number.parse::<u64>().ok()? * times))
    });
    sizes.collect::<Vec<String>>().join(" ")
}

/// Numbers in sentences that no block of the page has. Small whole numbers count steps and columns, unless they are shares or
/// counts of something.
/// Intervals are of 95 % everywhere.
fn loose_numbers(text: &str) -> Vec<String> {
    let (mut prose, mut blocks, mut in_block) = (String::new(), String::new(), false);
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_block = true,
            Event::End(TagEnd::CodeBlock) => in_block = false,
            Event::Text(text) if in_block => blocks += &text,
            Event::Text(text) => prose += &text,
            Event::SoftBreak | Event::HardBreak | Event::End(_) => prose += " ",
            _ => {}
        }
    }
    let there: BTreeSet<String> = numbers(&blocks).into_iter().map(|(number, _)| number).collect();
    let checked =
        numbers(&prose).into_iter().filter(|(number, counts)| (*counts || number.len() > 2) && number != "95");
    checked.map(|(number, _)| number).filter(|number| !there.contains(number)).collect()
}

/// Numbers as written, each with `true` if it is a share or a count of something: a per cent sign or "of" follows.
fn numbers(text: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        // A digit in a word, as in a name of a file, is no number.
        let in_word = rest[..start].ends_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '-'));
        rest = &rest[start..];
        let length = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, ',' | '.'))).unwrap_or(rest.len());
        let number = rest[..length].trim_end_matches([',', '.']);
        let after = &rest[length..];
        if !in_word {
            found.push((number.to_string(), ["%", "of "].iter().any(|word| after.trim_start().starts_with(word))));
        }
        rest = after;
    }
    found
}

#[test]
fn readme_gives_the_range_that_the_page_of_the_inference_gives() {
    let page = read("docs/what-to-ask.md");
    let row =
        page.lines().find(|line| line.starts_with("| somebody else, of persons returned |")).expect("the row is there");
    let range = row.trim_end_matches(" |").rsplit("| ").next().unwrap().trim();
    assert!(range.ends_with(" %"), "{row}");
    let readme = read("README.md").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        readme.contains(&format!("{range} of the persons returned in nine of ten such worlds")),
        "README.md: {range}"
    );
}

#[test]
fn sentences_for_newcomers_have_less_than_twenty_words_on_average() {
    for page in SHORT.into_iter().flat_map(pages) {
        let average = words_a_sentence(&read(&page));
        assert!(average < WORDS, "{page}: {average:.1} words a sentence");
    }
    assert_eq!(
        words_a_sentence("# No\n\nOne two three. Four five!\n\n```\nnot these words\n```\n\n- Six seven.\n"),
        7.0 / 3.0
    );
}

/// The words of a sentence on average, in paragraphs and lists.
fn words_a_sentence(text: &str) -> f64 {
    let (mut sentences, mut words, mut prose, mut depth) = (0_u32, 0_u32, String::new(), 0);
    let mut count = |prose: &mut String| {
        let mut open = false;
        for word in prose.split_whitespace() {
            words += 1;
            open = !word.trim_end_matches([')', '"', '”']).ends_with(['.', '!', '?']);
            sentences += u32::from(!open);
        }
        // A paragraph or an item ends its last sentence, whatever it ends with.
        sentences += u32::from(open);
        prose.clear();
    };
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::Heading { .. } | Tag::Table(_)) => depth += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::Heading(_) | TagEnd::Table) => depth -= 1,
            Event::Text(text) if depth == 0 => prose += &text,
            Event::Code(text) if depth == 0 => prose += &text.replace(' ', "_"),
            Event::SoftBreak if depth == 0 => prose += " ",
            Event::End(TagEnd::Paragraph | TagEnd::Item) => count(&mut prose),
            _ => {}
        }
    }
    f64::from(words) / f64::from(sentences.max(1))
}
