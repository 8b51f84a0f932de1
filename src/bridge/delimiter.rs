//! The character between the cells of a table, told from the file's beginning.

/// The characters that are looked for, the likelier later: of equals the last is taken.
const KNOWN: [u8; 4] = [b'|', b'\t', b';', b','];

/// The delimiter that a file says or shows, and how many bytes of its beginning only say so: Excel's line `sep=;`.
///
/// Delimiters are counted outside quotes. A delimiter that divides every record of the beginning into as many cells goes
/// before one that does not; of those the one that the header has most of is taken.
pub(super) fn told(start: &[u8]) -> (u8, usize) {
    if let Some(said) = said(start) {
        return said;
    }
    let rank = |&delimiter: &u8| {
        let widths = widths(start, delimiter);
        let header = widths.first().copied().unwrap_or(1);
        (header > 1 && widths.iter().all(|&width| width == header), header)
    };
    (KNOWN.into_iter().max_by_key(rank).unwrap_or(b','), 0)
}

/// The delimiter of a first line `sep=;`, quoted or not, and where the next line begins.
fn said(start: &[u8]) -> Option<(u8, usize)> {
    let end = start.iter().position(|&byte| byte == b'\n' || byte == b'\r')?;
    let line = start[..end].trim_ascii_end();
    let line = if line.eq_ignore_ascii_case(b"sep=") { &start[..end] } else { line };
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    let after = if start[end..].starts_with(b"\r\n") { end + 2 } else { end + 1 };
    match line {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] if usable(*delimiter) => Some((*delimiter, after)),
        _ => None,
    }
}

/// Returns `true` if a byte can stand between cells.
pub(super) fn usable(delimiter: u8) -> bool {
    delimiter == b'\t' || delimiter.is_ascii_punctuation() && delimiter != b'"' || delimiter == b' '
}

/// Number of cells in each record of a beginning. The last record may not be whole and is left out unless it is alone.
fn widths(start: &[u8], delimiter: u8) -> Vec<usize> {
    /// The position of a byte in a cell.
    enum At {
        Start,
        Plain,
        Quoted,
        /// Behind a quote that closes the cell, or is the first of two.
        Closed,
    }
    let (mut widths, mut width, mut at, mut blank) = (Vec::new(), 1, At::Start, true);
    for &byte in start {
        at = match (at, byte) {
            (At::Quoted, b'"') => At::Closed,
            (At::Quoted, _) => At::Quoted,
            (At::Start | At::Closed, b'"') => At::Quoted,
            (_, b'\n' | b'\r') => {
                widths.extend((!blank).then_some(width));
                (width, blank) = (1, true);
                At::Start
            }
            (_, byte) if byte == delimiter => {
                (width, blank) = (width + 1, false);
                At::Start
            }
            _ => At::Plain,
        };
        blank &= matches!(at, At::Start) && matches!(byte, b'\n' | b'\r');
    }
    if widths.is_empty() {
        widths.push(width);
    }
    widths
}

/// The delimiter in words.
pub(super) fn in_words(delimiter: u8) -> String {
    match delimiter {
        b',' => "commas".to_owned(),
        b';' => "semicolons".to_owned(),
        b'\t' => "tabs".to_owned(),
        b'|' => "vertical bars".to_owned(),
        b' ' => "spaces".to_owned(),
        other => format!("{:?}", char::from(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_counted_outside_quotes_and_by_whole_records() {
        for (start, delimiter) in [
            ("id;person;last;\"Note (a, b, c, d)\"\na1;1;Abel;x\n", b';'),
            // The header alone says comma, its records say semicolon.
            ("id;last;Note (a, b, c, d)\na1;Abel;x\na2;Brook;y\n", b';'),
            ("id|last|first, middle\n1|Abel|Ada, B\n", b'|'),
            ("id\tlast\tborn;at\n1\tAbel\tx\n", b'\t'),
            ("id,last\n1,\"O;B;C\"\n", b','),
            ("\"a;b;c\"\"d;e\",x,y\n", b','),
            ("\"id\n;;;\",last\n1,x\n", b','),
            ("id;last\r\n1;x\r\n", b';'),
            // A record that lacks a cell does not hide what the others show.
            ("id,last,a;b\n1,x\n2,y,z\n", b','),
            ("id", b','),
            ("", b','),
        ] {
            assert_eq!(told(start.as_bytes()), (delimiter, 0), "{start:?}");
        }
    }

    #[test]
    fn a_first_line_may_say_the_delimiter() {
        assert_eq!(told(b"sep=;\na,b;c\n"), (b';', 6));
        assert_eq!(told(b"\"sep=|\"\r\na;b\n"), (b'|', 9));
        assert_eq!(told(b"SEP=\t\na,b\tc\n"), (b'\t', 6));
        // A column may be called so.
        assert_eq!(told(b"sep=x,a\n1,2\n"), (b',', 0));
        assert_eq!(told(b"sep=a\n"), (b',', 0));
    }
}
