// SPDX-License-Identifier: EUPL-1.2
//! The person's earlier conversations, and the log of the one that is open.
//!
//! - A log is loaded page by page, the newest first, and kept: the log of an ended conversation never changes.
//! - One at a time is open. A page that was requested over a link that was lost can be requested again.

use std::collections::BTreeMap;

use infocig_protocol::{entry::Entry, frame::EarlierConversation, id::ConversationId};

use super::OlderEntriesState;

/// The earlier conversations of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Newest first.
    pub listed: Vec<EarlierConversation>,
    /// The one whose log is shown.
    pub open: Option<ConversationId>,
    logs: BTreeMap<ConversationId, HistoryLog>,
}

/// The loaded part of the log of one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryLog {
    /// The newest part of the log, without gaps.
    pub entries: Vec<Entry>,
    pub earlier: OlderEntriesState,
}

/// A page of a log, to be requested of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryQuery {
    pub conversation: ConversationId,
    /// The page ends before this entry; absent for the newest page.
    pub before: Option<u64>,
}

impl History {
    /// The server lists them. `true` if none were listed before.
    pub fn set_listed(&mut self, conversations: Vec<EarlierConversation>) -> bool {
        let first = self.listed.is_empty() && !conversations.is_empty();
        self.listed = conversations;
        first
    }

    /// The advisor opens one, or closes the one that is open. Returns the page to request, if one is missing and `live`.
    pub fn toggle(&mut self, id: &ConversationId, live: bool) -> Option<HistoryQuery> {
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

    /// The previous page of the one that is open, marked as requested. `None` while one is loading, or if there is none.
    pub fn more(&mut self, live: bool) -> Option<HistoryQuery> {
        let conversation = self.open.clone().filter(|_| live)?;
        let log = self.logs.entry(conversation.clone()).or_default();
        if log.earlier != OlderEntriesState::Available {
            return None;
        }
        log.earlier = OlderEntriesState::Loading;
        Some(HistoryQuery { conversation, before: log.entries.first().map(|entry| entry.seq) })
    }

    /// Puts a page before the loaded part. A page that does not reach up to it is the answer to a repeated request.
    pub fn apply_page(&mut self, id: &ConversationId, mut entries: Vec<Entry>) {
        let Some(log) = self.logs.get_mut(id) else { return };
        let Some((first, last)) = entries.first().map(|entry| entry.seq).zip(entries.last()) else {
            log.earlier = OlderEntriesState::None;
            return;
        };
        if log.entries.first().is_none_or(|here| last.seq + 1 == here.seq) {
            entries.append(&mut log.entries);
            log.entries = entries;
            log.earlier = if first > 1 { OlderEntriesState::Available } else { OlderEntriesState::None };
        }
    }

    /// The link was lost: pages that were requested do not come.
    pub fn forget_requests(&mut self) {
        for log in self.logs.values_mut().filter(|log| log.earlier == OlderEntriesState::Loading) {
            log.earlier = OlderEntriesState::Available;
        }
    }

    /// The loaded part of the log of one.
    pub fn log(&self, id: &ConversationId) -> Option<&HistoryLog> {
        self.logs.get(id)
    }
}

impl Default for HistoryLog {
    /// Nothing is loaded, and there is a page to request.
    fn default() -> Self {
        Self { entries: Vec::new(), earlier: OlderEntriesState::Available }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::samples::{ended, id, says};

    #[test]
    fn one_that_is_opened_is_asked_for_once_and_read_page_by_page() {
        let mut history = history();
        assert_eq!(history.toggle(&id(1), true), Some(ask(1, None)));
        assert_eq!(history.more(true), None, "under way");
        history.apply_page(&id(1), vec![says(3, "c"), says(4, "d")]);

        assert_eq!(history.more(true), Some(ask(1, Some(3))));
        history.apply_page(&id(1), vec![says(1, "a"), says(2, "b")]);
        assert_eq!(numbers(&history, 1), [1, 2, 3, 4]);
        assert_eq!(history.more(true), None, "there is no more");
    }

    #[test]
    fn one_earlier_conversation_is_open_at_a_time_and_loaded_entries_stay() {
        let mut history = history();
        history.toggle(&id(1), true);
        history.apply_page(&id(1), vec![says(1, "a")]);
        assert_eq!(history.toggle(&id(2), true), Some(ask(2, None)));
        assert_eq!(history.open, Some(id(2)));
        history.apply_page(&id(2), vec![says(1, "b"), says(2, "c")]);

        assert_eq!(history.toggle(&id(1), true), None, "it is here");
        assert_eq!((numbers(&history, 1), numbers(&history, 2)), (vec![1], vec![1, 2]));
        assert_eq!(history.toggle(&id(1), true), None);
        assert_eq!(history.open, None);
        assert_eq!(history.toggle(&id(9), true), None, "nobody told of it");
        assert_eq!(history.open, None);
    }

    #[test]
    fn a_lost_page_of_entries_is_requested_again_and_shown_once() {
        let mut history = history();
        assert_eq!(history.toggle(&id(1), false), None, "there is no way to ask");
        assert_eq!(history.more(true), Some(ask(1, None)));
        history.forget_requests();
        assert_eq!(history.more(true), Some(ask(1, None)));

        history.apply_page(&id(1), vec![says(2, "b")]);
        history.apply_page(&id(1), vec![says(2, "b")]);
        assert_eq!(numbers(&history, 1), [2]);
        assert_eq!(history.more(true), Some(ask(1, Some(2))));
        history.apply_page(&id(1), vec![]);
        assert_eq!(history.log(&id(1)).unwrap().earlier, OlderEntriesState::None);
    }

    #[test]
    fn that_there_are_any_is_news_once() {
        let mut history = History::default();
        assert!(!history.set_listed(vec![]));
        assert!(history.set_listed(vec![ended(1)]));
        assert!(!history.set_listed(vec![ended(1)]), "after a new link");
    }

    fn history() -> History {
        History { listed: vec![ended(2), ended(1)], ..History::default() }
    }

    fn ask(n: u32, before: Option<u64>) -> HistoryQuery {
        HistoryQuery { conversation: id(n), before }
    }

    fn numbers(history: &History, n: u32) -> Vec<u64> {
        history.log(&id(n)).unwrap().entries.iter().map(|entry| entry.seq).collect()
    }
}
