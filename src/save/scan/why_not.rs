//! Why there is no dump in a text.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// Why there is no dump in `text`.
pub(super) fn nothing_read(text: &str, other_tool: Option<Span>) -> Diagnostic {
    let start = text.trim_start();
    let is_nft = |line: &str| line.starts_with("table ") && line.trim_ascii_end().ends_with('{');
    let nft = start.starts_with("{\"nftables\"") || text.lines().any(is_nft);
    match other_tool {
        _ if start.is_empty() => Diagnostic::new(Code::Empty, "there is nothing in the input")
            .help("pipe a dump into it (`iptables-save | kpt ...`) or name a file with `-f FILE`"),
        _ if nft => Diagnostic::new(Code::OtherTool, "these are rules of nft, which iptables does not print so")
            .help("if iptables wrote them, `iptables-nft-save` prints them as kpt reads them; if nft itself did, kpt cannot answer"),
        Some(header) => Diagnostic::new(Code::OtherTool, "these are not the rules of iptables")
            .at(header, "made by this")
            .help("kpt reads the output of `iptables-save` and `ip6tables-save`"),
        None => Diagnostic::new(Code::NoRules, "no line of the input is one that iptables prints")
            .help("kpt reads the output of `iptables-save`, `iptables -S` and `iptables -L -n -v`"),
    }
}
