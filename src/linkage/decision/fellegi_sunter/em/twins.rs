//! Two people of one surname and birth date who live apart: [`Twins`].

use super::super::{FEWEST_RELATIVES, Training};
use super::classes::{Classes, Places};
use crate::linkage::comparison::{Comparison, ComparisonKind, Evidence};
use crate::record::Field;

/// For each pair within a file of one surname and birth date and different given names, at most so many may have given names
/// that are the same or alike, or one number: those are people whom the file holds twice, some of them with different
/// given names.
const MOST_ALIKE: f64 = 0.15;

/// Errors are taken to leave at least this share of twins with one surname and birth date. Where one file has dates of
/// another form next to nobody has, and there would be more twins than people.
const LEAST_AGREEMENT: f64 = 0.5;

/// The class of two people who live apart, as pairs within files of one surname and birth date show it.
#[derive(Clone, Debug)]
pub(super) struct Twins {
    /// All comparisons of surnames and birth dates, which they have in common.
    shared: Vec<usize>,
    /// That of surname and that of birth date by which they are found.
    keys: [usize; 2],
    /// Their share of the pairs within files.
    share: f64,
    /// Number of them that reach each level, by comparison; empty for what names and dates compare.
    levels: Vec<Vec<f64>>,
}

impl Twins {
    /// `None` where surname, birth date and given name are not all compared, each on its own, and where such pairs are too
    /// few or the files hold people twice.
    ///
    /// Twins are the pairs with different given names, less those that chance makes among strangers.
    pub(super) fn of(
        training: &Training,
        comparisons: &[Comparison],
        places: &Places,
        classes: &[Classes],
    ) -> Option<Twins> {
        let compares = |field: Field| {
            (0..comparisons.len()).find(|&i| classes[i].states.len() == 1 && is_of(&comparisons[i], &field))
        };
        let surname = compares(Field::Surname)?;
        let born = compares(Field::DateOfBirth)?;
        let given_name = compares(Field::GivenName)?;
        let (all, number) = (0..comparisons.len(), compares(Field::Number));
        let shared: Vec<usize> = all
            .filter(|&i| is_of(&comparisons[i], &Field::Surname) || is_of(&comparisons[i], &Field::DateOfBirth))
            .collect();
        let is_top = |evidence: &Evidence, i: usize| evidence.level(i).map(usize::from) == Some(classes[i].levels - 1);
        let strangers = training.twins_by_chance as f64 * classes[given_name].u[0];
        let drawn: f64 = training.random.values().map(|&times| times as f64).sum();
        let of_strangers = |class: &Classes| class.random.iter().map(|n| -strangers * n / drawn.max(1.0)).collect();
        let mut levels: Vec<Vec<f64>> = classes.iter().map(of_strangers).collect();
        let (mut different, mut alike) = (0.0, 0.0);
        for (evidence, &times) in &training.twins {
            // A date that is known in part is the same text and not the same day.
            if !is_top(evidence, surname) || !is_top(evidence, born) {
                continue;
            }
            let times = times as f64;
            let is_one = number.is_some_and(|number| is_top(evidence, number));
            match evidence.level(given_name) {
                Some(0) if !is_one => different += times,
                None => continue,
                Some(_) => {
                    alike += times;
                    continue;
                }
            }
            for (i, levels) in levels.iter_mut().enumerate() {
                if let Some(place) = places.of_level(evidence, i) {
                    levels[place] += times;
                }
            }
        }
        let found = different - strangers;
        if found < FEWEST_RELATIVES || alike > MOST_ALIKE * different {
            return None;
        }
        levels.iter_mut().flatten().for_each(|count| *count = count.max(0.0));
        shared.iter().chain([&given_name]).for_each(|&i| levels[i].clear());
        let share = found / training.within as f64;
        Some(Twins { shared, keys: [surname, born], share, levels })
    }

    /// Puts the probabilities of the class where they belong, and gives its share of all pairs: errors part twins as they
    /// part a person from himself.
    pub(super) fn settle(&self, classes: &mut [Classes]) -> f64 {
        let mut agree = 1.0;
        for (i, class) in classes.iter_mut().enumerate() {
            if self.shared.contains(&i) {
                class.t.clone_from(&class.m);
                if self.keys.contains(&i) {
                    agree *= class.t.last().copied().unwrap_or(1.0);
                }
            } else {
                class.t = class.as_counted(&self.levels[i]);
            }
        }
        (self.share / agree.max(LEAST_AGREEMENT)).min(0.1)
    }
}

/// Returns `true` if a comparison is of this field.
fn is_of(comparison: &Comparison, field: &Field) -> bool {
    match &comparison.kind {
        ComparisonKind::Surnames { .. } => *field == Field::Surname,
        ComparisonKind::GivenNames { .. } => *field == Field::GivenName,
        kind => kind.column().as_ref() == Some(field),
    }
}
