// SPDX-License-Identifier: EUPL-1.2
//! The order of waiting conversations under priorities: total, the same for desk and consoles, and bounded by what a rule is worth.

use infocig_domain::{notification::DeskNotification, people::PriorityFacts};
use infocig_protocol::{
    desk::{Priority, PriorityRule, TransferTo},
    id::ConversationId,
    time::Timestamp,
};
use proptest::prelude::*;

use super::{
    rules::{GIULIA, ROMAN, Sample, at, id, id_of},
    world::{advisor, person, profile, role},
};

const MINUTE: i64 = 60_000;

proptest! {
    #[test]
    fn nobody_is_overtaken_by_somebody_who_came_later_than_a_rule_is_worth(
        arrivals in prop::collection::vec((0_i64..40, any::<bool>()), 1..12),
    ) {
        let mut desk = Sample::with(&[]).desk;
        let now = Timestamp::from_millis(100 * MINUTE);
        for (number, (minute, came_back)) in (1..).zip(arrivals) {
            let since = Timestamp::from_millis(minute * MINUTE);
            let facts = PriorityFacts { last_here: came_back.then_some(since), deadline: None };
            let conversation = ConversationId::of(&format!("{number:02x}").repeat(32), 1).unwrap();
            desk.apply(waits(conversation, since, 0, facts), now);
        }
        let order: Vec<_> = desk.waiting().cloned().collect();
        for (ahead, behind) in order.iter().zip(order.iter().skip(1)) {
            let worth = ahead.priority.map_or(0, Priority::worth_ms);
            prop_assert!(ahead.since <= behind.since.plus_millis(worth), "{ahead:?} before {behind:?}");
        }
        desk.on_connect(advisor(GIULIA), profile(GIULIA), role(GIULIA), now);
        let waiting = desk.picture(&id_of(GIULIA), now).waiting;
        prop_assert!(waiting.is_sorted_by(|a, b| a.order() < b.order()), "as consoles sort it");
    }
}

#[test]
fn somebody_who_was_here_before_goes_ahead_of_those_who_came_a_little_earlier() {
    let mut desk = Sample::with(&[]);
    for (n, seconds) in [(1, 0), (2, 60), (3, 540)] {
        desk.now = at(seconds);
        desk.comes(n, ROMAN);
    }
    desk.now = at(660);
    let facts = PriorityFacts { last_here: Some(at(600)), deadline: None };
    let (conversation, since) = (id(4), desk.now);
    desk.desk.apply(waits(conversation, since, ROMAN, facts), desk.now);
    assert_eq!(desk.order(), [1, 2, 4, 3].map(id), "ten minutes: as if it had come at 60");

    desk.on_connect(GIULIA);
    let mine = desk.picture(GIULIA).mine;
    let offered = mine.iter().find(|own| own.conversation == id(4)).unwrap();
    assert_eq!(offered.priority, Some(Priority { rule: PriorityRule::CameBack, worth_minutes: 10 }));
}

#[test]
fn a_conversation_handed_back_to_the_queue_counts_some_minutes_more() {
    let mut desk = Sample::with(&[GIULIA]);
    desk.held(GIULIA, 1);
    desk.transfer(GIULIA, 1, TransferTo::Queue);
    let priority =
        desk.desk.panel(&id_of(GIULIA), desk.now).waiting.conversations.remove(0).priority.unwrap();
    assert_eq!((priority.rule, priority.worth_minutes), (PriorityRule::Transferred, 5));
}

fn waits(
    conversation: ConversationId,
    since: Timestamp,
    kind: usize,
    facts: PriorityFacts,
) -> DeskNotification {
    let person = Box::new(person(kind));
    DeskNotification::Waiting { conversation, since, person, closing: None, facts, queue: None }
}
