// SPDX-License-Identifier: EUPL-1.2
//! Everything the console knows, as signals. Events are applied here and nowhere else; views only read.
//!
//! | module | signals and rules of |
//! |---|---|
//! | [`session`] | the sign-in, the desk's connection, the server's clock |
//! | [`queue`] | the people who wait, offers, and the advisor's claims on them |
//! | [`presence`] | the advisor's presence, the colleagues, the places that are taken |
//! | [`assignment`] | the advisor's conversations, how each is theirs, the order of their list |
//! | [`conversation`], [`grouping`] | one conversation: its log, its drafts, the other side |
//! | [`notes`], [`history`], [`cases`], [`suggestions`], [`proposal`], [`forwarding`], [`topics`] | the panels beside a conversation |
//! | [`screen`] | the selected conversation, the open dialog, read entries |
//! | [`supervision`], [`reports`] | segnalazioni, the live panel and the acts of a supervisor; reports, comments and the search |
//! | [`rules`] | the versions of the rules, closing at once, the draft of the next version |
//! | [`data_protection`] | what is erased tonight, a person, holds, proofs: of the data protection officer |
//! | [`preferences`], [`alerts`] | the choices made on this device; when a sound or a notification is due |
//!
//! - A lost connection, a new ticket or an expired sign-in changes words, never the lists on screen.
//! - An entry counts as read once it was on screen: its conversation selected, the end of its log in sight, the page visible.
//!   Unread are the person's messages after that and after the advisor's last answer.
//! - Nothing of one advisor's is shown to another who signs in after them ([`DeskState::signed_in`]).
//! - Minutes are counted on the server's clock: the device's may be wrong, or the service's may have been moved for a test.
//!
//! # Why many signals, where the widget has one
//!
//! The widget shows one conversation, is downloaded by everybody and derives its views from one signal: every signal more is
//! code more in its byte budget, and one event changes most of the little it shows. The console is open for a whole shift with
//! a queue, up to a dozen conversations and a form in progress. The clock ticks every second and each of the links delivers
//! events of its own. With one signal each of these would run every view's derivation again; with a signal for each fact an
//! entry in one conversation touches its row in the list and, if it is selected, its log, and a half-filled form beside them
//! is not evaluated at all. Signals of a conversation are reference-counted (`ArcRwSignal`): they go with their conversation.

pub mod alerts;
pub mod assignment;
pub mod cases;
mod citizen;
pub mod conversation;
pub mod data_protection;
mod delivery;
pub mod forwarding;
pub mod grouping;
pub mod history;
pub mod notes;
pub mod offer;
pub mod own_replies;
pub mod preferences;
pub mod presence;
pub mod proposal;
pub mod queue;
mod queues;
pub mod replies;
pub mod reports;
pub mod rules;
#[cfg(test)]
mod samples;
pub mod screen;
pub mod session;
pub mod shortcuts;
pub mod suggestions;
pub mod supervision;
#[cfg(test)]
mod tests;
pub mod topics;

use infocig_client::{link::LinkState, session::Event};
use infocig_protocol::{desk::DeskPicture, id::ConversationId, problem::Code, time::Timestamp};
use leptos::prelude::*;

use self::{
    alerts::News,
    conversation::news_in,
    data_protection::DataProtectionState,
    own_replies::{OwnRepliesState, OwnReplyNews},
    preferences::PreferencesState,
    presence::PresenceState,
    queue::QueueState,
    reports::ReportsState,
    rules::RulesState,
    screen::ScreenState,
    session::ServerClock,
    session::SessionState,
    supervision::{Supervision, panel::PanelState},
};
pub use self::{
    assignment::Ending,
    citizen::{Citizen, LOSS_SHOWS_AFTER_MS},
    conversation::{Conversation, OlderEntriesState, Outgoing, unread},
    delivery::{Delivery, DeliveryMarks},
    queue::{FailedClaim, minutes_waiting},
    screen::{Announcement, Dialog},
    session::{Connection, SignInState},
};
use crate::desk::DeskEvent;

/// The console's signals. `Copy`: pass it wherever it is read. They belong to the owner it was made under.
#[derive(Clone, Copy, Debug)]
pub struct DeskState {
    pub session: SessionState,
    pub clock: ServerClock,
    pub queue: QueueState,
    pub presence: PresenceState,
    /// The advisor's conversations, oldest first, with those that ended and were not dismissed.
    pub conversations: RwSignal<Vec<Conversation>>,
    pub screen: ScreenState,
    pub preferences: PreferencesState,
    /// `false` once the service has answered that it has no registry of cases.
    pub has_cases: RwSignal<bool>,
    /// The segnalazioni of the service, for supervisors.
    pub supervision: RwSignal<Supervision>,
    /// The live panel, for supervisors.
    pub panel: PanelState,
    /// The pages beside the desk.
    pub reports: ReportsState,
    /// The rules, for administrators.
    pub rules: RulesState,
    pub own_replies: OwnRepliesState,
    /// Data protection, for its officer.
    pub data_protection: DataProtectionState,
}

impl DeskState {
    /// Before the first event.
    pub fn new() -> Self {
        Self {
            session: SessionState::new(),
            clock: ServerClock::new(),
            queue: QueueState::new(),
            presence: PresenceState::new(),
            conversations: RwSignal::new(Vec::new()),
            screen: ScreenState::new(),
            preferences: PreferencesState::new(),
            has_cases: RwSignal::new(true),
            supervision: RwSignal::new(Supervision::default()),
            panel: PanelState::new(),
            reports: ReportsState::new(),
            rules: RulesState::new(),
            own_replies: OwnRepliesState::new(),
            data_protection: DataProtectionState::new(),
        }
    }

    /// Takes everything of the advisor before off the screen. Preferences belong to the device and stay.
    fn forget_advisor(&self) {
        self.screen.clear();
        self.conversations.set(Vec::new());
        self.queue.clear();
        self.presence.clear();
        self.session.welcome.set(None);
        self.supervision.set(Supervision::default());
        self.panel.clear();
        self.reports.clear();
        self.rules.clear();
        self.own_replies.clear();
        self.data_protection.clear();
    }

    /// Applies an event of the desk's link at `device`, an instant on the device's clock. Returns its news, if they are worth an alert.
    pub fn apply_desk(&self, event: DeskEvent, device: Timestamp) -> Option<News> {
        match event {
            DeskEvent::Link(link) => {
                self.session.connection.update(|connection| *connection = connection.after(link));
                if link != LinkState::Live {
                    // Frames on the lost link may not have arrived: the buttons must not stay disabled for them.
                    self.queue.claims.update(std::collections::BTreeMap::clear);
                    self.presence.requested.set(None);
                    self.panel.link_lost();
                    self.own_replies.failed(OwnReplyNews::NoLink);
                }
            }
            DeskEvent::Welcome(welcome) => self.welcomed(welcome),
            DeskEvent::Picture(picture) => return self.apply_picture(picture, device),
            DeskEvent::Notes { conversation, notes } => return self.apply_notes(&conversation, notes),
            DeskEvent::OwnReplies(replies) => self.own_replies.apply(replies),
            DeskEvent::Panel(panel) => return self.apply_panel(*panel, device),
            DeskEvent::Supervised { conversation, act, by } => self.apply_supervised(&conversation, act, by),
            DeskEvent::NotDone { conversation, code } => {
                if !self.act_refused(&conversation, code) {
                    self.request_failed(&conversation, code);
                }
            }
            DeskEvent::Refused(Code::VersionUnsupported) => {
                self.session.connection.set(Connection::Outdated);
            }
            DeskEvent::Refused(_) => self.own_replies.failed(OwnReplyNews::Refused),
        }
        None
    }

    fn apply_picture(&self, picture: DeskPicture, device: Timestamp) -> Option<News> {
        let DeskPicture { presence, waiting, mine, colleagues } = picture;
        let newest = waiting.iter().map(|one| one.since).chain(mine.iter().map(|one| one.since)).max();
        if let Some(since) = newest.filter(|since| *since > self.clock.now.get_untracked()) {
            // An arrival in the future means that the server's clock is ahead of the estimate.
            self.clock.set(since, device);
        }
        self.presence.apply(presence, colleagues);
        self.queue.drop_unanswered_claims(self.clock.now.get_untracked());
        let waits = self.apply_waiting(waiting);
        let offered = self.apply_offers(&mine);
        let due = self.apply_assigned(mine);
        offered.or(due).or(waits)
    }

    /// Applies an event of a conversation's link at `device`. Returns its news, if they are worth an alert.
    pub fn apply(&self, id: &ConversationId, event: Event, device: Timestamp) -> Option<News> {
        let conversation = self.conversation(id)?;
        let on_screen = self.screen.is_selected(id) && self.reports.desk_shows();
        if on_screen && matches!(event, Event::Began { .. }) {
            self.screen.at_end.set(true);
        }
        let in_sight = on_screen && self.screen.is_looked_at();
        let seen = conversation.last_seq();
        let wrote = matches!(&event, Event::Entries(entries) if news_in(entries, seen));
        let refused = |one: &Conversation| one.forwarding.with_untracked(|one| one.refused.is_some());
        let refused_before = refused(&conversation);
        conversation.apply(event, device);
        if refused(&conversation) && !refused_before && !self.show_refusal(&conversation) {
            let name = conversation.person.name.clone();
            self.screen.announcement.set(Some(Announcement::ForwardingRefused { name }));
        }
        if wrote && !on_screen {
            let name = conversation.person.name;
            self.screen.announcement.set(Some(Announcement::MessageReceived { name }));
        }
        wrote.then_some(News::MessageReceived { in_sight })
    }

    /// Applies the timeouts that are due in a conversation. Returns when the next one is.
    pub fn apply_timeouts(&self, id: &ConversationId, device: Timestamp) -> Option<Timestamp> {
        let conversation = self.conversation(id)?;
        conversation.apply_timeouts(device);
        conversation.citizen.with_untracked(Citizen::changes_at)
    }

    /// A conversation on the list, untracked.
    pub fn conversation(&self, id: &ConversationId) -> Option<Conversation> {
        self.conversations.with_untracked(|conversations| find(conversations, id))
    }
}

impl Default for DeskState {
    fn default() -> Self {
        Self::new()
    }
}

fn find(conversations: &[Conversation], id: &ConversationId) -> Option<Conversation> {
    conversations.iter().find(|conversation| conversation.id == *id).cloned()
}
