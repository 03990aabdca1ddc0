// SPDX-License-Identifier: EUPL-1.2
//! `hello` and the pages that follow it: the log a client lacks, and earlier conversations for an advisor.

use infocig_domain::{access, conversation::Conversation, people::Speaker};
use infocig_protocol::{
    close,
    frame::{Page, ServerFrame},
    id::ConversationId,
    problem::Code,
    time::Timestamp,
    version,
};

use super::{ConversationActor, no_longer_exists};
use crate::{
    actors::{
        Accepted, AlarmUpdate, Effects,
        actor::{to_text, too_old},
    },
    auth::ticket::{Ticket, TicketScope},
    problem::{Error, Fault, Refusal},
    sql::Sql,
    store::restorations::Restorations,
};

impl<S: Sql> ConversationActor<S> {
    /// Accepts a link: `welcome`, one page of the entries it lacks, then the place in the queue for the person, and earlier
    /// conversations for an advisor. A refusal ends the link.
    pub(super) fn hello(
        &self,
        id: &ConversationId,
        client_version: u16,
        ticket: &str,
        resume_after: u64,
        now: Timestamp,
    ) -> Result<Effects, Error> {
        let version = version::negotiate(client_version).ok_or_else(too_old)?;
        let scope = TicketScope::Conversation(id.clone());
        let closes = |refusal: Refusal| refusal.closing(close::REFUSED);
        let ticket = Ticket::verify(ticket, &self.ticket_key, &scope, now).map_err(closes)?;
        let (issued, until, speaker) = (ticket.issued(), ticket.ends(), ticket.speaker);
        let conversation = self.conversation(id)?.ok_or_else(|| closes(no_longer_exists()))?;
        access::may_read(&conversation, &speaker).map_err(|reason| closes(reason.into()))?;

        // A cursor beyond the log, or beyond what a restored log has in common with the one before, is none: the client
        // resynchronises.
        let is_from_before = self.is_from_before_restoration(id, resume_after, issued)?;
        let has_none = resume_after == 0 || resume_after > conversation.last_seq() || is_from_before;
        let page =
            if has_none { Page::Before(conversation.last_seq() + 1) } else { Page::After(resume_after) };
        let mut entries = self.store.page(id, page)?;
        // A page that follows the cursor would be taken for its continuation.
        if is_from_before && entries.first().is_some_and(|first| first.seq == resume_after + 1) {
            entries.remove(0);
        }
        let after = entries.first().map_or(conversation.last_seq(), |first| first.seq - 1);
        let has_newest = entries.last().is_none_or(|last| last.seq == conversation.last_seq());
        let mut replies = vec![to_text(&conversation.welcome(&speaker, version, after, self.calls))?];
        if !entries.is_empty() {
            replies.push(to_text(&ServerFrame::Entries { entries })?);
        }
        match speaker {
            Speaker::Citizen => {
                if let Some(place) = conversation.place_in_queue() {
                    replies.push(to_text(&place)?);
                }
            }
            // An observing supervisor is sent nothing but the log.
            Speaker::Advisor(_) if conversation.is_observer(&speaker) => {}
            Speaker::Advisor(_) => {
                let conversations = self.store.history(id)?;
                if !conversations.is_empty() {
                    replies.push(to_text(&ServerFrame::History { conversations })?);
                }
            }
        }
        if let Some(seats) = conversation.seats_of_call(&speaker) {
            replies.push(to_text(&seats)?);
        }
        // A client that has not fetched all pages keeps its link, to ask for them.
        let observes = conversation.is_observer(&speaker);
        let has_all = has_newest && after == 0;
        let is_done = has_all && !access::awaits_more(&conversation, &speaker);
        if speaker == Speaker::Citizen {
            self.citizen_connected(id, true, now)?;
        }
        Ok(Effects {
            accepted: Some(Accepted { speaker, until, session: None, observes, resumed: resume_after > 0 }),
            replies,
            close_sender: is_done.then_some(close::NORMAL),
            ..Effects::default()
        })
    }

    /// Whether a cursor may be of the log as it was before it was restored: it is beyond the entries that both have, and its
    /// client had a ticket by then. A client that has resynchronised is asked to do so again, until it has another ticket:
    /// that costs it a page, and the other error would leave it with entries that are in no log.
    fn is_from_before_restoration(
        &self,
        id: &ConversationId,
        cursor: u64,
        issued: Timestamp,
    ) -> Result<bool, Fault> {
        let log = Restorations::new(self.store.sql()).log(id)?;
        Ok(log.is_some_and(|log| cursor > log.entries && issued <= log.restored))
    }

    /// A page of the log, if there is anything on it, for a speaker who may still read it.
    pub(super) fn page(&self, id: &ConversationId, speaker: &Speaker, page: Page) -> Result<Effects, Error> {
        access::may_read(&self.conversation_of(id)?, speaker)?;
        let entries = self.store.page(id, page)?;
        let mut replies = Vec::new();
        if !entries.is_empty() {
            replies.push(to_text(&ServerFrame::Entries { entries })?);
        }
        Ok(Effects { replies, alarm: AlarmUpdate::Keep, ..Effects::default() })
    }

    /// A page of a conversation of the same person that is over, for an advisor who may read the one they are in.
    pub(super) fn history_entries(
        &self,
        id: &ConversationId,
        speaker: &Speaker,
        target: ConversationId,
        before: Option<u64>,
    ) -> Result<Effects, Error> {
        access::may_read_history(&self.conversation_of(id)?, speaker)?;
        if self.earlier_conversation(id, &target)?.is_none() {
            let detail = "no earlier conversation of this person has that id";
            return Err(Refusal::new(Code::NotFound, detail).into());
        }
        let entries = self.store.page(&target, Page::Before(before.unwrap_or(u64::MAX)))?;
        let frame = to_text(&ServerFrame::HistoryEntries { conversation: target, entries })?;
        Ok(Effects { replies: vec![frame], alarm: AlarmUpdate::Keep, ..Effects::default() })
    }

    /// A conversation of the same person, if it came before.
    pub(super) fn earlier_conversation(
        &self,
        than: &ConversationId,
        id: &ConversationId,
    ) -> Result<Option<Conversation>, Fault> {
        if id.ordinal() < than.ordinal() { self.store.find(id) } else { Ok(None) }
    }
}
