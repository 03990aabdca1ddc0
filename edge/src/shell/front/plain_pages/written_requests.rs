// SPDX-License-Identifier: EUPL-1.2
//! The form by which a person whom nobody can answer now writes to an office.

use ::worker::Response;
use infocig_domain::plain_page::{self, ErrorPage, FormError, RequestDraft};
use infocig_protocol::{case::Question, id::MessageId, segnalazione::WrittenRequest};

use super::{Visitor, new_id, undecided};
use crate::{
    auth::{
        handoff::Person,
        write_request_token::{Purpose, WriteRequestToken},
    },
    http::plain_pages::{self, Fields},
    problem::Error,
    shell::{
        clock,
        front::{admission, requests, tickets},
        http::replies,
        log,
    },
};

impl Visitor<'_> {
    /// `POST /chat/requests`
    pub(super) async fn request(&self, form: &Fields) -> Result<Response, Error> {
        let (text, now) = (form.text("text"), clock::now());
        let WriteRequestToken { person, .. } = match WriteRequestToken::verify(
            form.get("write_request_token"),
            Purpose::WriteRequest,
            &self.settings.ticket_key,
            now,
        ) {
            Ok(write_request_token) => write_request_token,
            Err(refusal) => return Ok(self.refused(&refusal, Some(&text))?),
        };
        let id = match MessageId::parse(form.get("id")) {
            Ok(id) => id,
            Err(_) => new_id()?,
        };
        let text = match plain_pages::decided(text, form.get("way")) {
            Ok(text) => text,
            Err((text, reason)) => {
                let draft = (form.get("write_request_token"), &id, &*text);
                return self.write_again(&person, draft, undecided(reason)).await;
            }
        };
        let language = self.language();
        let written = requests::write_as(
            self.env,
            self.settings,
            person.clone(),
            WrittenRequest { id: id.clone(), text: text.clone(), question: Question::default() },
            language,
        );
        let refusal = match written.await {
            Ok(conversation) => {
                let ticket = tickets::of_person(conversation, self.settings, now)?;
                return Ok(self.back_to("#last", Some(&ticket))?);
            }
            Err(Error::Refused(refusal)) => refusal,
            Err(Error::Fault(fault)) => {
                log::fault_in(self.trace, &fault);
                return Ok(self.error_page(ErrorPage::Failed, 500, Some(&text))?);
            }
        };
        match plain_pages::form_error(refusal.code, None) {
            Some(error) => {
                self.write_again(&person, (form.get("write_request_token"), &id, &text), (Some(error), 422))
                    .await
            }
            None => Ok(self.refused(&refusal, Some(&text))?),
        }
    }

    /// The door again, with the request that was not taken as it was.
    pub(super) async fn write_again(
        &self,
        person: &Person,
        (write_request_token, id, text): (&str, &MessageId, &str),
        (error, status): (Option<FormError>, u16),
    ) -> Result<Response, Error> {
        let language = self.language();
        let decision = admission::decide(self.env, self.settings, person, clock::now()).await;
        let document = decision.to_document(&self.settings.policy, language);
        let draft = RequestDraft { write_request_token, id, text, error };
        let page = plain_page::refusal_page(&document, language, Some(&draft), &self.settings.links);
        Ok(replies::page(status, language, page)?)
    }
}
