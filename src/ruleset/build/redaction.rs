//! Addresses that somebody blacked out before showing the rules to others: `x.x.x.x`, `XX:XX:XX:XX:XX:XX`, `<private_ip>`.

use crate::diagnostic::{Code, Diagnostic};
use crate::extension::Lost;
use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::ruleset::header::AddressTest;
use crate::ruleset::rule::{Rule, Then};
use crate::save::Word;

/// Is this no value that iptables prints, but one that hides it?
pub(super) fn is_redacted(word: &Word<'_>) -> bool {
    hides(word.as_str())
}

fn hides(text: &str) -> bool {
    let is_part = |part: &&str| !part.is_empty() && part.bytes().all(|byte| matches!(byte, b'x' | b'X' | b'*'));
    let bracketed = text.starts_with('<') && text.contains('>');
    let crossed_out = || text.split(['.', ':', '/', '-', ',']).filter(is_part).count() > 1;
    bracketed
        || text.eq_ignore_ascii_case("redacted")
        || memchr::memchr3(b'x', b'X', b'*', text.as_bytes()).is_some() && crossed_out()
}

/// What is told of a rule in which something is hidden.
pub(super) fn notice(rule: &Rule<'_>) -> Option<Diagnostic> {
    let addresses = [&rule.header.src, &rule.header.dst].into_iter().flatten();
    let named = |test: &AddressTest<'_>| matches!(test, AddressTest::Name(name) if hides(name));
    let matched = |found: &Match<'_>| match found {
        Match::Unread(unread) => unread.lost == Some(Lost::Redacted),
        Match::Mac(mac) => mac.is_redacted(),
        _ => false,
    };
    let target = matches!(&rule.then, Then::Target(Target::Unread(unread)) if unread.lost == Some(Lost::Redacted));
    let is_hidden = target || addresses.map(|test| &test.value).any(named) || rule.matches.iter().any(matched);
    is_hidden.then(|| {
        Diagnostic::new(Code::Redacted, "an address is blacked out in this rule")
            .at(rule.span, "whether a packet fits is not known")
            .help("both answers are given; with the address in its place there is one")
    })
}
