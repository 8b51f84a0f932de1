//! The reach of the assumed values: the table for the terminal, a line of the summary, and the rows of a file.

use super::table::{Columns, Rows, Table};
use super::written::{Text, by_number, counted, thousands};
use crate::results::{Effect, Look, Sensitivity};

/// The fate of all assumed values.
fn tried(s: &Sensitivity) -> String {
    let (steps, fixed) = (s.screening.effects.len() as u64, s.no_other_value);
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

/// A ratio with two digits.
fn times(ratio: f64) -> String {
    match ratio {
        _ if ratio >= 99.5 => "100 or more".to_string(),
        _ if ratio >= 9.95 => format!("{ratio:.0}"),
        _ if ratio >= 0.095 => format!("{ratio:.1}"),
        _ => format!("{ratio:.2}"),
    }
}

/// A ratio and its interval.
pub(super) fn with_interval(effect: &Effect) -> String {
    format!("{} ({}–{})", times(effect.times), times(effect.low), times(effect.high))
}

/// The smallest effect that the screening can tell, and the events it takes to tell a doubling if it cannot.
pub(super) fn power(look: &Look) -> String {
    let (Some(visible), Some(wanted)) = (look.visible, look.events_wanted) else {
        return "Too few of the persons returned were somebody else to tell anything from.".to_string();
    };
    let seen =
        format!("One that makes the share {} times as large would be told in four of five such tests", times(visible));
    if visible <= 2.0 {
        return seen + ".";
    }
    format!(
        "{seen}; a doubling would not. For that it takes about {} times as many events, if luck is all of the error: more people \
         and requests, or a list with more people to ask for.",
        times(wanted)
    )
}

/// The parts of the scenario by what their assumptions do, the greatest first.
pub(super) fn parts(look: &Look) -> String {
    let mut parts: Vec<(&String, f64)> = look.parts.iter().filter_map(|(name, part)| Some((name, (*part)?))).collect();
    parts.sort_by(|a, b| b.1.total_cmp(&a.1));
    let of = |(name, part): &(&String, f64)| format!("{name} {:.0} %", part * 100.0);
    parts.iter().map(of).collect::<Vec<_>>().join(", ")
}

/// The table for the terminal: the effects that are told, strongest first, and what could not be told.
pub fn sensitivity_text(s: &Sensitivity) -> String {
    const MOST: usize = 12;
    let look = &s.screening;
    let mut text = Text::default();
    writeln!(
        text,
        "SENSITIVITY  somebody else, of persons returned: {} of {} in {} of {} each, in which every setting is at either \
         end of its range in half of them.",
        thousands(look.hits),
        thousands(look.trials),
        counted(look.worlds - look.impossible, "world", "worlds"),
        counted(look.people, "person", "people")
    );
    let (all, told) = (look.effects.len(), look.told().count());
    if told > 0 {
        writeln!(text, "{:<44}{:<30}{:>20}{:>20}", "setting", "from – to", "times as large", "looked at closely");
    }
    for effect in look.told().take(MOST) {
        let ends: String = format!("{} – {}", effect.lower, effect.upper).chars().take(29).collect();
        let closer = s.closer(&effect.key).map_or(String::new(), with_interval);
        writeln!(text, "{:<44}{ends:<30}{:>20}{closer:>20}", effect.key, with_interval(effect));
    }
    if told > MOST {
        writeln!(text, "{} more; all are in sensitivity.csv.", told - MOST);
    }
    writeln!(text, "{} of {all} cannot be told from luck. {}", all - told, power(look));
    if told > 0 {
        writeln!(text, "By part of the scenario: {}.", parts(look));
        writeln!(
            text,
            "Looked at closely: the {} strongest again, in {} of {} with the rest as set.",
            s.closer.effects.len(),
            counted(s.closer.worlds - s.closer.impossible, "other world", "other worlds"),
            counted(s.closer.people, "person", "people")
        );
    }
    if look.impossible > 0 {
        writeln!(
            text,
            "{} left out, since no scenario has such values together.",
            counted(look.impossible, "world", "worlds")
        );
    }
    writeln!(text, "{}", tried(s));
    if !s.not_tried.is_empty() {
        writeln!(text, "Not tried, since their alternatives are words: {}.", s.not_tried.join(", "));
    }
    text.trimmed()
}

/// The line of the summary.
pub(super) fn assumed_line(s: &Sensitivity) -> String {
    let look = &s.screening;
    let (all, told) = (look.effects.len() as u64, look.told().count() as u64);
    let Some(most) = look.told().next() else {
        return format!("None of {all} settings is told from luck. {} {}", power(look), tried(s));
    };
    format!(
        "Over the stated ranges {told} of {all} settings move the somebody-else share by more than luck, {} most: {} times as \
         large at {} as at {}. {} {}",
        most.key,
        with_interval(most),
        most.upper,
        most.lower,
        power(look),
        tried(s)
    )
}

/// `sensitivity.csv`.
pub(super) static SENSITIVITY: Table = Table {
    file: "sensitivity.csv",
    row: "an assumption and a look; with `--sensitivity`",
    columns: || {
        Columns::of(&[
            ("look", "`screening` or `closer look`"),
            ("people", "people of the countries of that look"),
            ("worlds", "worlds that were run"),
            ("key", "the key of the assumption"),
            ("lower", "the lower end it was moved to"),
            ("upper", "the upper end"),
            ("times", "how many times as large the headline is at the upper end"),
            ("low", "the lower end of its 95 % interval"),
            ("high", "the upper end"),
            ("p", "the p-value that it moves nothing"),
            ("told", "whether it is told from luck"),
        ])
    },
    rows: |results, _| results.sensitivity.as_ref().map(rows),
};

fn rows(s: &Sensitivity) -> Rows<'_> {
    let looks = [("screening", &s.screening), ("closer look", &s.closer)];
    let rows = looks.into_iter().flat_map(|(name, look)| {
        look.effects.iter().map(move |effect| {
            let mut row = vec![name.to_string(), look.people.to_string(), (look.worlds - look.impossible).to_string()];
            row.extend([&effect.key, &effect.lower, &effect.upper].map(String::clone));
            row.extend([effect.times, effect.low, effect.high, effect.p].map(|number| number.to_string()));
            row.push(effect.told.to_string());
            row
        })
    });
    Box::new(rows)
}
