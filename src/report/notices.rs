//! Notices as lines of a summary.

use crate::notice::Notice;

/// The lines of a summary that tell the notices, each with its label.
pub(super) fn notice_lines(notices: &[Notice]) -> impl Iterator<Item = (&'static str, String)> {
    notices.iter().enumerate().map(|(place, notice)| (if place == 0 { "NOTICE" } else { "" }, notice.to_string()))
}
