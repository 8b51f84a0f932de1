//! The columns of the synthetic files: Namesake's own, and those that other tools expect.

use crate::record::Field;

named! {
    /// The program whose columns the files of the two agencies have.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub enum Columns {
        /// Namesake's own.
        #[default]
        Namesake = "namesake",
        /// As in Splink's examples: `unique_id`, `first_name`, `surname`, `dob`, … and `cluster`, which is the truth.
        Splink = "splink",
        /// As pseudopeople writes them: `simulant_id`, `first_name`, `middle_initial`, `last_name`, ….
        Pseudopeople = "pseudopeople",
        /// As in Febrl's data sets: `rec_id`, which holds the truth, `given_name`, `surname`, `address_1`, ….
        Febrl = "febrl",
    }
}

impl Columns {
    /// The columns of a file of those fields, each with what it holds.
    pub(super) fn of(self, fields: &[Field]) -> Vec<(&'static str, Holds)> {
        let table = match self {
            Columns::Namesake => NAMESAKE,
            Columns::Splink => SPLINK,
            Columns::Pseudopeople => PSEUDOPEOPLE,
            Columns::Febrl => FEBRL,
        };
        let has = |holds: &Holds| match holds {
            Holds::Field(at) | Holds::Date(at, _) | Holds::Initial(at) => fields.contains(&Field::NAMED[*at]),
            _ => true,
        };
        table.iter().filter(|(_, holds)| has(holds)).copied().collect()
    }
}

/// The content of a column of an agency's file.
#[derive(Clone, Copy)]
pub(super) enum Holds {
    /// The number of the record.
    Record,
    /// The number of the record, with that of the person and the side, as Febrl writes it.
    FebrlId,
    /// The number of the person: the truth.
    Person,
    /// The number of the household.
    Household,
    /// The census category.
    Group,
    /// A field, by its place in [`Field::NAMED`], as the agency wrote it.
    Field(usize),
    /// A date, as a tool reads it: `true` for 20010523, `false` for 2001-05-23.
    Date(usize, bool),
    /// The first letter of a field.
    Initial(usize),
}

const NAMESAKE: &[(&str, Holds)] = &[
    ("record_id", Holds::Record),
    ("given_name", Holds::Field(0)),
    ("middle_name", Holds::Field(1)),
    ("surname", Holds::Field(2)),
    ("suffix", Holds::Field(3)),
    ("sex", Holds::Field(4)),
    ("date_of_birth", Holds::Field(5)),
    ("house_number", Holds::Field(6)),
    ("street", Holds::Field(7)),
    ("unit", Holds::Field(8)),
    ("city", Holds::Field(9)),
    ("state", Holds::Field(10)),
    ("zip", Holds::Field(11)),
    ("number", Holds::Field(12)),
    ("race", Holds::Field(13)),
];

const SPLINK: &[(&str, Holds)] = &[
    ("unique_id", Holds::Record),
    ("first_name", Holds::Field(0)),
    ("middle_name", Holds::Field(1)),
    ("surname", Holds::Field(2)),
    ("suffix", Holds::Field(3)),
    ("sex", Holds::Field(4)),
    ("dob", Holds::Date(5, false)),
    ("house_number", Holds::Field(6)),
    ("street", Holds::Field(7)),
    ("unit", Holds::Field(8)),
    ("city", Holds::Field(9)),
    ("state", Holds::Field(10)),
    ("postcode", Holds::Field(11)),
    ("number", Holds::Field(12)),
    ("race", Holds::Field(13)),
    ("cluster", Holds::Person),
];

const PSEUDOPEOPLE: &[(&str, Holds)] = &[
    ("record_id", Holds::Record),
    ("simulant_id", Holds::Person),
    ("household_id", Holds::Household),
    ("first_name", Holds::Field(0)),
    ("middle_initial", Holds::Initial(1)),
    ("last_name", Holds::Field(2)),
    ("sex", Holds::Field(4)),
    ("date_of_birth", Holds::Field(5)),
    ("street_number", Holds::Field(6)),
    ("street_name", Holds::Field(7)),
    ("unit_number", Holds::Field(8)),
    ("city", Holds::Field(9)),
    ("state", Holds::Field(10)),
    ("zipcode", Holds::Field(11)),
    ("ssn", Holds::Field(12)),
    ("race_ethnicity", Holds::Group),
];

const FEBRL: &[(&str, Holds)] = &[
    ("rec_id", Holds::FebrlId),
    ("given_name", Holds::Field(0)),
    ("surname", Holds::Field(2)),
    ("street_number", Holds::Field(6)),
    ("address_1", Holds::Field(7)),
    ("address_2", Holds::Field(8)),
    ("suburb", Holds::Field(9)),
    ("postcode", Holds::Field(11)),
    ("state", Holds::Field(10)),
    ("date_of_birth", Holds::Date(5, true)),
    ("soc_sec_id", Holds::Field(12)),
];

pub(super) const TRUTH_COLUMNS: [&str; 3] = ["file", "record_id", "person_id"];

pub(super) const PROVENANCE_COLUMNS: [&str; 8] =
    ["file", "record_id", "error", "cell", "field", "before", "after", "masked"];

pub(super) const PERSON_COLUMNS: [&str; 20] = [
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
