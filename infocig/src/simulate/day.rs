// SPDX-License-Identifier: EUPL-1.2
//! One afternoon in virtual time: people arrive, wait, are answered or give up. The rules of desk and conversations are those
//! of the service.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use infocig_domain::{
    admission::{Applicant, Decision, admit},
    calendar::ZONE,
    conversation::{ClosingTime, Conversation, InactivityTimeouts},
    desk::{
        Desk, DeskTransition, StoredDesk,
        fit::Profile,
        queue::{DeskConversation, Ending},
    },
    figures::{FigureRules, Record, Tally},
    notification::{ConversationCommand, Notification},
    people::{Advisor, Asker, PriorityFacts, Role, Speaker, Subject},
    policy::{Policy, QueueAddress},
};
use infocig_protocol::{
    entry::{Outcome, Party},
    frame::Estimate,
    id::{AdvisorId, ConversationId},
    language::Language,
    person::{Category, Credential, EntryPoint, PersonCard},
    time::Timestamp,
    topic::TopicPath,
};

use super::{
    chance::Chance,
    moves::{Act, DeskState, Move},
};

/// The parameters of an afternoon.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Afternoon {
    /// Multiple of the real volume.
    pub(crate) times: u32,
    /// Number of advisors.
    pub(crate) advisors: u32,
    /// The seed of arrivals and durations.
    pub(crate) seed: u32,
}

/// The results of an afternoon.
#[derive(Debug)]
pub(crate) struct Day {
    pub(crate) afternoon: Afternoon,
    /// People who asked to enter.
    pub(crate) people: u32,
    /// People refused because the queue was full.
    pub(crate) turned_away: u32,
    pub(crate) answered: u32,
    /// People who gave up waiting.
    pub(crate) gave_up: u32,
    /// People still waiting when the service closed.
    pub(crate) let_go: u32,
    /// Queue places sent to people, the first ones included.
    pub(crate) places_told: u32,
    /// Notifications the desk sent to conversations and to the register.
    pub(crate) notifications: u32,
    pub(crate) rows_written: u32,
    pub(crate) longest_queue: usize,
    /// The sum of the records that reached the register, and of refusals.
    pub(crate) tally: Tally,
    waits: Vec<i64>,
    right: u32,
    too_short: u32,
    too_long: u32,
    widths: Vec<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Arrives,
    GivesUp(ConversationId),
    /// An advisor notices the offer made at that instant.
    Accepts(ConversationId, AdvisorId, Timestamp),
    /// The advisor ends the conversation.
    Ends(ConversationId, AdvisorId),
    /// The service's closing time, for one conversation.
    Closes(ConversationId),
}

struct Life<'p> {
    policy: &'p Policy,
    day: Day,
    /// What happened so far; `None` if nobody asked for it.
    moves: Option<Vec<Move>>,
    chance: Chance,
    address: QueueAddress,
    desk: Desk,
    conversations: BTreeMap<ConversationId, Conversation>,
    /// The instants and lengths of the waits announced to each person.
    told: BTreeMap<ConversationId, Vec<(Timestamp, u16, u16)>>,
    events: BTreeSet<(Timestamp, u32, Event)>,
    scheduled: u32,
    topic: TopicPath,
    now: Timestamp,
}

impl Day {
    /// Runs the afternoon.
    pub(crate) fn live(policy: &Policy, afternoon: Afternoon) -> Result<Self, String> {
        Ok(Self::run(policy, afternoon, None)?.day)
    }

    /// Runs the afternoon and writes down what happened.
    pub(crate) fn live_with_moves(
        policy: &Policy,
        afternoon: Afternoon,
    ) -> Result<(Self, Vec<Move>), String> {
        let life = Self::run(policy, afternoon, Some(Vec::new()))?;
        Ok((life.day, life.moves.unwrap_or_default()))
    }

    fn run(policy: &Policy, afternoon: Afternoon, moves: Option<Vec<Move>>) -> Result<Life<'_>, String> {
        let opens = jiff::civil::datetime(2026, 11, 23, 15, 0, 0, 0)
            .to_zoned(ZONE)
            .map_err(|error| error.to_string())?
            .timestamp();
        let mut life = Life::new(policy, afternoon, Timestamp::from_millis(opens.as_millisecond()))?;
        life.moves = moves;
        life.begin()?;
        life.go_on()?;
        Ok(life)
    }

    /// A percentile of the waits of people who were answered.
    pub(crate) fn wait_ms(&self, percent: usize) -> Option<i64> {
        let mut waits = self.waits.clone();
        waits.sort_unstable();
        waits.get((waits.len() * percent / 100).min(waits.len().saturating_sub(1))).copied()
    }

    /// Number of announced waits whose end is known.
    pub(crate) fn estimates(&self) -> u32 {
        self.right + self.too_short + self.too_long
    }

    /// The share of them in whose range the person was answered.
    pub(crate) fn told_right(&self) -> Option<f64> {
        self.share(self.right)
    }

    /// The share of them after whose range the person still waited.
    pub(crate) fn told_too_short(&self) -> Option<f64> {
        self.share(self.too_short)
    }

    /// The median width of the announced range, in minutes.
    pub(crate) fn usual_width(&self) -> Option<u16> {
        let mut widths = self.widths.clone();
        widths.sort_unstable();
        widths.get(widths.len() / 2).copied()
    }

    /// Queue places sent for each person who entered.
    pub(crate) fn told_per_person(&self) -> f64 {
        f64::from(self.places_told) / f64::from((self.people - self.turned_away).max(1))
    }

    fn share(&self, part: u32) -> Option<f64> {
        (self.estimates() > 0).then(|| f64::from(part) / f64::from(self.estimates()))
    }
}

impl<'p> Life<'p> {
    fn new(policy: &'p Policy, afternoon: Afternoon, opens: Timestamp) -> Result<Self, String> {
        let queue = policy.queue_for(Category::Lavoratore).ok_or("the policy has no queue for workers")?;
        let queues = Arc::new(policy.queues_of(&queue.desk()));
        let rules = Arc::new(policy.desk.clone());
        let topic = first_topic(policy).ok_or("the policy has no topics")?;
        let day = Day {
            afternoon,
            people: 0,
            turned_away: 0,
            answered: 0,
            gave_up: 0,
            let_go: 0,
            places_told: 0,
            notifications: 0,
            rows_written: 0,
            longest_queue: 0,
            tally: Tally::default(),
            waits: Vec::new(),
            right: 0,
            too_short: 0,
            too_long: 0,
            widths: Vec::new(),
        };
        Ok(Self {
            policy,
            day,
            moves: None,
            chance: Chance::new(afternoon.seed),
            address: queue.address(),
            desk: Desk::restore(queues, rules, StoredDesk::default()),
            conversations: BTreeMap::new(),
            told: BTreeMap::new(),
            events: BTreeSet::new(),
            scheduled: 0,
            topic,
            now: opens,
        })
    }

    /// Signs the advisors in and draws the arrivals.
    fn begin(&mut self) -> Result<(), String> {
        for number in 0..self.day.afternoon.advisors {
            let id = AdvisorId::parse(format!("adv-{number:04}")).map_err(|error| error.to_string())?;
            let languages = if number % 4 == 0 { vec![Language::It, Language::De] } else { Vec::new() };
            let advisor = Advisor { id, name: format!("Consulente {number}") };
            let profile = Profile { languages, ..Profile::default() };
            let act = Act::SignsIn { advisor: advisor.id.clone(), languages: profile.languages.clone() };
            let step = self.desk.on_connect(advisor, profile, Role::Advisor, self.now);
            self.carry_out(step)?;
            self.write_down(act)?;
        }
        let opens = self.now;
        for (half_hour, weight) in (0_i64..).zip(WEIGHTS) {
            let expected =
                PEOPLE_A_DAY * f64::from(self.day.afternoon.times) * weight / WEIGHTS.iter().sum::<f64>();
            let mut from_ms = 0;
            loop {
                from_ms += self.chance.exponential_ms(HALF_HOUR_MS / expected);
                if from_ms >= 1_800_000 {
                    break;
                }
                self.schedule(opens.plus_millis(half_hour * 1_800_000 + from_ms), Event::Arrives);
            }
        }
        Ok(())
    }

    fn go_on(&mut self) -> Result<(), String> {
        loop {
            let next = self.events.first().map(|(at, _, _)| *at);
            let wake = self.desk.next_wake();
            match (next, wake) {
                (Some(next), Some(wake)) if wake < next => self.wake(wake)?,
                (None, Some(wake)) => self.wake(wake)?,
                (Some(_), _) => {
                    if let Some((at, _, event)) = self.events.pop_first() {
                        self.now = at;
                        self.happen(event)?;
                    }
                }
                (None, None) => return Ok(()),
            }
        }
    }

    fn wake(&mut self, at: Timestamp) -> Result<(), String> {
        self.now = at;
        let step = self.desk.wake(at);
        let is_told_alone = step.changed_advisors.is_empty()
            && step.changed_conversations.iter().all(|conversation| conversation.offer.is_none())
            && step.removed_conversations.is_empty();
        self.carry_out(step)?;
        if is_told_alone { Ok(()) } else { self.write_down(Act::TimePasses {}) }
    }

    fn happen(&mut self, event: Event) -> Result<(), String> {
        let now = self.now;
        match event {
            Event::Arrives => self.arrive(),
            Event::GivesUp(id) => {
                let waits = self.desk.waiting().any(|conversation| conversation.id == id);
                if !waits {
                    return Ok(());
                }
                let Some(talk) = self.conversations.get_mut(&id) else { return Ok(()) };
                let notifications = talk.close(&Speaker::Citizen, now).unwrap_or_default().notifications;
                self.pass_on(notifications)?;
                self.write_down(Act::GivesUp { person: number(&id)? })
            }
            Event::Closes(id) => {
                let Some(talk) = self.conversations.get_mut(&id) else { return Ok(()) };
                let notifications = talk.wake(now).notifications;
                self.pass_on(notifications)?;
                self.write_down(Act::TimePasses {})
            }
            Event::Accepts(id, advisor, since) => {
                let conversation = self.desk.conversations().find(|conversation| conversation.id == id);
                let offer = conversation.and_then(|conversation| conversation.offer.as_ref());
                if offer.is_none_or(|offer| offer.to.id != advisor || offer.since != since) {
                    return Ok(());
                }
                let step = self.desk.accept(&id, &advisor, now);
                self.carry_out(step)?;
                let takes =
                    self.chance.exponential_ms(HALF_A_TALK_MS) + self.chance.exponential_ms(HALF_A_TALK_MS);
                let accepts = Act::Accepts { person: number(&id)?, advisor: advisor.clone() };
                self.schedule(now.plus_millis(takes), Event::Ends(id, advisor));
                self.write_down(accepts)
            }
            Event::Ends(id, advisor) => {
                let ending = Ending { topic: self.topic.clone(), outcome: Outcome::Online };
                let holds = |conversation: &DeskConversation| {
                    conversation.held().is_some_and(|held| held.advisor.id == advisor)
                };
                let is_held = self.desk.conversations().any(|one| one.id == id && holds(one));
                let step = self.desk.close(&id, &advisor, ending, now);
                self.carry_out(step)?;
                if is_held { self.write_down(Act::Ends { person: number(&id)?, advisor }) } else { Ok(()) }
            }
        }
    }

    fn arrive(&mut self) -> Result<(), String> {
        self.day.people += 1;
        let now = self.now;
        let at = jiff::Timestamp::from_millisecond(now.as_millis()).map_err(|error| error.to_string())?;
        let applicant = Applicant {
            category: Category::Lavoratore,
            province: Some("058"),
            credential: Some(Credential::SpidL2),
            entry: Some(EntryPoint::Myinps),
        };
        let assessment = admit(self.policy, &applicant, self.desk.load(&self.address.queue, now), at);
        let closes = match (assessment.decision, assessment.closes) {
            (Decision::Open, Some(closes)) => Timestamp::from_millis(closes.as_millisecond()),
            (Decision::QueueFull | Decision::Unstaffed, _) => {
                self.day.turned_away += 1;
                self.day.tally.add(&Tally::of_refusals(1));
                return self.write_down(Act::Arrives { person: self.day.people, language: Language::It });
            }
            (other, _) => return Err(format!("the service is not open at {at}: {other:?}")),
        };
        let id =
            ConversationId::of(&format!("{:064x}", self.day.people), 1).map_err(|error| error.to_string())?;
        let language = if self.chance.happens(0.03) { Language::De } else { Language::It };
        let person = PersonCard {
            name: "Persona Di Prova".into(),
            category: Category::Lavoratore,
            province: "058".into(),
            province_name: "Roma".into(),
            credential: Credential::SpidL2,
            acting_for: None,
            language,
            entry_point: None,
            about: None,
            question: None,
        };
        let subject = Subject::themself("https://portale.example", id.as_str(), Category::Lavoratore);
        let asker = Asker { card: person, subject, facts: PriorityFacts::default() };
        let closing = ClosingTime::at(closes, self.policy);
        let ends = closing.ends;
        let patience = InactivityTimeouts::of(&self.policy.desk);
        let address = self.address.clone();
        let (mut talk, step) = Conversation::open(id.clone(), address, asker, closing, patience, now);
        talk.citizen_connected(true, now);
        self.conversations.insert(id.clone(), talk);
        self.schedule(closes, Event::Closes(id.clone()));
        self.schedule(ends, Event::Closes(id.clone()));
        let patient = self.chance.exponential_ms(PATIENCE_MS);
        self.schedule(now.plus_millis(patient), Event::GivesUp(id));
        self.pass_on(step.notifications)?;
        self.day.longest_queue = self.day.longest_queue.max(self.desk.waiting().count());
        self.write_down(Act::Arrives { person: self.day.people, language })
    }

    /// Writes down an act and the state of the desk after it, if somebody asked for the moves.
    fn write_down(&mut self, act: Act) -> Result<(), String> {
        let Some(moves) = self.moves.as_mut() else { return Ok(()) };
        let mut desk = DeskState::default();
        for conversation in self.desk.conversations() {
            let person = number(&conversation.id)?;
            if let Some(held) = conversation.held() {
                desk.held.insert(person, held.advisor.id.clone());
            } else if let Some(offer) = &conversation.offer {
                desk.offered.insert(person, offer.to.id.clone());
            } else if conversation.in_hand_of().is_none() {
                desk.waiting.insert(person);
            }
        }
        moves.push(Move { at: self.now, act, desk });
        Ok(())
    }

    /// Applies the notifications of conversations to the desk.
    fn pass_on(&mut self, notifications: Vec<Notification>) -> Result<(), String> {
        for notification in notifications {
            let Notification::Desk(_, notification) = notification else {
                return Err("not for the desk".into());
            };
            let step = self.desk.apply(notification, self.now);
            self.carry_out(step)?;
        }
        Ok(())
    }

    /// Delivers the notifications of a desk step, and those that follow from them, until none is left.
    fn carry_out(&mut self, step: DeskTransition) -> Result<(), String> {
        let mut steps = VecDeque::from([step]);
        while let Some(step) = steps.pop_front() {
            self.count(&step);
            for conversation in &step.changed_conversations {
                if let Some(offer) = conversation.offer.as_ref().filter(|offer| offer.since == self.now) {
                    let notices_it = !self.chance.happens(0.02);
                    let after = self.chance.between_ms(3_000.0, 15_000.0);
                    let accepts = Event::Accepts(conversation.id.clone(), offer.to.id.clone(), offer.since);
                    if notices_it {
                        self.schedule(self.now.plus_millis(after), accepts);
                    }
                }
            }
            for notification in step.notifications {
                let said = match notification {
                    Notification::Conversation(said) => said,
                    Notification::Register(row) => {
                        self.register(&row);
                        continue;
                    }
                    Notification::AdvisorTime(_) | Notification::Forgotten(_) => continue,
                    Notification::Desk(..) | Notification::LineaInps(_) => {
                        return Err("a desk writes to conversations and the register".into());
                    }
                };
                let Some(talk) = self.conversations.get_mut(&said.conversation) else { continue };
                let heard = talk.apply(said.command.clone(), self.now);
                match said.command {
                    ConversationCommand::Assigned { assignment_epoch, .. } => {
                        steps.push_back(self.desk.confirm(&said.conversation, assignment_epoch, self.now));
                        self.judge_estimates(&said.conversation);
                    }
                    ConversationCommand::Place(place) => {
                        self.day.places_told += 1;
                        if let Estimate::Minutes { from, to } = place.estimate {
                            self.day.widths.push(to - from);
                            self.told.entry(said.conversation).or_default().push((self.now, from, to));
                        }
                    }
                    ConversationCommand::Released { .. }
                    | ConversationCommand::Joined { .. }
                    | ConversationCommand::Left { .. }
                    | ConversationCommand::Observed { .. }
                    | ConversationCommand::Unobserved { .. }
                    | ConversationCommand::Hold { .. }
                    | ConversationCommand::Resume { .. }
                    | ConversationCommand::Warn {}
                    | ConversationCommand::Block { .. }
                    | ConversationCommand::Lift {}
                    | ConversationCommand::Forget {}
                    | ConversationCommand::Closing(_)
                    | ConversationCommand::Segnalazione(_)
                    | ConversationCommand::Close { .. } => {}
                }
                for notification in heard.notifications {
                    let Notification::Desk(_, notification) = notification else {
                        return Err("not for the desk".into());
                    };
                    steps.push_back(self.desk.apply(notification, self.now));
                }
            }
        }
        Ok(())
    }

    fn count(&mut self, step: &DeskTransition) {
        let many = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        self.day.notifications += many(step.notifications.len());
        let rows = step.changed_conversations.len()
            + step.removed_conversations.len()
            + step.changed_advisors.len()
            + step.removed_advisors.len();
        self.day.rows_written += many(rows) + many(step.changed_queues.len());
    }

    /// Compares the waits announced to a person with the real one.
    fn judge_estimates(&mut self, conversation: &ConversationId) {
        for (at, from, to) in self.told.remove(conversation).unwrap_or_default() {
            let waited = self.now.as_millis() - at.as_millis();
            if waited > i64::from(to) * 60_000 {
                self.day.too_short += 1;
            } else if waited < i64::from(from) * 60_000 {
                self.day.too_long += 1;
            } else {
                self.day.right += 1;
            }
        }
    }

    fn register(&mut self, record: &Record) {
        self.conversations.remove(&record.conversation);
        let rules: &FigureRules = &self.policy.desk.figures;
        self.day.tally.add(&Tally::of(record, rules));
        match (record.answered, record.ended_by) {
            (Some(answered), _) => {
                self.day.answered += 1;
                self.day.waits.push(answered.as_millis() - record.entered.as_millis());
            }
            (None, Some(Party::System)) => self.day.let_go += 1,
            (None, Some(Party::Citizen | Party::Advisor) | None) => self.day.gave_up += 1,
        }
    }

    fn schedule(&mut self, at: Timestamp, event: Event) {
        self.scheduled += 1;
        self.events.insert((at, self.scheduled, event));
    }
}

/// The number of a person, which is in the id of their conversation.
fn number(id: &ConversationId) -> Result<u32, String> {
    u32::from_str_radix(id.object(), 16).map_err(|error| format!("{id}: {error}"))
}

fn first_topic(policy: &Policy) -> Option<TopicPath> {
    let first = policy.desk.topics.first()?;
    let second = first.topics.first()?;
    let third = second.topics.first()?;
    Some([first.id.clone(), second.id.clone(), third.id.clone()])
}

/// The middle of 75 and 105, which 1,600 and 2,200 a month make on a working day (Messaggio INPS 4497/2022).
const PEOPLE_A_DAY: f64 = 90.0;
/// The distribution of arrivals over the six half hours. Assumed.
const WEIGHTS: [f64; 6] = [1.6, 1.2, 1.0, 0.9, 0.8, 0.5];
const HALF_HOUR_MS: f64 = 1_800_000.0;
/// A conversation takes two parts of six minutes each on average. Assumed.
const HALF_A_TALK_MS: f64 = 360_000.0;
/// Average patience. Assumed.
const PATIENCE_MS: f64 = 1_200_000.0;
