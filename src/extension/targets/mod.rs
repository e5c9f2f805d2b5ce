//! The targets: what stands behind `-j`, unless it is a chain.

use crate::diagnostic::Diagnostic;

use super::table::extensions;
use super::{Acts, Args, Extension, Listed, Opt, Unread};

extensions! {
    /// A target of a rule that is not a chain.
    Target, TargetSpec, Acts, "-j":
Accept = accept::Accept,
    Audit = audit::Audit,
    Checksum = checksum::Checksum,
    Classify = classify::Classify,
    ClusterIp = clusterip::ClusterIp,
    ConnMark = connmark::ConnMark,
    ConnSecMark = connsecmark::ConnSecMark,
    Ct = ct::Ct<'t> in Box,
    Dnat = dnat::Dnat,
    Dnpt = dnpt::Dnpt,
    Drop = drop::Drop,
    Dscp = dscp::Dscp,
    Ecn = ecn::Ecn,
    HopLimit = hl::HopLimit,
    Hmark = hmark::Hmark in Box,
    IdleTimer = idletimer::IdleTimer<'t>,
    Led = led::Led<'t> in Box,
    Log = log::Log<'t> in Box,
    Mark = mark::Mark,
    Masquerade = masquerade::Masquerade,
    NetMap = netmap::NetMap in Box,
    NfLog = nflog::NfLog<'t> in Box,
    NfQueue = nfqueue::NfQueue,
    NoTrack = notrack::NoTrack,
    Queue = queue::Queue,
    RateEst = rateest::RateEst<'t>,
    Redirect = redirect::Redirect,
    Reject = reject::Reject,
    Return = r#return::Return,
    SecMark = secmark::SecMark<'t>,
    Set = set::Set<'t> in Box,
    Snat = snat::Snat,
    Snpt = snpt::Snpt,
    SynProxy = synproxy::SynProxy,
    TcpMss = tcpmss::TcpMss,
    TcpOptStrip = tcpoptstrip::TcpOptStrip,
    Tee = tee::Tee<'t> in Box,
    SetTos = tos::SetTos,
    Tproxy = tproxy::Tproxy,
    Trace = trace::Trace,
    Ttl = ttl::Ttl,
    Ulog = ulog::Ulog<'t>,
}
