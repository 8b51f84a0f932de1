//! Parquet files, written from rows of CSV or of cells: plain and uncompressed, which every reader knows.
//!
//! The format is that of the Apache Parquet specification (`parquet.thrift`, version 1 pages) with its headers in the
//! compact protocol of Thrift; no more of either is written here than a table of texts needs.

/// A Parquet file in the making. It holds one row group at a time, whatever the size of the file.
pub struct Parquet {
    columns: Vec<Column>,
    rows: u64,
    written: u64,
    groups: Vec<Group>,
}

struct Column {
    name: String,
    kind: Kind,
    values: Vec<u8>,
    /// Of an optional column for each row whether it has a value.
    there: Vec<bool>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Whole,
    /// A number, or nothing.
    Number,
}

impl Kind {
    /// What a column of these cells holds: numbers, if every cell that is not empty is one.
    fn of<'c>(mut cells: impl Iterator<Item = &'c str> + Clone) -> Kind {
        if cells.clone().all(|cell| cell.parse::<i64>().is_ok()) {
            Kind::Whole
        } else if cells.all(|cell| cell.is_empty() || cell.parse::<f64>().is_ok_and(f64::is_finite)) {
            Kind::Number
        } else {
            Kind::Text
        }
    }

    /// Its number in the specification.
    fn number(self) -> i64 {
        match self {
            Kind::Text => BYTE_ARRAY,
            Kind::Whole => INT64,
            Kind::Number => DOUBLE,
        }
    }
}

impl Column {
    fn new(name: &str, kind: Kind) -> Column {
        Column { name: name.to_string(), kind, values: Vec::new(), there: Vec::new() }
    }

    fn push(&mut self, cell: &[u8]) {
        let text = || std::str::from_utf8(cell).unwrap_or_default();
        match self.kind {
            Kind::Text => {
                self.values.extend((cell.len() as u32).to_le_bytes());
                self.values.extend(cell);
            }
            Kind::Whole => self.values.extend(text().parse().unwrap_or(0_i64).to_le_bytes()),
            Kind::Number => {
                let value: Option<f64> = text().parse().ok();
                self.there.push(value.is_some());
                self.values.extend(value.into_iter().flat_map(f64::to_le_bytes));
            }
        }
    }

    /// The page of what was pushed: which rows have a value, in runs, if some may have none, and the values.
    fn page(&mut self) -> Vec<u8> {
        let mut page = Vec::new();
        if self.kind == Kind::Number {
            let mut runs = Thrift::default();
            for run in self.there.chunk_by(|a, b| a == b) {
                runs.varint((run.len() as u64) << 1);
                runs.bytes.push(u8::from(run[0]));
            }
            page.extend((runs.bytes.len() as u32).to_le_bytes());
            page.append(&mut runs.bytes);
            self.there.clear();
        }
        page.append(&mut self.values);
        page
    }
}

/// Where the chunks of a row group stand, and how long they are.
struct Group {
    rows: u64,
    chunks: Vec<(u64, u64)>,
}

/// Rows in a row group.
const GROUP: u64 = 1 << 16;
const MAGIC: &[u8] = b"PAR1";

impl Parquet {
    /// A file of those columns, and what it begins with.
    pub fn begin(columns: &[&'static str]) -> (Parquet, &'static [u8]) {
        (Parquet::of(columns.iter().map(|name| Column::new(name, Kind::Text)).collect()), MAGIC)
    }

    fn of(columns: Vec<Column>) -> Parquet {
        Parquet { columns, rows: 0, written: MAGIC.len() as u64, groups: Vec::new() }
    }

    /// A whole file of a table that is held in memory. Columns of whole numbers and of numbers are written as such; an
    /// empty cell among numbers is a missing value.
    pub fn whole(names: &[String], rows: &[Vec<String>]) -> Vec<u8> {
        let column =
            |(at, name): (usize, &String)| Column::new(name, Kind::of(rows.iter().map(|row| row[at].as_str())));
        let mut file = Parquet::of(names.iter().enumerate().map(column).collect());
        let mut bytes = MAGIC.to_vec();
        for row in rows {
            file.push(row.iter().map(String::as_bytes), &mut bytes);
        }
        bytes.extend(file.finish());
        bytes
    }

    /// Takes a row; writes a row group when it is full.
    fn push<'c>(&mut self, row: impl Iterator<Item = &'c [u8]>, out: &mut Vec<u8>) {
        self.columns.iter_mut().zip(row).for_each(|(column, cell)| column.push(cell));
        self.rows += 1;
        if self.rows == GROUP {
            self.flush(out);
        }
    }

    /// Takes rows of CSV without a header; gives what is ready to be written.
    ///
    /// # Panics
    /// If a row has another number of cells than the file has columns.
    pub fn add(&mut self, csv: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv);
        let mut row = csv::ByteRecord::new();
        while reader.read_byte_record(&mut row).expect("the rows are our own") {
            assert_eq!(row.len(), self.columns.len(), "a cell for each column");
            self.push(row.iter(), &mut out);
        }
        out
    }

    /// The end of the file.
    pub fn finish(mut self) -> Vec<u8> {
        let mut out = Vec::new();
        self.flush(&mut out);
        let footer = self.footer();
        out.extend(&footer);
        out.extend((footer.len() as u32).to_le_bytes());
        out.extend(MAGIC);
        out
    }

    /// Writes the row group that has been gathered: for each column one page.
    fn flush(&mut self, out: &mut Vec<u8>) {
        if self.rows == 0 {
            return;
        }
        let rows = std::mem::take(&mut self.rows);
        let mut chunks = Vec::new();
        for column in &mut self.columns {
            let mut values = column.page();
            let size = values.len() as i64;
            let mut page = Thrift::default();
            page.int(1, I32, 0);
            page.int(2, I32, size);
            page.int(3, I32, size);
            page.open(5);
            page.int(1, I32, rows as i64);
            page.int(2, I32, PLAIN);
            page.int(3, I32, RLE);
            page.int(4, I32, RLE);
            page.close();
            page.close();
            let length = (page.bytes.len() + values.len()) as u64;
            out.extend(&page.bytes);
            out.append(&mut values);
            chunks.push((self.written, length));
            self.written += length;
        }
        self.groups.push(Group { rows, chunks });
    }

    fn footer(&self) -> Vec<u8> {
        let mut meta = Thrift::default();
        meta.int(1, I32, 1);
        meta.list(2, STRUCT, self.columns.len() + 1);
        meta.element();
        meta.text(4, "schema");
        meta.int(5, I32, self.columns.len() as i64);
        meta.close();
        for column in &self.columns {
            meta.element();
            meta.int(1, I32, column.kind.number());
            meta.int(3, I32, if column.kind == Kind::Number { OPTIONAL } else { REQUIRED });
            meta.text(4, &column.name);
            if column.kind == Kind::Text {
                meta.int(6, I32, UTF8);
            }
            meta.close();
        }
        meta.int(3, I64, self.groups.iter().map(|group| group.rows as i64).sum());
        meta.list(4, STRUCT, self.groups.len());
        for group in &self.groups {
            meta.element();
            meta.list(1, STRUCT, group.chunks.len());
            for (column, &(offset, length)) in self.columns.iter().zip(&group.chunks) {
                meta.element();
                meta.int(2, I64, offset as i64);
                meta.open(3);
                meta.int(1, I32, column.kind.number());
                meta.list(2, I32, 2);
                meta.varint(zigzag(PLAIN));
                meta.varint(zigzag(RLE));
                meta.list(3, BINARY, 1);
                meta.varint(column.name.len() as u64);
                meta.bytes.extend(column.name.as_bytes());
                meta.int(4, I32, 0);
                meta.int(5, I64, group.rows as i64);
                meta.int(6, I64, length as i64);
                meta.int(7, I64, length as i64);
                meta.int(9, I64, offset as i64);
                meta.close();
                meta.close();
            }
            meta.int(2, I64, group.chunks.iter().map(|(_, length)| *length as i64).sum());
            meta.int(3, I64, group.rows as i64);
            meta.close();
        }
        meta.text(6, "namesake");
        meta.close();
        meta.bytes
    }
}

// Numbers of the specification.
const INT64: i64 = 2;
const DOUBLE: i64 = 5;
const BYTE_ARRAY: i64 = 6;
const REQUIRED: i64 = 0;
const OPTIONAL: i64 = 1;
const UTF8: i64 = 0;
const PLAIN: i64 = 0;
const RLE: i64 = 3;
const I32: u8 = 5;
const I64: u8 = 6;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const STRUCT: u8 = 12;

/// A Thrift struct in the compact protocol. Field numbers are written as steps from the one before.
#[derive(Default)]
struct Thrift {
    bytes: Vec<u8>,
    last: u8,
    outer: Vec<u8>,
}

impl Thrift {
    fn field(&mut self, number: u8, kind: u8) {
        self.bytes.push((number - self.last) << 4 | kind);
        self.last = number;
    }

    fn int(&mut self, number: u8, kind: u8, value: i64) {
        self.field(number, kind);
        self.varint(zigzag(value));
    }

    fn text(&mut self, number: u8, text: &str) {
        self.field(number, BINARY);
        self.varint(text.len() as u64);
        self.bytes.extend(text.as_bytes());
    }

    fn list(&mut self, number: u8, of: u8, length: usize) {
        self.field(number, LIST);
        if length < 15 {
            self.bytes.push((length as u8) << 4 | of);
        } else {
            self.bytes.push(0xf0 | of);
            self.varint(length as u64);
        }
    }

    /// Begins a struct in a field.
    fn open(&mut self, number: u8) {
        self.field(number, STRUCT);
        self.element();
    }

    /// Begins a struct in a list.
    fn element(&mut self) {
        self.outer.push(self.last);
        self.last = 0;
    }

    /// Ends a struct.
    fn close(&mut self) {
        self.bytes.push(0);
        self.last = self.outer.pop().unwrap_or(0);
    }

    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_begins_and_ends_as_parquet_does_and_holds_its_values_in_order() {
        let (mut file, begin) = Parquet::begin(&["given_name", "surname"]);
        let mut bytes = begin.to_vec();
        bytes.extend(file.add("Zoë,\"a,b\"\n,Ōe\n".as_bytes()));
        bytes.extend(file.finish());
        assert!(bytes.starts_with(MAGIC) && bytes.ends_with(MAGIC));
        let at = |needle: &[u8]| bytes.windows(needle.len()).position(|window| window == needle).unwrap();
        assert!(at("Zoë".as_bytes()) < at("a,b".as_bytes()) && at("a,b".as_bytes()) < at("Ōe".as_bytes()));
        let length = u32::from_le_bytes(bytes[bytes.len() - 8..bytes.len() - 4].try_into().unwrap());
        assert!((length as usize) < bytes.len() - 12);
    }

    #[test]
    fn a_column_holds_numbers_where_every_cell_is_one() {
        let kind = |cells: &[&str]| Kind::of(cells.iter().copied());
        assert_eq!(kind(&["1", "-2"]), Kind::Whole);
        assert_eq!(kind(&["1", "", "0.5"]), Kind::Number);
        assert_eq!(kind(&["1", "all"]), Kind::Text);
        let mut column = Column::new("x", Kind::Number);
        ["0.5", "", "", "2"].iter().for_each(|cell| column.push(cell.as_bytes()));
        // Three runs, of one value, two missing, one value; then the two values.
        let page = [&[6, 0, 0, 0, 2, 1, 4, 0, 2, 1][..], &0.5_f64.to_le_bytes(), &2_f64.to_le_bytes()].concat();
        assert_eq!(column.page(), page);
    }

    #[test]
    fn numbers_are_written_as_thrift_writes_them() {
        assert_eq!([0, -1, 1, -2].map(zigzag), [0, 1, 2, 3]);
        let mut thrift = Thrift::default();
        thrift.varint(300);
        assert_eq!(thrift.bytes, [0xac, 0x02]);
    }
}
