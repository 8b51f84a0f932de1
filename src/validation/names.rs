//! Rows about names: how common surnames and given names are, in how many parts they are written, who shares them.

use super::tally::{self, COHORTS, Compound, SCOPES, TOPS, Tally, Tops};
use super::{FigureOrigin, NATION, Row, Tolerance, coincidence, share};
use crate::parallel::Watch;
use crate::population::names::{COMPOUND_IN_CENSUS, LISTED_BIRTHS};
use crate::population::{Group, Population, Sex};
use crate::stats::Z95;
use std::borrow::Cow;

const CENSUS: &str = "Comenetz 2016, 2010 census surnames";
const BIRTHS: &str = "Social Security Administration, lists of births";
const VOTER_FILE: &str = "North Carolina voter file 2022, as computed by pseudopeople";

/// Voters of 2012, over the people of [`NATION`].
const VOTERS: f64 = 129_100_000.0;

pub(super) fn surnames(tally: &Tally, rows: &mut Vec<Row>) {
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
        // The census has two surnames of one person as a name of its own; here first surnames are counted.
        let (with_one, because) = match *name {
            "Hispanic" => (
                1.0 - COMPOUND_IN_CENSUS,
                "Published of all names; here of first surnames: people with two in one are taken out of the census.",
            ),
            _ => (1.0, ""),
        };
        rows.push(Row {
            figure: "two people have the same surname".into(),
            population: format!("{name}, 2010"),
            source: CENSUS.into(),
            kind: FigureOrigin::Input,
            published: SQUARES[scope] / (with_one * with_one),
            tolerance: Tolerance::Share(0.05),
            because: because.into(),
            ..coincidence(counts.into_iter(), clumping, tally.same_block_pairs[scope])
        });
        for (i, n) in TOPS.iter().enumerate() {
            rows.push(Row {
                figure: format!("share of the {} most common surnames", thousands(*n)),
                population: format!("{name}, 2010"),
                source: CENSUS.into(),
                kind: FigureOrigin::Input,
                published: SHARES[scope][i] / with_one,
                because: because.into(),
                tolerance: Tolerance::Share(0.05),
                ..tally.surname_tops[scope][i].row(1.0)
            });
        }
    }
    let (mut both, mut white, mut black, mut spread) = (0.0, 0.0, 0.0, 0.0);
    let mut ordered: Vec<tally::ByScope> = tally.surnames.values().copied().collect();
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
        source: CENSUS.into(),
        kind: FigureOrigin::Fitted,
        published: 9.542e-4,
        simulated: p,
        interval: Some((p - Z95 * error, p + Z95 * error)),
        tolerance: Tolerance::Share(0.15),
        because: Cow::Borrowed(""),
    });
}

pub(super) fn given_names(tally: &Tally, tops: &Tops, rows: &mut Vec<Row>) {
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
            let listed = LISTED_BIRTHS[s][decade];
            let population = format!("{}, born here in the {}s", sex.name(), 1940 + 10 * decade);
            let counts = &tally.given[cohort];
            rows.push(Row {
                figure: "two people have the same given name".into(),
                population: population.clone(),
                source: BIRTHS.into(),
                kind: FigureOrigin::Input,
                published: published[0] * listed * listed,
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
                    source: BIRTHS.into(),
                    kind: FigureOrigin::Input,
                    published: published[i + 1] * listed,
                    tolerance: Tolerance::Share(0.10),
                    ..share(top, all)
                });
            }
        }
    }
    debug_assert_eq!(COHORTS, 16);
}

pub(super) fn compound_names(compound: &[Compound; 6], rows: &mut Vec<Row>) {
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
                source: VOTER_FILE.into(),
                kind: FigureOrigin::Fitted,
                published,
                tolerance: Tolerance::Share(0.10),
                ..ratio.row(1.0)
            });
        }
    }
}

/// The rows whose figures depend on the size of the nation.
pub(super) fn whole_nation(nation: &Population, compound: &[Compound; 6], watch: Watch<'_>, rows: &mut Vec<Row>) {
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
    let hispanic = &compound[Group::Hispanic as usize];
    let with_two = hispanic.hyphen.value() + hispanic.space.value();
    let in_one = if with_two > 0.0 { COMPOUND_IN_CENSUS / with_two } else { 0.0 };
    let counted = tally::Nation::count(nation, VOTERS, in_one, watch);
    let scale = NATION as f64 / nation.people() as f64;
    for (from, to, what, published, tolerance) in BORNE {
        let names = counted.borne.iter().filter(|&&n| u64::from(n) >= from && u64::from(n) <= to).count();
        rows.push(Row {
            figure: format!("surnames borne {what} times"),
            population: "all, 295 million, 2010".into(),
            source: CENSUS.into(),
            kind: FigureOrigin::Fitted,
            published,
            simulated: names as f64,
            interval: None,
            // A count of names does not scale with the country, so at any other size nothing is claimed.
            tolerance: if scale == 1.0 { tolerance } else { Tolerance::Reported },
            because: Cow::Borrowed(""),
        });
    }
    for (published, source) in [
        (3.0e6, "Goel et al. 2020: votes of 2012, errors of the file included"),
        (1.06e6, "expected within sex and birth year if first and last names were independent"),
    ] {
        rows.push(Row {
            figure: "pairs with the same first name, last name and date of birth".into(),
            population: format!("{:.1} million voters", counted.voters as f64 / 1e6),
            source: source.into(),
            kind: FigureOrigin::Predicted,
            published,
            simulated: counted.pairs as f64,
            interval: None,
            tolerance: Tolerance::Reported,
            because:
                "Whoever shares a name and a birth date on the real file is a stranger, a double registration or a \
                      default date, in shares nobody knows; and our voters are an equal share of all adults."
                    .into(),
        });
    }
}

/// 10 to 10,000 as people write them.
fn thousands(n: u32) -> String {
    if n < 1_000 { n.to_string() } else { format!("{},{:03}", n / 1_000, n % 1_000) }
}
