//! What iproute2 tells of a host: the JSON of `ip -j addr` and of `ip -j route`.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Source, Span};

use super::host::{Address, Route};
use super::interface::Interface;

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
pub fn addresses(source: &Source) -> Result<Vec<Address>, Diagnostic> {
    let links: Vec<Link> = read(source, "ip -j addr")?;
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
pub fn routes(source: &Source) -> Result<Vec<Route>, Diagnostic> {
    let lines: Vec<RouteLine> = read(source, "ip -j route")?;
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

fn read<T: DeserializeOwned>(source: &Source, command: &str) -> Result<T, Diagnostic> {
    let text = source.text();
    serde_json::from_str(text).map_err(|error| {
        let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let at = text.floor_char_boundary((before + error.column()).clamp(1, text.len().max(1)) - 1);
        let len = text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        Diagnostic::new(Code::BadFacts, format!("this is not what `{command}` prints"))
            .at(Span::new(at, len), error.to_string())
            .help(format!("make it with `{command}`, with the -j"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::new("facts", text.as_bytes().to_vec())
    }

    fn routes_of(text: &str) -> Vec<(String, String, Option<String>)> {
        let routes = routes(&source(text)).unwrap().into_iter();
        routes
            .map(|route| (route.to.to_string(), route.interface.to_string(), route.via.map(|via| via.to_string())))
            .collect()
    }

    #[test]
    fn an_interface_has_the_addresses_that_are_listed_for_it() {
        let text = r#"[{"ifname": "eth0", "mtu": 1500, "addr_info": [
                {"family": "inet", "local": "192.168.0.11", "prefixlen": 24, "scope": "global"},
                {"family": "inet6", "local": "fe80::1", "prefixlen": 64}]},
            {"ifname": "sit0"}]"#;
        let found = addresses(&source(text)).unwrap();
        let found: Vec<_> = found.iter().map(|own| (own.net.to_string(), own.interface.clone().unwrap())).collect();
        let eth0 = Interface::named("eth0");
        assert_eq!(found, [("192.168.0.11/24".into(), eth0.clone()), ("fe80::1/64".into(), eth0)]);
    }

    #[test]
    fn an_address_that_cannot_be_one_is_none() {
        let text = r#"[{"ifname": "a", "addr_info": [{"local": "10.0.0.1", "prefixlen": 33}, {"prefixlen": 8}]}]"#;
        assert_eq!(addresses(&source(text)), Ok(Vec::new()));
    }

    #[test]
    fn a_route_leads_by_a_device() {
        let text = r#"[{"dst": "default", "gateway": "10.0.0.1", "dev": "eth0"}, {"dst": "10.1.2.3", "dev": "tun0"},
            {"dst": "10.0.0.0/24", "dev": "eth0", "prefsrc": "10.0.0.9"}, {"type": "blackhole", "dst": "10.9.0.0/16"}]"#;
        let plain = |to: &str, dev: &str| (to.to_owned(), dev.to_owned(), None);
        let default = ("0.0.0.0/0".to_owned(), "eth0".to_owned(), Some("10.0.0.1".to_owned()));
        assert_eq!(routes_of(text), [default, plain("10.1.2.3/32", "tun0"), plain("10.0.0.0/24", "eth0")]);
    }

    #[test]
    fn the_default_route_is_of_the_family_of_the_others() {
        let text = r#"[{"dst": "fd00::/64", "dev": "eth0"}, {"dst": "default", "dev": "eth0"}]"#;
        assert_eq!(routes_of(text).last().unwrap().0, "::/0");
    }

    #[test]
    fn what_is_no_json_is_told_where_it_stands() {
        for (text, at, len) in [("", 0, 0), ("default via 10.0.0.1", 0, 1), ("[\n {\"dst\": 7}]", 11, 1), ("[é", 1, 2)]
        {
            let problem = routes(&source(text)).unwrap_err();
            assert_eq!((problem.code(), problem.span()), (Code::BadFacts, Some(Span::new(at, len))), "{text}");
        }
    }
}
