//! Rows about the agencies' files: what they get wrong, beside what is published of real files.

use super::{FigureOrigin, Row, Tolerance, filing};
use crate::agency::{Agency, FileFigure, disagreement, figures, spellings};
use crate::stats::wilson;

/// The rows for the files of two agencies about the adults of the first so many blocks.
///
/// Rates of errors were put in, so a share of records with one error is an input. What follows from several rates, and
/// from who bears which name, is predicted.
pub fn of_files(requester: &Agency<'_>, holder: &Agency<'_>, blocks: u64) -> Vec<Row> {
    let both = disagreement(requester, holder, blocks);
    let of = |agency| [figures(agency, blocks), spellings(agency, blocks).to_vec()].concat();
    [("requester", of(requester)), ("holder", of(holder)), ("both files", both.to_vec())]
        .iter()
        .flat_map(|(file, figures)| figures.iter().map(move |figure| row(file, figure)))
        .chain(filing::rows(holder, blocks))
        .collect()
}

fn row(file: &str, figure: &FileFigure) -> Row {
    Row {
        figure: format!("{file}: {}", figure.figure),
        population: figure.population.to_string(),
        source: figure.source.into(),
        kind: if figure.predicted.is_some() { FigureOrigin::Predicted } else { FigureOrigin::Input },
        published: figure.published,
        simulated: figure.simulated.value().unwrap_or(f64::NAN),
        interval: wilson(figure.simulated).map(|interval| (interval.low, interval.high)),
        tolerance: figure.tolerance.map_or(Tolerance::Reported, Tolerance::Share),
        because: figure.predicted.unwrap_or_default().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agency::tests::agency;
    use crate::agency::{ErrorKind, Side};
    use crate::population::Population;
    use crate::random::Seed;
    use crate::validation::Verdict;

    #[test]
    fn a_file_without_errors_has_none_of_them_and_only_the_requester_s_address_is_claimed() {
        let country = Population::new(crate::population::tests::config(256 * 10), Seed(1));
        let config = agency(0.0);
        let of = |side| Agency::new(&country, &config, side, Seed(1));
        let rows = of_files(&of(Side::Requester), &of(Side::Holder), 10);
        assert!(ErrorKind::ALL.len() > 40 && rows.len() > 30);
        let claimed: Vec<&Row> = rows.iter().filter(|row| row.verdict() != Verdict::Reported).collect();
        assert!(claimed.len() == 3 && claimed.iter().all(|row| row.figure.starts_with("requester")));
        assert!(rows.iter().all(|row| row.simulated < 0.02), "1 January apart, which is somebody's birthday");
    }
}
