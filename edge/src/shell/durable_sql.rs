// SPDX-License-Identifier: EUPL-1.2
//! The object's SQLite as a [`Sql`].
//!
//! Rows are read with `raw()`, the only cursor method that reports an error per row instead of throwing through Rust.
//! Integers cross as JavaScript numbers: exact up to 2^53, which holds for milliseconds and sequence numbers.

use ::worker::{SqlStorage, SqlStorageValue, State};
use wasm_bindgen::{JsCast, JsValue, closure::ScopedClosure, prelude::wasm_bindgen};

use crate::{
    problem::Fault,
    sql::{Row, Sql, SqlValue},
};

/// An object's storage.
pub(super) struct DurableSql {
    sql: SqlStorage,
    storage: TransactionalStorage,
}

#[wasm_bindgen]
extern "C" {
    /// `DurableObjectStorage` with the method the `worker` crate lacks.
    type TransactionalStorage;

    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    fn transaction_sync(
        this: &TransactionalStorage,
        work: &ScopedClosure<'_, dyn FnMut() -> Result<JsValue, JsValue>>,
    ) -> Result<JsValue, JsValue>;
}

impl DurableSql {
    pub(super) fn of(state: &State) -> Self {
        let storage = state.storage();
        let raw: &JsValue = storage.as_raw().as_ref();
        Self { sql: storage.sql(), storage: raw.clone().unchecked_into() }
    }
}

impl Sql for DurableSql {
    fn exec(&self, statement: &str, parameters: &[SqlValue]) -> Result<Vec<Row>, Fault> {
        let parameters: Vec<SqlStorageValue> = parameters.iter().map(to_storage).collect();
        let cursor = self.sql.exec(statement, parameters).map_err(|error| Fault::Store(error.to_string()))?;
        cursor.raw().map(|row| from_storage(row.map_err(|error| Fault::Store(error.to_string()))?)).collect()
    }

    fn transaction<T>(&self, work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
        let mut work = Some(work);
        let mut outcome = None;
        let mut run = || {
            outcome = work.take().map(|work| work());
            // Throwing is how `transactionSync` is told to undo; the fault itself waits in `outcome`.
            if matches!(outcome, Some(Ok(_))) {
                Ok(JsValue::UNDEFINED)
            } else {
                Err(JsValue::from_str("undo"))
            }
        };
        let ran = self.storage.transaction_sync(&ScopedClosure::borrow_mut_aborting(&mut run));
        match (outcome, ran) {
            (Some(Err(fault)), _) => Err(fault),
            (Some(Ok(value)), Ok(_)) => Ok(value),
            (Some(Ok(_)) | None, Err(error)) => Err(Fault::Store(format!("transaction: {error:?}"))),
            (None, Ok(_)) => Err(Fault::Store("transaction did not run".into())),
        }
    }
}

fn to_storage(value: &SqlValue) -> SqlStorageValue {
    match value {
        SqlValue::Null => SqlStorageValue::Null,
        SqlValue::Integer(integer) => SqlStorageValue::Integer(*integer),
        SqlValue::Text(text) => SqlStorageValue::String(text.clone()),
    }
}

fn from_storage(values: Vec<SqlStorageValue>) -> Result<Row, Fault> {
    values
        .into_iter()
        .map(|value| match value {
            SqlStorageValue::Null => Ok(SqlValue::Null),
            SqlStorageValue::Integer(integer) => Ok(SqlValue::Integer(integer)),
            SqlStorageValue::String(text) => Ok(SqlValue::Text(text)),
            SqlStorageValue::Boolean(_) | SqlStorageValue::Float(_) | SqlStorageValue::Blob(_) => {
                Err(Fault::Corrupt("a column of a type no schema uses".into()))
            }
        })
        .collect::<Result<_, _>>()
        .map(Row)
}
