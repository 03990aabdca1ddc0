// SPDX-License-Identifier: EUPL-1.2
//! Earlier conversations of the person, and earlier entries of the one that is shown.

use infocig_protocol::segnalazione::PastConversation;

use super::ServiceError;

/// The list of the person's earlier conversations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum HistoryState {
    /// It is not open.
    #[default]
    Hidden,
    /// It is open and being fetched.
    Loading,
    /// All of them, newest first.
    Loaded(Vec<PastConversation>),
    /// It could not be fetched.
    Failed(ServiceError),
}

/// Whether there are entries before those in the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OlderEntriesState {
    /// No: the log begins with the first entry.
    #[default]
    None,
    /// Yes, not asked for.
    Available,
    /// Yes, asked for over the current link.
    Loading,
}
