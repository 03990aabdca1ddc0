// SPDX-License-Identifier: EUPL-1.2
//! `infocig`: the program for operators. One native program, without a compiler or a repository around it.
//!
//! - [`serve`]: runs the service on this machine, and ends it in order.
//! - [`folder`]: the folder of data, locked by one process at a time.
//! - [`runtime`]: the process that runs the Worker.

mod folder;
mod runtime;
mod serve;

use std::fmt;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Run INFO CIG
#[derive(Debug, Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
}

fn main() -> ExitCode {
    let Cli { command: Command::Serve(serve) } = Cli::parse();
    match serve.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log(format_args!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// A failed command: the reason and advice, as one sentence.
#[derive(Debug)]
struct Error(String);

impl Error {
    fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Prepends the action that failed.
trait While<T> {
    fn while_doing(self, action: impl fmt::Display) -> Result<T, Error>;
}

impl<T, E: fmt::Display> While<T> for Result<T, E> {
    fn while_doing(self, action: impl fmt::Display) -> Result<T, Error> {
        self.map_err(|error| Error(format!("{action}: {error}")))
    }
}

/// Prints a line of the log.
fn log(line: impl fmt::Display) {
    #[expect(clippy::print_stderr, reason = "the log of a program is its standard error")]
    {
        eprintln!("{line}");
    }
}
