// SPDX-License-Identifier: EUPL-1.2
//! The verbs of pages without scripts.

use infocig_domain::plain_page::PlainPageState;

use super::*;

#[test]
fn a_page_without_a_link_acts_like_a_frame_and_shows_the_result() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 1);
    let ticket = ticket_of(&id, Speaker::Citizen);
    let plain_page_request = |act, now| actor.plain_page(&id, &ticket, act, None, at(now)).unwrap();
    let message =
        |name: &str, text: &str| Some(PlainPageAction::Post { id: message_id(name), text: text.into() });

    let looked = plain_page_request(None, 2);
    assert_eq!((looked.effects, looked.refused), (Effects::default(), None));
    let posted = plain_page_request(message("m1", "ciao"), 3);
    assert!(posted.effects.broadcast.is_some() && posted.refused.is_none());
    let again = plain_page_request(message("m1", "ciao"), 4);
    assert!(again.effects.broadcast.is_none() && again.refused.is_none());
    assert_eq!(again.shown.entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 2]);
    let empty = plain_page_request(message("m2", " "), 5).refused.unwrap();
    assert_eq!(empty, PlainPageRefusal { code: Code::MessageEmpty, retry_after_ms: None });
    let over = plain_page_request(Some(PlainPageAction::Close), 6);
    assert!(matches!(over.shown.state, PlainPageState::Closed { by: Party::Citizen, .. }));
    assert_eq!(plain_page_request(message("m3", "tardi"), 7).refused.unwrap().code, Code::ConversationClosed);
    let page = actor.plain_page(&id, &ticket, None, Some(3), at(8)).unwrap().shown;
    assert_eq!((page.entries.len(), page.last_seq), (2, 3));
}

#[test]
fn a_person_reads_their_own_earlier_conversations_and_nobody_elses() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let mut ids = Vec::new();
    for n in 1..=23 {
        let id = admit(&actor, n);
        post(&actor, &id, "m1", n);
        if n < 23 {
            send(&actor, &id, &ClientFrame::Close {}, n);
        }
        ids.push(id);
    }
    let here = &ids[22];
    let his = ticket_of(here, Speaker::Citizen);
    let look = |what| actor.history_page(here, &his, what, at(30));
    let listed = |before| match look(HistoryQuery::List { before }).unwrap() {
        (goes_on, HistoryView::List { conversations, .. }) => {
            assert!(goes_on);
            conversations.iter().map(|one| one.conversation.ordinal()).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(listed(None), (3..=22).rev().collect::<Vec<_>>());
    assert_eq!(listed(Some(3)), [2, 1]);
    assert_eq!(listed(Some(u32::MAX)), listed(None));
    for none in [0, 1] {
        assert_eq!(listed(Some(none)), [0_u32; 0]);
    }

    let read = |number, before| match look(HistoryQuery::Read { number, before }) {
        Ok((_, HistoryView::Read(shown))) => {
            Ok((shown.conversation.ordinal(), shown.entries.iter().map(|one| one.seq).collect()))
        }
        Ok(other) => panic!("{other:?}"),
        Err(Error::Refused(refusal)) => Err(refusal.code),
        Err(Error::Fault(fault)) => panic!("{fault}"),
    };
    assert_eq!(read(1, None), Ok((1, vec![1, 2, 3])));
    assert_eq!(read(22, Some(3)), Ok((22, vec![1, 2])));
    for number in [0, 23, 24, u32::MAX] {
        assert_eq!(read(number, None), Err(Code::NotFound), "{number}");
    }

    let what = || HistoryQuery::Read { number: 1, before: None };
    let hers = ticket_of(here, giulia_speaks());
    for (id, ticket) in [(here, "x"), (here, &hers), (here, &ticket_of(&ids[0], Speaker::Citizen))] {
        let refused = refused(actor.history_page(id, ticket, what(), at(30)));
        assert!(matches!(refused.code, Code::TicketInvalid | Code::NotAssigned), "{refused:?}");
    }
    let first = ticket_of(&ids[0], Speaker::Citizen);
    let (goes_on, _) =
        actor.history_page(&ids[0], &first, HistoryQuery::List { before: None }, at(30)).unwrap();
    assert!(!goes_on, "the conversation they are in is over");
}

#[test]
fn plain_pages_are_for_the_person_alone_and_have_the_same_rate_limit() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 1);
    assign(&actor, 1, &id, 2);
    let hers = ticket_of(&id, giulia_speaks());
    assert_eq!(refused(actor.plain_page(&id, &hers, None, None, at(3))).code, Code::TicketInvalid);
    let his = ticket_of(&id, Speaker::Citizen);
    let message = |n: i64| PlainPageAction::Post { id: message_id(&format!("m{n}")), text: "ciao".into() };
    let refused =
        (0..=500).find_map(|n| actor.plain_page(&id, &his, Some(message(n)), None, at(4)).unwrap().refused);
    let Some(PlainPageRefusal { code: Code::TooFast, retry_after_ms: Some(_) }) = refused else {
        panic!("{refused:?}")
    };
}
