// SPDX-License-Identifier: EUPL-1.2
//! Segnalazioni and shared cases.

use super::*;

#[test]
fn a_segnalazione_leaves_once_with_the_messages_that_were_picked() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 1);
    post(&actor, &id, "m1", 2);
    assign(&actor, 1, &id, 3);
    let forward = |now| send_on(&actor, &advisor(&id), &ClientFrame::Forward(Box::new(draft(&[2]))), now);

    assert!(forward(4).broadcast.is_some());
    let again = forward(5);
    assert!(again.broadcast.is_none() && again.replies[0].contains("sending"), "{again:?}");

    let messages = actor.outbox().due(at(9)).unwrap();
    let sent: Vec<_> =
        messages.iter().filter(|message| message.destination == Destination::LineaInps).collect();
    assert_eq!(sent.len(), 1);
    assert!(sent[0].notification.contains("\"seq\":2") && sent[0].notification.contains(&format!("{id}.s1")));
}

#[test]
fn after_the_end_the_person_listens_until_the_office_has_answered_and_advisors_do_not() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 1);
    assign(&actor, 1, &id, 2);
    send_on(&actor, &advisor(&id), &ClientFrame::Forward(Box::new(draft(&[]))), 3);

    let closed = send(&actor, &id, &ClientFrame::Close {}, 4).broadcast.unwrap();
    assert_eq!(closed.then_close, Closes::Advisors);
    assert_eq!(hello(&actor, &id, 0).close_sender, None, "the person goes on listening");
    let closes_after = |n, state| {
        let number = Some("LI-1".into());
        let status = SegnalazioneStatus { id: message_id("s1"), number, state };
        let effects = actor
            .on_notification("linea", n, &notification(&id, ConversationCommand::Segnalazione(status)), at(9))
            .unwrap();
        effects.broadcast.unwrap().then_close
    };
    assert_eq!(closes_after(1, SegnalazioneState::Accepted {}), Closes::Advisors);
    assert_eq!(closes_after(2, SegnalazioneState::Answered { text: "Pagato.".into() }), Closes::Everybody);
    assert_eq!(hello(&actor, &id, 0).close_sender, Some(close::NORMAL));
}

#[test]
fn a_case_is_shown_by_the_advisor_alone_and_once() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 1);
    assign(&actor, 1, &id, 2);
    let share = |speaker, now| {
        let ticket = ticket_of(&id, speaker);
        actor.share(&id, &ticket, message_id("c1"), case(), at(1), at(now))
    };

    assert_eq!(refused(share(Speaker::Citizen, 3)).code, Code::NotAssigned);
    assert!(share(Speaker::Advisor(giulia()), 3).unwrap().broadcast.is_some());
    assert!(share(Speaker::Advisor(giulia()), 4).unwrap().broadcast.is_none());
    assert_eq!(refused(actor.inquiry(&id, "x", at(3))).code, Code::TicketInvalid);
    assert_eq!(resumed(&actor, &id, 0), [1, 2, 3]);
    let ticket = |speaker| ticket_of(&id, speaker);
    let (his, hers) = (ticket(Speaker::Citizen), ticket(Speaker::Advisor(giulia())));
    assert!(actor.inquiry(&id, &hers, at(5)).is_ok());
    send(&actor, &id, &ClientFrame::Close {}, 6);
    assert_eq!(refused(actor.inquiry(&id, &hers, at(7))).code, Code::NotAssigned);
    assert!(actor.inquiry(&id, &his, at(7)).is_ok(), "the person's own stay theirs");
}

#[test]
fn a_card_or_a_segnalazione_that_is_repeated_at_the_limit_is_known_and_a_new_one_is_refused() {
    let sql = MemorySql::new();
    let actor = actor_with(&sql, 4);
    let id = admit(&actor, 1);
    assign(&actor, 1, &id, 2);
    let ticket = ticket_of(&id, giulia_speaks());
    let share = |name: &str| actor.share(&id, &ticket, message_id(name), case(), at(1), at(3));
    let forward = |name: &str| {
        let draft = SegnalazioneDraft { id: message_id(name), ..draft(&[]) };
        let frame = serde_json::to_string(&ClientFrame::Forward(Box::new(draft))).unwrap();
        actor.receive(&advisor(&id), &frame, at(3))
    };
    share("c1").unwrap();
    forward("s1").unwrap();

    assert!(share("c1").unwrap().broadcast.is_none(), "the log has four entries, which is the limit");
    assert!(forward("s1").unwrap().replies[0].contains("sending"));
    assert_eq!(refused(share("c2")).code, Code::ConversationFull);
    let new = refused(forward("s2"));
    assert_eq!(new.code, Code::ConversationFull);
    assert_eq!(new.about, Some(About::Message(message_id("s2"))));
}

#[test]
fn a_store_that_fails_at_any_statement_forwards_wholly_or_not_at_all() {
    for statements in 0..10 {
        let sql = MemorySql::new();
        let actor = actor(&sql);
        let id = admit(&actor, 1);
        assign(&actor, 1, &id, 2);
        let frame = serde_json::to_string(&ClientFrame::Forward(Box::new(draft(&[])))).unwrap();
        sql.fail_after.set(statements);
        let failed = actor.receive(&advisor(&id), &frame, at(3)).is_err();
        sql.fail_after.set(-1);

        let sent = actor.outbox().due(at(9)).unwrap();
        let sent = sent.iter().filter(|message| message.destination == Destination::LineaInps).count();
        let logged = resumed(&actor, &id, 2).len();
        assert_eq!((sent, logged), if failed { (0, 0) } else { (1, 1) }, "after {statements}");
    }
}
