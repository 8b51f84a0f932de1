//! The pictures of the page, as SVG that takes its colours from the style sheet: light, dark and printed.
//!
//! Places along an axis are shares of the width, so that a picture fits any screen and its text never shrinks. Each
//! picture has a title that says what to read from it; the figures themselves stand in the text or table beside it.

use super::html::Html;

/// The largest number of squares in a picture of all requests.
const MOST_SQUARES: u64 = 10_000;

/// Number of requests a square stands for: 1, 2, 5, 10, 20, …, so that there are at most ten thousand.
pub fn per_square(requests: u64) -> u64 {
    let mut scale = 1;
    loop {
        for step in [1, 2, 5] {
            if requests.div_ceil(step * scale) <= MOST_SQUARES {
                return step * scale;
            }
        }
        scale *= 10;
    }
}

/// Squares in rows, kind after kind: one for each `per` requests, and at least one for each kind that occurred.
pub fn squares(title: &str, counts: &[(&'static str, u64)], per: u64, columns: u64) -> Html {
    let squares: Vec<(&str, u64)> =
        counts.iter().filter(|(_, count)| *count > 0).map(|(kind, count)| (*kind, count.div_ceil(per))).collect();
    let rows = squares.iter().map(|(_, n)| n).sum::<u64>().div_ceil(columns).max(1);
    let mut svg = Html::of(
        "<svg class=\"squares\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\" style=\"max-width:{}rem\">",
        &[&(columns * 10 - 2), &(rows * 10 - 2), &title, &(columns as f64 * 0.75)],
    );
    let mut at = 0;
    for (kind, count) in squares {
        // A broken line is a row of squares.
        let mut path = String::new();
        let end = at + count;
        while at < end {
            let (row, column) = (at / columns, at % columns);
            let run = (columns - column).min(end - at);
            path += &format!("M{} {}h{}", column * 10, row * 10 + 4, run * 10 - 2);
            at += run;
        }
        svg.put("<path class=\"k-{}\" d=\"{}\"/>", &[&kind, &path]);
    }
    svg.literal("</svg>");
    svg
}

/// A share on an axis from 0 to `most`, with its interval: a line with a dot.
pub fn interval(value: f64, low: f64, high: f64, most: f64, kind: &'static str) -> Html {
    let at = |share: f64| percent(share / most.max(f64::MIN_POSITIVE));
    Html::of(
        "<svg class=\"interval {}\" aria-hidden=\"true\"><line class=\"axis\" x1=\"0\" x2=\"100%\" y1=\"50%\" y2=\"50%\"/>\
         <line class=\"reach\" x1=\"{}\" x2=\"{}\" y1=\"50%\" y2=\"50%\"/><circle cx=\"{}\" cy=\"50%\" r=\"4.5\"/></svg>",
        &[&kind, &at(low), &at(high), &at(value)],
    )
}

/// Powers of ten from `10^low` to 1, for shares too far apart for a plain axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decades {
    /// The lowest power of ten, below 0.
    pub low: i32,
}

impl Decades {
    /// An axis that shows all of these shares.
    pub fn of(shares: impl Iterator<Item = f64>) -> Decades {
        let least = shares.filter(|share| *share > 0.0).fold(0.1, f64::min);
        Decades { low: (libm::floor(libm::log10(least)) as i32).clamp(-12, -1) }
    }

    fn at(self, share: f64) -> String {
        let power = if share > 0.0 { libm::log10(share) } else { f64::from(self.low) };
        percent((power - f64::from(self.low)) / -f64::from(self.low))
    }

    /// A share with its interval, if one is claimed, on this axis.
    pub fn mark(self, value: f64, reach: Option<(f64, f64)>) -> Html {
        let mut svg = Html::of("<svg class=\"interval wrong\" aria-hidden=\"true\">", &[]);
        for power in self.low..=0 {
            let x = percent(f64::from(power - self.low) / -f64::from(self.low));
            svg.put("<line class=\"grid\" x1=\"{}\" x2=\"{}\" y1=\"0\" y2=\"100%\"/>", &[&x, &x]);
        }
        if let Some((low, high)) = reach {
            let line = "<line class=\"reach\" x1=\"{}\" x2=\"{}\" y1=\"50%\" y2=\"50%\"/>";
            svg.put(line, &[&self.at(low), &self.at(high)]);
        }
        svg.put("<circle cx=\"{}\" cy=\"50%\" r=\"5.5\"/></svg>", &[&self.at(value)]);
        svg
    }

    /// The labels of the grid's lines.
    pub fn ticks(self) -> Html {
        let mut html = Html::of("<div class=\"ticks\" aria-hidden=\"true\">", &[]);
        let step = if self.low < -5 { 3 } else { 1 };
        for power in (self.low..=0).rev().step_by(step).collect::<Vec<_>>().into_iter().rev() {
            let x = percent(f64::from(power - self.low) / -f64::from(self.low));
            let word = match power {
                0 => "all".to_string(),
                _ => format!("1 in {}", super::large(libm::exp10(-f64::from(power)))),
            };
            html.put("<span style=\"left:{}\">{}</span>", &[&x, &word]);
        }
        html.literal("</div>");
        html
    }
}

/// A bar as long as a count, of the longest, and a frame as long as another.
pub fn bar(solid: u64, framed: u64, most: u64, kind: &'static str) -> Html {
    let at = |count: u64| percent(count as f64 / most.max(1) as f64);
    let mut svg = Html::of("<svg class=\"bar {}\" aria-hidden=\"true\">", &[&kind]);
    svg.put("<rect class=\"solid\" x=\"0\" y=\"2\" width=\"{}\" height=\"11\"/>", &[&at(solid)]);
    if framed > 0 {
        svg.put("<rect class=\"framed\" x=\"0\" y=\"15\" width=\"{}\" height=\"5\"/>", &[&at(framed)]);
    }
    svg.literal("</svg>");
    svg
}

/// A line chart in two dimensions: its frame is stretched to the width of the page, its text is not.
pub struct Plot {
    /// The ends of the horizontal axis.
    pub x: (f64, f64),
    /// The ends of the vertical axis.
    pub y: (f64, f64),
}

/// A share with the ends of its interval.
#[derive(Clone, Copy)]
pub struct Reach {
    /// The share.
    pub value: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Room at both sides of a plot for the dots at its ends.
const MARGIN: f64 = 1.0;

impl Plot {
    fn place(&self, point: (f64, f64)) -> (f64, f64) {
        let share = |value: f64, (low, high): (f64, f64)| (value - low) / (high - low).max(f64::MIN_POSITIVE);
        (MARGIN + (100.0 - 2.0 * MARGIN) * share(point.0, self.x), 100.0 - 100.0 * share(point.1, self.y))
    }

    /// The chart of a share with its interval: a line in a band, with words at the ends of both axes.
    pub fn band(&self, title: &str, kind: &'static str, points: &[(f64, Reach)], dots: bool, ends: [&str; 4]) -> Html {
        let line = points.iter().map(|(x, reach)| (*x, reach.value)).collect();
        let there = points.iter().map(|(x, reach)| (*x, reach.high));
        let back = points.iter().rev().map(|(x, reach)| (*x, reach.low));
        let around = Html::of("<path class=\"band k-{}\" d=\"{}Z\"/>", &[&kind, &self.path(there.chain(back))]);
        self.drawn(title, around, &[(kind, line)], dots, ends)
    }

    /// The chart of some lines, each with its kind, and words at the ends of both axes.
    pub fn lines(&self, title: &str, lines: &[(&'static str, Vec<(f64, f64)>)], dots: bool, ends: [&str; 4]) -> Html {
        self.drawn(title, Html::new(), lines, dots, ends)
    }

    fn path(&self, points: impl Iterator<Item = (f64, f64)>) -> String {
        let steps = points.map(|point| self.place(point)).enumerate();
        steps.map(|(i, (x, y))| format!("{}{x:.2} {y:.2}", if i == 0 { 'M' } else { 'L' })).collect()
    }

    fn drawn(
        &self,
        title: &str,
        below: Html,
        lines: &[(&'static str, Vec<(f64, f64)>)],
        dots: bool,
        ends: [&str; 4],
    ) -> Html {
        let mut html = Html::of("<div class=\"plot\">", &[]);
        html.put("<span class=\"y high\">{}</span><span class=\"y low\">{}</span>", &[&ends[3], &ends[2]]);
        html.put(
            "<svg viewBox=\"0 0 100 100\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{}\">",
            &[&title],
        );
        html.literal("<path class=\"grid\" d=\"M0 25h100M0 50h100M0 75h100\"/>");
        html.add(&below);
        for (kind, points) in lines {
            html.put("<path class=\"line k-{}\" d=\"{}\"/>", &[kind, &self.path(points.iter().copied())]);
            if dots {
                // A line of no length with round ends is a dot whatever the stretch.
                let dots: String =
                    points.iter().map(|point| self.place(*point)).map(|(x, y)| format!("M{x:.2} {y:.2}h0")).collect();
                html.put("<path class=\"dots k-{}\" d=\"{}\"/>", &[kind, &dots]);
            }
        }
        html.literal("<path class=\"cursor\" d=\"M0 0V100\" hidden=\"\"/></svg>");
        html.put("<span class=\"x\"><span>{}</span><span>{}</span></span></div>", &[&ends[0], &ends[1]]);
        html
    }
}

fn percent(share: f64) -> String {
    format!("{:.2}%", 100.0 * share.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_add_up_and_none_that_occurred_is_left_out() {
        assert_eq!([1, 9_999, 10_000, 10_001, 20_001, 1_000_000].map(per_square), [1, 1, 1, 2, 5, 100]);
        let svg = squares("t", &[("wrong_only", 3), ("refused", 0), ("right_alone", 20)], 1, 10).into_string();
        // Each run of squares is ten units a square, less the last gap.
        let units: u64 = svg
            .split('h')
            .skip(1)
            .filter_map(|piece| piece.split(['M', '"']).next()?.parse::<u64>().ok())
            .map(|length| (length + 2) / 10)
            .sum();
        assert_eq!(units, 23, "{svg}");
        assert!(!svg.contains("refused"));
        assert_eq!(squares("t", &[("wrong_only", 1)], 100, 10).into_string().matches("h8").count(), 1);
    }

    #[test]
    fn an_axis_of_powers_of_ten_holds_every_share() {
        let axis = Decades::of([0.007, 3.5e-9].into_iter());
        assert_eq!(axis, Decades { low: -9 });
        assert_eq!(
            (axis.at(1.0).as_str(), axis.at(1e-9).as_str(), axis.at(0.0).as_str()),
            ("100.00%", "0.00%", "0.00%")
        );
        assert_eq!(Decades::of(std::iter::empty()), Decades { low: -1 });
    }
}
