//! Similarity of two texts, by characters: the Jaro–Winkler similarity and the optimal string alignment distance.
//!
//! Most names are short and ASCII, and most of a run's time goes into comparing them. For those both measures work in
//! registers and on the stack; every other text goes to `strsim`, which gives the same numbers.

/// The longest text, in bytes, that the short way takes.
const SHORT: usize = 64;

/// The Jaro–Winkler similarity, from 0 to 1: Jaro's with Winkler's bonus of a tenth of what is missing for each of up
/// to four equal first characters, given where Jaro's is above 0.7. (W. E. Winkler (1990), "String comparator metrics
/// and enhanced decision rules in the Fellegi–Sunter model of record linkage".)
///
/// Jaro's greedy search for common characters can depend on which text comes first; here the shorter does, and of
/// equally long ones the alphabetically first, so that the similarity is the same from either side.
pub fn jaro_winkler(a: &str, b: &str) -> f64 {
    let (a, b) = if (a.len(), a) <= (b.len(), b) { (a, b) } else { (b, a) };
    // The longer of the two comes last, so its length decides.
    if a.is_empty() || b.len() > SHORT || !a.is_ascii() || !b.is_ascii() {
        return strsim::jaro_winkler(a, b);
    }
    short_jaro_winkler(a.as_bytes(), b.as_bytes())
}

fn short_jaro_winkler(a: &[u8], b: &[u8]) -> f64 {
    let range = (b.len() / 2).saturating_sub(1);
    // One bit a position: is it matched?
    let (mut in_a, mut in_b) = (0_u64, 0_u64);
    for (i, &letter) in a.iter().enumerate() {
        let start = i.saturating_sub(range);
        let end = b.len().min(i + range + 1);
        for (j, &other) in b.iter().enumerate().take(end).skip(start) {
            if letter == other && in_b & (1 << j) == 0 {
                in_a |= 1 << i;
                in_b |= 1 << j;
                break;
            }
        }
    }
    let matches = in_a.count_ones();
    if matches == 0 {
        return 0.0;
    }
    let mut displaced = 0_u32;
    let mut rest_b = in_b;
    let mut rest_a = in_a;
    while rest_a != 0 {
        displaced += u32::from(a[rest_a.trailing_zeros() as usize] != b[rest_b.trailing_zeros() as usize]);
        rest_a &= rest_a - 1;
        rest_b &= rest_b - 1;
    }
    let m = f64::from(matches);
    let jaro = (m / a.len() as f64 + m / b.len() as f64 + f64::from(matches - displaced / 2) / m) / 3.0;
    if jaro <= 0.7 {
        return jaro;
    }
    let prefix = a.iter().zip(b).take(4).take_while(|(x, y)| x == y).count();
    jaro + 0.1 * prefix as f64 * (1.0 - jaro)
}

/// The optimal string alignment distance: the fewest insertions, deletions, substitutions and exchanges of neighbours
/// that turn one text into the other, no part being edited twice.
pub fn edits(a: &str, b: &str) -> usize {
    if a.len().max(b.len()) > SHORT || !a.is_ascii() || !b.is_ascii() {
        return strsim::osa_distance(a, b);
    }
    let (a, b) = (a.as_bytes(), b.as_bytes());
    // Three rows of the usual table: the one before last, the last and this one.
    let mut rows = [[0_u8; SHORT + 1]; 3];
    for (j, cell) in rows[1].iter_mut().enumerate() {
        *cell = j as u8;
    }
    for i in 1..=a.len() {
        let [before, last, this] = &mut rows;
        this[0] = i as u8;
        for j in 1..=b.len() {
            let substituted = last[j - 1] + u8::from(a[i - 1] != b[j - 1]);
            let mut least = substituted.min(last[j] + 1).min(this[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            this[j] = least;
        }
        rows.rotate_left(1);
    }
    usize::from(rows[1][b.len()])
}

/// Every measure of how alike two texts are, by name, as `strsim` has them; distances count edits, the others go from
/// 0 to 1.
pub fn similarities(a: &str, b: &str) -> Vec<(&'static str, f64)> {
    vec![
        ("jaro", strsim::jaro(a, b)),
        ("jaro_winkler", jaro_winkler(a, b)),
        ("levenshtein_distance", strsim::levenshtein(a, b) as f64),
        ("levenshtein", strsim::normalized_levenshtein(a, b)),
        ("optimal_string_alignment_distance", strsim::osa_distance(a, b) as f64),
        ("damerau_levenshtein_distance", strsim::damerau_levenshtein(a, b) as f64),
        ("damerau_levenshtein", strsim::normalized_damerau_levenshtein(a, b)),
        ("sorensen_dice", strsim::sorensen_dice(a, b)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts of few letters, so that they share many; every fifth has one beyond ASCII.
    fn texts() -> Vec<String> {
        let mut state = 1_u64;
        let mut draw = |n: u64| {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
            (state >> 33) % n
        };
        (0..300)
            .map(|i| {
                let length = draw(12);
                let mut text: String = (0..length).map(|_| char::from(b'A' + draw(5) as u8)).collect();
                if i % 5 == 0 {
                    text.push(['É', 'ō', '大'][draw(3) as usize]);
                }
                if i % 50 == 0 {
                    text = text.repeat(12);
                }
                text
            })
            .collect()
    }

    #[test]
    fn the_short_way_gives_the_same_numbers_as_the_long_one() {
        let texts = texts();
        for a in &texts {
            for b in &texts {
                let (x, y) = if (a.len(), a) <= (b.len(), b) { (a, b) } else { (b, a) };
                assert_eq!(jaro_winkler(a, b), strsim::jaro_winkler(x, y), "{a} {b}");
                assert_eq!(edits(a, b), strsim::osa_distance(a, b), "{a} {b}");
            }
        }
    }

    #[test]
    fn similarity_is_the_same_from_either_side() {
        let texts = texts();
        for (a, b) in texts.iter().zip(texts.iter().rev()) {
            assert_eq!(jaro_winkler(a, b), jaro_winkler(b, a));
            assert_eq!(edits(a, b), edits(b, a));
        }
    }
}
