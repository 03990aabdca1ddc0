// SPDX-License-Identifier: EUPL-1.2
//! The live panel of supervisors: sent when it may have changed, at most once a second, and at least every five seconds while a
//! supervisor is connected.

use infocig_domain::desk::Desk;
use infocig_protocol::{desk::DeskServerFrame, id::AdvisorId, time::Timestamp};

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
    /// The panel for each supervisor who is connected, if one is to be sent now. `changed` says that it may differ from the last.
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
        let mut panel = self.look_at(|desk: &Desk| desk.panel(now))?;
        // The act that the panel follows is stored: a count that cannot be read must not fail it.
        panel.dead_letters = self.outbox().dead_letter_count().unwrap_or_default();
        let frame = to_text(&DeskServerFrame::Panel(Box::new(panel)))?;
        Ok(supervisors.into_iter().map(|id| (Recipient::Advisor(id), frame.clone())).collect())
    }
}

/// Not more often, in milliseconds.
const LEAST_MS: i64 = 1_000;
/// Not less often, in milliseconds.
const MOST_MS: i64 = 5_000;
