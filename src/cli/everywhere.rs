//! Flags that every command takes, and the answer that they ask for.

use super::output::{Failure, json_target, say};
use super::values::count;
use clap::Args;
use std::path::PathBuf;

/// Flags that every command takes.
#[derive(Args, Clone, Default)]
pub struct Everywhere {
    /// Threads to use; results are the same with any number [default: as many as the machine has]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = count)]
    pub threads: Option<u64>,
    /// Write the result as JSON to a file, or with - to standard output and nothing else there
    #[arg(long, value_name = "FILE|-")]
    pub json: Option<PathBuf>,
    /// Print no summary and no progress
    #[arg(long)]
    pub quiet: bool,
}

impl Everywhere {
    /// Gives a result as it is wanted: as JSON in a file or on standard output, and otherwise as text, unless it shall be
    /// quiet. The JSON of a large result is a long text: it is made where somebody wants it.
    pub fn answer(
        &self,
        json: impl FnOnce() -> String,
        text: impl FnOnce() -> Result<String, Failure>,
    ) -> Result<(), Failure> {
        if self.json.is_some() {
            let json = json();
            if json_target(self.json.as_deref(), &json)? {
                return say(&json);
            }
        }
        if self.quiet { Ok(()) } else { say(&text()?) }
    }
}
