//! Verdicts, reasons and names in words.

use std::net::IpAddr;

use crate::analyze::{Fault, Why, WhySource};
use crate::extension::matches::Match;
use crate::extension::{Lost, Unclear, Verdict};
use crate::kube::Via;
use crate::packet::{Packet, Value};
use crate::ruleset::Rule;

use super::{Safe, Subject};

/// Why a source is rewritten.
pub(super) fn why(why: Why, subject: &Subject<'_, '_>) -> String {
    let rule = subject.ruleset.rule(why.rule);
    let src = rule.and_then(|rule| rule.header.src.as_ref()).map(|test| Safe(&test.value.to_string()).to_string());
    let src = src.unwrap_or_default();
    match why.source {
        WhySource::Hairpin => "the client is the endpoint itself (hairpin)".into(),
        WhySource::NotFromCluster => format!("the client is not in {src}"),
        WhySource::FromThisHost => "this host itself asks at an external address".into(),
        WhySource::External => {
            "traffic to an external address or node port, so that the answer comes back this way".into()
        }
        WhySource::Any => {
            let name = Safe(subject.ruleset.name(why.rule.chain));
            let asks = rule.map(conditions).filter(|asks| !asks.is_empty());
            let asks = asks.map_or_else(|| "every packet".into(), |asks| format!("what is `{asks}`"));
            format!("rule {} of {name} takes {asks}", why.rule.number())
        }
    }
}

/// What a rule asks for, without comments and without the names of the extensions.
pub(super) fn conditions(rule: &Rule<'_>) -> String {
    asked(rule, |extension| !matches!(extension, Match::Comment(_) | Match::Unlisted(_)))
}

/// The same without its draw.
pub(super) fn conditions_but_draw(rule: &Rule<'_>) -> String {
    asked(rule, |extension| !matches!(extension, Match::Comment(_) | Match::Unlisted(_) | Match::Statistic(_)))
}

fn asked(rule: &Rule<'_>, shown: impl Fn(&Match<'_>) -> bool) -> String {
    let mut asks = rule.header.to_string();
    for extension in rule.matches.iter().filter(|extension| shown(extension)) {
        let words = extension.to_string();
        match extension {
            Match::Unread(_) => asks.extend([" -m ", &words]),
            _ => asks.push_str(words.strip_prefix(extension.name()).unwrap_or(&words)),
        }
    }
    Safe(asks.trim()).to_string()
}

/// Whom a packet is delivered to that stays on this host.
pub(super) fn delivered(packet: &Packet) -> String {
    match &packet.socket {
        None => "delivered to this host".into(),
        Some(Value::Known(port)) => format!("delivered to the transparent socket on port {port} of this host"),
        Some(Value::Unknown(_)) => "delivered to a transparent socket of this host".into(),
    }
}

/// Why a packet fails although it is let through.
pub(super) const fn fault(fault: Fault) -> &'static str {
    match fault {
        Fault::Hairpin => {
            "it comes back to the pod that sent it, with that pod's own address as its source (hairpin without masquerade)"
        }
    }
}

/// The reason of a verdict, where it has one.
pub(super) fn reason(verdict: &Verdict) -> Option<String> {
    match verdict {
        Verdict::Reject(reason) | Verdict::Lost(reason) => Some((*reason).to_owned()),
        Verdict::Undetermined(reason) => Some(unclear(reason)),
        Verdict::Accept | Verdict::Drop | Verdict::Queue | Verdict::Stolen => None,
    }
}

fn unclear(unclear: &Unclear) -> String {
    match unclear {
        Unclear::Target(name) => {
            format!("`{}` is neither a chain in the input nor a target that kpt knows", Safe(name))
        }
        Unclear::Lost(name, Lost::Misprinted, line) => {
            format!("the words of `{}` in line {line} were lost when the rules were printed", Safe(name))
        }
        Unclear::Lost(name, Lost::Redacted, line) => {
            format!("the address of `{}` in line {line} is blacked out", Safe(name))
        }
        Unclear::Line(line) => format!("line {line} takes it, and could not be read"),
        Unclear::Loop(chain) => format!("`{}` leads back to itself, which iptables refuses to load", Safe(chain)),
        Unclear::TooMuch => "there are too many rules to try".into(),
    }
}

/// The kind of an address, for people.
pub(super) const fn via(via: Via) -> &'static str {
    match via {
        Via::ClusterIp => "cluster IP",
        Via::NodePort => "node port",
        Via::ExternalIp => "external IP",
        Via::LoadBalancer => "load balancer",
        Via::HealthCheck => "health check port",
    }
}

/// `address:port`, with `*` for what is not known; no port for a protocol that has none.
pub(super) fn endpoint(address: &Value<IpAddr>, port: &Value<u16>) -> String {
    let address = match address.known() {
        Some(IpAddr::V6(address)) if port.known().is_some() => format!("[{address}]"),
        Some(address) => address.to_string(),
        None => "*".into(),
    };
    port.known().map_or_else(|| address.clone(), |port| format!("{address}:{port}"))
}
