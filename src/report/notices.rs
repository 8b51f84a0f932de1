//! Notices as lines of a summary.

use super::written::Text;
use crate::notice::Notice;

/// Adds the lines that tell the notices.
pub(super) fn notice_lines(text: &mut Text, notices: &[Notice]) {
    for (place, notice) in notices.iter().enumerate() {
        writeln!(text, "{:<10}{notice}", if place == 0 { "NOTICE" } else { "" });
    }
}
