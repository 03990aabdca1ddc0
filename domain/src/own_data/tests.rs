// SPDX-License-Identifier: EUPL-1.2
//! The document says everything, in JSON exactly, and in a page in each language; nothing in it can write markup.

use infocig_protocol::{
    entry::{Author, EntryBody},
    id::MessageId,
    person::{Category, Credential},
    rating::Answer,
    segnalazione::SegnalazioneState,
};

use super::*;
use crate::{people::Subject, staff::StaffRole};

#[test]
fn a_document_is_read_as_it_was_written_and_keeps_the_stored_text_of_entries() {
    let written = serde_json::to_string(&document()).unwrap();
    let read: OwnData = serde_json::from_str(&written).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), written);
    assert!(
        written.contains(r#""body":{"future": 1}"#),
        "an entry of another version stays as it is: {written}"
    );
    assert!(read.conversations[0].record.is_some());
    assert_eq!(read.next, Some(OwnPlace { ordinal: 7, entry: 200 }));
    assert_eq!(OwnPlace::parse("7"), Some(OwnPlace { ordinal: 7, entry: 0 }));
    for wrong in ["", "7.", ".2", "-7", "7.2.1", "a"] {
        assert_eq!(OwnPlace::parse(wrong), None, "{wrong}");
    }
    assert!(!written.contains("a-1234"), "the number of an advisor: {written}");
}

#[test]
fn the_page_says_it_all_in_every_language_and_nothing_in_it_is_markup() {
    for language in Language::ALL {
        let page = document().page(language);
        for said in [
            "Lucia &lt;b&gt;Ferretti",
            "058-sub",
            "9900000015",
            "Quando sarò pagato?",
            "INPS-7",
            "Grazie &amp; a presto",
            "Registro dei trattamenti",
            "Messaggio INPS 4497/2022",
        ] {
            assert!(page.contains(said), "{language:?}: {said}\n{page}");
        }
        assert!(!page.contains("<b>Ferretti") && !page.contains("<script>alert"), "{language:?}: {page}");
        assert!(page.contains(&format!("<html lang=\"{}\">", language.as_str())));
        let texts = texts::Texts::of(language);
        let all = [texts.roles.to_vec(), texts.classes.to_vec()].concat();
        assert!(all.iter().all(|text| !text.is_empty()));
        for look in [texts.role(StaffRole::Supervisor), texts.the_service, texts.searched, texts.did] {
            assert!(page.contains(look), "{language:?}: {look}");
        }
    }
}

#[test]
fn a_person_without_conversations_reads_that_there_are_none() {
    let data = OwnData { conversations: Vec::new(), looks: Vec::new(), next: None, ..document() };
    let page = data.page(Language::It);
    assert!(page.contains("Nessuna.") && page.contains("Oltre a chi ti ha risposto, nessuno."), "{page}");
}

fn document() -> OwnData {
    let id = ConversationId::of(&"0f".repeat(32), 7).unwrap();
    let person = PersonCard {
        name: "Lucia <b>Ferretti".into(),
        category: Category::Lavoratore,
        province: "058".into(),
        province_name: "Roma".into(),
        credential: Credential::Cie,
        acting_for: None,
        language: Language::It,
        entry_point: None,
        about: None,
        question: None,
    };
    let subject = Subject {
        matricola: Some("9900000015".into()),
        ..Subject::themself("https://portale", "058-sub", Category::Lavoratore)
    };
    let message = EntryBody::Message {
        id: MessageId::parse("m1").unwrap(),
        author: Author::Citizen,
        text: "Quando sarò pagato? <script>alert(1)</script>".into(),
    };
    let entry = |seq: u64, body: String| {
        OwnEntry::try_from(StoredEntry { seq, at: Timestamp::from_millis(1_000), body }).unwrap()
    };
    let look =
        |roles: Roles, act| Look { at: Timestamp::from_millis(2_000), roles, act, conversation: id.clone() };
    let record = serde_json::json!({
        "conversation": id, "queue": "info-cig", "category": "lavoratore", "province": "058", "language": "it",
        "entered": 1000, "advisor": "a-1234", "stage": { "ended": {} }, "waited_ms": 180_000,
    });
    let conversation = OwnConversation {
        conversation: id.clone(),
        person,
        subject,
        rating: Some(Rating { answer: Answer::Partly, comment: Some("Grazie & a presto".into()) }),
        segnalazioni: vec![SegnalazioneStatus {
            id: MessageId::parse("s1").unwrap(),
            number: Some("INPS-7".into()),
            state: SegnalazioneState::Accepted {},
        }],
        record: None,
        entries: vec![
            entry(1, serde_json::to_string(&message).unwrap()),
            entry(2, r#"{"future": 1}"#.into()),
        ],
    };
    OwnData {
        own_data: FORM,
        service: "https://chat.example".into(),
        as_of: Timestamp::from_millis(3_000),
        conversations: vec![conversation.with_record(Some(serde_json::from_value(record).unwrap()))],
        blocked_until: Some(Timestamp::from_millis(9_000)),
        decision: Some(OwnDecision {
            code: "open".into(),
            sentence: "Il servizio è aperto.".into(),
            source: "Messaggio INPS 4497/2022".into(),
        }),
        segnalazioni: vec![OwnSegnalazione {
            key: "k".into(),
            at: Timestamp::from_millis(1_500),
            office: "058".into(),
            protocol: Some("INPS.7000.1".into()),
            number: Some("INPS-7".into()),
            text: Some(serde_json::json!({ "description": "Mancano i dati." })),
        }],
        looks: vec![
            look(StaffRole::Supervisor.into(), AuditedKind::Searched),
            look(Roles::default(), AuditedKind::Blocked),
        ],
        kept: vec![Kept {
            class: "conversations".into(),
            days: 365,
            basis: Some("Registro dei trattamenti".into()),
        }],
        next: Some(OwnPlace { ordinal: 7, entry: 200 }),
    }
}

#[test]
fn everything_that_the_documentation_says_is_in_a_copy_is_in_one() {
    let text = include_str!("../../../docs/gdpr.md");
    let (_, rows) = text.split_once("## What is in the copy").unwrap();
    let rows =
        rows.lines().take_while(|line| !line.starts_with("## ")).filter(|line| line.starts_with("| `"));
    let paths: Vec<&str> =
        rows.filter_map(|row| row.split('|').nth(2)?.trim().strip_prefix('`')?.strip_suffix('`')).collect();
    let copy = serde_json::to_value(document()).unwrap();
    assert!(paths.len() > 10, "{paths:?}");
    for path in paths {
        let pointer = format!("/{}", path.replace("[]", ".0").replace('.', "/"));
        let found = copy.pointer(&pointer);
        assert!(found.is_some_and(|found| !found.is_null()), "{path} is not in {copy}");
    }
}
