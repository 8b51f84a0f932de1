//! Line charts with bands, as SVG that stands alone: dark and light by the reader's setting, with lines that differ by dash
//! as well as by colour, and a title and a description for those who cannot see it. The colours are the palette of
//! M. Okabe and K. Ito.

mod cloud;

pub use cloud::{Cloud, cloud};
use std::fmt::Write;

/// A chart: lines over one axis.
pub struct Chart {
    /// The title of the chart.
    pub title: String,
    /// The note on how it was made.
    pub about: String,
    /// The label of the horizontal axis.
    pub x: String,
    /// The label of the vertical axis.
    pub y: String,
    /// The values of the horizontal axis, in order. Numbers stand where they belong, on a logarithmic scale if they
    /// span more than a factor of 50; anything else stands at equal distances. More than twenty numbers are a curve, whose
    /// axis is labelled at round numbers.
    pub ticks: Vec<String>,
    /// The lines.
    pub lines: Vec<Line>,
}

/// A line.
pub struct Line {
    /// The name of the series; may be empty where there is only one.
    pub name: String,
    /// Its points.
    pub points: Vec<Point>,
}

/// A point of a line.
pub struct Point {
    /// One of the ticks.
    pub x: String,
    /// The value.
    pub y: f64,
    /// Lower and upper end of its interval.
    pub band: Option<(f64, f64)>,
}

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 400.0;
const LEFT: f64 = 76.0;
const TOP: f64 = 64.0;
const BOTTOM: f64 = 52.0;

/// The chart as SVG.
pub fn line_chart(chart: &Chart) -> String {
    let named = chart.lines.len() > 1;
    let right = if named { 180.0 } else { 24.0 };
    let (from, to) = (LEFT, WIDTH - right);
    let (floor, ceiling) = (HEIGHT - BOTTOM, TOP);
    let place = positions(&chart.ticks);
    let x = |place: f64| from + (to - from) * (0.04 + 0.92 * place);
    let tops = chart.lines.iter().flat_map(|line| &line.points).map(|p| p.band.map_or(p.y, |(_, high)| high.max(p.y)));
    let step = round_step(tops.fold(0.0, f64::max) / 5.0);
    let steps = (1..=10).find(|&n| chart_top(&chart.lines) <= step * f64::from(n) * (1.0 + 1e-9)).unwrap_or(10);
    let top = step * f64::from(steps);
    let y = |value: f64| floor - (floor - ceiling) * value / top;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
         aria-labelledby=\"title about\">\n\
         <title id=\"title\">{}</title>\n<desc id=\"about\">{}</desc>\n<style>{STYLE}</style>\n\
         <rect class=\"paper\" width=\"{WIDTH}\" height=\"{HEIGHT}\"/>\n\
         <text class=\"head\" x=\"{LEFT}\" y=\"24\">{}</text>\n<text class=\"small\" x=\"{LEFT}\" y=\"44\">{}</text>\n",
        escaped(&chart.title),
        escaped(&described(chart)),
        escaped(&chart.title),
        escaped(&chart.about)
    );
    let mut draw = |piece: String| writeln!(svg, "{piece}").expect("writing to a string cannot fail");
    for n in 0..=steps {
        let value = step * f64::from(n);
        let at = y(value);
        draw(format!("<line class=\"grid\" x1=\"{from}\" x2=\"{to}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>"));
        draw(format!("<text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\">{}</text>", from - 8.0, at + 4.0, short(value)));
    }
    // A label that would run into the one before it is left out; the point stays.
    let mut free = f64::NEG_INFINITY;
    for (place, label) in labels(&chart.ticks, &place) {
        let (at, half) = (x(place), 4.0 * label.chars().count() as f64);
        if at - half > free {
            draw(format!("<text class=\"under\" x=\"{at:.1}\" y=\"{:.1}\">{}</text>", floor + 20.0, escaped(&label)));
            free = at + half + 4.0;
        }
    }
    draw(format!(
        "<text class=\"under\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
        (from + to) / 2.0,
        HEIGHT - 10.0,
        escaped(&chart.x)
    ));
    for (number, line) in chart.lines.iter().enumerate() {
        let at = |point: &Point| chart.ticks.iter().position(|tick| *tick == point.x).map(|at| x(place[at]));
        let spot = |x: f64, value: f64| format!("{x:.1},{:.1}", y(value));
        let points: Vec<(f64, &Point)> = line.points.iter().filter_map(|point| Some((at(point)?, point))).collect();
        let colour = format!("c{}", number % PALETTE);
        let banded: Vec<(f64, (f64, f64))> = points.iter().filter_map(|(x, point)| Some((*x, point.band?))).collect();
        if banded.len() > 1 {
            let upper = banded.iter().map(|(x, (_, high))| spot(*x, *high));
            let lower = banded.iter().rev().map(|(x, (low, _))| spot(*x, *low));
            let outline: Vec<String> = upper.chain(lower).collect();
            draw(format!("<polygon class=\"band {colour}\" points=\"{}\"/>", outline.join(" ")));
        }
        let path: Vec<String> = points.iter().map(|(x, point)| spot(*x, point.y)).collect();
        draw(format!("<polyline class=\"line {colour}\" points=\"{}\"/>", path.join(" ")));
        for (x, point) in &points {
            let told = format!("{} {}: {}", point.x, line.name, short(point.y));
            draw(format!(
                "<circle class=\"dot {colour}\" cx=\"{x:.1}\" cy=\"{:.1}\" r=\"3.5\"><title>{}</title></circle>",
                y(point.y),
                escaped(&told)
            ));
        }
        if named {
            let at = ceiling + 8.0 + 22.0 * number as f64;
            draw(format!(
                "<polyline class=\"key line {colour}\" points=\"{:.1},{at} {:.1},{at}\"/>",
                to + 10.0,
                to + 38.0
            ));
            draw(format!(
                "<text class=\"small\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                to + 44.0,
                at + 4.0,
                escaped(&line.name)
            ));
        }
    }
    svg += "</svg>\n";
    svg
}

const PALETTE: usize = 6;

const STYLE: &str = "svg{color:#1a1a1a;--paper:#fff}\
@media (prefers-color-scheme:dark){svg{color:#e8e8e8;--paper:#16181c}}\
text{font:13px system-ui,sans-serif;fill:currentColor}.head{font-weight:600;font-size:16px}\
.small{font-size:12px}.tick{text-anchor:end}.under{text-anchor:middle}.paper{fill:var(--paper)}\
.grid{stroke:currentColor;opacity:.2}.line{fill:none;stroke:var(--c);stroke-width:2}.band{fill:var(--c);opacity:.2}\
.dot{fill:var(--c)}.c0{--c:#0072b2}.c1{--c:#d55e00;stroke-dasharray:7 3}.c2{--c:#009e73;stroke-dasharray:2 3}\
.c3{--c:#cc79a7;stroke-dasharray:9 3 2 3}.c4{--c:#e69f00;stroke-dasharray:12 4}.c5{--c:#56b4e9;stroke-dasharray:4 4}";

fn chart_top(lines: &[Line]) -> f64 {
    lines
        .iter()
        .flat_map(|line| &line.points)
        .map(|p| p.band.map_or(p.y, |(_, high)| high.max(p.y)))
        .fold(0.0, f64::max)
}

/// The most ticks that are labelled one by one. More are a curve, whose axis is labelled at round numbers.
const LABELLED: usize = 20;

/// A scale of numbers: its ends, and `true` if it is logarithmic.
#[derive(Clone, Copy)]
struct Scale(f64, f64, bool);

impl Scale {
    /// The scale of ticks that are all numbers.
    fn of(ticks: &[String]) -> Option<Scale> {
        let number = |tick: &String| tick.parse().ok().filter(|x: &f64| x.is_finite());
        let numbers = ticks.iter().map(number).collect::<Option<Vec<f64>>>()?;
        let (low, high) = numbers.iter().fold((f64::MAX, f64::MIN), |(low, high), &v| (low.min(v), high.max(v)));
        Some(Scale(low, high, low > 0.0 && high > 50.0 * low))
    }

    /// The place of a number, from 0 to 1.
    fn place(self, value: f64) -> f64 {
        let Scale(low, high, logarithmic) = self;
        let at = |value: f64| if logarithmic { libm::log10(value) } else { value };
        if high > low { (at(value) - at(low)) / (at(high) - at(low)) } else { 0.0 }
    }

    /// Round numbers along it: 1, 2 and 5 of each power of ten, or about five equal steps.
    fn round(self) -> Vec<f64> {
        let Scale(low, high, logarithmic) = self;
        let inside = |value: &f64| (low * (1.0 - 1e-9)..=high * (1.0 + 1e-9)).contains(value);
        if logarithmic {
            let powers = libm::floor(libm::log10(low)) as i32..=libm::ceil(libm::log10(high)) as i32;
            let of = |power: i32| [1.0, 2.0, 5.0].map(|n| n * libm::pow(10.0, f64::from(power)));
            return powers.flat_map(of).filter(inside).collect();
        }
        let step = round_step((high - low) / 5.0);
        (0..=6)
            .map(|n| step * (libm::ceil(low / step) + f64::from(n)))
            .filter(|value| *value <= high + step * 1e-9)
            .collect()
    }
}

/// The place of each tick, from 0 to 1.
fn positions(ticks: &[String]) -> Vec<f64> {
    match Scale::of(ticks) {
        Some(scale) => ticks.iter().map(|tick| scale.place(tick.parse().unwrap_or_default())).collect(),
        None => (0..ticks.len()).map(|at| at as f64 / (ticks.len() - 1).max(1) as f64).collect(),
    }
}

/// The labels of the horizontal axis, each with its place.
fn labels(ticks: &[String], places: &[f64]) -> Vec<(f64, String)> {
    match Scale::of(ticks) {
        Some(scale) if ticks.len() > LABELLED => {
            scale.round().into_iter().map(|value| (scale.place(value), short(value))).collect()
        }
        _ => {
            let label = |tick: &String| tick.parse::<f64>().map_or_else(|_| tick.clone(), short);
            places.iter().copied().zip(ticks.iter().map(label)).collect()
        }
    }
}

/// The next of 1, 2, 2.5 or 5 times a power of ten that is not below a number.
fn round_step(at_least: f64) -> f64 {
    if at_least <= 0.0 {
        return 0.2;
    }
    let power = libm::pow(10.0, libm::floor(libm::log10(at_least)));
    [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|n| n * power)
        .find(|step| *step >= at_least * (1.0 - 1e-9))
        .unwrap_or(power)
}

/// A number for people: 10k, 1.5M, 0.025.
fn short(value: f64) -> String {
    let (scaled, unit) = match value.abs() {
        v if v >= 1e9 => (value / 1e9, "B"),
        v if v >= 1e6 => (value / 1e6, "M"),
        v if v >= 1e4 => (value / 1e3, "k"),
        _ => (value, ""),
    };
    // Four figures that count, without zeros behind them.
    let rounded: f64 = format!("{scaled:.3e}").parse().unwrap_or(scaled);
    format!("{rounded}{unit}")
}

/// A description of the chart in words.
fn described(chart: &Chart) -> String {
    let mut text = format!("{}. {} against {}.", chart.about, chart.y, chart.x);
    for line in &chart.lines {
        let points: Vec<String> = line
            .points
            .iter()
            .map(|point| match point.band {
                Some((low, high)) => format!("{}: {} ({} to {})", point.x, short(point.y), short(low), short(high)),
                None => format!("{}: {}", point.x, short(point.y)),
            })
            .collect();
        let name = if line.name.is_empty() { String::new() } else { format!("{}: ", line.name) };
        write!(text, " {name}{}.", points.join("; ")).expect("writing to a string cannot fail");
    }
    text
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(xs: &[&str], ys: &[f64]) -> Chart {
        let points = xs.iter().zip(ys);
        let points = points.map(|(x, &y)| Point { x: x.to_string(), y, band: Some((y / 2.0, y * 2.0)) }).collect();
        Chart {
            title: "A & B".into(),
            about: "of <nobody>".into(),
            x: "people".into(),
            y: "share".into(),
            ticks: xs.iter().map(|x| x.to_string()).collect(),
            lines: vec![Line { name: String::new(), points }],
        }
    }

    #[test]
    fn numbers_stand_where_they_belong_and_words_at_equal_distances() {
        let at = |ticks: &[&str]| positions(&ticks.iter().map(|tick| tick.to_string()).collect::<Vec<_>>());
        assert_eq!(at(&["0", "1", "4"]), [0.0, 0.25, 1.0]);
        assert_eq!(at(&["all", "best", "unique"]), [0.0, 0.5, 1.0]);
        let log = at(&["10000", "100000", "1000000"]);
        assert!((log[1] - 0.5).abs() < 1e-12, "{log:?}");
        assert_eq!(at(&["7"]), [0.0]);
        assert_eq!(at(&["all"]), [0.0]);
    }

    #[test]
    fn a_curve_is_labelled_at_round_numbers_and_few_values_each() {
        let labels_of = |xs: Vec<f64>| -> Vec<String> {
            let ticks: Vec<String> = xs.iter().map(f64::to_string).collect();
            labels(&ticks, &positions(&ticks)).into_iter().map(|(_, label)| label).collect()
        };
        assert_eq!(labels_of(vec![0.107, 3.0, 14.6]), ["0.107", "3", "14.6"]);
        let curve: Vec<f64> = (0..60).map(|n| 0.107 * libm::pow(14.6 / 0.107, f64::from(n) / 59.0)).collect();
        assert_eq!(labels_of(curve), ["0.2", "0.5", "1", "2", "5", "10"]);
        assert_eq!(labels_of((1..=40).map(|n| f64::from(n) * 0.01).collect()), ["0.1", "0.2", "0.3", "0.4"]);
        let whole: Vec<String> = (0..=50).map(|n| n.to_string()).collect();
        let places = labels(&whole, &positions(&whole)).into_iter().map(|(place, _)| place).collect::<Vec<_>>();
        assert_eq!(places, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
    }

    #[test]
    fn the_scale_ends_at_a_round_number_above_everything() {
        assert_eq!([round_step(0.013), round_step(0.2), round_step(3.1), round_step(0.0)], [0.02, 0.2, 5.0, 0.2]);
        for top in [0.0, 0.003, 0.97, 1.0, 12.0, 49.9] {
            let svg = line_chart(&chart(&["1", "2"], &[top / 2.0, top / 2.0]));
            let heights =
                svg.split("cy=\"").skip(1).map(|rest| rest.split('"').next().unwrap().parse::<f64>().unwrap());
            assert!(heights.into_iter().all(|y| (TOP..=HEIGHT - BOTTOM).contains(&y)), "{top}");
        }
    }

    #[test]
    fn a_chart_says_in_words_what_it_shows_and_escapes_them() {
        let svg = line_chart(&chart(&["10000", "1000000"], &[0.01, 0.25]));
        assert!(svg.contains("<title id=\"title\">A &amp; B</title>") && svg.contains("of &lt;nobody&gt;"));
        assert!(svg.contains("10000: 0.01 (0.005 to 0.02); 1000000: 0.25 (0.125 to 0.5)."), "{svg}");
        assert!(svg.contains(">10k<") && svg.contains(">1M<"));
        assert_eq!(svg.matches('<').count(), svg.matches('>').count());
    }
}
