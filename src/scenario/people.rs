//! The words for what people are: census category, sex, status, and country of birth. Scenarios give shares by them.

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

impl Group {
    /// All groups, in the order in which shares are given.
    pub const ALL: [Group; 6] =
        [Group::White, Group::Black, Group::Hispanic, Group::AsianPacific, Group::Native, Group::TwoOrMore];

    /// The word used in files and results.
    pub fn name(self) -> &'static str {
        match self {
            Group::White => "white",
            Group::Black => "black",
            Group::Hispanic => "hispanic",
            Group::AsianPacific => "asian_pacific",
            Group::Native => "native",
            Group::TwoOrMore => "two_or_more",
        }
    }
}

/// Sex, as it truly is; a file may have it wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

impl Sex {
    /// Both.
    pub const ALL: [Sex; 2] = [Sex::Female, Sex::Male];

    /// The word used in files and results.
    pub fn name(self) -> &'static str {
        match self {
            Sex::Female => "female",
            Sex::Male => "male",
        }
    }
}

/// Citizenship or immigration status, as it truly is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// Citizen by birth.
    CitizenByBirth,
    /// Citizen by naturalisation.
    Naturalised,
    /// Permanent resident.
    PermanentResident,
    /// Another lawful status.
    OtherLawful,
    /// An application is pending.
    Pending,
    /// No status recorded.
    NoneRecorded,
}

impl Status {
    /// All statuses.
    pub const ALL: [Status; 6] = [
        Status::CitizenByBirth,
        Status::Naturalised,
        Status::PermanentResident,
        Status::OtherLawful,
        Status::Pending,
        Status::NoneRecorded,
    ];

    /// The word used in files and results.
    pub fn name(self) -> &'static str {
        match self {
            Status::CitizenByBirth => "citizen_by_birth",
            Status::Naturalised => "naturalised",
            Status::PermanentResident => "permanent_resident",
            Status::OtherLawful => "other_lawful",
            Status::Pending => "pending",
            Status::NoneRecorded => "none_recorded",
        }
    }

    /// Returns `true` if the person is a citizen, by birth or naturalised.
    pub fn is_citizen(self) -> bool {
        matches!(self, Status::CitizenByBirth | Status::Naturalised)
    }
}

/// A country, or the rest of a region, that people under a final order were born in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Country {
    /// Honduras.
    Honduras,
    /// Guatemala.
    Guatemala,
    /// Mexico.
    Mexico,
    /// El Salvador.
    ElSalvador,
    /// Nicaragua.
    Nicaragua,
    /// Cuba.
    Cuba,
    /// Brazil.
    Brazil,
    /// China.
    China,
    /// Haiti.
    Haiti,
    /// Ecuador.
    Ecuador,
    /// Colombia.
    Colombia,
    /// Venezuela.
    Venezuela,
    /// The Dominican Republic.
    DominicanRepublic,
    /// Peru and the other Spanish-speaking countries of America.
    OtherSpanishAmerica,
    /// India.
    India,
    /// The other countries of Asia and the Pacific.
    OtherAsia,
    /// Africa and the English-speaking Caribbean.
    AfricaAndCaribbean,
    /// Europe and the Middle East.
    EuropeAndMiddleEast,
}

impl Country {
    /// All, in the order in which shares are given.
    pub const ALL: [Country; 18] = [
        Country::Honduras,
        Country::Guatemala,
        Country::Mexico,
        Country::ElSalvador,
        Country::Nicaragua,
        Country::Cuba,
        Country::Brazil,
        Country::China,
        Country::Haiti,
        Country::Ecuador,
        Country::Colombia,
        Country::Venezuela,
        Country::DominicanRepublic,
        Country::OtherSpanishAmerica,
        Country::India,
        Country::OtherAsia,
        Country::AfricaAndCaribbean,
        Country::EuropeAndMiddleEast,
    ];
}
