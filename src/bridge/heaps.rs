//! Values that far more records have than others: [`Heaps`]. A word or number for a missing value makes one person, or
//! one cluster, of everybody without one.

use super::missing::in_toml;
use crate::notice::{Code, Notice, by_number};
use crate::record::coded::Coding;

/// A group stands out from this many records on, and only if it has [`TIMES`] as many as nearly all others.
const FEWEST: u64 = 5;
/// A group that stands out has more than so many times the records of a usual one.
const TIMES: u64 = 3;
/// A code for a missing value is one if more than so many times as many records have it as any other value.
const TIMES_OF_CODE: u64 = 2;

/// Groups of records that stand out by their size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Heaps {
    /// The largest group whose name is a code that often stands for a missing value, if it is far larger than all others.
    pub(super) code: Option<usize>,
    /// The groups that stand out, the largest first.
    pub(super) large: Vec<usize>,
    /// The size that 95 of 100 groups do not exceed.
    pub(super) usual: u64,
    /// The size of the largest group whose name is no such code.
    pub(super) largest: u64,
}

impl Heaps {
    /// Groups by their sizes in A and in B and their names.
    pub(super) fn of<'t>(sizes: &[[u64; 2]], name: impl Fn(usize) -> &'t str) -> Heaps {
        let size = |place: usize| sizes[place][0] + sizes[place][1];
        let usual = usual(sizes.iter().map(|[a, b]| a + b));
        // Of the rest neither kind is wanted.
        let (mut codes, mut largest, mut large) = (Vec::new(), 1, Vec::new());
        for place in 0..sizes.len() {
            let size = size(place);
            if size > 2 && is_code(name(place)) {
                codes.push(place);
            } else {
                largest = largest.max(size);
            }
            if stands_out(size, usual) {
                large.push(place);
            }
        }
        codes.retain(|&code| size(code) > largest);
        large.extend(codes.iter().filter(|code| !stands_out(size(**code), usual)));
        // By size and name, which are the same in any order of rows.
        large.sort_by_key(|&place| (std::cmp::Reverse(size(place)), name(place)));
        let is_heap = |code: &&usize| size(**code) > TIMES_OF_CODE * largest;
        let code =
            codes.iter().filter(is_heap).min_by_key(|&&code| (std::cmp::Reverse(size(code)), name(code))).copied();
        Heaps { code, large, usual, largest }
    }

    /// The notice that some groups stand out. `what` they are is said in the singular.
    pub(super) fn notice<'t>(
        &self,
        code: Code,
        what: &str,
        sizes: &[[u64; 2]],
        name: impl Fn(usize) -> &'t str,
    ) -> Option<Notice> {
        let &first = self.large.first()?;
        let all: u64 = sizes.iter().map(|[a, b]| a * b).sum();
        let ([a, b], name_of_first) = (sizes[first], name(first));
        let mut sentence = format!(
            "The {what} {name_of_first:?} has {a} {} of A, {b} of B and {} of {all} {}; 95 of 100 such values have at most \
             {} in both files.",
            by_number(a, "record", "records"),
            a * b,
            by_number(all, "pair across them", "pairs across them"),
            self.usual
        );
        let others = &self.large[1..];
        if !others.is_empty() {
            let listed = others.iter().take(Notice::EXAMPLES).map(|&place| {
                let [a, b] = sizes[place];
                format!("{:?} ({a} and {b})", name(place))
            });
            let (count, listed) = (others.len(), listed.collect::<Vec<String>>().join(", "));
            sentence += &format!(" {count} more stand{} out: {listed}.", by_number(count as u64, "s", ""));
        }
        sentence +=
            &format!(" If one stands for a missing value, write missing = {} in the spec.", in_toml(&[name_of_first]));
        Some(Notice::new(code, sentence).counting(a * b))
    }
}

/// The notice that one value of a column comes far more often than others: a date such as 1900-01-01, a number of nines.
/// Without `any`, of values that people share, such as a city, codes that may stand for a missing value are told alone.
pub(super) fn heaped(file: &str, column: &str, cells: &Coding, place: usize, any: bool) -> Option<Notice> {
    let values = cells.values(place);
    let is_told = |text: &str| any || (text.bytes().any(|byte| byte.is_ascii_digit()) && is_code(text));
    if !any && !values.iter().any(is_told) {
        return None;
    }
    let mut times = vec![0_u64; values.len()];
    cells.codes(place).for_each(|code| times[code as usize] += 1);
    times[0] = 0;
    let usual = usual(times.iter().copied());
    let mut large: Vec<(u64, &str)> = times
        .iter()
        .zip(values.iter())
        .filter(|(times, text)| stands_out(**times, usual) && is_told(text))
        .map(|(times, text)| (*times, text))
        .collect();
    large.sort_by_key(|&(times, text)| (std::cmp::Reverse(times), text));
    let &(most, text) = large.first()?;
    let cells: u64 = times.iter().sum();
    let others = match large.len() - 1 {
        0 => String::new(),
        others => {
            format!(" {others} more {} far more often than others too.", by_number(others as u64, "comes", "come"))
        }
    };
    let sentence = format!(
        "{file}, column {column:?}: {most} of {cells} cells are {text:?}; 95 of 100 values come at most {usual} {}.{others} \
         If it stands for a missing value, write missing = {} in the spec.",
        by_number(usual, "time", "times"),
        in_toml(&[text]),
    );
    let heaped = large.iter().map(|(times, _)| times).sum();
    Some(Notice::new(Code::HeapedValue, sentence).counting(heaped).with_examples(large.iter().map(|(_, text)| *text)))
}

/// The complaint about a code for a missing value, and the remedy.
pub(super) fn refusal(what: &str, name: &str, [a, b]: [u64; 2], largest: u64) -> (String, String) {
    let problem = format!(
        "{name:?} is the {what} of {a} {} of A and {b} of B, and no other value of more than {largest}: it seems to stand \
         for a missing value",
        by_number(a, "record", "records")
    );
    (problem, format!("write missing = {} in the spec, or missing = [] if it is a value", in_toml(&[name])))
}

/// The size that 95 of 100 groups do not exceed; at least 1.
pub(super) fn usual(sizes: impl Iterator<Item = u64>) -> u64 {
    let mut sizes: Vec<u64> = sizes.filter(|&size| size > 0).collect();
    // The largest of a few must not be the measure of itself.
    let place = (sizes.len() * 95 / 100).min(sizes.len().saturating_sub(2));
    match sizes.is_empty() {
        true => 1,
        false => *sizes.select_nth_unstable(place).1,
    }
}

/// Returns `true` if a group is far larger than a usual one.
pub(super) fn stands_out(size: u64, usual: u64) -> bool {
    size >= FEWEST && size > TIMES * usual
}

/// Returns `true` for numbers and words that questionnaires, SPSS or Stata write for a missing value, and that may be a
/// value too: 0, 99, 999, 888, negative numbers, "no".
pub(super) fn is_code(text: &str) -> bool {
    const WORDS: [&str; 18] = [
        "no",
        "none given",
        "nk",
        "n/k",
        "n.k.",
        "tbd",
        "tba",
        "blank",
        "empty",
        "void",
        "anonymous",
        "unidentified",
        "withheld",
        "redacted",
        "refused",
        "dummy",
        "test",
        "not stated",
    ];
    let bytes = text.as_bytes();
    let Some(&first) = bytes.first() else { return false };
    if first.is_ascii_alphabetic() {
        let all_x = bytes.iter().all(|byte| byte.eq_ignore_ascii_case(&b'x'));
        return all_x || (bytes.len() <= 12 && WORDS.iter().any(|word| word.eq_ignore_ascii_case(text)));
    }
    let number = match text.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|byte| byte == b'0') => whole,
        _ => text,
    };
    let (negative, digits) = number.strip_prefix('-').map_or((false, number), |digits| (true, digits));
    // 999-99-9999 is 999999999 with signs between.
    let digits: Vec<u8> = digits.bytes().filter(|byte| !matches!(byte, b'-' | b' ' | b'/')).collect();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let alike = digits.iter().all(|digit| *digit == digits[0]);
    let least = match digits[0] {
        b'0' => 1,
        b'7'..=b'9' => 2,
        _ => 4,
    };
    let counting =
        digits.len() >= 6 && digits.windows(2).all(|two| two[1] == if two[0] == b'9' { b'0' } else { two[0] + 1 });
    negative || (alike && digits.len() >= least) || counting
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(groups: &[(&str, [u64; 2])]) -> Heaps {
        let sizes: Vec<[u64; 2]> = groups.iter().map(|(_, sizes)| *sizes).collect();
        Heaps::of(&sizes, |place| groups[place].0)
    }

    #[test]
    fn codes_for_a_missing_value_are_known() {
        for code in [
            "0",
            "00000",
            "0.0",
            "-9",
            "-99.0",
            "99",
            "9999",
            "999-99-9999",
            "888",
            "77",
            "1111",
            "123456789",
            "No",
            "xxx",
            "N/K",
            "Withheld",
        ] {
            assert!(is_code(code), "{code}");
        }
        for value in ["", "9", "7", "11", "1", "1980", "90", "p0", "0a", "Nora", "é", "12345", "-", "1-2", "X1"] {
            assert!(!is_code(value), "{value}");
        }
    }

    #[test]
    fn a_code_that_far_more_records_have_than_any_value_is_told_from_a_value() {
        let people: Vec<(String, [u64; 2])> = (0..100).map(|i| (format!("p{i}"), [1, 1])).collect();
        let with = |name: &'static str, sizes: [u64; 2]| {
            let mut groups: Vec<(&str, [u64; 2])> =
                people.iter().map(|(name, sizes)| (name.as_str(), *sizes)).collect();
            groups.push((name, sizes));
            of(&groups)
        };
        // Of five records in either file, where others have two.
        assert_eq!((with("-9", [5, 5]).code, with("-9", [5, 5]).usual), (Some(100), 2));
        // Somebody is number 0, and has as many records as others.
        assert_eq!(with("0", [1, 1]), Heaps { usual: 2, largest: 2, ..Heaps::default() });
        // A little more than others is said and not refused.
        assert_eq!((with("0", [2, 2]).code, with("0", [2, 2]).large), (None, vec![100]));
        // Any value that stands out is said.
        assert_eq!((with("Ōe", [4, 3]).code, with("Ōe", [4, 3]).large), (None, vec![100]));
        assert_eq!(with("Ōe", [3, 3]).large, Vec::<usize>::new());
        let all = of(&[("0", [8, 10])]);
        assert_eq!(all.code, Some(0), "the only value there is");
        // Two codes do not hide each other.
        let two = of(&[("-9", [9, 9]), ("-8", [8, 8]), ("a", [1, 1]), ("b", [1, 2])]);
        assert_eq!((two.code, two.largest), (Some(0), 3));
    }

    #[test]
    fn a_notice_names_the_values_and_their_sizes() {
        let groups = [("Ō", [6, 5]), ("x1", [4, 4]), ("a", [1, 1]), ("b", [1, 1]), ("c", [1, 1])];
        let sizes: Vec<[u64; 2]> = groups.iter().map(|(_, sizes)| *sizes).collect();
        let name = |place: usize| groups[place].0;
        let found = Heaps { large: vec![0, 1], usual: 2, ..Heaps::default() };
        let notice = found.notice(Code::LargePerson, "truth value", &sizes, name).unwrap();
        for part in ["The truth value \"Ō\" has 6 records of A, 5 of B and 30 of 49", "\"x1\" (4 and 4)", "[\"Ō\"]"] {
            assert!(notice.sentence.contains(part), "{}", notice.sentence);
        }
    }
}
