//! Errors in a scenario that can be read.

use super::hints::hint_or_all;
use super::{Assumption, Basis, Inferred, ListOf, Scenario, THEMES, attributes, terms};
use crate::linkage::{Complaint, Driver};
use crate::record::Field;

/// The greatest share of people with a final order. Above it they would crowd each other in the country.
pub const MOST_WITH_FINAL_ORDER: f64 = 0.09375;

/// More people than there are.
const MOST_PEOPLE: u64 = 10_000_000_000;

impl Scenario {
    /// Checks the rules that types cannot express: sums, sizes, names that must agree.
    pub(super) fn check(&self) -> Result<(), String> {
        let fail = Err;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.name.is_empty() || self.name.len() > 80 || !self.name.chars().all(plain) {
            return fail("name: lower-case letters, digits and hyphens, since a folder is named after it".to_string());
        }
        if !THEMES.contains(&self.theme.as_str()) {
            return fail(format!("theme: there are {}", THEMES.join(", ")));
        }
        if let Some(of) = &self.version_of
            && let Err(error) = super::built_in(of)
        {
            return fail(format!("version_of: {error}"));
        }
        self.check_sources()?;
        if self.by.iter().enumerate().any(|(i, by)| self.by[..i].iter().any(|earlier| earlier.same_as(*by))) {
            return fail("by: the same two attributes twice".to_string());
        }
        let requester = &self.requester;
        let of_rolls = [
            ("least_age", requester.least_age.is_some()),
            ("coverage", requester.coverage.is_some()),
            ("coverage_by_group", requester.coverage_by_group.is_some()),
        ];
        if requester.on_file.is_some()
            && requester.on_file_with_number.is_some()
            && requester.on_file_without_number.is_some()
        {
            return fail(
                "requester.on_file: on_file_with_number and on_file_without_number are both there and take its place; set \
                 these"
                    .to_string(),
            );
        }
        let is_roll = matches!(requester.list.value, ListOf::Roll | ListOf::Movers);
        for (key, said) in of_rolls {
            if is_roll && !said {
                return fail(format!("requester.{key}: a roll needs it; like = \"voter-roll\" and others have it"));
            }
            if !is_roll && said {
                return fail(format!("requester.{key}: only a roll has it; leave it out, or set list = \"roll\""));
            }
        }
        for published in &self.published {
            for (attribute, value) in published.measure.groups() {
                let known = attributes();
                if !known.iter().any(|known| known.name == attribute && known.values.contains(&value)) {
                    let names = known.iter().map(|known| format!("{} ({})", known.name, known.values.join(", ")));
                    let names = names.collect::<Vec<_>>().join("; ");
                    return fail(format!(
                        "published: \"{}\": no {attribute}={value}; there are {names}",
                        published.figure
                    ));
                }
            }
            if !published.value.is_finite() {
                return fail(format!("published: \"{}\" needs a value", published.figure));
            }
        }
        self.check_targets()?;
        self.infer.check()?;
        self.inferred.as_ref().map_or(Ok(()), Inferred::check)?;
        for (key, years) in [
            ("requester.old_address_years", &self.requester.old_address_years),
            ("holder.old_address_years", &self.holder.old_address_years),
        ] {
            if !(1..=100).contains(&years.value) {
                return fail(format!("{key}: from 1 to 100 years"));
            }
        }
        if self.population.people == 0 {
            return fail("population.people: a country needs at least one person".to_string());
        }
        if self.population.people > MOST_PEOPLE {
            return fail("population.people: at most 10,000,000,000, more than there are people".to_string());
        }
        if self.requester.requests == 0 {
            return fail("requester.requests: at least one".to_string());
        }
        for (key, shares) in [
            ("population.groups", &self.population.groups.values()[..]),
            ("population.status_hispanic", &self.population.status_hispanic.values()),
            ("population.status_others", &self.population.status_others.values()),
            ("population.status_with_order", &self.population.status_with_order.values()),
            ("population.final_order_countries", &self.population.final_order_countries.values()),
        ] {
            let sum: f64 = shares.iter().sum();
            if (sum - 1.0).abs() > 1e-6 {
                return fail(format!("{key}: the shares sum to {sum}, not to 1"));
            }
        }
        if self.bank.added() > MOST_PEOPLE {
            return fail(format!(
                "bank: {} are to be added; at most 10,000,000,000, more than there are people",
                self.bank.added()
            ));
        }
        if self.population.final_order.value.get() > MOST_WITH_FINAL_ORDER {
            return fail(format!(
                "population.final_order: at most {MOST_WITH_FINAL_ORDER:.2}, since people with an order need places to live"
            ));
        }
        if self.population.final_order_further.value.get() > 0.9 {
            return fail(
                "population.final_order_further: at most 0.9, since families must fit into households".to_string(),
            );
        }
        if self.population.numbers_issued.value.get() <= 0.0 {
            return fail("population.numbers_issued: above 0, since everybody has a number".to_string());
        }
        let moves = &self.population;
        let moved = [&moves.moved_within_county, &moves.moved_within_state, &moves.moved_beyond];
        if moved.iter().map(|share| share.value.get()).sum::<f64>() > 0.3 {
            return fail("population.moved_…: together at most 0.3, since some dwellings change hands three times as often as the mean".to_string());
        }
        for (key, fields) in [("requester.fields", &self.requester.fields), ("holder.fields", &self.holder.fields)] {
            if fields.is_empty() {
                return fail(format!("{key}: at least one field"));
            }
            for (i, name) in fields.iter().enumerate() {
                let known = Field::NAMED;
                if !known.contains(&Field::from_name(name)) {
                    let known = hint_or_all(name, known.iter().map(Field::name));
                    return fail(format!("{key}: no field is called \"{name}\"{known}"));
                }
                if fields[..i].contains(name) {
                    return fail(format!("{key}: \"{name}\" is listed twice"));
                }
            }
        }
        self.agreement.check(&self.requester.fields, &self.holder.fields)?;
        for route in &self.routes {
            terms::words(&format!("routes.{}.compares", route.name), &route.compares)?;
        }
        if self.routes.is_empty() {
            return fail("routes: at least one".to_string());
        }
        for (i, route) in self.routes.iter().enumerate() {
            if self.routes[..i].iter().any(|earlier| earlier.name == route.name) {
                return fail(format!("routes.{}: two routes have this name", route.name));
            }
            // A list without numbers simply never takes the route that asks for one: a field of either file will do.
            let of_either = self.requester.fields.iter().chain(&self.holder.fields);
            let fields: Vec<Field> = of_either.map(|name| Field::from_name(name)).collect();
            let complaint = |complaint: Complaint| format!("routes.{}.{complaint}", route.name);
            route.blocking.check(&fields, Driver::Stream).map_err(complaint)?;
            route.model.check(&fields, Driver::Stream).map_err(complaint)?;
        }
        for assumption in self.assumptions() {
            let Assumption { key, basis, range, alternatives, source, value } = assumption;
            if basis == Basis::Published && source.trim().is_empty() {
                return fail(format!("{key}: published, but without a source"));
            }
            if basis == Basis::Assumed && range.is_none() && alternatives.is_empty() {
                return fail(format!("{key}: assumed, but without a plausible range (or alternatives)"));
            }
            if let Some([low, high]) = range
                && (low > high || low.is_nan() || high.is_nan())
            {
                return fail(format!("{key}: the range {low} to {high} runs backwards"));
            }
            if let (Some([low, high]), Some(value)) = (range, value.as_f64())
                && !(low <= value && value <= high)
            {
                return fail(format!("{key}: {value} lies outside its own range, {low} to {high}"));
            }
        }
        Ok(())
    }

    /// A figure that is a target is a share of counted cases, inside its range, under a name of its own.
    fn check_targets(&self) -> Result<(), String> {
        let targets = self.published.iter().filter_map(|published| Some((published, published.target.as_ref()?)));
        let mut names: Vec<&str> = Vec::new();
        for (published, target) in targets {
            let wrong = |what: &str| Err(format!("published: \"{}\": target: {what}", published.figure));
            let [low, high] = target.range;
            if !published.measure.is_share() {
                return wrong("only a share of counted cases can be one; leave target out");
            }
            if !(0.0 < low && low < high && high < 1.0 && (low..=high).contains(&published.value)) {
                return wrong("write range = [LOW, HIGH] above 0 and below 1, with the published value inside");
            }
            if target.because.trim().is_empty() {
                return wrong("write because = \"…\", the reason for the range");
            }
            if target.name.trim().is_empty() || target.name.contains(',') || names.contains(&target.name.as_str()) {
                return wrong("write name = \"…\", short, without a comma, and no other figure's");
            }
            names.push(&target.name);
        }
        Ok(())
    }

    /// Facts, views and figures name sources that there are; a view has one or is marked as having none.
    fn check_sources(&self) -> Result<(), String> {
        let known = |section: &str, text: &str, name: &String| {
            if self.sources.contains_key(name) {
                return Ok(());
            }
            let known = hint_or_all(name, self.sources.keys().map(String::as_str));
            let text: String = text.chars().take(60).collect();
            Err(format!("{section}: \"{text}\": [sources] has no \"{name}\"{known}"))
        };
        for (section, facts) in [("documented", &self.documented), ("outcome", &self.outcome)] {
            for fact in facts {
                if fact.sources.is_empty() {
                    return Err(format!("{section}: \"{}\" has no source; write sources = [\"NAME\"]", fact.text));
                }
                fact.sources.iter().try_for_each(|name| known(section, &fact.text, name))?;
            }
        }
        for view in &self.counter_views {
            if view.sources.is_empty() != view.no_source {
                return Err(format!(
                    "counter_views: \"{}\": write sources = [\"NAME\"], or no_source = true where none was found",
                    view.text
                ));
            }
            view.sources.iter().try_for_each(|name| known("counter_views", &view.text, name))?;
        }
        self.published.iter().try_for_each(|row| known("published", &row.figure, &row.source))
    }
}
