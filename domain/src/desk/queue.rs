// SPDX-License-Identifier: EUPL-1.2
//! The conversations on a desk and the order in which those that wait are answered.
//!
//! Who came back because an advisor was lost goes first; then who waits longest, counted from when they first came; then by
//! name, so that the order is one order.

use std::collections::{BTreeMap, BTreeSet};

use infocig_protocol::{
    desk::{TopicPath, Why},
    entry::{Outcome, Party},
    frame::QueuePlace,
    id::{AdvisorId, ConversationId},
    person::PersonCard,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::register::ConversationStats;

use crate::people::Advisor;

/// One conversation on a desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskConversation {
    /// The conversation's id.
    pub id: ConversationId,
    /// Since when the person waits, or first waited.
    pub since: Timestamp,
    /// Who asks.
    pub person: PersonCard,
    /// Where it is.
    pub stage: Stage,
    /// Who is asked to take it: from the queue, or from the hands of a colleague.
    pub offer: Option<Offer>,
    /// Its advisor was lost: it goes before all others.
    pub returned: bool,
    /// How often it has passed into somebody's hands.
    pub assignment_epoch: u32,
    /// Who let it go by, and is not asked again for a while.
    pub declined: Vec<Declined>,
    /// How it fared so far.
    pub stats: ConversationStats,
    /// The place the person was last told.
    pub last_announced: Option<QueuePlace>,
}

/// Where a conversation is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// In nobody's hands.
    Waiting {
        /// Since when, this time.
        since: Timestamp,
    },
    /// In an advisor's hands.
    Held(Held),
    /// Over, and still taking up a place of the advisor who held it.
    WrapUp(WrapUp),
}

/// A conversation in an advisor's hands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Whose.
    pub advisor: Advisor,
    /// Since when.
    pub since: Timestamp,
    /// Why it came to them.
    pub why: Why,
    /// Whether the conversation has been told.
    pub confirmed: bool,
    /// Who reads and writes too.
    pub helpers: Vec<Advisor>,
    /// Who is asked to join.
    pub invited: Vec<Invited>,
    /// They ended it, and the conversation is yet to say so.
    pub ending: Option<Ending>,
}

/// A conversation that is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrapUp {
    /// Who held it.
    pub advisor: Advisor,
    /// When it ended.
    pub ended: Timestamp,
    /// Who ended it.
    pub by: Party,
    /// The place is free from here.
    pub until: Timestamp,
    /// What came of it, as the conversation said.
    pub outcome: Option<Outcome>,
    /// What the advisor said of it.
    pub ending: Option<Ending>,
}

/// What an advisor says of a conversation that ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// What it was about: three levels of the policy's topics.
    pub topic: TopicPath,
    /// What came of it.
    pub outcome: Outcome,
}

/// Somebody is asked to take a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Who is asked.
    pub to: Advisor,
    /// Since when.
    pub since: Timestamp,
    /// It lapses here.
    pub until: Timestamp,
    /// Why they are asked.
    pub why: Why,
}

/// Somebody is asked to join.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    /// Who is asked.
    pub advisor: Advisor,
    /// Since when.
    pub since: Timestamp,
    /// It lapses here.
    pub until: Timestamp,
}

/// Somebody let a conversation go by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declined {
    /// Who.
    pub advisor: AdvisorId,
    /// They are not asked again before.
    pub until: Timestamp,
}

impl DeskConversation {
    pub(super) fn new(id: ConversationId, since: Timestamp, person: PersonCard) -> Self {
        Self {
            id,
            since,
            person,
            stage: Stage::Waiting { since },
            offer: None,
            returned: false,
            assignment_epoch: 0,
            declined: Vec::new(),
            stats: ConversationStats { waits: 1, ..ConversationStats::default() },
            last_announced: None,
        }
    }

    /// Whether it is in nobody's hands. It may be offered to somebody.
    pub fn is_waiting(&self) -> bool {
        matches!(self.stage, Stage::Waiting { .. })
    }

    /// Who holds it.
    pub fn held(&self) -> Option<&Held> {
        match &self.stage {
            Stage::Held(held) => Some(held),
            Stage::Waiting { .. } | Stage::WrapUp(_) => None,
        }
    }

    /// Whose places it takes up: the holder's, and that of whoever it is offered to.
    pub fn takes_places_of(&self) -> impl Iterator<Item = &AdvisorId> {
        let holder = match &self.stage {
            Stage::Waiting { .. } => None,
            Stage::Held(held) => Some(&held.advisor.id),
            Stage::WrapUp(wrap_up) => Some(&wrap_up.advisor.id),
        };
        holder.into_iter().chain(self.offer.as_ref().map(|offer| &offer.to.id))
    }

    /// Whether an advisor let it go by a little while ago.
    pub fn has_declined(&self, advisor: &AdvisorId) -> bool {
        self.declined.iter().any(|declined| declined.advisor == *advisor)
    }

    /// Whether time alone may change something about it, or it takes up somebody's place.
    pub(super) fn is_watched(&self) -> bool {
        !self.is_waiting() || self.offer.is_some() || !self.declined.is_empty()
    }

    pub(super) fn place(&self) -> (bool, Timestamp) {
        (!self.returned, self.since)
    }
}

/// Who waits, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct WaitingQueue(BTreeMap<(bool, Timestamp), BTreeSet<ConversationId>>);

impl WaitingQueue {
    pub(super) fn insert(&mut self, conversation: &DeskConversation) {
        self.0.entry(conversation.place()).or_default().insert(conversation.id.clone());
    }

    pub(super) fn remove(&mut self, conversation: &DeskConversation) {
        if let Some(together) = self.0.get_mut(&conversation.place()) {
            together.remove(&conversation.id);
            if together.is_empty() {
                self.0.remove(&conversation.place());
            }
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &ConversationId> {
        self.0.values().flatten()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// How many places each advisor has taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Loads {
    of: BTreeMap<AdvisorId, u32>,
    places: u32,
}

impl Loads {
    pub(super) fn add(&mut self, conversation: &DeskConversation) {
        for advisor in conversation.takes_places_of() {
            self.places += 1;
            if let Some(load) = self.of.get_mut(advisor) {
                *load += 1;
            } else {
                self.of.insert(advisor.clone(), 1);
            }
        }
    }

    pub(super) fn remove(&mut self, conversation: &DeskConversation) {
        for advisor in conversation.takes_places_of() {
            self.places = self.places.saturating_sub(1);
            match self.of.get_mut(advisor) {
                Some(load) if *load > 1 => *load -= 1,
                Some(_) | None => {
                    self.of.remove(advisor);
                }
            }
        }
    }

    pub(super) fn of(&self, advisor: &AdvisorId) -> u32 {
        self.of.get(advisor).copied().unwrap_or_default()
    }

    /// Places taken, all together.
    pub(super) fn places(&self) -> u32 {
        self.places
    }
}
