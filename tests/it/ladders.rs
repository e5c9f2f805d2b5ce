//! The shares of `kpt lb-weights`, against every way in which the coins of a ladder can fall.

use serde_json::Value;

use crate::corpus::dumps;
use crate::kpt::kpt;
use crate::scenario;

/// Ladders of more rungs have too many ways.
const RUNGS: usize = 12;

/// The chances of the rules of a chain that draw, as the text has them, in 2^31 as the kernel keeps them.
fn rungs(dump: &str, chain: &str) -> Vec<f64> {
    let begins = format!("-A {chain} ");
    let rules = dump.lines().filter_map(|line| line.find(&begins).and_then(|at| line.get(at..)));
    let draws = |rule: &&str| {
        let goes_on = ["KUBE-SEP-", "OPENSHIFT", "DNAT"].iter().any(|target| rule.contains(&format!("-j {target}")));
        let asks = [" -s ", " -d ", "-m recent", "-m addrtype", "--dport"].iter().any(|word| rule.contains(word));
        goes_on && !asks
    };
    let chance = |rule: &str| match rule.split_once("--probability ") {
        Some((_, rest)) => rest.split(' ').next().and_then(|text| text.parse().ok()).expect("a chance"),
        None => 1.0,
    };
    let two_31 = f64::from(1u32 << 31);
    rules.filter(draws).map(|rule| (chance(rule) * two_31).round() / two_31).collect()
}

/// What each rung takes and what none takes: the sum over all ways in which the coins fall.
fn enumerated(rungs: &[f64]) -> (Vec<f64>, f64) {
    let mut shares = vec![0.0; rungs.len()];
    let mut unserved = 0.0;
    for fallen in 0u32..1 << rungs.len() {
        let heads = |at: usize| fallen & (1 << at) != 0;
        let way: f64 =
            rungs.iter().enumerate().map(|(at, chance)| if heads(at) { *chance } else { 1.0 - chance }).product();
        match (0..rungs.len()).find(|at| heads(*at)) {
            Some(first) => shares[first] += way,
            None => unserved += way,
        }
    }
    (shares, unserved)
}

fn check(dump: &str, about: &str) -> usize {
    let run = kpt(["lb-weights", "--format", "json"], dump);
    if run.code != 0 {
        return 0;
    }
    let told: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let mut checked = 0;
    for service in told["services"].as_array().expect("a list") {
        let Some(chain) = service["chain"].as_str() else { continue };
        let rungs = rungs(dump, chain);
        let endpoints = service["endpoints"].as_array().expect("a list");
        if rungs.len() != endpoints.len() || rungs.is_empty() || rungs.len() > RUNGS {
            continue;
        }
        let (shares, unserved) = enumerated(&rungs);
        for (share, endpoint) in shares.iter().zip(endpoints) {
            let told = endpoint["probability"].as_f64().expect("a number");
            assert!((share - told).abs() < 1e-9, "{about}: {chain}: {told} and not {share}");
        }
        let told = service["unserved"].as_f64().expect("a number");
        assert!((unserved - told).abs() < 1e-9, "{about}: {chain}: {told} and not {unserved} is unserved");
        checked += 1;
    }
    checked
}

#[test]
fn shares_are_those_of_every_way_in_which_coins_fall() {
    let mut checked = 0;
    for scenario in scenario::all() {
        checked += check(&std::fs::read_to_string(&scenario.rules).expect("a dump"), &scenario.name);
    }
    for path in dumps("").into_iter().chain(dumps("mangled")) {
        let text = String::from_utf8_lossy(&std::fs::read(&path).expect("a dump")).into_owned();
        checked += check(&text, &path.display().to_string());
    }
    println!("{checked} ladders");
    assert!(checked > 20, "only {checked} ladders were checked");
}

proptest::proptest! {
    /// Ladders that nobody wrote, leaks and certainties among them.
    #[test]
    fn shares_of_any_ladder(chances in proptest::collection::vec(0u32..=100, 1..8)) {
        let rule = |(at, chance): (usize, &u32)| format!(
            "-A KUBE-SVC-A -m statistic --mode random --probability {:.11} -j KUBE-SEP-{at}\n\
             -A KUBE-SEP-{at} -p tcp -m tcp -j DNAT --to-destination 10.0.0.{at}:80\n",
            f64::from(*chance) / 100.0
        );
        let chains = (0..chances.len()).map(|at| format!(":KUBE-SEP-{at} - [0:0]\n")).collect::<Vec<_>>().concat();
        let rules: String = chances.iter().enumerate().map(rule).collect();
        let dump = format!(
            "*nat\n:PREROUTING ACCEPT [0:0]\n:KUBE-SERVICES - [0:0]\n:KUBE-SVC-A - [0:0]\n{chains}\
             -A PREROUTING -j KUBE-SERVICES\n-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m tcp --dport 80 -j KUBE-SVC-A\n\
             {rules}COMMIT\n"
        );
        assert_eq!(check(&dump, &dump), 1);
    }
}
