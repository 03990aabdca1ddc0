// SPDX-License-Identifier: EUPL-1.2
//! What a person takes away from a conversation that is over.

use infocig_protocol::{
    entry::{EntryBody, Outcome, Phase},
    segnalazione::SegnalazioneStanding,
    time::Timestamp,
};

use super::ChatState;

/// What a person takes away from a conversation that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// When it began; absent while the log is not shown from its beginning.
    pub began: Option<Timestamp>,
    /// When it ended.
    pub ended: Timestamp,
    /// What came of it, where that is known.
    pub outcome: Option<Outcome>,
    /// Nobody ever answered, as far as the log is shown from its beginning.
    pub unanswered: bool,
    /// What was handed to an office, oldest first.
    pub segnalazioni: Vec<SegnalazioneStanding>,
}

impl Receipt {
    /// Whether nobody answered, and nothing else came of it.
    pub const fn ended_unanswered(&self) -> bool {
        self.unanswered && self.outcome.is_none()
    }
}

impl ChatState {
    /// What was handed to an office and how it stands, oldest first.
    pub fn segnalazioni(&self) -> Vec<SegnalazioneStanding> {
        let mut all: Vec<SegnalazioneStanding> = Vec::new();
        for entry in &self.entries {
            let EntryBody::Segnalazione { id, number, state } = &entry.body else { continue };
            let now = SegnalazioneStanding { id: id.clone(), number: number.clone(), state: state.clone() };
            match all.iter_mut().find(|one| one.id == *id) {
                Some(one) => *one = now,
                None => all.push(now),
            }
        }
        all
    }

    /// Whether an office still owes an answer.
    pub fn awaits_office(&self) -> bool {
        self.segnalazioni().iter().any(|one| !one.state.is_final())
    }

    /// What a person takes away, once the conversation is over.
    pub fn receipt(&self) -> Option<Receipt> {
        let Some(Phase::Closed { at: ended, .. }) = self.phase else { return None };
        let segnalazioni = self.segnalazioni();
        let said = self.entries.iter().find_map(|entry| {
            let EntryBody::Closed { outcome, .. } = entry.body else { return None };
            Some(outcome)
        });
        let began = self.entries.first().filter(|first| first.seq == 1).map(|first| first.at);
        let answered =
            self.entries.iter().any(|entry| matches!(entry.phase_after(), Some(Phase::Active { .. })));
        let unanswered = said.is_some() && began.is_some() && !answered;
        Some(Receipt { began, ended, outcome: said.flatten(), unanswered, segnalazioni })
    }
}
