// SPDX-License-Identifier: EUPL-1.2
//! The rating of a conversation that is over.

use super::*;

#[test]
fn a_closed_conversation_is_rated_by_its_person_and_the_register_is_sent_each_new_answer_and_comment() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 1);
    assign(&actor, 1, &id, 2);
    let ticket = |speaker| ticket_of(&id, speaker);
    let (his, hers) = (ticket(Speaker::Citizen), ticket(giulia_speaks()));
    let rate = |ticket: &str, answer, comment: Option<&str>, now| {
        let rating = Rating { answer, comment: comment.map(String::from) };
        actor.rate(&id, ticket, &rating, at(now)).map_err(|error| refused(Err::<(), _>(error)).code)
    };
    let messages = || {
        let due = actor.outbox().due(at(99)).unwrap();
        due.into_iter().filter(|message| message.destination == Destination::Register).collect::<Vec<_>>()
    };
    assert_eq!(rate(&his, Answer::Yes, None, 3), Err(Code::ConversationOpen));
    assert_eq!(rate(&hers, Answer::Yes, None, 3), Err(Code::TicketInvalid));
    send(&actor, &id, &ClientFrame::Close {}, 4);
    assert_eq!(rate(&hers, Answer::Yes, None, 5), Err(Code::NotAssigned));
    assert_eq!(rate(&his, Answer::Yes, Some(" "), 5), Err(Code::MessageEmpty));
    assert_eq!(rate("x", Answer::Yes, None, 5), Err(Code::TicketInvalid));
    assert_eq!(messages(), []);

    for now in [6, 7] {
        assert_eq!(rate(&his, Answer::Partly, Some("Manca la data."), now), Ok(()));
    }
    rate(&his, Answer::Partly, Some("Manca ancora la data."), 8).unwrap();
    let reported = |words: &[&str]| {
        for word in words {
            let message = messages().remove(0);
            assert!(message.notification.contains(word), "{word}: {}", message.notification);
            actor.delivered(&message, at(9)).unwrap();
        }
        assert_eq!(messages(), [], "one message for one answer, one for each text");
    };
    reported(&[r#"{"rated":{"rating":"partly"}}"#, "Manca la data.", "Manca ancora la data."]);
    rate(&his, Answer::No, None, 10).unwrap();
    reported(&[r#"{"rated":{"rating":"no"}}"#, r#""text":null"#]);

    let shown = actor.plain_page(&id, &his, None, None, at(11)).unwrap().shown;
    assert_eq!(shown.rating, Some(Rating { answer: Answer::No, comment: None }));
    assert_eq!(resumed(&actor, &id, 0), [1, 2, 3], "the log says nothing of it");
}

#[test]
fn a_store_that_fails_at_any_statement_rates_wholly_or_not_at_all() {
    for statements in 0..12 {
        let sql = MemorySql::new();
        let actor = actor(&sql);
        let id = admit(&actor, 1);
        send(&actor, &id, &ClientFrame::Close {}, 2);
        let ticket = ticket_of(&id, Speaker::Citizen);
        let rating = Rating { answer: Answer::No, comment: Some("Non ancora.".into()) };
        sql.fail_after.set(statements);
        let failed = actor.rate(&id, &ticket, &rating, at(3)).is_err();
        sql.fail_after.set(-1);

        let messages = actor.outbox().due(at(9)).unwrap();
        let reported = messages.iter().any(|message| message.destination == Destination::Register);
        let stored = actor.plain_page(&id, &ticket, None, None, at(9)).unwrap().shown.rating.is_some();
        assert_eq!((reported, stored), (!failed, !failed), "after {statements}");
    }
}
