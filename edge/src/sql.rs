// SPDX-License-Identifier: EUPL-1.2
//! SQL behind a trait: the statements we ship run on rusqlite under `cargo test` and on the object's storage in workerd.
//!
//! Every operation is synchronous. Inside a Durable Object nothing interleaves with code that does not await.

use crate::problem::Fault;

/// A store that runs SQL.
pub trait Sql {
    /// Runs one statement and returns its rows. Parameters are positional (`?1`, `?2`, …).
    fn exec(&self, statement: &'static str, parameters: &[SqlValue]) -> Result<Vec<Row>, Fault>;

    /// Runs one statement that has no rows to read: the cheapest way to write.
    fn run(&self, statement: &'static str, parameters: &[SqlValue]) -> Result<(), Fault>;

    /// Runs a statement that is made of names of the schema, which [`store::rebuild`](crate::store) alone does.
    /// Stores that nobody erases anything in have no need of it.
    fn exec_composed(&self, _statement: &str) -> Result<(), Fault> {
        Err(Fault::Platform("nothing is erased here".into()))
    }

    /// The size of the pages that are in use.
    fn used_bytes(&self) -> Result<i64, Fault> {
        Err(Fault::Platform("nothing is erased here".into()))
    }

    /// Runs `work` so that all of its statements take effect, or none: an `Err` undoes them.
    fn transaction<T>(&self, work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault>;
}

/// A value that crosses into SQL or back. Integers are exact up to 2^53 in workerd.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SqlValue {
    /// `NULL`
    Null,
    /// `INTEGER`
    Integer(i64),
    /// `TEXT`
    Text(String),
}

impl SqlValue {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

impl From<i64> for SqlValue {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<u32> for SqlValue {
    fn from(value: u32) -> Self {
        Self::Integer(value.into())
    }
}

impl From<Option<String>> for SqlValue {
    fn from(value: Option<String>) -> Self {
        value.map_or(Self::Null, Self::Text)
    }
}

/// One row of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row(pub Vec<SqlValue>);

impl Row {
    /// The integer in a column, from 0.
    pub fn integer(&self, column: usize) -> Result<i64, Fault> {
        match self.0.get(column) {
            Some(SqlValue::Integer(value)) => Ok(*value),
            Some(SqlValue::Null | SqlValue::Text(_)) | None => Err(corrupt(column, "an integer")),
        }
    }

    /// The text in a column, from 0.
    pub fn text(&self, column: usize) -> Result<&str, Fault> {
        match self.0.get(column) {
            Some(SqlValue::Text(text)) => Ok(text),
            Some(SqlValue::Null | SqlValue::Integer(_)) | None => Err(corrupt(column, "a text")),
        }
    }
}

fn corrupt(column: usize, expected: &str) -> Fault {
    Fault::Corrupt(format!("column {column} is not {expected}"))
}

#[cfg(test)]
pub(crate) mod testing {
    //! The same statements on rusqlite.

    use std::cell::Cell;

    use rusqlite::{Connection, types::Value};

    use super::*;

    /// A store in memory.
    pub(crate) struct MemorySql {
        connection: Connection,
        /// Statements that still succeed before every later one fails; negative for all.
        pub(crate) fail_after: Cell<i64>,
    }

    impl MemorySql {
        pub(crate) fn new() -> Self {
            Self { connection: Connection::open_in_memory().unwrap(), fail_after: Cell::new(-1) }
        }

        /// A store in a file, with a write-ahead log as workerd has it.
        pub(crate) fn in_file(path: &std::path::Path) -> Self {
            let connection = Connection::open(path).unwrap();
            connection.pragma_update(None, "journal_mode", "WAL").unwrap();
            Self { connection, fail_after: Cell::new(-1) }
        }
    }

    impl Sql for &MemorySql {
        fn exec(&self, statement: &'static str, parameters: &[SqlValue]) -> Result<Vec<Row>, Fault> {
            match self.fail_after.get() {
                0 => return Err(Fault::Store("the test says no".into())),
                left => self.fail_after.set(left - i64::from(left > 0)),
            }
            let fault = |error: rusqlite::Error| Fault::Store(format!("{error}: {statement}"));
            let mut prepared = self.connection.prepare(statement).map_err(fault)?;
            let columns = prepared.column_count();
            let values = parameters.iter().map(|value| match value {
                SqlValue::Null => Value::Null,
                SqlValue::Integer(integer) => Value::Integer(*integer),
                SqlValue::Text(text) => Value::Text(text.clone()),
            });
            let mut rows = prepared.query(rusqlite::params_from_iter(values)).map_err(fault)?;
            let mut out = Vec::new();
            while let Some(row) = rows.next().map_err(fault)? {
                let mut read = Vec::new();
                for column in 0..columns {
                    read.push(match row.get::<_, Value>(column).map_err(fault)? {
                        Value::Null => SqlValue::Null,
                        Value::Integer(integer) => SqlValue::Integer(integer),
                        Value::Text(text) => SqlValue::Text(text),
                        other @ (Value::Real(_) | Value::Blob(_)) => {
                            return Err(Fault::Corrupt(format!("{other:?}")));
                        }
                    });
                }
                out.push(Row(read));
            }
            Ok(out)
        }

        fn run(&self, statement: &'static str, parameters: &[SqlValue]) -> Result<(), Fault> {
            self.exec(statement, parameters).map(|_| ())
        }

        fn exec_composed(&self, statement: &str) -> Result<(), Fault> {
            match self.fail_after.get() {
                0 => return Err(Fault::Store("the test says no".into())),
                left => self.fail_after.set(left - i64::from(left > 0)),
            }
            let fault = |error: rusqlite::Error| Fault::Store(format!("{error}: {statement}"));
            self.connection.execute_batch(statement).map_err(fault)
        }

        fn used_bytes(&self) -> Result<i64, Fault> {
            let fault = |error: rusqlite::Error| Fault::Store(error.to_string());
            let pragma = |name| self.connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
            let pages = pragma("page_count").map_err(fault)? - pragma("freelist_count").map_err(fault)?;
            Ok(pages * pragma("page_size").map_err(fault)?)
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
}
