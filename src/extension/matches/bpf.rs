//! `-m bpf`: a program decides (`net/netfilter/xt_bpf.c`).

use std::borrow::Cow;
use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::packet::Context;

/// `-m bpf --bytecode CODE | --object-pinned PATH`
#[derive(Debug, Clone)]
pub struct Bpf<'t> {
    option: &'static str,
    program: Cow<'t, str>,
}

impl<'t> Extension<'t> for Bpf<'t> {
    const NAME: &'static str = "bpf";
    const OPTIONS: &'static [Opt] = &[opt("--bytecode", 1), opt("--object-pinned", 1)];
    const LISTED: &'static [Listed] = &[opens("match bpf", "--bytecode", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.one_of(&["--bytecode", "--object-pinned"])?.ok_or_else(|| args.missing("--bytecode"))?;
        if arg.option == "--bytecode" && !is_code(&arg.text(0)) {
            return Err(arg.bad("a number of instructions and that many of them, separated by commas"));
        }
        Ok(Self { option: arg.option, program: arg.text(0) })
    }
}

/// `2,48 0 0 9,6 0 0 0`
fn is_code(text: &str) -> bool {
    let mut parts = text.split(',');
    let length = parts.next().and_then(|length| length.trim().parse::<usize>().ok());
    let is_instruction = |part: &&str| {
        part.split_ascii_whitespace().count() == 4
            && part.split_ascii_whitespace().all(|number| number.parse::<u32>().is_ok())
    };
    let instructions: Vec<_> = parts.filter(|part| !part.trim().is_empty()).collect();
    length == Some(instructions.len()) && instructions.iter().all(is_instruction)
}

impl Matches for Bpf<'_> {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let line = cx.line;
        cx.ask(
            &format!("bpf:{line}"),
            None,
            format!("the BPF program in line {line} takes the packet"),
            format!("the BPF program in line {line} does not take the packet"),
        )
    }
}

impl fmt::Display for Bpf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.option {
            "--bytecode" => write!(f, " --bytecode \"{}\"", self.program),
            option => write!(f, " {option} {}", self.program),
        }
    }
}
