//! Where results go: standard output, files and run folders, whole or not at all.

use std::fmt::Display;
use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Why a command ends early.
#[derive(Debug)]
pub enum Failure {
    /// Nobody reads standard output any more; not an error.
    BrokenPipe,
    /// What was wrong, where, and what to do.
    Message(String),
}

impl Failure {
    /// A failure that says what the error says.
    pub fn of(error: impl Display) -> Failure {
        Failure::Message(error.to_string())
    }

    /// A failure of the system at a path.
    pub fn at(path: &Path, what: &str, error: &io::Error) -> Failure {
        let hint = match error.kind() {
            ErrorKind::StorageFull => "; free some space or choose another place with --out",
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                "; choose a place you may write to with --out"
            }
            ErrorKind::NotFound => "; check the path",
            _ => "",
        };
        Failure::Message(format!("{}: {what}: {}{hint}", path.display(), plain(error)))
    }
}

/// An error of the system without its number.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}

/// Writes to standard output.
pub fn say(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Failure::BrokenPipe,
        _ => Failure::Message(format!("standard output: {}", plain(&error))),
    })
}

/// Writes JSON to the file that was asked for, if one was; whether standard output was asked for instead.
pub fn json_target(target: Option<&Path>, json: &str) -> Result<bool, Failure> {
    match target {
        None => Ok(false),
        Some(path) if path == Path::new("-") => Ok(true),
        Some(path) => write_whole(path, json.as_bytes()).map(|()| false),
    }
}

/// Writes a file whole or not at all: under another name first, unless it is a device.
pub fn write_whole(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::at(path, "cannot be written", &error);
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        if path.is_dir() {
            return Err(Failure::Message(format!("{}: is a directory; name a file in it", path.display())));
        }
        return File::options().write(true).open(path).and_then(|mut file| file.write_all(content)).map_err(failed);
    }
    let partial = beside(path, "partial");
    let written = fs::write(&partial, content).and_then(|()| fs::rename(&partial, path));
    written.map_err(|error| {
        fs::remove_file(&partial).ok();
        failed(error)
    })
}

/// Reads a text file.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    if path.is_dir() {
        return Err(Failure::Message(format!("{}: is a directory, not a file", path.display())));
    }
    let bytes = fs::read(path).map_err(|error| Failure::at(path, "cannot be read", &error))?;
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
        Failure::Message(format!("{}, line {line}: is not UTF-8 text; save it as UTF-8", path.display()))
    })
}

/// Removes what a run that was killed left beside a path. Who is still at work is known by the process number, where
/// the system shows them; elsewhere nothing is removed.
fn remove_abandoned(path: &Path) {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let begins = format!(".{name}.partial-");
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let found = entry.file_name().to_string_lossy().into_owned();
        let Some(process) = found.strip_prefix(&begins) else { continue };
        let number = process.bytes().all(|byte| byte.is_ascii_digit());
        if number && Path::new("/proc/self").exists() && !Path::new("/proc").join(process).exists() {
            fs::remove_dir_all(entry.path()).ok();
        }
    }
}

fn beside(path: &Path, word: &str) -> PathBuf {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    path.with_file_name(format!(".{name}.{word}-{}", std::process::id()))
}

/// What a folder holds, by which one that Namesake wrote is known from any other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Holds {
    /// A run.
    Run,
    /// Two runs beside each other.
    Against,
    /// A part of a run.
    Shard,
    /// Synthetic files.
    Files,
    /// A sweep.
    Sweep,
    /// A part of a sweep.
    SweepShard,
}

impl Holds {
    /// Every file such a folder may have; the first is in no other kind.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Holds::Run => &[
                "results.json",
                "outcomes.csv",
                "disclosures.csv",
                "curve.csv",
                "groups.csv",
                "sensitivity.csv",
                "report.html",
                "scenario.toml",
                "timings.json",
            ],
            Holds::Against => &["against.json", "first.toml", "second.toml", "report.html", "timings.json"],
            Holds::Shard => &["shard.json", "scenario.toml", "timings.json"],
            Holds::Sweep => &[
                "sweep.csv",
                "summary.csv",
                "sweep.json",
                "rows.jsonl",
                "sweep.parquet",
                "summary.parquet",
                "scenario.toml",
                "timings.json",
            ],
            Holds::SweepShard => &["sweep-shard.jsonl", "scenario.toml", "timings.json"],
            Holds::Files => &[
                "holder.csv",
                "requester.csv",
                "truth.csv",
                "people.csv",
                "provenance.csv",
                "holder.parquet",
                "requester.parquet",
                "truth.parquet",
                "people.parquet",
                "provenance.parquet",
                "data-dictionary.md",
                "scenario.toml",
                "timings.json",
            ],
        }
    }

    /// Whether such a folder may have a file of this name.
    fn may_have(self, name: &str) -> bool {
        // A sweep has a chart for each rate.
        self.names().contains(&name) || (matches!(self, Holds::Sweep) && name.ends_with(".svg"))
    }

    /// What is in such a folder, in words.
    pub fn what(self) -> &'static str {
        match self {
            Holds::Run => "a run",
            Holds::Against => "two runs beside each other",
            Holds::Shard => "a part of a run",
            Holds::Files => "generated files",
            Holds::Sweep => "a sweep",
            Holds::SweepShard => "a part of a sweep",
        }
    }
}

/// A folder in the making: it gets its name when it is complete, and is gone if it never is.
pub struct Folder {
    path: PathBuf,
    partial: PathBuf,
    finished: bool,
}

impl Folder {
    /// Begins a folder. One that stands there already is replaced at the end if it is empty or holds what Namesake
    /// wrote there and nothing else; anything else is left alone, with an error.
    pub fn begin(path: &Path, holds: Holds) -> Result<Folder, Failure> {
        let wrong = |what: String| Err(Failure::Message(format!("{}: {what}; choose another --out", path.display())));
        if path.file_name().is_none() || path.as_os_str().to_string_lossy().ends_with("/.") {
            return wrong("is no name for a new folder".to_string());
        }
        if path.is_symlink() {
            return wrong("is a link".to_string());
        }
        if path.is_file() {
            return wrong("is a file".to_string());
        }
        if path.is_dir() {
            let entries = fs::read_dir(path).map_err(|error| Failure::at(path, "cannot be read", &error))?;
            let names: Vec<String> =
                entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned())).collect();
            if let Some(other) = names.iter().find(|name| !holds.may_have(name)) {
                return wrong(format!("holds {other}, which is not of {}", holds.what()));
            }
            let (known_by, what) = (holds.names()[0], holds.what());
            if !names.is_empty() && !names.iter().any(|name| name == known_by) {
                return wrong(format!("has no {known_by}, by which {what} is known; remove the folder if it was one"));
            }
        }
        let failed = |error: io::Error| Failure::at(path, "cannot be made", &error);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        remove_abandoned(path);
        let partial = beside(path, "partial");
        fs::create_dir(&partial).map_err(failed)?;
        Ok(Folder { path: path.to_path_buf(), partial, finished: false })
    }

    /// Writes a whole file in the folder.
    pub fn write(&self, name: &str, content: &[u8]) -> Result<(), Failure> {
        let mut file = self.create(name)?;
        file.write(content)?;
        file.finish()
    }

    /// Begins a file in the folder.
    pub fn create(&self, name: &str) -> Result<FileInFolder, Failure> {
        let shown = self.path.join(name);
        let file = File::create(self.partial.join(name)).map_err(|e| Failure::at(&shown, "cannot be written", &e))?;
        Ok(FileInFolder { shown, writer: BufWriter::with_capacity(1 << 18, file) })
    }

    /// Gives the folder its name, in place of an earlier one.
    pub fn finish(mut self) -> Result<PathBuf, Failure> {
        let failed = |error: io::Error| Failure::at(&self.path, "cannot be put in place", &error);
        let earlier = beside(&self.path, "earlier");
        let there = self.path.is_dir();
        if there {
            fs::rename(&self.path, &earlier).map_err(failed)?;
        }
        if let Err(error) = fs::rename(&self.partial, &self.path) {
            if there {
                fs::rename(&earlier, &self.path).ok();
            }
            return Err(failed(error));
        }
        self.finished = true;
        if there {
            fs::remove_dir_all(&earlier).ok();
        }
        Ok(self.path.clone())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.finished {
            fs::remove_dir_all(&self.partial).ok();
        }
    }
}

/// A file being written in a folder.
pub struct FileInFolder {
    shown: PathBuf,
    writer: BufWriter<File>,
}

impl FileInFolder {
    /// Adds to the file.
    pub fn write(&mut self, content: &[u8]) -> Result<(), Failure> {
        self.writer.write_all(content).map_err(|error| Failure::at(&self.shown, "cannot be written", &error))
    }

    /// Writes what is still held back.
    pub fn finish(mut self) -> Result<(), Failure> {
        self.writer.flush().map_err(|error| Failure::at(&self.shown, "cannot be written", &error))
    }
}
