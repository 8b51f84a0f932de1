//! The tables `[blocking]` and `[model]` of a spec, read as a [`LinkSpec`].

use crate::bridge::{BridgeError, ColumnPair, Spec, check_keys};
use crate::linkage::batch::LinkSpec;
use crate::linkage::{BlockingSettings, Complaint, Driver, Extensions, ModelSettings};
use crate::notice::{Code, Notice, suggestion};
use crate::record::Field;
use serde::de::DeserializeOwned;
use toml::{Table, Value};

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
        // Each of several entries by itself, so that the error can say which.
        let entries = match value {
            Value::Array(entries) if entries.len() > 1 && entries.iter().all(Value::is_table) => {
                entries.iter().map(|entry| Value::Array(vec![entry.clone()])).collect()
            }
            whole => vec![whole.clone()],
        };
        for (number, entry) in (1..).zip(&entries) {
            let alone = Table::from_iter([(key.clone(), entry.clone())]);
            if let Err(error) = alone.try_into::<S>() {
                let (problem, remedy) = plain(error.message().trim(), key, entry);
                let which =
                    if entries.len() > 1 { format!("{name}.{key}, number {number}") } else { format!("{name}.{key}") };
                return Err(BridgeError::new(file, problem, remedy).about(which));
            }
        }
    }
    table.clone().try_into().map_err(|error| BridgeError::new(file, error.message().trim(), "").about(name))
}

/// Keys that every comparison may have, which the reader of one kind does not name.
const OF_COMPARISONS: [&str; 3] = ["kind", "name", "given"];

/// "unknown variant `x`, expected one of `y`, `z`" as what is wrong and what to write instead; `value` is what `key` has.
fn plain(message: &str, key: &str, value: &Value) -> (String, String) {
    let quoted = |text: &str| text.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    // Only a strength is such a number.
    if let Some((wrong, _)) = message.split_once(", expected u16") {
        let problem = format!("a strength is a whole number, and this is none: {}", quoted(wrong).join(""));
        return (problem, "write strength = 1, or another whole number up to 65535".to_owned());
    }
    let unknown = |what: &str| message.strip_prefix(what)?.split_once(", expected");
    if let Some((wrong, known)) = unknown("unknown variant").or_else(|| unknown("unknown field")) {
        let (wrong, known) = (quoted(wrong).join(""), quoted(known));
        let is_key = message.starts_with("unknown field");
        let more = OF_COMPARISONS.iter().filter(|_| is_key && key == "comparison");
        let known: Vec<&str> = known.iter().map(String::as_str).chain(more.copied()).collect();
        let what = if is_key { "key " } else { "" };
        return (format!("there is no {what}{wrong:?}"), suggestion(&wrong, &known));
    }
    if let Some(missing) = message.strip_prefix("missing field").map(|rest| quoted(rest).join("")) {
        // Perhaps it is there, written wrongly.
        let entries = value.as_array().into_iter().flatten().chain([value]).filter_map(Value::as_table);
        let is_near = |other: &&String| suggestion(other, &[&missing]).starts_with("did you mean");
        let near = entries.filter(|entry| !entry.contains_key(&missing)).flat_map(Table::keys).find(is_near);
        let remedy = match near {
            Some(near) => format!("did you mean it by {near:?}?"),
            None => format!("add {missing} = …"),
        };
        return (format!("the key {missing:?} is missing"), remedy);
    }
    (message.to_owned(), String::new())
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
