// SPDX-License-Identifier: EUPL-1.2
//! What the console knows, as signals. Events are applied here and nowhere else; views only read.
//!
//! - What was on screen stays: a lost connection, a new ticket or an ended sign-in changes words, not lists.
//! - Unread is what a person wrote after the advisor's last answer while another conversation was on screen.
//! - Minutes are counted on the server's clock: the device's may be wrong, or the service's may have been moved for a test.

mod conversation;

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
pub use self::conversation::{Conversation, Ending, Outgoing, unread};

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
            moved: RwSignal::new(false),
            announcement: RwSignal::new(None),
            ahead: RwSignal::new(0),
        }
    }

    /// The edge gave a seat to an advisor.
    pub fn sit_down(&self, advisor: String) {
        self.advisor.set(advisor);
        self.standing.set(Standing::Seated);
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

    /// A conversation says something.
    pub fn apply(&self, id: &ConversationId, event: Event) {
        let Some(conversation) = self.conversation(id) else {
            return;
        };
        let on_screen = self.selected.with_untracked(|selected| selected.as_ref() == Some(id));
        let seen = conversation.last_seq();
        let wrote = matches!(&event, Event::Entries(entries) if news_in(entries, seen));
        conversation.apply(event, on_screen);
        if wrote && !on_screen {
            let name = conversation.person.name;
            self.announcement.set(Some(Announcement::Wrote { name }));
        }
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
        conversation.read.set(conversation.last_seq());
        self.not_taken.set(None);
        self.moved.set(true);
        self.selected.set(Some(id.clone()));
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
        limits::MAX_MESSAGE_CHARS,
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
            hear(state, 1, vec![entry(1, EntryBody::Opened), says(2, "a")]);
            hear(state, 2, vec![entry(1, EntryBody::Opened)]);
            assert_eq!(state.announcement.get(), None);
            hear(state, 2, vec![says(2, "b")]);

            let unread: Vec<usize> = state.conversations.get().iter().map(Conversation::unread).collect();
            assert_eq!(unread, [0, 1]);
            let name = "Persona 2".into();
            assert_eq!(state.announcement.get(), Some(Announcement::Wrote { name }));
        });
    }

    #[test]
    fn a_log_told_again_is_shown_once() {
        desk(|state| {
            picture(state, &[], &[1]);
            hear(state, 1, vec![says(1, "a"), says(2, "b")]);
            hear(state, 1, vec![says(1, "a"), says(2, "b"), says(3, "c")]);
            assert_eq!(conversation(state, 1).entries.get().len(), 3);
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
            state.apply(&id(1), Event::Link(LinkState::Over));

            let outgoing = conversation(state, 1).outgoing.get();
            assert_eq!(outgoing[0].refused, Some(Code::ConversationClosed));
        });
    }

    #[test]
    fn ending_that_may_have_been_lost_is_asked_again() {
        desk(|state| {
            picture(state, &[], &[1]);
            let conversation = conversation(state, 1);
            conversation.ending.set(Ending::Said);
            state.apply(&id(1), Event::Link(LinkState::Lost));
            assert_eq!(conversation.ending.get(), Ending::Asked);
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
        state.apply(&id(n), Event::Entries(entries));
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
