// SPDX-License-Identifier: EUPL-1.2
//! The form by which a person whom nobody can answer now writes to an office.

use ::worker::Response;
use infocig_domain::plain_page::{ErrorPage, FormError};
use infocig_protocol::{
    case::Question, id::MessageId, limits::MAX_MESSAGE_CHARS, segnalazione::WrittenRequest,
};

use super::{
    Visitor,
    door::{OnDoor, Written},
    new_id, undecided,
};
use crate::{
    auth::write_request_token::{Purpose, WriteRequestToken},
    http::plain_pages::{self, Fields},
    problem::Error,
    shell::{
        clock,
        front::{requests, tickets},
        log,
    },
};

impl Visitor<'_> {
    /// `POST /chat/requests`
    pub(super) async fn request(&self, form: &Fields) -> Result<Response, Error> {
        let (text, now) = (form.text("text"), clock::now());
        let facts = match WriteRequestToken::verify(
            form.get("write_request_token"),
            Purpose::WriteRequest,
            &self.settings.ticket_key,
            now,
        ) {
            Ok(facts) => facts,
            Err(refusal) => return Ok(self.refused(&refusal, Some(&text))?),
        };
        let id = match MessageId::parse(form.get("id")) {
            Ok(id) => id,
            Err(_) => new_id()?,
        };
        let text = match plain_pages::decided(text, form.get("way"), MAX_MESSAGE_CHARS) {
            Ok(text) => text,
            Err((text, reason)) => {
                return self.write_again(&facts, (&id, &text), undecided(reason)).await;
            }
        };
        let language = self.language();
        let written = requests::write_as(
            self.env,
            self.settings,
            facts.person.clone(),
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
            Some(error) => self.write_again(&facts, (&id, &text), (Some(error), 422)).await,
            None => Ok(self.refused(&refusal, Some(&text))?),
        }
    }

    /// The door again, with the request that was not taken as it was.
    async fn write_again(
        &self,
        facts: &WriteRequestToken,
        (id, text): (&MessageId, &str),
        (error, status): (Option<FormError>, u16),
    ) -> Result<Response, Error> {
        let request = Some(Written { id: Some(id), text, error });
        self.door_now(facts, status, OnDoor { request, ..OnDoor::default() }).await
    }
}
