//! Inference that is kept with its scenario: does it still belong to the scenario, and to the settings of a run?

use super::plan::{Inference, Wanted};
use super::space::{Dimension, Drawn, Range};
use crate::random::Decision;
use crate::scenario::{Inferred, Scenario, built_in};

const DIGEST: Decision = Decision::named("infer.digest");

/// The digest of all on which the draws of an inference depend: what is drawn and from where, and every rule and setting
/// that is not drawn. Texts, seed and size are no part of it, nor are the scenario's own values of what is drawn.
pub fn digest(scenario: &Scenario) -> Result<String, String> {
    let inference = Inference::new(scenario, &Wanted::default())?;
    let space = inference.space();
    let middle = space.sets(&vec![0.5; space.dimensions.len()]);
    let at_the_middle = inference.scenario().with("infer", &middle).map_err(|error| error.to_string())?;
    let mut text = at_the_middle.bare_toml();
    let range = |range: &Range| format!("{} {:?} {} {}\n", range.key, range.ends, range.shape.name(), range.whole);
    for Dimension { key, drawn, .. } in &space.dimensions {
        text += key;
        match drawn {
            Drawn::Number(one) | Drawn::Part(one, _) => text += &range(one),
            Drawn::Together(all) => text.extend(all.iter().map(range)),
            Drawn::Ways(ways) => text.extend(ways.iter().map(|way| format!("{} {:?}\n", way.name, way.set))),
        }
    }
    Ok(format!("{:016x}", DIGEST.of_text(&text)))
}

/// Finds out if an inference was made for the settings of a run. A built-in scenario has to be as it comes, except for its
/// seed and size; any other has to draw from the same ranges. An error says what differs.
pub fn made_for(inferred: &Inferred, scenario: &Scenario) -> Result<(), String> {
    let as_it_comes = built_in(&scenario.name).and_then(|text| Scenario::parse(text, &scenario.name));
    let Some(as_it_comes) = as_it_comes.ok().filter(|known| known.inferred.as_ref() == Some(inferred)) else {
        return match digest(scenario)? == inferred.made_for {
            true => Ok(()),
            false => Err("it was drawn from other ranges, rules or terms".to_string()),
        };
    };
    let mut same_size = scenario.clone();
    same_size.population.people = as_it_comes.population.people;
    same_size.population.final_order.clone_from(&as_it_comes.population.final_order);
    same_size.requester.requests = as_it_comes.requester.requests;
    if same_size.bare_toml() == as_it_comes.bare_toml() {
        return Ok(());
    }
    let theirs = as_it_comes.assumptions();
    let is_there =
        |one: &crate::scenario::Assumption| theirs.iter().any(|known| known.key == one.key && known.value == one.value);
    Err(match same_size.assumptions().iter().find(|one| !is_there(one)) {
        Some(changed) => format!("{} is another here", changed.key),
        None => "rules or terms are others here".to_string(),
    })
}
