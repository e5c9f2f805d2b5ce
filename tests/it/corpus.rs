//! Real dumps that nobody here wrote, where a checkout has them beside it: they all read, and every answer adds up.
//!
//! Without the corpus the tests say so and pass: its licences keep it out of this repository.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use kpt::ruleset::Ruleset;
use kpt::save::{scan, words};
use serde_json::Value;

use crate::kpt::kpt;

/// Destinations traced in each dump.
const DESTINATIONS: usize = 10;

pub(crate) fn dumps(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus").join(folder);
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("skipped: there is no corpus beside this checkout ({} is missing)", folder.display());
        return Vec::new();
    };
    let mut dumps: Vec<_> = entries.map(|entry| entry.expect("a file").path()).collect();
    dumps.retain(|path| path.extension().is_some_and(|extension| extension == "rules"));
    dumps.sort();
    dumps
}

fn text(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(path).expect("a dump")).into_owned()
}

/// Where a rule sends what: destination, port and protocol of its own lines, spread over the dump.
fn destinations(text: &str) -> Vec<[Option<String>; 3]> {
    let mut found = BTreeSet::new();
    for line in text.lines() {
        let after = |option: &str| Some(line.split_once(option)?.1.split(['/', ' ', ':']).next()?.to_owned());
        let address = after("-d ").or_else(|| after("--to-destination ")).or_else(|| after("to:"));
        if let Some(address) = address.filter(|address| address.parse::<std::net::IpAddr>().is_ok()) {
            let port = after("--dport ").or_else(|| after("dpt:")).filter(|port| port.parse::<u16>().is_ok());
            let protocol = ["tcp", "udp", "sctp"].into_iter().find(|name| line.contains(&format!("-p {name} ")));
            found.insert([Some(address), port, protocol.map(str::to_owned)]);
        }
    }
    if found.is_empty() {
        let v6 = text.contains("icmp6") || text.contains("ip6tables");
        let somewhere = if v6 { "2001:db8::1" } else { "203.0.113.1" };
        found.insert([Some(somewhere.into()), Some("80".into()), Some("tcp".into())]);
    }
    let step = found.len().div_ceil(DESTINATIONS);
    found.into_iter().step_by(step).collect()
}

fn trace(path: &Path, destination: &[Option<String>; 3]) -> crate::kpt::Run {
    let path = path.to_string_lossy();
    let mut words = vec!["trace", "--format", "json", "-f", &path];
    for (option, value) in ["--dst", "--dport", "--proto"].into_iter().zip(destination) {
        words.extend(value.iter().flat_map(|value| [option, value]));
    }
    kpt(words, "")
}

/// In every world the probabilities of the paths sum to 1.
fn check_sums(answer: &Value) -> Result<(), String> {
    for world in answer["worlds"].as_array().ok_or("no worlds")? {
        let paths = world["paths"].as_array().ok_or("no paths")?;
        let sum: f64 = paths.iter().filter_map(|path| path["probability"].as_f64()).sum();
        if (sum - 1.0).abs() > 1e-9 {
            return Err(format!("shares sum to {sum}"));
        }
    }
    Ok(())
}

#[test]
fn whole_dumps_are_answered_without_a_complaint() {
    let mut wrong = Vec::new();
    for path in dumps("") {
        for destination in destinations(&text(&path)) {
            let run = trace(&path, &destination);
            let sums = || check_sums(&serde_json::from_str(&run.stdout).map_err(|error| error.to_string())?);
            if run.code != 0 || !run.stderr.is_empty() {
                wrong.push(format!("{} {destination:?}: {} {}", path.display(), run.code, run.stderr));
            } else if let Err(error) = sums() {
                wrong.push(format!("{} {destination:?}: {error}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn mangled_dumps_are_answered_or_refused() {
    let mut wrong = Vec::new();
    for path in dumps("mangled") {
        for destination in destinations(&text(&path)) {
            let run = trace(&path, &destination);
            if ![0, 2, 3].contains(&run.code) || run.stderr.contains("panicked") {
                wrong.push(format!("{} {destination:?}: {} {}", path.display(), run.code, run.stderr));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The Service that a comment of a rule in `KUBE-SERVICES` names: `namespace/name:port`.
fn named(line: &str) -> Option<String> {
    let comment = line.split_once("--comment \"").or_else(|| line.split_once("/* "))?.1;
    let name = comment.split(['"', ' ']).next()?.trim_end_matches(':');
    (name.contains('/')).then(|| name.to_owned())
}

#[test]
fn every_service_entry_is_named_and_its_shares_sum_to_one() {
    let mut entries = 0;
    let mut wrong = Vec::new();
    for path in dumps("").into_iter().chain(dumps("mangled")) {
        for line in text(&path).lines() {
            let leads =
                ["-j KUBE-SVC-", "-j KUBE-EXT-", "-j KUBE-FW-", "-j KUBE-XLB-"].iter().any(|to| line.contains(to));
            let (true, Some(name)) = (line.trim_start().starts_with("-A KUBE-SERVICES ") && leads, named(line)) else {
                continue;
            };
            let word = |option: &str| line.split_once(option).and_then(|(_, rest)| rest.split([' ', '/']).next());
            let (Some(dst), Some(port), Some(protocol)) = (word(" -d "), word("--dport "), word("-p ")) else {
                continue;
            };
            if dst.parse::<std::net::IpAddr>().is_err() {
                continue;
            }
            entries += 1;
            let run = trace(&path, &[dst, port, protocol].map(|word| Some(word.to_owned())));
            let answer: Value = serde_json::from_str(&run.stdout).unwrap_or_default();
            let service = &answer["service"];
            let part = |part: &str| service[part].as_str().unwrap_or("?").to_owned();
            let mut is = format!("{}/{}", part("namespace"), part("name"));
            if !part("port").is_empty() {
                is = format!("{is}:{}", part("port"));
            }
            if is != name {
                wrong.push(format!("{} {dst}:{port}: is called {is}, not {name}", path.display()));
            }
            if let Err(error) = check_sums(&answer) {
                wrong.push(format!("{} {dst}:{port}: {error}", path.display()));
            }
        }
    }
    println!("{entries} entries of Services");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The words of a rule as iptables 1.8 prints them: older versions put more blanks and quotes, wrote hardware addresses
/// in capitals, left a side of an index open, and called a protocol `icmpv6`.
fn of_this_version(rule: &str) -> Vec<String> {
    let words = words(rule, 0).expect("words").into_iter().map(|word| word.text.replace("icmpv6", "ipv6-icmp"));
    let today = |word: String| match (word.strip_prefix(':'), word.strip_suffix(':')) {
        (Some(last), _) => format!("0:{last}"),
        (_, Some(first)) => format!("{first}:{}", u32::MAX),
        _ if word.matches(':').count() == 5 => word.to_lowercase(),
        _ => word,
    };
    words.map(today).collect()
}

/// Dumps with lines that people wrote into them, which iptables would print in other words.
const EDITED: [&str; 2] = ["docker-c0m4r.rules", "incrediblepbx-rules-v4.rules"];

#[test]
fn rules_that_iptables_printed_are_printed_back() {
    let mut rules = 0;
    let mut wrong = Vec::new();
    for path in dumps("") {
        let text = text(&path);
        if !text.contains("# Generated by ip") || EDITED.iter().any(|name| path.ends_with(name)) {
            continue;
        }
        for document in scan(&text, None).0 {
            let ruleset = Ruleset::new(document);
            for chain in ruleset.tables().flat_map(|table| ruleset.chains(table).map(|(id, _)| id)) {
                for rule in ruleset.rules(chain) {
                    let start = rule.span.start as usize;
                    let line = text.get(start..start + rule.span.len as usize).expect("a span of the text");
                    let (_, given) = line.trim_end().split_once("-A ").expect("a rule line");
                    let printed = format!("{}{}", ruleset.name(chain), rule.display(|id| ruleset.name(id)));
                    rules += 1;
                    if given != printed && of_this_version(given) != of_this_version(&printed) {
                        wrong.push(format!("{}\n  {given}\n  {printed}", path.display()));
                    }
                }
            }
        }
    }
    println!("{rules} rules");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
