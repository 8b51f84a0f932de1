//! Destinations of results and messages: standard output, standard error and files, the last whole or not at all.

use super::interrupt;
use namesake::linkage::Extensions;
use std::borrow::Cow;
use std::fmt::Display;
use std::fs::{self, File, TryLockError};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// The reason why a command ends early.
#[derive(Debug)]
pub enum Failure {
    /// Nobody reads standard output any more; not an error.
    BrokenPipe,
    /// The problem, its place, and the remedy.
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
pub fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}

/// Writes to standard output, without what a terminal would obey.
pub fn say(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let written = out.write_all(harmless(text).as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Failure::BrokenPipe,
        _ => Failure::Message(format!("standard output: {}", plain(&error))),
    })
}

/// Refuses results on a standard output that leads nowhere, before the work that makes them.
///
/// A closed stream cannot be seen: the standard library opens the null device in its place, for reading and writing.
/// `> /dev/null` opens it for writing alone, so that it remains the way to throw results away.
#[cfg(unix)]
pub fn can_be_said() -> Result<(), Failure> {
    use std::io::Read;
    use std::os::fd::AsFd;
    use std::os::unix::fs::MetadataExt;
    let device = |file: io::Result<fs::Metadata>| file.map(|metadata| metadata.rdev()).ok();
    let Ok(stream) = io::stdout().as_fd().try_clone_to_owned() else { return Ok(()) };
    let mut stream = File::from(stream);
    let null = device(stream.metadata()) == device(fs::metadata("/dev/null"));
    if null && stream.read(&mut [0]).is_ok() {
        let message = "standard output is closed, or the null device opened for reading as well, and the results were to be \
                       written there; write > FILE, or name a file with --json FILE";
        return Err(Failure::Message(message.to_owned()));
    }
    Ok(())
}

/// Other systems have no null device in its place.
#[cfg(not(unix))]
pub fn can_be_said() -> Result<(), Failure> {
    Ok(())
}

/// Writes a line about the work to standard error. That nobody reads it, or that it is full, is no reason to stop.
pub fn tell(line: &str) {
    let line = format!("namesake: {}\n", harmless(&shortened(line)));
    io::stderr().lock().write_all(line.as_bytes()).ok();
}

/// Writes out the control characters of a text, and those that reverse its direction, as in JSON: names and headings
/// come from files of others, and a terminal would obey them. In JSON the text remains the same.
pub fn harmless(text: &str) -> Cow<'_, str> {
    let obeyed = |c: char| match c {
        '\n' | '\t' => false,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        _ => c.is_control(),
    };
    if !text.contains(obeyed) {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len() + 64);
    for c in text.chars() {
        if obeyed(c) { written += &format!("\\u{:04x}", u32::from(c)) } else { written.push(c) }
    }
    Cow::Owned(written)
}

/// The beginning and the end of a message that repeats a giant value: the end says what to do.
pub fn shortened(message: &str) -> Cow<'_, str> {
    const BEGINNING: usize = 1_200;
    const END: usize = 600;
    let length = message.chars().count();
    if length <= BEGINNING + END {
        return Cow::Borrowed(message);
    }
    let beginning: String = message.chars().take(BEGINNING).collect();
    let end: String = message.chars().skip(length - END).collect();
    Cow::Owned(format!("{beginning} [… {} characters left out …] {end}", length - BEGINNING - END))
}

/// Writes JSON to the file that was asked for, if one was; whether standard output was asked for instead.
pub fn json_target(target: Option<&Path>, json: &str) -> Result<bool, Failure> {
    match target {
        None => Ok(false),
        Some(path) if path == Path::new("-") => Ok(true),
        Some(path) => write_whole(path, json.as_bytes()).map(|()| false),
    }
}

/// Refuses a file that cannot be written, before the work that makes its content.
pub fn can_be_written(target: Option<&Path>) -> Result<(), Failure> {
    let Some(path) = target.filter(|path| *path != Path::new("-")) else { return Ok(()) };
    let wrong = |what: &str| Err(Failure::Message(format!("{}: {what}", path.display())));
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match fs::metadata(parent) {
        _ if path.is_dir() => wrong("is a directory; name a file in it"),
        // A pipe that nobody reads would wait forever.
        _ if is_special(path) => wrong("is a device, a pipe or a socket; name a file, or write - for standard output"),
        Ok(metadata) if metadata.is_dir() => Ok(()),
        _ => wrong("cannot be written: there is no such folder; make it first, or name another file"),
    }
}

/// Returns `true` for what is neither a file nor a folder. The null device and standard output are no trouble: one takes
/// what it gets, the other has its reader.
fn is_special(path: &Path) -> bool {
    let harmless = ["/dev/null", "/dev/stdout", "/dev/stderr", "/dev/fd/1", "/dev/fd/2", "/proc/self/fd/1"];
    !harmless.iter().any(|harmless| path == Path::new(harmless))
        && fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
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
    remove_abandoned(path);
    let (mut file, partial) = begin_partial(path).map_err(failed)?;
    interrupt::unless_interrupted(|now| now.unfinished.push(partial.clone()));
    let written = file.write_all(content).and_then(|()| fs::rename(&partial, path));
    interrupt::unless_interrupted(|now| now.unfinished.retain(|place| *place != partial));
    written.map_err(|error| {
        fs::remove_file(&partial).ok();
        failed(error)
    })
}

/// A file beside a path, locked as long as it is written, and its name.
fn begin_partial(path: &Path) -> io::Result<(File, PathBuf)> {
    loop {
        let partial = hidden_beside(path, "partial");
        let file = File::options().write(true).create_new(true).open(&partial)?;
        // Before the lock, somebody may have taken it for abandoned. A disk without locks is written to without.
        let held = !matches!(file.try_lock(), Err(TryLockError::WouldBlock));
        if held && partial.exists() {
            return Ok((file, partial));
        }
    }
}

/// Removes what a process that was killed left beside a path: files that nobody has locked.
fn remove_abandoned(path: &Path) {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let begins = format!(".{name}.partial-");
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(&begins)
            && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok())
        {
            fs::remove_file(entry.path()).ok();
        }
    }
}

/// A hidden name beside a path, which nobody else takes.
pub fn hidden_beside(path: &Path, word: &str) -> PathBuf {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    // The standard library seeds its hash maps from the system's source of random numbers.
    let random = RandomState::new().build_hasher().finish();
    path.with_file_name(format!(".{name}.{word}-{random:016x}"))
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

/// Files of saved models, which a scenario or spec names: a name is meant from the folder where it stands.
pub fn saved_models(folder: Option<&Path>) -> Extensions {
    let folder = folder.map(Path::to_path_buf).unwrap_or_default();
    let mut models = Extensions::new();
    models.read_files_with(move |name| {
        read_text(&folder.join(name)).map_err(|failure| match failure {
            Failure::Message(message) => message,
            Failure::BrokenPipe => String::new(),
        })
    });
    models
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_written_out_and_all_else_is_left() {
        for left in ["Zoë\tNuñez\n", "שָׁלוֹם 李 👩‍👩‍👧", "a\\u001b"] {
            assert!(matches!(harmless(left), Cow::Borrowed(text) if text == left));
        }
        assert_eq!(harmless("a\u{1b}[2Jë\r\u{9b}m\u{202e}z\u{7f}"), r"a\u001b[2Jë\u000d\u009bm\u202ez\u007f");
        // JSON means the same with it.
        let json = serde_json::json!({ "Zoë\u{9b}": "\u{7f}\u{1b}\u{202e}\n" });
        let read: serde_json::Value = serde_json::from_str(&harmless(&format!("{json:#}\n"))).unwrap();
        assert_eq!(read, json);
    }

    #[test]
    fn a_long_message_keeps_its_beginning_and_its_end() {
        let short = "ë".repeat(1_800);
        assert_eq!(shortened(&short), short);
        let long = shortened(&format!("--set x={}: write a number", "ë".repeat(1_000_000))).into_owned();
        assert!(long.starts_with("--set x=ëë") && long.ends_with("ëë: write a number") && long.len() < 4_000, "{long}");
        assert!(long.contains("998224 characters left out"), "{long}");
    }
}
