// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask COMMAND`: the one way to set up, build, demonstrate, test and measure INFO CIG.
//!
//! Every command says what it is doing on standard error and puts what was asked for on standard output. It ends with 0,
//! with 1 when a step failed (and says which), or with 2 when the words after `cargo xtask` were not understood.

mod args;
mod bench;
mod build;
mod chaos;
mod compress;
mod demo;
mod explain;
mod guard;
mod lint;
mod mirror;
mod names;
mod paths;
mod process;
mod setup;
mod simulate;
mod site;
mod size;
mod stamp;
mod test;
mod verify;

use std::ffi::OsString;
use std::process::ExitCode;

use args::{Command, Given};
use paths::Workspace;
use process::{Failure, answer, say};

const COMMANDS: [&Command; 11] = [
    &setup::COMMAND,
    &build::COMMAND,
    &demo::COMMAND,
    &lint::COMMAND,
    &test::COMMAND,
    &size::COMMAND,
    &explain::COMMAND,
    &simulate::COMMAND,
    &bench::COMMAND,
    &chaos::COMMAND,
    &verify::COMMAND,
];

fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().skip(1).collect();
    match begin(words) {
        Ok(code) => code,
        Err(Failure::Usage(message)) => {
            say(format_args!("error: {message}"));
            ExitCode::from(2)
        }
        Err(Failure::Step(message)) => {
            say(format_args!("error: {message}"));
            ExitCode::FAILURE
        }
    }
}

fn begin(words: Vec<OsString>) -> Result<ExitCode, Failure> {
    // A guard passes on paths, which need not be Unicode.
    if let Some((name, rest)) = words.split_first()
        && name == guard::COMMAND_NAME
    {
        return guard::watch(rest);
    }
    let words: Result<Vec<String>, OsString> = words.into_iter().map(OsString::into_string).collect();
    match words {
        Ok(words) => run(&words),
        Err(word) => Err(Failure::Usage(format!("`{}` is not Unicode", word.display()))),
    }
}

fn run(words: &[String]) -> Result<ExitCode, Failure> {
    let Some((name, rest)) = words.split_first() else {
        return Err(Failure::Usage(format!("no command given\n\n{}", overview())));
    };
    if ["help", "--help", "-h"].contains(&name.as_str()) {
        return help(rest);
    }
    let Some(command) = find(name) else {
        return Err(unknown(name));
    };
    let given = match command.read(rest)? {
        Given::Help => {
            answer(command.help());
            return Ok(ExitCode::SUCCESS);
        }
        Given::Flags(given) => given,
    };
    let workspace = Workspace::of_this_program()?;
    (command.run)(&workspace, &given)?;
    Ok(ExitCode::SUCCESS)
}

fn help(rest: &[String]) -> Result<ExitCode, Failure> {
    match rest {
        [] => answer(overview()),
        [name] => answer(find(name).ok_or_else(|| unknown(name))?.help()),
        [_, extra, ..] => {
            return Err(Failure::Usage(format!("`help` takes one command; `{extra}` is one too many")));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn find(name: &str) -> Option<&'static Command> {
    COMMANDS.into_iter().find(|command| command.name == name)
}

fn unknown(name: &str) -> Failure {
    let known: Vec<&str> = COMMANDS.iter().map(|command| command.name).chain(["help"]).collect();
    Failure::Usage(format!("there is no command `{name}`; the commands are {}", known.join(", ")))
}

fn overview() -> String {
    let mut lines = vec!["Usage: cargo xtask COMMAND [FLAGS]\n\nCommands:".to_owned()];
    lines.extend(COMMANDS.iter().map(|command| format!("  {:<17} {}", command.name, command.summary)));
    lines.push("  help              This page, or `help COMMAND` for a command's flags".to_owned());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_command_is_named_together_with_the_known_ones() {
        let words = ["deploy".to_owned()];

        let refused = run(&words);

        let Err(Failure::Usage(message)) = refused else { panic!("not a usage failure: {refused:?}") };
        assert!(message.contains("`deploy`"), "{message}");
        assert!(
            message.contains("setup, build, demo, lint, test, size, explain, simulate, bench, chaos, verify-transcript, help"),
            "{message}"
        );
    }

    #[test]
    fn the_overview_names_every_command() {
        let text = overview();

        for command in COMMANDS {
            assert!(text.contains(command.summary), "{} is missing", command.name);
        }
    }
}
