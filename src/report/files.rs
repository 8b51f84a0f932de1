//! The synthetic files as rows of text: what each agency holds, who is who, who everybody truly is, and what went wrong.
//!
//! The columns are Namesake's own or, on request, those that another tool expects. `docs/data-dictionary.md` says what
//! each holds; it is written from the tables here.

mod columns;
#[cfg(feature = "parquet")]
pub mod parquet;

pub use columns::Columns;

use crate::agency::{Agency, Change, Draft, ErrorSet, Side, Subject};
use crate::experiment::{Watch, World};
use crate::parallel::in_order;
use crate::population::Block;
use crate::record::{Date, Field};
use columns::{Holds, PERSON_COLUMNS, PROVENANCE_COLUMNS, TRUTH_COLUMNS};
use std::fmt::Write;

/// The files that `generate` writes, in order, by name without ending.
pub const FILES: [&str; 5] = ["requester", "holder", "truth", "people", "provenance"];

/// Text of the five files, in the order of [`FILES`].
pub type Sheets = [Vec<u8>; 5];

const REQUESTER: usize = 0;
const HOLDER: usize = 1;
const TRUTH: usize = 2;
const PEOPLE: usize = 3;
const PROVENANCE: usize = 4;

/// A file in the making: cells with commas between, quoted where they must be, as RFC 4180 has it.
#[derive(Default)]
struct Sheet(Vec<u8>);

impl Sheet {
    fn cell(&mut self, text: &str) {
        // Every byte is looked at, so that many are at a time.
        if text.bytes().fold(false, |found, byte| found | matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
            self.0.push(b'"');
            self.0.extend(text.replace('"', "\"\"").as_bytes());
            self.0.push(b'"');
        } else {
            self.0.extend(text.as_bytes());
        }
        self.0.push(b',');
    }

    fn number(&mut self, number: u64) {
        let (mut digits, mut from, mut left) = ([0; 20], 20, number);
        loop {
            from -= 1;
            digits[from] = b'0' + (left % 10) as u8;
            left /= 10;
            if left == 0 {
                break;
            }
        }
        self.0.extend(&digits[from..]);
        self.0.push(b',');
    }

    fn end(&mut self) {
        // Every cell has put a comma behind itself.
        self.0.pop();
        self.0.push(b'\n');
    }

    fn row<'t>(&mut self, cells: impl IntoIterator<Item = &'t str>) {
        cells.into_iter().for_each(|cell| self.cell(cell));
        self.end();
    }
}

/// Columns that are no text, where another tool does not want them as text.
#[cfg(feature = "parquet")]
const TYPED: [(&str, parquet::Holds); 7] = [
    ("record_id", parquet::Holds::Whole),
    ("person_id", parquet::Holds::Whole),
    ("household_id", parquet::Holds::Whole),
    ("final_order", parquet::Holds::Truth),
    ("on_file", parquet::Holds::Truth),
    ("sought", parquet::Holds::Truth),
    ("masked", parquet::Holds::Truth),
];

/// The content of each column of each file, in the order of [`FILES`]. Dates of the agencies' files are text, as an
/// agency may have written one that does not exist.
#[cfg(feature = "parquet")]
pub fn typed_columns(world: &World<'_>, columns: Columns) -> [Vec<(&'static str, parquet::Holds)>; 5] {
    let mut file = 0;
    column_names(world, columns).map(|names| {
        let of_agency = file == REQUESTER || file == HOLDER;
        let is_date = |name: &str| file == PEOPLE && name == "date_of_birth";
        let holds = |name: &'static str| {
            let typed = TYPED.iter().find(|(typed, _)| *typed == name && (!of_agency || columns == Columns::Namesake));
            let holds = typed.map_or(parquet::Holds::Text, |(_, holds)| *holds);
            (name, if is_date(name) { parquet::Holds::Date } else { holds })
        };
        let typed = names.into_iter().map(holds).collect();
        file += 1;
        typed
    })
}

/// The names of the columns of each file, in the order of [`FILES`].
pub fn column_names(world: &World<'_>, columns: Columns) -> [Vec<&'static str>; 5] {
    let names = |fields: &[Field]| columns.of(fields).into_iter().map(|(name, _)| name).collect();
    [
        names(world.requester().fields()),
        names(world.holder().fields()),
        TRUTH_COLUMNS.to_vec(),
        PERSON_COLUMNS.to_vec(),
        PROVENANCE_COLUMNS.to_vec(),
    ]
}

/// The header of each file.
pub fn headers(world: &World<'_>, columns: Columns) -> Sheets {
    column_names(world, columns).map(|names| {
        let mut sheet = Sheet::default();
        sheet.row(names);
        sheet.0
    })
}

/// Gives all rows to `add`, sheet by sheet, in an order that depends on nothing: block by block, then the requests.
/// Only a few hundred blocks are held at a time, and the requests, however large the country. The first failure of
/// `add` ends it.
pub fn write_all<E: Send>(
    world: &World<'_>,
    columns: Columns,
    watch: Watch<'_>,
    add: &mut (impl FnMut(&Sheets) -> Result<(), E> + Send),
) -> Result<(), E> {
    let rows = |index| {
        let block = world.country().block(index);
        (block_rows(world, columns, &block), request_rows(world, columns, &block))
    };
    let mut requests = Vec::new();
    let mut take = |(sheets, asked_for): (Sheets, Vec<(u32, Sheets)>)| {
        requests.extend(asked_for);
        add(&sheets)
    };
    in_order(0..world.country().blocks(), rows, "files", watch, &mut take)?;
    requests.sort_unstable_by_key(|(request, _)| *request);
    requests.iter().try_for_each(|(_, sheets)| add(sheets))
}

/// The rows about the people of one block, file by file.
fn block_rows(world: &World<'_>, columns: Columns, block: &Block) -> Sheets {
    // Bytes that the rows of most blocks stay below, file by file, so that no sheet grows as it is written.
    const MOSTLY: [usize; 5] = [0, 28_000, 5_000, 48_000, 24_000];
    let mut maker = Maker::new(world.holder(), Side::Holder, columns);
    let mut sheets = MOSTLY.map(|bytes| Sheet(Vec::with_capacity(bytes)));
    for slot in 0..block.people.len() {
        let subject = Subject::of(block, slot);
        let on_file = world.on_file(subject);
        if on_file {
            let record = world.truth().record_of(subject.person.id).0;
            maker.record_rows(subject, record, &mut sheets);
        }
        maker.person_row(world, subject, on_file, &mut sheets[PEOPLE]);
    }
    sheets.map(|sheet| sheet.0)
}

/// The rows about the requests for people of one block, file by file.
fn request_rows(world: &World<'_>, columns: Columns, block: &Block) -> Vec<(u32, Sheets)> {
    let mut maker = Maker::new(world.requester(), Side::Requester, columns);
    let asked_for = block.people.iter().filter_map(|person| Some((world.request_for(person.id)?, person.id.slot())));
    asked_for
        .map(|(request, slot)| {
            let mut sheets: [Sheet; 5] = Default::default();
            maker.record_rows(Subject::of(block, slot), u64::from(request), &mut sheets);
            (request, sheets.map(|sheet| sheet.0))
        })
        .collect()
}

/// Makes the rows of one agency, with its working memory.
struct Maker<'a> {
    agency: Agency<'a>,
    side: Side,
    columns: Vec<(&'static str, Holds)>,
    draft: Draft,
    changes: Vec<Change>,
    text: String,
}

impl<'a> Maker<'a> {
    fn new(agency: Agency<'a>, side: Side, columns: Columns) -> Maker<'a> {
        let columns = columns.of(agency.fields());
        Maker { agency, side, columns, draft: Draft::default(), changes: Vec::new(), text: String::new() }
    }

    /// Writes one record, who it is, and what went wrong in it.
    fn record_rows(&mut self, subject: Subject<'_>, record: u64, sheets: &mut [Sheet; 5]) {
        self.changes.clear();
        self.agency.record(subject, ErrorSet::NONE, &mut self.draft, Some(&mut self.changes));
        let file = if self.side == Side::Requester { REQUESTER } else { HOLDER };
        let cells = self.draft.cells();
        let person = subject.person;
        for (_, holds) in &self.columns {
            let sheet = &mut sheets[file];
            match *holds {
                Holds::Record => sheet.number(record),
                Holds::Person => sheet.number(person.id.0),
                Holds::Household => sheet.number(subject.household().dwelling.0),
                Holds::Group => sheet.cell(person.group.name()),
                Holds::FebrlId => {
                    let end = if self.side == Side::Requester { "dup-0" } else { "org" };
                    sheet.cell(&format!("rec-{}-{end}", person.id.0));
                }
                Holds::Field(at) => sheet.cell(&cells[at]),
                Holds::Initial(at) => {
                    sheet.cell(cells[at].chars().next().map_or("", |first| &cells[at][..first.len_utf8()]));
                }
                Holds::Date(at, digits) => {
                    let date = Date::parse(&cells[at]).map_or_else(String::new, |date| date.to_string());
                    sheet.cell(&if digits { date.replace('-', "") } else { date });
                }
            }
        }
        sheets[file].end();
        let sheet = &mut sheets[TRUTH];
        sheet.cell(self.side.name());
        sheet.number(record);
        sheet.number(person.id.0);
        sheet.end();
        let sheet = &mut sheets[PROVENANCE];
        for Change { error, field, before, after, masked } in &self.changes {
            sheet.cell(self.side.name());
            sheet.number(record);
            let masked = if *masked { "true" } else { "false" };
            sheet.row([error.kind.name(), error.cell.name(), field.name(), before, after, masked]);
        }
    }

    fn person_row(&mut self, world: &World<'_>, subject: Subject<'_>, on_file: bool, sheet: &mut Sheet) {
        let (country, person, text) = (world.country(), subject.person, &mut self.text);
        let dwelling = subject.household().dwelling;
        let truth = |yes: bool| if yes { "true" } else { "false" };
        sheet.number(person.id.0);
        sheet.number(dwelling.0);
        sheet.cell(person.group.name());
        sheet.cell(person.sex.name());
        let mut written = |write: &dyn Fn(&mut String)| {
            text.clear();
            write(text);
            sheet.cell(text);
        };
        written(&|out| write!(out, "{}", person.born).expect("writing to a string cannot fail"));
        written(&|out| country.given_name(person, out));
        written(&|out| {
            if let Some(middle) = person.middle_name() {
                country.names().write_given(middle, out);
            }
        });
        written(&|out| country.surname(person, out));
        sheet.cell(person.suffix.map_or("", |suffix| suffix.text()));
        sheet.cell(person.status.name());
        sheet.cell(truth(person.final_order));
        let number = if country.has_number(person) { country.number(person.id) } else { String::new() };
        sheet.cell(&number);
        country.address(dwelling).parts().iter().for_each(|part| sheet.cell(part));
        sheet.row([truth(on_file), truth(world.is_sought(person.id))]);
    }
}

/// The data dictionary: every file and column, and what it holds.
pub fn dictionary() -> String {
    let mut text = String::from(
        "# Data dictionary\n\nThe files that `namesake generate` writes. All are synthetic; every cell is text, and a blank cell is a missing \
         value. In\nParquet the columns are the same, a missing value is a null, numbers of records, persons and \
         households are whole numbers,\n`final_order`, `on_file`, `sought` and `masked` are true or false, and \
         `date_of_birth` of `people` is a date. This page is written from `src/report/files.rs`; \
         `NAMESAKE_BLESS=1 cargo test\ndictionary` writes it anew.\n\n",
    );
    let mut say = |line: &str| writeln!(text, "{line}").expect("writing to a string cannot fail");
    say(
        "## requester and holder\n\nOne row per request, and one row per record on the holder's file. A file has the columns of the fields it has.\n",
    );
    for columns in Columns::ALL {
        let name = columns.name();
        say(&format!("### `--columns {name}`\n\n| column | holds |\n|---|---|"));
        for (column, holds) in columns.of(&Field::NAMED) {
            say(&format!("| `{column}` | {} |", meaning(holds)));
        }
        say("");
    }
    for (file, columns, about) in [
        ("truth", &TRUTH_COLUMNS[..], "The person whom each record is about: one row per record of either file."),
        ("people", &PERSON_COLUMNS, "The true particulars of everybody in the country: one row per person."),
        (
            "provenance",
            &PROVENANCE_COLUMNS,
            "The errors: one row for each field that an error changed, in the order in which it happened to the record. \
             Undoing them from the last to the first gives the record without error. An error is masked if a later one \
             replaced the field.",
        ),
    ] {
        say(&format!("## {file}\n\n{about}\n\n| column | holds |\n|---|---|"));
        for column in columns {
            say(&format!(
                "| `{column}` | {} |",
                OF_COLUMNS.iter().find(|(name, _)| name == column).map_or("", |(_, holds)| holds)
            ));
        }
        say("");
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn meaning(holds: Holds) -> String {
    match holds {
        Holds::Record => "the number of the record in its file; it says nothing about who it is".to_string(),
        Holds::FebrlId => {
            "`rec-PERSON-org` on the holder's file, `rec-PERSON-dup-0` on the requester's: the truth".to_string()
        }
        Holds::Person => "the number of the person: the truth".to_string(),
        Holds::Household => "the number of the dwelling the person lives in: the truth".to_string(),
        Holds::Group => "the person's census category: the truth".to_string(),
        Holds::Field(13) => "the census category, by the agency's own codes".to_string(),
        Holds::Field(at) => format!("{}, as the agency wrote it", Field::NAMED[at].name().replace('_', " ")),
        Holds::Date(at, digits) => {
            let format = if digits { "YYYYMMDD" } else { "YYYY-MM-DD" };
            format!("{}, as {format}", Field::NAMED[at].name().replace('_', " "))
        }
        Holds::Initial(at) => format!("the first letter of the {}", Field::NAMED[at].name().replace('_', " ")),
    }
}

const OF_COLUMNS: [(&str, &str); 28] = [
    ("file", "`requester` or `holder`"),
    ("record_id", "the number of the record in that file"),
    ("person_id", "the number of the person"),
    ("household_id", "the number of the dwelling the person lives in today"),
    ("group", "census category"),
    ("sex", "`female` or `male`"),
    ("date_of_birth", "YYYY-MM-DD"),
    ("given_name", "given name"),
    ("middle_name", "middle name, where there is one"),
    ("surname", "surname or surnames"),
    ("suffix", "generational suffix"),
    ("status", "citizenship or immigration status"),
    ("final_order", "whether a final order is on record"),
    ("number", "identity number, of a form never issued"),
    ("house_number", "number of the house"),
    ("street", "street with direction and type"),
    ("unit", "unit in a building of several"),
    ("city", "city"),
    ("state", "code of the state; none that a postal service assigns"),
    ("zip", "postal code: Q and five digits"),
    ("on_file", "whether the holder has a record of the person"),
    ("sought", "whether a request asks for the person"),
    ("error", "the kind of error, as in `docs/model-agencies.md`"),
    ("cell", "what it happened to: a field, `name` or `address`"),
    ("field", "the field whose value it changed"),
    ("before", "the value before"),
    ("after", "the value after"),
    ("masked", "whether a later error replaced the value"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let mut sheet = Sheet::default();
        sheet.row(["Nuñez", "a,b", "say \"so\"", ""]);
        assert_eq!(String::from_utf8(sheet.0).unwrap(), "Nuñez,\"a,b\",\"say \"\"so\"\"\",\n");
    }

    #[test]
    fn every_column_is_in_the_dictionary_with_a_meaning() {
        let dictionary = dictionary();
        for column in TRUTH_COLUMNS.iter().chain(&PERSON_COLUMNS).chain(&PROVENANCE_COLUMNS) {
            assert!(dictionary.contains(&format!("| `{column}` | ")), "{column}");
        }
        assert!(!dictionary.contains("|  |"));
    }

    #[test]
    fn a_file_has_only_the_columns_of_its_fields() {
        let names = |columns: Columns| -> Vec<&str> {
            columns.of(&[Field::Surname, Field::DateOfBirth]).into_iter().map(|(name, _)| name).collect()
        };
        assert_eq!(names(Columns::Namesake), ["record_id", "surname", "date_of_birth"]);
        assert_eq!(names(Columns::Splink), ["unique_id", "surname", "dob", "cluster"]);
        assert_eq!(names(Columns::Febrl), ["rec_id", "surname", "date_of_birth"]);
    }
}
