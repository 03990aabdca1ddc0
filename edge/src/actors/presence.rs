// SPDX-License-Identifier: EUPL-1.2
//! Presence and typing: computed from the states of a conversation's links, sent to the other side, never stored.

use infocig_protocol::{entry::Party, frame::ServerFrame};

use super::{LinkState, actor::to_text};
use crate::problem::Fault;

/// The presence of a side in the conversation of `about`: connected by any live link, read up to the furthest of them.
pub fn presence<'s>(
    party: Party,
    about: &LinkState,
    links: impl Iterator<Item = &'s LinkState>,
) -> Result<String, Fault> {
    let theirs = |link: &&LinkState| {
        !link.close_sent && link.conversation == about.conversation && link.party() == Some(party)
    };
    let (mut connected, mut read_up_to) = (false, 0);
    for link in links.filter(theirs) {
        connected = true;
        read_up_to = read_up_to.max(link.read_up_to);
    }
    to_text(&ServerFrame::Presence { party, connected, read_up_to })
}

/// The frame that says that a side is writing.
pub fn typing(party: Party) -> Result<String, Fault> {
    to_text(&ServerFrame::Typing { party })
}

#[cfg(test)]
mod tests {
    use infocig_domain::people::Speaker;
    use infocig_protocol::{id::ConversationId, time::Timestamp};

    use super::*;

    #[test]
    fn a_side_is_present_and_has_read_with_any_of_its_devices() {
        let phone = LinkState { read_up_to: 3, ..link(1, Some(Speaker::Citizen)) };
        let laptop = LinkState { read_up_to: 7, ..link(1, Some(Speaker::Citizen)) };
        let gone = LinkState { read_up_to: 9, close_sent: true, ..link(1, Some(Speaker::Citizen)) };
        let elsewhere = LinkState { read_up_to: 9, ..link(2, Some(Speaker::Citizen)) };

        let told =
            presence(Party::Citizen, &phone, [&phone, &laptop, &gone, &elsewhere].into_iter()).unwrap();

        let expected = ServerFrame::Presence { party: Party::Citizen, connected: true, read_up_to: 7 };
        assert_eq!(ServerFrame::read(&told), Some(expected));
        let told = presence(Party::Advisor, &phone, [&phone].into_iter()).unwrap();
        let expected = ServerFrame::Presence { party: Party::Advisor, connected: false, read_up_to: 0 };
        assert_eq!(ServerFrame::read(&told), Some(expected));
    }

    fn link(ordinal: u32, speaker: Option<Speaker>) -> LinkState {
        let conversation = ConversationId::of(&"0f".repeat(32), ordinal).unwrap();
        LinkState { speaker, ..LinkState::new(Timestamp::from_millis(0), Some(conversation)) }
    }
}
