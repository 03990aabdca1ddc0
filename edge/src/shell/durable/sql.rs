// SPDX-License-Identifier: EUPL-1.2
//! The object's SQLite as a [`Sql`].
//!
//! Statements are handed over as JavaScript strings that are made once, and rows are read with `raw()`, the only cursor
//! method that reports an error per row instead of throwing through Rust. Integers cross as JavaScript numbers: exact up to
//! 2^53, which holds for milliseconds and places of entries.

use std::{cell::RefCell, collections::BTreeMap};

use ::worker::State;
use js_sys::{Array, JsString};
use wasm_bindgen::{JsCast, JsValue, closure::ScopedClosure, prelude::wasm_bindgen};

use crate::{
    problem::Fault,
    sql::{Row, Sql, SqlValue},
};

/// An object's storage.
pub(crate) struct DurableSql {
    sql: SqlStorage,
    storage: TransactionalStorage,
    /// By address: every statement is a constant.
    statements: RefCell<BTreeMap<usize, JsString>>,
}

#[wasm_bindgen]
extern "C" {
    /// `DurableObjectStorage` with the method the `worker` crate lacks.
    type TransactionalStorage;

    #[wasm_bindgen(method, getter)]
    fn sql(this: &TransactionalStorage) -> SqlStorage;

    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    fn transaction_sync(
        this: &TransactionalStorage,
        work: &ScopedClosure<'_, dyn FnMut() -> Result<JsValue, JsValue>>,
    ) -> Result<JsValue, JsValue>;

    /// `SqlStorage`, taking a statement that is a JavaScript string already.
    type SqlStorage;

    #[wasm_bindgen(method, catch, variadic)]
    fn exec(this: &SqlStorage, statement: &JsString, parameters: &Array) -> Result<Cursor, JsValue>;

    /// The same for the row of a log: one crossing instead of one for each parameter and one for their list, which is what
    /// every message waits for.
    #[wasm_bindgen(method, catch, js_name = exec)]
    fn exec_entry(
        this: &SqlStorage,
        statement: &JsString,
        place: f64,
        at: f64,
        author: &str,
        message_id: &str,
        body: &str,
    ) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = exec)]
    fn exec_composed(this: &SqlStorage, statement: &str) -> Result<Cursor, JsValue>;

    #[wasm_bindgen(method, catch, getter, js_name = databaseSize)]
    fn database_size(this: &SqlStorage) -> Result<f64, JsValue>;

    type Cursor;

    #[wasm_bindgen(method, catch)]
    fn raw(this: &Cursor) -> Result<js_sys::Iterator, JsValue>;
}

impl DurableSql {
    pub(crate) fn of(state: &State) -> Self {
        let storage = state.storage();
        let storage: &JsValue = storage.as_raw().as_ref();
        let storage: TransactionalStorage = storage.clone().unchecked_into();
        Self { sql: storage.sql(), storage, statements: RefCell::default() }
    }

    fn cursor(&self, statement: &'static str, parameters: &[SqlValue]) -> Result<Cursor, Fault> {
        let parameters = parameters.iter().map(to_js).collect::<Array>();
        self.with_statement(statement, |statement| self.sql.exec(statement, &parameters))
    }

    /// Lends the JavaScript string of a statement.
    fn with_statement<T>(
        &self,
        statement: &'static str,
        run: impl FnOnce(&JsString) -> Result<T, JsValue>,
    ) -> Result<T, Fault> {
        let mut statements = self.statements.borrow_mut();
        let known = statements.entry(statement.as_ptr().addr()).or_insert_with(|| statement.into());
        run(known).map_err(fault)
    }
}

impl Sql for DurableSql {
    fn exec(&self, statement: &'static str, parameters: &[SqlValue]) -> Result<Vec<Row>, Fault> {
        let rows = self.cursor(statement, parameters)?.raw().map_err(fault)?;
        rows.into_iter().map(|row| from_js(&Array::from(&row.map_err(fault)?))).collect()
    }

    fn run(&self, statement: &'static str, parameters: &[SqlValue]) -> Result<(), Fault> {
        if let [
            SqlValue::Integer(place),
            SqlValue::Integer(at),
            SqlValue::Text(author),
            SqlValue::Text(message_id),
            SqlValue::Text(body),
        ] = parameters
        {
            return self.with_statement(statement, |statement| {
                self.sql.exec_entry(statement, number(*place), number(*at), author, message_id, body)
            });
        }
        self.cursor(statement, parameters).map(|_| ())
    }

    fn exec_composed(&self, statement: &str) -> Result<(), Fault> {
        self.sql.exec_composed(statement).map(|_| ()).map_err(fault)
    }

    #[expect(clippy::cast_possible_truncation, reason = "a size in bytes")]
    fn used_bytes(&self) -> Result<i64, Fault> {
        self.sql.database_size().map(|bytes| bytes as i64).map_err(fault)
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

fn to_js(value: &SqlValue) -> JsValue {
    match value {
        SqlValue::Null => JsValue::NULL,
        SqlValue::Integer(integer) => JsValue::from_f64(number(*integer)),
        SqlValue::Text(text) => JsValue::from_str(text),
    }
}

#[expect(clippy::cast_precision_loss, reason = "exact up to 2^53")]
fn number(integer: i64) -> f64 {
    integer as f64
}

fn from_js(row: &Array) -> Result<Row, Fault> {
    let value = |value: JsValue| {
        if value.is_null() {
            return Ok(SqlValue::Null);
        }
        if let Some(text) = value.as_string() {
            return Ok(SqlValue::Text(text));
        }
        #[expect(clippy::cast_possible_truncation, reason = "whole numbers up to 2^53")]
        let integer = value.as_f64().filter(|number| number.fract() == 0.0).map(|number| number as i64);
        integer
            .map(SqlValue::Integer)
            .ok_or_else(|| Fault::Corrupt("a column of a type no schema uses".into()))
    };
    row.iter().map(value).collect::<Result<_, _>>().map(Row)
}

fn fault(error: JsValue) -> Fault {
    let message = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    Fault::Store(message.unwrap_or_else(|| format!("{error:?}")))
}
