//! Hints in error messages: the name that was probably meant, and what a TOML reader says in plain words.

use std::iter;

/// The most keys that a message names.
pub(super) const NAMED: usize = 3;

/// `; did you mean "x"?` for the name most like a wrong one, or for several that are equally like it; or nothing. A key
/// with dots is known by its last parts too.
pub fn did_you_mean<'n>(wrong: &str, names: impl Iterator<Item = &'n str>) -> String {
    let likeness = |name: &'n str| {
        let tails = iter::successors(Some(name), |tail| tail.split_once('.').map(|(_, rest)| rest));
        tails.map(|tail| strsim::jaro_winkler(wrong, tail)).fold(0.0, f64::max)
    };
    let names = names.filter(|name| *name != wrong).map(|name| (likeness(name), name));
    let alike: Vec<(f64, &str)> = names.filter(|(likeness, _)| *likeness >= 0.75).collect();
    let most = alike.iter().map(|(likeness, _)| *likeness).fold(0.0, f64::max);
    let nearest = alike.iter().filter(|(likeness, _)| *likeness == most).take(NAMED);
    let nearest: Vec<String> = nearest.map(|(_, name)| format!("\"{name}\"")).collect();
    if nearest.is_empty() { String::new() } else { format!("; did you mean {}?", nearest.join(" or ")) }
}

/// "; did you mean …?" and all names, or "; there are …" where none is near.
pub(super) fn hint_or_all<'n>(wrong: &str, names: impl Iterator<Item = &'n str> + Clone) -> String {
    let (hint, all) = (did_you_mean(wrong, names.clone()), names.collect::<Vec<_>>().join(", "));
    if hint.is_empty() { format!("; there are {all}") } else { format!("{hint} There are {all}") }
}

/// A TOML error with its line, and for an unknown key the nearest known one.
pub(super) fn explained(error: &toml::de::Error) -> String {
    // The first lines show where; a line may be as long as the file.
    let place: Vec<String> = error.to_string().lines().take(4).map(|line| line.chars().take(160).collect()).collect();
    format!("{}\n{}", suggested(error.message()), place.join("\n"))
}

/// An error in a document that was put together, with the key it is about: its lines are nobody's.
pub(super) fn located(text: &str, error: &toml::de::Error) -> String {
    let at = error.span().map_or(0, |span| span.start);
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let said = text[line..].lines().next().unwrap_or_default();
    let (before, key) = match said.split_once('=') {
        Some((key, _)) if !said.starts_with('[') => (&text[..line], key.trim()),
        _ => (&text[..line + said.len()], ""),
    };
    let section = before.lines().rfind(|line| line.starts_with('[')).unwrap_or_default();
    let path = [section.trim_matches(['[', ']']), key].into_iter().filter(|part| !["", "value"].contains(part));
    let path = path.collect::<Vec<_>>().join(".");
    // What is missing is missing of everything that follows.
    let message = suggested(error.message());
    if path.is_empty() || message.starts_with("missing") { message } else { format!("{path}: {message}") }
}

/// Adds the nearest known name to "unknown field `x`, expected one of `y`, `z`", and says it in plain words.
fn suggested(message: &str) -> String {
    let message = in_plain_words(message.trim());
    let Some((unknown, known)) = message.split_once(", expected") else { return message };
    let quoted = |text: &str| text.split('`').skip(1).step_by(2).map(str::to_string).collect::<Vec<_>>();
    let hint = quoted(unknown)
        .first()
        .map_or_else(String::new, |wrong| did_you_mean(wrong, quoted(known).iter().map(String::as_str)));
    format!("{message}{hint}")
}

/// The words of the TOML reader, each with the word a scenario's author uses. A name of a type that follows goes with
/// it.
const WORDS: [(&str, &str, bool); 19] = [
    ("unknown field", "unknown key", false),
    ("missing field", "missing key", false),
    ("duplicate field", "twice the key", false),
    ("unknown variant", "unknown word", false),
    ("invalid type: ", "a value of another kind: ", false),
    ("invalid value: ", "a value that cannot be: ", false),
    (": floating point ", ": ", false),
    (": integer ", ": ", false),
    (": boolean ", ": ", false),
    (": string ", ": the text ", false),
    (": sequence", ": a list", false),
    (": map", ": a section", false),
    ("expected struct ", "expected a section", true),
    ("expected internally tagged enum ", "expected a section", true),
    ("expected enum ", "expected a word in quotes", true),
    ("expected a sequence", "expected a list", false),
    ("expected a map", "expected a section", false),
    ("expected a string", "expected a text in quotes", false),
    ("expected a boolean", "expected true or false", false),
];

/// Rust's names of numbers.
const NUMBERS: [(&str, &str); 6] = [
    ("expected u8", "expected a whole number from 0 to 255"),
    ("expected u32", "expected a whole number from 0 up"),
    ("expected u64", "expected a whole number from 0 up"),
    ("expected usize", "expected a whole number from 0 up"),
    ("expected i64", "expected a whole number"),
    ("expected f64", "expected a number"),
];

/// A message of the reader of TOML without the names of types.
fn in_plain_words(message: &str) -> String {
    let mut plain = message.to_string();
    for (theirs, ours, names_a_type) in WORDS {
        let Some(at) = plain.find(theirs) else { continue };
        let end = at + theirs.len();
        let name = if names_a_type { plain[end..].find(|c: char| !c.is_alphanumeric()) } else { Some(0) };
        let end = name.map_or(plain.len(), |length| end + length);
        plain.replace_range(at..end, ours);
    }
    NUMBERS.iter().fold(plain, |plain, (theirs, ours)| plain.replace(theirs, ours))
}
