//! The coverage study as Markdown.

use super::decomposition::{Part, SETS};
use super::sensitivity::{PLANTED, Told};
use super::settings::{SETTINGS, Setting};
use super::study::{Fared, Kind, Studied};
use namesake::stats::binomial_below;
use std::fmt::Write;

/// The least coverage wanted, and from this many effective events the most.
const LEAST: f64 = 93.5;
const MOST: f64 = 96.5;
const MANY: f64 = 20.0;

/// The chance of runs at least as far outside, of a quantity that is covered as often as a bound says: of a thousand
/// quantities at the bounds luck puts one or two farther out.
const CHANCE: f64 = 0.00135;

/// The interval of a rate that hardly ever happens covers always.
const RARE: f64 = 1.0;

/// Rows with fewer events than this are only summed up.
const SOME: f64 = 5.0;

/// The page of the settings that were studied, in the order of [`SETTINGS`], of planted differences and of a planted effect.
pub fn page(studied: &[Studied], planted: &[Part], told: Option<&Told>) -> String {
    let of = |setting: &'static Setting| Some((setting, studied.iter().find(|studied| studied.key == setting.key)?));
    let settings: Vec<(&Setting, &Studied)> = SETTINGS.iter().filter_map(of).collect();
    let mut text = introduction(&settings);
    text += &namesakes(&settings);
    text += &decomposed(planted);
    text += &told.map_or(String::new(), screened);
    for (setting, studied) in &settings {
        write!(text, "\n## {}\n\n", sentence(setting.title)).expect("writing to a string cannot fail");
        text += &of_setting(setting, studied);
    }
    text
}

fn introduction(settings: &[(&Setting, &Studied)]) -> String {
    let by_rules = settings.iter().filter(|(setting, _)| !setting.trained);
    let all: Vec<(&Setting, &Fared)> =
        by_rules.flat_map(|(setting, studied)| studied.fared.iter().map(move |row| (*setting, row))).collect();
    let seen_outside = all.iter().filter(|(_, row)| outside(row)).count();
    let shown: Vec<_> = all.iter().filter(|(_, row)| shown(row)).collect();
    let in_part =
        |(_, studied): &(&Setting, &Studied)| studied.fared.iter().filter(|row| row.runs < studied.runs).count();
    let in_part: usize = settings.iter().filter(|(setting, _)| !setting.trained).map(in_part).sum();
    let many = all.iter().filter(|(_, row)| row.effective >= MANY).count();
    let mut text = format!(
        "# Coverage of intervals

How often does a 95 % interval contain the expectation over seeds? Each setting below is run with many seeds. Every seed is
another country with other errors and other requests. The expectation comes from all seeds that give an interval together: of a
ratio those in which the reference group has a hit. `examples/coverage.rs`
makes this page, text included:

    cargo run --release --example coverage -- study KEY RUNS > KEY.json
    cargo run --release --example coverage -- page *.json > docs/coverage.md

*Events* are the hits or the non-hits of a run, whichever are fewer, on average over the runs. A comparison of two groups has
the events of the smaller group. A paired change has the requests that the two agreements treat differently. *Above* and
*below* are the shares of runs whose interval lies above or below the expectation. *Exact* is the share of runs that took
the exact interval because they had few events.

*Effective* events are the events over the design effect that the seeds show: a share whose variance over seeds is four times
that of as many independent trials has a quarter of its events. Families that are sought and returned together make it so. The
effective events of [measures.md](measures.md), by which a run chooses the formula, are what that run alone knows of them. A paired
change of `wrong_among_answers` counts every request that is answered otherwise, also those that hardly move it, so that
few of its events are effective, and it is covered more often.

The aim is a coverage of at least {LEAST} % everywhere, and of at most {MOST} % from {MANY} effective events up. With fewer
the exact interval may cover more.

**Scope.** The settings are small countries, so that thousands of runs are affordable. They have built-in rules with a high share
of people sought, and rules that return whole families. Built-in scenarios at their default size are not run.

**Result.** The study follows {} quantities, {many} of them with {MANY} effective events or more. {seen_outside} were seen
outside the bounds, {seen_below} of them below. {} lie so far outside that luck takes a quantity at the bounds there at most once
in 740 times. Complements such as precision and `wrong_among_answers` count twice. Each setting gives its number of runs; {in_part}
quantities have fewer, since a group or a ratio is not always there.
",
        all.len(),
        shown.len(),
        seen_below = all.iter().filter(|(_, row)| percent(row) < LEAST).count(),
    );
    if !shown.is_empty() {
        text += "\n| setting | interval | quantity | events | effective | coverage | above | below |\n|---|---|---|---:|---:|---:|---:|---:|\n";
        for (setting, row) in &shown {
            writeln!(
                text,
                "| `{}` | {} | {} | {:.1} | {:.1} | {:.1} % | {:.1} % | {:.1} % |",
                setting.key,
                row.kind.words(),
                row.name,
                row.events,
                row.effective,
                percent(row),
                share(row.above, row),
                share(row.below, row)
            )
            .expect("writing to a string cannot fail");
        }
    }
    for (setting, studied) in settings.iter().filter(|(setting, _)| setting.trained) {
        let rows: Vec<f64> = studied.fared.iter().filter(|row| row.effective >= MANY).map(percent).collect();
        let least = rows.iter().copied().fold(f64::INFINITY, f64::min);
        let short = rows.iter().filter(|coverage| **coverage < LEAST).count();
        write!(
            text,
            "
**Trained models.** A model that is trained anew in every country adds luck of its own, which no interval of one run can see.
The brackets hold for the weights that were learned. In `{}` {short} of {} quantities with {MANY} effective events or more are
covered in less than {LEAST} % of runs, the least in {least:.1} %. The table of that setting has them, and no sum does. A `sweep` over
seeds shows how far training moves a rate.
",
            setting.key,
            rows.len()
        )
        .expect("writing to a string cannot fail");
    }
    text + &by_events(&all)
}

/// Returns `true` if a quantity was seen outside the bounds.
fn outside(row: &Fared) -> bool {
    percent(row) < LEAST || (row.effective >= MANY && percent(row) > MOST)
}

/// Returns `true` if so few or so many runs cover a quantity that luck hardly ever does it within the bounds.
fn shown(row: &Fared) -> bool {
    let missed = row.above + row.below;
    let short = 1.0 - binomial_below(missed.saturating_sub(1), row.runs, 1.0 - LEAST / 100.0);
    let long = binomial_below(missed, row.runs, 1.0 - MOST / 100.0);
    outside(row) && if percent(row) < LEAST { short < CHANCE } else { long < CHANCE }
}

/// Rows summed up by kind and effective events.
fn by_events(all: &[(&Setting, &Fared)]) -> String {
    let mut text = "\n## All quantities by effective events\n\n| interval | effective | quantities | least | mean | most | above | below |\n|---|---|---:|---:|---:|---:|---:|---:|\n".to_string();
    let kinds =
        [Kind::Rate, Kind::OfGroup, Kind::Ratio, Kind::Difference, Kind::Change, Kind::Curve, Kind::Coincidence];
    for kind in kinds {
        for (low, high) in [(0.0, RARE), (RARE, 5.0), (5.0, MANY), (MANY, 50.0), (50.0, f64::INFINITY)] {
            let rows: Vec<&Fared> = all
                .iter()
                .map(|(_, row)| *row)
                .filter(|row| row.kind == kind && (low..high).contains(&row.effective))
                .collect();
            if rows.is_empty() {
                continue;
            }
            let least = rows.iter().map(|row| percent(row)).fold(f64::INFINITY, f64::min);
            let most = rows.iter().map(|row| percent(row)).fold(0.0, f64::max);
            let mean = |of: &dyn Fn(&Fared) -> f64| rows.iter().map(|row| of(row)).sum::<f64>() / rows.len() as f64;
            let range = if high.is_finite() { format!("{low} to {high}") } else { format!("from {low}") };
            writeln!(
                text,
                "| {} | {range} | {} | {least:.1} % | {:.1} % | {most:.1} % | {:.1} % | {:.1} % |",
                kind.words(),
                rows.len(),
                mean(&percent),
                mean(&|row| share(row.above, row)),
                mean(&|row| share(row.below, row)),
            )
            .expect("writing to a string cannot fail");
        }
    }
    text
}

/// Namesakes counted beside those expected by arithmetic.
fn namesakes(settings: &[(&Setting, &Studied)]) -> String {
    let mut text = "\n## Namesakes by arithmetic\n\nThe mean count of a run over the mean expectation, with its 95 % interval over seeds.\n\n| setting | what | counted | by arithmetic | ratio |\n|---|---|---:|---:|---:|\n".to_string();
    for (setting, studied) in settings {
        for row in studied.arithmetic.iter().filter(|row| row.counted >= RARE) {
            let ratio = row.counted / row.expected;
            let half = namesake::stats::Z95 * row.error;
            writeln!(
                text,
                "| `{}` | {} | {:.1} | {:.1} | {ratio:.3} ({:.3}–{:.3}) |",
                setting.key,
                row.what.replace('_', " "),
                row.counted,
                row.expected,
                ratio - half,
                ratio + half
            )
            .expect("writing to a string cannot fail");
        }
    }
    text
}

/// Planted differences and the parts found.
fn decomposed(planted: &[Part]) -> String {
    if planted.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "
## Planted differences between groups

Of the four things that it takes apart only the planted ones make groups differ; what ages, sexes, households and homes make
is in `rest`. `run --decompose` splits the difference in `missed` between Hispanic and
white people into parts. A part is covered if its interval contains the mean of all seeds. The command is `cargo run
--release --example coverage -- decompose {}`, for the default scenario with `{}`.

| planted | part | mean, points | deviation over seeds | covered | above | below |
|---|---|---:|---:|---:|---:|---:|
",
        planted.iter().map(|part| part.seeds).max().unwrap_or(0),
        SETS.join("`, `")
    );
    for part in planted {
        let recovered = part.seeds - part.above - part.below;
        writeln!(
            text,
            "| {} | `{}` | {:+.2} | {:.2} | {recovered} of {} | {} | {} |",
            part.planted,
            part.part,
            100.0 * part.mean,
            100.0 * part.deviation,
            part.seeds,
            part.above,
            part.below
        )
        .expect("writing to a string cannot fail");
    }
    text
}

/// A planted effect among all assumptions.
fn screened(told: &Told) -> String {
    let most = told.inert.values().max().copied().unwrap_or(0);
    format!(
        "
## A planted effect among all assumptions

`run --sensitivity` moves {} assumptions or groups of them in the default scenario. Here it does so in worlds of 10,240 people, of whom
ten times as many are under an order: {} worlds with {:.0} wrong returns together, where those of the default have
509 ([model.md](model.md#sensitivity)). The range of `{PLANTED}` is set so that the share of wrong returns
grows {:.1} times. Errors in dates of birth have no effect, since no route compares dates. The command is
`cargo run --release --example coverage -- sensitivity {}`.

- The screening found the planted assumption in {} of {} seeds, and found it again in other worlds in {}.
- Of {} assumptions without effect the one named most often was named in {most} of {} seeds.
- The smallest effect that the screening says it can tell is {:.1} times, on average.
",
        told.moved,
        told.worlds,
        told.events,
        told.times,
        told.seeds,
        told.planted,
        told.seeds,
        told.planted_again,
        told.inert.len(),
        told.seeds,
        told.visible
    )
}

/// The rows of one setting that have some events, but for contrasts.
fn of_setting(setting: &Setting, studied: &Studied) -> String {
    let told = |row: &&Fared| row.events >= SOME && !matches!(row.kind, Kind::Ratio | Kind::Difference);
    let left = studied.fared.iter().filter(|row| !told(row)).count();
    let error = 100.0 * namesake::stats::Z95 * (0.95_f64 * 0.05 / studied.runs as f64).sqrt();
    let mut text = format!(
        "`{}`: `{}`{}. {} runs; a coverage of 95 % is known to within {error:.1} points. {left} quantities (the contrasts, \
         and those with fewer than {SOME} events a run) are only in the sums above.\n\n\
         | interval | quantity | events | effective | coverage | above | below | exact |\n|---|---|---:|---:|---:|---:|---:|---:|\n",
        setting.key,
        setting.sets.join("`, `"),
        if setting.against.is_empty() {
            String::new()
        } else {
            format!("; against `{}`", setting.against.join("`, `"))
        },
        studied.runs
    );
    for row in studied.fared.iter().filter(told) {
        writeln!(
            text,
            "| {} | {} | {:.1} | {:.1} | {:.1} % | {:.1} % | {:.1} % | {:.0} % |",
            row.kind.words(),
            row.name,
            row.events,
            row.effective,
            percent(row),
            share(row.above, row),
            share(row.below, row),
            share(row.exact, row)
        )
        .expect("writing to a string cannot fail");
    }
    text
}

fn percent(row: &Fared) -> f64 {
    100.0 * row.coverage()
}

fn share(count: u64, row: &Fared) -> f64 {
    100.0 * count as f64 / row.runs as f64
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().collect::<String>() + letters.as_str())
}
