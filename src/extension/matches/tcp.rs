//! `-m tcp`: ports, flags and options of TCP (`net/netfilter/xt_tcpudp.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, not, opt};
use crate::extension::ports::{DPORT, DPT, DPTS, Ports, SPORT, SPT, SPTS};
use crate::extension::{Asked, Asks, Extension, Listed, Matches, goes_on, opens};
use crate::logic::Outcome;
use crate::packet::{Context, Protocol, tcp_flags};

/// `-m tcp`
#[derive(Debug, Clone)]
pub struct Tcp {
    ports: Ports,
    /// Inverted, number of the option.
    option: Option<(bool, u8)>,
    flags: Option<Flags>,
}

/// Of the flags in `mask`, exactly those in `set`.
#[derive(Debug, Clone)]
struct Flags {
    not: bool,
    mask: u8,
    set: u8,
}

impl<'t> Extension<'t> for Tcp {
    const NAME: &'static str = "tcp";
    const OPTIONS: &'static [Opt] = &[SPORT, DPORT, opt("--tcp-flags", 2), opt("--syn", 0), opt("--tcp-option", 1)];
    const LISTED: &'static [Listed] = &[opens("tcp", "", 0), DPTS, DPT, SPTS, SPT, goes_on("flags:", "--tcp-flags", 2)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let mut tcp = Self { ports: Ports::default(), option: None, flags: None };
        for arg in &args.list {
            if tcp.ports.read(arg)? {
                continue;
            }
            match arg.option {
                "--tcp-option" => tcp.option = Some((arg.not, arg.value("a number from 1 to 255")?)),
                "--syn" => tcp.flags = Some(Flags { not: arg.not, ..Flags::SYN }),
                _ => tcp.flags = Some(Flags::read(arg)?),
            }
        }
        Ok(tcp)
    }
}

impl Flags {
    const SYN: Self = Self {
        not: false,
        mask: tcp_flags::FIN | tcp_flags::SYN | tcp_flags::RST | tcp_flags::ACK,
        set: tcp_flags::SYN,
    };

    fn read(arg: &Arg<'_>) -> Result<Self, Diagnostic> {
        let read = |n| bits(&arg.text(n)).ok_or_else(|| arg.bad("two lists of flags, such as `SYN,ACK SYN`"));
        Ok(Self { not: arg.not, mask: read(0)?, set: read(1)? })
    }
}

/// `SYN,ACK`, `ALL`, `NONE`, or the number that listings print.
fn bits(text: &str) -> Option<u8> {
    if let Some(hex) = text.strip_prefix("0x") {
        return u8::from_str_radix(hex, 16).ok();
    }
    text.split(',').try_fold(0, |bits, name| match name {
        "ALL" => Some(0x3f),
        "NONE" => Some(bits),
        _ => tcp_flags::NAMES.iter().find(|(flag, _)| *flag == name).map(|(_, bit)| bits | bit),
    })
}

fn names(bits: u8) -> String {
    let set: Vec<_> = tcp_flags::NAMES.iter().filter(|(_, bit)| bits & bit != 0).map(|(name, _)| *name).collect();
    if set.is_empty() { "NONE".into() } else { set.join(",") }
}

impl Tcp {
    /// The destination port, if the rule asks for just one.
    pub fn dport(&self) -> Option<u16> {
        self.ports.dport()
    }
}

impl Matches for Tcp {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let flags = match &self.flags {
            Some(flags) => Outcome::from((cx.packet.tcp_flags & flags.mask == flags.set) != flags.not),
            None => Outcome::Always,
        };
        let option = match self.option {
            Some((not, option)) => cx
                .ask(
                    &format!("tcp-option:{option}"),
                    None,
                    format!("the packet has TCP option {option}"),
                    format!("the packet does not have TCP option {option}"),
                )
                .negated(not),
            None => Outcome::Always,
        };
        self.ports.matches(cx).and(flags).and(option)
    }

    fn asks(&self) -> Option<Asks> {
        let asks = self.ports.ask(Asks::over(&[Protocol::TCP])).with_more(self.option.is_some());
        Some(match &self.flags {
            Some(Flags { not, mask, set }) => asks.and(*not, Asked::TcpFlags { mask: *mask, set: *set }),
            None => asks,
        })
    }
}

impl fmt::Display for Tcp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ports.fmt(f)?;
        if let Some((inverted, option)) = self.option {
            write!(f, "{} --tcp-option {option}", not(inverted))?;
        }
        if let Some(flags) = &self.flags {
            write!(f, "{} --tcp-flags {} {}", not(flags.not), names(flags.mask), names(flags.set))?;
        }
        Ok(())
    }
}
