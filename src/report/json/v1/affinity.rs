//! Session affinity, as every format has it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::analyze::{self, Fan, Memory};

/// How a Service port remembers its clients.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Affinity {
    /// For how long after a client's last new connection; `null` without end.
    seconds: Option<u32>,
    /// Lists that are asked for the client.
    lists: usize,
    /// Lists that note whom they send on.
    noted: usize,
    /// Clients that each list holds.
    list_size: u32,
    /// The part of clients that is remembered, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    remembered: Option<Remembered>,
}

/// The part of clients that are remembered, from 0 to 1.
#[derive(Debug, Serialize, JsonSchema)]
struct Remembered {
    clients: u32,
    /// After each has come once.
    once: f64,
    /// Of those who come back, again and again and in any order.
    returning: f64,
}

impl Affinity {
    pub(super) fn of(affinity: analyze::Affinity, fan: &Fan, memory: Memory) -> Self {
        let remembered = memory.clients.zip(memory.remembered(&fan.shares()));
        let part = |(clients, part): (u32, analyze::Remembered)| Remembered {
            clients,
            once: part.once,
            returning: part.returning,
        };
        Self {
            seconds: affinity.seconds,
            lists: affinity.lists,
            noted: affinity.noted,
            list_size: memory.size,
            remembered: remembered.map(part),
        }
    }
}
