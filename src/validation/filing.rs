//! Rows about who is on a file of tax returns, and under which number.

use super::{FigureOrigin, Row, Tolerance};
use crate::agency::{Agency, FilingCounts};
use crate::stats::{Rate, wilson};

/// The rows for the people of the first so many blocks; none where the holder's file is not one of returns.
pub(super) fn rows(holder: &Agency<'_>, blocks: u64) -> Vec<Row> {
    let Some(counts) = FilingCounts::of(holder, blocks) else { return Vec::new() };
    vec![
        Row {
            figure: "holder: spouses on file who are on one return".into(),
            population: "married couples with both on file".into(),
            source: "from general knowledge; no published share was found".into(),
            kind: FigureOrigin::Input,
            published: 0.95,
            tolerance: Tolerance::Within(0.01),
            ..of(counts.joint)
        },
        Row {
            figure: "holder: spouses of whom one is on file".into(),
            population: "married couples".into(),
            source: "what the share above leaves to couples that file apart".into(),
            kind: FigureOrigin::Predicted,
            published: 0.05,
            tolerance: Tolerance::Between(0.0, 0.05),
            because: "Only couples that do not file together can be split between on and off the file, and some of \
                      them both file; a couple whose statuses differ counts as such."
                .into(),
            ..of(counts.split)
        },
        Row {
            figure: "holder: people under a taxpayer number".into(),
            population: "people on returns, 2012-15".into(),
            source: "4.5 million (National Immigration Forum) of about 290 million on returns, from general knowledge"
                .into(),
            kind: FigureOrigin::Predicted,
            published: 4.5 / 290.0,
            tolerance: Tolerance::Between(0.0078, 0.0233),
            because: "Half as much either way: the published count has children in it, and returns under such numbers \
                      fell to some 2.5 million by 2019."
                .into(),
            ..of(counts.taxpayer_number)
        },
    ]
}

fn of(rate: Rate) -> Row {
    Row {
        figure: String::new(),
        population: String::new(),
        source: "".into(),
        kind: FigureOrigin::Predicted,
        published: f64::NAN,
        simulated: rate.value().unwrap_or(f64::NAN),
        interval: wilson(rate).map(|interval| (interval.low, interval.high)),
        tolerance: Tolerance::Reported,
        because: "".into(),
    }
}
