//! What loggers put before the words of the kernel: a time, a host, `kernel:`, seconds since the start.

/// The time of a line, as it stands there, and what comes behind time, host and logger.
pub(super) fn split(line: &str) -> (Option<&str>, &str) {
    let line = level(line);
    let (time, rest) = time(line);
    let rest = rest.trim_start_matches(' ');
    match kernel(rest) {
        Some(words) => {
            let (uptime, words) = uptime(words);
            (time.or(uptime), words)
        }
        // ulogd and dmesg name no kernel; a host can only be told behind a time that names one.
        None => (time, rest),
    }
}

/// Behind `<4>`, `kern  :warn  : `, and what a container's logger writes first.
fn level(line: &str) -> &str {
    let line = line.trim_start_matches(' ');
    if let Some(rest) = line.strip_prefix('<').and_then(|rest| rest.split_once('>'))
        && rest.0.bytes().all(|byte| byte.is_ascii_digit())
    {
        return rest.1;
    }
    match line.strip_prefix("kern").and_then(|rest| rest.trim_start_matches(' ').strip_prefix(':')) {
        Some(rest) => rest.split_once(": ").map_or(rest, |(_, rest)| rest),
        None => line,
    }
}

/// The time that a line begins with: `Jan 21 17:03:39`, `2026-11-23T11:05:48.123456+00:00`, `[Mon Nov 23 11:05:48 2026]`,
/// `[12345.678901]`.
fn time(line: &str) -> (Option<&str>, &str) {
    if let Some((inside, rest)) = line.strip_prefix('[').and_then(|rest| rest.split_once(']'))
        && inside.bytes().any(|byte| byte.is_ascii_digit())
        && inside.len() < 40
    {
        return (Some(inside.trim()), rest);
    }
    let words = |count: usize| {
        let mut ends = line.match_indices(' ').map(|(at, _)| at).filter(|at| line.get(at + 1..at + 2) != Some(" "));
        let end = ends.nth(count - 1)?;
        Some((line.get(..end)?, line.get(end..)?))
    };
    if let Some((first, rest)) = words(1).filter(|(first, _)| is_iso(first)) {
        // `2026-11-23 11:05:48`
        let second = rest.trim_start().split(' ').next().filter(|second| !first.contains('T') && is_clock(second));
        return match second.and(words(2)) {
            Some((both, rest)) => (Some(both), rest),
            None => (Some(first), rest),
        };
    }
    let short = words(3).filter(|(time, _)| {
        let mut parts = time.split_ascii_whitespace();
        let month = parts.next().is_some_and(|month| MONTHS.contains(&month));
        let day = parts.next().is_some_and(|day| day.len() <= 2 && day.bytes().all(|byte| byte.is_ascii_digit()));
        month && day && parts.next().is_some_and(is_clock)
    });
    short.map_or((None, line), |(time, rest)| (Some(time), rest))
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `2026-11-23…`
fn is_iso(word: &str) -> bool {
    let bytes = word.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    (0..4).all(digit) && bytes.get(4) == Some(&b'-') && digit(5) && digit(6) && bytes.get(7) == Some(&b'-') && digit(8)
}

/// `17:03:39…`
fn is_clock(word: &str) -> bool {
    let bytes = word.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    [0, 1, 3, 4, 6, 7].into_iter().all(digit) && bytes.get(2) == Some(&b':') && bytes.get(5) == Some(&b':')
}

/// What comes behind the first `kernel: `, which is at most the third word.
fn kernel(rest: &str) -> Option<&str> {
    let at = rest.find("kernel: ").filter(|at| rest.get(..*at).is_some_and(|before| before.split(' ').count() <= 3))?;
    rest.get(at + "kernel: ".len()..)
}

/// `[12345.678901] ` behind `kernel: `.
fn uptime(words: &str) -> (Option<&str>, &str) {
    let inside = words.strip_prefix('[').and_then(|rest| rest.split_once("] "));
    match inside.filter(|(inside, _)| inside.trim().bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')) {
        Some((uptime, rest)) => (Some(uptime.trim()), rest),
        None => (None, words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loggers_are_told_from_the_kernel() {
        for (line, time, words) in [
            ("Jan 21 17:03:39 hjdevelop kernel: ** NAT OUTPUT **IN=", Some("Jan 21 17:03:39"), "** NAT OUTPUT **IN="),
            ("Jan  2 17:03:39 n1 kernel: [ 12.5] drop IN=", Some("Jan  2 17:03:39"), "drop IN="),
            ("2026-11-23T11:05:48+0000 n1 kernel: a: IN=", Some("2026-11-23T11:05:48+0000"), "a: IN="),
            ("2026-11-23 11:05:48 n1 kernel: IN=", Some("2026-11-23 11:05:48"), "IN="),
            ("[37535.286140] [UFW BLOCK] IN=", Some("37535.286140"), "[UFW BLOCK] IN="),
            ("[Mon Nov 23 11:05:48 2026] x IN=", Some("Mon Nov 23 11:05:48 2026"), "x IN="),
            ("kern  :warn  : [37535.2] x IN=", Some("37535.2"), "x IN="),
            ("<4>[    1.5] x IN=", Some("1.5"), "x IN="),
            ("x kernel y IN=", None, "x kernel y IN="),
            ("kernel: IN=", None, "IN="),
        ] {
            let (found, rest) = split(line);
            assert_eq!((found, rest.trim_start()), (time, words), "{line}");
        }
    }
}
