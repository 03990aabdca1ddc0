// SPDX-License-Identifier: EUPL-1.2
//! The people who wait, the conversations that are offered, and the advisor's claims on both.
//!
//! - A claim is a conversation the advisor took or accepted and the desk has not assigned yet. It ends with the desk's answer,
//!   with the link, or after [`ANSWERED_WITHIN_MS`].
//! - A conversation whose offer lapsed may be taken from the queue: the desk does not offer it to this advisor again.

use std::collections::{BTreeMap, BTreeSet};

use infocig_protocol::{
    desk::{AssignedConversation, WaitingConversation},
    id::{ConversationId, QueueId},
    problem::Code,
    time::Timestamp,
};
use leptos::prelude::*;

use super::{
    Announcement, DeskState,
    alerts::{self, News},
    notes::Notes,
    offer::{self, Offer, OfferSource},
};

/// A claim that the desk has not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingClaim {
    /// The person's name.
    pub name: String,
    /// When it was made, on the server's clock.
    pub since: Timestamp,
}

/// A claim that the desk refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedClaim {
    /// The person's name.
    pub name: String,
    /// The reason.
    pub code: Code,
}

/// The queue's signals.
#[derive(Clone, Copy, Debug)]
pub struct QueueState {
    /// The people who wait, first come first; absent until the first picture.
    pub waiting: RwSignal<Option<Vec<WaitingConversation>>>,
    /// The only queue that is shown; absent for all of them.
    pub only: RwSignal<Option<QueueId>>,
    pub claims: RwSignal<BTreeMap<ConversationId, PendingClaim>>,
    /// The newest claim that failed, until the advisor claims or selects another conversation.
    pub failed_claim: RwSignal<Option<FailedClaim>>,
    /// The open offers, the one that lapses first at the front.
    pub offers: RwSignal<Vec<Offer>>,
    /// Colleagues' notes on offered conversations.
    pub offer_notes: RwSignal<BTreeMap<ConversationId, Notes>>,
    /// Conversations that were offered before and are not any more.
    lapsed: RwSignal<BTreeSet<ConversationId>>,
}

impl QueueState {
    pub(super) fn new() -> Self {
        Self {
            waiting: RwSignal::new(None),
            only: RwSignal::new(None),
            claims: RwSignal::new(BTreeMap::new()),
            failed_claim: RwSignal::new(None),
            offers: RwSignal::new(Vec::new()),
            offer_notes: RwSignal::new(BTreeMap::new()),
            lapsed: RwSignal::new(BTreeSet::new()),
        }
    }

    pub(super) fn clear(self) {
        self.waiting.set(None);
        self.only.set(None);
        self.claims.update(BTreeMap::clear);
        self.failed_claim.set(None);
        self.offers.set(Vec::new());
        self.offer_notes.update(BTreeMap::clear);
        self.lapsed.update(BTreeSet::clear);
    }

    pub(super) fn has_claim(self, id: &ConversationId) -> bool {
        self.claims.with_untracked(|claims| claims.contains_key(id))
    }

    /// Removes a claim, if there is one.
    pub(super) fn end_claim(self, id: &ConversationId) -> Option<PendingClaim> {
        if !self.has_claim(id) {
            return None;
        }
        self.claims.try_update(|claims| claims.remove(id)).flatten()
    }

    pub(super) fn is_offered(self, id: &ConversationId) -> bool {
        self.offers.with_untracked(|offers| offers.iter().any(|one| one.conversation == *id))
    }

    pub(super) fn drop_unanswered_claims(self, now: Timestamp) {
        let is_old = |claim: &PendingClaim| now.as_millis() - claim.since.as_millis() > ANSWERED_WITHIN_MS;
        if self.claims.with_untracked(|claims| claims.values().any(is_old)) {
            self.claims.update(|claims| claims.retain(|_, claim| !is_old(claim)));
        }
    }
}

impl DeskState {
    /// The advisor takes a waiting conversation. `false` without a connection, or if it is claimed already.
    pub fn take(&self, waiting: &WaitingConversation) -> bool {
        self.claim(&waiting.conversation, &waiting.person.name)
    }

    /// The advisor accepts an offer. `false` as for [`take`](Self::take).
    pub fn accept(&self, offer: &Offer) -> bool {
        self.claim(&offer.conversation, &offer.person.name)
    }

    fn claim(&self, id: &ConversationId, name: &str) -> bool {
        if self.queue.has_claim(id) || !self.session.is_live() {
            return false;
        }
        self.queue.failed_claim.set(None);
        let claim = PendingClaim { name: name.into(), since: self.clock.now.get_untracked() };
        self.queue.claims.update(|claims| {
            claims.insert(id.clone(), claim);
        });
        true
    }

    /// The desk refused something that was asked for a conversation: a claim, or a request of its holder.
    pub(super) fn request_failed(&self, id: &ConversationId, code: Code) {
        if let Some(PendingClaim { name, .. }) = self.queue.end_claim(id) {
            self.queue.failed_claim.set(Some(FailedClaim { name, code }));
        } else if let Some(conversation) = self.conversation(id) {
            conversation.request_failed(code);
        }
    }

    /// The people who wait, in the queue that is shown.
    pub fn shown_waiting(&self) -> Vec<WaitingConversation> {
        let only = self.queue.only.get();
        let mut waiting = self.queue.waiting.get().unwrap_or_default();
        let is_known = only.as_ref().is_some_and(|only| self.own_queues().iter().any(|one| one.id == *only));
        if is_known {
            waiting.retain(|one| one.queue == only);
        }
        waiting
    }

    /// Whether the advisor may take a waiting conversation without an offer.
    pub fn may_take(&self, waiting: &WaitingConversation) -> bool {
        let lapsed = self.queue.lapsed.with(|lapsed| lapsed.contains(&waiting.conversation));
        offer::may_take(waiting, self.assignment_mode(), lapsed)
    }

    /// [`News::StillOffered`] when an unanswered offer is due to ring again.
    pub fn still_offered(&self) -> Option<News> {
        let now = self.clock.now.get_untracked();
        let rings = |offer: &Offer| alerts::rings_again((now.as_millis() - offer.since.as_millis()) / 1_000);
        let claiming = self.queue.claims.with_untracked(|claims| !claims.is_empty());
        let due = self.queue.offers.with_untracked(|offers| offers.iter().any(rings));
        (due && !claiming).then_some(News::StillOffered)
    }

    /// The conversations offered by colleagues: their notes are shown with the offer.
    pub fn offered_by_colleagues(&self) -> BTreeSet<ConversationId> {
        self.queue.offers.with_untracked(|offers| {
            let from_colleagues = offers.iter().filter(|offer| offer.from != OfferSource::Queue);
            from_colleagues.map(|offer| offer.conversation.clone()).collect()
        })
    }

    pub(super) fn apply_waiting(&self, waiting: Vec<WaitingConversation>) -> Option<News> {
        let newcomers: Vec<WaitingConversation> = self.queue.waiting.with_untracked(|before| {
            let Some(before) = before else { return Vec::new() };
            let known = |one: &WaitingConversation| before.iter().any(|b| b.conversation == one.conversation);
            let lapsed = |one: &WaitingConversation| {
                self.queue.lapsed.with_untracked(|lapsed| lapsed.contains(&one.conversation))
            };
            waiting.iter().filter(|one| !known(one) && !lapsed(one)).cloned().collect()
        });
        if let Some(newest) = newcomers.last() {
            let name = newest.person.name.clone();
            self.screen.announcement.set(Some(Announcement::PersonWaiting { name }));
        }
        if self.queue.waiting.with_untracked(|before| before.as_ref() != Some(&waiting)) {
            self.queue.waiting.set(Some(waiting));
        }
        let takes = untrack(|| newcomers.iter().any(|one| self.may_take(one)));
        takes.then_some(News::PersonWaiting)
    }

    pub(super) fn apply_offers(&self, mine: &[AssignedConversation]) -> Option<News> {
        let mut offers: Vec<Offer> = mine.iter().filter_map(Offer::of).collect();
        offers.sort_by(|a, b| (a.until, &a.conversation).cmp(&(b.until, &b.conversation)));
        let before = self.queue.offers.get_untracked();
        let is_in = |list: &[Offer], one: &Offer| list.iter().any(|o| o.conversation == one.conversation);
        for gone in before.iter().filter(|one| !is_in(&offers, one)) {
            let id = &gone.conversation;
            self.queue.lapsed.update(|lapsed| {
                lapsed.insert(id.clone());
            });
            let ours = mine.iter().any(|one| one.conversation == *id) || self.queue.has_claim(id);
            if !ours {
                let name = gone.person.name.clone();
                self.screen.announcement.set(Some(Announcement::OfferExpired { name }));
            }
        }
        let new = offers.iter().find(|one| !is_in(&before, one)).cloned();
        if let Some(new) = &new {
            self.screen.announcement.set(Some(Announcement::Offered(Box::new(new.clone()))));
        }
        if before != offers {
            self.queue.offer_notes.update(|notes| {
                notes.retain(|id, _| offers.iter().any(|one| one.conversation == *id));
            });
            self.queue.offers.set(offers);
        }
        new.map(|_| News::Offered)
    }
}

/// Whole minutes since somebody came, by the server's clock.
pub fn minutes_waiting(since: Timestamp, now: Timestamp) -> i64 {
    ((now.as_millis() - since.as_millis()) / 60_000).max(0)
}

/// A claim without an answer is given up after so many milliseconds.
pub const ANSWERED_WITHIN_MS: i64 = 15_000;
