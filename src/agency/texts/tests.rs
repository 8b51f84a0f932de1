//! Tests of `agency::texts`.

use super::*;
use crate::random::{Decision, Seed};

fn stream(key: u64) -> Stream {
    Seed(1).stream(Decision::named("test"), key)
}

#[test]
fn a_wrong_keystroke_changes_one_letter_of_any_script() {
    for key in 0..500 {
        for name in ["García", "Ōe", "Nuñez-Ibáñez", "Li"] {
            let wrong = mistyped(name, &mut stream(key));
            assert!(strsim::damerau_levenshtein(name, &wrong) <= 1, "{name} {wrong}");
        }
    }
    assert_eq!(mistyped("", &mut stream(1)), "");
}

#[test]
fn in_one_column_for_the_whole_name_a_long_surname_cuts_the_given_name_short() {
    let cut_to = |length: usize, names: [&str; 4]| {
        let mut cells = names.map(str::to_string);
        let changed = cut_together(&mut cells, &[2, 0, 1, 3], length);
        (cells.join("|"), changed)
    };
    let name = ["Ana", "Inés", "Nuñez Ibáñez", ""];
    for (length, left, changed) in [
        (0, "Ana|Inés|Nuñez Ibáñez|", false),
        (21, "Ana|Inés|Nuñez Ibáñez|", false),
        (19, "Ana|In|Nuñez Ibáñez|", true),
        (17, "Ana||Nuñez Ibáñez|", true),
        (15, "An||Nuñez Ibáñez|", true),
        (13, "||Nuñez Ibáñez|", true),
        (6, "||Nuñez|", true),
    ] {
        assert_eq!(cut_to(length, name), (left.to_string(), changed), "{length}");
    }
    assert_eq!(cut_to(6, ["Ōe", "", "Li", "Jr"]), ("Ōe||Li|".to_string(), true));
}

#[test]
fn wrong_keystrokes_fall_on_the_published_positions() {
    let mut counts = [0.0_f64; 10];
    (0..40_000).for_each(|key| counts[position(10, &mut stream(key))] += 1.0 / 40_000.0);
    for (count, published) in counts.iter().zip([0.078_f64, 0.117, 0.192]) {
        assert!((count - published).abs() < 0.008, "{counts:?}");
    }
    assert!(counts[3..].iter().all(|count| (count - 0.613 / 7.0).abs() < 0.008), "{counts:?}");
    assert!((0..100).all(|key| position(1, &mut stream(key)) == 0 && position(2, &mut stream(key)) < 2));
}

#[test]
fn a_wrong_digit_is_always_another_digit() {
    for key in 0..500 {
        let wrong = wrong_digit("Q10234", &mut stream(key));
        assert_eq!(strsim::hamming("Q10234", &wrong), Ok(1));
        assert_eq!(strsim::hamming("Q10234", &wrong_zip_digit("Q10234", &mut stream(key))), Ok(1));
        assert!(wrong.starts_with('Q'));
        assert!(Date::parse(&wrong_date("1984-02-29", &mut stream(key))).is_some());
        assert_ne!(digits_transposed("1204", &mut stream(key)), "1204");
    }
    assert_eq!(wrong_digit("no digit", &mut stream(1)), "no digit");
    assert_eq!(digits_transposed("77", &mut stream(1)), "77");
}

#[test]
fn misheard_names_sound_alike_and_misread_names_look_alike() {
    let heard: Vec<String> = (0..50).map(|key| misheard("Philip", &mut stream(key))).collect();
    assert!(heard.iter().any(|name| name == "Filip"), "{heard:?}");
    let read: Vec<String> = (0..80).map(|key| misread("Arnold", &mut stream(key))).collect();
    assert!(read.iter().any(|name| name == "Amold"), "{read:?}");
    assert_eq!(misheard("李", &mut stream(1)), "李");
    for key in 0..100 {
        let number = misread("Q10234", &mut stream(key));
        assert!(number.starts_with('Q') && number[1..].bytes().all(|b| b.is_ascii_digit()), "{number}");
    }
}

#[test]
fn names_of_other_scripts_have_other_spellings_and_the_rest_have_none() {
    assert_ne!(romanised("Zhang", &mut stream(1)), "Zhang");
    assert_eq!(romanised("Petrov", &mut stream(1)), "Petroff");
    assert_eq!(romanised("García", &mut stream(1)), "García");
}

#[test]
fn removing_accents_changes_nothing_else() {
    for (name, plain) in
        [("Nuñez", "Nunez"), ("Ōe", "Oe"), ("Łukasz", "Lukasz"), ("O’Brien", "O'Brien"), ("Smith", "Smith")]
    {
        assert_eq!(without_accents(name), plain);
    }
}

#[test]
fn compounds_are_joined_split_and_cut_at_characters() {
    assert_eq!(joined("De la Cruz"), "Dela Cruz");
    assert_eq!(joined("García-López"), "Garcíalópez");
    assert_eq!(split("García-López"), "García López");
    assert_eq!(split("McDonald"), "Mc Donald");
    assert_eq!(split("Ōe"), "Ōe");
    assert_eq!(cut("Nuñez Ibáñez", 6), "Nuñez");
    assert_eq!(cut("Ōe", 12), "Ōe");
    assert_eq!(initial("Ángel"), "Á");
}

#[test]
fn streets_keep_their_names_whatever_becomes_of_type_and_direction() {
    assert_eq!(street_abbreviated("North Oak Street"), "N Oak St");
    assert_eq!(street_abbreviated("North Street"), "N St");
    assert_eq!(street_abbreviated(""), "");
    for key in 0..50 {
        let wrong = street_type_wrong("Oak St", &mut stream(key));
        assert!(wrong.starts_with("Oak ") && wrong != "Oak St" && wrong.len() < 9, "{wrong}");
        assert_ne!(direction_wrong("N Oak St", &mut stream(key)), "N Oak St");
        assert!(direction_wrong("Oak St", &mut stream(key)).ends_with("Oak St"));
    }
    assert_eq!(direction_wrong("", &mut stream(1)), "");
    assert_eq!(street_type_wrong("Broadway", &mut stream(1)), "Broadway");
}

#[test]
fn wrong_dates_are_dates() {
    assert!(["2003-02-28", "2005-02-28"].contains(&year_off("2004-02-29", &mut stream(1)).as_str()));
    assert_eq!(day_month_exchanged("1984-05-03"), "1984-03-05");
    assert_eq!(day_month_exchanged("1984-05-23"), "1984-05-23");
    assert_eq!(first_of_january("1984-05-23"), "1984-01-01");
    assert_eq!(year_off("", &mut stream(1)), "");
}
