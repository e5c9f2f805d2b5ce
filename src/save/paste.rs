//! What logs, mails, diffs and `grep -n` put in front of the lines of a dump.

use super::line::Line;

/// How far into a line its own text is looked for, in bytes.
const FAR: usize = 240;
/// In how many places: a date, a path and a process have fewer signs that a line could begin with.
const PLACES: usize = 32;

/// A line that stands behind something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pasted<'t> {
    /// What stands in front of it.
    pub(super) prefix: &'t str,
    /// The line itself.
    pub(super) line: &'t str,
}

/// The sides of a diff. Mails quote with the sign of the new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Old,
    New,
}

impl<'t> Pasted<'t> {
    /// Finds the line of a dump in `line`, which is none itself.
    pub(super) fn find(line: &'t str) -> Option<Self> {
        let starts = memchr::memchr3_iter(b'-', b':', b'*', line.as_bytes());
        let others = line.match_indices(['[', '#', 'C']).map(|(at, _)| at);
        let mut places: Vec<usize> = starts.chain(others).filter(|at| (1..FAR).contains(at)).collect();
        places.sort_unstable();
        places.into_iter().take(PLACES).find_map(|at| {
            let (prefix, line) = line.split_at_checked(at)?;
            (is_prefix(prefix) && Line::is_plain(line)).then_some(Self { prefix, line })
        })
    }

    /// The side of a diff that it may be of.
    pub(super) fn side(&self) -> Option<Side> {
        match self.prefix.trim_ascii() {
            "-" | "<" => Some(Side::Old),
            "+" | ">" => Some(Side::New),
            _ => None,
        }
    }
}

/// Does it end like what programs put in front of a line, rather than like a sentence? A date may stand bare.
fn is_prefix(prefix: &str) -> bool {
    let text = prefix.trim_ascii();
    let is_marked = text.ends_with([':', ']', '|', '>', '+', '<', '-', '"', '\'', '`', '=', '*', ')']);
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    is_marked || is_number || starts_with_date(text)
}

/// `2024-03-09T17:33:03.000Z stdout F `
fn starts_with_date(text: &str) -> bool {
    let shape = b"dddd-dd-dd";
    let fits = |(is, shape): (&u8, &u8)| if *shape == b'd' { is.is_ascii_digit() } else { is == shape };
    text.len() >= shape.len() && text.as_bytes().iter().zip(shape).all(fits)
}

/// Does the line say that lines were left out here?
pub(super) fn is_elision(line: &str) -> bool {
    let word = line.trim_matches(|c: char| c.is_ascii_whitespace() || "[]<>()#*-".contains(c)).to_ascii_lowercase();
    let dots = !word.is_empty() && word.chars().all(|c| matches!(c, '.' | '…'));
    dots || line.trim_ascii() == "--" || matches!(word.as_str(), "snip" | "snipped" | "omitted" | "truncated" | "cut")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> Option<&str> {
        Pasted::find(line).map(|pasted| pasted.line)
    }

    #[test]
    fn logs_mails_and_grep() {
        let rule = "-A KUBE-SVC-X -m comment --comment \"a/b:c\" -j KUBE-SEP-Y";
        for prefix in [
            "Nov 14 11:06:11 HOSTNAME kube-proxy[12085]: ",
            "2024-03-09T17:33:03.123Z stdout F ",
            "kube-proxy-1  | ",
            "> ",
            ">> ",
            "> > ",
            "+",
            "-",
            "< ",
            "12:",
            "rules.txt:",
            "rules.txt-",
            "   12\t",
            "12  ",
            "[  123.456] ",
            "- ",
        ] {
            assert_eq!(found(&format!("{prefix}{rule}")), Some(rule), "{prefix}");
        }
        assert_eq!(found("I0510 23:45:24.7 1 proxier.go:1592] Restoring iptables rules: *filter"), Some("*filter"));
        assert_eq!(found("> :INPUT ACCEPT [0:0]"), Some(":INPUT ACCEPT [0:0]"));
        assert_eq!(found("+COMMIT"), Some("COMMIT"));
        assert_eq!(found("+[1:60] -A X -j Y"), Some("[1:60] -A X -j Y"));
    }

    #[test]
    fn sentences_and_commands_are_none() {
        assert_eq!(found("then I added -A INPUT -j DROP to it"), None);
        assert_eq!(found("iptables -t nat -A PREROUTING -j X"), None);
        assert_eq!(found("see *nat"), None);
        assert_eq!(found(""), None);
    }

    #[test]
    fn sides_of_a_diff() {
        let side = |line| Pasted::find(line).unwrap().side();
        assert_eq!(side("--A X -j Y"), Some(Side::Old));
        assert_eq!(side("< -A X -j Y"), Some(Side::Old));
        assert_eq!(side("+-A X -j Y"), Some(Side::New));
        assert_eq!(side("12--A X -j Y"), None);
    }

    #[test]
    fn signs_of_elision() {
        for sign in ["...", "…", "[...]", "<snip>", "--", "# ...", "....", "-- snip --", "(omitted)"] {
            assert!(is_elision(sign), "{sign}");
        }
        for text in ["", "-", "#", "COMMIT", "a...", "*nat"] {
            assert!(!is_elision(text), "{text}");
        }
    }
}
