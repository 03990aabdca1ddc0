// SPDX-License-Identifier: EUPL-1.2
//! The room of one person in one capacity: their conversations, one after the other.

use std::cell::RefCell;

use infocig_domain::{
    conversation::{ClosingTime, Conversation, Speaker, Step},
    notice::ConversationNotice,
};
use infocig_protocol::{
    close,
    frame::{ClientFrame, ServerFrame},
    id::{ConversationId, QueueId},
    limits::MAX_ENTRIES_PER_FRAME,
    person::PersonCard,
    problem::Code,
    time::Timestamp,
    version,
};

use super::{Broadcast, Outcome, Room, Socket, hello_expected, hello_repeated, read_frame, too_old, written};
use crate::{
    problem::{Fault, Refusal},
    sql::Sql,
    store::{ConversationStore, Letter, Post},
    ticket::{Door, Ticket},
};

/// One object's conversations.
pub struct ConversationRoom<S> {
    store: ConversationStore<S>,
    ticket_key: String,
    current: RefCell<Option<Conversation>>,
}

impl<S: Sql> ConversationRoom<S> {
    /// The room over an object's store. The object's id is 64 hexadecimal digits.
    pub fn open(sql: S, object: String, ticket_key: String) -> Result<Self, Fault> {
        Ok(Self { store: ConversationStore::open(sql, object)?, ticket_key, current: RefCell::new(None) })
    }

    /// Lets a person in: their open conversation, or a new one, if one may begin, which then has a closing time. `true` if
    /// it is new.
    pub fn admit(
        &self,
        person: PersonCard,
        queue: QueueId,
        closing: Option<ClosingTime>,
        now: Timestamp,
    ) -> Result<Option<(ConversationId, bool)>, Fault> {
        if let Some(open) = self.newest()?.filter(|conversation| !conversation.is_closed()) {
            return Ok(Some((open.id, false)));
        }
        let Some(closing) = closing else { return Ok(None) };
        let (conversation, step) = Conversation::open(self.store.next_id()?, queue, person, closing, now);
        let id = conversation.id.clone();
        self.commit(conversation, None, &step, now)?;
        Ok(Some((id, true)))
    }

    fn hello(
        &self,
        id: &ConversationId,
        client_version: u16,
        ticket: &str,
        resume_after: u64,
        now: Timestamp,
    ) -> Result<Outcome, Fault> {
        let refuse = |refusal| Outcome::refuse_and_close::<Self>(refusal, close::REFUSED);
        let Some(version) = version::negotiate(client_version) else {
            return refuse(too_old());
        };
        let speaker = match Ticket::verify(ticket, &self.ticket_key, &Door::Conversation(id.clone()), now) {
            Ok(speaker) => speaker,
            Err(refusal) => return refuse(refusal),
        };
        let Some(conversation) = self.conversation(id)? else {
            return refuse(Refusal::new(Code::TicketInvalid, "the conversation no longer exists"));
        };
        if !conversation.may_read(&speaker) {
            return refuse(Refusal::new(Code::NotAssigned, "this advisor does not hold the conversation"));
        }
        let mut to_sender = vec![written(&conversation.welcome(&speaker, version))?];
        // A cursor beyond the log is from another life of it: begin again.
        let mut after = if resume_after > conversation.last_seq { 0 } else { resume_after };
        while after < conversation.last_seq {
            let entries = self.store.entries_after(id, after, MAX_ENTRIES_PER_FRAME)?;
            let Some(last) = entries.last() else { break };
            after = last.seq;
            to_sender.push(written(&ServerFrame::Entries { entries })?);
        }
        let close_sender = conversation.is_closed().then_some(close::NORMAL);
        Ok(Outcome { accepted: Some(speaker), to_sender, close_sender, ..Outcome::default() })
    }

    fn act(
        &self,
        id: &ConversationId,
        speaker: Option<&Speaker>,
        now: Timestamp,
        rule: impl FnOnce(&mut Conversation) -> Step,
    ) -> Result<Outcome, Fault> {
        let Some(mut conversation) = self.conversation(id)? else {
            return Err(Fault::Corrupt("a conversation this object does not have".into()));
        };
        let step = rule(&mut conversation);
        let then_close = step.phase_changed && conversation.is_closed();
        self.commit(conversation, speaker, &step, now)?;
        let to_sender = step.replies.iter().map(written).collect::<Result<_, _>>()?;
        let to_conversation = if step.appended.is_empty() {
            None
        } else {
            let frames = vec![written(&ServerFrame::Entries { entries: step.appended })?];
            Some(Broadcast { conversation: id.clone(), frames, then_close })
        };
        Ok(Outcome { to_sender, to_conversation, ..Outcome::default() })
    }

    /// The newest conversation: the only one that can be open.
    fn newest(&self) -> Result<Option<Conversation>, Fault> {
        if let Some(current) = self.current.borrow().as_ref().filter(|current| !current.is_closed()) {
            return Ok(Some(current.clone()));
        }
        self.store.newest()
    }

    fn conversation(&self, id: &ConversationId) -> Result<Option<Conversation>, Fault> {
        if let Some(current) = self.current.borrow().as_ref().filter(|current| current.id == *id) {
            return Ok(Some(current.clone()));
        }
        self.store.find(id)
    }

    fn commit(
        &self,
        conversation: Conversation,
        author: Option<&Speaker>,
        step: &Step,
        now: Timestamp,
    ) -> Result<(), Fault> {
        self.current.replace(None);
        if !step.is_empty() {
            self.store.sql().transaction(|| {
                if step.phase_changed {
                    self.store.save(&conversation)?;
                } else {
                    self.store.save_last_seq(&conversation)?;
                }
                for entry in &step.appended {
                    self.store.append(&conversation.id, author, entry)?;
                }
                self.post().send(&step.notices, now)
            })?;
        }
        self.current.replace(Some(conversation));
        Ok(())
    }
}

impl<S: Sql> Room for ConversationRoom<S> {
    type Sql = S;

    fn post(&self) -> Post<'_, S> {
        Post::new(self.store.sql())
    }

    fn receive(&self, socket: &Socket, text: &str, now: Timestamp) -> Result<Outcome, Fault> {
        let Some(id) = &socket.conversation else {
            return Err(Fault::Platform("a socket without a conversation".into()));
        };
        let frame = match read_frame::<Self, ClientFrame>(socket, text, ClientFrame::TYPES)? {
            Ok(frame) => frame,
            Err(outcome) => return Ok(outcome),
        };
        match (&socket.speaker, frame) {
            (None, ClientFrame::Hello { version, ticket, resume_after }) => {
                self.hello(id, version, &ticket, resume_after, now)
            }
            (None, ClientFrame::Post { .. } | ClientFrame::Close) => {
                Outcome::refuse_and_close::<Self>(hello_expected(), close::REFUSED)
            }
            (Some(_), ClientFrame::Hello { .. }) => Outcome::refuse::<Self>(hello_repeated()),
            (Some(speaker), ClientFrame::Post { id: message, text }) => {
                let known = self.store.posted(id, speaker, &message)?;
                self.act(id, Some(speaker), now, |conversation| {
                    conversation.post(speaker, message, &text, known, now)
                })
            }
            (Some(speaker), ClientFrame::Close) => {
                self.act(id, Some(speaker), now, |conversation| conversation.close(speaker, now))
            }
        }
    }

    fn hear(&self, source: &str, id: i64, notice: &str, now: Timestamp) -> Result<Outcome, Fault> {
        let ConversationNotice::Assigned { conversation, advisor } = Letter::read(notice)?;
        let heard = self.store.sql().transaction(|| {
            if !self.post().hear(source, id)? {
                return Ok(Outcome::default());
            }
            self.act(&conversation, None, now, |conversation| conversation.assign(advisor, now))
        });
        heard.inspect_err(|_| {
            self.current.replace(None);
        })
    }

    fn wake(&self, now: Timestamp) -> Result<Option<Outcome>, Fault> {
        let newest = self.newest()?.filter(|newest| newest.next_wake().is_some_and(|due| due <= now));
        newest
            .map(|newest| self.act(&newest.id, None, now, |conversation| conversation.wake(now)))
            .transpose()
    }

    fn next_wake(&self) -> Result<Option<Timestamp>, Fault> {
        Ok(self.newest()?.and_then(|conversation| conversation.next_wake()))
    }

    fn delivered(&self, letter: &Letter, _now: Timestamp) -> Result<Outcome, Fault> {
        self.post().delivered(letter)?;
        Ok(Outcome::default())
    }

    fn picture(&self, _speaker: &Speaker, _now: Timestamp) -> Result<Option<String>, Fault> {
        Ok(None)
    }

    fn refusal(refusal: Refusal) -> Result<String, Fault> {
        written(&ServerFrame::Refused { code: refusal.code, detail: refusal.detail, message: None })
    }
}

#[cfg(test)]
mod tests {
    use infocig_domain::notice::Advisor;
    use infocig_protocol::{
        entry::{EntryBody, Party},
        id::AdvisorId,
        person::{Category, Credential},
    };

    use super::*;
    use crate::{sql::testing::MemorySql, store::Destination};

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn whoever_comes_again_finds_their_open_conversation() {
        let sql = MemorySql::new();
        let room = room(&sql);

        let first = admit(&room, 1);
        assert_eq!(
            room.admit(person(), queue(), Some(closing()), at(2)).unwrap(),
            Some((first.clone(), false))
        );
        assert_eq!(room.admit(person(), queue(), None, at(3)).unwrap(), Some((first, false)));
    }

    #[test]
    fn nobody_begins_when_none_may() {
        let sql = MemorySql::new();
        assert_eq!(room(&sql).admit(person(), queue(), None, at(1)).unwrap(), None);
    }

    #[test]
    fn after_the_end_a_new_conversation_begins_beside_the_old_one() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let first = admit(&room, 1);
        room.receive(&citizen(&first), r#"{"type":"close"}"#, at(2)).unwrap();

        let second = admit(&room, 3);

        assert_eq!((first.ordinal(), second.ordinal()), (1, 2));
        assert_eq!(resumed(&room, &first, 0).len(), 2);
        assert_eq!(resumed(&room, &second, 0), [1]);
    }

    #[test]
    fn a_cursor_brings_exactly_what_is_missing() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let id = admit(&room, 0);
        for n in 1..=450 {
            post(&room, &id, &format!("m{n}"), n);
        }

        assert_eq!(resumed(&room, &id, 0), (1..=451).collect::<Vec<_>>());
        assert_eq!(resumed(&room, &id, 449), [450, 451]);
        assert_eq!(resumed(&room, &id, 451), [0_u64; 0]);
        assert_eq!(resumed(&room, &id, 999), (1..=451).collect::<Vec<_>>());
    }

    #[test]
    fn a_message_repeated_is_answered_and_not_stored_again() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let id = admit(&room, 0);

        let first = post(&room, &id, "m1", 1);
        let again = post(&room, &id, "m1", 2);

        assert_eq!(again.to_conversation, None);
        assert_eq!(again.to_sender, first.to_conversation.unwrap().frames);
        assert_eq!(resumed(&room, &id, 0), [1, 2]);
    }

    #[test]
    fn memory_can_be_wiped_between_any_two_events() {
        let sql = MemorySql::new();
        let id = admit(&room(&sql), 0);
        for n in 1..=5 {
            post(&room(&sql), &id, &format!("m{n}"), n);
        }
        assert_eq!(resumed(&room(&sql), &id, 0), [1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn a_store_that_fails_at_any_statement_leaves_nothing_half_done() {
        for statements in 0..12 {
            let sql = MemorySql::new();
            let room = room(&sql);
            let id = admit(&room, 0);

            sql.fail_after.set(statements);
            let text = r#"{"type":"post","id":"m1","text":"ciao"}"#;
            let failed = room.receive(&citizen(&id), text, at(1)).is_err();
            sql.fail_after.set(-1);

            let stored = resumed(&room, &id, 0);
            assert_eq!(stored, if failed { vec![1] } else { vec![1, 2] });
            post(&room, &id, "m1", 2);
            assert_eq!(resumed(&room, &id, 0), [1, 2]);
        }
    }

    #[test]
    fn the_desk_is_told_in_the_order_things_happened() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let id = admit(&room, 5);
        room.receive(&citizen(&id), r#"{"type":"close"}"#, at(6)).unwrap();

        let first = room.post().due(at(9)).unwrap().remove(0);
        assert_eq!(first.destination, Destination::Desk(queue()));
        assert!(first.notice.contains("waiting"));
        room.post().postpone(&first, at(9)).unwrap();
        assert_eq!(room.post().due(at(9)).unwrap(), []);
        assert_eq!(room.post().next_due().unwrap(), Some(at(9 + 250)));

        room.delivered(&first, at(300)).unwrap();
        assert!(room.post().due(at(300)).unwrap()[0].notice.contains("closed"));
    }

    #[test]
    fn an_assignment_heard_twice_is_one_assignment() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let id = admit(&room, 0);
        let advisor = Advisor { id: AdvisorId::parse("giulia").unwrap(), name: "Giulia".into() };
        let notice =
            serde_json::to_string(&ConversationNotice::Assigned { conversation: id.clone(), advisor })
                .unwrap();

        assert!(room.hear("desk", 7, &notice, at(1)).unwrap().to_conversation.is_some());
        assert_eq!(room.hear("desk", 7, &notice, at(2)).unwrap(), Outcome::default());
        assert_eq!(resumed(&room, &id, 0), [1, 2]);
    }

    #[test]
    fn the_end_is_told_to_both_and_closes_their_sockets() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let id = admit(&room, 0);

        let outcome = room.receive(&citizen(&id), r#"{"type":"close"}"#, at(1)).unwrap();

        let broadcast = outcome.to_conversation.unwrap();
        assert!(broadcast.then_close);
        assert!(matches!(frame(&broadcast.frames[0]), ServerFrame::Entries { entries }
            if entries[0].body == EntryBody::Closed { by: Party::Citizen }));
    }

    #[test]
    fn closing_time_comes_once_whoever_sleeps_through_it() {
        let sql = MemorySql::new();
        let id = admit(&room(&sql), 0);
        assert_eq!(room(&sql).wake(at(899_999)).unwrap(), None);

        assert!(room(&sql).wake(at(900_000)).unwrap().unwrap().to_conversation.is_some());
        assert_eq!(room(&sql).next_wake().unwrap(), Some(at(1_000_000)));
        assert!(room(&sql).wake(at(1_000_000)).unwrap().unwrap().to_conversation.unwrap().then_close);

        assert_eq!((room(&sql).wake(at(2_000_000)).unwrap(), room(&sql).next_wake().unwrap()), (None, None));
        assert_eq!(resumed(&room(&sql), &id, 0), [1, 2, 3]);
    }

    #[test]
    fn a_stranger_is_refused_and_shown_the_door() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let id = admit(&room, 0);
        let stranger = Socket { speaker: None, ..citizen(&id) };

        for (text, code) in [
            (r#"{"type":"post","id":"m1","text":"ciao"}"#, Code::HelloExpected),
            (r#"{"type":"hello","version":1,"ticket":"forged"}"#, Code::TicketInvalid),
            (r#"{"type":"hello","version":0,"ticket":"x"}"#, Code::VersionUnsupported),
            (r#"{"type":"dance"}"#, Code::FrameUnknown),
            ("{", Code::FrameMalformed),
        ] {
            let outcome = room.receive(&stranger, text, at(1)).unwrap();
            assert!(
                matches!(frame(&outcome.to_sender[0]), ServerFrame::Refused { code: found, .. } if found == code)
            );
            assert_eq!(outcome.close_sender, Some(close::REFUSED), "{text}");
        }
    }

    fn room(sql: &MemorySql) -> ConversationRoom<&MemorySql> {
        ConversationRoom::open(sql, "0f".repeat(32), KEY.into()).unwrap()
    }

    fn admit(room: &ConversationRoom<&MemorySql>, now: i64) -> ConversationId {
        room.admit(person(), queue(), Some(closing()), at(now)).unwrap().unwrap().0
    }

    fn post(room: &ConversationRoom<&MemorySql>, id: &ConversationId, message: &str, now: i64) -> Outcome {
        let text = format!(r#"{{"type":"post","id":"{message}","text":"ciao"}}"#);
        room.receive(&citizen(id), &text, at(now)).unwrap()
    }

    fn resumed(room: &ConversationRoom<&MemorySql>, id: &ConversationId, after: u64) -> Vec<u64> {
        let ticket = Ticket::new(Door::Conversation(id.clone()), Speaker::Citizen, at(0)).sign(KEY).unwrap();
        let hello = ClientFrame::Hello { version: 1, ticket, resume_after: after };
        let socket = Socket { speaker: None, ..citizen(id) };
        let outcome = room.receive(&socket, &serde_json::to_string(&hello).unwrap(), at(1)).unwrap();
        assert_eq!(outcome.accepted, Some(Speaker::Citizen));
        outcome
            .to_sender
            .iter()
            .flat_map(|text| {
                let ServerFrame::Entries { entries } = frame(text) else {
                    return Vec::new();
                };
                entries.into_iter().map(|entry| entry.seq).collect()
            })
            .collect()
    }

    fn frame(text: &str) -> ServerFrame {
        serde_json::from_str(text).unwrap()
    }

    fn citizen(id: &ConversationId) -> Socket {
        Socket {
            opened: at(0),
            conversation: Some(id.clone()),
            speaker: Some(Speaker::Citizen),
            dismissed: false,
        }
    }

    fn person() -> PersonCard {
        PersonCard {
            name: "Persona Di Prova".into(),
            category: Category::Lavoratore,
            province: "058".into(),
            province_name: "Roma".into(),
            credential: Credential::SpidL2,
            acting_for: None,
        }
    }

    fn closing() -> ClosingTime {
        ClosingTime { warn: Some(at(900_000)), closes: at(1_000_000), ends: at(1_500_000) }
    }

    fn queue() -> QueueId {
        QueueId::parse("info-cig").unwrap()
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }
}
