// SPDX-License-Identifier: EUPL-1.2
//! The rules of a hold at the desk: who may, until when, and what ends it.

use infocig_domain::{desk::DeskTransition, notification::DeskNotification};
use infocig_protocol::{
    desk::{AssignmentState, Hold, HoldDraft, HoldReason, TransferTo},
    entry::Party,
    limits::MAX_REASON_CHARS,
    problem::Code,
};

use super::rules::{GIULIA, MARCO, PETRA, ROMAN, Sample, at, id, id_of, refusal, registered, words};
use infocig_domain::notification::ConversationCommand;

#[test]
fn the_advisor_of_a_conversation_puts_it_on_hold_for_minutes_of_the_policy() {
    let mut desk = Sample::with(&[GIULIA, MARCO]);
    desk.held(GIULIA, 1);
    assert_eq!(refusal(&desk.hold(MARCO, 1, draft(5))), Some(Code::NotAssigned));
    assert_eq!(refusal(&desk.hold(GIULIA, 1, draft(6))), Some(Code::HoldInvalid));
    let long = HoldDraft { text: Some("è".repeat(MAX_REASON_CHARS + 1)), ..draft(5) };
    assert_eq!(refusal(&desk.hold(GIULIA, 1, long)), Some(Code::HoldInvalid));
    assert_eq!(desk.on_hold(1), None);

    let begun = desk.hold(GIULIA, 1, HoldDraft { text: Some("manca il ticket".into()), ..draft(5) });
    assert_eq!(words(&begun), [(id(1), ConversationCommand::Hold { hold: 1, minutes: 5 })]);
    let hold = desk.on_hold(1).unwrap();
    assert_eq!((hold.until, hold.text.as_deref(), hold.due), (at(300), Some("manca il ticket"), false));
    assert_eq!(desk.desk.load_of(&id_of(GIULIA)), 1, "it keeps its place");
}

#[test]
fn the_reminder_is_due_once_and_ends_nothing() {
    let mut desk = Sample::with(&[GIULIA]);
    desk.held(GIULIA, 1);
    desk.hold(GIULIA, 1, draft(2));
    assert!(desk.desk.next_wake().is_some_and(|wake| wake <= at(120)));
    desk.at(119);
    assert!(!desk.on_hold(1).unwrap().due);
    let due = desk.at(120);
    assert!(desk.on_hold(1).unwrap().due && due.pictures_changed && words(&due).is_empty());
    assert!(desk.desk.next_wake().is_none_or(|wake| wake > at(120)));
}

#[test]
fn time_on_hold_is_counted_apart_and_within_the_time_of_handling() {
    let mut desk = Sample::with(&[GIULIA]);
    desk.held(GIULIA, 1);
    desk.hold(GIULIA, 1, draft(2));
    desk.at(90);
    let resumed = desk.resume(GIULIA, 1);
    assert_eq!(words(&resumed), [(id(1), ConversationCommand::Resume { hold: 1 })]);
    assert_eq!(words(&desk.resume(GIULIA, 1)), [], "once more");
    desk.at(100);
    desk.hold(GIULIA, 1, draft(2));
    desk.at(130);
    desk.hold(GIULIA, 1, draft(10));
    desk.at(160);
    desk.ends(1, GIULIA, Party::Citizen);
    let record = registered(&desk.at(220)).unwrap();
    assert_eq!((record.holds, record.on_hold_ms, record.held_ms), (3, 150_000, 160_000));
}

#[test]
fn words_of_the_advisor_end_the_hold_that_they_were_written_in() {
    let mut desk = Sample::with(&[GIULIA]);
    desk.held(GIULIA, 1);
    desk.hold(GIULIA, 1, draft(2));
    desk.resume(GIULIA, 1);
    desk.hold(GIULIA, 1, draft(5));
    desk.wrote(1, 1);
    assert!(desk.on_hold(1).is_some(), "they were written before it began");
    desk.wrote(1, 2);
    assert_eq!(desk.on_hold(1), None);
}

#[test]
fn a_hold_ends_with_the_assignment() {
    let mut desk = Sample::with(&[GIULIA, PETRA]);
    desk.held(GIULIA, 1);
    desk.hold(GIULIA, 1, draft(2));
    desk.transfer(GIULIA, 1, TransferTo::Advisor(id_of(PETRA)));
    assert!(desk.on_hold(1).is_some(), "it is Giulia's until Petra accepts");
    desk.accept(PETRA, 1);
    assert_eq!(desk.on_hold(1), None);

    desk.hold(PETRA, 1, draft(2));
    desk.on_last_disconnect(PETRA);
    desk.at(60);
    assert_eq!((desk.on_hold(1), desk.order()), (None, vec![id(1)]), "it waits again");
    desk.comes(2, ROMAN);
}

fn draft(minutes: u16) -> HoldDraft {
    HoldDraft { reason: HoldReason::Case, text: None, minutes }
}

impl Sample {
    fn hold(&mut self, who: usize, n: u32, draft: HoldDraft) -> DeskTransition {
        self.desk.hold(&id(n), &id_of(who), draft, self.now)
    }

    fn resume(&mut self, who: usize, n: u32) -> DeskTransition {
        self.desk.resume(&id(n), &id_of(who), self.now)
    }

    fn wrote(&mut self, n: u32, hold: u32) {
        let notification = DeskNotification::Resumed { conversation: id(n), hold, at: self.now };
        self.desk.apply(notification, self.now);
    }

    /// The hold as the panel shows it, which the advisor's picture does too once the assignment is confirmed.
    fn on_hold(&self, n: u32) -> Option<Hold> {
        let panel = self.desk.panel(&id_of(GIULIA), self.now);
        let shown = panel.conversations.into_iter().find(|one| one.conversation == id(n));
        let shown = shown.and_then(|one| one.on_hold);
        if let Some(AssignmentState::Held { on_hold, .. }) = self.state(GIULIA, n) {
            assert_eq!(on_hold, shown);
        }
        shown
    }
}
