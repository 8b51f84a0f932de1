//! `generate`: the synthetic files.

use super::args::{Everywhere, GenerateArgs};
use super::clock::Clock;
use super::folder::{Folder, Holds};
use super::output::{Failure, json_target, say, tell};
use super::{memory, not_inside, scenario};
use namesake::experiment::{Progress, World};
use namesake::report;
use namesake::report::files::{Columns, parquet::Parquet};
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
    let parquet = args.format == "parquet";
    let mut files = Vec::new();
    let headers = report::files::headers(&world, columns).into_iter().zip(report::files::column_names(&world, columns));
    for (name, (header, columns)) in report::files::FILES.iter().zip(headers) {
        let mut file = folder.create(&format!("{name}.{}", args.format))?;
        let mut table = None;
        if parquet {
            let (begun, begin) = Parquet::begin(&columns);
            file.write(begin)?;
            table = Some(begun);
        } else {
            file.write(&header)?;
        }
        files.push((file, table));
    }
    let mut rows = 0_u64;
    let mut add = |sheets: &report::files::Sheets| -> Result<(), Failure> {
        for ((file, table), sheet) in files.iter_mut().zip(sheets) {
            rows += sheet.iter().filter(|&&byte| byte == b'\n').count() as u64;
            match table {
                Some(table) => file.write(&table.add(sheet))?,
                None => file.write(sheet)?,
            }
        }
        Ok(())
    };
    report::files::write_all(&world, columns, &watch, &mut add)?;
    for (mut file, table) in files {
        if let Some(table) = table {
            file.write(&table.finish())?;
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
