// SPDX-License-Identifier: EUPL-1.2
//! Assignment: waiting conversations are offered, in order, to the advisor they fit who has the fewest places taken.
//!
//! Among advisors with as many, the one who was offered nothing for longest goes first; then by id. An advisor who declined a
//! conversation a little while ago is not asked again yet.

use infocig_protocol::{
    desk::{AssignmentMode, Presence, Why},
    id::{AdvisorId, ConversationId},
    time::Timestamp,
};

use super::{
    Desk, fit,
    presence::Present,
    queue::{DeskConversation, Offer},
    waited,
};

use crate::{figures::EventKind, people::Advisor};

impl Desk {
    /// Offers everything that can be offered now.
    pub(super) fn assign(&mut self, now: Timestamp) {
        if self.rules.assignment == AssignmentMode::Pull {
            return;
        }
        let capacity = self.rules.capacity.get();
        let free = self.advisors.values().filter(|one| one.takes_more());
        let free =
            free.map(|one| Candidate { one, load: self.load_of(&one.advisor.id), since: one.idle_since });
        let mut candidates: Vec<Candidate<'_>> = free.filter(|candidate| candidate.load < capacity).collect();
        let mut offers = Vec::new();
        for id in self.waiting_queue.iter() {
            if candidates.is_empty() {
                break;
            }
            let Some(conversation) =
                self.conversations.get(id).filter(|conversation| conversation.offer.is_none())
            else {
                continue;
            };
            let fitting = candidates.iter_mut().filter_map(|candidate| {
                if conversation.has_declined(&candidate.one.advisor.id) {
                    return None;
                }
                self.why(conversation, candidate.one, now).map(|why| (candidate, why))
            });
            let chosen = fitting.min_by(|(a, _), (b, _)| a.order().cmp(&b.order()));
            let Some((chosen, why)) = chosen else { continue };
            chosen.since = now;
            chosen.load += 1;
            offers.push((id.clone(), chosen.one.advisor.clone(), why));
            candidates.retain(|candidate| candidate.load < capacity);
        }
        for (id, advisor, why) in offers {
            self.offer(&id, &advisor, why, now);
        }
    }

    /// Asks an advisor to take a conversation.
    pub(super) fn offer(&mut self, id: &ConversationId, to: &Advisor, why: Why, now: Timestamp) {
        let until = now.plus_millis(self.rules.accept_within_ms());
        self.edit(id, |conversation| {
            conversation.offer = Some(Offer { to: to.clone(), since: now, until, why });
        });
        self.happened(id, EventKind::Offered {}, now);
        self.touch(&to.id, now);
    }

    /// Why a waiting conversation is for an advisor, if it is. One of another queue is not, and for a supervisor who supervises none
    /// is.
    pub(super) fn why(
        &self,
        conversation: &DeskConversation,
        present: &Present,
        now: Timestamp,
    ) -> Option<Why> {
        if present.presence == Presence::Supervising || !present.serves(conversation.queue()) {
            return None;
        }
        let rule = self.rules.routing_after(waited(conversation.since, now));
        fit::why(rule, &conversation.person, &present.profile)
    }

    /// Whether a waiting conversation is for nobody at the desk.
    pub(super) fn fits_nobody(&self, conversation: &DeskConversation, now: Timestamp) -> bool {
        !self.advisors.values().any(|one| one.is_at_the_desk() && self.why(conversation, one, now).is_some())
    }
}

/// An advisor with a free place, and what has come to them in this call.
struct Candidate<'d> {
    one: &'d Present,
    load: u32,
    since: Timestamp,
}

impl Candidate<'_> {
    fn order(&self) -> (u32, Timestamp, &AdvisorId) {
        (self.load, self.since, &self.one.advisor.id)
    }
}
