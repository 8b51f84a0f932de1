//! Bad usage and bad input end with exit 2, a message that names what was wrong, and nothing left behind.

use crate::support::{Run, command, namesake_in, skipped};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// One thing that can be wrong: what is in the folder, what is typed, what the message has to contain.
struct Case {
    prepare: fn(&Path),
    arguments: &'static [&'static str],
    says: &'static [&'static str],
}

const fn case(prepare: fn(&Path), arguments: &'static [&'static str], says: &'static [&'static str]) -> Case {
    Case { prepare, arguments, says }
}

/// A byte more than a cell may have.
const LONG: &str = match std::str::from_utf8(&[b'x'; 1025]) {
    Ok(text) => text,
    Err(_) => "",
};

/// A scenario key that is a rate.
const NEGATIVE_RATE: &str = "requester.errors.typing=-0.1";

const CASES: &[Case] = &[
    // Usage.
    case(nothing, &["lnik"], &["lnik", "link"]),
    case(nothing, &["run", "--poeple", "10"], &["--poeple", "--people"]),
    case(nothing, &["run", "--people", "0", "--out", "out"], &["people"]),
    case(nothing, &["run", "--people", "ten", "--out", "out"], &["people", "ten"]),
    case(nothing, &["run", "--people=-5", "--out", "out"], &["people", "-5"]),
    case(nothing, &["run", "--people", "1e99", "--out", "out"], &["people", "1e99"]),
    case(nothing, &["run", "--people", "1.5", "--out", "out"], &["people", "1.5"]),
    case(nothing, &["run", "--requests", "NaN", "--out", "out"], &["requests", "NaN"]),
    case(nothing, &["run", "--seed", "x", "--out", "out"], &["seed", "x"]),
    case(nothing, &["run", "--shard", "3/2", "--out", "out"], &["shard", "3/2"]),
    case(nothing, &["run", "--shard", "0/2", "--out", "out"], &["shard", "0/2"]),
    case(nothing, &["run", "--set", "nonsense", "--out", "out"], &["nonsense", "KEY=VALUE"]),
    case(nothing, &["run", "--set", "population.peeple=5", "--out", "out"], &["peeple", "people"]),
    case(nothing, &["run", "--seed", "-1", "--out", "out"], &["-1", "not a whole number from 0 up"]),
    case(nothing, &["run", "--people", "1e30", "--out", "out"], &["1e30", "too large"]),
    case(nothing, &["run", "--set", "population.people=1e30", "--out", "out"], &["1e30 is too large"]),
    case(nothing, &["run", "--set", "agreement.notic.on=true", "--out", "out"], &["did you mean \"notice\"", "review"]),
    case(nothing, &["run", "--set", "people=-5", "--out", "out"], &["population.people=", "--people N"]),
    case(nothing, &["run", "--set", "harm=x", "--out", "out"], &["harm", "not_matched"]),
    case(nothing, &["run", "--set", "by=group,sexx", "--out", "out"], &["did you mean \"sex\""]),
    case(nothing, &["run", "--set", "requester.coverage.pending=1", "--out", "out"], &["coverage", "scenario's file"]),
    case(nothing, &["sweep", "--vary", "by=[group,sex]", "--out", "out"], &["names tables of a run"]),
    case(
        nothing,
        &["sweep", "--vary", "holder.dependence=0,1", "--set", "holder.dependence=0.5", "--out", "out"],
        &["take out --set holder.dependence=0.5"],
    ),
    case(
        nothing,
        &["sweep", "--ready", "scale", "--people", "10k", "--out", "out"],
        &["--ready scale", "take out --people 10000"],
    ),
    case(
        nothing,
        &["sweep", "library-card", "--ready", "threshold", "--out", "out"],
        &["no \"address\"", "is made for tax-address-request-weighted", "leave out library-card"],
    ),
    case(
        nothing,
        &["run", "library-card", "--against", "tax-address-request", "--people", "5k", "--out", "out"],
        &["holder.coverage.", "may differ"],
    ),
    case(nothing, &["run", "--set", "counter_view=a", "--out", "out"], &["did you mean \"counter_views\""]),
    case(
        nothing,
        &["run", "--set", "requester.fields=[name", "--out", "out"],
        &["[name is not a list", "[surname, zip]"],
    ),
    case(nothing, &["run", "--set", "agreement.must_contain=[surnam]", "--out", "out"], &["\"surnam\" is not among"]),
    case(
        nothing,
        &["run", "--set", "bank.twins=18446744073709551615", "--out", "out"],
        &["bank", "at most 10,000,000,000"],
    ),
    case(nothing, &["run", "--set", NEGATIVE_RATE, "--out", "out"], &["-0.1", "between 0 and 1"]),
    case(nothing, &["generate"], &["--out"]),
    case(nothing, &["compare", "one"], &["<B>"]),
    case(nothing, &["compare", "one", LONG], &["the second text has 1025 bytes", "at most 1024"]),
    case(nothing, &["merge", "--out", "out"], &["SHARD"]),
    // Sweeps.
    case(nothing, &["sweep", "--out", "out"], &["--vary", "--ready"]),
    case(nothing, &["sweep", "--vary", "people", "--out", "out"], &["KEY=VALUE"]),
    case(nothing, &["sweep", "--vary", "people=", "--out", "out"], &["empty", "KEY=VALUE"]),
    case(nothing, &["sweep", "--vary", "people=10k..1k*10", "--out", "out"], &["range", "FROM..TO"]),
    case(nothing, &["sweep", "--vary", "seed=1,2", "--out", "out"], &["--replicates"]),
    case(nothing, &["sweep", "--vary", "holder.dependance=0,1", "--out", "out"], &["did you mean \"dependence\""]),
    case(nothing, &["sweep", "--vary", "holder.dependence=0,2", "--out", "out"], &["--vary holder.dependence=2"]),
    case(nothing, &["sweep", "--vary", "people=2k", "--vary", "people=3k", "--out", "out"], &["varied twice"]),
    case(nothing, &["sweep", "--vary", "people=2k", "--replicates", "0", "--out", "out"], &["--replicates 0"]),
    case(nothing, &["sweep", "--vary", "people=2k", "--requests", "9k", "--out", "out"], &["9,000", "to ask for"]),
    case(nothing, &["sweep", "--vary", "k=5..1:1", "--out", "out"], &["1 is less than 5", "FROM..TO"]),
    case(nothing, &["sweep", "--vary", "k=1..5:-1", "--out", "out"], &["step -1"]),
    case(nothing, &["sweep", "--vary", "k=0..5*2", "--out", "out"], &["above 0"]),
    case(nothing, &["sweep", "--vary", "k=1..5*1", "--out", "out"], &["factor 1"]),
    case(nothing, &["sweep", "--vary", "holder.dependance=0", "--requests", "9k", "--out", "out"], &["\"dependence\""]),
    case(
        nothing,
        &["sweep", "--vary", "people=2k,900k", "--requests", "9k", "--out", "out"],
        &["--vary people=2000: ", "9,000"],
    ),
    case(nothing, &["sweep", "--vary", "name=a,b", "--out", "out"], &["--vary name=a,b", "told, not simulated"]),
    case(nothing, &["sweep", "--vary", "holder.title=a,b", "--out", "out"], &["--vary holder.title", "vary a setting"]),
    case(nothing, &["sweep", "--vary", "beside=[],[equal_capture]", "--out", "out"], &["beside", "leaves out"]),
    case(no_sweep, &["sweep", "--vary", "people=2k", "--out", "mine"], &["has no sweep.csv", "a sweep"]),
    case(nothing, &["sweep", "--ready", "scael", "--out", "out"], &["did you mean \"scale\"", "threshold"]),
    // Scenarios.
    case(nothing, &["run", "no-such-scenario", "--out", "out"], &["no-such-scenario", "namesake scenarios"]),
    case(nothing, &["scenarios", "show", "no-such-scenario"], &["no-such-scenario", "namesake scenarios"]),
    case(nothing, &["run", "missing.toml", "--out", "out"], &["missing.toml"]),
    case(nothing, &["generate", "missing.toml", "--out", "out"], &["missing.toml"]),
    case(scenario_folder, &["run", "s.toml", "--out", "out"], &["s.toml", "directory"]),
    case(binary_scenario, &["run", "s.toml", "--out", "out"], &["s.toml", "UTF-8"]),
    case(long_scenario, &["run", "s.toml", "--out", "out"], &["s.toml"]),
    case(misspelt_scenario, &["run", "s.toml", "--out", "out"], &["s.toml", "peeple", "did you mean \"people\""]),
    case(misspelt_scenario, &["generate", "s.toml", "--out", "out"], &["s.toml", "peeple", "did you mean \"people\""]),
    case(nobody_scenario, &["run", "s.toml", "--out", "out"], &["s.toml", "people"]),
    case(line_scenario, &["run", "s.toml", "--out", "out"], &["s.toml", "line 3"]),
    case(empty_scenario, &["run", "s.toml", "--out", "out"], &["s.toml", "missing key"]),
    case(routes_scenario, &["run", "s.toml", "--out", "out"], &["s.toml", "routes", "a section"]),
    case(
        worded_scenario,
        &["run", "s.toml", "--out", "out"],
        &["s.toml", "holder.old_address_years", "a whole number", "the text \"four\""],
    ),
    // Places to write to; not even root may make a folder in /proc.
    case(nothing, &["generate", "--people", "2000", "--out", "/proc/namesake"], &["/proc/namesake"]),
    case(nothing, &["run", "--people", "2000", "--out", "/proc/namesake"], &["/proc/namesake"]),
    case(out_file, &["generate", "--people", "2000", "--out", "out/below"], &["out/below"]),
    case(nothing, &["compare", "a", "b", "--json", "/dev/full"], &["/dev/full"]),
    case(nothing, &["scenarios", "--json", "nowhere/a.json"], &["nowhere/a.json"]),
    // Two labelled files.
    case(spec, &["link", "missing.csv", "b.csv", "--spec", "spec.toml"], &["missing.csv"]),
    case(spec, &["link", "a.csv", "b.csv", "--spec", "missing.toml"], &["missing.toml"]),
    case(spec, &["link", "a.csv", "b.csv"], &["--spec"]),
    case(spec, &["link", "dir.csv", "b.csv", "--spec", "spec.toml"], &["dir.csv", "directory"]),
    case(spec, &["link", "empty.csv", "b.csv", "--spec", "spec.toml"], &["empty.csv", "is empty"]),
    case(spec, &["link", "a.csv", "header.csv", "--spec", "spec.toml"], &["header.csv", "no record"]),
    case(spec, &["link", "binary.csv", "b.csv", "--spec", "spec.toml"], &["binary.csv"]),
    case(spec, &["link", "latin1.csv", "b.csv", "--spec", "spec.toml"], &["latin1.csv", "2", "UTF-8"]),
    case(long_line, &["link", "long.csv", "b.csv", "--spec", "spec.toml"], &["long.csv"]),
    case(spec, &["link", "ragged.csv", "b.csv", "--spec", "spec.toml"], &["ragged.csv", "3"]),
    case(spec, &["link", "twice.csv", "b.csv", "--spec", "spec.toml"], &["twice.csv", "3", "r1"]),
    case(spec, &["link", "untrue.csv", "b.csv", "--spec", "spec.toml"], &["untrue.csv", "2", "entity", "unlabelled"]),
    case(spec, &["link", "a.csv", "b.csv", "--spec", "no-column.toml"], &["a.csv", "frist", "first"]),
    case(spec, &["link", "a.csv", "b.csv", "--spec", "no-key.toml"], &["no-key.toml", "feilds", "fields"]),
    // Other programs' lists.
    case(spec, &["score", "pairs.csv", "--a", "a.csv", "--b", "b.csv"], &["--spec"]),
    case(spec, &["score", "missing.csv", "--a", "a.csv", "--b", "b.csv", "--spec", "spec.toml"], &["missing.csv"]),
    case(
        spec,
        &["score", "a.csv", "--a", "a.csv", "--b", "b.csv", "--spec", "spec.toml"],
        &["a.csv", "line 1", "unique_id_l", "cluster_id"],
    ),
    case(
        spec,
        &["score", "unknown.csv", "--a", "a.csv", "--b", "b.csv", "--spec", "spec.toml"],
        &["unknown.csv", "line 3", "r9", "neither"],
    ),
    case(
        spec,
        &["score", "paired.csv", "--a", "a.csv", "--b", "b.csv", "--spec", "spec.toml"],
        &["paired.csv", "line 4", "line 2 already"],
    ),
    case(
        spec,
        &["score", "clusters.csv", "--a", "a.csv", "--b", "b.csv", "--spec", "spec.toml"],
        &["clusters.csv", "line 2", "both files", "source_dataset"],
    ),
    case(
        spec,
        &["score", "pairs.csv", "--a", "a.csv", "--b", "b.csv", "--spec", "spec.toml", "--threshold", "1"],
        &["--threshold 1", "--score COLUMN"],
    ),
    // Runs that are not there.
    case(nothing, &["explain", "nowhere", "1", "2"], &[]),
    case(nothing, &["explain"], &["--request"]),
    case(nothing, &["explain", "--people", "5000", "--request", "100000"], &["--request", "numbered 0 to"]),
    case(
        nothing,
        &["run", "--people", "5000", "--requests", "5000", "--out", "out"],
        &["requester.requests", "has only"],
    ),
    case(nothing, &["run", "--people", "5000", "--threads", "0", "--out", "out"], &["--threads"]),
    case(own_folder, &["run", "--people", "5000", "--out", "mine"], &["mine", "choose another"]),
    case(spec, &["link", "a.csv", "b.csv", "--spec", "spec.toml", "--assignment", "bets"], &["did you mean \"best\""]),
    case(spec, &["link", "a.csv", "b.csv", "--spec", "spec.toml", "--json", "./a.csv"], &["a.csv", "another file"]),
    case(spec, &["explain", "a.csv", "b.csv", "--spec", "spec.toml", "--pair", "r9", "r1"], &["a.csv", "r9"]),
    case(nothing, &["merge", "nowhere", "--out", "out"], &["nowhere"]),
    case(empty_shard, &["merge", "shard", "--out", "out"], &["shard", "has no shard.json", "not a part of a run"]),
    case(binary_shard, &["merge", "shard", "--out", "out"], &["shard"]),
];

#[test]
fn bad_usage_and_bad_input_say_what_was_wrong_and_leave_nothing() {
    let mut wrong = Vec::new();
    for Case { prepare, arguments, says } in CASES {
        let folder = tempfile::tempdir().unwrap();
        prepare(folder.path());
        let before = listing(folder.path());
        let run = namesake_in(folder.path(), arguments);
        let mut complaints = complaints(&run, says);
        let after = listing(folder.path());
        if before != after {
            complaints.push(format!("the folder held {before:?} and holds {after:?}"));
        }
        if !complaints.is_empty() {
            wrong.push(format!(
                "namesake {}\n  {}\n  it said: {}",
                arguments.join(" "),
                complaints.join("\n  "),
                said(&run)
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), CASES.len(), wrong.join("\n"));
}

#[test]
fn a_result_that_cannot_be_written_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let run = namesake_in(folder.path(), &["run", "--people", "2000", "--out", "out", "--json", "/dev/full"]);
    assert!(complaints(&run, &["/dev/full"]).is_empty(), "{run:?}");

    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let run: Run = command(folder.path(), &["compare", "a", "b", "--json", "-"]).stdout(full).output().unwrap().into();
    assert!(complaints(&run, &[]).is_empty(), "{run:?}");
}

#[test]
fn a_full_disk_leaves_no_half_written_folder() {
    let Some(disk) = SmallDisk::mount() else {
        skipped("mounting a disk is not allowed here, so a full disk was not tried");
        return;
    };
    for command in ["run", "generate"] {
        let run = namesake_in(
            disk.0.path(),
            &[command, "--people", "200k", "--requests", "15k", "--set", "population.final_order=0.09", "--out", "out"],
        );
        assert!(complaints(&run, &["out"]).is_empty(), "{run:?}");
        assert_eq!(listing(disk.0.path()), [""; 0], "{command}");
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        &["scenarios"][..],
        &["scenarios", "--json", "-"],
        &["compare", "Zoë", "Zoe"],
        &["run", "--people", "2000", "--quiet", "--out", "out", "--json", "-"],
        &["--help"],
    ] {
        let mut child =
            command(folder.path(), arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // The reading end closes before anything was written.
        drop(child.stdout.take());
        let run = Run::from(child.wait_with_output().unwrap());
        assert_eq!(run.code, Some(0), "{arguments:?}: {run:?}");
        assert!(!run.stderr.contains("panicked"), "{arguments:?}: {run:?}");
    }
}

/// The faults in the failure of a run.
fn complaints(run: &Run, says: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    if run.code != Some(2) {
        found.push(format!("exit {:?}, not 2", run.code));
    }
    if !run.stdout.is_empty() {
        found.push("stdout is for data".to_string());
    }
    if run.stderr.trim().is_empty() {
        found.push("not a word on stderr".to_string());
    }
    found.extend(says.iter().filter(|word| !run.stderr.contains(**word)).map(|word| format!("no word of {word}")));
    let machine_talk = [
        "panicked",
        "RUST_BACKTRACE",
        "os error 0",
        "Os {",
        "Error(",
        "struct ",
        "enum ",
        "variant",
        "u32",
        "u64",
        "f64",
        "usize",
        "literal",
        "invalid type",
        "float",
        "sequence",
    ];
    found.extend(machine_talk.iter().filter(|word| run.stderr.contains(**word)).map(|word| format!("talk of {word}")));
    if run.stderr.len() > 4000 {
        found.push(format!("{} bytes of message", run.stderr.len()));
    }
    found
}

fn said(run: &Run) -> String {
    run.stderr.chars().take(600).collect()
}

fn listing(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = entries.collect();
    names.sort();
    names
}

// --- What is in the folder before the run. ---

fn nothing(_: &Path) {}

fn scenario_folder(here: &Path) {
    fs::create_dir(here.join("s.toml")).unwrap();
}

fn out_file(here: &Path) {
    fs::write(here.join("out"), "a file where a folder should be").unwrap();
}

fn empty_shard(here: &Path) {
    fs::create_dir(here.join("shard")).unwrap();
}

fn binary_shard(here: &Path) {
    fs::write(here.join("shard"), [0, 159, 146, 150]).unwrap();
}

fn binary_scenario(here: &Path) {
    fs::write(here.join("s.toml"), [0, 159, 146, 150, 255]).unwrap();
}

fn long_scenario(here: &Path) {
    fs::write(here.join("s.toml"), vec![b'a'; 100_000_000]).unwrap();
}

fn misspelt_scenario(here: &Path) {
    let text = "base = \"tax-address-request\"\n[population]\npeeple = 2000\n";
    fs::write(here.join("s.toml"), text).unwrap();
}

fn nobody_scenario(here: &Path) {
    let text = "base = \"tax-address-request\"\n[population]\npeople = 0\n";
    fs::write(here.join("s.toml"), text).unwrap();
}

fn own_folder(here: &Path) {
    fs::create_dir(here.join("mine")).unwrap();
    fs::write(here.join("mine/letter.txt"), "not yours to replace").unwrap();
}

fn no_sweep(here: &Path) {
    fs::create_dir(here.join("mine")).unwrap();
    fs::write(here.join("mine/scenario.toml"), "").unwrap();
    fs::write(here.join("mine/summary.csv"), "").unwrap();
}

fn routes_scenario(here: &Path) {
    let text = "base = \"tax-address-request\"\nroutes = [\"number\"]\n";
    fs::write(here.join("s.toml"), text).unwrap();
}

fn worded_scenario(here: &Path) {
    let text = "base = \"tax-address-request\"\n[holder]\nold_address_years = \"four\"\n";
    fs::write(here.join("s.toml"), text).unwrap();
}

fn line_scenario(here: &Path) {
    let text = "base = \"tax-address-request\"\n[population]\npeople = = 3\n";
    fs::write(here.join("s.toml"), text).unwrap();
}

fn empty_scenario(here: &Path) {
    fs::write(here.join("s.toml"), "").unwrap();
}

fn spec(here: &Path) {
    const GOOD: &str = "record_id,entity,first,last\nr1,e1,Zoë,Nuñez\nr2,e2,Ana,Li\n";
    const SPEC: &str = "id = \"record_id\"\ntruth = \"entity\"\n[fields]\ngiven_name = \"first\"\nsurname = \"last\"\n";
    let write = |name: &str, bytes: &[u8]| fs::write(here.join(name), bytes).unwrap();
    write("a.csv", GOOD.as_bytes());
    write("b.csv", GOOD.as_bytes());
    write("spec.toml", SPEC.as_bytes());
    write("no-column.toml", SPEC.replace("\"first\"", "\"frist\"").as_bytes());
    write("no-key.toml", SPEC.replace("[fields]", "[feilds]").as_bytes());
    write("empty.csv", b"");
    write("header.csv", b"record_id,entity,first,last\n");
    write("pairs.csv", b"unique_id_l,unique_id_r\nr1,r1\n");
    write("unknown.csv", b"unique_id_l,unique_id_r\nr1,r1\nr1,r9\n");
    write("paired.csv", b"id_a,id_b\nr1,r1\nr2,r1\nr1,r1\n");
    write("clusters.csv", b"record_id,cluster_id\nr1,c\n");
    write("binary.csv", &(0..=255).cycle().take(5000).collect::<Vec<u8>>());
    write("latin1.csv", b"record_id,entity,first,last\nr1,e1,Zo\xEB,Nu\xF1ez\n");
    write("ragged.csv", b"record_id,entity,first,last\nr1,e1,Ana,Li\nr2,e2,Ana\n");
    write("twice.csv", b"record_id,entity,first,last\nr1,e1,Ana,Li\nr1,e2,Bo,Li\n");
    write("untrue.csv", b"record_id,entity,first,last\nr1,,Ana,Li\n");
    fs::create_dir(here.join("dir.csv")).unwrap();
}

/// A file that is one line of 100 MB, as when the wrong kind of file was renamed.
fn long_line(here: &Path) {
    spec(here);
    fs::write(here.join("long.csv"), vec![b'a'; 100_000_000]).unwrap();
}

/// A disk of 1 MB in memory, unmounted when dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<SmallDisk> {
        let folder = tempfile::tempdir().unwrap();
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=1m", "none"]).arg(folder.path()).output();
        mount.is_ok_and(|output| output.status.success()).then(|| SmallDisk(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // A disk that stays mounted is a nuisance, not a reason to fail.
        let _ = Command::new("umount").arg(self.0.path()).output();
    }
}
