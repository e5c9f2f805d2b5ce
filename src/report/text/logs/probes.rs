//! Commands that make a packet visible, and those that take them away again.

use std::fmt::Write as _;

use crate::kernlog::Probe;
use crate::report::Safe;
use crate::save::{bare, quote};

/// The commands of both kinds. They are for a shell, and nothing runs them.
pub fn log_rules(logging: &[Probe], tracing: &[Probe]) -> String {
    let mut text = String::from(
        "# Each chain that the packet may go through writes it to the kernel's log (`journalctl -k | kpt logs`).\n",
    );
    commands(&mut text, logging, "-I");
    text.push_str("# And take them away again:\n");
    commands(&mut text, logging, "-D");
    text.push_str(
        "# Or every rule that it meets, by TRACE (nft backend: `nft monitor trace`; legacy: the kernel's log):\n",
    );
    commands(&mut text, tracing, "-I");
    text.push_str("# And take it away again:\n");
    commands(&mut text, tracing, "-D");
    text
}

fn commands(text: &mut String, probes: &[Probe], action: &str) {
    for Probe { tool, table, chain, matches, prefix } in probes {
        let target = prefix
            .as_ref()
            .map_or_else(|| "TRACE".to_owned(), |prefix| format!("LOG --log-prefix {}", shell(&quoted(prefix))));
        let blank = if matches.is_empty() { "" } else { " " };
        let chain = shell(&bare(chain));
        let _ = writeln!(text, "{}", Safe(&format!("{tool} -t {table} {action} {chain}{blank}{matches} -j {target}")));
    }
}

/// In quotes in any case: a blank ends the prefix.
fn quoted(prefix: &str) -> String {
    let quoted = quote(prefix).to_string();
    if quoted.starts_with('"') { quoted } else { format!("\"{quoted}\"") }
}

/// A word that iptables has quoted is quoted for a shell too; what a shell would read as more than a word is not left open.
fn shell(word: &str) -> String {
    let plain = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | ' ' | '"' | '+' | '/' | '=' | '@' | '%' | ',')
    };
    let inside = word.trim_matches('"');
    if word.chars().all(plain) && !inside.contains('"') {
        word.to_owned()
    } else {
        format!("'{}'", inside.replace('\'', "'\\''"))
    }
}
