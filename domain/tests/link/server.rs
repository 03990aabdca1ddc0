// SPDX-License-Identifier: EUPL-1.2
//! The server's end: the rules over a store that survives a restart, sockets that do not.

use std::{collections::BTreeMap, num::NonZeroU32};

use infocig_domain::{
    conversation::{ClosingTime, Conversation, InactivityTimeouts, Transition},
    notification::ConversationCommand,
    people::{Advisor, Asker, PriorityFacts, Speaker, Subject},
    policy::{CallRules, Messages},
    rate_limiter::RateLimiter,
    refusal::{About, Refusal},
};
use infocig_protocol::{
    entry::{Author, Entry, EntryBody},
    frame::{ClientFrame, Page, ServerFrame},
    id::{AdvisorId, ConversationId, MessageId, QueueId},
    language::Language,
    limits::{PING, PONG},
    person::{Category, Credential, PersonCard},
    time::Timestamp,
    version,
};

use super::network::{Connection, Millis};

/// One conversation, its stored log, and who is connected.
pub(crate) struct Server {
    conversation: Conversation,
    log: Vec<Entry>,
    connected: BTreeMap<Connection, Speaker>,
    rate_limiters: BTreeMap<&'static str, RateLimiter>,
    /// The next step is stored and then the power goes.
    pub(crate) dies_after_storing: bool,
}

/// Frames to send, or the news that the power went.
pub(crate) enum Said {
    Frames(Vec<(Connection, String)>),
    PowerCut,
}

impl Server {
    /// A conversation in an advisor's hands.
    pub(crate) fn new() -> Self {
        let person = PersonCard {
            name: "Persona Di Prova".into(),
            category: Category::Lavoratore,
            province: "058".into(),
            province_name: "Roma".into(),
            credential: Credential::SpidL2,
            acting_for: None,
            language: Language::It,
            entry_point: None,
            about: None,
            question: None,
        };
        let subject = Subject::themself("https://portale.example", "p-1", Category::Lavoratore);
        let asker = Asker { card: person, subject, facts: PriorityFacts::default() };
        let never = Timestamp::from_millis(i64::MAX);
        let closing = ClosingTime { warn: None, closes: never, ends: never };
        let patience = InactivityTimeouts { absent_ms: i64::MAX, warn_ms: i64::MAX, close_ms: i64::MAX };
        let id = ConversationId::of(&"0a".repeat(32), 1).unwrap();
        let now = Timestamp::from_millis(0);
        let (mut conversation, opened) =
            Conversation::open(id, QueueId::parse("info-cig").unwrap(), asker, closing, patience, now);
        let assigned = conversation
            .apply(ConversationCommand::Assigned { assignment_epoch: 1, advisor: advisor() }, now);
        let log = [opened.appended, assigned.appended].concat();
        let number = |n| NonZeroU32::new(n).unwrap();
        let limits =
            Messages { burst: number(4), per_minute: number(120), per_conversation: number(u32::MAX) };
        let rate_limiters =
            [("citizen", RateLimiter::new(limits)), ("advisor", RateLimiter::new(limits))].into();
        Self { conversation, log, connected: BTreeMap::new(), rate_limiters, dies_after_storing: false }
    }

    /// A frame arrived.
    pub(crate) fn receive(&mut self, from: Connection, text: &str, now: Millis) -> Said {
        if text == PING {
            return Said::Frames(vec![(from, PONG.into())]);
        }
        match serde_json::from_str(text).unwrap() {
            ClientFrame::Hello { ticket, resume_after, .. } => {
                let speaker =
                    if ticket == "citizen" { Speaker::Citizen } else { Speaker::Advisor(advisor()) };
                let last = self.conversation.last_seq();
                let after = match resume_after {
                    0 => last.saturating_sub(PAGE),
                    after if after > last => last.saturating_sub(PAGE),
                    after => after,
                };
                let welcome =
                    self.conversation.welcome(&speaker, version::CURRENT, after, CallRules::default());
                self.connected.insert(from, speaker);
                let mut frames = vec![(from, written(&welcome))];
                frames.extend(self.page(from, after));
                Said::Frames(frames)
            }
            ClientFrame::Page(Page::After(after)) => Said::Frames(self.page(from, after)),
            ClientFrame::Page(Page::Before(before)) => {
                let after = before.saturating_sub(PAGE + 1);
                let log = self.log.iter().filter(|entry| entry.seq > after && entry.seq < before);
                let part: Vec<Entry> = log.cloned().collect();
                Said::Frames(vec![(from, entries(&part))])
            }
            ClientFrame::Post { id, text } => {
                let Some(speaker) = self.connected.get(&from).cloned() else {
                    return Said::Frames(Vec::new());
                };
                let known = self.posted(&speaker, &id);
                let now = Timestamp::from_millis(now);
                let name = if speaker == Speaker::Citizen { "citizen" } else { "advisor" };
                let rate_limiter = self.rate_limiters.get_mut(name).unwrap();
                match self.conversation.post(&speaker, id, &text, known, rate_limiter, now) {
                    Ok(step) => self.carry_out(from, step),
                    Err(refusal) => Said::Frames(vec![(from, refused(refusal))]),
                }
            }
            ClientFrame::Read { .. }
            | ClientFrame::Typing {}
            | ClientFrame::Call(_)
            | ClientFrame::Stay {}
            | ClientFrame::History { .. }
            | ClientFrame::Question(_)
            | ClientFrame::Forward(_)
            | ClientFrame::SelfServed {}
            | ClientFrame::SourceOpened {}
            | ClientFrame::Close {} => Said::Frames(Vec::new()),
        }
    }

    /// The page after a number, if there is anything on it.
    fn page(&self, to: Connection, after: u64) -> Vec<(Connection, String)> {
        let missing = self.log.iter().filter(|entry| entry.seq > after && entry.seq <= after + PAGE);
        let part: Vec<Entry> = missing.cloned().collect();
        if part.is_empty() { Vec::new() } else { vec![(to, entries(&part))] }
    }

    /// A connection is gone.
    pub(crate) fn lost(&mut self, connection: Connection) {
        self.connected.remove(&connection);
    }

    /// Every socket ends; what was stored stays.
    pub(crate) fn restart(&mut self) -> Vec<Connection> {
        let gone = std::mem::take(&mut self.connected);
        gone.into_keys().collect()
    }

    /// What is stored.
    pub(crate) fn log(&self) -> &[Entry] {
        &self.log
    }

    fn carry_out(&mut self, from: Connection, step: Transition) -> Said {
        self.log.extend(step.appended.iter().cloned());
        if self.dies_after_storing {
            self.dies_after_storing = false;
            return Said::PowerCut;
        }
        let mut frames = Vec::new();
        if !step.appended.is_empty() {
            frames.extend(self.connected.keys().map(|to| (*to, entries(&step.appended))));
        }
        frames.extend(step.replies.iter().map(|reply| (from, written(reply))));
        Said::Frames(frames)
    }

    fn posted(&self, speaker: &Speaker, id: &MessageId) -> Option<Entry> {
        let is_theirs = |author: &Author| match (author, speaker) {
            (Author::Citizen, Speaker::Citizen) | (Author::Advisor { .. }, Speaker::Advisor(_)) => true,
            (Author::Citizen, Speaker::Advisor(_)) | (Author::Advisor { .. }, Speaker::Citizen) => false,
        };
        let same = |entry: &&Entry| matches!(&entry.body, EntryBody::Message { id: stored, author, .. } if stored == id && is_theirs(author));
        self.log.iter().find(same).cloned()
    }
}

/// Small, so that every schedule turns pages.
const PAGE: u64 = 3;

fn advisor() -> Advisor {
    Advisor { id: AdvisorId::parse("giulia").unwrap(), name: "Giulia".into() }
}

fn entries(entries: &[Entry]) -> String {
    written(&ServerFrame::Entries { entries: entries.to_vec() })
}

fn refused(refusal: Refusal) -> String {
    let Refusal { code, detail, about, retry_after_ms } = refusal;
    let message = match about {
        Some(About::Message(message)) => Some(message),
        Some(About::Conversation(_)) | None => None,
    };
    written(&ServerFrame::Refused { code, detail: detail.into(), message, retry_after_ms })
}

fn written(frame: &ServerFrame) -> String {
    serde_json::to_string(frame).unwrap()
}
