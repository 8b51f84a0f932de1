//! Custom comparisons: [`CustomComparison`].

use super::FieldName;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// A comparison that is not built in: somebody's own measure of how alike two values are.
///
/// It is given to whoever reads the scenario or spec, in [`Extensions`](crate::linkage::Extensions), and named there:
///
/// ```
/// use namesake::linkage::Extensions;
/// use namesake::linkage::comparison::CustomComparison;
///
/// /// Two words agree if their consonants do: ALVAREZ and ALVEREZ.
/// #[derive(Debug)]
/// struct Consonants;
///
/// impl CustomComparison for Consonants {
///     fn labels(&self) -> Vec<String> {
///         ["differs", "same consonants", "same"].map(String::from).to_vec()
///     }
///
///     fn level(&self, a: &[&str], b: &[&str]) -> Option<u8> {
///         let (&[a], &[b]) = (a, b) else { return None };
///         if a.is_empty() || b.is_empty() {
///             return None;
///         }
///         let consonants = |text: &str| text.replace(['A', 'E', 'I', 'O', 'U'], "");
///         Some(if a == b { 2 } else { u8::from(consonants(a) == consonants(b)) })
///     }
/// }
///
/// let mut extensions = Extensions::new();
/// extensions.add_comparison("consonants", Consonants);
///
/// // In a route's model it stands like any other, and rules name its levels.
/// let model = r#"
///     rule = [{ name = "alike", strength = 1, all = ["surname: same consonants"] }]
///     comparison = [{ name = "surname", kind = "custom", use = "consonants", fields = ["surname"] }]
/// "#;
/// let mut model: namesake::linkage::ModelSettings = toml::from_str(model)?;
/// extensions.attach(&mut Default::default(), &mut model)?;
/// assert_eq!(model.comparison[0].labels()[1], "same consonants");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The level must depend on the values alone: results are the same on any number of threads only if it does.
pub trait CustomComparison: fmt::Debug + Send + Sync {
    /// The labels of the levels, from disagreement up; at least two.
    fn labels(&self) -> Vec<String>;

    /// The level that two records reach, given the normal forms of the fields in the order in which the comparison names
    /// them. A missing value is empty. `None` where the values allow no comparison, as where one of them is missing.
    fn level(&self, a: &[&str], b: &[&str]) -> Option<u8>;
}

/// A custom comparison as TOML names it, with its code once [`Extensions`](crate::linkage::Extensions) gave it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Custom {
    /// The name under which the code was given.
    #[serde(rename = "use")]
    pub uses: String,
    /// The fields compared, one to three.
    pub fields: Vec<FieldName>,
    #[serde(skip)]
    code: Option<Code>,
}

#[derive(Clone, Debug)]
struct Code {
    comparison: Arc<dyn CustomComparison>,
    labels: Vec<String>,
}

/// The code has no say: one name means one comparison.
impl PartialEq for Custom {
    fn eq(&self, other: &Custom) -> bool {
        (&self.uses, &self.fields) == (&other.uses, &other.fields)
    }
}

impl Custom {
    /// Gives it its code.
    pub fn attach(&mut self, comparison: &Arc<dyn CustomComparison>) {
        self.code = Some(Code { labels: comparison.labels(), comparison: Arc::clone(comparison) });
    }

    pub(super) fn labels(&self) -> Vec<String> {
        self.code.as_ref().map_or(Vec::new(), |code| code.labels.clone())
    }

    pub(super) fn complaint(&self, name: &str) -> Option<String> {
        let Some(code) = &self.code else {
            return Some(format!(
                "{name:?} uses {:?}, a custom comparison that the program reading this does not have",
                self.uses
            ));
        };
        let (fields, levels) = (self.fields.len(), code.labels.len());
        if !(1..=3).contains(&fields) {
            return Some(format!("{name:?} names {fields} fields; write one to three"));
        }
        let problem = || format!("{name:?} uses {:?}, which has {levels} levels; there must be 2 to 254", self.uses);
        (!(2..=254).contains(&levels)).then(problem)
    }

    /// The level of two records.
    ///
    /// # Panics
    /// If the code gives a level for which it has no label: that is a mistake in the code.
    pub(super) fn level(&self, a: &[&str], b: &[&str]) -> Option<u8> {
        let code = self.code.as_ref()?;
        let level = code.comparison.level(a, b)?;
        assert!(usize::from(level) < code.labels.len(), "{}: level {level} has no label", self.uses);
        Some(level)
    }
}
