//! What the parts of an answer cost, each by itself, on dumps of three sizes: `cargo bench --bench questions`.

#![expect(clippy::expect_used, reason = "a benchmark that cannot begin has nothing to say")]

#[path = "../examples/kube_dump/dump.rs"]
mod dump;

use std::net::IpAddr;
use std::sync::LazyLock;

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use dump::{Shape, Version};
use kpt::analyze::{self, Asker};
use kpt::logic::Assumptions;
use kpt::packet::{Host, Packet, Protocol, Value};
use kpt::ruleset::Ruleset;
use kpt::save::{Family, scan};
use kpt::walk::Limits;

fn main() {
    divan::main();
}

/// Services of the small, the medium and the large dump, and their endpoints.
const SIZES: [(usize, usize); 3] = [(1_000, 10), (5_000, 10), (10_000, 30)];
/// What is asked about one after the other.
const PACKETS: u32 = 1_000;

static DUMPS: LazyLock<[String; 3]> = LazyLock::new(|| {
    SIZES.map(|(services, endpoints)| {
        let (version, comments) = (Version::V30, true);
        let shape = Shape { services, endpoints, affinity: 5, node_ports: 20, empty: 2, version, comments };
        let mut text = Vec::new();
        dump::write(&shape, &mut text).expect("memory");
        String::from_utf8(text).expect("a dump is ASCII")
    })
});

fn text(size: usize) -> &'static str {
    DUMPS.get(size).expect("a size")
}

fn ruleset(size: usize) -> Ruleset<'static> {
    Ruleset::merged(scan(text(size), None).0)
}

/// A first packet from a pod to the cluster IP of one of the Services.
fn packet(number: u32) -> Packet {
    let address = |bits: u32| Value::Known(IpAddr::V4(bits.into()));
    let mut packet = Packet::unknown(Family::V4, false);
    (packet.src, packet.dst) = (address(0x0af4_0001 + number), address(0x0a60_0001 + number));
    (packet.sport, packet.dport) = (Value::Known(40_000), Value::Known(80));
    packet.protocol = Value::Known(Protocol::TCP);
    packet
}

#[divan::bench(args = [0, 1, 2])]
fn reading(bencher: Bencher<'_, '_>, size: usize) {
    bencher.counter(BytesCount::of_str(text(size))).bench(|| ruleset(black_box(size)));
}

#[divan::bench(args = [0, 1, 2])]
fn one_packet(bencher: Bencher<'_, '_>, size: usize) {
    let (ruleset, host) = (ruleset(size), Host::default());
    bencher.bench(|| analyze::trace(&ruleset, &host, &packet(7), Assumptions::default(), Limits::NEAR));
}

#[divan::bench(args = [0, 1, 2])]
fn many_packets(bencher: Bencher<'_, '_>, size: usize) {
    let (ruleset, host) = (ruleset(size), Host::default());
    let ask = || {
        let asker = Asker::new(&ruleset, &host, Assumptions::default(), true, |brief| brief.outcome);
        (0..PACKETS).map(|number| *asker.ask(&packet(number))).collect::<Vec<_>>()
    };
    bencher.counter(ItemsCount::new(PACKETS)).bench(ask);
}

#[divan::bench(args = [0, 1])]
fn rules_that_nothing_reaches(bencher: Bencher<'_, '_>, size: usize) {
    let ruleset = ruleset(size);
    bencher.bench(|| analyze::dead(black_box(&ruleset)));
}
