//! What lints have found, in every format but JSON of kpt's own: that is `report/json/v1/lint.rs`.

mod concise;
mod count;
mod github;
mod gitlab;
mod list;
mod pretty;
mod sarif;
mod summary;

pub use concise::concise;
pub use github::{github, github_summary};
pub use gitlab::{Issue, gitlab};
pub use list::list;
pub use pretty::{explain, pretty};
pub use sarif::{Sarif, sarif};

use std::path::Path;

use crate::lint::{Lint, Results};

use super::text::Paint;

/// What is told, and to whom.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// What was found.
    pub results: &'a Results,
    /// The lints that were asked.
    pub lints: &'a [&'static Lint],
    /// How many findings of a lint are shown; 0 is all, each for itself.
    pub max_per_rule: usize,
    /// Columns.
    pub width: usize,
    /// Colour.
    pub paint: Paint,
    /// Files below this folder are named from there in formats for other programs.
    pub folder: &'a Path,
}
