// SPDX-License-Identifier: EUPL-1.2
//! Who is there, from what is attached to the links of a conversation: told to the others, never stored.
use infocig_domain::people::Speaker;
use infocig_protocol::{
    entry::Party,
    frame::ServerFrame,
    id::{AdvisorId, ConversationId},
};

use super::{Socket, written};
use crate::problem::Fault;

impl Socket {
    /// Which side of a conversation the link is on, once it is known.
    pub fn party(&self) -> Option<Party> {
        self.conversation.as_ref().and(self.speaker.as_ref()).map(|speaker| speaker.party())
    }

    /// Whether the link is the person's, in a conversation.
    pub fn hears_places(&self, conversation: &ConversationId) -> bool {
        !self.dismissed
            && self.conversation.as_ref() == Some(conversation)
            && self.party() == Some(Party::Citizen)
    }

    /// Whether two links are of the same speaker, there for the same.
    pub fn is_of_the_speaker_of(&self, other: &Self) -> bool {
        self.conversation == other.conversation && self.speaker == other.speaker
    }

    /// The advisor who speaks on it, if one does.
    pub fn advisor(&self) -> Option<&AdvisorId> {
        match self.speaker.as_ref()? {
            Speaker::Citizen => None,
            Speaker::Advisor(advisor) => Some(&advisor.id),
        }
    }

    /// Whether the link is told how `party` stands in the conversation of `about`.
    pub fn watches(&self, about: &Self, party: Party) -> bool {
        !self.dismissed
            && self.conversation == about.conversation
            && self.party().is_some_and(|own| own != party)
    }
}

/// How a side stands in the conversation of `about`, by every link of the object.
pub fn presence<'s>(
    party: Party,
    about: &Socket,
    links: impl Iterator<Item = &'s Socket>,
) -> Result<String, Fault> {
    let theirs = |link: &&Socket| {
        !link.dismissed && link.conversation == about.conversation && link.party() == Some(party)
    };
    let (mut connected, mut read_up_to) = (false, 0);
    for link in links.filter(theirs) {
        connected = true;
        read_up_to = read_up_to.max(link.read_up_to);
    }
    written(&ServerFrame::Presence { party, connected, read_up_to })
}

/// A side is writing.
pub fn typing(party: Party) -> Result<String, Fault> {
    written(&ServerFrame::Typing { party })
}

#[cfg(test)]
mod tests {
    use infocig_domain::people::Advisor;
    use infocig_protocol::time::Timestamp;

    use super::*;

    #[test]
    fn a_side_is_there_with_any_of_its_devices_and_has_read_what_one_of_them_has_shown() {
        let phone = Socket { read_up_to: 3, ..link(1, Some(Speaker::Citizen)) };
        let laptop = Socket { read_up_to: 7, ..link(1, Some(Speaker::Citizen)) };
        let gone = Socket { read_up_to: 9, dismissed: true, ..link(1, Some(Speaker::Citizen)) };
        let elsewhere = Socket { read_up_to: 9, ..link(2, Some(Speaker::Citizen)) };

        let told =
            presence(Party::Citizen, &phone, [&phone, &laptop, &gone, &elsewhere].into_iter()).unwrap();

        let expected = ServerFrame::Presence { party: Party::Citizen, connected: true, read_up_to: 7 };
        assert_eq!(ServerFrame::read(&told), Some(expected));
        let told = presence(Party::Advisor, &phone, [&phone].into_iter()).unwrap();
        let expected = ServerFrame::Presence { party: Party::Advisor, connected: false, read_up_to: 0 };
        assert_eq!(ServerFrame::read(&told), Some(expected));
    }

    #[test]
    fn only_the_other_side_of_the_same_conversation_is_told() {
        let citizen = link(1, Some(Speaker::Citizen));
        assert!(link(1, Some(giulia())).watches(&citizen, Party::Citizen));

        assert!(!link(1, Some(Speaker::Citizen)).watches(&citizen, Party::Citizen));
        assert!(!link(2, Some(giulia())).watches(&citizen, Party::Citizen));
        assert!(!link(1, None).watches(&citizen, Party::Citizen));
    }

    fn link(ordinal: u32, speaker: Option<Speaker>) -> Socket {
        let conversation = ConversationId::of(&"0f".repeat(32), ordinal).unwrap();
        Socket { speaker, ..Socket::new(Timestamp::from_millis(0), Some(conversation)) }
    }

    fn giulia() -> Speaker {
        Speaker::Advisor(Advisor { id: AdvisorId::parse("giulia").unwrap(), name: "Giulia".into() })
    }
}
