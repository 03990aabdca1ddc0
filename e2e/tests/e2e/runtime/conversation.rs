// SPDX-License-Identifier: EUPL-1.2
//! Conversations of a person and an advisor: both have the same log.

use infocig_e2e::{
    chat::Refused,
    desk::Desk,
    hostile_texts,
    scene::{Scene, socket_path},
};
use infocig_protocol::{
    close,
    entry::{Author, Entry, EntryBody, Outcome, Party, Phase},
    http::ConversationOpened,
    language::Language,
    limits::MAX_MESSAGE_CHARS,
    person::{ActingFor, Category, Credential, EntryPoint, PersonCard},
    problem::Code,
};

#[tokio::test]
async fn a_person_and_an_advisor_talk_from_the_first_word_to_the_farewell() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("titolare-milano").await.unwrap();
    let mut citizen = scene.chat(&opened).await.unwrap();
    assert_eq!(citizen.welcome.conversation, opened.conversation);
    assert_eq!((citizen.welcome.party, &citizen.welcome.person), (Party::Citizen, &None));
    assert!(matches!(citizen.welcome.phase, Phase::Waiting { .. }));
    citizen.post_message("Buongiorno, a che punto è la domanda?").await.unwrap();

    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    let waiting = desk.see("who waits", |desk| desk.waits(&opened.conversation)).await.unwrap();
    assert_eq!(waiting, ettore());
    let own = desk.take_and_hold(&opened.conversation).await.unwrap();
    assert_eq!((own.person.clone(), desk.unanswered().len()), (ettore(), 0));

    let mut advisor = scene.advise(&own).await.unwrap();
    assert_eq!((advisor.welcome.party, &advisor.welcome.person), (Party::Advisor, &Some(ettore())));
    assert!(
        matches!(&advisor.welcome.phase, Phase::Active { advisor, .. } if advisor == "Giulia"),
        "{:?}",
        advisor.welcome.phase
    );
    let assigned = citizen.listen().await.unwrap();
    assert_eq!(assigned.body, EntryBody::Assigned { advisor: "Giulia".into() });
    advisor.post_message("Buongiorno, sono Giulia: guardo subito.").await.unwrap();
    citizen.listen().await.unwrap();
    citizen.post_message("Grazie.").await.unwrap();
    advisor.listen().await.unwrap();

    advisor.close().await.unwrap();
    assert_eq!(advisor.refused().await.unwrap(), Refused { code: Code::TopicNeeded, message: None });
    desk.close(&opened.conversation, Outcome::Online).await.unwrap();
    for side in [&mut citizen, &mut advisor] {
        let last = side.listen().await.unwrap();
        assert_eq!(last.body, EntryBody::Closed { by: Party::Advisor, outcome: Some(Outcome::Online) });
        assert_eq!(side.socket.closed().await.unwrap(), close::NORMAL);
    }
    assert_eq!(citizen.log, advisor.log);
    assert_eq!(sequence(&citizen.log), [1, 2, 3, 4, 5, 6]);
    let giulia = Author::Advisor { name: "Giulia".into() };
    assert_eq!(
        citizen.texts(),
        [
            (&Author::Citizen, "Buongiorno, a che punto è la domanda?"),
            (&giulia, "Buongiorno, sono Giulia: guardo subito."),
            (&Author::Citizen, "Grazie."),
        ]
    );
    desk.see("an empty desk", |desk| desk.is_empty().then_some(())).await.unwrap();
}

#[tokio::test]
async fn a_person_may_end_the_conversation_while_waiting() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut citizen = scene.chat(&opened).await.unwrap();
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    desk.see("who waits", |desk| desk.waits(&opened.conversation)).await.unwrap();

    citizen.close().await.unwrap();

    let last = citizen.listen().await.unwrap();
    assert_eq!(last.body, EntryBody::Closed { by: Party::Citizen, outcome: None });
    assert_eq!(citizen.socket.closed().await.unwrap(), close::NORMAL);
    desk.see("an empty desk", |desk| desk.is_empty().then_some(())).await.unwrap();
}

#[tokio::test]
async fn after_the_farewell_the_log_can_be_read_and_a_new_conversation_begins() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut citizen = scene.chat(&opened).await.unwrap();
    citizen.post_message("Ho già risolto.").await.unwrap();
    citizen.close().await.unwrap();
    citizen.listen().await.unwrap();

    let mut again = scene.chat(&opened).await.unwrap();
    assert!(matches!(again.welcome.phase, Phase::Closed { by: Party::Citizen, .. }));
    assert_eq!(again.log, citizen.log);
    assert_eq!(again.socket.closed().await.unwrap(), close::NORMAL);
    let next = scene.enter("worker-roma").await.unwrap();
    assert_eq!(next.conversation.object(), opened.conversation.object());
    assert!(opened.conversation.ordinal() < next.conversation.ordinal());
    let next = scene.chat(&next).await.unwrap();
    assert_eq!(sequence(&next.log), [1]);
}

#[tokio::test]
async fn a_token_presented_twice_and_a_second_tab_lead_to_the_same_conversation() {
    let scene = Scene::open().await.unwrap();
    let token = scene.token(&scene.claims("worker-roma").unwrap()).unwrap();

    let first: ConversationOpened = scene.present(Some(&token)).await.unwrap().document(201).unwrap();
    let same: ConversationOpened = scene.present(Some(&token)).await.unwrap().document(200).unwrap();
    let tab = scene.enter_again("worker-roma").await.unwrap();

    assert_eq!([&same.conversation, &tab.conversation], [&first.conversation, &first.conversation]);
    let (mut one, mut two) = (scene.chat(&first).await.unwrap(), scene.chat(&tab).await.unwrap());
    let said = one.post_message("Dalla prima scheda").await.unwrap();
    assert_eq!(two.listen().await.unwrap(), said);
    let said = two.post_message("Dalla seconda scheda").await.unwrap();
    assert_eq!(one.listen().await.unwrap(), said);
}

#[tokio::test]
async fn people_who_act_for_different_companies_have_different_conversations() {
    let scene = Scene::open().await.unwrap();
    let claims = scene.claims("consulente-napoli").unwrap();
    let other = claims.clone().with("matricola_inps", "9900000263");

    let first: ConversationOpened = scene.ask(&claims).await.unwrap().document(201).unwrap();
    let second: ConversationOpened = scene.ask(&other).await.unwrap().document(201).unwrap();

    assert_ne!(first.conversation.object(), second.conversation.object());
}

#[tokio::test]
async fn a_representative_is_shown_with_the_person_they_act_for() {
    let scene = Scene::open().await.unwrap();
    let tutor = scene.enter("tutore-napoli").await.unwrap();
    let represented = scene.enter("worker-napoli").await.unwrap();
    assert_ne!(tutor.conversation.object(), represented.conversation.object());
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    let shown = async |desk: &mut Desk, opened: &ConversationOpened| {
        let waiting = desk.see("who waits", |desk| desk.waits(&opened.conversation)).await.unwrap();
        let own = desk.take_and_hold(&opened.conversation).await.unwrap();
        let advisor = scene.advise(&own).await.unwrap();
        assert_eq!([&own.person, advisor.welcome.person.as_ref().unwrap()], [&waiting; 2]);
        waiting
    };

    let carmine = PersonCard {
        name: "Carmine Improta".into(),
        category: Category::Lavoratore,
        province: "063".into(),
        province_name: "Napoli".into(),
        credential: Credential::Cie,
        acting_for: None,
        language: Language::It,
        entry_point: Some(EntryPoint::Myinps),
        about: None,
        question: None,
    };
    let for_carmine = ActingFor { name: carmine.name.clone(), matricola: None };
    let assunta =
        PersonCard { name: "Assunta Esposito".into(), acting_for: Some(for_carmine), ..carmine.clone() };
    assert_eq!(shown(&mut desk, &tutor).await, assunta);
    assert_eq!(shown(&mut desk, &represented).await, carmine);
    assert_eq!(scene.enter_again("tutore-napoli").await.unwrap().conversation, tutor.conversation);
    assert_eq!(scene.enter_again("worker-napoli").await.unwrap().conversation, represented.conversation);
}

#[tokio::test]
async fn a_delegation_is_kept_over_a_power_cut() {
    let mut scene = Scene::open().await.unwrap();
    let tutor = scene.enter("tutore-napoli").await.unwrap();
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    let before = desk.see("who waits", |desk| desk.waits(&tutor.conversation)).await.unwrap();

    scene.edge.restart().await.unwrap();

    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    let own = desk.take_and_hold(&tutor.conversation).await.unwrap();
    assert_eq!(own.person, before);
    assert_eq!(own.person.acting_for.map(|other| other.name).as_deref(), Some("Carmine Improta"));
}

#[tokio::test]
async fn the_same_message_id_twice_is_one_entry() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut citizen = scene.chat(&opened).await.unwrap();
    let mut tab = scene.chat(&opened).await.unwrap();

    citizen.post("m-1", "Una volta sola").await.unwrap();
    let first = citizen.entries().await.unwrap();
    citizen.post("m-1", "Una volta sola").await.unwrap();
    let second = citizen.entries().await.unwrap();
    citizen.post("m-1", "con altre parole").await.unwrap();
    let third = citizen.entries().await.unwrap();

    assert_eq!((&second, &third), (&first, &first));
    tab.listen().await.unwrap();
    citizen.post("m-2", "E poi un'altra").await.unwrap();
    assert_eq!(tab.listen().await.unwrap().seq, 3, "repetitions are for the sender alone");
    let again = scene.chat(&opened).await.unwrap();
    assert_eq!(sequence(&again.log), [1, 2, 3]);
}

#[tokio::test]
async fn both_sides_may_use_the_same_message_id() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    desk.see("who waits", |desk| desk.waits(&opened.conversation)).await.unwrap();
    let own = desk.take_and_hold(&opened.conversation).await.unwrap();
    let mut citizen = scene.chat(&opened).await.unwrap();
    let mut advisor = scene.advise(&own).await.unwrap();

    citizen.post("m-1", "Da chi chiede").await.unwrap();
    citizen.listen().await.unwrap();
    advisor.listen().await.unwrap();
    advisor.post("m-1", "Da chi risponde").await.unwrap();
    advisor.listen().await.unwrap();
    citizen.listen().await.unwrap();

    assert_eq!(citizen.texts().len(), 2);
    assert_eq!(citizen.log, advisor.log);
}

#[tokio::test]
async fn a_resumed_link_receives_exactly_the_missing_entries() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut citizen = scene.chat(&opened).await.unwrap();
    for text in ["uno", "due", "tre"] {
        citizen.post_message(text).await.unwrap();
    }

    for after in 0..=4 {
        let resumed = scene.chat_after(&opened, after).await.unwrap();
        assert_eq!(resumed.log, citizen.log[usize::try_from(after).unwrap()..], "after {after}");
        let nothing_more = resumed.socket.leave().await;
        nothing_more.unwrap();
    }
    let from_another_life = scene.chat_after(&opened, 5).await.unwrap();
    assert_eq!(from_another_life.log, citizen.log);
}

#[tokio::test]
async fn a_long_log_comes_whole_and_in_order() {
    let scene = Scene::without_rate_limits().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut citizen = scene.chat(&opened).await.unwrap();
    for number in 0..450 {
        citizen.post(&format!("m-{number}"), &format!("riga {number}")).await.unwrap();
    }
    for _ in 0..450 {
        citizen.listen().await.unwrap();
    }

    let again = scene.chat(&opened).await.unwrap();

    assert_eq!(again.log, citizen.log);
    assert_eq!(again.log.len(), 451);
}

#[tokio::test]
async fn a_message_has_one_to_four_thousand_characters() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut citizen = scene.chat(&opened).await.unwrap();
    // Four bytes each in UTF-8, twelve when JSON escapes them.
    let longest = "🐟".repeat(MAX_MESSAGE_CHARS);

    let entry = citizen.post_message(&longest).await.unwrap();
    assert!(matches!(entry.body, EntryBody::Message { text, .. } if text == longest));
    citizen.post("too-long", &format!("{longest}!")).await.unwrap();
    assert_eq!(citizen.refused().await.unwrap(), about("too-long", Code::MessageTooLong));
    for empty in ["", " \n\t "] {
        citizen.post("empty", empty).await.unwrap();
        assert_eq!(citizen.refused().await.unwrap(), about("empty", Code::MessageEmpty));
    }

    let entry = citizen.post_message("Il collegamento è rimasto.").await.unwrap();
    assert_eq!(entry.seq, 3, "refused messages take no number");
}

#[tokio::test]
async fn every_text_reaches_both_sides_unchanged() {
    let scene = Scene::without_rate_limits().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut citizen = scene.chat(&opened).await.unwrap();
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    desk.see("who waits", |desk| desk.waits(&opened.conversation)).await.unwrap();
    let own = desk.take_and_hold(&opened.conversation).await.unwrap();
    citizen.listen().await.unwrap();
    let mut advisor = scene.advise(&own).await.unwrap();

    let texts = hostile_texts::texts();
    for text in &texts {
        citizen.post_message(text).await.unwrap();
        advisor.listen().await.unwrap();
        advisor.post_message(text).await.unwrap();
        citizen.listen().await.unwrap();
    }
    citizen
        .socket
        .send_text(format!("{{\"post\":{{\"id\":\"m\",\"text\":\"{}\"}}}}", "x".repeat(1_000_000)))
        .await
        .unwrap();
    assert_eq!(citizen.refused().await.unwrap().code, Code::FrameTooLarge);

    let again = scene.chat(&opened).await.unwrap();
    assert_eq!(again.log, citizen.log);
    assert_eq!(again.log, advisor.log);
    let said: Vec<&str> = again.texts().into_iter().map(|(_, text)| text).collect();
    let written: Vec<&str> = texts.iter().flat_map(|text| [text.as_str(), text.as_str()]).collect();
    assert_eq!(said, written);
}

#[tokio::test]
async fn only_the_advisor_who_holds_a_conversation_reads_it() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut giulia = scene.desk("advisor-giulia").await.unwrap();
    giulia.see("who waits", |desk| desk.waits(&opened.conversation)).await.unwrap();
    let own = giulia.take_and_hold(&opened.conversation).await.unwrap();
    let marco = scene.desk_session("advisor-marco").await.unwrap();

    let path = socket_path(&opened.conversation);
    // The ticket of another conversation opens no socket, and hello with another ticket than that of the upgrade is refused.
    let answer = scene.try_socket(&path, Some(&marco.ticket)).await.unwrap();
    assert_eq!(answer.unwrap_err().problem().unwrap().code, Code::TicketInvalid);
    let mut socket = scene.socket_at(&path, own.ticket.as_deref().unwrap()).await.unwrap();
    socket.send(&infocig_e2e::chat::hello(&marco.ticket, 0)).await.unwrap();

    assert_eq!(infocig_e2e::chat::refused(&mut socket).await.unwrap().code, Code::TicketInvalid);
    assert_eq!(socket.closed().await.unwrap(), close::REFUSED);
    scene.advise(&own).await.unwrap();
}

fn sequence(log: &[Entry]) -> Vec<u64> {
    log.iter().map(|entry| entry.seq).collect()
}

fn about(message: &str, code: Code) -> Refused {
    let message = infocig_protocol::id::MessageId::parse(message).unwrap();
    Refused { code, message: Some(message) }
}

fn ettore() -> PersonCard {
    PersonCard {
        name: "Ettore Colombini".into(),
        category: Category::Titolare,
        province: "015".into(),
        province_name: "Milano".into(),
        credential: Credential::SpidL2,
        acting_for: Some(ActingFor {
            name: "Officine Fantasia S.r.l.".into(),
            matricola: Some("9900000015".into()),
        }),
        language: Language::It,
        entry_point: Some(EntryPoint::CassettoPrevidenziale),
        about: None,
        question: None,
    }
}
