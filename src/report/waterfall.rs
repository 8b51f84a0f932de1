//! The terms of a score as a waterfall: an SVG picture without scripts or fonts of its own.
//!
//! Each term begins where the one before ended, so that the last end is the score. Evidence for one person goes to the
//! right, evidence against to the left; the threshold is the broken line.

use crate::experiment::Explanation;
use std::fmt::Write;

const ROW: f64 = 26.0;
const LEFT: f64 = 330.0;
const WIDTH: f64 = 560.0;

/// The picture of an explanation.
pub fn waterfall(title: &str, explanation: &Explanation) -> String {
    let bits = |millibits: i64| millibits as f64 / 1000.0;
    let (mut at, mut ends) = (0_i64, vec![0_i64]);
    for term in &explanation.terms {
        at += i64::from(term.value);
        ends.push(at);
    }
    let threshold = i64::from(explanation.threshold.0).clamp(-1_000_000, 1_000_000);
    let all = || ends.iter().copied().chain([threshold]);
    let (low, high) = (bits(all().min().unwrap_or(0)), bits(all().max().unwrap_or(0)));
    let span = (high - low).max(1.0);
    let x = |value: f64| LEFT + WIDTH * (value - low + 0.03 * span) / (1.06 * span);
    let height = 64.0 + ROW * (explanation.terms.len() + 1) as f64;
    let mut svg = String::new();
    let mut put = |line: String| writeln!(svg, "{line}").expect("writing to a string cannot fail");
    put(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1000 {height:.0}\" font-family=\"sans-serif\" \
         font-size=\"13\" role=\"img\" aria-label=\"{}\">",
        escape(title)
    ));
    put("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>".to_string());
    put(format!("<text x=\"12\" y=\"22\" font-weight=\"bold\">{}</text>", escape(title)));
    let bar = |from: f64, to: f64, y: f64, colour: &str| {
        let (start, width) = (x(from.min(to)), (x(from.max(to)) - x(from.min(to))).max(1.0));
        format!("<rect x=\"{start:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"16\" fill=\"{colour}\"/>")
    };
    for (row, term) in explanation.terms.iter().enumerate() {
        let y = 38.0 + ROW * row as f64;
        let (from, to) = (bits(ends[row]), bits(ends[row + 1]));
        // Blue for, orange against: told apart by every kind of colour vision.
        let colour = if term.value < 0 { "#d95f02" } else { "#2b6cb0" };
        let label = if term.level.is_empty() { term.name.clone() } else { format!("{}: {}", term.name, term.level) };
        put(format!("<text x=\"12\" y=\"{:.1}\">{}</text>", y + 13.0, escape(&label)));
        put(bar(from, to, y, colour));
        put(format!(
            "<text x=\"990\" y=\"{:.1}\" text-anchor=\"end\">{:+.3}</text>",
            y + 13.0,
            f64::from(term.value) / 1000.0
        ));
    }
    let y = 38.0 + ROW * explanation.terms.len() as f64;
    put(format!("<text x=\"12\" y=\"{:.1}\" font-weight=\"bold\">score</text>", y + 13.0));
    put(bar(0.0, bits(at), y, "#444444"));
    put(format!(
        "<text x=\"990\" y=\"{:.1}\" text-anchor=\"end\" font-weight=\"bold\">{:+.3}</text>",
        y + 13.0,
        bits(at)
    ));
    let line = x(bits(threshold));
    put(format!(
        "<line x1=\"{line:.1}\" x2=\"{line:.1}\" y1=\"32\" y2=\"{:.1}\" stroke=\"#000000\" stroke-dasharray=\"5 4\"/>",
        y + 22.0
    ));
    put(format!(
        "<text x=\"{line:.1}\" y=\"{:.1}\" text-anchor=\"middle\">threshold {}</text>",
        y + 22.0 + 13.0 - 1.0,
        explanation.threshold
    ));
    put("</svg>".to_string());
    svg
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linkage::decision::{Score, Term};

    #[test]
    fn a_waterfall_has_a_bar_for_each_term_and_one_for_the_score() {
        let term = |name: &str, value: i32| Term { name: name.to_owned(), level: "<same> & Ōe".to_owned(), value };
        let explanation = Explanation {
            route: "link".to_owned(),
            proposed_by: None,
            levels: Vec::new(),
            terms: vec![term("prior", -20_000), term("surname", 13_500), term("address", 0)],
            score: Score(-6_500),
            threshold: Score(i32::MAX),
        };
        let svg = waterfall("Zoë \"a\"", &explanation);
        assert_eq!(svg.matches("<rect x=").count(), 4);
        assert!(svg.contains("-6.500") && svg.contains("&lt;same&gt; &amp; Ōe") && !svg.contains("NaN"), "{svg}");
        assert!(!svg.contains("\"Zoë \"a\"\""));
    }
}
