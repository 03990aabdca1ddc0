// SPDX-License-Identifier: EUPL-1.2
//! The rows of a database as text: a first line with the schema version, then one line of JSON for each row.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::sql::{Sql, SqlValue, testing::MemorySql};

/// A row by the names of its columns.
pub(super) type Columns = BTreeMap<String, Value>;

#[derive(Serialize, Deserialize)]
struct Head {
    schema_version: usize,
}

#[derive(Serialize, Deserialize)]
struct Line {
    table: String,
    row: Columns,
}

/// Every row, in the order of tables' names and of insertion; of a table without a rowid, in the order of its key.
pub(super) fn dump(sql: &MemorySql, schema_version: usize) -> String {
    let mut lines = vec![serde_json::to_string(&Head { schema_version }).unwrap()];
    for (table, row) in rows(sql) {
        lines.push(serde_json::to_string(&Line { table, row }).unwrap());
    }
    lines.join("\n") + "\n"
}

/// The schema version and the rows of a dump.
pub(super) fn parse(text: &str) -> (usize, Vec<(String, Columns)>) {
    let mut lines = text.lines();
    let head: Head = serde_json::from_str(lines.next().unwrap()).unwrap();
    let line = |line: &str| {
        let Line { table, row } = serde_json::from_str(line).unwrap();
        (table, row)
    };
    (head.schema_version, lines.map(line).collect())
}

/// Inserts rows as they were.
pub(super) fn load(sql: &MemorySql, rows: Vec<(String, Columns)>) {
    for (table, row) in rows {
        let names: Vec<_> = row.keys().cloned().collect();
        let places: Vec<_> = (1..=names.len()).map(|place| format!("?{place}")).collect();
        let insert = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), places.join(", "));
        let values: Vec<_> = row.into_values().map(to_sql).collect();
        sql.run(insert.leak(), &values).unwrap();
    }
}

/// The tables of a schema. The version has a line of its own.
pub(super) fn tables(sql: &MemorySql) -> BTreeSet<String> {
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'schema_version'";
    sql.exec(tables, &[]).unwrap().iter().map(|row| row.text(0).unwrap().to_string()).collect()
}

/// Every row with its table.
pub(super) fn rows(sql: &MemorySql) -> Vec<(String, Columns)> {
    let mut rows = Vec::new();
    for table in tables(sql) {
        let names = sql.exec("SELECT name FROM pragma_table_info(?1)", &[SqlValue::text(&*table)]).unwrap();
        let names: Vec<_> = names.iter().map(|row| row.text(0).unwrap().to_string()).collect();
        let is_keyed = "SELECT 1 FROM pragma_table_list WHERE name = ?1 AND wr = 1";
        let is_keyed = !sql.exec(is_keyed, &[SqlValue::text(&*table)]).unwrap().is_empty();
        let order = if is_keyed { names.join(", ") } else { "rowid".into() };
        let select = format!("SELECT {} FROM {table} ORDER BY {order}", names.join(", "));
        for row in sql.exec(select.leak(), &[]).unwrap() {
            rows.push((table.clone(), names.iter().cloned().zip(row.0.into_iter().map(to_json)).collect()));
        }
    }
    rows
}

fn to_json(value: SqlValue) -> Value {
    match value {
        SqlValue::Null => Value::Null,
        SqlValue::Integer(integer) => integer.into(),
        SqlValue::Text(text) => text.into(),
    }
}

fn to_sql(value: Value) -> SqlValue {
    match value {
        Value::Null => SqlValue::Null,
        Value::Number(number) => SqlValue::Integer(number.as_i64().unwrap()),
        Value::String(text) => SqlValue::Text(text),
        other @ (Value::Bool(_) | Value::Array(_) | Value::Object(_)) => panic!("no column holds {other}"),
    }
}
