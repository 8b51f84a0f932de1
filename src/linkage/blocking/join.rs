//! Two whole files joined by one rule: [`join`].
//!
//! A key is made of codes, not of text: each part of a rule numbers the forms of a field's values, and the numbers of
//! all parts make one number. So no two keys are ever taken for the same, and what a phonetic code costs is paid once a
//! value and not once a record.

use super::keys::{Keys, forms, makes_key, push_form};
use super::{BlockingRule, KeyForm, KeyPart, LeftOut};
use crate::record::Field;
use crate::record::buckets::{Buckets, Entries, shared_out, shares_for};
use crate::record::coded::{Coded, Rows, Values, both, each};
use std::collections::BTreeMap;
use std::ops::Range;

/// The guard of [`join`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guard {
    /// A key that makes more pairs is left out.
    pub max_pairs_per_key: u64,
    /// The largest number of pairs of a rule: beyond it the largest keys are left out, the bound on a key being halved
    /// until the rule fits.
    pub max_pairs_per_rule: u64,
}

/// The pairs that one rule makes of two files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Joined {
    /// Pairs of a row in `a` and a row in `b`, in shares of which each is sorted by the row in `a`. A rule that makes
    /// several keys of one record may find a pair with each.
    shares: Vec<Vec<(u32, u32)>>,
    /// The records that the guard left out, rows of both files counted.
    pub left_out: LeftOut,
    /// Pairs that the largest key, or place in the order, would have made.
    pub largest: u64,
    /// Pairs that all keys would have made together, a pair counted for each key that makes it.
    pub all: u64,
}

impl Joined {
    /// The pairs of some rows of `a`, in no order, some of them perhaps more than once.
    pub fn of_rows(&self, rows: Range<u32>) -> impl Iterator<Item = (u32, u32)> {
        self.shares.iter().flat_map(move |share| {
            let at = |row: u32| share.partition_point(|&(a, _)| a < row);
            share[at(rows.start)..at(rows.end)].iter().copied()
        })
    }

    /// Each pair once: the row in `a`, then the row in `b`, sorted.
    pub fn pairs(&self) -> Vec<(u32, u32)> {
        let mut pairs = self.shares.concat();
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }
}

/// The pairs that one rule proposes between two files of normal forms. Which of the two is `a` makes no difference but
/// to the order of the rows in a pair.
pub fn join(rule: &BlockingRule, files: &Coded, guard: Guard) -> Joined {
    joined(rule, files, |pairs| bound(guard, pairs))
}

/// [`join`] for a rule that makes no more than `most` pairs. Of another rule the numbers of pairs alone are given.
pub fn join_whole(rule: &BlockingRule, files: &Coded, most: u64) -> Joined {
    joined(rule, files, |pairs| if pairs(u64::MAX) <= most { u64::MAX } else { 0 })
}

/// [`join`] with a bound on the pairs of a key, which is chosen by how many pairs all keys within a bound make.
fn joined(rule: &BlockingRule, files: &Coded, bound: impl Fn(&dyn Fn(u64) -> u64) -> u64) -> Joined {
    if rule.within > 0 {
        return join_near(rule, files, bound);
    }
    let Some((shares, of_a, of_b)) = keyed(rule, files) else { return Joined::default() };
    let sides: Vec<(Entries, Entries)> = of_a.into_iter().zip(of_b).collect();
    let mut met = each(&sides, |(of_a, of_b)| Met::of(of_a, of_b, shares));
    drop(sides);
    let within = |bound: u64| met.iter().map(|met| met.total(bound)).sum();
    let largest = met.iter().map(|met| met.largest).max().unwrap_or(0);
    let bound = bound(&within);
    let mut joined = Joined { largest, all: met.iter().map(|met| met.all).sum(), ..Joined::default() };
    if largest > bound {
        met.iter_mut().for_each(|met| met.leave_out(bound, &mut joined.left_out));
    }
    joined.shares = each(&met, Met::pairs);
    joined
}

/// The keys of both files in shares, and how many shares there are. `None` where a field is in neither.
fn keyed(rule: &BlockingRule, files: &Coded) -> Option<(usize, Vec<Entries>, Vec<Entries>)> {
    // Made where the keys come in several goes.
    let all = |rows: &Rows| (0..rows.len() as u32).map(|row| (0, row)).collect::<Entries>();
    let mut entries: Option<(Entries, Entries)> = None;
    let add = |entries: &mut (Entries, Entries), parts: &[CodedPart]| {
        let (of_a, of_b) = (&mut entries.0, &mut entries.1);
        both(|| add_parts(parts, of_a, &files.a), || add_parts(parts, of_b, &files.b));
    };
    // Parts whose numbers fit into a key together are added in one go. `keys` is how many keys there can be then.
    let (mut parts, mut keys): (Vec<CodedPart>, u64) = (Vec::new(), 1);
    for part in &rule.parts {
        let column = files.column(&part.field)?;
        let (count, forms) = Forms::of(part, files.values(column));
        keys = match keys.checked_mul(count) {
            Some(keys) => keys,
            None => {
                let entries = entries.get_or_insert_with(|| (all(&files.a), all(&files.b)));
                add(entries, &parts);
                parts.clear();
                // Both counts are below 2³².
                close_up(entries) * count
            }
        };
        parts.push(CodedPart { column, count, forms });
    }
    let has_several = parts.iter().any(|part| matches!(part.forms, Forms::Several(_)));
    if entries.is_none() && !has_several {
        let shares = shares_for(files.b.len());
        let of = |rows: &Rows| {
            let keys = rows.iter().map(|codes| with_parts(0, &parts, codes)).zip(0..);
            shared_out(keys.filter_map(|(key, row)| Some((key?, row))), rows.len(), shares)
        };
        let (of_a, of_b) = both(|| of(&files.a), || of(&files.b));
        return Some((shares, of_a, of_b));
    }
    let mut entries = entries.unwrap_or_else(|| (all(&files.a), all(&files.b)));
    add(&mut entries, &parts);
    let shares = shares_for(entries.1.len());
    let of = |entries: Entries| {
        let length = entries.len();
        shared_out(entries.into_iter(), length, shares)
    };
    let (of_a, of_b) = both(|| of(entries.0), || of(entries.1));
    Some((shares, of_a, of_b))
}

/// A key with the forms of further parts, each of which has at most one of a value; `None` where one has none.
#[inline]
fn with_parts(key: u64, parts: &[CodedPart], codes: &[u32]) -> Option<u64> {
    parts.iter().try_fold(key, |key, CodedPart { column, count, forms }| {
        let form = match forms {
            Forms::One(forms) => forms[codes[*column] as usize],
            _ => codes[*column],
        };
        (form > 0).then_some(key * count + u64::from(form))
    })
}

/// A part of a rule: its column, its forms, and one more than the greatest number among them.
struct CodedPart {
    column: usize,
    count: u64,
    forms: Forms,
}

/// The forms of a field's values as numbers; 0 is no form.
enum Forms {
    /// Each value is its own.
    Whole,
    /// One of each value.
    One(Vec<u32>),
    /// As many of each value as it has.
    Several(Vec<Vec<u32>>),
}

impl Forms {
    /// The forms and one more than the greatest number among them.
    fn of(part: &KeyPart, values: &Values) -> (u64, Forms) {
        let form = part.form;
        // Number 0 is the empty text, which has no key.
        if form == KeyForm::Whole
            && (part.field != Field::DateOfBirth || values.iter().skip(1).all(|text| makes_key(part, text)))
        {
            return (values.len() as u64, Forms::Whole);
        }
        let mut numbers = Values::default();
        let mut number = |form: &[u8]| numbers.code_of_bytes(form).expect("the forms of a text are text");
        let of_values = if form.is_many() {
            let several = |text: &str| match makes_key(part, text) {
                false => Vec::new(),
                true => forms(form, text).iter().map(|form| number(form)).collect(),
            };
            let mut all: Vec<Vec<u32>> = values.iter().map(several).collect();
            for forms in &mut all {
                forms.sort_unstable();
                forms.dedup();
            }
            Forms::Several(all)
        } else {
            let mut key = Vec::new();
            let one = |text: &str| {
                key.clear();
                if makes_key(part, text) && push_form(form, text, &mut key) { number(&key) } else { 0 }
            };
            Forms::One(values.iter().map(one).collect())
        };
        (numbers.len() as u64, of_values)
    }
}

/// Adds parts to every key; a row without a form leaves. No key outgrows its type: `keyed` sees to it.
fn add_parts(parts: &[CodedPart], entries: &mut Entries, rows: &Rows) {
    for parts in parts.chunk_by(|x, y| [x, y].iter().all(|part| !matches!(part.forms, Forms::Several(_)))) {
        if let [CodedPart { column, count, forms: Forms::Several(forms) }] = parts {
            let of = |&(key, row): &(u64, u32)| {
                let forms = &forms[rows.get(row as usize)[*column] as usize];
                forms.iter().map(move |&form| (key * count + u64::from(form), row))
            };
            *entries = entries.iter().flat_map(of).collect();
            continue;
        }
        entries.retain_mut(|(key, row)| match with_parts(*key, parts, rows.get(*row as usize)) {
            Some(longer) => {
                *key = longer;
                true
            }
            None => false,
        });
    }
}

/// Numbers the keys that occur anew, without gaps; gives how many there are.
fn close_up(entries: &mut (Entries, Entries)) -> u64 {
    let mut keys: Vec<u64> = entries.0.iter().chain(&entries.1).map(|&(key, _)| key).collect();
    keys.sort_unstable();
    keys.dedup();
    for (key, _) in entries.0.iter_mut().chain(&mut entries.1) {
        *key = keys.partition_point(|other| *other < *key) as u64;
    }
    keys.len() as u64
}

/// A share of the keys of both files.
struct Met {
    of_b: Buckets,
    /// The entries of A whose key B has: where in B that begins, and the row.
    found: Vec<(u32, u32)>,
    /// For each entry of B that is the first of its key: how many rows of A have that key.
    in_a: Vec<u32>,
    /// Pairs that the largest key makes, and pairs of all keys.
    largest: u64,
    all: u64,
}

impl Met {
    /// `shares` is how many shares there are.
    fn of(of_a: &Entries, of_b: &Entries, shares: usize) -> Met {
        let of_b = Buckets::new(of_b, shares);
        let found: Vec<(u32, u32)> = of_a.iter().filter_map(|&(key, row)| Some((of_b.find(key)?, row))).collect();
        let mut in_a = vec![0; of_b.len()];
        found.iter().for_each(|&(start, _)| in_a[start as usize] += 1);
        let mut met = Met { of_b, found, in_a, largest: 0, all: 0 };
        (met.largest, met.all) = met.products().fold((0, 0), |(largest, all), pairs| (pairs.max(largest), all + pairs));
        met
    }

    /// Number of pairs of each key that both files have.
    fn products(&self) -> impl Iterator<Item = u64> {
        (0..self.in_a.len()).filter(|&start| self.in_a[start] > 0).map(|start| self.product(start))
    }

    fn product(&self, start: usize) -> u64 {
        u64::from(self.in_a[start]) * self.of_b.run(start).len() as u64
    }

    /// The pairs of all keys that make no more than `bound` each.
    fn total(&self, bound: u64) -> u64 {
        if self.largest <= bound { self.all } else { self.products().filter(|&pairs| pairs <= bound).sum() }
    }

    /// Forgets the keys that make more pairs than `bound`.
    fn leave_out(&mut self, bound: u64, left_out: &mut LeftOut) {
        for start in 0..self.in_a.len() {
            if self.product(start) > bound {
                left_out.keys += 1;
                left_out.entries += u64::from(self.in_a[start]) + self.of_b.run(start).len() as u64;
                self.in_a[start] = 0;
            }
        }
    }

    /// The pairs, by row of A and then of B.
    fn pairs(&self) -> Vec<(u32, u32)> {
        let mut pairs = Vec::with_capacity(self.found.len());
        for &(start, row_a) in self.found.iter().filter(|(start, _)| self.in_a[*start as usize] > 0) {
            pairs.extend(self.of_b.run(start as usize).iter().map(|&(_, row_b)| (row_a, row_b)));
        }
        pairs
    }
}

/// The greatest bound on a key, from the guard's down by halves, at which a rule makes no more pairs than it may.
fn bound(guard: Guard, pairs: impl Fn(u64) -> u64) -> u64 {
    let mut bound = guard.max_pairs_per_key;
    while bound > 0 && pairs(bound) > guard.max_pairs_per_rule {
        bound /= 2;
    }
    bound
}

/// [`join`] for a sorted neighbourhood. A place in the order is left out, on both sides, where its own key and the keys
/// beside it make too many pairs.
fn join_near(rule: &BlockingRule, files: &Coded, bound: impl Fn(&dyn Fn(u64) -> u64) -> u64) -> Joined {
    let mut places: BTreeMap<Vec<u8>, [Vec<u32>; 2]> = BTreeMap::new();
    let columns: Vec<Option<usize>> = rule.parts.iter().map(|part| files.column(&part.field)).collect();
    let mut keys = Keys::default();
    for (side, rows) in [&files.a, &files.b].into_iter().enumerate() {
        for (row, codes) in rows.iter().enumerate() {
            keys.make(rule, |part| columns[part].map_or("", |column| files.text(column, codes[column])));
            for key in 0..keys.len() {
                places.entry(keys.get(key).to_vec()).or_default()[side].push(row as u32);
            }
        }
    }
    let mut places: Vec<[Vec<u32>; 2]> = places.into_values().collect();
    let within = usize::from(rule.within);
    let near = |place: usize, count: usize| place.saturating_sub(within)..(place + within + 1).min(count);
    let products: Vec<u64> = (0..places.len())
        .map(|place| {
            let around = |side: usize| near(place, places.len()).map(|p| places[p][side].len() as u64).sum::<u64>();
            (places[place][0].len() as u64 * around(1)).max(places[place][1].len() as u64 * around(0))
        })
        .collect();
    let bound = bound(&|bound| products.iter().filter(|&&product| product <= bound).sum());
    let (largest, all) = (products.iter().copied().max().unwrap_or(0), products.iter().sum());
    let mut joined = Joined { largest, all, ..Joined::default() };
    for (place, product) in places.iter_mut().zip(products) {
        if product > bound {
            joined.left_out.keys += 1;
            joined.left_out.entries += (place[0].len() + place[1].len()) as u64;
            place.iter_mut().for_each(Vec::clear);
        }
    }
    let mut pairs = Vec::new();
    for place in 0..places.len() {
        for other in near(place, places.len()) {
            for &row_a in &places[place][0] {
                pairs.extend(places[other][1].iter().map(|&row_b| (row_a, row_b)));
            }
        }
    }
    pairs.sort_unstable();
    joined.shares.push(pairs);
    joined
}
