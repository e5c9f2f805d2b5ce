//! A rule line's words -> a rule, as iptables' own command line reader does it (`do_parse` in iptables/xshared.c).
//!
//! An option belongs to the extension named last that knows it; one that none knows belongs to the protocol's own match
//! (`-p tcp --dport 80`). Address lists stand for one rule each.

use smallvec::SmallVec;

use crate::diagnostic::{Code, Diagnostic, near};
use crate::extension::matches::{self, Match, MatchSpec};
use crate::extension::targets::{self, Target, TargetSpec};
use crate::extension::{Arg, Args, Opt, Unread};
use crate::logic::Pattern;
use crate::packet::Protocol;
use crate::save::{Family, RuleAt, Word, glued_words, words};
use crate::source::Span;

use super::header::{AddressTest, Header, Test};
use super::id::TableId;
use super::listing::row_words;
use super::rule::{Counters, Rule, Then};
use super::ruleset::Ruleset;

/// How many rules a line may stand for: no list of addresses that somebody typed has as many pairs.
const MOST_PAIRS: usize = 1 << 16;

/// Rules that one line stands for, and what is wrong with it.
pub(super) type Read<'t> = (Vec<Rule<'t>>, Option<Diagnostic>);

/// Reads the line at `at`. One that cannot be read leaves a rule that says so.
pub(super) fn rules<'t>(ruleset: &Ruleset<'t>, table: TableId, chain: &'t str, text: &'t str, at: RuleAt) -> Read<'t> {
    let line = at.text(text);
    let is_command = line.trim_ascii_start().starts_with(['-', '[']);
    let words = if is_command { words(line, at.start) } else { row_words(chain, line, at.start) };
    let read = |words| from_words(ruleset, table, words, at);
    let parted = read(words);
    if parted.1.is_none() || memchr::memchr(b'\n', line.as_bytes()).is_none() {
        return parted;
    }
    // Broken in the middle of a word, perhaps.
    let glued = read(glued_words(line, at.start));
    if glued.1.is_none() { glued } else { parted }
}

fn from_words<'t>(
    ruleset: &Ruleset<'t>,
    table: TableId,
    words: Result<Vec<Word<'t>>, Diagnostic>,
    at: RuleAt,
) -> Read<'t> {
    let draft = words.and_then(|words| Reader::new(words).read());
    match draft.and_then(|draft| draft.finish(ruleset, table, at.line, at.span())) {
        Ok(read) => read,
        Err(diagnostic) => (vec![Rule::unreadable(at.line, at.span())], Some(diagnostic)),
    }
}

/// A rule whose target is still a name.
#[derive(Default)]
struct Draft<'t> {
    counters: Option<Counters>,
    src: Vec<Test<AddressTest<'t>>>,
    dst: Vec<Test<AddressTest<'t>>>,
    header: Header<'t>,
    matches: Vec<Named<'t, MatchSpec>>,
    target: Option<Named<'t, TargetSpec>>,
    goto: bool,
    /// Words behind the rule that are none of it.
    annotation: Option<Span>,
}

/// An extension by name, and the options found for it so far.
struct Named<'t, Spec: 'static> {
    name: Word<'t>,
    spec: Option<&'static Spec>,
    args: Vec<Arg<'t>>,
    /// The words of an extension that has no file.
    unread: Vec<Word<'t>>,
}

struct Reader<'t> {
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
    fn new(words: Vec<Word<'t>>) -> Self {
        Self { words: words.into_iter(), draft: Draft::default(), not: None, last: Last::Nothing }
    }

    fn read(mut self) -> Result<Draft<'t>, Diagnostic> {
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
            "-i" | "--in-interface" => self.draft.header.input = Some(self.interface(&word)?),
            "-o" | "--out-interface" => self.draft.header.output = Some(self.interface(&word)?),
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
        let tests = value.as_str().split(',').map(|item| {
            let value = match item.parse() {
                Ok(net) => AddressTest::Net(net),
                Err(()) => AddressTest::Name(item.to_owned().into()),
            };
            Test { not, value }
        });
        Ok(tests.collect())
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
        self.draft.matches.push(Named { name, spec, args: Vec::new(), unread: Vec::new() });
        self.last = Last::Match;
        Ok(())
    }

    fn named_target(&mut self, option: &Word<'t>) -> Result<(), Diagnostic> {
        let name = self.value(option)?;
        let spec = targets::named(name.as_str());
        self.draft.goto = option.as_str() == "-g" || option.as_str() == "--goto";
        self.draft.target = Some(Named { name, spec, args: Vec::new(), unread: Vec::new() });
        self.last = Last::Target;
        Ok(())
    }

    fn extension_option(&mut self, word: Word<'t>) -> Result<(), Diagnostic> {
        match self.owner(word.as_str()) {
            Some((Owner::Target, option)) => {
                let arg = self.arg(&word, option)?;
                self.draft.target.iter_mut().for_each(|target| target.args.push(arg.clone()));
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
        self.draft.matches.push(Named { name, spec: Some(spec), args: Vec::new(), unread: Vec::new() });
        Some((Owner::Match(self.draft.matches.len() - 1), option))
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

impl<'t> Draft<'t> {
    /// Reads the extensions and finds the target: a chain of the table wins over a target of the same name.
    fn finish(mut self, ruleset: &Ruleset<'t>, table: TableId, line: u32, span: Span) -> Result<Read<'t>, Diagnostic> {
        let annotation = self.annotation.map(annotated);
        let unknown = self.matches.iter().find_map(unknown_match);
        let matches =
            self.matches.drain(..).map(|found| found.into_match(ruleset.family)).collect::<Result<SmallVec<_>, _>>()?;
        let (then, warning) = match self.target.take() {
            Some(target) => then(ruleset, table, target, self.goto)?,
            None => (Then::Next, None),
        };
        if self.src.len().saturating_mul(self.dst.len()) > MOST_PAIRS {
            return Err(Diagnostic::new(Code::BadRule, format!("this line stands for more than {MOST_PAIRS} rules"))
                .at(span, "one for each pair of addresses")
                .help("a set of addresses (`-m set`) does the same with one rule"));
        }
        let rule = Rule { line, span, counters: self.counters, header: self.header, matches, then };
        Ok((per_address(&rule, self.src, self.dst), warning.or(unknown).or(annotation)))
    }
}

fn annotated(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Annotated, "somebody wrote something behind this rule")
        .at(span, "taken to be no part of it")
        .help("iptables-restore takes no such words")
}

/// A match that no iptables has, as far as kpt knows.
fn unknown_match(found: &Named<'_, MatchSpec>) -> Option<Diagnostic> {
    let name = found.name.as_str();
    found.spec.is_none().then(|| {
        Diagnostic::new(Code::UnknownMatch, format!("`{name}` is not a match that kpt knows"))
            .at(found.name.span, "whether it matches is not known")
            .did_you_mean(
                near(name, matches::ALL.iter().map(|spec| spec.name)),
                "it may be of another module; `--assume` answers what it would",
            )
    })
}

/// One rule for each pair of addresses, the source changing slowest.
fn per_address<'t>(rule: &Rule<'t>, src: Vec<Test<AddressTest<'t>>>, dst: Vec<Test<AddressTest<'t>>>) -> Vec<Rule<'t>> {
    let or_any = |tests: Vec<_>| if tests.is_empty() { vec![None] } else { tests.into_iter().map(Some).collect() };
    let dst: Vec<Option<_>> = or_any(dst);
    let mut rules = Vec::with_capacity(1);
    for src in or_any(src) {
        for dst in &dst {
            let header = Header { src: src.clone(), dst: dst.clone(), ..rule.header.clone() };
            rules.push(Rule { header, ..rule.clone() });
        }
    }
    rules
}

fn then<'t>(
    ruleset: &Ruleset<'t>,
    table: TableId,
    target: Named<'t, TargetSpec>,
    goto: bool,
) -> Result<(Then<'t>, Option<Diagnostic>), Diagnostic> {
    let reserved = matches!(target.name.as_str(), "ACCEPT" | "DROP" | "QUEUE" | "RETURN");
    if let Some(chain) = ruleset.find(table, target.name.as_str()).filter(|_| !reserved) {
        return Ok((if goto { Then::Goto(chain) } else { Then::Jump(chain) }, None));
    }
    let nothing = target.spec.is_none() && target.unread.is_empty() && !ruleset.fragment;
    let warning = nothing.then(|| {
        let name = target.name.as_str();
        Diagnostic::new(Code::UnknownTarget, format!("`{name}` is neither a chain of `{table}` nor a known target"))
            .at(target.name.span, "jumps to nothing")
            .help(format!("declare the chain with `:{name} - [0:0]`; iptables refuses the rule without it"))
    });
    Ok((Then::Target(target.into_target(ruleset.family)?), warning))
}

impl<'t> Named<'t, MatchSpec> {
    fn into_match(self, family: Family) -> Result<Match<'t>, Diagnostic> {
        match self.spec {
            Some(spec) => (spec.parse)(Args { name: spec.name, span: self.name.span, family, list: self.args }),
            None => Ok(Match::Unread(Unread { name: self.name.text, words: self.unread })),
        }
    }
}

impl<'t> Named<'t, TargetSpec> {
    fn into_target(self, family: Family) -> Result<Target<'t>, Diagnostic> {
        if let Some(arg) = self.args.iter().find(|arg| arg.not) {
            return Err(Diagnostic::new(Code::BadRule, format!("`{}` cannot be inverted", arg.option))
                .at(arg.span, "stands behind a `!`")
                .help("only matches are; the rule is left out of the answer"));
        }
        match self.spec {
            Some(spec) => (spec.parse)(Args { name: spec.name, span: self.name.span, family, list: self.args }),
            None => Ok(Target::Unread(Unread { name: self.name.text, words: self.unread })),
        }
    }
}
