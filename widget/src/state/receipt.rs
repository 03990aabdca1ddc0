// SPDX-License-Identifier: EUPL-1.2
//! The receipt of a conversation that has ended, and its hand-offs to an office.

use infocig_protocol::{
    entry::{EntryBody, Outcome, Phase},
    segnalazione::SegnalazioneStatus,
    time::Timestamp,
};

use super::ChatState;

/// The receipt of a conversation that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// When it began; absent unless the log is loaded from its first entry.
    pub began: Option<Timestamp>,
    pub ended: Timestamp,
    /// The outcome in the closing entry, if there is one.
    pub outcome: Option<Outcome>,
    /// No advisor ever answered. Only true if the log is loaded from its first entry.
    pub unanswered: bool,
    /// The hand-offs to an office, oldest first.
    pub segnalazioni: Vec<SegnalazioneStatus>,
}

impl Receipt {
    /// Whether no advisor answered and there is no other outcome.
    pub const fn ended_unanswered(&self) -> bool {
        self.unanswered && self.outcome.is_none()
    }
}

impl ChatState {
    /// The hand-offs to an office with their newest state, oldest first.
    pub fn segnalazioni(&self) -> Vec<SegnalazioneStatus> {
        let mut all: Vec<SegnalazioneStatus> = Vec::new();
        for entry in &self.entries {
            let EntryBody::Segnalazione { id, number, state } = &entry.body else { continue };
            let now = SegnalazioneStatus { id: id.clone(), number: number.clone(), state: state.clone() };
            match all.iter_mut().find(|one| one.id == *id) {
                Some(one) => *one = now,
                None => all.push(now),
            }
        }
        all
    }

    /// Whether an office has not given its final answer.
    pub fn awaits_office(&self) -> bool {
        self.segnalazioni().iter().any(|one| !one.state.is_final())
    }

    /// The receipt; `None` before the end.
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
