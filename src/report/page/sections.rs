//! The parts of the page that every run has.

use super::charts::{Decades, bar, per_square, squares};
use super::html::Head::{Chart, Number, Text};
use super::html::Html;
use super::words::{self, FATES};
use super::{Run, bracket, hits_of_trials, large, share, term};
use crate::evaluation::{City, LostAt, RateId, TOO_FEW};
use crate::report::written::{by_number, counted, thousands, value_text};
use crate::results::{CauseCount, FatesByPresence, Rate};
use crate::scenario::Assumption;
use crate::scenario::case::Harm;
use indexmap::IndexMap;

/// The sentence to take away, and the figures it stands on.
pub fn lead(run: &Run<'_>) -> Html {
    let counts = &run.results.counts;
    let mut html = Html::of("<div class=\"lead\">\n", &[]);
    html.literal("<p class=\"eyebrow\">An invented country. Figures describe this model, not any agency.</p>\n");
    if !run.scenario.content_note.is_empty() {
        html.put("<p class=\"content-note\"><strong>Before you read:</strong> {}</p>\n", &[&run.scenario.content_note]);
    }
    let wrong = run.rate(RateId::WrongAmongAnswers).filter(|rate| rate.ends().is_some());
    let missed = run.rate(RateId::Missed).filter(|rate| rate.trials > 0);
    match missed.filter(|_| run.scenario.harm == Harm::NotMatched) {
        Some(missed) => {
            let not = if missed.hits == 0 { "none".to_string() } else { thousands(missed.hits) };
            html.put(
                "<h1>Of {} on the file, <strong>{}</strong> {} not returned.</h1>\n",
                &[
                    &counted(missed.trials, "sought person", "sought people"),
                    &not,
                    &by_number(missed.hits, "was", "were"),
                ],
            );
        }
        None => somebody_else(counts.returned_right, counts.returned_wrong, &mut html),
    }
    let asked = counted(counts.requests, "person", "people");
    html.put("<p class=\"lede\">One agency asked for {}. ", &[&asked]);
    html.put(
        "The file it asked holds {} about the {} of the country, and {} of the people sought {} on it. ",
        &[
            &counted(run.results.counts.holder_records, "record", "records"),
            &counted(run.results.counts.people, "invented person", "invented people"),
            &thousands(run.results.counts.requested_on_file),
            &by_number(run.results.counts.requested_on_file, "is", "are"),
        ],
    );
    if let Some((rate, value)) = wrong.and_then(|rate| Some((rate, rate.rate?))) {
        html.put("Somebody else, of persons returned: {} (", &[&share(value)]);
        html.add(&term("bracket", "95 % bracket"));
        html.put(" {}). The bracket covers luck, not whether the assumptions are right.", &[&bracket(rate)]);
    }
    html.literal("</p>\n<ul class=\"figures\">\n");
    let mut figure = |kind: &'static str, rate: Option<&Rate>, says: &'static str| {
        if let Some(rate) = rate.filter(|rate| rate.trials > 0) {
            html.put("<li class=\"{}\"><span class=\"number\">{}</span>", &[&kind, &thousands(rate.hits)]);
            html.put("<span class=\"of\">of {} {}</span>", &[&thousands(rate.trials), &says]);
            html.put("<span class=\"reach\">{}</span></li>\n", &[&bracket(rate)]);
        }
    };
    figure("wrong", run.rate(RateId::WrongAmongAnswers), "persons returned were somebody else");
    figure("missed", run.rate(RateId::Missed), "sought people on the file were not returned");
    figure("wrong", run.rate(RateId::AnsweredThoughAbsent), "requests for people not on the file returned somebody");
    html.put(
        "<li class=\"aside\"><span class=\"number\">{}</span><span class=\"of\">people whom nobody sought live at an address \
         that was handed over</span></li>\n</ul>\n</div>\n",
        &[&thousands(run.results.counts.never_sought_at_returned_addresses)],
    );
    html
}

/// The first sentence where to be taken for somebody else is the harm.
fn somebody_else(right: u64, wrong: u64, html: &mut Html) {
    let returned = thousands(right + wrong);
    match wrong {
        0 if right == 0 => html.literal("<h1>Nobody was returned.</h1>\n"),
        0 if right == 1 => html.literal("<h1>One person was returned, and it was the person sought.</h1>\n"),
        1 if right == 0 => {
            html.literal("<h1>One person was returned, and it was <strong>somebody else</strong>.</h1>\n")
        }
        0 => html.put("<h1>Of {} persons returned, <strong>none</strong> was somebody else.</h1>\n", &[&returned]),
        1 => html.put("<h1>Of {} persons returned, <strong>1</strong> was somebody else.</h1>\n", &[&returned]),
        _ => html.put(
            "<h1>Of {} persons returned, <strong>{}</strong> were somebody else.</h1>\n",
            &[&returned, &thousands(wrong)],
        ),
    }
}

/// The fate of every request, by whether the person sought is on file.
pub fn asked(run: &Run<'_>) -> Html {
    let FatesByPresence { on_file, absent } = run.results.fates_by_presence();
    let [on_file, absent] = [on_file, absent].map(|counts| FATES.map(|(fate, ..)| (fate, counts[&fate])));
    let total = run.results.counts.requests;
    let mut html = Html::new();
    html.put("<p>{}</p>\n", &[&run.scenario.summary]);
    let per = per_square(total);
    html.literal("<figure>\n<figcaption>Every square is ");
    match per {
        1 => html.literal("one request"),
        _ => html.put("{} requests (at least one square for each outcome that occurred)", &[&thousands(per)]),
    }
    html.literal(
        ". Where the person sought is not on the file, the right answer is nobody, so everybody returned is somebody \
         else.</figcaption>\n<div class=\"panels\">\n",
    );
    let largest = on_file.iter().map(|f| f.1).sum::<u64>().max(absent.iter().map(|f| f.1).sum()).div_ceil(per);
    let columns = (libm::sqrt(largest as f64 * 1.3) as u64).clamp(10, 80);
    for (title, counts) in [("On the file", &on_file), ("Not on the file", &absent)] {
        let sum: u64 = counts.iter().map(|(_, count)| count).sum();
        if sum > 0 {
            html.put("<div><h3>{} <span class=\"of\">{}</span></h3>\n", &[&title, &thousands(sum)]);
            html.add(&squares(
                &format!("{title}: {sum} requests by outcome; the table has the figures"),
                &counts.map(|(fate, count)| (fate.name(), count)),
                per,
                columns,
            ));
            html.literal("</div>\n");
        }
    }
    html.literal("</div>\n");
    html.literal("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Requests by outcome\"><table class=\"legend\">\n");
    html.literal(
        "<caption>Requests by outcome: the columns add up to all requests</caption>\n<thead><tr><th scope=\"col\">",
    );
    html.add(&term("fate", "Outcome"));
    html.literal(
        "</th><th scope=\"col\" class=\"n\">On the file</th><th scope=\"col\" class=\"n\">Not on the file</th>\
         <th scope=\"col\" class=\"n\">All</th></tr></thead>\n<tbody>\n",
    );
    for (i, (fate, title, says)) in FATES.iter().enumerate() {
        let (a, b) = (on_file[i].1, absent[i].1);
        if a + b == 0 {
            continue;
        }
        html.put(
            "<tr><th scope=\"row\"><span class=\"key k-{}\"></span>{} <span class=\"says\">{}</span></th>",
            &[&fate.name(), title, says],
        );
        html.put(
            "<td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
            &[&thousands(a), &thousands(b), &thousands(a + b)],
        );
    }
    let sums = [&on_file, &absent].map(|counts| counts.iter().map(|(_, count)| count).sum::<u64>());
    html.put(
        "</tbody>\n<tfoot><tr><th scope=\"row\">All requests</th><td class=\"n\">{}</td><td class=\"n\">{}</td>\
         <td class=\"n\">{}</td></tr></tfoot>\n</table></div>\n</figure>\n",
        &[&thousands(sums[0]), &thousands(sums[1]), &thousands(sums[0] + sums[1])],
    );
    html
}

/// The same persons returned in error, as shares of different things.
pub fn rates(run: &Run<'_>) -> Html {
    let rates: Vec<_> = RateId::SOMEBODY_ELSE.iter().filter_map(|id| Some((id.entry(), run.rate(*id)?))).collect();
    let mut html = Html::new();
    html.literal(
        "<p>One run, one set of people returned in error, and five shares that are all called an error rate somewhere. \
         Before comparing two figures, ask: a share <em>of what</em>?</p>\n",
    );
    let axis = Decades::of(rates.iter().filter_map(|(_, rate)| rate.rate));
    let ends: Vec<f64> = rates.iter().filter_map(|(_, rate)| rate.rate).filter(|share| *share > 0.0).collect();
    let least = ends.iter().copied().fold(f64::INFINITY, f64::min);
    let most = ends.iter().copied().fold(0.0, f64::max);
    html.literal("<figure>\n<figcaption>");
    if most > 0.0 {
        html.put(
            "The largest is about {} times the smallest. With each thin line further left, the share is ten times smaller.",
            &[&large(most / least)],
        );
    } else {
        html.literal("Nobody was returned in error, so every one of the five is 0 in this run.");
    }
    html.literal("</figcaption>\n<ol class=\"rates\">\n");
    for (entry, rate) in &rates {
        html.put("<li><div class=\"what\"><strong>{}</strong> {}", &[&said(rate), &entry.among]);
        html.put(" <span class=\"of\">{}", &[&hits_of_trials(rate)]);
        if rate.ends().is_some() {
            html.put("; bracket {}", &[&bracket(rate)]);
        }
        html.literal("</span></div>");
        html.add(&axis.mark(rate.rate.unwrap_or(0.0), rate.ends()));
        html.put(
            "<p class=\"note\">{} <span class=\"also\">Also called: {}.</span></p></li>\n",
            &[&entry.misleads, &entry.other_names],
        );
    }
    html.literal("</ol>\n");
    html.add(&axis.ticks());
    html.literal("</figure>\n");
    html.add(&all_rates(run));
    html
}

/// A share in words that fit its size.
pub fn said(rate: &Rate) -> String {
    match rate.rate {
        Some(value) => share(value),
        None => "no cases".to_string(),
    }
}

/// Every rate of the run with its denominator and method.
fn all_rates(run: &Run<'_>) -> Html {
    let mut html = Html::of("<details><summary>Every rate of this run, with its method</summary>\n", &[]);
    let numbers = ["Counted", "Share", "Bracket"].map(Number);
    let heads = [&[Text("Rate")], &numbers[..], &[Text("A trial is one of the"), Text("Interval")]].concat();
    html.table("Every rate", "", "Names as in results.json", &heads);
    for (id, rate) in &run.results.rates {
        html.put(
            "<tr><th scope=\"row\"><code>{}</code></th><td class=\"n\">{}</td><td class=\"n\">{}</td>",
            &[id, &hits_of_trials(rate), &said(rate)],
        );
        html.put("<td class=\"n\">{}</td><td>{}</td><td>{}</td></tr>\n", &[&bracket(rate), &rate.of, &rate.interval]);
    }
    html.literal("</tbody></table></div></details>\n");
    html
}

/// The causes of this run with their counts, the most frequent main cause first.
pub fn causes<'a>(run: &Run<'a>) -> Vec<(&'a String, &'a CauseCount)> {
    let mut causes: Vec<_> = run.results.causes.iter().filter(|(_, n)| n.primary + n.sufficient > 0).collect();
    // The order of the catalogue among equals.
    causes.sort_by_key(|(_, n)| (u64::MAX - n.primary, u64::MAX - n.sufficient));
    causes
}

/// Causes that stand in the table of causes; rarer ones are folded away.
const CAUSES_SHOWN: usize = 8;

/// The causes of returns in error.
pub fn why(run: &Run<'_>) -> Html {
    let causes = causes(run);
    let wrong = run.results.counts.returned_wrong;
    let mut html = Html::new();
    if causes.is_empty() {
        html.literal("<p>Nobody was returned in error.</p>\n");
        return html;
    }
    html.literal("<p>Each person returned in error has one ");
    html.add(&term("main-cause", "main cause"));
    html.literal(
        ": the first thing in the printed order that ends the return when it is otherwise. Beside it stands \
        every single one that would have been ",
    );
    html.add(&term("alone", "enough alone"));
    html.literal(
        ": an error that is not made, or a rule that asks for more. These may be several, or none, so they do not \
        add up. The shares do: each return is divided among all that could have ended it (Shapley 1953), so that they \
        depend on no order.</p>\n",
    );
    let most = causes.iter().map(|(_, n)| n.primary.max(n.sufficient)).max().unwrap_or(1);
    let (first, n) = causes[0];
    html.put("<figure>\n<figcaption>The most frequent main cause is “{}”: ", &[&words::cause(first).0.to_lowercase()]);
    html.put("{} of {}.</figcaption>\n", &[&thousands(n.primary), &thousands(wrong)]);
    let (shown, rarer) = causes.split_at(causes.len().min(CAUSES_SHOWN));
    html.add(&cause_table("Causes of the returns in error", shown, most));
    if !rarer.is_empty() {
        let counted = counted(rarer.len() as u64, "rarer cause", "rarer causes");
        html.put("<details><summary>{}</summary>\n", &[&counted]);
        html.add(&cause_table("Rarer causes", rarer, most));
        html.literal("</details>\n");
    }
    html.literal("</figure>\n");
    html
}

fn cause_table(title: &'static str, causes: &[(&String, &CauseCount)], most: u64) -> Html {
    let mut html = Html::new();
    let heads = [Text("Cause"), Number("Main cause"), Number("Enough alone"), Number("Share"), Chart];
    html.table(title, "bars", title, &heads);
    for (name, CauseCount { primary, sufficient, share }) in causes {
        let (title, story) = words::cause(name);
        html.put("<tr><th scope=\"row\">{} <span class=\"says\">{}</span></th>", &[&title, &story]);
        html.put("<td class=\"n\">{}</td><td class=\"n\">{}</td>", &[&thousands(*primary), &thousands(*sufficient)]);
        html.put("<td class=\"n\">{}</td><td class=\"chart\">", &[&format!("{share:.1}")]);
        html.add(&bar(*primary, *sufficient, most, "wrong"));
        html.literal("</td></tr>\n");
    }
    html.literal("</tbody></table></div>\n");
    html
}

/// People on file who were not returned, by the stage at which they were lost.
pub fn lost(run: &Run<'_>) -> Html {
    let stages: Vec<(LostAt, u64)> =
        run.results.lost_at.iter().map(|(stage, count)| (*stage, *count)).filter(|(_, count)| *count > 0).collect();
    let Some(missed) = run.rate(RateId::Missed).filter(|rate| rate.trials > 0) else { return Html::new() };
    let mut html = Html::of(
        "<p>{} of the {} people sought who are on the file were not returned ({}). For a benefit, a correction or a \
         warning, these are the errors that count.</p>\n",
        &[&thousands(missed.hits), &thousands(missed.trials), &bracket(missed)],
    );
    let Some((worst, count)) = stages.iter().copied().rev().max_by_key(|(_, count)| *count) else { return html };
    html.put("<figure>\n<figcaption>Most were lost here: “{}”, ", &[&words::lost_at(worst).0.to_lowercase()]);
    html.put("{} of {}.</figcaption>\n", &[&thousands(count), &thousands(missed.hits)]);
    let heads = [Text("Step"), Number("People"), Chart];
    html.table("Lost at", "bars", "People on file, not returned, in the order of the steps", &heads);
    for (stage, people) in stages {
        let (title, says) = words::lost_at(stage);
        html.put("<tr><th scope=\"row\">{} <span class=\"says\">{}</span></th>", &[&title, &says]);
        html.put("<td class=\"n\">{}</td><td class=\"chart\">", &[&thousands(people)]);
        html.add(&bar(people, 0, count, "missed"));
        html.literal("</td></tr>\n");
    }
    html.literal("</tbody></table></div>\n</figure>\n");
    html.add(&super::further::ties(run));
    html
}

/// Groups and cities of whom nobody was returned, or that there is none.
pub fn missing(run: &Run<'_>) -> Html {
    let missing = &run.results.who_is_missing;
    let nobody = &missing.nobody_returned;
    let mut html = Html::of(
        "<p>A list may be right about everybody on it and leave a whole group out. Looked at: {} groups and {} cities with at \
         least {} people sought who are on the file.</p>\n",
        &[&missing.groups_looked_at, &missing.cities_looked_at, &TOO_FEW],
    );
    if nobody.is_empty() {
        html.literal(
            "<p>Of each of them somebody was returned, or so few were expected that nobody may be luck.</p>\n",
        );
    } else {
        html.literal("<ul class=\"facts\">\n");
        for one in nobody {
            html.put(
                "<li><strong>Nobody of {} {}</strong> was returned: none of {} who are on the file.</li>\n",
                &[&words::label(&one.attribute).to_lowercase(), &words::value(&one.value), &thousands(one.on_file)],
            );
        }
        html.literal("</ul>\n");
    }
    if let Some(City { city, hits, trials }) = &missing.least_city {
        html.put(
            "<p>The smallest share of any of these cities was returned in {}: {} of {}.</p>\n",
            &[city, &thousands(*hits), &thousands(*trials)],
        );
    }
    html
}

/// The harm beside a mistaken identity when an address is handed over, and the consequences.
pub fn harm(run: &Run<'_>) -> Html {
    let counts = &run.results.counts;
    let mut html = Html::of("<ul class=\"facts\">\n", &[]);
    html.put(
        "<li><strong>{} of {}</strong> right persons no longer live at the address that was handed over.</li>\n",
        &[&thousands(counts.right_but_moved), &thousands(counts.returned_right)],
    );
    html.put(
        "<li><strong>{}</strong> people whom no request sought live today at an address that was handed over.</li>\n",
        &[&thousands(run.results.counts.never_sought_at_returned_addresses)],
    );
    html.put(
        "<li><strong>{} of {}</strong> returns went a way that leaves out a comparison which the terms require, right \
         persons included.</li>\n</ul>\n",
        &[&thousands(counts.required_check_skipped), &thousands(counts.returned())],
    );
    html.literal(
        "<p>And the requester may have sought somebody in error to begin with. That is another error than taking one person \
         for another, and stands apart from it.</p>\n",
    );
    html.add(&super::further::outcomes(run));
    html
}

/// The documented facts, the gaps, and every setting.
pub fn terms(run: &Run<'_>) -> Html {
    let scenario = run.scenario;
    let mut html = Html::of("<p class=\"title\">{}</p>\n", &[&scenario.title]);
    if let Some(as_of) = &scenario.as_of {
        html.put("<p class=\"note\">As of {}.</p>\n", &[as_of]);
    }
    for (title, lines) in crate::report::cases::told_plainly(scenario) {
        if !lines.is_empty() {
            html.put("<h3>{}</h3>\n<ul class=\"plain\">\n", &[&title]);
            lines.iter().for_each(|line| html.put("<li>{}</li>\n", &[line]));
            html.literal("</ul>\n");
        }
    }
    let (published, assumed) = run.results.published_and_assumed();
    html.literal("<h3>Every setting</h3>\n<p>");
    html.put("{} settings are ", &[&published]);
    html.add(&term("published", "published"));
    html.put(
        "; {} are assumed, each with a range in which it may plausibly lie. Put another value in with \
         <code>--set KEY=VALUE</code>.</p>\n",
        &[&assumed],
    );
    let mut groups: IndexMap<&str, Vec<&Assumption>> = IndexMap::new();
    for setting in &run.results.assumptions {
        groups.entry(setting.key.split('.').next().unwrap_or("")).or_default().push(setting);
    }
    for (group, rows) in groups {
        html.put("<details><summary>{} <span class=\"of\">{}</span></summary>\n", &[&words::label(group), &rows.len()]);
        html.put(
            "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Settings of {}\"><table>\n",
            &[&group],
        );
        html.literal(
            "<thead><tr><th scope=\"col\">Setting</th><th scope=\"col\" class=\"n\">Value</th><th scope=\"col\">Basis</th>\
             <th scope=\"col\" class=\"n\">Range</th><th scope=\"col\">Source, or why assumed</th></tr></thead>\n<tbody>\n",
        );
        for setting in rows {
            html.put(
                "<tr><th scope=\"row\"><code>{}</code></th><td class=\"n\">{}</td>",
                &[&setting.key, &value_text(&setting.value)],
            );
            let basis = setting.basis.name();
            let range = match (setting.range, &setting.alternatives[..]) {
                (Some(ends), _) => ends.map(|end| value_text(&end.into())).join(" – "),
                (None, []) => String::new(),
                (None, others) => format!("or {}", others.join(", ")),
            };
            html.put("<td><span class=\"basis {}\">{}</span></td><td class=\"n\">{}</td>", &[&basis, &basis, &range]);
            html.put("<td>{}</td></tr>\n", &[&setting.source]);
        }
        html.literal("</tbody></table></div></details>\n");
    }
    html
}
