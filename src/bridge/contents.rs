//! Contents of a column of a list, as far as they say what it holds: [`Contents`].

use super::decisions::{decided, yes_or_no};
use super::with_and;

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
    /// The numbers of pairs of one person, and of other pairs.
    numbers: [Moments; 2],
    /// `true` as long as each number is the one before and the same more or less.
    counts: bool,
    before: Option<f64>,
    step: Option<f64>,
}

/// Numbers by their count, sum and sum of squares.
#[derive(Clone, Copy, Debug, Default)]
struct Moments {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Moments {
    fn see(&mut self, number: f64) {
        *self = Moments { count: self.count + 1.0, sum: self.sum + number, squares: self.squares + number * number };
    }

    fn mean(self) -> f64 {
        self.sum / self.count
    }

    /// The variance of the mean.
    fn variance(self) -> f64 {
        let variance = (self.squares / self.count - self.mean() * self.mean()).max(0.0);
        variance / (self.count - 1.0)
    }
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
            numbers: [Moments::default(); 2],
            counts: true,
            before: None,
            step: None,
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
                Some(number) => {
                    self.has_fractions |= number.fract() != 0.0;
                    self.numbers[side].see(number);
                    if let Some(before) = self.before.replace(number) {
                        let step = number - before;
                        self.counts &= step != 0.0 && *self.step.get_or_insert(step) == step;
                    }
                }
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

    /// Yes or no, where a value is one of them. M and U are a match and none if there is nothing else, and so are S and N,
    /// O and N, V and F.
    fn word(&self, value: &str) -> Option<bool> {
        let are_letters = |pair: &str| {
            let is_of_pair = |value: &str| value.len() == 1 && pair.contains(&value.to_ascii_uppercase());
            self.values.iter().all(|(value, _)| is_of_pair(value))
        };
        match ["MU", "SN", "ON", "VF"].into_iter().any(are_letters) {
            true => decided(value),
            false => yes_or_no(value),
        }
    }

    /// Returns `true` if a value says yes, or no.
    pub(super) fn says(&self, yes: bool) -> bool {
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

    /// Returns `true` if the column says so in words.
    pub(super) fn is_yes_and_no_in_words(&self) -> bool {
        self.is_yes_and_no() && !self.all_numbers
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

    /// Returns `true` if the column holds whole numbers and nothing else, and at least one.
    pub(super) fn is_of_whole_numbers(&self) -> bool {
        self.all_numbers && !self.has_fractions && self.blanks == [0, 0] && !self.values.is_empty()
    }

    /// Returns `true` if the column holds different numbers.
    pub(super) fn holds_numbers(&self) -> bool {
        self.all_numbers && self.values.len() > 1
    }

    /// Returns `true` if all cells say the same.
    pub(super) fn is_constant(&self) -> bool {
        self.different() == 1 && !self.has_more
    }

    /// Returns `true` if pairs of one person have other values than others have, by much and hardly by chance.
    pub(super) fn tells_apart(&self) -> bool {
        /// Share of either kind of pairs in which a value has to differ.
        const FAR: f64 = 0.3;
        /// So rarely do values differ so by chance.
        const RARELY: f64 = 0.01;
        let [right, wrong] = self.cells;
        let different = self.different();
        if self.has_more || different < 2 || different as u64 * 2 > right + wrong || right.min(wrong) == 0 {
            return false;
        }
        let share = |some: u64, all: u64| some as f64 / all as f64;
        let times = self.values.iter().map(|(_, times)| times).chain([&self.blanks]).filter(|times| **times != [0, 0]);
        let mut times = times.map(|&[of_right, of_wrong]| {
            let is_far = (share(of_right, right) - share(of_wrong, wrong)).abs() > FAR;
            is_far && chance([of_right, of_wrong], [right, wrong]) * different as f64 <= RARELY
        });
        times.any(|tells| tells)
    }

    /// Returns `true` if there are enough pairs of either kind to see that the values have nothing to do with them.
    pub(super) fn is_unrelated(&self) -> bool {
        const ENOUGH: u64 = 10;
        let [right, wrong] = self.cells;
        right.min(wrong) >= ENOUGH && !self.tells_apart() && !self.numbers_tell_apart()
    }

    /// Returns `true` if the numbers of pairs of one person are larger or smaller than those of others, hardly by chance.
    /// Numbers that count the rows are none.
    pub(super) fn numbers_tell_apart(&self) -> bool {
        const FEWEST: f64 = 5.0;
        /// Standard errors.
        const FAR: f64 = 4.0;
        let [right, wrong] = self.numbers;
        let difference = (right.mean() - wrong.mean()).abs();
        let is_far = difference > FAR * libm::sqrt(right.variance() + wrong.variance()) && difference > 0.0;
        self.holds_numbers() && !self.counts && right.count.min(wrong.count) >= FEWEST && is_far
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
        if values.is_empty() { "nothing".to_owned() } else { with_and(&values) }
    }
}

/// The chance that of so many cells of one value at least as many, or as few, fall to the pairs of one person as do, if the
/// value has nothing to do with them: the one-sided exact test of R. A. Fisher (1922), "On the interpretation of χ² from
/// contingency tables, and the calculation of P", Journal of the Royal Statistical Society 85, 87–94.
fn chance([of_right, of_wrong]: [u64; 2], [right, wrong]: [u64; 2]) -> f64 {
    let ln_ways = |all: u64, some: u64| {
        let factorial = |number: u64| libm::lgamma(number as f64 + 1.0);
        factorial(all) - factorial(some) - factorial(all - some)
    };
    let of_value = of_right + of_wrong;
    let one = |of_right: u64| {
        let ways = ln_ways(right, of_right) + ln_ways(wrong, of_value - of_right);
        libm::exp(ways - ln_ways(right + wrong, of_value))
    };
    let is_high = of_right as f64 * (right + wrong) as f64 > of_value as f64 * right as f64;
    let (least, most) = (of_value.saturating_sub(wrong), of_value.min(right));
    // Away from the middle each is smaller than the one before.
    let mut sum = 0.0;
    let mut of_right = of_right;
    loop {
        let next = one(of_right);
        sum += next;
        let is_end = of_right == if is_high { most } else { least };
        if is_end || next < sum * 1e-9 {
            return sum;
        }
        of_right = if is_high { of_right + 1 } else { of_right - 1 };
    }
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
        assert!(of(&["S", "N"]).is_yes_and_no() && of(&["v", "f"]).is_yes_and_no() && !of(&["S", "F"]).is_yes_and_no());
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
        // Of words that say it less than perfectly.
        assert!(of(&[("ok", 30), ("nok", 5)], &[("ok", 3), ("nok", 15)]));
        assert!(!of(&[("ok", 30), ("nok", 5)], &[("ok", 14), ("nok", 4)]));
        assert!(!of(&[("M", 5_000), ("F", 5_400)], &[("M", 1_000), ("F", 400)]), "it differs, and says little");
    }

    #[test]
    fn the_chance_of_a_table_is_that_of_fisher() {
        // One of 495 ways to choose 8 of 12, and the tea of the lady: 17 of 70 have three or four cups right.
        assert!((chance([8, 0], [8, 4]) - 1.0 / 495.0).abs() < 1e-12);
        assert!((chance([3, 1], [4, 4]) - 17.0 / 70.0).abs() < 1e-12);
        assert!((chance([1, 3], [4, 4]) - 17.0 / 70.0).abs() < 1e-12);
        assert!(chance([500_000, 0], [500_000, 500_000]) < 1e-300);
    }

    #[test]
    fn numbers_that_tell_right_pairs_from_others_are_known() {
        let of = |right: &[u32], wrong: &[u32]| {
            let mut contents = Contents::default();
            right.iter().for_each(|number| contents.see(&number.to_string(), true));
            wrong.iter().for_each(|number| contents.see(&number.to_string(), false));
            contents.numbers_tell_apart()
        };
        assert!(of(&[0, 1, 0, 2, 1, 0, 3, 1], &[7, 9, 12, 8, 10, 9]));
        assert!(of(&[0; 9], &[1; 9]));
        assert!(!of(&[0, 1, 0, 2, 1], &[7, 9, 12, 8]), "of few pairs");
        assert!(!of(&[3, 9, 4, 8, 1, 7], &[7, 9, 2, 8, 4]) && !of(&[3; 9], &[3; 9]));
        for (right, wrong) in
            [([1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11]), ([110, 100, 90, 80, 70, 60], [50, 40, 30, 20, 10])]
        {
            assert!(!of(&right, &wrong), "they count the rows");
        }
    }
}
