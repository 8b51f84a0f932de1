//! Names: surnames by group, given names by group, sex and birth year, and nicknames.
//!
//! A name is drawn as a *code*, a number whose equality is the equality of names; text is made only where it is wanted.
//! How common each name is follows published curves: the 2010 census for surnames (J. Comenetz (2016), *Frequently
//! Occurring Surnames in the 2010 Census*) and the Social Security Administration's lists of births for given names.
//! Which name stands at which rank is written from general knowledge; rare names are put together from parts. Nothing
//! is taken from a real person's record. `synthetic-data/names/README.md` says how each table was made.

mod curve;
mod parts;
mod deals;
mod surnames;
mod draw;
mod given;
mod namesakes;
mod tradition;
#[cfg(test)]
mod published;

pub use deals::COMPOUND_IN_CENSUS;
pub use given::LISTED_BIRTHS;
pub use namesakes::{Bearer, Bearers, Namesakes};
pub use tradition::{Origin, Tradition};

use crate::population::{Group, Sex};
use crate::random::Stream;
use parts::{NamePart, Style, folded};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use surnames::Place;

/// A surname. Two codes are equal exactly when the names are.
#[derive(Copy, Clone, Eq, PartialEq, Hash, Ord, PartialOrd, Debug)]
pub struct SurnameCode(pub u32);

/// A given name. Two codes are equal exactly when the names are.
#[derive(Copy, Clone, Eq, PartialEq, Hash, Ord, PartialOrd, Debug)]
pub struct GivenCode(pub u32);

/// All groups, in the order of tables.
pub const GROUPS: [Group; 6] =
    [Group::White, Group::Black, Group::Hispanic, Group::AsianPacific, Group::Native, Group::TwoOrMore];

/// The names of a country: read-only tables, built once.
pub struct Names {
    surnames: Table,
    holders: Vec<surnames::Holder>,
    surname_styles: Vec<Style>,
    given_names: Table,
    given: given::Given,
    given_styles: Vec<Style>,
    /// Formal names in order, with their diminutives.
    nicknames: Vec<(&'static str, Vec<&'static str>)>,
}

impl Default for Names {
    fn default() -> Names {
        Names::new()
    }
}

impl Names {
    /// The tables, built when they are first wanted: they are the same in every country.
    pub fn shared() -> &'static Names {
        static NAMES: std::sync::OnceLock<Names> = std::sync::OnceLock::new();
        NAMES.get_or_init(Names::new)
    }

    /// Builds the tables; some tens of milliseconds.
    pub fn new() -> Names {
        let mut surname_styles: Vec<Style> = deals::STYLES.iter().map(|_| Style::with_variants(1)).collect();
        let text = include_str!("../../synthetic-data/names/surname-parts.csv");
        for line in text.lines().skip(1) {
            let [style, part, text] = cells(line);
            let index = deals::STYLES.iter().position(|&name| name == style);
            surname_styles[index.expect("a style of STYLES")].add(part_named(part, 0), text);
        }
        let mut given_styles: Vec<Style> = given::STYLES.iter().map(|_| Style::with_variants(2)).collect();
        let text = include_str!("../../synthetic-data/names/given-parts.csv");
        for line in text.lines().skip(1) {
            let [style, sex, part, text] = cells(line);
            let index = given::STYLES.iter().position(|&name| name == style);
            given_styles[index.expect("a style of STYLES")].add(part_named(part, usize::from(sex == "M")), text);
        }
        let (surnames, holders) = surnames::build(&surname_styles);
        parts::reserve(&mut surname_styles, &surnames.codes);
        let (given_names, given) = given::build();
        parts::reserve(&mut given_styles, &given_names.codes);
        let mut nicknames: BTreeMap<&'static str, Vec<&'static str>> = BTreeMap::new();
        for line in include_str!("../../synthetic-data/names/nicknames.csv").lines().skip(1) {
            let [name, nickname] = cells(line);
            nicknames.entry(name).or_default().push(nickname);
        }
        let nicknames = nicknames.into_iter().collect();
        Names { surnames, holders, surname_styles, given_names, given, given_styles, nicknames }
    }

    /// Draws the surname of a family of `origin`; one draw of the stream.
    #[inline]
    pub fn surname(&self, origin: Origin, stream: &mut Stream) -> SurnameCode {
        SurnameCode(self.holders[group_index(origin.group)].draw(origin.tradition, stream.uniform()))
    }

    /// Draws the given name of a person of `origin` and `sex` born in `birth_year`; two draws of the stream.
    ///
    /// Births before 1935 are named like those of 1935, births after 2025 like those of 2025.
    #[inline]
    pub fn given(&self, origin: Origin, sex: Sex, birth_year: i32, stream: &mut Stream) -> GivenCode {
        GivenCode(self.given.code(origin, sex, birth_year, stream))
    }

    /// Appends the text of a surname, in NFC and with its accents: "García", "O'Brien", "De la Cruz".
    pub fn write_surname(&self, code: SurnameCode, out: &mut String) {
        match surnames::place(code.0) {
            Place::Table(entry) => out.push_str(self.surnames.names[entry]),
            Place::Style(style, index) => self.surname_styles[style].write(0, index, out),
        }
    }

    /// Appends the text of a given name, in NFC and with its accents.
    pub fn write_given(&self, code: GivenCode, out: &mut String) {
        match given::place(code.0) {
            given::Place::Table(entry) => out.push_str(self.given_names.names[entry]),
            given::Place::Pool(pool, index) => self.given_styles[pool / 2].write(pool % 2, index, out),
        }
    }

    /// The code of a given name of the table, case and accents apart.
    pub fn find_given(&self, name: &str) -> Option<GivenCode> {
        self.given_names.codes.get(&folded(name)).copied().map(GivenCode)
    }

    /// The code of a surname of the table, case and accents apart.
    pub fn find_surname(&self, name: &str) -> Option<SurnameCode> {
        self.surnames.codes.get(&folded(name)).copied().map(SurnameCode)
    }

    /// The tradition that a given name belongs to among Asian and Pacific people, if it belongs to one.
    pub fn tradition_of_given(&self, code: GivenCode) -> Option<Tradition> {
        self.given.tradition(code.0)
    }

    /// The tradition that a surname belongs to among Asian and Pacific people, if it belongs to one.
    pub fn tradition_of_surname(&self, code: SurnameCode) -> Option<Tradition> {
        self.holders[group_index(Group::AsianPacific)].tradition(code.0)
    }

    /// Common diminutives of a formal given name, most common first; none for a name that has none here.
    pub fn nicknames(&self, given: &str) -> &[&'static str] {
        match self.nicknames.binary_search_by(|(name, _)| (*name).cmp(given)) {
            Ok(at) => &self.nicknames[at].1,
            Err(_) => &[],
        }
    }

    /// The share of `group` that bears the surname, by the model.
    pub fn surname_probability(&self, group: Group, code: SurnameCode) -> f64 {
        let holder = &self.holders[group_index(group)];
        holder.of_group(code.0, holder.rank(code.0).map_or(0.0, |rank| holder.probability(rank)))
    }

    /// The share of the country that bears the surname, groups at their national shares.
    pub fn national_share(&self, code: SurnameCode) -> f64 {
        national(&GROUPS.map(|group| self.surname_probability(group, code)))
    }

    /// The chance that people of two traditions have the same surname, of all of [`tradition::kinds`].
    fn coincidences_of_traditions(&self) -> Vec<Vec<f64>> {
        let kinds: Vec<(Group, Tradition)> = tradition::kinds().collect();
        let mut sums = vec![vec![0.0; kinds.len()]; kinds.len()];
        let mut of_kinds: Vec<(usize, f64)> = Vec::new();
        surnames::for_each_name(&self.holders, self.surnames.len(), |code, shares, names| {
            of_kinds.clear();
            for (kind, (group, tradition)) in kinds.iter().enumerate() {
                let group = group_index(*group);
                if shares[group] > 0.0 {
                    let share = shares[group] * self.holders[group].weight(*tradition, code);
                    if share > 0.0 {
                        of_kinds.push((kind, share));
                    }
                }
            }
            for &(a, of_a) in &of_kinds {
                for &(b, of_b) in &of_kinds {
                    sums[a][b] += names * of_a * of_b;
                }
            }
        });
        sums
    }

    /// The `n` most common surnames of a group, or of the country, by the model.
    pub fn most_common_surnames(&self, group: Option<Group>, n: u32) -> Vec<SurnameCode> {
        if let Some(group) = group {
            return self.holders[group_index(group)].top(n).map(SurnameCode).collect();
        }
        // Whatever is among the first of the country is among the first of some group.
        let codes: BTreeSet<u32> = self.holders.iter().flat_map(|holder| holder.top(n)).collect();
        let share = |code| self.national_share(SurnameCode(code));
        let mut ranked: Vec<(f64, u32)> = codes.into_iter().map(|code| (share(code), code)).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        ranked.into_iter().take(n as usize).map(|(_, code)| SurnameCode(code)).collect()
    }

    /// The `n` most common given names of people of `sex` born here evenly over `years`, by the model.
    pub fn most_common_given(&self, sex: Sex, years: RangeInclusive<i32>, n: usize) -> Vec<GivenCode> {
        let mut ranked: Vec<(u32, f64)> = self.given.common_shares(sex, years).into_iter().collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked.into_iter().take(n).map(|(code, _)| GivenCode(code)).collect()
    }

    /// Surnames numbered without gaps: [`SurnameIndex::of`] is below [`SurnameIndex::len`] for every surname drawn.
    pub fn surname_index(&self) -> SurnameIndex {
        let mut starts = vec![self.surnames.len()];
        for used in surnames::used(&self.holders) {
            starts.push(starts[starts.len() - 1] + used);
        }
        SurnameIndex { starts }
    }

    /// The share of a group among births in a year.
    pub fn share_of_births(&self, group: Group, year: i32) -> f64 {
        self.given.share_of_births(group, year)
    }
}

/// Numbers of surnames, for counting them in an array.
pub struct SurnameIndex {
    /// The start of the numbers of each style, after those of the table, and the end of the last.
    starts: Vec<usize>,
}

impl SurnameIndex {
    /// The number of a surname.
    pub fn of(&self, code: SurnameCode) -> usize {
        match surnames::place(code.0) {
            Place::Table(entry) => entry,
            Place::Style(style, index) => self.starts[style] + index as usize,
        }
    }

    /// The number of surname numbers.
    pub fn len(&self) -> usize {
        self.starts[self.starts.len() - 1]
    }

    /// Returns `true` if there are no surname numbers.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Names with a text, each once; codes are positions.
#[derive(Default)]
struct Table {
    names: Vec<&'static str>,
    codes: BTreeMap<String, u32>,
}

impl Table {
    /// The code of `name`; a name that folds to one already there (case and accents apart) is that one.
    fn enter(&mut self, name: &'static str) -> u32 {
        let next = self.names.len() as u32;
        let code = *self.codes.entry(folded(name)).or_insert(next);
        if code == next {
            self.names.push(name);
        }
        code
    }

    fn len(&self) -> usize {
        self.names.len()
    }
}

/// The position of a group in [`GROUPS`].
fn group_index(group: Group) -> usize {
    match group {
        Group::White => 0,
        Group::Black => 1,
        Group::Hispanic => 2,
        Group::AsianPacific => 3,
        Group::Native => 4,
        Group::TwoOrMore => 5,
    }
}

/// The share of the whole country from those of the groups.
fn national(shares: &[f64; 6]) -> f64 {
    shares.iter().zip(deals::GROUP_SHARES).map(|(share, weight)| share * weight).sum()
}

/// The cells of a line of one of our own files, which quote nothing.
fn cells<const N: usize>(line: &'static str) -> [&'static str; N] {
    let mut cells = line.split(',');
    std::array::from_fn(|_| cells.next().expect("our own files have a cell in every column"))
}

fn part_named(part: &str, variant: usize) -> NamePart {
    match part {
        "root" => NamePart::Root,
        "link" => NamePart::Link,
        _ => NamePart::Ending { variant },
    }
}

/// The lines of a file of numbers: `keys` cells of text, then N numbers.
fn numbers<const N: usize>(text: &'static str, keys: usize) -> Vec<(Vec<&'static str>, [f64; N])> {
    let lines = text.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        let values = std::array::from_fn(|i| cells[keys + i].parse().expect("a number in a file of numbers"));
        (cells[..keys].to_vec(), values)
    });
    lines.collect()
}

#[cfg(test)]
mod tests;
