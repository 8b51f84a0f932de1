//! The pages of the teaching kit: figures put in place, and worksheets and slides as HTML.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, TextMergeStream, html};
use std::collections::BTreeMap;

/// A page that is printed or shown.
#[derive(Clone, Copy)]
pub struct Sheet {
    /// The page that it is made of.
    pub of: &'static str,
    /// The name of its file.
    pub file: &'static str,
    /// The form that the page takes.
    pub kind: Kind,
    /// The track whose parts it has.
    pub track: Track,
}

/// Every page that is printed or shown.
pub const SHEETS: [Sheet; 4] = [
    Sheet { of: "worksheets.md", file: "worksheets.html", kind: Kind::Worksheet, track: Track::Main },
    Sheet { of: "worksheets.md", file: "worksheets-library.html", kind: Kind::Worksheet, track: Track::Library },
    Sheet { of: "slides.md", file: "slides.html", kind: Kind::Slides, track: Track::Main },
    Sheet { of: "slides.md", file: "slides-library.html", kind: Kind::Slides, track: Track::Library },
];

/// A track of the lesson: a class takes one of them throughout.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Track {
    /// The lesson as it is planned.
    Main,
    /// The lesson in which little is at stake.
    Library,
}

/// The form that a page takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A page to be filled in, on a screen or on paper.
    Worksheet,
    /// A section for each slide.
    Slides,
}

/// The page with its figures: what stands between `<!--KEY-->` and `<!--/-->` is the text of that key. A table is put
/// between two such lines.
pub fn filled(text: &str, texts: &BTreeMap<String, String>) -> Result<String, String> {
    const CLOSE: &str = "<!--/-->";
    let (mut out, mut rest) = (String::new(), text);
    while let Some(start) = rest.find("<!--") {
        let Some(length) = rest[start..].find("-->") else { break };
        let (key, after) = (&rest[start + 4..start + length], start + length + 3);
        out += &rest[..after];
        rest = &rest[after..];
        if !key.contains('.') || key.contains(char::is_whitespace) {
            continue;
        }
        // A comment at the start of a line makes the whole line HTML, in which no Markdown is read.
        let start = out.rfind('\n').map_or(0, |at| at + 1);
        let alone = rest.starts_with('\n');
        let begins = out[start..out.len() - key.len() - 7].trim_start_matches(['-', '*', '>', '.', ' ']).is_empty();
        if begins && !alone {
            return Err(format!("<!--{key}--> begins a line; put a word before it"));
        }
        let value = texts.get(key).ok_or_else(|| format!("<!--{key}-->: there is no such figure"))?;
        let end = rest.find(CLOSE).ok_or_else(|| format!("<!--{key}--> is not closed by {CLOSE}"))?;
        out += value;
        out += CLOSE;
        rest = &rest[end + CLOSE.len()..];
    }
    Ok(out + rest)
}

/// The parts of a page for a track. A line `<!-- main track -->` or `<!-- library track -->` begins a part for that track
/// alone, and `<!-- both tracks -->` ends it.
pub fn of_track(text: &str, track: Track) -> String {
    let mut kept = true;
    let parts = text.split_inclusive('\n').filter(|line| {
        match line.trim() {
            "<!-- main track -->" => kept = track == Track::Main,
            "<!-- library track -->" => kept = track == Track::Library,
            "<!-- both tracks -->" => kept = true,
            _ => return kept,
        }
        false
    });
    parts.collect()
}

/// The page of a sheet as HTML, complete in one file.
pub fn sheet_of(text: &str, sheet: Sheet) -> String {
    as_html(&of_track(text, sheet.track), sheet.kind)
}

/// A page as HTML, complete in one file.
pub fn as_html(text: &str, kind: Kind) -> String {
    let title = text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or("Namesake");
    let parser = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS);
    let events = without_comments(TextMergeStream::new(parser).collect());
    let mut body = String::new();
    match kind {
        Kind::Worksheet => html::push_html(&mut body, fields(events).into_iter()),
        Kind::Slides => html::push_html(&mut body, slides(events).into_iter()),
    }
    let (style, class) = match kind {
        Kind::Worksheet => (include_str!("worksheet.css"), "worksheet"),
        Kind::Slides => (include_str!("slides.css"), "slides"),
    };
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n<style>\n{style}</style>\n</head>\n\
         <body class=\"{class}\">\n<main>\n{body}</main>\n</body>\n</html>\n"
    )
}

/// Comments mark figures in the source and are of no use to a reader.
fn without_comments(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let comment = |text: &CowStr<'_>| text.trim_start().starts_with("<!--");
    let kept = events.into_iter().filter(|event| !matches!(event, Event::Html(t) | Event::InlineHtml(t) if comment(t)));
    TextMergeStream::new(kept).collect()
}

/// Fields to fill in: `____` becomes a line, a rule becomes room for sentences, `[ ]` a box to tick.
fn fields(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut out = Vec::new();
    // What stands before a field names it for those who cannot see it.
    let (mut label, mut boxed) = (String::new(), false);
    for event in events {
        match event {
            Event::Text(text) => {
                let mut rest: &str = &text;
                while let Some(start) = rest.find("____") {
                    let line = rest[start..].chars().take_while(|c| *c == '_').count();
                    label += &rest[..start];
                    out.push(Event::Text(rest[..start].to_string().into()));
                    let field = format!("<input type=\"text\" size=\"{line}\" aria-label=\"{}\">", attribute(&label));
                    out.push(Event::InlineHtml(field.into()));
                    rest = &rest[start + line..];
                }
                label += rest;
                out.push(Event::Text(rest.to_string().into()));
            }
            Event::Rule => {
                let field = format!("<textarea rows=\"4\" aria-label=\"{}\"></textarea>\n", attribute(&label));
                out.push(Event::Html(field.into()));
            }
            Event::TaskListMarker(_) => {
                boxed = true;
                out.push(Event::InlineHtml("<label><input type=\"checkbox\"> ".into()));
            }
            Event::End(TagEnd::Item) => {
                if std::mem::take(&mut boxed) {
                    out.push(Event::InlineHtml("</label>".into()));
                }
                out.push(Event::End(TagEnd::Item));
            }
            Event::Start(Tag::Paragraph | Tag::Item | Tag::Heading { .. } | Tag::TableCell) => {
                label.clear();
                out.push(event);
            }
            other => out.push(other),
        }
    }
    out
}

/// The last words before a field, as the text of an attribute.
fn attribute(label: &str) -> String {
    let words = label.trim().trim_end_matches(':');
    let skip = words.chars().count().saturating_sub(120);
    let text: String = words.chars().skip(skip).collect();
    let text = if text.is_empty() { "Your answer".to_string() } else { text };
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

/// Slides, parted by rules.
fn slides(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut out = vec![Event::Html("<section>\n".into())];
    out.extend(events.into_iter().map(|event| match event {
        Event::Rule => Event::Html("</section>\n<section>\n".into()),
        other => other,
    }));
    out.push(Event::Html("</section>\n".into()));
    out
}
