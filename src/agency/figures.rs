//! Counts of a file against the truth, beside figures published about real files.

use super::{Agency, Cell, Change, Draft, ErrorKind, ErrorRef, ErrorSet, Side, Subject, texts};
use crate::record::Field;
use crate::stats::Rate;
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::RangeInclusive;

/// A figure of a file, published of some real files and counted in a simulated one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FileFigure {
    /// The quantity counted.
    pub figure: &'static str,
    /// The real files, and the date.
    pub population: &'static str,
    /// The publisher.
    pub source: &'static str,
    /// The published share.
    pub published: f64,
    /// The simulated share.
    pub simulated: Rate,
    /// The largest relative difference from the published figure, where the simulated file is meant to be like the real
    /// one; `None` where the two are only shown beside each other.
    pub tolerance: Option<f64>,
    /// Of a figure that follows from no single rate and so was predicted: why nothing is claimed for it. `None` where
    /// the figure is the rate of an error, which was put in.
    pub predicted: Option<&'static str>,
}

/// The facts about one record when it is counted.
struct Seen<'r> {
    record: &'r Draft,
    changes: &'r [Change],
}

impl Seen<'_> {
    fn blank(&self, field: Field) -> bool {
        self.record.get(&field).is_empty()
    }

    /// Returns `true` if an error of one of the kinds shows in the cell.
    fn shows(&self, kinds: &[ErrorKind], cell: Cell) -> bool {
        self.changes.iter().any(|c| !c.masked && c.error.cell == cell && kinds.contains(&c.error.kind))
    }

    fn no_address(&self) -> bool {
        [Field::Street, Field::City, Field::Zip].into_iter().all(|field| self.blank(field))
    }
}

const WORD: &str = "Word et al. 2007";
const CULBERTSON: &str = "Culbertson et al. 2017";
const OIG: &str = "DHS OIG-23-47";

/// A share counted record by record: what of, the published figure, whether it applies to requesters' lists alone with
/// a tolerance, the field it needs, and whether a record is a hit.
type Count = (&'static str, &'static str, &'static str, f64, Option<f64>, Field, fn(&Seen<'_>) -> bool);

const HOW_MANY: usize = 15;

static COUNTS: [Count; HOW_MANY] = [
    ("surname misspelt", "2000 census, made to agree with the household", WORD, 0.0249, None, Field::Surname, |seen| {
        seen.shows(&[ErrorKind::MISHEARD, ErrorKind::MISREAD, ErrorKind::TYPING], Cell::SURNAME)
    }),
    ("given name and surname exchanged", "2000 census, by a sample", WORD, 0.006, None, Field::GivenName, |seen| {
        seen.shows(&[ErrorKind::NAMES_EXCHANGED], Cell::NAME)
    }),
    ("middle initial behind the given name", "2000 census", WORD, 0.0031, None, Field::GivenName, |seen| {
        seen.shows(&[ErrorKind::MIDDLE_IN_GIVEN_NAME], Cell::GIVEN)
    }),
    ("middle initial before the surname", "2000 census", WORD, 0.0083, None, Field::Surname, |seen| {
        seen.shows(&[ErrorKind::MIDDLE_IN_SURNAME], Cell::SURNAME)
    }),
    (
        "suffix behind the given name",
        "2000 census, a form without a field for it",
        WORD,
        0.0204,
        None,
        Field::GivenName,
        |seen| seen.shows(&[ErrorKind::SUFFIX_IN_GIVEN_NAME], Cell::GIVEN),
    ),
    ("given name of fewer than two letters", "2000 census", WORD, 0.017, None, Field::GivenName, |seen| {
        seen.record.get(&Field::GivenName).chars().count() < 2
    }),
    ("surname of fewer than two letters", "2000 census", WORD, 0.015, None, Field::Surname, |seen| {
        seen.record.get(&Field::Surname).chars().count() < 2
    }),
    ("called John or Jane Doe", "2000 census", WORD, 0.000_09, None, Field::Surname, |seen| {
        seen.record.get(&Field::Surname).eq_ignore_ascii_case("doe")
            && seen.shows(&[ErrorKind::PLACEHOLDER_NAME], Cell::NAME)
    }),
    ("no date of birth", "nine US health systems, 2005-14", CULBERTSON, 0.0118, None, Field::DateOfBirth, |seen| {
        seen.blank(Field::DateOfBirth)
    }),
    (
        "date of birth missing or impossible",
        "voter files of four states and D.C., 2004: under 0.05 to 4.5 %",
        "McDonald 2007",
        0.014,
        None,
        Field::DateOfBirth,
        |seen| seen.blank(Field::DateOfBirth) || seen.shows(&[ErrorKind::PLACEHOLDER_DATE], Cell::BORN),
    ),
    (
        "born on 1 January",
        "refugees admitted in 2009",
        "State Department, reported by the Los Angeles Times",
        0.14,
        None,
        Field::DateOfBirth,
        |seen| {
            let date = crate::record::Date::parse(seen.record.get(&Field::DateOfBirth));
            date.is_some_and(|date| date.ymd().1 == 1 && date.ymd().2 == 1)
        },
    ),
    ("no street", "nine US health systems, 2005-14", CULBERTSON, 0.0535, None, Field::Street, |seen| {
        seen.blank(Field::Street)
    }),
    ("no address", "addresses of people released at the border", OIG, 0.055, Some(0.15), Field::Street, |seen| {
        seen.no_address()
    }),
    (
        "address undeliverable",
        "addresses of people released at the border",
        OIG,
        0.026,
        Some(0.15),
        Field::Street,
        |seen| !seen.no_address() && seen.shows(&[ErrorKind::PLACEHOLDER_ADDRESS], Cell::ADDRESS),
    ),
    (
        "building of several units, without the unit",
        "addresses of people released at the border",
        OIG,
        0.099,
        Some(0.35),
        Field::Unit,
        |seen| !seen.blank(Field::Street) && seen.shows(&[ErrorKind::MISSING_UNIT], Cell::UNIT),
    ),
];

/// Counts a file about the people of the first so many blocks, adults on file, beside what is published of others.
pub fn figures(agency: &Agency<'_>, blocks: u64) -> Vec<FileFigure> {
    let mut rates = [Rate::default(); HOW_MANY];
    let (mut record, mut changes) = (Draft::default(), Vec::new());
    for index in 0..blocks.min(agency.country.blocks()) {
        let block = agency.country.block(index);
        for (slot, person) in block.people.iter().enumerate() {
            if person.age() < 18 || !agency.covers(Subject::of(&block, slot)) {
                continue;
            }
            let subject = Subject::of(&block, slot);
            changes.clear();
            agency.record(subject, ErrorSet::NONE, &mut record, Some(&mut changes));
            let seen = Seen { record: &record, changes: &changes };
            for (rate, count) in rates.iter_mut().zip(COUNTS.iter()) {
                rate.count((count.6)(&seen));
            }
        }
    }
    let counted = COUNTS.iter().zip(rates).filter(|(count, _)| agency.fields().contains(&count.5));
    counted
        .map(|(&(figure, population, source, published, tolerance, ..), simulated)| {
            let tolerance = tolerance.filter(|_| agency.side == Side::Requester);
            FileFigure { figure, population, source, published, simulated, tolerance, predicted: None }
        })
        .collect()
}

/// Of people in both files, how often the names differ between the two, accents and capitals apart, beside what is
/// published of hospital and birth records of another country.
pub fn disagreement(a: &Agency<'_>, b: &Agency<'_>, blocks: u64) -> [FileFigure; 2] {
    let mut rates = [Rate::default(); 2];
    let (mut one, mut other) = (Draft::default(), Draft::default());
    for index in 0..blocks.min(a.country.blocks()) {
        let block = a.country.block(index);
        for (slot, person) in block.people.iter().enumerate() {
            if person.age() < 18 || !a.covers(Subject::of(&block, slot)) || !b.covers(Subject::of(&block, slot)) {
                continue;
            }
            a.record(Subject::of(&block, slot), ErrorSet::NONE, &mut one, None);
            b.record(Subject::of(&block, slot), ErrorSet::NONE, &mut other, None);
            for (rate, field) in rates.iter_mut().zip([Field::Surname, Field::GivenName]) {
                let plain = |draft: &Draft| texts::without_accents(draft.get(&field)).to_lowercase();
                rate.count(plain(&one) != plain(&other));
            }
        }
    }
    [("surnames differ within person", 0.18, rates[0]), ("given names differ within person", 0.12, rates[1])].map(
        |(figure, published, simulated)| FileFigure {
            figure,
            population: "English hospital and birth records: another country, other files",
            source: "Lam, Boyd, Linacre, Blackburn and Harron 2024, ijpds.org/article/view/2389",
            published,
            simulated,
            tolerance: None,
            predicted: Some("The records are of another country and of files kept for other ends."),
        },
    )
}

/// Spellings of surnames in a file that nobody in it truly bears: of its records, those whose spelling stands there once,
/// and those whose spelling stands there two to nine times.
///
/// They stand beside the shares of people with a surname borne so often in 2010, as captured. How many names are rare
/// depends on how many people there are, while a misspelling mostly stays alone: so what is counted here among some
/// hundred thousand can be held beside a nation, as too many rather than too few.
pub fn spellings(agency: &Agency<'_>, blocks: u64) -> [FileFigure; 2] {
    let not_of_format =
        ErrorRef::all().filter(|error| !error.kind.row().of_format).fold(ErrorSet::NONE, ErrorSet::with);
    let (mut true_ones, mut captured) = (FxHashSet::default(), FxHashMap::<String, u64>::default());
    let (mut record, mut records) = (Draft::default(), 0);
    for index in 0..blocks.min(agency.country.blocks()) {
        let block = agency.country.block(index);
        for (slot, person) in block.people.iter().enumerate() {
            if person.age() < 18 || !agency.covers(Subject::of(&block, slot)) {
                continue;
            }
            let mut surname = |without| {
                agency.record(Subject::of(&block, slot), without, &mut record, None);
                record.get(&Field::Surname).to_string()
            };
            true_ones.insert(surname(not_of_format));
            let spelling = surname(ErrorSet::NONE);
            if !spelling.is_empty() {
                records += 1;
                *captured.entry(spelling).or_insert(0) += 1;
            }
        }
    }
    captured.retain(|spelling, _| !true_ones.contains(spelling));
    let rate = |times: RangeInclusive<u64>| {
        let hits = captured.values().filter(|count| times.contains(count)).sum();
        Rate { hits, trials: records }
    };
    const PEOPLE: f64 = 294_979_229.0;
    [
        // 3,899,864 surnames borne once; 1,165,587 borne 2 to 4 and 424,454 borne 5 to 9 times, at the middle of each.
        ("spelling of the surname that is nobody's, found once", 3_899_864.0 / PEOPLE, rate(1..=1)),
        (
            "spelling of the surname that is nobody's, found 2 to 9 times",
            (1_165_587.0 * 3.0 + 424_454.0 * 7.0) / PEOPLE,
            rate(2..=9),
        ),
    ]
    .map(|(figure, published, simulated)| FileFigure {
        figure,
        population: "people with a surname borne so often, 2010 census as captured: rare names and misspellings",
        source: "Comenetz 2016",
        published,
        simulated,
        tolerance: None,
        predicted: Some(
            "The census counts rare names together with misspellings, in a nation; here only misspellings are counted, \
             among some hundred thousand people.",
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{agency, capture};
    use super::super::{AgencyConfig, ErrorRates};
    use super::*;
    use crate::population::Population;
    use crate::random::Seed;
    use crate::scenario::general_rates;

    /// The rate of a kind of error in a file about which nothing else is known.
    fn general(kind: ErrorKind) -> f64 {
        general_rates().iter().find(|general| general.name == kind.name()).unwrap().rate.value.get()
    }

    #[test]
    fn a_file_with_the_rates_of_the_catalogue_has_the_published_name_capture() {
        let country = Population::new(crate::population::tests::config(256 * 150), Seed(1));
        let config = AgencyConfig {
            capture: capture(ErrorRates::from_fn(general), 0.2),
            lengths: [0; 14],
            name_length: 0,
            ..agency(0.0)
        };
        let file = Agency::new(&country, &config, Side::Holder, Seed(1));
        let figures = figures(&file, 150);
        for (figure, within) in [
            ("surname misspelt", 0.15),
            ("given name and surname exchanged", 0.25),
            ("middle initial behind the given name", 0.4),
            ("middle initial before the surname", 0.3),
        ] {
            let row = figures.iter().find(|row| row.figure == figure).unwrap();
            let ratio = row.simulated.value().unwrap() / row.published;
            assert!((ratio - 1.0).abs() < within, "{figure}: {ratio}");
        }
        let [once, more] = spellings(&file, 150);
        assert!(once.simulated.value() > Some(0.005) && once.simulated.hits > more.simulated.hits, "{once:?} {more:?}");
        let same = Agency::new(&country, &config, Side::Holder, Seed(1));
        assert!(disagreement(&file, &same, 5).iter().all(|row| row.simulated.hits == 0 && row.simulated.trials > 500));
    }
}
