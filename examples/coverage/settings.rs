//! The settings of the coverage study: small countries from few events to many, with wrong answers alone and in families.
//!
//! Each setting states the terms that decide how many requests are answered, so that it stays what it is when the
//! scenario it starts from is given other values.

/// A setting of the study.
#[derive(Clone, Copy)]
pub struct Setting {
    /// The word for it on the command line.
    pub key: &'static str,
    /// The title for the reader.
    pub title: &'static str,
    /// A built-in scenario by name, or a scenario as TOML.
    pub scenario: &'static str,
    /// The values set in it.
    pub sets: &'static [&'static str],
    /// The values set in the second agreement, whose paired changes are studied; empty for none.
    pub against: &'static [&'static str],
    /// The thresholds at which the curve is studied, in thousandths; where there are none, nor a second agreement, only
    /// rates are studied, which costs a fraction.
    pub thresholds: &'static [i32],
    /// `true` if a model is trained anew in every country: that adds luck of its own, which no interval of one run can see.
    pub trained: bool,
}

/// Whoever has the surname and the postal code of the request is returned: whole families, namesakes among them.
const FAMILIES: &str = r#"
base = "tax-address-request"
name = "families"
title = "Whole families"
summary = "Whoever has the surname and the postal code of the request is returned."

[agreement]
most_answers = { value = 20, basis = "assumed", range = [1, 20], source = "so that answers come in clusters" }

[[routes]]
name = "address"
when = "always"
compares = ["name", "address"]
basis = "assumed"
alternatives = ["the default rules"]
source = "so that answers come in clusters"

[routes.blocking]
rules = ["surname:4 + zip"]

[routes.model]
kind = "rules"
threshold = 1.0
comparison = [{ name = "surname", kind = "surname", field = "surname" }, { name = "zip", kind = "edit", field = "zip", cuts = [1] }]

[[routes.model.rule]]
name = "surname and postal code the same"
strength = 1
all = ["surname: same", "zip: same"]
"#;

/// A library that has readers in one household as one: kin are sought and returned together.
const LIBRARY: &str = r#"
base = "country"
name = "library-households"
title = "A library that takes one surname in one building for one reader"
summary = "Whoever has the surname, the house and the postal code of the request is returned."

[requester]
like = "general"
title = "Applications for a card"
fields = ["given_name", "surname", "date_of_birth", "house_number", "street", "unit", "city", "zip"]
requests = 5_000
on_file = { value = 0.3, basis = "assumed", range = [0.1, 0.6], source = "as in library-card" }

[holder]
like = "general"
title = "The file of readers"
fields = ["given_name", "surname", "date_of_birth", "house_number", "street", "unit", "city", "zip"]

[holder.coverage]
citizen_by_birth = { value = 0.4, basis = "assumed", range = [0.2, 0.6], source = "as in library-card" }
naturalised = { value = 0.4, basis = "assumed", range = [0.2, 0.6], source = "as in library-card" }
permanent_resident = { value = 0.4, basis = "assumed", range = [0.2, 0.6], source = "as in library-card" }
other_lawful = { value = 0.4, basis = "assumed", range = [0.2, 0.6], source = "as in library-card" }
pending = { value = 0.4, basis = "assumed", range = [0.2, 0.6], source = "as in library-card" }
none_recorded = { value = 0.4, basis = "assumed", range = [0.2, 0.6], source = "as in library-card" }

[agreement]
most_answers = { value = 20, basis = "assumed", range = [1, 20], source = "so that whole households are returned" }

[[routes]]
name = "address"
when = "always"
compares = ["name", "address"]
basis = "assumed"
alternatives = ["the rules of library-card"]
source = "so that whole households are returned"

[routes.blocking]
rules = ["surname + zip"]

[routes.model]
kind = "rules"
threshold = 1.0
comparison = [{ name = "surname", kind = "surname", field = "surname" }, { name = "address", kind = "address" }]

[[routes.model.rule]]
name = "surname and building the same"
strength = 1
all = ["surname: same", "address: same building"]
"#;

/// All settings, in the order of the page.
pub const SETTINGS: [Setting; 11] = [
    Setting {
        key: "few",
        title: "the tax agency's rules, few requests",
        scenario: "tax-address-request-assumed",
        sets: &[
            "population.people=5120",
            "population.final_order=0.02",
            "requester.requests=60",
            "requester.number_given=0.7",
            "requester.on_file_with_number=0.9",
            "requester.on_file_without_number=0.6",
        ],
        against: &["routes.address.model.threshold=3"],
        thresholds: &[1000, 2000, 3000],
        trained: false,
    },
    Setting {
        key: "more",
        title: "the tax agency's rules, more requests",
        scenario: "tax-address-request-assumed",
        sets: &[
            "population.people=12800",
            "population.final_order=0.02",
            "requester.requests=180",
            "requester.number_given=0.7",
            "requester.on_file_with_number=0.9",
            "requester.on_file_without_number=0.6",
        ],
        against: &["routes.address.model.threshold=3"],
        thresholds: &[1000, 2000, 3000],
        trained: false,
    },
    Setting {
        key: "families",
        title: "whole families are returned",
        scenario: FAMILIES,
        sets: &[
            "population.people=7680",
            "population.final_order=0.02",
            "requester.requests=90",
            "requester.on_file_with_number=0.9",
            "requester.on_file_without_number=0.6",
            "requester.errors.old_address=0.6",
            "requester.errors.blank_address=0.055",
            "requester.errors.placeholder_address=0.026",
            "requester.old_address_years=10",
        ],
        against: &["agreement.answers=unique"],
        thresholds: &[1000],
        trained: false,
    },
    Setting {
        key: "families-of-anybody",
        title: "whole families are returned, to a list like the population",
        scenario: FAMILIES,
        sets: &[
            "population.people=12800",
            "requester.requests=300",
            "requester.list=like_population",
            "requester.on_file_with_number=0.9",
            "requester.on_file_without_number=0.6",
            "requester.errors.old_address=0.6",
            "requester.errors.blank_address=0.055",
            "requester.errors.placeholder_address=0.026",
            "requester.old_address_years=10",
        ],
        against: &["agreement.answers=unique"],
        thresholds: &[1000],
        trained: false,
    },
    Setting {
        key: "library",
        title: "a library that returns one surname in one building",
        scenario: LIBRARY,
        sets: &["population.people=20480", "requester.requests=5000", "requester.on_file=0.3"],
        against: &[],
        thresholds: &[],
        trained: false,
    },
    Setting {
        key: "most-sought",
        title: "most of a small country is sought",
        scenario: "tax-address-request-assumed",
        sets: &[
            "population.people=10240",
            "requester.requests=6500",
            "requester.list=like_population",
            "requester.number_given=0.7",
            "requester.on_file_with_number=0.9",
            "requester.on_file_without_number=0.6",
        ],
        against: &["routes.address.model.threshold=3"],
        thresholds: &[1000, 2000, 3000],
        trained: false,
    },
    Setting {
        key: "names",
        title: "a name alone, of anybody",
        scenario: "name-only-screening",
        sets: &["population.people=51200", "requester.requests=500", "requester.on_file=0.05"],
        against: &["routes.first and last name.model.threshold=2"],
        thresholds: &[1000, 2000],
        trained: false,
    },
    Setting {
        key: "health",
        title: "a health service that traces people",
        scenario: "health-service-tracing",
        sets: &["population.people=51200", "population.final_order=0.02", "requester.requests=700"],
        against: &[],
        thresholds: &[1000],
        trained: false,
    },
    Setting {
        key: "one-to-one",
        title: "a library that takes one surname in one building for one reader, no reader for two",
        scenario: LIBRARY,
        sets: &[
            "population.people=20480",
            "requester.requests=2000",
            "requester.on_file=0.3",
            "agreement.answers=one_to_one",
        ],
        against: &[],
        thresholds: &[],
        trained: false,
    },
    Setting {
        key: "large",
        title: "the tax agency's rules in a country of 300,000",
        scenario: "tax-address-request-assumed",
        sets: &[
            "population.people=300000",
            "population.final_order=0.004",
            "requester.requests=900",
            "requester.number_given=0.7",
            "requester.on_file_with_number=0.9",
            "requester.on_file_without_number=0.6",
        ],
        against: &[],
        thresholds: &[1000, 2000, 3000],
        trained: false,
    },
    Setting {
        key: "weighted",
        title: "the tax agency with match weights, trained anew in every country",
        scenario: "tax-address-request-weighted",
        sets: &[
            "population.people=25600",
            "population.final_order=0.02",
            "requester.requests=380",
            "requester.number_given=0.7",
            "requester.on_file_with_number=0.9",
            "requester.on_file_without_number=0.6",
        ],
        against: &[],
        thresholds: &[],
        trained: true,
    },
];
