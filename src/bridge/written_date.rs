//! One date as it is written, and what the text alone says of its parts: [`Written`].

use super::date_words::{ZONES, is_weekday, month_named};
use crate::record::is_invisible;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// A text that may be a date.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Written<'t> {
    /// The text without a time of day, invisible characters and spaces around it.
    pub(super) text: Cow<'t, str>,
    pub(super) form: Form,
    /// The character between the parts, if it is a single one.
    pub(super) separator: Option<char>,
    pub(super) year_first: bool,
    pub(super) month_name: bool,
    pub(super) has_time: bool,
}

/// The parts of a date as far as the text alone tells them. Other dates of the column decide the rest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Form {
    /// Year, month and day, each where it is known.
    Parts(Option<u32>, Option<u32>, Option<u32>),
    /// A year of two digits, month and day; which is which is clear since the month has a name.
    ShortYear(u32, u32, u32),
    /// Two numbers, or `None` for `??`, and behind them a year of four digits.
    YearLast(Option<u32>, Option<u32>, u32),
    /// Three numbers of at most two digits.
    Short(u32, u32, u32),
    /// Eight digits.
    Eight(u32),
    /// Seven digits, as a number that lost a zero at its front.
    Seven(u32),
    /// Four or five digits: a year, or days that were counted.
    Number(u32),
}

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Token {
    /// A number and how many digits it has.
    Number(u32, usize),
    Month(u32),
    /// `??`
    Unknown,
}

impl<'t> Written<'t> {
    /// Returns `true` if a year of four digits stands first and two numbers behind it, of which nothing says which is the
    /// month.
    pub(super) fn is_year_and_two_numbers(&self) -> bool {
        self.year_first && !self.month_name && matches!(self.form, Form::Parts(Some(_), Some(_), Some(_)))
    }

    /// The format of a date whose month has a name, as `date_format` has it.
    pub(super) fn shape(&self) -> String {
        let mut shape = String::new();
        let mut numbers = 0;
        let mut rest = &*self.text;
        while let Some(first) = rest.chars().next() {
            let run = |is: fn(char) -> bool| rest.find(|c| !is(c)).unwrap_or(rest.len());
            let length = match first {
                '0'..='9' => run(|c| c.is_ascii_digit()),
                '?' => run(|c| c == '?'),
                c if c.is_alphabetic() => run(char::is_alphabetic),
                c if c.is_whitespace() => run(char::is_whitespace),
                c => c.len_utf8(),
            };
            let word = &rest[..length];
            match word.to_lowercase().as_str() {
                _ if first.is_ascii_digit() => {
                    numbers += 1;
                    // Of two numbers of two digits the year is behind, unless it stands first and is no day.
                    let is_first =
                        matches!(self.form, Form::ShortYear(year, ..) if year > 31 && word.parse() == Ok(year));
                    let is_short = matches!(self.form, Form::ShortYear(..)) && !shape.contains("%y");
                    shape += match length {
                        4 => "%Y",
                        _ if is_short && (numbers == 2 || (is_first && self.text.starts_with(word))) => "%y",
                        _ => "%d",
                    };
                }
                "??" | "?" | "????" | "xx" | "xxxx" => shape += "%d",
                "mar" if shape.is_empty() && has_other_month(&rest[length..]) => shape += "%a",
                name if month_named(name).is_some() => shape += "%b",
                "st" | "nd" | "rd" | "th" | "er" if shape.ends_with("%d") => {}
                word if is_weekday(word) => shape += "%a",
                _ if first.is_whitespace() => shape.push(' '),
                other => shape += other,
            }
            rest = &rest[length..];
        }
        shape
    }

    pub(super) fn of(text: &'t str) -> Option<Written<'t>> {
        // Whole files are written so.
        if text.len() == 8 && is_digits(text) {
            let form = Form::Eight(text.parse().ok()?);
            let text = Cow::Borrowed(text);
            return Some(Written {
                text,
                form,
                separator: None,
                year_first: false,
                month_name: false,
                has_time: false,
            });
        }
        // Marks over letters may be written behind them.
        let is_other = |c: char| is_invisible(c) || as_plain(c) != c || ('\u{300}'..='\u{36f}').contains(&c);
        let seen = if !text.is_ascii() && text.contains(is_other) {
            let plain = text.nfc().filter(|&c| !is_invisible(c)).map(as_plain);
            Cow::Owned(plain.collect::<String>().trim().to_owned())
        } else {
            Cow::Borrowed(text.trim())
        };
        let (text, has_time) = match without_time(&seen).or_else(|| without_zone(&seen)) {
            Some(length) => (shortened(seen, length), true),
            None => (seen, false),
        };
        // A number that was a float for a while.
        let whole = text.trim_end_matches('0').strip_suffix('.').filter(|whole| is_digits(whole));
        let length = whole.map(str::len);
        let text = match length {
            Some(length) => shortened(text, length),
            None => text,
        };
        let (tokens, separator) = tokens(&text)?;
        let month_name = tokens.iter().any(|token| matches!(token, Token::Month(_)));
        let year_first = matches!(tokens.first(), Some(Token::Number(_, 3 | 4) | Token::Unknown));
        let form = form(&tokens, separator)?;
        Some(Written { text, form, separator, year_first, month_name, has_time })
    }
}

/// Returns `true` if a word of a text is a month.
fn has_other_month(text: &str) -> bool {
    text.split(|c: char| !c.is_alphabetic()).any(|word| month_named(word).is_some())
}

/// A hyphen for a dash of any kind, and a slash for what looks like one.
fn as_plain(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '\u{2044}' | '\u{2215}' | '\u{ff0f}' => '/',
        c => c,
    }
}

fn shortened(text: Cow<'_, str>, length: usize) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[..length]),
        Cow::Owned(mut text) => {
            text.truncate(length);
            Cow::Owned(text)
        }
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The length of what stands before a time of day, where the text ends in one: `1980-05-17T00:00:00.000+02:00`,
/// `5/17/80 0:00`, `05/17/1980 12:00:00 AM`, `17MAY1980:00:00:00`.
fn without_time(text: &str) -> Option<usize> {
    let colon = text.find(':')?;
    let digits = text[..colon].bytes().rev().take_while(u8::is_ascii_digit).count();
    // Of a year and a colon the time begins behind the colon.
    let (date, time) = if digits == 4 && text[..colon - 4].ends_with(char::is_alphabetic) {
        (colon, &text[colon + 1..])
    } else {
        let start = colon - digits;
        let before = text[..start].chars().next_back()?;
        if !(matches!(digits, 1 | 2) && matches!(before, ' ' | 'T' | 't' | ',' | '_')) {
            return None;
        }
        (start - 1, &text[start..])
    };
    is_time(time).then(|| text[..date].trim_end().len())
}

/// The length of a date that a zone follows, as XML writes it: `1980-05-17Z`, `1980-05-17+02:00`.
fn without_zone(text: &str) -> Option<usize> {
    const DATE: usize = "1980-05-17".len();
    let bytes = text.as_bytes();
    let is_date =
        |(place, byte): (usize, &u8)| if matches!(place, 4 | 7) { *byte == b'-' } else { byte.is_ascii_digit() };
    let zone = text.get(DATE..).filter(|_| bytes[..DATE].iter().enumerate().all(is_date))?;
    let offset = zone.strip_prefix(['+', '-']).and_then(|offset| offset.split_once(':'));
    let is_zone = zone == "Z"
        || offset
            .is_some_and(|(hours, minutes)| [hours, minutes].iter().all(|part| part.len() == 2 && is_digits(part)));
    is_zone.then_some(DATE)
}

/// Returns `true` if a text is a time of day, perhaps with a zone.
fn is_time(text: &str) -> bool {
    let mut rest = text;
    let mut number = |most: u32, after: &str| {
        let end = rest.bytes().take(2).take_while(u8::is_ascii_digit).count();
        let fits = end > 0 && rest[..end].parse::<u32>().is_ok_and(|number| number <= most);
        let next = rest[end..].strip_prefix(after);
        if fits && next.is_some() {
            rest = next.unwrap_or_default();
        }
        fits && next.is_some()
    };
    if !number(24, ":") || !number(59, "") {
        return false;
    }
    if rest.starts_with(':') {
        rest = &rest[1..];
        let seconds = rest.bytes().take(2).take_while(u8::is_ascii_digit).count();
        if seconds == 0 {
            return false;
        }
        rest = &rest[seconds..];
        if let Some(fraction) = rest.strip_prefix(['.', ',']) {
            rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
        }
    }
    let rest = rest.trim().to_ascii_uppercase();
    let halves = ["AM", "PM", "A.M.", "P.M.", "A. M.", "P. M."];
    let rest = halves.iter().find_map(|half| rest.strip_prefix(half)).unwrap_or(&rest).trim();
    // Java writes the place behind the offset: +02:00[Europe/Berlin].
    let rest = match rest.strip_suffix(']').and_then(|rest| rest.split_once('[')) {
        Some((offset, place)) if place.bytes().all(|byte| byte.is_ascii_alphabetic() || b"/_-+".contains(&byte)) => {
            offset
        }
        _ => rest,
    };
    if ZONES.contains(&rest) {
        return true;
    }
    let offset = rest.strip_prefix("UTC").or(rest.strip_prefix("GMT")).unwrap_or(rest);
    let offset = match offset {
        "" | "Z" => return true,
        offset => offset.strip_prefix(['+', '-', '\u{2212}']).map(|offset| offset.replace(':', "")),
    };
    offset.is_some_and(|offset| matches!(offset.len(), 1 | 2 | 4) && is_digits(&offset))
}

/// The numbers and month names of a text, at most three, and what stands between them where it is one character.
fn tokens(text: &str) -> Option<(Vec<Token>, Option<char>)> {
    let mut tokens = Vec::new();
    let mut separators: Vec<&str> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let first = rest.chars().next()?;
        let run = |is: fn(char) -> bool| rest.find(|c| !is(c)).unwrap_or(rest.len());
        let length = if first.is_ascii_digit() {
            let length = run(|c| c.is_ascii_digit());
            if length > 8 {
                return None;
            }
            tokens.push(Token::Number(rest[..length].parse().ok()?, length));
            length
        } else if first.is_alphabetic() {
            let length = run(char::is_alphabetic);
            let word = rest[..length].to_lowercase();
            let after_number = matches!(tokens.last(), Some(Token::Number(_, 1 | 2)));
            match word.as_str() {
                "st" | "nd" | "rd" | "th" | "er" if after_number => {}
                "de" | "del" if !tokens.is_empty() => {}
                word if tokens.is_empty() && is_weekday(word) => {}
                "xx" | "xxxx" => tokens.push(Token::Unknown),
                word => tokens.push(Token::Month(month_named(word)?)),
            }
            length
        } else if first == '?' {
            tokens.push(Token::Unknown);
            run(|c| c == '?')
        } else {
            let is_separator = |c: char| matches!(c, '-' | '/' | '.' | ',' | ' ' | '_' | '\u{a0}' | '\u{202f}');
            let length = run(is_separator);
            // What stands at the front is a sign or no date; a full stop behind a month or a day ends a shortened word.
            if length == 0 || (tokens.is_empty() && length == rest.len()) || rest.len() == text.len() {
                return None;
            }
            separators.push(&rest[..length]);
            length
        };
        rest = &rest[length..];
    }
    // In French and Spanish a Tuesday is mar.
    if let [Token::Month(3), _, ..] = tokens[..]
        && tokens[1..].iter().any(|token| matches!(token, Token::Month(_)))
    {
        tokens.remove(0);
        separators.remove(0);
    }
    if tokens.len() > 3 {
        return None;
    }
    let one = separators.first().filter(|first| separators.iter().all(|other| other == *first));
    let one = one.map(|text| text.chars()).and_then(|mut chars| chars.next().filter(|_| chars.next().is_none()));
    Some((tokens, one))
}

fn form(tokens: &[Token], separator: Option<char>) -> Option<Form> {
    use Token::{Month, Number, Unknown};
    let part = |token: Token| match token {
        Number(number, 1 | 2) => Some(Some(number)),
        Unknown => Some(None),
        _ => None,
    };
    Some(match *tokens {
        [Number(digits, 8)] => Form::Eight(digits),
        [Number(digits, 7)] => Form::Seven(digits),
        [Number(number, 4 | 5)] => Form::Number(number),
        // A number of days and a part of a day.
        [Number(number, 5), Number(..)] if separator == Some('.') => Form::Number(number),
        [Number(year, 4), month] => Form::Parts(Some(year), sensible_month(month)?, None),
        [month, Number(year, 4)] => Form::Parts(Some(year), sensible_month(month)?, None),
        [Number(year, 4), Month(month), day]
        | [Month(month), day, Number(year, 4)]
        | [day, Month(month), Number(year, 4)] => Form::Parts(Some(year), Some(month), part(day)?),
        [Number(year @ 32.., 2), Month(month), Number(day, 1 | 2)]
        | [Number(day, 1 | 2), Month(month), Number(year, 2)]
        | [Month(month), Number(day, 1 | 2), Number(year, 2)] => Form::ShortYear(year, month, day),
        [Number(year, 4), month, day] => Form::Parts(Some(year), part(month)?, part(day)?),
        // A digit of the year was lost; the month and the day were not.
        [Number(_, 3), Number(month, 2), Number(day, 2)] => Form::Parts(None, Some(month), Some(day)),
        // As it is written here itself: ????-05-17.
        [Unknown, Number(month, 2), Number(day, 2)] if separator == Some('-') => {
            Form::Parts(None, Some(month), Some(day))
        }
        [Unknown, Number(month, 2), Unknown] if separator == Some('-') => Form::Parts(None, Some(month), None),
        [Unknown, Unknown, Number(day, 2)] if separator == Some('-') => Form::Parts(None, None, Some(day)),
        [first, second, Number(year, 4)] => Form::YearLast(part(first)?, part(second)?, year),
        [Number(first, 1 | 2), Number(second, 1 | 2), Number(third, 2)] => Form::Short(first, second, third),
        _ => return None,
    })
}

/// A month of a year and a month: 1980/81 is none.
fn sensible_month(token: Token) -> Option<Option<u32>> {
    match token {
        Token::Month(month) => Some(Some(month)),
        Token::Number(month @ 0..=12 | month @ 99, 1 | 2) => Some(Some(month)),
        Token::Unknown => Some(None),
        Token::Number(..) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_says_as_much_of_a_date_as_it_does() {
        let parts = |year, month, day| Form::Parts(Some(year), Some(month), Some(day));
        for (text, form) in [
            ("1980-05-17", parts(1980, 5, 17)),
            ("1980-05-17 00:00:00", parts(1980, 5, 17)),
            ("1980-05-17T22:00:00.000Z", parts(1980, 5, 17)),
            ("1980-05-17T00:00:00+02:00", parts(1980, 5, 17)),
            ("17MAY1980:00:00:00", parts(1980, 5, 17)),
            ("17-MAY-1980", parts(1980, 5, 17)),
            ("17MAY1980", parts(1980, 5, 17)),
            ("May 17th, 1980", parts(1980, 5, 17)),
            ("Sat 17 Sept. 1980", parts(1980, 9, 17)),
            ("17. März 1980", parts(1980, 3, 17)),
            ("17 de mayo de 1980", parts(1980, 5, 17)),
            ("1er août 1980", parts(1980, 8, 1)),
            ("17-dic-80", Form::ShortYear(80, 12, 17)),
            ("\u{200e}1980\u{2013}05\u{2013}17", parts(1980, 5, 17)),
            ("198-05-17", Form::Parts(None, Some(5), Some(17))),
            ("1980\u{2011}05\u{2011}17", parts(1980, 5, 17)),
            ("17\u{2044}05\u{2044}1980", Form::YearLast(Some(17), Some(5), 1980)),
            ("1980-05-17 12:30 CET", parts(1980, 5, 17)),
            ("1980-05-17 12:30:00 GMT", parts(1980, 5, 17)),
            ("1980-05-17T12:30+02:00[Europe/Berlin]", parts(1980, 5, 17)),
            ("17.05.1980 12:30 Uhr", Form::YearLast(Some(17), Some(5), 1980)),
            ("17 maggio 1980", parts(1980, 5, 17)),
            ("17-GEN-1980", parts(1980, 1, 17)),
            ("17 mei 1980", parts(1980, 5, 17)),
            ("3 maart 1980", parts(1980, 3, 3)),
            ("17 de março de 1980", parts(1980, 3, 17)),
            ("17/out/1980", parts(1980, 10, 17)),
            ("17-May-80", Form::ShortYear(80, 5, 17)),
            ("80-May-17", Form::ShortYear(80, 5, 17)),
            ("05/17/1980 12:00:00 AM", Form::YearLast(Some(5), Some(17), 1980)),
            ("17.05.1980", Form::YearLast(Some(17), Some(5), 1980)),
            ("XX/05/1980", Form::YearLast(None, Some(5), 1980)),
            ("5/17/80 0:00", Form::Short(5, 17, 80)),
            ("80-05-17", Form::Short(80, 5, 17)),
            ("19800517.0", Form::Eight(19_800_517)),
            ("5171980", Form::Seven(5_171_980)),
            ("1980", Form::Number(1980)),
            ("1980.0", Form::Number(1980)),
            (" 1980.0", Form::Number(1980)),
            ("\u{a0}\u{200b}1980.0 ", Form::Number(1980)),
            ("\u{a0}19800517/", Form::Eight(19_800_517)),
            ("29358", Form::Number(29_358)),
            ("29358.25", Form::Number(29_358)),
            ("1980-05", Form::Parts(Some(1980), Some(5), None)),
            ("May 1980", Form::Parts(Some(1980), Some(5), None)),
            ("198-05-17", Form::Parts(None, Some(5), Some(17))),
            ("????-05-17", Form::Parts(None, Some(5), Some(17))),
            ("1980-??-??", Form::Parts(Some(1980), None, None)),
        ] {
            assert_eq!(Written::of(text).map(|written| written.form), Some(form), "{text}");
        }
        for text in [
            "",
            "Ōe",
            "17",
            "17 May",
            "1980/81",
            "17 Maj 1980",
            "de 17 mayo 1980",
            "-1980",
            "1980-05-17-2",
            "1980-05-17 25:99",
            "1980-05-17 x",
            "３ May 1980",
            "123456789",
            ":",
            "a:b",
            "0:00",
            "1980-005-17",
            "800517",
            "maybe 1980",
        ] {
            assert_eq!(Written::of(text), None, "{text}");
        }
    }
    #[test]
    fn the_format_of_a_month_with_a_name_is_what_is_written() {
        for (text, shape) in [
            ("17 May 1980", "%d %b %Y"),
            ("17-MAY-1980", "%d-%b-%Y"),
            ("17MAY1980", "%d%b%Y"),
            ("May 17th, 1980", "%b %d, %Y"),
            ("Sat 17  Sept. 1980", "%a %d %b. %Y"),
            ("17 de mayo de 1980", "%d de %b de %Y"),
            ("17. März 1980", "%d. %b %Y"),
            ("1er août 1980", "%d %b %Y"),
            ("1980-May-17", "%Y-%b-%d"),
            ("May 1980", "%b %Y"),
            ("??-May-1980", "%d-%b-%Y"),
            ("17-May-80", "%d-%b-%y"),
            ("80-May-17", "%y-%b-%d"),
            ("May 17 80", "%b %d %y"),
            ("17 May 80 0:00", "%d %b %y"),
        ] {
            assert_eq!(Written::of(text).map(|written| written.shape()).as_deref(), Some(shape), "{text}");
        }
    }
}
