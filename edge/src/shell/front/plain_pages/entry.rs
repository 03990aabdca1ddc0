// SPDX-License-Identifier: EUPL-1.2
//! Entering by the portal's form: a token, an entry token in a cookie, then the conversation.

use ::worker::Response;
use infocig_domain::plain_page::{ErrorPage, PageOptions};

use super::{
    Visitor,
    door::{OnDoor, Written},
    redirect,
};
use crate::{
    auth::{
        handoff::Person,
        write_request_token::{Purpose, WriteRequestToken},
    },
    http::plain_pages::Fields,
    problem::{Error, Fault},
    shell::{
        clock,
        front::{
            admission::{self, Entrance},
            tickets,
        },
    },
};

impl Visitor<'_> {
    /// `POST /chat`
    pub(super) async fn enter(&self, form: &Fields) -> Result<Response, Error> {
        let view =
            PageOptions { language: form.view().language.or(self.view.language), ..PageOptions::default() };
        // Login CSRF: a token given to somebody else opens that person's conversation, and a person who follows a foreign form
        // would write there. The form must come from a page of an allowed origin.
        if self.origin.as_deref().is_some_and(|origin| !self.settings.allows_origin(origin)) {
            return Ok(self.error_page(ErrorPage::Foreign, 403, None)?);
        }
        let token = Some(form.get("token")).filter(|token| !token.is_empty());
        let visitor = Visitor { view, ..self.clone() };
        let person = match admission::person_of_token(token, self.settings).await {
            Ok(person) => person,
            Err(Error::Refused(refusal)) if refusal.code.status() == 401 => {
                return Ok(visitor.error_page(ErrorPage::NotBelieved, 403, None)?);
            }
            Err(failure) => return Err(failure),
        };
        let visitor =
            Visitor { view: PageOptions { language: view.language.or(person.locale), ..view }, ..visitor };
        let now = clock::now();
        if admission::decide(self.env, self.settings, &person, now).await.is_open() {
            // A conversation may begin, but not before the browser has shown that it keeps a cookie.
            let token = WriteRequestToken::new(Purpose::Entry, person, now)
                .sign(Purpose::Entry, &self.settings.ticket_key)?;
            let cookie = self.cookie.keep_for(&token, Purpose::Entry.lifetime_s());
            return Ok(redirect(&visitor.view.address_to_enter(), Some(&cookie))?);
        }
        visitor.let_in(person).await
    }

    /// Lets a person into their conversation or a new one, or says why not.
    pub(super) async fn let_in(&self, person: Person) -> Result<Response, Error> {
        let (visitor, now) = (self, clock::now());
        match admission::enter(self.env, self.settings, &person, None, visitor.language(), now).await? {
            Entrance::Open { conversation, .. } => {
                let ticket = tickets::of_person(conversation, self.settings, now)?;
                Ok(visitor.back_to("#last", Some(&ticket))?)
            }
            Entrance::Closed(document) => {
                let facts = WriteRequestToken::new(Purpose::WriteRequest, person, now);
                let request = visitor.may_write(&document).then(Written::default);
                let on_it = OnDoor { request, ..OnDoor::default() };
                visitor.door(&facts, &document, document.code.status(), &on_it)
            }
            Entrance::Unknown => Err(Fault::Platform("nothing was to be resumed".into()).into()),
        }
    }
}
