// SPDX-License-Identifier: EUPL-1.2
//! The desk as its supervisors see it.

use std::collections::BTreeMap;

use infocig_protocol::{
    id::{AdvisorId, QueueId},
    supervision::{
        Panel, PanelAdvisor, PanelConversation, PanelOffer, PanelQueue, PanelWaiting, QueueOnPanel, ToldWait,
    },
    time::Timestamp,
};

use super::{
    Desk,
    presence::Present,
    queue::{DeskConversation, Held},
};
use crate::{figures::Tally, policy::Queue};

impl Desk {
    /// The panel of a supervisor at `now`: of their queues alone; without `dead_letters`, which the object that has the
    /// outbox adds.
    pub fn panel(&self, supervisor: &AdvisorId, now: Timestamp) -> Panel {
        let view = PanelView { own: self.queues_of(supervisor).collect() };
        let of_own = |conversation: &&DeskConversation| view.shows(conversation);
        let waiting: Vec<PanelWaiting> = self
            .waiting()
            .filter(of_own)
            .map(|conversation| self.on_panel(conversation, &view, now))
            .collect();
        let mut in_hand = BTreeMap::<&AdvisorId, Vec<&DeskConversation>>::new();
        let watched = || self.watched.iter().filter_map(|id| self.conversations.get(id)).filter(of_own);
        for conversation in watched() {
            if let Some(advisor) = conversation.in_hand_of() {
                in_hand.entry(advisor).or_default().push(conversation);
            }
        }
        let advisors = self.advisors.values().filter(|one| view.has_queue_of(one)).map(|one| {
            let in_hand = in_hand.get(&one.advisor.id).map(Vec::as_slice).unwrap_or_default();
            self.advisor_on_panel(one, in_hand, &view)
        });
        let mut advisors: Vec<PanelAdvisor> = advisors.collect();
        advisors.sort_by(|a, b| (&a.name, &a.advisor).cmp(&(&b.name, &b.advisor)));
        let mut conversations: Vec<PanelConversation> = watched()
            .filter_map(|conversation| Some(under_way(conversation, conversation.held()?, &view, now)))
            .collect();
        conversations.sort_by(|a, b| (a.since, &a.conversation).cmp(&(b.since, &b.conversation)));
        let mut today = Tally::default();
        view.own.iter().for_each(|queue| today.add(&self.today(&queue.id, now)));
        Panel {
            at: now,
            queue: self.first_queue_of(supervisor),
            queues: if view.is_several() { self.queues_on_panel(&view, now) } else { Vec::new() },
            waiting: PanelQueue {
                number: u32::try_from(waiting.len()).unwrap_or(u32::MAX),
                oldest: waiting.iter().map(|one| one.since).min(),
                conversations: waiting,
            },
            offers: watched().filter_map(offer).collect(),
            advisors,
            conversations,
            today: today.figures(),
            office: self.office,
            // The outbox is the object's.
            dead_letters: 0,
            thresholds: self.rules.supervision.alerts.thresholds(),
            observation: self.rules.supervision.observation,
            blocks: self.blocks_by_end(|block| view.own.iter().any(|queue| queue.id == block.queue)),
        }
    }

    /// The supervisors who are connected: each has a panel.
    pub fn supervisors(&self) -> impl Iterator<Item = &AdvisorId> {
        let connected = |one: &&Present| one.is_supervisor() && one.disconnected_since.is_none();
        self.advisors.values().filter(connected).map(|one| &one.advisor.id)
    }

    /// Each of several queues.
    fn queues_on_panel(&self, view: &PanelView<'_>, now: Timestamp) -> Vec<QueueOnPanel> {
        let on_panel = |queue: &&Queue| {
            let waiting = || self.waiting().filter(|one| *one.queue() == queue.id);
            let takers = self.advisors.values().filter(|one| one.takes_more() && one.serves(&queue.id));
            QueueOnPanel {
                queue: queue.id.clone(),
                name: queue.name().into(),
                waiting: u32::try_from(waiting().count()).unwrap_or(u32::MAX),
                oldest: waiting().map(|one| one.since).min(),
                advisors: u32::try_from(takers.count()).unwrap_or(u32::MAX),
                today: self.today(&queue.id, now).figures(),
            }
        };
        view.own.iter().map(on_panel).collect()
    }

    fn on_panel(
        &self,
        conversation: &DeskConversation,
        view: &PanelView<'_>,
        now: Timestamp,
    ) -> PanelWaiting {
        let person = &conversation.person;
        PanelWaiting {
            conversation: conversation.id.clone(),
            queue: view.queue_of(conversation),
            since: conversation.since,
            category: person.category,
            province: person.province.clone(),
            language: person.language,
            told: conversation.record.told.map(|(from, to)| ToldWait { from, to }),
            returned: conversation.returned,
            fits_nobody: self.fits_nobody(conversation, now),
            missed: conversation.record.missed,
            priority: conversation.priority,
        }
    }

    fn advisor_on_panel(
        &self,
        one: &Present,
        in_hand: &[&DeskConversation],
        view: &PanelView<'_>,
    ) -> PanelAdvisor {
        let id = &one.advisor.id;
        let held = in_hand.iter().filter(|conversation| conversation.held().is_some());
        let held: Vec<_> = held.map(|conversation| conversation.id.clone()).collect();
        let wrapping_up = in_hand.len() - held.len();
        PanelAdvisor {
            advisor: id.clone(),
            name: one.advisor.name.clone(),
            presence: one.presence,
            supervisor: one.is_supervisor(),
            lost: one.disconnected_since,
            load: self.load_of(id),
            capacity: self.rules.capacity.get(),
            wrapping_up: u32::try_from(wrapping_up).unwrap_or(u32::MAX),
            held,
            since: one.idle_since,
            queues: view.queues_of(one),
        }
    }
}

/// What a supervisor is shown: their queues.
struct PanelView<'d> {
    own: Vec<&'d Queue>,
}

impl PanelView<'_> {
    /// With one queue, nothing names it.
    fn is_several(&self) -> bool {
        self.own.len() > 1
    }

    fn shows(&self, conversation: &DeskConversation) -> bool {
        self.own.iter().any(|queue| queue.id == *conversation.queue())
    }

    fn has_queue_of(&self, one: &Present) -> bool {
        self.own.iter().any(|queue| one.serves(&queue.id))
    }

    fn queue_of(&self, conversation: &DeskConversation) -> Option<QueueId> {
        self.is_several().then(|| conversation.queue().clone())
    }

    fn queues_of(&self, one: &Present) -> Vec<QueueId> {
        let shared = self.own.iter().filter(|queue| self.is_several() && one.serves(&queue.id));
        shared.map(|queue| queue.id.clone()).collect()
    }
}

fn offer(conversation: &DeskConversation) -> Option<PanelOffer> {
    let offer = conversation.offer.as_ref()?;
    Some(PanelOffer {
        conversation: conversation.id.clone(),
        to: offer.to.id.clone(),
        since: offer.since,
        until: offer.until,
        by: conversation.held().map(|held| held.advisor.id.clone()),
    })
}

fn under_way(
    conversation: &DeskConversation,
    held: &Held,
    view: &PanelView<'_>,
    now: Timestamp,
) -> PanelConversation {
    let closing = conversation.closing.as_ref();
    let announced = closing.filter(|closing| closing.warn.is_some_and(|warn| warn <= now));
    PanelConversation {
        conversation: conversation.id.clone(),
        queue: view.queue_of(conversation),
        advisor: held.advisor.id.clone(),
        since: held.since,
        spoke: conversation.spoke,
        answered: !conversation.record.first_words_ms.is_empty(),
        helpers: held.helpers.iter().map(|helper| helper.id.clone()).collect(),
        observers: held.observers.iter().map(|observer| observer.advisor.id.clone()).collect(),
        warned: conversation.warned,
        on_hold: held.on_hold.clone(),
        ending: held.ending.is_some(),
        closes: announced.map(|closing| closing.ends),
    }
}
