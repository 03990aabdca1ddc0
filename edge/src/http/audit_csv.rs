// SPDX-License-Identifier: EUPL-1.2
//! The audit trail as CSV, for people: a record for each row, with its hashes. What can be verified is the file of JSON.

use infocig_domain::{
    audit::{AuditEntry, AuditRow},
    figures::csv,
};

use crate::problem::Fault;

/// The rows.
pub fn write(rows: &[AuditRow], bom: bool) -> Result<String, Fault> {
    let records = rows.iter().map(record).collect::<Result<Vec<_>, _>>()?;
    Ok(csv::write(&HEADER, &records, bom))
}

fn record(row: &AuditRow) -> Result<Vec<String>, Fault> {
    let entry: AuditEntry = serde_json::from_str(&row.line)
        .map_err(|error| Fault::Corrupt(format!("audit row {}: {error}", row.number)))?;
    let AuditEntry { number, recorded, event } = entry;
    let asked = event.asked.iter().map(|one| match &one.value {
        Some(value) => format!("{}={value}", one.name),
        None => one.name.clone(),
    });
    let asked: Vec<String> = asked.collect();
    let roles: Vec<&str> = event.roles.words().collect();
    let text = |value: Option<String>| value.unwrap_or_default();
    let (reason, until, unwarned) = match event.details {
        Some(details) => (Some(details.reason), details.until, details.unwarned),
        None => (None, None, None),
    };
    Ok(vec![
        number.to_string(),
        event.at.as_millis().to_string(),
        recorded.as_millis().to_string(),
        text(event.actor.map(|actor| actor.to_string())),
        roles.join(" "),
        event.act.as_str().into(),
        text(event.conversation.as_ref().map(|conversation| conversation.number())),
        text(event.queue.map(|queue| queue.to_string())),
        text(event.desk.map(|desk| desk.to_string())),
        text(event.subject),
        asked.join("; "),
        text(reason),
        until.map_or_else(String::new, |until| until.as_millis().to_string()),
        text(unwarned),
        text(event.request),
        if event.before_chain { "yes".into() } else { String::new() },
        row.previous.clone(),
        row.hash.clone(),
    ])
}

const HEADER: [&str; 18] = [
    "number",
    "at",
    "recorded",
    "actor",
    "roles",
    "act",
    "conversation",
    "queue",
    "desk",
    "subject",
    "asked",
    "reason",
    "until",
    "unwarned",
    "request",
    "before_chain",
    "previous",
    "hash",
];

#[cfg(test)]
mod tests {
    use infocig_domain::audit::{Anchor, AuditEvent};
    use infocig_protocol::{report::AuditedKind, time::Timestamp};

    use super::*;

    #[test]
    fn a_row_is_a_record_and_no_cell_of_it_is_a_formula() {
        let event = AuditEvent {
            subject: Some("12".into()),
            ..AuditEvent::new(AuditedKind::PublishedRules, Timestamp::from_millis(1)).because("=1+1")
        };
        let row = Anchor::default().next(event, Timestamp::from_millis(2)).unwrap();
        let text = write(std::slice::from_ref(&row), false).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[1].contains("published_rules,\"\",\"\",\"\",12,\"\",'=1+1,"), "{}", lines[1]);
        assert!(lines[1].ends_with(&row.hash));
    }
}
