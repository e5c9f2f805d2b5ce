//! `-m frag`: the fragment header of IPv6 (`net/ipv6/netfilter/ip6t_frag.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::between::Between;
use crate::extension::headers::{Header, Length};
use crate::extension::{Extension, Listed, Matches, goes_on, opens};
use crate::logic::{Outcome, Presumed};
use crate::packet::Context;

/// `-m frag [!] --fragid A[:B] [!] --fraglen N --fragres --fragfirst --fragmore|--fraglast`
#[derive(Debug, Clone)]
pub struct Frag {
    id: Option<Between>,
    /// The kernel does not look at it.
    length: Option<Length>,
    reserved: bool,
    first: bool,
    /// `--fragmore`, or `--fraglast` if false.
    more: Option<bool>,
}

impl<'t> Extension<'t> for Frag {
    const NAME: &'static str = "frag";
    const OPTIONS: &'static [Opt] = &[
        opt("--fragid", 1),
        opt("--fraglen", 1),
        opt("--fragres", 0),
        opt("--fragfirst", 0),
        opt("--fragmore", 0),
        opt("--fraglast", 0),
    ];
    const LISTED: &'static [Listed] = &[
        opens("frag", "", 0),
        goes_on("id:", "--fragid", 1),
        goes_on("ids:", "--fragid", 1),
        goes_on("length:", "--fraglen", 1),
        goes_on("reserved", "--fragres", 0),
        goes_on("first", "--fragfirst", 0),
        goes_on("more", "--fragmore", 0),
        goes_on("last", "--fraglast", 0),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        args.one_of(&["--fragmore", "--fraglast"])?;
        let (more, last) = (args.flag("--fragmore")?, args.flag("--fraglast")?);
        Ok(Self {
            id: Between::read(&args, "--fragid")?,
            length: Length::read(&args, "--fraglen")?,
            reserved: args.flag("--fragres")?,
            first: args.flag("--fragfirst")?,
            more: (more || last).then_some(more),
        })
    }
}

impl Matches for Frag {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let id = self.id.as_ref().map_or(Outcome::Always, |id| id.holds(cx, "fragment-id", u32::MAX));
        let reserved = if self.reserved { is_empty(cx) } else { Outcome::Always };
        let first = if self.first { is_first(cx) } else { Outcome::Always };
        let more = self.more.map_or(Outcome::Always, |more| has_more(cx).negated(!more));
        Header::Fragment.is_there(cx).and(id).and(reserved).and(first).and(more)
    }
}

fn is_empty(cx: &Context<'_>) -> Outcome {
    cx.ask(
        "fragment-reserved",
        Some(Presumed::usually(true)),
        "the reserved bits of its fragment header are zero".into(),
        "the reserved bits of its fragment header are not zero".into(),
    )
}

fn is_first(cx: &Context<'_>) -> Outcome {
    cx.ask(
        "fragment-first",
        Some(Presumed::usually(true)),
        "it is the first of its fragments".into(),
        "it is a later fragment".into(),
    )
}

fn has_more(cx: &Context<'_>) -> Outcome {
    cx.ask(
        "fragment-more",
        Some(Presumed::usually(true)),
        "more fragments follow it".into(),
        "it is the last of its fragments".into(),
    )
}

impl fmt::Display for Frag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id.iter().try_for_each(|id| id.fmt(f))?;
        self.length.iter().try_for_each(|length| length.fmt(f))?;
        f.write_str(if self.reserved { " --fragres" } else { "" })?;
        f.write_str(if self.first { " --fragfirst" } else { "" })?;
        f.write_str(match self.more {
            None => "",
            Some(true) => " --fragmore",
            Some(false) => " --fraglast",
        })
    }
}
