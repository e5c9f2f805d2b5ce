//! One rule.

use std::fmt;

use smallvec::SmallVec;

use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::logic::{Outcome, Presumed};
use crate::packet::Context;
use crate::save::bare;
use crate::source::Span;

use super::header::Header;
use super::id::ChainId;

/// How often a rule has matched, as `iptables-save -c` prints it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counters {
    /// Packets.
    pub packets: u64,
    /// Bytes, IP headers included.
    pub bytes: u64,
}

/// A rule of a chain.
#[derive(Debug, Clone)]
pub struct Rule<'t> {
    /// The 1-based line it stands in.
    pub line: u32,
    /// Where it stands.
    pub span: Span,
    /// Its counters, where the dump has them.
    pub counters: Option<Counters>,
    /// Addresses, interfaces, protocol.
    pub header: Header<'t>,
    /// The matches, in the order in which they are tried.
    pub matches: SmallVec<[Match<'t>; 2]>,
    /// What happens to a packet that matches.
    pub then: Then<'t>,
}

/// What a rule does with a packet that matches.
#[derive(Debug, Clone)]
pub enum Then<'t> {
    /// It counts; the next rule is tried.
    Next,
    /// `-j CHAIN`
    Jump(ChainId),
    /// `-g CHAIN`
    Goto(ChainId),
    /// `-j TARGET`
    Target(Target<'t>),
    /// The line could not be read.
    Unreadable,
}

impl Rule<'_> {
    /// A rule in the place of a line that could not be read.
    pub fn unreadable(line: u32, span: Span) -> Self {
        Self { line, span, counters: None, header: Header::default(), matches: SmallVec::new(), then: Then::Unreadable }
    }

    /// Does the packet match? The header first, then the matches from left to right.
    pub fn outcome(&self, cx: &Context<'_>) -> Outcome {
        if matches!(self.then, Then::Unreadable) {
            return self.ask_unreadable(cx);
        }
        let mut outcome = self.header.matches(cx);
        let mut seen = self.records().then(|| cx.packet.clone());
        for extension in &self.matches {
            if outcome == Outcome::Never {
                break;
            }
            let packet = seen.as_ref().unwrap_or(cx.packet);
            outcome = outcome.and(extension.meaning().matches(&Context { packet, ..*cx }));
            // What it writes down, the next match of the rule can ask for.
            if let Some(packet) = seen.as_mut().filter(|_| outcome == Outcome::Always) {
                extension.meaning().record(packet, true);
            }
        }
        outcome
    }

    fn ask_unreadable(&self, cx: &Context<'_>) -> Outcome {
        cx.ask(
            &format!("unread:{}", self.line),
            Some(Presumed::usually(false)),
            format!("line {}, which could not be read, takes the packet", self.line),
            format!("line {}, which could not be read, does not take the packet", self.line),
        )
    }

    /// Is it sure that a packet goes the same way with and without this rule?
    pub fn is_harmless(&self) -> bool {
        let target = match &self.then {
            Then::Next => true,
            Then::Target(target) => target.meaning().is_harmless(),
            Then::Jump(_) | Then::Goto(_) | Then::Unreadable => false,
        };
        target && !self.records()
    }

    /// Does a match write down something that a later rule can ask for?
    pub fn records(&self) -> bool {
        self.matches.iter().any(|extension| extension.meaning().records())
    }

    /// Does loading it switch connection tracking on?
    pub fn tracks(&self) -> bool {
        let target = matches!(&self.then, Then::Target(target) if target.meaning().tracks());
        target || self.matches.iter().any(|extension| extension.meaning().tracks())
    }

    /// Each thing that it asks for, in words, with the rule that does not ask for it.
    pub fn parts(&self) -> Vec<(String, Self)> {
        let header = self.header.parts().into_iter();
        let mut parts: Vec<_> = header.map(|(part, header)| (part, Self { header, ..self.clone() })).collect();
        // That a listing does not show everything is nothing that the rule asks for.
        let asks = |(_, extension): &(usize, &Match<'_>)| !matches!(extension, Match::Unlisted(_));
        for (index, extension) in self.matches.iter().enumerate().filter(asks) {
            let mut rest = self.clone();
            rest.matches.remove(index);
            parts.push((format!("-m {extension}"), rest));
        }
        parts
    }

    /// The words of its `-m comment`s, in order.
    pub fn comments(&self) -> impl Iterator<Item = &str> {
        self.matches.iter().filter_map(|extension| match extension {
            Match::Comment(comment) => Some(&*comment.text),
            _ => None,
        })
    }

    /// The destination port that it asks for, if it asks for just one.
    pub fn dport(&self) -> Option<u16> {
        self.matches.iter().find_map(|extension| match extension {
            Match::Tcp(tcp) => tcp.dport(),
            Match::Udp(udp) => udp.dport(),
            Match::Sctp(sctp) => sctp.dport(),
            _ => None,
        })
    }

    /// The chain it may lead to.
    pub fn leads_to(&self) -> Option<ChainId> {
        match self.then {
            Then::Jump(chain) | Then::Goto(chain) => Some(chain),
            _ => None,
        }
    }

    /// The rule as `iptables-save` prints it behind `-A CHAIN`; `name` tells the name of a chain.
    pub fn display<'r, N: Fn(ChainId) -> &'r str>(&'r self, name: N) -> impl fmt::Display {
        fmt::from_fn(move |f| {
            write!(f, "{}", self.header)?;
            self.matches.iter().try_for_each(|extension| write!(f, " -m {extension}"))?;
            match &self.then {
                Then::Next | Then::Unreadable => Ok(()),
                Then::Jump(chain) => write!(f, " -j {}", bare(name(*chain))),
                Then::Goto(chain) => write!(f, " -g {}", bare(name(*chain))),
                Then::Target(target) => write!(f, " -j {target}"),
            }
        })
    }
}
