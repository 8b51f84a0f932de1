//! Records of text from the first quote on: the `csv` crate reads them, and lines are counted beside it.

use super::plain::Plain;
use super::{BLOCK, Cells, LONGEST_LINE, Stop};
use std::collections::VecDeque;
use std::io::{self, Cursor, Read};

/// The rest of a file, from a record with quotes on or one not far behind.
pub(super) struct Quoted<R: Read> {
    csv: csv::Reader<Lines<io::Chain<Cursor<Vec<u8>>, R>>>,
    record: csv::ByteRecord,
    /// The cells of the last batch, each with a byte behind it.
    pub(super) bytes: Vec<u8>,
}

impl<R: Read> Quoted<R> {
    pub(super) fn new(mut plain: Plain<R>, delimiter: u8) -> Quoted<R> {
        plain.buffer.truncate(plain.read);
        plain.buffer.drain(..plain.next);
        let reader = Lines::new(Cursor::new(plain.buffer).chain(plain.reader), plain.lines + 1);
        // The width is looked at elsewhere.
        let csv = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(reader);
        Quoted { csv, record: csv::ByteRecord::new(), bytes: Vec::new() }
    }

    /// Returns `true` once the end was reached within a line.
    pub(super) fn unended(&self) -> bool {
        self.csv.get_ref().unended
    }

    /// Finds the next records, at most so many; none at the end of the file.
    pub(super) fn find(&mut self, most: usize, cells: &mut Cells) -> Result<(), Stop> {
        self.bytes.clear();
        while cells.len() < most
            && self.bytes.len() < BLOCK
            && self.csv.read_byte_record(&mut self.record).map_err(Stop::Csv)?
        {
            let end = self.csv.position().byte();
            let lines = self.csv.get_mut();
            let within = || self.record.iter().map(|cell| line_ends(cell, 0).count() as u64).sum::<u64>();
            if lines.ended && lines.bytes == end {
                // Nothing stands behind: it is the mark, or a cell has swallowed that.
                let is_mark = self.record.len() == 1 && &self.record[0] == MARK;
                return if is_mark { Ok(()) } else { Err(Stop::Open(lines.line_of(end) - within())) };
            }
            // What ends the record is its last byte. Most stand on one line.
            let first = lines.line_of(self.record.position().map_or(0, csv::Position::byte));
            let last = lines.line_of(end - 1);
            let line = if last > first { last - within() } else { last };
            let start = self.bytes.len();
            for cell in &self.record {
                self.bytes.extend_from_slice(cell);
                cells.ends.push(self.bytes.len() as u32);
                self.bytes.push(b'\n');
            }
            cells.end_record(start, line)?;
        }
        Ok(())
    }
}

/// A reader that knows on which line a byte stands, and refuses lines longer than [`LONGEST_LINE`] before they fill the
/// memory. Behind the last line it puts a line with a [`MARK`], so that a quote that does not close can be told.
struct Lines<R> {
    reader: R,
    /// The line of the byte last asked for, and where the lines from there on end, as far as they were given out.
    line: u64,
    ends: VecDeque<u64>,
    /// Bytes given out, and the last of them.
    bytes: u64,
    last: u8,
    /// The start of the line that was not given out whole.
    start: u64,
    /// `true` once the mark was given out.
    ended: bool,
    /// `true` once the end was reached within a line.
    unended: bool,
}

/// A record that no file has at its end.
const MARK: &[u8] = b"\0";

impl<R> Lines<R> {
    fn new(reader: R, line: u64) -> Lines<R> {
        Lines { reader, line, ends: VecDeque::new(), bytes: 0, last: 0, start: 0, ended: false, unended: false }
    }

    /// The line that a byte stands on, counted from 1; bytes are asked for in their order.
    fn line_of(&mut self, byte: u64) -> u64 {
        while self.ends.front().is_some_and(|&end| end < byte) {
            self.ends.pop_front();
            self.line += 1;
        }
        self.line
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut n = self.reader.read(buffer)?;
        if n == 0 && !buffer.is_empty() && !self.ended {
            let mark = [b"\n", MARK, b"\n"].concat();
            buffer[..mark.len()].copy_from_slice(&mark);
            self.unended = self.bytes > 0 && !matches!(self.last, b'\n' | b'\r');
            (n, self.ended) = (mark.len(), true);
        }
        for end in line_ends(&buffer[..n], self.last) {
            let end = self.bytes + end as u64;
            self.ends.push_back(end);
            self.start = end + 1;
        }
        self.bytes += n as u64;
        self.last = buffer[..n].last().copied().unwrap_or(self.last);
        if self.bytes - self.start > LONGEST_LINE as u64 {
            return Err(io::Error::other(TooLong(self.line + self.ends.len() as u64)));
        }
        Ok(n)
    }
}

/// The positions at which lines end: with a line feed, a carriage return, or the first of both. `before` is the byte
/// before these.
fn line_ends(bytes: &[u8], before: u8) -> impl Iterator<Item = usize> {
    let ends = bytes.iter().enumerate().filter(|(_, byte)| matches!(byte, b'\n' | b'\r'));
    ends.map(|(at, _)| at).filter(move |&at| {
        let before = if at == 0 { before } else { bytes[at - 1] };
        (before, bytes[at]) != (b'\r', b'\n')
    })
}

#[derive(Debug)]
pub(super) struct TooLong(pub(super) u64);

impl std::fmt::Display for TooLong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {} is longer than {LONGEST_LINE} bytes", self.0)
    }
}

impl std::error::Error for TooLong {}
