// SPDX-License-Identifier: EUPL-1.2
//! The room of the connector to Linea INPS: it hears of each segnalazione once, keeps it until Linea INPS has it, and tells
//! its conversation what Linea INPS says of it. Nobody speaks here.
//!
//! - What becomes of a try is said by [`consequence`]; this room stores it with the letter that tells it, or neither.
//! - A conversation is told only what moves on: that its segnalazione waits, once; that somebody must look at it, once; that
//!   it is taken; what the office does.
//! - What Linea INPS says of its own accord counts as delivery, whether or not the answer to a try was ever read.

use infocig_domain::{
    linea_inps::{Segnalazione, Update, parts_of},
    notification::{ConversationCommand, ConversationNotification, Notification},
    people::Speaker,
};
use infocig_protocol::{
    close,
    frame::ServerFrame,
    problem::Code,
    segnalazione::{Delivery, SegnalazioneOverview, SegnalazioneStanding, SegnalazioneState},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{Outcome, Paint, Room, Socket, written};
use crate::{
    linea_inps::{Answer, Consequence, LONGEST_TOLD_MS, Tries, consequence},
    modi::Seen,
    problem::{Fault, Refusal},
    sql::Sql,
    store::{Heard, Letter, LineaInpsStore, Post, Standing},
};

/// The connector.
pub struct LineaInpsRoom<S> {
    store: LineaInpsStore<S>,
}

/// A segnalazione to send now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Its key.
    pub key: String,
    /// The text to send.
    pub body: String,
}

/// What came of an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Updated {
    /// It is stored, or said nothing new.
    Stored,
    /// Its signature was seen before.
    Replayed,
    /// No segnalazione has that key.
    Unknown,
    /// It lacks what its state needs.
    Malformed,
}

impl<S: Sql> LineaInpsRoom<S> {
    /// The connector over its object's store.
    pub fn open(sql: S, now: Timestamp) -> Result<Self, Fault> {
        let room = Self { store: LineaInpsStore::open(sql)? };
        room.clock_moved(now)?;
        Ok(room)
    }

    /// The clock may have been set back: what waits longer than anything may has waited enough.
    pub fn clock_moved(&self, now: Timestamp) -> Result<(), Fault> {
        self.store.sql().transaction(|| self.store.hasten(now.plus_millis(LONGEST_TOLD_MS), now))
    }

    /// What to send now, if anything.
    pub fn due(&self, now: Timestamp) -> Result<Option<Due>, Fault> {
        Ok(self.store.due(now)?.map(|(key, body)| Due { key, body }))
    }

    /// Takes in what came of sending one. `true` asks to send it again at once, `renewed`: with a new voucher.
    pub fn answered(&self, key: &str, answer: &Answer, renewed: bool, now: Timestamp) -> Result<bool, Fault> {
        self.store.sql().transaction(|| {
            let Some(standing) = self.store.find(key)? else { return Ok(false) };
            let Standing { delivery, attempts, since, .. } = &standing;
            let streak = self.store.streak()?;
            let tries = Tries { attempts: *attempts, streak, since: *since, renewed };
            let consequence = consequence(answer, &tries, now);
            let waits = *delivery == Delivery::Waiting;
            let tried = attempts.saturating_add(1);
            match consequence {
                // What was delivered meanwhile, by an update, needs no second try.
                Consequence::Renew => return Ok(waits),
                Consequence::Delivered { number } => {
                    self.store.release(0)?;
                    if *delivery != Delivery::Delivered {
                        self.store.deliver(key, tried, &number)?;
                        self.tell(key, &standing, Some(number), SegnalazioneState::Accepted {}, now)?;
                    }
                }
                Consequence::Later { at, holds_until, trouble, counted } => {
                    self.hold(holds_until)?;
                    if waits {
                        let attempts = if counted { tried } else { *attempts };
                        self.store.postpone(key, attempts, at, &trouble)?;
                        self.tell(key, &standing, None, SegnalazioneState::Queued {}, now)?;
                    }
                }
                Consequence::Stopped { holds_until, trouble } => {
                    self.hold(holds_until)?;
                    if waits {
                        self.store.stop(key, tried, &trouble)?;
                        self.tell(key, &standing, None, SegnalazioneState::Held {}, now)?;
                    }
                }
            }
            Ok(false)
        })
    }

    /// Linea INPS says where a segnalazione stands. `wall` is the clock its signature goes by.
    pub fn update(
        &self,
        update: &Update,
        seen: &Seen,
        wall: Timestamp,
        now: Timestamp,
    ) -> Result<Updated, Fault> {
        self.store.sql().transaction(|| {
            if !self.store.remember(&seen.jti, seen.until, wall)? {
                return Ok(Updated::Replayed);
            }
            let Some((_, told)) = update.standing() else { return Ok(Updated::Malformed) };
            let Some(standing) = self.store.find(&update.key)? else { return Ok(Updated::Unknown) };
            if told.state.rank() > standing.told || standing.delivery != Delivery::Delivered {
                // Linea INPS knows it: so it was sent, though perhaps nobody has read an answer yet.
                let attempts = standing.attempts.max(1);
                self.store.deliver(&update.key, attempts, &update.number)?;
                self.tell(&update.key, &standing, told.number, told.state, now)?;
            }
            Ok(Updated::Stored)
        })
    }

    /// A supervisor has one sent again, now and as if it were new. `false` if there is none with that key.
    pub fn retry(&self, key: &str, now: Timestamp) -> Result<bool, Fault> {
        self.store.sql().transaction(|| {
            let known = self.store.find(key)?;
            if known.as_ref().is_some_and(|standing| standing.delivery != Delivery::Delivered) {
                self.store.retry(key, now)?;
                // If the system still fails, the pause goes on from where it was.
                self.store.release(self.store.streak()?)?;
            }
            Ok(known.is_some())
        })
    }

    /// Every segnalazione that is not delivered, stopped ones first, and the newest that are.
    pub fn overview(&self) -> Result<Vec<SegnalazioneOverview>, Fault> {
        self.store.overview()
    }

    /// Nobody is sent anything until then; or the system has shown that it works.
    fn hold(&self, until: Option<Timestamp>) -> Result<(), Fault> {
        match until {
            Some(until) => self.store.hold(until),
            None => self.store.release(0),
        }
    }

    /// Tells a conversation how its segnalazione stands, if that moves on. Call it in the transaction that stores it.
    fn tell(
        &self,
        key: &str,
        standing: &Standing,
        number: Option<String>,
        state: SegnalazioneState,
        now: Timestamp,
    ) -> Result<(), Fault> {
        if state.rank() <= standing.told {
            return Ok(());
        }
        let (conversation, id) =
            parts_of(key).ok_or_else(|| Fault::Corrupt("a key of another form".into()))?;
        self.store.tell(key, state.rank())?;
        let command = ConversationCommand::Segnalazione(SegnalazioneStanding { id, number, state });
        self.post()
            .send(&[Notification::Conversation(ConversationNotification { conversation, command })], now)
    }
}

impl<S: Sql> Room for LineaInpsRoom<S> {
    type Sql = S;

    fn post(&self) -> Post<'_, S> {
        Post::new(self.store.sql())
    }

    fn receive(&self, _socket: &Socket, _text: &str, _now: Timestamp) -> Result<Outcome, Fault> {
        let refusal = Refusal::new(Code::NotFound, "nobody speaks here");
        Outcome::refuse_and_close::<Self>(refusal, close::REFUSED)
    }

    /// A conversation has something for an office.
    fn hear(&self, source: &str, id: i64, notification: &str, now: Timestamp) -> Result<Outcome, Fault> {
        let Segnalazione { key, at, office, .. } = Letter::read(notification)?;
        if parts_of(&key).is_none() {
            return Err(Fault::Corrupt("a key of another form".into()));
        }
        let at = at.parse::<jiff::Timestamp>().map_or(now, |at| Timestamp::from_millis(at.as_millisecond()));
        self.store.sql().transaction(|| {
            if self.post().hear(source, id)? {
                self.store.add(Heard { key: &key, body: notification, at, office: &office }, now)?;
            }
            Ok(Outcome::default())
        })
    }

    fn wake(&self, _now: Timestamp) -> Result<Option<Outcome>, Fault> {
        Ok(None)
    }

    fn next_wake(&self) -> Result<Option<Timestamp>, Fault> {
        self.store.next_due()
    }

    fn delivered(&self, letter: &Letter, _now: Timestamp) -> Result<Outcome, Fault> {
        self.post().delivered(letter)?;
        Ok(Outcome::default())
    }

    fn census(&self, _links: &[Socket], _now: Timestamp) -> Result<Outcome, Fault> {
        Ok(Outcome::default())
    }

    fn parted(&self, _link: &Socket, _now: Timestamp) -> Result<Outcome, Fault> {
        Ok(Outcome::default())
    }

    fn paint(&self, _speaker: &Speaker, _anew: bool, _now: Timestamp) -> Result<Paint, Fault> {
        Ok(Paint::default())
    }

    fn refusal(refusal: Refusal) -> Result<String, Fault> {
        written(&ServerFrame::Refused {
            code: refusal.code,
            detail: refusal.detail,
            message: None,
            retry_after_ms: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use infocig_domain::linea_inps::UpdateState;

    use super::*;
    use crate::{linea_inps::Body, sql::testing::MemorySql, store::Destination};

    #[test]
    fn one_heard_twice_is_one_row_and_sent_as_it_was_heard() {
        let sql = MemorySql::new();
        let room = room(&sql);
        // Spaces and an unknown member would be lost if it were written anew.
        let heard = document(1).replacen('{', r#"{ "from_the_future" : 1 , "#, 1);
        for (id, notification) in [(1, &heard), (1, &heard), (2, &document(1)), (3, &document(2))] {
            room.hear("conversation", id, notification, at(5)).unwrap();
        }

        assert_eq!(keys(&room, Delivery::Waiting), [key(1), key(2)]);
        assert_eq!(room.due(at(5)).unwrap(), Some(Due { key: key(1), body: heard }));
        assert_eq!(room.next_wake().unwrap(), Some(at(5)));
        assert_eq!(room.overview().unwrap()[0].at, at(1_793_890_800_000));
        assert!(room.hear("conversation", 9, "{}", at(6)).is_err());
        assert!(room.hear("conversation", 9, &document(1).replace(&key(1), "x"), at(6)).is_err());
    }

    #[test]
    fn a_delivered_one_is_told_with_its_number_and_its_words_are_forgotten() {
        let sql = MemorySql::new();
        let room = with(&sql, 1);
        assert!(!room.answered(&key(1), &taken("L-1"), false, at(1)).unwrap());

        assert_eq!(told(&room), [("s1".into(), Some("L-1".into()), SegnalazioneState::Accepted {})]);
        assert_eq!(keys(&room, Delivery::Delivered), [key(1)]);
        assert_eq!(room.store.find(&key(1)).unwrap().unwrap().body, None);
        assert_eq!((room.due(at(9)).unwrap(), room.next_wake().unwrap()), (None, None));
    }

    #[test]
    fn the_first_failure_is_told_and_no_other() {
        let sql = MemorySql::new();
        let room = with(&sql, 1);
        for seconds in [1, 2, 4] {
            let now = room.next_wake().unwrap().unwrap();
            room.answered(&key(1), &http(500), false, now).unwrap();
            assert_eq!(room.next_wake().unwrap(), Some(now.plus_millis(seconds * 1000)));
        }
        assert_eq!(told(&room), [("s1".into(), None, SegnalazioneState::Queued {})]);
        let one = &room.overview().unwrap()[0];
        assert_eq!((one.attempts, one.last_error.as_deref()), (3, Some("Linea INPS answered 500")));

        room.answered(&key(1), &taken("L-1"), false, at(9000)).unwrap();
        assert_eq!(told(&room)[1..], [("s1".into(), Some("L-1".into()), SegnalazioneState::Accepted {})]);
        let one = &room.overview().unwrap()[0];
        assert_eq!((one.attempts, one.last_error.as_deref()), (4, None));
    }

    #[test]
    fn a_system_that_fails_is_asked_by_one_at_a_time() {
        let sql = MemorySql::new();
        let room = with(&sql, 3);
        let mut now = at(10);
        let mut probes = Vec::new();
        for seconds in [1, 2, 4, 8] {
            let due = room.due(now).unwrap().unwrap();
            room.answered(&due.key, &http(503), false, now).unwrap();
            probes.push(due.key);
            let next = now.plus_millis(seconds * 1000);
            assert_eq!(room.due(next.plus_millis(-1)).unwrap(), None, "all wait");
            assert_eq!(room.next_wake().unwrap(), Some(next));
            now = next;
        }
        // Whoever was refused is behind the others: nothing that some system cannot digest stands in their way.
        assert_eq!(probes[..3], [key(1), key(2), key(3)]);

        let due = room.due(now).unwrap().unwrap();
        room.answered(&due.key, &taken("L-1"), false, now).unwrap();
        assert!(room.due(now).unwrap().is_some(), "the system works: the others go on");
    }

    #[test]
    fn a_document_that_is_refused_stops_alone_until_a_supervisor_says_so() {
        let sql = MemorySql::new();
        let room = with(&sql, 2);
        room.answered(&key(1), &http(422), false, at(10)).unwrap();

        assert_eq!(keys(&room, Delivery::Stopped), [key(1)]);
        assert_eq!(told(&room), [("s1".into(), None, SegnalazioneState::Held {})]);
        assert_eq!(room.due(at(10)).unwrap().unwrap().key, key(2));
        room.answered(&key(2), &taken("L-2"), false, at(10)).unwrap();
        assert_eq!(room.next_wake().unwrap(), None, "what is stopped wakes nobody");

        assert!(room.retry(&key(1), at(100)).unwrap());
        assert_eq!(room.due(at(100)).unwrap(), Some(Due { key: key(1), body: document(1) }));
        assert_eq!(room.overview().unwrap()[0].attempts, 0);
        room.answered(&key(1), &taken("L-1"), false, at(100)).unwrap();
        assert_eq!(keys(&room, Delivery::Delivered), [key(1), key(2)]);
    }

    #[test]
    fn a_retry_lifts_the_wait_and_leaves_what_is_delivered_alone() {
        let sql = MemorySql::new();
        let room = with(&sql, 2);
        room.answered(&key(1), &taken("L-1"), false, at(10)).unwrap();
        room.answered(&key(2), &http(500), false, at(10)).unwrap();
        room.answered(&key(2), &http(500), false, at(1010)).unwrap();

        assert!(room.retry(&key(1), at(1020)).unwrap());
        assert_eq!(room.due(at(1020)).unwrap(), None);
        assert!(room.retry(&key(2), at(1020)).unwrap());
        assert_eq!(room.due(at(1020)).unwrap().unwrap().key, key(2));
        room.answered(&key(2), &http(500), false, at(1020)).unwrap();
        assert_eq!(room.next_wake().unwrap(), Some(at(5020)), "the third pause, not the first");
        assert!(!room.retry(&key(7), at(1020)).unwrap());
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_nobody_waiting() {
        let sql = MemorySql::new();
        let room = with(&sql, 2);
        let late = at(10 * 3_600_000);
        room.answered(&key(1), &http(500), false, late).unwrap();

        let hour_before = late.plus_millis(-3_600_000);
        room.clock_moved(hour_before.plus_millis(1000)).unwrap();
        assert_eq!(room.due(hour_before.plus_millis(1000)).unwrap(), None, "an hour may be a pause");
        room.clock_moved(hour_before).unwrap();
        let due = room.due(hour_before).unwrap().unwrap();
        room.answered(&due.key, &taken("L"), false, hour_before).unwrap();
        assert!(room.due(hour_before).unwrap().is_some());
    }

    #[test]
    fn after_forty_tries_and_two_days_it_is_stopped_and_kept() {
        let sql = MemorySql::new();
        let room = with(&sql, 1);
        let mut now = at(10);
        while room.overview().unwrap()[0].attempts < 39 {
            now = room.next_wake().unwrap().unwrap();
            room.answered(&key(1), &Answer::Silent("refused".into()), false, now).unwrap();
        }
        let late = at(10).plus_millis(48 * 3_600_000);
        assert!(now < late);
        room.answered(&key(1), &Answer::Silent("refused".into()), false, late).unwrap();

        assert_eq!(keys(&room, Delivery::Stopped), [key(1)]);
        assert_eq!(told(&room).last().unwrap().2, SegnalazioneState::Held {});
        assert!(room.retry(&key(1), late).unwrap());
        assert_eq!(room.due(late).unwrap().unwrap().body, document(1));
        room.answered(&key(1), &http(500), false, late).unwrap();
        assert_eq!(keys(&room, Delivery::Waiting), [key(1)], "its two days begin anew");
    }

    #[test]
    fn a_long_outage_stops_none_that_was_hardly_tried() {
        let sql = MemorySql::new();
        let room = with(&sql, 50);
        let end = at(10).plus_millis(72 * 3_600_000);
        while let Some(now) = room.next_wake().unwrap().filter(|now| *now < end) {
            let due = room.due(now).unwrap().unwrap();
            room.answered(&due.key, &http(500), false, now).unwrap();
        }
        assert_eq!(keys(&room, Delivery::Stopped), [""; 0]);
    }

    #[test]
    fn without_linea_inps_it_waits_and_says_so() {
        let sql = MemorySql::new();
        let room = with(&sql, 1);
        for _ in 0..60 {
            let now = room.next_wake().unwrap().unwrap();
            room.answered(&key(1), &Answer::NotConfigured, false, now).unwrap();
        }
        let one = &room.overview().unwrap()[0];
        assert_eq!((one.delivery, one.attempts), (Delivery::Waiting, 0));
        assert!(one.last_error.as_ref().unwrap().contains("LINEA_INPS"));
        assert_eq!(told(&room), [("s1".into(), None, SegnalazioneState::Queued {})]);
    }

    #[test]
    fn a_refused_voucher_asks_for_another_and_changes_nothing_yet() {
        let sql = MemorySql::new();
        let room = with(&sql, 1);
        assert!(room.answered(&key(1), &http(401), false, at(10)).unwrap());
        assert_eq!((told(&room).len(), room.overview().unwrap()[0].attempts), (0, 0));
        assert!(!room.answered(&key(1), &http(401), true, at(10)).unwrap());
        let trouble = room.overview().unwrap()[0].last_error.clone();
        assert_eq!(trouble.as_deref(), Some("Linea INPS does not accept our credentials"));
    }

    #[test]
    fn an_update_moves_on_once_whatever_comes_again_or_late() {
        let sql = MemorySql::new();
        let room = with(&sql, 1);
        room.answered(&key(1), &taken("L-1"), false, at(10)).unwrap();
        let answered = SegnalazioneState::Answered { text: "Pagato.".into() };

        for (jti, state, text) in [
            ("a", UpdateState::Accepted, None),
            ("b", UpdateState::InProgress, None),
            ("c", UpdateState::InProgress, None),
            ("d", UpdateState::Answered, Some("Pagato.")),
            ("e", UpdateState::InProgress, None),
            ("f", UpdateState::Answered, Some("Altro.")),
        ] {
            assert_eq!(say(&room, 1, jti, state, text), Updated::Stored);
        }
        let states: Vec<_> = told(&room).into_iter().map(|(_, _, state)| state).collect();
        assert_eq!(states, [SegnalazioneState::Accepted {}, SegnalazioneState::InProgress {}, answered]);
    }

    #[test]
    fn an_update_before_the_answer_was_read_is_the_delivery() {
        let sql = MemorySql::new();
        let room = with(&sql, 1);
        room.answered(&key(1), &http(500), false, at(10)).unwrap();
        assert_eq!(say(&room, 1, "a", UpdateState::InProgress, None), Updated::Stored);
        for answer in [taken("L-2"), http(422), http(500), http(401)] {
            assert!(!room.answered(&key(1), &answer, false, at(1010)).unwrap());
        }

        assert_eq!(told(&room)[1..], [("s1".into(), Some("L-1".into()), SegnalazioneState::InProgress {})]);
        let one = &room.overview().unwrap()[0];
        assert_eq!((one.delivery, one.number.as_deref()), (Delivery::Delivered, Some("L-1")));
        assert_eq!(room.store.find(&key(1)).unwrap().unwrap().body, None);
    }

    #[test]
    fn an_update_of_a_stopped_one_is_its_delivery_too() {
        let sql = MemorySql::new();
        let room = with(&sql, 1);
        room.answered(&key(1), &http(400), false, at(10)).unwrap();
        assert_eq!(say(&room, 1, "a", UpdateState::Accepted, None), Updated::Stored);
        assert_eq!(keys(&room, Delivery::Delivered), [key(1)]);
    }

    #[test]
    fn one_whose_answer_nobody_read_was_sent_all_the_same() {
        let sql = MemorySql::new();
        let room = with(&sql, 1);
        assert_eq!(say(&room, 1, "a", UpdateState::Accepted, None), Updated::Stored);
        assert_eq!(room.overview().unwrap()[0].attempts, 1);
    }

    #[test]
    fn what_was_seen_is_unknown_or_says_nothing_is_told_apart() {
        let sql = MemorySql::new();
        let room = with(&sql, 1);
        assert_eq!(say(&room, 1, "a", UpdateState::Accepted, None), Updated::Stored);
        assert_eq!(say(&room, 1, "a", UpdateState::Answered, Some("Falso.")), Updated::Replayed);
        assert_eq!(say(&room, 7, "b", UpdateState::Accepted, None), Updated::Unknown);
        assert_eq!(say(&room, 1, "c", UpdateState::Answered, None), Updated::Malformed);
        assert_eq!(told(&room).len(), 1);
    }

    #[test]
    fn a_signature_is_remembered_until_its_age_gives_it_away() {
        let sql = MemorySql::new();
        let room = with(&sql, 1);
        let seen = Seen { jti: "a".into(), until: at(125_000) };
        let update = update(1, UpdateState::Accepted, None);
        let say = |wall: i64| room.update(&update, &seen, at(wall), at(10)).unwrap();
        assert_eq!(
            [say(1), say(125_000), say(125_001)],
            [Updated::Stored, Updated::Replayed, Updated::Stored]
        );
    }

    #[test]
    fn the_list_begins_with_what_is_stopped_and_ends_with_the_newest_delivered() {
        let sql = MemorySql::new();
        let room = with(&sql, 60);
        for ordinal in 1..=55 {
            room.answered(&key(ordinal), &taken("L"), false, at(10)).unwrap();
        }
        room.answered(&key(58), &http(422), false, at(10)).unwrap();

        let listed: Vec<_> = room.overview().unwrap().into_iter().map(|one| one.key).collect();
        assert_eq!(listed[..6], [58, 56, 57, 59, 60, 55].map(key));
        assert_eq!((listed.len(), listed.last()), (55, Some(&key(6))));
        let json = serde_json::to_string(&room.overview().unwrap()).unwrap();
        assert!(!json.contains("Lucia") && !json.contains("settembre"), "not a word of what they say");
    }

    #[test]
    fn a_store_that_fails_at_any_statement_loses_nothing() {
        type Event = fn(&LineaInpsRoom<&MemorySql>) -> Result<(), Fault>;
        let events: [Event; 6] = [
            |room| room.hear("conversation", 9, &document(2), at(20)).map(|_| ()),
            |room| room.answered(&key(1), &taken("L-1"), false, at(20)).map(|_| ()),
            |room| room.answered(&key(1), &http(500), false, at(20)).map(|_| ()),
            |room| room.answered(&key(1), &http(422), false, at(20)).map(|_| ()),
            |room| room.retry(&key(1), at(20)).map(|_| ()),
            |room| {
                let seen = Seen { jti: "z".into(), until: at(99) };
                let update = update(1, UpdateState::Answered, Some("Pagato."));
                room.update(&update, &seen, at(20), at(20)).map(|_| ())
            },
        ];
        for event in events {
            let untouched = MemorySql::new();
            event(&with(&untouched, 1)).unwrap();
            let expected = picture(&room(&untouched));
            let mut failures = 0;
            for statements in 0.. {
                let sql = MemorySql::new();
                let room = with(&sql, 1);
                let before = picture(&room);
                sql.fail_after.set(statements);
                let failed = event(&room).is_err();
                sql.fail_after.set(-1);
                if !failed {
                    assert_eq!(picture(&room), expected);
                    break;
                }
                failures += 1;
                assert_eq!(picture(&room), before, "statement {statements}: half done");
                event(&room).unwrap();
                assert_eq!(picture(&room), expected, "statement {statements}: not done again");
            }
            assert!(failures >= 3, "an event that stores nothing proves nothing");
        }
    }

    /// Everything that can be seen of a room.
    fn picture(room: &LineaInpsRoom<&MemorySql>) -> String {
        let rows: Vec<_> = (1..=2).map(|ordinal| room.store.find(&key(ordinal)).unwrap()).collect();
        let letters: Vec<_> = told(room);
        format!("{:?} {rows:?} {letters:?} {:?}", room.overview().unwrap(), room.next_wake().unwrap())
    }

    fn room(sql: &MemorySql) -> LineaInpsRoom<&MemorySql> {
        LineaInpsRoom::open(sql, at(0)).unwrap()
    }

    /// A room that has heard so many, at 10.
    fn with(sql: &MemorySql, count: u32) -> LineaInpsRoom<&MemorySql> {
        let room = room(sql);
        for ordinal in 1..=count {
            room.hear("conversation", ordinal.into(), &document(ordinal), at(10)).unwrap();
        }
        room
    }

    /// What conversations were told, in order.
    fn told(room: &LineaInpsRoom<&MemorySql>) -> Vec<(String, Option<String>, SegnalazioneState)> {
        let mut told = Vec::new();
        let sql = room.store.sql();
        let undo: Result<(), Fault> = sql.transaction(|| {
            while let Some(letter) = room.post().due(at(i64::MAX))?.into_iter().next() {
                let ConversationNotification { conversation, command } = Letter::read(&letter.notification)?;
                assert_eq!(letter.destination, Destination::Conversation(conversation.object().into()));
                let ConversationCommand::Segnalazione(SegnalazioneStanding { id, number, state }) = command
                else {
                    panic!("{command:?}")
                };
                told.push((id.to_string(), number, state));
                room.delivered(&letter, at(0))?;
            }
            Err(Fault::Store("only looking".into()))
        });
        assert!(undo.is_err());
        told
    }

    fn keys(room: &LineaInpsRoom<&MemorySql>, delivery: Delivery) -> Vec<String> {
        let mut keys: Vec<_> = room.overview().unwrap();
        keys.retain(|one| one.delivery == delivery);
        let mut keys: Vec<_> = keys.into_iter().map(|one| one.key).collect();
        keys.sort();
        keys
    }

    fn say(
        room: &LineaInpsRoom<&MemorySql>,
        ordinal: u32,
        jti: &str,
        state: UpdateState,
        text: Option<&str>,
    ) -> Updated {
        let seen = Seen { jti: jti.into(), until: at(125_000) };
        room.update(&update(ordinal, state, text), &seen, at(20), at(20)).unwrap()
    }

    fn update(ordinal: u32, state: UpdateState, text: Option<&str>) -> Update {
        Update { key: key(ordinal), number: "L-1".into(), state, text: text.map(str::to_string) }
    }

    fn taken(number: &str) -> Answer {
        let body = Body::Whole(format!(r#"{{"number":"{number}"}}"#));
        Answer::Http { status: 201, wait_ms: None, body }
    }

    fn http(status: u16) -> Answer {
        Answer::Http { status, wait_ms: None, body: Body::Whole(String::new()) }
    }

    fn key(ordinal: u32) -> String {
        format!("{}-{ordinal}.s{ordinal}", "0f".repeat(32))
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    /// Each written a second after the one before.
    fn document(ordinal: u32) -> String {
        let written =
            jiff::Timestamp::from_millisecond(1_793_890_799_000 + i64::from(ordinal) * 1000).unwrap();
        serde_json::json!({
            "key": key(ordinal), "at": written.to_string(), "office": "058",
            "person": { "name": "Lucia Ferretti", "category": "lavoratore", "province": "058", "credential": "spid-l2" },
            "subject": { "issuer": "https://portale.example", "subject": "p-1", "category": "lavoratore" },
            "description": "Il pagamento di settembre non è arrivato.",
        })
        .to_string()
    }
}
