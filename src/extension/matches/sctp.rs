//! `-m sctp`: ports and chunks of SCTP (`net/netfilter/xt_sctp.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, not, opt};
use crate::extension::ports::{DPORT, DPT, DPTS, Ports, SPORT, SPT, SPTS};
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::packet::Context;

/// `-m sctp`
#[derive(Debug, Clone)]
pub struct Sctp {
    ports: Ports,
    chunks: Option<Chunks>,
}

/// `--chunk-types any|all|only LIST`
#[derive(Debug, Clone)]
struct Chunks {
    not: bool,
    which: &'static str,
    list: List,
}

#[derive(Debug, Clone)]
enum List {
    All,
    None,
    /// In the order of [`TYPES`], each with the flags that count: a capital is set, a small letter is not.
    Types(Vec<(&'static str, String)>),
}

/// Kinds of chunks by number, and the letters of their flags.
const TYPES: [(&str, &str); 18] = [
    ("DATA", "IUBE"),
    ("INIT", ""),
    ("INIT_ACK", ""),
    ("SACK", ""),
    ("HEARTBEAT", ""),
    ("HEARTBEAT_ACK", ""),
    ("ABORT", "T"),
    ("SHUTDOWN", ""),
    ("SHUTDOWN_ACK", ""),
    ("ERROR", ""),
    ("COOKIE_ECHO", ""),
    ("COOKIE_ACK", ""),
    ("ECN_ECNE", ""),
    ("ECN_CWR", ""),
    ("SHUTDOWN_COMPLETE", "T"),
    ("ASCONF_ACK", ""),
    ("FORWARD_TSN", ""),
    ("ASCONF", ""),
];

impl<'t> Extension<'t> for Sctp {
    const NAME: &'static str = "sctp";
    const OPTIONS: &'static [Opt] = &[SPORT, DPORT, opt("--chunk-types", 2)];
    const LISTED: &'static [Listed] = &[opens("sctp", "", 0), DPTS, DPT, SPTS, SPT];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let mut sctp = Self { ports: Ports::default(), chunks: None };
        for arg in &args.list {
            if !sctp.ports.read(arg)? {
                sctp.chunks = Some(Chunks::read(arg)?);
            }
        }
        Ok(sctp)
    }
}

impl Chunks {
    fn read(arg: &Arg<'_>) -> Result<Self, Diagnostic> {
        let bad = || arg.bad("`any`, `all` or `only`, and chunks such as DATA:BE,INIT");
        let (which, text) = (arg.text(0), arg.text(1));
        let which =
            ["any", "all", "only"].into_iter().find(|name| name.eq_ignore_ascii_case(&which)).ok_or_else(bad)?;
        let list = match &*text {
            "ALL" => List::All,
            "NONE" => List::None,
            text => {
                let mut types: Vec<_> = text.split(',').map(chunk).collect::<Option<_>>().ok_or_else(bad)?;
                types.sort_by_key(|(name, _)| TYPES.iter().position(|(known, _)| known == name));
                List::Types(types)
            }
        };
        Ok(Self { not: arg.not, which, list })
    }
}

/// `DATA:BE`
fn chunk(text: &str) -> Option<(&'static str, String)> {
    let (name, flags) = text.split_once(':').unwrap_or((text, ""));
    let (name, letters) = TYPES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    let known = flags.chars().all(|flag| letters.contains(flag.to_ascii_uppercase()));
    known.then(|| (*name, flags.to_owned()))
}

impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Types(types) = self else {
            return f.write_str(if matches!(self, Self::All) { "ALL" } else { "NONE" });
        };
        for (index, (name, flags)) in types.iter().enumerate() {
            f.write_str(if index > 0 { "," } else { "" })?;
            f.write_str(name)?;
            if !flags.is_empty() {
                write!(f, ":{flags}")?;
            }
        }
        Ok(())
    }
}

impl Sctp {
    /// The destination port, if the rule asks for just one.
    pub fn dport(&self) -> Option<u16> {
        self.ports.dport()
    }
}

impl Matches for Sctp {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let chunks = match &self.chunks {
            Some(Chunks { not, which, list }) => cx
                .ask(
                    &format!("sctp-chunks:{which}:{list}"),
                    None,
                    format!("the packet's chunks are {which} of {list}"),
                    format!("the packet's chunks are not {which} of {list}"),
                )
                .negated(*not),
            None => Outcome::Always,
        };
        self.ports.matches(cx).and(chunks)
    }
}

impl fmt::Display for Sctp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ports.fmt(f)?;
        match &self.chunks {
            Some(chunks) => write!(f, "{} --chunk-types {} {}", not(chunks.not), chunks.which, chunks.list),
            None => Ok(()),
        }
    }
}
