//! Rules that ask for sets: each packet of `testdata/ipset` hits the rules that its row names.

use std::io::Write;

use tempfile::NamedTempFile;

use crate::kpt::kpt;
use crate::sets;

#[test]
fn packets_hit_the_rules_that_the_kernel_says() {
    let mut wrong = Vec::new();
    for case in sets::all() {
        let mut file = NamedTempFile::new().expect("a temporary file");
        file.write_all(case.sets.as_bytes()).expect("room for it");
        let path = file.path().to_string_lossy().into_owned();
        for sent in &case.packets {
            let words = format!("trace --format json --node-ip 192.168.0.11 --ipset {path} {}", sent.arguments());
            let run = kpt(words.split(' '), case.dump(sent));
            assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", case.name);
            let answer = serde_json::from_str(&run.stdout).expect("JSON");
            let hits = sets::hits(&answer, &case.chain);
            if hits != sent.hits {
                wrong.push(format!("{}: {sent:?} hits {hits:?}", case.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
