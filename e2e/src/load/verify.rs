// SPDX-License-Identifier: EUPL-1.2
//! The check at the end of a load: every conversation as a fresh reader gets it from storage, against what both sides saw.

use std::{collections::BTreeMap, fmt::Write as _, sync::PoisonError};

use infocig_protocol::{
    entry::{Entry, EntryBody, Party},
    frame::ServerFrame,
    http::ConversationOpened,
    id::ConversationId,
};

use super::{
    desk,
    people::CitizenResult,
    run::{SharedState, SideResult, ws},
};
use crate::{
    chat::Chat,
    error::Error,
    socket::Socket,
    transcript::{Flaws, Side},
};

/// The result of a load.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadReport {
    /// Number of conversations.
    pub conversations: u64,
    /// The sum of the flaws of all transcripts.
    pub flaws: Flaws,
    /// Conversations that did not end, are still at the desk after their end, or were held by two advisors.
    pub stranded: u64,
    /// One sentence for each error.
    pub errors: Vec<String>,
}

impl LoadReport {
    /// Whether there are no errors.
    pub fn is_clean(&self) -> bool {
        self.stranded == 0 && self.flaws.is_none()
    }

    /// The counts, and the first errors.
    pub fn summary(&self) -> String {
        let Flaws { messages, refused, lost, doubled, out_of_order } = self.flaws;
        let mut words = format!(
            "{} conversations, {messages} messages, {refused} refused; {lost} lost, {doubled} doubled, {out_of_order} out \
             of order, {} stranded",
            self.conversations, self.stranded
        );
        for error in self.errors.iter().take(SHOWN) {
            let _ = write!(words, "\n- {error}");
        }
        if let Some(more) = self.errors.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            let _ = write!(words, "\n- and {more} more");
        }
        words
    }

    fn add_stranded(&mut self, error: String) {
        self.stranded += 1;
        self.errors.push(error);
    }
}

/// How many errors a summary lists.
const SHOWN: usize = 10;

/// A conversation that was cut off.
#[derive(Clone, Debug)]
pub struct Played {
    /// What its person was let in with.
    pub opened: ConversationOpened,
    /// Both sides, as far as they came.
    pub sides: Vec<Side>,
}

impl SharedState {
    /// Every conversation whose person was let in, with its sides.
    pub(super) fn played(&self, results: Vec<CitizenResult>) -> Vec<Played> {
        let taken = std::mem::take(&mut *self.advised.lock().unwrap_or_else(PoisonError::into_inner));
        let mut played = Vec::new();
        for (opened, result) in results.into_iter().filter_map(|result| result.entered.ok()) {
            let advised = taken.iter().filter(|(id, _)| *id == opened.conversation);
            let sides = advised.map(|(_, result)| result.side.clone()).chain([result.side]).collect();
            played.push(Played { opened, sides });
        }
        played
    }

    /// Compares every conversation, as the edge itself returns it to a fresh reader, with the results of both sides.
    pub(super) async fn verify(&self, results: Vec<CitizenResult>) -> Result<LoadReport, Error> {
        let mut advised: BTreeMap<ConversationId, Vec<SideResult>> = BTreeMap::new();
        let taken = std::mem::take(&mut *self.advised.lock().unwrap_or_else(PoisonError::into_inner));
        for (conversation, result) in taken {
            advised.entry(conversation).or_default().push(result);
        }
        let at_desk = desk::left_behind(self).await?;
        let mut report = LoadReport { conversations: results.len() as u64, ..LoadReport::default() };
        for CitizenResult { number, plan, entered } in results {
            let (opened, result) = match entered {
                Ok(entered) => entered,
                Err(failure) => {
                    report.add_stranded(format!("conversation {number} was not let in: {failure}"));
                    continue;
                }
            };
            let id = &opened.conversation;
            let stored = self.stored(&opened).await;
            let mut all: Vec<SideResult> =
                advised.remove(id).unwrap_or_default().into_iter().chain([result]).collect();
            // An advisor who accepts a person in the instant in which they leave the queue is refused. The log has no assignment,
            // so that the advisor does not count as a holder.
            let was_left = plan.hangs_up_after.is_some()
                && stored.as_ref().is_ok_and(|chat| left_in_the_queue(&chat.log));
            all.retain(|result| !was_left || !result.was_refused_at_once());
            let (sides, failures): (Vec<Side>, Vec<_>) =
                all.into_iter().map(|result| (result.side, result.failure)).unzip();
            let holders = sides.iter().filter(|side| side.party == Party::Advisor).count();
            let failures: Vec<String> = failures.into_iter().flatten().collect();
            let stranded = if !failures.is_empty() {
                Some(format!("did not end: {}", failures.join("; ")))
            } else if let Err(error) = &stored {
                Some(format!("cannot be read: {error}"))
            } else if at_desk.contains_key(id) {
                Some("is still at the desk".to_owned())
            } else if holders > 1 || holders == 0 && plan.hangs_up_after.is_none() {
                Some(format!("was held by {holders} advisors"))
            } else {
                None
            };
            let stored = stored.map_or_else(|_| Vec::new(), |chat| chat.log);
            let flaws = Flaws::of(&stored, &sides);
            let place = at_desk.get(id).map_or("not at the desk", |place| *place);
            let name = format!("conversation {number}, {id}, {plan:?}, {place},");
            if let Some(stranded) = stranded {
                report.add_stranded(format!("{name} {stranded}; stored: {stored:?}"));
            }
            if !flaws.is_none() {
                report.errors.push(format!("{name} {flaws:?}; stored: {stored:?}; results: {sides:?}"));
            }
            report.flaws += flaws;
        }
        Ok(report)
    }

    /// A conversation as a reader without a cursor gets it.
    async fn stored(&self, opened: &ConversationOpened) -> Result<Chat, Error> {
        let url = ws(&self.target.edge, &opened.socket);
        let socket = Socket::<ServerFrame>::open(&url, self.target.issuer.origin(), &opened.ticket).await?;
        Chat::join(socket, &opened.ticket, 0).await
    }
}

/// Whether the person ended the conversation before an advisor accepted it.
fn left_in_the_queue(log: &[Entry]) -> bool {
    let is_ended = |entry: &Entry| matches!(entry.body, EntryBody::Closed { by: Party::Citizen, .. });
    let is_taken = |entry: &Entry| matches!(entry.body, EntryBody::Assigned { .. });
    log.iter().any(is_ended) && !log.iter().any(is_taken)
}
