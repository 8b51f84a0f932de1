//! No address, code or number has a form that a postal service or an authority for identity numbers could have issued.
//!
//! How that is known: forms are compared as shapes, A for a letter and 9 for a digit. The lists below are written from
//! general knowledge of national forms and are as complete as we could make them; a form on none of them is held to be
//! issued by nobody. State codes are compared with the two-letter subdivisions that appear in postal addresses.

use namesake::population::places::STATE_CODES;
use namesake::population::{PersonId, Population, PopulationConfig};
use namesake::random::Decision;
use namesake::scenario::{BUILT_IN, Scenario};
use std::collections::BTreeSet;

/// Shapes of postal codes with letters. All others in use are digits alone, some with a space or a hyphen.
const POSTAL_SHAPES: [&str; 26] = [
    "A9A 9A9", "A9 9AA", "A99 9AA", "AA9 9AA", "AA99 9AA", "A9A 9AA", "AA9A 9AA", "9999 AA", "9999AA", "A9999AAA",
    "A99 AAAA", "A99AAAA", "AAA 9999", "AAA9999", "A99A9A9", "AA999", "AA9999", "A999", "AA 99", "AA AA", "AA99999",
    "AA9-9999", "AA 99999", "AA99 999", "9999A", "AAAA 9AA",
];

/// Shapes of identity numbers with letters: national insurance, tax, residence and social security numbers.
const NUMBER_SHAPES: [&str; 16] = [
    "AA999999A",
    "AA 99 99 99 A",
    "9999999A",
    "9999999AA",
    "A9999999A",
    "99999999A",
    "A99999999",
    "AAAA999999AAAAAA99",
    "AAAAAA99A99A999A",
    "AAAAA9999A",
    "A999999999",
    "99999999-A",
    "999999-999A",
    "A9999999",
    "99AAA99999",
    "A-999999-99",
];

/// Two-letter codes in addresses of the United States, Canada, Mexico, Brazil, Italy and India.
const REAL_CODES: &str = "AL AK AS AZ AR CA CO CT DE DC FM FL GA GU HI ID IL IN IA KS KY LA ME MH MD MA MI MN MS MO MT NE \
    NV NH NJ NM NY NC ND MP OH OK OR PW PA PR RI SC SD TN TX UM UT VT VA VI WA WV WI WY AA AE AP AB BC MB NB NL NT NS NU ON \
    PE QC SK YT NF PQ AG BS CM CS CH DF DG GT GR HG JA EM MX NA NX OA PU QE QA QT QR SL SI SO TB TM TL TS VE YU ZA AC AM BA \
    CE ES GO MS MG PB PI RJ RN RS RO RR SE SP TO AN AO AT AV BG BI BL BN BO BR BT BZ CB CI CL CN CR CZ EN FC FE FG FI FR GE \
    GO IM IS KR LC LE LI LO LT LU MB MC ME NO NU OR OT PD PG PN PO PR PT PU PV PZ RA RC RE RG RI RM SA SR SS SU SV TA TE TP \
    TR TV UD VB VC VR VS VV AP AR AS BR CG GJ HR HP JH KA KL MH ML MN MZ OD OR PB RJ SK TG UK UP WB DN DD DL JK LA LD PY";

fn shape(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            c if c.is_ascii_digit() => '9',
            c if c.is_alphabetic() => 'A',
            other => other,
        })
        .collect()
}

#[test]
fn in_a_million_people_nothing_has_a_form_that_was_ever_issued() {
    let scenario = Scenario::parse(BUILT_IN[0].1, BUILT_IN[0].0).unwrap();
    let config = PopulationConfig { people: 1_000_000, ..PopulationConfig::of(&scenario.population) };
    let country = Population::new(config, scenario.population_seed());
    let (mut zips, mut states, mut numbers) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for index in 0..country.blocks() {
        for household in &country.block(index).households {
            let address = country.address(household.dwelling);
            zips.insert(shape(&address.zip));
            assert!(address.zip.starts_with('Q'), "{address:?}");
            states.insert(address.state);
        }
    }
    for person in 0..country.people() {
        let number = country.number(PersonId(person));
        // No prefix of a British national insurance number has a Q, written with or without its last letter.
        assert!(number.starts_with("QQ"), "{number}");
        numbers.insert(shape(&number));
        let of_tax_agency = country.taxpayer_number(PersonId(person));
        assert!(of_tax_agency.starts_with("QT"), "{of_tax_agency}");
        numbers.insert(shape(&of_tax_agency));
    }
    let mut stream = scenario.errors_seed().stream(Decision::named("test.numbers"), 0);
    for _ in 0..10_000 {
        for number in [country.number_of_dead(&mut stream), country.number_never_issued(&mut stream)] {
            let number = number.unwrap();
            assert!(number.starts_with("QQ") && numbers.contains(&shape(&number)), "{number}");
            assert_eq!(country.number_holder(number[2..].parse().unwrap()), None);
        }
    }
    assert_eq!(zips.into_iter().collect::<Vec<_>>(), ["A99999"]);
    assert!(!POSTAL_SHAPES.contains(&"A99999"));
    assert_eq!(numbers.len(), 1);
    for number in &numbers {
        assert!(number[2..].bytes().all(|b| b == b'9') && !NUMBER_SHAPES.contains(&number.as_str()), "{number}");
    }
    for state in states {
        assert!(STATE_CODES.contains(&state.as_str()), "{state}");
    }
    // A country of any size has no other codes than these.
    for code in STATE_CODES {
        assert!(!REAL_CODES.split_whitespace().any(|real| real == code), "{code} is a real one");
    }
}
