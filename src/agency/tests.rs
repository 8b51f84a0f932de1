//! Tests of `agency`.

use super::*;
use crate::population::PopulationConfig;
use crate::population::tests::config;
use std::collections::BTreeSet;

pub(crate) fn agency(rate: f64) -> AgencyConfig {
    AgencyConfig {
        fields: Field::NAMED.to_vec(),
        coverage: [1.0; 6],
        coverage_by_group: [1.0; 6],
        least_age: 0,
        number_given: 1.0,
        capture: capture(ErrorRates::from_fn(|_| rate), 0.0),
        old_address_years: 10,
        filing: None,
        lengths: [4; 14],
        name_length: 8,
        dates: DateFormat::Iso,
        letters: Letters::Mixed,
        numbers: Numbers::Whole,
        hispanic_as_white: 0.0,
    }
}

pub(crate) fn capture(rates: ErrorRates, dependence: f64) -> Capture {
    Capture::new(rates, &Profile::EQUAL, dependence, &Field::NAMED)
}

fn country() -> Population {
    Population::new(config(256 * 40), Seed(1))
}

#[test]
fn without_errors_a_record_is_the_person() {
    let (country, config) = (country(), agency(0.0));
    let agency = Agency::new(&country, &config, Side::Holder, Seed(1));
    let block = country.block(3);
    let (mut draft, mut changes) = (Draft::default(), Vec::new());
    for slot in 0..block.people.len() {
        let subject = Subject::of(&block, slot);
        agency.record(subject, ErrorSet::NONE, &mut draft, Some(&mut changes));
        assert!(changes.is_empty());
        assert_eq!(draft.get(&Field::DateOfBirth), subject.person.born.to_string());
        assert_eq!(draft.get(&Field::Number), country.number(subject.person.id));
        assert_eq!(draft.get(&Field::Zip), country.address(subject.household().dwelling).zip);
    }
}

#[test]
fn undoing_the_changes_backwards_gives_back_the_truth() {
    let (country, config) = (country(), agency(0.4));
    let agency = Agency::new(&country, &config, Side::Requester, Seed(1));
    let (mut draft, mut truth) = (Draft::default(), Draft::default());
    for index in 0..20 {
        let block = country.block(index);
        for slot in 0..block.people.len() {
            let mut changes = Vec::new();
            agency.record(Subject::of(&block, slot), ErrorSet::NONE, &mut draft, Some(&mut changes));
            agency.record(Subject::of(&block, slot), ErrorSet::ALL, &mut truth, None);
            assert!(changes.iter().all(|change| agency.drawn(Subject::of(&block, slot)).contains(&change.error)));
            for change in changes.iter().rev() {
                let cell = Field::NAMED.iter().position(|f| f == change.field).unwrap();
                assert_eq!(draft.cells[cell], change.after);
                draft.cells[cell].clone_from(&change.before);
            }
            assert_eq!(draft, truth);
        }
    }
}

#[test]
fn without_all_differences_a_record_is_clean_and_without_those_that_show_it_may_not_be() {
    let (country, config) = (country(), agency(0.4));
    let agency = Agency::new(&country, &config, Side::Holder, Seed(1));
    let (mut draft, mut truth, mut not_clean) = (Draft::default(), Draft::default(), 0);
    for index in 0..20 {
        let block = country.block(index);
        for slot in 0..block.people.len() {
            let subject = Subject::of(&block, slot);
            let differences = agency.differences(subject);
            let without = |latent_too: bool| {
                let left_out = differences.iter().filter(|(_, latent)| latent_too || !**latent);
                left_out.fold(ErrorSet::NONE, |set, (error, _)| set.with(*error))
            };
            agency.record(subject, ErrorSet::ALL, &mut truth, None);
            agency.record(subject, without(true), &mut draft, None);
            assert_eq!(draft, truth);
            agency.record(subject, without(false), &mut draft, None);
            not_clean += usize::from(draft != truth);
        }
    }
    assert!(not_clean > 100, "{not_clean}");
}

#[test]
fn raising_a_rate_never_removes_a_drawn_error_and_disturbs_no_other() {
    let country = country();
    let block = country.block(5);
    let mut pairs = Seed(11).stream(Decision::named("test.rates"), 0);
    for kind in ErrorKind::ALL {
        for dependence in [0.0, pairs.uniform(), 1.0] {
            let (a, b) = (pairs.uniform(), pairs.uniform());
            let with = |rate| AgencyConfig {
                capture: capture(ErrorRates::from_fn(|k| if k == kind { rate } else { 0.2 }), dependence),
                ..agency(0.0)
            };
            let (low, high) = (with(a.min(b)), with(a.max(b)));
            let low = Agency::new(&country, &low, Side::Holder, Seed(2));
            let high = Agency::new(&country, &high, Side::Holder, Seed(2));
            let mut draft = Draft::default();
            for slot in 0..block.people.len() {
                let subject = Subject::of(&block, slot);
                let few: BTreeSet<ErrorRef> = low.drawn(subject).into_iter().collect();
                let many: BTreeSet<ErrorRef> = high.drawn(subject).into_iter().collect();
                assert!(few.is_subset(&many), "{kind:?}");
                assert!(many.difference(&few).all(|error| error.kind == kind), "{kind:?}");
                // In the provenance too, masked or not: later kinds act on what the earlier left, and may find
                // nothing left to change.
                let (mut less, mut more) = (Vec::new(), Vec::new());
                low.record(subject, ErrorSet::NONE, &mut draft, Some(&mut less));
                high.record(subject, ErrorSet::NONE, &mut draft, Some(&mut more));
                let more: BTreeSet<ErrorRef> = more.iter().map(|change| change.error).collect();
                assert!(less.iter().all(|c| c.error.kind > kind || more.contains(&c.error)), "{kind:?}");
            }
        }
    }
}

#[test]
fn a_given_name_of_two_parts_is_one_name_of_which_a_file_may_keep_a_part() {
    let config = PopulationConfig { compound_given: 1.0, ..crate::population::tests::config(256 * 60) };
    let country = Population::new(config, Seed(1));
    let rates = ErrorRates::from_fn(|kind| if kind == ErrorKind::GIVEN_PART_LOST { 1.0 } else { 0.0 });
    let config = AgencyConfig { capture: capture(rates, 0.0), ..agency(0.0) };
    let file = Agency::new(&country, &config, Side::Holder, Seed(2));
    let (mut draft, mut own, mut forms) = (Draft::default(), Draft::default(), BTreeSet::new());
    for block in (0..60).map(|index| country.block(index)) {
        for subject in (0..block.people.len()).map(|slot| Subject::of(&block, slot)) {
            file.record(subject, ErrorSet::NONE, &mut draft, None);
            file.record(subject, ErrorSet::ALL, &mut own, None);
            let (whole, kept) = (own.get(&Field::GivenName), draft.get(&Field::GivenName));
            if !subject.person.compound_given {
                assert_eq!(whole, kept);
                continue;
            }
            let (first, second) = whole.split_once(' ').unwrap();
            assert_eq!(own.get(&Field::MiddleName), "");
            let as_middle = draft.get(&Field::MiddleName) == second;
            assert!(as_middle || draft.get(&Field::MiddleName).is_empty());
            forms.insert(match kept {
                kept if kept == first && as_middle => "first, and the second for a middle name",
                kept if kept == first => "first",
                kept if kept == second => "second",
                kept if kept == format!("Ma. {second}") => "abbreviated",
                _ => panic!("{whole}: {kept}"),
            });
        }
    }
    assert_eq!(forms.len(), 4, "{forms:?}");
}

#[test]
fn errors_that_a_later_one_masks_stay_in_the_provenance_and_are_marked() {
    let country = country();
    let certain = [ErrorKind::TYPING, ErrorKind::MISSING, ErrorKind::YEAR_OFF];
    let rates = ErrorRates::from_fn(|kind| f64::from(u8::from(certain.contains(&kind))));
    let config = AgencyConfig { capture: capture(rates, 0.0), ..agency(0.0) };
    let agency = Agency::new(&country, &config, Side::Holder, Seed(2));
    let block = country.block(2);
    let mut changes = Vec::new();
    agency.record(Subject::of(&block, 0), ErrorSet::NONE, &mut Draft::default(), Some(&mut changes));
    let masked = |kind, cell| changes.iter().find(|c| c.error == ErrorRef { kind, cell }).map(|c| c.masked);
    assert_eq!(masked(ErrorKind::TYPING, Cell::GIVEN), Some(true));
    assert_eq!(masked(ErrorKind::YEAR_OFF, Cell::BORN), Some(true));
    assert_eq!(masked(ErrorKind::TYPING, Cell::CITY), Some(false));
    assert_eq!(masked(ErrorKind::MISSING, Cell::GIVEN), Some(false));
}

#[test]
fn each_rate_at_one_changes_what_it_can_and_at_zero_nothing() {
    let country = country();
    for kind in ErrorKind::ALL {
        let only = ErrorRates::from_fn(|k| if k == kind { 1.0 } else { 0.0 });
        let only = AgencyConfig { capture: capture(only, 0.0), ..agency(0.0) };
        let agency = Agency::new(&country, &only, Side::Holder, Seed(2));
        let (mut draft, mut changes) = (Draft::default(), Vec::new());
        for index in 0..20 {
            let block = country.block(index);
            for slot in 0..block.people.len() {
                let subject = Subject::of(&block, slot);
                agency.record(subject, ErrorSet::NONE, &mut draft, Some(&mut changes));
                assert_eq!(agency.drawn(subject).len(), kind.cells().len(), "{kind:?}");
            }
        }
        assert!(changes.iter().all(|change| change.error.kind == kind && !change.masked));
        let hit: BTreeSet<Cell> = changes.iter().map(|change| change.error.cell).collect();
        // Every kind reaches every cell it names; given names of two parts are rare.
        let reached = kind.cells().iter().filter(|cell| hit.contains(cell)).count();
        let compound = [ErrorKind::COMPOUND_JOINED, ErrorKind::COMPOUND_SPLIT].contains(&kind);
        assert!(reached == kind.cells().len() || compound && reached > 0, "{kind:?}: {hit:?}");
    }
}

/// Over many people: how often each error is drawn, and how many people have exactly so many errors.
fn draws(country: &Population, rate: f64, dependence: f64) -> (Vec<f64>, Vec<u64>) {
    let config = AgencyConfig { capture: capture(ErrorRates::from_fn(|_| rate), dependence), ..agency(0.0) };
    let agency = Agency::new(country, &config, Side::Holder, Seed(3));
    let all: Vec<ErrorRef> = ErrorRef::all().filter(|e| e.kind != ErrorKind::TRUNCATED).collect();
    let (mut hits, mut people) = (vec![0_u64; all.len()], vec![0_u64; all.len() + 1]);
    let mut count = 0;
    for index in 0..country.blocks() {
        let block = country.block(index);
        for slot in 0..block.people.len() {
            let drawn: BTreeSet<ErrorRef> = agency.drawn(Subject::of(&block, slot)).into_iter().collect();
            hits.iter_mut().zip(&all).for_each(|(hits, error)| *hits += u64::from(drawn.contains(error)));
            people[drawn.len().min(all.len())] += 1;
            count += 1;
        }
    }
    (hits.into_iter().map(|hits| hits as f64 / f64::from(count)).collect(), people)
}

#[test]
fn the_dependence_knob_moves_how_errors_cluster_and_not_how_many_there_are() {
    let country = country();
    let rate = 0.05;
    let mut spread = Vec::new();
    for dependence in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let (rates, people) = draws(&country, rate, dependence);
        // 10,240 people: four standard errors of a share of 5 % are 0.0086. Errors share their luck, so all of them
        // may be off one way; the margin allows for it.
        let worst = rates.iter().map(|share| (share - rate).abs()).fold(0.0, f64::max);
        assert!(worst < 0.0095, "{dependence}: {worst}");
        let n: u64 = people.iter().sum();
        let mean = people.iter().enumerate().map(|(k, &c)| (k as u64 * c) as f64).sum::<f64>() / n as f64;
        let square = people.iter().enumerate().map(|(k, &c)| (k * k) as f64 * c as f64).sum::<f64>() / n as f64;
        spread.push(square - mean * mean);
    }
    assert!(spread.windows(2).all(|pair| pair[0] < pair[1]), "{spread:?}");
    assert!(spread[4] > 20.0 * spread[0], "{spread:?}");
}

#[test]
fn a_rate_is_that_of_the_country_under_the_profile_too() {
    let country = country();
    let profile = Profile {
        names_by_group: [1.0, 1.1, 1.8, 2.0, 1.3, 1.2],
        by_status: [1.0, 1.2, 1.2, 1.4, 1.5, 1.7],
        by_age: [1.0, 1.2, 1.0, 0.9, 1.1],
        without_number: 1.0,
    };
    let abroad = 0.15;
    let statuses = [0.85, abroad * 0.5, abroad * 0.25, abroad * 0.07, abroad * 0.05, abroad * 0.13];
    let shares = config(1).group_shares;
    let profile = profile.scaled(shares, statuses, [0.0, 0.21, 0.25, 0.32, 0.22]);
    let rates = ErrorRates::from_fn(|kind| if kind == ErrorKind::MISHEARD { 0.3 } else { 0.0 });
    let capture = Capture::new(rates, &profile, 0.3, &Field::NAMED);
    let config = AgencyConfig { capture, ..agency(0.0) };
    let agency = Agency::new(&country, &config, Side::Holder, Seed(3));
    let (mut drawn, mut trials) = (0.0, 0.0);
    let mut by_group = [(0.0, 0.0); 6];
    for index in 0..country.blocks() {
        let block = country.block(index);
        for (slot, person) in block.people.iter().enumerate().filter(|(_, person)| person.age() >= 18) {
            let hits = agency.drawn(Subject::of(&block, slot)).len() as f64;
            (drawn, trials) = (drawn + hits, trials + 2.0);
            let group = &mut by_group[person.group as usize];
            *group = (group.0 + hits, group.1 + 2.0);
        }
    }
    let mean: f64 = drawn / trials;
    assert!((mean / 0.3 - 1.0).abs() < 0.06, "{mean}");
    let rate = |group: Group| by_group[group as usize].0 / by_group[group as usize].1;
    assert!(rate(Group::AsianPacific) > 1.5 * rate(Group::White));
}

#[test]
fn a_file_may_have_no_code_for_hispanic_people_and_hold_four_digits_of_a_number() {
    let country = country();
    let mut draft = Draft::default();
    for share in [0.0, 1.0] {
        let config = AgencyConfig { hispanic_as_white: share, numbers: Numbers::LastFour, ..agency(0.0) };
        let agency = Agency::new(&country, &config, Side::Holder, Seed(3));
        let block = country.block(3);
        for (slot, person) in block.people.iter().enumerate() {
            agency.record(Subject::of(&block, slot), ErrorSet::NONE, &mut draft, None);
            let other_code = share == 1.0 && person.group == Group::Hispanic;
            let expected = if other_code { Group::White } else { person.group };
            assert_eq!(draft.get(&Field::Race), expected.name());
            assert!(country.number(person.id).ends_with(draft.get(&Field::Number)));
            assert_eq!(draft.get(&Field::Number).len(), 4);
        }
    }
}

#[test]
fn formats_are_no_errors_and_a_joint_return_has_one_address() {
    let country = country();
    let rates = ErrorRates::from_fn(|kind| if kind == ErrorKind::OLD_ADDRESS { 0.5 } else { 0.0 });
    let config = AgencyConfig {
        capture: capture(rates, 0.4),
        dates: DateFormat::MonthFirst,
        letters: Letters::Upper,
        filing: Some(Filing { joint: 1.0, dependant_to_23: 0.0 }),
        ..agency(0.0)
    };
    let agency = Agency::new(&country, &config, Side::Holder, Seed(3));
    let (mut draft, mut joint) = (Draft::default(), 0);
    for index in 0..10 {
        let block = country.block(index);
        for (slot, person) in block.people.iter().enumerate() {
            let subject = Subject::of(&block, slot);
            agency.record(subject, ErrorSet::NONE, &mut draft, None);
            assert_eq!(crate::record::Date::parse(draft.get(&Field::DateOfBirth)), Some(person.born));
            assert!(draft.get(&Field::Surname).chars().all(|c| !c.is_lowercase()));
            if let Some(spouse) = person.kin.spouse {
                let of_spouse = agency.recorded_dwelling(Subject::of(&block, spouse.into()));
                assert_eq!(agency.recorded_dwelling(subject), of_spouse);
                joint += 1;
            }
        }
    }
    assert!(joint > 100);
}

#[test]
fn the_list_asks_for_each_person_once_and_for_the_stated_share_without_an_order() {
    let country = country();
    let all = people_with_order(&country);
    let list = sought(&country, ListOf::Orders, 150, 0.2, Seed(1));
    assert_eq!(list.len(), 150);
    assert_eq!(list.iter().collect::<BTreeSet<_>>().len(), 150);
    let in_error =
        list.iter().filter(|person| !country.block(person.block()).people[person.slot()].final_order).count();
    assert!((15..50).contains(&in_error), "{in_error}");
    for in_error in [0.0, 0.2, 1.0] {
        let most = most_sought(&country, ListOf::Orders, in_error, Seed(1));
        assert_eq!(sought(&country, ListOf::Orders, most + 50, in_error, Seed(1)).len() as u64, most);
    }
    let exhausted = sought(&country, ListOf::Orders, all + 50, 0.0, Seed(1));
    assert_eq!(exhausted.len() as u64, all);
    assert_eq!(exhausted[..10], sought(&country, ListOf::Orders, 10, 0.0, Seed(1))[..]);
}

#[test]
fn truth_undoes_the_record_numbers() {
    let country = country();
    let truth = Truth::new(&country, vec![PersonId(12), PersonId(700)], Seed(8));
    for person in 0..country.people() {
        assert_eq!(truth.person_of(truth.record_of(PersonId(person))), PersonId(person));
    }
    assert!(truth.is_match(1, truth.record_of(PersonId(700))));
    assert!(!truth.is_match(0, truth.record_of(PersonId(700))));
}

#[test]
fn coverage_of_zero_leaves_nobody_and_of_one_everybody_of_age() {
    let country = country();
    let none = AgencyConfig { coverage: [0.0; 6], ..agency(0.0) };
    let adults = AgencyConfig { least_age: 18, ..agency(0.0) };
    let block = country.block(1);
    for subject in (0..block.people.len()).map(|slot| Subject::of(&block, slot)) {
        assert!(!Agency::new(&country, &none, Side::Holder, Seed(1)).covers(subject));
        let adult = subject.person.age() >= 18;
        assert_eq!(Agency::new(&country, &adults, Side::Holder, Seed(1)).covers(subject), adult);
    }
}
