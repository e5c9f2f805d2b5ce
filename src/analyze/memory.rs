//! How many clients the lists of `recent` remember: each list holds so many addresses (`ip_list_tot` of `xt_recent`) and
//! then drops the one that it has not seen for the longest time (`recent_entry_init`).

use crate::logic::Share;

/// Addresses that a list holds unless the module is told otherwise (`xt_recent.c`).
pub const LIST_SIZE: u32 = 100;

/// Lists of one Service port, one for each endpoint, and those who come to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// Addresses that a list holds.
    pub size: u32,
    /// Clients, each with an address of its own, that come within the time of the affinity; `None` if nobody says.
    pub clients: Option<u32>,
}

/// The part of clients that are remembered, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Remembered {
    /// After each has come once.
    pub once: f64,
    /// Of those who come back, again and again and in any order.
    pub returning: f64,
}

impl Default for Memory {
    fn default() -> Self {
        Self { size: LIST_SIZE, clients: None }
    }
}

impl Memory {
    /// The part that is remembered where endpoints are drawn with these shares; `None` if nobody says how many come.
    pub fn remembered(self, shares: &[Share]) -> Option<Remembered> {
        let clients = self.clients.filter(|clients| *clients > 0)?;
        let kept: f64 = shares.iter().map(|share| kept(self.size, clients, share.get())).sum();
        // Who is forgotten is drawn anew, until the lists are full or everybody has a place.
        let room: f64 = shares.iter().filter(|share| **share > Share::NONE).map(|_| f64::from(self.size)).sum();
        Some(Remembered { once: kept / f64::from(clients), returning: (room / f64::from(clients)).min(1.0) })
    }
}

/// How many clients a list of this size keeps on average to which each of them comes with this chance: of a binomial
/// number, but no more than it holds.
fn kept(size: u32, clients: u32, share: f64) -> f64 {
    let most = size.min(clients);
    if share >= 1.0 {
        return f64::from(most);
    }
    let odds = (share / (1.0 - share)).ln();
    let mut log_chance = f64::from(clients) * (-share).ln_1p();
    let (mut at_most, mut kept) = (0.0, 0.0);
    for count in 0..most {
        at_most += log_chance.exp();
        kept += (1.0 - at_most).max(0.0);
        log_chance += (f64::from(clients - count) / f64::from(count + 1)).ln() + odds;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thirds(clients: u32) -> Remembered {
        Memory { size: LIST_SIZE, clients: Some(clients) }.remembered(&[Share::one_of(3); 3]).unwrap()
    }

    #[test]
    fn few_clients_are_all_remembered() {
        for clients in [1, 50, 200] {
            assert!((thirds(clients).once - 1.0).abs() < 1e-6, "{clients}");
            assert!((thirds(clients).returning - 1.0).abs() < 1e-9, "{clients}");
        }
    }

    #[test]
    fn of_too_many_a_list_keeps_what_it_holds() {
        for (clients, part) in [(400, 0.75), (1000, 0.3), (1_000_000, 0.0003)] {
            assert!((thirds(clients).once / part - 1.0).abs() < 0.002, "{clients}: {}", thirds(clients).once);
            assert!((thirds(clients).returning / part - 1.0).abs() < 1e-9, "{clients}");
        }
    }

    /// A list gets more than a hundred of three hundred clients as often as fewer.
    #[test]
    fn at_the_edge_some_lists_are_full_before_others() {
        assert!((thirds(300).once - 0.967).abs() < 0.001, "{}", thirds(300).once);
    }

    #[test]
    fn one_list_is_full_at_its_size() {
        let one = Memory { size: 100, clients: Some(150) }.remembered(&[Share::ALL]).unwrap();
        assert!((one.once - 2.0 / 3.0).abs() < 1e-9);
    }
}
