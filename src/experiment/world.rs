//! The first phase of a run: a country, two agencies' files, the terms, and who is asked for.

use super::profile::profile;
use super::situations::arranged;
use super::{forms, list};
use crate::agency::{Agency, AgencyConfig, OwnErrors, Side, Subject, Truth};
use crate::agreement::Agreement;
use crate::evaluation::Profile;
use crate::linkage::blocking::{normal_fields, normalise_with};
use crate::parallel::{Watch, in_parallel};
use crate::population::{Person, PersonId, Population, PopulationConfig};
use crate::record::{Field, RecordId, Records};
use crate::scenario::{Attribute, Scenario, Situation, attributes};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::sync::Arc;

/// A country, two agencies' files about its people, the terms between them, and the people asked for.
pub struct World<'s> {
    pub(super) scenario: Cow<'s, Scenario>,
    /// The custom kinds of error in the files.
    pub(super) own: OwnErrors,
    pub(super) country: Arc<Population>,
    pub(super) requester: AgencyConfig,
    pub(super) holder: AgencyConfig,
    /// The respects in which the files treat everybody alike.
    pub(super) equal: Equal,
    pub(super) agreement: Agreement,
    pub(super) truth: Truth,
    /// The request that asks for each person sought.
    by_person: FxHashMap<PersonId, u32>,
    /// Number of requests the bank added each situation to.
    pub(super) added: [u64; Situation::ALL.len()],
    pub(super) attributes: Vec<Attribute>,
    /// The fields that any route uses as they were recorded.
    pub(super) recorded: Vec<Field>,
}

/// The respects in which both files treat everybody alike, at the level of the people sought on average.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Equal {
    /// Errors happen to everybody as often.
    pub capture: bool,
    /// Everybody is on file as probably.
    pub coverage: bool,
}

impl Equal {
    /// People sought whose mean is the level.
    const MOST: usize = 2_048;

    fn make(self, country: &Population, sought: &[PersonId], files: [&mut AgencyConfig; 2]) {
        if self == Equal::default() {
            return;
        }
        let mut sought: Vec<PersonId> = sought.iter().take(Equal::MOST).copied().collect();
        sought.sort_unstable();
        let homes: Vec<&[PersonId]> = sought.chunk_by(|a, b| a.block() == b.block()).collect();
        let people_of = |made: &mut Vec<(u64, Vec<Person>)>, home: u64| {
            let wanted = homes[home as usize];
            let block = country.block(wanted[0].block());
            made.push((home, wanted.iter().map(|person| block.people[person.slot()].clone()).collect()));
        };
        let parts = in_parallel(0..homes.len() as u64, Vec::new, people_of, "people sought", &|_| {});
        let mut made: Vec<(u64, Vec<Person>)> = parts.into_iter().flatten().collect();
        // A mean is the same to the last bit whatever thread made whom.
        made.sort_unstable_by_key(|(home, _)| *home);
        let people: Vec<Person> = made.into_iter().flat_map(|(_, people)| people).collect();
        for file in files {
            if self.capture {
                *file = file.with_equal_capture(country, &people);
            }
            if self.coverage {
                *file = file.with_equal_coverage(&people);
            }
        }
    }
}

impl<'s> World<'s> {
    /// The world of a scenario.
    pub fn new(scenario: &'s Scenario, watch: Watch<'_>) -> World<'s> {
        World::in_country(Cow::Borrowed(scenario), Arc::new(country_of(scenario)), &OwnErrors::none(), watch)
    }

    /// The world of a scenario in its country, which other worlds may share.
    pub(super) fn in_country(
        scenario: Cow<'s, Scenario>,
        country: Arc<Population>,
        own: &OwnErrors,
        watch: Watch<'_>,
    ) -> World<'s> {
        let list = list::asked_for(&scenario, &country, watch);
        World::asking(scenario, country, own, list, Equal::default())
    }

    /// The world of a scenario in its country, with these people asked for and some things equal for everybody.
    pub(super) fn asking(
        scenario: Cow<'s, Scenario>,
        country: Arc<Population>,
        own: &OwnErrors,
        list: Vec<PersonId>,
        equal: Equal,
    ) -> World<'s> {
        let (mut requester, mut holder) =
            (AgencyConfig::requester_with(&scenario, own), AgencyConfig::holder_with(&scenario, own));
        equal.make(&country, &list, [&mut requester, &mut holder]);
        let (country, added) = arranged(&scenario, country, &mut requester, &holder, &list);
        let by_person = list.iter().enumerate().map(|(request, person)| (*person, request as u32)).collect();
        World {
            own: own.clone(),
            requester,
            holder,
            equal,
            agreement: Agreement::of(&scenario),
            truth: Truth::new(&country, list, scenario.requests_seed()),
            by_person,
            added,
            attributes: attributes(),
            recorded: forms::of_routes(&scenario),
            scenario,
            country,
        }
    }

    /// The scenario.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The country.
    pub fn country(&self) -> &Population {
        &self.country
    }

    /// The terms.
    pub fn agreement(&self) -> &Agreement {
        &self.agreement
    }

    /// The persons behind the records.
    pub fn truth(&self) -> &Truth {
        &self.truth
    }

    /// The requester at work.
    pub fn requester(&self) -> Agency<'_> {
        Agency::new(&self.country, &self.requester, Side::Requester, self.scenario.errors_seed())
    }

    /// The holder at work.
    pub fn holder(&self) -> Agency<'_> {
        Agency::new(&self.country, &self.holder, Side::Holder, self.scenario.errors_seed())
    }

    /// Returns `true` if a request asks for the person.
    pub fn is_sought(&self, person: PersonId) -> bool {
        self.by_person.contains_key(&person)
    }

    /// The request that asks for somebody, if one does.
    pub fn request_for(&self, person: PersonId) -> Option<u32> {
        self.by_person.get(&person).copied()
    }

    /// Returns `true` if the person is on the holder's file.
    pub fn on_file(&self, subject: Subject<'_>) -> bool {
        self.is_on_file(&self.holder(), subject)
    }

    /// Returns `true` if the holder's file has a record of that number.
    pub fn has_record(&self, record: RecordId) -> bool {
        record.0 < self.country.people() && {
            let person = self.truth.person_of(record);
            self.on_file(Subject::of(&self.country.block(person.block()), person.slot()))
        }
    }

    /// The same, with the holder at hand. Of those sought as many are on file as the scenario says, if it says so;
    /// coverage decides about all others.
    pub(super) fn is_on_file(&self, holder: &Agency<'_>, subject: Subject<'_>) -> bool {
        let said = self.scenario.requester.on_file_by_number();
        let share = match said {
            _ if !self.is_sought(subject.person.id) => None,
            [without, with] if without == with => with,
            _ => said[usize::from(self.requester().states_number(subject))],
        };
        share.map_or_else(|| holder.covers(subject), |share| holder.covers_at(subject, share.get()))
    }

    /// A person's value of each attribute.
    pub(super) fn profile(&self, subject: Subject<'_>) -> Profile {
        profile(&self.country, self.scenario.errors_seed(), subject)
    }

    /// The normal forms of records, and the fields that the routes compare as they were recorded.
    pub(super) fn normal_forms(&self, records: &Records) -> Records {
        normalise_with(records, &self.recorded)
    }

    /// The fields of the normal forms of the holder's records.
    pub(super) fn holder_forms(&self) -> Vec<Field> {
        normal_fields(&self.holder.fields, &self.recorded)
    }
}

/// The country of a scenario, before the bank alters anybody in it.
pub(super) fn country_of(scenario: &Scenario) -> Population {
    Population::new(PopulationConfig::of(&scenario.population), scenario.population_seed())
}
