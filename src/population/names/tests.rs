//! Tests of the names: published shares, coincidences and counts, distinct texts, stable draws.

use super::*;
use crate::population::Population;
use crate::population::places::PEOPLE_PER_BLOCK;
use crate::population::tests::config;
use crate::random::{Decision, Seed};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use unicode_normalization::is_nfc;

static NAMES: LazyLock<Names> = LazyLock::new(Names::new);

/// Persons with a surname in the 2010 census (Comenetz 2016, table 1).
const PEOPLE: f64 = 294_979_229.0;

/// The shares of one, two, … bearers of a rare surname in a block, who are kin: as the country has them, by the test below.
const FAMILIES: [f64; 16] = [
    0.5340, 0.2109, 0.0962, 0.0715, 0.0395, 0.0223, 0.0117, 0.0076, 0.0025, 0.0014, 0.0010, 0.0003, 0.0004, 0.0003,
    0.0002, 0.0002,
];

/// Share of a group that the census has under one surname.
fn with_one(group: Group) -> f64 {
    1.0 - deals::compound_in_census(group)
}

fn assert_within(what: &str, value: f64, published: f64, tolerance: f64) {
    assert!((value / published - 1.0).abs() < tolerance, "{what}: {value} against {published}");
}

fn surname(code: SurnameCode) -> String {
    let mut text = String::new();
    NAMES.write_surname(code, &mut text);
    text
}

fn given(code: GivenCode) -> String {
    let mut text = String::new();
    NAMES.write_given(code, &mut text);
    text
}

fn assert_plausible(name: &str) {
    assert!(is_nfc(name) && name.chars().count() >= 2, "{name}");
    assert!(name.chars().next().is_some_and(char::is_uppercase), "{name}");
    assert!(name.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '\'')), "{name}");
}

#[test]
fn different_surname_codes_are_different_names_also_without_their_accents() {
    let mut seen = BTreeSet::new();
    let mut check = |code| {
        let name = surname(SurnameCode(code));
        assert_plausible(&name);
        assert!(seen.insert(folded(&name)), "{name} is written twice");
    };
    (0..NAMES.surnames.len() as u32).for_each(&mut check);
    for (style, parts) in NAMES.surname_styles.iter().enumerate() {
        let capacity = parts.capacity(0).min(1 << 28) as u32;
        let pool = (style as u32 + 1) << 28;
        // All near ones, and of the deep ones one at regular intervals, to the last.
        (0..23_000).for_each(|index| check(pool + index));
        (1..=2_000).for_each(|i| check(pool + 23_000 + (u64::from(capacity - 23_001) * i / 2_000) as u32));
    }
    assert!(seen.len() > 300_000);
}

#[test]
fn different_given_name_codes_are_different_names() {
    let mut seen = BTreeSet::new();
    let mut check = |code| {
        let name = given(GivenCode(code));
        assert_plausible(&name);
        assert!(seen.insert(folded(&name)), "{name} is written twice");
    };
    (0..NAMES.given_names.len() as u32).for_each(&mut check);
    for pool in 0..2 * given::STYLES.len() {
        // As many names as a curve of names beyond the table has.
        let used = if pool / 2 < 3 { 100_000 } else { 3_000 };
        assert!(NAMES.given_styles[pool / 2].capacity(pool % 2) >= used, "{}", given::STYLES[pool / 2]);
        (0..used.min(12_000) as u32).for_each(|index| check(given::pooled(pool, index)));
        (12_000..used as u32).step_by(89).for_each(|index| check(given::pooled(pool, index)));
    }
}

#[test]
fn parts_can_be_read_in_one_way_only() {
    Style::assert_readable(&NAMES.surname_styles);
    Style::assert_readable(&NAMES.given_styles);
}

#[test]
fn names_are_written_with_their_accents() {
    let has = |table: &Table, name: &str| table.names.contains(&name);
    for name in ["Smith", "O'Brien", "McDonald", "García", "Núñez", "De la Cruz", "Nguyen", "Begay"] {
        assert!(has(&NAMES.surnames, name), "{name}");
    }
    for name in ["Mary", "José", "Jesús", "Sofia", "DeShawn", "Priya"] {
        assert!(has(&NAMES.given_names, name), "{name}");
    }
}

#[test]
fn surnames_of_each_group_have_the_published_concentration() {
    // Σ p² and the shares of the top 10, 100, 1,000 and 10,000, computed from the 2010 census file.
    let published = [
        (Group::White, 4.644e-4, [0.0452, 0.1500, 0.3728, 0.6553]),
        (Group::Black, 2.723e-3, [0.1296, 0.3453, 0.6484, 0.8730]),
        (Group::Hispanic, 3.972e-3, [0.1627, 0.4182, 0.7056, 0.8547]),
        (Group::AsianPacific, 3.032e-3, [0.1351, 0.3399, 0.5697, 0.7625]),
        (Group::Native, 9.881e-4, [0.0698, 0.2276, 0.5060, 0.8084]),
        (Group::TwoOrMore, 8.052e-4, [0.0638, 0.1975, 0.4315, 0.6987]),
    ];
    let coincidences = NAMES.coincidences();
    for (i, (group, square, tops)) in published.into_iter().enumerate() {
        let one = with_one(group);
        assert_within(&format!("{group:?} Σp²"), coincidences[i][i], square / (one * one), 0.05);
        for (n, share) in [10, 100, 1_000, 10_000].into_iter().zip(tops) {
            assert_within(&format!("{group:?} top {n}"), NAMES.share_of_top(group, n), share / one, 0.002);
        }
    }
}

#[test]
fn groups_share_surnames_as_published() {
    let coincidences = NAMES.coincidences();
    let [white, black, hispanic, asian, native, more] = [0, 1, 2, 3, 4, 5];
    for (a, b, published) in [
        (white, black, 9.542e-4),
        (white, hispanic, 1.218e-4),
        (white, asian, 8.83e-5),
        (white, native, 5.543e-4),
        (white, more, 5.764e-4),
        (black, hispanic, 1.810e-4),
        (black, asian, 1.926e-4),
        (black, native, 1.292e-3),
        (black, more, 1.417e-3),
        (hispanic, asian, 1.908e-4),
        (hispanic, native, 3.973e-4),
        (hispanic, more, 1.884e-4),
        (asian, more, 3.044e-4),
        (native, more, 7.498e-4),
    ] {
        let one = with_one(GROUPS[a]) * with_one(GROUPS[b]);
        assert_within(&format!("groups {a} and {b}"), coincidences[a][b], published / one, 0.17);
    }
    assert!((coincidences[white][black] / 9.542e-4 - 1.0).abs() < 0.05);
}

#[test]
fn surnames_of_the_country_have_the_published_concentration() {
    assert_within("Σp²", NAMES.national_coincidence(), 5.634e-4, 0.05);
    let tops = NAMES.national_share_of_top(&[10, 100, 1_000, 10_000]);
    for (share, published) in tops.into_iter().zip([0.0490, 0.1732, 0.4097, 0.6835]) {
        assert_within("a top share", share, published, 0.05);
    }
}

#[test]
fn as_many_surnames_are_borne_often_and_rarely_as_in_the_census() {
    let published = [
        (10..=24, 354_912.0, 0.10),
        (25..=49, 177_884.0, 0.10),
        (50..=99, 114_079.0, 0.10),
        (100..=u32::MAX, 162_253.0, 0.10),
        (1_000..=u32::MAX, 24_889.0, 0.10),
        (10_000..=u32::MAX, 3_567.0, 0.10),
        (100_000..=u32::MAX, 314.0, 0.10),
        // Names borne once are partly misspellings of the census, so neither they nor all names are fitted to it.
        (2..=4, 1_165_587.0, 0.10),
        (5..=9, 424_454.0, 0.10),
    ];
    let ranges: Vec<_> = published.iter().map(|row| row.0.clone()).collect();
    let expected = NAMES.expected_names_borne(PEOPLE, &FAMILIES, &ranges);
    for (expected, (range, names, tolerance)) in expected.into_iter().zip(published) {
        assert_within(&format!("borne {range:?} times"), expected, names, tolerance);
    }
}

#[test]
fn bearers_of_a_rare_surname_come_in_families_of_the_sizes_that_its_curve_is_fitted_to() {
    let country = Population::new(config(1_500 * PEOPLE_PER_BLOCK), Seed(11));
    let share = |code| national(&GROUPS.map(|group| NAMES.surname_probability(group, code)));
    let mut families = [0_u32; FAMILIES.len()];
    for block in (0..1_500).map(|index| country.block(index)) {
        let mut rare: Vec<SurnameCode> =
            block.people.iter().map(|person| person.surname).filter(|&code| share(code) < 1e-6).collect();
        rare.sort_unstable();
        rare.chunk_by(|a, b| a == b).for_each(|same| families[same.len().min(FAMILIES.len()) - 1] += 1);
    }
    let all = f64::from(families.iter().sum::<u32>());
    for (size, (count, expected)) in families.into_iter().zip(FAMILIES).enumerate() {
        assert!((f64::from(count) / all - expected).abs() < 0.01, "{}: {} of {all}", size + 1, count);
    }
}

#[test]
fn given_names_of_each_decade_have_the_published_concentration() {
    // Σ p² and the shares of the top 10, 100 and 1,000, computed from the lists of births.
    let published = [
        (Sex::Female, 1940, 0.00978, [0.2395, 0.6732, 0.9515]),
        (Sex::Female, 1950, 0.00791, [0.2129, 0.6481, 0.9460]),
        (Sex::Female, 1960, 0.00551, [0.1511, 0.5913, 0.9271]),
        (Sex::Female, 1970, 0.00541, [0.1647, 0.5358, 0.8791]),
        (Sex::Female, 1980, 0.00550, [0.1713, 0.5387, 0.8587]),
        (Sex::Female, 1990, 0.00343, [0.1208, 0.4697, 0.8159]),
        (Sex::Female, 2000, 0.00212, [0.0872, 0.3723, 0.7582]),
        (Sex::Female, 2010, 0.00179, [0.0831, 0.3298, 0.7345]),
        (Sex::Male, 1940, 0.01631, [0.3397, 0.7662, 0.9721]),
        (Sex::Male, 1950, 0.01447, [0.3168, 0.7636, 0.9752]),
        (Sex::Male, 1960, 0.01270, [0.2846, 0.7350, 0.9718]),
        (Sex::Male, 1970, 0.01047, [0.2555, 0.6963, 0.9507]),
        (Sex::Male, 1980, 0.00924, [0.2222, 0.6894, 0.9392]),
        (Sex::Male, 1990, 0.00601, [0.1615, 0.6023, 0.9081]),
        (Sex::Male, 2000, 0.00364, [0.1092, 0.5099, 0.8645]),
        (Sex::Male, 2010, 0.00259, [0.0825, 0.4347, 0.8354]),
    ];
    for (sex, decade, square, tops) in published {
        let years = decade..=decade + 9;
        let what = format!("{sex:?} {decade}s");
        let listed = LISTED_BIRTHS[given::sex_index(sex)][(decade as usize - 1940) / 10];
        assert_within(&what, NAMES.given_coincidence(sex, years.clone(), None), square * listed * listed, 0.10);
        for (share, published) in NAMES.given_share_of_top(sex, years, &[10, 100, 1_000]).into_iter().zip(tops) {
            assert_within(&what, share, published * listed, 0.10);
        }
    }
}

#[test]
fn what_is_drawn_is_what_the_model_says() {
    let mut stream = Seed(5).stream(Decision::named("test"), 0);
    let mut lengths = 0;
    for group in GROUPS {
        let (mut common, mut first, mut people) = (0, 0, 0);
        for _ in 0..33_000 {
            let abroad = stream.chance(tradition::BORN_ABROAD[group_index(group)]);
            let tradition = Tradition::of(group, abroad, stream.uniform());
            if tradition.has_own_list() {
                continue;
            }
            people += 1;
            let code = NAMES.surname(Origin { group, tradition, abroad }, &mut stream);
            let p = NAMES.surname_probability(group, code);
            assert!(p > 0.0, "{group:?} {}", surname(code));
            let rank = NAMES.holders[group_index(group)].rank(code.0).expect("every name of the table is there");
            assert_eq!(NAMES.holders[group_index(group)].code(rank), code.0);
            common += u32::from(rank < 100);
            first += u32::from(rank == 0);
            lengths += surname(code).chars().count();
        }
        let curve = NAMES.holders[group_index(group)].curve();
        for (count, share) in [(common, curve.share(100.0)), (first, curve.share(1.0))] {
            let n = f64::from(people);
            let deviation = (f64::from(count) - n * share) / (n * share * (1.0 - share)).sqrt();
            assert!(deviation.abs() < 4.5, "{group:?}: {count}");
        }
    }
    assert!(lengths > 0);
}

#[test]
fn given_names_drawn_coincide_as_the_model_says() {
    let mut stream = Seed(6).stream(Decision::named("test"), 0);
    for (group, sex, year) in
        [(Group::White, Sex::Male, 1955), (Group::Hispanic, Sex::Female, 1985), (Group::Black, Sex::Male, 2005)]
    {
        let mut counts: BTreeMap<GivenCode, f64> = BTreeMap::new();
        let n = 40_000.0;
        for _ in 0..40_000 {
            *counts.entry(NAMES.given(Origin::born_here(group), sex, year, &mut stream)).or_default() += 1.0;
        }
        let drawn: f64 = counts.values().map(|c| c * (c - 1.0)).sum::<f64>() / (n * (n - 1.0));
        let model = NAMES.given_coincidence(sex, year..=year, Some(group));
        assert_within(&format!("{group:?} {sex:?} {year}"), drawn, model, 0.06);
    }
}

#[test]
fn names_come_and_go() {
    let top = |sex, year, group| {
        let mut stream = Seed(8).stream(Decision::named("test"), 0);
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        for _ in 0..40_000 {
            *counts.entry(given(NAMES.given(Origin::born_here(group), sex, year, &mut stream))).or_default() += 1;
        }
        counts.into_iter().max_by_key(|(_, count)| *count).expect("every name of the table is there").0
    };
    assert_eq!(top(Sex::Female, 1945, Group::White), "Mary");
    assert_eq!(top(Sex::Female, 1975, Group::White), "Jennifer");
    assert_eq!(top(Sex::Male, 1985, Group::White), "Michael");
    assert_eq!(top(Sex::Male, 1985, Group::Hispanic), "José");
    // Beyond both ends nothing changes any more.
    let draw = |year| {
        NAMES.given(Origin::born_here(Group::Black), Sex::Female, year, &mut Seed(9).stream(Decision::named("test"), 4))
    };
    assert_eq!(draw(1890), draw(1934));
    assert_eq!(draw(2025), draw(2090));
}

#[test]
fn nicknames_are_found_by_the_formal_name() {
    assert_eq!(NAMES.nicknames("William")[0], "Bill");
    assert!(NAMES.nicknames("Jesús").contains(&"Chuy"));
    assert!(NAMES.nicknames("Zyx").is_empty());
    assert!(NAMES.nicknames.len() >= 200);
    for (name, nicknames) in &NAMES.nicknames {
        assert!(is_nfc(name) && !nicknames.is_empty() && !nicknames.contains(name), "{name}");
    }
}

#[test]
fn values_are_stable() {
    // These names are the contract: if they change, every published run changes.
    let mut drawn = String::new();
    for (i, group) in GROUPS.into_iter().enumerate() {
        let mut stream = Seed(1).stream(Decision::named("population.surname"), i as u64);
        let sex = if i % 2 == 0 { Sex::Female } else { Sex::Male };
        NAMES.write_given(NAMES.given(Origin::born_here(group), sex, 1950 + 12 * i as i32, &mut stream), &mut drawn);
        drawn.push(' ');
        NAMES.write_surname(NAMES.surname(Origin::born_here(group), &mut stream), &mut drawn);
        drawn.push_str(", ");
    }
    assert_eq!(
        drawn,
        "Linda Werreldale, Arnold Brown, Urbilbel Torres, Xiaolei Siu, Audrey Fulorwith, Finnegan Klein, "
    );
}
