//! Everything that is tested from outside the library and needs neither root nor a network.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says what it skips"
)]

#[path = "../cases/mod.rs"]
mod cases;
#[expect(dead_code, reason = "the kernel suite, which sends the packets, uses the rest")]
#[path = "../draw/mod.rs"]
mod draw;
#[path = "../../examples/kube_dump/dump.rs"]
mod dump;
#[path = "../entry/mod.rs"]
mod entry;
#[path = "../node/mod.rs"]
mod node;
#[path = "../scenario/mod.rs"]
mod scenario;
#[path = "../sets/mod.rs"]
mod sets;

mod affinity;
mod batch;
mod ci;
mod command;
mod corpus;
mod damage;
mod diagnostics;
mod documents;
mod entries;
mod extensions;
mod extensions_page;
mod forms;
mod hostile;
mod index;
mod ipset;
mod kpt;
mod kube_dump;
mod ladders;
mod laws;
mod lint_command;
mod lint_formats;
mod lints;
mod logs;
mod misprinted;
mod mix;
mod scenarios;
mod schema;
mod shadow;
mod show;
mod tidy;
mod twin_beside;
mod weights;
#[path = "../twin/mod.rs"]
mod twin;
