// SPDX-License-Identifier: EUPL-1.2
//! `hello` and pages of the log.

use super::*;

#[test]
fn an_unauthenticated_link_is_refused_and_closed() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 0);
    let unauthenticated = LinkState { speaker: None, ..citizen(&id) };

    for (text, code) in [
        (r#"{"post":{"id":"m1","text":"ciao"}}"#, Code::HelloExpected),
        (r#"{"hello":{"version":2,"ticket":"forged"}}"#, Code::TicketInvalid),
        (r#"{"hello":{"version":1,"ticket":"x"}}"#, Code::VersionUnsupported),
        (r#"{"dance":{}}"#, Code::FrameUnknown),
        ("{", Code::FrameMalformed),
    ] {
        let effects = receive(&actor, &unauthenticated, text, at(1));
        assert!(
            matches!(frame(&effects.replies[0]), ServerFrame::Refused { code: found, .. } if found == code)
        );
        assert_eq!(effects.close_sender, Some(close::REFUSED), "{text}");
    }
}

#[test]
fn a_client_that_has_entries_counts_as_connected_before() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 0);
    let ticket =
        Ticket::new(TicketScope::Conversation(id.clone()), Speaker::Citizen, at(0)).sign(KEY).unwrap();
    let resumed = |resume_after| {
        let hello = ClientFrame::Hello { version: version::CURRENT, ticket: ticket.clone(), resume_after };
        let text = serde_json::to_string(&hello).unwrap();
        let unauthenticated = LinkState { speaker: None, ..citizen(&id) };
        receive(&actor, &unauthenticated, &text, at(1)).accepted.unwrap().resumed
    };

    assert!(!resumed(0) && resumed(1));
}

#[test]
fn a_cursor_brings_exactly_the_missing_entries() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 0);
    for n in 1..=450 {
        post(&actor, &id, &format!("m{n}"), n);
    }

    assert_eq!(resumed(&actor, &id, 0), (1..=451).collect::<Vec<_>>());
    assert_eq!(resumed(&actor, &id, 449), [450, 451]);
    assert_eq!(resumed(&actor, &id, 451), [0_u64; 0]);
    assert_eq!(resumed(&actor, &id, 999), (1..=451).collect::<Vec<_>>());
}

#[test]
fn a_client_is_sent_one_page_and_asks_for_more() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 0);
    for n in 1..=450 {
        post(&actor, &id, &format!("m{n}"), n);
    }
    let page = |page| received(&send(&actor, &id, &ClientFrame::Page(page), 500));

    assert_eq!(welcomed(&actor, &id, 0), (252..=451).collect::<Vec<_>>());
    assert_eq!(page(Page::Before(252)), (52..=251).collect::<Vec<_>>());
    assert_eq!(page(Page::Before(52)), (1..=51).collect::<Vec<_>>());
    assert_eq!(welcomed(&actor, &id, 100), (101..=300).collect::<Vec<_>>());
    assert_eq!(page(Page::After(300)), (301..=451).collect::<Vec<_>>());
    assert_eq!(page(Page::After(u64::MAX)), [0_u64; 0]);
    assert_eq!(page(Page::Before(1)), [0_u64; 0]);
}

#[test]
fn a_page_of_long_messages_has_fewer_of_them() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 0);
    for n in 1..=100 {
        let text = "x".repeat(4_000);
        let id_of_message = message_id(&format!("m{n}"));
        send(&actor, &id, &ClientFrame::Post { id: id_of_message, text }, n);
    }
    let newest = welcomed(&actor, &id, 0);
    assert_eq!(newest.last(), Some(&101));
    assert!((30..40).contains(&newest.len()), "{}", newest.len());
}

#[test]
fn an_advisor_who_may_no_longer_read_is_sent_no_page() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 1);
    let page = || send_on(&actor, &advisor(&id), &ClientFrame::Page(Page::Before(9)), 3);
    let apply = |number, command| notify(&actor, number, &id, command, number);
    apply(1, assigned());
    assert_eq!(received(&page()), [1, 2]);

    apply(2, ConversationCommand::Released { why: Release::Lost });
    assert_eq!(received(&page()), [0_u64; 0]);
    assert!(
        matches!(frame(&page().replies[0]), ServerFrame::Refused { code: Code::NotAssigned, .. }),
        "{:?}",
        page()
    );
}

#[test]
fn a_frame_that_arrives_after_a_close_frame_is_dropped() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 0);
    let closed = LinkState { close_sent: true, ..citizen(&id) };
    let unauthenticated = LinkState { speaker: None, ..closed.clone() };
    let post = r#"{"post":{"id":"m1","text":"ciao"}}"#;

    assert_eq!(actor.on_frame(&closed, post, at(1)), None);
    assert_eq!(actor.on_frame(&unauthenticated, post, at(1)), None);
    assert_eq!(resumed(&actor, &id, 0), [1]);
    assert!(actor.on_frame(&citizen(&id), post, at(1)).is_some_and(|effects| effects.is_ok()));
}
