// SPDX-License-Identifier: EUPL-1.2
//! Questions to the automatic assistant. In a conversation the answer is an entry of its log; a person who is in none reads it on
//! a page of its own, and nothing is kept.

use ::worker::Response;
use infocig_domain::plain_page::{Draft, ErrorPage, FormError, QuestionDraft, QuestionToken};
use infocig_protocol::{assistant::AssistantQuestion, id::MessageId, limits::MAX_QUESTION_CHARS};

use super::{
    AuthenticatedVisitor, Visitor,
    door::{OnDoor, Written},
    new_id, undecided,
};
use crate::{
    auth::write_request_token::{Purpose, WriteRequestToken},
    http::plain_pages::{self, Fields},
    problem::Error,
    shell::{
        clock,
        front::assistant::{answer_holder, answer_person},
        log,
        rpc::PlainPageAnswer,
    },
};

impl Visitor<'_> {
    /// `POST /chat/assistant`
    pub(super) async fn ask_assistant(&self, form: &Fields) -> Result<Response, Error> {
        if !form.get("assistant_token").is_empty() {
            return self.ask_at_the_door(form).await;
        }
        let text = form.text("text");
        let visitor = match self.authenticated() {
            Ok(visitor) => visitor,
            Err(refusal) => return Ok(self.refused(&refusal, Some(&text))?),
        };
        let named = MessageId::parse(form.get("id")).ok();
        let (Some(id), true) = (named, form.get("form") == visitor.form) else {
            let again = (&new_id()?, &*text, Some(FormError::Another));
            return self.ask_again(&visitor, again, 409).await;
        };
        let text = match plain_pages::decided(text, form.get("way"), MAX_QUESTION_CHARS) {
            Ok(text) => text,
            Err((text, reason)) => {
                let (error, status) = undecided(reason);
                return self.ask_again(&visitor, (&id, &text, error), status).await;
            }
        };
        let asked = AssistantQuestion { id: id.clone(), text: text.clone() };
        let holder = (&visitor.conversation, visitor.ticket.to_owned());
        let answered =
            answer_holder(self.env, self.settings, holder, asked, self.view.language, self.trace).await;
        match answered {
            Ok(_) => Ok(self.back_to("#last", None)?),
            Err(Error::Refused(refusal)) => {
                match plain_pages::form_error(refusal.code, refusal.retry_after_ms) {
                    Some(error) => {
                        let status = refusal.code.status();
                        self.ask_again(&visitor, (&id, &text, Some(error)), status).await
                    }
                    None => Ok(self.refused(&refusal, Some(&text))?),
                }
            }
            Err(Error::Fault(fault)) => {
                log::fault_in(self.trace, &fault);
                self.ask_again(&visitor, (&id, &text, Some(FormError::Unsure)), 500).await
            }
        }
    }

    /// The page of the conversation with a question that was not answered. It keeps its id: however often it is sent, it is one
    /// entry. Where it is asked no more, the text stands where a message does.
    async fn ask_again(
        &self,
        visitor: &AuthenticatedVisitor<'_>,
        (id, text, error): (&MessageId, &str, Option<FormError>),
        status: u16,
    ) -> Result<Response, Error> {
        let PlainPageAnswer { shown, .. } = match self.plain_page(visitor, None).await {
            Ok(answer) => answer,
            Err(Error::Refused(refusal)) => return Ok(self.refused(&refusal, Some(text))?),
            Err(Error::Fault(fault)) => {
                log::fault_in(self.trace, &fault);
                return Ok(self.error_page(ErrorPage::Failed, 500, Some(text))?);
            }
        };
        let form = visitor.form.as_str();
        let is_asked = self.settings.policy.assistant.on && shown.takes_questions();
        let question = QuestionDraft { token: QuestionToken::Conversation(form), id, text, error };
        let (unsent, why) = if is_asked { ("", None) } else { (text, error) };
        let draft = Draft { form, id: &new_id()?, text: unsent, error: why };
        Ok(self.conversation_with(status, &shown, &draft, None, &question)?)
    }

    /// The door again, with the question that was not answered as it was.
    async fn ask_at_the_door_again(
        &self,
        facts: &WriteRequestToken,
        text: &str,
        (error, status): (Option<FormError>, u16),
    ) -> Result<Response, Error> {
        let request = Some(Written::default());
        let question = Written { text, error, ..Written::default() };
        self.door_now(facts, status, OnDoor { request, question, answer: None }).await
    }

    /// A question of a person who is not let in.
    async fn ask_at_the_door(&self, form: &Fields) -> Result<Response, Error> {
        let text = form.text("text");
        let (token, key) = (form.get("assistant_token"), &self.settings.ticket_key);
        let facts = match WriteRequestToken::verify(token, Purpose::Assistant, key, clock::now()) {
            Ok(facts) => facts,
            Err(refusal) => return Ok(self.refused(&refusal, Some(&text))?),
        };
        let text = match plain_pages::decided(text, form.get("way"), MAX_QUESTION_CHARS) {
            Ok(text) => text,
            Err((text, reason)) => {
                return self.ask_at_the_door_again(&facts, &text, undecided(reason)).await;
            }
        };
        let person = facts.person.clone();
        let answered =
            answer_person(self.env, self.settings, person, &text, self.language(), self.trace).await;
        match answered {
            Ok(answer) => {
                let request = Some(Written { text: &text, ..Written::default() });
                let answer = Some((&*text, &*answer.passages));
                self.door_now(&facts, 200, OnDoor { request, answer, ..OnDoor::default() }).await
            }
            Err(Error::Refused(refusal)) => {
                match plain_pages::form_error(refusal.code, refusal.retry_after_ms) {
                    Some(error) => {
                        let status = refusal.code.status();
                        self.ask_at_the_door_again(&facts, &text, (Some(error), status)).await
                    }
                    None => Ok(self.refused(&refusal, Some(&text))?),
                }
            }
            Err(Error::Fault(fault)) => {
                log::fault_in(self.trace, &fault);
                Ok(self.error_page(ErrorPage::Failed, 500, Some(&text))?)
            }
        }
    }
}
