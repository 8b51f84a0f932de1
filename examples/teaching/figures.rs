//! The figures of the teaching kit: the runs of its pages, what they give with a seed, and whether each step of the
//! lesson shows what it promises.

use super::lab;
use namesake::evaluation::{Measured, RateId};
use namesake::experiment::{Outcome, most_requests, run};
use namesake::report::thousands;
use namesake::scenario::{Scenario, built_in};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// Every run of the kit, by the name its figures have, as a reader types it.
///
/// Sizes are chosen so that the expected effect of a step is large: any seed shows it.
pub const RUNS: [(&str, &str); 13] = [
    ("library", "namesake run library-card"),
    ("library_strict", "namesake run library-card --set routes.desk.model.threshold=2"),
    (
        "asked",
        "namesake run tax-address-request-assumed --people 200k --requests 2000 --set population.final_order=0.02",
    ),
    (
        "memorandum",
        "namesake run tax-address-request --people 200k --requests 10000 --set population.final_order=0.0625",
    ),
    ("town", "namesake run watch-list --people 10k"),
    ("city", "namesake run watch-list --people 100k"),
    ("listed", "namesake run watch-list --people 300k --requests 100k"),
    ("listed_since", "namesake run watch-list --people 300k --requests 100k --set routes.name.model.threshold=4"),
    ("by_number", "namesake run docs/teaching/benefit-by-number.toml --people 40k --requests 2000"),
    ("paid", "namesake run benefit-delivered --people 40k --requests 2000"),
    (
        "paid_strict",
        "namesake run benefit-delivered --people 40k --requests 2000 --set routes.number.model.threshold=2",
    ),
    ("crosscheck", "namesake run interstate-crosscheck"),
    ("by_year", "namesake run docs/teaching/crosscheck-by-year.toml"),
];

/// The runs of the long lab, by name. Each pair of students has a seed of its own, and so a country of its own.
pub const LAB: [(&str, &str); 6] = [
    ("both rules", "namesake run library-card"),
    ("the stronger rule alone", "namesake run library-card --set routes.desk.model.threshold=2"),
    ("one answer or none", "namesake run library-card --set agreement.answers=unique"),
    ("30,000", "namesake run watch-list --people 30k"),
    ("100,000", "namesake run watch-list --people 100k"),
    ("300,000", "namesake run watch-list --people 300k"),
];

/// Seeds of the key of the long lab, from that of the kit on: one for each pair of students.
const PAIRS: u64 = 6;

/// Stricter terms on the same people: the name of their figures, the run before and the run after.
const STRICTER: [(&str, &str, &str); 4] = [
    ("library_terms", "library", "library_strict"),
    ("terms", "listed", "listed_since"),
    ("first_step", "by_number", "paid"),
    ("second_step", "paid", "paid_strict"),
];

/// The figures of the kit for a seed.
pub struct Figures {
    /// Texts by key: a number, a share, or a table.
    pub texts: BTreeMap<String, String>,
    /// The promise of each step, and `true` if it happens.
    pub reveals: Vec<(&'static str, bool)>,
}

/// Runs everything with a seed. `root` is the folder of the package.
pub fn figures(root: &Path, seed: u64) -> Figures {
    let outcomes: BTreeMap<&str, Outcome> =
        RUNS.iter().map(|(name, command)| (*name, run(&scenario(root, command, seed), &|_| {}))).collect();
    let pairs = lab::pairs(seed);
    let crowd = crowd();
    let between = |name: &str, count: fn(&Outcome) -> u64| {
        let (_, before, after) = STRICTER.into_iter().find(|(known, ..)| *known == name).expect("the terms are listed");
        count(&outcomes[before]).saturating_sub(count(&outcomes[after]))
    };
    // Persons returned in error who no longer are, and people sought who are no longer found.
    let spared = |name: &str| between(name, |outcome| outcome.evaluation.returned_wrong);
    let lost = |name: &str| between(name, |outcome| outcome.evaluation.returned_right);

    let mut texts = BTreeMap::from([("kit.seed".to_string(), seed.to_string())]);
    for (name, outcome) in &outcomes {
        counts(name, outcome, &mut texts);
    }
    for (name, ..) in STRICTER {
        texts.insert(format!("{name}.spared"), thousands(spared(name)));
        texts.insert(format!("{name}.lost"), thousands(lost(name)));
    }
    texts.insert("rates.table".to_string(), rates_table(&outcomes["asked"]));
    texts.insert("library_rates.table".to_string(), rates_table(&outcomes["library"]));
    let by_pair = by_pair(root, seed);
    texts.insert("lab.first".to_string(), seed.to_string());
    texts.insert("lab.last".to_string(), (seed + PAIRS - 1).to_string());
    texts.insert("lab.rules".to_string(), lab_rules(&by_pair, seed));
    texts.insert("lab.sizes".to_string(), lab_sizes(&by_pair, seed));
    texts.insert("clerk.pairs".to_string(), clerk_pairs(&pairs));
    texts.insert("clerk.key".to_string(), clerk_key(&pairs));
    for (size, row) in &crowd {
        texts.insert(format!("crowd.{size}"), row.says());
        texts.insert(format!("crowd.{size}_share"), percent(row.mean));
    }
    let years = outcomes["by_year"].evaluation.holder_records * 365;
    texts.insert("by_year.like_records".to_string(), thousands(years));
    let per_request = |name: &str| {
        let e = &outcomes[name].evaluation;
        e.returned_wrong as f64 / e.requests as f64
    };
    texts.insert("by_year.per_thousand".to_string(), format!("{:.1}", 1000.0 * per_request("by_year")));
    by_hand(&outcomes["by_year"], &mut texts);
    texts.insert("arithmetic.table".to_string(), arithmetic(&outcomes["library"]));

    let wrong = |name: &str| outcomes[name].evaluation.returned_wrong;
    // Persons returned in error by a run of the long lab, and the share of them, over all pairs of students.
    let in_lab = |name: &str| by_pair[name].iter().map(|outcome| outcome.wrong).sum::<u64>();
    let lost_in_lab = |name: &str| by_pair[name].iter().map(|outcome| outcome.missed).sum::<u64>();
    let share_in_lab =
        |name: &str| in_lab(name) as f64 / by_pair[name].iter().map(|one| one.returned).sum::<u64>() as f64;
    let share = |name: &str| value(&outcomes[name], RateId::WrongAmongAnswers);
    let two = pairs.iter().filter(|pair| !pair.same_person).count();
    let asked = &outcomes["asked"];
    let reveals = vec![
        ("the clerk has pairs of one person and of two, each at least three times", (3..=7).contains(&two)),
        ("the library's rule takes readers for somebody else", wrong("library") >= 5),
        (
            "the same wrong persons are a share at least 100,000 times as large of the persons returned as of the pairs",
            wrong("asked") >= 3 && value(asked, RateId::WrongAmongAnswers) > 1e5 * value(asked, RateId::PairFalseMatch),
        ),
        (
            "by name alone a quarter or more of the persons returned among 300,000 people are somebody else",
            share("listed") > 0.25,
        ),
        (
            "the share grows from hardly anybody to hardly anybody else as the country grows",
            crowd["town"].mean < 0.1 && crowd["large_state"].mean > 0.9,
        ),
        ("the second agreement spares people and loses people", spared("terms") >= 20 && lost("terms") >= 3),
        (
            "the library's strict rule spares people and loses people",
            spared("library_terms") >= 5 && lost("library_terms") >= 5,
        ),
        (
            "by number alone money goes to somebody else, and comparing a name as well spares most of them at a price",
            spared("first_step") >= 5 && lost("first_step") >= 30,
        ),
        (
            "one step stricter spares hardly anybody and leaves a hundred people unpaid",
            spared("second_step") <= 2 && lost("second_step") >= 100,
        ),
        (
            "in the long lab the stronger rule alone takes fewer readers for somebody else and does not find more of them",
            2 * in_lab("the stronger rule alone") < in_lab("both rules")
                && lost_in_lab("the stronger rule alone") > lost_in_lab("both rules"),
        ),
        (
            "in the long lab the share of somebody else grows with the country",
            share_in_lab("30,000") < share_in_lab("300,000"),
        ),
        (
            "by whole date of birth few listed pairs are two people, by year most are",
            share("crosscheck") < 0.15 && share("by_year") > 0.6,
        ),
    ];
    Figures { texts, reveals }
}

/// The scenario that a command of the kit runs, alone: the runs beside it change no figure of its own.
pub fn scenario(root: &Path, command: &str, seed: u64) -> Scenario {
    let mut words = command.strip_prefix("namesake run ").expect("a command of the kit is a run").split(' ');
    let name = words.next().expect("a scenario is named");
    let mut sets: Vec<String> = ["population", "errors", "requests"].map(|part| format!("seed.{part}={seed}")).into();
    while let (Some(flag), Some(value)) = (words.next(), words.next()) {
        sets.push(match flag {
            "--people" => format!("population.people={value}"),
            "--requests" => format!("requester.requests={value}"),
            "--set" => value.to_string(),
            _ => panic!("{command}: {flag} is not known here"),
        });
    }
    let text = match name.ends_with(".toml") {
        true => std::fs::read_to_string(root.join(name)).unwrap_or_else(|error| panic!("{name}: {error}")),
        false => built_in(name).unwrap_or_else(|error| panic!("{error}")).to_string(),
    };
    let mut scenario = Scenario::parse_with(&text, name, &sets).unwrap_or_else(|error| panic!("{error}"));
    // As the program does: where there are fewer people to ask for, all are asked for.
    scenario.requester.requests = scenario.requester.requests.min(most_requests(&scenario));
    scenario.beside.clear();
    scenario
}

/// The counts of a run of the long lab.
struct Counted {
    returned: u64,
    wrong: u64,
    missed: u64,
}

/// The runs of the long lab by name, each with the seeds of the pairs.
fn by_pair(root: &Path, seed: u64) -> BTreeMap<&'static str, Vec<Counted>> {
    let counted = |command: &str, seed: u64| {
        let outcome = run(&scenario(root, command, seed), &|_| {});
        let (wrong, right) = (outcome.evaluation.returned_wrong, outcome.evaluation.returned_right);
        Counted { returned: wrong + right, wrong, missed: rate(&outcome, RateId::Missed).rate.hits }
    };
    LAB.iter()
        .map(|(name, command)| (*name, (seed..seed + PAIRS).map(|seed| counted(command, seed)).collect()))
        .collect()
}

/// Persons returned, those who are somebody else and people not found, by seed and rule.
fn lab_rules(by_pair: &BTreeMap<&str, Vec<Counted>>, seed: u64) -> String {
    let rules: Vec<&str> = LAB[..3].iter().map(|(name, _)| *name).collect();
    let mut table = format!("\n\n| seed | {} |\n|---:|---|---|---|\n", rules.join(" | "));
    for pair in 0..PAIRS {
        let cells = rules.iter().map(|name| {
            let Counted { returned, wrong, missed } = &by_pair[name][pair as usize];
            format!("{} returned, {wrong} somebody else, {} not found", thousands(*returned), thousands(*missed))
        });
        table += &format!("| {} | {} |\n", seed + pair, cells.collect::<Vec<_>>().join(" | "));
    }
    table + "\n"
}

/// Somebody else of persons returned, by size of the country and seed.
fn lab_sizes(by_pair: &BTreeMap<&str, Vec<Counted>>, seed: u64) -> String {
    let seeds: Vec<String> = (seed..seed + PAIRS).map(|seed| format!("seed {seed}")).collect();
    let mut table = format!("\n\n| people | {} | all |\n|---:|{}---|\n", seeds.join(" | "), "---|".repeat(seeds.len()));
    for (name, _) in &LAB[3..] {
        let cells = by_pair[name].iter().map(|one| format!("{} of {}", one.wrong, one.returned));
        let sum = |of: fn(&Counted) -> u64| by_pair[name].iter().map(of).sum::<u64>();
        let all = percent(sum(|one| one.wrong) as f64 / sum(|one| one.returned) as f64);
        table += &format!("| {name} | {} | {all} |\n", cells.collect::<Vec<_>>().join(" | "));
    }
    table + "\n"
}

/// The homework's arithmetic of chance pairs, from the run by year of birth.
fn by_hand(by_year: &Outcome, texts: &mut BTreeMap<String, String>) {
    let e = &by_year.evaluation;
    let one_in = e.requests as f64 * e.holder_records as f64 / e.returned_wrong as f64;
    let by_date = 365.0 * one_in;
    let figures = [
        ("one_in", one_in),
        ("one_in_by_date", by_date),
        ("chance_pairs", 2e6 * 80e6 / by_date),
        // N·M/k chance pairs and 0.003·N true ones are as many where M is 0.003·k.
        ("even_at", 0.003 * by_date),
    ];
    figures.into_iter().for_each(|(key, figure)| drop(texts.insert(format!("by_hand.{key}"), rounded(figure))));
}

/// Pairs of an applicant and a reader that agree by chance, in the library and where both files are a hundred times as long.
fn arithmetic(library: &Outcome) -> String {
    let data: Value = serde_json::from_str(include_str!("../../lab/data/crowd.json")).expect("the crowd is JSON");
    let e = &library.evaluation;
    let pairs = e.requests as f64 * e.holder_records as f64;
    let mut table =
        "\n\n| two strangers agree in | one library | a hundred such libraries, joined |\n|---|---:|---:|\n"
            .to_string();
    for (key, words) in [
        ("name", "given name and surname"),
        ("name_and_year", "the name and the year of birth"),
        ("name_and_date", "the name and the date of birth"),
    ] {
        let one_in = data["one_in"][key].as_f64().expect("a number");
        let (one, joined) = (rounded(pairs / one_in), rounded(1e4 * pairs / one_in));
        table += &format!("| {words}: 1 in {} | {one} | {joined} |\n", rounded(one_in));
    }
    let on_file = e.requested_on_file;
    table + &format!("| *applicants who have a card* | {} | {} |\n\n", thousands(on_file), thousands(100 * on_file))
}

/// A number with two figures that say something, in words from a million on.
fn rounded(number: f64) -> String {
    let step = 10_f64.powf(number.log10().floor() - 1.0);
    let number = (number / step).round() * step;
    match number {
        n if n < 10.0 => format!("{n:.*}", (1.0 - n.log10().floor()) as usize),
        n if n < 1e6 => thousands(n.round() as u64),
        n if n < 1e9 => format!("{} million", n / 1e6),
        n => format!("{} billion", n / 1e9),
    }
}

/// The counts of a run, and its two errors as shares.
fn counts(name: &str, outcome: &Outcome, texts: &mut BTreeMap<String, String>) {
    let e = &outcome.evaluation;
    let returned = e.returned_right + e.returned_wrong;
    let mut put = |key: &str, text: String| drop(texts.insert(format!("{name}.{key}"), text));
    let counts = [
        ("requests", e.requests),
        ("records", e.holder_records),
        ("on_file", e.requested_on_file),
        ("returned", returned),
        ("right", e.returned_right),
        ("wrong", e.returned_wrong),
        ("missed", rate(outcome, RateId::Missed).rate.hits),
    ];
    counts.into_iter().for_each(|(key, count)| put(key, thousands(count)));
    for (key, id) in [("wrong_share", RateId::WrongAmongAnswers), ("missed_share", RateId::Missed)] {
        put(key, with_interval(rate(outcome, id)));
    }
}

fn rate(outcome: &Outcome, id: RateId) -> &Measured {
    &outcome.evaluation.groups.rates[&id]
}

fn value(outcome: &Outcome, id: RateId) -> f64 {
    rate(outcome, id).rate.value().unwrap_or(0.0)
}

/// Five denominators of one run.
fn rates_table(outcome: &Outcome) -> String {
    const FIVE: [(RateId, &str); 5] = [
        (RateId::WrongAmongAnswers, "persons returned"),
        (RateId::WrongPerson, "requests"),
        (RateId::AnsweredThoughAbsent, "requests for people who are not on file"),
        (RateId::PeopleExposed, "people on file whom nobody sought"),
        (RateId::PairFalseMatch, "pairs of a request and somebody else's record"),
    ];
    let mut table = "\n\n| of what | count | of | share, with its 95 % interval |\n|---|---:|---:|---|\n".to_string();
    for (id, of) in FIVE {
        let measured = rate(outcome, id);
        let (hits, trials) = (thousands(measured.rate.hits), thousands(measured.rate.trials));
        table += &format!("| {of} | {hits} | {trials} | {} |\n", with_interval(measured));
    }
    table + "\n"
}

fn with_interval(measured: &Measured) -> String {
    let share = measured.rate.value().map_or("no trials".to_string(), percent);
    match measured.interval {
        Some(interval) => format!("{share} ({} to {})", percent(interval.low), percent(interval.high)),
        None => share,
    }
}

/// Per cent with two figures that say something.
fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if percent <= 0.0 {
        return "0 %".to_string();
    }
    let places = (1.0 - percent.log10().floor()).clamp(0.0, 9.0) as usize;
    format!("{percent:.places$} %")
}

/// The pairs to decide, a small table each.
fn clerk_pairs(pairs: &[lab::Pair]) -> String {
    let row = |pair: &lab::Pair, who: &str, side: fn(&(String, String, String)) -> &str| {
        let of = |field: &str| pair.fields.iter().find(|(name, ..)| name == field).map_or("", side);
        let joined = |parts: &[String], by: &str| {
            parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(by)
        };
        let flat = if of("unit").is_empty() { String::new() } else { format!("flat {}", of("unit")) };
        let house = format!("{} {}", of("house_number"), of("street"));
        let place = format!("{} {}", of("city"), of("zip"));
        let name = format!("{} {}", of("given_name"), of("surname"));
        let cells = [joined(&[name], ""), of("date_of_birth").to_string(), joined(&[house, flat, place], ", ")];
        let cells = cells.map(|cell| if cell.is_empty() { "–".to_string() } else { cell });
        format!("| {who} | {} |\n", cells.join(" | "))
    };
    let mut text = "\n\n".to_string();
    for (number, pair) in pairs.iter().enumerate() {
        text += &format!("**Pair {}**\n\n| | name | date of birth | address |\n|---|---|---|---|\n", number + 1);
        text += &row(pair, "asks", |(_, asked, _)| asked);
        text += &row(pair, "on file", |(_, _, held)| held);
        text += "\n- [ ] one person\n- [ ] two people\n- [ ] cannot tell\n\n";
    }
    text
}

/// `true` if both records of a pair have this text.
fn alike(pair: &lab::Pair, field: &str) -> bool {
    pair.fields.iter().any(|(name, asked, held)| name == field && asked == held && !held.is_empty())
}

/// `true` if a record of a pair lacks this text.
fn lacks(pair: &lab::Pair, field: &str) -> bool {
    pair.fields.iter().any(|(name, asked, held)| name == field && (asked.is_empty() || held.is_empty()))
}

fn clerk_key(pairs: &[lab::Pair]) -> String {
    let says = |same: bool| if same { "one person" } else { "two people" };
    let mut table = "\n\n| pair | truth | the library's rule | why it was chosen |\n|---:|---|---|---|\n".to_string();
    for (number, pair) in pairs.iter().enumerate() {
        let why = match pair.kind.as_str() {
            "easy_same" => "easy: recorded alike",
            "easy_different" => "easy: only surname and initial are shared",
            "namesake" if alike(pair, "house_number") && alike(pair, "zip") => {
                "one name at one address, born some years apart"
            }
            "namesake" => "namesakes, born within a few years of each other",
            "relative" => "a family at one address",
            "moved" => "one record has an old address",
            "renamed" if lacks(pair, "surname") => "one record lacks the surname",
            "renamed" => "the surname changed",
            "misspelt" => "the given name is spelt in two ways",
            other => other,
        };
        let mark = if pair.same_person == pair.machine_says_same { "" } else { " (wrong)" };
        table += &format!(
            "| {} | {} | {}{mark} | {why} |\n",
            number + 1,
            says(pair.same_person),
            says(pair.machine_says_same)
        );
    }
    table + "\n"
}

/// A row of the large countries that the Lab carries along.
struct Crowd {
    wrong: u64,
    returned: u64,
    mean: f64,
    low: f64,
    high: f64,
}

impl Crowd {
    fn says(&self) -> String {
        let ends = [self.low, self.high].map(|end| percent(end.max(0.0)));
        format!(
            "{} of {}; mean {} ({} to {})",
            thousands(self.wrong),
            thousands(self.returned),
            percent(self.mean),
            ends[0],
            ends[1]
        )
    }
}

/// The watch list in four countries, as the Lab carries it; the command stands beside it in the page.
fn crowd() -> BTreeMap<&'static str, Crowd> {
    let data: Value = serde_json::from_str(include_str!("../../lab/data/crowd.json")).expect("the crowd is JSON");
    let rows = data["rules"][0]["rows"].as_array().expect("rows").clone();
    let row = |row: &Value| Crowd {
        wrong: row["wrong"].as_u64().expect("a count"),
        returned: row["returned"].as_u64().expect("a count"),
        mean: row["mean"].as_f64().expect("a share"),
        low: row["low"].as_f64().expect("a share"),
        high: row["high"].as_f64().expect("a share"),
    };
    let sizes = [(10_000, "town"), (100_000, "city"), (1_000_000, "small_state"), (10_000_000, "large_state")];
    let of = |people: u64| rows.iter().find(|row| row["people"] == people).expect("the size is carried");
    sizes.into_iter().map(|(people, name)| (name, row(of(people)))).collect()
}
