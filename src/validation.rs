//! Published figures beside simulated ones: how far the invented country is like a real one, and where it is not.
//!
//! One pass over the people of a country counts what every figure needs, in whole numbers, so that the rows are the same
//! on any number of threads. Each [`Row`] says whether the figure was put in, fitted, or came out: only what came out
//! says that the model is right. Rows of the whole nation, whose figures depend on its size, are counted by streaming a
//! country of that size.

mod files;
mod tally;

pub use files::of_files;

use crate::parallel::{Watch, in_parallel};
use crate::population::{Group, Population, Sex};
use crate::stats::Z95;
use std::ops::Range;
use tally::{COHORTS, Compound, Marriages, Ratio, SCOPES, TOPS, Tally, Tops, Zips};

/// One figure, published and simulated.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What is measured.
    pub figure: String,
    /// Of whom, and when.
    pub population: String,
    /// Who published it.
    pub source: &'static str,
    /// How the simulated figure came about.
    pub kind: Kind,
    /// The published figure.
    pub published: f64,
    /// The simulated figure.
    pub simulated: f64,
    /// A 95 % interval of the simulated figure, where it was sampled: luck of this country, no more.
    pub interval: Option<(f64, f64)>,
    /// How far the two may be apart.
    pub tolerance: Tolerance,
}

/// How a simulated figure came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// We put it in.
    Input,
    /// We tuned to it.
    Fitted,
    /// It came out.
    Predicted,
}

impl Kind {
    /// The word used in results.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Input => "input",
            Kind::Fitted => "fitted",
            Kind::Predicted => "predicted",
        }
    }
}

/// How far a simulated figure may be from the published one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tolerance {
    /// By this share of the published figure.
    Share(f64),
    /// By so much, in the unit of the figure.
    Within(f64),
    /// Between two values, where more than one is published.
    Between(f64, f64),
    /// Shown beside; nothing is claimed.
    Reported,
}

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Within the tolerance, as far as sampling can tell.
    Holds,
    /// The whole interval is beyond the tolerance.
    Out,
    /// No tolerance is claimed.
    Reported,
    /// The country is too small to have anybody whom the figure counts.
    Uncounted,
}

impl Verdict {
    /// The word used in results.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Holds => "holds",
            Verdict::Out => "out",
            Verdict::Reported => "reported",
            Verdict::Uncounted => "nobody to count",
        }
    }
}

impl Row {
    /// Simulated over published.
    pub fn ratio(&self) -> f64 {
        self.simulated / self.published
    }

    /// Whether the row holds: it is out only when no value of its interval is within the tolerance.
    pub fn verdict(&self) -> Verdict {
        if self.simulated.is_nan() {
            return Verdict::Uncounted;
        }
        let (from, to) = match self.tolerance {
            Tolerance::Share(share) => (self.published * (1.0 - share), self.published * (1.0 + share)),
            Tolerance::Within(by) => (self.published - by, self.published + by),
            Tolerance::Between(from, to) => (from, to),
            Tolerance::Reported => return Verdict::Reported,
        };
        let (low, high) = self.interval.unwrap_or((self.simulated, self.simulated));
        if high >= from && low <= to { Verdict::Holds } else { Verdict::Out }
    }
}

/// People with a surname in the 2010 census: the size at which its counts of names hold.
pub const NATION: u64 = 294_979_229;

/// Voters of 2012, over the people of [`NATION`].
const VOTERS: f64 = 129_100_000.0;

/// Postal areas whose people are compared with each other at most; each is counted whole.
const MOST_ZIPS: usize = 240;

const CENSUS: &str = "Comenetz 2016, 2010 census surnames";
const BIRTHS: &str = "Social Security Administration, lists of births";
const PEW: &str = "Pew Research Center, April 2023";
const VOTER_FILE: &str = "North Carolina voter file 2022, as computed by pseudopeople";
const CPS: &str = "Current Population Survey";
const DAYS: &str = "births by day 1994-2014, NCHS and SSA";

/// The rows for a country and, if a country of [`NATION`] people is given as well, those for a whole nation.
///
/// Memory follows the number of distinct names; the nation takes about two gigabytes.
pub fn validate(country: &Population, nation: Option<&Population>, watch: Watch<'_>) -> Vec<Row> {
    let tops = Tops::new(country.names());
    let mut tally = Tally::default();
    for part in in_parallel(
        0..country.blocks(),
        Tally::default,
        |tally, block| tally.add(country, &country.block(block), &tops),
        "people",
        watch,
    ) {
        tally.merge(part);
    }
    let mut rows = Vec::new();
    surnames(&tally, &mut rows);
    given_names(&tally, &tops, &mut rows);
    birthdays(&tally, &mut rows);
    compound_names(&tally.compound, &mut rows);
    families(&tally, &mut rows);
    homes(&tally, &mut rows);
    moves(&tally, states(country), &mut rows);
    zips(country, watch, &mut rows);
    if let Some(nation) = nation {
        whole_nation(nation, watch, &mut rows);
    }
    rows
}

fn surnames(tally: &Tally, rows: &mut Vec<Row>) {
    const SQUARES: [f64; 5] = [5.634e-4, 4.644e-4, 2.723e-3, 3.972e-3, 3.032e-3];
    const SHARES: [[f64; 4]; 5] = [
        [0.0490, 0.1732, 0.4097, 0.6835],
        [0.0452, 0.1500, 0.3728, 0.6553],
        [0.1296, 0.3453, 0.6484, 0.8730],
        [0.1627, 0.4182, 0.7056, 0.8547],
        [0.1351, 0.3399, 0.5697, 0.7625],
    ];
    for (scope, name) in SCOPES.iter().enumerate() {
        let clumping = tally.surname_tops[scope][1].clumping();
        let counts = tally.surnames.values().map(|groups| tally::in_scope(groups, scope)).collect::<Vec<_>>();
        rows.push(Row {
            figure: "two people have the same surname".into(),
            population: format!("{name}, 2010"),
            source: CENSUS,
            kind: Kind::Input,
            published: SQUARES[scope],
            tolerance: Tolerance::Share(0.05),
            ..coincidence(counts.into_iter(), clumping, tally.same_block_pairs[scope])
        });
        for (i, n) in TOPS.iter().enumerate() {
            rows.push(Row {
                figure: format!("share of the {} most common surnames", thousands(*n)),
                population: format!("{name}, 2010"),
                source: CENSUS,
                kind: Kind::Input,
                published: SHARES[scope][i],
                tolerance: Tolerance::Share(0.05),
                ..tally.surname_tops[scope][i].row(1.0)
            });
        }
    }
    let (mut both, mut white, mut black, mut spread) = (0.0, 0.0, 0.0, 0.0);
    let mut ordered: Vec<[u32; 6]> = tally.surnames.values().copied().collect();
    ordered.sort_unstable();
    for groups in &ordered {
        let (w, b) = (f64::from(groups[0]), f64::from(groups[1]));
        both += w * b;
        spread += w * b * (w + b);
        white += w;
        black += b;
    }
    let p = both / (white * black);
    // Linearised: the sum of both samples' shares in the other.
    let error = libm::sqrt(spread / (white * white * black * black) * tally.surname_tops[2][1].clumping());
    rows.push(Row {
        figure: "a white and a Black person have the same surname".into(),
        population: "white and Black, 2010".into(),
        source: CENSUS,
        kind: Kind::Fitted,
        published: 9.542e-4,
        simulated: p,
        interval: Some((p - Z95 * error, p + Z95 * error)),
        tolerance: Tolerance::Share(0.15),
    });
}

fn given_names(tally: &Tally, tops: &Tops, rows: &mut Vec<Row>) {
    // Σ p² and the shares of the top 10, 100 and 1,000, by sex and decade from the 1940s to the 2010s.
    const PUBLISHED: [[[f64; 4]; 8]; 2] = [
        [
            [0.00978, 0.2395, 0.6732, 0.9515],
            [0.00791, 0.2129, 0.6481, 0.9460],
            [0.00551, 0.1511, 0.5913, 0.9271],
            [0.00541, 0.1647, 0.5358, 0.8791],
            [0.00550, 0.1713, 0.5387, 0.8587],
            [0.00343, 0.1208, 0.4697, 0.8159],
            [0.00212, 0.0872, 0.3723, 0.7582],
            [0.00179, 0.0831, 0.3298, 0.7345],
        ],
        [
            [0.01631, 0.3397, 0.7662, 0.9721],
            [0.01447, 0.3168, 0.7636, 0.9752],
            [0.01270, 0.2846, 0.7350, 0.9718],
            [0.01047, 0.2555, 0.6963, 0.9507],
            [0.00924, 0.2222, 0.6894, 0.9392],
            [0.00601, 0.1615, 0.6023, 0.9081],
            [0.00364, 0.1092, 0.5099, 0.8645],
            [0.00259, 0.0825, 0.4347, 0.8354],
        ],
    ];
    for (s, sex) in Sex::ALL.into_iter().enumerate() {
        for (decade, published) in PUBLISHED[s].into_iter().enumerate() {
            let cohort = s * 8 + decade;
            let population = format!("{}, born {}s", sex.name(), 1940 + 10 * decade);
            let counts = &tally.given[cohort];
            rows.push(Row {
                figure: "two people have the same given name".into(),
                population: population.clone(),
                source: BIRTHS,
                kind: Kind::Input,
                published: published[0],
                tolerance: Tolerance::Share(0.10),
                ..coincidence(counts.values().map(|&n| u64::from(n)), 1.0, (0, 0))
            });
            for (i, n) in TOPS[..3].iter().enumerate() {
                let all: u64 = counts.values().map(|&n| u64::from(n)).sum();
                let top: u64 =
                    tops.given[cohort][i].iter().map(|name| u64::from(counts.get(name).copied().unwrap_or(0))).sum();
                rows.push(Row {
                    figure: format!("share of the {} most common given names", thousands(*n)),
                    population: population.clone(),
                    source: BIRTHS,
                    kind: Kind::Input,
                    published: published[i + 1],
                    tolerance: Tolerance::Share(0.10),
                    ..share(top, all)
                });
            }
        }
    }
    debug_assert_eq!(COHORTS, 16);
}

fn birthdays(tally: &Tally, rows: &mut Vec<Row>) {
    let adults = "adults";
    let same = coincidence(tally.adults_born.values().map(|&n| u64::from(n)), 1.0, (0, 0));
    let p = same.simulated;
    let (low, high) = same.interval.unwrap_or((p, p));
    rows.push(Row {
        figure: "two people have the same date of birth: one pair in so many".into(),
        population: adults.into(),
        source: "implied by McDonald & Levitt 2008 (180 and 460 people)",
        kind: Kind::Fitted,
        published: 22_800.0,
        simulated: 1.0 / p,
        interval: Some((1.0 / high, 1.0 / low)),
        tolerance: Tolerance::Share(0.05),
    });
    for (people, published) in [(180.0, 0.50), (460.0, 0.99)] {
        let some = |p: f64| 1.0 - libm::exp(people * (people - 1.0) / 2.0 * libm::log1p(-p));
        rows.push(Row {
            figure: format!("two of {people} people have the same date of birth"),
            population: adults.into(),
            source: "McDonald & Levitt 2008",
            kind: Kind::Predicted,
            published,
            simulated: some(p),
            interval: Some((some(low), some(high))),
            tolerance: Tolerance::Share(0.05),
        });
    }
    let mean_day = 1.0 / 365.25;
    rows.push(Row {
        figure: "births on 1 January, over a mean day".into(),
        population: "all".into(),
        source: DAYS,
        kind: Kind::Input,
        published: 0.70,
        tolerance: Tolerance::Within(0.03),
        ..scaled(share(tally.new_year, tally.people), 1.0 / mean_day)
    });
}

fn compound_names(compound: &[Compound; 6], rows: &mut Vec<Row>) {
    const HYPHENS: [f64; 6] = [0.00474, 0.01326, 0.06842, 0.00682, 0.00685, 0.01791];
    const SPACES: [f64; 6] = [0.00347, 0.00410, 0.12807, 0.00860, 0.00408, 0.02004];
    for (group, figures) in Group::ALL.into_iter().zip(compound) {
        let i = group as usize;
        for (what, published, ratio) in
            [("a hyphen", HYPHENS[i], &figures.hyphen), ("a space", SPACES[i], &figures.space)]
        {
            rows.push(Row {
                figure: format!("surnames with {what}"),
                population: format!("{}, adults", group.name()),
                source: VOTER_FILE,
                kind: Kind::Fitted,
                published,
                tolerance: Tolerance::Share(0.10),
                ..ratio.row(1.0)
            });
        }
    }
}

fn families(tally: &Tally, rows: &mut Vec<Row>) {
    let Marriages { took, kept, hyphenated, hispanic_kept, kept_under_50, kept_from_50 } = &tally.marriages;
    let points = Tolerance::Within(0.02);
    for (figure, population, kind, published, tolerance, ratio) in [
        ("wives who took the husband's name", "wives", Kind::Fitted, 0.79, points, took),
        ("wives who kept their name", "wives", Kind::Fitted, 0.14, points, kept),
        ("wives who hyphenated", "wives", Kind::Fitted, 0.05, points, hyphenated),
        ("wives who kept their name", "Hispanic wives", Kind::Input, 0.30, points, hispanic_kept),
        ("wives who kept their name", "wives under 50", Kind::Fitted, 0.20, Tolerance::Reported, kept_under_50),
        ("wives who kept their name", "wives from 50", Kind::Fitted, 0.09, Tolerance::Reported, kept_from_50),
    ] {
        rows.push(Row {
            figure: figure.into(),
            population: population.into(),
            source: PEW,
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
            source: "National Center for Health Statistics",
            kind: Kind::Fitted,
            published,
            tolerance: Tolerance::Share(0.05),
            ..ratio.row(1_000.0)
        });
    }
    rows.push(Row {
        figure: "sons with the father's name".into(),
        population: "boys with their father at home".into(),
        source: "vital statistics of four states, 1980-1994",
        kind: Kind::Input,
        published: 0.03,
        tolerance: Tolerance::Between(0.02, 0.05),
        ..tally.juniors.row(1.0)
    });
}

fn homes(tally: &Tally, rows: &mut Vec<Row>) {
    let [one, two, mean] = &tally.sizes;
    for (figure, published, tolerance, ratio) in [
        ("households of one", 0.289, Tolerance::Within(0.015), one),
        ("households of two", 0.346, Tolerance::Within(0.015), two),
        ("mean household size", 2.51, Tolerance::Share(0.03), mean),
    ] {
        rows.push(Row {
            figure: figure.into(),
            population: "households, 2022-2024".into(),
            source: CPS,
            kind: Kind::Input,
            published,
            tolerance,
            ..ratio.row(1.0)
        });
    }
    rows.push(Row {
        figure: "dwellings in buildings of several".into(),
        population: "dwellings, 2000".into(),
        source: "Census 2000, units in structure",
        kind: Kind::Fitted,
        published: 0.263,
        tolerance: Tolerance::Within(0.02),
        ..tally.units.row(1.0)
    });
    rows.push(Row {
        figure: "people in group quarters".into(),
        population: "all".into(),
        source: "pseudopeople, concept model",
        kind: Kind::Input,
        published: 0.03,
        tolerance: Tolerance::Reported,
        ..tally.group_quarters.row(1.0)
    });
}

/// How many states a country has, the last perhaps cut short.
fn states(country: &Population) -> u32 {
    country.places().state_of(country.blocks().saturating_sub(1)) + 1
}

/// With fewer states than this, moves of the published distances are not to be had, and nothing is claimed for them.
const STATES_TO_MOVE_BETWEEN: u32 = 5;

fn moves(tally: &Tally, states: u32, rows: &mut Vec<Row>) {
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
            source: CPS,
            kind: Kind::Input,
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
            source: "American Community Survey 2016-20, as processed by pseudopeople",
            kind: Kind::Fitted,
            published: band.rate / mean,
            tolerance: Tolerance::Share(0.10),
            ..ratio.row(1.0 / moved)
        });
    }
    for (figure, published, ratio) in [
        ("at the same address after one year", 0.916, &tally.stayed[0]),
        ("at the same address after ten years", libm::pow(0.916, 10.0), &tally.stayed[1]),
    ] {
        rows.push(Row {
            figure: figure.into(),
            population: "householders".into(),
            source: "the yearly rate of the survey; for ten years, if all moved alike and independently",
            kind: Kind::Predicted,
            published,
            tolerance: Tolerance::Reported,
            ..ratio.row(1.0)
        });
    }
}

/// How many people are the only ones of their sex and date of birth in their postal area.
fn zips(country: &Population, watch: Watch<'_>, rows: &mut Vec<Row>) {
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
    let row = unique.row(1.0);
    for (published, who, tolerance) in [
        (0.63, "2000 (Golle 2006)", Tolerance::Between(0.61, 0.87)),
        (0.87, "1990 (Sweeney 2000)", Tolerance::Between(0.61, 0.87)),
    ] {
        rows.push(Row {
            figure: "unique by postal code, sex and date of birth".into(),
            population: format!("all, {who}"),
            source: "Golle 2006; Sweeney 2000",
            kind: Kind::Predicted,
            published,
            tolerance,
            ..row.clone()
        });
    }
}

/// The rows whose figures depend on the size of the nation.
fn whole_nation(nation: &Population, watch: Watch<'_>, rows: &mut Vec<Row>) {
    const ALL: u64 = u64::MAX;
    const BORNE: [(u64, u64, &str, f64, Tolerance); 11] = [
        (10, 24, "10 to 24", 354_912.0, Tolerance::Share(0.10)),
        (25, 49, "25 to 49", 177_884.0, Tolerance::Share(0.10)),
        (50, 99, "50 to 99", 114_079.0, Tolerance::Share(0.10)),
        (100, ALL, "100 or more", 162_253.0, Tolerance::Share(0.10)),
        (1_000, ALL, "1,000 or more", 24_889.0, Tolerance::Share(0.10)),
        (10_000, ALL, "10,000 or more", 3_567.0, Tolerance::Share(0.10)),
        (100_000, ALL, "100,000 or more", 314.0, Tolerance::Share(0.10)),
        (1, 1, "one", 3_899_864.0, Tolerance::Reported),
        (2, 4, "2 to 4", 1_165_587.0, Tolerance::Reported),
        (5, 9, "5 to 9", 424_454.0, Tolerance::Reported),
        (1, ALL, "any", 6_299_033.0, Tolerance::Reported),
    ];
    let counted = tally::Nation::count(nation, VOTERS, watch);
    let scale = NATION as f64 / nation.people() as f64;
    for (from, to, what, published, tolerance) in BORNE {
        let names = counted.borne.iter().filter(|&&n| u64::from(n) >= from && u64::from(n) <= to).count();
        rows.push(Row {
            figure: format!("surnames borne {what} times"),
            population: "all, 295 million, 2010".into(),
            source: CENSUS,
            kind: Kind::Fitted,
            published,
            simulated: names as f64,
            interval: None,
            // A count of names does not scale with the country, so at any other size nothing is claimed.
            tolerance: if scale == 1.0 { tolerance } else { Tolerance::Reported },
        });
    }
    for (published, source) in [
        (3.0e6, "Goel et al. 2020: votes of 2012, errors of the file included"),
        (1.06e6, "expected within sex and birth year if first and last names were independent"),
    ] {
        rows.push(Row {
            figure: "pairs with the same first name, last name and date of birth".into(),
            population: format!("{:.1} million voters", counted.voters as f64 / 1e6),
            source,
            kind: Kind::Predicted,
            published,
            simulated: counted.pairs as f64,
            interval: None,
            tolerance: Tolerance::Reported,
        });
    }
}

/// A row whose figure is the chance that two people drawn from these counts are alike, Σ n(n−1) / N(N−1), without the
/// pairs of one block, most of whom are kin. The interval is that of the linearised variance, 4(Σp³ − (Σp²)²)/N, times
/// how much people of one block clump.
fn coincidence(counts: impl Iterator<Item = u64>, clumping: f64, same_block: (u64, u64)) -> Row {
    let (mut people, mut pairs, mut triples) = (0_u64, 0_u128, 0_u128);
    for n in counts {
        people += n;
        pairs += u128::from(n) * u128::from(n.saturating_sub(1));
        triples += u128::from(n).pow(3);
    }
    let n = people as f64;
    let (same, within) = same_block;
    let p = (pairs as f64 - same as f64).max(0.0) / (n * (n - 1.0) - within as f64);
    let variance = 4.0 * (triples as f64 / (n * n * n) - p * p).max(0.0) / n * clumping + 2.0 * p / (n * n);
    sampled(p, libm::sqrt(variance))
}

/// 10 to 10,000 as people write them.
fn thousands(n: u32) -> String {
    if n < 1_000 { n.to_string() } else { format!("{},{:03}", n / 1_000, n % 1_000) }
}

fn share(hits: u64, trials: u64) -> Row {
    let p = hits as f64 / trials as f64;
    sampled(p, libm::sqrt(p * (1.0 - p) / trials as f64))
}

/// A row that lacks everything but the simulated figure and its interval.
fn sampled(simulated: f64, error: f64) -> Row {
    Row {
        figure: String::new(),
        population: String::new(),
        source: "",
        kind: Kind::Predicted,
        published: f64::NAN,
        simulated,
        interval: Some((simulated - Z95 * error, simulated + Z95 * error)),
        tolerance: Tolerance::Reported,
    }
}

fn scaled(row: Row, by: f64) -> Row {
    Row { simulated: row.simulated * by, interval: row.interval.map(|(low, high)| (low * by, high * by)), ..row }
}
/// How many of the figures on the documented page hold, of those for which a tolerance is claimed.
///
/// The page is what `namesake validate` printed; `docs/validation.md` says for which country.
pub fn documented() -> (u64, u64) {
    let page = include_str!("../docs/validation.md");
    let verdicts = || page.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").nth(6));
    let count = |verdict: &str| verdicts().filter(|cell| cell.starts_with(verdict)).count() as u64;
    let (hold, out) = (count(Verdict::Holds.name()), count(Verdict::Out.name()));
    (hold, hold + out)
}
