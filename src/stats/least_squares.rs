//! Weighted least squares of a handful of columns.

/// A linear function fitted to values: an intercept and a slope for each column.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The value where every column is 0.
    pub intercept: f64,
    /// The slope of each column.
    pub slopes: Vec<f64>,
}

impl Line {
    /// The value at a row.
    pub fn at(&self, row: &[f64]) -> f64 {
        self.intercept + self.slopes.iter().zip(row).map(|(slope, x)| slope * x).sum::<f64>()
    }
}

/// The line through `values` that has the least weighted sum of squares, by the normal equations and Cholesky's
/// decomposition. A column that says nothing beside the others has slope 0. The columns are few and are centred first,
/// so the normal equations lose no digits that matter.
pub fn least_squares(rows: &[Vec<f64>], values: &[f64], weights: &[f64]) -> Line {
    let columns = rows.first().map_or(0, Vec::len);
    let total: f64 = weights.iter().sum();
    if total <= 0.0 {
        return Line { intercept: 0.0, slopes: vec![0.0; columns] };
    }
    let mean = |of: &dyn Fn(usize) -> f64| (0..rows.len()).map(|i| weights[i] * of(i)).sum::<f64>() / total;
    let centre: Vec<f64> = (0..columns).map(|c| mean(&|i| rows[i][c])).collect();
    let middle = mean(&|i| values[i]);
    let product = |a: usize, b: usize| mean(&|i| (rows[i][a] - centre[a]) * (rows[i][b] - centre[b]));
    // The lower triangle of the decomposition; a column whose own part is nothing gets no slope.
    let mut lower = vec![vec![0.0; columns]; columns];
    for a in 0..columns {
        for b in 0..=a {
            let rest = product(a, b) - (0..b).map(|k| lower[a][k] * lower[b][k]).sum::<f64>();
            lower[a][b] = if a == b {
                if rest > 1e-10 * product(a, a) { libm::sqrt(rest) } else { 0.0 }
            } else if lower[b][b] > 0.0 {
                rest / lower[b][b]
            } else {
                0.0
            };
        }
    }
    let with_values: Vec<f64> =
        (0..columns).map(|c| mean(&|i| (rows[i][c] - centre[c]) * (values[i] - middle))).collect();
    let divided = |sum: f64, by: f64| if by > 0.0 { sum / by } else { 0.0 };
    let mut forward = vec![0.0; columns];
    for a in 0..columns {
        let sum = with_values[a] - (0..a).map(|k| lower[a][k] * forward[k]).sum::<f64>();
        forward[a] = divided(sum, lower[a][a]);
    }
    let mut slopes = vec![0.0; columns];
    for a in (0..columns).rev() {
        let sum = forward[a] - (a + 1..columns).map(|k| lower[k][a] * slopes[k]).sum::<f64>();
        slopes[a] = divided(sum, lower[a][a]);
    }
    let intercept = middle - slopes.iter().zip(&centre).map(|(slope, x)| slope * x).sum::<f64>();
    Line { intercept, slopes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plane_is_found_and_a_column_twice_counts_once() {
        let rows: Vec<Vec<f64>> =
            (0..20).map(|i| vec![f64::from(i), f64::from(i * i % 7), 2.0 * f64::from(i)]).collect();
        let values: Vec<f64> = rows.iter().map(|row| 3.0 + 0.5 * row[0] - 2.0 * row[1]).collect();
        let line = least_squares(&rows, &values, &[1.0; 20]);
        assert!((line.intercept - 3.0).abs() < 1e-9 && (line.slopes[1] + 2.0).abs() < 1e-9, "{line:?}");
        assert!(line.slopes[2] == 0.0 && (line.at(&rows[7]) - values[7]).abs() < 1e-9);
    }

    #[test]
    fn weights_decide_between_two_lines_and_the_numbers_are_those_worked_out_by_hand() {
        // Of (0, 0), (1, 1), (2, 1) the line is 1/6 + x/2 (mean 1, mean 2/3, slope 1/2).
        let rows: Vec<Vec<f64>> = [0.0, 1.0, 2.0].map(|x| vec![x]).to_vec();
        let line = least_squares(&rows, &[0.0, 1.0, 1.0], &[1.0; 3]);
        assert!((line.intercept - 1.0 / 6.0).abs() < 1e-12 && (line.slopes[0] - 0.5).abs() < 1e-12);
        let line = least_squares(&rows, &[0.0, 1.0, 1.0], &[1.0, 1.0, 0.0]);
        assert!(line.intercept.abs() < 1e-12 && (line.slopes[0] - 1.0).abs() < 1e-12);
        assert_eq!(least_squares(&rows, &[0.0, 1.0, 1.0], &[0.0; 3]), Line { intercept: 0.0, slopes: vec![0.0] });
    }
}
