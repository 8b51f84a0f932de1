//! The setting that makes errors depend on each other: marginal rates stay, clustering moves. Table and chart of the docs.

use crate::support::{same_or_blessed, scenario};
use namesake::agency::Subject;
use namesake::experiment::World;
use std::fmt::Write;

/// The results at one value of the knob: errors drawn in a record, and the shares of records without any, with one to
/// three, with four to nine and with ten or more.
struct Point {
    dependence: f64,
    errors: f64,
    shares: [f64; 4],
}

const CLASSES: [&str; 4] = ["without any", "with one to three", "with four to nine", "with ten or more"];

fn point(dependence: f64) -> Point {
    let set = format!("requester.dependence={dependence}");
    let scenario = scenario(&["population.people=51200", "requester.requests=10", &set]);
    let world = World::new(&scenario, &|_| {});
    let agency = world.requester();
    let (mut records, mut errors, mut with) = (0_u64, 0_u64, [0_u64; 4]);
    for index in 0..world.country().blocks() {
        let block = world.country().block(index);
        for slot in 0..block.people.len() {
            let mut drawn = agency.drawn(Subject::of(&block, slot));
            // Formats concern everybody alike and take no part.
            const FORMATS: [&str; 5] =
                ["accents_lost", "shifted_column", "truncated_by_layout", "truncated", "street_abbreviated"];
            drawn.retain(|error| !FORMATS.contains(&error.kind.name()));
            records += 1;
            errors += drawn.len() as u64;
            with[usize::from(!drawn.is_empty()) + usize::from(drawn.len() > 3) + usize::from(drawn.len() > 9)] += 1;
        }
    }
    let share = |count: u64| count as f64 / records as f64;
    Point { dependence, errors: share(errors), shares: with.map(share) }
}

#[test]
fn the_dependence_knob_leaves_how_many_errors_there_are_and_moves_how_they_cluster() {
    let points: Vec<Point> = (0..=5).map(|fifth| point(f64::from(fifth) / 5.0)).collect();
    for pair in points.windows(2) {
        assert!((pair[1].errors / points[0].errors - 1.0).abs() < 0.03, "{} at {}", pair[1].errors, pair[1].dependence);
        assert!(pair[1].shares[0] > pair[0].shares[0], "at {} errors cluster more", pair[1].dependence);
    }
    assert!(points[5].shares[0] > 1.5 * points[0].shares[0] && points[5].shares[3] > 20.0 * points[0].shares[3]);
    let mut table = format!(
        "\n| dependence | errors drawn a record | records {} |\n|---|---|---|---|---|---|\n",
        CLASSES.join(" | ")
    );
    for Point { dependence, errors, shares } in &points {
        let shares = shares.map(|share| format!("{:.1} %", 100.0 * share)).join(" | ");
        writeln!(table, "| {dependence} | {errors:.2} | {shares} |").unwrap();
    }
    same_or_blessed("docs/model-agencies.md", Some("dependence"), &format!("{table}\n"));
    same_or_blessed("docs/images/dependence.svg", None, &chart(&points));
}

/// Two panels over the same knob: errors drawn a record, and the shares of records by how many they have.
fn chart(points: &[Point]) -> String {
    const COLOURS: [&str; 4] = ["#1b7837", "#5b8db8", "#d98c21", "#b2182b"];
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 420\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <title>Errors in records, by their dependence within a person</title>\n\
         <rect width=\"640\" height=\"420\" fill=\"white\"/>\n",
    );
    let x = |dependence: f64| 60.0 + 400.0 * dependence;
    let mut panel = |title: &str, top: f64, height: f64, most: f64, unit: &str, lines: &[(&str, &str, Vec<f64>)]| {
        let y = |value: f64| top + height * (1.0 - value / most);
        writeln!(svg, "<text x=\"60\" y=\"{}\" font-weight=\"bold\">{title}</text>", top - 8.0).unwrap();
        for step in 0..=3 {
            let value = most * f64::from(step) / 3.0;
            writeln!(
                svg,
                "<line x1=\"60\" x2=\"460\" y1=\"{0:.1}\" y2=\"{0:.1}\" stroke=\"#ddd\"/>\
                 <text x=\"54\" y=\"{1:.1}\" text-anchor=\"end\">{value:.0}{unit}</text>",
                y(value),
                y(value) + 4.0
            )
            .unwrap();
        }
        for (name, colour, values) in lines {
            let place = |(point, value): (&Point, &f64)| format!("{:.1},{:.1}", x(point.dependence), y(*value));
            let path: Vec<String> = points.iter().zip(values).map(place).collect();
            writeln!(
                svg,
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
                path.join(" ")
            )
            .unwrap();
            let end = y(values[values.len() - 1]) + 4.0;
            writeln!(svg, "<text x=\"466\" y=\"{end:.1}\" fill=\"{colour}\">{name}</text>").unwrap();
        }
        for tenth in [0, 2, 4, 6, 8, 10] {
            let dependence = f64::from(tenth) / 10.0;
            let below = top + height + 16.0;
            writeln!(
                svg,
                "<text x=\"{:.1}\" y=\"{below:.1}\" text-anchor=\"middle\">{dependence}</text>",
                x(dependence)
            )
            .unwrap();
        }
    };
    let errors = points.iter().map(|point| point.errors).collect();
    panel(
        "Errors drawn a record: how many there are stays",
        30.0,
        80.0,
        3.0,
        "",
        &[("errors a record", "#444", errors)],
    );
    let lines: Vec<(&str, &str, Vec<f64>)> = (0..4)
        .map(|class| (CLASSES[class], COLOURS[class], points.iter().map(|p| 100.0 * p.shares[class]).collect()))
        .collect();
    panel("Records by how many errors they have: how they cluster moves", 170.0, 200.0, 90.0, " %", &lines);
    svg.push_str("<text x=\"260\" y=\"408\" text-anchor=\"middle\">dependence</text>\n</svg>\n");
    svg
}
