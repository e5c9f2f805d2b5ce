//! `-m osf`: which system a SYN looks like (`net/netfilter/xt_osf.c`).

use std::borrow::Cow;
use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::packet::{Context, Protocol, tcp_flags};
use crate::save::bare;

/// `-m osf [!] --genre NAME [--ttl N] [--log N]`
#[derive(Debug, Clone)]
pub struct Osf<'t> {
    not: bool,
    genre: Cow<'t, str>,
    ttl: Option<u8>,
    log: Option<u8>,
}

impl<'t> Extension<'t> for Osf<'t> {
    const NAME: &'static str = "osf";
    const OPTIONS: &'static [Opt] = &[opt("--genre", 1), opt("--ttl", 1), opt("--log", 1)];
    const LISTED: &'static [Listed] = &[opens("OS fingerprint match", "--genre", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--genre").ok_or_else(|| args.missing("--genre"))?;
        let level = |option| args.get(option).map(|arg| arg.number_in(0..=2, "a number from 0 to 2")).transpose();
        Ok(Self { not: arg.not, genre: arg.cut(31), ttl: level("--ttl")?, log: level("--log")? })
    }
}

impl Matches for Osf<'_> {
    /// Only a SYN has a fingerprint. The kernel compares it with a list that is not in the dump; as long as that is empty,
    /// nothing matches, inverted or not, so that the inverted question is one of its own.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let genre = &self.genre;
        let syn = Outcome::from(cx.packet.tcp_flags & tcp_flags::SYN != 0);
        let (mark, like) = if self.not { ("!", "like a system that is not") } else { ("", "like") };
        let fits = cx.ask(
            &format!("osf:{mark}{genre}"),
            None,
            format!("the kernel's list of fingerprints has the packet as one {like} {genre}"),
            format!("the kernel's list of fingerprints does not have the packet as one {like} {genre}"),
        );
        cx.is_protocol(Protocol::TCP).and(syn).and(fits)
    }
}

impl fmt::Display for Osf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} --genre {}", not(self.not), bare(&self.genre))?;
        for (option, level) in [("--ttl", self.ttl), ("--log", self.log)] {
            level.iter().try_for_each(|level| write!(f, " {option} {level}"))?;
        }
        Ok(())
    }
}
