// SPDX-License-Identifier: EUPL-1.2
//! The actor of the policy: every version that was ever proposed or published, and which is in force. It has no links.
//!
//! - The document of the installation (`POLICY`, or `policy.json` beside the Worker) is its first version. As long as nobody has
//!   published another, a changed document of the installation is published as the next one; from then on it is ignored.
//! - Answers that advisors propose for the assistant wait here for an administrator, for a time.
//! - Desks are notified when another version comes into force, at once or at its instant. The front asks for the rules.

use infocig_domain::{
    assistant::proposal::{self, KEPT_DAYS, MOST_WAITING},
    audit::{ActedBy, AuditEvent},
    notification::{DeskNotification, Notification},
    policy::Policy,
    policy_versions::{
        Proposal, approve, diff,
        edit::{self, NotADocument},
        in_force, next_number, preview, propose, scheduled, withdraw,
    },
    province,
};
use infocig_protocol::{
    id::MessageId,
    language::Language,
    policy::{
        BannerText, ClosingReason, NewPolicy, PolicyAuthor, PolicyDocument, PolicyHistory, PolicyPreview,
        PolicyState, PolicyVersion, ProposedAnswer, WaitingAnswer,
    },
    problem::Code,
    report::{AuditDetails, AuditedKind},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::Actor;
use crate::{
    metrics::ObjectMetrics,
    problem::{Error, Fault, Refusal},
    sql::Sql,
    store::{Outbox, OutboxMessage, PolicyStore},
};

/// The policy of the service.
pub struct PolicyActor<S> {
    store: PolicyStore<S>,
}

/// The rules in force, and those that will be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// A number that grows with every change.
    pub revision: u32,
    /// The version in force, then the scheduled ones in the order of their beginnings; none if the asker knows this revision.
    pub versions: Vec<RulesVersion>,
}

/// A version of the rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesVersion {
    /// Its number.
    pub number: u32,
    /// From when it is in force.
    pub from: Timestamp,
    /// The document.
    pub document: String,
}

/// An act of an administrator on the policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyAct {
    /// Makes a version of a draft.
    Propose(NewPolicy),
    /// Approves a version of somebody else.
    Approve(u32),
    /// Takes back a version that is not in force yet.
    Withdraw(u32),
    /// Closes the service from now until an instant.
    Close {
        /// The first instant after it.
        until: Timestamp,
        /// The text for people.
        reason: ClosingReason,
    },
    /// Opens it again.
    Reopen,
    /// Puts the banner up, or takes it down.
    Announce(Option<(BannerText, Option<Timestamp>)>),
}

impl<S: Sql> PolicyActor<S> {
    /// The policy over its object's store, with the document of the installation.
    pub fn open(sql: S, installed: &str, now: Timestamp) -> Result<Self, Fault> {
        let actor = Self { store: PolicyStore::open(sql)? };
        actor.store.sql().transaction(|| actor.install(installed, now))?;
        Ok(actor)
    }

    /// Publishes the document of the installation where nobody has published another and it is new.
    fn install(&self, installed: &str, now: Timestamp) -> Result<(), Fault> {
        let versions = self.store.versions()?;
        if versions.iter().any(|version| version.author.is_some()) {
            return Ok(());
        }
        if let Some(newest) = versions.last()
            && self.document(newest.number)? == installed
        {
            return Ok(());
        }
        Policy::parse(installed).map_err(|error| Fault::Settings(error.to_string()))?;
        // For instants before it too: a clock may be set back, and the newest of the installation is the only one that holds.
        let from = Timestamp::from_millis(0);
        let version = PolicyVersion {
            number: next_number(&versions),
            base: None,
            author: None,
            reason: String::new(),
            made: now,
            state: PolicyState::Published,
            from: Some(from),
            decided_by: None,
            decided: None,
        };
        self.store.add(&version, installed)
    }

    /// The rules in force and scheduled, for an asker who knows a revision.
    pub fn rules(&self, known: Option<u32>, now: Timestamp) -> Result<Rules, Fault> {
        let revision = self.store.revision()?;
        if known == Some(revision) {
            return Ok(Rules { revision, versions: Vec::new() });
        }
        let all = self.store.versions()?;
        let (current, later) = (current(&all, now)?, scheduled(&all, now));
        let with_document = |version: &PolicyVersion| {
            Ok(RulesVersion {
                number: version.number,
                from: version.from.unwrap_or(version.made),
                document: self.document(version.number)?,
            })
        };
        let versions =
            std::iter::once(current).chain(later).map(with_document).collect::<Result<_, Fault>>()?;
        Ok(Rules { revision, versions })
    }

    /// A page of the history, newest first.
    pub fn history(&self, before: Option<u32>, now: Timestamp) -> Result<PolicyHistory, Fault> {
        let all = self.store.versions()?;
        let current = current(&all, now)?;
        let policy = self.parsed(current.number)?;
        let instant =
            jiff::Timestamp::from_millisecond(now.as_millis()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let banner = policy.banner.as_ref().filter(|banner| banner.holds(instant));
        let closure = policy.closures.iter().find(|closure| closure.holds(instant));
        let mut versions: Vec<PolicyVersion> = all.iter().rev().cloned().collect();
        versions.retain(|version| before.is_none_or(|before| version.number < before));
        versions.truncate(PAGE);
        let next = versions.last().map(|last| last.number).filter(|number| *number > 1);
        Ok(PolicyHistory {
            in_force: current.number,
            four_eyes: policy.governance.four_eyes,
            banner: banner.map(|banner| banner.text.in_language(Language::It).to_string()),
            closure: closure.map(|closure| closure.reason.in_language(Language::It).to_string()),
            versions,
            next,
            provinces: if before.is_none() { province::by_name() } else { Vec::new() },
            answers: if before.is_none() { self.store.answers()? } else { Vec::new() },
        })
    }

    /// A version with its document, and how it differs from the one it was made from.
    pub fn read(&self, number: u32) -> Result<PolicyDocument, Error> {
        let all = self.store.versions()?;
        let version = all.into_iter().find(|version| version.number == number);
        let version = version.ok_or_else(|| Refusal::new(Code::NotFound, "no version has that number"))?;
        let document = self.document(number)?;
        let base = version.base.map(|base| self.document(base)).transpose()?;
        let changes = base.map(|base| diff::between(&base, &document)).unwrap_or_default();
        Ok(PolicyDocument { version, document, changes })
    }

    /// What a draft would change, against the version in force.
    pub fn preview(&self, draft: &str, now: Timestamp) -> Result<PolicyPreview, Error> {
        is_small(draft)?;
        let current = current(&self.store.versions()?, now)?.number;
        Ok(preview::preview(&self.document(current)?, draft, now))
    }

    /// Takes an answer that an advisor proposes. A repetition is no other proposal.
    pub fn propose_answer(
        &self,
        by: PolicyAuthor,
        proposed: ProposedAnswer,
        now: Timestamp,
    ) -> Result<(), Error> {
        proposal::check(&proposed).map_err(|error| Refusal::new(Code::RequestInvalid, error.to_string()))?;
        let waiting = self.store.answers()?;
        if waiting.iter().any(|one| one.proposed.id == proposed.id) {
            return Ok(());
        }
        if waiting.len() >= MOST_WAITING {
            let detail = format!("{MOST_WAITING} proposed answers wait for an administrator already");
            return Err(Refusal::new(Code::TooFast, detail).into());
        }
        Ok(self.store.add_answer(&WaitingAnswer { proposed, by, at: now })?)
    }

    /// An administrator has dealt with a proposed answer: it is forgotten.
    pub fn settle_answer(&self, id: &MessageId) -> Result<(), Fault> {
        self.store.delete_answer(id)
    }

    /// Does an act of an administrator, and tells the audit trail. The answer is the version it made or decided.
    pub fn act(
        &self,
        by: PolicyAuthor,
        acted: &ActedBy,
        act: PolicyAct,
        now: Timestamp,
    ) -> Result<PolicyVersion, Error> {
        let mut refused = None;
        let done = self.store.sql().transaction(|| {
            self.do_and_tell(by, acted, act, now).map_err(|error| match error {
                Error::Fault(fault) => fault,
                // A fault undoes what was stored before the refusal.
                Error::Refused(refusal) => {
                    let undone = Fault::Store(refusal.detail.clone());
                    refused = Some(refusal);
                    undone
                }
            })
        });
        match refused {
            Some(refusal) => Err(refusal.into()),
            None => Ok(done?),
        }
    }

    fn do_and_tell(
        &self,
        by: PolicyAuthor,
        acted: &ActedBy,
        act: PolicyAct,
        now: Timestamp,
    ) -> Result<PolicyVersion, Error> {
        let until = match &act {
            PolicyAct::Close { until, .. } => Some(*until),
            PolicyAct::Announce(banner) => banner.as_ref().and_then(|(_, until)| *until),
            PolicyAct::Propose(_) | PolicyAct::Approve(_) | PolicyAct::Withdraw(_) | PolicyAct::Reopen => {
                None
            }
        };
        let told = match &act {
            PolicyAct::Propose(_) => None,
            PolicyAct::Approve(_) => Some(AuditedKind::ApprovedRules),
            PolicyAct::Withdraw(_) => Some(AuditedKind::WithdrewRules),
            PolicyAct::Close { .. } => Some(AuditedKind::ClosedService),
            PolicyAct::Reopen => Some(AuditedKind::ReopenedService),
            PolicyAct::Announce(Some(_)) => Some(AuditedKind::PutBannerUp),
            PolicyAct::Announce(None) => Some(AuditedKind::TookBannerDown),
        };
        let version = self.do_act(by, act, now)?;
        let told = match (told, version.state) {
            (Some(told), _) => told,
            (None, PolicyState::Published) if self.store.is_of_before(version.number)? => {
                AuditedKind::RestoredRules
            }
            (None, PolicyState::Published) => AuditedKind::PublishedRules,
            (None, PolicyState::Proposed | PolicyState::Withdrawn) => AuditedKind::ProposedRules,
        };
        let reason = version.reason.clone();
        let details =
            (!reason.is_empty() || until.is_some()).then_some(AuditDetails { until, reason, unwarned: None });
        let subject = Some(version.number.to_string());
        self.outbox().audit(vec![AuditEvent { subject, details, ..acted.did(told, now) }], now)?;
        Ok(version)
    }

    fn do_act(&self, by: PolicyAuthor, act: PolicyAct, now: Timestamp) -> Result<PolicyVersion, Error> {
        let all = self.store.versions()?;
        match act {
            PolicyAct::Propose(NewPolicy { document, base, reason, from }) => {
                is_small(&document)?;
                Policy::parse(&document)
                    .map_err(|error| Refusal::new(Code::RequestInvalid, error.to_string()))?;
                let from = from.as_deref().map(instant).transpose()?;
                let four_eyes = self.parsed(current(&all, now)?.number)?.governance.four_eyes;
                let proposal = Proposal { author: by, base, reason, from };
                let version = propose(&all, four_eyes, proposal, now)?;
                self.store.add(&version, &document)?;
                Ok(version)
            }
            PolicyAct::Approve(number) => self.decided(approve(&all, number, by, now)?),
            PolicyAct::Withdraw(number) => self.decided(withdraw(&all, number, by, now)?),
            PolicyAct::Close { until, .. } if until <= now => {
                Err(Refusal::new(Code::RequestInvalid, "until must be later than now").into())
            }
            PolicyAct::Close { until, reason } => {
                let name = by.name.clone();
                let why = format!("Chiusura immediata: {}", reason.as_str());
                self.edit(&all, &by, &why, now, |text| edit::closed(text, now, until, reason, &name))
            }
            PolicyAct::Reopen => self.edit(&all, &by, "Riapertura", now, |text| edit::reopened(text, now)),
            PolicyAct::Announce(banner) => {
                let why = if banner.is_some() { "Avviso" } else { "Avviso tolto" };
                let banner = banner.as_ref().map(|(text, until)| (text, *until));
                self.edit(&all, &by, why, now, |text| edit::announced(text, banner))
            }
        }
    }

    fn decided(&self, version: PolicyVersion) -> Result<PolicyVersion, Error> {
        self.store.replace(&version)?;
        Ok(version)
    }

    /// Publishes an edit of the version in force, at once, and of each scheduled one in its place. The answer is the first.
    fn edit(
        &self,
        all: &[PolicyVersion],
        by: &PolicyAuthor,
        why: &str,
        now: Timestamp,
        edit: impl Fn(&str) -> Result<String, NotADocument>,
    ) -> Result<PolicyVersion, Error> {
        let current = current(all, now)?;
        let mut number = next_number(all);
        let mut first = None;
        for before in std::iter::once(current).chain(scheduled(all, now)) {
            let document =
                edit(&self.document(before.number)?).map_err(|error| Fault::Corrupt(error.to_string()))?;
            Policy::parse(&document)
                .map_err(|error| Refusal::new(Code::RequestInvalid, error.to_string()))?;
            let is_current = before.number == current.number;
            let version = PolicyVersion {
                number,
                base: Some(before.number),
                author: Some(by.clone()),
                reason: why.into(),
                made: now,
                state: PolicyState::Published,
                from: if is_current { Some(now) } else { before.from },
                decided_by: None,
                decided: None,
            };
            if !is_current {
                self.store.replace(&withdraw(all, before.number, by.clone(), now)?)?;
            }
            self.store.add(&version, &document)?;
            number = number.saturating_add(1);
            first.get_or_insert(version);
        }
        first.ok_or_else(|| Fault::Corrupt("no version of the policy is in force".into()).into())
    }

    /// Numbers for whoever operates the service.
    pub fn metrics(&self) -> Result<ObjectMetrics, Fault> {
        Ok(ObjectMetrics { outbox: self.outbox().metrics()?, ..ObjectMetrics::default() })
    }

    fn forgets_answers_at(&self) -> Result<Option<Timestamp>, Fault> {
        Ok(self.store.answers()?.first().map(|oldest| oldest.at.plus_millis(ANSWERS_KEPT_MS)))
    }

    fn document(&self, number: u32) -> Result<String, Fault> {
        let document = self.store.document(number)?;
        document.ok_or_else(|| Fault::Corrupt(format!("version {number} of the policy has no document")))
    }

    fn parsed(&self, number: u32) -> Result<Policy, Fault> {
        let document = self.document(number)?;
        Policy::parse(&document).map_err(|error| Fault::Corrupt(format!("version {number}: {error}")))
    }
}

fn current(all: &[PolicyVersion], now: Timestamp) -> Result<&PolicyVersion, Fault> {
    in_force(all, now).ok_or_else(|| Fault::Corrupt("no version of the policy is in force".into()))
}

fn is_small(document: &str) -> Result<(), Refusal> {
    if document.len() > MAX_DOCUMENT_BYTES {
        let detail = format!("a policy has at most {MAX_DOCUMENT_BYTES} bytes");
        return Err(Refusal::new(Code::RequestInvalid, detail));
    }
    Ok(())
}

fn instant(text: &str) -> Result<Timestamp, Refusal> {
    let instant: Result<jiff::Timestamp, _> = text.parse();
    let instant = instant.map_err(|_| Refusal::new(Code::RequestInvalid, "from must be RFC 3339"))?;
    Ok(Timestamp::from_millis(instant.as_millisecond()))
}

impl<S: Sql> Actor for PolicyActor<S> {
    type Sql = S;
    type Effects = ();

    const CLASS: &'static str = "policy";

    fn outbox(&self) -> Outbox<'_, S> {
        Outbox::new(self.store.sql())
    }

    /// Nobody notifies the policy.
    fn on_notification(&self, _source: &str, _id: i64, _text: &str, _now: Timestamp) -> Result<(), Error> {
        Err(Refusal::new(Code::NotFound, "the policy takes no notifications").into())
    }

    /// Notifies desks of a version that has come into force, and forgets answers that nobody has dealt with.
    fn wake(&self, now: Timestamp) -> Result<Option<()>, Fault> {
        if self.forgets_answers_at()?.is_some_and(|at| at <= now) {
            self.store.delete_answers_until(now.plus_millis(-ANSWERS_KEPT_MS))?;
            return Ok(Some(()));
        }
        let all = self.store.versions()?;
        let (number, told) = (current(&all, now)?.number, self.store.told()?);
        if number == told {
            return Ok(None);
        }
        let mut desks = self.parsed(number)?.desks();
        if let Some(before) = self.store.document(told)? {
            desks.extend(Policy::parse(&before).map(|before| before.desks()).unwrap_or_default());
        }
        desks.sort_unstable();
        desks.dedup();
        let tell = |desk| Notification::Desk(desk, DeskNotification::RulesChanged { version: number });
        let notifications: Vec<Notification> = desks.into_iter().map(tell).collect();
        self.store.sql().transaction(|| {
            // Nobody need be told of the first one.
            if told != 0 {
                self.outbox().send(&notifications, now)?;
            }
            self.store.tell(number)
        })?;
        Ok(Some(()))
    }

    fn next_wake(&self) -> Result<Option<Timestamp>, Fault> {
        let all = self.store.versions()?;
        let told = self.store.told()?;
        let Some(told) = all.iter().find(|version| version.number == told) else {
            return Ok(Some(Timestamp::from_millis(0)));
        };
        // A version in force that desks do not know of is one that begins after the one they know.
        let begins = |version: &PolicyVersion| (version.from, version.number);
        let published = all.iter().filter(|version| version.state == PolicyState::Published);
        Ok(published
            .filter(|version| begins(version) > begins(told))
            .filter_map(|version| version.from)
            .chain(self.forgets_answers_at()?)
            .min())
    }

    fn delivered(&self, message: &OutboxMessage, _now: Timestamp) -> Result<(), Fault> {
        self.outbox().delete(message)
    }
}

const ANSWERS_KEPT_MS: i64 = KEPT_DAYS * 86_400_000;
/// The versions on a page of the history.
const PAGE: usize = 50;
/// A document of the size of ours has 12 kB; a row of the platform has at most 2 MB.
const MAX_DOCUMENT_BYTES: usize = 256 * 1024;

#[cfg(test)]
mod tests;
