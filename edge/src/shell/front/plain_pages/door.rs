// SPDX-License-Identifier: EUPL-1.2
//! The page of a person who is not let in: why, and the forms that are left to them. What they wrote in one of them stands in it.

use ::worker::Response;
use infocig_domain::plain_page::{self, FormError, QuestionDraft, QuestionToken, RequestDraft};
use infocig_protocol::{
    assistant::Passage,
    http::{Admission, Verdict},
    id::MessageId,
};

use super::{Visitor, new_id};
use crate::{
    auth::write_request_token::{Purpose, WriteRequestToken},
    problem::Error,
    shell::{
        clock,
        front::{admission, assistant},
        http::replies,
    },
};

/// What is on the page beside the reason.
#[derive(Default)]
pub(super) struct OnDoor<'d> {
    /// The request to an office; absent where none may be written.
    pub(super) request: Option<Written<'d>>,
    /// The question to the assistant, shown where that may be asked.
    pub(super) question: Written<'d>,
    /// The question that was answered, and the answer.
    pub(super) answer: Option<(&'d str, &'d [Passage])>,
}

/// A form as far as it is written.
#[derive(Clone, Copy, Default)]
pub(super) struct Written<'d> {
    /// The id of what is written; absent in a form that is made now.
    pub(super) id: Option<&'d MessageId>,
    pub(super) text: &'d str,
    pub(super) error: Option<FormError>,
}

impl Visitor<'_> {
    /// Whether an office may be written to where nobody is let in for that reason.
    pub(super) fn may_write(&self, document: &Admission) -> bool {
        self.settings.linea_inps.is_some()
            && matches!(document.verdict, Verdict::Open | Verdict::OnlyOngoing | Verdict::Closed)
    }

    /// The page, with the reason of this instant.
    pub(super) async fn door_now(
        &self,
        facts: &WriteRequestToken,
        status: u16,
        on_it: OnDoor<'_>,
    ) -> Result<Response, Error> {
        let decision = admission::decide(self.env, self.settings, &facts.person, clock::now()).await;
        let document = decision.to_document(&self.settings.policy, self.language());
        // A request that was written is shown in any case: nothing is lost.
        let request = on_it.request.filter(|request| request.id.is_some() || self.may_write(&document));
        self.door(facts, &document, status, &OnDoor { request, ..on_it })
    }

    /// The page. The tokens in its forms are valid as long as `facts`, however often the page is made.
    pub(super) fn door(
        &self,
        facts: &WriteRequestToken,
        document: &Admission,
        status: u16,
        on_it: &OnDoor<'_>,
    ) -> Result<Response, Error> {
        let token = |purpose, wanted: bool| {
            wanted.then(|| facts.sign(purpose, &self.settings.ticket_key)).transpose()
        };
        let may_ask = assistant::may_be_asked_by(&facts.person, self.settings);
        let (writes, asks) =
            (token(Purpose::WriteRequest, on_it.request.is_some())?, token(Purpose::Assistant, may_ask)?);
        let (new_request, new_question) = (new_id()?, new_id()?);
        let request = on_it.request.zip(writes.as_deref());
        let request = request.map(|(Written { id, text, error }, write_request_token)| RequestDraft {
            write_request_token,
            id: id.unwrap_or(&new_request),
            text,
            error,
        });
        let Written { id, text, error } = on_it.question;
        let question = asks.as_deref().map(|token| QuestionDraft {
            token: QuestionToken::Person(token),
            id: id.unwrap_or(&new_question),
            text,
            error,
        });
        let (language, links) = (self.language(), &self.settings.links);
        let (request, question) = (request.as_ref(), question.as_ref());
        let page = match on_it.answer {
            Some(answer) => plain_page::answer_page(answer, document, language, request, question, links),
            None => plain_page::refusal_page(document, language, request, question, links),
        };
        Ok(replies::page(status, language, page)?)
    }
}
