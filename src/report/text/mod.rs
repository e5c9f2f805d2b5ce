//! Answers as text: the verdict first, then what it rests on.

mod affinity;
mod assumed;
mod checked;
mod endpoints;
mod headline;
mod logs;
mod minimal;
mod page;
mod paint;
mod picture;
mod problem;
mod shares;
mod show;
mod table;
mod way;
mod weights;
mod worlds;

pub use checked::checked;
pub use logs::{connection, log_rules, summary as log_summary};
pub use minimal::{line as brief_line, tail as brief_tail};
pub use paint::Paint;
pub use picture::picture;
pub use problem::problem;
pub use shares::is_even;
pub use show::show;
pub use weights::{other_fan, service_fan, weights_summary};

use crate::analyze::{Answer, Brief, Memory};

use super::Subject;
use page::Page;

/// How much to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// One line, stable, for scripts.
    Minimal,
    /// Verdict, endpoints, assumptions.
    Summary,
    /// Also the way, and what else could be.
    Detailed,
    /// Everything.
    All,
}

/// How to say it.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// How much.
    pub detail: Detail,
    /// Columns.
    pub width: usize,
    /// Colour.
    pub paint: Paint,
}

/// The narrowest page that is written.
const NARROW: usize = 40;

/// The answer to `kpt trace` as text.
pub fn trace(answer: &Answer, subject: &Subject<'_, '_>, memory: Memory, style: Style) -> String {
    if style.detail == Detail::Minimal {
        return minimal::brief(&answer.asked, &Brief::of(answer));
    }
    let mut page = Page::new(style.width.max(NARROW), style.paint);
    headline::write(&mut page, answer, subject);
    endpoints::write(&mut page, answer, subject, style.detail);
    assumed::write(&mut page, answer, subject, style.detail);
    if style.detail >= Detail::Detailed {
        way::write(&mut page, answer, subject, style.detail);
        if let Some(affinity) = answer.affinity {
            affinity::write(&mut page, affinity, memory, subject);
        }
        worlds::write(&mut page, answer, subject, style.detail);
    }
    page.finish()
}
