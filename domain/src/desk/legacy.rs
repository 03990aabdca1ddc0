// SPDX-License-Identifier: EUPL-1.2
//! Conversations on a desk as they were stored before figures had records: the counts of that time become a record.

use infocig_protocol::{
    desk::Priority,
    frame::QueuePlace,
    id::{ConversationId, QueueId},
    person::PersonCard,
    supervision::Spoke,
    time::Timestamp,
};
use serde::Deserialize;

use super::queue::{Declined, DeskConversation, Offer, Stage};
use crate::{
    conversation::ClosingTime,
    figures::{Record, event::Entered, record},
};

/// A stored conversation, of today or of before.
#[derive(Deserialize)]
pub(super) struct StoredConversation {
    #[serde(alias = "conversation")]
    id: ConversationId,
    since: Timestamp,
    person: PersonCard,
    stage: Stage,
    offer: Option<Offer>,
    returned: bool,
    #[serde(alias = "turn")]
    assignment_epoch: u32,
    #[serde(alias = "passed")]
    declined: Vec<Declined>,
    record: Option<Record>,
    #[serde(alias = "account")]
    stats: Option<ConversationStats>,
    #[serde(alias = "told")]
    last_announced: Option<QueuePlace>,
    spoke: Option<Spoke>,
    closing: Option<ClosingTime>,
    warned: Option<Timestamp>,
    priority: Option<Priority>,
}

/// The counts of a conversation that a desk kept before records.
#[derive(Default, Deserialize)]
struct ConversationStats {
    answered: Option<Timestamp>,
    waits: u32,
    waited_ms: i64,
    offers: u32,
    returns: u32,
    transfers: u32,
}

impl TryFrom<StoredConversation> for DeskConversation {
    type Error = String;

    fn try_from(stored: StoredConversation) -> Result<Self, String> {
        let StoredConversation {
            id, since, person, stage, offer, returned, assignment_epoch, declined, ..
        } = stored;
        let record = match stored.record {
            Some(record) => record,
            None => record_of(&id, since, &person, &stage, &stored.stats.unwrap_or_default())?,
        };
        let (last_announced, spoke) = (stored.last_announced, stored.spoke);
        let (closing, warned, priority) = (stored.closing, stored.warned, stored.priority);
        Ok(Self {
            id,
            since,
            person,
            stage,
            offer,
            returned,
            assignment_epoch,
            declined,
            record,
            last_announced,
            spoke,
            closing,
            warned,
            priority,
        })
    }
}

/// The record of counts. [`Desk::restore`](super::Desk::restore) puts in the queue, which was not stored.
fn record_of(
    id: &ConversationId,
    since: Timestamp,
    person: &PersonCard,
    stage: &Stage,
    stats: &ConversationStats,
) -> Result<Record, String> {
    let queue = QueueId::parse("unknown").map_err(|error| error.to_string())?;
    let mut record = Record::new(id.clone(), since, Entered::of(person, &queue));
    (record.answered, record.waits, record.waited_ms) = (stats.answered, stats.waits, stats.waited_ms);
    (record.offers, record.returns, record.transfers) = (stats.offers, stats.returns, stats.transfers);
    match stage {
        Stage::Waiting { since } => record.stage = record::Stage::Waiting { since: *since },
        Stage::Held(held) => {
            record.stage = record::Stage::Held { since: held.since, spoken: true, on_hold: None };
            record.advisor = Some(held.advisor.id.clone());
        }
        Stage::WrapUp(over) => {
            record.stage = record::Stage::Ended {};
            record.advisor = Some(over.advisor.id.clone());
            (record.ended, record.ended_by, record.outcome) = (Some(over.ended), Some(over.by), over.outcome);
        }
    }
    Ok(record)
}
