// SPDX-License-Identifier: EUPL-1.2
//! The history of a person: their own list, and the one of an advisor.

use super::*;

#[test]
fn a_history_has_the_newest_twenty() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    for n in 0..21 {
        let id = admit(&actor, 2 * n);
        send(&actor, &id, &ClientFrame::Close {}, 2 * n + 1);
    }

    let ordinals: Vec<u32> =
        actor.history().unwrap().iter().map(|past| past.conversation.ordinal()).collect();
    assert_eq!(ordinals, (2..=21).rev().collect::<Vec<_>>());
}

#[test]
fn an_advisor_is_sent_the_history_of_the_person_and_reads_it_page_by_page() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let first = admit(&actor, 10);
    assign(&actor, 1, &first, 11);
    for n in 0..400 {
        post(&actor, &first, &format!("m{n}"), 12);
    }
    notify(&actor, 2, &first, ConversationCommand::Close { outcome: Ending::LineaInps }, 20);
    let second = admit(&actor, 30);
    assign(&actor, 3, &second, 31);
    notify(&actor, 4, &second, ConversationCommand::Released { why: Release::Lost }, 32);
    send(&actor, &second, &ClientFrame::Close {}, 40);
    let third = admit(&actor, 50);
    assign(&actor, 5, &third, 51);

    assert_eq!(received_history(&hello(&actor, &third, 0)), None, "the person receives none");
    let history = received_history(&hello_of(&actor, &third, giulia_speaks())).unwrap();
    let of_first = EarlierConversation {
        conversation: first.clone(),
        opened: at(10),
        closed: at(20),
        by: Party::Advisor,
        outcome: Some(Ending::LineaInps),
        advisor: Some("Giulia".into()),
        preview: Some("ciao".into()),
        entries: 403,
        segnalazioni: Vec::new(),
    };
    let of_second = EarlierConversation {
        conversation: second,
        opened: at(30),
        closed: at(40),
        by: Party::Citizen,
        outcome: None,
        advisor: Some("Giulia".into()),
        preview: None,
        entries: 4,
        segnalazioni: Vec::new(),
    };
    assert_eq!(history, [of_second, of_first]);

    let page = |before| page_of(&actor, &advisor(&third), &first, before).unwrap();
    assert_eq!(page(None), (204..=403).collect::<Vec<_>>());
    assert_eq!(page(Some(204)), (4..=203).collect::<Vec<_>>());
    assert_eq!(page(Some(4)), [1, 2, 3]);
    assert_eq!(page(Some(1)), [0_u64; 0]);
}

#[test]
fn only_the_advisor_who_holds_the_conversation_reads_the_history_of_its_person() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let first = admit(&actor, 0);
    send(&actor, &first, &ClientFrame::Close {}, 1);
    let second = admit(&actor, 2);
    let asks = |link: &LinkState, target: &ConversationId| page_of(&actor, link, target, None);
    assert_eq!(asks(&citizen(&second), &first), Err(Code::NotAssigned));
    assert_eq!(asks(&advisor(&second), &first), Err(Code::NotAssigned), "not assigned to them");

    assign(&actor, 1, &second, 3);
    assert_eq!(asks(&advisor(&second), &first), Ok(vec![1, 2]));
    assert_eq!(asks(&citizen(&second), &first), Err(Code::NotAssigned));
    for target in [
        second.clone(),
        ConversationId::of(&"0f".repeat(32), 3).unwrap(),
        ConversationId::of(&"0e".repeat(32), 1).unwrap(),
    ] {
        assert_eq!(asks(&advisor(&second), &target), Err(Code::NotFound), "{target}");
    }
    notify(&actor, 2, &second, ConversationCommand::Released { why: Release::Lost }, 4);
    assert_eq!(asks(&advisor(&second), &first), Err(Code::NotAssigned), "not any more");
}

#[test]
fn of_many_earlier_conversations_the_newest_are_told_and_a_wake_costs_the_same() {
    let cost = |many: u32| {
        let sql = MemorySql::new();
        for n in 0..many {
            let id = admit(&actor(&sql), i64::from(2 * n));
            send(&actor(&sql), &id, &ClientFrame::Close {}, i64::from(2 * n + 1));
        }
        let id = admit(&actor(&sql), 1_000);
        assign(&actor(&sql), 1, &id, 1_001);
        sql.fail_after.set(1_000);
        let history = received_history(&hello_of(&actor(&sql), &id, giulia_speaks())).unwrap_or_default();
        (
            1_000 - sql.fail_after.get(),
            history.iter().map(|one| one.conversation.ordinal()).collect::<Vec<_>>(),
        )
    };

    let (statements, none) = cost(0);
    assert_eq!(none, [0_u32; 0]);
    assert_eq!(cost(50), (statements, (31..=50).rev().collect()));
}
