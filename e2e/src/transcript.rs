// SPDX-License-Identifier: EUPL-1.2
//! The delivery of every message of a conversation: written, stored and shown messages are compared.

use std::{collections::BTreeMap, ops::AddAssign};

use infocig_protocol::{
    entry::{Author, Entry, EntryBody, Party},
    id::MessageId,
};

/// One side of a conversation: its messages and the entries it was shown.
#[derive(Clone, Debug)]
pub struct Side {
    /// The side.
    pub party: Party,
    /// The messages it wrote, in order.
    pub written: Vec<Written>,
    /// The entries it was shown, in order.
    pub seen: Vec<Entry>,
    /// Whether it was shown the end. If not, more entries may be stored than it was shown.
    pub ended: bool,
}

/// A written message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its id.
    pub id: MessageId,
    /// Its text.
    pub text: String,
    /// Its delivery, as its author knows it.
    pub delivery: DeliveryState,
}

/// The delivery of a message, as its author knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// It is in the conversation.
    Acknowledged,
    /// It was refused.
    Refused,
    /// No answer arrived. If the author was shown the end of the conversation, it is not in it.
    Open,
}

/// The errors of transcripts, and the number of messages compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flaws {
    /// Messages acknowledged to their authors.
    pub messages: u64,
    /// Messages refused, or open at the end of the conversation.
    pub refused: u64,
    /// Messages acknowledged but not stored as written; entries stored but not shown to a side, or shown but not stored.
    pub lost: u64,
    /// Messages or entries stored or shown twice, stored although refused, or stored without an author.
    pub doubled: u64,
    /// Gaps in the numbers of entries, and messages or entries in another order.
    pub out_of_order: u64,
}

impl Flaws {
    /// Compares the stored entries with those both sides wrote and were shown.
    pub fn of(stored: &[Entry], sides: &[Side]) -> Self {
        let mut flaws = Self {
            out_of_order: count((1..).zip(stored), |(place, entry)| *place != entry.seq),
            ..Self::default()
        };
        let mut messages = messages(stored);
        for side in sides {
            flaws.look_at_written(side, &mut messages);
            flaws.look_at_seen(stored, side);
        }
        flaws.doubled += count(messages.values(), |places| !places.is_empty());
        flaws
    }

    fn look_at_written<'a>(&mut self, side: &'a Side, messages: &mut Messages<'a>) {
        let mut last = 0;
        for written in &side.written {
            let stored = messages.remove(&(side.party, written.id.as_str())).unwrap_or_default();
            if written.delivery == DeliveryState::Open && !side.ended {
                continue;
            }
            if written.delivery != DeliveryState::Acknowledged {
                self.refused += 1;
                self.doubled += u64::from(!stored.is_empty());
                continue;
            }
            self.messages += 1;
            self.doubled += count(stored.iter().skip(1), |_| true);
            match stored.first() {
                Some((place, text)) if *text == written.text => {
                    self.out_of_order += u64::from(*place < last);
                    last = *place;
                }
                Some(_) | None => self.lost += 1,
            }
        }
    }

    fn look_at_seen(&mut self, stored: &[Entry], side: &Side) {
        let seen = &side.seen;
        let times: BTreeMap<u64, usize> = seen.iter().fold(BTreeMap::new(), |mut times, entry| {
            *times.entry(entry.seq).or_default() += 1;
            times
        });
        self.doubled += count(times.values(), |times| **times > 1);
        self.out_of_order += count(seen.iter().zip(seen.iter().skip(1)), |(one, next)| next.seq < one.seq);
        let all: BTreeMap<u64, &Entry> = stored.iter().map(|entry| (entry.seq, entry)).collect();
        self.lost += count(seen.iter(), |entry| all.get(&entry.seq) != Some(entry));
        self.lost += count(stored.iter(), |entry| side.ended && !times.contains_key(&entry.seq));
    }

    /// Whether there are no errors.
    pub fn is_none(&self) -> bool {
        (self.lost, self.doubled, self.out_of_order) == (0, 0, 0)
    }
}

impl AddAssign for Flaws {
    fn add_assign(&mut self, other: Self) {
        self.messages += other.messages;
        self.refused += other.refused;
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.out_of_order += other.out_of_order;
    }
}

/// Places and texts of every stored message, by author and id.
type Messages<'a> = BTreeMap<(Party, &'a str), Vec<(u64, &'a str)>>;

fn messages(stored: &[Entry]) -> Messages<'_> {
    let mut messages = Messages::new();
    for entry in stored {
        if let EntryBody::Message { id, author, text } = &entry.body {
            messages.entry((party(author), id.as_str())).or_default().push((entry.seq, text));
        }
    }
    messages
}

/// The side an author is on.
pub fn party(author: &Author) -> Party {
    if matches!(author, Author::Advisor { .. }) { Party::Advisor } else { Party::Citizen }
}

fn count<T>(of: impl Iterator<Item = T>, which: impl FnMut(&T) -> bool) -> u64 {
    u64::try_from(of.filter(which).count()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use infocig_protocol::time::Timestamp;

    use super::*;

    #[test]
    fn a_conversation_that_went_well_has_no_flaws() {
        let stored = [message(1, "a"), message(2, "b")];

        let flaws = Flaws::of(&stored, &[side(&["a", "b"], &stored)]);

        assert_eq!(flaws, Flaws { messages: 2, ..Flaws::default() });
        assert!(flaws.is_none());
    }

    #[test]
    fn a_message_acknowledged_and_not_stored_is_lost() {
        let stored = [message(1, "b")];
        assert_eq!(Flaws::of(&stored, &[side(&["a", "b"], &stored)]).lost, 1);
    }

    #[test]
    fn a_message_stored_twice_is_doubled() {
        let stored = [message(1, "a"), message(2, "a")];
        assert_eq!(Flaws::of(&stored, &[side(&["a"], &stored)]).doubled, 1);
    }

    #[test]
    fn a_message_of_nobody_is_doubled() {
        let stored = [message(1, "a")];
        assert_eq!(Flaws::of(&stored, &[side(&[], &stored)]).doubled, 1);
    }

    #[test]
    fn a_refused_message_that_is_stored_is_doubled() {
        let stored = [message(1, "a")];
        let mut side = side(&["a"], &stored);
        side.written[0].delivery = DeliveryState::Refused;
        assert_eq!(Flaws::of(&stored, &[side]).doubled, 1);
    }

    #[test]
    fn messages_in_another_order_and_numbers_with_gaps_are_out_of_order() {
        let stored = [message(1, "b"), message(2, "a")];
        assert_eq!(Flaws::of(&stored, &[side(&["a", "b"], &stored)]).out_of_order, 1);
        let gap = [message(1, "a"), message(3, "b")];
        assert_eq!(Flaws::of(&gap, &[side(&["a", "b"], &gap)]).out_of_order, 1);
    }

    #[test]
    fn each_side_saw_the_stored_log() {
        let stored = [message(1, "a"), message(2, "b")];
        let seen = |seen: &[Entry]| Flaws::of(&stored, &[side(&["a", "b"], seen)]);

        assert_eq!(seen(&stored[..1]).lost, 1);
        assert_eq!(seen(&[message(1, "a"), message(2, "c")]).lost, 1);
        assert_eq!(seen(&[message(1, "a"), message(2, "b"), message(2, "b")]).doubled, 1);
        assert_eq!(seen(&[message(2, "b"), message(1, "a")]).out_of_order, 1);
    }

    #[test]
    fn an_interrupted_side_knows_only_the_entries_it_received() {
        let stored = [message(1, "a"), message(2, "b")];
        let mut side = side(&["a", "b"], &stored[..1]);
        side.ended = false;
        side.written[1].delivery = DeliveryState::Open;
        assert_eq!(Flaws::of(&stored, &[side.clone()]), Flaws { messages: 1, ..Flaws::default() });
        assert_eq!(Flaws::of(&[], &[side]).lost, 2, "the message, and the entry it was shown");
    }

    fn side(written: &[&str], seen: &[Entry]) -> Side {
        let written = written.iter().map(|name| Written {
            id: MessageId::parse(*name).unwrap(),
            text: format!("testo {name}"),
            delivery: DeliveryState::Acknowledged,
        });
        Side { party: Party::Citizen, written: written.collect(), seen: seen.to_vec(), ended: true }
    }

    fn message(seq: u64, name: &str) -> Entry {
        let id = MessageId::parse(name).unwrap();
        let body = EntryBody::Message { id, author: Author::Citizen {}, text: format!("testo {name}") };
        Entry { seq, at: Timestamp::from_millis(0), body }
    }
}
