//! The columns of the CSV files of a run folder. Each is declared once: the files take their headers from here, and the
//! dictionary that lies beside them says what every column holds.

use crate::scenario::{Consequence, attributes};
use std::fmt::Write;

/// A CSV file of a run folder.
pub(super) struct Table {
    file: &'static str,
    /// The meaning of one row.
    row: &'static str,
    columns: Vec<(String, String)>,
}

impl Table {
    fn new(file: &'static str, row: &'static str, columns: &[(&str, &str)]) -> Table {
        Table { file, row, columns: Vec::new() }.with(columns)
    }

    fn with(mut self, columns: &[(&str, &str)]) -> Table {
        self.columns.extend(columns.iter().map(|(name, holds)| (name.to_string(), holds.to_string())));
        self
    }

    /// A column for each attribute of people.
    fn with_attributes(mut self, of: &str) -> Table {
        self.columns.extend(attributes().iter().map(|a| (a.name.to_string(), format!("{of}: its `{}`", a.name))));
        self
    }

    /// The columns about an answer, after a prefix.
    fn with_answer(mut self, prefix: &str, of: &str) -> Table {
        let own = [
            ("held_back_by", "`review` or `notice`, if somebody held it back; blank if it was handed over"),
            ("address_out_of_date", "whether the person does not live at the address on file"),
            ("check_not_made", "whether the route leaves out a comparison that the terms require"),
            ("sought_in_error", "whether the person sought is on the list in error"),
        ];
        let own = own.map(|(name, holds)| (name.to_string(), holds.to_string()));
        let days = Consequence::ALL.into_iter().map(|kind| {
            let name = kind.name();
            (format!("{name}_days"), format!("days under `{name}`; blank without any"))
        });
        let last = [
            ("record_kept_days", "days for which the record is kept, where the terms limit them"),
            ("ended_by", "`appeal` or `audit`, if one ended the consequences early"),
        ];
        let last = last.map(|(name, holds)| (name.to_string(), holds.to_string()));
        let columns = own.into_iter().chain(days).chain(last);
        self.columns.extend(columns.map(|(name, holds)| (format!("{prefix}{name}"), format!("{of}: {holds}"))));
        self
    }

    /// The header of the file.
    pub fn header(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }
}

/// `outcomes.csv`.
pub(super) fn outcomes() -> Table {
    Table::new(
        "outcomes.csv",
        "a request",
        &[
            ("request", "the number of the request, from 0"),
            ("person_sought", "the number of the person sought: the truth"),
            ("on_file", "whether that person is on the holder's file"),
            ("route", "the route that the request took; blank if it was refused"),
            ("fate", "what became of the request; see docs/model.md"),
            ("lost_at", "the stage at which the person sought was lost, if on file and not returned"),
            ("persons_returned", "how many persons were returned"),
            ("wrong_returned", "how many of them are somebody else"),
            ("best_score", "the score of the best answer returned, in bits or steps"),
        ],
    )
    .with_attributes("of the person sought")
    .with_answer("right_", "of the right answer, if there was one")
}

/// `disclosures.csv`.
pub(super) fn disclosures() -> Table {
    Table::new(
        "disclosures.csv",
        "a person whom the rules return in error, also where somebody then held the record back; such rows have no causes",
        &[
            ("request", "the number of the request, from 0"),
            ("record", "the number of the record on the holder's file"),
            ("person_returned", "the number of the person the record is about: the truth"),
            ("route", "the route that the request took"),
            ("score", "the score of the pair, in bits or steps"),
            ("primary_cause", "the main cause; see docs/model.md"),
            (
                "first_that_ends_it",
                "the first error not made, or rule added, that ends the return together with all before it, as \
                 `file:error:cell` or `terms:rule`; blank if nothing ends it",
            ),
            ("would_alone_have_prevented_it", "those each of which alone would have ended the return, in the same form"),
            ("joint", "whether an error is the main cause, and none or several of the errors would have ended it alone"),
            ("shares", "the share of each cause (Shapley value), as `cause=share`; they sum to 1"),
            ("sought_by_another_request", "whether another request asks for the person returned"),
        ],
    )
    .with_attributes("of the person returned")
    .with_answer("", "of the answer")
}

/// `curve.csv`.
pub(super) fn curve() -> Table {
    Table::new(
        "curve.csv",
        "a threshold, for all routes at once",
        &[
            ("threshold", "the threshold, in bits or steps"),
            ("returned_right", "persons returned who were sought"),
            ("returned_wrong", "persons returned who are somebody else"),
            ("missed", "people sought who are on file and not returned"),
            ("precision", "right among persons returned"),
            ("precision_low", "the lower end of its 95 % interval"),
            ("precision_high", "the upper end"),
            ("precision_interval", "the method of the interval"),
            ("recall", "returned among people sought who are on file"),
            ("recall_low", "the lower end of its 95 % interval"),
            ("recall_high", "the upper end"),
            ("recall_interval", "the method of the interval"),
        ],
    )
}

/// `groups.csv`.
pub(super) fn groups() -> Table {
    Table::new(
        "groups.csv",
        "a rate of a group in one of the runs",
        &[
            ("run", "`this`, or the run beside it: `equal_capture`, `same_mix`"),
            ("attribute", "the attribute, or two with a comma"),
            ("value", "the value, or two with a comma"),
            ("rate", "the rate; see docs/glossary.md"),
            ("hits", "its hits"),
            ("trials", "its trials"),
            ("share", "hits over trials"),
            ("low", "the lower end of its 95 % interval"),
            ("high", "the upper end"),
            ("interval", "the method of the interval"),
            ("caution", "`too few to tell` below 30 trials, `too few to compare` below 10 hits"),
        ],
    )
}

/// `sensitivity.csv`.
pub(super) fn sensitivity() -> Table {
    Table::new(
        "sensitivity.csv",
        "an assumption and a look; with `--sensitivity`",
        &[
            ("look", "`screening` or `closer look`"),
            ("people", "people of the countries of that look"),
            ("worlds", "worlds that were run"),
            ("key", "the key of the assumption"),
            ("lower", "the lower end it was moved to"),
            ("upper", "the upper end"),
            ("times", "how many times as large the headline is at the upper end"),
            ("low", "the lower end of its 95 % interval"),
            ("high", "the upper end"),
            ("p", "the p-value that it moves nothing"),
            ("told", "whether it is told from luck"),
        ],
    )
}

/// `decomposition.csv`.
pub(super) fn decomposition() -> Table {
    Table::new(
        "decomposition.csv",
        "a part of a difference between two groups; with `--decompose`",
        &[
            ("attribute", "the attribute"),
            ("value", "the group"),
            ("reference", "the group it is compared with"),
            ("rate", "the rate; see docs/glossary.md"),
            (
                "part",
                "`observed`, the Shapley value of a switch, `rest`; then by strata `composition by`, `rates within` \
                 (Kitagawa) and `standardised to`",
            ),
            ("difference", "the part of the difference, group less reference"),
            ("low", "the lower end of its 95 % interval"),
            ("high", "the upper end"),
            ("common", "of parts by strata the share of both groups' trials in strata that both have"),
            ("caution", "`too few to compare` if either group has fewer than 10 hits"),
        ],
    )
}

/// The dictionary of a run folder: every CSV file and column, and what it holds.
pub fn dictionary() -> String {
    let mut text = String::from(
        "# The tables of a run folder\n\nEvery CSV file that `namesake run` writes, and what each column holds. A blank cell \
         is a value that does not exist;\nshares are from 0 to 1. All people are invented. This page is written from \
         `src/report/dictionary.rs`, the only place\nwhere a column is declared; `NAMESAKE_BLESS=1 cargo test dictionary` \
         writes it anew.\n",
    );
    for table in [outcomes(), disclosures(), curve(), groups(), sensitivity(), decomposition()] {
        let Table { file, row, columns } = &table;
        write!(text, "\n## {file}\n\nOne row is {row}.\n\n| column | holds |\n|---|---|\n")
            .expect("writing to a string");
        for (name, holds) in columns {
            writeln!(text, "| `{name}` | {holds} |").expect("writing to a string");
        }
    }
    text
}
