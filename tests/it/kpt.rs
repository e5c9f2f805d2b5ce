//! Runs the command and keeps what it prints.

use std::path::Path;

/// What a run printed, and its exit code.
pub(crate) struct Run {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: i32,
}

/// Runs `kpt` with these words in the folder of the project, and `input` on standard input.
pub(crate) fn kpt<'a>(words: impl IntoIterator<Item = &'a str>, input: impl Into<Vec<u8>>) -> Run {
    let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_kpt"))
        .args(words)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .env_remove("NO_COLOR")
        .write_stdin(input)
        .timeout(std::time::Duration::from_mins(2))
        .output()
        .expect("kpt runs");
    let text = |bytes| String::from_utf8(bytes).expect("kpt prints UTF-8");
    Run {
        stdout: text(output.stdout),
        stderr: text(output.stderr),
        code: output.status.code().expect("it was not killed"),
    }
}

/// The same with a command line, split at blanks.
pub(crate) fn run(line: &str) -> Run {
    kpt(line.split_whitespace(), "")
}
