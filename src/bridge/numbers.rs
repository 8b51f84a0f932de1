//! Whole numbers that a program wrote as floating-point numbers: `1.0` for `1`, `1e+05` for `100000`.
//!
//! pandas writes a column with a missing value in this way, and R round numbers. As text, such ids, people and house
//! numbers would not equal those of the other file.

use super::pair::Reading;
use super::two_readings::{ambiguous, cut_off, has_exponents, has_thousands, left_ambiguous, refuse_ambiguous};
use super::whole::{LOST, in_exponent_form, is_of_spreadsheet, lost_digits, whole};
use super::{BridgeError, Spec};
use crate::notice::{Code, Notice, by_number};
use crate::record::coded::{Dataset, Values, both, each};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;

/// The first of names that lost digits when their column was written; a column with a tenth of round numbers did, since
/// ids are not round.
fn first_lost<'t>(all: &str, texts: impl ExactSizeIterator<Item = &'t str> + Clone) -> Option<usize> {
    if !all.contains('+') && !all.contains('.') {
        return None;
    }
    let count = texts.len();
    texts.clone().position(lost_digits).or_else(|| {
        let is_round = |text: &str| in_exponent_form(text).is_some_and(|(_, left_out)| left_out > 0);
        let round = texts.clone().filter(|text| is_round(text)).count();
        // A few round numbers are no sign of anything.
        (round >= FEW && round * 10 > count).then(|| texts.clone().position(is_round)).flatten()
    })
}

/// Fewer round numbers than this say nothing about a column.
const FEW: usize = 10;

/// Names of a column that are read as whole numbers, or why they are not.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct WholeNames {
    /// The first name that lost digits.
    pub(super) lost: Option<String>,
    /// The names that are written as floating-point numbers, if all names are whole numbers.
    pub(super) changed: Vec<String>,
    /// Names written as floating-point numbers, and the names that are no numbers, if there are some.
    mixed: Option<(usize, Vec<String>)>,
}

/// The rule of a column of floats for the names in it, each once.
pub(super) fn whole_names(names: &[&str]) -> WholeNames {
    let all = names.concat();
    if let Some(lost) = first_lost(&all, names.iter().copied()) {
        return WholeNames { lost: Some(names[lost].to_owned()), ..WholeNames::default() };
    }
    if are_floats(&all, names.iter().copied()) {
        let changed = names.iter().copied().filter(is_float).map(str::to_owned).collect();
        return WholeNames { changed, ..WholeNames::default() };
    }
    WholeNames { mixed: mixed(&all, names.iter().copied()), ..WholeNames::default() }
}

impl WholeNames {
    /// The notice about the names of a column.
    pub(super) fn notice(&self, file: &str, column: &str) -> Option<Notice> {
        if let Some((floats, others)) = &self.mixed {
            return Some(left_as_text(file, column, *floats, others));
        }
        (!self.changed.is_empty()).then(|| {
            let sentence = format!(
                "{file}, column {column:?}: whole numbers are written with a decimal point or an exponent, and read as \
                 whole numbers."
            );
            let count = self.changed.len() as u64;
            Notice::new(Code::WholeNumbers, sentence)
                .counting(count)
                .with_examples(self.changed.iter().map(String::as_str))
        })
    }
}

/// Returns `true` if a text is a whole number written as a floating-point number.
fn is_float(text: &&str) -> bool {
    whole(text).is_some_and(|whole| whole != **text)
}

/// Returns `true` for such a number that has all its digits.
fn is_whole_float(text: &&str) -> bool {
    is_float(text) && !is_lost(text)
}

/// Returns `true` for a number of which digits were lost, or may be.
fn is_lost(text: &&str) -> bool {
    lost_digits(text) || is_of_spreadsheet(text)
}

/// Returns `true` if some of these texts, end to end, may be numbers of which digits were lost. To look for one sign first is
/// far quicker.
fn may_lose(all: &str) -> bool {
    all.contains('+') || (all.contains('.') && all.contains(".0"))
}

/// Returns `true` for a number with zeros at the front.
fn has_zeros_in_front(text: &str) -> bool {
    text.len() > 1 && text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Numbers of a column that are written as floating-point numbers, if they are most of it, and the first of the values
/// because of which they are left as text: those that are no number at all.
fn mixed<'t>(all: &str, texts: impl Iterator<Item = &'t str> + Clone) -> Option<(usize, Vec<String>)> {
    if !all.contains('.') && !all.contains('+') {
        return None;
    }
    let texts = texts.filter(|text| !text.is_empty());
    let (count, floats) = (texts.clone().count(), texts.clone().filter(is_whole_float).count());
    // Where there are fractions, 1.0 is one of them and no whole number.
    if floats * 2 <= count || texts.clone().any(has_fraction) {
        return None;
    }
    let mut others: Vec<&str> = texts.filter(|text| whole(text).is_none()).collect();
    others.sort_unstable();
    others.dedup();
    (!others.is_empty()).then(|| (floats, others.into_iter().take(Notice::EXAMPLES).map(str::to_owned).collect()))
}

/// The notice that numbers are left as they are written, since other values of the column are no numbers.
fn left_as_text(file: &str, column: &str, floats: usize, others: &[String]) -> Notice {
    let sentence = format!(
        "{file}, column {column:?}: {floats} {} whole number{} with a decimal point or an exponent, and other values are no \
         numbers. So all are left as they are written: 1.0 is not 1 here. Take the others out, or write the numbers without \
         a point.",
        by_number(floats as u64, "value is a", "values are"),
        by_number(floats as u64, "", "s"),
    );
    Notice::new(Code::NumbersAsText, sentence).counting(floats as u64).with_examples(others.iter().map(String::as_str))
}

/// Returns `true` if a text is a number with a fraction.
fn has_fraction(text: &str) -> bool {
    text.contains('.') && whole(text).is_none() && text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// Returns `true` if some value of a column is a number with a fraction.
fn has_fractions(values: &Values) -> bool {
    values.all().contains('.') && values.iter().any(has_fraction)
}

/// Returns `true` if all texts are whole numbers and some are written as floating-point numbers. Empty ones do not
/// count.
fn are_floats<'t>(all: &str, texts: impl Iterator<Item = &'t str>) -> bool {
    // A quick test first: most columns have no such text at all.
    (all.contains('.') || all.contains('+')) && texts.filter(|text| !text.is_empty()).all(|text| whole(text).is_some())
}

/// Turns columns of whole numbers that were written as floating-point numbers into whole numbers, with a notice. A field
/// stays as it is if the other file has fractions in it: then its numbers are measurements, not identifiers. An id or a
/// person of whom digits were lost is refused.
pub(super) fn read_whole(a: &mut Reading, b: &mut Reading, spec: &Spec) -> Result<Vec<Notice>, BridgeError> {
    let of_fields = |place: usize, a: &Reading, b: &Reading| {
        let (a, b) = (a.cells.values(place), b.cells.values(place));
        let is_date = spec.fields[place].0.is_date();
        let of = |values: &Values, other: &Values| match are_floats(values.all(), values.iter()) {
            // A number that lost digits is no date.
            true if is_date && values.iter().any(|text| is_lost(&text)) => Floats::Left(None),
            true if has_thousands(values.all()) && ambiguous(values.iter().chain(other.iter())).is_some() => {
                Floats::Ambiguous(ambiguous(values.iter().chain(other.iter())).unwrap_or_default().to_owned())
            }
            true if !has_fractions(other) => {
                let zeros = other.iter().any(has_zeros_in_front);
                Floats::Read { zeros }
            }
            false if !is_date && !has_fractions(other) => Floats::Left(mixed(values.all(), values.iter())),
            _ => Floats::Left(None),
        };
        [of(a, b), of(b, a)]
    };
    let places: Vec<usize> = (0..spec.fields.len()).collect();
    let fields = each(&places, |&place| of_fields(place, a, b));
    let (of_a, of_b): (Vec<Floats>, Vec<Floats>) = fields.into_iter().map(|[a, b]| (a, b)).unzip();
    refuse_joined([(Dataset::A, &*a), (Dataset::B, &*b)], spec)?;
    refuse_ambiguous(a, b, spec)?;
    // Whether the other file has zeros at the front, in ids and in truth.
    let zeros = |own: &Reading, other: &Reading| {
        let both = [(&own.file.ids, &other.file.ids), (&own.persons, &other.persons)];
        both.map(|(own, other)| are_floats(own.all(), own.iter()) && other.iter().any(has_zeros_in_front))
    };
    let zeros = [zeros(a, b), zeros(b, a)];
    let (of_a, of_b) = both(
        || whole_of_file(a, Dataset::A, spec, &of_a, zeros[0]),
        || whole_of_file(b, Dataset::B, spec, &of_b, zeros[1]),
    );
    Ok([of_a?, of_b?].concat())
}

/// The same of one file. `zeros` says whether the other file has zeros at the front, in ids and in truth.
fn whole_of_file(
    reading: &mut Reading,
    side: Dataset,
    spec: &Spec,
    fields: &[Floats],
    zeros: [bool; 2],
) -> Result<Vec<Notice>, BridgeError> {
    let (mut columns, mut examples, mut as_text) = (Vec::new(), Vec::new(), Vec::new());
    let mut without_zeros = Vec::new();
    let name = &reading.file.name.clone();
    let (file, lines) = (&mut reading.file, &reading.lines);
    let named = [(spec.id.of(side), &mut file.ids), (spec.truth.of(side), &mut reading.persons)];
    for (column, texts) in &named {
        if let Some(row) = first_lost(texts.all(), texts.iter()) {
            let problem = format!("digits of {:?} were lost when the file was written", texts.get(row));
            let error = BridgeError::new(name, problem, LOST).at_line(lines[row].into());
            return Err(error.about(format!("column {column:?}")));
        }
        let lost: Vec<&str> = match has_exponents(texts.all()) {
            true => texts.iter().filter(|text| is_of_spreadsheet(text)).collect(),
            false => Vec::new(),
        };
        as_text.extend(digits_lost(name, column, &lost, "and the value may not be what it was"));
        let so = "Different records or people may have become one.";
        as_text.extend(cut_off(name, column, texts.iter(), so));
    }
    let groups = file.groups.iter_mut().map(|(column, texts)| (column.as_str(), texts));
    for (place, (column, texts)) in named.into_iter().chain(groups).enumerate() {
        if are_floats(texts.all(), texts.iter()) {
            if let Some(example) = texts.iter().find(is_whole_float) {
                columns.push(column.to_owned());
                without_zeros.extend(zeros.get(place).filter(|zeros| **zeros).map(|_| column.to_owned()));
                examples.push(example.to_owned());
            }
            *texts = texts.mapped(|text| whole(text).unwrap_or(text.into()));
        } else if let Some((floats, others)) = mixed(texts.all(), texts.iter()) {
            as_text.push(left_as_text(name, column, floats, &others));
        }
    }
    for ((place, (field, column)), floats) in spec.fields.iter().enumerate().zip(fields) {
        let column = column.of(side);
        let values = reading.cells.values(place);
        let lost: Vec<&str> = match may_lose(values.all()) {
            true => values.iter().filter(is_lost).collect(),
            false => Vec::new(),
        };
        let so = match field.is_date() {
            true => "and they are no dates",
            false => "and are compared as zeros",
        };
        as_text.extend(digits_lost(name, column, &lost, so));
        as_text.extend(cut_off(name, column, values.iter(), "Different numbers may have become one."));
        match floats {
            Floats::Read { zeros } => {
                if let Some(example) = values.iter().find(is_whole_float) {
                    columns.push(column.to_owned());
                    without_zeros.extend(zeros.then(|| column.to_owned()));
                    examples.push(example.to_owned());
                }
                reading.cells.recode(place, |text| whole(text).unwrap_or(text.into()));
            }
            Floats::Left(Some((floats, others))) => as_text.push(left_as_text(name, column, *floats, others)),
            Floats::Ambiguous(text) => as_text.push(left_ambiguous(name, column, text)),
            Floats::Left(None) => {}
        }
    }
    let mut notices = Vec::new();
    if !columns.is_empty() {
        let mut sentence = format!(
            "{name}: whole numbers are written with a decimal point or an exponent in {}; they are read as whole \
             numbers.",
            columns.join(", ")
        );
        if !without_zeros.is_empty() {
            sentence += &format!(
                " The other file has numbers with zeros at the front in {}: here such zeros were lost when the file was \
                 written.",
                without_zeros.join(", ")
            );
        }
        let notice = Notice::new(Code::WholeNumbers, sentence).counting(columns.len() as u64);
        notices.push(notice.with_examples(examples.iter().map(String::as_str)));
    }
    notices.extend(as_text);
    Ok(notices)
}

/// The notice that digits of values were lost.
fn digits_lost(file: &str, column: &str, lost: &[&str], so: &str) -> Option<Notice> {
    (!lost.is_empty()).then(|| {
        let sentence = format!(
            "{file}, column {column:?}: digits of {} {} were lost when the file was written, {so}. Write the column as text in \
             the program that made the file.",
            lost.len(),
            by_number(lost.len() as u64, "value", "values"),
        );
        Notice::new(Code::DigitsLost, sentence).counting(lost.len() as u64).with_examples(lost.iter().copied())
    })
}

/// Refuses a number of a spreadsheet in truth that makes one person of two records: nobody knows what either was.
fn refuse_joined(files: [(Dataset, &Reading); 2], spec: &Spec) -> Result<(), BridgeError> {
    if files.iter().all(|(_, reading)| !has_exponents(reading.persons.all())) {
        return Ok(());
    }
    let of_files = |reading: &Reading| {
        let of_spreadsheet = reading.persons.iter().filter(|text| is_of_spreadsheet(text));
        of_spreadsheet.filter_map(|text| whole(text).map(Cow::into_owned)).collect::<Vec<String>>()
    };
    let lost: FxHashSet<String> = files.iter().flat_map(|(_, reading)| of_files(reading)).collect();
    // The first place of each number.
    let mut before: FxHashMap<String, (String, bool)> = FxHashMap::default();
    for (side, reading) in files {
        for (row, text) in reading.persons.iter().enumerate() {
            let Some(number) = whole(text).filter(|number| lost.contains(number.as_ref())) else { continue };
            let (place, is_lost) =
                (format!("{}, line {}", reading.file.name, reading.lines[row]), is_of_spreadsheet(text));
            let Some((before, was_lost)) = before.insert(number.into_owned(), (place, is_lost)) else { continue };
            if is_lost || was_lost {
                let problem =
                    format!("{text:?} and the value in {before} are one number only because digits were lost");
                let error = BridgeError::new(&reading.file.name, problem, LOST).at_line(reading.lines[row].into());
                return Err(error.about(format!("column {:?}", spec.truth.of(side))));
            }
        }
    }
    Ok(())
}

/// The reading of a field's values.
enum Floats {
    /// All are whole numbers. In the other file some have zeros at the front, or none has.
    Read { zeros: bool },
    /// They are left as they are, since this one can be read in two ways.
    Ambiguous(String),
    /// They are left as they are, perhaps because some are no numbers.
    Left(Option<(usize, Vec<String>)>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_is_known_however_it_is_written() {
        for (text, expected) in [
            ("1.0", "1"),
            ("900000001.0", "900000001"),
            ("02139", "02139"),
            ("-3.00", "-3"),
            ("1e+05", "100000"),
            ("1.25e+03", "1250"),
            ("9.00000001e+08", "900000001"),
            ("0.0", "0"),
        ] {
            assert_eq!(whole(text).as_deref(), Some(expected), "{text}");
        }
        for text in
            ["", ".", "1.5", "1e5", "12E4", "1.25e+01", "1e+999", "a.0", "1.0.0", "１.0", "1,0", "-", "e+05", "+1"]
        {
            assert_eq!(whole(text), None, "{text}");
        }
        for text in
            ["1.23457E+11", "1.23E+11", "1,23457E+11", "9.007199254749e+15", "1.000000e+08", "-9007199254740993.0"]
        {
            assert!(lost_digits(text), "{text}");
        }
        // All digits are there, or it is a round number as R writes it.
        for text in
            ["9.00000001e+08", "1.250000e+06", "1e+05", "1.2e+07", "9007199254740992.0", "123.0", "12E4", "Ōe+5"]
        {
            assert!(!lost_digits(text), "{text}");
        }
        assert!(has_fraction("1.5") && !has_fraction("1.0") && !has_fraction("St. John") && !has_fraction("1.0.1"));
    }

    #[test]
    fn names_of_one_column_follow_the_rule_of_a_column_of_floats() {
        let read = whole_names(&["1", "1.0", "2.0"]);
        assert_eq!((read.changed, read.lost), (vec!["1.0".to_owned(), "2.0".to_owned()], None));
        assert_eq!(whole_names(&["1", "2", "x"]), WholeNames::default());
        let mixed = whole_names(&["1.0", "2.0", "ō"]);
        assert_eq!(mixed.notice("l.csv", "c").unwrap().code, Code::NumbersAsText);
        assert_eq!(whole_names(&["1.0", "2.0", "1.5"]), WholeNames::default(), "numbers with fractions are no names");
        assert_eq!(whole_names(&["7", "1.23457E+11"]).lost.as_deref(), Some("1.23457E+11"));
        // One round number is a round number; twenty of them are a column whose digits are gone.
        assert_eq!(whole_names(&["7", "1e+05"]).lost, None);
        let round: Vec<String> = (11..31).map(|i| format!("{}.{}E+11", i / 10, i % 10)).collect();
        let round: Vec<&str> = round.iter().map(String::as_str).collect();
        assert_eq!(whole_names(&round).lost.as_deref(), Some("1.1E+11"));
    }
}
