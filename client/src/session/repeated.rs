// SPDX-License-Identifier: EUPL-1.2
//! Frames beside messages that are repeated until the log answers them or the server refuses them.

use infocig_protocol::{
    case::Question, entry::EntryBody, frame::ClientFrame, id::MessageId, segnalazione::SegnalazioneDraft,
};

/// A frame to repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Repeated {
    Question(Question),
    Forward(Box<SegnalazioneDraft>),
}

impl Repeated {
    pub(super) fn frame(&self) -> ClientFrame {
        match self {
            Self::Question(question) => ClientFrame::Question(question.clone()),
            Self::Forward(draft) => ClientFrame::Forward(draft.clone()),
        }
    }

    /// Whether it takes the place of another.
    pub(super) fn replaces(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Question(_), Self::Question(_)) => true,
            (Self::Forward(one), Self::Forward(other)) => one.id == other.id,
            (Self::Question(_) | Self::Forward(_), _) => false,
        }
    }

    /// Whether an entry shows that the server has it.
    pub(super) fn is_answered_by(&self, body: &EntryBody) -> bool {
        match (self, body) {
            (Self::Question(_), EntryBody::Question(_)) => true,
            (Self::Forward(_), EntryBody::Segnalazione { id, .. }) => self.is_segnalazione(id),
            (Self::Question(_) | Self::Forward(_), _) => false,
        }
    }

    pub(super) fn is_question(&self) -> bool {
        matches!(self, Self::Question(_))
    }

    pub(super) fn is_segnalazione(&self, id: &MessageId) -> bool {
        matches!(self, Self::Forward(draft) if draft.id == *id)
    }
}
