//! Bytes -> tables, chains and rule lines; one line -> its words. Nothing here knows what a word means.

mod document;
mod fragment;
mod names;
mod scan;
mod words;

pub use document::{Backend, ChainText, Document, Family, RuleAt, TableText};
pub use names::{Hook, Policy, TableName};
pub use scan::scan;
pub use words::{Word, quote, words};
