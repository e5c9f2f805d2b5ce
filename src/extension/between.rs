//! A number between two others, as the matches on security and extension headers ask for it.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::logic::Outcome;
use crate::number::number;
use crate::packet::Context;

use super::args::{Args, not};

/// `[!] --option A[:B]`, both included; nothing is from 5 to 4.
#[derive(Debug, Clone)]
pub(super) struct Between {
    not: bool,
    option: &'static str,
    first: u32,
    last: u32,
}

impl Between {
    /// Reads the option, if it is there, as numbers of C; a side that is left out is open.
    pub(super) fn read(args: &Args<'_>, option: &str) -> Result<Option<Self>, Diagnostic> {
        let Some(arg) = args.one_of(&[option])? else { return Ok(None) };
        let (first, last) = sides(&arg.text(0)).ok_or_else(|| arg.bad("a number of 32 bits, or first:last"))?;
        Ok(Some(Self { not: arg.not, option: arg.option, first, last }))
    }

    /// As if it said `option number`.
    pub(super) const fn just(option: &'static str, number: u32) -> Self {
        Self { not: false, option, first: number, last: number }
    }

    /// Is the quantity called `name`, which is at most `most`, between them?
    pub(super) fn holds(&self, cx: &Context<'_>, name: &'static str, most: u32) -> Outcome {
        let last = self.last.min(most);
        let fits = if (self.first, last) == (0, most) { Outcome::Always } else { cx.is_number(name, self.first, last) };
        fits.negated(self.not)
    }
}

fn sides(text: &str) -> Option<(u32, u32)> {
    let side = |side: &str, open| if side.is_empty() { Some(open) } else { number(side) };
    match text.split_once(':') {
        Some((first, last)) => Some((side(first, 0)?, side(last, u32::MAX)?)),
        None => number(text).map(|number| (number, number)),
    }
}

impl fmt::Display for Between {
    /// The full range is not saved, not even inverted (iptables up to 1.8.10).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.first, self.last) {
            (0, u32::MAX) => Ok(()),
            (first, last) if first == last => write!(f, "{} {} {first}", not(self.not), self.option),
            (first, last) => write!(f, "{} {} {first}:{last}", not(self.not), self.option),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_read() {
        assert_eq!(sides("5"), Some((5, 5)));
        assert_eq!(sides("0x10:020"), Some((16, 16)));
        assert_eq!(sides(":9"), Some((0, 9)));
        assert_eq!(sides("9:"), Some((9, u32::MAX)));
        assert_eq!(sides(":"), Some((0, u32::MAX)));
        for wrong in ["", "-1", "4294967296", "1:2:3", "a"] {
            assert_eq!(sides(wrong), None);
        }
    }
}
