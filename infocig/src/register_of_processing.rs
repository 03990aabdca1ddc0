// SPDX-License-Identifier: EUPL-1.2
//! `infocig register-of-processing`: an extract for the register of processing activities (art. 30 GDPR), made of a policy, in
//! Markdown. What only the administration knows is left to fill in, and what nobody has decided is said to be undecided.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use infocig_domain::retention::{DataClass, Retention};

use crate::{Error, answer, policy};

/// Write an extract for the register of processing (art. 30 GDPR), as Markdown
///
/// The periods, what they rest on and who decided them are those of the policy. What the program cannot know is marked TO FILL IN.
#[derive(Debug, Args)]
pub(crate) struct RegisterOfProcessing {
    /// Another policy document than the one shipped
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
}

impl RegisterOfProcessing {
    pub(crate) fn run(&self) -> Result<(), Error> {
        let policy = policy::read(self.policy.as_deref())?;
        answer(extract(&policy.retention).trim_end());
        Ok(())
    }
}

fn extract(retention: &Retention) -> String {
    let decided = retention.decided_by.as_deref().map_or_else(|| TO_FILL_IN.into(), in_a_cell);
    let mut text = format!(
        "# INFO CIG: extract for the register of processing (art. 30 GDPR)\n\n\
         | | |\n|---|---|\n\
         | controller, representative, data protection officer | {TO_FILL_IN} |\n\
         | purposes | answers on applications for wage integration and their payment, reports to local offices, figures of the service; {TO_FILL_IN}: the act they rest on |\n\
         | people | workers, company owners, legal representatives, consultants, delegates; staff |\n\
         | recipients | Linea INPS and the registry of cases, where they are connected; {TO_FILL_IN}: who runs machine, proxy and backups |\n\
         | third countries | {TO_FILL_IN} |\n\
         | measures | those of docs/gdpr.md; {TO_FILL_IN}: those outside the program |\n\
         | periods decided by | {decided} |\n\n\
         | data | kept | what the period rests on |\n|---|---|---|\n"
    );
    for class in DataClass::ALL {
        let kept = match (retention.days(class), counted_from(class)) {
            (Some(days), from) => format!("{days} days from {from}"),
            (None, _) => "not decided: without end".into(),
        };
        let basis =
            retention.period(class).map_or_else(|| TO_FILL_IN.into(), |period| in_a_cell(&period.basis));
        // Writing to a text cannot fail.
        let _written = writeln!(text, "| {} | {kept} | {basis} |", what(class));
    }
    text
}

const fn what(class: DataClass) -> &'static str {
    match class {
        DataClass::Conversations => {
            "conversations: every word, answers before entering, questions to the assistant, the card of the person, the rating"
        }
        DataClass::Comments => "comments beside ratings",
        DataClass::Segnalazioni => "segnalazioni that Linea INPS has: key, number, state",
        DataClass::RegisterLinks => "the link between a record of the register and its person",
        DataClass::Audit => "the audit trail of the staff",
    }
}

const fn counted_from(class: DataClass) -> &'static str {
    match class {
        DataClass::Conversations | DataClass::RegisterLinks => "the end of the conversation",
        DataClass::Comments => "when they were written",
        DataClass::Segnalazioni => "their last update",
        DataClass::Audit => "the act",
    }
}

/// A text of the policy as it stands in a cell of a table.
fn in_a_cell(text: &str) -> String {
    text.replace('|', "\\|").split_whitespace().collect::<Vec<_>>().join(" ")
}

const TO_FILL_IN: &str = "TO FILL IN";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_decided_is_said_to_be_undecided() {
        let text = extract(&policy::read(None).unwrap().retention);

        assert!(text.contains("| not decided: without end | TO FILL IN |"), "{text}");
        assert!(text.contains("| 395 days from when they were written | TO FILL IN |"), "{text}");
    }

    #[test]
    fn a_period_stands_there_with_what_it_rests_on_and_who_decided() {
        let decided = r#"{"decided_by":"Delibera 1 | 2027","conversations":{"days":90,"basis":"Art. 5"}}"#;
        let text = extract(&serde_json::from_str(decided).unwrap());

        assert!(text.contains("| periods decided by | Delibera 1 \\| 2027 |"), "{text}");
        assert!(text.contains("| 90 days from the end of the conversation | Art. 5 |"), "{text}");
    }
}
