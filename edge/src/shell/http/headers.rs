// SPDX-License-Identifier: EUPL-1.2
//! The parts of a request's head that several endpoints read.

use ::worker::Request;
use infocig_protocol::{problem::Code, subprotocol};

use crate::{
    auth::ticket::{Ticket, TicketScope},
    http::language::LanguagePreferences,
    problem::{Error, Fault, Refusal},
    settings::Settings,
};

/// The token of `Authorization: Bearer`.
pub(crate) fn bearer(request: &Request) -> Result<Option<String>, Fault> {
    let header = request.headers().get("authorization")?;
    Ok(header.and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_string())
    }))
}

/// The ticket of a conversation in `Authorization: Bearer`.
pub(crate) fn ticket(request: &Request) -> Result<String, Error> {
    let missing = || Refusal::new(Code::TicketInvalid, "send the ticket as Authorization: Bearer");
    Ok(bearer(request)?.ok_or_else(missing)?)
}

/// A parameter of the query.
pub(crate) fn parameter(request: &Request, name: &str) -> Result<Option<String>, Fault> {
    let url = request.url()?;
    Ok(url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()))
}

/// The language preferences of a request: its parameter `lang` and its `Accept-Language`.
pub(crate) fn language_preferences(request: &Request) -> Result<LanguagePreferences, Fault> {
    let requested = parameter(request, "lang")?;
    Ok(LanguagePreferences { requested, accepted: request.headers().get("accept-language")? })
}

/// Refuses a request that is no upgrade to a WebSocket, or that offers no ticket this service has signed for the scope: an
/// unauthenticated request takes nobody's place and wakes no object. An expired ticket passes: its refusal is sent on the
/// socket, where the client can read it.
pub(crate) fn require_upgrade(
    request: &Request,
    settings: &Settings,
    scope: &TicketScope,
) -> Result<(), Error> {
    let upgrade = request.headers().get("upgrade")?;
    if !upgrade.is_some_and(|value| value.eq_ignore_ascii_case("websocket")) {
        return Err(Refusal::new(Code::UpgradeRequired, "open this address as a WebSocket").into());
    }
    let offered = request.headers().get("sec-websocket-protocol")?;
    let ticket = offered.as_deref().and_then(subprotocol::ticket).ok_or_else(|| {
        Refusal::new(Code::TicketInvalid, "offer the subprotocols infocig and infocig.ticket.{ticket}")
    })?;
    Ok(Ticket::was_issued(ticket, &settings.ticket_key, scope)?)
}
