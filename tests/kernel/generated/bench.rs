//! A host in a namespace of its own: interfaces, routes, loaded rules, one packet at a time, and all that it did with it.

use std::cell::Cell;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{SystemTime, UNIX_EPOCH};

use kpt::packet::Host;
use nix::errno::Errno;
use socket2::{Domain, Protocol, SockAddr, Socket, Type};

use crate::draw::shot::Shot;
use crate::draw::{INTERFACES, host};
use crate::namespace::{run, sysctl};
use crate::netlink::{NESTED, Netlink, attribute};
use crate::watch::{Rules, Told, Watch};
use crate::wire::Wire;

/// The host.
pub(crate) struct Bench {
    tool: String,
    v6: bool,
    host: Host,
    wire: Wire,
    watch: Watch,
    netlink: Netlink,
    inbox: Vec<Socket>,
    ids: Cell<u16>,
}

/// Rules in the kernel.
pub(crate) struct Loaded {
    rules: Rules,
    /// What `iptables-save` prints of them.
    pub(crate) save: String,
}

/// What became of a packet.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) told: Told,
    /// It left by this interface, as these bytes.
    pub(crate) sent: Option<(String, Vec<u8>)>,
    /// A program on the host got it, as these bytes; of IPv6 only the source is known.
    pub(crate) delivered: Option<(IpAddr, Vec<u8>)>,
}

impl Bench {
    /// A host without rules.
    pub(crate) fn new(backend: &str, v6: bool) -> Result<Self, String> {
        let address = |(name, v4, six): (&'static str, &'static str, &'static str)| (name, if v6 { six } else { v4 });
        let wire = Wire::new(INTERFACES.into_iter().map(address), Some("eth0"))?;
        // An answer of the host's own would belong to the packet's connection.
        sysctl(if v6 { "ipv6/icmp/echo_ignore_all" } else { "ipv4/icmp_echo_ignore_all" }, "1")?;
        let tool = format!("ip{}tables-{backend}", if v6 { "6" } else { "" });
        let (netlink, inbox) = (Netlink::open(0)?, inbox(v6)?);
        Ok(Self { tool, v6, host: host(v6), wire, watch: Watch::new(backend, v6)?, netlink, inbox, ids: Cell::new(0) })
    }

    /// What kpt is told of it, now.
    pub(crate) fn host(&self) -> Host {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
        let mut host = self.host.clone();
        host.set_moment(now.try_into().expect("before the year 292277026596"));
        host
    }

    /// What tells the next packet from others.
    pub(crate) fn next_id(&self) -> u16 {
        self.ids.set(self.ids.get() % u16::MAX + 1);
        self.ids.get()
    }

    /// Loads rules in place of those before; `Err` is what iptables says.
    pub(crate) fn load(&self, rules: &str) -> Result<Loaded, String> {
        run(&format!("{}-restore", self.tool), rules)?;
        let save = run(&format!("{}-save", self.tool), "")?;
        Ok(Loaded { rules: self.watch.rules(&save)?, save })
    }

    /// Sends one packet.
    pub(crate) fn send(&self, loaded: &Loaded, shot: &Shot) -> Result<Seen, String> {
        self.clear();
        match shot.input {
            Some(interface) => self.wire.write(interface, &shot.frame())?,
            None => make(shot)?,
        }
        let told = self.watch.told(&loaded.rules, |headers| shot.is(headers))?;
        let frames = self.wire.frames().into_iter().map(|(interface, frame)| (interface, frame[14..].to_vec()));
        Ok(Seen { told, sent: frames.into_iter().find(|(_, ip)| shot.is(ip)), delivered: self.delivered(shot) })
    }

    /// Takes what was sent before out of the way.
    fn clear(&self) {
        self.wire.frames();
        for list in ["one", "two"] {
            let _ = std::fs::write(format!("/proc/thread-self/net/xt_recent/{list}"), "/");
        }
        let mut buffer = [std::mem::MaybeUninit::uninit(); 2048];
        for socket in &self.inbox {
            while socket.recv_from(&mut buffer).is_ok() {}
        }
    }

    fn delivered(&self, shot: &Shot) -> Option<(IpAddr, Vec<u8>)> {
        use std::io::Read;
        for socket in &self.inbox {
            let mut bytes = [0; 2048];
            let mut reader: &Socket = socket;
            while let Ok(length) = reader.read(&mut bytes) {
                let ip = &bytes[..length];
                if !self.v6 && shot.is(ip) {
                    let source = Ipv4Addr::new(ip[12], ip[13], ip[14], ip[15]);
                    return Some((IpAddr::V4(source), ip.to_vec()));
                }
            }
        }
        None
    }

    /// Removes the packet's connection, so that the next one finds none.
    pub(crate) fn forget(&self, shot: &Shot) -> Result<(), String> {
        const DELETE: u16 = 0x102;
        let family = if self.v6 { 10 } else { 2 };
        let says = if shot.has_ports() { tuple(shot) } else { Vec::new() };
        match self.netlink.ask(DELETE, 0, [family, 0, 0, 0], &says) {
            Ok(_) | Err(Errno::ENOENT) => Ok(()),
            Err(errno) => Err(format!("conntrack: {errno}")),
        }
    }
}

/// The original direction of a packet's connection.
fn tuple(shot: &Shot) -> Vec<u8> {
    let addresses = match (shot.src, shot.dst) {
        (IpAddr::V4(src), IpAddr::V4(dst)) => [attribute(1, &src.octets()), attribute(2, &dst.octets())],
        (IpAddr::V6(src), IpAddr::V6(dst)) => [attribute(3, &src.octets()), attribute(4, &dst.octets())],
        _ => unreachable!("a packet has one family"),
    };
    let ports = [attribute(2, &shot.sport.to_be_bytes()), attribute(3, &shot.dport.to_be_bytes())];
    let protocol = [attribute(1, &[shot.protocol]), ports.concat()].concat();
    attribute(1 | NESTED, &[attribute(1 | NESTED, &addresses.concat()), attribute(2 | NESTED, &protocol)].concat())
}

/// Sockets that get a copy of whatever is delivered.
fn inbox(v6: bool) -> Result<Vec<Socket>, String> {
    let (domain, icmp) = if v6 { (Domain::IPV6, 58) } else { (Domain::IPV4, 1) };
    let open = |protocol: i32| {
        let socket = Socket::new(domain, Type::RAW, Some(Protocol::from(protocol)))?;
        socket.set_nonblocking(true)?;
        Ok(socket)
    };
    [6, 17, 47, 99, icmp]
        .into_iter()
        .map(open)
        .collect::<Result<_, std::io::Error>>()
        .map_err(|error| error.to_string())
}

/// The host itself makes a packet.
fn make(shot: &Shot) -> Result<(), String> {
    let domain = if shot.is_v6() { Domain::IPV6 } else { Domain::IPV4 };
    // Protocol 255 means that the packet brings its own IP header.
    let socket = Socket::new(domain, Type::RAW, Some(Protocol::from(255))).map_err(|error| error.to_string())?;
    match socket.send_to(&shot.bytes(), &SockAddr::from(SocketAddr::new(shot.dst, 0))) {
        // A rule of OUTPUT dropped it, and the sender is told.
        Err(error) if matches!(error.raw_os_error(), Some(1)) => Ok(()),
        result => result.map(drop).map_err(|error| format!("sending: {error}")),
    }
}
