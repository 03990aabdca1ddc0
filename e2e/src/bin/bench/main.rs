// SPDX-License-Identifier: EUPL-1.2
//! Measurements of the whole, for `cargo xtask bench`. They are not tests.
//!
//! Machines differ and are noisy, so that figures to be compared are measured in the same run.

mod admission;
mod relay;
mod widget;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use infocig_e2e::error::Error;
use serde_json::Value;

/// The result of one measurement: rows for people, an object for machines.
struct Findings {
    rows: Vec<(String, String)>,
    json: Value,
}

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let json = words.iter().any(|word| word == "--json");
    let found = match words.first().map(String::as_str) {
        Some("admission") => admission::measure().await,
        Some("relay") => Box::pin(relay::measure()).await,
        Some("siege") => Box::pin(relay::siege::measure()).await,
        Some("widget") => Box::pin(widget::measure()).await,
        other => Err(Error::new(format!(
            "there is no measurement {other:?}; there are admission, relay, siege and widget"
        ))),
    };
    match found {
        Ok(findings) => {
            show(&findings, json);
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = writeln!(io::stderr().lock(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn show(findings: &Findings, json: bool) {
    let mut out = io::stdout().lock();
    let width = findings.rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    // A closed standard output has no reader.
    for (name, figure) in &findings.rows {
        let _ = writeln!(out, "{name:<width$}  {figure:>14}");
    }
    if json {
        let _ = writeln!(out, "{}", findings.json);
    }
}
