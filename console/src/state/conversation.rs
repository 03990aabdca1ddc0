// SPDX-License-Identifier: EUPL-1.2
//! One conversation: its log, what of it was read, what is still on its way, how the other side stands.

use infocig_client::{link::LinkState, session::Event};
use infocig_protocol::{
    case::Question,
    entry::{Author, Entry, EntryBody, Outcome, Party, Phase},
    id::{ConversationId, MessageId},
    limits::MAX_MESSAGE_CHARS,
    person::PersonCard,
    problem::Code,
    time::Timestamp,
};
use leptos::prelude::*;

use super::{
    Connection,
    cases::Cases,
    citizen::Citizen,
    forwarding::Forwarding,
    hand::{Hand, Place, Rank},
    notes::Notes,
    past::{Ask, Past},
    topics::Choice,
};

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
    /// Said so, and the desk has not seen to it.
    Said,
}

/// What the advisor asked the desk to do with a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Hand it on to a colleague.
    HandOn(String),
    /// Put it back into the queue.
    PutBack,
    /// Ask a colleague to join.
    Help(String),
    /// Help no more.
    Leave,
    /// Take back what is being handed on.
    TakeBack,
    /// End it.
    End,
}

/// What came before the entries that are here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Earlier {
    /// Nothing.
    None,
    /// Something that can be asked for.
    There,
    /// Something that has been asked for.
    Coming,
}

impl Earlier {
    const fn if_any(any: bool) -> Self {
        if any { Self::There } else { Self::None }
    }
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
    /// The log: its newest part, without gaps.
    pub entries: ArcRwSignal<Vec<Entry>>,
    /// What came before that part.
    pub earlier: ArcRwSignal<Earlier>,
    /// The other side.
    pub citizen: ArcRwSignal<Citizen>,
    /// The advisor's messages that are not in the log, oldest first.
    pub outgoing: ArcRwSignal<Vec<Outgoing>>,
    /// The last entry that was on screen, as the other side is told.
    pub read: ArcRwSignal<u64>,
    /// What the advisor is writing.
    pub draft: ArcRwSignal<String>,
    /// How far ending it is.
    pub ending: ArcRwSignal<Ending>,
    /// How it is the advisor's; absent once it is not.
    pub hand: ArcRwSignal<Option<Hand>>,
    /// What it was about, as far as the advisor has chosen.
    pub choice: ArcRwSignal<Choice>,
    /// The internal notes.
    pub notes: ArcRwSignal<Notes>,
    /// Whether they show.
    pub notes_open: ArcRwSignal<bool>,
    /// What the person came with before.
    pub past: ArcRwSignal<Past>,
    /// Whether that shows.
    pub past_open: ArcRwSignal<bool>,
    /// The person's cases.
    pub cases: ArcRwSignal<Cases>,
    /// Whether they show.
    pub cases_open: ArcRwSignal<bool>,
    /// What is being written to an office.
    pub forwarding: ArcRwSignal<Forwarding>,
    /// The note the advisor is writing.
    pub note_draft: ArcRwSignal<String>,
    /// What was asked for last and has not shown yet.
    pub wish: ArcRwSignal<Option<Wish>>,
    /// The advisor is done with it: it leaves the list as soon as the desk lets go of it.
    pub done: ArcRwSignal<bool>,
    /// What was asked for and could not be done.
    pub not_done: ArcRwSignal<Option<(Wish, Code)>>,
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
            earlier: ArcRwSignal::new(Earlier::None),
            citizen: ArcRwSignal::new(Citizen::default()),
            outgoing: ArcRwSignal::new(Vec::new()),
            read: ArcRwSignal::new(0),
            draft: ArcRwSignal::new(String::new()),
            ending: ArcRwSignal::new(Ending::Open),
            hand: ArcRwSignal::new(None),
            choice: ArcRwSignal::new(Choice::default()),
            notes: ArcRwSignal::new(Notes::default()),
            notes_open: ArcRwSignal::new(false),
            past: ArcRwSignal::new(Past::default()),
            past_open: ArcRwSignal::new(false),
            cases: ArcRwSignal::new(Cases::default()),
            cases_open: ArcRwSignal::new(false),
            forwarding: ArcRwSignal::new(Forwarding::default()),
            note_draft: ArcRwSignal::new(String::new()),
            wish: ArcRwSignal::new(None),
            done: ArcRwSignal::new(false),
            not_done: ArcRwSignal::new(None),
        }
    }

    /// Since when the person waits on this advisor.
    pub fn waits_since(&self) -> Option<Timestamp> {
        if self.is_closed() {
            return None;
        }
        let hand = self.hand.get()?;
        self.entries.with(|entries| hand.waits_since(entries))
    }

    /// Whether it is over, or another's.
    pub fn is_past(&self) -> bool {
        self.hand.with(|hand| Rank::of(hand.as_ref())) == Rank::Past
    }

    pub(super) fn place(&self) -> Place {
        let (rank, since) = self.hand.with(|hand| {
            let since = hand.as_ref().map_or(Timestamp::from_millis(0), |hand| hand.since);
            (Rank::of(hand.as_ref()), since)
        });
        Place { conversation: self.id.clone(), waits_since: self.waits_since(), rank, since }
    }

    /// The desk says how it is the advisor's.
    pub(super) fn in_hand(&self, hand: Option<Hand>) {
        if self.hand.with_untracked(|before| *before == hand) {
            return;
        }
        let held = hand.as_ref().is_some_and(Hand::writes);
        if self.held.get_untracked() != held {
            self.held.set(held);
        }
        if !hand.as_ref().is_some_and(Hand::holds) && self.ending.get_untracked() == Ending::Said {
            self.ending.set(Ending::Open);
        }
        self.wish.set(None);
        self.hand.set(hand);
    }

    /// The advisor asks the desk for something.
    pub(super) fn asks(&self, wish: Wish) {
        self.not_done.set(None);
        self.wish.set(Some(wish));
    }

    /// The desk could not do it.
    pub(super) fn could_not(&self, code: Code) {
        self.ending.set(Ending::Open);
        self.done.set(false);
        if let Some(wish) = self.wish.try_update(Option::take).flatten() {
            self.not_done.set(Some((wish, code)));
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

    /// Whether an advisor has answered: written something, or shown a case; or may have, before what is here of the log.
    pub fn is_answered(&self) -> bool {
        self.entries.with(|entries| is_answered(entries))
    }

    /// How many messages the advisor has not read.
    pub fn unread(&self) -> usize {
        self.entries.with(|entries| unread(entries, self.read.get()))
    }

    /// How many characters a message made of the draft has, counted as the server counts them.
    pub fn draft_chars(&self) -> usize {
        self.draft.with(|draft| draft.trim().chars().count())
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

    /// The advisor asks for what came before. `false` if there is nothing, no way to ask, or it has been asked for.
    pub fn ask_for_earlier(&self) -> bool {
        let asks = self.earlier.get_untracked() == Earlier::There
            && self.connection.get_untracked() == Connection::Live;
        if asks {
            self.earlier.set(Earlier::Coming);
        }
        asks
    }

    /// The advisor opens or closes an earlier conversation. What must be asked for.
    pub fn toggle_past(&self, id: &ConversationId) -> Option<Ask> {
        let live = self.connection.get_untracked() == Connection::Live;
        self.past.try_update(|past| past.toggle(id, live)).flatten()
    }

    /// The advisor asks for more of the earlier conversation that is open. What must be asked for.
    pub fn more_past(&self) -> Option<Ask> {
        let live = self.connection.get_untracked() == Connection::Live;
        self.past.try_update(|past| past.more(live)).flatten()
    }

    /// What the person said of their question: as the desk has it, or else as the log does.
    pub fn question(&self) -> Option<Question> {
        let said = |entry: &Entry| {
            let EntryBody::Question(question) = &entry.body else { return None };
            Some(question.clone())
        };
        let in_log = || self.entries.with(|entries| entries.iter().rev().find_map(said));
        self.person.question.clone().or_else(in_log)
    }

    /// Whether the other side is connected, where that can be known and matters.
    pub fn citizen_connected(&self) -> Option<bool> {
        let known = self.connection.get() == Connection::Live && self.is_writable();
        self.citizen.with(Citizen::connected).filter(|_| known)
    }

    /// Whether the other side is writing.
    pub fn citizen_writes(&self) -> bool {
        self.citizen.with(Citizen::is_writing) && self.is_writable()
    }

    pub(super) fn apply(&self, event: Event, device: Timestamp) {
        match event {
            Event::Link(link) => self.linked(link),
            Event::Welcomed { phase, .. } => self.phase.set(Some(phase)),
            Event::Began { older } => self.begin(older),
            Event::Entries(entries) => self.append(entries),
            Event::Older { entries, more } => self.prepend(entries, more),
            Event::Presence { party: Party::Citizen, connected, read_up_to } => {
                self.change_citizen(|citizen| citizen.stands(connected, read_up_to, device));
            }
            Event::Typing(Party::Citizen) => self.change_citizen(|citizen| citizen.writes(device)),
            Event::Stored(id) => self.outgoing.update(|outgoing| outgoing.retain(|message| message.id != id)),
            Event::NotSent { message, code } => self.refuse(code, |outgoing| outgoing.id == message.id),
            Event::NotForwarded { id, code } => {
                self.change_forwarding(|forwarding| forwarding.refuse(&id, code));
            }
            Event::Refused(Code::NotAssigned) => {
                self.held.set(false);
                self.change_forwarding(|forwarding| forwarding.refuse_any(Code::NotAssigned));
                self.refuse(Code::NotAssigned, |_| true);
            }
            Event::Past(conversations) => {
                if self.past.try_update(|past| past.told(conversations)) == Some(true) {
                    self.past_open.set(true);
                }
            }
            Event::PastEntries { conversation, entries } => {
                self.past.update(|past| past.arrived(&conversation, entries));
            }
            Event::Refused(Code::NotFound) => self.past.update(Past::lost),
            Event::Refused(Code::VersionUnsupported) => self.connection.set(Connection::Outdated),
            // Advisors see their own side anyway.
            Event::Presence { .. } | Event::Typing(_) | Event::Queue(_) | Event::Refused(_) => {}
        }
    }

    /// Time has passed.
    pub(super) fn settle(&self, device: Timestamp) {
        self.change_citizen(|citizen| citizen.settle(device));
    }

    /// Tells whoever looks only of what is different.
    fn change_citizen(&self, change: impl FnOnce(&mut Citizen)) {
        let before = self.citizen.get_untracked();
        let mut citizen = before.clone();
        change(&mut citizen);
        if citizen != before {
            self.citizen.set(citizen);
        }
    }

    fn linked(&self, link: LinkState) {
        self.connection.update(|connection| *connection = connection.after(link));
        if link == LinkState::Live {
            return;
        }
        self.change_citizen(Citizen::out_of_sight);
        self.past.update(Past::lost);
        if self.earlier.get_untracked() == Earlier::Coming {
            self.earlier.set(Earlier::There);
        }
        let closed = |phase: &Option<Phase>| phase.as_ref().is_some_and(Phase::is_closed);
        if link == LinkState::Over && self.phase.with_untracked(closed) {
            // The whole log has arrived: what is not in it will never be.
            self.refuse(Code::ConversationClosed, |_| true);
            self.change_forwarding(|forwarding| forwarding.refuse_any(Code::ConversationClosed));
        }
    }

    /// Tells whoever looks only if something is different.
    fn change_forwarding(&self, change: impl FnOnce(&mut Forwarding) -> bool) {
        let mut forwarding = self.forwarding.get_untracked();
        if change(&mut forwarding) {
            self.forwarding.set(forwarding);
        }
    }

    fn begin(&self, older: bool) {
        self.entries.set(Vec::new());
        self.earlier.set(Earlier::if_any(older));
        self.change_citizen(Citizen::begin);
        if !older {
            // Another life of the log: its numbers mean other messages.
            self.read.set(0);
        }
    }

    fn append(&self, entries: Vec<Entry>) {
        for phase in entries.iter().filter_map(Entry::phase_after) {
            self.phase.set(Some(phase));
        }
        if entries.iter().any(|entry| entry.body.is_by_citizen()) {
            self.change_citizen(Citizen::stops_writing);
        }
        self.arrived(&entries);
        self.entries.update(|log| log.extend(entries));
    }

    fn prepend(&self, mut entries: Vec<Entry>, more: bool) {
        self.arrived(&entries);
        self.earlier.set(Earlier::if_any(more));
        self.entries.update(|log| {
            entries.append(log);
            *log = entries;
        });
    }

    /// What is in the log is not on its way any more.
    fn arrived(&self, entries: &[Entry]) {
        let ours = |outgoing: &Outgoing| entries.iter().any(|entry| is_ours(entry, &outgoing.id));
        if self.outgoing.with_untracked(|outgoing| outgoing.iter().any(ours)) {
            self.outgoing.update(|outgoing| outgoing.retain(|message| !ours(message)));
        }
        if entries.iter().any(|entry| matches!(entry.body, EntryBody::Case { .. })) {
            self.cases.update(|cases| cases.arrived(entries));
        }
        if entries.iter().any(|entry| matches!(entry.body, EntryBody::Segnalazione { .. })) {
            self.forwarding.update(|forwarding| forwarding.arrived(entries));
            self.suggest_outcome();
        }
    }

    /// What was handed to an office is what came of it, unless the advisor has said otherwise.
    fn suggest_outcome(&self) {
        if self.choice.with_untracked(|choice| choice.outcome.is_none()) {
            self.choice.update(|choice| choice.outcome = Some(Outcome::LineaInps));
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

fn is_answered(entries: &[Entry]) -> bool {
    entries.first().is_some_and(|first| first.seq > 1) || entries.iter().any(|entry| entry.body.is_answer())
}

/// How many messages of the person come after the advisor's last one and after the last entry that was on screen.
pub fn unread(entries: &[Entry], read: u64) -> usize {
    entries
        .iter()
        .rev()
        .take_while(|entry| entry.seq > read)
        .filter_map(|entry| entry.body.author())
        .take_while(|author| **author == Author::Citizen)
        .count()
}

/// Whether a person wrote after the entry `seen`. A log told from its beginning is no news.
pub(super) fn news_in(entries: &[Entry], seen: u64) -> bool {
    seen > 0 && entries.iter().any(|entry| entry.seq > seen && entry.body.is_by_citizen())
}

fn is_ours(entry: &Entry, message: &MessageId) -> bool {
    matches!(&entry.body, EntryBody::Message { id, author: Author::Advisor { .. }, .. } if id == message)
}
