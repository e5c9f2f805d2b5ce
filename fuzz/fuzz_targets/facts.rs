//! What tools say of the host.

#![no_main]

#[path = "../../tests/entry/facts.rs"]
mod facts;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| facts::run(bytes));
