//! Which pairs are looked at, and which rule proposed each: [`normalise`], [`BlockingRule`], [`Index`].
//!
//! Two files of a million records make 10¹² pairs; nobody compares them all. A blocking rule names the parts that two
//! records must share (`surname:4 + zip`) to be looked at. Several rules are tried in order and a pair belongs to the
//! first that proposed it, so misses can be laid at the door of the rule that should have caught them (H. B. Newcombe
//! et al. (1959), "Automatic linkage of vital records", *Science* 130, 954–959).
//!
//! Two ways to the same pairs: [`Index`] holds one file while the other streams by, [`join`] takes two whole files, one
//! rule at a time, and is what two files that fit in memory want. Everything here works on *normal forms*: two
//! spellings of the same thing, ST and Street, Nuñez and NUNEZ, must not look different for want of a rule.

mod join;
mod streets;

pub use join::{Guard, Joined, join};

use crate::comparison::phonetic::Algorithm;
use crate::record::{Date, Field, Records};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt::{self, Write as _};
use std::str::FromStr;
use streets::short_form;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The normal forms of a batch: same fields, same rows, same ids.
///
/// Everywhere: upper case, accents and other marks on Latin, Greek and Cyrillic letters dropped, spaces collapsed.
/// Letters of other scripts stay as they are.
///
/// | field | form |
/// |---|---|
/// | names, city, any other | apostrophes and full stops dropped (O'Brien → OBRIEN), other punctuation to a space (Wilson-Lee → WILSON LEE) |
/// | street | as names; types, directions and ordinals in one short form (North Fifth Street → N 5TH ST) |
/// | house number, zip, state, number | letters and digits only |
/// | unit | letters and digits only, without the word for it (Apt. 4-B → 4B) |
/// | sex | its first letter |
/// | date of birth | YYYY-MM-DD where [`Date::parse`] reads it, else as other text |
/// | `surname as recorded`, and so any field | as it is |
pub fn normalise(records: &Records) -> Records {
    normalise_with(records, &[])
}

/// [`normalise`], and beside the normal forms the `recorded` fields of which the batch has the text; see
/// [`Field::recorded`].
pub fn normalise_with(records: &Records, recorded: &[Field]) -> Records {
    let mut out = Records::default();
    normalise_into(records, recorded, &mut out);
    out
}

/// [`normalise_with`] into a batch whose memory is used again.
pub fn normalise_into(records: &Records, recorded: &[Field], out: &mut Records) {
    let forms = normal_fields(records.fields(), recorded);
    if out.fields() == forms {
        out.clear();
    } else {
        *out = Records::new(&forms);
    }
    let sources: Vec<usize> = forms.iter().filter_map(|field| source(records.fields(), field)).collect();
    let mut cells = vec![String::new(); forms.len()];
    let mut buffer = String::new();
    for row in 0..records.len() {
        for ((field, &column), cell) in forms.iter().zip(&sources).zip(&mut cells) {
            cell.clear();
            normal_form(field, records.get(row, column), &mut buffer, cell);
        }
        out.push(records.id(row), &cells);
    }
}

/// The fields of the normal forms of records: their own, and those `recorded` that they have the text of.
pub fn normal_fields(fields: &[Field], recorded: &[Field]) -> Vec<Field> {
    let more = recorded.iter().filter(|field| !fields.contains(field) && source(fields, field).is_some());
    fields.iter().chain(more).cloned().collect()
}

/// The column that a form is made of.
pub fn source(fields: &[Field], form: &Field) -> Option<usize> {
    let place = |wanted: &Field| fields.iter().position(|field| field == wanted);
    place(form).or_else(|| place(&form.recorded()?))
}

/// The normal form of one cell, appended to `out`; `buffer` is scratch. See [`normalise`].
pub fn normal_form(field: &Field, text: &str, buffer: &mut String, out: &mut String) {
    if text.is_empty() {
        return;
    }
    match field {
        Field::HouseNumber | Field::Zip | Field::State | Field::Number => fold(text, Gaps::Close, out),
        Field::Sex => {
            buffer.clear();
            fold(text, Gaps::Close, buffer);
            out.extend(buffer.chars().next());
        }
        Field::DateOfBirth => match Date::parse(text) {
            // Writing to a string cannot fail.
            Some(date) => drop(write!(out, "{date}")),
            None => fold(text, Gaps::Space, out),
        },
        Field::Unit => {
            buffer.clear();
            fold(text, Gaps::Space, buffer);
            const WORDS: [&str; 9] = ["APT", "APARTMENT", "UNIT", "FLAT", "SUITE", "STE", "ROOM", "NO", "RM"];
            buffer.split(' ').filter(|word| !WORDS.contains(word)).for_each(|word| out.push_str(word));
        }
        Field::Street => {
            buffer.clear();
            fold(text, Gaps::Space, buffer);
            for (i, word) in buffer.split(' ').enumerate() {
                if i > 0 {
                    out.push(' ');
                }
                out.push_str(short_form(word));
            }
        }
        Field::GivenName
        | Field::MiddleName
        | Field::Surname
        | Field::Suffix
        | Field::City
        | Field::Race
        | Field::Other(_) => {
            if field.recorded().is_some() {
                out.push_str(text);
            } else {
                fold(text, Gaps::Space, out);
            }
        }
    }
}

/// What stands where punctuation or a space stood.
#[derive(Clone, Copy, PartialEq)]
enum Gaps {
    /// One space between words.
    Space,
    /// Nothing.
    Close,
}

fn fold(text: &str, gaps: Gaps, out: &mut String) {
    let start = out.len();
    let mut gap = false;
    let mut put = |c: char, out: &mut String| {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' => {
                if gap && gaps == Gaps::Space && out.len() > start {
                    out.push(' ');
                }
                gap = false;
                out.push(c.to_ascii_uppercase());
            }
            '\'' | '.' | '`' => {}
            _ if c.is_ascii() => gap = true,
            // Quotation marks used as apostrophes, the ʻokina, the modifier apostrophe.
            '\u{2018}' | '\u{2019}' | '\u{02bb}' | '\u{02bc}' | '\u{00b4}' => {}
            _ if is_diacritic(c) => {}
            _ if c.is_alphanumeric() || is_combining_mark(c) => {
                if gap && gaps == Gaps::Space && out.len() > start {
                    out.push(' ');
                }
                gap = false;
                match plain_letters(c) {
                    Some(letters) => out.push_str(letters),
                    None => out.extend(c.to_uppercase()),
                }
            }
            _ => gap = true,
        }
    };
    if text.is_ascii() {
        fold_ascii(text, gaps, out);
    } else {
        text.nfkd().for_each(|c| put(c, out));
    }
}

/// [`fold`] for the most common case, byte by byte.
fn fold_ascii(text: &str, gaps: Gaps, out: &mut String) {
    let start = out.len();
    let mut gap = false;
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            if gap && gaps == Gaps::Space && out.len() > start {
                out.push(' ');
            }
            gap = false;
            out.push(char::from(byte.to_ascii_uppercase()));
        } else {
            gap |= !matches!(byte, b'\'' | b'.' | b'`');
        }
    }
}

/// Marks that stand on Latin, Greek and Cyrillic letters. The vowel signs of other scripts are not among them: a
/// Hindi name without them is another name.
fn is_diacritic(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Latin letters that Unicode does not take apart, as English-language files write them.
fn plain_letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' | 'ẞ' => "SS",
        'ø' | 'Ø' => "O",
        'đ' | 'Đ' | 'ð' | 'Ð' => "D",
        'ł' | 'Ł' => "L",
        'æ' | 'Æ' => "AE",
        'œ' | 'Œ' => "OE",
        'þ' | 'Þ' => "TH",
        'ħ' | 'Ħ' => "H",
        'ı' => "I",
        'ŋ' | 'Ŋ' => "N",
        'ŧ' | 'Ŧ' => "T",
        _ => return None,
    })
}

/// How much of a field goes into a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyForm {
    /// All of it; written `surname`.
    Whole,
    /// Its first `n` characters, spaces not counted; written `surname:4`. A shorter value is taken whole.
    Prefix(u8),
    /// Its last `n` characters, spaces not counted; written `number:last4`. A shorter value is taken whole.
    Last(u8),
    /// The year of a date; written `date_of_birth:year`. Text that is no date gives no key.
    Year,
    /// Month and day of a date; written `date_of_birth:monthday`. Text that is no date gives no key.
    MonthDay,
    /// A phonetic code of its Latin letters; written `surname:soundex`, `surname:double_metaphone` and so on. Where an
    /// algorithm gives several codes, one in common is enough.
    Phonetic(Algorithm),
    /// The value itself and all that is left of it with one character taken away, one of them in common being enough;
    /// written `surname:deletions`. It finds any one typing error in any position: a character too many, too few,
    /// wrong, or two neighbours exchanged. (S. Bocek, E. Hunt, B. Stiller (2007), "Fast similarity search in large
    /// dictionaries".) A value of fewer than four characters is taken whole.
    Deletions,
}

impl KeyForm {
    /// Whether a value may have several keys of this form.
    fn is_many(self) -> bool {
        matches!(self, KeyForm::Deletions | KeyForm::Phonetic(Algorithm::DoubleMetaphone | Algorithm::DaitchMokotoff))
    }
}

/// One part of a blocking key: a field and how much of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyPart {
    /// The field.
    pub field: Field,
    /// How much of it.
    pub form: KeyForm,
}

/// What two records must share to be looked at: every part, and none of them missing. Written `surname:4 + zip`.
///
/// Written `surname + given_name within 3` it is a sorted neighbourhood: all keys are put in alphabetical order, each
/// once, and two records are looked at if their keys are at most three places apart (M. A. Hernández, S. J. Stolfo
/// (1995), "The merge/purge problem for large databases"; over distinct keys after P. Christen (2012), "Data matching",
/// 4.5). Keys near in the alphabet begin alike, so it finds errors late in the first part and anywhere behind it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlockingRule {
    /// The parts of the key.
    pub parts: Vec<KeyPart>,
    /// How many places apart two keys may be; 0 where they must be the same.
    pub within: u8,
}

/// A text that is no blocking rule, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError {
    /// The part that could not be read.
    pub part: String,
    /// What is wrong with it and what to write instead.
    pub reason: String,
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "blocking rule: {:?} {}", self.part, self.reason)
    }
}

impl std::error::Error for RuleError {}

impl FromStr for KeyPart {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<KeyPart, RuleError> {
        let error = |reason: &str| RuleError { part: text.trim().to_owned(), reason: reason.to_owned() };
        let (field, form) = match text.split_once(':') {
            Some((field, form)) => (field.trim(), Some(form.trim())),
            None => (text.trim(), None),
        };
        if field.is_empty() {
            return Err(error("names no field; write for example \"surname:4 + zip\""));
        }
        let length = |digits: &str| match digits.parse::<u8>() {
            Ok(n) if n > 0 => Ok(n),
            _ => Err(error(
                "has no such form; write a length (surname:4), last4, year, monthday, deletions, or a phonetic code: \
                 soundex, refined_soundex, nysiis, metaphone, double_metaphone, daitch_mokotoff, match_rating",
            )),
        };
        let form = match form {
            None => KeyForm::Whole,
            Some("year") => KeyForm::Year,
            Some("monthday") => KeyForm::MonthDay,
            Some("deletions") => KeyForm::Deletions,
            Some(form) => match (Algorithm::from_name(form), form.strip_prefix("last")) {
                (Some(algorithm), _) => KeyForm::Phonetic(algorithm),
                (None, Some(digits)) => KeyForm::Last(length(digits)?),
                (None, None) => KeyForm::Prefix(length(form)?),
            },
        };
        Ok(KeyPart { field: Field::from_name(field), form })
    }
}

impl fmt::Display for KeyPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.form {
            KeyForm::Whole => write!(f, "{}", self.field),
            KeyForm::Prefix(n) => write!(f, "{}:{n}", self.field),
            KeyForm::Last(n) => write!(f, "{}:last{n}", self.field),
            KeyForm::Year => write!(f, "{}:year", self.field),
            KeyForm::MonthDay => write!(f, "{}:monthday", self.field),
            KeyForm::Phonetic(algorithm) => write!(f, "{}:{}", self.field, algorithm.name()),
            KeyForm::Deletions => write!(f, "{}:deletions", self.field),
        }
    }
}

impl FromStr for BlockingRule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<BlockingRule, RuleError> {
        let (keys, within) = match text.rsplit_once(" within ") {
            None => (text, 0),
            Some((keys, places)) => match places.trim().parse() {
                Ok(within) if within > 0 => (keys, within),
                _ => {
                    let reason = "is no number of places from 1 to 255; write for example \"surname within 3\"";
                    return Err(RuleError { part: places.trim().to_owned(), reason: reason.to_owned() });
                }
            },
        };
        let parts = keys.split('+').map(str::parse).collect::<Result<_, _>>()?;
        Ok(BlockingRule { parts, within })
    }
}

impl fmt::Display for BlockingRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, part) in self.parts.iter().enumerate() {
            if i > 0 {
                f.write_str(" + ")?;
            }
            part.fmt(f)?;
        }
        if self.within > 0 {
            write!(f, " within {}", self.within)?;
        }
        Ok(())
    }
}

impl Serialize for BlockingRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for BlockingRule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<BlockingRule, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The most rows that may share a key of an index unless said otherwise; see [`Index::build`].
pub const MAX_BLOCK: usize = 5_000;

/// The blocking keys of the file that is held, by rule.
#[derive(Clone, Debug)]
pub struct Index {
    rules: Vec<BlockingRule>,
    /// One past the highest row in the index.
    rows: usize,
    tables: Vec<Table>,
    left_out: Vec<LeftOut>,
}

/// What a rule's guard left out of the index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Keys shared by too many rows.
    pub keys: u64,
    /// Entries under those keys: rows that this rule will not find.
    pub entries: u64,
}

/// The keys of one rule. Keys are looked up by a 64-bit hash and then compared in full, so no two different keys are
/// ever taken for the same.
#[derive(Clone, Debug, Default)]
struct Table {
    by_hash: FxHashMap<u64, u32>,
    blocks: Vec<Block>,
    keys: Vec<u8>,
    entries: Vec<u32>,
    /// The blocks in the order of their keys, where a rule looks at neighbours.
    in_order: Vec<u32>,
}

#[derive(Clone, Debug)]
struct Block {
    key: (u32, u32),
    rows: (u32, u32),
    /// The next block of the same hash, if there is one.
    next: Option<u32>,
}

/// The working memory of one reader of an index: which columns hold the key parts, and which rows were already
/// proposed for the record at hand.
#[derive(Clone, Debug)]
pub struct Scratch {
    columns: Vec<Vec<Option<usize>>>,
    keys: Keys,
    stamps: Vec<u32>,
    stamp: u32,
}

impl Scratch {
    /// For reading `index` with records of these fields.
    pub fn new(index: &Index, fields: &[Field]) -> Scratch {
        Scratch { columns: bind(&index.rules, fields), keys: Keys::default(), stamps: vec![0; index.rows], stamp: 0 }
    }
}

impl Index {
    /// The index of `rows` of a file's normal forms. A record that lacks a part of a rule has no key by that rule.
    ///
    /// A key that more than `max_block` rows share tells little and costs much: it is left out, and counted in
    /// [`Index::left_out`]. The count looks at this file alone, so every shard of the other file leaves out the same.
    pub fn build(
        rules: &[BlockingRule],
        records: &Records,
        rows: impl Iterator<Item = u32>,
        max_block: usize,
    ) -> Index {
        let columns = bind(rules, records.fields());
        let rows: Vec<u32> = rows.collect();
        let mut index = Index {
            rules: rules.to_vec(),
            rows: rows.iter().max().map_or(0, |&row| row as usize + 1),
            tables: Vec::with_capacity(rules.len()),
            left_out: Vec::with_capacity(rules.len()),
        };
        for (rule, columns) in rules.iter().zip(&columns) {
            let (table, left_out) = Table::build(rule, columns, records, &rows, max_block);
            index.tables.push(table);
            index.left_out.push(left_out);
        }
        index
    }

    /// The rules, in the order in which they are tried.
    pub fn rules(&self) -> &[BlockingRule] {
        &self.rules
    }

    /// What the guard left out, by rule.
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    /// Gives every row of the index that shares a key with the record at `row` to `propose`, once, with the number of
    /// the first rule that proposed it: rule by rule, rows ascending within a rule.
    ///
    /// `records` holds normal forms and has the fields that `scratch` was made for. A sorted neighbourhood is counted
    /// in the keys of the indexed file alone: the other one streams and is never seen whole.
    pub fn candidates(&self, records: &Records, row: usize, scratch: &mut Scratch, mut propose: impl FnMut(u32, u8)) {
        let Scratch { columns, keys, stamps, stamp } = scratch;
        if *stamp == u32::MAX {
            stamps.fill(0);
            *stamp = 0;
        }
        *stamp += 1;
        for (number, ((rule, columns), table)) in self.rules.iter().zip(columns.iter()).zip(&self.tables).enumerate() {
            // A rule set of more than 255 rules is refused where it is read.
            let mut see = |candidate: u32| {
                let seen = &mut stamps[candidate as usize];
                if *seen != *stamp {
                    *seen = *stamp;
                    propose(candidate, number as u8);
                }
            };
            keys.make(rule, |part| cell(columns[part], records, row));
            match keys.several() {
                None => {}
                Some(false) if rule.within == 0 => table.find(keys.get(0)).iter().copied().for_each(see),
                Some(_) => {
                    let mut found: Vec<u32> = Vec::new();
                    for key in 0..keys.len() {
                        match rule.within {
                            0 => found.extend(table.find(keys.get(key))),
                            within => table.find_near(keys.get(key), usize::from(within), &mut found),
                        }
                    }
                    found.sort_unstable();
                    found.into_iter().for_each(&mut see);
                }
            }
        }
    }
}

impl Table {
    fn build(
        rule: &BlockingRule,
        columns: &[Option<usize>],
        records: &Records,
        rows: &[u32],
        max_block: usize,
    ) -> (Table, LeftOut) {
        // All keys in one piece of memory, and for each row the hash of its key and where it stands there.
        let (mut text, mut keys) = (Vec::new(), Keys::default());
        let mut keyed: Vec<(u64, usize, u32)> = Vec::with_capacity(rows.len());
        for &row in rows {
            keys.make(rule, |part| cell(columns[part], records, row as usize));
            for key in (0..keys.len()).map(|key| keys.get(key)) {
                keyed.push((hash(key), text.len(), row));
                text.extend_from_slice(&(key.len() as u32).to_le_bytes());
                text.extend_from_slice(key);
            }
        }
        let key_at = |start: usize| {
            let (length, rest) = text[start..].split_at(4);
            let length = u32::from_le_bytes([length[0], length[1], length[2], length[3]]);
            &rest[..length as usize]
        };
        // Rows of one key come to stand together and ascending. The order of the keys does not show outside.
        keyed.sort_unstable_by(|x, y| (x.0, key_at(x.1), x.2).cmp(&(y.0, key_at(y.1), y.2)));
        keyed.dedup_by(|x, y| x.2 == y.2 && x.0 == y.0 && key_at(x.1) == key_at(y.1));
        let (mut table, mut left_out) = (Table::default(), LeftOut::default());
        for block in keyed.chunk_by(|x, y| x.0 == y.0 && key_at(x.1) == key_at(y.1)) {
            if block.len() > max_block {
                left_out.keys += 1;
                left_out.entries += block.len() as u64;
            } else {
                table.insert(key_at(block[0].1), block.iter().map(|&(_, _, row)| row));
            }
        }
        if rule.within > 0 {
            table.in_order = (0..table.blocks.len() as u32).collect();
            let mut in_order = std::mem::take(&mut table.in_order);
            in_order.sort_unstable_by(|&x, &y| table.key(x).cmp(table.key(y)));
            table.in_order = in_order;
        }
        (table, left_out)
    }

    fn key(&self, block: u32) -> &[u8] {
        let (start, end) = self.blocks[block as usize].key;
        &self.keys[start as usize..end as usize]
    }

    /// The entries of the keys at most `within` places from `key`, which need not be a key itself.
    fn find_near(&self, key: &[u8], within: usize, found: &mut Vec<u32>) {
        let place = self.in_order.partition_point(|&block| self.key(block) < key);
        let is_key = self.in_order.get(place).is_some_and(|&block| self.key(block) == key);
        let end = (place + within + usize::from(is_key)).min(self.in_order.len());
        for &block in &self.in_order[place.saturating_sub(within)..end] {
            let (start, end) = self.blocks[block as usize].rows;
            found.extend(&self.entries[start as usize..end as usize]);
        }
    }

    fn insert(&mut self, key: &[u8], rows: impl Iterator<Item = u32>) {
        let first = (self.keys.len() as u32, self.entries.len() as u32);
        self.keys.extend_from_slice(key);
        self.entries.extend(rows);
        let next = self.by_hash.insert(hash(key), self.blocks.len() as u32);
        let block = Block { key: (first.0, self.keys.len() as u32), rows: (first.1, self.entries.len() as u32), next };
        self.blocks.push(block);
    }

    fn find(&self, key: &[u8]) -> &[u32] {
        let mut next = self.by_hash.get(&hash(key)).copied();
        while let Some(i) = next {
            let block = &self.blocks[i as usize];
            if &self.keys[block.key.0 as usize..block.key.1 as usize] == key {
                return &self.entries[block.rows.0 as usize..block.rows.1 as usize];
            }
            next = block.next;
        }
        &[]
    }
}

/// Eight bytes at a time through a 64-bit multiply and shift; the last round spreads what is left over all bits.
fn hash(key: &[u8]) -> u64 {
    const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut state = key.len() as u64;
    for chunk in key.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        state = (state ^ u64::from_le_bytes(word)).wrapping_mul(MULTIPLIER);
        state ^= state >> 29;
    }
    state
}

/// For each rule, the column of each part in a file of these fields.
fn bind(rules: &[BlockingRule], fields: &[Field]) -> Vec<Vec<Option<usize>>> {
    let column = |part: &KeyPart| fields.iter().position(|field| *field == part.field);
    rules.iter().map(|rule| rule.parts.iter().map(column).collect()).collect()
}

fn cell(column: Option<usize>, records: &Records, row: usize) -> &str {
    column.map_or("", |column| records.get(row, column))
}

/// The keys of one record by one rule: most often one, several where a part has several forms, or none where a part is
/// missing. Its memory is used again.
#[derive(Clone, Debug, Default)]
struct Keys {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Keys {
    /// `cell` gives the text of each part of the rule.
    fn make<'t>(&mut self, rule: &BlockingRule, cell: impl Fn(usize) -> &'t str) {
        self.ends.clear();
        self.text.clear();
        if rule.parts.iter().any(|part| part.form.is_many()) {
            for key in several_keys(rule, cell) {
                self.text.extend_from_slice(&key);
                self.ends.push(self.text.len());
            }
        } else if build_key(rule, cell, &mut self.text) {
            self.ends.push(self.text.len());
        }
    }

    fn len(&self) -> usize {
        self.ends.len()
    }

    /// `None` without a key, else whether there is more than one.
    fn several(&self) -> Option<bool> {
        (!self.ends.is_empty()).then_some(self.ends.len() > 1)
    }

    fn get(&self, key: usize) -> &[u8] {
        let start = if key == 0 { 0 } else { self.ends[key - 1] };
        &self.text[start..self.ends[key]]
    }
}

/// Every combination of the forms of the parts, sorted, each once.
fn several_keys<'t>(rule: &BlockingRule, cell: impl Fn(usize) -> &'t str) -> Vec<Vec<u8>> {
    let mut keys = vec![Vec::new()];
    for (i, part) in rule.parts.iter().enumerate() {
        let text = cell(i);
        if text.is_empty() {
            return Vec::new();
        }
        let forms = forms(part.form, text);
        keys = keys
            .iter()
            .flat_map(|key: &Vec<u8>| forms.iter().map(move |form| [key, form.as_slice(), &[0]].concat()))
            .collect();
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Every form that a text has in a key.
fn forms(form: KeyForm, text: &str) -> Vec<Vec<u8>> {
    match form {
        KeyForm::Phonetic(algorithm) => algorithm.codes(text).into_iter().map(String::into_bytes).collect(),
        KeyForm::Deletions => {
            let mut forms = vec![text.as_bytes().to_vec()];
            if text.chars().nth(3).is_some() {
                let without = |(at, c): (usize, char)| [&text[..at], &text[at + c.len_utf8()..]].concat().into_bytes();
                forms.extend(text.char_indices().map(without));
            }
            forms
        }
        form => {
            let mut key = Vec::new();
            if push_form(form, text, &mut key) { vec![key] } else { Vec::new() }
        }
    }
}

/// Writes the key of a record by a rule into `key`; false when a part is missing.
fn build_key<'t>(rule: &BlockingRule, cell: impl Fn(usize) -> &'t str, key: &mut Vec<u8>) -> bool {
    key.clear();
    for (i, part) in rule.parts.iter().enumerate() {
        let text = cell(i);
        if text.is_empty() || !push_form(part.form, text, key) {
            return false;
        }
        // No normal form holds a zero byte, so A + BC and AB + C are two keys.
        key.push(0);
    }
    true
}

fn push_form(form: KeyForm, text: &str, key: &mut Vec<u8>) -> bool {
    if let (KeyForm::Prefix(n), true) = (form, text.is_ascii()) {
        key.extend(text.bytes().filter(|&byte| byte != b' ').take(usize::from(n)));
        return true;
    }
    let mut push = |c: char| key.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    let letters = || text.chars().filter(|&c| c != ' ');
    match form {
        KeyForm::Whole => key.extend_from_slice(text.as_bytes()),
        KeyForm::Prefix(n) => letters().take(usize::from(n)).for_each(push),
        KeyForm::Last(n) => {
            let skip = letters().count().saturating_sub(usize::from(n));
            letters().skip(skip).for_each(push);
        }
        KeyForm::Year | KeyForm::MonthDay => {
            let bytes = text.as_bytes();
            let date = bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-';
            if !date {
                return false;
            }
            key.extend_from_slice(if form == KeyForm::Year { &bytes[..4] } else { &bytes[5..] });
        }
        KeyForm::Phonetic(Algorithm::Soundex) => {
            let code = soundex(text);
            let Some(code) = code else { return false };
            code.iter().for_each(|&byte| push(char::from(byte)));
        }
        KeyForm::Phonetic(algorithm) => {
            let Some(code) = algorithm.codes(text).pop() else { return false };
            key.extend_from_slice(code.as_bytes());
        }
        // Several forms: see `forms`.
        KeyForm::Deletions => key.extend_from_slice(text.as_bytes()),
    }
    true
}

/// The American Soundex code of a normal form, as the National Archives state it: H and W do not separate equal
/// digits, vowels do. `None` without a Latin letter.
fn soundex(text: &str) -> Option<[u8; 4]> {
    let digit = |letter: u8| match letter {
        b'B' | b'F' | b'P' | b'V' => b'1',
        b'C' | b'G' | b'J' | b'K' | b'Q' | b'S' | b'X' | b'Z' => b'2',
        b'D' | b'T' => b'3',
        b'L' => b'4',
        b'M' | b'N' => b'5',
        b'R' => b'6',
        _ => b'0',
    };
    let mut letters = text.bytes().filter(u8::is_ascii_uppercase);
    let first = letters.next()?;
    let (mut code, mut filled, mut last) = ([first, b'0', b'0', b'0'], 1, digit(first));
    for letter in letters {
        if matches!(letter, b'H' | b'W') {
            continue;
        }
        let digit = digit(letter);
        if digit != b'0' && digit != last {
            code[filled] = digit;
            filled += 1;
            if filled == 4 {
                break;
            }
        }
        last = digit;
    }
    Some(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::RecordId;
    use crate::record::coded::{Coded, Coding};

    fn one(field: Field, text: &str) -> String {
        let mut records = Records::new(std::slice::from_ref(&field));
        records.push(RecordId(0), &[text]);
        normalise(&records).get(0, 0).to_owned()
    }

    fn rules(texts: &[&str]) -> Vec<BlockingRule> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn two_spellings_of_one_name_have_one_normal_form() {
        for (text, form) in [
            ("O'Brien", "OBRIEN"),
            ("O\u{2019}Brien", "OBRIEN"),
            ("  Nuñez   Ibáñez ", "NUNEZ IBANEZ"),
            ("Nun\u{0303}ez", "NUNEZ"),
            ("Wilson-Lee", "WILSON LEE"),
            ("Weiß", "WEISS"),
            ("Øre Łukasz Đặng", "ORE LUKASZ DANG"),
            ("Þórdís Æsa", "THORDIS AESA"),
            ("J.R.", "JR"),
            ("İnönü", "INONU"),
            ("Ёлкин", "ЕЛКИН"),
            ("प्रिया", "प्रिया"),
            ("ʻIolani", "IOLANI"),
            ("--", ""),
        ] {
            assert_eq!(one(Field::Surname, text), form, "{text}");
        }
    }

    #[test]
    fn every_field_has_its_own_normal_form() {
        assert_eq!(one(Field::Street, "North Fifth Street"), "N 5TH ST");
        assert_eq!(one(Field::Street, "n. 5th st."), "N 5TH ST");
        assert_eq!(one(Field::Street, "Calle Peñón"), "CALLE PENON");
        assert_eq!(one(Field::Unit, "Apt. 4-B"), "4B");
        assert_eq!(one(Field::HouseNumber, "221-b"), "221B");
        assert_eq!(one(Field::Sex, "female"), "F");
        assert_eq!(one(Field::DateOfBirth, "05/06/1994"), "1994-05-06");
        assert_eq!(one(Field::DateOfBirth, "07/71/1958"), "07 71 1958");
        assert_eq!(one(Field::Number, "900-12-3456"), "900123456");
    }

    #[test]
    fn normal_forms_do_not_change_when_normalised_again() {
        for field in Field::NAMED {
            for text in ["North Łódź Saint St.", "Apt 4 No B", "1984-05-23", "O'Brien-Ōe", "Zoë", ""] {
                let once = one(field.clone(), text);
                assert_eq!(one(field.clone(), &once), once, "{field} {text}");
            }
        }
    }

    #[test]
    fn short_forms_are_sorted_and_final() {
        use super::streets::SHORT_FORMS;
        assert!(SHORT_FORMS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(SHORT_FORMS.iter().all(|(_, short)| short_form(short) == *short));
    }

    #[test]
    fn rules_are_read_and_printed() {
        for text in [
            "surname:4 + zip",
            "number:last4",
            "date_of_birth:year + surname:soundex",
            "date_of_birth:monthday",
            "surname:deletions + zip",
            "surname:daitch_mokotoff",
            "surname + given_name within 3",
        ] {
            assert_eq!(text.parse::<BlockingRule>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "surname:",
            "surname:0",
            "surname:x",
            "number:last",
            "surname + ",
            "surname within 0",
            "surname within x",
        ] {
            assert!(text.parse::<BlockingRule>().is_err(), "{text}");
        }
    }

    #[test]
    fn soundex_follows_the_national_archives() {
        for (name, code) in [
            ("WASHINGTON", "W252"),
            ("LEE", "L000"),
            ("GUTIERREZ", "G362"),
            ("PFISTER", "P236"),
            ("ASHCRAFT", "A261"),
            ("TYMCZAK", "T522"),
        ] {
            assert_eq!(soundex(name).unwrap(), code.as_bytes(), "{name}");
        }
        assert_eq!(soundex("大江"), None);
    }

    /// Small files in which many values coincide and some are missing.
    fn sample(seed: u64, rows: u64) -> Records {
        let mut records = Records::new(&[Field::Surname, Field::GivenName, Field::Zip, Field::DateOfBirth]);
        for row in 0..rows {
            let draw = |salt: u64| {
                let mut z = (seed << 32 | row << 8 | salt).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                z = (z ^ (z >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                (z >> 40) as usize
            };
            let surname = ["Nuñez", "Nunes", "Ōe", "Smith", ""][draw(1) % 5];
            let given = ["Zoë", "Ana", "Łukasz", ""][draw(2) % 4];
            let zip = ["00001", "00002", ""][draw(3) % 3];
            let date = ["1984-05-23", "1984-01-02", "?"][draw(4) % 3];
            records.push(RecordId(row), &[surname, given, zip, date]);
        }
        normalise(&records)
    }

    #[test]
    fn each_pair_comes_once_with_its_first_rule() {
        let (a, b) = (sample(1, 150), sample(2, 170));
        let rules = rules(&["surname + zip", "surname:3 + date_of_birth:year", "given_name", "date_of_birth:monthday"]);
        let index = Index::build(&rules, &a, 0..a.len() as u32, usize::MAX);
        let mut scratch = Scratch::new(&index, b.fields());
        // The oracle compares key texts pair by pair.
        let key = |rule: &BlockingRule, records: &Records, row: usize| -> Option<Vec<String>> {
            rule.parts
                .iter()
                .map(|part| {
                    let text = records.value(row, &part.field);
                    let date = text.len() == 10;
                    let form = match part.form {
                        KeyForm::Whole => text.to_owned(),
                        KeyForm::Prefix(n) => text.chars().take(n.into()).collect(),
                        KeyForm::Year if date => text[..4].to_owned(),
                        KeyForm::MonthDay if date => text[5..].to_owned(),
                        _ => String::new(),
                    };
                    (!form.is_empty()).then_some(form)
                })
                .collect()
        };
        let mut pairs = 0;
        for row in 0..b.len() {
            let mut found = Vec::new();
            index.candidates(&b, row, &mut scratch, |a_row, rule| found.push((a_row as usize, usize::from(rule))));
            pairs += found.len();
            found.sort_unstable();
            let expected: Vec<(usize, usize)> = (0..a.len())
                .filter_map(|a_row| {
                    let shares =
                        |rule: &BlockingRule| key(rule, &a, a_row).is_some_and(|k| Some(k) == key(rule, &b, row));
                    rules.iter().position(shares).map(|rule| (a_row, rule))
                })
                .collect();
            assert_eq!(found, expected, "row {row}");
        }
        assert!(pairs > 1000);
    }

    #[test]
    fn what_the_guard_leaves_out_is_counted() {
        let a = sample(3, 200);
        let rules = rules(&["zip", "surname + given_name"]);
        let index = Index::build(&rules, &a, 0..a.len() as u32, 50);
        assert_eq!(index.left_out()[0].keys, 2);
        assert!(index.left_out()[0].entries > 100);
        assert_eq!(index.left_out()[1], LeftOut::default());
        let mut scratch = Scratch::new(&index, a.fields());
        index.candidates(&a, 0, &mut scratch, |_, rule| assert_eq!(rule, 1));
    }

    fn coded(a: &Records, b: &Records) -> Coded {
        Coded::of(Coding::of(a, a.fields()), Coding::of(b, a.fields()))
    }

    const NO_GUARD: Guard = Guard { max_pairs_per_key: u64::MAX, max_pairs_per_rule: u64::MAX };

    #[test]
    fn two_whole_files_give_the_pairs_that_a_stream_gives() {
        let (a, b) = (sample(1, 150), sample(2, 170));
        for rule in rules(&["surname + zip", "surname:double_metaphone", "given_name:deletions + zip:last1"]) {
            let index = Index::build(std::slice::from_ref(&rule), &a, 0..a.len() as u32, usize::MAX);
            let mut scratch = Scratch::new(&index, b.fields());
            let mut streamed = Vec::new();
            for row in 0..b.len() {
                index.candidates(&b, row, &mut scratch, |row_a, _| streamed.push((row_a, row as u32)));
            }
            streamed.sort_unstable();
            assert!(streamed.len() > 100, "{rule}");
            assert_eq!(join(&rule, &coded(&a, &b), NO_GUARD).pairs(), streamed, "{rule}");
        }
    }

    fn names(names: &[&str]) -> Records {
        let mut records = Records::new(&[Field::Surname]);
        names.iter().for_each(|name| records.push(RecordId(0), &[name]));
        normalise(&records)
    }

    #[test]
    fn deletions_find_one_typing_error_in_any_position() {
        let rule = &rules(&["surname:deletions"])[0];
        let finds = |x: &str, y: &str| {
            let found = join(rule, &coded(&names(&[x]), &names(&[y])), NO_GUARD).pairs().len();
            assert_eq!(found, join(rule, &coded(&names(&[y]), &names(&[x])), NO_GUARD).pairs().len());
            found == 1
        };
        let name = "СМИРНОВА";
        let letters: Vec<char> = name.chars().collect();
        for at in 0..letters.len() {
            let mut wrong = letters.clone();
            wrong[at] = 'Ж';
            let mut more = letters.clone();
            more.insert(at, 'Ж');
            let mut less = letters.clone();
            less.remove(at);
            let mut swapped = letters.clone();
            swapped.swap(at, (at + 1) % letters.len());
            for text in [wrong, more, less] {
                assert!(finds(name, &text.iter().collect::<String>()), "{text:?}");
            }
            assert!(at + 1 == letters.len() || finds(name, &swapped.iter().collect::<String>()), "{swapped:?}");
        }
        assert!(!finds("СМИРНОВА", "СМЫРНОФА"));
        // So short that taking a letter away would leave next to nothing.
        assert!(!finds("ŌE", "ŌA") && finds("ŌE", "ŌE"));
    }

    #[test]
    fn a_sorted_neighbourhood_is_counted_in_distinct_keys() {
        let rule = &rules(&["surname within 1"])[0];
        let (a, b) = (names(&["ADAMS", "NUNEZ", "NUNEZ", "ZOE"]), names(&["ADAMSON", "ŁUKASZ", "NUNES", "NUNEZ"]));
        // In order: ADAMS ADAMSON LUKASZ NUNES NUNEZ ZOE.
        let pairs = join(rule, &coded(&a, &b), NO_GUARD).pairs();
        assert_eq!(pairs, [(0, 0), (1, 2), (1, 3), (2, 2), (2, 3), (3, 3)]);
        let mut turned = join(rule, &coded(&b, &a), NO_GUARD).pairs();
        turned.iter_mut().for_each(|(x, y)| std::mem::swap(x, y));
        turned.sort_unstable();
        assert_eq!(pairs, turned);
        let index = Index::build(std::slice::from_ref(rule), &a, 0..4, usize::MAX);
        let mut found = Vec::new();
        index.candidates(&b, 2, &mut Scratch::new(&index, b.fields()), |row, _| found.push(row));
        // NUNES stands between ADAMS and NUNEZ, twice.
        assert_eq!(found, [0, 1, 2]);
    }

    #[test]
    fn the_guard_on_pairs_is_the_same_from_either_side() {
        let (a, b) = (sample(1, 150), sample(2, 170));
        for rule in rules(&["zip", "surname + zip", "given_name + zip within 2"]) {
            let mut sizes = Vec::new();
            for (max_pairs_per_key, max_pairs_per_rule) in
                [(u64::MAX, u64::MAX), (300, u64::MAX), (u64::MAX, 3_000), (u64::MAX, 0)]
            {
                let guard = Guard { max_pairs_per_key, max_pairs_per_rule };
                let (from_a, from_b) = (join(&rule, &coded(&a, &b), guard), join(&rule, &coded(&b, &a), guard));
                let (pairs, mut turned) = (from_a.pairs(), from_b.pairs());
                turned.iter_mut().for_each(|(x, y)| std::mem::swap(x, y));
                turned.sort_unstable();
                assert_eq!((&pairs, from_a.left_out, from_a.largest), (&turned, from_b.left_out, from_b.largest));
                assert!(pairs.len() as u64 <= max_pairs_per_rule);
                assert_eq!(
                    from_a.left_out == LeftOut::default(),
                    pairs.len() == sizes.first().copied().unwrap_or(pairs.len())
                );
                sizes.push(pairs.len());
            }
            assert!(sizes[0] > 0 && sizes[3] == 0, "{rule} {sizes:?}");
        }
    }
}
