//! Markup that cannot be broken by what is put into it: only text that stands in the source is taken as markup, and
//! whatever comes from a run, a scenario or a file is escaped.

use serde::Serialize;
use std::fmt::Display;

/// A piece of HTML in the making.
#[derive(Clone, Debug, Default)]
pub struct Html(String);

/// The head of a column of a table.
#[derive(Clone, Copy)]
pub enum Head<'t> {
    /// Of text.
    Text(&'t str),
    /// Of numbers.
    Number(&'t str),
    /// Of bars, under no words.
    Chart,
}

impl Html {
    /// Nothing yet.
    pub fn new() -> Html {
        Html::default()
    }

    /// A piece of one [`Html::put`].
    pub fn of(markup: &'static str, values: &[&dyn Display]) -> Html {
        let mut html = Html::new();
        html.put(markup, values);
        html
    }

    /// Adds markup; each `{}` in it stands for the next of `values`, escaped. As many as there are values, no more.
    pub fn put(&mut self, markup: &'static str, values: &[&dyn Display]) {
        let mut pieces = markup.split("{}");
        debug_assert_eq!(markup.matches("{}").count(), values.len(), "{markup}");
        self.0.push_str(pieces.next().unwrap_or(""));
        for (piece, value) in pieces.zip(values) {
            self.text(&value.to_string());
            self.0.push_str(piece);
        }
    }

    /// Adds markup as it stands, braces and all: a style sheet or a script.
    pub fn literal(&mut self, markup: &'static str) {
        self.0.push_str(markup);
    }

    /// Adds text.
    pub fn text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                _ => self.0.push(c),
            }
        }
    }

    /// Adds another piece.
    pub fn add(&mut self, other: &Html) {
        self.0.push_str(&other.0);
    }

    /// Adds data for the scripts of the page, in an element that runs nothing and that no text in it can end.
    pub fn data(&mut self, id: &'static str, value: &impl Serialize) {
        self.put("<script type=\"application/json\" id=\"{}\">", &[&id]);
        let text = serde_json::to_string(value).expect("plain values can be written");
        self.0.push_str(&text.replace('<', "\\u003c"));
        self.literal("</script>\n");
    }

    /// Opens a table that scrolls where it is too wide, up to its first row.
    pub fn table(&mut self, label: &str, class: &'static str, caption: &str, heads: &[Head<'_>]) {
        self.put("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"{}\">", &[&label]);
        match class {
            "" => self.literal("<table>"),
            class => self.put("<table class=\"{}\">", &[&class]),
        }
        self.put("\n<caption>{}</caption>\n<thead><tr>", &[&caption]);
        for head in heads {
            match head {
                Head::Text(title) => self.put("<th scope=\"col\">{}</th>", &[title]),
                Head::Number(title) => self.put("<th scope=\"col\" class=\"n\">{}</th>", &[title]),
                Head::Chart => self.literal("<td class=\"chart\"></td>"),
            }
        }
        self.literal("</tr></thead>\n<tbody>\n");
    }

    /// Returns `true` if nothing was put in.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The markup.
    pub fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn whatever_is_put_into_markup_stays_text() {
        let hostile = "</script><script>alert(1)</script>\" onload='x' & Ōe {}";
        let mut html = Html::of("<p title=\"{}\">{}</p>", &[&hostile, &7]);
        html.data("d", &json!({ "a": hostile }));
        let text = html.into_string();
        assert!(text.contains("&lt;/script&gt;") && text.contains("&quot; onload=&#39;x&#39; &amp; Ōe {}"), "{text}");
        assert_eq!((text.matches("<script").count(), text.matches("</script>").count()), (1, 1));
        let data = text.split("id=\"d\">").nth(1).and_then(|rest| rest.split("</script>").next()).unwrap();
        assert_eq!(serde_json::from_str::<Value>(data).unwrap()["a"], hostile);
    }
}
