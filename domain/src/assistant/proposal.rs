// SPDX-License-Identifier: EUPL-1.2
//! An answer that an advisor gave and finds good, proposed as an entry: an administrator makes one of it, or drops it.
//!
//! It has been written to one person and is to be read by all. The console cuts out what tells of that person
//! ([`sensitive::without_person`]) before the advisor reads it once more; the service takes no text in which a number or a secret of
//! somebody is left. It is kept until somebody has dealt with it, at most [`KEPT_DAYS`].

use std::fmt;

use infocig_protocol::{
    blank::is_blank,
    limits::{MAX_MESSAGE_CHARS, MAX_QUESTION_CHARS},
    policy::ProposedAnswer,
    sensitive::{self, Kind},
};

/// So many days a proposal waits.
pub const KEPT_DAYS: i64 = 90;
/// So many wait at most.
pub const MOST_WAITING: usize = 200;

/// Why an answer is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProposalError {
    /// There is no question or no answer.
    Blank,
    /// One of the two is too long.
    TooLong,
    /// A tax number, an account, a card or a secret is in it.
    TellsOfAPerson,
}

impl fmt::Display for ProposalError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blank => write!(formatter, "question and answer must not be blank"),
            Self::TooLong => write!(
                formatter,
                "a question has at most {MAX_QUESTION_CHARS} characters, an answer {MAX_MESSAGE_CHARS}"
            ),
            Self::TellsOfAPerson => {
                write!(formatter, "a tax number, an account, a card or a secret must not be in an answer")
            }
        }
    }
}

/// Whether an answer can be proposed.
pub fn check(ProposedAnswer { question, answer, .. }: &ProposedAnswer) -> Result<(), ProposalError> {
    if is_blank(question) || is_blank(answer) {
        return Err(ProposalError::Blank);
    }
    if question.chars().count() > MAX_QUESTION_CHARS || answer.chars().count() > MAX_MESSAGE_CHARS {
        return Err(ProposalError::TooLong);
    }
    let tells = |text: &str| sensitive::kinds(text).into_iter().any(|kind| kind != Kind::Health);
    if tells(question) || tells(answer) { Err(ProposalError::TellsOfAPerson) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use infocig_protocol::{id::MessageId, language::Language};

    use super::*;

    #[test]
    fn an_answer_is_taken_with_words_about_health_and_not_with_a_number_of_somebody() {
        let proposed = |question: &str, answer: &str| ProposedAnswer {
            id: MessageId::parse("p1").unwrap(),
            question: question.into(),
            answer: answer.into(),
            language: Language::It,
        };
        for (question, answer, said) in [
            ("Sono in malattia: e la cassa?", "La malattia prevale sulla cassa.", Ok(())),
            (" \n", "Sì.", Err(ProposalError::Blank)),
            ("Quando?", "", Err(ProposalError::Blank)),
            (&*"è".repeat(MAX_QUESTION_CHARS + 1), "Sì.", Err(ProposalError::TooLong)),
            ("Quando?", &*"è".repeat(MAX_MESSAGE_CHARS + 1), Err(ProposalError::TooLong)),
            ("Sono RSSMRA85T10A562S", "Sì.", Err(ProposalError::TellsOfAPerson)),
            ("Dove?", "Sul conto IT60X0542811101000000123456.", Err(ProposalError::TellsOfAPerson)),
        ] {
            assert_eq!(check(&proposed(question, answer)), said, "{question}");
        }
    }
}
