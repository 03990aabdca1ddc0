// SPDX-License-Identifier: EUPL-1.2
//! What the console knows, as signals. Events are applied here and nowhere else; views only read.
//!
//! - What was on screen stays: a lost connection, a new ticket or an ended sign-in changes words, not lists.
//! - Read is what was on screen: its conversation selected, the end of its log in sight, the page not hidden. Unread is what
//!   a person wrote after that and after the advisor's last answer.
//! - Nothing of one advisor's is shown to another who sits down after them.
//! - Minutes are counted on the server's clock: the device's may be wrong, or the service's may have been moved for a test.

pub mod alerts;
pub mod cases;
mod citizen;
mod conversation;
mod delivery;
pub mod forwarding;
pub mod hand;
pub mod keys;
pub mod notes;
pub mod offer;
pub mod past;
pub mod replies;
#[cfg(test)]
mod samples;
pub mod supervision;
#[cfg(test)]
mod tests;
pub mod topics;

use std::collections::{BTreeMap, BTreeSet};

use infocig_client::{
    link::LinkState,
    session::{Event, Pending},
};
use infocig_protocol::{
    case::Cases as Answer,
    desk::{
        AssignedConversation, AssignmentMode, Colleague, DeskPicture, DeskWelcome, Note, NoteDraft, Presence,
        ProvinceName, Topic, WaitingConversation,
    },
    id::ConversationId,
    problem::Code,
    segnalazione::SegnalazioneDraft,
    time::Timestamp,
};
use leptos::prelude::*;

use self::{
    alerts::{Choices, News, Permission, Situation},
    conversation::news_in,
    forwarding::Forwarding,
    hand::Hand,
    notes::Notes,
    offer::Offer,
    supervision::Supervision,
    topics::Choice,
};
pub use self::{
    citizen::{Citizen, LOSS_SHOWS_AFTER_MS},
    conversation::{Conversation, Earlier, Ending, Outgoing, Wish, unread},
    delivery::{Delivery, Marks},
};
use crate::desk::DeskEvent;

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
    /// A conversation is offered.
    Offered(Box<Offer>),
    /// An offer is gone, unanswered.
    WentOn {
        /// Whose.
        name: String,
    },
    /// A colleague left a note.
    Noted {
        /// About whom.
        name: String,
    },
    /// A segnalazione was not accepted.
    NotForwarded {
        /// About whom.
        name: String,
    },
    /// This service has no registry of cases.
    NoCases,
}

/// A conversation asked for, and not given yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taking {
    /// Whose.
    pub name: String,
    /// Since when.
    pub since: Timestamp,
}

/// A dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// What a conversation was about, and its end.
    Closing(ConversationId),
    /// To whom to hand it on.
    Transfer(ConversationId),
    /// Whom to ask for help.
    Invite(ConversationId),
    /// What an office must do.
    Forward(ConversationId),
    /// Sounds and notifications.
    Alerts,
    /// What keys do.
    Keys,
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
    pub taking: RwSignal<BTreeMap<ConversationId, Taking>>,
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
    /// What the policy gives to work with; absent until the desk has said.
    pub welcome: RwSignal<Option<DeskWelcome>>,
    /// Whether the advisor takes what comes, as the desk has it.
    pub presence: RwSignal<Option<Presence>>,
    /// Whether they said otherwise and the desk has not.
    pub wanted_presence: RwSignal<Option<Presence>>,
    /// What is offered, the one that lapses first first.
    pub offers: RwSignal<Vec<Offer>>,
    /// Everybody at the desk.
    pub colleagues: RwSignal<Vec<Colleague>>,
    /// The dialog that is open.
    pub dialog: RwSignal<Option<Dialog>>,
    /// Whether the quick replies show.
    pub replies_open: RwSignal<bool>,
    /// Whether the advisor points at their list: then it keeps its order.
    pub list_held: RwSignal<bool>,
    /// What the advisor chose on this device.
    pub choices: RwSignal<Choices>,
    /// What the browser says about notifications.
    pub permission: RwSignal<Permission>,
    /// What the newest trial of the notifications came to.
    pub tried: RwSignal<Option<Tried>>,
    /// Whether files were dropped or pasted, which go nowhere.
    pub files_refused: RwSignal<bool>,
    /// Whether a sound is wanted, and the browser keeps it silent until somebody presses something.
    pub sound_waits: RwSignal<bool>,
    /// What colleagues noted of what is offered.
    pub offer_notes: RwSignal<BTreeMap<ConversationId, Notes>>,
    /// Whether this service has a registry of cases, as far as is known.
    pub has_cases: RwSignal<bool>,
    /// How the segnalazioni of the service fare.
    pub supervision: RwSignal<Supervision>,
    passed: RwSignal<BTreeSet<ConversationId>>,
    ahead: RwSignal<i64>,
}

/// What a trial of sound and notification came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tried {
    /// The sound was played; absent if it is off.
    pub sound: Option<bool>,
    /// The notification was shown; absent if it is off.
    pub desktop: Option<bool>,
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
            welcome: RwSignal::new(None),
            presence: RwSignal::new(None),
            wanted_presence: RwSignal::new(None),
            offers: RwSignal::new(Vec::new()),
            colleagues: RwSignal::new(Vec::new()),
            dialog: RwSignal::new(None),
            replies_open: RwSignal::new(false),
            list_held: RwSignal::new(false),
            choices: RwSignal::new(Choices::default()),
            permission: RwSignal::new(Permission::Missing),
            tried: RwSignal::new(None),
            files_refused: RwSignal::new(false),
            sound_waits: RwSignal::new(false),
            offer_notes: RwSignal::new(BTreeMap::new()),
            has_cases: RwSignal::new(true),
            supervision: RwSignal::new(Supervision::default()),
            passed: RwSignal::new(BTreeSet::new()),
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
        self.welcome.set(None);
        self.presence.set(None);
        self.wanted_presence.set(None);
        self.offers.set(Vec::new());
        self.colleagues.set(Vec::new());
        self.dialog.set(None);
        self.replies_open.set(false);
        self.offer_notes.update(BTreeMap::clear);
        self.supervision.set(Supervision::default());
        self.passed.update(BTreeSet::clear);
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

    /// The desk says something at `device` o'clock. Says what of it is news.
    pub fn apply_desk(&self, event: DeskEvent, device: Timestamp) -> Option<News> {
        match event {
            DeskEvent::Link(link) => {
                self.connection.update(|connection| *connection = connection.after(link));
                if link != LinkState::Live {
                    // What was asked for on that link may never have arrived.
                    self.taking.update(BTreeMap::clear);
                    self.wanted_presence.set(None);
                }
            }
            DeskEvent::Welcome(welcome) => self.welcome.set(Some(welcome)),
            DeskEvent::Picture(picture) => return self.show(picture, device),
            DeskEvent::Notes { conversation, notes } => return self.show_notes(&conversation, notes),
            DeskEvent::NotDone { conversation, code } => self.could_not(&conversation, code),
            DeskEvent::Refused(Code::VersionUnsupported) => self.connection.set(Connection::Outdated),
            DeskEvent::Refused(_) => {}
        }
        None
    }

    fn could_not(&self, id: &ConversationId, code: Code) {
        let taking = self.taking.try_update(|taking| taking.remove(id)).flatten();
        if let Some(Taking { name, .. }) = taking {
            self.not_taken.set(Some(NotTaken { name, code }));
        } else if let Some(conversation) = self.conversation(id) {
            conversation.could_not(code);
        }
    }

    fn show_notes(&self, id: &ConversationId, notes: Vec<Note>) -> Option<News> {
        let advisor = self.advisor.get_untracked();
        let offered = self.offers.with_untracked(|offers| offers.iter().any(|one| one.conversation == *id));
        if offered {
            self.offer_notes.update(|all| {
                all.entry(id.clone()).or_default().arrived(notes.clone(), &advisor);
            });
        }
        let conversation = self.conversation(id)?;
        let news = conversation.notes.try_update(|all| all.arrived(notes, &advisor)) == Some(true);
        if !news {
            return None;
        }
        conversation.notes_open.set(true);
        self.announcement.set(Some(Announcement::Noted { name: conversation.person.name }));
        Some(News::Noted)
    }

    /// A conversation says something at `device` o'clock. Says whether it is news.
    pub fn apply(&self, id: &ConversationId, event: Event, device: Timestamp) -> Option<News> {
        let conversation = self.conversation(id)?;
        let on_screen = self.selected.with_untracked(|selected| selected.as_ref() == Some(id));
        if on_screen && matches!(event, Event::Began { .. }) {
            self.at_end.set(true);
        }
        let in_sight = on_screen && self.visible.get_untracked() && self.at_end.get_untracked();
        let seen = conversation.last_seq();
        let wrote = matches!(&event, Event::Entries(entries) if news_in(entries, seen));
        let refused = |one: &Conversation| one.forwarding.with_untracked(|one| one.refused.is_some());
        let refused_before = refused(&conversation);
        conversation.apply(event, device);
        if refused(&conversation) && !refused_before && !self.show_refusal(&conversation) {
            let name = conversation.person.name.clone();
            self.announcement.set(Some(Announcement::NotForwarded { name }));
        }
        if wrote && !on_screen {
            let name = conversation.person.name;
            self.announcement.set(Some(Announcement::Wrote { name }));
        }
        wrote.then_some(News::Wrote { in_sight })
    }

    /// What an office did not get is open again, unless the advisor is at something else. `false` if they are.
    fn show_refusal(&self, conversation: &Conversation) -> bool {
        let on_screen = self.selected.with_untracked(|selected| selected.as_ref() == Some(&conversation.id));
        let shows = on_screen && self.dialog.with_untracked(Option::is_none);
        if shows {
            self.dialog.set(Some(Dialog::Forward(conversation.id.clone())));
        }
        shows
    }

    /// The registry said which cases there are, or why it does not say.
    pub fn cases_answered(&self, conversation: &Conversation, answer: Result<Answer, cases::Trouble>) {
        if answer == Err(cases::Trouble::Refused(Code::CasesNotConfigured)) {
            self.has_cases.set(false);
            if conversation.cases_open.get_untracked() {
                conversation.cases_open.set(false);
                self.announcement.set(Some(Announcement::NoCases));
            }
        }
        conversation.cases.update(|cases| cases.answered(answer));
    }

    /// How the advisor is placed to notice something.
    pub fn situation(&self) -> Situation {
        Situation {
            choices: self.choices.get_untracked(),
            permission: self.permission.get_untracked(),
            visible: self.visible.get_untracked(),
            presence: self.presence.get_untracked().unwrap_or(Presence::Available),
        }
    }

    /// Whether an offer is to be heard once more.
    pub fn still_offered(&self) -> Option<News> {
        let now = self.now.get_untracked();
        let rings = |offer: &Offer| alerts::rings_again((now.as_millis() - offer.since.as_millis()) / 1_000);
        let taking = self.taking.with_untracked(|taking| !taking.is_empty());
        let due = self.offers.with_untracked(|offers| offers.iter().any(rings));
        (due && !taking).then_some(News::StillOffered)
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

    /// What an earlier life of the page left written to an office: what was sent goes again. What must be sent.
    pub fn restore_forwarding(
        &self,
        id: &ConversationId,
        sent: bool,
        draft: SegnalazioneDraft,
    ) -> Option<SegnalazioneDraft> {
        let conversation = self.conversation(id)?;
        if conversation.forwarding.with_untracked(|one| one.draft.is_some()) {
            return None;
        }
        conversation.forwarding.set(Forwarding::restored(draft.clone(), sent));
        sent.then_some(draft)
    }

    /// The advisor sends what they wrote to an office, if nothing is wrong with it. What must be sent.
    pub fn forward(&self, conversation: &Conversation) -> Option<SegnalazioneDraft> {
        if !untrack(|| conversation.is_writable()) {
            return None;
        }
        let tree = self.topics();
        let draft = conversation.forwarding.try_update(|one| one.send(&tree)).flatten()?;
        let unchosen = conversation.choice.with_untracked(|choice| choice.at(0).is_none());
        if unchosen {
            conversation.choice.update(|choice| {
                let outcome = choice.outcome;
                *choice = Choice::of(&draft.topic, &tree);
                choice.outcome = outcome;
            });
        }
        Some(draft)
    }

    /// The provinces whose offices something can be handed to, by name.
    pub fn provinces(&self) -> Vec<ProvinceName> {
        self.welcome
            .with_untracked(|welcome| welcome.as_ref().map_or_else(Vec::new, |one| one.provinces.clone()))
    }

    /// What conversations can be about, untracked.
    pub fn topics(&self) -> Vec<Topic> {
        self.welcome
            .with_untracked(|welcome| welcome.as_ref().map_or_else(Vec::new, |one| one.topics.clone()))
    }

    /// The advisor asks for a conversation. `false` if there is no way to ask, or it has been asked for.
    pub fn take(&self, waiting: &WaitingConversation) -> bool {
        self.ask_for(&waiting.conversation, &waiting.person.name)
    }

    /// The advisor accepts what is offered. `false` as for [`take`](Self::take).
    pub fn accept(&self, offer: &Offer) -> bool {
        self.ask_for(&offer.conversation, &offer.person.name)
    }

    fn ask_for(&self, id: &ConversationId, name: &str) -> bool {
        let asked = self.taking.with_untracked(|taking| taking.contains_key(id));
        if asked || self.connection.get_untracked() != Connection::Live {
            return false;
        }
        self.not_taken.set(None);
        let taking = Taking { name: name.into(), since: self.now.get_untracked() };
        self.taking.update(|all| {
            all.insert(id.clone(), taking);
        });
        true
    }

    /// The advisor says whether they take what comes. `false` if there is no way to say so.
    pub fn want(&self, presence: Presence) -> bool {
        let live = self.connection.get_untracked() == Connection::Live;
        if live && self.presence.get_untracked() != Some(presence) {
            self.wanted_presence.set(Some(presence));
        }
        live
    }

    /// The advisor asks the desk to do something with a conversation. `false` if there is no way to ask.
    pub fn wish(&self, id: &ConversationId, wish: Wish) -> bool {
        let live = self.connection.get_untracked() == Connection::Live;
        let conversation = self.conversation(id).filter(|_| live);
        if let Some(conversation) = &conversation {
            if wish == Wish::End {
                let over = untrack(|| conversation.hand.with(|hand| hand.as_ref().and_then(Hand::wrap_up)));
                conversation.done.set(over.is_some());
                conversation.ending.set(Ending::Said);
            }
            conversation.asks(wish);
        }
        conversation.is_some()
    }

    /// A note of the advisor's is on its way.
    pub fn noting(&self, id: &ConversationId, note: NoteDraft) {
        if let Some(conversation) = self.conversation(id) {
            conversation.note_draft.set(String::new());
            conversation.notes.update(|notes| notes.outgoing.push(note));
        }
    }

    /// The conversations a colleague offers: what they noted belongs to the offer.
    pub fn handed_on(&self) -> BTreeSet<ConversationId> {
        self.offers.with_untracked(|offers| {
            let from_colleagues = offers.iter().filter(|offer| offer.from != offer::From::Queue);
            from_colleagues.map(|offer| offer.conversation.clone()).collect()
        })
    }

    /// How conversations come.
    pub fn assignment(&self) -> AssignmentMode {
        self.welcome
            .with(|welcome| welcome.as_ref().map_or(AssignmentMode::Pull, |welcome| welcome.assignment))
    }

    /// Whether a waiting conversation may be taken unasked.
    pub fn may_take(&self, waiting: &WaitingConversation) -> bool {
        let passed = self.passed.with(|passed| passed.contains(&waiting.conversation));
        offer::may_take(waiting, self.assignment(), passed)
    }

    /// How many places are taken, and of how many.
    pub fn load(&self) -> Option<(u32, u32)> {
        self.welcome.with(|welcome| {
            let welcome = welcome.as_ref()?;
            let load = self.colleagues.with(|colleagues| {
                colleagues.iter().find(|one| one.advisor == welcome.id).map(|one| one.load)
            });
            Some((load?, welcome.capacity))
        })
    }

    /// Whether there is no place left.
    pub fn is_full(&self) -> bool {
        self.load().is_some_and(|(load, capacity)| load >= capacity)
    }

    /// Everybody else at the desk.
    pub fn others(&self) -> Vec<Colleague> {
        let me = self.welcome.with(|welcome| welcome.as_ref().map(|welcome| welcome.id.clone()));
        let mut others = self.colleagues.get();
        others.retain(|one| Some(&one.advisor) != me.as_ref());
        others
    }

    /// The advisor's conversations, who waits longest first; in the order they had, while somebody points at them.
    pub fn in_order(&self, before: &[ConversationId]) -> Vec<ConversationId> {
        let places = self.conversations.with(|all| all.iter().map(Conversation::place).collect());
        let order = hand::in_order(places);
        if self.list_held.get() { hand::held_still(before, &order) } else { order }
    }

    /// How many conversations the title of the page counts: offered, and with something unread.
    pub fn calls(&self) -> (usize, usize) {
        let unread = self.conversations.with(|all| all.iter().filter(|one| one.unread() > 0).count());
        (self.offers.with(Vec::len), unread)
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
            self.replies_open.set(false);
        }
        let refused = conversation.forwarding.with_untracked(|one| one.refused.is_some());
        self.selected.set(Some(conversation.id.clone()));
        if refused && !untrack(|| conversation.is_closed()) {
            self.show_refusal(&conversation);
        }
    }

    /// The advisor goes back to the lists.
    pub fn deselect(&self) {
        self.moved.set(true);
        self.replies_open.set(false);
        self.selected.set(None);
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
        let over =
            |conversation: &Conversation| untrack(|| conversation.is_past() || conversation.is_closed());
        if !self.conversation(id).is_some_and(|conversation| over(&conversation)) {
            return false;
        }
        self.conversations
            .update(|conversations| conversations.retain(|conversation| conversation.id != *id));
        self.moved.set(true);
        if self.selected.with_untracked(|selected| selected.as_ref() == Some(id)) {
            self.selected.set(None);
        }
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

    fn show(&self, picture: DeskPicture, device: Timestamp) -> Option<News> {
        let DeskPicture { presence, waiting, mine, colleagues } = picture;
        let newest = waiting.iter().map(|one| one.since).chain(mine.iter().map(|one| one.since)).max();
        if let Some(since) = newest.filter(|since| *since > self.now.get_untracked()) {
            // Nobody can have come later than now: the server's clock is ahead of what we thought.
            self.set_clock(since, device);
        }
        self.presence.set(Some(presence));
        self.wanted_presence.set(None);
        self.colleagues.set(colleagues);
        self.forget_what_was_asked_long_ago();
        let waits = self.show_waiting(waiting);
        let offered = self.show_offers(&mine);
        self.show_mine(mine);
        offered.or(waits)
    }

    fn forget_what_was_asked_long_ago(&self) {
        let now = self.now.get_untracked();
        let old = |taking: &Taking| now.as_millis() - taking.since.as_millis() > ANSWERED_WITHIN_MS;
        if self.taking.with_untracked(|taking| taking.values().any(old)) {
            self.taking.update(|taking| taking.retain(|_, one| !old(one)));
        }
    }

    fn show_waiting(&self, waiting: Vec<WaitingConversation>) -> Option<News> {
        let newcomers: Vec<WaitingConversation> = self.waiting.with_untracked(|before| {
            let Some(before) = before else { return Vec::new() };
            let known = |one: &WaitingConversation| before.iter().any(|b| b.conversation == one.conversation);
            let passed = |one: &WaitingConversation| {
                self.passed.with_untracked(|passed| passed.contains(&one.conversation))
            };
            waiting.iter().filter(|one| !known(one) && !passed(one)).cloned().collect()
        });
        if let Some(newest) = newcomers.last() {
            let name = newest.person.name.clone();
            self.announcement.set(Some(Announcement::Waits { name }));
        }
        if self.waiting.with_untracked(|before| before.as_ref() != Some(&waiting)) {
            self.waiting.set(Some(waiting));
        }
        let takes = untrack(|| newcomers.iter().any(|one| self.may_take(one)));
        takes.then_some(News::Waits)
    }

    fn show_offers(&self, mine: &[AssignedConversation]) -> Option<News> {
        let mut offers: Vec<Offer> = mine.iter().filter_map(Offer::of).collect();
        offers.sort_by(|a, b| (a.until, &a.conversation).cmp(&(b.until, &b.conversation)));
        let before = self.offers.get_untracked();
        let is_in = |list: &[Offer], one: &Offer| list.iter().any(|o| o.conversation == one.conversation);
        for gone in before.iter().filter(|one| !is_in(&offers, one)) {
            let id = &gone.conversation;
            self.passed.update(|passed| {
                passed.insert(id.clone());
            });
            let ours = mine.iter().any(|one| one.conversation == *id)
                || self.taking.with_untracked(|taking| taking.contains_key(id));
            if !ours {
                let name = gone.person.name.clone();
                self.announcement.set(Some(Announcement::WentOn { name }));
            }
        }
        let new = offers.iter().find(|one| !is_in(&before, one)).cloned();
        if let Some(new) = &new {
            self.announcement.set(Some(Announcement::Offered(Box::new(new.clone()))));
        }
        if before != offers {
            self.offer_notes.update(|notes| {
                notes.retain(|id, _| offers.iter().any(|one| one.conversation == *id));
            });
            self.offers.set(offers);
        }
        new.map(|_| News::Offered)
    }

    fn show_mine(&self, mine: Vec<AssignedConversation>) {
        for conversation in self.conversations.get_untracked() {
            if !mine.iter().any(|one| one.conversation == conversation.id) {
                conversation.in_hand(None);
                if conversation.done.get_untracked() {
                    self.dismiss(&conversation.id);
                }
            }
        }
        let mut given = None;
        for assigned in mine {
            if Offer::of(&assigned).is_some() {
                continue;
            }
            let AssignedConversation { conversation: id, person, state, since, why, .. } = assigned;
            let conversation = self.conversation(&id).unwrap_or_else(|| {
                let conversation = Conversation::new(id.clone(), person);
                self.conversations.update(|conversations| conversations.push(conversation.clone()));
                conversation
            });
            conversation.in_hand(Some(Hand { state, since, why }));
            if self.taking.with_untracked(|taking| taking.contains_key(&id)) {
                self.taking.update(|taking| {
                    taking.remove(&id);
                });
                given = Some(id);
            }
        }
        if let Some(id) = given.filter(|_| self.dialog.with_untracked(Option::is_none)) {
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

/// What the desk has not answered after so long is not coming.
const ANSWERED_WITHIN_MS: i64 = 15_000;

fn find(conversations: &[Conversation], id: &ConversationId) -> Option<Conversation> {
    conversations.iter().find(|conversation| conversation.id == *id).cloned()
}
