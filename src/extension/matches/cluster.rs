//! `-m cluster`: is this one of the nodes that a connection belongs to (`net/netfilter/xt_cluster.c`)?

use std::fmt;
use std::net::IpAddr;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::jhash::jhash;
use crate::extension::{Extension, Listed, Matches, goes_on, opens};
use crate::logic::Outcome;
use crate::packet::{Conntrack, Context, CtState};

/// `-m cluster --cluster-total-nodes N [!] --cluster-local-node N | --cluster-local-nodemask M --cluster-hash-seed S`
#[derive(Debug, Clone)]
pub struct Cluster {
    not: bool,
    /// A bit for each node.
    nodes: u32,
    /// How many there are.
    total: u32,
    seed: u32,
}

impl<'t> Extension<'t> for Cluster {
    const NAME: &'static str = "cluster";
    const OPTIONS: &'static [Opt] = &[
        opt("--cluster-total-nodes", 1),
        opt("--cluster-local-node", 1),
        opt("--cluster-local-nodemask", 1),
        opt("--cluster-hash-seed", 1),
    ];
    const LISTED: &'static [Listed] = &[
        opens("cluster", "", 0),
        goes_on("node_mask=", "--cluster-local-nodemask", 1),
        goes_on("total_nodes=", "--cluster-total-nodes", 1),
        goes_on("hash_seed=", "--cluster-hash-seed", 1),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let get = |option| args.get(option).ok_or_else(|| args.missing(option));
        let total_arg = get("--cluster-total-nodes")?;
        if total_arg.not {
            return Err(total_arg.bad("no `!` before it"));
        }
        let total = total_arg.number_in(1..=32, "a number of nodes from 1 to 32")?;
        let local = args.one_of(&["--cluster-local-node", "--cluster-local-nodemask"])?;
        let local = local.ok_or_else(|| args.missing("--cluster-local-node"))?;
        let nodes = match local.option {
            "--cluster-local-node" => 1 << (local.number_in(1..=total, "one of the nodes, from 1 on")? - 1),
            _ => local.number_in(1..=u32::MAX >> (32 - total), "a mask of nodes")?,
        };
        Ok(Self { not: local.not, nodes, total, seed: get("--cluster-hash-seed")?.number("a number")? })
    }
}

impl Matches for Cluster {
    /// The hash of the connection's first source has no secret in it: it is exact on hosts that are little endian. Of a
    /// connection that another one announced, that one's counts.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let Conntrack::Entry { state, original, .. } = &cx.packet.conntrack else { return Outcome::Never };
        let Some(src) = original.src.known().filter(|_| *state != CtState::Related) else {
            let words = |does: &str| format!("the client {does} to the nodes that line {} names", cx.line);
            return cx
                .ask(&format!("cluster:{}", cx.line), None, words("belongs"), words("does not belong"))
                .negated(self.not);
        };
        let hash = u64::from(jhash(&[first_word(*src)], self.seed));
        let node = (hash * u64::from(self.total)) >> 32;
        Outcome::from(self.nodes >> node & 1 != 0).negated(self.not)
    }

    fn tracks(&self) -> bool {
        true
    }
}

/// The first four bytes of an address, as the kernel's word holds them: of IPv6, too, no more are hashed.
fn first_word(address: IpAddr) -> u32 {
    match address {
        IpAddr::V4(address) => address.to_bits().swap_bytes(),
        IpAddr::V6(address) => u32::try_from(address.to_bits() >> 96).unwrap_or(0).swap_bytes(),
    }
}

impl fmt::Display for Cluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} --cluster-local-nodemask 0x{:08x}", not(self.not), self.nodes)?;
        write!(f, " --cluster-total-nodes {} --cluster-hash-seed 0x{:08x}", self.total, self.seed)
    }
}
