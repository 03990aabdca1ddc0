// SPDX-License-Identifier: EUPL-1.2
//! The words an INFO CIG conversation is made of, and nothing else.
//!
//! # The way in
//! 1. `GET /v1/availability` answers an [`Admission`](http::Admission): open or not, why, and when next. No personal data.
//! 2. `POST /v1/conversations` with `Authorization: Bearer <hand-off token>` answers a
//!    [`ConversationOpened`](http::ConversationOpened) or a [`Problem`](problem::Problem) (RFC 9457).
//! 3. The WebSocket at [`socket`](http::ConversationOpened::socket) opens. Nothing secret is in its URL.
//!
//! # The handshake
//! The client's first frame is [`hello`](frame::ClientFrame::Hello): the versions it speaks, its ticket and the last entry
//! it has (`resume_after`, 0 for none). The server answers [`welcome`](frame::ServerFrame::Welcome) and then every entry
//! after that one, in order; or [`refused`](frame::ServerFrame::Refused), and closes with [`close::REFUSED`].
//! A socket that says nothing for [`limits::HELLO_WITHIN_MS`] is closed the same way.
//!
//! # The log
//! A conversation is a log of [`Entry`](entry::Entry). The server numbers entries from 1 without gaps. A message carries an id
//! made by its author: posting it again returns the first entry and adds nothing. The entry that comes back *is* the
//! acknowledgement: it was stored before it was sent to anyone.
//!
//! # Versions
//! Within a version only optional fields and new frames are added, and both ends ignore frames and entries they do not
//! know. A breaking change is a new number; the server speaks [`version::CURRENT`] and the one before it.
//!
//! # In scope
//! Frames, documents, identifiers, limits, codes. Out of scope: who may enter (the domain), how frames travel (client and edge).

#![warn(missing_docs)]

pub mod close;
pub mod desk;
pub mod entry;
pub mod frame;
pub mod http;
pub mod id;
pub mod language;
pub mod limits;
pub mod person;
pub mod problem;
pub mod time;
pub mod version;
