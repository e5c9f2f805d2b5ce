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
    ConnMark = connmark::ConnMark,
    Ct = ct::Ct<'t>,
    Dnat = dnat::Dnat,
    Drop = drop::Drop,
    Log = log::Log<'t>,
    Mark = mark::Mark,
    Masquerade = masquerade::Masquerade,
    NetMap = netmap::NetMap,
    NfLog = nflog::NfLog<'t>,
    NfQueue = nfqueue::NfQueue<'t>,
    NoTrack = notrack::NoTrack,
    Queue = queue::Queue,
    Redirect = redirect::Redirect,
    Reject = reject::Reject,
    Return = r#return::Return,
    Set = set::Set<'t>,
    Snat = snat::Snat,
    TcpMss = tcpmss::TcpMss,
    Tproxy = tproxy::Tproxy<'t>,
    Trace = trace::Trace,
    Ulog = ulog::Ulog<'t>,
}
