//! A header of IPv6 that holds options, shared by `hbh` and `dst` (`net/ipv6/netfilter/ip6t_hbh.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::logic::{Outcome, Presumed};
use crate::number::number;
use crate::packet::Context;

use super::args::{Arg, Args};
use super::headers::{Header, Length};

/// How many options one match can hold (`IP6T_OPTS_OPTSNR`).
const SLOTS: usize = 16;

/// `[!] --X-len N --X-opts TYPE[:LENGTH],...`
#[derive(Debug, Clone)]
pub(super) struct OptionsHeader {
    length: Option<Length>,
    options: Vec<HeaderOption>,
}

/// An option by its type and, if that counts, the length of what it holds.
#[derive(Debug, Clone, Copy)]
struct HeaderOption {
    kind: u8,
    length: Option<u8>,
}

impl OptionsHeader {
    pub(super) fn read(args: &Args<'_>, length: &str, options: &str) -> Result<Self, Diagnostic> {
        let options = args.one_of(&[options])?.map_or_else(|| Ok(Vec::new()), list)?;
        Ok(Self { length: Length::read(args, length)?, options })
    }

    /// The options are the first ones of the header, in this order; others may follow.
    pub(super) fn matches(&self, cx: &Context<'_>, header: Header, length: &'static str) -> Outcome {
        let fits = self.length.as_ref().map_or(Outcome::Always, |test| test.holds(cx, length, 8));
        let options = if self.options.is_empty() {
            Outcome::Always
        } else {
            let (name, words, list) = (header.name(), header.words(), self.list());
            cx.ask(
                &format!("{name}-options:{list}"),
                Some(Presumed::usually(false)),
                format!("the options of its {words} begin with {list}"),
                format!("the options of its {words} do not begin with {list}"),
            )
        };
        header.is_there(cx).and(fits).and(options)
    }

    fn list(&self) -> String {
        self.options.iter().map(HeaderOption::to_string).collect::<Vec<_>>().join(",")
    }

    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>, option: &str) -> fmt::Result {
        self.length.iter().try_for_each(|length| write!(f, "{length}"))?;
        if self.options.is_empty() { Ok(()) } else { write!(f, " {option} {}", self.list()) }
    }
}

fn list(arg: &Arg<'_>) -> Result<Vec<HeaderOption>, Diagnostic> {
    arg.plain()?;
    let what = "at most 16 options such as 5:4,194";
    let list = arg.list(what, HeaderOption::read)?;
    if list.len() > SLOTS { Err(arg.bad(what)) } else { Ok(list) }
}

impl HeaderOption {
    /// Padding of one byte, type 0, has no length; a length of 255 is any (`ip6t_hbh.c`).
    fn read(text: &str) -> Option<Self> {
        let Some((kind, length)) = text.split_once(':') else {
            return Some(Self { kind: number(text)?, length: None });
        };
        let (kind, length) = (number(kind)?, number(length)?);
        (kind != 0).then_some(Self { kind, length: Some(length).filter(|length| *length != u8::MAX) })
    }
}

impl fmt::Display for HeaderOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.length {
            Some(length) => write!(f, "{}:{length}", self.kind),
            None => write!(f, "{}", self.kind),
        }
    }
}
