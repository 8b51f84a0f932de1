//! Tests of comparisons, of records as text and as codes.

use super::*;
use crate::record::{RecordId, Records};

/// The label of the level of two texts, `"missing"` where there is none.
fn label(kind: ComparisonKind, x: &str, y: &str) -> String {
    let field = kind.field().unwrap().clone();
    let mut a = Records::new(std::slice::from_ref(&field));
    let mut b = a.clone();
    a.push(RecordId(0), &[x]);
    b.push(RecordId(0), &[y]);
    let comparison = Comparison::new(kind);
    let nicknames = Nicknames::read("William, Bill, Will\nJosé Pepe");
    let compare = |a: &Records, b: &Records| {
        Comparer::new(std::slice::from_ref(&comparison), a.fields(), b.fields(), &nicknames).compare(a, 0, b, 0)
    };
    let evidence = compare(&a, &b);
    assert_eq!(evidence, compare(&b, &a), "{x} {y}: a comparison is the same from either side");
    evidence.level(0).map_or("missing".to_owned(), |level| comparison.labels()[usize::from(level)].clone())
}

#[test]
fn a_share_of_letters_is_what_the_edits_leave_of_the_longer_name() {
    let letters = || ComparisonKind::Letters { field: Field::Surname.into(), cuts: vec![0.9] };
    assert_eq!(label(letters(), "IBARGÜENGO", "IBARGUENGO"), "letters 0.90");
    assert_eq!(label(letters(), "NUNEZ", "NUNES"), "differs");
    assert_eq!(label(letters(), "NUNEZ", "NUNEZ"), "same");
    assert_eq!(label(letters(), "NUNEZ", ""), "missing");
}

#[test]
fn given_names_agree_in_either_order() {
    let fields = [Field::GivenName, Field::MiddleName];
    let level = |x: [&str; 2], y: [&str; 2]| {
        let (mut a, mut b) = (Records::new(&fields), Records::new(&fields));
        a.push(RecordId(0), &x);
        b.push(RecordId(0), &y);
        let comparison = [Comparison::new(ComparisonKind::GivenNames {})];
        let level = |a: &Records, b: &Records| {
            Comparer::new(&comparison, &fields, &fields, &Nicknames::default()).compare(a, 0, b, 0).level(0)
        };
        assert_eq!(level(&a, &b), level(&b, &a));
        level(&a, &b)
    };
    assert_eq!(level(["DEBORAH", "ANN"], ["ANN", "DEBORAH"]), Some(1));
    assert_eq!(level(["DEBORAH", "ANN"], ["DEBORAH", "LEE"]), Some(2));
    assert_eq!(level(["DEBORAH", "ANN"], ["ANN", ""]), Some(0));
    assert_eq!(level(["", "ANN"], ["ANN", ""]), None);
}

#[test]
fn names_are_compared_by_character() {
    // Four characters of which one differs, whatever their bytes.
    assert_eq!(text::jaro_winkler("ЕЛЕН", "ЕЛЕЙ"), text::jaro_winkler("ELEN", "ELEJ"));
    let kind = || ComparisonKind::GivenName { field: Field::GivenName.into() };
    for (x, y, level) in [
        ("ZOE", "ZOE", "same"),
        ("KATHERINE", "KATHARINE", "similar 0.92"),
        ("WILLIAM", "BILL", "nickname"),
        ("JOSÉ", "PEPE", "nickname"),
        ("Ō", "ŌE", "initial agrees"),
        ("Z", "ANA", "differs"),
        ("MARIA", "MARCIN", "similar 0.80"),
        ("", "ANA", "missing"),
    ] {
        assert_eq!(label(kind(), x, y), level, "{x} {y}");
    }
    let kind = || ComparisonKind::Surname { field: Field::Surname.into() };
    for (x, y, level) in [
        ("NUNEZ IBANEZ", "IBANEZ", "one name shared"),
        ("DE LA CRUZ", "DELACRUZ", "similar 0.92"),
        ("DE LA CRUZ", "DE LA PENA", "similar 0.80"),
        ("СМИРНОВА", "СМИРНОВ", "similar 0.92"),
        ("OE", "", "missing"),
    ] {
        assert_eq!(label(kind(), x, y), level, "{x} {y}");
    }
}

#[test]
fn the_built_in_nicknames_know_forms_of_one_name() {
    let nicknames = Nicknames::built_in();
    assert!(nicknames.related("WILLIAM", "BILL") && nicknames.related("BILL", "WILL"));
    assert!(nicknames.related("JOSE", "PEPE"), "as normal forms have José");
    assert!(!nicknames.related("BILL", "ZOË") && !nicknames.related("GIVEN", "NICKNAME"));
}

#[test]
fn dates_and_numbers_have_levels_for_the_usual_slips() {
    let kind = || ComparisonKind::Date { field: Field::DateOfBirth.into() };
    for (y, level) in [
        ("1984-05-03", "same"),
        ("1984-03-05", "day and month exchanged"),
        ("1984-05-04", "one digit off"),
        ("1948-05-03", "one digit off"),
        ("1984-05-28", "one part differs"),
        ("1984-11-28", "same year"),
        ("1971-11-28", "differs"),
        ("1984-05-53", "one digit off"),
        ("1984-05-79", "one part differs"),
        ("1984-05-??", "one part differs"),
        ("????-05-03", "one part differs"),
        ("1984-??-??", "same year"),
        ("1984-06-??", "same year"),
        ("1983-05-??", "differs"),
        ("????-06-03", "differs"),
        ("????-05-??", "missing"),
        ("MAI 1984", "missing"),
        ("", "missing"),
    ] {
        assert_eq!(label(kind(), "1984-05-03", y), level, "{y}");
    }
    assert_eq!(label(kind(), "1984-??-??", "1984-??-??"), "same year", "one text is not one day");
    assert_eq!(label(kind(), "MAI ŌE", "MAI ŌE"), "missing");
    assert_eq!(label(kind(), "1984 05 03", "19840503"), "same", "dates in a field of any other name");
    let kind = || ComparisonKind::Number { field: Field::Number.into() };
    for (y, level) in [
        ("900123456", "same"),
        ("900123465", "one digit off"),
        ("900123556", "one digit off"),
        ("900132465", "two digits off"),
        ("911003456", "same last 4"),
        ("3456", "same last 4"),
        ("123", "differs"),
    ] {
        assert_eq!(label(kind(), "900123456", y), level, "{y}");
    }
}

#[test]
fn cuts_may_be_given_in_any_order() {
    let jaro = || ComparisonKind::JaroWinkler { field: Field::City.into(), cuts: vec![0.92, 0.8] };
    assert_eq!(jaro().labels(), ["differs", "similar 0.80", "similar 0.92", "same"]);
    assert_eq!(label(jaro(), "ŁÓDŹ", "ŁÓDZ"), "similar 0.80");
    let edit = || ComparisonKind::Edit { field: Field::Zip.into(), cuts: vec![1, 2] };
    assert_eq!(edit().labels(), ["differs", "2 edits", "1 edits", "same"]);
    assert_eq!(label(edit(), "00123", "00132"), "1 edits");
    assert_eq!(label(edit(), "00123", "00145"), "2 edits");
    let prefix = || ComparisonKind::Prefix { field: Field::Surname.into(), lengths: vec![4, 1] };
    assert_eq!(label(prefix(), "ŌE", "ŌTANI"), "first 1 letters");
    assert_eq!(label(prefix(), "DE LA CRUZ", "DELAWARE"), "first 4 letters");
}

#[test]
fn every_measure_has_levels_of_its_own() {
    let surname = || FieldName(Field::Surname);
    for (kind, x, y, level) in [
        (ComparisonKind::Jaro { field: surname(), cuts: vec![0.9, 0.7] }, "MARTHA", "MARHTA", "similar 0.90"),
        (ComparisonKind::Jaro { field: surname(), cuts: vec![0.9, 0.7] }, "DIXON", "DICKSONX", "similar 0.70"),
        (ComparisonKind::Levenshtein { field: surname(), cuts: vec![1, 2] }, "ŁÓDŹ", "ŁDÓŹ", "2 edits"),
        (ComparisonKind::Damerau { field: surname(), cuts: vec![1, 2] }, "ŁÓDŹ", "ŁDÓŹ", "1 edits"),
        // Damerau may edit what it exchanged; optimal string alignment may not.
        (ComparisonKind::Damerau { field: surname(), cuts: vec![2, 3] }, "CA", "ABC", "2 edits"),
        (ComparisonKind::Edit { field: surname(), cuts: vec![2, 3] }, "CA", "ABC", "3 edits"),
        (ComparisonKind::Jaccard { field: surname(), cuts: vec![0.5], q: 2 }, "NIGHT", "NACHT", "differs"),
        (ComparisonKind::Jaccard { field: surname(), cuts: vec![0.5], q: 2 }, "NUNEZ", "NUNES", "q-grams 0.50"),
        (ComparisonKind::Dice { field: surname(), cuts: vec![0.2], q: 2 }, "NIGHT", "NACHT", "q-grams 0.20"),
        (ComparisonKind::Words { field: surname(), cuts: vec![0.5] }, "NUNEZ IBANEZ", "IBANEZ NUNEZ", "same words"),
        (ComparisonKind::Words { field: surname(), cuts: vec![0.5, 1.0] }, "NUNEZ IBANEZ", "IBANES", "words 1.00"),
        (ComparisonKind::Words { field: surname(), cuts: vec![0.5, 1.0] }, "NUNEZ IBANEZ", "IBANEZ ŌE", "words 0.50"),
        (ComparisonKind::Words { field: surname(), cuts: vec![0.5] }, "NUNEZ", "ŌE", "differs"),
        (
            ComparisonKind::Phonetic {
                field: surname(),
                algorithms: vec![Algorithm::Soundex, Algorithm::DoubleMetaphone],
            },
            "SMITH",
            "SCHMIDT",
            "double_metaphone agrees",
        ),
        (
            ComparisonKind::Phonetic { field: surname(), algorithms: vec![Algorithm::Soundex] },
            "大江",
            "大川",
            "differs",
        ),
        (ComparisonKind::Numeric { field: surname(), within: vec![1.0, 5.0] }, "1984", "1985", "within 1"),
        (ComparisonKind::Numeric { field: surname(), within: vec![1.0, 5.0] }, "1984", "1989", "within 5"),
        (ComparisonKind::Numeric { field: surname(), within: vec![1.0, 5.0] }, "1984", "ZOË", "differs"),
        (ComparisonKind::Numeric { field: surname(), within: vec![1.0] }, "1984", "", "missing"),
    ] {
        assert_eq!(label(kind.clone(), x, y), level, "{kind:?} {x} {y}");
        assert_eq!(label(kind.clone(), "ŌE", "ŌE"), "same", "{kind:?}");
    }
}

#[test]
fn names_are_found_in_the_wrong_place_and_surnames_in_any_of_several() {
    let birth_name = || Field::from_name("birth_name");
    let fields = [Field::GivenName, Field::Surname, birth_name()];
    let comparisons = [
        Comparison::new(ComparisonKind::Names {}),
        Comparison::new(ComparisonKind::Surnames { fields: vec![Field::Surname.into(), birth_name().into()] }),
    ];
    let comparer = Comparer::new(&comparisons, &fields, &fields, &Nicknames::built_in());
    let level = |x: [&str; 3], y: [&str; 3], which: usize| {
        let mut records = Records::new(&fields);
        records.push(RecordId(0), &x);
        records.push(RecordId(1), &y);
        let evidence = comparer.compare(&records, 0, &records, 1);
        assert_eq!(evidence, comparer.compare(&records, 1, &records, 0));
        evidence.named(&comparisons).swap_remove(which).1
    };
    for (x, y, names, surnames) in [
        (["ZOË", "NUNEZ", ""], ["ZOË", "NUNEZ", "ŌE"], "same", "same"),
        (["LI", "WEI", ""], ["WEI", "LI", ""], "exchanged", "differs"),
        (["BILL", "NUNEZ", ""], ["WILLIAM", "NUNES", ""], "both similar", "similar 0.92"),
        (["ANA", "NUNEZ", "ŌTANI"], ["ANA", "ŌTANI", ""], "one agrees", "same"),
        (["ANA", "NUNEZ IBANEZ", ""], ["EVE", "ŌTANI", "IBANEZ"], "differs", "one name shared"),
        (["ANA", "", ""], ["ANA", "ŌTANI", ""], "missing", "missing"),
    ] {
        assert_eq!(level(x, y, 0), names, "{x:?} {y:?}");
        assert_eq!(level(x, y, 1), surnames, "{x:?} {y:?}");
    }
}

#[test]
fn comparisons_are_read_from_toml_and_written_back() {
    #[derive(Serialize, Deserialize)]
    struct File {
        comparison: Vec<Comparison>,
    }
    let text = r#"
        [[comparison]]
        kind = "surname"
        field = "surname"
        [[comparison]]
        name = "name control"
        kind = "prefix"
        field = "surname"
        lengths = [4]
        [[comparison]]
        kind = "address"
    "#;
    let file: File = toml::from_str(text).unwrap();
    assert_eq!(file.comparison[0].name, "surname");
    assert_eq!(file.comparison[1].labels(), ["differs", "first 4 letters", "same"]);
    assert_eq!(file.comparison[2].name, "address");
    let again: File = toml::from_str(&toml::to_string(&file).unwrap()).unwrap();
    assert_eq!(again.comparison, file.comparison);
    let wrong = toml::from_str::<File>("[[comparison]]\nkind = \"soundslike\"\nfield = \"surname\"");
    assert!(wrong.err().unwrap().to_string().contains("jaro_winkler"));
}
