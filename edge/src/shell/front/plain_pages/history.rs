// SPDX-License-Identifier: EUPL-1.2
//! Pages of the conversations a person had before, and transcripts.

use ::worker::Response;
use infocig_domain::{
    plain_page::{PageOptions, history},
    transcript::Format,
};
use infocig_protocol::{id::ConversationId, language::Language, problem::Code};

use super::{AuthenticatedVisitor, Visitor, redirect};
use crate::{
    actors::{HistoryQuery, HistoryView},
    http::own_data::Shape,
    problem::{Error, Fault},
    shell::{
        clock,
        front::{own_data, tickets, transcripts},
        http::replies,
        rpc::{self, AskHistoryPage},
    },
};

impl Visitor<'_> {
    /// `GET /chat/transcript`
    pub(super) async fn transcript(&self) -> Result<Response, Error> {
        let visitor = self.authenticated()?;
        self.transcript_of(&visitor.conversation, visitor.ticket.to_string()).await
    }

    /// `GET /chat/history`
    pub(super) async fn history(&self) -> Result<Response, Error> {
        let before = self.view.before.map(|before| u32::try_from(before).unwrap_or(u32::MAX));
        self.history_page(&self.authenticated()?, HistoryQuery::List { before }).await
    }

    /// `GET /chat/history/{number}`
    pub(super) async fn history_conversation(&self, number: u32) -> Result<Response, Error> {
        self.history_page(&self.authenticated()?, HistoryQuery::Read { number, before: self.view.before })
            .await
    }

    /// A page of the person's history.
    async fn history_page(
        &self,
        visitor: &AuthenticatedVisitor<'_>,
        query: HistoryQuery,
    ) -> Result<Response, Error> {
        let AuthenticatedVisitor { conversation, ticket, .. } = visitor;
        let question = AskHistoryPage { conversation: conversation.clone(), ticket: (*ticket).into(), query };
        let answer = rpc::call(&rpc::of_conversation(self.env, conversation)?, &question).await;
        let (view, links) = (self.view, &self.settings.links);
        let language = |own: Language| view.language.unwrap_or(own);
        let (language, page) = match answer {
            Ok(HistoryView::List { conversations, language: own }) => {
                (language(own), history::list_page(&conversations, language(own), view, links))
            }
            Ok(HistoryView::Read(shown)) => {
                (language(shown.language), history::conversation_page(&shown, view, links))
            }
            Err(Error::Refused(refusal)) if refusal.code == Code::NotFound => return Ok(self.list()?),
            Err(error) => return Err(error),
        };
        Ok(replies::page(200, language, page)?)
    }

    /// To the list, for a request of a conversation that is not on it.
    fn list(&self) -> Result<Response, Fault> {
        let view = PageOptions { before: None, ..self.view };
        redirect(&view.address(history::LIST), None)
    }

    /// `GET /chat/history/{number}/transcript`
    pub(super) async fn history_transcript(&self, number: u32) -> Result<Response, Error> {
        let visitor = self.authenticated()?;
        let earlier = ConversationId::of(visitor.conversation.object(), number).ok();
        let Some(earlier) = earlier.filter(|_| number < visitor.conversation.ordinal()) else {
            return Ok(self.list()?);
        };
        // An object holds one person's conversations: the holder of a ticket of one is given a ticket of another.
        let ticket = tickets::of_person(earlier.clone(), self.settings, clock::now())?.text;
        match self.transcript_of(&earlier, ticket).await {
            // The ticket is valid: it is the conversation that does not exist.
            Err(Error::Refused(_)) => Ok(self.list()?),
            answered => answered,
        }
    }

    /// `GET /chat/data`
    pub(super) async fn own_data(&self) -> Result<Response, Error> {
        let visitor = self.authenticated()?;
        let shape = if self.query.get("format") == "json" { Shape::Json } else { Shape::Html };
        let before = self.view.before.map(|before| u32::try_from(before).unwrap_or(u32::MAX));
        let asks = (visitor.conversation.clone(), visitor.ticket.to_string());
        let language = self.view.language;
        own_data::of_ticket(self.env, self.settings, asks, before, shape, language).await
    }

    async fn transcript_of(&self, id: &ConversationId, ticket: String) -> Result<Response, Error> {
        let format = if self.query.get("format") == "text" { Format::Text } else { Format::Html };
        transcripts::transcript(self.env, self.settings, id, ticket, format, self.view.language).await
    }
}
