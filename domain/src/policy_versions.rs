// SPDX-License-Identifier: EUPL-1.2
//! The versions of the policy: which is in force at an instant, who may publish, approve and withdraw, and what a draft would
//! change.
//!
//! A version that is published is never changed. It is in force from its instant on, until another is: at an instant the one
//! with the latest beginning counts, and of several with the same beginning the newest.

pub mod diff;
pub mod edit;
pub mod preview;

use infocig_protocol::{
    policy::{PolicyAuthor, PolicyState, PolicyVersion},
    problem::Code,
    time::Timestamp,
};

use crate::refusal::Refusal;

/// The version in force at an instant: every installation has one from its first start on.
pub fn in_force(versions: &[PolicyVersion], at: Timestamp) -> Option<&PolicyVersion> {
    let begun = versions.iter().filter(|version| beginning(version).is_some_and(|from| from <= at));
    begun.max_by_key(|version| (version.from, version.number))
}

/// The versions that are published and will be in force later, in the order of their beginnings.
pub fn scheduled(versions: &[PolicyVersion], at: Timestamp) -> Vec<&PolicyVersion> {
    let mut scheduled: Vec<&PolicyVersion> =
        versions.iter().filter(|version| beginning(version).is_some_and(|from| from > at)).collect();
    scheduled.sort_by_key(|version| (version.from, version.number));
    scheduled
}

/// From when a version that is published is in force.
fn beginning(version: &PolicyVersion) -> Option<Timestamp> {
    version.from.filter(|_| version.state == PolicyState::Published)
}

/// A draft with what its author says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Its author.
    pub author: PolicyAuthor,
    /// The version it was made from.
    pub base: u32,
    /// Why it was made.
    pub reason: String,
    /// From when it is to be in force; absent for at once.
    pub from: Option<Timestamp>,
}

/// The version that a proposal becomes: published, or proposed to a second person where the policy in force asks for one.
///
/// It must be made from the newest version that is published. One made from an older version would undo, without saying so, what
/// was published in between; and one that begins before a scheduled version would be undone by it.
pub fn propose(
    versions: &[PolicyVersion],
    four_eyes: bool,
    proposal: Proposal,
    now: Timestamp,
) -> Result<PolicyVersion, Refusal> {
    let Proposal { author, base, reason, from } = proposal;
    let reason = reason.trim().to_string();
    if reason.is_empty() || reason.chars().count() > MAX_POLICY_REASON_CHARS {
        return Err((Code::RequestInvalid, "reason must have 1 to 500 characters").into());
    }
    let from = from.filter(|from| *from > now);
    may_follow(versions, base, from.unwrap_or(now))?;
    let state = if four_eyes { PolicyState::Proposed } else { PolicyState::Published };
    let from = if four_eyes { from } else { from.or(Some(now)) };
    Ok(PolicyVersion {
        number: next_number(versions),
        base: Some(base),
        author: Some(author),
        reason,
        made: now,
        state,
        from,
        decided_by: None,
        decided: None,
    })
}

/// Refuses a version that is not made from the newest one, or would begin before it.
fn may_follow(versions: &[PolicyVersion], base: u32, from: Timestamp) -> Result<(), Refusal> {
    let newest = versions
        .iter()
        .filter(|version| version.state == PolicyState::Published)
        .max_by_key(|version| version.number);
    let Some(newest) = newest else { return Ok(()) };
    if newest.number != base {
        return Err((Code::PolicyConflict, "it is not made from the newest version that is published").into());
    }
    if newest.from.is_some_and(|begins| begins > from) {
        return Err(
            (Code::PolicyConflict, "a published version begins later: withdraw that one first").into()
        );
    }
    Ok(())
}

/// The same version, approved by a second person. One that was to begin at an instant that has passed begins now.
pub fn approve(
    versions: &[PolicyVersion],
    number: u32,
    by: PolicyAuthor,
    now: Timestamp,
) -> Result<PolicyVersion, Refusal> {
    let version = find(versions, number)?;
    if version.state != PolicyState::Proposed {
        return Err((Code::PolicyConflict, "it does not wait for an approval").into());
    }
    if version.author.as_ref().is_some_and(|author| author.id == by.id) {
        return Err((Code::PolicyConflict, "a second person must approve it").into());
    }
    let from = version.from.filter(|from| *from > now).unwrap_or(now);
    may_follow(versions, version.base.unwrap_or_default(), from)?;
    Ok(PolicyVersion {
        state: PolicyState::Published,
        from: Some(from),
        decided_by: Some(by),
        decided: Some(now),
        ..version.clone()
    })
}

/// The same version, taken back before it is in force. Whoever may publish may do so.
pub fn withdraw(
    versions: &[PolicyVersion],
    number: u32,
    by: PolicyAuthor,
    now: Timestamp,
) -> Result<PolicyVersion, Refusal> {
    let version = find(versions, number)?;
    let is_open = match version.state {
        PolicyState::Proposed => true,
        PolicyState::Published => version.from.is_some_and(|from| from > now),
        PolicyState::Withdrawn => false,
    };
    if !is_open {
        return Err((Code::PolicyConflict, "it is in force, or was: publish another").into());
    }
    Ok(PolicyVersion {
        state: PolicyState::Withdrawn,
        decided_by: Some(by),
        decided: Some(now),
        ..version.clone()
    })
}

fn find(versions: &[PolicyVersion], number: u32) -> Result<&PolicyVersion, Refusal> {
    let found = versions.iter().find(|version| version.number == number);
    found.ok_or_else(|| (Code::NotFound, "no version has that number").into())
}

/// The number of the next version.
pub fn next_number(versions: &[PolicyVersion]) -> u32 {
    versions.iter().map(|version| version.number).max().unwrap_or_default().saturating_add(1)
}

/// The longest reason.
pub const MAX_POLICY_REASON_CHARS: usize = 500;

#[cfg(test)]
mod tests;
