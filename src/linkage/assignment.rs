//! Assignments: which of the pairs above a threshold are matches. One to one is the assignment of greatest total score.

use super::Assignment;
use super::comparison::Evidence;
use super::decision::Score;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// The largest connected component, in records of its smaller side, that is assigned exactly; in a larger one, and in one
/// beyond [`MOST_STEPS`], pairs are taken greedily, best first.
pub const LARGEST_EXACT: usize = 300;

/// Of a component that is assigned exactly, the most records of its smaller side squared, times those of its larger one
/// that come into question: some seconds of work, and its memory.
pub const MOST_STEPS: u64 = 1 << 30;

/// A pair that blocking proposed, with what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScoredPair {
    /// The row in file A.
    pub a: u32,
    /// The row in file B.
    pub b: u32,
    /// The first blocking rule that proposed it.
    pub rule: u8,
    /// Its evidence.
    pub evidence: Evidence,
    /// Its score.
    pub score: Score,
}

/// A pair that is taken.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    /// The pair.
    pub pair: ScoredPair,
    /// Without it the total could have been the same.
    pub tied: bool,
}

/// A pair that an assignment leaves in play.
#[derive(Clone, Copy, Debug)]
pub struct Chosen {
    /// Its place among the pairs.
    pub pair: u32,
    /// It is matched only at thresholds above this.
    pub above: Option<Score>,
    /// Another pair with the same score could as well have been chosen.
    pub tied: bool,
}

impl Chosen {
    /// Tells whether the pair is matched at a threshold.
    pub fn at(&self, pairs: &[ScoredPair], threshold: Score) -> bool {
        pairs[self.pair as usize].score >= threshold && self.above.is_none_or(|above| threshold > above)
    }
}

/// The pairs that an assignment leaves in play. They come by row of A, then of B; of equals the one of the greatest `key`
/// is taken. The best must beat the second by `margin`, and pairs below `floor` are never assigned one to one.
pub fn assigned(
    pairs: &[ScoredPair],
    assignment: Assignment,
    margin: Score,
    floor: Option<Score>,
    key: impl Fn(&ScoredPair) -> u64 + Copy,
) -> Vec<Chosen> {
    let chosen = |pair: usize, tied: bool| Chosen { pair: pair as u32, above: None, tied };
    let best = |&(best, second): &(usize, Option<Score>)| chosen(best, second == Some(pairs[best].score));
    match assignment {
        Assignment::All => (0..pairs.len()).map(|pair| chosen(pair, false)).collect(),
        Assignment::Best => ranked(pairs, key).map(|ranked| best(&ranked)).collect(),
        Assignment::BestMargin => {
            let wins = |&(best, second): &(usize, Option<Score>)| {
                second.is_none_or(|second| pairs[best].score.0.saturating_sub(second.0) >= margin.0)
            };
            ranked(pairs, key).filter(wins).map(|ranked| best(&ranked)).collect()
        }
        Assignment::Unique => ranked(pairs, key).map(|(pair, above)| Chosen { above, ..chosen(pair, false) }).collect(),
        Assignment::OneToOne => {
            let least = floor.unwrap_or(Score(i32::MIN));
            let edges: Vec<ScoredPair> = pairs.iter().filter(|pair| pair.score >= least).copied().collect();
            let place = |pair: &ScoredPair| pairs.partition_point(|other| (other.a, other.b) < (pair.a, pair.b));
            let taken = one_to_one(&edges, floor, key);
            taken.iter().map(|taken| chosen(place(&taken.pair), taken.tied)).collect()
        }
    }
}

/// For each record of A that has pairs the place of its best, of equals that of the greatest key, and the score of its
/// second best.
fn ranked(pairs: &[ScoredPair], key: impl Fn(&ScoredPair) -> u64) -> impl Iterator<Item = (usize, Option<Score>)> {
    let mut start = 0;
    pairs.chunk_by(|x, y| x.a == y.a).map(move |block| {
        let (mut best, mut second) = (0, None);
        for (i, pair) in block.iter().enumerate().skip(1) {
            let [old, new] = [block[best].score, pair.score];
            if new > old || (new == old && key(pair) > key(&block[best])) {
                best = i;
            }
            second = second.max(Some(old.min(new)));
        }
        start += block.len();
        (start - block.len() + best, second)
    })
}

/// The assignment of greatest total score, component by component; of equals that of the greatest total key.
pub fn one_to_one(pairs: &[ScoredPair], floor: Option<Score>, key: impl Fn(&ScoredPair) -> u64 + Copy) -> Vec<Taken> {
    let lowest = floor.map(|floor| floor.0).or_else(|| pairs.iter().map(|pair| pair.score.0).min()).unwrap_or(0);
    let weight = |pair: &ScoredPair| i64::from(pair.score.0) - i64::from(lowest) + 1;
    let mut chosen = Vec::new();
    for component in components(pairs) {
        let (rows_a, rows_b) = (rows(&component, |pair| pair.a), rows(&component, |pair| pair.b));
        let narrow = rows_a.len().min(rows_b.len());
        if narrow > LARGEST_EXACT {
            chosen.extend(greedy(component, key));
            continue;
        }
        // A row of the narrow side takes one of its best: the others have room for one each, and one more shows a tie.
        let best = best_of_each(
            &component,
            |pair| if rows_a.len() <= rows_b.len() { pair.a } else { pair.b },
            narrow + 1,
            key,
        );
        let (rows_a, rows_b) = (rows(&best, |pair| pair.a), rows(&best, |pair| pair.b));
        if (narrow * narrow) as u64 * rows_a.len().max(rows_b.len()) as u64 <= MOST_STEPS {
            chosen.extend(exact(&best, &rows_a, &rows_b, weight, key));
        } else {
            chosen.extend(greedy(component, key));
        }
    }
    chosen.sort_unstable_by_key(|taken| (taken.pair.a, taken.pair.b));
    chosen
}

/// The connected components of the graph whose edges are the pairs.
fn components(pairs: &[ScoredPair]) -> Vec<Vec<ScoredPair>> {
    let rows_a = pairs.iter().map(|pair| pair.a as usize + 1).max().unwrap_or(0);
    let rows_b = pairs.iter().map(|pair| pair.b as usize + 1).max().unwrap_or(0);
    let mut parent: Vec<usize> = (0..rows_a + rows_b).collect();
    fn root(parent: &mut [usize], mut node: usize) -> usize {
        while parent[node] != node {
            parent[node] = parent[parent[node]];
            node = parent[node];
        }
        node
    }
    for pair in pairs {
        let (x, y) = (root(&mut parent, pair.a as usize), root(&mut parent, rows_a + pair.b as usize));
        parent[x.max(y)] = x.min(y);
    }
    let mut by_root: BTreeMap<usize, Vec<ScoredPair>> = BTreeMap::new();
    for pair in pairs {
        by_root.entry(root(&mut parent, pair.a as usize)).or_default().push(*pair);
    }
    by_root.into_values().collect()
}

/// The rows of one file that pairs have.
fn rows(pairs: &[ScoredPair], row: impl Fn(&ScoredPair) -> u32) -> Vec<u32> {
    let mut rows: Vec<u32> = pairs.iter().map(row).collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// The pairs of each row that are among its best so many; all where no row can have more.
fn best_of_each(
    component: &[ScoredPair],
    row: impl Fn(&ScoredPair) -> u32,
    most: usize,
    key: impl Fn(&ScoredPair) -> u64,
) -> Vec<ScoredPair> {
    let mut pairs = component.to_vec();
    if pairs.len() > most {
        pairs.sort_by_cached_key(|pair| (row(pair), Reverse(pair.score), Reverse(key(pair)), pair.a, pair.b));
        pairs = pairs
            .chunk_by(|x, y| row(x) == row(y))
            .flat_map(|of_row| &of_row[..of_row.len().min(most)])
            .copied()
            .collect();
    }
    pairs
}

/// Best first; of equals the one of the greatest key.
pub fn greedy(mut component: Vec<ScoredPair>, key: impl Fn(&ScoredPair) -> u64) -> Vec<Taken> {
    component.sort_by_cached_key(|pair| (Reverse(pair.score), Reverse(key(pair)), pair.a, pair.b));
    let (mut taken_a, mut taken_b) = (BTreeSet::new(), BTreeSet::new());
    let mut taken = Vec::new();
    for equals in component.chunk_by(|x, y| x.score == y.score) {
        let is_free = |pair: &&ScoredPair| !taken_a.contains(&pair.a) && !taken_b.contains(&pair.b);
        let free: Vec<&ScoredPair> = equals.iter().filter(is_free).collect();
        let (mut of_a, mut of_b) = (BTreeMap::new(), BTreeMap::new());
        for pair in &free {
            *of_a.entry(pair.a).or_insert(0) += 1;
            *of_b.entry(pair.b).or_insert(0) += 1;
        }
        for pair in free {
            if !taken_a.contains(&pair.a) && taken_b.insert(pair.b) {
                taken_a.insert(pair.a);
                taken.push(Taken { pair: *pair, tied: of_a[&pair.a] > 1 || of_b[&pair.b] > 1 });
            }
        }
    }
    taken
}

/// Weights are whole numbers of this, so that the keys of all pairs of a component make no difference of one.
const UNIT: i128 = 1 << 68;

/// The Hungarian method with potentials, O(n²m) (H. W. Kuhn (1955); J. Munkres (1957); in the form of R. Jonker and A.
/// Volgenant (1987)). A pair that is no candidate has weight 0 and is dropped from the answer.
fn exact(
    component: &[ScoredPair],
    rows_a: &[u32],
    rows_b: &[u32],
    weight: impl Fn(&ScoredPair) -> i64,
    key: impl Fn(&ScoredPair) -> u64,
) -> Vec<Taken> {
    if let [pair] = component {
        return vec![Taken { pair: *pair, tied: false }];
    }
    // The shorter side makes the rows of the matrix.
    let turned = rows_a.len() > rows_b.len();
    let (n, m) = (rows_a.len().min(rows_b.len()), rows_a.len().max(rows_b.len()));
    let mut edges: Vec<Option<usize>> = vec![None; n * m];
    let position = |rows: &[u32], row: u32| rows.partition_point(|&other| other < row);
    for (edge, pair) in component.iter().enumerate() {
        let (i, j) = (position(rows_a, pair.a), position(rows_b, pair.b));
        let (i, j) = if turned { (j, i) } else { (i, j) };
        edges[i * m + j] = Some(edge);
    }
    let costs: Vec<i128> =
        component.iter().map(|pair| -(i128::from(weight(pair)) * UNIT + i128::from(key(pair) >> 8))).collect();
    let cost = |i: usize, j: usize| edges[i * m + j].map_or(0, |edge| costs[edge]);
    // Row and column 0 are the empty ones of the usual formulation.
    let (mut row_potential, mut column_potential) = (vec![0_i128; n + 1], vec![0_i128; m + 1]);
    let mut row_of = vec![0_usize; m + 1];
    let mut came_from = vec![0_usize; m + 1];
    for row in 1..=n {
        row_of[0] = row;
        let mut column = 0;
        let (mut slack, mut used) = (vec![i128::MAX; m + 1], vec![false; m + 1]);
        loop {
            used[column] = true;
            let (i, mut delta, mut next) = (row_of[column], i128::MAX, 0);
            for j in (1..=m).filter(|&j| !used[j]) {
                let reduced = cost(i - 1, j - 1) - row_potential[i] - column_potential[j];
                if reduced < slack[j] {
                    slack[j] = reduced;
                    came_from[j] = column;
                }
                if slack[j] < delta {
                    delta = slack[j];
                    next = j;
                }
            }
            for j in 0..=m {
                if used[j] {
                    row_potential[row_of[j]] += delta;
                    column_potential[j] -= delta;
                } else if j > 0 {
                    slack[j] -= delta;
                }
            }
            column = next;
            if row_of[column] == 0 {
                break;
            }
        }
        while column != 0 {
            let previous = came_from[column];
            row_of[column] = row_of[previous];
            column = previous;
        }
    }
    // Each potential is a sum of costs along a path, so that without the keys it is what it would be without keys.
    let whole = |sum: i128| (sum + UNIT / 2).div_euclid(UNIT);
    let [rows, columns] = [&row_potential, &column_potential].map(|all| all.iter().map(|&p| whole(p)).collect());
    let tied = tied(&row_of, rows, columns, |i, j| whole(cost(i - 1, j - 1)));
    let taken = |j: usize| {
        let row = row_of[j];
        edges[(row - 1) * m + j - 1].map(|edge| Taken { pair: component[edge], tied: tied[row] })
    };
    (1..=m).filter(|&j| row_of[j] > 0).filter_map(taken).collect()
}

/// By row, whether another assignment of the same total gives it another column. `row_of` is the assignment; potentials
/// and costs are those of a best one.
///
/// Two best assignments differ along circles of cells without slack. A circle may go through columns of no row, of which
/// one takes the place of another: all columns without a potential are alike in that.
fn tied(row_of: &[usize], rows: Vec<i128>, columns: Vec<i128>, cost: impl Fn(usize, usize) -> i128) -> Vec<bool> {
    let n = rows.len() - 1;
    // From row to row whose column it could take; place 0 stands for the columns of no row.
    let mut reaches = vec![vec![false; n + 1]; n + 1];
    for j in 1..row_of.len() {
        for i in (1..=n).filter(|&i| i != row_of[j]) {
            reaches[i][row_of[j]] |= cost(i, j) == rows[i] + columns[j];
        }
        reaches[0][row_of[j]] |= columns[j] == 0 && row_of[j] > 0;
    }
    for middle in 0..=n {
        let onward = reaches[middle].clone();
        for from in &mut reaches {
            if from[middle] {
                from.iter_mut().zip(&onward).for_each(|(reached, &onward)| *reached |= onward);
            }
        }
    }
    (0..=n).map(|row| reaches[row][row]).collect()
}
