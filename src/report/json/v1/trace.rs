//! `kpt.trace/1`: the structs are the format.

use schemars::JsonSchema;
use serde::Serialize;

use super::affinity::Affinity;
use super::problem::{Place, Problem};

/// The answer to `kpt trace`: where one packet goes, how likely, and why.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Trace {
    /// `kpt.trace/1`
    pub(super) schema: Name,
    pub(super) packet: AskedPacket,
    /// The Service that the packet is for, if it is for one.
    pub(super) service: Option<Service>,
    /// What becomes of it in the default world, or `undetermined` if that has several.
    pub(super) outcome: Outcome,
    /// How that Service remembers its clients, if it does.
    pub(super) affinity: Option<Affinity>,
    /// The worlds that differ; the default one first.
    pub(super) worlds: Vec<World>,
    /// Facts that were asked for and change nothing.
    pub(super) moot: Vec<Fact>,
    /// How many worlds were not looked at because there are too many.
    pub(super) unexplored: usize,
    /// What is wrong with the input, or good to know of it.
    pub(super) problems: Vec<Problem>,
}

/// The name of the format.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) enum Name {
    #[serde(rename = "kpt.trace/1")]
    Trace1,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Outcome {
    Delivered,
    Dropped,
    Rejected,
    Mixed,
    Undetermined,
}

/// The packet that was asked about; `null` is not known.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct AskedPacket {
    /// 4 or 6.
    pub(super) family: u8,
    pub(super) protocol: Option<String>,
    pub(super) src: Option<String>,
    pub(super) sport: Option<u16>,
    pub(super) dst: Option<String>,
    pub(super) dport: Option<u16>,
    pub(super) r#in: Option<String>,
    pub(super) out: Option<String>,
    /// Hexadecimal.
    pub(super) mark: Option<String>,
    pub(super) ctstate: String,
    /// Made on this host.
    pub(super) local: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Service {
    pub(super) namespace: String,
    pub(super) name: String,
    /// Empty if the port has no name.
    pub(super) port: String,
    pub(super) via: Via,
}

/// What kind of address the Service is reached at.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Via {
    ClusterIp,
    NodePort,
    ExternalIp,
    LoadBalancer,
    HealthCheck,
}

/// A question that neither the dump nor the packet answers.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Fact {
    /// As `--assume` takes it.
    pub(super) fact: String,
    /// In words.
    pub(super) text: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct World {
    /// All answers in the first world; in the others those that make them what they are.
    pub(super) assumptions: Vec<Assumption>,
    /// Other assumptions that lead to the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) also: Vec<Vec<Assumption>>,
    /// No answer contradicts its default.
    pub(super) default: bool,
    pub(super) outcome: Outcome,
    /// Their probabilities sum to 1.
    pub(super) paths: Vec<Path>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Assumption {
    /// As `--assume` takes it.
    pub(super) fact: String,
    pub(super) answer: bool,
    /// The answer is what is taken if nobody says.
    pub(super) default: bool,
    /// In words.
    pub(super) text: String,
    /// Of the rule that asked first.
    #[serde(flatten)]
    pub(super) place: Place,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Path {
    /// From 0 to 1.
    pub(super) probability: f64,
    pub(super) verdict: Verdict,
    /// The reject type, or why the packet is lost or cannot be told.
    pub(super) reason: Option<String>,
    pub(super) packet: FinalPacket,
    pub(super) dnat: Option<Dnat>,
    pub(super) snat: Option<Snat>,
    /// `null` before any routing decision.
    pub(super) goes: Option<Goes>,
    /// The rule that would have accepted a packet that was not, but for one thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) near_miss: Option<NearMiss>,
    /// Every rule that matched and every policy that decided, in the kernel's order.
    pub(super) steps: Vec<Step>,
    /// With how many rules the kernel compares the packet on this way.
    pub(super) rules_tried: u64,
}

/// How a path ends.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Verdict {
    Accept,
    Drop,
    Reject,
    Queue,
    Stolen,
    Undetermined,
}

/// Where the routing decision sends a packet.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Goes {
    Local,
    Forward,
    Output,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum SnatKind {
    Masquerade,
    Snat,
}

/// The packet at the end; `null` is not known.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct FinalPacket {
    pub(super) src: Option<String>,
    pub(super) sport: Option<u16>,
    pub(super) dst: Option<String>,
    pub(super) dport: Option<u16>,
    /// Hexadecimal.
    pub(super) mark: Option<String>,
    /// Port of the transparent socket that TPROXY has handed it to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) socket: Option<u16>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Dnat {
    /// `null` if the kernel chooses among several.
    pub(super) to: Option<String>,
    /// Where that was found, if the rule has lost it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) found: Option<Found>,
    #[serde(flatten)]
    pub(super) place: Place,
}

/// What tells a destination that a rule has lost.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Found {
    /// The hash in the name of its chain, which proves it.
    ChainName,
    /// A comment.
    Comment,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Snat {
    pub(super) kind: SnatKind,
    /// `null` if it is an address of the host that is not known.
    pub(super) to: Option<String>,
    #[serde(flatten)]
    pub(super) place: Place,
    pub(super) why: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct NearMiss {
    #[serde(flatten)]
    pub(super) place: Place,
    /// What the rule asks for and the packet does not have.
    pub(super) lacks: String,
}

/// Which half of the kernel a table is in.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Backend {
    Legacy,
    Nft,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Step {
    pub(super) hook: String,
    pub(super) table: String,
    /// Where the input has tables of both backends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) backend: Option<Backend>,
    pub(super) chain: String,
    /// 1-based within its chain; `null` for a policy.
    pub(super) rule: Option<u32>,
    #[serde(flatten)]
    pub(super) place: Place,
    /// `jump`, `goto`, `return`, `none`, or the target's name.
    pub(super) action: String,
    /// The chain that is jumped to.
    pub(super) target: Option<String>,
    /// The probability of the rule's own random match.
    pub(super) chance: Option<f64>,
}
