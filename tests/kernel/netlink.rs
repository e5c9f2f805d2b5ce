//! Messages to and from the kernel's packet filter (`NETLINK_NETFILTER`), as little as the suite needs.

use std::os::fd::{AsRawFd, OwnedFd};

use nix::errno::Errno;
use nix::sys::socket::{
    AddressFamily, MsgFlags, NetlinkAddr, SockFlag, SockProtocol, SockType, bind, recv, send, setsockopt, socket,
    sockopt,
};

/// A socket to the packet filter of this namespace.
pub(crate) struct Netlink(OwnedFd);

/// A message: what it is and what it says.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) kind: u16,
    pub(crate) says: Attributes,
}

/// Types and their values. Numbers are big endian.
#[derive(Debug, Default)]
pub(crate) struct Attributes(Vec<(u16, Vec<u8>)>);

const REQUEST: u16 = 0x1;
const ACK: u16 = 0x4;
/// Every object of a kind.
pub(crate) const DUMP: u16 = 0x300;
const NLMSG_ERROR: u16 = 2;
const NLMSG_DONE: u16 = 3;
/// The bit that tells that an attribute holds others.
pub(crate) const NESTED: u16 = 0x8000;

impl Netlink {
    /// Opens a socket that hears these groups, a bit each.
    pub(crate) fn open(groups: u32) -> Result<Self, String> {
        let error = |errno: Errno| format!("netlink: {errno}");
        let protocol = SockProtocol::NetlinkNetFilter;
        let fd = socket(AddressFamily::Netlink, SockType::Raw, SockFlag::SOCK_CLOEXEC, protocol).map_err(error)?;
        setsockopt(&fd, sockopt::RcvBufForce, &(16 << 20)).map_err(error)?;
        bind(fd.as_raw_fd(), &NetlinkAddr::new(0, groups)).map_err(error)?;
        Ok(Self(fd))
    }

    /// Asks for something and returns the answers, or the error that the kernel gave.
    pub(crate) fn ask(&self, kind: u16, flags: u16, head: [u8; 4], says: &[u8]) -> Result<Vec<Message>, Errno> {
        let length = u32::try_from(20 + says.len()).expect("a short message");
        let mut bytes = length.to_ne_bytes().to_vec();
        bytes.extend(kind.to_ne_bytes());
        bytes.extend((REQUEST | flags | if flags & DUMP == 0 { ACK } else { 0 }).to_ne_bytes());
        bytes.extend([0; 8]);
        bytes.extend(head);
        bytes.extend(says);
        send(self.0.as_raw_fd(), &bytes, MsgFlags::empty())?;
        let mut answers = Vec::new();
        loop {
            for message in self.receive(MsgFlags::empty())? {
                match message {
                    Heard::Message(message) => answers.push(message),
                    Heard::Done => return Ok(answers),
                    Heard::Error(0) if flags & DUMP == 0 => return Ok(answers),
                    Heard::Error(errno) => return Err(Errno::from_raw(-errno)),
                }
            }
        }
    }

    /// What was heard since this was asked last.
    pub(crate) fn heard(&self) -> Result<Vec<Message>, String> {
        let mut all = Vec::new();
        loop {
            match self.receive(MsgFlags::MSG_DONTWAIT) {
                Ok(heard) => all.extend(heard.into_iter().filter_map(|heard| match heard {
                    Heard::Message(message) => Some(message),
                    Heard::Done | Heard::Error(_) => None,
                })),
                Err(Errno::EAGAIN) => return Ok(all),
                Err(errno) => return Err(format!("netlink: {errno}")),
            }
        }
    }

    fn receive(&self, flags: MsgFlags) -> Result<Vec<Heard>, Errno> {
        let mut buffer = vec![0; 1 << 16];
        let length = recv(self.0.as_raw_fd(), &mut buffer, flags)?;
        let mut rest = &buffer[..length];
        let mut heard = Vec::new();
        while rest.len() >= 16 {
            let length = u32::from_ne_bytes([rest[0], rest[1], rest[2], rest[3]]) as usize;
            let kind = u16::from_ne_bytes([rest[4], rest[5]]);
            let body = &rest[16..length];
            heard.push(match kind {
                NLMSG_ERROR => Heard::Error(i32::from_ne_bytes([body[0], body[1], body[2], body[3]])),
                NLMSG_DONE => Heard::Done,
                _ => Heard::Message(Message { kind, says: Attributes::read(&body[4..]) }),
            });
            rest = &rest[length.next_multiple_of(4).min(rest.len())..];
        }
        Ok(heard)
    }
}

enum Heard {
    Message(Message),
    Error(i32),
    Done,
}

impl Attributes {
    /// Reads attributes one after the other.
    pub(crate) fn read(mut bytes: &[u8]) -> Self {
        let mut list = Vec::new();
        while bytes.len() >= 4 {
            let length = usize::from(u16::from_ne_bytes([bytes[0], bytes[1]]));
            let kind = u16::from_ne_bytes([bytes[2], bytes[3]]) & !NESTED;
            list.push((kind, bytes[4..length].to_vec()));
            bytes = &bytes[length.next_multiple_of(4).min(bytes.len())..];
        }
        Self(list)
    }

    /// The value of a type.
    pub(crate) fn get(&self, kind: u16) -> Option<&[u8]> {
        self.0.iter().find(|(is, _)| *is == kind).map(|(_, value)| value.as_slice())
    }

    /// A number of up to eight bytes.
    pub(crate) fn number(&self, kind: u16) -> Option<u64> {
        Some(self.get(kind)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// A text that ends in a zero byte.
    pub(crate) fn text(&self, kind: u16) -> Option<String> {
        Some(String::from_utf8_lossy(self.get(kind)?).trim_end_matches('\0').to_owned())
    }
}

/// An attribute, written.
pub(crate) fn attribute(kind: u16, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(4 + value.len()).expect("a short value");
    let mut bytes = [length.to_ne_bytes(), kind.to_ne_bytes()].concat();
    bytes.extend(value);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}
