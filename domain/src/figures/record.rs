// SPDX-License-Identifier: EUPL-1.2
//! The record of a conversation: its events folded into the instants, counts and lengths that figures need. It has no text
//! of messages and no name; the advisor is an id.

use infocig_protocol::{
    entry::{Outcome, Party},
    id::{AdvisorId, ConversationId, QueueId},
    language::Language,
    person::{Category, EntryPoint},
    rating::Answer,
    skill::Skill,
    time::Timestamp,
    topic::TopicPath,
};
use serde::{Deserialize, Serialize};

use super::{
    assisted::Assisted,
    calls::Calls,
    event::{Entered, Event, EventKind},
};

/// The data of a conversation for figures. Lengths are milliseconds. Members that are absent or empty are not written:
/// a register holds many records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The conversation: a name that leads to nobody once the person is erased.
    pub conversation: ConversationId,
    /// The queue it waits, or last waited, in.
    pub queue: QueueId,
    /// The capacity the person wrote in.
    pub category: Category,
    /// ISTAT code of the province that counts for them.
    pub province: String,
    /// The language they read the service in.
    pub language: Language,
    /// The portal they came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_point: Option<EntryPoint>,
    /// Its subject, according to the portal or the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Skill>,
    /// When the person entered.
    pub entered: Timestamp,
    /// The first wait they were told, in minutes: at least and at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<(u16, u16)>,
    /// When an advisor first accepted it; absent if none did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Timestamp>,
    /// The advisor who holds it, or held it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advisor: Option<AdvisorId>,
    /// The stage it is in.
    pub stage: Stage,
    /// How often it waited.
    #[serde(default)]
    pub waits: u32,
    /// For how long it waited, waits that are over.
    #[serde(default)]
    pub waited_ms: i64,
    /// For how long advisors held it, spans that are over; from acceptance to the end, or to a change of hands.
    #[serde(default)]
    pub held_ms: i64,
    /// For how long it was on hold, spans that are over.
    #[serde(default)]
    pub on_hold_ms: i64,
    /// From each acceptance to the advisor's first word, in order; where the advisor wrote.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub first_words_ms: Vec<i64>,
    /// How often it was offered.
    #[serde(default)]
    pub offers: u32,
    /// How often an offer lapsed.
    #[serde(default)]
    pub missed: u32,
    /// How often an offer was let go by.
    #[serde(default)]
    pub declined: u32,
    /// How often it passed to a colleague or back to a queue.
    #[serde(default)]
    pub transfers: u32,
    /// The queues it was passed on from, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<QueueId>,
    /// How often an advisor was lost and it came back to the front.
    #[serde(default)]
    pub returns: u32,
    /// How often it was put on hold.
    #[serde(default)]
    pub holds: u32,
    /// The calls offered in it.
    #[serde(default, skip_serializing_if = "Calls::is_none")]
    pub calls: Calls,
    /// What became of the assistant's answers in it.
    #[serde(default, skip_serializing_if = "Assisted::is_none")]
    pub assisted: Assisted,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Timestamp>,
    /// The side that ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_by: Option<Party>,
    /// When its place became free; absent if no advisor had to wrap it up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrapped_up: Option<Timestamp>,
    /// The topic, as the advisor gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicPath>,
    /// The outcome, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// When its first segnalazione was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarded: Option<Timestamp>,
    /// When the office answered that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office_answered: Option<Timestamp>,
    /// The rating of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Answer>,
}

/// The stage of a conversation, with the beginning of the span under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The person waits.
    Waiting {
        /// Since when.
        since: Timestamp,
    },
    /// An advisor holds it.
    Held {
        /// Since when.
        since: Timestamp,
        /// Whether the advisor has written.
        spoken: bool,
        /// Since when it is on hold.
        on_hold: Option<Timestamp>,
    },
    /// It is over.
    Ended {},
}

impl Record {
    /// The record of a conversation that has just entered.
    pub fn new(conversation: ConversationId, at: Timestamp, entered: Entered) -> Self {
        let Entered { queue, category, province, language, entry_point, about } = entered;
        Self {
            conversation,
            queue,
            category,
            province,
            language,
            entry_point,
            about,
            entered: at,
            told: None,
            answered: None,
            advisor: None,
            stage: Stage::Waiting { since: at },
            waits: 1,
            waited_ms: 0,
            held_ms: 0,
            on_hold_ms: 0,
            first_words_ms: Vec::new(),
            offers: 0,
            missed: 0,
            declined: 0,
            transfers: 0,
            left: Vec::new(),
            returns: 0,
            holds: 0,
            calls: Calls::default(),
            assisted: Assisted::default(),
            ended: None,
            ended_by: None,
            wrapped_up: None,
            topic: None,
            outcome: None,
            forwarded: None,
            office_answered: None,
            rating: None,
        }
    }

    /// The record of a request that was written while nobody could answer: forwarded and over at once, and never in a queue.
    pub fn of_request(conversation: ConversationId, at: Timestamp, entered: Entered) -> Self {
        Self {
            stage: Stage::Ended {},
            waits: 0,
            ended: Some(at),
            ended_by: Some(Party::Citizen),
            outcome: Some(Outcome::LineaInps),
            ..Self::new(conversation, at, entered)
        }
    }

    /// Whether it is of a written request.
    pub fn is_request(&self) -> bool {
        self.waits == 0
    }

    /// Folds events into records: the first event of a conversation that is not `entered` is dropped, as are those of others.
    pub fn replay<'e>(events: impl IntoIterator<Item = &'e Event>) -> Vec<Self> {
        let mut records = std::collections::BTreeMap::<&ConversationId, Self>::new();
        for Event { conversation, at, kind } in events {
            if let EventKind::Entered(entered) = kind {
                records
                    .entry(conversation)
                    .or_insert_with(|| Self::new(conversation.clone(), *at, entered.as_ref().clone()));
            } else if let Some(record) = records.get_mut(conversation) {
                record.apply(kind, *at);
            }
        }
        records.into_values().collect()
    }

    /// Applies an event. One that does not fit the stage changes nothing.
    pub fn apply(&mut self, kind: &EventKind, at: Timestamp) {
        match kind {
            EventKind::Entered(_) => {}
            EventKind::Told { from, to } => {
                self.told.get_or_insert((*from, *to));
            }
            EventKind::About { skill } => self.about = Some(*skill),
            EventKind::Offered {} => self.offers += 1,
            EventKind::Missed {} => self.missed += 1,
            EventKind::Declined {} => self.declined += 1,
            EventKind::Assigned { advisor } => self.assigned(advisor, at),
            EventKind::FirstWord {} => {
                if let Stage::Held { since, spoken: spoken @ false, .. } = &mut self.stage {
                    *spoken = true;
                    self.first_words_ms.push(between(*since, at));
                }
            }
            EventKind::Requeued { queue } => {
                if self.is_held() {
                    self.transfers += 1;
                    self.pass_to(queue);
                    self.waits_again(at);
                } else if self.ended.is_none() {
                    self.pass_to(queue);
                }
            }
            EventKind::Returned {} => {
                if self.is_held() {
                    self.returns += 1;
                    self.waits_again(at);
                }
            }
            EventKind::OnHold {} => {
                if let Stage::Held { on_hold: on_hold @ None, .. } = &mut self.stage {
                    *on_hold = Some(at);
                    self.holds += 1;
                }
            }
            EventKind::Resumed {} => {
                if let Stage::Held { on_hold, .. } = &mut self.stage
                    && let Some(since) = on_hold.take()
                {
                    self.on_hold_ms += between(since, at);
                }
            }
            EventKind::Call { step } => self.calls.apply(step),
            EventKind::Ended { by, outcome, held_by } => {
                if self.ended.is_none() {
                    self.leave_stage(at);
                    (self.stage, self.ended, self.ended_by) = (Stage::Ended {}, Some(at), Some(*by));
                    if held_by.is_none() {
                        // An assignment that the conversation never knew of answered nobody.
                        (self.answered, self.advisor) = (self.answered.filter(|_| self.waits > 1), None);
                    }
                    // Closing time answers nobody, and nobody left.
                    let abandoned = self.answered.is_none() && *by == Party::Citizen;
                    self.outcome = outcome.or(abandoned.then_some(Outcome::Abandoned));
                }
            }
            EventKind::WrappedUp { topic, outcome } => {
                if self.ended.is_some() {
                    self.wrapped_up.get_or_insert(at);
                    self.topic = topic.clone().or(self.topic.take());
                    // A block is not for the advisor to classify.
                    if self.outcome != Some(Outcome::Blocked) {
                        self.outcome = outcome.or(self.outcome);
                    }
                }
            }
            EventKind::Forwarded {} => {
                self.forwarded.get_or_insert(at);
            }
            EventKind::OfficeAnswered {} => {
                self.office_answered.get_or_insert(at);
            }
            EventKind::Rated { rating } => self.rating = Some(*rating),
            EventKind::AssistantShown {} => self.assisted.shown = true,
            EventKind::SourceOpened {} => self.assisted.opened = true,
            EventKind::CameBack {} => self.assisted.came_back = true,
        }
    }

    /// For how long the person waited for the first advisor: until they were answered, or it ended, or `now`.
    pub fn first_wait_ms(&self, now: Timestamp) -> i64 {
        between(self.entered, self.answered.or(self.ended).unwrap_or(now))
    }

    /// Handle time: held by advisors, and wrapped up.
    pub fn handle_ms(&self) -> i64 {
        self.held_ms + self.wrap_up_ms().unwrap_or_default()
    }

    /// From its end to its place becoming free.
    pub fn wrap_up_ms(&self) -> Option<i64> {
        Some(between(self.ended?, self.wrapped_up?))
    }

    fn is_held(&self) -> bool {
        matches!(self.stage, Stage::Held { .. })
    }

    fn assigned(&mut self, advisor: &AdvisorId, at: Timestamp) {
        if matches!(self.stage, Stage::Ended {}) {
            return;
        }
        self.transfers += u32::from(self.is_held());
        self.leave_stage(at);
        self.stage = Stage::Held { since: at, spoken: false, on_hold: None };
        self.answered.get_or_insert(at);
        self.advisor = Some(advisor.clone());
    }

    fn pass_to(&mut self, queue: &QueueId) {
        if self.queue != *queue {
            self.left.push(std::mem::replace(&mut self.queue, queue.clone()));
        }
    }

    fn waits_again(&mut self, at: Timestamp) {
        self.leave_stage(at);
        self.waits += 1;
        self.stage = Stage::Waiting { since: at };
    }

    /// Adds the span under way to its total.
    fn leave_stage(&mut self, at: Timestamp) {
        match self.stage {
            Stage::Waiting { since } => self.waited_ms += between(since, at),
            Stage::Held { since, on_hold, .. } => {
                self.held_ms += between(since, at);
                self.on_hold_ms += on_hold.map_or(0, |since| between(since, at));
            }
            Stage::Ended {} => {}
        }
    }
}

fn between(from: Timestamp, to: Timestamp) -> i64 {
    to.as_millis().saturating_sub(from.as_millis()).max(0)
}
