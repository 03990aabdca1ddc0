// SPDX-License-Identifier: EUPL-1.2
//! The desk as its supervisors see it.

use std::collections::BTreeMap;

use infocig_protocol::{
    id::AdvisorId,
    supervision::{Panel, PanelAdvisor, PanelConversation, PanelOffer, PanelQueue, PanelWaiting, ToldWait},
    time::Timestamp,
};

use super::{
    Desk,
    presence::Present,
    queue::{DeskConversation, Held},
};

impl Desk {
    /// The panel at `now`.
    pub fn panel(&self, now: Timestamp) -> Panel {
        let waiting: Vec<PanelWaiting> =
            self.waiting().map(|conversation| self.on_panel(conversation, now)).collect();
        let mut in_hand = BTreeMap::<&AdvisorId, Vec<&DeskConversation>>::new();
        for conversation in self.watched.iter().filter_map(|id| self.conversations.get(id)) {
            if let Some(advisor) = conversation.in_hand_of() {
                in_hand.entry(advisor).or_default().push(conversation);
            }
        }
        let advisors = self.advisors.values().map(|one| {
            let in_hand = in_hand.get(&one.advisor.id).map(Vec::as_slice).unwrap_or_default();
            self.advisor_on_panel(one, in_hand)
        });
        let mut advisors: Vec<PanelAdvisor> = advisors.collect();
        advisors.sort_by(|a, b| (&a.name, &a.advisor).cmp(&(&b.name, &b.advisor)));
        let watched = || self.watched.iter().filter_map(|id| self.conversations.get(id));
        let mut conversations: Vec<PanelConversation> = watched()
            .filter_map(|conversation| Some(under_way(conversation, conversation.held()?, now)))
            .collect();
        conversations.sort_by(|a, b| (a.since, &a.conversation).cmp(&(b.since, &b.conversation)));
        Panel {
            at: now,
            queue: self.queue.clone(),
            waiting: PanelQueue {
                number: u32::try_from(waiting.len()).unwrap_or(u32::MAX),
                oldest: waiting.iter().map(|one| one.since).min(),
                conversations: waiting,
            },
            offers: watched().filter_map(offer).collect(),
            advisors,
            conversations,
            today: self.today(now).figures(),
            office: self.office,
            thresholds: self.rules.supervision.alerts.thresholds(),
            observation: self.rules.supervision.observation,
            blocks: self.blocks_by_end(),
        }
    }

    /// The supervisors who are connected: each has a panel.
    pub fn supervisors(&self) -> impl Iterator<Item = &AdvisorId> {
        let connected = |one: &&Present| one.is_supervisor() && one.disconnected_since.is_none();
        self.advisors.values().filter(connected).map(|one| &one.advisor.id)
    }

    fn on_panel(&self, conversation: &DeskConversation, now: Timestamp) -> PanelWaiting {
        let person = &conversation.person;
        PanelWaiting {
            conversation: conversation.id.clone(),
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

    fn advisor_on_panel(&self, one: &Present, in_hand: &[&DeskConversation]) -> PanelAdvisor {
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
        }
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

fn under_way(conversation: &DeskConversation, held: &Held, now: Timestamp) -> PanelConversation {
    let closing = conversation.closing.as_ref();
    let announced = closing.filter(|closing| closing.warn.is_some_and(|warn| warn <= now));
    PanelConversation {
        conversation: conversation.id.clone(),
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
