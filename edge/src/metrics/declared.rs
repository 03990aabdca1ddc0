// SPDX-License-Identifier: EUPL-1.2
//! The declaration of every metric: name, type, labels, unit, place, meaning. A metric that is not here cannot be counted.

/// A metric.
#[derive(Debug, PartialEq, Eq)]
pub struct Metric {
    /// Its name; that of a counter ends in `_total`.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// The names of its labels.
    pub labels: &'static [&'static str],
    /// The place it is kept in.
    pub kept: Kept,
    /// Its meaning, one line.
    pub meaning: &'static str,
}

/// The type of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Only grows, but for a restart.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Lengths of time by buckets, with these upper bounds in milliseconds.
    Histogram(&'static [u64]),
}

impl Kind {
    /// The word of the text format.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram(_) => "histogram",
        }
    }
}

/// The place a metric is kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// The memory of the isolate that answers: it begins anew with the process.
    Memory,
    /// An object, asked at each scrape.
    Object,
}

macro_rules! metrics {
    ($($ident:ident = $kind:expr, $name:literal, [$($label:literal),*], $kept:ident, $meaning:literal;)*) => {
        $(
            #[doc = $meaning]
            pub static $ident: Metric = Metric {
                name: $name,
                kind: $kind,
                labels: &[$($label),*],
                kept: Kept::$kept,
                meaning: $meaning,
            };
        )*

        /// Every metric, in the order in which they are exposed.
        pub static METRICS: &[&Metric] = &[$(&$ident),*];
    };
}

use Kind::{Counter, Gauge, Histogram};

metrics! {
    BUILD = Gauge, "infocig_build_info", ["version"], Memory, "1, with the version of the Worker";
    STARTED = Gauge, "infocig_start_time_seconds", [], Memory, "when the memory of this isolate began, in seconds since the epoch";
    UP = Gauge, "infocig_object_up", ["object", "name"], Object, "1 if the object answered this scrape, 0 if it failed or took more than two seconds";

    REQUESTS = Counter, "infocig_http_requests_total", ["route", "status"], Memory, "requests by route and class of status, such as `2xx`";
    REQUEST_SECONDS = Histogram(&[5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000]), "infocig_http_request_duration_seconds", [], Memory, "time to an answer, of all requests but polls, which wait, and sockets";
    PROBLEMS = Counter, "infocig_problems_total", ["code"], Memory, "requests that were answered with a problem document, by its code";
    FAULTS = Counter, "infocig_faults_total", [], Memory, "failures of the service itself: each is a line of the log with `event` `fault`";

    ADMISSIONS = Counter, "infocig_admissions_total", ["code"], Memory, "people who asked to enter, by verdict: `open` (a conversation began), `resumed` (they were led into their own), `not-found`, or the code of the refusal";
    TOKENS_REFUSED = Counter, "infocig_tokens_refused_total", ["code"], Memory, "hand-off tokens and advisors' tokens that were refused, by code";
    KEY_SETS_FAILED = Counter, "infocig_key_set_failures_total", [], Memory, "key sets of issuers that could not be fetched or read";
    REFUSALS_WAITING = Gauge, "infocig_refusals_waiting", [], Memory, "refusals at the entrance that the register has not counted yet";
    REFUSALS_LOST = Counter, "infocig_refusals_lost_total", [], Memory, "refusals at the entrance that no figure will count";

    ASSISTANT_ANSWERS = Counter, "infocig_assistant_answers_total", ["place", "skill"], Memory, "answers of the automatic assistant: `place` is `alone` (in no conversation), `queue` (kept in the log) or `advisor` (a suggestion), `skill` the one that answered, `unknown` where it did not know";
    LANGUAGE_MODEL = Counter, "infocig_language_model_answers_total", ["outcome"], Memory, "what became of asking the language model: `shown`; `withheld` (it was not asked, for what the question has in it); `no-answer` (none in four seconds, or an error); dropped for its `form`, because it was `uncited`, or for a `number` or `link` that no entry it names has";

    MESSAGES = Counter, "infocig_messages_stored_total", [], Memory, "messages of people and advisors that were stored";
    LINKS = Counter, "infocig_links_accepted_total", ["object", "transport", "resumed"], Memory, "links whose `hello` was accepted; `resumed` is `yes` where the client had entries already: a reconnection";
    FRAMES_REFUSED = Counter, "infocig_frames_refused_total", ["object", "code"], Memory, "frames that were answered with a refusal, by code";
    POLLS = Counter, "infocig_polls_total", ["object"], Memory, "requests of links without a socket";
    WOKEN = Gauge, "infocig_objects_woken", ["object"], Memory, "objects that have woken since the process began";

    OUTBOX_DELIVERED = Counter, "infocig_outbox_delivered_total", ["object"], Memory, "messages between objects that arrived, by the sender's class";
    OUTBOX_POSTPONED = Counter, "infocig_outbox_postponed_total", ["object"], Memory, "deliveries between objects that failed and are tried again";
    OUTBOX_SECONDS = Histogram(&[10, 50, 100, 250, 500, 1_000, 5_000, 15_000, 60_000, 300_000, 3_600_000]), "infocig_outbox_delay_seconds", ["object"], Memory, "from storing a message between objects to its arrival";
    DEAD_LETTERS = Counter, "infocig_dead_letters_total", ["object"], Memory, "messages between objects that were given up, by the sender's class";
    OUTBOX_WAITING = Gauge, "infocig_outbox_messages", ["object", "name"], Object, "messages in the outbox of the object";
    OUTBOX_AGE = Gauge, "infocig_outbox_oldest_age_seconds", ["object", "name"], Object, "age of the oldest of these, 0 without any";
    DEAD_LETTERS_KEPT = Gauge, "infocig_dead_letters", ["object", "name"], Object, "dead letters that the object keeps";
    AUDIT_ROWS = Gauge, "infocig_audit_rows", [], Object, "rows of the audit trail";
    AUDIT_NEWEST = Gauge, "infocig_audit_newest", [], Object, "number of the newest row of the audit trail: it never falls, but when a backup is restored";
    STORAGE = Gauge, "infocig_storage_bytes", ["object", "name"], Object, "size of the database of the object";

    ALARMS = Counter, "infocig_alarms_total", ["object"], Memory, "alarms that rang";
    ALARMS_LATE = Counter, "infocig_alarms_late_total", ["object"], Memory, "alarms that rang more than five seconds after their instant";
    ALARM_SECONDS = Histogram(&[5, 10, 50, 100, 500, 1_000, 5_000, 30_000, 300_000]), "infocig_alarm_delay_seconds", ["object"], Memory, "from the instant an alarm was set to until it rang, where the object still knew that instant";

    WAITING = Gauge, "infocig_desk_waiting", ["desk", "queue"], Object, "conversations that wait for an advisor";
    OLDEST_WAIT = Gauge, "infocig_desk_oldest_wait_seconds", ["desk", "queue"], Object, "how long the person waits who has waited longest, 0 without any";
    IN_HAND = Gauge, "infocig_desk_held", ["desk", "queue"], Object, "conversations that an advisor holds";
    ADVISORS = Gauge, "infocig_desk_advisors", ["desk", "presence"], Object, "advisors at the desk by presence; `lost` for those who are connected nowhere";
    WAIT_SECONDS = Histogram(&[5_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_200_000, 1_800_000, 3_600_000]), "infocig_wait_seconds", ["desk", "queue"], Object, "from entering to the first answer, of those answered today; begins anew at midnight in Italy. Sum and bounds are exact to 3 %";

    SEGNALAZIONI = Gauge, "infocig_segnalazioni", ["state"], Object, "segnalazioni that Linea INPS has not accepted: `waiting` go on by themselves, `given_up` wait for a supervisor";
    SEGNALAZIONI_AGE = Gauge, "infocig_segnalazioni_oldest_age_seconds", [], Object, "age of the oldest segnalazione that waits, 0 without any";
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    #[test]
    fn names_are_unique_and_say_type_and_unit_as_prometheus_has_it() {
        let names: BTreeSet<_> = METRICS.iter().map(|metric| metric.name).collect();
        assert_eq!(names.len(), METRICS.len());
        for Metric { name, kind, meaning, .. } in METRICS {
            assert!(name.starts_with("infocig_"), "{name}");
            assert_eq!(name.ends_with("_total"), *kind == Counter, "{name}");
            assert!(!matches!(kind, Histogram(_)) || name.ends_with("_seconds"), "{name}");
            assert!(!meaning.contains('\n') && !meaning.ends_with('.'), "{name}");
        }
    }

    #[test]
    fn no_label_is_of_a_person_a_conversation_or_an_advisor() {
        let known = [
            "version",
            "outcome",
            "object",
            "name",
            "route",
            "status",
            "code",
            "transport",
            "resumed",
            "desk",
            "queue",
            "place",
            "presence",
            "skill",
            "state",
        ];
        for metric in METRICS {
            assert!(metric.labels.iter().all(|label| known.contains(label)), "{metric:?}");
        }
    }

    #[test]
    fn the_document_has_a_row_for_each_metric_and_for_no_other() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/observability.md");
        let document = fs::read_to_string(path).unwrap();
        let rows: Vec<&str> = document.lines().filter(|line| line.starts_with("| `infocig_")).collect();
        let expected: Vec<String> = METRICS.iter().map(|metric| row(metric)).collect();
        assert_eq!(rows, expected.iter().map(String::as_str).collect::<Vec<_>>());
    }

    /// Name, type, labels, place and meaning as a row.
    fn row(metric: &Metric) -> String {
        let Metric { name, kind, labels, kept, meaning } = metric;
        let labels: Vec<String> = labels.iter().map(|label| format!("`{label}`")).collect();
        let kept = match kept {
            Kept::Memory => "memory",
            Kept::Object => "object",
        };
        format!("| `{name}` | {} | {} | {kept} | {meaning} |", kind.word(), labels.join(", "))
    }
}
