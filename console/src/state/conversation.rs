// SPDX-License-Identifier: EUPL-1.2
//! One conversation: its log, what of it was read, what is still on its way.

use infocig_client::{link::LinkState, session::Event};
use infocig_protocol::{
    entry::{Author, Entry, EntryBody, Phase},
    id::{ConversationId, MessageId},
    limits::MAX_MESSAGE_CHARS,
    person::PersonCard,
    problem::Code,
};
use leptos::prelude::*;

use super::Connection;

/// A message of the advisor that is not in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Its id.
    pub id: MessageId,
    /// Its text.
    pub text: String,
    /// Why it will not be sent; absent while it is on its way.
    pub refused: Option<Code>,
}

/// How far the advisor is with ending a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Not at all.
    Open,
    /// Asked whether they mean it.
    Asked,
    /// Said so.
    Said,
}

/// A conversation of this advisor. Cloning it gives another handle on the same signals.
#[derive(Clone, Debug)]
pub struct Conversation {
    /// Which.
    pub id: ConversationId,
    /// Who asks.
    pub person: PersonCard,
    /// Whether the desk says it is this advisor's.
    pub held: ArcRwSignal<bool>,
    /// Its connection.
    pub connection: ArcRwSignal<Connection>,
    /// Where it stands; absent until the server has said.
    pub phase: ArcRwSignal<Option<Phase>>,
    /// The log.
    pub entries: ArcRwSignal<Vec<Entry>>,
    /// The advisor's messages that are not in the log, oldest first.
    pub outgoing: ArcRwSignal<Vec<Outgoing>>,
    /// The last entry that was on screen.
    pub read: ArcRwSignal<u64>,
    /// What the advisor is writing.
    pub draft: ArcRwSignal<String>,
    /// How far ending it is.
    pub ending: ArcRwSignal<Ending>,
}

impl PartialEq for Conversation {
    /// The same signals, not the same content.
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.entries == other.entries
    }
}

impl Conversation {
    pub(super) fn new(id: ConversationId, person: PersonCard) -> Self {
        Self {
            id,
            person,
            held: ArcRwSignal::new(true),
            connection: ArcRwSignal::new(Connection::Connecting),
            phase: ArcRwSignal::new(None),
            entries: ArcRwSignal::new(Vec::new()),
            outgoing: ArcRwSignal::new(Vec::new()),
            read: ArcRwSignal::new(0),
            draft: ArcRwSignal::new(String::new()),
            ending: ArcRwSignal::new(Ending::Open),
        }
    }

    /// Whether it is over.
    pub fn is_closed(&self) -> bool {
        self.phase.with(|phase| phase.as_ref().is_some_and(Phase::is_closed))
    }

    /// Whether the advisor can write in it.
    pub fn is_writable(&self) -> bool {
        self.held.get() && !self.is_closed()
    }

    /// How many messages the advisor has not read.
    pub fn unread(&self) -> usize {
        self.entries.with(|entries| unread(entries, self.read.get()))
    }

    /// Takes the draft, if it can be sent: not empty, not too long.
    pub fn take_draft(&self) -> Option<String> {
        let text = self.draft.with_untracked(|draft| String::from(draft.trim()));
        if text.is_empty() || text.chars().count() > MAX_MESSAGE_CHARS {
            return None;
        }
        self.draft.set(String::new());
        Some(text)
    }

    pub(super) fn apply(&self, event: Event, on_screen: bool) {
        match event {
            Event::Link(link) => self.linked(link),
            Event::Welcomed { phase, .. } => self.phase.set(Some(phase)),
            Event::Entries(entries) => self.append(entries, on_screen),
            Event::NotSent { id, code } => self.refuse(code, |outgoing| outgoing.id == id),
            Event::Refused(Code::NotAssigned) => self.held.set(false),
            Event::Refused(Code::VersionUnsupported) => self.connection.set(Connection::Outdated),
            Event::Refused(_) => {}
        }
    }

    fn linked(&self, link: LinkState) {
        self.connection.update(|connection| *connection = connection.after(link));
        if link == LinkState::Live {
            return;
        }
        if self.ending.get_untracked() == Ending::Said {
            // It may have been lost on the way: ask again rather than wait for an answer that may not come.
            self.ending.set(Ending::Asked);
        }
        let closed = |phase: &Option<Phase>| phase.as_ref().is_some_and(Phase::is_closed);
        if link == LinkState::Over && self.phase.with_untracked(closed) {
            // The whole log has arrived: what is not in it will never be.
            self.refuse(Code::ConversationClosed, |_| true);
        }
    }

    fn append(&self, entries: Vec<Entry>, on_screen: bool) {
        // A session with a new ticket tells the log from its beginning.
        let last = self.last_seq();
        let fresh: Vec<Entry> = entries.into_iter().filter(|entry| entry.seq > last).collect();
        let Some(newest) = fresh.last().map(|entry| entry.seq) else {
            return;
        };
        for entry in &fresh {
            if let Some(phase) = entry.phase() {
                self.phase.set(Some(phase));
            }
        }
        let ours = |outgoing: &Outgoing| fresh.iter().any(|entry| is_ours(entry, &outgoing.id));
        if self.outgoing.with_untracked(|outgoing| outgoing.iter().any(ours)) {
            self.outgoing.update(|outgoing| outgoing.retain(|message| !ours(message)));
        }
        self.entries.update(|log| log.extend(fresh));
        if on_screen {
            self.read.set(newest);
        }
    }

    fn refuse(&self, code: Code, which: impl Fn(&Outgoing) -> bool) {
        let pending = |outgoing: &Outgoing| outgoing.refused.is_none() && which(outgoing);
        if self.outgoing.with_untracked(|outgoing| outgoing.iter().any(pending)) {
            self.outgoing.update(|outgoing| {
                for message in outgoing.iter_mut().filter(|message| pending(message)) {
                    message.refused = Some(code);
                }
            });
        }
    }

    pub(super) fn last_seq(&self) -> u64 {
        self.entries.with_untracked(|entries| entries.last().map_or(0, |entry| entry.seq))
    }
}

/// How many messages of the person come after the advisor's last one and after the last entry that was on screen.
pub fn unread(entries: &[Entry], read: u64) -> usize {
    entries
        .iter()
        .rev()
        .take_while(|entry| entry.seq > read)
        .filter_map(author)
        .take_while(|author| **author == Author::Citizen)
        .count()
}

/// Whether a person wrote after the entry `seen`. A log told for the first time is no news.
pub(super) fn news_in(entries: &[Entry], seen: u64) -> bool {
    seen > 0 && entries.iter().any(|entry| entry.seq > seen && author(entry) == Some(&Author::Citizen))
}

fn author(entry: &Entry) -> Option<&Author> {
    match &entry.body {
        EntryBody::Message { author, .. } => Some(author),
        EntryBody::Opened
        | EntryBody::Assigned { .. }
        | EntryBody::ClosingSoon { .. }
        | EntryBody::Closed { .. }
        | EntryBody::Unknown => None,
    }
}

fn is_ours(entry: &Entry, message: &MessageId) -> bool {
    matches!(&entry.body, EntryBody::Message { id, author: Author::Advisor { .. }, .. } if id == message)
}
