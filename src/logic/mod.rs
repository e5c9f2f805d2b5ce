//! What is known, what is chance and what is not known, kept apart.

mod assumptions;
mod fact;
mod names;
mod outcome;
mod probability;
mod values;

pub use assumptions::{Assumed, Assumptions, Grounds};
pub use fact::{Fact, Field, Phrase, Presumed, Set, Unknown};
pub use names::{Names, Pattern};
pub use outcome::Outcome;
pub use probability::{Probability, Share};
pub use values::Values;
