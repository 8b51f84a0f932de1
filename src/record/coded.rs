//! Two whole files as codes: [`Coded`], where each distinct value of a field is held once.
//!
//! A million people share some thousand names. Held as numbers, two records agree where their numbers do, whatever is
//! made of a value (its normal form, a phonetic code, how common it is) is made once, and a record is a few numbers
//! side by side that one look into memory fetches.

mod threads;

pub use threads::{both, change, change_each, each, end_to_end};

use super::{Field, Records};
use rustc_hash::FxBuildHasher;
use std::borrow::Cow;
use std::hash::BuildHasher;
use std::str::Utf8Error;
use std::sync::Arc;

/// Distinct texts, numbered in the order in which they came. Number 0 is the empty text: a missing value.
#[derive(Clone, Debug)]
pub struct Values {
    text: String,
    ends: Vec<u32>,
    /// By number. What comes often comes early, so that the digests most looked at lie side by side.
    digests: Vec<Digest>,
    /// Open addressing, a power of two long and never more than three quarters full.
    slots: Vec<Slot>,
}

/// The slot of a text: kept small, since most of the time of reading a file goes into fetching slots.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    tag: u32,
    /// 0 where the slot is free.
    code: u32,
}

/// A digest that tells texts apart at a glance. Texts of up to sixteen bytes are held whole; of longer texts it holds a
/// hash and their end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Digest {
    start: u64,
    end: u64,
    length: u32,
}

impl Default for Values {
    /// None but the empty text.
    fn default() -> Values {
        let (ends, digests, slots) = (vec![0], vec![Digest::default()], vec![Slot::default(); 64]);
        Values { text: String::new(), ends, digests, slots }
    }
}

impl Values {
    /// The number of values, including the empty text.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns `true` if there is no value but the empty text.
    pub fn is_empty(&self) -> bool {
        self.ends.len() == 1
    }

    /// The number of bytes that all values take.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// All of them, end to end.
    pub fn all(&self) -> &str {
        &self.text
    }

    /// The text of a number.
    pub fn get(&self, code: u32) -> &str {
        let start = if code == 0 { 0 } else { self.ends[code as usize - 1] as usize };
        &self.text[start..self.ends[code as usize] as usize]
    }

    /// All of them, by number.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        (0..self.ends.len() as u32).map(|code| self.get(code))
    }

    /// The number of a text, a new one where it has none yet.
    pub fn code(&mut self, text: &str) -> u32 {
        self.code_with(text, Digest::of(text.as_bytes()))
    }

    fn code_with(&mut self, text: &str, digest: Digest) -> u32 {
        match self.slot(text.as_bytes(), digest) {
            Ok(code) => code,
            Err(slot) => self.insert(text, digest, slot),
        }
    }

    /// [`Values::code`] of bytes. Only of a text that is new it must be seen whether it is UTF-8.
    pub fn code_of_bytes(&mut self, text: &[u8]) -> Result<u32, Utf8Error> {
        let digest = Digest::of(text);
        match self.slot(text, digest) {
            Ok(code) => Ok(code),
            Err(slot) => Ok(self.insert(std::str::from_utf8(text)?, digest, slot)),
        }
    }

    /// Puts the number of each of so many texts where it belongs: [`Values::code`] of one after the other. The slots of
    /// some texts are fetched side by side, and then their digests, so that no look into memory waits for another.
    fn code_each<'t>(&mut self, texts: usize, text: impl Fn(usize) -> &'t str, mut put: impl FnMut(usize, u32)) {
        const TOGETHER: usize = 64;
        let (mut digests, mut places) = ([Digest::default(); TOGETHER], [(0, 0); TOGETHER]);
        let mut slots = [Slot::default(); TOGETHER];
        for first in (0..texts).step_by(TOGETHER) {
            let rows = first..texts.min(first + TOGETHER);
            for ((digest, place), row) in digests.iter_mut().zip(&mut places).zip(rows.clone()) {
                *digest = Digest::of(text(row).as_bytes());
                *place = digest.place(self.slots.len());
            }
            for (slot, (place, _)) in slots.iter_mut().zip(&places[..rows.len()]) {
                *slot = self.slots[*place];
            }
            for (((digest, (_, tag)), slot), row) in digests.iter().zip(&places).zip(&slots).zip(rows) {
                let (text, code) = (text(row), slot.code);
                let same = slot.tag == *tag && self.digests[code as usize] == *digest;
                let same = same && (text.len() <= Digest::WHOLE || self.get(code) == text);
                put(row, if same { code } else { self.code_with(text, *digest) });
            }
        }
    }

    /// The number of a text that has one.
    pub fn find(&self, text: &str) -> Option<u32> {
        self.slot(text.as_bytes(), Digest::of(text.as_bytes())).ok()
    }

    /// The number of a text, or the free slot that it would have.
    #[inline]
    fn slot(&self, text: &[u8], digest: Digest) -> Result<u32, usize> {
        if text.is_empty() {
            return Ok(0);
        }
        let (mut place, tag) = digest.place(self.slots.len());
        loop {
            let slot = self.slots[place];
            if slot.code == 0 {
                return Err(place);
            }
            let same = slot.tag == tag && self.digests[slot.code as usize] == digest;
            if same && (text.len() <= Digest::WHOLE || self.get(slot.code).as_bytes() == text) {
                return Ok(slot.code);
            }
            place = (place + 1) & (self.slots.len() - 1);
        }
    }

    #[cold]
    fn insert(&mut self, text: &str, digest: Digest, slot: usize) -> u32 {
        let code = self.ends.len() as u32;
        self.text.push_str(text);
        // Whoever reads files stops at a gibibyte a column.
        self.ends.push(u32::try_from(self.text.len()).expect("the distinct values of a field stay under 4 GiB"));
        self.digests.push(digest);
        self.slots[slot] = Slot { tag: digest.place(self.slots.len()).1, code };
        if self.ends.len() * 4 > self.slots.len() * 3 {
            let mut slots = vec![Slot::default(); self.slots.len() * 2];
            for (code, digest) in self.digests.iter().enumerate().skip(1) {
                let (mut place, tag) = digest.place(slots.len());
                while slots[place].code > 0 {
                    place = (place + 1) & (slots.len() - 1);
                }
                slots[place] = Slot { tag, code: code as u32 };
            }
            self.slots = slots;
        }
        code
    }
}

impl Digest {
    /// Texts of at most so many bytes have a digest of their own.
    const WHOLE: usize = 16;

    /// The digest of a text.
    #[inline]
    fn of(text: &[u8]) -> Digest {
        let n = text.len();
        let four = |at: usize| u64::from(u32::from_le_bytes([text[at], text[at + 1], text[at + 2], text[at + 3]]));
        let eight = |at: usize| four(at) | four(at + 4) << 32;
        let (start, end) = match n {
            0 => (0, 0),
            1..4 => (u64::from(text[0]) | u64::from(text[n / 2]) << 8 | u64::from(text[n - 1]) << 16, 0),
            4..=8 => (four(0) | four(n - 4) << 32, 0),
            9..=16 => (eight(0), eight(n - 8)),
            _ => (FxBuildHasher.hash_one(text), eight(n - 8)),
        };
        Digest { start, end, length: n as u32 }
    }

    /// The first slot to look in, among `slots` slots (a power of two), and the tag of the text there.
    #[inline]
    fn place(self, slots: usize) -> (usize, u32) {
        const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
        let mixed = (self.start ^ u64::from(self.length)).wrapping_mul(MULTIPLIER).rotate_left(29) ^ self.end;
        let mixed = mixed.wrapping_mul(MULTIPLIER);
        ((mixed >> (64 - slots.trailing_zeros())) as usize, mixed as u32)
    }
}

/// So many records or pairs are worked on together.
const AT_A_TIME: usize = 1 << 10;

/// One file on its way into codes.
#[derive(Clone, Debug)]
pub struct Coding {
    fields: Vec<Field>,
    values: Vec<Values>,
    codes: Vec<u32>,
}

impl Coding {
    /// No record yet of these fields.
    pub fn new(fields: &[Field]) -> Coding {
        Coding { fields: fields.to_vec(), values: vec![Values::default(); fields.len()], codes: Vec::new() }
    }

    /// The number of bytes that the distinct values of a column take so far.
    pub fn bytes(&self, column: usize) -> usize {
        self.values[column].bytes()
    }

    /// The distinct values of a column so far.
    pub fn values(&self, column: usize) -> &Values {
        &self.values[column]
    }

    /// The codes of a column so far, by row.
    pub fn codes(&self, column: usize) -> impl Iterator<Item = u32> {
        self.codes.iter().skip(column).step_by(self.fields.len()).copied()
    }

    /// Puts what `form` makes of each value of a column in its place.
    pub fn recode(&mut self, column: usize, form: impl Fn(&str) -> Cow<'_, str>) {
        let mut values = Values::default();
        let codes: Vec<u32> = self.values[column].iter().map(|text| values.code(&form(text))).collect();
        let width = self.fields.len();
        self.codes.iter_mut().skip(column).step_by(width).for_each(|code| *code = codes[*code as usize]);
        self.values[column] = values;
    }

    /// Gives back memory that was set aside for records that did not come.
    pub fn shrink_to_fit(&mut self) {
        self.codes.shrink_to_fit();
    }

    /// The records of a batch, by its own columns; a field that it has none for is missing in all of them.
    pub fn of(records: &Records, fields: &[Field]) -> Coding {
        let mut coding = Coding::new(fields);
        coding.extend_from(records, 0..records.len());
        coding
    }

    /// Adds these rows of a batch; a field that it has no column for is missing in all of them.
    pub fn extend_from(&mut self, records: &Records, rows: impl ExactSizeIterator<Item = usize>) {
        let columns: Vec<Option<usize>> = self.fields.iter().map(|field| records.column(field)).collect();
        let rows: Vec<usize> = rows.collect();
        for rows in rows.chunks(AT_A_TIME) {
            self.extend(rows.len(), |row, column| columns[column].map_or("", |column| records.get(rows[row], column)));
        }
    }

    /// Adds so many records, given the text of a row and column. It goes column by column, so that the values of one
    /// stay near at hand: the records should be few enough to stay there too.
    pub fn extend<'t>(&mut self, records: usize, text: impl Fn(usize, usize) -> &'t str) {
        let (width, start) = (self.fields.len(), self.codes.len());
        self.codes.resize(start + records * width, 0);
        for (column, values) in self.values.iter_mut().enumerate() {
            let codes = &mut self.codes[start..];
            values.code_each(records, |row| text(row, column), |row, code| codes[row * width + column] = code);
        }
    }
}

/// The records of one file: as many codes a record as there are fields.
#[derive(Clone, Debug)]
pub struct Rows {
    codes: Vec<u32>,
    width: usize,
}

impl Rows {
    /// The number of records.
    pub fn len(&self) -> usize {
        self.codes.len() / self.width
    }

    /// Returns `true` if there are no records.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The codes of a record, by column.
    #[inline]
    pub fn get(&self, row: usize) -> &[u32] {
        &self.codes[row * self.width..(row + 1) * self.width]
    }

    /// All records in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u32]> {
        self.codes.chunks_exact(self.width)
    }

    /// The same records with other codes.
    fn recoded(&self, codes: &[Vec<u32>]) -> Rows {
        let mut all = Vec::with_capacity(self.codes.len());
        for row in self.iter() {
            all.extend(row.iter().zip(codes).map(|(&code, codes)| codes[code as usize]));
        }
        Rows { codes: all, width: self.width }
    }
}

/// One of two files that are linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dataset {
    /// The first: the requester's, where one agency asks another.
    A,
    /// The second: the holder's.
    B,
}

/// The number of times each value comes in A and in B, by column and code. Number 0 is the empty text.
pub type Counts = [Vec<Vec<u32>>; 2];

/// Two files of the same fields whose values are numbered together: a code means one text in both.
#[derive(Clone, Debug)]
pub struct Coded {
    fields: Vec<Field>,
    values: Vec<Arc<Values>>,
    /// The one file.
    pub a: Rows,
    /// The other.
    pub b: Rows,
}

impl Coded {
    /// Two files of the same fields, of which there is at least one.
    ///
    /// # Panics
    /// If the fields are not the same: a mistake of the caller, not of the data.
    pub fn of(a: Coding, b: Coding) -> Coded {
        assert!(a.fields == b.fields && !a.fields.is_empty(), "two files of the same fields");
        let width = a.fields.len();
        let mut of_b = b.codes;
        let mut columns: Vec<(Values, Values)> = a.values.into_iter().zip(b.values).collect();
        let codes: Vec<Vec<u32>> = change_each(&mut columns, |(values, others)| {
            let mut codes = vec![0; others.len()];
            values.code_each(others.len(), |other| others.get(other as u32), |other, code| codes[other] = code);
            codes
        });
        for row in of_b.chunks_exact_mut(width) {
            row.iter_mut().zip(&codes).for_each(|(code, codes)| *code = codes[*code as usize]);
        }
        let values = columns.into_iter().map(|(values, _)| Arc::new(values)).collect();
        Coded { fields: a.fields, values, a: Rows { codes: a.codes, width }, b: Rows { codes: of_b, width } }
    }

    /// The fields, in column order.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The column that holds `field`, if there is one.
    pub fn column(&self, field: &Field) -> Option<usize> {
        self.fields.iter().position(|f| f == field)
    }

    /// The values of a column.
    pub fn values(&self, column: usize) -> &Arc<Values> {
        &self.values[column]
    }

    /// The text of a code of a column.
    pub fn text(&self, column: usize, code: u32) -> &str {
        self.values[column].get(code)
    }

    /// The number of times each value comes in A and in B, by column and code.
    pub fn counts(&self) -> Counts {
        let of = |rows: &Rows| {
            let mut counts: Vec<Vec<u32>> = self.values.iter().map(|values| vec![0; values.len()]).collect();
            for row in rows.iter() {
                counts.iter_mut().zip(row).for_each(|(counts, &code)| counts[code as usize] += 1);
            }
            counts
        };
        both(|| of(&self.a), || of(&self.b)).into()
    }

    /// The same files with what `form` makes of each value; it is given the field, the text, scratch, and where to
    /// write.
    pub fn mapped(&self, form: impl Fn(&Field, &str, &mut String, &mut String) + Sync) -> Coded {
        let of_field = |column: usize| {
            let (mut values, mut scratch, mut text) = (Values::default(), String::new(), String::new());
            let code = |old: &str| {
                text.clear();
                form(&self.fields[column], old, &mut scratch, &mut text);
                values.code(&text)
            };
            let codes: Vec<u32> = self.values[column].iter().map(code).collect();
            (Arc::new(values), codes)
        };
        // The longest first, so that no thread begins it when the others are done.
        let mut columns: Vec<usize> = (0..self.fields.len()).collect();
        columns.sort_by_key(|&column| std::cmp::Reverse(self.values[column].len()));
        let mut formed: Vec<_> = columns.iter().copied().zip(each(&columns, |&column| of_field(column))).collect();
        formed.sort_unstable_by_key(|(column, _)| *column);
        let (values, codes): (Vec<Arc<Values>>, Vec<Vec<u32>>) =
            formed.into_iter().map(|(_, of_field)| of_field).unzip();
        let rows = each(&[&self.a, &self.b], |rows| rows.recoded(&codes));
        let [a, b] = <[Rows; 2]>::try_from(rows).expect("as many as went in");
        Coded { fields: self.fields.clone(), values, a, b }
    }

    /// The same files with other columns, each a field and the place of the column that it is made of.
    pub fn with_columns(&self, columns: &[(Field, usize)]) -> Coded {
        let rows = |rows: &Rows| {
            let pick = |row: &[u32]| columns.iter().map(|&(_, column)| row[column]).collect::<Vec<u32>>();
            Rows { codes: rows.iter().flat_map(pick).collect(), width: columns.len() }
        };
        Coded {
            fields: columns.iter().map(|(field, _)| field.clone()).collect(),
            values: columns.iter().map(|&(_, column)| self.values[column].clone()).collect(),
            a: rows(&self.a),
            b: rows(&self.b),
        }
    }

    /// These rows alone, in the order given, with the values that they have.
    pub fn of_rows(&self, of_a: &[u32], of_b: &[u32]) -> Coded {
        let width = self.fields.len();
        let columns: Vec<usize> = (0..width).collect();
        let recoded = each(&columns, |&column| {
            let mut values = Values::default();
            // Number 0 is the empty text in both, and of others that it was not met yet.
            let mut numbers = vec![0; self.values[column].len()];
            let mut number = |code: u32| {
                let known = &mut numbers[code as usize];
                if *known == 0 && code > 0 {
                    *known = values.code(self.text(column, code));
                }
                *known
            };
            let sides = [(&self.a, of_a), (&self.b, of_b)].map(|(rows, chosen)| {
                chosen.iter().map(|&row| number(rows.get(row as usize)[column])).collect::<Vec<u32>>()
            });
            (Arc::new(values), sides)
        });
        let rows = |side: usize, count: usize| {
            let codes = (0..count).flat_map(|row| recoded.iter().map(move |(_, sides)| sides[side][row]));
            Rows { codes: codes.collect(), width }
        };
        let (a, b) = (rows(0, of_a.len()), rows(1, of_b.len()));
        Coded { fields: self.fields.clone(), values: recoded.into_iter().map(|(values, _)| values).collect(), a, b }
    }

    /// The same files, the second first.
    pub fn turned(&self) -> Coded {
        Coded { a: self.b.clone(), b: self.a.clone(), ..self.clone() }
    }

    /// One record as text, by column.
    pub fn texts<'r>(&'r self, codes: &'r [u32]) -> impl Iterator<Item = &'r str> {
        self.values.iter().zip(codes).map(|(values, &code)| values.get(code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::RecordId;

    #[test]
    fn a_text_has_one_number_whatever_its_length() {
        let mut values = Values::default();
        let texts: Vec<String> = (0..20_000_u32)
            .map(|i| match i % 4 {
                0 => format!("{i}"),
                1 => format!("Nuñez {i}"),
                2 => "Ō".repeat(i as usize % 40 + 1),
                _ => format!("{i}\0"),
            })
            .collect();
        let codes: Vec<u32> = texts.iter().map(|text| values.code(text)).collect();
        for (text, &code) in texts.iter().zip(&codes) {
            assert_eq!(values.get(code), text);
            assert_eq!(values.code_of_bytes(text.as_bytes()), Ok(code));
            assert_eq!(values.find(text), Some(code));
        }
        assert_eq!(values.code(""), 0);
        assert_eq!(values.find("absent"), None);
        let mut distinct = texts.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(values.len(), distinct.len() + 1);
        assert!(values.code_of_bytes(b"Nu\xf1ez").is_err());
    }

    #[test]
    fn a_code_means_one_text_in_both_files() {
        let fields = [Field::GivenName, Field::Surname];
        let (mut a, mut b) = (Records::new(&fields), Records::new(&fields));
        a.push(RecordId(0), &["Zoë", "Nuñez"]);
        a.push(RecordId(1), &["", "Ōe"]);
        b.push(RecordId(0), &["Ana", "Ōe"]);
        b.push(RecordId(1), &["ZOË", ""]);
        let coded = Coded::of(Coding::of(&a, &fields), Coding::of(&b, &fields));
        assert_eq!(coded.texts(coded.a.get(0)).collect::<Vec<_>>(), ["Zoë", "Nuñez"]);
        assert_eq!(coded.a.get(1)[1], coded.b.get(0)[1]);
        assert_eq!((coded.a.get(1)[0], coded.b.get(1)[1]), (0, 0));
        let upper = coded.mapped(|_, text, _, out| out.push_str(&text.to_uppercase()));
        assert_eq!(upper.a.get(0)[0], upper.b.get(1)[0]);
        assert_eq!(upper.turned().a.get(0), upper.b.get(0));
    }
}
