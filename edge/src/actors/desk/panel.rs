// SPDX-License-Identifier: EUPL-1.2
//! The live panel of supervisors: sent when it may have changed, at most once a second, and at least every five seconds while a
//! supervisor is connected.

use std::collections::{BTreeMap, btree_map::Entry};

use infocig_domain::desk::Desk;
use infocig_protocol::{
    desk::DeskServerFrame,
    id::{AdvisorId, QueueId},
    time::Timestamp,
};

use super::DeskActor;
use crate::{
    actors::{Actor, Recipient, actor::to_text},
    problem::Fault,
    sql::Sql,
};

/// When panels were and will be sent, by the service's clock. Empty while nobody has one, and after memory was lost.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PanelState {
    sent: Option<Timestamp>,
    /// The next one is sent here.
    pub(super) due: Option<Timestamp>,
}

impl<S: Sql> DeskActor<S> {
    /// The panel for each supervisor who is connected, of their queues, if one is to be sent now. `changed` says that it may differ from the last.
    pub(super) fn panels(&self, changed: bool, now: Timestamp) -> Result<Vec<(Recipient, String)>, Fault> {
        let supervisors: Vec<AdvisorId> = self.look_at(|desk| desk.supervisors().cloned().collect())?;
        if supervisors.is_empty() {
            self.panel.take();
            return Ok(Vec::new());
        }
        let PanelState { sent, due } = self.panel.get();
        // A clock that was set back must not stop the panels.
        let sent = sent.filter(|sent| *sent <= now);
        let due = match sent {
            None => now,
            Some(sent) if changed => sent.plus_millis(LEAST_MS),
            Some(sent) => due.unwrap_or(sent.plus_millis(MOST_MS)),
        };
        if due > now {
            self.panel.set(PanelState { sent, due: Some(due) });
            return Ok(Vec::new());
        }
        self.panel.set(PanelState { sent: Some(now), due: Some(now.plus_millis(MOST_MS)) });
        // The act that the panel follows is stored: a count that cannot be read must not fail it.
        let dead_letters = self.outbox().dead_letter_count().unwrap_or_default();
        // Supervisors of the same queues have the same panel: it is made once.
        let mut made = BTreeMap::<Vec<QueueId>, String>::new();
        let mut frames = Vec::new();
        for id in supervisors {
            let queues =
                self.look_at(|desk: &Desk| desk.queues_of(&id).map(|queue| queue.id.clone()).collect());
            let frame = match made.entry(queues?) {
                Entry::Occupied(made) => made.get().clone(),
                Entry::Vacant(place) => {
                    let mut panel = self.look_at(|desk: &Desk| desk.panel(&id, now))?;
                    panel.dead_letters = dead_letters;
                    place.insert(to_text(&DeskServerFrame::Panel(Box::new(panel)))?).clone()
                }
            };
            frames.push((Recipient::Advisor(id), frame));
        }
        Ok(frames)
    }
}

/// Not more often, in milliseconds.
const LEAST_MS: i64 = 1_000;
/// Not less often, in milliseconds.
const MOST_MS: i64 = 5_000;
