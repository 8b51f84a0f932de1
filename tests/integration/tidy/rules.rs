//! The rules of the source tree. Each reads one file, or the files of a module, and returns what breaks it.

use super::source::{Source, Violation};
use super::{HOUSE_WORDS, IMPORTS, OUTSIDE_THE_CORE, PARTIAL};

pub(super) fn imports(file: &Source) -> Vec<Violation> {
    let module = file.module();
    let mut found = Vec::new();
    if matches!(module, "main" | "cli") {
        for path in file.paths().iter().filter(|path| !path.in_test) {
            if path.first() == "crate" && path.second() != Some("cli") {
                found.push(file.at(path.line, format!("{module} uses the public API only, as namesake::…")));
            }
        }
        for (line, name) in file.declared_modules() {
            if module == "main" && name != "cli" {
                found.push(file.at(line, format!("mod {name} belongs to the library")));
            }
        }
        return found;
    }
    if module == "lib" {
        return found;
    }
    let Some((own, allowed)) = row(&file.place()) else {
        return vec![file.at(1, format!("{module} is not in the table of modules"))];
    };
    for (line, path) in file.crate_paths() {
        let target = row(&path).map_or(path.first().map_or("", String::as_str), |(name, _)| name);
        if target == *own {
            continue;
        }
        if !allowed.iter().any(|name| lies_in(target, name)) {
            found.push(file.at(line, format!("{own} may not import {target}")));
            continue;
        }
        let partial = PARTIAL.iter().find(|(from, to, _)| (*from, *to) == (module, target));
        if let Some((_, _, items)) = partial {
            let item = path.get(target.split("::").count()).map_or("all of it", String::as_str);
            if !items.contains(&item) {
                found.push(file.at(line, format!("{module} may import of {target} only {items:?}, not {item}")));
            }
        }
    }
    found
}

/// The permissions of the table that a file uses: its row, and what it may import there.
pub(super) fn permissions(file: &Source) -> Vec<(&'static str, &'static str)> {
    let Some((own, allowed)) = row(&file.place()) else { return Vec::new() };
    let used = |(_, path): (usize, Vec<String>)| {
        let target = row(&path).map(|(name, _)| *name).filter(|target| target != own)?;
        Some((*own, *allowed.iter().filter(|name| lies_in(target, name)).max_by_key(|name| name.len())?))
    };
    file.crate_paths().into_iter().filter_map(used).collect()
}

/// The most specific row of the table for a module.
fn row(place: &[String]) -> Option<&'static (&'static str, &'static [&'static str])> {
    let path = place.join("::");
    IMPORTS.iter().filter(|(name, _)| lies_in(&path, name)).max_by_key(|(name, _)| name.len())
}

fn lies_in(path: &str, module: &str) -> bool {
    path.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// Imports of a child module from one that its parent declares below it, or from the parent itself.
pub(super) fn upward(module: &str, files: &[Source]) -> Vec<Violation> {
    let whole: Vec<&str> = module.split("::").collect();
    let parent = files.iter().find(|file| file.place() == whole).expect("the module has a file");
    let children: Vec<&str> = parent.declared_modules().into_iter().map(|(_, name)| name).collect();
    let position = |name: &str| children.iter().position(|child| *child == name);
    // The child of the module that a place or a path lies in.
    let child_of = |path: &[String]| {
        let within = path.len() > whole.len() && path.iter().zip(&whole).all(|(part, name)| part == name);
        within.then(|| path[whole.len()].clone())
    };
    let mut found = Vec::new();
    for file in files {
        let Some(child) = child_of(&file.place()) else { continue };
        let Some(own) = position(&child) else { continue };
        for (line, path) in file.crate_paths() {
            let Some(target) = child_of(&path).filter(|target| *target != child) else { continue };
            match position(&target) {
                Some(at) if at < own => {}
                Some(_) => found.push(file.at(line, format!("{child} imports {target}, which is declared below it"))),
                None => found.push(file.at(line, format!("{child} imports {target} from {module} itself"))),
            }
        }
    }
    found
}

/// Modules of one parent that import each other in a circle, straight or through names that the parent hands on.
pub(super) fn circles(parent: &Source, files: &[Source]) -> Vec<Violation> {
    let whole = match parent.place() {
        place if place == ["lib"] => Vec::new(),
        place => place,
    };
    let children: Vec<&str> = parent.declared_modules().into_iter().map(|(_, name)| name).collect();
    // What stands behind the parent's own path.
    let below = |path: &[String]| {
        let rest = path.strip_prefix(&whole[..]).filter(|rest| !rest.is_empty());
        rest.map(<[String]>::to_vec)
    };
    // Names that the parent hands on, each with the child that has it.
    let uses = parent.paths().into_iter().filter(|path| path.start > 0 && parent.tokens[path.start - 1].text == "use");
    let handed_on: Vec<(String, String)> = uses
        .filter(|path| children.contains(&path.first()))
        .filter_map(|path| Some((path.segments.last()?.clone(), path.segments.first()?.clone())))
        .collect();
    let child_of = |path: &[String]| {
        let first = below(path)?.swap_remove(0);
        let by_name = || handed_on.iter().find(|(name, _)| *name == first).map(|(_, child)| child.clone());
        if children.contains(&first.as_str()) { Some(first) } else { by_name() }
    };
    let mut imports: Vec<(String, String, &Source, usize)> = Vec::new();
    for file in files {
        let Some(child) = below(&file.place()).map(|mut place| place.swap_remove(0)) else { continue };
        if !children.contains(&child.as_str()) {
            continue;
        }
        for (line, path) in file.crate_paths() {
            if let Some(target) = child_of(&path).filter(|target| *target != child) {
                imports.push((child.clone(), target, file, line));
            }
        }
    }
    let leads_back = |from: &str, to: &str| {
        let (mut seen, mut next) = (Vec::new(), vec![from]);
        while let Some(at) = next.pop() {
            if at == to {
                return true;
            }
            if !seen.contains(&at) {
                seen.push(at);
                next.extend(imports.iter().filter(|(child, ..)| child == at).map(|(_, target, ..)| target.as_str()));
            }
        }
        false
    };
    let circle = |(child, target, ..): &&(String, String, &Source, usize)| leads_back(target, child);
    let said = |(child, target, file, line): &(String, String, &Source, usize)| {
        file.at(*line, format!("{child} imports {target}, which leads back to {child}"))
    };
    imports.iter().filter(circle).map(said).collect()
}

pub(super) fn header(file: &Source) -> Vec<Violation> {
    let first = file.text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    if first.strip_prefix("//!").is_some_and(|words| !words.trim().is_empty()) {
        Vec::new()
    } else {
        vec![file.at(1, "the file does not begin with a //! line".into())]
    }
}

/// Blocks of documentation that open with a question word, alone or behind a preposition: "What it is", "Of whom".
pub(super) fn openings(file: &Source) -> Vec<Violation> {
    const ASKING: [&str; 10] = ["what", "how", "whether", "who", "whom", "whose", "which", "where", "when", "why"];
    const BEFORE: [&str; 13] =
        ["of", "by", "to", "from", "in", "at", "for", "with", "on", "under", "over", "below", "above"];
    let documents = |line: &str| {
        let line = line.trim_start();
        ["///", "//!"].into_iter().find(|mark| line.starts_with(mark) && !line.starts_with("////"))
    };
    let mut found = Vec::new();
    let mut before = None;
    for (number, line) in file.text.lines().enumerate() {
        let mark = documents(line);
        if let Some(mark) = mark.filter(|_| mark != before) {
            let text = line.trim_start().trim_start_matches(mark).to_lowercase();
            let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
            let first = words.next().unwrap_or_default();
            let asks = |word: &str| ASKING.contains(&word);
            if asks(first) || (BEFORE.contains(&first) && asks(words.next().unwrap_or_default())) {
                found.push(file.at(number + 1, "a doc comment opens with a noun phrase or a verb".into()));
            }
        }
        before = mark;
    }
    found
}

/// Words made in this house, where the field or plain English has its own.
pub(super) fn house_words(path: &str, text: &str) -> Vec<Violation> {
    let mut found = Vec::new();
    // The list itself has them.
    let lines = text.lines().enumerate().filter(|(_, line)| path != "CONTRIBUTING.md" || !line.starts_with('|'));
    for (number, line) in lines {
        let line = line.to_lowercase();
        for (word, standard) in HOUSE_WORDS.iter().filter(|(word, _)| line.contains(word)) {
            found.push(Violation { path: path.into(), line: number + 1, what: format!("{word}: write {standard}") });
        }
    }
    found
}

pub(super) fn promises(file: &Source) -> Vec<Violation> {
    ["#![forbid(unsafe_code)]", "#![deny(missing_docs)]"]
        .into_iter()
        .filter(|promise| !file.text.lines().any(|line| line.trim() == *promise))
        .map(|promise| file.at(1, format!("{promise} is missing")))
        .collect()
}

pub(super) fn speech(file: &Source) -> Vec<Violation> {
    const MACROS: [&str; 5] = ["println", "eprintln", "print", "eprint", "dbg"];
    const OF_STD: [&str; 6] = ["fs", "time", "thread", "env", "process", "net"];
    const ANYWHERE: [&str; 5] = ["HashMap", "HashSet", "RandomState", "SystemTime", "Instant"];
    let module = file.module();
    if OUTSIDE_THE_CORE.contains(&module) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for path in file.paths().iter().filter(|path| !path.in_test) {
        let last = path.segments.last().map_or("", String::as_str);
        let of_std = path.first() == "std" && path.second().is_some_and(|second| OF_STD.contains(&second));
        let bridge_reads = module == "bridge" && path.second() == Some("fs");
        let named = path.segments.iter().any(|segment| ANYWHERE.contains(&segment.as_str()));
        if (path.is_macro && MACROS.contains(&last)) || (of_std && !bridge_reads) || named {
            found.push(file.at(path.line, format!("{} below report", path.segments.join("::"))));
        }
    }
    found
}

pub(super) fn transcendental(file: &Source) -> Vec<Violation> {
    const NAMES: [&str; 27] = [
        "ln", "ln_1p", "log", "log2", "log10", "exp", "exp2", "exp_m1", "powf", "powi", "sin", "cos", "tan", "asin",
        "acos", "atan", "atan2", "sin_cos", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "cbrt", "hypot",
        "gamma",
    ];
    let mut found = Vec::new();
    for window in file.tokens.windows(3) {
        let [before, name, after] = window else { continue };
        let method = before.text == "." && after.text == "(";
        if method && NAMES.contains(&name.text.as_str()) {
            found.push(file.at(name.line, format!(".{}() differs between machines; use libm", name.text)));
        }
        if matches!(before.text.as_str(), "f64" | "f32") && name.text == "::" && NAMES.contains(&after.text.as_str()) {
            found.push(file.at(after.line, format!("{}::{} differs between machines", before.text, after.text)));
        }
    }
    found
}

pub(super) fn unwraps(file: &Source) -> Vec<Violation> {
    let named = file.tokens.windows(2).filter(|pair| pair[1].text == "unwrap" && !pair[1].in_test);
    named
        .filter(|pair| matches!(pair[0].text.as_str(), "." | "::"))
        .map(|pair| file.at(pair[1].line, "unwrap outside tests; `expect` can say why it holds".into()))
        .collect()
}

pub(super) fn generators(file: &Source) -> Vec<Violation> {
    const PREFIXES: [&str; 10] =
        ["StdRng", "SmallRng", "ThreadRng", "SysRng", "OsRng", "ChaCha", "rand_chacha", "Pcg", "rand_pcg", "Xoshiro"];
    const OF_RAND: [&str; 6] = ["rng", "random", "random_range", "random_bool", "make_rng", "thread_rng"];
    if file.module() == "random" {
        return Vec::new();
    }
    let mut found = Vec::new();
    for path in file.paths() {
        let generator = path.segments.iter().any(|segment| PREFIXES.iter().any(|prefix| segment.starts_with(prefix)));
        let of_rand = path.first() == "rand" && path.second().is_some_and(|second| OF_RAND.contains(&second));
        if generator || of_rand {
            found.push(file.at(path.line, format!("{} outside random", path.segments.join("::"))));
        }
    }
    found
}

pub(super) fn long(file: &Source) -> Vec<Violation> {
    const MOST: usize = 500;
    let top = file.text.lines().take_while(|line| line.starts_with("//!"));
    let reason = top.enumerate().find_map(|(at, line)| Some((at, line.strip_prefix("//! Longer than 500 lines: ")?)));
    let count = file.text.lines().count();
    match reason {
        None if count > MOST => {
            let what = format!("{count} lines; split it, or write //! Longer than 500 lines: REASON at its top");
            vec![file.at(MOST + 1, what)]
        }
        Some((at, _)) if count <= MOST => vec![file.at(at + 1, format!("it has {count} lines and needs no reason"))],
        _ => Vec::new(),
    }
}

/// `module::test` in backticks, of which no file of that name has the function. A word alone is no name of a test.
pub(super) fn promised_tests(path: &str, text: &str, files: &[Source]) -> Vec<Violation> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for quoted in line.split('`').skip(1).step_by(2) {
            let Some((module, name)) = quoted.split_once("::").filter(|(_, name)| name.contains('_')) else { continue };
            let is_there = |file: &Source| {
                file.place().iter().any(|part| part == module)
                    && file.tokens.windows(2).any(|two| two[0].text == "fn" && two[1].text == name)
            };
            if !files.iter().any(is_there) {
                let what = format!("there is no test {quoted}");
                found.push(Violation { path: path.into(), line: number + 1, what });
            }
        }
    }
    found
}

pub(super) fn places(path: &str, text: &str) -> Vec<Violation> {
    // Put together here, or this file would break its own rule.
    let folders = ["home", "work", "root", "Users", "workspace"].map(|name| format!("/{name}/"));
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for folder in &folders {
            let absolute = |(at, _): (usize, &str)| {
                !line[..at]
                    .ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '}' | ')' | '~' | '*'))
            };
            if line.match_indices(folder.as_str()).any(absolute) {
                let what = format!("{folder} is a folder of one machine");
                found.push(Violation { path: path.into(), line: number + 1, what });
            }
        }
    }
    found
}
