//! A line for each finding, as compilers write them.

use std::fmt::Write as _;

use crate::report::Safe;

use super::Answer;

/// `FILE:LINE:COLUMN: SEVERITY CODE MESSAGE`, the worst first.
pub fn concise(answer: &Answer<'_>) -> String {
    let mut text = String::new();
    for (input, found) in answer.results.sorted() {
        let place = found.labels.0.first().map_or_else(
            || Safe(answer.results.name(input)).to_string(),
            |label| format!("{}:{}:{}", label.file, label.line, label.column),
        );
        let place = if place.is_empty() { "kpt" } else { &place };
        let _ = writeln!(text, "{place}: {} {} {}", found.severity, found.lint.code, Safe(&found.message));
    }
    text
}
