//! The report of a run as one HTML file: opens from disk, asks nothing of any network, prints.
//!
//! It is made from the tree that results.json holds, so that page and file cannot disagree; a section whose part of the
//! tree is empty is left out. The same run gives the same bytes.

pub mod html;
mod charts;
mod numbers;
mod words;
mod cases;
mod curve;
mod decomposition;
mod further;
mod allowed;
mod closing;
mod sections;
mod groups;
pub mod against;

use crate::evaluation::RateId;
use crate::report::written::{by_neighbourhoods, thousands};
use crate::results::{BandedPoint, ExplainedRequest, Point, Rate, Results, VERSION};
use crate::scenario::Scenario;
use html::Html;
use indexmap::IndexMap;
use numbers::{large, reach, share};
use serde::Serialize;
use std::borrow::Cow;
use std::fmt::Display;

/// The input of a report.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    /// The results.
    pub results: &'a Results,
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Some returns in error.
    pub explained: &'a [ExplainedRequest],
    /// The files of the run folder, by name. Those that are small are carried along, so that a page that was mailed alone
    /// still gives them.
    pub files: &'a [(&'static str, Vec<u8>)],
}

/// The most bytes of a file that is carried along.
const MOST_CARRIED: usize = 500_000;

/// The report of a run.
pub fn page(run: &Run<'_>) -> String {
    let mut parts = Vec::new();
    let mut part = |id: &'static str, title: &'static str, body: Html| {
        if !body.is_empty() {
            parts.push(Section { id, title, body });
        }
    };
    part("asked", "What was asked, and what came back", sections::asked(run));
    part("rates", "Which error rate?", sections::rates(run));
    part("who", "Who was taken for somebody else", groups::who(run));
    part("differences", "What the differences are made of", decomposition::differences(run));
    part("why", "Why somebody else was returned", sections::why(run));
    part("records", "The records, side by side", cases::cases(run));
    part("lost", "Where people on file were lost", sections::lost(run));
    part("missing", "Who is missing?", sections::missing(run));
    part("threshold", "A stricter or a looser rule", curve::threshold(run));
    part("harm", "Returning the right person can do harm too", sections::harm(run));
    part("claimed", "What the agency itself would have believed", further::claimed(run));
    part("namesakes", "How many namesakes chance alone makes", further::coincidences(run));
    part("documented", "Documented figures, beside this run", further::published(run));
    part(
        "allowed",
        "What the published figures allow",
        run.results.allowed.as_ref().map_or_else(Html::new, allowed::section),
    );
    part("assumptions", "How far the assumptions move it", further::sensitivity(run));
    part("terms", "What is documented, and what is assumed", sections::terms(run));
    part("limits", "What this does not measure", closing::limits(run));
    part("repeat", "Repeat it", closing::repeat(run));
    part("words", "Words", closing::glossary());
    let (name, seed) = (&run.results.scenario, run.results.seed_words());
    let title = format!("{name} · seed {seed} · Namesake");
    let line = format!("{name}, seed {seed}, version {}", run.results.version);
    shell(&title, &line, &sections::lead(run), &parts, &run.carried())
}

/// The data read by the scripts of the page: the threshold curve, and the files carried along.
#[derive(Default, Serialize)]
struct Carried<'a> {
    curve: Vec<Point>,
    on_file: u64,
    files: IndexMap<&'static str, Cow<'a, str>>,
}

impl<'a> Run<'a> {
    fn rate(&self, id: RateId) -> Option<&'a Rate> {
        self.results.rates.get(&id)
    }

    /// The files that the page carries along: those that are small.
    fn carried_files(&self) -> impl Iterator<Item = (&'static str, &'a [u8])> {
        let files: &'a [(&'static str, Vec<u8>)] = self.files;
        files.iter().map(|(name, content)| (*name, &content[..])).filter(|(_, content)| content.len() <= MOST_CARRIED)
    }

    fn carried(&self) -> Carried<'a> {
        Carried {
            curve: self.results.curve.iter().map(BandedPoint::counts).collect(),
            on_file: self.results.counts.requested_on_file,
            files: self.carried_files().map(|(name, content)| (name, String::from_utf8_lossy(content))).collect(),
        }
    }
}

/// 23 of 3,278.
fn hits_of_trials(rate: &Rate) -> String {
    format!("{} of {}", thousands(rate.hits), thousands(rate.trials))
}

/// 0.47–1.0 %, with what it counts if that is not the trials, or why there is none.
fn bracket(rate: &Rate) -> String {
    match rate.ends() {
        Some((low, high)) => reach(rate.rate.unwrap_or(0.0), low, high) + &by_neighbourhoods(rate),
        None if rate.trials == 0 => "no cases".to_string(),
        None => "no bracket claimed".to_string(),
    }
}

/// A part of the page.
struct Section {
    id: &'static str,
    title: &'static str,
    body: Html,
}

/// The whole page round its parts.
fn shell(title: &str, line: &str, lead: &Html, parts: &[Section], carried: &Carried<'_>) -> String {
    let mut html = Html::new();
    html.literal("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.literal("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    // The browser is told to refuse whatever is not in this file.
    html.literal(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n",
    );
    html.literal(
        "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n",
    );
    html.literal("<link rel=\"icon\" href=\"data:,\">\n");
    html.put("<title>{}</title>\n<style>\n", &[&title]);
    html.literal(include_str!("page/page.css"));
    html.literal("</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n");
    html.literal("<header class=\"top\"><span class=\"mark\">Namesake</span>");
    html.put("<span class=\"run\">{}</span>", &[&line]);
    html.literal("<button type=\"button\" id=\"theme\" hidden>Dark</button></header>\n");
    html.literal("<div class=\"frame\">\n<nav class=\"contents\" aria-label=\"Contents\"><ol>");
    for part in parts {
        html.put("<li><a href=\"#{}\">{}</a></li>", &[&part.id, &part.title]);
    }
    html.literal("</ol></nav>\n<main id=\"main\" tabindex=\"-1\">\n");
    html.add(lead);
    for part in parts {
        let id = part.id;
        html.put(
            "<section id=\"{}\" aria-labelledby=\"{}-title\">\n<h2 id=\"{}-title\">{}</h2>\n",
            &[&id, &id, &id, &part.title],
        );
        html.add(&part.body);
        html.literal("</section>\n");
    }
    html.literal("</main>\n</div>\n<footer><p>An invented country: no record here is about a real person. ");
    html.put("Figures describe this model, not any agency. Made by Namesake {}.</p></footer>\n", &[&VERSION]);
    html.literal("<div id=\"tip\" role=\"tooltip\" hidden></div>\n");
    html.data("carried", carried);
    html.literal("<script>\n");
    html.literal(include_str!("page/page.js"));
    html.literal("</script>\n</body>\n</html>\n");
    html.into_string()
}

/// A link to a file, if a page carries it along.
fn file_link(name: &'static str, label: &dyn Display) -> Html {
    Html::of("<a href=\"{}\" download=\"{}\" data-file=\"{}\">{}</a>", &[&name, &name, &name, label])
}

/// A word with its explanation: a link to the list of words, shown beside it where scripts run.
fn term(id: &'static str, word: &'static str) -> Html {
    let said = words::GLOSSARY.iter().find(|(known, ..)| *known == id).map_or("", |(.., said)| said);
    debug_assert!(!said.is_empty(), "no word {id}");
    Html::of("<a class=\"term\" href=\"#word-{}\" data-tip=\"{}\">{}</a>", &[&id, &said, &word])
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::experiment;
    use crate::results::{Details, GroupBeside, Rates, explained};
    use crate::scenario::Beside;
    use crate::scenario::case::Harm;
    use crate::scenario::tests::scenario;
    use serde_json::json;

    /// A small run, with its scenario and what is explained of it.
    fn small_run(hostile: &str) -> (Scenario, Results, Details) {
        let mut scenario = scenario(&[
            "population.final_order=0.02",
            "population.people=25600",
            "requester.requests=500",
            "requester.errors.number_of_relative=0.5",
        ]);
        scenario.title = hostile.to_string();
        scenario.gaps.push(hostile.to_string());
        let run = experiment::Run::alone(&scenario, &|_| {});
        let outcome = run.outcome(&|_| {});
        let (results, details) = (Results::of(&scenario, &outcome), Details::of(&run, &outcome));
        drop(run);
        (scenario, results, details)
    }

    fn report(results: &Results, scenario: &Scenario, explained: &[ExplainedRequest]) -> String {
        let files = [("results.json", results.to_json().into_bytes())];
        page(&Run { results, scenario, explained, files: &files })
    }

    /// The results of a run in which nothing happened.
    fn nothing(results: &Results) -> Results {
        let mut empty = results.clone();
        empty.counts = crate::results::Counts::default();
        (empty.rates, empty.fates, empty.lost_at) = Default::default();
        (empty.causes, empty.by_group, empty.curve, empty.coincidences) = Default::default();
        empty
    }

    /// Every element that is opened is closed, and in order.
    fn balanced(html: &str) -> bool {
        const VOID: [&str; 5] = ["meta", "link", "input", "br", "!DOCTYPE"];
        let mut open = Vec::new();
        for piece in html.split('<').skip(1) {
            let tag = piece.split('>').next().unwrap_or("");
            let name = tag.trim_start_matches('/').split([' ', '\n', '/']).next().unwrap_or("");
            if tag.starts_with('/') {
                if open.pop() != Some(name) {
                    return false;
                }
            } else if !VOID.contains(&name) && !tag.ends_with('/') {
                open.push(name);
            }
        }
        open.is_empty()
    }

    /// The page without its script and style, in which a `<` need not begin an element.
    fn markup(html: &str) -> String {
        let (head, rest) = html.split_once("<style>").unwrap();
        let (_, rest) = rest.split_once("</style>").unwrap();
        let (body, _) = rest.split_once("<script>").unwrap();
        format!("{head}{body}</body></html>")
    }

    #[test]
    fn a_page_is_whole_says_what_results_say_and_runs_no_text_of_a_scenario() {
        let hostile = "</script><script>alert(1)</script>\" 'Ñandú Ōe & <img src=x>";
        let (scenario, results, details) = small_run(hostile);
        let html = report(&results, &scenario, &details.explained);
        assert!(balanced(&markup(&html)), "{html}");
        assert_eq!(html.matches("<script").count(), 2);
        assert!(!html.contains("<img") && html.contains("&quot; &#39;Ñandú Ōe &amp; &lt;img src=x&gt;"));
        assert!(html.contains("class=\"case\"") && html.contains("<mark>") && !html.contains("NaN"));
        let read = Results::from_json(&results.to_json()).unwrap();
        assert_eq!(html, report(&read, &scenario, &details.explained), "the same run, other bytes");
        for absent in ["claimed\"", "assumptions\""] {
            assert!(!html.contains(&format!("<section id=\"{absent}")), "{absent} has nothing to say");
        }
        // A run in which nothing happened has a page, too.
        let empty = report(&nothing(&results), &scenario, &[]);
        assert!(balanced(&markup(&empty)) && empty.contains("Nobody was returned."));
    }

    #[test]
    fn a_page_leads_with_the_outcome_that_does_the_harm() {
        let (mut scenario, mut results, _) = small_run("");
        let mut lead = |harm: Harm, missed: u64| {
            scenario.harm = harm;
            (results.counts.returned_right, results.counts.returned_wrong) = (1708, 0);
            let rate = results.rates.get_mut(&RateId::Missed).unwrap();
            (rate.hits, rate.trials) = (missed, 1877);
            report(&results, &scenario, &[])
        };
        let first = |html: String| html.split_once("<h1>").unwrap().1.split_once("</h1>").unwrap().0.to_string();
        let mut of = |harm, missed| first(lead(harm, missed));
        let said = "Of 1,877 sought people on the file, <strong>169</strong> were not returned.";
        assert_eq!(of(Harm::NotMatched, 169), said);
        assert_eq!(of(Harm::NotMatched, 0), said.replace("169", "none"));
        assert_eq!(of(Harm::SomebodyElse, 169), "Of 1,708 persons returned, <strong>none</strong> was somebody else.");
    }

    #[test]
    fn two_agreements_stand_beside_each_other_and_their_parts_add_up() {
        let size = [
            "population.final_order=0.02",
            "population.people=25600",
            "requester.requests=500",
            "requester.errors.number_of_relative=0.5",
        ];
        let first = scenario(&size);
        let mut second = scenario(&[size[0], size[1], size[2], "routes.number.model.threshold=2"]);
        second.title = "<b>stricter</b>".to_string();
        let runs = [&first, &second].map(|scenario| experiment::Run::alone(scenario, &|_| {}));
        let outcomes = [runs[0].outcome(&|_| {}), runs[1].outcome(&|_| {})];
        let compared = crate::experiment::against::against(&outcomes[0], &outcomes[1]).unwrap();
        let changes = crate::experiment::against::changes(&outcomes[0], &outcomes[1]);
        let results = [Results::of(&first, &outcomes[0]), Results::of(&second, &outcomes[1])];
        let explained = explained(&runs[0], &outcomes[0], 2, |_| true);
        let side = |at: usize, explained| Run {
            results: &results[at],
            scenario: runs[at].world().scenario(),
            explained,
            files: &[],
        };
        let told = crate::results::Against::of(&first, &second, &compared, &changes);
        let html = against::against(&side(0, &explained), &side(1, &[]), &told);
        assert!(balanced(&markup(&html)), "{html}");
        assert!(html.contains("&lt;b&gt;stricter&lt;/b&gt;") && !html.contains("<b>"));
        assert!(html.contains("threshold = 2") && html.contains("[[routes]]"), "{html}");
        let spared = compared.never_sought.spared;
        assert!(spared > 0 && html.contains(&format!("spares <strong>{spared}</strong>")));
        assert!(html.contains("id=\"spared\"") && !html.contains("<section id=\"newly\""));
    }

    #[test]
    fn a_section_is_there_when_its_part_of_the_results_is() {
        let (scenario, mut results, _) = small_run("t");
        let rate = Rate {
            hits: 40,
            trials: 1000,
            rate: Some(0.04),
            low: Some(0.03),
            high: Some(0.05),
            ..results.rates[&RateId::Missed].clone()
        };
        results.outcomes = serde_json::from_value(json!({
            "steps": [{ "step": "looked_for", "says": "someone goes there", "right": 310, "wrong": 23 }],
            "person_days": [{ "consequence": "detained", "right": 125, "wrong": 2 }],
            "never_sought_at_returned_addresses": 0,
            "by_group": {},
        }))
        .unwrap();
        results.published = serde_json::from_value(json!([{ "figure": "answered", "source": "s", "strength": "paper",
            "date": "2020", "address": null, "kind": "input", "published": 0.044, "simulated": 0.0369, "low": 0.03,
            "high": 0.04, "measure": "m", "discussion": "d" }]))
        .unwrap();
        results.ties = serde_json::from_value(json!({ "actual": rate, "lost": {}, "by_group": {},
            "from_exact_ties": { "expected_losses": 12.25, "trials": 1000, "share": 0.0123 } }))
        .unwrap();
        results.claimed = serde_json::from_value(json!({
            "calibration": [{ "low": 0.0, "high": 0.5, "pairs": 900, "one_person": 180, "claimed": 0.1, "true": 0.2,
                "true_low": 0.1, "true_high": 0.3, "interval": "i" }],
            "false_match": { "posterior": 0.01, "belin_rubin": 0.021, "true": rate, "belin_rubin_fit": {
                "reviewed": { "one_person": 1500, "two_people": 70 }, "scores": 9, "true": rate, "low": 0.011, "high": 0.034 } },
            "by_group": {},
        }))
        .unwrap();
        results.coincidences =
            serde_json::from_value(json!([{ "what": "same_name", "expected": 1234.5, "simulated": 1300,
            "low": 1160.0, "high": 1310.0, "trials": 9999, "of": "pairs", "interval": "i" }]))
            .unwrap();
        let look = json!({ "people": 9, "worlds": 64, "impossible": 0, "hits": 31, "trials": 4567, "dummies": 12,
            "any_p": 0.001, "visible": 1.83, "events_wanted": 0.8, "parts": { "a": 0.75, "c": 0.25 }, "effects": [{ "key": "a.b",
                "lower": "0", "upper": "x", "times": 3.21, "low": 2.0, "high": 5.0, "p": 0.0001, "told": true }] });
        results.sensitivity = serde_json::from_value(json!({ "rate": "wrong_among_answers", "value": 0.007, "hits": 7,
            "trials": 1000, "interval": [0.003, 0.01], "people": 9, "requests": 9, "worlds": 129, "screening": look,
            "closer": look, "assumed": 1, "moved": 1, "not_tried": [], "no_other_value": 0 }))
        .unwrap();
        let rates = Rates::from([(RateId::Missed, rate)]);
        results.by_group["sex"]["female"].beside.insert(Beside::EqualCapture, GroupBeside { rates });
        let html = report(&results, &scenario, &[]);
        assert!(balanced(&markup(&html)), "{html}");
        for said in [
            "Looked for",
            "125",
            "0.044",
            "0.0369",
            "12.2",
            "is the truth (40 of 1,000",
            "2.1 %</strong> is what the method estimates",
            "1,500 the person sought, 70",
            "1,235",
            "64 worlds",
            "a.b",
            "from 0 to x",
            "3.2 (2.0–5.0)",
            "1.8 times as large",
            "a 75 %, c 25 %",
        ] {
            assert!(html.contains(said), "{said} is not on the page");
        }
        assert!(html.contains("Files as good for everybody") && html.contains("4.0 % (40 of 1,000)"));
        assert!(!html.contains("Not tested in this run"));
    }

    #[test]
    fn a_page_opens_with_the_note_of_its_case_and_folds_groups() {
        let (mut scenario, results, _) = small_run("t");
        scenario.content_note = "Some <readers> may be concerned.".to_string();
        let html = report(&results, &scenario, &[]);
        let note = "Some &lt;readers&gt; may be concerned.";
        assert_eq!(html.matches(note).count(), 1);
        assert!(html.find(note) < html.find("<h1>"), "the note stands below the headline");
        let (_, who) = html.split_once("<section id=\"who\"").unwrap();
        let (who, _) = who.split_once("</section>").unwrap();
        assert!(!who.contains("<details open") && who.matches("<details>").count() >= results.by_group.len());
    }

    #[test]
    fn a_page_says_that_common_names_matter_only_where_its_own_table_does() {
        let (scenario, mut results, _) = small_run("t");
        results.rates.get_mut(&RateId::WrongAmongAnswers).unwrap().rate = Some(0.02);
        let mut with = |low: f64, too_few_to_compare: bool| {
            let (_, commonest) = results.by_group["name_commonness"].first_mut().unwrap();
            let rate = Rate {
                hits: 79,
                trials: 803,
                rate: Some(0.098),
                low: Some(low),
                high: Some(0.12),
                too_few_to_tell: false,
                too_few_to_compare,
                ..results.rates[&RateId::WrongAmongAnswers].clone()
            };
            commonest.rates.insert(RateId::WrongAmongAnswers, rate);
            report(&results, &scenario, &[])
        };
        let shows = "and this run shows it: 9.8 % (79 of 803, bracket";
        assert!(with(0.079, false).contains(shows));
        for (low, few) in [(0.019, false), (0.079, true)] {
            let html = with(low, few);
            assert!(!html.contains(shows) && html.contains("This run does not show that common names matter"));
            assert!(html.contains("What mattered most was “"));
        }
        let nobody = report(&nothing(&results), &scenario, &[]);
        assert!(nobody.contains("Nobody was returned in error, so nothing can be said about common names."));
    }

    #[test]
    fn shares_are_written_for_people() {
        let written = [0.0, 0.00702, 0.4069, 1.0, 0.9999, 0.000_023, 3.5e-9].map(share);
        assert_eq!(written, ["0 %", "0.70 %", "41 %", "100 %", ">99.5 %", "1 in 43,000", "1 in 290 million"]);
        assert_eq!(reach(0.007, 0.0047, 0.0104), "0.5–1.0 %");
        assert_eq!(reach(0.0, 0.0, 0.000_01), "at most 1 in 100,000");
        // A rate and its interval have one unit, on whichever side of the limit its ends lie.
        for (value, low, high, unit) in [
            (0.000_062_5, 0.000_027, 0.000_123, "1 in 37,000 – 1 in 8,100"),
            (0.000_062_5, 0.0, 0.000_123, "at most 1 in 8,100"),
            (0.000_2, 0.000_05, 0.000_5, "0.01–0.05 %"),
        ] {
            assert_eq!(reach(value, low, high), unit);
            assert_eq!(share(value).contains(" in "), unit.contains(" in "));
        }
        assert_eq!([1.0, 142.5, 9_996.0, 1e6, 2.5e9].map(large), ["1", "140", "10,000", "1 million", "3 billion"]);
    }
}
