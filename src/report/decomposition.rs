//! Differences between groups, taken apart: the table for the terminal, and the rows of `decomposition.csv`.

use super::table::{Columns, Rows, Table};
use super::written::{Text, spoken};
use crate::results::{Decomposition, Difference};
use crate::stats::Contrast;

/// The name and the value of each part of a difference, the difference itself first.
fn parts(of: &Difference) -> Vec<(&'static str, Option<Contrast>)> {
    let switches = of.parts.iter().map(|(switch, part)| (switch.name(), *part));
    let mut parts: Vec<_> = [("observed", of.observed)].into_iter().chain(switches).collect();
    parts.push(("rest", of.rest));
    parts
}

/// `+3.1 (1.2 to 5.0)`, in points.
pub(super) fn in_points(part: Option<Contrast>) -> String {
    let Some(Contrast { value, low, high }) = part else { return "not defined".to_string() };
    if low == value && high == value {
        return format!("{:+.1}", value * 100.0);
    }
    format!("{:+.1} ({:+.1} to {:+.1})", value * 100.0, low * 100.0, high * 100.0)
}

/// The table for the terminal: census categories only, rates with enough hits.
pub fn decomposition_text(decomposition: &Decomposition) -> String {
    let mut text = Text::default();
    writeln!(text, "DIFFERENCES  between census categories, in points, taken apart (95 % intervals):");
    let told = || decomposition.differences.iter().filter(|d| d.attribute == "group" && !d.too_few_to_compare);
    for difference in told() {
        writeln!(
            text,
            "{}: {} beside {}",
            spoken(&difference.rate.to_string()),
            spoken(&difference.value),
            spoken(&difference.reference)
        );
        for (name, part) in parts(difference) {
            writeln!(text, "  {:<16}{}", spoken(name), in_points(part));
        }
    }
    if told().next().is_none() {
        writeln!(text, "Too few were returned in error, and too few missed, to compare any two.");
    }
    writeln!(
        text,
        "Each part is a Shapley value over all combinations of the switches; `rest` is left with everything equal."
    );
    writeln!(text, "The other attributes, and composition by status, age and sex: decomposition.csv.");
    text.trimmed()
}

/// `decomposition.csv`.
pub(super) static DECOMPOSITION: Table = Table {
    file: "decomposition.csv",
    row: "a part of a difference between two groups; with `--decompose`",
    columns: || {
        Columns::of(&[
            ("attribute", "the attribute"),
            ("value", "the group"),
            ("reference", "the group it is compared with"),
            ("rate", "the rate; see docs/glossary.md"),
            (
                "part",
                "`observed`, the Shapley value of a switch, `rest`; then by strata `composition by`, `rates within` \
             (Kitagawa) and `standardised to`",
            ),
            ("difference", "the part of the difference, group less reference"),
            ("low", "the lower end of its 95 % interval"),
            ("high", "the upper end"),
            ("common", "of parts by strata the share of both groups' trials in strata that both have"),
            ("caution", "`too few to compare` if either group has fewer than 10 hits"),
        ])
    },
    rows: |results, _| results.decomposition.as_ref().map(rows),
};

fn rows(decomposition: &Decomposition) -> Rows<'_> {
    let rows = decomposition.differences.iter().flat_map(|d| {
        let composition = d.composition.iter().flat_map(|of| {
            let by = of.by.join("+");
            [("composition by ", of.composition), ("rates within ", of.rates), ("standardised to ", of.standardised)]
                .map(|(what, part)| (format!("{what}{by}"), part, of.common))
        });
        let all = parts(d).into_iter().map(|(name, part)| (name.to_string(), part, None)).chain(composition);
        all.map(|(name, part, common)| {
            let number = |number: Option<f64>| number.map_or(String::new(), |number| number.to_string());
            let of = [&d.attribute, &d.value, &d.reference].map(String::clone);
            let few = if d.too_few_to_compare { "too few to compare" } else { "" };
            let mut row = of.to_vec();
            row.extend([d.rate.to_string(), name, number(part.map(|part| part.value))]);
            row.extend([part.map(|part| part.low), part.map(|part| part.high), common].map(number));
            row.push(few.to_string());
            row
        })
    });
    Box::new(rows)
}
