//! How often intervals cover what they claim, as Markdown: `docs/coverage.md` is made by this program.
//!
//! `cargo run --release --example coverage -- study KEY RUNS > KEY.json` runs one setting; `… -- page *.json` makes the
//! page of all that were run. `… -- decompose SEEDS` takes planted differences apart, `… -- sensitivity
//! SEEDS` looks for a planted effect. Without arguments it lists the settings.
//! The page says what came out from the figures.

#[path = "coverage/decomposition.rs"]
mod decomposition;
#[path = "coverage/page.rs"]
mod page;
#[path = "coverage/sensitivity.rs"]
mod sensitivity;
#[path = "coverage/settings.rs"]
mod settings;
#[path = "coverage/study.rs"]
mod study;

use serde::{Deserialize, Serialize};
use settings::SETTINGS;
use std::process::ExitCode;
use study::Studied;

/// What one run of the program wrote.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Studied(Studied),
    Decomposed { planted: Vec<decomposition::Part> },
    Screened { told: sensitivity::Told },
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => SETTINGS.iter().for_each(|setting| println!("{:<20} {}", setting.key, setting.title)),
        ["study", key, runs] => {
            let (setting, runs) = (SETTINGS.iter().find(|setting| setting.key == *key), runs.parse());
            let (Some(setting), Ok(runs)) = (setting, runs) else {
                return refused("no such setting, or not a number of runs");
            };
            say(&Written::Studied(study::study(setting, runs)));
        }
        ["decompose", seeds] => match seeds.parse() {
            Ok(seeds) => say(&Written::Decomposed { planted: decomposition::study(seeds) }),
            Err(_) => return refused("not a number of seeds"),
        },
        ["sensitivity", seeds] => match seeds.parse() {
            Ok(seeds) => say(&Written::Screened { told: sensitivity::study(seeds) }),
            Err(_) => return refused("not a number of seeds"),
        },
        ["page", files @ ..] if !files.is_empty() => {
            let (mut studied, mut planted, mut told) = (Vec::new(), Vec::new(), None);
            for file in files {
                match read(file) {
                    Ok(Written::Studied(one)) => studied.push(one),
                    Ok(Written::Decomposed { planted: parts }) => planted.extend(parts),
                    Ok(Written::Screened { told: one }) => told = Some(one),
                    Err(error) => return refused(&format!("{file}: {error}")),
                }
            }
            print!("{}", page::page(&studied, &planted, told.as_ref()));
        }
        _ => {
            return refused(
                "coverage | coverage study KEY RUNS | coverage decompose SEEDS | coverage sensitivity SEEDS | coverage page FILE…",
            );
        }
    }
    ExitCode::SUCCESS
}

fn refused(says: &str) -> ExitCode {
    eprintln!("{says}");
    ExitCode::from(2)
}

fn say(written: &Written) {
    println!("{}", serde_json::to_string_pretty(written).expect("plain values"));
}

fn read(file: &str) -> Result<Written, Box<dyn std::error::Error>> {
    Ok(serde_json::from_str(&std::fs::read_to_string(file)?)?)
}
