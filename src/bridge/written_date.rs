//! One date as it is written, and what the text alone says of its parts: [`Written`].

use super::date_times::{is_digits, without_inner_time, without_time, without_year_word};
use super::date_words::{is_ordinal, month_named, weekday_length};
use crate::record::is_invisible;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// The kinds of what stands between the parts of a date: full stops, slashes, hyphens, and anything else. A file that was
/// put together from two has each in the order of its own country.
pub(super) const MARKS: usize = 4;

/// Full stops, slashes and hyphens in words.
pub(super) const MARKS_IN_WORDS: [&str; 3] = ["full stops", "slashes", "hyphens"];

/// The kind of a separator.
pub(super) fn mark(separator: Option<char>) -> usize {
    match separator {
        Some('.') => 0,
        Some('/') => 1,
        Some('-') => 2,
        _ => 3,
    }
}

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

    /// The format of the day of the week and what stands behind it, at the front of a date of numbers: `%a, `.
    pub(super) fn weekday(&self) -> String {
        if !self.text.starts_with(char::is_alphabetic) {
            return String::new();
        }
        let shape = self.shape();
        let end = shape.match_indices('%').map(|(place, _)| place).find(|&place| !shape[place..].starts_with("%a"));
        shape[..end.unwrap_or(shape.len())].to_owned()
    }

    /// The kind of what stands behind its first number.
    pub(super) fn mark(&self) -> usize {
        let number = self.text.trim_start_matches(|c: char| !c.is_ascii_digit());
        mark(self.separator.or_else(|| number.trim_start_matches(|c: char| c.is_ascii_digit()).chars().next()))
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
                c if c.is_alphabetic() => {
                    let weekday = weekday_length(rest).filter(|_| shape.is_empty());
                    weekday.unwrap_or_else(|| run(char::is_alphabetic))
                }
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
                "mar" if shape.is_empty() && (!self.month_name || has_other_month(&rest[length..])) => shape += "%a",
                name if month_named(name).is_some() => shape += "%b",
                word if is_ordinal(word) && shape.ends_with("%d") => {}
                word if shape.is_empty() && weekday_length(word).is_some() => shape += "%a",
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
        let seen = match without_year_word(&seen) {
            Some(length) => shortened(seen, length),
            None => seen,
        };
        let (text, has_time) = match without_time(&seen) {
            Some(length) => (shortened(seen, length), true),
            None => match without_inner_time(&seen) {
                Some(date) => (Cow::Owned(date), true),
                None => (seen, false),
            },
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

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
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
            match word.as_str() {
                // 2.9e04 is no date.
                word if is_ordinal(word) && after_number(&tokens) && !rest[length..].starts_with(is_digit) => length,
                "de" | "del" if !tokens.is_empty() => length,
                // As a month, until more is known.
                "mar" => {
                    tokens.push(Token::Month(3));
                    length
                }
                "xx" | "xxxx" => {
                    tokens.push(Token::Unknown);
                    length
                }
                word => match weekday_length(rest).filter(|_| tokens.is_empty()) {
                    Some(length) => length,
                    None => {
                        tokens.push(Token::Month(month_named(word)?));
                        length
                    }
                },
            }
        } else if first == '°' && after_number(&tokens) {
            first.len_utf8()
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
            // What stands behind a day of the week parts no numbers.
            if !tokens.is_empty() {
                separators.push(&rest[..length]);
            }
            length
        };
        rest = &rest[length..];
    }
    // In French, Spanish and Italian a Tuesday is mar.
    if let [Token::Month(3), _, ..] = tokens[..]
        && (tokens.len() == 4 || tokens[1..].iter().any(|token| matches!(token, Token::Month(_))))
        && text.get(..3).is_some_and(|word| word.eq_ignore_ascii_case("mar"))
    {
        tokens.remove(0);
        separators.drain(..separators.len().min(1));
    }
    if tokens.len() > 3 {
        return None;
    }
    let one = separators.first().filter(|first| separators.iter().all(|other| other == *first));
    let one = one.map(|text| text.chars()).and_then(|mut chars| chars.next().filter(|_| chars.next().is_none()));
    Some((tokens, one))
}

/// Returns `true` if the last part may be the number of a day.
fn after_number(tokens: &[Token]) -> bool {
    matches!(tokens.last(), Some(Token::Number(_, 1 | 2)))
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
            ("1° aprile 1956", parts(1956, 4, 1)),
            ("1º de maio de 1956", parts(1956, 5, 1)),
            ("1.º de maio de 1956", parts(1956, 5, 1)),
            ("1o de maio de 1956", parts(1956, 5, 1)),
            ("1e mei 1956", parts(1956, 5, 1)),
            ("maandag 1 mei 1956", parts(1956, 5, 1)),
            ("ma 05/03/1956", Form::YearLast(Some(5), Some(3), 1956)),
            ("zo 1956-03-05", parts(1956, 3, 5)),
            ("segunda-feira, 5 de março de 1956", parts(1956, 3, 5)),
            ("Quarta-Feira 05/03/1956", Form::YearLast(Some(5), Some(3), 1956)),
            ("terça feira 5 de março de 1956", parts(1956, 3, 5)),
            ("sáb, 5 de mar de 1956", parts(1956, 3, 5)),
            ("sab 11/mar/1961", parts(1961, 3, 11)),
            ("mar 11/mar/1961", parts(1961, 3, 11)),
            ("mar 09/05/1989", Form::YearLast(Some(9), Some(5), 1989)),
            ("mar. 9.5.89", Form::Short(9, 5, 89)),
            ("mar 9 1989", parts(1989, 3, 9)),
            ("mar17mai1989", parts(1989, 5, 17)),
            ("mar 1989", Form::Parts(Some(1989), Some(3), None)),
            ("05-MAR-56 12.00.00 AM", Form::ShortYear(56, 3, 5)),
            ("05-MAR-1956 12.00.00.000000000 PM +01:00", parts(1956, 3, 5)),
            ("Mon Mar 05 1956 00:00:00 GMT+0100 (CET)", parts(1956, 3, 5)),
            ("Mon Mar 05 1956 00:00:00 GMT+0100 (Mitteleuropäische Normalzeit)", parts(1956, 3, 5)),
            ("Mon Mar  5 00:00:00 CET 1956", parts(1956, 3, 5)),
            ("Mon Mar  5 00:00:00 1956", parts(1956, 3, 5)),
            ("Mo 04.06.51", Form::Short(4, 6, 51)),
            ("17-dic-80", Form::ShortYear(80, 12, 17)),
            ("\u{200e}1980\u{2013}05\u{2013}17", parts(1980, 5, 17)),
            ("198-05-17", Form::Parts(None, Some(5), Some(17))),
            ("1980\u{2011}05\u{2011}17", parts(1980, 5, 17)),
            ("17\u{2044}05\u{2044}1980", Form::YearLast(Some(17), Some(5), 1980)),
            ("1980-05-17 12:30 CET", parts(1980, 5, 17)),
            ("1980-05-17 12:30:00 GMT", parts(1980, 5, 17)),
            ("1980-05-17T12:30+02:00[Europe/Berlin]", parts(1980, 5, 17)),
            ("17.05.1980 12:30 Uhr", Form::YearLast(Some(17), Some(5), 1980)),
            ("17.05.1980 12.30 Uhr", Form::YearLast(Some(17), Some(5), 1980)),
            ("17. 5. 1980 12.30", Form::YearLast(Some(17), Some(5), 1980)),
            ("05/17/1980 12.30 pm", Form::YearLast(Some(5), Some(17), 1980)),
            ("17/05/1980 12h30", Form::YearLast(Some(17), Some(5), 1980)),
            ("17.05.1980 г.", Form::YearLast(Some(17), Some(5), 1980)),
            ("17.05.1980 r.", Form::YearLast(Some(17), Some(5), 1980)),
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
            "feira 5 de março de 1956",
            "märz 09/05/1989",
            "5° 6 1956 x",
            "2.9e04",
            "05-MAR-56 12.00.00 AB",
            "Mon Mar 5 00:00:00 CXT 1956",
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
            ("segunda-feira, 5 de março de 1956", "%a, %d de %b de %Y"),
            ("mar 11/mar/1961", "%a %d/%b/%Y"),
            ("Mar 9, 1961", "%b %d, %Y"),
            ("1° aprile 1956", "%d %b %Y"),
            ("Mon Mar  5 00:00:00 CET 1956", "%a %b %d %Y"),
        ] {
            assert_eq!(Written::of(text).map(|written| written.shape()).as_deref(), Some(shape), "{text}");
        }
    }
}
