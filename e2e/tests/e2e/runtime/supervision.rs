// SPDX-License-Identifier: EUPL-1.2
//! Reports, search and comments over HTTP, on the real objects: what happened is counted once, and only supervisors ask.

use infocig_e2e::{answer::Answer, desk::Desk, scene::Scene, wait};
use infocig_protocol::{
    desk::AssignmentState,
    entry::Outcome,
    figures::Dimension,
    http::{ConversationOpened, DeskSessionOpened},
    id::ConversationId,
    problem::Code,
    report::{AuditTrail, AuditedKind, Comments, FoundConversations, Report},
};
use serde_json::json;

const TODAY: &str = "from=2026-11-23&to=2026-11-23";

#[tokio::test]
async fn a_conversation_is_in_the_report_the_search_and_the_reading_list() {
    let scene = Scene::open().await.unwrap();
    scene.edge.set_clock("2026-11-23T20:00:00+01:00").await.unwrap();
    let refused = scene.ask(&scene.claims("worker-napoli").unwrap()).await.unwrap().problem().unwrap();
    scene.edge.set_clock(infocig_e2e::edge::A_WORKING_AFTERNOON).await.unwrap();
    let opened = talked(&scene).await;
    let session = scene.desk_session("supervisor").await.unwrap();

    let report = wait::until("the record is in the report", async || {
        let report: Report =
            ask(&scene, &session, &format!("report?{TODAY}&by=province")).await.document(200).ok()?;
        (report.total.rated.part == 1 && report.total.refused == 1).then_some(report)
    })
    .await
    .unwrap();
    assert_eq!((report.by, report.total.entered, report.total.answered), (Dimension::Province, 1, 1));
    let rows: Vec<_> = report.rows.iter().map(|row| (row.value.as_str(), row.figures.entered)).collect();
    assert!(rows.contains(&("058", 1)), "{rows:?}");
    assert_eq!(report.series.len(), 1);
    let refusals: Report =
        ask(&scene, &session, &format!("report?{TODAY}&by=refusal")).await.document(200).unwrap();
    let rows: Vec<_> = refusals.rows.iter().map(|row| (row.value.as_str(), row.figures.refused)).collect();
    assert_eq!(rows, [(refused.code.as_str(), 1)]);

    let path = format!("report?{TODAY}&by=province&format=csv&bom=true");
    let csv = ask(&scene, &session, &path).await;
    assert!(csv.header("content-type").starts_with("text/csv"), "{}", csv.header("content-type"));
    let lines: Vec<_> = csv.body.lines().collect();
    assert!(lines[0].contains("province,refused,requests,entered,answered"), "{}", lines[0]);
    assert_eq!(lines.len(), 2 + report.rows.len());
    let again = get(&scene, &session.ticket, &path).header("if-none-match", csv.header("etag"));
    let again = Answer::to(again).await.unwrap();
    assert_eq!((again.status, again.body.as_str(), again.header("etag")), (304, "", csv.header("etag")));

    for query in [
        format!("number={}", opened.conversation.number()),
        "outcome=online&from=2026-11-23&to=2026-11-23".into(),
        person_of(&scene, "worker-roma"),
    ] {
        let found = ask(&scene, &session, &format!("conversations?{query}")).await;
        let found: FoundConversations = found.document(200).unwrap();
        let ids: Vec<_> = found.conversations.iter().map(|one| &one.conversation).collect();
        assert_eq!(ids, [&opened.conversation], "{query}");
    }
    let nobody = person_of(&scene, "worker-napoli");
    for query in [nobody.as_str(), "segnalazione=LI-0", "protocol=INPS.0", "outcome=abandoned"] {
        let found: FoundConversations =
            ask(&scene, &session, &format!("conversations?{query}")).await.document(200).unwrap();
        assert!(found.conversations.is_empty(), "{query}");
    }

    let comments: Comments = ask(&scene, &session, "comments?handled=false").await.document(200).unwrap();
    assert_eq!(
        comments.comments.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(),
        ["=1+1, manca la data."]
    );
    for _ in 0..2 {
        assert_eq!(handle(&scene, &session, &opened.conversation).await.status, 204);
    }
    let comments: Comments = ask(&scene, &session, "comments?handled=false").await.document(200).unwrap();
    assert!(comments.comments.is_empty());

    // Acts arrive by the outbox of their object.
    let trail = wait::until("both acts are in the trail", async || {
        let trail: AuditTrail = ask(&scene, &session, "audit?limit=200").await.document(200).ok()?;
        let handled = trail.acts.iter().filter(|act| act.act == AuditedKind::HandledComment).count();
        (handled == 2).then_some(trail)
    })
    .await
    .unwrap();
    let kinds = |kind| trail.acts.iter().filter(|act| act.act == kind).count();
    assert_eq!(kinds(AuditedKind::Exported), 2, "one of them was answered 304");
    assert_eq!((kinds(AuditedKind::Searched), kinds(AuditedKind::ReadComments)), (7, 2));
    let handled: Vec<_> = trail.acts.iter().filter(|act| act.act == AuditedKind::HandledComment).collect();
    assert_eq!((handled.len(), handled[0].conversation.as_ref()), (2, Some(&opened.conversation)));
    let of_person = trail.acts.iter().flat_map(|act| &act.asked).filter(|asked| asked.name == "person");
    assert!(of_person.clone().count() > 0 && of_person.clone().all(|asked| asked.value.is_none()));
    let query = format!("audit?act=handled_comment&number={}&limit=1", opened.conversation.number());
    let first: AuditTrail = ask(&scene, &session, &query).await.document(200).unwrap();
    let next = format!("{query}&cursor={}", first.next.unwrap());
    let second: AuditTrail = ask(&scene, &session, &next).await.document(200).unwrap();
    assert_eq!((first.acts.len(), second.acts.len()), (1, 1));
    let none: AuditTrail =
        ask(&scene, &session, "audit?from=2026-11-24&to=2026-11-24").await.document(200).unwrap();
    assert!(none.acts.is_empty());
    let health = Answer::to(scene.edge.http().get(format!("{}/healthz", scene.edge.url()))).await.unwrap();
    let health: serde_json::Value = health.document(200).unwrap();
    assert_eq!((&health["refusals_waiting"], &health["refusals_lost"]), (&json!(0), &json!(0)));
}

#[tokio::test]
async fn an_advisor_and_a_supervisor_of_another_queue_are_refused() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let code = async |session: &DeskSessionOpened, path: &str| {
        ask(&scene, session, path).await.problem().map(|problem| problem.code).unwrap()
    };
    let advisor = scene.desk_session("advisor-giulia").await.unwrap();
    for path in
        [&format!("report?{TODAY}"), &format!("report?{TODAY}&by=hour"), "conversations", "comments", "audit"]
    {
        assert_eq!(code(&advisor, path).await, Code::NotSupervisor, "{path}");
    }
    let refused = handle(&scene, &advisor, &opened.conversation).await.problem().unwrap();
    assert_eq!(refused.code, Code::NotSupervisor);
    let own: Report =
        ask(&scene, &advisor, &format!("report?{TODAY}&by=advisor")).await.document(200).unwrap();
    assert_eq!((own.rows.len(), own.total.entered), (0, 0));

    let supervisor = scene.desk_session("supervisor").await.unwrap();
    for (path, expected) in [
        (format!("report?{TODAY}&queue=other"), Code::NotSupervisor),
        ("conversations?queue=other".into(), Code::NotSupervisor),
        ("comments?queue=other".into(), Code::NotSupervisor),
        ("audit?queue=other".into(), Code::NotSupervisor),
        ("conversations?advisor=adv-1".into(), Code::NotPerAdvisor),
        (format!("report?{TODAY}&by=advisor"), Code::NotPerAdvisor),
        ("report?from=2026-11-24&to=2026-11-23".into(), Code::RequestInvalid),
        ("report?from=1990-01-01&to=2026-11-23".into(), Code::RequestInvalid),
        ("conversations?cursor=garbage".into(), Code::RequestInvalid),
        ("conversations?issuer=x&person=RSSMRA85T10A562S".into(), Code::RequestInvalid),
    ] {
        assert_eq!(code(&supervisor, &path).await, expected, "{path}");
    }
    let other = handle(&scene, &supervisor, &opened.conversation).await.problem().unwrap();
    assert_eq!(other.code, Code::NotFound, "nobody wrote a comment");
    let with_a_persons = get(&scene, &opened.ticket, &format!("report?{TODAY}"));
    assert_eq!(Answer::to(with_a_persons).await.unwrap().problem().unwrap().code, Code::TicketInvalid);
}

/// A conversation that is answered, closed, rated and wrapped up.
async fn talked(scene: &Scene) -> ConversationOpened {
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut chat = scene.chat(&opened).await.unwrap();
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    let own = desk.answer(&opened.conversation).await.unwrap();
    chat.close().await.unwrap();
    let rating = json!({ "answer": "partly", "comment": "=1+1, manca la data." });
    let url = format!("{}/v1/conversations/{}/rating", scene.edge.url(), opened.conversation);
    let said =
        Answer::to(scene.edge.http().post(url).bearer_auth(&opened.ticket).json(&rating)).await.unwrap();
    assert_eq!(said.status, 204);
    let wraps_up = |desk: &Desk| {
        let own = desk.own(&opened.conversation)?;
        matches!(own.state, AssignmentState::WrapUp { .. }).then_some(())
    };
    desk.see("wrapping up", wraps_up).await.unwrap();
    desk.close(&own.conversation, Outcome::Online).await.unwrap();
    wait::until("the record", async || (scene.register().await.ok()?.len() == 1).then_some(()))
        .await
        .unwrap();
    opened
}

async fn ask(scene: &Scene, session: &DeskSessionOpened, path: &str) -> Answer {
    Answer::to(get(scene, &session.ticket, path)).await.unwrap()
}

fn get(scene: &Scene, ticket: &str, path: &str) -> reqwest::RequestBuilder {
    scene.edge.http().get(format!("{}/v1/supervision/{path}", scene.edge.url())).bearer_auth(ticket)
}

async fn handle(scene: &Scene, session: &DeskSessionOpened, conversation: &ConversationId) -> Answer {
    let url = format!("{}/v1/supervision/comments/{conversation}/handled", scene.edge.url());
    Answer::to(scene.edge.http().post(url).bearer_auth(&session.ticket)).await.unwrap()
}

/// The parameters that name a person as their portal does.
fn person_of(scene: &Scene, person: &str) -> String {
    let claims = scene.claims(person).unwrap();
    let claim = |name: &str| claims.as_value()[name].as_str().unwrap().to_string();
    format!("issuer={}&person={}", claim("iss"), claim("sub"))
}
