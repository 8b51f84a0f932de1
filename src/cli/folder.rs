//! Folders of results: written whole or not at all, by one process at a time.
//!
//! A folder is made in a workshop, a hidden folder beside the one to be written (`.NAME.unfinished`):
//!
//! | in the workshop | what it is |
//! |---|---|
//! | `lock` | locked by the process that works here; the system unlocks it when that process ends, however it ends |
//! | `new` | the folder in the making |
//! | `earlier` | the result that stood there before, for the moment in which both are renamed |
//! | `journal.jsonl` | the finished runs of a sweep or draws of an inference; it stays until all are made |
//!
//! Whoever holds the lock finds what a killed process left, restores the earlier result and removes the rest.

use super::everywhere::Everywhere;
use super::interrupt;
use super::output::{Failure, hidden_beside, json_target, say, tell};
use namesake::report::files::FILES;
use namesake::report::infer::FILES as INFER_FILES;
use namesake::report::{AGAINST_FILES, run_files};
use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// The content of a folder, by which a folder that Namesake wrote is told from any other.
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
    /// An inference.
    Infer,
    /// A part of an inference.
    InferShard,
}

impl Holds {
    /// The file by which such a folder is known: no other kind has it.
    pub fn known_by(self) -> &'static str {
        match self {
            Holds::Run => "results.json",
            Holds::Against => "against.json",
            Holds::Shard => "shard.json",
            Holds::Files => "holder.csv",
            Holds::Sweep => "sweep.csv",
            Holds::SweepShard => "sweep-shard.jsonl",
            Holds::Infer => "infer.csv",
            Holds::InferShard => "infer-shard.jsonl",
        }
    }

    /// Returns `true` if such a folder may have a file of this name.
    fn may_have(self, name: &str) -> bool {
        let of_the_command_line = [self.known_by(), "scenario.toml", "timings.json"].contains(&name);
        of_the_command_line
            || match self {
                Holds::Run => run_files().any(|file| file == name),
                Holds::Against => AGAINST_FILES.contains(&name),
                Holds::Files => {
                    let of_table = |ending| name.strip_suffix(ending).is_some_and(|table| FILES.contains(&table));
                    of_table(".csv") || of_table(".parquet") || name == "data-dictionary.md"
                }
                // A sweep has a chart for each rate.
                Holds::Sweep => {
                    ["summary.csv", "sweep.json", "rows.jsonl", "sweep.parquet", "summary.parquet"].contains(&name)
                        || name.ends_with(".svg")
                }
                Holds::Infer => INFER_FILES.contains(&name) || name == "rows.jsonl",
                Holds::Shard | Holds::SweepShard | Holds::InferShard => false,
            }
    }

    /// The content of such a folder, in words.
    pub fn what(self) -> &'static str {
        match self {
            Holds::Run => "a run",
            Holds::Against => "two runs beside each other",
            Holds::Shard => "a part of a run",
            Holds::Files => "generated files",
            Holds::Sweep => "a sweep",
            Holds::SweepShard => "a part of a sweep",
            Holds::Infer => "an inference",
            Holds::InferShard => "a part of an inference",
        }
    }

    /// Returns `true` if its results replace a journal, which may go only when they are on the disk.
    fn has_journal(self) -> bool {
        matches!(self, Holds::Sweep | Holds::SweepShard | Holds::Infer | Holds::InferShard)
    }
}

/// A folder in the making: it gets its name when it is complete, and is gone if it never is.
pub struct Folder {
    path: PathBuf,
    holds: Holds,
    workshop: Workshop,
}

impl Folder {
    /// Begins a folder. An earlier one is replaced at the end if it is empty or holds what Namesake wrote there and
    /// nothing else; anything else is left alone, with an error. Whatever would prevent the end is refused here.
    pub fn begin(path: &Path, holds: Holds) -> Result<Folder, Failure> {
        let wrong = |what: String| Failure::Message(format!("{}: {what}; choose another --out", path.display()));
        if path.file_name().is_none() || path.as_os_str().to_string_lossy().ends_with("/.") {
            return Err(wrong("cannot be the name of a new folder".to_string()));
        }
        replaceable(path, holds).map_err(wrong)?;
        let workshop = Workshop::open(path)?;
        // What stands there now may be what a killed process had put aside.
        replaceable(path, holds).map_err(wrong)?;
        let new = workshop.place.join(NEW);
        fs::create_dir(&new).map_err(|error| Failure::at(path, "cannot be made", &error))?;
        Ok(Folder { path: path.to_path_buf(), holds, workshop })
    }

    /// The folder to be written.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file of finished runs, which outlives a process that is killed.
    pub fn journal(&self) -> PathBuf {
        self.workshop.place.join(JOURNAL)
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
        let file = File::create(self.workshop.place.join(NEW).join(name));
        let file = file.map_err(|error| Failure::at(&shown, "cannot be written", &error))?;
        Ok(FileInFolder { shown, writer: BufWriter::with_capacity(1 << 18, file) })
    }

    /// Gives the folder its name, in place of an earlier one; a journal is no longer needed then.
    pub fn finish(self) -> Result<PathBuf, Failure> {
        let failed = |error: io::Error| Failure::at(&self.path, "cannot be put in place", &error);
        let [new, earlier, journal] = [NEW, EARLIER, JOURNAL].map(|name| self.workshop.place.join(name));
        if self.holds.has_journal() {
            for entry in fs::read_dir(&new).map_err(failed)? {
                File::open(entry.map_err(failed)?.path()).and_then(|file| file.sync_all()).map_err(failed)?;
            }
            sync_folder(&new).map_err(failed)?;
        }
        interrupt::unless_interrupted(|now| {
            if self.path.is_dir() {
                fs::rename(&self.path, &earlier).map_err(failed)?;
            }
            if let Err(error) = fs::rename(&new, &self.path) {
                fs::rename(&earlier, &self.path).ok();
                return Err(failed(error));
            }
            now.written = Some(self.path.clone());
            if self.holds.has_journal() {
                sync_folder(parent_of(&self.path)).map_err(failed)?;
                fs::remove_file(&journal).or_else(ignore_absent).map_err(failed)?;
            }
            Ok(())
        })?;
        Ok(self.path.clone())
    }

    /// Completes the folder, and gives its result as it is wanted: as JSON, or as text with the place and the page to open.
    pub fn answer(
        self,
        how: &Everywhere,
        json: &str,
        page: Option<&str>,
        text: impl FnOnce(&Path) -> String,
    ) -> Result<(), Failure> {
        let to_stdout = json_target(how.json.as_deref(), json)?;
        let place = self.finish()?;
        if to_stdout {
            return say(json);
        }
        if how.quiet {
            return Ok(());
        }
        say(&text(&place))?;
        let place = place.display();
        let open = page.map_or(String::new(), |page| format!("; open {place}/{page} in a browser"));
        tell(&format!("written to {place}{open}"));
        Ok(())
    }
}

/// The reason why a path must not be replaced by a new folder, if there is one.
fn replaceable(path: &Path, holds: Holds) -> Result<(), String> {
    let Ok(metadata) = fs::symlink_metadata(path) else { return Ok(()) };
    let kind = metadata.file_type();
    if kind.is_symlink() {
        return Err("is a link".to_string());
    }
    if kind.is_file() {
        return Err("is a file".to_string());
    }
    if !kind.is_dir() {
        return Err("is a device, a pipe or a socket, not a folder".to_string());
    }
    if is_mount_point(path) {
        return Err("is where a disk is mounted, so it cannot be replaced as a whole; name a folder in it".to_string());
    }
    let entries = fs::read_dir(path).map_err(|error| format!("cannot be read: {}", super::output::plain(&error)))?;
    let mut names: Vec<String> =
        entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned())).collect();
    // A kill may leave the file by which it is tried whether files can be made here.
    names.retain(|name| !name.starts_with(&format!(".{PROBE}.{OWN}-")));
    if let Some(other) = names.iter().find(|name| !holds.may_have(name)) {
        return Err(format!("holds {other}, which is not of {}", holds.what()));
    }
    let (known_by, what) = (holds.known_by(), holds.what());
    let in_parquet = |name: &str| holds == Holds::Files && name == "holder.parquet";
    if !names.is_empty() && !names.iter().any(|name| name == known_by || in_parquet(name)) {
        return Err(format!("has no {known_by}, by which {what} is known; remove the folder if it was one"));
    }
    if metadata.permissions().readonly() {
        return Err("may not be written to, so the earlier result there cannot be replaced".to_string());
    }
    try_to_write_in(path).map_err(|error| format!("cannot be replaced: {}", super::output::plain(&error)))
}

const PROBE: &str = "probe";
const OWN: &str = "namesake";

/// Makes a file in a folder and removes it: whether it can depends on permissions, owners and how the disk is mounted.
fn try_to_write_in(folder: &Path) -> io::Result<()> {
    let probe = hidden_beside(&folder.join(PROBE), OWN);
    File::options().write(true).create_new(true).open(&probe)?;
    fs::remove_file(&probe)
}

/// Returns `true` if a disk or a container's volume is mounted here: such a folder cannot be renamed.
fn is_mount_point(path: &Path) -> bool {
    let Ok(path) = path.canonicalize() else { return false };
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    // The fifth field is the place, with blanks as octal numbers.
    let mut places = mounts.lines().filter_map(|line| line.split(' ').nth(4));
    places.any(|place| Path::new(&place.replace("\\040", " ")) == path)
}

const LOCK: &str = "lock";
const NEW: &str = "new";
const EARLIER: &str = "earlier";
const JOURNAL: &str = "journal.jsonl";

/// The hidden folder in which another is made.
struct Workshop {
    place: PathBuf,
    /// Folders above it that were not there.
    made: Vec<PathBuf>,
    /// Held as long as this lives.
    _lock: File,
}

impl Workshop {
    /// Opens the workshop of a folder, alone, and settles what a killed process left in it.
    fn open(out: &Path) -> Result<Workshop, Failure> {
        let failed = |error: io::Error| Failure::at(out, "cannot be made", &error);
        let name = out.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let place = out.with_file_name(format!(".{name}.unfinished"));
        let mut made: Vec<PathBuf> = out.ancestors().skip(1).map(Path::to_path_buf).collect();
        made.retain(|folder| !folder.as_os_str().is_empty() && !folder.exists());
        let lock = loop {
            fs::create_dir_all(&place).map_err(failed)?;
            if let Some(lock) = lock(&place.join(LOCK), out)? {
                break lock;
            }
        };
        let workshop = Workshop { place, made, _lock: lock };
        let earlier = workshop.place.join(EARLIER);
        if earlier.is_dir() && !out.exists() {
            fs::rename(&earlier, out).map_err(failed)?;
        }
        for left in [NEW, EARLIER] {
            fs::remove_dir_all(workshop.place.join(left)).or_else(ignore_absent).map_err(failed)?;
        }
        interrupt::unless_interrupted(|now| {
            now.unfinished.push(workshop.place.clone());
            now.wanted = Some(out.to_path_buf());
        });
        Ok(workshop)
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        clear(&self.place);
        self.made.iter().for_each(|folder| {
            fs::remove_dir(folder).ok();
        });
        interrupt::unless_interrupted(|now| now.unfinished.retain(|place| *place != self.place));
    }
}

/// Removes from a workshop what serves nobody any more: all but a journal.
pub fn clear(workshop: &Path) {
    for name in [NEW, EARLIER] {
        fs::remove_dir_all(workshop.join(name)).ok();
    }
    fs::remove_file(workshop.join(LOCK)).ok();
    // Stays if a journal is in it, or if somebody else has just begun.
    fs::remove_dir(workshop).ok();
}

/// Opens a file and locks it; `None` if somebody removed it meanwhile.
fn lock(path: &Path, out: &Path) -> Result<Option<File>, Failure> {
    let failed = |error: io::Error| Failure::at(out, "cannot be locked", &error);
    let file = match File::options().create(true).truncate(false).write(true).open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(failed)?,
    };
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(Failure::Message(format!(
                "{}: another namesake is writing this folder; wait until it has finished, or choose another --out",
                out.display()
            )));
        }
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    // A lock on a file that is no longer there excludes nobody.
    let same = same_file::Handle::from_path(path).and_then(|at_path| {
        let held = same_file::Handle::from_file(file.try_clone()?)?;
        Ok(held == at_path)
    });
    Ok(same.unwrap_or(false).then_some(file))
}

fn ignore_absent(error: io::Error) -> io::Result<()> {
    if error.kind() == ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

fn parent_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Waits until the names in a folder are on the disk, where folders can be opened.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
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
