// SPDX-License-Identifier: EUPL-1.2
//! The columns that hold JSON, and the type that reads each.

use infocig_domain::{
    audit::{AuditEntry, AuditNotification},
    conversation::{ClosingTime, Phase},
    desk::{estimate::ServiceTimeStats, presence::Present, queue::DeskConversation},
    figures::{EventKind, Record, Tally, Today, open_data::MonthlyRelease, register::RegisterNotification},
    linea_inps::Segnalazione,
    notification::{ConversationNotification, DeskNotification},
    people::Subject,
};
use infocig_protocol::{
    desk::{Note, QuickReply},
    entry::EntryBody,
    person::PersonCard,
    policy::{PolicyVersion, WaitingAnswer},
    report::{Asked, AuditDetails},
    segnalazione::SegnalazioneStatus,
    supervision::{OfficeQueue, PanelBlock},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::dump::Columns;
use crate::{actors::LinkState, auth::oidc::session::StaffSession};

/// The columns of a row that hold a document, each with it. Every text that begins like one is one.
pub(super) fn documents(table: &str, row: &Columns) -> Vec<(String, Value)> {
    let document = |(column, value): (&String, &Value)| {
        let text = value.as_str()?;
        let begins = text.starts_with(['{', '[']) && !(table == "entry" && column == "message_id");
        begins.then(|| (column.clone(), serde_json::from_str(text).unwrap()))
    };
    row.iter().filter_map(document).collect()
}

/// A document as the code of today writes it after reading it.
pub(super) fn rewritten(table: &str, column: &str, row: &Columns) -> serde_json::Result<Value> {
    let text = row[column].as_str().unwrap();
    match (table, column) {
        ("conversation", "person") => through::<PersonCard>(text),
        ("conversation", "subject") => through::<Subject>(text),
        ("conversation", "segnalazioni") => through::<Vec<SegnalazioneStatus>>(text),
        ("conversation", "phase") => through::<Phase>(text),
        ("conversation", "closing") => through::<ClosingTime>(text),
        ("entry", "body") => {
            assert!(EntryBody::read(text) != EntryBody::Unknown {}, "unknown: {text}");
            through::<EntryBody>(text)
        }
        ("stored_link", "state") => through::<LinkState>(text),
        ("outbox" | "dead_letter", "notification") => {
            notification(row["destination"].as_str().unwrap(), text)
        }
        ("desk" | "desk_queue", "service_times") => through::<ServiceTimeStats>(text),
        ("block", "body") => through::<PanelBlock>(text),
        ("audit_row", "line") => through::<AuditEntry>(text),
        ("audit", "details") => through::<AuditDetails>(text),
        ("desk_conversation", "body") => through::<DeskConversation>(text),
        ("present", "body") => through::<Present>(text),
        ("note", "body") => through::<Note>(text),
        ("own_reply", "reply") => through::<QuickReply>(text),
        ("segnalazione", "body") => through::<Segnalazione>(text),
        ("desk" | "desks_told", "office") => through::<OfficeQueue>(text),
        ("desk" | "desk_queue", "today") => through::<Today>(text),
        ("record", "body") => through::<Record>(text),
        ("event_ahead", "kind") => through::<EventKind>(text),
        ("open_release", "body") => through::<MonthlyRelease>(text),
        ("audit", "asked") => through::<Vec<Asked>>(text),
        ("policy_version", "about") => through::<PolicyVersion>(text),
        ("proposed_answer", "about") => through::<WaitingAnswer>(text),
        // Kept as it was written.
        ("policy_version", "document") => through::<Value>(text),
        ("staff_session", "body") => through::<StaffSession>(text),
        ("erasure", "proof") => through::<infocig_protocol::data_protection::ErasureProof>(text),
        ("rollup", "tally") => through::<Tally>(text),
        _ => panic!("no type reads {table}.{column}"),
    }
}

fn notification(destination: &str, text: &str) -> serde_json::Result<Value> {
    match destination.split_once(':').map_or(destination, |(kind, _)| kind) {
        "desk" => through::<DeskNotification>(text),
        "conversation" => through::<ConversationNotification>(text),
        "audit" => through::<AuditNotification>(text),
        "register" => through::<RegisterNotification>(text),
        "linea-inps" => through::<Segnalazione>(text),
        _ => panic!("no object has the destination {destination}"),
    }
}

fn through<T: Serialize + DeserializeOwned>(text: &str) -> serde_json::Result<Value> {
    let value: T = serde_json::from_str(text)?;
    serde_json::to_value(&value)
}
