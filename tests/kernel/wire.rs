//! Interfaces whose other end is this test: what is written arrives on the host, what the host sends can be read.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::net::IpAddr;
use std::thread::sleep;
use std::time::Duration;

use etherparse::{NetSlice, PacketBuilder, SlicedPacket, TransportSlice};
use socket2::{Domain, Protocol, SockAddr, Socket, Type};
use tappers::{Interface, Tap};

use crate::namespace::{run, sysctl};

/// The host's interfaces.
pub(crate) struct Wire {
    taps: BTreeMap<String, Tap>,
}

/// A packet with ports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Probe {
    pub(crate) protocol: u8,
    pub(crate) src: IpAddr,
    pub(crate) sport: u16,
    pub(crate) dst: IpAddr,
    pub(crate) dport: u16,
}

/// The Ethernet address of every interface of the host.
pub(crate) const MAC: [u8; 6] = [2, 0, 0, 0, 0, 1];

impl Wire {
    /// Makes the interfaces with their addresses, and lets the host forward between them.
    pub(crate) fn new<'a>(
        addresses: impl Iterator<Item = (&'a str, &'a str)>,
        default: Option<&str>,
    ) -> Result<Self, String> {
        run("ip link set lo up", "")?;
        sysctl("ipv4/ip_forward", "1")?;
        sysctl("ipv6/conf/all/forwarding", "1")?;
        // The host tells of the groups it joins once, and not again while a packet is being judged.
        sysctl("ipv6/conf/default/mldv2_unsolicited_report_interval", "1000000000")?;
        let mut quiet = Duration::ZERO;
        let mut taps = BTreeMap::new();
        for (name, address) in addresses {
            let v6 = address.contains(':');
            if v6 {
                quiet = Duration::from_millis(50);
            }
            let interface = Interface::new(name).map_err(|error| error.to_string())?;
            let mut tap = Tap::new_named(interface).map_err(|error| format!("{name}: {error}"))?;
            tap.set_nonblocking(true).map_err(|error| error.to_string())?;
            // Only the addresses that are given.
            sysctl(&format!("ipv6/conf/{name}/addr_gen_mode"), "1")?;
            run(&format!("ip link set {name} address 02:00:00:00:00:01 arp off up"), "")?;
            run(&format!("ip addr add {address} dev {name}{}", if v6 { " nodad" } else { "" }), "")?;
            sysctl(&format!("ipv4/conf/{name}/rp_filter"), "0")?;
            sysctl(&format!("ipv4/conf/{name}/send_redirects"), "0")?;
            taps.insert(name.to_owned(), tap);
        }
        if let Some(default) = default {
            run(&format!("ip route add default dev {default}"), "")?;
            run(&format!("ip -6 route add default dev {default}"), "")?;
        }
        sysctl("ipv4/conf/all/rp_filter", "0")?;
        sysctl("ipv4/conf/all/send_redirects", "0")?;
        sleep(quiet);
        Ok(Self { taps })
    }

    /// A packet arrives by an interface.
    pub(crate) fn arrive(&self, interface: &str, probe: &Probe) -> Result<(), String> {
        let ethernet = PacketBuilder::ethernet2([2, 0, 0, 0, 0, 2], MAC);
        let frame = match (probe.src, probe.dst) {
            (IpAddr::V4(src), IpAddr::V4(dst)) => probe.write(ethernet.ipv4(src.octets(), dst.octets(), 64)),
            (IpAddr::V6(src), IpAddr::V6(dst)) => probe.write(ethernet.ipv6(src.octets(), dst.octets(), 64)),
            _ => return Err("two families".into()),
        };
        self.write(interface, &frame)
    }

    /// A frame arrives by an interface.
    pub(crate) fn write(&self, interface: &str, frame: &[u8]) -> Result<(), String> {
        let tap = self.taps.get(interface).ok_or_else(|| format!("no interface {interface}"))?;
        tap.send(frame).map(drop).map_err(|error| format!("{interface}: {error}"))
    }

    /// The packets that the host has sent since this was asked last, with the interface.
    pub(crate) fn sent(&self) -> Vec<(String, Probe)> {
        let frames = self.frames().into_iter();
        frames.filter_map(|(name, frame)| Some((name, Probe::read(&frame)?))).collect()
    }

    /// The frames that the host has sent since this was asked last, with the interface.
    pub(crate) fn frames(&self) -> Vec<(String, Vec<u8>)> {
        let mut frames = Vec::new();
        let mut frame = [0; 2048];
        for (name, tap) in &self.taps {
            while let Ok(length) = tap.recv(&mut frame) {
                frames.push((name.clone(), frame[..length].to_vec()));
            }
        }
        frames
    }
}

/// The host itself makes a packet.
pub(crate) fn make(probe: &Probe) -> Result<(), String> {
    let (domain, packet) = match (probe.src, probe.dst) {
        (IpAddr::V4(src), IpAddr::V4(dst)) => {
            (Domain::IPV4, probe.write(PacketBuilder::ipv4(src.octets(), dst.octets(), 64)))
        }
        (IpAddr::V6(src), IpAddr::V6(dst)) => {
            (Domain::IPV6, probe.write(PacketBuilder::ipv6(src.octets(), dst.octets(), 64)))
        }
        _ => return Err("two families".into()),
    };
    // Protocol 255 means that the packet brings its own IP header.
    let socket = Socket::new(domain, Type::RAW, Some(Protocol::from(255))).map_err(|error| error.to_string())?;
    let to = SockAddr::from(std::net::SocketAddr::new(probe.dst, 0));
    match socket.send_to(&packet, &to) {
        // A rule of OUTPUT dropped it, and the sender is told.
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(()),
        result => result.map(drop).map_err(|error| error.to_string()),
    }
}

impl Probe {
    fn write(&self, builder: etherparse::PacketBuilderStep<etherparse::IpHeaders>) -> Vec<u8> {
        let mut bytes = Vec::new();
        let written = match self.protocol {
            6 => builder.tcp(self.sport, self.dport, 1, 64240).syn().write(&mut bytes, &[]),
            _ => builder.udp(self.sport, self.dport).write(&mut bytes, &[]),
        };
        written.expect("a small packet fits");
        bytes
    }

    fn read(frame: &[u8]) -> Option<Self> {
        let packet = SlicedPacket::from_ethernet(frame).ok()?;
        let (src, dst) = match packet.net? {
            NetSlice::Ipv4(ip) => (ip.header().source_addr().into(), ip.header().destination_addr().into()),
            NetSlice::Ipv6(ip) => (ip.header().source_addr().into(), ip.header().destination_addr().into()),
            NetSlice::Arp(_) => return None,
        };
        match packet.transport? {
            // An answer such as RST is not the probe.
            TransportSlice::Tcp(tcp) if tcp.syn() && !tcp.ack() => {
                Some(Self { protocol: 6, src, sport: tcp.source_port(), dst, dport: tcp.destination_port() })
            }
            TransportSlice::Udp(udp) => {
                Some(Self { protocol: 17, src, sport: udp.source_port(), dst, dport: udp.destination_port() })
            }
            _ => None,
        }
    }
}
