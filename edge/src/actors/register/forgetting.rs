// SPDX-License-Identifier: EUPL-1.2
//! Forgetting, as the register drives it: at night it asks the conversations that may be due, takes the link to their person from
//! records, deletes comments, and erases the bytes of what was deleted. Nothing happens to people that a hold is on.
//!
//! A conversation decides by its own end and answers ([`Forgotten`]); one that does not answer is asked again the next night.

use infocig_domain::{
    audit::{ActedBy, AuditEvent},
    figures::{record::Record, register::Forgotten},
    notification::{ConversationCommand, ConversationNotification, Notification},
    retention::DataClass,
};
use infocig_protocol::{data_protection::ErasureProof, problem::Code, report::AuditedKind, time::Timestamp};
use serde::{Deserialize, Serialize};

use super::{Actor, RegisterActor};
use crate::{
    problem::{Error, Fault, Refusal},
    sql::Sql,
    store::{ForgettingCounts, LegalHold, proof_after},
};

/// How much of a person was erased outside the register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasedElsewhere {
    /// Conversations.
    pub conversations: u32,
    /// Segnalazioni.
    pub segnalazioni: u32,
}

/// The rest of an erasure, which the register does last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndErasure {
    /// The object of the person.
    pub object: String,
    /// The id of the proof.
    pub id: String,
    /// What was erased before.
    pub elsewhere: ErasedElsewhere,
}

impl<S: Sql> RegisterActor<S> {
    /// Forgets some of what is due. `false` once there is nothing. Call it in a transaction.
    pub(super) fn forget_next(&self, now: Timestamp) -> Result<bool, Fault> {
        if let Some(before) = self.retention.due_before(DataClass::Conversations, now) {
            let asked = self.store.ask_to_forget(before)?;
            let ask = |conversation| {
                let command = ConversationCommand::Forget {};
                Notification::Conversation(ConversationNotification { conversation, command })
            };
            if !asked.is_empty() {
                self.outbox().send(&asked.into_iter().map(ask).collect::<Vec<_>>(), now)?;
                return Ok(true);
            }
        }
        if let Some(before) = self.retention.due_before(DataClass::RegisterLinks, now)
            && self.store.unlink(before)?
        {
            return Ok(true);
        }
        if let Some(before) = self.retention.due_before(DataClass::Comments, now) {
            self.store.delete_comments_before(before, now)?;
        }
        Ok(false)
    }

    /// The last work of a night.
    pub(super) fn end_of_night(&self, now: Timestamp) -> Result<(), Fault> {
        self.eraser.erase(self.store.sql(), now)?;
        self.store.sql().transaction(|| {
            self.store.ask_again()?;
            self.store.rest_until_next_night(now)
        })
    }

    /// A conversation has answered. Call it in a transaction.
    pub(super) fn on_forgotten(&self, answer: &Forgotten, now: Timestamp) -> Result<(), Fault> {
        if answer.forgotten { self.store.forgotten(&answer.conversation, now) } else { Ok(()) }
    }

    /// What the rules would erase in the night that follows: of people that no hold is on.
    pub fn due_tonight(&self, now: Timestamp) -> Result<ForgettingCounts, Fault> {
        let tonight = crate::store::next_night(now);
        let before = |class| self.retention.due_before(class, tonight);
        self.store.due(
            before(DataClass::Conversations),
            before(DataClass::Comments),
            before(DataClass::RegisterLinks),
        )
    }

    /// The holds, oldest first.
    pub fn holds(&self) -> Result<Vec<LegalHold>, Fault> {
        self.store.holds(None)
    }

    /// Sets a hold.
    pub fn hold(&self, hold: &LegalHold, by: &ActedBy) -> Result<(), Fault> {
        let subject = Some(hold.id.clone());
        let told = AuditEvent { subject, ..by.did(AuditedKind::HeldPerson, hold.at) }.because(&*hold.reason);
        self.store.sql().transaction(|| {
            self.store.hold(hold)?;
            self.outbox().audit(vec![told], hold.at)
        })
    }

    /// Takes a hold away.
    pub fn release(&self, id: &str, by: &ActedBy, reason: &str, now: Timestamp) -> Result<(), Error> {
        let subject = Some(id.to_owned());
        let told = AuditEvent { subject, ..by.did(AuditedKind::ReleasedPerson, now) }.because(reason);
        let released = self.store.sql().transaction(|| {
            self.store.plan_upkeep(now)?;
            let released = self.store.release(id, now)?;
            if released {
                self.outbox().audit(vec![told], now)?;
            }
            Ok(released)
        })?;
        if released { Ok(()) } else { Err(Refusal::new(Code::NotFound, "no hold has that id").into()) }
    }

    /// Whether the person of an object may be erased: a refusal where a hold is on them.
    pub fn may_erase(&self, object: &str) -> Result<(), Error> {
        if self.store.holds(Some(object))?.is_empty() {
            return Ok(());
        }
        Err(Refusal::new(Code::NotErased, "a hold is on this person: release it first").into())
    }

    /// Erases what the register has of a person, and the bytes of it, after everything else of them. Returns the proof.
    pub fn end_erasure(&self, end: &EndErasure, now: Timestamp) -> Result<ErasureProof, Error> {
        let EndErasure { object, id, elsewhere } = end;
        self.may_erase(object)?;
        let proof = self.store.sql().transaction(|| {
            let (register_links, comments) = self.store.forget_object(object, now)?;
            let before = self.store.proofs(1)?.pop();
            let ErasedElsewhere { conversations, segnalazioni } = *elsewhere;
            let proof = ErasureProof {
                id: id.clone(),
                at: now,
                conversations,
                comments,
                segnalazioni,
                register_links,
                hash: String::new(),
            };
            let proof = proof_after(proof, before.as_ref());
            self.store.prove(&proof)?;
            Ok(proof)
        })?;
        self.eraser.erase(self.store.sql(), now)?;
        Ok(proof)
    }

    /// The records of the conversations of an object.
    pub fn records_of(&self, object: &str) -> Result<Vec<Record>, Fault> {
        self.store.records_of(object)
    }

    /// The proofs of erasures, newest first.
    pub fn proofs(&self) -> Result<Vec<ErasureProof>, Fault> {
        self.store.proofs(MOST_PROOFS)
    }
}

const MOST_PROOFS: u32 = 1_000;
