//! The same people under two agreements: who is spared, who is newly returned, and what differs between the two.

use super::charts::{bar, per_square, squares};
use super::html::Head::{Chart, Number, Text};
use super::html::{Head, Html};
use super::words;
use super::{Carried, Run, bracket, cases, hits_of_trials, shell};
use crate::evaluation::{Fate, RateId};
use crate::report::against::p_value;
use crate::report::decomposition::in_points;
use crate::report::written::{thousands, value_text};
use crate::results::{Against, Change, Fourfold, Rate};

/// The count of a part.
type CountOf = fn(&Fourfold) -> u64;

/// The four parts, each with its count, its words, and the kind of its squares.
const PARTS: [(CountOf, &str, &str); 4] = [
    (|of| of.both, "Returned under both", "refused"),
    (|of| of.spared, "Returned under the first only", "right_alone"),
    (|of| of.newly_returned, "Returned under the second only", "wrong_only"),
    (|of| of.neither, "Returned under neither", "correctly_nobody"),
];

/// The report of two runs of the same people.
pub fn against(a: &Run<'_>, b: &Run<'_>, against: &Against) -> String {
    let mut parts = Vec::new();
    let mut part = |id: &'static str, title: &'static str, body: Html| {
        if !body.is_empty() {
            parts.push(super::Section { id, title, body });
        }
    };
    part("people", "The same people, two agreements", people(against));
    part("rates", "Both, over five denominators", rates(a, b, against));
    part("fates", "What became of every request", fates(a, b));
    part("differ", "What differs between the two", differences(a, b));
    part("spared", "Returned in error under the first, and spared", cases::cases(a));
    part("newly", "Returned in error under the second only", cases::cases(b));
    part("limits", "What this does not measure", limits());
    part("repeat", "Repeat it", repeat(a));
    part("words", "Words", super::closing::glossary());
    let seed = a.results.seed_words();
    let names = format!("{} and {}", against.scenario, against.against);
    let title = format!("{names} · seed {seed} · Namesake");
    let line = format!("{names}, seed {seed}, version {}", a.results.version);
    shell(&title, &line, &lead(a, b, against), &parts, &Carried::default())
}

fn lead(a: &Run<'_>, b: &Run<'_>, against: &Against) -> Html {
    let mut html = Html::of("<div class=\"lead\">\n", &[]);
    html.literal("<p class=\"eyebrow\">An invented country. Figures describe this model, not any agency.</p>\n<h1>");
    let Fourfold { both, spared, newly_returned: newly, .. } = against.never_sought;
    let before = both + spared;
    match (before, spared) {
        (0, _) => html.literal("The first agreement returned nobody whom no request sought"),
        (_, 0) => html.put(
            "The second agreement spares <strong>none</strong> of the {} people returned in error",
            &[&thousands(before)],
        ),
        _ => html.put(
            "The second agreement spares <strong>{}</strong> of {} people returned in error",
            &[&thousands(spared), &thousands(before)],
        ),
    }
    match newly {
        0 => html.literal("."),
        n => html.put("; it returns <strong>{}</strong> others in error.", &[&thousands(n)]),
    }
    let count = |n: u64| if n == 0 { "none".to_string() } else { thousands(n) };
    html.put(
        "</h1>\n<p class=\"lede\">The same people, the same files, the same requests, the same luck; only the terms differ. Of the \
         people who are sought and on file, {} that the first returned are not returned by the second, and {} are newly \
         returned.</p>\n",
        &[&count(against.sought.spared), &count(against.sought.newly_returned)],
    );
    html.put("<p>First: <strong>{}</strong>. {}</p>\n", &[&a.scenario.name, &a.scenario.title]);
    html.put("<p>Second: <strong>{}</strong>. {}</p>\n</div>\n", &[&b.scenario.name, &b.scenario.title]);
    html
}

/// Everybody on the file, in four parts.
fn people(against: &Against) -> Html {
    let Against { sought, never_sought, .. } = against;
    let groups = [(sought, "Sought, and on the file"), (never_sought, "On the file, and not sought")];
    let mut html = Html::of(
        "<figure>\n<figcaption>Every square is somebody who is returned under one of the two or both; the many who are \
         returned under neither are only in the table.</figcaption>\n<div class=\"panels\">\n",
        &[],
    );
    let returned = |who: &Fourfold| who.people - who.neither;
    let per = per_square(returned(sought).max(returned(never_sought)).max(1));
    for (who, title) in groups {
        let all = returned(who);
        let columns = (libm::sqrt(all.div_ceil(per) as f64 * 1.6) as u64).clamp(10, 80);
        html.put("<div><h3>{} <span class=\"of\">{} returned</span></h3>\n", &[&title, &thousands(all)]);
        let counts: Vec<(&'static str, u64)> = PARTS[..3].iter().map(|(part, _, kind)| (*kind, part(who))).collect();
        html.add(&squares(&format!("{title}: {all} people; the table has the figures"), &counts, per, columns));
        html.literal("</div>\n");
    }
    html.literal("</div>\n");
    let heads = [Text("People"), Number("Sought"), Number("Not sought")];
    html.table("People", "legend", "People on the holder’s file: the columns add up to all of them", &heads);
    for (part, says, kind) in PARTS {
        html.put("<tr><th scope=\"row\"><span class=\"key k-{}\"></span>{}</th>", &[&kind, &says]);
        html.put(
            "<td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
            &[&thousands(part(sought)), &thousands(part(never_sought))],
        );
    }
    html.put(
        "</tbody>\n<tfoot><tr><th scope=\"row\">All</th><td class=\"n\">{}</td><td class=\"n\">{}</td></tr></tfoot>\n\
         </table></div>\n</figure>\n",
        &[&thousands(sought.people), &thousands(never_sought.people)],
    );
    html.put(
        "<p class=\"note\">That as many are spared as newly returned has in McNemar’s exact test the p-value {} among people \
         sought, and {} among the others. The test takes people as independent, which kin are not; the brackets of the changes \
         below do not.</p>\n",
        &[&p_value(sought.mcnemar), &p_value(never_sought.mcnemar)],
    );
    html
}

/// The heads of a table of both runs.
fn both<'r>(first: &'static str, a: &Run<'r>, b: &Run<'r>) -> [Head<'r>; 3] {
    [Text(first), Number(&a.scenario.name), Number(&b.scenario.name)]
}

fn rates(a: &Run<'_>, b: &Run<'_>, against: &Against) -> Html {
    let mut html = Html::of(
        "<p>Somebody else, as a share of five different things, and people on file who were not returned. The two runs share \
         their luck, so a difference between them is the effect of the terms; the brackets are about each alone, those of \
         the changes below about both together.</p>\n",
        &[],
    );
    html.table("Rates", "", "Shares with 95 % brackets", &both("Somebody else …", a, b));
    let cell = |html: &mut Html, rate: Option<&Rate>| match rate {
        Some(rate) => {
            html.put(
                "<td class=\"n\"><strong>{}</strong><br><span class=\"of\">{}</span>",
                &[&super::sections::said(rate), &hits_of_trials(rate)],
            );
            if rate.ends().is_some() {
                html.put("<br><span class=\"of\">bracket {}</span>", &[&bracket(rate)]);
            }
            html.literal("</td>");
        }
        None => html.literal("<td></td>"),
    };
    let missed = format!("… and not returned, {}", RateId::Missed.entry().among);
    let wrong = RateId::SOMEBODY_ELSE.map(|id| (id, id.entry().among));
    for (id, title) in wrong.into_iter().chain([(RateId::Missed, &*missed)]) {
        html.put("<tr><th scope=\"row\">{}</th>", &[&title]);
        cell(&mut html, a.rate(id));
        cell(&mut html, b.rate(id));
        html.literal("</tr>\n");
    }
    html.literal("</tbody></table></div>\n");
    html.add(&changes(against));
    html
}

/// The change of each rate, with its paired interval.
fn changes(against: &Against) -> Html {
    let mut html = Html::new();
    let caption = "Changes from the first agreement to the second, in points, with paired 95 % brackets";
    html.table("Changes", "", caption, &[Text("Rate"), Number("Change")]);
    for Change { rate, change, .. } in &against.changes {
        html.put(
            "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td></tr>\n",
            &[&words::label(&rate.to_string()), &in_points(*change)],
        );
    }
    html.literal("</tbody></table></div>\n");
    html
}

fn fates(a: &Run<'_>, b: &Run<'_>) -> Html {
    let of = |run: &Run<'_>, fate: Fate| run.results.fates.get(&fate).copied().unwrap_or(0);
    let all = words::FATES.iter().flat_map(|(fate, ..)| [of(a, *fate), of(b, *fate)]);
    let most = all.max().unwrap_or(1);
    let mut html = Html::new();
    let heads = [&both("Outcome", a, b)[..], &[Chart]].concat();
    html.table("Outcomes", "bars", "Requests by outcome; the upper bar is the first agreement", &heads);
    for (fate, title, _) in words::FATES {
        let (first, second) = (of(a, fate), of(b, fate));
        if first + second == 0 {
            continue;
        }
        html.put("<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td>", &[&title, &thousands(first)]);
        html.put("<td class=\"n\">{}</td><td class=\"chart\">", &[&thousands(second)]);
        html.add(&bar(first, second, most, "plain"));
        html.literal("</td></tr>\n");
    }
    html.literal("</tbody></table></div>\n");
    html
}

/// Every setting that has another value in the second agreement, or is in one of them only.
fn differences(a: &Run<'_>, b: &Run<'_>) -> Html {
    let settings = |run: &Run<'_>| -> Vec<(String, String)> {
        run.results.assumptions.iter().map(|setting| (setting.key.clone(), value_text(&setting.value))).collect()
    };
    let (first, second) = (settings(a), settings(b));
    let value =
        |of: &[(String, String)], key: &str| of.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone());
    let only_second = second.iter().filter(|(key, _)| value(&first, key).is_none());
    let keys: Vec<&String> = first.iter().chain(only_second).map(|(key, _)| key).collect();
    let differ: Vec<_> = keys.into_iter().filter(|key| value(&first, key) != value(&second, key)).collect();
    let mut html = Html::new();
    html.add(&rules(a, b));
    if differ.is_empty() {
        return html;
    }
    html.table("Settings", "", "Settings that differ", &both("Setting", a, b));
    for key in differ {
        html.put("<tr><th scope=\"row\"><code>{}</code></th>", &[key]);
        for side in [&first, &second] {
            html.put("<td class=\"n\">{}</td>", &[&value(side, key).unwrap_or_default()]);
        }
        html.literal("</tr>\n");
    }
    html.literal("</tbody></table></div>\n");
    html
}

/// Lines of the scenarios, below what they say of themselves, that only one of them has.
fn rules(a: &Run<'_>, b: &Run<'_>) -> Html {
    let lines = |run: &Run<'_>| -> Vec<String> {
        let text = run.scenario.to_toml();
        text.lines().skip_while(|line| !line.starts_with('[')).map(str::to_string).collect()
    };
    let (first, second) = (lines(a), lines(b));
    let mut html = Html::new();
    for (run, mine, others) in [(a, &first, &second), (b, &second, &first)] {
        let mut only = Vec::new();
        // Where the lines stand: an entry of a list (a route) with its name, and the table below it.
        let (mut entry, mut table) = (Vec::new(), None);
        for (line, shared) in mine.iter().zip(cases::shared(mine, others)) {
            if line.starts_with("[[") && !line.contains('.') {
                (entry, table) = (vec![line], None);
            } else if line.starts_with('[') {
                table = Some(line);
            } else if entry.len() == 1 && table.is_none() && line.starts_with("name = ") {
                entry.push(line);
            }
            if !shared && !line.is_empty() {
                only.extend(entry.drain(..).chain(table.take()).filter(|above| *above != line));
                only.push(line);
            }
        }
        if !only.is_empty() {
            html.put("<h3>Only in {}</h3>\n<pre tabindex=\"0\"><code>", &[&run.scenario.name]);
            only.iter().for_each(|line| html.put("{}\n", &[line]));
            html.literal("</code></pre>\n");
        }
    }
    html
}

fn limits() -> Html {
    Html::of(
        "<ul class=\"plain\">\n<li><strong>Not measured:</strong> who should have been sought, whether a request is lawful, and \
         the error of any real programme.</li>\n<li>A person spared by other terms is spared in this model. Which terms are \
         right is not a question of arithmetic.</li>\n<li><strong>One pair of runs is one draw.</strong> Another seed gives \
         other people.</li>\n</ul>\n",
        &[],
    )
}

fn repeat(a: &Run<'_>) -> Html {
    Html::of(
        "<p>In the folder of this page:</p>\n<pre><code>namesake run first.toml --against second.toml</code></pre>\n<p>gives \
         the same bytes with Namesake {}, seed {}. <a href=\"against.json\">against.json</a> has the four parts for machines.</p>\n",
        &[&a.results.version, &a.results.seed_words()],
    )
}
