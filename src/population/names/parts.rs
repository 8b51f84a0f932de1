//! Names beyond the tables, put together from parts: root, up to three links, ending (Hather·ton, Wald·en·felder).
//!
//! A number below the capacity of a style becomes a name, and no two numbers become the same name, in any style. That
//! is so by construction, not by a list of what was made. The files of parts keep three rules, and a test holds them
//! to it: no root is the beginning of another root, over all styles; within a style no link is the beginning of
//! another; and no ending begins with a link of its style. So a name can be read off from its start: the root gives
//! the style, then links follow until what remains is an ending. Reading a name is how the few combinations that
//! already stand in a table (Ash·ford, Nak·amura) are found and skipped.

use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The most links a name may have.
const LINKS: u32 = 3;

/// Roots, links and endings of one tradition.
#[derive(Default)]
pub(super) struct Style {
    roots: Vec<&'static str>,
    links: Vec<&'static str>,
    /// Endings, by variant: given names have those of women and those of men, surnames have one variant.
    endings: Vec<Vec<&'static str>>,
    /// Numbers whose name stands in a table, by variant, in rising order.
    taken: Vec<Vec<u32>>,
}

/// The part of a name that a line of the file gives.
pub(super) enum NamePart {
    Root,
    Link,
    Ending { variant: usize },
}

impl Style {
    pub(super) fn with_variants(variants: usize) -> Style {
        Style { endings: vec![Vec::new(); variants], taken: vec![Vec::new(); variants], ..Style::default() }
    }

    pub(super) fn add(&mut self, part: NamePart, text: &'static str) {
        match part {
            NamePart::Root => self.roots.push(text),
            NamePart::Link => self.links.push(text),
            NamePart::Ending { variant } => self.endings[variant].push(text),
        }
    }

    /// The number of different names the style can make, without those listed in a table.
    pub(super) fn capacity(&self, variant: usize) -> u64 {
        let all: u64 = (0..=LINKS).map(|links| self.of_links(variant, links)).sum();
        all.min(u64::from(u32::MAX)) - self.taken[variant].len() as u64
    }

    /// Appends name number `index`; all numbers below the capacity give different names.
    pub(super) fn write(&self, variant: usize, index: u32, out: &mut String) {
        // Skip what a table took: the answer is `index` plus the number of taken ones at or below it.
        let taken = &self.taken[variant];
        let mut number = index;
        let mut skipped = 0;
        while skipped < taken.len() && taken[skipped] <= number {
            // Jump to how many are taken up to here; each jump can bring a few more into reach.
            let reached = taken.partition_point(|&t| t <= number);
            skipped = reached;
            number = index + reached as u32;
        }
        let (mut number, mut links) = (u64::from(number), 0);
        while links < LINKS && number >= self.of_links(variant, links) {
            number -= self.of_links(variant, links);
            links += 1;
        }
        let mut rest = self.mixed(variant, links, number);
        let roots = self.roots.len() as u64;
        out.push_str(self.roots[(rest % roots) as usize]);
        rest /= roots;
        let endings = &self.endings[variant];
        let ending = endings[(rest % endings.len() as u64) as usize];
        rest /= endings.len() as u64;
        for _ in 0..links {
            out.push_str(self.links[(rest % self.links.len() as u64) as usize]);
            rest /= self.links.len() as u64;
        }
        out.push_str(ending);
    }

    /// The number of names with exactly `links` links.
    fn of_links(&self, variant: usize, links: u32) -> u64 {
        (self.roots.len() * self.endings[variant].len()) as u64 * (self.links.len() as u64).pow(links)
    }

    /// Shuffles neighbours, so that the order of names is not that of the file: within windows of eight endings of all
    /// roots, position times a prime, modulo the window. The first endings of a file stay the more common ones.
    fn mixed(&self, variant: usize, links: u32, number: u64) -> u64 {
        let window = self.roots.len() as u64 * 8;
        let start = number / window * window;
        let length = window.min(self.of_links(variant, links) - start);
        start + (number - start) * PRIME % length
    }

    /// The inverse of [`Style::mixed`].
    fn unmixed(&self, variant: usize, links: u32, mixed: u64) -> u64 {
        let window = self.roots.len() as u64 * 8;
        let start = mixed / window * window;
        let length = window.min(self.of_links(variant, links) - start);
        // The inverse of the prime modulo the window, by trying: windows are short and this is done while building.
        let wanted = mixed - start;
        let step = PRIME % length;
        let mut at = 0;
        for position in 0..length {
            if at == wanted {
                return start + position;
            }
            at += step;
            if at >= length {
                at -= length;
            }
        }
        mixed
    }

    /// The variant and the number of the name that, after its root, folds to `rest`.
    fn read(&self, folded: &FoldedParts, root: u64, mut rest: &str) -> Option<(usize, u32)> {
        let (mut links, mut linked, mut place) = (0, 0, 1);
        while let Some((i, after)) =
            folded.links.iter().enumerate().find_map(|(i, link)| Some((i as u64, rest.strip_prefix(&**link)?)))
        {
            if links == LINKS {
                return None;
            }
            linked += i * place;
            place *= self.links.len() as u64;
            links += 1;
            rest = after;
        }
        folded.endings.iter().enumerate().find_map(|(variant, endings)| {
            let ending = endings.iter().position(|ending| ending == rest)? as u64;
            let mixed = root + self.roots.len() as u64 * (ending + self.endings[variant].len() as u64 * linked);
            let before: u64 = (0..links).map(|fewer| self.of_links(variant, fewer)).sum();
            Some((variant, u32::try_from(before + self.unmixed(variant, links, mixed)).ok()?))
        })
    }

    fn folded_parts(&self) -> FoldedParts {
        FoldedParts {
            links: self.links.iter().map(|link| folded(link)).collect(),
            endings: self.endings.iter().map(|part| part.iter().map(|ending| folded(ending)).collect()).collect(),
        }
    }
}

/// Links and endings of a style as [`folded`] has them.
struct FoldedParts {
    links: Vec<String>,
    endings: Vec<Vec<String>>,
}

/// A prime larger than any window has factors, so that it is invertible in all of them.
const PRIME: u64 = 1_000_003;

/// Takes the names of the tables out of what the styles make. `folded_names` are the keys of the table.
pub(super) fn reserve(styles: &mut [Style], folded_names: &BTreeMap<String, u32>) {
    let parts: Vec<FoldedParts> = styles.iter().map(Style::folded_parts).collect();
    let mut roots = BTreeMap::new();
    for (s, style) in styles.iter().enumerate() {
        roots.extend(style.roots.iter().enumerate().map(|(r, root)| (folded(root), (s, r as u64))));
    }
    for name in folded_names.keys() {
        let root = name.char_indices().skip(1).map(|(end, _)| end).chain([name.len()]).find_map(|end| {
            let &(style, root) = roots.get(&name[..end])?;
            Some((style, root, &name[end..]))
        });
        let Some((s, root, rest)) = root else { continue };
        if let Some((variant, number)) = styles[s].read(&parts[s], root, rest) {
            styles[s].taken[variant].push(number);
        }
    }
    for style in styles {
        style.taken.iter_mut().for_each(|taken| taken.sort_unstable());
    }
}

/// Lower case without accents: two names are one name here if they fold alike.
pub(super) fn folded(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    name.nfd().filter(|&c| !is_combining_mark(c)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
impl Style {
    /// Asserts the three rules of the module header for `styles` together.
    pub(super) fn assert_readable(styles: &[Style]) {
        let mut roots: Vec<String> = styles.iter().flat_map(|s| s.roots.iter().map(|r| folded(r))).collect();
        roots.sort();
        for pair in roots.windows(2) {
            assert!(!pair[1].starts_with(&pair[0]), "{pair:?}");
        }
        for style in styles {
            let endings: Vec<String> = style.endings.iter().flatten().map(|e| folded(e)).collect();
            let distinct: std::collections::BTreeSet<_> = endings.iter().collect();
            assert_eq!(distinct.len(), endings.len());
            for (i, link) in style.links.iter().enumerate() {
                assert!(style.links.iter().enumerate().all(|(j, other)| i == j || !other.starts_with(link)), "{link}");
                assert!(endings.iter().all(|ending| !ending.starts_with(link)), "{link}");
            }
        }
    }
}
