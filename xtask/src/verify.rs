// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask verify-transcript FILE`: is the transcript a person kept whole, or was it altered?
//!
//! It ends with 0 for a whole one and with 1 for another, and says which line gives it away. With `--head` it also compares
//! the head of the chain with the one the person, or the service, says it must be.

use std::fs;

use infocig_domain::transcript::{self, Whole};

use crate::args::{Command, Flag, Flags};
use crate::paths::Workspace;
use crate::process::{Failure, OrFail, answer};

/// The command line of this module.
pub(crate) const COMMAND: Command = Command {
    name: "verify-transcript",
    summary: "Say whether a kept transcript is whole or altered",
    about: "Reads a transcript, page or text, makes it again from the log it carries and compares every character and the \
            head of its chain.",
    operand: Some(FILE),
    flags: &[Flag {
        name: "--head",
        value: Some("HEX"),
        about: "The head it must have, 64 hexadecimal digits",
    }],
    run,
};

const FILE: &str = "FILE";

fn run(_workspace: &Workspace, flags: &Flags) -> Result<(), Failure> {
    let path = flags.value(FILE).ok_or_else(|| Failure::Usage("name the file of a transcript".into()))?;
    let file = fs::read_to_string(path).or_fail(format_args!("reading {path}"))?;
    let Whole { heading, entries, head } =
        transcript::verify(&file).map_err(|altered| Failure::Step(format!("ALTERED: {altered}")))?;
    if let Some(expected) = flags.value("--head").filter(|expected| !expected.eq_ignore_ascii_case(&head)) {
        return Err(Failure::Step(format!("ANOTHER ONE: its head is {head}, not {expected}")));
    }
    answer(format!(
        "WHOLE: conversation {} with {entries} entries, head {head}",
        heading.conversation.number()
    ));
    Ok(())
}
