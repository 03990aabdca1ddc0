// SPDX-License-Identifier: EUPL-1.2
//! Three queues at one desk: an advisor of two of them, a transfer to the third, and nothing of a queue for anybody else.

use infocig_e2e::{answer::Answer, desk::Desk, edge::policy_of_three_queues, scene::Scene, wait};
use infocig_protocol::{
    desk::{DeskClientFrame, Presence, TransferTo},
    entry::{EntryBody, Outcome},
    http::{ConversationOpened, DeskSessionOpened},
    id::{ConversationId, QueueId},
    problem::Code,
    report::{FoundConversations, Report},
};

#[tokio::test]
async fn an_advisor_of_two_queues_answers_both_and_transfers_to_the_third() {
    let scene = of_three_queues().await;
    let mut giulia = scene.desk_of("advisor-giulia", &["lavoratori", "aziende"]).await.unwrap();
    let mut marco = scene.desk_of("advisor-marco", &["consulenti"]).await.unwrap();
    let own: Vec<_> = giulia.welcome.queues.iter().map(|queue| (&*queue.name, queue.own)).collect();
    assert_eq!(own, [("Lavoratori", true), ("Aziende", true), ("Consulenti", false)]);

    let (worker, owner) = (enters(&scene, "worker-roma").await, enters(&scene, "titolare-milano").await);
    for (opened, queue) in [(&worker, "lavoratori"), (&owner, "aziende")] {
        let own = giulia.answer(&opened.conversation).await.unwrap();
        assert_eq!(own.queue, Some(named(queue)));
    }
    let mut citizen = scene.chat(&owner).await.unwrap();
    let entered = entered_at(&giulia, &owner.conversation);
    giulia.transfer(&owner.conversation, TransferTo::OtherQueue(named("consulenti")), None).await.unwrap();

    let passed = EntryBody::Transferred { advisor: None };
    while citizen.log.last().unwrap().body != passed {
        citizen.listen().await.unwrap();
    }
    let own = marco.answer(&owner.conversation).await.unwrap();
    assert_eq!((own.arrived, own.queue), (entered, Some(named("consulenti"))), "the first instant of entry");
    assert!(
        giulia
            .see("that it is gone", |desk| desk.own(&owner.conversation).is_none().then_some(()))
            .await
            .is_ok()
    );
    assert_eq!(citizen.listen().await.unwrap().body, EntryBody::Assigned { advisor: "Marco".into() });
    marco.close(&owner.conversation, Outcome::Online).await.unwrap();
    marco.close(&owner.conversation, Outcome::Online).await.unwrap();

    let passed = async |queue: &str| {
        let session = session(&scene, "supervisor", &[queue]).await;
        let report = wait::until("the conversation is in the report", async || {
            let report: Report = ask(&scene, &session, TODAY).await.document(200).ok()?;
            (report.total.passed_in + report.total.passed_out > 0).then_some(report)
        });
        let total = report.await.unwrap().total;
        (total.entered, total.passed_in, total.passed_out)
    };
    assert_eq!(passed("aziende").await, (0, 0, 1));
    assert_eq!(passed("consulenti").await, (1, 1, 0));
}

#[tokio::test]
async fn nobody_sees_takes_or_is_given_a_conversation_of_a_queue_that_is_not_theirs() {
    let scene = of_three_queues().await;
    let mut giulia = scene.desk_of("advisor-giulia", &["lavoratori", "aziende"]).await.unwrap();
    let mut marco = scene.desk_of("advisor-marco", &["consulenti"]).await.unwrap();
    giulia.be(Presence::Busy).await.unwrap();
    let consultant = enters(&scene, "consulente-napoli").await;
    let id = consultant.conversation;
    marco.answer(&id).await.unwrap();

    giulia.send(&DeskClientFrame::Take { conversation: id.clone() }).await.unwrap();
    refused(&mut giulia, Code::NotWaiting, &id).await;
    giulia.send(&DeskClientFrame::Notes { conversation: id.clone() }).await.unwrap();
    refused(&mut giulia, Code::NotAssigned, &id).await;
    assert!(giulia.picture.waiting.is_empty() && giulia.picture.mine.is_empty());
    assert!(giulia.picture.colleagues.iter().all(|one| one.name != "Marco"), "they share no queue");

    giulia.be(Presence::Available).await.unwrap();
    marco.transfer(&id, TransferTo::Advisor(giulia.id()), None).await.unwrap();
    refused(&mut marco, Code::AdvisorUnavailable, &id).await;
    let invite = DeskClientFrame::Invite { conversation: id.clone(), advisor: giulia.id() };
    marco.send(&invite).await.unwrap();
    marco.see("the second refusal", |desk| (desk.refused.len() == 2).then_some(())).await.unwrap();
    marco.transfer(&id, TransferTo::OtherQueue(named("altrove")), None).await.unwrap();
    refused(&mut marco, Code::RequestInvalid, &id).await;

    let mut teresa = scene.desk_of("supervisor", &["lavoratori"]).await.unwrap();
    let panel = teresa.see("a panel", |desk| desk.panel.clone()).await.unwrap();
    assert!(panel.conversations.is_empty() && panel.waiting.number == 0 && panel.queues.is_empty());
    teresa.send(&DeskClientFrame::TakeOver { conversation: id.clone() }).await.unwrap();
    refused(&mut teresa, Code::NotWaiting, &id).await;
}

#[tokio::test]
async fn a_supervisor_asks_over_http_about_their_queues_alone() {
    let scene = of_three_queues().await;
    let session = session(&scene, "supervisor", &["lavoratori", "aziende"]).await;
    assert_eq!(session.queues, [named("lavoratori"), named("aziende")]);

    let both: Report = ask(&scene, &session, TODAY).await.document(200).unwrap();
    assert_eq!(both.queues, session.queues);
    let one: Report = ask(&scene, &session, &format!("{TODAY}&queue=aziende")).await.document(200).unwrap();
    assert_eq!(one.queues, [named("aziende")]);
    for path in [
        "report?from=2026-11-23&to=2026-11-23&queue=consulenti",
        "conversations?queue=consulenti",
        "comments?queue=consulenti",
    ] {
        let refused = get(&scene, &session, path).await.problem().unwrap();
        assert_eq!(refused.code, Code::NotSupervisor, "{path}");
    }
    let found: FoundConversations = get(&scene, &session, "conversations").await.document(200).unwrap();
    assert!(found.conversations.is_empty());
}

#[tokio::test]
async fn an_advisor_of_no_known_queue_does_not_sign_in() {
    let scene = of_three_queues().await;
    let refused = scene.desk_session_of("advisor-giulia", &["altrove"]).await.unwrap().problem().unwrap();
    assert_eq!(refused.code, Code::TokenClaim);
    assert!(refused.detail.contains("infocig_queues"), "{}", refused.detail);
}

async fn of_three_queues() -> Scene {
    let policy = policy_of_three_queues().unwrap();
    Scene::with(|options| options.with_policy(policy)).await.unwrap()
}

async fn enters(scene: &Scene, person: &str) -> ConversationOpened {
    scene.enter(person).await.unwrap()
}

async fn session(scene: &Scene, advisor: &str, queues: &[&str]) -> DeskSessionOpened {
    scene.desk_session_of(advisor, queues).await.unwrap().document(201).unwrap()
}

async fn ask(scene: &Scene, session: &DeskSessionOpened, query: &str) -> Answer {
    get(scene, session, &format!("report?{query}")).await
}

async fn get(scene: &Scene, session: &DeskSessionOpened, path: &str) -> Answer {
    let url = format!("{}/v1/supervision/{path}", scene.edge.url());
    Answer::to(scene.edge.http().get(url).bearer_auth(&session.ticket)).await.unwrap()
}

async fn refused(desk: &mut Desk, code: Code, id: &ConversationId) {
    let refusal = (code, Some(id.clone()));
    desk.see("the refusal", |desk| desk.refused.contains(&refusal).then_some(())).await.unwrap();
}

fn entered_at(desk: &Desk, id: &ConversationId) -> infocig_protocol::time::Timestamp {
    desk.own(id).unwrap().arrived
}

fn named(queue: &str) -> QueueId {
    QueueId::parse(queue).unwrap()
}

const TODAY: &str = "from=2026-11-23&to=2026-11-23";
