//! Differences between groups, taken apart by names, capture, coverage and who is sought, and by composition.

use super::html::Head::{Number, Text};
use super::html::Html;
use super::{Run, words};
use crate::report::decomposition::in_points;
use crate::results::{Decomposition, Difference};

/// The differences between groups; nothing where the run did not take them apart.
pub fn differences(run: &Run<'_>) -> Html {
    let mut html = Html::new();
    let Some(decomposition) = &run.results.decomposition else { return html };
    html.literal(
        "<p>Two groups may differ in a rate because they are called differently, because files record them differently, \
         because other people of them are on file, or because other people of them are sought. Each is a switch: as it is, \
         or equal for everybody. All combinations were run on the same seeds, and the difference is divided among the \
         switches by Shapley’s rule: the mean of what a switch adds over all orders in which they may be set. Equal capture \
         and coverage hold the level of the people sought. All figures are points; brackets are 95 %.</p>\n",
    );
    let told: Vec<&Difference> = decomposition.differences.iter().filter(|d| !d.too_few_to_compare).collect();
    if told.is_empty() {
        html.literal("<p>No two groups have the ten hits each that a comparison needs.</p>\n");
        return html;
    }
    html.add(&factorial(decomposition, &told));
    html.add(&composition(&told));
    html.literal(
        "<p class=\"note\">What this identifies: how far the difference in this model would change if an assumption were \
         equal for everybody, interactions divided evenly. What it does not: why real agencies treat groups differently, \
         which no simulation can know; a discrimination by anybody; and what lies in <em>the rest</em>, such as who lives \
         with whom and where. A part may be large though its switch is an assumption without a source: see the assumptions \
         of this run. Composition is no cause either: a group with more young men is not one whose rate would be another if \
         its members were older.</p>\n",
    );
    html
}

/// A table of the parts.
fn factorial(decomposition: &Decomposition, told: &[&Difference]) -> Html {
    let switches: Vec<_> = decomposition.switches.iter().map(|switch| words::label(switch.name())).collect();
    let switches = switches.iter().map(|label| Text(label));
    let heads: Vec<_> =
        [Text("Group"), Text("Difference")].into_iter().chain(switches).chain([Text("The rest")]).collect();
    let mut html = Html::new();
    html.table("Differences taken apart", "", "Differences to the reference group, in points", &heads);
    for d in told {
        html.add(&head(d));
        for part in [d.observed].into_iter().chain(d.parts.values().copied()).chain([d.rest]) {
            html.put("<td>{}</td>", &[&in_points(part)]);
        }
        html.literal("</tr>\n");
    }
    html.literal("</tbody></table></div>\n");
    html
}

/// A table of composition and rates.
fn composition(told: &[&Difference]) -> Html {
    let mut html = Html::of("<details><summary>The same differences by composition</summary>\n", &[]);
    let texts = ["Group", "By", "Composition", "Rates within strata", "Standardised difference"].map(Text);
    let heads = [&texts[..], &[Number("In strata of both")]].concat();
    html.table(
        "Composition",
        "",
        "Split by Kitagawa’s formula, and standardised to all people sought, in points",
        &heads,
    );
    for d in told {
        for of in &d.composition {
            let by: Vec<String> = of.by.iter().map(|name| words::label(name).to_lowercase()).collect();
            html.add(&head(d));
            html.put("<td>{}</td>", &[&by.join(", ")]);
            for part in [of.composition, of.rates, of.standardised] {
                html.put("<td>{}</td>", &[&in_points(part)]);
            }
            let common = of.common.map_or(String::new(), |share| format!("{:.0} %", share * 100.0));
            html.put("<td class=\"n\">{}</td></tr>\n", &[&common]);
        }
    }
    html.literal("</tbody></table></div></details>\n");
    html
}

/// The head of the row of a difference.
fn head(d: &Difference) -> Html {
    Html::of(
        "<tr><th scope=\"row\">{} beside {} <span class=\"says\">{}</span></th>",
        &[&words::value(&d.value), &words::value(&d.reference), &words::label(&d.rate.to_string())],
    )
}
