//! In which order a hook asks its tables, and which of two backends first (`docs/semantics.md`, "Rules of both backends").

use crate::logic::{Fact, Presumed};
use crate::ruleset::TableId;
use crate::save::{Backend, Hook, TableName};

use super::chain::Scene;
use super::journey::decide;
use super::place::Stage;
use super::traveller::Traveller;

/// What happens at each hook, in order of priority (`enum nf_ip_hook_priorities`). Routing stands where a hook hands over
/// to the next. Only security has a priority of its own on nft (`nft_xtables_tables` in iptables/nft.c).
const fn stages(hook: Hook) -> &'static [Stage] {
    use Stage::{Deliver, Leave, Reroute, Route, Table, Tables, Track};
    use TableName::{Filter, Mangle, Nat, Raw, Security};
    const LEGACY: TableId = TableId::new(Backend::Legacy, Security);
    const NFT: TableId = TableId::new(Backend::Nft, Security);
    match hook {
        Hook::Prerouting => &[
            Tables(Hook::Prerouting, Raw),
            Track(Hook::Prerouting),
            Tables(Hook::Prerouting, Mangle),
            Tables(Hook::Prerouting, Nat),
            Route,
        ],
        Hook::Input => &[
            Tables(Hook::Input, Mangle),
            Tables(Hook::Input, Filter),
            Table { hook: Hook::Input, table: LEGACY, then: None },
            Tables(Hook::Input, Nat),
            Table { hook: Hook::Input, table: NFT, then: None },
            Deliver,
        ],
        Hook::Forward => &[
            Tables(Hook::Forward, Mangle),
            Tables(Hook::Forward, Filter),
            Table { hook: Hook::Forward, table: LEGACY, then: None },
            Table { hook: Hook::Forward, table: NFT, then: None },
            Tables(Hook::Postrouting, Mangle),
        ],
        Hook::Output => &[
            Tables(Hook::Output, Raw),
            Track(Hook::Output),
            Tables(Hook::Output, Mangle),
            Tables(Hook::Output, Nat),
            Tables(Hook::Output, Filter),
            Table { hook: Hook::Output, table: LEGACY, then: None },
            Table { hook: Hook::Output, table: NFT, then: None },
            Reroute,
        ],
        Hook::Postrouting => &[Tables(Hook::Postrouting, Mangle), Tables(Hook::Postrouting, Nat), Leave],
    }
}

/// Goes to the stage after this one.
pub(super) fn pass(traveller: &mut Traveller) {
    let now = traveller.place.stage;
    let (hook, among) = match now {
        Stage::Table { hook, table, then: Some(backend) } => {
            traveller.place.go(Stage::Table { hook, table: TableId { backend, ..table }, then: None });
            return;
        }
        Stage::Table { hook, table, .. } => (hook, Stage::Tables(hook, table.name)),
        Stage::Tables(hook, _) | Stage::Track(hook) => (hook, now),
        _ => return,
    };
    let next = stages(hook).iter().skip_while(|stage| **stage != now && **stage != among).nth(1);
    traveller.place.go(next.copied().unwrap_or(Stage::Leave));
}

impl Scene<'_, '_> {
    /// Asking the table of this name; where both backends have one with something in it, the one first that was registered
    /// last (`nf_hook_entries_grow`).
    pub(super) fn first_of(&self, hook: Hook, name: TableName) -> Result<Option<Stage>, Box<Fact>> {
        let chain = |backend| self.ruleset.chain(self.ruleset.base(TableId::new(backend, name), hook)?);
        let (first, then) = match (chain(Backend::Nft), chain(Backend::Legacy)) {
            (None, None) => return Ok(None),
            (Some(_), None) => (Backend::Nft, None),
            (None, Some(_)) => (Backend::Legacy, None),
            (Some(nft), Some(legacy)) => {
                if nft.is_plain() || legacy.is_plain() || self.is_nft_first(hook, name)? {
                    (Backend::Nft, Some(Backend::Legacy))
                } else {
                    (Backend::Legacy, Some(Backend::Nft))
                }
            }
        };
        Ok(Some(Stage::Table { hook, table: TableId::new(first, name), then }))
    }

    /// No dump tells what was registered last. Legacy registers a table once, when it is first used; nft registers its own
    /// anew whenever `iptables-nft-restore` replaces all of it.
    fn is_nft_first(&self, hook: Hook, name: TableName) -> Result<bool, Box<Fact>> {
        decide(self.world.outcome(Fact::named(
            &format!("nft-first:{name}:{hook}"),
            Some(Presumed::usually(true)),
            format!("{name} {hook} of nft is asked before that of legacy"),
            format!("{name} {hook} of legacy is asked before that of nft"),
        )))
    }
}

#[cfg(test)]
mod tests {
    use crate::logic::Share;
    use crate::packet::Packet;
    use crate::save::Family;
    use crate::walk::place::Place;

    use super::*;

    fn at(stage: Stage) -> Traveller {
        let packet = Packet::unknown(Family::V4, false);
        Traveller { place: Place::start(stage), packet, share: Share::ALL, trail: None, goes: None, first: None }
    }

    fn table(name: TableName, backend: Backend, then: Option<Backend>) -> Stage {
        Stage::Table { hook: Hook::Input, table: TableId::new(backend, name), then }
    }

    #[test]
    fn the_other_backend_comes_before_the_next_table() {
        let mut traveller = at(table(TableName::Filter, Backend::Nft, Some(Backend::Legacy)));
        let security = table(TableName::Security, Backend::Legacy, None);
        for next in
            [table(TableName::Filter, Backend::Legacy, None), security, Stage::Tables(Hook::Input, TableName::Nat)]
        {
            pass(&mut traveller);
            assert_eq!(traveller.place.stage, next);
        }
    }

    #[test]
    fn a_mapping_ends_nat_of_both() {
        let nat = || at(table(TableName::Nat, Backend::Legacy, Some(Backend::Nft)));
        let (mut asked, mut mapped) = (nat(), nat());
        pass(&mut asked);
        assert_eq!(asked.place.stage, table(TableName::Nat, Backend::Nft, None));
        pass(&mut asked);
        mapped.place.end_nat();
        pass(&mut mapped);
        assert_eq!(mapped.place, asked.place);
        assert_eq!(mapped.place.stage, table(TableName::Security, Backend::Nft, None));
    }
}
