//! Reads two labelled files: a [`LabelledPair`], and apart from it their [`TruthColumns`].

use super::copies::{same_records, truth_in_fields};
use super::damage::{Marked, broken, lost_letters, total_row};
use super::dates::read_dates;
use super::ends::{truth_cut, truth_shortened};
use super::groups;
use super::heaps::{self, Heaps};
use super::missing::unused;
use super::names;
use super::numbers::read_whole;
#[cfg(feature = "cli")]
use super::open;
use super::pair::{LabelledFile, LabelledPair, Last, Reading, TruthColumns};
use super::rows::{Batch, RowReader};
use super::spec::{ColumnPair, Spec, Unlabelled};
use super::texts::{Texts, firsts};
use super::{BridgeError, LARGEST_COLUMN, LONGEST_CELL, listed};
use crate::notice::{Code, Notice};
use crate::record::Field;
use crate::record::coded::{Coded, Coding, Dataset, both};
use std::io::Read;
#[cfg(feature = "cli")]
use std::path::Path;
use unicode_normalization::UnicodeNormalization;

impl LabelledPair {
    /// Refuses two files of which no record of one is about a person of the other: every rate would be 0 or of nothing.
    pub fn check_truth(&self) -> Result<(), BridgeError> {
        if self.truth.pairs() > 0 {
            return Ok(());
        }
        let of = |file: &LabelledFile| {
            file.first.iter().map(|(id, person)| format!("{id:?}: {person:?}")).collect::<Vec<_>>().join(", ")
        };
        let mut problem = format!(
            "no record of {} has the truth value of a record of {}; the first ids and truth values of A are {}, of B {}",
            self.a.name,
            self.b.name,
            of(&self.a),
            of(&self.b)
        );
        // Perhaps it is known why.
        let why = self.notices.iter().filter(|notice| matches!(notice.code, Code::TruthAlike | Code::NumbersAsText));
        why.for_each(|notice| problem += &format!("; {}", notice.sentence.trim_end_matches('.')));
        let remedy = "check the truth column of each file, or take out the part that both share with truth.pattern";
        Err(BridgeError::new(&self.b.name, problem, remedy))
    }

    /// The same files with B first.
    pub fn turned(&self) -> LabelledPair {
        LabelledPair {
            a: self.b.clone(),
            b: self.a.clone(),
            records: self.records.turned(),
            truth: self.truth.turned(),
            notices: self.notices.clone(),
        }
    }

    /// Reads two files as a spec says.
    #[cfg(feature = "cli")]
    pub fn read(a: &Path, b: &Path, spec: &Spec) -> Result<LabelledPair, BridgeError> {
        LabelledPair::from_readers((&a.display().to_string(), open(a)?), (&b.display().to_string(), open(b)?), spec)
    }

    /// Reads two files, each with the name that errors call it: both at a time, where there are threads. Of two that
    /// are wrong the error is of the first.
    pub fn from_readers(
        a: (&str, impl Read + Send),
        b: (&str, impl Read + Send),
        spec: &Spec,
    ) -> Result<LabelledPair, BridgeError> {
        let (a, b) = both(|| Reading::of(a.0, a.1, spec, Dataset::A), || Reading::of(b.0, b.1, spec, Dataset::B));
        let (mut a, mut b) = (a?, b?);
        let mut notices = [std::mem::take(&mut a.notices), std::mem::take(&mut b.notices)].concat();
        let found: Vec<bool> = a.words.iter().zip(&b.words).map(|(a, b)| *a || *b).collect();
        notices.extend(unused(&spec.missing, &spec.name, &found));
        notices.extend(read_whole(&mut a, &mut b, spec)?);
        notices.extend(lost_letters([&a, &b], spec));
        notices.extend(groups::blank([&a, &b], spec));
        for reading in [&mut a, &mut b] {
            notices.extend(groups::of_file(&reading.file, &spec.missing));
            let first = reading.file.ids.iter().zip(reading.persons.iter()).take(3);
            reading.file.first = first.map(|(id, person)| (id.to_owned(), person.to_owned())).collect();
        }
        let Reading { file: file_a, cells: cells_a, persons: persons_a, lines: lines_a, cut: cut_a, .. } = a;
        let Reading { file: file_b, cells: cells_b, persons: persons_b, lines: lines_b, cut: cut_b, .. } = b;
        // Each takes a thread for about as long as the other.
        let ((truth, found), (unique, records)) = both(
            || {
                let mut truth = TruthColumns::of(&persons_a, &persons_b);
                let partners = truth.partners();
                truth.pairs = partners.iter().sum();
                let found = truth.check([&persons_a, &persons_b], spec);
                (truth, found)
            },
            || {
                let unique_a = || file_a.check_ids(&lines_a, &spec.id.a);
                (both(unique_a, || file_b.check_ids(&lines_b, &spec.id.b)), Coded::of(cells_a, cells_b))
            },
        );
        unique.0.and(unique.1)?;
        notices.extend(found.map_err(|(side, row, problem, remedy)| {
            let (file, lines) = if side == Dataset::A { (&file_a, &lines_a) } else { (&file_b, &lines_b) };
            let error = BridgeError::new(&file.name, problem, remedy).at_line(lines[row].into());
            error.about(format!("column {:?}", spec.truth.of(side)))
        })?);
        for (side, file, cut) in [(Dataset::A, &file_a, cut_a), (Dataset::B, &file_b, cut_b)] {
            notices.extend(cut.and_then(|last| truth_shortened(file, &last, side, [&persons_a, &persons_b], &truth)));
        }
        let (copies, in_fields) = both(
            || same_records(&file_a, &file_b, &records, &truth),
            || truth_in_fields(&records, &truth, [&persons_a, &persons_b]),
        );
        notices.extend(copies.into_iter().chain(in_fields));
        Ok(LabelledPair { a: file_a, b: file_b, records, truth, notices })
    }
}

impl LabelledFile {
    /// No id may stand twice. Of several that do the first in the file is named. `lines` are those of the records, `side`
    /// is the column of ids.
    fn check_ids(&self, lines: &[u32], side: &str) -> Result<(), BridgeError> {
        let firsts = firsts(&[&self.ids]);
        let Some((row, first)) = (0..).zip(firsts).find(|(row, first)| row != first) else { return Ok(()) };
        let [line, before] = [row, first].map(|row| u64::from(lines[row as usize]));
        let problem = format!("the id {:?} is on line {before} already", self.ids.get(row as usize));
        let remedy = match heaps::is_code(self.ids.get(row as usize)) {
            true => "it seems to stand for a missing id: give every record an id of its own",
            false => "give every record an id of its own",
        };
        let error = BridgeError::new(&self.name, problem, remedy);
        Err(error.at_line(line).about(format!("column {side:?}")))
    }
}

impl TruthColumns {
    /// Persons by the texts that name them, numbered from 1 in the order in which they come. Pairs are not counted yet.
    fn of(a: &Texts, b: &Texts) -> TruthColumns {
        let mut persons = firsts(&[a, b]);
        let mut next = 1;
        for row in 0..persons.len() {
            let first = persons[row] as usize;
            persons[row] = if first == row { next } else { persons[first] };
            next += u32::from(first == row);
        }
        let b = persons.split_off(a.len());
        TruthColumns { a: persons, b, pairs: 0 }
    }

    fn turned(&self) -> TruthColumns {
        TruthColumns { a: self.b.clone(), b: self.a.clone(), pairs: self.pairs }
    }

    /// Number of records each person has in A, and in B.
    pub fn records_by_person(&self) -> [Vec<u64>; 2] {
        let persons = self.a.iter().chain(&self.b).max().map_or(0, |&most| most as usize + 1);
        [&self.a, &self.b].map(|file| {
            let mut records = vec![0; persons];
            file.iter().for_each(|&person| records[person as usize] += 1);
            records
        })
    }

    /// Notices about persons with far more records than others, and about names of persons that are nearly the same.
    /// `persons` are the texts that name the persons of A and of B. A code that seems to stand for a missing value is
    /// refused, with its first row.
    fn check(&self, persons: [&Texts; 2], spec: &Spec) -> Result<Vec<Notice>, (Dataset, usize, String, String)> {
        let [in_a, in_b] = self.records_by_person();
        let sizes: Vec<[u64; 2]> = in_a.into_iter().zip(in_b).map(|(a, b)| [a, b]).collect();
        // The first row of each person, those of B behind those of A.
        let mut first = vec![u32::MAX; sizes.len()];
        let rows = self.a.iter().chain(&self.b).zip(0..);
        rows.for_each(|(&person, row)| first[person as usize] = first[person as usize].min(row));
        let place = |person: usize| match (first[person] as usize).checked_sub(self.a.len()) {
            None => (Dataset::A, first[person] as usize),
            Some(row) => (Dataset::B, row),
        };
        // Persons are numbered from 1.
        let name = |person: usize| match (person, place(person)) {
            (0, _) => "",
            (_, (side, row)) => persons[side as usize].get(row),
        };
        let alike = || names::alike("truth", Code::TruthAlike, "persons", &sizes, name);
        let (mut found, alike) = both(|| Heaps::of(&sizes, name), alike);
        if let Some(code) = found.code.filter(|_| !spec.missing.is_stated()) {
            let (problem, remedy) = heaps::refusal("truth value", name(code), sizes[code], found.largest);
            let (side, row) = place(code);
            return Err((side, row, problem, remedy));
        }
        // A person with a tenth of all true pairs is worth a word in any file.
        let pairs = |person: usize| sizes[person][0] * sizes[person][1];
        let most = (0..sizes.len()).max_by_key(|&person| (pairs(person), std::cmp::Reverse(person)));
        if let Some(most) = most.filter(|&most| pairs(most) >= 100 && pairs(most) * 10 >= self.pairs) {
            found.large.retain(|&person| person != most);
            found.large.insert(0, most);
        }
        let large = found.notice(Code::LargePerson, "truth value", &sizes, name);
        Ok(large.into_iter().chain(alike).collect())
    }

    /// Returns `true` if a row of A and a row of B are about one person.
    pub fn same(&self, a: usize, b: usize) -> bool {
        self.a[a] == self.b[b]
    }

    /// The numbers of the persons whom the rows of a file are about.
    pub fn of_file(&self, side: Dataset) -> &[u32] {
        if side == Dataset::A { &self.a } else { &self.b }
    }

    /// The number of the person whom a row of A is about.
    pub fn person_of_a(&self, row: usize) -> u32 {
        self.a[row]
    }

    /// The number of the person whom a row of B is about.
    pub fn person_of_b(&self, row: usize) -> u32 {
        self.b[row]
    }

    /// For each row of A, how many rows of B are about the same person.
    pub fn partners(&self) -> Vec<u64> {
        let persons = self.a.iter().chain(&self.b).max().map_or(0, |&most| most as usize + 1);
        let mut in_b = vec![0; persons];
        self.b.iter().for_each(|&person| in_b[person as usize] += 1);
        self.a.iter().map(|&person| in_b[person as usize]).collect()
    }

    /// The same, for each row of B in A.
    pub fn partners_of_b(&self) -> Vec<u64> {
        self.turned().partners()
    }

    /// Number of pairs that are one person.
    pub fn pairs(&self) -> u64 {
        self.pairs
    }
}

impl Reading {
    fn of(name: &str, reader: impl Read, spec: &Spec, side: Dataset) -> Result<Reading, BridgeError> {
        let mut table = RowReader::open(name, reader, spec.delimiters.of(side))?;
        let columns = Columns::of(name, &table, spec, side)?;
        let group = |&column: &usize| (table.header()[column].clone(), Texts::default());
        let file = LabelledFile {
            name: name.to_owned(),
            ids: Texts::default(),
            groups: columns.groups.iter().map(group).collect(),
            ignored: 0,
            separated_by: table.delimiter(),
            columns: table.header().to_vec(),
            first: Vec::new(),
        };
        let fields: Vec<Field> = spec.fields.iter().map(|(field, _)| field.clone()).collect();
        let cells = Coding::new(&fields);
        let (persons, words) = (Texts::default(), vec![false; spec.missing.words().len()]);
        let mut reading = Reading { file, cells, persons, notices: Vec::new(), words, lines: Vec::new(), cut: None };
        let (mut last, mut marked) = (Last::default(), Marked::default());
        while let Some(batch) = table.next_batch()? {
            last.see(&batch);
            marked.see(&batch, &columns.all());
            reading.push(&batch, &columns, spec)?;
        }
        reading.notices.extend(marked.notice(name, table.header()));
        let ends_with_truth = columns.truth + 1 == table.header().len() && spec.pattern.is_none();
        if table.is_unended() && ends_with_truth {
            reading.notices.extend(truth_cut(&reading, &last));
            reading.cut = Some(last);
        }
        if reading.lines.is_empty() {
            let (problem, remedy) = match reading.file.ignored {
                0 => ("the file has a header and no record", "check that it is the right file"),
                _ => ("no record has a truth value", "fill in the truth column"),
            };
            return Err(BridgeError::new(name, problem, remedy));
        }
        for (column, (field, columns)) in spec.fields.iter().enumerate() {
            for (word, found) in spec.missing.words().iter().zip(&mut reading.words) {
                *found |= reading.cells.values(column).find(word).is_some();
            }
            let of_field = (field, columns.of(side));
            reading.notices.extend(spec.missing.apply(&reading.file, &mut reading.cells, column, of_field));
        }
        reading.notices.extend(total_row(&reading, [spec.id.of(side), spec.truth.of(side)]));
        for (place, (_, columns)) in spec.fields.iter().enumerate() {
            let values = reading.cells.values(place);
            reading.notices.extend(broken(name, columns.of(side), values.all(), values.iter()));
        }
        for (column, texts) in [(spec.id.of(side), &reading.file.ids), (spec.truth.of(side), &reading.persons)] {
            reading.notices.extend(broken(name, column, texts.all(), texts.iter()));
        }
        // Hardly two people share one of these, whoever they are.
        let own = |field: &Field| *field == Field::Number || field.is_phone() || field.is_email();
        for (place, (field, columns)) in spec.fields.iter().enumerate().filter(|(_, (field, _))| !field.is_date()) {
            reading.notices.extend(heaps::heaped(name, columns.of(side), &reading.cells, place, own(field)));
        }
        reading.notices.extend(read_dates(name, &mut reading.cells, spec, side)?);
        reading.cells.shrink_to_fit();
        Ok(reading)
    }

    /// Takes in a batch, column by column.
    fn push(&mut self, batch: &Batch<'_>, columns: &Columns, spec: &Spec) -> Result<(), BridgeError> {
        let mut sound = Sound { rows: (0..batch.len()).collect(), wrong: None };
        let named = [columns.id, columns.truth].into_iter().chain(columns.groups.iter().copied());
        for (word, found) in spec.missing.words().iter().zip(&mut self.words).filter(|(_, found)| !**found) {
            let holds =
                |column: usize| (0..batch.len()).any(|row| batch.text(row, column).is_ok_and(|text| text == word));
            *found = named.clone().any(holds);
        }
        let persons = sound.each(|row| columns.person(batch, row, spec));
        if persons.contains(&None) {
            // Records without truth, where they may be.
            self.file.ignored += persons.iter().filter(|person| person.is_none()).count() as u64;
            let mut person = persons.iter();
            sound.rows.retain(|_| person.next().is_some_and(Option::is_some));
        }
        persons.into_iter().flatten().for_each(|person| self.persons.push(person));
        let naming = columns.naming();
        sound.each(|row| batch.not_the_header(row, &naming));
        let ids = sound.each(|row| match batch.text(row, columns.id)? {
            id if spec.missing.cell(id).is_empty() => {
                Err(batch.error(row, columns.id, "the id is missing", "give every record an id of its own"))
            }
            id => match spec.missing.refuse(id, batch.is_ascii()) {
                Ok(()) => Ok(id),
                Err((problem, remedy)) => Err(batch.error(row, columns.id, problem, &remedy)),
            },
        });
        ids.into_iter().for_each(|id| self.file.ids.push(id));
        let mut fields = Vec::with_capacity(columns.fields.len());
        for &column in &columns.fields {
            fields.push(sound.each(|row| match batch.text(row, column)? {
                text if text.len() > LONGEST_CELL => {
                    let problem = format!("this cell is longer than {LONGEST_CELL} bytes");
                    let remedy = "check for a quote that does not close, or leave the column out of [fields]";
                    Err(batch.error(row, column, problem, remedy))
                }
                text => Ok(text),
            }));
        }
        for ((_, values), &column) in self.file.groups.iter_mut().zip(&columns.groups) {
            sound.each(|row| batch.text(row, column)).into_iter().for_each(|text| values.push(spec.missing.cell(text)));
        }
        if let Some(wrong) = sound.wrong {
            return Err(wrong);
        }
        self.cells.extend(sound.rows.len(), |row, column| fields[column][row]);
        self.lines.extend(sound.rows.iter().map(|&row| u32::try_from(batch.line(row)).unwrap_or(u32::MAX)));
        // A batch is little more than a mebibyte, so that between two looks nothing grows beyond what a number holds.
        match self.too_large(columns) {
            Some(column) => {
                let problem = format!("this column holds more than {LARGEST_COLUMN} bytes");
                Err(batch.error(batch.len() - 1, column, problem, "link the file in parts"))
            }
            None => Ok(()),
        }
    }

    /// A column that holds more than a column may.
    fn too_large(&self, columns: &Columns) -> Option<usize> {
        let groups = self.file.groups.iter().map(|(_, texts)| texts).zip(columns.groups.iter().copied());
        let texts = groups.chain([(&self.persons, columns.truth), (&self.file.ids, columns.id)]);
        let texts = texts.map(|(texts, column)| (texts.bytes(), column));
        let fields = columns.fields.iter().enumerate().map(|(place, &column)| (self.cells.bytes(place), column));
        texts.chain(fields).find(|(size, _)| *size > LARGEST_COLUMN).map(|(_, column)| column)
    }
}

/// The rows of a batch as far as nothing is wrong with them: of all that is wrong the first in the file is said.
struct Sound {
    rows: Vec<usize>,
    /// The error in the row behind them.
    wrong: Option<BridgeError>,
}

impl Sound {
    /// Applies `find` to each row, up to the first with an error.
    fn each<T>(&mut self, find: impl Fn(usize) -> Result<T, BridgeError>) -> Vec<T> {
        let mut found = Vec::with_capacity(self.rows.len());
        for (place, &row) in self.rows.iter().enumerate() {
            match find(row) {
                Ok(one) => found.push(one),
                Err(wrong) => {
                    self.wrong = Some(wrong);
                    self.rows.truncate(place);
                    break;
                }
            }
        }
        found
    }
}

/// The positions of a spec's columns in a file.
struct Columns {
    id: usize,
    truth: usize,
    fields: Vec<usize>,
    groups: Vec<usize>,
}

impl Columns {
    fn of(name: &str, table: &RowReader<'_, impl Read>, spec: &Spec, side: Dataset) -> Result<Columns, BridgeError> {
        let header = table.header();
        let column = |column: &str, key: &str| {
            let wrong = |problem: String, remedy: String| {
                Err(BridgeError::new(name, problem, remedy)
                    .at_line(table.header_line())
                    .about(format!("column {column:?}")))
            };
            // A letter with a mark may be written as one character or as two.
            let is_it =
                |name: &str| name == column || !(name.is_ascii() && column.is_ascii()) && name.nfc().eq(column.nfc());
            let mut places = (0..header.len()).filter(|&place| is_it(&header[place]));
            match (places.next(), places.next()) {
                (Some(place), None) => Ok(place),
                (Some(first), Some(second)) => wrong(
                    format!("columns {} and {} of the header have this name", first + 1, second + 1),
                    "give one of them another name, so that it is clear which is meant".to_owned(),
                ),
                (None, _) => wrong(
                    format!("the header has no such column; {}it has {}", table.as_separated(), listed(header)),
                    format!("change {key} in {}, or set delimiter there", spec.name),
                ),
            }
        };
        let field = |(field, pair): &(Field, ColumnPair)| column(pair.of(side), &format!("fields.{field}"));
        let groups = spec.groups.iter().filter(|group| group.side == side);
        Ok(Columns {
            id: column(spec.id.of(side), "id")?,
            truth: column(spec.truth.of(side), "truth")?,
            fields: spec.fields.iter().map(field).collect::<Result<_, _>>()?,
            groups: groups.map(|group| column(&group.column, "groups")).collect::<Result<_, _>>()?,
        })
    }

    /// All of them, each once.
    fn all(&self) -> Vec<usize> {
        let mut all = [&[self.id, self.truth], &self.fields[..], &self.groups].concat();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The columns that name a record and its person, each once.
    fn naming(&self) -> Vec<usize> {
        if self.id == self.truth { vec![self.id] } else { vec![self.id, self.truth] }
    }

    /// The person whom a record is about; `None` where it does not say so and need not.
    fn person<'t>(&self, batch: &Batch<'t>, row: usize, spec: &Spec) -> Result<Option<&'t str>, BridgeError> {
        let named = |text| match spec.missing.refuse(text, batch.is_ascii()) {
            Ok(()) => Ok(text),
            Err((problem, remedy)) => Err(batch.error(row, self.truth, problem, &remedy)),
        };
        let person = match (&spec.pattern, named(spec.missing.cell(batch.text(row, self.truth)?))?) {
            (_, "") => "",
            (None, person) => person,
            (Some(pattern), text) => named(spec.missing.cell(pattern.part(text).ok_or_else(|| {
                let problem = format!("{text:?} does not match the pattern");
                batch.error(row, self.truth, problem, "change truth.pattern in the spec")
            })?))?,
        };
        if person.is_empty() && spec.unlabelled != Unlabelled::Ignored {
            let problem = "the truth is missing: which person is this record about?";
            let remedy = "fill it in, or write unlabelled = \"ignore\" in the spec to leave it out";
            return Err(batch.error(row, self.truth, problem, remedy));
        }
        Ok(Some(person).filter(|person| !person.is_empty()))
    }
}
