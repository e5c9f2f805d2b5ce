//! Questions that neither the dump nor the packet answers.
//!
//! Every fact has one shape: some unknown quantity lies in some set. "The client is in 10.128.0.0/9" is about the
//! source address; "the client was seen before" is about a quantity that only the kernel keeps. Facts about one quantity
//! thereby agree with each other: a source in 10.128.0.0/9 that is not 10.128.0.5 can be asked about both.

use std::fmt;
use std::sync::Arc;

use super::names::Pattern;
use super::values::Values;

/// A header field or circumstance of the packet, as it first arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Source address.
    Src,
    /// Destination address.
    Dst,
    /// Source port.
    Sport,
    /// Destination port.
    Dport,
    /// Number of the protocol above IP.
    Protocol,
    /// Interface it arrives on.
    In,
    /// Interface it leaves by, once its destination is final.
    Out,
    /// Interface that a locally made packet is first routed to, before a rewritten destination changes that.
    FirstOut,
    /// ICMP type.
    IcmpType,
    /// ICMP code.
    IcmpCode,
    /// Time to live, or hop limit.
    Ttl,
    /// Type of service, or traffic class.
    Tos,
    /// Length of the IP packet in bytes.
    Length,
    /// Numeric user that made the packet.
    Uid,
    /// Numeric group that made the packet.
    Gid,
    /// Firewall mark.
    Mark,
    /// Connection mark.
    ConnMark,
}

impl Field {
    /// The field as facts and flags name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Src => "src",
            Self::Dst => "dst",
            Self::Sport => "sport",
            Self::Dport => "dport",
            Self::Protocol => "proto",
            Self::In => "in",
            Self::Out => "out",
            Self::FirstOut => "first-out",
            Self::IcmpType => "icmp-type",
            Self::IcmpCode => "icmp-code",
            Self::Ttl => "ttl",
            Self::Tos => "tos",
            Self::Length => "length",
            Self::Uid => "uid",
            Self::Gid => "gid",
            Self::Mark => "mark",
            Self::ConnMark => "connmark",
        }
    }

    /// The field of this name.
    pub fn named(name: &str) -> Option<Self> {
        const ALL: [Field; 17] = [
            Field::Src,
            Field::Dst,
            Field::Sport,
            Field::Dport,
            Field::Protocol,
            Field::In,
            Field::Out,
            Field::FirstOut,
            Field::IcmpType,
            Field::IcmpCode,
            Field::Ttl,
            Field::Tos,
            Field::Length,
            Field::Uid,
            Field::Gid,
            Field::Mark,
            Field::ConnMark,
        ];
        ALL.into_iter().find(|field| field.as_str() == name)
    }

    /// A value that packets usually have, where there is one.
    pub const fn usual(self) -> Option<u128> {
        match self {
            Self::Sport => Some(50_000), // an ephemeral port (net.ipv4.ip_local_port_range)
            Self::Ttl => Some(64),
            Self::Tos => Some(0),
            Self::Length => Some(60), // a SYN
            _ => None,
        }
    }

    /// Is what the packet has here decided by a route that the dump does not show?
    const fn is_routed(self) -> bool {
        matches!(self, Self::Out | Self::FirstOut)
    }
}

/// An unknown quantity. The same quantity has one value in one world.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unknown {
    /// A field of the packet.
    Field(Field),
    /// A number that the packet or the kernel has and no field holds, such as `esp-spi` or `cpu`.
    Number(&'static str),
    /// Something that an extension names, such as `recent:SSH:src`.
    Named(Arc<str>),
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Field(field) => field.as_str(),
            Self::Number(name) => name,
            Self::Named(name) => name,
        })
    }
}

/// The set that a fact asks about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Set {
    /// Numbers.
    Values(Values),
    /// Interface names.
    Names(Pattern),
}

impl Set {
    /// Is all of it in `other`?
    pub fn is_within(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Values(one), Self::Values(other)) => one.within(other),
            (Self::Names(one), Self::Names(other)) => other.covers(one),
            _ => false,
        }
    }
}

/// What is taken to be so if nobody says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Presumed {
    /// The answer.
    pub answer: bool,
    /// The other answer is so unusual that it is only looked at when every world is asked for.
    pub firm: bool,
}

impl Presumed {
    /// An answer whose contrary is worth a look.
    pub const fn usually(answer: bool) -> Self {
        Self { answer, firm: false }
    }

    /// An answer whose contrary is far-fetched.
    pub const fn firmly(answer: bool) -> Self {
        Self { answer, firm: true }
    }
}

/// How a fact reads, either way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phrase {
    /// If it is so.
    pub yes: String,
    /// If it is not.
    pub no: String,
    /// The name of a fact whose set is too long to be one.
    pub name: Option<Arc<str>>,
}

/// A question: does `about` lie in `within`?
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fact {
    /// The unknown quantity.
    pub about: Unknown,
    /// The set asked about.
    pub within: Set,
    /// What is taken if nobody says; `None` if there is no natural answer, so that both are followed.
    pub default: Option<Presumed>,
    /// The words of the extension that asks; a fact about a field needs none.
    pub phrase: Option<Arc<Phrase>>,
}

impl Fact {
    /// A fact about a quantity. The default is a value that no rule names, or the usual one of a field that has one;
    /// nothing is presumed of a route.
    pub fn new(about: Unknown, within: Set) -> Self {
        let default = match (&about, &within) {
            (Unknown::Field(field), _) if field.is_routed() => None,
            (Unknown::Field(field), Set::Values(values)) => {
                Some(Presumed::usually(field.usual().is_some_and(|usual| values.contains(usual))))
            }
            _ => Some(Presumed::usually(false)),
        };
        Self { about, within, default, phrase: None }
    }

    /// A fact that an extension names: it is so, or not.
    pub fn named(name: &str, default: Option<Presumed>, yes: String, no: String) -> Self {
        Self {
            about: Unknown::Named(name.into()),
            within: Set::Values(Values::one(1u8)),
            default,
            phrase: Some(Arc::new(Phrase { yes, no, name: None })),
        }
    }

    /// The same with a name and words of its own: its set is too long to be told by its values.
    #[must_use]
    pub fn called(self, name: &str, yes: String, no: String) -> Self {
        Self { phrase: Some(Arc::new(Phrase { yes, no, name: Some(name.into()) })), ..self }
    }

    /// Its name where it is about no field, or was given one; a number's has the set asked about in it, such as
    /// `esp-spi:256-300`.
    pub fn name(&self) -> Option<String> {
        if let Some(name) = self.phrase.as_ref().and_then(|phrase| phrase.name.as_ref()) {
            return Some(name.to_string());
        }
        match (&self.about, &self.within) {
            (Unknown::Field(_), _) => None,
            (Unknown::Number(name), Set::Values(values)) => Some(format!("{name}:{values}")),
            (Unknown::Named(name), Set::Values(values)) if self.phrase.is_none() => Some(format!("{name}:{values}")),
            (about, _) => Some(about.to_string()),
        }
    }

    /// The same about a number: it lies in `within`.
    #[must_use]
    pub fn within(self, within: Values) -> Self {
        Self { within: Set::Values(within), ..self }
    }
}
