//! One row of an `iptables -L` listing -> the words that `iptables-save` would have printed for the rule.
//!
//! A listing says the same in other words (`tcp dpt:80`, `mark match 0x4000/0x4000`, `to:10.0.0.1:80`). Each of them is
//! a line in [`PHRASES`]; what is in none is handed on word for word under `-m listed`, which no extension knows, so
//! that the rule is not taken to match because it was not understood.

use std::borrow::Cow;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

use super::words::Word;

/// A wording of a listing and the options it stands for.
struct Phrase {
    /// The target column it belongs to; any if empty.
    target: &'static str,
    /// Its words; one that ends in `:` may have its value glued on.
    says: &'static str,
    /// The words of a rule line.
    means: &'static str,
    /// How many values follow.
    values: usize,
}

const fn phrase(says: &'static str, means: &'static str, values: usize) -> Phrase {
    Phrase { target: "", says, means, values }
}

const fn of(target: &'static str, says: &'static str, means: &'static str, values: usize) -> Phrase {
    Phrase { target, says, means, values }
}

/// Longer wordings stand before those they start with.
const PHRASES: [Phrase; 68] = [
    phrase("tcp", "-m tcp", 0),
    phrase("udp", "-m udp", 0),
    phrase("sctp", "-m sctp", 0),
    phrase("dpt:", "--dport", 1),
    phrase("dpts:", "--dport", 1),
    phrase("spt:", "--sport", 1),
    phrase("spts:", "--sport", 1),
    phrase("flags:", "--tcp-flags", 1),
    phrase("icmptype", "-m icmp --icmp-type", 1),
    phrase("ipv6-icmptype", "-m icmp6 --icmpv6-type", 1),
    phrase("code", "/", 1),
    phrase("state", "-m state --state", 1),
    phrase("ctstate", "-m conntrack --ctstate", 1),
    phrase("mark match", "-m mark --mark", 1),
    phrase("connmark match", "-m connmark --mark", 1),
    phrase("ADDRTYPE match", "-m addrtype", 0),
    phrase("src-type", "--src-type", 1),
    phrase("dst-type", "--dst-type", 1),
    phrase("limit-in", "--limit-iface-in", 0),
    phrase("limit-out", "--limit-iface-out", 0),
    phrase("statistic mode", "-m statistic --mode", 1),
    phrase("probability", "--probability", 1),
    phrase("every", "--every", 1),
    phrase("packet", "--packet", 1),
    phrase("recent: SET", "-m recent --set", 0),
    phrase("recent: CHECK", "-m recent --rcheck", 0),
    phrase("recent: UPDATE", "-m recent --update", 0),
    phrase("recent: REMOVE", "-m recent --remove", 0),
    phrase("seconds:", "--seconds", 1),
    phrase("reap", "--reap", 0),
    phrase("hit_count:", "--hitcount", 1),
    phrase("TTL-Match", "--rttl", 0),
    phrase("name:", "--name", 1),
    phrase("side: source", "--rsource", 0),
    phrase("side: dest", "--rdest", 0),
    phrase("mask:", "--mask", 1),
    phrase("limit: avg", "-m limit --limit", 1),
    phrase("burst", "--limit-burst", 1),
    phrase("multiport dports", "-m multiport --dports", 1),
    phrase("multiport sports", "-m multiport --sports", 1),
    phrase("multiport ports", "-m multiport --ports", 1),
    phrase("match-set", "-m set --match-set", 2),
    phrase("owner UID match", "-m owner --uid-owner", 1),
    phrase("owner GID match", "-m owner --gid-owner", 1),
    phrase("source IP range", "-m iprange --src-range", 1),
    phrase("destination IP range", "-m iprange --dst-range", 1),
    phrase("MAC", "-m mac --mac-source", 1),
    phrase("PKTTYPE =", "-m pkttype --pkt-type", 1),
    phrase("nfacct-name", "-m nfacct --nfacct-name", 1),
    of("DNAT", "to:", "--to-destination", 1),
    of("SNAT", "to:", "--to-source", 1),
    of("NETMAP", "to:", "--to", 1),
    of("REDIRECT", "redir ports", "--to-ports", 1),
    of("MASQUERADE", "masq ports:", "--to-ports", 1),
    of("", "random-fully", "--random-fully", 0),
    of("", "random", "--random", 0),
    of("", "persistent", "--persistent", 0),
    of("REJECT", "reject-with", "--reject-with", 1),
    of("MARK", "MARK or", "--or-mark", 1),
    of("MARK", "MARK and", "--and-mark", 1),
    of("MARK", "MARK xor", "--xor-mark", 1),
    of("MARK", "MARK set", "--set-mark", 1),
    of("MARK", "MARK xset", "--set-xmark", 1),
    of("LOG", "LOG flags", "", 1),
    of("LOG", "level", "--log-level", 1),
    of("LOG", "prefix", "--log-prefix", 1),
    of("TCPMSS", "TCPMSS clamp to PMTU", "--clamp-mss-to-pmtu", 0),
    of("TCPMSS", "TCPMSS set", "--set-mss", 1),
];

/// The words of a row that belongs to `chain`; `offset` is where `row` starts in its source.
pub fn row_words<'t>(chain: &'t str, row: &'t str, offset: u32) -> Result<Vec<Word<'t>>, Diagnostic> {
    let mut row = Row::new(row, offset);
    let Some(columns) = row.columns() else {
        return Err(Diagnostic::new(Code::BadRule, "this is not a row of an `iptables -L` listing")
            .at(row.span, "no protocol and option columns")
            .help("print the rules with `iptables-save`, which loses nothing"));
    };
    row.say("-A");
    row.word(Cow::Borrowed(chain));
    row.address("-s", columns.source);
    row.address("-d", columns.destination);
    row.interface("-i", columns.input);
    row.interface("-o", columns.output);
    row.protocol(columns.protocol);
    row.fragment(columns.option);
    if columns.input.is_none() {
        row.say("-m unlisted");
    }
    row.phrases(columns.target);
    Ok(row.out)
}

/// The columns of a row. Interfaces are listed with `-v` only.
struct Columns<'t> {
    target: &'t str,
    protocol: &'t str,
    option: &'t str,
    input: Option<&'t str>,
    output: Option<&'t str>,
    source: &'t str,
    destination: &'t str,
}

struct Row<'t> {
    tokens: Vec<&'t str>,
    at: usize,
    span: Span,
    out: Vec<Word<'t>>,
    /// Options of the target, which come last.
    target: Vec<Word<'t>>,
}

impl<'t> Row<'t> {
    fn new(row: &'t str, offset: u32) -> Self {
        let span = Span::new(offset as usize, row.len());
        Self { tokens: tokens(row), at: 0, span, out: Vec::new(), target: Vec::new() }
    }

    fn columns(&mut self) -> Option<Columns<'t>> {
        let is_option = |token: &&str| matches!(*token, "--" | "-f" | "!f" | "----");
        let option = self.tokens.iter().position(is_option).filter(|at| *at > 0)?;
        let before = self.tokens.get(..option - 1)?;
        let numbers = before.iter().filter(|token| token.starts_with(|c: char| c.is_ascii_digit())).count();
        let target = before.last().filter(|_| before.len() > numbers).copied().unwrap_or("");
        let protocol = *self.tokens.get(option - 1)?;
        self.at = option + 1;
        // pkts and bytes stand before the target exactly when the interfaces are listed.
        let verbose = numbers >= 2;
        Some(Columns {
            target,
            protocol,
            option: self.tokens.get(option)?,
            input: if verbose { Some(self.next()?) } else { None },
            output: if verbose { Some(self.next()?) } else { None },
            source: self.next()?,
            destination: self.next()?,
        })
    }

    fn next(&mut self) -> Option<&'t str> {
        let token = self.tokens.get(self.at).copied();
        self.at += usize::from(token.is_some());
        token
    }

    fn word(&mut self, text: Cow<'t, str>) {
        self.out.push(Word { text, span: self.span, quoted: false });
    }

    /// Adds fixed words, split at blanks.
    fn say(&mut self, words: &'static str) {
        for word in words.split_ascii_whitespace() {
            self.word(Cow::Borrowed(word));
        }
    }

    fn negatable(&mut self, option: &'static str, value: &'t str) -> &'t str {
        let plain = value.strip_prefix('!');
        if plain.is_some() {
            self.say("!");
        }
        self.say(option);
        plain.unwrap_or(value)
    }

    fn address(&mut self, option: &'static str, value: &'t str) {
        if !matches!(value, "0.0.0.0/0" | "::/0" | "anywhere") {
            let value = self.negatable(option, value);
            self.word(match value.strip_prefix("localhost/") {
                Some(bits) => Cow::Owned(format!("127.0.0.0/{bits}")),
                None if value == "localhost" => Cow::Borrowed("127.0.0.1"),
                None => Cow::Borrowed(value),
            });
        }
    }

    fn interface(&mut self, option: &'static str, value: Option<&'t str>) {
        if let Some(value) = value.filter(|value| !matches!(*value, "*" | "any")) {
            let value = self.negatable(option, value);
            self.word(Cow::Borrowed(value));
        }
    }

    fn protocol(&mut self, value: &'t str) {
        if !matches!(value, "all" | "0") {
            let value = self.negatable("-p", value);
            self.word(Cow::Borrowed(value));
        }
    }

    fn fragment(&mut self, option: &str) {
        match option {
            "-f" => self.say("-f"),
            "!f" => self.say("! -f"),
            _ => {}
        }
    }

    /// What follows the columns: matches, then the options of the target.
    fn phrases(&mut self, target: &'t str) {
        let goto = self.skip("[goto]");
        while let Some(token) = self.next() {
            if let Some(comment) = token.strip_prefix("/*").and_then(|token| token.strip_suffix("*/")) {
                self.say("-m comment --comment");
                self.word(Cow::Borrowed(comment.trim_ascii()));
            } else {
                let not = token == "!";
                self.at -= usize::from(!not);
                self.phrase(target, not);
            }
        }
        if !target.is_empty() {
            self.say(if goto { "-g" } else { "-j" });
            self.word(Cow::Borrowed(target));
            self.out.append(&mut self.target);
        }
    }

    fn skip(&mut self, token: &str) -> bool {
        let there = self.tokens.get(self.at) == Some(&token);
        self.at += usize::from(there);
        there
    }

    /// One wording, or one token that is in none.
    fn phrase(&mut self, target: &str, mut not: bool) {
        let found = PHRASES.iter().find_map(|phrase| {
            let fits = phrase.target.is_empty() || phrase.target == target;
            fits.then(|| self.glued(phrase.says)).flatten().map(|(length, glued)| (phrase, length, glued))
        });
        let Some((phrase, length, glued)) = found else {
            if let Some(token) = self.next() {
                self.say("-m listed");
                self.word(Cow::Borrowed(token));
            }
            return;
        };
        self.at += length;
        let mut values = Vec::new();
        values.extend(glued);
        not |= values.is_empty() && self.skip("!");
        while values.len() < phrase.values {
            match self.next() {
                Some(value) => values.push(value),
                None => break,
            }
        }
        not |= values.first().is_some_and(|value| value.starts_with('!'));
        self.emit(phrase, not, &values);
    }

    /// How many tokens `says` takes here, and the value that is glued to the last of them.
    fn glued(&self, says: &str) -> Option<(usize, Option<&'t str>)> {
        let mut length = 0;
        let mut value = None;
        for word in says.split_ascii_whitespace() {
            let token = *self.tokens.get(self.at + length)?;
            length += 1;
            if token != word {
                value = Some(token.strip_prefix(word).filter(|_| word.ends_with(':'))?);
            }
        }
        Some((length, value))
    }

    fn emit(&mut self, phrase: &Phrase, not: bool, values: &[&'t str]) {
        let mut words: Vec<Cow<'t, str>> = Vec::new();
        for word in phrase.means.split_ascii_whitespace() {
            if not && word.starts_with("--") {
                words.push("!".into());
            }
            words.push(word.into());
        }
        for value in values {
            let value = value.strip_prefix('!').unwrap_or(value);
            match value.split_once('/').filter(|_| phrase.means == "--tcp-flags") {
                Some((mask, set)) => words.extend([mask.into(), set.into()]),
                None => words.push(Cow::Borrowed(value.trim_matches('"'))),
            }
        }
        let span = self.span;
        let out = if phrase.is_of_target() { &mut self.target } else { &mut self.out };
        if phrase.means == "/" {
            // `icmptype 3 code 4` is `--icmp-type 3/4`.
            if let (Some(last), Some(code)) = (out.last_mut(), words.get(1)) {
                last.text = Cow::Owned(format!("{}/{code}", last.text));
            }
        } else if !phrase.means.is_empty() {
            out.extend(words.into_iter().map(|text| Word { text, span, quoted: false }));
        }
    }
}

impl Phrase {
    fn is_of_target(&self) -> bool {
        !self.target.is_empty() || self.means.starts_with("--random") || self.means == "--persistent"
    }
}

/// Splits at blanks; a `/* comment */` and a `"prefix"` are one token each.
fn tokens(row: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = row.trim_ascii_start();
    while !rest.is_empty() {
        let closing = if rest.starts_with("/*") {
            "*/"
        } else if rest.starts_with('"') {
            "\""
        } else {
            ""
        };
        let end = if closing.is_empty() {
            rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len())
        } else {
            let inner = rest.get(closing.len()..).unwrap_or_default();
            inner.find(closing).map_or(rest.len(), |at| at + 2 * closing.len())
        };
        let (token, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        tokens.push(token);
        rest = after.trim_ascii_start();
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(row: &str) -> String {
        let words = row_words("X", row, 0).unwrap();
        words
            .iter()
            .map(|word| super::super::quote(word.as_str()).into_owned())
            .collect::<Vec<_>>()
            .join(" ")
            .replace('"', "")
    }

    #[test]
    fn verbose_rows() {
        assert_eq!(
            line(
                "    0     0 DROP       all  --  *      !docker0      !127.0.0.0/8          127.0.0.0/8          /* block it */ ! ctstate RELATED,DNAT"
            ),
            "-A X ! -s 127.0.0.0/8 -d 127.0.0.0/8 ! -o docker0 -m comment --comment block it -m conntrack ! --ctstate RELATED,DNAT -j DROP"
        );
        assert_eq!(
            line(
                "15044  397M            tcp  -f  wlan0  *       0.0.0.0/0            0.0.0.0/0            tcp flags:!0x17/0x02 state NEW"
            ),
            "-A X -i wlan0 -p tcp -f -m tcp ! --tcp-flags 0x17 0x02 -m state --state NEW"
        );
        assert_eq!(
            line("0 0 DNAT tcp -- * * 0.0.0.0/0 0.0.0.0/0 /* a: */ tcp to:172.17.0.2:80"),
            "-A X -p tcp -m comment --comment a: -m tcp -j DNAT --to-destination 172.17.0.2:80"
        );
    }

    #[test]
    fn plain_rows_do_not_list_interfaces() {
        assert_eq!(
            line(
                "KUBE-SEP-X  all  --  anywhere             localhost/8             statistic mode random probability 0.33332999982"
            ),
            "-A X -d 127.0.0.0/8 -m unlisted -m statistic --mode random --probability 0.33332999982 -j KUBE-SEP-X"
        );
    }

    #[test]
    fn targets_and_their_options() {
        assert_eq!(line("0 0 MARK all -- * * 0.0.0.0/0 0.0.0.0/0 MARK or 0x4000"), "-A X -j MARK --or-mark 0x4000");
        assert_eq!(
            line(
                "0 0 LOG all -- * * 0.0.0.0/0 0.0.0.0/0 limit: avg 3/min burst 5 LOG flags 0 level 4 prefix \"A B: \""
            ),
            "-A X -m limit --limit 3/min --limit-burst 5 -j LOG --log-level 4 --log-prefix A B: "
        );
        assert_eq!(line("0 0 Y all -- * * 0.0.0.0/0 0.0.0.0/0 [goto]"), "-A X -g Y");
        assert_eq!(
            line("0 0 REJECT icmp -- * * 0.0.0.0/0 0.0.0.0/0 icmptype 3 code 4 reject-with icmp-port-unreachable"),
            "-A X -p icmp -m icmp --icmp-type 3/4 -j REJECT --reject-with icmp-port-unreachable"
        );
    }

    #[test]
    fn what_is_not_understood_is_kept() {
        assert_eq!(line("0 0 ACCEPT all -- * * 0.0.0.0/0 0.0.0.0/0 quux"), "-A X -m listed quux -j ACCEPT");
    }

    proptest::proptest! {
        #[test]
        fn no_row_makes_it_panic(row in "[-a-zA-Z0-9:./!*\" ]*") {
            let _ = row_words("X", &row, 0);
        }
    }
}
