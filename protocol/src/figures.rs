// SPDX-License-Identifier: EUPL-1.2
//! Figures as they are published: `docs/figures.md` defines each of them.

use infocig_protocol_derive::Wire;
use serde::{Deserialize, Serialize};

/// A way to break conversations down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Wire)]
#[serde(rename_all = "kebab-case")]
pub enum Dimension {
    /// Not at all.
    All,
    /// By the hour of the day in which the person entered: `00` to `23`.
    Hour,
    /// By category.
    Category,
    /// By ISTAT code of the province.
    Province,
    /// By the portal the person came from.
    EntryPoint,
    /// By language.
    Language,
    /// By topic: its three levels with `/` between them.
    Topic,
    /// By outcome.
    Outcome,
    /// By the id of the advisor who held it last.
    Advisor,
    /// Refusals, by the code of the reason.
    Refusal,
}

/// A part of a whole. Both numbers travel, so that a reader sees of how many it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Share {
    /// The part.
    pub part: u64,
    /// The whole; 0 where there is nothing to speak of.
    pub of: u64,
}

/// Percentiles of lengths of time, in seconds, by nearest rank; exact up to 63 s, at most 3.1 % too short beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Percentiles {
    /// How many lengths there are; never 0.
    pub n: u64,
    /// Half of them are not longer.
    pub p50_s: u64,
    /// Nine tenths of them are not longer.
    pub p90_s: u64,
    /// The longest.
    pub longest_s: u64,
}

/// The figures of some conversations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Figures {
    /// Refused at the entrance.
    pub refused: u64,
    /// Written requests, which enter no queue.
    pub requests: u64,
    /// Entered the queue.
    pub entered: u64,
    /// Accepted by an advisor.
    pub answered: u64,
    /// Left before an answer within the short time.
    pub abandoned_short: u64,
    /// Left before an answer after the short time.
    pub abandoned: u64,
    /// Still waiting when the service closed.
    pub let_go: u64,
    /// Found the answer in their own cases while they waited.
    pub self_served: u64,
    /// Over.
    pub ended: u64,
    /// Over with the outcome *online*.
    pub online: u64,
    /// Over with the outcome *Linea INPS*.
    pub forwarded: u64,
    /// Changes of hands.
    pub transfers: u64,
    /// Times an advisor was lost.
    pub returns: u64,
    /// Passed to the queue from another one.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub passed_in: u64,
    /// Passed from the queue to another one.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub passed_out: u64,
    /// Times on hold.
    pub holds: u64,
    /// Calls in which the two heard each other.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub calls: u64,
    /// Minutes of these calls together, rounded up.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub call_minutes: u64,
    /// Offers of a call that were declined.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub calls_declined: u64,
    /// Offers of a call that lapsed or were taken back.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub calls_unanswered: u64,
    /// Calls that came to nothing because a device could make none or had no microphone.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub calls_without_microphone: u64,
    /// Calls that came to nothing for another reason: no way between the devices, an end before they found each other.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub calls_failed: u64,
    /// Calls that broke off while the two talked.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub calls_broken: u64,
    /// Answered in time, of those answered and those who abandoned after the short time.
    pub service_level: Share,
    /// Amazon Connect's service level: answered or gone in time, of all who left the queue for any reason but their own cases.
    pub service_level_connect: Share,
    /// Abandoned after the short time, of those answered and those who abandoned after the short time.
    pub abandonment: Share,
    /// Offers that lapsed, of all offers.
    pub non_response: Share,
    /// Offers let go by, of all offers.
    pub declined: Share,
    /// Outcome *online*, of the outcomes *online* and *Linea INPS*.
    pub settled_online: Share,
    /// Answered by the office, of those for whom a segnalazione was sent.
    pub office_answered: Share,
    /// Waited within what they were first told, of those answered who were told.
    pub told_kept: Share,
    /// Waited longer than what they were first told, of the same.
    pub told_too_short: Share,
    /// Seconds advisors had a conversation, of those and the seconds they were available without one.
    pub occupancy: Share,
    /// Rated *yes*, of those rated.
    pub said_helped: Share,
    /// Rated *partly*, of those rated.
    pub said_partly: Share,
    /// Rated, of those over.
    pub rated: Share,
    /// Opened a source, of those to whom the assistant showed an answer while they waited.
    #[serde(default)]
    pub assistant_opened: Share,
    /// Said that the assistant's answer helped, and left the queue, of the same.
    #[serde(default)]
    pub assistant_helped: Share,
    /// Of the same, said so and have not come back within seven days.
    #[serde(default)]
    pub assistant_settled: Share,
    /// Were answered by an advisor, of the same.
    #[serde(default)]
    pub assistant_to_person: Share,
    /// Came back within seven days, of those who said that the answer helped.
    #[serde(default)]
    pub assistant_came_back: Share,
    /// From entering to the first answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<Percentiles>,
    /// From entering to leaving, of those who abandoned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abandoned_after: Option<Percentiles>,
    /// From each acceptance to the advisor's first word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_word: Option<Percentiles>,
    /// Held and wrapped up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle: Option<Percentiles>,
    /// From the end to the free place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrap_up: Option<Percentiles>,
    /// On hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_hold: Option<Percentiles>,
    /// From the segnalazione to the office's answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<Percentiles>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}
