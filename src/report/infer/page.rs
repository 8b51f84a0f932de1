//! The page of an inference: what the published figures allow, what they say of the assumptions, what to ask for.

use super::{asked, few_draws, figure, learned, out_of_reach, short, together as together_line};
use crate::report::allowed::in_words;
use crate::report::charts::{Chart, Cloud, Line, Point, cloud, line_chart};
use crate::report::page::html::Html;
use crate::report::written::{capital, ends, percent, thousands};
use crate::results::VERSION;
use crate::results::infer::{InferResults, InferredRate, Informed};

/// The most things to ask for that the page lists.
const ASKED: usize = 12;

/// Prior and posterior of the quantity of interest as a picture.
pub fn picture(results: &InferResults) -> String {
    let first = results.quantities.first();
    first.map_or_else(|| line_chart(&nothing()), |of| densities(&results.scenario, &of.measure, &of.density))
}

/// The densities of a share before and after, as a picture.
pub fn densities(scenario: &str, measure: &str, density: &[[f64; 3]]) -> String {
    let tick = |share: f64| short(share * 100.0);
    let mut shown: Vec<&[f64; 3]> = Vec::new();
    for at in density {
        if shown.last().is_none_or(|last| tick(last[0]) != tick(at[0])) {
            shown.push(at);
        }
    }
    let line = |name: &str, column: usize| Line {
        name: name.to_string(),
        points: shown.iter().map(|at| Point { x: tick(at[0]), y: at[column], band: None }).collect(),
    };
    line_chart(&Chart {
        title: capital(&in_words(measure)),
        about: format!("{scenario}; worlds that the assumptions allow"),
        x: "per cent".to_string(),
        y: "density of the log odds".to_string(),
        ticks: shown.iter().map(|at| tick(at[0])).collect(),
        lines: vec![line("assumptions alone", 1), line("with the figures", 2)],
    })
}

fn nothing() -> Chart {
    let text = "no draw has the quantity of interest".to_string();
    Chart { title: text.clone(), about: text, x: String::new(), y: String::new(), ticks: Vec::new(), lines: Vec::new() }
}

/// The first two assumptions that trade off, as a picture: the draws kept, and the line of the product.
pub fn together(results: &InferResults) -> Option<String> {
    let one = results.together.iter().find(|one| one.product.is_some())?;
    let axis = |at: usize| {
        let range = results.assumptions.iter().find(|known| known.key == one.keys[at]).and_then(|known| known.range);
        let values = || one.points.iter().map(move |point| point[at]);
        let [low, high] = range.filter(|[low, _]| *low > 0.0).unwrap_or([f64::INFINITY, 0.0]);
        (one.keys[at].clone(), [values().fold(low, f64::min), values().fold(high, f64::max)])
    };
    Some(cloud(&Cloud {
        title: "The figures fix a product, and neither of its parts".to_string(),
        about: format!("{}; each dot is a draw near the published figures", results.scenario),
        axes: [axis(0), axis(1)],
        points: one.points.clone(),
        product: one.product.as_ref()?.median,
    }))
}

/// The page. `picture` and `ridge` are pictures as SVG.
pub fn page(results: &InferResults, picture: &str, ridge: Option<&str>) -> String {
    let mut html = Html::new();
    html.literal("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.literal("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.literal(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         img-src data:; base-uri 'none'; form-action 'none'\">\n<meta name=\"color-scheme\" content=\"light dark\">\n",
    );
    html.put("<title>What could it have been? {}</title>\n<style>\n", &[&results.scenario]);
    html.literal(include_str!("../page/page.css"));
    html.literal("</style>\n</head>\n<body>\n<main id=\"main\">\n<h1>What could it have been?</h1>\n");
    html.put(
        "<p>{}: {} worlds of {} people and {} requests, seed {}. The {} nearest to the published figures are kept. They \
         say as much as {} independent ones.</p>\n",
        &[
            &results.scenario,
            &thousands(results.draws),
            &thousands(results.people),
            &thousands(results.requests),
            &results.seed,
            &thousands(results.kept),
            &libm::round(results.effective_size),
        ],
    );
    html.literal(
        "<p>These are worlds that the assumptions of the model allow and that would have produced the published \
         figures. They are nobody's true error: another model would allow other worlds.</p>\n",
    );
    if results.few_draws() {
        html.put("<p><strong>{}</strong></p>\n", &[&few_draws(results)]);
    }
    if !results.reached() {
        html.put("<p><strong>{}</strong></p>\n", &[&out_of_reach(results)]);
    }
    html.literal("<h2>The published figures</h2>\n<ul>\n");
    for one in &results.figures {
        html.put("<li>{}. <small>{}. The range: {}.</small></li>\n", &[&figure(one), &one.figure, &one.because]);
    }
    html.literal("</ul>\n<h2>What they allow</h2>\n");
    html.put("<img alt=\"{}\" src=\"data:image/svg+xml,", &[&described(results)]);
    html.text(&encoded(picture));
    html.literal("\">\n");
    html.add(&rates(results));
    html.literal(
        "<h2>What to ask for</h2>\n<p>How much narrower the first range would become, if this were known.</p>\n",
    );
    html.literal("<table>\n<thead><tr><th>what</th><th>narrower by</th></tr></thead>\n<tbody>\n");
    for one in results.ask_for.iter().take(ASKED) {
        html.put("<tr><td>{}</td><td>{}</td></tr>\n", &[&asked(one), &percent(one.narrows)]);
    }
    html.literal("</tbody></table>\n<h2>What the figures say of the assumptions</h2>\n");
    if !results.together.is_empty() {
        html.literal("<p>Of these the figures fix only how they go together:</p>\n<ul>\n");
        for one in &results.together {
            html.put("<li>{} <small>correlation {}</small></li>\n", &[&together_line(one), &short(one.correlation)]);
        }
        html.literal("</ul>\n");
    }
    if let Some(ridge) = ridge {
        html.literal("<img alt=\"Draws near the published figures, over two assumptions that trade off\" ");
        html.literal("src=\"data:image/svg+xml,");
        html.text(&encoded(ridge));
        html.literal("\">\n");
    }
    let (informed, silent): (Vec<&Informed>, Vec<&Informed>) = results.assumptions.iter().partition(|one| one.informed);
    html.literal("<ul>\n");
    for one in &informed {
        html.put("<li>{} <small>{}</small></li>\n", &[&learned(one), &one.source]);
    }
    html.literal("</ul>\n");
    html.put("<details><summary>The figures say nothing of the other {}</summary>\n<ul>\n", &[&silent.len()]);
    for one in &silent {
        html.put("<li>{}</li>\n", &[&learned(one)]);
    }
    html.literal("</ul></details>\n</main>\n<footer><p>An invented country: no record here is about a real person. ");
    html.put("Figures describe this model, not any agency. Made by Namesake {}.</p></footer>\n", &[&VERSION]);
    html.literal("</body>\n</html>\n");
    html.into_string()
}

/// A table of rates before and after.
fn rates(results: &InferResults) -> Html {
    let mut html = Html::new();
    html.literal(
        "<table>\n<thead><tr><th>share</th><th>assumptions alone: middle 90 %</th><th>with the figures: median</th>",
    );
    html.literal("<th>middle half</th><th>middle 90 %</th></tr></thead>\n<tbody>\n");
    for InferredRate { measure, prior, posterior, .. } in &results.quantities {
        let cells = [ends(prior.most), percent(posterior.median), ends(posterior.half), ends(posterior.most)];
        html.put("<tr><td>{}</td>", &[&in_words(measure)]);
        cells.iter().for_each(|cell| html.put("<td>{}</td>", &[cell]));
        html.literal("</tr>\n");
    }
    html.literal("</tbody></table>\n");
    html
}

fn described(results: &InferResults) -> String {
    let first = results.quantities.first();
    first.map_or_else(String::new, |InferredRate { measure, prior, posterior, .. }| {
        format!(
            "{}: {} before, {} after the published figures",
            in_words(measure),
            ends(prior.most),
            ends(posterior.most)
        )
    })
}

/// A text as part of an address.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~ =:/;,()".contains(&byte);
    let one = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(one).collect()
}
