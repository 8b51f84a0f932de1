//! Sweeps: the same bytes however often they are interrupted and however they are divided.

use crate::support::{command, done_in, files, namesake_in};
use serde_json::Value;
use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

const SWEEP: [&str; 6] = ["sweep", "--vary", "people=2k,4k", "--vary", "requester.dependence=0,0.6", "--replicates"];

fn with(more: &[&'static str]) -> Vec<&'static str> {
    [&SWEEP, more].concat()
}

#[test]
fn a_sweep_killed_at_any_moment_and_started_again_gives_the_same_bytes() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    let started = Instant::now();
    done_in(here, &with(&["5", "--quiet", "--out", "whole", "--format", "parquet"]));
    let whole = started.elapsed();
    let arguments = with(&["5", "--out", "killed", "--format", "parquet"]);
    let journal = here.join(".killed.unfinished/journal.jsonl");
    let rows = || fs::read_to_string(&journal).map_or(0, |text| text.lines().count().saturating_sub(1));
    let (mut kills, mut before) = (0, 0);
    for attempt in 0_u32.. {
        let mut child = command(here, &arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        // Any moment of a run: the setting up, the runs, the writing.
        let moment = whole.mul_f64(f64::from(attempt * 37 % 100) / 100.0 * 0.6) + Duration::from_millis(1);
        std::thread::sleep(moment);
        child.kill().unwrap();
        let ended = child.wait_with_output().unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        if before > 0 {
            assert!(said.is_empty() || said.contains("were done before"), "{said}");
        }
        if ended.status.success() {
            break;
        }
        kills += 1;
        let now = rows();
        assert!(now >= before || here.join("killed").exists(), "{before} rows were done, and then only {now}");
        before = now;
        // Half a line is what a power cut leaves.
        if attempt == 3 && now > 0 {
            let mut text = fs::read(&journal).unwrap();
            text.extend(b"{\"row\":7,\"rat");
            fs::write(&journal, text).unwrap();
        }
        if attempt > 20 {
            done_in(here, &arguments);
            break;
        }
    }
    assert!(kills >= 2, "killed {kills} times only");
    assert!(files(&here.join("whole")) == files(&here.join("killed")));
    let left: Vec<_> = fs::read_dir(here).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| ["whole", "killed"].contains(&name.to_str().unwrap())), "{left:?}");
}

#[test]
fn threads_and_shards_of_a_sweep_give_the_same_bytes() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    done_in(here, &with(&["2", "--quiet", "--threads", "1", "--out", "one"]));
    let one = files(&here.join("one"));
    done_in(here, &with(&["2", "--quiet", "--threads", "3", "--out", "three"]));
    assert!(one == files(&here.join("three")), "threads");
    for (shard, out) in [("1/3", "s1"), ("2/3", "s2"), ("3/3", "s3")] {
        done_in(here, &with(&["2", "--quiet", "--shard", shard, "--out", out]));
    }
    done_in(here, &["merge", "s3", "s1", "s2", "--quiet", "--out", "merged"]);
    assert!(one == files(&here.join("merged")), "shards");
    for (folders, hint) in [(&["s1", "s2"][..], "3/3 are missing"), (&["s1", "s1"], "is part 1 of 3")] {
        let said = namesake_in(here, &[&["merge"][..], folders, &["--out", "wrong"]].concat());
        assert!(said.code == Some(2) && said.stderr.contains(hint), "{said:?}");
        assert!(!here.join("wrong").exists());
    }
}

#[test]
fn a_row_of_a_sweep_is_the_run_of_that_seed_and_those_values() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    let sweep = namesake_in(here, &with(&["2", "--seed", "11", "--out", "s", "--json", "-"]));
    let sweep: Value = serde_json::from_str(&sweep.stdout).unwrap();
    let row = &sweep["rows"][7];
    assert_eq!((&row["values"]["people"], &row["seed"]), (&Value::from(4_000), &Value::from(12)));
    let sets = ["--set", "requester.dependence=0.6"];
    let one = [&["run", "--seed", "12", "--people", "4k", "--out", "r", "--json", "-"][..], &sets].concat();
    let one: Value = serde_json::from_str(&namesake_in(here, &one).stdout).unwrap();
    let rates = one["rates"].as_object().unwrap();
    assert!(rates.len() >= 8);
    for (name, rate) in rates {
        let swept = &row["rates"][name];
        assert_eq!((&swept["hits"], &swept["trials"]), (&rate["hits"], &rate["trials"]), "{name}");
    }
}

#[test]
fn another_sweep_in_the_same_folder_is_refused_and_the_same_one_repeats_nothing() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    let small = ["sweep", "--people", "2k", "--vary", "requester.dependence=0,0.6", "--out", "s", "--replicates"];
    let of = |more: &[&'static str]| namesake_in(here, &[&small[..], more].concat());
    assert_eq!(of(&["2"]).code, Some(0));
    let before = files(&here.join("s"));
    let again = of(&["2"]);
    assert!(again.code == Some(0) && again.stderr.contains("4 of 4 runs were done before"), "{again:?}");
    for (more, hint) in [
        (&["3"][..], "another number of replicates"),
        (&["2", "--seed", "5"], "other settings"),
        (&["2", "--vary", "holder.dependence=0,1"], "other keys"),
    ] {
        let refused = of(more);
        assert!(refused.code == Some(2) && refused.stderr.contains(hint), "{refused:?}");
        assert!(refused.stderr.contains("--out"), "{refused:?}");
    }
    assert!(before == files(&here.join("s")));
    // A run is no sweep, and is not written over.
    done_in(here, &["run", "--people", "2k", "--quiet", "--out", "r"]);
    let refused = namesake_in(here, &["sweep", "--vary", "people=1k,2k", "--out", "r"]);
    assert!(refused.code == Some(2) && refused.stderr.contains("is not of a sweep"), "{refused:?}");
}

#[test]
fn rows_that_were_changed_are_refused_with_their_line() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    let sweep = ["sweep", "--vary", "people=2k,3k", "--replicates", "1", "--quiet", "--out", "sweep"];
    done_in(here, &sweep);
    let path = here.join("sweep/rows.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let twice = format!("{text}{}\n", lines[1]);
    let unknown = text.replacen("[\"missed\"", "[\"misssed\"", 1);
    // One missed more than there are, beside the same recall.
    let mut row: Value = serde_json::from_str(lines[1]).unwrap();
    let missed = row["rates"][3][1].as_u64().unwrap();
    row["rates"][3][1] = Value::from(missed.checked_sub(1).unwrap_or(1));
    let missed = text.replacen(lines[1], &row.to_string(), 1);
    // Two rows that change places are rows that this sweep can have.
    let exchanged = text.replace("\"row\":0", "\"row\":9").replace("\"row\":1", "\"row\":0");
    let exchanged = exchanged.replace("\"row\":9", "\"row\":1");
    let beyond = text.replace("\"row\":1", "\"row\":7");
    for (changed, says) in [
        (&twice[..], "line 4: row 0 is in line 2 already"),
        (&unknown, "line 2 cannot be read as a row of a sweep: there is no rate \"misssed\"; did you mean \"missed\"?"),
        (&missed, "line 2: missed has"),
        (&exchanged, "line 2: was changed since it was written, or is of another sweep"),
        (&beyond, "line 3: there is no row 7"),
        (&text[..text.len() - 9], "line 3 cannot be read"),
        ("{}\n", "line 1"),
    ] {
        fs::write(&path, changed).unwrap();
        let refused = namesake_in(here, &sweep);
        assert_eq!(refused.code, Some(2), "{refused:?}");
        let all = [says, "rows.jsonl", "choose another --out, or remove sweep"];
        assert!(all.iter().all(|part| refused.stderr.contains(part)), "{says}: {refused:?}");
    }
    fs::write(&path, &text).unwrap();
    done_in(here, &sweep);
    fs::remove_file(here.join("sweep/sweep.csv")).unwrap();
    let refused = namesake_in(here, &sweep);
    assert!(refused.code == Some(2) && refused.stderr.contains("has no sweep.csv"), "{refused:?}");

    for (folder, part) in [("1-2", "1/2"), ("2-2", "2/2")] {
        done_in(here, &[&sweep[..6], &["--out", folder, "--shard", part]].concat());
    }
    let path = here.join("2-2/sweep-shard.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{text}{}\n", text.lines().nth(1).unwrap())).unwrap();
    let refused = namesake_in(here, &["merge", "1-2", "2-2", "--out", "whole"]);
    assert!(refused.code == Some(2) && refused.stderr.contains("line 3: row 1 is in line 2"), "{refused:?}");
    let refused = namesake_in(here, &["merge", "1-2", "sweep", "--out", "whole"]);
    assert!(refused.code == Some(2) && refused.stderr.contains("has no sweep-shard.jsonl"), "{refused:?}");
}
