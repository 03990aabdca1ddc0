// SPDX-License-Identifier: EUPL-1.2
//! Kinds: every variant of an enum that is stored, by the place where it is stored.

use std::collections::BTreeSet;

use infocig_domain::{
    conversation::Phase,
    desk::queue::Stage,
    notification::{ConversationCommand, DeskNotification, Release},
    people::Speaker,
};
use infocig_protocol::{
    call::{CallEnd, CallStep},
    case::{BenefitKind, CasePhase, CaseStatus, Payment},
    desk::{Match, Presence},
    entry::{Author, EntryBody, Outcome, Party},
    figures::Dimension,
    frame::Estimate,
    language::Language,
    person::{Category, Credential},
    policy::PolicyState,
    rating::Answer,
    report::AuditedKind,
    segnalazione::{Delivery, SegnalazioneState},
    skill::Skill,
};
use serde::Serialize;
use serde_json::Value;

use super::{columns::documents, dump::Columns};
use crate::store::StoredTransport;

/// Adds the places of a row: `table.column.member…` for each member, and `….word` for each text.
pub(super) fn note(table: &str, row: &Columns, seen: &mut BTreeSet<String>) {
    for (column, value) in row {
        walk(&format!("{table}.{column}"), value, seen);
    }
    for (column, document) in documents(table, row) {
        walk(&format!("{table}.{column}"), &document, seen);
    }
}

fn walk(place: &str, value: &Value, seen: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let place = format!("{place}.{name}");
                walk(&place, member, seen);
                seen.insert(place);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| walk(place, value, seen)),
        Value::String(word) => {
            seen.insert(format!("{place}.{word}"));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The names of an enum's variants. It compiles while every variant is listed.
macro_rules! variants {
    ($type:ident { $($variant:ident: $name:literal),+ $(,)? }) => {{
        fn _each_is_listed(value: &$type) -> &'static str {
            match value {
                $($type::$variant { .. } => $name,)+
            }
        }
        vec![$($name.to_string()),+]
    }};
}

/// The places that must be seen.
pub(super) fn expected() -> Vec<String> {
    let body_names = EntryBody::NAMES.iter().filter(|name| **name != "unknown");
    let states: Vec<String> = SegnalazioneState::NAMES.iter().map(ToString::to_string).collect();
    let party = words(&Party::ALL);
    let outcome = words(&Outcome::ALL);
    let places = [
        ("conversation.phase", variants!(Phase { Waiting: "waiting", Active: "active", Closed: "closed" })),
        ("conversation.phase.closed.by", party.clone()),
        ("conversation.phase.closed.outcome", outcome.clone()),
        (
            "outbox.notification.command.place.estimate",
            variants!(Estimate { Unknown: "unknown", Minutes: "minutes" }),
        ),
        ("conversation.person.category", words(&Category::ALL)),
        ("conversation.person.credential", words(&Credential::ALL)),
        ("conversation.person.language", words(&Language::ALL).into_iter().filter(|it| it != "it").collect()),
        ("conversation.person.about", words(&Skill::ALL)),
        ("conversation.segnalazioni.state", states.clone()),
        ("entry.body", body_names.map(ToString::to_string).collect()),
        ("entry.body.message.author", variants!(Author { Citizen: "citizen", Advisor: "advisor" })),
        (
            "entry.body.call.step",
            variants!(CallStep {
                Offered: "offered",
                Accepted: "accepted",
                Declined: "declined",
                Began: "began",
                Ended: "ended"
            }),
        ),
        ("entry.body.call.step.ended.why", words(&CallEnd::ALL)),
        ("entry.body.closed.by", party),
        ("entry.body.closed.outcome", outcome.clone()),
        ("entry.body.segnalazione.state", states),
        ("entry.body.case.case.kind", words(&BenefitKind::ALL)),
        ("entry.body.case.case.status", words(&CaseStatus::ALL)),
        ("entry.body.case.case.payment", words(&Payment::ALL)),
        ("entry.body.case.case.steps.phase", words(&CasePhase::ALL)),
        ("rating.answer", words(&Answer::ALL)),
        (
            "outbox.notification",
            variants!(DeskNotification {
                Waiting: "waiting",
                Question: "question",
                Spoke: "spoke",
                Resumed: "resumed",
                Call: "call",
                Connector: "connector",
                RulesChanged: "rules_changed",
                SignedOff: "signed_off",
                Closed: "closed"
            }),
        ),
        (
            "outbox.notification.command",
            variants!(ConversationCommand {
                Assigned: "assigned",
                Released: "released",
                Joined: "joined",
                Left: "left",
                Observed: "observed",
                Unobserved: "unobserved",
                Hold: "hold",
                Resume: "resume",
                Warn: "warn",
                Block: "block",
                Lift: "lift",
                Close: "close",
                Closing: "closing",
                Place: "place",
                Segnalazione: "segnalazione",
                Forget: "forget",
            }),
        ),
        (
            "outbox.notification.command.released.why",
            variants!(Release { Lost: "lost", Transferred: "transferred" }),
        ),
        // The notifications to the register differ in their members alone.
        (
            "outbox.notification",
            vec!["ended_by".into(), "kind".into(), "commented".into(), "idle_ms".into(), "forgotten".into()],
        ),
        ("stored_link.state.speaker", variants!(Speaker { Citizen: "citizen", Advisor: "advisor" })),
        ("stored_link.transport", variants!(StoredTransport { Polls: "polls", Pages: "pages" })),
        (
            "desk_conversation.body.stage",
            variants!(Stage { Waiting: "waiting", Held: "held", WrapUp: "wrap_up" }),
        ),
        ("desk_conversation.body.offer.why.agree", words(&Match::ALL)),
        ("present.body.presence", words(&Presence::ALL)),
        ("present.body.profile.skills", words(&Skill::ALL)),
        ("present.body.profile.languages", words(&Language::ALL)),
        ("present.body.profile.categories", words(&Category::ALL)),
        ("segnalazione.delivery", words(&Delivery::ALL)),
        ("audit_row.line.act", words(&AuditedKind::ALL)),
        ("policy_version.about.state", words(&PolicyState::ALL)),
        ("record.body.ended_by", words(&Party::ALL)),
        ("record.outcome", outcome),
        ("record.body.rating", words(&Answer::ALL)),
        ("event_ahead.kind", ["forwarded", "office_answered", "rated"].map(ToString::to_string).to_vec()),
        ("rollup.dimension", words(&Dimension::ALL).into_iter().filter(|it| it != "refusal").collect()),
    ];
    let mut expected: Vec<String> = MEMBERS.iter().map(ToString::to_string).collect();
    for (place, kinds) in places {
        expected.extend(kinds.into_iter().map(|kind| format!("{place}.{kind}")));
    }
    expected
}

/// Structures that only appear where something is under way.
const MEMBERS: [&str; 25] = [
    "conversation.phase.active.call.places",
    "conversation.phase.active.call.citizen",
    "desk_conversation.body.stage.held.call.places",
    "record.body.calls.failed",
    "policy_version.about.decided_by.name",
    "desk_conversation.body.priority.worth_minutes",
    "outbox.notification.waiting.facts.deadline",
    "desk_conversation.body.warned",
    "block.body.unwarned",
    "desk_conversation.body.stage.held.on_hold.until",
    "conversation.phase.active.on_hold",
    "desk_conversation.body.stage.held.observers.since",
    "desk_conversation.body.spoke.by",
    "present.body.span.activity",
    "conversation.phase.active.observers.id",
    "desk_conversation.body.declined.advisor",
    "desk_conversation.body.last_announced.position",
    "desk_conversation.body.offer.until",
    "desk_conversation.body.stage.held.helpers.id",
    "desk_conversation.body.stage.held.invited.until",
    "desk_conversation.body.stage.held.ending.topic",
    "desk_conversation.body.stage.wrap_up.ending.topic",
    "conversation.phase.active.helpers.id",
    "conversation.phase.waiting.place.position",
    "segnalazione.body.messages.text",
];

fn words(all: &[impl Serialize]) -> Vec<String> {
    let word = |one| serde_json::to_value(one).unwrap().as_str().unwrap().to_string();
    all.iter().map(word).collect()
}
