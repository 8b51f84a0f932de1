//! An agency's configuration, made from its section of a scenario.

use super::{AGES, AgencyConfig, Capture, ErrorRates, Filing, OwnErrors, Profile, Side};
use crate::population::Group;
use crate::record::Field;
use crate::scenario::{
    ByGroup, ByStatus, CaptureSettings, FilingSettings, Lengths, PopulationSettings, Scenario, Share,
};

/// Makes the configuration of a section, whichever of the two it is: what they have in common has the same keys.
macro_rules! config {
    ($scenario:ident, $section:expr, $side:expr, $own_errors:expr, $($own:tt)*) => {{
        let (scenario, section) = ($scenario, $section);
        let fields: Vec<Field> = section.fields.iter().map(|name| Field::from_name(name)).collect();
        let profile =
            if section.equal_capture { Profile::EQUAL } else { profile(&section.capture, &scenario.population) };
        let rates = ErrorRates::from_fn(|kind| match section.errors.of(kind.name()) {
            Some(rate) if !scenario.bank.removes(kind.name()) => rate.value.get(),
            _ => 0.0,
        });
        AgencyConfig {
            number_given: section.number_given.value.get(),
            capture: Capture::new($own_errors.added_to(rates, $side), &profile, section.dependence.value.get(), &fields),
            old_address_years: section.old_address_years.value,
            filing: section.filing.as_ref().map(filing),
            lengths: lengths(&section.lengths),
            name_length: section.lengths.name,
            dates: section.dates,
            letters: section.letters,
            numbers: section.numbers,
            hispanic_as_white: section.hispanic_as_white.as_ref().map_or(0.0, |share: &Share| share.value.get()),
            fields,
            $($own)*
        }
    }};
}

impl AgencyConfig {
    /// The requester's list. Except for rolls it covers everybody it seeks, so coverage has no effect.
    pub fn requester(scenario: &Scenario) -> AgencyConfig {
        AgencyConfig::requester_with(scenario, &OwnErrors::none())
    }

    /// The holder's file.
    pub fn holder(scenario: &Scenario) -> AgencyConfig {
        AgencyConfig::holder_with(scenario, &OwnErrors::none())
    }

    /// The requester's list, with custom kinds of error.
    pub fn requester_with(scenario: &Scenario, own: &OwnErrors) -> AgencyConfig {
        let requester = &scenario.requester;
        config!(
            scenario, requester, Side::Requester, own,
            coverage: requester.coverage.as_ref().map_or([1.0; 6], ByStatus::values),
            coverage_by_group: requester.coverage_by_group.as_ref().map_or([1.0; 6], ByGroup::values),
            least_age: requester.least_age.as_ref().map_or(0, |age| age.value),
        )
    }

    /// The holder's file, with custom kinds of error.
    pub fn holder_with(scenario: &Scenario, own: &OwnErrors) -> AgencyConfig {
        let holder = &scenario.holder;
        config!(
            scenario, holder, Side::Holder, own,
            coverage: holder.coverage.values(),
            coverage_by_group: holder.coverage_by_group.values(),
            least_age: holder.least_age.value,
        )
    }
}

fn filing(settings: &FilingSettings) -> Filing {
    Filing { joint: settings.joint.value.get(), dependant_to_23: settings.dependant_to_23.value.get() }
}

fn lengths(lengths: &Lengths) -> [usize; 14] {
    Field::NAMED.map(|field| match field {
        Field::GivenName => lengths.given_name,
        Field::MiddleName => lengths.middle_name,
        Field::Surname => lengths.surname,
        Field::Street => lengths.street,
        Field::City => lengths.city,
        _ => 0,
    })
}

/// The profile for a country: scaled to its groups, to the statuses that follow from who was born abroad, and to
/// adults by age as of about 2020. The last two are near enough: a test holds the mean over the country to 3 %.
fn profile(settings: &CaptureSettings, population: &PopulationSettings) -> Profile {
    let groups = population.groups.values();
    // Citizens by birth are those not born abroad, among them nearly all children; the others as the population
    // divides them.
    const NO_CHILDREN_BORN_ABROAD: f64 = 0.85;
    let mut statuses = [0.0; 6];
    for ((group, share), abroad) in Group::ALL.into_iter().zip(groups).zip(population.born_abroad.values()) {
        let shares = match group {
            Group::Hispanic => population.status_hispanic.values(),
            _ => population.status_others.values(),
        };
        let abroad = abroad * NO_CHILDREN_BORN_ABROAD;
        for (status, of_abroad) in statuses.iter_mut().zip(shares) {
            *status += share * abroad * of_abroad;
        }
        statuses[0] += share * (1.0 - abroad);
    }
    const ADULTS: [f64; AGES.len() + 1] = [0.0, 0.21, 0.25, 0.32, 0.22];
    let age = &settings.age;
    let profile = Profile {
        names_by_group: settings.names.values(),
        by_status: settings.status.values(),
        by_age: [&age.to_17, &age.to_29, &age.to_44, &age.to_64, &age.from_65].map(|setting| setting.value.get()),
        without_number: settings.without_number.value.get(),
    };
    profile.scaled(groups, statuses, ADULTS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agency::ErrorKind;
    use crate::scenario::general_rates;
    use crate::scenario::tests::scenario;

    #[test]
    fn every_kind_of_error_has_a_general_rate_and_both_are_in_the_same_order() {
        let rates: Vec<&str> = general_rates().iter().map(|general| general.name.as_str()).collect();
        assert_eq!(rates, ErrorKind::ALL.map(ErrorKind::name));
    }

    #[test]
    fn none_of_an_error_is_a_rate_of_zero_in_both_files() {
        let set = scenario(&["bank.order_swaps=none"]);
        for config in [AgencyConfig::requester(&set), AgencyConfig::holder(&set)] {
            for kind in [ErrorKind::NAMES_EXCHANGED, ErrorKind::SURNAMES_SWAPPED] {
                assert_eq!(config.capture.rates().of(kind), 0.0);
            }
            assert!(config.capture.rates().of(ErrorKind::SECOND_SURNAME_DROPPED) > 0.0);
        }
    }
}
