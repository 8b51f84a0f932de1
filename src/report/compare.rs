//! Two strings side by side: every similarity and phonetic code, as JSON and as a table.

use super::written::Text;
use crate::experiment::normal_name;
use crate::linkage::comparison::phonetic::codes;
use crate::linkage::comparison::text::similarities;
use crate::results::json_text;
use indexmap::IndexMap;
use serde::Serialize;

/// The comparison as JSON holds it.
#[derive(Serialize)]
struct Compared<'t> {
    a: &'t str,
    b: &'t str,
    forms: IndexMap<&'t str, Form<'t>>,
    similarities: IndexMap<&'t str, f64>,
    codes: IndexMap<&'t str, [&'t str; 2]>,
}

/// Both strings in one form.
#[derive(Serialize)]
struct Form<'t> {
    a: &'t str,
    b: &'t str,
    same: bool,
}

/// The comparison of two strings as JSON and as a table: whether they are the same as recorded and in normal form, and
/// every similarity and code of them as recorded.
pub fn compare(a: &str, b: &str) -> (String, String) {
    let similarities = similarities(a, b);
    let codes: Vec<(&str, String, String)> =
        codes(a).into_iter().zip(codes(b)).map(|((name, of_a), (_, of_b))| (name, of_a, of_b)).collect();
    let forms = [("as recorded", a.to_string(), b.to_string()), ("normal form", normal_name(a), normal_name(b))];
    let json = json_text(&Compared {
        a,
        b,
        forms: forms.iter().map(|(name, a, b)| (*name, Form { a, b, same: a == b })).collect(),
        similarities: similarities.iter().copied().collect(),
        codes: codes.iter().map(|(name, a, b)| (*name, [a.as_str(), b])).collect(),
    });
    let mut text = Text::default();
    for (name, a, b) in forms {
        let verdict = if a == b { "same" } else { "differs" };
        writeln!(text, "{name:<36}{verdict:<12}{a}  |  {b}");
    }
    for (name, value) in similarities {
        let shown =
            if value.fract() == 0.0 && name.ends_with("distance") { format!("{value}") } else { format!("{value:.4}") };
        writeln!(text, "{name:<36}{shown}");
    }
    for (name, a, b) in codes {
        let same = if a == b && !a.is_empty() { "same" } else { "" };
        writeln!(text, "{name:<36}{a:<12}  {b:<12}  {same}");
    }
    (json, text.trimmed())
}
