// SPDX-License-Identifier: EUPL-1.2
//! The live panel of a supervisor, the alerts it gives rise to, and the supervisor's acts on conversations of others.
//!
//! - The desk sends the panel whole; it holds instants, so ages tick here, on the server's clock.
//! - Alerts are evaluated every second while the desk's link is live. One that lasts is announced once: what is known of a lost
//!   link is old, and raises nothing.
//! - An act is pending until a panel made after it arrives, or the desk refuses it. The desk decides.

use std::collections::BTreeMap;

use infocig_protocol::{
    desk::{AssignmentState, DeskWelcome, Presence},
    id::{AdvisorId, ConversationId, QueueId},
    problem::Code,
    supervision::{
        Alert, AlertKind, Panel, PanelAdvisor, PanelBlock, PanelConversation, PanelWaiting, SupervisorAct,
    },
    time::Timestamp,
};
use leptos::prelude::*;

use crate::state::{Announcement, DeskState, alerts::News, screen::Area};

/// The signals of the supervisor's area.
#[derive(Clone, Copy, Debug)]
pub struct PanelState {
    /// The newest panel; absent until the desk has sent one.
    pub panel: RwSignal<Option<Panel>>,
    /// What a supervisor should look at now.
    pub alerts: RwSignal<Vec<Alert>>,
    /// Whether the panel shows alone, for a screen on the wall.
    pub wallboard: RwSignal<bool>,
    /// The acts that the desk has not answered, with the instant of each.
    pending: RwSignal<BTreeMap<ConversationId, (SupervisorRequest, Timestamp)>>,
    /// The newest act that the desk refused, and why.
    pub refused: RwSignal<Option<RefusedRequest>>,
    /// The conversation that opens as soon as the desk shows that the act was done.
    opens: RwSignal<Option<(ConversationId, SupervisorRequest)>>,
}

/// An act of a supervisor on a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SupervisorRequest {
    /// Read it.
    Observe,
    /// Write to its advisors alone.
    Whisper,
    /// Read and write beside its advisor.
    Join,
    /// Answer it from here on.
    TakeOver,
    /// Hand it to a colleague, or to the queue.
    Reassign,
    /// End it.
    End,
    /// End it, and let its person in again only later.
    Block,
    /// Lift the block of its person.
    Lift,
}

/// An act that the desk refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRequest {
    pub conversation: ConversationId,
    pub request: SupervisorRequest,
    pub code: Code,
}

/// How many advisors are at the desk, by presence, and their places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Staff {
    pub available: usize,
    /// At the desk, and take nothing more.
    pub busy: usize,
    pub paused: usize,
    pub leaving: usize,
    pub supervising: usize,
    /// Not connected now, in whichever presence.
    pub lost: usize,
    /// Free places of those who are available and connected.
    pub free: u32,
    /// All places of those who are available and connected.
    pub places: u32,
}

impl Staff {
    /// Counts the advisors of a panel.
    pub fn of(advisors: &[PanelAdvisor]) -> Self {
        let mut staff = Self::default();
        for one in advisors {
            if one.lost.is_some() {
                staff.lost += 1;
                continue;
            }
            match one.presence {
                Presence::Available => {
                    staff.available += 1;
                    staff.places = staff.places.saturating_add(one.capacity);
                    staff.free = staff.free.saturating_add(one.capacity.saturating_sub(one.load));
                }
                Presence::Busy => staff.busy += 1,
                Presence::Paused => staff.paused += 1,
                Presence::Leaving => staff.leaving += 1,
                Presence::Supervising => staff.supervising += 1,
            }
        }
        staff
    }
}

impl PanelState {
    pub(in crate::state) fn new() -> Self {
        Self {
            panel: RwSignal::new(None),
            alerts: RwSignal::new(Vec::new()),
            wallboard: RwSignal::new(false),
            pending: RwSignal::new(BTreeMap::new()),
            refused: RwSignal::new(None),
            opens: RwSignal::new(None),
        }
    }

    /// Everything of the supervisor. The wallboard belongs to the page's address and stays.
    pub(in crate::state) fn clear(self) {
        self.panel.set(None);
        self.alerts.set(Vec::new());
        self.pending.update(BTreeMap::clear);
        self.refused.set(None);
        self.opens.set(None);
    }

    /// The link was lost: acts on it may not have arrived.
    pub(in crate::state) fn link_lost(self) {
        if self.pending.with_untracked(|pending| !pending.is_empty()) {
            self.pending.update(BTreeMap::clear);
        }
        self.opens.set(None);
    }

    /// The act on a conversation that the desk has not answered.
    pub fn pending(self, id: &ConversationId) -> Option<SupervisorRequest> {
        self.pending.with(|pending| pending.get(id).map(|(request, _)| *request))
    }

    /// A conversation under way, from the newest panel.
    pub fn conversation(self, id: &ConversationId) -> Option<PanelConversation> {
        self.panel
            .with(|panel| panel.as_ref()?.conversations.iter().find(|one| one.conversation == *id).cloned())
    }

    /// The queue of a conversation on the newest panel, where the supervisor has several.
    pub fn queue_of(self, id: &ConversationId) -> Option<QueueId> {
        self.conversation(id).map(|one| one.queue).or_else(|| self.waiting(id).map(|one| one.queue)).flatten()
    }

    /// A conversation that waits, from the newest panel.
    pub fn waiting(self, id: &ConversationId) -> Option<PanelWaiting> {
        self.panel.with(|panel| {
            panel.as_ref()?.waiting.conversations.iter().find(|one| one.conversation == *id).cloned()
        })
    }

    /// The block that a conversation ended with, from the newest panel.
    pub fn block(self, id: &ConversationId) -> Option<PanelBlock> {
        self.panel.with(|panel| panel.as_ref()?.blocks.iter().find(|one| one.conversation == *id).cloned())
    }

    /// Whether a conversation is on the newest panel, waiting or held.
    pub fn knows(self, id: &ConversationId) -> bool {
        self.conversation(id).is_some() || self.waiting(id).is_some()
    }

    /// The name of an advisor, or the id of one who is not at the desk.
    pub fn name(self, advisor: &AdvisorId) -> String {
        self.panel.with(|panel| {
            let advisors = panel.as_ref().map(|panel| panel.advisors.as_slice()).unwrap_or_default();
            name_in(advisors, advisor)
        })
    }
}

/// The name of an advisor of a panel, or the id of one who is not on it.
pub fn name_in(advisors: &[PanelAdvisor], advisor: &AdvisorId) -> String {
    let found = advisors.iter().find(|one| one.advisor == *advisor);
    found.map_or_else(|| advisor.to_string(), |one| one.name.clone())
}

impl DeskState {
    /// Whether the service says that the advisor is a supervisor.
    pub fn supervises(&self) -> bool {
        self.session.welcome.with(|welcome| welcome.as_ref().is_some_and(|welcome| welcome.supervisor))
    }

    /// Goes to another area of the console.
    pub fn open_area(&self, area: Area) {
        if self.screen.area.get_untracked() != area {
            self.screen.area.set(area);
        }
    }

    /// The desk welcomes the advisor. A supervisor begins in the area of supervision.
    pub(in crate::state) fn welcomed(&self, welcome: DeskWelcome) {
        let first = self.session.welcome.with_untracked(Option::is_none);
        if first && welcome.supervisor && self.screen.selected.with_untracked(Option::is_none) {
            self.open_area(Area::Supervision);
        } else if !welcome.supervisor {
            self.open_area(Area::Conversations);
        }
        self.session.welcome.set(Some(welcome));
        // The desk says them next, where there are any.
        self.own_replies.kept.set(Vec::new());
    }

    /// Applies a panel that arrived at `device`. Returns its news, if it gives rise to an alert.
    pub(in crate::state) fn apply_panel(&self, panel: Panel, device: Timestamp) -> Option<News> {
        let drift = panel.at.as_millis() - self.clock.now.get_untracked().as_millis();
        if drift.abs() > MOST_DRIFT_MS {
            self.clock.set(panel.at, device);
        }
        let answered = |since: &Timestamp| panel.at > *since;
        if self.panel.pending.with_untracked(|all| all.values().any(|(_, since)| answered(since))) {
            self.panel.pending.update(|all| all.retain(|_, (_, since)| !answered(since)));
        }
        self.panel.panel.set(Some(panel));
        self.evaluate_alerts()
    }

    /// Evaluates the alerts of the panel now. Returns news if one is new.
    pub fn evaluate_alerts(&self) -> Option<News> {
        if !self.session.is_live() {
            return None;
        }
        let now = self.clock.now.get_untracked();
        let alerts = self.panel.panel.with_untracked(|panel| panel.as_ref().map(|panel| panel.alerts(now)));
        let alerts = alerts?;
        let before = self.panel.alerts.get_untracked();
        if before == alerts {
            return None;
        }
        let lasts = |alert: &&Alert| before.iter().any(|known| is_same(known, alert));
        let new: Vec<Alert> = alerts.iter().filter(|alert| !lasts(alert)).cloned().collect();
        self.panel.alerts.set(alerts);
        if new.is_empty() {
            return None;
        }
        let names =
            |alert: &Alert| alert.advisor.as_ref().map(|advisor| untrack(|| self.panel.name(advisor)));
        let new = new.into_iter().map(|alert| (names(&alert), alert)).collect();
        self.screen.announcement.set(Some(Announcement::Alerts(new)));
        Some(News::PanelAlert)
    }

    /// The supervisor requests an act on a conversation. `false` without a connection, or while another act on it is pending.
    pub fn request_act(&self, id: &ConversationId, request: SupervisorRequest) -> bool {
        let may = self.session.is_live() && untrack(|| self.panel.pending(id)).is_none();
        if may {
            let since = self.clock.now.get_untracked();
            self.panel.refused.set(None);
            self.panel.pending.update(|pending| {
                pending.insert(id.clone(), (request, since));
            });
            if matches!(
                request,
                SupervisorRequest::Observe | SupervisorRequest::Join | SupervisorRequest::TakeOver
            ) {
                self.panel.opens.set(Some((id.clone(), request)));
            }
        }
        may
    }

    /// The desk refused a request about a conversation. `false` if it was none of a supervisor.
    pub(in crate::state) fn act_refused(&self, id: &ConversationId, code: Code) -> bool {
        let pending = self.panel.pending.with_untracked(|pending| pending.get(id).copied());
        let Some((request, _)) = pending else { return false };
        self.panel.pending.update(|pending| {
            pending.remove(id);
        });
        self.panel.opens.update(|opens| {
            opens.take_if(|(opening, _)| opening == id);
        });
        if request == SupervisorRequest::Whisper
            && let Some(conversation) = self.conversation(id)
        {
            conversation.notes.update(|notes| notes.outgoing.clear());
        }
        self.panel.refused.set(Some(RefusedRequest { conversation: id.clone(), request, code }));
        true
    }

    /// Whether the desk shows the effect of the act after which a conversation opens.
    pub(in crate::state) fn opens_after_act(&self, id: &ConversationId, state: &AssignmentState) -> bool {
        let shows = |request: SupervisorRequest| {
            matches!(
                (request, state),
                (SupervisorRequest::Observe, AssignmentState::Observing { .. })
                    | (SupervisorRequest::Join, AssignmentState::Helping { .. })
                    | (SupervisorRequest::TakeOver, AssignmentState::Held { .. })
            )
        };
        let opens = self.panel.opens.with_untracked(|opens| {
            opens.as_ref().is_some_and(|(opening, request)| opening == id && shows(*request))
        });
        if opens {
            self.panel.opens.set(None);
        }
        opens
    }

    /// A supervisor did something about a conversation of this advisor.
    pub(in crate::state) fn apply_supervised(&self, id: &ConversationId, act: SupervisorAct, by: String) {
        let Some(conversation) = self.conversation(id) else { return };
        let name = conversation.person.name.clone();
        self.screen.announcement.set(Some(Announcement::Supervised { act, by: by.clone(), name }));
        conversation.supervised.set(Some((act, by)));
    }
}

/// Whether two alerts are one that lasts. The longest wait may pass from one person to another.
fn is_same(a: &Alert, b: &Alert) -> bool {
    a.kind == b.kind && (a.kind == AlertKind::LongestWait || a.conversation == b.conversation)
}

/// The server's clock is set anew where a panel shows that the estimate is further off.
const MOST_DRIFT_MS: i64 = 2_000;
