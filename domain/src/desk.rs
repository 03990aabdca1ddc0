// SPDX-License-Identifier: EUPL-1.2
//! The desk of one queue: who waits, first come first, and which advisor holds which conversation.
//!
//! - A conversation is on the desk once: waiting, or in one advisor's hands.
//! - Taking is confirmed only when the conversation itself has been told; until then it is not shown as the advisor's, so
//!   that nobody opens a conversation that does not know them yet.
//! - Notices arrive in order and at most once; the caller sees to that.

use infocig_protocol::{
    desk::{DeskServerFrame, WaitingConversation},
    id::{AdvisorId, ConversationId, QueueId},
    person::PersonCard,
    problem::Code,
    time::Timestamp,
};

use crate::notice::{Advisor, ConversationNotice, DeskNotice, Notice};

/// A desk: a queue and the conversations on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desk {
    /// The queue it serves.
    pub queue: QueueId,
    seats: Vec<Seat>,
}

/// One conversation on a desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The conversation.
    pub conversation: ConversationId,
    /// Since when the person waits, or waited.
    pub since: Timestamp,
    /// Who asks.
    pub person: PersonCard,
    /// Whose hands it is in.
    pub holder: Option<Holder>,
}

/// The advisor who took a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Who.
    pub advisor: Advisor,
    /// When.
    pub since: Timestamp,
    /// Whether the conversation has been told.
    pub confirmed: bool,
}

/// What one call changed: store it, then show everybody the desk, then reply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeskStep {
    /// Seats to write.
    pub seated: Vec<Seat>,
    /// Seats to delete.
    pub left: Vec<ConversationId>,
    /// Notices to put in the outbox with the rest.
    pub notices: Vec<Notice>,
    /// Frames for the advisor alone.
    pub replies: Vec<DeskServerFrame>,
}

impl DeskStep {
    /// Whether the picture of the desk changed.
    pub fn changes_the_picture(&self) -> bool {
        !self.seated.is_empty() || !self.left.is_empty()
    }
}

impl Desk {
    /// A desk as it was stored.
    pub fn restore(queue: QueueId, mut seats: Vec<Seat>) -> Self {
        seats.sort_by(|a, b| (a.since, &a.conversation).cmp(&(b.since, &b.conversation)));
        Self { queue, seats }
    }

    /// A conversation says something.
    pub fn hear(&mut self, notice: DeskNotice) -> DeskStep {
        match notice {
            DeskNotice::Waiting { conversation, since, person } => {
                if self.seat(&conversation).is_some() {
                    return DeskStep::default();
                }
                let seat = Seat { conversation, since, person, holder: None };
                let place = self.seats.partition_point(|other| other.since <= seat.since);
                self.seats.insert(place, seat.clone());
                DeskStep { seated: vec![seat], ..DeskStep::default() }
            }
            DeskNotice::Closed { conversation } => {
                let before = self.seats.len();
                self.seats.retain(|seat| seat.conversation != conversation);
                let left = if self.seats.len() < before { vec![conversation] } else { Vec::new() };
                DeskStep { left, ..DeskStep::default() }
            }
        }
    }

    /// An advisor takes a waiting conversation. Taking one's own again changes nothing.
    pub fn take(&mut self, conversation: &ConversationId, advisor: Advisor, now: Timestamp) -> DeskStep {
        let Some(seat) = self.seats.iter_mut().find(|seat| seat.conversation == *conversation) else {
            return refuse(conversation, "nobody waits under that id");
        };
        match &seat.holder {
            Some(holder) if holder.advisor.id == advisor.id => DeskStep::default(),
            Some(_) => refuse(conversation, "another advisor has taken it"),
            None => {
                seat.holder = Some(Holder { advisor: advisor.clone(), since: now, confirmed: false });
                DeskStep {
                    seated: vec![seat.clone()],
                    notices: vec![Notice::Conversation(ConversationNotice::Assigned {
                        conversation: conversation.clone(),
                        advisor,
                    })],
                    ..DeskStep::default()
                }
            }
        }
    }

    /// The conversation has been told whose hands it is in.
    pub fn confirm(&mut self, conversation: &ConversationId) -> DeskStep {
        let seat = self.seats.iter_mut().find(|seat| seat.conversation == *conversation);
        let Some((seat, holder)) = seat.and_then(|seat| {
            let holder = seat.holder.clone().filter(|holder| !holder.confirmed)?;
            Some((seat, holder))
        }) else {
            return DeskStep::default();
        };
        seat.holder = Some(Holder { confirmed: true, ..holder });
        DeskStep { seated: vec![seat.clone()], ..DeskStep::default() }
    }

    /// Who waits, first come first.
    pub fn waiting(&self) -> Vec<WaitingConversation> {
        self.seats
            .iter()
            .filter(|seat| seat.holder.is_none())
            .map(|seat| WaitingConversation {
                conversation: seat.conversation.clone(),
                since: seat.since,
                person: seat.person.clone(),
            })
            .collect()
    }

    /// An advisor's own conversations, oldest first.
    pub fn held_by<'d>(&'d self, advisor: &'d AdvisorId) -> impl Iterator<Item = (&'d Seat, &'d Holder)> {
        self.seats.iter().filter_map(move |seat| {
            let holder = seat.holder.as_ref()?;
            if holder.confirmed && holder.advisor.id == *advisor { Some((seat, holder)) } else { None }
        })
    }

    fn seat(&self, conversation: &ConversationId) -> Option<&Seat> {
        self.seats.iter().find(|seat| seat.conversation == *conversation)
    }
}

fn refuse(conversation: &ConversationId, detail: &str) -> DeskStep {
    let frame = DeskServerFrame::Refused {
        code: Code::NotWaiting,
        detail: detail.to_string(),
        conversation: Some(conversation.clone()),
    };
    DeskStep { replies: vec![frame], ..DeskStep::default() }
}

#[cfg(test)]
mod tests {
    use infocig_protocol::person::{Category, Credential};

    use super::*;

    #[test]
    fn who_comes_first_is_first() {
        let mut desk = empty();
        desk.hear(waiting(2, 20));
        desk.hear(waiting(1, 10));

        assert_eq!(desk.waiting().iter().map(|w| w.since).collect::<Vec<_>>(), [at(10), at(20)]);
    }

    #[test]
    fn a_taken_conversation_is_shown_as_ones_own_once_it_has_been_told() {
        let mut desk = empty();
        desk.hear(waiting(1, 10));

        let step = desk.take(&conversation(1), advisor("giulia"), at(30));
        assert!(matches!(&step.notices[..], [Notice::Conversation(ConversationNotice::Assigned { .. })]));
        assert!(desk.waiting().is_empty());
        assert_eq!(desk.held_by(&advisor("giulia").id).count(), 0);

        desk.confirm(&conversation(1));
        assert_eq!(desk.held_by(&advisor("giulia").id).count(), 1);
    }

    #[test]
    fn two_advisors_cannot_take_the_same_conversation() {
        let mut desk = empty();
        desk.hear(waiting(1, 10));
        desk.take(&conversation(1), advisor("giulia"), at(30));

        let step = desk.take(&conversation(1), advisor("marco"), at(31));

        assert!(matches!(&step.replies[..], [DeskServerFrame::Refused { code: Code::NotWaiting, .. }]));
        assert!(!step.changes_the_picture());
        assert_eq!(desk.take(&conversation(1), advisor("giulia"), at(32)), DeskStep::default());
    }

    #[test]
    fn a_conversation_that_ends_leaves_the_desk_wherever_it_was() {
        let mut desk = empty();
        desk.hear(waiting(1, 10));
        desk.take(&conversation(1), advisor("giulia"), at(30));

        let step = desk.hear(DeskNotice::Closed { conversation: conversation(1) });

        assert_eq!(step.left, [conversation(1)]);
        assert_eq!(desk.confirm(&conversation(1)), DeskStep::default());
        assert_eq!(desk, empty());
    }

    fn empty() -> Desk {
        Desk::restore(QueueId::parse("info-cig").unwrap(), Vec::new())
    }

    fn waiting(ordinal: u32, since: i64) -> DeskNotice {
        let person = PersonCard {
            name: "Persona Di Prova".to_string(),
            category: Category::Lavoratore,
            province: "058".to_string(),
            province_name: "Roma".to_string(),
            credential: Credential::Cie,
            acting_for: None,
        };
        DeskNotice::Waiting { conversation: conversation(ordinal), since: at(since), person }
    }

    fn conversation(ordinal: u32) -> ConversationId {
        ConversationId::of(&"0b".repeat(32), ordinal).unwrap()
    }

    fn advisor(name: &str) -> Advisor {
        Advisor { id: AdvisorId::parse(name).unwrap(), name: name.to_string() }
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }
}
