//! Everything that is tested from outside the library and needs neither root nor a network.

#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

#[path = "../cases/mod.rs"]
mod cases;
#[path = "../scenario/mod.rs"]
mod scenario;

mod extensions;
mod scenarios;
mod tidy;
