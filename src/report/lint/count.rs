//! Numbers with their nouns, lists that are cut, and cells of tables.

use crate::diagnostic::harmless;

/// `1 error`, `2 errors`
pub(super) fn count(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// The first few of many, and how many more there are.
pub(super) fn few(words: &[&str], most: usize) -> String {
    let shown = words.iter().take(most).copied().collect::<Vec<_>>().join(", ");
    match words.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// Text for a cell of a table in Markdown, where nothing of it is markup.
pub(super) fn escaped_cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len());
    for c in harmless(text).chars() {
        if c.is_ascii_punctuation() && !matches!(c, '`' | '.' | ',' | ':' | '/' | '-' | '%' | '(' | ')') {
            cell.push('\\');
        }
        cell.push(c);
    }
    cell
}
