//! A single packet with everything that a rule can look at, as bytes and as kpt takes it.

use std::net::IpAddr;

use etherparse::{
    Icmpv4Header, Icmpv4Type, Icmpv6Header, Icmpv6Type, IpNumber, Ipv4Header, Ipv6FlowLabel, Ipv6Header, TcpHeader,
    UdpHeader,
};
use kpt::packet::{Interface, Packet, Protocol, Value, tcp_flags};
use kpt::save::Family;

use super::Draw;

/// A packet.
#[derive(Debug, Clone)]
pub(crate) struct Shot {
    /// The interface that it arrives by; none if the host makes it.
    pub(crate) input: Option<&'static str>,
    pub(crate) src: IpAddr,
    pub(crate) dst: IpAddr,
    pub(crate) protocol: u8,
    pub(crate) sport: u16,
    pub(crate) dport: u16,
    pub(crate) flags: u8,
    pub(crate) icmp: (u8, u8),
    pub(crate) ttl: u8,
    pub(crate) tos: u8,
    pub(crate) payload: usize,
    pub(crate) mac: [u8; 6],
    /// TCP's numbers of what is sent and what has come.
    pub(crate) numbers: (u32, u32),
    /// Tells it from whatever else the host sends: IPv4 identification, IPv6 flow label.
    pub(crate) id: u16,
}

const SYN: u8 = tcp_flags::SYN;
const FLAGS: [u8; 12] = [
    SYN,
    SYN,
    SYN,
    SYN,
    tcp_flags::ACK,
    tcp_flags::ACK | tcp_flags::PSH,
    SYN | tcp_flags::ACK,
    tcp_flags::RST,
    tcp_flags::FIN | tcp_flags::ACK,
    SYN | tcp_flags::FIN,
    SYN | tcp_flags::URG,
    0,
];
const V4_TYPES: [(u8, u8); 10] = [(8, 0), (8, 0), (8, 1), (0, 0), (3, 1), (5, 0), (11, 0), (13, 0), (17, 0), (42, 0)];
const V6_TYPES: [(u8, u8); 13] = [
    (128, 0),
    (128, 0),
    (129, 0),
    (1, 4),
    (3, 0),
    (130, 0),
    (133, 0),
    (135, 0),
    (137, 0),
    (139, 0),
    (140, 0),
    (143, 0),
    (144, 0),
];
/// The Ethernet address of every interface of the host.
const HOST: [u8; 6] = [2, 0, 0, 0, 0, 1];

impl Shot {
    /// A packet like those that rules of this family ask for.
    pub(crate) fn draw(draw: &mut Draw, v6: bool, id: u16) -> Self {
        let local = draw.percent(30);
        let (input, src) = if local { draw.own(v6) } else { draw.other(v6) };
        let dst = loop {
            let dst = draw.address(v6);
            if dst != src || local {
                break dst;
            }
        };
        let icmp = if v6 { 58 } else { 1 };
        let kinds: &[(u8, u8)] = if v6 { &V6_TYPES } else { &V4_TYPES };
        Self {
            input: (!local).then_some(input),
            src,
            dst,
            protocol: draw.of(&[6, 6, 6, 17, 17, 17, icmp, 47, 99]),
            sport: draw.port(),
            dport: draw.port(),
            flags: draw.of(&FLAGS),
            icmp: draw.of(kinds),
            ttl: draw.of(&[2, 63, 64, 65, 128, 255]),
            tos: draw.of(&[0, 0, 0x10, 0x08, 0xb8, 0x28]),
            payload: draw.of(&[0, 1, 32, 100]),
            mac: draw.of(&[[2, 0, 0, 0, 0, 2], [2, 0, 0, 0, 0, 3]]),
            numbers: (1, 0),
            id,
        }
    }

    pub(crate) const fn is_v6(&self) -> bool {
        self.dst.is_ipv6()
    }

    pub(crate) const fn has_ports(&self) -> bool {
        matches!(self.protocol, 6 | 17)
    }

    /// The IP packet.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let payload = vec![0x6b; self.payload];
        let transport = self.transport(&payload);
        let mut bytes = Vec::new();
        match (self.src, self.dst) {
            (IpAddr::V4(src), IpAddr::V4(dst)) => {
                let length = u16::try_from(transport.len()).expect("a small packet");
                let (src, dst) = (src.octets(), dst.octets());
                let mut header = Ipv4Header::new(length, self.ttl, IpNumber(self.protocol), src, dst).expect("it fits");
                header.dscp = (self.tos >> 2).try_into().expect("six bits");
                header.ecn = (self.tos & 3).try_into().expect("two bits");
                header.identification = self.id;
                header.header_checksum = header.calc_header_checksum();
                header.write(&mut bytes).expect("memory");
            }
            (IpAddr::V6(src), IpAddr::V6(dst)) => {
                let header = Ipv6Header {
                    traffic_class: self.tos,
                    flow_label: Ipv6FlowLabel::try_new(u32::from(self.id)).expect("twenty bits"),
                    payload_length: u16::try_from(transport.len()).expect("a small packet"),
                    next_header: IpNumber(self.protocol),
                    hop_limit: self.ttl,
                    source: src.octets(),
                    destination: dst.octets(),
                };
                header.write(&mut bytes).expect("memory");
            }
            _ => unreachable!("a packet has one family"),
        }
        bytes.extend(transport);
        bytes
    }

    fn transport(&self, payload: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        match self.protocol {
            6 => self.tcp(payload).write(&mut bytes).expect("memory"),
            17 => self.udp(payload).write(&mut bytes).expect("memory"),
            1 => {
                let [a, b, c, d] = [0, 7, 0, 1];
                let kind = Icmpv4Type::Unknown { type_u8: self.icmp.0, code_u8: self.icmp.1, bytes5to8: [a, b, c, d] };
                bytes.extend(Icmpv4Header::with_checksum(kind, payload).to_bytes());
            }
            58 => {
                let kind = Icmpv6Type::Unknown { type_u8: self.icmp.0, code_u8: self.icmp.1, bytes5to8: [0, 7, 0, 1] };
                let (IpAddr::V6(src), IpAddr::V6(dst)) = (self.src, self.dst) else { unreachable!("ICMPv6 is IPv6's") };
                let header = Icmpv6Header::with_checksum(kind, src.octets(), dst.octets(), payload).expect("it fits");
                bytes.extend(header.to_bytes());
            }
            // GRE with a key.
            47 => bytes.extend([0x20, 0, 8, 0, 0, 0, 0, 1]),
            _ => {}
        }
        bytes.extend(payload);
        bytes
    }

    fn tcp(&self, payload: &[u8]) -> TcpHeader {
        let mut tcp = TcpHeader::new(self.sport, self.dport, self.numbers.0, 64_240);
        tcp.acknowledgment_number = self.numbers.1;
        tcp.fin = self.flags & tcp_flags::FIN != 0;
        tcp.syn = self.flags & tcp_flags::SYN != 0;
        tcp.rst = self.flags & tcp_flags::RST != 0;
        tcp.psh = self.flags & tcp_flags::PSH != 0;
        tcp.ack = self.flags & tcp_flags::ACK != 0;
        tcp.urg = self.flags & tcp_flags::URG != 0;
        tcp.checksum = match (self.src, self.dst) {
            (IpAddr::V4(src), IpAddr::V4(dst)) => tcp.calc_checksum_ipv4_raw(src.octets(), dst.octets(), payload),
            (IpAddr::V6(src), IpAddr::V6(dst)) => tcp.calc_checksum_ipv6_raw(src.octets(), dst.octets(), payload),
            _ => unreachable!("a packet has one family"),
        }
        .expect("it fits");
        tcp
    }

    fn udp(&self, payload: &[u8]) -> UdpHeader {
        let length = u16::try_from(8 + payload.len()).expect("a small packet");
        let mut udp = UdpHeader { source_port: self.sport, destination_port: self.dport, length, checksum: 0 };
        udp.checksum = match (self.src, self.dst) {
            (IpAddr::V4(src), IpAddr::V4(dst)) => udp.calc_checksum_ipv4_raw(src.octets(), dst.octets(), payload),
            (IpAddr::V6(src), IpAddr::V6(dst)) => udp.calc_checksum_ipv6_raw(src.octets(), dst.octets(), payload),
            _ => unreachable!("a packet has one family"),
        }
        .expect("it fits");
        udp
    }

    /// Can it be answered, so that its connection is established?
    pub(crate) const fn has_answer(&self) -> bool {
        match self.protocol {
            6 => self.flags == SYN,
            1 => self.icmp.0 == 8,
            58 => self.icmp.0 == 128,
            17 | 99 => true,
            _ => false,
        }
    }

    /// The answer to this packet from where it came out as `packet`.
    pub(crate) fn answer(&self, packet: &Packet, input: Option<&'static str>, id: u16) -> Option<Self> {
        let port = |port: &Value<u16>| port.known().copied().unwrap_or(0);
        let icmp = (if self.protocol == 58 { 129 } else { 0 }, self.icmp.1);
        let numbers = (1000, 2 + u32::try_from(self.payload).expect("a small packet"));
        Some(Self {
            input,
            src: *packet.dst.known()?,
            dst: *packet.src.known()?,
            sport: port(&packet.dport),
            dport: port(&packet.sport),
            flags: SYN | tcp_flags::ACK,
            icmp,
            ttl: 64,
            tos: 0,
            payload: 0,
            numbers,
            id,
            ..self.clone()
        })
    }

    /// The packet after the answer.
    pub(crate) fn next(&self, answer: &Self, id: u16) -> Self {
        Self { flags: tcp_flags::ACK, numbers: (answer.numbers.1, 1001), payload: 0, id, ..self.clone() }
    }

    /// The Ethernet frame.
    pub(crate) fn frame(&self) -> Vec<u8> {
        let kind: [u8; 2] = if self.is_v6() { [0x86, 0xdd] } else { [0x08, 0x00] };
        [&HOST[..], &self.mac, &kind, &self.bytes()].concat()
    }

    /// Are these the headers of this packet, wherever it is on its way?
    pub(crate) fn is(&self, ip: &[u8]) -> bool {
        let [high, low] = self.id.to_be_bytes();
        if self.is_v6() {
            ip.len() >= 40
                && ip[0] >> 4 == 6
                && ip[6] == self.protocol
                && ip[1] << 4 == 0
                && ip[2] == high
                && ip[3] == low
        } else {
            ip.len() >= 20 && ip[0] >> 4 == 4 && ip[9] == self.protocol && ip[4] == high && ip[5] == low
        }
    }

    /// As kpt takes it: nothing is unknown that has a value.
    pub(crate) fn packet(&self) -> Packet {
        let family = if self.is_v6() { Family::V6 } else { Family::V4 };
        let mut packet = Packet::unknown(family, self.input.is_none());
        packet.src = Value::Known(self.src);
        packet.dst = Value::Known(self.dst);
        packet.protocol = Value::Known(Protocol(self.protocol));
        if self.has_ports() {
            packet.sport = Value::Known(self.sport);
            packet.dport = Value::Known(self.dport);
        }
        packet.tcp_flags = self.flags;
        packet.icmp_type = Value::Known(self.icmp.0);
        packet.icmp_code = Value::Known(self.icmp.1);
        packet.ttl = Value::Known(self.ttl);
        packet.tos = Value::Known(self.tos);
        packet.length = Value::Known(u16::try_from(self.bytes().len()).expect("a small packet"));
        if let Some(input) = self.input {
            packet.input = Value::Known(Interface::named(input));
            packet.mac = Some(self.mac);
        }
        packet.uid = Value::Known(0);
        packet.gid = Value::Known(0);
        packet
    }
}
