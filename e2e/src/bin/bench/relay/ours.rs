// SPDX-License-Identifier: EUPL-1.2
//! Conversations of the edge, each entered with its own token and assigned to an advisor.

use std::{ops::Range, time::Duration};

use futures_util::{SinkExt as _, StreamExt as _, TryStreamExt as _, stream};
use infocig_demo::{ADVISOR_TYPE, HANDOFF_TYPE};
use infocig_e2e::{
    chat::Chat,
    desk::Desk,
    edge,
    error::{Error, While},
    scene::Scene,
    wait::within_patience,
};
use infocig_protocol::{
    desk::AssignedConversation,
    frame::ClientFrame,
    http::{ConversationOpened, DeskSessionOpened},
};
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;

use super::pair::{Pair, brings_entries};

/// An edge without limits, with its conversations.
pub(super) struct Ours {
    pub(super) scene: Scene,
    inside: Vec<ConversationOpened>,
}

impl Ours {
    pub(super) async fn open() -> Result<Self, Error> {
        let policy = edge::policy_without_limits()?;
        let scene = Scene::with(|options| options.with_policy(policy)).await?;
        Ok(Self { scene, inside: Vec::new() })
    }

    pub(super) fn resident_bytes(&self) -> Result<u64, Error> {
        self.scene.edge.program().resident_bytes()
    }

    /// Opens this number of conversations with both sides connected.
    pub(super) async fn pairs(&mut self, count: usize) -> Result<Vec<Pair>, Error> {
        let mut pairs = Vec::with_capacity(count);
        while pairs.len() < count {
            pairs.extend(self.shift((count - pairs.len()).min(SHIFT)).await?);
        }
        Ok(pairs)
    }

    /// An advisor accepts this number of conversations and disconnects, because a desk sends its whole state at every change.
    async fn shift(&mut self, count: usize) -> Result<Vec<Pair>, Error> {
        let from = self.inside.len();
        let (newest, pairs) = self.seat(from..from + count).await?;
        self.inside.extend(newest);
        Ok(pairs)
    }

    /// The same person in a new conversation, after the end of the old one.
    pub(super) async fn renew(&mut self, pairs: Vec<Pair>) -> Result<Vec<Pair>, Error> {
        let mut renewed = Vec::with_capacity(pairs.len());
        for mut pair in pairs {
            let close = serde_json::to_string(&ClientFrame::Close {}).while_doing("writing a frame")?;
            pair.author.send(Message::text(close)).await.while_doing("ending a conversation")?;
            let ends = async { while let Some(Ok(_)) = pair.author.next().await {} };
            within_patience("the end of a conversation", ends).await?;
            let (newest, pairs) = self.seat(pair.place..pair.place + 1).await?;
            for (place, opened) in self.inside.iter_mut().skip(pair.place).zip(newest) {
                *place = opened;
            }
            renewed.extend(pairs);
        }
        Ok(renewed)
    }

    async fn seat(&self, people: Range<usize>) -> Result<(Vec<ConversationOpened>, Vec<Pair>), Error> {
        let from = people.start;
        let entering = stream::iter(people).map(|number| self.enter(number));
        let newest: Vec<ConversationOpened> = entering.buffered(AT_ONCE).try_collect().await?;
        let mut desk = self.desk(from).await?;
        for opened in &newest {
            desk.see("who waits", |desk| desk.waits(&opened.conversation)).await?;
            desk.take(&opened.conversation).await?;
        }
        let mut taken = Vec::with_capacity(newest.len());
        for (place, opened) in (from..).zip(&newest) {
            let own = desk.see("one's own", |desk| desk.holds(&opened.conversation)).await?;
            taken.push((place, opened, own));
        }
        let connecting = stream::iter(taken).map(|(place, opened, own)| self.connect(place, opened, own));
        let pairs = connecting.buffered(AT_ONCE).try_collect().await?;
        Ok((newest, pairs))
    }

    async fn enter(&self, number: usize) -> Result<ConversationOpened, Error> {
        let claims = self.scene.claims("worker-roma")?.with("sub", format!("bench-{number}"));
        let token = self.scene.issuer.sign(HANDOFF_TYPE, &claims)?;
        self.scene.present(Some(&token)).await?.document(201)
    }

    async fn connect(
        &self,
        place: usize,
        opened: &ConversationOpened,
        own: AssignedConversation,
    ) -> Result<Pair, Error> {
        let (citizen, advisor) = tokio::try_join!(self.scene.chat(opened), self.scene.advise(&own))?;
        let [author, reader] = [citizen, advisor].map(|chat| chat.socket.into_stream());
        Pair::new(place, author, reader, brings_entries)
    }

    /// An advisor signs in, joins the desk and disconnects.
    pub(super) async fn advisor_comes(&self, which: u64) -> Result<(), Error> {
        // A number no other advisor has.
        let desk = self.desk(1_000_000 + usize::try_from(which).unwrap_or_default()).await?;
        desk.socket.leave().await
    }

    async fn desk(&self, which: usize) -> Result<Desk, Error> {
        let claims = self.scene.advisor_claims("advisor-giulia")?.with("sub", format!("bench-{which}"));
        let token = self.scene.issuer.sign(ADVISOR_TYPE, &claims)?;
        let answer = self.scene.present_at("/v1/desk/sessions", Some(&token)).await?;
        let session: DeskSessionOpened = answer.document(201)?;
        Desk::join(self.scene.desk_socket(&session).await?, &session).await
    }

    /// The conversation of the first of these pairs.
    pub(super) fn conversation_of(&self, pairs: &[Pair]) -> Result<ConversationOpened, Error> {
        let opened = pairs.first().and_then(|pair| self.inside.get(pair.place));
        opened.cloned().ok_or_else(|| Error::new("no such conversation"))
    }

    /// The number of a conversation's newest entry.
    pub(super) async fn last_seq(&self, opened: &ConversationOpened) -> Result<u64, Error> {
        Ok(self.scene.chat(opened).await?.welcome.last_seq)
    }

    /// The time from `hello` until a client that missed this number of entries has them.
    pub(super) async fn come_back(
        &self,
        opened: &ConversationOpened,
        last: u64,
        missed: u64,
    ) -> Result<Duration, Error> {
        let socket = self.scene.socket(opened).await?;
        let begun = Instant::now();
        let chat = Chat::join(socket, &opened.ticket, last - missed).await?;
        let took = begun.elapsed();
        chat.socket.leave().await?;
        Ok(took)
    }
}

/// Number of conversations of one advisor.
const SHIFT: usize = 100;
pub(super) const AT_ONCE: usize = 8;
