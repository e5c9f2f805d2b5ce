//! A whole input, from bytes to the page.

#![no_main]

#[path = "../../tests/entry/scan.rs"]
mod scan;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| scan::run(bytes));
