//! The world outside: kills, two at once, closed streams, refused threads and memory, text that a terminal would obey.

use crate::support::{Run, command, done_in, files, namesake_in, skipped};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const RUN: [&str; 6] = ["run", "--people", "2k", "--alone", "--out", "out"];
/// Long enough to be found at work.
const LONG: [&str; 7] = ["sweep", "--people", "20k", "--vary", "requester.dependence=0,0.6", "--replicates", "20"];

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = entries.collect();
    names.sort();
    names
}

/// Waits until something holds, for at most a minute.
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(60), "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The program as process 1 of a space of processes of its own, as in a container; `None` where that is not allowed.
fn contained<S: AsRef<std::ffi::OsStr>>(here: &Path, arguments: &[S]) -> Option<Command> {
    let unshare = ["--pid", "--fork", "--kill-child", "--mount-proc"];
    let allowed = Command::new("unshare").args(unshare).arg("true").stderr(Stdio::null()).status();
    if !allowed.is_ok_and(|status| status.success()) {
        skipped("unshare --pid is not allowed here, so nothing was killed as process 1 of a container");
        return None;
    }
    let program = command(here, arguments);
    let mut contained = Command::new("unshare");
    contained.args(unshare).arg(program.get_program()).args(program.get_args()).current_dir(here).stdin(Stdio::null());
    Some(contained)
}

/// Runs the program to its end, as soon as a process that was killed is gone.
fn when_free(here: &Path, arguments: &[&str]) {
    let mut last = None;
    until("the killed process is gone", || {
        !last.insert(namesake_in(here, arguments)).stderr.contains("another namesake is writing")
    });
    assert_eq!(last.as_ref().and_then(|run| run.code), Some(0), "{last:?}");
}

fn silent(mut command: Command) -> Child {
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

#[test]
fn twenty_kills_as_process_1_of_a_container_leave_what_a_run_without_them_leaves() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    let sweep = ["sweep", "--vary", "people=2k,4k", "--replicates", "6"];
    let started = Instant::now();
    done_in(here, &[&sweep[..], &["--quiet", "--out", "whole"]].concat());
    let whole = started.elapsed();
    for kill in 0..20_u32 {
        for command in [&[&sweep[..], &["--out", "killed"]].concat(), &RUN.to_vec()] {
            let Some(command) = contained(here, command) else { return };
            let mut child = silent(command);
            std::thread::sleep(whole.mul_f64(f64::from(kill * 37 % 100) / 100.0) + Duration::from_millis(1));
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
    when_free(here, &[&sweep[..], &["--out", "killed"]].concat());
    when_free(here, &RUN);
    assert!(files(&here.join("whole")) == files(&here.join("killed")));
    assert_eq!(names(here), ["killed", "out", "whole"]);
}

#[test]
fn a_kill_between_the_two_renames_brings_the_earlier_result_back() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    done_in(here, &RUN);
    let before = files(&here.join("out"));
    // As it is left by such a kill; and of a run of older days, half a folder.
    let workshop = here.join(".out.unfinished");
    fs::create_dir_all(workshop.join("new")).unwrap();
    fs::write(workshop.join("new/results.json"), "{").unwrap();
    fs::write(workshop.join("lock"), "").unwrap();
    fs::write(here.join("out/.probe.namesake-0"), "").unwrap();
    fs::rename(here.join("out"), workshop.join("earlier")).unwrap();
    // The next command finds it, whatever becomes of that command itself.
    let mut child = silent(command(here, &[&LONG[..], &["--out", "out"]].concat()));
    child.wait().unwrap();
    fs::remove_file(here.join("out/.probe.namesake-0")).unwrap();
    assert!(before == files(&here.join("out")), "a sweep does not replace a run");
    fs::write(here.join("out/.probe.namesake-0"), "").unwrap();
    assert_eq!(names(here), ["out"]);
    fs::create_dir_all(&workshop).unwrap();
    fs::rename(here.join("out"), workshop.join("earlier")).unwrap();
    done_in(here, &RUN);
    assert!(before == files(&here.join("out")));
    assert_eq!(names(here), ["out"]);
}

#[test]
fn of_two_at_once_on_one_folder_the_second_is_refused_and_the_first_is_undisturbed() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    let sweep = [&LONG[..], &["--quiet", "--out", "out"]].concat();
    let first = silent(command(here, &sweep));
    until("the first is at work", || here.join(".out.unfinished/journal.jsonl").exists());
    for second in [&sweep, &RUN.to_vec()] {
        let refused = namesake_in(here, second);
        assert_eq!((refused.code, &refused.stdout[..]), (Some(2), ""), "{refused:?}");
        assert!(refused.stderr.contains("out: another namesake is writing this folder"), "{refused:?}");
        assert!(refused.stderr.contains("--out"), "{refused:?}");
    }
    // Another process number, as seen from another container, changes nothing.
    if let Some(mut second) = contained(here, &sweep) {
        let refused = Run::from(second.output().unwrap());
        assert!(refused.stderr.contains("another namesake"), "{refused:?}");
    }
    assert!(first.wait_with_output().unwrap().status.success());
    assert_eq!(names(here), ["out"]);
    assert_eq!(namesake_in(here, &sweep).code, Some(0));
}

#[test]
fn ctrl_c_says_what_is_kept_and_ends_with_130() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    let interrupted = |arguments: &[&str], ready: &dyn Fn() -> bool| {
        // A shell starts what runs in the background with the signal ignored, and these tests may run there.
        let mut child = Command::new("env");
        child.args(["--default-signal=INT", env!("CARGO_BIN_EXE_namesake")]).args(arguments).current_dir(here);
        child.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = child.spawn().unwrap();
        until("it is at work", ready);
        let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        assert!(kill.success());
        Run::from(child.wait_with_output().unwrap())
    };
    let sweep = [&LONG[..], &["--out", "sweep"]].concat();
    let journal = here.join(".sweep.unfinished/journal.jsonl");
    let rows = || fs::read_to_string(&journal).map_or(0, |text| text.lines().count().saturating_sub(1));
    let said = interrupted(&sweep, &|| rows() > 0);
    assert_eq!(said.code, Some(130), "{said:?}");
    let kept = format!("interrupted; {} of 40 runs are finished and kept; give the same command again", rows());
    assert!(said.stderr.contains(&kept), "{kept}: {said:?}");
    assert_eq!(names(here), [".sweep.unfinished"]);
    assert_eq!(names(&here.join(".sweep.unfinished")), ["journal.jsonl"]);
    let again = done_in(here, &sweep);
    assert!(again.stderr.contains("runs were done before"), "{again:?}");

    let run = ["run", "--people", "2M", "--alone", "--out", "below/out"];
    let said = interrupted(&run, &|| here.join("below/.out.unfinished/new").exists());
    assert_eq!(said.code, Some(130), "{said:?}");
    assert!(said.stderr.contains("interrupted; nothing was written to below/out"), "{said:?}");
    assert_eq!(names(&here.join("below")), [""; 0]);
}

#[test]
fn ctrl_c_on_a_terminal_finishes_the_line_of_the_progress() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    let program = env!("CARGO_BIN_EXE_namesake");
    let run = format!("env --default-signal=INT {program} run --people 20M --alone --out out");
    let mut script = Command::new("script");
    script.args(["-qec", &run, "/dev/null"]).current_dir(here).stdin(Stdio::piped()).stdout(Stdio::piped());
    let Ok(mut child) = script.spawn() else {
        skipped("a terminal is not allowed here (no program called script), so no progress was interrupted");
        return;
    };
    let mut shown = String::new();
    while !shown.contains("left") {
        let mut some = [0; 4096];
        let length = child.stdout.as_mut().unwrap().read(&mut some).unwrap();
        assert!(length > 0, "it ended without a word of its progress: {shown}");
        shown += &String::from_utf8_lossy(&some[..length]);
    }
    child.stdin.as_mut().unwrap().write_all(b"\x03").unwrap();
    let run = Run::from(child.wait_with_output().unwrap());
    assert_eq!(run.code, Some(130), "{run:?}");
    assert!(run.stdout.contains("\nnamesake: interrupted; nothing was written to out"), "{run:?}");
}

#[test]
fn a_standard_error_that_is_closed_or_full_ends_no_work() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    let full = || Stdio::from(File::options().write(true).open("/dev/full").unwrap());
    let closed = || {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        Stdio::from(writer)
    };
    for stderr in [&full as &dyn Fn() -> Stdio, &closed] {
        for arguments in [&RUN[..], &["scenarios", "show", "tax-address-request"]] {
            let known = namesake_in(here, arguments).code;
            let ended = command(here, arguments).stderr(stderr()).stdout(Stdio::null()).status().unwrap();
            assert_eq!((ended.code(), ended.signal()), (known, None), "{arguments:?}");
        }
        let wrong = command(here, &["run", "--people", "0"]).stderr(stderr()).stdout(Stdio::null()).status().unwrap();
        assert_eq!(wrong.code(), Some(2));
    }
    assert_eq!(names(here), ["out"]);
}

#[test]
fn results_for_a_standard_output_that_is_closed_are_refused_before_the_work() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    let files = "id,who,last\n1,1,Nuñez\n2,2,Ōe\n";
    fs::write(here.join("a.csv"), files).unwrap();
    fs::write(here.join("pairs.csv"), "id_l,id_r\n1,1\n").unwrap();
    fs::write(here.join("spec.toml"), "id = \"id\"\ntruth = \"who\"\n[fields]\nsurname = \"last\"\n").unwrap();
    let program = env!("CARGO_BIN_EXE_namesake");
    let ends = |arguments: &str, into: &str| {
        let script = format!("exec '{program}' {arguments} {into}");
        Run::from(Command::new("sh").args(["-c", &script]).current_dir(here).output().unwrap())
    };
    let two = "a.csv a.csv --spec spec.toml";
    for (alone, elsewhere) in [
        (format!("link {two}"), "--pairs found.csv"),
        ("score pairs.csv --a a.csv --b a.csv --spec spec.toml".to_owned(), "--json score.json"),
        (format!("explain {two} --pair 1 2"), "--svg why.svg"),
        ("scenarios".to_owned(), "--json scenarios.json"),
        ("compare Zoë Zoe".to_owned(), "--quiet"),
        ("sweep --people 2k --vary requester.dependence=0,1 --replicates 1 --out s --json -".to_owned(), ""),
        ("run --people 2k --alone --out r --json -".to_owned(), ""),
    ] {
        let refused = ends(&alone, ">&-");
        assert!(
            refused.code == Some(2) && refused.stderr.contains("standard output is closed"),
            "{alone}: {refused:?}"
        );
        assert!(!here.join("r").exists() && !here.join("s").exists());
        let thrown_away = ends(&alone, "> /dev/null");
        assert_eq!(thrown_away.code, Some(0), "{alone}: {thrown_away:?}");
        // What is written elsewhere as well is not lost.
        let kept = ends(&format!("{} {elsewhere}", alone.trim_end_matches(" --json -")), ">&-");
        assert_eq!(kept.code, Some(0), "{alone} {elsewhere}: {kept:?}");
        for folder in ["r", "s"] {
            fs::remove_dir_all(here.join(folder)).ok();
        }
    }
}

#[test]
fn refused_threads_are_said_and_the_work_is_done_on_fewer() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    done_in(here, &RUN);
    let expected = files(&here.join("out"));
    // No thread can have a stack larger than there are addresses.
    let mut none = command(here, &[&RUN[..], &["--threads", "4"]].concat());
    let run = Run::from(none.env("RUST_MIN_STACK", "400000000000000").output().unwrap());
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stderr.contains("the system allows 1 of 4 threads"), "{run:?}");
    assert!(expected == files(&here.join("out")));
    let sweep = ["sweep", "--vary", "people=2k,4k", "--replicates", "1", "--threads", "4", "--out"];
    let mut none = command(here, &[&sweep[..], &["alone"]].concat());
    assert!(none.env("RUST_MIN_STACK", "400000000000000").output().unwrap().status.success());
    done_in(here, &[&sweep[..], &["together"]].concat());
    assert!(files(&here.join("alone")) == files(&here.join("together")));

    let mut many = command(here, &RUN);
    let run = Run::from(many.env("RAYON_NUM_THREADS", "200000").output().unwrap());
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("RAYON_NUM_THREADS=200000: write a number of threads between 1 and 1024"), "{run:?}");
}

#[test]
fn requests_that_do_not_fit_into_memory_are_refused_before_the_work() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    let run = [env!("CARGO_BIN_EXE_namesake"), "run", "--people", "330M", "--requests", "1M", "--out", "out"];
    let limited = format!("ulimit -v 1000000; exec {}", run.join(" "));
    let started = Instant::now();
    let refused = Command::new("sh").args(["-c", &limited]).current_dir(here).output().unwrap();
    let refused = Run::from(refused);
    assert_eq!(refused.code, Some(2), "{refused:?}");
    let says = ["1,000,000 people asked for", "about 3.6 GB of memory", "are free", "lower --requests"];
    assert!(says.iter().all(|word| refused.stderr.contains(word)), "{refused:?}");
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
    assert_eq!(names(here), [""; 0]);
}

#[test]
fn a_sweep_whose_reader_has_seen_enough_leaves_its_result_and_nothing_else() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    let sweep = ["sweep", "--vary", "people=2k,4k", "--replicates", "1", "--out", "out", "--json", "-"];
    let mut child = command(here, &sweep).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
    assert_eq!(names(here), ["out"]);
}

#[test]
fn places_that_cannot_be_replaced_are_refused_before_the_work() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    let fifo = here.join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    done_in(here, &RUN);
    let mut readonly = fs::metadata(here.join("out")).unwrap().permissions();
    readonly.set_readonly(true);
    fs::set_permissions(here.join("out"), readonly).unwrap();
    // So large that a refusal after the work would take minutes.
    for (place, says) in [
        ("/dev/null", "is a device, a pipe or a socket"),
        ("fifo", "is a device, a pipe or a socket"),
        ("out", "may not be written to"),
        ("/proc", "where a disk is mounted"),
    ] {
        let started = Instant::now();
        let run = namesake_in(here, &["run", "--people", "330M", "--requests", "10k", "--alone", "--out", place]);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains(says) && run.stderr.contains("choose another --out"), "{place}: {run:?}");
        assert!(started.elapsed() < Duration::from_secs(30), "{place}");
    }
    for json in ["nowhere/a.json", "out", "fifo/a.json"] {
        let started = Instant::now();
        let run = ["run", "--people", "330M", "--requests", "10k", "--alone", "--out", "new", "--json", json];
        let run = namesake_in(here, &run);
        assert!(run.code == Some(2) && run.stderr.contains(json), "{run:?}");
        assert!(started.elapsed() < Duration::from_secs(30), "{json}");
    }
    assert_eq!(names(here), ["fifo", "out"]);
}

#[test]
fn a_terminal_obeys_nothing_that_comes_from_a_file() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    const ESC: &str = "\u{1b}]0;owned\u{7}\u{9b}2J\u{202e}";
    let table = |rows: &str| format!("id,entity,first,last,gr{ESC}oup\n{rows}");
    let rows: String = (0..40).map(|i| format!("r{i},e{i},Zoë{i},Nuñez{},g{ESC}{}\n", i % 7, i % 2)).collect();
    fs::write(here.join("a.csv"), table(&rows)).unwrap();
    fs::write(here.join("b.csv"), table(&rows)).unwrap();
    let spec =
        "id = \"id\"\ntruth = \"entity\"\ngroups = [\"GROUP\"]\n[fields]\ngiven_name = \"first\"\nsurname = \"last\"\n";
    fs::write(here.join("spec.toml"), spec.replace("GROUP", "gr\\u001b]0;owned\\u0007\\u009b2J\\u202eoup")).unwrap();
    fs::write(here.join("wrong.toml"), spec.replace("[\"GROUP\"]", "[\"x\\u001b[2J\"]")).unwrap();
    let scenario = "base = \"tax-address-request\"\nname = \"n\\u001b[2J\"\n[population]\npeople = 2000\n";
    fs::write(here.join("s.toml"), scenario).unwrap();
    let linked = done_in(here, &["link", "a.csv", "b.csv", "--spec", "spec.toml"]);
    let wrong = namesake_in(here, &["link", "a.csv", "b.csv", "--spec", "wrong.toml"]);
    assert!(wrong.stderr.contains("gr\\u001b]0;owned\\u0007\\u009b2J\\u202eoup"), "{wrong:?}");
    assert_eq!(wrong.code, Some(2));
    let ran = namesake_in(here, &["run", "s.toml", "--out", "out", "--alone"]);
    let set = namesake_in(here, &["run", "--set", "a\u{1b}[2J=3"]);
    let flag = namesake_in(here, &["run", "--peo\u{1b}[2Jple", "3"]);
    let json = namesake_in(here, &["link", "a.csv", "b.csv", "--spec", "spec.toml", "--json", "-"]);
    assert!(json.stdout.contains("g\\u001b]0;owned\\u0007\\u009b2J\\u202e1"), "{json:?}");
    for run in [linked, wrong, ran, set, flag, json] {
        let both = format!("{}{}", run.stdout, run.stderr);
        let obeyed = both.chars().find(|c| c.is_control() && !"\n\t".contains(*c) || *c == '\u{202e}');
        assert_eq!(obeyed, None, "{run:?}");
    }
}

#[test]
fn messages_about_giant_values_stay_short() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    let giant = "ë".repeat(50_000);
    for arguments in [
        &["run", "--set", &format!("holder.errors.typing={giant}")][..],
        &["run", &giant],
        &["run", "--people", &giant],
        &["sweep", "--vary", &format!("people={giant}")],
        &["compare", "a", "b", "--json", &format!("{giant}/x")],
    ] {
        let run = namesake_in(here, arguments);
        assert_eq!(run.code, Some(2));
        assert!(run.stderr.len() < 6_000 && run.stderr.contains("characters left out"), "{} bytes", run.stderr.len());
    }
}

#[test]
fn the_flag_that_is_to_blame_is_named_as_it_was_typed() {
    let temporary = tempfile::tempdir().unwrap();
    for (arguments, says) in [
        (&["--seed", "2", "--set", "holder.errors.typing=2"][..], "--set holder.errors.typing=2: holder.errors.typing"),
        (&["--people", "0", "--set", "holder.errors.typing=0.1"], "--people 0: population.people"),
        (&["--seed", "2", "--people", "5k", "--set", "sede=3"], "--set sede=3: "),
        (
            &["--people", "5k", "--set", "holder.errors.typing=0.1", "--set", "holder.dependence=7"],
            "--set holder.dependence=7: holder.dependence",
        ),
    ] {
        let run = namesake_in(temporary.path(), &[&["run"][..], arguments].concat());
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.starts_with(&format!("namesake: {says}")), "{says}: {run:?}");
    }
}

#[test]
fn flags_work_on_every_command_or_are_said_to_be_of_no_use_there() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    let run = done_in(here, &["scenarios", "--json", "list.json", "--quiet"]);
    assert_eq!((&run.stdout[..], &run.stderr[..]), ("", ""));
    let json = done_in(here, &["scenarios", "--json", "-", "--quiet"]).stdout;
    assert_eq!(json.as_bytes(), fs::read(here.join("list.json")).unwrap());
    assert_eq!(done_in(here, &["compare", "Zoë", "Zoe", "--quiet", "--threads", "1"]).stdout, "");
    for (arguments, says) in [
        (&["compare", "a", "b", "--seed", "3"][..], "compare does not take --seed: it simulates nothing"),
        (&["score", "p", "--people=3"], "score does not take --people"),
        (&["explain", "--out", "x", "--request", "3"], "explain does not take --out: it writes no folder"),
        (&["explain", "--shard", "1/2", "--request", "3"], "explain does not take --shard"),
        (&["generate", "--shard", "1/2", "--out", "x"], "generate does not take --shard: it is not done in parts"),
        (&["merge", "a", "--requests", "3", "--out", "x"], "merge does not take --requests: the parts say"),
        (&["validate", "--requests", "3"], "validate does not take --requests"),
        (&["explain", "a", "b", "--spec", "s", "--pair", "1", "2", "--seed", "3"], "--seed: two labelled files"),
    ] {
        let run = namesake_in(here, arguments);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains(says) && run.stderr.contains("leave it out"), "{says}: {run:?}");
    }
    // No command takes it, so nothing is said of others.
    let run = namesake_in(here, &["run", "library-card", "-o", "x"]);
    assert!(run.stderr.contains("unexpected argument '-o'") && !run.stderr.contains("simulates nothing"), "{run:?}");
}

#[test]
fn parts_that_cannot_be_are_refused_at_once() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    done_in(here, &["sweep", "--vary", "people=2k,3k", "--replicates", "1", "--shard", "1/2", "--out", "part"]);
    done_in(here, &["run", "--people", "2k", "--shard", "1/9999", "--out", "far"]);
    let refused = namesake_in(here, &["merge", "far", "--out", "whole"]);
    assert!(refused.stderr.contains("2/9999, 3/9999") && refused.stderr.contains("and 9990 more"), "{refused:?}");
    for (folder, file) in [("part", "sweep-shard.jsonl"), ("far", "shard.json")] {
        let path = here.join(folder).join(file);
        let text = fs::read_to_string(&path).unwrap();
        let (head, of) = (text.lines().next().unwrap(), if folder == "part" { "2" } else { "9999" });
        let forged = head.replacen(&format!("\"parts\":{of}"), "\"parts\":18446744073709551615", 1);
        assert_ne!(head, forged);
        fs::write(&path, text.replacen(head, &forged, 1)).unwrap();
        let started = Instant::now();
        let refused = namesake_in(here, &["merge", folder, "--out", "whole"]);
        assert_eq!(refused.code, Some(2), "{refused:?}");
        assert!(started.elapsed() < Duration::from_secs(10) && refused.stderr.len() < 1_000, "{refused:?}");
    }
}

#[test]
fn what_a_killed_process_left_beside_a_file_is_removed_and_what_a_living_one_writes_is_not() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    let [dead, living] = ["0", "1"].map(|name| here.join(format!(".a.json.partial-{name}")));
    fs::write(&dead, "{").unwrap();
    let writing = File::create(&living).unwrap();
    writing.lock().unwrap();
    done_in(here, &["compare", "Zoë", "Zoe", "--json", "a.json"]);
    assert_eq!(names(here), [".a.json.partial-1", "a.json"]);
    let mut text = String::new();
    File::open(here.join("a.json")).unwrap().read_to_string(&mut text).unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    // A name that is no text is a name.
    let odd = std::ffi::OsStr::from_bytes(b"b\xff.json");
    let arguments = ["compare", "a", "b", "--json"].map(std::ffi::OsStr::new);
    done_in(here, &[&arguments[..], &[odd]].concat());
    assert!(here.join(odd).is_file());
}
