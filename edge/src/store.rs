// SPDX-License-Identifier: EUPL-1.2
//! The stores of objects: all SQL of the service is under this module and in `schema/`.
//!
//! Statements are constants so that they can be read as a list; rows are parsed where they are read.

mod audit;
mod audit_trail;
#[cfg(test)]
mod classified_tests;
mod conversations;
mod desk;
pub mod erasures;
mod inbox;
#[cfg(test)]
mod migration_tests;
pub mod outbox;
#[cfg(test)]
mod pinned_tests;
mod policy;
pub mod rebuild;
mod register;
pub mod restorations;
#[cfg(test)]
mod restore_tests;
mod segnalazioni;
mod staff;
mod stored_links;

use serde::{Serialize, de::DeserializeOwned};

#[cfg(any(test, feature = "test-clock"))]
pub use self::register::Ending;
#[cfg(test)]
pub(crate) use self::register::SEARCH_STATEMENTS;
pub use self::{
    audit_trail::{AuditPlace, AuditQuery, AuditStore, AuditWithin, stored_trail},
    conversations::{ASSISTANT, CITIZEN, ConversationStore},
    desk::DeskStore,
    inbox::Inbox,
    outbox::{DeadLetter, Destination, Outbox, OutboxMessage},
    policy::PolicyStore,
    register::{
        CommentQuery, ForgettingCounts, LegalHold, Place, Refused, RegisterStore, SearchQuery, Slice,
        WITH_WORDS, next_night, next_quiet, proof_after,
    },
    segnalazioni::{DeliveryState, LineaInpsStore, NewSegnalazione},
    staff::{StaffStore, StoredSession},
    stored_links::{StoredLink, StoredLinks, StoredTransport},
};
use crate::{problem::Fault, sql::Sql};

/// Applies the `migrations` an object lacks, in order, each once. They never change after a release.
///
/// The version is kept in a table of our own: `PRAGMA user_version` is refused by workerd.
fn migrate(sql: &impl Sql, migrations: &[&'static str]) -> Result<(), Fault> {
    sql.transaction(|| {
        sql.exec(CREATE_SCHEMA_VERSION, &[])?;
        let rows = sql.exec(SELECT_SCHEMA_VERSION, &[])?;
        let applied = rows.first().map_or(Ok(0), |row| row.integer(0))?;
        let applied =
            usize::try_from(applied).map_err(|_| Fault::Corrupt("schema version is negative".into()))?;
        if applied > migrations.len() {
            return Err(Fault::Newer(format!(
                "what is stored is of a newer version of this service (schema version {applied}, this one knows {})",
                migrations.len()
            )));
        }
        for migration in migrations.iter().skip(applied) {
            for statement in migration.split(";\n").map(str::trim).filter(|text| has_sql(text)) {
                sql.exec(statement, &[])?;
            }
        }
        if applied < migrations.len() {
            let newest =
                i64::try_from(migrations.len()).map_err(|_| Fault::Corrupt("too many migrations".into()))?;
            sql.exec(UPDATE_SCHEMA_VERSION, &[newest.into()])?;
        }
        Ok(())
    })
}

fn has_sql(text: &str) -> bool {
    text.lines().any(|line| !line.trim().is_empty() && !line.trim_start().starts_with("--"))
}

/// Inbox and outbox alone, as every object has them.
#[cfg(test)]
const MESSAGING: [&str; 2] =
    [include_str!("../schema/post_0001.sql"), include_str!("../schema/messaging_0002.sql")];

fn to_json(value: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault::Corrupt(format!("not written: {error}")))
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|error| Fault::Corrupt(format!("not read: {error}")))
}

/// A statement without a row to read, for failures on purpose.
#[cfg(feature = "test-clock")]
pub const FINDS_NOTHING: &str = "SELECT 1 WHERE 0";

const CREATE_SCHEMA_VERSION: &str = "CREATE TABLE IF NOT EXISTS schema_version (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), version INTEGER NOT NULL) STRICT";
const SELECT_SCHEMA_VERSION: &str = "SELECT version FROM schema_version";
const UPDATE_SCHEMA_VERSION: &str = "INSERT INTO schema_version (only_row, version) VALUES (1, ?1) ON CONFLICT (only_row) DO UPDATE SET version = ?1";

#[cfg(test)]
pub(crate) mod testing {
    use infocig_domain::{
        audit::{AuditEvent, AuditNotification},
        figures::FigureRules,
        policy::Policy,
    };

    use crate::sql::{Row, Sql, testing::MemorySql};

    /// What an object's outbox tells the audit trail and has not brought yet, oldest first.
    pub(crate) fn audited(sql: &MemorySql) -> Vec<AuditEvent> {
        let told = "SELECT notification FROM outbox WHERE destination = 'audit' ORDER BY id";
        let acts =
            |row: &Row| serde_json::from_str::<AuditNotification>(row.text(0).unwrap()).unwrap().audited;
        sql.exec(told, &[]).unwrap().iter().flat_map(acts).collect()
    }

    /// The thresholds of the policy that the service ships.
    pub(crate) fn figure_rules() -> FigureRules {
        Policy::parse(include_str!("../policy.json")).unwrap().desk.figures
    }
}
