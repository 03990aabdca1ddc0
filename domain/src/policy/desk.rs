// SPDX-License-Identifier: EUPL-1.2
//! The desk's section of the policy: how conversations reach advisors, how long anybody waits for anybody, what can be said
//! about a conversation once it is over.
//!
//! INPS published none of it: times, capacities, rules, topics and replies are this service's own, and the document says so.

use std::collections::BTreeSet;
use std::num::{NonZeroU16, NonZeroU32};

use infocig_protocol::{
    desk::{AssignmentMode, Match, QuickReply, Topic, Translation},
    id::QueueId,
    topic::TopicPath,
};
use serde::{Deserialize, Deserializer, de::Error};

use super::{Banner, Wording, priorities::PriorityRules, supervision::SupervisionRules};
use crate::figures::FigureRules;

/// The rules of a desk.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskRules {
    /// How conversations come to advisors.
    pub assignment: AssignmentMode,
    /// How many conversations an advisor may have: offered, held and being wrapped up.
    pub capacity: NonZeroU32,
    /// How long an offer waits to be accepted before it goes to the next advisor.
    pub accept_within_seconds: NonZeroU32,
    /// How long an advisor's connection may be lost before what they hold goes back to the front of the queue.
    pub lost_grace_seconds: u32,
    /// How long a conversation that is over still takes up a place.
    pub wrap_up_seconds: u32,
    /// How long somebody may wait without any connection before they lose their place.
    pub absent_minutes: NonZeroU16,
    /// The longest wait: while a newcomer would wait longer, nobody enters.
    pub longest_wait_minutes: NonZeroU16,
    /// After so many minutes of opening hours without an advisor of its queue, nobody enters; absent for never.
    #[serde(default)]
    pub unstaffed_minutes: Option<NonZeroU16>,
    /// People who wait are told their place at most this often.
    pub update_seconds: NonZeroU32,
    /// When a person who does not answer is let go.
    pub inactivity: Inactivity,
    /// The minutes after which a hold can remind its advisor.
    #[serde(default = "default_hold_minutes", deserialize_with = "hold_minutes")]
    pub hold_minutes: Vec<NonZeroU16>,
    /// The hours for which a supervisor can block a person.
    #[serde(default = "default_block_hours", deserialize_with = "block_hours")]
    pub block_hours: Vec<NonZeroU16>,
    /// Which waiting conversations go before others.
    #[serde(default)]
    pub priorities: PriorityRules,
    /// Whom a conversation fits, the longer it waits the more. Never empty; the first holds from 0 minutes.
    #[serde(deserialize_with = "routing")]
    pub routing: Vec<RoutingRule>,
    /// The subjects of conversations: three levels.
    #[serde(deserialize_with = "topics")]
    pub topics: Vec<Topic>,
    /// Texts to answer with.
    #[serde(deserialize_with = "replies")]
    pub replies: Vec<Reply>,
    /// The thresholds of figures.
    pub figures: FigureRules,
    /// The alerts of supervisors, and how they read.
    pub supervision: SupervisionRules,
    /// The source of the rules.
    #[serde(deserialize_with = "said")]
    pub source: String,
    /// The banner of the service, which is a section of its own in the document: people who wait are told it.
    #[serde(skip)]
    pub banner: Option<Banner>,
    /// Whether an advisor may offer a call, which is in a section of its own too: consoles show the button by it.
    #[serde(skip)]
    pub calls: bool,
}

/// A quick reply, and whom it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The reply.
    pub reply: QuickReply,
    /// The queues whose advisors have it; none for all.
    pub queues: Vec<QueueId>,
}

impl Reply {
    /// Whether somebody of these queues has it.
    pub fn is_for(&self, queues: &[&QueueId]) -> bool {
        self.queues.is_empty() || self.queues.iter().any(|queue| queues.contains(&queue))
    }
}

/// When a person who owes an answer is let go (WCAG 2.2, success criterion 2.2.1: warned, and able to extend).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inactivity {
    /// So long after the advisor's last words the person is warned.
    pub warn_minutes: NonZeroU16,
    /// So long after the warning the conversation ends.
    pub close_minutes: NonZeroU16,
}

/// From when on which agreement is asked of person and advisor.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoutingRule {
    /// From this many minutes of waiting.
    pub after_minutes: u16,
    /// The attributes they must agree in. If empty, every advisor fits.
    #[serde(rename = "match")]
    pub agree: Vec<Match>,
}

impl DeskRules {
    /// The rule for somebody who has waited so many milliseconds.
    pub fn routing_after(&self, waited_ms: i64) -> &RoutingRule {
        let held = |rule: &&RoutingRule| i64::from(rule.after_minutes) * 60_000 <= waited_ms;
        self.routing.iter().rev().find(held).unwrap_or(&self.routing[0])
    }

    /// Whether the three ids lead from the first level to the third.
    pub fn has_topic(&self, path: &TopicPath) -> bool {
        let mut level = &self.topics;
        path.iter().all(|id| match level.iter().find(|topic| topic.id == *id) {
            Some(topic) => {
                level = &topic.topics;
                true
            }
            None => false,
        })
    }

    /// How long an offer waits, in milliseconds.
    pub fn accept_within_ms(&self) -> i64 {
        i64::from(self.accept_within_seconds.get()) * 1_000
    }
}

/// The choices of an administration that has set none.
fn default_hold_minutes() -> Vec<NonZeroU16> {
    [2, 5, 10].into_iter().filter_map(NonZeroU16::new).collect()
}

fn hold_minutes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<NonZeroU16>, D::Error> {
    let minutes: Vec<NonZeroU16> = Vec::deserialize(deserializer)?;
    if minutes.is_empty() || minutes.iter().any(|minutes| minutes.get() > LONGEST_HOLD_MINUTES) {
        return Err(D::Error::custom("`hold_minutes` lists at least one hold, and none above 60 minutes"));
    }
    Ok(minutes)
}

/// The choices of an administration that has set none.
fn default_block_hours() -> Vec<NonZeroU16> {
    [24, 72, 168].into_iter().filter_map(NonZeroU16::new).collect()
}

fn block_hours<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<NonZeroU16>, D::Error> {
    let hours: Vec<NonZeroU16> = Vec::deserialize(deserializer)?;
    if hours.is_empty() || hours.iter().any(|hours| hours.get() > LONGEST_BLOCK_HOURS) {
        return Err(D::Error::custom("`block_hours` lists at least one block, and none above 720 hours"));
    }
    Ok(hours)
}

fn routing<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<RoutingRule>, D::Error> {
    let rules: Vec<RoutingRule> = Vec::deserialize(deserializer)?;
    if rules.first().is_none_or(|rule| rule.after_minutes != 0) {
        return Err(D::Error::custom("the first rule of `routing` must hold `after_minutes` 0"));
    }
    if !rules.is_sorted_by(|a, b| a.after_minutes < b.after_minutes) {
        return Err(D::Error::custom("`after_minutes` must grow from one rule of `routing` to the next"));
    }
    Ok(rules)
}

fn topics<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Topic>, D::Error> {
    let topics: Vec<Topic> = Vec::deserialize(deserializer)?;
    check_level(&topics, LEVELS).map_err(D::Error::custom)?;
    Ok(topics)
}

fn check_level(topics: &[Topic], levels: usize) -> Result<(), String> {
    if topics.is_empty() {
        return Err(
            "a topic of the first or second level has others below it, one of the third has none".into()
        );
    }
    unique("topic", topics.iter().map(|topic| topic.id.as_str()))?;
    for topic in topics {
        filled("name", &topic.name)?;
        if levels > 1 {
            check_level(&topic.topics, levels - 1)?;
        } else if !topic.topics.is_empty() {
            return Err(format!("\"{}\" lies on the third level and has others below it", topic.id));
        }
    }
    Ok(())
}

fn replies<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Reply>, D::Error> {
    let replies: Vec<ReplyRow> = Vec::deserialize(deserializer)?;
    unique("reply", replies.iter().map(|reply| reply.id.as_str())).map_err(D::Error::custom)?;
    replies.into_iter().map(|reply| Reply::try_from(reply).map_err(D::Error::custom)).collect()
}

/// A quick reply as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReplyRow {
    id: String,
    name: String,
    text: Wording,
    #[serde(default)]
    queues: Vec<QueueId>,
}

impl TryFrom<ReplyRow> for Reply {
    type Error = String;

    fn try_from(row: ReplyRow) -> Result<Self, String> {
        filled("name", &row.name)?;
        let translations: Vec<Translation> =
            row.text.others().map(|(language, text)| Translation { language, text: text.into() }).collect();
        let texts = translations.iter().map(|one| one.text.as_str()).chain([row.text.italian()]);
        if let Some(variable) = texts.into_iter().find_map(unknown_variable) {
            return Err(format!("{{{variable}}} is not a variable; there are {}", VARIABLES.join(" and ")));
        }
        let text = row.text.italian().to_string();
        let reply = QuickReply { id: row.id, name: row.name, text, translations };
        Ok(Self { reply, queues: row.queues })
    }
}

fn unknown_variable(text: &str) -> Option<&str> {
    let variables = text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap_or(rest));
    variables.into_iter().find(|variable| !VARIABLES.contains(&format!("{{{variable}}}").as_str()))
}

pub(super) fn unique<'a>(what: &str, ids: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let mut known = BTreeSet::new();
    for id in ids {
        filled("id", id)?;
        if !known.insert(id) {
            return Err(format!("two of one level have the {what} id \"{id}\""));
        }
    }
    Ok(())
}

pub(super) fn filled(name: &str, text: &str) -> Result<(), String> {
    if text.trim().is_empty() { Err(format!("`{name}` must not be empty")) } else { Ok(()) }
}

fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    filled("source", &text).map_err(D::Error::custom)?;
    Ok(text)
}

/// A person who is left alone for longer is better called back.
const LONGEST_HOLD_MINUTES: u16 = 60;
/// Thirty days.
const LONGEST_BLOCK_HOURS: u16 = 720;
/// A topic has three levels, as in the offices' practice (*tripletta*).
const LEVELS: usize = 3;
/// The placeholders of a reply.
const VARIABLES: [&str; 2] = ["{nome}", "{consulente}"];

#[cfg(test)]
mod tests {
    use crate::policy::Policy;

    const SHIPPED: &str = include_str!("../../../edge/policy.json");

    #[test]
    fn a_topic_is_known_by_all_three_levels() {
        let rules = Policy::parse(SHIPPED).unwrap().desk;
        let path = |a: &str, b: &str, c: &str| [a.to_string(), b.to_string(), c.to_string()];

        assert!(rules.has_topic(&path("pagamento", "diretto", "data")));
        assert!(!rules.has_topic(&path("pagamento", "diretto", "esito")));
        assert!(!rules.has_topic(&path("diretto", "pagamento", "data")));
    }

    #[test]
    fn the_rule_that_holds_is_the_last_that_has_begun() {
        let rules = Policy::parse(SHIPPED).unwrap().desk;
        let after = |minutes: i64| rules.routing_after(minutes * 60_000).after_minutes;

        assert_eq!([after(-5), after(0), after(2), after(3), after(100)], [0, 0, 0, 3, 8]);
    }

    #[test]
    fn every_contradiction_of_the_desk_is_named_with_its_line() {
        let check = |from: &str, to: &str, expected: &str| {
            assert!(SHIPPED.contains(from), "{from}");
            let message = Policy::parse(&SHIPPED.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(message.starts_with("policy line ") && message.contains(expected), "{message}");
        };
        check("\"after_minutes\": 0,", "\"after_minutes\": 1,", "must hold `after_minutes` 0");
        check("\"after_minutes\": 8,", "\"after_minutes\": 3,", "must grow from one rule");
        check("{nome}", "{cognome}", "{cognome} is not a variable; there are {nome} and {consulente}");
        check("\"id\": \"data\", \"name\"", "\"id\": \"importo\", \"name\"", "topic id \"importo\"");
        check("[24, 72, 168]", "[24, 721]", "none above 720 hours");
        check("[2, 5, 10]", "[]", "lists at least one hold");
        check("[2, 5, 10]", "[2, 61]", "none above 60 minutes");
        check("\"capacity\": 3", "\"capacity\": 0", "nonzero");
        check("[\"language\", \"region\"]", "[\"moon\"]", "unknown variant `moon`");
    }
}
