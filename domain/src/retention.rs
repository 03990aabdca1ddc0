// SPDX-License-Identifier: EUPL-1.2
//! How long what is kept: the rule of the policy's section `retention`, for each class of data, and what is due at an instant.
//!
//! A period has the sentence that it rests on, and the section says who decided. INPS published no period: what the section leaves
//! out is kept as it was before there was such a section ([`Retention::default`]).

use std::num::NonZeroU16;

use infocig_protocol::time::Timestamp;
use serde::Deserialize;

/// Data that are kept for the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DataClass {
    /// Conversations: every entry of their log, what the person answered before they were let in and asked the assistant, the card
    /// of the person, their rating. Counted from the end of the conversation.
    Conversations,
    /// The comments beside ratings that supervisors read. Counted from when they were written.
    Comments,
    /// Segnalazioni that Linea INPS has: key, number and state. Counted from the last update.
    Segnalazioni,
    /// The link between a record of the register and its person. Counted from the end of the conversation.
    RegisterLinks,
    /// The audit trail. Counted from each act.
    Audit,
}

impl DataClass {
    /// All, in the order of the policy.
    pub const ALL: [Self; 5] =
        [Self::Conversations, Self::Comments, Self::Segnalazioni, Self::RegisterLinks, Self::Audit];

    /// Its word in the policy.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Conversations => "conversations",
            Self::Comments => "comments",
            Self::Segnalazioni => "segnalazioni",
            Self::RegisterLinks => "register_links",
            Self::Audit => "audit",
        }
    }
}

/// How long data of a class are kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "PeriodForm")]
pub struct Period {
    /// So many days.
    pub days: NonZeroU16,
    /// What the period rests on.
    pub basis: String,
}

/// The periods of a policy, by class. A class without one is kept for ever, but for the two that never were.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "RetentionForm")]
pub struct Retention {
    /// Who decided; absent where nobody has.
    pub decided_by: Option<String>,
    conversations: Option<Period>,
    comments: Option<Period>,
    segnalazioni: Option<Period>,
    register_links: Option<Period>,
    audit: Option<Period>,
}

impl Retention {
    /// The period that somebody decided for a class.
    pub const fn period(&self, class: DataClass) -> Option<&Period> {
        match class {
            DataClass::Conversations => self.conversations.as_ref(),
            DataClass::Comments => self.comments.as_ref(),
            DataClass::Segnalazioni => self.segnalazioni.as_ref(),
            DataClass::RegisterLinks => self.register_links.as_ref(),
            DataClass::Audit => self.audit.as_ref(),
        }
    }

    /// For how many days data of a class are kept; `None` for ever.
    pub fn days(&self, class: DataClass) -> Option<u16> {
        let decided = self.period(class).map(|period| period.days.get());
        let own = match class {
            DataClass::Comments | DataClass::Segnalazioni => Some(THIRTEEN_MONTHS),
            DataClass::Conversations | DataClass::RegisterLinks | DataClass::Audit => None,
        };
        decided.or(own)
    }

    /// Data of a class are due where they are older than this instant; `None` where none ever are.
    pub fn due_before(&self, class: DataClass, now: Timestamp) -> Option<Timestamp> {
        self.days(class).map(|days| now.plus_millis(-i64::from(days) * DAY_MS))
    }

    /// Data of a class that are as old as an instant are due after this one; `None` where they never are.
    pub fn due_after(&self, class: DataClass, since: Timestamp) -> Option<Timestamp> {
        self.days(class).map(|days| since.plus_millis(i64::from(days) * DAY_MS))
    }

    /// Whether something of that age is due.
    pub fn is_due(&self, class: DataClass, since: Timestamp, now: Timestamp) -> bool {
        self.due_before(class, now).is_some_and(|before| since < before)
    }
}

/// A year can be read beside the one before. The service's own time for the two classes that always had one.
const THIRTEEN_MONTHS: u16 = 395;
const DAY_MS: i64 = 24 * 60 * 60_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PeriodForm {
    days: NonZeroU16,
    basis: String,
}

impl TryFrom<PeriodForm> for Period {
    type Error = String;

    fn try_from(form: PeriodForm) -> Result<Self, String> {
        if form.basis.trim().is_empty() {
            return Err("`basis` must not be empty".into());
        }
        Ok(Self { days: form.days, basis: form.basis })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RetentionForm {
    decided_by: String,
    #[serde(default)]
    conversations: Option<Period>,
    #[serde(default)]
    comments: Option<Period>,
    #[serde(default)]
    segnalazioni: Option<Period>,
    #[serde(default)]
    register_links: Option<Period>,
    #[serde(default)]
    audit: Option<Period>,
}

impl TryFrom<RetentionForm> for Retention {
    type Error = String;

    fn try_from(form: RetentionForm) -> Result<Self, String> {
        if form.decided_by.trim().is_empty() {
            return Err("`decided_by` must not be empty".into());
        }
        let RetentionForm { decided_by, conversations, comments, segnalazioni, register_links, audit } = form;
        // The register is where conversations that are due are found.
        let shorter = |link: &Period| conversations.as_ref().is_none_or(|words| link.days < words.days);
        if register_links.as_ref().is_some_and(shorter) {
            return Err("`register_links` must not be shorter than `conversations`".into());
        }
        Ok(Self {
            decided_by: Some(decided_by),
            conversations,
            comments,
            segnalazioni,
            register_links,
            audit,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;

    const SHIPPED: &str = include_str!("../../edge/policy.json");

    fn with(section: &str) -> Result<Policy, String> {
        let (before, _) = SHIPPED.split_once("\"retention\"").unwrap();
        let text = before.trim_end().trim_end_matches(',');
        Policy::parse(&format!("{text},\n  \"retention\": {section}\n}}")).map_err(|error| error.to_string())
    }

    fn day(day: i64) -> Timestamp {
        Timestamp::from_millis(day * DAY_MS)
    }

    /// A policy that was written before there was such a section keeps what it kept.
    #[test]
    fn without_a_section_only_comments_and_delivered_segnalazioni_are_ever_due() {
        let retention = Retention::default();

        assert!(retention.is_due(DataClass::Comments, day(0), day(396)));
        assert!(retention.is_due(DataClass::Segnalazioni, day(0), day(396)));
        assert!(!retention.is_due(DataClass::Comments, day(0), day(395)));
        for class in [DataClass::Conversations, DataClass::RegisterLinks, DataClass::Audit] {
            assert!(!retention.is_due(class, day(0), day(100_000)), "{class:?}");
        }
        let shipped = Policy::parse(SHIPPED).unwrap().retention;
        for class in DataClass::ALL {
            assert_eq!(shipped.period(class), None, "{class:?}: nobody has decided it");
        }
    }

    #[test]
    fn a_period_counts_from_its_instant_for_as_many_days() {
        let policy = with(r#"{ "decided_by": "X", "conversations": { "days": 30, "basis": "Y" } }"#).unwrap();

        assert!(!policy.retention.is_due(DataClass::Conversations, day(10), day(40)));
        assert!(policy.retention.is_due(DataClass::Conversations, day(10), day(40).plus_millis(1)));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let check = |section: &str, expected: &str| {
            let message = with(section).unwrap_err();
            assert!(message.starts_with("policy line ") && message.ends_with(expected), "{message}");
        };
        check(r#"{ "decided_by": " " }"#, "`decided_by` must not be empty");
        check(r#"{ "decided_by": "X", "audit": { "days": 1, "basis": "" } }"#, "`basis` must not be empty");
        check(r#"{ "decided_by": "X", "audit": { "days": 0, "basis": "Y" } }"#, "expected a nonzero u16");
        check(
            r#"{ "decided_by": "X", "conversations": { "days": 9, "basis": "Y" }, "register_links": { "days": 8, "basis": "Y" } }"#,
            "`register_links` must not be shorter than `conversations`",
        );
        check(
            r#"{ "decided_by": "X", "register_links": { "days": 8, "basis": "Y" } }"#,
            "`register_links` must not be shorter than `conversations`",
        );
    }
}
