//! Inference from published figures: the same bytes however it is made, and answers that say what they are.

use crate::support::{MANY_ORDERS, case, command, done_in, files, namesake_in, root, same_or_blessed};
use namesake::experiment::infer::{Inference, Wanted, digest, made_for};
use namesake::experiment::run;
use namesake::report::infer::kept_picture;
use namesake::report::summary;
use namesake::results::Results;
use namesake::scenario::{BUILT_IN, Basis};
use serde_json::Value;
use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Small worlds, many of which are made in a test.
const SMALL: [&str; 6] = ["infer", "--people", "5k", "--requests", "250", "--draws"];

fn with(more: &[&'static str]) -> Vec<&'static str> {
    [&SMALL, more].concat()
}

#[test]
fn threads_shards_and_kills_make_no_difference_to_an_inference() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    done_in(here, &with(&["24", "--rounds", "1", "--quiet", "--threads", "1", "--out", "one"]));
    let one = files(&here.join("one"));
    for (shard, out) in [("1/3", "s1"), ("2/3", "s2"), ("3/3", "s3")] {
        done_in(here, &with(&["24", "--rounds", "1", "--quiet", "--shard", shard, "--out", out]));
    }
    done_in(here, &["merge", "s3", "s1", "s2", "--quiet", "--out", "merged"]);
    assert!(one == files(&here.join("merged")), "shards");
    let missing = namesake_in(here, &["merge", "s3", "s1", "--out", "wrong"]);
    assert!(missing.code == Some(2) && missing.stderr.contains("2/3 are missing"), "{missing:?}");

    let rounds = |more: &[&'static str]| [&with(&["24", "--rounds", "2"])[..], more].concat();
    let started = Instant::now();
    done_in(here, &rounds(&["--quiet", "--threads", "1", "--out", "alone"]));
    let whole = started.elapsed();
    done_in(here, &rounds(&["--quiet", "--threads", "3", "--out", "three"]));
    assert!(files(&here.join("alone")) == files(&here.join("three")), "threads");
    let mut kills = 0;
    for attempt in 1_u32..4 {
        let arguments = rounds(&["--out", "killed"]);
        let mut child = command(here, &arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(whole.mul_f64(0.15 * f64::from(attempt)) + Duration::from_millis(1));
        child.kill().unwrap();
        kills += u32::from(!child.wait().unwrap().success());
    }
    done_in(here, &rounds(&["--quiet", "--out", "killed"]));
    assert!(kills >= 1 && files(&here.join("alone")) == files(&here.join("killed")), "{kills} kills");
    // The same command repeats nothing, and another question about the same draws is answered from them.
    let again = namesake_in(here, &with(&["24", "--rounds", "1", "--out", "one", "--hold-out", "not-compared"]));
    assert!(again.code == Some(0) && again.stderr.contains("24 of 24 draws were made before"), "{again:?}");
    let other = namesake_in(here, &with(&["25", "--rounds", "1", "--out", "one"]));
    assert!(other.code == Some(2) && other.stderr.contains("another number of draws"), "{other:?}");
}

#[test]
fn the_page_for_askers_says_how_many_assumed_values_there_are_and_which_are_drawn() {
    let scenario = case(BUILT_IN[0].0, &[]);
    let inference = Inference::new(&scenario, &Wanted::default()).unwrap();
    let dimensions = &inference.space().dimensions;
    let assumed: Vec<String> =
        scenario.assumptions().into_iter().filter(|one| one.basis == Basis::Assumed).map(|one| one.key).collect();
    let groups: Vec<&str> = dimensions.iter().filter_map(|one| one.key.strip_suffix('*')).collect();
    let grouped = assumed.iter().filter(|key| groups.iter().any(|group| key.starts_with(group))).count();
    let alone = dimensions.iter().filter(|one| assumed.contains(&one.key)).count();
    let [choice] = &scenario.infer.choice[..] else { panic!("one choice: {:?}", scenario.infer.choice) };
    assert_eq!(choice.name, "address rule");
    assert_eq!(dimensions.len(), alone + groups.len() + 1);
    let left: Vec<&str> = (assumed.iter().map(String::as_str))
        .filter(|key| {
            dimensions.iter().all(|one| one.key != *key) && !groups.iter().any(|group| key.starts_with(group))
        })
        .collect();
    assert_eq!(left, ["population.final_order", "routes.number", "routes.address"], "the address route is the choice");
    let page = fs::read_to_string(root().join("docs/what-to-ask.md")).unwrap();
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = format!(
        "The scenario has {} assumed values. {alone} of them are drawn by themselves, {grouped} in {} groups whose values rise and \
         fall together, and the address rule as one of several. That makes {}. The other {} stay as they are",
        assumed.len(),
        groups.len(),
        dimensions.len(),
        left.len() - 1
    );
    assert!(page.contains(&said), "{said}");
}

#[test]
fn few_draws_are_warned_of_and_what_narrows_nothing_is_not_asked_for() {
    let temporary = tempfile::tempdir().unwrap();
    let few = namesake_in(temporary.path(), &with(&["24", "--rounds", "1", "--out", "few"]));
    assert!(
        few.stdout.contains("FEW       Of 24 draws 24 are kept") && !few.stdout.contains("by about 0.00 %"),
        "{few:?}"
    );
    let json: Value = serde_json::from_slice(&fs::read(temporary.path().join("few/infer.json")).unwrap()).unwrap();
    assert!(json["ask_for"].as_array().unwrap().iter().all(|one| one["narrows"].as_f64().unwrap() > 0.0));
    let page = fs::read_to_string(temporary.path().join("few/infer.html")).unwrap();
    assert!(page.contains("Of 24 draws 24 are kept"), "{page}");
}

#[test]
fn a_figure_is_used_or_held_out_and_everything_has_a_before_and_an_after() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    let made =
        done_in(here, &with(&["60", "--rounds", "1", "--hold-out", "not-compared", "--out", "i", "--json", "-"]));
    let found: Value = serde_json::from_str(&made.stdout).unwrap();
    assert_eq!(found, serde_json::from_slice::<Value>(&fs::read(here.join("i/infer.json")).unwrap()).unwrap());
    let figures = found["figures"].as_array().unwrap();
    let used: Vec<(&str, bool)> =
        figures.iter().map(|one| (one["name"].as_str().unwrap(), one["used"].as_bool().unwrap())).collect();
    assert_eq!(used, [("answered", true), ("not-compared", false)]);
    assert_eq!(found["quantities"][0]["measure"], "wrong_among_answers");
    let by_group = |one: &&Value| one["measure"].as_str().unwrap().contains("@group=");
    assert!(found["quantities"].as_array().unwrap().iter().filter(by_group).count() > 4);
    for one in found["quantities"].as_array().unwrap() {
        let ends = |when: &str| {
            [&one[when]["most"][0], &one[when]["median"], &one[when]["most"][1]].map(|x| x.as_f64().unwrap())
        };
        assert!(["prior", "posterior"].map(ends).iter().all(|[a, b, c]| 0.0 <= *a && a <= b && b <= c && *c <= 1.0));
    }
    let keys: Vec<&str> =
        found["assumptions"].as_array().unwrap().iter().map(|one| one["key"].as_str().unwrap()).collect();
    for key in ["requester.on_file_with_number", "requester.on_file_without_number", "address rule"] {
        assert!(keys.contains(&key), "{key}");
    }
    let asks: Vec<f64> =
        found["ask_for"].as_array().unwrap().iter().map(|one| one["narrows"].as_f64().unwrap()).collect();
    // The most useful first; what narrows nothing is not listed.
    assert!(!asks.is_empty() && asks.windows(2).all(|pair| pair[0] >= pair[1]) && asks.iter().all(|one| *one > 0.0));
    // A row for each draw; the draw in the middle can be run from its settings.
    let csv = fs::read_to_string(here.join("i/infer.csv")).unwrap();
    assert_eq!(csv.lines().count(), 61);
    assert!(csv.lines().next().unwrap().contains("answered / requests hits"));
    let page = fs::read_to_string(here.join("i/infer.html")).unwrap();
    assert!(
        page.contains("What to ask for")
            && page.contains("nobody's true error") | page.contains("nobody&#39;s true error")
    );
    let centre = &found["centre"];
    let sets: Vec<String> =
        centre["sets"].as_array().unwrap().iter().map(|set| set.as_str().unwrap().to_string()).collect();
    let seed = centre["seed"].to_string();
    let scenario = here.join("i/scenario.toml").display().to_string();
    let mut again: Vec<String> =
        ["run", &scenario, "--alone", "--seed", &seed, "--out", "r", "--json", "-"].map(str::to_string).to_vec();
    again.extend(sets.into_iter().flat_map(|set| ["--set".to_string(), set]));
    let again: Value = serde_json::from_str(&done_in(here, &again).stdout).unwrap();
    let row = csv.lines().find(|line| line.starts_with(&format!("{},", centre["draw"]))).unwrap();
    let records = row.split(',').nth(2).unwrap();
    assert_eq!(again["counts"]["holder_records"].to_string(), records);
}

#[test]
fn draws_that_were_made_are_asked_another_question() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    let json = |arguments: &[&str]| -> Value { serde_json::from_str(&done_in(here, arguments).stdout).unwrap() };
    done_in(here, &with(&["24", "--rounds", "1", "--quiet", "--out", "one"]));
    let again = json(&["infer", "--from", "one", "--hold-out", "not-compared", "--json", "-"]);
    let anew = json(&with(&["24", "--rounds", "1", "--hold-out", "not-compared", "--out", "two", "--json", "-"]));
    assert_eq!(again, anew);
    let number = "requests_with_number / requests";
    let supposed = format!("{number}=0.12");
    let known = json(&["infer", "--from", "one", "--suppose", &supposed, "--out", "three", "--json", "-"]);
    let figure = &known["figures"][2];
    assert_eq!(
        (&figure["measure"], &figure["published"], &figure["used"]),
        (&number.into(), &0.12.into(), &true.into())
    );
    assert_eq!(known["draws"], again["draws"]);
    // The folder has the same draws, so it can be asked again.
    let rows = |folder: &str| fs::read(here.join(folder).join("rows.jsonl")).unwrap();
    assert!(rows("one") == rows("three"));
    for (arguments, hint) in [
        (&["infer", "--from", "one", "--draws", "9"][..], "leave out --draws"),
        (&["infer", "library-card", "--from", "one"], "leave out the scenario"),
        (&["infer", "--from", "one", "--seed", "2"], "leave out --seed"),
        (&["infer", "--from", "none"], "none"),
        (&["infer", "--from", "one", "--suppose", "missed=2"], "above 0 and below 1"),
        (&["infer", "--from", "one", "--suppose", "missed"], "no share is there"),
        (&["infer", "--from", "one", "--suppose", "mised=0.2"], "did you mean \"missed\""),
        (&["infer", "--from", "one", "--quantity", "missed@sex=female"], "the draws do not count it"),
    ] {
        let refused = namesake_in(here, arguments);
        assert!(refused.code == Some(2) && refused.stderr.contains(hint), "{arguments:?}: {refused:?}");
    }
}

#[test]
fn what_is_kept_with_a_scenario_was_inferred_for_it_and_a_run_says_where_it_was_not() {
    let mut kept = 0;
    for (name, _) in BUILT_IN {
        let scenario = case(name, &[]);
        // Variants take the section from their case.
        let inferred = scenario.inferred.clone().filter(|_| scenario.version_of.is_none());
        let Some(inferred) = inferred else { continue };
        let digest = digest(&scenario).unwrap();
        assert!(
            digest == inferred.made_for,
            "{name}: its ranges, rules or terms are no longer those of which [inferred] speaks (now {digest}); run {} again \
             and put in what inferred.toml says",
            inferred.command
        );
        assert_eq!(made_for(&inferred, &scenario), Ok(()), "{name}");
        kept += 1;
        if name == BUILT_IN[0].0 {
            same_or_blessed("docs/images/allowed.svg", None, &kept_picture(&scenario).unwrap());
        }
    }
    assert!(kept >= 1);
    let allowed_in = |name: &str, sets: &[&str]| {
        let size = ["population.people=20000", "requester.requests=400", "beside=[]", MANY_ORDERS];
        let scenario = case(name, &[&size[..], sets].concat());
        let results = Results::of(&scenario, &run(&scenario, &|_| {}));
        (summary(&results, &scenario, "again").replace("\n          ", " "), results.allowed)
    };
    let allowed = |sets: &[&str]| allowed_in(BUILT_IN[0].0, sets);
    let (text, found) = allowed(&[]);
    assert!(text.contains("the published figures allow") && !text.contains("not made for"), "{text}");
    let found = found.unwrap();
    assert!(found.missed.is_empty() && !text.contains("misses"), "{text}");
    assert!(found.not_made_for.is_none() && found.shares[0].measure == "wrong_among_answers");
    let (text, found) = allowed(&["holder.errors.typing=0.4"]);
    let said = "The range was not made for these settings: holder.errors.typing is another here.";
    assert!(text.contains(said) && found.unwrap().not_made_for.is_some(), "{text}");
    // Settings that answer a third of the requests, of which 3.7 % were answered.
    let (text, found) = allowed_in("tax-address-request-assumed", &[]);
    let missed = found.unwrap().missed;
    assert!(missed.iter().any(|figure| figure.starts_with("records answered")), "{missed:?}");
    assert!(text.contains("This run misses the published figures, and is no such world: records answered"), "{text}");
}

#[test]
fn what_cannot_be_inferred_is_refused_before_anything_is_drawn() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    for (arguments, hints) in [
        (&["infer", "library-card"][..], &["library-card", "nothing to infer from", "target ="][..]),
        (&["infer", "tax-address-request-weighted"], &["namesake infer tax-address-request"]),
        (&["infer", "--targets", "answred"], &["--targets answred", "did you mean \"answered\"", "not-compared"]),
        (&["infer", "--targets", "answered", "--hold-out", "answered"], &["--hold-out answered", "--targets"]),
        (&["infer", "--hold-out", "answered,not-compared"], &["every figure is held out"]),
        (&["infer", "--quantity", "mised"], &["--quantity", "did you mean \"missed\""]),
        (&["infer", "--quantity", "returned"], &["--quantity returned", "share"]),
        (&["infer", "--draws", "0"], &["--draws 0"]),
        (&["infer", "--rounds", "0"], &["--rounds 0"]),
        (&["infer", "--shard", "1/2"], &["--shard", "--rounds 1"]),
        (&["infer", "--set", "population.people=5000"], &["--set population.people=5000", "--people"]),
    ] {
        let refused = namesake_in(here, arguments);
        assert_eq!(refused.code, Some(2), "{arguments:?}: {refused:?}");
        assert!(hints.iter().all(|hint| refused.stderr.contains(hint)), "{arguments:?}: {}", refused.stderr);
    }
    assert_eq!(fs::read_dir(here).unwrap().count(), 0);
}
