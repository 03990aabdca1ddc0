// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask COMMAND`: the one way to set up, build, demonstrate, test and measure INFO CIG.
//!
//! Every command reports its progress on standard error and prints its result on standard output. It ends with 0, with 1
//! when a step failed (and names it), or with 2 when its arguments are wrong.

mod answers;
mod bench;
mod build;
mod chaos;
mod demo;
mod drill;
mod fuzz;
mod guard;
mod knowledge;
mod lint;
mod package;
mod plan;
mod process;
mod setup;
mod size;
mod soak;
mod test;
mod tools;
mod units;
mod upgrade;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use process::{Failure, print_line};
use workspace::Workspace;

/// Set up, build, demonstrate, test and measure INFO CIG
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    subcommand_required = true,
    arg_required_else_help = true
)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Setup(setup::Setup),
    Build(build::Build),
    Demo(demo::Demo),
    Lint(lint::Lint),
    Test(test::Test),
    Fuzz(fuzz::Fuzz),
    Soak(soak::Soak),
    Size(size::Size),
    /// Check the folder `knowledge` and write it as one document, target/knowledge.json
    Knowledge,
    Answers(answers::Answers),
    Bench(bench::Bench),
    Chaos(chaos::Chaos),
    Drill(drill::Drill),
    Upgrade(upgrade::Upgrade),
    Units(units::Units),
    Package(package::Package),
    /// Run PROGRAM until it ends or standard input does; started by `demo`
    #[command(name = guard::COMMAND_NAME, hide = true)]
    Guard(guard::Guard),
}

fn main() -> ExitCode {
    // `parse` ends the process: with 2 for wrong arguments, with 0 for `--help`.
    let CommandLine { command } = CommandLine::parse();
    match run(command) {
        Ok(code) => code,
        Err(Failure::Usage(message)) => {
            print_line(format_args!("error: {message}"));
            ExitCode::from(2)
        }
        Err(Failure::Step(message)) => {
            print_line(format_args!("error: {message}"));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode, Failure> {
    let workspace = Workspace::of_this_program()?;
    let done = match command {
        Command::Guard(guard) => return guard.run(),
        Command::Setup(_) => setup::Setup::run(&workspace),
        Command::Build(build) => build.run(&workspace),
        Command::Demo(demo) => demo.run(&workspace),
        Command::Lint(_) => lint::Lint::run(&workspace),
        Command::Test(test) => test.run(&workspace),
        Command::Fuzz(fuzz) => fuzz.run(&workspace),
        Command::Soak(_) => soak::Soak::run(&workspace),
        Command::Size(size) => size.run(&workspace),
        Command::Knowledge => knowledge::write(&workspace),
        Command::Answers(answers) => answers.run(&workspace),
        Command::Bench(bench) => bench.run(&workspace),
        Command::Chaos(chaos) => chaos.run(&workspace),
        Command::Drill(drill) => drill.run(&workspace),
        Command::Upgrade(upgrade) => upgrade.run(&workspace),
        Command::Units(_) => units::Units::run(&workspace),
        Command::Package(_) => package::Package::run(&workspace),
    };
    done.map(|()| ExitCode::SUCCESS)
}

/// The command line as a command's own arguments, for tests.
#[cfg(test)]
fn read<T: clap::Args>(words: &[&str]) -> Result<T, String> {
    let command = T::augment_args(clap::Command::new("test").no_binary_name(true));
    let matches = command.try_get_matches_from(words.iter().copied()).map_err(|error| error.to_string())?;
    T::from_arg_matches(&matches).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn an_unknown_command_or_flag_is_named_with_one_that_is_meant() {
        let refused = |words: &[&str]| match CommandLine::try_parse_from([&["xtask"], words].concat()) {
            Ok(_) => panic!("{words:?} is not refused"),
            Err(error) => (error.exit_code(), error.to_string()),
        };

        let (code, message) = refused(&["dmeo"]);
        assert_eq!(code, 2);
        assert!(message.contains("'dmeo'") && message.contains("'demo'"), "{message}");
        let (code, message) = refused(&["demo", "--edge-prot", "1"]);
        assert_eq!(code, 2);
        assert!(message.contains("'--edge-prot'") && message.contains("'--edge-port'"), "{message}");
    }

    #[test]
    fn every_command_has_a_description_of_one_line() {
        let command = CommandLine::command();

        for command in command.get_subcommands() {
            assert!(command.get_about().is_some(), "{} says nothing", command.get_name());
        }
    }
}
