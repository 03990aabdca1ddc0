// SPDX-License-Identifier: EUPL-1.2
//! The room of the register: it hears of each conversation once and writes it down. Nobody speaks here.

use infocig_domain::desk::register::RegisterRow;

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

    /// A desk says how a conversation fared. Hearing it again changes nothing.
    pub fn hear(&self, source: &str, id: i64, notice: &str) -> Result<(), Fault> {
        let row: RegisterRow = Letter::read(notice)?;
        self.store.sql().transaction(|| {
            if Post::new(self.store.sql()).hear(source, id)? { self.store.add(&row) } else { Ok(()) }
        })
    }

    /// What was written down, for tests.
    #[cfg(any(test, feature = "test-clock"))]
    pub fn endings(&self) -> Result<Vec<crate::store::Ending>, Fault> {
        self.store.endings()
    }
}

#[cfg(test)]
mod tests {
    use infocig_protocol::{
        entry::{Outcome, Party},
        id::{ConversationId, QueueId},
        language::Language,
        person::{Category, Skill},
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
    fn a_store_that_fails_at_any_statement_hears_of_it_again() {
        for statements in 0..4 {
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

    fn row(ordinal: u32) -> String {
        let at = Timestamp::from_millis;
        let row = RegisterRow {
            conversation: ConversationId::of(&"0f".repeat(32), ordinal).unwrap(),
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
