//! How alike each field of two records is: [`Comparison`], [`Comparer`], [`Evidence`].
//!
//! A comparison turns one field, or a few that belong together, into one of a few ordered levels: `differs`,
//! `similar 0.92`, `same`. The levels of all comparisons are the [`Evidence`] about a pair, and all that a decision
//! sees of it besides how common the agreeing value is. Level 0 is always disagreement, higher levels are more alike,
//! and where either side is missing there is no level at all: absence is no evidence.
//!
//! House number, street and unit are **one** comparison. Two records of one household agree on all three together, and
//! counting that three times is how a linker comes to find households instead of persons.
//!
//! Everything here works on the normal forms of `blocking::normalise`.

pub mod phonetic;
pub mod text;

use crate::record::{Field, Records};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::fmt;
use text::{edits, jaro_winkler};

/// The most comparisons that one model may use.
pub const MAX_COMPARISONS: usize = 16;

/// The most cuts that one comparison may have.
pub const MAX_CUTS: usize = 20;

/// A comparison: its name, and how it is made.
///
/// In TOML: `{ name = "surname", kind = "jaro_winkler", field = "surname", cuts = [0.92, 0.8] }`; `name` may be left
/// out where it is the name of the field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Comparison {
    /// The name that rules and terms use for it.
    pub name: String,
    /// How it is made.
    pub kind: Kind,
}

/// The kinds of comparison. The levels of each are given in rising order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Kind {
    /// `differs`, `same`.
    Exact {
        /// The field compared.
        field: FieldName,
    },
    /// `differs`, one `similar …` for each cut of the Jaro–Winkler similarity, `same`. (W. E. Winkler (1990), "String
    /// comparator metrics and enhanced decision rules in the Fellegi–Sunter model of record linkage".)
    JaroWinkler {
        /// The field compared.
        field: FieldName,
        /// The least similarity of each level between `differs` and `same`, from 0 to 1.
        cuts: Vec<f64>,
    },
    /// `differs`, one `… edits` for each bound on the optimal string alignment distance, `same`.
    Edit {
        /// The field compared.
        field: FieldName,
        /// The most edits (insertion, deletion, substitution, exchange of neighbours) of each level.
        cuts: Vec<u8>,
    },
    /// `differs`, one `first … letters` for each length, `same`. A value shorter than the length counts whole.
    Prefix {
        /// The field compared.
        field: FieldName,
        /// The lengths.
        lengths: Vec<u8>,
    },
    /// `differs`, `same year`, `one part differs` (two of year, month and day agree), `one digit off`,
    /// `day and month exchanged`, `same`.
    Date {
        /// The field compared.
        field: FieldName,
    },
    /// `differs`, `same last 4`, `two digits off`, `one digit off` (or two neighbours exchanged), `same`.
    Number {
        /// The field compared.
        field: FieldName,
    },
    /// `differs`, `similar 0.80`, `initial agrees` (one side is only that letter), `nickname`, `similar 0.92`, `same`.
    GivenName {
        /// The field compared.
        field: FieldName,
    },
    /// `differs`, `similar 0.80`, `one name shared` (of a name of several), `similar 0.92`, `same`.
    Surname {
        /// The field compared.
        field: FieldName,
    },
    /// House number, street and unit as one: `elsewhere`, `same number only` (the street is missing on one side),
    /// `same street`, `similar number` (or missing on one side) in the same street, `same building`, `same dwelling`.
    /// Streets are the same from a Jaro–Winkler similarity of 0.92.
    Address,
}

/// A field as comparisons name it; in TOML its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct FieldName(pub Field);

impl From<String> for FieldName {
    fn from(name: String) -> FieldName {
        FieldName(Field::from_name(&name))
    }
}

impl From<FieldName> for String {
    fn from(name: FieldName) -> String {
        name.0.name().to_owned()
    }
}

impl From<Field> for FieldName {
    fn from(field: Field) -> FieldName {
        FieldName(field)
    }
}

/// A comparison as TOML has it.
#[derive(Clone, Serialize, Deserialize)]
struct Written {
    name: Option<String>,
    #[serde(flatten)]
    kind: Kind,
}

impl From<Written> for Comparison {
    fn from(written: Written) -> Comparison {
        match written.name {
            Some(name) => Comparison { name, kind: written.kind },
            None => Comparison::new(written.kind),
        }
    }
}

impl From<Comparison> for Written {
    fn from(comparison: Comparison) -> Written {
        Written { name: Some(comparison.name), kind: comparison.kind }
    }
}

/// From this Jaro–Winkler similarity two names or streets count as spellings of one.
const SIMILAR: f64 = 0.92;
/// From this one they are alike, no more.
const ALIKE: f64 = 0.80;

impl Kind {
    /// The field compared; `None` for an address, which is several.
    pub fn field(&self) -> Option<&Field> {
        match self {
            Kind::Exact { field }
            | Kind::JaroWinkler { field, .. }
            | Kind::Edit { field, .. }
            | Kind::Prefix { field, .. }
            | Kind::Date { field }
            | Kind::Number { field }
            | Kind::GivenName { field }
            | Kind::Surname { field } => Some(&field.0),
            Kind::Address => None,
        }
    }

    /// The labels of the levels, from disagreement up.
    pub fn labels(&self) -> Vec<String> {
        let between = |middle: Vec<String>| {
            std::iter::once("differs".to_owned()).chain(middle).chain(std::iter::once("same".to_owned())).collect()
        };
        let fixed = |labels: &[&str]| labels.iter().map(|&label| label.to_owned()).collect();
        match self {
            Kind::Exact { .. } => fixed(&["differs", "same"]),
            Kind::JaroWinkler { cuts, .. } => {
                between(rising(cuts).iter().map(|cut| format!("similar {cut:.2}")).collect())
            }
            Kind::Edit { cuts, .. } => between(falling(cuts).iter().map(|&cut| format!("{cut} edits")).collect()),
            Kind::Prefix { lengths, .. } => {
                between(ascending(lengths).iter().map(|&n| format!("first {n} letters")).collect())
            }
            Kind::Date { .. } => {
                fixed(&["differs", "same year", "one part differs", "one digit off", "day and month exchanged", "same"])
            }
            Kind::Number { .. } => fixed(&["differs", "same last 4", "two digits off", "one digit off", "same"]),
            Kind::GivenName { .. } => {
                fixed(&["differs", "similar 0.80", "initial agrees", "nickname", "similar 0.92", "same"])
            }
            Kind::Surname { .. } => fixed(&["differs", "similar 0.80", "one name shared", "similar 0.92", "same"]),
            Kind::Address => fixed(&[
                "elsewhere",
                "same number only",
                "same street",
                "similar number",
                "same building",
                "same dwelling",
            ]),
        }
    }
}

impl Comparison {
    /// A comparison named after its field.
    pub fn new(kind: Kind) -> Comparison {
        let name = kind.field().map_or("address", Field::name).to_owned();
        Comparison { name, kind }
    }

    /// The labels of its levels, from disagreement up.
    pub fn labels(&self) -> Vec<String> {
        self.kind.labels()
    }

    /// What is wrong with its cuts, if anything is: whoever reads comparisons from a file asks.
    pub fn complaint(&self) -> Option<String> {
        let (levels, sensible) = match &self.kind {
            Kind::JaroWinkler { cuts, .. } => (cuts.len(), cuts.iter().all(|cut| *cut > 0.0 && *cut <= 1.0)),
            Kind::Edit { cuts, .. } | Kind::Prefix { lengths: cuts, .. } => (cuts.len(), !cuts.contains(&0)),
            _ => return None,
        };
        if levels > MAX_CUTS {
            return Some(format!("{:?} has {levels} cuts; at most {MAX_CUTS} are of use", self.name));
        }
        let range = "similarities are above 0 and at most 1, edits and lengths whole numbers from 1 to 255";
        (!sensible).then(|| format!("{:?} has a cut that is none: {range}", self.name))
    }
}

/// The comparisons that suit a pair of files in which these fields are present on both sides.
pub fn default_comparisons(fields: &[Field]) -> Vec<Comparison> {
    let has = |field: &Field| fields.contains(field);
    let named = Field::NAMED.iter().filter(|&field| has(field));
    let others = fields.iter().filter(|field| matches!(field, Field::Other(_)));
    let kind = |field: &Field| {
        let name = FieldName(field.clone());
        Some(match field {
            Field::GivenName | Field::MiddleName => Kind::GivenName { field: name },
            Field::Surname => Kind::Surname { field: name },
            Field::Suffix | Field::Sex | Field::State => Kind::Exact { field: name },
            Field::DateOfBirth => Kind::Date { field: name },
            Field::Number => Kind::Number { field: name },
            Field::Zip => Kind::Edit { field: name, cuts: vec![1] },
            // One comparison for the address, at the place of its street. A street without a number beside it is
            // a text like others, and a number without a street is a number.
            Field::Street if has(&Field::HouseNumber) => Kind::Address,
            Field::Street | Field::City | Field::Other(_) => Kind::JaroWinkler { field: name, cuts: vec![SIMILAR] },
            Field::HouseNumber if !has(&Field::Street) => Kind::Exact { field: name },
            Field::HouseNumber | Field::Unit => return None,
        })
    };
    named.chain(others).filter_map(kind).map(Comparison::new).collect()
}

/// The levels of all comparisons of a pair, in their order. Ordered and small, so that pairs can be counted by it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Evidence {
    len: u8,
    // One more than the level, 0 where it is missing; what lies past the end is 0.
    levels: [u8; MAX_COMPARISONS],
}

impl Evidence {
    /// The evidence of these levels, `None` where a side is missing.
    ///
    /// # Panics
    /// With more than [`MAX_COMPARISONS`] levels.
    pub fn new(levels: &[Option<u8>]) -> Evidence {
        let mut evidence = Evidence { len: 0, levels: [0; MAX_COMPARISONS] };
        levels.iter().for_each(|&level| evidence.push(level));
        evidence
    }

    /// How many comparisons it covers.
    pub fn len(&self) -> usize {
        usize::from(self.len)
    }

    /// Whether it covers none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The level of a comparison; `None` where a side is missing.
    #[inline]
    pub fn level(&self, comparison: usize) -> Option<u8> {
        self.levels[comparison].checked_sub(1)
    }

    /// The name of each comparison and the label of the level it reached.
    pub fn named(&self, comparisons: &[Comparison]) -> Vec<(String, String)> {
        let label = |(i, comparison): (usize, &Comparison)| {
            let level = self.level(i).map(|level| comparison.labels().swap_remove(usize::from(level)));
            (comparison.name.clone(), level.unwrap_or_else(|| "missing".to_owned()))
        };
        comparisons.iter().enumerate().map(label).collect()
    }

    #[inline]
    fn push(&mut self, level: Option<u8>) {
        self.levels[usize::from(self.len)] = level.map_or(0, |level| level + 1);
        self.len += 1;
    }
}

impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries((0..self.len()).map(|i| self.level(i))).finish()
    }
}

/// Which given names are forms of one another: BILL and WILLIAM.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Nicknames {
    groups: FxHashMap<String, Vec<u16>>,
}

impl Nicknames {
    /// Reads groups of names, one a line, separated by commas or spaces; lines that begin with the same name are one
    /// group, and a name may stand in several. The names must be normal forms, or plain ASCII in any case.
    pub fn read(text: &str) -> Nicknames {
        let mut groups: FxHashMap<String, Vec<u16>> = FxHashMap::default();
        let mut first_names: FxHashMap<&str, u16> = FxHashMap::default();
        for line in text.lines() {
            let mut names = line.split([',', ' ']).filter(|name| !name.is_empty()).peekable();
            let Some(&first) = names.peek() else { continue };
            let next = first_names.len() as u16;
            let group = *first_names.entry(first).or_insert(next);
            names.for_each(|name| groups.entry(name.to_uppercase()).or_default().push(group));
        }
        Nicknames { groups }
    }

    /// The table that comes with Namesake.
    pub fn built_in() -> Nicknames {
        let text = include_str!("../synthetic-data/names/nicknames.csv");
        // The first line names the columns.
        Nicknames::read(text.split_once('\n').map_or("", |(_, rest)| rest))
    }

    /// Whether two names stand in one group.
    pub fn related(&self, a: &str, b: &str) -> bool {
        let (Some(a), Some(b)) = (self.groups.get(a), self.groups.get(b)) else { return false };
        a.iter().any(|group| b.contains(group))
    }
}

/// Comparisons bound to the columns of two files.
#[derive(Clone, Debug)]
pub struct Comparer {
    steps: Vec<Step>,
    nicknames: Nicknames,
}

/// One comparison with its cuts in the order of its levels and its columns in either file.
#[derive(Clone, Debug)]
struct Step {
    how: How,
    a: [Option<usize>; 3],
    b: [Option<usize>; 3],
}

#[derive(Clone, Debug)]
enum How {
    Exact,
    JaroWinkler(Vec<f64>),
    Edit(Vec<u8>),
    Prefix(Vec<u8>),
    Date,
    Number,
    GivenName,
    Surname,
    Address,
}

impl Comparer {
    /// Binds comparisons to files whose columns hold these fields. A field that a file lacks is missing in every
    /// record.
    ///
    /// # Panics
    /// With more than [`MAX_COMPARISONS`] comparisons; whoever reads comparisons from a file checks their number.
    pub fn new(comparisons: &[Comparison], a: &[Field], b: &[Field], nicknames: &Nicknames) -> Comparer {
        assert!(comparisons.len() <= MAX_COMPARISONS, "at most {MAX_COMPARISONS} comparisons");
        let step = |comparison: &Comparison| {
            let how = match &comparison.kind {
                Kind::Exact { .. } => How::Exact,
                Kind::JaroWinkler { cuts, .. } => How::JaroWinkler(rising(cuts)),
                Kind::Edit { cuts, .. } => How::Edit(falling(cuts)),
                Kind::Prefix { lengths, .. } => How::Prefix(ascending(lengths)),
                Kind::Date { .. } => How::Date,
                Kind::Number { .. } => How::Number,
                Kind::GivenName { .. } => How::GivenName,
                Kind::Surname { .. } => How::Surname,
                Kind::Address => How::Address,
            };
            let columns = |fields: &[Field]| {
                let column = |field: &Field| fields.iter().position(|f| f == field);
                match comparison.kind.field() {
                    Some(field) => [column(field), None, None],
                    None => [column(&Field::HouseNumber), column(&Field::Street), column(&Field::Unit)],
                }
            };
            Step { how, a: columns(a), b: columns(b) }
        };
        Comparer { steps: comparisons.iter().map(step).collect(), nicknames: nicknames.clone() }
    }

    /// The evidence about the record in row `ra` of `a` and the one in row `rb` of `b`.
    pub fn compare(&self, a: &Records, ra: usize, b: &Records, rb: usize) -> Evidence {
        let mut evidence = Evidence::new(&[]);
        for step in &self.steps {
            evidence.push(self.level(step, a, ra, b, rb));
        }
        evidence
    }

    fn level(&self, step: &Step, a: &Records, ra: usize, b: &Records, rb: usize) -> Option<u8> {
        let left = |i: usize| step.a[i].map_or("", |column| a.get(ra, column));
        let right = |i: usize| step.b[i].map_or("", |column| b.get(rb, column));
        if let How::Address = step.how {
            return address_level([left(0), left(1), left(2)], [right(0), right(1), right(2)]);
        }
        let (x, y) = (left(0), right(0));
        if x.is_empty() || y.is_empty() {
            return None;
        }
        let same = x == y;
        Some(match &step.how {
            How::Exact => u8::from(same),
            How::JaroWinkler(cuts) if same => cuts.len() as u8 + 1,
            How::JaroWinkler(cuts) => {
                let similarity = jaro_winkler(x, y);
                cuts.iter().rposition(|&cut| similarity >= cut).map_or(0, |i| i as u8 + 1)
            }
            How::Edit(cuts) if same => cuts.len() as u8 + 1,
            How::Edit(cuts) => {
                let distance = edits(x, y);
                cuts.iter().rposition(|&cut| distance <= usize::from(cut)).map_or(0, |i| i as u8 + 1)
            }
            How::Prefix(lengths) if same => lengths.len() as u8 + 1,
            How::Prefix(lengths) => lengths.iter().rposition(|&n| same_start(x, y, n)).map_or(0, |i| i as u8 + 1),
            How::Date => date_level(x, y),
            How::Number => number_level(x, y),
            How::GivenName => self.given_name_level(x, y),
            How::Surname => surname_level(x, y),
            // Handled above: it has three cells a side.
            How::Address => 0,
        })
    }

    fn given_name_level(&self, x: &str, y: &str) -> u8 {
        if x == y {
            return 5;
        }
        if only_initial(x) || only_initial(y) {
            return if x.chars().next() == y.chars().next() { 2 } else { 0 };
        }
        let similarity = jaro_winkler(x, y);
        if similarity >= SIMILAR {
            4
        } else if self.nicknames.related(x, y) {
            3
        } else {
            u8::from(similarity >= ALIKE)
        }
    }
}

fn only_initial(name: &str) -> bool {
    name.chars().nth(1).is_none()
}

fn surname_level(x: &str, y: &str) -> u8 {
    if x == y {
        return 4;
    }
    let similarity = jaro_winkler(x, y);
    if similarity >= SIMILAR {
        return 3;
    }
    // DE and LA are shared by strangers; a name of three letters or more is not a particle.
    let shares = x.split(' ').any(|word| word.chars().nth(2).is_some() && y.split(' ').any(|other| other == word));
    if shares { 2 } else { u8::from(similarity >= ALIKE) }
}

fn address_level(x: [&str; 3], y: [&str; 3]) -> Option<u8> {
    let ([number_x, street_x, unit_x], [number_y, street_y, unit_y]) = (x, y);
    let numbers_known = !number_x.is_empty() && !number_y.is_empty();
    if street_x.is_empty() || street_y.is_empty() {
        // One number without its street still says something, if not much.
        return numbers_known.then(|| u8::from(number_x == number_y));
    }
    if street_x != street_y && jaro_winkler(street_x, street_y) < SIMILAR {
        return Some(0);
    }
    if !numbers_known {
        return Some(3);
    }
    if number_x != number_y {
        let similar = edits(number_x, number_y) == 1 && number_x.len().max(number_y.len()) > 2;
        return Some(if similar { 3 } else { 2 });
    }
    let other_unit = !unit_x.is_empty() && !unit_y.is_empty() && unit_x != unit_y;
    Some(if other_unit { 4 } else { 5 })
}

fn date_level(x: &str, y: &str) -> u8 {
    if x == y {
        return 5;
    }
    let (x, y) = (x.as_bytes(), y.as_bytes());
    let is_date = |text: &[u8]| text.len() == 10 && text[4] == b'-' && text[7] == b'-';
    if !is_date(x) || !is_date(y) {
        return 0;
    }
    let parts = |text: &[u8]| -> [[u8; 4]; 3] {
        [[text[0], text[1], text[2], text[3]], [text[5], text[6], 0, 0], [text[8], text[9], 0, 0]]
    };
    let (p, q) = (parts(x), parts(y));
    if p[0] == q[0] && p[1] == q[2] && p[2] == q[1] {
        return 4;
    }
    let differing = x.iter().zip(y).filter(|(a, b)| a != b).count();
    let exchanged = |i: usize| x[i] == y[i + 1] && x[i + 1] == y[i];
    if differing == 1 || (differing == 2 && (0..9).any(|i| x[i] != y[i] && exchanged(i))) {
        return 3;
    }
    match (0..3).filter(|&i| p[i] == q[i]).count() {
        2 => 2,
        _ => u8::from(p[0] == q[0]),
    }
}

fn number_level(x: &str, y: &str) -> u8 {
    if x == y {
        return 4;
    }
    match edits(x, y) {
        0 | 1 => 3,
        2 => 2,
        _ => u8::from(last_four(x).is_some() && last_four(x) == last_four(y)),
    }
}

fn last_four(text: &str) -> Option<&str> {
    let start = text.char_indices().rev().nth(3)?.0;
    Some(&text[start..])
}

fn same_start(x: &str, y: &str, n: u8) -> bool {
    let start = |text: &str| text.chars().filter(|&c| c != ' ').take(n.into()).collect::<Vec<char>>();
    start(x) == start(y)
}

fn rising(cuts: &[f64]) -> Vec<f64> {
    let mut cuts = cuts.to_vec();
    cuts.sort_by(f64::total_cmp);
    cuts
}

fn ascending(cuts: &[u8]) -> Vec<u8> {
    let mut cuts = cuts.to_vec();
    cuts.sort_unstable();
    cuts
}

fn falling(cuts: &[u8]) -> Vec<u8> {
    let mut cuts = ascending(cuts);
    cuts.reverse();
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::RecordId;

    /// The label of the level of two texts, `"missing"` where there is none.
    fn label(kind: Kind, x: &str, y: &str) -> String {
        let field = kind.field().unwrap().clone();
        let mut a = Records::new(std::slice::from_ref(&field));
        let mut b = a.clone();
        a.push(RecordId(0), &[x]);
        b.push(RecordId(0), &[y]);
        let comparison = Comparison::new(kind);
        let nicknames = Nicknames::read("William, Bill, Will\nJosé Pepe");
        let compare = |a: &Records, b: &Records| {
            Comparer::new(std::slice::from_ref(&comparison), a.fields(), b.fields(), &nicknames).compare(a, 0, b, 0)
        };
        let evidence = compare(&a, &b);
        assert_eq!(evidence, compare(&b, &a), "{x} {y}: a comparison is the same from either side");
        evidence.level(0).map_or("missing".to_owned(), |level| comparison.labels()[usize::from(level)].clone())
    }

    #[test]
    fn jaro_winkler_gives_the_published_values() {
        let shared = std::env::var("NAMESAKE_SHARED").unwrap_or_else(|_| "../shared".to_owned());
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(shared)
            .join("data/vectors/winkler_jaro_jarowinkler.csv");
        let Ok(text) = std::fs::read_to_string(&path) else {
            eprintln!("not tested: {} is not there", path.display());
            return;
        };
        let mut checked = 0;
        for line in text.lines().skip(1) {
            let cells: Vec<&str> = line.splitn(7, ',').collect();
            if !cells[6].is_empty() {
                // The paper prints 0 for these pairs; the formula does not give it.
                continue;
            }
            let (jaro, winkler): (f64, f64) = (cells[4].parse().unwrap(), cells[5].parse().unwrap());
            assert!((strsim::jaro(cells[0], cells[1]) - jaro).abs() < 1e-6, "{line}");
            assert!((jaro_winkler(cells[0], cells[1]) - winkler).abs() < 1e-6, "{line}");
            checked += 1;
        }
        assert!(checked >= 14);
    }

    #[test]
    fn names_are_compared_by_character() {
        // Four characters of which one differs, whatever their bytes.
        assert_eq!(jaro_winkler("ЕЛЕН", "ЕЛЕЙ"), jaro_winkler("ELEN", "ELEJ"));
        let kind = || Kind::GivenName { field: Field::GivenName.into() };
        for (x, y, level) in [
            ("ZOE", "ZOE", "same"),
            ("KATHERINE", "KATHARINE", "similar 0.92"),
            ("WILLIAM", "BILL", "nickname"),
            ("JOSÉ", "PEPE", "nickname"),
            ("Ō", "ŌE", "initial agrees"),
            ("Z", "ANA", "differs"),
            ("MARIA", "MARCIN", "similar 0.80"),
            ("", "ANA", "missing"),
        ] {
            assert_eq!(label(kind(), x, y), level, "{x} {y}");
        }
        let kind = || Kind::Surname { field: Field::Surname.into() };
        for (x, y, level) in [
            ("NUNEZ IBANEZ", "IBANEZ", "one name shared"),
            ("DE LA CRUZ", "DELACRUZ", "similar 0.92"),
            ("DE LA CRUZ", "DE LA PENA", "similar 0.80"),
            ("СМИРНОВА", "СМИРНОВ", "similar 0.92"),
            ("OE", "", "missing"),
        ] {
            assert_eq!(label(kind(), x, y), level, "{x} {y}");
        }
    }

    #[test]
    fn the_built_in_nicknames_know_forms_of_one_name() {
        let nicknames = Nicknames::built_in();
        assert!(nicknames.related("WILLIAM", "BILL") && nicknames.related("BILL", "WILL"));
        assert!(!nicknames.related("BILL", "ZOË") && !nicknames.related("GIVEN", "NICKNAME"));
    }

    #[test]
    fn dates_and_numbers_have_levels_for_the_usual_slips() {
        let kind = || Kind::Date { field: Field::DateOfBirth.into() };
        for (y, level) in [
            ("1984-05-03", "same"),
            ("1984-03-05", "day and month exchanged"),
            ("1984-05-04", "one digit off"),
            ("1948-05-03", "one digit off"),
            ("1984-05-28", "one part differs"),
            ("1984-11-28", "same year"),
            ("1971-11-28", "differs"),
            ("MAI 1984", "differs"),
            ("", "missing"),
        ] {
            assert_eq!(label(kind(), "1984-05-03", y), level, "{y}");
        }
        let kind = || Kind::Number { field: Field::Number.into() };
        for (y, level) in [
            ("900123456", "same"),
            ("900123465", "one digit off"),
            ("900123556", "one digit off"),
            ("900132465", "two digits off"),
            ("911003456", "same last 4"),
            ("3456", "same last 4"),
            ("123", "differs"),
        ] {
            assert_eq!(label(kind(), "900123456", y), level, "{y}");
        }
    }

    #[test]
    fn cuts_may_be_given_in_any_order() {
        let jaro = || Kind::JaroWinkler { field: Field::City.into(), cuts: vec![0.92, 0.8] };
        assert_eq!(jaro().labels(), ["differs", "similar 0.80", "similar 0.92", "same"]);
        assert_eq!(label(jaro(), "ŁÓDŹ", "ŁÓDZ"), "similar 0.80");
        let edit = || Kind::Edit { field: Field::Zip.into(), cuts: vec![1, 2] };
        assert_eq!(edit().labels(), ["differs", "2 edits", "1 edits", "same"]);
        assert_eq!(label(edit(), "00123", "00132"), "1 edits");
        assert_eq!(label(edit(), "00123", "00145"), "2 edits");
        let prefix = || Kind::Prefix { field: Field::Surname.into(), lengths: vec![4, 1] };
        assert_eq!(label(prefix(), "ŌE", "ŌTANI"), "first 1 letters");
        assert_eq!(label(prefix(), "DE LA CRUZ", "DELAWARE"), "first 4 letters");
    }

    #[test]
    fn an_address_is_one_comparison() {
        let level = |x: [&str; 3], y: [&str; 3]| {
            let level = address_level(x, y);
            assert_eq!(level, address_level(y, x));
            level.map(|level| Kind::Address.labels()[usize::from(level)].clone())
        };
        let home = ["12", "CALLE PENON", "4B"];
        for (other, expected) in [
            (home, Some("same dwelling")),
            (["12", "CALLE PENOM", ""], Some("same dwelling")),
            (["12", "CALLE PENON", "4C"], Some("same building")),
            (["", "CALLE PENON", ""], Some("similar number")),
            (["99", "CALLE PENON", ""], Some("same street")),
            (["12", "", "4B"], Some("same number only")),
            (["12", "OAK ST", "4B"], Some("elsewhere")),
            (["", "", "4B"], None),
        ] {
            assert_eq!(level(home, other).as_deref(), expected, "{other:?}");
        }
    }

    #[test]
    fn comparisons_are_read_from_toml_and_written_back() {
        #[derive(Serialize, Deserialize)]
        struct File {
            comparison: Vec<Comparison>,
        }
        let text = r#"
            [[comparison]]
            kind = "surname"
            field = "surname"
            [[comparison]]
            name = "name control"
            kind = "prefix"
            field = "surname"
            lengths = [4]
            [[comparison]]
            kind = "address"
        "#;
        let file: File = toml::from_str(text).unwrap();
        assert_eq!(file.comparison[0].name, "surname");
        assert_eq!(file.comparison[1].labels(), ["differs", "first 4 letters", "same"]);
        assert_eq!(file.comparison[2].name, "address");
        let again: File = toml::from_str(&toml::to_string(&file).unwrap()).unwrap();
        assert_eq!(again.comparison, file.comparison);
        let wrong = toml::from_str::<File>("[[comparison]]\nkind = \"soundslike\"\nfield = \"surname\"");
        assert!(wrong.err().unwrap().to_string().contains("jaro_winkler"));
    }
}
