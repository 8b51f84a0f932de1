//! The synthetic files as CSV: what each agency holds, who is who, who everybody truly is, and what went wrong.

use crate::agency::{Agency, Change, Draft, ErrorSet, Side, Subject};
use crate::experiment::World;
use crate::population::{Joiner, Person};
use crate::record::Field;

/// The files that `generate` writes, in order, by name without ending.
pub const FILES: [&str; 5] = ["requester", "holder", "truth", "people", "provenance"];

/// The header of each file.
pub fn headers(world: &World<'_>) -> [Vec<u8>; 5] {
    let names = |fields: &[Field]| -> Vec<String> {
        std::iter::once("record_id".to_string()).chain(fields.iter().map(|field| field.name().to_string())).collect()
    };
    let fixed = |names: &[&str]| names.iter().map(|name| name.to_string()).collect::<Vec<_>>();
    [
        line(&names(world.requester().fields())),
        line(&names(world.holder().fields())),
        line(&fixed(&["file", "record_id", "person_id"])),
        line(&fixed(&PEOPLE)),
        line(&fixed(&["file", "record_id", "error", "cell", "field", "before", "after"])),
    ]
}

const PEOPLE: [&str; 20] = [
    "person_id",
    "household_id",
    "group",
    "sex",
    "date_of_birth",
    "given_name",
    "middle_name",
    "surname",
    "suffix",
    "status",
    "final_order",
    "number",
    "house_number",
    "street",
    "unit",
    "city",
    "state",
    "zip",
    "on_file",
    "sought",
];

/// The rows about the people of one block, file by file; the requester's file is made by [`request_rows`].
pub fn block_rows(world: &World<'_>, block: u64) -> [Vec<u8>; 5] {
    let block = world.country().block(block);
    let holder = world.holder();
    let mut out: [Vec<u8>; 5] = Default::default();
    for slot in 0..block.people.len() {
        let subject = Subject::of(&block, slot);
        let on_file = holder.covers(subject.person);
        if on_file {
            let record = world.truth().record_of(subject.person.id).0;
            record_rows(&holder, Side::Holder, subject, record, 1, &mut out);
        }
        out[3].extend(person_row(world, subject, on_file));
    }
    out
}

/// The rows about one request, file by file.
pub fn request_rows(world: &World<'_>, request: usize) -> [Vec<u8>; 5] {
    let person = world.truth().sought_by(request);
    let block = world.country().block(person.block());
    let mut out: [Vec<u8>; 5] = Default::default();
    let subject = Subject::of(&block, person.slot());
    record_rows(&world.requester(), Side::Requester, subject, request as u64, 0, &mut out);
    out
}

/// Writes one record, who it is, and what went wrong in it.
fn record_rows(
    agency: &Agency<'_>,
    side: Side,
    subject: Subject<'_>,
    record: u64,
    file: usize,
    out: &mut [Vec<u8>; 5],
) {
    let (mut draft, mut changes) = (Draft::default(), Vec::new());
    agency.record(subject, ErrorSet::NONE, &mut draft, Some(&mut changes));
    let id = record.to_string();
    let cells: Vec<&str> = std::iter::once(id.as_str()).chain(agency.row(&draft)).collect();
    out[file].extend(line(&cells));
    out[2].extend(line(&[side.name(), &id, &subject.person.id.0.to_string()]));
    for Change { error, field, before, after } in &changes {
        if agency.fields().contains(field) {
            out[4].extend(line(&[
                side.name(),
                &id,
                error.kind.name(),
                error.cell.name(),
                field.name(),
                before.as_str(),
                after.as_str(),
            ]));
        }
    }
}

fn person_row(world: &World<'_>, subject: Subject<'_>, on_file: bool) -> Vec<u8> {
    let country = world.country();
    let Person { id, group, sex, born, given, middle, suffix, status, final_order, .. } = subject.person;
    let text = |write: &dyn Fn(&mut String)| {
        let mut text = String::new();
        write(&mut text);
        text
    };
    let dwelling = subject.household().dwelling;
    let address = country.address(dwelling);
    let mut row = vec![
        id.0.to_string(),
        dwelling.0.to_string(),
        group.name().to_string(),
        sex.name().to_string(),
        born.to_string(),
        text(&|out| country.names().write_given(*given, out)),
        text(&|out| {
            if let Some(middle) = middle {
                country.names().write_given(*middle, out);
            }
        }),
        text(&|out| country.surname(subject.person, out)),
        suffix.map_or(String::new(), |suffix| suffix.text().to_string()),
        status.name().to_string(),
        final_order.to_string(),
        country.number(*id),
    ];
    row.extend(address.parts().map(str::to_string));
    row.push(on_file.to_string());
    row.push(world.is_sought(*id).to_string());
    line(&row)
}

/// How two surnames are joined, for whoever takes one apart.
pub fn joiner(joiner: Joiner) -> char {
    match joiner {
        Joiner::Hyphen => '-',
        Joiner::Space => ' ',
    }
}

/// One line of CSV.
fn line<S: AsRef<[u8]>>(cells: &[S]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells).expect("writing to memory cannot fail");
    writer.into_inner().expect("writing to memory cannot fail")
}
