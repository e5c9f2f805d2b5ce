//! One rule line.

#![no_main]

#[path = "../../tests/entry/reprint.rs"]
mod reprint;
#[path = "../../tests/entry/rule.rs"]
mod rule;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| rule::run(bytes));
