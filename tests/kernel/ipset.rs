//! Rules that ask for sets, judged by the kernel: sets made, rules loaded, packets sent, and the rules that they hit compared
//! with those that kpt names when it is given what `ipset save` prints.

use std::io::Write;

use etherparse::{IpNumber, PacketBuilder};
use kpt::packet::{Protocol, mac_address};
use tempfile::NamedTempFile;

use crate::counters::Counters;
use crate::namespace::{inside, run};
use crate::predict::Prediction;
use crate::sets::{self, Case, Sent};
use crate::wire::{self, MAC, Probe, Wire};

/// Why this kernel cannot judge a case: it was built without a type of set.
pub(crate) fn missing(case: &Case) -> Option<String> {
    let made = inside(|| run("ipset restore", &case.sets));
    made.err().filter(|error| error.contains("not supported")).map(|_| "its kernel lacks a type of set".into())
}

/// Sends every packet of a case.
pub(crate) fn judge(case: &Case, backend: &str) -> Result<(), String> {
    inside(|| {
        let wire = Wire::new([("eth0", "192.168.0.11/24"), ("docker0", "172.17.0.1/16")].into_iter(), Some("eth0"))?;
        run("ipset restore", &case.sets)?;
        for sent in &case.packets {
            let tool = format!("ip{}tables-{backend}", if sent.from.is_ipv4() { "" } else { "6" });
            run(&format!("{tool}-restore"), &case.dump(sent))?;
            let save = || run(&format!("{tool}-save -c -t mangle"), "");
            let foreseen = foreseen(case, sent, &save()?)?;
            send(&wire, sent)?;
            let hit = Counters::read(&save()?).of_chain("mangle", &case.chain);
            if hit != sent.hits || foreseen != hit {
                return Err(format!("{sent:?}: the kernel hits {hit:?}, kpt foresees {foreseen:?}"));
            }
        }
        Ok(())
    })
}

/// The rules that kpt says a packet hits.
fn foreseen(case: &Case, sent: &Sent, rules: &str) -> Result<Vec<u64>, String> {
    let mut file = NamedTempFile::new().map_err(|error| error.to_string())?;
    file.write_all(run("ipset save", "")?.as_bytes()).map_err(|error| error.to_string())?;
    let words = format!("--ipset {} {}", file.path().display(), sent.arguments());
    let prediction = Prediction::new(rules, &run("ip -j addr", "")?, &run("ip -j route", "")?, words.split(' '));
    Ok(sets::hits(prediction.answer(), &case.chain))
}

fn send(wire: &Wire, sent: &Sent) -> Result<(), String> {
    if sent.input.is_empty() {
        let protocol = protocol(sent)?;
        return wire::make(&Probe { protocol, src: sent.from, sport: sent.sport, dst: sent.to, dport: sent.dport });
    }
    wire.write(&sent.input, &frame(sent)?)
}

fn protocol(sent: &Sent) -> Result<u8, String> {
    sent.proto.parse::<Protocol>().map(|protocol| protocol.0).map_err(|()| format!("no protocol {}", sent.proto))
}

/// The packet with its Ethernet header. No checksum is looked at before a rule of mangle.
fn frame(sent: &Sent) -> Result<Vec<u8>, String> {
    use std::net::IpAddr::{V4, V6};
    let ethernet = PacketBuilder::ethernet2(mac_address(&sent.mac).ok_or("no Ethernet address")?, MAC);
    let builder = match (sent.from, sent.to) {
        (V4(from), V4(to)) => ethernet.ipv4(from.octets(), to.octets(), 64),
        (V6(from), V6(to)) => ethernet.ipv6(from.octets(), to.octets(), 64),
        _ => return Err("two families".into()),
    };
    let mut payload = match sent.icmp {
        Some(kind) => kind.to_vec(),
        None => [sent.sport.to_be_bytes(), sent.dport.to_be_bytes()].concat(),
    };
    payload.resize(sent.payload(), 0);
    match sent.proto.as_str() {
        "tcp" => payload[12] = 0x50,
        "udp" => payload[5] = 8,
        _ => {}
    }
    let mut frame = Vec::new();
    builder.write(&mut frame, IpNumber(protocol(sent)?), &payload).map_err(|error| error.to_string())?;
    Ok(frame)
}
