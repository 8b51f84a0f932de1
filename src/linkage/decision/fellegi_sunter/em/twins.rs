//! Two people of one surname and birth date who live apart: [`Twins`].

use super::super::{FEWEST_RELATIVES, Training};
use super::MOST_TWICE;
use super::classes::{Classes, Places};
use crate::linkage::comparison::{Comparison, ComparisonKind};
use crate::record::Field;

/// What pairs within files of one surname and birth date tell about two people who live apart.
#[derive(Clone, Debug)]
pub(super) struct Twins {
    /// The comparisons of surname and of birth date, which they have in common.
    shared: [usize; 2],
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
            let compares = |(i, of_field): &(usize, &Comparison)| match &of_field.kind {
                _ if classes[*i].states.len() > 1 => false,
                ComparisonKind::Surnames { .. } => field == Field::Surname,
                ComparisonKind::GivenNames { .. } => field == Field::GivenName,
                kind => kind.column().as_ref() == Some(&field),
            };
            comparisons.iter().enumerate().find(compares).map(|(i, _)| i)
        };
        let surname = compares(Field::Surname)?;
        let born = compares(Field::DateOfBirth)?;
        let given_name = compares(Field::GivenName)?;
        let top = |p: &[f64]| p.last().copied().unwrap_or(1.0);
        let name = &classes[given_name];
        let strangers = training.within as f64 * top(&classes[surname].u) * top(&classes[born].u) * name.u[0];
        let drawn: f64 = training.random.values().map(|&times| times as f64).sum();
        let of_strangers = |class: &Classes| class.random.iter().map(|n| -strangers * n / drawn.max(1.0)).collect();
        let mut levels: Vec<Vec<f64>> = classes.iter().map(of_strangers).collect();
        let (mut different, mut twice) = (0.0, 0.0);
        for (evidence, &times) in &training.twins {
            let times = times as f64;
            match evidence.level(given_name).map(usize::from) {
                Some(0) => different += times,
                Some(level) if level + 1 == name.levels => {
                    twice += times;
                    continue;
                }
                _ => continue,
            }
            for (i, levels) in levels.iter_mut().enumerate() {
                if let Some(place) = places.of_level(evidence, i) {
                    levels[place] += times;
                }
            }
        }
        let found = different - strangers;
        if found < FEWEST_RELATIVES || twice > MOST_TWICE * different {
            return None;
        }
        levels.iter_mut().flatten().for_each(|count| *count = count.max(0.0));
        [surname, born, given_name].into_iter().for_each(|i| levels[i].clear());
        Some(Twins { shared: [surname, born], share: found / training.within as f64, levels })
    }

    /// Puts the probabilities of the class where they belong, and gives its share of all pairs: errors part twins as they
    /// part a person from himself.
    pub(super) fn settle(&self, classes: &mut [Classes]) -> f64 {
        let mut agree = 1.0;
        for (i, class) in classes.iter_mut().enumerate() {
            if self.shared.contains(&i) {
                class.t.clone_from(&class.m);
                agree *= class.t.last().copied().unwrap_or(1.0);
            } else {
                class.t = class.as_counted(&self.levels[i]);
            }
        }
        (self.share / agree).min(0.4)
    }
}
