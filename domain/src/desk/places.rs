// SPDX-License-Identifier: EUPL-1.2
//! Places in the queue: their announcement to people who wait, and whether the queue is full.

use infocig_protocol::{frame::Estimate, time::Timestamp};

use super::{
    Desk,
    estimate::{Prospect, is_news},
    queue::{DeskConversation, Stage},
    waited,
};
use crate::{admission::Load, figures::EventKind, notification::ConversationCommand};

impl Desk {
    /// How busy the desk is, for a newcomer.
    pub fn load(&self, now: Timestamp) -> Load {
        let bound = i64::from(self.rules.longest_wait_minutes.get()) * 60_000;
        let waits_too_long = |conversation: &DeskConversation| matches!(conversation.stage, Stage::Waiting { since } if waited(since, now) > bound);
        let waiting = || self.waiting_queue.iter().filter_map(|id| self.conversations.get(id));
        let position = u32::try_from(waiting().filter(|conversation| conversation.offer.is_none()).count())
            .unwrap_or(u32::MAX);
        let would_wait = self.prospect(now).mean_ms(position.saturating_add(1)).unwrap_or_default();
        if would_wait > bound || waiting().any(waits_too_long) { Load::QueueFull } else { Load::Bearable }
    }

    /// Tells people who wait their place in the queue: a newcomer at once, everybody else at every update if it has changed.
    pub(super) fn announce_places(&mut self, now: Timestamp) {
        // A clock set back must not stop the announcements.
        let is_update = now >= self.next_update() || now < self.service_times.announced_at;
        let has_newcomer = self.pending.conversations.iter().any(|id| {
            self.conversations.get(id).is_some_and(|conversation| {
                conversation.is_waiting() && conversation.last_announced.is_none()
            })
        });
        if self.waiting_queue.is_empty() || !(is_update || has_newcomer) {
            return;
        }
        if is_update {
            self.service_times.announced_at = now;
        }
        let prospect = self.prospect(now);
        let mut next = 1;
        let mut news = Vec::new();
        for id in self.waiting_queue.iter() {
            let Some(conversation) = self.conversations.get(id) else { continue };
            let place = if conversation.offer.is_some() {
                // About to be answered.
                Prospect { free: 1, capacity: prospect.capacity.max(1), ..prospect }.place(1)
            } else {
                next += 1;
                prospect.place(next - 1)
            };
            if conversation.last_announced.is_none_or(|before| is_update && is_news(before, place)) {
                news.push((id.clone(), place));
            }
        }
        for (id, place) in news {
            if let Estimate::Minutes { from, to } = place.estimate
                && self.conversations.get(&id).is_some_and(|conversation| conversation.record.told.is_none())
            {
                self.happened(&id, EventKind::Told { from, to }, now);
            }
            if let Some(conversation) = self.conversations.get_mut(&id) {
                conversation.last_announced = Some(place);
            }
            self.command(&id, ConversationCommand::Place(place));
            self.pending.conversations.insert(id);
        }
    }

    pub(super) fn prospect(&self, now: Timestamp) -> Prospect {
        let places = self.rules.capacity.get();
        let mut prospect = Prospect {
            capacity: 0,
            free: 0,
            place_ms: self.service_times.place_ms(now),
            seen: self.service_times.ended,
        };
        for advisor in self.advisors.values().filter(|one| one.takes_more()) {
            let load = self.load_of(&advisor.advisor.id);
            prospect.capacity = prospect.capacity.saturating_add(places);
            prospect.free = prospect.free.saturating_add(places.saturating_sub(load));
        }
        prospect
    }
}
