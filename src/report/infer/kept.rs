//! The section `[inferred]` of a scenario, as an inference writes it to inferred.toml.

use super::learned;
use crate::experiment::infer::{DRAWS, Inference, PEOPLE, QUANTITY, ROUNDS, digest, requests_of};
use crate::report::written::Text;
use crate::results::infer::{InferResults, InferredRate};

/// Densities on a line.
const ON_A_LINE: usize = 4;

/// The text of inferred.toml: the section, and above it as comments the settings of the centre of which the published figures
/// say something.
pub fn section(results: &InferResults, inference: &Inference) -> String {
    let mut text = Text::default();
    writeln!(
        text,
        "# What the published figures allow. Put into the scenario's file, a run prints its own shares beside these."
    );
    let Some(centre) = results.centre.as_ref().filter(|_| !results.quantities.is_empty()) else { return text.into() };
    let made_for = digest(inference.scenario()).expect("an inference that was made can be planned again");
    writeln!(
        text,
        "# Draw {} lies nearest to the middle. Settings that the figures inform, there and in all draws kept:",
        centre.draw
    );
    for one in results.assumptions.iter().filter(|one| one.informed) {
        let own = centre.sets.iter().filter(|set| set.starts_with(&format!("{}=", one.key)));
        own.for_each(|set| writeln!(text, "#   {set}"));
        writeln!(text, "#   {}", learned(one));
    }
    writeln!(text, "\n[inferred]\ncommand = \"{}\"\nversion = \"{}\"", command(results, inference), results.version);
    writeln!(text, "seed = {}\ndraws = {}\nkept = {}", results.seed, results.draws, results.kept);
    writeln!(text, "made_for = \"{made_for}\"");
    for InferredRate { measure, prior, posterior, density } in
        results.quantities.iter().filter(|one| plain(&one.measure))
    {
        let ends = |[low, high]: [f64; 2]| format!("[{}, {}]", figures(low), figures(high));
        writeln!(text, "\n[[inferred.shares]]\nmeasure = \"{measure}\"\nbefore = {}", ends(prior.most));
        writeln!(text, "after = {}\nmedian = {}", ends(posterior.most), figures(posterior.median));
        if !density.is_empty() {
            let at = |[share, before, after]: &[f64; 3]| {
                format!("[{}, {}, {}],", figures(*share), figures(*before), figures(*after))
            };
            writeln!(text, "density = [");
            for row in density.chunks(ON_A_LINE) {
                writeln!(text, "    {}", row.iter().map(at).collect::<Vec<_>>().join(" "));
            }
            writeln!(text, "]");
        }
    }
    text.into()
}

/// A rate of everybody, and no ratio of counts.
fn plain(measure: &str) -> bool {
    !measure.contains(['@', '/'])
}

/// A number with four figures.
fn figures(value: f64) -> String {
    if value == 0.0 {
        return "0.0".to_string();
    }
    let digits = (3 - libm::floor(libm::log10(value.abs())) as i32).clamp(1, 12) as usize;
    let text = format!("{value:.digits$}");
    let short = text.trim_end_matches('0');
    if short.ends_with('.') { format!("{short}0") } else { short.to_string() }
}

/// The command that makes the same inference of the scenario as it comes.
fn command(results: &InferResults, inference: &Inference) -> String {
    let plan = inference.plan();
    let mut command = format!("namesake infer {}", results.scenario);
    let mut flag = |name: &str, value: String, usual: bool| {
        if !usual {
            command += &format!(" --{name} {value}");
        }
    };
    flag("seed", results.seed.to_string(), results.seed == 1);
    flag("draws", plan.draws.to_string(), plan.draws == DRAWS);
    flag("rounds", plan.rounds.to_string(), plan.rounds == ROUNDS);
    flag("people", plan.people.to_string(), plan.people == PEOPLE);
    flag("requests", plan.requests.to_string(), plan.requests == requests_of(plan.people));
    flag("only", format!("'{}'", plan.only.join(",")), plan.only.is_empty());
    let held_out: Vec<&str> = inference.held_out().iter().map(|aim| aim.name.as_str()).collect();
    flag("hold-out", held_out.join(","), held_out.is_empty());
    flag("quantity", inference.quantity(), inference.quantity() == QUANTITY);
    command
}
