//! Columns of a list that are not read and may say which pairs are matches: refused, or told.

use super::contents::Contents;
use super::decisions::{BLOCKING_RULE, is_about_matches, name_words, says_no, tells_how};
use super::layout::Layout;
use super::scores::{PROBABILITIES, SCORES, counts_differences, is_distance};
use super::{BridgeError, Format, quoted};
use crate::notice::{Code, Notice, by_number};

/// Words in the name of a column that may hold scores.
const ABOUT_SCORES: [&str; 33] = [
    "score",
    "scores",
    "similarity",
    "similarities",
    "sim",
    "simil",
    "fuzz",
    "fuzzy",
    "ratio",
    "pct",
    "percent",
    "percentage",
    "points",
    "pts",
    "rank",
    "ranking",
    "prob",
    "proba",
    "probability",
    "confidence",
    "conf",
    "weight",
    "weights",
    "likelihood",
    "odds",
    "jaro",
    "winkler",
    "levenshtein",
    "cosine",
    "jaccard",
    "certainty",
    "rating",
    "quality",
];
/// Words in the name of a column that holds a field of a record, or tells how a pair was found.
const OF_A_RECORD: [&str; 46] = [
    "amount", "age", "ages", "year", "years", "month", "months", "day", "days", "date", "dob", "born", "birth", "time",
    "zip", "zipcode", "postcode", "postal", "plz", "phone", "mobile", "email", "fax", "street", "address", "house",
    "city", "town", "county", "state", "country", "region", "district", "name", "names", "surname", "sex", "gender",
    "race", "price", "salary", "income", "height", "rule", "block", "blocking",
];

/// Returns `true` if a word of a name, numbers at its end apart, is one of these.
fn has_word(name: &str, known: &[&str]) -> bool {
    name_words(name).any(|word| known.contains(&word.trim_end_matches(|c: char| c.is_ascii_digit())))
}

/// Returns `true` if a column of this name may hold scores.
fn is_about_scores(name: &str) -> bool {
    has_word(name, &ABOUT_SCORES)
}

/// Returns `true` if a column of this name holds a field of a record, and no score of its likeness.
fn is_of_a_record(name: &str) -> bool {
    has_word(name, &OF_A_RECORD) && !is_about_scores(name)
}

/// Returns `true` if numbers in a column of this name may be scores, or distances.
fn may_hold_scores(name: &str, contents: &Contents) -> bool {
    let is_named = || is_about_scores(name) || is_distance(name) || counts_differences(name);
    is_named() || (!is_of_a_record(name) && contents.numbers_tell_apart())
}

/// Returns `true` if a column about matches tells some pairs from others. Of a constant no, a state says as little as what
/// excludes no pair.
fn decides_some(name: &str, contents: &Contents, of_fields: &[String]) -> bool {
    /// Words for a state, whose 0 may be that of success.
    const STATES: [&str; 8] = ["status", "result", "outcome", "class", "state", "estado", "stato", "statut"];
    match (says_no(name), contents.is_constant()) {
        (true, true) => contents.says(true),
        (false, true) => contents.may_decide() && !has_word(name, &STATES),
        // The agreement of one field is no decision.
        _ if has_word(name, &OF_A_RECORD) || name_words(name).any(|word| of_fields.contains(&word)) => false,
        _ => contents.may_decide() && (contents.says(false) || !contents.is_unrelated()),
    }
}

fn is_probability(name: &str) -> bool {
    PROBABILITIES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

impl Layout {
    /// Refuses a list with a column that may say which pairs are matches and is not read, and tells what was not read.
    /// `said_no` counts the pairs that the list says are none.
    pub(super) fn check_contents(
        &self,
        list: &str,
        header: &[String],
        seen: &[(usize, Contents)],
        [listed, said_no]: [u64; 2],
    ) -> Result<Option<Notice>, BridgeError> {
        let names = |columns: &[usize]| quoted(columns.iter().map(|&column| &header[column]));
        let is_of_clusters = self.format == Format::Clusters;
        let (pairs, none) = match is_of_clusters {
            true => ("records", "they are in no cluster, and they count as alone"),
            false => ("pairs", "they are no matches, and they count as none"),
        };
        if let Some(decision) = self.decision {
            let labels = match &self.labels[..] {
                [] => String::new(),
                labels => {
                    let labels = names(labels);
                    format!(" It is taken for what the program decided, and {labels} for labels, which are not read.")
                }
            };
            let sentence = format!(
                "{list}: the column {:?} says of {said_no} of {listed} listed {pairs} that {none}.{labels}",
                header[decision]
            );
            let notice = Notice::new(Code::ListSaysNo, sentence).counting(said_no);
            return Ok((said_no > 0 || !labels.is_empty()).then_some(notice));
        }
        if self.is_settled || listed == 0 {
            return Ok(None);
        }
        // Scores of yes and no alone are none.
        let is_score =
            |column: usize| !is_of_clusters && SCORES.iter().any(|score| score.eq_ignore_ascii_case(&header[column]));
        let may_decide =
            |(column, contents): &&(usize, Contents)| match is_score(*column) || Some(*column) == self.score {
                true => contents.is_yes_and_no(),
                // Of a match in per cent there are no two kinds.
                false if contents.holds_numbers() && is_about_scores(&header[*column]) => contents.is_yes_and_no(),
                false => {
                    let name = &header[*column];
                    is_about_matches(name)
                        && (!tells_how(name) || contents.is_yes_and_no_in_words())
                        && decides_some(name, contents, &self.of_fields)
                }
            };
        let several: Vec<usize> = seen.iter().filter(may_decide).map(|(column, _)| *column).collect();
        if let Some(&first) = several.first() {
            let (_, contents) = seen.iter().find(|(column, _)| *column == first).expect("it is one of them");
            let problem = format!(
                "the {} {} may say which {}: {:?} holds {}",
                by_number(several.len() as u64, "column", "columns"),
                names(&several),
                if is_of_clusters { "records are in their cluster" } else { "pairs are matches" },
                header[first],
                contents.in_words()
            );
            let which = match says_no(&header[first]) {
                true if is_of_clusters => {
                    "empty the cluster of the records that are in none, or write --matches all".to_owned()
                }
                true => "take out of the list the pairs that are none, or write --matches all".to_owned(),
                false if contents.is_yes_and_no() => {
                    format!("write --matches {:?} to count the {pairs} it says yes to, or --matches all", header[first])
                }
                false => {
                    let column = &header[first];
                    format!("write 1 or 0 in it and --matches {column:?} to count those of 1, or write --matches all")
                }
            };
            let known = match self.format == Format::RRecordLinkage && header[first].eq_ignore_ascii_case("is_match") {
                true => {
                    " In lists of R's RecordLinkage is_match is what is known of the pairs; state a --threshold if they have scores."
                }
                false => "",
            };
            let one = if is_of_clusters { "record" } else { "pair" };
            let remedy = format!("{which} to count every listed {one}.{known}");
            return Err(BridgeError::new(list, problem, remedy).at_line(1));
        }
        let is_told = |(column, contents): &&(usize, Contents)| {
            let name = &header[*column];
            if Some(*column) == self.score
                || (name.eq_ignore_ascii_case(BLOCKING_RULE) && contents.is_of_whole_numbers())
            {
                return false;
            }
            let is_score = match self.score {
                None if is_of_clusters => false,
                None if contents.holds_fractions() => is_about_scores(name) || !contents.is_unrelated(),
                None => contents.holds_numbers() && may_hold_scores(name, contents),
                // A weight and a probability are one score.
                Some(score) => {
                    contents.holds_numbers()
                        && is_about_scores(name)
                        && is_probability(name) == is_probability(&header[score])
                }
            };
            let tells = contents.tells_apart() && !is_of_a_record(name);
            let decides = tells || (contents.is_yes_and_no() && !contents.is_unrelated());
            // Beside a score, numbers are what it was made of.
            let may_decide = self.score.is_none() || !contents.holds_numbers() || contents.is_yes_and_no();
            // A state of all pairs may be that of a match or of none.
            let is_no = says_no(name) && !contents.says(true);
            let is_state =
                contents.is_constant() && is_about_matches(name) && !tells_how(name) && contents.may_decide() && !is_no;
            is_score || is_state || (decides && may_decide)
        };
        let told = seen.iter().filter(is_told);
        let (of_no, unread): (Vec<_>, Vec<_>) = told.partition(|(column, _)| says_no(&header[*column]));
        let in_words = |told: Vec<&(usize, Contents)>| -> Vec<String> {
            told.iter().map(|(column, contents)| format!("{:?} ({})", header[*column], contents.in_words())).collect()
        };
        let (of_no, unread) = (in_words(of_no), in_words(unread));
        let score = self.score.map(|score| {
            format!(", whatever its score in {:?}: --threshold SCORE counts only those from a score up", header[score])
        });
        Ok((score.is_some() || !unread.is_empty() || !of_no.is_empty()).then(|| {
            const MOST: usize = 5;
            let not_read = |columns: &[String]| {
                let more = columns.len().saturating_sub(MOST);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                format!(" Not read: {}{more}.", columns[..columns.len().min(MOST)].join(", "))
            };
            let mut told = String::new();
            if !unread.is_empty() {
                told = not_read(&unread);
                told += match is_of_clusters {
                    true => " If one of them says which records are in their cluster, name it with --matches.",
                    false => " If one of them holds scores or says which pairs are matches, name it with --score or --matches.",
                };
            }
            if !of_no.is_empty() {
                told += &not_read(&of_no);
                told += match is_of_clusters {
                    true => " If a yes there means that a record is in no cluster, empty its cluster.",
                    false => " If a yes there means that a pair is none, take the pair out of the list.",
                };
            }
            let counts = match is_of_clusters {
                true => "record counts as in its cluster",
                false => "pair counts as matched",
            };
            let sentence = format!("{list}: every listed {counts}{}.{told}", score.unwrap_or_default());
            Notice::new(Code::EveryPairCounts, sentence).counting(listed)
        }))
    }
}
