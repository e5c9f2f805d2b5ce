//! What `kpt show` prints, iptables loads, wherever it loads the dump itself.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Failed, Trial};

use crate::namespace::{inside, run};
use crate::scenario;

/// A trial for each dump: those of the scenarios, and of the corpus where a checkout has one beside it.
pub(crate) fn trials() -> Vec<Trial> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !corpus.exists() {
        eprintln!("no corpus beside this checkout: only the scenarios are shown and loaded");
    }
    let scenarios = scenario::all().into_iter().map(|scenario| scenario.rules);
    let dumps = scenarios.chain(files(&corpus)).chain(files(&corpus.join("mangled")));
    let trial = |path: PathBuf| {
        let name = format!("shown: {}", path.file_name().unwrap_or_default().to_string_lossy());
        Trial::test(name, move || judge(&path).map_err(Failed::from))
    };
    dumps.map(trial).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "rules"));
    files.sort();
    files
}

fn judge(path: &Path) -> Result<(), String> {
    let given = String::from_utf8_lossy(&fs::read(path).map_err(|error| error.to_string())?).into_owned();
    let mut show = Command::new(env!("CARGO_BIN_EXE_kpt"));
    let shown = show.args(["show", "--quiet", "-f"]).arg(path).output().map_err(|error| error.to_string())?;
    let shown = String::from_utf8(shown.stdout).map_err(|error| error.to_string())?;
    inside(|| {
        for (set, kind) in sets(&given) {
            run(&format!("ipset create {set} {kind}"), "")?;
        }
        for tool in ["iptables-legacy", "iptables-nft", "ip6tables-legacy", "ip6tables-nft"] {
            let test = format!("{tool}-restore --test");
            if run(&test, &given).is_ok() {
                run(&test, &shown).map_err(|error| format!("{tool} loads the dump, but not what is shown: {error}"))?;
            }
        }
        Ok(())
    })
}

/// The sets that rules ask for, each of a type with as many dimensions as they ask of it.
pub(crate) fn sets(rules: &str) -> BTreeMap<&str, &'static str> {
    let asked = rules.split("--match-set ").skip(1).filter_map(|rest| {
        let mut words = rest.split_ascii_whitespace();
        Some((words.next()?, words.next()?))
    });
    let kind = |dimensions: &str| match dimensions.split(',').count() {
        1 => "hash:net",
        2 => "hash:ip,port",
        _ => "hash:ip,port,net",
    };
    asked.map(|(set, dimensions)| (set.trim_matches('"'), kind(dimensions))).collect()
}
