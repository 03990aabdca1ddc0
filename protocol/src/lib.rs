// SPDX-License-Identifier: EUPL-1.2
//! Frames and documents of INFO CIG, and the rules both ends share.
//!
//! `PROTOCOL.md`, beside this crate's `src`, is the protocol in tables: handshake, frames, cursor, acknowledgement, resume,
//! gaps, refusals, close codes, heartbeat, limits, versions, requests in the place of sockets. Another administration can
//! write its own client from it; `tests/wire` pins every frame as JSON.
//!
//! In three sentences: the client says [`hello`](frame::ClientFrame::Hello) with a ticket and the last entry it has, and is
//! sent the entries after it. The server stores an [`Entry`](entry::Entry) before it sends it to anybody, numbers it without gaps, and the
//! entry that comes back *is* the acknowledgement of a message. A message carries an id made by its author: posting it again
//! returns its first entry and adds nothing.
//!
//! # In scope
//! Frames, documents, identifiers, limits, codes, and the detection of sensitive data in a message. Out of scope: admission
//! (the domain), transport (client and edge).
//!
//! # One declaration
//! A type of the wire derives serde's traits and [`Wire`](infocig_protocol_derive::Wire), which makes the small
//! [`codec`] of the browsers from the same declaration and attributes. `tests/wire.rs` fails for a type, member or variant
//! that is in no pinned file.

#![warn(missing_docs)]

// The code of the derive names this crate by its name, inside it too.
extern crate self as infocig_protocol;

pub mod assistant;
pub mod blank;
pub mod call;
pub mod case;
pub mod close;
pub mod codec;
pub mod data_protection;
pub mod desk;
pub mod entry;
pub mod figures;
pub mod frame;
pub mod http;
pub mod id;
pub mod language;
pub mod limits;
pub mod links;
pub mod person;
pub mod policy;
pub mod problem;
pub mod rating;
pub mod report;
pub mod segnalazione;
pub mod sensitive;
pub mod skill;
pub mod subprotocol;
pub mod supervision;
pub mod time;
pub mod topic;
pub mod version;
