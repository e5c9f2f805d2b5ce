//! Files that tell of the host: what `ip -j addr`, `ip -j route` and `ipset save` print.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::diagnostic::{Code, Diagnostic, Located};
use crate::ipset::Sets;
use crate::packet::{Address, Interface, Route};
use crate::source::{Source, Span};

use super::error::Error;
use super::terminal::Terminal;

/// An interface of `ip -j addr`.
#[derive(Deserialize)]
struct Link {
    ifname: String,
    #[serde(default)]
    addr_info: Vec<LinkAddress>,
}

#[derive(Deserialize)]
struct LinkAddress {
    local: Option<IpAddr>,
    prefixlen: Option<u8>,
}

/// A route of `ip -j route`.
#[derive(Deserialize)]
struct RouteLine {
    dst: String,
    dev: Option<String>,
    gateway: Option<IpAddr>,
}

/// The addresses that `ip -j addr` lists.
pub(super) fn addresses(path: &Path) -> Result<Vec<Address>, Error> {
    let links: Vec<Link> = read(path, "ip -j addr")?;
    let of = |link: Link| {
        let interface = Interface::named(&link.ifname);
        link.addr_info.into_iter().filter_map(move |info| {
            let net = IpNet::new(info.local?, info.prefixlen?).ok()?;
            Some(Address { net, interface: Some(interface.clone()) })
        })
    };
    Ok(links.into_iter().flat_map(of).collect())
}

/// The routes that `ip -j route` lists. A route without a device, such as a blackhole, leads nowhere.
pub(super) fn routes(path: &Path) -> Result<Vec<Route>, Error> {
    let lines: Vec<RouteLine> = read(path, "ip -j route")?;
    // `ip -6 -j route` calls its default route by the same name.
    let v6 = lines.iter().any(|line| line.dst.contains(':'));
    let default = if v6 { IpNet::from(Ipv6Net::default()) } else { IpNet::from(Ipv4Net::default()) };
    let route = |line: RouteLine| {
        let to = match line.dst.as_str() {
            "default" => default,
            dst => dst.parse().ok().or_else(|| dst.parse::<IpAddr>().ok().map(IpNet::from))?,
        };
        Some(Route { to, interface: Interface::named(&line.dev?), via: line.gateway })
    };
    Ok(lines.into_iter().filter_map(route).collect())
}

/// The sets that `ipset save` prints. A file with words in which no set is created is none of its.
pub(super) fn sets(paths: &[PathBuf], terminal: &Terminal) -> Result<Sets, Error> {
    let mut sets = Sets::default();
    for path in paths {
        let source = open(path, "ipset save")?;
        let problems = sets.read(&source);
        if let (true, Some(first)) = (sets.is_empty(), problems.first()) {
            let span = first.span().unwrap_or_default();
            let problem = Diagnostic::new(Code::BadFacts, "this is not what `ipset save` prints")
                .at(span, "no set is created before this")
                .help("make it with `ipset save`, without -o");
            return Err(Error::Input(Box::new(source), problem));
        }
        let problems: Vec<_> = problems.iter().map(|problem| Located::new(problem, &source)).collect();
        terminal.problems(&problems);
    }
    Ok(sets)
}

fn open(path: &Path, command: &str) -> Result<Source, Error> {
    Source::open(path).map_err(|error| {
        Error::input(format!("`{}` cannot be read: {error}", path.display()), format!("make it with `{command}`"))
    })
}

fn read<T: DeserializeOwned>(path: &Path, command: &str) -> Result<T, Error> {
    let source = open(path, command)?;
    serde_json::from_str(source.text()).map_err(|error| {
        let before: usize =
            source.text().split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let at = (before + error.column()).clamp(1, source.text().len().max(1)) - 1;
        let span = Span::new(at, usize::from(!source.text().is_empty()));
        let problem = Diagnostic::new(Code::BadFacts, format!("this is not what `{command}` prints"))
            .at(span, error.to_string())
            .help(format!("make it with `{command}`, with the -j"));
        Error::Input(Box::new(source), problem)
    })
}
