//! The file that each id of a list is of: [`Names`] of the files in a list, and [`settle`] for its pairs.
//!
//! Nothing is read before the whole list is known, since a name alone says little: 1 is the second of 0 and 1, and the
//! first of 1 and 2. The names are taken for those of a convention only if all of them are of it.

use super::lookup::Place;
use super::whole::whole;
use super::{BridgeError, ColumnPair, FoundPair, LabelledFile, LabelledPair};
use crate::notice::{Code, Notice, by_number};
use crate::record::coded::Dataset::{self, A, B};
use rustc_hash::FxHashMap;

/// The remedy where names of files in a list say nothing.
const NAME_THEM: &str =
    "write datasets = { a = \"…\", b = \"…\" } in the spec, with the names that the list has for the two files";

/// The names that a list gives the two files.
#[derive(Default)]
pub(super) struct Names {
    texts: Vec<String>,
    numbers: FxHashMap<String, u32>,
    /// The side of each, and the line that shows it: 0 if the name says it.
    sides: Vec<Option<(Dataset, u64)>>,
}

impl Names {
    /// The number of a name.
    pub(super) fn number(&mut self, text: &str) -> u32 {
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        let number = self.texts.len() as u32;
        self.numbers.insert(text.to_owned(), number);
        self.texts.push(text.to_owned());
        self.sides.push(None);
        number
    }

    /// Takes in what the names say, once all are known: those that the spec states, or those of the one convention that
    /// has all of them.
    pub(super) fn read(&mut self, files: &LabelledPair, stated: Option<&ColumnPair>) {
        let plain: Vec<String> =
            self.texts.iter().map(|text| whole(text).unwrap_or(text.into()).to_lowercase()).collect();
        let side = |name: &String, [a, b]: &[String; 2]| match (name == a, name == b) {
            (true, false) => Some(A),
            (false, true) => Some(B),
            _ => None,
        };
        let of = |convention: &[String; 2]| plain.iter().map(|name| side(name, convention)).collect::<Vec<_>>();
        let sides = match stated {
            Some(stated) => of(&[stated.a.to_lowercase(), stated.b.to_lowercase()]),
            None => {
                let file =
                    |file: &LabelledFile| file.name.rsplit(['/', '\\']).next().unwrap_or_default().to_lowercase();
                let names = [file(&files.a), file(&files.b)];
                let stems =
                    names.clone().map(|name| name.split_once('.').map_or(name.clone(), |(stem, _)| stem.to_owned()));
                let table = |number: u8| format!("__splink__input_table_{number}");
                let conventions = [
                    names,
                    stems,
                    ["a", "b"].map(str::to_owned),
                    ["0", "1"].map(str::to_owned),
                    ["1", "2"].map(str::to_owned),
                    [0, 1].map(table),
                ];
                let mut fitting = conventions.iter().map(of).filter(|sides| sides.iter().all(Option::is_some));
                // Of two that say the opposite neither is taken.
                match fitting.next() {
                    Some(first) if fitting.all(|other| other == first) => first,
                    _ => vec![None; plain.len()],
                }
            }
        };
        self.sides = sides.into_iter().map(|side| side.map(|side| (side, 0))).collect();
    }

    /// The side that a name stands for.
    pub(super) fn side(&self, name: u32) -> Option<Dataset> {
        self.sides[name as usize].map(|(side, _)| side)
    }

    /// Takes in that a name stands for a file, and refuses one that stands for both.
    pub(super) fn show(&mut self, list: &str, name: u32, side: Dataset, line: u64) -> Result<(), BridgeError> {
        let text = &self.texts[name as usize];
        let refuse = |problem: String| Err(BridgeError::new(list, problem, NAME_THEM).at_line(line));
        match self.sides[name as usize] {
            Some((known, _)) if known == side => return Ok(()),
            Some((_, before)) => {
                return refuse(format!("the ids of {text:?} are of one file here and of the other on line {before}"));
            }
            None => {}
        }
        let other = self.sides.iter().position(|other| other.is_some_and(|(known, _)| known == side));
        if let Some(other) = other {
            return refuse(format!("{text:?} and {:?} both have the ids of file {side:?}", self.texts[other]));
        }
        self.sides[name as usize] = Some((side, line));
        Ok(())
    }

    /// The complaint about an id that nothing says the file of.
    pub(super) fn unclear(&self, list: &str, ids: &str, names: &[u32], line: u64) -> BridgeError {
        let names: Vec<String> = names.iter().map(|&name| format!("{:?}", self.texts[name as usize])).collect();
        let problem = format!("{ids} of both files, and nothing says which file {} is", names.join(" or "));
        BridgeError::new(list, problem, NAME_THEM).at_line(line)
    }

    /// Refuses an id that is not of the file that its name stands for. A record that was left out may be.
    pub(super) fn check(
        &self,
        list: &str,
        files: &LabelledPair,
        (name, side): (Option<u32>, Dataset),
        place: Place,
        line: u64,
    ) -> Result<Option<u32>, BridgeError> {
        let (file, other) = if side == A { (&files.a, &files.b) } else { (&files.b, &files.a) };
        let row = place.row(side);
        if row.is_some() || file.ignored > 0 {
            return Ok(row);
        }
        let elsewhere = place.row(if side == A { B } else { A }).map_or("", |row| other.ids.get(row as usize));
        let says = name.map_or("its column".to_owned(), |name| format!("{:?}", self.texts[name as usize]));
        let shown = match name.and_then(|name| self.sides[name as usize]) {
            Some((_, line)) if line > 0 => format!(", as line {line} shows"),
            _ => String::new(),
        };
        let problem = format!(
            "{says} says that the id {elsewhere:?} is of file {side:?}, {}{shown}, and only {} has it",
            file.name, other.name
        );
        let remedy = match name {
            Some(_) => NAME_THEM,
            None => {
                "exchange the names of the two columns if they are exchanged, or call them id_1 and id_2 if each may hold ids \
                 of either file"
            }
        };
        Err(BridgeError::new(list, problem, remedy).at_line(line))
    }
}

/// A pair of a list, before it is known which of its ids is of A.
pub(super) struct Listed {
    pub(super) l: Place,
    pub(super) r: Place,
    pub(super) score: f64,
    pub(super) line: u64,
    /// The names of the files of the two ids, where the list gives them.
    pub(super) names: [u32; 2],
    pub(super) is_match: bool,
}

impl Listed {
    /// The rows of A and B if the left id is of A, and if it is of B.
    fn rows(&self) -> [Option<(u32, u32)>; 2] {
        [self.l.row(A).zip(self.r.row(B)), self.r.row(A).zip(self.l.row(B))]
    }
}

/// The ways in which a list may say which of two ids is of A.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Names of the files beside the ids.
    Named,
    /// The left one is, by the names of the columns of ids.
    LeftIsOfA,
    /// The left one, unless another line shows that this does not hold.
    LeftFirst,
    /// Either, as the program has it.
    Open,
}

/// The pairs of a list as rows, each with its line.
pub(super) struct Settled {
    pub(super) pairs: Vec<(FoundPair, u64)>,
    /// Pairs within one file, or of records that were left out.
    pub(super) left_out: u64,
    /// The pairs that fit both ways.
    turned: Turned,
}

/// Pairs of which each id, or number of a row, is of both files.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Turned {
    /// Pairs of one person as they are read, and the other way round.
    pub(super) right: [u64; 2],
    /// Pairs of two people as they are read, and those of them that are one person the other way round.
    pub(super) wrong: [u64; 2],
}

impl Turned {
    /// Takes in a pair that is one person as it is read, or the other way round, or both.
    pub(super) fn see(&mut self, as_read: bool, turned: bool) {
        self.right[0] += u64::from(as_read);
        self.right[1] += u64::from(turned);
        self.wrong[0] += u64::from(!as_read);
        self.wrong[1] += u64::from(!as_read && turned);
    }
}

/// Settles which id of each pair is of A, once the whole list is known.
pub(super) fn settle(
    list: &str,
    files: &LabelledPair,
    listed: &[Listed],
    names: &mut Names,
    order: Order,
) -> Result<Settled, BridgeError> {
    // The first line whose left id is of B.
    let mut turned = None;
    for pair in listed {
        let way = match pair.rows() {
            [Some(_), None] => true,
            [None, Some(_)] => false,
            _ => continue,
        };
        if !way && turned.is_none() {
            turned = Some(pair.line);
        }
        let [l, r] = pair.names;
        if order == Order::Named && (names.side(l).is_none() || names.side(r).is_none()) {
            let (of_l, of_r) = if way { (A, B) } else { (B, A) };
            // One that is known fixes the other: a pair against it is looked at below.
            if names.side(l).is_none_or(|known| known == of_l) && names.side(r).is_none_or(|known| known == of_r) {
                names.show(list, l, of_l, pair.line)?;
                names.show(list, r, of_r, pair.line)?;
            }
        }
    }
    let mut settled = Settled { pairs: Vec::with_capacity(listed.len()), left_out: 0, turned: Turned::default() };
    for pair in listed {
        let rows = pair.rows();
        let id = |place: Place| {
            place
                .row(A)
                .map(|row| files.a.ids.get(row as usize))
                .or(place.row(B).map(|row| files.b.ids.get(row as usize)))
        };
        let both = || {
            let [l, r] = [pair.l, pair.r].map(|place| id(place).unwrap_or_default());
            format!("{l:?} and {r:?} are ids")
        };
        let forward = match order {
            Order::Named => {
                let [l, r] = pair.names;
                let sides = (names.side(l), names.side(r));
                let (of_l, of_r) = match sides {
                    _ if l == r => (sides.0, sides.0),
                    (Some(l), Some(r)) => (Some(l), Some(r)),
                    (Some(A), None) | (None, Some(B)) => (Some(A), Some(B)),
                    (Some(B), None) | (None, Some(A)) => (Some(B), Some(A)),
                    (None, None) if rows[0].is_some() && rows[1].is_some() && rows[0] != rows[1] => {
                        return Err(names.unclear(list, &both(), &pair.names, pair.line));
                    }
                    (None, None) => (None, None),
                };
                for (name, side, place) in [(l, of_l, pair.l), (r, of_r, pair.r)] {
                    if let Some(side) = side {
                        names.check(list, files, (Some(name), side), place, pair.line)?;
                    }
                }
                match (of_l, of_r) {
                    (Some(l), Some(r)) if l == r => None,
                    (Some(l), _) => Some(l == A),
                    _ if l == r => None,
                    _ => Some(rows[0].is_some()),
                }
            }
            Order::LeftIsOfA => {
                names.check(list, files, (None, A), pair.l, pair.line)?;
                names.check(list, files, (None, B), pair.r, pair.line)?;
                Some(true)
            }
            Order::LeftFirst | Order::Open => match rows {
                [Some(one), Some(other)] if one != other && (order == Order::Open || turned.is_some()) => {
                    let why = match turned {
                        Some(turned) => format!("on line {turned} the left one is of B"),
                        // Its left id is of the file whose name is the lesser, which may be either.
                        None => "nothing says which file the left one is of".to_owned(),
                    };
                    let remedy = "add columns source_dataset_l and source_dataset_r with a or b, or call the columns id_a and id_b";
                    let problem = format!("{} of both files, and {why}", both());
                    return Err(BridgeError::new(list, problem, remedy).at_line(pair.line));
                }
                [forward, _] => Some(forward.is_some()),
            },
        };
        let Some((a, b)) = forward.and_then(|forward| rows[usize::from(!forward)]) else {
            settled.left_out += 1;
            continue;
        };
        if let ([Some(one), Some(other)], Some(forward)) = (rows, forward)
            && one != other
        {
            let right = |(a, b): (u32, u32)| files.truth.same(a as usize, b as usize);
            let (as_read, turned) = if forward { (one, other) } else { (other, one) };
            settled.turned.see(right(as_read), right(turned));
        }
        let score = Some(pair.score).filter(|score| !score.is_nan());
        settled.pairs.push((FoundPair { a, b, score, is_match: pair.is_match }, pair.line));
    }
    Ok(settled)
}

impl Settled {
    /// The notice that the list seems to name the files the other way round.
    pub(super) fn exchanged(&self, list: &str, order: Order) -> Option<Notice> {
        exchanged(list, self.turned, order == Order::Named)
    }
}

/// The notice that more pairs would be right if the two files of a list were exchanged, in all lines or in some.
pub(super) fn exchanged(list: &str, turned: Turned, are_named: bool) -> Option<Notice> {
    /// Of fewer wrong pairs some are right the other way round by chance.
    const FEWEST: u64 = 3;
    /// Of wrong pairs of brothers and sisters in files of one order half are.
    const PART: f64 = 0.6;
    let Turned { right: [as_read, other_way], wrong: [wrong, of_wrong] } = turned;
    let remedy = match are_named {
        true => "if they are exchanged, write datasets = { a = \"…\", b = \"…\" } in the spec",
        false => "if they are exchanged, exchange the names of the two columns",
    };
    // Where few are right some pair is by chance.
    let are_many = other_way >= FEWEST || of_wrong as f64 > PART * wrong as f64;
    if other_way > as_read && are_many {
        let sentence = format!(
            "{list}: of the pairs that would be others with A and B exchanged, {as_read} {} one person as they are read, and \
             {other_way} would be the other way round. Check which file each id is of: {remedy}.",
            by_number(as_read, "is", "are"),
        );
        return Some(Notice::new(Code::FilesExchanged, sentence).counting(other_way));
    }
    (of_wrong >= FEWEST && of_wrong as f64 > PART * wrong as f64).then(|| {
        let sentence = format!(
            "{list}: {of_wrong} of {wrong} pairs of two people would be one person with A and B exchanged. In some lines the \
             two ids may stand the wrong way round: check which file each is of."
        );
        Notice::new(Code::FilesExchanged, sentence).counting(of_wrong)
    })
}

/// The notice that numbers of rows seem to be counted from 0, or to be of the other file. `pairs` are as they are read,
/// from 1.
pub(super) fn rows_moved(list: &str, files: &LabelledPair, pairs: &[(FoundPair, u64)]) -> Option<Notice> {
    let [in_a, in_b] = [&files.a, &files.b].map(|file| file.ids.len() as u32);
    let same = |a: u32, b: u32| a < in_a && b < in_b && files.truth.same(a as usize, b as usize);
    let right = pairs.iter().filter(|(pair, _)| same(pair.a, pair.b)).count() as u64;
    let from_0 = pairs.iter().filter(|(pair, _)| same(pair.a + 1, pair.b + 1)).count() as u64;
    // Where nothing is right some pair is by chance.
    const FEWEST: u64 = 3;
    if from_0 > right && from_0 >= FEWEST {
        let sentence = format!(
            "{list}: {right} {} one person with rows counted from 1, and {from_0} would be with rows counted from 0. If they are, \
             add 1 to each number, or list ids in columns id_a and id_b.",
            by_number(right, "pair is", "pairs are"),
        );
        return Some(Notice::new(Code::RowsMoved, sentence).counting(from_0));
    }
    let mut turned = Turned::default();
    let differ = pairs.iter().filter(|(pair, _)| pair.a != pair.b && pair.b < in_a && pair.a < in_b);
    differ.for_each(|(pair, _)| turned.see(same(pair.a, pair.b), same(pair.b, pair.a)));
    exchanged(list, turned, false).filter(|notice| notice.count >= Some(FEWEST))
}
