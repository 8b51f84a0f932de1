//! The end of the page: what it does not show, how to get it again, and its words.

use super::html::Html;
use super::words::GLOSSARY;
use super::{Run, file_link};
use crate::report::validation;

/// The limits of the figures.
pub fn limits(run: &Run<'_>) -> Html {
    let mut html = Html::of("<ul class=\"plain\">\n", &[]);
    html.literal(
        "<li><strong>Not measured:</strong> who should have been sought, whether a request is lawful, and the error of any \
         real programme. Nothing here estimates how many people any agency took for somebody else.</li>\n\
         <li><strong>Do not extrapolate</strong> these figures to another population size: some grow with the file, some with the requests, \
         some with neither.</li>\n\
         <li><strong>One run is one draw.</strong> Another seed gives other people and other luck.</li>\n",
    );
    match validation::of_country(run.results) {
        Ok(predicted) => html.put(
            "<li><strong>The country is not like a real one in everything.</strong> Of what was not put in or tuned to, {}; \
             strangers who share a name and a date of birth are probably too few.</li>\n",
            &[&predicted],
        ),
        Err(altered) => html.put(
            "<li><strong>How far this country is like a real one is not known.</strong> The verdicts on the documented \
             population do not apply: {}.</li>\n",
            &[&altered],
        ),
    }
    if run.results.sensitivity.is_none() {
        html.literal(
            "<li><strong>Not tested in this run:</strong> how far the assumed values move the result. The brackets do not \
             cover that.</li>\n",
        );
    }
    html.literal(
        "<li><strong>Groups differ</strong> for reasons that were put in: names, how well files record people, who is on file, \
         and who is sought. The last three are assumptions.</li>\n</ul>\n",
    );
    html
}

/// The way to the same run.
pub fn repeat(run: &Run<'_>) -> Html {
    let mut html =
        Html::of("<p>In the folder of this page:</p>\n<pre><code>namesake run scenario.toml</code></pre>\n", &[]);
    html.put(
        "<p>gives the same bytes with Namesake {}. Scenario <code>{}</code>, seed {}. Another seed is another draw: \
         <code>--seed 2</code>.</p>\n<ul class=\"files\">\n",
        &[&run.results.version, &run.results.scenario, &run.results.seed_words()],
    );
    for (name, says) in [
        ("results.json", "every count, rate, outcome, cause, group and setting of this page"),
        ("disclosures.csv", "one row per person whom the rules return in error"),
        ("curve.csv", "one row per threshold"),
        ("groups.csv", "one row per rate of a group, in this run and in those beside it"),
        ("outcomes.csv", "one row per request"),
        ("data-dictionary.md", "what each column of these tables holds"),
        ("scenario.toml", "the scenario with every setting"),
    ] {
        html.literal("<li>");
        html.add(&file_link(name, &name));
        html.put(": {}</li>\n", &[&says]);
    }
    html.literal("</ul>\n");
    html.put(
        "<p class=\"note\">This page carries {} with it; other files lie in its folder.</p>\n",
        &[&run.carried_files().map(|(name, _)| name).collect::<Vec<_>>().join(", ")],
    );
    html
}

/// The words that the page explains.
pub fn glossary() -> Html {
    let mut html = Html::of("<dl class=\"words\">\n", &[]);
    for (id, word, said) in GLOSSARY {
        html.put("<dt id=\"word-{}\">{}</dt><dd>{}</dd>\n", &[&id, &word, &said]);
    }
    html.literal("</dl>\n");
    html
}
