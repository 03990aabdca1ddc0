// SPDX-License-Identifier: EUPL-1.2
//! Occupancy: how the time of the advisors at the desk passes. A span that is over goes into the day's tally and to the register;
//! the live figures add the spans under way.

use infocig_protocol::{
    id::{AdvisorId, QueueId},
    time::Timestamp,
};

use super::{Desk, presence::Present};
use crate::{
    figures::{Activity, ActivitySpan, AdvisorTime, Tally, period::day_of},
    notification::Notification,
};

impl Desk {
    /// Ends the spans of advisors whose activity has changed, and begins their new ones.
    pub(super) fn follow_activities(&mut self, now: Timestamp) {
        let changed = |one: &&Present| {
            one.span.as_ref().map(|span| (span.activity, &*span.queues))
                != self.activity(one).as_ref().map(|(activity, queues)| (*activity, &**queues))
        };
        let changed: Vec<AdvisorId> =
            self.advisors.values().filter(changed).map(|one| one.advisor.id.clone()).collect();
        for id in changed {
            self.end_span(&id, now);
            let activity = self.advisors.get(&id).and_then(|one| self.activity(one));
            if let Some(present) = self.advisors.get_mut(&id) {
                present.span =
                    activity.map(|(activity, queues)| ActivitySpan { activity, since: now, queues });
            }
            self.pending.advisors.insert(id);
        }
    }

    /// Ends the span of an advisor, where there is one.
    pub(super) fn end_span(&mut self, advisor: &AdvisorId, now: Timestamp) {
        let span = self.advisors.get_mut(advisor).and_then(|present| present.span.take());
        let times = span.map(|span| span.until(now, self.queues.first(), advisor));
        for time in times.unwrap_or_default() {
            self.state_mut(&time.queue).today.add_time(&time, now);
            self.pending.transition.notifications.push(Notification::AdvisorTime(time));
        }
    }

    /// Adds today's part of the spans under way that counts for a queue.
    pub(super) fn add_spans(&self, tally: &mut Tally, queue: &QueueId, now: Timestamp) {
        let is_part = |time: &AdvisorTime| time.queue == *queue && time.day == day_of(now);
        for one in self.advisors.values() {
            let times = one.span.as_ref().map(|span| span.until(now, self.queues.first(), &one.advisor.id));
            for time in times.unwrap_or_default().into_iter().filter(is_part) {
                tally.add(&Tally::of_time(&time));
            }
        }
    }

    /// The activity of an advisor, and the queues it belongs to, which are named where the desk has several.
    fn activity(&self, one: &Present) -> Option<(Activity, Vec<QueueId>)> {
        let activity = if self.loads.in_hand(&one.advisor.id) > 0 {
            Activity::OnContact
        } else {
            one.takes_more().then_some(Activity::Idle)?
        };
        if !self.queues.are_several() {
            return Some((activity, Vec::new()));
        }
        let belongs = |queue: &&QueueId| match activity {
            Activity::OnContact => self.loads.has_of_queue(&one.advisor.id, queue),
            Activity::Idle => one.serves(queue),
        };
        Some((activity, self.queues.ids().filter(belongs).cloned().collect()))
    }
}
