// SPDX-License-Identifier: EUPL-1.2
//! Abuse: an advisor warns, and a supervisor blocks for some hours and may lift the block.
//!
//! - A block follows a warning, unless its supervisor writes why there was none. It ends the conversation with an outcome of
//!   its own, and the person's object refuses entry until it is over. Written requests stay possible.
//! - The desk keeps a block until it is over or lifted, with the name of the person: who writes to ask for a review must be
//!   found. Then its row is deleted; the audit trail keeps the act without the name.

use infocig_protocol::{
    blank::is_blank,
    desk::BlockDraft,
    id::{AdvisorId, ConversationId},
    limits::MAX_REASON_CHARS,
    problem::Code,
    report::AuditDetails,
    supervision::{PanelBlock, SupervisorAct},
    time::Timestamp,
};

use super::{
    Desk, DeskTransition,
    supervision::{Done, NOT_SUPERVISOR},
};
use crate::{notification::ConversationCommand, refusal::Reason};

impl Desk {
    /// An advisor who holds a conversation, or a supervisor of its queue, warns its person: both sides read it.
    pub fn warn(&mut self, id: &ConversationId, advisor: &AdvisorId, now: Timestamp) -> DeskTransition {
        self.act(Some(id), now, |desk| {
            let present = desk.present(advisor)?;
            let (by, supervises) = (present.advisor.clone(), present.is_supervisor());
            if supervises && desk.supervisor(id, advisor).is_ok() {
                desk.open_and_held(id)?;
            } else {
                // A supervisor of another queue may still hold it.
                desk.holds(id, advisor)?;
            }
            desk.edit(id, |conversation| conversation.warned = Some(now));
            desk.command(id, ConversationCommand::Warn {});
            desk.audit(id, desk.queue_of(id), &by, (SupervisorAct::Warned, None), now);
            Ok(())
        })
    }

    /// A supervisor blocks the person of a conversation that an advisor holds, which ends it.
    pub fn block(
        &mut self,
        id: &ConversationId,
        supervisor: &AdvisorId,
        draft: BlockDraft,
        now: Timestamp,
    ) -> DeskTransition {
        let BlockDraft { hours, reason, unwarned } = draft;
        let until = now.plus_millis(i64::from(hours) * 3_600_000);
        let details = AuditDetails { until: Some(until), reason: reason.clone(), unwarned: unwarned.clone() };
        self.supervise_saying(id, supervisor, SupervisorAct::Blocked, Some(details), now, |desk, by| {
            desk.open_and_held(id)?;
            let Some(conversation) = desk.conversations.get(id) else { return Err(NO_BLOCK) };
            let (name, queue) = (conversation.person.name.clone(), conversation.queue().clone());
            if !desk.rules.block_hours.iter().any(|listed| listed.get() == hours) {
                return Err((Code::BlockInvalid, "the policy has no block of so many hours"));
            }
            says_why(&reason)?;
            match &unwarned {
                None if conversation.warned.is_none() => {
                    return Err((Code::BlockInvalid, "without a warning a block needs the reason why"));
                }
                None => {}
                Some(unwarned) => says_why(unwarned)?,
            }
            let block = PanelBlock {
                conversation: id.clone(),
                queue,
                name,
                since: now,
                until,
                by: by.name.clone(),
                reason,
                unwarned,
            };
            desk.blocks.insert(id.clone(), block);
            desk.pending.blocks.insert(id.clone());
            desk.command(id, ConversationCommand::Block { until });
            Ok(Done::Now)
        })
    }

    /// A supervisor lifts a block of one of their queues, and says why. The conversation that it ended may have left the desk.
    pub fn lift(
        &mut self,
        id: &ConversationId,
        supervisor: &AdvisorId,
        reason: String,
        now: Timestamp,
    ) -> DeskTransition {
        self.act(Some(id), now, |desk| {
            let present = desk.present(supervisor)?;
            if !present.is_supervisor() {
                return Err(NOT_SUPERVISOR);
            }
            let by = present.advisor.clone();
            // One of another queue learns no more than that no block of theirs has the id.
            let block = desk.blocks.get(id).filter(|block| present.serves(&block.queue));
            let queue = block.ok_or(NO_BLOCK)?.queue.clone();
            says_why(&reason)?;
            desk.blocks.remove(id);
            desk.pending.blocks.insert(id.clone());
            desk.pending.transition.panel_changed = true;
            desk.command(id, ConversationCommand::Lift {});
            let details = AuditDetails { until: None, reason, unwarned: None };
            desk.audit(id, Some(queue), &by, (SupervisorAct::Lifted, Some(details)), now);
            Ok(())
        })
    }

    /// Forgets the blocks of a person who is erased, for whose name they are kept. Their conversations still hold until when they
    /// cannot enter: an erasure is no way around a block.
    pub fn forget_person(&mut self, object: &str, now: Timestamp) -> DeskTransition {
        self.act(None, now, |desk| {
            let theirs = desk.blocks.extract_if(.., |id, _| id.object() == object).map(|(id, _)| id);
            let theirs: Vec<ConversationId> = theirs.collect();
            desk.pending.transition.panel_changed |= !theirs.is_empty();
            desk.pending.blocks.extend(theirs);
            Ok(())
        })
    }

    /// The blocks that `is_shown`, the one that is over first before the others.
    pub(super) fn blocks_by_end(&self, is_shown: impl Fn(&PanelBlock) -> bool) -> Vec<PanelBlock> {
        let mut blocks: Vec<PanelBlock> =
            self.blocks.values().filter(|block| is_shown(block)).cloned().collect();
        blocks.sort_by(|a, b| (a.until, &a.conversation).cmp(&(b.until, &b.conversation)));
        blocks
    }

    /// When the first block is over.
    pub(super) fn block_timeout(&self) -> Option<Timestamp> {
        self.blocks.values().map(|block| block.until).min()
    }

    /// Forgets the blocks that are over.
    pub(super) fn end_blocks(&mut self, now: Timestamp) {
        let over = self.blocks.extract_if(.., |_, block| block.until <= now).map(|(id, _)| id);
        let over: Vec<ConversationId> = over.collect();
        self.pending.transition.panel_changed |= !over.is_empty();
        self.pending.blocks.extend(over);
    }
}

/// Whether a text is a reason.
fn says_why(text: &str) -> Result<(), Reason> {
    if is_blank(text) || text.chars().count() > MAX_REASON_CHARS {
        return Err((Code::BlockInvalid, "a reason has 1 to 200 characters"));
    }
    Ok(())
}

const NO_BLOCK: Reason = (Code::NotFound, "there is no such block");
