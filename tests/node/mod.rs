//! Nodes on which others write rules beside kube-proxy: a scenario of kube-proxy, and what iptables makes of it and one of
//! `testdata/nodes`.

use std::fs;
use std::path::Path;

/// The layouts of kube-proxy, by version.
pub(crate) const LAYOUTS: [&str; 4] = ["kube-1.15", "kube-1.20", "kube-1.23", "kube-1.30"];
/// Who writes beside it.
pub(crate) const BESIDE: [&str; 4] = ["calico", "docker", "docker-28", "flannel"];

/// A file of testdata.
pub(crate) fn read(folder: &str, name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("testdata/{folder}/{name}.rules"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The rules after `added` was given to `iptables-restore --noflush`.
pub(crate) fn merged(rules: &str, added: &str) -> String {
    let mut lines: Vec<String> = rules.lines().map(str::to_owned).collect();
    let mut table = "";
    for line in added.lines().filter(|line| !line.starts_with('#')) {
        match line.split_once(' ') {
            None if line == "COMMIT" => {}
            None => {
                table = line;
                if !lines.iter().any(|known| known == line) {
                    lines.extend([line.to_owned(), "COMMIT".to_owned()]);
                }
            }
            Some(("-I", rule)) => add(&mut lines, table, rule, true),
            Some(("-A", rule)) => add(&mut lines, table, rule, false),
            Some((chain, _)) => declare(&mut lines, table, chain, line),
        }
    }
    lines.join("\n") + "\n"
}

/// The lines of a table: the first behind its name, and its COMMIT.
fn bounds(lines: &[String], table: &str) -> (usize, usize) {
    let start = lines.iter().position(|line| line == table).map_or(lines.len(), |at| at + 1);
    let end = lines.iter().skip(start).position(|line| line == "COMMIT").map_or(lines.len(), |at| start + at);
    (start, end)
}

/// Declares a chain, or gives it another policy.
fn declare(lines: &mut Vec<String>, table: &str, chain: &str, line: &str) {
    let (start, end) = bounds(lines, table);
    let declared = lines[start..end].iter().position(|known| known.split(' ').next() == Some(chain));
    match declared {
        Some(at) => line.clone_into(&mut lines[start + at]),
        None => lines.insert(
            lines[start..end].iter().position(|line| !line.starts_with(':')).map_or(end, |at| start + at),
            line.to_owned(),
        ),
    }
}

/// Adds a rule at the head of its chain, or at its end.
fn add(lines: &mut Vec<String>, table: &str, rule: &str, first: bool) {
    let (start, end) = bounds(lines, table);
    let chain = format!("-A {} ", rule.split(' ').next().unwrap_or_default());
    let is_of_chain = |line: &String| line.starts_with(&chain);
    let of_chain = &lines[start..end];
    let at = if first {
        of_chain.iter().position(is_of_chain)
    } else {
        of_chain.iter().rposition(is_of_chain).map(|at| at + 1)
    };
    lines.insert(at.map_or(end, |at| start + at), format!("-A {rule}"));
}
