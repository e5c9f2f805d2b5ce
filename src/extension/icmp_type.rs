//! A test of type and code, shared by ICMP and ICMPv6.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::logic::Outcome;
use crate::packet::Context;

use super::args::{Arg, not};

/// A type and, where it is given, a code.
#[derive(Debug, Clone)]
pub(super) struct TypeTest {
    not: bool,
    /// `None` is `any`.
    kind: Option<u8>,
    code: Option<u8>,
}

impl TypeTest {
    /// Reads `8`, `3/4` or one of `names`. Where there is a word for `any` type, type 255 means that too.
    pub(super) fn read(arg: &Arg<'_>, names: &[(&str, u8, Option<u8>)], any: Option<&str>) -> Result<Self, Diagnostic> {
        let text = arg.text(0);
        if any.is_some_and(|any| [any, "255", "255/255"].contains(&&*text)) {
            return Ok(Self { not: arg.not, kind: None, code: None });
        }
        if let Some(&(_, kind, code)) = names.iter().find(|(name, ..)| *name == text) {
            return Ok(Self { not: arg.not, kind: Some(kind), code });
        }
        let bad = || arg.bad("a type, or type/code");
        let (kind, code) = match text.split_once('/') {
            Some((kind, code)) => (kind, Some(code.parse().map_err(|_| bad())?)),
            None => (&*text, None),
        };
        Ok(Self { not: arg.not, kind: Some(kind.parse().map_err(|_| bad())?), code })
    }

    pub(super) fn matches(&self, cx: &Context<'_>) -> Outcome {
        let kind = self.kind.map_or(Outcome::Always, |kind| cx.is(&cx.packet.icmp_type, kind));
        let code = self.code.map_or(Outcome::Always, |code| cx.is(&cx.packet.icmp_code, code));
        kind.and(code).negated(self.not)
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
