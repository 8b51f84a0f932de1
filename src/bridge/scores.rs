//! The scores of a list: the column that holds them ([`choose`]), and the numbers in it ([`Scores`]).

use super::columns::{Chosen, Header, bare};
use super::decisions::name_words;
use super::pair::Last;
use super::rows::Batch;
use super::two_readings::without_points;
use super::{BridgeError, FoundPair};
use crate::notice::{Code, Notice, Told, by_number};

/// Columns that may hold the score, the finest first.
pub(super) const SCORES: [&str; 16] = [
    "match_weight",
    "match_probability",
    "posterior",
    "mpost",
    "probability",
    "prob",
    "proba",
    "score",
    "match_score",
    "confidence_score",
    "confidence",
    "similarity",
    "link score",
    "z_score",
    "weights",
    "weight",
];
/// Columns of scores that are probabilities.
pub(super) const PROBABILITIES: [&str; 6] = ["match_probability", "posterior", "mpost", "probability", "prob", "proba"];
/// Words in the name of a column of which less means more alike.
const DISTANCES: [&str; 19] = [
    "distance",
    "distances",
    "dist",
    "dists",
    "dissimilarity",
    "abstand",
    "abstände",
    "distanz",
    "entfernung",
    "distancia",
    "distanza",
    "afstand",
    "cost",
    "costs",
    "penalty",
    "rank",
    "ranking",
    "pvalue",
    "pval",
];
/// Words in the name of a column that counts differences, or turns their number into a likeness.
const EDITS: [&str; 11] = [
    "levenshtein",
    "lev",
    "damerau",
    "hamming",
    "osa",
    "indel",
    "edit",
    "edits",
    "mismatches",
    "differences",
    "abweichungen",
];
/// Words in the name of a column of which more means more alike.
const LIKENESS: [&str; 7] = ["similarity", "sim", "score", "scores", "ratio", "likeness", "ähnlichkeit"];
/// Words of the name of a score for a pair as a whole, and those that say only that.
const WHOLE_SCORE: [&str; 15] = [
    "score",
    "scores",
    "similarity",
    "ratio",
    "pct",
    "percent",
    "points",
    "prob",
    "proba",
    "probability",
    "confidence",
    "weight",
    "weights",
    "likelihood",
    "odds",
];
const OF_THE_WHOLE: [&str; 17] = [
    "match", "matching", "link", "linkage", "pair", "record", "total", "overall", "final", "combined", "mean",
    "average", "avg", "weighted", "sum", "fuzz", "fuzzy",
];

/// Returns `true` if a word of a name, numbers at its end apart, is one of these.
fn has_word(name: &str, known: &[&str]) -> bool {
    name_words(name).any(|word| known.contains(&word.trim_end_matches(|c: char| c.is_ascii_digit())))
}

/// Returns `true` if less means more alike in a column of this name.
pub(super) fn is_distance(name: &str) -> bool {
    let words: Vec<String> = name_words(name).collect();
    has_word(name, &DISTANCES)
        || words.windows(2).any(|two| two[0] == "p" && two[1] == "value")
        || words.iter().any(|word| word.ends_with("distance"))
}

/// Returns `true` if a column of this name may hold a number of differences.
pub(super) fn counts_differences(name: &str) -> bool {
    has_word(name, &EDITS) && !has_word(name, &LIKENESS)
}

/// Returns `true` for a score of a pair as a whole by its name: `similarity_score` is one, `jaro_surname` is none.
fn is_whole_score(name: &str) -> bool {
    has_word(name, &WHOLE_SCORE)
        && name_words(name).all(|word| WHOLE_SCORE.contains(&word.as_str()) || OF_THE_WHOLE.contains(&word.as_str()))
}

/// The column of scores.
#[derive(Default)]
pub(super) struct ScoreColumn {
    pub(super) column: Option<usize>,
    /// `true` if the scores are probabilities.
    pub(super) probability: bool,
    /// The notice about a column that was chosen from several.
    pub(super) told: Option<Notice>,
}

/// The column of scores of a list of pairs, from its header and what the user chose. `ids` are the columns of ids,
/// `of_records` those of fields.
pub(super) fn choose(
    header: &Header<'_>,
    ids: (usize, usize),
    of_records: &[usize],
    chosen: &Chosen<'_>,
) -> Result<ScoreColumn, BridgeError> {
    let wrong = |problem: String, remedy: &str| Err(header.wrong(problem, remedy));
    let is_probability = |column: &usize| PROBABILITIES.contains(&header.lower[*column].as_str());
    let in_range = |column: &usize, threshold: f64| !is_probability(column) || (0.0..=1.0).contains(&threshold);
    let known = header.all(&SCORES);
    // `score_2` beside `score` is another score, and so is `score2` beside `score1`.
    let has_number = |column: &usize| {
        let name = &header.bare[*column];
        let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
        let is_score = stem != name && SCORES.iter().any(|score| bare(score) == stem);
        // Of a weight of either record it is none.
        is_score && !(stem.starts_with("weight") && of_records.contains(column))
    };
    let numbered: Vec<usize> = (0..header.names.len()).filter(has_number).collect();
    let several: Vec<usize> = known.iter().copied().chain(numbered.iter().copied()).collect();
    if let (None, false, true) = (chosen.score, numbered.is_empty(), several.len() > 1) {
        let problem = format!("the columns {} may each hold the scores", header.named(&several));
        return wrong(problem, "name the one that does with --score COLUMN");
    }
    let mut told = None;
    let column = match (header.asked("--score", chosen.score)?, chosen.threshold) {
        (Some(score), _) if [ids.0, ids.1].contains(&score) => {
            let problem = format!("--score {:?}: this column holds ids", header.names[score]);
            return wrong(problem, "name the column of scores, or leave it out");
        }
        (Some(score), _) if is_distance(&header.names[score]) => return Err(distance(header, score)),
        (Some(score), Some(threshold)) if !in_range(&score, threshold) => {
            return wrong(outside(threshold, &header.names[score]), "state a probability");
        }
        (Some(score), _) => Some(score),
        (None, None) => known.first().copied(),
        (None, Some(threshold)) => {
            // From 0 up are all probabilities, so that of a weight it is meant.
            let open = |column: &&usize| threshold != 0.0 || !is_probability(column);
            let fits = |column: &&usize| in_range(column, threshold);
            let mut possible: Vec<usize> = known.iter().filter(open).filter(fits).copied().collect();
            if possible.is_empty() {
                possible = known.iter().filter(fits).copied().collect();
            }
            if let (&[score], Some(all)) = (&possible[..], known.iter().find(|column| !open(column)))
                && !is_probability(&score)
            {
                let sentence = format!(
                    "--threshold {threshold} is read as one of {:?}: in {:?} it would leave no pair out. --score COLUMN \
                     names the column that is meant.",
                    header.names[score], header.names[*all]
                );
                told = Some(Notice::new(Code::ThresholdIdle, sentence));
            }
            // A column by another name may be the score that is meant.
            let is_other = |column: &usize| {
                !known.contains(column) && !of_records.contains(column) && is_whole_score(&header.names[*column])
            };
            if !known.is_empty() {
                possible.extend((0..header.names.len()).filter(is_other));
            }
            match (&possible[..], &known[..]) {
                (&[score], [_, ..]) if known.contains(&score) => Some(score),
                ([], &[score, ..]) => return wrong(outside(threshold, &header.names[score]), "state a probability"),
                (_, []) => {
                    let problem = format!("--threshold {threshold}: this list has no scores");
                    return wrong(problem, "leave it out, or name their column with --score COLUMN");
                }
                (several, _) => {
                    let problem = format!(
                        "--threshold {threshold} may be meant of each of the columns {}",
                        header.named(several)
                    );
                    return wrong(problem, "name the one that is meant with --score COLUMN");
                }
            }
        }
    };
    let probability = column.as_ref().is_some_and(is_probability);
    Ok(ScoreColumn { column, probability, told })
}

/// The complaint about a column of distances.
fn distance(header: &Header<'_>, score: usize) -> BridgeError {
    let problem =
        format!("--score {:?}: of a distance less means more alike, of a score more does", header.names[score]);
    let remedy = "add a column with the negative of it and name that one, or give it another name if more of it does mean \
                  more alike";
    header.wrong(problem, remedy)
}

/// The complaint about a threshold that no probability reaches or all do.
fn outside(threshold: f64, column: &str) -> String {
    format!("--threshold {threshold}: the column {column:?} holds probabilities, which are from 0 to 1")
}

/// Refuses a column whose name may be that of a number of differences, unless pairs of one person have more of it.
pub(super) fn refuse_edits(
    list: &str,
    column: &str,
    pairs: &[FoundPair],
    same: impl Fn(&FoundPair) -> bool,
) -> Result<(), BridgeError> {
    if !counts_differences(column) {
        return Ok(());
    }
    let mean = |right: bool| {
        let scores = pairs.iter().filter(|pair| same(pair) == right).filter_map(|pair| pair.score);
        let (count, sum) = scores.fold((0.0, 0.0), |(count, sum), score| (count + 1.0, sum + score));
        sum / count
    };
    // Without pairs of one kind nothing is shown.
    if mean(true) > mean(false) {
        return Ok(());
    }
    let problem = format!(
        "--score {column:?}: this may be a number of differences, of which less means more alike, and pairs of one person do \
         not have more of it than others"
    );
    let remedy = "add a column with the negative of it and name that one, or give it another name if more of it does mean \
                  more alike";
    Err(BridgeError::new(list, problem, remedy).at_line(1))
}

/// The scores of a list as they are read: with a decimal point, or a decimal comma.
#[derive(Default)]
pub(super) struct Scores {
    /// Scores with a comma, and the first of them in the list.
    with_comma: Told,
    first: Option<(u64, String)>,
    /// `true` if one of them can be nothing but a decimal.
    are_decimals: bool,
    /// The first score with a point alone.
    with_point: Option<(u64, String)>,
    /// `true` if a score with a point can be nothing but a decimal.
    has_decimals: bool,
    /// The first score without a point that is a whole number other than 0.
    whole: Option<(u64, String)>,
    /// Number of scores, the length of the last one, and of the shortest before it.
    count: u64,
    last: usize,
    shortest: Option<usize>,
}

impl Scores {
    /// The score of a pair.
    pub(super) fn read(
        &mut self,
        batch: &Batch<'_>,
        row: usize,
        column: usize,
        probability: bool,
    ) -> Result<f64, BridgeError> {
        let text = batch.text(row, column)?;
        let line = batch.line(row);
        if self.count > 0 {
            self.shortest = Some(self.shortest.map_or(self.last, |shortest| shortest.min(self.last)));
        }
        (self.count, self.last) = (self.count + 1, text.len());
        let value = match text.parse::<f64>() {
            Ok(value) => {
                let is_whole = || text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
                match text.contains('.') {
                    true => {
                        self.has_decimals = self.has_decimals || without_points(text).is_none();
                        if self.with_point.is_none() {
                            self.with_point = Some((line, text.to_owned()));
                        }
                    }
                    false if self.whole.is_none() && value != 0.0 && is_whole() => {
                        self.whole = Some((line, text.to_owned()));
                    }
                    false => {}
                }
                Some(value)
            }
            Err(_) => with_comma(text).map(|(value, is_decimal)| {
                self.with_comma.add(text, 1);
                self.first.get_or_insert_with(|| (line, text.to_owned()));
                self.are_decimals |= is_decimal;
                value
            }),
        };
        let remedy = "give every pair a score, or choose another column with --score COLUMN";
        match value {
            Some(value) if probability && !(0.0..=1.0).contains(&value) => {
                Err(batch.error(row, column, format!("{text:?} is outside 0 to 1"), "a probability is from 0 to 1"))
            }
            Some(value) if value.is_finite() => Ok(value),
            _ => Err(batch.error(row, column, format!("{text:?} is not a number"), remedy)),
        }
    }

    /// The notice that the last score of a list may have been cut: it is shorter than all others, as of so many hardly
    /// one is by chance.
    pub(super) fn cut(&self, list: &str, last: &Last) -> Option<Notice> {
        const FEWEST: u64 = 20;
        let is_shorter = self.shortest.is_some_and(|shortest| self.last < shortest);
        (self.count > FEWEST && is_shorter).then(|| {
            let sentence = format!(
                "{list}, line {}: the list ends within this line, and its last score {:?} is shorter than all others. If the \
                 list was cut there, the pair has another score than it should have: write the list again.",
                last.line, last.text
            );
            Notice::new(Code::ListCut, sentence).counting(1)
        })
    }

    /// The notice that the scores have decimal commas; refused where commas or points may part off thousands.
    pub(super) fn notice(&self, list: &str, column: &str) -> Result<Option<Notice>, BridgeError> {
        let about = |line: u64, problem: String, remedy: &str| {
            Err(BridgeError::new(list, problem, remedy).at_line(line).about(format!("column {column:?}")))
        };
        let Some((line, text)) = &self.first else {
            let (Some((line, text)), Some((other_line, other)), false) =
                (&self.with_point, &self.whole, self.has_decimals)
            else {
                return Ok(None);
            };
            let thousands = without_points(text).unwrap_or_default();
            let problem = format!(
                "{text:?} may be a decimal or {thousands}: all scores with a point have three digits behind it, and {other:?} \
                 on line {other_line} has none"
            );
            let remedy = "write all scores of the column with decimals, or without a sign between thousands";
            return about(*line, problem, remedy);
        };
        if let Some((other_line, other)) = &self.with_point {
            let problem =
                format!("{text:?} has a decimal comma, and {other:?} on line {other_line} has a decimal point");
            return about(*line, problem, "write all scores of the column in one way");
        }
        if !self.are_decimals {
            let (decimal, whole) = (text.replace(',', "."), text.replace(',', ""));
            let problem = format!("{text:?} may be {decimal} or {whole}, and no score of the column shows which");
            return about(*line, problem, "write the scores with a decimal point, or without a sign between thousands");
        }
        let Told { cells, examples } = &self.with_comma;
        let sentence = format!(
            "{list}, column {column:?}: {cells} {} a decimal comma and {} read so: 0,5 is 0.5.",
            by_number(*cells, "score has", "scores have"),
            by_number(*cells, "is", "are"),
        );
        let notice = Notice::new(Code::DecimalCommas, sentence).counting(*cells);
        Ok(Some(notice.with_examples(examples.iter().map(String::as_str))))
    }
}

/// A number with a decimal comma and perhaps points between its thousands: `0,93`, `,93`, `1.234,5`. With it whether it can be
/// nothing else: `1,234` may be 1234.
fn with_comma(text: &str) -> Option<(f64, bool)> {
    let (before, after) = text.split_once(',')?;
    let unsigned = before.strip_prefix(['-', '+']).unwrap_or(before);
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let mut groups = unsigned.split('.');
    let first = groups.next().unwrap_or_default();
    let has_points = unsigned.contains('.');
    // SPSS writes no zero in front of a comma.
    let is_bare = unsigned.is_empty();
    if !(is_bare || is_digits(first))
        || has_points && (first.len() > 3 || !groups.all(|group| group.len() == 3 && is_digits(group)))
    {
        return None;
    }
    if !after.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let value = format!("{}.{after}", before.replace('.', "")).parse().ok()?;
    let may_be_thousands =
        !has_points && !is_bare && is_digits(after) && after.len() == 3 && first.len() <= 3 && first != "0";
    Some((value, !may_be_thousands))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_comma_is_told_from_one_between_thousands() {
        for (text, number) in [
            ("0,93", (0.93, true)),
            ("-3,5", (-3.5, true)),
            ("12,0625", (12.0625, true)),
            ("0,125", (0.125, true)),
            (",98", (0.98, true)),
            (",125", (0.125, true)),
            ("-,5", (-0.5, true)),
            ("1.234,5", (1234.5, true)),
            ("9,3e-5", (9.3e-5, true)),
            ("1234,567", (1234.567, true)),
            ("1,234", (1.234, false)),
            ("-12,345", (-12.345, false)),
        ] {
            assert_eq!(with_comma(text), Some(number), "{text}");
        }
        for text in
            ["", ",", "0,", "-,", ",,5", ",5,5", "1,234,567", "1,234.5", "12.34,5", "a,5", "0,9x", "é,1", "0,-5"]
        {
            assert_eq!(with_comma(text), None, "{text}");
        }
    }

    #[test]
    fn columns_of_distances_and_of_whole_scores_are_known_by_their_names() {
        for name in
            ["Distance", "edit_distance", "editdistance", "dist1", "p_value", "p.value", "pValue", "Abstand", "cost"]
        {
            assert!(is_distance(name), "{name}");
        }
        for name in ["district", "value", "score", "step_values", "Levenshtein", "ranked", "Ōe"] {
            assert!(!is_distance(name), "{name}");
        }
        for name in ["similarity_score", "fuzz_ratio", "Match Pct", "totalScore", "log_odds"] {
            assert_eq!(is_whole_score(name), name != "log_odds", "{name}");
        }
        for name in ["jaro_surname", "name_similarity", "gamma_score", "match", "match_key", "weight_l"] {
            assert!(!is_whole_score(name), "{name}");
        }
    }
}
