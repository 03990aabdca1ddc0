// SPDX-License-Identifier: EUPL-1.2
//! What the service has about a person, for themself; and forgetting: after the night in which it is due, or a request, no sentence of a conversation is in a byte of the folder of data,
//! its write-ahead logs, or what the service wrote; those that are not due have every word they had.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use infocig_e2e::{
    chat::Chat,
    edge::{EdgeOptions, policy_with},
    linea_inps::{LineaInps, draft},
    long_form::short_or_long,
    scene::Scene,
    tokens::Claims,
    wait,
};
use infocig_protocol::{
    close,
    desk::AssignmentState,
    entry::{Entry, EntryBody, Outcome},
    http::{ConversationOpened, DeskSessionOpened},
    segnalazione::{SegnalazioneDraft, SegnalazioneState},
};
use serde_json::{Value, json};

use super::linea_inps::{forward, sees, talk_of};

/// A person, what they and the advisor wrote, and the log as they were shown it.
struct Told {
    person: Claims,
    opened: ConversationOpened,
    sentences: Vec<String>,
    log: Vec<Entry>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_sentence_of_a_week_is_left_after_its_night_and_later_ones_are_whole() {
    let mut scene = scene_that_forgets().await;
    let days = short_or_long(3, 7);
    let mut week = Vec::new();
    for day in 0..days {
        let instant = format!("2026-11-{:02}T15:20:00+01:00", 23 + day % 5);
        scene.edge.set_clock(&instant).await.unwrap();
        for number in 0..short_or_long(3, 8) {
            week.push(talk(&scene, &format!("week-{day}-{number}"), &format!("{day}.{number}")).await);
        }
        // A power cut each evening: logs of databases are left as they are.
        scene.edge.kill();
        scene.edge.restart_at(&instant).await.unwrap();
    }
    // Half of them come back a month later, and somebody new comes.
    scene.edge.set_clock("2026-12-21T15:20:00+01:00").await.unwrap();
    let mut later = Vec::new();
    for (number, told) in week.iter().step_by(2).enumerate() {
        later.push(talk_as(&scene, told.person.clone(), &format!("later {number}")).await);
    }
    later.push(talk(&scene, "somebody-new", "new").await);
    let all: Vec<String> = week.iter().flat_map(|told| told.sentences.clone()).collect();
    assert!(!left(scene.edge.folder(), &all).is_empty(), "the test sees what is there");
    let due = ask(&scene, &officer(&scene).await, "GET", "due", None, 200).await;
    assert_eq!(due["conversations"], json!(0), "not tonight");

    scene.edge.set_clock("2026-12-23T12:00:00+01:00").await.unwrap();
    let due = ask(&scene, &officer(&scene).await, "GET", "due", None, 200).await;
    let of_a_day = week.len() / usize::try_from(days).unwrap();
    assert_eq!(due["conversations"], json!(of_a_day), "of the first day tonight: {due}");
    // The night comes; the process is killed while it lasts, more than once.
    let night = "2026-12-31T03:00:01+01:00";
    for cut in 0..short_or_long(3, 12) {
        let clock = scene.edge.set_clock(night);
        let _cut_off = tokio::time::timeout(Duration::from_millis(40 + 90 * cut), clock).await;
        scene.edge.kill();
        scene.edge.restart_at(night).await.unwrap();
    }
    // What was cut off is sent again after a pause of the service's clock: each look moves it on by a minute.
    let mut minutes = 0;
    let answered = async || {
        minutes += 1;
        let (hour, minute) = (3 + minutes / 60, minutes % 60);
        scene.edge.set_clock(&format!("2026-12-31T{hour:02}:{minute:02}:00+01:00")).await.unwrap();
        let due = ask(&scene, &officer(&scene).await, "GET", "due", None, 200).await;
        (due["conversations"] == json!(0)).then_some(())
    };
    wait::until_within(Duration::from_secs(40), "every conversation has answered", answered).await.unwrap();
    for minute in [20, 40] {
        let instant = format!("2026-12-31T22:{minute}:00+01:00");
        scene.edge.set_clock(&instant).await.unwrap();
    }

    let folder = scene.edge.folder().to_owned();
    let gone = async || left(&folder, &all).is_empty().then_some(());
    let erased = wait::until_within(Duration::from_secs(90), "no sentence is left", gone).await;
    assert!(erased.is_ok(), "left: {:#?}", left(&folder, &all));
    for told in &later {
        let read = history(&scene, told).await;
        assert_eq!(read, told.log, "a later conversation has every word");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_word_of_a_segnalazione_is_left_after_its_night_unless_its_office_owes_an_answer() {
    let policy = policy_that_forgets();
    let office = LineaInps::open(|options| EdgeOptions::with_policy(options, policy)).await.unwrap();
    let mut told = Vec::new();
    for (person, word) in [("worker-napoli", "risposta"), ("worker-roma", "attesa")] {
        let (opened, mut citizen, mut advisor, mut desk) = talk_of(&office, person).await;
        let texts = ["allegato", "descrizione"].map(|kind| format!("{kind} della segnalazione in {word}"));
        citizen.post_message(&texts[0]).await.unwrap();
        let said = advisor.listen().await.unwrap();
        let draft =
            SegnalazioneDraft { attached: vec![said.seq], description: texts[1].clone(), ..draft().unwrap() };
        forward(&mut advisor, &draft).await;
        let number = sees(&mut citizen, |state| matches!(state, SegnalazioneState::Accepted {})).await;
        citizen.close().await.unwrap();
        citizen.listen_until(|body| matches!(body, EntryBody::Closed { .. })).await.unwrap();
        let over = |desk: &infocig_e2e::desk::Desk| desk.own(&opened.conversation).is_none().then_some(());
        desk.close(&opened.conversation, Outcome::Online).await.unwrap();
        desk.see("gone", over).await.unwrap();
        told.push((citizen, texts, number.unwrap()));
    }
    let [(mut citizen, answered, number), (_, awaited, other)] = <[_; 2]>::try_from(told).ok().unwrap();
    let answer = "parole dell'ufficio in risposta";
    office.moves(&number, "answered", Some(answer)).await.unwrap();
    sees(&mut citizen, |state| *state == SegnalazioneState::Answered { text: answer.into() }).await;
    let words = [&answered[..], &[answer.to_owned(), number]].concat();
    let folder = office.edge().folder().to_owned();
    assert!(!left(&folder, &words).is_empty(), "the test sees what is there");

    // The night, the answers of the conversations, and the nights in which bytes are erased. A page that is still open is let go.
    for instant in
        ["2026-12-31T03:00:01", "2026-12-31T03:01:00", "2026-12-31T03:10:00", "2027-01-01T03:00:01"]
    {
        office.edge().set_clock(&format!("{instant}+01:00")).await.unwrap();
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    assert_eq!(citizen.socket.ended().await.unwrap(), close::NORMAL);
    // An object rests where no clock is set.
    let gone = async || left(&folder, &words).is_empty().then_some(());
    let erased = wait::until_within(Duration::from_secs(50), "no word is left", gone).await;
    assert!(erased.is_ok(), "left: {:#?}", left(&folder, &words));
    assert_eq!(left_texts(&folder, &awaited), awaited, "an office owes an answer");
    assert!(!left(&folder, &[other]).is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_is_erased_on_request_with_a_proof_and_not_under_a_hold() {
    let scene = scene_that_forgets().await;
    let erased = talk(&scene, "who-asks-art-17", "erased").await;
    let kept = talk(&scene, "who-stays", "kept").await;
    let officer = officer(&scene).await;
    let about = |told: &Told| {
        let claims = told.person.as_value();
        json!({ "issuer": claims["iss"], "person": claims["sub"], "reason": "Art. 17" })
    };
    let hold = ask(&scene, &officer, "POST", "holds", Some(about(&erased)), 201).await;
    ask(&scene, &officer, "POST", "erasures", Some(about(&erased)), 409).await;
    let release = format!("holds/{}/release", hold["id"].as_str().unwrap());
    ask(&scene, &officer, "POST", &release, Some(json!({ "reason": "Chiuso" })), 204).await;

    let proof = ask(&scene, &officer, "POST", "erasures", Some(about(&erased)), 201).await;

    assert_eq!((&proof["conversations"], &proof["register_links"]), (&json!(1), &json!(1)), "{proof}");
    let folder = scene.edge.folder().to_owned();
    scene.edge.set_clock("2026-11-24T03:00:01+01:00").await.unwrap();
    let gone = async || left(&folder, &erased.sentences).is_empty().then_some(());
    let done = wait::until_within(Duration::from_secs(40), "no sentence is left", gone).await;
    assert!(done.is_ok(), "left: {:#?}", left(&folder, &erased.sentences));
    assert_eq!(history(&scene, &kept).await, kept.log);
    let proofs = ask(&scene, &officer, "GET", "erasures", None, 200).await;
    assert_eq!(proofs, json!([proof]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_reads_everything_about_themself_and_nothing_about_anybody_else() {
    let scene = scene_that_forgets().await;
    let asks = talk(&scene, "who-asks-art-15", "of who asks").await;
    let other = talk(&scene, "who-does-not", "of another").await;
    // The note is gone with the desk's row; the comment is in the rating.
    let (note, said) = (&asks.sentences[6], [&asks.sentences[..6], &asks.sentences[7..]].concat());
    let searches = scene.desk_session("supervisor").await.unwrap();
    let number = asks.opened.conversation.number();
    let search = format!("{}/v1/supervision/conversations?number={number}", scene.edge.url());
    let found = scene.edge.http().get(search).bearer_auth(&searches.ticket).send().await.unwrap();
    assert_eq!(found.status(), 200);
    let token = scene.token(&asks.person).unwrap();
    let own =
        async |query: &str| scene.present_at(&format!("/v1/me/data{query}"), Some(&token)).await.unwrap();

    // The register is told a moment later.
    let recorded = async || {
        let data: Value = own("").await.document(200).unwrap();
        (data["conversations"][0]["record"]["rating"] == "yes").then_some(data)
    };
    let data = wait::until_within(Duration::from_secs(20), "the record", recorded).await.unwrap();
    let page = own("?format=html&lang=de").await.body;

    for text in [&data.to_string(), &page] {
        for sentence in &said {
            assert!(text.contains(sentence.as_str()), "{sentence} is not in {text}");
        }
        assert!(!text.contains(note.as_str()) && !text.contains("of another"), "{text}");
    }
    let conversation = &data["conversations"][0];
    assert_eq!(conversation["conversation"], json!(asks.opened.conversation));
    assert_eq!(conversation["subject"]["subject"], json!("who-asks-art-15"));
    assert_eq!(conversation["record"].get("advisor"), None, "no number of an advisor");
    assert_eq!(data["decision"]["code"], json!("open"), "{}", data["decision"]);
    assert_eq!(data["kept"][0], json!({ "class": "conversations", "days": 30, "basis": "Prova" }));
    assert!(data.get("next").is_none());
    let looks: Vec<_> = data["looks"].as_array().unwrap().iter().map(|look| look["act"].as_str()).collect();
    assert_eq!(looks, [Some("accepted")], "by their role: {}", data["looks"]);
    assert_eq!(data["looks"][0]["roles"], json!(["advisor"]));
    assert!(page.contains("<html lang=\"de\">"), "{page}");

    // An officer does it for a request on paper, with a reason, and the trail says so.
    let officer = officer(&scene).await;
    let claims = asks.person.as_value();
    let about =
        json!({ "issuer": claims["iss"], "person": claims["sub"], "reason": "Art. 15, protocollo 7" });
    let export = ask(&scene, &officer, "POST", "exports", Some(about.clone()), 200).await;
    assert_eq!((&export["conversations"], export.get("decision")), (&data["conversations"], None));
    for role in ["advisor", "supervisor", "administrator", "auditor"] {
        let claims = scene.advisor_claims("supervisor").unwrap().with("infocig_role", role);
        let session = scene.desk_session_with(&claims).await.unwrap();
        ask(&scene, &session, "POST", "exports", Some(about.clone()), 403).await;
    }
    let trail = format!("{}/v1/supervision/audit?act=exported_person", scene.edge.url());
    let trail = scene.edge.http().get(trail).bearer_auth(&officer.ticket).send().await.unwrap();
    let trail: Value = trail.json().await.unwrap();
    assert_eq!(trail["acts"].as_array().map(Vec::len), Some(1), "{trail}");
    assert_eq!(trail["acts"][0]["details"]["reason"], json!("Art. 15, protocollo 7"), "{trail}");

    ask(&scene, &officer, "POST", "erasures", Some(about), 201).await;
    let data: Value = own("").await.document(200).unwrap();
    assert_eq!(data["conversations"], json!([]), "{data}");
    let other = scene.token(&other.person).unwrap();
    let other: Value = scene.present_at("/v1/me/data", Some(&other)).await.unwrap().document(200).unwrap();
    assert!(other.to_string().contains("of another"), "{other}");
}

async fn scene_that_forgets() -> Scene {
    let policy = policy_that_forgets();
    Scene::with(|options| EdgeOptions::with_policy(options, policy)).await.unwrap()
}

fn policy_that_forgets() -> String {
    let policy = policy_with(|policy| {
        policy["desk"]["wrap_up_seconds"] = json!(0);
        policy["retention"] = json!({
            "decided_by": "Prova",
            "conversations": { "days": 30, "basis": "Prova" },
            "register_links": { "days": 400, "basis": "Prova" },
            "segnalazioni": { "days": 30, "basis": "Prova" },
        });
    });
    policy.unwrap()
}

/// A person who was never there talks with an advisor, until both have closed.
async fn talk(scene: &Scene, person: &str, word: &str) -> Told {
    let claims = scene.claims("worker-roma").unwrap().with("sub", person);
    talk_as(scene, claims, word).await
}

async fn talk_as(scene: &Scene, person: Claims, word: &str) -> Told {
    let fresh = scene.claims("worker-roma").unwrap().with("sub", person.as_value()["sub"].clone());
    let opened: ConversationOpened = scene.ask(&fresh).await.unwrap().document(201).unwrap();
    let mut chat = scene.chat(&opened).await.unwrap();
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    let own = desk.answer(&opened.conversation).await.unwrap();
    let mut advisor = scene.advise(&own).await.unwrap();
    chat.listen().await.unwrap();
    let mut sentences = Vec::new();
    for number in 0..6 {
        let sentence = format!("frase «{word}» numero {number} {}", "parola ".repeat(40 * (number % 3)));
        let mark = format!("frase «{word}» numero {number} ");
        let (writes, reads): (&mut Chat, &mut Chat) =
            if number % 2 == 0 { (&mut chat, &mut advisor) } else { (&mut advisor, &mut chat) };
        writes.post_message(sentence.trim()).await.unwrap();
        reads.listen().await.unwrap();
        sentences.push(mark.trim_end().to_owned());
    }
    let note = format!("appunto «{word}»");
    desk.note(&opened.conversation, &note).await.unwrap();
    sentences.push(note);
    chat.close().await.unwrap();
    let over = |desk: &infocig_e2e::desk::Desk| match desk.own(&opened.conversation) {
        None => Some(()),
        Some(own) => matches!(own.state, AssignmentState::WrapUp { .. }).then_some(()),
    };
    desk.see("wrapping up", over).await.unwrap();
    desk.close(&opened.conversation, Outcome::Online).await.unwrap();
    desk.see("gone", |desk| desk.own(&opened.conversation).is_none().then_some(())).await.unwrap();
    let comment = format!("commento «{word}»");
    let rating = json!({ "answer": "yes", "comment": comment });
    let url = format!("{}/v1/conversations/{}/rating", scene.edge.url(), opened.conversation);
    let rated = scene.edge.http().post(url).bearer_auth(&opened.ticket).json(&rating);
    assert_eq!(rated.send().await.unwrap().status(), 204);
    sentences.push(comment);
    Told { person: fresh, log: transcript(scene, &opened).await, opened, sentences }
}

/// The log as a link that comes after the end is sent it.
async fn transcript(scene: &Scene, opened: &ConversationOpened) -> Vec<Entry> {
    let mut chat = scene.chat(opened).await.unwrap();
    let _end = chat.entries().await;
    chat.log.clone()
}

/// The log as its person reads it now, from their history.
async fn history(scene: &Scene, told: &Told) -> Vec<Entry> {
    let claims = scene.claims("worker-roma").unwrap().with("sub", told.person.as_value()["sub"].clone());
    let token = scene.token(&claims).unwrap();
    let past: Value = scene.present_at("/v1/history", Some(&token)).await.unwrap().document(200).unwrap();
    let rows = past["conversations"].as_array().unwrap();
    let id = told.opened.conversation.to_string();
    let row = rows.iter().find(|row| row["conversation"] == id).unwrap_or_else(|| panic!("{id}: {past}"));
    let ticket = row["ticket"].as_str().unwrap().to_owned();
    transcript(scene, &ConversationOpened { ticket, ..told.opened.clone() }).await
}

async fn officer(scene: &Scene) -> DeskSessionOpened {
    let claims = scene.advisor_claims("supervisor").unwrap();
    scene.desk_session_with(&claims.with("infocig_role", "data-protection-officer")).await.unwrap()
}

async fn ask(
    scene: &Scene,
    officer: &DeskSessionOpened,
    method: &str,
    path: &str,
    body: Option<Value>,
    status: u16,
) -> Value {
    let url = format!("{}/v1/data-protection/{path}", scene.edge.url());
    let request = if method == "GET" { scene.edge.http().get(url) } else { scene.edge.http().post(url) };
    let request = request.bearer_auth(&officer.ticket);
    let request = match body {
        Some(body) => request.json(&body),
        None => request,
    };
    let answer = infocig_e2e::answer::Answer::to(request).await.unwrap();
    if status == 204 {
        assert_eq!(answer.status, 204);
        return Value::Null;
    }
    answer.document(status).unwrap()
}

/// The files below a folder that have one of these texts, with the first of them.
fn left(folder: &Path, texts: &[String]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for file in files(folder) {
        let bytes = fs::read(&file).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let one = texts.iter().find(|one| text.contains(one.as_str()));
        found.extend(one.map(|one| (file.clone(), one.clone())));
    }
    found
}

/// Those of these texts that some file below a folder has.
fn left_texts(folder: &Path, texts: &[String]) -> Vec<String> {
    texts.iter().filter(|text| !left(folder, std::slice::from_ref(text)).is_empty()).cloned().collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all
}
