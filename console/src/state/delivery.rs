// SPDX-License-Identifier: EUPL-1.2
//! How far a message of the advisor's has come. Nothing is delivered before its entry came from the server.
//!
//! In the log the word stands only where it says something new: under the last message that was read, and under the last
//! one that was delivered and not read. What is on its way always says so.

use infocig_protocol::entry::{Author, Entry, EntryBody};

use super::Connection;

/// How far a message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It is being sent.
    Sending,
    /// It leaves when the connection is back.
    Held,
    /// It leaves when the page has been loaded again.
    NeedsReload,
    /// It is in the server's log.
    Delivered,
    /// It has been on the other side's screen.
    Read,
}

impl Delivery {
    /// Of a message that is not in the log, over a connection.
    pub const fn pending(connection: Connection) -> Self {
        match connection {
            Connection::Live | Connection::Connecting => Self::Sending,
            Connection::Lost
            | Connection::Unanswered
            | Connection::NotAccepted
            | Connection::SignInNeeded => Self::Held,
            Connection::Outdated => Self::NeedsReload,
        }
    }
}

/// The messages in the log under which something is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    read: Option<u64>,
    delivered: Option<u64>,
}

impl Marks {
    /// Of a log that the other side has read up to an entry.
    pub fn of(entries: &[Entry], read_up_to: u64) -> Self {
        let mut newest_first =
            entries.iter().rev().filter(|entry| is_an_advisors(entry)).map(|entry| entry.seq);
        let last = newest_first.next();
        let delivered = last.filter(|seq| *seq > read_up_to);
        let read = last.into_iter().chain(newest_first).find(|seq| *seq <= read_up_to);
        Self { read, delivered }
    }

    /// What is said under an entry.
    pub fn under(self, seq: u64) -> Option<Delivery> {
        if self.delivered == Some(seq) {
            Some(Delivery::Delivered)
        } else {
            (self.read == Some(seq)).then_some(Delivery::Read)
        }
    }
}

fn is_an_advisors(entry: &Entry) -> bool {
    matches!(&entry.body, EntryBody::Message { author: Author::Advisor { .. }, .. })
}

#[cfg(test)]
mod tests {
    use infocig_protocol::{id::MessageId, time::Timestamp};

    use super::*;

    #[test]
    fn the_last_message_delivered_and_the_last_one_read_say_so_and_no_other() {
        let log = [ours(1), ours(2), theirs(3), ours(4), ours(5)];
        assert_eq!(said(&log, 3), [None, Some(Delivery::Read), None, None, Some(Delivery::Delivered)]);
    }

    #[test]
    fn a_log_nobody_has_read_says_delivered_once_and_one_read_whole_says_read_once() {
        let log = [ours(1), ours(2), theirs(3)];
        assert_eq!(said(&log, 0), [None, Some(Delivery::Delivered), None]);
        assert_eq!(said(&log, 2), [None, Some(Delivery::Read), None]);
        assert_eq!(said(&log, 9), [None, Some(Delivery::Read), None]);
    }

    #[test]
    fn a_message_is_read_from_the_very_entry_that_holds_it() {
        assert_eq!(said(&[ours(4)], 3), [Some(Delivery::Delivered)]);
        assert_eq!(said(&[ours(4)], 4), [Some(Delivery::Read)]);
    }

    #[test]
    fn nothing_is_said_where_no_advisor_wrote() {
        assert_eq!(said(&[theirs(1)], 1), [None]);
        assert_eq!(Marks::of(&[], 0), Marks::default());
    }

    #[test]
    fn what_is_on_its_way_says_why_it_waits() {
        assert_eq!(Delivery::pending(Connection::Live), Delivery::Sending);
        assert_eq!(Delivery::pending(Connection::Lost), Delivery::Held);
        assert_eq!(Delivery::pending(Connection::Outdated), Delivery::NeedsReload);
    }

    fn said(log: &[Entry], read_up_to: u64) -> Vec<Option<Delivery>> {
        let marks = Marks::of(log, read_up_to);
        log.iter().map(|entry| marks.under(entry.seq)).collect()
    }

    fn ours(seq: u64) -> Entry {
        written(seq, Author::Advisor { name: "Giulia".into() })
    }

    fn theirs(seq: u64) -> Entry {
        written(seq, Author::Citizen)
    }

    fn written(seq: u64, author: Author) -> Entry {
        let body = EntryBody::Message { id: MessageId::parse("m").unwrap(), author, text: "testo".into() };
        Entry { seq, at: Timestamp::from_millis(0), body }
    }
}
