//! The columns of a list by their names: [`Header`], and those that the user chose: [`Chosen`].

use super::decisions::name_words;
use super::{BridgeError, listed, quoted};
use unicode_normalization::UnicodeNormalization;

/// Endings, and beginnings, of the names of columns that hold a field of either record.
pub(super) const ENDINGS: [(&str, &str); 6] =
    [("_l", "_r"), ("_a", "_b"), ("_1", "_2"), (".x", ".y"), ("_x", "_y"), ("_left", "_right")];
const BEGINNINGS: [(&str, &str); 2] = [("ltable_", "rtable_"), ("left_", "right_")];

/// The user's words about the columns of a list.
#[derive(Clone, Copy, Debug, Default)]
pub struct Chosen<'c> {
    /// The column of scores (`--score`).
    pub score: Option<&'c str>,
    /// The score from which a pair is matched (`--threshold`).
    pub threshold: Option<f64>,
    /// The column that says which pairs are matches, or `all` (`--matches`).
    pub matches: Option<&'c str>,
    /// The column of clusters (`--clusters`).
    pub clusters: Option<&'c str>,
}

/// A name in small letters, of which one with a mark is one character.
pub(super) fn small(name: &str) -> String {
    name.nfc().collect::<String>().to_lowercase()
}

/// A name with its letters and digits alone, in small letters: `Cluster ID` is clusterid.
pub(super) fn bare(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The marks that count in a name that is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marks {
    /// `id_a` is `ID_A` and no other name.
    Count,
    /// `id_a` is `id.a`, `ID A` and `idA` too.
    Ignored,
}

/// The names of a list's columns.
pub(super) struct Header<'h> {
    /// The list and the line of its header, for errors.
    list: &'h str,
    line: u64,
    pub(super) names: &'h [String],
    /// The same in small letters.
    pub(super) lower: Vec<String>,
    /// The same as letters and digits alone.
    pub(super) bare: Vec<String>,
}

impl<'h> Header<'h> {
    pub(super) fn of(list: &'h str, line: u64, names: &'h [String]) -> Header<'h> {
        let lower: Vec<String> = names.iter().map(|name| small(name)).collect();
        let bare = lower.iter().map(|name| bare(name)).collect();
        Header { list, line, names, lower, bare }
    }

    /// An error about the header.
    pub(super) fn wrong(&self, problem: impl Into<String>, remedy: &str) -> BridgeError {
        BridgeError::new(self.list, problem, remedy).at_line(self.line)
    }

    /// The column that a flag names.
    pub(super) fn asked(&self, flag: &str, wanted: Option<&str>) -> Result<Option<usize>, BridgeError> {
        let missing = |wanted: &str| {
            let problem = format!("the header has no column {wanted:?}; it has {}", listed(self.names));
            self.wrong(problem, &format!("change {flag}"))
        };
        wanted.map(|wanted| self.find(wanted, Marks::Count).ok_or_else(|| missing(wanted))).transpose()
    }

    /// The column of a name, whatever its capitals. Where marks are ignored, it is the only one of that name.
    pub(super) fn find(&self, wanted: &str, marks: Marks) -> Option<usize> {
        /// Of a shorter name the marks are most of it: `.x` is not `x`.
        const SHORTEST: usize = 3;
        let lower = small(wanted);
        let bare = || {
            let wanted = bare(&lower);
            let mut places = (0..self.bare.len()).filter(|&place| self.bare[place] == wanted);
            let place = places.next().filter(|_| wanted.len() >= SHORTEST);
            place.filter(|_| places.next().is_none())
        };
        let exact = self.lower.iter().position(|name| *name == lower);
        exact.or_else(|| if marks == Marks::Ignored { bare() } else { None })
    }

    /// The columns of two names.
    pub(super) fn both(&self, l: &str, r: &str, marks: Marks) -> Option<(usize, usize)> {
        Some((self.find(l, marks)?, self.find(r, marks)?))
    }

    /// The columns of some names, in the order of the names.
    pub(super) fn all(&self, names: &[&str]) -> Vec<usize> {
        names.iter().filter_map(|name| self.find(name, Marks::Count)).collect()
    }

    /// The names of some columns for a sentence.
    pub(super) fn named(&self, columns: &[usize]) -> String {
        quoted(columns.iter().map(|&column| &self.names[column]))
    }

    /// The columns that come twice, once for either record of a pair.
    pub(super) fn of_records(&self) -> Vec<usize> {
        let lower = &self.lower;
        let other = |name: &str, (l, r): &(&str, &str), is_ending: bool| {
            let turned = |from: &str, to: &str| match is_ending {
                true => name.strip_suffix(from).map(|stem| format!("{stem}{to}")),
                false => name.strip_prefix(from).map(|stem| format!("{to}{stem}")),
            };
            turned(l, r).or_else(|| turned(r, l))
        };
        let is_twice = |&column: &usize| {
            // A score is of the pair, whatever its name ends with.
            if name_words(&lower[column]).any(|word| matches!(word.as_str(), "score" | "similarity" | "probability")) {
                return false;
            }
            let ending = ENDINGS.iter().filter_map(|ends| other(&lower[column], ends, true));
            let beginning = BEGINNINGS.iter().filter_map(|begins| other(&lower[column], begins, false));
            ending.chain(beginning).any(|other| lower.contains(&other))
        };
        (0..lower.len()).filter(is_twice).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_known_by_its_letters_and_digits_if_no_other_has_them() {
        let names = ["ID A", "id.b", "x", "Ōe-1", "oe", "Score", "score_"].map(str::to_owned);
        let header = Header::of("list.csv", 1, &names);
        let find = |name: &str| [Marks::Count, Marks::Ignored].map(|marks| header.find(name, marks));
        assert_eq!(find("id_a"), [None, Some(0)]);
        assert_eq!(find("ID.B"), [Some(1), Some(1)]);
        assert_eq!(find("ōe 1"), [None, Some(3)]);
        assert_eq!(find("O\u{304}e-1"), [Some(3), Some(3)]);
        assert_eq!(find(".x"), [None, None], "most of the name is a mark");
        assert_eq!(find("score"), [Some(5), Some(5)], "the exact name is that column");
        assert_eq!(find("s.core"), [None, None], "two have these letters");
        assert_eq!(header.both("id_a", "id_b", Marks::Ignored), Some((0, 1)));
    }
}
