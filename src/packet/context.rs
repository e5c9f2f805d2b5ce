//! What an extension can look at when a packet meets it.

use std::net::IpAddr;
use std::ops::RangeInclusive;

use crate::logic::{Assumptions, Fact, Outcome, Pattern, Presumed, Set, Unknown, Values};
use crate::number::{Masked, Protocol};
use crate::save::Hook;

use super::host::Host;
use super::interface::Interface;
use super::net::Net;
use super::packet::Packet;
use super::value::Value;

/// A packet at a rule. Every question about it goes through here, so that what this world has assumed is heeded.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The packet as it is at this rule.
    pub packet: &'a Packet,
    /// The host it is on.
    pub host: &'a Host,
    /// What this world has assumed so far.
    pub assumptions: &'a Assumptions,
    /// The hook that the rule is asked at.
    pub hook: Hook,
    /// The line of the rule, which names what the kernel keeps for this rule alone.
    pub line: u32,
}

impl Context<'_> {
    /// Does an address lie in `net`?
    pub fn is_in(&self, address: &Value<IpAddr>, net: Net) -> Outcome {
        match address {
            Value::Known(address) => net.contains(*address).into(),
            Value::Unknown(unknown) => match net.values() {
                Some(values) => self.ask_about(unknown, values),
                None => self.ask(
                    &format!("{unknown}:{net}"),
                    Some(Presumed::usually(false)),
                    format!("{unknown} matches {net}"),
                    format!("{unknown} does not match {net}"),
                ),
            },
        }
    }

    /// Does an address lie between two others, both included?
    pub fn is_between(&self, address: &Value<IpAddr>, first: IpAddr, last: IpAddr) -> Outcome {
        match address {
            Value::Known(address) => (first <= *address && *address <= last).into(),
            Value::Unknown(unknown) => self.ask_about(unknown, Values::range(bits(first), bits(last))),
        }
    }

    /// Is the protocol this one? 0 is any.
    pub fn is_protocol(&self, wanted: Protocol) -> Outcome {
        match &self.packet.protocol {
            _ if wanted.0 == 0 => Outcome::Always,
            Value::Known(protocol) => (*protocol == wanted).into(),
            Value::Unknown(unknown) => self.ask_about(unknown, Values::one(wanted.0)),
        }
    }

    /// Does a number lie in `range`?
    pub fn is_within<T: Copy + PartialOrd + Into<u128>>(&self, value: &Value<T>, range: &RangeInclusive<T>) -> Outcome {
        match value {
            Value::Known(value) => range.contains(value).into(),
            Value::Unknown(unknown) => self.ask_about(unknown, Values::range(*range.start(), *range.end())),
        }
    }

    /// Is a number this one?
    pub fn is<T: Copy + PartialOrd + Into<u128>>(&self, value: &Value<T>, wanted: T) -> Outcome {
        self.is_within(value, &(wanted..=wanted))
    }

    /// Is a byte one of `wanted`?
    pub fn is_one_of(&self, value: &Value<u8>, mut wanted: impl Iterator<Item = u8>) -> Outcome {
        match value {
            Value::Known(value) => wanted.any(|byte| byte == *value).into(),
            Value::Unknown(unknown) => self.ask_about(unknown, Values::union(wanted.map(Values::one))),
        }
    }

    /// A number that a target reckons with: the known one, or the usual one where this world takes it to be that. `Err` if
    /// that is to be asked first.
    pub fn reckoned<T: Copy + TryFrom<u128>>(&self, value: &Value<T>) -> Result<Option<T>, Box<Fact>> {
        let unknown = match value {
            Value::Known(value) => return Ok(Some(*value)),
            Value::Unknown(unknown) => unknown,
        };
        let Unknown::Field(field) = unknown else { return Ok(None) };
        let Some(usual) = field.usual() else { return Ok(None) };
        match self.ask_about(unknown, Values::one(usual)) {
            Outcome::Depends(fact) => Err(fact),
            Outcome::Always => Ok(T::try_from(usual).ok()),
            Outcome::Never | Outcome::Chance(_) => Ok(None),
        }
    }

    /// Does a number that no field holds lie from `first` to `last`? `name` tells the quantity wherever it is asked about,
    /// such as `esp-spi`. The default is a number that no rule names.
    pub fn is_number<T: Into<u128>>(&self, name: &'static str, first: T, last: T) -> Outcome {
        self.ask_about(&Unknown::Number(name), Values::range(first, last))
    }

    /// Does a number that no field holds, and that is 0 unless somebody sets it, have the bits of `wanted`?
    pub fn is_masked(&self, name: &'static str, wanted: Masked) -> Outcome {
        let default = Some(Presumed::usually(wanted.fits(0)));
        match wanted {
            Masked { value: 0, mask: 0 } => Outcome::Always,
            Masked { value, mask } if value & !mask != 0 => Outcome::Never,
            Masked { value, mask: u32::MAX } => {
                let fact = Fact::new(Unknown::Number(name), Set::Values(Values::one(value)));
                self.assumptions.outcome(Fact { default, ..fact })
            }
            _ => {
                let (yes, no) = (format!("its {name} is {wanted}"), format!("its {name} is not {wanted}"));
                self.ask(&format!("{name}:{wanted}"), default, yes, no)
            }
        }
    }

    /// Is an unknown quantity one of many values? They have a name and words of their own, as they are too many to be told.
    pub fn is_among(&self, unknown: &Unknown, values: &Values, name: &str, yes: String, no: String) -> Outcome {
        if values.is_empty() {
            return Outcome::Never;
        }
        let fact = Fact::new(unknown.clone(), Set::Values(values.clone()));
        self.assumptions.outcome(fact.called(name, yes, no))
    }

    /// Is an interface one of those that `pattern` covers?
    pub fn is_on(&self, interface: &Value<Interface>, pattern: &Pattern) -> Outcome {
        match interface {
            Value::Known(interface) => interface.is(pattern).into(),
            Value::Unknown(unknown) => self.question(unknown, Set::Names(pattern.clone())),
        }
    }

    /// Does a mark fit?
    pub fn is_marked(&self, mark: &Value<u32>, wanted: Masked) -> Outcome {
        match mark {
            Value::Known(mark) => wanted.fits(*mark).into(),
            Value::Unknown(_) if wanted.value & !wanted.mask != 0 => Outcome::Never,
            Value::Unknown(unknown) if wanted.mask == u32::MAX => self.ask_about(unknown, Values::one(wanted.value)),
            Value::Unknown(unknown) => self.ask(
                &format!("{unknown}:{wanted}"),
                None,
                format!("{unknown} is {wanted}"),
                format!("{unknown} is not {wanted}"),
            ),
        }
    }

    /// Is the source one of the host's addresses?
    pub fn is_src_local(&self) -> Outcome {
        match &self.packet.src {
            // A local packet has an address of the host unless somebody binds another on purpose.
            Value::Unknown(_) if self.packet.local => Outcome::Always,
            src => self.host.is_local(src, Presumed::usually(false), self.assumptions),
        }
    }

    /// Is the destination one of the host's addresses? That the target of a DNAT is one is far-fetched.
    pub fn is_dst_local(&self) -> Outcome {
        let usually = Presumed { answer: false, firm: self.packet.is_dnatted() };
        self.host.is_local(&self.packet.dst, usually, self.assumptions)
    }

    /// A question that an extension names: both readings in words, and what is taken if nobody says.
    pub fn ask(&self, name: &str, default: Option<Presumed>, yes: String, no: String) -> Outcome {
        self.assumptions.outcome(Fact::named(name, default, yes, no))
    }

    /// No question is needed about a set that holds nothing.
    fn ask_about(&self, unknown: &Unknown, values: Values) -> Outcome {
        if values.is_empty() { Outcome::Never } else { self.question(unknown, Set::Values(values)) }
    }

    fn question(&self, unknown: &Unknown, within: Set) -> Outcome {
        self.assumptions.outcome(Fact::new(unknown.clone(), within))
    }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_bits().into(),
        IpAddr::V6(address) => address.to_bits(),
    }
}
