//! The reach of published figures: the text for the terminal, a row for each draw, a page with a picture.

mod page;
mod kept;

use super::allowed::in_words;
use super::written::{counted, csv_of, ends, percent, thousands, wrap};
use crate::experiment::infer::{DRAWS, Drawn, Draws, Inference, Near};
use crate::results::infer::{AskFor, InferResults, InferredRate, Informed, PublishedTarget, Summary, Trade};
use crate::scenario::Scenario;
use crate::scenario::case::Measure;
use crate::stats::distance;

/// The files of an inference that hold its results; the last one only where two assumptions trade off.
pub const FILES: [&str; 6] = ["infer.csv", "infer.json", "infer.html", "infer.svg", "inferred.toml", "together.svg"];

/// The files of an inference that hold its results. Rows, scenario and times of a folder on disk are the command line's.
pub fn bundle(results: &InferResults, inference: &Inference, draws: &Draws) -> Vec<(String, Vec<u8>)> {
    let (picture, together) = (page::picture(results), page::together(results));
    let files = [
        table(inference, draws),
        results.to_json().into_bytes(),
        page::page(results, &picture, together.as_deref()).into_bytes(),
        picture.into_bytes(),
        kept::section(results, inference).into_bytes(),
    ];
    let files = files.into_iter().chain(together.map(String::into_bytes));
    FILES.iter().map(|name| (*name).to_string()).zip(files).collect()
}

/// The picture of what is kept with a scenario: the share of interest before and after the published figures. A test
/// writes it for the documentation.
pub fn kept_picture(scenario: &Scenario) -> Option<String> {
    let first = scenario.inferred.as_ref()?.shares.first()?;
    Some(page::densities(&scenario.name, &first.measure.to_string(), &first.density))
}

/// A row for each draw: its seed, its settings, its figures, its distance from the published ones, and what it counts.
fn table(inference: &Inference, draws: &Draws) -> Vec<u8> {
    let near = Near::of(inference.aims(), draws, inference.seed(), draws.keep());
    let dimensions = &inference.space().dimensions;
    let kept = |row: usize| near.kept.draws.binary_search(&row).map_or(0.0, |at| near.kept.weights[at]);
    let mut header: Vec<&str> = vec!["draw", "seed", "records", "distance", "weight_before", "weight"];
    header.extend(dimensions.iter().map(|dimension| dimension.key.as_str()));
    let figures: Vec<String> =
        draws.figures.iter().flat_map(|figure| [format!("{figure} hits"), format!("{figure} trials")]).collect();
    header.extend(figures.iter().map(String::as_str));
    let rows = draws.rows.iter().enumerate().map(|(at, row)| {
        let far = near.offsets[at].as_ref().map_or_else(String::new, |z| distance(z).to_string());
        let mut cells = vec![row.row.to_string(), inference.seed_of(row.row).to_string(), row.records.to_string(), far];
        cells.extend([draws.weights[at], kept(at)].map(|weight| weight.to_string()));
        cells.extend(dimensions.iter().zip(&draws.points[at]).map(|(dimension, &u)| {
            match (&dimension.drawn, dimension.way(u)) {
                (Drawn::Ways(ways), Some(way)) => ways[way].name.clone(),
                _ => dimension.value(u).to_string(),
            }
        }));
        match row.counts.is_empty() {
            true => cells.extend(figures.iter().map(|_| String::new())),
            false => cells.extend(row.counts.iter().flatten().map(u64::to_string)),
        }
        cells
    });
    csv_of(&header, rows)
}

/// A number with three figures.
fn short(value: f64) -> String {
    if value == 0.0 {
        return "0".to_string();
    }
    let digits = (2 - libm::floor(libm::log10(value.abs())) as i32).clamp(0, 8) as usize;
    let text = format!("{value:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
}

/// An assumption before and after, in a line.
fn learned(one: &Informed) -> String {
    match (&one.range, &one.posterior) {
        (Some([low, high]), Some(Summary { median, most: [from, to], .. })) => format!(
            "{}: {} to {} before; {} to {} after, median {}",
            one.key,
            short(*low),
            short(*high),
            short(*from),
            short(*to),
            short(*median)
        ),
        _ => {
            let ways = one.ways.iter().map(|(name, share)| format!("{name} {}", percent(*share)));
            format!("{}: {}", one.key, ways.collect::<Vec<_>>().join(", "))
        }
    }
}

/// The words for a thing to ask for: a figure by what it counts, an assumption by its key.
fn asked(one: &AskFor) -> String {
    let counted = one.what == "audit" || Measure::try_from(one.what.clone()).is_ok_and(|measure| measure.is_share());
    if counted { one.says.clone() } else { format!("the true value of {}", one.what) }
}

/// Two assumptions that go together, in a line.
fn together(one: &Trade) -> String {
    let [first, second] = &one.keys;
    match &one.product {
        Some(product) => format!(
            "{first} times {second}: {} to {}. The figures fix the product better than either",
            short(product.most[0]),
            short(product.most[1])
        ),
        None if one.correlation < 0.0 => format!("{first} with {second}: the higher the one, the lower the other"),
        None => format!("{first} with {second}: both high or both low"),
    }
}

/// A published figure beside the draws, in a line.
fn figure(one: &PublishedTarget) -> String {
    let shown = |summary: &Option<Summary>| summary.map_or("no figure".to_string(), |summary| ends(summary.most));
    let predicted = if one.used { "in the worlds kept" } else { "held out; the others predict" };
    format!(
        "{}: published {} (for {}); the assumptions allow {}; {predicted} {}: {}",
        one.name,
        percent(one.published),
        ends(one.range),
        shown(&one.prior),
        shown(&one.predicted),
        if one.within { "within" } else { "not within" }
    )
}

/// The most rates, assumptions and things to ask for that the text shows.
const SHOWN: usize = 5;

/// The summary for the terminal.
pub fn text(results: &InferResults) -> String {
    let mut lines: Vec<(&str, String)> = Vec::new();
    lines.push((
        "DRAWN",
        format!(
            "{} of {} people and {} requests over {} assumptions; the {} nearest are kept and worth {:.0}.",
            counted(results.draws, "world", "worlds"),
            thousands(results.people),
            thousands(results.requests),
            thousands(results.assumptions.len() as u64),
            thousands(results.kept),
            results.effective_size
        ),
    ));
    if results.few_draws() {
        lines.push(("FEW", few_draws(results)));
    }
    lines.extend(results.figures.iter().map(|one| ("FIGURE", figure(one) + ".")));
    if !results.reached() {
        lines.push(("UNREACHED", out_of_reach(results)));
    }
    for InferredRate { measure, prior, posterior, .. } in
        results.quantities.iter().filter(|one| !one.measure.contains('@')).take(SHOWN)
    {
        let first = lines.iter().all(|(head, _)| *head != "ALLOWED");
        let before = if first { "before the published figures " } else { "before " };
        lines.push((
            "ALLOWED",
            format!(
                "{}: {} (median {}); {before}{}.",
                in_words(measure),
                ends(posterior.most),
                percent(posterior.median),
                ends(prior.most)
            ),
        ));
    }
    let informed: Vec<&Informed> = results.assumptions.iter().filter(|one| one.informed).collect();
    lines.extend(informed.iter().take(2 * SHOWN).map(|one| ("LEARNED", learned(one) + ".")));
    lines.extend(results.together.iter().take(SHOWN).map(|one| ("TOGETHER", together(one) + ".")));
    let silent = (results.assumptions.len() - informed.len()) as u64;
    lines.push(("SILENT", format!("The figures say nothing about {}.", counted(silent, "assumption", "assumptions"))));
    lines.extend(results.ask_for.iter().take(SHOWN).map(|one| {
        ("ASK FOR", format!("{}: would narrow the first range by about {}.", asked(one), percent(one.narrows)))
    }));
    let mut text = format!(
        "NAMESAKE  inference  {}  seed {}  version {}\n\
         Worlds that the assumptions allow and that would have produced the published figures; nobody's true error.\n",
        results.scenario, results.seed, results.version
    );
    let mut last = "";
    for (head, line) in lines {
        wrap(&mut text, if head == last { "" } else { head }, &line);
        last = head;
    }
    text
}

/// The warning about too few draws.
fn few_draws(results: &InferResults) -> String {
    format!(
        "Of {} {} are kept, as many as {:.0} independent ones. That is too few: what follows shows the assumptions more than \
         the published figures. Make more with --draws N; the default is {}.",
        counted(results.draws, "draw", "draws"),
        thousands(results.kept),
        results.effective_size,
        thousands(DRAWS)
    )
}

/// The reason why no draw meets the figures, and the range that would have to give way.
fn out_of_reach(results: &InferResults) -> String {
    let nearest =
        |one: &PublishedTarget| format!("{} {}", one.name, one.nearest.map_or("no figure".to_string(), percent));
    let figures: Vec<String> = results.figures.iter().filter(|one| one.used).map(nearest).collect();
    let pressed: Vec<String> = results.pressed.iter().map(|one| format!("{} ({})", one.key, one.towards)).collect();
    let way = match pressed.is_empty() {
        true => "No single range stands out".to_string(),
        false => format!(
            "The nearest draws crowd at the end of a range, which would have to give way: {}",
            pressed.join("; ")
        ),
    };
    format!(
        "No draw gives all published figures. The nearest has {}. {way}. What follows holds for the nearest draws only.",
        figures.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_measures_are_words() {
        assert_eq!([0.0, 0.123_456, 12.0, 1234.6, 0.000_123_4].map(short), ["0", "0.123", "12", "1235", "0.000123"]);
        assert_eq!(
            in_words("wrong_among_answers@group=hispanic"),
            "somebody else, of persons returned (group=hispanic)"
        );
    }
}
