// SPDX-License-Identifier: EUPL-1.2
//! The desk as whoever operates the service sees it: numbers, and nobody's name.

use std::collections::BTreeMap;

use infocig_protocol::{desk::Presence, id::QueueId, time::Timestamp};

use super::Desk;
use crate::figures::histogram::Histogram;

/// Numbers of one queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueMeasures {
    /// The queue.
    pub queue: QueueId,
    /// Conversations that wait. Those that are offered to an advisor wait too.
    pub waiting: u32,
    /// Since when the person who has waited longest waits.
    pub oldest: Option<Timestamp>,
    /// Conversations that an advisor holds.
    pub held: u32,
    /// From entering to the first answer, of those answered today.
    pub waits: Histogram,
}

impl Desk {
    /// Numbers of each queue.
    pub fn measures(&self, now: Timestamp) -> Vec<QueueMeasures> {
        let measures = |queue: &QueueId| {
            let waiting = || self.waiting().filter(|one| one.queue() == queue);
            let held = self.conversations().filter(|one| one.queue() == queue && one.held().is_some());
            QueueMeasures {
                queue: queue.clone(),
                waiting: number(waiting().count()),
                oldest: waiting().map(|one| one.since).min(),
                held: number(held.count()),
                waits: self.today(queue, now).wait,
            }
        };
        self.queues.ids().map(measures).collect()
    }

    /// How many advisors have each presence, in words; `lost` are those who are connected nowhere.
    pub fn presences(&self) -> Vec<(&'static str, u32)> {
        let mut numbers: BTreeMap<&'static str, u32> = PRESENCES.map(|word| (word, 0)).into();
        for one in self.advisors() {
            let word = match one.presence {
                _ if one.disconnected_since.is_some() => "lost",
                Presence::Available => "available",
                Presence::Busy => "busy",
                Presence::Paused => "paused",
                Presence::Leaving => "leaving",
                Presence::Supervising => "supervising",
            };
            *numbers.entry(word).or_default() += 1;
        }
        numbers.into_iter().collect()
    }
}

const PRESENCES: [&str; 6] = ["available", "busy", "paused", "leaving", "supervising", "lost"];

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
