//! `link`, and whatever else is done with two labelled files.

use super::args::{LinkArgs, ScoreArgs};
use super::everywhere::Everywhere;
use super::output::{self, Failure};
use namesake::bridge::{BridgeError, Chosen, Found, LabelledPair, Spec};
use namesake::experiment::link::{LinkSpec, check, link, score};
use namesake::linkage::Assignment;
use namesake::report;
use namesake::results::labelled::{BlockingResults, CheckResults, Inputs, LinkResults, ScoreResults};
use namesake::scenario::did_you_mean;
use std::path::{Path, PathBuf};

/// Reads two labelled files and how they are to be matched.
pub fn labelled(a: &Path, b: &Path, spec: &Path) -> Result<(LabelledPair, LinkSpec), Failure> {
    let path = spec;
    let spec = Spec::read(path).map_err(Failure::of)?;
    // A name in a spec is meant from where the spec is.
    let how = LinkSpec::extended(&spec, &output::saved_models(path.parent())).map_err(Failure::of)?;
    Ok((LabelledPair::read(a, b, &spec).map_err(Failure::of)?, how))
}

/// `link`.
pub fn link_command(args: &LinkArgs) -> Result<(), Failure> {
    written_apart(&[&args.pairs, &args.everywhere.json, &args.save_model], &[&args.a, &args.b, &args.spec])?;
    if args.pairs.as_deref() == Some(Path::new("-")) {
        return Err(Failure::Message("--pairs -: the pairs are written to a file; name one".to_owned()));
    }
    let (files, mut how) = labelled(&args.a, &args.b, &args.spec)?;
    if args.check {
        let checked = CheckResults::of(&files, &check(&files, &how));
        return args.everywhere.answer(|| checked.to_json(), || Ok(report::check::check_text(&checked)));
    }
    files.check_truth().map_err(Failure::of)?;
    let idle = how.idle_key();
    if let Some(name) = &args.assignment {
        let names = || Assignment::ALL.into_iter().map(Assignment::name);
        how.assignment = Assignment::from_name(name).ok_or_else(|| {
            Failure::Message(format!(
                "--assignment {name}: there are {}{}",
                names().collect::<Vec<_>>().join(", "),
                did_you_mean(name, names())
            ))
        })?;
    }
    // A margin may be stated for an assignment that --assignment names, and be left for one that it takes the place of.
    if let (Some(idle), Some(_)) = (idle, how.idle_key()) {
        let error = BridgeError::new(&args.spec.display().to_string(), idle.problem, idle.remedy).about(idle.key);
        return Err(Failure::of(error));
    }
    if args.thorough && !how.choose_rules {
        let message =
            "--thorough: it uses every rule of default blocking, and here the rules are stated; leave one out";
        return Err(Failure::Message(message.to_owned()));
    }
    how.choose_rules &= !args.thorough;
    let result = link(&files, &how);
    if let Some(path) = &args.pairs {
        let mut text = Vec::new();
        namesake::bridge::write_pairs(&mut text, result.pair_rows(&files)).map_err(Failure::of)?;
        output::write_whole(path, &text)?;
    }
    if let Some(path) = &args.save_model {
        let Some(saved) = result.saved(&how) else {
            return Err(Failure::Message("--save-model: this model is custom code; leave it out".to_owned()));
        };
        let text = if path.extension().is_some_and(|extension| extension == "json") {
            serde_json::to_string_pretty(&saved).map_err(Failure::of)? + "\n"
        } else {
            toml::to_string(&saved).map_err(Failure::of)?
        };
        output::write_whole(path, text.as_bytes())?;
    }
    if args.analyse_blocking {
        let blocking = BlockingResults::of(&files, &result);
        // The table was asked for by a flag of its own, so that it is printed even if no summary shall be.
        let asked = Everywhere { quiet: false, ..args.everywhere.clone() };
        return asked.answer(|| blocking.to_json(), || Ok(report::link::blocking_text(&blocking)));
    }
    let (inputs, results) = (Inputs::of_link(&files, &result), LinkResults::of(&files, &result));
    args.everywhere.answer(|| results.to_json(), || Ok(report::link::link_summary(&inputs, &results)))?;
    // The program ends here: to give back millions of small pieces of memory one by one would only take its time.
    std::mem::forget((files, result));
    Ok(())
}

/// `score`.
pub fn score_command(args: &ScoreArgs) -> Result<(), Failure> {
    written_apart(&[&args.everywhere.json], &[&args.pairs, &args.a, &args.b, &args.spec])?;
    let spec = Spec::read(&args.spec).map_err(Failure::of)?;
    let files = LabelledPair::read(&args.a, &args.b, &spec).map_err(Failure::of)?;
    files.check_truth().map_err(Failure::of)?;
    let chosen = Chosen {
        score: args.score.as_deref(),
        threshold: args.threshold,
        matches: args.matches.as_deref(),
        clusters: args.clusters.as_deref(),
    };
    let found = Found::read(&args.pairs, &files, &spec, &chosen).map_err(Failure::of)?;
    let scored = score(&files, &found, args.threshold);
    let (inputs, results) = (Inputs::of_score(&files, &scored), ScoreResults::of(&files, &found, &scored));
    args.everywhere.answer(|| results.to_json(), || Ok(report::score::score_summary(&inputs, &results)))
}

/// Refuses to write over a file that is read, and to write one file twice.
fn written_apart(written: &[&Option<PathBuf>], read: &[&PathBuf]) -> Result<(), Failure> {
    let folder =
        |path: &Path| path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new(".")).canonicalize();
    // A device such as /dev/null takes what it gets.
    let regular = |path: &&PathBuf| path.metadata().map_or(true, |metadata| metadata.is_file());
    let place = |path: &Path| Some((folder(path).ok()?, path.file_name()?.to_owned()));
    let places: Vec<(&PathBuf, _)> = written
        .iter()
        .filter_map(|path| path.as_ref())
        .filter(regular)
        .filter_map(|path| Some((path, place(path)?)))
        .collect();
    for (i, (path, place)) in places.iter().enumerate() {
        if places[..i].iter().any(|(_, other)| other == place) {
            return Err(Failure::Message(format!("{}: is to be written twice; name two files", path.display())));
        }
    }
    for written in written.iter().copied().flatten() {
        output::can_be_written(Some(written))?;
        let same = |read: &&&PathBuf| written.canonicalize().is_ok_and(|path| read.canonicalize().ok() == Some(path));
        if let Some(read) = read.iter().find(same) {
            return Err(Failure::Message(format!(
                "{}: is read by this command; write to another file",
                read.display()
            )));
        }
    }
    Ok(())
}
