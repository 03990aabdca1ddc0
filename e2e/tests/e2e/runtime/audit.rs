// SPDX-License-Identifier: EUPL-1.2
//! The audit trail on the real objects: no act and no look without its row, whenever the power goes; who reads which rows; and
//! nothing that can be altered unseen.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use infocig_demo::ADVISOR_TYPE;
use infocig_e2e::{answer::Answer, artefacts, scene::Scene, wait};
use infocig_protocol::{
    http::DeskSessionOpened,
    policy::{PolicyHistory, PolicyVersion},
    problem::Code,
    report::{AuditTrail, AuditedAct, AuditedKind},
};
use rusqlite::Connection;
use serde_json::json;
use tokio::process::Command;

/// Every second time the power goes at the moment of the answer, while the record is under way from the object of the act to the
/// trail; every other time before, at an instant of its own.
#[tokio::test]
async fn whenever_the_power_goes_no_act_is_without_its_record() {
    let mut scene = Scene::open().await.unwrap();
    let mut answered = BTreeSet::new();
    for number in 0..CUTS {
        // A session of the instance before is not asked about: tickets outlive a power cut.
        let anna = session(&scene, "anna", "administrator").await;
        let ada = scene.desk_session("supervisor").await.unwrap();
        let acting = tokio::spawn(Answer::to(request(&scene, &anna, &ada, number)));
        if number % 2 == 0 {
            let answer = acting.await.unwrap().unwrap();
            scene.edge.kill();
            assert!((200..300).contains(&answer.status), "{}", answer.body);
            answered.insert(answer.header("x-request-id").to_owned());
        } else {
            // Not a wait for a condition: the instant of the power cut.
            tokio::time::sleep(Duration::from_micros(100_000 * number / CUTS)).await;
            scene.edge.kill();
            if let Some(answer) = acting.await.unwrap().ok().filter(|answer| answer.status < 300) {
                answered.insert(answer.header("x-request-id").to_owned());
            }
        }
        // The clock of the instance before is gone: it goes on, so that no version lies in the future of the next one.
        let (minute, second) = (21 + number / 10, number % 10 * 6);
        scene.edge.restart_at(&format!("2026-11-23T15:{minute}:{second:02}+01:00")).await.unwrap();
    }
    assert!(answered.len() >= usize::try_from(CUTS / 2).unwrap(), "the test was too kind");

    let rita = session(&scene, "rita", "auditor").await;
    let anna = session(&scene, "anna", "administrator").await;
    let made = versions(&scene, &anna).await;
    let acts = wait::until("every act of the rules is in the trail", async || {
        let acts = all(&scene, &rita).await;
        let told: Vec<String> =
            of(&acts, AuditedKind::PutBannerUp).filter_map(|act| act.subject.clone()).collect();
        (told.iter().collect::<BTreeSet<_>>().len() >= made.len()).then_some(acts)
    })
    .await
    .unwrap();
    // Once each: an act has one record, and a record an act.
    let mut told: Vec<String> =
        of(&acts, AuditedKind::PutBannerUp).filter_map(|act| act.subject.clone()).collect();
    told.sort();
    assert_eq!(told, made);
    let kept: BTreeSet<String> = acts.iter().filter_map(|act| act.request.clone()).collect();
    let missing: Vec<_> = answered.difference(&kept).collect();
    assert!(missing.is_empty(), "answered, and not in the trail: {missing:?}");
    println!("{} answered of {CUTS}, {} versions, {} rows", answered.len(), made.len(), acts.len());

    let (code, said) = verify(&["--data", &scene.edge.folder().display().to_string()]).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("WHOLE: "), "{said}");
}

/// Whether there is a row or not must not depend on whether anybody notices: a trail that cannot be written stops looks.
#[tokio::test]
async fn what_cannot_be_written_down_is_not_answered_and_acts_wait_for_their_record() {
    let mut scene = Scene::open().await.unwrap();
    let anna = session(&scene, "anna", "administrator").await;
    let ada = scene.desk_session("supervisor").await.unwrap();
    alter(&mut scene, concat!("ALTER", " TABLE audit_row RENAME TO taken_away")).await;

    for path in
        ["conversations", "comments", "audit", "audit?format=json", "report?from=2026-11-23&to=2026-11-23"]
    {
        let refused = supervision(&scene, &ada, path).await;
        assert_eq!((refused.status, refused.problem().unwrap().code), (503, Code::NotStoring), "{path}");
    }
    let refused = get(&scene, &ada, "/v1/desk/segnalazioni").await;
    assert_eq!(refused.problem().unwrap().code, Code::NotStoring);
    let token = scene.issuer.sign(ADVISOR_TYPE, &scene.advisor_claims("supervisor").unwrap()).unwrap();
    let refused = scene.present_at("/v1/desk/sessions", Some(&token)).await.unwrap();
    assert_eq!(refused.problem().unwrap().code, Code::NotStoring, "nobody signs in");
    // Citizens notice nothing.
    scene.enter("worker-roma").await.unwrap();
    let banner = banner(&scene, &anna, 1);
    let version: PolicyVersion = Answer::to(banner).await.unwrap().document(201).unwrap();

    alter(&mut scene, concat!("ALTER", " TABLE taken_away RENAME TO audit_row")).await;
    let rita = session(&scene, "rita", "auditor").await;
    let acts = wait::until("the act is in the trail", async || {
        let acts = all(&scene, &rita).await;
        let has_come = of(&acts, AuditedKind::PutBannerUp).next().is_some();
        has_come.then_some(acts)
    })
    .await
    .unwrap();
    let told: Vec<_> = of(&acts, AuditedKind::PutBannerUp).map(|act| act.subject.clone()).collect();
    assert_eq!(told, [Some(version.number.to_string())]);
    assert_eq!(of(&acts, AuditedKind::Searched).count(), 0, "what was refused was not seen by anybody");
}

#[tokio::test]
async fn an_auditor_reads_everything_and_a_supervisor_their_own_and_every_look_is_a_row() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    let own = desk.answer(&opened.conversation).await.unwrap();
    let ticket = own.ticket.clone().unwrap();
    let transcript = format!("/v1/conversations/{}/transcript?format=text", opened.conversation);
    let paper =
        Answer::to(scene.edge.http().get(format!("{}{transcript}", scene.edge.url())).bearer_auth(&ticket));
    assert_eq!(paper.await.unwrap().status, 200);
    let anna = session(&scene, "anna", "administrator").await;
    Answer::to(banner(&scene, &anna, 1)).await.unwrap().document::<PolicyVersion>(201).unwrap();
    let forged =
        scene.issuer.sign(ADVISOR_TYPE, &scene.advisor_claims("supervisor").unwrap().with("aud", "other"));
    let refused = scene.present_at("/v1/desk/sessions", Some(&forged.unwrap())).await.unwrap();
    assert_eq!(refused.status, 401);

    let rita = session(&scene, "rita", "auditor").await;
    let acts = wait::until("the acts have arrived", async || {
        let acts = all(&scene, &rita).await;
        let has = |kind| of(&acts, kind).next().is_some();
        (has(AuditedKind::PutBannerUp) && has(AuditedKind::Accepted)).then_some(acts)
    })
    .await
    .unwrap();
    let by =
        |kind| of(&acts, kind).map(|act| act.actor.as_ref().map(ToString::to_string)).collect::<Vec<_>>();
    assert_eq!(by(AuditedKind::PutBannerUp), [Some("anna".into())]);
    assert_eq!(by(AuditedKind::Accepted), by(AuditedKind::ReadTranscript));
    assert_eq!(by(AuditedKind::SignInRefused), [None]);
    assert!(by(AuditedKind::SignedIn).len() >= 3);
    assert!(!by(AuditedKind::ReadAudit).is_empty(), "the trail is looked at, too");
    let read = of(&acts, AuditedKind::ReadTranscript).next().unwrap();
    assert_eq!(read.conversation.as_ref(), Some(&opened.conversation));

    let ada = scene.desk_session("supervisor").await.unwrap();
    let theirs: AuditTrail = supervision(&scene, &ada, "audit?limit=200").await.document(200).unwrap();
    assert_eq!(theirs.chain, None, "the state of all rows is for those who may read all");
    let kinds: BTreeSet<AuditedKind> = theirs.acts.iter().map(|act| act.act).collect();
    assert!(kinds.contains(&AuditedKind::Accepted), "{kinds:?}");
    for hidden in [AuditedKind::PutBannerUp, AuditedKind::SignInRefused] {
        assert!(!kinds.contains(&hidden), "{hidden:?}");
    }
    let giulia = scene.desk_session("advisor-giulia").await.unwrap();
    assert_eq!(supervision(&scene, &giulia, "audit").await.problem().unwrap().code, Code::NotSupervisor);
}

#[tokio::test]
async fn an_exported_trail_is_verified_and_every_alteration_of_it_and_of_the_data_is_found() {
    let mut scene = Scene::open().await.unwrap();
    let ada = scene.desk_session("supervisor").await.unwrap();
    for outcome in ["online", "abandoned", "online"] {
        assert_eq!(supervision(&scene, &ada, &format!("conversations?outcome={outcome}")).await.status, 200);
    }
    let rita = session(&scene, "rita", "auditor").await;
    let exported = supervision(&scene, &rita, "audit?format=json").await;
    assert!(exported.header("content-disposition").contains("info-cig-audit-"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trail.json");
    let verified = async |text: &str| {
        fs::write(&path, text).unwrap();
        verify(&[&path.display().to_string()]).await
    };
    let (code, said) = verified(&exported.body).await;
    assert_eq!(code, Some(0), "{said}");
    let altered = exported.body.replacen("\"value\":\"abandoned\"", "\"value\":\"online\"", 1);
    let (code, said) = verified(&altered).await;
    assert_eq!(code, Some(1));
    assert!(said.contains("ALTERED: row ") && said.contains(" was changed"), "{said}");

    let csv = supervision(&scene, &rita, "audit?format=csv").await;
    assert_eq!(csv.body.lines().filter(|line| line.contains("searched")).count(), 3, "{}", csv.body);
    let trail: AuditTrail = supervision(&scene, &rita, "audit?limit=1").await.document(200).unwrap();
    let chain = trail.chain.unwrap();
    let noted = format!("{}:{}", chain.number, chain.head);
    let data = scene.edge.folder().display().to_string();
    let (code, said) = verify(&["--data", &data, "--noted", &noted]).await;
    assert_eq!(code, Some(0), "{said}");
    alter(&mut scene, concat!("UPDATE", " audit_row SET line = replace(line, 'abandoned', 'online')")).await;
    let (code, said) = verify(&["--data", &data]).await;
    assert_eq!(code, Some(1));
    assert!(said.contains("ALTERED: row "), "{said}");
}

/// How often the power goes.
const CUTS: u64 = 50;

/// An act on the rules, a look, or a sign-in, by turns.
fn request(
    scene: &Scene,
    anna: &DeskSessionOpened,
    ada: &DeskSessionOpened,
    number: u64,
) -> reqwest::RequestBuilder {
    match number % 6 {
        4 => {
            let url = format!("{}/v1/supervision/conversations?outcome=online", scene.edge.url());
            scene.edge.http().get(url).bearer_auth(&ada.ticket)
        }
        5 => {
            let claims = scene.advisor_claims("supervisor").unwrap().with("sub", format!("staff-{number}"));
            let token = scene.issuer.sign(ADVISOR_TYPE, &claims).unwrap();
            scene.edge.http().post(format!("{}/v1/desk/sessions", scene.edge.url())).bearer_auth(token)
        }
        _ => banner(scene, anna, number),
    }
}

fn banner(scene: &Scene, by: &DeskSessionOpened, number: u64) -> reqwest::RequestBuilder {
    let body = json!({ "text": { "it": format!("Avviso {number}") } });
    let url = format!("{}/v1/policy/banner", scene.edge.url());
    scene.edge.http().post(url).bearer_auth(&by.ticket).json(&body)
}

/// The numbers of the versions that somebody made, as texts, in their order.
async fn versions(scene: &Scene, by: &DeskSessionOpened) -> Vec<String> {
    let history: PolicyHistory = get(scene, by, "/v1/policy").await.document(200).unwrap();
    let by_somebody = history.versions.iter().filter(|version| version.author.is_some());
    let mut numbers: Vec<String> = by_somebody.map(|version| version.number.to_string()).collect();
    numbers.sort();
    numbers
}

/// All rows, newest first.
async fn all(scene: &Scene, by: &DeskSessionOpened) -> Vec<AuditedAct> {
    let (mut acts, mut cursor) = (Vec::new(), String::new());
    loop {
        let page: AuditTrail =
            supervision(scene, by, &format!("audit?limit=200{cursor}")).await.document(200).unwrap();
        acts.extend(page.acts);
        let Some(next) = page.next else { return acts };
        cursor = format!("&cursor={next}");
    }
}

fn of(acts: &[AuditedAct], kind: AuditedKind) -> impl Iterator<Item = &AuditedAct> {
    acts.iter().filter(move |act| act.act == kind)
}

async fn session(scene: &Scene, id: &str, role: &str) -> DeskSessionOpened {
    let claims = scene.advisor_claims("supervisor").unwrap();
    scene.desk_session_with(&claims.with("sub", id).with("infocig_role", role)).await.unwrap()
}

async fn supervision(scene: &Scene, by: &DeskSessionOpened, path: &str) -> Answer {
    get(scene, by, &format!("/v1/supervision/{path}")).await
}

async fn get(scene: &Scene, by: &DeskSessionOpened, path: &str) -> Answer {
    let url = format!("{}{path}", scene.edge.url());
    Answer::to(scene.edge.http().get(url).bearer_auth(&by.ticket)).await.unwrap()
}

/// Alters the database of the trail while nothing runs.
async fn alter(scene: &mut Scene, statement: &str) {
    scene.edge.kill();
    let database = trail_of(scene.edge.folder());
    Connection::open(database).unwrap().execute_batch(statement).unwrap();
    scene.edge.restart().await.unwrap();
}

fn trail_of(data: &Path) -> PathBuf {
    let class = data.join("objects/info-cig-audit");
    let files = fs::read_dir(&class).unwrap().map(|file| file.unwrap().path());
    let is_object = |path: &PathBuf| {
        path.extension().is_some_and(|extension| extension == "sqlite") && !path.ends_with("metadata.sqlite")
    };
    files.into_iter().find(is_object).unwrap()
}

/// The exit code of `infocig verify-audit`, and what it said.
async fn verify(arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(artefacts::infocig().unwrap());
    let done = command.arg("verify-audit").args(arguments).output().await.unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (done.status.code(), [text(&done.stdout), text(&done.stderr)].concat())
}
