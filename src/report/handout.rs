//! A documented case as a page that prints as a handout.

use super::cases::{Cells, case_of, differing, figures, linked};
use crate::scenario::Scenario;
use crate::scenario::case::{Fact, Harm, Published, Source, View};

/// The question about who bears an error, by the outcome that does harm in the case.
fn who_bears_it(harm: Harm) -> &'static str {
    match harm {
        Harm::SomebodyElse => {
            "Who bears the error if somebody else is returned? Who bears it if the person is not found?"
        }
        Harm::NotMatched => {
            "Who bears the error if a person is not matched? Who would bear it if a looser rule matched somebody else?"
        }
        Harm::OutOfDate => {
            "The person found can be the right one and the record out of date. Who could know, and who bears the error?"
        }
    }
}

/// The questions of a case. None says who is right. Of a case without documented facts no fact and no gap is asked for.
fn questions(case: &Scenario) -> [&'static str; 5] {
    let [first, gap] = if case.documented.is_empty() {
        [
            "The office and its rule are invented. Which rule would you give it, and what would you ask before anybody uses it?",
            "Which assumption matters most for your judgement? How would you find out whether it holds?",
        ]
    } else {
        [
            "Which of the documented facts did you expect, and which not? What would you ask the office?",
            "Which gap matters most for your judgement? Who could close it, and how?",
        ]
    };
    [
        first,
        who_bears_it(case.harm),
        gap,
        "Which of the other views could a figure settle? Which could no figure settle?",
        "Which figure of a run of this case would you publish, with which denominator? What does that figure not say?",
    ]
}

/// A case with content note, facts, gaps, other views, figures, variants, commands, questions and sources. Each fact
/// stands once, and statements point to their sources by number. `cells` are those of its published figures.
pub fn handout(case: &Scenario, library: &[Scenario], cells: &[Cells]) -> String {
    let number = |name: &String| case.sources.keys().position(|known| known == name).map_or(0, |at| at + 1);
    let cited = |text: &str, sources: &[String]| {
        let numbers: Vec<String> = sources.iter().map(|name| number(name).to_string()).collect();
        match numbers.is_empty() {
            true => format!("- {text} *No source was found.*"),
            false => format!("- {text} [{}]", numbers.join(", ")),
        }
    };
    let fact = |fact: &Fact| cited(&fact.text, &fact.sources);
    let view = |view: &View| cited(&view.text, &view.sources);
    let item = |text: &String| format!("- {text}");
    let numbered = |(at, text): (usize, String)| format!("{}. {text}", at + 1);
    let origin = |Published { source, derived, .. }: &Published| match derived.as_str() {
        "" => format!("[{}]", number(source)),
        derived => format!("{derived} [{}]", number(source)),
    };
    let table = if case.published.is_empty() {
        Vec::new()
    } else {
        let says = format!("What agreement and misses mean: [cases](../cases.md#{}).", case.name);
        vec![figures(&case.published, cells, "from", origin), says]
    };
    let own =
        |of: &Scenario| -> Vec<String> { of.gaps.iter().map(item).chain(of.counter_views.iter().map(view)).collect() };
    let variant = |variant: &Scenario| {
        let parent = library.iter().find(|other| variant.version_of.as_ref() == Some(&other.name)).unwrap_or(case);
        let shared = own(parent);
        let of = if parent.name == case.name { String::new() } else { format!(" (beside `{}`)", parent.name) };
        let differs = differing(variant, parent).into_iter().map(|line| format!("- {line}"));
        let lines: Vec<String> =
            differs.chain(own(variant).into_iter().filter(|line| !shared.contains(line))).collect();
        format!("`{}`{of}: {}\n\n{}\n", variant.name, variant.title, lines.join("\n"))
    };
    let variants =
        library.iter().filter(|other| other.version_of.is_some() && case_of(other, library).name == case.name);
    let commands = case.teaching.things_to_try.iter().filter(|text| text.starts_with("namesake "));
    let run = format!("namesake run {}", case.name);
    let commands: Vec<String> = [&run].into_iter().chain(commands.filter(|text| **text != run)).cloned().collect();
    let parts: [(&str, Vec<String>); 9] = [
        ("Documented", case.documented.iter().map(fact).collect()),
        ("What courts and agencies made of it", case.outcome.iter().map(fact).collect()),
        ("Not documented, and assumed", case.gaps.iter().map(item).collect()),
        ("Other views", case.counter_views.iter().map(view).collect()),
        ("Published and simulated figures", table),
        ("Variants, and what differs in each", variants.map(variant).collect()),
        ("How to run it", vec![format!("```sh\n{}\n```", commands.join("\n"))]),
        ("Questions", questions(case).into_iter().map(str::to_string).enumerate().map(numbered).collect()),
        ("Sources", case.sources.values().map(|source: &Source| linked(source)).enumerate().map(numbered).collect()),
    ];
    let as_of = case.as_of.as_ref().map_or(String::new(), |date| format!(" As of {date}."));
    let Scenario { title, summary, content_note, .. } = case;
    let mut text = format!(
        "# {title}\n\n> **Before you begin:** {content_note}\n\n{summary}{as_of} No run of it says how often a real \
         programme was wrong.\n"
    );
    for (heading, lines) in parts.iter().filter(|(_, lines)| !lines.is_empty()) {
        text += &format!("\n## {heading}\n\n{}\n", lines.join("\n").trim_end());
    }
    text
}
