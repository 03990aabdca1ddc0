// SPDX-License-Identifier: EUPL-1.2
//! Written requests.

use super::*;

#[test]
fn a_written_request_is_made_once_and_found_again_in_the_history() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let request = |name: &str, text: &str, now| {
        let id = message_id(name);
        actor.request(asker(), queue(), &id, text, at(now)).map(|(id, _)| id)
    };
    let code = |result: Result<ConversationId, Error>| refused(result).code;
    assert_eq!(code(request("r0", " ", 1)), Code::MessageEmpty);

    let first = request("r1", "Quando sarò pagato?", 2).unwrap();
    assert_eq!(request("r1", "Quando sarò pagato?", 3), Ok(first.clone()));
    assert_eq!(code(request("r1", "Un'altra cosa", 3)), Code::RequestInvalid);
    for n in 2..=3 {
        request(&format!("r{n}"), "E poi?", 4).unwrap();
    }
    assert_eq!(code(request("r4", "E ancora?", 5)), Code::RequestsPending);
    let a_week_later = 5 + 7 * 24 * 60 * 60_000;
    assert!(request("r4", "E ancora?", a_week_later).is_ok(), "nobody is kept from writing for good");

    let history = actor.history().unwrap();
    assert_eq!(history.iter().map(|past| past.conversation.ordinal()).collect::<Vec<_>>(), [4, 3, 2, 1]);
    let history = &history[1..];
    assert_eq!(history[2].conversation, first);
    assert_eq!(history[2].begins.as_deref(), Some("Quando sarò pagato?"));
    assert_eq!(
        (history[2].opened, history[2].closed, history[2].outcome),
        (at(2), Some(at(2)), Some(Ending::LineaInps))
    );
    assert_eq!(history[2].segnalazioni[0].state, SegnalazioneState::Sending {});
}

#[test]
fn nobody_writes_to_an_office_beside_an_open_conversation() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    admit(&actor, 1);
    let id = message_id("r1");
    let refused = refused(actor.request(asker(), queue(), &id, "Quando?", at(2)));
    assert_eq!(refused.code, Code::ConversationOpen);
}
