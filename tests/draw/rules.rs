//! Rulesets that iptables loads: chains, jumps, gotos, every match whose answer the packet decides, every target.

use super::{Draw, MARKS, PORTS};

/// A ruleset that can lose rules.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    pub(crate) chains: Vec<Chain>,
}

/// A chain and its rules, each without `-A CHAIN`.
#[derive(Debug, Clone)]
pub(crate) struct Chain {
    table: &'static str,
    name: String,
    /// None for a chain that rules jump to.
    policy: Option<&'static str>,
    /// The hooks that lead here.
    hooks: Vec<&'static str>,
    pub(crate) rules: Vec<String>,
}

/// The first rule of raw: without it the kernel tells nothing.
pub(crate) const TRACE: &str = "-j TRACE";

const TABLES: [(&str, &[&str]); 5] = [
    ("raw", &["PREROUTING", "OUTPUT"]),
    ("mangle", &["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"]),
    ("nat", &["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"]),
    ("filter", &["INPUT", "FORWARD", "OUTPUT"]),
    ("security", &["INPUT", "FORWARD", "OUTPUT"]),
];

/// Names that are also those of targets win over them.
const NAMES: [&str; 6] = ["A", "B", "LOG", "CLASSIFY", "KUBE-SERVICES", "x-1_y"];

impl Rules {
    /// A ruleset whose every answer the packet decides.
    pub(crate) fn draw(draw: &mut Draw, v6: bool) -> Self {
        let mut chains = Vec::new();
        for (table, hooks) in TABLES {
            // Every table is printed, so that it replaces the one before; some are left empty.
            let likely = if table == "security" { 25 } else { 75 };
            let empty = table != "raw" && !draw.percent(likely);
            let drawn = draw_table(draw, v6, table, hooks);
            chains.extend(drawn.into_iter().map(|chain| if empty { chain.emptied() } else { chain }));
        }
        Self { chains }
    }

    /// A ruleset in which chance decides, too.
    pub(crate) fn draw_random(draw: &mut Draw, v6: bool) -> Self {
        let mut rules = Self::draw(draw, v6);
        // Several counters on one way are not independent of each other.
        let mut nth = false;
        for rule in rules.chains.iter_mut().flat_map(|chain| &mut chain.rules) {
            if rule != TRACE && draw.percent(25) {
                let at = [" -j ", " -g ", "-j ", "-g "].into_iter().find_map(|target| rule.find(target));
                rule.insert_str(at.unwrap_or(rule.len()), &format!(" {} ", statistic(draw, &mut nth)));
            }
        }
        rules
    }

    /// As `iptables-restore` takes it.
    pub(crate) fn text(&self) -> String {
        TABLES.iter().map(|(table, _)| self.table(table)).collect()
    }

    fn table(&self, table: &str) -> String {
        let chains = || self.chains.iter().filter(|chain| chain.table == table);
        let declared = chains().map(|chain| format!(":{} {} [0:0]\n", chain.name, chain.policy.unwrap_or("-")));
        let rules = chains().flat_map(|chain| chain.rules.iter().map(|rule| format!("-A {} {rule}\n", chain.name)));
        format!("*{table}\n{}{}COMMIT\n", declared.collect::<String>(), rules.collect::<String>())
    }
}

impl Chain {
    fn emptied(self) -> Self {
        Self { policy: self.policy.and(Some("ACCEPT")), rules: Vec::new(), ..self }
    }
}

fn draw_table(draw: &mut Draw, v6: bool, table: &'static str, hooks: &[&'static str]) -> Vec<Chain> {
    let base = |hook: &&'static str| Chain {
        table,
        name: (*hook).to_owned(),
        policy: Some("ACCEPT"),
        hooks: vec![*hook],
        rules: Vec::new(),
    };
    let mut chains: Vec<Chain> = hooks.iter().map(base).collect();
    for name in draw.some(&NAMES) {
        let hooks = if draw.percent(50) { hooks.to_vec() } else { draw.some(hooks) };
        chains.push(Chain { table, name: name.to_owned(), policy: None, hooks, rules: Vec::new() });
    }
    for at in 0..chains.len() {
        if chains[at].policy.is_some() && draw.percent(if table == "filter" { 20 } else { 5 }) {
            chains[at].policy = Some("DROP");
        }
        let rules = draw.below(if chains[at].policy.is_some() { 7 } else { 5 });
        let first = table == "raw" && chains[at].policy.is_some();
        let mut lines: Vec<String> = if first { vec![TRACE.into()] } else { Vec::new() };
        for _ in 0..rules {
            let targets: Vec<&str> = chains[at + 1..]
                .iter()
                .filter(|chain| {
                    chain.policy.is_none() && chains[at].hooks.iter().all(|hook| chain.hooks.contains(hook))
                })
                .map(|chain| chain.name.as_str())
                .collect();
            lines.push(
                Rule { draw, v6, table, hooks: &chains[at].hooks, words: Vec::new(), protocol: None, asked: false }
                    .draw(&targets),
            );
        }
        chains[at].rules = lines;
    }
    chains
}

fn statistic(draw: &mut Draw, nth: &mut bool) -> String {
    let not = draw.not();
    if *nth || draw.percent(90) {
        let probability = draw.of(&["0.5", "0.33333333349", "0.25", "0.1", "0.9", "1.0", "0.0"]);
        format!("-m statistic --mode random {not}--probability {probability}")
    } else {
        *nth = true;
        format!("-m statistic --mode nth {not}--every {} --packet 0", draw.of(&[2, 3, 5]))
    }
}

/// A rule that is being made.
struct Rule<'a> {
    draw: &'a mut Draw,
    v6: bool,
    table: &'static str,
    hooks: &'a [&'static str],
    words: Vec<String>,
    protocol: Option<&'static str>,
    /// It has a match of its protocol.
    asked: bool,
}

impl Rule<'_> {
    fn draw(mut self, chains: &[&str]) -> String {
        self.header();
        for _ in 0..self.draw.of(&[0, 0, 1, 1, 2]) {
            self.add_match();
        }
        self.target(chains);
        self.words.join(" ")
    }

    fn add(&mut self, words: impl Into<String>) {
        self.words.push(words.into());
    }

    fn only(&self, hooks: &[&str]) -> bool {
        self.hooks.iter().all(|hook| hooks.contains(hook))
    }

    fn header(&mut self) {
        for side in ["-s", "-d"] {
            if self.draw.percent(25) {
                let (not, net) = (self.draw.not(), self.draw.net(self.v6));
                self.add(format!("{not}{side} {net}"));
            }
        }
        let base = self.hooks.len() == 1;
        for (side, unknown) in [("-i", ["OUTPUT", "POSTROUTING"]), ("-o", ["PREROUTING", "INPUT"])] {
            if self.draw.percent(15) && !(base && unknown.contains(&self.hooks[0])) {
                let (not, name) = (self.draw.not(), self.draw.of(&["eth0", "eth+", "eth1", "pod+", "pod0", "lo"]));
                self.add(format!("{not}{side} {name}"));
            }
        }
        if self.draw.percent(50) {
            let icmp = if self.v6 { "ipv6-icmp" } else { "icmp" };
            let protocol = self.draw.of(&["tcp", "tcp", "udp", "udp", icmp, "47", "99"]);
            let not = if self.draw.percent(10) { "! " } else { "" };
            self.add(format!("{not}-p {protocol}"));
            self.protocol = Some(protocol).filter(|_| not.is_empty());
        }
    }

    fn has_ports(&self) -> bool {
        matches!(self.protocol, Some("tcp" | "udp"))
    }

    fn add_match(&mut self) {
        let not = self.draw.not();
        let words = match self.draw.below(22) {
            0..=3 if self.protocol.is_some() && !self.asked => {
                // iptables-nft-save prints only the last of two tests of one port.
                self.asked = true;
                self.of_protocol()
            }
            4 => format!("-m mark {not}--mark {}", self.draw.of(&MARKS)),
            5 => format!("-m connmark {not}--mark {}", self.draw.of(&MARKS)),
            6 | 7 => self.conntrack(),
            8 => self.addrtype(),
            9 => self.range(),
            10 if self.v6 => format!("-m hl {}", self.hops("hl", not)),
            10 => format!("-m ttl {}", self.hops("ttl", not)),
            11 => format!("-m tos {not}--tos {}", self.draw.of(&["0x10/0xff", "0x08/0x3f", "0x00/0xff", "0xb8/0xfc"])),
            12 => format!("-m length {not}--length {}", self.draw.of(&["0:60", "60", "28:41", "100:65535", "40:48"])),
            13 => "-m comment --comment \"it is \\\"so\\\"\"".to_owned(),
            14 => "-m limit --limit 10000/sec --limit-burst 10000".to_owned(),
            15 if self.only(&["PREROUTING", "INPUT", "FORWARD"]) => {
                format!("-m mac {not}--mac-source 02:00:00:00:00:{}", self.draw.of(&["02", "03"]))
            }
            15 if self.only(&["OUTPUT", "POSTROUTING"]) => self.owner(not),
            16 => format!("-m pkttype {not}--pkt-type {}", self.draw.of(&["unicast", "broadcast", "multicast"])),
            17 => self.recent(),
            18 => self.time(),
            19 => format!("-m dscp {not}--dscp {}", self.draw.of(&["0x00", "0x04", "0x2e", "0x0a"])),
            20 => self.cluster(not),
            21 => self.connbytes(not),
            _ => format!(
                "-m state {not}--state {}",
                self.states(&["INVALID", "NEW", "RELATED", "ESTABLISHED", "UNTRACKED"])
            ),
        };
        self.add(words);
    }

    fn of_protocol(&mut self) -> String {
        let not = self.draw.not();
        match self.protocol {
            Some("icmp") => format!("-m icmp {not}--icmp-type {}", self.draw.of(&["8", "0", "3/1", "13", "3"])),
            Some("ipv6-icmp") => format!("-m icmp6 {not}--icmpv6-type {}", self.draw.of(&["128", "129", "1/4", "1"])),
            Some(_) if self.has_ports() && self.draw.percent(30) => self.multiport(),
            Some("tcp") if self.draw.percent(30) => {
                let flags = self.draw.of(&[
                    "SYN SYN",
                    "FIN,SYN,RST,ACK SYN",
                    "ALL NONE",
                    "SYN,FIN SYN,FIN",
                    "ACK ACK",
                    "PSH,URG URG",
                ]);
                format!("-m tcp {not}--tcp-flags {flags}")
            }
            Some(protocol @ ("tcp" | "udp")) => {
                let (side, ports) = (self.draw.of(&["--dport", "--dport", "--sport"]), self.draw.ports());
                format!("-m {protocol} {not}{side} {ports}")
            }
            _ => "-m comment --comment plain".to_owned(),
        }
    }

    fn multiport(&mut self) -> String {
        let side = self.draw.of(&["--dports", "--sports", "--ports"]);
        let ports: Vec<_> = self.draw.some(&PORTS).iter().take(5).map(ToString::to_string).collect();
        let range = if self.draw.percent(30) { ",1000:2000" } else { "" };
        format!("-m multiport {}{side} {}{range}", self.draw.not(), ports.join(","))
    }

    fn states(&mut self, list: &[&'static str]) -> String {
        self.draw.some(list).join(",")
    }

    fn conntrack(&mut self) -> String {
        const STATES: [&str; 7] = ["INVALID", "NEW", "RELATED", "ESTABLISHED", "UNTRACKED", "SNAT", "DNAT"];
        let not = self.draw.not();
        let (address, port) = (self.draw.address(self.v6), self.draw.of(&PORTS));
        let test = match self.draw.below(8) {
            0 => format!("{not}--ctproto {}", self.draw.of(&[6, 17, 47])),
            1 => format!("{not}--ctorigsrc {address}"),
            2 => format!("{not}--ctorigdst {address}"),
            3 => format!("{not}--ctreplsrc {address}"),
            4 => format!("{not}--ctrepldst {address}"),
            5 if self.has_ports() => {
                format!("{not}{} {port}", self.draw.of(&["--ctorigdstport", "--ctreplsrcport", "--ctorigsrcport"]))
            }
            6 => format!("{not}--ctstatus {}", self.draw.of(&["NONE", "SEEN_REPLY", "CONFIRMED"])),
            7 => format!("--ctdir {}", self.draw.of(&["ORIGINAL", "REPLY"])),
            _ => String::new(),
        };
        let states = self.states(&STATES);
        match self.draw.below(3) {
            0 if !test.is_empty() => format!("-m conntrack {}--ctstate {states} {test}", self.draw.not()),
            1 if !test.is_empty() => format!("-m conntrack {test}"),
            _ => format!("-m conntrack {}--ctstate {states}", self.draw.not()),
        }
    }

    fn addrtype(&mut self) -> String {
        let kinds: &[&str] =
            if self.v6 { &["LOCAL", "UNICAST", "MULTICAST"] } else { &["LOCAL", "UNICAST", "BROADCAST", "MULTICAST"] };
        let (side, not) = (self.draw.of(&["--dst-type", "--dst-type", "--src-type"]), self.draw.not());
        let limit = match self.draw.below(4) {
            0 if self.only(&["PREROUTING", "INPUT", "FORWARD"]) => " --limit-iface-in",
            1 if self.only(&["OUTPUT", "POSTROUTING", "FORWARD"]) => " --limit-iface-out",
            _ => "",
        };
        format!("-m addrtype {not}{side} {}{limit}", self.draw.some(kinds).join(","))
    }

    fn range(&mut self) -> String {
        let side = self.draw.of(&["--src-range", "--dst-range"]);
        let (one, other) = (self.draw.address(self.v6), self.draw.address(self.v6));
        format!("-m iprange {}{side} {}-{}", self.draw.not(), one.min(other), one.max(other))
    }

    fn hops(&mut self, name: &str, not: &str) -> String {
        let value = self.draw.of(&[62, 63, 64, 65, 128]);
        match self.draw.below(3) {
            0 => format!("{not}--{name}-eq {value}"),
            1 => format!("--{name}-lt {value}"),
            _ => format!("--{name}-gt {value}"),
        }
    }

    fn owner(&mut self, not: &str) -> String {
        let test = self.draw.of(&["--uid-owner 0", "--uid-owner 1-1000", "--gid-owner 0", "--socket-exists"]);
        format!("-m owner {not}{test}")
    }

    fn recent(&mut self) -> String {
        let what = self.draw.of(&["--set", "--rcheck", "--update --seconds 60", "--remove"]);
        let (not, side) = (self.draw.not(), self.draw.of(&["--rsource", "--rdest"]));
        format!("-m recent {not}{what} --name {} {side}", self.draw.of(&["one", "two"]))
    }

    fn cluster(&mut self, not: &str) -> String {
        let (total, seed) = (self.draw.of(&[2, 3, 5]), self.draw.of(&["0x1", "0xdeadbeef"]));
        format!("-m cluster --cluster-total-nodes {total} {not}--cluster-local-node 1 --cluster-hash-seed {seed}")
    }

    /// Of later packets the kernel knows more than kpt is told.
    fn connbytes(&mut self, not: &str) -> String {
        let range = self.draw.of(&["0", "1:1", "2", "60:100", "100"]);
        let (mode, direction) =
            (self.draw.of(&["packets", "bytes", "avgpkt"]), self.draw.of(&["original", "reply", "both"]));
        let first = "-m conntrack --ctstate NEW";
        format!("{first} -m connbytes {not}--connbytes {range} --connbytes-mode {mode} --connbytes-dir {direction}")
    }

    fn time(&mut self) -> String {
        let (start, stop) = (self.draw.below(24), self.draw.below(24));
        let contiguous = if stop < start && self.draw.percent(50) { " --contiguous" } else { "" };
        let weekdays = self.draw.some(&["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]).join(",");
        let monthdays = self.draw.some(&["1", "2", "3", "15", "22", "23", "24", "30", "31"]).join(",");
        let days =
            self.draw.of(&[format!(" --weekdays {weekdays}"), format!(" ! --monthdays {monthdays}"), String::new()]);
        format!("-m time --timestart {start}:30 --timestop {stop}:30{days}{contiguous} --datestop 2037-01-01T00:00:00")
    }

    fn target(&mut self, chains: &[&str]) {
        let words = match self.draw.below(12) {
            0..=3 if !chains.is_empty() => {
                let (how, chain) = (self.draw.of(&["-j", "-j", "-j", "-g"]), self.draw.of(chains));
                format!("{how} {chain}")
            }
            4 => "-j RETURN".to_owned(),
            5 if self.draw.percent(60) => "-j ACCEPT".to_owned(),
            6 if self.table != "nat" && self.draw.percent(40) => "-j DROP".to_owned(),
            7 => String::new(),
            _ => self.of_table(),
        };
        self.add(words);
    }

    fn of_table(&mut self) -> String {
        if self.draw.percent(35) {
            return self.mark();
        }
        match self.table {
            "raw" if self.draw.percent(40) => self.draw.of(&["-j NOTRACK", "-j CT --notrack"]).to_owned(),
            "filter" if self.draw.percent(50) => self.reject(),
            "nat" => self.nat(),
            "mangle" if self.draw.percent(60) => self.header_change(),
            _ => self
                .draw
                .of(&["-j NFLOG --nflog-group 5", "-j CONNMARK --save-mark", "-j CONNMARK --restore-mark"])
                .to_owned(),
        }
    }

    fn mark(&mut self) -> String {
        match self.draw.below(7) {
            0 => format!("-j MARK --set-mark {}", self.draw.of(&["0x1", "0x4000/0x4000", "0x8000/0xff00"])),
            1 => format!("-j MARK --or-mark {}", self.draw.of(&["0x4000", "0x3"])),
            2 => format!("-j MARK --and-mark {}", self.draw.of(&["0xff", "0xffffbfff"])),
            3 => format!("-j MARK --xor-mark {}", self.draw.of(&["0x1", "0x4001"])),
            4 => format!("-j CONNMARK --set-xmark {}", self.draw.of(&["0x1/0xffffffff", "0x4000/0x0", "0x3/0xf"])),
            5 => "-j CONNMARK --save-mark --nfmask 0xff --ctmask 0xffff".to_owned(),
            _ => "-j CONNMARK --restore-mark --nfmask 0xffff --ctmask 0xff00".to_owned(),
        }
    }

    fn reject(&mut self) -> String {
        let with = match (self.v6, self.protocol) {
            (_, Some("tcp")) => "tcp-reset",
            (true, _) => self.draw.of(&["icmp6-port-unreachable", "icmp6-adm-prohibited", "icmp6-no-route"]),
            (false, _) => self.draw.of(&["icmp-port-unreachable", "icmp-admin-prohibited", "icmp-host-unreachable"]),
        };
        format!("-j REJECT --reject-with {with}")
    }

    fn header_change(&mut self) -> String {
        let hops = if self.v6 { "HL --hl" } else { "TTL --ttl" };
        match self.draw.below(4) {
            0 => format!("-j {hops}-set {}", self.draw.of(&[10, 64, 255])),
            1 => format!("-j {hops}-{} {}", self.draw.of(&["inc", "dec"]), self.draw.of(&[1, 5])),
            2 => format!("-j TOS --set-tos {}", self.draw.of(&["0x10/0xff", "0x08/0x3f", "0xb8/0x00"])),
            _ => format!("-j DSCP --set-dscp {}", self.draw.of(&["0x00", "0x2e", "0x0a"])),
        }
    }

    fn nat(&mut self) -> String {
        let destination = self.only(&["PREROUTING", "OUTPUT"]);
        let source = self.only(&["POSTROUTING", "INPUT"]);
        let post = self.only(&["POSTROUTING"]);
        let (address, port) = (self.draw.address(self.v6), self.draw.of(&PORTS));
        let with_port = match (self.has_ports() && self.draw.percent(60), self.v6) {
            (true, true) => format!("[{address}]:{port}"),
            (true, false) => format!("{address}:{port}"),
            (false, _) => address.to_string(),
        };
        let to_ports =
            if self.has_ports() && self.draw.percent(50) { format!(" --to-ports {port}") } else { String::new() };
        let net = if self.v6 { "fd00:3::/64" } else { "172.17.0.0/24" };
        match self.draw.below(6) {
            0..=2 if destination => format!("-j DNAT --to-destination {with_port}"),
            3 if destination => format!("-j REDIRECT{to_ports}"),
            0 | 1 if source => format!("-j SNAT --to-source {with_port}"),
            2 | 3 if post => format!("-j MASQUERADE{to_ports}"),
            4 if destination || source => format!("-j NETMAP --to {net}"),
            _ => "-j ACCEPT".to_owned(),
        }
    }
}
