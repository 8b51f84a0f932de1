//! Ctrl-C: the line is finished, what is half made is removed, what is kept is said, and the program ends with 130.

use indicatif::{ProgressBar, ProgressDrawTarget};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The state that an interruption needs.
#[derive(Default)]
pub struct Now {
    /// Hidden folders and files that are being made.
    pub unfinished: Vec<PathBuf>,
    /// The folder to be written.
    pub wanted: Option<PathBuf>,
    /// The folder that was written.
    pub written: Option<PathBuf>,
    /// The runs of a sweep that are kept, and all of them.
    pub runs: Option<(u64, u64)>,
    /// The progress bar on screen.
    pub bar: Option<ProgressBar>,
}

static NOW: Mutex<Option<Now>> = Mutex::new(None);

/// Does something that an interruption must find done or not begun.
pub fn unless_interrupted<T>(act: impl FnOnce(&mut Now) -> T) -> T {
    let mut now = NOW.lock().unwrap_or_else(PoisonError::into_inner);
    act(now.get_or_insert_default())
}

/// Takes care of Ctrl-C from now on, unless whoever started the program has said that it is to be ignored. `clear` removes
/// a folder that is being made, `tell` says what is left.
pub fn watch(clear: fn(&Path), tell: fn(&str)) {
    ctrlc::try_set_handler(move || {
        unless_interrupted(|now| {
            if let Some(bar) = &now.bar {
                bar.abandon();
                // Whoever still counts on it draws no further line.
                bar.set_draw_target(ProgressDrawTarget::hidden());
            }
            // The line of the bar, or of the terminal's own ^C.
            if std::io::stderr().is_terminal() {
                std::io::stderr().write_all(b"\n").ok();
            }
            for place in &now.unfinished {
                if place.is_dir() {
                    clear(place);
                } else {
                    std::fs::remove_file(place).ok();
                }
            }
            tell(&now.kept());
            std::process::exit(130)
        })
    })
    .ok();
}

impl Now {
    /// The message about the files an interruption leaves behind.
    fn kept(&self) -> String {
        let again = "give the same command again";
        match (&self.written, &self.runs, &self.wanted) {
            (Some(written), ..) => format!("interrupted; the result is complete, in {}", written.display()),
            (_, Some((done, all)), _) => format!(
                "interrupted; {} of {} runs are finished and kept; {again} to go on from there",
                namesake::report::thousands(*done),
                namesake::report::thousands(*all)
            ),
            (.., Some(wanted)) => {
                let earlier = if wanted.exists() { "; the earlier result there is as it was" } else { "" };
                format!("interrupted; nothing was written to {}{earlier}; {again} to begin anew", wanted.display())
            }
            _ => "interrupted; nothing was written".to_string(),
        }
    }
}
