// SPDX-License-Identifier: EUPL-1.2
//! Whether the service is open.

use infocig_protocol::{
    entry::{Party, Phase},
    http::{Admission, Verdict},
    time::Timestamp,
};

use super::{ChatState, Stage};

/// The last answer to whether the service is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "there is one of it, and in the browser it is half as large")]
pub enum Availability {
    /// There was no answer yet.
    #[default]
    Checking,
    /// The server's answer.
    Known(Admission),
    /// The server did not answer.
    Unknown,
}

impl ChatState {
    /// Whether the service has opened since the person was refused.
    pub fn opened_since_refusal(&self) -> bool {
        let open = self.is_open();
        let refused = matches!(&self.stage, Stage::Refused(admission)
            if matches!(admission.verdict, Verdict::Closed | Verdict::OnlyOngoing | Verdict::NotEligible));
        open && refused
    }

    /// Whether the system, at closing time, ended the conversation after `instant`, or at all if there is none.
    pub fn was_closed_after(&self, instant: Option<Timestamp>) -> bool {
        matches!(&self.phase, Some(Phase::Closed { by: Party::System, at }) if instant.is_none_or(|instant| instant < *at))
    }

    /// The newest answer of the service to whether the person may enter.
    pub const fn admission(&self) -> Option<&Admission> {
        match (&self.stage, &self.availability) {
            (Stage::Refused(admission), _) | (_, Availability::Known(admission)) => Some(admission),
            (_, Availability::Checking | Availability::Unknown) => None,
        }
    }

    /// Whether the last answer was that the person may enter.
    pub fn is_open(&self) -> bool {
        matches!(&self.availability, Availability::Known(admission) if admission.verdict == Verdict::Open)
    }
}
