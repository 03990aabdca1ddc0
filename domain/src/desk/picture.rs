// SPDX-License-Identifier: EUPL-1.2
//! The desk as one advisor sees it. Tickets are left out: only the caller can sign them.

use infocig_protocol::{
    desk::{
        AssignedConversation, AssignmentState, Colleague, DeskPicture, DeskWelcome, Fit, Presence,
        QuickReply, WaitingConversation, Why,
    },
    id::{AdvisorId, QueueId},
    person::PersonCard,
    time::Timestamp,
};

use super::{
    Desk,
    presence::Present,
    queue::{DeskConversation, Stage},
};
use crate::{people::Advisor, province};

/// The card of a waiting person for an advisor who may not take the conversation: the attributes by which a queue is sorted,
/// and the number of the conversation instead of a name. Advisors read personal data of the people they answer, and of nobody
/// else.
fn without_identity(conversation: &DeskConversation) -> PersonCard {
    PersonCard {
        name: conversation.id.number(),
        acting_for: None,
        about: None,
        question: None,
        ..conversation.person.clone()
    }
}

impl Desk {
    /// The data that a console needs before its first picture.
    pub fn welcome(&self, advisor: &Advisor, version: u16) -> DeskWelcome {
        DeskWelcome {
            version,
            queue: self.first_queue_of(&advisor.id),
            queues: self.queues_for(&advisor.id),
            advisor: advisor.name.clone(),
            id: advisor.id.clone(),
            capacity: self.rules.capacity.get(),
            assignment: self.rules.assignment,
            topics: self.rules.topics.clone(),
            replies: self.replies_for(&advisor.id),
            provinces: province::by_name(),
            supervisor: self.advisors.get(&advisor.id).is_some_and(Present::is_supervisor),
            hold_minutes: self.rules.hold_minutes.iter().map(|minutes| minutes.get()).collect(),
            block_hours: self.rules.block_hours.iter().map(|hours| hours.get()).collect(),
            per_advisor: self.rules.figures.per_advisor,
            calls: self.rules.calls,
        }
    }

    /// The quick replies of an advisor: those of their queues, and those of all.
    fn replies_for(&self, advisor: &AdvisorId) -> Vec<QuickReply> {
        let own: Vec<&QueueId> = self.queues_of(advisor).map(|queue| &queue.id).collect();
        let theirs = self.rules.replies.iter().filter(|one| one.is_for(&own));
        theirs.map(|one| one.reply.clone()).collect()
    }

    /// The picture for an advisor. An offered conversation is not in the queue: it is among the own ones of its advisor.
    pub fn picture(&self, advisor: &AdvisorId, now: Timestamp) -> DeskPicture {
        let own: Vec<&QueueId> = self.queues_of(advisor).map(|queue| &queue.id).collect();
        let is_several = own.len() > 1;
        let unoffered = self.waiting().filter(|one| one.offer.is_none() && own.contains(&one.queue()));
        let mut mine: Vec<AssignedConversation> = self
            .watched
            .iter()
            .filter_map(|id| self.conversations.get(id))
            .filter_map(|conversation| self.assigned(conversation, advisor))
            .collect();
        mine.sort_by(|a, b| (a.since, &a.conversation).cmp(&(b.since, &b.conversation)));
        let colleague = |one: &Present| {
            let shared: Vec<QueueId> =
                own.iter().filter(|queue| one.serves(queue)).map(|queue| QueueId::clone(queue)).collect();
            (!shared.is_empty()).then(|| Colleague {
                advisor: one.advisor.id.clone(),
                name: one.advisor.name.clone(),
                presence: one.presence,
                lost: one.disconnected_since.is_some(),
                load: self.load_of(&one.advisor.id),
                queues: if is_several { shared } else { Vec::new() },
            })
        };
        let mut colleagues: Vec<Colleague> = self.advisors.values().filter_map(colleague).collect();
        colleagues.sort_by(|a, b| (&a.name, &a.advisor).cmp(&(&b.name, &b.advisor)));
        DeskPicture {
            presence: self.advisors.get(advisor).map_or(Presence::Leaving, |one| one.presence),
            waiting: unoffered.map(|one| self.in_queue(one, advisor, is_several, now)).collect(),
            mine,
            colleagues,
        }
    }

    fn in_queue(
        &self,
        conversation: &DeskConversation,
        advisor: &AdvisorId,
        is_several: bool,
        now: Timestamp,
    ) -> WaitingConversation {
        let own = self.advisors.get(advisor).and_then(|one| self.why(conversation, one, now));
        let fit = match own {
            Some(why) => Fit::Yours(why),
            None if self.fits_nobody(conversation, now) => Fit::Nobody {},
            None => Fit::Others {},
        };
        let supervises = self.advisors.get(advisor).is_some_and(|one| one.presence == Presence::Supervising);
        let person = match fit {
            Fit::Yours(_) => conversation.person.clone(),
            Fit::Nobody {} if !supervises => conversation.person.clone(),
            Fit::Nobody {} | Fit::Others {} => without_identity(conversation),
        };
        WaitingConversation {
            conversation: conversation.id.clone(),
            since: conversation.since,
            queue: is_several.then(|| conversation.queue().clone()),
            person,
            returned: conversation.returned,
            priority: conversation.priority,
            fit,
        }
    }

    fn assigned(&self, conversation: &DeskConversation, advisor: &AdvisorId) -> Option<AssignedConversation> {
        let holder = conversation.held().map(|held| held.advisor.name.clone());
        let (since, state, why) = match (&conversation.offer, &conversation.stage) {
            (Some(offer), _) if offer.to.id == *advisor => {
                (offer.since, AssignmentState::Offered { until: offer.until, by: holder }, offer.why.clone())
            }
            (offer, Stage::Held(held)) if held.advisor.id == *advisor => {
                if !held.confirmed {
                    return None;
                }
                let state = AssignmentState::Held {
                    helpers: held.helpers.iter().map(|helper| helper.name.clone()).collect(),
                    transferring_to: offer.as_ref().map(|offer| offer.to.name.clone()),
                    ending: held.ending.is_some(),
                    observers: held.observers.iter().map(|one| one.advisor.name.clone()).collect(),
                    on_hold: held.on_hold.clone(),
                };
                (held.since, state, held.why.clone())
            }
            (_, Stage::Held(held)) => {
                let by = held.advisor.name.clone();
                let invited = held.invited.iter().find(|invited| invited.advisor.id == *advisor);
                let helps = held.helpers.iter().any(|helper| helper.id == *advisor);
                let observes = held.observers.iter().find(|observer| observer.advisor.id == *advisor);
                match invited {
                    Some(invited) => {
                        (invited.since, AssignmentState::Invited { until: invited.until, by }, Why::default())
                    }
                    None if helps && held.confirmed => {
                        (held.since, AssignmentState::Helping { holder: by }, Why::default())
                    }
                    None => match observes {
                        Some(observer) if held.confirmed && observer.confirmed => {
                            (observer.since, AssignmentState::Observing { holder: by }, Why::default())
                        }
                        Some(_) | None => return None,
                    },
                }
            }
            (_, Stage::WrapUp(over)) if over.advisor.id == *advisor => {
                let state =
                    AssignmentState::WrapUp { until: over.until, topic_missing: over.ending.is_none() };
                (over.ended, state, Why::default())
            }
            (_, Stage::Waiting { .. } | Stage::WrapUp(_)) => return None,
        };
        Some(AssignedConversation {
            conversation: conversation.id.clone(),
            ticket: None,
            since,
            arrived: conversation.since,
            queue: self.queues.are_several().then(|| conversation.queue().clone()),
            person: conversation.person.clone(),
            state,
            why,
            priority: conversation.priority,
        })
    }
}
