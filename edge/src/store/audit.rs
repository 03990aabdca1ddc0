// SPDX-License-Identifier: EUPL-1.2
//! The trail that each desk had before there was one for the installation. Its rows are taken out, oldest first, to be told to that
//! one; nothing is added.

use infocig_domain::audit::AuditEvent;
use infocig_protocol::{
    id::{AdvisorId, ConversationId, QueueId},
    report::AuditedKind,
    time::Timestamp,
};

use super::{DeskStore, from_json};
use crate::{
    problem::Fault,
    sql::{Row, Sql, SqlValue},
};

impl<S: Sql> DeskStore<S> {
    /// Takes out the oldest rows, at most so many. Call it in the transaction that tells the audit trail of them.
    pub fn take_old_audit(&self, most: u32) -> Result<Vec<AuditEvent>, Fault> {
        let rows = self.sql().exec(SELECT_OLDEST, &[most.into()])?;
        if let Some(last) = rows.last() {
            self.sql().run(DELETE_OLDEST, &[last.integer(0)?.into()])?;
        }
        rows.iter().map(event).collect()
    }

    /// Whether any are left.
    pub fn has_old_audit(&self) -> Result<bool, Fault> {
        Ok(!self.sql().exec(SELECT_OLDEST, &[1_u32.into()])?.is_empty())
    }
}

fn event(row: &Row) -> Result<AuditEvent, Fault> {
    let corrupt = |what: &str| Fault::Corrupt(format!("audit: {what}"));
    let text = |column: usize| match row.0.get(column) {
        Some(SqlValue::Text(text)) => Some(text.as_str()),
        Some(SqlValue::Null | SqlValue::Integer(_)) | None => None,
    };
    let act = AuditedKind::parse(row.text(3)?).ok_or_else(|| corrupt("act"))?;
    let conversation = text(4).map(ConversationId::parse).transpose();
    let queue = text(6).map(QueueId::parse).transpose();
    Ok(AuditEvent {
        actor: Some(AdvisorId::parse(row.text(2)?).map_err(|_| corrupt("supervisor"))?),
        conversation: conversation.map_err(|_| corrupt("conversation"))?,
        asked: text(5).map_or_else(|| Ok(Vec::new()), from_json)?,
        queue: queue.map_err(|_| corrupt("queue"))?,
        details: text(7).map(from_json).transpose()?,
        before_chain: true,
        ..AuditEvent::new(act, Timestamp::from_millis(row.integer(1)?))
    })
}

const SELECT_OLDEST: &str =
    "SELECT id, at, supervisor, act, conversation, asked, queue, details FROM audit ORDER BY id LIMIT ?1";
const DELETE_OLDEST: &str = "DELETE FROM audit WHERE id <= ?1";
