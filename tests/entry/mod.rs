//! Everything that reads what others wrote, from its bytes on: one function for each, which the fuzz targets in `fuzz/` and
//! the properties in `tests/it/entries.rs` call. Each panics where a promise is broken.

pub(crate) mod facts;
pub(crate) mod lint;
pub(crate) mod listing;
pub(crate) mod packet;
pub(crate) mod reprint;
pub(crate) mod rule;
pub(crate) mod scan;
