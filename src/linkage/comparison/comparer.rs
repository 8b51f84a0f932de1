//! Records compared as text: [`Comparer`].

use super::levels::{
    address_level, date_level, given_names_level, number_level, only_initial, reached, same_start, shared_words,
    surname_level,
};
use super::phonetic::Algorithm;
use super::text::jaro_winkler;
use super::{ALIKE, Comparison, ComparisonKind, Custom, Evidence, MAX_COMPARISONS, Nicknames, SIMILAR};
use crate::record::{Field, Records};

/// Comparisons bound to the columns of two files.
#[derive(Clone, Debug)]
pub struct Comparer {
    pub(super) steps: Vec<Step>,
    nicknames: Nicknames,
}

/// One comparison with its cuts in the order of its levels and its columns in either file.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) how: How,
    pub(super) a: [Option<usize>; 3],
    pub(super) b: [Option<usize>; 3],
    /// The level of two values that are the same, where one field is compared.
    pub(super) same: Option<u8>,
    pub(super) measure: Measure,
}

/// The measures of similarity of which two sketches tell something.
#[derive(Clone, Copy, Debug)]
pub(super) enum Measure {
    Jaro,
    JaroWinkler,
    Other,
}

#[derive(Clone, Debug)]
pub(super) enum How {
    Exact,
    /// A similarity and its rising cuts.
    Similarity(fn(&str, &str) -> f64, Vec<f64>),
    /// A distance and its falling cuts.
    Distance(fn(&str, &str) -> usize, Vec<u8>),
    QGrams(fn(&str, &str, usize) -> f64, usize, Vec<f64>),
    Words(Vec<f64>),
    Phonetic(Vec<Algorithm>),
    /// Falling bounds.
    Numeric(Vec<f64>),
    Names,
    GivenNames,
    Surnames,
    Prefix(Vec<u8>),
    Date,
    Number,
    GivenName,
    Surname,
    Address,
    /// A comparison of somebody's own, and the number of its fields.
    Custom(Custom, usize),
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
            let columns = |fields: &[Field]| {
                let column = |field: &Field| fields.iter().position(|f| f == field);
                match &comparison.kind {
                    ComparisonKind::Address {} => {
                        [column(&Field::HouseNumber), column(&Field::Street), column(&Field::Unit)]
                    }
                    kind => {
                        let mut columns = [None; 3];
                        kind.fields().into_iter().zip(&mut columns).for_each(|(field, place)| *place = column(field));
                        columns
                    }
                }
            };
            let same = comparison.kind.field().map(|_| comparison.labels().len() as u8 - 1);
            let measure = match comparison.kind {
                ComparisonKind::Jaro { .. } => Measure::Jaro,
                ComparisonKind::JaroWinkler { .. } => Measure::JaroWinkler,
                _ => Measure::Other,
            };
            Step { how: comparison.kind.row().how, a: columns(a), b: columns(b), same, measure }
        };
        Comparer { steps: comparisons.iter().map(step).collect(), nicknames: nicknames.clone() }
    }

    pub(super) fn nicknames(&self) -> &Nicknames {
        &self.nicknames
    }

    /// The evidence about the record in row `ra` of `a` and the one in row `rb` of `b`.
    pub fn compare(&self, a: &Records, ra: usize, b: &Records, rb: usize) -> Evidence {
        let mut evidence = Evidence::new(&[]);
        for step in &self.steps {
            let left = |i: usize| step.a[i].map_or("", |column| a.get(ra, column));
            let right = |i: usize| step.b[i].map_or("", |column| b.get(rb, column));
            evidence.push(self.level(step, left, right));
        }
        evidence
    }

    /// The level that two records reach, given the cells of the step's columns on either side.
    pub(super) fn level<'x, 'y>(
        &self,
        step: &Step,
        left: impl Fn(usize) -> &'x str,
        right: impl Fn(usize) -> &'y str,
    ) -> Option<u8> {
        match &step.how {
            How::Address => return address_level([left(0), left(1), left(2)], [right(0), right(1), right(2)]),
            How::Names => return self.names_level([left(0), left(1)], [right(0), right(1)]),
            How::GivenNames => return given_names_level([left(0), left(1)], [right(0), right(1)]),
            How::Surnames => {
                let of_a = (0..3).map(left).filter(|name| !name.is_empty());
                return of_a
                    .flat_map(|x| (0..3).map(&right).filter(|y| !y.is_empty()).map(move |y| surname_level(x, y)))
                    .max();
            }
            How::Custom(custom, fields) => {
                let (of_a, of_b) = ([left(0), left(1), left(2)], [right(0), right(1), right(2)]);
                return custom.level(&of_a[..*fields], &of_b[..*fields]);
            }
            _ => {}
        }
        let (x, y) = (left(0), right(0));
        if x.is_empty() || y.is_empty() {
            return None;
        }
        if matches!(step.how, How::Date) {
            return date_level(x, y);
        }
        let same = x == y;
        Some(match &step.how {
            How::Exact => u8::from(same),
            How::Similarity(_, cuts) | How::QGrams(_, _, cuts) | How::Numeric(cuts) if same => cuts.len() as u8 + 1,
            How::Similarity(measure, cuts) => reached(cuts, measure(x, y)),
            How::QGrams(measure, q, cuts) => reached(cuts, measure(x, y, *q)),
            How::Distance(_, cuts) if same => cuts.len() as u8 + 1,
            How::Distance(measure, cuts) => {
                let distance = measure(x, y);
                cuts.iter().rposition(|&cut| distance <= usize::from(cut)).map_or(0, |i| i as u8 + 1)
            }
            How::Words(cuts) if same => cuts.len() as u8 + 2,
            How::Words(cuts) => match shared_words(x, y) {
                None => cuts.len() as u8 + 1,
                Some(share) => reached(cuts, share),
            },
            How::Phonetic(algorithms) if same => algorithms.len() as u8 + 1,
            How::Phonetic(algorithms) => {
                let agrees = |algorithm: &Algorithm| algorithm.agree(x, y) == Some(true);
                algorithms.iter().rposition(agrees).map_or(0, |i| i as u8 + 1)
            }
            How::Numeric(bounds) => match (x.parse::<f64>(), y.parse::<f64>()) {
                (Ok(x), Ok(y)) => bounds.iter().rposition(|&bound| (x - y).abs() <= bound).map_or(0, |i| i as u8 + 1),
                _ => 0,
            },
            How::Prefix(lengths) if same => lengths.len() as u8 + 1,
            How::Prefix(lengths) => lengths.iter().rposition(|&n| same_start(x, y, n)).map_or(0, |i| i as u8 + 1),
            How::Number => number_level(x, y),
            How::GivenName => self.given_name_level(x, y),
            How::Surname => surname_level(x, y),
            // Handled above: they have several cells a side, or none of a level.
            How::Address | How::Names | How::GivenNames | How::Surnames | How::Date | How::Custom(..) => 0,
        })
    }

    fn names_level(&self, [given_x, surname_x]: [&str; 2], [given_y, surname_y]: [&str; 2]) -> Option<u8> {
        if [given_x, surname_x, given_y, surname_y].contains(&"") {
            return None;
        }
        if given_x == given_y && surname_x == surname_y {
            return Some(4);
        }
        let similar = |x: &str, y: &str| x == y || jaro_winkler(x, y) >= SIMILAR;
        let given = similar(given_x, given_y) || self.nicknames.related(given_x, given_y);
        let surname = similar(surname_x, surname_y);
        Some(if given && surname {
            3
        } else if similar(given_x, surname_y) && similar(surname_x, given_y) {
            2
        } else {
            u8::from(given || surname)
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
