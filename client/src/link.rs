// SPDX-License-Identifier: EUPL-1.2
//! The link: whether there is a connection, when to try again, how to notice that it is dead.
//!
//! - A connection counts when the server has said `welcome`, not when the socket opens.
//! - Pauses between tries double from half a second to half a minute, each shortened by chance to as little as a half; the
//!   count starts again only after a connection has lasted.
//! - A link is asked with `PING` again and again. One whose question stays unanswered is dead, in whichever direction it
//!   broke and whatever else arrives on it: within [`DEAD_AFTER_MS`] of its last sign that both directions work.

use infocig_protocol::{close, limits::PING};

use crate::machine::{Command, Jitter, Millis};

/// The state of a link, as an interface may show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// Trying to connect.
    Connecting,
    /// Connected: the server has said welcome.
    Live,
    /// Not connected; the next try comes by itself.
    Lost,
    /// Ended on purpose: no further try.
    Over,
}

/// What the link wants done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Open,
    Ping,
    Close,
    WakeAt(Millis),
}

/// A link.
#[derive(Clone, Debug)]
pub struct Link {
    state: State,
    tries: u32,
    /// When both directions last worked.
    answered: Millis,
    pinged: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Connecting { since: Millis },
    Live { since: Millis },
    Resting { until: Millis },
    Over,
}

impl Link {
    /// A link that has not been tried.
    pub fn new() -> Self {
        Self { state: State::Resting { until: 0 }, tries: 0, answered: 0, pinged: false }
    }

    /// How it stands.
    pub fn state(&self) -> LinkState {
        match self.state {
            State::Connecting { .. } => LinkState::Connecting,
            State::Live { .. } => LinkState::Live,
            State::Resting { .. } => LinkState::Lost,
            State::Over => LinkState::Over,
        }
    }

    /// Lets the link act; the commands are what it wants done and, if its state changed, that.
    ///
    /// `hello` writes the first frame of a new socket.
    pub(crate) fn step<E>(
        &mut self,
        act: impl FnOnce(&mut Self) -> Vec<Act>,
        hello: impl Fn() -> String,
        tell: impl FnOnce(LinkState) -> E,
    ) -> Vec<Command<E>> {
        let before = self.state();
        let mut commands = Vec::new();
        for act in act(self) {
            match act {
                Act::Open => commands.extend([Command::Open, Command::Send(hello())]),
                Act::Ping => commands.push(Command::Send(PING.into())),
                Act::Close => commands.push(Command::Close),
                Act::WakeAt(at) => commands.push(Command::WakeAt(at)),
            }
        }
        let after = self.state();
        if after != before {
            commands.push(Command::Tell(tell(after)));
        }
        commands
    }

    pub(crate) fn connect(&mut self, now: Millis) -> Vec<Act> {
        self.state = State::Connecting { since: now };
        self.pinged = false;
        vec![Act::Open, Act::WakeAt(now + CONNECT_WITHIN_MS)]
    }

    pub(crate) fn welcomed(&mut self, now: Millis) -> Vec<Act> {
        self.state = State::Live { since: now };
        self.answered(now)
    }

    /// The question was answered: both directions work.
    pub(crate) fn answered(&mut self, now: Millis) -> Vec<Act> {
        self.answered = now;
        self.pinged = false;
        vec![Act::WakeAt(now + PING_AFTER_MS)]
    }

    /// The socket is gone.
    pub(crate) fn lost(&mut self, code: Option<u16>, now: Millis, jitter: Jitter) -> Vec<Act> {
        if self.state == State::Over || matches!(self.state, State::Resting { .. }) {
            return Vec::new();
        }
        if code.is_some_and(|code| !close::invites_reconnect(code)) {
            return self.end();
        }
        self.rest(now, jitter)
    }

    pub(crate) fn woken(&mut self, now: Millis, jitter: Jitter) -> Vec<Act> {
        match self.state {
            State::Connecting { since } if now >= since + CONNECT_WITHIN_MS => self.abandon(now, jitter),
            State::Connecting { since } => vec![Act::WakeAt(since + CONNECT_WITHIN_MS)],
            State::Live { .. } if now >= self.answered + DEAD_AFTER_MS => self.abandon(now, jitter),
            State::Live { .. } if !self.pinged && now >= self.answered + PING_AFTER_MS => self.ping(),
            State::Live { .. } if self.pinged => vec![Act::WakeAt(self.answered + DEAD_AFTER_MS)],
            State::Live { .. } => vec![Act::WakeAt(self.answered + PING_AFTER_MS)],
            State::Resting { until } if now >= until => self.connect(now),
            State::Resting { until } => vec![Act::WakeAt(until)],
            State::Over => Vec::new(),
        }
    }

    /// Do not wait: try now, or ask now whether the link is alive.
    pub(crate) fn nudged(&mut self, now: Millis, jitter: Jitter) -> Vec<Act> {
        match self.state {
            State::Resting { .. } => self.connect(now),
            State::Live { .. } if now < self.answered + DEAD_AFTER_MS && !self.pinged => self.ping(),
            State::Live { .. } | State::Connecting { .. } => self.woken(now, jitter),
            State::Over => Vec::new(),
        }
    }

    /// End for good.
    pub(crate) fn end(&mut self) -> Vec<Act> {
        self.state = State::Over;
        vec![Act::Close]
    }

    fn ping(&mut self) -> Vec<Act> {
        self.pinged = true;
        vec![Act::Ping, Act::WakeAt(self.answered + DEAD_AFTER_MS)]
    }

    fn abandon(&mut self, now: Millis, jitter: Jitter) -> Vec<Act> {
        let mut acts = vec![Act::Close];
        acts.extend(self.rest(now, jitter));
        acts
    }

    fn rest(&mut self, now: Millis, jitter: Jitter) -> Vec<Act> {
        if matches!(self.state, State::Live { since } if now >= since + LASTED_MS) {
            self.tries = 0;
        }
        let pause = FIRST_PAUSE_MS.saturating_mul(1 << self.tries.min(16)).min(LONGEST_PAUSE_MS);
        self.tries += 1;
        let until = now + jitter.of(pause);
        self.state = State::Resting { until };
        vec![Act::WakeAt(until)]
    }
}

impl Default for Link {
    fn default() -> Self {
        Self::new()
    }
}

/// A link silent for so long is dead.
pub const DEAD_AFTER_MS: Millis = 18_000;
const PING_AFTER_MS: Millis = 8_000;
const CONNECT_WITHIN_MS: Millis = 10_000;
const FIRST_PAUSE_MS: Millis = 500;
const LONGEST_PAUSE_MS: Millis = 30_000;
const LASTED_MS: Millis = 5_000;

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Jitter = Jitter::per_mille(1000);

    #[test]
    fn pauses_double_up_to_half_a_minute() {
        let mut link = Link::new();
        let mut now = 0;
        let mut pauses = Vec::new();
        for _ in 0..9 {
            link.connect(now);
            let [Act::WakeAt(until)] = link.lost(None, now, ALL)[..] else { panic!() };
            pauses.push(until - now);
            now = until;
        }
        assert_eq!(pauses, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    }

    #[test]
    fn a_connection_that_lasted_starts_the_count_again_and_a_short_one_does_not() {
        let mut link = Link::new();
        for (lived, expected) in [(100, 500), (100, 1_000), (LASTED_MS, 500)] {
            link.connect(0);
            link.welcomed(0);
            assert_eq!(link.lost(Some(1006), lived, ALL), [Act::WakeAt(lived + expected)]);
        }
    }

    #[test]
    fn a_silent_link_is_asked_and_then_given_up() {
        let mut link = Link::new();
        link.connect(0);
        link.welcomed(0);

        assert_eq!(link.woken(PING_AFTER_MS, ALL), [Act::Ping, Act::WakeAt(DEAD_AFTER_MS)]);
        assert_eq!(link.woken(DEAD_AFTER_MS, ALL), [Act::Close, Act::WakeAt(DEAD_AFTER_MS + 500)]);
        assert_eq!(link.state(), LinkState::Lost);
    }

    #[test]
    fn an_answer_keeps_the_link_alive() {
        let mut link = Link::new();
        link.connect(0);
        link.welcomed(0);
        link.woken(PING_AFTER_MS, ALL);

        assert_eq!(link.answered(PING_AFTER_MS + 10), [Act::WakeAt(2 * PING_AFTER_MS + 10)]);
        assert_eq!(link.woken(2 * PING_AFTER_MS + 10, ALL).first(), Some(&Act::Ping));
    }

    #[test]
    fn a_laptop_that_slept_reconnects_at_once() {
        let mut link = Link::new();
        link.connect(0);
        link.welcomed(0);

        let acts = link.nudged(3_600_000, ALL);
        assert_eq!(acts.first(), Some(&Act::Close));
        assert_eq!(link.nudged(3_600_001, ALL).first(), Some(&Act::Open));
    }

    #[test]
    fn a_refusal_is_not_tried_again() {
        let mut link = Link::new();
        link.connect(0);
        link.lost(Some(close::REFUSED), 1, ALL);

        assert_eq!(link.state(), LinkState::Over);
        assert_eq!(link.nudged(2, ALL), []);
    }

    #[test]
    fn a_connection_that_never_welcomes_is_given_up() {
        let mut link = Link::new();
        link.connect(0);
        assert_eq!(link.woken(CONNECT_WITHIN_MS, ALL).first(), Some(&Act::Close));
    }
}
