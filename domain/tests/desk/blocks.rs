// SPDX-License-Identifier: EUPL-1.2
//! The rules of a warning and a block at the desk.

use std::sync::Arc;

use infocig_domain::{
    audit::AuditEvent,
    desk::{Desk, DeskTransition},
    notification::ConversationCommand,
};
use infocig_protocol::{desk::BlockDraft, limits::MAX_REASON_CHARS, problem::Code, report::AuditedKind};

use super::{
    rules::{GIULIA, MARCO, Sample, at, id, id_of, refusal, words},
    world::shipped_policy,
};

const ADA: usize = 4;
const DAY: i64 = 24 * 3_600;

#[test]
fn the_advisor_of_a_conversation_and_a_supervisor_warn_and_nobody_else_does() {
    let mut desk = under_way();
    assert_eq!(refusal(&desk.warn(MARCO)), Some(Code::NotAssigned));
    for who in [GIULIA, ADA] {
        let warned = desk.warn(who);
        assert_eq!(words(&warned), [(id(1), ConversationCommand::Warn {})]);
        assert_eq!(acts(&warned), [(id_of(who).to_string(), AuditedKind::Warned, None)]);
    }
}

#[test]
fn a_block_is_a_supervisors_after_a_warning_or_with_the_reason_why_there_was_none() {
    let mut desk = under_way();
    let invalid = Some(Code::BlockInvalid);
    assert_eq!(refusal(&desk.block(GIULIA, draft())), Some(Code::NotSupervisor));
    assert_eq!(refusal(&desk.block(ADA, draft())), invalid, "nobody warned");
    assert_eq!(refusal(&desk.block(ADA, BlockDraft { unwarned: Some(" ".into()), ..draft() })), invalid);
    let unwarned = || Some("Minacce fin dal primo messaggio".into());
    assert_eq!(
        refusal(&desk.block(ADA, BlockDraft { hours: 25, unwarned: unwarned(), ..draft() })),
        invalid,
        "not one of the policy"
    );
    assert_eq!(desk.desk.panel(&id_of(ADA), desk.now).blocks, []);

    let blocked = desk.block(ADA, BlockDraft { unwarned: unwarned(), ..draft() });
    assert_eq!(words(&blocked), [(id(1), ConversationCommand::Block { until: at(DAY) })]);
    assert_eq!(acts(&blocked)[0].1, AuditedKind::Blocked);
    assert_eq!(blocked.audit[0].details.as_ref().unwrap().unwarned, unwarned());

    let mut desk = under_way();
    desk.warn(GIULIA);
    for reason in [String::new(), "è".repeat(MAX_REASON_CHARS + 1)] {
        assert_eq!(refusal(&desk.block(ADA, BlockDraft { reason, ..draft() })), invalid);
    }
    assert_eq!(refusal(&desk.block(ADA, draft())), None);
}

#[test]
fn a_block_is_listed_until_it_is_over() {
    let mut desk = under_way();
    desk.warn(GIULIA);
    desk.block(ADA, draft());
    let listed = desk.desk.panel(&id_of(ADA), desk.now).blocks.remove(0);
    assert_eq!((listed.until, listed.reason.as_str(), listed.by.as_str()), (at(DAY), "Insulti", "Ada"));
    desk.at(DAY - 1);
    assert!(desk.desk.next_wake().is_some_and(|wake| wake <= at(DAY)));
    let over = desk.at(DAY);
    assert_eq!((over.removed_blocks, words(&desk.at(DAY + 1))), (vec![id(1)], vec![]));
    assert_eq!(desk.desk.panel(&id_of(ADA), desk.now).blocks, []);
}

#[test]
fn an_erased_person_leaves_no_block_with_their_name_and_those_of_others_stay() {
    let mut desk = under_way();
    desk.warn(GIULIA);
    desk.block(ADA, draft());
    let others = desk.desk.forget_person(&"ab".repeat(32), desk.now);
    assert_eq!((others.removed_blocks, others.panel_changed), (vec![], false));

    let forgotten = desk.desk.forget_person(id(1).object(), desk.now);

    assert_eq!(words(&forgotten), [], "the person stays out until the block is over");
    assert_eq!((forgotten.removed_blocks, forgotten.panel_changed), (vec![id(1)], true));
    assert_eq!(desk.desk.panel(&id_of(ADA), desk.now).blocks, []);
    assert_eq!(refusal(&desk.lift(ADA, "Equivoco")), Some(Code::NotFound));
}

#[test]
fn a_supervisor_lifts_a_block_with_a_reason() {
    let mut desk = under_way();
    desk.warn(GIULIA);
    desk.block(ADA, draft());
    assert_eq!(refusal(&desk.lift(GIULIA, "Equivoco")), Some(Code::NotSupervisor));
    assert_eq!(refusal(&desk.lift(ADA, " ")), Some(Code::BlockInvalid));
    let lifted = desk.lift(ADA, "Equivoco");
    assert_eq!(words(&lifted), [(id(1), ConversationCommand::Lift {})]);
    assert_eq!(acts(&lifted)[0].2.as_deref(), Some("Equivoco"));
    assert_eq!(refusal(&desk.lift(ADA, "Equivoco")), Some(Code::NotFound), "once more");
}

#[test]
fn a_desk_restored_has_its_blocks() {
    let mut desk = under_way();
    desk.warn(GIULIA);
    desk.block(ADA, draft());
    let rules = Arc::new(shipped_policy().desk);
    let restored = Desk::restore(Arc::new(desk.desk.queues().clone()), rules, desk.desk.stored());
    assert_eq!(restored, desk.desk);
}

fn under_way() -> Sample {
    let mut desk = Sample::with(&[GIULIA, ADA]);
    desk.held(GIULIA, 1);
    desk.on_connect(MARCO);
    desk
}

fn draft() -> BlockDraft {
    BlockDraft { hours: 24, reason: "Insulti".into(), unwarned: None }
}

/// Who did what, and why.
fn acts(step: &DeskTransition) -> Vec<(String, AuditedKind, Option<String>)> {
    let act = |row: &AuditEvent| {
        let by = row.actor.as_ref().unwrap().to_string();
        (by, row.act, row.details.clone().map(|details| details.reason))
    };
    step.audit.iter().map(act).collect()
}

impl Sample {
    fn warn(&mut self, who: usize) -> DeskTransition {
        self.desk.warn(&id(1), &id_of(who), self.now)
    }

    fn block(&mut self, who: usize, draft: BlockDraft) -> DeskTransition {
        self.desk.block(&id(1), &id_of(who), draft, self.now)
    }

    fn lift(&mut self, who: usize, reason: &str) -> DeskTransition {
        self.desk.lift(&id(1), &id_of(who), reason.into(), self.now)
    }
}
