// SPDX-License-Identifier: EUPL-1.2
//! Earlier conversations of the person, and earlier entries of the one that is shown.

use infocig_protocol::segnalazione::PastConversation;

use super::ServiceError;

/// The person's conversations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum HistoryState {
    /// Nobody looks for them.
    #[default]
    Hidden,
    /// On their way.
    Loading,
    /// All there are, newest first.
    Loaded(Vec<PastConversation>),
    /// They did not come.
    Failed(ServiceError),
}

/// Whether there are entries before those shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EarlierEntries {
    /// No: the log is shown from its beginning.
    #[default]
    None,
    /// Yes.
    Available,
    /// Yes, and they are on their way.
    Loading,
}
