// SPDX-License-Identifier: EUPL-1.2
//! The questions in `e2e/answers/`, each with the topics that answer it, in two halves.
//!
//! The halves are by a hash of the question alone: one to develop with, whose mistakes are looked at, and one to test with,
//! whose mistakes nobody looks at.

use infocig_protocol::language::Language;

use crate::process::Failure;
use crate::workspace::Workspace;

/// A question of a set.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) language: Language,
    pub(crate) question: String,
    /// None where no entry answers it.
    pub(crate) topics: Vec<String>,
    pub(crate) half: Half,
}

/// A half of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Half {
    Development,
    Test,
}

impl Half {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Test => "test",
        }
    }
}

/// The names of the sets.
pub(crate) const SETS: [&str; 8] =
    ["it", "en", "de", "fr", "sl", "everyday", "out_of_scope", "everyday_out_of_scope"];

/// The questions of a set.
pub(crate) fn read(workspace: &Workspace, set: &str) -> Result<Vec<Asked>, Failure> {
    let path = workspace.path(format!("e2e/answers/{set}.csv"));
    let failed = |error: csv::Error| Failure::Step(format!("{}: {error}", path.display()));
    let mut table = csv::Reader::from_path(&path).map_err(failed)?;
    let mut questions = Vec::new();
    for row in table.records() {
        let row = row.map_err(failed)?;
        let column = |index: usize| row.get(index).unwrap_or_default();
        questions.push(Asked {
            language: Language::of_tag(column(0)).unwrap_or_default(),
            question: column(1).to_owned(),
            topics: column(2).split('|').filter(|topic| !topic.is_empty()).map(Into::into).collect(),
            half: half_of(column(1)),
        });
    }
    Ok(questions)
}

/// FNV-1a over the question's bytes; even is for development.
fn half_of(question: &str) -> Half {
    let hash = question.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    // The lowest bit of FNV is the parity of the bytes: a higher one mixes them.
    if (hash >> 32) & 1 == 0 { Half::Development } else { Half::Test }
}
