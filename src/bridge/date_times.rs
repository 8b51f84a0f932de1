//! Times of day and zones in dates: [`without_time`], [`without_inner_time`].

use super::date_words::ZONES;

/// Returns `true` if a text is digits and nothing else.
pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The length of what stands before a time of day or a zone, where the text ends in one.
pub(super) fn without_time(text: &str) -> Option<usize> {
    before_time(text)
        .or_else(|| without_zone(text))
        .or_else(|| without_dotted_time(text))
        .or_else(|| without_lettered_time(text))
}

/// The length of what stands before a time of day with colons: `1980-05-17T00:00:00.000+02:00`,
/// `5/17/80 0:00`, `05/17/1980 12:00:00 AM`, `17MAY1980:00:00:00`.
fn before_time(text: &str) -> Option<usize> {
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

/// The length of what stands before a time of day with full stops, as Oracle writes it: `05-MAR-56 12.00.00.000 AM`.
fn without_dotted_time(text: &str) -> Option<usize> {
    // Most dates have neither two blanks nor two full stops behind one.
    let stops = |text: &str| text.bytes().filter(|byte| *byte == b'.').count();
    let is_dotted = |date: &str, time: &str| {
        let clock = time.split(' ').next().unwrap_or_default();
        match stops(time) {
            0 => false,
            // Of hours and minutes alone the date has to be whole: 17.05.1980 12.30, 17. 5. 1980 12.30 Uhr.
            _ if stops(clock) == 1 && clock.len() <= "12.30".len() => is_whole(date),
            1 => false,
            _ => true,
        }
    };
    let (place, _) = text.match_indices(' ').find(|(place, _)| {
        let (date, time) = (&text[..*place], &text[place + 1..]);
        date.bytes().any(|byte| byte.is_ascii_digit()) && is_dotted(date, time) && is_time(&time.replacen('.', ":", 2))
    })?;
    Some(text[..place].trim_end_matches([',', ' ']).len())
}

/// Returns `true` for a day, a month and a year, perhaps with a day of the week or words between them.
fn is_whole(date: &str) -> bool {
    let mut parts = date.split(['.', '/', '-', ' ', ',']).filter(|part| !part.is_empty());
    let numbers = parts.clone().filter(|part| is_digits(part)).count();
    (3..=6).contains(&parts.clone().count()) && (2..=3).contains(&numbers) && parts.next_back().is_some_and(is_digits)
}

/// The length of what stands before hours and minutes with an `h` between them, as French has it: `17/05/1980 12h30`.
fn without_lettered_time(text: &str) -> Option<usize> {
    let (date, time) = text.rsplit_once(' ')?;
    let (hours, minutes) = time.split_once(['h', 'H'])?;
    let minutes = if minutes.is_empty() { "00" } else { minutes };
    let date = date.trim_end_matches([',', ' ']);
    (is_whole(date) && is_time(&format!("{hours}:{minutes}"))).then_some(date.len())
}

/// The length of a date that the word for a year follows, in Russian, Ukrainian or Polish: `17.05.1980 г.`.
pub(super) fn without_year_word(text: &str) -> Option<usize> {
    const YEARS: [&str; 7] = ["г.", "г", "года", "р.", "року", "r.", "roku"];
    let date = YEARS.iter().find_map(|word| text.strip_suffix(word))?.trim_end();
    let year = date.len() - date.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    (year == 4).then_some(date.len())
}

/// The date without a time of day that stands before the year, as Unix and Java write it: `Mon Mar  5 00:00:00 CET 1956`.
pub(super) fn without_inner_time(text: &str) -> Option<String> {
    let colon = text.find(':')?;
    let (start, end) = (text[..colon].rfind(' ')?, text.rfind(' ')?);
    let year = &text[end + 1..];
    let is_date = start < end && year.len() == 4 && is_digits(year) && is_time(&text[start + 1..end]);
    is_date.then(|| format!("{} {year}", text[..start].trim_end()))
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
    // JavaScript writes the name of the zone behind its offset: GMT+0100 (CET).
    let rest = rest.trim();
    let rest = rest.strip_suffix(')').and_then(|rest| rest.split_once(" (")).map_or(rest, |(offset, _)| offset);
    let rest = rest.to_ascii_uppercase();
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
