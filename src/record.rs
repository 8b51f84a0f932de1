//! The nouns all stages share: a [`Field`], a batch of [`Records`] stored by column, a [`RecordId`], a [`Date`].
//!
//! A record is text, as a file holds it. What the text *means* (is this the same person?) is not here and cannot be
//! reached from here: that is `agency::Truth`, which no matching stage imports.

pub mod buckets;
pub mod coded;
mod parts;

pub use parts::DateParts;

use serde::{Deserialize, Serialize};
use std::fmt;

/// The subject of a column of a file.
///
/// The named fields are those Namesake knows how to normalise and compare; `Other` carries any further column under
/// the name its file gives it, compared as plain text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// First name, as recorded.
    GivenName,
    /// Middle name or initial.
    MiddleName,
    /// Last name or names.
    Surname,
    /// Generational suffix: JR, SR, III.
    Suffix,
    /// Sex, as recorded.
    Sex,
    /// Date of birth; any format [`Date::parse`] knows.
    DateOfBirth,
    /// The number of the house in its street.
    HouseNumber,
    /// Street name with its type and direction.
    Street,
    /// Flat, apartment or unit within a building.
    Unit,
    /// City or town.
    City,
    /// State or province code.
    State,
    /// Postal code.
    Zip,
    /// An identity number.
    Number,
    /// The census category, as recorded.
    Race,
    /// Any further column, by the name its file gives it.
    Other(Box<str>),
}

impl Field {
    /// The fields Namesake knows by name, in the order files are written.
    pub const NAMED: [Field; 14] = [
        Field::GivenName,
        Field::MiddleName,
        Field::Surname,
        Field::Suffix,
        Field::Sex,
        Field::DateOfBirth,
        Field::HouseNumber,
        Field::Street,
        Field::Unit,
        Field::City,
        Field::State,
        Field::Zip,
        Field::Number,
        Field::Race,
    ];

    /// The fields that together say where somebody lives.
    pub const ADDRESS: [Field; 6] =
        [Field::HouseNumber, Field::Street, Field::Unit, Field::City, Field::State, Field::Zip];

    /// The name used in files, specs and scenarios.
    pub fn name(&self) -> &str {
        match self {
            Field::GivenName => "given_name",
            Field::MiddleName => "middle_name",
            Field::Surname => "surname",
            Field::Suffix => "suffix",
            Field::Sex => "sex",
            Field::DateOfBirth => "date_of_birth",
            Field::HouseNumber => "house_number",
            Field::Street => "street",
            Field::Unit => "unit",
            Field::City => "city",
            Field::State => "state",
            Field::Zip => "zip",
            Field::Number => "number",
            Field::Race => "race",
            Field::Other(name) => name,
        }
    }

    /// The suffix of a field's name where its text is meant as it was recorded and not in its normal form: `surname as
    /// recorded`.
    pub const AS_RECORDED: &str = " as recorded";

    /// The field whose text is meant as it was recorded, if this is such a one.
    pub fn recorded(&self) -> Option<Field> {
        match self {
            Field::Other(name) => name.strip_suffix(Field::AS_RECORDED).map(Field::from_name),
            _ => None,
        }
    }

    /// The column that the text comes from, in whatever form it is meant.
    pub fn column(&self) -> Field {
        self.recorded().unwrap_or_else(|| self.clone())
    }

    /// The field of that name, or that [`Field::ALIASES`] call so; a name Namesake does not know becomes
    /// [`Field::Other`].
    pub fn from_name(name: &str) -> Field {
        let named = |name: &str| Field::NAMED.iter().find(|field| field.name() == name).cloned();
        named(name)
            .or_else(|| {
                // D.O.B., DateOfBirth and date-of-birth are one name.
                let wanted = plain(name);
                let is_wanted = |name: &&str| plain(name) == wanted;
                let known = Field::NAMED.iter().find(|field| is_wanted(&field.name())).cloned();
                let alias = |(names, field): &(&[&str], Field)| names.iter().any(is_wanted).then(|| field.clone());
                known.or_else(|| Field::ALIASES.iter().find_map(alias))
            })
            .unwrap_or_else(|| Field::Other(name.into()))
    }

    /// Names that files have for a field; capitals, underscores and other signs make no difference.
    pub const ALIASES: [(&[&str], Field); 7] = [
        (&["first_name", "fname", "forename"], Field::GivenName),
        (&["middle_initial"], Field::MiddleName),
        (&["last_name", "lname", "family_name"], Field::Surname),
        (&["gender"], Field::Sex),
        (&["dob", "birth_date", "date_birth", "birthday", "born", "born_on"], Field::DateOfBirth),
        (&["post_code", "postal_code", "zip_code"], Field::Zip),
        (&["ssn", "social_security_number", "national_id", "id_number"], Field::Number),
    ];

    /// Returns `true` if the field holds telephone numbers, by its name.
    pub fn is_phone(&self) -> bool {
        let is_phone = |name: &str| name.contains("phone") || name.contains("mobile");
        matches!(self, Field::Other(name) if is_phone(&plain(name)))
    }

    /// Returns `true` if the field holds e-mail addresses, by its name.
    pub fn is_email(&self) -> bool {
        matches!(self, Field::Other(name) if plain(name).contains("email"))
    }

    /// Returns `true` if the field holds dates: the date of birth, and others by their name (`date_of_death`,
    /// `visit_date`).
    pub fn is_date(&self) -> bool {
        match self {
            Field::DateOfBirth => true,
            Field::Other(name) => name.starts_with("date_") || name.ends_with("_date"),
            _ => false,
        }
    }
}

/// The letters and digits of a name, all small: E-Mail, e_mail and email are one name.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The number a file gives a record. It says nothing about who the record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RecordId(pub u64);

/// A batch of records stored by column. A missing value is the empty string; there is no other sentinel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records {
    fields: Vec<Field>,
    columns: Vec<Column>,
    ids: Vec<RecordId>,
}

impl Records {
    /// An empty batch with these fields as columns, in this order.
    pub fn new(fields: &[Field]) -> Records {
        Records { fields: fields.to_vec(), columns: vec![Column::default(); fields.len()], ids: Vec::new() }
    }

    /// The fields, in column order.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The column that holds `field`, if the batch has one.
    pub fn column(&self, field: &Field) -> Option<usize> {
        self.fields.iter().position(|f| f == field)
    }

    /// The number of records in the batch.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Returns `true` if the batch holds no record.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The id of the record in `row`.
    pub fn id(&self, row: usize) -> RecordId {
        self.ids[row]
    }

    /// The cell at `row` and `column`; empty where the value is missing.
    pub fn get(&self, row: usize, column: usize) -> &str {
        self.columns[column].get(row)
    }

    /// The cell of `field` in `row`; empty where the value, or the whole column, is missing.
    pub fn value(&self, row: usize, field: &Field) -> &str {
        self.column(field).map_or("", |column| self.get(row, column))
    }

    /// Adds one record; `cells` are in column order.
    ///
    /// # Panics
    /// If the number of cells is not the number of columns: a mistake of the caller, not of the data.
    pub fn push<S: AsRef<str>>(&mut self, id: RecordId, cells: &[S]) {
        assert_eq!(cells.len(), self.columns.len(), "one cell per column");
        self.ids.push(id);
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.push(cell.as_ref());
        }
    }

    /// Gives back memory that was set aside for records that did not come.
    pub fn shrink_to_fit(&mut self) {
        self.ids.shrink_to_fit();
        for column in &mut self.columns {
            column.text.shrink_to_fit();
            column.ends.shrink_to_fit();
        }
    }

    /// Removes all records and keeps the columns and their memory.
    pub fn clear(&mut self) {
        self.ids.clear();
        for column in &mut self.columns {
            column.text.clear();
            column.ends.clear();
        }
    }
}

/// One column: all cells in one string, and where each ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Column {
    text: String,
    ends: Vec<u32>,
}

impl Column {
    fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        // A batch is at most a few million cells of a few bytes; a file's batch is cut long before 4 GiB.
        let end = u32::try_from(self.text.len()).expect("a column of one batch stays under 4 GiB");
        self.ends.push(end);
    }

    fn get(&self, row: usize) -> &str {
        let start = if row == 0 { 0 } else { self.ends[row - 1] as usize };
        &self.text[start..self.ends[row] as usize]
    }
}

/// A calendar date of the proleptic Gregorian calendar, held as days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date(pub i32);

impl Date {
    /// The date of a year, month (1–12) and day (1–31), or `None` when there is no such day.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Date> {
        if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) || !(1..=9999).contains(&year) {
            return None;
        }
        // Days from civil, after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
        let y = i64::from(year) - i64::from(month <= 2);
        let era = y.div_euclid(400);
        let year_of_era = y.rem_euclid(400);
        let shifted_month = i64::from((month + 9) % 12);
        let day_of_year = (153 * shifted_month + 2) / 5 + i64::from(day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Some(Date((era * 146_097 + day_of_era - 719_468) as i32))
    }

    /// Year, month (1–12) and day (1–31).
    pub fn ymd(self) -> (i32, u32, u32) {
        // Civil from days, the inverse of the above.
        let z = i64::from(self.0) + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = (doy - (153 * mp + 2) / 5 + 1) as u32;
        let month = (if mp < 10 { mp + 3 } else { mp - 9 }) as u32;
        let year = yoe + era * 400 + i64::from(month <= 2);
        (year as i32, month, day)
    }

    /// Reads the usual formats: `1984-05-23`, `1984/05/23`, `19840523`, `05/23/1984` and `23.05.1984`.
    ///
    /// Slashes with the year last are read month first, dots day first. `None` for anything else, and for days that
    /// do not exist.
    pub fn parse(text: &str) -> Option<Date> {
        let text = text.trim();
        let number = |s: &str| -> Option<u32> {
            (!s.is_empty() && s.len() <= 4 && s.bytes().all(|b| b.is_ascii_digit())).then(|| s.parse().ok()).flatten()
        };
        if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
            return Date::new(number(&text[..4])? as i32, number(&text[4..6])?, number(&text[6..])?);
        }
        let separator = text.chars().find(|c| !c.is_ascii_digit())?;
        if !matches!(separator, '-' | '/' | '.') {
            return None;
        }
        let mut parts = text.split(separator);
        let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let (year, month, day) = if first.len() == 4 {
            (first, second, third)
        } else if third.len() == 4 && separator == '.' {
            (third, second, first)
        } else if third.len() == 4 {
            (third, first, second)
        } else {
            return None;
        };
        Date::new(number(year)? as i32, number(month)?, number(day)?)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        // Digit by digit for the years that people are born in: every record has a date, and formatting takes its time.
        if let Ok(year @ 0..=9_999) = u32::try_from(year) {
            let digit = |number: u32, place: u32| b'0' + (number / place % 10) as u8;
            let text = [
                digit(year, 1000),
                digit(year, 100),
                digit(year, 10),
                digit(year, 1),
                b'-',
                digit(month, 10),
                digit(month, 1),
                b'-',
                digit(day, 10),
                digit(day, 1),
            ];
            return f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?);
        }
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// Characters that have no shape of their own: Unicode's property Default_Ignorable_Code_Point, in which are zero width
/// spaces and joiners, the soft hyphen, the word joiner, the byte order mark, marks of direction and variation.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Days in that month of that year, leap years counted.
pub fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_give_back_what_was_pushed_also_beyond_ascii() {
        let mut records = Records::new(&[Field::GivenName, Field::Surname]);
        records.push(RecordId(7), &["Zoë", "Nuñez Ibáñez"]);
        records.push(RecordId(9), &["", "Ōe"]);
        assert_eq!(records.value(0, &Field::Surname), "Nuñez Ibáñez");
        assert_eq!(records.value(1, &Field::GivenName), "");
        assert_eq!(records.value(1, &Field::Surname), "Ōe");
        assert_eq!(records.value(1, &Field::Zip), "");
        assert_eq!(records.id(1), RecordId(9));
    }

    #[test]
    fn every_date_of_four_centuries_goes_there_and_back() {
        let start = Date::new(1700, 1, 1).unwrap().0;
        let end = Date::new(2100, 12, 31).unwrap().0;
        for day in start..=end {
            let (y, m, d) = Date(day).ymd();
            assert_eq!(Date::new(y, m, d), Some(Date(day)));
        }
        assert_eq!(Date::new(1970, 1, 1), Some(Date(0)));
        assert_eq!(Date::new(2023, 2, 29), None);
    }

    #[test]
    fn dates_are_read_in_the_usual_formats_and_nothing_else() {
        let day = Date::new(1984, 5, 23);
        for text in ["1984-05-23", "1984/05/23", "19840523", "05/23/1984", "5/23/1984", "23.05.1984"] {
            assert_eq!(Date::parse(text), day, "{text}");
        }
        for text in ["", "1984", "07/71/1958", "1984-13-01", "23 May 1984", "1984-05-23-1", "a-b-c", "é1840523"] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn field_names_go_there_and_back() {
        for field in Field::NAMED {
            assert_eq!(Field::from_name(field.name()), field);
        }
        assert_eq!(Field::from_name("shoe_size").name(), "shoe_size");
        for (alias, field) in [
            ("ssn", Field::Number),
            ("First Name", Field::GivenName),
            ("post-code", Field::Zip),
            ("D.O.B.", Field::DateOfBirth),
            ("DateOfBirth", Field::DateOfBirth),
            ("born", Field::DateOfBirth),
        ] {
            assert_eq!(Field::from_name(alias), field);
        }
        assert!(Field::ALIASES.iter().all(|(names, _)| names.iter().all(|name| name.to_lowercase() == **name)));
    }
}
