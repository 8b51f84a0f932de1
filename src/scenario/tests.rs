//! Tests of `scenario`.

use super::*;

/// A case that answers many of its requests, so that a small run has something of everything.
const MUCH: &str = "tax-address-request-assumed";

pub(crate) fn scenario(sets: &[&str]) -> Scenario {
    let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
    Scenario::parse_with(built_in(MUCH).expect("it is built in"), MUCH, &sets).expect("the sets of a test are right")
}

fn error(text: &str, sets: &[&str]) -> String {
    let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
    Scenario::parse_with(text, "my.toml", &sets).expect_err("this scenario is wrong").to_string()
}

#[test]
fn every_built_in_scenario_is_read_and_written_the_same() {
    for (name, text) in BUILT_IN {
        let scenario = Scenario::parse(text, name).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(scenario.name, name);
        let again = Scenario::parse(&scenario.to_toml(), name).unwrap();
        assert_eq!(scenario, again);
        assert_eq!(scenario.to_toml(), again.to_toml());
        assert!(scenario.assumptions().len() > 30);
    }
}

#[test]
fn a_value_that_is_set_becomes_the_users_assumption() {
    let set = scenario(&["holder.errors.typing=0.5", "population.people=10k", "routes.address.model.threshold=2"]);
    assert_eq!(set.holder.errors.of("typing").unwrap().value.get(), 0.5);
    assert_eq!(set.holder.errors.of("typing").unwrap().basis, Basis::Assumed);
    assert_eq!(set.holder.errors.of("typing").unwrap().range.unwrap()[1], 0.5);
    assert_eq!(set.population.people, 10_000);
    assert_eq!(set.routes[1].threshold(), Score(2_000));
    let list = scenario(&["requester.fields=given_name,surname,street", "agreement.answers=unique"]);
    assert_eq!(list.requester.fields.len(), 3);
    assert_eq!(list.agreement.answers.value, AnswerRule::Unique);
    // A pair of attributes has a comma of its own; several pairs are written as in a file.
    assert_eq!(scenario(&["by=group,sex"]).by, [By::parse("group,sex").unwrap()]);
    assert_eq!(scenario(&["by=[\"group,sex\", \"age,sex\"]"]).by.len(), 2);
}

#[test]
fn a_base_lends_what_a_file_does_not_say() {
    let text =
        "base = \"tax-address-request\"\nname = \"mine\"\n[holder.errors]\ntyping = 0.2\n[population]\npeople = 5000\n";
    let mine = Scenario::parse(text, "mine.toml").unwrap();
    assert_eq!((mine.name.as_str(), mine.population.people), ("mine", 5_000));
    assert_eq!(mine.holder.errors.of("typing").unwrap().value.get(), 0.2);
    let missing = |of: &Scenario| of.holder.errors.of("missing").unwrap().clone();
    assert_eq!(missing(&mine), missing(&scenario(&[])));
    // A base may have one itself: most documented cases do.
    let case = "base = \"benefit-delivered\"\nname = \"mine\"\n[requester]\nrequests = 7\n";
    let (mine, base) = (Scenario::parse(case, "mine.toml").unwrap(), built_in("benefit-delivered").unwrap());
    let base = Scenario::parse(base, "benefit-delivered").unwrap();
    assert_eq!((mine.requester.requests, &mine.routes, &mine.holder), (7, &base.routes, &base.holder));
    assert!(error("base = \"tax-adress-request\"", &[]).contains("did you mean \"tax-address-request\""));
    assert!(error("base = \"tax-address-request\"\n[holder]\nagee = 3", &[]).contains("agee"));
}

#[test]
fn wrong_keys_and_values_are_refused_with_what_to_write() {
    let built_in = BUILT_IN[0].1;
    for (set, hint) in [
        ("holder.errors.typng=0.1", "did you mean \"typing\""),
        ("holdr.errors.typing=0.1", "did you mean \"holder\""),
        ("holder.errors.typing=-1", "not between 0 and 1"),
        ("holder.errors.typing=much", "not a number"),
        ("holder.errors=3", "is a section"),
        // A key that is not whole is told in whole, also where a section may have it.
        ("number_given=0.5", "write holder.number_given=VALUE or requester.number_given=VALUE"),
        ("typing=0", "write holder.errors.typing=VALUE or requester.errors.typing=VALUE"),
        (
            "errors.typing=0",
            "no key \"errors.typing\"; write holder.errors.typing=VALUE or requester.errors.typing=VALUE",
        ),
        ("requester.typing=0", "write requester.errors.typing=VALUE"),
        ("on_file=0.5", "write requester.on_file=VALUE"),
        ("routes.number.threshold=2", "write routes.number.model.threshold=VALUE"),
        ("people=5", "write population.people=VALUE, or --people N"),
        ("value=5", "no key \"value\"; "),
        ("routes.adress.model.threshold=1", "there are number, address"),
        ("routes.address=1", "is a section"),
        ("population.people=0", "at least one person"),
        ("population.people=ten", "not a whole number"),
        ("agreement.answers=some", "agreement.answers: unknown word `some`"),
        ("population.groups.white=0.9", "sum to"),
        ("requester.fields=surnam", "did you mean \"surname\""),
        ("nonsense", "KEY=VALUE"),
        ("by=grup,sex", "did you mean \"group\""),
        ("routes.number.blocking.rules=[\"surnam\"]", "did you mean \"surname\"?"),
        ("agreement.must_compare=nam", "did you mean \"name\""),
        ("routes.number.model.threshold=0.0001", "at least 0.001"),
        ("holder.old_address_years=1000000", "from 1 to 100"),
        ("name=x/../../y", "a folder is named after it"),
        ("holder.fields=[]", "at least one field"),
    ] {
        let message = error(built_in, &[set]);
        assert!(message.contains(hint), "{set}: {message}");
    }
    let line = error(&built_in.replace("like = \"tax-holder\"", "like = \"tax-holder\"\ntitel = \"An agency\""), &[]);
    assert!(line.contains("did you mean \"title\"") && line.contains("line "), "{line}");
    assert!(error("", &[]).contains("missing key"));
    assert!(error("name = ", &[]).contains("line 1"));
}

#[test]
fn counts_are_read_as_people_write_them() {
    for (text, count) in [("1e6", 1_000_000), ("1_000_000", 1_000_000), ("1M", 1_000_000), ("2.5k", 2_500), ("7", 7)] {
        assert_eq!(parse_count(text), Ok(count), "{text}");
    }
    for text in ["", "-1", "1.5", "M", "1e-3", "ten", "inf", "NaN", "٣"] {
        assert!(parse_count(text).is_err_and(|why| why.starts_with("not a whole number")), "{text}");
    }
    for text in ["1e400", "1e30", "18446744073709551616", "9e9G"] {
        assert_eq!(parse_count(text), Err("too large a number"), "{text}");
    }
}
