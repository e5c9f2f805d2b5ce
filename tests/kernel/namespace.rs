//! A network namespace of our own, and commands in it.

use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

use nix::sched::{CloneFlags, unshare};

/// Runs `work` in a network namespace that goes when it is done: nothing but its thread and the processes that it starts
/// is ever in there.
pub(crate) fn inside<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let enter = || {
        unshare(CloneFlags::CLONE_NEWNET).expect("root may make a network namespace");
        work()
    };
    thread::scope(|scope| scope.spawn(enter).join()).unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Runs a command line, split at blanks, and returns what it prints.
pub(crate) fn run(line: &str, input: &str) -> Result<String, String> {
    let mut words = line.split(' ');
    let mut child = Command::new(words.next().unwrap_or_default())
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{line}: {error}"))?;
    child.stdin.take().expect("piped").write_all(input.as_bytes()).map_err(|error| format!("{line}: {error}"))?;
    let output = child.wait_with_output().map_err(|error| format!("{line}: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("{line}: {}\n{input}", String::from_utf8_lossy(&output.stderr)))
    }
}

/// Sets a switch of this namespace.
pub(crate) fn sysctl(name: &str, value: &str) -> Result<(), String> {
    let path = format!("/proc/sys/net/{name}");
    std::fs::write(&path, value).map_err(|error| format!("{path}: {error}"))
}
