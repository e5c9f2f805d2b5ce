//! Numbers that a file of the host may give names: realms of routes and groups of interfaces.

use std::borrow::Cow;
use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::logic::{Outcome, Presumed};
use crate::number::Masked;
use crate::packet::Context;
use crate::save::bare;

use super::args::{Arg, not};

/// `[!] --option VALUE[/MASK]` or `[!] --option NAME`
#[derive(Debug, Clone)]
pub(super) struct Group<'t> {
    not: bool,
    option: &'static str,
    number: Number<'t>,
    /// What the file says of 0 everywhere.
    zero: &'static str,
}

#[derive(Debug, Clone)]
enum Number<'t> {
    Masked(Masked),
    /// One whose number is in the host's own file.
    Name(Cow<'t, str>),
}

impl<'t> Group<'t> {
    /// Reads the option; `zero` is the name of 0.
    pub(super) fn read(arg: &Arg<'t>, zero: &'static str) -> Result<Self, Diagnostic> {
        let text = arg.text(0);
        let is_name = text.starts_with(|first: char| first.is_ascii_alphabetic()) && !text.contains('/');
        let number = match text.parse() {
            Ok(number) => Number::Masked(number),
            Err(()) if text == zero => Number::Masked(Masked::whole(0)),
            Err(()) if is_name => Number::Name(text),
            Err(()) => return Err(arg.bad("value, value/mask or a name")),
        };
        Ok(Self { not: arg.not, option: arg.option, number, zero })
    }

    /// Is the quantity called `name` so? It is 0 unless somebody sets it.
    pub(super) fn holds(&self, cx: &Context<'_>, name: &'static str) -> Outcome {
        let fits = match &self.number {
            Number::Masked(number) => cx.is_masked(name, *number),
            Number::Name(group) => cx.ask(
                &format!("{name}:{group}"),
                Some(Presumed::usually(false)),
                format!("its {name} is `{group}`"),
                format!("its {name} is not `{group}`"),
            ),
        };
        fits.negated(self.not)
    }
}

impl fmt::Display for Group<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ", not(self.not), self.option)?;
        match &self.number {
            Number::Masked(number) if *number == Masked::whole(0) => f.write_str(self.zero),
            Number::Masked(number) => number.fmt(f),
            Number::Name(name) => f.write_str(&bare(name)),
        }
    }
}
