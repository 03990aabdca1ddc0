// SPDX-License-Identifier: EUPL-1.2
//! The scenario of a desk: conversations in every stage, advisors in every presence.

use infocig_domain::{
    conversation::ClosingTime,
    desk::fit::Profile,
    notification::DeskNotification,
    people::PriorityFacts,
    policy::{Policy, Queue},
    staff::StaffRole,
};
use infocig_protocol::{
    call::CallStep,
    desk::{
        BlockDraft, DeskClientFrame, HoldDraft, HoldReason, NoteDraft, Presence, QuickReply, TransferTo,
        Translation,
    },
    entry::{Outcome, Party},
    id::{ConversationId, QueueId},
    language::Language,
    person::Category,
    skill::Skill,
    supervision::OfficeQueue,
    version,
};

use super::{
    connect_without_socket, fail_to_send,
    people::{KEY, advisor, at, message, person, policy, question, queue, speaker, topic},
    read_messaging,
};
use crate::{
    actors::{Actor, DeskActor, LinkState, LinkedActor},
    auth::ticket::{Ticket, TicketScope},
    sql::testing::MemorySql,
    store::{DeskStore, Destination, OutboxMessage},
};

pub(super) fn scenario(sql: &MemorySql) {
    let mut desk = Desk { sql, actor: open(sql), received: 0 };

    // An advisor is lost with a conversation, which comes back; a person goes away before anybody answers.
    desk.arrives("luca", 0);
    desk.waits(1, 1);
    desk.sends("luca", &DeskClientFrame::Accept { conversation: conversation(1) }, 2);
    desk.delivers(&[1], 3);
    desk.actor.on_last_disconnect(&link("luca"), at(4)).unwrap();
    desk.waits(2, 5);
    desk.on_notification(
        &DeskNotification::Question { conversation: conversation(1), question: question() },
        6,
    );
    desk.closes(2, None, 7);
    desk.actor.wake(at(70)).unwrap().unwrap();

    // Three conversations of one advisor: with a helper and a colleague who is asked, one to transfer later, and one over.
    desk.arrives("giulia", 71);
    desk.sends("giulia", &DeskClientFrame::Decline { conversation: conversation(1) }, 72);
    for number in [3, 4, 5] {
        desk.waits(number, 73);
        desk.sends("giulia", &DeskClientFrame::Accept { conversation: conversation(number) }, 74);
    }
    desk.delivers(&[3, 4, 5], 75);
    desk.arrives("marco", 76);
    desk.sends("marco", &DeskClientFrame::Decline { conversation: conversation(1) }, 77);
    desk.invites(3, "marco", 78);
    desk.sends("marco", &DeskClientFrame::Accept { conversation: conversation(3) }, 79);
    desk.sends("marco", &DeskClientFrame::Leave { conversation: conversation(3) }, 79);
    desk.invites(3, "marco", 79);
    desk.sends("marco", &DeskClientFrame::Accept { conversation: conversation(3) }, 79);
    desk.arrives("anna", 80);
    desk.invites(3, "anna", 81);
    desk.notes(3, "n1", 82);
    desk.sends("giulia", &DeskClientFrame::KeepReply { reply: own_reply() }, 83);
    desk.ends("giulia", 5, 84);
    desk.closes(5, Some("giulia"), 85);

    // One that its advisor ended and that does not know it yet; one that is given back, taken, and in the register.
    desk.waits(6, 87);
    let taker = &desk.asked(6);
    desk.sends(taker, &DeskClientFrame::Accept { conversation: conversation(6) }, 88);
    desk.ends(taker, 6, 89);
    desk.waits(7, 90);
    let giver = &desk.asked(7);
    desk.sends(giver, &DeskClientFrame::Accept { conversation: conversation(7) }, 90);
    let to = TransferTo::OtherQueue(consultants());
    let back = DeskClientFrame::Transfer { conversation: conversation(7), to, note: None };
    desk.sends(giver, &back, 90);
    let taker = &desk.asked(7);
    desk.sends(taker, &DeskClientFrame::Accept { conversation: conversation(7) }, 91);
    desk.closes(7, Some(taker), 92);
    desk.ends(taker, 7, 93);

    // Some wait, offered or declined; advisors in every presence, one disconnected; a transfer that is not accepted yet.
    desk.sends("anna", &DeskClientFrame::Presence { presence: Presence::Paused }, 94);
    desk.waits(8, 95);
    desk.waits(9, 96);
    desk.arrives("luca", 97);
    for (name, presence) in [("luca", Presence::Leaving), ("marco", Presence::Busy)] {
        desk.sends(name, &DeskClientFrame::Presence { presence }, 98);
    }
    desk.arrives("sara", 99);
    desk.sends("sara", &DeskClientFrame::Decline { conversation: conversation(8) }, 100);
    desk.arrives("piero", 101);
    desk.actor.on_last_disconnect(&link("piero"), at(102)).unwrap();
    let (to, note) = (TransferTo::Advisor(advisor("sara").id), Some(note("n2")));
    desk.sends("giulia", &DeskClientFrame::Transfer { conversation: conversation(4), to, note }, 103);

    // A supervisor reads one, whispers in it, and has read another; the sides of it took their turns.
    desk.supervises("ada", 104);
    let observe = |number: u32| DeskClientFrame::Observe { conversation: conversation(number) };
    desk.sends("ada", &observe(4), 105);
    desk.sends("ada", &DeskClientFrame::Leave { conversation: conversation(4) }, 106);
    desk.sends("ada", &observe(3), 107);
    let whisper = DeskClientFrame::Whisper { conversation: conversation(3), note: self::note("w1") };
    desk.sends("ada", &whisper, 108);
    let spoke =
        |by, advisor| DeskNotification::Spoke { conversation: conversation(3), by, advisor, at: at(109) };
    desk.on_notification(&spoke(Party::Citizen, None), 109);
    desk.on_notification(&spoke(Party::Advisor, Some(advisor("giulia").id)), 110);
    let to = TransferTo::OtherQueue(consultants());
    desk.sends("ada", &DeskClientFrame::Reassign { conversation: conversation(9), to }, 110);
    desk.on_notification(
        &DeskNotification::Connector(OfficeQueue { waiting: 2, given_up: 1, dead_letters: 0 }),
        111,
    );
    // The service closes at another hour than people were told.
    desk.on_notification(&DeskNotification::RulesChanged { version: 2 }, 111);

    let signed_off = DeskNotification::SignedOff {
        advisor: advisor("nessuno").id,
        session: "session-1".into(),
        until: at(43_200),
    };
    desk.on_notification(&signed_off, 111);

    // The same one is put on hold twice.
    let hold = || HoldDraft { reason: HoldReason::Office, text: Some("Manca il ticket.".into()), minutes: 5 };
    desk.sends("giulia", &DeskClientFrame::Hold { conversation: conversation(3), hold: hold() }, 112);
    desk.sends("giulia", &DeskClientFrame::Resume { conversation: conversation(3) }, 113);
    desk.sends("giulia", &DeskClientFrame::Hold { conversation: conversation(3), hold: hold() }, 114);

    // The two of one conversation talk.
    let step = CallStep::Accepted {};
    let call =
        DeskNotification::Call { conversation: conversation(3), call: 9, step, places: 1, at: at(114) };
    desk.on_notification(&call, 114);

    // A person is warned; another is blocked without a warning, and a third one's block is lifted.
    desk.sends("giulia", &DeskClientFrame::Warn { conversation: conversation(3) }, 115);
    let unwarned = Some("Minacce fin dal primo messaggio.".into());
    let block = || BlockDraft { hours: 24, reason: "Minacce.".into(), unwarned: unwarned.clone() };
    desk.sends("ada", &DeskClientFrame::Block { conversation: conversation(3), block: block() }, 116);
    desk.sends("ada", &DeskClientFrame::Block { conversation: conversation(4), block: block() }, 117);
    let reason = "Equivoco chiarito.".into();
    desk.sends("ada", &DeskClientFrame::Lift { conversation: conversation(3), reason }, 118);

    connect_without_socket(sql, link("anna"), speaker("luca"));
    fail_to_send(sql);
}

pub(super) fn read(sql: &MemorySql) -> String {
    let store = DeskStore::open(sql).unwrap();
    let rows = store.rows().unwrap();
    let mut read = vec![read_messaging(sql), format!("{rows:?}")];
    for conversation in &rows.conversations {
        read.push(format!("{:?}", store.notes(&conversation.id).unwrap()));
    }
    let actor = open(sql);
    for present in &rows.advisors {
        let speaker = speaker(present.advisor.id.as_str());
        read.push(format!("{:?}", actor.publish(&speaker, true, at(104)).unwrap()));
    }
    read.push(format!("{:?} {:?}", actor.load(&queue(), at(104)).unwrap(), actor.next_wake().unwrap()));
    read.join("\n")
}

struct Desk<'s> {
    sql: &'s MemorySql,
    actor: DeskActor<&'s MemorySql>,
    received: i64,
}

impl Desk<'_> {
    fn arrives(&self, name: &str, seconds: i64) {
        self.comes(name, false, seconds);
    }

    fn supervises(&self, name: &str, seconds: i64) {
        self.comes(name, true, seconds);
    }

    fn comes(&self, name: &str, supervisor: bool, seconds: i64) {
        let profile = Profile {
            categories: Category::ALL.to_vec(),
            languages: Language::ALL.to_vec(),
            provinces: vec!["058".into(), "063".into()],
            skills: Skill::ALL.to_vec(),
            queues: vec![queue(), consultants()],
        };
        let ticket = Ticket::new(TicketScope::Desk(queue().into()), speaker(name), at(seconds));
        let role = if supervisor { StaffRole::Supervisor } else { StaffRole::Advisor };
        let ticket = Ticket { profile, roles: role.into(), ..ticket }.sign(KEY).unwrap();
        let hello = DeskClientFrame::Hello { version: version::CURRENT, ticket };
        let link = LinkState::new(at(0), None);
        self.actor.receive(&link, &serde_json::to_string(&hello).unwrap(), at(seconds)).unwrap();
    }

    fn waits(&mut self, number: u32, seconds: i64) {
        // Of the people, the first five have a subject: a fit compares it.
        let person = Box::new(person(number as usize % 5));
        let closing = Some(ClosingTime { warn: Some(at(1_000)), closes: at(2_000), ends: at(3_000) });
        let (conversation, since) = (conversation(number), at(seconds));
        let queue = policy_of_two_queues().queue_for(person.category).map(|queue| queue.id.clone());
        let last_here = (number == 8).then(|| at(0));
        let facts = PriorityFacts { last_here, deadline: None };
        let waiting = DeskNotification::Waiting { conversation, since, person, closing, facts, queue };
        self.on_notification(&waiting, seconds);
    }

    fn closes(&mut self, number: u32, held_by: Option<&str>, seconds: i64) {
        let (by, outcome) = (Party::Advisor, held_by.map(|_| Outcome::Online));
        let held_by = held_by.map(|name| advisor(name).id);
        let conversation = conversation(number);
        self.on_notification(&DeskNotification::Closed { conversation, by, outcome, held_by }, seconds);
    }

    fn on_notification(&mut self, notification: &DeskNotification, seconds: i64) {
        self.received += 1;
        let text = serde_json::to_string(notification).unwrap();
        self.actor.on_notification("conversation", self.received, &text, at(seconds)).unwrap();
    }

    fn invites(&self, number: u32, name: &str, seconds: i64) {
        let (conversation, advisor) = (conversation(number), advisor(name).id);
        self.sends("giulia", &DeskClientFrame::Invite { conversation, advisor }, seconds);
    }

    fn notes(&self, number: u32, id: &str, seconds: i64) {
        let note = DeskClientFrame::Note { conversation: conversation(number), note: note(id) };
        self.sends("giulia", &note, seconds);
    }

    fn ends(&self, name: &str, number: u32, seconds: i64) {
        let (conversation, topic) = (conversation(number), topic());
        let close = DeskClientFrame::Close { conversation, topic, outcome: Outcome::Online };
        self.sends(name, &close, seconds);
    }

    fn sends(&self, name: &str, frame: &DeskClientFrame, seconds: i64) {
        let text = serde_json::to_string(frame).unwrap();
        let effects = self.actor.receive(&link(name), &text, at(seconds)).unwrap();
        let refused = effects.replies.iter().find(|reply| reply.starts_with(r#"{"refused""#));
        assert_eq!(refused, None, "{name} {text}");
    }

    /// Every message to these conversations arrives.
    fn delivers(&self, numbers: &[u32], seconds: i64) {
        let objects: Vec<_> =
            numbers.iter().map(|number| conversation(*number).object().to_string()).collect();
        let is_theirs = |message: &OutboxMessage| match &message.destination {
            Destination::Conversation(object) => objects.contains(object),
            Destination::Desk(_)
            | Destination::Register
            | Destination::LineaInps
            | Destination::Audit
            | Destination::Webhook(_) => false,
        };
        while let Some(message) = self.actor.outbox().due(at(seconds)).unwrap().into_iter().find(is_theirs) {
            self.actor.delivered(&message, at(seconds)).unwrap();
        }
    }

    /// The advisor who is asked to take a conversation.
    fn asked(&self, number: u32) -> String {
        let id = conversation(number);
        let conversations = DeskStore::open(self.sql).unwrap().rows().unwrap().conversations;
        let offered = conversations.into_iter().find(|one| one.id == id);
        offered.unwrap().offer.unwrap().to.id.to_string()
    }
}

/// The policy, with a queue for consultants beside the others' at the same desk.
fn policy_of_two_queues() -> Policy {
    let mut policy = policy();
    let (theirs, others) = Category::ALL.into_iter().partition(|one| *one == Category::Consulente);
    let (name, desk) = (None, Some(queue().into()));
    policy.queues = vec![
        Queue { id: queue(), name: name.clone(), desk: desk.clone(), categories: others },
        Queue { id: consultants(), name, desk, categories: theirs },
    ];
    policy
}

fn consultants() -> QueueId {
    QueueId::parse("consulenti").unwrap()
}

fn open(sql: &MemorySql) -> DeskActor<&MemorySql> {
    DeskActor::open(sql, Some(queue().into()), &policy_of_two_queues(), KEY.into()).unwrap()
}

/// The first conversation of the person with that number.
fn conversation(number: u32) -> ConversationId {
    ConversationId::of(&format!("{number:02x}").repeat(32), 1).unwrap()
}

fn link(name: &str) -> LinkState {
    LinkState { speaker: Some(speaker(name)), ..LinkState::new(at(0), None) }
}

fn note(id: &str) -> NoteDraft {
    NoteDraft { id: message(id), text: "Ha chiamato ieri.".into() }
}

fn own_reply() -> QuickReply {
    let german = Translation { language: Language::De, text: "Der Urlaub läuft weiter.".into() };
    QuickReply {
        id: "own-1".into(),
        name: "Ferie".into(),
        text: "Le ferie continuano a maturare.".into(),
        translations: vec![german],
    }
}
