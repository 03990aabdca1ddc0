// SPDX-License-Identifier: EUPL-1.2
//! The metrics that an object is asked for at a scrape.

use infocig_domain::desk::measures::QueueMeasures;
use infocig_protocol::{id::QueueId, time::Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    declared::{self, Kind, Metric},
    exposition::{Label, Sample, Samples},
};

/// The metrics of one object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectMetrics {
    /// Its outbox.
    pub outbox: OutboxMetrics,
    /// The size of its database.
    pub storage_bytes: u64,
    /// A desk's queues.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub queues: Vec<QueueMetrics>,
    /// How many advisors of a desk have each presence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advisors: Vec<(String, u32)>,
    /// The connector's segnalazioni.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segnalazioni: Option<SegnalazioniMetrics>,
    /// The rows of the audit trail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit: Option<AuditMetrics>,
}

/// An outbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxMetrics {
    /// Messages that are yet to arrive.
    pub messages: u32,
    /// When the oldest of them was stored, by the service's clock.
    pub oldest: Option<Timestamp>,
    /// Messages that were given up.
    pub dead_letters: u32,
}

/// A queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueMetrics {
    /// The queue.
    pub queue: QueueId,
    /// Conversations that wait.
    pub waiting: u32,
    /// Since when the person who has waited longest waits.
    pub oldest: Option<Timestamp>,
    /// Conversations that an advisor holds.
    pub held: u32,
    /// Today's waits until an answer: how many fell into each bucket of [`declared::WAIT_SECONDS`].
    pub waits: Vec<u64>,
    /// Their sum, in seconds.
    pub waits_sum_s: u64,
}

impl From<QueueMeasures> for QueueMetrics {
    fn from(measures: QueueMeasures) -> Self {
        let QueueMeasures { queue, waiting, oldest, held, waits } = measures;
        let bounds = match declared::WAIT_SECONDS.kind {
            Kind::Histogram(bounds) => bounds,
            Kind::Counter | Kind::Gauge => &[],
        };
        let mut counted = 0;
        let mut buckets: Vec<u64> = bounds
            .iter()
            .map(|bound| {
                let below = waits.n_below(bound / 1_000);
                let here = below.saturating_sub(counted);
                counted = below;
                here
            })
            .collect();
        buckets.push(waits.n().saturating_sub(counted));
        Self { queue, waiting, oldest, held, waits: buckets, waits_sum_s: waits.sum_s() }
    }
}

/// The rows of the audit trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditMetrics {
    /// How many there are.
    pub rows: u64,
    /// The number of the newest, which never falls.
    pub number: u64,
}

/// The segnalazioni that Linea INPS has not accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegnalazioniMetrics {
    /// Those that go on by themselves.
    pub waiting: u32,
    /// Those that wait for a supervisor.
    pub given_up: u32,
    /// When the oldest that goes on was written, by the service's clock.
    pub oldest: Option<Timestamp>,
}

impl ObjectMetrics {
    /// The samples of an object of a class under its name, at `now` by the service's clock; of one that did not answer, that alone.
    pub fn samples(answered: Option<Self>, object: &'static str, name: &str, now: Timestamp) -> Samples {
        let own = || -> Vec<Label> { vec![("object", object.into()), ("name", name.into())] };
        let mut samples = Samples::default();
        samples.add(&declared::UP, Sample::whole(own(), answered.is_some().into()));
        let Some(Self { outbox, storage_bytes, queues, advisors, segnalazioni, audit }) = answered else {
            return samples;
        };
        let mut whole = |metric: &'static Metric, labels: Vec<Label>, number: u64| {
            samples.add(metric, Sample::whole(labels, number));
        };
        whole(&declared::OUTBOX_WAITING, own(), outbox.messages.into());
        whole(&declared::DEAD_LETTERS_KEPT, own(), outbox.dead_letters.into());
        whole(&declared::STORAGE, own(), storage_bytes);
        let desk = || ("desk", name.to_string());
        for (presence, number) in advisors {
            whole(&declared::ADVISORS, vec![desk(), ("presence", presence)], number.into());
        }
        if let Some(AuditMetrics { rows, number }) = audit {
            whole(&declared::AUDIT_ROWS, Vec::new(), rows);
            whole(&declared::AUDIT_NEWEST, Vec::new(), number);
        }
        if let Some(SegnalazioniMetrics { waiting, given_up, .. }) = segnalazioni {
            whole(&declared::SEGNALAZIONI, vec![("state", "waiting".into())], waiting.into());
            whole(&declared::SEGNALAZIONI, vec![("state", "given_up".into())], given_up.into());
        }
        let age = |since: Option<Timestamp>| since.map_or(0, |since| now.as_millis() - since.as_millis());
        samples.add(&declared::OUTBOX_AGE, Sample::millis(own(), age(outbox.oldest)));
        if let Some(SegnalazioniMetrics { oldest, .. }) = segnalazioni {
            samples.add(&declared::SEGNALAZIONI_AGE, Sample::millis(Vec::new(), age(oldest)));
        }
        for QueueMetrics { queue, waiting, oldest, held, waits, waits_sum_s } in queues {
            let of = || vec![desk(), ("queue", queue.to_string())];
            samples.add(&declared::WAITING, Sample::whole(of(), waiting.into()));
            samples.add(&declared::OLDEST_WAIT, Sample::millis(of(), age(oldest)));
            samples.add(&declared::IN_HAND, Sample::whole(of(), held.into()));
            let sum_ms = waits_sum_s.saturating_mul(1_000);
            samples.add(&declared::WAIT_SECONDS, Sample::spans(of(), waits, sum_ms));
        }
        samples
    }
}

#[cfg(test)]
mod tests {
    use infocig_domain::figures::histogram::Histogram;

    use super::*;

    #[test]
    fn an_object_that_does_not_answer_is_down_and_one_that_does_is_read() {
        let now = Timestamp::from_millis(100_000);
        let down = ObjectMetrics::samples(None, "desk", "info-cig", now).write();
        assert!(down.contains("infocig_object_up{object=\"desk\",name=\"info-cig\"} 0\n"), "{down}");
        assert!(!down.contains("\ninfocig_outbox_messages{"), "{down}");

        let metrics = ObjectMetrics {
            outbox: OutboxMetrics {
                messages: 2,
                oldest: Some(Timestamp::from_millis(98_500)),
                dead_letters: 1,
            },
            storage_bytes: 4_096,
            queues: vec![queue().into()],
            advisors: vec![("available".into(), 3)],
            segnalazioni: None,
            audit: Some(AuditMetrics { rows: 40, number: 42 }),
        };
        let text = ObjectMetrics::samples(Some(metrics), "desk", "info-cig", now).write();
        for line in [
            "infocig_object_up{object=\"desk\",name=\"info-cig\"} 1",
            "infocig_outbox_messages{object=\"desk\",name=\"info-cig\"} 2",
            "infocig_outbox_oldest_age_seconds{object=\"desk\",name=\"info-cig\"} 1.5",
            "infocig_dead_letters{object=\"desk\",name=\"info-cig\"} 1",
            "infocig_storage_bytes{object=\"desk\",name=\"info-cig\"} 4096",
            "infocig_desk_waiting{desk=\"info-cig\",queue=\"q\"} 4",
            "infocig_desk_oldest_wait_seconds{desk=\"info-cig\",queue=\"q\"} 60",
            "infocig_desk_held{desk=\"info-cig\",queue=\"q\"} 5",
            "infocig_desk_advisors{desk=\"info-cig\",presence=\"available\"} 3",
            "infocig_wait_seconds_bucket{desk=\"info-cig\",queue=\"q\",le=\"15\"} 1",
            "infocig_wait_seconds_bucket{desk=\"info-cig\",queue=\"q\",le=\"30\"} 2",
            "infocig_wait_seconds_bucket{desk=\"info-cig\",queue=\"q\",le=\"+Inf\"} 3",
            "infocig_wait_seconds_count{desk=\"info-cig\",queue=\"q\"} 3",
        ] {
            assert!(text.lines().any(|one| one == line), "{line}:\n{text}");
        }
        assert!(!text.contains("\ninfocig_segnalazioni{"), "{text}");
    }

    fn queue() -> QueueMeasures {
        let mut waits = Histogram::default();
        for millis in [14_000, 29_999, 7_200_000] {
            waits.count(millis);
        }
        QueueMeasures {
            queue: QueueId::parse("q").unwrap(),
            waiting: 4,
            oldest: Some(Timestamp::from_millis(40_000)),
            held: 5,
            waits,
        }
    }
}
