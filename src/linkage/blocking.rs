//! The pairs that are compared, and the rule that proposed each: [`normalise`], [`BlockingRule`], [`Index`].
//!
//! Two files of a million records make 10¹² pairs; nobody compares them all. A blocking rule names the parts that two
//! records must share (`surname:4 + zip`) to be looked at. Several rules are tried in order and a pair belongs to the
//! first that proposed it, so misses can be attributed to the rule that should have caught them (H. B. Newcombe
//! et al. (1959), "Automatic linkage of vital records", *Science* 130, 954–959).
//!
//! Two ways to the same pairs: [`Index`] holds one file while the other streams by, [`join`] takes two whole files, one
//! rule at a time, and is what two files that fit in memory want. Everything here works on *normal forms*: two
//! spellings of the same thing, ST and Street, Nuñez and NUNEZ, must not look different because a rule is missing.

mod fold;
mod index;
mod join;
mod keys;
mod normal;
mod rule;
mod streets;

pub use index::{Index, LeftOut, MAX_BLOCK, Scratch};
pub use join::{Guard, Joined, join, join_whole};
pub use normal::{normal_fields, normal_form, normalise, normalise_into, normalise_with, recorded, source};
pub use rule::{BlockingRule, KeyForm, KeyPart, RuleError};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::coded::{Coded, Coding};
    use crate::record::{Field, RecordId, Records};

    fn rules(texts: &[&str]) -> Vec<BlockingRule> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    /// Small files in which many values coincide and some are missing.
    fn sample(seed: u64, rows: u64) -> Records {
        let mut records = Records::new(&[Field::Surname, Field::GivenName, Field::Zip, Field::DateOfBirth]);
        for row in 0..rows {
            let draw = |salt: u64| {
                let mut z = (seed << 32 | row << 8 | salt).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                z = (z ^ (z >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                (z >> 40) as usize
            };
            let surname = ["Nuñez", "Nunes", "Ōe", "Smith", ""][draw(1) % 5];
            let given = ["Zoë", "Ana", "Łukasz", ""][draw(2) % 4];
            let zip = ["00001", "00002", ""][draw(3) % 3];
            let date = ["1984-05-23", "1984-01-02", "?"][draw(4) % 3];
            records.push(RecordId(row), &[surname, given, zip, date]);
        }
        normalise(&records)
    }

    #[test]
    fn each_pair_comes_once_with_its_first_rule() {
        let (a, b) = (sample(1, 150), sample(2, 170));
        let rules = rules(&["surname + zip", "surname:3 + date_of_birth:year", "given_name", "date_of_birth:monthday"]);
        let index = Index::build(&rules, &a, 0..a.len() as u32, usize::MAX);
        let mut scratch = Scratch::new(&index, b.fields());
        // The oracle compares key texts pair by pair.
        let key = |rule: &BlockingRule, records: &Records, row: usize| -> Option<Vec<String>> {
            rule.parts
                .iter()
                .map(|part| {
                    let text = records.value(row, &part.field);
                    let date = text.len() == 10;
                    let form = match part.form {
                        KeyForm::Whole => text.to_owned(),
                        KeyForm::Prefix(n) => text.chars().take(n.into()).collect(),
                        KeyForm::Year if date => text[..4].to_owned(),
                        KeyForm::MonthDay if date => text[5..].to_owned(),
                        _ => String::new(),
                    };
                    (!form.is_empty()).then_some(form)
                })
                .collect()
        };
        let mut pairs = 0;
        for row in 0..b.len() {
            let mut found = Vec::new();
            index.candidates(&b, row, &mut scratch, |a_row, rule| found.push((a_row as usize, usize::from(rule))));
            pairs += found.len();
            found.sort_unstable();
            let expected: Vec<(usize, usize)> = (0..a.len())
                .filter_map(|a_row| {
                    let shares =
                        |rule: &BlockingRule| key(rule, &a, a_row).is_some_and(|k| Some(k) == key(rule, &b, row));
                    rules.iter().position(shares).map(|rule| (a_row, rule))
                })
                .collect();
            assert_eq!(found, expected, "row {row}");
        }
        assert!(pairs > 1000);
    }

    #[test]
    fn what_the_guard_leaves_out_is_counted() {
        let a = sample(3, 200);
        let rules = rules(&["zip", "surname + given_name"]);
        let index = Index::build(&rules, &a, 0..a.len() as u32, 50);
        assert_eq!(index.left_out()[0].keys, 2);
        assert!(index.left_out()[0].entries > 100);
        assert_eq!(index.left_out()[1], LeftOut::default());
        let mut scratch = Scratch::new(&index, a.fields());
        index.candidates(&a, 0, &mut scratch, |_, rule| assert_eq!(rule, 1));
    }

    fn coded(a: &Records, b: &Records) -> Coded {
        Coded::of(Coding::of(a, a.fields()), Coding::of(b, a.fields()))
    }

    const NO_GUARD: Guard = Guard { max_pairs_per_key: u64::MAX, max_pairs_per_rule: u64::MAX };

    #[test]
    fn two_whole_files_give_the_pairs_that_a_stream_gives() {
        let (a, b) = (sample(1, 150), sample(2, 170));
        for rule in rules(&["surname + zip", "surname:double_metaphone", "given_name:deletions + zip:last1"]) {
            let index = Index::build(std::slice::from_ref(&rule), &a, 0..a.len() as u32, usize::MAX);
            let mut scratch = Scratch::new(&index, b.fields());
            let mut streamed = Vec::new();
            for row in 0..b.len() {
                index.candidates(&b, row, &mut scratch, |row_a, _| streamed.push((row_a, row as u32)));
            }
            streamed.sort_unstable();
            assert!(streamed.len() > 100, "{rule}");
            assert_eq!(join(&rule, &coded(&a, &b), NO_GUARD).pairs(), streamed, "{rule}");
        }
    }

    fn names(names: &[&str]) -> Records {
        let mut records = Records::new(&[Field::Surname]);
        names.iter().for_each(|name| records.push(RecordId(0), &[name]));
        normalise(&records)
    }

    #[test]
    fn deletions_find_one_typing_error_in_any_position() {
        let rule = &rules(&["surname:deletions"])[0];
        let finds = |x: &str, y: &str| {
            let found = join(rule, &coded(&names(&[x]), &names(&[y])), NO_GUARD).pairs().len();
            assert_eq!(found, join(rule, &coded(&names(&[y]), &names(&[x])), NO_GUARD).pairs().len());
            found == 1
        };
        let name = "СМИРНОВА";
        let letters: Vec<char> = name.chars().collect();
        for at in 0..letters.len() {
            let mut wrong = letters.clone();
            wrong[at] = 'Ж';
            let mut more = letters.clone();
            more.insert(at, 'Ж');
            let mut less = letters.clone();
            less.remove(at);
            let mut swapped = letters.clone();
            swapped.swap(at, (at + 1) % letters.len());
            for text in [wrong, more, less] {
                assert!(finds(name, &text.iter().collect::<String>()), "{text:?}");
            }
            assert!(at + 1 == letters.len() || finds(name, &swapped.iter().collect::<String>()), "{swapped:?}");
        }
        assert!(!finds("СМИРНОВА", "СМЫРНОФА"));
        // So short that taking a letter away would leave next to nothing.
        assert!(!finds("ŌE", "ŌA") && finds("ŌE", "ŌE"));
    }

    #[test]
    fn a_sorted_neighbourhood_is_counted_in_distinct_keys() {
        let rule = &rules(&["surname within 1"])[0];
        let (a, b) = (names(&["ADAMS", "NUNEZ", "NUNEZ", "ZOE"]), names(&["ADAMSON", "ŁUKASZ", "NUNES", "NUNEZ"]));
        // In order: ADAMS ADAMSON LUKASZ NUNES NUNEZ ZOE.
        let pairs = join(rule, &coded(&a, &b), NO_GUARD).pairs();
        assert_eq!(pairs, [(0, 0), (1, 2), (1, 3), (2, 2), (2, 3), (3, 3)]);
        let mut turned = join(rule, &coded(&b, &a), NO_GUARD).pairs();
        turned.iter_mut().for_each(|(x, y)| std::mem::swap(x, y));
        turned.sort_unstable();
        assert_eq!(pairs, turned);
        let index = Index::build(std::slice::from_ref(rule), &a, 0..4, usize::MAX);
        let mut found = Vec::new();
        index.candidates(&b, 2, &mut Scratch::new(&index, b.fields()), |row, _| found.push(row));
        // NUNES stands between ADAMS and NUNEZ, twice.
        assert_eq!(found, [0, 1, 2]);
    }

    #[test]
    fn the_guard_on_pairs_is_the_same_from_either_side() {
        let (a, b) = (sample(1, 150), sample(2, 170));
        for rule in rules(&["zip", "surname + zip", "given_name + zip within 2"]) {
            let mut sizes = Vec::new();
            for (max_pairs_per_key, max_pairs_per_rule) in
                [(u64::MAX, u64::MAX), (300, u64::MAX), (u64::MAX, 3_000), (u64::MAX, 0)]
            {
                let guard = Guard { max_pairs_per_key, max_pairs_per_rule };
                let (from_a, from_b) = (join(&rule, &coded(&a, &b), guard), join(&rule, &coded(&b, &a), guard));
                let (pairs, mut turned) = (from_a.pairs(), from_b.pairs());
                turned.iter_mut().for_each(|(x, y)| std::mem::swap(x, y));
                turned.sort_unstable();
                assert_eq!((&pairs, from_a.left_out, from_a.largest), (&turned, from_b.left_out, from_b.largest));
                assert!(pairs.len() as u64 <= max_pairs_per_rule);
                assert_eq!(
                    from_a.left_out == LeftOut::default(),
                    pairs.len() == sizes.first().copied().unwrap_or(pairs.len())
                );
                sizes.push(pairs.len());
            }
            assert!(sizes[0] > 0 && sizes[3] == 0, "{rule} {sizes:?}");
        }
    }
}
