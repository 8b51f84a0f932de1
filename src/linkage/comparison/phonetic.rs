//! Phonetic codes of a name: names that sound alike get one code. By the `rphonetic` library.
//!
//! A code here is as long as the name makes it. Agencies often cut codes (Metaphone and Double Metaphone to four
//! letters, NYSIIS to six); a blocking rule can do the same, and a code that was cut cannot be made long again.

use rphonetic::{
    DaitchMokotoffSoundex, DaitchMokotoffSoundexBuilder, DoubleMetaphone, Encoder, MatchRatingApproach, Metaphone,
    Nysiis, RefinedSoundex, Soundex,
};
use serde::Deserialize;
use std::sync::OnceLock;

named! {
    /// The phonetic algorithms offered, as TOML and the command line name them.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
    pub enum Algorithm {
        /// American Soundex as the National Archives state it: H and W do not separate equal digits.
        Soundex = "soundex",
        /// Refined Soundex: more digits, and every letter counts.
        RefinedSoundex = "refined_soundex",
        /// The code of the New York State Identification and Intelligence System (R. L. Taft (1970)).
        Nysiis = "nysiis",
        /// Metaphone (L. Philips (1990)).
        Metaphone = "metaphone",
        /// Double Metaphone (L. Philips (2000)): up to two codes.
        DoubleMetaphone = "double_metaphone",
        /// Daitch–Mokotoff Soundex (1985), made for Slavic and Yiddish surnames: one or more codes.
        DaitchMokotoff = "daitch_mokotoff",
        /// The codex of the match rating approach (G. B. Moore et al. (1977)).
        MatchRating = "match_rating",
    }
}

impl Algorithm {
    /// The codes of a text: one, or several where the algorithm leaves a sound open; none without a Latin letter.
    ///
    /// The algorithms know the letters A to Z. Accents are taken off before, so that Nuñez is coded as Nunez. The words
    /// of a name are coded as one, by Metaphone one by one; Double Metaphone hears where words begin.
    pub fn codes(self, text: &str) -> Vec<String> {
        let words = plain_words(text);
        let plain: String = words.chars().filter(|&c| c != ' ').collect();
        if plain.is_empty() {
            return Vec::new();
        }
        let mut codes = match self {
            Algorithm::Soundex => vec![Soundex::default().encode(&plain)],
            Algorithm::RefinedSoundex => {
                // The library writes the first letter's digit beside the letter, and a 0 for each run of vowels.
                let code = RefinedSoundex::default().encode(&plain);
                let digits = code.chars().skip(2).filter(|&digit| digit != '0');
                vec![code.chars().take(1).chain(digits).collect()]
            }
            Algorithm::Nysiis => vec![Nysiis::new(false).encode(&plain)],
            Algorithm::Metaphone => {
                let words = words.split(' ').map(|word| Metaphone::new(None).encode(word));
                vec![words.filter(|code| !code.is_empty()).collect::<Vec<_>>().join(" ")]
            }
            Algorithm::DoubleMetaphone => {
                let both = DoubleMetaphone::new(None).double_metaphone(words.trim());
                vec![both.primary().trim().to_owned(), both.alternate().trim().to_owned()]
            }
            Algorithm::DaitchMokotoff => daitch_mokotoff()
                .map(|encoder| encoder.soundex(&plain).split('|').map(str::to_owned).collect())
                .unwrap_or_default(),
            Algorithm::MatchRating => vec![MatchRatingApproach.encode(&plain)],
        };
        let mut seen = Vec::with_capacity(codes.len());
        codes.retain(|code| !code.is_empty() && !seen.contains(code) && (seen.push(code.clone()), true).1);
        codes
    }

    /// Returns `true` if two texts have a code in common. `None` where either has none.
    pub fn agree(self, a: &str, b: &str) -> Option<bool> {
        let (of_a, of_b) = (self.codes(a), self.codes(b));
        (!of_a.is_empty() && !of_b.is_empty()).then(|| of_a.iter().any(|code| of_b.contains(code)))
    }
}

/// The letters A to Z of a text without their accents, and its spaces.
fn plain_words(text: &str) -> String {
    let kept = |c: &char| c.is_ascii_alphabetic() || *c == ' ';
    if text.is_ascii() {
        return text.chars().filter(kept).collect();
    }
    unicode_normalization::UnicodeNormalization::nfkd(text).filter(kept).collect()
}

/// Its rules are a file of their own, read once.
fn daitch_mokotoff() -> Option<&'static DaitchMokotoffSoundex> {
    static ENCODER: OnceLock<Option<DaitchMokotoffSoundex>> = OnceLock::new();
    ENCODER.get_or_init(|| DaitchMokotoffSoundexBuilder::default().build().ok()).as_ref()
}

/// Every phonetic code of a text by the name of the algorithm, several joined by a bar. A text without letters has
/// empty codes.
pub fn codes(text: &str) -> Vec<(&'static str, String)> {
    Algorithm::ALL.into_iter().map(|algorithm| (algorithm.name(), algorithm.codes(text).join("|"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outside_data::shared_data;

    #[test]
    fn codes_are_the_published_ones_and_accents_make_no_difference() {
        let of = |text: &str, name: &str| codes(text).into_iter().find(|(n, _)| *n == name).unwrap().1;
        assert_eq!(of("Washington", "soundex"), "W252");
        assert_eq!(of("Gutierrez", "soundex"), "G362");
        assert_eq!(of("Gutiérrez", "soundex"), "G362");
        assert_eq!(of("Nuñez", "nysiis"), of("Nunez", "nysiis"));
        assert_eq!(of("Jiménez", "double_metaphone"), "JMNS|AMNS");
        assert_eq!(Algorithm::DaitchMokotoff.codes("Łódź").len(), Algorithm::DaitchMokotoff.codes("Lodz").len());
        for text in ["", "١٢٣", "李", "-", "'"] {
            assert!(codes(text).iter().all(|(_, code)| code.is_empty()), "{text}");
            assert_eq!(Algorithm::Nysiis.agree(text, "Ōe"), None, "{text}");
        }
        assert_eq!(Algorithm::DoubleMetaphone.agree("Smith", "Schmidt"), Some(true));
    }

    /// A line of a CSV file without quotes in the cells that matter.
    fn cells(line: &str) -> Vec<&str> {
        line.split(',').map(|cell| cell.trim_matches('"')).collect()
    }

    #[test]
    fn published_codes_are_met_but_for_the_known_disagreements() {
        let Some(path) = shared_data("data/vectors/phonetic_vectors.csv") else { return };
        let text = std::fs::read_to_string(path).unwrap();
        let (mut checked, mut known) = (0, 0);
        for line in text.lines().skip(1) {
            let cells = cells(line);
            let name = if cells[0] == "match_rating_codex" { "match_rating" } else { cells[0] };
            let mut expected: Vec<&str> = cells[2].split('|').filter(|code| !code.is_empty()).collect();
            let mut found = Algorithm::from_name(name).unwrap().codes(cells[1]);
            expected.sort_unstable();
            expected.dedup();
            found.sort_unstable();
            checked += 1;
            if found == expected {
                continue;
            }
            let ours = found.join("|");
            let is_known = KNOWN.iter().any(|known| *known == (name, cells[1], expected[0], ours.as_str()));
            assert!(is_known, "{name} of {}: {ours}, where {expected:?} is published", cells[1]);
            known += 1;
        }
        assert!(checked > 1_500);
        assert_eq!(known, KNOWN.len(), "a disagreement that is no more should leave the table");
    }

    /// Algorithm, name, code published, code here. Each is explained in docs/linkage.md.
    const KNOWN: [(&str, &str, &str, &str); 20] = [
        ("nysiis", "Bosch", "BAS", "B"),
        ("nysiis", "Alpharades", "ALFARA", "ALFARAD"),
        ("nysiis", "Aschenputtel", "ASANPA", "ASANPATAL"),
        ("nysiis", "Beverly", "BAFARL", "BAFARLY"),
        ("nysiis", "acknowledge", "ACNALA", "ACNALADG"),
        ("metaphone", "Aapti", "PT", "APT"),
        ("metaphone", "Aarti", "RT", "ART"),
        ("metaphone", "Hb", "HB", "B"),
        ("metaphone", "Xhot", "XHT", "XT"),
        ("metaphone", "g", "K", "G"),
        ("metaphone", "WH", "W", ""),
        ("metaphone", "why", "W", ""),
        ("metaphone", "whynot", "WNT", "NT"),
        ("metaphone", "acceptingness", "AKSPTNKNS", "AKSPTNNS"),
        ("metaphone", "Ignatio", "IKNX", "INX"),
        ("metaphone", "Wright", "RKT", "RT"),
        ("metaphone", "Chance", "XNS", "KNS"),
        ("metaphone", "Dgengo", "JJNK", "JNK"),
        ("metaphone", "Ghost", "ST", "KST"),
        ("metaphone", "chracter", "KRKTR", "XRKTR"),
    ];
}
