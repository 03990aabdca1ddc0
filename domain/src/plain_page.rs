// SPDX-License-Identifier: EUPL-1.2
//! The conversation as pages without scripts: read in a browser, written with forms, nothing that moves by itself unless the
//! person asked for it (WCAG 2.2.1, 2.2.2).
//!
//! - A page is made of the log and of the state of the conversation, and of nothing else: two readers of the same log see the
//!   same. Entries read as in a transcript.
//! - Nothing anybody wrote can become markup: pages are `maud` templates, which escape every text. Nothing anybody wrote is
//!   lost: a text that is refused comes back in its field.
//! - How a person looks at a page (language, refreshing, earlier entries) is in the address; nothing else is.
//! - While a page refreshes by itself it has no field to write in: a refresh cannot take a text away.
//! - Sensitive data in a text causes a question before it is sent, never a refusal ([`sensitive`]).
//! - The automatic assistant is asked below the log while a person waits, and where nobody is let in ([`answer_page`]).
//! - Earlier conversations are read on pages of their own, which are never written on ([`history`]).
//!
//! [`sensitive`]: infocig_protocol::sensitive

mod address;
mod assistant;
mod forms;
pub mod history;
mod languages;
mod pages;
mod parts;
mod sensitive_data_prompt;
#[cfg(test)]
mod tests;

use infocig_protocol::{
    entry::{Entry, Outcome, Party},
    frame::QueuePlace,
    id::{ConversationId, MessageId},
    language::Language,
    rating::{Answer, Rating},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

pub use self::{
    address::{PATH, PageOptions, Refresh},
    assistant::answer_page,
    pages::{conversation_page, end_page, error_page, refusal_page, unsure_page},
};
use crate::conversation::{Conversation, Phase};

/// The foot of every page without scripts.
pub(crate) fn footer(language: Language, links: &Links) -> maud::Markup {
    parts::footer(languages::Texts::of(language), links)
}

/// The label of the choice of languages, and the name of each in itself.
pub(crate) fn language_names(language: Language) -> (&'static str, [(Language, &'static str); 5]) {
    (
        languages::Texts::of(language).language,
        Language::ALL.map(|language| (language, parts::name_of(language))),
    )
}

/// A conversation as a page shows it. It travels from the conversation's object to the front.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationView {
    /// The conversation.
    pub conversation: ConversationId,
    /// The person.
    pub person: String,
    /// The person or company they act for.
    pub acting_for: Option<String>,
    /// The language their portal gives.
    pub language: Language,
    /// Its phase.
    pub state: PlainPageState,
    /// Whether the same person was here before.
    #[serde(default)]
    pub has_earlier: bool,
    /// How the person rated it, once it was over.
    pub rating: Option<Rating>,
    /// A page of its log, in order.
    pub entries: Vec<Entry>,
    /// Number of the newest entry of the log.
    pub last_seq: u64,
    /// When it was looked at, by the service's clock.
    pub at: Timestamp,
}

/// The phase of a conversation, as its person reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlainPageState {
    /// Nobody answers yet.
    Waiting {
        /// Their place, where the desk has announced one.
        place: Option<QueuePlace>,
        /// A person who is connected nowhere and loads no page for so long loses it.
        absent_ms: i64,
    },
    /// An advisor answers.
    Active {
        /// Their name.
        advisor: String,
        /// The person was warned: it ends here unless they answer.
        auto_close_at: Option<Timestamp>,
    },
    /// It is over.
    Closed {
        /// The side that ended it.
        by: Party,
        /// The outcome, where it is known.
        outcome: Option<Outcome>,
        /// Whether an office still owes an answer.
        awaits_office: bool,
        /// Whether an advisor ever held it.
        was_held: bool,
    },
}

impl ConversationView {
    /// Whether the assistant is asked on its page: while nobody answers, beside the newest entry.
    pub fn takes_questions(&self) -> bool {
        matches!(self.state, PlainPageState::Waiting { .. }) && self.is_newest()
    }

    /// Whether the newest entry of the log is on its page.
    fn is_newest(&self) -> bool {
        self.entries.last().is_none_or(|last| last.seq == self.last_seq)
    }

    /// A conversation with its rating and a page of its log, at an instant.
    pub fn of(
        conversation: &Conversation,
        has_earlier: bool,
        rating: Option<Rating>,
        entries: Vec<Entry>,
        at: Timestamp,
    ) -> Self {
        let person = conversation.person();
        let state = match conversation.phase() {
            Phase::Waiting { place, .. } => {
                PlainPageState::Waiting { place: place.clone(), absent_ms: conversation.timeouts().absent_ms }
            }
            Phase::Active { advisor, auto_close_at, .. } => {
                PlainPageState::Active { advisor: advisor.name.clone(), auto_close_at: *auto_close_at }
            }
            Phase::Closed { by, outcome, last_advisor, .. } => PlainPageState::Closed {
                by: *by,
                outcome: *outcome,
                awaits_office: conversation.awaits_office(),
                was_held: last_advisor.is_some(),
            },
        };
        Self {
            conversation: conversation.id().clone(),
            person: person.name.clone(),
            acting_for: person.acting_for.as_ref().map(|other| other.name.clone()),
            language: person.language,
            state,
            has_earlier,
            rating,
            entries,
            last_seq: conversation.last_seq(),
            at,
        }
    }
}

/// The addresses of a deployment's own pages: at the foot of every page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Links {
    /// How personal data is used.
    pub privacy: Option<String>,
    /// How accessible the service is.
    pub accessibility: Option<String>,
    /// The address for reports of problems of accessibility.
    pub feedback: Option<String>,
    /// The address of the source code.
    pub source: Option<String>,
}

/// A form in which a message is written.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'d> {
    /// The proof that the form is this service's and this conversation's.
    pub form: &'d str,
    /// The id under which the message is stored, once, however often the form is sent.
    pub id: &'d MessageId,
    /// The text so far.
    pub text: &'d str,
    /// Why it was not sent.
    pub error: Option<FormError>,
}

/// Why a message, a question or a written request was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormError {
    /// It has no visible character.
    Empty,
    /// It is too long.
    TooLong,
    /// Too many came before it.
    TooFast {
        /// Accepted after so many milliseconds.
        retry_after_ms: i64,
    },
    /// The conversation was over.
    Over,
    /// The conversation takes no more.
    Full,
    /// It was written for another conversation.
    Another,
    /// The service failed, and nobody knows whether it was stored.
    Unsure,
    /// The text has sensitive data, and its author has not decided yet.
    Sensitive,
}

/// A form in which a conversation that is over is rated.
#[derive(Clone, Copy, Debug, Default)]
pub struct RatingDraft<'d> {
    /// The answer chosen so far.
    pub answer: Option<Answer>,
    /// The comment so far.
    pub comment: &'d str,
    /// Why it was not taken.
    pub error: Option<RatingError>,
}

/// Why a rating was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RatingError {
    /// No answer was chosen.
    NoAnswer,
    /// The comment is too long.
    TooLong,
}

/// A form in which a request is written to an office.
#[derive(Clone, Copy, Debug)]
pub struct RequestDraft<'d> {
    /// The token that permits sending it.
    pub write_request_token: &'d str,
    /// The id under which it is made, once.
    pub id: &'d MessageId,
    /// The text so far.
    pub text: &'d str,
    /// Why it was not sent.
    pub error: Option<FormError>,
}

/// A form in which the automatic assistant is asked.
#[derive(Clone, Copy, Debug)]
pub struct QuestionDraft<'d> {
    /// Whose form it is.
    pub token: QuestionToken<'d>,
    /// The id under which the question is stored in a conversation, once.
    pub id: &'d MessageId,
    /// The text so far.
    pub text: &'d str,
    /// Why it was not answered.
    pub error: Option<FormError>,
}

/// The proof in the form of a question.
#[derive(Clone, Copy, Debug)]
pub enum QuestionToken<'d> {
    /// That the form is this service's and this conversation's: question and answer become an entry of its log.
    Conversation(&'d str),
    /// The token that permits asking without a conversation: nothing is kept.
    Person(&'d str),
}

/// Why there is no conversation to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorPage {
    /// None is known in this browser.
    NoConversation,
    /// It keeps no cookie, so that none can begin.
    NoCookies,
    /// Its ticket, or the token of a written request, has expired or is none of this service.
    Expired,
    /// The portal's token was not accepted.
    NotBelieved,
    /// The request came from another site.
    Foreign,
    /// The service failed.
    Failed,
    /// Earlier written requests wait.
    Pending,
    /// A conversation is open: no request can be written beside it.
    OpenAlready,
}
