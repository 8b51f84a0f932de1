//! Every knob does what it says at its extreme. A key without a test here fails the last one.
//!
//! Longer than 500 lines: one entry for each knob, with the extreme that must hold.

use crate::support;
use namesake::agency::{Change, Draft, ErrorKind, ErrorSet, Side, Subject};
use namesake::experiment::{Outcome, World, most_requests, run};
use namesake::population::places::DwellingId;
use namesake::population::{Block, Group, Person, PersonId, Sex, Status};
use namesake::record::Field;
use namesake::scenario::{BUILT_IN, Scenario, built_in};
use std::collections::BTreeSet;
use std::sync::Arc;

const SIZE: [&str; 2] = ["population.people=25600", "requester.requests=250"];

fn scenario(sets: &[&str]) -> Scenario {
    support::scenario(&[&SIZE[..], sets].concat())
}

fn outcome(sets: &[&str]) -> Outcome {
    run(&scenario(sets), &|_| {})
}

/// A run in a country where nobody lacks an identity number, so that a list gives as many as it is said to give.
fn where_everybody_has_a_number(sets: &[&str]) -> Outcome {
    let everybody = Status::ALL.map(|status| format!("population.without_number.{}=0", status.name()));
    outcome(&everybody.iter().map(String::as_str).chain(sets.iter().copied()).collect::<Vec<&str>>())
}

/// Everybody, and whether on file.
fn people(sets: &[&str]) -> Vec<(Person, bool)> {
    let scenario = scenario(sets);
    let world = World::new(&scenario, &|_| {});
    let holder = world.holder();
    let blocks = (0..world.country().blocks()).map(|index| world.country().block(index));
    let of_block = |block: Arc<Block>| -> Vec<(Person, bool)> {
        let covered = |slot| holder.covers(Subject::of(&block, slot));
        block.people.iter().enumerate().map(|(slot, person)| (person.clone(), covered(slot))).collect()
    };
    blocks.flat_map(of_block).collect()
}

/// The errors in the records of one side.
fn changes(side: Side, sets: &[&str]) -> Vec<Change> {
    let scenario = scenario(sets);
    let world = World::new(&scenario, &|_| {});
    let agency = if side == Side::Requester { world.requester() } else { world.holder() };
    let mut all = Vec::new();
    for index in 0..20 {
        let block = world.country().block(index);
        for slot in 0..block.people.len() {
            agency.record(Subject::of(&block, slot), ErrorSet::NONE, &mut Draft::default(), Some(&mut all));
        }
    }
    all
}

/// All people with an order from one country.
fn born_in(only: &'static str) -> impl Iterator<Item = String> {
    let scenario = scenario(&[]);
    let keys = scenario
        .assumptions()
        .into_iter()
        .filter_map(|assumption| assumption.key.strip_prefix("population.final_order_countries.").map(str::to_string));
    let keys: Vec<String> = keys.collect();
    keys.into_iter().map(move |key| format!("population.final_order_countries.{key}={}", u8::from(key == only)))
}

/// One status for all of a section.
fn status_set(section: &str, only: &str) -> Vec<String> {
    Status::ALL
        .iter()
        .map(|status| format!("{section}.{}={}", status.name(), u8::from(status.name() == only)))
        .collect()
}

/// Husbands and wives.
fn couples(sets: &[&str]) -> Vec<[Person; 2]> {
    let scenario = scenario(sets);
    let world = World::new(&scenario, &|_| {});
    let mut all = Vec::new();
    for block in (0..world.country().blocks()).map(|index| world.country().block(index)) {
        for husband in block.people.iter().filter(|person| person.sex == Sex::Male) {
            let wife = husband.kin.spouse.and_then(|slot| block.people.get(usize::from(slot)));
            all.extend(wife.map(|wife| [husband.clone(), wife.clone()]));
        }
    }
    all
}

/// Statuses of partners of householders without a status, in a country where all born abroad have none.
fn spouses_beside_without_status(citizen: u8, resident: u8) -> Vec<Status> {
    let mut sets = status_set("population.status_hispanic", "none_recorded");
    sets.extend(status_set("population.status_others", "none_recorded"));
    sets.extend([
        "population.final_order=0.0001".to_string(),
        "requester.requests=1".to_string(),
        format!("population.citizen_beside_without_status={citizen}"),
        format!("population.resident_beside_without_status={resident}"),
    ]);
    let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
    let scenario = scenario(&sets);
    let world = World::new(&scenario, &|_| {});
    let mut statuses = Vec::new();
    for block in (0..world.country().blocks()).map(|index| world.country().block(index)) {
        for head in block.households.iter().map(|household| &block.people[usize::from(household.members[0])]) {
            // Whose parents live near follows from them, and the partner from that one.
            let drawn_first = head.status == Status::NoneRecorded && !head.final_order && head.kin.mother.is_none();
            let spouse = head.kin.spouse.map(|slot| &block.people[usize::from(slot)]);
            let spouse =
                spouse.filter(|spouse| drawn_first && spouse.kin.mother.is_none() && spouse.kin.father.is_none());
            statuses.extend(spouse.map(|spouse| spouse.status));
        }
    }
    statuses
}

/// Number of households that have more than one order.
fn households_with_orders(sets: &[&str]) -> usize {
    let scenario = scenario(sets);
    let world = World::new(&scenario, &|_| {});
    let blocks = (0..world.country().blocks()).map(|index| world.country().block(index));
    let several = |block: Arc<Block>| {
        let orders =
            |members: &[u16]| members.iter().filter(|slot| block.people[usize::from(**slot)].final_order).count();
        block.households.iter().filter(|household| orders(&household.members) > 1).count()
    };
    blocks.map(several).sum()
}

fn statuses_of_people_born_abroad() {
    let mut sets = status_set("population.status_hispanic", "naturalised");
    sets.extend(status_set("population.status_others", "permanent_resident"));
    sets.extend(
        ["population.alike_status=0", "population.final_order=0.0001", "requester.requests=1"].map(str::to_string),
    );
    let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
    let other = |person: &Person| {
        let status = if person.group == Group::Hispanic { Status::Naturalised } else { Status::PermanentResident };
        person.abroad && person.age() >= 18 && !person.final_order && person.status != status
    };
    // A few orders are left, and adults beside them.
    let others = people(&sets).iter().filter(|(person, _)| other(person)).count();
    assert!(others < 10, "{others}");
}

type Check = fn();

/// Keys, or beginnings of keys, and the check of their extremes.
const CHECKS: &[(&str, Check)] = &[
    ("population.groups.", || {
        let only = ["white=0", "black=0", "hispanic=1", "asian_pacific=0", "native=0", "two_or_more=0"];
        let sets: Vec<String> =
            only.iter().map(|set| format!("population.groups.{set}")).chain(born_in("mexico")).collect();
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        assert!(people(&sets).iter().all(|(person, _)| person.group.name() == "hispanic"));
    }),
    ("population.clustering", || {
        let groups_in_a_block = |clustering: &str| {
            let everybody = people(&[clustering, "population.final_order=0.0001", "requester.requests=1"]);
            let blocks = everybody.chunks(256);
            let count = blocks.len() as f64;
            blocks.map(|block| block.iter().filter(|(p, _)| p.group == block[0].0.group).count() as f64).sum::<f64>()
                / count
        };
        // Spouses of another group are the only others in a block of one group.
        let (none, all) = (groups_in_a_block("population.clustering=0"), groups_in_a_block("population.clustering=1"));
        assert!(all > 235.0 && none < 170.0, "{none} {all}");
    }),
    ("population.born_abroad.", || {
        let none: Vec<String> = ["white", "black", "hispanic", "asian_pacific", "native", "two_or_more"]
            .iter()
            .map(|group| format!("population.born_abroad.{group}=0"))
            .collect();
        let sets: Vec<&str> = none.iter().map(String::as_str).collect();
        let others = people(&sets);
        let households_with_order = others.iter().filter(|(person, _)| person.final_order).count();
        let not_born_citizens = others.iter().filter(|(person, _)| person.status != Status::CitizenByBirth).count();
        // Only households of somebody with an order are left.
        assert!(not_born_citizens < households_with_order * 8, "{not_born_citizens} {households_with_order}");
    }),
    ("population.final_order", || {
        assert_eq!(most_requests(&scenario(&["population.final_order=0", "requester.listed_in_error=0"])), 0);
    }),
    ("population.status_hispanic.", statuses_of_people_born_abroad),
    ("population.status_others.", statuses_of_people_born_abroad),
    ("population.larger_households_abroad", || {
        let mean_size = |larger: u8| {
            let set = format!("population.larger_households_abroad={larger}");
            let scenario = scenario(&[&set, "population.final_order=0.0001", "requester.requests=1"]);
            let world = World::new(&scenario, &|_| {});
            let mut sizes = [[0.0; 2]; 2];
            for block in (0..world.country().blocks()).map(|index| world.country().block(index)) {
                for household in block.households.iter().filter(|household| household.institution.is_none()) {
                    let head = &block.people[usize::from(household.members[0])];
                    let [people, households] = &mut sizes[usize::from(head.abroad)];
                    (*people, *households) = (*people + household.members.len() as f64, *households + 1.0);
                }
            }
            sizes.map(|[people, households]| people / households)
        };
        let ([here, abroad], [_, larger]) = (mean_size(0), mean_size(1));
        assert!((abroad / here - 1.0).abs() < 0.1 && larger > abroad + 0.5, "{here} {abroad} {larger}");
    }),
    ("population.alike_", || {
        let alike = |nativity: u8, status: u8| {
            couples(&[
                "population.final_order=0.0001",
                "requester.requests=1",
                "population.citizen_beside_without_status=0",
                "population.resident_beside_without_status=0",
                &format!("population.alike_nativity={nativity}"),
                &format!("population.alike_status={status}"),
            ])
        };
        let mixed = |couples: &[[Person; 2]]| couples.iter().filter(|[his, hers]| his.abroad != hers.abroad).count();
        // A few orders are left in a country that is to have hardly any.
        assert!(mixed(&alike(1, 0)) < 5 && mixed(&alike(0, 0)) > 300);
        let unlike = |couples: &[[Person; 2]]| couples.iter().filter(|[his, hers]| his.status != hers.status).count();
        assert!(unlike(&alike(1, 1)) < 5 && unlike(&alike(1, 0)) > 300);
    }),
    ("population.citizen_beside_without_status", || {
        let spouses = spouses_beside_without_status(1, 0);
        assert!(spouses.iter().all(|status| status.is_citizen()) && spouses.len() > 50, "{spouses:?}");
    }),
    ("population.resident_beside_without_status", || {
        let spouses = spouses_beside_without_status(0, 1);
        assert!(spouses.iter().all(|status| *status == Status::PermanentResident) && spouses.len() > 50);
        let alike = spouses_beside_without_status(0, 0);
        assert!(alike.iter().all(|status| matches!(status, Status::NoneRecorded | Status::Pending)));
    }),
    ("population.compound_given", || {
        let compound = |share: &str| people(&[share]).iter().filter(|(person, _)| person.compound_given).count();
        assert_eq!(compound("population.compound_given=0"), 0);
        let all = people(&["population.compound_given=1"]);
        let of_two = |p: &Person| p.abroad && p.group == Group::Hispanic && p.middle.is_some();
        assert!(all.iter().filter(|(p, _)| of_two(p)).all(|(p, _)| p.compound_given && p.middle_name().is_none()));
    }),
    ("population.final_order_countries.", || {
        let sets = born_in("china").collect::<Vec<String>>();
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        assert!(people(&sets).iter().all(|(p, _)| !p.final_order || p.group.name() == "asian_pacific"));
    }),
    ("population.status_with_order.", || {
        let sets = status_set("population.status_with_order", "permanent_resident");
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        assert!(people(&sets).iter().all(|(p, _)| !p.final_order || p.status == Status::PermanentResident));
    }),
    ("population.two_surnames_with_order", || {
        let one = |(person, _): &&(Person, bool)| {
            person.final_order && person.group == Group::Hispanic && person.second_surname.is_none()
        };
        let [none, all] = ["0", "1"]
            .map(|share| people(&[&format!("population.two_surnames_with_order={share}")]).iter().filter(one).count());
        assert!(all == 0 && none > 200, "{none} {all}");
    }),
    ("population.final_order_further", || {
        assert_eq!(households_with_orders(&["population.final_order_further=0"]), 0);
        assert!(households_with_orders(&[]) > 20);
    }),
    ("population.final_order_elsewhere", || {
        assert_eq!(households_with_orders(&["population.final_order_elsewhere=1"]), 0);
    }),
    ("population.moved_", || {
        let still =
            ["population.moved_within_county=0", "population.moved_within_state=0", "population.moved_beyond=0"];
        assert_eq!(outcome(&still).evaluation.aside.right_but_moved, 0);
        for only in 0..3 {
            let sets: Vec<String> = still
                .iter()
                .enumerate()
                .map(|(i, set)| if i == only { set.replace("=0", "=0.2") } else { set.to_string() })
                .collect();
            let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
            assert!(outcome(&sets).evaluation.aside.right_but_moved > 0, "{sets:?}");
        }
    }),
    ("population.numbers_issued", || {
        let scenario = scenario(&["population.numbers_issued=1"]);
        let world = World::new(&scenario, &|_| {});
        assert_eq!(world.country().number_space(), world.country().people());
    }),
    ("population.without_number.", without_number),
    ("holder.filing.joint", || {
        let (apart, together) = (split("holder.filing.joint=0"), split("holder.filing.joint=1"));
        // Together, only spouses of whom one files more often than the other are split.
        assert!(together.0 * 8 < apart.0 && apart.1 == together.1, "{apart:?} {together:?}");
    }),
    ("holder.filing.dependant_to_23", || {
        let on_parents = |share: &str| dependants(&format!("holder.filing.dependant_to_23={share}"));
        let ((none, some), (all, as_many)) = (on_parents("0"), on_parents("1"));
        // Who moved out long ago is nobody's dependant, and whoever lives at home has the parents' address anyway: only
        // what files of it is told apart, by whether it files when the parents do.
        assert!(some == as_many && all > some * 95 / 100 && none < some * 85 / 100, "{none} {all} of {some}");
    }),
    ("requester.listed_in_error", || {
        for (set, with_order) in [("requester.listed_in_error=0", true), ("requester.listed_in_error=1", false)] {
            let scenario = scenario(&[set]);
            let world = World::new(&scenario, &|_| {});
            for person in world.truth().sought() {
                let block = world.country().block(person.block());
                assert_eq!(block.people[person.slot()].final_order, with_order);
            }
        }
    }),
    ("requester.list", || {
        let scenario = scenario(&["requester.list=like_population"]);
        let world = World::new(&scenario, &|_| {});
        let with_order = |person: &&PersonId| world.country().block(person.block()).people[person.slot()].final_order;
        assert!(world.truth().sought().iter().filter(with_order).count() < 20);
        movers();
    }),
    ("holder.hispanic_as_white", || hispanic_as_white(Side::Holder)),
    ("requester.hispanic_as_white", || hispanic_as_white(Side::Requester)),
    ("requester.on_file", || {
        let on_file = |share: &str| outcome(&[&format!("requester.on_file={share}")]).evaluation.requested_on_file;
        assert_eq!((on_file("0"), on_file("1")), (0, 250));
    }),
    // With and without a number apart, in place of the one share for both.
    ("requester.on_file_", || {
        let apart = |with: &str, without: &str| {
            let said = [("with", with), ("without", without)];
            let [with, without] = said.map(|(kind, share)| format!("requester.on_file_{kind}_number={share}"));
            let either = outcome(&[&with, &without]);
            let general = format!("requester.on_file={}", said[1].1);
            assert_eq!(either.evaluation, outcome(&[&general, &with]).evaluation, "the one share holds for the rest");
            either
        };
        let [neither, with, without, both] =
            [("0", "0"), ("1", "0"), ("0", "1"), ("1", "1")].map(|(with, without)| apart(with, without).evaluation);
        assert_eq!((neither.requested_on_file, both.requested_on_file), (0, 250));
        assert_eq!(with.requested_on_file + without.requested_on_file, 250);
        assert!(with.requested_on_file > 20 && without.requested_on_file > 20);
        let with_number = |outcome: Outcome| {
            let on_file = outcome.judged.iter().filter(|judged| judged.on_file);
            on_file.filter(|judged| judged.admitted == Ok(0)).count() as u64
        };
        assert_eq!(with_number(apart("0", "1")), 0, "the first route is that of requests with a number");
    }),
    ("requester.least_age", || {
        assert!(roll("requester.least_age=90").iter().all(|person| person.age() >= 90));
        assert!(roll("requester.least_age=0").iter().any(|person| person.age() < 18));
    }),
    ("requester.coverage.", || {
        let none = |status| roll(&format!("requester.coverage.{status}=0"));
        assert!(none("citizen_by_birth").iter().all(|person| person.status != Status::CitizenByBirth));
        assert!(roll("requester.least_age=18").iter().any(|person| person.status == Status::CitizenByBirth));
    }),
    ("requester.coverage_by_group.", || {
        let none = roll("requester.coverage_by_group.hispanic=0");
        assert!(none.iter().all(|person| person.group != Group::Hispanic));
    }),
    ("requester.number_given", || {
        for (set, route) in [("requester.number_given=0", 1), ("requester.number_given=1", 0)] {
            let outcome = where_everybody_has_a_number(&[set]);
            assert!(outcome.judged.iter().all(|judged| judged.admitted.is_err() || judged.admitted == Ok(route)));
        }
    }),
    ("requester.old_address_years", || old_address_years(Side::Requester)),
    ("requester.dependence", || dependence(Side::Requester)),
    ("requester.capture.", || capture(Side::Requester)),
    ("requester.errors.", || error_rates(Side::Requester)),
    ("holder.least_age", || {
        assert!(people(&["holder.least_age=110"]).iter().all(|(_, on_file)| !on_file));
        assert!(people(&["holder.least_age=0"]).iter().any(|(person, on_file)| *on_file && person.age() < 5));
    }),
    ("holder.coverage.", || {
        for status in Status::ALL {
            let key = format!("holder.coverage.{}", status.name());
            let of_status = |set: &str| -> Vec<bool> {
                let all = people(&[&format!("{key}={set}")]);
                all.iter().filter(|(p, _)| p.status == status && p.age() >= 18).map(|(_, on_file)| *on_file).collect()
            };
            assert!(of_status("0").iter().all(|on_file| !on_file), "{key}");
            assert!(of_status("1").iter().all(|on_file| *on_file), "{key}");
        }
    }),
    ("holder.number_given", || {
        let outcome = where_everybody_has_a_number(&["holder.number_given=0", "requester.number_given=1"]);
        assert_eq!(outcome.evaluation.returned_right + outcome.evaluation.returned_wrong, 0);
    }),
    ("holder.old_address_years", || old_address_years(Side::Holder)),
    ("holder.coverage_by_group.", || {
        for group in Group::ALL {
            let none = people(&[&format!("holder.coverage_by_group.{}=0", group.name())]);
            assert!(none.iter().all(|(person, on_file)| person.group != group || !on_file));
            assert!(none.iter().any(|(_, on_file)| *on_file));
        }
    }),
    ("holder.dependence", || dependence(Side::Holder)),
    ("holder.capture.", || capture(Side::Holder)),
    ("holder.errors.", || error_rates(Side::Holder)),
    ("agreement.must_contain", || {
        let all = outcome(&["agreement.must_contain=date_of_birth", "requester.errors.missing=1"]);
        assert!(all.judged.iter().all(|judged| judged.admitted.is_err()));
        let none = outcome(&[
            "agreement.must_contain=surname",
            "agreement.address_check=nothing",
            "requester.errors.missing=0",
        ]);
        assert!(none.judged.iter().all(|judged| judged.admitted.is_ok()));
    }),
    ("agreement.address_check", || {
        let refused = |set: &str| {
            let outcome = outcome(&[set, "requester.errors.placeholder_address=1"]);
            outcome.judged.iter().filter(|judged| judged.admitted.is_err()).count()
        };
        let (nothing, zip_like, complete) = (
            refused("agreement.address_check=nothing"),
            refused("agreement.address_check=zip_like"),
            refused("agreement.address_check=complete"),
        );
        assert!(nothing < zip_like && zip_like < complete && complete == 250, "{nothing} {zip_like} {complete}");
    }),
    ("agreement.must_compare", || {
        assert_eq!(outcome(&["agreement.must_compare=[]"]).evaluation.check_skipped, 0);
        let all = outcome(&["agreement.must_compare=fingerprints"]).evaluation;
        assert_eq!(all.check_skipped, all.returned_right + all.returned_wrong);
    }),
    ("agreement.answers", || {
        let loose = "routes.address.blocking.rules=zip";
        for rule in ["best", "unique"] {
            let outcome = outcome(&[loose, &format!("agreement.answers={rule}")]);
            assert!(outcome.judged.iter().all(|judged| judged.returned.len() <= 1));
        }
    }),
    ("agreement.most_answers", || {
        let outcome = outcome(&["agreement.most_answers=1"]);
        assert!(outcome.judged.iter().all(|judged| judged.returned.len() <= 1));
    }),
    ("routes.", || {
        let none = outcome(&["routes.number.model.threshold=99", "routes.address.model.threshold=99"]).evaluation;
        assert_eq!(none.returned_right + none.returned_wrong, 0);
        let number_only = outcome(&["routes.address.model.threshold=99"]);
        assert!(number_only.judged.iter().all(|j| j.returned.is_empty() || j.admitted == Ok(0)));
    }),
];

/// Everybody on a roll of 250, whom a scenario asks for under one more setting.
fn roll(set: &str) -> Vec<Person> {
    let sets: Vec<String> = SIZE.iter().chain(&[set]).map(|set| set.to_string()).collect();
    let text = built_in("interstate-crosscheck").unwrap();
    let scenario = Scenario::parse_with(text, "roll", &sets).unwrap_or_else(|error| panic!("{error}"));
    let world = World::new(&scenario, &|_| {});
    let people = world.truth().sought().iter();
    let people: Vec<Person> = people
        .map(|person| {
            let block = world.country().block(person.block());
            assert!(world.requester().covers(Subject::of(&block, person.slot())));
            block.people[person.slot()].clone()
        })
        .collect();
    assert!(!people.is_empty());
    people
}

/// At 1 nobody of the status has an identity number: a return has another one, and a list of requests none.
fn without_number() {
    for status in Status::ALL {
        for (share, prefix) in [("0", "QQ"), ("1", "QT")] {
            let mut sets = vec![format!("population.without_number.{}={share}", status.name())];
            for side in ["requester", "holder"] {
                sets.push(format!("{side}.number_given=1"));
                sets.extend(ErrorKind::ALL.map(|kind| format!("{side}.errors.{}=0", kind.name())));
            }
            let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
            let scenario = scenario(&sets);
            let world = World::new(&scenario, &|_| {});
            let (mut draft, mut seen) = (Draft::default(), 0);
            for block in (0..world.country().blocks()).map(|index| world.country().block(index)) {
                for slot in (0..block.people.len()).filter(|&slot| block.people[slot].status == status) {
                    world.holder().record(Subject::of(&block, slot), ErrorSet::NONE, &mut draft, None);
                    assert!(draft.get(&Field::Number).starts_with(prefix), "{status:?}");
                    world.requester().record(Subject::of(&block, slot), ErrorSet::NONE, &mut draft, None);
                    assert_eq!(draft.get(&Field::Number).is_empty(), share == "1", "{status:?}");
                    seen += 1;
                }
            }
            assert!(seen > 0, "{status:?}");
        }
    }
}

/// Married couples of whom one is on the holder's file, and all couples.
fn split(set: &str) -> (usize, usize) {
    let all = people(&[set]);
    let couples = all.iter().enumerate().filter_map(|(i, (person, on_file))| {
        let spouse = i - person.id.slot() + usize::from(person.kin.spouse?);
        (spouse > i).then(|| *on_file != all[spouse].1)
    });
    let couples: Vec<bool> = couples.collect();
    (couples.iter().filter(|split| **split).count(), couples.len())
}

/// Of the citizens from 18 to 23 at home with their mother, a citizen too: those on file just when she is, and all.
fn dependants(set: &str) -> (usize, usize) {
    let all = people(&[set]);
    let citizen = |person: &Person| person.status == Status::CitizenByBirth;
    let children = all.iter().enumerate().filter_map(|(i, (person, on_file))| {
        let (mother, its) = &all[i - person.id.slot() + usize::from(person.kin.mother?)];
        let young = (18..24).contains(&person.age()) && person.kin.spouse.is_none();
        (young && mother.household == person.household && citizen(mother) && citizen(person)).then(|| on_file == its)
    });
    let children: Vec<bool> = children.collect();
    (children.iter().filter(|alike| **alike).count(), children.len())
}

/// At 1 a file has no code for Hispanic people, at 0 all have their own.
fn hispanic_as_white(side: Side) {
    for (share, coded) in [("0", true), ("1", false)] {
        let share = format!("{}.hispanic_as_white={share}", side.name());
        let scenario = support::case("conviction-list-2004", &[&SIZE[..], &[&share]].concat());
        let world = World::new(&scenario, &|_| {});
        let agency = if side == Side::Requester { world.requester() } else { world.holder() };
        let (block, mut draft) = (world.country().block(1), Draft::default());
        for slot in (0..block.people.len()).filter(|&slot| block.people[slot].group == Group::Hispanic) {
            agency.record(Subject::of(&block, slot), ErrorSet::NONE, &mut draft, None);
            assert_eq!(draft.get(&Field::Race).eq_ignore_ascii_case("hispanic"), coded);
        }
    }
}

/// A list of movers holds exactly people whose address differs between two files that both have them.
fn movers() {
    let scenario = support::case("interstate-crosscheck", &[&SIZE[..], &["requester.list=movers"]].concat());
    let world = World::new(&scenario, &|_| {});
    assert_eq!(world.truth().sought().len(), 250);
    for person in world.truth().sought() {
        let block = world.country().block(person.block());
        let subject = Subject::of(&block, person.slot());
        assert!(world.requester().covers(subject) && world.holder().covers(subject));
        assert!(world.requester().recorded_dwelling(subject) != world.holder().recorded_dwelling(subject));
    }
}

/// All fields, so that every kind has its cells, and short ones, so that there is something to cut.
fn wide(side: Side) -> Vec<String> {
    let names: Vec<&str> = Field::NAMED.iter().map(Field::name).collect::<Vec<_>>();
    let mut sets = vec![format!("{}.fields={}", side.name(), names.join(","))];
    sets.extend(["name", "given_name", "surname", "street", "city"].map(|f| format!("{}.lengths.{f}=5", side.name())));
    sets
}

fn error_rates(side: Side) {
    for kind in ErrorKind::ALL {
        let at = |rate: &str| {
            let mut sets = wide(side);
            sets.push(format!("{}.errors.{}={rate}", side.name(), kind.name()));
            let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
            changes(side, &sets).iter().filter(|change| change.error.kind == kind).count()
        };
        assert_eq!(at("0"), 0, "{} {kind:?}", side.name());
        assert!(at("1") > 5, "{} {kind:?}", side.name());
    }
}

/// At 1 whoever suffers an error suffers every one that is as common; at 0 hardly anybody suffers two.
fn dependence(side: Side) {
    let both = |dependence: &str| {
        let mut sets = vec![format!("{}.dependence={dependence}", side.name()), "requester.equal_capture=true".into()];
        sets.push("holder.equal_capture=true".to_string());
        sets.extend(ErrorKind::ALL.map(|kind| format!("{}.errors.{}=0", side.name(), kind.name())));
        sets.extend(["typing", "wrong_zip_digit"].map(|kind| format!("{}.errors.{kind}=0.1", side.name())));
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        let scenario = scenario(&sets);
        let world = World::new(&scenario, &|_| {});
        let agency = if side == Side::Requester { world.requester() } else { world.holder() };
        let (mut zips, mut both) = (0, 0);
        for index in 0..20 {
            let block = world.country().block(index);
            for slot in 0..block.people.len() {
                // Of a return the address is the householder's, and so is the luck with it.
                let drawn = agency.drawn(Subject::of(&block, slot));
                let count = |kind| drawn.iter().filter(|error| error.kind == kind).count();
                if count(ErrorKind::WRONG_ZIP_DIGIT) == 1 {
                    zips += 1;
                    both += usize::from(count(ErrorKind::TYPING) >= 4);
                }
            }
        }
        (both, zips)
    };
    let ((none, some), (all, most)) = (both("0"), both("1"));
    assert!(none * 20 < some && all * 3 > most, "{none} of {some}, {all} of {most}");
}

/// A factor of 0 leaves its people without such errors, and equal capture knows no factors.
fn capture(side: Side) {
    let names = |sets: &[String]| {
        let mut all = vec![format!("{}.errors.misheard=0.5", side.name())];
        all.extend_from_slice(sets);
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let scenario = scenario(&all);
        let world = World::new(&scenario, &|_| {});
        let agency = if side == Side::Requester { world.requester() } else { world.holder() };
        let mut heard = Vec::new();
        for index in 0..20 {
            let block = world.country().block(index);
            for (slot, person) in block.people.iter().enumerate() {
                let drawn = agency.drawn(Subject::of(&block, slot));
                heard.push((person.clone(), drawn.iter().any(|error| error.kind == ErrorKind::MISHEARD)));
            }
        }
        heard
    };
    let key = |part: &str| format!("{}.capture.{part}=0", side.name());
    type Whom = fn(&Person) -> bool;
    let parts: [(&str, Whom); 3] = [
        ("names.hispanic", |person| person.group == Group::Hispanic),
        ("status.citizen_by_birth", |person| person.status == Status::CitizenByBirth),
        ("age.to_17", |person| person.age() < 18),
    ];
    for (part, whom) in parts {
        let heard = names(&[key(part)]);
        assert!(heard.iter().all(|(person, heard)| !whom(person) || !heard), "{part}");
        assert!(heard.iter().any(|(_, heard)| *heard), "{part}");
        let equal = names(&[key(part), format!("{}.equal_capture=true", side.name())]);
        assert!(equal.iter().any(|(person, heard)| whom(person) && *heard), "{part}");
    }
}

fn old_address_years(side: Side) {
    let (years, rate) =
        (format!("{}.old_address_years=1", side.name()), format!("{}.errors.old_address=1", side.name()));
    let scenario = scenario(&[&years, &rate]);
    let world = World::new(&scenario, &|_| {});
    let agency = if side == Side::Requester { world.requester() } else { world.holder() };
    let block = world.country().block(1);
    for slot in 0..block.people.len() {
        let subject = Subject::of(&block, slot);
        let home: DwellingId = subject.household().dwelling;
        // The address is that of whoever files for the household, a year ago at most.
        let lives_here = |&slot: &usize| Subject::of(&block, slot).household().dwelling == home;
        let before = |slot: usize| world.country().home_years_ago(&block, slot, 1).unwrap_or(home);
        let recorded = agency.recorded_dwelling(subject);
        assert!((0..block.people.len()).filter(lives_here).any(|slot| before(slot) == recorded));
    }
}

#[test]
fn every_knob_holds_at_its_extreme() {
    for (key, check) in CHECKS {
        eprintln!("{key}");
        check();
    }
}

#[test]
fn every_knob_has_a_check() {
    let keys_of = |(name, text): &(&str, &str)| Scenario::parse(text, name).unwrap().assumptions();
    let keys: BTreeSet<String> = BUILT_IN.iter().flat_map(keys_of).map(|assumption| assumption.key).collect();
    // Those of notice hold at their extremes in `terms`, with every other safeguard's.
    for key in keys.iter().filter(|key| !key.starts_with("agreement.notice.")) {
        let covered = CHECKS.iter().any(|(known, _)| {
            key == known || ((known.ends_with('.') || known.ends_with('_')) && key.starts_with(known))
        });
        assert!(covered, "{key} has no check");
    }
    for (known, _) in CHECKS {
        assert!(keys.iter().any(|key| key.starts_with(known)), "{known} is no key any more");
    }
}

#[test]
fn without_errors_the_number_route_finds_everybody_and_nobody_else() {
    let mut sets = vec![
        "requester.number_given=1".to_string(),
        "holder.number_given=1".to_string(),
        "holder.least_age=0".to_string(),
        "agreement.address_check=nothing".to_string(),
    ];
    for side in ["requester", "holder"] {
        sets.extend(ErrorKind::ALL.map(|kind| format!("{side}.errors.{}=0", kind.name())));
    }
    sets.extend(Status::ALL.map(|status| format!("holder.coverage.{}=1", status.name())));
    sets.extend(Status::ALL.map(|status| format!("population.without_number.{}=0", status.name())));
    let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
    let evaluation = outcome(&sets).evaluation;
    assert_eq!(evaluation.requested_on_file, 250);
    assert_eq!((evaluation.returned_right, evaluation.returned_wrong), (250, 0));
}
