//! Capture of records: the rate of each error, the people it happens to more often, and the dependence between errors.
//!
//! Every person has a hidden trait, the same for every agency: how well files capture this person. It is a standard
//! normal number *T*. An error's own luck is a uniform number *v*; the draw is *u* = Φ(√ρ·T + √(1−ρ)·Φ⁻¹(*v*)), a
//! one-factor Gaussian copula (D. X. Li (2000), J. Fixed Income 9, 43–54, used there for defaults). Whatever the
//! dependence ρ from 0 to 1, *u* is uniform, so the share of people to whom an error happens stays what it was; only
//! how errors cluster within people moves. The error is drawn when *u* is below its rate, so raising a rate only adds.

use super::Side;
use super::cell::Cell;
use super::errors::{ErrorKind, ErrorRates, ErrorRef, ErrorSet};
use crate::population::{Group, Person, PersonId, Population, Status};
use crate::random::{Decision, Seed, Stream};
use crate::record::Field;
use rustc_hash::FxHashMap;

/// The relative frequency of errors for some people against others; 1 means the rate itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Profile {
    /// Errors in names, by census category in the order of [`Group::ALL`]: how well forms fit the naming tradition.
    pub names_by_group: [f64; 6],
    /// Errors other than of format, by status in the order of [`Status::ALL`].
    pub by_status: [f64; 6],
    /// Errors other than of format, by age in the bands of [`AGES`].
    pub by_age: [f64; 5],
    /// Numbers that are another's or nobody's, of people who have none of their own.
    pub without_number: f64,
}

/// The last age in years of each age band but the last.
pub const AGES: [i32; 4] = [17, 29, 44, 64];

impl Profile {
    /// Equal capture: errors happen to all alike.
    pub const EQUAL: Profile =
        Profile { names_by_group: [1.0; 6], by_status: [1.0; 6], by_age: [1.0; 5], without_number: 1.0 };

    /// The profile scaled so that its mean over people composed so is 1 in each of its parts but the last: then a rate is that of
    /// the whole population (a little less where it is large), and equal capture has as many errors, in other places.
    /// Shares sum to 1.
    pub fn scaled(self, groups: [f64; 6], statuses: [f64; 6], ages: [f64; 5]) -> Profile {
        fn part<const N: usize>(factors: [f64; N], shares: [f64; N]) -> [f64; N] {
            let mean: f64 = factors.iter().zip(shares).map(|(factor, share)| factor * share).sum();
            if mean > 0.0 { factors.map(|factor| factor / mean) } else { factors }
        }
        Profile {
            names_by_group: part(self.names_by_group, groups),
            by_status: part(self.by_status, statuses),
            by_age: part(self.by_age, ages),
            ..self
        }
    }

    fn factor(&self, kind: ErrorKind, class: Class) -> f64 {
        if kind.row().of_format {
            return 1.0;
        }
        let names = if kind.is_of_names() { self.names_by_group[class.group] } else { 1.0 };
        let numbers = if class.without_number && is_number_of_others(kind) { self.without_number } else { 1.0 };
        names * numbers * self.by_status[class.status] * self.by_age[class.age]
    }
}

/// The rate of what happens `factor` times as often: 1 − (1 − rate)^factor. A small rate is multiplied; one of 1 stays.
fn times_as_often(rate: f64, factor: f64) -> f64 {
    if factor == 1.0 { rate } else { 1.0 - libm::pow(1.0 - rate, factor) }
}

/// Returns `true` if the error is a number that people without one work or file under; a relative's number is a slip on
/// the form.
fn is_number_of_others(kind: ErrorKind) -> bool {
    [ErrorKind::BORROWED_NUMBER, ErrorKind::NUMBER_OF_DEAD, ErrorKind::INVENTED_NUMBER].contains(&kind)
}

/// The profile's knowledge of a person.
#[derive(Clone, Copy)]
struct Class {
    group: usize,
    status: usize,
    age: usize,
    without_number: bool,
}

const WITH_NUMBER: usize = Group::ALL.len() * Status::ALL.len() * (AGES.len() + 1);
const CLASSES: usize = 2 * WITH_NUMBER;

impl Class {
    fn of(person: &Person, without_number: bool) -> Class {
        let years = person.age();
        Class {
            group: person.group as usize,
            status: person.status as usize,
            age: AGES.iter().filter(|&&last| years > last).count(),
            without_number,
        }
    }

    fn all() -> impl Iterator<Item = Class> {
        (0..CLASSES).map(|i| Class {
            group: i % WITH_NUMBER / 30,
            status: i / 5 % 6,
            age: i % 5,
            without_number: i >= WITH_NUMBER,
        })
    }

    fn number(self) -> usize {
        usize::from(self.without_number) * WITH_NUMBER + self.group * 30 + self.status * 5 + self.age
    }
}

/// All that decides which errors are drawn about whom.
#[derive(Clone, Debug, PartialEq)]
pub struct Capture {
    rates: ErrorRates,
    dependence: f64,
    /// √ρ and √(1−ρ): the weights of the trait and of an error's own luck.
    weights: [f64; 2],
    errors: Vec<Likely>,
    /// The chance of each error in each class, class by class, so that what is asked about one person lies together.
    chances: Vec<Chance>,
    certain: FxHashMap<PersonId, ErrorSet>,
}

/// An error that can happen.
#[derive(Clone, Debug, PartialEq)]
struct Likely {
    error: ErrorRef,
    decisions: [Decision; 2],
    /// `true` if it depends on the person's trait.
    depends: bool,
}

impl Likely {
    fn new(error: ErrorRef, dependence: f64) -> Likely {
        let decision = |side: u64| error.kind.decision().about(side * 16 + u64::from(error.cell.0));
        let depends = dependence > 0.0 && !error.kind.row().of_format;
        Likely { error, decisions: [decision(0), decision(1)], depends }
    }
}

/// The rate of an error in a class, and the standard normal quantile of the rate.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Chance {
    rate: f64,
    quantile: f64,
}

const TRAIT: Decision = Decision::named("errors.quality_of_person");

/// The quality with which files capture a person in general, from 0, poorest, to 1: the hidden trait that makes errors
/// depend on each other. Where `dependence` is 0 no error depends on it.
pub fn recording_quality(errors: Seed, person: PersonId) -> f64 {
    errors.uniform(TRAIT, person.0)
}

/// The luck of a person with files in general.
#[derive(Clone, Copy)]
pub(super) struct Luck {
    person: PersonId,
    class: usize,
    /// The hidden trait, as a uniform number and as a normal one; low is poorly captured.
    uniform: f64,
    normal: f64,
}

impl Capture {
    /// The capture of a file of those fields. `dependence` is ρ, from 0 to 1.
    pub fn new(rates: ErrorRates, profile: &Profile, dependence: f64, fields: &[Field]) -> Capture {
        let in_file = |cell: Cell| cell.fields().iter().any(|field| fields.contains(field));
        let errors = rates.errors().filter(|(error, rate)| *rate > 0.0 && in_file(error.cell));
        let errors: Vec<(ErrorRef, f64)> = errors.collect();
        let chance = |class, (error, rate): &(ErrorRef, f64)| {
            let rate = times_as_often(*rate, profile.factor(error.kind, class));
            Chance { rate, quantile: quantile(rate) }
        };
        Capture {
            rates,
            dependence,
            weights: [libm::sqrt(dependence), libm::sqrt(1.0 - dependence)],
            chances: Class::all().flat_map(|class| errors.iter().map(move |error| chance(class, error))).collect(),
            errors: errors.into_iter().map(|(error, _)| Likely::new(error, dependence)).collect(),
            certain: FxHashMap::default(),
        }
    }

    /// The same capture of everybody: each error is as frequent as it is on average among these people, so that the
    /// level stays what it was and only differences go.
    pub(super) fn levelled(&self, country: &Population, people: &[Person]) -> Capture {
        let classes: Vec<usize> =
            people.iter().map(|person| Class::of(person, !country.has_number(person)).number()).collect();
        if classes.is_empty() {
            return self.clone();
        }
        let level = |error: usize| {
            let rates = classes.iter().map(|class| self.chances[class * self.errors.len() + error].rate);
            let rate = rates.sum::<f64>() / classes.len() as f64;
            Chance { rate, quantile: quantile(rate) }
        };
        let level: Vec<Chance> = (0..self.errors.len()).map(level).collect();
        Capture { chances: level.repeat(CLASSES), ..self.clone() }
    }

    /// Lets an error happen to somebody, whatever its rate.
    pub fn make_certain(&mut self, error: ErrorRef, person: PersonId) {
        if let Err(at) = self.errors.binary_search_by_key(&error, |likely| likely.error) {
            let never = Chance { rate: 0.0, quantile: f64::NEG_INFINITY };
            // From the last class, so that the places before stay what they are.
            (0..CLASSES).rev().for_each(|class| self.chances.insert(class * self.errors.len() + at, never));
            self.errors.insert(at, Likely::new(error, self.dependence));
        }
        let certain = self.certain.entry(person).or_default();
        *certain = certain.with(error);
    }

    /// Undoes [`Capture::make_certain`] for somebody, for every error.
    pub fn make_nothing_certain(&mut self, person: PersonId) {
        self.certain.remove(&person);
    }

    /// The rates before the profile is applied.
    pub fn rates(&self) -> &ErrorRates {
        &self.rates
    }

    pub(super) fn luck(&self, seed: Seed, country: &Population, person: &Person) -> Luck {
        let (mut uniform, mut normal) = (0.0, 0.0);
        if self.dependence > 0.0 {
            uniform = recording_quality(seed, person.id);
            normal = quantile(uniform);
        }
        Luck { person: person.id, class: Class::of(person, !country.has_number(person)).number(), uniform, normal }
    }

    /// Number of errors that can happen.
    pub(super) fn len(&self) -> usize {
        self.errors.len()
    }

    /// The `i`-th error that can happen.
    pub(super) fn error(&self, i: usize) -> ErrorRef {
        self.errors[i].error
    }

    /// The position of an error among them, if it can happen.
    pub(super) fn find(&self, error: ErrorRef) -> Option<usize> {
        self.errors.binary_search_by_key(&error.kind, |likely| likely.error.kind).ok()
    }

    /// If the `i`-th error is drawn about `whom`, with the luck that applies to its cell: the stream that says how it
    /// happens.
    pub(super) fn drawn(&self, i: usize, side: Side, seed: Seed, luck: &Luck, whom: PersonId) -> Option<Stream> {
        let likely = &self.errors[i];
        let Chance { rate, quantile: highest } = self.chances[luck.class * self.errors.len() + i];
        let mut stream = seed.stream(likely.decisions[side as usize], luck.person.0);
        let v = stream.uniform();
        let happens = if !likely.depends || rate >= 1.0 {
            v < rate
        } else if self.dependence >= 1.0 {
            luck.uniform < rate
        } else {
            let [shared, own] = self.weights;
            // Most draws are far above what could happen, and no more need be known of them.
            v < at_most((highest - shared * luck.normal) / own)
                && cumulative(shared * luck.normal + own * quantile(v)) < rate
        };
        let certain = || self.certain.get(&whom).is_some_and(|errors| errors.contains(likely.error));
        (happens || !self.certain.is_empty() && certain()).then_some(stream)
    }
}

impl ErrorKind {
    /// The name of its draws. It does not depend on the place in the catalogue, so a new kind disturbs no other's luck.
    fn decision(self) -> Decision {
        const ERRORS: Decision = Decision::named("errors");
        ERRORS.about(Decision::named(self.name()).key())
    }
}

/// Φ, the standard normal distribution function; as exact as the error function of `libm`, under 1 ulp.
pub fn cumulative(x: f64) -> f64 {
    0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
}

/// A number no less than Φ(x) and at most 0.03 above: Φ at the next sixteenth.
fn at_most(x: f64) -> f64 {
    const STEPS: f64 = 16.0;
    static TABLE: std::sync::OnceLock<Vec<f64>> = std::sync::OnceLock::new();
    let table = TABLE.get_or_init(|| (0..=256).map(|i| cumulative(f64::from(i) / STEPS - 8.0) + 1e-12).collect());
    // What is not a number, or beyond the table, is settled by the exact comparison.
    let place = (x + 8.0) * STEPS;
    if place < 256.0 { table[(place.max(0.0) as usize + 1).min(256)] } else { 1.0 }
}

/// Φ⁻¹, the standard normal quantile, by M. J. Wichura (1988), "Algorithm AS 241", Applied Statistics 37, 477–484;
/// relative accuracy about 1 part in 10¹⁶. At 0 and 1 it is infinite.
#[expect(clippy::excessive_precision, reason = "the coefficients are as published")]
pub fn quantile(p: f64) -> f64 {
    fn ratio(r: f64, above: [f64; 8], below: [f64; 8]) -> f64 {
        let horner = |c: [f64; 8]| c.iter().fold(0.0, |sum, c| sum * r + c);
        horner(above) / horner(below)
    }
    if p <= 0.0 || p >= 1.0 {
        return if p <= 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let central = ratio(
            0.180_625 - q * q,
            [
                2_509.080_928_730_122_6,
                33_430.575_583_588_128,
                67_265.770_927_008_7,
                45_921.953_931_549_87,
                13_731.693_765_509_46,
                1_971.590_950_306_551_3,
                133.141_667_891_784_38,
                3.387_132_872_796_366_5,
            ],
            [
                5_226.495_278_852_854_5,
                28_729.085_735_721_943,
                39_307.895_800_092_71,
                21_213.794_301_586_597,
                5_394.196_021_424_751,
                687.187_007_492_057_9,
                42.313_330_701_600_91,
                1.0,
            ],
        );
        return q * central;
    }
    let r = libm::sqrt(-libm::log(if q < 0.0 { p } else { 1.0 - p }));
    let tail = if r <= 5.0 {
        ratio(
            r - 1.6,
            [
                7.745_450_142_783_414e-4,
                0.022_723_844_989_269_184,
                0.241_780_725_177_450_6,
                1.270_458_252_452_368_4,
                3.647_848_324_763_204_5,
                5.769_497_221_460_691,
                4.630_337_846_156_546,
                1.423_437_110_749_683_5,
            ],
            [
                1.050_750_071_644_416_9e-9,
                5.475_938_084_995_345e-4,
                0.015_198_666_563_616_457,
                0.148_103_976_427_480_08,
                0.689_767_334_985_1,
                1.676_384_830_183_803_8,
                2.053_191_626_637_759,
                1.0,
            ],
        )
    } else {
        ratio(
            r - 5.0,
            [
                2.010_334_399_292_288_1e-7,
                2.711_555_568_743_487_6e-5,
                0.001_242_660_947_388_078_4,
                0.026_532_189_526_576_124,
                0.296_560_571_828_504_87,
                1.784_826_539_917_291_3,
                5.463_784_911_164_114,
                6.657_904_643_501_103,
            ],
            [
                2.044_263_103_389_939_8e-15,
                1.421_511_758_316_446e-7,
                1.846_318_317_510_054_8e-5,
                7.868_691_311_456_133e-4,
                0.014_875_361_290_850_615,
                0.136_929_880_922_735_8,
                0.599_832_206_555_887_9,
                1.0,
            ],
        )
    };
    if q < 0.0 { -tail } else { tail }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_distribution_and_its_quantile_are_inverse_and_as_tabled() {
        assert!((cumulative(1.959_963_984_540_054) - 0.975).abs() < 1e-15);
        assert!((quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-14);
        assert!((quantile(1e-10) + 6.361_340_902_404_056).abs() < 1e-12);
        for i in 1..2000 {
            let p = f64::from(i) / 2000.0;
            assert!((cumulative(quantile(p)) - p).abs() < 1e-14, "{p}");
        }
        for exponent in 2..16 {
            let p = libm::pow(10.0, -f64::from(exponent));
            assert!((cumulative(quantile(p)) / p - 1.0).abs() < 1e-12, "{p}");
        }
        assert_eq!((quantile(0.0), quantile(1.0)), (f64::NEG_INFINITY, f64::INFINITY));
    }

    #[test]
    fn the_bound_is_never_below_the_distribution() {
        for i in -2000..2000 {
            let x = f64::from(i) / 200.0;
            assert!(at_most(x) >= cumulative(x) && at_most(x) <= cumulative(x) + 0.03, "{x}");
        }
        assert_eq!(at_most(f64::INFINITY), 1.0);
        assert_eq!(at_most(f64::NAN), 1.0);
        assert!(at_most(f64::NEG_INFINITY) > 0.0);
    }

    #[test]
    fn a_scaled_profile_has_a_mean_of_one() {
        let profile = Profile {
            names_by_group: [1.0, 1.2, 2.0, 2.5, 1.3, 1.2],
            by_status: [1.0, 1.1, 1.3, 1.5, 2.0, 2.0],
            by_age: [1.0, 1.3, 1.1, 1.0, 1.2],
            without_number: 20.0,
        };
        let (groups, statuses) = ([0.6, 0.12, 0.17, 0.06, 0.01, 0.04], [0.87, 0.07, 0.03, 0.01, 0.01, 0.01]);
        let ages = [0.2, 0.2, 0.2, 0.2, 0.2];
        let scaled = profile.scaled(groups, statuses, ages);
        let mean: f64 = scaled.names_by_group.iter().zip(groups).map(|(factor, share)| factor * share).sum();
        assert!((mean - 1.0).abs() < 1e-12);
        assert!((scaled.by_age.iter().sum::<f64>() / 5.0 - 1.0).abs() < 1e-12);
        assert_eq!(Profile::EQUAL.scaled(groups, statuses, ages), Profile::EQUAL);
    }
}
