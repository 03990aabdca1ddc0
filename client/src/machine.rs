// SPDX-License-Identifier: EUPL-1.2
//! What a driver needs to know of a machine: feed it what happens, do what it says.

/// A point in time, in milliseconds of the device's clock. Only differences matter.
pub type Millis = i64;

/// Something a machine wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command<E> {
    /// Open a new connection; drop the one there is.
    Open(Transport),
    /// See whether a socket could be opened, beside the connection there is; if so, call [`Machine::probed`].
    Probe,
    /// Send a text on the connection. It may be lost: the machine knows.
    Send(String),
    /// Close the connection.
    Close,
    /// Call [`Machine::woken`] at this time, instead of at any time asked before.
    WakeAt(Millis),
    /// Tell the interface.
    Tell(E),
}

/// How frames travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// A WebSocket.
    Socket,
    /// Requests and long polls, where something between the two ends refuses or swallows WebSockets.
    Poll,
}

impl Transport {
    pub(crate) const fn other(self) -> Self {
        match self {
            Self::Socket => Self::Poll,
            Self::Poll => Self::Socket,
        }
    }
}

/// One end of a link, without the connection.
pub trait Machine {
    /// What the interface is told.
    type Event;

    /// The ticket that opens a socket.
    fn ticket(&self) -> &str;

    /// Begin.
    fn start(&mut self, now: Millis) -> Vec<Command<Self::Event>>;

    /// A text arrived on the connection.
    fn received(&mut self, text: &str, now: Millis, jitter: Jitter) -> Vec<Command<Self::Event>>;

    /// The connection is gone. `code` is its close code, if the other end gave one.
    fn lost(&mut self, code: Option<u16>, now: Millis, jitter: Jitter) -> Vec<Command<Self::Event>>;

    /// The time asked for has come.
    fn woken(&mut self, now: Millis, jitter: Jitter) -> Vec<Command<Self::Event>>;

    /// The page came back to life, or the network did: do not wait any longer.
    fn nudged(&mut self, now: Millis) -> Vec<Command<Self::Event>>;

    /// A socket can be opened again.
    fn probed(&mut self, now: Millis) -> Vec<Command<Self::Event>>;
}

/// A random share between 0 (none) and 1000 (all), so that a thousand clients do not come back at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Jitter(u16);

impl Jitter {
    /// A share in thousandths, at most all.
    pub const fn per_mille(share: u16) -> Self {
        Self(if share > 1000 { 1000 } else { share })
    }

    /// Between a half and the whole of a time.
    pub(crate) fn of(self, millis: Millis) -> Millis {
        millis / 2 + millis / 2 * Millis::from(self.0) / 1000
    }
}
