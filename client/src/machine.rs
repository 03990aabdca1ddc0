// SPDX-License-Identifier: EUPL-1.2
//! State machines without I/O: a driver passes events to `handle_*` and executes the commands that come back.

/// A point in time, in milliseconds of the device's clock. Only differences matter.
pub type Millis = i64;

/// An instruction to the driver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command<E> {
    /// Open a new connection; drop the one there is.
    Open(Transport),
    /// Try whether a socket can be opened, beside the connection; if so, call [`Machine::handle_probe`].
    Probe,
    /// Send a text on the connection. Delivery is not guaranteed: the machine repeats what matters.
    Send(String),
    /// Close the connection.
    Close,
    /// Call [`Machine::handle_timeout`] at this time. It replaces the time of any earlier command.
    WakeAt(Millis),
    /// Report an event to the interface.
    Emit(E),
}

/// The transport of frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// A WebSocket.
    Socket,
    /// Requests and long polls, where a proxy refuses or drops WebSockets.
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
    /// Events reported to the interface.
    type Event;

    /// The ticket that opens a socket.
    fn ticket(&self) -> &str;

    /// Begins.
    fn start(&mut self, now: Millis) -> Vec<Command<Self::Event>>;

    /// A text arrived on the connection. `jitter` shortens pauses.
    fn handle_text(&mut self, text: &str, now: Millis, jitter: Jitter) -> Vec<Command<Self::Event>>;

    /// The connection is closed. `code` is its close code, if the other end sent one.
    fn handle_close(&mut self, code: Option<u16>, now: Millis, jitter: Jitter) -> Vec<Command<Self::Event>>;

    /// The time of [`Command::WakeAt`] has come.
    fn handle_timeout(&mut self, now: Millis, jitter: Jitter) -> Vec<Command<Self::Event>>;

    /// The page is shown again, or the network returned: timers may be late, and a retry need not wait.
    fn handle_resume(&mut self, now: Millis) -> Vec<Command<Self::Event>>;

    /// A [probe](Command::Probe) succeeded: a socket can be opened.
    fn handle_probe(&mut self, now: Millis) -> Vec<Command<Self::Event>>;
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
