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

/// The Jaro similarity, from 0 to 1; which text comes first makes no difference, as in [`jaro_winkler`].
pub fn jaro(a: &str, b: &str) -> f64 {
    let (a, b) = if (a.len(), a) <= (b.len(), b) { (a, b) } else { (b, a) };
    if a.is_empty() || b.len() > SHORT || !a.is_ascii() || !b.is_ascii() {
        return strsim::jaro(a, b);
    }
    short_jaro(a.as_bytes(), b.as_bytes())
}

fn short_jaro_winkler(a: &[u8], b: &[u8]) -> f64 {
    let jaro = short_jaro(a, b);
    if jaro <= 0.7 {
        return jaro;
    }
    let prefix = a.iter().zip(b).take(4).take_while(|(x, y)| x == y).count();
    jaro + 0.1 * prefix as f64 * (1.0 - jaro)
}

fn short_jaro(a: &[u8], b: &[u8]) -> f64 {
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
    (m / a.len() as f64 + m / b.len() as f64 + f64::from(matches - displaced / 2) / m) / 3.0
}

/// The Jaccard similarity of the sets of q-grams of two texts, spaces counted as characters: shared over all. A text
/// shorter than q is one gram.
pub fn jaccard(a: &str, b: &str, q: usize) -> f64 {
    let (of_a, of_b, shared) = grams(a, b, q);
    if of_a + of_b == 0 { 1.0 } else { shared as f64 / (of_a + of_b - shared) as f64 }
}

/// The Sørensen–Dice similarity of the sets of q-grams: twice the shared over the sum of both.
pub fn dice(a: &str, b: &str, q: usize) -> f64 {
    let (of_a, of_b, shared) = grams(a, b, q);
    if of_a + of_b == 0 { 1.0 } else { 2.0 * shared as f64 / (of_a + of_b) as f64 }
}

/// Number of different q-grams that either text has, and number that both have.
fn grams(a: &str, b: &str, q: usize) -> (usize, usize, usize) {
    let set = |text: &str| {
        let chars: Vec<char> = text.chars().collect();
        let mut grams: Vec<Vec<char>> = match chars.len() {
            0 => Vec::new(),
            n if n < q => vec![chars],
            _ => chars.windows(q.max(1)).map(<[char]>::to_vec).collect(),
        };
        grams.sort_unstable();
        grams.dedup();
        grams
    };
    let (of_a, of_b) = (set(a), set(b));
    let shared = of_a.iter().filter(|gram| of_b.binary_search(gram).is_ok()).count();
    (of_a.len(), of_b.len(), shared)
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
        ("jaro", jaro(a, b)),
        ("jaro_winkler", jaro_winkler(a, b)),
        ("levenshtein_distance", strsim::levenshtein(a, b) as f64),
        ("levenshtein", strsim::normalized_levenshtein(a, b)),
        ("optimal_string_alignment_distance", strsim::osa_distance(a, b) as f64),
        ("damerau_levenshtein_distance", strsim::damerau_levenshtein(a, b) as f64),
        ("damerau_levenshtein", strsim::normalized_damerau_levenshtein(a, b)),
        ("bigram_jaccard", jaccard(a, b, 2)),
        ("sorensen_dice", dice(a, b, 2)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outside_data::shared_data;

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
                assert_eq!(jaro(a, b), strsim::jaro(x, y), "{a} {b}");
                assert_eq!(edits(a, b), strsim::osa_distance(a, b), "{a} {b}");
            }
        }
    }

    /// The lines of a file of test vectors kept outside, as texts and a number.
    fn vectors(name: &str) -> Vec<(String, String, f64)> {
        let Some(path) = shared_data(&format!("data/vectors/{name}")) else { return Vec::new() };
        let mut csv = csv::ReaderBuilder::new().has_headers(false).from_path(path).unwrap();
        let line = |line: csv::StringRecord| (line[0].to_owned(), line[1].to_owned(), line[2].parse().unwrap());
        csv.records().map(|record| line(record.unwrap())).collect()
    }

    #[test]
    fn distances_and_similarities_are_the_published_ones() {
        for (a, b, expected) in vectors("jellyfish_levenshtein.csv") {
            assert_eq!(strsim::levenshtein(&a, &b) as f64, expected, "{a} {b}");
        }
        for (a, b, expected) in vectors("jellyfish_damerau_levenshtein.csv") {
            assert_eq!(strsim::damerau_levenshtein(&a, &b) as f64, expected, "{a} {b}");
        }
        for (a, b, expected) in vectors("jellyfish_jaro_distance.csv") {
            assert!((jaro(&a, &b) - expected).abs() < 6e-4, "{a} {b} {}", jaro(&a, &b));
        }
        for (a, b, expected) in vectors("jellyfish_jaro_winkler.csv") {
            assert!((jaro_winkler(&a, &b) - expected).abs() < 6e-4, "{a} {b} {}", jaro_winkler(&a, &b));
        }
    }

    #[test]
    fn q_grams_are_of_characters() {
        assert_eq!(dice("NIGHT", "NACHT", 2), 0.25);
        assert_eq!(jaccard("NIGHT", "NACHT", 2), 1.0 / 7.0);
        assert_eq!(dice("ŌE", "ŌE", 3), 1.0);
        assert_eq!(jaccard("NUÑEZ", "NUNEZ", 1), 0.8);
        assert_eq!(jaccard("", "Ō", 2), 0.0);
    }

    #[test]
    fn similarity_is_the_same_from_either_side() {
        let texts = texts();
        for (a, b) in texts.iter().zip(texts.iter().rev()) {
            assert_eq!(jaro_winkler(a, b), jaro_winkler(b, a));
            assert_eq!(edits(a, b), edits(b, a));
        }
    }

    #[test]
    fn jaro_winkler_gives_the_published_values() {
        let Some(path) = shared_data("data/vectors/winkler_jaro_jarowinkler.csv") else { return };
        let text = std::fs::read_to_string(path).unwrap();
        let mut checked = 0;
        for line in text.lines().skip(1) {
            let cells: Vec<&str> = line.splitn(7, ',').collect();
            if !cells[6].is_empty() {
                // The paper prints 0 for these pairs; the formula does not give it.
                continue;
            }
            let (jaro, winkler): (f64, f64) = (cells[4].parse().unwrap(), cells[5].parse().unwrap());
            assert!((strsim::jaro(cells[0], cells[1]) - jaro).abs() < 1e-6, "{line}");
            assert!((jaro_winkler(cells[0], cells[1]) - winkler).abs() < 1e-6, "{line}");
            checked += 1;
        }
        assert!(checked >= 14);
    }
}
