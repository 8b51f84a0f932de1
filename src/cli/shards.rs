//! Parts of a run or of a sweep, made apart: what each says of itself, and that all are there, each once.

use super::folder::Holds;
use super::output::{Failure, read_text};
use super::values::MOST_PARTS;
use namesake::experiment::Streamed;
use namesake::report::VERSION;
use namesake::scenario::Scenario;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Missing parts that a message names.
const NAMED: usize = 8;

/// A checksum over texts, of which each but the last has a fixed form: FNV-1a, 64 bits. It guards against accidents, not
/// against forgery.
pub fn checksum(texts: &[&str]) -> String {
    let bytes = texts.iter().flat_map(|text| text.bytes());
    let hash = bytes
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("{hash:016x}")
}

/// A part of a run, sweep or inference that can be merged with others.
pub trait Shard {
    /// Its number, from 1, and the number of parts.
    fn number(&self) -> (u64, u64);
    /// Returns `true` if both are parts of one whole.
    fn same_whole(&self, other: &Self) -> bool;
}

/// Returns `true` if one of the folders holds a part of that kind.
pub fn holds_part(folders: &[PathBuf], holds: Holds) -> bool {
    folders.iter().any(|folder| folder.join(holds.known_by()).is_file())
}

/// Reads the parts in some folders. All are of one whole and each is there once; `read` says of a part's text what it
/// is, or what is wrong with it.
pub fn read_parts<P: Shard, S>(
    folders: &[PathBuf],
    holds: Holds,
    read: impl Fn(&str) -> Result<(P, S), String>,
) -> Result<Vec<(PathBuf, P, S)>, Failure> {
    let mut parts: Vec<(PathBuf, P, S)> = Vec::new();
    for folder in folders {
        let path = folder.join(holds.known_by());
        let wrong = |what: String| Failure::Message(format!("{}: {what}", path.display()));
        if folder.is_dir() && !path.is_file() {
            return Err(Failure::Message(format!(
                "{}: has no {}, so it is not {}; name folders that --shard K/N has written",
                folder.display(),
                holds.known_by(),
                holds.what()
            )));
        }
        let (part, state) = read(&read_text(&path)?).map_err(wrong)?;
        let (number, of) = part.number();
        if !(1..=of).contains(&number) || of > MOST_PARTS {
            return Err(wrong(format!(
                "says that it is part {number} of {of}; there are at most {MOST_PARTS}; run this part again"
            )));
        }
        if let Some((first, known, _)) = parts.first()
            && (known.number().1 != of || !known.same_whole(&part))
        {
            let whole = match holds {
                Holds::Shard => "run",
                Holds::InferShard => "inference",
                _ => "sweep",
            };
            return Err(wrong(format!("belongs to another {whole} than {}", first.display())));
        }
        if let Some((same, ..)) = parts.iter().find(|(_, other, _)| other.number().0 == number) {
            return Err(wrong(format!("is part {number} of {of}, as is {}", same.display())));
        }
        parts.push((path, part, state));
    }
    let Some((_, first, _)) = parts.first() else {
        return Err(Failure::Message("name the folders of the shards".to_string()));
    };
    let of = first.number().1;
    let there: BTreeSet<u64> = parts.iter().map(|(_, part, _)| part.number().0).collect();
    let missing: Vec<u64> = (1..=of).filter(|number| !there.contains(number)).collect();
    if !missing.is_empty() {
        let named: Vec<String> = missing.iter().take(NAMED).map(|number| format!("{number}/{of}")).collect();
        let more = match missing.len() - named.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        return Err(Failure::Message(format!("parts {}{more} are missing; run them with --shard", named.join(", "))));
    }
    Ok(parts)
}

/// The identity of a shard, in the first line of its file; the second line is its state.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct ShardHeader {
    schema: String,
    version: String,
    part: u64,
    parts: u64,
    scenario: String,
    /// Over everything above and the state: a shard that was changed since is no shard.
    checksum: String,
}

const SHARD_SCHEMA: &str = "namesake.shard/1";

impl ShardHeader {
    fn checksum_with(&self, state: &str) -> String {
        let numbers = format!("{} {} {} {}", self.schema, self.version, self.part, self.parts);
        checksum(&[&numbers, &self.scenario, state])
    }
}

impl Shard for ShardHeader {
    fn number(&self) -> (u64, u64) {
        (self.part, self.parts)
    }

    fn same_whole(&self, other: &ShardHeader) -> bool {
        self.scenario == other.scenario
    }
}

/// A shard's file.
pub fn shard_text(part: u64, parts: u64, scenario: &Scenario, state: &Streamed) -> Result<Vec<u8>, Failure> {
    let state = serde_json::to_string(state).map_err(Failure::of)?;
    let (schema, version) = (SHARD_SCHEMA.to_string(), VERSION.to_string());
    let mut header =
        ShardHeader { schema, version, part, parts, scenario: scenario.to_toml(), checksum: String::new() };
    header.checksum = header.checksum_with(&state);
    let header = serde_json::to_string(&header).map_err(Failure::of)?;
    Ok(format!("{header}\n{state}\n").into_bytes())
}

/// Reads the shards of one run, each exactly once, and the scenario they share.
pub fn read_shards(folders: &[PathBuf]) -> Result<(Scenario, Vec<Streamed>), Failure> {
    let shards = read_parts(folders, Holds::Shard, |text| {
        let (first, state) = text.split_once('\n').unwrap_or((text, ""));
        let state = state.trim_end();
        let Ok(header) = serde_json::from_str::<ShardHeader>(first) else {
            return Err("is not a part of a run; make one with --shard K/N".to_string());
        };
        if header.schema != SHARD_SCHEMA || header.version != VERSION {
            return Err(format!("was written by version {}, not {VERSION}; run it again", header.version));
        }
        if header.checksum != header.checksum_with(state) {
            return Err("was changed or cut short since it was written; run it again".to_string());
        }
        match serde_json::from_str::<Streamed>(state) {
            Ok(state) => Ok((header, state)),
            Err(error) => Err(format!("its state cannot be read: {error}; run it again")),
        }
    })?;
    let scenario = Scenario::parse(&shards[0].1.scenario, "shard.json").map_err(Failure::of)?;
    if let Some((path, ..)) = shards.iter().find(|(.., state)| !state.fits(&scenario)) {
        let problem = "its state does not fit its scenario; run it again";
        return Err(Failure::Message(format!("{}: {problem}", path.display())));
    }
    Ok((scenario, shards.into_iter().map(|(.., state)| state).collect()))
}
