//! The threshold curve, and both shares along it in the band of their luck.

use super::charts::{Plot, Reach};
use super::html::Html;
use super::{Run, file_link, term};
use crate::report::written::{decimals, percent, thousands};
use crate::results::{BandedPoint, Share};

/// The threshold curve.
pub fn threshold(run: &Run<'_>) -> Html {
    let points: Vec<[f64; 4]> = run
        .results
        .curve
        .iter()
        .map(|p| [p.threshold, p.returned_right as f64, p.returned_wrong as f64, p.missed as f64])
        .collect();
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Html::new() };
    let mut html = Html::new();
    html.literal("<p>The same people, files and requests, with every route’s ");
    html.add(&term("threshold", "threshold"));
    html.literal(
        " moved to one value: a stricter rule returns fewer people who are somebody else, and fewer of the people sought. \
         No setting has no errors. Which is better is not a question of arithmetic: it depends on what is done with an \
         answer.</p>\n",
    );
    let line = |column: usize| points.iter().map(|point| (point[0], point[column])).collect::<Vec<_>>();
    let top = |columns: &[usize]| points.iter().flat_map(|point| columns.iter().map(|&c| point[c])).fold(1.0, f64::max);
    let x = if points.len() > 1 { (first[0], last[0]) } else { (first[0] - 1.0, first[0] + 1.0) };
    let number = |value: f64| thousands(value as u64);
    let ends = (format!("threshold {}", first[0]), format!("{} (stricter)", last[0]));
    let (upper, lower) = (top(&[1, 3]), top(&[2]));
    html.put(
        "<figure class=\"curve\">\n<figcaption>At threshold {}, {} of those returned are somebody else and {} people on \
         file are not returned; at threshold {}, it is {} and {}.</figcaption>\n",
        &[&first[0], &number(first[2]), &number(first[3]), &last[0], &number(last[2]), &number(last[3])],
    );
    let dots = points.len() <= 12;
    html.literal("<p class=\"keys\"><span class=\"key k-right_alone\"></span>The person sought, returned ");
    html.literal("<span class=\"key k-not_returned\"></span>On file, not returned</p>\n");
    let plot = Plot { x, y: (0.0, upper) };
    let title = "People returned who were sought, and people on file not returned, at each threshold";
    let both = [("right_alone", line(1)), ("not_returned", line(3))];
    html.add(&plot.lines(title, &both, dots, [&ends.0, &ends.1, "0", &number(upper)]));
    html.literal(
        "<p class=\"keys\"><span class=\"key k-wrong_only\"></span>Somebody else, returned (another scale)</p>\n",
    );
    let plot = Plot { x, y: (0.0, lower) };
    let title = "People returned who were somebody else, at each threshold";
    html.add(&plot.lines(title, &[("wrong_only", line(2))], dots, [&ends.0, &ends.1, "0", &number(lower)]));
    html.add(&bands(run, x, dots, [&ends.0, &ends.1]));
    html.literal(
        "<div id=\"slider\" hidden>\n<p><label for=\"at\">Move the threshold</label> \
         <input type=\"range\" id=\"at\" min=\"0\" value=\"0\" step=\"1\"></p>\n<p id=\"reading\" role=\"status\"></p>\n\
         <p><label for=\"weight\">One person returned in error weighs as much as <output id=\"weighs\" for=\"weight\">\
         </output> not returned</label> <input type=\"range\" id=\"weight\" min=\"0\" max=\"12\" value=\"3\" step=\"1\"></p>\n\
         <p id=\"choice\" role=\"status\"></p>\n</div>\n",
    );
    html.literal("<details><summary>The curve as a table</summary>\n");
    html.literal("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"The curve\"><table>\n<caption>");
    let step = points.len().div_ceil(25).max(1);
    html.put("{} of {} thresholds; all are in ", &[&points.len().div_ceil(step), &points.len()]);
    html.add(&file_link("curve.csv", &"curve.csv"));
    html.literal(
        "</caption>\n<thead><tr><th scope=\"col\" class=\"n\">Threshold</th><th scope=\"col\" class=\"n\">The person sought\
         </th><th scope=\"col\" class=\"n\">Somebody else</th><th scope=\"col\" class=\"n\">On file, not returned</th>\
         <th scope=\"col\" class=\"n\">Somebody else, of those returned</th><th scope=\"col\" class=\"n\">Not returned, of \
         those on file</th></tr></thead>\n<tbody>\n",
    );
    let (wrongly, not_found) = (reaches(run, |point| &point.precision), reaches(run, |point| &point.recall));
    for (i, [threshold, right, wrong, missed]) in points.iter().enumerate().step_by(step) {
        html.put("<tr><th scope=\"row\" class=\"n\">{}</th><td class=\"n\">{}</td>", &[threshold, &number(*right)]);
        html.put("<td class=\"n\">{}</td><td class=\"n\">{}</td>", &[&number(*wrong), &number(*missed)]);
        for shares in [&wrongly, &not_found] {
            html.put(
                "<td class=\"n\">{}</td>",
                &[&shares.get(i).copied().flatten().map_or(String::new(), in_per_cent)],
            );
        }
        html.literal("</tr>\n");
    }
    html.literal("</tbody></table></div></details>\n</figure>\n");
    html
}

/// Precision or recall at each point of the curve, with its interval; none where nobody is returned.
fn reaches(run: &Run<'_>, share: fn(&BandedPoint) -> &Share) -> Vec<Option<Reach>> {
    let of = |point: &BandedPoint| share(point).rest().map(|[value, low, high]| Reach { value, low, high });
    run.results.curve.iter().map(of).collect()
}

/// A share and its interval: 0.70 % (0.5-1.0 %).
fn in_per_cent(reach: Reach) -> String {
    let places = decimals(reach.high - reach.low);
    format!("{} ({:.places$}-{:.places$} %)", percent(reach.value), 100.0 * reach.low, 100.0 * reach.high)
}

/// Both shares along the curve, each in the band of its luck.
fn bands(run: &Run<'_>, x: (f64, f64), dots: bool, ends: [&str; 2]) -> Html {
    let mut html = Html::of(
        "<p>The same as shares, each in its 95 % band: where it would lie, by luck, in other countries made alike. A bootstrap \
         over requests; the exact interval where few were seen.</p>\n",
        &[],
    );
    let precision: fn(&BandedPoint) -> &Share = |point| &point.precision;
    let recall: fn(&BandedPoint) -> &Share = |point| &point.recall;
    for (kind, share, says) in [
        ("wrong_only", precision, "Of those returned, somebody else"),
        ("not_returned", recall, "Of people on file who are sought, not returned"),
    ] {
        let thresholds = run.results.curve.iter().map(|point| point.threshold);
        let points: Vec<(f64, Reach)> =
            thresholds.zip(reaches(run, share)).filter_map(|(x, reach)| Some((x, reach?))).collect();
        let most = points.iter().map(|(_, reach)| reach.high).fold(0.0, f64::max);
        html.put("<p class=\"keys\"><span class=\"key k-{}\"></span>{}</p>\n", &[&kind, &says]);
        let title = format!("{says}, at each threshold, with the band of its intervals");
        let ends = [ends[0], ends[1], "0", &percent(most)];
        html.add(&Plot { x, y: (0.0, most) }.band(&title, kind, &points, dots, ends));
    }
    html
}
