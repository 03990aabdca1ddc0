// SPDX-License-Identifier: EUPL-1.2
//! The queues of the policy and the desks that serve them: a desk serves one or more queues, which share advisors and their
//! places. Nothing passes from one desk to another.

use std::collections::BTreeSet;

use infocig_protocol::{
    id::{DeskId, QueueId},
    person::Category,
};
use serde::{Deserialize, Deserializer, Serialize, de::Error};

use super::Policy;

/// A queue and the categories it serves.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    /// Its id.
    pub id: QueueId,
    /// The name advisors read; absent where the id is good enough.
    #[serde(default, deserialize_with = "name")]
    pub name: Option<String>,
    /// The desk that serves it; absent for one of its own.
    #[serde(default)]
    pub desk: Option<DeskId>,
    /// Whom it serves. Every category is served by exactly one queue.
    pub categories: Vec<Category>,
}

impl Queue {
    /// The desk that serves it.
    pub fn desk(&self) -> DeskId {
        self.desk.clone().unwrap_or_else(|| self.id.clone().into())
    }

    /// The queue and its desk.
    pub fn address(&self) -> QueueAddress {
        QueueAddress { queue: self.id.clone(), desk: self.desk() }
    }

    /// The name advisors read.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(self.id.as_str())
    }
}

/// A queue and the desk that serves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueAddress {
    /// The queue.
    pub queue: QueueId,
    /// The desk.
    pub desk: DeskId,
}

impl From<QueueId> for QueueAddress {
    /// A queue with a desk of its own.
    fn from(queue: QueueId) -> Self {
        Self { desk: queue.clone().into(), queue }
    }
}

/// The queues of one desk, in the order of the policy: at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskQueues {
    first: Queue,
    others: Vec<Queue>,
}

impl DeskQueues {
    /// The only queue of a desk, for every category.
    pub fn one(id: QueueId) -> Self {
        let first = Queue { id, name: None, desk: None, categories: Category::ALL.into() };
        Self { first, others: Vec::new() }
    }

    /// The first queue.
    pub fn first(&self) -> &QueueId {
        &self.first.id
    }

    /// The queues.
    pub fn iter(&self) -> impl Iterator<Item = &Queue> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// The ids of the queues.
    pub fn ids(&self) -> impl Iterator<Item = &QueueId> {
        self.iter().map(|queue| &queue.id)
    }

    /// Whether there are several.
    pub fn are_several(&self) -> bool {
        !self.others.is_empty()
    }

    /// Whether a queue is one of them.
    pub fn contains(&self, id: &QueueId) -> bool {
        self.ids().any(|queue| queue == id)
    }

    /// The one of them for a category; the first where another desk serves it.
    pub fn queue_for(&self, category: Category) -> &QueueId {
        self.iter()
            .find(|queue| queue.categories.contains(&category))
            .map_or(&self.first.id, |queue| &queue.id)
    }
}

impl Policy {
    /// The queue that serves a category.
    pub fn queue_for(&self, category: Category) -> Option<&Queue> {
        self.queues.iter().find(|queue| queue.categories.contains(&category))
    }

    /// The queues of a desk. A desk that the policy does not name any more keeps the queue it has its name of, so that nobody
    /// who waits there is stranded.
    pub fn queues_of(&self, desk: &DeskId) -> DeskQueues {
        let mut queues = self.queues.iter().filter(|queue| queue.desk() == *desk).cloned();
        match queues.next() {
            Some(first) => DeskQueues { first, others: queues.collect() },
            None => DeskQueues::one(desk.clone().into()),
        }
    }

    /// Every desk, in the order of the policy.
    pub fn desks(&self) -> Vec<DeskId> {
        let mut desks = Vec::new();
        for desk in self.queues.iter().map(Queue::desk) {
            if !desks.contains(&desk) {
                desks.push(desk);
            }
        }
        desks
    }
}

/// Every category is served by exactly one queue, and no two queues have one id or, at one desk, one name.
pub(super) fn queues<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Queue>, D::Error> {
    let queues: Vec<Queue> = Vec::deserialize(deserializer)?;
    let mut ids = BTreeSet::new();
    let mut names = BTreeSet::new();
    for queue in &queues {
        if !ids.insert(&queue.id) {
            return Err(D::Error::custom(format!("two queues have the id \"{}\"", queue.id)));
        }
        if !names.insert((queue.desk(), queue.name())) {
            return Err(D::Error::custom(format!("two queues of a desk have the name \"{}\"", queue.name())));
        }
    }
    for category in Category::ALL {
        let serving = queues.iter().filter(|queue| queue.categories.contains(&category)).count();
        if serving != 1 {
            let category = category.as_str();
            let reason = format!("{category} is served by {serving} queues, not by exactly one");
            return Err(D::Error::custom(reason));
        }
    }
    Ok(queues)
}

fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let name = String::deserialize(deserializer)?;
    if name.trim().is_empty() { Err(D::Error::custom("`name` must not be empty")) } else { Ok(Some(name)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../edge/policy.json");
    const ONE: &str = r#"{ "id": "info-cig", "categories": ["lavoratore", "titolare", "rappresentante-legale", "consulente"] }"#;

    #[test]
    fn the_shipped_policy_has_one_queue_at_the_desk_of_its_name() {
        let policy = Policy::parse(SHIPPED).unwrap();
        let desk = desk("info-cig");

        assert_eq!(policy.desks(), std::slice::from_ref(&desk));
        assert_eq!(policy.queues_of(&desk).ids().map(QueueId::as_str).collect::<Vec<_>>(), ["info-cig"]);
        assert!(!policy.queues_of(&desk).are_several());
    }

    #[test]
    fn queues_of_one_desk_lie_together_and_others_apart() {
        let policy = parse(THREE).unwrap();
        let queues = |name: &str| {
            let queues = policy.queues_of(&desk(name));
            queues.iter().map(|queue| queue.name().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(policy.desks(), [desk("nazionale"), desk("consulenti")]);
        assert_eq!(queues("nazionale"), ["Lavoratori", "aziende"]);
        assert_eq!(queues("consulenti"), ["consulenti"]);
        assert_eq!(queues("chiuso"), ["chiuso"], "a desk the policy does not name any more");

        let national = policy.queues_of(&desk("nazionale"));
        assert_eq!(national.queue_for(Category::Titolare).as_str(), "aziende");
        assert_eq!(national.queue_for(Category::Consulente).as_str(), "lavoratori", "another desk serves it");
    }

    #[test]
    fn contradictions_of_queues_are_named() {
        let reason = |from: &str, to: &str| {
            assert!(THREE.contains(from), "{from}");
            parse(&THREE.replacen(from, to, 1)).unwrap_err().reason
        };
        assert_eq!(
            reason("\"id\": \"aziende\"", "\"id\": \"lavoratori\""),
            "two queues have the id \"lavoratori\""
        );
        assert_eq!(reason("\"Lavoratori\"", "\" \""), "`name` must not be empty");
        assert_eq!(reason("\"Lavoratori\"", "\"aziende\""), "two queues of a desk have the name \"aziende\"");
    }

    fn parse(queues: &str) -> Result<Policy, crate::policy::PolicyError> {
        assert!(SHIPPED.contains(ONE));
        Policy::parse(&SHIPPED.replace(ONE, queues))
    }

    fn desk(id: &str) -> DeskId {
        DeskId::parse(id).unwrap()
    }

    const THREE: &str = r#"
        { "id": "lavoratori", "name": "Lavoratori", "desk": "nazionale", "categories": ["lavoratore"] },
        { "id": "aziende", "desk": "nazionale", "categories": ["titolare", "rappresentante-legale"] },
        { "id": "consulenti", "categories": ["consulente"] }"#;
}
