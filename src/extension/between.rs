//! A number between two others, as the matches on security and extension headers ask for it.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::logic::{Outcome, Presumed};
use crate::number::number;
use crate::packet::Context;

use super::args::{Arg, not};

/// `[!] --option A[:B]`, both included; nothing is from 5 to 4.
#[derive(Debug, Clone)]
pub(super) struct Between {
    not: bool,
    option: &'static str,
    first: u32,
    last: u32,
}

impl Between {
    /// Reads numbers of C up to `most`; a side that is left out is open.
    pub(super) fn read(arg: &Arg<'_>, most: u32) -> Result<Self, Diagnostic> {
        let text = arg.text(0);
        let (first, last) = text.split_once(':').unwrap_or((&text, &text));
        let side = |side: &str, open| if side.is_empty() && text.len() > 1 { Some(open) } else { number(side) };
        let sides = side(first, 0).zip(side(last, most)).filter(|(first, last)| *first <= most && *last <= most);
        let (first, last) = sides.ok_or_else(|| arg.bad("a number or first:last"))?;
        Ok(Self { not: arg.not, option: arg.option, first, last })
    }

    /// Is the quantity called `name` between them?
    pub(super) fn holds(&self, cx: &Context<'_>, name: &'static str) -> Outcome {
        cx.is_number(name, self.first, self.last).negated(self.not)
    }

    /// Is every number between them?
    pub(super) const fn is_all(&self) -> bool {
        self.first == 0 && self.last == u32::MAX
    }
}

impl fmt::Display for Between {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", not(self.not), self.option, self.first)?;
        if self.first == self.last { Ok(()) } else { write!(f, ":{}", self.last) }
    }
}

/// Does the packet have this header of IPv6 in front of its own protocol's? An ordinary one has none.
pub(super) fn has_header(cx: &Context<'_>, name: &str, words: &str) -> Outcome {
    cx.ask(
        &format!("ipv6-header:{name}"),
        Some(Presumed::usually(false)),
        format!("the packet has {words}"),
        format!("the packet does not have {words}"),
    )
}
