// SPDX-License-Identifier: EUPL-1.2
//! `infocig explain`: could this person enter at that instant, why or why not, and when?
//!
//! It calls the function that the service calls on every request to enter. The answer is JSON on standard output; with
//! `--csv`, one answer for each row, in order. Every verdict ends with 0; only a question that cannot be parsed is an error
//! (2).

use std::io;
use std::path::PathBuf;

use clap::Args;
use infocig_domain::admission::{Applicant, Assessment, Load, admit, in_italy};
use infocig_domain::policy::Policy;
use infocig_domain::sentence;
use infocig_protocol::language::Language;
use infocig_protocol::person::{Category, Credential, EntryPoint};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::policy;
use crate::{Error, While, answer, log};

/// Say who could enter when, and why
///
/// Answers whether a person could enter at an instant, with the code of the reason, the source it rests on, the first instant
/// at which they could (`opens`, null if unknown) and the end of the hours that hold (`closes`). With --csv it answers a table
/// with the columns at,category,province,credential,entry.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// RFC 3339, for example 2022-12-15T15:00:00+01:00
    #[arg(long, value_name = "INSTANT", required_unless_present = CSV)]
    at: Option<String>,
    /// lavoratore, titolare, rappresentante-legale or consulente
    #[arg(long, value_name = "WORD", required_unless_present = CSV)]
    category: Option<String>,
    /// ISTAT code: residence for workers, registered office for the others
    #[arg(long, value_name = "CODE", required_unless_present = CSV)]
    province: Option<String>,
    /// spid-l1, spid-l2, spid-l3, cie, cns or pin
    #[arg(long, value_name = "WORD", required_unless_present = CSV)]
    credential: Option<String>,
    /// myinps, cassetto-previdenziale or omnia-is; left out or empty: any that serves the category
    #[arg(long, value_name = "WORD")]
    entry: Option<String>,
    /// Another policy document than the one shipped
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Answer a table instead of one question
    #[arg(long, value_name = "FILE", conflicts_with_all = COLUMNS)]
    csv: Option<String>,
    /// The JSON on one line, and no sentence beside it
    #[arg(long)]
    json: bool,
}

const CSV: &str = "csv";
const COLUMNS: [&str; 5] = ["at", "category", "province", "credential", "entry"];
const ANSWERS: [&str; 5] = ["verdict", "code", "source", "opens", "closes"];

impl Explain {
    pub(crate) fn run(&self) -> Result<(), Error> {
        let policy = policy::read(self.policy.as_deref())?;
        if let Some(file) = &self.csv {
            return table(&policy, file);
        }
        let word = |word: &Option<String>| word.clone().unwrap_or_default();
        let (at, category, province) = (word(&self.at), word(&self.category), word(&self.province));
        let (credential, entry) = (word(&self.credential), word(&self.entry));
        let question =
            Question::read(&at, &category, &province, &credential, &entry).map_err(Error::Usage)?;
        let decision = question.ask(&policy);
        let document = document(&decision, &policy);
        if self.json {
            answer(document);
        } else {
            log(sentence::of(&decision, Language::It));
            answer(format_args!("{document:#}"));
        }
        Ok(())
    }
}

fn table(policy: &Policy, file: &str) -> Result<(), Error> {
    let unreadable = |error: csv::Error| Error::Usage(format!("the table {file} cannot be read: {error}"));
    let mut rows = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(file).map_err(unreadable)?;
    let header = rows.headers().map_err(unreadable)?;
    if !header.iter().eq(COLUMNS) {
        return Err(Error::Usage(format!("the header of {file} must be {}", COLUMNS.join(","))));
    }
    let mut answers = csv::Writer::from_writer(io::BufWriter::new(io::stdout().lock()));
    let writing = "writing the answers";
    answers.write_record(COLUMNS.iter().chain(&ANSWERS)).while_doing(writing)?;
    for row in rows.records() {
        let row = row.map_err(unreadable)?;
        let line = row.position().map_or(0, csv::Position::line);
        let column = |index: usize| row.get(index).unwrap_or_default();
        let question = Question::read(column(0), column(1), column(2), column(3), column(4))
            .map_err(|wrong| Error::Usage(format!("{file} line {line}: {wrong}")))?;
        let decision = question.ask(policy);
        let source = decision.source(policy);
        let instant = |at: Option<Timestamp>| at.map(in_italy).unwrap_or_default();
        let answered = [
            decision.verdict().as_str().into(),
            decision.code().as_str().into(),
            source,
            instant(decision.opens),
            instant(decision.closes),
        ];
        answers.write_record(row.iter().chain(answered.iter().map(String::as_str))).while_doing(writing)?;
    }
    answers.flush().while_doing(writing)
}

/// The person and the instant of one question.
struct Question<'a> {
    applicant: Applicant<'a>,
    at: Timestamp,
}

impl<'a> Question<'a> {
    fn read(
        at: &str,
        category: &str,
        province: &'a str,
        credential: &str,
        entry: &str,
    ) -> Result<Self, String> {
        let at = at.parse().map_err(|_| {
            format!("`{at}` is not an instant like 2022-12-15T15:00:00+01:00 (RFC 3339, with its offset)")
        })?;
        let applicant = Applicant {
            category: Category::parse(category)
                .ok_or_else(|| unknown("category", category, &Category::ALL.map(Category::as_str)))?,
            province: Some(province),
            credential: Some(Credential::parse(credential).ok_or_else(|| {
                unknown("credential", credential, &Credential::ALL.map(Credential::as_str))
            })?),
            entry: match entry {
                "" => None,
                word => Some(
                    EntryPoint::parse(word)
                        .ok_or_else(|| unknown("entry", word, &EntryPoint::ALL.map(EntryPoint::as_str)))?,
                ),
            },
        };
        Ok(Self { applicant, at })
    }

    fn ask<'p>(&self, policy: &'p Policy) -> Assessment<'p> {
        admit(policy, &self.applicant, Load::Bearable, self.at)
    }
}

fn document(decision: &Assessment<'_>, policy: &Policy) -> Value {
    json!({
        "verdict": decision.verdict(),
        "code": decision.code(),
        "source": decision.source(policy),
        "opens": decision.opens.map(in_italy),
        "closes": decision.closes.map(in_italy),
        "message": sentence::of(decision, Language::It),
    })
}

fn unknown(what: &str, word: &str, known: &[&str]) -> String {
    format!("`{word}` is no {what}; it is one of {}", known.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::testing::read;

    const SHIPPED: &str = include_str!("../../edge/policy.json");

    #[test]
    fn the_answer_has_every_member_even_when_it_is_null() {
        let policy = Policy::parse(SHIPPED).unwrap();
        let question = ask("2022-12-15T15:00:00+01:00", "015");

        let document = document(&question.ask(&policy), &policy);

        assert_eq!(document["verdict"], "open");
        assert_eq!(document["opens"], Value::Null);
        assert_eq!(document["closes"], "2022-12-15T18:00:00+01:00");
    }

    #[test]
    fn a_word_nobody_knows_is_named_with_the_known_ones() {
        let refused = Question::read("2022-12-15T15:00:00+01:00", "capo", "015", "cie", "").err();
        assert_eq!(
            refused.as_deref(),
            Some(
                "`capo` is no category; it is one of lavoratore, titolare, rappresentante-legale, consulente"
            )
        );
        assert!(Question::read("yesterday", "titolare", "015", "cie", "").is_err());
        assert!(Question::read("2022-12-15T15:00:00", "titolare", "015", "cie", "").is_err());
    }

    fn ask(at: &str, province: &'static str) -> Question<'static> {
        Question::read(at, "titolare", province, "spid-l2", "").unwrap()
    }

    #[test]
    fn a_table_brings_its_own_questions() {
        assert!(read::<Explain>(&["--csv", "questions.csv"]).is_ok());
        assert!(read::<Explain>(&["--csv", "questions.csv", "--at", "now"]).unwrap_err().contains("--at"));
        assert!(read::<Explain>(&["--at", "2022-12-15T15:00:00+01:00"]).unwrap_err().contains("--category"));
    }
}
