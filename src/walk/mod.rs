//! A packet's way through the hooks, tables and chains, in every world that matters.
//!
//! `docs/semantics.md` says in words what is done here. Nothing in this folder knows text, colour, clocks or random
//! numbers.

mod chain;
mod journey;
mod nat;
mod note;
mod order;
mod place;
mod trail;
mod traveller;
mod world;

pub use trail::{Action, Journal, Step, TrailId};
pub use traveller::{End, Goes};
pub use world::{Explored, Limits, World, explore};
