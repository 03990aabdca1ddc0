// SPDX-License-Identifier: EUPL-1.2
//! Four devices, their links and browsers, and the rules of a conversation, stepped together through virtual time.

use std::{collections::BTreeMap, num::NonZeroU32};

use infocig_client::{
    call::{Call, CallCommand, CallView, Connection},
    machine::Millis,
};
use infocig_domain::{
    conversation::{CallStage, ClosingTime, Conversation, InactivityTimeouts, Transition},
    notification::{ConversationCommand, Release},
    people::{Advisor, Asker, PriorityFacts, Speaker, Subject},
    policy::{CallRules, Messages},
    rate_limiter::RateLimiter,
};
use infocig_protocol::{
    call::{CallAct, CallNews, Says},
    entry::{Entry, Party},
    frame::ServerFrame,
    id::{AdvisorId, ConversationId, QueueId, SeatId},
    language::Language,
    person::{Category, Credential, PersonCard},
    problem::Code,
    time::Timestamp,
};

use super::browser::{Done, Peer};

pub(crate) const CITIZEN: usize = 0;
pub(crate) const ADVISOR: usize = 1;
pub(crate) const OTHER_CITIZEN: usize = 2;
pub(crate) const OTHER_ADVISOR: usize = 3;

/// Something that happens.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Action {
    Offer(usize),
    Accept(usize),
    Decline(usize),
    Take(usize),
    Leave(usize),
    LacksMicrophone(usize),
    /// The link breaks with what is in flight, and comes back after a while.
    Cut(usize),
    /// The page is loaded anew.
    Reload(usize),
    /// The page is gone for good.
    CloseTab(usize),
    /// Signals that the device was sent come again, late.
    Repeat(usize),
    ChangeNetwork(usize),
    AddPicture(usize),
    /// The next description cannot be made or taken.
    FailNext(usize),
    /// The conversation goes back to the queue, and to the same advisor.
    HandOn,
    EndConversation,
    Wait(Millis),
}

#[derive(Debug)]
enum Event {
    ToServer(usize, u32, CallAct),
    ToDevice(usize, u32, Frame),
    /// A signal that comes again, whatever became of the link.
    Again(usize, CallNews),
    Connects(usize),
}

#[derive(Clone, Debug)]
enum Frame {
    /// The number of entries there are.
    Welcome(u64),
    Entry(Entry),
    News(CallNews),
    Refused(Code),
}

struct Device {
    party: Party,
    call: Call,
    is_there: bool,
    /// The number of its link; even while there is none.
    link: u32,
    /// Entries it has.
    has: usize,
    /// Entries that were sent to it over the link it has.
    sent: usize,
    peer: Option<Peer>,
    wake_at: Option<Millis>,
    /// When the last frame of each direction arrives: they do not overtake each other.
    up: Millis,
    down: Millis,
    signals: Vec<CallNews>,
    seats: u32,
}

/// All of it.
pub(crate) struct World {
    now: Millis,
    random: u64,
    conversation: Conversation,
    log: Vec<Entry>,
    limiters: [RateLimiter; 2],
    devices: Vec<Device>,
    events: BTreeMap<(Millis, u32), Event>,
    count: u32,
    descriptions: usize,
    trace: Vec<String>,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let parties = [Party::Citizen, Party::Advisor, Party::Citizen, Party::Advisor];
        let device = |(place, party): (usize, Party)| Device {
            party,
            call: Call::new(party, seat(place, 0), None),
            is_there: true,
            link: 0,
            has: 0,
            sent: 0,
            peer: None,
            wake_at: None,
            up: 0,
            down: 0,
            signals: Vec::new(),
            seats: 0,
        };
        let mut world = Self {
            now: 0,
            random: seed | 1,
            conversation: held(),
            log: Vec::new(),
            limiters: [limiter(), limiter()],
            devices: parties.into_iter().enumerate().map(device).collect(),
            events: BTreeMap::new(),
            count: 0,
            descriptions: 0,
            trace: Vec::new(),
        };
        for device in 0..world.devices.len() {
            world.schedule(0, Event::Connects(device));
        }
        world.run(1_000);
        world
    }

    pub(crate) fn act(&mut self, action: Action) {
        self.trace.push(format!("{} {action:?}", self.now));
        let now = self.now;
        match action {
            Action::Offer(at) => self.on(at, |call| call.offer(now)),
            Action::Accept(at) => self.on(at, |call| call.accept(now)),
            Action::Decline(at) => self.on(at, |call| call.decline(now)),
            Action::Take(at) => {
                self.devices[at].seats += 1;
                let seat = seat(at, self.devices[at].seats);
                self.on(at, |call| call.take(seat, now));
            }
            Action::Leave(at) => self.on(at, |call| call.leave(now)),
            Action::LacksMicrophone(at) => self.on(at, |call| call.has_no_microphone(now)),
            Action::Cut(at) => self.cut(at),
            Action::Reload(at) => self.reload(at),
            Action::CloseTab(at) => {
                self.cut(at);
                let device = &mut self.devices[at];
                (device.is_there, device.peer, device.wake_at) = (false, None, None);
            }
            Action::Repeat(at) => {
                for news in self.devices[at].signals.clone() {
                    let late = self.random(30_000);
                    self.schedule(late, Event::Again(at, news));
                }
            }
            Action::ChangeNetwork(at) => {
                if let Some(peer) = &mut self.devices[at].peer {
                    peer.stale = peer.agreed.clone();
                }
                self.on(at, |call| call.on_network_change(now));
            }
            Action::AddPicture(at) => self.on(at, |call| call.on_negotiation_needed(now)),
            Action::FailNext(at) => {
                if let Some(peer) = &mut self.devices[at].peer {
                    peer.fails_next = true;
                }
            }
            Action::HandOn => {
                let released = ConversationCommand::Released { why: Release::Lost };
                let transition = self.conversation.apply(released, at(now));
                self.send(&transition);
                let transition = self.conversation.apply(assigned(), at(now));
                self.send(&transition);
            }
            Action::EndConversation => {
                let transition = self.conversation.close(&Speaker::Citizen, at(now)).unwrap();
                self.send(&transition);
            }
            Action::Wait(millis) => self.run(millis),
        }
    }

    /// Every link comes back, and so much time passes that nothing is under way any more.
    pub(crate) fn heal(&mut self) {
        self.trace.push(format!("{} heals", self.now));
        self.run(400_000);
    }

    /// Both ends agree with the server, and nobody else has media.
    pub(crate) fn agrees(&self) {
        let call = self.conversation.current_call();
        for (place, device) in self.devices.iter().enumerate().filter(|(_, device)| device.is_there) {
            let view = device.call.view();
            let seat = call.and_then(|call| match device.party {
                Party::Citizen => call.citizen.as_ref(),
                Party::Advisor | Party::System => call.advisor.as_ref(),
            });
            let holds = seat.is_some_and(|seat| seat.as_str().starts_with(&format!("d{place}-")));
            let expected = match call {
                None => CallView::None,
                Some(_) if holds => CallView::Talking,
                Some(_) => CallView::Elsewhere,
            };
            assert_eq!(view, &expected, "device {place}: {}", self.describe());
            assert_eq!(device.peer.is_some(), holds, "media of device {place}: {}", self.describe());
        }
        if let Some(call) = call {
            assert_eq!(call.stage, CallStage::Began, "{}", self.describe());
            assert!(self.talks(), "{}", self.describe());
        }
    }

    /// Whether exactly two devices have media, and hear each other.
    pub(crate) fn talks(&self) -> bool {
        let peers: Vec<&Peer> = self.devices.iter().filter_map(|device| device.peer.as_ref()).collect();
        matches!(peers.as_slice(), [one, other] if one.connected && other.connected && one.agreed == other.agreed)
    }

    pub(crate) fn view(&self, device: usize) -> &CallView {
        self.devices[device].call.view()
    }

    pub(crate) fn has_media(&self, device: usize) -> bool {
        self.devices[device].peer.is_some()
    }

    /// Offers and answers that were sent.
    pub(crate) fn descriptions(&self) -> usize {
        self.descriptions
    }

    pub(crate) fn describe(&self) -> String {
        let call = self.conversation.current_call();
        let devices: Vec<_> = self.devices.iter().map(|device| (&device.call, &device.peer)).collect();
        let trace: Vec<&String> = self.trace.iter().rev().take(60).collect();
        format!("at {}\n{call:?}\n{devices:#?}\n{trace:#?}", self.now)
    }

    fn reload(&mut self, at: usize) {
        if !self.devices[at].is_there {
            return;
        }
        self.cut(at);
        let device = &mut self.devices[at];
        device.seats += 1;
        device.call = Call::new(device.party, seat(at, device.seats), device.call.joined());
        (device.has, device.peer, device.wake_at) = (0, None, None);
    }

    fn cut(&mut self, at: usize) {
        let back = self.random(6_000);
        let device = &mut self.devices[at];
        if !device.is_there {
            return;
        }
        if device.link % 2 == 1 {
            device.link += 1;
            device.call.on_link_lost();
            self.schedule(back, Event::Connects(at));
        }
        self.tell_presence();
    }

    fn tell_presence(&mut self) {
        let is_connected = |one: &Device| one.party == Party::Citizen && one.link % 2 == 1;
        let connected = self.devices.iter().any(is_connected);
        let transition = self.conversation.citizen_connected(connected, at(self.now));
        self.send(&transition);
    }

    fn run(&mut self, millis: Millis) {
        let until = self.now + millis;
        while let Some(next) = self.next_instant().filter(|next| *next <= until) {
            self.now = next.max(self.now);
            self.step();
        }
        self.now = until;
    }

    fn next_instant(&self) -> Option<Millis> {
        let server = self.conversation.next_wake().map(Timestamp::as_millis).filter(|at| *at < NEVER);
        let event = self.events.keys().next().map(|(at, _)| *at);
        let devices = self.devices.iter().flat_map(|device| {
            let peer = device.peer.as_ref();
            [device.wake_at, peer.and_then(|peer| peer.done_at), peer.and_then(|peer| peer.fails_at)]
        });
        server.into_iter().chain(event).chain(devices.flatten()).min()
    }

    fn step(&mut self) {
        let now = self.now;
        if self.conversation.next_wake().is_some_and(|wake| wake.as_millis() <= now) {
            let transition = self.conversation.wake(at(now));
            self.send(&transition);
        } else if self.events.keys().next().is_some_and(|(at, _)| *at <= now) {
            let (_, event) = self.events.pop_first().unwrap();
            self.apply(event);
        } else {
            for place in 0..self.devices.len() {
                let takes = 1 + self.random(400);
                let device = &mut self.devices[place];
                if device.wake_at.take_if(|at| *at <= now).is_some() {
                    self.on(place, |call| call.on_timeout(now));
                } else if let Some(peer) = device.peer.as_mut() {
                    if peer.done_at.is_some_and(|at| at <= now) {
                        let done = peer.work(now, takes);
                        self.report(place, done);
                    } else if peer.fails_at.take_if(|at| *at <= now).is_some() {
                        self.on(place, |call| call.on_connection(Connection::Failed, now));
                    }
                }
            }
        }
        self.connect_peers();
    }

    fn report(&mut self, place: usize, done: Done) {
        let now = self.now;
        match done {
            Done::Offer(round, sdp) => self.on(place, |call| call.on_local_offer(round, sdp, now)),
            Done::Answer(round, sdp) => self.on(place, |call| call.on_local_answer(round, sdp, now)),
            Done::Taken => {}
            Done::Failed => {
                self.devices[place].seats += 1;
                let seat = seat(place, self.devices[place].seats);
                self.on(place, |call| call.on_negotiation_failed(seat, now));
            }
        }
    }

    /// Two that agree on an offer and its answer hear each other, and others do not.
    fn connect_peers(&mut self) {
        let now = self.now;
        let agreed = |device: &Device| {
            let peer = device.peer.as_ref()?;
            Some((peer.id, peer.agreed.clone()?, peer.stale.clone()))
        };
        let all: Vec<_> = self.devices.iter().map(agreed).collect();
        for place in 0..all.len() {
            let connects = all[place].as_ref().is_some_and(|(id, own, stale)| {
                let fits = |(other, theirs, old): &(u32, (String, String), Option<(String, String)>)| {
                    other != id && theirs == own && old.as_ref() != Some(theirs)
                };
                stale.as_ref() != Some(own) && all.iter().flatten().any(fits)
            });
            let Some(peer) = self.devices[place].peer.as_mut() else { continue };
            if connects != peer.connected {
                peer.connected = connects;
                peer.fails_at = (!connects).then_some(now + 10_000);
                let connection = if connects { Connection::Connected } else { Connection::Interrupted };
                self.on(place, |call| call.on_connection(connection, now));
            }
        }
    }

    fn apply(&mut self, event: Event) {
        let now = self.now;
        match event {
            Event::Connects(place) => {
                let device = &mut self.devices[place];
                if !device.is_there || device.link % 2 == 1 {
                    return;
                }
                device.link += 1;
                device.sent = device.has;
                self.down(place, Frame::Welcome(self.log.len() as u64));
                self.send_entries(place);
                let speaker = speaker(self.devices[place].party);
                if let Some(ServerFrame::Call(news)) = self.conversation.seats_of_call(&speaker) {
                    self.down(place, Frame::News(news));
                }
                self.tell_presence();
            }
            Event::ToServer(place, link, act) => {
                if self.devices[place].link == link {
                    self.receive(place, act);
                }
            }
            Event::ToDevice(place, link, frame) => {
                if self.devices[place].link != link {
                    return;
                }
                match frame {
                    Frame::Welcome(last_seq) => self.on(place, |call| call.on_welcome(last_seq, now)),
                    Frame::Entry(entry) => {
                        self.devices[place].has += 1;
                        self.on(place, |call| call.on_entry(&entry, now));
                    }
                    Frame::Refused(code) => self.on(place, |call| call.on_refused(code, now)),
                    Frame::News(news) => {
                        if let CallNews::Signal(_) = news {
                            self.devices[place].signals.push(news.clone());
                        }
                        self.on(place, |call| call.on_news(news, now));
                    }
                }
            }
            Event::Again(place, news) => self.on(place, |call| call.on_news(news, now)),
        }
    }

    /// The server receives an act.
    fn receive(&mut self, place: usize, act: CallAct) {
        let party = self.devices[place].party;
        let speaker = speaker(party);
        if let CallAct::Signal(signal) = act {
            if let Some(to) = self.conversation.passes_signal(&speaker, &signal) {
                self.descriptions += usize::from(!matches!(signal.says, Says::Candidate { .. }));
                self.tell(to, &CallNews::Signal(signal));
            }
            return;
        }
        let limiter = &mut self.limiters[usize::from(party == Party::Advisor)];
        match self.conversation.call(&speaker, act, rules(), limiter, at(self.now)) {
            Ok(transition) => self.send(&transition),
            Err(refusal) => self.down(place, Frame::Refused(refusal.code)),
        }
    }

    fn send(&mut self, transition: &Transition) {
        self.log.extend(transition.appended.iter().cloned());
        for place in 0..self.devices.len() {
            self.send_entries(place);
        }
        for (party, frames) in
            [(Party::Citizen, &transition.to_citizen), (Party::Advisor, &transition.to_holder)]
        {
            for frame in frames {
                if let ServerFrame::Call(news) = frame {
                    self.tell(party, news);
                }
            }
        }
    }

    fn tell(&mut self, party: Party, news: &CallNews) {
        for place in 0..self.devices.len() {
            if self.devices[place].party == party {
                self.down(place, Frame::News(news.clone()));
            }
        }
    }

    fn send_entries(&mut self, place: usize) {
        let device = &mut self.devices[place];
        if device.link.is_multiple_of(2) {
            return;
        }
        let entries: Vec<Entry> = self.log[device.sent..].to_vec();
        device.sent = self.log.len();
        for entry in entries {
            self.down(place, Frame::Entry(entry));
        }
    }

    fn down(&mut self, place: usize, frame: Frame) {
        let slow = self.random(300);
        let device = &mut self.devices[place];
        if device.link % 2 == 1 {
            device.down = device.down.max(self.now + slow);
            let (at, link) = (device.down, device.link);
            self.schedule(at - self.now, Event::ToDevice(place, link, frame));
        }
    }

    fn on(&mut self, place: usize, act: impl FnOnce(&mut Call) -> Vec<CallCommand>) {
        if !self.devices[place].is_there {
            return;
        }
        let commands = act(&mut self.devices[place].call);
        for command in commands {
            let (slow, takes) = (self.random(300), 1 + self.random(400));
            self.count += 1;
            let id = self.count;
            let now = self.now;
            self.trace.push(format!("{now} device {place} {command:?}"));
            let device = &mut self.devices[place];
            match command {
                CallCommand::Send(act) => {
                    if device.link % 2 == 1 {
                        device.up = device.up.max(now + slow);
                        let (at, link) = (device.up, device.link);
                        self.schedule(at - now, Event::ToServer(place, link, act));
                    }
                }
                CallCommand::Open => device.peer = Some(Peer::new(id)),
                CallCommand::Close => device.peer = None,
                CallCommand::WakeAt(at) => device.wake_at = Some(at),
                CallCommand::Show(_) | CallCommand::AddCandidate { .. } => {}
                op @ (CallCommand::MakeOffer { .. }
                | CallCommand::TakeOffer { .. }
                | CallCommand::TakeAnswer { .. }) => {
                    device.peer.as_mut().unwrap().add(op, now, takes);
                }
            }
        }
    }

    fn schedule(&mut self, after: Millis, event: Event) {
        self.count += 1;
        self.events.insert((self.now + after, self.count), event);
    }

    /// Below a bound.
    fn random(&mut self, bound: Millis) -> Millis {
        // xorshift64
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        Millis::try_from(self.random % u64::try_from(bound).unwrap()).unwrap()
    }
}

const NEVER: Millis = 1_000_000_000;

fn held() -> Conversation {
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
    let closing = ClosingTime { warn: None, closes: at(NEVER), ends: at(NEVER) };
    let timeouts = InactivityTimeouts { absent_ms: NEVER, warn_ms: NEVER, close_ms: NEVER };
    let id = ConversationId::of(&"0a".repeat(32), 1).unwrap();
    let queue = QueueId::parse("info-cig").unwrap();
    let (mut conversation, _) = Conversation::open(id, queue, asker, closing, timeouts, at(0));
    conversation.apply(assigned(), at(0));
    // The log of this world begins here.
    conversation
}

fn assigned() -> ConversationCommand {
    ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() }
}

fn giulia() -> Advisor {
    Advisor { id: AdvisorId::parse("giulia").unwrap(), name: "Giulia".into() }
}

fn speaker(party: Party) -> Speaker {
    if party == Party::Citizen { Speaker::Citizen } else { Speaker::Advisor(giulia()) }
}

fn rules() -> CallRules {
    CallRules { on: true, citizen_may_ask: true, ..CallRules::default() }
}

fn limiter() -> RateLimiter {
    let number = |number| NonZeroU32::new(number).unwrap();
    RateLimiter::new(Messages {
        burst: number(1_000),
        per_minute: number(60_000),
        per_conversation: number(100_000),
    })
}

fn seat(place: usize, number: u32) -> SeatId {
    SeatId::parse(format!("d{place}-{number}")).unwrap()
}

fn at(millis: Millis) -> Timestamp {
    Timestamp::from_millis(millis)
}
