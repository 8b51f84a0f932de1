//! Records of text as far as it has no quotes: delimiters and ends of lines are found eight bytes at a time.

use super::{BLOCK, Cells, LONGEST_LINE, Stop};
use std::io::{self, Read};

/// Bytes looked at at a time; as many stand behind what was read.
pub(super) const WORD: usize = 8;

/// A file as far as it has no quotes.
pub(super) struct Plain<R> {
    pub(super) reader: R,
    /// The bytes read and not yet given out, and room behind them.
    pub(super) buffer: Vec<u8>,
    /// The position of the next record in the buffer.
    pub(super) next: usize,
    /// The length of the buffer's filled part.
    pub(super) read: usize,
    /// Lines gone by.
    pub(super) lines: u64,
    /// `true` once the end was reached within a line.
    pub(super) unended: bool,
}

const ONES: u64 = u64::from_ne_bytes([1; 8]);

/// The high bit of each byte that is 0.
#[inline]
fn zeros(word: u64) -> u64 {
    let low = ONES * 0x7f;
    !(((word & low) + low) | word | low)
}

impl<R: Read> Plain<R> {
    /// Finds the next records, at most so many; none at the end of the file.
    pub(super) fn find(&mut self, delimiter: u8, most: usize, cells: &mut Cells) -> Result<(), Stop> {
        loop {
            self.split(delimiter, most, cells)?;
            if cells.len() > 0 {
                return Ok(());
            }
            if self.read - self.next > LONGEST_LINE {
                return Err(Stop::TooLong(self.lines + 1));
            }
            let more = self.fill().map_err(Stop::Io)?;
            if special(&self.buffer[self.read - more..self.read]) {
                return Err(Stop::Quotes);
            }
            if more == 0 && self.next == self.read {
                return Ok(());
            }
            if more == 0 {
                // The last line need not end.
                self.unended = true;
                self.buffer[self.read] = b'\n';
                self.read += 1;
            }
        }
    }

    /// Finds the cells of the whole lines among what was read.
    pub(super) fn split(&mut self, delimiter: u8, most: usize, cells: &mut Cells) -> Result<(), Stop> {
        let mut at = self.next;
        while at < self.read {
            let bytes = &self.buffer[at..at + WORD];
            let word = u64::from_le_bytes(bytes.try_into().expect("eight bytes"));
            let mut hits = zeros(word ^ (ONES * u64::from(delimiter))) | zeros(word ^ (ONES * u64::from(b'\n')));
            while hits != 0 {
                let hit = at + hits.trailing_zeros() as usize / 8;
                hits &= hits - 1;
                // What stands behind was read before and is gone.
                if hit >= self.read {
                    break;
                }
                if self.buffer[hit] != b'\n' {
                    cells.ends.push(hit as u32);
                    continue;
                }
                let start = std::mem::replace(&mut self.next, hit + 1);
                self.lines += 1;
                if hit - start > LONGEST_LINE {
                    cells.drop_unended();
                    return Err(Stop::TooLong(self.lines));
                }
                // Empty lines are no records.
                if hit > start {
                    cells.ends.push(hit as u32);
                    cells.end_record(start, self.lines)?;
                }
                if cells.len() == most {
                    return Ok(());
                }
            }
            at += WORD;
        }
        cells.drop_unended();
        Ok(())
    }

    /// Reads another block behind what is left; gives how much it was.
    pub(super) fn fill(&mut self) -> io::Result<usize> {
        self.buffer.copy_within(self.next..self.read, 0);
        self.read -= self.next;
        self.next = 0;
        if self.buffer.len() < self.read + BLOCK + WORD {
            self.buffer.resize(self.read + BLOCK + WORD, 0);
        }
        loop {
            match self.reader.read(&mut self.buffer[self.read..self.read + BLOCK]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                more => {
                    self.read += *more.as_ref().unwrap_or(&0);
                    return more;
                }
            }
        }
    }
}

/// Returns `true` if there is a quote or a carriage return.
fn special(bytes: &[u8]) -> bool {
    // Sums of bytes, which a processor makes many at a time.
    let found =
        |chunk: &[u8]| chunk.iter().fold(0_u8, |any, &byte| any | u8::from(byte == b'"') | u8::from(byte == b'\r'));
    bytes.chunks(128).any(|chunk| found(chunk) > 0)
}
