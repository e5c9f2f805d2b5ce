//! Scenarios as data: a ruleset, what is known of the host, and packets with what becomes of them.
//!
//! The walk and the kernel read the same rows; each ignores what is only for the other.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

/// A file of `testdata/scenarios`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    /// The dump, beside the scenario.
    pub(crate) rules: PathBuf,
    /// Interface to address with prefix length; `default` names the interface of the default route.
    pub(crate) host: BTreeMap<String, String>,
    #[serde(rename = "packet")]
    pub(crate) packets: Vec<Row>,
    #[serde(skip)]
    pub(crate) name: String,
}

/// A packet and what becomes of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    pub(crate) name: String,
    /// The arguments of `kpt trace`.
    pub(crate) trace: String,
    /// The backend whose rules are loaded last, and asked first, if the rules are of both; nft unless told otherwise.
    pub(crate) first: Option<String>,
    pub(crate) outcome: String,
    /// `namespace/name:port: via`
    pub(crate) service: Option<String>,
    /// The chains of the first path, in order.
    pub(crate) way: Vec<String>,
    /// Endpoint to its share, as a count of 2^31.
    #[serde(default)]
    pub(crate) endpoints: BTreeMap<String, u64>,
    /// Endpoints whose packets get another source.
    #[serde(default)]
    pub(crate) masquerade: Vec<String>,
    /// Why they do.
    pub(crate) why: Option<String>,
    /// Lists of `recent` that the client is taken out of before each packet.
    #[serde(default)]
    pub(crate) forget: Vec<String>,
    /// Lists of `recent` that the client is put into before each packet.
    #[serde(default)]
    pub(crate) remember: Vec<String>,
}

impl Scenario {
    /// Is it about IPv6?
    pub(crate) fn is_v6(&self) -> bool {
        self.addresses().any(|(_, address)| address.contains(':'))
    }

    /// The addresses of the host, by interface.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = (&str, &str)> {
        let interfaces = self.host.iter().filter(|(name, _)| *name != "default");
        interfaces.map(|(name, address)| (name.as_str(), address.as_str()))
    }
}

/// `testdata`, wherever the tests run.
pub(crate) fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")
}

/// Every scenario, by name.
pub(crate) fn all() -> Vec<Scenario> {
    let folder = testdata().join("scenarios");
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .expect("testdata/scenarios")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a scenario");
            let mut scenario: Scenario =
                toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            scenario.name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            scenario.rules = folder.join(&scenario.rules);
            scenario
        })
        .collect()
}

impl Row {
    /// The words of the command line.
    pub(crate) fn arguments(&self) -> impl Iterator<Item = &str> {
        self.trace.split_whitespace().filter(|word| *word != "\\")
    }

    /// Is the answer the one that the row foresees? `Err` tells the first difference.
    pub(crate) fn check(&self, answer: &Value) -> Result<(), String> {
        let world = &answer["worlds"][0];
        let paths = world["paths"].as_array().ok_or("no paths")?;
        same("outcome", answer["outcome"].as_str().unwrap_or_default(), &self.outcome)?;
        same("service", &service(&answer["service"]), &self.service)?;
        same("way", &way(&paths[0]), &self.way)?;
        same("endpoints", &shares(paths), &self.endpoints)?;
        let rewritten = paths.iter().filter(|path| !path["snat"].is_null());
        same("masquerade", &rewritten.map(endpoint).collect::<Vec<_>>(), &self.masquerade)?;
        let why = paths.iter().find_map(|path| path["snat"]["why"].as_str());
        same("why", &why.map(str::to_owned), &self.why)
    }
}

fn same<T: PartialEq<U> + std::fmt::Debug + ?Sized, U: std::fmt::Debug + ?Sized>(
    what: &str,
    is: &T,
    should: &U,
) -> Result<(), String> {
    if is == should { Ok(()) } else { Err(format!("{what} is {is:#?} and should be {should:#?}")) }
}

fn service(service: &Value) -> Option<String> {
    let text = |name: &str| service[name].as_str();
    Some(format!("{}/{}:{} {}", text("namespace")?, text("name")?, text("port")?, text("via")?))
}

/// The chains of a path, each once where it is met.
fn way(path: &Value) -> Vec<String> {
    let steps = path["steps"].as_array().map_or(&[] as &[_], Vec::as_slice);
    let text = |value: &Value| value.as_str().unwrap_or("?").to_owned();
    let chain = |step: &Value| {
        let backend = step["backend"].as_str().map(|backend| format!(" ({backend})")).unwrap_or_default();
        format!("{} {}{backend}", text(&step["table"]), text(&step["chain"]))
    };
    let mut way: Vec<String> = steps.iter().map(chain).collect();
    way.dedup();
    way
}

fn endpoint(path: &Value) -> String {
    format!("{}:{}", path["packet"]["dst"].as_str().unwrap_or("?"), path["packet"]["dport"])
}

/// Endpoint to its share, as a count of 2^31.
fn shares(paths: &[Value]) -> BTreeMap<String, u64> {
    let mut shares: BTreeMap<String, f64> = BTreeMap::new();
    for path in paths.iter().filter(|path| !path["dnat"].is_null()) {
        *shares.entry(endpoint(path)).or_default() += path["probability"].as_f64().unwrap_or(0.0);
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share is from 0 to 1")]
    let count = |share: f64| (share * f64::from(1u32 << 31)).round() as u64;
    shares.into_iter().map(|(endpoint, share)| (endpoint, count(share))).collect()
}
