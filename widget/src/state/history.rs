// SPDX-License-Identifier: EUPL-1.2
//! Earlier conversations of the person, and earlier entries of the one that is shown.

use infocig_protocol::segnalazione::PastConversation;

use super::Trouble;

/// The person's conversations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Past {
    /// Nobody looks for them.
    #[default]
    Hidden,
    /// On their way.
    Coming,
    /// All there are, newest first.
    Known(Vec<PastConversation>),
    /// They did not come.
    Failed(Trouble),
}

/// Whether there are entries before those shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Older {
    /// No: the log is shown from its beginning.
    #[default]
    None,
    /// Yes.
    There,
    /// Yes, and they are on their way.
    Coming,
}
