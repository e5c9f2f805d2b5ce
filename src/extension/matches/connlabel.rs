//! `-m connlabel`: a label of the connection, a bit that rules set (`net/netfilter/xt_connlabel.c`).

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::{Extension, Listed, Matches, goes_on, opens};
use crate::logic::{Outcome, Presumed};
use crate::number::number;
use crate::packet::{Conntrack, Context, CtState, Packet};
use crate::save::in_quotes;

/// `-m connlabel [!] --label NAME [--set]`
#[derive(Debug, Clone)]
pub struct ConnLabel<'t> {
    not: bool,
    /// A number below 128, or a name of `connlabel.conf`.
    label: Cow<'t, str>,
    set: bool,
}

impl<'t> Extension<'t> for ConnLabel<'t> {
    const NAME: &'static str = "connlabel";
    const OPTIONS: &'static [Opt] = &[opt("--label", 1), opt("--set", 0)];
    const LISTED: &'static [Listed] = &[opens("connlabel", "--label", 1), goes_on("set", "--set", 0)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--label").ok_or_else(|| args.missing("--label"))?;
        let bad = || arg.bad("a number from 0 to 127, or a name");
        let label = match number::<u64>(&arg.text(0)) {
            Some(label @ 0..=127) => Cow::Owned(label.to_string()),
            Some(_) => return Err(bad()),
            None => arg.text(0),
        };
        if label.is_empty() {
            return Err(bad());
        }
        Ok(Self { not: arg.not, label, set: args.has("--set") })
    }
}

impl Matches for ConnLabel<'_> {
    /// `--set` sets it and matches. A new connection has the labels that rules before gave it. Without an entry there are
    /// none.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let label = &self.label;
        let there = match cx.packet.conntrack {
            Conntrack::Entry { .. } if self.set || cx.packet.labels.contains(&**label) => Outcome::Always,
            Conntrack::Entry { state: CtState::Established | CtState::Related, .. } => cx.ask(
                &format!("connlabel:{label}"),
                Some(Presumed::usually(false)),
                format!("its connection has the label {label}"),
                format!("its connection does not have the label {label}"),
            ),
            _ => Outcome::Never,
        };
        there.negated(self.not)
    }

    fn record(&self, packet: &mut Packet, _matched: bool) {
        if self.set && matches!(packet.conntrack, Conntrack::Entry { .. }) {
            packet.labels.insert(Arc::from(&*self.label));
        }
    }

    fn records(&self) -> bool {
        self.set
    }

    fn tracks(&self) -> bool {
        true
    }
}

impl fmt::Display for ConnLabel<'_> {
    /// Always in quotes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} --label {}{}", not(self.not), in_quotes(&self.label), if self.set { " --set" } else { "" })
    }
}
