// SPDX-License-Identifier: EUPL-1.2
//! How good the connection of a call is, in one word, from what the browser counts. Pure: a driver takes a sample of
//! `RTCPeerConnection.getStats` every [`MEASURED_EVERY_MS`].
//!
//! - Both directions count: what is heard here, and what the other side reports to hear of this one.
//! - One bad sample says nothing, because each change of network has one: of three, two must be bad. The connection is good
//!   again after [`GOOD_AGAIN_AFTER`] good ones, so that the word does not flutter.

use crate::machine::Millis;

/// The time between two samples.
pub const MEASURED_EVERY_MS: Millis = 3_000;

/// How well the two hear each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    /// Every word comes through.
    Good,
    /// Parts of words are missing, or come late.
    Unstable,
}

/// What the browser has counted since the connection was made, as `RTCInboundRtpStreamStats` and
/// `RTCRemoteInboundRtpStreamStats` name it; what it does not count is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sample {
    /// `packetsReceived`.
    pub received: f64,
    /// `packetsLost`.
    pub lost: f64,
    /// `totalSamplesReceived`.
    pub played: f64,
    /// `concealedSamples` without `silentConcealedSamples`: sound that was made up, because none had come.
    pub concealed: f64,
    /// `jitter`, in seconds.
    pub jitter: f64,
    /// `jitterBufferDelay`: for how many seconds all samples were held back together, so that late ones are heard in their place.
    pub held_back: f64,
    /// `jitterBufferEmittedCount`: how many samples that were.
    pub let_out: f64,
    /// `roundTripTime`, in seconds.
    pub round_trip: f64,
    /// `fractionLost`, of what this side sent, from 0 to 1.
    pub lost_there: f64,
}

/// The samples of one connection.
#[derive(Clone, Debug, Default)]
pub struct QualityMeter {
    last: Option<Sample>,
    /// Whether each of the two samples before was bad.
    before: [bool; 2],
    /// The good samples that are missing until the word is good again.
    missing: u8,
}

impl QualityMeter {
    /// The word after one more sample.
    pub fn measure(&mut self, sample: Sample) -> Quality {
        let is_bad = self.last.is_some_and(|last| is_bad_since(&last, &sample));
        self.last = Some(sample);
        let [older, newer] = self.before;
        self.before = [newer, is_bad];
        if is_bad && (older || newer) {
            self.missing = GOOD_AGAIN_AFTER;
        } else if !is_bad {
            self.missing = self.missing.saturating_sub(1);
        }
        if self.missing > 0 { Quality::Unstable } else { Quality::Good }
    }
}

fn is_bad_since(last: &Sample, sample: &Sample) -> bool {
    let (received, lost) = (sample.received - last.received, sample.lost - last.lost);
    let (played, concealed) = (sample.played - last.played, sample.concealed - last.concealed);
    let held_back = share(sample.held_back - last.held_back, sample.let_out - last.let_out);
    share(lost, received + lost) > MOST_LOST
        || share(concealed, played) > MOST_CONCEALED
        || sample.lost_there > MOST_LOST
        || sample.jitter > MOST_JITTER_S
        || sample.round_trip / 2.0 + held_back > LONGEST_DELAY_S
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// Opus repairs single losses; above this, syllables are missing.
const MOST_LOST: f64 = 0.05;
const MOST_CONCEALED: f64 = 0.08;
const MOST_JITTER_S: f64 = 0.1;
/// Above 400 ms one way, ITU-T G.114 calls a delay unacceptable.
const LONGEST_DELAY_S: f64 = 0.4;
const GOOD_AGAIN_AFTER: u8 = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bad_sample_says_nothing_and_the_word_does_not_flutter() {
        let mut line = Line::default();
        assert_eq!(line.words(&[0.0, 0.2, 0.0, 0.0]), [Quality::Good; 4]);
        assert_eq!(line.words(&[0.2, 0.0, 0.2]), [Quality::Good, Quality::Good, Quality::Unstable]);
        assert_eq!(line.words(&[0.0, 0.0, 0.0]), [Quality::Unstable; 3]);
        assert_eq!(line.words(&[0.0]), [Quality::Good]);
    }

    #[test]
    fn each_cause_alone_is_enough_and_a_good_line_is_none() {
        let good = Sample { jitter: 0.02, round_trip: 0.2, lost_there: 0.01, ..Sample::default() };
        let bad = [
            Sample { jitter: 0.15, ..good },
            Sample { round_trip: 0.9, ..good },
            Sample { held_back: 144_000.0 * 0.35, let_out: 144_000.0, ..good },
            Sample { lost_there: 0.1, ..good },
            Sample { played: 144_000.0, concealed: 20_000.0, ..good },
            Sample { received: 130.0, lost: 20.0, ..good },
        ];
        assert!(!is_bad_since(&Sample::default(), &good));
        for sample in bad {
            assert!(is_bad_since(&Sample::default(), &sample), "{sample:?}");
        }
        // A line over which nothing came is lost, not bad: the state of the connection says so.
        assert!(!is_bad_since(&good, &good));
    }

    /// A line of 150 packets between two samples, of which a share is lost.
    #[derive(Default)]
    struct Line {
        meter: QualityMeter,
        total: Sample,
    }

    impl Line {
        fn words(&mut self, lost: &[f64]) -> Vec<Quality> {
            let measure = |share: &f64| {
                self.total.received += 150.0 * (1.0 - share);
                self.total.lost += 150.0 * share;
                self.meter.measure(self.total)
            };
            lost.iter().map(measure).collect()
        }
    }
}
