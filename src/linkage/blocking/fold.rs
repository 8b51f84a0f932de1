//! Letters and digits in one form: [`fold`].

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A gap where punctuation or a space stood.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Gaps {
    /// One space between words.
    Space,
    /// Nothing.
    Close,
    /// One space between two numbers, nothing elsewhere; and numbers lose their leading zeros.
    Numbers,
}

/// A text in upper case without marks, apostrophes and full stops, appended to `out`. Other punctuation makes a gap.
pub(super) fn fold(text: &str, gaps: Gaps, out: &mut String) {
    if text.is_ascii() {
        return fold_ascii(text.as_bytes(), gaps, out);
    }
    if text.contains(is_number_of_its_own) {
        // Unicode takes ½ apart as 1⁄2 and ² as 2: what stands before is another number.
        let spaced: String =
            text.chars().flat_map(|c| is_number_of_its_own(c).then_some(' ').into_iter().chain([c])).collect();
        return fold_characters(spaced.nfkd(), gaps, out);
    }
    fold_characters(text.nfkd(), gaps, out);
}

fn fold_characters(text: impl Iterator<Item = char>, gaps: Gaps, out: &mut String) {
    let mut writer = Writer::new(gaps, out);
    for c in text {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' => writer.put(c.to_ascii_uppercase()),
            '\'' | '.' | '`' => writer.stop = true,
            _ if c.is_ascii() => writer.gap = true,
            // Quotation marks used as apostrophes, the ʻokina, the modifier apostrophe.
            '\u{2018}' | '\u{2019}' | '\u{02bb}' | '\u{02bc}' | '\u{00b4}' => writer.stop = true,
            _ if is_diacritic(c) => {}
            _ if c.is_alphanumeric() || is_combining_mark(c) => match plain_letters(c) {
                Some(letters) => letters.chars().for_each(|c| writer.put(c)),
                None => c.to_uppercase().for_each(|c| writer.put(c)),
            },
            _ => writer.gap = true,
        }
    }
}

/// [`fold`] for the most common case, byte by byte.
fn fold_ascii(text: &[u8], gaps: Gaps, out: &mut String) {
    let mut writer = Writer::new(gaps, out);
    for &byte in text {
        if byte.is_ascii_alphanumeric() {
            writer.put(char::from(byte.to_ascii_uppercase()));
        } else if matches!(byte, b'\'' | b'.' | b'`') {
            writer.stop = true;
        } else {
            writer.gap = true;
        }
    }
}

/// Writes letters and digits with the gaps between them.
pub(super) struct Writer<'o> {
    gaps: Gaps,
    out: &'o mut String,
    start: usize,
    /// A gap stands before the next character.
    gap: bool,
    /// A full stop or an apostrophe does, which makes a gap between two digits only.
    stop: bool,
}

impl<'o> Writer<'o> {
    pub(super) fn new(gaps: Gaps, out: &'o mut String) -> Writer<'o> {
        let start = out.len();
        Writer { gaps, out, start, gap: false, stop: false }
    }

    /// Writes words that are folded already, each behind a gap.
    pub(super) fn put_words<'t>(&mut self, words: impl Iterator<Item = &'t str>) {
        for word in words {
            self.gap = true;
            word.chars().for_each(|c| self.put(c));
        }
    }

    #[inline]
    fn put(&mut self, c: char) {
        if self.gap || self.stop {
            self.close(c);
        }
        if self.gaps == Gaps::Numbers && c.is_ascii_digit() {
            self.drop_leading_zero();
        }
        self.out.push(c);
    }

    /// Writes what stands between the last character and the next, `c`.
    fn close(&mut self, c: char) {
        let written = &self.out[self.start..];
        let numbers = c.is_ascii_digit() && written.bytes().next_back().is_some_and(|last| last.is_ascii_digit());
        let space = match self.gaps {
            Gaps::Space => numbers || (self.gap && !written.is_empty()),
            Gaps::Close => false,
            Gaps::Numbers => numbers,
        };
        if space {
            self.out.push(' ');
        }
        (self.gap, self.stop) = (false, false);
    }

    /// Takes back a zero that begins a number of which another digit follows.
    fn drop_leading_zero(&mut self) {
        let mut last = self.out[self.start..].bytes().rev();
        if last.next() == Some(b'0') && !last.next().is_some_and(|before| before.is_ascii_digit()) {
            self.out.pop();
        }
    }
}

/// Characters that stand for a number and are taken apart into ASCII digits: fractions, exponents, numbers in circles.
/// Digits of other widths and styles are digits like others.
fn is_number_of_its_own(c: char) -> bool {
    let digit = matches!(c, '\u{ff10}'..='\u{ff19}' | '\u{1d7ce}'..='\u{1d7ff}' | '\u{1fbf0}'..='\u{1fbf9}');
    !c.is_ascii() && c.is_numeric() && !digit && std::iter::once(c).nfkd().next().is_some_and(|c| c.is_ascii_digit())
}

/// Marks that stand on Latin, Greek and Cyrillic letters. The vowel signs of other scripts are not among them: a
/// Hindi name without them is another name.
fn is_diacritic(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Latin letters that Unicode does not take apart, as English-language files write them.
fn plain_letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' | 'ẞ' => "SS",
        'ø' | 'Ø' => "O",
        'đ' | 'Đ' | 'ð' | 'Ð' => "D",
        'ł' | 'Ł' => "L",
        'æ' | 'Æ' => "AE",
        'œ' | 'Œ' => "OE",
        'þ' | 'Þ' => "TH",
        'ħ' | 'Ħ' => "H",
        'ı' => "I",
        'ŋ' | 'Ŋ' => "N",
        'ŧ' | 'Ŧ' => "T",
        _ => return None,
    })
}
