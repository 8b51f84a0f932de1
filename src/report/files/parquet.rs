//! Parquet files, written from rows of CSV or of cells: typed, compressed, and with a note of where they come from.

use bytes::Bytes;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::column::writer::{ColumnWriter, ColumnWriterImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use std::sync::Arc;

/// The content of a column of a table. An empty cell is a missing value of any of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Text.
    Text,
    /// Whole numbers.
    Whole,
    /// Numbers.
    Number,
    /// Dates, written as 1984-05-23.
    Date,
    /// `true` or `false`.
    Truth,
}

impl Holds {
    /// The content of a column with these cells: numbers, if every cell that is not empty is one.
    fn of<'c>(cells: impl Iterator<Item = &'c str> + Clone) -> Holds {
        let mut filled = cells.filter(|cell| !cell.is_empty());
        if filled.clone().all(|cell| cell.parse::<i64>().is_ok()) {
            Holds::Whole
        } else if filled.all(|cell| cell.parse::<f64>().is_ok_and(f64::is_finite)) {
            Holds::Number
        } else {
            Holds::Text
        }
    }

    fn physical(self) -> (Physical, Option<LogicalType>) {
        match self {
            Holds::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Holds::Whole => (Physical::INT64, None),
            Holds::Number => (Physical::DOUBLE, None),
            Holds::Date => (Physical::INT32, Some(LogicalType::Date)),
            Holds::Truth => (Physical::BOOLEAN, None),
        }
    }
}

/// A Parquet file in the making. It holds one row group at a time, whatever the size of the file.
pub struct Parquet {
    columns: Vec<Column>,
    rows: usize,
    writer: SerializedFileWriter<Vec<u8>>,
}

/// The cells of one column since the last row group.
struct Column {
    holds: Holds,
    text: Vec<u8>,
    ends: Vec<usize>,
}

/// Rows in a row group.
const GROUP: usize = 1 << 17;

impl Parquet {
    /// A file of those columns. `notes` are names and values that go with it: version, scenario, seed.
    pub fn new(columns: &[(&str, Holds)], notes: &[(&str, String)]) -> Parquet {
        let field = |&(name, holds): &(&str, Holds)| {
            let (physical, logical) = holds.physical();
            let field = Type::primitive_type_builder(name, physical)
                .with_repetition(Repetition::OPTIONAL)
                .with_logical_type(logical);
            Arc::new(field.build().expect("the types of the format go together"))
        };
        let schema = Type::group_type_builder("namesake").with_fields(columns.iter().map(field).collect());
        let notes = notes.iter().map(|(name, value)| KeyValue::new(format!("namesake.{name}"), value.clone()));
        let properties = WriterProperties::builder()
            .set_created_by(format!("namesake version {}", crate::results::VERSION))
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_key_value_metadata(Some(notes.collect()))
            .build();
        let schema = schema.build().expect("a schema of columns");
        let writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties));
        Parquet {
            columns: columns.iter().map(|&(_, holds)| Column { holds, text: Vec::new(), ends: Vec::new() }).collect(),
            rows: 0,
            writer: writer.expect("writing to memory does not fail"),
        }
    }

    /// A whole file of a table that is held in memory. Columns of whole numbers and of numbers are written as such.
    pub fn whole(names: &[String], rows: &[Vec<String>], notes: &[(&str, String)]) -> Vec<u8> {
        let column =
            |(at, name): (usize, _)| (String::as_str(name), Holds::of(rows.iter().map(|row| row[at].as_str())));
        let columns: Vec<(&str, Holds)> = names.iter().enumerate().map(column).collect();
        let mut file = Parquet::new(&columns, notes);
        rows.iter().for_each(|row| file.push(row.iter().map(String::as_bytes)));
        file.finish()
    }

    /// Takes rows of CSV without a header; gives what is ready to be written.
    ///
    /// # Panics
    /// If a row has another number of cells than the file has columns, or a cell is not what its column holds.
    pub fn add(&mut self, csv: &[u8]) -> Vec<u8> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv);
        let mut row = csv::ByteRecord::new();
        while reader.read_byte_record(&mut row).expect("the rows are our own") {
            assert_eq!(row.len(), self.columns.len(), "a cell for each column");
            self.push(row.iter());
        }
        std::mem::take(self.writer.inner_mut())
    }

    /// The end of the file.
    pub fn finish(mut self) -> Vec<u8> {
        self.flush();
        self.writer.into_inner().expect("writing to memory does not fail")
    }

    fn push<'c>(&mut self, row: impl Iterator<Item = &'c [u8]>) {
        for (column, cell) in self.columns.iter_mut().zip(row) {
            column.text.extend_from_slice(cell);
            column.ends.push(column.text.len());
        }
        self.rows += 1;
        if self.rows == GROUP {
            self.flush();
        }
    }

    /// Writes the row group that has been gathered.
    fn flush(&mut self) {
        if self.rows > 0 {
            self.rows = 0;
            write_group(&mut self.writer, &mut self.columns).expect("writing to memory does not fail");
        }
    }
}

fn write_group(writer: &mut SerializedFileWriter<Vec<u8>>, columns: &mut [Column]) -> Result<(), ParquetError> {
    let mut group = writer.next_row_group()?;
    for column in columns {
        let mut out = group.next_column()?.expect("a writer for each column");
        let text = Bytes::from(std::mem::take(&mut column.text));
        let ends = std::mem::take(&mut column.ends);
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let cells = starts.zip(&ends).map(|(start, &end)| start..end);
        let levels: Vec<i16> = cells.clone().map(|cell| i16::from(!cell.is_empty())).collect();
        let filled = cells.filter(|cell| !cell.is_empty());
        let texts = || filled.clone().map(|cell| std::str::from_utf8(&text[cell]).expect("what is written is text"));
        match out.untyped() {
            ColumnWriter::ByteArrayColumnWriter(out) => {
                write(out, filled.clone().map(|cell| ByteArray::from(text.slice(cell))), &levels)?;
            }
            ColumnWriter::Int64ColumnWriter(out) => write(out, texts().map(|cell| own(cell.parse().ok())), &levels)?,
            ColumnWriter::DoubleColumnWriter(out) => write(out, texts().map(|cell| own(cell.parse().ok())), &levels)?,
            ColumnWriter::Int32ColumnWriter(out) => write(out, texts().map(|cell| own(days(cell))), &levels)?,
            ColumnWriter::BoolColumnWriter(out) => write(out, texts().map(|cell| own(cell.parse().ok())), &levels)?,
            _ => unreachable!("a column of {:?} is written by one of the others", column.holds),
        }
        out.close()?;
    }
    group.close()?;
    Ok(())
}

fn write<T: DataType>(
    out: &mut ColumnWriterImpl<'_, T>,
    values: impl Iterator<Item = T::T>,
    levels: &[i16],
) -> Result<(), ParquetError> {
    out.write_batch(&values.collect::<Vec<T::T>>(), Some(levels), None).map(drop)
}

/// The days from 1970-01-01 to a date.
fn days(text: &str) -> Option<i32> {
    crate::record::Date::parse(text).map(|date| date.0)
}

fn own<T>(value: Option<T>) -> T {
    value.expect("a cell is what its column holds")
}

#[cfg(test)]
mod tests {
    use super::*;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;

    #[test]
    fn what_is_written_is_read_back_with_its_types_and_notes() {
        let columns = [
            ("name", Holds::Text),
            ("record", Holds::Whole),
            ("share", Holds::Number),
            ("born", Holds::Date),
            ("on_file", Holds::Truth),
        ];
        let mut file = Parquet::new(&columns, &[("seed", "7".to_owned())]);
        let mut bytes = file.add("Zoë,-3,0.5,1969-12-31,true\n\"a,b\",,,,\n".as_bytes());
        bytes.extend(file.finish());
        let read = SerializedFileReader::new(Bytes::from(bytes)).unwrap();
        let metadata = read.metadata().file_metadata();
        assert_eq!(
            metadata.key_value_metadata().unwrap()[0],
            KeyValue::new("namesake.seed".to_owned(), "7".to_owned())
        );
        assert!(metadata.created_by().unwrap().starts_with("namesake version"));
        let rows: Vec<Vec<Field>> = read
            .get_row_iter(None)
            .unwrap()
            .map(|row| row.unwrap().get_column_iter().map(|(_, value)| value.clone()).collect())
            .collect();
        let text = |text: &str| Field::Str(text.to_owned());
        let filled = vec![text("Zoë"), Field::Long(-3), Field::Double(0.5), Field::Date(-1), Field::Bool(true)];
        assert_eq!(rows, [filled, vec![text("a,b"), Field::Null, Field::Null, Field::Null, Field::Null]]);
    }

    #[test]
    fn a_file_of_several_row_groups_holds_every_row_in_order() {
        let rows: Vec<Vec<String>> = (0..GROUP + 3).map(|row| vec![row.to_string(), "x".to_owned()]).collect();
        let bytes = Parquet::whole(&["row".to_owned(), "x".to_owned()], &rows, &[]);
        let read = SerializedFileReader::new(Bytes::from(bytes)).unwrap();
        assert_eq!(read.num_row_groups(), 2);
        let numbers = read.get_row_iter(None).unwrap().map(|row| {
            let row = row.unwrap();
            row.get_column_iter().next().unwrap().1.clone()
        });
        assert!(numbers.enumerate().all(|(row, number)| number == Field::Long(row as i64)));
    }

    #[test]
    fn a_column_holds_numbers_where_every_filled_cell_is_one() {
        let holds = |cells: &[&str]| Holds::of(cells.iter().copied());
        assert_eq!(holds(&["1", "", "-2"]), Holds::Whole);
        assert_eq!(holds(&["1", "", "0.5"]), Holds::Number);
        assert_eq!(holds(&["1", "all"]), Holds::Text);
    }
}
