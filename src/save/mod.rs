//! Bytes -> tables, chains and rule lines; one line -> its words. Nothing here knows what a word means.

mod by_name;
mod document;
mod fragment;
mod line;
mod merge;
mod names;
mod notices;
mod paste;
mod repeats;
mod scan;
mod transcript;
mod words;
mod wrap;

pub use by_name::{ByName, Named};
pub use document::{Backend, ChainText, Document, Family, RuleAt, RulesAt, TableText};
pub use names::{Hook, Policy, TableName};
pub use scan::{Form, Reading, read, read_within, scan};
pub use words::{Word, bare, glued_words, in_quotes, quote, words};
