// SPDX-License-Identifier: EUPL-1.2
//! Sums of records. A tally of many records is the sum of their tallies, and a record that changed is taken out as it was and
//! put in as it is: nothing is ever counted anew.

use std::collections::BTreeMap;

use infocig_protocol::{
    call::CallEnd,
    entry::Outcome,
    figures::{Figures, Share},
    id::QueueId,
    rating::Answer,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{
    advisor_time::AdvisorTime, calls::Calls, histogram::Histogram, record::Record, rules::FigureRules,
};

macro_rules! tally {
    ($($(#[$about:meta])* $counter:ident,)* ; $($(#[$span:meta])* $histogram:ident,)*) => {
        /// Counts and lengths of some conversations. Members that are zero or empty are not written. A new member goes to the
        /// end of its list: the place is its name where tallies are stored (`written.rs`).
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct Tally {
            $($(#[$about])* #[serde(skip_serializing_if = "is_zero")] pub $counter: i64,)*
            $($(#[$span])* #[serde(skip_serializing_if = "Histogram::is_empty")] pub $histogram: Histogram,)*
        }

        impl Tally {
            fn add_signed(&mut self, other: &Self, sign: i64) {
                $(self.$counter += sign * other.$counter;)*
                $(self.$histogram.add(&other.$histogram, sign);)*
            }

            pub(super) fn counts(&self) -> [i64; Self::COUNTS] {
                [$(self.$counter,)*]
            }

            pub(super) fn counts_mut(&mut self) -> [&mut i64; Self::COUNTS] {
                [$(&mut self.$counter,)*]
            }

            pub(super) fn lengths(&self) -> [&Histogram; Self::LENGTHS] {
                [$(&self.$histogram,)*]
            }

            pub(super) fn lengths_mut(&mut self) -> [&mut Histogram; Self::LENGTHS] {
                [$(&mut self.$histogram,)*]
            }

            const COUNTS: usize = [$(stringify!($counter),)*].len();
            const LENGTHS: usize = [$(stringify!($histogram),)*].len();
        }
    };
}

tally! {
    /// Refused at the entrance, whatever the reason.
    refused,
    /// Written requests, which enter no queue.
    requests,
    /// Entered the queue.
    entered,
    /// Accepted by an advisor at least once.
    answered,
    /// Of these, within the service level's time.
    answered_in_time,
    /// Left the queue before an answer, within the short time.
    abandoned_short,
    /// Left the queue before an answer, after the short time.
    abandoned,
    /// Of all who left, within the service level's time.
    abandoned_in_time,
    /// Still waiting when the service closed.
    let_go,
    /// Found the answer in their own cases while they waited.
    self_served,
    /// Over.
    ended,
    /// Over, with the outcome *online*.
    online,
    /// Over, with the outcome *Linea INPS*.
    forwarded,
    /// A segnalazione was sent for them.
    segnalazioni,
    /// Of these, the office answered.
    office_answered,
    /// Offers made.
    offers,
    /// Offers that lapsed.
    missed,
    /// Offers let go by.
    declined,
    /// Changes of hands.
    transfers,
    /// Times an advisor was lost.
    returns,
    /// Passed to the queue from another one.
    passed_in,
    /// Passed from the queue to another one.
    passed_out,
    /// Times on hold.
    holds,
    /// Answered after having been told a wait.
    told,
    /// Of these, the wait was within what they were told.
    told_kept,
    /// Of these, the wait was longer.
    told_too_short,
    /// Rated *yes*.
    said_yes,
    /// Rated *partly*.
    said_partly,
    /// Rated *no*.
    said_no,
    /// Time advisors had at least one conversation, in milliseconds.
    on_contact_ms,
    /// Time advisors were available and had none, in milliseconds.
    idle_ms,
    /// The assistant showed an answer while the person waited.
    assisted,
    /// Of these, a source was opened.
    assistant_opened,
    /// Of these, the person left the queue with the answer.
    assistant_helped,
    /// Of these, the person came back within seven days.
    assistant_came_back,
    /// Shown an answer, and answered by an advisor.
    assistant_to_person,
    /// Calls in which the two heard each other.
    calls,
    /// For so many seconds, all together.
    call_seconds,
    /// Offers of a call that were declined.
    calls_declined,
    /// Offers of a call that lapsed or were taken back.
    calls_unanswered,
    /// Calls that came to nothing for want of a microphone, or of a device that can make any.
    calls_without_microphone,
    /// Calls that came to nothing for another reason.
    calls_failed,
    /// Calls that broke off while the two talked.
    calls_broken,
    ;
    /// From entering to the first answer, of those answered.
    wait,
    /// From entering to leaving, of those who abandoned.
    abandoned_after,
    /// From each acceptance to the advisor's first word.
    first_word,
    /// Held and wrapped up, of those over.
    handle,
    /// From the end to the free place.
    wrap_up,
    /// On hold, of those that were.
    on_hold,
    /// From the segnalazione to the office's answer.
    office,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(n: &i64) -> bool {
    *n == 0
}

impl Tally {
    /// The tally of one conversation, over or not, in the queue it is in or was in last.
    pub fn of(record: &Record, rules: &FigureRules) -> Self {
        let mut tally = Self {
            requests: record.is_request().into(),
            entered: (!record.is_request()).into(),
            offers: record.offers.into(),
            missed: record.missed.into(),
            declined: record.declined.into(),
            transfers: record.transfers.into(),
            returns: record.returns.into(),
            holds: record.holds.into(),
            segnalazioni: record.forwarded.is_some().into(),
            office_answered: (record.forwarded.and(record.office_answered)).is_some().into(),
            said_yes: (record.rating == Some(Answer::Yes)).into(),
            said_partly: (record.rating == Some(Answer::Partly)).into(),
            said_no: (record.rating == Some(Answer::No)).into(),
            assisted: record.assisted.shown.into(),
            assistant_opened: (record.assisted.shown && record.assisted.opened).into(),
            assistant_helped: record.was_helped().into(),
            assistant_came_back: (record.was_helped() && record.assisted.came_back).into(),
            assistant_to_person: (record.assisted.shown && record.answered.is_some()).into(),
            ..Self::default()
        };
        tally.count_calls(&record.calls);
        record.first_words_ms.iter().for_each(|&millis| tally.first_word.count(millis));
        if record.answered.is_some() {
            tally.count_answer(record, rules);
        }
        if let Some(ended) = record.ended.filter(|_| !record.is_request()) {
            tally.count_end(record, ended, rules);
        }
        if let (Some(forwarded), Some(answered)) = (record.forwarded, record.office_answered) {
            tally.office.count(answered.as_millis() - forwarded.as_millis());
        }
        tally
    }

    /// The tallies of one conversation in each queue it has been in: everything counts in the one it is in, or was in last; in
    /// the others, that it passed.
    pub fn by_queue(record: &Record, rules: &FigureRules) -> BTreeMap<QueueId, Self> {
        let mut tallies = BTreeMap::from([(record.queue.clone(), Self::of(record, rules))]);
        let mut at = |queue: &QueueId, add: fn(&mut Self)| add(tallies.entry(queue.clone()).or_default());
        for (index, queue) in record.left.iter().enumerate() {
            at(queue, |tally| tally.passed_out += 1);
            at(record.left.get(index + 1).unwrap_or(&record.queue), |tally| tally.passed_in += 1);
        }
        tallies
    }

    /// The tally of one conversation in one queue; `None` if it has never been in it. The same as [`by_queue`](Self::by_queue)
    /// of that queue, without the others'.
    pub fn of_queue(record: &Record, rules: &FigureRules, queue: &QueueId) -> Option<Self> {
        if record.left.is_empty() {
            return (record.queue == *queue).then(|| Self::of(record, rules));
        }
        Self::by_queue(record, rules).remove(queue)
    }

    /// The tally of refusals at the entrance.
    pub fn of_refusals(refused: u32) -> Self {
        Self { refused: refused.into(), ..Self::default() }
    }

    /// The tally of an advisor's time.
    pub fn of_time(time: &AdvisorTime) -> Self {
        Self { on_contact_ms: time.on_contact_ms, idle_ms: time.idle_ms, ..Self::default() }
    }

    /// Adds another tally.
    pub fn add(&mut self, other: &Self) {
        self.add_signed(other, 1);
    }

    /// Takes out a tally that was added.
    pub fn subtract(&mut self, other: &Self) {
        self.add_signed(other, -1);
    }

    /// Whether it is the tally of nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn count_calls(&mut self, calls: &Calls) {
        self.calls = calls.talked.into();
        self.call_seconds = i64::try_from(calls.seconds).unwrap_or(i64::MAX);
        self.calls_declined = calls.declined.into();
        self.calls_broken = calls.broken.into();
        for (why, times) in &calls.failed {
            let counted = match why {
                CallEnd::Unanswered | CallEnd::Withdrawn => &mut self.calls_unanswered,
                CallEnd::NoMicrophone => &mut self.calls_without_microphone,
                CallEnd::NoConnection | CallEnd::HungUp | CallEnd::ConversationEnded | CallEnd::HandedOn => {
                    &mut self.calls_failed
                }
            };
            *counted += i64::from(*times);
        }
    }

    fn count_answer(&mut self, record: &Record, rules: &FigureRules) {
        let waited = record.first_wait_ms(record.entered);
        self.answered = 1;
        self.answered_in_time = i64::from(waited <= millis(rules.answer_within_seconds.get()));
        self.wait.count(waited);
        if let Some((from, to)) = record.told {
            self.told = 1;
            self.told_too_short = i64::from(waited > i64::from(to) * 60_000);
            self.told_kept = i64::from(waited >= i64::from(from) * 60_000) - self.told_too_short;
        }
    }

    fn count_end(&mut self, record: &Record, ended: Timestamp, rules: &FigureRules) {
        self.ended = 1;
        self.online = (record.outcome == Some(Outcome::Online)).into();
        self.forwarded = (record.outcome == Some(Outcome::LineaInps)).into();
        self.self_served = (record.outcome == Some(Outcome::SelfServed)).into();
        if record.answered.is_some() {
            self.handle.count(record.handle_ms());
            if let Some(millis) = record.wrap_up_ms() {
                self.wrap_up.count(millis);
            }
            if record.holds > 0 {
                self.on_hold.count(record.on_hold_ms);
            }
            return;
        }
        if self.self_served > 0 {
            return;
        }
        if record.outcome != Some(Outcome::Abandoned) {
            self.let_go = 1;
            return;
        }
        let waited = record.first_wait_ms(ended);
        self.abandoned_after.count(waited);
        let short = waited <= millis(rules.short_abandonment_seconds);
        (self.abandoned_short, self.abandoned) = (short.into(), (!short).into());
        self.abandoned_in_time = i64::from(waited <= millis(rules.answer_within_seconds.get()));
    }

    /// The figures of the counts.
    pub fn figures(&self) -> Figures {
        let n = |count: i64| u64::try_from(count).unwrap_or_default();
        let share = |part: i64, of: i64| Share { part: n(part), of: n(of) };
        let gone = self.abandoned_short + self.abandoned;
        let rated = self.said_yes + self.said_partly + self.said_no;
        Figures {
            refused: n(self.refused),
            requests: n(self.requests),
            entered: n(self.entered),
            answered: n(self.answered),
            abandoned_short: n(self.abandoned_short),
            abandoned: n(self.abandoned),
            let_go: n(self.let_go),
            self_served: n(self.self_served),
            ended: n(self.ended),
            online: n(self.online),
            forwarded: n(self.forwarded),
            transfers: n(self.transfers),
            returns: n(self.returns),
            passed_in: n(self.passed_in),
            passed_out: n(self.passed_out),
            holds: n(self.holds),
            calls: n(self.calls),
            call_minutes: n(self.call_seconds).div_ceil(60),
            calls_declined: n(self.calls_declined),
            calls_unanswered: n(self.calls_unanswered),
            calls_without_microphone: n(self.calls_without_microphone),
            calls_failed: n(self.calls_failed),
            calls_broken: n(self.calls_broken),
            service_level: share(self.answered_in_time, self.answered + self.abandoned),
            service_level_connect: share(
                self.answered_in_time + self.abandoned_in_time,
                self.answered + gone + self.let_go,
            ),
            abandonment: share(self.abandoned, self.answered + self.abandoned),
            non_response: share(self.missed, self.offers),
            declined: share(self.declined, self.offers),
            settled_online: share(self.online, self.online + self.forwarded),
            office_answered: share(self.office_answered, self.segnalazioni),
            told_kept: share(self.told_kept, self.told),
            told_too_short: share(self.told_too_short, self.told),
            occupancy: share(self.on_contact_ms / 1_000, (self.on_contact_ms + self.idle_ms) / 1_000),
            said_helped: share(self.said_yes, rated),
            said_partly: share(self.said_partly, rated),
            rated: share(rated, self.ended),
            assistant_opened: share(self.assistant_opened, self.assisted),
            assistant_helped: share(self.assistant_helped, self.assisted),
            assistant_settled: share(self.assistant_helped - self.assistant_came_back, self.assisted),
            assistant_to_person: share(self.assistant_to_person, self.assisted),
            assistant_came_back: share(self.assistant_came_back, self.assistant_helped),
            wait: self.wait.percentiles(),
            abandoned_after: self.abandoned_after.percentiles(),
            first_word: self.first_word.percentiles(),
            handle: self.handle.percentiles(),
            wrap_up: self.wrap_up.percentiles(),
            on_hold: self.on_hold.percentiles(),
            office: self.office.percentiles(),
        }
    }
}

fn millis(seconds: u32) -> i64 {
    i64::from(seconds) * 1_000
}
