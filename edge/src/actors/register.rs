// SPDX-License-Identifier: EUPL-1.2
//! The actor of the register: one row for each conversation that left a desk, with the person's rating, whichever notification
//! comes first. It has no links, no outbox to empty and nothing to wake for.

use infocig_domain::desk::register::RegisterNotification;
use infocig_protocol::time::Timestamp;

use super::Actor;
use crate::{
    problem::{Error, Fault},
    sql::Sql,
    store::{Inbox, Outbox, OutboxMessage, RegisterStore},
};

/// The register.
pub struct RegisterActor<S> {
    store: RegisterStore<S>,
}

impl<S: Sql> RegisterActor<S> {
    /// The register over its object's store.
    pub fn open(sql: S) -> Result<Self, Fault> {
        Ok(Self { store: RegisterStore::open(sql)? })
    }

    /// Whether something can be stored.
    pub fn probe(&self, now: Timestamp) -> Result<(), Fault> {
        self.store.probe(now)
    }

    /// The rows, for tests.
    #[cfg(any(test, feature = "test-clock"))]
    pub fn endings(&self) -> Result<Vec<crate::store::Ending>, Fault> {
        self.store.endings()
    }
}

impl<S: Sql> Actor for RegisterActor<S> {
    type Sql = S;
    type Effects = ();

    fn outbox(&self) -> Outbox<'_, S> {
        Outbox::new(self.store.sql())
    }

    fn on_notification(
        &self,
        source: &str,
        id: i64,
        notification: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let notification: RegisterNotification = OutboxMessage::read(notification)?;
        self.store.sql().transaction(|| {
            if !Inbox::new(self.store.sql()).is_new(source, id, now)? {
                return Ok(());
            }
            match &notification {
                RegisterNotification::Row(row) => self.store.add(row),
                RegisterNotification::Rated(rated) => self.store.rate(rated),
            }
        })?;
        Ok(())
    }

    fn wake(&self, _now: Timestamp) -> Result<Option<()>, Fault> {
        Ok(None)
    }

    fn next_wake(&self) -> Result<Option<Timestamp>, Fault> {
        Ok(None)
    }

    fn delivered(&self, message: &OutboxMessage, _now: Timestamp) -> Result<(), Fault> {
        self.outbox().delete(message)
    }
}

#[cfg(test)]
mod tests {
    use infocig_domain::desk::register::{Rated, RegisterRow};
    use infocig_protocol::{
        entry::{Outcome, Party},
        id::{ConversationId, QueueId},
        language::Language,
        person::{Category, Skill},
        rating::Answer,
        time::Timestamp,
    };

    use super::*;
    use crate::sql::testing::MemorySql;

    #[test]
    fn a_conversation_heard_of_twice_is_one_row() {
        let sql = MemorySql::new();
        let register = RegisterActor::open(&sql).unwrap();

        for (id, ordinal) in [(1, 1), (1, 1), (2, 2), (3, 2), (2, 3)] {
            register.on_notification("desk", id, &row(ordinal), Timestamp::from_millis(1)).unwrap();
        }

        assert_eq!(count(&sql), 2);
        assert!(register.on_notification("desk", 9, "{}", Timestamp::from_millis(1)).is_err());
    }

    #[test]
    fn what_a_person_said_is_in_the_row_whichever_came_first_and_the_newest_counts() {
        let sql = MemorySql::new();
        let register = RegisterActor::open(&sql).unwrap();
        let ratings = || {
            let rows = register.endings().unwrap();
            rows.into_iter().map(|row| row.rating).collect::<Vec<_>>()
        };
        register.on_notification("person", 1, &rated(1, Answer::Yes), Timestamp::from_millis(1)).unwrap();
        register.on_notification("person", 2, &rated(1, Answer::No), Timestamp::from_millis(1)).unwrap();
        assert_eq!(ratings(), []);
        for ordinal in [1, 2] {
            register
                .on_notification("desk", i64::from(ordinal), &row(ordinal), Timestamp::from_millis(1))
                .unwrap();
        }
        assert_eq!(ratings(), [Some("no".into()), None]);

        for id in [3, 3] {
            register
                .on_notification("person", id, &rated(1, Answer::Partly), Timestamp::from_millis(1))
                .unwrap();
        }
        register.on_notification("person", 2, &rated(1, Answer::No), Timestamp::from_millis(1)).unwrap();
        register.on_notification("person", 4, &rated(2, Answer::Yes), Timestamp::from_millis(1)).unwrap();
        assert_eq!(ratings(), [Some("partly".into()), Some("yes".into())]);
        register.on_notification("desk", 9, &row(1), Timestamp::from_millis(1)).unwrap();
        assert_eq!(ratings(), [Some("partly".into()), Some("yes".into())], "a row that is there stays");
    }

    #[test]
    fn a_rating_is_lost_at_no_statement() {
        for statements in 0..8 {
            let sql = MemorySql::new();
            let register = RegisterActor::open(&sql).unwrap();
            sql.fail_after.set(statements);
            let heard = [("person", rated(1, Answer::Partly)), ("desk", row(1))];
            let failed: Vec<_> = heard
                .iter()
                .filter(|(source, notification)| {
                    register.on_notification(source, 1, notification, Timestamp::from_millis(1)).is_err()
                })
                .collect();
            sql.fail_after.set(-1);
            for (source, notification) in failed {
                register.on_notification(source, 1, notification, Timestamp::from_millis(1)).unwrap();
            }
            assert_eq!(
                register.endings().unwrap()[0].rating.as_deref(),
                Some("partly"),
                "after {statements}"
            );
        }
    }

    #[test]
    fn a_store_that_fails_at_any_statement_hears_of_it_again() {
        for statements in 0..5 {
            let sql = MemorySql::new();
            let register = RegisterActor::open(&sql).unwrap();
            sql.fail_after.set(statements);
            let failed = register.on_notification("desk", 1, &row(1), Timestamp::from_millis(1)).is_err();
            sql.fail_after.set(-1);

            assert_eq!(count(&sql), usize::from(!failed));
            register.on_notification("desk", 1, &row(1), Timestamp::from_millis(1)).unwrap();
            assert_eq!(count(&sql), 1);
        }
    }

    fn count(sql: &MemorySql) -> usize {
        RegisterActor::open(sql).unwrap().endings().unwrap().len()
    }

    fn rated(ordinal: u32, rating: Answer) -> String {
        serde_json::to_string(&Rated { conversation: conversation(ordinal), rating }).unwrap()
    }

    fn conversation(ordinal: u32) -> ConversationId {
        ConversationId::of(&"0f".repeat(32), ordinal).unwrap()
    }

    fn row(ordinal: u32) -> String {
        let at = Timestamp::from_millis;
        let row = RegisterRow {
            conversation: conversation(ordinal),
            queue: QueueId::parse("info-cig").unwrap(),
            category: Category::Lavoratore,
            province: "058".into(),
            language: Language::It,
            about: Some(Skill::Pagamenti),
            opened: at(1),
            answered: None,
            ended: at(9),
            ended_by: Party::Citizen,
            topic: None,
            outcome: Some(Outcome::Abandoned),
            waits: 1,
            waited_ms: 8,
            offers: 0,
            returns: 0,
            transfers: 0,
        };
        serde_json::to_string(&row).unwrap()
    }
}
