//! Warnings for readers of figures: [`Notice`].
//!
//! A figure may be computed correctly and still mislead: records were left out, a limit cut a blocking rule short, text
//! could not be read. Whoever finds such a thing adds a notice where it is found. Results carry the list, the summary
//! prints it, and the JSON holds it under `notices`. What makes a figure wrong is an error and no notice.
//!
//! To add a kind of notice, add a row to [`Code`]; `docs/link.md` lists them, and a test compares the two.

use serde::{Deserialize, Serialize};
use std::fmt;

/// One thing to know about some figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Notice {
    /// The kind, for programs.
    pub code: Code,
    /// One sentence or two for people, with the numbers that matter.
    pub sentence: String,
    /// Number of cells, records, keys or pairs the notice is about, where it can be counted.
    pub count: Option<u64>,
    /// Examples from the files, at most [`Notice::EXAMPLES`].
    pub examples: Vec<String>,
}

impl Notice {
    /// The most examples that a notice carries.
    pub const EXAMPLES: usize = 3;

    /// The longest example, in characters; a longer one is cut.
    const LONGEST_EXAMPLE: usize = 40;

    /// A notice without count and examples.
    pub fn new(code: Code, sentence: impl Into<String>) -> Notice {
        Notice { code, sentence: sentence.into(), count: None, examples: Vec::new() }
    }

    /// The same notice about so many.
    pub fn counting(mut self, count: u64) -> Notice {
        self.count = Some(count);
        self
    }

    /// The same notice with the first of these examples, long ones cut.
    pub fn with_examples<'t>(mut self, examples: impl IntoIterator<Item = &'t str>) -> Notice {
        let short = |example: &str| match example.char_indices().nth(Notice::LONGEST_EXAMPLE) {
            Some((end, _)) => format!("{}…", &example[..end]),
            None => example.to_owned(),
        };
        self.examples = examples.into_iter().take(Notice::EXAMPLES).map(short).collect();
        self
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)?;
        for (place, example) in self.examples.iter().enumerate() {
            write!(f, "{}{example:?}", if place == 0 { " For example: " } else { ", " })?;
        }
        f.write_str(if self.examples.is_empty() { "" } else { "." })
    }
}

/// Cells of a kind, and the first of them by the alphabet, which is the same however the rows are ordered.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Cells.
    pub cells: u64,
    /// Examples, at most [`Notice::EXAMPLES`].
    pub examples: Vec<String>,
}

impl Told {
    /// Takes in a text that so many cells have.
    pub fn add(&mut self, text: &str, times: u64) {
        self.cells += times;
        if self.examples.len() < Notice::EXAMPLES || self.examples.last().is_some_and(|last| text < last.as_str()) {
            self.examples.push(text.to_owned());
            self.examples.sort_unstable();
            self.examples.truncate(Notice::EXAMPLES);
        }
    }
}

/// The word that goes with a number: one person, two people.
pub fn by_number<'w>(number: u64, one: &'w str, several: &'w str) -> &'w str {
    if number == 1 { one } else { several }
}

named! {
    /// The kinds of notices.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
    #[cfg_attr(test, derive(schemars::JsonSchema))]
    pub enum Code {
        /// A field holds words that usually stand for a missing value, and the spec does not list them.
        MissingWords = "missing-words",
        /// No cell is a word that the spec names for a missing value.
        MissingUnused = "missing-unused",
        /// A record of a file seems to be a sum of others.
        TotalRow = "total-row",
        /// A file or list ends within a line whose last cell is the beginning of other values.
        FileCut = "file-cut",
        /// Cells begin with an apostrophe or are formulas, as spreadsheets write text.
        SpreadsheetText = "spreadsheet-text",
        /// Letters were lost or became others in another encoding.
        BrokenText = "broken-text",
        /// Whole numbers were written as floating-point numbers, and are read as whole numbers.
        WholeNumbers = "whole-numbers",
        /// Numbers are left as they are written, since other values of the column are no numbers.
        NumbersAsText = "numbers-as-text",
        /// Digits of numbers were lost when the file was written.
        DigitsLost = "digits-lost",
        /// One person has most of the true pairs, or far more records than others.
        LargePerson = "large-person",
        /// Truth values differ only in capitals, blanks, zeros at the front, or letters that look alike or like digits.
        TruthAlike = "truth-alike",
        /// Records of two people, each of whom one file alone has, agree in every field.
        TruthApart = "truth-apart",
        /// A list says of some of its pairs that they are no matches.
        ListSaysNo = "list-says-no",
        /// Every pair of a list counts as matched, though it holds scores or columns that are not read.
        EveryPairCounts = "every-pair-counts",
        /// A field, clusters or the decisions of a list say the same as the truth.
        CopiesTruth = "copies-truth",
        /// More pairs of a list would be right if the two files were exchanged, in all lines or in some.
        FilesExchanged = "files-exchanged",
        /// Numbers of rows in a list seem to be counted from 0.
        RowsMoved = "rows-moved",
        /// Lower scores are right more often than higher ones.
        ScoresUpsideDown = "scores-upside-down",
        /// A threshold leaves out no pair of a list.
        ThresholdIdle = "threshold-without-effect",
        /// Some scores are fractions and others per cent.
        ScoresMixed = "scores-mixed",
        /// The scores of a list have decimal commas.
        DecimalCommas = "decimal-commas",
        /// A list may have been cut: among pairs of one score, or before the end of a file in whose order it is.
        ListCut = "list-cut",
        /// Half of a list or more is left out: pairs within one file, or of records without truth.
        PairsLeftOut = "pairs-left-out",
        /// No pair of a list is one person.
        NothingRight = "nothing-right",
        /// A record is in far more of the matched pairs of a list than others.
        CrowdedRecord = "crowded-record",
        /// A list of clusters does not mention all records.
        RecordsUnlisted = "records-unlisted",
        /// A cluster holds far more records than others.
        LargeCluster = "large-cluster",
        /// Clusters differ only in capitals, blanks, zeros at the front, or letters that look alike or like digits.
        ClustersAlike = "clusters-alike",
        /// Both files hold the same records.
        SameRecords = "same-records",
        /// Records have no value in a group column in which others of them, or their persons in the other file, have one.
        GroupBlank = "group-blank",
        /// Values of a group column differ only in how they are written, or stand for a missing one.
        GroupsAlike = "groups-alike",
        /// A frequent value of a field is in one file alone.
        OneSidedValue = "one-sided-value",
        /// A field is the same for the people in both files less often than by chance.
        ValuesExchanged = "values-exchanged",
        /// A field of the same people differs in one way in many records, or agrees no more often than by chance.
        SamePeopleDiffer = "same-people-differ",
        /// No value of a field is in both files.
        NoCommonValue = "no-common-value",
        /// A field has none of the names that Namesake knows, and is compared as text.
        FieldAsText = "field-as-text",
        /// A field compares the column of another field, or that of the ids.
        ColumnTwice = "column-twice",
        /// A field is blank throughout a file, or neither compared nor used by a blocking rule.
        FieldWithoutUse = "field-without-use",
        /// A loaded model lacks probabilities, or all of them.
        ModelIncomplete = "model-incomplete",
        /// One date or number comes far more often than others.
        HeapedValue = "heaped-value",
        /// Dates are not written year first.
        DateFormats = "date-formats",
        /// Few dates have the format that the spec states.
        DateFormatMisses = "date-format-misses",
        /// No date of a column says which of its numbers is the day, the month or the year.
        DatesOpen = "dates-open",
        /// Dates lack a part or are in no calendar.
        DatesInPart = "dates-in-part",
        /// Dates cannot be read.
        DatesNotRead = "dates-not-read",
        /// Dates of birth are in years in which nobody of such a file was born.
        DatesUnlikely = "dates-unlikely",
        /// A limit on pairs left out blocking keys.
        KeysLeftOut = "keys-left-out",
        /// Blocking proposed fewer than half of the pairs that are one person.
        FewCandidates = "few-candidates",
        /// Default blocking did not use some of its rules.
        RulesLeftOut = "rules-left-out",
        /// A record has several matches on average.
        ManyMatches = "many-matches",
        /// No pair was matched, so precision has no trials.
        NothingMatched = "nothing-matched",
        /// No pair that is counted is one person, so recall has no trials.
        NoTruePairs = "no-true-pairs",
        /// A model that learns from labels had none, or none of one kind.
        LearnedFromNone = "learned-from-none",
        /// Too few pairs were likely matches to train on.
        TrainedOnFew = "trained-on-few",
    }
}

/// The remedy for a word that is not known: "did you mean …?" where one of the known words is near, else all of them.
pub fn suggestion(word: &str, known: &[&str]) -> String {
    let nearest = known.iter().map(|known| (strsim::osa_distance(word, known), *known)).min();
    match nearest {
        Some((distance, known)) if distance <= 1 + word.chars().count() / 4 => format!("did you mean \"{known}\"?"),
        _ => format!("there are {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_nearly_right_gets_the_right_one_and_any_other_all_of_them() {
        let known = ["surname", "sex", "zip"];
        assert_eq!(suggestion("surnme", &known), "did you mean \"surname\"?");
        assert_eq!(suggestion("telephone", &known), "there are surname, sex, zip");
    }

    #[test]
    fn every_kind_is_in_the_documentation() {
        let table = include_str!("../docs/link.md").lines().skip_while(|line| *line != "### Notices");
        let rows: Vec<&str> =
            table.filter_map(|line| line.strip_prefix("| `")?.split_once('`')).map(|row| row.0).collect();
        assert_eq!(rows, Code::ALL.map(Code::name));
    }

    #[test]
    fn a_notice_shows_a_few_short_examples() {
        let long = "ö".repeat(50);
        let notice = Notice::new(Code::KeysLeftOut, "Four keys were left out.").counting(4);
        assert_eq!(notice.to_string(), "Four keys were left out.");
        let notice = notice.with_examples(["a\u{1b}", &long, "", "d"]);
        let expected = format!("Four keys were left out. For example: \"a\\u{{1b}}\", \"{}…\", \"\".", "ö".repeat(40));
        assert_eq!(notice.to_string(), expected);
    }
}
