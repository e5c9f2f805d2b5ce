//! Facts and reasons in words.

use crate::analyze::{Fault, Why, WhySource};
use crate::extension::{Unclear, Verdict};
use crate::kube::Via;
use crate::logic::{Fact, Field, Set, Unknown, Values};
use crate::packet::{Net, Protocol, Value};
use crate::save::Family;

use super::{Safe, Subject};

/// The name of a fact, as `--assume` takes it.
pub(super) fn fact_name(fact: &Fact, family: Family) -> String {
    match (&fact.about, &fact.within) {
        (Unknown::Named(name), _) => name.to_string(),
        (Unknown::Field(field), Set::Names(pattern)) => format!("{}:{pattern}", field.as_str()),
        (Unknown::Field(field), Set::Values(values)) => {
            format!("{}:{}", field.as_str(), values_in(*field, values, family, ","))
        }
    }
}

/// A fact as a sentence, answered.
pub(super) fn fact(fact: &Fact, answer: bool, family: Family) -> String {
    if let Some(phrase) = &fact.phrase {
        return if answer { phrase.yes.clone() } else { phrase.no.clone() };
    }
    let not = if answer { "" } else { "not " };
    let (field, what) = match (&fact.about, &fact.within) {
        (Unknown::Field(field), Set::Names(pattern)) => (*field, pattern.to_string()),
        (Unknown::Field(field), Set::Values(values)) => (*field, values_in(*field, values, family, " or ")),
        (Unknown::Named(name), _) => return format!("{name} is {not}as the rule asks"),
    };
    let single = matches!(&fact.within, Set::Values(values) if values.only().is_some());
    let within = if single { "" } else { "in " };
    match field {
        Field::Src => format!("the client is {not}{within}{what}"),
        Field::Dst => format!("the destination is {not}{within}{what}"),
        Field::Sport => format!("the source port is {not}{within}{what}"),
        Field::Dport => format!("the destination port is {not}{within}{what}"),
        Field::Protocol => format!("the protocol is {not}{what}"),
        Field::In if answer => format!("it comes in by {what}"),
        Field::In => format!("it does not come in by {what}"),
        Field::Out if answer => format!("it leaves by {what}"),
        Field::Out => format!("it does not leave by {what}"),
        Field::FirstOut if answer => format!("its first route leads to {what}"),
        Field::FirstOut => format!("its first route does not lead to {what}"),
        Field::Uid => format!("its maker's user is {not}{within}{what}"),
        Field::Gid => format!("its maker's group is {not}{within}{what}"),
        field => format!("its {} is {not}{within}{what}", field.as_str()),
    }
}

/// A set of values as people write it.
fn values_in(field: Field, values: &Values, family: Family, between: &str) -> String {
    let range = |&(first, last): &(u128, u128)| match field {
        Field::Src | Field::Dst => addresses(first, last, family),
        Field::Protocol if first == last => Protocol(u8::try_from(first).unwrap_or(0)).to_string(),
        _ if first == last => first.to_string(),
        _ => format!("{first}-{last}"),
    };
    values.ranges().iter().map(range).collect::<Vec<_>>().join(between)
}

/// A range of addresses: one address, a network, or from-to.
fn addresses(first: u128, last: u128, family: Family) -> String {
    if first == last {
        return family.address(first).to_string();
    }
    let wide = first ^ last;
    let network = (wide + 1).is_power_of_two() && first & wide == 0;
    match family {
        Family::V4 if network => {
            let narrow = |bits| u32::try_from(bits).unwrap_or(u32::MAX);
            Net::V4(narrow(first), !narrow(wide)).to_string()
        }
        Family::V6 if network => Net::V6(first, !wide).to_string(),
        family => format!("{}-{}", family.address(first), family.address(last)),
    }
}

/// Why a source is rewritten.
pub(super) fn why(why: Why, subject: &Subject<'_, '_>) -> String {
    let rule = subject.ruleset.rule(why.rule);
    let src = rule.and_then(|rule| rule.header.src.as_ref()).map(|test| test.value.to_string()).unwrap_or_default();
    match why.source {
        WhySource::Hairpin => "the client is the endpoint itself (hairpin)".into(),
        WhySource::NotFromCluster => format!("the client is not in {src}"),
        WhySource::FromThisHost => "this host itself asks at an external address".into(),
        WhySource::External => {
            "traffic to an external address or node port, so that the answer comes back this way".into()
        }
        WhySource::Any => {
            let name = subject.ruleset.name(why.rule.chain);
            format!("rule {} of {name} takes every such packet", why.rule.number())
        }
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
        Unclear::Socket(port) => {
            format!("it is handed to a socket on port {}, if one listens, and dropped otherwise", Safe(port))
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
pub(super) fn endpoint(address: &Value<std::net::IpAddr>, port: &Value<u16>) -> String {
    let address = match address.known() {
        Some(std::net::IpAddr::V6(address)) if port.known().is_some() => format!("[{address}]"),
        Some(address) => address.to_string(),
        None => "*".into(),
    };
    port.known().map_or_else(|| address.clone(), |port| format!("{address}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_addresses() {
        let bits = |text: &str| match text.parse().unwrap() {
            std::net::IpAddr::V4(address) => u128::from(address.to_bits()),
            std::net::IpAddr::V6(address) => address.to_bits(),
        };
        let v4 = |first, last| addresses(bits(first), bits(last), Family::V4);
        assert_eq!(v4("10.128.0.0", "10.255.255.255"), "10.128.0.0/9");
        assert_eq!(v4("10.0.0.1", "10.0.0.1"), "10.0.0.1");
        assert_eq!(v4("10.0.0.1", "10.0.0.9"), "10.0.0.1-10.0.0.9");
        assert_eq!(addresses(bits("fd00::"), bits("fd00::ffff"), Family::V6), "fd00::/112");
    }
}
