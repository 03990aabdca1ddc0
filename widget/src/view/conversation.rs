// SPDX-License-Identifier: EUPL-1.2
//! The conversation chunk: the link, the log, the state of the conversation. A person can write before it is loaded; the
//! messages are sent once it is.

mod announcer;
mod data_notice;
mod ending;
mod log;
mod status;

use leptos::{prelude::*, wasm_split::SplitLoaderError};

use self::{
    announcer::Announcer,
    data_notice::DataNotice,
    ending::{Ending, OtherTab},
    log::Log,
    status::Conversation,
};
use crate::{
    actions::{Chat, chunks::ConversationChunk, link},
    lazy_chunk::{Chunk, Loading, arrived},
    once::once,
};

impl Chunk for ConversationChunk {
    fn load() -> Loading {
        Box::pin(async { arrived(conversation_chunk().await) })
    }
}

#[cfg(feature = "split")]
#[allow(clippy::unnecessary_wraps, reason = "the form of a chunk that may not come")]
#[leptos::wasm_split::wasm_split(conversation, wasm_split_path = leptos::wasm_split, fallible)]
fn conversation_chunk() -> Result<ConversationChunk, SplitLoaderError> {
    Ok(table())
}

/// Without the feature `split` the functions are in the first module.
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
        data_notice: || once(view! { <DataNotice/> }),
    }
}
