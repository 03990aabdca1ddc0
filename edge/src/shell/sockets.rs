// SPDX-License-Identifier: EUPL-1.2
//! Sockets of an object: accepted for hibernation, told apart by what is attached to them, never kept in memory.
//!
//! A socket that is closing may still be listed and refuse what is sent: that is its end, not the object's.

use ::worker::{Response, State, WebSocket, WebSocketPair, WebSocketRequestResponsePair};
use infocig_protocol::limits::{PING, PONG};
use serde::{Serialize, de::DeserializeOwned};

use crate::problem::Fault;

/// Answers an upgrade with a socket that carries an attachment through hibernation.
pub(super) fn accept(state: &State, attachment: &impl Serialize) -> Result<Response, Fault> {
    if state.get_websockets().len() >= MOST_SOCKETS {
        return Ok(Response::empty()?.with_status(503));
    }
    let pair = WebSocketPair::new()?;
    pair.server.serialize_attachment(attachment)?;
    state.accept_web_socket(&pair.server);
    Ok(Response::from_websocket(pair.client)?)
}

/// Far below the platform's own limit, beyond which accepting panics.
const MOST_SOCKETS: usize = 1_000;

/// Lets the runtime answer heartbeats without waking the object.
pub(super) fn answer_heartbeats(state: &State) {
    match WebSocketRequestResponsePair::new(PING, PONG) {
        Ok(pair) => state.set_websocket_auto_response(&pair),
        Err(error) => ::worker::console_error!("heartbeats are not answered: {error:?}"),
    }
}

/// Every socket with what is attached to it.
pub(super) fn all<A: DeserializeOwned>(state: &State) -> Vec<(WebSocket, A)> {
    let sockets = state.get_websockets().into_iter();
    sockets.filter_map(|socket| attachment(&socket).map(|attached| (socket, attached))).collect()
}

/// What is attached to a socket.
pub(super) fn attachment<A: DeserializeOwned>(socket: &WebSocket) -> Option<A> {
    socket.deserialize_attachment().ok().flatten()
}

/// Sends a text; a socket that refuses it has ended, and its `close` event will say so.
pub(super) fn send(socket: &WebSocket, text: &str) {
    let _ended = socket.send_with_str(text);
}

/// Closes a socket.
pub(super) fn close(socket: &WebSocket, code: u16) {
    let _ended = socket.close(Some(code), None::<&str>);
}
