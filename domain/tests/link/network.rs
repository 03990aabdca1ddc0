// SPDX-License-Identifier: EUPL-1.2
//! The network: connections that delay, lose, repeat and reorder what is under way, in virtual time.

use std::collections::{BTreeMap, BTreeSet};

/// Milliseconds of virtual time.
pub(crate) type Millis = i64;

/// A connection between one end and the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Connection(pub(crate) u32);

/// Something arriving somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// A frame at the server.
    AtServer(Connection, String),
    /// A frame at the end that opened the connection.
    AtEnd(Connection, String),
    /// The end learns that the connection is gone.
    EndLost(Connection),
    /// The server learns that the connection is gone.
    ServerLost(Connection),
}

/// What is under way, by time of arrival and then by order of sending.
#[derive(Debug, Default)]
pub(crate) struct Network {
    under_way: BTreeMap<(Millis, u64), Arrival>,
    sent: u64,
    slow_by: BTreeMap<Connection, Millis>,
    /// A connection keeps the order of each direction, as TCP does.
    newest: BTreeMap<(Connection, bool), Millis>,
    silent_up: BTreeSet<Connection>,
    silent_down: BTreeSet<Connection>,
    repeat: BTreeSet<Connection>,
    hold: BTreeMap<Connection, Option<String>>,
    cut: BTreeSet<Connection>,
}

const DELAY: Millis = 20;

impl Network {
    /// Sends a frame to the server.
    pub(crate) fn up(&mut self, connection: Connection, text: String, now: Millis) {
        if self.is_gone(connection) || self.silent_up.contains(&connection) {
            return;
        }
        self.deliver(connection, Arrival::AtServer(connection, text), now);
    }

    /// Sends a frame to the end.
    pub(crate) fn down(&mut self, connection: Connection, text: String, now: Millis) {
        if self.is_gone(connection) || self.silent_down.contains(&connection) {
            return;
        }
        // The next frame overtakes one that is held back.
        if let Some(held) = self.hold.get_mut(&connection) {
            let Some(earlier) = held.take() else {
                *held = Some(text);
                return;
            };
            self.hold.remove(&connection);
            self.deliver(connection, Arrival::AtEnd(connection, text), now);
            self.deliver(connection, Arrival::AtEnd(connection, earlier), now);
            return;
        }
        if self.repeat.remove(&connection) {
            self.deliver(connection, Arrival::AtEnd(connection, text.clone()), now);
        }
        self.deliver(connection, Arrival::AtEnd(connection, text), now);
    }

    /// One end hangs up; the other learns it.
    pub(crate) fn hang_up(&mut self, connection: Connection, now: Millis) {
        if !self.is_gone(connection) && !self.silent_up.contains(&connection) {
            self.deliver(connection, Arrival::ServerLost(connection), now);
        }
        self.cut.insert(connection);
    }

    /// The wire breaks: what is under way is lost, and both learn it.
    pub(crate) fn cut(&mut self, connection: Connection, now: Millis) {
        if self.is_gone(connection) {
            return;
        }
        self.under_way.retain(|_, arrival| arrival.connection() != connection);
        self.cut.insert(connection);
        self.put(now + DELAY, Arrival::EndLost(connection));
        self.put(now + DELAY, Arrival::ServerLost(connection));
    }

    pub(crate) fn silence_up(&mut self, connection: Connection) {
        self.silent_up.insert(connection);
    }

    pub(crate) fn silence_down(&mut self, connection: Connection) {
        self.silent_down.insert(connection);
    }

    pub(crate) fn repeat_next(&mut self, connection: Connection) {
        self.repeat.insert(connection);
    }

    pub(crate) fn swap_next(&mut self, connection: Connection) {
        self.hold.entry(connection).or_insert(None);
    }

    pub(crate) fn slow_down(&mut self, connection: Connection, by: Millis) {
        self.slow_by.insert(connection, by);
    }

    /// Faults end: what was held back arrives. Connections that are silent for good are left to be cut.
    pub(crate) fn heal(&mut self, now: Millis) -> Vec<Connection> {
        self.slow_by.clear();
        for (connection, held) in std::mem::take(&mut self.hold) {
            if let Some(text) = held.filter(|_| !self.is_gone(connection)) {
                self.deliver(connection, Arrival::AtEnd(connection, text), now);
            }
        }
        self.silent_up.union(&self.silent_down).copied().collect()
    }

    /// When something arrives next.
    pub(crate) fn next(&self) -> Option<Millis> {
        self.under_way.first_key_value().map(|((at, _), _)| *at)
    }

    /// What arrives by `now`, earliest first.
    pub(crate) fn arrive(&mut self, now: Millis) -> Option<Arrival> {
        let entry = self.under_way.first_entry().filter(|entry| entry.key().0 <= now)?;
        Some(entry.remove())
    }

    fn is_gone(&self, connection: Connection) -> bool {
        self.cut.contains(&connection)
    }

    fn deliver(&mut self, connection: Connection, arrival: Arrival, now: Millis) {
        let slow = self.slow_by.get(&connection).copied().unwrap_or_default();
        let upward = matches!(arrival, Arrival::AtServer(..) | Arrival::ServerLost(_));
        let newest = self.newest.entry((connection, upward)).or_default();
        *newest = (*newest).max(now + DELAY + slow);
        let at = *newest;
        self.put(at, arrival);
    }

    fn put(&mut self, at: Millis, arrival: Arrival) {
        self.sent += 1;
        self.under_way.insert((at, self.sent), arrival);
    }
}

impl Arrival {
    fn connection(&self) -> Connection {
        match self {
            Self::AtServer(connection, _)
            | Self::AtEnd(connection, _)
            | Self::EndLost(connection)
            | Self::ServerLost(connection) => *connection,
        }
    }
}
