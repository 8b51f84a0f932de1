//! A cloud of points over two axes, with a line on which their product is the same.

use super::{BOTTOM, HEIGHT, LEFT, STYLE, TOP, WIDTH, escaped, short};
use std::fmt::Write;

/// A cloud of points.
pub struct Cloud {
    /// The title of the chart.
    pub title: String,
    /// The note on how it was made.
    pub about: String,
    /// The axes, horizontal and vertical: what each is, and its ends, above 0.
    pub axes: [(String, [f64; 2]); 2],
    /// The points.
    pub points: Vec<[f64; 2]>,
    /// The product on the line.
    pub product: f64,
}

/// The cloud as SVG. Both axes are logarithmic, so that the line is straight.
pub fn cloud(cloud: &Cloud) -> String {
    let (right, floor) = (WIDTH - 24.0, HEIGHT - BOTTOM);
    let along = |value: f64, [low, high]: [f64; 2]| libm::log(value / low) / libm::log(high / low);
    let [(x_name, x_ends), (y_name, y_ends)] = &cloud.axes;
    let x = |value: f64| LEFT + (right - LEFT) * along(value, *x_ends);
    let y = |value: f64| floor - (floor - TOP) * along(value, *y_ends);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
         aria-labelledby=\"title about\">\n\
         <title id=\"title\">{0}</title>\n<desc id=\"about\">{1}. {2} against {3}.</desc>\n<style>{STYLE}</style>\n\
         <rect class=\"paper\" width=\"{WIDTH}\" height=\"{HEIGHT}\"/>\n\
         <text class=\"head\" x=\"{LEFT}\" y=\"24\">{0}</text>\n<text class=\"small\" x=\"{LEFT}\" y=\"44\">{1}</text>\n",
        escaped(&cloud.title),
        escaped(&cloud.about),
        escaped(y_name),
        escaped(x_name),
    );
    let mut draw = |piece: String| writeln!(svg, "{piece}").expect("writing to a string cannot fail");
    for part in [0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0] {
        let at = |[low, high]: [f64; 2]| low * libm::pow(high / low, part);
        let label = |value: f64| short(format!("{value:.1e}").parse().unwrap_or(value));
        let (across, up) = (at(*x_ends), at(*y_ends));
        draw(format!("<line class=\"grid\" x1=\"{LEFT}\" x2=\"{right}\" y1=\"{0:.1}\" y2=\"{0:.1}\"/>", y(up)));
        draw(format!("<text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\">{}</text>", LEFT - 8.0, y(up) + 4.0, label(up)));
        draw(format!(
            "<text class=\"under\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            x(across),
            floor + 20.0,
            label(across)
        ));
    }
    draw(format!(
        "<text class=\"under\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
        (LEFT + right) / 2.0,
        HEIGHT - 10.0,
        escaped(x_name)
    ));
    draw(format!(
        "<text class=\"small under\" transform=\"rotate(-90)\" x=\"{:.1}\" y=\"18\">{}</text>",
        -(TOP + floor) / 2.0,
        escaped(y_name)
    ));
    for [across, up] in &cloud.points {
        draw(format!("<circle class=\"dot c0\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\"/>", x(*across), y(*up)));
    }
    // The part of the line that lies inside both axes.
    let inside = |value: f64, [low, high]: [f64; 2]| value.clamp(low, high);
    let from = inside(cloud.product / y_ends[1], *x_ends);
    let to = inside(cloud.product / y_ends[0], *x_ends);
    if from < to {
        let spot = |across: f64| format!("{:.1},{:.1}", x(across), y(cloud.product / across));
        draw(format!("<polyline class=\"line c1\" points=\"{} {}\"/>", spot(from), spot(to)));
    }
    svg += "</svg>\n";
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_of_one_product_lie_on_the_line() {
        let points: Vec<[f64; 2]> = [0.1, 0.2, 0.4].map(|x| [x, 0.06 / x]).to_vec();
        let axis = |name: &str, ends| (name.to_string(), ends);
        let axes = [axis("share with a number", [0.08, 0.7]), axis("share on file", [0.1, 0.85])];
        let svg = cloud(&Cloud { title: "A & B".into(), about: "c".into(), axes, points, product: 0.06 });
        let number = |text: &str| text.parse::<f64>().unwrap();
        let after = |piece: &str, mark: &str| piece.split(mark).nth(1).unwrap().split('"').next().unwrap().to_string();
        let line = after(&svg, "class=\"line c1\" points=\"");
        let ends: Vec<Vec<f64>> = line.split(' ').map(|spot| spot.split(',').map(number).collect()).collect();
        let dots: Vec<&str> = svg.split("<circle").skip(1).collect();
        assert_eq!(dots.len(), 3);
        for dot in dots {
            let (x, y) = (number(&after(dot, "cx=\"")), number(&after(dot, "cy=\"")));
            let on_the_line = ends[0][1] + (x - ends[0][0]) / (ends[1][0] - ends[0][0]) * (ends[1][1] - ends[0][1]);
            assert!((y - on_the_line).abs() < 0.3, "{x} {y} {on_the_line}");
        }
        assert!(svg.contains("A &amp; B") && svg.matches('<').count() == svg.matches('>').count());
    }
}
