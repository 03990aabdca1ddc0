// SPDX-License-Identifier: EUPL-1.2
//! The roles of the staff, and the rights of each. Every right is named here once and checked on the server; the table in
//! `docs/staff-sign-in.md` is compared with [`table`].
//!
//! A person may have several roles: their rights are those of all of them. The rules are changed and approved by the endpoints of
//! the policy.

pub mod pages;

use std::collections::BTreeSet;

use infocig_protocol::http::{
    RIGHT_TO_ANSWER, RIGHT_TO_APPROVE_RULES, RIGHT_TO_CHANGE_RULES, RIGHT_TO_ERASE, RIGHT_TO_READ_AUDIT,
};
use serde::{Deserialize, Serialize};

/// A role that a sign-in gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StaffRole {
    /// Answers people.
    Advisor,
    /// Sees the whole desk, and may answer people.
    Supervisor,
    /// Changes the rules.
    Administrator,
    /// Reads who did what, and nothing else.
    Auditor,
    /// Answers for the protection of personal data.
    DataProtectionOfficer,
}

impl StaffRole {
    /// All, in the order of the table.
    pub const ALL: [Self; 5] =
        [Self::Advisor, Self::Supervisor, Self::Administrator, Self::Auditor, Self::DataProtectionOfficer];

    /// Its word in tokens and settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Advisor => "advisor",
            Self::Supervisor => "supervisor",
            Self::Administrator => "administrator",
            Self::Auditor => "auditor",
            Self::DataProtectionOfficer => "data-protection-officer",
        }
    }

    /// The role of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// Whether it has a right.
    pub const fn may(self, right: Right) -> bool {
        match right {
            Right::Answer | Right::ProposeAnswers => matches!(self, Self::Advisor | Self::Supervisor),
            Right::Supervise
            | Right::ReadReports
            | Right::SearchConversations
            | Right::ReadComments
            | Right::HandleComments
            | Right::ReadSegnalazioni
            | Right::RetrySegnalazioni => matches!(self, Self::Supervisor),
            Right::ReadAudit => {
                matches!(self, Self::Supervisor | Self::Auditor | Self::DataProtectionOfficer)
            }
            Right::ReadWholeAudit => matches!(self, Self::Auditor | Self::DataProtectionOfficer),
            Right::ChangeRules | Right::ApproveRules => matches!(self, Self::Administrator),
            Right::ErasePerson | Right::HoldPerson | Right::ExportPerson => {
                matches!(self, Self::DataProtectionOfficer)
            }
        }
    }
}

/// Something that not everybody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// Be at a desk and answer people.
    Answer,
    /// Read, join, take over, end and pass on the conversations of others.
    Supervise,
    /// Read figures of all advisors together.
    ReadReports,
    /// Search conversations that are over.
    SearchConversations,
    /// Read the comments beside ratings.
    ReadComments,
    /// Mark a comment as read.
    HandleComments,
    /// See segnalazioni on their way.
    ReadSegnalazioni,
    /// Have one sent again.
    RetrySegnalazioni,
    /// Read who looked at what and acted on what, in their queues.
    ReadAudit,
    /// Read it of everybody.
    ReadWholeAudit,
    /// Write, check and publish versions of the rules.
    ChangeRules,
    /// Approve the version of somebody else.
    ApproveRules,
    /// Propose an answer for the automatic assistant.
    ProposeAnswers,
    /// Erase everything about a person, and see what the rules would erase.
    ErasePerson,
    /// Keep what is about a person from being erased.
    HoldPerson,
    /// Read everything about a person, for their request on paper.
    ExportPerson,
}

impl Right {
    /// All, in the order of the table.
    pub const ALL: [Self; 16] = [
        Self::Answer,
        Self::Supervise,
        Self::ReadReports,
        Self::SearchConversations,
        Self::ReadComments,
        Self::HandleComments,
        Self::ReadSegnalazioni,
        Self::RetrySegnalazioni,
        Self::ReadAudit,
        Self::ReadWholeAudit,
        Self::ChangeRules,
        Self::ApproveRules,
        Self::ProposeAnswers,
        Self::ErasePerson,
        Self::HoldPerson,
        Self::ExportPerson,
    ];

    /// Its name, in the table and in refusals.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answer => RIGHT_TO_ANSWER,
            Self::Supervise => "supervise conversations",
            Self::ReadReports => "read reports",
            Self::SearchConversations => "search conversations",
            Self::ReadComments => "read comments",
            Self::HandleComments => "mark comments as read",
            Self::ReadSegnalazioni => "see segnalazioni on their way",
            Self::RetrySegnalazioni => "send a segnalazione again",
            Self::ReadAudit => RIGHT_TO_READ_AUDIT,
            Self::ReadWholeAudit => "read the whole audit trail",
            Self::ChangeRules => RIGHT_TO_CHANGE_RULES,
            Self::ApproveRules => RIGHT_TO_APPROVE_RULES,
            Self::ProposeAnswers => "propose answers of the assistant",
            Self::ErasePerson => RIGHT_TO_ERASE,
            Self::HoldPerson => "hold a person's data",
            Self::ExportPerson => "export a person's data",
        }
    }
}

/// The roles of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Roles(BTreeSet<StaffRole>);

impl Roles {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each of them, in the order of the table.
    pub fn iter(&self) -> impl Iterator<Item = StaffRole> {
        self.0.iter().copied()
    }

    /// Whether one of them has a right.
    pub fn may(&self, right: Right) -> bool {
        self.0.iter().any(|role| role.may(right))
    }

    /// Their words, in the order of the table.
    pub fn words(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|role| role.as_str())
    }

    /// The rights of all of them, in the order of the table.
    pub fn rights(&self) -> impl Iterator<Item = Right> {
        Right::ALL.into_iter().filter(|right| self.may(*right))
    }
}

impl From<StaffRole> for Roles {
    fn from(role: StaffRole) -> Self {
        Self(BTreeSet::from([role]))
    }
}

impl FromIterator<StaffRole> for Roles {
    fn from_iter<T: IntoIterator<Item = StaffRole>>(roles: T) -> Self {
        Self(roles.into_iter().collect())
    }
}

/// The rights of every role, as a table of Markdown.
pub fn table() -> String {
    let mut text = String::from("| right |");
    for role in StaffRole::ALL {
        text.extend([" ", role.as_str(), " |"]);
    }
    text.push_str("\n|---|---|---|---|---|---|\n");
    for right in Right::ALL {
        text.extend(["| ", right.as_str(), " |"]);
        for role in StaffRole::ALL {
            text.push_str(if role.may(right) { " yes |" } else { " – |" });
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_rights_in_the_documentation_is_that_of_the_code() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/staff-sign-in.md");
        let written = std::fs::read_to_string(path).unwrap();

        assert!(written.contains(&table()), "docs/staff-sign-in.md must hold this table:\n{}", table());
    }

    #[test]
    fn a_role_is_read_by_the_word_it_is_written_with_and_by_no_other() {
        for role in StaffRole::ALL {
            assert_eq!(StaffRole::parse(role.as_str()), Some(role));
            assert_eq!(serde_json::to_value(role).unwrap(), role.as_str());
        }
        for word in ["", "Advisor", "admin", "supervisor "] {
            assert_eq!(StaffRole::parse(word), None, "{word}");
        }
    }

    #[test]
    fn every_right_belongs_to_somebody_and_nobody_has_all() {
        for right in Right::ALL {
            assert!(StaffRole::ALL.into_iter().any(|role| role.may(right)), "{right:?}");
        }
        for role in StaffRole::ALL {
            assert!(!Right::ALL.into_iter().all(|right| role.may(right)), "{role:?}");
        }
    }

    #[test]
    fn several_roles_have_the_rights_of_each() {
        let roles: Roles = [StaffRole::Advisor, StaffRole::Auditor].into_iter().collect();

        assert!(roles.may(Right::Answer) && roles.may(Right::ReadAudit));
        assert!(!roles.may(Right::Supervise) && !roles.may(Right::ChangeRules));
        assert!(!Roles::default().may(Right::Answer));
    }
}
