//! Rows about given names by group and place of birth, and about given names and surnames together.

use super::{FigureOrigin, Ratio, Row, Tolerance, coincidence};
use crate::population::names::{GivenCode, Names};
use crate::population::{Block, Group, Sex};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

const CENSUS: &str = "2020 Census first names, by group shares of bearers";
const DERIVED: &str = "2020 Census first names and survivors of national births, tools/names/derive.py";
const BIRTHS: &str = "Social Security Administration, lists of births";

const AS_REPORTED: &str = "The census has names as reported, with nicknames and spellings, and the ages of 2020.";
const DERIVATION: &str = "The tables are made by the same derivation, which assumes shares of groups constant over decades, births of the groups \
     and totals born abroad.";

/// Groups whose given names are published well enough to compare.
const COMPARED: [Group; 4] = [Group::White, Group::Black, Group::Hispanic, Group::AsianPacific];

/// A group, a sex, and whether born abroad: what given names are counted of.
type Cell = (u8, u8, bool);

/// Counts of given names.
#[derive(Default)]
pub(super) struct Called {
    given: FxHashMap<(Cell, GivenCode), u32>,
    maria_garcia: Ratio,
    jennifer: Ratio,
    /// Asian people whose given name and surname each belong to a tradition: to the same one.
    of_one_tradition: Ratio,
}

impl Called {
    /// Counts a block.
    pub(super) fn add(&mut self, names: &Names, block: &Block) {
        let maria_garcia = names.find_given("María").zip(names.find_surname("García"));
        let jennifer = names.find_given("Jennifer");
        let (mut marias, mut jennifers, mut women) = (0, 0, 0);
        let (mut alike, mut clear) = (0, 0);
        for person in &block.people {
            if let Some(group) = COMPARED.iter().position(|group| *group == person.group) {
                let cell = (group as u8, person.sex as u8, person.abroad);
                *self.given.entry((cell, person.given)).or_default() += 1;
            }
            if person.sex == Sex::Female {
                let one_surname = person.second_surname.is_none();
                marias += u64::from(one_surname && Some(person.called()) == maria_garcia);
                if (1940..1950).contains(&person.born.ymd().0) {
                    women += 1;
                    jennifers += u64::from(Some(person.given) == jennifer);
                }
            }
            if person.group == Group::AsianPacific
                && let Some(given) = names.tradition_of_given(person.given)
                && let Some(surname) = names.tradition_of_surname(person.surname)
            {
                clear += 1;
                alike += u64::from(given == surname);
            }
        }
        self.maria_garcia.add(marias, block.people.len() as u64);
        self.jennifer.add(jennifers, women);
        self.of_one_tradition.add(alike, clear);
    }

    /// Adds the counts of other blocks.
    pub(super) fn merge(&mut self, other: Called) {
        for (key, count) in other.given {
            *self.given.entry(key).or_default() += count;
        }
        self.maria_garcia.merge(&other.maria_garcia);
        self.jennifer.merge(&other.jennifer);
        self.of_one_tradition.merge(&other.of_one_tradition);
    }

    /// Appends the rows.
    pub(super) fn rows(&self, rows: &mut Vec<Row>) {
        // Names as reported, nicknames among them, so that the published figures are a little too low.
        const SQUARES: [[f64; 2]; 4] =
            [[0.002737, 0.007439], [0.000870, 0.002417], [0.003851, 0.005801], [0.000425, 0.000915]];
        const BY_NATIVITY: [[[f64; 2]; 2]; 2] =
            [[[0.001971, 0.012257], [0.004245, 0.011970]], [[0.000864, 0.000390], [0.002077, 0.000630]]];
        const ACROSS: [(usize, usize, [f64; 2]); 6] = [
            (0, 1, [0.001212, 0.003667]),
            (0, 2, [0.001317, 0.002598]),
            (0, 3, [0.000776, 0.002094]),
            (1, 2, [0.000720, 0.001520]),
            (1, 3, [0.000373, 0.001114]),
            (2, 3, [0.000657, 0.001091]),
        ];
        // In a fixed order, so that sums are the same everywhere.
        let counts: BTreeMap<(Cell, u32), u32> =
            self.given.iter().map(|((cell, code), n)| ((*cell, code.0), *n)).collect();
        let mut by_sex: BTreeMap<(u8, u8), BTreeMap<u32, u64>> = BTreeMap::new();
        let mut by_birth: BTreeMap<Cell, Vec<u64>> = BTreeMap::new();
        for ((cell, code), &count) in &counts {
            *by_sex.entry((cell.0, cell.1)).or_default().entry(*code).or_default() += u64::from(count);
            by_birth.entry(*cell).or_default().push(u64::from(count));
        }
        let row = |population: String, source: &'static str, kind, published, tolerance, counted: Row| {
            let because = if source == CENSUS { AS_REPORTED } else { DERIVATION };
            Row {
                figure: "two people have the same given name".into(),
                population,
                source: source.into(),
                kind,
                published,
                tolerance: Tolerance::Share(tolerance),
                because: because.into(),
                ..counted
            }
        };
        for (g, group) in COMPARED.into_iter().enumerate() {
            for (s, sex) in Sex::ALL.into_iter().enumerate() {
                let who = format!("{}, {}", group.name(), sex.name());
                let same = |counts: &[u64]| coincidence(counts.iter().copied(), 1.0, (0, 0));
                let kind = if g < 2 { FigureOrigin::Predicted } else { FigureOrigin::Fitted };
                if let Some(counts) = by_sex.get(&(g as u8, s as u8)) {
                    let counts: Vec<u64> = counts.values().copied().collect();
                    rows.push(row(who.clone(), CENSUS, kind, SQUARES[g][s], 0.20, same(&counts)));
                }
                for (abroad, where_born) in [(false, "born here"), (true, "born abroad")] {
                    let published = g.checked_sub(2).map(|g| BY_NATIVITY[g][s][usize::from(abroad)]);
                    if let (Some(published), Some(counts)) = (published, by_birth.get(&(g as u8, s as u8, abroad))) {
                        let who = format!("{who}, {where_born}");
                        rows.push(row(who, DERIVED, FigureOrigin::Input, published, 0.25, same(counts)));
                    }
                }
            }
        }
        for (a, b, published) in ACROSS {
            // The census counts of Hispanic and of Asian people are what their names from abroad are derived from.
            let kind = if b < 2 { FigureOrigin::Predicted } else { FigureOrigin::Fitted };
            for (s, sex) in Sex::ALL.into_iter().enumerate() {
                let of = |g: usize| by_sex.get(&(g as u8, s as u8));
                if let (Some(these), Some(those)) = (of(a), of(b)) {
                    let who = format!("{} and {}, {}", COMPARED[a].name(), COMPARED[b].name(), sex.name());
                    rows.push(row(who, CENSUS, kind, published[s], 0.25, across(these, those)));
                }
            }
        }
        rows.push(Row {
            figure: "women called María García, per million people".into(),
            population: "all, one surname".into(),
            source: CENSUS.into(),
            kind: FigureOrigin::Fitted,
            published: 86.0,
            tolerance: Tolerance::Between(60.0, 100.0),
            because: "The census product is 86; FiveThirtyEight's estimate is a quarter lower.".into(),
            ..self.maria_garcia.row(1e6)
        });
        rows.push(Row {
            figure: "women called Jennifer, per 100,000".into(),
            population: "born in the 1940s".into(),
            source: BIRTHS.into(),
            kind: FigureOrigin::Predicted,
            published: 74.0,
            tolerance: Tolerance::Between(37.0, 148.0),
            because: "A factor of two either way: a name rises within a decade, and women born abroad are among them."
                .into(),
            ..self.jennifer.row(1e5)
        });
        rows.push(Row {
            figure: "given name and surname are of one tradition".into(),
            population: "Asian and Pacific people, both names of a tradition".into(),
            source: "assumed: 0.85 or more, the rest in mixed families".into(),
            kind: FigureOrigin::Input,
            published: 0.92,
            tolerance: Tolerance::Between(0.85, 1.0),
            because: "Couples of two traditions and names at marriage make the rest.".into(),
            ..self.of_one_tradition.row(1.0)
        });
    }
}

/// The chance that one of these and one of those have the same name; its interval as if names were drawn one by one.
fn across(these: &BTreeMap<u32, u64>, those: &BTreeMap<u32, u64>) -> Row {
    let [all_these, all_those] = [these, those].map(|counts| counts.values().sum::<u64>() as f64);
    let (mut both, mut spread) = (0.0, 0.0);
    for (code, &a) in these {
        let (a, b) = (a as f64, those.get(code).copied().unwrap_or(0) as f64);
        both += a * b;
        spread += a * b * (a + b);
    }
    let p = both / (all_these * all_those);
    super::sampled(p, libm::sqrt(spread) / (all_these * all_those))
}
