//! A whole input, from bytes to what lints find in it.

#![no_main]

#[path = "../../tests/entry/lint.rs"]
mod lint;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lint::run(bytes));
