// SPDX-License-Identifier: EUPL-1.2
//! Objects stored by the schema before are opened by the schema of today, with nothing lost.

use infocig_domain::{conversation::InactivityTimeouts, policy::Policy};
use infocig_protocol::{id::DeskId, time::Timestamp};

use super::{
    ConversationStore, DeskStore, Destination, Inbox, LineaInpsStore, Outbox, RegisterStore, StoredLink,
    StoredLinks, StoredTransport, migrate,
};
use crate::{
    problem::Fault,
    sql::{Sql, testing::MemorySql},
};

#[test]
fn messages_senders_and_links_of_before_are_read_by_their_names_of_today() {
    let sql = &MemorySql::new();
    let before = [
        concat!(
            include_str!("../../schema/conversation_0001.sql"),
            include_str!("../../schema/post_0001.sql")
        ),
        include_str!("../../schema/conversation_0002.sql"),
        include_str!("../../schema/visit_0001.sql"),
    ];
    migrate(&sql, &before).unwrap();
    for statement in [
        "INSERT INTO outbox (id, destination, notice, attempts, not_before) VALUES (7, 'desk:info-cig', '{}', 2, 0)",
        "INSERT INTO inbox (source, last_id) VALUES ('desk', 41)",
        "INSERT INTO visit (way, known, at) VALUES ('pages', '\"state\"', 5)",
    ] {
        sql.run(statement, &[]).unwrap();
    }

    let policy = Policy::parse(include_str!("../../policy.json")).unwrap();
    let timeouts = InactivityTimeouts::of(&policy.desk);
    ConversationStore::open(sql, "0f".repeat(32), timeouts).unwrap();

    let due = Outbox::new(&sql).due(Timestamp::from_millis(9)).unwrap();
    assert_eq!((due.len(), due[0].id, due[0].attempts), (1, 7, 2));
    assert_eq!(due[0].destination, Destination::Desk(DeskId::parse("info-cig").unwrap()));
    let inbox = Inbox::new(&sql);
    assert!(!inbox.is_new("desk", 41, Timestamp::from_millis(9)).unwrap());
    let links: Vec<StoredLink<String>> = StoredLinks::of(sql).all().unwrap();
    assert_eq!((links[0].transport, links[0].state.as_str()), (StoredTransport::Pages, "state"));
}

#[test]
fn desk_connector_and_register_of_before_are_opened() {
    let post = include_str!("../../schema/post_0001.sql");
    let visit = include_str!("../../schema/visit_0001.sql");
    let sql = &MemorySql::new();
    migrate(&sql, &[include_str!("../../schema/desk_0001.sql"), visit]).unwrap();
    sql.run("INSERT INTO desk (only_row, queue, ledger) VALUES (1, 'info-cig', NULL)", &[]).unwrap();
    run_all(sql, post);
    let desk = DeskStore::open(sql).unwrap();
    assert_eq!(desk.id(None).unwrap().as_str(), "info-cig");
    assert!(desk.rows().is_ok());

    let sql = &MemorySql::new();
    migrate(&sql, &[include_str!("../../schema/linea_inps_0001.sql"), visit]).unwrap();
    run_all(sql, post);
    let row = "INSERT INTO segnalazione (key, body, at, office, delivery, attempts, since, not_before, told) \
         VALUES ('k', '{}', 1, '058', 'waiting', 3, 1, 1, 2)";
    sql.run(row, &[]).unwrap();
    let found = LineaInpsStore::open(sql).unwrap().find("k").unwrap().unwrap();
    assert_eq!((found.attempts, found.notified), (3, 2));

    let sql = &MemorySql::new();
    let register = [
        include_str!("../../schema/register_0001.sql"),
        include_str!("../../schema/register_0002.sql"),
        include_str!("../../schema/register_0003.sql"),
    ];
    migrate(&sql, &register).unwrap();
    run_all(sql, post);
    assert!(
        RegisterStore::open(sql, super::testing::figure_rules())
            .unwrap()
            .probe(Timestamp::from_millis(1))
            .is_ok()
    );
}

/// The way back from an upgrade: what a newer version stored is left as it is, and the sentence says why.
#[test]
fn an_older_version_refuses_what_a_newer_one_stored_and_changes_nothing() {
    let sql = &MemorySql::new();
    let next = [super::desk::MIGRATIONS, &[include_str!("../../schema/next/desk.sql")]].concat();
    DeskStore::open(sql).unwrap();
    sql.run("INSERT INTO desk_conversation (conversation, body) VALUES ('c', '{}')", &[]).unwrap();
    migrate(&sql, &next).unwrap();

    let refused = DeskStore::open(sql).err().unwrap();

    assert!(matches!(&refused, Fault::Newer(sentence) if sentence.contains("newer version")), "{refused}");
    let rows =
        sql.exec("SELECT length, (SELECT moved FROM next_version) FROM desk_conversation", &[]).unwrap();
    assert_eq!((rows.len(), rows[0].integer(0).unwrap(), rows[0].integer(1).unwrap()), (1, 2, 1));
    migrate(&sql, &next).unwrap();
}

/// workerd refuses a comment after the end of a statement: to it that is a second one, and empty.
#[test]
fn no_statement_of_a_migration_is_followed_by_a_comment() {
    let migrations = [
        super::conversations::MIGRATIONS,
        super::desk::MIGRATIONS,
        super::register::MIGRATIONS,
        super::segnalazioni::MIGRATIONS,
    ];
    for line in migrations.into_iter().flatten().flat_map(|migration| migration.lines()) {
        let (statement, comment) = line.split_once("--").unwrap_or((line, ""));
        assert!(comment.is_empty() || !statement.contains(';'), "{line}");
    }
}

/// Runs the statements of a schema file.
fn run_all(sql: &MemorySql, schema: &'static str) {
    for statement in schema.split(";\n").filter(|text| super::has_sql(text)) {
        sql.run(statement, &[]).unwrap();
    }
}
