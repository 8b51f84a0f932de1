//! Citizenship and immigration status, and when people came.

use super::super::{Status, TODAY};
use crate::record::Date;

/// The day on which somebody came who was born abroad on that day and has been here for so many years.
pub(super) fn arrived(since: f64, born: Date) -> Date {
    Date((TODAY.0 - (since * 365.2425) as i32).max(born.0))
}

/// Status of somebody with a final order on record. Assumed; the last stand for orders that were superseded or recorded in error.
pub(super) fn status_with_order(u: f64) -> Status {
    match u {
        u if u < 0.78 => Status::NoneRecorded,
        u if u < 0.90 => Status::Pending,
        u if u < 0.95 => Status::OtherLawful,
        u if u < 0.98 => Status::PermanentResident,
        u if u < 0.99 => Status::Naturalised,
        _ => Status::CitizenByBirth,
    }
}

/// Status of somebody without an order, by whether born abroad. Assumed, of the size of published estimates.
pub(super) fn status(abroad: bool, u: f64) -> Status {
    if !abroad {
        return Status::CitizenByBirth;
    }
    match u {
        u if u < 0.50 => Status::Naturalised,
        u if u < 0.75 => Status::PermanentResident,
        u if u < 0.82 => Status::OtherLawful,
        u if u < 0.87 => Status::Pending,
        _ => Status::NoneRecorded,
    }
}
