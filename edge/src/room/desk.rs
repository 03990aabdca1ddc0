// SPDX-License-Identifier: EUPL-1.2
//! The room of one queue's desk.
//!
//! Every link of an advisor is shown the same: the whole picture first, then what changes in it. What an advisor was shown
//! last is remembered in memory alone, as long as their links are.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use infocig_domain::{
    admission::Load,
    desk::{Desk, DeskTransition, queue::Ending},
    notification::{ConversationCommand, ConversationNotification},
    people::{Advisor, Speaker},
    policy::{DeskRules, Messages},
    rate_limiter::RateLimiter,
};
use infocig_protocol::{
    close,
    desk::{AssignedConversation, AssignmentState, DeskClientFrame, DeskPicture, DeskServerFrame},
    id::{AdvisorId, ConversationId, QueueId},
    problem::Code,
    time::Timestamp,
    version,
};

use super::{
    Accepted, Outcome, Paint, Room, Socket, flooded, hello_expected, hello_repeated, pace_of_frames,
    read_frame, too_old, written,
};
use crate::{
    problem::{Fault, Refusal},
    sql::Sql,
    store::{DeskStore, Destination, Letter, Post},
    ticket::{Door, Ticket},
};

/// One queue's desk.
pub struct DeskRoom<S> {
    store: DeskStore<S>,
    queue: QueueId,
    rules: Arc<DeskRules>,
    limits: Messages,
    ticket_key: String,
    current: RefCell<Option<Desk>>,
    /// How fast each advisor sends frames. Forgetting it is being generous once.
    paces: RefCell<BTreeMap<AdvisorId, RateLimiter>>,
    /// What the links of each advisor show.
    shown: RefCell<BTreeMap<AdvisorId, DeskPicture>>,
}

impl<S: Sql> DeskRoom<S> {
    /// The desk over its object's store. Its queue must be told the first time.
    pub fn open(
        sql: S,
        queue: Option<QueueId>,
        rules: Arc<DeskRules>,
        limits: Messages,
        ticket_key: String,
    ) -> Result<Self, Fault> {
        let store = DeskStore::open(sql)?;
        let queue = store.queue(queue)?;
        let (current, paces, shown) = (RefCell::new(None), RefCell::default(), RefCell::default());
        Ok(Self { store, queue, rules, limits, ticket_key, current, paces, shown })
    }

    /// How busy the desk is, for whoever would come now.
    pub fn load(&self, now: Timestamp) -> Result<Load, Fault> {
        self.look_at(|desk| desk.load(now))
    }

    fn hello(&self, client_version: u16, ticket: &str, now: Timestamp) -> Result<Outcome, Fault> {
        let refuse = |refusal| Outcome::refuse_and_close::<Self>(refusal, close::REFUSED);
        let Some(version) = version::negotiate(client_version) else {
            return refuse(too_old());
        };
        let door = Door::Desk(self.queue.clone());
        let ticket = match Ticket::verify(ticket, &self.ticket_key, &door, now) {
            Ok(ticket) => ticket,
            Err(refusal) => return refuse(refusal),
        };
        let (until, profile) = (ticket.ends(), ticket.profile);
        let Speaker::Advisor(advisor) = ticket.speaker else {
            return refuse(Refusal::new(Code::TicketInvalid, "not an advisor's ticket"));
        };
        let arrived = self.act(now, |desk| desk.on_connect(advisor.clone(), profile, now))?;
        let welcome = self.look_at(|desk| desk.welcome(&advisor, version))?;
        let mut to_sender = vec![written(&DeskServerFrame::Welcome(welcome))?];
        to_sender.extend(arrived.to_sender);
        let accepted = Some(Accepted { speaker: Speaker::Advisor(advisor), until });
        // Whoever has never seen a picture is shown one now.
        Ok(Outcome { accepted, to_sender, repaint: true, ..arrived })
    }

    /// Whether an advisor sends frames faster than even a program that means well.
    fn is_flooding(&self, advisor: &AdvisorId, now: Timestamp) -> bool {
        let mut paces = self.paces.borrow_mut();
        let pace = paces.entry(advisor.clone()).or_insert_with(|| pace_of_frames(self.limits));
        pace.check(now).is_err()
    }

    fn advise(&self, advisor: &AdvisorId, frame: DeskClientFrame, now: Timestamp) -> Result<Outcome, Fault> {
        match frame {
            DeskClientFrame::Hello { .. } => Outcome::refuse::<Self>(hello_repeated()),
            DeskClientFrame::Presence { presence } => {
                self.act(now, |desk| desk.set_presence(advisor, presence, now))
            }
            DeskClientFrame::Take { conversation } => {
                self.act(now, |desk| desk.take(&conversation, advisor, now))
            }
            DeskClientFrame::Accept { conversation } => {
                self.act(now, |desk| desk.accept(&conversation, advisor, now))
            }
            DeskClientFrame::Decline { conversation } => {
                self.act(now, |desk| desk.decline(&conversation, advisor, now))
            }
            DeskClientFrame::Transfer { conversation, to, note } => {
                self.act(now, |desk| desk.transfer(&conversation, advisor, to, note, now))
            }
            DeskClientFrame::Retract { conversation } => {
                self.act(now, |desk| desk.retract(&conversation, advisor, now))
            }
            DeskClientFrame::Invite { conversation, advisor: colleague } => {
                self.act(now, |desk| desk.invite(&conversation, advisor, &colleague, now))
            }
            DeskClientFrame::Leave { conversation } => {
                self.act(now, |desk| desk.leave(&conversation, advisor, now))
            }
            DeskClientFrame::Note { conversation, note } => {
                self.act(now, |desk| desk.note(&conversation, advisor, note, now))
            }
            DeskClientFrame::Notes { conversation } => self.notes(conversation, advisor),
            DeskClientFrame::Close { conversation, topic, outcome } => {
                let ending = Ending { topic, outcome };
                self.act(now, |desk| desk.close(&conversation, advisor, ending, now))
            }
        }
    }

    /// The notes of a conversation, for those it is open to.
    fn notes(&self, conversation: ConversationId, advisor: &AdvisorId) -> Result<Outcome, Fault> {
        let frame = if self.look_at(|desk| desk.may_read_notes(&conversation, advisor))? {
            let notes = self.store.notes(&conversation)?;
            DeskServerFrame::Notes { conversation, notes }
        } else {
            let detail = "this advisor does not hold the conversation".to_string();
            let (code, conversation) = (Code::NotAssigned, Some(conversation));
            DeskServerFrame::Refused { code, detail, conversation }
        };
        Ok(Outcome { to_sender: vec![written(&frame)?], ..Outcome::default() })
    }

    fn act(&self, now: Timestamp, rule: impl FnOnce(&mut Desk) -> DeskTransition) -> Result<Outcome, Fault> {
        // Taken out, so that nothing is left of it in memory if storing fails.
        let current = self.current.take();
        let mut desk = current.map_or_else(|| self.restored(), Ok)?;
        let mut step = rule(&mut desk);
        self.repeat_note(&mut step)?;
        if !step.stores_nothing() {
            self.store.sql().transaction(|| {
                self.store.save(&step)?;
                self.post().send(&step.notifications, now)
            })?;
        }
        self.current.replace(Some(desk));
        let to_sender = step.replies.iter().map(written).collect::<Result<_, _>>()?;
        let told = step.to_advisors.iter().map(|(advisor, frame)| Ok((advisor.clone(), written(frame)?)));
        let to_advisors = told.collect::<Result<_, Fault>>()?;
        Ok(Outcome { to_sender, to_advisors, repaint: step.pictures_changed, ..Outcome::default() })
    }

    /// A note that is there already is told again as it is there, to whoever sent it.
    fn repeat_note(&self, step: &mut DeskTransition) -> Result<(), Fault> {
        let Some((conversation, note)) = &step.new_note else { return Ok(()) };
        if let Some(known) = self.store.note(conversation, &note.id)? {
            let (conversation, notes) = (conversation.clone(), vec![known]);
            step.to_advisors.retain(|(_, frame)| !matches!(frame, DeskServerFrame::Notes { .. }));
            step.replies.push(DeskServerFrame::Notes { conversation, notes });
            step.new_note = None;
        }
        Ok(())
    }

    /// What an advisor sees, with a ticket for each conversation that is open to them. A ticket begins when the conversation
    /// came to them, so that it is the same in every picture.
    fn picture(&self, advisor: &Advisor, now: Timestamp) -> Result<DeskPicture, Fault> {
        let mut picture = self.look_at(|desk| desk.picture(&advisor.id, now))?;
        let shown = self.shown.borrow();
        let known = shown.get(&advisor.id).into_iter().flat_map(|shown| &shown.mine);
        let known: BTreeMap<_, _> =
            known.map(|own| ((&own.conversation, own.since), own.ticket.as_ref())).collect();
        for own in &mut picture.mine {
            match own.state {
                AssignmentState::Held { .. }
                | AssignmentState::Helping { .. }
                | AssignmentState::WrapUp { .. } => {
                    let signed = known.get(&(&own.conversation, own.since)).copied().flatten().cloned();
                    own.ticket = Some(signed.map_or_else(|| self.ticket(own, advisor), Ok)?);
                }
                AssignmentState::Offered { .. } | AssignmentState::Invited { .. } => {}
            }
        }
        Ok(picture)
    }

    fn ticket(&self, own: &AssignedConversation, advisor: &Advisor) -> Result<String, Fault> {
        let door = Door::Conversation(own.conversation.clone());
        Ticket::new(door, Speaker::Advisor(advisor.clone()), own.since).sign(&self.ticket_key)
    }

    /// Does several things that take effect together or not at all.
    fn together(&self, work: impl FnOnce() -> Result<Outcome, Fault>) -> Result<Outcome, Fault> {
        self.store.sql().transaction(work).inspect_err(|_| {
            self.current.replace(None);
        })
    }

    fn look_at<T>(&self, look: impl FnOnce(&Desk) -> T) -> Result<T, Fault> {
        let mut current = self.current.borrow_mut();
        let desk = match current.take() {
            Some(desk) => desk,
            None => self.restored()?,
        };
        Ok(look(current.insert(desk)))
    }

    fn restored(&self) -> Result<Desk, Fault> {
        Ok(Desk::restore(self.queue.clone(), Arc::clone(&self.rules), self.store.rows()?))
    }
}

impl<S: Sql> Room for DeskRoom<S> {
    type Sql = S;

    fn post(&self) -> Post<'_, S> {
        Post::new(self.store.sql())
    }

    fn receive(&self, socket: &Socket, text: &str, now: Timestamp) -> Result<Outcome, Fault> {
        if socket.advisor().is_some_and(|advisor| self.is_flooding(advisor, now)) {
            return flooded::<Self>();
        }
        let frame = match read_frame::<Self, DeskClientFrame>(socket, text, DeskClientFrame::NAMES)? {
            Ok(frame) => frame,
            Err(outcome) => return Ok(outcome),
        };
        match (&socket.speaker, frame) {
            (None, DeskClientFrame::Hello { version, ticket }) => self.hello(version, &ticket, now),
            (Some(Speaker::Advisor(advisor)), frame) => self.advise(&advisor.id, frame, now),
            (None | Some(Speaker::Citizen), _) => {
                Outcome::refuse_and_close::<Self>(hello_expected(), close::REFUSED)
            }
        }
    }

    fn hear(&self, source: &str, id: i64, notification: &str, now: Timestamp) -> Result<Outcome, Fault> {
        let notification = Letter::read(notification)?;
        self.together(|| {
            if !self.post().hear(source, id)? {
                return Ok(Outcome::default());
            }
            self.act(now, |desk| desk.apply(notification, now))
        })
    }

    fn wake(&self, now: Timestamp) -> Result<Option<Outcome>, Fault> {
        if self.next_wake()?.is_none_or(|due| due > now) {
            return Ok(None);
        }
        self.act(now, |desk| desk.wake(now)).map(Some)
    }

    fn next_wake(&self) -> Result<Option<Timestamp>, Fault> {
        self.look_at(Desk::next_wake)
    }

    fn delivered(&self, letter: &Letter, now: Timestamp) -> Result<Outcome, Fault> {
        let confirmed = match &letter.destination {
            Destination::Conversation(_) => match Letter::read(&letter.notification)? {
                ConversationNotification {
                    conversation,
                    command: ConversationCommand::Assigned { assignment_epoch, .. },
                } => Some((conversation, assignment_epoch)),
                ConversationNotification { .. } => None,
            },
            Destination::Desk(_) | Destination::Register | Destination::LineaInps => None,
        };
        let Some((conversation, assignment_epoch)) = confirmed else {
            self.post().delivered(letter)?;
            return Ok(Outcome::default());
        };
        self.together(|| {
            self.post().delivered(letter)?;
            self.act(now, |desk| desk.confirm(&conversation, assignment_epoch, now))
        })
    }

    fn census(&self, links: &[Socket], now: Timestamp) -> Result<Outcome, Fault> {
        let connected: BTreeSet<AdvisorId> = links.iter().filter_map(Socket::advisor).cloned().collect();
        self.act(now, |desk| desk.reconcile_connections(&connected, now))
    }

    fn parted(&self, link: &Socket, now: Timestamp) -> Result<Outcome, Fault> {
        let Some(advisor) = link.advisor() else { return Ok(Outcome::default()) };
        self.shown.borrow_mut().remove(advisor);
        self.act(now, |desk| desk.on_last_disconnect(advisor, now))
    }

    fn paint(&self, speaker: &Speaker, anew: bool, now: Timestamp) -> Result<Paint, Fault> {
        let Speaker::Advisor(advisor) = speaker else { return Ok(Paint::default()) };
        let picture = self.picture(advisor, now)?;
        let mut shown = self.shown.borrow_mut();
        let before = shown.get(&advisor.id);
        let whole = if anew { Some(written(&DeskServerFrame::Desk(picture.clone()))?) } else { None };
        let changes = before.and_then(|before| picture.changes_since(before));
        let changed = changes.map(|changes| written(&DeskServerFrame::Changed(changes))).transpose()?;
        if before != Some(&picture) {
            shown.insert(advisor.id.clone(), picture);
        }
        Ok(Paint { whole, changed })
    }

    fn refusal(refusal: Refusal) -> Result<String, Fault> {
        written(&DeskServerFrame::Refused { code: refusal.code, detail: refusal.detail, conversation: None })
    }
}

#[cfg(test)]
mod tests {
    use infocig_domain::{desk::fit::Profile, notification::DeskNotification, policy::Policy};
    use infocig_protocol::{
        desk::{NoteDraft, Presence, TransferTo},
        entry::{Outcome as Ended, Party},
        id::MessageId,
        language::Language,
        person::{Category, Credential, PersonCard},
    };

    use super::*;
    use crate::sql::testing::MemorySql;

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn a_conversation_goes_from_the_queue_into_the_hands_of_one_advisor() {
        let sql = MemorySql::new();
        let room = room(&sql);
        say_hello(&room, "giulia", 1);
        say_hello(&room, "marco", 2);
        room.hear("a", 1, &waiting(1), at(3)).unwrap();
        assert_eq!(hands(&room, "giulia"), ["offered"]);

        accept(&room, "giulia", 1);
        assert_eq!(hands(&room, "giulia"), [""; 0], "not before the conversation knows");
        deliver(&room);

        assert_eq!(hands(&room, "giulia"), ["held"]);
        assert_eq!(hands(&room, "marco"), [""; 0]);
        assert_eq!(room.post().next_due().unwrap(), None);
    }

    #[test]
    fn a_notice_heard_twice_seats_a_conversation_once() {
        let sql = MemorySql::new();
        let room = room(&sql);
        room.hear("a", 1, &waiting(1), at(1)).unwrap();
        room.hear("a", 2, &closed(1, None), at(2)).unwrap();

        assert_eq!(room.hear("a", 1, &waiting(1), at(3)).unwrap(), Outcome::default());
        assert_eq!(picture(&room, "giulia").waiting, []);
    }

    #[test]
    fn the_desk_is_the_same_after_its_memory_was_wiped() {
        let sql = MemorySql::new();
        say_hello(&room(&sql), "giulia", 1);
        room(&sql).hear("a", 1, &waiting(1), at(2)).unwrap();
        room(&sql).hear("b", 1, &waiting(2), at(3)).unwrap();
        accept(&room(&sql), "giulia", 1);
        deliver(&room(&sql));

        assert_eq!(hands(&room(&sql), "giulia"), ["offered", "held"]);
        let unnamed = DeskRoom::open(&sql, None, rules(), limits(), KEY.into()).unwrap();
        assert_eq!(unnamed.queue, queue());
    }

    #[test]
    fn a_store_that_fails_at_any_statement_strands_nobody() {
        for statements in 0..16 {
            let sql = MemorySql::new();
            let room = room(&sql);
            say_hello(&room, "giulia", 1);
            room.hear("a", 1, &waiting(1), at(1)).unwrap();
            deliver(&room);

            sql.fail_after.set(statements);
            let failed = room.receive(&link("giulia"), &accepting(1), at(2)).is_err();
            sql.fail_after.set(-1);

            let letters = room.post().due(at(9)).unwrap().len();
            let offered = hands(&room, "giulia").len();
            assert_eq!((offered, letters), if failed { (1, 0) } else { (0, 1) }, "after {statements}");
        }
    }

    #[test]
    fn a_link_is_shown_the_whole_picture_once_and_then_what_changes() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let welcomed = say_hello(&room, "giulia", 1);
        assert!(welcomed.repaint && welcomed.to_sender[0].contains("welcome"), "{welcomed:?}");
        let giulia = Speaker::Advisor(advisor("giulia"));
        let first = room.paint(&giulia, true, at(1)).unwrap();
        let DeskServerFrame::Desk(mut shown) = frame(&first.whole.unwrap()) else { panic!("no picture") };

        room.hear("a", 1, &waiting(1), at(2)).unwrap();
        let second = room.paint(&giulia, false, at(2)).unwrap();
        assert_eq!(second.whole, None);
        let DeskServerFrame::Changed(changes) = frame(&second.changed.unwrap()) else { panic!("no change") };
        shown.apply(changes);

        assert_eq!(shown, picture(&room, "giulia"));
        assert_eq!(room.paint(&giulia, false, at(2)).unwrap(), Paint::default());
        let fresh = self::room(&sql).paint(&giulia, true, at(2)).unwrap();
        assert!(fresh.whole.is_some() && fresh.changed.is_none(), "memory was lost");
    }

    #[test]
    fn only_what_is_in_hand_comes_with_a_ticket_which_stays_the_same() {
        let sql = MemorySql::new();
        let room = room(&sql);
        say_hello(&room, "giulia", 1);
        room.hear("a", 1, &waiting(1), at(2)).unwrap();
        let ticket = |now| room.picture(&advisor("giulia"), at(now)).unwrap().mine[0].ticket.clone();
        assert_eq!(ticket(3), None);

        accept(&room, "giulia", 1);
        deliver(&room);

        let signed = ticket(10).unwrap();
        assert_eq!(ticket(9_999), Some(signed.clone()));
        let door = Door::Conversation(conversation(1));
        let read = Ticket::verify(&signed, KEY, &door, at(10)).unwrap();
        assert_eq!(read.speaker, Speaker::Advisor(advisor("giulia")));
    }

    #[test]
    fn an_advisor_is_one_of_those_for_a_person_by_the_profile_in_their_ticket() {
        let sql = MemorySql::new();
        let room = room(&sql);
        let naples = Profile { provinces: vec!["063".into()], ..Profile::default() };
        say_hello_as(&room, "marco", naples, 1);
        room.hear("a", 1, &waiting(1), at(2)).unwrap();
        assert_eq!(hands(&room, "marco"), [""; 0]);

        say_hello(&room, "giulia", 3);
        assert_eq!(hands(&room, "giulia"), ["offered"]);
    }

    #[test]
    fn whoever_is_lost_gives_back_what_they_held_after_the_grace() {
        let sql = MemorySql::new();
        say_hello(&room(&sql), "giulia", 1);
        room(&sql).hear("a", 1, &waiting(1), at(2)).unwrap();
        accept(&room(&sql), "giulia", 1);
        deliver(&room(&sql));

        room(&sql).census(&[link("giulia")], at(10)).unwrap();
        assert_eq!(room(&sql).next_wake().unwrap(), None);
        room(&sql).census(&[], at(20)).unwrap();
        assert_eq!(room(&sql).next_wake().unwrap(), Some(at(60_020)));
        say_hello(&room(&sql), "giulia", 30);
        assert_eq!(room(&sql).next_wake().unwrap(), None);
        room(&sql).parted(&link("giulia"), at(40)).unwrap();
        room(&sql).wake(at(60_040)).unwrap().unwrap();

        assert!(picture(&room(&sql), "marco").waiting[0].returned);
        let letters = room(&sql).post().due(at(70_000)).unwrap();
        assert!(letters[0].notification.contains("released"), "{letters:?}");
    }

    #[test]
    fn notes_are_for_those_the_conversation_is_open_to_and_die_with_its_seat() {
        let sql = MemorySql::new();
        let room = room(&sql);
        say_hello(&room, "giulia", 1);
        say_hello(&room, "marco", 1);
        room.hear("a", 1, &waiting(1), at(2)).unwrap();
        accept(&room, "giulia", 1);
        deliver(&room);
        let note = |id: &str, text: &str| DeskClientFrame::Note {
            conversation: conversation(1),
            note: NoteDraft { id: MessageId::parse(id).unwrap(), text: text.into() },
        };

        let first = send(&room, "giulia", &note("n1", "verificare"), 3);
        assert_eq!(first.to_advisors.len(), 1);
        let again = send(&room, "giulia", &note("n1", "altro"), 4);
        assert_eq!((again.to_advisors.len(), &again.to_sender), (0, &vec![first.to_advisors[0].1.clone()]));
        send(&room, "giulia", &note("n0", "seconda"), 5);
        let notes = DeskClientFrame::Notes { conversation: conversation(1) };
        let DeskServerFrame::Notes { notes: read, .. } =
            frame(&send(&room, "giulia", &notes, 6).to_sender[0])
        else {
            panic!("no notes")
        };
        assert_eq!(read.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(), ["verificare", "seconda"]);
        assert!(matches!(
            frame(&send(&room, "marco", &notes, 7).to_sender[0]),
            DeskServerFrame::Refused { code: Code::NotAssigned, .. }
        ));

        room.hear("a", 2, &closed(1, Some("giulia")), at(8)).unwrap();
        room.wake(at(99_999)).unwrap();
        assert_eq!(room.store.notes(&conversation(1)).unwrap(), []);
    }

    #[test]
    fn each_conversation_that_leaves_is_written_to_the_register_once() {
        let sql = MemorySql::new();
        let room = room(&sql);
        say_hello(&room, "giulia", 1);
        room.hear("a", 1, &waiting(1), at(2)).unwrap();
        accept(&room, "giulia", 1);
        deliver(&room);
        let topic = ["pagamento", "diretto", "data"].map(String::from);
        let close = DeskClientFrame::Close { conversation: conversation(1), topic, outcome: Ended::Online };
        send(&room, "giulia", &close, 5);
        let letter = room.post().due(at(9)).unwrap().remove(0);
        assert_eq!(letter.destination, Destination::Conversation("0f".repeat(32)));
        room.delivered(&letter, at(9)).unwrap();
        room.hear("a", 2, &closed(1, Some("giulia")), at(10)).unwrap();
        assert_eq!(hands(&room, "giulia"), ["wrap_up"]);

        room.wake(at(60_010)).unwrap().unwrap();

        let letter = room.post().due(at(70_000)).unwrap().remove(0);
        assert_eq!(letter.destination, Destination::Register);
        assert!(letter.notification.contains("pagamento"), "{}", letter.notification);
        room.delivered(&letter, at(70_000)).unwrap();
        assert_eq!(room.post().next_due().unwrap(), None);
        assert_eq!(hands(&room, "giulia"), [""; 0]);
    }

    #[test]
    fn a_flood_of_frames_ends_the_link_of_who_sends_it_and_leaves_the_others_alone() {
        let sql = MemorySql::new();
        let room = room(&sql);
        say_hello(&room, "giulia", 1);
        say_hello(&room, "marco", 1);
        let busy =
            |name: &str, now| send(&room, name, &DeskClientFrame::Presence { presence: Presence::Busy }, now);

        for _ in 0..10 {
            assert_eq!(busy("giulia", 2).close_sender, None);
        }
        let flooded = busy("giulia", 2);
        assert_eq!(flooded.close_sender, Some(close::TOO_FAST));
        let DeskServerFrame::Refused { code: Code::TooFast, conversation: None, .. } =
            frame(&flooded.to_sender[0])
        else {
            panic!("{flooded:?}")
        };
        let malformed = room.receive(&link("giulia"), "{", at(2)).unwrap();
        assert_eq!(malformed.close_sender, Some(close::TOO_FAST), "what is no frame counts too");
        assert_eq!(busy("marco", 2).close_sender, None);
        assert_eq!(busy("giulia", 103).close_sender, None, "a little later");
    }

    #[test]
    fn what_is_taken_back_is_offered_no_more() {
        let sql = MemorySql::new();
        let room = room(&sql);
        say_hello(&room, "giulia", 1);
        room.hear("a", 1, &waiting(1), at(2)).unwrap();
        accept(&room, "giulia", 1);
        deliver(&room);
        say_hello(&room, "marco", 3);
        let (conversation, to) = (conversation(1), TransferTo::Advisor(advisor("marco").id));
        let on = DeskClientFrame::Transfer { conversation: conversation.clone(), to, note: None };
        send(&room, "giulia", &on, 4);
        assert_eq!(hands(&room, "marco"), ["offered"]);

        let back = send(&room, "giulia", &DeskClientFrame::Retract { conversation }, 5);

        assert_eq!(back.to_sender, [""; 0]);
        assert_eq!((hands(&self::room(&sql), "giulia"), hands(&room, "marco")), (vec!["held"], vec![]));
    }

    #[test]
    fn what_is_handed_back_waits_again() {
        let sql = MemorySql::new();
        let room = room(&sql);
        say_hello(&room, "giulia", 1);
        room.hear("a", 1, &waiting(1), at(2)).unwrap();
        accept(&room, "giulia", 1);
        deliver(&room);
        let back =
            DeskClientFrame::Transfer { conversation: conversation(1), to: TransferTo::Queue, note: None };
        send(&room, "giulia", &back, 5);

        assert_eq!(picture(&room, "giulia").waiting.len(), 1);
        assert_eq!(room.load(at(6)).unwrap(), Load::Bearable);
    }

    fn room(sql: &MemorySql) -> DeskRoom<&MemorySql> {
        DeskRoom::open(sql, Some(queue()), rules(), limits(), KEY.into()).unwrap()
    }

    fn rules() -> Arc<DeskRules> {
        Arc::new(Policy::parse(include_str!("../../policy.json")).unwrap().desk)
    }

    /// Ten frames at once, and then ten a second.
    fn limits() -> Messages {
        let number = |n| std::num::NonZeroU32::new(n).unwrap();
        Messages { burst: number(1), per_minute: number(60), per_conversation: number(5_000) }
    }

    fn queue() -> QueueId {
        QueueId::parse("info-cig").unwrap()
    }

    fn say_hello(room: &DeskRoom<&MemorySql>, name: &str, now: i64) -> Outcome {
        say_hello_as(room, name, Profile::default(), now)
    }

    fn say_hello_as(room: &DeskRoom<&MemorySql>, name: &str, profile: Profile, now: i64) -> Outcome {
        let ticket = Ticket::new(Door::Desk(queue()), Speaker::Advisor(advisor(name)), at(now));
        let ticket = Ticket { profile, ..ticket }.sign(KEY).unwrap();
        let hello = DeskClientFrame::Hello { version: version::CURRENT, ticket };
        let stranger = Socket::new(at(0), None);
        room.receive(&stranger, &serde_json::to_string(&hello).unwrap(), at(now)).unwrap()
    }

    fn send(room: &DeskRoom<&MemorySql>, name: &str, frame: &DeskClientFrame, now: i64) -> Outcome {
        room.receive(&link(name), &serde_json::to_string(frame).unwrap(), at(now)).unwrap()
    }

    fn accept(room: &DeskRoom<&MemorySql>, name: &str, ordinal: u32) {
        room.receive(&link(name), &accepting(ordinal), at(4)).unwrap();
    }

    fn accepting(ordinal: u32) -> String {
        serde_json::to_string(&DeskClientFrame::Accept { conversation: conversation(ordinal) }).unwrap()
    }

    /// Every letter arrives.
    fn deliver(room: &DeskRoom<&MemorySql>) {
        loop {
            let letters = room.post().due(at(9)).unwrap();
            if letters.is_empty() {
                return;
            }
            for letter in letters {
                room.delivered(&letter, at(9)).unwrap();
            }
        }
    }

    fn picture(room: &DeskRoom<&MemorySql>, name: &str) -> DeskPicture {
        room.picture(&advisor(name), at(5)).unwrap()
    }

    /// What an advisor has, newest last.
    fn hands(room: &DeskRoom<&MemorySql>, name: &str) -> Vec<&'static str> {
        let state = |state: &AssignmentState| match state {
            AssignmentState::Offered { .. } => "offered",
            AssignmentState::Invited { .. } => "invited",
            AssignmentState::Held { .. } => "held",
            AssignmentState::Helping { .. } => "helping",
            AssignmentState::WrapUp { .. } => "wrap_up",
        };
        picture(room, name).mine.iter().map(|own| state(&own.state)).collect()
    }

    fn link(name: &str) -> Socket {
        Socket { speaker: Some(Speaker::Advisor(advisor(name))), ..Socket::new(at(0), None) }
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
            language: Language::It,
            about: None,
            question: None,
        };
        let notification = DeskNotification::Waiting {
            conversation: conversation(ordinal),
            since: at(i64::from(ordinal)),
            person,
        };
        serde_json::to_string(&notification).unwrap()
    }

    fn closed(ordinal: u32, held_by: Option<&str>) -> String {
        let notification = DeskNotification::Closed {
            conversation: conversation(ordinal),
            by: Party::Citizen,
            outcome: None,
            held_by: held_by.map(|name| advisor(name).id),
        };
        serde_json::to_string(&notification).unwrap()
    }

    fn frame(text: &str) -> DeskServerFrame {
        serde_json::from_str(text).unwrap()
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }
}
