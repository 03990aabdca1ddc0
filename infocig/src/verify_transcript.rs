// SPDX-License-Identifier: EUPL-1.2
//! `infocig verify-transcript FILE`: is the transcript a person kept whole, or was it altered?
//!
//! It ends with 0 for an unaltered transcript and with 1 for an altered one, and names the first line that differs. With
//! `--head` it also compares the head of the chain with the given one.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use infocig_domain::transcript::{self, Altered, VerifiedTranscript};

use crate::{Error, While, answer};

/// Say whether a kept transcript is whole or altered
///
/// Reads a transcript, page or text, makes it again from the log it carries and compares every character and the head of its
/// chain.
#[derive(Debug, Args)]
pub(crate) struct VerifyTranscript {
    /// The transcript
    file: PathBuf,
    /// The head it must have, 64 hexadecimal digits
    #[arg(long, value_name = "HEX")]
    head: Option<String>,
}

impl VerifyTranscript {
    pub(crate) fn run(&self) -> Result<(), Error> {
        let path = self.file.display();
        let file = fs::read(&self.file).while_doing(format_args!("reading {path}"))?;
        let file = transcript::decoded(&file)
            .ok_or_else(|| Error::new(format!("{path} is no text in UTF-8 or UTF-16")))?;
        let VerifiedTranscript { heading, entries, head } = transcript::verify(&file).map_err(|altered| {
            let only_around = altered == Altered::Around;
            let verdict = if only_around { "WORDS WHOLE, PAGE WRITTEN ANEW" } else { "ALTERED" };
            Error::new(format!("{verdict}: {altered}"))
        })?;
        if let Some(expected) = self.head.as_ref().filter(|expected| !expected.eq_ignore_ascii_case(&head)) {
            return Err(Error::new(format!("ANOTHER ONE: its head is {head}, not {expected}")));
        }
        answer(format!(
            "WHOLE: conversation {} with {entries} entries, head {head}",
            heading.conversation.number()
        ));
        Ok(())
    }
}
