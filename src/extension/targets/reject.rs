//! `-j REJECT`: drops the packet and tells its sender (`net/ipv4/netfilter/ipt_REJECT.c`, `ip6t_REJECT.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::{Acts, Effect, Extension, Listed, Verdict, goes_on};
use crate::packet::Context;
use crate::save::Family;

/// `-j REJECT --reject-with TYPE`
#[derive(Debug, Clone)]
pub struct Reject {
    /// `None` where a hand-written rule leaves it out: port unreachable.
    with: Option<&'static str>,
}

/// The types as they are saved, and the other spellings that are read.
const TYPES: [(&str, &[&str]); 14] = [
    ("icmp-net-unreachable", &["net-unreach"]),
    ("icmp-host-unreachable", &["host-unreach"]),
    ("icmp-proto-unreachable", &["proto-unreach"]),
    ("icmp-port-unreachable", &["port-unreach"]),
    ("icmp-net-prohibited", &["net-prohib"]),
    ("icmp-host-prohibited", &["host-prohib"]),
    ("icmp-admin-prohibited", &["admin-prohib"]),
    ("tcp-reset", &["tcp-rst"]),
    ("icmp6-no-route", &["no-route"]),
    ("icmp6-adm-prohibited", &["adm-prohibited"]),
    ("icmp6-addr-unreachable", &["addr-unreach"]),
    ("icmp6-port-unreachable", &[]),
    ("icmp6-policy-fail", &["policy-fail"]),
    ("icmp6-reject-route", &["reject-route"]),
];

impl<'t> Extension<'t> for Reject {
    const NAME: &'static str = "REJECT";
    const OPTIONS: &'static [Opt] = &[opt("--reject-with", 1)];
    const LISTED: &'static [Listed] = &[goes_on("reject-with", "--reject-with", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let Some(arg) = args.get("--reject-with") else { return Ok(Self { with: None }) };
        let text = arg.text(0);
        let with = TYPES.iter().find(|(name, aliases)| *name == text || aliases.contains(&&*text));
        Ok(Self { with: Some(with.ok_or_else(|| arg.bad("a type such as icmp-port-unreachable"))?.0) })
    }
}

impl Acts for Reject {
    fn act(&self, cx: &Context<'_>) -> Effect {
        let usual = match cx.packet.family {
            Family::V4 => "icmp-port-unreachable",
            Family::V6 => "icmp6-port-unreachable",
        };
        Effect::Verdict(Verdict::Reject(self.with.unwrap_or(usual)))
    }
}

impl fmt::Display for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.with {
            Some(with) => write!(f, " --reject-with {with}"),
            None => Ok(()),
        }
    }
}
