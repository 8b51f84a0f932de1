//! Contents of a column of a list, as far as they say what it holds: [`Contents`].

use super::decisions::{decided, yes_or_no};

/// The values of a column, and how often each is of a pair of one person and of another pair.
#[derive(Clone, Debug)]
pub(super) struct Contents {
    /// Different values, at most [`Contents::MOST`], each with the pairs of one person that have it and the others.
    values: Vec<(String, [u64; 2])>,
    /// The same of blank cells.
    blanks: [u64; 2],
    /// The same of all cells.
    cells: [u64; 2],
    /// `true` if there are more different values.
    has_more: bool,
    /// `true` as long as all values are numbers.
    all_numbers: bool,
    has_fractions: bool,
}

impl Default for Contents {
    fn default() -> Contents {
        Contents {
            values: Vec::new(),
            blanks: [0; 2],
            cells: [0; 2],
            has_more: false,
            all_numbers: true,
            has_fractions: false,
        }
    }
}

/// The number that a text is, with a decimal point or comma, and perhaps as a percentage.
fn number(text: &str) -> Option<f64> {
    let text = text.trim_end_matches('%').trim_end();
    text.parse().ok().or_else(|| text.replacen(',', ".", 1).parse().ok()).filter(|number: &f64| number.is_finite())
}

impl Contents {
    /// So many different values say what a column holds.
    const MOST: usize = 8;

    /// Takes in the cell of a pair; `right` says if it is one person.
    pub(super) fn see(&mut self, text: &str, right: bool) {
        let side = usize::from(!right);
        self.cells[side] += 1;
        if text.is_empty() {
            self.blanks[side] += 1;
            return;
        }
        if self.all_numbers {
            match number(text) {
                Some(number) => self.has_fractions |= number.fract() != 0.0,
                None => self.all_numbers = false,
            }
        }
        match self.values.iter().position(|(value, _)| value == text) {
            Some(place) => self.values[place].1[side] += 1,
            None if self.values.len() < Contents::MOST => {
                let mut times = [0; 2];
                times[side] = 1;
                self.values.push((text.to_owned(), times));
            }
            None => self.has_more = true,
        }
    }

    /// Yes or no, where a value is one of them. M and U are a match and none if there is nothing else.
    fn word(&self, value: &str) -> Option<bool> {
        let is_letter = |value: &str| matches!(value, "M" | "U" | "m" | "u");
        match self.values.iter().all(|(value, _)| is_letter(value)) {
            true => decided(value),
            false => yes_or_no(value),
        }
    }

    fn says(&self, yes: bool) -> bool {
        self.values.iter().any(|(value, _)| self.word(value) == Some(yes))
    }

    /// Number of different values, blanks among them.
    fn different(&self) -> usize {
        self.values.len() + usize::from(self.blanks != [0, 0])
    }

    /// Returns `true` if the column says yes of some pairs, no of others, and nothing else.
    pub(super) fn is_yes_and_no(&self) -> bool {
        self.says(true) && self.says(false) && self.values.iter().all(|(value, _)| self.word(value).is_some())
    }

    /// Returns `true` if a column about matches tells some pairs from others: it says no, or has two different values.
    pub(super) fn may_decide(&self) -> bool {
        // Two different values in two cells are those of any column.
        const FEW: u64 = 3;
        let different = self.different();
        let cells: u64 = self.cells.iter().sum();
        different <= 4 && !self.holds_fractions() && (self.says(false) || (different == 2 && cells > FEW))
    }

    /// Returns `true` if the column holds numbers, and not whole ones alone.
    pub(super) fn holds_fractions(&self) -> bool {
        self.all_numbers && self.has_fractions
    }

    /// Returns `true` if the column holds different numbers.
    pub(super) fn holds_numbers(&self) -> bool {
        self.all_numbers && self.values.len() > 1
    }

    /// Returns `true` if a few values tell the pairs of one person from others, and hardly by chance.
    pub(super) fn tells_apart(&self) -> bool {
        /// Ways to choose the pairs of one person from all, from which on a right choice is no chance.
        const FEWEST_WAYS: f64 = 200.0;
        let [right, wrong] = self.cells;
        if self.has_more || self.different() < 2 || self.different() as u64 * 2 > right + wrong {
            return false;
        }
        let times = self.values.iter().map(|(_, times)| times).chain([&self.blanks]);
        let odd: u64 = times.map(|[of_right, of_wrong]| of_right.min(of_wrong)).sum();
        odd * 4 <= right.min(wrong) && ways(right, wrong) >= FEWEST_WAYS
    }

    /// The values for a message.
    pub(super) fn in_words(&self) -> String {
        if self.values.len() > 3 {
            match (self.holds_fractions(), self.all_numbers) {
                (true, _) => return "numbers".to_owned(),
                (_, true) => return "whole numbers".to_owned(),
                _ => {}
            }
        }
        let mut values: Vec<String> = self.values.iter().map(|(value, _)| format!("{value:?}")).collect();
        values.sort_unstable();
        if values.len() > 3 {
            values.truncate(3);
            values.push("others".to_owned());
        }
        values.extend((self.blanks != [0, 0]).then(|| "blanks".to_owned()));
        match values.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, others)) => format!("{} and {last}", others.join(", ")),
            None => "nothing".to_owned(),
        }
    }
}

/// The number of ways to choose some of so many, large numbers cut short.
fn ways(some: u64, others: u64) -> f64 {
    let all = some + others;
    (0..some.min(others).min(60)).map(|i| (all - i) as f64 / (i + 1) as f64).product()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&str]) -> Contents {
        let mut contents = Contents::default();
        values.iter().cycle().take(2 * values.len()).for_each(|value| contents.see(value, true));
        contents
    }

    #[test]
    fn a_column_may_decide_by_what_it_holds() {
        for values in [&["1", "0"][..], &["ja", "nein"], &["x", ""], &["0"], &["match", "non-match", "maybe"]] {
            assert!(of(values).may_decide(), "{values:?}");
        }
        for values in [&["1"][..], &["a", "b", "c"], &["1", "2", "3", "4", "0"], &["0", "0.5"], &[]] {
            assert!(!of(values).may_decide(), "{values:?}");
        }
        let mut of_two = Contents::default();
        ["17", "18"].into_iter().for_each(|value| of_two.see(value, true));
        assert!(!of_two.may_decide());
        assert!(of(&["1", "0", "1.0"]).is_yes_and_no() && !of(&["1", "0", "2"]).is_yes_and_no());
        assert!(of(&["M", "U"]).is_yes_and_no() && !of(&["M", "F"]).is_yes_and_no());
        assert!(of(&["0.5", "1"]).holds_fractions() && !of(&["1", "2"]).holds_fractions());
        assert!(of(&["0,5", "1"]).holds_fractions() && of(&["95%", "20 %"]).holds_numbers());
        assert!(of(&["1", "2"]).holds_numbers() && !of(&["1"]).holds_numbers() && !of(&["1", "x"]).holds_numbers());
        assert_eq!(of(&["0", "1", ""]).in_words(), "\"0\", \"1\" and blanks");
        assert_eq!(of(&["D", "C", "B", "A"]).in_words(), "\"A\", \"B\", \"C\" and others");
        assert_eq!(of(&["4", "3", "2", "1"]).in_words(), "whole numbers");
    }

    #[test]
    fn values_that_tell_right_pairs_from_others_are_known() {
        let of = |right: &[(&str, u64)], wrong: &[(&str, u64)]| {
            let mut contents = Contents::default();
            for (pairs, is_right) in [(right, true), (wrong, false)] {
                pairs.iter().for_each(|(value, times)| (0..*times).for_each(|_| contents.see(value, is_right)));
            }
            contents.tells_apart()
        };
        assert!(of(&[("Ō", 8)], &[("x", 4)]) && of(&[("", 8)], &[("x", 4)]));
        assert!(of(&[("a", 30), ("b", 20)], &[("c", 19), ("a", 1)]));
        // A grade whose worst has one pair of one person too.
        assert!(of(&[("A", 14), ("B", 13), ("C", 13), ("D", 1)], &[("D", 6)]));
        assert!(!of(&[("A", 14), ("B", 13)], &[("A", 3), ("B", 3)]));
        // One value, as many values as pairs, few pairs, or values that both kinds have.
        assert!(!of(&[("a", 8)], &[("a", 4)]) && !of(&[("a", 8)], &[("b", 1)]));
        assert!(!of(&[("a", 6), ("b", 4)], &[("a", 2), ("b", 3)]));
        let different: Vec<String> = (0..8).map(|i| i.to_string()).collect();
        let once: Vec<(&str, u64)> = different.iter().map(|value| (value.as_str(), 1)).collect();
        assert!(!of(&once[..4], &once[4..]));
        assert_eq!((ways(8, 4), ways(0, 5)), (495.0, 1.0));
    }
}
