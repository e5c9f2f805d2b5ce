//! The name of a Service port.

use std::fmt;
use std::str::FromStr;

use crate::packet::Protocol;

use super::hash::suffix;

/// `namespace/name:port`; the port has no name in a Service with just one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceName {
    /// The namespace.
    pub namespace: String,
    /// The Service.
    pub name: String,
    /// The name of its port; empty if it has none.
    pub port: String,
}

impl ServiceName {
    /// Does a chain's hash say that it belongs to this Service port? Up to Kubernetes 1.19 an unnamed port was hashed
    /// with its colon (`ns/name:`), since then without.
    pub fn owns(&self, hash: &str, protocol: Protocol) -> bool {
        let with_colon = format!("{}/{}:{}", self.namespace, self.name, self.port);
        suffix(&with_colon, protocol, None) == hash || suffix(&self.to_string(), protocol, None) == hash
    }

    /// Is this the Service that a person means by `namespace/name`, or the port that they mean by
    /// `namespace/name:port`?
    pub fn is_meant_by(&self, asked: &Self) -> bool {
        let port = asked.port.is_empty() || asked.port == self.port;
        self.namespace == asked.namespace && self.name == asked.name && port
    }
}

impl FromStr for ServiceName {
    type Err = ();

    /// Reads `namespace/name`, `namespace/name:` and `namespace/name:port`, each part a name as Kubernetes allows it.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (namespace, rest) = text.split_once('/').ok_or(())?;
        let (name, port) = rest.split_once(':').unwrap_or((rest, ""));
        let label = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
        let valid = !namespace.is_empty() && !name.is_empty() && [namespace, name, port].into_iter().all(label);
        valid.then(|| Self { namespace: namespace.into(), name: name.into(), port: port.into() }).ok_or(())
    }
}

impl fmt::Display for ServiceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name)?;
        if self.port.is_empty() { Ok(()) } else { write!(f, ":{}", self.port) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_an_unnamed_port() {
        let name: ServiceName = "ns1/svc1:".parse().unwrap();
        assert_eq!(name, "ns1/svc1".parse().unwrap());
        assert!(name.owns("AHZNAGK3SCETOS2T", Protocol::TCP));
        assert!(name.owns("AQI2S6QIMU7PVVRP", Protocol::TCP));
        assert!(!name.owns("AQI2S6QIMU7PVVRP", Protocol::UDP));
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for text in ["kubernetes service portals", "a", "/b", "a/", "a/b c"] {
            assert_eq!(text.parse::<ServiceName>(), Err(()), "{text}");
        }
    }
}
