//! How far the assumed values move the headline, as the section `sensitivity`, as a table and as CSV.

use super::{by_number, counted, csv_of, percent, thousands};
use crate::experiment::{BAR, Move, Moved, Sensitivity};
use serde_json::{Value, json};
use std::fmt::Write;

/// The section of results.json.
pub(super) fn sensitivity_json(s: &Sensitivity) -> Value {
    // Its own value first, and what the headline is with it.
    let moved = |moved: &Moved| {
        let own = std::iter::once(moved.own.as_str());
        json!({
            "key": moved.key,
            "values": own.chain(moved.moves.iter().map(|m| m.value.as_str())).collect::<Vec<_>>(),
            "shares": std::iter::once(moved.base).chain(moved.moves.iter().map(|m| m.share)).collect::<Vec<_>>(),
            "differences": moved.moves.iter().map(|m| m.difference).collect::<Vec<_>>(),
            "standard_errors": moved.moves.iter().map(|m| m.error).collect::<Vec<_>>(),
            "told_from_chance": moved.told_from_chance(),
            "people": moved.people,
        })
    };
    // Shares of countries of two sizes are not to be held beside each other.
    let (close, screened): (Vec<&Moved>, Vec<&Moved>) =
        s.one_at_a_time.iter().partition(|moved| moved.people == s.base.people);
    let [low, high] = ends(s);
    json!({
        "rate": "wrong_among_answers",
        "value": s.base.rate.value(),
        "hits": s.base.rate.hits,
        "trials": s.base.rate.trials,
        "interval": s.base.interval.map(|interval| [interval.low, interval.high]),
        "people": s.base.people,
        "requests": s.base.requests,
        "low": s.ends.map(|[low, _]| low),
        "high": s.ends.map(|[_, high]| high),
        "most": s.most().map(|moved| moved.key.as_str()),
        "worlds": s.worlds,
        "bar_in_standard_errors": BAR,
        "one_at_a_time": close.into_iter().map(moved).collect::<Vec<_>>(),
        "screened": screened.into_iter().map(moved).collect::<Vec<_>>(),
        "together": {
            "runs": s.together.len(),
            "low": low,
            "high": high,
            "shares": s.together.iter().map(|m| m.share).collect::<Vec<_>>(),
            "told_from_chance": told_together(s),
        },
        "assumed": s.assumed,
        "moved": s.moved,
        "not_tried": s.not_tried,
        "no_other_value": s.fixed(),
    })
}

/// The least and the greatest share with all moved together, or neither.
fn ends(s: &Sensitivity) -> [Option<f64>; 2] {
    let shares = || s.together.iter().filter_map(|m| m.share);
    [shares().min_by(f64::total_cmp), shares().max_by(f64::total_cmp)]
}

/// How many of the points at which all are moved can be told from chance.
fn told_together(s: &Sensitivity) -> u64 {
    s.together.iter().filter(|m| m.told_from_chance()).count() as u64
}

/// What became of all assumed values.
fn tried(s: &Sensitivity) -> String {
    let (steps, fixed) = (s.one_at_a_time.len() as u64, s.fixed());
    let mut text = format!("{} of {} assumed values were moved", thousands(s.moved), thousands(s.assumed));
    if steps != s.moved {
        text += &format!(", in {} since some go together", counted(steps, "step", "steps"));
    }
    if !s.not_tried.is_empty() {
        text += &format!("; {} not tried", s.not_tried.len());
    }
    if fixed > 0 {
        text += &format!("; {fixed} {} no other value", by_number(fixed, "has", "have"));
    }
    text + "."
}

/// One row a value of an assumption, and one a point at which all are moved.
pub fn sensitivity_csv(s: &Sensitivity) -> Vec<u8> {
    let number = |share: Option<f64>| share.map_or(String::new(), |share| share.to_string());
    let one = s.one_at_a_time.iter().flat_map(|moved| moved.moves.iter().map(move |m| (moved, m)));
    let one = one.map(|(moved, m): (&Moved, &Move)| {
        vec![
            moved.key.clone(),
            m.value.clone(),
            moved.people.to_string(),
            number(moved.base),
            number(m.share),
            m.difference.to_string(),
            m.error.to_string(),
            moved.told_from_chance().to_string(),
        ]
    });
    let together = s.together.iter().map(|m| {
        vec![
            "all together".to_string(),
            m.value.clone(),
            s.base.people.to_string(),
            number(s.base.rate.value()),
            number(m.share),
            m.difference.to_string(),
            m.error.to_string(),
            m.told_from_chance().to_string(),
        ]
    });
    let header =
        ["key", "value", "people", "share_as_it_is", "share", "difference", "standard_error", "told_from_chance"];
    csv_of(&header, one.chain(together))
}

/// The table for the terminal: what moves the headline, strongest first, and how many assumptions cannot be told from
/// chance.
pub fn sensitivity_text(s: &Sensitivity) -> String {
    const MOST: usize = 12;
    let shown = |share: Option<f64>| share.map_or("nobody returned".to_string(), percent);
    let mut text = String::new();
    let mut say = |line: String| writeln!(text, "{}", line.trim_end()).expect("writing to a string cannot fail");
    say(format!(
        "SENSITIVITY  somebody else, of persons returned: {} in a country of {} with {}.",
        shown(s.base.rate.value()),
        counted(s.base.people, "person", "people"),
        counted(s.base.requests, "request", "requests")
    ));
    say(format!("{:<44}{:>22}{:>12}{:>16}", "assumption", "moved to", "share", "difference"));
    let told = || s.one_at_a_time.iter().filter(|moved| moved.told_from_chance());
    for moved in told().take(MOST) {
        for (i, m) in moved.moves.iter().enumerate() {
            let mark = if moved.people == s.base.people { "" } else { " *" };
            let key = if i == 0 { format!("{}{mark}", moved.key) } else { String::new() };
            let value: String = m.value.chars().take(20).collect();
            let difference = format!("{:+.2} ± {:.2}", m.difference * 100.0, 1.96 * m.error * 100.0);
            say(format!("{key:<44}{value:>22}{:>12}{difference:>16}", shown(m.share)));
        }
    }
    let (all, strong) = (s.one_at_a_time.len(), told().count());
    if strong > MOST {
        let more = (strong - MOST) as u64;
        say(format!("{more} more {} it; all are in sensitivity.csv.", by_number(more, "moves", "move")));
    }
    say(format!(
        "{} of {all} cannot be told from chance; differences are points, with the 95 % of luck that is left.",
        all - strong
    ));
    if told().take(MOST).any(|moved| moved.people != s.base.people) {
        say("* seen in the smaller country of the screening only.".to_string());
    }
    if let [Some(low), Some(high)] = ends(s) {
        let (runs, told) = (s.together.len(), told_together(s));
        let (low, high) = (percent(low), percent(high));
        say(format!("All together, {runs} times: {low} to {high}; {told} of them can be told from chance."));
    }
    say(tried(s));
    if !s.not_tried.is_empty() {
        say(format!("Not tried, since their alternatives are words: {}.", s.not_tried.join(", ")));
    }
    text
}

/// The line of the summary.
pub(super) fn assumed_line(s: &Sensitivity) -> String {
    let tried = tried(s);
    let Some(own) = s.base.rate.value() else {
        return "With every value as set nobody was returned, so there is no share to move.".to_string();
    };
    let (people, own) = (thousands(s.base.people), percent(own));
    let Some([low, high]) = s.ends else {
        return format!(
            "Nothing moved the somebody-else share, {own} among {people} people, by more than luck; more people and \
             requests tell more. {tried}"
        );
    };
    let most = s.most().map_or("no single one can be told from chance".to_string(), |m| format!("most from {}", m.key));
    format!(
        "Over the stated ranges, the somebody-else share is {} to {}; {most}. (Among {people} people; there {own} as set.) \
         {tried}",
        percent(low),
        percent(high),
    )
}
