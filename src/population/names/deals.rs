//! Deals of the ranks of each group to names: tables of chosen and fitted values, and the curve each gives.

use super::curve::Curve;
use super::{group_index, numbers, tradition};
use crate::population::Group;

/// People of a small tradition who bear one of its listed surnames; the others bear one of the group. Assumed.
pub(super) const OWN_LIST: f64 = 0.85;

/// The styles of surnames, in the order of their pools.
pub(super) const STYLES: [&str; 13] = [
    "british",
    "germanic",
    "slavic",
    "italian",
    "southern",
    "african",
    "creole",
    "spanish",
    "south_asian",
    "japanese",
    "southeast_asian",
    "pacific",
    "native",
];

/// Shares of people with a surname by group in 2010, in the order of [`super::GROUPS`] (Comenetz 2016, table 4).
pub(super) const GROUP_SHARES: [f64; 6] = [0.643, 0.120, 0.163, 0.049, 0.007, 0.018];

/// The lists of common surnames.
pub(super) const LISTS: [&str; 5] = [
    include_str!("../../../synthetic-data/names/surnames-american.csv"),
    include_str!("../../../synthetic-data/names/surnames-black.csv"),
    include_str!("../../../synthetic-data/names/surnames-spanish.csv"),
    include_str!("../../../synthetic-data/names/surnames-asian.csv"),
    include_str!("../../../synthetic-data/names/surnames-native.csv"),
];
const AMERICAN: usize = 0;
const BLACK: usize = 1;
pub(super) const SPANISH: usize = 2;
const ASIAN: usize = 3;
const NATIVE: usize = 4;

/// A source enters a group's head at rank `from` and takes every `step`-th place.
pub(super) struct Entry {
    pub source: Source,
    pub from: f64,
    pub step: f64,
}

/// The source of names.
#[derive(Clone, Copy)]
pub(super) enum Source {
    List(usize),
    Style(&'static str),
}

const fn list(list: usize, from: f64, step: f64) -> Entry {
    Entry { source: Source::List(list), from, step }
}

const fn style(name: &'static str, from: f64, step: f64) -> Entry {
    Entry { source: Source::Style(name), from, step }
}

/// The deal of a group's ranks.
pub(super) struct Deal {
    pub group: Group,
    pub head: &'static [Entry],
    pub rota: &'static [(&'static str, u32)],
    /// The last published rank that is used; beyond it the file is silent about names of fewer than 100 people.
    pub published_to: f64,
    /// The end of the curve, or `None` for the national tail scaled to the group.
    pub tail: Option<&'static [(f64, f64)]>,
}

pub(super) const DEALS: [Deal; 6] = [
    Deal {
        group: Group::White,
        head: &[
            list(AMERICAN, 1.0, 1.0),
            list(SPANISH, 330.0, 20.0),
            list(ASIAN, 1200.0, 60.0),
            list(BLACK, 600.0, 12.0),
            list(NATIVE, 4000.0, 100.0),
            style("british", 500.0, 3.0),
            style("germanic", 700.0, 5.0),
            style("slavic", 1500.0, 9.0),
            style("italian", 1300.0, 9.0),
            style("southern", 2500.0, 40.0),
            style("spanish", 2500.0, 60.0),
        ],
        rota: &[("british", 13), ("germanic", 8), ("slavic", 5), ("italian", 4), ("southern", 1), ("spanish", 1)],
        published_to: 100_000.0,
        tail: None,
    },
    Deal {
        group: Group::Black,
        head: &[
            list(BLACK, 1.0, 1.0),
            list(AMERICAN, 60.0, 1.5),
            list(SPANISH, 450.0, 25.0),
            list(ASIAN, 500.0, 40.0),
            style("british", 600.0, 2.0),
            style("germanic", 1200.0, 14.0),
            style("southern", 700.0, 8.0),
            style("african", 900.0, 5.0),
            style("creole", 900.0, 8.0),
        ],
        rota: &[("british", 14), ("southern", 4), ("african", 8), ("creole", 4), ("germanic", 1), ("spanish", 1)],
        published_to: 20_000.0,
        tail: None,
    },
    Deal {
        group: Group::Hispanic,
        head: &[
            list(SPANISH, 1.0, 1.0),
            list(AMERICAN, 140.0, 16.0),
            list(BLACK, 200.0, 40.0),
            list(ASIAN, 900.0, 40.0),
            style("spanish", 350.0, 1.3),
            style("british", 1200.0, 10.0),
            style("italian", 1200.0, 12.0),
            style("germanic", 1500.0, 15.0),
        ],
        rota: &[("spanish", 27), ("italian", 2), ("british", 2), ("germanic", 1)],
        published_to: 20_000.0,
        tail: None,
    },
    Deal {
        group: Group::AsianPacific,
        head: &[
            list(ASIAN, 1.0, 1.0),
            list(AMERICAN, 130.0, 10.0),
            list(SPANISH, 165.0, 15.0),
            list(BLACK, 400.0, 60.0),
            style("south_asian", 350.0, 4.0),
            style("southeast_asian", 400.0, 5.0),
            style("japanese", 350.0, 8.0),
            style("pacific", 500.0, 12.0),
            style("british", 900.0, 5.0),
            style("spanish", 1500.0, 12.0),
        ],
        rota: &[
            ("south_asian", 10),
            ("southeast_asian", 5),
            ("japanese", 1),
            ("pacific", 2),
            ("spanish", 3),
            ("british", 11),
        ],
        published_to: 10_000.0,
        tail: None,
    },
    Deal {
        group: Group::Native,
        head: &[
            list(AMERICAN, 1.0, 1.6),
            list(BLACK, 1.0, 4.0),
            list(NATIVE, 3.0, 6.0),
            list(SPANISH, 45.0, 10.0),
            style("british", 900.0, 2.5),
            style("germanic", 1500.0, 12.0),
            style("southern", 2000.0, 20.0),
            style("native", 900.0, 6.0),
            style("spanish", 1500.0, 8.0),
        ],
        rota: &[("british", 20), ("germanic", 4), ("native", 2), ("spanish", 4), ("southern", 2)],
        published_to: 20_000.0,
        tail: Some(&[(200_000.0, 0.97), (600_000.0, 1.0)]),
    },
    Deal {
        group: Group::TwoOrMore,
        head: &[
            list(AMERICAN, 1.0, 1.3),
            list(BLACK, 1.0, 2.2),
            list(SPANISH, 190.0, 16.0),
            list(ASIAN, 40.0, 12.0),
            list(NATIVE, 800.0, 60.0),
            style("british", 700.0, 3.0),
            style("germanic", 1000.0, 7.0),
            style("slavic", 2000.0, 14.0),
            style("italian", 2000.0, 14.0),
            style("african", 1500.0, 15.0),
            style("southern", 2000.0, 30.0),
            style("spanish", 1500.0, 15.0),
            style("south_asian", 2000.0, 20.0),
            style("southeast_asian", 2000.0, 30.0),
            style("pacific", 2000.0, 60.0),
            style("japanese", 2000.0, 40.0),
        ],
        rota: &[
            ("british", 12),
            ("germanic", 6),
            ("slavic", 4),
            ("italian", 3),
            ("african", 2),
            ("southern", 1),
            ("spanish", 3),
            ("south_asian", 1),
        ],
        published_to: 50_000.0,
        tail: Some(&[(100_000.0, 0.869), (500_000.0, 0.95), (3_000_000.0, 1.0)]),
    },
];

/// The national tail beyond the names of about 100 bearers: names and shares of people, both counted from there. Fitted,
/// with [`WHITE_TAIL_FROM`] and [`TAIL_SHARE`], to how many names are borne 2 to 4, 5 to 9, 10 to 24, 25 to 49, 50 to 99
/// and 100 times or more (Comenetz 2016, table 1) when bearers come in families and two surnames in one are a name
/// (`docs/model.md`, *Names*): a name's count then spreads further about its mean than independent bearers' would, so
/// the curve falls faster than the published counts.
const TAIL: [(f64, f64); 6] = [
    (77_600.0, 5_809_000.0),
    (280_200.0, 14_211_000.0),
    (484_000.0, 17_996_000.0),
    (905_300.0, 22_287_000.0),
    (1_752_700.0, 22_772_000.0),
    (18_435_600.0, 26_371_000.0),
];

/// The share of the country that the groups' tails make together. It is less than the 9.94 % of people whose name fewer
/// than 100 bear (Comenetz 2016, table 1), because these bear two surnames in one or a listed one of a small tradition
/// besides, which are no part of a tail.
const TAIL_SHARE: f64 = 0.089_4;

/// The start of the tail of the white curve: rank and share.
const WHITE_TAIL_FROM: (f64, f64) = (130_000.0, 0.900_4);

/// The curve of each deal.
pub(super) fn curves() -> impl Iterator<Item = Curve> {
    DEALS.iter().zip(published_shares()).map(|(deal, published)| Curve::through(&points(deal, &published)))
}

/// The published points of each group: rank and share.
fn published_shares() -> Vec<Vec<(f64, f64)>> {
    let mut shares = vec![Vec::new(); DEALS.len()];
    let text = include_str!("../../../synthetic-data/names/surname-shares.csv");
    for (group, values) in numbers::<2>(text, 1) {
        let index =
            ["white", "black", "hispanic", "api", "aian", "two_or_more"].iter().position(|&name| name == group[0]);
        if let Some(index) = index {
            shares[index].push((values[0], values[1]));
        }
    }
    shares
}

/// Share of Hispanic people whom the census of 2010 has under two surnames in one, each a name of its own there. Derived: of
/// the pairs of the 25 most common surnames (López García, Pérez García, …) there are as many as this share gives.
pub const COMPOUND_IN_CENSUS: f64 = 0.073;

/// Share of a group that the census has under two surnames in one.
pub(super) fn compound_in_census(group: Group) -> f64 {
    if group == Group::Hispanic { COMPOUND_IN_CENSUS } else { 0.0 }
}

/// Share of a group that draws from its curve: all but those who bear a listed surname of a small tradition.
pub(super) fn of_curve(group: Group) -> f64 {
    let kinds = tradition::shares(group).iter().enumerate().filter(|(_, kind)| kind.0.has_own_list());
    1.0 - kinds.map(|(place, _)| OWN_LIST * tradition::share_of_all(group, place)).sum::<f64>()
}

/// The points of a group's curve: published ones, then the tail.
fn points(deal: &Deal, published: &[(f64, f64)]) -> Vec<(f64, f64)> {
    // The published curve counts in its tail the listed surnames of small traditions and two surnames in one, which are
    // drawn one by one.
    let with_one = of_curve(deal.group) * (1.0 - compound_in_census(deal.group));
    let published = published.iter().filter(|point| point.0 <= deal.published_to);
    let mut points: Vec<(f64, f64)> = published.map(|&(names, share)| (names, share / with_one)).collect();
    if let Some(tail) = deal.tail {
        points.extend(tail);
        return points;
    }
    let mut last = points[points.len() - 1];
    if deal.group == Group::White {
        // Here the curve has come down to 100 bearers of a name in the country, where the national tail begins.
        last = (WHITE_TAIL_FROM.0, WHITE_TAIL_FROM.1 / with_one);
        points.push(last);
    }
    let rest = 1.0 - last.1;
    let (_, people) = TAIL[TAIL.len() - 1];
    let scale = GROUP_SHARES[group_index(deal.group)] * rest / TAIL_SHARE;
    points.extend(TAIL.iter().map(|&(names, persons)| (last.0 + names * scale, last.1 + rest * persons / people)));
    // The last sum is 1 up to rounding, and must be 1.
    if let Some(end) = points.last_mut() {
        end.1 = 1.0;
    }
    points
}

/// The place of a style in [`STYLES`].
pub(super) fn style_index(name: &str) -> usize {
    STYLES.iter().position(|&style| style == name).expect("a style is named in STYLES")
}
