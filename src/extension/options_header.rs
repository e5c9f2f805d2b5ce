//! A header of IPv6 that holds options, shared by `hbh` and `dst` (`net/ipv6/netfilter/ip6t_hbh.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::logic::Outcome;
use crate::number::number;
use crate::packet::Context;

use super::args::{Arg, Args};
use super::between::{Between, has_header};

/// `[!] --X-len N --X-opts TYPE[:LENGTH],...`
#[derive(Debug, Clone)]
pub(super) struct OptionsHeader {
    length: Option<Between>,
    /// Each with its length in bytes, if that counts.
    options: Vec<(u8, Option<u8>)>,
}

impl OptionsHeader {
    pub(super) fn read(args: &Args<'_>, length: &str, options: &str) -> Result<Self, Diagnostic> {
        let length = args.get(length).map(|arg| Between::read(arg, u32::MAX)).transpose()?;
        let options = args.get(options).map_or_else(|| Ok(Vec::new()), list)?;
        Ok(Self { length, options })
    }

    pub(super) fn matches(&self, cx: &Context<'_>, name: &str, words: &str, length: &'static str) -> Outcome {
        let there = has_header(cx, name, words);
        let fits = self.length.as_ref().map_or(Outcome::Always, |between| between.holds(cx, length));
        let options = match self.text() {
            none if none.is_empty() => Outcome::Always,
            text => cx.ask(
                &format!("{name}-options:{text}"),
                None,
                format!("{words} of the packet begins with the options {text}"),
                format!("{words} of the packet does not begin with the options {text}"),
            ),
        };
        there.and(fits).and(options)
    }

    fn text(&self) -> String {
        let option = |(kind, length): &(u8, Option<u8>)| match length {
            Some(length) => format!("{kind}:{length}"),
            None => kind.to_string(),
        };
        self.options.iter().map(option).collect::<Vec<_>>().join(",")
    }

    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>, option: &str) -> fmt::Result {
        self.length.iter().try_for_each(|length| write!(f, "{length}"))?;
        if self.options.is_empty() { Ok(()) } else { write!(f, " {option} {}", self.text()) }
    }
}

fn list(arg: &Arg<'_>) -> Result<Vec<(u8, Option<u8>)>, Diagnostic> {
    arg.list("options such as 5:4,194", |text| match text.split_once(':') {
        Some((kind, length)) => Some((number(kind)?, Some(number(length)?))),
        None => Some((number(text)?, None)),
    })
}
