//! Custom comparisons and models, and saved models: [`Extensions`].

use super::{BlockingSettings, Code, Complaint, ModelSettings, OWN_COMPARISONS};
use crate::linkage::comparison::{ComparisonKind, CustomComparison};
use crate::linkage::decision::CustomModel;
use crate::linkage::decision::saved::Saved;
use crate::linkage::splink;
use crate::notice::suggestion;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The names a scenario or spec may use beside those built in: custom comparisons and models, and files of saved
/// models.
#[derive(Clone, Default)]
pub struct Extensions {
    comparisons: BTreeMap<String, Arc<dyn CustomComparison>>,
    models: BTreeMap<String, Arc<dyn CustomModel>>,
    files: Option<Arc<ReadText>>,
}

/// Reads the text of a file by the name that `load` gives it, or says why it cannot.
type ReadText = dyn Fn(&str) -> Result<String, String> + Send + Sync;

/// They have no say in whether two scenarios are the same: one name means one thing.
impl PartialEq for Extensions {
    fn eq(&self, _: &Extensions) -> bool {
        true
    }
}

impl fmt::Debug for Extensions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extensions").field("comparisons", &self.comparisons).field("models", &self.models).finish()
    }
}

impl Extensions {
    /// Nothing but what is built in.
    pub fn new() -> Extensions {
        Extensions::default()
    }

    /// Adds a comparison: `{ kind = "custom", use = "NAME", fields = ["surname"] }` finds it.
    pub fn add_comparison(&mut self, name: &str, comparison: impl CustomComparison + 'static) {
        self.comparisons.insert(name.to_owned(), Arc::new(comparison));
    }

    /// Adds a decision model: `kind = "custom"` with `use = "NAME"` finds it.
    pub fn add_model(&mut self, name: &str, model: impl CustomModel + 'static) {
        self.models.insert(name.to_owned(), Arc::new(model));
    }

    /// Reads the files of saved models with `read`, which is given the name that stands under `load`.
    pub fn read_files_with(&mut self, read: impl Fn(&str) -> Result<String, String> + Send + Sync + 'static) {
        self.files = Some(Arc::new(read));
    }

    /// Puts the text of a saved model in the place of its name, and gives a model and its comparisons the code they name.
    ///
    /// A saved model may be TOML or JSON as `--save-model` writes it, or the settings of Splink; the blocking rules of
    /// Splink are taken where none are stated.
    pub fn attach(&self, blocking: &mut BlockingSettings, model: &mut ModelSettings) -> Result<(), Complaint> {
        if let Some(name) = model.load.take() {
            let Some(read) = &self.files else {
                let remedy = "write the model itself under [model.saved], or use the command line, which opens files";
                return Err(Complaint::new("model.load", format!("{name:?} cannot be opened here"), remedy));
            };
            let text = read(&name).map_err(|error| Complaint::new("model.load", error, ""))?;
            model.load_text(&name, &text, blocking)?;
        }
        let missing = |key: &str, what: &str, name: &str, known: Vec<&str>| {
            let remedy = if known.is_empty() {
                format!("give it to whoever reads this, with Extensions::add_{what}; the command line has none")
            } else {
                suggestion(name, &known)
            };
            Complaint::new(key, format!("there is no custom {what} called {name:?}"), remedy)
        };
        let saved = model.saved.iter_mut().flat_map(|saved| &mut saved.comparison);
        for comparison in model.comparison.iter_mut().chain(saved) {
            if let ComparisonKind::Custom(custom) = &mut comparison.kind {
                let Some(code) = self.comparisons.get(&custom.uses) else {
                    let known = self.comparisons.keys().map(String::as_str).collect();
                    return Err(missing("model.comparison", "comparison", &custom.uses, known));
                };
                custom.attach(code);
            }
        }
        if let Some(name) = &model.uses {
            let Some(code) = self.models.get(name) else {
                return Err(missing("model.use", "model", name, self.models.keys().map(String::as_str).collect()));
            };
            model.custom = Code(Some(Arc::clone(code)));
        }
        Ok(())
    }
}

impl ModelSettings {
    /// Takes in the text of a saved model.
    fn load_text(&mut self, name: &str, text: &str, blocking: &mut BlockingSettings) -> Result<(), Complaint> {
        let wrong = |problem: String| {
            let problem = format!("{name}: {problem}");
            Complaint::new("model.load", problem, "save a model with --save-model to see one")
        };
        let saved: Saved = if splink::is_settings(text) {
            let settings = splink::read(text).map_err(wrong)?;
            if let (Some(rules), true) = (settings.blocking, blocking.rules.is_empty()) {
                blocking.rules = rules;
            }
            self.notes.extend(settings.gaps.into_iter().map(|gap| format!("{name}: {gap}")));
            let Some(saved) = settings.model else {
                if !self.comparison.is_empty() {
                    return Err(Complaint::new("model.comparison", OWN_COMPARISONS, "leave them out"));
                }
                let note = "These settings have no probability: the model is trained on the two files.";
                self.notes.push(format!("{name}: {note}"));
                self.comparison = settings.comparisons;
                return Ok(());
            };
            saved
        } else if text.trim_start().starts_with('{') {
            serde_json::from_str(text).map_err(|error| wrong(format!("this is not a model ({error})")))?
        } else {
            toml::from_str(text).map_err(|error| wrong(format!("this is not a model ({})", error.message())))?
        };
        if let Some(complaint) = saved.complaint() {
            return Err(wrong(complaint));
        }
        self.saved = Some(Box::new(saved));
        Ok(())
    }
}
