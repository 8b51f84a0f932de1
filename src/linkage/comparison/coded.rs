//! Records compared as codes: [`CodedComparer`].

use super::comparer::Step;
use super::glance::Glance;
use super::{Comparer, Evidence};
use crate::record::coded::{Coded, Rows, each};

/// A comparer of records that are held as codes.
#[derive(Clone, Debug)]
pub struct CodedComparer<'f> {
    comparer: &'f Comparer,
    files: &'f Coded,
    steps: Vec<CodedStep<'f>>,
}

impl Comparer {
    /// The same comparer for two files held as codes; it is one for the fields of `files` on both sides.
    pub fn over<'f>(&'f self, files: &'f Coded) -> CodedComparer<'f> {
        let glances = each(&self.steps, |step| {
            let values = step.a[0].map(|column| files.values(column));
            values.map_or(Glance::Nothing, |values| Glance::of(step, values, self.nicknames()))
        });
        let steps = self.steps.iter().zip(glances).map(|(step, glance)| CodedStep { step, glance }).collect();
        CodedComparer { comparer: self, files, steps }
    }
}

#[derive(Clone, Debug)]
struct CodedStep<'f> {
    step: &'f Step,
    /// Of the first field, whose values have one code in both files.
    glance: Glance<'f>,
}

impl CodedStep<'_> {
    /// The codes that two records have in the first field of the step.
    #[inline]
    fn codes(&self, a: &[u32], b: &[u32]) -> (u32, u32) {
        self.step.a[0].map_or((0, 0), |column| (a[column], b[column]))
    }

    /// The level that two records with these codes reach, where that is all it takes; `None` where it needs their
    /// texts.
    #[inline]
    fn without_text(&self, codes: (u32, u32)) -> Option<Option<u8>> {
        // Most fields of most candidates agree, and that is seen without a look at the text.
        match (self.step.same?, codes) {
            (_, (0, _) | (_, 0)) => Some(None),
            (same, (x, y)) if x == y && self.glance.is_whole(x) => Some(Some(same)),
            (_, (x, y)) => self.glance.level(x, y),
        }
    }
}

/// Pairs whose rows stay near at hand.
const PAIRS_AT_A_TIME: usize = 256;

impl<'f> CodedComparer<'f> {
    /// The evidence about two records, each given by its codes.
    pub fn compare(&self, a: &[u32], b: &[u32]) -> Evidence {
        let mut evidence = Evidence::new(&[]);
        for step in &self.steps {
            evidence.push(match step.without_text(step.codes(a, b)) {
                Some(level) => level,
                None => self.by_text(step, a, b, self.texts(step, a, b)),
            });
        }
        evidence
    }

    /// The evidence about pairs of a row of `a` and a row of `b`, in their order.
    ///
    /// Rows and values lie far apart in memory. So some pairs at a time are compared field by field: their codes are
    /// fetched side by side, then come those that need no text, and then the others with their texts at hand.
    pub fn compare_all(&self, a: &Rows, b: &Rows, pairs: impl IntoIterator<Item = (u32, u32)>) -> Vec<Evidence> {
        let mut pairs = pairs.into_iter();
        let (mut all, mut rows): (Vec<Evidence>, Vec<[&[u32]; 2]>) =
            (Vec::with_capacity(pairs.size_hint().0), Vec::new());
        let mut codes: Vec<(u32, u32)> = Vec::new();
        let (mut open, mut texts): (Vec<usize>, Vec<[&'f str; 2]>) = (Vec::new(), Vec::new());
        loop {
            rows.clear();
            rows.extend(
                pairs.by_ref().take(PAIRS_AT_A_TIME).map(|(in_a, in_b)| [a.get(in_a as usize), b.get(in_b as usize)]),
            );
            if rows.is_empty() {
                return all;
            }
            let start = all.len();
            all.resize(start + rows.len(), Evidence::new(&[]));
            let evidence = &mut all[start..];
            for step in &self.steps {
                codes.clear();
                codes.extend(rows.iter().map(|[a, b]| step.codes(a, b)));
                open.clear();
                for (pair, (evidence, &codes)) in evidence.iter_mut().zip(&codes).enumerate() {
                    match step.without_text(codes) {
                        Some(level) => evidence.push(level),
                        None => open.push(pair),
                    }
                }
                texts.clear();
                texts.extend(open.iter().map(|&pair| rows[pair]).map(|[a, b]| self.texts(step, a, b)));
                for (&pair, &texts) in open.iter().zip(&texts) {
                    let [a, b] = rows[pair];
                    evidence[pair].push(self.by_text(step, a, b, texts));
                }
            }
        }
    }

    /// The texts of the first field of a step.
    #[inline]
    fn texts(&self, CodedStep { step, .. }: &CodedStep, a: &[u32], b: &[u32]) -> [&'f str; 2] {
        [(step.a[0], a), (step.b[0], b)].map(|(column, codes)| self.text(column, codes))
    }

    fn text(&self, column: Option<usize>, codes: &[u32]) -> &'f str {
        column.map_or("", |column| self.files.text(column, codes[column]))
    }

    /// The level by the texts, of which those of the first field are given.
    fn by_text(&self, CodedStep { step, .. }: &CodedStep, a: &[u32], b: &[u32], texts: [&str; 2]) -> Option<u8> {
        let left = |i: usize| if i == 0 { texts[0] } else { self.text(step.a[i], a) };
        let right = |i: usize| if i == 0 { texts[1] } else { self.text(step.b[i], b) };
        self.comparer.level(step, left, right)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Comparison, ComparisonKind, Nicknames};
    use crate::record::coded::{Coded, Coding};
    use crate::record::{Field, RecordId, Records};
    use std::slice::from_ref;

    #[test]
    fn codes_give_the_evidence_that_texts_give() {
        let field = || Field::Surname.into();
        let kinds = [
            ComparisonKind::Exact { field: field() },
            ComparisonKind::GivenName { field: field() },
            ComparisonKind::Surname { field: field() },
            ComparisonKind::Date { field: field() },
            ComparisonKind::Number { field: field() },
            ComparisonKind::Edit { field: field(), cuts: vec![1, 2] },
            ComparisonKind::JaroWinkler { field: field(), cuts: vec![0.92, 0.8] },
            ComparisonKind::Jaro { field: field(), cuts: vec![0.9] },
            ComparisonKind::Prefix { field: field(), lengths: vec![4] },
        ];
        let texts = [
            "",
            "B",
            "Z",
            "Ō",
            "BILL",
            "WILLIAM",
            "WILLIAN",
            "WILL",
            "LIAM",
            "MARIA",
            "MARIE",
            "MARA",
            "ANNA",
            "ANN A",
            "NUNEZ",
            "NUNEZ IBANEZ",
            "IBANEZ",
            "DE LA CRUZ",
            "DELACRUZ",
            "DE LA PENA",
            "CRUZ DE",
            "ŌTANI",
            "ŌTANI CRUZ",
            "AAAAAA",
            "AAAAAB",
            "AAAA CRUZ",
            "19800517",
            "19801705",
            "19800518",
            "19810518",
            "1980????",
            "198005??",
            "1980-05-17",
            "????0517",
            "1980051",
            "123456789",
            "123456798",
            "987656789",
            "HUMBERTO CRUZ",
            "CRUZ-DE",
        ];
        let mut records = Records::new(&[Field::Surname]);
        (0..).zip(texts).for_each(|(row, text)| records.push(RecordId(row), &[text]));
        let coding = || Coding::of(&records, &[Field::Surname]);
        let coded = Coded::of(coding(), coding());
        let pairs = || (0..texts.len() as u32).flat_map(|a| (0..texts.len() as u32).map(move |b| (a, b)));
        for kind in kinds.map(Comparison::new) {
            let fields = [Field::Surname];
            let comparer = super::Comparer::new(from_ref(&kind), &fields, &fields, &Nicknames::built_in());
            let by_code = comparer.over(&coded).compare_all(&coded.a, &coded.b, pairs());
            for ((a, b), by_code) in pairs().zip(by_code) {
                let by_text = comparer.compare(&records, a as usize, &records, b as usize);
                assert_eq!(by_code, by_text, "{kind:?} {} {}", texts[a as usize], texts[b as usize]);
                let one = comparer.over(&coded).compare(coded.a.get(a as usize), coded.b.get(b as usize));
                assert_eq!(one, by_text);
            }
        }
    }
}
