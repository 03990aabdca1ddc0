// SPDX-License-Identifier: EUPL-1.2
//! What people wrote beside their ratings, one at a time.

use std::collections::BTreeMap;

use infocig_client::query::Query;
use infocig_protocol::{
    id::ConversationId,
    rating::Answer,
    report::{Comments, PersonComment},
    time::Timestamp,
};

use super::Loading;
use crate::state::cases::RequestError;

/// The comments that are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommentFilter {
    /// Only those that no supervisor has read.
    pub unhandled: bool,
    pub rating: Option<Answer>,
}

impl Default for CommentFilter {
    fn default() -> Self {
        Self { unhandled: true, rating: None }
    }
}

/// The state of a request to mark a comment as handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marking {
    No,
    Loading,
    Failed(RequestError),
}

/// The loaded comments, newest first, and the one on screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommentsView {
    pub filter: CommentFilter,
    pub pages: Loading<()>,
    listed: Vec<PersonComment>,
    next: Option<String>,
    at: usize,
    markings: BTreeMap<ConversationId, Option<RequestError>>,
}

impl CommentsView {
    /// Begins anew with a filter. Returns the number of the request for the first page.
    pub fn begin(&mut self, filter: CommentFilter) -> u32 {
        let number = self.pages.begin();
        *self = Self { filter, pages: std::mem::take(&mut self.pages), ..Self::default() };
        self.pages.answer = None;
        number
    }

    /// The number of the request for the next page; `None` if there is none, or it is loading.
    pub fn begin_next(&mut self) -> Option<u32> {
        (self.next.is_some() && !self.pages.loading).then(|| self.pages.begin())
    }

    /// The parameters of the request for the next page.
    pub fn parameters(&self) -> Query {
        let mut query = Query::new();
        if self.filter.unhandled {
            query.push(("handled", "false".into()));
        }
        query.extend(self.filter.rating.map(|rating| ("rating", rating.as_str().into())));
        query.extend(self.next.clone().map(|next| ("cursor", next)));
        query
    }

    /// Applies a page.
    pub fn answered(&mut self, number: u32, answer: Result<Comments, RequestError>) {
        let page = match answer {
            Ok(Comments { comments, next }) => {
                self.pages.answered(number, Ok(()));
                Some((comments, next))
            }
            Err(error) => {
                self.pages.answered(number, Err(error));
                None
            }
        };
        if let Some((comments, next)) = page.filter(|_| self.pages.is_newest(number)) {
            self.listed.extend(comments);
            self.next = next;
        }
    }

    /// The comment on screen.
    pub fn current(&self) -> Option<&PersonComment> {
        self.listed.get(self.at)
    }

    /// The place of the one on screen, from 1, how many are loaded, and whether there are more.
    pub fn place(&self) -> (usize, usize, bool) {
        (self.at + 1, self.listed.len(), self.next.is_some())
    }

    pub fn has_previous(&self) -> bool {
        self.at > 0
    }

    pub fn has_next(&self) -> bool {
        self.at + 1 < self.listed.len() || self.next.is_some()
    }

    /// Goes to the one before.
    pub fn previous(&mut self) {
        self.at = self.at.saturating_sub(1);
    }

    /// Goes to the one after. `true` if the page that follows should be requested.
    pub fn advance(&mut self) -> bool {
        if self.at + 1 < self.listed.len() {
            self.at += 1;
        }
        self.at + 1 >= self.listed.len() && self.next.is_some()
    }

    /// Marks the one on screen as handled. Returns its conversation, unless it is handled or on its way.
    pub fn mark(&mut self) -> Option<ConversationId> {
        let comment = self.listed.get(self.at).filter(|comment| comment.handled.is_none())?;
        let id = comment.conversation.clone();
        (self.markings.insert(id.clone(), None) != Some(None)).then_some(id)
    }

    /// Applies the answer to that. It stays on screen until the list is loaded anew.
    pub fn marked(&mut self, id: &ConversationId, answer: Result<(), RequestError>, now: Timestamp) {
        if let Err(error) = answer {
            self.markings.insert(id.clone(), Some(error));
            return;
        }
        self.markings.remove(id);
        if let Some(comment) = self.listed.iter_mut().find(|comment| comment.conversation == *id) {
            comment.handled = Some(now);
        }
    }

    /// The marking of the one on screen.
    pub fn marking(&self) -> Marking {
        match self.current().and_then(|comment| self.markings.get(&comment.conversation)) {
            None => Marking::No,
            Some(None) => Marking::Loading,
            Some(Some(error)) => Marking::Failed(*error),
        }
    }
}
