//! The tables `[blocking]` and `[model]` of a spec, read as a [`LinkSpec`].

use crate::bridge::{BridgeError, ColumnPair, Spec, check_keys};
use crate::linkage::batch::LinkSpec;
use crate::linkage::{BlockingSettings, Complaint, Driver, Extensions, ModelSettings};
use crate::notice::{Code, Notice, suggestion};
use crate::record::Field;
use serde::de::DeserializeOwned;
use toml::Table;

impl LinkSpec {
    /// The `[blocking]` and `[model]` of a spec, and defaults where they say nothing; see [`BlockingSettings`] and
    /// [`ModelSettings`]. For tests; a program may have extensions: [`LinkSpec::extended`].
    pub fn from_spec(spec: &Spec) -> Result<LinkSpec, BridgeError> {
        LinkSpec::extended(spec, &Extensions::new())
    }

    /// The same with custom comparisons and models, and saved models, which the spec names.
    pub fn extended(spec: &Spec, extensions: &Extensions) -> Result<LinkSpec, BridgeError> {
        let fields: Vec<Field> = spec.fields.iter().map(|(field, _)| field.clone()).collect();
        let file = spec.name.as_str();
        let mut blocking: BlockingSettings =
            section(file, "blocking", spec.blocking.as_ref(), &BlockingSettings::KEYS)?;
        let mut model: ModelSettings = section(file, "model", spec.model.as_ref(), &ModelSettings::KEYS)?;
        if blocking.rules.is_empty() && spec.blocking.as_ref().is_some_and(|table| table.contains_key("rules")) {
            let error = BridgeError::new(file, "there must be from 1 to 255 rules", "or leave the key out");
            return Err(error.about("blocking.rules"));
        }
        let stated = !model.comparison.is_empty() || model.load.is_some() || model.saved.is_some();
        let wrong =
            |complaint: Complaint| BridgeError::new(file, complaint.problem, complaint.remedy).about(complaint.key);
        extensions.attach(&mut blocking, &mut model).map_err(wrong)?;
        model.complete(&fields);
        blocking.check(&fields, Driver::Batch).map_err(wrong)?;
        model.check(&fields, Driver::Batch).map_err(wrong)?;
        let notes = model.notes.iter().map(|note| Notice::new(Code::ModelIncomplete, note.clone()));
        let notices = notes.chain(as_text(&fields).filter(|_| !stated)).chain(columns(spec)).collect();
        Ok(LinkSpec { notices, ..LinkSpec::of(&fields, blocking, &model).map_err(wrong)? })
    }
}

/// A section of a spec. An error names the key that is to blame.
fn section<S: DeserializeOwned + Default>(
    file: &str,
    name: &str,
    table: Option<&Table>,
    keys: &[&str],
) -> Result<S, BridgeError> {
    let Some(table) = table else { return Ok(S::default()) };
    check_keys(file, name, table, keys)?;
    for (key, value) in table {
        let alone = Table::from_iter([(key.clone(), value.clone())]);
        if let Err(error) = alone.try_into::<S>() {
            let (problem, remedy) = plain(error.message().trim());
            return Err(BridgeError::new(file, problem, remedy).about(format!("{name}.{key}")));
        }
    }
    table.clone().try_into().map_err(|error| BridgeError::new(file, error.message().trim(), "").about(name))
}

/// "unknown variant `x`, expected one of `y`, `z`" as what is wrong and what to write instead.
fn plain(message: &str) -> (String, String) {
    let quoted = |text: &str| text.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    // Only a strength is such a number.
    if let Some((wrong, _)) = message.split_once(", expected u16") {
        let problem = format!("a strength is a whole number, and this is none: {}", quoted(wrong).join(""));
        return (problem, "write strength = 1, or another whole number up to 65535".to_owned());
    }
    match message.strip_prefix("unknown variant").and_then(|rest| rest.split_once(", expected")) {
        Some((wrong, known)) => {
            let (wrong, known) = (quoted(wrong).join(""), quoted(known));
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            (format!("there is no {wrong:?}"), suggestion(&wrong, &known))
        }
        None => (message.to_owned(), String::new()),
    }
}

/// Notices about fields whose column is that of another field, or that of the ids.
fn columns(spec: &Spec) -> Vec<Notice> {
    let of = |(field, columns): &(Field, ColumnPair)| {
        let mut before = spec.fields.iter().take_while(|(other, _)| other != field);
        let shares = |other: &ColumnPair| other.a == columns.a || other.b == columns.b;
        let problem = if shares(&spec.id) {
            "compares the column of ids, which is the same only where both files have one number for a person"
                .to_owned()
        } else {
            let (other, _) = before.find(|(_, other)| shares(other))?;
            format!("compares a column that {other} compares too, so that one agreement counts twice")
        };
        let sentence = format!("The field {field} {problem}. If that is not meant, leave it out of [fields].");
        Some(Notice::new(Code::ColumnTwice, sentence))
    };
    spec.fields.iter().filter_map(of).collect()
}

/// The notice about fields of which nothing tells what they hold.
fn as_text(fields: &[Field]) -> Option<Notice> {
    let unknown =
        |field: &&Field| matches!(field, Field::Other(_)) && !field.is_phone() && !field.is_email() && !field.is_date();
    let names: Vec<&str> = fields.iter().filter(unknown).map(Field::name).collect();
    (!names.is_empty()).then(|| {
        let sentence = format!(
            "None of the names that Namesake knows: {}. What {} is compared as text. If it is a name, a date, a part of an \
             address or a number, call it as docs/link.md does.",
            names.join(", "),
            if names.len() == 1 { "this field holds" } else { "these fields hold" }
        );
        Notice::new(Code::FieldAsText, sentence).counting(names.len() as u64)
    })
}
