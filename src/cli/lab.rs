//! `lab`: the page for people who do not use a terminal.

use super::args::LabArgs;
use super::output::{Failure, can_be_written, json_target, say, tell, write_whole};
use std::path::{Path, absolute};

/// The page, complete: engine, words and data in one file.
const PAGE: &[u8] = include_bytes!("../../docs/namesake-lab.html");

/// Writes the page and opens it in the browser.
pub fn lab_command(args: &LabArgs) -> Result<(), Failure> {
    let target = args.out.as_deref().unwrap_or(Path::new("namesake-lab.html"));
    for path in [Some(target), args.everywhere.json.as_deref()] {
        can_be_written(path)?;
    }
    write_whole(target, PAGE)?;
    let place = absolute(target).unwrap_or_else(|_| target.to_path_buf());
    let opened = !args.no_open && open::that_detached(&place).is_ok();
    let json = format!("{:#}\n", serde_json::json!({ "file": place, "bytes": PAGE.len(), "opened": opened }));
    if json_target(args.everywhere.json.as_deref(), &json)? {
        return say(&json);
    }
    if !args.everywhere.quiet {
        tell(&match opened {
            true => format!("the Lab is in {}, and opens in your browser", place.display()),
            false => format!("the Lab is in {}; open it in a browser", place.display()),
        });
    }
    Ok(())
}
