//! Rows of `iptables -L`: they are read and printed as lines of a save, and what is printed reads back.

use std::fmt::Write;

use kpt::ruleset::Ruleset;
use kpt::save::scan;

use super::reprint::reads_back;

/// What a row of a listing has in front of its matches.
struct Layout {
    /// `-v`: counters and interfaces.
    verbose: bool,
    /// `--line-numbers`
    numbered: bool,
    /// The option column is blank, as `ip6tables` leaves it.
    v6: bool,
    /// The rows are not laid out but taken as they are.
    free: bool,
}

/// The bits of the first byte say how rows are laid out; then each line is a row: target, protocol, option, input, output,
/// source, destination, and what follows. A `-` is a blank target.
pub(crate) fn run(bytes: &[u8]) {
    let Some((layout, rows)) = bytes.split_first() else { return };
    let bit = |bit: u8| layout & bit != 0;
    let layout = Layout { verbose: bit(1), numbered: bit(2), v6: bit(4), free: bit(8) };
    let rows = String::from_utf8_lossy(rows);
    let text = listing(&layout, &rows);
    let (documents, _) = scan(&text, None);
    for ruleset in documents.into_iter().map(Ruleset::new) {
        reads_back(&ruleset);
        let _ = ruleset.diagnostics();
    }
}

fn listing(layout: &Layout, rows: &str) -> String {
    let numbers = if layout.numbered { "num  " } else { "" };
    let columns = if layout.verbose {
        " pkts bytes target     prot opt in     out     source               destination"
    } else {
        "target     prot opt source               destination"
    };
    let mut text = format!("Chain X (1 references)\n{numbers}{columns}\n");
    for (row, number) in rows.lines().zip(1..) {
        if layout.free {
            text.extend([row, "\n"]);
        } else {
            text.push_str(&laid_out(layout, number, row));
        }
    }
    text
}

fn laid_out(layout: &Layout, number: usize, row: &str) -> String {
    let mut words = row.splitn(8, ' ');
    let mut next = |usual| words.next().filter(|word| !word.is_empty()).unwrap_or(usual);
    let any = if layout.v6 { "::/0" } else { "0.0.0.0/0" };
    let [target, protocol, option] = [next("ACCEPT"), next("all"), next("--")];
    let [input, output, source, destination, rest] = [next("*"), next("*"), next(any), next(any), next("")];
    let target = if target == "-" { "" } else { target };
    let option = if layout.v6 { "  " } else { option };
    let mut line = if layout.numbered { format!("{number:<5}") } else { String::new() };
    if layout.verbose {
        line.push_str("    0     0 ");
    }
    let _ = write!(line, "{target:<10} {protocol:<5}{option:<3}");
    if layout.verbose {
        let _ = write!(line, " {input:<7}{output:<7} ");
    }
    let _ = writeln!(line, "{source:<21}{destination:<21}{rest}");
    line
}
