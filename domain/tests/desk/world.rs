// SPDX-License-Identifier: EUPL-1.2
//! A desk, the conversations it knows, the messages between them, and what must hold.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use infocig_domain::{
    conversation::{ClosingTime, Conversation, InactivityTimeouts, Phase, Transition},
    desk::{
        Desk, DeskTransition, StoredDesk,
        fit::{self, Profile},
        presence::Present,
        queue::{DeskConversation, Ending, Stage},
    },
    figures::{Activity, ActivitySpan, AdvisorTime, Event, Record, Tally, period::day_of},
    notification::{ConversationCommand, ConversationNotification, DeskNotification, Notification},
    people::{Advisor, Asker, PriorityFacts, Role, Speaker, Subject},
    policy::{DeskQueues, DeskRules, Policy, QueueAddress},
    rate_limiter::RateLimiter,
};
use infocig_protocol::{
    desk::{
        AssignmentMode, AssignmentState, BlockDraft, DeskPicture, Fit, HoldDraft, HoldReason, Presence,
        Priority, TransferTo,
    },
    entry::Outcome,
    id::{AdvisorId, ConversationId, MessageId, QueueId},
    language::Language,
    person::{Category, Credential, PersonCard},
    skill::Skill,
    time::Timestamp,
};
use jiff::civil::Date;

/// What can happen. Numbers pick one of those there are.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    Arrive(usize),
    GiveUp(usize),
    Connect(usize, bool),
    Write(usize),
    Answer(usize, usize),
    Come(usize),
    /// They sign in again, as one of other queues.
    Move(usize, usize),
    Crash(usize),
    Say(usize, Presence),
    Accept(usize, usize),
    Decline(usize, usize),
    Take(usize, usize),
    Transfer(usize, usize, To),
    Retract(usize, usize),
    Hold(usize, usize),
    Resume(usize, usize),
    Invite(usize, usize, usize),
    Leave(usize, usize),
    Close(usize, usize),
    Reassign(usize, usize, To),
    End(usize, usize),
    Block(usize, usize),
    TakeOver(usize, usize),
    Join(usize, usize),
    Observe(usize, usize),
    /// Seconds.
    Wait(i64),
    /// So many messages arrive.
    Deliver(usize),
    /// Memory is gone, and with it every connection.
    Wipe,
}

#[derive(Clone, Debug)]
pub(crate) enum To {
    Queue,
    OtherQueue(usize),
    Advisor(usize),
}

impl To {
    fn on_the_wire(&self) -> TransferTo {
        match self {
            Self::Queue => TransferTo::Queue,
            Self::OtherQueue(number) => TransferTo::OtherQueue(three_queues()[number % 3].clone()),
            Self::Advisor(other) => TransferTo::Advisor(advisor(*other).id),
        }
    }
}

pub(crate) struct World {
    pub(crate) desk: Desk,
    queues: Arc<DeskQueues>,
    rules: Arc<DeskRules>,
    stored: StoredDesk,
    conversations: BTreeMap<ConversationId, Conversation>,
    to_conversations: VecDeque<ConversationNotification>,
    to_desk: BTreeMap<ConversationId, VecDeque<DeskNotification>>,
    /// What the consoles show, by the changes they were sent.
    pictures: BTreeMap<AdvisorId, DeskPicture>,
    registered: BTreeMap<ConversationId, Vec<Record>>,
    /// Everything that ever happened at the desk.
    events: Vec<Event>,
    offered_before: BTreeMap<ConversationId, AdvisorId>,
    rate_limiter: RateLimiter,
    now: i64,
    /// Advisors who signed in as one of other queues than before, and the queues they have now.
    moved: BTreeMap<usize, usize>,
    /// The activities of advisors since `followed`, as they look from outside, and the queues these belong to.
    activities: BTreeMap<AdvisorId, (Activity, Vec<QueueId>)>,
    followed: Timestamp,
    /// How their time passed, by that.
    passed: Tallies,
    /// How it passed, as the register was told.
    told: Tallies,
}

type Tallies = BTreeMap<(QueueId, Date), Tally>;

impl World {
    pub(crate) fn new(assignment: AssignmentMode, several_queues: bool) -> Self {
        let policy = if several_queues { policy_of_three_queues() } else { shipped_policy() };
        let queues = Arc::new(policy.queues_of(&policy.desks()[0]));
        let capacity = std::num::NonZeroU32::new(2).unwrap();
        let rules = Arc::new(DeskRules { assignment, capacity, ..policy.desk });
        Self {
            desk: Desk::restore(Arc::clone(&queues), Arc::clone(&rules), StoredDesk::default()),
            queues,
            rules,
            stored: StoredDesk::default(),
            conversations: BTreeMap::new(),
            to_conversations: VecDeque::new(),
            to_desk: BTreeMap::new(),
            pictures: BTreeMap::new(),
            registered: BTreeMap::new(),
            events: Vec::new(),
            offered_before: BTreeMap::new(),
            rate_limiter: RateLimiter::new(policy.messages),
            now: 1_000_000,
            moved: BTreeMap::new(),
            activities: BTreeMap::new(),
            followed: Timestamp::from_millis(1_000_000),
            passed: Tallies::new(),
            told: Tallies::new(),
        }
    }

    pub(crate) fn act(&mut self, action: &Action) {
        let now = self.now();
        match action {
            Action::Arrive(kind) => self.arrive(*kind),
            Action::GiveUp(who) => self.converse(*who, |talk, _| talk.close(&Speaker::Citizen, now).unwrap()),
            Action::Connect(who, connected) => {
                self.converse(*who, |talk, _| talk.citizen_connected(*connected, now));
            }
            Action::Write(who) => {
                let id = MessageId::parse(format!("m{}", self.now)).unwrap();
                self.converse(*who, |talk, rate_limiter| {
                    talk.post(&Speaker::Citizen, id, "ciao", None, rate_limiter, now).unwrap_or_default()
                });
            }
            Action::Answer(who, which) => {
                let id = MessageId::parse(format!("m{}", self.now)).unwrap();
                let speaker = Speaker::Advisor(advisor(*who));
                self.converse(*which, |talk, rate_limiter| {
                    talk.post(&speaker, id, "ciao", None, rate_limiter, now).unwrap_or_default()
                });
            }
            Action::Come(who) => {
                self.pictures
                    .entry(advisor(*who).id)
                    .or_insert_with(|| self.desk.picture(&advisor(*who).id, now));
                let moved = self.moved.get(who).copied().unwrap_or_default();
                let profile = Profile { queues: self.queues_of(*who + moved), ..profile(*who) };
                self.ask(|desk| desk.on_connect(advisor(*who), profile, role(*who), now));
            }
            Action::Move(who, by) => {
                self.moved.insert(*who, *by);
                self.act(&Action::Come(*who));
            }
            Action::Crash(who) => self.ask(|desk| desk.on_last_disconnect(&advisor(*who).id, now)),
            Action::Say(who, presence) => {
                self.ask(|desk| desk.set_presence(&advisor(*who).id, *presence, now));
            }
            Action::Accept(who, which) => {
                self.ask_about(*who, *which, |desk, id, who| desk.accept(id, who, now));
            }
            Action::Decline(who, which) => {
                self.ask_about(*who, *which, |desk, id, who| desk.decline(id, who, now));
            }
            Action::Take(who, which) => self.ask_about(*who, *which, |desk, id, who| desk.take(id, who, now)),
            Action::Leave(who, which) => {
                self.ask_about(*who, *which, |desk, id, who| desk.leave(id, who, now));
            }
            Action::Transfer(who, which, to) => {
                let to = to.on_the_wire();
                self.ask_about(*who, *which, |desk, id, who| desk.transfer(id, who, to, None, now));
            }
            Action::Retract(who, which) => {
                self.ask_about(*who, *which, |desk, id, who| desk.retract(id, who, now));
            }
            Action::Hold(who, which) => {
                let draft = HoldDraft { reason: HoldReason::Case, text: None, minutes: 5 };
                self.ask_about(*who, *which, |desk, id, who| desk.hold(id, who, draft, now));
            }
            Action::Resume(who, which) => {
                self.ask_about(*who, *which, |desk, id, who| desk.resume(id, who, now));
            }
            Action::Invite(who, which, other) => {
                self.ask_about(*who, *which, |desk, id, who| desk.invite(id, who, &advisor(*other).id, now));
            }
            Action::Close(who, which) => {
                let topic = ["pagamento", "diretto", "data"].map(str::to_string);
                let ending = Ending { topic, outcome: Outcome::Online };
                self.ask_about(*who, *which, |desk, id, who| desk.close(id, who, ending, now));
            }
            Action::Reassign(who, which, to) => {
                let to = to.on_the_wire();
                self.ask_about(*who, *which, |desk, id, who| desk.reassign(id, who, to, now));
            }
            Action::End(who, which) => {
                let topic = ["pagamento", "diretto", "data"].map(str::to_string);
                let ending = Ending { topic, outcome: Outcome::LineaInps };
                self.ask_about(*who, *which, |desk, id, who| desk.end(id, who, ending, now));
            }
            Action::Block(who, which) => {
                let (reason, unwarned) = ("Insulti".to_string(), Some("Minacce".to_string()));
                let draft = BlockDraft { hours: 24, reason, unwarned };
                self.ask_about(*who, *which, |desk, id, who| desk.block(id, who, draft, now));
            }
            Action::TakeOver(who, which) => {
                self.ask_about(*who, *which, |desk, id, who| desk.take_over(id, who, now));
            }
            Action::Join(who, which) => self.ask_about(*who, *which, |desk, id, who| desk.join(id, who, now)),
            Action::Observe(who, which) => {
                self.ask_about(*who, *which, |desk, id, who| desk.observe(id, who, now));
            }
            Action::Wait(seconds) => self.wait(*seconds),
            Action::Deliver(messages) => (0..*messages).for_each(|_| self.deliver()),
            Action::Wipe => {
                self.desk = self.restored();
                self.ask(|desk| desk.reconcile_connections(&BTreeSet::new(), now));
            }
        }
    }

    /// Everything that must hold between any two events.
    #[track_caller]
    pub(crate) fn holds(&mut self, action: &Action) {
        assert_eq!(self.restored(), self.desk, "the desk and its rows differ after {action:?}");
        assert!(self.desk.next_wake().is_none_or(|wake| wake > self.now()), "left undone at {}", self.now);
        self.nobody_is_lost();
        self.nobody_is_in_two_hands();
        self.nobody_has_too_much();
        self.waiting_conversations_are_shown();
        self.queues_are_apart();
        self.consoles_show_the_desk();
        self.figures_are_those_of_the_events();
        if self.to_conversations.is_empty() && self.to_desk.values().all(VecDeque::is_empty) {
            self.both_ends_agree();
        }
    }

    /// Everybody comes back and works: whoever did not give up is answered.
    pub(crate) fn heal(&mut self) {
        for round in 0..400 {
            for who in 0..EVERYBODY {
                self.act(&Action::Come(who));
                self.act(&Action::Say(who, Presence::Available));
            }
            self.deliver_all();
            let open: Vec<usize> = (0..self.conversations.len()).collect();
            for which in open {
                for who in 0..EVERYBODY {
                    self.act(&Action::Accept(who, which));
                    self.act(&Action::Take(who, which));
                    self.deliver_all();
                    self.act(&Action::Close(who, which));
                    self.deliver_all();
                }
            }
            self.holds(&Action::Wait(round));
            if self.desk.conversations().next().is_none() {
                break;
            }
            self.wait(61);
            self.deliver_all();
        }
        assert_eq!(self.desk.conversations().count(), 0, "somebody is never answered: {:?}", self.desk);
        assert!(self.conversations.values().all(Conversation::is_closed));
        let registered = |id| self.registered.get(id).map_or(0, Vec::len);
        assert!(self.conversations.keys().all(|id| registered(id) == 1), "one record for each conversation");
    }

    fn nobody_is_lost(&self) {
        for (id, talk) in &self.conversations {
            let told = self.to_desk.get(id).is_none_or(VecDeque::is_empty);
            let conversation = self.desk.conversations().find(|conversation| conversation.id == *id);
            if told && !talk.is_closed() {
                assert!(
                    conversation.is_some_and(|conversation| !matches!(conversation.stage, Stage::WrapUp(_))),
                    "{id} is lost"
                );
            }
            let registered = self.registered.get(id).map_or(0, Vec::len);
            assert!(
                registered <= 1 && (registered == 0 || conversation.is_none()),
                "{id} is registered {registered} times"
            );
        }
    }

    fn nobody_is_in_two_hands(&self) {
        let mut held = BTreeSet::new();
        let mut offered = BTreeSet::new();
        for one in self.desk.advisors() {
            for mine in self.desk.picture(&one.advisor.id, self.now()).mine {
                let fresh = match mine.state {
                    AssignmentState::Held { .. } | AssignmentState::WrapUp { .. } => {
                        held.insert(mine.conversation.clone())
                    }
                    AssignmentState::Offered { .. } => offered.insert(mine.conversation.clone()),
                    AssignmentState::Invited { .. }
                    | AssignmentState::Helping { .. }
                    | AssignmentState::Observing { .. } => true,
                };
                assert!(fresh, "{} is in two hands", mine.conversation);
            }
        }
    }

    fn nobody_has_too_much(&self) {
        for one in self.desk.advisors() {
            let load = self.desk.load_of(&one.advisor.id);
            assert!(load <= self.rules.capacity.get(), "{} has {load}", one.advisor.name);
            let offered = self.desk.conversations().any(|conversation| {
                conversation.offer.as_ref().is_some_and(|offer| offer.to.id == one.advisor.id)
            });
            assert!(
                !offered || one.takes_more(),
                "{} takes nothing and is offered something",
                one.advisor.name
            );
        }
    }

    /// No free advisor is left beside somebody they are for, and what was just offered to somebody came before all else that
    /// is for them.
    fn the_order_is_fair(&self) {
        if self.rules.assignment == AssignmentMode::Pull {
            return;
        }
        for one in self.desk.advisors().filter(|one| one.takes_more()) {
            let is_for_them = |conversation: &&DeskConversation| {
                self.is_for(conversation, one) && !conversation.has_declined(&one.advisor.id)
            };
            let first =
                self.desk.waiting().filter(|conversation| conversation.offer.is_none()).find(is_for_them);
            let Some(first) = first else { continue };
            assert!(
                self.desk.load_of(&one.advisor.id) >= self.rules.capacity.get(),
                "{} is free and {} waits",
                one.advisor.name,
                first.id
            );
            for offered in self.desk.waiting() {
                let Some(offer) = offered.offer.as_ref().filter(|offer| offer.to.id == one.advisor.id) else {
                    continue;
                };
                let is_new = self.offered_before.get(&offered.id) != Some(&offer.to.id);
                let order = |conversation: &DeskConversation| {
                    let worth = conversation.priority.map_or(0, Priority::worth_ms);
                    let from = conversation.since.plus_millis(-worth);
                    (!conversation.returned, from, conversation.id.clone())
                };
                assert!(!is_new || order(offered) < order(first), "{} was overtaken", first.id);
            }
        }
    }

    fn waiting_conversations_are_shown(&self) {
        let at_the_desk: Vec<&Present> = self.desk.advisors().filter(|one| one.is_at_the_desk()).collect();
        let pictures: Vec<DeskPicture> =
            at_the_desk.iter().map(|one| self.desk.picture(&one.advisor.id, self.now())).collect();
        for conversation in self.desk.waiting().filter(|conversation| conversation.offer.is_none()) {
            let of_queue = |one: &&&Present| one.serves(conversation.queue());
            let others = at_the_desk.iter().zip(&pictures).filter(|(one, _)| !of_queue(one));
            for (one, picture) in others {
                let is_shown = picture.waiting.iter().any(|waits| waits.conversation == conversation.id);
                assert!(!is_shown, "{} sees another queue", one.advisor.name);
            }
            let of_queue = at_the_desk.iter().zip(&pictures).filter(|(one, _)| of_queue(one));
            let shown = of_queue.map(|(_, picture)| {
                let waits = picture.waiting.iter().find(|waits| waits.conversation == conversation.id);
                &waits.unwrap_or_else(|| panic!("{} waits unseen", conversation.id)).fit
            });
            let shown: Vec<&Fit> = shown.collect();
            let somebodys = shown.iter().any(|fit| matches!(fit, Fit::Yours(_)));
            let nobodys = shown.iter().all(|fit| matches!(fit, Fit::Nobody {}));
            assert!(somebodys || nobodys, "{} is for somebody who is not here", conversation.id);
        }
    }

    /// An advisor has nothing of another queue: neither offers nor questions, nor may they read or supervise. They keep what they
    /// hold when they sign in as one of other queues.
    fn queues_are_apart(&self) {
        for one in self.desk.advisors() {
            let queue_of = |id: &ConversationId| {
                let conversation = self.desk.conversations().find(|conversation| conversation.id == *id);
                conversation.unwrap_or_else(|| panic!("{id} is not on the desk")).queue().clone()
            };
            for mine in self.desk.picture(&one.advisor.id, self.now()).mine {
                let keeps = match mine.state {
                    AssignmentState::Held { .. } | AssignmentState::WrapUp { .. } => !self.moved.is_empty(),
                    AssignmentState::Offered { .. }
                    | AssignmentState::Invited { .. }
                    | AssignmentState::Helping { .. }
                    | AssignmentState::Observing { .. } => false,
                };
                let queue = queue_of(&mine.conversation);
                assert!(keeps || one.serves(&queue), "{} has {queue}: {:?}", one.advisor.name, mine.state);
                assert_eq!(mine.queue.is_some(), self.queues.are_several());
            }
            let panel = self.desk.panel(&one.advisor.id, self.now());
            let waiting = panel.waiting.conversations.iter().map(|one| &one.conversation);
            let held = panel.conversations.iter().map(|one| &one.conversation);
            let offered = panel.offers.iter().map(|one| &one.conversation);
            let by_advisor = panel.advisors.iter().flat_map(|one| &one.held);
            for id in waiting.chain(held).chain(offered).chain(by_advisor) {
                assert!(one.serves(&queue_of(id)), "{} sees {id} on their panel", one.advisor.name);
            }
            assert!(panel.queues.iter().all(|queue| one.serves(&queue.queue)));
        }
    }

    fn consoles_show_the_desk(&mut self) {
        let now = self.now();
        for (advisor, shown) in &mut self.pictures {
            let is = self.desk.picture(advisor, now);
            if let Some(changes) = is.changes_since(shown) {
                shown.apply(changes);
            }
            assert_eq!(*shown, is, "the console of {advisor}");
        }
    }

    fn both_ends_agree(&self) {
        for conversation in self.desk.conversations() {
            let talk = &self.conversations[&conversation.id];
            match (&conversation.stage, talk.phase()) {
                (Stage::Waiting { .. }, Phase::Waiting { place, .. }) => {
                    assert_eq!(conversation.last_announced, *place);
                }
                (Stage::Held(held), Phase::Active { advisor, helpers, observers, on_hold, .. }) => {
                    let number = held.on_hold.as_ref().map(|_| conversation.record.holds);
                    assert_eq!(number, *on_hold, "the hold of {}", conversation.id);
                    assert!(held.observers.iter().all(|observer| observer.confirmed));
                    let watching = held.observers.iter().map(|observer| &observer.advisor);
                    assert!(watching.eq(observers), "{} is read by others", conversation.id);
                    assert_eq!((&held.advisor, &held.helpers, held.confirmed), (advisor, helpers, true));
                }
                (Stage::WrapUp(over), Phase::Closed { held_by, .. }) => {
                    assert_eq!(Some(&over.advisor.id), held_by.as_ref());
                }
                (stage, phase) => panic!("{}: {stage:?} at the desk, {phase:?} in itself", conversation.id),
            }
        }
    }

    /// Live numbers, records and a replay of the events say the same.
    fn figures_are_those_of_the_events(&self) {
        let now = self.now();
        let replayed = Record::replay(&self.events);
        let there = self.desk.conversations().map(|conversation| conversation.record.clone());
        let mut records: Vec<Record> = self.registered.values().flatten().cloned().chain(there).collect();
        records.sort_by(|a, b| a.conversation.cmp(&b.conversation));
        assert_eq!(replayed, records, "records and replayed events");

        let rules = &self.rules.figures;
        let mut report = BTreeMap::<QueueId, Tally>::new();
        let of_today = |record: &&Record| day_of(record.entered) == day_of(now);
        for record in replayed.iter().filter(of_today) {
            for (queue, tally) in Tally::by_queue(record, rules) {
                report.entry(queue).or_default().add(&tally);
            }
        }
        let passed: i64 = report.values().map(|tally| tally.passed_in - tally.passed_out).sum();
        assert_eq!(passed, 0, "whatever leaves a queue comes to another one");
        let spans = self.desk.advisors().filter_map(|one| Some((one.advisor.id.clone(), one.span.clone()?)));
        let mut told = self.told.clone();
        let only = self.queues.first();
        spans.for_each(|(who, span)| add(&mut told, &span.until(now, only, &who)));
        assert_eq!(told, self.passed, "the advisors' time, as the register knows it");
        for queue in self.queues.ids() {
            let mut report = report.remove(queue).unwrap_or_default();
            let key = (queue.clone(), day_of(now));
            report.add(self.passed.get(&key).unwrap_or(&Tally::default()));
            let live = self.desk.today(queue, now);
            assert_eq!(live, report, "the live panel and the report of the day, of {queue}");
        }
        assert!(report.is_empty(), "in no queue of the desk: {report:?}");
    }

    /// Time has passed since the last event at the desk.
    fn follow_activities(&mut self) {
        for (who, (activity, queues)) in &self.activities {
            let span = ActivitySpan { activity: *activity, since: self.followed, queues: queues.clone() };
            add(&mut self.passed, &span.until(Timestamp::from_millis(self.now), self.queues.first(), who));
        }
        self.followed = self.now();
    }

    fn activity(&self, one: &Present) -> Option<(AdvisorId, (Activity, Vec<QueueId>))> {
        let id = one.advisor.id.clone();
        let in_hand = self.desk.conversations().filter(|conversation| match &conversation.stage {
            Stage::Waiting { .. } => false,
            Stage::Held(held) => held.advisor.id == id,
            Stage::WrapUp(over) => over.advisor.id == id,
        });
        let of: BTreeSet<&QueueId> = in_hand.map(DeskConversation::queue).collect();
        let (activity, belongs): (_, &dyn Fn(&QueueId) -> bool) = match (!of.is_empty(), one.takes_more()) {
            (true, _) => (Activity::OnContact, &|queue| of.contains(queue)),
            (false, true) => (Activity::Idle, &|queue| one.serves(queue)),
            (false, false) => return None,
        };
        let queues = self.queues.ids().filter(|queue| belongs(queue)).cloned().collect();
        Some((id, (activity, queues)))
    }

    fn is_for(&self, conversation: &DeskConversation, one: &Present) -> bool {
        let waited = self.now - conversation.since.as_millis();
        one.serves(conversation.queue())
            && fit::why(self.rules.routing_after(waited), &conversation.person, &one.profile).is_some()
    }

    fn arrive(&mut self, kind: usize) {
        let number = u32::try_from(self.conversations.len() + 1).unwrap();
        let id = ConversationId::of(&format!("{kind:064x}"), number).unwrap();
        let never = Timestamp::from_millis(i64::MAX);
        let closing = ClosingTime { warn: None, closes: never, ends: never };
        let patience = InactivityTimeouts::of(&self.rules);
        // Every third person was here before.
        let last_here = kind.is_multiple_of(3).then(|| self.now());
        let person = PersonCard { category: category(kind), ..person(kind) };
        let address =
            QueueAddress { queue: self.queues.queue_for(person.category).clone(), desk: queue().into() };
        let asker = Asker { facts: PriorityFacts { last_here, deadline: None }, ..asker(person) };
        let (talk, step) = Conversation::open(id.clone(), address, asker, closing, patience, self.now());
        self.conversations.insert(id.clone(), talk);
        self.send(&id, step);
    }

    fn converse(&mut self, who: usize, act: impl FnOnce(&mut Conversation, &mut RateLimiter) -> Transition) {
        let Some(id) = self.nth(who) else { return };
        let step = act(self.conversations.get_mut(&id).unwrap(), &mut self.rate_limiter);
        self.send(&id, step);
    }

    fn send(&mut self, id: &ConversationId, step: Transition) {
        for notification in step.notifications {
            let Notification::Desk(_, notification) = notification else {
                panic!("{notification:?} from a conversation")
            };
            self.to_desk.entry(id.clone()).or_default().push_back(notification);
        }
    }

    fn ask(&mut self, call: impl FnOnce(&mut Desk) -> DeskTransition) {
        let offers = self.desk.conversations().filter_map(|conversation| {
            Some((conversation.id.clone(), conversation.offer.as_ref()?.to.id.clone()))
        });
        self.offered_before = offers.collect();
        self.follow_activities();
        let step = call(&mut self.desk);
        self.store(step);
        self.activities = self.desk.advisors().filter_map(|one| self.activity(one)).collect();
        self.the_order_is_fair();
    }

    fn ask_about(
        &mut self,
        who: usize,
        which: usize,
        call: impl FnOnce(&mut Desk, &ConversationId, &AdvisorId) -> DeskTransition,
    ) {
        let Some(id) = self.nth(which) else { return };
        // Whoever has no connection says nothing.
        let who = advisor(who).id;
        if self.desk.advisors().any(|one| one.advisor.id == who && one.disconnected_since.is_none()) {
            self.ask(|desk| call(desk, &id, &who));
        }
    }

    /// As a store does, row by row.
    fn store(&mut self, step: DeskTransition) {
        for conversation in step.changed_conversations {
            self.stored.conversations.retain(|other| other.id != conversation.id);
            self.stored.conversations.push(conversation);
        }
        self.stored
            .conversations
            .retain(|conversation| !step.removed_conversations.contains(&conversation.id));
        for present in step.changed_advisors {
            self.stored.advisors.retain(|other| other.advisor.id != present.advisor.id);
            self.stored.advisors.push(present);
        }
        self.stored.advisors.retain(|one| !step.removed_advisors.contains(&one.advisor.id));
        self.stored.queues.extend(step.changed_queues);
        self.stored.office = step.office.unwrap_or(self.stored.office);
        for block in step.changed_blocks {
            self.stored.blocks.retain(|other| other.conversation != block.conversation);
            self.stored.blocks.push(block);
        }
        self.stored.blocks.retain(|block| !step.removed_blocks.contains(&block.conversation));
        self.events.extend(step.events);
        for notification in step.notifications {
            match notification {
                Notification::Conversation(notification) => self.to_conversations.push_back(notification),
                Notification::Register(record) => {
                    self.registered.entry(record.conversation.clone()).or_default().push(*record);
                }
                Notification::AdvisorTime(time) => add(&mut self.told, &[time]),
                Notification::Desk(..) | Notification::LineaInps(_) | Notification::Forgotten(_) => {
                    panic!("a desk writes to nobody else")
                }
            }
        }
    }

    fn restored(&self) -> Desk {
        Desk::restore(Arc::clone(&self.queues), Arc::clone(&self.rules), self.stored.clone())
    }

    fn deliver_all(&mut self) {
        while !self.to_conversations.is_empty() || self.to_desk.values().any(|messages| !messages.is_empty())
        {
            self.deliver();
        }
    }

    /// One message each way.
    fn deliver(&mut self) {
        let now = self.now();
        if let Some(ConversationNotification { conversation, command }) = self.to_conversations.pop_front() {
            let step = self.conversations.get_mut(&conversation).unwrap().apply(command.clone(), now);
            self.send(&conversation, step);
            if let ConversationCommand::Observed { advisor, .. } = &command {
                self.ask(|desk| desk.confirm_observer(&conversation, &advisor.id, now));
            }
            if let ConversationCommand::Assigned { assignment_epoch, .. } = command {
                self.ask(|desk| desk.confirm(&conversation, assignment_epoch, now));
            }
        }
        if let Some(messages) = self.to_desk.values_mut().find(|messages| !messages.is_empty()) {
            let notification = messages.pop_front().unwrap();
            self.ask(|desk| desk.apply(notification, now));
        }
    }

    fn wait(&mut self, seconds: i64) {
        self.now += seconds * 1_000;
        let now = self.now();
        self.ask(|desk| desk.wake(now));
        let due = self.conversations.values().filter(|talk| talk.next_wake().is_some_and(|wake| wake <= now));
        for id in due.map(|talk| talk.id().clone()).collect::<Vec<_>>() {
            let step = self.conversations.get_mut(&id).unwrap().wake(now);
            self.send(&id, step);
        }
    }

    /// The queues of an advisor, where the desk has several: of two, of all, of one.
    fn queues_of(&self, number: usize) -> Vec<QueueId> {
        let [workers, companies, consultants] = three_queues();
        match number % EVERYBODY {
            _ if !self.queues.are_several() => Vec::new(),
            0 => vec![workers, companies],
            1 => Vec::new(),
            2 => vec![companies],
            3 => vec![consultants],
            _ => vec![workers, consultants],
        }
    }

    fn nth(&self, which: usize) -> Option<ConversationId> {
        self.conversations.keys().nth(which % self.conversations.len().max(1)).cloned()
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.now)
    }
}

pub(crate) fn queue() -> QueueId {
    QueueId::parse("info-cig").unwrap()
}

pub(crate) fn three_queues() -> [QueueId; 3] {
    ["lavoratori", "aziende", "consulenti"].map(|id| QueueId::parse(id).unwrap())
}

pub(crate) fn shipped_policy() -> Policy {
    Policy::parse(SHIPPED).unwrap()
}

/// The shipped policy, but for three queues at one desk.
pub(crate) fn policy_of_three_queues() -> Policy {
    let one = r#"{ "id": "info-cig", "categories": ["lavoratore", "titolare", "rappresentante-legale", "consulente"] }"#;
    let three = r#"
        { "id": "lavoratori", "name": "Lavoratori", "desk": "info-cig", "categories": ["lavoratore"] },
        { "id": "aziende", "name": "Aziende", "desk": "info-cig", "categories": ["titolare", "rappresentante-legale"] },
        { "id": "consulenti", "name": "Consulenti", "desk": "info-cig", "categories": ["consulente"] }"#;
    assert!(SHIPPED.contains(one), "the shipped policy has one queue");
    Policy::parse(&SHIPPED.replace(one, three)).unwrap()
}

const SHIPPED: &str = include_str!("../../../edge/policy.json");

fn category(kind: usize) -> Category {
    [Category::Lavoratore, Category::Titolare, Category::Consulente][kind % 3]
}

pub(crate) fn advisor(number: usize) -> Advisor {
    let name = ["Giulia", "Marco", "Petra", "Salvo", "Ada"][number % EVERYBODY];
    Advisor { id: AdvisorId::parse(format!("adv-{number}")).unwrap(), name: name.into() }
}

/// Four advisors and a supervisor.
pub(crate) const EVERYBODY: usize = 5;

/// Ada is a supervisor.
pub(crate) fn role(number: usize) -> Role {
    if number == 4 { Role::Supervisor } else { Role::Advisor }
}

fn add(tallies: &mut Tallies, times: &[AdvisorTime]) {
    for time in times {
        let tally = Tally::of_time(time);
        if !tally.is_empty() {
            tallies.entry((time.queue.clone(), time.day)).or_default().add(&tally);
        }
    }
}

/// Giulia answers everybody in Italian, Marco looks after Naples, Petra speaks German, Salvo knows payments in Sicily.
pub(crate) fn profile(number: usize) -> Profile {
    match number {
        1 => Profile { provinces: vec!["063".into()], ..Profile::default() },
        2 => Profile { languages: vec![Language::It, Language::De], ..Profile::default() },
        3 => Profile { provinces: vec!["082".into()], skills: vec![Skill::Pagamenti], ..Profile::default() },
        _ => Profile::default(),
    }
}

fn asker(card: PersonCard) -> Asker {
    let subject = Subject::themself("https://portale.example", &card.name, card.category);
    Asker { subject, facts: PriorityFacts::default(), card }
}

pub(crate) fn person(kind: usize) -> PersonCard {
    let (province, language) = match kind % 4 {
        0 => ("058", Language::It),
        1 => ("065", Language::It),
        2 => ("021", Language::De),
        _ => ("082", Language::Sl),
    };
    PersonCard {
        name: format!("Persona {kind}"),
        category: Category::Lavoratore,
        province: province.into(),
        province_name: String::new(),
        credential: Credential::Cie,
        acting_for: None,
        language,
        entry_point: None,
        about: None,
        question: None,
    }
}
