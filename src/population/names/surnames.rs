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
use super::deals::{DEALS, Deal, LISTS, OWN_LIST, SPANISH, STYLES, Source, curves, of_curve, style_index};
use super::draw::Draw;
use super::parts::Style;
use super::tradition::{self, Tradition};
use crate::population::Group;
use std::collections::BTreeMap;

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
    traditions: Traditions,
    /// Share of the group that draws from the curve.
    of_curve: f64,
    /// Share of the group that bears a name from the list of a small tradition, by code.
    listed: BTreeMap<u32, f64>,
}

/// A tradition never has more than this share of surnames that are its alone; what would be more is shared.
const MOST_OWN: f64 = 0.95;

/// No class, and one for each tradition.
const CLASSES: usize = Tradition::ALL.len() + 1;

/// The division of a group's surnames among its traditions. Those of a class belong to the tradition; what is left of
/// them and all others are shared.
#[derive(Default)]
struct Traditions {
    /// All but the general tradition, which draws from the whole of the group.
    own: Vec<Own>,
    /// Class by table entry.
    table: Vec<u8>,
    /// Class by style.
    styles: Vec<u8>,
    /// Share of each class's head that is left to its tradition alone; beyond the head it is all.
    kept: [f64; CLASSES],
    shared: SurnamePool,
    shared_mass: f64,
}

/// One tradition.
struct Own {
    tradition: Tradition,
    /// Share of the tradition in the group.
    of_group: f64,
    /// Chance of a surname that is the tradition's alone.
    chance: f64,
    part: SurnamePool,
}

/// A part of a group's surnames.
#[derive(Default)]
struct SurnamePool {
    head: Draw,
    /// Share of the part's people whose surname is beyond the head.
    beyond: f64,
    /// Slots of the rota that the part has beyond it.
    slots: Vec<u32>,
}

impl Holder {
    /// The surname at that place of the unit interval, of somebody of that tradition.
    #[inline]
    pub(super) fn draw(&self, tradition: Tradition, u: f64) -> u32 {
        let of = &self.traditions;
        let Some(own) = of.own.iter().find(|own| own.tradition == tradition) else {
            return self.code(self.rank_at(u));
        };
        if u < own.chance {
            self.draw_part(&own.part, u / own.chance)
        } else {
            self.draw_part(&of.shared, (u - own.chance) / (1.0 - own.chance))
        }
    }

    fn draw_part(&self, part: &SurnamePool, u: f64) -> u32 {
        if u >= part.beyond {
            return part.head.code((u - part.beyond) / (1.0 - part.beyond));
        }
        let at = self.shares[HEAD] + (1.0 - self.shares[HEAD]) * (u / part.beyond);
        let beyond = self.curve.point(at) as u32 - HEAD as u32;
        // The nearest of the part's slots keeps the turn of the rota and so the frequency.
        let period = self.rota.len() as u32;
        let slot = part.slots[(beyond % period) as usize * part.slots.len() / period as usize];
        self.code(HEAD as u32 + beyond / period * period + slot)
    }

    /// The tradition of a surname in the group.
    pub(super) fn tradition(&self, code: u32) -> Option<Tradition> {
        let of = &self.traditions;
        let class = match place(code) {
            Place::Table(entry) => of.table.get(entry),
            Place::Style(style, _) => of.styles.get(style),
        };
        Tradition::of_class(usize::from(*class?))
    }

    /// The factor on a group's share of a surname, for people of a tradition. A small tradition, whose list of its own
    /// is short, is counted as its group.
    pub(super) fn weight(&self, tradition: Tradition, code: u32) -> f64 {
        let of = &self.traditions;
        let Some(own) = of.own.iter().find(|own| own.tradition == tradition && !tradition.has_own_list()) else {
            return 1.0;
        };
        let (class, head) = match place(code) {
            Place::Table(entry) => (of.table[entry], true),
            Place::Style(style, index) => (of.styles[style], (index as usize) < self.style_ranks[style].len()),
        };
        let kept = if class == 0 {
            0.0
        } else if head {
            of.kept[usize::from(class)]
        } else {
            1.0
        };
        let alone = if class == tradition as u8 + 1 { kept / own.of_group } else { 0.0 };
        alone + (1.0 - kept) * (1.0 - own.chance) / of.shared_mass
    }

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

    #[cfg(test)]
    pub(super) fn curve(&self) -> &Curve {
        &self.curve
    }

    /// The codes of the `n` most common names of the group.
    pub(super) fn top(&self, n: u32) -> impl Iterator<Item = u32> + '_ {
        (0..n).map(|rank| self.code(rank))
    }

    /// The share of those who draw from the curve that bears the name of rank `rank`.
    pub(super) fn probability(&self, rank: u32) -> f64 {
        // Differences of nearly equal shares lose digits; beyond the head the density says the same with all of them.
        match self.shares.get(rank as usize + 1) {
            Some(share) => share - self.shares[rank as usize],
            None => self.curve.density(f64::from(rank) + 0.5),
        }
    }

    /// The share of the whole group that bears a name, from its share among those who draw from the curve.
    pub(super) fn of_group(&self, code: u32, of_curve: f64) -> f64 {
        of_curve * self.of_curve + self.listed.get(&code).copied().unwrap_or(0.0)
    }

    /// The share of the whole group that bears one of the `n` most common names of the curve.
    #[cfg(test)]
    pub(super) fn share_of_top(&self, n: u32) -> f64 {
        self.curve.share(f64::from(n)) * self.of_curve
    }

    /// The number of names of `style` that the group uses in all.
    fn used(&self, style: usize) -> f64 {
        let turns = (self.curve.size() - HEAD as f64) / self.rota.len() as f64;
        self.style_ranks[style].len() as f64 + (turns + 1.0) * self.slots[style].len() as f64
    }
}

/// The surname that a code stands for: an entry of the table, or a number of a style.
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

/// The largest number of names of each style that any group uses.
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
    let marks: Vec<(Tradition, u32)> = tradition::marks("surname")
        .map(|[_, tradition, name]| (Tradition::named(tradition), table.enter(name)))
        .collect();
    let holders: Vec<Holder> =
        DEALS.iter().zip(curves()).map(|(deal, curve)| holder(deal, curve, &lists, table.len(), &marks)).collect();
    for holder in &holders {
        for (index, style) in styles.iter().enumerate() {
            debug_assert!(holder.used(index) <= style.capacity(0) as f64, "style {} is exhausted", STYLES[index]);
        }
    }
    (table, holders)
}

fn holder(deal: &Deal, curve: Curve, lists: &[Vec<u32>], table_size: usize, marks: &[(Tradition, u32)]) -> Holder {
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
    let mut holder = Holder {
        curve,
        head,
        shares,
        guide,
        table_ranks,
        style_ranks,
        rota,
        slots,
        traditions: Traditions::default(),
        of_curve: of_curve(deal.group),
        listed: BTreeMap::new(),
    };
    (holder.traditions, holder.listed) = traditions(&holder, deal.group, &lists[SPANISH], marks);
    holder
}

/// Divides the surnames of a group among its traditions; also gives the shares of the names that are listed for the small
/// ones.
fn traditions(
    holder: &Holder,
    group: Group,
    spanish: &[u32],
    marks: &[(Tradition, u32)],
) -> (Traditions, BTreeMap<u32, f64>) {
    let places = tradition::shares(group);
    let mut listed = BTreeMap::new();
    if places.len() == 1 {
        return (Traditions::default(), listed);
    }
    let asian = group == Group::AsianPacific;
    let mut table = vec![0; holder.table_ranks.len()];
    if asian {
        spanish.iter().for_each(|&code| table[code as usize] = Tradition::Filipino as u8 + 1);
    }
    let mut small: Vec<Vec<u32>> = vec![Vec::new(); Tradition::ALL.len()];
    for &(tradition, code) in marks {
        if tradition.has_own_list() {
            small[tradition as usize].push(code);
        } else if tradition.is_asian() == asian {
            table[code as usize] = tradition as u8 + 1;
        }
    }
    let of_style = |style: &&str| match (asian, *style) {
        (true, "south_asian") => Tradition::Indian as u8 + 1,
        (true, "japanese") => Tradition::Japanese as u8 + 1,
        (true, "southeast_asian" | "pacific") => Tradition::OtherAsian as u8 + 1,
        (true, "spanish") => Tradition::Filipino as u8 + 1,
        _ => 0,
    };
    let styles: Vec<u8> = STYLES.iter().map(of_style).collect();
    let class = |code: u32| match place(code) {
        Place::Table(entry) => usize::from(table[entry]),
        Place::Style(style, _) => usize::from(styles[style]),
    };
    let share = |rank: usize| holder.shares[rank + 1] - holder.shares[rank];
    let mut masses = [0.0; CLASSES];
    holder.head.iter().enumerate().for_each(|(rank, &code)| masses[class(code)] += share(rank));
    let beyond = 1.0 - holder.shares[HEAD];
    let slots = |of: usize| -> Vec<u32> {
        (0..holder.rota.len() as u32)
            .filter(|&slot| usize::from(styles[holder.rota[slot as usize].0 as usize]) == of)
            .collect()
    };
    let of_rota = |slots: &[u32]| beyond * slots.len() as f64 / holder.rota.len() as f64;
    let mut kept = [0.0; CLASSES];
    let mut own = Vec::new();
    for (i, &(tradition, ..)) in places.iter().enumerate() {
        let (of_group, class_of_it) = (tradition::share_of_all(group, i), tradition as usize + 1);
        if tradition == Tradition::General {
            continue;
        }
        if tradition.has_own_list() {
            // Nothing is published of how common these are: the first is some four times as common as the last.
            let names = small[tradition as usize].iter().zip(12..).map(|(&code, n)| (code, 1.0 / f64::from(n)));
            let head = Draw::new(names.clone());
            for (code, weight) in names {
                *listed.entry(code).or_default() += OWN_LIST * of_group * weight / head.mass();
            }
            let part = SurnamePool { head, ..SurnamePool::default() };
            own.push(Own { tradition, of_group, chance: OWN_LIST, part });
            continue;
        }
        let slots = slots(class_of_it);
        let tail = of_rota(&slots);
        debug_assert!(tail < MOST_OWN * of_group, "{tradition:?} has too many rare surnames: {tail}");
        if masses[class_of_it] > 0.0 {
            kept[class_of_it] = ((MOST_OWN * of_group - tail) / masses[class_of_it]).clamp(0.0, 1.0);
        }
        let mass = kept[class_of_it] * masses[class_of_it] + tail;
        let names = holder.head.iter().enumerate().filter(|(_, code)| class(**code) == class_of_it);
        let head = Draw::new(names.map(|(rank, &code)| (code, share(rank))));
        let beyond = if mass > 0.0 { tail / mass } else { 0.0 };
        own.push(Own { tradition, of_group, chance: mass / of_group, part: SurnamePool { head, beyond, slots } });
    }
    let names = holder.head.iter().enumerate();
    let head = Draw::new(names.map(|(rank, &code)| (code, share(rank) * (1.0 - kept[class(code)]))));
    let slots = slots(0);
    let tail = of_rota(&slots);
    let shared_mass = head.mass() + tail;
    let shared = SurnamePool { head, beyond: tail / shared_mass, slots };
    (Traditions { own, table, styles, kept, shared, shared_mass }, listed)
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

/// Calls `f` with a code, of each group the share of those who draw from its curve that bears the name, and the number of
/// names they stand for: 1 for every common name, more
/// where rare names of a style are near alike and one stands for a stretch of them.
pub(super) fn for_each_name(holders: &[Holder], table_size: usize, mut f: impl FnMut(u32, &[f64; 6], f64)) {
    let mut at = |code: u32, weight: f64| {
        let mut shares = [0.0; 6];
        for (i, holder) in holders.iter().enumerate() {
            if let Some(rank) = holder.rank(code) {
                shares[i] = holder.probability(rank);
            }
        }
        f(code, &shares, weight);
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
