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

mod coded;
mod comparer;
mod levels;
pub mod phonetic;
mod sketch;
pub mod text;

pub use coded::CodedComparer;
pub use comparer::Comparer;
pub use levels::BOX;

use crate::record::Field;
use phonetic::Algorithm;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::fmt;
use unicode_normalization::UnicodeNormalization;

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

/// The kinds of comparison. The levels of each are given in rising order. Those without a field of their own have braces,
/// so that a field given to them is refused and not passed over.
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
    /// `differs`, one `similar …` for each cut of the Jaro similarity, `same`. (M. A. Jaro (1989), JASA 84, 414–420.)
    Jaro {
        /// The field compared.
        field: FieldName,
        /// The least similarity of each level between `differs` and `same`, from 0 to 1.
        cuts: Vec<f64>,
    },
    /// `differs`, one `q-grams …` for each cut of the Jaccard similarity of the sets of q-grams, `same`.
    Jaccard {
        /// The field compared.
        field: FieldName,
        /// The least similarity of each level between `differs` and `same`, from 0 to 1.
        cuts: Vec<f64>,
        /// Characters to a q-gram; 2 unless said otherwise.
        #[serde(default = "bigrams")]
        q: u8,
    },
    /// `differs`, one `q-grams …` for each cut of the Sørensen–Dice similarity of the sets of q-grams, `same`.
    Dice {
        /// The field compared.
        field: FieldName,
        /// The least similarity of each level between `differs` and `same`, from 0 to 1.
        cuts: Vec<f64>,
        /// Characters to a q-gram; 2 unless said otherwise.
        #[serde(default = "bigrams")]
        q: u8,
    },
    /// For addresses in one line and names of several words: `differs`, one `words …` for each cut of the share of
    /// words that both have, `same words` in whatever order, `same`. The share is of the shorter text's words, so that
    /// NUNEZ IBANEZ and IBANEZ share all; a misspelt word (Jaro–Winkler from 0.92) counts.
    Words {
        /// The field compared.
        field: FieldName,
        /// The least share of each level between `differs` and `same words`, from 0 to 1.
        cuts: Vec<f64>,
    },
    /// `differs`, one `… agrees` for each phonetic algorithm in the order given, weakest first, `same`.
    Phonetic {
        /// The field compared.
        field: FieldName,
        /// The algorithms; see [`Algorithm`].
        algorithms: Vec<Algorithm>,
    },
    /// `differs`, one `within …` for each bound on the difference of two numbers, `same`. Text that is no number
    /// differs from every other text.
    Numeric {
        /// The field compared.
        field: FieldName,
        /// The greatest difference of each level.
        within: Vec<f64>,
    },
    /// Given name and surname as one: `differs`, `one agrees`, `exchanged` (each side's given name is the other's
    /// surname), `both similar`, `same`. Names agree from a Jaro–Winkler similarity of 0.92, given names also as
    /// nicknames. Where a file lacks one of the two on either side there is no level.
    Names {},
    /// The best level of `surname` among several fields that hold surnames (at most three: surname, birth name,
    /// former name): each of one side is held against each of the other.
    Surnames {
        /// The fields, or columns of any name.
        fields: Vec<FieldName>,
    },
    /// `differs`, one `… edits` for each bound on the Levenshtein distance (insertion, deletion, substitution), `same`.
    Levenshtein {
        /// The field compared.
        field: FieldName,
        /// The most edits of each level.
        cuts: Vec<u8>,
    },
    /// `differs`, one `… edits` for each bound on the Damerau–Levenshtein distance (exchange of neighbours as well, and
    /// what was exchanged may be edited again), `same`.
    Damerau {
        /// The field compared.
        field: FieldName,
        /// The most edits of each level.
        cuts: Vec<u8>,
    },
    /// `differs`, one `… edits` for each bound on the optimal string alignment distance, `same`.
    Edit {
        /// The field compared.
        field: FieldName,
        /// The most edits (insertion, deletion, substitution, exchange of neighbours) of each level.
        cuts: Vec<u8>,
    },
    /// `differs`, one `letters …` for each cut of the share of letters that agree, `same`. The share is that of the
    /// longer text left over by the edits (insertion, deletion, substitution, exchange of neighbours) that turn one
    /// into the other: of ten letters one edit leaves 0.90.
    Letters {
        /// The field compared.
        field: FieldName,
        /// The least share of each level between `differs` and `same`, from 0 to 1.
        cuts: Vec<f64>,
    },
    /// Given and middle name as one: `differs`, `either order` (each side's given name is the other's middle name:
    /// Deborah Ann and Ann Deborah), `same` (the given names agree). Nothing but the whole name counts.
    GivenNames {},
    /// `differs`, one `first … letters` for each length, `same`. A value shorter than the length counts whole.
    Prefix {
        /// The field compared.
        field: FieldName,
        /// The lengths.
        lengths: Vec<u8>,
    },
    /// `differs`, `same year`, `one part differs` (two of year, month and day agree), `one digit off`,
    /// `day and month exchanged`, `same`. A date that no calendar has is compared by its digits. Where a part is not
    /// known the others are compared: `one part differs` where two agree, `same year` where only the year is known of
    /// both or another part differs, else `differs`. Where no part is known of both, or only a month or a day that
    /// agrees, there is no level.
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
    /// Streets are the same from a Jaro–Winkler similarity of 0.92, unless their numbers differ (5TH ST, 6TH ST). Numbers
    /// are similar where only their letters differ (12A, 12B), where one goes on (12, 12 1/2), and where one edit of
    /// three digits or more lies between them. A post office box is compared by its number: `same dwelling`, `similar
    /// number`, else `elsewhere`.
    Address {},
}

fn bigrams() -> u8 {
    2
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
    /// The field compared; `None` where it is several.
    pub fn field(&self) -> Option<&Field> {
        match self {
            Kind::Exact { field }
            | Kind::JaroWinkler { field, .. }
            | Kind::Jaro { field, .. }
            | Kind::Jaccard { field, .. }
            | Kind::Dice { field, .. }
            | Kind::Words { field, .. }
            | Kind::Letters { field, .. }
            | Kind::Phonetic { field, .. }
            | Kind::Numeric { field, .. }
            | Kind::Levenshtein { field, .. }
            | Kind::Damerau { field, .. }
            | Kind::Edit { field, .. }
            | Kind::Prefix { field, .. }
            | Kind::Date { field }
            | Kind::Number { field }
            | Kind::GivenName { field }
            | Kind::Surname { field } => Some(&field.0),
            Kind::Address {} | Kind::Names {} | Kind::GivenNames {} | Kind::Surnames { .. } => None,
        }
    }

    /// The fields that a spec must name for this comparison; an address makes do with what there is.
    pub fn fields(&self) -> Vec<&Field> {
        match self {
            Kind::Names {} => vec![&Field::GivenName, &Field::Surname],
            Kind::GivenNames {} => vec![&Field::GivenName, &Field::MiddleName],
            Kind::Surnames { fields } => fields.iter().map(|field| &field.0).collect(),
            kind => kind.field().into_iter().collect(),
        }
    }

    /// The column of [`Kind::field`], in whatever form it is compared.
    pub fn column(&self) -> Option<Field> {
        self.field().map(Field::column)
    }

    /// The labels of the levels, from disagreement up.
    pub fn labels(&self) -> Vec<String> {
        let between = |middle: Vec<String>| {
            std::iter::once("differs".to_owned()).chain(middle).chain(std::iter::once("same".to_owned())).collect()
        };
        let fixed = |labels: &[&str]| labels.iter().map(|&label| label.to_owned()).collect();
        match self {
            Kind::Exact { .. } => fixed(&["differs", "same"]),
            Kind::JaroWinkler { cuts, .. } | Kind::Jaro { cuts, .. } => {
                between(rising(cuts).iter().map(|cut| format!("similar {cut:.2}")).collect())
            }
            Kind::Jaccard { cuts, .. } | Kind::Dice { cuts, .. } => {
                between(rising(cuts).iter().map(|cut| format!("q-grams {cut:.2}")).collect())
            }
            Kind::Letters { cuts, .. } => between(rising(cuts).iter().map(|cut| format!("letters {cut:.2}")).collect()),
            Kind::GivenNames {} => fixed(&["differs", "either order", "same"]),
            Kind::Words { cuts, .. } => {
                let shares = rising(cuts).into_iter().map(|cut| format!("words {cut:.2}"));
                between(shares.chain(["same words".to_owned()]).collect())
            }
            Kind::Phonetic { algorithms, .. } => {
                between(algorithms.iter().map(|algorithm| format!("{} agrees", algorithm.name())).collect())
            }
            Kind::Numeric { within, .. } => {
                between(rising(within).iter().rev().map(|bound| format!("within {bound}")).collect())
            }
            Kind::Names {} => fixed(&["differs", "one agrees", "exchanged", "both similar", "same"]),
            Kind::Edit { cuts, .. } | Kind::Levenshtein { cuts, .. } | Kind::Damerau { cuts, .. } => {
                between(falling(cuts).iter().map(|&cut| format!("{cut} edits")).collect())
            }
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
            Kind::Surname { .. } | Kind::Surnames { .. } => {
                fixed(&["differs", "similar 0.80", "one name shared", "similar 0.92", "same"])
            }
            Kind::Address {} => fixed(&[
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
        let name = match &kind {
            Kind::Names {} => "names",
            Kind::GivenNames {} => "given names",
            Kind::Surnames { .. } => "surnames",
            kind => kind.field().map_or("address", Field::name),
        }
        .to_owned();
        Comparison { name, kind }
    }

    /// The labels of its levels, from disagreement up.
    pub fn labels(&self) -> Vec<String> {
        self.kind.labels()
    }

    /// What is wrong with its cuts, if anything is: whoever reads comparisons from a file asks.
    pub fn complaint(&self) -> Option<String> {
        let (levels, sensible) = match &self.kind {
            Kind::JaroWinkler { cuts, .. }
            | Kind::Jaro { cuts, .. }
            | Kind::Words { cuts, .. }
            | Kind::Letters { cuts, .. } => (cuts.len(), cuts.iter().all(|cut| *cut > 0.0 && *cut <= 1.0)),
            Kind::Jaccard { cuts, q, .. } | Kind::Dice { cuts, q, .. } => {
                (cuts.len(), *q > 0 && cuts.iter().all(|cut| *cut > 0.0 && *cut <= 1.0))
            }
            Kind::Edit { cuts, .. }
            | Kind::Levenshtein { cuts, .. }
            | Kind::Damerau { cuts, .. }
            | Kind::Prefix { lengths: cuts, .. } => (cuts.len(), !cuts.contains(&0)),
            Kind::Numeric { within, .. } => {
                (within.len(), within.iter().all(|bound| *bound > 0.0 && bound.is_finite()))
            }
            Kind::Phonetic { algorithms, .. } => (algorithms.len(), !algorithms.is_empty()),
            Kind::Surnames { fields } => {
                let problem =
                    || format!("{:?} names {} fields; one to three can be held together", self.name, fields.len());
                return (!(1..=3).contains(&fields.len())).then(problem);
            }
            _ => return None,
        };
        if levels > MAX_CUTS {
            return Some(format!("{:?} has {levels} cuts; at most {MAX_CUTS} are of use", self.name));
        }
        let range = "similarities are above 0 and at most 1, edits and lengths whole numbers from 1 to 255, differences \
                     above 0, and at least one algorithm is named";
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
            Field::Suffix | Field::Sex | Field::State | Field::Race => Kind::Exact { field: name },
            Field::DateOfBirth => Kind::Date { field: name },
            Field::Number => Kind::Number { field: name },
            Field::Zip => Kind::Edit { field: name, cuts: vec![1] },
            // One comparison for the address, at the place of its street. A street without a number beside it is
            // a text like others, and a number without a street is a number.
            Field::Street if has(&Field::HouseNumber) => Kind::Address {},
            Field::Other(_) if field.is_date() => Kind::Date { field: name },
            Field::Other(_) if field.is_phone() => Kind::Number { field: name },
            Field::Other(_) if field.is_email() => Kind::Edit { field: name, cuts: vec![1, 2] },
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
        let text = include_str!("../../synthetic-data/names/nicknames.csv");
        // The first line names the columns. Accents are taken off, as in the normal forms that are looked up.
        let plain: String = text.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect();
        Nicknames::read(plain.split_once('\n').map_or("", |(_, rest)| rest))
    }

    /// Whether two names stand in one group.
    pub fn related(&self, a: &str, b: &str) -> bool {
        let (Some(a), Some(b)) = (self.groups.get(a), self.groups.get(b)) else { return false };
        a.iter().any(|group| b.contains(group))
    }
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
    use crate::record::{RecordId, Records};

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
    fn a_share_of_letters_is_what_the_edits_leave_of_the_longer_name() {
        let letters = || Kind::Letters { field: Field::Surname.into(), cuts: vec![0.9] };
        assert_eq!(label(letters(), "IBARGÜENGO", "IBARGUENGO"), "letters 0.90");
        assert_eq!(label(letters(), "NUNEZ", "NUNES"), "differs");
        assert_eq!(label(letters(), "NUNEZ", "NUNEZ"), "same");
        assert_eq!(label(letters(), "NUNEZ", ""), "missing");
    }

    #[test]
    fn given_names_agree_in_either_order() {
        let fields = [Field::GivenName, Field::MiddleName];
        let level = |x: [&str; 2], y: [&str; 2]| {
            let (mut a, mut b) = (Records::new(&fields), Records::new(&fields));
            a.push(RecordId(0), &x);
            b.push(RecordId(0), &y);
            let comparison = [Comparison::new(Kind::GivenNames {})];
            let level = |a: &Records, b: &Records| {
                Comparer::new(&comparison, &fields, &fields, &Nicknames::default()).compare(a, 0, b, 0).level(0)
            };
            assert_eq!(level(&a, &b), level(&b, &a));
            level(&a, &b)
        };
        assert_eq!(level(["DEBORAH", "ANN"], ["ANN", "DEBORAH"]), Some(1));
        assert_eq!(level(["DEBORAH", "ANN"], ["DEBORAH", "LEE"]), Some(2));
        assert_eq!(level(["DEBORAH", "ANN"], ["ANN", ""]), Some(0));
        assert_eq!(level(["", "ANN"], ["ANN", ""]), None);
    }

    #[test]
    fn names_are_compared_by_character() {
        // Four characters of which one differs, whatever their bytes.
        assert_eq!(text::jaro_winkler("ЕЛЕН", "ЕЛЕЙ"), text::jaro_winkler("ELEN", "ELEJ"));
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
        assert!(nicknames.related("JOSE", "PEPE"), "as normal forms have José");
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
            ("1984-05-53", "one digit off"),
            ("1984-05-79", "one part differs"),
            ("1984-05-??", "one part differs"),
            ("????-05-03", "one part differs"),
            ("1984-??-??", "same year"),
            ("1984-06-??", "same year"),
            ("1983-05-??", "differs"),
            ("????-06-03", "differs"),
            ("????-05-??", "missing"),
            ("MAI 1984", "missing"),
            ("", "missing"),
        ] {
            assert_eq!(label(kind(), "1984-05-03", y), level, "{y}");
        }
        assert_eq!(label(kind(), "1984-??-??", "1984-??-??"), "same year", "one text is not one day");
        assert_eq!(label(kind(), "MAI ŌE", "MAI ŌE"), "missing");
        assert_eq!(label(kind(), "1984 05 03", "19840503"), "same", "dates in a field of any other name");
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
    fn every_measure_has_levels_of_its_own() {
        let surname = || FieldName(Field::Surname);
        for (kind, x, y, level) in [
            (Kind::Jaro { field: surname(), cuts: vec![0.9, 0.7] }, "MARTHA", "MARHTA", "similar 0.90"),
            (Kind::Jaro { field: surname(), cuts: vec![0.9, 0.7] }, "DIXON", "DICKSONX", "similar 0.70"),
            (Kind::Levenshtein { field: surname(), cuts: vec![1, 2] }, "ŁÓDŹ", "ŁDÓŹ", "2 edits"),
            (Kind::Damerau { field: surname(), cuts: vec![1, 2] }, "ŁÓDŹ", "ŁDÓŹ", "1 edits"),
            // Damerau may edit what it exchanged; optimal string alignment may not.
            (Kind::Damerau { field: surname(), cuts: vec![2, 3] }, "CA", "ABC", "2 edits"),
            (Kind::Edit { field: surname(), cuts: vec![2, 3] }, "CA", "ABC", "3 edits"),
            (Kind::Jaccard { field: surname(), cuts: vec![0.5], q: 2 }, "NIGHT", "NACHT", "differs"),
            (Kind::Jaccard { field: surname(), cuts: vec![0.5], q: 2 }, "NUNEZ", "NUNES", "q-grams 0.50"),
            (Kind::Dice { field: surname(), cuts: vec![0.2], q: 2 }, "NIGHT", "NACHT", "q-grams 0.20"),
            (Kind::Words { field: surname(), cuts: vec![0.5] }, "NUNEZ IBANEZ", "IBANEZ NUNEZ", "same words"),
            (Kind::Words { field: surname(), cuts: vec![0.5, 1.0] }, "NUNEZ IBANEZ", "IBANES", "words 1.00"),
            (Kind::Words { field: surname(), cuts: vec![0.5, 1.0] }, "NUNEZ IBANEZ", "IBANEZ ŌE", "words 0.50"),
            (Kind::Words { field: surname(), cuts: vec![0.5] }, "NUNEZ", "ŌE", "differs"),
            (
                Kind::Phonetic { field: surname(), algorithms: vec![Algorithm::Soundex, Algorithm::DoubleMetaphone] },
                "SMITH",
                "SCHMIDT",
                "double_metaphone agrees",
            ),
            (Kind::Phonetic { field: surname(), algorithms: vec![Algorithm::Soundex] }, "大江", "大川", "differs"),
            (Kind::Numeric { field: surname(), within: vec![1.0, 5.0] }, "1984", "1985", "within 1"),
            (Kind::Numeric { field: surname(), within: vec![1.0, 5.0] }, "1984", "1989", "within 5"),
            (Kind::Numeric { field: surname(), within: vec![1.0, 5.0] }, "1984", "ZOË", "differs"),
            (Kind::Numeric { field: surname(), within: vec![1.0] }, "1984", "", "missing"),
        ] {
            assert_eq!(label(kind.clone(), x, y), level, "{kind:?} {x} {y}");
            assert_eq!(label(kind.clone(), "ŌE", "ŌE"), "same", "{kind:?}");
        }
    }

    #[test]
    fn names_are_found_in_the_wrong_place_and_surnames_in_any_of_several() {
        let birth_name = || Field::from_name("birth_name");
        let fields = [Field::GivenName, Field::Surname, birth_name()];
        let comparisons = [
            Comparison::new(Kind::Names {}),
            Comparison::new(Kind::Surnames { fields: vec![Field::Surname.into(), birth_name().into()] }),
        ];
        let comparer = Comparer::new(&comparisons, &fields, &fields, &Nicknames::built_in());
        let level = |x: [&str; 3], y: [&str; 3], which: usize| {
            let mut records = Records::new(&fields);
            records.push(RecordId(0), &x);
            records.push(RecordId(1), &y);
            let evidence = comparer.compare(&records, 0, &records, 1);
            assert_eq!(evidence, comparer.compare(&records, 1, &records, 0));
            evidence.named(&comparisons).swap_remove(which).1
        };
        for (x, y, names, surnames) in [
            (["ZOË", "NUNEZ", ""], ["ZOË", "NUNEZ", "ŌE"], "same", "same"),
            (["LI", "WEI", ""], ["WEI", "LI", ""], "exchanged", "differs"),
            (["BILL", "NUNEZ", ""], ["WILLIAM", "NUNES", ""], "both similar", "similar 0.92"),
            (["ANA", "NUNEZ", "ŌTANI"], ["ANA", "ŌTANI", ""], "one agrees", "same"),
            (["ANA", "NUNEZ IBANEZ", ""], ["EVE", "ŌTANI", "IBANEZ"], "differs", "one name shared"),
            (["ANA", "", ""], ["ANA", "ŌTANI", ""], "missing", "missing"),
        ] {
            assert_eq!(level(x, y, 0), names, "{x:?} {y:?}");
            assert_eq!(level(x, y, 1), surnames, "{x:?} {y:?}");
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
