// SPDX-License-Identifier: EUPL-1.2
//! The other side of a conversation: whether they are connected, whether they are writing, how far they have read.
//!
//! - A lost connection shows only after [`LOSS_SHOWS_AFTER_MS`]: a telephone that changes network is back before that.
//! - A typing notice ends after [`TYPING_LASTS_MS`], with the person's next message, or with their connection.
//! - The read position never goes back: a device that disconnects does not lower it.

use infocig_protocol::{limits::TYPING_LASTS_MS, time::Timestamp};

/// The known state of the other side. Times are of the device's clock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Citizen {
    connected: Option<bool>,
    read_up_to: u64,
    loss_shows_at: Option<Timestamp>,
    writing_until: Option<Timestamp>,
}

impl Citizen {
    /// Whether the person is connected; absent until the server has said.
    pub fn connected(&self) -> Option<bool> {
        self.connected
    }

    /// The number of the last entry the person has had on screen; 0 for none.
    pub fn read_up_to(&self) -> u64 {
        self.read_up_to
    }

    /// Whether they are writing.
    pub fn is_writing(&self) -> bool {
        self.writing_until.is_some()
    }

    /// The next instant at which a timeout is due.
    pub fn changes_at(&self) -> Option<Timestamp> {
        [self.loss_shows_at, self.writing_until].into_iter().flatten().min()
    }

    /// Applies the timeouts that are due.
    pub(super) fn apply_timeouts(&mut self, now: Timestamp) {
        if self.loss_shows_at.is_some_and(|at| now >= at) {
            self.loss_shows_at = None;
            self.connected = Some(false);
        }
        if self.writing_until.is_some_and(|until| now >= until) {
            self.writing_until = None;
        }
    }

    /// The server reports presence and read position.
    pub(super) fn apply_presence(&mut self, connected: bool, read_up_to: u64, now: Timestamp) {
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

    /// The server reports typing.
    pub(super) fn apply_typing(&mut self, now: Timestamp) {
        self.writing_until = Some(now.plus_millis(TYPING_LASTS_MS));
    }

    /// A message of theirs arrived.
    pub(super) fn clear_typing(&mut self) {
        self.writing_until = None;
    }

    /// Our own connection is lost: neither typing nor presence can be observed.
    pub(super) fn clear_timers(&mut self) {
        self.writing_until = None;
        self.loss_shows_at = None;
    }

    /// The log is loaded anew: read positions of the old one do not apply.
    pub(super) fn reset_read(&mut self) {
        self.read_up_to = 0;
    }
}

/// A lost connection of the other side is not shown for so many milliseconds.
pub const LOSS_SHOWS_AFTER_MS: i64 = 4_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_loss_never_shows() {
        let mut citizen = connected();
        citizen.apply_presence(false, 0, at(1_000));
        citizen.apply_timeouts(at(1_000 + LOSS_SHOWS_AFTER_MS - 1));
        assert_eq!(citizen.connected(), Some(true));

        citizen.apply_presence(true, 0, at(4_999));
        citizen.apply_timeouts(at(60_000));
        assert_eq!(citizen.connected(), Some(true));
    }

    #[test]
    fn a_lasting_absence_shows_however_often_it_is_reported() {
        let mut citizen = connected();
        citizen.apply_presence(false, 0, at(1_000));
        citizen.apply_presence(false, 0, at(4_000));
        assert_eq!(citizen.changes_at(), Some(at(1_000 + LOSS_SHOWS_AFTER_MS)));

        citizen.apply_timeouts(at(1_000 + LOSS_SHOWS_AFTER_MS));
        assert_eq!(citizen.connected(), Some(false));
        assert_eq!(citizen.changes_at(), None);

        citizen.apply_presence(true, 0, at(9_000));
        assert_eq!(citizen.connected(), Some(true));
    }

    #[test]
    fn without_a_report_presence_is_unknown() {
        let mut citizen = Citizen::default();
        assert_eq!(citizen.connected(), None);
        citizen.apply_presence(false, 0, at(0));
        assert_eq!(citizen.connected(), None);
        citizen.apply_timeouts(at(LOSS_SHOWS_AFTER_MS));
        assert_eq!(citizen.connected(), Some(false));
    }

    #[test]
    fn typing_expires_by_itself_and_is_renewed_by_each_report() {
        let mut citizen = connected();
        citizen.apply_typing(at(0));
        citizen.apply_typing(at(3_000));
        citizen.apply_timeouts(at(TYPING_LASTS_MS));
        assert!(citizen.is_writing());

        citizen.apply_timeouts(at(3_000 + TYPING_LASTS_MS));
        assert!(!citizen.is_writing());
    }

    #[test]
    fn a_person_who_leaves_is_not_typing() {
        let mut citizen = connected();
        citizen.apply_typing(at(0));
        citizen.apply_presence(false, 0, at(1));
        assert!(!citizen.is_writing());
    }

    #[test]
    fn a_lost_link_of_ours_leaves_their_presence_unknown() {
        let mut citizen = connected();
        citizen.apply_presence(false, 0, at(0));
        citizen.clear_timers();
        citizen.apply_timeouts(at(60_000));
        assert_eq!(citizen.connected(), Some(true));
    }

    #[test]
    fn a_read_receipt_lasts_until_the_log_is_replaced() {
        let mut citizen = connected();
        citizen.apply_presence(true, 7, at(0));
        citizen.apply_presence(false, 0, at(1));
        assert_eq!(citizen.read_up_to(), 7);

        citizen.reset_read();
        assert_eq!(citizen.read_up_to(), 0);
    }

    fn connected() -> Citizen {
        let mut citizen = Citizen::default();
        citizen.apply_presence(true, 0, at(0));
        citizen
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }
}
