//! `-m owner`: who made a local packet (`net/netfilter/xt_owner.c`).

use std::fmt;
use std::ops::RangeInclusive;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, not, opt};
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::packet::{Context, Value};

/// `-m owner [!] --uid-owner A[-B] [!] --gid-owner A[-B] [!] --socket-exists`
#[derive(Debug, Clone)]
pub struct Owner {
    uid: Option<Ids>,
    gid: Option<Ids>,
    socket: Option<bool>,
    groups: bool,
}

#[derive(Debug, Clone)]
struct Ids {
    not: bool,
    range: RangeInclusive<u32>,
}

impl<'t> Extension<'t> for Owner {
    const NAME: &'static str = "owner";
    const OPTIONS: &'static [Opt] =
        &[opt("--uid-owner", 1), opt("--gid-owner", 1), opt("--socket-exists", 0), opt("--suppl-groups", 0)];
    const LISTED: &'static [Listed] =
        &[opens("owner UID match", "--uid-owner", 1), opens("owner GID match", "--gid-owner", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        args.some("--uid-owner")?;
        let ids = |option| args.get(option).map(Ids::read).transpose();
        Ok(Self {
            uid: ids("--uid-owner")?,
            gid: ids("--gid-owner")?,
            socket: args.get("--socket-exists").map(|arg| arg.not),
            groups: args.has("--suppl-groups"),
        })
    }
}

impl Ids {
    fn read(arg: &Arg<'_>) -> Result<Self, Diagnostic> {
        let text = arg.text(0);
        if &*text == "root" {
            return Ok(Self { not: arg.not, range: 0..=0 });
        }
        let (first, last) = text.split_once('-').unwrap_or((&text, &text));
        let read = |id: &str| id.parse().map_err(|_| arg.bad("a number or first-last"));
        Ok(Self { not: arg.not, range: read(first)?..=read(last)? })
    }
}

impl Matches for Owner {
    /// A packet without a socket, such as one that is forwarded, has no owner: only inverted tests hold.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let owned = |ids: &Option<Ids>, id: &Value<u32>| match ids {
            None => Outcome::Always,
            Some(ids) if cx.packet.local => cx.is_within(id, &ids.range).negated(ids.not),
            Some(ids) => ids.not.into(),
        };
        let socket = self.socket.map_or(Outcome::Always, |not| (cx.packet.local != not).into());
        owned(&self.uid, &cx.packet.uid).and(owned(&self.gid, &cx.packet.gid)).and(socket)
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(inverted) = self.socket {
            write!(f, "{} --socket-exists", not(inverted))?;
        }
        for (option, ids) in [("--uid-owner", &self.uid), ("--gid-owner", &self.gid)] {
            match ids.as_ref().map(|ids| (ids.not, ids.range.start(), ids.range.end())) {
                Some((inverted, first, last)) if first == last => write!(f, "{} {option} {first}", not(inverted))?,
                Some((inverted, first, last)) => write!(f, "{} {option} {first}-{last}", not(inverted))?,
                None => {}
            }
        }
        f.write_str(if self.groups { " --suppl-groups" } else { "" })
    }
}
