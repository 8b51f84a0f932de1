//! Preset sweeps, by name: the questions most often asked of such a system.

use super::{Together, Varied};

/// A sweep by name.
#[derive(Clone, Copy, Debug)]
pub struct Ready {
    /// Its name.
    pub name: &'static str,
    /// The effect it shows.
    pub shows: &'static str,
    /// The scenario it is about, if another than the default one.
    pub scenario: &'static str,
    /// The varied keys and values, as one writes them after `--vary`.
    pub vary: &'static [&'static str],
    /// The combination of the keys.
    pub together: Together,
    /// Seeds for each combination, unless told otherwise.
    pub replicates: u64,
}

const DEFAULT: &str = "tax-address-request";

/// Every one of them.
pub const READY: &[Ready] = &[
    Ready {
        name: "scale",
        shows: "the same rule in countries from ten thousand people to a nation (the last takes hours)",
        scenario: DEFAULT,
        vary: &["people=10k,100k,1M,10M,330M"],
        together: Together::Grid,
        replicates: 20,
    },
    Ready {
        name: "threshold",
        shows: "what a stricter threshold spares and what it loses, where evidence is weighed",
        scenario: "tax-address-request-weighted",
        vary: &["routes.address.model.threshold=-5..20:2.5"],
        together: Together::Grid,
        replicates: 20,
    },
    Ready {
        name: "base-rate",
        shows: "the same rule when fewer or more of the people sought are on file at all",
        scenario: DEFAULT,
        vary: &["requester.on_file_with_number=0.1..0.9:0.2", "requester.on_file_without_number=0.1..0.9:0.2"],
        together: Together::Paired,
        replicates: 20,
    },
    Ready {
        name: "recording-quality",
        shows: "slips of recording from none to four times the assumed rates, on the requester's side",
        scenario: DEFAULT,
        vary: &[
            "requester.errors.typing=0,0.0075,0.015,0.03,0.06",
            "requester.errors.misheard=0,0.01,0.02,0.04,0.08",
            "requester.errors.misread=0,0.0025,0.005,0.01,0.02",
            "requester.errors.wrong_digit=0,0.005,0.01,0.02,0.04",
        ],
        together: Together::Paired,
        replicates: 20,
    },
    Ready {
        name: "dependence",
        shows: "the same number of errors, spread evenly or heaped on the same people",
        scenario: DEFAULT,
        vary: &["requester.dependence=0..0.8:0.2", "holder.dependence=0..0.8:0.2"],
        together: Together::Paired,
        replicates: 20,
    },
    Ready {
        name: "old-addresses",
        shows: "how it matters that the requester's addresses are old, and how old",
        scenario: DEFAULT,
        vary: &["requester.errors.old_address=0..1:0.25", "requester.old_address_years=3,10,20"],
        together: Together::Grid,
        replicates: 20,
    },
    Ready {
        name: "fields",
        shows: "which fields must be on both records and the same before anybody is returned, from none to three more",
        scenario: DEFAULT,
        vary: &[
            "agreement.second_identifier.on=true",
            "agreement.second_identifier.not_conflict=[]",
            "agreement.second_identifier.agree=[],[\"given_name\"],[\"surname\"],[\"date_of_birth\"],\
             [\"given_name\", \"surname\"],[\"given_name\", \"surname\", \"date_of_birth\"]",
        ],
        together: Together::Grid,
        replicates: 20,
    },
    Ready {
        name: "safeguards",
        shows: "a stricter check of the request's address, and a stricter rule when several records answer",
        scenario: DEFAULT,
        vary: &["agreement.address_check=nothing,zip_like,complete", "agreement.answers=all,best,unique"],
        together: Together::Grid,
        replicates: 20,
    },
];

impl Ready {
    /// The one of a name.
    pub fn from_name(name: &str) -> Option<&'static Ready> {
        READY.iter().find(|ready| ready.name == name)
    }

    /// The varied keys; a list of the user's own for the same key takes the place of the preset one, any other is
    /// added.
    pub fn with(&self, own: Vec<Varied>) -> Vec<Varied> {
        let ready = self.vary.iter().map(|text| Varied::parse(text).expect("a test reads every ready sweep"));
        let mut varied: Vec<Varied> = ready.collect();
        for one in own {
            match varied.iter_mut().find(|known| known.path() == one.path()) {
                Some(known) => *known = one,
                None => varied.push(one),
            }
        }
        varied
    }
}

#[cfg(test)]
mod tests {
    use super::super::Sweep;
    use super::*;
    use crate::scenario::{Scenario, built_in};

    #[test]
    fn every_ready_sweep_can_be_planned() {
        let documented = include_str!("../../../docs/sweep.md");
        for ready in READY {
            assert!(documented.contains(&format!("| `{}` |", ready.name)), "docs/sweep.md has no {}", ready.name);
            let text = built_in(ready.scenario).unwrap();
            let scenario =
                |sets: &[String]| Scenario::parse_with(text, ready.scenario, sets).map_err(|error| error.to_string());
            let sweep = Sweep::new(scenario, &ready.with(Vec::new()), ready.together, ready.replicates);
            let sweep = sweep.unwrap_or_else(|error| panic!("{}: {error}", ready.name));
            assert!(sweep.combinations().len() >= 4, "{} shows a trend", ready.name);
            let base = sweep.scenario().clone();
            assert!((0..sweep.rows()).any(|row| sweep.scenario_of(row) != base), "{} changes something", ready.name);
        }
    }

    #[test]
    fn a_list_of_the_user_s_own_takes_the_place_of_the_ready_one() {
        let scale = Ready::from_name("scale").unwrap();
        let own = |text| scale.with(vec![Varied::parse(text).unwrap()]);
        assert_eq!(own("population.people=1k,2k").len(), 1);
        assert_eq!(own("holder.dependence=0,1").len(), 2);
        assert!(Ready::from_name("size").is_none());
    }
}
