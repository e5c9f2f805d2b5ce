//! The lints that there are, a line each.

use std::fmt::Write as _;

use crate::lint::{Lint, Page};

/// Columns that the sentence of a lint needs.
const LEAST: usize = 20;

/// Code, name, severity, confidence, and what each finds where there is room for it.
pub fn list(lints: &[&'static Lint], width: usize) -> String {
    let name = lints.iter().map(|lint| lint.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for lint in lints {
        let head = format!("{}  {:name$}  {:7}  {:9}", lint.code, lint.name, lint.severity, lint.confidence);
        let room = width.saturating_sub(head.len() + 2);
        let summary = Page::read(lint.page).unwrap_or_default().summary;
        let shown = if room < LEAST { String::new() } else { cut(&summary, room) };
        let _ = writeln!(text, "{}", format!("{head}  {shown}").trim_end());
    }
    text
}

/// As many whole words as there is room for.
fn cut(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let mut short = String::new();
    for word in text.split(' ') {
        if short.chars().count() + 1 + word.chars().count() + 1 > room {
            break;
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
    }
    short.push('…');
    short
}
