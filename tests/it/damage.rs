//! Healthy rules of kube-proxy, damaged by hand: each damage is found by the lint that is for it, and what is healthy is left
//! alone.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::kpt::{kpt, run};
use crate::node::{BESIDE, LAYOUTS, merged, read};

/// What is done to the text of a dump.
enum Edit {
    /// Takes out the lines that hold these words.
    Without(&'static str),
    /// Puts other words in the place of these.
    Other(&'static str, &'static str),
    /// Puts a line in front of the first that holds these words.
    Before(&'static str, &'static str),
    /// Puts the first line that holds the first words in front of the first that holds the others.
    Move(&'static str, &'static str),
    /// Ends in front of the first line that holds these words.
    Until(&'static str),
    /// Adds lines at the end.
    Then(&'static str),
}

use Edit::{Before, Move, Other, Then, Until, Without};

impl Edit {
    fn apply(&self, text: &str) -> String {
        let lines: Vec<_> = text.lines().collect();
        let first = |words: &str| lines.iter().position(|line| line.contains(words)).unwrap_or(lines.len());
        let mut edited = lines.clone();
        match *self {
            Without(words) => edited.retain(|line| !line.contains(words)),
            Other(words, others) => return text.replace(words, others),
            Before(line, words) => edited.insert(first(words), line),
            Move(words, before) => {
                let (from, to) = (first(words), first(before));
                assert!(from > to, "a line is moved up");
                let line = edited.remove(from);
                edited.insert(to, line);
            }
            Until(words) => edited.truncate(first(words)),
            Then(more) => return format!("{text}{more}"),
        }
        edited.join("\n") + "\n"
    }
}

/// A damage: what it is called, to which scenario, how, and the lint that finds it.
type Damage = (&'static str, &'static str, Edit, &'static str);

const DAMAGES: &[Damage] = &[
    (
        "a table that only nft can show",
        "kube-1.30",
        Other("*filter\n", "# Table `filter' is incompatible, use 'nft' tool.\n# *filter\n"),
        "KPT001",
    ),
    ("truncated", "kube-1.30", Until("-A KUBE-SVC-KPEMU3PDPRCEMWRI"), "KPT002"),
    ("the same table twice", "kube-1.23", Then("*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n"), "KPT003"),
    ("a chain that is not declared", "kube-1.15", Without(":KUBE-SEP-ICDUIKC33SFI6ZPR "), "KPT004"),
    (
        "an endless loop",
        "kube-1.30",
        Before("-A KUBE-MARK-MASQ -j KUBE-SERVICES", "-A KUBE-MARK-MASQ -j MARK"),
        "KPT005",
    ),
    ("a drop in nat", "kube-1.20", Before("-A PREROUTING -p tcp -m tcp --dport 31002 -j DROP", "-A OUTPUT"), "KPT006"),
    (
        "tables of the other backend",
        "kube-1.30",
        Before("# Warning: iptables-legacy tables present, use iptables-legacy-save to see them", "# Generated"),
        "KPT007",
    ),
    (
        "a RETURN for all in front of Services",
        "kube-1.30",
        Before("-A KUBE-SERVICES -j RETURN", "-A KUBE-SERVICES -d 172.30.0.42/32"),
        "KPT101",
    ),
    (
        "a node port closed in INPUT",
        "kube-1.30",
        Before("-A INPUT -p tcp -m tcp --dport 3001 -j DROP", "-A INPUT"),
        "KPT106",
    ),
    ("no last rung", "kube-1.30", Without("-> 10.181.1.2:80"), "KPT201"),
    (
        "no last rung, as old versions write it",
        "kube-1.15",
        Without("-A KUBE-SVC-XPGD46QRK7WJZT7O -j KUBE-SEP-TCZZT2K2MCUQORKA"),
        "KPT201",
    ),
    (
        "the same chance for each rung",
        "kube-1.30",
        Other(
            "--probability 0.50000000000 -j KUBE-SEP-ICDUIKC33SFI6ZPR",
            "--probability 0.33333333349 -j KUBE-SEP-ICDUIKC33SFI6ZPR",
        ),
        "KPT202",
    ),
    (
        "one endpoint twice",
        "kube-1.30",
        Other("-j KUBE-SEP-TCZZT2K2MCUQORKA", "-j KUBE-SEP-ICDUIKC33SFI6ZPR"),
        "KPT202",
    ),
    ("an endpoint that translates nothing", "kube-1.30", Without("--to-destination 10.180.0.3:80"), "KPT203"),
    ("a Service without any rung", "kube-1.30", Without("-> 10.180.0.7:80"), "KPT204"),
    (
        "an endpoint that is noted and not asked for",
        "kube-1.20",
        Without("--rcheck --seconds 10800 --reap --name KUBE-SEP-NY72AAESATAM7FRG"),
        "KPT301",
    ),
    (
        "endpoints swapped in affinity",
        "kube-1.30",
        Other("--rsource -j KUBE-SEP-NY72AAESATAM7FRG", "--rsource -j KUBE-SEP-JQCMTYHQW6ABDBUD"),
        "KPT301",
    ),
    (
        "affinity behind the draw",
        "kube-1.30",
        Move(
            "--probability 0.50000000000 -j KUBE-SEP-NY72AAESATAM7FRG",
            "--rcheck --seconds 10800 --reap --name KUBE-SEP-NY72AAESATAM7FRG",
        ),
        "KPT302",
    ),
    ("three minutes of affinity", "kube-1.30", Other("--seconds 10800", "--seconds 180"), "KPT303"),
    (
        "another masquerade mark",
        "kube-1.30",
        Other(
            "-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000",
            "-A KUBE-MARK-MASQ -j MARK --set-xmark 0x2000/0x2000",
        ),
        "KPT401",
    ),
    ("no masquerade mark", "kube-1.20", Without("-A KUBE-MARK-MASQ -j MARK"), "KPT401"),
    ("nothing masquerades", "kube-1.15", Without("-j MASQUERADE"), "KPT401"),
    ("an ACCEPT in front of masquerading", "kube-1.30", Before("-A POSTROUTING -j ACCEPT", "-A POSTROUTING"), "KPT402"),
    ("no way back to oneself", "kube-1.30", Without("-A KUBE-SEP-ICDUIKC33SFI6ZPR -s 10.180.0.3/32"), "KPT403"),
    ("no masquerade for outside", "kube-1.30", Without("masquerade traffic for ns1/svc1:p80"), "KPT404"),
    (
        "the range of the Services as that of the pods",
        "kube-1.30",
        Other("! -s 10.180.0.0/16", "! -s 172.30.0.0/16"),
        "KPT405",
    ),
    ("ports that are not drawn", "kube-1.26", Other(" --random-fully", ""), "KPT406"),
    ("whatever leaves is masqueraded", "kube-1.23", Before("-A POSTROUTING -j MASQUERADE", "-A POSTROUTING"), "KPT407"),
    (
        "all marks wiped out",
        "kube-1.30 beside calico",
        Before("-A FORWARD -j MARK --set-xmark 0x0/0xffffffff", "-A FORWARD"),
        "KPT409",
    ),
    (
        "a Service left out of connection tracking",
        "kube-1.15",
        Then(
            "*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A PREROUTING -d 172.30.0.43/32 -j CT --notrack\nCOMMIT\n",
        ),
        "KPT412",
    ),
    ("no hook of PREROUTING", "kube-1.20", Without("-A PREROUTING"), "KPT501"),
    (
        "no hook of FORWARD",
        "kube-1.30",
        Without("-A FORWARD -m comment --comment \"kubernetes forwarding rules\""),
        "KPT501",
    ),
    (
        "node ports in the middle",
        "kube-1.30",
        Move("this must be the last rule", "-A KUBE-SERVICES -d 172.30.0.47/32"),
        "KPT503",
    ),
    ("a firewall without its mark", "kube-1.20", Other(" -m mark --mark 0x8000/0x8000 -j DROP", " -j DROP"), "KPT601"),
    ("a corrupt hash", "kube-1.30", Other("KUBE-SVC-XPGD46QRK7WJZT7O", "KUBE-SVC-XPGD46QRK7WJZT7A"), "KPT602"),
    ("a Service that nobody comes to", "kube-1.30", Without("-A KUBE-SERVICES -d 172.30.0.43/32"), "KPT603"),
    (
        "one address for two Services",
        "kube-1.30",
        Other("-A KUBE-SERVICES -d 172.30.0.43/32", "-A KUBE-SERVICES -d 172.30.0.42/32"),
        "KPT606",
    ),
    ("nothing for pods in FORWARD", "kube-1.20 beside docker-28", Without("\"pod network\""), "KPT701"),
    ("a host that hears no answers", "kube-1.30", Other("*filter\n:INPUT ACCEPT", "*filter\n:INPUT DROP"), "KPT702"),
    (
        "a jail for what is forwarded",
        "kube-1.23 beside docker",
        Other(
            "*filter\n",
            "*filter\n:f2b-web - [0:0]\n-A INPUT -p tcp -m multiport --dports 5000 -j f2b-web\n-A f2b-web -j RETURN\n",
        ),
        "KPT704",
    ),
    (
        "private networks denied",
        "kube-1.30 beside flannel",
        Before("-A INPUT -s 10.0.0.0/8 -j DROP", "-A INPUT"),
        "KPT706",
    ),
    ("no guard of 127.0.0.1", "kube-1.30", Without("block incoming localnet connections"), "KPT801"),
    ("somebody else's address", "kube-1.23", Other("192.168.99.22/32", "23.185.0.3/32"), "KPT802"),
    ("forwarding opened to find an error", "kube-1.30", Before("-A FORWARD -j ACCEPT", "-A FORWARD"), "KPT804"),
    (
        "a log without a limit",
        "kube-1.26",
        Before("-A FORWARD -j LOG --log-prefix \"forward: \"", "-A FORWARD"),
        "KPT902",
    ),
    (
        "packets that are still traced",
        "kube-1.30",
        Then(
            "*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A PREROUTING -p tcp -m tcp --dport 3001 -j TRACE\nCOMMIT\n",
        ),
        "KPT903",
    ),
];

fn scenario(name: &str) -> String {
    match name.split_once(" beside ") {
        Some((layout, beside)) => merged(&read("scenarios", layout), &read("nodes", beside)),
        None => read("scenarios", name),
    }
}

/// What a lint finds: its code, how bad it is, and what it says.
struct Finding {
    code: String,
    severity: String,
    message: String,
}

/// What all lints find.
fn found(text: &str) -> Vec<Finding> {
    let run = kpt(["lint", "--isolated", "--profile", "audit", "--format", "json"], text);
    let answer: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stderr));
    let word = |finding: &Value, key: &str| finding[key].as_str().expect("a word").to_owned();
    let finding = |finding: &Value| Finding {
        code: word(finding, "code"),
        severity: word(finding, "severity"),
        message: word(finding, "message"),
    };
    answer["findings"].as_array().expect("findings").iter().map(finding).collect()
}

/// What a lint says of these findings.
fn said<'f>(found: &'f [Finding], code: &str) -> BTreeSet<&'f str> {
    found.iter().filter(|finding| finding.code == code).map(|finding| finding.message.as_str()).collect()
}

#[test]
fn each_damage_is_found_by_the_lint_that_is_for_it() {
    let rules = run("lint --isolated --profile audit --list-rules").stdout;
    let mut wrong = Vec::new();
    for (name, base, edit, code) in DAMAGES {
        let healthy = scenario(base);
        let damaged = edit.apply(&healthy);
        assert!(damaged != healthy, "{name}: {base} does not hold what the edit is about");
        if !rules.contains(code) {
            println!("skipped: {name}: kpt lint --list-rules does not list {code} yet");
            continue;
        }
        let (before, after) = (found(&healthy), found(&damaged));
        if before.iter().any(|finding| finding.code == *code && finding.severity != "info") {
            wrong.push(format!("{name}: {code} finds something in {base} before the damage"));
        }
        if said(&after, code).is_subset(&said(&before, code)) {
            let instead: Vec<_> = after.iter().map(|finding| &finding.code).collect();
            wrong.push(format!("{name}: {code} does not find it in {base}, but {instead:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_healthy_is_left_alone() {
    let alone = ["kube-1.9", "kube-1.15", "kube-1.20", "kube-1.23", "kube-1.26", "kube-1.30", "kube-1.30-v6"];
    let pairs = LAYOUTS.into_iter().flat_map(|layout| BESIDE.map(|beside| format!("{layout} beside {beside}")));
    let mut wrong = Vec::new();
    for name in alone.into_iter().map(str::to_owned).chain(pairs) {
        for Finding { code, severity, message } in found(&scenario(&name)) {
            if severity != "info" {
                wrong.push(format!("{name}: {severity} {code}: {message}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
