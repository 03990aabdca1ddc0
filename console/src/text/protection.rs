// SPDX-License-Identifier: EUPL-1.2
//! The page of the data protection officer.

use infocig_client::words::Words;
use infocig_protocol::{
    data_protection::{DueTonight, Kept},
    problem::Code,
};

use crate::state::{
    data_protection::{ProtectionAct, Required},
    rules::RulesError,
};

/// The keys of the classes of data with their words in the policy, in its order.
pub const CLASSES: [(&str, &str); 5] = [
    ("conversations", "rules.kept_conversations"),
    ("comments", "rules.kept_comments"),
    ("segnalazioni", "rules.kept_segnalazioni"),
    ("register_links", "rules.kept_register_links"),
    ("audit", "rules.kept_audit"),
];

/// How much of a class is erased tonight; `None` for what is not counted.
pub fn count_of(due: &DueTonight, class: &str) -> Option<u32> {
    match class {
        "conversations" => Some(due.conversations),
        "comments" => Some(due.comments),
        "segnalazioni" => Some(due.segnalazioni),
        "register_links" => Some(due.register_links),
        _ => None,
    }
}

/// How long a class is kept, and what that rests on.
pub fn period(words: &Words, kept: Option<&Kept>) -> (String, String) {
    let Some(Kept { days, basis, .. }) = kept else {
        return (words.text("protection.no_term"), words.text("figures.none"));
    };
    let basis = basis.clone().unwrap_or_else(|| words.text("protection.own_basis"));
    (words.count("protection.days", (*days).into()), basis)
}

/// The label of a field that must be filled.
pub const fn required(field: Required) -> &'static str {
    match field {
        Required::Issuer => "protection.issuer",
        Required::Person => "protection.subject",
        Required::Reason => "protection.reason",
    }
}

/// What an act did.
pub const fn done(act: ProtectionAct) -> &'static str {
    match act {
        ProtectionAct::Export => "protection.done_export",
        ProtectionAct::Hold => "protection.done_hold",
        ProtectionAct::Erase => "protection.done_erase",
        ProtectionAct::Release => "protection.done_release",
    }
}

/// Why an act failed.
pub const fn error(act: ProtectionAct, error: RulesError) -> &'static str {
    match (act, error) {
        (_, RulesError::Unanswered) => "rules.unanswered",
        (_, RulesError::SignedOut | RulesError::Refused(Code::TicketExpired | Code::TicketInvalid)) => {
            "rules.signed_out"
        }
        (_, RulesError::Refused(Code::NotErased)) => "protection.not_erased",
        (_, RulesError::Refused(Code::NotSupervisor)) => "protection.not_yours",
        (_, RulesError::Refused(Code::NotStoring)) => "pages.not_written",
        (ProtectionAct::Release, RulesError::Refused(Code::NotFound)) => "protection.released_meanwhile",
        (_, RulesError::Refused(Code::RequestInvalid)) => "protection.invalid",
        (_, RulesError::Refused(_)) => "pages.failed",
    }
}
