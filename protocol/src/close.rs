// SPDX-License-Identifier: EUPL-1.2
//! WebSocket close codes (RFC 6455 §7.4), and the reaction of a client to each.

/// The conversation is over or the client said goodbye. Do not reconnect.
pub const NORMAL: u16 = 1000;
/// The page was left, or the server goes away. Reconnect.
pub const GOING_AWAY: u16 = 1001;
/// A binary frame arrived; the protocol is text. Do not reconnect with the same client.
pub const UNSUPPORTED_DATA: u16 = 1003;
/// A frame was larger than [`crate::limits::MAX_FRAME_BYTES`].
pub const TOO_LARGE: u16 = 1009;
/// The server failed; nothing acknowledged is lost. Reconnect with backoff.
pub const FAULT: u16 = 1011;
/// The server ends, and another one begins. Reconnect: everything acknowledged is there (IANA's registry of close codes).
pub const RESTART: u16 = 1012;
/// The server refused, with the reason in a `refused` frame before closing. Do not reconnect with the same ticket.
pub const REFUSED: u16 = 4400;

/// The ticket the link was opened with has ended. Reconnect: `hello` is then refused with `ticket-expired`, and a new ticket
/// is what helps.
pub const TICKET_ENDED: u16 = 4401;
/// The server received nothing from the socket for [`crate::limits::SILENT_AFTER_MS`]. Reconnect.
pub const SILENT: u16 = 4408;
/// Far too many frames in a short time. Reconnect with backoff.
pub const TOO_FAST: u16 = 4429;
/// No close frame (RFC 6455 §7.4.1): the network, or a polled link the server does not know. Reconnect.
pub const ABNORMAL: u16 = 1006;

/// Whether a client that lost its socket with this code should try again.
///
/// Unknown codes are treated as network trouble: trying again is safe because messages carry ids.
pub const fn invites_reconnect(code: u16) -> bool {
    !matches!(code, NORMAL | UNSUPPORTED_DATA | TOO_LARGE | REFUSED)
}
