// SPDX-License-Identifier: EUPL-1.2
//! The other side of a conversation: whether they are connected, whether they are writing, how far they have read.
//!
//! - A loss shows only after [`LOSS_SHOWS_AFTER_MS`]: a telephone that changes network is back before anybody needs to know.
//! - Whoever is writing has stopped after [`TYPING_LASTS_MS`], with their next message, or when they go.
//! - What was read stays read: a device that goes away takes nothing back.

use infocig_protocol::{limits::TYPING_LASTS_MS, time::Timestamp};

/// What is known of the other side. Times are of the device's clock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Citizen {
    connected: Option<bool>,
    read_up_to: u64,
    loss_shows_at: Option<Timestamp>,
    writing_until: Option<Timestamp>,
}

impl Citizen {
    /// Whether they are connected; absent until it is known.
    pub fn connected(&self) -> Option<bool> {
        self.connected
    }

    /// They have had every entry up to this one on screen; 0 for none.
    pub fn read_up_to(&self) -> u64 {
        self.read_up_to
    }

    /// Whether they are writing.
    pub fn is_writing(&self) -> bool {
        self.writing_until.is_some()
    }

    /// When something here changes by itself.
    pub fn changes_at(&self) -> Option<Timestamp> {
        [self.loss_shows_at, self.writing_until].into_iter().flatten().min()
    }

    /// Time has passed.
    pub(super) fn settle(&mut self, now: Timestamp) {
        if self.loss_shows_at.is_some_and(|at| now >= at) {
            self.loss_shows_at = None;
            self.connected = Some(false);
        }
        if self.writing_until.is_some_and(|until| now >= until) {
            self.writing_until = None;
        }
    }

    /// The server says how they stand.
    pub(super) fn stands(&mut self, connected: bool, read_up_to: u64, now: Timestamp) {
        self.read_up_to = self.read_up_to.max(read_up_to);
        if connected {
            self.connected = Some(true);
            self.loss_shows_at = None;
        } else {
            self.writing_until = None;
            if self.connected != Some(false) && self.loss_shows_at.is_none() {
                self.loss_shows_at = Some(now.plus_millis(LOSS_SHOWS_AFTER_MS));
            }
        }
    }

    /// They are writing.
    pub(super) fn writes(&mut self, now: Timestamp) {
        self.writing_until = Some(now.plus_millis(TYPING_LASTS_MS));
    }

    /// They wrote, or there is no way to know whether they are writing.
    pub(super) fn stops_writing(&mut self) {
        self.writing_until = None;
    }

    /// Our own connection is gone: what we waited to see, we cannot.
    pub(super) fn out_of_sight(&mut self) {
        self.writing_until = None;
        self.loss_shows_at = None;
    }

    /// The log is told anew, and with it what of it was read.
    pub(super) fn begin(&mut self) {
        self.read_up_to = 0;
    }
}

/// For so long a lost connection of the other side is not shown.
pub const LOSS_SHOWS_AFTER_MS: i64 = 4_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_loss_never_shows() {
        let mut citizen = connected();
        citizen.stands(false, 0, at(1_000));
        citizen.settle(at(1_000 + LOSS_SHOWS_AFTER_MS - 1));
        assert_eq!(citizen.connected(), Some(true));

        citizen.stands(true, 0, at(4_999));
        citizen.settle(at(60_000));
        assert_eq!(citizen.connected(), Some(true));
    }

    #[test]
    fn a_loss_that_lasts_shows_however_often_it_is_told() {
        let mut citizen = connected();
        citizen.stands(false, 0, at(1_000));
        citizen.stands(false, 0, at(4_000));
        assert_eq!(citizen.changes_at(), Some(at(1_000 + LOSS_SHOWS_AFTER_MS)));

        citizen.settle(at(1_000 + LOSS_SHOWS_AFTER_MS));
        assert_eq!(citizen.connected(), Some(false));
        assert_eq!(citizen.changes_at(), None);

        citizen.stands(true, 0, at(9_000));
        assert_eq!(citizen.connected(), Some(true));
    }

    #[test]
    fn nothing_is_said_of_somebody_nobody_has_told_of() {
        let mut citizen = Citizen::default();
        assert_eq!(citizen.connected(), None);
        citizen.stands(false, 0, at(0));
        assert_eq!(citizen.connected(), None);
        citizen.settle(at(LOSS_SHOWS_AFTER_MS));
        assert_eq!(citizen.connected(), Some(false));
    }

    #[test]
    fn writing_ends_by_itself_and_lasts_when_it_is_said_again() {
        let mut citizen = connected();
        citizen.writes(at(0));
        citizen.writes(at(3_000));
        citizen.settle(at(TYPING_LASTS_MS));
        assert!(citizen.is_writing());

        citizen.settle(at(3_000 + TYPING_LASTS_MS));
        assert!(!citizen.is_writing());
    }

    #[test]
    fn who_goes_is_not_writing() {
        let mut citizen = connected();
        citizen.writes(at(0));
        citizen.stands(false, 0, at(1));
        assert!(!citizen.is_writing());
    }

    #[test]
    fn a_loss_of_our_own_says_nothing_of_theirs() {
        let mut citizen = connected();
        citizen.stands(false, 0, at(0));
        citizen.out_of_sight();
        citizen.settle(at(60_000));
        assert_eq!(citizen.connected(), Some(true));
    }

    #[test]
    fn what_was_read_stays_read_until_the_log_begins_anew() {
        let mut citizen = connected();
        citizen.stands(true, 7, at(0));
        citizen.stands(false, 0, at(1));
        assert_eq!(citizen.read_up_to(), 7);

        citizen.begin();
        assert_eq!(citizen.read_up_to(), 0);
    }

    fn connected() -> Citizen {
        let mut citizen = Citizen::default();
        citizen.stands(true, 0, at(0));
        citizen
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }
}
