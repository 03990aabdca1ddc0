// SPDX-License-Identifier: EUPL-1.2
//! The words an INFO CIG conversation is made of, and nothing else.
//!
//! `PROTOCOL.md`, beside this crate's `src`, is the protocol in tables: handshake, frames, cursor, acknowledgement, resume,
//! gaps, refusals, close codes, heartbeat, limits, versions, requests in the place of sockets. Another administration can
//! write its own client from it; `tests/wire` pins every frame as JSON.
//!
//! In three sentences: the client says [`hello`](frame::ClientFrame::Hello) with a ticket and the last entry it has, and is
//! sent what it lacks. The server stores an [`Entry`](entry::Entry) before it tells anybody, numbers it without gaps, and the
//! entry that comes back *is* the acknowledgement of a message. A message carries an id made by its author: posting it again
//! returns its first entry and adds nothing.
//!
//! # In scope
//! Frames, documents, identifiers, limits, codes, and what is better not written in a message. Out of scope: who may enter (the domain), how frames travel (client and edge).

#![warn(missing_docs)]

// The derive names this crate by its name, here too.
extern crate self as infocig_protocol;

pub mod blank;
pub mod case;
pub mod close;
pub mod codec;
pub mod desk;
pub mod entry;
pub mod frame;
pub mod http;
pub mod id;
pub mod language;
pub mod limits;
pub mod links;
pub mod person;
pub mod problem;
pub mod rating;
pub mod segnalazione;
pub mod sensitive;
pub mod subprotocol;
pub mod time;
pub mod version;
