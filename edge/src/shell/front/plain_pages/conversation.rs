// SPDX-License-Identifier: EUPL-1.2
//! The page of the conversation, and the forms on it.

use ::worker::Response;
use infocig_domain::plain_page::{self, Draft, ErrorPage, FormError, RatingDraft, RatingError};
use infocig_protocol::{
    blank::is_blank,
    id::MessageId,
    limits::MAX_MESSAGE_CHARS,
    problem::Code,
    rating::{self, Rating},
};

use super::{AuthenticatedVisitor, Visitor, new_id, undecided};
use crate::{
    actors::PlainPageAction,
    auth::write_request_token::{Purpose, WriteRequestToken},
    http::plain_pages::{self, Fields, Undecided},
    problem::Error,
    shell::{clock, front::ratings, http::replies, log, rpc::PlainPageAnswer},
};

impl Visitor<'_> {
    /// `GET /chat`
    pub(super) async fn show(&self) -> Result<Response, Error> {
        let (key, now) = (&self.settings.ticket_key, clock::now());
        let token =
            self.ticket.as_deref().map(|kept| WriteRequestToken::verify(kept, Purpose::Entry, key, now));
        match token {
            Some(Ok(WriteRequestToken { person, .. })) => return self.let_in(person).await,
            None if self.query.get("enter") == "1" => {
                return Ok(self.error_page(ErrorPage::NoCookies, 403, None)?);
            }
            Some(Err(_)) | None => {}
        }
        let visitor = self.authenticated()?;
        let PlainPageAnswer { shown, .. } = self.plain_page(&visitor, None).await?;
        let draft = Draft { form: &visitor.form, id: &new_id()?, text: "", error: None };
        Ok(self.conversation(200, &shown, &draft, None)?)
    }

    /// `POST /chat/messages`
    pub(super) async fn write(&self, form: &Fields) -> Result<Response, Error> {
        let text = form.text("text");
        let visitor = match self.authenticated() {
            Ok(visitor) => visitor,
            Err(refusal) => return Ok(self.refused(&refusal, Some(&text))?),
        };
        let named = MessageId::parse(form.get("id")).ok();
        let (Some(id), true) = (named, form.get("form") == visitor.form) else {
            let PlainPageAnswer { shown, .. } = self.plain_page(&visitor, None).await?;
            let error = Some(FormError::Another);
            let draft = Draft { form: &visitor.form, id: &new_id()?, text: &text, error };
            return Ok(self.conversation(409, &shown, &draft, None)?);
        };
        let text = match plain_pages::decided(text, form.get("way"), MAX_MESSAGE_CHARS) {
            Ok(text) => text,
            Err((text, reason)) => return self.ask(&visitor, &id, &text, reason).await,
        };
        let say = PlainPageAction::Post { id: id.clone(), text: text.clone() };
        let PlainPageAnswer { shown, refused } = match self.plain_page(&visitor, Some(say)).await {
            Ok(answer) => answer,
            Err(Error::Refused(refusal)) => return Ok(self.refused(&refusal, Some(&text))?),
            Err(Error::Fault(fault)) => {
                log::fault_in(self.trace, &fault);
                let draft =
                    Draft { form: &visitor.form, id: &id, text: &text, error: Some(FormError::Unsure) };
                let language = self.language();
                let page = plain_page::unsure_page(language, self.view, &draft, &self.settings.links);
                return Ok(replies::page(500, language, page)?);
            }
        };
        let Some(refused) = refused else { return Ok(self.back_to("#last", None)?) };
        let error =
            plain_pages::form_error(refused.code, refused.retry_after_ms).unwrap_or(FormError::Unsure);
        let draft = Draft { form: &visitor.form, id: &new_id()?, text: &text, error: Some(error) };
        Ok(self.conversation(refused.code.status(), &shown, &draft, None)?)
    }

    /// The page with a text that is not sent yet. It keeps its id: whatever is decided, and however often, becomes one message.
    pub(super) async fn ask(
        &self,
        visitor: &AuthenticatedVisitor<'_>,
        id: &MessageId,
        text: &str,
        reason: Undecided,
    ) -> Result<Response, Error> {
        let PlainPageAnswer { shown, .. } = match self.plain_page(visitor, None).await {
            Ok(answer) => answer,
            Err(Error::Refused(refusal)) => return Ok(self.refused(&refusal, Some(text))?),
            Err(Error::Fault(fault)) => {
                log::fault_in(self.trace, &fault);
                return Ok(self.error_page(ErrorPage::Failed, 500, Some(text))?);
            }
        };
        let (error, status) = undecided(reason);
        let draft = Draft { form: &visitor.form, id, text, error };
        Ok(self.conversation(status, &shown, &draft, None)?)
    }

    /// `POST /chat/rating`
    pub(super) async fn rate(&self, form: &Fields) -> Result<Response, Error> {
        let comment = form.text("comment");
        let visitor = match self.authenticated() {
            Ok(visitor) if form.get("form") == visitor.form => visitor,
            // Another conversation has taken the place of the one that was rated.
            Ok(_) => return Ok(self.error_page(ErrorPage::Expired, 409, Some(&comment))?),
            Err(refusal) => return Ok(self.refused(&refusal, Some(&comment))?),
        };
        let answer = rating::Answer::parse(form.get("answer"));
        let error = match answer {
            None => RatingError::NoAnswer,
            Some(answer) => {
                let said = Some(comment.clone()).filter(|comment| !is_blank(comment));
                let rating = Rating { answer, comment: said };
                let rated =
                    ratings::rate(self.env, &visitor.conversation, visitor.ticket.to_string(), rating);
                match rated.await {
                    Ok(()) => return Ok(self.back_to("#rating", None)?),
                    Err(Error::Refused(refusal)) if refusal.code == Code::MessageTooLong => {
                        RatingError::TooLong
                    }
                    Err(Error::Refused(refusal)) => return Ok(self.refused(&refusal, Some(&comment))?),
                    Err(Error::Fault(fault)) => {
                        log::fault_in(self.trace, &fault);
                        return Ok(self.error_page(ErrorPage::Failed, 500, Some(&comment))?);
                    }
                }
            }
        };
        let PlainPageAnswer { shown, .. } = self.plain_page(&visitor, None).await?;
        let draft = Draft { form: &visitor.form, id: &new_id()?, text: "", error: None };
        let rating = RatingDraft { answer, comment: &comment, error: Some(error) };
        Ok(self.conversation(422, &shown, &draft, Some(rating))?)
    }

    /// `POST /chat/stay`, `POST /chat/end`: actions that cannot be refused and may only be too late.
    pub(super) async fn act(&self, form: &Fields, action: PlainPageAction) -> Result<Response, Error> {
        let visitor = self.authenticated()?;
        // Another conversation's form does nothing to this one.
        if form.get("form") == visitor.form {
            self.plain_page(&visitor, Some(action)).await?;
        }
        Ok(self.back_to("#last", None)?)
    }

    /// `GET /chat/end`
    pub(super) fn ask_to_end(&self) -> Result<Response, Error> {
        let visitor = self.authenticated()?;
        let language = self.language();
        let page = plain_page::end_page(language, self.view, &visitor.form, &self.settings.links);
        Ok(replies::page(200, language, page)?)
    }

    /// `POST /chat/leave`
    pub(super) fn leave(&self, form: &Fields) -> Result<Response, Error> {
        let is_its_own =
            self.ticket.as_deref().is_some_and(|ticket| form.get("form") == plain_pages::form_token(ticket));
        let response = self.back_to("", None)?;
        if !is_its_own {
            return Ok(response);
        }
        Ok(replies::with_header(response, "set-cookie", &self.cookie.forget())?)
    }
}
