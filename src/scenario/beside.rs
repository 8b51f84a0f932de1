//! The runs that stand beside a run in every table of groups.
//!
//! Groups differ in their names, in how well files capture them, and in who is sought. The last two are assumptions:
//! beside the run stands the same country with equal capture, and with a list composed like the population.

use super::ListOf;
use super::Scenario;
use serde::Deserialize;

named! {
    /// A run of the same people with one assumption taken away.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
    #[cfg_attr(test, derive(schemars::JsonSchema))]
    pub enum Beside {
        /// Both files capture everybody alike: each error is as frequent as among the people sought, and nobody has more of them.
        EqualCapture = "equal_capture",
        /// The list is composed like the population, so that group and status say nothing about who is sought.
        SameMix = "same_mix",
    }
}

impl Beside {
    /// In a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Beside::EqualCapture => "with equal capture",
            Beside::SameMix => "with a list like the population",
        }
    }

    /// Returns `true` if the run differs from that of the scenario itself.
    pub fn differs(self, scenario: &Scenario) -> bool {
        match self {
            Beside::EqualCapture => !(scenario.requester.equal_capture && scenario.holder.equal_capture),
            Beside::SameMix => scenario.requester.list.value != ListOf::LikePopulation,
        }
    }
}
