// SPDX-License-Identifier: EUPL-1.2
//! The part with the conversation itself: the link, the log, where it stands. One can write before it is here; what was
//! written is sent once it is.

mod announcer;
mod ending;
mod log;
mod standing;

use std::rc::Rc;

use infocig_client::session::Pending;
use infocig_protocol::http::ConversationOpened;
use leptos::wasm_split::SplitLoaderError;

pub(crate) use self::{ending::confirm, log::log};
use crate::{
    chat::{Chat, Line, Writes, link},
    dom::El,
    part::Bringing,
    ui::Ui,
};

/// What the part holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Talk {
    /// Begins to talk: shows a conversation in a chat's state and keeps its link.
    pub(crate) start: fn(&Chat, ConversationOpened, Vec<Pending>, Writes) -> Rc<dyn Line>,
    /// Shows a conversation and goes on with what was left of it in this tab.
    pub(crate) go_on: fn(&Chat, Talk, ConversationOpened),
    /// Goes back to the conversation that is shown with another ticket.
    pub(crate) renew: fn(&Chat),
    /// Where the conversation stands, and its log.
    pub(crate) conversation: fn(Ui) -> El,
    /// Ending it, or leaving the queue.
    pub(crate) ending: fn(Ui) -> El,
    /// Another tab writes.
    pub(crate) elsewhere: fn(Ui) -> El,
    /// What screen readers are told of what comes.
    pub(crate) announcer: fn(Ui) -> El,
}

/// Brings the part.
pub(crate) fn bring() -> Bringing<Talk> {
    Box::pin(talk())
}

#[cfg(feature = "split")]
#[allow(clippy::unnecessary_wraps, reason = "the form of a part that may not come")]
#[leptos::wasm_split::wasm_split(talk, wasm_split_path = leptos::wasm_split, fallible)]
fn talk() -> Result<Talk, SplitLoaderError> {
    Ok(table())
}

/// The part is in the module already.
#[cfg(not(feature = "split"))]
fn talk() -> std::future::Ready<Result<Talk, SplitLoaderError>> {
    std::future::ready(Ok(table()))
}

fn table() -> Talk {
    Talk {
        start: link::start,
        go_on: Chat::go_on_talking,
        renew: Chat::renew,
        conversation: standing::conversation,
        ending: ending::ending,
        elsewhere: ending::elsewhere,
        announcer: announcer::announcer,
    }
}
