//! Rows of `iptables -L`.

#![no_main]

#[path = "../../tests/entry/reprint.rs"]
mod reprint;
#[path = "../../tests/entry/listing.rs"]
mod listing;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| listing::run(bytes));
