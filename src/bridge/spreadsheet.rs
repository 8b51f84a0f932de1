//! Cells that a spreadsheet marks as text: `'0031`, `="0031"`. They are read as the text [`inside`].

/// The text inside a cell that is marked as text. An apostrophe of a name is no mark: `'Abd`, `'t Zand 5`.
#[cold]
pub(super) fn inside(text: &str) -> Option<&str> {
    if let Some(formula) = text.strip_prefix("=\"") {
        return formula.strip_suffix('"').filter(|inside| !inside.contains('"')).map(str::trim);
    }
    let rest = text.strip_prefix('\'')?;
    let rest = rest.strip_suffix('\'').unwrap_or(rest).trim();
    let mut letters = rest.chars();
    let is_article =
        letters.next().is_some_and(char::is_alphabetic) && letters.next().is_some_and(|c| !c.is_alphanumeric());
    let is_marked = rest.bytes().any(|byte| byte.is_ascii_digit()) && !rest.contains('\'') && !is_article;
    is_marked.then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_inside_is_that_of_a_marked_number_and_of_no_name() {
        for (text, within) in [
            ("'0031", "0031"),
            ("'1984-05-23", "1984-05-23"),
            ("'p20", "p20"),
            ("'0031'", "0031"),
            ("' 12 Main St", "12 Main St"),
            ("=\"0031\"", "0031"),
            ("=\"Ōe\"", "Ōe"),
            ("=\"\"", ""),
        ] {
            assert_eq!(inside(text), Some(within), "{text}");
        }
        for text in [
            "'",
            "''",
            "'t Hooft",
            "'t Zand 5",
            "'s-Gravenweg 12",
            "'Abd al-Ōe",
            "O'Neil 3",
            "=",
            "=\"",
            "=1+2",
            "=\"a\"&\"b\"",
            "''31",
            "'a'3'",
            "",
        ] {
            assert_eq!(inside(text), None, "{text}");
        }
    }
}
