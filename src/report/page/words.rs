//! The words of the page: those of files and results, put as a person outside the field would put them.

use crate::agency::ErrorKind;
use crate::evaluation::{Fate, LostAt};
use crate::report::written::{capital, spoken};

/// A fate, the word for it, and what it says; in the order in which squares are laid.
pub const FATES: [(Fate, &str, &str); 7] = [
    (Fate::WrongOnly, "Somebody else returned", "and not the person sought"),
    (Fate::RightWithOthers, "The person sought, and somebody else", "both were returned"),
    (Fate::RightAlone, "The person sought, alone", "nobody else was returned"),
    (Fate::NotReturned, "On file, not returned", "nobody was returned"),
    (Fate::CorrectlyNobody, "Nobody, correctly", "the person is not on the file"),
    (Fate::Withheld, "Withheld", "records answered, and the terms held them back"),
    (Fate::Refused, "Request refused", "something it must contain was missing"),
];

/// The meaning of losing a person at a stage.
pub fn lost_at(stage: LostAt) -> (&'static str, &'static str) {
    match stage {
        LostAt::Refused => ("The request was refused", "Something that it must contain was missing or did not pass."),
        LostAt::Blocking => {
            ("Never looked at", "The first, quick search had nothing in common with the record to find it by.")
        }
        LostAt::Score => ("Looked at, not alike enough", "The record was compared, and stayed below the threshold."),
        LostAt::OutRanked => ("Another record came first", "The terms hand over fewer records than answered."),
        LostAt::Withheld => ("Held back", "Records answered, and the terms did not allow any to be handed over."),
        LostAt::Review => ("Stopped in review", "Somebody looked at it and decided against it."),
    }
}

/// The place where a request was lost: a stage, or an answer that is not the right one alone.
pub fn loss(place: &str) -> String {
    match place {
        "right_with_others" => "Somebody else as well".into(),
        "answered_though_absent" => "Somebody, though not on file".into(),
        stage => LostAt::from_name(stage).map_or_else(|| label(stage), |stage| lost_at(stage).0.into()),
    }
}

/// The name of a cause and its explanation.
pub fn cause(name: &str) -> (String, &'static str) {
    match name {
        "check_not_made" => (
            "A required check was not made".into(),
            "The terms ask for a comparison that the route leaves out. Made, it would have told the two apart.",
        ),
        "relative_of_similar_name" => (
            "Relative of a similar name".into(),
            "The two are of one household. The rule takes their names for one; the whole name would have told them apart.",
        ),
        "name_compared_loosely" => (
            "Name compared loosely".into(),
            "The rule takes two different names for one. The whole name would have told the two apart.",
        ),
        "relative_of_same_name" => (
            "Relative of the same name".into(),
            "The two are of one household and share the whole name, as far as both files hold it. No error and no rule tried here makes the difference.",
        ),
        "later_occupant" => (
            "Later occupant of the same name".into(),
            "Somebody of that name lives where the person sought used to live. No error and no rule tried here makes the difference.",
        ),
        "namesake" => (
            "Namesake".into(),
            "Another person has the same whole name, as far as both files hold it. No error and no rule tried here makes the difference.",
        ),
        name => (label(name), ErrorKind::from_name(name).map_or("", ErrorKind::story)),
    }
}

/// A heading for an attribute, or for two at once, and one sentence about what it divides people by.
pub fn attribute(name: &str) -> (String, &'static str) {
    if let Some((first, second)) = name.split_once(',') {
        let title = format!("{} and {}", attribute(first).0, attribute(second).0.to_lowercase());
        return (title, "Both at once, where anybody is on file or sought.");
    }
    match name {
        "group" => (
            "Census category".into(),
            "The categories of the 2010 census, as published. They are of the invented people, not read off a name.",
        ),
        "status" => (
            "Citizenship or immigration status".into(),
            "As it is in truth, which a file may not know. Status is apart from whether a final order is on record.",
        ),
        "sex" => ("Sex".into(), "As it truly is in this country, female or male; a file may have it wrong."),
        "age" => ("Age".into(), "In years, on the day of the request."),
        "name_commonness" => {
            ("How common the name is".into(), "People in ten equal parts by how many others have their first surname.")
        }
        "name_form" => ("Form of the surname".into(), "Forms made for one surname do not fit every name."),
        "tradition" | "naming_tradition" => {
            ("Naming tradition".into(), "How names are built and passed on in the person’s family.")
        }
        name if name.contains("quality") => (label(name), "How many errors an agency’s files have about a person."),
        name => (label(name), ""),
    }
}

/// A value of an attribute, or of two at once.
pub fn value(name: &str) -> String {
    if let Some((first, second)) = name.split_once(',') {
        return format!("{}; {}", value(first), value(second).to_lowercase());
    }
    match name {
        "white" => "White, not Hispanic".into(),
        "black" => "Black, not Hispanic".into(),
        "hispanic" => "Hispanic, of any race".into(),
        "asian_pacific" => "Asian or Pacific Islander".into(),
        "native" => "American Indian or Alaska Native".into(),
        "two_or_more" => "Two or more races".into(),
        "citizen_by_birth" => "Citizen, by birth".into(),
        "naturalised" => "Citizen, naturalised".into(),
        "other_lawful" => "Other lawful status".into(),
        "pending" => "Application pending".into(),
        "none_recorded" => "No status recorded".into(),
        // The digits in front keep values in order where they are sorted as text: 01_most_common is 1, most common.
        other => match other.split_once('_') {
            Some((digits, rest)) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                format!("{}, {}", unpadded(digits), spoken(rest))
            }
            _ => label(unpadded(other)),
        },
    }
}

/// A number of two digits without the zero in front: 02 is 2, and 0-17 stays.
fn unpadded(text: &str) -> &str {
    text.strip_prefix('0').filter(|rest| rest.starts_with(|next: char| next.is_ascii_digit())).unwrap_or(text)
}

/// A word of a file as a heading.
pub fn label(name: &str) -> String {
    capital(&spoken(name))
}

/// Words that the page explains where they stand, and in its list at the end.
pub const GLOSSARY: [(&str, &str, &str); 14] = [
    (
        "bracket",
        "Bracket",
        "A 95 % interval. If the whole exchange were repeated with other luck, intervals made this way would contain \
         the model’s long-run share about 95 times in 100. It covers luck only: the assumptions are held fixed. Where no \
         case was seen it counts neighbourhoods, since neighbours may be returned together.",
    ),
    ("on-file", "On file", "The holder has a record about the person."),
    (
        "match",
        "Match",
        "A decision that two records go together. Whether they are the same person is the truth; the two are never one.",
    ),
    ("threshold", "Threshold", "The score from which a record counts as an answer. A higher one is stricter."),
    (
        "score",
        "Score",
        "How alike a rule or a model finds two records, as one number: the sum of the terms shown with it.",
    ),
    ("route", "Route", "One of the mutually exclusive ways in which the holder looks a request up."),
    ("fate", "Outcome", "What became of a request in the end. Every request has exactly one."),
    (
        "error",
        "Error",
        "Something that came between a person and a record: a typing slip, an old address, a form on which the name did not fit.",
    ),
    (
        "main-cause",
        "Main cause",
        "The first error, in a fixed order, whose removal ends a return in error; if it survives without any error, the first rule that would have ended it; if none would, who the two people are to each other.",
    ),
    (
        "alone",
        "Enough alone",
        "An error not made, or a rule that asks for more, with which alone, everything else unchanged, somebody else would not have been returned. A return may have several of them, or none.",
    ),
    ("joint", "Joint cause", "Several errors would each have been enough to prevent it, or none alone would."),
    (
        "status",
        "Status",
        "Citizenship or immigration status as it truly is. Whether a final order is on record is another matter.",
    ),
    (
        "too-few",
        "Too few to tell",
        "Fewer than 30 cases: the bracket is so wide that the figure should not be compared with another.",
    ),
    (
        "published",
        "Published, assumed",
        "A published value has a source. An assumed one has none that is known, and carries the range in which it may plausibly lie.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::Cause;

    #[test]
    fn every_fate_stage_and_cause_has_words_of_its_own() {
        for fate in Fate::ALL {
            assert_eq!(FATES.iter().filter(|(known, ..)| *known == fate).count(), 1, "{}", fate.name());
        }
        assert!(LostAt::ALL.iter().all(|stage| loss(stage.name()) == lost_at(*stage).0));
        for named in Cause::all() {
            let (title, story) = cause(named.name());
            assert!(!title.is_empty() && !story.is_empty(), "{}", named.name());
        }
        assert_eq!(label("été_à_deux"), "Été à deux");
        assert_eq!(["po_box", "wrong_zip_digit", "zip"].map(label), ["PO box", "Wrong ZIP digit", "ZIP"]);
        let values = ["01_most_common", "02", "10_rarest", "5_best", "0-17", "45-64", "none_recorded"].map(value);
        assert_eq!(values, ["1, most common", "2", "10, rarest", "5, best", "0-17", "45-64", "No status recorded"]);
    }
}
