//! Columns of a list that say which pairs are matches, told by their names: [`Decisions`].

use super::BridgeError;
use super::rows::Batch;
use unicode_normalization::UnicodeNormalization;

/// The word for "every listed pair is a match" in place of a column.
pub(super) const ALL: &str = "all";

/// Columns that hold what a program decided.
const DECIDED: [&str; 16] = [
    "predicted",
    "prediction",
    "predictions",
    "pred",
    "predicted_label",
    "pred_label",
    "predicted_class",
    "predicted_match",
    "match_prediction",
    "y_pred",
    "z_prediction",
    "decision",
    "match_decision",
    "class",
    "matched",
    "is_matched",
];
/// Columns that hold either that or a label somebody gave: read where there is none of those.
const PERHAPS: [&str; 11] = [
    "match",
    "is_match",
    "ismatch",
    "matches",
    "match_status",
    "link",
    "linked",
    "is_link",
    "is_duplicate",
    "selected",
    "select",
];
/// Words in the name of a column that may say which pairs are matches: a decision, or a label that somebody gave.
const ABOUT_MATCHES: [&str; 89] = [
    "match",
    "matched",
    "matches",
    "matching",
    "ismatch",
    "nonmatch",
    "link",
    "linked",
    "links",
    "nonlink",
    "pred",
    "predicted",
    "prediction",
    "decision",
    "decided",
    "verdict",
    "outcome",
    "result",
    "status",
    "class",
    "label",
    "labels",
    "gold",
    "golden",
    "truth",
    "true",
    "actual",
    "y",
    "duplicate",
    "dup",
    "dupe",
    "same",
    "accept",
    "accepted",
    "reject",
    "rejected",
    "confirm",
    "confirmed",
    "exclude",
    "excluded",
    "select",
    "selected",
    "greedy",
    "ntom",
    "threshold",
    "positive",
    "negative",
    "distinct",
    "different",
    "merge",
    "merged",
    "agree",
    "agreement",
    "approved",
    "verified",
    "correct",
    "keep",
    "kept",
    "retained",
    "include",
    "included",
    "remove",
    "removed",
    "drop",
    "dropped",
    "discarded",
    "discard",
    "unmatched",
    "unlinked",
    "treffer",
    "entscheidung",
    "ergebnis",
    "bewertung",
    "abgleich",
    "dublette",
    "resultado",
    "risultato",
    "resultat",
    "résultat",
    "uitslag",
    "estado",
    "stato",
    "statut",
    "decisión",
    "décision",
    "duplicado",
    "doublon",
    "gekoppeld",
    "kein",
];
/// Words in the name of a column whose yes means that a pair is none.
const SAYS_NO: [&str; 28] = [
    "non",
    "not",
    "no",
    "nonmatch",
    "nonlink",
    "reject",
    "rejected",
    "exclude",
    "excluded",
    "false",
    "distinct",
    "different",
    "remove",
    "removed",
    "drop",
    "dropped",
    "discarded",
    "discard",
    "mismatch",
    "mismatches",
    "unmatched",
    "unlinked",
    "unterschiedlich",
    "abgelehnt",
    "verworfen",
    "fp",
    "kein",
    "keine",
];
/// Splink's number of the blocking rule.
pub(super) const BLOCKING_RULE: &str = "match_key";
/// Columns of programs whose names speak of matches and which decide nothing: Splink's and Senzing's.
const OF_HOW: [&str; 3] = [BLOCKING_RULE, "match_level", "match_level_code"];
/// Words before *status* that make it one of a person.
const OF_PERSONS: [&str; 12] = [
    "marital",
    "civil",
    "smoking",
    "vital",
    "employment",
    "immigration",
    "citizenship",
    "legal",
    "health",
    "insurance",
    "residence",
    "student",
];

/// The words of a name in small letters: `z_isMatch` is z, is, match.
pub(super) fn name_words(name: &str) -> impl Iterator<Item = String> + Clone {
    let mut words = vec![String::new()];
    let mut before = None;
    for c in name.chars() {
        let begins = c.is_uppercase() && before.is_some_and(char::is_lowercase);
        if begins || !c.is_alphanumeric() {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            words.last_mut().expect("there is one").extend(c.to_lowercase());
        }
        before = Some(c);
    }
    words.into_iter().filter(|word| !word.is_empty())
}

/// Returns `true` if a column of this name usually says how a pair was found.
pub(super) fn tells_how(name: &str) -> bool {
    OF_HOW.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Returns `true` if a column of this name may say which pairs are matches.
pub(super) fn is_about_matches(name: &str) -> bool {
    let mut words = name_words(name);
    !words.clone().any(|word| OF_PERSONS.contains(&word.as_str()))
        && words.any(|word| ABOUT_MATCHES.contains(&word.as_str()))
}

/// Returns `true` if a yes in a column of this name means that a pair is none.
pub(super) fn says_no(name: &str) -> bool {
    name_words(name).any(|word| SAYS_NO.contains(&word.as_str()))
}

/// The column by which a list says of each pair whether it is a match, told by its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Decisions {
    /// The column.
    pub(super) column: Option<usize>,
    /// Columns that could say it too and are labels.
    pub(super) labels: Vec<usize>,
}

impl Decisions {
    /// The column among those of a header, those in `taken` apart; `Err` with the names of several that say it alike.
    /// `known` is a column of what is known of the pairs: a label.
    pub(super) fn of(header: &[String], taken: &[usize], known: Option<usize>) -> Result<Decisions, Vec<String>> {
        let plain = |name: &String| name_words(name).collect::<Vec<String>>().join("_");
        let is = |place: usize, names: &[&str]| {
            let name = plain(&header[place]);
            !taken.contains(&place)
                && known != Some(place)
                && names.iter().any(|known| name == *known || name.replace('_', "") == *known)
        };
        let among = |names: &[&str]| (0..header.len()).filter(|&place| is(place, names)).collect::<Vec<usize>>();
        let (decided, perhaps) = (among(&DECIDED), among(&PERHAPS));
        match (&decided[..], &perhaps[..]) {
            ([], []) => Ok(Decisions::default()),
            (&[column], _) | ([], &[column]) => {
                let label = |place: &usize| {
                    known == Some(*place) || *place != column && is_label(&header[*place], is(*place, &PERHAPS))
                };
                Ok(Decisions { column: Some(column), labels: (0..header.len()).filter(label).collect() })
            }
            ([], several) | (several, _) => Err(several.iter().map(|&place| header[place].clone()).collect()),
        }
    }
}

/// Returns `true` if a column that is not the decision is a label that somebody gave.
fn is_label(name: &str, is_known: bool) -> bool {
    const LABELS: [&str; 6] = ["label", "labels", "gold", "golden", "truth", "actual"];
    is_known || name_words(name).any(|word| LABELS.contains(&word.as_str()))
}

/// Yes as `true` and no as `false`, as programs and spreadsheets of several languages write them.
pub(super) fn yes_or_no(text: &str) -> Option<bool> {
    // A letter with a mark may be written as one character or as two.
    let word = text.trim().nfc().collect::<String>().to_lowercase().replace(['-', '_'], " ");
    match word.as_str() {
        "true" | "t" | "yes" | "y" | "match" | "matched" | "link" | "linked" | "l" | "duplicate" | "accept"
        | "accepted" | "confirmed" | "both" | "keep" | "kept" | "retained" | "included" | "ja" | "j" | "wahr"
        | "treffer" | "oui" | "vrai" | "si" | "sí" | "verdadero" | "sì" | "vero" | "sim" | "verdadeiro" | "waar"
        | "tak" | "prawda" | "да" | "истина" | "так" | "ano" | "áno" | "da" | "igen" | "evet" | "kyllä" | "kylla"
        | "ναι" | "是" | "はい" | "예" | "igaz" | "doğru" | "tosi" | "pravda" | "sant" | "sand" | "sann"
        | "adevărat" | "točno" | "αληθής" | "істина" => Some(true),
        // pandas writes both, left_only and right_only.
        "false" | "f" | "no" | "n" | "non match" | "nonmatch" | "no match" | "not a match" | "unmatch"
        | "unmatched" | "not matched" | "non link" | "nonlink" | "no link" | "unlinked" | "distinct" | "reject"
        | "rejected" | "left only" | "right only" | "removed" | "remove" | "dropped" | "drop" | "discarded"
        | "excluded" | "nein" | "falsch" | "kein treffer" | "non" | "faux" | "falso" | "nee" | "onwaar" | "não"
        | "nao" | "nie" | "fałsz" | "нет" | "ложь" | "ні" | "ne" | "nu" | "nem" | "hayır" | "ei" | "nej" | "nei"
        | "όχι" | "否" | "いいえ" | "아니요" | "hayir" | "οχι" | "hamis" | "yanlış" | "epätosi" | "nepravda"
        | "falskt" | "falsk" | "usann" | "fals" | "netočno" | "ψευδής" | "хибність" => Some(false),
        number => match number.parse::<f64>() {
            Ok(1.0) => Some(true),
            Ok(0.0) => Some(false),
            _ => None,
        },
    }
}

/// The same in a column that is known to decide, where M is a match and U is none, and S, O and V are yes: sí, sim, oui,
/// vrai, vero. Elsewhere M and F are sexes.
pub(super) fn decided(text: &str) -> Option<bool> {
    match text.trim() {
        "M" | "m" | "S" | "s" | "O" | "o" | "V" | "v" => Some(true),
        "U" | "u" => Some(false),
        other => yes_or_no(other),
    }
}

/// Returns `true` if a row says that its pair is a match, or that its record is in its cluster. `what` is asked of it.
pub(super) fn is_match(batch: &Batch<'_>, row: usize, column: usize, what: &str) -> Result<bool, BridgeError> {
    let text = batch.text(row, column)?;
    decided(text).ok_or_else(|| {
        let problem = format!("{text:?} does not say whether {what}");
        let remedy = "write 1 or 0 in every row; if the column says something else, name the one that does with --matches, or \
                      write --matches all; if it holds scores, name it with --score";
        batch.error(row, column, problem, remedy)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no_are_known_however_they_are_written() {
        for yes in ["1", "1.0", "TRUE", "t", "Yes", "y", "Match", "L", "accepted", "both"] {
            assert_eq!(yes_or_no(yes), Some(true), "{yes}");
        }
        for (yes, no) in [
            ("ja", "nein"),
            ("Oui", "non"),
            ("sí", "no"),
            ("SI", "NO"),
            ("WAHR", "FALSCH"),
            ("VRAI", "FAUX"),
            ("VERDADERO", "FALSO"),
            ("match", "non-match"),
            ("matched", "unmatched"),
            ("kept", "removed"),
            ("Tak", "Nie"),
            ("ДА", "НЕТ"),
            ("ano", "ne"),
            ("EVET", "HAYIR"),
            ("ΝΑΙ", "ΟΧΙ"),
            ("kylla\u{308}", "ei"),
            ("PRAVDA", "NEPRAVDA"),
        ] {
            assert_eq!([yes, no].map(yes_or_no), [Some(true), Some(false)], "{yes} {no}");
        }
        assert_eq!(["M", "U", "ja", "F"].map(decided), [Some(true), Some(false), Some(true), Some(false)]);
        assert_eq!(["M", "U"].map(yes_or_no), [None; 2], "elsewhere M may be a sex");
        assert_eq!(["S", "o", "V"].map(decided), [Some(true); 3]);
        for no in [
            "0",
            "0.00",
            "FALSE",
            "f",
            "No",
            "n",
            "non-match",
            "non_match",
            "NonMatch",
            "Unmatched",
            "Rejected",
            "left_only",
        ] {
            assert_eq!(yes_or_no(no), Some(false), "{no}");
        }
        for neither in ["", "P", "2", "-1", "0.93", "NaN", "vielleicht", "ná"] {
            assert_eq!(yes_or_no(neither), None, "{neither}");
        }
    }

    #[test]
    fn the_column_is_the_one_that_a_program_wrote_and_never_one_of_several() {
        let of = |header: &str| {
            let header: Vec<String> = header.split(',').map(str::to_owned).collect();
            Decisions::of(&header, &[0], None).map(|found| {
                let named = |place: usize| header[place].clone();
                (found.column.map(named), found.labels.into_iter().map(named).collect::<Vec<_>>())
            })
        };
        let decided = |column: &str, labels: &[&str]| {
            Ok((Some(column.to_owned()), labels.iter().map(|label| label.to_string()).collect::<Vec<_>>()))
        };
        assert_eq!(of("a,b,name"), Ok((None, vec![])));
        for name in ["Is Match", "isMatch", "Matched?", "z_prediction", "y_pred", "is.match", "predictedLabel"] {
            assert_eq!(of(&format!("a,{name}")), decided(name, &[]));
        }
        assert_eq!(of("a,label,Predicted,gold_labels,match"), decided("Predicted", &["label", "gold_labels", "match"]));
        assert_eq!(of("match,b"), Ok((None, vec![])), "the column is taken");
        assert_eq!(of("a,label"), Ok((None, vec![])), "a label is no decision");
        assert_eq!(of("a,link,match"), Err(vec!["link".to_owned(), "match".to_owned()]));
        let header = ["id1", "is_match", "Class"].map(str::to_owned);
        let of_r = |header: &[String]| Decisions::of(header, &[0], Some(1)).unwrap();
        assert_eq!(of_r(&header), Decisions { column: Some(2), labels: vec![1] });
        assert_eq!(of_r(&header[..2]), Decisions::default(), "the known truth is no decision");
        assert_eq!(of("a,decision,predicted,label"), Err(vec!["decision".to_owned(), "predicted".to_owned()]));
    }

    #[test]
    fn a_column_may_decide_by_its_name() {
        for name in
            ["status", "z_isMatch", "true_match", "gold_labels", "y", "rejected", "non_match", "greedy", "_merge"]
        {
            assert!(is_about_matches(name), "{name}");
        }
        for name in ["given_name", "gamma_surname", "yday", "source", "Ōe"] {
            assert!(!is_about_matches(name), "{name}");
        }
        assert!(tells_how("Match_Key") && !tells_how("match"));
        assert!(says_no("is_rejected") && says_no("nonMatch") && !says_no("matched"));
    }
}
