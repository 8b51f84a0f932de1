//! A varied key and its values, as they are typed.

use crate::scenario::parse_count;

/// A scenario's key and the values it takes in turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Varied {
    key: String,
    values: Vec<String>,
}

/// Short names of keys, as the flags of a run have them.
const SHORT: [(&str, &str); 2] = [("people", "population.people"), ("requests", "requester.requests")];

/// The key as a scenario has it.
pub(super) fn path_of(key: &str) -> &str {
    SHORT.iter().find(|(short, _)| *short == key).map_or(key, |(_, path)| path)
}

/// The most values a range may have.
const MOST_VALUES: usize = 10_000;

impl Varied {
    /// Reads `KEY=VALUES`. Values are separated by commas; `a..b:step` stands for a range in equal steps and `a..b*factor`
    /// for one in equal ratios, both with their end if it is hit. A value that is itself a list stands in brackets.
    pub fn parse(text: &str) -> Result<Varied, String> {
        let example = "write KEY=VALUE,VALUE,… such as people=10k,100k or holder.dependence=0..1:0.25";
        let (key, list) = text.split_once('=').ok_or_else(|| format!("no \"=\"; {example}"))?;
        let key = key.trim();
        if key.is_empty() {
            return Err(format!("no key; {example}"));
        }
        if key == "seed" || key.starts_with("seed.") {
            return Err("seeds are not varied; say how many each combination has with --replicates".to_string());
        }
        let mut values = Vec::new();
        for part in parts(list) {
            if part.is_empty() {
                return Err(format!("a value is empty; {example}"));
            }
            match part.split_once("..").filter(|_| !part.starts_with('[')) {
                Some((from, rest)) => values.extend(range(from, rest).map_err(|error| format!("{part}: {error}"))?),
                None => values.push(plain(part)),
            }
        }
        for (i, value) in values.iter().enumerate() {
            if values[..i].contains(value) {
                return Err(format!("{value} is listed twice"));
            }
        }
        Ok(Varied { key: key.to_string(), values })
    }

    /// The key as it was typed.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The key as a scenario has it.
    pub fn path(&self) -> &str {
        path_of(&self.key)
    }

    /// The values, numbers in their plain form.
    pub fn values(&self) -> &[String] {
        &self.values
    }
}

/// Keys whose value is told and not simulated: every run would be the same.
const TOLD: [&str; 15] = [
    "name",
    "title",
    "summary",
    "version_of",
    "as_of",
    "content_note",
    "documented",
    "outcome",
    "sources",
    "gaps",
    "counter_views",
    "theme",
    "harm",
    "published",
    "teaching",
];
/// The same where they stand in a section.
const TOLD_BELOW: [&str; 7] = ["name", "title", "requests_because", "source", "basis", "range", "alternatives"];

impl Varied {
    /// The reason why this key cannot be varied, whatever the scenario.
    pub(super) fn complaint(&self) -> Option<String> {
        let (first, last) = (self.path().split('.').next()?, self.path().rsplit('.').next()?);
        let what = match () {
            () if TOLD.contains(&first) || (first != last && TOLD_BELOW.contains(&last)) => "is told, not simulated",
            () if first == "by" => "names tables of a run, which a sweep has not",
            () if first == "beside" => "names runs beside a run, which a sweep leaves out",
            () => return None,
        };
        let all = self.values.join(",");
        Some(format!(
            "--vary {}={all}: this {what}, so all runs would be the same; vary a setting, such as holder.dependence=0,0.5",
            self.key
        ))
    }
}

/// The parts between commas that stand in no bracket.
fn parts(list: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in list.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(list[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(list[start..].trim());
    parts
}

fn plain(text: &str) -> String {
    // A list of bare words is read without its brackets, one of quoted words with them.
    if let Some(words) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'))
        && !text.contains('"')
    {
        return words.to_string();
    }
    number(text).map_or_else(|| text.to_string(), shortest)
}

fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    parse_count(text)
        .ok()
        .map(|count| count as f64)
        .or_else(|| text.replace('_', "").parse().ok().filter(|x: &f64| x.is_finite()))
}

/// A number with at most twelve digits that count, in the shortest form: a range in tenths has no 0.30000000000000004.
fn shortest(x: f64) -> String {
    let rounded: f64 = format!("{x:.11e}").parse().unwrap_or(x);
    // Whole numbers up to where a float knows them all keep every digit.
    if x == x.trunc() && x.abs() < 9e15 { format!("{x:.0}") } else { rounded.to_string() }
}

fn range(from: &str, rest: &str) -> Result<Vec<String>, String> {
    let form = "a range is FROM..TO:STEP or FROM..TO*FACTOR, such as 0..1:0.25 or 10k..10M*10";
    let sign = rest.find([':', '*']).ok_or(form)?;
    let bound = |text: &str| number(text).ok_or_else(|| format!("\"{}\" is not a number; {form}", text.trim()));
    let (from, to, by) = (bound(from)?, bound(&rest[..sign])?, bound(&rest[sign + 1..])?);
    let in_ratios = rest[sign..].starts_with('*');
    let wrong = match () {
        () if to < from => format!("{to} is less than {from}, and a range goes up"),
        () if in_ratios && from <= 0.0 => format!("equal ratios begin above 0, not at {from}"),
        () if in_ratios && by <= 1.0 => format!("the factor {by} does not lead up; above 1 it does"),
        () if !in_ratios && by <= 0.0 => format!("the step {by} does not lead up; above 0 it does"),
        () => String::new(),
    };
    if !wrong.is_empty() {
        return Err(format!("in this range {wrong}; {form}"));
    }
    let mut values = Vec::new();
    let mut ratio = 1.0;
    loop {
        let value = if in_ratios { from * ratio } else { from + values.len() as f64 * by };
        if value > to + 1e-9 * to.abs().max(by) {
            return Ok(values);
        }
        if values.len() == MOST_VALUES {
            return Err(format!("this range has more than {MOST_VALUES} values"));
        }
        values.push(shortest(value));
        ratio *= by;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        Varied::parse(text).unwrap().values
    }

    #[test]
    fn lists_and_ranges_become_plain_values() {
        assert_eq!(values("people=10k, 1e6,2_000"), ["10000", "1000000", "2000"]);
        assert_eq!(values("k=0..1:0.25"), ["0", "0.25", "0.5", "0.75", "1"]);
        assert_eq!(values("k=0..0.4:0.1"), ["0", "0.1", "0.2", "0.3", "0.4"]);
        assert_eq!(values("people=10k..10M*10"), ["10000", "100000", "1000000", "10000000"]);
        assert_eq!(values("k=0.001..0.1*10"), ["0.001", "0.01", "0.1"]);
        assert_eq!(values("k=-2..2:2,5"), ["-2", "0", "2", "5"]);
        assert_eq!(values("k=0..1:0.4"), ["0", "0.4", "0.8"], "an end that is not hit is left out");
        assert_eq!(values("k=true,niño"), ["true", "niño"]);
        assert_eq!(
            values("f=[given_name, surname],[\"zip\", \"city\"]"),
            ["given_name, surname", "[\"zip\", \"city\"]"]
        );
    }

    #[test]
    fn a_short_name_stands_for_its_key() {
        let varied = Varied::parse("people=10k").unwrap();
        assert_eq!((varied.key(), varied.path()), ("people", "population.people"));
        assert_eq!(Varied::parse("holder.dependence=0").unwrap().path(), "holder.dependence");
    }

    #[test]
    fn what_is_no_list_of_values_is_refused_with_what_to_write() {
        let error = |text: &str| Varied::parse(text).unwrap_err();
        assert!(error("people").contains("write KEY=VALUE"));
        assert!(error("=1").contains("no key"));
        assert!(error("people=").contains("empty") && error("people=1k,,2k").contains("empty"));
        assert!(error("people=1k,1000").contains("twice"));
        assert!(error("seed=1,2").contains("--replicates") && error("seed.errors=1").contains("--replicates"));
        for wrong in ["k=1..5", "k=1..x:1", "k=5..1:1", "k=1..5:0", "k=0..5*2", "k=1..5*1", "k=0..1:1e-9"] {
            assert!(error(wrong).contains("range"), "{wrong}: {}", error(wrong));
        }
    }
}
