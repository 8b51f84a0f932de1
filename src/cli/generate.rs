//! `generate`: the synthetic files.

use super::args::GenerateArgs;
use super::clock::Clock;
use super::everywhere::Everywhere;
use super::folder::{Folder, Holds};
use super::output::{Failure, json_target, say, tell};
use super::{memory, not_inside, scenario};
use namesake::experiment::{Progress, World};
use namesake::report;
use namesake::report::files::Columns;
use namesake::report::files::parquet::Parquet;
use std::borrow::Cow;
use std::time::Instant;

/// `generate`.
pub fn generate(args: &GenerateArgs) -> Result<(), Failure> {
    let started = Instant::now();
    let Everywhere { json, quiet, .. } = &args.everywhere;
    let scenario = scenario(args.scenario.as_deref(), &args.simulated, *quiet)?;
    memory::enough(scenario.requester.requests, 0)?;
    let clock = Clock::new(*quiet);
    let watch = |progress: Progress| clock.saw(progress);
    not_inside(json.as_deref(), &args.out)?;
    let folder = Folder::begin(&args.out, Holds::Files)?;
    let world = World::new(&scenario, &watch);
    let columns = Columns::from_name(&args.columns).expect("the parser of arguments knows the names");
    let headers = report::files::headers(&world, columns);
    let mut files = Vec::new();
    for (name, header) in report::files::FILES.iter().zip(&headers) {
        files.push((folder.create(&format!("{name}.{}", args.format))?, header));
    }
    let mut tables = Tables::begin(&args.format, &world, columns);
    if let Tables::Csv = tables {
        files.iter_mut().try_for_each(|(file, header)| file.write(header))?;
    }
    let mut rows = 0_u64;
    let mut add = |sheets: &report::files::Sheets| -> Result<(), Failure> {
        for (at, ((file, _), sheet)) in files.iter_mut().zip(sheets).enumerate() {
            rows += lines(sheet);
            file.write(&tables.add(at, sheet))?;
        }
        Ok(())
    };
    report::files::write_all(&world, columns, &watch, &mut add)?;
    let ends = tables.finish();
    for (at, (mut file, _)) in files.into_iter().enumerate() {
        if let Some(end) = ends.get(at) {
            file.write(end)?;
        }
        file.finish()?;
    }
    folder.write("scenario.toml", scenario.to_toml().as_bytes())?;
    folder.write("timings.json", clock.timings(started).as_bytes())?;
    let place = folder.finish()?;
    let text = format!(
        "{:#}\n",
        serde_json::json!({ "folder": place, "files": report::files::FILES, "rows": rows, "people": scenario.population.people })
    );
    if json_target(json.as_deref(), &text)? {
        return say(&text);
    }
    if !quiet {
        tell(&format!("{} rows written to {}", report::thousands(rows), place.display()));
    }
    Ok(())
}

/// The ends of lines in a text. A byte holds the count of up to 255 bytes, so that the processor takes many at a time.
fn lines(text: &[u8]) -> u64 {
    let ends = |part: &[u8]| u64::from(part.iter().map(|&byte| u8::from(byte == b'\n')).sum::<u8>());
    text.chunks(255).map(ends).sum()
}

/// The conversion of CSV rows into the format wanted.
enum Tables {
    /// As they are.
    Csv,
    /// Parquet, file by file.
    Parquet(Vec<Parquet>),
}

impl Tables {
    fn begin(format: &str, world: &World<'_>, columns: Columns) -> Tables {
        if format == "csv" {
            return Tables::Csv;
        }
        let notes = super::notes(world.scenario());
        let begin = |columns: Vec<_>| Parquet::new(&columns, &notes);
        Tables::Parquet(report::files::typed_columns(world, columns).map(begin).into())
    }

    /// The bytes ready to be written after some rows of a file.
    fn add<'s>(&mut self, file: usize, rows: &'s [u8]) -> Cow<'s, [u8]> {
        match self {
            Tables::Csv => Cow::Borrowed(rows),
            Tables::Parquet(tables) => Cow::Owned(tables[file].add(rows)),
        }
    }

    /// The last bytes of each file.
    fn finish(self) -> Vec<Vec<u8>> {
        match self {
            Tables::Csv => Vec::new(),
            Tables::Parquet(tables) => tables.into_iter().map(Parquet::finish).collect(),
        }
    }
}
