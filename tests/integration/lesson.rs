//! `docs/lesson.md`: the figures of its runs. `NAMESAKE_BLESS=1 cargo test lesson` writes them anew.

use crate::support::{MANY_ORDERS, case, root, same_or_blessed};
use namesake::experiment::against::against;
use namesake::experiment::{Outcome, run};
use namesake::report::{counted, thousands};

/// A run as the lesson's command has it, without the runs beside it, which change no figure of its own.
fn outcome(name: &str, people: &str, more: &[&str]) -> Outcome {
    let size = [&format!("population.people={people}"), "requester.requests=2000", "beside=[]", MANY_ORDERS];
    run(&case(name, &[&size[..], more].concat()), &|_| {})
}

fn missed(outcome: &Outcome) -> u64 {
    outcome.evaluation.requested_on_file - outcome.evaluation.returned_right
}

#[test]
fn the_figures_of_the_lesson_are_those_of_its_runs_and_each_step_shows_what_it_says() {
    let library = outcome("library-card", "40k", &[]);
    const ASKED: &str = "tax-address-request";
    const CHECKED: &str = "tax-address-request-checked";
    let asked = outcome(ASKED, "200k", &[]);
    let with_check = |asked: &Outcome, more: &[&str]| {
        let terms = against(asked, &outcome(CHECKED, "200k", more)).expect("they differ in their terms alone");
        let (sought, others) = (terms.sought, terms.never_sought);
        let says = format!(
            "of people sought {} returned under both, {} no longer and {} newly; of people never sought {} spared, {} newly \
             returned, {} under both",
            thousands(sought.both),
            thousands(sought.spared),
            thousands(sought.newly_returned),
            thousands(others.spared),
            thousands(others.newly_returned),
            thousands(others.both),
        );
        (terms, says)
    };
    let worse = ["requester.errors.number_of_relative=0.1"];
    let (terms, check) = with_check(&asked, &[]);
    let (with_worse, worse_check) = with_check(&outcome(ASKED, "200k", &worse), &worse);
    let paid = outcome("benefit-delivered", "40k", &[]);
    let strict = outcome("benefit-delivered", "40k", &["routes.number.model.threshold=2"]);
    // A class has something to look at in each step.
    assert!(library.evaluation.returned_wrong > 0 && asked.evaluation.returned_wrong > 0);
    assert!(terms.sought.spared > 0 && with_worse.never_sought.spared > terms.never_sought.spared);
    assert!(missed(&strict) > missed(&paid));

    let returned = |outcome: &Outcome| {
        let e = &outcome.evaluation;
        let all = counted(e.returned_right + e.returned_wrong, "person", "persons");
        format!("{all} returned, {} of them somebody else", thousands(e.returned_wrong))
    };
    let lost = |outcome: &Outcome| {
        format!(
            "{} of {} on file not returned",
            thousands(missed(outcome)),
            thousands(outcome.evaluation.requested_on_file)
        )
    };
    let table = format!(
        "\n| step | run | what it gives |\n|---|---|---|\n\
         | 1 | `library-card` | {}; {} |\n\
         | 2 | `tax-address-request` | {}; {} |\n\
         | 3 | with the check | {check} |\n\
         | 3 | with a worse list | {worse_check} |\n\
         | 4 | `benefit-delivered` | {}; {} |\n\
         | 4 | the strict rule alone | {}; {} |\n\n",
        returned(&library),
        lost(&library),
        returned(&asked),
        lost(&asked),
        returned(&paid),
        lost(&paid),
        returned(&strict),
        lost(&strict),
    );
    same_or_blessed("docs/lesson.md", Some("lesson"), &table);
}

#[test]
fn every_step_of_the_lesson_asks_three_questions_and_its_minutes_are_fifty() {
    let text = std::fs::read_to_string(root().join("docs/lesson.md")).unwrap();
    let steps: Vec<&str> = text.split("\n## ").filter(|part| part.starts_with(|c: char| c.is_ascii_digit())).collect();
    let minutes = |step: &str| step.split_once('(')?.1.split_once(" minutes")?.0.parse::<u32>().ok();
    assert_eq!(steps.iter().map(|step| minutes(step).unwrap()).sum::<u32>(), 50);
    for step in &steps[..4] {
        assert!(["\n1. ", "\n2. ", "\n3. "].iter().all(|number| step.contains(number)), "{step}");
        // What is to be looked at is a section of the page.
        let page = std::fs::read_to_string(root().join("src/report/page.rs")).unwrap();
        let sections = step.split('*').skip(1).step_by(2).filter(|part| part.starts_with(char::is_uppercase));
        let titles = sections.map(|title| title.replace('\n', " "));
        titles.for_each(|title| assert!(page.contains(&format!("\"{title}\"")), "{title}"));
    }
}
