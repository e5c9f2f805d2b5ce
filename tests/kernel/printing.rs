//! The case files of the extensions, judged by iptables itself: what it takes, and what it prints of it.

use kpt::extension::{matches, targets};

use crate::cases::{Case, Cases, Printed};
use crate::namespace::{inside, run};

/// Loads every case of a file, one by one.
pub(crate) fn judge(cases: &Cases, backend: &str) -> Result<(), String> {
    let for_it = |case: &&Case| case.only.as_deref().is_none_or(|only| only == backend);
    let tool = tool(cases, backend);
    let wrong = inside(|| {
        let _ = run("ipset create test hash:net", "");
        for command in &cases.after {
            run(&format!("{tool} {command}"), "").expect("the scene of the cases");
        }
        let cases = cases.lines.iter().filter(for_it).map(|case| (case, check(cases, case, backend)));
        cases.filter_map(|(case, result)| Some((case, result.err()?))).collect::<Vec<_>>()
    });
    let lines: Vec<_> = wrong.into_iter().map(|(case, error)| format!("{}: {error}", cases.place(case))).collect();
    if lines.is_empty() { Ok(()) } else { Err(lines.join("\n")) }
}

fn check(cases: &Cases, case: &Case, backend: &str) -> Result<(), String> {
    let tool = tool(cases, backend);
    let table = format!("*{}\n:test -\n{}\nCOMMIT\n", cases.table, cases.rule(&case.given));
    let loaded = run(&format!("{tool}-restore"), &table);
    match (&case.printed, loaded) {
        (Printed::Refused(_), Err(_)) => Ok(()),
        (Printed::Refused(code), Ok(_)) => Err(format!("iptables takes `{}`, which is {code} for kpt", case.given)),
        (Printed::As(_), Err(error)) => Err(error),
        (Printed::As(printed), Ok(_)) => {
            let save = run(&format!("{tool}-save -t {}", cases.table), "")?;
            let is = save.lines().find(|line| line.starts_with("-A ")).unwrap_or_default();
            let should = cases.rule(printed);
            if is == should { Ok(()) } else { Err(format!("iptables prints\n  {is}\nand not\n  {should}")) }
        }
    }
}

/// Is every plugin that iptables has here an extension that kpt knows?
pub(crate) fn judge_plugins() -> Result<(), String> {
    // `standard` is ACCEPT and its like, `NAT` a file that holds DNAT, SNAT and others.
    const NO_NAMES: [&str; 2] = ["standard", "NAT"];
    let folders = ["/usr/lib/x86_64-linux-gnu/xtables", "/usr/lib/aarch64-linux-gnu/xtables", "/usr/lib/xtables"];
    let files = folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
    let names: Vec<String> = files.filter_map(|file| plugin(&file.file_name().to_string_lossy())).collect();
    let known = |name: &&String| matches::named(name).is_none() && targets::named(name).is_none();
    let unknown: Vec<_> = names.iter().filter(known).filter(|name| !NO_NAMES.contains(&name.as_str())).collect();
    match (names.len(), unknown.as_slice()) {
        (0, _) => Err("no plugins found".to_owned()),
        (_, []) => Ok(()),
        (_, unknown) => Err(format!("kpt does not know {unknown:?}")),
    }
}

/// `libxt_conntrack.so`; those of ebtables and arptables are not iptables'.
fn plugin(file: &str) -> Option<String> {
    let name = file.strip_suffix(".so")?;
    let name = ["libxt_", "libipt_", "libip6t_"].into_iter().find_map(|kind| name.strip_prefix(kind))?;
    Some(name.to_owned())
}

fn tool(cases: &Cases, backend: &str) -> String {
    format!("ip{}tables-{backend}", if cases.v6 { "6" } else { "" })
}
