//! Forms of one given name: [`Nicknames`].

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

/// Groups of given names that are forms of one another: BILL and WILLIAM.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Nicknames {
    groups: FxHashMap<String, Vec<u16>>,
}

impl Nicknames {
    /// Reads groups of names, one a line, separated by commas or spaces; lines that begin with the same name are one
    /// group, and a name may stand in several. The names must be normal forms, or plain ASCII in any case.
    pub fn read(text: &str) -> Nicknames {
        let mut groups: FxHashMap<String, Vec<u16>> = FxHashMap::default();
        let mut first_names: FxHashMap<&str, u16> = FxHashMap::default();
        for line in text.lines() {
            let mut names = line.split([',', ' ']).filter(|name| !name.is_empty()).peekable();
            let Some(&first) = names.peek() else { continue };
            let next = first_names.len() as u16;
            let group = *first_names.entry(first).or_insert(next);
            names.for_each(|name| groups.entry(name.to_uppercase()).or_default().push(group));
        }
        Nicknames { groups }
    }

    /// The table that comes with Namesake.
    pub fn built_in() -> Nicknames {
        let text = include_str!("../../../synthetic-data/names/nicknames.csv");
        // The first line names the columns. Accents are taken off, as in the normal forms that are looked up.
        let plain: String = text.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect();
        Nicknames::read(plain.split_once('\n').map_or("", |(_, rest)| rest))
    }

    /// The numbers of the groups that a name stands in.
    pub(super) fn groups(&self, name: &str) -> &[u16] {
        self.groups.get(name).map_or(&[], Vec::as_slice)
    }

    /// Returns `true` if two names stand in one group.
    pub fn related(&self, a: &str, b: &str) -> bool {
        self.groups(a).iter().any(|group| self.groups(b).contains(group))
    }
}
