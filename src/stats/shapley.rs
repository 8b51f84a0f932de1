//! Shapley values: what each of several players adds, on average over the orders in which they may come.

/// The Shapley value of each player, from the value of every coalition: bit *i* of a coalition's place is player *i*.
///
/// L. S. Shapley (1953), "A value for n-person games", in *Contributions to the Theory of Games* II, 307–317: the mean
/// over all orders of what a player adds to those before. The values sum to that of all players less that of none.
///
/// # Panics
/// If the number of coalitions is no power of two.
pub fn shapley(coalitions: &[f64]) -> Vec<f64> {
    assert!(coalitions.len().is_power_of_two(), "one value for each coalition");
    let players = coalitions.len().trailing_zeros();
    // 1 / (n · C(n − 1, size)): the share of orders in which exactly a coalition of that size comes before a player.
    let mut weights = Vec::with_capacity(players as usize);
    let mut ways = 1.0;
    for size in 0..players {
        weights.push(1.0 / (f64::from(players) * ways));
        ways *= f64::from(players - 1 - size) / f64::from(size + 1);
    }
    let value = |player: u32| {
        let before = (0..coalitions.len()).filter(|before| before >> player & 1 == 0);
        let added = before.map(|before| {
            weights[before.count_ones() as usize] * (coalitions[before | 1 << player] - coalitions[before])
        });
        added.sum()
    };
    (0..players).map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values of a game of so many players.
    fn of(players: usize, value: impl Fn(usize) -> f64) -> Vec<f64> {
        let coalitions: Vec<f64> = (0..1 << players).map(value).collect();
        shapley(&coalitions)
    }

    fn near(found: &[f64], wanted: &[f64]) -> bool {
        found.len() == wanted.len() && found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-12)
    }

    #[test]
    fn the_glove_game_has_the_values_of_the_textbook() {
        // One left glove, two right ones: a pair is worth 1. Of six orders the left glove completes a pair in four.
        let pair = |who: usize| f64::from(u8::from(who & 1 == 1 && who >> 1 != 0));
        assert!(near(&of(3, pair), &[2.0 / 3.0, 1.0 / 6.0, 1.0 / 6.0]));
    }

    #[test]
    fn values_sum_to_the_whole_and_whoever_adds_nothing_has_none() {
        let value = |who: usize| [0.5, 2.0, -1.0, 4.0][who & 3] + 3.0;
        let values = of(3, value);
        assert!((values.iter().sum::<f64>() - 3.5).abs() < 1e-12);
        // (2 − 0.5 + 4 − (−1)) / 2 and (−1 − 0.5 + 4 − 2) / 2; the third player is in no value.
        assert!(near(&values, &[3.25, 0.25, 0.0]));
        assert!(near(&of(2, |who| f64::from(who.count_ones())), &[1.0, 1.0]));
        assert!(of(0, |_| 1.0).is_empty());
    }
}
