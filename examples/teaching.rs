//! The teaching kit for a seed: its pages with the figures of that seed, and worksheets and slides as HTML.
//!
//! `cargo run --release --example teaching -- 7 target/teaching` writes the kit of seed 7. Without arguments it writes
//! that of seed 1. It ends with 1 if a step of the lesson does not show with this seed what it promises.

#[path = "teaching/figures.rs"]
mod figures;
#[path = "teaching/lab.rs"]
mod lab;
#[path = "teaching/pages.rs"]
mod pages;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let seed = arguments.first().map_or(Ok(1), |seed| seed.parse());
    let Ok(seed) = seed else {
        eprintln!("teaching: the seed must be a whole number; write: teaching SEED FOLDER");
        return ExitCode::from(2);
    };
    let out = arguments.get(1).map_or_else(|| PathBuf::from("target/teaching"), PathBuf::from);
    match write(seed, &out) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("teaching: {error}");
            ExitCode::from(2)
        }
    }
}

/// Writes the kit; says whether every step shows what it promises.
fn write(seed: u64, out: &Path) -> io::Result<bool> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let kit = figures::figures(root, seed);
    fs::create_dir_all(out)?;
    for entry in fs::read_dir(root.join("docs/teaching"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.ends_with(".md") {
            continue;
        }
        let text = pages::filled(&fs::read_to_string(&path)?, &kit.texts).map_err(io::Error::other)?;
        for sheet in pages::SHEETS.iter().filter(|sheet| sheet.of == name) {
            fs::write(out.join(sheet.file), pages::sheet_of(&text, *sheet))?;
        }
        fs::write(out.join(name), text)?;
    }
    for (promise, happens) in &kit.reveals {
        eprintln!("{} {promise}", if *happens { "yes" } else { "NO " });
    }
    eprintln!("teaching: the kit of seed {seed} is in {}", out.display());
    Ok(kit.reveals.iter().all(|(_, happens)| *happens))
}
