//! The `kpt` command. Everything is in the library; this runs it.

use std::process::ExitCode;

fn main() -> ExitCode {
    kpt::cli::main()
}
