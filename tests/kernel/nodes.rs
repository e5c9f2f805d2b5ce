//! What others write beside kube-proxy: iptables adds it to kube-proxy's rules just as `tests/node` does, so that what is
//! linted is a ruleset that the kernel has.

use std::collections::BTreeMap;

use libtest_mimic::{Failed, Trial};

use crate::namespace::{inside, run};
use crate::node::{BESIDE, LAYOUTS, merged, read};
use crate::shown::sets;

/// A trial for each pair.
pub(crate) fn trials() -> Vec<Trial> {
    let pairs = LAYOUTS.into_iter().flat_map(|layout| BESIDE.map(|beside| (layout, beside)));
    let trial = |(layout, beside)| {
        Trial::test(format!("node: {layout} beside {beside}"), move || judge(layout, beside).map_err(Failed::from))
    };
    pairs.map(trial).collect()
}

fn judge(layout: &str, beside: &str) -> Result<(), String> {
    let (rules, added) = (read("scenarios", layout), read("nodes", beside));
    let merged = merged(&rules, &added);
    let expected = chains(&merged);
    for backend in ["legacy", "nft"] {
        let saved = inside(|| {
            sets(&added)
                .into_iter()
                .try_for_each(|(set, kind)| run(&format!("ipset create {set} {kind}"), "").map(drop))?;
            run(&format!("iptables-{backend}-restore"), &rules)?;
            run(&format!("iptables-{backend}-restore --noflush"), &added)?;
            run(&format!("iptables-{backend}-save"), "")
        })?;
        // Where there is an /etc/protocols, iptables has a name for it.
        let saved = saved.replace(" -p ipencap ", " -p 4 ");
        let saved = chains(&saved);
        for (chain, lines) in &expected {
            if saved.get(chain) != Some(lines) {
                return Err(format!("{backend}: {chain:?} is {:?} instead of {lines:?}", saved.get(chain)));
            }
        }
    }
    Ok(())
}

/// The rules of every chain that has some, by table.
fn chains(rules: &str) -> BTreeMap<(&str, &str), Vec<&str>> {
    let mut chains: BTreeMap<_, Vec<_>> = BTreeMap::new();
    let mut table = "";
    for line in rules.lines() {
        if line.starts_with('*') {
            table = line;
        } else if let Some((chain, _)) = line.strip_prefix("-A ").and_then(|rule| rule.split_once(' ')) {
            chains.entry((table, chain)).or_default().push(line);
        }
    }
    chains
}
