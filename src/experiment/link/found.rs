//! Another program's list of pairs, measured as Namesake's own matches are.

use super::check;
use super::listed;
use super::measure::{best_f1, by_group};
use super::notices::of_matches;
use super::persons::ByPerson;
use super::result::{BestF1, GroupRates, PairRates};
use crate::bridge::{Format, Found, FoundPair, LabelledPair};
use crate::evaluation::CurvePoint;
use crate::linkage::Assignment;
use crate::linkage::batch::normal_forms;
use crate::notice::Notice;

/// The measures of another program's list. Scores are the program's own numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// Records of A, of B, and without truth.
    pub records: (u64, u64, u64),
    /// All pairs across the files.
    pub pairs: u64,
    /// Pairs that are one person.
    pub true_pairs: u64,
    /// Pairs listed, and those of them that are one person.
    pub listed: (u64, u64),
    /// The score from which a listed pair counts as matched; none for all of them.
    pub threshold: Option<f64>,
    /// Pairs matched that are one person: true positives.
    pub right: u64,
    /// Pairs matched that are two: false positives.
    pub wrong: u64,
    /// A point for each score, from the highest down; empty without scores.
    pub curve: Vec<CurvePoint<f64>>,
    /// The best point of the curve.
    pub best_f1: Option<BestF1<f64>>,
    /// The rates.
    pub rates: PairRates,
    /// Rates by group.
    pub by_group: Vec<GroupRates>,
    /// Blank cells of A, and of B, by field.
    pub blank: [Vec<u64>; 2],
    /// Notices about the figures, the files and the list.
    pub notices: Vec<Notice>,
}

impl Scored {
    /// Pairs that are one person and not matched: false negatives.
    pub fn missed(&self) -> u64 {
        self.true_pairs - self.right
    }
}

/// Measures a list against the truth. Pairs of which the list says that they are no matches count as none, and with a
/// threshold those below that score.
pub fn score(files: &LabelledPair, found: &Found, threshold: Option<f64>) -> Scored {
    let same = |pair: &FoundPair| files.truth.same(pair.a as usize, pair.b as usize);
    let is_match = |pair: &&FoundPair| {
        pair.is_match && threshold.is_none_or(|threshold| pair.score.is_some_and(|s| s >= threshold))
    };
    let matched: Vec<(u32, u32)> = found.pairs.iter().filter(is_match).map(|pair| (pair.a, pair.b)).collect();
    let right = found.pairs.iter().filter(is_match).filter(|pair| same(pair)).count() as u64;
    let true_pairs = files.truth.pairs();
    let mut scored: Vec<(f64, bool)> = found.pairs.iter().filter_map(|pair| Some((pair.score?, same(pair)))).collect();
    scored.sort_unstable_by(|x, y| y.0.total_cmp(&x.0));
    let (mut returned_right, mut returned_wrong) = (0, 0);
    let point = |tied: &[(f64, bool)]| {
        let right = tied.iter().filter(|(_, right)| *right).count() as u64;
        returned_right += right;
        returned_wrong += tied.len() as u64 - right;
        CurvePoint { threshold: tied[0].0, returned_right, returned_wrong, missed: true_pairs - returned_right }
    };
    let curve: Vec<CurvePoint<f64>> = scored.chunk_by(|x, y| x.0 == y.0).map(point).collect();
    let (records_a, records_b) = (files.a.ids.len() as u64, files.b.ids.len() as u64);
    let highest = curve.first().map(|point| point.threshold.to_string());
    let persons = ByPerson::of(files, &matched);
    let records = normal_forms(&files.records, &[]);
    let seen = found.pairs.iter().filter(|pair| same(pair)).map(|pair| pair.a);
    let pairs = records_a * records_b;
    let of_files = files.notices.iter().chain(&found.notices).cloned();
    Scored {
        blank: check::blank(&records.counts(), files.records.fields().len()),
        notices: of_files
            .chain(check::damaged_truth(files, &records))
            .chain(listed::notices(found, same, &curve, threshold))
            .chain(listed::nothing_right(matched.len() as u64, right))
            .chain(of_matches(
                &matched,
                [records_a, records_b],
                highest,
                threshold.map(|t| t.to_string()),
                match found.format {
                    Format::Clusters => "Where that is so, some clusters hold several people.",
                    _ => "Where that is so, leave in the list one match of each record.",
                },
            ))
            .collect(),
        records: (files.a.ids.len() as u64, files.b.ids.len() as u64, files.a.ignored + files.b.ignored),
        rates: persons.rates(files, &matched, seen, |_| true, pairs),
        pairs,
        true_pairs,
        listed: (found.pairs.len() as u64, found.pairs.iter().filter(|pair| same(pair)).count() as u64),
        threshold,
        right,
        wrong: matched.len() as u64 - right,
        best_f1: best_f1(&curve, true_pairs, Assignment::All),
        curve,
        by_group: by_group(files, &matched, &persons, |_| true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bridge::{Chosen, Spec};
    use crate::notice::Code;
    use crate::stats::Rate;

    /// Four people in A, one of them twice; three of them in B and a stranger: four true pairs of twenty.
    const A: &str = "id,who,sex,name\na1,x,f,Zoë\na2,y,m,Ōe\na3,z,f,Nuñez\na4,w,m,Li\na5,x,f,Zoe\n";
    const B: &str = "id,who,sex,name\nb1,x,f,Zoe\nb2,y,m,Oe\nb3,z,f,Nunez\nb4,v,m,Lee\n";

    fn scored(list: &str, threshold: Option<f64>) -> Scored {
        let spec = "id = \"id\"\ntruth = \"who\"\ngroups = [\"sex\"]\n[fields]\nsurname = \"name\"";
        let spec = Spec::parse("spec.toml", spec).unwrap();
        let files = LabelledPair::from_readers(("a.csv", A.as_bytes()), ("b.csv", B.as_bytes()), &spec).unwrap();
        let found = Found::from_reader("list.csv", list.as_bytes(), &files, &spec, &Chosen::default()).unwrap();
        score(&files, &found, threshold)
    }

    #[test]
    fn counts_and_curve_are_those_worked_out_by_hand() {
        // Right: a1-b1, a2-b2, a5-b1. Wrong: a4-b4. Not listed: a3-b3.
        let list = "match_weight,unique_id_l,unique_id_r\n9,a1,b1\n4,a4,b4\n4,a2,b2\n-1,b1,a5\n";
        let all = scored(list, None);
        assert_eq!((all.pairs, all.true_pairs, all.listed), (20, 4, (4, 3)));
        assert_eq!((all.right, all.wrong, all.missed()), (3, 1, 1));
        let PairRates { precision, recall, pair_false_match, never_seen } = &all.rates;
        assert_eq!((precision.rate, recall.rate), (Rate::new(3, 4), Rate::new(3, 4)));
        assert_eq!((pair_false_match.rate, never_seen.rate), (Rate::new(1, 16), Rate::new(1, 4)));
        let curve: Vec<_> =
            all.curve.iter().map(|p| (p.threshold, p.returned_right, p.returned_wrong, p.missed)).collect();
        assert_eq!(curve, [(9.0, 1, 0, 3), (4.0, 2, 1, 2), (-1.0, 3, 1, 1)]);
        let best = all.best_f1.unwrap();
        assert_eq!((best.f1, best.threshold), (0.75, -1.0));
        let from_four = scored(list, Some(4.0));
        assert_eq!((from_four.right, from_four.wrong, from_four.missed()), (2, 1, 2));
        let women = from_four.by_group.iter().find(|group| group.value == "f").unwrap();
        assert_eq!((women.records, women.precision.rate, women.recall.rate), (3, Rate::new(1, 1), Rate::new(1, 3)));
    }

    #[test]
    fn rows_that_say_no_are_no_matches_and_stay_on_the_curve() {
        // Right: a1-b1, a2-b2. Wrong: a4-b4, which the list says itself; a2-b2 as well.
        for (name, yes, no) in [("match", "1", "0"), ("predicted", "TRUE", "FALSE"), ("is_match", "yes", "no")] {
            let list = format!("id_a,id_b,score,{name}\na1,b1,9,{yes}\na4,b4,3,{no}\na2,b2,4,{no}\n");
            let found = scored(&list, None);
            assert_eq!((found.listed, found.right, found.wrong, found.missed()), ((3, 2), 1, 0, 3), "{list}");
            assert_eq!(found.curve.len(), 3);
            let notice = found.notices.iter().find(|notice| notice.code == Code::ListSaysNo).unwrap();
            assert!(notice.count == Some(2) && notice.sentence.contains(name), "{notice}");
        }
    }

    #[test]
    fn a_cluster_is_every_pair_across_the_files() {
        let clusters = scored("id,cluster_id\na1,1\na5,1\nb1,1\nb4,1\na3,2\nb3,2\na2,3\nb2,4\n", None);
        // a1-b1, a5-b1 and a3-b3 are right, a1-b4 and a5-b4 wrong, a2-b2 missed.
        assert_eq!((clusters.right, clusters.wrong, clusters.missed()), (3, 2, 1));
        assert!(clusters.curve.is_empty() && clusters.best_f1.is_none());
    }
}
