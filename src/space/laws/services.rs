//! How long a chain of 100,000 Services takes: a measurement, not a test.

use std::fmt::Write;

use crate::ruleset::Ruleset;
use crate::save::{TableName, scan};
use crate::space::covered::Reach;

/// `cargo test --release --lib many_services -- --ignored --nocapture` prints it.
#[test]
#[ignore = "a measurement"]
fn many_services() {
    let mut text = "*nat\n:KUBE-SERVICES - [0:0]\n".to_owned();
    for n in 0..100_000u32 {
        let vip = std::net::Ipv4Addr::from_bits(0x0a60_0000 + n / 2);
        let port = 80 + n % 2;
        let _ = writeln!(text, ":KUBE-SVC-{n} - [0:0]");
        let _ = writeln!(
            text,
            "-A KUBE-SERVICES -d {vip}/32 -p tcp -m comment --comment \"a/b cluster IP\" -m tcp --dport {port} -j KUBE-SVC-{n}"
        );
        let _ = writeln!(
            text,
            "-A KUBE-SVC-{n} -j KUBE-SEP-{n}\n-A KUBE-SEP-{n} -p tcp -m tcp -j DNAT --to-destination 10.1.2.3:80"
        );
    }
    text += "-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m tcp --dport 80 -j KUBE-SVC-1\n";
    text += "-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-SVC-2\nCOMMIT\n";
    let ruleset = Ruleset::merged(scan(&text, None).0);
    ruleset.read_all();
    let chain = ruleset.find_any(TableName::Nat, "KUBE-SERVICES").next().unwrap();
    let start = std::time::Instant::now();
    let coverage = Reach::new(&ruleset).covered(chain);
    println!("{} covered of {} in {:?}", coverage.covered.len(), ruleset.rules(chain).len(), start.elapsed());
    assert_eq!(coverage.undecided, []);
    assert_eq!(coverage.covered.len(), 1);
}
