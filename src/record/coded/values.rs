//! The distinct values of a field, numbered: [`Values`].

use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher;
use std::str::Utf8Error;

/// Distinct texts, numbered in the order in which they came. Number 0 is the empty text: a missing value.
#[derive(Clone, Debug)]
pub struct Values {
    text: String,
    ends: Vec<u32>,
    /// By number. What comes often comes early, so that the digests most looked at lie side by side.
    digests: Vec<Digest>,
    /// Open addressing, a power of two long and never more than three quarters full.
    slots: Vec<Slot>,
}

/// The slot of a text: kept small, since most of the time of reading a file goes into fetching slots.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    tag: u32,
    /// 0 where the slot is free.
    code: u32,
}

/// A digest that tells texts apart at a glance. Texts of up to sixteen bytes are held whole; of longer texts it holds a
/// hash and their end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Digest {
    start: u64,
    end: u64,
    length: u32,
}

impl Default for Values {
    /// None but the empty text.
    fn default() -> Values {
        let (ends, digests, slots) = (vec![0], vec![Digest::default()], vec![Slot::default(); 64]);
        Values { text: String::new(), ends, digests, slots }
    }
}

impl Values {
    /// The number of values, including the empty text.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns `true` if there is no value but the empty text.
    pub fn is_empty(&self) -> bool {
        self.ends.len() == 1
    }

    /// The number of bytes that all values take.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// All of them, end to end.
    pub fn all(&self) -> &str {
        &self.text
    }

    /// The text of a number.
    pub fn get(&self, code: u32) -> &str {
        let start = if code == 0 { 0 } else { self.ends[code as usize - 1] as usize };
        &self.text[start..self.ends[code as usize] as usize]
    }

    /// All of them, by number.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        (0..self.ends.len() as u32).map(|code| self.get(code))
    }

    /// The number of a text, a new one where it has none yet.
    pub fn code(&mut self, text: &str) -> u32 {
        self.code_with(text, Digest::of(text.as_bytes()))
    }

    fn code_with(&mut self, text: &str, digest: Digest) -> u32 {
        match self.slot(text.as_bytes(), digest) {
            Ok(code) => code,
            Err(slot) => self.insert(text, digest, slot),
        }
    }

    /// [`Values::code`] of bytes. Only of a text that is new it must be seen whether it is UTF-8.
    pub fn code_of_bytes(&mut self, text: &[u8]) -> Result<u32, Utf8Error> {
        let digest = Digest::of(text);
        match self.slot(text, digest) {
            Ok(code) => Ok(code),
            Err(slot) => Ok(self.insert(std::str::from_utf8(text)?, digest, slot)),
        }
    }

    /// Puts the number of each of so many texts where it belongs: [`Values::code`] of one after the other. The slots of
    /// some texts are fetched side by side, and then their digests, so that no look into memory waits for another.
    pub(super) fn code_each<'t>(
        &mut self,
        texts: usize,
        text: impl Fn(usize) -> &'t str,
        mut put: impl FnMut(usize, u32),
    ) {
        const TOGETHER: usize = 64;
        let (mut digests, mut places) = ([Digest::default(); TOGETHER], [(0, 0); TOGETHER]);
        let mut slots = [Slot::default(); TOGETHER];
        for first in (0..texts).step_by(TOGETHER) {
            let rows = first..texts.min(first + TOGETHER);
            for ((digest, place), row) in digests.iter_mut().zip(&mut places).zip(rows.clone()) {
                *digest = Digest::of(text(row).as_bytes());
                *place = digest.place(self.slots.len());
            }
            for (slot, (place, _)) in slots.iter_mut().zip(&places[..rows.len()]) {
                *slot = self.slots[*place];
            }
            for (((digest, (_, tag)), slot), row) in digests.iter().zip(&places).zip(&slots).zip(rows) {
                let (text, code) = (text(row), slot.code);
                let same = slot.tag == *tag && self.digests[code as usize] == *digest;
                let same = same && (text.len() <= Digest::WHOLE || self.get(code) == text);
                put(row, if same { code } else { self.code_with(text, *digest) });
            }
        }
    }

    /// The number of a text that has one.
    pub fn find(&self, text: &str) -> Option<u32> {
        self.slot(text.as_bytes(), Digest::of(text.as_bytes())).ok()
    }

    /// The number of a text, or the free slot that it would have.
    #[inline]
    fn slot(&self, text: &[u8], digest: Digest) -> Result<u32, usize> {
        if text.is_empty() {
            return Ok(0);
        }
        let (mut place, tag) = digest.place(self.slots.len());
        loop {
            let slot = self.slots[place];
            if slot.code == 0 {
                return Err(place);
            }
            let same = slot.tag == tag && self.digests[slot.code as usize] == digest;
            if same && (text.len() <= Digest::WHOLE || self.get(slot.code).as_bytes() == text) {
                return Ok(slot.code);
            }
            place = (place + 1) & (self.slots.len() - 1);
        }
    }

    #[cold]
    fn insert(&mut self, text: &str, digest: Digest, slot: usize) -> u32 {
        let code = self.ends.len() as u32;
        self.text.push_str(text);
        // Whoever reads files stops at a gibibyte a column.
        self.ends.push(u32::try_from(self.text.len()).expect("the distinct values of a field stay under 4 GiB"));
        self.digests.push(digest);
        self.slots[slot] = Slot { tag: digest.place(self.slots.len()).1, code };
        if self.ends.len() * 4 > self.slots.len() * 3 {
            let mut slots = vec![Slot::default(); self.slots.len() * 2];
            for (code, digest) in self.digests.iter().enumerate().skip(1) {
                let (mut place, tag) = digest.place(slots.len());
                while slots[place].code > 0 {
                    place = (place + 1) & (slots.len() - 1);
                }
                slots[place] = Slot { tag, code: code as u32 };
            }
            self.slots = slots;
        }
        code
    }
}

impl Digest {
    /// Texts of at most so many bytes have a digest of their own.
    const WHOLE: usize = 16;

    /// The digest of a text.
    #[inline]
    fn of(text: &[u8]) -> Digest {
        let n = text.len();
        let four = |at: usize| u64::from(u32::from_le_bytes([text[at], text[at + 1], text[at + 2], text[at + 3]]));
        let eight = |at: usize| four(at) | four(at + 4) << 32;
        let (start, end) = match n {
            0 => (0, 0),
            1..4 => (u64::from(text[0]) | u64::from(text[n / 2]) << 8 | u64::from(text[n - 1]) << 16, 0),
            4..=8 => (four(0) | four(n - 4) << 32, 0),
            9..=16 => (eight(0), eight(n - 8)),
            _ => (FxBuildHasher.hash_one(text), eight(n - 8)),
        };
        Digest { start, end, length: n as u32 }
    }

    /// The first slot to look in, among `slots` slots (a power of two), and the tag of the text there.
    #[inline]
    fn place(self, slots: usize) -> (usize, u32) {
        const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
        let mixed = (self.start ^ u64::from(self.length)).wrapping_mul(MULTIPLIER).rotate_left(29) ^ self.end;
        let mixed = mixed.wrapping_mul(MULTIPLIER);
        ((mixed >> (64 - slots.trailing_zeros())) as usize, mixed as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_number_whatever_its_length() {
        let mut values = Values::default();
        let texts: Vec<String> = (0..20_000_u32)
            .map(|i| match i % 4 {
                0 => format!("{i}"),
                1 => format!("Nuñez {i}"),
                2 => "Ō".repeat(i as usize % 40 + 1),
                _ => format!("{i}\0"),
            })
            .collect();
        let codes: Vec<u32> = texts.iter().map(|text| values.code(text)).collect();
        for (text, &code) in texts.iter().zip(&codes) {
            assert_eq!(values.get(code), text);
            assert_eq!(values.code_of_bytes(text.as_bytes()), Ok(code));
            assert_eq!(values.find(text), Some(code));
        }
        // Many at a time, the new ones and blanks among them, as one by one.
        let mut at_a_time = Values::default();
        let mut found = vec![u32::MAX; texts.len() * 2];
        let text = |place: usize| if place.is_multiple_of(7) { "" } else { &*texts[place / 2] };
        at_a_time.code_each(found.len(), text, |place, code| found[place] = code);
        let mut one_by_one = Values::default();
        let expected: Vec<u32> = (0..found.len()).map(|place| one_by_one.code(text(place))).collect();
        assert_eq!(found, expected);
        assert!(at_a_time.iter().eq(one_by_one.iter()));
        at_a_time.code_each(0, text, |_, _| unreachable!());
        assert_eq!(values.code(""), 0);
        assert_eq!(values.find("absent"), None);
        let mut distinct = texts.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(values.len(), distinct.len() + 1);
        assert!(values.code_of_bytes(b"Nu\xf1ez").is_err());
    }
}
