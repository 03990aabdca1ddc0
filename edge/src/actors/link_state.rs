// SPDX-License-Identifier: EUPL-1.2
//! The state of a link: attached to its socket, where the platform keeps it while the object sleeps, or stored for a link
//! without one.

use infocig_domain::people::Speaker;
use infocig_protocol::{
    entry::Party,
    id::{AdvisorId, ConversationId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// The state of a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkState {
    /// When it opened, by the wall clock.
    pub opened: Timestamp,
    /// The conversation in its address; absent at a desk.
    pub conversation: Option<ConversationId>,
    /// The holder of its ticket; absent until `hello` is accepted.
    pub speaker: Option<Speaker>,
    /// Everything up to this entry has been on its screen.
    #[serde(default)]
    pub read_up_to: u64,
    /// When the ticket it was accepted with ends, by the service's clock; absent until `hello` is accepted.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// It is an observing supervisor's: it is on neither side of the conversation, and nobody is notified of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub observes: bool,
    /// The session of the staff that it ends with, where its ticket names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// A Close frame was sent. The platform lists the socket until the peer completes the handshake; it counts as gone, and
    /// frames that still arrive on it are dropped.
    #[serde(default, alias = "dismissed")]
    pub close_sent: bool,
}

impl LinkState {
    /// A link that is yet to say `hello`.
    pub fn new(opened: Timestamp, conversation: Option<ConversationId>) -> Self {
        let (speaker, until, session, observes) = (None, None, None, false);
        Self { opened, conversation, speaker, read_up_to: 0, until, observes, session, close_sent: false }
    }

    /// The side of a conversation the link is on, once it is known; `None` at a desk, and for a supervisor who reads.
    pub fn party(&self) -> Option<Party> {
        if self.observes {
            return None;
        }
        self.conversation.as_ref().and(self.speaker.as_ref()).map(Speaker::party)
    }

    /// Whether its `hello` was accepted and no Close frame was sent since.
    pub fn is_live(&self) -> bool {
        self.speaker.is_some() && !self.close_sent
    }

    /// Whether the link is the person's, in that conversation.
    pub fn is_citizen_of(&self, conversation: &ConversationId) -> bool {
        self.is_live()
            && self.conversation.as_ref() == Some(conversation)
            && self.party() == Some(Party::Citizen)
    }

    /// Whether the link is that advisor's, in that conversation, and not to read alone.
    pub fn is_advisor_of(&self, conversation: &ConversationId, advisor: &AdvisorId) -> bool {
        self.is_live()
            && self.conversation.as_ref() == Some(conversation)
            && self.party() == Some(Party::Advisor)
            && self.advisor() == Some(advisor)
    }

    /// Whether two links are of the same speaker, in the same conversation or at the same desk.
    pub fn is_same_speaker(&self, other: &Self) -> bool {
        self.conversation == other.conversation && self.speaker == other.speaker
    }

    /// The advisor who holds its ticket, if one does.
    pub fn advisor(&self) -> Option<&AdvisorId> {
        match self.speaker.as_ref()? {
            Speaker::Citizen => None,
            Speaker::Advisor(advisor) => Some(&advisor.id),
        }
    }

    /// Whether the link is sent the presence of `party` in the conversation of `about`: it is on another side of it.
    pub fn watches(&self, about: &Self, party: Party) -> bool {
        self.is_live()
            && self.conversation == about.conversation
            && self.party().is_some_and(|own| own != party)
    }
}

#[cfg(test)]
mod tests {
    use infocig_domain::people::Advisor;

    use super::*;

    #[test]
    fn only_the_other_side_of_the_same_conversation_is_told() {
        let citizen = link(1, Some(Speaker::Citizen));
        assert!(link(1, Some(giulia())).watches(&citizen, Party::Citizen));

        assert!(!link(1, Some(Speaker::Citizen)).watches(&citizen, Party::Citizen));
        assert!(!link(2, Some(giulia())).watches(&citizen, Party::Citizen));
        assert!(!link(1, None).watches(&citizen, Party::Citizen));
        let observing = LinkState { observes: true, ..link(1, Some(giulia())) };
        assert!(!observing.watches(&citizen, Party::Citizen) && observing.party().is_none());
        let closed = LinkState { close_sent: true, ..link(1, Some(giulia())) };
        assert!(!closed.watches(&citizen, Party::Citizen));
    }

    fn link(ordinal: u32, speaker: Option<Speaker>) -> LinkState {
        let conversation = ConversationId::of(&"0f".repeat(32), ordinal).unwrap();
        LinkState { speaker, ..LinkState::new(Timestamp::from_millis(0), Some(conversation)) }
    }

    fn giulia() -> Speaker {
        Speaker::Advisor(Advisor { id: AdvisorId::parse("giulia").unwrap(), name: "Giulia".into() })
    }
}
