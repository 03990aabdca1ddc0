// SPDX-License-Identifier: EUPL-1.2
//! Occupancy: how the time of the advisors at the desk passes. A span that is over goes into the day's tally and to the register;
//! the live figures add the spans under way.

use infocig_protocol::{id::AdvisorId, time::Timestamp};

use super::{Desk, presence::Present};
use crate::{
    figures::{Activity, ActivitySpan, Tally, period::day_of},
    notification::Notification,
};

impl Desk {
    /// Ends the spans of advisors whose activity has changed, and begins their new ones.
    pub(super) fn follow_activities(&mut self, now: Timestamp) {
        let changed = |one: &&Present| one.span.map(|span| span.activity) != self.activity(one);
        let changed: Vec<AdvisorId> =
            self.advisors.values().filter(changed).map(|one| one.advisor.id.clone()).collect();
        for id in changed {
            self.end_span(&id, now);
            let activity = self.advisors.get(&id).and_then(|one| self.activity(one));
            if let Some(present) = self.advisors.get_mut(&id) {
                present.span = activity.map(|activity| ActivitySpan { activity, since: now });
            }
            self.pending.advisors.insert(id);
        }
    }

    /// Ends the span of an advisor, where there is one.
    pub(super) fn end_span(&mut self, advisor: &AdvisorId, now: Timestamp) {
        let span = self.advisors.get_mut(advisor).and_then(|present| present.span.take());
        for time in span.map(|span| span.until(now, &self.queue, advisor)).unwrap_or_default() {
            self.today.add_time(&time, now);
            self.pending.transition.notifications.push(Notification::AdvisorTime(time));
        }
    }

    /// Adds today's part of the spans under way.
    pub(super) fn add_spans(&self, tally: &mut Tally, now: Timestamp) {
        for one in self.advisors.values() {
            let days = one.span.map(|span| span.until(now, &self.queue, &one.advisor.id));
            for time in days.unwrap_or_default().iter().filter(|time| time.day == day_of(now)) {
                tally.add(&Tally::of_time(time));
            }
        }
    }

    fn activity(&self, one: &Present) -> Option<Activity> {
        if self.loads.in_hand(&one.advisor.id) > 0 {
            Some(Activity::OnContact)
        } else {
            one.takes_more().then_some(Activity::Idle)
        }
    }
}
