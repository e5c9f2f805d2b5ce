//! What kpt says of a packet, from its JSON.

use std::io::Write;
use std::net::{IpAddr, SocketAddr};

use serde_json::Value;
use tempfile::NamedTempFile;

use crate::counters::{Counters, Place};
use crate::wire::Probe;

/// What kpt says.
pub(crate) struct Prediction {
    json: Value,
}

/// One of the ways that kpt says the packet may take.
pub(crate) struct Way<'p>(&'p Value);

impl Prediction {
    /// Runs `kpt trace` on `save`.
    pub(crate) fn new<'a>(save: &str, addr: &str, routes: &str, arguments: impl Iterator<Item = &'a str>) -> Self {
        let file = |text: &str| {
            let mut file = NamedTempFile::new().expect("a temporary file");
            file.write_all(text.as_bytes()).expect("room for it");
            file
        };
        let (rules, addr, routes) = (file(save), file(addr), file(routes));
        let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_kpt"))
            .args(["trace", "--format", "json", "-f"])
            .arg(rules.path())
            .arg("--addr")
            .arg(addr.path())
            .arg("--routes")
            .arg(routes.path())
            .args(arguments)
            .output()
            .expect("kpt runs");
        let json = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
        Self { json }
    }

    /// The whole answer.
    pub(crate) const fn answer(&self) -> &Value {
        &self.json
    }

    /// The packet that was asked about, with the source port that the caller chooses.
    pub(crate) fn probe(&self, sport: u16) -> Probe {
        let packet = &self.json["packet"];
        let address = |side: &str| packet[side].as_str().expect("an address").parse().expect("an address");
        Probe {
            protocol: if packet["protocol"] == "udp" { 17 } else { 6 },
            src: address("src"),
            sport,
            dst: address("dst"),
            dport: packet["dport"].as_u64().expect("a port").try_into().expect("a port"),
        }
    }

    /// The interface that it arrives by; none if the host makes it.
    pub(crate) fn input(&self) -> Option<&str> {
        self.json["packet"]["in"].as_str()
    }

    /// The ways of the default world. Everything about the host is given, so there is just one.
    pub(crate) fn ways(&self) -> Vec<Way<'_>> {
        let worlds = self.json["worlds"].as_array().expect("worlds");
        assert!(worlds[0]["default"].as_bool().expect("a flag"), "{:#}", self.json);
        worlds[0]["paths"].as_array().expect("paths").iter().map(Way).collect()
    }
}

impl Way<'_> {
    /// What the counters show if the packet takes it.
    pub(crate) fn counters(&self) -> Counters {
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let place = |step: &Value| -> Place {
            let number = step["rule"].as_u64().unwrap_or(0);
            let backend = step["backend"].as_str().map(|backend| format!(" ({backend})")).unwrap_or_default();
            (text(&step["table"]) + &backend, text(&step["chain"]), u32::try_from(number).expect("a number"))
        };
        Counters::of(self.0["steps"].as_array().expect("steps").iter().map(place))
    }

    /// The socket that it is delivered to, if it is.
    pub(crate) fn delivered(&self) -> Option<SocketAddr> {
        let packet = &self.0["packet"];
        let port = packet["dport"].as_u64().and_then(|port| port.try_into().ok());
        let delivered = self.0["verdict"] == "accept" && self.0["goes"] == "local";
        delivered.then(|| Some(SocketAddr::new(packet["dst"].as_str()?.parse().ok()?, port?))).flatten()
    }

    /// Did the kernel count what this way says? What the host itself answers, to what it rejects or to TCP that it gets,
    /// is counted besides.
    pub(crate) fn counts(&self, counted: &Counters, protocol: u8) -> bool {
        let told = self.0["reason"].as_str().is_some_and(|reason| reason.contains("its sender is told"));
        let refused = self.0["verdict"] == "reject" || self.0["verdict"] == "stolen" || told;
        let answers = refused || protocol == 6 && self.delivered().is_some();
        if answers { counted.hold(&self.counters()) } else { *counted == self.counters() }
    }

    /// Does a packet that the host sent look as this way says? What kpt does not know may be anything.
    pub(crate) fn sends(&self, probe: &Probe) -> bool {
        let packet = &self.0["packet"];
        let address = |side: &str, is: IpAddr| packet[side].as_str().is_none_or(|text| text == is.to_string());
        let port = |side: &str, is: u16| packet[side].as_u64().is_none_or(|port| port == u64::from(is));
        address("src", probe.src)
            && address("dst", probe.dst)
            && port("sport", probe.sport)
            && port("dport", probe.dport)
    }

    /// Does the packet leave the host?
    pub(crate) fn leaves(&self) -> bool {
        self.0["verdict"] == "accept" && self.0["goes"] != "local"
    }
}
