// SPDX-License-Identifier: EUPL-1.2
//! Durable Objects: an actor, its alarm, and the links where it has any.
//!
//! One event is one synchronous step: between reading and writing nothing awaits, so nothing interleaves; the runtime holds
//! frames and answers back until the writes are durable.

mod alarm;
mod audit_object;
mod conversation_object;
mod desk_object;
#[cfg(feature = "test-clock")]
mod failures;
mod linea_inps_object;
mod linked_object;
mod links;
mod mailbox;
mod object;
mod policy_object;
mod poll;
mod register_object;
mod sql;
mod staff_object;
