//! Reads the ledger's file for the browser tests, beside the server and not through it.
//!
//! Each line of the input is a question, `{"file": …, "sql": …, "parameters": […]}`; each line of the output is its answer,
//! `{"rows": [{…}]}` or `{"error": …}`. The file is opened anew and for reading only, so that every answer is of that moment.

use rusqlite::{Connection, OpenFlags, params_from_iter, types::ValueRef};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::{
    error::Error,
    io::{Write, stdin, stdout},
    time::Duration,
};

#[derive(Deserialize)]
struct Question {
    file: String,
    sql: String,
    #[serde(default)]
    parameters: Vec<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    for line in stdin().lines() {
        let answer = answer(&line?).unwrap_or_else(|error| json!({ "error": error.to_string() }));
        let mut out = stdout().lock();
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

fn answer(line: &str) -> Result<Value, Box<dyn Error>> {
    let question: Question = serde_json::from_str(line)?;
    let ledger = Connection::open_with_flags(&question.file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    ledger.busy_timeout(Duration::from_secs(5))?;
    let mut statement = ledger.prepare(&question.sql)?;
    let names: Vec<String> = statement.column_names().map(String::from).collect();
    let rows = statement.query_map(params_from_iter(question.parameters), |row| {
        names
            .iter()
            .enumerate()
            .map(|(column, name)| Ok((name.clone(), json(row.get_ref(column)?))))
            .collect::<Result<Map<_, _>, _>>()
    })?;
    Ok(json!({ "rows": rows.collect::<Result<Vec<_>, _>>()? }))
}

/// The ledger has no REAL, so a float here is a defect that the tests should see as text.
fn json(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => json!(number),
        ValueRef::Real(number) => json!(format!("REAL {number}")),
        ValueRef::Text(text) | ValueRef::Blob(text) => json!(String::from_utf8_lossy(text)),
    }
}
