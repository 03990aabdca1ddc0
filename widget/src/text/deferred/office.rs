// SPDX-License-Identifier: EUPL-1.2
//! The texts of written requests, past conversations and outcomes.

use infocig_protocol::{entry::Outcome, segnalazione::PastConversation};

use crate::{state::RequestError, text::service_error};

/// The outcome of a conversation that is over. Without an outcome it is only over.
pub const fn outcome(outcome: Option<Outcome>) -> &'static str {
    match outcome {
        Some(Outcome::Online) => "outcome.online",
        Some(Outcome::LineaInps) => "outcome.linea_inps",
        Some(Outcome::SelfServed) => "outcome.self_served",
        Some(Outcome::Abandoned) => "outcome.abandoned",
        Some(Outcome::Blocked) | None => "outcome.closed",
    }
}

/// The outcome of a past conversation, or that it goes on.
pub const fn past(past: &PastConversation) -> &'static str {
    if past.closed.is_none() { "history.ongoing" } else { outcome(past.outcome) }
}

/// Why a written request has not left, and what to do.
pub const fn request_error(why: RequestError) -> &'static str {
    match why {
        RequestError::Empty => "written_request.empty",
        RequestError::TooLong => "written_request.too_long",
        RequestError::OthersPending => "written_request.pending",
        RequestError::ConversationOpen => "written_request.open",
        RequestError::Service(error) => service_error(error),
    }
}
