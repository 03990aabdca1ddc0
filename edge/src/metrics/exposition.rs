// SPDX-License-Identifier: EUPL-1.2
//! The text format of Prometheus, version 0.0.4.
//!
//! It is written here, because a registry of a library wants its metrics behind locks and atomics that an isolate with one
//! thread has no use for, and would be a third more code in the module for sixty lines.

use core::fmt::Write;
use std::collections::BTreeMap;

use super::declared::{Kind, METRICS, Metric};

/// The media type of the format.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The name of a label and its value.
pub type Label = (&'static str, String);

/// Values to expose, by metric.
#[derive(Debug, Default)]
pub struct Samples(BTreeMap<&'static str, Vec<Sample>>);

/// One value of a metric, with its labels.
#[derive(Clone, Debug)]
pub struct Sample {
    labels: Vec<Label>,
    value: Value,
}

#[derive(Clone, Debug)]
enum Value {
    Whole(u64),
    Millis(u64),
    /// How many fell into each bucket, the last one being without a bound, and their sum in milliseconds.
    Spans(Vec<u64>, u64),
}

impl Sample {
    /// A whole number.
    pub const fn whole(labels: Vec<Label>, number: u64) -> Self {
        Self { labels, value: Value::Whole(number) }
    }

    /// A length of time; one that a clock made negative is none.
    pub fn millis(labels: Vec<Label>, millis: i64) -> Self {
        Self { labels, value: Value::Millis(u64::try_from(millis).unwrap_or_default()) }
    }

    /// Lengths of time: how many fell into each bucket, the last one being without a bound, and their sum.
    pub const fn spans(labels: Vec<Label>, buckets: Vec<u64>, sum_ms: u64) -> Self {
        Self { labels, value: Value::Spans(buckets, sum_ms) }
    }
}

impl Samples {
    /// Adds a value.
    pub fn add(&mut self, metric: &'static Metric, sample: Sample) {
        self.0.entry(metric.name).or_default().push(sample);
    }

    /// Adds all values of others.
    pub fn extend(&mut self, others: Self) {
        for (name, samples) in others.0 {
            self.0.entry(name).or_default().extend(samples);
        }
    }

    /// Every declared metric as text: those without a value too, so that a name is known before it has one.
    pub fn write(&self) -> String {
        let mut text = String::new();
        for metric in METRICS {
            let Metric { name, kind, meaning, labels, .. } = metric;
            let help = meaning.replace('\\', "\\\\");
            let _infallible = write!(text, "# HELP {name} {help}\n# TYPE {name} {}\n", kind.word());
            let samples = self.0.get(name).map(Vec::as_slice).unwrap_or_default();
            if samples.is_empty() && labels.is_empty() && *kind == Kind::Counter {
                line(&mut text, name, "", &[], None, "0");
            }
            for Sample { labels, value } in samples {
                match (value, kind) {
                    (Value::Whole(number), _) => line(&mut text, name, "", labels, None, &number.to_string()),
                    (Value::Millis(millis), _) => line(&mut text, name, "", labels, None, &seconds(*millis)),
                    (Value::Spans(buckets, sum), Kind::Histogram(bounds)) => {
                        histogram(&mut text, name, labels, bounds, buckets, *sum);
                    }
                    (Value::Spans(..), Kind::Counter | Kind::Gauge) => {}
                }
            }
        }
        text
    }
}

fn histogram(text: &mut String, name: &str, labels: &[Label], bounds: &[u64], buckets: &[u64], sum: u64) {
    let mut so_far: u64 = 0;
    let bounds = bounds.iter().map(|bound| seconds(*bound)).chain(["+Inf".to_string()]);
    for (bound, bucket) in bounds.zip(buckets) {
        so_far = so_far.saturating_add(*bucket);
        line(text, name, "_bucket", labels, Some(&bound), &so_far.to_string());
    }
    line(text, name, "_sum", labels, None, &seconds(sum));
    line(text, name, "_count", labels, None, &so_far.to_string());
}

fn line(text: &mut String, name: &str, ending: &str, labels: &[Label], le: Option<&str>, value: &str) {
    text.push_str(name);
    text.push_str(ending);
    let bound = le.map(|le| ("le", le));
    let labels = labels.iter().map(|(name, value)| (*name, value.as_str())).chain(bound);
    let mut before = '{';
    for (label, value) in labels {
        let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        let _infallible = write!(text, "{before}{label}=\"{value}\"");
        before = ',';
    }
    text.push_str(if before == ',' { "} " } else { " " });
    text.push_str(value);
    text.push('\n');
}

/// Milliseconds as seconds, without zeros at the end.
fn seconds(millis: u64) -> String {
    let text = format!("{}.{:03}", millis / 1_000, millis % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::declared;

    #[test]
    fn every_declared_metric_is_exposed_with_its_type_before_anything_was_counted() {
        let text = Samples::default().write();
        for metric in METRICS {
            let line = format!("# TYPE {} {}", metric.name, metric.kind.word());
            assert!(text.lines().any(|one| one == line), "{line}");
        }
        assert!(
            text.contains("\ninfocig_faults_total 0\n"),
            "a counter without labels is there from the beginning"
        );
        assert!(!text.contains("\ninfocig_admissions_total"), "{text}");
    }

    #[test]
    fn the_value_of_a_label_is_escaped() {
        let mut samples = Samples::default();
        samples.add(&declared::BUILD, Sample::whole(vec![("version", "a\"b\\c\nd".into())], 1));
        assert!(samples.write().contains("infocig_build_info{version=\"a\\\"b\\\\c\\nd\"} 1\n"));
    }

    #[test]
    fn a_length_of_time_is_in_seconds() {
        let written: Vec<String> = [0, 5, 250, 1_000, 61_500, 100_000].map(seconds).into();
        assert_eq!(written, ["0", "0.005", "0.25", "1", "61.5", "100"]);
    }
}
