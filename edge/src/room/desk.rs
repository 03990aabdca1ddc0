// SPDX-License-Identifier: EUPL-1.2
//! The room of one queue's desk.

use std::cell::RefCell;

use infocig_domain::{
    conversation::Speaker,
    desk::{Desk, DeskStep},
    notice::{Advisor, ConversationNotice},
};
use infocig_protocol::{
    close,
    desk::{AssignedConversation, DeskClientFrame, DeskServerFrame},
    id::QueueId,
    problem::Code,
    time::Timestamp,
    version,
};

use super::{Outcome, Room, Socket, hello_expected, hello_repeated, read_frame, too_old, written};
use crate::{
    problem::{Fault, Refusal},
    sql::Sql,
    store::{DeskStore, Letter, Post},
    ticket::{Door, Ticket},
};

/// One queue's desk.
pub struct DeskRoom<S> {
    store: DeskStore<S>,
    queue: QueueId,
    ticket_key: String,
    current: RefCell<Option<Desk>>,
}

impl<S: Sql> DeskRoom<S> {
    /// The desk of a queue over its object's store.
    pub fn open(sql: S, queue: QueueId, ticket_key: String) -> Result<Self, Fault> {
        Ok(Self { store: DeskStore::open(sql)?, queue, ticket_key, current: RefCell::new(None) })
    }

    fn hello(&self, client_version: u16, ticket: &str, now: Timestamp) -> Result<Outcome, Fault> {
        let refuse = |refusal| Outcome::refuse_and_close::<Self>(refusal, close::REFUSED);
        let Some(version) = version::negotiate(client_version) else {
            return refuse(too_old());
        };
        let door = Door::Desk(self.queue.clone());
        let advisor = match Ticket::verify(ticket, &self.ticket_key, &door, now) {
            Ok(Speaker::Advisor(advisor)) => advisor,
            Ok(Speaker::Citizen) => {
                return refuse(Refusal::new(Code::TicketInvalid, "not an advisor's ticket"));
            }
            Err(refusal) => return refuse(refusal),
        };
        let welcome =
            DeskServerFrame::Welcome { version, queue: self.queue.clone(), advisor: advisor.name.clone() };
        let to_sender = vec![written(&welcome)?, written(&self.desk_frame(&advisor, now)?)?];
        Ok(Outcome { accepted: Some((Speaker::Advisor(advisor), version)), to_sender, ..Outcome::default() })
    }

    fn desk_frame(&self, advisor: &Advisor, now: Timestamp) -> Result<DeskServerFrame, Fault> {
        let desk = self.desk()?;
        let mine = desk
            .held_by(&advisor.id)
            .map(|(seat, holder)| {
                let door = Door::Conversation(seat.conversation.clone());
                Ok(AssignedConversation {
                    conversation: seat.conversation.clone(),
                    ticket: Ticket::new(door, Speaker::Advisor(advisor.clone()), now)
                        .sign(&self.ticket_key)?,
                    since: holder.since,
                    person: seat.person.clone(),
                })
            })
            .collect::<Result<Vec<_>, Fault>>()?;
        Ok(DeskServerFrame::Desk { waiting: desk.waiting(), mine })
    }

    fn act(&self, now: Timestamp, rule: impl FnOnce(&mut Desk) -> DeskStep) -> Result<Outcome, Fault> {
        let mut desk = self.desk()?;
        let step = rule(&mut desk);
        self.current.replace(None);
        self.store.sql().transaction(|| {
            step.seated.iter().try_for_each(|seat| self.store.save(seat))?;
            step.left.iter().try_for_each(|conversation| self.store.delete(conversation))?;
            self.post().send(&step.notices, now)
        })?;
        self.current.replace(Some(desk));
        let to_sender = step.replies.iter().map(written).collect::<Result<_, _>>()?;
        let repaint = step.changes_the_picture();
        Ok(Outcome { to_sender, repaint, ..Outcome::default() })
    }

    /// Does several things that take effect together or not at all.
    fn together(&self, work: impl FnOnce() -> Result<Outcome, Fault>) -> Result<Outcome, Fault> {
        self.store.sql().transaction(work).inspect_err(|_| {
            self.current.replace(None);
        })
    }

    fn desk(&self) -> Result<Desk, Fault> {
        if let Some(desk) = self.current.borrow().as_ref() {
            return Ok(desk.clone());
        }
        Ok(Desk::restore(self.queue.clone(), self.store.seats()?))
    }
}

impl<S: Sql> Room for DeskRoom<S> {
    type Sql = S;

    fn post(&self) -> Post<'_, S> {
        Post::new(self.store.sql())
    }

    fn receive(&self, socket: &Socket, text: &str, now: Timestamp) -> Result<Outcome, Fault> {
        let frame = match read_frame::<Self, DeskClientFrame>(socket, text, DeskClientFrame::NAMES)? {
            Ok(frame) => frame,
            Err(outcome) => return Ok(outcome),
        };
        match (&socket.speaker, frame) {
            (None, DeskClientFrame::Hello { version, ticket }) => self.hello(version, &ticket, now),
            (None | Some(Speaker::Citizen), DeskClientFrame::Take { .. }) => {
                Outcome::refuse_and_close::<Self>(hello_expected(), close::REFUSED)
            }
            (Some(_), DeskClientFrame::Hello { .. }) => Outcome::refuse::<Self>(hello_repeated()),
            (Some(Speaker::Advisor(advisor)), DeskClientFrame::Take { conversation }) => {
                self.act(now, |desk| desk.take(&conversation, advisor.clone(), now))
            }
        }
    }

    fn hear(&self, source: &str, id: i64, notice: &str, now: Timestamp) -> Result<Outcome, Fault> {
        let notice = Letter::read(notice)?;
        self.together(|| {
            if !self.post().hear(source, id)? {
                return Ok(Outcome::default());
            }
            self.act(now, |desk| desk.hear(notice))
        })
    }

    fn wake(&self, _now: Timestamp) -> Result<Option<Outcome>, Fault> {
        Ok(None)
    }

    fn next_wake(&self) -> Result<Option<Timestamp>, Fault> {
        Ok(None)
    }

    fn delivered(&self, letter: &Letter, now: Timestamp) -> Result<Outcome, Fault> {
        let ConversationNotice::Assigned { conversation, .. } = Letter::read(&letter.notice)?;
        self.together(|| {
            self.post().delivered(letter)?;
            self.act(now, |desk| desk.confirm(&conversation))
        })
    }

    fn picture(&self, speaker: &Speaker, now: Timestamp) -> Result<Option<String>, Fault> {
        match speaker {
            Speaker::Citizen => Ok(None),
            Speaker::Advisor(advisor) => written(&self.desk_frame(advisor, now)?).map(Some),
        }
    }

    fn refusal(refusal: Refusal) -> Result<String, Fault> {
        written(&DeskServerFrame::Refused { code: refusal.code, detail: refusal.detail, conversation: None })
    }
}

#[cfg(test)]
mod tests {
    use infocig_domain::notice::DeskNotice;
    use infocig_protocol::{
        id::{AdvisorId, ConversationId},
        person::{Category, Credential, PersonCard},
    };

    use super::*;
    use crate::sql::testing::MemorySql;

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn a_conversation_goes_from_the_queue_into_the_hands_of_one_advisor() {
        let sql = MemorySql::new();
        let room = room(&sql);
        room.hear("a", 1, &waiting(1), at(1)).unwrap();
        assert_eq!(picture(&room, "giulia"), (1, 0));

        take(&room, "giulia", 1);
        assert_eq!(picture(&room, "giulia"), (0, 0));
        let letter = room.post().due(at(9)).unwrap().remove(0);
        room.delivered(&letter, at(9)).unwrap();

        assert_eq!(picture(&room, "giulia"), (0, 1));
        assert_eq!(picture(&room, "marco"), (0, 0));
        assert_eq!(room.post().next_due().unwrap(), None);
    }

    #[test]
    fn a_notice_heard_twice_seats_a_conversation_once() {
        let sql = MemorySql::new();
        let room = room(&sql);
        room.hear("a", 1, &waiting(1), at(1)).unwrap();
        room.hear("a", 2, &closed(1), at(2)).unwrap();

        assert_eq!(room.hear("a", 1, &waiting(1), at(3)).unwrap(), Outcome::default());
        assert_eq!(picture(&room, "giulia"), (0, 0));
    }

    #[test]
    fn the_desk_is_the_same_after_its_memory_was_wiped() {
        let sql = MemorySql::new();
        room(&sql).hear("a", 1, &waiting(1), at(1)).unwrap();
        room(&sql).hear("b", 1, &waiting(2), at(2)).unwrap();
        take(&room(&sql), "giulia", 1);
        let letter = room(&sql).post().due(at(9)).unwrap().remove(0);
        room(&sql).delivered(&letter, at(9)).unwrap();

        assert_eq!(picture(&room(&sql), "giulia"), (1, 1));
    }

    #[test]
    fn a_store_that_fails_at_any_statement_strands_nobody() {
        for statements in 0..12 {
            let sql = MemorySql::new();
            let room = room(&sql);
            room.hear("a", 1, &waiting(1), at(1)).unwrap();

            sql.fail_after.set(statements);
            let failed = room.receive(&advisor_socket("giulia"), &take_frame(1), at(2)).is_err();
            sql.fail_after.set(-1);

            let letters = room.post().due(at(9)).unwrap().len();
            let (waiting, _) = picture(&room, "giulia");
            assert_eq!((waiting, letters), if failed { (1, 0) } else { (0, 1) }, "after {statements}");
        }
    }

    fn room(sql: &MemorySql) -> DeskRoom<&MemorySql> {
        DeskRoom::open(sql, QueueId::parse("info-cig").unwrap(), KEY.into()).unwrap()
    }

    fn picture(room: &DeskRoom<&MemorySql>, name: &str) -> (usize, usize) {
        let text = room.picture(&Speaker::Advisor(advisor(name)), at(5)).unwrap().unwrap();
        let DeskServerFrame::Desk { waiting, mine } = serde_json::from_str(&text).unwrap() else {
            panic!("{text}")
        };
        (waiting.len(), mine.len())
    }

    fn take(room: &DeskRoom<&MemorySql>, name: &str, ordinal: u32) {
        room.receive(&advisor_socket(name), &take_frame(ordinal), at(2)).unwrap();
    }

    fn take_frame(ordinal: u32) -> String {
        serde_json::to_string(&DeskClientFrame::Take { conversation: conversation(ordinal) }).unwrap()
    }

    fn advisor_socket(name: &str) -> Socket {
        Socket {
            speaker: Some(Speaker::Advisor(advisor(name))),
            version: version::CURRENT,
            ..Socket::new(at(0), None)
        }
    }

    fn advisor(name: &str) -> Advisor {
        Advisor { id: AdvisorId::parse(name).unwrap(), name: name.into() }
    }

    fn conversation(ordinal: u32) -> ConversationId {
        ConversationId::of(&"0f".repeat(32), ordinal).unwrap()
    }

    fn waiting(ordinal: u32) -> String {
        let person = PersonCard {
            name: "Persona Di Prova".into(),
            category: Category::Titolare,
            province: "015".into(),
            province_name: "Milano".into(),
            credential: Credential::Cns,
            acting_for: None,
        };
        let notice = DeskNotice::Waiting {
            conversation: conversation(ordinal),
            since: at(i64::from(ordinal)),
            person,
        };
        serde_json::to_string(&notice).unwrap()
    }

    fn closed(ordinal: u32) -> String {
        serde_json::to_string(&DeskNotice::Closed { conversation: conversation(ordinal) }).unwrap()
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }
}
