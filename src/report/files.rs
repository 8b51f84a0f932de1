//! The synthetic files as CSV: what each agency holds, who is who, who everybody truly is, and what went wrong.

use crate::agency::{Agency, Change, Draft, ErrorSet, Side, Subject};
use crate::experiment::{Watch, World, in_order};
use crate::population::Person;
use crate::record::Field;

/// The files that `generate` writes, in order, by name without ending.
pub const FILES: [&str; 5] = ["requester", "holder", "truth", "people", "provenance"];

/// Text of the five files, in the order of [`FILES`].
pub type Sheets = [Vec<u8>; 5];

/// The five files in the making.
struct Writers([csv::Writer<Vec<u8>>; 5]);

impl Writers {
    fn new() -> Writers {
        Writers(FILES.map(|_| csv::Writer::from_writer(Vec::new())))
    }

    fn row<S: AsRef<[u8]>>(&mut self, file: usize, cells: impl IntoIterator<Item = S>) {
        self.0[file].write_record(cells).expect("writing to memory cannot fail");
    }

    fn finish(self) -> Sheets {
        self.0.map(|writer| writer.into_inner().expect("writing to memory cannot fail"))
    }
}

/// The header of each file.
pub fn headers(world: &World<'_>) -> Sheets {
    let names = |fields: &[Field]| -> Vec<String> {
        std::iter::once("record_id".to_string()).chain(fields.iter().map(|field| field.name().to_string())).collect()
    };
    let mut sheets = Writers::new();
    sheets.row(REQUESTER, names(world.requester().fields()));
    sheets.row(HOLDER, names(world.holder().fields()));
    sheets.row(TRUTH, ["file", "record_id", "person_id"]);
    sheets.row(PEOPLE, PERSON_COLUMNS);
    sheets.row(PROVENANCE, ["file", "record_id", "error", "cell", "field", "before", "after", "masked"]);
    sheets.finish()
}

const REQUESTER: usize = 0;
const HOLDER: usize = 1;
const TRUTH: usize = 2;
const PEOPLE: usize = 3;
const PROVENANCE: usize = 4;

const PERSON_COLUMNS: [&str; 20] = [
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

/// Gives all rows to `add`, sheet by sheet, in an order that depends on nothing: the requests, then block by block.
/// Only a few hundred blocks are held at a time, however large the country. The first failure of `add` ends it.
pub fn write_all<E>(
    world: &World<'_>,
    watch: Watch<'_>,
    add: &mut impl FnMut(&Sheets) -> Result<(), E>,
) -> Result<(), E> {
    let (requests, blocks) = (world.requests().len() as u64, world.country().blocks());
    in_order(0..requests, |request| request_rows(world, request as usize), "requests", watch, add)?;
    in_order(0..blocks, |block| block_rows(world, block), "files", watch, add)
}

/// The rows about the people of one block, file by file.
fn block_rows(world: &World<'_>, block: u64) -> Sheets {
    let block = world.country().block(block);
    let holder = world.holder();
    let mut sheets = Writers::new();
    for slot in 0..block.people.len() {
        let subject = Subject::of(&block, slot);
        let on_file = holder.covers(subject.person);
        if on_file {
            let record = world.truth().record_of(subject.person.id).0;
            record_rows(&holder, Side::Holder, subject, record, &mut sheets);
        }
        sheets.row(PEOPLE, person_row(world, subject, on_file));
    }
    sheets.finish()
}

/// The rows about one request, file by file.
fn request_rows(world: &World<'_>, request: usize) -> Sheets {
    let person = world.truth().sought_by(request);
    let block = world.country().block(person.block());
    let mut sheets = Writers::new();
    let subject = Subject::of(&block, person.slot());
    record_rows(&world.requester(), Side::Requester, subject, request as u64, &mut sheets);
    sheets.finish()
}

/// Writes one record, who it is, and what went wrong in it.
fn record_rows(agency: &Agency<'_>, side: Side, subject: Subject<'_>, record: u64, sheets: &mut Writers) {
    let (mut draft, mut changes) = (Draft::default(), Vec::new());
    agency.record(subject, ErrorSet::NONE, &mut draft, Some(&mut changes));
    let id = record.to_string();
    let file = if side == Side::Requester { REQUESTER } else { HOLDER };
    sheets.row(file, std::iter::once(id.as_str()).chain(agency.row(&draft)));
    sheets.row(TRUTH, [side.name(), &id, &subject.person.id.0.to_string()]);
    for Change { error, field, before, after, masked } in &changes {
        let (kind, cell) = (error.kind.name(), error.cell.name());
        let masked = if *masked { "true" } else { "false" };
        sheets.row(PROVENANCE, [side.name(), &id, kind, cell, field.name(), before, after, masked]);
    }
}

fn person_row(world: &World<'_>, subject: Subject<'_>, on_file: bool) -> Vec<String> {
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
    row
}
