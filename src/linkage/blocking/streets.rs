//! The words of a street name in one short form.

/// Street types, directions and ordinals in the short form of USPS Publication 28, with a few of other countries.
/// Sorted, for binary search.
pub(super) const SHORT_FORMS: [(&str, &str); 73] = [
    ("ALLEY", "ALY"),
    ("AV", "AVE"),
    ("AVENUE", "AVE"),
    ("BEND", "BND"),
    ("BOULEVARD", "BLVD"),
    ("BVD", "BLVD"),
    ("CENTER", "CTR"),
    ("CENTRE", "CTR"),
    ("CIRCLE", "CIR"),
    ("CIRCUIT", "CCT"),
    ("CLOSE", "CL"),
    ("COURT", "CT"),
    ("COVE", "CV"),
    ("CR", "CRES"),
    ("CREEK", "CRK"),
    ("CRESCENT", "CRES"),
    ("CROSSING", "XING"),
    ("DRIVE", "DR"),
    ("DRV", "DR"),
    ("EAST", "E"),
    ("EIGHTH", "8TH"),
    ("ESTATES", "EST"),
    ("EXPRESSWAY", "EXPY"),
    ("FIFTH", "5TH"),
    ("FIRST", "1ST"),
    ("FORT", "FT"),
    ("FOURTH", "4TH"),
    ("FREEWAY", "FWY"),
    ("GARDENS", "GDNS"),
    ("GROVE", "GRV"),
    ("HEIGHTS", "HTS"),
    ("HIGHWAY", "HWY"),
    ("HILL", "HL"),
    ("HILLS", "HLS"),
    ("JUNCTION", "JCT"),
    ("LAKE", "LK"),
    ("LANDING", "LNDG"),
    ("LANE", "LN"),
    ("MEADOWS", "MDWS"),
    ("MOUNT", "MT"),
    ("MOUNTAIN", "MTN"),
    ("NINTH", "9TH"),
    ("NORTH", "N"),
    ("NORTHEAST", "NE"),
    ("NORTHWEST", "NW"),
    ("PARKWAY", "PKWY"),
    ("PLACE", "PL"),
    ("PLAZA", "PLZ"),
    ("POINT", "PT"),
    ("RIDGE", "RDG"),
    ("RIVER", "RIV"),
    ("ROAD", "RD"),
    ("ROUTE", "RTE"),
    ("SAINT", "ST"),
    ("SECOND", "2ND"),
    ("SEVENTH", "7TH"),
    ("SIXTH", "6TH"),
    ("SOUTH", "S"),
    ("SOUTHEAST", "SE"),
    ("SOUTHWEST", "SW"),
    ("SPRINGS", "SPGS"),
    ("SQUARE", "SQ"),
    ("STR", "ST"),
    ("STREET", "ST"),
    ("TENTH", "10TH"),
    ("TERRACE", "TER"),
    ("THIRD", "3RD"),
    ("TRAIL", "TRL"),
    ("TURNPIKE", "TPKE"),
    ("VALLEY", "VLY"),
    ("VILLAGE", "VLG"),
    ("VISTA", "VIS"),
    ("WEST", "W"),
];

pub(super) fn short_form(word: &str) -> &str {
    SHORT_FORMS.binary_search_by(|(long, _)| (*long).cmp(word)).map_or(word, |i| SHORT_FORMS[i].1)
}

/// The number of a post office box, of a street in upper case that is nothing else.
pub(super) fn post_office_box(street: &str) -> Option<&str> {
    const NAMES: [&str; 6] = ["PO BOX ", "P O BOX ", "POBOX ", "POB ", "POST OFFICE BOX ", "BOX "];
    let number = NAMES.iter().find_map(|name| street.strip_prefix(name))?;
    // A box may have letters (12B) but has a number; BOX CANYON RD is a street.
    let is_number = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit()) || word.len() == 1;
    (number.contains(|c: char| c.is_ascii_digit()) && number.split(' ').all(is_number)).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_office_box_is_told_from_streets() {
        for (street, number) in [
            ("PO BOX 4843", Some("4843")),
            ("P O BOX 12 B", Some("12 B")),
            ("POB 7", Some("7")),
            ("POST OFFICE BOX 1 11", Some("1 11")),
            ("BOX 77A", Some("77A")),
            ("BOX CANYON RD", None),
            ("PO BOX", None),
            ("PO BOX 12 OAK ST", None),
            ("POBLANO ST 4", None),
            ("ŌBOX 4", None),
        ] {
            assert_eq!(post_office_box(street), number, "{street}");
        }
    }

    #[test]
    fn short_forms_are_sorted_and_final() {
        assert!(SHORT_FORMS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(SHORT_FORMS.iter().all(|(_, short)| short_form(short) == *short));
    }
}
