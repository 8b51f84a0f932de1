//! The words for what people are: census category, sex, status, and country of birth. Scenarios give shares by them.

named! {
    /// The census category of a person, as the 2010 tables of surnames publish it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum Group {
        /// White, not Hispanic.
        White = "white",
        /// Black, not Hispanic.
        Black = "black",
        /// Hispanic, of any race.
        Hispanic = "hispanic",
        /// Asian or Pacific Islander, not Hispanic.
        AsianPacific = "asian_pacific",
        /// American Indian or Alaska Native, not Hispanic.
        Native = "native",
        /// Two or more races, not Hispanic.
        TwoOrMore = "two_or_more",
    }
}

named! {
    /// Sex, as it truly is; a file may have it wrong.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum Sex {
        /// Female.
        Female = "female",
        /// Male.
        Male = "male",
    }
}

named! {
    /// Citizenship or immigration status, as it truly is.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum Status {
        /// Citizen by birth.
        CitizenByBirth = "citizen_by_birth",
        /// Citizen by naturalisation.
        Naturalised = "naturalised",
        /// Permanent resident.
        PermanentResident = "permanent_resident",
        /// Another lawful status.
        OtherLawful = "other_lawful",
        /// An application is pending.
        Pending = "pending",
        /// No status recorded.
        NoneRecorded = "none_recorded",
    }
}

impl Status {
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
