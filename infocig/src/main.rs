// SPDX-License-Identifier: EUPL-1.2
//! `infocig`: the program for operators. One native program, without a compiler or a repository around it.
//!
//! - [`serve`]: runs the service on this machine, and ends it in order.
//! - [`cluster`]: one node of several that share a bucket (experimental).
//! - [`check`]: finds what would keep it from running, before it runs.
//! - [`backup`], [`restore`], [`drill`]: an encrypted copy of the folder of data, made while the service runs, the way back, and
//!   the proof that there is one.
//! - [`keys`]: makes, exchanges and checks the keys it needs.
//! - [`conformance`]: plays the protocol against any implementation of it.
//! - [`published`]: the versions of the policy of a running service, for scripts.
//! - [`explain`], [`simulate`], [`verify_transcript`]: answers of the rules, without a running service.
//! - [`verify_audit`]: whether the audit trail is whole, in a folder of data, a backup or a file.
//! - [`environment`], [`policy`], [`database`]: the settings, the policy, and an object's database, as the commands read them.
//! - [`folder`]: the folder of data, locked by one process at a time.
//! - [`runtime`]: the process that runs the Worker.
//! - [`signing`], [`random`]: key pairs, and random bytes.
//!
//! Progress and errors go to standard error, results to standard output. A command ends with 0, with 1 when it failed, or with
//! 2 when its arguments are wrong.

mod backup;
mod check;
mod cluster;
mod conformance;
mod database;
mod drill;
mod environment;
mod explain;
mod folder;
mod keys;
mod policy;
mod published;
mod random;
mod restore;
mod runtime;
mod serve;
mod signing;
mod simulate;
mod verify_audit;
mod verify_transcript;

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::SystemTime;

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
    Check(check::Check),
    Keys(keys::Keys),
    Conformance(Box<conformance::Conformance>),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Drill(drill::Drill),
    Policy(published::Published),
    Explain(explain::Explain),
    Simulate(simulate::Simulate),
    VerifyAudit(verify_audit::VerifyAudit),
    VerifyTranscript(verify_transcript::VerifyTranscript),
}

fn main() -> ExitCode {
    let Cli { command } = Cli::parse();
    let done = match command {
        Command::Serve(serve) => serve.run(),
        Command::Check(check) => check.run(),
        Command::Keys(keys) => keys.run(),
        Command::Conformance(conformance) => conformance.run(),
        Command::Backup(backup) => backup.run(),
        Command::Restore(restore) => restore.run(),
        Command::Drill(drill) => drill.run(),
        Command::Policy(published) => published.run(),
        Command::Explain(explain) => explain.run(),
        Command::Simulate(simulate) => simulate.run(),
        Command::VerifyAudit(verify) => verify.run(),
        Command::VerifyTranscript(verify) => verify.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log(format_args!("error: {error}"));
            ExitCode::from(error.exit_code())
        }
    }
}

/// A failed command: the reason and advice, as one sentence.
#[derive(Debug)]
enum Error {
    /// The arguments, or a file they name, cannot be used.
    Usage(String),
    /// The command failed.
    Failed(String),
}

impl Error {
    fn new(sentence: impl Into<String>) -> Self {
        Self::Failed(sentence.into())
    }

    fn exit_code(&self) -> u8 {
        match self {
            Self::Failed(_) => 1,
            Self::Usage(_) => 2,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Usage(sentence) | Self::Failed(sentence)) = self;
        formatter.write_str(sentence)
    }
}

/// Prepends the action that failed.
trait While<T> {
    fn while_doing(self, action: impl fmt::Display) -> Result<T, Error>;
}

impl<T, E: fmt::Display> While<T> for Result<T, E> {
    fn while_doing(self, action: impl fmt::Display) -> Result<T, Error> {
        self.map_err(|error| Error::new(format!("{action}: {error}")))
    }
}

/// The clock, which every command reads here alone.
#[expect(clippy::disallowed_methods, reason = "time is an argument everywhere below")]
fn now() -> SystemTime {
    SystemTime::now()
}

/// Prints a line of the log.
fn log(line: impl fmt::Display) {
    #[expect(clippy::print_stderr, reason = "the log of a program is its standard error")]
    {
        eprintln!("{line}");
    }
}

/// Prints the result on standard output.
fn answer(text: impl fmt::Display) {
    // A closed standard output has no reader.
    let _closed = writeln!(io::stdout().lock(), "{text}");
}

#[cfg(test)]
mod testing {
    /// The command line as a command's own arguments.
    pub(crate) fn read<T: clap::Args>(words: &[&str]) -> Result<T, String> {
        let command = T::augment_args(clap::Command::new("test").no_binary_name(true));
        let matches =
            command.try_get_matches_from(words.iter().copied()).map_err(|error| error.to_string())?;
        T::from_arg_matches(&matches).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent_and_every_command_says_what_it_does() {
        let command = Cli::command();
        command.clone().debug_assert();
        for command in command.get_subcommands() {
            assert!(command.get_about().is_some(), "{} says nothing", command.get_name());
        }
    }
}
