//! A share of people, of whom those are hit who live near somebody sought.

use super::share::Spread;
use super::{Estimate, Rate};

/// A share of people, with what its interval needs of the neighbourhoods they live in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Neighbours {
    /// People hit, among all. Some of the hits may belong to no cluster.
    pub rate: Rate,
    /// Clusters of neighbourhoods in which somebody is sought, by number, in ascending order.
    pub sought: Vec<(usize, Neighbourhood)>,
    /// The number of the other neighbourhoods, where nobody is hit.
    pub others: u64,
    /// The sum of the squares of the people who live in each of these.
    pub squares: u64,
}

/// A cluster of neighbourhoods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Neighbourhood {
    /// People hit who would not be without it.
    pub hits: u64,
    /// People who live there.
    pub people: u64,
    /// Requests for somebody who lives there.
    pub requests: u64,
}

impl Neighbours {
    /// The interval of the share; `None` without people.
    ///
    /// The number of people in a neighbourhood is luck, and moves the people hit and all people alike. The number of requests
    /// that come from it is luck too, but their sum is fixed. So the residual of a neighbourhood is its hits h less the share p of
    /// its people t, and of that the part that does not go with its requests, by a regression on them: as of a total
    /// that is calibrated to a known one (J.-C. Deville and C.-E. Särndal (1992), "Calibration estimators in survey sampling",
    /// Journal of the American Statistical Association 87, 376–382). Squares, small-sample correction and degrees of freedom are
    /// those of [`super::clustered_in_few`], and the variance is never less than that of independent hits. Without a hit there
    /// is none, and as many independent people are taken as `effect` leaves: the design effect of some groups together
    /// ([`Neighbours::design_effect`]).
    pub fn estimate(&self, effect: f64) -> Option<Estimate> {
        let p = self.rate.value()?;
        if self.rate.hits == 0 {
            return Some(Estimate::of(p, self.rate.trials as f64 / effect));
        }
        let variance = self.spread().map_or(0.0, |spread| spread.variance(true));
        Some(Estimate::of_count(p, self.rate, variance))
    }

    /// The variances of the hits of some groups together, over those of as many independent hits; at least 1.
    pub fn design_effect<'g>(groups: impl Iterator<Item = &'g Neighbours>) -> f64 {
        let of_group = |group: &'g Neighbours| {
            let p = group.rate.value()?;
            Some([group.spread()?.sum(), group.rate.hits as f64 * (1.0 - p)])
        };
        let sums = groups.filter_map(of_group).fold([0.0, 0.0], |[a, b], [x, y]| [a + x, b + y]);
        if sums[1] > 0.0 { (sums[0] / sums[1]).max(1.0) } else { 1.0 }
    }

    /// The variance of the hits between clusters; `None` without people, or where all of them live in one.
    fn spread(&self) -> Option<Spread> {
        let all = self.rate.trials as f64;
        let (residuals, rest) = self.residuals();
        let mut spread = Spread::of_others(rest, self.squares as f64 / (all * all));
        for ((_, home), (_, residual)) in self.sought.iter().zip(residuals) {
            let weight = home.people as f64 / all;
            if weight >= 1.0 {
                return None;
            }
            spread.add(weight, residual * residual / (1.0 - weight));
        }
        (self.rate.trials > 0).then_some(spread)
    }

    /// The correlation with the same share of other people, from −1 to 1: that of the residuals. It is 0 where either has no
    /// variance.
    pub fn correlation(&self, other: &Neighbours) -> f64 {
        let ((own, _), (others, _)) = (self.residuals(), other.residuals());
        let squares = |of: &[(usize, f64)]| of.iter().map(|(_, residual)| residual * residual).sum::<f64>();
        let product = squares(&own) * squares(&others);
        let (mut both, mut others) = (0.0, others.into_iter().peekable());
        for (cluster, residual) in own {
            while others.next_if(|(known, _)| *known < cluster).is_some() {}
            both += others.next_if(|(known, _)| *known == cluster).map_or(0.0, |(_, same)| residual * same);
        }
        if product > 0.0 { (both / libm::sqrt(product)).clamp(-1.0, 1.0) } else { 0.0 }
    }

    /// The residual of each cluster, and the sum of the squares of those of the other neighbourhoods.
    fn residuals(&self) -> (Vec<(usize, f64)>, f64) {
        let sum = |of: fn(&Neighbourhood) -> u64| self.sought.iter().map(|(_, home)| of(home)).sum::<u64>() as f64;
        let [hits, there, requests] = [sum(|home| home.hits), sum(|home| home.people), sum(|home| home.requests)];
        let others = self.others as f64;
        let share = hits / (self.rate.trials as f64).max(1.0);
        let mean = requests / (self.sought.len() as f64 + others).max(1.0);
        let plain = |home: &Neighbourhood| home.hits as f64 - share * home.people as f64;
        let more = |home: &Neighbourhood| home.requests as f64 - mean;
        // Elsewhere the residual is −p t, and the requests are as many below the mean as it has.
        let elsewhere = share * (self.rate.trials as f64 - there).max(0.0);
        let together: f64 =
            self.sought.iter().map(|(_, home)| plain(home) * more(home)).sum::<f64>() + elsewhere * mean;
        let spread: f64 =
            self.sought.iter().map(|(_, home)| more(home) * more(home)).sum::<f64>() + others * mean * mean;
        let slope = if spread > 0.0 { together / spread } else { 0.0 };
        let residuals = self.sought.iter().map(|(place, home)| (*place, plain(home) - slope * more(home))).collect();
        let rest = share * share * self.squares as f64 - 2.0 * elsewhere * slope * mean
            + others * (slope * mean) * (slope * mean);
        (residuals, rest.max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Decision, Seed};
    use crate::stats::clustered_count_in_few;

    #[test]
    fn a_share_of_people_is_covered_where_neighbourhoods_differ_in_people_and_requests() {
        // In 60 neighbourhoods live 0 to 39 people of a group, in a third of them ten times as many as in the others. 90
        // requests come from any of them, and each exposes a person of the group there with a probability of 5 %.
        const COUNT: Decision = Decision::named("test.people");
        let drawn = |run: u64| {
            let mut stream = Seed(run).stream(COUNT, 0);
            let mut homes = vec![Neighbourhood::default(); 60];
            for home in &mut homes {
                let most = if stream.chance(1.0 / 3.0) { 40.0 } else { 4.0 };
                home.people = (stream.uniform() * most) as u64;
            }
            (0..90).for_each(|_| homes[(stream.uniform() * 60.0) as usize].requests += 1);
            for home in &mut homes {
                let spared = libm::pow(0.95, home.requests as f64);
                home.hits = (0..home.people).filter(|_| !stream.chance(spared)).count() as u64;
            }
            let rate = homes.iter().fold(Rate::default(), |sum, home| sum.with(Rate::new(home.hits, home.people)));
            let (sought, others): (Vec<_>, Vec<_>) =
                homes.into_iter().enumerate().partition(|(_, home)| home.requests > 0);
            let squares = others.iter().map(|(_, home)| home.people * home.people).sum();
            Neighbours { rate, sought, others: others.len() as u64, squares }
        };
        let runs: Vec<Neighbours> = (0..1_000).map(drawn).collect();
        let expected = runs.iter().filter_map(|run| run.rate.value()).sum::<f64>() / 1_000.0;
        let (mut covered, mut wider) = (0, 0.0);
        for run in &runs {
            let own = run.estimate(1.0).unwrap().interval;
            covered += u64::from(own.low <= expected && expected <= own.high);
            // The variance of a count, which takes the people for known.
            let count = run.sought.iter().map(|(_, home)| Rate::new(home.hits, home.requests));
            let count = clustered_count_in_few(count, run.rate).unwrap().interval;
            wider += (count.high - count.low) / (own.high - own.low) / 1_000.0;
        }
        let coverage = covered as f64 / 1_000.0;
        assert!((0.935..0.97).contains(&coverage) && wider > 1.1, "{coverage} {wider}");
    }

    fn home(hits: u64, people: u64, requests: u64) -> Neighbourhood {
        Neighbourhood { hits, people, requests }
    }

    /// The groups of these neighbourhoods, and nobody in any other.
    fn of(homes: &[Neighbourhood]) -> Neighbours {
        Neighbours {
            rate: homes.iter().fold(Rate::default(), |sum, home| sum.with(Rate::new(home.hits, home.people))),
            sought: homes.iter().copied().enumerate().collect(),
            others: 0,
            squares: 0,
        }
    }

    #[test]
    fn without_a_hit_the_design_effect_of_all_groups_takes_the_place_of_the_variance() {
        let of = |homes: &[Neighbourhood]| Neighbours { others: 40, squares: 40 * 400, ..of(homes) };
        // Families of five are hit together.
        let some = of(&[home(5, 20, 1), home(0, 20, 1), home(5, 20, 1), home(0, 20, 2)]);
        let none = of(&[home(0, 20, 1), home(0, 20, 1)]);
        let effect = Neighbours::design_effect([&some, &none].into_iter());
        // Ten hits of a variance of 32 times that of as many independent ones, of so few clusters.
        assert!((2.0..40.0).contains(&effect), "{effect}");
        let high = |effect: f64| none.estimate(effect).unwrap().interval.high;
        assert!((high(1.0) - (1.0 - libm::pow(0.025, 1.0 / 40.0))).abs() < 1e-9);
        assert!((high(effect) - (1.0 - libm::pow(0.025, effect / 40.0))).abs() < 1e-9);
        assert_eq!(Neighbours::design_effect([&none].into_iter()), 1.0, "nothing is known");
    }

    #[test]
    fn what_goes_with_the_people_or_with_the_requests_of_a_neighbourhood_is_no_variance() {
        // One in ten everywhere; one for each request; and neither, worked out by hand: of hits 1, 3 and 2 the residuals
        // are −1, 1 and 0, and the requests go with none of that.
        let squares = |homes: &[Neighbourhood]| -> f64 { of(homes).residuals().0.iter().map(|(_, r)| r * r).sum() };
        assert!(squares(&[home(1, 10, 4), home(2, 20, 1), home(3, 30, 3)]) < 1e-18);
        assert!(squares(&[home(4, 20, 4), home(1, 20, 1), home(3, 20, 3)]) < 1e-18);
        assert!((squares(&[home(1, 20, 1), home(3, 20, 1), home(2, 20, 4)]) - 2.0).abs() < 1e-12);
        let some = of(&[home(1, 20, 1), home(3, 20, 1), home(2, 20, 4)]);
        assert!((some.correlation(&some) - 1.0).abs() < 1e-12);
        assert_eq!(some.correlation(&of(&[home(1, 10, 4), home(2, 20, 4)])), 0.0);
        // People who live where nobody is sought count too: with their squares, as if they were clusters without hits.
        let far = Neighbours { rate: Rate::new(6, 100), others: 2, squares: 800, ..some.clone() };
        let near = of(&[home(1, 20, 1), home(3, 20, 1), home(2, 20, 4), home(0, 20, 0), home(0, 20, 0)]);
        let [far, near] = [far, near]
            .map(|of| of.residuals())
            .map(|(residuals, rest)| rest + residuals.iter().map(|(_, r)| r * r).sum::<f64>());
        assert!((far - near).abs() < 1e-12, "{far} {near}");
    }
}
