//! Two whole files as codes: [`Coded`], where each distinct value of a field is held once.
//!
//! A million people share some thousand names. Held as numbers, two records agree where their numbers do, whatever is
//! made of a value (its normal form, a phonetic code, how common it is) is made once, and a record is a few numbers
//! side by side that one look into memory fetches.

mod threads;
mod values;

pub use threads::{both, change, change_each, each, end_to_end};
pub use values::Values;

use super::{Field, Records};
use std::borrow::Cow;
use std::sync::Arc;

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
