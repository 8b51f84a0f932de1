//! Fields in which the two records of one person differ in one way, as after a spreadsheet or a column that was sorted by
//! itself: [`differ`].

use crate::notice::{Code, Notice};
use crate::record::coded::{Coded, each};
use crate::record::{Date, Field};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Two values of a field, in A and in B, with the number of people who have them.
type Values<'r> = Vec<([&'r str; 2], u64)>;

/// The values of a field of those who have one in both files.
struct Of<'r> {
    field: &'r Field,
    /// People.
    all: u64,
    /// People with the same value in both.
    agree: u64,
    /// Pairs of a person in A and one in B, whoever they are, with the same value.
    same: u128,
    /// The values of the others, in the order of their text, where enough differ for a notice. Of fields other than dates
    /// those of whom one begins with 0.
    apart: Values<'r>,
}

/// The people in both files who have a value of a field in both, and those of them who have the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct Agreement {
    people: u64,
    all: u64,
    agree: u64,
}

impl Agreement {
    /// The share of people with the same value; `None` where too few have one in both files, though enough are there.
    pub(super) fn share(&self) -> Option<f64> {
        /// Of fewer people nothing is known.
        const FEWEST: u64 = 20;
        match self.people < FEWEST {
            true => Some(1.0),
            false => (self.all * 10 >= self.people && self.all > 0).then(|| self.agree as f64 / self.all as f64),
        }
    }
}

/// The notices about fields in which many of the same people differ in one way, and how often they agree, by field. `people`
/// are their rows in A and in B.
pub(super) fn differ(records: &Coded, fields: &[Field], people: &[[u32; 2]]) -> (Vec<Notice>, Vec<Agreement>) {
    let columns: Vec<(usize, &Field)> = fields.iter().enumerate().collect();
    let some: Vec<&[(usize, &Field)]> = columns.chunks(FIELDS_AT_A_TIME).collect();
    let of_fields: Vec<Of<'_>> =
        each(&some, |columns| values(records, people, columns)).into_iter().flatten().collect();
    let mut notices: Vec<Notice> = Vec::new();
    for of in &of_fields {
        match of.field.is_date() {
            true => notices.extend(exchanged_parts(of).into_iter().chain(years_apart(of)).chain(moved(of))),
            false => notices.extend(zeros_lost(of)),
        }
    }
    notices.extend(names_exchanged(records, people));
    notices.extend(by_chance(&of_fields));
    let agreement = |of: &Of| Agreement { people: people.len() as u64, all: of.all, agree: of.agree };
    (notices, of_fields.iter().map(agreement).collect())
}

/// The values of a field, counted.
struct Counted {
    /// By code, in A and in B.
    times: [Vec<u32>; 2],
    all: u64,
    agree: u64,
}

/// So many fields are counted in one go: rows of one person lie far apart in memory, and are fetched once for all of them.
const FIELDS_AT_A_TIME: usize = 3;

fn values<'r>(records: &'r Coded, people: &[[u32; 2]], columns: &[(usize, &'r Field)]) -> Vec<Of<'r>> {
    let none = |(column, _): &(usize, &Field)| {
        let times = [0, 1].map(|_| vec![0_u32; records.values(*column).len()]);
        Counted { times, all: 0, agree: 0 }
    };
    let mut counted: Vec<Counted> = columns.iter().map(none).collect();
    for [a, b] in people {
        let (a, b) = (records.a.get(*a as usize), records.b.get(*b as usize));
        for ((column, _), of) in columns.iter().zip(&mut counted) {
            let codes = [a[*column], b[*column]];
            if codes[0] > 0 && codes[1] > 0 {
                of.all += 1;
                of.agree += u64::from(codes[0] == codes[1]);
                of.times.iter_mut().zip(codes).for_each(|(times, code)| times[code as usize] += 1);
            }
        }
    }
    let with_those_apart = |(&(column, field), Counted { times, all, agree }): (&(usize, &'r Field), Counted)| {
        // Whatever is told of dates needs some that differ, and of numbers some with a zero at the front.
        let matters: Vec<bool> = match field.is_date() {
            true => vec![are_some(all - agree, all); times[0].len()],
            false => records.values(column).iter().map(|text| text.starts_with('0')).collect(),
        };
        let apart = if matters.contains(&true) { who_differ(records, people, column, &matters) } else { Vec::new() };
        let same = times[0].iter().zip(&times[1]).map(|(&a, &b)| u128::from(a) * u128::from(b)).sum();
        Of { field, all, agree, same, apart }
    };
    columns.iter().zip(counted).map(with_those_apart).collect()
}

/// The two values of those who have two and of whom one `matters`, in the order of their text.
fn who_differ<'r>(records: &'r Coded, people: &[[u32; 2]], column: usize, matters: &[bool]) -> Values<'r> {
    let mut pairs: FxHashMap<[u32; 2], u64> = FxHashMap::default();
    for [a, b] in people {
        let codes = [records.a.get(*a as usize)[column], records.b.get(*b as usize)[column]];
        let differ = codes[0] != codes[1] && !codes.contains(&0);
        if differ && codes.iter().any(|&code| matters[code as usize]) {
            *pairs.entry(codes).or_default() += 1;
        }
    }
    let text = |codes: [u32; 2]| codes.map(|code| records.text(column, code));
    let mut apart: Values<'r> = pairs.into_iter().map(|(codes, times)| (text(codes), times)).collect();
    apart.sort_unstable();
    apart
}

/// Returns `true` for more people than errors of typing make differ in one way: a tenth, and at least five.
fn are_many(some: u64, all: u64) -> bool {
    some >= 5 && some * 10 >= all
}

/// Returns `true` for more people than differ by chance in a way that no error of typing makes: one in fifty, and at least
/// three.
fn are_some(some: u64, all: u64) -> bool {
    some >= 3 && some * 50 >= all
}

/// An expected number of people in words.
pub(super) fn whole(expected: f64) -> String {
    if expected < 0.5 { "fewer than one".to_owned() } else { format!("{expected:.0}") }
}

/// A notice about `some` of `values` with examples.
fn told(sentence: String, some: &[&([&str; 2], u64)]) -> Notice {
    let examples: Vec<String> = some.iter().map(|([a, b], _)| format!("{a} in A, {b} in B")).collect();
    let count = some.iter().map(|(_, times)| times).sum();
    Notice::new(Code::SamePeopleDiffer, sentence).counting(count).with_examples(examples.iter().map(String::as_str))
}

/// The notice about numbers that lost the zeros at their front in one file.
fn zeros_lost(Of { field, all, apart: values, .. }: &Of<'_>) -> Option<Notice> {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // Those that lack zeros in A, and in B.
    let lack = |side: usize| -> Vec<&([&str; 2], u64)> {
        let lacks = |texts: &[&str; 2]| {
            let (short, long) = (texts[side], texts[1 - side]);
            short.len() < long.len() && is_number(short) && is_number(long) && long.trim_start_matches('0') == short
        };
        values.iter().filter(|(texts, _)| lacks(texts)).collect()
    };
    let [in_a, in_b] = [lack(0), lack(1)];
    let count = |some: &[&([&str; 2], u64)]| some.iter().map(|(_, times)| times).sum::<u64>();
    let [of_a, of_b] = [count(&in_a), count(&in_b)];
    let (short, long, some, others, those) = match of_a >= of_b {
        true => ("A", "B", of_a, of_b, in_a),
        false => ("B", "A", of_b, of_a, in_b),
    };
    // Typing loses zeros as often in either file.
    (are_some(some, *all) && others * 10 <= some).then(|| {
        let sentence = format!(
            "The field {field}: of {some} of {all} people in both files, {short} has the number in {long} without the zeros at \
             its front. The two are compared as different texts. Write the column as text in the program that made {short}."
        );
        told(sentence, &those)
    })
}

/// A date that is known in all parts. The normal form of dates other than those of birth has blanks between them.
fn date(text: &str) -> Option<Date> {
    Date::parse(text).or_else(|| Date::parse(&text.replace(' ', "-")))
}

/// Year, month and day of such a date.
fn parts(text: &str) -> Option<[&str; 3]> {
    date(text)?;
    Some([text.get(..4)?, text.get(5..7)?, text.get(8..10)?])
}

/// Returns `true` if one of two dates has the day where the other has the month.
fn are_exchanged(texts: &[&str; 2]) -> bool {
    match texts.map(parts) {
        [Some([year, month, day]), Some(other)] => month != day && other == [year, day, month],
        _ => false,
    }
}

/// The notice about dates of which one file has the day where the other has the month.
fn exchanged_parts(Of { field, all, apart: values, .. }: &Of<'_>) -> Option<Notice> {
    let some: Vec<_> = values.iter().filter(|(texts, _)| are_exchanged(texts)).collect();
    let count = some.iter().map(|(_, times)| times).sum();
    are_many(count, *all).then(|| {
        let sentence = format!(
            "The field {field}: of {count} of {all} people in both files, A has the day where B has the month, and the month \
             where B has the day. One file may have been read in the wrong order when it was made."
        );
        told(sentence, &some)
    })
}

/// The years from the date in B to that in A, of the same day and month: 0 for other dates.
fn years_between(texts: &[&str; 2]) -> i32 {
    let [Some([year_a, rest_a @ ..]), Some([year_b, rest_b @ ..])] = texts.map(parts) else { return 0 };
    let year = |text: &str| text.parse::<i32>().unwrap_or_default();
    if rest_a == rest_b { year(year_a) - year(year_b) } else { 0 }
}

/// The notices about dates that are a number of years earlier or later in the other file: a century, and the number that
/// is the most frequent of all others.
fn years_apart(Of { field, all, apart: values, .. }: &Of<'_>) -> Vec<Notice> {
    const CENTURY: u32 = 100;
    let mut by_years: BTreeMap<i32, u64> = BTreeMap::new();
    for (texts, times) in values {
        *by_years.entry(years_between(texts)).or_default() += times;
    }
    by_years.remove(&0);
    // Errors of typing go in both directions.
    let opposite = |years: i32| by_years.get(&-years).copied().unwrap_or_default();
    let one_way = by_years.iter().filter(|(years, times)| opposite(**years) * 4 <= **times);
    let one_way = one_way.map(|(years, times)| (years.unsigned_abs(), *times));
    let (of_century, others): (Vec<_>, Vec<_>) = one_way.partition(|(years, _)| *years == CENTURY);
    let most = others.into_iter().max_by_key(|(years, times)| (*times, *years));
    // One wrong digit makes a few years or decades.
    let is_told = |(years, count): &(u32, u64)| match *years {
        CENTURY.. => are_some(*count, *all),
        _ => are_many(*count, *all),
    };
    let notices = of_century.into_iter().chain(most).filter(is_told).map(|(years, count)| {
        let (apart, why) = match years {
            CENTURY => (
                "a hundred years".to_owned(),
                "Years of two digits may have been read in another century: of those that are read here, first_year in the \
                 spec decides it.",
            ),
            1 => ("a year".to_owned(), "One file may count years from another year."),
            543 => ("543 years".to_owned(), "One file may have years of the Buddhist calendar: write both in one calendar."),
            1911 => ("1911 years".to_owned(), "One file may have years of the Minguo calendar: write both in one calendar."),
            _ => (
                format!("{years} years"),
                "One file may have years of another calendar, which counts from another year: write both in one calendar.",
            ),
        };
        let sentence =
            format!("The field {field}: of {count} of {all} people in both files, the dates are {apart} apart. {why}");
        let some: Vec<_> = values.iter().filter(|(texts, _)| years_between(texts).unsigned_abs() == years).collect();
        told(sentence, &some)
    });
    notices.collect()
}

/// The notice about dates that are the same number of days earlier or later in the other file.
fn moved(Of { field, all, apart: values, .. }: &Of<'_>) -> Option<Notice> {
    let days = |texts: &[&str; 2]| match texts.map(date) {
        [Some(a), Some(b)] => a.0 - b.0,
        _ => 0,
    };
    let mut by_days: BTreeMap<i32, u64> = BTreeMap::new();
    // Those that are exchanged, or whole years apart, are told as such.
    let is_moved = |texts: &[&str; 2]| days(texts) != 0 && !are_exchanged(texts) && years_between(texts) == 0;
    for (texts, times) in values.iter().filter(|(texts, _)| is_moved(texts)) {
        *by_days.entry(days(texts)).or_default() += times;
    }
    let (&by, &count) = by_days.iter().max_by_key(|(days, times)| (**times, days.unsigned_abs(), **days))?;
    are_many(count, *all).then(|| {
        let (size, way) = (by.unsigned_abs(), if by < 0 { "before" } else { "after" });
        let (unit, why) = match size {
            1 => ("day", "A time zone, or the first day that a program counts from, may have moved them."),
            _ => ("days", "The first day that a program counts from may have moved them."),
        };
        let sentence = format!(
            "The field {field}: of {count} of {all} people in both files, the date in A is {size} {unit} {way} the date in B. {why}"
        );
        told(sentence, &values.iter().filter(|(texts, _)| days(texts) == by).collect::<Vec<_>>())
    })
}

/// The notice about given names in the place of surnames, and surnames in that of given names.
fn names_exchanged(records: &Coded, people: &[[u32; 2]]) -> Option<Notice> {
    let columns = [records.column(&Field::GivenName)?, records.column(&Field::Surname)?];
    let codes = |row: &[u32]| columns.map(|column| row[column]);
    let names = |codes: [u32; 2]| [0, 1].map(|place| records.text(columns[place], codes[place]));
    let (mut all, mut exchanged) = (0, BTreeMap::new());
    for [a, b] in people.iter().map(|[a, b]| [codes(records.a.get(*a as usize)), codes(records.b.get(*b as usize))]) {
        if a.iter().chain(&b).any(|&code| code == 0) {
            continue;
        }
        all += 1;
        if a[0] == b[0] || a[1] == b[1] {
            continue;
        }
        let [a, b] = [names(a), names(b)];
        if a == [b[1], b[0]] {
            *exchanged.entry([a, b]).or_default() += 1;
        }
    }
    let count: u64 = exchanged.values().sum();
    are_many(count, all).then(|| {
        let sentence = format!(
            "Given name and surname: of {count} of {all} people in both files, A has the given name where B has the surname, \
             and the surname where B has the given name. See whether the columns of one file are exchanged."
        );
        let examples: Vec<String> =
            exchanged.keys().map(|[a, b]| format!("{} in A, {} in B", a.join(" "), b.join(" "))).collect();
        let notice = Notice::new(Code::SamePeopleDiffer, sentence).counting(count);
        notice.with_examples(examples.iter().map(String::as_str))
    })
}

/// The notices about fields that are the same for the same people no more often than for any two. Where all fields are
/// so, the truth is.
fn by_chance(of_fields: &[Of<'_>]) -> Vec<Notice> {
    /// Of fewer people chance may give any number.
    const FEWEST: u64 = 20;
    let mut tested = 0;
    let mut apart = Vec::new();
    for &Of { field, all, agree, same, .. } in of_fields {
        // That no value is in both files is told by itself.
        if all < FEWEST || same == 0 {
            continue;
        }
        let chance = same as f64 / (all as f64 * all as f64);
        let (expected, spread) = (chance * all as f64, (all as f64 * chance * (1.0 - chance)).sqrt());
        // Fields that most people share say nothing.
        if expected + 3.0 * spread > 0.75 * all as f64 {
            continue;
        }
        tested += 1;
        let (low, high) = (expected - 3.0 * spread, expected + 3.0 * spread);
        if (agree as f64) <= high {
            apart.push((field, agree, all, expected, (agree as f64) < low));
        }
    }
    if tested > 1 && apart.len() == tested {
        let names: Vec<String> = apart.iter().map(|(field, ..)| field.to_string()).collect();
        let sentence = format!(
            "The fields {} are the same for people in both files no more often than for any two records. The truth may be \
             that of other records: see whether it counts the rows of each file, or was sorted by itself.",
            names.join(", ")
        );
        return vec![Notice::new(Code::SamePeopleDiffer, sentence).counting(apart.len() as u64)];
    }
    // Values that agree less often than by chance are told as exchanged.
    let by_itself = apart.into_iter().filter(|(.., less)| !less);
    by_itself
        .map(|(field, agree, all, expected, _)| {
            let sentence = format!(
                "The field {field} is the same for {agree} of {all} people in both files, and would be for {} if they were \
                 drawn at random. See whether the column was sorted or moved by itself in one file, or is of something else \
                 there.",
                whole(expected)
            );
            Notice::new(Code::SamePeopleDiffer, sentence).counting(all - agree)
        })
        .collect()
}
