//! The reach of the assumed values: how far they move the headline of a run.

use crate::stats::{Interval, Rate, Screened};

/// The reach of the assumed values.
#[derive(Clone, Debug, PartialEq)]
pub struct Sensitivity {
    /// The headline with every value as it is, in a country of the closer look's size.
    pub base: Base,
    /// All assumptions.
    pub screening: Look,
    /// Those that moved it most, with the rest as it is.
    pub closer: Look,
    /// Assumed values of the scenario.
    pub assumed: u64,
    /// Those of them that were moved, alone or with others that mean something only together.
    pub moved: u64,
    /// Assumptions whose alternatives no scenario key can take.
    pub not_tried: Vec<String>,
}

/// The headline in one world.
#[derive(Clone, Debug, PartialEq)]
pub struct Base {
    /// People of the country.
    pub people: u64,
    /// Requests.
    pub requests: u64,
    /// Persons returned who are somebody else, of persons returned.
    pub rate: Rate,
    /// Its interval.
    pub interval: Option<Interval>,
}

/// The worlds of a design, and the effects found in them.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// People of each world.
    pub people: u64,
    /// Somebody else and persons returned, world by world.
    pub worlds: Vec<Rate>,
    /// Worlds that no scenario can be, because values that are possible each are not possible together.
    pub impossible: u64,
    /// The factors of the design.
    pub moved: Vec<Moved>,
    /// Their effects.
    pub screened: Screened,
}

impl Sensitivity {
    /// Assumed values that have no other value to go to: their range is what they are.
    pub fn fixed(&self) -> u64 {
        self.assumed - self.moved - self.not_tried.len() as u64
    }
}

/// An assumption, or several that go together, with the ends between which they are moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Its key; of several that go together the beginning of their keys and a star.
    pub key: String,
    /// The names of its lower and its upper end.
    pub ends: [String; 2],
}

impl Moved {
    /// The part of the scenario to which it belongs: the part of its key before the first dot.
    pub fn part(&self) -> &str {
        self.key.split('.').next().unwrap_or(&self.key)
    }
}
