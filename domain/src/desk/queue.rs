// SPDX-License-Identifier: EUPL-1.2
//! The conversations on a desk and the order in which those that wait are answered.
//!
//! Conversations that came back because their advisor was lost go first; then those that wait longest, counted from when the
//! person first came, with the minutes that a priority is worth; then by id, so that the order is total. It is one order for all
//! queues of the desk: an advisor of several answers whoever has waited longest in any of them. A priority counts as a fixed
//! time of waiting, and not as a class of its own: nobody is overtaken by somebody who came later than that.

use std::collections::{BTreeMap, BTreeSet};

use infocig_protocol::{
    desk::{Hold, Priority, Why},
    entry::{Outcome, Party},
    frame::QueuePlace,
    id::{AdvisorId, ConversationId, QueueId},
    person::PersonCard,
    supervision::Spoke,
    time::Timestamp,
    topic::TopicPath,
};
use serde::{Deserialize, Serialize};

use super::legacy::StoredConversation;
use crate::{
    conversation::ClosingTime,
    figures::{Record, event::Entered},
    people::Advisor,
};

/// One conversation on a desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StoredConversation")]
pub struct DeskConversation {
    /// The conversation's id.
    pub id: ConversationId,
    /// Since when the person waits, or first waited.
    pub since: Timestamp,
    /// The person.
    pub person: PersonCard,
    /// Its stage.
    pub stage: Stage,
    /// The advisor who is asked to take it: from the queue, or from the colleague who holds it.
    pub offer: Option<Offer>,
    /// Its advisor was lost: it goes before all others.
    pub returned: bool,
    /// How often it has been assigned to an advisor: the number of its newest assignment.
    pub assignment_epoch: u32,
    /// Advisors who declined it and are not asked again for a while.
    pub declined: Vec<Declined>,
    /// Its events so far, for figures.
    pub record: Record,
    /// The place that was last announced to the person.
    pub last_announced: Option<QueuePlace>,
    /// The side that spoke last, since an advisor holds it.
    pub spoke: Option<Spoke>,
    /// The effect of closing time on it.
    pub closing: Option<ClosingTime>,
    /// When its person was last warned after abuse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warned: Option<Timestamp>,
    /// Why it goes before others that have waited as long. It never changes while a conversation waits, so that the order
    /// does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
}

/// The stages of a conversation on a desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// No advisor holds it.
    Waiting {
        /// Since when, this time.
        since: Timestamp,
    },
    /// An advisor holds it.
    Held(Held),
    /// Over, and still taking up a place of the advisor who held it.
    WrapUp(WrapUp),
}

/// A conversation that an advisor holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The advisor.
    pub advisor: Advisor,
    /// Since when.
    pub since: Timestamp,
    /// Why it was offered to them.
    pub why: Why,
    /// Whether the conversation knows of the assignment.
    pub confirmed: bool,
    /// Other advisors who read and write.
    pub helpers: Vec<Advisor>,
    /// Advisors who are asked to join.
    pub invited: Vec<Invited>,
    /// They ended it, and the conversation is yet to say so.
    pub ending: Option<Ending>,
    /// Supervisors who read.
    #[serde(default)]
    pub observers: Vec<Observer>,
    /// The hold it is on.
    #[serde(default)]
    pub on_hold: Option<Hold>,
    /// The call between the person and the advisor, once both want it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<CallUnderWay>,
}

/// A call that takes up places of its advisor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallUnderWay {
    /// The number of the entry that offered it.
    pub number: u64,
    /// The places it takes up beside the one of its conversation.
    pub places: u32,
}

impl Held {
    /// Whether an advisor holds it or helps.
    pub(super) fn takes_part(&self, advisor: &AdvisorId) -> bool {
        self.advisor.id == *advisor || self.helpers.iter().any(|helper| helper.id == *advisor)
    }

    /// Whether a supervisor reads it.
    pub(super) fn is_observed_by(&self, advisor: &AdvisorId) -> bool {
        self.observers.iter().any(|observer| observer.advisor.id == *advisor)
    }
}

/// A supervisor who reads a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observer {
    /// The supervisor.
    pub advisor: Advisor,
    /// Since when.
    pub since: Timestamp,
    /// Whether the conversation knows of them, and lets them in.
    pub confirmed: bool,
}

/// A conversation that is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrapUp {
    /// The advisor who held it.
    pub advisor: Advisor,
    /// When it ended.
    pub ended: Timestamp,
    /// The side that ended it.
    pub by: Party,
    /// The place is free from here.
    pub until: Timestamp,
    /// The outcome, as the conversation gave it.
    pub outcome: Option<Outcome>,
    /// Topic and outcome, as the advisor gave them.
    pub ending: Option<Ending>,
}

/// Topic and outcome of a conversation, as its advisor gives them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// The topic: three levels of the policy's topics.
    pub topic: TopicPath,
    /// The outcome.
    pub outcome: Outcome,
}

/// An advisor is asked to take a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The advisor who is asked.
    pub to: Advisor,
    /// Since when.
    pub since: Timestamp,
    /// It lapses here.
    pub until: Timestamp,
    /// Why they are asked.
    pub why: Why,
}

/// An advisor is asked to join.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    /// The advisor who is asked.
    pub advisor: Advisor,
    /// Since when.
    pub since: Timestamp,
    /// It lapses here.
    pub until: Timestamp,
}

/// An advisor declined a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declined {
    /// The advisor.
    pub advisor: AdvisorId,
    /// They are not asked again before.
    pub until: Timestamp,
}

impl DeskConversation {
    pub(super) fn new(id: ConversationId, since: Timestamp, person: PersonCard, queue: &QueueId) -> Self {
        Self {
            record: Record::new(id.clone(), since, Entered::of(&person, queue)),
            id,
            since,
            person,
            stage: Stage::Waiting { since },
            offer: None,
            returned: false,
            assignment_epoch: 0,
            declined: Vec::new(),
            last_announced: None,
            spoke: None,
            closing: None,
            warned: None,
            priority: None,
        }
    }

    /// Whether no advisor holds it. It may be offered to one.
    pub fn is_waiting(&self) -> bool {
        matches!(self.stage, Stage::Waiting { .. })
    }

    /// Its assignment, while an advisor holds it.
    pub fn held(&self) -> Option<&Held> {
        match &self.stage {
            Stage::Held(held) => Some(held),
            Stage::Waiting { .. } | Stage::WrapUp(_) => None,
        }
    }

    /// The advisors it takes up a place of: the one who holds it, and the one it is offered to.
    pub fn takes_places_of(&self) -> impl Iterator<Item = &AdvisorId> {
        self.in_hand_of().into_iter().chain(self.offer.as_ref().map(|offer| &offer.to.id))
    }

    /// The advisor who has it in hand: holds it, or wraps it up. An offer is in nobody's hands yet.
    pub fn in_hand_of(&self) -> Option<&AdvisorId> {
        match &self.stage {
            Stage::Waiting { .. } => None,
            Stage::Held(held) => Some(&held.advisor.id),
            Stage::WrapUp(wrap_up) => Some(&wrap_up.advisor.id),
        }
    }

    /// The places that a call takes up beside the one of the conversation, of the advisor who holds it.
    fn places_of_call(&self) -> Option<(&AdvisorId, u32)> {
        let held = self.held()?;
        held.call.filter(|call| call.places > 0).map(|call| (&held.advisor.id, call.places))
    }

    /// Whether an advisor declined it and is not asked again yet.
    pub fn has_declined(&self, advisor: &AdvisorId) -> bool {
        self.declined.iter().any(|declined| declined.advisor == *advisor)
    }

    /// Whether time alone may change something about it, or it takes up somebody's place.
    pub(super) fn is_watched(&self) -> bool {
        !self.is_waiting() || self.offer.is_some() || !self.declined.is_empty()
    }

    pub(super) fn place(&self) -> (bool, Timestamp) {
        (!self.returned, self.since.plus_millis(-self.priority.map_or(0, Priority::worth_ms)))
    }
}

/// Conversations that wait, of all queues in one order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct WaitingQueue {
    order: BTreeMap<(bool, Timestamp), BTreeSet<ConversationId>>,
    /// Of each queue.
    numbers: BTreeMap<QueueId, u32>,
}

impl WaitingQueue {
    pub(super) fn insert(&mut self, conversation: &DeskConversation) {
        let together = self.order.entry(conversation.place()).or_default();
        if together.insert(conversation.id.clone()) {
            count(&mut self.numbers, conversation.queue());
        }
    }

    pub(super) fn remove(&mut self, conversation: &DeskConversation) {
        if let Some(together) = self.order.get_mut(&conversation.place()) {
            if together.remove(&conversation.id) {
                uncount(&mut self.numbers, conversation.queue());
            }
            if together.is_empty() {
                self.order.remove(&conversation.place());
            }
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &ConversationId> {
        self.order.values().flatten()
    }

    /// How many wait in a queue.
    pub(super) fn number(&self, queue: &QueueId) -> u32 {
        self.numbers.get(queue).copied().unwrap_or_default()
    }
}

/// How many places each advisor has taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Loads {
    of: BTreeMap<AdvisorId, Load>,
    /// Of each queue.
    places: BTreeMap<QueueId, u32>,
}

/// The conversations of an advisor, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Load {
    /// Offered, held and wrapped up.
    places: u32,
    /// Held and wrapped up.
    in_hand: u32,
    /// Of these, by queue; none is zero.
    of_queue: BTreeMap<QueueId, u32>,
}

impl Loads {
    pub(super) fn add(&mut self, conversation: &DeskConversation) {
        for advisor in conversation.takes_places_of() {
            count(&mut self.places, conversation.queue());
            self.change(advisor, |load| load.places += 1);
        }
        if let Some((advisor, places)) = conversation.places_of_call() {
            (0..places).for_each(|_| count(&mut self.places, conversation.queue()));
            self.change(advisor, |load| load.places += places);
        }
        if let Some(advisor) = conversation.in_hand_of() {
            self.change(advisor, |load| {
                load.in_hand += 1;
                count(&mut load.of_queue, conversation.queue());
            });
        }
    }

    pub(super) fn remove(&mut self, conversation: &DeskConversation) {
        for advisor in conversation.takes_places_of() {
            uncount(&mut self.places, conversation.queue());
            self.change(advisor, |load| load.places = load.places.saturating_sub(1));
        }
        if let Some((advisor, places)) = conversation.places_of_call() {
            (0..places).for_each(|_| uncount(&mut self.places, conversation.queue()));
            self.change(advisor, |load| load.places = load.places.saturating_sub(places));
        }
        if let Some(advisor) = conversation.in_hand_of() {
            self.change(advisor, |load| {
                load.in_hand = load.in_hand.saturating_sub(1);
                uncount(&mut load.of_queue, conversation.queue());
            });
        }
    }

    fn change(&mut self, advisor: &AdvisorId, change: impl FnOnce(&mut Load)) {
        let Some(load) = self.of.get_mut(advisor) else {
            let mut load = Load::default();
            change(&mut load);
            if load != Load::default() {
                self.of.insert(advisor.clone(), load);
            }
            return;
        };
        change(load);
        if *load == Load::default() {
            self.of.remove(advisor);
        }
    }

    pub(super) fn of(&self, advisor: &AdvisorId) -> u32 {
        self.of.get(advisor).map_or(0, |load| load.places)
    }

    /// How many conversations an advisor has in hand.
    pub(super) fn in_hand(&self, advisor: &AdvisorId) -> u32 {
        self.of.get(advisor).map_or(0, |load| load.in_hand)
    }

    /// Whether an advisor has a conversation of a queue in hand.
    pub(super) fn has_of_queue(&self, advisor: &AdvisorId, queue: &QueueId) -> bool {
        self.of.get(advisor).is_some_and(|load| load.of_queue.contains_key(queue))
    }

    /// Places taken by conversations of a queue, all together.
    pub(super) fn places(&self, queue: &QueueId) -> u32 {
        self.places.get(queue).copied().unwrap_or_default()
    }
}

fn count(counts: &mut BTreeMap<QueueId, u32>, queue: &QueueId) {
    match counts.get_mut(queue) {
        Some(count) => *count += 1,
        None => drop(counts.insert(queue.clone(), 1)),
    }
}

fn uncount(counts: &mut BTreeMap<QueueId, u32>, queue: &QueueId) {
    if let Some(count) = counts.get_mut(queue) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            counts.remove(queue);
        }
    }
}
