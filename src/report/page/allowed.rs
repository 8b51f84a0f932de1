//! The shares that the published figures allow, beside those of a run: a section of the page.

use super::charts::Plot;
use super::html::Head::{Number, Text};
use super::html::Html;
use crate::report::allowed::{beside, caution, here, in_words};
use crate::report::written::{capital, ends, percent, thousands};
use crate::results::{Allowed, AllowedShare};
use crate::stats::logit;

/// The section of the page.
pub fn section(allowed: &Allowed) -> Html {
    let mut html = Html::new();
    let Some(first) = allowed.shares.first() else { return html };
    html.put(
        "<p>No source says how many of the persons returned were somebody else. {} invented worlds were drawn over the \
         ranges of all assumptions. Those near the published figures show what these allow. They are worlds of this model \
         and nobody’s true error.</p>\n",
        &[&thousands(allowed.draws)],
    );
    html.put(
        "<p><strong>{}: the published figures allow {}.</strong>{} The assumptions alone allow {}.</p>\n",
        &[&capital(&in_words(&first.measure)), &beside(first), &caution(allowed), &ends(first.before)],
    );
    html.add(&picture(first));
    let numbers = ["Assumptions alone", "With the published figures", "Median", "This run"].map(Number);
    let heads = [&[Text("Share")], &numbers[..]].concat();
    html.table("What the published figures allow", "", "Middle 90 % of worlds", &heads);
    for share in &allowed.shares {
        html.put("<tr><th scope=\"row\">{}</th>", &[&capital(&in_words(&share.measure))]);
        for cell in [ends(share.before), ends(share.after), percent(share.median), here(share).unwrap_or_default()] {
            html.put("<td class=\"n\">{}</td>", &[&cell]);
        }
        html.literal("</tr>\n");
    }
    html.literal("</tbody></table></div>\n");
    html.put(
        "<p class=\"note\">Found by <code>{}</code>, seed {}, version {}.</p>\n",
        &[&allowed.command, &allowed.seed, &allowed.version],
    );
    html
}

/// Prior and posterior of a share as a picture, and where the run lies.
fn picture(share: &AllowedShare) -> Html {
    let (Some(first), Some(last)) = (share.density.first(), share.density.last()) else { return Html::new() };
    let x = (logit(first[0]), logit(last[0]));
    let top = share.density.iter().flat_map(|[_, before, after]| [*before, *after]).fold(0.0, f64::max);
    let line = |column: usize| share.density.iter().map(|at| (logit(at[0]), at[column])).collect::<Vec<_>>();
    let mut lines = vec![("diagonal", line(1)), ("wrong_only", line(2))];
    if let Some(here) = share.here.map(logit).filter(|here| (x.0..=x.1).contains(here)) {
        lines.push(("not_returned", vec![(here, 0.0), (here, top)]));
    }
    let title = format!(
        "{}: {} by the assumptions alone, {} with the published figures",
        in_words(&share.measure),
        ends(share.before),
        ends(share.after)
    );
    let mut html = Html::of("<figure>\n<figcaption>{}</figcaption>\n", &[&capital(&title)]);
    html.literal("<p class=\"keys\"><span class=\"key k-diagonal\"></span>Assumptions alone ");
    html.literal("<span class=\"key k-wrong_only\"></span>With the published figures ");
    html.literal("<span class=\"key k-not_returned\"></span>This run</p>\n");
    let ends = [percent(first[0]), percent(last[0])];
    html.add(&Plot { x, y: (0.0, top) }.lines(&title, &lines, false, [&ends[0], &ends[1], "0", "likelier"]));
    html.literal("</figure>\n");
    html
}
