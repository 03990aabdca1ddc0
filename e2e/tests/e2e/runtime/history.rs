// SPDX-License-Identifier: EUPL-1.2
//! The history of a person: sent to the advisor of their conversation and to no other.

use infocig_e2e::{chat::Chat, scene::Scene};
use infocig_protocol::{
    entry::{Entry, EntryBody, Outcome, Party},
    frame::{ClientFrame, EarlierConversation},
    id::ConversationId,
    problem::Code,
};

#[tokio::test]
async fn only_the_answering_advisor_reads_the_earlier_conversations_of_a_person() {
    let mut scene = Scene::with_capacity().await.unwrap();
    let mut giulia = scene.desk("advisor-giulia").await.unwrap();
    let first = scene.enter("worker-roma").await.unwrap();
    let mut citizen = scene.chat(&first).await.unwrap();
    let own = giulia.answer(&first.conversation).await.unwrap();
    let mut advisor = scene.advise(&own).await.unwrap();
    advisor.post_message("La domanda è in istruttoria.").await.unwrap();
    giulia.close(&first.conversation, Outcome::LineaInps).await.unwrap();
    citizen.listen_until(|body| matches!(body, EntryBody::Closed { .. })).await.unwrap();
    let log = citizen.log;
    let second = scene.enter("worker-roma").await.unwrap();
    let mut citizen = scene.chat(&second).await.unwrap();
    citizen.close().await.unwrap();
    citizen.listen_until(|body| matches!(body, EntryBody::Closed { .. })).await.unwrap();

    let stranger = scene.enter("worker-napoli").await.unwrap();
    scene.edge.restart().await.unwrap();
    let mut giulia = scene.desk("advisor-giulia").await.unwrap();
    let third = scene.enter("worker-roma").await.unwrap();
    let own = giulia.answer(&third.conversation).await.unwrap();
    let mut advisor = scene.advise(&own).await.unwrap();

    let told = advisor.history().await.unwrap();
    let of_first = EarlierConversation {
        conversation: first.conversation.clone(),
        opened: log[0].at,
        closed: log[3].at,
        by: Party::Advisor,
        outcome: Some(Outcome::LineaInps),
        advisor: Some("Giulia".into()),
        preview: log[1].message().map(|(.., text)| text.clone()),
        entries: 4,
        segnalazioni: Vec::new(),
    };
    assert_eq!(told[1], of_first);
    let EarlierConversation { conversation, by, outcome, advisor: nobody, entries, .. } = &told[0];
    assert_eq!((conversation, *by, *outcome), (&second.conversation, Party::Citizen, None));
    assert_eq!((nobody, *entries, told.len()), (&None, 2, 2));
    assert_eq!(advisor.history_page(&first.conversation, None).await.unwrap(), log);
    assert_eq!(advisor.history_page(&first.conversation, Some(3)).await.unwrap(), log[..2]);
    assert_eq!(advisor.history_page(&first.conversation, Some(1)).await.unwrap(), Vec::<Entry>::new());

    for target in [&third.conversation, &stranger.conversation] {
        assert_eq!(refused(&mut advisor, target).await, Code::NotFound, "{target}");
    }
    let mut citizen = scene.chat(&third).await.unwrap();
    assert_eq!(refused(&mut citizen, &first.conversation).await, Code::NotAssigned);
    citizen.post_message("Sono di nuovo io.").await.unwrap();
    assert_eq!(advisor.listen().await.unwrap().seq, 3, "the link stays, and so does this log");
}

async fn refused(side: &mut Chat, target: &ConversationId) -> Code {
    let asked = ClientFrame::History { conversation: target.clone(), before: None };
    side.socket.send(&asked).await.unwrap();
    side.refused().await.unwrap().code
}
