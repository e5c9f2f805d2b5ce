//! A test of type and code, shared by ICMP and ICMPv6.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::logic::Outcome;
use crate::number::number;
use crate::packet::Context;

use super::args::{Arg, not};
use super::asks::Asked;

/// A type and, where it is given, a code.
#[derive(Debug, Clone)]
pub(super) struct TypeTest {
    not: bool,
    /// `None` is `any`.
    kind: Option<u8>,
    code: Option<u8>,
}

/// Of a name its beginning is enough, in capitals or not.
fn begins(name: &str, text: &str) -> bool {
    name.get(..text.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(text))
}

/// `8` or `3/4`, numbers of C.
fn numbers(text: &str) -> Option<(u8, Option<u8>)> {
    match text.split_once('/') {
        Some((kind, code)) => Some((number(kind)?, Some(number(code)?))),
        None => Some((number(text)?, None)),
    }
}

impl TypeTest {
    /// Reads `8`, `3/4` or one of `names`. Where there is a word for `any` type, type 255 means that too.
    pub(super) fn read(arg: &Arg<'_>, names: &[(&str, u8, Option<u8>)], any: Option<&str>) -> Result<Self, Diagnostic> {
        let text = arg.text(0);
        let every = any.map(|any| (any, None, None));
        let types = names.iter().map(|(name, kind, code)| (*name, Some(*kind), *code));
        let mut named = every.into_iter().chain(types).filter(|(name, ..)| begins(name, &text));
        let (kind, code) = match (named.next(), named.next()) {
            (Some((_, kind, code)), None) => (kind, code),
            (Some((one, ..)), Some((other, ..))) => {
                return Err(arg.bad(&format!("a whole name: it may be `{one}` or `{other}`")));
            }
            (None, _) => {
                let (kind, code) = numbers(&text).ok_or_else(|| arg.bad("a type, or type/code"))?;
                (Some(kind), code)
            }
        };
        let of_any = any.is_some() && kind == Some(u8::MAX);
        Ok(if of_any { Self { not: arg.not, kind: None, code: None } } else { Self { not: arg.not, kind, code } })
    }

    pub(super) fn matches(&self, cx: &Context<'_>) -> Outcome {
        let kind = self.kind.map_or(Outcome::Always, |kind| cx.is(&cx.packet.icmp_type, kind));
        let code = self.code.map_or(Outcome::Always, |code| cx.is(&cx.packet.icmp_code, code));
        kind.and(code).negated(self.not)
    }

    /// The test of a field, and whether it stands behind a `!`.
    pub(super) const fn asked(&self) -> (bool, Asked) {
        (self.not, Asked::IcmpType(self.kind, self.code))
    }

    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>, option: &str) -> fmt::Result {
        write!(f, "{} {option} ", not(self.not))?;
        match (self.kind, self.code) {
            (None, _) => f.write_str("any"),
            (Some(kind), None) => write!(f, "{kind}"),
            (Some(kind), Some(code)) => write!(f, "{kind}/{code}"),
        }
    }
}
