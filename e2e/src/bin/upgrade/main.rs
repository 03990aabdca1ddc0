// SPDX-License-Identifier: EUPL-1.2
//! Upgrades under load, for `cargo xtask upgrade`; it fails if a message is lost, doubled or out of order, a conversation is left
//! behind, a connection is refused, or an object is not brought up to date.

use std::{
    io::{self, Write},
    process::ExitCode,
    time::Duration,
};

use infocig_e2e::{
    error::{Error, While},
    random::Random,
    upgrade::{self, Report, Upgrade},
};

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words).await {
        Ok(report) => {
            let mut out = io::stdout().lock();
            // A closed standard output has no reader.
            let _ = writeln!(out, "{report}");
            if words.iter().any(|word| word == "--json") {
                let _ = writeln!(out, "{}", serde_json::to_string(&report).unwrap_or_default());
            }
            if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            let _ = writeln!(io::stderr().lock(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(words: &[String]) -> Result<Report, Error> {
    let each = Duration::from_secs(number(words, "--seconds", 20)?);
    let conversations = usize::try_from(number(words, "--conversations", 50)?).while_doing("counting")?;
    let seed = number(words, "--seed", Random::seed())?;
    let mut report = Report::default();
    for round in 0..number(words, "--rounds", 3)? {
        report += upgrade::run(&Upgrade { conversations, each, seed: seed.wrapping_add(round) }).await?;
    }
    Ok(report)
}

fn number(words: &[String], flag: &str, otherwise: u64) -> Result<u64, Error> {
    let mut after = words.iter().skip_while(|word| *word != flag).skip(1);
    after.next().map_or(Ok(otherwise), |word| word.parse().while_doing(format_args!("reading {flag} {word}")))
}
