// SPDX-License-Identifier: EUPL-1.2
//! The link: whether there is a connection, when to try again, how to notice that it is dead.
//!
//! - A connection counts when the server has said `welcome`, not when the socket opens.
//! - Pauses between tries double from half a second to half a minute, each shortened by chance to as little as a half; the
//!   count starts again only after a connection has lasted.
//! - A link is asked with `PING` again and again. One whose question stays unanswered is dead, in whichever direction it
//!   broke and whatever else arrives on it: within [`DEAD_AFTER_MS`] of its last sign that both directions work.
//! - Tries go by turns over a socket and over polls, beginning with what worked last. A link that lives on polls looks for a
//!   socket now and then, beside the polls, and moves over when one opens.
//! - Sockets that open and die again at once (at the first large frame, say) are not tried for ever: after two short lives the
//!   link goes on over polls, and looks for a socket no sooner than in ten minutes. One that lasts makes it forget.

use infocig_protocol::{close, limits::PING};

use crate::machine::{Command, Jitter, Millis, Transport};

/// The state of a link, as an interface may show it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LinkState {
    /// Trying to connect.
    #[default]
    Connecting,
    /// Connected: the server has said welcome.
    Live,
    /// Not connected; the next try comes by itself.
    Lost,
    /// Ended on purpose: no further try.
    Over,
}

/// An instruction of the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Open(Transport),
    Probe,
    Ping,
    Close,
    WakeAt(Millis),
}

/// A link.
#[derive(Clone, Debug)]
pub struct Link {
    state: State,
    tries: u32,
    /// The transport of the newest connection.
    transport: Transport,
    /// When both directions last worked.
    answered: Millis,
    /// A question was asked, and this is when it counts as unanswered.
    give_up: Option<Millis>,
    /// On polls: when to look for a socket, and how long to leave it at that.
    probe: Millis,
    probe_pause: Millis,
    /// The number of sockets in a row that were cut off shortly after their welcome.
    short_lives: u32,
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
        Self {
            state: State::Resting { until: 0 },
            tries: 0,
            transport: Transport::Socket,
            answered: 0,
            give_up: None,
            probe: 0,
            probe_pause: FIRST_PROBE_MS,
            short_lives: 0,
        }
    }

    /// The state.
    pub fn state(&self) -> LinkState {
        match self.state {
            State::Connecting { .. } => LinkState::Connecting,
            State::Live { .. } => LinkState::Live,
            State::Resting { .. } => LinkState::Lost,
            State::Over => LinkState::Over,
        }
    }

    /// Lets the link act; the commands are its own and, if its state changed, the event of that.
    ///
    /// `hello` writes the first frame of a new connection.
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
                Act::Open(transport) => commands.extend([Command::Open(transport), Command::Send(hello())]),
                Act::Probe => commands.push(Command::Probe),
                Act::Ping => commands.push(Command::Send(PING.into())),
                Act::Close => commands.push(Command::Close),
                Act::WakeAt(at) => commands.push(Command::WakeAt(at)),
            }
        }
        let after = self.state();
        if after != before {
            commands.push(Command::Emit(tell(after)));
        }
        commands
    }

    pub(crate) fn connect(&mut self, now: Millis) -> Vec<Act> {
        self.state = State::Connecting { since: now };
        self.give_up = None;
        vec![Act::Open(self.transport), Act::WakeAt(now + CONNECT_WITHIN_MS)]
    }

    pub(crate) fn handle_welcome(&mut self, now: Millis) -> Vec<Act> {
        self.state = State::Live { since: now };
        match self.transport {
            Transport::Socket if self.short_lives == 0 => self.probe_pause = FIRST_PROBE_MS,
            Transport::Socket => self.probe_pause = LONGEST_PROBE_MS,
            Transport::Poll => self.probe = now + self.probe_pause,
        }
        self.handle_pong(now)
    }

    /// The question was answered: both directions work.
    pub(crate) fn handle_pong(&mut self, now: Millis) -> Vec<Act> {
        self.answered = now;
        self.give_up = None;
        vec![Act::WakeAt(now + PING_AFTER_MS)]
    }

    /// The connection is gone.
    pub(crate) fn handle_close(&mut self, code: Option<u16>, now: Millis, jitter: Jitter) -> Vec<Act> {
        if self.state == State::Over || matches!(self.state, State::Resting { .. }) {
            return Vec::new();
        }
        if code.is_some_and(|code| !close::invites_reconnect(code)) {
            return self.end();
        }
        if let State::Live { since } = self.state
            && self.transport == Transport::Socket
        {
            let cut_off = code.is_none_or(|code| code == close::ABNORMAL);
            self.short_lives =
                if now >= since + LASTED_MS { 0 } else { self.short_lives + u32::from(cut_off) };
            if self.short_lives >= MOST_SHORT_LIVES {
                self.transport = Transport::Poll;
            }
        }
        self.rest(now, jitter)
    }

    pub(crate) fn handle_timeout(&mut self, now: Millis, jitter: Jitter) -> Vec<Act> {
        match self.state {
            // A clock that was set back must hold nothing up.
            State::Connecting { since } if now < since || now >= since + CONNECT_WITHIN_MS => {
                self.abandon(now, jitter)
            }
            State::Connecting { since } => vec![Act::WakeAt(since + CONNECT_WITHIN_MS)],
            State::Live { .. } => match self.give_up {
                Some(give_up) if now >= give_up || give_up - now > ANSWER_WITHIN_MS => {
                    self.abandon(now, jitter)
                }
                Some(give_up) => vec![Act::WakeAt(give_up)],
                None if (self.answered..self.answered + PING_AFTER_MS).contains(&now) => {
                    vec![Act::WakeAt(self.answered + PING_AFTER_MS)]
                }
                None => self.ask(now, ANSWER_WITHIN_MS),
            },
            State::Resting { until } if now >= until || until - now > LONGEST_PAUSE_MS => self.connect(now),
            State::Resting { until } => vec![Act::WakeAt(until)],
            State::Over => Vec::new(),
        }
    }

    /// Do not wait: try now, or ask now whether the link is alive.
    pub(crate) fn handle_resume(&mut self, now: Millis) -> Vec<Act> {
        match self.state {
            // A network that is back is tried the way that worked before.
            State::Resting { .. } => {
                self.tries = 0;
                self.connect(now)
            }
            // Longer than browsers slow a hidden page's timers: the device slept, and no server waited for it.
            State::Live { .. } if now >= self.answered + ASLEEP_AFTER_MS => self.connect(now),
            State::Live { .. } if self.give_up.is_none() => self.ask(now, HURRIED_ANSWER_WITHIN_MS),
            State::Live { .. } | State::Connecting { .. } | State::Over => Vec::new(),
        }
    }

    /// A socket can be opened: move over to one.
    pub(crate) fn handle_probe(&mut self, now: Millis) -> Vec<Act> {
        if !matches!(self.state, State::Live { .. }) || self.transport == Transport::Socket {
            return Vec::new();
        }
        self.transport = Transport::Socket;
        self.tries = 0;
        self.connect(now)
    }

    /// End for good.
    pub(crate) fn end(&mut self) -> Vec<Act> {
        self.state = State::Over;
        vec![Act::Close]
    }

    fn ask(&mut self, now: Millis, within: Millis) -> Vec<Act> {
        self.give_up = Some(now + within);
        let mut acts = vec![Act::Ping, Act::WakeAt(now + within)];
        if self.transport == Transport::Poll && now >= self.probe {
            self.probe_pause = (self.probe_pause * 2).min(LONGEST_PROBE_MS);
            self.probe = now + self.probe_pause;
            acts.push(Act::Probe);
        }
        acts
    }

    fn abandon(&mut self, now: Millis, jitter: Jitter) -> Vec<Act> {
        let mut acts = vec![Act::Close];
        acts.extend(self.rest(now, jitter));
        acts
    }

    fn rest(&mut self, now: Millis, jitter: Jitter) -> Vec<Act> {
        match self.state {
            State::Live { since } if now >= since + LASTED_MS => self.tries = 0,
            State::Live { .. } => {}
            // This way led nowhere: the next try goes the other.
            State::Connecting { .. } | State::Resting { .. } | State::Over => {
                self.transport = self.transport.other();
            }
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
pub const DEAD_AFTER_MS: Millis = PING_AFTER_MS + ANSWER_WITHIN_MS;
const PING_AFTER_MS: Millis = 8_000;
const ANSWER_WITHIN_MS: Millis = 10_000;
const HURRIED_ANSWER_WITHIN_MS: Millis = 3_000;
const ASLEEP_AFTER_MS: Millis = 90_000;
const CONNECT_WITHIN_MS: Millis = 10_000;
const FIRST_PAUSE_MS: Millis = 500;
const LONGEST_PAUSE_MS: Millis = 30_000;
const LASTED_MS: Millis = 5_000;
const MOST_SHORT_LIVES: u32 = 2;
const FIRST_PROBE_MS: Millis = 10_000;
const LONGEST_PROBE_MS: Millis = 600_000;

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
            let [Act::WakeAt(until)] = link.handle_close(None, now, ALL)[..] else { panic!() };
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
            link.handle_welcome(0);
            assert_eq!(link.handle_close(Some(1006), lived, ALL), [Act::WakeAt(lived + expected)]);
        }
    }

    /// Kind: networks that cut a socket off at its first large frame.
    #[test]
    fn sockets_that_die_young_are_left_for_polls_and_one_that_lasts_is_trusted_again() {
        let mut link = Link::new();
        let opened = |link: &mut Link, now| {
            let opened = link.connect(now).first().copied();
            link.handle_welcome(now);
            opened
        };
        for now in [0, 1_000] {
            assert_eq!(opened(&mut link, now), Some(Act::Open(Transport::Socket)));
            link.handle_close(None, now + 100, ALL);
        }
        assert_eq!(opened(&mut link, 3_000), Some(Act::Open(Transport::Poll)));
        assert_eq!(link.probe, 3_000 + LONGEST_PROBE_MS);
        // A socket that is found again and dies again does not begin the count anew.
        link.handle_probe(700_000);
        link.handle_welcome(700_000);
        link.handle_close(Some(close::ABNORMAL), 700_100, ALL);
        assert_eq!(opened(&mut link, 701_000), Some(Act::Open(Transport::Poll)));
        link.handle_probe(1_400_000);
        link.handle_welcome(1_400_000);
        link.handle_close(None, 1_400_000 + LASTED_MS, ALL);
        assert_eq!(opened(&mut link, 1_410_000), Some(Act::Open(Transport::Socket)));
        assert_eq!(link.short_lives, 0);

        // A server that says why it ends a link cuts nobody off.
        let mut restarted = Link::new();
        for now in [0, 1_000, 2_000] {
            assert_eq!(opened(&mut restarted, now), Some(Act::Open(Transport::Socket)));
            restarted.handle_close(Some(close::RESTART), now + 100, ALL);
        }
    }

    #[test]
    fn a_silent_link_is_asked_and_then_given_up() {
        let mut link = live();

        assert_eq!(link.handle_timeout(PING_AFTER_MS, ALL), [Act::Ping, Act::WakeAt(DEAD_AFTER_MS)]);
        assert_eq!(link.handle_timeout(DEAD_AFTER_MS, ALL), [Act::Close, Act::WakeAt(DEAD_AFTER_MS + 500)]);
        assert_eq!(link.state(), LinkState::Lost);
    }

    #[test]
    fn an_answer_keeps_the_link_alive() {
        let mut link = live();
        link.handle_timeout(PING_AFTER_MS, ALL);

        assert_eq!(link.handle_pong(PING_AFTER_MS + 10), [Act::WakeAt(2 * PING_AFTER_MS + 10)]);
        assert_eq!(link.handle_timeout(2 * PING_AFTER_MS + 10, ALL).first(), Some(&Act::Ping));
    }

    #[test]
    fn a_hidden_page_whose_timers_come_once_a_minute_stays_connected() {
        let mut link = live();
        for minute in 1..60 {
            let now = minute * 60_000;
            assert_eq!(link.handle_timeout(now, ALL).first(), Some(&Act::Ping));
            link.handle_pong(now + 50);
        }
        assert_eq!(link.state(), LinkState::Live);
    }

    #[test]
    fn a_page_that_is_looked_at_again_finds_a_dead_link_out_at_once() {
        let mut link = live();
        assert_eq!(link.handle_resume(4_000), [Act::Ping, Act::WakeAt(4_000 + HURRIED_ANSWER_WITHIN_MS)]);
        assert_eq!(link.handle_timeout(7_000, ALL).first(), Some(&Act::Close));
    }

    #[test]
    fn a_clock_that_is_set_back_holds_nothing_up() {
        let hour = 3_600_000;
        let mut resting = Link::new();
        resting.connect(hour);
        resting.handle_close(None, hour, ALL);
        assert!(matches!(resting.handle_timeout(0, ALL)[..], [Act::Open(_), ..]));

        let mut connecting = Link::new();
        connecting.connect(hour);
        assert_eq!(connecting.handle_timeout(0, ALL).first(), Some(&Act::Close));

        let mut live = Link::new();
        live.connect(hour);
        live.handle_welcome(hour);
        assert_eq!(live.handle_timeout(0, ALL).first(), Some(&Act::Ping));
    }

    #[test]
    fn a_laptop_that_slept_reconnects_at_once() {
        let mut link = live();
        assert_eq!(link.handle_resume(3_600_000).first(), Some(&Act::Open(Transport::Socket)));
    }

    #[test]
    fn a_refusal_is_not_tried_again() {
        let mut link = Link::new();
        link.connect(0);
        link.handle_close(Some(close::REFUSED), 1, ALL);

        assert_eq!(link.state(), LinkState::Over);
        assert_eq!(link.handle_resume(2), []);
    }

    #[test]
    fn a_connection_that_never_welcomes_is_given_up_for_the_other_way() {
        let mut link = Link::new();
        assert_eq!(link.connect(0).first(), Some(&Act::Open(Transport::Socket)));
        assert_eq!(link.handle_timeout(CONNECT_WITHIN_MS, ALL).first(), Some(&Act::Close));
        assert_eq!(
            link.handle_timeout(CONNECT_WITHIN_MS + 500, ALL).first(),
            Some(&Act::Open(Transport::Poll))
        );
        link.handle_close(None, 20_000, ALL);
        assert_eq!(link.handle_timeout(30_000, ALL).first(), Some(&Act::Open(Transport::Socket)));
    }

    #[test]
    fn a_link_on_polls_moves_over_when_a_socket_opens_and_looks_for_one_ever_less_often() {
        let mut link = Link::new();
        link.connect(0);
        link.handle_close(None, 0, ALL);
        link.handle_timeout(500, ALL);
        link.handle_welcome(500);

        let mut looked = Vec::new();
        let mut now = 500;
        while looked.len() < 4 {
            now += PING_AFTER_MS;
            if link.handle_timeout(now, ALL).contains(&Act::Probe) {
                looked.push(now);
            }
            link.handle_pong(now);
        }
        assert!(looked.windows(3).all(|three| three[2] - three[1] > three[1] - three[0]), "{looked:?}");

        assert_eq!(link.handle_probe(now).first(), Some(&Act::Open(Transport::Socket)));
        link.handle_welcome(now);
        assert_eq!(link.handle_probe(now), []);
    }

    fn live() -> Link {
        let mut link = Link::new();
        link.connect(0);
        link.handle_welcome(0);
        link
    }
}
