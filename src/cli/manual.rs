//! The manual, made from the command line itself: the page of commands, man pages, completions.

use super::args::{Cli, ManualArgs, ManualPart};
use super::output::{Failure, say};
use clap::{Arg, Command, CommandFactory};
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// Runs `namesake manual`.
pub fn manual(args: &ManualArgs) -> Result<(), Failure> {
    match &args.part {
        ManualPart::Commands => say(&page()),
        ManualPart::Man { out } => man(out),
        ManualPart::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "namesake", &mut script);
            say(&String::from_utf8_lossy(&script))
        }
    }
}

/// Writes a man page for each command.
fn man(folder: &Path) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::at(folder, "cannot be written", &error);
    fs::create_dir_all(folder).map_err(failed)?;
    // A line that begins with a dot or a quote is a request of the formatter; clap_mangen escapes both.
    clap_mangen::generate_to(Cli::command(), folder).map_err(failed)
}

/// The page of every command, in Markdown.
fn page() -> String {
    let mut root = Cli::command();
    root.build();
    let mut page = String::from(
        "# Commands\n\nEvery command with its options and examples, as `--help` prints them. This page is written from the\n\
         program. A number may be written `10k`, `1M`, `1e6` or `1_000_000`; SCENARIO is a built-in name or a path to a\n\
         `.toml` file. Exit code 0: done; 1: a check that was asked for did not hold; 2: bad usage or bad input.\n",
    );
    describe(&root, "namesake", &mut page);
    page
}

/// Adds a command and those below it.
fn describe(command: &Command, path: &str, page: &mut String) {
    let mut add = |text: &str| *page += text;
    add(&format!("\n## `{path}`\n\n{}.\n", sentence(command.get_about().map(ToString::to_string).unwrap_or_default())));
    let usage = command.clone().render_usage().to_string();
    add(&format!("\n```text\n{}\n```\n\n", usage.trim_start_matches("Usage: ")));
    for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
        add(&option(arg));
    }
    if let Some(after) = command.get_after_help() {
        let after = after.to_string();
        let (examples, notes): (Vec<&str>, Vec<&str>) =
            after.lines().filter(|line| *line != "Examples:").partition(|line| line.starts_with("  "));
        let examples: Vec<String> = examples.into_iter().map(commented).collect();
        add(&format!("\n```sh\n{}\n```\n", examples.join("\n")));
        if !notes.is_empty() {
            add(&format!("\n{}\n", notes.join("\n")));
        }
    }
    for below in command.get_subcommands().filter(|below| !below.is_hide_set() && below.get_name() != "help") {
        describe(below, &format!("{path} {}", below.get_name()), page);
    }
}

/// An example with its explanation as a comment of the shell.
fn commented(line: &str) -> String {
    let line = line.trim();
    match line.split_once("  ") {
        Some((command, what)) => format!("{command}  # {}", what.trim()),
        None => line.to_string(),
    }
}

/// An argument or option as an item of a list.
fn option(arg: &Arg) -> String {
    let values: Vec<String> = arg.get_value_names().unwrap_or_default().iter().map(|name| format!(" {name}")).collect();
    let values = if arg.get_action().takes_values() { values.concat() } else { String::new() };
    let name = match (arg.get_short(), arg.get_long()) {
        (Some(short), Some(long)) => format!("-{short}, --{long}{values}"),
        (None, Some(long)) => format!("--{long}{values}"),
        _ => values.trim_start().to_string(),
    };
    let mut text = format!("- `{name}`: {}.", sentence(arg.get_help().map(ToString::to_string).unwrap_or_default()));
    let possible: Vec<String> =
        arg.get_possible_values().iter().map(|value| format!("`{}`", value.get_name())).collect();
    if arg.get_action().takes_values() && !possible.is_empty() {
        write!(text, " One of {}.", possible.join(", ")).expect("writing to a string cannot fail");
    }
    let defaults: Vec<String> = arg.get_default_values().iter().map(|value| value.to_string_lossy().into()).collect();
    if arg.get_action().takes_values() && !defaults.is_empty() {
        write!(text, " Default: `{}`.", defaults.join(" ")).expect("writing to a string cannot fail");
    }
    text + "\n"
}

/// A help text without the full stop at its end; one is added behind it.
fn sentence(text: String) -> String {
    text.trim_end_matches('.').to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    /// Every command that `--help` lists, with its path.
    fn commands(command: &Command, path: String) -> Vec<(String, Command)> {
        let shown = |below: &&Command| !below.is_hide_set() && below.get_name() != "help";
        let below = command.get_subcommands().filter(shown);
        let below = below.flat_map(|below| commands(below, format!("{path} {}", below.get_name())));
        std::iter::once((path.clone(), command.clone())).chain(below.collect::<Vec<_>>()).collect()
    }

    #[test]
    fn the_definition_of_the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_has_examples_of_itself_and_each_can_be_typed() {
        for (path, command) in commands(&Cli::command(), "namesake".to_string()) {
            let after = command.get_after_help().unwrap_or_else(|| panic!("{path} has no examples")).to_string();
            let examples: Vec<&str> = after.lines().filter_map(|line| line.strip_prefix("  ")).collect();
            assert!(examples.iter().any(|example| example.starts_with(&path)), "{path}: {after}");
            for example in examples {
                let typed = example.split("  ").next().expect("a text has a first part");
                let typed = typed.split(" > ").next().expect("a text has a first part");
                // As a shell divides it: quoted words are one.
                let words: Vec<String> = typed
                    .split('"')
                    .enumerate()
                    .flat_map(|(i, part)| match i % 2 {
                        0 => part.split_whitespace().map(str::to_string).collect(),
                        _ => vec![part.to_string()],
                    })
                    .collect();
                assert!(Cli::try_parse_from(&words).is_ok(), "{example}: {:?}", Cli::try_parse_from(&words).err());
            }
        }
    }

    #[test]
    fn the_page_names_every_command_and_option() {
        let page = page();
        for (path, command) in commands(&Cli::command(), "namesake".to_string()) {
            let part = page.split(&format!("\n## `{path}`\n")).nth(1).unwrap_or_else(|| panic!("{path} is missing"));
            let part = part.split("\n## ").next().expect("a text has a first part");
            for arg in command.get_arguments().filter_map(Arg::get_long) {
                assert!(part.contains(&format!("--{arg}")), "{path} --{arg}");
            }
        }
    }
}
