//! `-m bpf`: a program decides (`net/netfilter/xt_bpf.c`).

use std::borrow::Cow;
use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::{Extension, Matches};
use crate::logic::Outcome;
use crate::packet::Context;
use crate::save::bare;

/// `-m bpf --bytecode CODE | --object-pinned PATH`
#[derive(Debug, Clone)]
pub enum Bpf<'t> {
    /// A program in the rule itself.
    Code(Vec<Instruction>),
    /// One that is kept under this path.
    Pinned(Cow<'t, str>),
}

/// An instruction of classic BPF (`struct sock_filter`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instruction {
    code: u16,
    if_true: u8,
    if_false: u8,
    value: u32,
}

/// Ends the program with a value (`BPF_RET | BPF_K`).
const RETURN: u16 = 6;
/// A program has at most so many instructions (`XT_BPF_MAX_NUM_INSTR`).
const LONGEST: usize = 64;

impl<'t> Extension<'t> for Bpf<'t> {
    const NAME: &'static str = "bpf";
    const OPTIONS: &'static [Opt] = &[opt("--bytecode", 1), opt("--object-pinned", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.one_of(&["--bytecode", "--object-pinned"])?.ok_or_else(|| args.missing("--bytecode"))?;
        if arg.not {
            return Err(arg.bad("no `!` before it"));
        }
        match arg.option {
            "--bytecode" => {
                let what = "a number of instructions, and that many of them, separated by commas";
                program(&arg.text(0)).map(Self::Code).ok_or_else(|| arg.bad(what))
            }
            _ => Ok(Self::Pinned(arg.text(0))),
        }
    }
}

/// Reads `2,48 0 0 9,6 0 0 0`; a comma at the end does not count.
fn program(text: &str) -> Option<Vec<Instruction>> {
    let (length, rest) = text.split_once(',')?;
    let rest = rest.strip_suffix(',').unwrap_or(rest);
    let program = rest.split(',').map(Instruction::read).collect::<Option<Vec<_>>>()?;
    let is_right = length.trim().parse() == Ok(program.len()) && program.len() <= LONGEST;
    is_right.then_some(program)
}

impl Instruction {
    fn read(text: &str) -> Option<Self> {
        let mut numbers = text.split_ascii_whitespace();
        let read = Self {
            code: numbers.next()?.parse().ok()?,
            if_true: numbers.next()?.parse().ok()?,
            if_false: numbers.next()?.parse().ok()?,
            value: numbers.next()?.parse().ok()?,
        };
        numbers.next().is_none().then_some(read)
    }
}

impl Matches for Bpf<'_> {
    /// What a program makes of the packet's bytes is asked for, unless it looks at none.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let (name, program) = match self {
            Self::Code(program) => match program.first() {
                Some(Instruction { code: RETURN, value, .. }) => return (*value != 0).into(),
                _ => (cx.line.to_string(), format!("the BPF program in line {}", cx.line)),
            },
            Self::Pinned(path) => (path.to_string(), format!("the BPF program `{path}`")),
        };
        let (yes, no) = (format!("{program} takes the packet"), format!("{program} does not take the packet"));
        cx.ask(&format!("bpf:{name}"), None, yes, no)
    }
}

impl fmt::Display for Bpf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(program) => {
                write!(f, " --bytecode \"{}", program.len())?;
                for Instruction { code, if_true, if_false, value } in program {
                    write!(f, ",{code} {if_true} {if_false} {value}")?;
                }
                f.write_str("\"")
            }
            Self::Pinned(path) => write!(f, " --object-pinned {}", bare(path)),
        }
    }
}
