//! The stream driver: requests are held, and the holder's file is compared with them batch by batch and forgotten.
//!
//! A route is a [`Look`] before it has a model and a [`Matcher`] afterwards. What a model is trained on is counted in
//! [`Lessons`], part by part, and parts add up in any order.

use super::blocking::{BlockingRule, Index, MAX_BLOCK, Scratch};
use super::comparison::{Comparer, Evidence, Nicknames};
use super::decision::fellegi_sunter::{Chance, FellegiSunter, OfRule, Trained, Training};
use super::decision::learned::Labelled;
use super::decision::{Model, Score};
use super::training::{Fitted, ModelPlan, Seen, Sessions};
use crate::random::Stream;
use crate::record::coded::{Coded, Coding};
use crate::record::{Field, Records};

/// Pairs drawn at random with each record that training sees.
const RANDOM_PAIRS: usize = 2;

/// A route's comparisons of records with requests, before it has a model.
pub struct Look {
    plan: ModelPlan,
    index: Index,
    comparer: Comparer,
    /// The requests that take the route.
    rows: Vec<u32>,
    /// The same requests by each blocking rule alone, where training is held in sessions.
    by_rule: Vec<Index>,
}

impl Look {
    /// The look of a route whose requests stand in these rows; `forms` are the fields of the holder's normal forms.
    pub fn new(plan: ModelPlan, rules: &[BlockingRule], requests: &Records, rows: Vec<u32>, forms: &[Field]) -> Look {
        let index = |rules: &[BlockingRule]| Index::build(rules, requests, rows.iter().copied(), MAX_BLOCK);
        let apart = plan.trains() && plan.sessions == Sessions::PerRule;
        Look {
            index: index(rules),
            comparer: Comparer::new(&plan.comparisons, requests.fields(), forms, &Nicknames::built_in()),
            by_rule: if apart { rules.chunks(1).map(index).collect() } else { Vec::new() },
            plan,
            rows,
        }
    }

    /// The plan for making the model.
    pub fn plan(&self) -> &ModelPlan {
        &self.plan
    }

    /// Number of requests that take the route.
    pub fn requests(&self) -> usize {
        self.rows.len()
    }

    /// Counts labelled pairs of a batch: each candidate with its score without labels, and whether `same` holds of its
    /// request and row.
    pub fn label(
        &self,
        labelled: &mut Labelled,
        scratch: &mut Scratch,
        base: &FellegiSunter,
        [requests, records]: [&Records; 2],
        same: impl Fn(u32, usize) -> bool,
    ) {
        for row in 0..records.len() {
            self.index.candidates(records, row, scratch, |request, _| {
                let evidence = self.comparer.compare(requests, request as usize, records, row);
                labelled.add(evidence, base.score(&evidence, requests, request as usize), same(request, row));
            });
        }
    }

    /// Working memory for [`Look::label`].
    pub fn scratch(&self, forms: &[Field]) -> Scratch {
        Scratch::new(&self.index, forms)
    }

    /// The route with its model, made of all parts of what was seen of `share` of the holder's file.
    pub fn fit(
        &self,
        requests: &Records,
        parts: &[Lessons],
        share: f64,
        labelled: impl FnOnce(&FellegiSunter) -> Labelled,
    ) -> Fitted {
        let mut training = Training::new();
        let mut by_rule = vec![Training::new(); self.by_rule.len()];
        let mut sample: Vec<&(u64, Records)> = Vec::new();
        let mut records = 0;
        for part in parts {
            training.merge(&part.training);
            by_rule.iter_mut().zip(&part.by_rule).for_each(|(whole, part)| whole.merge(part));
            records += part.records;
            sample.extend(&part.sample);
        }
        sample.sort_unstable_by_key(|(i, _)| *i);
        let chances = if self.plan.wants_chances() { self.chances(requests, &sample) } else { Vec::new() };
        let asked = self.rows.len() as f64;
        let seen =
            Seen { training: &training, chances: &chances, pairs: asked * records as f64, matches: asked * share };
        let of_rules = || {
            let of_rule = |(index, training): (&Index, Training)| {
                let rule = &index.rules()[0];
                let fields = rule.parts.iter().map(|part| part.field.clone()).collect();
                OfRule { rule: rule.to_string(), fields, training }
            };
            self.by_rule.iter().zip(by_rule).map(of_rule).collect()
        };
        self.plan.fit(&seen, of_rules, labelled)
    }

    /// The chance agreement of two unrelated people, from the requests and a sample of the holder's records.
    fn chances(&self, requests: &Records, sample: &[&(u64, Records)]) -> Vec<Chance> {
        let comparisons = &self.plan.comparisons;
        let compared = |field: &&Field| comparisons.iter().any(|c| c.kind.field() == Some(field));
        let fields: Vec<Field> = requests.fields().iter().filter(compared).cloned().collect();
        if fields.is_empty() {
            return vec![Chance::default(); comparisons.len()];
        }
        let (mut asked, mut known) = (Coding::new(&fields), Coding::new(&fields));
        asked.extend_from(requests, self.rows.iter().map(|&row| row as usize));
        sample.iter().for_each(|(_, records)| known.extend_from(records, 0..records.len()));
        let files = Coded::of(asked, known);
        self.plan.chances(Chance::of(comparisons, &files, &files.counts()))
    }

    /// The route with its model.
    pub fn with(self, fitted: Fitted) -> Matcher {
        Matcher { index: self.index, comparer: self.comparer, model: fitted.model, trained: fitted.training }
    }
}

/// The lessons of training from part of the holder's file.
pub struct Lessons {
    training: Training,
    by_rule: Vec<Training>,
    records: u64,
    sample: Vec<(u64, Records)>,
    scratch: Scratch,
    scratches: Vec<Scratch>,
}

impl Lessons {
    /// Nothing seen yet.
    pub fn new(look: &Look, forms: &[Field]) -> Lessons {
        Lessons {
            training: Training::new(),
            by_rule: vec![Training::new(); look.by_rule.len()],
            records: 0,
            sample: Vec::new(),
            scratch: Scratch::new(&look.index, forms),
            scratches: look.by_rule.iter().map(|index| Scratch::new(index, forms)).collect(),
        }
    }

    /// Counts the candidates of a batch, and a few pairs at random with each record: how alike unrelated people are.
    pub fn see(&mut self, look: &Look, requests: &Records, records: &Records, draws: impl Fn(u64) -> Stream) {
        let Look { index, comparer, rows, .. } = look;
        if look.plan.trains() {
            for row in 0..records.len() {
                let compare = |request: u32| comparer.compare(requests, request as usize, records, row);
                index.candidates(records, row, &mut self.scratch, |request, rule| {
                    self.training.add(compare(request), rule);
                });
                for (i, (index, scratch)) in look.by_rule.iter().zip(&mut self.scratches).enumerate() {
                    let training = &mut self.by_rule[i];
                    index.candidates(records, row, scratch, |request, _| training.add(compare(request), i as u8));
                }
                let mut stream = draws(records.id(row).0);
                for _ in 0..RANDOM_PAIRS.min(rows.len()) {
                    self.training.add_random(compare(rows[stream.below(rows.len() as u64) as usize]));
                }
            }
        }
        self.records += records.len() as u64;
    }

    /// Keeps a batch whose values are counted: how common each is. `number` is its place in the order of batches.
    pub fn keep(&mut self, number: u64, records: &Records) {
        self.sample.push((number, records.clone()));
    }
}

/// The matcher of one route: it compares and decides, and never sees the truth.
pub struct Matcher {
    /// The requests that take the route, by their blocking keys.
    pub index: Index,
    /// The comparisons.
    pub comparer: Comparer,
    /// The model.
    pub model: Model,
    /// The training of its match weights; `None` where they were not trained.
    pub trained: Option<Trained>,
}

/// A candidate pair of a request and a record of a batch.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// The request.
    pub request: u32,
    /// The row of the batch.
    pub row: usize,
    /// The first blocking rule that proposed the pair.
    pub rule: u8,
    /// Its score.
    pub score: Score,
}

/// Working memory of [`Matcher::candidates`].
pub struct Bench {
    scratch: Scratch,
    pairs: Vec<(u32, u32, u8)>,
    evidence: Vec<Evidence>,
    scores: Vec<Score>,
}

impl Matcher {
    /// Working memory for records of these fields.
    pub fn bench(&self, forms: &[Field]) -> Bench {
        let scratch = Scratch::new(&self.index, forms);
        Bench { scratch, pairs: Vec::new(), evidence: Vec::new(), scores: Vec::new() }
    }

    /// The score of one pair.
    pub fn score(&self, requests: &Records, request: usize, records: &Records, row: usize) -> Score {
        let evidence = self.comparer.compare(requests, request, records, row);
        self.model.score(&evidence, requests, request)
    }

    /// Gives every candidate pair of a batch to `see`, by row and then by rule, with the scores of the whole batch made
    /// in one go.
    pub fn candidates(&self, requests: &Records, records: &Records, bench: &mut Bench, mut see: impl FnMut(Candidate)) {
        let Bench { scratch, pairs, evidence, scores } = bench;
        pairs.clear();
        evidence.clear();
        scores.clear();
        for row in 0..records.len() {
            self.index.candidates(records, row, scratch, |request, rule| {
                pairs.push((request, row as u32, rule));
                evidence.push(self.comparer.compare(requests, request as usize, records, row));
            });
        }
        self.model.score_all(
            evidence,
            |pair, comparison| self.model.value_weight(comparison, requests, pairs[pair].0 as usize),
            scores,
        );
        for (&(request, row, rule), &score) in pairs.iter().zip(scores.iter()) {
            see(Candidate { request, row: row as usize, rule, score });
        }
    }
}
