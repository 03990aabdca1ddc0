// SPDX-License-Identifier: EUPL-1.2
//! Counters in the memory of an isolate.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};

use super::{
    declared::{self, Kind, Metric},
    exposition::{Label, Sample, Samples},
};

/// The values of the labels of a metric, in their order; empty beyond.
type Words = [&'static str; MOST_LABELS];

const MOST_LABELS: usize = 3;

/// Counters that begin at nothing.
#[derive(Debug, Default)]
pub struct Counters {
    /// The one that a frame may increase: nothing is looked up for it.
    messages: Cell<u64>,
    counts: RefCell<BTreeMap<(&'static str, Words), u64>>,
    spans: RefCell<BTreeMap<(&'static str, Words), Spans>>,
}

/// Lengths of time that were observed.
#[derive(Debug, Default)]
struct Spans {
    /// How many fell into each bucket, the last one being without a bound.
    buckets: Vec<u64>,
    sum_ms: u64,
}

impl Counters {
    /// Counts messages that were stored.
    pub fn messages_stored(&self, number: u32) {
        self.messages.set(self.messages.get().saturating_add(number.into()));
    }

    /// Counts one of a metric.
    pub fn count(&self, metric: &'static Metric, labels: &[&'static str]) {
        let mut counts = self.counts.borrow_mut();
        let count = counts.entry((metric.name, words(labels))).or_default();
        *count = count.saturating_add(1);
    }

    /// Notes a length of time of a histogram; one that a clock made negative is none.
    pub fn observe(&self, metric: &'static Metric, labels: &[&'static str], millis: i64) {
        let Kind::Histogram(bounds) = metric.kind else { return };
        let millis = u64::try_from(millis).unwrap_or_default();
        let mut spans = self.spans.borrow_mut();
        let Spans { buckets, sum_ms } = spans.entry((metric.name, words(labels))).or_default();
        buckets.resize(bounds.len() + 1, 0);
        let place = bounds.iter().position(|bound| millis <= *bound).unwrap_or(bounds.len());
        if let Some(bucket) = buckets.get_mut(place) {
            *bucket = bucket.saturating_add(1);
        }
        *sum_ms = sum_ms.saturating_add(millis);
    }

    /// Every count so far.
    pub fn samples(&self) -> Samples {
        let mut samples = Samples::default();
        samples.add(&declared::MESSAGES, Sample::whole(Vec::new(), self.messages.get()));
        for ((name, words), count) in self.counts.borrow().iter() {
            if let Some(metric) = declared(name) {
                samples.add(metric, Sample::whole(labels(metric, words), *count));
            }
        }
        for ((name, words), Spans { buckets, sum_ms }) in self.spans.borrow().iter() {
            if let Some(metric) = declared(name) {
                samples.add(metric, Sample::spans(labels(metric, words), buckets.clone(), *sum_ms));
            }
        }
        samples
    }
}

fn declared(name: &str) -> Option<&'static Metric> {
    declared::METRICS.iter().find(|metric| metric.name == name).copied()
}

fn words(labels: &[&'static str]) -> Words {
    let mut words = [""; MOST_LABELS];
    for (place, word) in words.iter_mut().zip(labels) {
        *place = word;
    }
    words
}

fn labels(metric: &Metric, words: &Words) -> Vec<Label> {
    metric.labels.iter().zip(words).map(|(name, word)| (*name, (*word).to_string())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::METRICS;

    #[test]
    fn what_is_counted_is_exposed_with_its_labels() {
        let counters = Counters::default();
        counters.messages_stored(2);
        counters.messages_stored(1);
        counters.count(&declared::ADMISSIONS, &["open"]);
        counters.count(&declared::ADMISSIONS, &["open"]);
        counters.count(&declared::LINKS, &["conversation", "socket", "yes"]);

        let text = counters.samples().write();

        for line in [
            "infocig_messages_stored_total 3",
            "infocig_admissions_total{code=\"open\"} 2",
            "infocig_links_accepted_total{object=\"conversation\",transport=\"socket\",resumed=\"yes\"} 1",
        ] {
            assert!(text.lines().any(|one| one == line), "{line}:\n{text}");
        }
    }

    #[test]
    fn a_length_of_time_is_in_its_bucket_and_in_every_larger_one() {
        let counters = Counters::default();
        for millis in [0, 5, 6, -3, 70_000] {
            counters.observe(&declared::ALARM_SECONDS, &["desk"], millis);
        }

        let text = counters.samples().write();

        for (le, count) in [("0.005", 3), ("0.01", 4), ("30", 4), ("300", 5), ("+Inf", 5)] {
            let line = format!("infocig_alarm_delay_seconds_bucket{{object=\"desk\",le=\"{le}\"}} {count}");
            assert!(text.lines().any(|one| one == line), "{line}:\n{text}");
        }
        assert!(text.contains("infocig_alarm_delay_seconds_sum{object=\"desk\"} 70.011\n"), "{text}");
        assert!(text.contains("infocig_alarm_delay_seconds_count{object=\"desk\"} 5\n"), "{text}");
    }

    #[test]
    fn no_metric_has_more_labels_than_a_key_holds() {
        assert!(METRICS.iter().all(|metric| metric.labels.len() <= MOST_LABELS));
    }
}
