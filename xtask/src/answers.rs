// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask answers`: what the assistant answers to a table of questions, as a table.

pub(crate) mod figures;
mod fit;
pub(crate) mod sets;

use std::io::Write;
use std::path::PathBuf;
use std::time::UNIX_EPOCH;

use clap::Args;
use infocig_domain::assistant::{library::Library, master::skill_of};
use infocig_domain::calendar::Calendar;
use infocig_protocol::language::Language;
use jiff::{Timestamp, civil::Date};

use crate::knowledge;
use crate::process::{Failure, OrFail};
use crate::workspace::Workspace;

/// Answer a table of questions with the assistant
///
/// Reads a table with the columns language,question and writes it with the columns that follow from the answer, RFC 4180. They
/// are empty where the assistant says that it does not know.
#[derive(Debug, Args)]
pub(crate) struct Answers {
    /// The table of questions
    #[arg(long, value_name = "FILE")]
    csv: PathBuf,
    /// The day on which they are asked, for example 2026-12-01; today if left out
    #[arg(long, value_name = "DAY", value_parser = day)]
    on: Option<Date>,
}

/// The columns that an answer adds.
const COLUMNS: [&str; 8] = ["skill", "entry", "topics", "score", "entry2", "topics2", "entry3", "topics3"];

impl Answers {
    pub(crate) fn run(&self, workspace: &Workspace) -> Result<(), Failure> {
        let library = Library::new(knowledge::document(workspace)?);
        let day = self.on.unwrap_or_else(today);
        let mut questions = csv::Reader::from_path(&self.csv)
            .map_err(|error| Failure::Usage(format!("{}: {error}", self.csv.display())))?;
        let header = questions.headers().or_fail("the table has no header")?.clone();
        let column = |name: &str| {
            let found = header.iter().position(|header| header == name);
            found.ok_or_else(|| Failure::Usage(format!("{}: no column {name}", self.csv.display())))
        };
        let (language, question) = (column("language")?, column("question")?);
        let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        out.write_record(header.iter().chain(COLUMNS)).or_fail("writing")?;
        for row in questions.records() {
            let row = row.map_err(|error| Failure::Usage(format!("{}: {error}", self.csv.display())))?;
            let language = Language::of_tag(row.get(language).unwrap_or_default()).unwrap_or_default();
            let answer = columns(&library, row.get(question).unwrap_or_default(), language, day);
            out.write_record(row.iter().chain(answer.iter().map(String::as_str))).or_fail("writing")?;
        }
        let table = out.into_inner().or_fail("writing")?;
        std::io::stdout().write_all(&table).or_fail("writing")
    }
}

/// The columns of an answer, empty where there is none.
fn columns(library: &Library, question: &str, language: Language, day: Date) -> [String; 8] {
    let mut columns = [const { String::new() }; 8];
    let Some(found) = library.find(question, language, day) else { return columns };
    skill_of(&found).map_or("", |skill| skill.name).clone_into(&mut columns[0]);
    for (passage, (id, topics)) in found.passages.iter().zip([(1, 2), (4, 5), (6, 7)]) {
        columns[id].clone_from(&passage.entry.id);
        columns[topics] = passage.entry.topics.join("|");
    }
    columns[3] = found.passages.first().map(|best| format!("{:.3}", best.score)).unwrap_or_default();
    columns
}

/// The day in Italy.
pub(crate) fn today() -> Date {
    let seconds = UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs());
    let now = Timestamp::from_second(i64::try_from(seconds).unwrap_or(0)).unwrap_or_default();
    Calendar::day(now)
}

fn day(text: &str) -> Result<Date, String> {
    text.parse().map_err(|error: jiff::Error| error.to_string())
}
