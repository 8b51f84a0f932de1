//! Countries of birth of people under a final order.

use super::Group;
use super::names::Tradition;

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

/// Of families from Guatemala, those of Maya names. Assumed, from 0.15 to 0.5.
const MAYA: f64 = 0.3;

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

    /// The census category that most people born there report.
    pub fn group(self) -> Group {
        match self {
            Country::Brazil | Country::EuropeAndMiddleEast => Group::White,
            Country::Haiti | Country::AfricaAndCaribbean => Group::Black,
            Country::China | Country::India | Country::OtherAsia => Group::AsianPacific,
            _ => Group::Hispanic,
        }
    }

    /// The tradition of a family from there, at a place `u` of the unit interval.
    pub(super) fn tradition(self, u: f64) -> Tradition {
        match self {
            Country::Guatemala if u < MAYA => Tradition::Maya,
            Country::Honduras | Country::Guatemala | Country::ElSalvador | Country::Nicaragua => {
                Tradition::CentralAmerican
            }
            Country::Mexico => Tradition::Mexican,
            Country::Cuba | Country::DominicanRepublic => Tradition::Caribbean,
            Country::Ecuador | Country::Colombia | Country::Venezuela | Country::OtherSpanishAmerica => {
                Tradition::SouthAmerican
            }
            Country::Brazil => Tradition::Brazilian,
            Country::Haiti => Tradition::Haitian,
            Country::China => Tradition::Chinese,
            Country::India => Tradition::Indian,
            Country::OtherAsia => Tradition::OtherAsian,
            Country::AfricaAndCaribbean | Country::EuropeAndMiddleEast => Tradition::General,
        }
    }

    /// The country at that place of the unit interval, by shares in the order of [`Country::ALL`].
    pub(super) fn drawn(shares: &[f64; 18], mut u: f64) -> Country {
        for (country, share) in Country::ALL.into_iter().zip(shares) {
            u -= share;
            if u < 0.0 {
                return country;
            }
        }
        // Shares sum to 1 but for rounding: the first takes the rest.
        Country::Honduras
    }
}
