// SPDX-License-Identifier: EUPL-1.2
//! Fault injection for any time, for `cargo xtask chaos`; it fails if a message is lost or a conversation does not end.

use std::{
    io::{self, Write},
    process::ExitCode,
    time::Duration,
};

use infocig_e2e::{
    chaos::{Chaos, Report, inject_faults},
    error::{Error, While},
    random::Random,
};

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let json = words.iter().any(|word| word == "--json");
    match run(&words).await {
        Ok(report) => {
            show(&report, json);
            if report.load.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            let _ = writeln!(io::stderr().lock(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(words: &[String]) -> Result<Report, Error> {
    let minutes = number(words, "--minutes", 2)?;
    let conversations = usize::try_from(number(words, "--conversations", 50)?).while_doing("counting")?;
    let seed = number(words, "--seed", Random::seed())?;
    let lasts = Duration::from_secs(minutes * 60);
    let in_order = words.iter().any(|word| word == "--in-order");
    inject_faults(&Chaos { conversations, lasts, kills: 1, in_order, seed }).await
}

fn number(words: &[String], flag: &str, otherwise: u64) -> Result<u64, Error> {
    let mut after = words.iter().skip_while(|word| *word != flag).skip(1);
    after.next().map_or(Ok(otherwise), |word| word.parse().while_doing(format_args!("reading {flag} {word}")))
}

fn show(report: &Report, json: bool) {
    let mut out = io::stdout().lock();
    // A closed standard output has no reader.
    let _ = writeln!(out, "{report}");
    if json {
        let _ = writeln!(out, "{}", serde_json::to_string(&report.figures()).unwrap_or_default());
    }
}
