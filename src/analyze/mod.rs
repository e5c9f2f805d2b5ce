//! Questions over many walks. Answers are typed trees with ids; `report/` puts them into words.

mod affinity;
mod answer;
mod dead;
mod leaving;
mod loops;
mod masquerade;
mod memory;
mod near_miss;
mod observed;
mod outcome;
mod published;
mod services;
mod stance;
mod translate;
mod weights;
mod worlds;

pub use affinity::Affinity;
pub use answer::{Answer, Mapping, Path, WorldAnswer, Worlds, entry, every_world, trace};
pub use dead::{Dead, Death, dead};
pub use leaving::{Leaver, Leaving, leaving};
pub use loops::loops;
pub use masquerade::{Why, WhySource};
pub use memory::{LIST_SIZE, Memory, Remembered};
pub use near_miss::NearMiss;
pub use observed::{Fit, Observed, compared, observed, simulated};
pub use outcome::{Fault, Outcome};
pub use published::{Published, is_just_port};
pub use services::{ServiceFan, Way, service_fans};
pub use stance::{Breadth, By, Stance};
pub use translate::{holds_any, marks_for_masquerade, masquerade_bits, may_rewrite, takes_all, translated_to};
pub use weights::{Decimals, Draw, Endpoint, Fan, other_fans};
