// SPDX-License-Identifier: EUPL-1.2
//! What the console knows, as signals. Events are applied here and nowhere else; views only read.
//!
//! - What was on screen stays: a lost connection, a new ticket or an ended sign-in changes words, not lists.
//! - Read is what was on screen: its conversation selected, the end of its log in sight, the page not hidden. Unread is what
//!   a person wrote after that and after the advisor's last answer.
//! - Nothing of one advisor's is shown to another who sits down after them.
//! - Minutes are counted on the server's clock: the device's may be wrong, or the service's may have been moved for a test.

mod citizen;
mod conversation;
mod delivery;

use std::collections::BTreeMap;

use infocig_client::{
    desk::DeskEvent,
    link::LinkState,
    session::{Event, Pending},
};
use infocig_protocol::{
    desk::{AssignedConversation, WaitingConversation},
    id::ConversationId,
    problem::Code,
    time::Timestamp,
};
use leptos::prelude::*;

use self::conversation::news_in;
pub use self::{
    citizen::{Citizen, LOSS_SHOWS_AFTER_MS},
    conversation::{Conversation, Earlier, Ending, Outgoing, unread},
    delivery::{Delivery, Marks},
};

/// Whether the advisor has a seat at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not known yet.
    Starting,
    /// Nobody is signed in.
    SignedOut,
    /// At the desk.
    Seated,
    /// At the desk until the sign-in ended.
    SignedOutAgain,
}

/// A connection, as it is said to the advisor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// For the first time.
    Connecting,
    /// What is on screen is what is.
    Live,
    /// It was there; it comes back by itself.
    Lost,
    /// The service has not answered; we ask again.
    Unanswered,
    /// The service does not take the portal's token; we ask again with the next.
    NotAccepted,
    /// The service has moved on: only a reload helps.
    Outdated,
    /// Somebody must sign in first.
    SignInNeeded,
}

impl Connection {
    /// How it is said after its link changed. A try after a loss is still a loss until it succeeds.
    #[must_use]
    pub const fn after(self, link: LinkState) -> Self {
        match (self, link) {
            (Self::Outdated, _) => Self::Outdated,
            (_, LinkState::Live) => Self::Live,
            (Self::Connecting | Self::Live | Self::SignInNeeded, LinkState::Connecting) => Self::Connecting,
            (Self::Lost | Self::Unanswered | Self::NotAccepted, LinkState::Connecting)
            | (_, LinkState::Lost | LinkState::Over) => Self::Lost,
        }
    }
}

/// A conversation that could not be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotTaken {
    /// Whose.
    pub name: String,
    /// Why.
    pub code: Code,
}

/// Something that happened outside the conversation on screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Announcement {
    /// Somebody joined the queue.
    Waits {
        /// Who.
        name: String,
    },
    /// Somebody wrote.
    Wrote {
        /// Who.
        name: String,
    },
}

/// The console's signals. `Copy`: pass it wherever it is read.
#[derive(Clone, Copy, Debug)]
pub struct DeskState {
    /// Whether the advisor has a seat.
    pub standing: RwSignal<Standing>,
    /// The desk's connection.
    pub connection: RwSignal<Connection>,
    /// The advisor's name as people read it.
    pub advisor: RwSignal<String>,
    /// The instant, by the server's clock.
    pub now: RwSignal<Timestamp>,
    /// Who waits, first come first; absent until the desk has been seen.
    pub waiting: RwSignal<Option<Vec<WaitingConversation>>>,
    /// Conversations asked for and not given yet, with the names of who asks.
    pub taking: RwSignal<BTreeMap<ConversationId, String>>,
    /// A conversation that could not be taken.
    pub not_taken: RwSignal<Option<NotTaken>>,
    /// The advisor's conversations, oldest first, with those that ended and were not dismissed.
    pub conversations: RwSignal<Vec<Conversation>>,
    /// The one on screen.
    pub selected: RwSignal<Option<ConversationId>>,
    /// Whether the log on screen shows its end.
    pub at_end: RwSignal<bool>,
    /// Whether the page is on screen.
    pub visible: RwSignal<bool>,
    /// Whether the advisor has moved between conversations: focus then follows.
    pub moved: RwSignal<bool>,
    /// What happened elsewhere, for screen readers.
    pub announcement: RwSignal<Option<Announcement>>,
    ahead: RwSignal<i64>,
}

impl DeskState {
    /// A console that has seen nothing. Signals belong to the current owner.
    pub fn new() -> Self {
        Self {
            standing: RwSignal::new(Standing::Starting),
            connection: RwSignal::new(Connection::Connecting),
            advisor: RwSignal::new(String::new()),
            now: RwSignal::new(Timestamp::from_millis(0)),
            waiting: RwSignal::new(None),
            taking: RwSignal::new(BTreeMap::new()),
            not_taken: RwSignal::new(None),
            conversations: RwSignal::new(Vec::new()),
            selected: RwSignal::new(None),
            at_end: RwSignal::new(true),
            visible: RwSignal::new(true),
            moved: RwSignal::new(false),
            announcement: RwSignal::new(None),
            ahead: RwSignal::new(0),
        }
    }

    /// The edge gave a seat to an advisor. `true` if somebody else sat here: nothing of theirs is left.
    pub fn sit_down(&self, advisor: String) -> bool {
        let another = self.advisor.with_untracked(|before| !before.is_empty() && *before != advisor);
        if another {
            self.forget();
        }
        self.advisor.set(advisor);
        self.standing.set(Standing::Seated);
        another
    }

    fn forget(&self) {
        self.selected.set(None);
        self.conversations.set(Vec::new());
        self.waiting.set(None);
        self.taking.update(BTreeMap::clear);
        self.not_taken.set(None);
        self.announcement.set(None);
    }

    /// The portal says that nobody is signed in.
    pub fn sign_out(&self) {
        let standing = match self.standing.get_untracked() {
            Standing::Starting | Standing::SignedOut => Standing::SignedOut,
            Standing::Seated | Standing::SignedOutAgain => Standing::SignedOutAgain,
        };
        self.standing.set(standing);
        self.connection.set(Connection::SignInNeeded);
    }

    /// There is no seat, for another reason.
    pub fn stand(&self, why: Connection) {
        self.connection.set(why);
    }

    /// The device's clock shows `device`.
    pub fn tick(&self, device: Timestamp) {
        self.now.set(device.plus_millis(self.ahead.get_untracked()));
    }

    /// The server's clock showed `server` when the device's showed `device`.
    pub fn set_clock(&self, server: Timestamp, device: Timestamp) {
        self.ahead.set(server.as_millis() - device.as_millis());
        self.tick(device);
    }

    /// The desk says something at `device` o'clock.
    pub fn apply_desk(&self, event: DeskEvent, device: Timestamp) {
        match event {
            DeskEvent::Link(link) => {
                self.connection.update(|connection| *connection = connection.after(link));
                if link != LinkState::Live {
                    // What was asked for on that link may never have arrived.
                    self.taking.update(BTreeMap::clear);
                }
            }
            DeskEvent::Desk { waiting, mine } => {
                self.show_waiting(waiting, device);
                self.show_mine(mine);
            }
            DeskEvent::NotTaken { conversation, code } => {
                let name = self.taking.try_update(|taking| taking.remove(&conversation)).flatten();
                if let Some(name) = name {
                    self.not_taken.set(Some(NotTaken { name, code }));
                }
            }
            DeskEvent::Refused(Code::VersionUnsupported) => self.connection.set(Connection::Outdated),
            DeskEvent::Refused(_) => {}
        }
    }

    /// A conversation says something at `device` o'clock.
    pub fn apply(&self, id: &ConversationId, event: Event, device: Timestamp) {
        let Some(conversation) = self.conversation(id) else {
            return;
        };
        let on_screen = self.selected.with_untracked(|selected| selected.as_ref() == Some(id));
        if on_screen && matches!(event, Event::Began { .. }) {
            self.at_end.set(true);
        }
        let seen = conversation.last_seq();
        let wrote = matches!(&event, Event::Entries(entries) if news_in(entries, seen));
        conversation.apply(event, device);
        if wrote && !on_screen {
            let name = conversation.person.name;
            self.announcement.set(Some(Announcement::Wrote { name }));
        }
    }

    /// Time has passed for a conversation. Says when something in it changes by itself again.
    pub fn settle(&self, id: &ConversationId, device: Timestamp) -> Option<Timestamp> {
        let conversation = self.conversation(id)?;
        conversation.settle(device);
        conversation.citizen.with_untracked(Citizen::changes_at)
    }

    /// The conversation that is being looked at, and the last entry on screen.
    pub fn in_sight(&self) -> Option<(ConversationId, u64)> {
        let looked_at = self.visible.get() && self.at_end.get();
        let conversation = self.on_screen().filter(|_| looked_at)?;
        let last = conversation.entries.with(|entries| entries.last().map(|entry| entry.seq))?;
        Some((conversation.id, last))
    }

    /// Everything up to an entry has been looked at.
    pub fn saw(&self, id: &ConversationId, seq: u64) {
        if let Some(conversation) = self.conversation(id)
            && conversation.read.get_untracked() < seq
        {
            conversation.read.set(seq);
        }
    }

    /// What an earlier life of the page left in a conversation.
    pub fn restore(&self, id: &ConversationId, draft: String, unsent: Vec<Pending>) {
        if let Some(conversation) = self.conversation(id)
            && conversation.draft.with_untracked(String::is_empty)
            && !draft.is_empty()
        {
            conversation.draft.set(draft);
        }
        self.sending(id, unsent);
    }

    /// The advisor asks for a conversation. `false` if there is no way to ask, or it has been asked for.
    pub fn take(&self, waiting: &WaitingConversation) -> bool {
        let asked = self.taking.with_untracked(|taking| taking.contains_key(&waiting.conversation));
        if asked || self.connection.get_untracked() != Connection::Live {
            return false;
        }
        self.not_taken.set(None);
        self.taking.update(|taking| {
            taking.insert(waiting.conversation.clone(), waiting.person.name.clone());
        });
        true
    }

    /// The advisor looks at a conversation.
    pub fn select(&self, id: &ConversationId) {
        let Some(conversation) = self.conversation(id) else {
            return;
        };
        self.not_taken.set(None);
        self.moved.set(true);
        if self.selected.with_untracked(|selected| selected.as_ref() != Some(id)) {
            self.at_end.set(true);
        }
        self.selected.set(Some(conversation.id));
    }

    /// Messages of the advisor are on their way.
    pub fn sending(&self, id: &ConversationId, messages: Vec<Pending>) {
        let Some(conversation) = self.conversation(id).filter(|_| !messages.is_empty()) else {
            return;
        };
        let messages = messages.into_iter().map(|Pending { id, text }| Outgoing { id, text, refused: None });
        conversation.outgoing.update(|outgoing| outgoing.extend(messages));
    }

    /// The advisor takes a conversation that is over off the list. `false` if it is not over.
    pub fn dismiss(&self, id: &ConversationId) -> bool {
        let over = |conversation: &Conversation| {
            !conversation.held.get_untracked() || untrack(|| conversation.is_closed())
        };
        if !self.conversation(id).is_some_and(|conversation| over(&conversation)) {
            return false;
        }
        self.conversations
            .update(|conversations| conversations.retain(|conversation| conversation.id != *id));
        self.moved.set(true);
        self.selected.set(None);
        true
    }

    /// A conversation on the list, untracked.
    pub fn conversation(&self, id: &ConversationId) -> Option<Conversation> {
        self.conversations.with_untracked(|conversations| find(conversations, id))
    }

    /// The conversation on screen.
    pub fn on_screen(&self) -> Option<Conversation> {
        let id = self.selected.get()?;
        self.conversations.with(|conversations| find(conversations, &id))
    }

    fn show_waiting(&self, waiting: Vec<WaitingConversation>, device: Timestamp) {
        if let Some(since) = waiting.iter().map(|waiting| waiting.since).max()
            && since > self.now.get_untracked()
        {
            // Nobody can have come later than now: the server's clock is ahead of what we thought.
            self.set_clock(since, device);
        }
        let newcomer = self.waiting.with_untracked(|before| {
            let before = before.as_ref()?;
            let known = |one: &WaitingConversation| before.iter().any(|b| b.conversation == one.conversation);
            waiting.iter().rev().find(|one| !known(one)).map(|one| one.person.name.clone())
        });
        if let Some(name) = newcomer {
            self.announcement.set(Some(Announcement::Waits { name }));
        }
        self.waiting.set(Some(waiting));
    }

    fn show_mine(&self, mine: Vec<AssignedConversation>) {
        for conversation in self.conversations.get_untracked() {
            let held = mine.iter().any(|one| one.conversation == conversation.id);
            if conversation.held.get_untracked() != held {
                conversation.held.set(held);
            }
        }
        let mut given = None;
        for assigned in mine {
            let id = assigned.conversation;
            if self.conversation(&id).is_none() {
                let conversation = Conversation::new(id.clone(), assigned.person);
                self.conversations.update(|conversations| conversations.push(conversation));
            }
            if self.taking.with_untracked(|taking| taking.contains_key(&id)) {
                self.taking.update(|taking| {
                    taking.remove(&id);
                });
                given = Some(id);
            }
        }
        if let Some(id) = given {
            self.select(&id);
        }
    }
}

impl Default for DeskState {
    fn default() -> Self {
        Self::new()
    }
}

/// Whole minutes since somebody came, by the server's clock.
pub fn minutes_waiting(since: Timestamp, now: Timestamp) -> i64 {
    ((now.as_millis() - since.as_millis()) / 60_000).max(0)
}

fn find(conversations: &[Conversation], id: &ConversationId) -> Option<Conversation> {
    conversations.iter().find(|conversation| conversation.id == *id).cloned()
}

#[cfg(test)]
mod tests {

    use infocig_protocol::{
        entry::{Author, Entry, EntryBody, Party},
        id::MessageId,
        limits::{MAX_MESSAGE_CHARS, TYPING_LASTS_MS},
        person::{Category, Credential, PersonCard},
    };

    use super::*;

    #[test]
    fn what_was_asked_for_is_on_screen_as_soon_as_it_is_given() {
        desk(|state| {
            picture(state, &[1, 2], &[]);
            assert!(state.take(&waiting(2)));
            assert!(!state.take(&waiting(2)), "asked for twice");

            picture(state, &[1], &[2]);

            assert_eq!(state.selected.get(), Some(id(2)));
            assert!(state.taking.get().is_empty());
        });
    }

    #[test]
    fn what_others_gave_does_not_push_itself_on_screen() {
        desk(|state| {
            picture(state, &[], &[1]);
            assert_eq!(state.selected.get(), None);
            assert_eq!(state.conversations.get().len(), 1);
        });
    }

    #[test]
    fn a_conversation_somebody_else_took_is_said_by_name() {
        desk(|state| {
            picture(state, &[1], &[]);
            state.take(&waiting(1));
            let code = Code::NotWaiting;
            let conversation = id(1);
            state.apply_desk(DeskEvent::NotTaken { conversation, code }, at(0));

            let name = "Persona 1".into();
            assert_eq!(state.not_taken.get(), Some(NotTaken { name, code }));
        });
    }

    #[test]
    fn asking_needs_a_connection_and_is_forgotten_with_it() {
        desk(|state| {
            picture(state, &[1], &[]);
            state.take(&waiting(1));
            state.apply_desk(DeskEvent::Link(LinkState::Lost), at(0));
            assert!(state.taking.get().is_empty());
            assert!(!state.take(&waiting(1)));
        });
    }

    #[test]
    fn a_conversation_that_ended_stays_until_it_is_dismissed() {
        desk(|state| {
            picture(state, &[], &[1]);
            assert!(!state.dismiss(&id(1)));
            hear(state, 1, vec![entry(1, EntryBody::Closed { by: Party::Citizen })]);
            picture(state, &[], &[]);
            assert_eq!(state.conversations.get().len(), 1);

            assert!(state.dismiss(&id(1)));
            assert!(state.conversations.get().is_empty());
        });
    }

    #[test]
    fn unread_counts_what_the_person_wrote_since_we_looked_or_answered() {
        let log = [says(1, "a"), says(2, "b"), answers(3, "c"), says(4, "d"), says(5, "e")];
        assert_eq!(unread(&log, 0), 2);
        assert_eq!(unread(&log, 4), 1);
        assert_eq!(unread(&log[..3], 0), 0);
        assert_eq!(unread(&log[..2], 0), 2);
    }

    #[test]
    fn what_arrives_on_screen_is_read_and_what_arrives_elsewhere_is_announced() {
        desk(|state| {
            picture(state, &[], &[1, 2]);
            state.select(&id(1));
            hear(state, 1, vec![entry(1, EntryBody::Opened {}), says(2, "a")]);
            look(state);
            hear(state, 2, vec![entry(1, EntryBody::Opened {})]);
            assert_eq!(state.announcement.get(), None);
            hear(state, 2, vec![says(2, "b")]);

            let unread: Vec<usize> = state.conversations.get().iter().map(Conversation::unread).collect();
            assert_eq!(unread, [0, 1]);
            let name = "Persona 2".into();
            assert_eq!(state.announcement.get(), Some(Announcement::Wrote { name }));
        });
    }

    #[test]
    fn a_log_told_anew_takes_the_place_of_what_was_shown() {
        desk(|state| {
            picture(state, &[], &[1]);
            hear(state, 1, vec![says(1, "a"), says(2, "b")]);
            tell(state, 1, Event::Began { older: false });
            hear(state, 1, vec![says(1, "c")]);

            let conversation = conversation(state, 1);
            assert_eq!(conversation.entries.get(), [says(1, "c")]);
            assert_eq!(conversation.earlier.get(), Earlier::None);
            assert_eq!(conversation.unread(), 1);
        });
    }

    #[test]
    fn what_came_before_is_put_before_and_asked_for_once_at_a_time() {
        desk(|state| {
            picture(state, &[], &[1]);
            let conversation = conversation(state, 1);
            tell(state, 1, Event::Link(LinkState::Live));
            tell(state, 1, Event::Began { older: true });
            hear(state, 1, vec![says(3, "c")]);
            assert!(conversation.ask_for_earlier());
            assert!(!conversation.ask_for_earlier(), "asked for twice");

            tell(state, 1, Event::Older { entries: vec![says(2, "b")], more: true });
            assert_eq!(conversation.entries.get(), [says(2, "b"), says(3, "c")]);
            assert!(conversation.ask_for_earlier());
            tell(state, 1, Event::Older { entries: vec![says(1, "a")], more: false });

            assert_eq!(conversation.entries.get().len(), 3);
            assert!(!conversation.ask_for_earlier());
        });
    }

    #[test]
    fn what_came_before_can_be_asked_for_again_after_a_loss() {
        desk(|state| {
            picture(state, &[], &[1]);
            tell(state, 1, Event::Link(LinkState::Live));
            tell(state, 1, Event::Began { older: true });
            let conversation = conversation(state, 1);
            assert!(conversation.ask_for_earlier());
            tell(state, 1, Event::Link(LinkState::Lost));
            assert!(!conversation.ask_for_earlier(), "there is no way to ask");
            tell(state, 1, Event::Link(LinkState::Live));

            assert!(conversation.ask_for_earlier());
        });
    }

    #[test]
    fn what_came_before_is_no_news() {
        desk(|state| {
            picture(state, &[], &[1]);
            tell(state, 1, Event::Began { older: true });
            hear(state, 1, vec![answers(3, "c")]);
            tell(state, 1, Event::Older { entries: vec![says(1, "a"), says(2, "b")], more: false });

            assert_eq!(state.announcement.get(), None);
            assert_eq!(conversation(state, 1).unread(), 0);
        });
    }

    #[test]
    fn only_the_end_of_a_log_on_screen_of_a_page_on_screen_is_read() {
        desk(|state| {
            picture(state, &[], &[1, 2]);
            hear(state, 1, vec![says(1, "a")]);
            assert_eq!(state.in_sight(), None);
            state.select(&id(1));
            assert_eq!(state.in_sight(), Some((id(1), 1)));

            state.visible.set(false);
            assert_eq!(state.in_sight(), None);
            state.visible.set(true);
            state.at_end.set(false);
            hear(state, 1, vec![says(2, "b")]);
            assert_eq!(state.in_sight(), None);

            state.at_end.set(true);
            assert_eq!(state.in_sight(), Some((id(1), 2)));
            state.select(&id(2));
            assert_eq!(state.in_sight(), None, "nothing there");
        });
    }

    #[test]
    fn what_arrives_while_nobody_looks_is_unread_until_somebody_does() {
        desk(|state| {
            picture(state, &[], &[1]);
            state.select(&id(1));
            state.visible.set(false);
            hear(state, 1, vec![says(1, "a")]);
            look(state);
            assert_eq!(conversation(state, 1).unread(), 1);

            state.visible.set(true);
            look(state);
            assert_eq!(conversation(state, 1).unread(), 0);
        });
    }

    #[test]
    fn looking_at_another_conversation_begins_at_its_end() {
        desk(|state| {
            picture(state, &[], &[1, 2]);
            state.select(&id(1));
            state.at_end.set(false);
            state.select(&id(1));
            assert!(!state.at_end.get());

            state.select(&id(2));
            assert!(state.at_end.get());
        });
    }

    #[test]
    fn somebody_who_writes_is_seen_writing_until_the_message_comes() {
        desk(|state| {
            picture(state, &[], &[1]);
            tell(state, 1, Event::Typing(Party::Advisor));
            assert!(!conversation(state, 1).citizen_writes());
            tell(state, 1, Event::Typing(Party::Citizen));
            hear(state, 1, vec![answers(1, "a")]);
            assert!(conversation(state, 1).citizen_writes());

            hear(state, 1, vec![says(2, "b")]);
            assert!(!conversation(state, 1).citizen_writes());
        });
    }

    #[test]
    fn writing_that_leads_to_nothing_is_forgotten_in_time() {
        desk(|state| {
            picture(state, &[], &[1]);
            tell(state, 1, Event::Typing(Party::Citizen));
            assert_eq!(state.settle(&id(1), at(TYPING_LASTS_MS - 1)), Some(at(TYPING_LASTS_MS)));
            assert!(conversation(state, 1).citizen_writes());

            assert_eq!(state.settle(&id(1), at(TYPING_LASTS_MS)), None);
            assert!(!conversation(state, 1).citizen_writes());
        });
    }

    #[test]
    fn who_is_connected_is_said_only_over_a_connection_of_our_own() {
        desk(|state| {
            picture(state, &[], &[1]);
            let conversation = conversation(state, 1);
            tell(state, 1, Event::Link(LinkState::Live));
            tell(state, 1, present(true, 0));
            assert_eq!(conversation.citizen_connected(), Some(true));
            tell(state, 1, Event::Link(LinkState::Lost));
            assert_eq!(conversation.citizen_connected(), None);

            tell(state, 1, Event::Link(LinkState::Live));
            tell(state, 1, present(false, 0));
            assert_eq!(conversation.citizen_connected(), Some(true));
            state.settle(&id(1), at(LOSS_SHOWS_AFTER_MS));
            assert_eq!(conversation.citizen_connected(), Some(false));
        });
    }

    #[test]
    fn how_far_the_person_has_read_is_known_from_their_side_alone() {
        desk(|state| {
            picture(state, &[], &[1]);
            tell(state, 1, Event::Presence { party: Party::Advisor, connected: true, read_up_to: 9 });
            tell(state, 1, present(true, 2));

            assert_eq!(conversation(state, 1).citizen.get().read_up_to(), 2);
        });
    }

    #[test]
    fn another_advisor_finds_nothing_of_the_one_before() {
        desk(|state| {
            picture(state, &[1], &[2]);
            state.select(&id(2));
            assert!(!state.sit_down("Giulia".into()), "the same advisor");
            assert_eq!(state.conversations.get().len(), 1);

            assert!(state.sit_down("Marco".into()));
            assert!(state.conversations.get().is_empty());
            assert_eq!(state.selected.get(), None);
            assert_eq!(state.waiting.get(), None);
        });
    }

    #[test]
    fn what_was_written_before_a_reload_is_there_after_it() {
        desk(|state| {
            picture(state, &[], &[1]);
            state.restore(&id(1), "quasi".into(), vec![pending("m")]);
            let conversation = conversation(state, 1);
            assert_eq!(conversation.draft.get(), "quasi");
            assert_eq!(conversation.outgoing.get().len(), 1);
        });
    }

    #[test]
    fn a_message_is_on_its_way_until_its_entry_comes_back() {
        desk(|state| {
            picture(state, &[], &[1]);
            state.sending(&id(1), vec![pending("m"), pending("n")]);
            hear(state, 1, vec![says(1, "m"), answers(2, "m")]);

            let left: Vec<MessageId> =
                conversation(state, 1).outgoing.get().into_iter().map(|o| o.id).collect();
            assert_eq!(left, [message("n")]);
        });
    }

    #[test]
    fn what_is_not_in_the_log_of_an_ended_conversation_was_not_sent() {
        desk(|state| {
            picture(state, &[], &[1]);
            state.sending(&id(1), vec![pending("m")]);
            hear(state, 1, vec![entry(1, EntryBody::Closed { by: Party::Citizen })]);
            tell(state, 1, Event::Link(LinkState::Over));

            let outgoing = conversation(state, 1).outgoing.get();
            assert_eq!(outgoing[0].refused, Some(Code::ConversationClosed));
        });
    }

    #[test]
    fn what_is_unsent_in_a_conversation_somebody_else_holds_was_not_sent() {
        desk(|state| {
            picture(state, &[], &[1]);
            state.sending(&id(1), vec![pending("m")]);
            tell(state, 1, Event::Refused(Code::NotAssigned));

            assert_eq!(conversation(state, 1).outgoing.get()[0].refused, Some(Code::NotAssigned));
        });
    }

    #[test]
    fn a_refused_message_says_why_and_the_others_stay_on_their_way() {
        desk(|state| {
            picture(state, &[], &[1]);
            state.sending(&id(1), vec![pending("m"), pending("n")]);
            tell(state, 1, Event::NotSent { message: pending("m"), code: Code::MessageTooLong });

            let refused: Vec<Option<Code>> =
                conversation(state, 1).outgoing.get().into_iter().map(|outgoing| outgoing.refused).collect();
            assert_eq!(refused, [Some(Code::MessageTooLong), None]);
        });
    }

    #[test]
    fn ending_that_was_said_is_done_when_the_connection_is_back() {
        desk(|state| {
            picture(state, &[], &[1]);
            let conversation = conversation(state, 1);
            conversation.ending.set(Ending::Said);
            tell(state, 1, Event::Link(LinkState::Lost));
            assert_eq!(conversation.ending.get(), Ending::Said);
        });
    }

    #[test]
    fn characters_are_counted_as_the_server_counts_them() {
        desk(|state| {
            picture(state, &[], &[1]);
            let conversation = conversation(state, 1);
            conversation.draft.set(" è👩‍👧\n ".into());
            assert_eq!(conversation.draft_chars(), 4);

            conversation.draft.set("👍".repeat(MAX_MESSAGE_CHARS));
            assert_eq!(conversation.draft_chars(), MAX_MESSAGE_CHARS);
            assert!(conversation.take_draft().is_some());
        });
    }

    #[test]
    fn only_a_draft_that_can_be_sent_is_taken() {
        desk(|state| {
            picture(state, &[], &[1]);
            let conversation = conversation(state, 1);
            for draft in [" \n ".into(), "x".repeat(MAX_MESSAGE_CHARS + 1)] {
                conversation.draft.set(draft.clone());
                assert_eq!(conversation.take_draft(), None);
                assert_eq!(conversation.draft.get(), draft);
            }
            conversation.draft.set(" ciao\n".into());
            assert_eq!(conversation.take_draft(), Some("ciao".into()));
            assert_eq!(conversation.draft.get(), "");
        });
    }

    #[test]
    fn minutes_are_whole_and_never_less_than_none() {
        assert_eq!(minutes_waiting(at(0), at(59_999)), 0);
        assert_eq!(minutes_waiting(at(0), at(125_000)), 2);
        assert_eq!(minutes_waiting(at(90_000), at(0)), 0);
    }

    #[test]
    fn the_clock_is_the_servers_and_never_behind_who_has_just_come() {
        desk(|state| {
            state.set_clock(at(10_000_000), at(5_000));
            state.tick(at(6_000));
            assert_eq!(state.now.get(), at(10_001_000));

            let mut late = waiting(1);
            late.since = at(20_000_000);
            let waiting = vec![late];
            state.apply_desk(DeskEvent::Desk { waiting, mine: vec![] }, at(7_000));
            state.tick(at(8_000));
            assert_eq!(state.now.get(), at(20_001_000));
        });
    }

    #[test]
    fn a_try_after_a_loss_is_still_a_loss() {
        let lost = Connection::Live.after(LinkState::Lost);
        assert_eq!(lost.after(LinkState::Connecting), Connection::Lost);
        assert_eq!(lost.after(LinkState::Live), Connection::Live);
        assert_eq!(Connection::Outdated.after(LinkState::Live), Connection::Outdated);
    }

    #[test]
    fn a_sign_in_that_ends_takes_nothing_off_the_screen() {
        desk(|state| {
            picture(state, &[1], &[2]);
            state.sign_out();
            assert_eq!(state.standing.get(), Standing::SignedOutAgain);
            assert_eq!(state.conversations.get().len(), 1);
        });
    }

    fn desk(test: impl FnOnce(&DeskState)) {
        Owner::new().with(|| {
            let state = DeskState::new();
            state.sit_down("Giulia".into());
            state.apply_desk(DeskEvent::Link(LinkState::Live), at(0));
            test(&state);
        });
    }

    fn picture(state: &DeskState, in_queue: &[u32], mine: &[u32]) {
        let waiting = in_queue.iter().map(|n| waiting(*n)).collect();
        let mine = mine.iter().map(|n| AssignedConversation {
            conversation: id(*n),
            ticket: "ticket".into(),
            since: at(0),
            person: person(*n),
        });
        let mine = mine.collect();
        state.apply_desk(DeskEvent::Desk { waiting, mine }, at(0));
    }

    fn hear(state: &DeskState, n: u32, entries: Vec<Entry>) {
        tell(state, n, Event::Entries(entries));
    }

    fn tell(state: &DeskState, n: u32, event: Event) {
        state.apply(&id(n), event, at(0));
    }

    fn look(state: &DeskState) {
        if let Some((id, seq)) = state.in_sight() {
            state.saw(&id, seq);
        }
    }

    fn present(connected: bool, read_up_to: u64) -> Event {
        Event::Presence { party: Party::Citizen, connected, read_up_to }
    }

    #[track_caller]
    fn conversation(state: &DeskState, n: u32) -> Conversation {
        state.conversation(&id(n)).unwrap()
    }

    fn waiting(n: u32) -> WaitingConversation {
        WaitingConversation { conversation: id(n), since: at(0), person: person(n) }
    }

    fn person(n: u32) -> PersonCard {
        PersonCard {
            name: format!("Persona {n}"),
            category: Category::Lavoratore,
            province: "058".into(),
            province_name: "Roma".into(),
            credential: Credential::SpidL2,
            acting_for: None,
        }
    }

    fn says(seq: u64, name: &str) -> Entry {
        written(seq, name, Author::Citizen)
    }

    fn answers(seq: u64, name: &str) -> Entry {
        let name_of_author = "Giulia".into();
        written(seq, name, Author::Advisor { name: name_of_author })
    }

    fn written(seq: u64, name: &str, author: Author) -> Entry {
        let text = "testo".into();
        let id = message(name);
        entry(seq, EntryBody::Message { id, author, text })
    }

    fn entry(seq: u64, body: EntryBody) -> Entry {
        Entry { seq, at: at(0), body }
    }

    fn pending(name: &str) -> Pending {
        Pending { id: message(name), text: "testo".into() }
    }

    fn message(name: &str) -> MessageId {
        MessageId::parse(name).unwrap()
    }

    fn id(n: u32) -> ConversationId {
        ConversationId::of(&"0e".repeat(32), n).unwrap()
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }
}
