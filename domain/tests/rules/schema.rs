// SPDX-License-Identifier: EUPL-1.2
//! The published JSON Schema and the parser agree: what one accepts the other accepts.

use boon::{Compiler, SchemaIndex, Schemas};
use infocig_domain::policy::Policy;
use serde_json::{Value, json};

use super::SHIPPED;

#[test]
fn the_shipped_policy_obeys_the_published_schema() {
    let (schemas, schema) = published();
    assert_eq!(schemas.validate(&shipped(), schema).map_err(|error| error.to_string()), Ok(()));
}

#[test]
fn schema_and_parser_refuse_the_same_mistakes() {
    let mistakes: [(&str, Value); 34] = [
        ("/version", json!(2)),
        ("/hours/0/from", json!("3pm")),
        ("/hours/0/from", json!("24:00")),
        ("/hours/0/weekdays/0", json!("lunedì")),
        ("/hours/0/categories", json!([])),
        ("/hours/0/source", json!(" ")),
        ("/holidays/0", json!({ "name": "x", "month": 1, "source": "y" })),
        ("/holidays/0/name", json!({ "de": "Neujahr" })),
        ("/holidays/0/name", json!({ "it": "Capodanno", "es": "Año nuevo" })),
        ("/closures", json!([closure(json!({ "it": "Chiuso.", "en": " " }))])),
        ("/closures", json!([closure(json!(["Chiuso."]))])),
        ("/rollout/0/since", json!("10/05/2021")),
        ("/rollout/0/entries/0", json!("altrove")),
        ("/credentials/accepted/0", json!("spid")),
        ("/last_admission_minutes", json!(-1)),
        ("/messages/burst", json!(0)),
        ("/queues/0/id", json!("with spaces")),
        ("/desk/assignment", json!("lottery")),
        ("/desk/capacity", json!(0)),
        ("/desk/inactivity/warn_minutes", json!(0)),
        ("/desk/priorities/transferred/worth_minutes", json!(0)),
        ("/desk/priorities/source", json!(" ")),
        ("/desk/block_hours", json!([])),
        ("/desk/block_hours/0", json!(721)),
        ("/desk/hold_minutes", json!([])),
        ("/desk/hold_minutes/0", json!(61)),
        ("/desk/routing", json!([])),
        ("/desk/routing/0/after_minutes", json!(1)),
        ("/desk/routing/0/match/0", json!("star sign")),
        ("/desk/topics/0/topics/0/topics", json!([])),
        ("/desk/replies/0/text", json!("Gentile {cognome}")),
        ("/desk/replies/0/text", json!({ "it": "Gentile {nome}", "de": "Guten Tag {name}" })),
        ("/desk/replies/0/text", json!({ "de": "Guten Tag {nome}" })),
        ("/desk/source", json!(" ")),
    ];
    let (schemas, schema) = published();
    for (place, value) in mistakes {
        let mut document = shipped();
        *document.pointer_mut(place).unwrap() = value;
        assert!(schemas.validate(&document, schema).is_err(), "the schema accepts {place}");
        assert!(Policy::parse(&document.to_string()).is_err(), "the parser accepts {place}");
    }
}

#[test]
fn schema_and_parser_know_the_same_members() {
    let (schemas, schema) = published();
    let places =
        ["", "/hours/0", "/holidays/0", "/rollout/0", "/credentials", "/closing", "/messages", "/queues/0"];
    let of_the_desk = [
        "/desk",
        "/desk/inactivity",
        "/desk/priorities",
        "/desk/priorities/came_back",
        "/desk/routing/0",
        "/desk/topics/0",
        "/desk/replies/0",
    ];
    for place in places.into_iter().chain(of_the_desk) {
        let mut document = shipped();
        document.pointer_mut(place).unwrap()["misspelt"] = json!(1);
        assert!(schemas.validate(&document, schema).is_err(), "the schema accepts more in {place}");
        assert!(Policy::parse(&document.to_string()).is_err(), "the parser accepts more in {place}");
    }
}

#[test]
fn schema_and_parser_take_a_text_in_italian_alone_or_in_some_languages() {
    let (schemas, schema) = published();
    for reason in
        [json!("Chiuso."), json!({ "it": "Chiuso." }), json!({ "it": "Chiuso.", "de": "Geschlossen." })]
    {
        let mut document = shipped();
        document["closures"] = json!([closure(reason)]);
        assert_eq!(schemas.validate(&document, schema).map_err(|error| error.to_string()), Ok(()));
        assert!(Policy::parse(&document.to_string()).is_ok());
    }
}

fn closure(reason: Value) -> Value {
    json!({ "from": "2026-12-24", "to": "2026-12-25", "reason": reason, "source": "prova" })
}

fn shipped() -> Value {
    serde_json::from_str(SHIPPED).unwrap()
}

fn published() -> (Schemas, SchemaIndex) {
    let text = include_str!("../../../edge/policy.schema.json");
    let mut schemas = Schemas::new();
    let mut compiler = Compiler::new();
    compiler.add_resource("policy.schema.json", serde_json::from_str(text).unwrap()).unwrap();
    let schema = compiler.compile("policy.schema.json", &mut schemas).unwrap();
    (schemas, schema)
}
