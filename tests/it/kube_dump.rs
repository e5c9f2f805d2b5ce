//! Nodes as the generator of large dumps writes them: healthy, and answered.

use crate::dump::{Shape, Version, write};
use crate::kpt::kpt;

const VERSIONS: [(&str, Version); 4] =
    [("1.15", Version::V15), ("1.20", Version::V20), ("1.23", Version::V23), ("1.30", Version::V30)];

fn node(version: Version, comments: bool) -> String {
    let (affinity, node_ports, empty) = (30, 30, 10);
    let mut text = Vec::new();
    let shape = Shape { services: 40, endpoints: 30, affinity, node_ports, empty, version, comments };
    write(&shape, &mut text).expect("memory");
    String::from_utf8(text).expect("a dump is ASCII")
}

#[test]
fn nothing_is_wrong_with_them() {
    for (name, version) in VERSIONS {
        for comments in [true, false] {
            let run = kpt(["lint", "--format", "concise", "--fail-on", "warning"], node(version, comments));
            assert_eq!(run.code, 0, "{name}: {}", run.stdout);
        }
    }
}

#[test]
fn every_endpoint_has_its_share() {
    for (name, version) in VERSIONS {
        let run = kpt(["trace", "-d", "10.96.0.5:80", "--minimal"], node(version, true));
        let even = run.stdout.matches(":8080=0.0333").count();
        assert!(run.stdout.starts_with("delivered") && even == 30, "{name}: {}", run.stdout);
    }
}
