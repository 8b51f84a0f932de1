//! The tables of groups: common names first, groups afterwards, each figure with its denominator and its bracket.

use super::charts::interval;
use super::html::Html;
use super::{Run, bracket, hits_of_trials, sections, share, term, words};
use crate::evaluation::RateId;
use crate::report::written::thousands;
use crate::results::{Group, Rate};
use crate::scenario::Beside;
use indexmap::IndexMap;

/// A column of a group table.
struct Column {
    title: &'static str,
    says: &'static str,
    rate: RateId,
    kind: &'static str,
}

const COLUMNS: [Column; 3] = [
    Column {
        title: "Somebody else",
        says: "of persons returned when one of them was sought",
        rate: RateId::WrongAmongAnswers,
        kind: "wrong",
    },
    Column { title: "Not returned", says: "of those sought who are on file", rate: RateId::Missed, kind: "missed" },
    Column {
        title: "Returned, never sought",
        says: "of those on file whom nobody sought",
        rate: RateId::PeopleExposed,
        kind: "wrong",
    },
];

/// The group tables.
pub fn who(run: &Run<'_>) -> Html {
    let mut html = common_names(run);
    html.literal(
        "<p>Groups differ in this model because of their names, how well files record people, who is on file and who is \
         sought; the last three are assumed. Fewer than 30 cases are ",
    );
    html.add(&term("too-few", "too few to tell"));
    html.literal(".</p>\n");
    let mut attributes: Vec<_> = run.results.by_group.iter().collect();
    // Common names, then other things about names, then groups.
    let order = |name: &str| [!name.contains("common"), !name.contains("name")];
    attributes.sort_by_key(|(name, _)| order(name));
    attributes.extend(&run.results.by_pair);
    for (name, groups) in attributes {
        let (title, says) = words::attribute(name);
        html.put("<details><summary>{}", &[&title]);
        html.put(" <span class=\"of\">{}</span></summary>\n", &[&says]);
        html.add(&table(&title, groups));
        html.add(&other_runs(&title, groups));
        html.literal("</details>\n");
    }
    html
}

/// Says that common names matter where the table of this run shows it, and else what did: the interval of those sought
/// who have the most common names lies above the share of the whole run.
fn common_names(run: &Run<'_>) -> Html {
    let wrong = run.results.counts.returned_wrong;
    let causes = sections::causes(run);
    let (Some(&(cause, count)), Some(all)) =
        (causes.first(), run.rate(RateId::WrongAmongAnswers).and_then(|rate| rate.rate))
    else {
        return Html::of("<p>Nobody was returned in error, so nothing can be said about common names.</p>\n", &[]);
    };
    let tenths = run.results.by_group.get("name_commonness");
    let commonest = tenths.and_then(|tenths| tenths.first()?.1.rates.get(&RateId::WrongAmongAnswers));
    let told = commonest.filter(|rate| !rate.too_few_to_tell && !rate.too_few_to_compare);
    let figures = |rate: &Rate| {
        let value = rate.rate.map_or(String::new(), share);
        format!("{value} ({}, bracket {})", hits_of_trials(rate), bracket(rate))
    };
    match told {
        Some(rate) if rate.low.is_some_and(|low| low > all) => Html::of(
            "<p>A common name has more people to be taken for, and this run shows it: {} of the persons returned were \
             somebody else where the person sought has one of the most common names, {} in the whole run.</p>\n",
            &[&figures(rate), &share(all)],
        ),
        _ => {
            let mut html = Html::of("<p>This run does not show that common names matter: ", &[]);
            match told {
                Some(rate) => html.put(
                    "{} of the persons returned were somebody else where the person sought has one of the most common \
                     names, {} in the whole run. ",
                    &[&figures(rate), &share(all)],
                ),
                None => html.literal("too few were returned in error to compare. "),
            }
            html.put(
                "What mattered most was “{}”, the main cause of {} of {} returns in error.</p>\n",
                &[&words::cause(cause).0.to_lowercase(), &thousands(count.primary), &thousands(wrong)],
            );
            html
        }
    }
}

/// The rates of each group, each with its bracket as a line.
fn table(title: &str, groups: &IndexMap<String, Group>) -> Html {
    let columns: Vec<&Column> =
        COLUMNS.iter().filter(|column| groups.values().any(|group| group.rates.contains_key(&column.rate))).collect();
    // One axis a column, as long as the brackets of groups large enough to tell.
    let most: Vec<f64> = columns
        .iter()
        .map(|column| {
            let rates = groups
                .values()
                .filter_map(|group| group.rates.get(&column.rate))
                .filter(|rate| !rate.too_few_to_tell && !rate.too_few_to_compare);
            rates.filter_map(|rate| rate.high.or(rate.rate)).fold(0.0, f64::max)
        })
        .collect();
    let mut html = Html::of("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"{}\">", &[&title]);
    html.put("<table class=\"groups\">\n<caption>{}: shares with 95 % brackets</caption>\n<thead><tr>", &[&title]);
    html.put("<th scope=\"col\">{}</th>", &[&title]);
    for column in &columns {
        html.put("<th scope=\"col\">{} <span class=\"says\">{}</span></th>", &[&column.title, &column.says]);
    }
    html.literal("</tr></thead>\n<tbody>\n");
    for (name, group) in groups {
        html.put("<tr><th scope=\"row\">{}</th>", &[&words::value(name)]);
        for (column, most) in columns.iter().zip(&most) {
            match group.rates.get(&column.rate) {
                Some(rate) => html.add(&cell(rate, *most, column.kind)),
                None => html.literal("<td></td>"),
            }
        }
        html.literal("</tr>\n");
    }
    html.literal("</tbody></table></div>\n");
    html
}

fn cell(rate: &Rate, most: f64, kind: &'static str) -> Html {
    let counted = hits_of_trials(rate);
    let Some(value) = rate.rate else {
        return Html::of("<td class=\"few\"><span class=\"of\">nobody</span></td>", &[]);
    };
    if rate.too_few_to_tell {
        return Html::of("<td class=\"few\"><span class=\"of\">{}: too few to tell</span></td>", &[&counted]);
    }
    if rate.too_few_to_compare {
        return Html::of(
            "<td class=\"few\">{} <span class=\"of\">{}, bracket {}: too few to compare</span></td>",
            &[&share(value), &counted, &bracket(rate)],
        );
    }
    let mut html = Html::of("<td><strong>{}</strong> <span class=\"of\">{}</span>", &[&share(value), &counted]);
    if let Some((low, high)) = rate.ends() {
        html.put("<span class=\"of\">bracket {}</span>", &[&bracket(rate)]);
        html.add(&interval(value, low, high, most, kind));
    }
    html.literal("</td>");
    html
}

/// The same run with every file as good for everybody, and with the list composed like the population, where they
/// were made.
fn other_runs(title: &str, groups: &IndexMap<String, Group>) -> Html {
    let made: Vec<Beside> =
        Beside::ALL.into_iter().filter(|beside| groups.values().any(|g| g.beside.contains_key(beside))).collect();
    let mut html = Html::new();
    if made.is_empty() {
        return html;
    }
    html.literal(
        "<p class=\"note\">What stays of a difference when an assumption is taken away: the same people and luck, once with \
         files that record everybody equally well, once with a list of sought people composed like the population.</p>\n",
    );
    html.put("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"{}, other runs\"><table>", &[&title]);
    html.put(
        "\n<caption>{}: the same run, an assumption taken away</caption>\n<thead><tr><th scope=\"col\">",
        &[&title],
    );
    html.put("{}</th><th scope=\"col\">This run</th>", &[&title]);
    for beside in &made {
        let says = match beside {
            Beside::EqualCapture => "Files as good for everybody",
            Beside::SameMix => "List composed like the population",
        };
        html.put("<th scope=\"col\">{}</th>", &[&says]);
    }
    html.literal("</tr></thead>\n");
    for column in COLUMNS.iter().filter(|column| column.rate != RateId::PeopleExposed) {
        let columns = made.len() + 2;
        html.put(
            "<tbody><tr><th scope=\"rowgroup\" colspan=\"{}\">{}, {}</th></tr>\n",
            &[&columns, &column.title.to_lowercase(), &column.says],
        );
        for (name, group) in groups {
            html.put("<tr><th scope=\"row\">{}</th>", &[&words::value(name)]);
            let others = made.iter().map(|beside| group.beside.get(beside).map(|other| &other.rates));
            for rates in std::iter::once(Some(&group.rates)).chain(others) {
                html.put("<td>{}</td>", &[&short(rates.and_then(|rates| rates.get(&column.rate)))]);
            }
            html.literal("</tr>\n");
        }
        html.literal("</tbody>\n");
    }
    html.literal("</table></div>\n");
    html
}

/// 41 % (120 of 290), or that it is too few to tell or to compare.
fn short(rate: Option<&Rate>) -> String {
    match rate {
        Some(rate) if rate.too_few_to_tell => format!("{}: too few to tell", hits_of_trials(rate)),
        Some(rate) => {
            let few = if rate.too_few_to_compare { ": too few to compare" } else { "" };
            format!("{} ({}{few})", rate.rate.map_or(String::new(), share), hits_of_trials(rate))
        }
        None => String::new(),
    }
}
