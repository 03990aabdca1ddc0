// SPDX-License-Identifier: EUPL-1.2
//! The deferred chunk: views that are needed only after a conversation has begun. Cases, history, settings, the end.

mod assistant;
mod call;
mod case;
mod history;
mod options;
mod over;
mod question;
mod rating;
mod receipt;
mod refusal;
mod sound;
mod written_request;

use leptos::{prelude::*, wasm_split::SplitLoaderError};

use self::{
    assistant::{Answer, Assistant, AssistantForm},
    case::{Card, OwnCasesList},
    history::History,
    options::Options,
    over::Over,
    question::QuestionForm,
    refusal::Refusal,
    written_request::WrittenRequestForm,
};
use crate::{
    actions::{Chat, chunks::DeferredChunk},
    lazy_chunk::{Chunk, Loading, arrived},
    once::once,
};

impl Chunk for DeferredChunk {
    fn load() -> Loading {
        Box::pin(async { arrived(deferred_chunk().await) })
    }
}

#[cfg(feature = "split")]
#[allow(clippy::unnecessary_wraps, reason = "the form of a chunk that may not come")]
#[leptos::wasm_split::wasm_split(deferred, wasm_split_path = leptos::wasm_split, fallible)]
fn deferred_chunk() -> Result<DeferredChunk, SplitLoaderError> {
    Ok(table())
}

/// Without the feature `split` the functions are in the first module.
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
        assistant: || once(view! { <Assistant/> }),
        assistant_form: || once(view! { <AssistantForm/> }),
        assistant_answer: |question, answer| once(view! { <Answer question answer/> }),
        call: call::call,
        ask_to_call: call::ask,
        carry_questions: Chat::carry_questions,
        refusal: |admission| once(view! { <Refusal admission/> }),
        over: || once(view! { <Over/> }),
        written_request: || once(view! { <WrittenRequestForm/> }),
        resend_request: Chat::resend_request,
        chime: sound::chime,
    }
}
