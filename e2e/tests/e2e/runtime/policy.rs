// SPDX-License-Identifier: EUPL-1.2
//! Versions of the policy over HTTP, on the real objects: what is published is in force without a restart, and nobody inside is
//! disturbed.

use std::fs;

use infocig_demo::ADVISOR_TYPE;
use infocig_domain::{
    admission::{Applicant, Load, admit},
    policy::Policy,
};
use infocig_e2e::{
    answer::Answer,
    artefacts,
    chat::Chat,
    edge::{EdgeOptions, policy_with},
    long_form::short_or_long,
    scene::Scene,
    tokens::Claims,
    wait,
};
use infocig_protocol::{
    assistant::{AssistantAnswer, AssistantQuestion},
    entry::{EntryBody, Party},
    http::{Admission, DeskSessionOpened, Verdict},
    id::MessageId,
    person::{Category, EntryPoint},
    policy::{PolicyDocument, PolicyHistory, PolicyPreview, PolicyState, PolicyVersion},
    problem::Code,
};
use proptest::{
    prelude::{Strategy, any, prop_oneof},
    sample::select,
    strategy::ValueTree as _,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::{Value, json};
use tokio::process::Command;

const WORKER: &str = "/v1/availability?category=lavoratore&province=058&entry=myinps";

#[tokio::test]
async fn a_version_is_published_and_withdrawn_and_the_history_says_by_whom_and_why() {
    let scene = Scene::open().await.unwrap();
    let anna = administrator(&scene, "anna").await;
    let before: PolicyHistory = get(&scene, &anna, "").await.document(200).unwrap();
    assert_eq!((before.in_force, before.versions.len(), before.four_eyes), (1, 1, false));

    let closed = shipped_with(|policy| policy["hours"][1]["to"] = json!("16:20"));
    let preview: PolicyPreview =
        post(&scene, &anna, "/preview", &json!({ "document": closed })).await.document(200).unwrap();
    assert_eq!(preview.fault, None);
    assert!(preview.changes.iter().any(|change| change.path == "hours[1].to"), "{:?}", preview.changes);
    assert!(preview.weeks.iter().all(|week| week.category == Category::Lavoratore));
    let version = propose(&scene, &anna, &closed, 1, "Orario ridotto").await;
    assert_eq!((version.number, version.state), (2, PolicyState::Published));

    assert_eq!(closes(&scene).await.as_deref(), Some("2026-11-23T16:20:00+01:00"));
    let written: PolicyDocument = get(&scene, &anna, "/versions/2").await.document(200).unwrap();
    assert_eq!((written.document, written.version.reason.as_str()), (closed, "Orario ridotto"));

    // One for tomorrow is taken back, and the one of the installation published again.
    let later =
        json!({ "document": shipped(), "base": 2, "reason": "Domani", "from": "2026-11-24T00:00:00+01:00" });
    let later: PolicyVersion = post(&scene, &anna, "/versions", &later).await.document(201).unwrap();
    let withdraw = format!("/versions/{}/withdraw", later.number);
    let withdrawn: PolicyVersion = post(&scene, &anna, &withdraw, &json!({})).await.document(200).unwrap();
    assert_eq!(withdrawn.state, PolicyState::Withdrawn);
    propose(&scene, &anna, &shipped(), 2, "Come prima").await;
    assert_eq!(closes(&scene).await.as_deref(), Some("2026-11-23T18:00:00+01:00"));

    let after: PolicyHistory = get(&scene, &anna, "").await.document(200).unwrap();
    let numbers: Vec<u32> = after.versions.iter().map(|version| version.number).collect();
    assert_eq!((after.in_force, numbers), (4, vec![4, 3, 2, 1]));
}

#[tokio::test]
async fn a_strike_day_that_was_published_closes_at_its_instant_and_survives_a_restart() {
    let mut scene = Scene::open().await.unwrap();
    let anna = administrator(&scene, "anna").await;
    let strike = shipped_with(|policy| {
        policy["closures"] = json!([{
            "from": "2026-11-23T16:00", "to": "2026-11-24", "reason": "Sciopero.", "source": "Prova"
        }]);
    });
    let version = json!({
        "document": strike, "base": 1, "reason": "Sciopero", "from": "2026-11-23T15:21:00+01:00"
    });
    let version: PolicyVersion = post(&scene, &anna, "/versions", &version).await.document(201).unwrap();
    assert_eq!(version.state, PolicyState::Published);

    let before = availability(&scene, WORKER).await;
    assert_eq!(before.closes.as_deref(), Some("2026-11-23T18:00:00+01:00"), "not yet");
    assert_eq!(before.changes.as_deref(), Some("2026-11-23T15:21:00+01:00"), "pages ask at its instant");
    scene.edge.set_clock("2026-11-23T15:21:00+01:00").await.unwrap();
    assert_eq!(closes(&scene).await.as_deref(), Some("2026-11-23T16:00:00+01:00"));
    scene.edge.restart_at("2026-11-23T16:00:00+01:00").await.unwrap();
    let shut = availability(&scene, WORKER).await;
    assert_eq!(
        (shut.verdict, shut.code, shut.message.starts_with("Sciopero.")),
        (Verdict::Closed, Code::Closure, true)
    );
}

#[tokio::test]
async fn closing_at_once_tells_those_who_wait_and_lets_those_who_talk_go_on() {
    let scene = Scene::open().await.unwrap();
    let anna = administrator(&scene, "anna").await;
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut talks = scene.chat(&opened).await.unwrap();
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    let own = desk.answer(&opened.conversation).await.unwrap();
    let mut advisor = scene.advise(&own).await.unwrap();
    desk.be(infocig_protocol::desk::Presence::Paused).await.unwrap();
    let waiting = scene.enter("worker-napoli").await.unwrap();
    let mut waits = scene.chat(&waiting).await.unwrap();
    wait::until("both are at the desk", async || {
        desk.glance().await.ok()?;
        desk.waits(&waiting.conversation)
    })
    .await
    .unwrap();

    let close = json!({ "until": "2026-11-23T16:30:00+01:00", "reason": "maintenance" });
    assert_eq!(post(&scene, &anna, "/closing", &close).await.status, 201);

    let shut = availability(&scene, WORKER).await;
    assert_eq!((shut.verdict, shut.opens.as_deref()), (Verdict::Closed, Some("2026-11-23T16:30:00+01:00")));
    assert!(
        shut.message.starts_with("Il servizio è sospeso per manutenzione fino alle 16:30."),
        "{}",
        shut.message
    );
    until_entry(&mut waits, |body| matches!(body, EntryBody::Closed { by: Party::System, .. })).await;
    until_entry(&mut talks, |body| matches!(body, EntryBody::ClosingSoon { .. })).await;
    talks.post_message("Continuo a scrivere.").await.unwrap();
    until_entry(
        &mut advisor,
        |body| matches!(body, EntryBody::Message { text, .. } if text == "Continuo a scrivere."),
    )
    .await;

    assert_eq!(post(&scene, &anna, "/opening", &json!({})).await.status, 201);
    assert_eq!(availability(&scene, WORKER).await.verdict, Verdict::Open);
    let again = scene.enter("worker-napoli").await.unwrap();
    assert_ne!(again.conversation, waiting.conversation);
}

#[tokio::test]
async fn a_banner_is_said_in_the_language_of_the_reader_until_it_ends() {
    let scene = Scene::open().await.unwrap();
    let anna = administrator(&scene, "anna").await;
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut waits = scene.chat(&opened).await.unwrap();
    assert_eq!(waits.place().await.unwrap().notice, "");
    let text =
        json!({ "it": "Gli operatori non vedono i pagamenti.", "en": "Advisors do not see payments." });
    let banner = json!({ "text": text, "until": "2026-11-23T15:21:00+01:00" });
    assert_eq!(post(&scene, &anna, "/banner", &banner).await.status, 201);

    scene.edge.set_clock("2026-11-23T15:20:30+01:00").await.unwrap();
    assert_eq!(waits.place().await.unwrap().notice, "Gli operatori non vedono i pagamenti.");
    let said = availability(&scene, &format!("{WORKER}&lang=en")).await;
    assert_eq!(said.verdict, Verdict::Open);
    assert!(said.message.ends_with("Advisors do not see payments."), "{}", said.message);
    assert_eq!(said.changes.as_deref(), Some("2026-11-23T15:21:00+01:00"));
    let in_slovene = availability(&scene, &format!("{WORKER}&lang=sl")).await;
    assert!(in_slovene.message.ends_with("Gli operatori non vedono i pagamenti."), "{}", in_slovene.message);
    scene.edge.set_clock("2026-11-23T15:21:00+01:00").await.unwrap();
    let after = availability(&scene, WORKER).await;
    assert!(!after.message.contains("pagamenti"));
    scene.edge.set_clock("2026-11-23T15:21:10+01:00").await.unwrap();
    assert_eq!(waits.place().await.unwrap().notice, "");
    assert_eq!(
        after.changes.as_deref(),
        Some("2026-11-23T15:23:00+01:00"),
        "an emergency is seen by open pages"
    );
}

#[tokio::test]
async fn how_long_what_is_kept_is_said_as_it_was_published_last() {
    let scene = Scene::open().await.unwrap();
    let anna = administrator(&scene, "anna").await;
    let before = availability(&scene, WORKER).await;
    assert_eq!(before.data_notice, None);
    assert!(before.kept[0].ends_with("l'Istituto non ha ancora stabilito un termine."), "{before:?}");

    let retention =
        json!({ "decided_by": "Delibera 12", "conversations": { "days": 30, "basis": "Registro 7" } });
    let notice =
        json!({ "text": { "it": "Il titolare è l'Istituto.", "fr": "Le responsable est l'Institut." } });
    let document = shipped_with(|policy| {
        policy["retention"] = retention;
        policy["data_notice"] = notice;
    });
    propose(&scene, &anna, &document, 1, "Delibera 12").await;
    for (language, text, kept) in [
        ("it", "Il titolare è l'Istituto.", "dopo la fine: 30 giorni."),
        ("fr", "Le responsable est l'Institut.", "après la fin : 30 jours."),
        ("sl", "Il titolare è l'Istituto.", "po koncu: 30 dni."),
    ] {
        let said = availability(&scene, &format!("{WORKER}&lang={language}")).await;
        assert_eq!(said.data_notice.as_deref(), Some(text));
        assert!(said.kept[0].ends_with(kept), "{said:?}");
    }
}

#[tokio::test]
async fn four_eyes_drafts_that_are_wrong_and_tickets_of_advisors() {
    let scene = Scene::open().await.unwrap();
    let (anna, bruno) = (administrator(&scene, "anna").await, administrator(&scene, "bruno").await);
    let four_eyes = shipped_with(|policy| policy["governance"] = json!({ "four_eyes": true }));
    propose(&scene, &anna, &four_eyes, 1, "Quattro occhi").await;
    let proposed = propose(&scene, &anna, &shipped(), 2, "Di nuovo due").await;
    assert_eq!(proposed.state, PolicyState::Proposed);
    let own = post(&scene, &anna, "/versions/3/approve", &json!({})).await;
    assert_eq!(own.problem().unwrap().code, Code::PolicyConflict);
    let approved: PolicyVersion =
        post(&scene, &bruno, "/versions/3/approve", &json!({})).await.document(200).unwrap();
    assert_eq!(approved.decided_by.map(|by| by.name).as_deref(), Some("Bruno"));

    let outdated = json!({ "document": shipped(), "base": 2, "reason": "Vecchia" });
    let outdated = post(&scene, &anna, "/versions", &outdated).await.problem().unwrap();
    assert_eq!(outdated.code, Code::PolicyConflict);
    let broken =
        json!({ "document": shipped().replace("\"18:00\"", "\"25:00\""), "base": 3, "reason": "Rotta" });
    let broken = post(&scene, &anna, "/versions", &broken).await.problem().unwrap();
    assert_eq!(broken.code, Code::RequestInvalid);
    assert!(broken.detail.starts_with("policy line"), "{}", broken.detail);
    let giulia = scene.desk_session("advisor-giulia").await.unwrap();
    for path in ["", "/versions/1"] {
        assert_eq!(get(&scene, &giulia, path).await.problem().unwrap().code, Code::NotSupervisor, "{path}");
    }
    for path in [
        "/preview",
        "/versions",
        "/versions/1/approve",
        "/versions/1/withdraw",
        "/closing",
        "/opening",
        "/banner",
    ] {
        let refused = post(&scene, &giulia, path, &json!({})).await.problem().unwrap();
        assert_eq!(refused.code, Code::NotSupervisor, "{path}");
    }
}

#[tokio::test]
async fn an_operator_publishes_closes_and_opens_from_the_command_line() {
    let scene = Scene::open().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let token = scene.issuer.sign(ADVISOR_TYPE, &claims(&scene, "anna")).unwrap();
    fs::write(path("token"), token).unwrap();
    let short = shipped_with(|policy| policy["hours"][1]["to"] = json!("16:20"));
    fs::write(path("short.json"), &short).unwrap();
    fs::write(path("broken.json"), shipped().replace("\"18:00\"", "\"25:00\"")).unwrap();
    let run = async |arguments: &[&str]| {
        let mut command = Command::new(artefacts::infocig().unwrap());
        command.arg("policy").args(arguments).args([
            "--edge",
            &scene.edge.url(),
            "--token-file",
            &path("token"),
        ]);
        let done = command.output().await.unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        (done.status.code(), text(&done.stdout), text(&done.stderr))
    };

    let (code, _, said) = run(&["check", &path("broken.json")]).await;
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("broken.json: line 9"), "{said}");
    let (code, published, said) = run(&["publish", &path("short.json"), "--reason", "Orario ridotto"]).await;
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(serde_json::from_str::<PolicyVersion>(&published).unwrap().number, 2);
    assert_eq!(closes(&scene).await.as_deref(), Some("2026-11-23T16:20:00+01:00"));
    assert_eq!(run(&["show"]).await.1.trim_end(), short.trim_end());

    let until = ["--until", "2026-11-23T16:00:00+01:00", "--reason", "strike"];
    assert_eq!(run(&[&["close"][..], &until].concat()).await.0, Some(0));
    assert_eq!(availability(&scene, WORKER).await.verdict, Verdict::Closed);
    assert_eq!(run(&["open"]).await.0, Some(0));
    assert_eq!(availability(&scene, WORKER).await.verdict, Verdict::Open);
    let (code, _, said) = run(&["approve", "1"]).await;
    assert_eq!(code, Some(1));
    assert!(said.contains("policy-conflict"), "{said}");
}

#[tokio::test]
async fn nobody_is_let_in_to_a_desk_that_has_been_empty_for_a_while() {
    let scene = Scene::open().await.unwrap();
    let anna = administrator(&scene, "anna").await;
    let rule = shipped_with(|policy| policy["desk"]["unstaffed_minutes"] = json!(30));
    propose(&scene, &anna, &rule, 1, "Nessuno aspetta una scrivania vuota").await;
    scene.edge.set_clock("2026-11-23T15:29:59+01:00").await.unwrap();
    assert_eq!(availability(&scene, WORKER).await.code, Code::Open);
    scene.edge.set_clock("2026-11-23T15:30:00+01:00").await.unwrap();
    let code = async || availability(&scene, WORKER).await.code;
    wait::until("the door says so", async || (code().await == Code::Unstaffed).then_some(())).await.unwrap();
    let refused = scene.ask(&scene.claims("worker-roma").unwrap()).await.unwrap().problem().unwrap();
    assert_eq!(refused.code, Code::Unstaffed);
    assert!(!refused.admission.unwrap().channels.is_empty());

    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    wait::until("the door opens", async || (code().await == Code::Open).then_some(())).await.unwrap();
    scene.edge.set_clock("2026-11-23T16:00:00+01:00").await.unwrap();
    desk.be(infocig_protocol::desk::Presence::Leaving).await.unwrap();
    for (at, expected) in [("16:29:59", Code::Open), ("16:30:00", Code::Unstaffed)] {
        scene.edge.set_clock(&format!("2026-11-23T{at}+01:00")).await.unwrap();
        wait::until(at, async || (code().await == expected).then_some(())).await.unwrap();
    }
}

#[tokio::test]
async fn the_assistant_says_what_the_administration_published_and_is_switched_off_in_the_middle() {
    let scene =
        Scene::with(|options| EdgeOptions { site: Some(artefacts::site().unwrap()), ..options }).await;
    let scene = scene.unwrap();
    let anna = administrator(&scene, "anna").await;
    let question = "Il mio iban è sbagliato";
    let before = asked(&scene, question).await.document::<AssistantAnswer>(200).unwrap();
    let shipped_entry = before.passages[0].entry.clone().unwrap();
    assert!(!before.passages[0].text.contains("sportello di prova"));

    let own = |policy: &mut Value| {
        policy["assistant"]["entries"] = json!([{
            "id": "own-iban-errato", "topic": "iban-errato", "replaces": shipped_entry,
            "questions": "Il mio iban è sbagliato\nHo sbagliato iban",
            "answer": "Vai allo sportello di prova. Porta la tua carta.",
            "source": "Prova", "source_date": "2026-11-01", "valid_from": "2026-11-01"
        }]);
    };
    propose(&scene, &anna, &shipped_with(own), 1, "Risposta nostra").await;
    let after = asked(&scene, question).await.document::<AssistantAnswer>(200).unwrap();
    assert!(after.passages[0].text.starts_with("Vai allo sportello di prova."), "{after:?}");
    assert!(after.passages.iter().all(|passage| passage.entry.as_ref() != Some(&shipped_entry)));

    // In the queue, where somebody is asking when it is switched off: their place stays.
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut chat = scene.chat(&opened).await.unwrap();
    let place = chat.place().await.unwrap();
    let off =
        shipped_with(|policy| policy["assistant"] = json!({ "on": false, "reason": "Risposte da rivedere" }));
    propose(&scene, &anna, &off, 2, "Spento").await;
    let refused = asked(&scene, question).await.problem().unwrap();
    assert_eq!(refused.code, Code::AssistantOff);
    assert!(!availability(&scene, WORKER).await.assistant);
    let again = scene.chat(&opened).await.unwrap().place().await.unwrap();
    assert_eq!(again.position, place.position);
    let hard = shipped_with(|policy| {
        own(policy);
        policy["assistant"]["entries"][0]["answer"] = json!(
            "L'amministrazione provvede successivamente all'espletamento della comunicazione telematica"
        );
    });
    let draft = json!({ "document": hard, "base": 3, "reason": "Difficile" });
    let refused = post(&scene, &anna, "/versions", &draft).await.problem().unwrap();
    assert!(refused.detail.contains("Gulpease"));
}

async fn asked(scene: &Scene, text: &str) -> Answer {
    let token = scene.token(&scene.claims("worker-roma").unwrap()).unwrap();
    let url = format!("{}/v1/assistant?lang=it", scene.edge.url());
    let question = AssistantQuestion { id: MessageId::parse("q1").unwrap(), text: text.into() };
    Answer::to(scene.edge.http().post(url).bearer_auth(token).json(&question)).await.unwrap()
}

/// Edits of every kind that changes a verdict, one after the other on a running service: each answer is that of the version that
/// was just published, and an answer given meanwhile is that of the one before or of this one, as a whole.
#[tokio::test]
async fn each_answer_is_that_of_one_whole_version() {
    let scene = Scene::open().await.unwrap();
    let anna = administrator(&scene, "anna").await;
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        TestRng::from_seed(RngAlgorithm::ChaCha, b"versions of the policy in order "),
    );
    let mut next = || edit().new_tree(&mut runner).unwrap().current();
    let mut before = Policy::parse(&shipped()).unwrap();
    for number in 1..=short_or_long(150, 1_000) {
        let (document, path, category, province, entry) = next();
        let after = Policy::parse(&document).unwrap();
        let draft = json!({ "document": document, "base": number, "reason": "Prova" });
        let (published, meanwhile) =
            tokio::join!(post(&scene, &anna, "/versions", &draft), availability(&scene, &path));
        published.document::<PolicyVersion>(201).unwrap();
        let answers = |policy: &Policy, answer: &Admission| {
            let at = answer.at.parse().unwrap();
            let applicant =
                Applicant { category, province: Some(&province), credential: None, entry: Some(entry) };
            let expected = admit(policy, &applicant, Load::Bearable, at);
            (answer.code, &answer.opens, &answer.closes)
                == (
                    expected.code(),
                    &expected.opens.map(infocig_domain::admission::in_italy),
                    &expected.closes.map(infocig_domain::admission::in_italy),
                )
        };
        assert!(answers(&before, &meanwhile) || answers(&after, &meanwhile), "{number}: {meanwhile:?}");
        let now = availability(&scene, &path).await;
        assert!(answers(&after, &now), "{number}: {now:?} by {document}");
        before = after;
    }
}

/// A document, and somebody to ask about.
fn edit() -> impl Strategy<Value = (String, String, Category, String, EntryPoint)> {
    let change = prop_oneof![
        (13_u8..16, 16_u8..23).prop_map(|(from, to)| json!({ "from": format!("{from}:00"), "to": format!("{to}:30") })),
        select(vec!["2026-11-23", "2026-11-23T15:00", "2026-11-23T17:00"]).prop_map(|from| json!({
            "closure": { "from": from, "to": "2026-11-25", "reason": "Prova.", "source": "Prova" }
        })),
        select(vec!["058", "063", "015"]).prop_map(|province| json!({
            "closure": {
                "from": "2026-11-23", "to": "2026-11-24", "provinces": [province], "reason": "Prova.", "source": "Prova"
            }
        })),
        (0_u16..180).prop_map(|minutes| json!({ "last_admission_minutes": minutes })),
        any::<bool>().prop_map(|first| json!({ "rollout": first })),
    ];
    let provinces = select(vec!["058", "063", "015", "001"]);
    (change, select(Category::ALL.to_vec()), provinces, select(EntryPoint::ALL.to_vec())).prop_map(
        |(change, category, province, entry)| {
            let document = shipped_with(|policy| {
                if let Some(to) = change["to"].as_str() {
                    for hours in policy["hours"].as_array_mut().unwrap() {
                        (hours["from"], hours["to"]) = (change["from"].clone(), json!(to));
                    }
                }
                if change["closure"].is_object() {
                    policy["closures"] = json!([change["closure"]]);
                }
                if change["last_admission_minutes"].is_u64() {
                    policy["last_admission_minutes"] = change["last_admission_minutes"].clone();
                }
                if let Some(first) = change["rollout"].as_bool() {
                    let rows = policy["rollout"].as_array_mut().unwrap();
                    rows.remove(if first { 1 } else { 4 });
                }
            });
            let path = format!(
                "/v1/availability?category={}&province={province}&entry={}",
                category.as_str(),
                entry.as_str()
            );
            (document, path, category, province.to_string(), entry)
        },
    )
}

/// Listens until an entry of a kind arrives.
async fn until_entry(chat: &mut Chat, is_it: impl Fn(&EntryBody) -> bool) {
    while !chat.log.iter().any(|entry| is_it(&entry.body)) {
        chat.listen().await.unwrap();
    }
}

/// The session of somebody who may change the rules.
async fn administrator(scene: &Scene, id: &str) -> DeskSessionOpened {
    scene.desk_session_with(&claims(scene, id)).await.unwrap()
}

fn claims(scene: &Scene, id: &str) -> Claims {
    let name = id[..1].to_uppercase() + &id[1..];
    let claims = scene.advisor_claims("supervisor").unwrap();
    claims.with("sub", id).with("name", name).with("infocig_role", "administrator")
}

async fn propose(
    scene: &Scene,
    by: &DeskSessionOpened,
    document: &str,
    base: u32,
    reason: &str,
) -> PolicyVersion {
    let draft = json!({ "document": document, "base": base, "reason": reason });
    post(scene, by, "/versions", &draft).await.document(201).unwrap()
}

async fn get(scene: &Scene, by: &DeskSessionOpened, path: &str) -> Answer {
    let url = format!("{}/v1/policy{path}", scene.edge.url());
    Answer::to(scene.edge.http().get(url).bearer_auth(&by.ticket)).await.unwrap()
}

async fn post(scene: &Scene, by: &DeskSessionOpened, path: &str, body: &Value) -> Answer {
    let url = format!("{}/v1/policy{path}", scene.edge.url());
    Answer::to(scene.edge.http().post(url).bearer_auth(&by.ticket).json(body)).await.unwrap()
}

async fn availability(scene: &Scene, path: &str) -> Admission {
    scene.edge.get(path).await.unwrap().document(200).unwrap()
}

/// When the service closes today for a worker in Rome.
async fn closes(scene: &Scene) -> Option<String> {
    availability(scene, WORKER).await.closes
}

fn shipped() -> String {
    fs::read_to_string(artefacts::policy().unwrap()).unwrap()
}

fn shipped_with(change: impl FnOnce(&mut Value)) -> String {
    policy_with(change).unwrap()
}
