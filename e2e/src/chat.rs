// SPDX-License-Identifier: EUPL-1.2
//! One side of a conversation: an accepted socket and the log as that side has read it.
//!
//! It checks what every client relies on: entries come in order, each following the one before.

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
    socket::{Heard, Socket},
    tokens::new_id,
};

/// A side that was welcomed.
#[derive(Debug)]
pub struct Chat {
    /// The socket, for what no client would do.
    pub socket: Socket<ServerFrame>,
    /// How it was welcomed.
    pub welcome: Welcome,
    /// The entries it has, from the one after where it resumed.
    pub log: Vec<Entry>,
}

/// What `welcome` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Welcome {
    /// The conversation.
    pub conversation: ConversationId,
    /// Which side this is.
    pub party: Party,
    /// Where the conversation stands.
    pub phase: Phase,
    /// Number of the newest entry.
    pub last_seq: u64,
    /// The number after which the entries begin that it brings.
    pub after: u64,
    /// Who the person is; for advisors.
    pub person: Option<PersonCard>,
}

/// What a server says no with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The reason.
    pub code: Code,
    /// The message it is about.
    pub message: Option<MessageId>,
}

impl Chat {
    /// Says hello on an open socket and reads everything after `resume_after`.
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
            } => Welcome { conversation, party, phase, last_seq, after, person },
            other @ (ServerFrame::Welcome { .. }
            | ServerFrame::Entries { .. }
            | ServerFrame::Presence { .. }
            | ServerFrame::Typing { .. }
            | ServerFrame::Queue(_)
            | ServerFrame::Earlier { .. }
            | ServerFrame::EarlierEntries { .. }
            | ServerFrame::Refused { .. }) => {
                return Err(Error::new(format!("expected to be welcomed, and {other:?} came")));
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
                return Err(Error::new(format!("expected entry {next} first, and {entries:?} came")));
            }
            next += u64::try_from(entries.len()).while_doing("counting entries")?;
            self.log.extend(entries);
        }
        Ok(())
    }

    /// Reads every entry before those it has, page by page.
    async fn read_back(&mut self) -> Result<(), Error> {
        while let Some(first) = self.log.first().map(|entry| entry.seq).filter(|first| *first > 1) {
            self.socket.send(&ClientFrame::Page(Page::Before(first))).await?;
            let entries = self.entries().await?;
            if entries.last().map(|entry| entry.seq + 1) != Some(first) {
                return Err(Error::new(format!("expected entry {} last, and {entries:?} came", first - 1)));
            }
            self.log.splice(0..0, entries);
        }
        Ok(())
    }

    /// Sends a message under an id of the caller's choice, without waiting for it.
    pub async fn post(&mut self, id: &str, text: &str) -> Result<(), Error> {
        let id = MessageId::parse(id).map_err(|error| Error::new(format!("{id}: {error}")))?;
        let text = text.to_owned();
        self.socket.send(&ClientFrame::Post { id, text }).await
    }

    /// Says something and returns its entry, which must be the next one.
    pub async fn say(&mut self, text: &str) -> Result<Entry, Error> {
        let id = new_id()?;
        self.post(&id, text).await?;
        let entry = self.listen().await?;
        if entry.message().is_some_and(|(stored, ..)| stored.as_str() == id) {
            Ok(entry)
        } else {
            Err(Error::new(format!("said {id}, and {entry:?} came")))
        }
    }

    /// The next new entry, which must follow the last one this side has.
    pub async fn listen(&mut self) -> Result<Entry, Error> {
        let entries = self.entries().await?;
        let [entry] = entries.as_slice() else {
            return Err(Error::new(format!("expected one entry, and {entries:?} came")));
        };
        let last = self.log.last().map_or(self.welcome.last_seq, |entry| entry.seq);
        if entry.seq != last + 1 {
            return Err(Error::new(format!("expected entry {}, and {entry:?} came", last + 1)));
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
            | ServerFrame::Queue(_)
            | ServerFrame::Earlier { .. }
            | ServerFrame::EarlierEntries { .. }
            | ServerFrame::Refused { .. }) => {
                Err(Error::new(format!("expected entries, and {other:?} came")))
            }
        }
    }

    /// The next frame, which must say no.
    pub async fn refused(&mut self) -> Result<Refused, Error> {
        refused(&mut self.socket).await
    }

    /// The next new entries up to one that is looked for, which is returned.
    pub async fn listen_until(&mut self, is_it: impl Fn(&EntryBody) -> bool) -> Result<Entry, Error> {
        loop {
            let entry = self.listen().await?;
            if is_it(&entry.body) {
                return Ok(entry);
            }
        }
    }

    /// The next place in the queue the person is told.
    pub async fn place(&mut self) -> Result<QueuePlace, Error> {
        match self.socket.place().await? {
            ServerFrame::Queue(place) => Ok(place),
            other @ (ServerFrame::Welcome { .. }
            | ServerFrame::Entries { .. }
            | ServerFrame::Presence { .. }
            | ServerFrame::Typing { .. }
            | ServerFrame::Earlier { .. }
            | ServerFrame::EarlierEntries { .. }
            | ServerFrame::Refused { .. }) => {
                Err(Error::new(format!("expected a place, and {other:?} came")))
            }
        }
    }

    /// What the person came with before, as the advisor is told.
    pub async fn earlier(&mut self) -> Result<Vec<EarlierConversation>, Error> {
        let told = self.socket.past().await?;
        if let ServerFrame::Earlier { conversations } = told {
            Ok(conversations)
        } else {
            Err(Error::new(format!("expected earlier conversations, and {told:?} came")))
        }
    }

    /// A page of an earlier conversation.
    pub async fn page_of_earlier(
        &mut self,
        conversation: &ConversationId,
        before: Option<u64>,
    ) -> Result<Vec<Entry>, Error> {
        self.socket.send(&ClientFrame::Earlier { conversation: conversation.clone(), before }).await?;
        let told = self.socket.past().await?;
        if let ServerFrame::EarlierEntries { conversation: of, entries } = &told
            && of == conversation
        {
            Ok(entries.clone())
        } else {
            Err(Error::new(format!("expected a page of {conversation}, and {told:?} came")))
        }
    }

    /// Says that one is still there.
    pub async fn stay(&mut self) -> Result<(), Error> {
        self.socket.send(&ClientFrame::Stay {}).await
    }

    /// Ends the conversation, or leaves the queue: the person's way.
    pub async fn close(&mut self) -> Result<(), Error> {
        self.socket.send(&ClientFrame::Close {}).await
    }

    /// What everybody said, in order.
    pub fn texts(&self) -> Vec<(&Author, &str)> {
        let said = self.log.iter().filter_map(Entry::message);
        said.map(|(_, author, text)| (author, text.as_str())).collect()
    }
}

/// The next frame of a socket, which must say no.
pub async fn refused(socket: &mut Socket<ServerFrame>) -> Result<Refused, Error> {
    match socket.hear().await? {
        Heard::Frame(ServerFrame::Refused { code, message, .. }) => Ok(Refused { code, message }),
        other @ (Heard::Frame(_) | Heard::Text(_) | Heard::Closed(_) | Heard::Lost) => {
            Err(Error::new(format!("expected a refusal, and {other:?} came")))
        }
    }
}

/// The first frame of a socket.
pub fn hello(ticket: &str, resume_after: u64) -> ClientFrame {
    ClientFrame::Hello { version: version::CURRENT, ticket: ticket.to_owned(), resume_after }
}
