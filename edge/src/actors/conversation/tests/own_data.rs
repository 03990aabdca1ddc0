// SPDX-License-Identifier: EUPL-1.2
//! One's own data: every conversation and every entry, once, in however many parts.

use infocig_domain::own_data::OwnConversation;

use super::*;

#[test]
fn every_entry_is_in_exactly_one_part_however_small_the_parts_are() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let mut expected = Vec::new();
    // The second one has more than a page.
    for (number, messages) in [(0, 20), (1, 300), (2, 20)] {
        let id = admit(&actor, number * 1_000);
        for n in 1..=messages {
            post(&actor, &id, &format!("m{number}-{n}"), number * 1_000 + n);
        }
        send(&actor, &id, &ClientFrame::Close {}, number * 1_000 + 500);
        expected
            .insert(0, (1..=messages.unsigned_abs() + 2).map(|seq| (id.clone(), seq)).collect::<Vec<_>>());
    }
    let expected: Vec<_> = expected.concat();

    for most in [0, 1_000, 5_000, usize::MAX] {
        let (mut place, mut found, mut parts) = (None, Vec::new(), 0);
        loop {
            let part = actor.own_page(place, most).unwrap();
            parts += 1;
            assert!(parts < 100, "{most}: it ends");
            let entries = |one: &OwnConversation| {
                let id = one.conversation.clone();
                one.entries.iter().map(move |entry| (id.clone(), entry.seq)).collect::<Vec<_>>()
            };
            found.extend(part.conversations.iter().flat_map(entries));
            let Some(next) = part.next else { break };
            assert_ne!(Some(next), place, "{most}: it goes on");
            place = Some(next);
        }
        assert!(found == expected, "{most}: {} of {} entries", found.len(), expected.len());
        assert_eq!(parts == 1, most == usize::MAX, "{most}: {parts}");
    }
}

#[test]
fn nobody_is_given_it_faster_than_messages_may_be_written() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    while actor.own_data(None, None, at(0)).is_ok() {}

    assert_eq!(refused(actor.own_data(None, None, at(0))).code, Code::TooFast);
    actor.own_data(None, None, at(60_000)).unwrap();
}
