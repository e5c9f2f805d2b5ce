//! `-j SET`: adds to or removes from an ipset, and goes on (`net/netfilter/xt_set.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::given::Given;
use crate::extension::{Acts, Effect, Extension, ipset};
use crate::packet::{Context, Value};

use super::mark::marked;

/// `-j SET --add-set|--del-set|--map-set NAME src|dst[,...]`
#[derive(Debug, Clone)]
pub struct Set<'t> {
    options: Given<'t>,
}

impl<'t> Extension<'t> for Set<'t> {
    const NAME: &'static str = "SET";
    const OPTIONS: &'static [Opt] = &[
        opt("--add-set", 2),
        opt("--del-set", 2),
        opt("--map-set", 2),
        opt("--exist", 0),
        opt("--timeout", 1),
        opt("--map-mark", 0),
        opt("--map-prio", 0),
        opt("--map-queue", 0),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        Ok(Self { options: Given::all(&args) })
    }
}

impl Acts for Set<'_> {
    fn act(&self, cx: &Context<'_>) -> Effect {
        let mut packet = cx.packet.clone();
        for (option, added) in [("--add-set", true), ("--del-set", false)] {
            if let Some((name, sides)) = self.options.two(option) {
                packet.set_changes.extend(ipset::change(cx, name, sides, added));
            }
        }
        if let Some((name, sides)) = self.options.two("--map-set").filter(|_| self.options.has("--map-mark")) {
            packet.mark = match ipset::mapped(cx, name, sides) {
                Some(mark) => marked(&packet.mark, mark),
                None => Value::chosen(&format!("ipset:{name}:mark")),
            };
        }
        Effect::Change(Box::new(packet))
    }
}

impl fmt::Display for Set<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.options.fmt(f)
    }
}
