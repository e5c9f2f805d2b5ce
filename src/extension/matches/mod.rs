//! The matches: what stands behind `-m`.

use crate::diagnostic::Diagnostic;

use super::table::extensions;
use super::{Args, Extension, Listed, Matches, Opt, Unread};

pub use recent::{Recent, What};

extensions! {
    /// A match of a rule.
    Match, MatchSpec, Matches, "-m":
    AddrType = addrtype::AddrType,
    Comment = comment::Comment<'t>,
    ConnLimit = connlimit::ConnLimit,
    ConnMark = connmark::ConnMark,
    Conntrack = conntrack::Conntrack,
    HashLimit = hashlimit::HashLimit<'t>,
    HopLimit = hl::HopLimit,
    Icmp = icmp::Icmp,
    Icmp6 = icmp6::Icmp6,
    IpRange = iprange::IpRange,
    Length = length::Length,
    Limit = limit::Limit,
    Mac = mac::Mac,
    Mark = mark::Mark,
    Multiport = multiport::Multiport,
    NfAcct = nfacct::NfAcct<'t>,
    Owner = owner::Owner,
    PhysDev = physdev::PhysDev,
    PktType = pkttype::PktType,
    Policy = policy::Policy<'t>,
    Recent = recent::Recent<'t>,
    RpFilter = rpfilter::RpFilter,
    Routing = rt::Routing<'t>,
    Sctp = sctp::Sctp<'t>,
    Set = set::Set<'t>,
    Socket = socket::Socket,
    State = state::State,
    Statistic = statistic::Statistic,
    String = string::String,
    Tcp = tcp::Tcp,
    TcpMss = tcpmss::TcpMss,
    Time = time::Time,
    Tos = tos::Tos,
    Ttl = ttl::Ttl,
    U32 = u32::U32,
    Udp = udp::Udp,
    Unlisted = unlisted::Unlisted,
}
