//! What is known of the host beside its rules: the file of facts.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::Deserialize;
use serde::de::{Deserializer, Error};

use crate::packet::{Net, Protocol};

/// What `--facts FILE` tells, in TOML or JSON. What is left out is not known; an empty list says that there are none.
///
/// ```
/// let facts: kpt::lint::Facts = "pod-cidrs = ['10.244.0.0/16']\n[sysctls]\n'net.ipv4.ip_forward' = 1\n".parse().unwrap();
/// assert!(facts.is_pod("10.244.1.5".parse().unwrap()).unwrap());
/// assert_eq!(facts.sysctl("net.ipv4.ip_forward"), Some("1"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Facts {
    /// The ranges that pods have their addresses from, of the whole cluster.
    #[serde(deserialize_with = "nets")]
    pub pod_cidrs: Option<Vec<Net>>,
    /// The ranges that Services have their addresses from.
    #[serde(deserialize_with = "nets")]
    pub service_cidrs: Option<Vec<Net>>,
    /// The addresses of this node.
    pub node_addresses: Option<Vec<IpAddr>>,
    /// The interfaces that lead out of the node, such as `eth0`.
    pub uplinks: Option<Vec<String>>,
    /// Settings of the kernel, as `sysctl` names them.
    pub sysctls: Option<BTreeMap<String, Sysctl>>,
    /// External addresses that Services may have.
    #[serde(deserialize_with = "nets")]
    pub external_ips: Option<Vec<Net>>,
    /// What processes of the host listen at.
    pub listening: Option<Vec<Listening>>,
}

/// The value of a setting: a number or words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sysctl(pub String);

/// A port that a process of the host listens at.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Listening {
    /// `tcp`, `udp`, `sctp`, …
    #[serde(deserialize_with = "protocol")]
    pub protocol: Protocol,
    /// Its address; every address of the host if left out.
    #[serde(default)]
    pub address: Option<IpAddr>,
    /// Its port.
    pub port: u16,
}

impl Facts {
    /// Is it the address of a pod? `None` if the ranges are not told.
    pub fn is_pod(&self, address: IpAddr) -> Option<bool> {
        Self::is_in(self.pod_cidrs.as_deref(), address)
    }

    /// Is it an address that Services have? `None` if the ranges are not told.
    pub fn is_service(&self, address: IpAddr) -> Option<bool> {
        Self::is_in(self.service_cidrs.as_deref(), address)
    }

    fn is_in(nets: Option<&[Net]>, address: IpAddr) -> Option<bool> {
        nets.map(|nets| nets.iter().any(|net| net.contains(address)))
    }

    /// A setting of the kernel, if it is told.
    pub fn sysctl(&self, name: &str) -> Option<&str> {
        self.sysctls.as_ref()?.get(name).map(|value| value.0.as_str())
    }
}

impl std::str::FromStr for Facts {
    type Err = String;

    /// Reads TOML, or JSON if it begins with a brace. The error says what is wrong and where.
    fn from_str(text: &str) -> Result<Self, String> {
        if text.trim_start().starts_with('{') {
            return serde_json::from_str(text).map_err(|error| error.to_string());
        }
        toml::from_str(text).map_err(|error| error.to_string())
    }
}

fn nets<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Net>>, D::Error> {
    let Some(words) = Option::<Vec<String>>::deserialize(deserializer)? else { return Ok(None) };
    let net = |word: &String| word.parse().map_err(|()| Error::custom(format!("`{word}` is not a network")));
    words.iter().map(net).collect::<Result<_, _>>().map(Some)
}

fn protocol<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Protocol, D::Error> {
    let word = String::deserialize(deserializer)?;
    word.parse().map_err(|()| Error::custom(format!("`{word}` is not a protocol")))
}

impl<'de> Deserialize<'de> for Sysctl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Number(i64),
            Words(String),
        }
        Ok(Self(match Either::deserialize(deserializer)? {
            Either::Number(number) => number.to_string(),
            Either::Words(words) => words,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn toml_and_json_say_the_same() {
        let toml = "pod-cidrs = ['10.244.0.0/16']\nuplinks = []\nlistening = [{protocol = 'tcp', port = 22}]\n";
        let json = r#"{"pod-cidrs": ["10.244.0.0/16"], "uplinks": [], "listening": [{"protocol": "tcp", "port": 22}]}"#;
        let facts: Facts = toml.parse().unwrap();
        assert_eq!(Ok(&facts), json.parse().as_ref());
        assert_eq!(facts.is_pod("10.245.0.1".parse().unwrap()), Some(false));
        assert_eq!(facts.is_service("10.96.0.1".parse().unwrap()), None);
        assert_eq!(facts.uplinks, Some(vec![]));
    }

    #[test]
    fn a_key_that_is_misspelt_is_an_error() {
        assert!("pod-cidr = ['10.0.0.0/8']".parse::<Facts>().unwrap_err().contains("pod-cidr"));
        assert!("pod-cidrs = ['10.0.0.0/99']".parse::<Facts>().unwrap_err().contains("not a network"));
    }
}
