//! The words of a rule line, one after the other.

use crate::diagnostic::{Code, Diagnostic, near};
use crate::extension::{Arg, Opt, matches, targets};
use crate::logic::Pattern;
use crate::packet::Protocol;
use crate::ruleset::header::{AddressTest, Test};
use crate::ruleset::rule::Counters;
use crate::save::Word;
use crate::source::Span;

use super::draft::Draft;
use super::named::Named;

/// Reads words from left to right.
pub(super) struct Reader<'t> {
    words: std::vec::IntoIter<Word<'t>>,
    draft: Draft<'t>,
    not: Option<Word<'t>>,
    /// The extension that words belong to which no option explains.
    last: Last,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    Match,
    Target,
}

impl<'t> Reader<'t> {
    pub(super) fn new(words: Vec<Word<'t>>) -> Self {
        Self { words: words.into_iter(), draft: Draft::default(), not: None, last: Last::Nothing }
    }

    pub(super) fn read(mut self) -> Result<Draft<'t>, Diagnostic> {
        while let Some(word) = self.words.next() {
            match word.as_str() {
                "!" => self.not = Some(word),
                text if text.starts_with('#') && !word.quoted => break,
                _ => self.option(word)?,
            }
        }
        Ok(self.draft)
    }

    fn option(&mut self, word: Word<'t>) -> Result<(), Diagnostic> {
        match word.as_str() {
            "[unsupported" => self.misprinted(word),
            text if text.starts_with('[') => self.draft.counters = counters(text),
            "-c" | "--set-counters" => {
                let (packets, bytes) = (self.value(&word)?, self.value(&word)?);
                self.draft.counters = counters(&format!("[{}:{}]", packets.as_str(), bytes.as_str()));
            }
            "-A" | "--append" => drop(self.value(&word)?),
            "-I" | "--insert" => {
                self.value(&word)?;
                let mut next = self.words.clone();
                if next.next().is_some_and(|word| word.as_str().parse::<u32>().is_ok()) {
                    self.words = next;
                }
            }
            "-s" | "--source" | "--src" => self.draft.src = self.addresses(&word)?,
            "-d" | "--destination" | "--dst" => self.draft.dst = self.addresses(&word)?,
            "-i" | "--in-interface" => self.draft.header.input = Some(Box::new(self.interface(&word)?)),
            "-o" | "--out-interface" => self.draft.header.output = Some(Box::new(self.interface(&word)?)),
            "-p" | "--protocol" => self.draft.header.protocol = Some(self.protocol(&word)?),
            "-f" | "--fragment" => self.draft.header.fragment = Some(!self.take_not()),
            "-m" | "--match" => self.named_match(&word)?,
            "-j" | "--jump" | "-g" | "--goto" => self.named_target(&word)?,
            // `-m policy` has an option of this name.
            "--proto" if self.owner("--proto").is_none() => self.draft.header.protocol = Some(self.protocol(&word)?),
            _ => self.extension_option(word)?,
        }
        Ok(())
    }

    fn value(&mut self, option: &Word<'t>) -> Result<Word<'t>, Diagnostic> {
        self.words.next().ok_or_else(|| {
            Diagnostic::new(Code::BadRule, format!("`{}` has no value", option.as_str()))
                .at(option.span, "the line ends here")
                .help("the line may be cut")
        })
    }

    /// The value of an option that may be inverted in front, or as in old dumps behind: `-d ! 10.0.0.1`.
    fn negatable(&mut self, option: &Word<'t>) -> Result<(bool, Word<'t>), Diagnostic> {
        let mut not = self.take_not();
        let mut value = self.value(option)?;
        if value.as_str() == "!" {
            not = true;
            value = self.value(option)?;
        }
        Ok((not, value))
    }

    fn take_not(&mut self) -> bool {
        self.not.take().is_some()
    }

    fn addresses(&mut self, option: &Word<'t>) -> Result<Vec<Test<AddressTest<'t>>>, Diagnostic> {
        let (not, value) = self.negatable(option)?;
        let tests = value.as_str().split(',').map(|item| match item.parse() {
            Ok(net) => Ok(Test { not, value: AddressTest::Net(net) }),
            // A host's name, or what somebody wrote to hide an address.
            Err(()) if !item.is_empty() && !item.starts_with(['!', '-']) => {
                Ok(Test { not, value: AddressTest::Name(item.to_owned().into()) })
            }
            Err(()) => Err(Diagnostic::new(Code::BadValue, format!("`{item}` is not an address"))
                .at(value.span, "expected addresses, networks or names, separated by commas")),
        });
        tests.collect()
    }

    fn interface(&mut self, option: &Word<'t>) -> Result<Test<Pattern>, Diagnostic> {
        let (not, value) = self.negatable(option)?;
        Ok(Test { not, value: Pattern::new(value.as_str()) })
    }

    fn protocol(&mut self, option: &Word<'t>) -> Result<Test<Protocol>, Diagnostic> {
        let (not, value) = self.negatable(option)?;
        let protocol = value.as_str().parse().map_err(|()| {
            Diagnostic::new(Code::BadValue, format!("`{}` is not a protocol", value.as_str()))
                .at(value.span, "expected a name such as tcp, or a number from 0 to 255")
        })?;
        Ok(Test { not, value: protocol })
    }

    fn named_match(&mut self, option: &Word<'t>) -> Result<(), Diagnostic> {
        let name = self.value(option)?;
        let spec = matches::named(name.as_str());
        self.draft.matches.push(Named { name, spec, args: Vec::new(), unread: Vec::new(), lost: None });
        self.last = Last::Match;
        Ok(())
    }

    fn named_target(&mut self, option: &Word<'t>) -> Result<(), Diagnostic> {
        let name = self.value(option)?;
        let spec = targets::named(name.as_str());
        self.draft.goto = option.as_str() == "-g" || option.as_str() == "--goto";
        self.draft.target = Some(Named { name, spec, args: Vec::new(), unread: Vec::new(), lost: None });
        self.last = Last::Target;
        Ok(())
    }

    fn extension_option(&mut self, word: Word<'t>) -> Result<(), Diagnostic> {
        match self.owner(word.as_str()) {
            Some((Owner::Target, option)) if option.values > 0 && self.lacks_value() => {
                self.draft.target.iter_mut().for_each(|target| target.lose(word.clone()));
            }
            Some((Owner::Target, option)) => {
                let arg = self.arg(&word, option)?;
                self.draft.target.iter_mut().for_each(|target| target.take(word.clone(), arg.clone()));
            }
            Some((Owner::Match(index), option)) => {
                let arg = self.arg(&word, option)?;
                if let Some(found) = self.draft.matches.get_mut(index) {
                    found.args.push(arg);
                }
            }
            None => self.unread(word)?,
        }
        Ok(())
    }

    /// Whose option it is: the target's, or that of the match named last which knows it, or the protocol's.
    fn owner(&mut self, word: &str) -> Option<(Owner, &'static Opt)> {
        let of = |options: &'static [Opt]| options.iter().find(|option| option.is(word));
        if let Some(option) = self.draft.target.as_ref().and_then(|target| of(target.spec?.options)) {
            return Some((Owner::Target, option));
        }
        let named = self.draft.matches.iter().enumerate().rev();
        let mut found = named.filter_map(|(index, found)| Some((Owner::Match(index), of(found.spec?.options)?)));
        if let Some(found) = found.next() {
            return Some(found);
        }
        let protocol = self.draft.header.protocol.as_ref().filter(|test| !test.not)?.value;
        let name = if protocol == Protocol::ICMPV6 { "icmp6".to_owned() } else { protocol.to_string() };
        let spec = matches::named(&name)?;
        let option = of(spec.options)?;
        let name = Word { text: name.into(), span: Span::default(), quoted: false };
        self.draft.matches.push(Named { name, spec: Some(spec), args: Vec::new(), unread: Vec::new(), lost: None });
        Some((Owner::Match(self.draft.matches.len() - 1), option))
    }

    /// Does an option of the same target, or nothing, stand where a value should? iptables prints that for what another
    /// version wrote.
    fn lacks_value(&self) -> bool {
        let options = self.draft.target.as_ref().and_then(|target| target.spec).map_or(&[][..], |spec| spec.options);
        let next = self.words.as_slice().first();
        next.is_none_or(|next| !next.quoted && options.iter().any(|option| option.is(next.as_str())))
    }

    /// `[unsupported revision]`, in place of the options of the match or target before it.
    fn misprinted(&mut self, word: Word<'t>) {
        for word in [word].into_iter().chain(self.words.next()) {
            match (self.last, self.draft.matches.last_mut(), &mut self.draft.target) {
                (Last::Match, Some(found), _) => found.lose(word),
                (Last::Target, _, Some(found)) => found.lose(word),
                _ => {}
            }
        }
    }

    fn arg(&mut self, word: &Word<'t>, option: &'static Opt) -> Result<Arg<'t>, Diagnostic> {
        let mut arg = Arg { option: option.name, not: self.take_not(), values: Vec::new(), span: word.span };
        if option.bare && self.words.as_slice().first().is_none_or(|next| next.as_str().starts_with(['-', '!'])) {
            return Ok(arg);
        }
        while arg.values.len() < option.values {
            let value = self.value(word)?;
            if value.as_str() == "!" && arg.values.is_empty() {
                arg.not = true;
                continue;
            }
            arg.span = arg.span.to(value.span);
            arg.values.push(value);
        }
        Ok(arg)
    }

    /// A word that no known extension explains is kept by the extension before it, if kpt has no file for that.
    fn unread(&mut self, word: Word<'t>) -> Result<(), Diagnostic> {
        let not = self.not.take();
        let keeper = match self.last {
            Last::Match => {
                self.draft.matches.last_mut().filter(|found| found.spec.is_none()).map(|found| &mut found.unread)
            }
            Last::Target => {
                self.draft.target.as_mut().filter(|found| found.spec.is_none()).map(|found| &mut found.unread)
            }
            Last::Nothing => None,
        };
        let Some(keeper) = keeper else {
            if self.is_annotation(&word) {
                self.draft.annotation =
                    Some(self.words.as_slice().last().map_or(word.span, |last| word.span.to(last.span)));
                self.words = Vec::new().into_iter();
                return Ok(());
            }
            return Err(self.unknown_option(&word));
        };
        keeper.extend(not);
        keeper.push(word);
        Ok(())
    }
}

impl Reader<'_> {
    /// Did somebody write it behind a rule that is complete?
    fn is_annotation(&self, word: &Word<'_>) -> bool {
        let is_option = |word: &Word<'_>| word.as_str().starts_with('-') && !word.as_str().starts_with("->");
        self.draft.target.is_some() && !is_option(word) && !self.words.as_slice().iter().any(is_option)
    }

    fn unknown_option(&self, word: &Word<'_>) -> Diagnostic {
        let of_matches = self.draft.matches.iter().filter_map(|found| found.spec).map(|spec| spec.options);
        let of_target = self.draft.target.iter().filter_map(|found| found.spec).map(|spec| spec.options);
        let known = of_matches.chain(of_target).flatten().map(|option| option.name);
        Diagnostic::new(Code::UnknownOption, format!("`{}` is not an option here", word.as_str()))
            .at(word.span, "no match or target before it has this option")
            .did_you_mean(
                near(word.as_str(), known),
                "the rule is left out of the answer; if iptables printed it, please report it",
            )
    }
}

enum Owner {
    Target,
    Match(usize),
}

/// `[packets:bytes]`
fn counters(text: &str) -> Option<Counters> {
    let (packets, bytes) = text.strip_prefix('[')?.strip_suffix(']')?.split_once(':')?;
    Some(Counters { packets: packets.parse().ok()?, bytes: bytes.parse().ok()? })
}
