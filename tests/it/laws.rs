//! Laws of facts: what is not known can only be one of the things that the answer already names.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::kpt::run;

/// Rules and packets that leave much open.
const QUESTIONS: [&str; 9] = [
    "-f testdata/scenarios/nodeport.rules -d 10.254.198.92:80",
    "-f testdata/scenarios/nodeport.rules -d 192.168.0.11:32110",
    "-f testdata/scenarios/nodeport.rules -d 10.254.198.92:80 --ctstate ESTABLISHED",
    "-f testdata/scenarios/affinity.rules -d 10.254.162.44:80",
    "-f testdata/scenarios/affinity.rules -d 192.168.0.11:32111",
    "-f testdata/scenarios/kube-1.30.rules -d 172.30.0.41:80",
    "-f testdata/scenarios/kube-1.30.rules -d 192.168.0.11:3001 --local",
    "-f testdata/scenarios/clauses.rules -d 10.0.0.9:80",
    "-f testdata/scenarios/clauses.rules -d 10.0.0.9 -p udp --dport 53",
];

#[test]
fn giving_a_fact_adds_no_outcome() {
    let mut given = 0;
    for question in QUESTIONS {
        let open = answer(question);
        assert_eq!(open["unexplored"], 0, "{question}");
        let foreseen = outcomes(&open);
        for fact in facts(&open) {
            for said in ["yes", "no"] {
                let closed = answer(&format!("{question} --assume {fact}={said}"));
                let added: Vec<_> = outcomes(&closed).difference(&foreseen).cloned().collect();
                assert!(added.is_empty(), "{question}: {fact}={said} adds {added:?} to {foreseen:?}");
                given += 1;
            }
        }
    }
    assert!(given > 50, "only {given} facts were given");
}

fn answer(question: &str) -> Value {
    let run = run(&format!("trace --quiet --all --format json {question}"));
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{question}: {error}: {}", run.stderr))
}

/// How packets end: verdict and destination.
fn outcomes(answer: &Value) -> BTreeSet<String> {
    let worlds = answer["worlds"].as_array().expect("worlds");
    let paths = worlds.iter().flat_map(|world| world["paths"].as_array().expect("paths"));
    let end = |path: &Value| {
        let packet = &path["packet"];
        format!("{} {}:{}", path["verdict"], packet["dst"], packet["dport"])
    };
    paths.map(end).collect()
}

/// Every fact that was asked, as `--assume` takes it.
fn facts(answer: &Value) -> BTreeSet<String> {
    let worlds = answer["worlds"].as_array().expect("worlds");
    let assumed = worlds.iter().flat_map(|world| world["assumptions"].as_array().expect("assumptions"));
    let moot = answer["moot"].as_array().expect("facts");
    assumed.chain(moot).map(|fact| fact["fact"].as_str().expect("a name").to_owned()).collect()
}
