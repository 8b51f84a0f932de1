//! Keys of a spec that are not known.

use super::BridgeError;
use crate::notice::suggestion;
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
