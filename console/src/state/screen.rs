// SPDX-License-Identifier: EUPL-1.2
//! The screen: the selected conversation, the open dialog, and which entries have been read there.

use infocig_protocol::{
    id::ConversationId,
    supervision::{Alert, SupervisorAct},
};
use leptos::prelude::*;

use super::{Conversation, DeskState, assignment::Assignment, find, offer::Offer};

/// Something that happened outside the selected conversation, for screen readers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Announcement {
    /// Somebody joined the queue.
    PersonWaiting {
        /// The person's name.
        name: String,
    },
    /// Somebody wrote.
    MessageReceived {
        /// The person's name.
        name: String,
    },
    /// A conversation is offered.
    Offered(Box<Offer>),
    /// An offer lapsed without an answer.
    OfferExpired {
        /// The person's name.
        name: String,
    },
    /// A conversation that the advisor claimed is assigned, and has not opened by itself.
    Assigned {
        /// The person's name.
        name: String,
    },
    /// A colleague left a note.
    NoteReceived {
        /// The name of the person it is about.
        name: String,
    },
    /// A conversation is on hold for longer than its person was told.
    HoldDue {
        /// The person's name.
        name: String,
    },
    /// A segnalazione was refused.
    ForwardingRefused {
        /// The name of the person it is about.
        name: String,
    },
    /// Alerts of the panel are new; each with the name of the advisor it is about.
    Alerts(Vec<(Option<String>, Alert)>),
    /// A supervisor did something about a conversation of this advisor.
    Supervised {
        act: SupervisorAct,
        /// The supervisor's name.
        by: String,
        /// The person's name.
        name: String,
    },
    /// This service has no registry of cases.
    NoCaseRegistry,
}

/// An area of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// The queue, and the advisor's conversations.
    Conversations,
    /// The live panel, for supervisors.
    Supervision,
}

/// A dialog, and the conversation it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// Topic and outcome of a conversation, and its end.
    Closing(ConversationId),
    /// The choice of a colleague to hand it to.
    Transfer(ConversationId),
    /// The choice of a colleague to ask for help.
    Invite(ConversationId),
    /// The advisor confirms that its person is warned.
    Warn(ConversationId),
    /// The reason and the length of a hold.
    Hold(ConversationId),
    /// The form of a segnalazione.
    Forward(ConversationId),
    /// A supervisor confirms that they take it over.
    TakeOver(ConversationId),
    /// A supervisor chooses to whom it is handed.
    Reassign(ConversationId),
    /// A supervisor ends it: topic and outcome.
    End(ConversationId),
    /// A supervisor writes to its advisors alone.
    Whisper(ConversationId),
    /// A supervisor ends it with a block.
    Block(ConversationId),
    /// A supervisor lifts the block of its person.
    Lift(ConversationId),
    /// Sounds and notifications.
    Alerts,
    /// The keyboard shortcuts.
    Shortcuts,
}

/// The signals of the screen.
#[derive(Clone, Copy, Debug)]
pub struct ScreenState {
    pub area: RwSignal<Area>,
    /// The conversation on screen.
    pub selected: RwSignal<Option<ConversationId>>,
    /// Whether the end of the log on screen is in sight.
    pub at_end: RwSignal<bool>,
    /// Whether the page is visible.
    pub visible: RwSignal<bool>,
    /// Whether the advisor has moved between conversations: focus then follows.
    pub moved: RwSignal<bool>,
    pub announcement: RwSignal<Option<Announcement>>,
    pub dialog: RwSignal<Option<Dialog>>,
    /// Whether the quick replies are open.
    pub replies_open: RwSignal<bool>,
    /// Whether the pointer or the focus is in the list of conversations: then it keeps its order.
    pub list_held: RwSignal<bool>,
    /// Whether files were dropped or pasted, which cannot be sent.
    pub files_refused: RwSignal<bool>,
}

impl ScreenState {
    pub(super) fn new() -> Self {
        Self {
            area: RwSignal::new(Area::Conversations),
            selected: RwSignal::new(None),
            at_end: RwSignal::new(true),
            visible: RwSignal::new(true),
            moved: RwSignal::new(false),
            announcement: RwSignal::new(None),
            dialog: RwSignal::new(None),
            replies_open: RwSignal::new(false),
            list_held: RwSignal::new(false),
            files_refused: RwSignal::new(false),
        }
    }

    pub(super) fn clear(self) {
        self.area.set(Area::Conversations);
        self.selected.set(None);
        self.announcement.set(None);
        self.dialog.set(None);
        self.replies_open.set(false);
    }

    /// Whether the end of the log on screen is looked at, untracked.
    pub fn is_looked_at(self) -> bool {
        let here = self.area.get_untracked() == Area::Conversations;
        here && self.visible.get_untracked() && self.at_end.get_untracked()
    }

    /// Whether a conversation is the one on screen, untracked.
    pub fn is_selected(self, id: &ConversationId) -> bool {
        self.selected.with_untracked(|selected| selected.as_ref() == Some(id))
    }
}

impl DeskState {
    /// The conversation on screen.
    pub fn on_screen(&self) -> Option<Conversation> {
        let id = self.screen.selected.get()?;
        self.conversations.with(|conversations| find(conversations, &id))
    }

    /// The conversation that is being looked at, and its last entry, which counts as read.
    pub fn in_sight(&self) -> Option<(ConversationId, u64)> {
        let here = self.screen.area.get() == Area::Conversations && self.reports.page.with(Option::is_none);
        let looked_at = here && self.screen.visible.get() && self.screen.at_end.get();
        let conversation = self.on_screen().filter(|_| looked_at)?;
        let last = conversation.entries.with(|entries| entries.last().map(|entry| entry.seq))?;
        Some((conversation.id, last))
    }

    /// Everything up to an entry has been read.
    pub fn mark_read(&self, id: &ConversationId, seq: u64) {
        if let Some(conversation) = self.conversation(id)
            && conversation.read.get_untracked() < seq
        {
            conversation.read.set(seq);
        }
    }

    /// How many conversations the page's title counts: offered or due after a hold, and with unread messages.
    pub fn title_counts(&self) -> (usize, usize) {
        let unread = self.conversations.with(|all| all.iter().filter(|one| one.unread() > 0).count());
        let is_due = |one: &&Conversation| {
            one.assignment.with(|assignment| assignment.as_ref().is_some_and(Assignment::is_hold_due))
        };
        let due = self.conversations.with(|all| all.iter().filter(is_due).count());
        (self.queue.offers.with(Vec::len) + due, unread)
    }

    /// The advisor opens a conversation of theirs. Nothing happens if it is not on the list.
    pub fn select(&self, id: &ConversationId) {
        let Some(conversation) = self.conversation(id) else {
            return;
        };
        self.queue.failed_claim.set(None);
        self.reports.page.set(None);
        self.screen.moved.set(true);
        self.open_area(Area::Conversations);
        if !self.screen.is_selected(id) {
            self.screen.at_end.set(true);
            self.screen.replies_open.set(false);
        }
        let refused = conversation.forwarding.with_untracked(|one| one.refused.is_some());
        self.screen.selected.set(Some(conversation.id.clone()));
        if refused && !untrack(|| conversation.is_closed()) {
            self.show_refusal(&conversation);
        }
    }

    /// The desk assigned a conversation that the advisor had claimed. It opens by itself, unless that would take the advisor
    /// away from an open dialog or from an unsent draft: then it waits in the list.
    pub(super) fn select_assigned(&self, id: &ConversationId) {
        let in_dialog = self.screen.dialog.with_untracked(Option::is_some);
        let writes =
            untrack(|| self.on_screen()).is_some_and(|open| open.id != *id && open.has_unsent_draft());
        if !in_dialog && !writes {
            self.select(id);
        } else if let Some(conversation) = self.conversation(id) {
            let name = conversation.person.name;
            self.screen.announcement.set(Some(Announcement::Assigned { name }));
        }
    }

    /// The advisor goes back to the lists.
    pub fn deselect(&self) {
        self.screen.moved.set(true);
        self.screen.replies_open.set(false);
        self.screen.selected.set(None);
    }

    /// The advisor takes a conversation that is over off the list. `false` if it is not over.
    pub fn dismiss(&self, id: &ConversationId) -> bool {
        let over =
            |conversation: &Conversation| untrack(|| conversation.is_released() || conversation.is_closed());
        if !self.conversation(id).is_some_and(|conversation| over(&conversation)) {
            return false;
        }
        self.conversations
            .update(|conversations| conversations.retain(|conversation| conversation.id != *id));
        self.screen.moved.set(true);
        if self.screen.is_selected(id) {
            self.screen.selected.set(None);
        }
        true
    }
}
