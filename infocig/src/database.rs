// SPDX-License-Identifier: EUPL-1.2
//! A database of an object outside the runtime, for the statements of the service's own stores.

use std::path::Path;

use infocig_edge::problem::Fault;
use infocig_edge::sql::{Row, Sql, SqlValue};
use rusqlite::types::Value;
use rusqlite::{Connection, MAIN_DB, params_from_iter};

use crate::{Error, While};

/// A database in a file.
pub(crate) struct Database {
    connection: Connection,
}

impl Database {
    /// Opens the database of a file.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let connection = Connection::open(path).while_doing(format_args!("opening {}", path.display()))?;
        Ok(Self { connection })
    }

    /// Opens a copy in memory, to be read.
    pub(crate) fn of(mut content: Vec<u8>) -> Result<Self, Error> {
        // Nothing in memory can have a write-ahead log: the copy has all that was in it, and says so
        // (`sqlite.org/fileformat2.html`, file format version numbers).
        if let Some(versions) = content.get_mut(18..20) {
            versions.fill(1);
        }
        let mut connection = Connection::open_in_memory().while_doing("opening a copy")?;
        let size = content.len();
        connection.deserialize_read_exact(MAIN_DB, &*content, size, true).while_doing("reading a copy")?;
        Ok(Self { connection })
    }
}

impl Sql for Database {
    fn exec(&self, statement: &'static str, parameters: &[SqlValue]) -> Result<Vec<Row>, Fault> {
        let fault = |error: rusqlite::Error| Fault::Store(error.to_string());
        let mut prepared = self.connection.prepare(statement).map_err(fault)?;
        let columns = prepared.column_count();
        let values = parameters.iter().map(|value| match value {
            SqlValue::Null => Value::Null,
            SqlValue::Integer(integer) => Value::Integer(*integer),
            SqlValue::Text(text) => Value::Text(text.clone()),
        });
        let mut rows = prepared.query(params_from_iter(values)).map_err(fault)?;
        let mut read = Vec::new();
        while let Some(row) = rows.next().map_err(fault)? {
            let value = |column| match row.get::<_, Value>(column).map_err(fault)? {
                Value::Null => Ok(SqlValue::Null),
                Value::Integer(integer) => Ok(SqlValue::Integer(integer)),
                Value::Text(text) => Ok(SqlValue::Text(text)),
                Value::Real(_) | Value::Blob(_) => {
                    Err(Fault::Corrupt("neither a text nor an integer".into()))
                }
            };
            read.push(Row((0..columns).map(value).collect::<Result<_, _>>()?));
        }
        Ok(read)
    }

    fn run(&self, statement: &'static str, parameters: &[SqlValue]) -> Result<(), Fault> {
        self.exec(statement, parameters).map(|_| ())
    }

    fn transaction<T>(&self, work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
        let fault = |error: rusqlite::Error| Fault::Store(error.to_string());
        self.connection.execute_batch("SAVEPOINT work").map_err(fault)?;
        let result = work();
        let end = if result.is_ok() { "RELEASE work" } else { "ROLLBACK TO work; RELEASE work" };
        self.connection.execute_batch(end).map_err(fault)?;
        result
    }
}
