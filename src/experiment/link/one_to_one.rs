//! No record in two pairs: the assignment of greatest total score.

use super::{LARGEST_EXACT, ScoredPair};
use crate::decision::Score;
use std::collections::BTreeMap;

/// The assignment of greatest total score, component by component.
pub(super) fn one_to_one(pairs: &[ScoredPair], floor: Option<Score>) -> Vec<ScoredPair> {
    let lowest = floor.map(|floor| floor.0).or_else(|| pairs.iter().map(|pair| pair.score.0).min()).unwrap_or(0);
    let weight = |pair: &ScoredPair| i64::from(pair.score.0) - i64::from(lowest) + 1;
    let mut chosen = Vec::new();
    for component in components(pairs) {
        let mut rows_a: Vec<u32> = component.iter().map(|pair| pair.a).collect();
        let mut rows_b: Vec<u32> = component.iter().map(|pair| pair.b).collect();
        for rows in [&mut rows_a, &mut rows_b] {
            rows.sort_unstable();
            rows.dedup();
        }
        if rows_a.len().min(rows_b.len()) <= LARGEST_EXACT {
            chosen.extend(exact(&component, &rows_a, &rows_b, weight));
        } else {
            chosen.extend(greedy(component));
        }
    }
    chosen.sort_unstable_by_key(|pair| (pair.a, pair.b));
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

/// Best first; of equals the one that stands first.
pub(super) fn greedy(mut component: Vec<ScoredPair>) -> Vec<ScoredPair> {
    component.sort_by_key(|pair| (std::cmp::Reverse(pair.score), pair.a, pair.b));
    let (mut taken_a, mut taken_b) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
    component.retain(|pair| {
        let free = !taken_a.contains(&pair.a) && !taken_b.contains(&pair.b);
        free && taken_a.insert(pair.a) && taken_b.insert(pair.b)
    });
    component
}

/// The Hungarian method with potentials, O(n²m) (H. W. Kuhn (1955); J. Munkres (1957); in the form of R. Jonker and A.
/// Volgenant (1987)). A pair that is no candidate has weight 0 and is dropped from the answer.
fn exact(
    component: &[ScoredPair],
    rows_a: &[u32],
    rows_b: &[u32],
    weight: impl Fn(&ScoredPair) -> i64,
) -> Vec<ScoredPair> {
    if let [pair] = component {
        return vec![*pair];
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
    let cost = |i: usize, j: usize| edges[i * m + j].map_or(0, |edge| -weight(&component[edge]));
    // Row and column 0 are the empty ones of the usual formulation.
    let (mut row_potential, mut column_potential) = (vec![0_i64; n + 1], vec![0_i64; m + 1]);
    let mut row_of = vec![0_usize; m + 1];
    let mut came_from = vec![0_usize; m + 1];
    for row in 1..=n {
        row_of[0] = row;
        let mut column = 0;
        let (mut slack, mut used) = (vec![i64::MAX; m + 1], vec![false; m + 1]);
        loop {
            used[column] = true;
            let (i, mut delta, mut next) = (row_of[column], i64::MAX, 0);
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
    (1..=m)
        .filter(|&j| row_of[j] > 0)
        .filter_map(|j| edges[(row_of[j] - 1) * m + j - 1])
        .map(|e| component[e])
        .collect()
}
