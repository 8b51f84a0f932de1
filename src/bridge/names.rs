//! Names of persons and clusters that are the same but for how they are written: [`alike`].

use super::two_readings::without_points;
use super::whole::whole;
use crate::notice::{Code, Notice, by_number};
use crate::record::coded::each;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// The differences that occur between names of a column at all. Most columns have none, and then nothing is compared.
#[derive(Clone, Copy, Debug, Default)]
struct Differences {
    capitals: bool,
    small_letters: bool,
    others: bool,
    zeros: bool,
    points: bool,
    lengths: Option<(usize, usize)>,
    /// A digest of the marks in the first name, and whether another name has others.
    marks: Option<u32>,
    other_marks: bool,
    /// A digest of the letters beside a digit in the first name that look like digits, and whether another name has others.
    like_digits: Option<usize>,
    other_like_digits: bool,
}

/// The digit that a letter looks like.
fn as_digit(c: char) -> Option<char> {
    match c {
        'o' | 'O' => Some('0'),
        'l' | 'I' => Some('1'),
        _ => None,
    }
}

impl Differences {
    fn see(&mut self, name: &str) {
        let bytes = name.as_bytes();
        self.capitals |= bytes.iter().any(u8::is_ascii_uppercase);
        self.small_letters |= bytes.iter().any(u8::is_ascii_lowercase);
        self.others |= !name.is_ascii() || bytes.iter().any(u8::is_ascii_whitespace);
        let number = bytes.iter().position(u8::is_ascii_digit).map_or(&[][..], |start| &bytes[start..]);
        self.zeros |= number.len() > 1 && number[0] == b'0' && number[1].is_ascii_digit();
        self.points |= name.contains('.') || name.contains('+');
        let mark = |marks: u32, byte: &u8| marks.wrapping_mul(31).wrapping_add(u32::from(*byte));
        let marks = bytes.iter().filter(|byte| byte.is_ascii_punctuation()).fold(0, mark);
        self.other_marks |= *self.marks.get_or_insert(marks) != marks;
        let is_digit = |byte: u8| byte.is_ascii_digit();
        let is_like = |byte: u8| as_digit(char::from(byte)).is_some();
        let is_beside = |two: &[u8]| is_digit(two[0]) && is_like(two[1]) || is_like(two[0]) && is_digit(two[1]);
        let beside = bytes.windows(2).enumerate().filter(|(_, two)| is_beside(two)).map(|(place, _)| place + 1);
        // A name such as pO among p0 to p9 has no digit at all.
        let alone = usize::from(!bytes.iter().copied().any(is_digit) && bytes.iter().copied().any(is_like));
        let like_digits = beside.fold(alone, |marks, place| marks.wrapping_mul(31).wrapping_add(place));
        self.other_like_digits |= *self.like_digits.get_or_insert(like_digits) != like_digits;
        let length = bytes.len();
        let (least, most) = self.lengths.unwrap_or((length, length));
        self.lengths = Some((least.min(length), most.max(length)));
    }

    /// Those of two lots of names together.
    fn with(self, other: Differences) -> Differences {
        fn differ<T: PartialEq>(x: Option<T>, y: Option<T>) -> bool {
            x.zip(y).is_some_and(|(x, y)| x != y)
        }
        let lengths = |(least, most): (usize, usize)| {
            other.lengths.map_or((least, most), |(short, long)| (least.min(short), most.max(long)))
        };
        Differences {
            capitals: self.capitals || other.capitals,
            small_letters: self.small_letters || other.small_letters,
            others: self.others || other.others,
            zeros: self.zeros || other.zeros,
            points: self.points || other.points,
            lengths: self.lengths.map(lengths).or(other.lengths),
            marks: self.marks.or(other.marks),
            other_marks: self.other_marks || other.other_marks || differ(self.marks, other.marks),
            like_digits: self.like_digits.or(other.like_digits),
            other_like_digits: self.other_like_digits
                || other.other_like_digits
                || differ(self.like_digits, other.like_digits),
        }
    }

    fn any(&self) -> bool {
        let zeros = self.zeros && self.lengths.is_some_and(|(least, most)| least < most);
        let capitals = self.capitals && self.small_letters;
        capitals || self.others || zeros || self.points || self.other_marks || self.other_like_digits
    }
}

/// Returns `true` if the mark at a place says something: between two digits, unless it parts off thousands, and as the
/// sign of a negative number.
fn is_telling(letters: &[char], place: usize) -> bool {
    let is_digit = |place: usize| letters.get(place).is_some_and(char::is_ascii_digit);
    if place == 0 {
        return letters[0] == '-' && is_digit(1);
    }
    let digits_behind = (place + 1..letters.len()).take_while(|&behind| is_digit(behind)).count();
    let digits_ahead = (0..place).rev().take_while(|&ahead| is_digit(ahead)).count();
    let thousands = matches!(letters[place], ',' | '.' | '\'' | '’') && digits_behind == 3 && digits_ahead <= 3;
    digits_ahead > 0 && digits_behind > 0 && !thousands
}

/// A UUID without braces and hyphens, if the text is one.
fn uuid(name: &str) -> Option<String> {
    let digits: String = name.chars().filter(|c| !matches!(c, '-' | '{' | '}')).collect();
    (digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| digits.to_lowercase())
}

/// A name without capitals, blanks, marks that say nothing, zeros at the front of its first number, and letters that look
/// like Latin ones.
pub(super) fn plain(name: &str) -> String {
    if let Some(uuid) = uuid(name) {
        return uuid;
    }
    let name = without_points(name).map_or_else(|| whole(name).unwrap_or(name.into()), Cow::Owned);
    let letters: Vec<char> =
        name.nfkc().flat_map(char::to_lowercase).map(as_latin).filter(|c| !c.is_whitespace()).collect();
    let says = |place: &usize| letters[*place].is_alphanumeric() || is_telling(&letters, *place);
    let letters = (0..letters.len()).filter(says).map(|place| letters[place]);
    let mut plain = String::with_capacity(name.len());
    let mut in_front = true;
    for c in letters {
        // A zero that another digit follows is dropped when that digit comes.
        if in_front && c.is_ascii_digit() && plain.ends_with('0') {
            plain.pop();
        }
        if in_front && c.is_ascii_digit() && c != '0' {
            in_front = false;
        }
        if !c.is_ascii_digit() && plain.ends_with(|c: char| c.is_ascii_digit()) {
            in_front = false;
        }
        plain.push(c);
    }
    plain
}

/// A small Latin letter that one of another script looks like.
fn as_latin(c: char) -> char {
    match c {
        'а' | 'α' => 'a',
        'в' | 'β' => 'b',
        'с' | 'ϲ' => 'c',
        'е' | 'ε' => 'e',
        'һ' | 'н' | 'η' => 'h',
        'і' | 'ι' | 'ı' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' | 'μ' => 'm',
        'ν' => 'n',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' | 'у' | 'γ' => 'y',
        'х' | 'χ' => 'x',
        'ζ' => 'z',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        c => c,
    }
}

/// A name with its letters and digits exchanged for signs of their kind.
fn pattern(name: &str) -> String {
    let kind = |c: char| match c {
        c if c.is_ascii_digit() => '9',
        c if c.is_alphabetic() => 'a',
        c => c,
    };
    name.chars().map(kind).collect()
}

/// A name with digits in place of letters that look like them, if more names have that pattern than have its own.
fn with_digits(name: &str, patterns: &FxHashMap<String, usize>) -> Option<String> {
    let times = |name: &str| patterns.get(&pattern(name)).copied().unwrap_or_default();
    let starts = name.char_indices().filter(|(_, c)| as_digit(*c).is_some()).map(|(start, _)| start);
    let from = |start: usize| -> String {
        let end = name[start..].chars().map(|c| as_digit(c).unwrap_or(c));
        name[..start].chars().chain(end).collect()
    };
    let read = starts.map(from).max_by_key(|read| times(read))?;
    (times(&read) > 0 && times(&read) >= times(name)).then_some(read)
}

/// The notice that some names differ in nothing but capitals, accents written in two ways, letters that look alike or like
/// digits, blanks, marks or zeros at the front. They are neither joined nor kept apart without a word. `sizes` are the records of A and of B.
pub(super) fn alike<'t>(
    place: &str,
    code: Code,
    what: &str,
    sizes: &[[u64; 2]],
    name: impl Fn(usize) -> &'t str + Sync,
) -> Option<Notice> {
    const AT_A_TIME: usize = 1 << 14;
    let used = || (0..sizes.len()).filter(|&group| sizes[group] != [0, 0]);
    let starts: Vec<usize> = (0..sizes.len()).step_by(AT_A_TIME).collect();
    let parts = each(&starts, |&start| {
        let mut differences = Differences::default();
        let groups = (start..sizes.len().min(start + AT_A_TIME)).filter(|&group| sizes[group] != [0, 0]);
        groups.for_each(|group| differences.see(name(group)));
        differences
    });
    let differences = parts.into_iter().fold(Differences::default(), Differences::with);
    if !differences.any() {
        return None;
    }
    let mut by_form: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    let mut patterns: FxHashMap<String, usize> = FxHashMap::default();
    if differences.other_like_digits {
        used().for_each(|group| *patterns.entry(pattern(name(group))).or_default() += 1);
    }
    let form = |group: usize| match differences.other_like_digits {
        true => with_digits(name(group), &patterns).map_or_else(|| plain(name(group)), |read| plain(&read)),
        false => plain(name(group)),
    };
    used().for_each(|group| by_form.entry(form(group)).or_default().push(group));
    let mut several: Vec<Vec<&str>> = Vec::new();
    let (mut names, mut apart) = (0, 0);
    for groups in by_form.into_values().filter(|groups| groups.len() > 1) {
        let sum = |side: usize| groups.iter().map(|&group| sizes[group][side]).sum::<u64>();
        names += groups.len() as u64;
        apart += sum(0) * sum(1) - groups.iter().map(|&group| sizes[group][0] * sizes[group][1]).sum::<u64>();
        let mut spelled: Vec<&str> = groups.iter().map(|&group| name(group)).collect();
        spelled.sort_unstable();
        several.push(spelled);
    }
    several.sort_unstable();
    (!several.is_empty()).then(|| {
        // A letter that looks like a Latin one is shown with its number.
        let letter = |c: char| match as_latin(c) {
            latin if latin != c => format!("{c}(U+{:04X})", u32::from(c)),
            _ => c.to_string(),
        };
        let shown = |name: &&str| name.chars().map(letter).collect::<String>();
        let examples: Vec<String> =
            several.iter().map(|names| names.iter().take(2).map(shown).collect::<Vec<_>>().join(" and ")).collect();
        let sentence = format!(
            "{place}: {names} values differ from others only in capitals, blanks, marks, zeros at the front, or letters that \
             look alike or like digits. They are {names} {what}, and {apart} {} across the files {} not of one. If they are the same, write them \
             in one way.",
            by_number(apart, "pair", "pairs"),
            by_number(apart, "is", "are"),
        );
        Notice::new(code, sentence).counting(names).with_examples(examples.iter().map(String::as_str))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(names: &[(&str, [u64; 2])]) -> Option<(u64, Vec<String>)> {
        let sizes: Vec<[u64; 2]> = names.iter().map(|(_, sizes)| *sizes).collect();
        alike("truth", Code::TruthAlike, "persons", &sizes, |place| names[place].0)
            .map(|notice| (notice.count.unwrap(), notice.examples))
    }

    #[test]
    fn names_that_differ_only_in_how_they_are_written_are_found() {
        for (one, other) in [
            ("p1", "P1"),
            ("é1", "e\u{301}1"),
            ("p1", "\u{440}1"),
            ("a b", "ab"),
            ("007", "7"),
            ("P007", "p7"),
            ("0", "00"),
            ("1.0", "1"),
            ("ｐ１", "p1"),
            ("a–1", "a-1"),
            ("1,020", "1020"),
            ("'p20", "p20"),
            ("+1020", "1020"),
            ("p-20", "p20"),
            ("p_20.", "p20"),
            ("{p20-ab}", "p20-ab"),
            ("[p20]", "\"p20\""),
            ("1.000", "1000"),
            ("1.234.567", "1234567"),
            ("1.234", "1,234"),
            ("p1O", "p10"),
            ("pl0", "p10"),
            ("I0", "10"),
            ("pO", "p0"),
            ("col1O", "col10"),
            ("{0123ABCD-0123-4567-89ab-0123456789ab}", "0123abcd0123456789ab0123456789ab"),
        ] {
            assert_eq!(found(&[(one, [1, 0]), (other, [0, 1])]).map(|found| found.0), Some(2), "{one} {other}");
        }
        for (one, other) in [
            ("p1", "p2"),
            ("10", "1"),
            ("1.5", "15"),
            ("p01", "p10"),
            ("é", "e"),
            ("a1b02", "a1b2"),
            ("1-23", "12-3"),
            ("-3", "3"),
            ("1,02", "102"),
            ("12-3", "123"),
            ("1.000", "1"),
            ("1O", "2O"),
            ("oil", "01l1"),
        ] {
            assert_eq!(found(&[(one, [1, 0]), (other, [0, 1])]), None, "{one} {other}");
        }
        // What no record has does not count.
        assert_eq!(found(&[("p1", [1, 1]), ("P1", [0, 0])]), None);
    }

    #[test]
    fn the_notice_counts_the_pairs_that_are_kept_apart() {
        let sizes = [[2, 0], [0, 3], [1, 1]];
        let name = |place: usize| ["Ō1", "ō1", "x"][place];
        let notice = alike("truth", Code::TruthAlike, "persons", &sizes, name).unwrap();
        assert!(notice.sentence.contains("2 persons, and 6 pairs across"), "{}", notice.sentence);
        assert_eq!(notice.examples, ["Ō1 and ō1"]);
        let notice = alike("truth", Code::TruthAlike, "persons", &[[1, 0], [0, 1]], |place| ["p1", "\u{440}1"][place]);
        assert_eq!(notice.unwrap().examples, ["p1 and \u{440}(U+0440)1"]);
    }
}
