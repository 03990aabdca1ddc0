// SPDX-License-Identifier: EUPL-1.2
//! What the person came with before: conversations that are over, and the log of the one being read.
//!
//! - A log is asked for page by page, the newest first, and kept once it was read: it never changes.
//! - One at a time is open. What was asked for over a link that was lost can be asked for again.

use std::collections::BTreeMap;

use infocig_protocol::{entry::Entry, frame::EarlierConversation, id::ConversationId};

use super::Earlier;

/// The earlier conversations of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// All that was told, newest first.
    pub listed: Vec<EarlierConversation>,
    /// The one that is being read.
    pub open: Option<ConversationId>,
    logs: BTreeMap<ConversationId, PastLog>,
}

/// What is here of the log of one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastLog {
    /// Its newest part, without gaps.
    pub entries: Vec<Entry>,
    /// What came before that part.
    pub earlier: Earlier,
}

/// What to ask the server for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Of which conversation.
    pub conversation: ConversationId,
    /// The page before this entry; absent for the newest.
    pub before: Option<u64>,
}

impl Past {
    /// The server tells which there are. `true` if there were none before.
    pub fn told(&mut self, conversations: Vec<EarlierConversation>) -> bool {
        let first = self.listed.is_empty() && !conversations.is_empty();
        self.listed = conversations;
        first
    }

    /// The advisor opens one, or closes the one that is open. What must be asked for, if there is a way to ask.
    pub fn toggle(&mut self, id: &ConversationId, live: bool) -> Option<Ask> {
        if self.open.as_ref() == Some(id) {
            self.open = None;
            return None;
        }
        if !self.listed.iter().any(|one| one.conversation == *id) {
            return None;
        }
        self.open = Some(id.clone());
        let unread = self.log(id).is_none_or(|log| log.entries.is_empty());
        if unread { self.more(live) } else { None }
    }

    /// The advisor asks for what came before in the one that is open. Nothing while it is under way, or if there is no more.
    pub fn more(&mut self, live: bool) -> Option<Ask> {
        let conversation = self.open.clone().filter(|_| live)?;
        let log = self.logs.entry(conversation.clone()).or_default();
        if log.earlier != Earlier::There {
            return None;
        }
        log.earlier = Earlier::Coming;
        Some(Ask { conversation, before: log.entries.first().map(|entry| entry.seq) })
    }

    /// A page came. One that does not reach up to what is here was asked for twice.
    pub fn arrived(&mut self, id: &ConversationId, mut entries: Vec<Entry>) {
        let Some(log) = self.logs.get_mut(id) else { return };
        let Some((first, last)) = entries.first().map(|entry| entry.seq).zip(entries.last()) else {
            log.earlier = Earlier::None;
            return;
        };
        if log.entries.first().is_none_or(|here| last.seq + 1 == here.seq) {
            entries.append(&mut log.entries);
            log.entries = entries;
            log.earlier = if first > 1 { Earlier::There } else { Earlier::None };
        }
    }

    /// What is under way does not come.
    pub fn lost(&mut self) {
        for log in self.logs.values_mut().filter(|log| log.earlier == Earlier::Coming) {
            log.earlier = Earlier::There;
        }
    }

    /// What is here of the log of one.
    pub fn log(&self, id: &ConversationId) -> Option<&PastLog> {
        self.logs.get(id)
    }
}

impl Default for PastLog {
    /// Nothing, and there is something to ask for.
    fn default() -> Self {
        Self { entries: Vec::new(), earlier: Earlier::There }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::samples::{ended, id, says};

    #[test]
    fn one_that_is_opened_is_asked_for_once_and_read_page_by_page() {
        let mut past = past();
        assert_eq!(past.toggle(&id(1), true), Some(ask(1, None)));
        assert_eq!(past.more(true), None, "under way");
        past.arrived(&id(1), vec![says(3, "c"), says(4, "d")]);

        assert_eq!(past.more(true), Some(ask(1, Some(3))));
        past.arrived(&id(1), vec![says(1, "a"), says(2, "b")]);
        assert_eq!(numbers(&past, 1), [1, 2, 3, 4]);
        assert_eq!(past.more(true), None, "there is no more");
    }

    #[test]
    fn one_is_open_at_a_time_and_what_was_read_is_kept() {
        let mut past = past();
        past.toggle(&id(1), true);
        past.arrived(&id(1), vec![says(1, "a")]);
        assert_eq!(past.toggle(&id(2), true), Some(ask(2, None)));
        assert_eq!(past.open, Some(id(2)));
        past.arrived(&id(2), vec![says(1, "b"), says(2, "c")]);

        assert_eq!(past.toggle(&id(1), true), None, "it is here");
        assert_eq!((numbers(&past, 1), numbers(&past, 2)), (vec![1], vec![1, 2]));
        assert_eq!(past.toggle(&id(1), true), None);
        assert_eq!(past.open, None);
        assert_eq!(past.toggle(&id(9), true), None, "nobody told of it");
        assert_eq!(past.open, None);
    }

    #[test]
    fn what_was_lost_on_the_way_is_asked_for_again_and_shown_once() {
        let mut past = past();
        assert_eq!(past.toggle(&id(1), false), None, "there is no way to ask");
        assert_eq!(past.more(true), Some(ask(1, None)));
        past.lost();
        assert_eq!(past.more(true), Some(ask(1, None)));

        past.arrived(&id(1), vec![says(2, "b")]);
        past.arrived(&id(1), vec![says(2, "b")]);
        assert_eq!(numbers(&past, 1), [2]);
        assert_eq!(past.more(true), Some(ask(1, Some(2))));
        past.arrived(&id(1), vec![]);
        assert_eq!(past.log(&id(1)).unwrap().earlier, Earlier::None);
    }

    #[test]
    fn that_there_are_any_is_news_once() {
        let mut past = Past::default();
        assert!(!past.told(vec![]));
        assert!(past.told(vec![ended(1)]));
        assert!(!past.told(vec![ended(1)]), "after a new link");
    }

    fn past() -> Past {
        Past { listed: vec![ended(2), ended(1)], ..Past::default() }
    }

    fn ask(n: u32, before: Option<u64>) -> Ask {
        Ask { conversation: id(n), before }
    }

    fn numbers(past: &Past, n: u32) -> Vec<u64> {
        past.log(&id(n)).unwrap().entries.iter().map(|entry| entry.seq).collect()
    }
}
