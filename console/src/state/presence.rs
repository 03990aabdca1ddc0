// SPDX-License-Identifier: EUPL-1.2
//! The advisor's presence and everybody else's, and how many places are taken.
//!
//! The desk decides: a presence that was requested shows as requested until the next picture.

use infocig_protocol::desk::{AssignmentMode, Colleague, Presence};
use leptos::prelude::*;

use super::DeskState;

/// The presence signals.
#[derive(Clone, Copy, Debug)]
pub struct PresenceState {
    /// The advisor's presence as the desk has it; absent until the first picture.
    pub current: RwSignal<Option<Presence>>,
    /// The presence that was requested and that no picture has shown yet.
    pub requested: RwSignal<Option<Presence>>,
    /// Everybody at the desk, the advisor included.
    pub colleagues: RwSignal<Vec<Colleague>>,
}

impl PresenceState {
    pub(super) fn new() -> Self {
        Self {
            current: RwSignal::new(None),
            requested: RwSignal::new(None),
            colleagues: RwSignal::new(Vec::new()),
        }
    }

    pub(super) fn clear(self) {
        self.current.set(None);
        self.requested.set(None);
        self.colleagues.set(Vec::new());
    }

    pub(super) fn apply(self, presence: Presence, colleagues: Vec<Colleague>) {
        self.current.set(Some(presence));
        self.requested.set(None);
        self.colleagues.set(colleagues);
    }
}

impl DeskState {
    /// The advisor requests a presence. `false` without a connection: nothing is requested.
    pub fn request_presence(&self, presence: Presence) -> bool {
        let live = self.session.is_live();
        if live && self.presence.current.get_untracked() != Some(presence) {
            self.presence.requested.set(Some(presence));
        }
        live
    }

    /// How conversations reach advisors by the policy; [`Pull`](AssignmentMode::Pull) until the desk has said.
    pub fn assignment_mode(&self) -> AssignmentMode {
        self.session
            .welcome
            .with(|welcome| welcome.as_ref().map_or(AssignmentMode::Pull, |welcome| welcome.assignment))
    }

    /// How many places the advisor has taken, and of how many; absent until the desk has said both.
    pub fn load(&self) -> Option<(u32, u32)> {
        self.session.welcome.with(|welcome| {
            let welcome = welcome.as_ref()?;
            let load = self.presence.colleagues.with(|colleagues| {
                colleagues.iter().find(|one| one.advisor == welcome.id).map(|one| one.load)
            });
            Some((load?, welcome.capacity))
        })
    }

    /// Whether no place is left.
    pub fn is_full(&self) -> bool {
        self.load().is_some_and(|(load, capacity)| load >= capacity)
    }

    /// Everybody at the desk but the advisor.
    pub fn others(&self) -> Vec<Colleague> {
        let me = self.session.welcome.with(|welcome| welcome.as_ref().map(|welcome| welcome.id.clone()));
        let mut others = self.presence.colleagues.get();
        others.retain(|one| Some(&one.advisor) != me.as_ref());
        others
    }
}
