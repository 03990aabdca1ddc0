// SPDX-License-Identifier: EUPL-1.2
//! The part with what a person may need after they have begun to talk: cases, history, options, what comes at the end.

mod case;
mod history;
mod options;
mod over;
mod question;
mod rating;
mod receipt;
mod sound;
mod write;

use infocig_protocol::{case::Case, time::Timestamp};
use leptos::wasm_split::SplitLoaderError;

use leptos::prelude::*;

use self::{
    case::{Card, OwnCasesList},
    history::History,
    options::Options,
    over::Over,
    question::QuestionForm,
    write::Write,
};
use super::once::{Once, once};
use crate::{
    actions::Chat,
    lazy_chunk::{Chunk, Loading},
};

/// What the part holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DeferredChunk {
    /// How far a case has come; where there may be several, its steps are folded.
    pub(crate) card: fn(Case, Timestamp, bool) -> Once,
    /// The person's conversations.
    pub(crate) history: fn() -> Once,
    /// What a person can choose for themself.
    pub(crate) options: fn() -> Once,
    /// The person's own cases.
    pub(crate) own_cases: fn() -> Once,
    /// What the question is about.
    pub(crate) question: fn() -> Once,
    /// What follows the end.
    pub(crate) over: fn() -> Once,
    /// The form of a written request.
    pub(crate) write: fn() -> Once,
    /// Sends a request again that an earlier page stored and that is not known to have arrived.
    pub(crate) resend_request: fn(&Chat),
    /// The sound of a message.
    pub(crate) chime: fn(),
}

impl Chunk for DeferredChunk {
    fn load() -> Loading<Self> {
        Box::pin(deferred_chunk())
    }
}

#[cfg(feature = "split")]
#[allow(clippy::unnecessary_wraps, reason = "the form of a chunk that may not come")]
#[leptos::wasm_split::wasm_split(deferred, wasm_split_path = leptos::wasm_split, fallible)]
fn deferred_chunk() -> Result<DeferredChunk, SplitLoaderError> {
    Ok(table())
}

/// The chunk is in the module already.
#[cfg(not(feature = "split"))]
fn deferred_chunk() -> std::future::Ready<Result<DeferredChunk, SplitLoaderError>> {
    std::future::ready(Ok(table()))
}

fn table() -> DeferredChunk {
    DeferredChunk {
        card: |case, as_of, folded| once(view! { <Card case as_of folded/> }),
        history: || once(view! { <History/> }),
        options: || once(view! { <Options/> }),
        own_cases: || once(view! { <OwnCasesList/> }),
        question: || once(view! { <QuestionForm/> }),
        over: || once(view! { <Over/> }),
        write: || once(view! { <Write/> }),
        resend_request: Chat::resend_request,
        chime: sound::chime,
    }
}
