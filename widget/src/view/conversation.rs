// SPDX-License-Identifier: EUPL-1.2
//! The part with the conversation itself: the link, the log, where it stands. One can write before it is here; what was
//! written is sent once it is.

mod announcer;
mod ending;
mod log;
mod status;

use std::rc::Rc;

use infocig_client::session::Pending;
use infocig_protocol::http::ConversationOpened;
use leptos::wasm_split::SplitLoaderError;

use leptos::prelude::*;

use self::{
    announcer::Announcer,
    ending::{Ending, OtherTab},
    log::Log,
    status::Conversation,
};
use super::once::{Once, once};
use crate::{
    actions::{
        Chat,
        link::{self, ChatLink, WriterRole},
    },
    lazy_chunk::{Chunk, Loading},
};

/// What the part holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConversationChunk {
    /// Connects to a conversation; its events go into the chat's state.
    pub(crate) start: fn(&Chat, ConversationOpened, Vec<Pending>, WriterRole) -> Rc<dyn ChatLink>,
    /// Connects to a conversation and restores what this tab stored of it.
    pub(crate) show_conversation: fn(&Chat, ConversationChunk, ConversationOpened),
    /// Reconnects the conversation that is shown with another ticket.
    pub(crate) renew_ticket: fn(&Chat),
    /// Where the conversation stands, and its log.
    pub(crate) conversation: fn() -> Once,
    /// The log alone, of the conversation in the context.
    pub(crate) log: fn() -> Once,
    /// Ending it, or leaving the queue.
    pub(crate) ending: fn() -> Once,
    /// Another tab writes.
    pub(crate) elsewhere: fn() -> Once,
    /// What screen readers are told of what comes.
    pub(crate) announcer: fn() -> Once,
}

impl Chunk for ConversationChunk {
    fn load() -> Loading<Self> {
        Box::pin(conversation_chunk())
    }
}

#[cfg(feature = "split")]
#[allow(clippy::unnecessary_wraps, reason = "the form of a chunk that may not come")]
#[leptos::wasm_split::wasm_split(conversation, wasm_split_path = leptos::wasm_split, fallible)]
fn conversation_chunk() -> Result<ConversationChunk, SplitLoaderError> {
    Ok(table())
}

/// The chunk is in the module already.
#[cfg(not(feature = "split"))]
fn conversation_chunk() -> std::future::Ready<Result<ConversationChunk, SplitLoaderError>> {
    std::future::ready(Ok(table()))
}

fn table() -> ConversationChunk {
    ConversationChunk {
        start: link::start,
        show_conversation: Chat::show_conversation,
        renew_ticket: Chat::renew_ticket,
        conversation: || once(view! { <Conversation/> }),
        log: || once(view! { <Log/> }),
        ending: || once(view! { <Ending/> }),
        elsewhere: || once(view! { <OtherTab/> }),
        announcer: || once(view! { <Announcer/> }),
    }
}
