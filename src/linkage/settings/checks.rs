//! Checks of `[blocking]` and `[model]` that types cannot express.

use super::{BlockingSettings, Complaint, Driver, HIGHEST, MOST_STARTS, ModelKind, ModelSettings, OWN_COMPARISONS};
use crate::linkage::blocking::{BlockingRule, KeyForm};
use crate::linkage::comparison::{MAX_COMPARISONS, complaint_of_given};
use crate::linkage::decision::Score;
use crate::notice::suggestion;
use crate::record::Field;

impl BlockingSettings {
    /// Checks what types cannot say, for files with these fields.
    pub fn check(&self, fields: &[Field], driver: Driver) -> Result<(), Complaint> {
        const RULES: &str = "blocking.rules";
        for part in self.rules.iter().flat_map(|rule| &rule.parts) {
            check_field(RULES, &part.field, fields, driver)?;
            if matches!(part.form, KeyForm::Year | KeyForm::MonthDay) && part.field.recorded().is_some() {
                let problem = format!("{part} takes a part of a date as recorded, which is a text");
                return Err(Complaint::new(RULES, problem, "leave out \"as recorded\""));
            }
            if matches!(part.form, KeyForm::Year | KeyForm::MonthDay) && part.field.column() != Field::DateOfBirth {
                let problem = format!("{part} takes a part that only date_of_birth has");
                let remedy = format!("take it of date_of_birth, or write {0} or {0}:4", part.field.name());
                return Err(Complaint::new(RULES, problem, remedy));
            }
        }
        for (place, rule) in self.rules.iter().enumerate() {
            let parts = |rule: &BlockingRule| {
                let mut parts: Vec<String> = rule.parts.iter().map(ToString::to_string).collect();
                parts.sort_unstable();
                parts
            };
            let own = parts(rule);
            if own.windows(2).any(|two| two[0] == two[1]) {
                return Err(Complaint::new(RULES, format!("\"{rule}\" has one part twice"), "write each part once"));
            }
            if self.rules[..place].iter().any(|other| parts(other) == own) {
                return Err(Complaint::new(RULES, format!("\"{rule}\" is listed twice"), "leave one of them out"));
            }
            let digits = |field: &Field| {
                matches!(field, Field::Number | Field::Zip | Field::HouseNumber) || field.is_date() || field.is_phone()
            };
            if let Some(part) =
                rule.parts.iter().find(|part| matches!(part.form, KeyForm::Phonetic(_)) && digits(&part.field.column()))
            {
                let problem = format!("{part} is a phonetic code of digits, which is the same for all");
                let remedy = format!("write {0}, or the first so many digits such as {0}:3", part.field.name());
                return Err(Complaint::new(RULES, problem, remedy));
            }
        }
        if self.rules.len() > 255 {
            return Err(Complaint::new(RULES, format!("{} rules", self.rules.len()), "write at most 255"));
        }
        let guards = [("max_pairs_per_key", self.max_pairs_per_key), ("max_pairs_per_rule", self.max_pairs_per_rule)];
        match (driver, guards.iter().find(|(_, guard)| guard.is_some())) {
            (Driver::Stream, _) if self.rules.is_empty() => {
                Err(Complaint::new(RULES, "a route needs a blocking rule", "write at least one, such as [\"number\"]"))
            }
            (Driver::Stream, Some((key, _))) => {
                let problem = "it guards the pairs of two whole files; a route leaves out keys that more than 5,000 \
                               requests share";
                Err(Complaint::new(&format!("blocking.{key}"), problem, "leave it out"))
            }
            _ => Ok(()),
        }
    }
}

impl ModelSettings {
    /// Checks what types cannot say, for files with these fields.
    pub fn check(&self, fields: &[Field], driver: Driver) -> Result<(), Complaint> {
        self.check_driver(driver)?;
        self.check_comparisons(fields, driver)?;
        self.check_numbers(driver)?;
        self.check_use()?;
        self.plan().map(|_| ())
    }

    /// Refuses keys that a driver does not use.
    fn check_driver(&self, driver: Driver) -> Result<(), Complaint> {
        if driver == Driver::Batch {
            return Ok(());
        }
        let terms = "write agreement.answers, and agreement.margin for a margin: the terms say who is handed over";
        let refused = [
            ("assignment", self.assignment.is_some(), terms),
            ("margin", self.margin.is_some(), terms),
            ("floor", self.floor.is_some(), terms),
            (
                "train_share",
                self.train_share.is_some(),
                "leave it out: the labels come from a country made with other seeds, and every request is counted",
            ),
            ("starts", self.starts.is_some(), "leave it out, or export the files and give them to link"),
        ];
        match refused.into_iter().find(|(_, stated, _)| *stated) {
            Some((key, _, remedy)) => {
                Err(Complaint::new(&format!("model.{key}"), "this key is for two whole files, not for a route", remedy))
            }
            None => Ok(()),
        }
    }

    fn check_comparisons(&self, fields: &[Field], driver: Driver) -> Result<(), Complaint> {
        const KEY: &str = "model.comparison";
        let comparisons = self.comparisons();
        if comparisons.is_empty() || comparisons.len() > MAX_COMPARISONS {
            let problem = format!("{} comparisons", comparisons.len());
            return Err(Complaint::new(KEY, problem, format!("write 1 to {MAX_COMPARISONS}")));
        }
        for (i, comparison) in comparisons.iter().enumerate() {
            for field in comparison.kind.fields() {
                check_field(KEY, field, fields, driver)?;
            }
            if let Some(complaint) = comparison.complaint() {
                return Err(Complaint::new(KEY, complaint, "change it"));
            }
            if comparisons[..i].iter().any(|other| other.name == comparison.name) {
                let problem = format!("two comparisons are called {:?}", comparison.name);
                return Err(Complaint::new(KEY, problem, "give one of them another name"));
            }
        }
        if let Some(complaint) = complaint_of_given(comparisons) {
            return Err(Complaint::new(KEY, complaint, "name another comparison in given, or leave it out"));
        }
        let weighs = self.saved.is_some() || !matches!(self.kind(), ModelKind::Rules | ModelKind::Weights);
        match comparisons.iter().find(|comparison| comparison.given.is_some() && !weighs) {
            Some(comparison) => {
                let problem = format!("{:?} has given, which only match weights have a use for", comparison.name);
                Err(Complaint::new(KEY, problem, "leave it out"))
            }
            None => Ok(()),
        }
    }

    fn check_numbers(&self, driver: Driver) -> Result<(), Complaint> {
        for (key, number) in [("threshold", self.threshold), ("margin", self.margin), ("floor", self.floor)] {
            let problem = match number {
                Some(number) if !number.is_finite() => format!("{number} is not a finite number"),
                // The digits of 1e308 fill a screen.
                Some(number) if number.abs() > 1e15 => format!("{number:e} is further from 0 than any score"),
                Some(number) if number.abs() > HIGHEST => format!("{number} is further from 0 than any score"),
                _ => continue,
            };
            let remedy = format!("write a number between -{HIGHEST} and {HIGHEST}, such as 3.5");
            return Err(Complaint::new(&format!("model.{key}"), problem, remedy));
        }
        let rules = self.kind() == ModelKind::Rules && self.saved.is_none();
        // Scores are thousandths: what rounds to 0 is 0.
        if driver == Driver::Stream && rules && self.threshold().is_some_and(|threshold| threshold <= Score(0)) {
            let problem = "0 is the score when no rule holds";
            return Err(Complaint::new("model.threshold", problem, "write at least 0.001"));
        }
        if self.margin.is_some_and(|margin| margin < 0.0) {
            return Err(Complaint::new("model.margin", "a margin must not be negative", "write 0 or more"));
        }
        if self.starts.is_some_and(|starts| starts > MOST_STARTS) {
            let problem = format!("{} starts are too many", self.starts.unwrap_or(0));
            return Err(Complaint::new("model.starts", problem, format!("write at most {MOST_STARTS}")));
        }
        Ok(())
    }

    /// Refuses keys that the kind of model does not use, and requires those that it needs.
    fn check_use(&self) -> Result<(), Complaint> {
        let (kind, loaded) = (self.kind(), self.load.is_some() || self.saved.is_some());
        let (rules, weights) = (!self.rule.is_empty(), !self.weight.is_empty());
        let says = match (kind, rules, weights, self.uses.is_some()) {
            (ModelKind::Rules, false, ..) if !loaded => {
                Some(("model", "a rule set needs rules", "add at least one [[model.rule]]"))
            }
            (ModelKind::Weights, _, false, _) if !loaded => {
                Some(("model", "a score card needs points", "add at least one [[model.weight]]"))
            }
            (ModelKind::Custom, .., false) => Some(("model", "a custom model needs its name", "write use = \"NAME\"")),
            (kind, true, ..) if kind != ModelKind::Rules => {
                Some(("model.rule", "rules do not decide in this model", "leave them out, or write kind = \"rules\""))
            }
            (kind, _, true, _) if kind != ModelKind::Weights => {
                Some(("model.weight", "this model gives no points", "leave them out, or write kind = \"weights\""))
            }
            (kind, .., true) if kind != ModelKind::Custom => {
                Some(("model.use", "only a custom model has a name", "write kind = \"custom\""))
            }
            _ => None,
        };
        if let Some((key, problem, remedy)) = says {
            return Err(Complaint::new(key, problem, remedy));
        }
        if self.saved.is_some() {
            let stated = [("comparison", !self.comparison.is_empty()), ("rule", rules), ("weight", weights)];
            if let Some((key, _)) = stated.into_iter().find(|(_, stated)| *stated) {
                return Err(Complaint::new(&format!("model.{key}"), OWN_COMPARISONS, "leave them out"));
            }
        }
        if let Some(rule) = self.rule.iter().find(|rule| rule.all.is_empty()) {
            let problem = format!("the rule {:?} has no condition and would match every pair", rule.name);
            return Err(Complaint::new(
                "model.rule",
                problem,
                "write all = [\"surname: same\"], or leave the rule out",
            ));
        }
        let named_before = |place: usize| self.rule[..place].iter().any(|other| other.name == self.rule[place].name);
        if let Some(place) = (1..self.rule.len()).find(|&place| named_before(place)) {
            let problem = format!("two rules are called {:?}", self.rule[place].name);
            return Err(Complaint::new("model.rule", problem, "give one of them another name"));
        }
        if let Some(rule) = self.rule.iter().find(|rule| rule.strength == 0) {
            let problem = format!("{:?} has strength 0, as if it did not hold", rule.name);
            return Err(Complaint::new("model.rule", problem, "write strength = 1 or more"));
        }
        // A key that would do nothing is a mistake.
        let learned = matches!(kind, ModelKind::Logistic | ModelKind::Boosted);
        let trained = learned || kind == ModelKind::FellegiSunter;
        for (key, stated, does) in [
            ("sessions", self.sessions.is_some(), trained && !loaded),
            ("starts", self.starts.is_some(), trained && !loaded),
            ("household_guard", self.household_guard.is_some(), trained && !loaded),
            ("term_frequencies", self.term_frequencies.is_some(), trained),
            ("train_share", self.train_share.is_some(), learned),
        ] {
            if stated && !does {
                let what = if trained && key != "train_share" {
                    "that is loaded".to_owned()
                } else {
                    format!("of kind {:?}", kind.name())
                };
                let problem = format!("this key has no effect on a model {what}");
                return Err(Complaint::new(&format!("model.{key}"), problem, "leave it out"));
            }
        }
        Ok(())
    }
}

fn check_field(key: &str, field: &Field, fields: &[Field], driver: Driver) -> Result<(), Complaint> {
    if fields.contains(&field.column()) {
        return Ok(());
    }
    let names: Vec<&str> = fields.iter().map(Field::name).collect();
    let problem = match driver {
        Driver::Stream => format!("\"{field}\" is a field of neither file"),
        Driver::Batch => format!("{field} is not among the [fields] of this spec"),
    };
    Err(Complaint::new(key, problem, suggestion(field.column().name(), &names)))
}
