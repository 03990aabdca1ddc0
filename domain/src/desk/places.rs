// SPDX-License-Identifier: EUPL-1.2
//! Places in the queues: their announcement to people who wait, and whether a queue is full.
//!
//! A position counts the people of the same queue. A wait counts everybody who is answered before and takes up advisors of the
//! queue: of somebody ahead in another queue, that part of its places which belongs to advisors of both.

use std::collections::{BTreeMap, BTreeSet};

use infocig_protocol::{frame::Estimate, frame::QueuePlace, id::QueueId, time::Timestamp};

use super::{
    Desk,
    estimate::{Prospect, is_news},
    presence::Present,
    queue::{DeskConversation, Stage},
    waited,
};
use crate::{admission::Load, figures::EventKind, notification::ConversationCommand, sentence};

impl Desk {
    /// How busy the desk is, for a newcomer to a queue.
    pub fn load(&self, queue: &QueueId, now: Timestamp) -> Load {
        let bound = i64::from(self.rules.longest_wait_minutes.get()) * 60_000;
        let waits_too_long = |conversation: &DeskConversation| {
            conversation.queue() == queue
                && matches!(conversation.stage, Stage::Waiting { since } if waited(since, now) > bound)
        };
        if self.rules.unstaffed_minutes.is_some() && !self.is_staffed(queue) {
            return Load::Unstaffed { since: self.states.get(queue).and_then(|state| state.today.left) };
        }
        let mut outlook = self.outlook(now);
        self.waiting().filter(|one| one.offer.is_none()).for_each(|one| outlook.step_behind(one.queue()));
        let would_wait = outlook.of(queue).and_then(Line::mean_ms).unwrap_or_default();
        if would_wait > bound || self.waiting().any(waits_too_long) {
            Load::QueueFull
        } else {
            Load::Bearable
        }
    }

    /// Whether an advisor of a queue is there to answer.
    fn is_staffed(&self, queue: &QueueId) -> bool {
        self.advisors.values().any(|present| present.is_at_the_desk() && present.serves(queue))
    }

    /// What somebody who waits must know besides their place, in their language: that nobody is at the desk, and the banner of the
    /// service.
    fn notice(&self, conversation: &DeskConversation, now: Timestamp) -> String {
        let language = conversation.person.language;
        let unstaffed = self.waits_for_nobody(conversation, now);
        let unstaffed = unstaffed.then(|| sentence::unstaffed_meanwhile(language));
        let at = jiff::Timestamp::from_millisecond(now.as_millis()).unwrap_or_default();
        let banner = self.rules.banner.as_ref().filter(|banner| banner.holds(at));
        let banner = banner.map(|banner| banner.text.in_language(language));
        let sentences: Vec<&str> = unstaffed.into_iter().chain(banner).collect();
        sentences.join(" ")
    }

    /// Whether somebody has waited for as long as the policy allows while no advisor of their queue was at the desk.
    fn waits_for_nobody(&self, conversation: &DeskConversation, now: Timestamp) -> bool {
        let Some(minutes) = self.rules.unstaffed_minutes else { return false };
        let queue = conversation.queue();
        let left = self.states.get(queue).and_then(|state| state.today.left);
        let since = left.max(Some(conversation.record.entered)).unwrap_or(now);
        !self.is_staffed(queue) && waited(since, now) >= i64::from(minutes.get()) * 60_000
    }

    /// Remembers for each queue when the last advisor of it left.
    pub(super) fn note_who_left(&mut self, now: Timestamp) {
        if self.pending.advisors.is_empty() {
            return;
        }
        let queues: Vec<QueueId> = self.queues.ids().cloned().collect();
        for queue in queues {
            let is_staffed = self.is_staffed(&queue);
            let known = self.states.get(&queue).and_then(|state| state.today.left);
            if is_staffed == known.is_some() {
                self.state_mut(&queue).today.left = (!is_staffed).then_some(now);
            }
        }
    }

    /// Tells people who wait their place in their queue: a newcomer at once, everybody else at every update of the queue if it has
    /// changed.
    pub(super) fn announce_places(&mut self, now: Timestamp) {
        // A clock set back must not stop the announcements.
        let is_due = |(queue, state): &(&QueueId, &super::QueueState)| {
            self.waiting_queue.number(queue) > 0
                && (now >= self.next_update(state) || now < state.service_times.announced_at)
        };
        let due: BTreeSet<QueueId> =
            self.states.iter().filter(is_due).map(|(queue, _)| queue.clone()).collect();
        let has_newcomer = self.pending.conversations.iter().any(|id| {
            self.conversations.get(id).is_some_and(|conversation| {
                conversation.is_waiting() && conversation.last_announced.is_none()
            })
        });
        if due.is_empty() && !has_newcomer {
            return;
        }
        for queue in &due {
            self.state_mut(queue).service_times.announced_at = now;
        }
        let mut outlook = self.outlook(now);
        let mut news = Vec::new();
        for id in self.waiting_queue.iter() {
            let Some(conversation) = self.conversations.get(id) else { continue };
            let Some(line) = outlook.of(conversation.queue()) else { continue };
            let place = if conversation.offer.is_some() { line.about_to_be_answered() } else { line.place() };
            let notice = self.notice(conversation, now);
            let place = QueuePlace { notice, ..place };
            let is_update = due.contains(conversation.queue());
            if conversation.last_announced.as_ref().is_none_or(|before| is_update && is_news(before, &place))
            {
                news.push((id.clone(), place));
            }
            if conversation.offer.is_none() {
                outlook.step_behind(conversation.queue());
            }
        }
        for (id, place) in news {
            if let Estimate::Minutes { from, to } = place.estimate
                && self.conversations.get(&id).is_some_and(|conversation| conversation.record.told.is_none())
            {
                self.happened(&id, EventKind::Told { from, to }, now);
            }
            if let Some(conversation) = self.conversations.get_mut(&id) {
                conversation.last_announced = Some(place.clone());
            }
            self.command(&id, ConversationCommand::Place(place));
            self.pending.conversations.insert(id);
        }
    }

    /// The outlook of each queue before anybody waits.
    fn outlook(&self, now: Timestamp) -> Outlook<'_> {
        let places = self.rules.capacity.get();
        let takers: Vec<&Present> = self.advisors.values().filter(|one| one.takes_more()).collect();
        let capacity = |of: &QueueId, and: &QueueId| {
            let both = takers.iter().filter(|one| one.serves(of) && one.serves(and)).count();
            u32::try_from(both).unwrap_or(u32::MAX).saturating_mul(places)
        };
        let free = |queue: &QueueId| {
            let theirs = takers.iter().filter(|one| one.serves(queue));
            let free = theirs.map(|one| places.saturating_sub(self.load_of(&one.advisor.id)));
            free.fold(0_u32, u32::saturating_add)
        };
        let line = |(queue, state): (&QueueId, &super::QueueState)| Line {
            prospect: Prospect {
                capacity: capacity(queue, queue),
                free: free(queue),
                place_ms: state.service_times.place_ms(now),
                seen: state.service_times.ended,
            },
            position: 1,
            ahead: 0,
        };
        let lines: BTreeMap<&QueueId, Line> =
            self.states.iter().map(|(queue, state)| (queue, line((queue, state)))).collect();
        let mut shares = BTreeMap::new();
        for of in self.states.keys() {
            let all = capacity(of, of);
            for on in self.states.keys() {
                let share = match u64::from(capacity(of, on)) {
                    _ if of == on => WHOLE,
                    both => (both * WHOLE).checked_div(u64::from(all)).unwrap_or_default(),
                };
                shares.insert((of, on), share);
            }
        }
        Outlook { lines, shares }
    }
}

/// What people who wait can expect, as one walks along those who wait.
struct Outlook<'d> {
    lines: BTreeMap<&'d QueueId, Line>,
    /// The part of a person of one queue that is ahead of people of another, in thousandths.
    shares: BTreeMap<(&'d QueueId, &'d QueueId), u64>,
}

/// The next person of one queue.
struct Line {
    prospect: Prospect,
    /// Their position in it.
    position: u32,
    /// The people who take up its advisors before them, in thousandths.
    ahead: u64,
}

impl Outlook<'_> {
    fn of(&self, queue: &QueueId) -> Option<&Line> {
        self.lines.get(queue)
    }

    /// Steps behind a person of a queue.
    fn step_behind(&mut self, of: &QueueId) {
        for (queue, line) in &mut self.lines {
            line.position += u32::from(*queue == of);
            line.ahead += self.shares.get(&(of, *queue)).copied().unwrap_or_default();
        }
    }
}

impl Line {
    /// Where they would be if all who are ahead were of their queue.
    fn rank(&self) -> u32 {
        u32::try_from(self.ahead.div_ceil(WHOLE)).unwrap_or(u32::MAX).saturating_add(1)
    }

    fn mean_ms(&self) -> Option<i64> {
        self.prospect.mean_ms(self.rank())
    }

    fn place(&self) -> QueuePlace {
        self.prospect.place(self.position, self.rank())
    }

    fn about_to_be_answered(&self) -> QueuePlace {
        Prospect { free: 1, capacity: self.prospect.capacity.max(1), ..self.prospect }.place(1, 1)
    }
}

/// A person, in thousandths.
const WHOLE: u64 = 1_000;
