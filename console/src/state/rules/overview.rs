// SPDX-License-Identifier: EUPL-1.2
//! Which version is in force, which wait, and the history page by page.

use std::cmp::Reverse;

use infocig_protocol::{
    desk::ProvinceName,
    id::AdvisorId,
    policy::{PolicyHistory, PolicyState, PolicyVersion, WaitingAnswer},
    time::Timestamp,
};

use super::{super::reports::Loading, RulesError};

/// The history as it is known, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    pub pages: Loading<()>,
    pub failed: Option<RulesError>,
    pub in_force: u32,
    /// Whether a version needs the approval of a second person.
    pub four_eyes: bool,
    /// The banner that is shown now, in Italian.
    pub banner: Option<String>,
    /// A closure that holds now, in Italian.
    pub closure: Option<String>,
    pub versions: Vec<PolicyVersion>,
    pub next: Option<u32>,
    pub provinces: Vec<ProvinceName>,
    /// The answers that advisors propose for the assistant, oldest first.
    pub answers: Vec<WaitingAnswer>,
}

/// What a version is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    InForce,
    /// In force from a later instant on.
    Scheduled(Timestamp),
    /// It waits for an approval; it is to be in force from an instant on, or at once.
    Proposed(Option<Timestamp>),
    Withdrawn,
    /// In force before.
    Past,
}

/// A version that waits, and what the reader may do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub version: PolicyVersion,
    pub standing: Standing,
    /// Whether its author is the reader, who may not approve it.
    pub own: bool,
}

impl Overview {
    /// Applies a page. The first page replaces what it overlaps, and keeps older versions that were read before it.
    pub fn answered(&mut self, number: u32, before: Option<u32>, answer: Result<PolicyHistory, RulesError>) {
        if !self.pages.is_newest(number) {
            return;
        }
        self.pages.loading = false;
        let page = match answer {
            Ok(page) => page,
            Err(error) => {
                self.failed = Some(error);
                return;
            }
        };
        (self.failed, self.pages.answer) = (None, Some(()));
        let PolicyHistory { in_force, four_eyes, banner, closure, versions, next, provinces, answers } = page;
        if before.is_none() {
            self.answers = answers;
        }
        (self.in_force, self.four_eyes, self.banner, self.closure) = (in_force, four_eyes, banner, closure);
        if !provinces.is_empty() {
            self.provinces = provinces;
        }
        let oldest = versions.last().map(|version| version.number);
        let kept = self.versions.iter().filter(|version| {
            let older = oldest.is_some_and(|oldest| version.number < oldest);
            older || before.is_some_and(|before| version.number >= before)
        });
        let had_older = before.is_none() && kept.clone().next().is_some();
        let mut all: Vec<PolicyVersion> = kept.cloned().chain(versions).collect();
        all.sort_by_key(|version| Reverse(version.number));
        self.versions = all;
        if !had_older {
            self.next = next;
        }
    }

    /// Whether the first page has come.
    pub const fn is_known(&self) -> bool {
        self.pages.answer.is_some()
    }

    /// The newest version that is published: what a draft must be made from.
    pub fn newest(&self) -> Option<u32> {
        let published = self.versions.iter().find(|version| version.state == PolicyState::Published);
        published.map(|version| version.number)
    }

    /// The version in force.
    pub fn current(&self) -> Option<&PolicyVersion> {
        self.versions.iter().find(|version| version.number == self.in_force)
    }

    /// What a version is at an instant.
    pub fn standing(&self, version: &PolicyVersion, now: Timestamp) -> Standing {
        match version.state {
            PolicyState::Withdrawn => Standing::Withdrawn,
            PolicyState::Proposed => Standing::Proposed(version.from),
            PolicyState::Published if version.number == self.in_force => Standing::InForce,
            PolicyState::Published => match version.from {
                Some(from) if from > now => Standing::Scheduled(from),
                _ => Standing::Past,
            },
        }
    }

    /// The versions that wait for an approval or for their instant, the next to be decided first.
    pub fn waiting(&self, me: Option<&AdvisorId>, now: Timestamp) -> Vec<Waiting> {
        let waits = |version: &PolicyVersion| {
            let standing = self.standing(version, now);
            let own = version.author.as_ref().map(|author| &author.id) == me && me.is_some();
            matches!(standing, Standing::Proposed(_) | Standing::Scheduled(_)).then(|| Waiting {
                version: version.clone(),
                standing,
                own,
            })
        };
        self.versions.iter().rev().filter_map(waits).collect()
    }
}
