//! Version 1 of the JSON formats. `docs/schema/` has their schemas.

mod trace;

pub use trace::{Trace, trace};
