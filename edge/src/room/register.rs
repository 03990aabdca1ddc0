// SPDX-License-Identifier: EUPL-1.2
//! The room of the register: it hears of each conversation once and writes it down, and what its person said of it whenever
//! they do. Nobody speaks here.

use infocig_domain::desk::register::RegisterNotification;
use infocig_protocol::time::Timestamp;

use crate::{
    problem::Fault,
    sql::Sql,
    store::{Letter, Post, RegisterStore},
};

/// The register.
pub struct RegisterRoom<S> {
    store: RegisterStore<S>,
}

impl<S: Sql> RegisterRoom<S> {
    /// The register over its object's store.
    pub fn open(sql: S) -> Result<Self, Fault> {
        Ok(Self { store: RegisterStore::open(sql)? })
    }

    /// A desk says how a conversation fared, or the conversation what its person said of it. Hearing it again changes nothing.
    pub fn hear(&self, source: &str, id: i64, notification: &str) -> Result<(), Fault> {
        let notification: RegisterNotification = Letter::read(notification)?;
        self.store.sql().transaction(|| {
            if !Post::new(self.store.sql()).hear(source, id)? {
                return Ok(());
            }
            match &notification {
                RegisterNotification::Row(row) => self.store.add(row),
                RegisterNotification::Rated(rated) => self.store.rate(rated),
            }
        })
    }

    /// Whether something can be stored.
    pub fn probe(&self, now: Timestamp) -> Result<(), Fault> {
        self.store.probe(now)
    }

    /// What was written down, for tests.
    #[cfg(any(test, feature = "test-clock"))]
    pub fn endings(&self) -> Result<Vec<crate::store::Ending>, Fault> {
        self.store.endings()
    }
}

#[cfg(test)]
mod tests {
    use infocig_domain::desk::register::{Rated, RegisterRow};
    use infocig_protocol::{
        entry::{Outcome, Party},
        id::{ConversationId, QueueId},
        language::Language,
        person::Category,
        rating::Answer,
        skill::Skill,
        time::Timestamp,
    };

    use super::*;
    use crate::sql::testing::MemorySql;

    #[test]
    fn a_conversation_heard_of_twice_is_one_row() {
        let sql = MemorySql::new();
        let register = RegisterRoom::open(&sql).unwrap();

        for (id, ordinal) in [(1, 1), (1, 1), (2, 2), (3, 2), (2, 3)] {
            register.hear("desk", id, &row(ordinal)).unwrap();
        }

        assert_eq!(count(&sql), 2);
        assert!(register.hear("desk", 9, "{}").is_err());
    }

    #[test]
    fn what_a_person_said_is_in_the_row_whichever_came_first_and_the_newest_counts() {
        let sql = MemorySql::new();
        let register = RegisterRoom::open(&sql).unwrap();
        let ratings = || {
            let rows = register.endings().unwrap();
            rows.into_iter().map(|row| row.rating).collect::<Vec<_>>()
        };
        register.hear("person", 1, &rated(1, Answer::Yes)).unwrap();
        register.hear("person", 2, &rated(1, Answer::No)).unwrap();
        assert_eq!(ratings(), []);
        for ordinal in [1, 2] {
            register.hear("desk", i64::from(ordinal), &row(ordinal)).unwrap();
        }
        assert_eq!(ratings(), [Some("no".into()), None]);

        for id in [3, 3] {
            register.hear("person", id, &rated(1, Answer::Partly)).unwrap();
        }
        register.hear("person", 2, &rated(1, Answer::No)).unwrap();
        register.hear("person", 4, &rated(2, Answer::Yes)).unwrap();
        assert_eq!(ratings(), [Some("partly".into()), Some("yes".into())]);
        register.hear("desk", 9, &row(1)).unwrap();
        assert_eq!(ratings(), [Some("partly".into()), Some("yes".into())], "a row that is there stays");
    }

    #[test]
    fn a_rating_is_lost_at_no_statement() {
        for statements in 0..8 {
            let sql = MemorySql::new();
            let register = RegisterRoom::open(&sql).unwrap();
            sql.fail_after.set(statements);
            let heard = [("person", rated(1, Answer::Partly)), ("desk", row(1))];
            let failed: Vec<_> = heard
                .iter()
                .filter(|(source, notification)| register.hear(source, 1, notification).is_err())
                .collect();
            sql.fail_after.set(-1);
            for (source, notification) in failed {
                register.hear(source, 1, notification).unwrap();
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
            let register = RegisterRoom::open(&sql).unwrap();
            sql.fail_after.set(statements);
            let failed = register.hear("desk", 1, &row(1)).is_err();
            sql.fail_after.set(-1);

            assert_eq!(count(&sql), usize::from(!failed));
            register.hear("desk", 1, &row(1)).unwrap();
            assert_eq!(count(&sql), 1);
        }
    }

    fn count(sql: &MemorySql) -> usize {
        RegisterRoom::open(sql).unwrap().endings().unwrap().len()
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
