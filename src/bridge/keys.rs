//! Keys and words of a spec that are not known, and what was probably meant.

use super::BridgeError;
use toml::Table;

/// Refuses keys that are not known, and says which one was probably meant. `inside` is the table's name, empty at the
/// top.
pub fn check_keys(file: &str, inside: &str, table: &Table, known: &[&str]) -> Result<(), BridgeError> {
    for key in table.keys() {
        if !known.contains(&key.as_str()) {
            let path = if inside.is_empty() { key.clone() } else { format!("{inside}.{key}") };
            return Err(BridgeError::new(file, "this key is not known", suggestion(key, known)).about(path));
        }
    }
    Ok(())
}

/// "did you mean …?" where one of the known words is near, else all of them.
pub fn suggestion(word: &str, known: &[&str]) -> String {
    let nearest = known.iter().map(|known| (strsim::osa_distance(word, known), *known)).min();
    match nearest {
        Some((distance, known)) if distance <= 1 + word.chars().count() / 4 => format!("did you mean \"{known}\"?"),
        _ => format!("there are {}", known.join(", ")),
    }
}
