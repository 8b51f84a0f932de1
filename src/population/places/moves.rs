//! Former dwellings of households.
//!
//! A household lives today in the dwelling of its own number. Its former dwellings are found by walking back year by
//! year: the dwellings that changed hands in a year at one level (county, state, nation) are permuted among themselves
//! by a keyed bijection, so at every stated date each dwelling has one household.

use super::{DWELLINGS_PER_BLOCK, DwellingId, Places};
use crate::random::{Decision, Permutation};
use std::ops::Range;

const MOVED: Decision = Decision::named("moves.moved");
const MOVED_TO: Decision = Decision::named("moves.moved_to");

/// Shares of people in households who move in a year, by how far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MoveRates {
    /// To another dwelling of the same county.
    pub within_county: f64,
    /// To another county of the same state.
    pub within_state: f64,
    /// To another state.
    pub beyond: f64,
}

/// The level of a move: within the county, the state or the nation.
#[derive(Clone, Copy, PartialEq)]
enum Level {
    County,
    State,
    Nation,
}

impl Places {
    /// The dwelling in which the household that lives in `dwelling` today lived `years` years ago.
    ///
    /// At any number of years ago this is a bijection of the dwellings of the country: no two households shared one.
    pub fn dwelling_years_ago(&self, dwelling: DwellingId, years: u32) -> DwellingId {
        let mut at = dwelling.0;
        for year in 1..=years {
            at = self.step(at, year, Permutation::forward);
        }
        DwellingId(at)
    }

    /// Two values: the dwelling at the beginning of year `year`, counted back from today, of the household that lived
    /// in `at` at the end of that year; and `true` if the household moved within the county in that year.
    pub(in crate::population) fn year_before(&self, at: DwellingId, year: u32) -> (DwellingId, bool) {
        let before = DwellingId(self.step(at.0, year, Permutation::forward));
        (before, before != at && self.county_of(before.block()) == self.county_of(at.block()))
    }

    /// The dwelling in which the household that lived in `dwelling` `years` years ago lives today: the inverse of
    /// [`Places::dwelling_years_ago`]. Its number is also the household's.
    #[cfg(test)]
    pub(in crate::population) fn household_years_ago(&self, dwelling: DwellingId, years: u32) -> DwellingId {
        let mut at = dwelling.0;
        for year in (1..=years).rev() {
            at = self.step(at, year, Permutation::backward);
        }
        DwellingId(at)
    }

    /// The rates at which the dwellings of each county take part in the exchange of the county, of the state and of the
    /// nation, so that moves have the stated distances.
    ///
    /// A household in the exchange of the nation stays in its own state with a chance equal to that state's share of
    /// the nation. A household in the exchange of the state stays in its own county likewise. The wider exchanges are
    /// therefore larger to make up for this, and the narrower ones smaller. In a country of one state no size of the
    /// widest exchange gives the stated distances. It is then at most three times as large, and all exchanges are
    /// scaled so that as many households move as stated.
    pub(super) fn levels(&self) -> Vec<MoveRates> {
        let size = |blocks: &Range<u64>| (blocks.end.min(self.blocks).saturating_sub(blocks.start)) as f64;
        let concentration = |parts: &mut dyn Iterator<Item = f64>| parts.map(|part| part * part).sum::<f64>().min(0.67);
        let of_nation = |state: &Range<u64>| size(state) / self.blocks.max(1) as f64;
        let beyond = self.moves.beyond / (1.0 - concentration(&mut self.states.iter().map(of_nation)));
        let mut levels = Vec::with_capacity(self.counties.len());
        let mut moving = 0.0;
        for state in &self.states {
            let counties: Vec<f64> = self
                .counties
                .iter()
                .filter(|county| state.contains(&county.start))
                .map(|county| size(county) / size(state).max(1.0))
                .collect();
            let to_own_state = beyond * of_nation(state);
            let within_state = self.moves.within_state / (1.0 - concentration(&mut counties.iter().copied()));
            let within_state = (within_state - to_own_state).max(0.0);
            for share in counties {
                let to_own_county = (within_state + to_own_state) * share;
                let within_county = (self.moves.within_county - to_own_county).max(0.0);
                moving += (within_county + within_state + beyond) * share * of_nation(state);
                levels.push(MoveRates { within_county, within_state, beyond });
            }
        }
        let stated = self.moves.within_county + self.moves.within_state + self.moves.beyond;
        let scale = if moving > 0.0 { stated / moving } else { 1.0 };
        for MoveRates { within_county, within_state, beyond } in &mut levels {
            for rate in [within_county, within_state, beyond] {
                *rate *= scale;
            }
        }
        levels
    }

    /// The dwelling of the household in `dwelling` one year of moves earlier or later, by the direction of `along`.
    ///
    /// The household in a dwelling that changed hands came from another dwelling that changed hands at the same level.
    /// The permutation of the whole range is followed until it lands on such a dwelling.
    fn step(&self, dwelling: u64, year: u32, along: fn(&Permutation, u64) -> u64) -> u64 {
        let Some(level) = self.moved(dwelling, year) else { return dwelling };
        let range = self.exchange(dwelling, level);
        let decision = MOVED_TO.about(u64::from(year) * 4 + level as u64).about(range.start);
        let permutation = Permutation::new(self.seed, decision, range.end - range.start);
        let mut at = dwelling - range.start;
        loop {
            at = along(&permutation, at);
            let landed = at + range.start;
            if self.moved(landed, year) == Some(level) && self.exchange(landed, level) == range {
                return landed;
            }
        }
    }

    /// The level at which a dwelling changed hands in a year, if it did: known without knowing who lives there.
    fn moved(&self, dwelling: u64, year: u32) -> Option<Level> {
        let (block, slot) = (dwelling / DWELLINGS_PER_BLOCK, dwelling % DWELLINGS_PER_BLOCK);
        if slot == DWELLINGS_PER_BLOCK - 1 && self.has_institution(block) {
            return None;
        }
        let u = self.seed.uniform(MOVED.about(u64::from(year)), dwelling);
        let u = u / turnover(slot);
        if u >= self.most_moves {
            return None;
        }
        let county = self.zips[self.zip_number(block)].county;
        let MoveRates { within_county, within_state, beyond } = self.levels[county as usize];
        match u {
            u if u < within_county => Some(Level::County),
            u if u < within_county + within_state => Some(Level::State),
            u if u < within_county + within_state + beyond => Some(Level::Nation),
            _ => None,
        }
    }

    /// The dwellings among which a dwelling's household may have moved.
    ///
    /// A range in which fewer than fifty dwellings change hands in a year is merged with the one around it, or many
    /// moves would go nowhere.
    fn exchange(&self, dwelling: u64, level: Level) -> Range<u64> {
        let zip = &self.zips[self.zip_number(dwelling / DWELLINGS_PER_BLOCK)];
        let county = self.clipped(&self.counties[zip.county as usize]);
        let state = self.clipped(&self.states[zip.state as usize]);
        let enough = |blocks: &Range<u64>, rate: f64| {
            (blocks.end - blocks.start) as f64 * DWELLINGS_PER_BLOCK as f64 * rate >= 50.0
        };
        let blocks = match level {
            Level::County if enough(&county, self.moves.within_county) => county,
            Level::County if enough(&state, self.moves.within_county) => state,
            Level::State if enough(&state, self.moves.within_state) => state,
            _ => 0..self.blocks,
        };
        blocks.start * DWELLINGS_PER_BLOCK..blocks.end * DWELLINGS_PER_BLOCK
    }

    fn clipped(&self, blocks: &Range<u64>) -> Range<u64> {
        blocks.start..blocks.end.min(self.blocks)
    }
}

/// The rate at which the dwelling in a slot changes hands, over the mean, in steps of four slots. Young households live
/// in low slots; fitted so that mobility by the age of the householder is as in the American Community Survey of
/// 2016–2020, in ratios to its mean (`synthetic-data/population/mobility-by-age.csv`), and scaled so that over people,
/// of whom the households of the young have more, the mean is 1.
fn turnover(slot: u64) -> f64 {
    const STEPS: [f64; 30] = [
        3.349, 2.412, 2.058, 1.761, 1.608, 1.550, 1.493, 1.369, 1.187, 1.024, 0.947, 0.890, 0.833, 0.756, 0.689, 0.651,
        0.622, 0.593, 0.545, 0.498, 0.459, 0.440, 0.421, 0.383, 0.325, 0.268, 0.249, 0.239, 0.220, 0.220,
    ];
    STEPS[(slot / 4) as usize]
}

#[cfg(test)]
mod tests {
    use super::super::tests::MOVES;
    use super::*;
    use crate::random::Seed;

    #[test]
    fn at_every_stated_date_each_dwelling_has_one_household() {
        // Large enough for many counties, some of them too small to move within, and a state cut short.
        for (blocks, years) in [(50, 1), (50, 10), (2_600, 1), (2_600, 3)] {
            let places = Places::new(blocks, MOVES, Seed(5));
            let all = blocks * DWELLINGS_PER_BLOCK;
            let mut lived_in = vec![false; all as usize];
            for household in 0..all {
                let then = places.dwelling_years_ago(DwellingId(household), years);
                assert!(!std::mem::replace(&mut lived_in[then.0 as usize], true));
                assert_eq!(places.household_years_ago(then, years), DwellingId(household));
            }
        }
    }

    #[test]
    fn as_many_households_move_as_the_rates_say() {
        let places = Places::new(4_000, MOVES, Seed(2));
        let all = 4_000 * DWELLINGS_PER_BLOCK;
        let moved = (0..all).filter(|&d| places.dwelling_years_ago(DwellingId(d), 1) != DwellingId(d)).count();
        let share = moved as f64 / all as f64;
        // Over dwellings, and not over the people in them, the mean of the turnover is a little less than 1.
        let turnover = (0..DWELLINGS_PER_BLOCK).map(turnover).sum::<f64>() / DWELLINGS_PER_BLOCK as f64;
        assert!((share - 0.082 * turnover).abs() < 0.003, "{share}");
    }

    #[test]
    fn nobody_moves_when_nobody_may() {
        let still = MoveRates { within_county: 0.0, within_state: 0.0, beyond: 0.0 };
        let places = Places::new(10, still, Seed(2));
        assert!((0..1_200).all(|d| places.dwelling_years_ago(DwellingId(d), 10) == DwellingId(d)));
    }
}
