//! Names and groups of people under a final order, by country of birth.

use super::names::Tradition;
use super::{Country, Group};

/// The share of families from Guatemala with Maya names. Assumed, from 0.15 to 0.5.
const MAYA: f64 = 0.3;

impl Country {
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
        // Shares sum to 1 up to rounding: the first takes the rest.
        Country::Honduras
    }
}
