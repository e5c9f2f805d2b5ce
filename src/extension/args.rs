//! The options of one extension in one rule, split off and counted, ready to be read.

use std::borrow::Cow;
use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::str::FromStr;

use crate::diagnostic::{Code, Diagnostic};
use crate::packet::{Net, number};
use crate::save::{Family, Word};
use crate::source::Span;

/// An option that an extension knows.
#[derive(Debug, Clone, Copy)]
pub struct Opt {
    /// As `iptables-save` prints it.
    pub name: &'static str,
    /// Other spellings that are read.
    pub aliases: &'static [&'static str],
    /// How many words follow it.
    pub values: usize,
    /// They may be left out.
    pub bare: bool,
}

/// An option with this many values.
pub const fn opt(name: &'static str, values: usize) -> Opt {
    Opt { name, aliases: &[], values, bare: false }
}

impl Opt {
    /// The same, with other spellings.
    #[must_use]
    pub const fn or(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    /// The same, which also stands without values: before another option or at the end.
    #[must_use]
    pub const fn or_bare(self) -> Self {
        Self { bare: true, ..self }
    }

    /// Is `word` this option?
    pub fn is(&self, word: &str) -> bool {
        self.name == word || self.aliases.contains(&word)
    }
}

/// An option as a rule has it.
#[derive(Debug, Clone)]
pub struct Arg<'t> {
    /// The option, as `iptables-save` spells it.
    pub option: &'static str,
    /// It stands behind a `!`.
    pub not: bool,
    /// The words that follow it.
    pub values: Vec<Word<'t>>,
    /// From the option to its last value.
    pub span: Span,
}

impl<'t> Arg<'t> {
    /// The words that it was read from.
    pub fn words(&self) -> Vec<Word<'t>> {
        let word = |text: &'static str| Word { text: text.into(), span: self.span, quoted: false };
        let option = self.not.then(|| word("!")).into_iter().chain([word(self.option)]);
        option.chain(self.values.iter().cloned()).collect()
    }
}

impl<'t> Arg<'t> {
    /// The `n`th value as it stands; empty if it is missing.
    pub fn text(&self, n: usize) -> Cow<'t, str> {
        self.values.get(n).map(|word| word.text.clone()).unwrap_or_default()
    }

    /// The first value, of which iptables keeps so many bytes and leaves the rest out without a word.
    pub fn cut(&self, most: usize) -> Cow<'t, str> {
        let text = self.text(0);
        match (0..=most).rev().find_map(|end| text.get(..end)) {
            Some(start) if text.len() > most => Cow::Owned(start.to_owned()),
            _ => text,
        }
    }

    /// The first value, read; `what` says what it should be.
    pub fn value<T: FromStr>(&self, what: &str) -> Result<T, Diagnostic> {
        self.text(0).parse().map_err(|_| self.bad(what))
    }

    /// The first value as a number of C: `0x` is hexadecimal, a leading 0 octal.
    pub fn number<T: TryFrom<u32>>(&self, what: &str) -> Result<T, Diagnostic> {
        let number = number(&self.text(0)).and_then(|number| T::try_from(number).ok());
        number.ok_or_else(|| self.bad(what))
    }

    /// The same, in `range`.
    pub fn number_in<T: TryFrom<u32> + PartialOrd>(
        &self,
        range: RangeInclusive<T>,
        what: &str,
    ) -> Result<T, Diagnostic> {
        let number = self.number(what)?;
        if range.contains(&number) { Ok(number) } else { Err(self.bad(what)) }
    }

    /// The first value as a network.
    pub fn net(&self, family: Family) -> Result<Net, Diagnostic> {
        let net = self.text(0).parse().ok().filter(|net: &Net| net.family() == family);
        net.ok_or_else(|| self.bad("a network"))
    }

    /// The first value as an address.
    pub fn address(&self, family: Family) -> Result<IpAddr, Diagnostic> {
        let address = self.text(0).parse().ok().filter(|address| Family::of(*address) == family);
        address.ok_or_else(|| self.bad("an address"))
    }

    /// The first value as `a:b` or `a`. A side that is left out is `ends`' own.
    pub fn range<T: FromStr + Copy>(
        &self,
        ends: RangeInclusive<T>,
        what: &str,
    ) -> Result<RangeInclusive<T>, Diagnostic> {
        let text = self.text(0);
        let (first, last) = text.split_once(':').unwrap_or((&text, &text));
        let read =
            |side: &str, open: T| if side.is_empty() { Ok(open) } else { side.parse().map_err(|_| self.bad(what)) };
        Ok(read(first, *ends.start())?..=read(last, *ends.end())?)
    }

    /// The first value as a list separated by commas.
    pub fn list<T>(&self, what: &str, read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, Diagnostic> {
        self.text(0).split(',').map(|item| read(item).ok_or_else(|| self.bad(what))).collect()
    }

    /// Complains if it stands behind a `!`.
    pub fn plain(&self) -> Result<(), Diagnostic> {
        if !self.not {
            return Ok(());
        }
        Err(Diagnostic::new(Code::BadRule, format!("`{}` cannot be inverted", self.option))
            .at(self.span, "stands behind a `!`")
            .help("the rule is left out of the answer; if iptables printed it, please report it"))
    }

    /// The complaint that `other` cannot stand beside it.
    pub fn clash(&self, other: &Self) -> Diagnostic {
        let message = match (self.option, other.option) {
            (one, two) if one == two => format!("`{one}` is given twice"),
            (one, two) => format!("`{one}` and `{two}` do not go together"),
        };
        Diagnostic::new(Code::BadRule, message)
            .at(other.span, "is one too many")
            .at(self.span, "is there already")
            .help("the rule is left out of the answer; if iptables printed it, please report it")
    }

    /// The complaint that the value is not `what` it should be.
    pub fn bad(&self, what: &str) -> Diagnostic {
        let value = self.values.iter().map(Word::as_str).collect::<Vec<_>>().join(" ");
        Diagnostic::new(Code::BadValue, format!("`{value}` is not a value of `{}`", self.option))
            .at(self.span, format!("expected {what}"))
            .help("the rule is left out of the answer; if iptables printed it, please report it")
    }
}

/// The options of one extension in one rule.
#[derive(Debug, Clone)]
pub struct Args<'t> {
    /// The word after `-m` or `-j`.
    pub name: &'static str,
    /// Where that word stands.
    pub span: Span,
    /// Whose addresses the rule is about.
    pub family: Family,
    /// The options, in order.
    pub list: Vec<Arg<'t>>,
}

impl<'t> Args<'t> {
    /// The first option of this name.
    pub fn get(&self, option: &str) -> Option<&Arg<'t>> {
        self.list.iter().find(|arg| arg.option == option)
    }

    /// Is the option there?
    pub fn has(&self, option: &str) -> bool {
        self.get(option).is_some()
    }

    /// Is the option there? It is one that cannot be inverted.
    pub fn flag(&self, option: &str) -> Result<bool, Diagnostic> {
        self.get(option).map_or(Ok(false), |arg| arg.plain().map(|()| true))
    }

    /// Complains if there is no option at all.
    pub fn some(&self, usual: &str) -> Result<(), Diagnostic> {
        if self.list.is_empty() { Err(self.missing(usual)) } else { Ok(()) }
    }

    /// The one of `options` that is there; no two of them go together.
    pub fn one_of(&self, options: &[&str]) -> Result<Option<&Arg<'t>>, Diagnostic> {
        let mut there = self.list.iter().filter(|arg| options.contains(&arg.option));
        let first = there.next();
        match (first, there.next()) {
            (Some(first), Some(second)) => Err(first.clash(second)),
            _ => Ok(first),
        }
    }

    /// The complaint that an option is missing without which the extension means nothing.
    pub fn missing(&self, option: &str) -> Diagnostic {
        Diagnostic::new(Code::BadRule, format!("`{}` without `{option}`", self.name))
            .at(self.span, format!("needs `{option}`"))
            .help("the line may be cut; the rule is left out of the answer")
    }
}

/// Writes `! ` where an option is inverted.
pub(super) fn not(not: bool) -> &'static str {
    if not { " !" } else { "" }
}
