// SPDX-License-Identifier: EUPL-1.2
//! One side of a conversation: an accepted socket and the log as that side has read it.
//!
//! It checks an invariant every client relies on: entries come in order, each following the one before.

use infocig_protocol::{
    entry::{Author, Entry, EntryBody, Party, Phase},
    frame::{ClientFrame, EarlierConversation, Page, QueuePlace, ServerFrame},
    id::{ConversationId, MessageId},
    person::PersonCard,
    problem::Code,
    version,
};

use crate::{
    error::{Error, While},
    socket::{Socket, SocketEvent},
    tokens::new_id,
};

/// A welcomed side.
#[derive(Debug)]
pub struct Chat {
    /// The socket, for frames no client sends.
    pub socket: Socket<ServerFrame>,
    /// The frame `welcome`.
    pub welcome: Welcome,
    /// The entries after the cursor it resumed at.
    pub log: Vec<Entry>,
}

/// The members of `welcome`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Welcome {
    /// The conversation.
    pub conversation: ConversationId,
    /// The side.
    pub party: Party,
    /// The phase of the conversation.
    pub phase: Phase,
    /// Number of the newest entry.
    pub last_seq: u64,
    /// The number before the first entry it brings.
    pub after: u64,
    /// The person; for advisors.
    pub person: Option<PersonCard>,
}

/// A refusal of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The reason.
    pub code: Code,
    /// The id of the refused message.
    pub message: Option<MessageId>,
}

impl Chat {
    /// Sends hello on an open socket and reads all entries after `resume_after`.
    pub async fn join(
        mut socket: Socket<ServerFrame>,
        ticket: &str,
        resume_after: u64,
    ) -> Result<Self, Error> {
        socket.send(&hello(ticket, resume_after)).await?;
        let welcome = match socket.frame().await? {
            ServerFrame::Welcome {
                version: version::CURRENT,
                conversation,
                party,
                phase,
                last_seq,
                after,
                person,
                ..
            } => Welcome { conversation, party, phase, last_seq, after, person },
            other @ (ServerFrame::Welcome { .. }
            | ServerFrame::Entries { .. }
            | ServerFrame::Presence { .. }
            | ServerFrame::Typing { .. }
            | ServerFrame::Call(_)
            | ServerFrame::Queue(_)
            | ServerFrame::History { .. }
            | ServerFrame::HistoryEntries { .. }
            | ServerFrame::Refused { .. }) => {
                return Err(Error::new(format!("expected welcome, received {other:?}")));
            }
        };
        let mut chat = Self { socket, welcome, log: Vec::new() };
        chat.read_on().await?;
        if resume_after == 0 || resume_after > chat.welcome.last_seq {
            chat.read_back().await?;
        }
        Ok(chat)
    }

    /// Reads every entry up to the newest, page by page.
    async fn read_on(&mut self) -> Result<(), Error> {
        let Welcome { after, last_seq, .. } = self.welcome;
        let mut next = after + 1;
        while next <= last_seq {
            if next > after + 1 {
                self.socket.send(&ClientFrame::Page(Page::After(next - 1))).await?;
            }
            let entries = self.entries().await?;
            if entries.first().map(|entry| entry.seq) != Some(next) {
                return Err(Error::new(format!("expected entry {next} first, received {entries:?}")));
            }
            next += u64::try_from(entries.len()).while_doing("counting entries")?;
            self.log.extend(entries);
        }
        Ok(())
    }

    /// Reads all earlier entries, page by page.
    async fn read_back(&mut self) -> Result<(), Error> {
        while let Some(first) = self.log.first().map(|entry| entry.seq).filter(|first| *first > 1) {
            self.socket.send(&ClientFrame::Page(Page::Before(first))).await?;
            let entries = self.entries().await?;
            if entries.last().map(|entry| entry.seq + 1) != Some(first) {
                return Err(Error::new(format!("expected entry {} last, received {entries:?}", first - 1)));
            }
            self.log.splice(0..0, entries);
        }
        Ok(())
    }

    /// Sends a message with an id of the caller's choice, without waiting for its entry.
    pub async fn post(&mut self, id: &str, text: &str) -> Result<(), Error> {
        let id = MessageId::parse(id).map_err(|error| Error::new(format!("{id}: {error}")))?;
        let text = text.to_owned();
        self.socket.send(&ClientFrame::Post { id, text }).await
    }

    /// Sends a message and returns its entry, which must be the next one.
    pub async fn post_message(&mut self, text: &str) -> Result<Entry, Error> {
        let id = new_id()?;
        self.post(&id, text).await?;
        let entry = self.listen().await?;
        if entry.message().is_some_and(|(stored, ..)| stored.as_str() == id) {
            Ok(entry)
        } else {
            Err(Error::new(format!("sent {id}, received {entry:?}")))
        }
    }

    /// The next new entry, which must follow the last one this side has.
    pub async fn listen(&mut self) -> Result<Entry, Error> {
        let entries = self.entries().await?;
        let [entry] = entries.as_slice() else {
            return Err(Error::new(format!("expected one entry, received {entries:?}")));
        };
        let last = self.log.last().map_or(self.welcome.last_seq, |entry| entry.seq);
        if entry.seq != last + 1 {
            return Err(Error::new(format!("expected entry {}, received {entry:?}", last + 1)));
        }
        self.log.push(entry.clone());
        Ok(entry.clone())
    }

    /// The next frame, which must hold entries.
    pub async fn entries(&mut self) -> Result<Vec<Entry>, Error> {
        match self.socket.frame().await? {
            ServerFrame::Entries { entries } => Ok(entries),
            other @ (ServerFrame::Welcome { .. }
            | ServerFrame::Presence { .. }
            | ServerFrame::Typing { .. }
            | ServerFrame::Call(_)
            | ServerFrame::Queue(_)
            | ServerFrame::History { .. }
            | ServerFrame::HistoryEntries { .. }
            | ServerFrame::Refused { .. }) => {
                Err(Error::new(format!("expected entries, received {other:?}")))
            }
        }
    }

    /// The next frame, which must be a refusal.
    pub async fn refused(&mut self) -> Result<Refused, Error> {
        refused(&mut self.socket).await
    }

    /// Reads new entries up to the first accepted one, and returns it.
    pub async fn listen_until(&mut self, is_it: impl Fn(&EntryBody) -> bool) -> Result<Entry, Error> {
        loop {
            let entry = self.listen().await?;
            if is_it(&entry.body) {
                return Ok(entry);
            }
        }
    }

    /// The next queue place.
    pub async fn place(&mut self) -> Result<QueuePlace, Error> {
        match self.socket.place().await? {
            ServerFrame::Queue(place) => Ok(place),
            other @ (ServerFrame::Welcome { .. }
            | ServerFrame::Entries { .. }
            | ServerFrame::Presence { .. }
            | ServerFrame::Typing { .. }
            | ServerFrame::Call(_)
            | ServerFrame::History { .. }
            | ServerFrame::HistoryEntries { .. }
            | ServerFrame::Refused { .. }) => {
                Err(Error::new(format!("expected a place, received {other:?}")))
            }
        }
    }

    /// The earlier conversations of the person, as sent to the advisor.
    pub async fn history(&mut self) -> Result<Vec<EarlierConversation>, Error> {
        let told = self.socket.history().await?;
        if let ServerFrame::History { conversations } = told {
            Ok(conversations)
        } else {
            Err(Error::new(format!("expected earlier conversations, received {told:?}")))
        }
    }

    /// A page of an earlier conversation.
    pub async fn history_page(
        &mut self,
        conversation: &ConversationId,
        before: Option<u64>,
    ) -> Result<Vec<Entry>, Error> {
        self.socket.send(&ClientFrame::History { conversation: conversation.clone(), before }).await?;
        let told = self.socket.history().await?;
        if let ServerFrame::HistoryEntries { conversation: of, entries } = &told
            && of == conversation
        {
            Ok(entries.clone())
        } else {
            Err(Error::new(format!("expected a page of {conversation}, received {told:?}")))
        }
    }

    /// Confirms presence after a warning.
    pub async fn stay(&mut self) -> Result<(), Error> {
        self.socket.send(&ClientFrame::Stay {}).await
    }

    /// Opens a source of an answer of the assistant, as the person.
    pub async fn source_opened(&mut self) -> Result<(), Error> {
        self.socket.send(&ClientFrame::SourceOpened {}).await
    }

    /// Leaves the queue, having found the answer, as the person.
    pub async fn self_served(&mut self) -> Result<(), Error> {
        self.socket.send(&ClientFrame::SelfServed {}).await
    }

    /// Ends the conversation, or leaves the queue, as the person.
    pub async fn close(&mut self) -> Result<(), Error> {
        self.socket.send(&ClientFrame::Close {}).await
    }

    /// Authors and texts of all messages, in order.
    pub fn texts(&self) -> Vec<(&Author, &str)> {
        let said = self.log.iter().filter_map(Entry::message);
        said.map(|(_, author, text)| (author, text.as_str())).collect()
    }
}

/// The next frame of a socket, which must be a refusal.
pub async fn refused(socket: &mut Socket<ServerFrame>) -> Result<Refused, Error> {
    match socket.receive().await? {
        SocketEvent::Frame(ServerFrame::Refused { code, message, .. }) => Ok(Refused { code, message }),
        other @ (SocketEvent::Frame(_)
        | SocketEvent::Text(_)
        | SocketEvent::Closed(_)
        | SocketEvent::Lost) => Err(Error::new(format!("expected a refusal, received {other:?}"))),
    }
}

/// The first frame of a socket.
pub fn hello(ticket: &str, resume_after: u64) -> ClientFrame {
    ClientFrame::Hello { version: version::CURRENT, ticket: ticket.to_owned(), resume_after }
}
