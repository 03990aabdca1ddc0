// SPDX-License-Identifier: EUPL-1.2
//! A restoration under load, for `cargo xtask drill`; it fails if anything stored before the backup is lost, if a loss after it is
//! not said, or if a conversation is left behind.

use std::{
    io::{self, Write},
    process::ExitCode,
    time::Duration,
};

use infocig_e2e::{
    drill::{self, Drill, Report},
    error::{Error, While},
    random::Random,
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
    let before = Duration::from_secs(number(words, "--seconds", 20)?);
    drill::run(&Drill {
        conversations: usize::try_from(number(words, "--conversations", 50)?).while_doing("counting")?,
        before,
        after: before / 4,
        seed: number(words, "--seed", Random::seed())?,
    })
    .await
}

fn number(words: &[String], flag: &str, otherwise: u64) -> Result<u64, Error> {
    let mut after = words.iter().skip_while(|word| *word != flag).skip(1);
    after.next().map_or(Ok(otherwise), |word| word.parse().while_doing(format_args!("reading {flag} {word}")))
}
