// SPDX-License-Identifier: EUPL-1.2
//! A scene: an edge with an issuer it trusts, and the requests with which people and advisors enter.

use infocig_demo::{ADVISOR_TYPE, Advisor, HANDOFF_TYPE, Person};
use infocig_protocol::{
    desk::{AssignedConversation, DeskServerFrame},
    frame::ServerFrame,
    http::{ConversationOpened, DeskSessionOpened},
    id::ConversationId,
};
use serde::Deserialize;

use crate::{
    answer::Answer,
    chat::Chat,
    desk::Desk,
    edge::{Edge, EdgeOptions, policy_with_capacity, policy_without_limits},
    error::Error,
    issuer::Issuer,
    polls::Polls,
    socket::Socket,
    tokens::Claims,
};

/// The row of a conversation in the register.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Registered {
    /// The conversation.
    pub conversation: ConversationId,
    /// Its topic, three levels.
    pub topic: Option<String>,
    /// Its outcome.
    pub outcome: Option<String>,
    /// How often it returned to the queue because its advisor was lost.
    pub returns: u32,
    /// How often it was transferred.
    pub transfers: u32,
    /// The rating of the person.
    pub rating: Option<String>,
}

/// An edge with an issuer whose tokens it accepts.
pub struct Scene {
    /// The edge.
    pub edge: Edge,
    /// The issuer of both kinds of token.
    pub issuer: Issuer,
}

impl Scene {
    /// A working afternoon.
    pub async fn open() -> Result<Self, Error> {
        Self::with(|options| options).await
    }

    /// A working afternoon without rate limits.
    pub async fn without_rate_limits() -> Result<Self, Error> {
        let policy = policy_without_limits()?;
        Self::with(|options| options.with_policy(policy)).await
    }

    /// A working afternoon without a limit of conversations of an advisor, and without wrap-up.
    pub async fn with_capacity() -> Result<Self, Error> {
        let policy = policy_with_capacity()?;
        Self::with(|options| options.with_policy(policy)).await
    }

    /// Another instant (RFC 3339).
    pub async fn at(instant: &str) -> Result<Self, Error> {
        Self::with(|options| EdgeOptions { clock: Some(instant.into()), ..options }).await
    }

    /// An edge with changed options.
    pub async fn with(change: impl FnOnce(EdgeOptions) -> EdgeOptions) -> Result<Self, Error> {
        let issuer = Issuer::start().await?;
        let edge = Edge::start(change(EdgeOptions::trusting(issuer.setting()))).await?;
        Ok(Self { edge, issuer })
    }

    /// One of the invented people.
    pub fn person(id: &str) -> Result<&'static Person, Error> {
        Person::by_id(id).ok_or_else(|| Error::new(format!("there is no person {id}")))
    }

    /// The claims of the portal for a person, now.
    pub fn claims(&self, person: &str) -> Result<Claims, Error> {
        Claims::of_person(Self::person(person)?, self.issuer.origin(), &self.edge.url())
    }

    /// The claims for an advisor, now.
    pub fn advisor_claims(&self, advisor: &str) -> Result<Claims, Error> {
        let advisor =
            Advisor::by_id(advisor).ok_or_else(|| Error::new(format!("there is no advisor {advisor}")))?;
        Claims::of_advisor(advisor, self.issuer.origin(), &self.edge.url())
    }

    /// A hand-off token with these claims.
    pub fn token(&self, claims: &Claims) -> Result<String, Error> {
        self.issuer.sign(HANDOFF_TYPE, claims)
    }

    /// `POST /v1/conversations` with any bearer token, or none.
    pub async fn present(&self, token: Option<&str>) -> Result<Answer, Error> {
        self.present_at("/v1/conversations", token).await
    }

    /// `POST` with any bearer token, or none.
    pub async fn present_at(&self, path: &str, token: Option<&str>) -> Result<Answer, Error> {
        let url = format!("{}{path}", self.edge.url());
        let mut request = self.edge.http().post(url).header("origin", self.issuer.origin());
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        Answer::to(request).await
    }

    /// The answer to a person with these claims who enters.
    pub async fn ask(&self, claims: &Claims) -> Result<Answer, Error> {
        self.present(Some(&self.token(claims)?)).await
    }

    /// A person enters; their conversation must be new.
    pub async fn enter(&self, person: &str) -> Result<ConversationOpened, Error> {
        self.ask(&self.claims(person)?).await?.document(201)
    }

    /// A person enters again; their conversation must be the earlier one.
    pub async fn enter_again(&self, person: &str) -> Result<ConversationOpened, Error> {
        self.ask(&self.claims(person)?).await?.document(200)
    }

    /// An advisor signs in at the desk.
    pub async fn desk_session(&self, advisor: &str) -> Result<DeskSessionOpened, Error> {
        self.desk_session_with(&self.advisor_claims(advisor)?).await
    }

    /// An advisor with these claims signs in at the desk.
    pub async fn desk_session_with(&self, claims: &Claims) -> Result<DeskSessionOpened, Error> {
        let token = self.issuer.sign(ADVISOR_TYPE, claims)?;
        self.present_at("/v1/desk/sessions", Some(&token)).await?.document(201)
    }

    /// An advisor signs in and joins the desk.
    pub async fn desk(&self, advisor: &str) -> Result<Desk, Error> {
        let session = self.desk_session(advisor).await?;
        Desk::join(self.desk_socket(&session).await?, &session).await
    }

    /// An advisor signs in as one of these queues alone.
    pub async fn desk_session_of(&self, advisor: &str, queues: &[&str]) -> Result<Answer, Error> {
        let claims = self.advisor_claims(advisor)?.with("infocig_queues", queues.to_vec());
        let token = self.issuer.sign(ADVISOR_TYPE, &claims)?;
        self.present_at("/v1/desk/sessions", Some(&token)).await
    }

    /// An advisor signs in as one of these queues alone, and joins the desk.
    pub async fn desk_of(&self, advisor: &str, queues: &[&str]) -> Result<Desk, Error> {
        let session: DeskSessionOpened = self.desk_session_of(advisor, queues).await?.document(201)?;
        Desk::join(self.desk_socket(&session).await?, &session).await
    }

    /// A socket of a desk before hello.
    pub async fn desk_socket(&self, session: &DeskSessionOpened) -> Result<Socket<DeskServerFrame>, Error> {
        Socket::open(&self.ws(&session.socket), self.issuer.origin(), &session.ticket).await
    }

    /// A socket of a conversation before hello.
    pub async fn socket(&self, opened: &ConversationOpened) -> Result<Socket<ServerFrame>, Error> {
        self.socket_at(&opened.socket, &opened.ticket).await
    }

    /// The socket of a conversation, or the answer that refuses it, with a ticket or without.
    pub async fn try_socket(
        &self,
        path: &str,
        ticket: Option<&str>,
    ) -> Result<Result<Socket<ServerFrame>, Answer>, Error> {
        Socket::try_socket(&self.ws(path), self.issuer.origin(), ticket).await
    }

    /// The same by its path and a ticket.
    pub async fn socket_at(&self, path: &str, ticket: &str) -> Result<Socket<ServerFrame>, Error> {
        Socket::open(&self.ws(path), self.issuer.origin(), ticket).await
    }

    /// The person's side of a conversation, from its beginning.
    pub async fn chat(&self, opened: &ConversationOpened) -> Result<Chat, Error> {
        self.chat_after(opened, 0).await
    }

    /// The person's side of a conversation, from the entry after `resume_after`.
    pub async fn chat_after(&self, opened: &ConversationOpened, resume_after: u64) -> Result<Chat, Error> {
        Chat::join(self.socket(opened).await?, &opened.ticket, resume_after).await
    }

    /// The person's polled connection before hello.
    pub fn polls(&self, opened: &ConversationOpened) -> Result<Polls, Error> {
        let url = format!("{}{}", self.edge.url(), opened.socket.replace("/socket", "/poll"));
        Polls::new(self.edge.http().clone(), url, self.issuer.origin())
    }

    /// The side of an advisor who holds or helps in a conversation.
    pub async fn advise(&self, own: &AssignedConversation) -> Result<Chat, Error> {
        let path = socket_path(&own.conversation);
        let ticket = own.ticket.as_ref();
        let ticket = ticket.ok_or_else(|| Error::new(format!("there is no ticket in {own:?}")))?;
        Chat::join(self.socket_at(&path, ticket).await?, ticket, 0).await
    }

    /// Expires the presence of a person who read plain pages.
    pub async fn expire_plain_page_presence(&self, conversation: &ConversationId) -> Result<(), Error> {
        let url = format!("{}/test/conversations/{conversation}/fail", self.edge.url());
        let answer = Answer::to(self.edge.http().post(url).body("long")).await?;
        if answer.status == 204 { Ok(()) } else { Err(Error::new(answer.body)) }
    }

    /// The rows of the register, oldest first.
    pub async fn register(&self) -> Result<Vec<Registered>, Error> {
        self.edge.get("/test/register").await?.document(200)
    }

    /// The URL of a socket.
    pub fn ws(&self, path: &str) -> String {
        format!("{}{path}", self.edge.ws_url())
    }
}

/// The path of the socket of a conversation.
pub fn socket_path(conversation: &ConversationId) -> String {
    format!("/v1/conversations/{conversation}/socket")
}
