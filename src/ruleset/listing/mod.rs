//! One row of an `iptables -L` listing -> the words that `iptables-save` would have printed for the rule.
//!
//! A listing says the same in other words (`tcp dpt:80`, `mark match 0x4000/0x4000`, `to:10.0.0.1:80`); each extension
//! knows its own. What none knows is handed on word for word under `-m listed`, which is no extension, so that the rule
//! is not taken to match because it was not understood.

mod tokens;

use std::borrow::Cow;

use crate::diagnostic::{Code, Diagnostic};
use crate::extension::matches::{self, MatchSpec};
use crate::extension::{Listed, targets};
use crate::save::Word;
use crate::source::Span;
use tokens::{Glued, Tokens};

/// The words of a row that belongs to `chain`; `offset` is where `row` starts in its source.
pub(super) fn row_words<'t>(chain: &'t str, row: &'t str, offset: u32) -> Result<Vec<Word<'t>>, Diagnostic> {
    let mut row = Row::new(row, offset);
    let Some(columns) = row.tokens.columns() else {
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

struct Row<'t> {
    tokens: Tokens<'t>,
    span: Span,
    out: Vec<Word<'t>>,
    /// Options of the target, which come last.
    target: Vec<Word<'t>>,
    /// The match that later wordings may go on with.
    begun: Option<&'static MatchSpec>,
}

impl<'t> Row<'t> {
    fn new(row: &'t str, offset: u32) -> Self {
        let span = Span::new(offset as usize, row.len());
        Self { tokens: Tokens::new(row), span, out: Vec::new(), target: Vec::new(), begun: None }
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
        let goto = self.tokens.skip("[goto]");
        while let Some(token) = self.tokens.next() {
            if let Some(comment) = token.strip_prefix("/*").and_then(|token| token.strip_suffix("*/")) {
                self.say("-m comment --comment");
                self.word(Cow::Borrowed(comment.trim_ascii()));
            } else {
                let not = token == "!";
                if !not {
                    self.tokens.back();
                }
                self.phrase(target, not);
            }
        }
        if !target.is_empty() {
            self.say(if goto { "-g" } else { "-j" });
            self.word(Cow::Borrowed(target));
            self.out.append(&mut self.target);
        }
    }

    /// One wording, or one token that is in none.
    fn phrase(&mut self, target: &str, mut not: bool) {
        let Some(found) = self.find(target) else {
            if let Some(token) = self.tokens.next() {
                self.say("-m listed");
                self.word(Cow::Borrowed(token));
            }
            return;
        };
        self.tokens.pass(found.glued.length);
        let mut values: Vec<&str> = match found.glued.value {
            // `flags:0x17/0x02` has both values glued on.
            Some(glued) if found.listed.values == 2 => glued.split('/').collect(),
            glued => glued.into_iter().collect(),
        };
        // Behind a wording without values a `!` belongs to the next one.
        not |= found.glued.not || (found.listed.values > 0 && values.is_empty() && self.tokens.skip("!"));
        while values.len() < found.listed.values {
            match self.tokens.next() {
                Some(value) => values.push(value),
                None => break,
            }
        }
        not |= values.first().is_some_and(|value| value.starts_with('!'));
        self.emit(&found, not, &values);
    }

    /// The wording that stands here: of the match that was begun, of the target, or one that begins a match.
    fn find(&self, target: &str) -> Option<Found<'t>> {
        let begun = self.begun.into_iter().flat_map(|spec| spec.listed).filter(|listed| !listed.opens);
        let of_target = targets::named(target).into_iter().flat_map(|spec| spec.listed);
        let begun = begun.map(|listed| (Owner::Begun, listed));
        let of_target = of_target.map(|listed| (Owner::Target, listed));
        let openers = matches::ALL.iter().flat_map(|spec| {
            spec.listed.iter().filter(|listed| listed.opens).map(move |listed| (Owner::Match(spec), listed))
        });
        begun.chain(of_target).chain(openers).find_map(|(owner, listed)| {
            let glued = self.tokens.glued(listed.says)?;
            Some(Found { owner, listed, glued })
        })
    }

    fn emit(&mut self, found: &Found<'t>, not: bool, values: &[&'t str]) {
        let mut words: Vec<Cow<'t, str>> = Vec::new();
        if let Owner::Match(spec) = found.owner {
            self.begun = Some(spec);
            words.extend(["-m".into(), spec.name.into()]);
        }
        let values = values.iter().map(|value| value.strip_prefix('!').unwrap_or(value).trim_matches('"'));
        match found.listed.means {
            "" => {}
            // `icmptype 3 code 4` is `--icmp-type 3/4`.
            "/" => {
                if let (Some(last), Some(code)) = (self.out.last_mut(), values.clone().next()) {
                    last.text = Cow::Owned(format!("{}/{code}", last.text));
                }
            }
            option => {
                words.extend(not.then_some("!".into()));
                words.push(option.into());
                words.extend(values.map(Cow::Borrowed));
            }
        }
        let span = self.span;
        let out = if matches!(found.owner, Owner::Target) { &mut self.target } else { &mut self.out };
        out.extend(words.into_iter().map(|text| Word { text, span, quoted: false }));
    }
}

/// A wording that was found, and what is glued to it.
struct Found<'t> {
    owner: Owner,
    listed: &'static Listed,
    glued: Glued<'t>,
}

/// Whose wording it is.
enum Owner {
    /// The match that was begun last.
    Begun,
    /// A match that it begins.
    Match(&'static MatchSpec),
    /// The target of the row.
    Target,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(row: &str) -> String {
        let words = row_words("X", row, 0).unwrap();
        words
            .iter()
            .map(|word| crate::save::quote(word.as_str()).into_owned())
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
    fn the_columns_of_ipv6_and_numbered_rows() {
        assert_eq!(
            line("1 12 397M ACCEPT  tcp   eth0  *   ::/0   2001:db8::/32   tcp dpt:22"),
            "-A X -d 2001:db8::/32 -i eth0 -p tcp -m tcp --dport 22 -j ACCEPT"
        );
        assert_eq!(line("3    ACCEPT     all      ::/0    ::/0"), "-A X -m unlisted -j ACCEPT");
        assert_eq!(line("           all      ::/0    fd00::1"), "-A X -d fd00::1 -m unlisted");
        assert_eq!(line("3    DROP  6  --  10.0.0.1  0.0.0.0/0"), "-A X -s 10.0.0.1 -p 6 -m unlisted -j DROP");
        assert_eq!(line("0 0  6  --  * * 10.0.0.1  0.0.0.0/0"), "-A X -s 10.0.0.1 -p 6");
        assert_eq!(line("tcp  tcp  --  10.0.0.1  0.0.0.0/0"), "-A X -s 10.0.0.1 -p tcp -m unlisted -j tcp");
    }

    #[test]
    fn values_and_inversions_may_be_glued_on() {
        assert_eq!(
            line("0 0 DROP 6 -- * * 0.0.0.0/0 0.0.0.0/0 ECN match ECE !CWR !ECT=2"),
            "-A X -p 6 -m ecn --ecn-tcp-ece ! --ecn-tcp-cwr ! --ecn-ip-ect 2 -j DROP"
        );
        assert_eq!(
            line("0 0 0 -- * * 0.0.0.0/0 0.0.0.0/0 cluster !node_mask=0x00000002 total_nodes=2 hash_seed=0x00000005"),
            "-A X -m cluster ! --cluster-local-nodemask 0x00000002 --cluster-total-nodes 2 --cluster-hash-seed 0x00000005"
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
            line(
                "0 0 ACCEPT all -- * * 0.0.0.0/0 0.0.0.0/0 policy match dir in pol ipsec strict [0] ! reqid 1 proto 50 [1] mode tunnel ! tunnel-dst 10.0.0.0/8"
            ),
            "-A X -m policy --dir in --pol ipsec --strict ! --reqid 1 --proto 50 --next --mode tunnel ! --tunnel-dst 10.0.0.0/8 -j ACCEPT"
        );
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
