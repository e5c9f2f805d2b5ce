//! Rules that a terminal, a mail or a comment with line ends has broken over several lines.

/// How many bytes of a rule are looked at for an open quote: a comment has 256 at most, and a line may have millions.
const LOOKED_AT: usize = 8192;

/// Does `line` go on with the rule before it?
pub(super) fn goes_on(rule: &str, line: &str) -> bool {
    is_open(rule) || is_option(line) || lacks_value(rule) || is_rest_of_name(rule, line)
}

/// Does the rule end inside a quote?
fn is_open(rule: &str) -> bool {
    if rule.len() > LOOKED_AT {
        return false;
    }
    let mut open = false;
    let mut escaped = false;
    for byte in rule.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if open => escaped = true,
            b'"' => open = !open,
            _ => {}
        }
    }
    open
}

/// Does the rule end with an option that wants a value?
fn lacks_value(rule: &str) -> bool {
    const FLAGS: [&str; 4] = ["--rsource", "--rdest", "--syn", "--random-fully"];
    let last = last_word(rule);
    last.starts_with('-') && last.bytes().any(|byte| byte.is_ascii_lowercase()) && !FLAGS.contains(&last)
}

fn last_word(rule: &str) -> &str {
    rule.trim_ascii_end().rsplit([' ', '\t', '\n']).next().unwrap_or_default()
}

/// `-j ACCEPT`, `! --dport 80`, `--dport 80`: no line of a dump begins so.
fn is_option(line: &str) -> bool {
    let line = line.strip_prefix("! ").unwrap_or(line);
    match line.as_bytes() {
        [b'-', b'-', letter, ..] => letter.is_ascii_lowercase(),
        [b'-', letter, b' ', ..] => {
            matches!(letter, b'm' | b'j' | b'g' | b'p' | b's' | b'd' | b'i' | b'o' | b'f' | b'c')
        }
        _ => false,
    }
}

/// The end of a chain's name that a terminal has broken: `-j KUBE-SEP-ABCD` and `EFGH`.
fn is_rest_of_name(rule: &str, line: &str) -> bool {
    let last = last_word(rule);
    let is_name =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-');
    let is_kubes = last.starts_with("KUBE-") && is_name(last);
    is_kubes && last.len() < "KUBE-SVC-ABCDEFGHIJKLMNOP".len() && !line.is_empty() && is_name(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_go_on() {
        assert!(goes_on("-A X -m comment --comment \"a", "b\" -j Y"));
        assert!(goes_on("-A X -p tcp", "-m tcp --dport 80 -j Y"));
        assert!(goes_on("-A X -p tcp -j", "ACCEPT"));
        assert!(goes_on("-A X -p tcp", "! --dport 80 -j Y"));
        assert!(goes_on("-A X -j KUBE-SEP-ABCD", "EFGHIJKLMNOP"));
    }

    #[test]
    fn rules_do_not_go_on() {
        assert!(!goes_on("-A X -m comment --comment \"a \\\" b\" -j Y", "and then"));
        assert!(!goes_on("-A X -j ACCEPT", "THE END"));
        assert!(!goes_on("-A X -j KUBE-SVC-ABCDEFGHIJKLMNOP", "DROP"));
        assert!(!goes_on("-A X -j Y", "--"));
        assert!(!goes_on("-A X -j Y", "- then this"));
    }
}
