//! The part of a rule that every rule may have: addresses, interfaces, protocol, fragment.

use std::borrow::Cow;
use std::fmt;

use crate::logic::{Outcome, Pattern};
use crate::packet::{Context, Net, Protocol};
use crate::save::bare;

/// A test and whether it stands behind a `!`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test<T> {
    /// Behind a `!`.
    pub not: bool,
    /// What is asked for.
    pub value: T,
}

/// The address of `-s` or `-d`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddressTest<'t> {
    /// An address with its mask.
    Net(Net),
    /// A host name, or what a person wrote in its place: nothing that a packet can be compared with.
    Name(Cow<'t, str>),
}

impl fmt::Display for AddressTest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Net(net) => net.fmt(f),
            Self::Name(name) => f.write_str(&bare(name)),
        }
    }
}

/// What a rule asks of the header and the interfaces. What is not asked for is `None`. Most rules ask for little, and there may
/// be a million of them, so that what they may ask for stands elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Header<'t> {
    /// `-s`
    pub src: Option<Box<Test<AddressTest<'t>>>>,
    /// `-d`
    pub dst: Option<Box<Test<AddressTest<'t>>>>,
    /// `-i`
    pub input: Option<Box<Test<Pattern>>>,
    /// `-o`
    pub output: Option<Box<Test<Pattern>>>,
    /// `-p`
    pub protocol: Option<Test<Protocol>>,
    /// `-f`, or `! -f` if false.
    pub fragment: Option<bool>,
}

impl Header<'_> {
    /// Does it ask for nothing but a protocol?
    pub const fn is_open(&self) -> bool {
        matches!(self, Self { src: None, dst: None, input: None, output: None, fragment: None, .. })
    }

    /// Each thing that it asks for, in words, with the header that does not ask for it.
    pub fn parts(&self) -> Vec<(String, Self)> {
        let without = [
            (self.src.is_some(), Self { src: None, ..self.clone() }),
            (self.dst.is_some(), Self { dst: None, ..self.clone() }),
            (self.input.is_some(), Self { input: None, ..self.clone() }),
            (self.output.is_some(), Self { output: None, ..self.clone() }),
            (self.protocol.is_some(), Self { protocol: None, ..self.clone() }),
            (self.fragment.is_some(), Self { fragment: None, ..self.clone() }),
        ];
        let asked = without.into_iter().filter(|(asked, _)| *asked).map(|(_, rest)| rest);
        asked.map(|rest| (self.minus(&rest), rest)).collect()
    }

    /// The words of `self` that `rest` does not have.
    fn minus(&self, rest: &Self) -> String {
        let only = Self {
            src: self.src.clone().filter(|_| rest.src.is_none()),
            dst: self.dst.clone().filter(|_| rest.dst.is_none()),
            input: self.input.clone().filter(|_| rest.input.is_none()),
            output: self.output.clone().filter(|_| rest.output.is_none()),
            protocol: self.protocol.clone().filter(|_| rest.protocol.is_none()),
            fragment: self.fragment.filter(|_| rest.fragment.is_none()),
        };
        only.to_string().trim_start().to_owned()
    }

    /// Does the packet fit? (`ip_packet_match` in `ip_tables.c`)
    pub fn matches(&self, cx: &Context<'_>) -> Outcome {
        let packet = cx.packet;
        let address = |test: Option<&Test<AddressTest<'_>>>, address| match test {
            None => Outcome::Always,
            Some(Test { not, value: AddressTest::Net(net) }) => cx.is_in(address, *net).negated(*not),
            Some(Test { not, value: AddressTest::Name(name) }) => cx
                .ask(
                    &format!("name:{name}"),
                    None,
                    format!("the address is what `{name}` stands for"),
                    format!("the address is not what `{name}` stands for"),
                )
                .negated(*not),
        };
        let interface = |test: Option<&Test<Pattern>>, interface| match test {
            None => Outcome::Always,
            Some(Test { not, value }) => cx.is_on(interface, value).negated(*not),
        };
        let protocol = match &self.protocol {
            None => Outcome::Always,
            Some(Test { not, value }) => cx.is_protocol(*value).negated(*not),
        };
        address(self.src.as_deref(), &packet.src)
            .and(address(self.dst.as_deref(), &packet.dst))
            .and(interface(self.input.as_deref(), &packet.input))
            .and(interface(self.output.as_deref(), &packet.output))
            .and(protocol)
            // A first packet is no later fragment; where conntrack is on, rules never see one.
            .and(self.fragment.map_or(Outcome::Always, |later| (!later).into()))
    }
}

impl fmt::Display for Header<'_> {
    /// As `iptables-save` prints it, each option after a blank. What matches everything is left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn write<T: fmt::Display>(f: &mut fmt::Formatter<'_>, option: &str, test: Option<&Test<T>>) -> fmt::Result {
            match test {
                Some(Test { not, value }) => write!(f, "{} {option} {value}", if *not { " !" } else { "" }),
                None => Ok(()),
            }
        }
        let asked =
            |test: &&Test<AddressTest<'_>>| test.not || !matches!(test.value, AddressTest::Net(net) if net.is_all());
        write(f, "-s", self.src.as_deref().filter(asked))?;
        write(f, "-d", self.dst.as_deref().filter(asked))?;
        let some = |test: &&Test<Pattern>| test.value != Pattern::any();
        let word = |test: &Test<Pattern>| Test { not: test.not, value: bare(&test.value.to_string()).into_owned() };
        write(f, "-i", self.input.as_deref().filter(some).map(word).as_ref())?;
        write(f, "-o", self.output.as_deref().filter(some).map(word).as_ref())?;
        write(f, "-p", self.protocol.as_ref().filter(|test| test.value.0 != 0))?;
        f.write_str(match self.fragment {
            Some(true) => " -f",
            Some(false) => " ! -f",
            None => "",
        })
    }
}
