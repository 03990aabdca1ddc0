// SPDX-License-Identifier: EUPL-1.2
//! Tickets that the front issues to people.

use infocig_domain::people::Speaker;
use infocig_protocol::{http::ConversationOpened, id::ConversationId, time::Timestamp};

use crate::{
    auth::ticket::{Ticket, TicketScope},
    problem::Fault,
    settings::Settings,
};

/// A ticket as it travels, and the second at which it expires.
pub(super) struct SignedTicket {
    pub(super) text: String,
    pub(super) exp: i64,
}

/// A person's ticket for their conversation.
pub(super) fn of_person(
    conversation: ConversationId,
    settings: &Settings,
    now: Timestamp,
) -> Result<SignedTicket, Fault> {
    let ticket = Ticket::new(TicketScope::Conversation(conversation), Speaker::Citizen, now);
    Ok(SignedTicket { text: ticket.sign(&settings.ticket_key)?, exp: ticket.exp })
}

/// The document that opens a conversation's link for its person.
pub(super) fn opened(
    conversation: ConversationId,
    settings: &Settings,
    now: Timestamp,
) -> Result<ConversationOpened, Fault> {
    Ok(ConversationOpened {
        ticket: of_person(conversation.clone(), settings, now)?.text,
        socket: format!("/v1/conversations/{conversation}/socket"),
        conversation,
    })
}
