//! Rust sources as tokens: words and signs without comments and literals, and the paths that they make.

use crate::support::root;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(super) struct Violation {
    pub(super) path: PathBuf,
    pub(super) line: usize,
    pub(super) what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path.display(), self.line, self.what)
    }
}

/// The Rust files below a folder of the package, children included.
pub(super) fn sources(folder: &str) -> Vec<Source> {
    fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                walk(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    let mut files = Vec::new();
    walk(&root().join(folder), &mut files);
    files.sort();
    assert!(folder != "src" || !files.is_empty(), "no sources in {}", root().display());
    files.iter().map(|path| Source::read(path)).collect()
}

pub(super) fn all_rust() -> Vec<Source> {
    ["src", "tests", "benches", "examples"].into_iter().flat_map(sources).collect()
}

/// The files under version control and those that are about to be.
pub(super) fn tracked() -> Vec<PathBuf> {
    let git = Command::new("git").args(["ls-files", "-co", "--exclude-standard"]).current_dir(root()).output();
    match git {
        Ok(output) if output.status.success() => {
            String::from_utf8(output.stdout).unwrap().lines().map(|line| root().join(line)).collect()
        }
        // An unpacked release has no git.
        _ => all_rust().into_iter().map(|file| root().join(file.path)).collect(),
    }
}

pub(super) struct Source {
    /// Relative to the package.
    pub(super) path: PathBuf,
    pub(super) text: String,
    pub(super) tokens: Vec<Token>,
}

pub(super) struct Token {
    pub(super) text: String,
    pub(super) line: usize,
    /// `true` if it stands in an item marked `#[cfg(test)]`.
    pub(super) in_test: bool,
}

/// A path as written: `std::fs`, `crate::record::Field`; a use tree gives one for each leaf.
pub(super) struct Named {
    pub(super) segments: Vec<String>,
    pub(super) line: usize,
    pub(super) in_test: bool,
    pub(super) is_macro: bool,
    /// Index of its first token.
    pub(super) start: usize,
}

impl Named {
    pub(super) fn first(&self) -> &str {
        self.segments.first().map_or("", |segment| segment.strip_prefix('$').unwrap_or(segment))
    }

    pub(super) fn second(&self) -> Option<&str> {
        self.segments.get(1).map(String::as_str)
    }
}

impl Source {
    pub(super) fn new(path: &str, text: &str) -> Source {
        let mut tokens = tokens(text);
        if path.ends_with("/tests.rs") {
            tokens.iter_mut().for_each(|token| token.in_test = true);
        } else {
            mark_tests(&mut tokens);
        }
        Source { path: path.into(), text: text.into(), tokens }
    }

    pub(super) fn read(path: &Path) -> Source {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Source::new(path.strip_prefix(root()).unwrap().to_str().unwrap(), &text)
    }

    pub(super) fn at(&self, line: usize, what: String) -> Violation {
        Violation { path: self.path.clone(), line, what }
    }

    /// The top module a file belongs to: `agency` for `src/agency.rs` and `src/agency/errors.rs`.
    pub(super) fn module(&self) -> &str {
        let part = self.path.components().nth(1).map_or("", |part| part.as_os_str().to_str().unwrap());
        part.strip_suffix(".rs").unwrap_or(part)
    }

    /// The file's own place: `[agency, errors]` for `src/agency/errors.rs`.
    pub(super) fn place(&self) -> Vec<String> {
        let parts = self.path.strip_prefix("lab").unwrap_or(&self.path).components().skip(1);
        let parts = parts.map(|part| part.as_os_str().to_str().unwrap());
        parts.map(|part| part.strip_suffix(".rs").unwrap_or(part).to_string()).filter(|part| part != "mod").collect()
    }

    /// `mod name;`, with its line.
    pub(super) fn declared_modules(&self) -> Vec<(usize, &str)> {
        let declared = self.tokens.windows(3).filter(|t| t[0].text == "mod" && t[2].text == ";");
        declared.map(|t| (t[1].line, t[1].text.as_str())).collect()
    }

    pub(super) fn paths(&self) -> Vec<Named> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            // A keyword before `::` begins no path: `use ::std::fs`.
            let keyword =
                matches!(self.tokens[at].text.as_str(), "use" | "as" | "dyn" | "impl" | "in" | "mut" | "return");
            if self.tokens[at].is_word() && !keyword {
                at = self.path_from(at, at, &[], &mut found);
            } else {
                at += 1;
            }
        }
        found
    }

    /// Reads one path, or use tree, at `at`; returns where it ends.
    fn path_from(&self, start: usize, mut at: usize, before: &[String], found: &mut Vec<Named>) -> usize {
        let text = |at: usize| self.tokens.get(at).map_or("", |token| token.text.as_str());
        let mut segments = before.to_vec();
        let mut line = self.tokens[at].line;
        while at < self.tokens.len() && (self.tokens[at].is_word() || text(at) == "*") {
            line = self.tokens[at].line;
            segments.push(text(at).to_string());
            at += 1;
            if text(at) != "::" {
                break;
            }
            at += 1;
            if text(at) == "{" {
                at += 1;
                while at < self.tokens.len() && text(at) != "}" {
                    let end = self.path_from(start, at, &segments, found);
                    at = end.max(at + 1);
                    if text(at) == "as" {
                        at += 2;
                    }
                    if text(at) == "," {
                        at += 1;
                    }
                }
                return at + 1;
            }
        }
        // A leaf `self` of a use tree names the tree itself.
        if segments.len() > 1 && segments.last().is_some_and(|last| last == "self") {
            segments.pop();
        }
        let is_macro = text(at) == "!" && text(at + 1) != "=";
        found.push(Named { segments, line, in_test: self.tokens[start].in_test, is_macro, start });
        at
    }

    /// Paths outside tests that lead to a module of the crate, with `crate`, `super` and `self` resolved.
    pub(super) fn crate_paths(&self) -> Vec<(usize, Vec<String>)> {
        let mut resolved = Vec::new();
        for path in self.paths().into_iter().filter(|path| !path.in_test) {
            let mut rest = path.segments.as_slice();
            let mut place = match path.first() {
                "crate" => {
                    rest = &rest[1..];
                    Vec::new()
                }
                "super" | "self" => [self.place(), self.inline_modules(path.start)].concat(),
                _ => continue,
            };
            while let Some((first, others)) = rest.split_first() {
                match first.as_str() {
                    "super" => drop(place.pop()),
                    "self" => {}
                    _ => break,
                }
                rest = others;
            }
            place.extend(rest.iter().cloned());
            resolved.push((path.line, place));
        }
        resolved
    }

    /// The `mod name { … }` around a token.
    fn inline_modules(&self, at: usize) -> Vec<String> {
        let mut open: Vec<Option<&str>> = Vec::new();
        for (i, token) in self.tokens[..at].iter().enumerate() {
            match token.text.as_str() {
                "{" => {
                    let named = i >= 2 && self.tokens[i - 2].text == "mod";
                    open.push(named.then(|| self.tokens[i - 1].text.as_str()));
                }
                "}" => drop(open.pop()),
                _ => {}
            }
        }
        open.into_iter().flatten().map(str::to_string).collect()
    }
}

impl Token {
    pub(super) fn is_word(&self) -> bool {
        self.text.starts_with(|c: char| c == '_' || c == '$' || c.is_alphabetic())
    }
}

/// The words and signs of a Rust source, without comments and literals.
fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let peek = |at: usize| chars.get(at).copied().unwrap_or('\0');
    let word = |c: char| c == '_' || c.is_alphanumeric();
    let (mut at, mut line) = (0, 1);
    let mut found: Vec<Token> = Vec::new();
    while at < chars.len() {
        let start = at;
        let mut kept = None;
        match chars[at] {
            '/' if peek(at + 1) == '/' => {
                while at < chars.len() && chars[at] != '\n' {
                    at += 1;
                }
            }
            '/' if peek(at + 1) == '*' => {
                let mut depth = 0;
                loop {
                    match (peek(at), peek(at + 1)) {
                        ('/', '*') => (depth, at) = (depth + 1, at + 2),
                        ('*', '/') => (depth, at) = (depth - 1, at + 2),
                        _ => at += 1,
                    }
                    if depth == 0 || at >= chars.len() {
                        break;
                    }
                }
            }
            '"' => at = end_of_string(&chars, at),
            // A character, unless it is a lifetime.
            '\'' if peek(at + 1) == '\\' => {
                at += 3;
                while at < chars.len() && chars[at] != '\'' {
                    at += 1;
                }
                at += 1;
            }
            '\'' if peek(at + 2) == '\'' => at += 3,
            '\'' => {
                at += 1;
                while word(peek(at)) {
                    at += 1;
                }
            }
            'r' | 'b' | 'c' if raw_string(&chars, at).is_some() => {
                at = raw_string(&chars, at).expect("the guard has just found one");
            }
            c if c.is_ascii_digit() => {
                while word(peek(at)) || (peek(at) == '.' && peek(at + 1).is_ascii_digit()) {
                    at += 1;
                }
                kept = Some("0".to_string());
            }
            c if word(c) || c == '$' => {
                at += 1;
                while word(peek(at)) {
                    at += 1;
                }
                kept = Some(chars[start..at].iter().collect());
            }
            ':' if peek(at + 1) == ':' => {
                at += 2;
                kept = Some("::".to_string());
            }
            c => {
                at += 1;
                kept = (!c.is_whitespace()).then(|| c.to_string());
            }
        }
        at = at.min(chars.len());
        if let Some(text) = kept {
            found.push(Token { text, line, in_test: false });
        }
        line += chars[start..at].iter().filter(|&&c| c == '\n').count();
    }
    found
}

fn end_of_string(chars: &[char], mut at: usize) -> usize {
    at += 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// The end of a literal with a prefix, `r"…"`, `br#"…"#`, `b"…"`, if one begins here.
fn raw_string(chars: &[char], mut at: usize) -> Option<usize> {
    while matches!(chars.get(at), Some('b' | 'c')) {
        at += 1;
    }
    if chars.get(at) == Some(&'"') {
        return Some(end_of_string(chars, at));
    }
    if chars.get(at) != Some(&'r') {
        return None;
    }
    let hashes = chars[at + 1..].iter().take_while(|&&c| c == '#').count();
    at += 1 + hashes;
    if chars.get(at) != Some(&'"') {
        return None;
    }
    let closing: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let end = (at + 1..chars.len()).find(|&i| chars[i..].starts_with(&closing));
    Some(end.map_or(chars.len(), |end| end + closing.len()))
}

/// Marks the items that carry `#[cfg(test)]`: up to the closing brace, or to the semicolon of one without braces.
fn mark_tests(tokens: &mut [Token]) {
    const ATTRIBUTE: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut at = 0;
    while at + ATTRIBUTE.len() <= tokens.len() {
        if !tokens[at..].iter().zip(ATTRIBUTE).all(|(token, sign)| token.text == sign) {
            at += 1;
            continue;
        }
        let (mut end, mut depth) = (at + ATTRIBUTE.len(), 0);
        while end < tokens.len() {
            match tokens[end].text.as_str() {
                "{" | "[" | "(" => depth += 1,
                "}" | "]" | ")" => depth -= 1,
                _ => {}
            }
            let closed = depth == 0 && matches!(tokens[end].text.as_str(), "}" | ";");
            end += 1;
            if closed {
                break;
            }
        }
        tokens[at..end].iter_mut().for_each(|token| token.in_test = true);
        at = end;
    }
}
