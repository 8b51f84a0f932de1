//! Where results go: standard output, files and run folders, whole or not at all.

use namesake::experiment::Streamed;
use namesake::experiment::scenario::Scenario;
use namesake::report::VERSION;
use serde::{Deserialize, Serialize};
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

    fn at(path: &Path, what: &str, error: &io::Error) -> Failure {
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

fn beside(path: &Path, word: &str) -> PathBuf {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    path.with_file_name(format!(".{name}.{word}-{}", std::process::id()))
}

/// A folder in the making: it gets its name when it is complete, and is gone if it never is.
pub struct Folder {
    path: PathBuf,
    partial: PathBuf,
    finished: bool,
}

/// Files by which a folder is known to be one that Namesake wrote.
const OURS: [&str; 2] = ["scenario.toml", "timings.json"];

impl Folder {
    /// Begins a folder. One that stands there already is replaced at the end if Namesake wrote it or it is empty, and
    /// left alone, with an error, if it is anything else.
    pub fn begin(path: &Path) -> Result<Folder, Failure> {
        let named = path.file_name().is_some();
        if !named {
            return Err(Failure::Message(format!("{}: is no name for a folder; choose another --out", path.display())));
        }
        if path.is_file() {
            return Err(Failure::Message(format!("{}: is a file; choose another --out", path.display())));
        }
        if path.is_dir() {
            let mut entries = fs::read_dir(path).map_err(|error| Failure::at(path, "cannot be read", &error))?;
            if entries.next().is_some() && !OURS.iter().all(|name| path.join(name).is_file()) {
                return Err(Failure::Message(format!(
                    "{}: holds something that is not a run of Namesake; choose another --out",
                    path.display()
                )));
            }
        }
        let failed = |error: io::Error| Failure::at(path, "cannot be made", &error);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
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

/// What a shard says of itself.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct ShardHeader {
    schema: String,
    version: String,
    part: u64,
    parts: u64,
    scenario: String,
}

const SHARD_SCHEMA: &str = "namesake.shard/1";

impl ShardHeader {
    /// The header of one part of a run.
    pub fn new(part: u64, parts: u64, scenario: &Scenario) -> ShardHeader {
        let (schema, version) = (SHARD_SCHEMA.to_string(), VERSION.to_string());
        ShardHeader { schema, version, part, parts, scenario: scenario.to_toml() }
    }
}

#[derive(Serialize)]
struct ShardRef<'s> {
    header: &'s ShardHeader,
    state: &'s Streamed,
}

#[derive(Deserialize)]
struct Shard {
    header: ShardHeader,
    state: Streamed,
}

/// A shard's file.
pub fn shard_text(header: &ShardHeader, state: &Streamed) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(&ShardRef { header, state }).map_err(Failure::of)
}

/// Reads the shards of one run, each exactly once, and the scenario they share.
pub fn read_shards(folders: &[PathBuf]) -> Result<(Scenario, Vec<Streamed>), Failure> {
    let mut shards: Vec<(&PathBuf, Shard)> = Vec::new();
    for folder in folders {
        let path = folder.join("shard.json");
        let text = read_text(&path)?;
        let shard: Shard = serde_json::from_str(&text)
            .map_err(|error| Failure::Message(format!("{}: is no shard of a run: {error}", path.display())))?;
        let header = &shard.header;
        let wrong = |what: String| Err(Failure::Message(format!("{}: {what}", path.display())));
        if header.schema != SHARD_SCHEMA || header.version != VERSION {
            return wrong(format!("was written by version {}, not {VERSION}; run it again", header.version));
        }
        if let Some((first, known)) = shards.first() {
            if known.header.scenario != header.scenario || known.header.parts != header.parts {
                return wrong(format!("belongs to another run than {}", first.display()));
            }
            if let Some((same, _)) = shards.iter().find(|(_, other)| other.header.part == header.part) {
                return wrong(format!("is part {} of {}, as is {}", header.part, header.parts, same.display()));
            }
        }
        shards.push((folder, shard));
    }
    let Some((_, first)) = shards.first() else {
        return Err(Failure::Message("name the folders of the shards".to_string()));
    };
    let parts = first.header.parts;
    let missing: Vec<String> = (1..=parts)
        .filter(|part| shards.iter().all(|(_, shard)| shard.header.part != *part))
        .map(|part| format!("{part}/{parts}"))
        .collect();
    if !missing.is_empty() {
        return Err(Failure::Message(format!("parts {} are missing; run them with --shard", missing.join(", "))));
    }
    let scenario = Scenario::parse(&first.header.scenario, "shard.json").map_err(Failure::of)?;
    let states: Vec<Streamed> = shards.into_iter().map(|(_, shard)| shard.state).collect();
    match states.iter().position(|state| !state.fits(&scenario)) {
        Some(at) => Err(Failure::Message(format!(
            "{}: its state does not fit its scenario; run it again",
            folders[at].join("shard.json").display()
        ))),
        None => Ok((scenario, states)),
    }
}
