//! The namesake bank: the situations that confuse identity, each with a switch.

use super::document::parse_count;
use super::hints::did_you_mean;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

named! {
    /// A situation in which one person is easily taken for another.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum Situation {
        /// Two people born on one day, of one surname.
        Twins = "twins",
        /// Parent and child of one given name and surname.
        FatherAndSon = "father_and_son",
        /// Others of one given name and surname in one block, whose households are mostly kin.
        Cousins = "cousins",
        /// Others of the given name and surname of somebody sought, elsewhere in the country.
        Strangers = "strangers",
        /// An address where somebody else lives now.
        FormerAddress = "former_address",
        /// Given name and surname exchanged, or two surnames.
        OrderSwaps = "order_swaps",
        /// Only the first of two surnames.
        SecondSurnameDropped = "second_surname_dropped",
        /// The surname before marriage.
        MarriedNames = "married_names",
        /// A date of birth that stands for none, or for none but the year.
        DefaultBirthdays = "default_birthdays",
        /// A name or address that many share because it stands for none.
        SharedPlaceholders = "shared_placeholders",
        /// An identity number that is somebody else's.
        BorrowedNumbers = "borrowed_numbers",
    }
}

impl Situation {
    /// The names of the errors that make it, the one by which it is added first; none where it lies in who people are.
    pub fn errors(self) -> &'static [&'static str] {
        match self {
            Situation::Twins | Situation::FatherAndSon | Situation::Cousins | Situation::Strangers => &[],
            Situation::FormerAddress => &["old_address"],
            Situation::OrderSwaps => &["names_exchanged", "surnames_swapped"],
            Situation::SecondSurnameDropped => &["second_surname_dropped"],
            Situation::MarriedNames => &["maiden_name"],
            Situation::DefaultBirthdays => &["default_birthday", "placeholder_date"],
            Situation::SharedPlaceholders => &["placeholder_address", "placeholder_name", "institution_address"],
            Situation::BorrowedNumbers => &["borrowed_number", "number_of_relative"],
        }
    }
}

/// The amount of a situation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Switch {
    /// As the model has it.
    #[default]
    AsModelled,
    /// None of it, in the country or in either file.
    None,
    /// As the model has it, and so many more among those sought.
    Add(u64),
}

/// The switches of all situations. They are the user's question and describe no world, so they carry no basis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bank([Switch; Situation::ALL.len()]);

impl Bank {
    /// The switch of a situation.
    pub fn of(&self, situation: Situation) -> Switch {
        self.0[situation as usize]
    }

    /// The number to be added in all.
    pub(super) fn added(&self) -> u64 {
        let count = |switch: &Switch| if let Switch::Add(count) = switch { *count } else { 0 };
        self.0.iter().map(count).fold(0, u64::saturating_add)
    }

    /// Returns `true` if the situation that an error makes is switched off, by the name of the error.
    pub fn removes(&self, error: &str) -> bool {
        Situation::ALL.into_iter().any(|s| self.of(s) == Switch::None && s.errors().contains(&error))
    }
}

impl fmt::Display for Switch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Switch::AsModelled => f.write_str("as_modelled"),
            Switch::None => f.write_str("none"),
            Switch::Add(count) => count.fmt(f),
        }
    }
}

impl Serialize for Switch {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Switch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Switch, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Switch;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"as_modelled\", \"none\", or how many to add among those sought")
            }

            fn visit_i64<E: Error>(self, count: i64) -> Result<Switch, E> {
                u64::try_from(count).map(Switch::Add).map_err(|_| E::custom(format!("{count} is not a count")))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Switch, E> {
                match text {
                    "as_modelled" => Ok(Switch::AsModelled),
                    "none" => Ok(Switch::None),
                    _ => parse_count(text).map(Switch::Add).map_err(|_| {
                        let hint = did_you_mean(text, ["as_modelled", "none"].into_iter());
                        E::custom(format!(
                            "\"{text}\" is not a setting of the bank{hint}; write as_modelled, none, or how many to add"
                        ))
                    }),
                }
            }
        }
        deserializer.deserialize_any(Text)
    }
}

impl Serialize for Bank {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(Situation::ALL.into_iter().map(Situation::name).zip(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bank {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Bank, D::Error> {
        struct Switches;
        impl<'de> Visitor<'de> for Switches {
            type Value = Bank;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a switch for each situation")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Bank, A::Error> {
                let mut bank = Bank::default();
                while let Some(name) = map.next_key::<String>()? {
                    let found = Situation::from_name(&name);
                    let Some(situation) = found else {
                        let names = Situation::ALL.map(Situation::name);
                        let hint = did_you_mean(&name, names.into_iter());
                        let names = names.join(", ");
                        return Err(A::Error::custom(format!("the bank has no \"{name}\"{hint}; there are {names}")));
                    };
                    bank.0[situation as usize] = map.next_value()?;
                }
                Ok(bank)
            }
        }
        deserializer.deserialize_map(Switches)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::scenario;
    use super::super::{BUILT_IN, Scenario};
    use super::*;

    #[test]
    fn a_scenario_that_says_nothing_of_the_bank_has_all_as_modelled() {
        assert_eq!(scenario(&[]).bank, Bank::default());
        assert!(scenario(&[]).to_toml().contains("twins = \"as_modelled\""));
    }

    #[test]
    fn switches_are_set_by_word_or_count_and_written_as_they_are_read() {
        let set = scenario(&["bank.twins=none", "bank.strangers=20", "bank.borrowed_numbers=1k"]);
        assert_eq!(set.bank.of(Situation::Twins), Switch::None);
        assert_eq!(set.bank.of(Situation::Strangers), Switch::Add(20));
        assert_eq!(set.bank.of(Situation::BorrowedNumbers), Switch::Add(1000));
        assert_eq!(Scenario::parse(&set.to_toml(), "again").unwrap(), set);
        let file = "base = \"tax-address-request\"\n[bank]\ncousins = 3\ntwins = \"none\"\n";
        let again = Scenario::parse_with(file, "mine.toml", &["bank.cousins=none".to_string()]).unwrap();
        assert_eq!((again.bank.of(Situation::Cousins), again.bank.of(Situation::Twins)), (Switch::None, Switch::None));
    }

    #[test]
    fn a_wrong_switch_is_refused_with_what_to_write() {
        for (set, hint) in [
            ("bank.twin=none", "did you mean \"twins\""),
            ("bank.twins=non", "did you mean \"none\""),
            ("bank.twins=-3", "how many to add"),
        ] {
            let error = Scenario::parse_with(BUILT_IN[0].1, BUILT_IN[0].0, &[set.to_string()]).unwrap_err().to_string();
            assert!(error.contains(hint), "{error}");
        }
    }
}
