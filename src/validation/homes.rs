//! Rows about people and homes: days of birth, marriages, households, moves, and who is unique where.

use super::tally::{Marriages, Tally, Zips};
use super::{FigureOrigin, Ratio, Row, Tolerance, coincidence, scaled, share};
use crate::parallel::{Watch, in_parallel};
use crate::population::Population;
use std::ops::Range;

const PEW: &str = "Pew Research Center, April 2023";
const CPS: &str = "Current Population Survey";
const DAYS: &str = "births by day 1994-2014, NCHS and SSA";

/// Postal areas whose people are compared with each other at most; each is counted whole.
const MOST_ZIPS: usize = 240;

pub(super) fn birthdays(tally: &Tally, rows: &mut Vec<Row>) {
    let adults = "adults";
    let same = coincidence(tally.adults_born.values().map(|&n| u64::from(n)), 1.0, (0, 0));
    let p = same.simulated;
    let (low, high) = same.interval.unwrap_or((p, p));
    rows.push(Row {
        figure: "two people have the same date of birth: one pair in so many".into(),
        population: adults.into(),
        source: "implied by McDonald & Levitt 2008 (180 and 460 people)".into(),
        kind: FigureOrigin::Fitted,
        published: 22_800.0,
        simulated: 1.0 / p,
        interval: Some((1.0 / high, 1.0 / low)),
        tolerance: Tolerance::Share(0.05),
        because: "".into(),
    });
    for (people, published) in [(180.0, 0.50), (460.0, 0.99)] {
        let some = |p: f64| 1.0 - libm::exp(people * (people - 1.0) / 2.0 * libm::log1p(-p));
        rows.push(Row {
            figure: format!("two of {people} people have the same date of birth"),
            population: adults.into(),
            source: "McDonald & Levitt 2008".into(),
            // The chance of a pair was fitted to these two.
            kind: FigureOrigin::Fitted,
            published,
            simulated: some(p),
            interval: Some((some(low), some(high))),
            tolerance: Tolerance::Share(0.05),
            because: "".into(),
        });
    }
    let mean_day = 1.0 / 365.25;
    rows.push(Row {
        figure: "births on 1 January, over a mean day".into(),
        population: "all".into(),
        source: DAYS.into(),
        kind: FigureOrigin::Input,
        published: 0.70,
        tolerance: Tolerance::Within(0.03),
        ..scaled(share(tally.new_year, tally.people), 1.0 / mean_day)
    });
}

pub(super) fn families(tally: &Tally, rows: &mut Vec<Row>) {
    let Marriages { took, kept, hyphenated, hispanic_kept, kept_under_50, kept_from_50 } = &tally.marriages;
    let points = Tolerance::Within(0.02);
    for (figure, population, kind, published, tolerance, ratio) in [
        ("wives who took the husband's name", "wives", FigureOrigin::Fitted, 0.79, points, took),
        ("wives who kept their name", "wives", FigureOrigin::Fitted, 0.14, points, kept),
        ("wives who hyphenated", "wives", FigureOrigin::Fitted, 0.05, points, hyphenated),
        ("wives who kept their name", "Hispanic wives", FigureOrigin::Input, 0.30, points, hispanic_kept),
        ("wives who kept their name", "wives under 50", FigureOrigin::Fitted, 0.20, Tolerance::Reported, kept_under_50),
        ("wives who kept their name", "wives from 50", FigureOrigin::Fitted, 0.09, Tolerance::Reported, kept_from_50),
    ] {
        rows.push(Row {
            figure: figure.into(),
            population: population.into(),
            source: PEW.into(),
            kind,
            published,
            tolerance,
            ..ratio.row(1.0)
        });
    }
    for (population, published, ratio) in
        [("born 2019-2025", 31.2, &tally.twins_recent), ("born 1976-1982", 18.9, &tally.twins_1980)]
    {
        rows.push(Row {
            figure: "twins per 1,000 births".into(),
            population: population.into(),
            source: "National Center for Health Statistics".into(),
            kind: FigureOrigin::Fitted,
            published,
            tolerance: Tolerance::Share(0.05),
            ..ratio.row(1_000.0)
        });
    }
    rows.push(Row {
        figure: "sons with the father's name".into(),
        population: "boys with their father at home".into(),
        source: "vital statistics of four states, 1980-1994".into(),
        kind: FigureOrigin::Input,
        published: 0.03,
        tolerance: Tolerance::Between(0.02, 0.05),
        ..tally.juniors.row(1.0)
    });
}

pub(super) fn homes(tally: &Tally, rows: &mut Vec<Row>) {
    let [one, two, mean] = &tally.sizes;
    for (figure, published, tolerance, ratio) in [
        ("households of one", 0.289, Tolerance::Within(0.015), one),
        ("households of two", 0.346, Tolerance::Within(0.015), two),
        ("mean household size", 2.51, Tolerance::Share(0.03), mean),
    ] {
        rows.push(Row {
            figure: figure.into(),
            population: "households, 2022-2024".into(),
            source: CPS.into(),
            kind: FigureOrigin::Input,
            published,
            tolerance,
            ..ratio.row(1.0)
        });
    }
    rows.push(Row {
        figure: "dwellings in buildings of several".into(),
        population: "dwellings, 2000".into(),
        source: "Census 2000, units in structure".into(),
        kind: FigureOrigin::Fitted,
        published: 0.263,
        tolerance: Tolerance::Within(0.02),
        ..tally.units.row(1.0)
    });
    rows.push(Row {
        figure: "people in group quarters".into(),
        population: "all".into(),
        source: "pseudopeople, concept model".into(),
        kind: FigureOrigin::Input,
        published: 0.03,
        tolerance: Tolerance::Reported,
        ..tally.group_quarters.row(1.0)
    });
}

/// The number of states in a country, the last perhaps cut short.
pub(super) fn states(country: &Population) -> u32 {
    country.places().state_of(country.blocks().saturating_sub(1)) + 1
}

/// With fewer states than this, moves of the published distances are not to be had, and nothing is claimed for them.
const STATES_TO_MOVE_BETWEEN: u32 = 5;

pub(super) fn moves(tally: &Tally, states: u32, rows: &mut Vec<Row>) {
    let all = "people in households, 2020-21";
    let claimed = Tolerance::Share(0.10);
    let distance = if states < STATES_TO_MOVE_BETWEEN { Tolerance::Reported } else { claimed };
    for (figure, published, tolerance, ratio) in [
        ("moved in a year", 0.084, claimed, &tally.moved[0]),
        ("moved in a year within the county", 0.049, distance, &tally.moved[1]),
        ("moved in a year to another county of the state", 0.019, distance, &tally.moved[2]),
        ("moved in a year to another state", 0.014, distance, &tally.moved[3]),
        ("moved in a year from abroad", 0.002, Tolerance::Reported, &tally.moved[4]),
    ] {
        rows.push(Row {
            figure: figure.into(),
            population: all.into(),
            source: CPS.into(),
            kind: FigureOrigin::Input,
            published,
            tolerance,
            ..ratio.row(1.0)
        });
    }
    // The survey's mean is taken over our own householders, so that the ratios compare like with like.
    let households: f64 = tally.moved_by_age.iter().map(|(_, ratio)| ratio.of() as f64).sum();
    let mean: f64 = tally.moved_by_age.iter().map(|(band, ratio)| band.rate * ratio.of() as f64).sum::<f64>();
    let mean = mean / households;
    let moved: f64 = tally.moved_by_age.iter().map(|(_, ratio)| ratio.hits() as f64).sum::<f64>() / households;
    for (band, ratio) in &tally.moved_by_age {
        rows.push(Row {
            figure: "households that moved in a year, over the mean".into(),
            population: format!("householders {}-{}", band.from, band.to),
            source: "American Community Survey 2016-20, as processed by pseudopeople".into(),
            kind: FigureOrigin::Fitted,
            published: band.rate / mean,
            tolerance: Tolerance::Share(0.10),
            ..ratio.row(1.0 / moved)
        });
    }
    // What the yearly rate, which was put in, says of householders after one year and, alike and independently, ten.
    for (figure, published, kind, tolerance, because, ratio) in [
        (
            "at the same address after one year",
            0.916,
            FigureOrigin::Input,
            Tolerance::Within(0.01),
            "",
            &tally.stayed[0],
        ),
        (
            "at the same address after ten years",
            libm::pow(0.916, 10.0),
            FigureOrigin::Predicted,
            Tolerance::Reported,
            "No survey figure was found. The other side is what ten years would leave if all moved alike, and people \
             who moved lately move again.",
            &tally.stayed[1],
        ),
    ] {
        rows.push(Row {
            figure: figure.into(),
            population: "householders".into(),
            source: "the yearly rate of the survey; for ten years, if all moved alike and independently".into(),
            kind,
            published,
            tolerance,
            because: because.into(),
            ..ratio.row(1.0)
        });
    }
}

/// The share of people who are the only ones of their sex and date of birth in their postal area.
pub(super) fn zips(country: &Population, watch: Watch<'_>, rows: &mut Vec<Row>) {
    let mut whole: Vec<Range<u64>> = country.places().whole_zips().collect();
    // In a country smaller than a postal area there is one, cut short.
    if whole.is_empty() {
        whole.push(0..country.blocks());
    }
    let every = whole.len().div_ceil(MOST_ZIPS);
    let sample: Vec<Range<u64>> = whole.into_iter().step_by(every).collect();
    let mut unique = Ratio::default();
    let parts = in_parallel(
        0..sample.len() as u64,
        Zips::default,
        |zips, i| zips.add(country, sample[i as usize].clone()),
        "postal areas",
        watch,
    );
    for part in parts {
        unique.merge(&part.unique);
    }
    rows.push(Row {
        figure: "unique by postal code, sex and date of birth".into(),
        population: "all, 2000".into(),
        source: "Golle 2006; Sweeney 2000 found 0.87 of 1990".into(),
        kind: FigureOrigin::Predicted,
        published: 0.63,
        tolerance: Tolerance::Between(0.61, 0.87),
        because:
            "The published figures are 61 to 63 % and 87 %: they differ by method and by the size of postal areas."
                .into(),
        ..unique.row(1.0)
    });
}
