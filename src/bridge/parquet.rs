//! Parquet files, read as the table of text that a CSV of them would be: [`Parquet`].
//!
//! What a column holds is written as the text that says it exactly: dates as 1984-05-23, whole numbers without a point,
//! decimals with their places, floating-point numbers as the shortest text that reads back the same. A null is an empty
//! cell.

use crate::record::Date;
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::{ColumnDescriptor, Type};
use std::fmt::{self, Display, Write};

/// Rows read at a time.
const ROWS: usize = 4096;

/// A cell of a column that holds lists or records. It is no UTF-8 text, so that whoever reads it is told.
pub(super) const NESTED: &[u8] = b"\xff nested";

/// A cell whose value has no text here.
pub(super) const UNREADABLE: &[u8] = b"\xff unreadable";

/// A Parquet file, some rows at a time.
pub(super) struct Parquet {
    file: SerializedFileReader<bytes::Bytes>,
    columns: Vec<Column>,
    /// The row group that is read next, and how many rows of the one before are not yet read.
    group: usize,
    left: usize,
    /// Number of rows before those read last, and number of these.
    pub(super) before: u64,
    rows: usize,
    /// The cells of the rows read last, row by row, each with a byte behind it.
    pub(super) bytes: Vec<u8>,
}

/// A column of the table.
struct Column {
    name: String,
    /// The type of its values, and the reader of those in the present row group; `None` for lists and records.
    leaf: Option<Leaf>,
    cells: Cells,
}

struct Leaf {
    /// Its place among the columns that hold values.
    place: usize,
    shown: Shown,
    optional: bool,
    reader: Option<ColumnReader>,
}

/// The text form of a column's values.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Shown {
    /// As they are.
    Plain,
    /// As whole numbers without a sign.
    Unsigned,
    Date,
    /// A time of the day, or a date with one, so many of which are a second.
    Time(i64),
    Timestamp {
        per_second: i64,
        utc: bool,
    },
    Decimal(u32),
    Uuid,
    Half,
    Unknown,
}

/// Cells of one column: their text, and where each ends.
#[derive(Default)]
struct Cells {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Cells {
    fn end(&mut self) {
        self.ends.push(self.text.len());
    }

    fn get(&self, row: usize) -> &[u8] {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.text[start..self.ends[row]]
    }
}

impl Write for Cells {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.text.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

impl Parquet {
    /// Opens a file that is held in memory.
    pub(super) fn open(bytes: Vec<u8>) -> Result<Parquet, ParquetError> {
        let length = bytes.len() as i64;
        let file = SerializedFileReader::new(bytes::Bytes::from(bytes))?;
        for chunk in file.metadata().row_groups().iter().flat_map(|group| group.columns()) {
            // The crate takes these for granted.
            let begins = [Some(chunk.data_page_offset()), chunk.dictionary_page_offset()];
            let within = |at: i64| (0..=length).contains(&at);
            if !begins.into_iter().flatten().all(within) || !within(chunk.compressed_size()) {
                let problem = format!("column {:?} lies outside the file", chunk.column_path().string());
                return Err(ParquetError::General(problem));
            }
        }
        let schema = file.metadata().file_metadata().schema_descr_ptr();
        let leaves: Vec<_> = schema.columns().iter().enumerate().collect();
        let of_field = |field: &std::sync::Arc<Type>| {
            let is_leaf = |(_, leaf): &&(usize, &std::sync::Arc<ColumnDescriptor>)| {
                leaf.path().parts() == [field.name()] && leaf.max_rep_level() == 0
            };
            let leaf = leaves.iter().find(is_leaf).map(|&(place, leaf)| Leaf {
                place,
                shown: Shown::of(leaf),
                optional: leaf.max_def_level() > 0,
                reader: None,
            });
            Column { name: field.name().to_owned(), leaf, cells: Cells::default() }
        };
        let columns = schema.root_schema().get_fields().iter().map(of_field).collect();
        Ok(Parquet { file, columns, group: 0, left: 0, before: 0, rows: 0, bytes: Vec::new() })
    }

    /// The names of the columns.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// Reads the next rows; `end` is told where each cell ends, row by row, and where each row began. Gives how many
    /// there were, 0 at the end of the file.
    pub(super) fn read(&mut self, mut end: impl FnMut(usize)) -> Result<usize, ParquetError> {
        while self.left == 0 {
            if self.group == self.file.num_row_groups() {
                return Ok(0);
            }
            let group = self.file.get_row_group(self.group)?;
            self.left = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
            for leaf in self.columns.iter_mut().filter_map(|column| column.leaf.as_mut()) {
                leaf.reader = Some(group.get_column_reader(leaf.place)?);
            }
            self.group += 1;
        }
        let rows = self.left.min(ROWS);
        self.before += self.rows as u64;
        self.rows = rows;
        for Column { name, leaf, cells } in &mut self.columns {
            cells.text.clear();
            cells.ends.clear();
            match leaf {
                Some(leaf) => leaf.read(rows, cells)?,
                None => (0..rows).for_each(|_| {
                    cells.text.extend_from_slice(NESTED);
                    cells.end();
                }),
            }
            if cells.ends.len() != rows {
                let problem = format!("column {name:?} ends before the others");
                return Err(ParquetError::General(problem));
            }
        }
        self.left -= rows;
        self.bytes.clear();
        for row in 0..rows {
            for column in &self.columns {
                self.bytes.extend_from_slice(column.cells.get(row));
                end(self.bytes.len());
                self.bytes.push(b'\n');
            }
        }
        Ok(rows)
    }
}

impl Leaf {
    /// Reads the cells of the next rows.
    fn read(&mut self, rows: usize, cells: &mut Cells) -> Result<(), ParquetError> {
        let Leaf { shown, optional, reader, .. } = self;
        let (shown, optional) = (*shown, *optional);
        let Some(reader) = reader else { return Ok(()) };
        match reader {
            ColumnReader::BoolColumnReader(reader) => {
                each(reader, rows, optional, cells, |value, out| plain(value, out))
            }
            ColumnReader::Int32ColumnReader(reader) => each(reader, rows, optional, cells, |&value, out| match shown {
                Shown::Unsigned => plain(value as u32, out),
                shown => whole(i64::from(value), shown, out),
            }),
            ColumnReader::Int64ColumnReader(reader) => each(reader, rows, optional, cells, |&value, out| match shown {
                Shown::Unsigned => plain(value as u64, out),
                shown => whole(value, shown, out),
            }),
            ColumnReader::Int96ColumnReader(reader) => each(reader, rows, optional, cells, |value, out| {
                timestamp(value.to_micros(), 1_000_000, false, out);
            }),
            // With a point where the number is whole, so that the reader tells numbers that became floats from others.
            ColumnReader::FloatColumnReader(reader) => {
                each(reader, rows, optional, cells, |value, out| plain(format_args!("{value:?}"), out))
            }
            ColumnReader::DoubleColumnReader(reader) => {
                each(reader, rows, optional, cells, |value, out| plain(format_args!("{value:?}"), out))
            }
            ColumnReader::ByteArrayColumnReader(reader) => {
                each(reader, rows, optional, cells, |value, out| bytes(value.data(), shown, out))
            }
            ColumnReader::FixedLenByteArrayColumnReader(reader) => {
                each(reader, rows, optional, cells, |value, out| bytes(value.data(), shown, out))
            }
        }
    }
}

/// Reads so many rows of a column and writes a cell for each.
fn each<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    rows: usize,
    optional: bool,
    cells: &mut Cells,
    write: impl Fn(&T::T, &mut Cells),
) -> Result<(), ParquetError> {
    let (mut there, mut values) = (Vec::new(), Vec::new());
    let mut read = 0;
    while read < rows {
        let levels = optional.then_some(&mut there);
        let (records, ..) = reader.read_records(rows - read, levels, None, &mut values)?;
        if records == 0 {
            break;
        }
        read += records;
    }
    if !optional {
        there = vec![1; read];
    }
    let mut values = values.iter();
    for level in there {
        if level > 0 {
            let Some(value) = values.next() else { break };
            write(value, cells);
        }
        cells.end();
    }
    Ok(())
}

fn plain(value: impl Display, out: &mut Cells) {
    write!(out, "{value}").expect("writing to memory does not fail");
}

fn whole(value: i64, shown: Shown, out: &mut Cells) {
    match shown {
        Shown::Date => match i32::try_from(value) {
            Ok(days) => date(days, out),
            Err(_) => out.text.extend_from_slice(UNREADABLE),
        },
        Shown::Time(per_second) => time(value, per_second, out),
        Shown::Timestamp { per_second, utc } => timestamp(value, per_second, utc, out),
        Shown::Decimal(scale) => decimal(i128::from(value), scale, out),
        Shown::Unknown => out.text.extend_from_slice(UNREADABLE),
        _ => plain(value, out),
    }
}

fn bytes(value: &[u8], shown: Shown, out: &mut Cells) {
    match (shown, value.len()) {
        (Shown::Plain, _) => out.text.extend_from_slice(value),
        (Shown::Decimal(scale), 1..=16) => {
            let sign = if value[0] & 0x80 == 0 { 0 } else { 0xff };
            let mut all = [sign; 16];
            all[16 - value.len()..].copy_from_slice(value);
            decimal(i128::from_be_bytes(all), scale, out);
        }
        (Shown::Uuid, 16) => {
            for (at, byte) in value.iter().enumerate() {
                let dash = if matches!(at, 4 | 6 | 8 | 10) { "-" } else { "" };
                plain(format_args!("{dash}{byte:02x}"), out);
            }
        }
        (Shown::Half, 2) => plain(format_args!("{:?}", half(u16::from_le_bytes([value[0], value[1]]))), out),
        _ => out.text.extend_from_slice(UNREADABLE),
    }
}

fn date(days: i32, out: &mut Cells) {
    let (year, month, day) = Date(days).ymd();
    plain(format_args!("{year:04}-{month:02}-{day:02}"), out);
}

fn time(value: i64, per_second: i64, out: &mut Cells) {
    let (seconds, part) = (value.div_euclid(per_second), value.rem_euclid(per_second));
    plain(format_args!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60), out);
    if part > 0 {
        let digits = per_second.ilog10() as usize;
        plain(format_args!(".{part:0digits$}"), out);
    }
}

fn timestamp(value: i64, per_second: i64, utc: bool, out: &mut Cells) {
    let a_day = 86_400 * per_second;
    match i32::try_from(value.div_euclid(a_day)) {
        Ok(days) => date(days, out),
        Err(_) => return out.text.extend_from_slice(UNREADABLE),
    }
    plain("T", out);
    time(value.rem_euclid(a_day), per_second, out);
    plain(if utc { "Z" } else { "" }, out);
}

fn decimal(value: i128, scale: u32, out: &mut Cells) {
    let sign = if value < 0 { "-" } else { "" };
    let digits = format!("{:0least$}", value.unsigned_abs(), least = scale as usize + 1);
    let (before, after) = digits.split_at(digits.len() - scale as usize);
    plain(format_args!("{sign}{before}"), out);
    if !after.is_empty() {
        plain(format_args!(".{after}"), out);
    }
}

/// The number that the sixteen bits of a half-precision float say (IEEE 754-2008, binary16).
fn half(bits: u16) -> f32 {
    let (sign, exponent, fraction) = (bits >> 15, i32::from(bits >> 10 & 0x1f), f32::from(bits & 0x3ff));
    let size = match exponent {
        0 => libm::ldexpf(fraction, -24),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        exponent => libm::ldexpf(1.0 + fraction / 1024.0, exponent - 15),
    };
    if sign == 1 { -size } else { size }
}

impl Shown {
    fn of(column: &ColumnDescriptor) -> Shown {
        let per_second = |unit: &TimeUnit| match unit {
            TimeUnit::MILLIS => 1_000,
            TimeUnit::MICROS => 1_000_000,
            TimeUnit::NANOS => 1_000_000_000,
        };
        let places = |scale: i32| u32::try_from(scale).map_or(Shown::Unknown, Shown::Decimal);
        if let Some(logical) = column.logical_type_ref() {
            return match logical {
                LogicalType::Integer(int) if !int.is_signed => Shown::Unsigned,
                LogicalType::Date => Shown::Date,
                LogicalType::Time(time) => Shown::Time(per_second(&time.unit)),
                LogicalType::Timestamp(at) => {
                    Shown::Timestamp { per_second: per_second(&at.unit), utc: at.is_adjusted_to_u_t_c }
                }
                LogicalType::Decimal(decimal) => places(decimal.scale),
                LogicalType::Uuid => Shown::Uuid,
                LogicalType::Float16 => Shown::Half,
                LogicalType::String | LogicalType::Enum | LogicalType::Json | LogicalType::Integer(_) => Shown::Plain,
                // A column of nulls alone.
                LogicalType::Unknown => Shown::Plain,
                _ => Shown::Unknown,
            };
        }
        match (column.converted_type(), column.physical_type()) {
            (ConvertedType::DATE, _) => Shown::Date,
            (ConvertedType::TIME_MILLIS, _) => Shown::Time(1_000),
            (ConvertedType::TIME_MICROS, _) => Shown::Time(1_000_000),
            (ConvertedType::TIMESTAMP_MILLIS, _) => Shown::Timestamp { per_second: 1_000, utc: true },
            (ConvertedType::TIMESTAMP_MICROS, _) => Shown::Timestamp { per_second: 1_000_000, utc: true },
            (ConvertedType::DECIMAL, _) => places(column.type_scale()),
            (ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 | ConvertedType::UINT_64, _) => {
                Shown::Unsigned
            }
            (ConvertedType::NONE, Physical::FIXED_LEN_BYTE_ARRAY) | (ConvertedType::INTERVAL, _) => Shown::Unknown,
            _ => Shown::Plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(write: impl Fn(&mut Cells)) -> String {
        let mut cells = Cells::default();
        write(&mut cells);
        String::from_utf8(cells.text).unwrap()
    }

    #[test]
    fn damaged_files_end_in_an_error_or_in_cells_and_never_in_a_panic() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/parquet");
        let mut stream = crate::random::Seed(0).stream(crate::random::Decision::named("damage"), 0);
        for name in ["pandas", "pandas_timestamps", "polars", "duckdb", "duckdb_decimals", "pyarrow"] {
            let whole = std::fs::read(folder.join(name).with_extension("parquet")).unwrap();
            for round in 0..400 {
                let mut bytes = whole.clone();
                for _ in 0..1 + round % 20 {
                    let at = stream.below(bytes.len() as u64) as usize;
                    bytes[at] = stream.below(256) as u8;
                }
                let Ok(mut file) = Parquet::open(bytes) else { continue };
                let mut batches = 0;
                while batches < 10 && file.read(|_| ()).is_ok_and(|rows| rows > 0) {
                    batches += 1;
                }
            }
        }
    }

    #[test]
    fn values_are_written_as_the_text_that_says_them_exactly() {
        assert_eq!(said(|out| decimal(-12_345, 2, out)), "-123.45");
        assert_eq!(said(|out| decimal(5, 3, out)), "0.005");
        assert_eq!(said(|out| decimal(7, 0, out)), "7");
        assert_eq!(said(|out| bytes(&[0xff, 0x38], Shown::Decimal(1), out)), "-20.0");
        assert_eq!(said(|out| date(-1, out)), "1969-12-31");
        assert_eq!(said(|out| timestamp(-1, 1_000, false, out)), "1969-12-31T23:59:59.999");
        assert_eq!(said(|out| timestamp(454_291_200_000_000, 1_000_000, true, out)), "1984-05-25T00:00:00Z");
        assert_eq!(said(|out| time(45_296_000_000_001, 1_000_000_000, out)), "12:34:56.000000001");
        assert_eq!(said(|out| whole(-3, Shown::Plain, out)), "-3");
        let uuid: Vec<u8> = (0..16).collect();
        assert_eq!(said(|out| bytes(&uuid, Shown::Uuid, out)), "00010203-0405-0607-0809-0a0b0c0d0e0f");
        assert_eq!([0x3c00, 0xc000, 0x0001, 0x7bff].map(half), [1.0, -2.0, 5.960_464_5e-8, 65_504.0]);
    }
}
