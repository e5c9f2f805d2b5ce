//! `-j NFQUEUE`: a program decides; without one the packet is dropped, or accepted with `--queue-bypass`
//! (`net/netfilter/xt_NFQUEUE.c`).

use std::fmt;
use std::ops::RangeInclusive;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, opt};
use crate::extension::{Acts, Effect, Extension, Listed, Verdict, goes_on};
use crate::logic::{Outcome, Presumed};
use crate::packet::{Context, number};

/// `-j NFQUEUE [--queue-num N | --queue-balance A:B [--queue-cpu-fanout]] [--queue-bypass]`
#[derive(Debug, Clone)]
pub struct NfQueue {
    /// More than one where connections are spread over them.
    queues: RangeInclusive<u16>,
    bypass: bool,
    /// They are spread by the processor, not by a hash of the connection.
    by_cpu: bool,
}

impl<'t> Extension<'t> for NfQueue {
    const NAME: &'static str = "NFQUEUE";
    const OPTIONS: &'static [Opt] =
        &[opt("--queue-num", 1), opt("--queue-balance", 1), opt("--queue-bypass", 0), opt("--queue-cpu-fanout", 0)];
    const LISTED: &'static [Listed] = &[
        goes_on("NFQUEUE num", "--queue-num", 1),
        goes_on("NFQUEUE balance", "--queue-balance", 1),
        goes_on("bypass", "--queue-bypass", 0),
        goes_on("cpu-fanout", "--queue-cpu-fanout", 0),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let queues = match args.one_of(&["--queue-num", "--queue-balance"])? {
            None => 0..=0,
            Some(arg) if arg.option == "--queue-balance" => several(arg)?,
            Some(arg) => {
                let queue = arg.number("a queue from 0 to 65535")?;
                queue..=queue
            }
        };
        let by_cpu = args.has("--queue-cpu-fanout");
        if by_cpu && !args.has("--queue-balance") {
            return Err(args.missing("--queue-balance"));
        }
        Ok(Self { queues, bypass: args.has("--queue-bypass"), by_cpu })
    }
}

/// Queues from one to another that is higher; the kernel does not count up to 65536 of them.
fn several(arg: &Arg<'_>) -> Result<RangeInclusive<u16>, Diagnostic> {
    let text = arg.text(0);
    let side = |text: &str, open| if text.is_empty() { Some(open) } else { number(text) };
    let read = |(first, last)| Some((side(first, 0)?, side(last, u16::MAX)?));
    let queues = text.split_once(':').and_then(read).filter(|(first, last)| first < last && last - first < u16::MAX);
    queues.map(|(first, last)| first..=last).ok_or_else(|| arg.bad("two queues, the lower first"))
}

/// Whether a program listens is not in a dump; it is taken to.
pub(super) fn hand_over(cx: &Context<'_>, queues: &RangeInclusive<u16>, bypass: bool) -> Effect {
    let (first, last) = (queues.start(), queues.end());
    let (name, yes, no) = if first == last {
        (
            format!("queue:{first}"),
            format!("a program listens on queue {first}"),
            format!("no program listens on queue {first}"),
        )
    } else {
        let which = format!("the one of queues {first} to {last} that the packet is put into");
        (
            format!("queue:{first}-{last}"),
            format!("a program listens on {which}"),
            format!("no program listens on {which}"),
        )
    };
    match cx.ask(&name, Some(Presumed::usually(true)), yes, no) {
        Outcome::Depends(fact) => Effect::Depends(fact),
        Outcome::Always => Effect::Verdict(Verdict::Queue),
        _ if bypass => Effect::Verdict(Verdict::Accept),
        _ => Effect::Verdict(Verdict::Drop),
    }
}

impl Acts for NfQueue {
    fn act(&self, cx: &Context<'_>) -> Effect {
        hand_over(cx, &self.queues, self.bypass)
    }
}

impl fmt::Display for NfQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.queues.start(), self.queues.end()) {
            (first, last) if first == last => write!(f, " --queue-num {first}")?,
            (first, last) => write!(f, " --queue-balance {first}:{last}")?,
        }
        f.write_str(if self.bypass { " --queue-bypass" } else { "" })?;
        f.write_str(if self.by_cpu { " --queue-cpu-fanout" } else { "" })
    }
}
