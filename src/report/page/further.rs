//! The parts of the page that only some runs have: each is there when its part of the results is.

use super::charts::{Plot, bar, interval};
use super::html::Head::{Chart, Number, Text};
use super::html::Html;
use super::{Run, bracket, hits_of_trials, large, share, words};
use crate::report::sensitivity::{parts, power, with_interval};
use crate::report::written::{counted, thousands};
use crate::results::{BelinRubin, Losses, Step, Ties};

/// The consequences of a return, for the person sought and for somebody else.
pub fn outcomes(run: &Run<'_>) -> Html {
    let outcomes = &run.results.outcomes;
    let steps = &outcomes.steps;
    let mut html = Html::new();
    if steps.is_empty() {
        return html;
    }
    let most = steps.iter().map(|step| step.right.max(step.wrong)).max().unwrap_or(1);
    let most_wrong = steps.iter().map(|step| step.wrong).max().unwrap_or(1);
    html.literal("<h3>What followed, step by step</h3>\n<figure>\n<figcaption>");
    html.literal("How many came to each step; the two bars have scales of their own.");
    html.literal("</figcaption>\n");
    let heads = [Text("Step"), Number("The person sought"), Chart, Number("Somebody else"), Chart];
    html.table("Steps", "bars", "After an answer", &heads);
    for Step { step, says, right, wrong } in steps {
        html.put("<tr><th scope=\"row\">{} <span class=\"says\">{}</span></th>", &[&words::label(step), says]);
        html.put("<td class=\"n\">{}</td><td class=\"chart\">", &[&thousands(*right)]);
        html.add(&bar(*right, 0, most, "right"));
        html.put("</td><td class=\"n\">{}</td><td class=\"chart\">", &[&thousands(*wrong)]);
        html.add(&bar(*wrong, 0, most_wrong, "wrong"));
        html.literal("</td></tr>\n");
    }
    html.literal("</tbody></table></div>\n</figure>\n");
    if !outcomes.person_days.is_empty() {
        let heads = [Text("Consequence"), Number("The person sought"), Number("Somebody else")];
        html.table("Days", "", "Person-days of each consequence", &heads);
        for days in &outcomes.person_days {
            html.put("<tr><th scope=\"row\">{}</th>", &[&words::label(&days.consequence)]);
            let [right, wrong] = [days.right, days.wrong].map(|days| amount(days as f64));
            html.put("<td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n", &[&right, &wrong]);
        }
        html.literal("</tbody></table></div>\n");
    }
    html
}

/// The losses beside those from exact ties.
pub fn ties(run: &Run<'_>) -> Html {
    let ties = &run.results.ties;
    let (actual, expected) = (&ties.actual, ties.from_exact_ties.expected_losses);
    let mut html = Html::new();
    let (Some(value), Some(least)) = (actual.rate, ties.from_exact_ties.share) else { return html };
    html.literal("<h3>People whom these fields cannot tell apart</h3>\n<figure>\n<figcaption>");
    html.put(
        "{} of requests were not resolved correctly; exact ties alone, people whose recorded fields are the same, lose {} on \
         average under any rule. That is a lower bound seen in hindsight: a rule that must decide without knowing who is tied \
         loses more.</figcaption>\n",
        &[&share(value), &share(least)],
    );
    html.table(
        "Exact ties",
        "bars",
        "Resolved correctly: the right person alone, or nobody when the person is not on file",
        &[Text("Requests"), Number("Count"), Number("Share"), Chart],
    );
    let of_learned = ties.learned.as_ref().and_then(|learned| Some((learned.hits, learned.rate?, learned.ends()?)));
    let says = of_learned.map_or(String::new(), |(.., (low, high))| {
        format!("boosted trees that learned from labels of other seeds; 95 % {} to {}", share(low), share(high))
    });
    let learned = of_learned.map(|(hits, part, _)| ("Flexible rule", says.as_str(), thousands(hits), part, "missed"));
    let rows = [
        ("Not resolved correctly", "by this rule", thousands(actual.hits), value, "missed"),
        (
            "Loss from exact ties",
            "expected: people whose recorded fields are the same",
            amount(expected),
            least,
            "plain",
        ),
    ];
    for (title, says, count, part, kind) in rows.into_iter().chain(learned) {
        html.put("<tr><th scope=\"row\">{} <span class=\"says\">{}</span></th>", &[&title, &says]);
        html.put("<td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"chart\">", &[&count, &share(part)]);
        html.add(&bar((part * 1e6) as u64, 0, (value.max(least) * 1e6) as u64, kind));
        html.literal("</td></tr>\n");
    }
    html.literal("</tbody></table></div>\n</figure>\n");
    html.add(&lost_by_group(ties));
    html
}

/// The places where the requests of each group of people sought were lost, beside the loss from exact ties.
fn lost_by_group(ties: &Ties) -> Html {
    let mut html = Html::new();
    let places: Vec<&String> = ties.lost.iter().filter(|(_, n)| **n > 0).map(|(place, _)| place).collect();
    html.literal("<details><summary>Where each group’s requests were lost</summary>");
    html.literal("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Losses by group\"><table>\n");
    html.literal(
        "<caption>Requests not resolved correctly, by group of the person sought and by where it happened</caption>\n",
    );
    html.literal("<thead><tr><th scope=\"col\">Sought</th><th scope=\"col\" class=\"n\">Lost, of requests</th>");
    html.literal("<th scope=\"col\" class=\"n\">Exact ties</th>");
    for place in &places {
        html.put("<th scope=\"col\" class=\"n\">{}</th>", &[&words::loss(place)]);
    }
    html.literal("</tr></thead>\n");
    for (attribute, values) in &ties.by_group {
        let title = words::attribute(attribute).0;
        html.put("<tbody>\n<tr><th scope=\"rowgroup\" colspan=\"{}\">{}</th></tr>\n", &[&(places.len() + 3), &title]);
        for (value, Losses { actual, from_exact_ties, lost }) in values {
            if actual.trials == 0 {
                continue;
            }
            html.put("<tr><th scope=\"row\">{}</th><td class=\"n\">", &[&words::label(value)]);
            html.put(
                "{}</td><td class=\"n\">{}</td>",
                &[&hits_of_trials(actual), &amount(from_exact_ties.expected_losses)],
            );
            for place in &places {
                html.put("<td class=\"n\">{}</td>", &[&thousands(lost.get(*place).copied().unwrap_or(0))]);
            }
            html.literal("</tr>\n");
        }
        html.literal("</tbody>\n");
    }
    html.literal("</table></div></details>\n");
    html
}

/// The matching's own estimates of its errors, beside the truth.
pub fn claimed(run: &Run<'_>) -> Html {
    let mut html = Html::new();
    let Some(claimed) = &run.results.claimed else { return html };
    html.literal(
        "<p>An agency has no truth to compare with. It has what its own model says: a probability for each pair, and from them \
         an estimate of how many of its matches are wrong. Here both can be held against the truth.</p>\n",
    );
    let estimates = &claimed.false_match;
    html.literal("<ul class=\"facts\">\n");
    if let Some(value) = estimates.posterior {
        let says = "is what the model’s own probabilities say is wrong among its matches";
        html.put("<li><strong>{}</strong> {}.</li>\n", &[&share(value), &says]);
    }
    if let Some(value) = estimates.truth.rate {
        html.put(
            "<li><strong>{}</strong> is the truth ({}; bracket {}).</li>\n",
            &[&share(value), &hits_of_trials(&estimates.truth), &bracket(&estimates.truth)],
        );
    }
    html.literal("</ul>\n");
    if let Some(fit) = &estimates.belin_rubin_fit {
        html.add(&belin_rubin(estimates.belin_rubin, fit));
    }
    let bins = claimed.calibration.iter().filter_map(|tenth| Some((tenth.claimed, tenth.truth?, tenth.pairs)));
    let bins: Vec<(f64, f64, u64)> = bins.collect();
    if !bins.is_empty() {
        html.literal(
            "<figure>\n<figcaption>Below the thin line, the model was surer than it had reason to be. Points of few pairs jump \
             about; the table says how many each has.</figcaption>\n",
        );
        let points: Vec<(f64, f64)> = bins.iter().map(|(claimed, truth, _)| (*claimed, *truth)).collect();
        let lines = [("diagonal", vec![(0.0, 0.0), (1.0, 1.0)]), ("right_alone", points)];
        let plot = Plot { x: (0.0, 1.0), y: (0.0, 1.0) };
        let ends = ["claimed: surely two people", "surely one person", "truly none", "truly all"];
        html.add(&plot.lines("Share of pairs that truly are one person, by what the model claims", &lines, true, ends));
        html.literal("<details><summary>The curve as a table</summary><table>\n");
        html.literal(
            "<caption>Calibration</caption>\n<thead><tr><th scope=\"col\" class=\"n\">Claimed</th><th scope=\"col\" \
             class=\"n\">True</th><th scope=\"col\" class=\"n\">Pairs</th></tr></thead>\n<tbody>\n",
        );
        for (claimed, truth, pairs) in bins {
            html.put("<tr><td class=\"n\">{}</td><td class=\"n\">{}</td>", &[&share(claimed), &share(truth)]);
            html.put("<td class=\"n\">{}</td></tr>\n", &[&thousands(pairs)]);
        }
        html.literal("</tbody></table></details>\n</figure>\n");
    }
    html
}

/// The estimate from curves fitted to the scores, where half of the requests were reviewed.
fn belin_rubin(estimate: Option<f64>, fit: &BelinRubin) -> Html {
    let mut html = Html::new();
    html.put(
        "<p>Had the agency reviewed the best answer to half of the requests, and made no mistake ({} the person sought, {} \
         somebody else), it could learn what scores of either kind look like, and estimate from the scores of the other half \
         alone how many of its best answers are wrong (the method of Belin and Rubin).</p>\n<ul class=\"facts\">\n",
        &[&thousands(fit.reviewed.one_person), &thousands(fit.reviewed.two_people)],
    );
    match (estimate, &fit.absent) {
        (Some(value), _) => {
            let ends = fit.low.zip(fit.high);
            let bracket = ends.map_or("none claimed".to_string(), |(low, high)| super::reach(value, low, high));
            html.put(
                "<li><strong>{}</strong> is what the method estimates for the best answers of the other half (bracket {}).</li>\n",
                &[&share(value), &bracket],
            );
        }
        (None, why) => {
            html.put("<li><strong>No estimate</strong>: {}.</li>\n", &[&why.as_deref().unwrap_or_default()]);
        }
    }
    if let Some(value) = fit.posterior {
        html.put(
            "<li><strong>{}</strong> is what the model’s own probabilities say of these.</li>\n",
            &[&share(value)],
        );
    }
    if let Some(value) = fit.truth.rate {
        let (counted, bracket) = (hits_of_trials(&fit.truth), bracket(&fit.truth));
        html.put(
            "<li><strong>{}</strong> is the truth of these ({}; bracket {}).</li>\n",
            &[&share(value), &counted, &bracket],
        );
    }
    html.literal("</ul>\n");
    html
}

/// Namesakes by arithmetic and by count.
pub fn coincidences(run: &Run<'_>) -> Html {
    let mut html = Html::new();
    if run.results.coincidences.is_empty() {
        return html;
    }
    html.literal(
        "<p>In a room of 23 people, two probably share a birthday. In a file of millions, it is the same with names: how many \
         people on file have the given name and the first surname of somebody sought follows from how common names are, and can \
         be worked out before any record is compared. Second surnames play no part; kin and neighbours are left out of both \
         columns.</p>\n",
    );
    html.table(
        "Namesakes",
        "",
        "Pairs of a person sought and somebody else on file, by arithmetic and counted",
        &[Text("What"), Number("By arithmetic"), Number("Counted"), Number("Bracket")],
    );
    for row in &run.results.coincidences {
        html.put(
            "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td>",
            &[&words::label(&row.what), &amount(row.expected)],
        );
        html.put(
            "<td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
            &[&amount(row.simulated as f64), &ends(row.low, row.high)],
        );
    }
    html.literal("</tbody></table></div>\n");
    html
}

/// Documented figures beside simulated ones.
pub fn published(run: &Run<'_>) -> Html {
    let mut html = Html::new();
    let rows = run.results.published.len() as u64;
    if rows == 0 {
        return html;
    }
    html.literal(
        "<p>An <em>input</em> was put in and a <em>fitted</em> figure was tuned to: neither can show that the model is right. \
         Only a <em>predicted</em> one came out by itself.</p>\n",
    );
    html.put("<details><summary>{}</summary>\n", &[&counted(rows, "documented figure", "documented figures")]);
    let heads = [Text("Figure"), Text("Kind"), Number("Documented"), Number("This run"), Number("Bracket")];
    html.table("Documented figures", "", "Documented figures", &heads);
    for row in &run.results.published {
        html.put("<tr class=\"said\"><th scope=\"row\">{}</th><td>{}</td>", &[&row.figure, &row.kind.name()]);
        let simulated = row.simulated.map_or(String::new(), amount);
        html.put("<td class=\"n\">{}</td><td class=\"n\">{}</td>", &[&amount(row.published), &simulated]);
        html.put("<td class=\"n\">{}</td></tr>\n", &[&ends(row.low, row.high)]);
        html.put("<tr><td colspan=\"5\"><span class=\"says\">{}</span>", &[&row.discussion]);
        html.put("<span class=\"says\">Source: {}.</span></td></tr>\n", &[&row.source.trim_end_matches('.')]);
    }
    html.literal("</tbody></table></div></details>\n");
    html
}

/// The effect of the assumed values on the share of somebody else.
pub fn sensitivity(run: &Run<'_>) -> Html {
    let mut html = Html::new();
    let Some(sensitivity) = &run.results.sensitivity else { return html };
    let look = &sensitivity.screening;
    let (worlds, people) =
        (counted(look.worlds - look.impossible, "world", "worlds"), counted(look.people, "person", "people"));
    html.put(
        "<p>{} of {} each were run, with every setting at either end of its range in half of them. Among {} persons returned \
         {} were somebody else. This is uncertainty about what the world is like, and comes on top of the bracket, which is \
         about luck.</p>\n",
        &[&worlds, &people, &thousands(look.trials), &thousands(look.hits)],
    );
    let (all, told) = (look.effects.len(), look.told().count());
    html.put(
        "<p>{} of {} settings cannot be told from luck. {}</p>\n",
        &[&thousands((all - told) as u64), &thousands(all as u64), &power(look)],
    );
    if told == 0 {
        return html;
    }
    html.literal(
        "<figure>\n<figcaption>How many times as large the share of somebody else is at one end of a range as at the ",
    );
    html.literal("other, whatever the rest.</figcaption>\n");
    let heads = [Text("Setting"), Number("Times as large"), Chart, Number("Looked at closely")];
    html.table("Sensitivity", "bars", "Settings that move the share by more than luck", &heads);
    // On a logarithmic axis on which half and twice are equally far from 1.
    let reach = look.told().flat_map(|e| [e.low, e.high]).map(|times| libm::log(times).abs()).fold(0.1, f64::max);
    let place = |times: f64| (libm::log(times) / reach + 1.0) / 2.0;
    for effect in look.told() {
        html.put(
            "<tr><th scope=\"row\"><code>{}</code> <span class=\"says\">from {} to {}</span></th>",
            &[&effect.key, &effect.lower, &effect.upper],
        );
        html.put("<td class=\"n\">{}</td><td class=\"chart\">", &[&with_interval(effect)]);
        html.add(&interval(place(effect.times), place(effect.low), place(effect.high), 1.0, "wrong"));
        let closer = sensitivity.closer(&effect.key).map_or(String::new(), with_interval);
        html.put("</td><td class=\"n\">{}</td></tr>\n", &[&closer]);
    }
    html.literal("</tbody></table></div>\n</figure>\n");
    html.put(
        "<p>Looked at closely means again in {} of {} each, with the rest as set: what was luck in the first look does not \
         come again. By part of the scenario: {}.</p>\n",
        &[
            &counted(sensitivity.closer.worlds - sensitivity.closer.impossible, "other world", "other worlds"),
            &counted(sensitivity.closer.people, "person", "people"),
            &parts(look),
        ],
    );
    html
}

/// Both ends of a row, if it has them.
fn ends(low: Option<f64>, high: Option<f64>) -> String {
    low.zip(high).map_or(String::new(), |(low, high)| format!("{} – {}", amount(low), amount(high)))
}

/// A number that may be a count, a share or a mean.
fn amount(number: f64) -> String {
    match number {
        n if n >= 1e6 && n.fract() == 0.0 && n < 1e15 => thousands(n as u64),
        n if n >= 1e6 => large(n),
        n if n >= 100.0 => thousands(n.round() as u64),
        n if n == n.trunc() => format!("{n}"),
        n if n.abs() >= 1.0 => format!("{n:.1}"),
        n => format!("{n:.4}").trim_end_matches('0').to_string(),
    }
}
