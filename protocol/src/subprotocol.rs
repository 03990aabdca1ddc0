// SPDX-License-Identifier: EUPL-1.2
//! The `Sec-WebSocket-Protocol` header of a client (RFC 6455 §4.1): the protocol's name, which the server accepts, and the
//! ticket, which it verifies before it accepts the connection.
//!
//! The ticket is in this header because a page can set no other one of a WebSocket, and a URL would end up in logs.

/// The name the server accepts.
pub const NAME: &str = "infocig";
/// The prefix of the ticket. A ticket is a JWT, whose characters are all allowed in a subprotocol.
const TICKET: &str = "infocig.ticket.";

/// The subprotocols a client with a ticket offers.
pub fn offer(ticket: &str) -> [String; 2] {
    [NAME.into(), [TICKET, ticket].concat()]
}

/// The ticket in the header's value, where the protocol is offered with one.
pub fn ticket(offered: &str) -> Option<&str> {
    let mut names = offered.split(',').map(str::trim);
    let ticket = names.clone().find_map(|name| name.strip_prefix(TICKET))?;
    names.any(|name| name == NAME).then_some(ticket)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_found_among_the_offered_subprotocols() {
        assert_eq!(ticket(&offer("a.b-c._d").join(", ")), Some("a.b-c._d"));
        assert_eq!(ticket(&offer("a.b.c").join(",")), Some("a.b.c"));
    }

    #[test]
    fn nothing_is_found_where_nothing_was_offered() {
        for offered in ["", "infocig", "infocig.ticket.a.b.c", "chat, superchat", "infocig, ticket.a.b.c"] {
            assert_eq!(ticket(offered), None, "{offered}");
        }
    }
}
