//! Columns of a list that say of each pair whether it is a match: [`Verdicts`].

use super::BridgeError;
use super::rows::Batch;

/// Columns that hold what a program decided.
const DECIDED: [&str; 12] = [
    "predicted",
    "prediction",
    "predictions",
    "pred",
    "predicted_label",
    "predicted_class",
    "predicted_match",
    "match_prediction",
    "decision",
    "match_decision",
    "class",
    "matched",
];
/// Columns that hold either that or a label somebody gave.
const LABELLED: [&str; 13] = [
    "match",
    "is_match",
    "ismatch",
    "matches",
    "match_status",
    "label",
    "labels",
    "link",
    "linked",
    "is_link",
    "is_duplicate",
    "selected",
    "select",
];

/// The column by which a list says of each pair whether it is a match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verdicts {
    /// The column.
    pub(super) column: usize,
    /// Columns that could say it too and are labels, by their names.
    pub(super) labels: Vec<String>,
}

impl Verdicts {
    /// The column among those of a header, those in `taken` apart; `Err` with the names of several that say it alike.
    pub(super) fn of(header: &[String], taken: &[usize]) -> Result<Option<Verdicts>, Vec<String>> {
        let plain = |name: &String| name.trim().to_lowercase().replace([' ', '-', '.'], "_");
        let among = |names: &[&str]| -> Vec<usize> {
            let is = |&place: &usize| !taken.contains(&place) && names.contains(&plain(&header[place]).as_str());
            (0..header.len()).filter(is).collect()
        };
        let named = |places: &[usize]| places.iter().map(|&place| header[place].clone()).collect::<Vec<String>>();
        let (decided, labelled) = (among(&DECIDED), among(&LABELLED));
        match (&decided[..], &labelled[..]) {
            ([], []) => Ok(None),
            (&[column], labels) => Ok(Some(Verdicts { column, labels: named(labels) })),
            ([], &[column]) => Ok(Some(Verdicts { column, labels: Vec::new() })),
            ([], several) | (several, _) => Err(named(several)),
        }
    }

    /// Returns `true` if a row says that its pair is a match.
    pub(super) fn yes(&self, batch: &Batch<'_>, row: usize) -> Result<bool, BridgeError> {
        let text = batch.text(row, self.column)?;
        yes_or_no(text).ok_or_else(|| {
            let problem = format!("{text:?} does not say whether this pair is a match");
            let remedy = "write 1 or 0 in every row, or give the column another name if it says something else; if it \
                          holds scores, name it with --score";
            batch.error(row, self.column, problem, remedy)
        })
    }
}

/// Yes as `true` and no as `false`, as programs write them.
fn yes_or_no(text: &str) -> Option<bool> {
    let word = text.trim().to_lowercase().replace(['-', '_'], " ");
    match word.as_str() {
        "true" | "t" | "yes" | "y" | "match" | "matched" | "link" | "linked" | "l" | "duplicate" => Some(true),
        "false" | "f" | "no" | "n" | "non match" | "nonmatch" | "no match" | "not a match" | "unmatch"
        | "unmatched" | "non link" | "nonlink" | "no link" | "unlinked" | "distinct" => Some(false),
        number => match number.parse::<f64>() {
            Ok(1.0) => Some(true),
            Ok(0.0) => Some(false),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no_are_known_however_they_are_written() {
        for yes in ["1", "1.0", "TRUE", "t", "Yes", "y", "Match", "L"] {
            assert_eq!(yes_or_no(yes), Some(true), "{yes}");
        }
        for no in ["0", "0.00", "FALSE", "f", "No", "n", "non-match", "non_match", "NonMatch", "Unmatched"] {
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
            Verdicts::of(&header, &[0]).map(|found| found.map(|found| (header[found.column].clone(), found.labels)))
        };
        assert_eq!(of("a,b,name"), Ok(None));
        assert_eq!(of("a,Is Match"), Ok(Some(("Is Match".to_owned(), vec![]))));
        assert_eq!(of("a,label,Predicted"), Ok(Some(("Predicted".to_owned(), vec!["label".to_owned()]))));
        assert_eq!(of("match,b"), Ok(None), "the column is taken");
        assert_eq!(of("a,label,match"), Err(vec!["label".to_owned(), "match".to_owned()]));
        assert_eq!(of("a,decision,predicted,label"), Err(vec!["decision".to_owned(), "predicted".to_owned()]));
    }
}
