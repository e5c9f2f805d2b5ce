//! Exact sets of packets, and what rules leave of them.
//!
//! A [`Cube`] is a product of one set for each field; a [`Space`] is a union of cubes. [`Reading`] is the set of packets that
//! match a rule, [`Reach`] tells which rules of a chain no packet can reach. Whatever is not understood, or would take too
//! long to work out, is taken the way that claims less.

mod arriving;
mod axis;
mod bits;
mod chains;
mod change;
mod covered;
mod cube;
mod earlier;
mod fate;
mod index;
#[cfg(test)]
mod laws;
mod masks;
mod opaque;
mod point;
mod reading;
mod sample;
mod space;
mod state;

pub use arriving::{Arriving, arriving};
pub use axis::Axis;
pub use bits::Bits;
pub use change::Changes;
pub use covered::{Coverage, Covered, Reach, Why, may_match};
pub use cube::{Cube, Opaque};
pub use fate::Fate;
pub use reading::Reading;
pub use sample::Sample;
pub use space::{MOST_CUBES, Space};
