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
    Ct = ct::Ct<'t>,
    Dnat = dnat::Dnat,
    Dnpt = dnpt::Dnpt,
    Drop = drop::Drop,
    Dscp = dscp::Dscp,
    Ecn = ecn::Ecn,
    HopLimit = hl::HopLimit,
    Hmark = hmark::Hmark,
    IdleTimer = idletimer::IdleTimer<'t>,
    Led = led::Led<'t>,
    Log = log::Log<'t>,
    Mark = mark::Mark,
    Masquerade = masquerade::Masquerade,
    NetMap = netmap::NetMap,
    NfLog = nflog::NfLog<'t>,
    NfQueue = nfqueue::NfQueue,
    NoTrack = notrack::NoTrack,
    Queue = queue::Queue,
    RateEst = rateest::RateEst<'t>,
    Redirect = redirect::Redirect,
    Reject = reject::Reject,
    Return = r#return::Return,
    SecMark = secmark::SecMark<'t>,
    Set = set::Set<'t>,
    Snat = snat::Snat,
    Snpt = snpt::Snpt,
    SynProxy = synproxy::SynProxy,
    TcpMss = tcpmss::TcpMss,
    TcpOptStrip = tcpoptstrip::TcpOptStrip,
    Tee = tee::Tee<'t>,
    SetTos = tos::SetTos,
    Tproxy = tproxy::Tproxy,
    Trace = trace::Trace,
    Ttl = ttl::Ttl,
    Ulog = ulog::Ulog<'t>,
}
