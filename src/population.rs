//! A country of invented people: a pure function of seed and index.

pub mod names;

/// The census category of a person, as the 2010 tables of surnames publish it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// White, not Hispanic.
    White,
    /// Black, not Hispanic.
    Black,
    /// Hispanic, of any race.
    Hispanic,
    /// Asian or Pacific Islander, not Hispanic.
    AsianPacific,
    /// American Indian or Alaska Native, not Hispanic.
    Native,
    /// Two or more races, not Hispanic.
    TwoOrMore,
}

/// Sex, as files record it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}
