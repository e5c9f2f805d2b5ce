//! Whole processes, side by side in one run: `cargo bench --bench processes` prints the table of docs/performance.md.
//!
//! Every command is run in turn, several times over; a figure is the median. Other tools that are not there are left out.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a benchmark prints, and stops where it cannot go on")]

#[path = "../examples/kube_dump/dump.rs"]
mod dump;

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use dump::{Shape, Version};

/// How often each command is run.
const ROUNDS: usize = 7;
/// Set where this program only runs one command, for the sake of its peak memory.
const ALONE: &str = "KPT_BENCH_ALONE";
const SIZES: [(&str, usize, usize); 3] = [("small", 1_000, 10), ("medium", 5_000, 10), ("large", 10_000, 30)];
const PACKETS: usize = 1_000_000;
const KPT: &str = env!("CARGO_BIN_EXE_kpt");

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if std::env::var_os(ALONE).is_some() {
        return alone(args.first().expect("a command"));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let wanted = |name: &str| args.iter().all(|arg| arg.starts_with('-')) || args.iter().any(|arg| arg == name);
    for (name, services, endpoints) in SIZES.into_iter().filter(|(name, ..)| wanted(name)) {
        let (rules, packets) = files(folder.path(), services, endpoints);
        let size = fs::metadata(&rules).expect("a dump").len();
        println!("\n### {name}: {services} Services of {endpoints} endpoints, {:.1} MB\n", mega(size));
        table(&commands(&rules, &packets), size);
    }
}

/// A dump, and packets to its Services.
fn files(folder: &Path, services: usize, endpoints: usize) -> (PathBuf, PathBuf) {
    let (rules, packets) = (folder.join("rules"), folder.join("packets"));
    let (version, comments) = (Version::V30, true);
    let shape = Shape { services, endpoints, affinity: 5, node_ports: 20, empty: 2, version, comments };
    dump::write(&shape, &mut BufWriter::new(File::create(&rules).expect("a file"))).expect("a dump");
    let line = |n: usize| {
        let (service, client) = (n * 7919 % services + 1, n * 31 % 65_536);
        let (dst, src) = (format!("10.96.{}.{}", service >> 8, service & 255), (client >> 8, client & 255));
        format!("10.244.{}.{},{dst}:80,tcp\n", src.0, src.1)
    };
    fs::write(&packets, (0..PACKETS).map(line).collect::<String>()).expect("packets");
    (rules, packets)
}

/// Name and shell command; the first is what the others are compared with.
fn commands(rules: &Path, packets: &Path) -> Vec<(&'static str, String)> {
    let (rules, packets) = (rules.display(), packets.display());
    let mut commands = vec![
        ("`wc -l FILE`", format!("wc -l {rules}")),
        ("`cat FILE \\| wc -l`", format!("cat {rules} | wc -l")),
        ("`kpt trace` of a cluster IP", format!("{KPT} trace -f {rules} -d 10.96.0.7:80")),
        ("the same, `cat FILE \\|`", format!("cat {rules} | {KPT} trace -d 10.96.0.7:80")),
        ("`kpt lb-weights`", format!("{KPT} lb-weights -f {rules}")),
        ("`kpt lb-weights --format json`", format!("{KPT} lb-weights -f {rules} --format json")),
        ("`kpt lint --exit-zero`", format!("{KPT} lint {rules} --exit-zero")),
        ("`kpt trace --batch`, a million packets", format!("{KPT} trace -f {rules} --batch {packets}")),
    ];
    let restore = "iptables-legacy-restore --test";
    if Command::new("unshare").args(["-n", "true"]).status().is_ok_and(|status| status.success()) {
        commands.push(("`iptables-legacy-restore --test`", format!("unshare -n {restore} {rules}")));
    }
    commands
}

/// Wall time in seconds and peak memory in bytes.
#[derive(Clone, Copy)]
struct Cost {
    wall: f64,
    memory: u64,
}

fn table(commands: &[(&str, String)], size: u64) {
    let mut costs = vec![Vec::new(); commands.len()];
    for round in 0..ROUNDS {
        for ((_, command), costs) in commands.iter().zip(&mut costs) {
            // What takes minutes is not waited for again.
            if round == 0 || costs.first().is_some_and(|first: &Cost| first.wall < 20.0) {
                costs.push(measured(command));
            }
        }
    }
    let medians: Vec<_> = costs.into_iter().map(median).collect();
    println!("| command | wall | of `wc -l` | peak memory | of the file |\n|---|---|---|---|---|");
    for ((name, _), cost) in commands.iter().zip(&medians) {
        let ratio = cost.wall / medians.first().expect("a command").wall;
        let memory = f64::from(u32::try_from(cost.memory >> 10).unwrap_or(u32::MAX)) * 1024.0;
        let of_file = memory / f64::from(u32::try_from(size).unwrap_or(u32::MAX));
        println!("| {name} | {:.4} s | {ratio:.1} | {:.1} MB | {of_file:.2} |", cost.wall, mega(cost.memory));
    }
}

fn mega(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes >> 10).unwrap_or(u32::MAX)) * 1024.0 / 1e6
}

fn median(mut costs: Vec<Cost>) -> Cost {
    costs.sort_by(|one, other| one.wall.total_cmp(&other.wall));
    *costs.get(costs.len() / 2).expect("a measurement")
}

/// Runs a command under a process of its own, whose children's peak is then the command's.
fn measured(command: &str) -> Cost {
    let this = std::env::current_exe().expect("this program");
    let output = Command::new(this).arg(command).env(ALONE, "1").output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let mut words = said.split_whitespace();
    let wall = words.next().and_then(|word| word.parse().ok()).expect("a time");
    let memory = words.next().and_then(|word| word.parse().ok()).expect("a size");
    Cost { wall, memory }
}

fn alone(command: &str) {
    let start = Instant::now();
    let status = Command::new("sh").args(["-c", command]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let wall = start.elapsed().as_secs_f64();
    status.expect("sh runs");
    let usage = nix::sys::resource::getrusage(nix::sys::resource::UsageWho::RUSAGE_CHILDREN).expect("Linux");
    println!("{wall} {}", usage.max_rss() * 1024);
}
