//! A packet on its way, with its share of all packets and the steps behind it.

use crate::extension::Verdict;
use crate::logic::Share;
use crate::packet::Packet;

use super::place::Place;
use super::trail::TrailId;

/// A packet at a place.
#[derive(Debug, Clone)]
pub(super) struct Traveller {
    pub(super) place: Place,
    pub(super) packet: Packet,
    pub(super) share: Share,
    pub(super) trail: Option<TrailId>,
    pub(super) goes: Option<Goes>,
    /// The steps of the first packet of its connection, which went ahead.
    pub(super) first: Option<TrailId>,
}

impl Traveller {
    /// The packet has come to its end.
    pub(super) fn end(self, verdict: Verdict) -> End {
        let Self { packet, share, trail, goes, first, .. } = self;
        End { verdict, packet, share, trail, goes, first }
    }
}

/// Which way the routing decision sent a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Goes {
    /// To a program on this host.
    Local,
    /// Through this host.
    Forward,
    /// From this host to another.
    Output,
}

/// The end of a packet's way.
#[derive(Debug, Clone)]
pub struct End {
    /// How it ended.
    pub verdict: Verdict,
    /// The packet as it was then.
    pub packet: Packet,
    /// Its part of all packets of this world.
    pub share: Share,
    /// The steps that led there.
    pub trail: Option<TrailId>,
    /// Where it was sent; `None` if it never came to a routing decision.
    pub goes: Option<Goes>,
    /// The steps of the first packet of its connection, if that went ahead; nat followed them.
    pub first: Option<TrailId>,
}
