//! Surnames: which code each rank of each group stands for, and what follows from that.
//!
//! Every group has its own published curve of ranks ([`Curve`]); what makes a country of it is the map from ranks to
//! names. The first [`HEAD`] ranks of a group are a merge of *sources*: the tables and, for names beyond them, the
//! styles of [`super::parts`]. A source enters a group at some rank and takes every so-many-th place from there on, so
//! the Black list is mostly names of the American list in another order, and a Spanish name stands among white people
//! a few hundred ranks down. Beyond the head a fixed rota of styles deals out the ranks; a style is dealt in the same
//! order to every group, which is why rare names, too, are shared where traditions are.

use super::Table;
use super::curve::Curve;
use super::deals::{DEALS, Deal, LISTS, STYLES, Source, curves, style_index};
use super::parts::Style;

/// Ranks of each group that are merged from sources; the rota deals those beyond.
const HEAD: usize = 16_384;

/// Equal parts of the people by which a look-up in the head begins.
const GUIDE: usize = 4096;

/// One group: its curve, and its map from ranks to codes and back.
pub(super) struct Holder {
    curve: Curve,
    /// Codes of the first ranks.
    head: Vec<u32>,
    /// The curve at the first ranks: `shares[r]` is the share of people above the name of rank r.
    shares: Vec<f64>,
    /// The rank at which each 4096th part of the people begins, as far as the head goes.
    guide: Vec<u16>,
    /// Rank by table entry; `u32::MAX` where the group does not have the name.
    table_ranks: Vec<u32>,
    /// Rank by style and index, as far as the head uses the style.
    style_ranks: Vec<Vec<u32>>,
    /// The style of each slot of the rota, and how many slots of that style come before it.
    rota: Vec<(u8, u32)>,
    /// Slots of each style, in order.
    slots: Vec<Vec<u32>>,
}

impl Holder {
    /// The rank, counted from 0, of the person below whom a share `u` of the group stands.
    #[inline]
    pub(super) fn rank_at(&self, u: f64) -> u32 {
        // Most people bear a name of the head, and looking it up there is faster than raising to a power.
        if u >= self.shares[HEAD] {
            return self.curve.point(u) as u32;
        }
        let part = (u * GUIDE as f64) as usize;
        let (from, to) = (self.guide[part] as usize, self.guide[part + 1] as usize + 1);
        (from + self.shares[from + 1..to.min(HEAD) + 1].partition_point(|&share| share <= u)) as u32
    }

    /// The code of the name of rank `rank`, counted from 0.
    #[inline]
    pub(super) fn code(&self, rank: u32) -> u32 {
        if let Some(&code) = self.head.get(rank as usize) {
            return code;
        }
        let beyond = rank - HEAD as u32;
        let period = self.rota.len() as u32;
        let (style, before) = self.rota[(beyond % period) as usize];
        let style = style as usize;
        let index = self.style_ranks[style].len() as u32 + beyond / period * self.slots[style].len() as u32 + before;
        styled(style, index)
    }

    /// The rank of `code`, counted from 0, if the group has the name at all.
    pub(super) fn rank(&self, code: u32) -> Option<u32> {
        let rank = match place(code) {
            Place::Table(entry) => *self.table_ranks.get(entry)?,
            Place::Style(style, index) => match self.style_ranks.get(style)?.get(index as usize) {
                Some(&rank) => rank,
                None => {
                    let slots = &self.slots[style];
                    let beyond = index - self.style_ranks[style].len() as u32;
                    let turn = beyond.checked_div(slots.len() as u32)?;
                    HEAD as u32 + turn * self.rota.len() as u32 + slots[beyond as usize % slots.len()]
                }
            },
        };
        (f64::from(rank) < self.curve.size()).then_some(rank)
    }

    pub(super) fn curve(&self) -> &Curve {
        &self.curve
    }

    /// The codes of the `n` most common names of the group.
    pub(super) fn top(&self, n: u32) -> impl Iterator<Item = u32> + '_ {
        (0..n).map(|rank| self.code(rank))
    }

    /// The share of the group that bears the name of rank `rank`.
    pub(super) fn probability(&self, rank: u32) -> f64 {
        // Differences of nearly equal shares lose digits; beyond the head the density says the same with all of them.
        match self.shares.get(rank as usize + 1) {
            Some(share) => share - self.shares[rank as usize],
            None => self.curve.density(f64::from(rank) + 0.5),
        }
    }

    /// How many names of `style` the group uses in all.
    fn used(&self, style: usize) -> f64 {
        let turns = (self.curve.size() - HEAD as f64) / self.rota.len() as f64;
        self.style_ranks[style].len() as f64 + (turns + 1.0) * self.slots[style].len() as f64
    }
}

/// What a code stands for: an entry of the table, or a number of a style.
pub(super) enum Place {
    Table(usize),
    Style(usize, u32),
}

/// The low 28 bits of a code are an index, the high 4 a style plus one, or 0 for the table.
pub(super) fn place(code: u32) -> Place {
    let index = code & 0x0fff_ffff;
    match code >> 28 {
        0 => Place::Table(index as usize),
        style => Place::Style(style as usize - 1, index),
    }
}

/// How many numbers of each style any group uses.
pub(super) fn used(holders: &[Holder]) -> Vec<usize> {
    (0..STYLES.len()).map(|s| holders.iter().map(|h| h.used(s) as usize + 1).max().unwrap_or(0)).collect()
}

fn styled(style: usize, index: u32) -> u32 {
    debug_assert!(index < 1 << 28);
    (style as u32 + 1) << 28 | index
}

/// The table of all lists and the six groups.
pub(super) fn build(styles: &[Style]) -> (Table, Vec<Holder>) {
    let mut table = Table::default();
    let lists: Vec<Vec<u32>> =
        LISTS.iter().map(|text| text.lines().skip(1).map(|name| table.enter(name)).collect()).collect();
    let holders: Vec<Holder> =
        DEALS.iter().zip(curves()).map(|(deal, curve)| holder(deal, curve, &lists, table.len())).collect();
    for holder in &holders {
        for (index, style) in styles.iter().enumerate() {
            debug_assert!(holder.used(index) <= style.capacity(0) as f64, "style {} is exhausted", STYLES[index]);
        }
    }
    (table, holders)
}

fn holder(deal: &Deal, curve: Curve, lists: &[Vec<u32>], table_size: usize) -> Holder {
    let mut table_ranks = vec![u32::MAX; table_size];
    let mut style_ranks: Vec<Vec<u32>> = vec![Vec::new(); STYLES.len()];
    let mut head = Vec::with_capacity(HEAD);
    // A merge: again and again the source whose next place comes first gives its next name.
    let mut next: Vec<(f64, usize)> = deal.head.iter().map(|entry| (entry.from, 0)).collect();
    while head.len() < HEAD {
        let mut first = 0;
        for i in 1..next.len() {
            if next[i].0 < next[first].0 {
                first = i;
            }
        }
        let entry = &deal.head[first];
        let (at, count) = next[first];
        let rank = head.len() as u32;
        next[first] = (at + entry.step, count + 1);
        match entry.source {
            Source::List(list) => match lists[list].get(count) {
                Some(&code) if table_ranks[code as usize] == u32::MAX => {
                    table_ranks[code as usize] = rank;
                    head.push(code);
                }
                Some(_) => {}
                None => next[first].0 = f64::INFINITY,
            },
            Source::Style(name) => {
                let style = style_index(name);
                head.push(styled(style, style_ranks[style].len() as u32));
                style_ranks[style].push(rank);
            }
        }
    }
    let (rota, slots) = rota(deal.rota);
    let shares: Vec<f64> = (0..=HEAD).map(|rank| curve.share(rank as f64)).collect();
    let guide = (0..=GUIDE)
        .map(|part| {
            let u = part as f64 / GUIDE as f64;
            (shares.partition_point(|&share| share <= u) - 1).min(HEAD - 1) as u16
        })
        .collect();
    Holder { curve, head, shares, guide, table_ranks, style_ranks, rota, slots }
}

/// Spreads the styles evenly over a rota: each slot goes to the style that is furthest behind its share.
fn rota(weights: &[(&'static str, u32)]) -> (Vec<(u8, u32)>, Vec<Vec<u32>>) {
    let period: u32 = weights.iter().map(|&(_, weight)| weight).sum();
    let mut slots: Vec<Vec<u32>> = vec![Vec::new(); STYLES.len()];
    let mut rota = Vec::with_capacity(period as usize);
    for slot in 0..period {
        let mut best = (i64::MIN, 0);
        for &(name, weight) in weights {
            let style = style_index(name);
            let behind = i64::from(weight * (slot + 1)) - i64::from(period) * slots[style].len() as i64;
            if behind > best.0 {
                best = (behind, style);
            }
        }
        let style = best.1;
        rota.push((style as u8, slots[style].len() as u32));
        slots[style].push(slot);
    }
    (rota, slots)
}

/// Calls `f` with each group's shares of a name and the number of names they stand for: 1 for every common name, more
/// where rare names of a style are near alike and one stands for a stretch of them.
pub(super) fn for_each_name(holders: &[Holder], table_size: usize, mut f: impl FnMut(&[f64; 6], f64)) {
    let mut at = |code: u32, weight: f64| {
        let mut shares = [0.0; 6];
        for (i, holder) in holders.iter().enumerate() {
            if let Some(rank) = holder.rank(code) {
                shares[i] = holder.probability(rank);
            }
        }
        f(&shares, weight);
    };
    for entry in 0..table_size {
        at(entry as u32, 1.0);
    }
    for style in 0..STYLES.len() {
        let exact = holders.iter().map(|holder| holder.style_ranks[style].len()).max().unwrap_or(0) as u32;
        let used = holders.iter().filter(|h| !h.slots[style].is_empty()).map(|h| h.used(style)).fold(0.0, f64::max);
        let used = (used as u32).max(exact);
        for index in 0..exact {
            at(styled(style, index), 1.0);
        }
        let mut index = exact;
        while index < used {
            let stretch = (index / 128).max(1).min(used - index);
            at(styled(style, index + stretch / 2), f64::from(stretch));
            index += stretch;
        }
    }
}
