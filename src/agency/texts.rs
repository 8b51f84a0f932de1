//! Errors in text: typing, mishearing, misreading, cutting, joining, and the order of another alphabet.

use crate::random::Stream;
use crate::record::Date;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Keeps the last so many characters.
pub(super) fn keep_last(text: &mut String, count: usize) {
    if let Some((at, _)) = text.char_indices().rev().nth(count.saturating_sub(1)) {
        text.drain(..at);
    }
}

/// One wrong keystroke: a substitution (67 %), deletion (18 %), insertion (12 %) or transposition (3 %), which are the
/// shares of single errors in F. J. Damerau (1964), CACM 7, 171–176.
pub(super) fn mistyped(text: &str, stream: &mut Stream) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.is_empty() {
        return String::new();
    }
    let at = position(letters.len(), stream);
    let kind = stream.uniform();
    if kind < 0.67 {
        letters[at] = neighbour(letters[at], stream);
    } else if kind < 0.85 && letters.len() > 1 {
        letters.remove(at);
    } else if kind < 0.97 || at + 1 >= letters.len() {
        let put_in = neighbour(letters[at], stream);
        letters.insert(at, put_in);
    } else {
        letters.swap(at, at + 1);
    }
    letters.into_iter().collect()
}

/// The position of a typing error in a word: the first letter in 7.8 %, the second in 11.7 %, the third in 19.2 % (J.
/// J. Pollock and A. Zamora (1984), CACM 27, 358–368), further on evenly; in a shorter word in these proportions.
fn position(letters: usize, stream: &mut Stream) -> usize {
    const FIRST: [f64; 3] = [0.078, 0.117, 0.192];
    let within: f64 = FIRST[..letters.min(3)].iter().sum();
    let mut left = stream.uniform() * if letters > 3 { 1.0 } else { within };
    for (at, share) in FIRST[..letters.min(3)].iter().enumerate() {
        left -= share;
        if left < 0.0 {
            return at;
        }
    }
    let rest = letters.saturating_sub(3).max(1);
    (3 + (left / (1.0 - within) * rest as f64) as usize).min(letters - 1)
}

/// A key beside the one of that letter on a QWERTY keyboard, in the same case; a letter it does not know gives one of
/// the row below.
fn neighbour(letter: char, stream: &mut Stream) -> char {
    const KEYS: [(char, &str); 26] = [
        ('a', "qwsz"),
        ('b', "vghn"),
        ('c', "xdfv"),
        ('d', "serfcx"),
        ('e', "wsdr"),
        ('f', "drtgvc"),
        ('g', "ftyhbv"),
        ('h', "gyujnb"),
        ('i', "ujko"),
        ('j', "huikmn"),
        ('k', "jiolm"),
        ('l', "kop"),
        ('m', "njk"),
        ('n', "bhjm"),
        ('o', "iklp"),
        ('p', "ol"),
        ('q', "wa"),
        ('r', "edft"),
        ('s', "awedxz"),
        ('t', "rfgy"),
        ('u', "yhji"),
        ('v', "cfgb"),
        ('w', "qase"),
        ('x', "zsdc"),
        ('y', "tghu"),
        ('z', "asx"),
    ];
    let lower = letter.to_ascii_lowercase();
    let near = KEYS.iter().find(|(key, _)| *key == lower).map_or("zxcvbnm", |(_, near)| near);
    let chosen = char::from(near.as_bytes()[stream.below(near.len() as u64) as usize]);
    if letter.is_uppercase() { chosen.to_ascii_uppercase() } else { chosen }
}

/// Spellings that sound alike in English, each way.
const HEARD: [(&str, &str); 26] = [
    ("ph", "f"),
    ("ck", "k"),
    ("ch", "k"),
    ("c", "k"),
    ("c", "s"),
    ("z", "s"),
    ("sh", "ch"),
    ("th", "t"),
    ("v", "b"),
    ("v", "w"),
    ("j", "g"),
    ("j", "h"),
    ("ie", "y"),
    ("y", "i"),
    ("ee", "ea"),
    ("ei", "ie"),
    ("oo", "u"),
    ("ou", "u"),
    ("ai", "ay"),
    ("ll", "l"),
    ("nn", "n"),
    ("tt", "t"),
    ("ss", "s"),
    ("rr", "r"),
    ("e", "a"),
    ("o", "u"),
];

/// The name as somebody might write it who only heard it; as it was if no spelling in it has another.
pub(super) fn misheard(text: &str, stream: &mut Stream) -> String {
    respelt(text, &HEARD, stream)
}

/// Letters that look alike on paper, each way.
const LOOK_ALIKE: [(&str, &str); 16] = [
    ("rn", "m"),
    ("cl", "d"),
    ("vv", "w"),
    ("ri", "n"),
    ("u", "v"),
    ("n", "h"),
    ("e", "c"),
    ("a", "o"),
    ("i", "l"),
    ("l", "t"),
    ("g", "q"),
    ("u", "n"),
    ("f", "t"),
    ("y", "v"),
    ("b", "h"),
    ("k", "h"),
];

/// The text with one character read as another that looks like it. Digits are taken for digits.
pub(super) fn misread(text: &str, stream: &mut Stream) -> String {
    const DIGITS: [(&str, &str); 7] =
        [("1", "7"), ("3", "8"), ("5", "6"), ("0", "6"), ("4", "9"), ("0", "8"), ("2", "7")];
    let pairs: &[(&str, &str)] = if text.bytes().any(|b| b.is_ascii_digit()) { &DIGITS } else { &LOOK_ALIKE };
    respelt(text, pairs, stream)
}

/// Replaces one occurrence, chosen evenly, of one side of a pair by the other, in the same case.
fn respelt(text: &str, pairs: &[(&str, &str)], stream: &mut Stream) -> String {
    let letters: Vec<char> = text.chars().collect();
    let lower: Vec<char> = letters.iter().map(|c| c.to_lowercase().next().unwrap_or(*c)).collect();
    let mut found: Vec<(usize, usize, &str)> = Vec::new();
    for &(one, other) in pairs {
        for (from, to) in [(one, other), (other, one)] {
            // All are ASCII, so bytes are characters.
            let length = from.len();
            for at in 0..(lower.len() + 1).saturating_sub(length) {
                if lower[at..at + length].iter().copied().eq(from.chars()) {
                    found.push((at, length, to));
                }
            }
        }
    }
    if found.is_empty() {
        return text.to_string();
    }
    let (at, length, to) = found[stream.below(found.len() as u64) as usize];
    let mut out: String = letters[..at].iter().collect();
    for (i, c) in to.chars().enumerate() {
        out.push(if i == 0 && letters[at].is_uppercase() { c.to_ascii_uppercase() } else { c });
    }
    out.extend(&letters[at + length..]);
    out
}

/// Names of other scripts that are spelt in several ways; written from general knowledge.
const ROMANISATIONS: [&[&str]; 44] = [
    &["Zhang", "Chang", "Cheung"],
    &["Zhao", "Chao", "Chiu"],
    &["Wang", "Wong"],
    &["Li", "Lee", "Ly"],
    &["Chen", "Chan", "Chin"],
    &["Liu", "Lau", "Liew"],
    &["Xu", "Hsu", "Hui"],
    &["Xie", "Hsieh", "Tse"],
    &["Huang", "Hwang", "Wong"],
    &["Wu", "Ng", "Woo"],
    &["Zhou", "Chou", "Chow"],
    &["Zhu", "Chu"],
    &["Guo", "Kuo", "Kwok"],
    &["Lin", "Lim", "Lam"],
    &["Cai", "Tsai", "Choi"],
    &["Zheng", "Cheng"],
    &["Ho", "Hoh", "He"],
    &["Park", "Pak", "Bak"],
    &["Yi", "Rhee", "Lee"],
    &["Choi", "Choe"],
    &["Kim", "Gim"],
    &["Jung", "Chung", "Jeong"],
    &["Kang", "Gang"],
    &["Cho", "Jo"],
    &["Mohammed", "Muhammad", "Mohamed", "Mohammad"],
    &["Ahmed", "Ahmad"],
    &["Hussain", "Hussein", "Husain"],
    &["Hassan", "Hasan"],
    &["Khalid", "Khaled"],
    &["Omar", "Umar"],
    &["Yusuf", "Youssef", "Yousef"],
    &["Fatima", "Fatimah", "Fatma"],
    &["Aisha", "Ayesha", "Aicha"],
    &["Abdullah", "Abdallah"],
    &["Ibrahim", "Ebrahim"],
    &["Said", "Sayed", "Saeed"],
    &["Patel", "Pattel"],
    &["Chowdhury", "Chaudhry", "Choudhury"],
    &["Sergey", "Sergei", "Serguei"],
    &["Alexander", "Aleksandr", "Alexandr"],
    &["Dmitry", "Dmitri", "Dimitri"],
    &["Yuri", "Yuriy", "Iouri"],
    &["Natalia", "Nataliya", "Natalya"],
    &["Nguyen", "Nguyên", "Nguyễn"],
];

/// The name in another romanisation; as it was if none is known.
pub(super) fn romanised(text: &str, stream: &mut Stream) -> String {
    const ENDINGS: [(&str, &str); 4] = [("ov", "off"), ("ev", "eff"), ("sky", "ski"), ("skiy", "sky")];
    for family in ROMANISATIONS {
        if let Some(own) = family.iter().position(|name| *name == text) {
            let other = (own as u64 + 1 + stream.below(family.len() as u64 - 1)) % family.len() as u64;
            return family[other as usize].to_string();
        }
    }
    for (one, other) in ENDINGS {
        for (from, to) in [(one, other), (other, one)] {
            if let Some(stem) = text.strip_suffix(from).filter(|stem| stem.chars().count() >= 3) {
                return format!("{stem}{to}");
            }
        }
    }
    text.to_string()
}

/// The text without accents and in ASCII as far as its letters have a base letter there; others are left out.
pub(super) fn without_accents(text: &str) -> String {
    if text.is_ascii() {
        return text.to_string();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.nfd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'ø' => out.push('o'),
            'Ø' => out.push('O'),
            'ł' => out.push('l'),
            'Ł' => out.push('L'),
            'đ' => out.push('d'),
            'Đ' => out.push('D'),
            'ı' => out.push('i'),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'Æ' => out.push_str("Ae"),
            '’' | 'ʻ' => out.push('\''),
            c if c.is_ascii() => out.push(c),
            _ => {}
        }
    }
    out
}

/// The parts of a name written as one: the first space or hyphen goes. As it was if it has none.
pub(super) fn joined(text: &str) -> String {
    let Some(at) = text.find([' ', '-']) else { return text.to_string() };
    let mut rest = text[at + 1..].chars();
    let next: String = rest.next().map(|c| c.to_lowercase().collect()).unwrap_or_default();
    format!("{}{next}{}", &text[..at], rest.as_str())
}

/// A name written in parts: a hyphen becomes a space, or a space is put before a capital within. As it was otherwise.
pub(super) fn split(text: &str) -> String {
    if text.contains('-') {
        return text.replacen('-', " ", 1);
    }
    let within = text.char_indices().zip(text.chars().skip(1)).find(|((_, a), b)| a.is_lowercase() && b.is_uppercase());
    match within {
        Some(((at, a), _)) => format!("{} {}", &text[..at + a.len_utf8()], &text[at + a.len_utf8()..]),
        None => text.to_string(),
    }
}

/// The first letter of a name.
pub(super) fn initial(text: &str) -> String {
    text.chars().take(1).collect()
}

/// The first so many characters, without spaces at the end.
pub(super) fn cut(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        Some((end, _)) => text[..end].trim_end().to_string(),
        None => text.to_string(),
    }
}

/// Cuts texts that share one column with a space between each two, the `parts` of `cells` in their order: what does
/// not fit in `length` characters goes, from the end. Says whether anything went.
pub(super) fn cut_together(cells: &mut [String], parts: &[usize], length: usize) -> bool {
    let (mut left, mut changed) = (length, false);
    for &part in parts.iter().filter(|_| length > 0) {
        let characters = cells[part].chars().count();
        if characters > left {
            cells[part] = cut(&cells[part], left);
            changed = true;
        }
        if characters > 0 {
            left = left.saturating_sub(characters + 1);
        }
    }
    changed
}

const STREET_TYPES: [(&str, &str); 8] = [
    ("Street", "St"),
    ("Avenue", "Ave"),
    ("Road", "Rd"),
    ("Drive", "Dr"),
    ("Lane", "Ln"),
    ("Court", "Ct"),
    ("Boulevard", "Blvd"),
    ("Way", "Wy"),
];

const DIRECTIONS: [(&str, &str); 4] = [("North", "N"), ("South", "S"), ("East", "E"), ("West", "W")];

/// The street with its type and direction abbreviated.
pub(super) fn street_abbreviated(street: &str) -> String {
    let short = |word: &str, list: &[(&'static str, &'static str)]| {
        list.iter().find(|(long, _)| *long == word).map(|(_, s)| *s)
    };
    let mut words: Vec<&str> = street.split(' ').collect();
    let last = words.len() - 1;
    if let Some(short) = short(words[last], &STREET_TYPES) {
        words[last] = short;
    }
    if last > 0
        && let Some(short) = short(words[0], &DIRECTIONS)
    {
        words[0] = short;
    }
    words.join(" ")
}

/// The street with another type, abbreviated if it was; as it was if it has none.
pub(super) fn street_type_wrong(street: &str, stream: &mut Stream) -> String {
    let (name, kind) = street.rsplit_once(' ').unwrap_or(("", street));
    let Some(own) = STREET_TYPES.iter().position(|(long, short)| *long == kind || *short == kind) else {
        return street.to_string();
    };
    let types = STREET_TYPES.len() as u64;
    let (long, short) = STREET_TYPES[((own as u64 + 1 + stream.below(types - 1)) % types) as usize];
    let wrong = if STREET_TYPES[own].0 == kind { long } else { short };
    if name.is_empty() { wrong.to_string() } else { format!("{name} {wrong}") }
}

/// The street with a direction left out or mistaken, or put in where it has none.
pub(super) fn direction_wrong(street: &str, stream: &mut Stream) -> String {
    if street.is_empty() {
        return String::new();
    }
    let (first, rest) = street.split_once(' ').unwrap_or((street, ""));
    let choice = stream.below(4) as usize;
    match DIRECTIONS.iter().position(|(long, short)| (*long == first || *short == first) && !rest.is_empty()) {
        Some(own) if own == choice => rest.to_string(),
        Some(own) if DIRECTIONS[own].0 == first => format!("{} {rest}", DIRECTIONS[choice].0),
        Some(_) => format!("{} {rest}", DIRECTIONS[choice].1),
        None => format!("{} {street}", DIRECTIONS[choice].0),
    }
}

/// Another name for a city: that of a quarter, or of the place beside it.
pub(super) fn city_alias(city: &str, stream: &mut Stream) -> String {
    if city.is_empty() {
        return String::new();
    }
    match stream.below(5) {
        0 => format!("East {city}"),
        1 => format!("West {city}"),
        2 => format!("{city} Heights"),
        3 => format!("{city} Park"),
        _ => format!("{city} City"),
    }
}

/// The text with one of its digits replaced by another; weights say how often the digit at each place is the one.
pub(super) fn wrong_digit(text: &str, stream: &mut Stream) -> String {
    let digits = places_of_digits(text);
    if digits.is_empty() {
        return text.to_string();
    }
    let at = digits[stream.below(digits.len() as u64) as usize];
    with_other_digit(text, at, stream)
}

/// The postal code with one wrong digit, the later the likelier, in the proportions that pseudopeople uses.
pub(super) fn wrong_zip_digit(text: &str, stream: &mut Stream) -> String {
    const WEIGHTS: [f64; 5] = [0.04, 0.04, 0.20, 0.36, 0.36];
    let digits = places_of_digits(text);
    if digits.len() != WEIGHTS.len() {
        return wrong_digit(text, stream);
    }
    let mut left = stream.uniform();
    let place = WEIGHTS.iter().position(|weight| {
        left -= weight;
        left < 0.0
    });
    with_other_digit(text, digits[place.unwrap_or(4)], stream)
}

fn places_of_digits(text: &str) -> Vec<usize> {
    text.bytes().enumerate().filter(|(_, b)| b.is_ascii_digit()).map(|(i, _)| i).collect()
}

fn with_other_digit(text: &str, at: usize, stream: &mut Stream) -> String {
    let old = text.as_bytes()[at] - b'0';
    let new = (u64::from(old) + 1 + stream.below(9)) % 10;
    format!("{}{new}{}", &text[..at], &text[at + 1..])
}

/// The text with two neighbouring, different digits exchanged; as it was if it has none.
pub(super) fn digits_transposed(text: &str, stream: &mut Stream) -> String {
    let bytes = text.as_bytes();
    let pairs: Vec<usize> = (1..bytes.len())
        .filter(|&i| bytes[i - 1].is_ascii_digit() && bytes[i].is_ascii_digit() && bytes[i - 1] != bytes[i])
        .collect();
    if pairs.is_empty() {
        return text.to_string();
    }
    let at = pairs[stream.below(pairs.len() as u64) as usize];
    format!("{}{}{}{}", &text[..at - 1], char::from(bytes[at]), char::from(bytes[at - 1]), &text[at + 1..])
}

/// A date with one wrong digit that is still a date; after a few failures the date stays as it is.
pub(super) fn wrong_date(text: &str, stream: &mut Stream) -> String {
    (0..8)
        .map(|_| wrong_digit(text, stream))
        .find(|wrong| Date::parse(wrong).is_some())
        .unwrap_or_else(|| text.to_string())
}

/// The date a year earlier or later, each as likely; 29 February becomes the 28th.
pub(super) fn year_off(text: &str, stream: &mut Stream) -> String {
    let Some((year, month, day)) = Date::parse(text).map(Date::ymd) else { return text.to_string() };
    let year = if stream.chance(0.5) { year - 1 } else { year + 1 };
    Date::new(year, month, day).or(Date::new(year, month, 28)).map_or_else(|| text.to_string(), |date| date.to_string())
}

/// The date with day and month exchanged; as it was if that is no day.
pub(super) fn day_month_exchanged(text: &str) -> String {
    let swapped = Date::parse(text).map(Date::ymd).and_then(|(year, month, day)| Date::new(year, day, month));
    swapped.map_or_else(|| text.to_string(), |date| date.to_string())
}

/// 1 January of the same year.
pub(super) fn first_of_january(text: &str) -> String {
    let first = Date::parse(text).map(Date::ymd).and_then(|(year, ..)| Date::new(year, 1, 1));
    first.map_or_else(|| text.to_string(), |date| date.to_string())
}

#[cfg(test)]
mod tests;
