//! Bounds on the likeness of two texts without comparing them: [`Sketch`].
//!
//! No similarity is greater, and no distance less, than the letters that two texts have in common allow. Of most pairs
//! that differ that settles the level, at the price of two numbers and a count of bits.

/// The letters of a short ASCII text, counted.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sketch {
    /// Two bits for each letter from A to Z: one is set for the first, both from the second on.
    letters: u64,
    /// Six bits for each digit, in the same way.
    digits: u64,
    start: [u8; 4],
    /// 0 where there is no sketch: the text is long or not ASCII.
    length: u8,
    /// Characters that the counts above leave out.
    rest: u8,
    has_space: bool,
}

impl Sketch {
    pub(super) fn of(text: &str) -> Sketch {
        let mut sketch = Sketch::default();
        if !text.is_ascii() || text.len() > usize::from(u8::MAX) {
            return sketch;
        }
        for byte in text.bytes() {
            let (word, at, bits) = match byte {
                b'A'..=b'Z' => (&mut sketch.letters, 2 * u32::from(byte - b'A'), 2),
                b'0'..=b'9' => (&mut sketch.digits, 6 * u32::from(byte - b'0'), 6),
                _ => {
                    sketch.rest += 1;
                    continue;
                }
            };
            match (at..at + bits).find(|bit| *word >> bit & 1 == 0) {
                Some(bit) => *word |= 1 << bit,
                None => sketch.rest += 1,
            }
        }
        sketch.has_space = text.contains(' ');
        sketch.length = text.len() as u8;
        text.bytes().zip(&mut sketch.start).for_each(|(byte, place)| *place = byte);
        sketch
    }

    /// At most so many characters have both, and the greater of the two lengths. `None` without sketches.
    fn common(&self, other: &Sketch) -> Option<(f64, f64, f64)> {
        if self.length == 0 || other.length == 0 {
            return None;
        }
        let counted = (self.letters & other.letters).count_ones() + (self.digits & other.digits).count_ones();
        let common = counted + u32::from(self.rest.min(other.rest));
        Some((f64::from(common), f64::from(self.length), f64::from(other.length)))
    }

    /// Returns `true` for a text without spaces.
    pub(super) fn is_word(&self) -> bool {
        !self.has_space
    }

    /// Returns `true` for a text of one character.
    pub(super) fn is_initial(&self) -> bool {
        self.length == 1
    }

    /// No edit distance of the two is less.
    pub(super) fn least_edits(&self, other: &Sketch) -> Option<f64> {
        self.common(other).map(|(common, x, y)| x.max(y) - common)
    }

    /// Their Jaro similarity is not greater.
    pub(super) fn most_jaro(&self, other: &Sketch) -> Option<f64> {
        // A hair more, for the rounding of the similarity itself.
        self.common(other).map(|(common, x, y)| (common / x + common / y + 1.0) / 3.0 + 1e-9)
    }

    /// Their Jaro–Winkler similarity is not greater.
    pub(super) fn most_jaro_winkler(&self, other: &Sketch) -> Option<f64> {
        let jaro = self.most_jaro(other)?;
        let prefix = self.start.iter().zip(&other.start).take_while(|(x, y)| x == y).count();
        Some(jaro + 0.1 * prefix as f64 * (1.0 - jaro).max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::{edits, jaro, jaro_winkler};
    use super::*;

    #[test]
    fn no_two_texts_are_more_alike_than_their_sketches_allow() {
        let mut state = 7_u64;
        let mut draw = |n: u64| {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
            (state >> 33) % n
        };
        let letters = ['A', 'B', 'C', '1', '2', ' ', '-', 'É'];
        let mut text = || -> String {
            let (length, kinds) = (1 + draw(14), if draw(9) == 0 { 8 } else { 7 });
            (0..length).map(|_| letters[draw(kinds) as usize]).collect()
        };
        let texts: Vec<String> = (0..400).map(|_| text()).collect();
        let mut settled = 0;
        for x in &texts {
            for y in &texts {
                let (of_x, of_y) = (Sketch::of(x), Sketch::of(y));
                let Some(most) = of_x.most_jaro_winkler(&of_y) else { continue };
                assert!(jaro_winkler(x, y) <= most, "{x} {y}");
                assert!(jaro(x, y) <= of_x.most_jaro(&of_y).unwrap(), "{x} {y}");
                let least = of_x.least_edits(&of_y).unwrap();
                for distance in [edits(x, y), strsim::levenshtein(x, y), strsim::damerau_levenshtein(x, y)] {
                    assert!(distance as f64 >= least, "{x} {y}");
                }
                settled += u32::from(most < 0.8);
            }
        }
        assert!(settled > 10_000);
    }
}
