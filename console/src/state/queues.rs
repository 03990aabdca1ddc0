// SPDX-License-Identifier: EUPL-1.2
//! The queues of the desk, as this advisor knows them. To an advisor of one queue no queue is named: then nothing on screen speaks
//! of queues. Names are those of the desk's welcome; an id stands for one that is not in it.

use infocig_protocol::{desk::DeskQueue, id::QueueId};
use leptos::prelude::*;

use super::DeskState;

impl DeskState {
    /// The advisor's own queues; none where they belong to one.
    pub fn own_queues(&self) -> Vec<DeskQueue> {
        let own: Vec<DeskQueue> = self.with_queues(|all| all.iter().filter(|one| one.own).cloned().collect());
        if own.len() > 1 { own } else { Vec::new() }
    }

    /// The name of a queue, where the advisor belongs to several.
    pub fn queue_name(&self, queue: Option<&QueueId>) -> Option<String> {
        let queue = queue?;
        let named = |all: &[DeskQueue]| {
            let is_several = all.iter().filter(|one| one.own).count() > 1;
            let name = all.iter().find(|one| one.id == *queue).map_or(queue.as_str(), |one| &one.name);
            is_several.then(|| name.to_string())
        };
        self.with_queues(named)
    }

    /// The queues that a conversation of `queue` can pass to: of the desk, or of the supervisor alone.
    pub fn other_queues(&self, queue: Option<&QueueId>, own_only: bool) -> Vec<DeskQueue> {
        let is_other = |one: &&DeskQueue| Some(&one.id) != queue && (one.own || !own_only);
        self.with_queues(|all| all.iter().filter(is_other).cloned().collect())
    }

    fn with_queues<T>(&self, read: impl FnOnce(&[DeskQueue]) -> T) -> T {
        self.session.welcome.with(|welcome| read(welcome.as_ref().map_or(&[], |one| one.queues.as_slice())))
    }
}
