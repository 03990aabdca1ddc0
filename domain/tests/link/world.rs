// SPDX-License-Identifier: EUPL-1.2
//! Two ends, a network and a server, stepped together through virtual time.

use std::collections::VecDeque;

use infocig_client::{
    link::LinkState,
    machine::{Command, Jitter, Machine, Transport},
    session::{Event, Session},
};
use infocig_protocol::{
    entry::{Author, Entry},
    id::MessageId,
};

use super::{
    network::{Arrival, Connection, Millis, Network},
    server::{Said, Server},
};

/// One end of the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Citizen,
    Advisor,
}

/// Something that happens.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Action {
    Write(End),
    Wait(Millis),
    Cut(End),
    SilenceUp(End),
    SilenceDown(End),
    Duplicate(End),
    Reorder(End),
    Slow(End, Millis),
    Restart,
    RestartBeforeTelling,
    Nudge(End),
    /// The page is loaded again: only what was unsent survives.
    Reload(End),
    RefuseSockets(End),
    AllowSockets(End),
    /// The end asks for the page before those it has.
    HistoryQuery(End),
}

/// What a browser says of a connection that broke (RFC 6455 §7.1.5).
const ABNORMAL: u16 = 1006;

/// All of it.
pub(crate) struct World {
    now: Millis,
    network: Network,
    server: Server,
    ends: [Device; 2],
    opened: u32,
    random: u64,
}

struct Device {
    session: Session,
    connection: Option<Connection>,
    transport: Option<Transport>,
    sockets_refused: bool,
    wake_at: Option<Millis>,
    seen: Vec<Entry>,
    written: Vec<MessageId>,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let device = |ticket: &str| Device {
            session: Session::new(ticket.into(), Vec::new()),
            connection: None,
            transport: None,
            sockets_refused: false,
            wake_at: None,
            seen: Vec::new(),
            written: Vec::new(),
        };
        let mut world = Self {
            now: 1_000_000,
            network: Network::default(),
            server: Server::new(),
            ends: [device("citizen"), device("advisor")],
            opened: 0,
            random: seed | 1,
        };
        for end in [End::Citizen, End::Advisor] {
            world.with(end, |session, now, _| session.start(now));
        }
        world
    }

    pub(crate) fn act(&mut self, action: Action) {
        match action {
            Action::Write(end) => self.write(end),
            Action::Wait(millis) => self.run_until(self.now + millis),
            Action::Cut(end) => self.on_connection(end, Network::cut),
            Action::SilenceUp(end) => self.on_connection(end, |network, c, _| network.silence_up(c)),
            Action::SilenceDown(end) => self.on_connection(end, |network, c, _| network.silence_down(c)),
            Action::Duplicate(end) => self.on_connection(end, |network, c, _| network.repeat_next(c)),
            Action::Reorder(end) => self.on_connection(end, |network, c, _| network.swap_next(c)),
            Action::Slow(end, by) => self.on_connection(end, |network, c, _| network.slow_down(c, by)),
            Action::Restart => self.restart(),
            Action::RestartBeforeTelling => self.server.dies_after_storing = true,
            Action::Nudge(end) => self.with(end, |session, now, _| session.handle_resume(now)),
            Action::Reload(end) => self.reload(end),
            Action::RefuseSockets(end) => self.ends[end as usize].sockets_refused = true,
            Action::AllowSockets(end) => self.ends[end as usize].sockets_refused = false,
            Action::HistoryQuery(end) => self.with(end, |session, _, _| session.older()),
        }
    }

    /// Faults end here: what is silent breaks, everything else goes on as it stands, and a quiet while passes.
    pub(crate) fn heal(&mut self) {
        self.server.dies_after_storing = false;
        for connection in self.network.heal(self.now) {
            self.network.cut(connection, self.now);
        }
        self.run_until(self.now + 180_000);
        for end in [End::Citizen, End::Advisor] {
            while self.ends[end as usize].seen.first().is_some_and(|first| first.seq > 1) {
                let before = self.ends[end as usize].seen.len();
                self.with(end, |session, _, _| session.older());
                self.run_until(self.now + 60_000);
                assert!(self.ends[end as usize].seen.len() > before, "an earlier page does not come");
            }
        }
    }

    /// How an end is connected.
    pub(crate) fn transport(&self, end: End) -> Option<Transport> {
        self.ends[end as usize].transport
    }

    /// How many messages of an end are not acknowledged.
    pub(crate) fn unsent(&self, end: End) -> usize {
        self.ends[end as usize].session.outbox().count()
    }

    fn reload(&mut self, end: End) {
        self.hang_up(end);
        let device = &mut self.ends[end as usize];
        let unsent = device.session.outbox().cloned().collect();
        let ticket = if end == End::Citizen { "citizen" } else { "advisor" };
        device.session = Session::new(ticket.into(), unsent);
        device.seen.clear();
        self.with(end, |session, now, _| session.start(now));
    }

    /// Every message is in the log once, in its author's order, and both ends saw exactly the log.
    pub(crate) fn agrees(&self) {
        let log = self.server.log();
        for (position, entry) in (1..).zip(log) {
            assert_eq!(entry.seq, position, "the numbering has a gap");
        }
        for (device, is_citizen) in self.ends.iter().zip([true, false]) {
            assert_eq!(device.session.outbox().count(), 0, "something is still on its way");
            let stored: Vec<&MessageId> = log
                .iter()
                .filter_map(Entry::message)
                .filter(|(_, author, _)| (**author == Author::Citizen) == is_citizen)
                .map(|(id, ..)| id)
                .collect();
            assert_eq!(stored, device.written.iter().collect::<Vec<_>>(), "lost, doubled or out of order");
            assert_eq!(device.seen, log, "an end saw something else than the log");
        }
    }

    /// What left an outbox is in the log.
    pub(crate) fn acknowledged_implies_stored(&self) {
        for device in &self.ends {
            let pending: Vec<&MessageId> = device.session.outbox().map(|pending| &pending.id).collect();
            for id in device.written.iter().filter(|id| !pending.contains(id)) {
                let stored = self
                    .server
                    .log()
                    .iter()
                    .any(|entry| entry.message().is_some_and(|(stored, ..)| stored == id));
                assert!(stored, "{id} was acknowledged and is not stored");
            }
        }
    }

    /// How many connections were opened so far.
    pub(crate) fn connections(&self) -> u32 {
        self.opened
    }

    fn write(&mut self, end: End) {
        let device = &mut self.ends[end as usize];
        let id = MessageId::parse(format!("{end:?}-{}", device.written.len())).unwrap();
        device.written.push(id.clone());
        let text = format!("message {id}");
        self.with(end, |session, _, _| session.post(id, text));
    }

    fn restart(&mut self) {
        for connection in self.server.restart() {
            self.network.cut(connection, self.now);
        }
    }

    fn on_connection(&mut self, end: End, act: impl FnOnce(&mut Network, Connection, Millis)) {
        if let Some(connection) = self.ends[end as usize].connection {
            act(&mut self.network, connection, self.now);
        }
    }

    fn run_until(&mut self, end: Millis) {
        loop {
            let wakes = self.ends.iter().filter_map(|device| device.wake_at);
            let next = wakes.chain(self.network.next()).min().unwrap_or(Millis::MAX);
            if next > end {
                self.now = end;
                return;
            }
            self.now = self.now.max(next);
            while let Some(arrival) = self.network.arrive(self.now) {
                self.arrives(arrival);
            }
            for end in [End::Citizen, End::Advisor] {
                let device = &mut self.ends[end as usize];
                if device.wake_at.is_some_and(|at| at <= self.now) {
                    device.wake_at = None;
                    self.with(end, |session, now, jitter| session.handle_timeout(now, jitter));
                }
            }
        }
    }

    fn arrives(&mut self, arrival: Arrival) {
        match arrival {
            Arrival::AtServer(connection, text) => match self.server.receive(connection, &text, self.now) {
                Said::Frames(frames) => {
                    for (to, frame) in frames {
                        self.network.down(to, frame, self.now);
                    }
                }
                Said::PowerCut => self.restart(),
            },
            Arrival::AtEnd(connection, text) => {
                if let Some(end) = self.holder(connection) {
                    self.with(end, |session, now, jitter| session.handle_text(&text, now, jitter));
                }
            }
            Arrival::EndLost(connection) => {
                if let Some(end) = self.holder(connection) {
                    self.ends[end as usize].connection = None;
                    self.with(end, |session, now, jitter| session.handle_close(Some(ABNORMAL), now, jitter));
                }
            }
            Arrival::ServerLost(connection) => self.server.lost(connection),
        }
    }

    fn holder(&self, connection: Connection) -> Option<End> {
        [End::Citizen, End::Advisor]
            .into_iter()
            .find(|end| self.ends[*end as usize].connection == Some(connection))
    }

    fn with(&mut self, end: End, act: impl FnOnce(&mut Session, Millis, Jitter) -> Vec<Command<Event>>) {
        let jitter = self.jitter();
        let mut commands = VecDeque::from(act(&mut self.ends[end as usize].session, self.now, jitter));
        while let Some(command) = commands.pop_front() {
            match command {
                Command::Open(transport) => {
                    self.hang_up(end);
                    self.opened += 1;
                    let connection = Connection(self.opened);
                    let device = &mut self.ends[end as usize];
                    (device.connection, device.transport) = (Some(connection), Some(transport));
                    if device.sockets_refused && transport == Transport::Socket {
                        self.network.cut(connection, self.now);
                    }
                }
                Command::Probe => {
                    let device = &mut self.ends[end as usize];
                    if !device.sockets_refused {
                        commands.extend(device.session.handle_probe(self.now));
                    }
                }
                Command::Send(text) => {
                    if let Some(connection) = self.ends[end as usize].connection {
                        self.network.up(connection, text, self.now);
                    }
                }
                Command::Close => self.hang_up(end),
                Command::WakeAt(at) => self.ends[end as usize].wake_at = Some(at),
                Command::Emit(Event::Began { .. }) => self.ends[end as usize].seen.clear(),
                Command::Emit(Event::Entries(entries)) => self.ends[end as usize].seen.extend(entries),
                Command::Emit(Event::Older { entries, .. }) => {
                    self.ends[end as usize].seen.splice(0..0, entries);
                }
                Command::Emit(Event::NotForwarded { code, .. } | Event::Refused(code)) => {
                    panic!("refused: {code:?}")
                }
                Command::Emit(Event::NotSent { message, code }) => {
                    panic!("{message:?} was not accepted: {code:?}")
                }
                Command::Emit(Event::Link(LinkState::Over)) => panic!("the link gave up"),
                Command::Emit(
                    Event::Link(_)
                    | Event::Welcomed { .. }
                    | Event::Presence { .. }
                    | Event::Typing(_)
                    | Event::Call(_)
                    | Event::Queue(_)
                    | Event::History(_)
                    | Event::HistoryEntries { .. }
                    | Event::Stored(_),
                ) => {}
            }
        }
    }

    fn hang_up(&mut self, end: End) {
        if let Some(connection) = self.ends[end as usize].connection.take() {
            self.network.hang_up(connection, self.now);
        }
    }

    /// A little generator of its own: the schedule decides everything else.
    fn jitter(&mut self) -> Jitter {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        Jitter::per_mille(u16::try_from(self.random % 1001).unwrap())
    }
}
