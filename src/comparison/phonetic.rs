//! Phonetic codes of a name, by the `rphonetic` library.

use rphonetic::{
    DaitchMokotoffSoundexBuilder, DoubleMetaphone, Encoder, MatchRatingApproach, Metaphone, Nysiis, RefinedSoundex,
    Soundex,
};

/// Every phonetic code of a text, by the name of the algorithm. A text without letters has empty codes.
///
/// The algorithms know the letters A to Z; accents are taken off before, so that Nuñez is coded as Nunez.
pub fn codes(text: &str) -> Vec<(&'static str, String)> {
    let plain: String = unicode_normalization::UnicodeNormalization::nfkd(text)
        .filter(|c| c.is_ascii_alphabetic() || *c == ' ')
        .collect();
    let double = DoubleMetaphone::default().double_metaphone(&plain);
    let daitch = DaitchMokotoffSoundexBuilder::default().build();
    let daitch = daitch.map(|daitch| daitch.soundex(&plain)).unwrap_or_default();
    if !plain.contains(|c: char| c.is_ascii_alphabetic()) {
        return NAMES.iter().map(|name| (*name, String::new())).collect();
    }
    let codes = [
        Soundex::default().encode(&plain),
        RefinedSoundex::default().encode(&plain),
        Nysiis::default().encode(&plain),
        Metaphone::default().encode(&plain),
        double.primary(),
        double.alternate(),
        daitch,
        MatchRatingApproach.encode(&plain),
    ];
    NAMES.into_iter().zip(codes).collect()
}

const NAMES: [&str; 8] = [
    "soundex",
    "refined_soundex",
    "nysiis",
    "metaphone",
    "double_metaphone",
    "double_metaphone_alternate",
    "daitch_mokotoff",
    "match_rating",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_the_published_ones_and_accents_make_no_difference() {
        let of = |text: &str, name: &str| codes(text).into_iter().find(|(n, _)| *n == name).unwrap().1;
        assert_eq!(of("Washington", "soundex"), "W252");
        assert_eq!(of("Gutierrez", "soundex"), "G362");
        assert_eq!(of("Gutiérrez", "soundex"), "G362");
        assert_eq!(of("Nuñez", "nysiis"), of("Nunez", "nysiis"));
        for text in ["", "١٢٣", "李", "-", "'"] {
            assert!(codes(text).iter().all(|(_, code)| code.is_empty()), "{text}");
        }
    }
}
