// SPDX-License-Identifier: EUPL-1.2
//! Stories whose promise depends on the engine: elements and their shadow, focus and keys, layout and scrolling, storage,
//! networks that fail, policies of pages, the accessibility tree.

mod accessibility;
mod conversation;
mod embed;
mod isolation;
mod plain;
mod unreliable_network;
mod usability;
mod written_requests;
