//! The likeness of each field of two records: [`Comparison`], [`Comparer`], [`Evidence`].
//!
//! A comparison turns one field, or a few that belong together, into one of a few ordered levels: `differs`,
//! `similar 0.92`, `same`. The levels of all comparisons are the [`Evidence`] about a pair, and all that a decision
//! sees of it besides how common the agreeing value is. Level 0 is always disagreement, higher levels are more alike,
//! and where either side is missing there is no level at all: absence is no evidence.
//!
//! House number, street and unit are **one** comparison. Two records of one household agree on all three together, and
//! counting that three times is how a linker comes to find households instead of persons. For the same reason what lies
//! around the street is compared given the street: see [`dependent_comparisons`].
//!
//! Everything here works on the normal forms of `blocking::normalise`.

mod coded;
mod comparer;
mod custom;
mod defaults;
mod dependence;
mod evidence;
mod glance;
mod levels;
mod nicknames;
pub mod phonetic;
mod sketch;
pub mod text;

pub use coded::CodedComparer;
pub use comparer::Comparer;
pub use custom::{Custom, CustomComparison};
pub use defaults::default_comparisons;
pub use dependence::{complaint_of_given, dependent_comparisons};
pub use evidence::Evidence;
pub use levels::BOX;
pub use nicknames::Nicknames;

use crate::record::Field;
use comparer::How;
use levels::share_of_letters;
use phonetic::Algorithm;
use serde::{Deserialize, Serialize};
use text::{jaro, jaro_winkler};

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
    /// The kind of comparison.
    pub kind: ComparisonKind,
    /// The name of another comparison on which this one depends, if there is one: whoever lives in one street lives in
    /// one city. Match weights are then those of its levels given whether the other differs, is missing, is similar or
    /// is the same.
    pub given: Option<String>,
}

/// The kinds of comparison. The levels of each are given in rising order. Those without a field of their own have braces,
/// so that a field given to them is refused and not passed over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ComparisonKind {
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
    /// A custom comparison, `{ kind = "custom", use = "consonants", fields = ["given_name"] }`; see
    /// [`CustomComparison`].
    Custom(Custom),
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    given: Option<String>,
    #[serde(flatten)]
    kind: ComparisonKind,
}

impl From<Written> for Comparison {
    fn from(written: Written) -> Comparison {
        let comparison = Comparison { given: written.given, ..Comparison::new(written.kind) };
        match written.name {
            Some(name) => Comparison { name, ..comparison },
            None => comparison,
        }
    }
}

impl From<Comparison> for Written {
    fn from(comparison: Comparison) -> Written {
        Written { name: Some(comparison.name), given: comparison.given, kind: comparison.kind }
    }
}

/// From this Jaro–Winkler similarity two names or streets count as spellings of one.
const SIMILAR: f64 = 0.92;
/// From this one they are alike, no more.
const ALIKE: f64 = 0.80;

/// The row of a kind of comparison.
struct Row<'k> {
    of: Of<'k>,
    /// The labels of the levels, from disagreement up.
    labels: Vec<String>,
    /// The number of cuts, and whether each can be one.
    cuts: (usize, bool),
    how: How,
}

/// The fields of a comparison.
enum Of<'k> {
    One(&'k FieldName),
    /// Several as one, with the name of the comparison; an address makes do with what there is.
    Several(&'k str, Vec<&'k Field>),
}

impl ComparisonKind {
    /// The row of the kind. To add a kind, add it here and to the enum, and how it compares to `comparer.rs`.
    fn row(&self) -> Row<'_> {
        use Of::{One, Several};
        let fixed = |of, labels: &[&str], how| {
            let labels = labels.iter().map(|&label| label.to_owned()).collect();
            Row { of, labels, cuts: (0, true), how }
        };
        let cut = |field, middle: Vec<String>, sensible: bool, how| {
            let cuts = (middle.len(), sensible);
            let ends = ["differs", "same"].map(str::to_owned);
            let labels = [&ends[..1], &middle, &ends[1..]].concat();
            Row { of: One(field), labels, cuts, how }
        };
        let shares = |word: &str, cuts: &[f64]| -> Vec<String> {
            rising(cuts).iter().map(|cut| format!("{word} {cut:.2}")).collect()
        };
        let are_shares = |cuts: &[f64]| cuts.iter().all(|cut| *cut > 0.0 && *cut <= 1.0);
        let similar = |field, word: &str, cuts: &[f64], measure| {
            cut(field, shares(word, cuts), are_shares(cuts), How::Similarity(measure, rising(cuts)))
        };
        let q_grams = |field, q: &u8, cuts: &[f64], measure| {
            let how = How::QGrams(measure, usize::from(*q), rising(cuts));
            cut(field, shares("q-grams", cuts), *q > 0 && are_shares(cuts), how)
        };
        let edits = |field, cuts: &[u8], measure| {
            let labels = falling(cuts).iter().map(|cut| format!("{cut} edits")).collect();
            cut(field, labels, !cuts.contains(&0), How::Distance(measure, falling(cuts)))
        };
        match self {
            ComparisonKind::Exact { field } => fixed(One(field), &["differs", "same"], How::Exact),
            ComparisonKind::JaroWinkler { field, cuts } => similar(field, "similar", cuts, jaro_winkler),
            ComparisonKind::Jaro { field, cuts } => similar(field, "similar", cuts, jaro),
            ComparisonKind::Letters { field, cuts } => similar(field, "letters", cuts, share_of_letters),
            ComparisonKind::Jaccard { field, cuts, q } => q_grams(field, q, cuts, text::jaccard),
            ComparisonKind::Dice { field, cuts, q } => q_grams(field, q, cuts, text::dice),
            ComparisonKind::Words { field, cuts } => {
                let mut row = cut(field, shares("words", cuts), are_shares(cuts), How::Words(rising(cuts)));
                row.labels.insert(cuts.len() + 1, "same words".to_owned());
                row
            }
            ComparisonKind::Phonetic { field, algorithms } => {
                let labels = algorithms.iter().map(|algorithm| format!("{} agrees", algorithm.name())).collect();
                cut(field, labels, !algorithms.is_empty(), How::Phonetic(algorithms.clone()))
            }
            ComparisonKind::Numeric { field, within } => {
                let bounds: Vec<f64> = rising(within).into_iter().rev().collect();
                let labels = bounds.iter().map(|bound| format!("within {bound}")).collect();
                cut(field, labels, within.iter().all(|bound| *bound > 0.0 && bound.is_finite()), How::Numeric(bounds))
            }
            ComparisonKind::Edit { field, cuts } => edits(field, cuts, text::edits),
            ComparisonKind::Levenshtein { field, cuts } => edits(field, cuts, strsim::levenshtein),
            ComparisonKind::Damerau { field, cuts } => edits(field, cuts, strsim::damerau_levenshtein),
            ComparisonKind::Prefix { field, lengths } => {
                let labels = ascending(lengths).iter().map(|n| format!("first {n} letters")).collect();
                cut(field, labels, !lengths.contains(&0), How::Prefix(ascending(lengths)))
            }
            ComparisonKind::Date { field } => fixed(
                One(field),
                &["differs", "same year", "one part differs", "one digit off", "day and month exchanged", "same"],
                How::Date,
            ),
            ComparisonKind::Number { field } => {
                let labels = ["differs", "same last 4", "two digits off", "one digit off", "same"];
                fixed(One(field), &labels, How::Number)
            }
            ComparisonKind::GivenName { field } => {
                let labels = ["differs", "similar 0.80", "initial agrees", "nickname", "similar 0.92", "same"];
                fixed(One(field), &labels, How::GivenName)
            }
            ComparisonKind::Surname { field } => fixed(One(field), &SURNAMES, How::Surname),
            ComparisonKind::Surnames { fields } => fixed(Several("surnames", all(fields)), &SURNAMES, How::Surnames),
            ComparisonKind::Names {} => fixed(
                Several("names", vec![&Field::GivenName, &Field::Surname]),
                &["differs", "one agrees", "exchanged", "both similar", "same"],
                How::Names,
            ),
            ComparisonKind::GivenNames {} => fixed(
                Several("given names", vec![&Field::GivenName, &Field::MiddleName]),
                &["differs", "either order", "same"],
                How::GivenNames,
            ),
            ComparisonKind::Address {} => fixed(
                Several("address", Vec::new()),
                &["elsewhere", "same number only", "same street", "similar number", "same building", "same dwelling"],
                How::Address,
            ),
            ComparisonKind::Custom(custom) => {
                let how = How::Custom(custom.clone(), custom.fields.len());
                Row { labels: custom.labels(), ..fixed(Several(&custom.uses, all(&custom.fields)), &[], how) }
            }
        }
    }

    /// The field compared; `None` where it is several.
    pub fn field(&self) -> Option<&Field> {
        match self.row().of {
            Of::One(field) => Some(&field.0),
            Of::Several(..) => None,
        }
    }

    /// The fields that a spec must name for this comparison; an address makes do with what there is.
    pub fn fields(&self) -> Vec<&Field> {
        match self.row().of {
            Of::One(field) => vec![&field.0],
            Of::Several(_, fields) => fields,
        }
    }

    /// The column of [`ComparisonKind::field`], in whatever form it is compared.
    pub fn column(&self) -> Option<Field> {
        self.field().map(Field::column)
    }

    /// The labels of the levels, from disagreement up.
    pub fn labels(&self) -> Vec<String> {
        self.row().labels
    }
}

/// The levels of surnames.
const SURNAMES: [&str; 5] = ["differs", "similar 0.80", "one name shared", "similar 0.92", "same"];

fn all(fields: &[FieldName]) -> Vec<&Field> {
    fields.iter().map(|field| &field.0).collect()
}

impl Comparison {
    /// A comparison named after its field.
    pub fn new(kind: ComparisonKind) -> Comparison {
        let name = match kind.row().of {
            Of::One(field) => field.0.name().to_owned(),
            Of::Several(name, _) => name.to_owned(),
        };
        Comparison { name, kind, given: None }
    }

    /// The labels of its levels, from disagreement up.
    pub fn labels(&self) -> Vec<String> {
        self.kind.labels()
    }

    /// The error in its cuts, if there is one: whoever reads comparisons from a file asks.
    pub fn complaint(&self) -> Option<String> {
        match &self.kind {
            ComparisonKind::Custom(custom) => return custom.complaint(&self.name),
            ComparisonKind::Surnames { fields } if !(1..=3).contains(&fields.len()) => {
                return Some(format!(
                    "{:?} names {} fields; one to three can be held together",
                    self.name,
                    fields.len()
                ));
            }
            _ => {}
        }
        let (levels, sensible) = self.kind.row().cuts;
        if levels > MAX_CUTS {
            return Some(format!("{:?} has {levels} cuts; at most {MAX_CUTS} are of use", self.name));
        }
        let range = "similarities are above 0 and at most 1, edits and lengths whole numbers from 1 to 255, differences \
                     above 0, and at least one algorithm is named";
        (!sensible).then(|| format!("{:?} has a cut that is none: {range}", self.name))
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
mod tests;
