//! The words behind `kpt trace`.

#![no_main]

#[path = "../../tests/entry/packet.rs"]
mod packet;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| packet::run(bytes));
